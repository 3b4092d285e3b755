/* SPDX-License-Identifier: MIT */
/* Questions, accepted answers, experts: through the service's door. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "handlers/compose.h"
#include "tests/unit/company.h"

enum { FIRST = COMPANY_POSTS + 1 }; /* the first post of a test */

#define CLOSES "When a reply answers it, say `accept` and its number."

static void refuse_part(struct company *s, const char *nick, const char *line, const char *part)
{
    const char *got = company_say(s, nick, line);

    if (got == NULL || strstr(got, part) != NULL)
        fail_msg("%s: %s\n  got: %s\n  with: %s", nick, line, got == NULL ? "(silence)" : got,
                 part);
}

/* The newest notice to somebody. */
static const char *notice(struct company *s, int64_t person)
{
    int64_t head;
    struct event e;
    struct answer an;

    assert_int_equal(OK, store_event_head(s->st, &head));
    for (int64_t no = head; no > 0; no--) {
        assert_int_equal(OK, store_event_get(s->st, no, &e));
        if (e.kind == EVENT_NOTICE && e.author == person) {
            assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
            return an.text;
        }
    }
    return "";
}

static void say_times(struct company *s, const char *nick, const char *line, int n)
{
    for (int i = 0; i < n; i++)
        company_expect_part(s, nick, line, "Posted #");
}

/* How an update of a post reads. */
static const char *update(struct company *s, int64_t post, enum lang l)
{
    struct update u;
    struct event e;
    int64_t no;

    assert_int_equal(OK, store_event_find(s->st, EVENT_POST, post, 0, &no));
    assert_int_equal(OK, store_event_get(s->st, no, &e));
    assert_int_equal(OK, compose_update(s->st, &e, 0, l, s->a, &u));
    return u.body;
}

static bool owed(struct company *s, int64_t post, int64_t person, enum event_class want)
{
    enum event_class class;
    struct event e;
    int64_t no;
    int first;

    assert_int_equal(OK, store_event_find(s->st, EVENT_POST, post, 0, &no));
    assert_int_equal(OK, store_event_get(s->st, no, &e));
    return store_owed_one(s->st, &e, person, &class, &first) == OK && class == want;
}

/* ---- asking and accepting --------------------------------------------------------------------------- */

static void asking(void **state)
{
    struct company *s = *state;
    struct post p;

    company_expect(s, "alice", "ask Is anybody in on Friday?", "Posted #7 for 3 people.\n" CLOSES);
    assert_string_equal(update(s, 7, LANG_EN),
                        "Alice Kim (@alice) asks: Is anybody in on Friday? (#7)");
    assert_string_equal(update(s, 7, LANG_KO),
                        "Alice Kim (@alice)님의 질문: Is anybody in on Friday? (#7)");
    assert_int_equal(OK, store_post_get(s->st, 7, ALICE, s->a, &p));
    assert_int_equal(KIND_QUESTION, p.kind);
    /* Without its mark it is a sentence; with the colon it needs none. */
    company_expect(s, "alice", "ask them about it tomorrow, they said", "Posted #8 for 3 people.");
    company_expect_part(s, "alice", "ask: Somebody with a ladder", "Posted #9");
    company_expect_part(s, "minji", "질문: 사다리 있는 분", "#10을");
    company_expect(s, "dan", "questions",
                   "The open questions:\n"
                   "[10:00] Alice Kim (@alice) asks: Is anybody in on Friday? (#7)\n"
                   "[10:00] Alice Kim (@alice) asks: Somebody with a ladder (#9)\n"
                   "[10:00] 김민지 (@minji) asks: 사다리 있는 분 (#10)");
    company_expect_part(s, "minji", "lang en", "");
    company_expect_part(s, "minji", "follow bob", "");
    company_expect_part(s, "bob", "repeat #7", "Repeated #7");
    company_expect_part(s, "minji", "home",
                        "Bob Lee (@bob) repeats: Alice Kim (@alice) asks: Is anybody in");
    company_expect_part(s, "alice", "edit #7 Is anybody in on Monday?", "Changed #7");
    assert_int_equal(OK, store_post_get(s->st, 7, ALICE, s->a, &p));
    assert_int_equal(KIND_QUESTION, p.kind);
    company_expect_part(s, "alice", "delete #9", "taken back");
    refuse_part(s, "dan", "questions", "ladder");
    company_expect_part(s, "dan", "questions", "on Monday?");
}

