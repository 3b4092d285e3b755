/* SPDX-License-Identifier: MIT */
/* Short forms of one's own: what they may be, how they are read, and that none publishes anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

static const char *made(struct company *s, const char *line)
{
    const char *answer = company_say(s, "alice", line);

    if (strstr(answer, "From now on") == NULL)
        fail_msg("%s: %s", line, answer);
    return answer;
}

static void refused(struct company *s, const char *line, const char *part)
{
    company_expect_part(s, "alice", line, part);
    company_expect_part(s, "alice", "alias", "You have no short forms.");
}

static void test_make_and_use(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "alias",
                   "You have no short forms. `alias hi = d bob hi %1` makes one.");
    company_expect(s, "alice", "alias Hi = d bob hi %1",
                   "From now on `hi` stands for: d bob hi %1\n`unalias hi` takes that away.");
    company_expect(s, "alice", "alias", "Your short forms:\nhi = d bob hi %1");
    company_expect_part(s, "alice", "hi there, old friend! How are you?", "privately");
    company_expect_part(s, "bob", "inbox 1", "hi there, old friend! How are you?");
    company_expect_part(s, "alice", "HI again", "privately");
    company_expect_part(s, "alice", "/hi again", "privately");
    company_expect_part(s, "alice", "hi one line\nand another", "privately");
    company_expect_part(s, "bob", "inbox 1", "and another");
    /* another's */
    company_expect_part(s, "bob", "hi everyone", "Posted");
    company_expect(s, "alice", "unalias hi", "`hi` is no short form of yours any more.");
    company_expect(s, "alice", "unalias hi", "You have no short form `hi`. `alias` lists yours.");
    company_expect_part(s, "alice", "hi everyone", "Posted");
}

static void test_places(void **state)
{
    struct company *s = *state;

    made(s, "alias rest = d %1 %2");
    company_expect_part(s, "alice", "rest bob one two three", "privately");
    company_expect_part(s, "bob", "inbox 1", ": one two three (");
    made(s, "alias each = d %2 %1 and %*");
    company_expect_part(s, "alice", "each hey bob", "privately");
    company_expect_part(s, "bob", "inbox 1", ": hey and hey bob (");
    made(s, "alias quietly = mute %1 for 2h");
    company_expect_part(s, "alice", "quietly bob", "Bob Lee (@bob)");
    made(s, "alias see = #%1");
    company_expect_part(s, "alice", "see 2", "The launch is on Friday");
    made(s, "alias 인사 = d bob 안녕 %1");
    company_expect_part(s, "alice", "인사 친구", "privately");
    company_expect_part(s, "bob", "inbox 1", ": 안녕 친구 (");
    made(s, "alias full = d bob 100% %0 %");
    company_expect_part(s, "alice", "full", "privately");
    company_expect_part(s, "bob", "inbox 1", ": 100% %0 % (");
    made(s, "alias pick = poll: %1");
    made(s, "alias fresh = /all 3");
    company_expect_part(s, "alice", "fresh", "Lunch is at the new place");
}

static void test_misfits(void **state)
{
    struct company *s = *state;
    int64_t newest;

    made(s, "alias hi = d bob hi %1");
    made(s, "alias mine = get bob 1");
    made(s, "alias who = people %1");
    company_expect_part(s, "alice", "alias any = %1 bob", "this is none as it stands there");
    newest = company_newest(s);
    company_expect(s, "alice", "hi",
                   "`hi` is a short form of yours, and something is missing behind it: d bob hi "
                   "%1\nNothing is done or published yet.\n`post` publishes what you wrote as it "
                   "is.");
    company_expect(s, "alice", "/hi",
                   "`hi` is a short form of yours, and something is missing behind it: d bob hi "
                   "%1\nNothing was done.");
    company_expect_part(s, "alice", "mine now", "takes nothing behind it: get bob 1");
    company_expect_part(s, "alice", "who bob", "Bob Lee (@bob)");
    company_expect_part(s, "alice", "who great it is, and how well they all did today",
                        "no command: people great it is, and how well they all did "
                        "today\nNothing is done or published yet");
    assert_int_equal(newest, company_newest(s));
    company_expect_part(s, "alice", "post", "Posted"); /* what was typed */
    company_expect_part(s, "bob", "get alice 1", "who great it is");
    /* a sentence is a sentence, as with command words */
    company_expect_part(s, "alice", "mine is the one with the blue cover", "Posted");
    company_expect_part(s, "alice", "hi!", "Posted");
    company_expect_part(s, "alice", "Well, hi there", "Posted");
}

