/* SPDX-License-Identifier: MIT */
/* Figures, invitations, reminders: what is said about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

/* What a person was told of their own accord behind `after`; NULL: nothing. */
static const char *notice(struct company *s, int64_t after, int64_t person)
{
    struct event e;
    struct answer an;

    for (int64_t no = after + 1; store_event_get(s->st, no, &e) == OK; no++)
        if (e.kind == EVENT_NOTICE && e.author == person) {
            assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
            return an.text;
        }
    return NULL;
}

static int64_t head(struct company *s)
{
    int64_t no;

    assert_int_equal(OK, store_event_head(s->st, &no));
    return no;
}

/* ---- figures ------------------------------------------------------------------------------------- */

static void test_stats_company(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "stats company",
                   "The company: 5 people, 0 new this week.\n"
                   "Today 5 posts by 4 people; yesterday 0 posts by 0 people.\n"
                   "This week 5 posts by 4 people; last week 0 posts by 0 people.\n"
                   "The busiest tags today: #launch (1), #lunch (1) and #회의 (1)\n"
                   "Only what is public counts. `trends` shows what rises, `tags` all tags.");
    company_say(s, "alice", "like #2");
    company_say(s, "carol", "like #2");
    company_say(s, "bob", "like #1");
    company_say(s, "alice", "like #4"); /* private */
    company_expect_part(s, "dan", "통계 회사",
                        "Most liked this week:\n"
                        "Bob Lee (@bob): The launch is on Friday #launch (#2), 2 likes\n"
                        "Alice Kim (@alice): Lunch at noon? #lunch (#1), 1 like\n");
    company_expect_part(s, "minji", "stats company",
                        "오늘 글 5개(쓴 사람 4명), 어제 글 0개(쓴 사람 0명)");
    company_say(s, "bob", "block dan");
    assert_null(strstr(company_say(s, "dan", "stats company"), "on Friday"));
}

static void figures(void *arg, struct service_figures *out)
{
    (void)arg;
    *out = (struct service_figures){
        .known = true, .sent = 1234, .walks = 2, .reachable = 1, .held = 3, .bounced = 1};
}

static void test_admin_stats(void **state)
{
    struct company *s = *state;
    const char *answer;

    company_expect_part(s, "carol", "admin stats",
                        "Accounts: 5, 0 new this week.\n"
                        "Today 5 posts by 4 people; yesterday 0 posts by 0 people.\n");
    assert_null(strstr(company_say(s, "carol", "admin stats"), "Updates sent"));
    s->options.figures = figures;
    service_free(s->service);
    s->service = service_new(&s->options, s->st);
    answer = company_say(s, "carol", "admin stats");
    assert_non_null(strstr(answer, "Public posts a day, today last: 0 0 0 0 0 0 5\n"));
    assert_non_null(strstr(answer, "Updates sent since the start: 1,234. On their way: 2.\n"
                                   "There now: 1 person. Waiting for their return: 3 people, after "
                                   "a bounce 1 of them.\nDatabase: "));
    company_expect_part(s, "alice", "/admin stats", "no command");
}

/* ---- invite --------------------------------------------------------------------------------------- */

static void test_invite(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "invite Erin@CORP.example",
                   "Asked erin@corp.example in. They get one message from me, with your name.");
    assert_string_equal(s->outcome.invited, "erin@corp.example");
    assert_non_null(strstr(s->outcome.invitation, "Alice Kim (@alice) invites you to Jaejal"));
    assert_non_null(strstr(s->outcome.invitation, "`help`"));
    company_expect(s, "bob", "invite erin@corp.example",
                   "erin@corp.example was asked before, and nobody is asked twice. Speak to them "
                   "yourself.");
    assert_null(s->outcome.invited);
    company_expect(s, "bob", "invite alice@corp.example", "Alice Kim (@alice) is here already.");
    assert_null(s->outcome.invited);
    company_expect_part(s, "bob", "invite erin@elsewhere.example", "Only colleagues can be asked");
    company_expect_part(s, "bob", "invite erin", "“erin” is no address like erin@corp.example");
    company_expect_part(s, "bob", "invite corp.example", "is no address");
    company_expect_part(s, "bob", "invite erin@corp.example/desk", "is no address");
    assert_null(s->outcome.invited);
    company_expect_part(s, "minji", "초대 xmpp:frank@corp.example", "frank@corp.example");
    assert_string_equal(s->outcome.invited, "frank@corp.example");
    /* In the service's language, for theirs is not known. */
    assert_non_null(strstr(s->outcome.invitation, "invites you"));
}

static void test_invite_limit(void **state)
{
    struct company *s = *state;

    for (int i = 0; i < LIMIT_INVITES; i++)
        company_expect_part(s, "alice", arena_printf(s->a, "invite e%d@corp.example", i), "Asked");
    company_expect(s, "alice", "invite erin@corp.example",
                   "You have asked 10 people within a day, and that is the limit.");
    assert_null(s->outcome.invited);
    company_expect_part(s, "bob", "invite erin@corp.example", "Asked");
    s->now += LIMIT_DAY_MS;
    company_expect_part(s, "alice", "invite frank@corp.example", "Asked");
}

/* ---- nudge ---------------------------------------------------------------------------------------- */

#define NUDGED                                                                                     \
    "Reminded Bob Lee (@bob) that you would like to read something. Once a week is the most."

static void test_nudge(void **state)
{
    struct company *s = *state;
    int64_t before = head(s);

    company_expect(s, "alice", "nudge bob", NUDGED);
    assert_string_equal(notice(s, before, BOB),
                        "Alice Kim (@alice) would like to read something from you. Whatever you "
                        "write here is a post for those who follow you.");
    before = head(s);
    company_expect(s, "alice", "nudge bob",
                   "You have reminded Bob Lee (@bob) already; once a week is enough.");
    company_expect(s, "carol", "nudge bob",
                   "Somebody has reminded Bob Lee (@bob) today already. Try again tomorrow.");
    assert_null(notice(s, before, BOB));
    s->now += LIMIT_DAY_MS;
    company_expect(s, "carol", "nudge bob", NUDGED);
    company_expect(s, "bob", "nudge bob", "That is you. Just write something.");
    company_say(s, "carol", "admin suspend dan");
    company_expect(s, "alice", "nudge dan", "@dan is not here at present.");
    company_expect_part(s, "minji", "콕 alice", "Alice Kim");
}

/* Who is muted or blocked learns nothing of it. */
static void test_nudge_unheard(void **state)
{
    struct company *s = *state;
    int64_t before;

    company_say(s, "bob", "mute alice");
    before = head(s);
    company_expect(s, "alice", "nudge bob", NUDGED);
    assert_null(notice(s, before, BOB));
    company_expect_part(s, "alice", "nudge bob", "once a week is enough");
    s->now += LIMIT_DAY_MS;
    company_say(s, "bob", "block carol");
    before = head(s);
    company_expect(s, "carol", "nudge bob", NUDGED);
    assert_null(notice(s, before, BOB));
    s->now += LIMIT_DAY_MS;
    company_say(s, "dan", "block bob");
    company_expect_part(s, "dan", "nudge bob", "You have blocked Bob Lee (@bob).");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_stats_company), WITH_COMPANY(test_admin_stats),
        WITH_COMPANY(test_invite),        WITH_COMPANY(test_invite_limit),
        WITH_COMPANY(test_nudge),         WITH_COMPANY(test_nudge_unheard),
    };

    (void)setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests_name("company", tests, NULL, NULL);
}