static void accepting(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "ask Who has the keys?", "Posted #7");
    company_expect(s, "dan", "show #7",
                   "Alice Kim (@alice) asks: Who has the keys? (#7)\n10:00 · open question");
    company_expect_part(s, "bob", "#7 Dan has them", "Posted #8");
    company_expect_part(s, "carol", "#8 No, I have", "Posted #9");
    company_expect_part(s, "alice", "#9 Thanks", "Posted #10");
    company_expect(s, "bob", "accept #8",
                   "#7 was asked by Alice Kim (@alice); only they can accept an answer to it.");
    company_expect(s, "alice", "accept #7",
                   "#7 is the question itself. `accept` takes the reply that answers it.");
    company_expect(s, "alice", "accept #3",
                   "#3 is no reply to a question. `accept` takes a reply to one that you asked.");
    company_expect(s, "alice", "accept #99", "There is no post #99 that you can see.");
    company_expect(s, "dan", "accept #4", "There is no post #4 that you can see.");
    company_expect(s, "alice", "accept #8",
                   "#8 by Bob Lee (@bob) is the answer to your question #7 now.");
    assert_string_equal(notice(s, BOB), "Alice Kim (@alice) accepted your #8 as the answer to #7: "
                                        "“Who has the keys?”");
    company_expect(s, "alice", "accept #8", "#8 is the accepted answer to #7 already.");
    company_expect(s, "alice", "채택 #9",
                   "#9 by Carol Im (@carol) is the answer to your question #7 now, in place of "
                   "#8.");
    assert_non_null(strstr(notice(s, CAROL), "accepted your #9"));
    company_expect(s, "dan", "questions", "No question is open. `ask TEXT?` asks one.");
    company_expect(s, "dan", "#7",
                   "Alice Kim (@alice) asks: Who has the keys? (#7)\n"
                   "✓ Carol Im (@carol) → #8: No, I have (#9)\n"
                   "10:00 · answered · 3 replies\n`thread #7` shows the whole conversation.");
    company_expect_part(s, "dan", "#9", "\n✓ Carol Im (@carol) → #8: No, I have (#9)\n");
    company_expect(s, "dan", "thread #8",
                   "Conversation #7:\n"
                   "[10:00] Alice Kim (@alice) asks: Who has the keys? (#7) ✓ #9\n"
                   "[10:00] ✓ Carol Im (@carol) → #8: No, I have (#9)\n"
                   "[10:00] Bob Lee (@bob) → #7: Dan has them (#8)\n"
                   "[10:00] Alice Kim (@alice) → #9: Thanks (#10)");
    /* An id says what it said: the answer's update has no mark. */
    assert_string_equal(update(s, 9, LANG_EN), "Carol Im (@carol) → #8: No, I have (#9)");
}

/* Without its answer a question is open again; without its question an answer is a reply. */
static void taking_back(void **state)
{
    struct company *s = *state;
    struct post p;

    company_expect_part(s, "alice", "ask Who has the keys? #keys", "Posted #7");
    company_expect_part(s, "bob", "#7 I have", "Posted #8");
    company_expect_part(s, "alice", "accept #8", "is the answer");
    company_expect(s, "dan", "experts keys",
                   "Who knows about #keys, the best first:\nBob Lee (@bob): 1 accepted answer");
    company_expect_part(s, "bob", "delete #8", "taken back");
    company_expect_part(s, "dan", "questions #keys", "Who has the keys?");
    company_expect_part(s, "dan", "experts keys", "Nobody counts as an expert on #keys.");
    company_expect_part(s, "bob", "#7 I still have", "Posted #9");
    company_expect_part(s, "alice", "accept #9", "is the answer");
    company_expect_part(s, "alice", "edit #7 Who has the spare key? #spare", "Changed #7");
    company_expect_part(s, "dan", "experts #spare", "Bob Lee (@bob): 1 accepted answer");
    company_expect_part(s, "alice", "delete #7", "taken back");
    assert_int_equal(OK, store_post_get(s->st, 9, DAN, s->a, &p));
    assert_false(p.accepted);
    refuse_part(s, "dan", "experts spare", "accepted answer");
    company_expect(s, "alice", "accept #9",
                   "#9 is no reply to a question. `accept` takes a reply to one that you asked.");
}

