/* SPDX-License-Identifier: MIT */
/* Announcements: who may, who gets them, how many have read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "handlers/compose.h"
#include "tests/unit/company.h"

static void announce(struct company *s)
{
    company_expect(s, "carol", "announce: We move on Friday, @dan",
                   "Posted #7 for 4 people.\nEverybody gets it. `#7` shows how many say that they "
                   "have read it.");
}

/* The update as somebody gets it; NULL: it is not owed to them. */
static const char *update(struct company *s, int64_t person, enum event_class want)
{
    enum event_class class;
    struct update u;
    struct event e;
    int64_t no;
    int first;

    assert_int_equal(OK, store_event_find(s->st, EVENT_POST, 7, 0, &no));
    assert_int_equal(OK, store_event_get(s->st, no, &e));
    if (store_owed_one(s->st, &e, person, &class, &first) != OK)
        return NULL;
    assert_int_equal(want, class);
    assert_int_equal(OK, compose_update(s->st, &e, first, LANG_EN, s->a, &u));
    return u.body;
}

static void test_announce(void **state)
{
    struct company *s = *state;
    struct request hello = {.body = "home"};

    company_say(s, "bob", "mute carol");
    company_say(s, "alice", "block carol");
    announce(s);
    assert_string_equal("Announcement by Carol Im (@carol): We move on Friday, @dan (#7)\n"
                        "`ack #7` says that you have read it.",
                        update(s, BOB, CLASS_ANNOUNCEMENT));
    assert_non_null(update(s, ALICE, CLASS_ANNOUNCEMENT)); /* blocked: the company speaks */
    assert_non_null(update(s, DAN, CLASS_MENTION));
    assert_null(update(s, CAROL, CLASS_ANNOUNCEMENT));
    company_expect_part(s, "alice", "home", "Announcement by Carol Im (@carol): We move");
    company_expect_part(s, "minji", "홈",
                        "Carol Im (@carol)님의 공지: We move on Friday, @dan (#7)");
    /* Who joins later is not owed it, and may read it. */
    (void)company_send(s, "erin", &hello);
    assert_null(update(s, 6, CLASS_ANNOUNCEMENT));
    company_expect_part(s, "erin", "#7", "Announcement by Carol Im (@carol)");
    company_expect_part(s, "erin", "all 1", "Announcement by Carol Im (@carol)");
    company_expect_part(s, "bob", "#7 At last", "Posted #8");
    company_expect_part(s, "bob", "#8", "Bob Lee (@bob) → #7: At last (#8)");
}

/* From a bare word it is asked about; the colon or the slash say that it is meant. */
static void test_asked(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "announce the winners at noon",
                   "Nothing is announced yet. `yes` announces this to everybody: “the winners at "
                   "noon”\n`post` publishes what you wrote as it is. `announce: TEXT` announces "
                   "without a question.");
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    company_expect_part(s, "carol", "yes", "Posted #7 for 4 people.\nEverybody gets it.");
    assert_non_null(update(s, MINJI, CLASS_ANNOUNCEMENT));
    company_expect_part(s, "carol", "announce the winners at noon", "Nothing is announced yet");
    company_expect_part(s, "carol", "post", "Posted #8 for 0 people");
    company_expect_part(s, "carol", "/announce Coffee", "Posted #9 for 4 people.");
    company_expect_part(s, "carol", "공지：커피", "Posted #10 for 4 people.");
    company_expect_part(s, "carol", "announce:", "It goes like this");
}

static void test_roles(void **state)
{
    struct company *s = *state;
    static const char *const lines[] = {"announce We move on Friday", "announce: We move",
                                        "/announce We move", "공지: 이사해요",
                                        "schedule 2h announce: We move"};
    const char *unknown = company_say(s, "alice", "/wibble We move");

    assert_non_null(strstr(unknown, "there is no command `wibble`"));
    for (size_t i = 0; i < 4; i++)
        company_expect_part(s, "alice", lines[i], "there is no command");
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    company_say(s, "carol", "admin role alice announcer");
    company_expect_part(s, "alice", lines[1], "Posted #7 for 4 people.");
    company_expect_part(s, "alice", "help announce", "announce TEXT");
    company_expect_part(s, "alice", lines[4], "only posts can be scheduled");
    company_expect_part(s, "alice", "admin stats", "there is no command");
    company_say(s, "carol", "admin role alice employee");
    company_expect_part(s, "alice", lines[2], "there is no command");
}

static void test_ack(void **state)
{
    struct company *s = *state;

    company_say(s, "bob", "block carol");
    announce(s);
    company_expect_part(s, "carol", "#7", "Read by 0 of 4.");
    company_expect_part(s, "bob", "#7", "`ack #7` says that you have read it.");
    company_expect(s, "bob", "ack #7",
                   "Noted that you have read #7. Carol Im (@carol) sees how many have, not who.");
    company_expect(s, "bob", "ack #7", "You have said already that you read #7.");
    company_expect_part(s, "minji", "읽음 #7", "#7을 읽었다고");
    company_expect(s, "carol", "ack #7", "#7 is your own. `#7` shows how many have read it.");
    company_expect_part(s, "carol", "#7", "Read by 2 of 4.");
    company_expect_part(s, "bob", "#7", "You have said that you read it.");
    assert_null(strstr(company_say(s, "bob", "#7"), "Read by"));
    company_expect(s, "bob", "ack #6", "#6 is no announcement.");
    company_expect(s, "bob", "ack #99", "There is no post #99 that you can see.");
    company_say(s, "carol", "delete #7");
    company_expect(s, "bob", "ack #7", "There is no post #7 that you can see.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_announce),
        WITH_COMPANY(test_asked),
        WITH_COMPANY(test_roles),
        WITH_COMPANY(test_ack),
    };

    return cmocka_run_group_tests_name("announce", tests, NULL, NULL);
}