/* What it stands for is looked at again when it is used. */
static void test_no_longer(void **state)
{
    struct company *s = *state;
    int64_t newest;

    made(s, "alias lead = follow bob");
    made(s, "alias tell = d dan %1");
    assert_int_equal(OK, store_person_set_state(s->st, BOB, PERSON_RETIRED));
    assert_int_equal(OK, store_person_set_state(s->st, DAN, PERSON_RETIRED));
    newest = company_newest(s);
    company_expect_part(s, "alice", "lead", "Nobody here is called @bob.");
    company_expect_part(s, "alice", "tell this is between the two of us, as ever.", "Nobody here");
    company_expect_part(s, "alice", "/lead", "Nobody here is called @bob.");
    assert_int_equal(newest, company_newest(s));
}

static void test_names(void **state)
{
    struct company *s = *state;
    const char *longer = "abcdefghijklmnopqrstuvwxyz12345";

    refused(s, "alias follow = d bob hi", "`follow` is a command word already");
    refused(s, "alias 팔로우 = d bob hi", "is a command word already");
    refused(s, "alias group = d bob hi", "`group` is a command word already");
    refused(s, "alias @dan = d bob hi", "cannot name a short form");
    refused(s, "alias #x = d bob hi", "cannot name a short form");
    refused(s, "alias a/b = d bob hi", "cannot name a short form");
    refused(s, "alias 12 = d bob hi", "not only digits");
    refused(s, arena_printf(s->a, "alias %s = home", longer), "at most 30 characters");
    made(s, arena_printf(s->a, "alias %.30s = home", longer));
    /* none of these is one */
    company_expect_part(s, "alice", "alias hi there", "does not fit it");
    company_expect_part(s, "alice", "/alias hi =", "It goes like this");
    company_expect_part(s, "alice", "Alias is a good series, if you ask me", "Posted");
}

static void test_what_it_stands_for(void **state)
{
    struct company *s = *state;

    refused(s, "alias hi = hello there", "and this is none as it stands there: hello there");
    refused(s, "alias hi = d nobody %1", "this is none");
    refused(s, "alias hi = d @nobody %1", "this is none");
    refused(s, "alias hi = #77 %1", "this is none");
    refused(s, "alias hi = follow bob %1 and so on", "this is none");
    refused(s, "alias hi = yes", "this is none");
    refused(s, "alias hi = admin stats", "this is none");
    made(s, "alias one = home");
    company_expect_part(s, "alice", "alias two = one", "this is none"); /* no short form of one */
    company_expect_part(s, "alice", "alias one = one", "this is none");
    company_expect_part(s, "carol", "alias st = admin stats", "From now on");
}

static void test_limits(void **state)
{
    struct company *s = *state;
    char *text = arena_alloc(s->a, 200000), *many = arena_dup(s->a, "alias hi = d bob");

    memset(text, 'x', 199999);
    refused(s, arena_printf(s->a, "alias hi = d bob %.495s", text), "too long for a short form");
    for (int i = 0; i <= LIMIT_ALIAS_PLACES; i++)
        many = arena_printf(s->a, "%s %%1", many);
    refused(s, many, "too long for a short form");
    made(s, arena_printf(s->a, "alias hi = d bob %.494s", text));
    made(s, "alias twice = d bob %1 %1 %1");
    company_expect_part(s, "alice", arena_printf(s->a, "twice %.70000s", text), "is too long");
    for (int i = 2; i < LIMIT_ALIASES; i++)
        made(s, arena_printf(s->a, "alias a%d = home", i));
    company_expect(s, "alice", "alias more1 = home",
                   "You have 50 short forms, and that is the limit. `unalias NAME` takes one "
                   "away.");
    company_expect_part(s, "alice", "alias", "a19 = home\n`more` shows the next ones.");
    company_expect_part(s, "alice", "more", "a2 = home\na20 = home");
    company_expect_part(s, "alice", "more 50", "hi = d bob");
    company_expect(s, "alice", "more", "That was all of it.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_make_and_use), WITH_COMPANY(test_places),
        WITH_COMPANY(test_misfits),      WITH_COMPANY(test_no_longer),
        WITH_COMPANY(test_names),        WITH_COMPANY(test_what_it_stands_for),
        WITH_COMPANY(test_limits),
    };

    return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
