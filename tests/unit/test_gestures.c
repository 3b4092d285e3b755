/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/company.h"

static const char *text_of(struct company *s, int64_t no)
{
    struct post p;
    enum err e = store_post_get(s->st, no, 0, s->a, &p);

    return e == OK && !p.deleted ? p.text : NULL;
}

static const char *correct(struct company *s, const char *nick, const char *id, const char *body)
{
    struct request r = {.body = body, .replaces = id};

    return company_send(s, nick, &r);
}

static const char *retract(struct company *s, const char *nick, const char *id)
{
    struct request r = {.retracts = id};

    return company_send(s, nick, &r);
}

static const char *react(struct company *s, const char *nick, const char *id, const char *emoji)
{
    const char *set[] = {emoji};
    struct request r = {.reacts = id, .reactions = set, .n_reactions = emoji != NULL};

    return company_send(s, nick, &r);
}

static const char *reply(struct company *s, const char *nick, const char *id, const char *body)
{
    struct request r = {.body = body, .replies = id};

    return company_send(s, nick, &r);
}

/* ---- corrections ------------------------------------------------------------------------------------- */

static void test_correct_post(void **state)
{
    struct company *s = *state;
    const char *id, *second;

    company_expect(s, "alice", "Good mroning", "Posted #7 for 3 people.");
    id = company_id(s);
    assert_string_equal(correct(s, "alice", id, "Good morning"),
                        "Changed #7; the correction goes to 3 people.");
    second = company_id(s);
    assert_string_equal("Good morning", text_of(s, 7));
    /* again, of the first message or of the correction */
    assert_non_null(strstr(correct(s, "alice", id, "Good evening"), "Changed #7"));
    assert_non_null(strstr(correct(s, "alice", second, "Good night"), "Changed #7"));
    assert_string_equal("Good night", text_of(s, 7));
    assert_int_equal(7, company_newest(s));
    company_say(s, "alice", "undo");
    assert_string_equal(correct(s, "alice", id, "Hello"),
                        "#7 was taken back before, so the correction changes nothing.");
}

/* A correction is the whole line again: what stood before the text does not become text. */
static void test_correct_line(void **state)
{
    struct company *s = *state;
    const char *id;

    company_expect_part(s, "bob", "#1 I am inn", "Posted #7");
    id = company_id(s);
    assert_non_null(strstr(correct(s, "bob", id, "#1 I am in"), "Changed #7"));
    assert_string_equal("I am in", text_of(s, 7));
    assert_non_null(strstr(correct(s, "bob", id, "I am in, too"), "Changed #7"));
    assert_string_equal("I am in, too", text_of(s, 7));
    assert_string_equal(
        correct(s, "bob", id, "#5 I am in"),
        "A correction cannot send #7 somewhere else. `delete #7`, then write it anew.");
    company_expect_part(s, "alice", "d bob Lunhc?", "Sent privately");
    id = company_id(s);
    assert_non_null(strstr(correct(s, "alice", id, "d bob Lunch?"),
                           "Changed #8; Bob Lee (@bob) gets the correction."));
    assert_string_equal("Lunch?", text_of(s, 8));
    assert_non_null(strstr(correct(s, "alice", id, "d carol Lunch?"),
                           "A correction cannot send #8 somewhere else."));
    company_expect_part(s, "alice", "post: help", "Posted #9");
    id = company_id(s);
    assert_non_null(strstr(correct(s, "alice", id, "post: help wanted"), "Changed #9"));
    assert_string_equal("help wanted", text_of(s, 9));
}

static void test_correct_into_command(void **state)
{
    struct company *s = *state;

    company_say(s, "alice", "folow carol, she is right");
    assert_non_null(strstr(correct(s, "alice", company_id(s), "follow carol"),
                           "`yes` makes it the new text of #7"));
    assert_string_equal("folow carol, she is right", text_of(s, 7));
    company_expect_part(s, "alice", "yes", "Changed #7");
    assert_string_equal("follow carol", text_of(s, 7));
}

static void test_correct_command(void **state)
{
    struct company *s = *state;
    struct edge e;
    const char *id, *got;

    company_expect_part(s, "carol", "follow bob", "You follow");
    id = company_id(s);
    got = correct(s, "carol", id, "follow dan");
    assert_non_null(strstr(got, "That line was a command and has been carried out"));
    assert_non_null(strstr(got, "`unfollow bob` ends it."));
    assert_int_equal(E_NOTFOUND, store_edge_get(s->st, EDGE_FOLLOW_PERSON, CAROL, DAN, s->now, &e));
}

/* Of a line that did nothing yet, it is that line anew. */
static void test_correct_nothing(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "carol", "follow bbo", "");
    assert_int_equal(6, company_newest(s));
    assert_non_null(
        strstr(correct(s, "carol", company_id(s), "follow bob"), "You follow Bob Lee (@bob) now"));
    assert_non_null(strstr(correct(s, "carol", "unknown", "Hello"), "Posted #7"));
}

/* What came as a file is still found as one after its words were corrected. */
static void test_correct_file(void **state)
{
    struct company *s = *state;
    struct request r = {.body = "https://files.example/plan.pdf",
                        .file_url = "https://files.example/plan.pdf"};

    assert_non_null(strstr(company_send(s, "alice", &r), "Posted #7"));
    company_expect_part(s, "dan", "search has:file", "(#7)");
    company_expect_part(s, "alice", "edit #7 The plan https://files.example/plan.pdf",
                        "Changed #7");
    company_expect_part(s, "dan", "search plan has:file", "(#7)");
}