static void own_answer_is_no_merit(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "ask Who has the keys? #keys", "Posted #7");
    company_expect_part(s, "alice", "#7 I have", "Posted #8");
    company_expect_part(s, "alice", "accept #8", "is the answer to your question #7");
    assert_string_equal(notice(s, ALICE), "");
    company_expect_part(s, "dan", "experts #keys", "Nobody counts");
}

static void answer_of_somebody_barred(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "ask Who has the keys?", "Posted #7");
    company_expect_part(s, "bob", "#7 I have", "Posted #8");
    company_expect_part(s, "alice", "accept #8", "is the answer");
    company_expect_part(s, "dan", "block bob", "");
    company_expect_part(s, "dan", "#7", "(#8, the accepted answer, cannot be seen.)");
    refuse_part(s, "dan", "search keys", "I have");
    refuse_part(s, "dan", "thread #7", "I have");
}

/* ---- experts ------------------------------------------------------------------------------------------ */

static void experts_are_asked(void **state)
{
    struct company *s = *state;

    say_times(s, "bob", "An old language #cobol", 3);   /* #7 to #9 */
    say_times(s, "dan", "An older language #cobol", 2); /* #10, #11: too little to be asked */
    company_expect_part(s, "minji", "praise carol for help with #cobol", "#12");
    company_expect(s, "alice", "ask Who can read this? #cobol",
                   "Posted #13 for 3 people.\nI asked Carol Im (@carol) and Bob Lee (@bob), who "
                   "know about #cobol.\n" CLOSES);
    assert_string_equal(
        notice(s, BOB),
        "Alice Kim (@alice) asks #13, and you get it because you know about #cobol: 3 posts. "
        "`experts #cobol off`, and I will not ask you about that again.");
    assert_non_null(strstr(notice(s, CAROL), "#cobol: thanked 1 time."));
    assert_true(owed(s, 13, BOB, CLASS_MENTION));
    assert_true(owed(s, 13, CAROL, CLASS_MENTION));
    assert_true(owed(s, 13, DAN, CLASS_BULK));
    company_expect_part(s, "bob", "mentions", "Who can read this? #cobol (#13)");
    /* It does not name them. */
    company_expect_part(s, "dan", "search read to:bob", "Nothing found");
    company_expect(s, "minji", "experts cobol",
                   "#cobol을 잘 아는 분들, 가장 잘 아는 분부터:\nCarol Im (@carol): 칭찬 1번\n"
                   "Bob Lee (@bob): 글 3개\n@dan: 글 2개");
}

/* Three are asked at most, whom the text names not among them. */
static void three_at_most(void **state)
{
    struct company *s = *state;

    say_times(s, "bob", "About our #wiki", 6);
    say_times(s, "carol", "About our #wiki", 5);
    say_times(s, "dan", "About our #wiki", 4);
    say_times(s, "eve", "About our #wiki", 3);
    company_expect_part(s, "alice", "ask Who? #wiki",
                        "I asked Bob Lee (@bob), Carol Im (@carol) and @dan, who know about "
                        "#wiki.\n");
    company_expect_part(s, "alice", "ask Who but @bob and @carol? #wiki",
                        "I asked @dan and @eve, who know about #wiki.\n");
    company_expect_part(s, "alice", "ask @zed @bob @nobody? #a1 #a2 #a3 #a4 #a5 #a6 #a7 #wiki",
                        "I asked Carol Im (@carol), @dan and @eve");
    company_expect_part(s, "dan", "experts nothing off", "There is no tag #nothing");
    company_expect_part(s, "dan", "experts hands on", "Nobody has “hands on”");
}

/* A question without a tag, whose words are tags in use; whom it names need not be asked twice. */
static void topics_by_words(void **state)
{
    struct company *s = *state;

    say_times(s, "bob", "An old language #COBOL", 3);
    say_times(s, "carol", "Our department #IT", 3);
    company_expect_part(s, "minji", "ask Who knows Cobol?", "Bob Lee (@bob)님에게도 물어봤어요.");
    company_expect(s, "alice", "ask Does it work?", "Posted #14 for 3 people.\n" CLOSES);
    company_expect_part(s, "alice", "ask Does IT work?", "I asked Carol Im (@carol), who knows");
    company_expect(s, "alice", "ask @bob, is COBOL dead?", "Posted #16 for 3 people.\n" CLOSES);
    company_expect_part(s, "dan", "questions cobol", "Who knows Cobol?");
    company_expect_part(s, "dan", "#13 I do", "Posted #17");
    company_expect_part(s, "minji", "accept #17", "채택했어요.");
    company_expect_part(s, "alice", "experts cobol", "@dan: 1 accepted answer\nBob Lee");
}

