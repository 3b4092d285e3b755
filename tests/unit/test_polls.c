/* SPDX-License-Identifier: MIT */
/* Polls as people meet them: made, voted, shown, changed, closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/compose.h"
#include "tests/unit/company.h"

#define ASKS "`vote #7 N` gives your vote; nobody is shown who voted what."
#define CHANGES "`vote #7 N` changes your vote, until the poll is closed."

static const char *text_of(struct company *s, int64_t no)
{
    struct post p;

    assert_int_equal(OK, store_post_get(s->st, no, 0, s->a, &p));
    return p.text;
}

static void poll(struct company *s)
{
    int64_t next;

    /* The news of who follows whom, so that only what polls tell comes later. */
    while (service_tick(s->service, s->now, s->a, &next) == OK && next == s->now)
        ;
    company_expect(s, "alice", "poll Lunch? | Noodles | Rice | Nothing",
                   "Posted #7 for 3 people.\n`#7` shows the votes, `close #7` ends the poll.");
}

static void test_poll(void **state)
{
    struct company *s = *state;
    struct post p;
    struct event e;
    struct update u;
    int64_t no;

    poll(s);
    assert_string_equal("Lunch?\n1 Noodles\n2 Rice\n3 Nothing", text_of(s, 7));
    assert_int_equal(OK, store_post_get(s->st, 7, 0, s->a, &p));
    assert_int_equal(KIND_POLL, p.kind);
    assert_int_equal(OK, store_event_find(s->st, EVENT_POST, 7, 0, &no));
    assert_int_equal(OK, store_event_get(s->st, no, &e));
    assert_int_equal(OK, compose_update(s->st, &e, 0, LANG_EN, s->a, &u));
    assert_string_equal("Alice Kim (@alice): Lunch?\n  1 Noodles\n  2 Rice\n  3 Nothing (#7)\n"
                        "`vote #7 N` gives your vote, `#7` shows the votes.",
                        u.body);
    company_expect_part(s, "alice", "poll:Tea or coffee｜ tea |coffee | ", "Posted #8");
    assert_string_equal("Tea or coffee\n1 tea\n2 coffee", text_of(s, 8));
    company_expect_part(s, "alice", "poll Where, @bob?\n| here\nand there | #lunch", "Posted #9");
    assert_string_equal("Where, @bob?\n1 here and there\n2 #lunch", text_of(s, 9));
    company_expect_part(s, "minji", "투표 점심? | 국수 | 밥", "#10");
}

static void test_poll_refused(void **state)
{
    struct company *s = *state;
    char *many = arena_dup(s->a, "poll Which? "), *longest = arena_alloc(s->a, 400);

    for (int i = 0; i < LIMIT_CHOICES; i++)
        many = arena_printf(s->a, "%s| %d ", many, i);
    memset(longest, 'x', LIMIT_CHOICE);
    company_expect_part(s, "alice", "poll Lunch? | Noodles", "at least two choices");
    company_expect_part(s, "alice", "poll | Noodles | Rice", "at least two choices");
    company_expect_part(s, "alice", "poll: Lunch? | Noodles | noodles", "“noodles” is there twice");
    company_expect_part(s, "alice", arena_printf(s->a, "%s| x", many), "at most 10 choices");
    company_expect_part(s, "alice", arena_printf(s->a, "poll Which? | %sx | y", longest),
                        "may have 100 characters");
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    company_expect_part(s, "alice", arena_printf(s->a, "poll Which? | %s | y", longest), "Posted");
    company_expect_part(s, "alice", many, "Posted");
    /* Without a bar it is no poll. */
    company_expect_part(s, "alice", "poll the people of the office, please", "Posted #9");
    assert_string_equal("poll the people of the office, please", text_of(s, 9));
}

