/* SPDX-License-Identifier: MIT */
/* Posting later: what may be scheduled, what is shown, what comes when it is due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

#define HOUR 3600000LL

static const char *newest_text(struct company *s)
{
    struct post p;

    assert_int_equal(OK, store_post_get(s->st, company_newest(s), 0, s->a, &p));
    return p.text;
}

/* Ticks until nothing more is due; the texts of the notices to a person, one after the other. */
static const char *tick(struct company *s, int64_t person)
{
    const char *out = "";
    int64_t head, next = 0;
    struct event e;
    struct answer an;

    assert_int_equal(OK, store_event_head(s->st, &head));
    do {
        assert_int_equal(OK, service_tick(s->service, s->now, s->a, &next));
    } while (next != 0 && next <= s->now);
    for (head++; store_event_get(s->st, head, &e) == OK; head++)
        if (e.kind == EVENT_NOTICE && e.author == person &&
            store_answer_get(s->st, head, s->a, &an) == OK)
            out = arena_printf(s->a, "%s%s", out, an.text);
    return out;
}

static void test_schedule(void **state)
{
    struct company *s = *state;

    (void)tick(s, ALICE); /* the news of who follows whom */
    company_expect(s, "alice", "schedule 2h Cake in the\nkitchen, @minji #lunch",
                   "Scheduled as number 1, for 12:00: “Cake in the kitchen, @minji #lunch”\n"
                   "`cancel 1` takes it off.");
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    company_expect_part(s, "alice", "/schedule tomorrow 09:00 Good morning",
                        "Scheduled as number 2, for Thu 26 Nov 09:00: “Good morning”");
    company_expect_part(s, "bob", "예약 1시간 주방에 케이크", "Scheduled as number 1, for 11:00");
    assert_string_equal("", tick(s, ALICE));
    s->now += 2 * HOUR;
    assert_string_equal("Posted #8 for 4 people.\nAs you had scheduled: “Cake in the kitchen, "
                        "@minji #lunch”",
                        tick(s, ALICE));
    assert_string_equal("Cake in the\nkitchen, @minji #lunch", newest_text(s));
    assert_string_equal("", tick(s, ALICE)); /* once */
    company_expect_part(s, "alice", "undo", "#8 was taken back");
}

/* After days without us: all that was due comes, in its order, and says that it is late. */
static void test_late(void **state)
{
    struct company *s = *state;
    const char *told;

    (void)tick(s, ALICE);
    company_say(s, "alice", "schedule 2h second");
    company_say(s, "alice", "schedule 1h first");
    s->now += 50 * HOUR;
    told = tick(s, ALICE);
    assert_non_null(strstr(told, "Posted #7 for 3 people.\nYou had scheduled it for Wed 25 Nov "
                                 "11:00; it comes late, since I was not running then: “first”"));
    assert_non_null(strstr(told, "Posted #8"));
    assert_string_equal("second", newest_text(s));
}

static void test_zone(void **state)
{
    struct company *s = *state;

    assert_int_equal(OK, store_person_set(s->st, ALICE, FIELD_ZONE, "Asia/Seoul")); /* 19:00 */
    company_expect_part(s, "alice", "schedule 20:00 x", "for 20:00");
    company_expect_part(s, "alice", "schedule 18:00 x", "for Thu 26 Nov 18:00");
    s->now += HOUR;
    (void)tick(s, ALICE);
    assert_string_equal("x", newest_text(s));
    company_expect_part(s, "alice", "scheduled", "2 - Thu 26 Nov 18:00: x");
}

static void test_group(void **state)
{
    struct company *s = *state;
    struct post p;

    (void)tick(s, ALICE);
    company_expect(s, "alice", "schedule 1h !design Cake",
                   "Scheduled as number 1, for 11:00: “!design Cake”\n`cancel 1` takes it off.");
    company_expect_part(s, "bob", "예약 2시간 !design 케이크", "“!design 케이크”");
    company_expect_part(s, "alice", "scheduled", "1 - 11:00: !design Cake");
    company_say(s, "alice", "group set !design closed");
    company_expect(s, "dan", "schedule 1h !design Cake",
                   "There is no group !design that you can write to. Nothing was scheduled.");
    company_expect(s, "dan", "schedule 1h !desing Cake",
                   "There is no group !desing that you can write to. Nothing was scheduled.");
    s->now += HOUR;
    assert_string_equal("Posted #8 in !design for 2 people.\nAs you had scheduled: “Cake”",
                        tick(s, ALICE));
    assert_int_equal(OK, store_post_get(s->st, 8, ALICE, s->a, &p));
    assert_int_equal(SCOPE_GROUP, p.scope);
    assert_int_equal(E_NOTFOUND, store_post_get(s->st, 8, DAN, s->a, &p));
    company_say(s, "bob", "drop !design");
    company_expect_part(s, "bob", "scheduled", "1 - 12:00: !design 케이크");
    company_say(s, "alice", "group set !design secret");
    company_expect_part(s, "bob", "scheduled", "1 - 12:00: 케이크");
    s->now += HOUR;
    assert_string_equal(
        "What you had scheduled was not posted: “케이크”\nYou are no longer in that "
        "group.",
        tick(s, BOB));
    assert_int_equal(9, company_newest(s)); /* that of the group being secret */
}