static void who_is_not_asked(void **state)
{
    struct company *s = *state;

    say_times(s, "bob", "An old language #cobol", 3);
    company_expect(s, "bob", "ask Where is my #cobol book?", "Posted #10 for 1 person.\n" CLOSES);
    company_expect_part(s, "bob", "mute #cobol", "");
    refuse_part(s, "alice", "ask One? #cobol", "I asked");
    company_expect_part(s, "bob", "unmute #cobol", "");
    company_expect_part(s, "alice", "ask Two? #cobol", "I asked Bob");
    company_expect_part(s, "bob", "mute alice", "");
    refuse_part(s, "alice", "ask Three? #cobol", "I asked");
    company_expect_part(s, "bob", "unmute alice", "");
    company_expect_part(s, "bob", "mute \"secret word\"", "");
    refuse_part(s, "alice", "ask A secret word? #cobol", "I asked");
    company_expect_part(s, "bob", "block alice", "");
    refuse_part(s, "alice", "ask Four? #cobol", "I asked");
    company_expect_part(s, "bob", "unblock alice", "");
    company_expect_part(s, "alice", "ask Five? #cobol", "I asked Bob");
    company_expect(s, "bob", "experts #cobol off",
                   "I will not ask you about #cobol again, nor list you among those who know "
                   "about it. `experts #cobol on` takes that back.");
    company_expect(s, "bob", "experts #cobol off",
                   "You said no to #cobol before. `experts #cobol on` takes that back.");
    refuse_part(s, "alice", "ask Six? #cobol", "I asked");
    refuse_part(s, "alice", "experts cobol", "Bob");
    company_expect_part(s, "bob", "전문가 #cobol 켜기", "I may ask you about #cobol again");
    company_expect_part(s, "bob", "experts cobol on", "You have not said no to #cobol");
    company_expect_part(s, "alice", "ask Seven? #cobol", "I asked Bob");
    assert_int_equal(OK, store_person_set_state(s->st, BOB, PERSON_SUSPENDED));
    refuse_part(s, "alice", "ask Eight? #cobol", "I asked");
    refuse_part(s, "alice", "experts cobol", "Bob");
}

static void experts_on_words(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "carol", "set title Database engineer", "");
    company_expect_part(s, "bob", "The database is slow", "Posted #7");
    company_expect_part(s, "bob", "The database is fast again", "Posted #8");
    company_expect_part(s, "dan", "d bob database secrets", "Sent");
    company_expect_part(s, "dan", "ask Which database?", "Posted #10");
    company_expect(s, "alice", "experts database",
                   "Who writes about “database”, by the newest posts:\n"
                   "Carol Im (@carol), Database engineer: in the title or bio\n"
                   "Bob Lee (@bob): 2 posts\n`search database` shows what was written.");
    /* Also to whom the private message is visible. */
    refuse_part(s, "bob", "experts secrets", "dan");
    company_expect(s, "alice", "experts zebra",
                   "Nobody has “zebra” in title, bio or a public post.");
    company_expect_part(s, "alice", "experts #zebra", "There is no tag #zebra");
    company_expect(s, "alice", "experts: -",
                   "Experts on what? `experts #tag` or `experts databases` is how it looks.");
}

static void more_experts(void **state)
{
    struct company *s = *state;
    const char *got;
    int seen = 0;

    for (int i = 0; i < 15; i++)
        company_expect_part(s, arena_printf(s->a, "new%d", i), "About our #wiki", "Posted");
    got = company_say(s, "alice", "experts wiki");
    for (const char *p = got; (p = strstr(p, "1 post")) != NULL; p++)
        seen++;
    assert_int_equal(10, seen);
    assert_non_null(strstr(got, "`more` shows the next ones."));
    got = company_say(s, "alice", "more");
    for (const char *p = got; (p = strstr(p, "1 post")) != NULL; p++)
        seen++;
    assert_int_equal(15, seen);
    assert_null(strstr(got, "`more`"));
    company_expect(s, "alice", "more", "That was all of it.");
}

/* ---- finding -------------------------------------------------------------------------------------------- */