static void test_vote(void **state)
{
    struct company *s = *state;

    poll(s);
    company_expect(s, "bob", "#7",
                   "Alice Kim (@alice): Lunch?\n  1 Noodles\n  2 Rice\n  3 Nothing (#7)\n10:00\n"
                   "Nobody has voted yet:\n1 Noodles: 0\n2 Rice: 0\n3 Nothing: 0\n" ASKS);
    company_expect(s, "bob", "vote #7 2",
                   "Your vote in poll #7: Rice\n1 vote so far:\n1 Noodles: 0\n2 Rice: 1 (your "
                   "vote)\n3 Nothing: 0\n" CHANGES);
    company_expect_part(s, "bob", "vote #7 2", "That is your vote in poll #7 already: Rice");
    company_expect_part(s, "carol", "/vote #7 2", "2 votes so far:\n1 Noodles: 0\n2 Rice: 2 (your");
    company_expect_part(s, "bob", "vote #7 1",
                        "Your vote in poll #7: Noodles\n2 votes so far:\n1 Noodles: 1 (your "
                        "vote)\n2 Rice: 1\n");
    company_expect(s, "dan", "vote #7 4",
                   "Poll #7 has the choices 1 to 3, so your vote was not taken.");
    company_expect(s, "dan", "vote #7 99",
                   "Poll #7 has the choices 1 to 3, so your vote was not taken.");
    company_expect(s, "dan", "vote #6 1", "#6 is no poll.");
    company_expect(s, "dan", "vote #99 1", "There is no post #99 that you can see.");
    /* Who voted what stands nowhere. */
    company_expect_part(s, "dan", "#7", "2 Rice: 1\n3 Nothing: 0\n" ASKS);
    company_expect_part(s, "minji", "한표 #7 3", "3 Nothing: 1표 (내 표)");
}

/* The number alone, as the answer of a client or behind the post's number. */
static void test_vote_by_reply(void **state)
{
    struct company *s = *state;
    struct request r = {.body = "2", .replies = "p7"}, text = {.body = "2 of us", .replies = "p7"};

    poll(s);
    assert_non_null(strstr(company_send(s, "bob", &r), "Your vote in poll #7: Rice"));
    company_expect(s, "bob", "#7 3",
                   "Nothing is published yet: #7 is a poll. Was that meant as your vote?\n`yes` "
                   "does this: vote #7 3\n`post` publishes what you wrote as it is.");
    company_expect_part(s, "bob", "yes", "Your vote in poll #7: Nothing");
    assert_int_equal(7, company_newest(s));
    assert_non_null(strstr(company_send(s, "bob", &text), "Posted #8"));
    company_say(s, "alice", "close #7");
    r.id = NULL;
    assert_non_null(strstr(company_send(s, "bob", &r), "Posted #9")); /* an answer like others */
    company_expect_part(s, "bob", "#6 2", "Posted #10");
}

/* With a !group in front it is the group's: nobody else sees it or votes. */
static void test_group(void **state)
{
    struct company *s = *state;
    struct post p;

    company_expect_part(s, "alice", "poll !design Round? | Yes | No",
                        "Posted #7 in !design for 2 people.\n`#7` shows the votes");
    assert_string_equal("Round?\n1 Yes\n2 No", text_of(s, 7));
    assert_int_equal(OK, store_post_get(s->st, 7, BOB, s->a, &p));
    assert_int_equal(SCOPE_GROUP, p.scope);
    assert_int_equal(KIND_POLL, p.kind);
    company_expect_part(s, "bob", "#7 1", "vote #7 1");
    company_expect_part(s, "bob", "yes", "Your vote in poll #7: Yes");
    company_say(s, "alice", "group set !design closed");
    company_expect(s, "dan", "vote #7 1", "There is no post #7 that you can see.");
    company_expect_part(s, "dan", "poll !design Me too? | Yes | No", "is for its members");
    company_expect_part(s, "dan", "poll !desing Me too? | Yes | No",
                        "There is no group !desing that you can see.");
    company_expect_part(s, "bob", "poll: !!! | Yes | No", "Posted #9 for ");
    company_expect_part(s, "bob", "poll !design: Blue? | Yes | No", "Posted #10 in !design");
    company_expect_part(s, "bob", "투표 !design 파랑? | 네 | 아니요", "Posted #11 in !design");
    company_expect_part(s, "alice", "close #7", "1 Yes: 1\n2 No: 0");
    assert_int_equal(11, company_newest(s));
}