/* Nothing surprising is published: what is no post now would be none then. */
static void test_only_posts(void **state)
{
    struct company *s = *state;
    static const char *const lines[] = {"follow bob", "d bob the merger is off", "#1 count me in",
                                        "undo",       "d bbo the merger",        "home",
                                        "/wibble"};

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        company_expect_part(s, "alice", arena_printf(s->a, "schedule 2h %s", lines[i]),
                            "only posts can be scheduled");
    company_expect(s, "alice", "scheduled",
                   "You have nothing scheduled. `schedule tomorrow 09:00 TEXT` posts TEXT then.");
    company_expect_part(s, "alice", "schedule 2h post: follow bob", "“follow bob”");
    s->now += 2 * HOUR;
    (void)tick(s, ALICE);
    assert_string_equal("follow bob", newest_text(s));
}

static void test_times(void **state)
{
    struct company *s = *state;
    int64_t newest = company_newest(s);

    company_expect(s, "alice", "schedule 2026-11-20 09:00 The party is on, come all of you",
                   "“2026-11-20” has passed, so nothing was done.");
    company_expect(s, "alice", "schedule 370d Much later",
                   "That is more than a year ahead. Nothing was scheduled.");
    company_expect_part(s, "alice", "schedule at 17:00 Cake for everybody in the kitchen",
                        "`yes` does this: schedule 17:00 Cake");
    company_expect_part(s, "alice", "yes", "Scheduled as number 1, for 17:00");
    company_expect_part(s, "alice", "schedule Cake", "It goes like this: schedule TIME TEXT");
    company_expect_part(s, "alice", "/schedule the cake for five",
                        "It goes like this: schedule TIME TEXT");
    assert_int_equal(newest, company_newest(s));
    company_expect_part(s, "alice", "schedule a meeting with everybody", "Posted #7");
}

static void test_list(void **state)
{
    struct company *s = *state;

    for (int i = 1; i <= 12; i++)
        company_say(s, "alice", arena_printf(s->a, "schedule %dh text %d", 24 + i, i));
    company_expect_part(s, "alice", "scheduled",
                        "Scheduled, the next one first:\n1 - Thu 26 Nov 11:00: text 1\n2 - ");
    company_expect(s, "alice", "more",
                   "11 - Thu 26 Nov 21:00: text 11\n12 - Thu 26 Nov 22:00: text 12\n`cancel N` "
                   "takes one off.");
    company_expect(s, "alice", "more", "That was all of it.");
    company_expect(s, "alice", "cancel 12", "Number 12 is taken off; it will not be posted.");
    company_expect_part(s, "alice", "cancel 12", "nothing scheduled under the number 12.");
    company_expect_part(s, "bob", "cancel 1", "nothing scheduled under the number 1.");
    company_expect_part(s, "alice", "cancel 99", "nothing scheduled under the number 99.");
    company_expect_part(s, "alice", "schedule 1h text", "number 13");
    company_expect_part(s, "alice", "scheduled", "first:\n13 - 11:00: text\n1 - ");
    for (int i = 12; i < LIMIT_SCHEDULED; i++)
        company_say(s, "alice", "schedule 3d text");
    company_expect_part(s, "alice", "schedule 3d text",
                        "You have 50 posts scheduled, and that is the limit.");
}

/* What cannot be posted any more is told, and does not come back. */
static void test_refused(void **state)
{
    struct company *s = *state;

    (void)tick(s, ALICE);
    company_say(s, "alice", "schedule 1h too long by then");
    s->now += HOUR;
    service_free(s->service);
    s->options.post_chars = 5;
    s->service = service_new(&s->options, s->st);
    assert_string_equal("What you had scheduled was not posted: “too long by then”\nThat is 16 "
                        "characters, and a post may have 5. Nothing was posted.",
                        tick(s, ALICE));
    assert_string_equal("", tick(s, ALICE));
    assert_int_equal(COMPANY_POSTS, company_newest(s));
}

static void test_suspended(void **state)
{
    struct company *s = *state;

    company_say(s, "alice", "schedule 1h text");
    assert_int_equal(OK, store_person_set_state(s->st, ALICE, PERSON_SUSPENDED));
    s->now += HOUR;
    (void)tick(s, ALICE);
    assert_int_equal(COMPANY_POSTS, company_newest(s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_schedule), WITH_COMPANY(test_late),       WITH_COMPANY(test_zone),
        WITH_COMPANY(test_group),    WITH_COMPANY(test_only_posts), WITH_COMPANY(test_times),
        WITH_COMPANY(test_list),     WITH_COMPANY(test_refused),    WITH_COMPANY(test_suspended),
    };

    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