static void find_all(struct company *s)
{
    company_expect(s, "dan", "search keys is:question",
                   "The newest with “keys is:question”:\n"
                   "[10:00] Alice Kim (@alice) asks: Who has the keys? (#7) ✓ #8\n"
                   "  ✓ Bob Lee (@bob) → #7: In the kitchen (#8)\n"
                   "[10:00] Alice Kim (@alice) asks: Which keys? (#10)");
    company_expect(
        s, "dan", "search is:open",
        "The newest with “is:open”:\n[10:00] Alice Kim (@alice) asks: Which keys? (#10)");
    company_expect(s, "dan", "search is:announcement",
                   "Nothing found for “is:announcement”. All words must occur; fewer words find "
                   "more.");
    /* The accepted answer first, and only once. */
    company_expect(s, "dan", "search kitchen",
                   "The newest with “kitchen”:\n"
                   "[10:00] ✓ Bob Lee (@bob) → #7: In the kitchen (#8)\n"
                   "[10:00] Carol Im (@carol): The kitchen is closed (#9)");
}

static void finding(void **state)
{
    struct company *s = *state;
    bool more = true;

    company_expect_part(s, "alice", "ask Who has the keys?", "Posted #7");
    company_expect_part(s, "bob", "#7 In the kitchen", "Posted #8");
    company_expect_part(s, "carol", "The kitchen is closed", "Posted #9");
    company_expect_part(s, "alice", "ask Which keys?", "Posted #10");
    company_expect_part(s, "alice", "accept #8", "is the answer");
    find_all(s);
    assert_int_equal(OK, store_commit(s->st)); /* the same by the index */
    while (more)
        assert_int_equal(OK, store_idle(s->st, s->now, 1000000, &more));
    assert_int_equal(OK, store_begin(s->st));
    find_all(s);
    company_expect_part(s, "bob", "delete #8", "taken back");
    company_expect_part(s, "dan", "search is:open", "Who has the keys? (#7)\n");
    company_expect_part(s, "dan", "search kitchen", "kitchen is closed");
    refuse_part(s, "dan", "search kitchen", "✓");
}

static void more_questions(void **state)
{
    struct company *s = *state;
    const char *got;

    for (int i = 0; i < 12; i++)
        company_expect_part(s, i % 2 ? "bob" : "alice",
                            arena_printf(s->a, "ask: Number %d #wiki", i), "Posted");
    got = company_say(s, "dan", "questions");
    assert_null(strstr(got, "Number 1 "));
    assert_non_null(strstr(got, "Number 2 #wiki (#9)\n"));
    assert_non_null(strstr(got, "Number 11 #wiki (#18)\n`more` goes further back."));
    got = company_say(s, "dan", "more");
    assert_non_null(strstr(got, "Number 0 #wiki (#7)\n"));
    assert_non_null(strstr(got, "Number 1 #wiki (#8)"));
    assert_null(strstr(got, "Number 2"));
    company_expect_part(s, "alice", "questions #wiki", "`more` goes further back.");
    company_expect_part(s, "alice", "more", "Number 0");
    got = company_say(s, "alice", "search is:open from:me");
    assert_non_null(strstr(got, "Number 10"));
    assert_null(strstr(got, "Number 11"));
}

/* The client's correction of a question is a question. */
static void correction(void **state)
{
    struct company *s = *state;
    struct request r = {.body = "ask Who has the keys?"};
    struct post p;

    company_expect_part(s, "alice", "ask Who has the kyes?", "Posted #7");
    r.replaces = company_id(s);
    assert_non_null(strstr(company_send(s, "alice", &r), "Changed #7"));
    assert_int_equal(OK, store_post_get(s->st, 7, ALICE, s->a, &p));
    assert_string_equal("Who has the keys?", p.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(asking),
        WITH_COMPANY(accepting),
        WITH_COMPANY(taking_back),
        WITH_COMPANY(own_answer_is_no_merit),
        WITH_COMPANY(answer_of_somebody_barred),
        WITH_COMPANY(experts_are_asked),
        WITH_COMPANY(three_at_most),
        WITH_COMPANY(topics_by_words),
        WITH_COMPANY(who_is_not_asked),
        WITH_COMPANY(experts_on_words),
        WITH_COMPANY(more_experts),
        WITH_COMPANY(finding),
        WITH_COMPANY(more_questions),
        WITH_COMPANY(correction),
    };

    return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