static void test_close(void **state)
{
    struct company *s = *state;
    int64_t next, head;
    struct answer an;

    poll(s);
    company_say(s, "bob", "vote #7 2");
    company_say(s, "minji", "vote #7 1");
    company_say(s, "alice", "vote #7 2");
    company_expect(s, "bob", "close #7",
                   "Poll #7 was made by Alice Kim (@alice); only they can close it.");
    company_expect(s, "alice", "close #6", "#6 is no poll.");
    company_expect(s, "alice", "close #7",
                   "Closed. Those who voted are told the result.\nThe poll is closed, with 3 "
                   "votes:\n1 Noodles: 1\n2 Rice: 2 (your vote)\n3 Nothing: 0");
    company_expect(s, "alice", "close #7",
                   "The poll is closed, with 3 votes:\n1 Noodles: 1\n2 Rice: 2 (your vote)\n3 "
                   "Nothing: 0");
    company_expect_part(s, "bob", "vote #7 1", "Poll #7 is closed, so your vote was not taken.");
    company_expect_part(s, "carol", "#7", "The poll is closed, with 3 votes:\n1 Noodles: 1\n");
    assert_int_equal(OK, store_event_head(s->st, &head));
    assert_int_equal(OK, service_tick(s->service, s->now, s->a, &next));
    assert_int_equal(s->now, next); /* there may be more */
    assert_int_equal(OK, store_answer_get(s->st, head + 1, s->a, &an));
    assert_int_equal(BOB, an.person);
    assert_string_equal("Poll #7 by Alice Kim (@alice) is closed: “Lunch?”\n1 Noodles: 1\n2 Rice: "
                        "2 (your vote)\n3 Nothing: 0",
                        an.text);
    assert_int_equal(OK, store_answer_get(s->st, head + 2, s->a, &an));
    assert_int_equal(MINJI, an.person);
    assert_non_null(strstr(an.text, "1 Noodles: 1표 (내 표)"));
    assert_int_equal(E_NOTFOUND, store_answer_get(s->st, head + 3, s->a, &an));
    assert_int_equal(OK, service_tick(s->service, s->now, s->a, &next));
    assert_int_equal(E_NOTFOUND, store_answer_get(s->st, head + 3, s->a, &an));
}

/* A poll changes until somebody has voted: what people voted for stays as they saw it. */
static void test_edit(void **state)
{
    struct company *s = *state;
    struct request r = {.body = "poll Lunch today? | Soup | Rice"};

    poll(s);
    r.replaces = company_id(s);
    company_expect_part(s, "alice", "s/Noodles/Udon/", "Changed #7");
    assert_string_equal("Lunch?\n1 Udon\n2 Rice\n3 Nothing", text_of(s, 7));
    company_expect(s, "alice", "edit #7 Dinner!",
                   "#7 is a poll: `edit #7 QUESTION | A | B …` changes it. Nothing was changed.");
    company_expect_part(s, "alice", "s/2 Rice/Rice/", "is a poll");
    company_expect_part(s, "alice", "edit #7 Dinner? | Soup", "at least two choices");
    assert_non_null(strstr(company_send(s, "alice", &r), "Changed #7"));
    assert_string_equal("Lunch today?\n1 Soup\n2 Rice", text_of(s, 7));
    company_expect_part(s, "bob", "vote #7 3", "the choices 1 to 2");
    company_expect_part(s, "bob", "vote #7 2", "Rice");
    company_expect(s, "alice", "edit #7 Lunch? | Soup | Bread",
                   "Poll #7 has votes, and what people voted for stays as they saw it. Nothing was "
                   "changed.");
    company_expect_part(s, "alice", "close #7", "Closed.");
    company_expect(s, "alice", "s/Soup/Bread/",
                   "Poll #7 is closed, so its text stays. Nothing was changed.");
    assert_string_equal("Lunch today?\n1 Soup\n2 Rice", text_of(s, 7));
}

static void test_delete(void **state)
{
    struct company *s = *state;
    int64_t next, head, after;

    poll(s);
    company_say(s, "bob", "vote #7 2");
    company_say(s, "alice", "close #7");
    company_expect_part(s, "alice", "delete #7", "was taken back");
    company_expect(s, "bob", "vote #7 2", "There is no post #7 that you can see.");
    assert_int_equal(OK, store_event_head(s->st, &head));
    assert_int_equal(OK, service_tick(s->service, s->now, s->a, &next));
    assert_int_equal(OK, store_event_head(s->st, &after));
    assert_int_equal(head, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_poll),  WITH_COMPANY(test_poll_refused), WITH_COMPANY(test_vote),
        WITH_COMPANY(test_group), WITH_COMPANY(test_close),        WITH_COMPANY(test_vote_by_reply),
        WITH_COMPANY(test_edit),  WITH_COMPANY(test_delete),
    };

    return cmocka_run_group_tests_name("polls", tests, NULL, NULL);
}