static void test_correct_others(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "Mine", "Posted #7");
    /* the same id from somebody else is theirs, and made nothing */
    assert_non_null(strstr(correct(s, "bob", company_id(s), "Not yours"), "Posted #8"));
    assert_string_equal("Mine", text_of(s, 7));
}

/* ---- retractions --------------------------------------------------------------------------------------- */

static void test_retract(void **state)
{
    struct company *s = *state;
    const char *id;

    company_expect_part(s, "alice", "Oops", "Posted #7");
    id = company_id(s);
    assert_non_null(strstr(retract(s, "bob", id), "I know of no post that message made."));
    assert_string_equal(retract(s, "alice", id), "#7 was taken back everywhere it went: “Oops”");
    assert_null(text_of(s, 7));
    assert_string_equal(retract(s, "alice", id), "#7 was taken back before.");
    assert_non_null(strstr(retract(s, "alice", "p2"), "`delete #1234`"));
    assert_non_null(text_of(s, 2));
    company_say(s, "alice", "follow carol");
    assert_non_null(strstr(retract(s, "alice", company_id(s)), "`unfollow carol` ends it."));
}

/* ---- reactions ----------------------------------------------------------------------------------------- */

static void test_react(void **state)
{
    struct company *s = *state;

    assert_string_equal(react(s, "alice", "p2", "👍"), "You like #2 by Bob Lee (@bob).");
    assert_string_equal(react(s, "alice", "p2e7", "❤"), "You like #2 already.");
    assert_string_equal(react(s, "alice", "p2", NULL), "You no longer like #2.");
    assert_string_equal(react(s, "carol", "p4", "👍"), "There is no post #4 that you can see.");
    assert_string_equal(react(s, "carol", "p99", "👍"), "There is no post #99 that you can see.");
    assert_non_null(
        strstr(react(s, "carol", "0a1b2c", "👍"), "Name it by its number: `like #1234`."));
    company_say(s, "alice", "Mine");
    assert_string_equal(react(s, "alice", company_id(s), "👍"),
                        "#7 is your own; liking is for the others.");
}

/* ---- replies ------------------------------------------------------------------------------------------- */

static void test_reply(void **state)
{
    struct company *s = *state;
    struct post p;

    assert_string_equal(reply(s, "carol", "p2", "Great"), "Posted #7 for 1 person.");
    assert_int_equal(OK, store_post_get(s->st, 7, 0, s->a, &p));
    assert_int_equal(2, p.parent);
    assert_non_null(strstr(reply(s, "bob", "p7e3", "Thanks"), "Posted #8"));
    /* one's own message by its own id */
    company_say(s, "dan", "Hello");
    assert_non_null(strstr(reply(s, "dan", company_id(s), "and welcome"), "Posted #10"));
    assert_int_equal(OK, store_post_get(s->st, 10, 0, s->a, &p));
    assert_int_equal(9, p.parent);
    assert_string_equal(reply(s, "carol", "p4", "x"), "There is no post #4 that you can see.");
    assert_non_null(strstr(reply(s, "alice", "p4", "I see"), "Sent privately to Bob Lee (@bob)"));
    assert_non_null(
        strstr(reply(s, "carol", "0a1b2c", "Great news"), "Name it by its number: `#1234 TEXT`."));
    assert_int_equal(11, company_newest(s));
    /* the number again in the text is not twice an answer */
    assert_non_null(strstr(reply(s, "carol", "p2", "#2 Great"), "Posted #12"));
    assert_string_equal("Great", text_of(s, 12));
}

/* Short answers are answers; what would do or tell something is asked about. */
static void test_reply_command(void **state)
{
    struct company *s = *state;

    assert_non_null(strstr(reply(s, "carol", "p2", "yes"), "Posted #7"));
    assert_non_null(strstr(reply(s, "carol", "p2", "more"), "Posted #8"));
    assert_string_equal("yes", text_of(s, 7));
    assert_non_null(
        strstr(reply(s, "carol", "p2", "d alice he is wrong"), "`yes` makes it an answer to #2"));
    assert_int_equal(8, company_newest(s));
    company_expect_part(s, "carol", "yes", "Posted #9");
    assert_string_equal("d alice he is wrong", text_of(s, 9));
    assert_non_null(
        strstr(reply(s, "carol", "p2", "d alcie he is wrong"), "`yes` makes it an answer to #2"));
    assert_non_null(strstr(reply(s, "carol", "p2", "/home"), "The newest of what you follow:"));
    assert_int_equal(9, company_newest(s));
}

/* "yes" as a reply to the question that asked for it. */
static void test_reply_to_question(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "carol", "d alcie he is wrong", "yes");
    assert_non_null(
        strstr(reply(s, "carol", "0a1b2c", "yes"), "Sent privately to Alice Kim (@alice)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_correct_post),
        WITH_COMPANY(test_correct_line),
        WITH_COMPANY(test_correct_into_command),
        WITH_COMPANY(test_correct_command),
        WITH_COMPANY(test_correct_nothing),
        WITH_COMPANY(test_correct_file),
        WITH_COMPANY(test_correct_others),
        WITH_COMPANY(test_retract),
        WITH_COMPANY(test_react),
        WITH_COMPANY(test_reply),
        WITH_COMPANY(test_reply_command),
        WITH_COMPANY(test_reply_to_question),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
