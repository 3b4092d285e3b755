/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

static bool is_open(struct company *s, enum edge_kind kind, int64_t subject, int64_t object)
{
    struct edge e;

    return store_edge_get(s->st, kind, subject, object, s->now, &e) == OK;
}

static void test_person(void **state)
{
    struct company *s = *state;

    company_expect(
        s, "carol", "follow bob",
        "You follow Bob Lee (@bob) now: what they post comes to you. `unfollow bob` ends it.");
    assert_true(is_open(s, EDGE_FOLLOW_PERSON, CAROL, BOB));
    company_expect(s, "carol", "sub bob",
                   "You follow Bob Lee (@bob) already. `unfollow bob` ends it.");
    company_expect(
        s, "carol", "unfollow bob",
        "You no longer follow Bob Lee (@bob). Nobody is told. `follow bob` begins again.");
    assert_false(is_open(s, EDGE_FOLLOW_PERSON, CAROL, BOB));
    company_expect(
        s, "carol", "unsub @bob",
        "You did not follow Bob Lee (@bob). `following` and `tracking` show what you follow.");
    company_expect(s, "carol", "follow carol",
                   "That is you; your own posts stand in `home` anyway.");
    company_expect_part(s, "carol", "follow @bbo", "Did you mean Bob Lee (@bob)?");
    company_expect_part(s, "carol", "track @bob", "You follow Bob");
    company_expect_part(s, "carol", "leave bob", "You no longer");
    company_expect_part(s, "carol", "팔로우 bob", "You follow Bob");
    company_expect_part(s, "carol", "언팔로우 bob", "You no longer");
    company_expect_part(s, "carol", "구독 @bob", "You follow Bob");
    company_expect_part(s, "carol", "언팔 bob", "You no longer");
    company_expect_part(s, "carol", "follow bob now", "You follow Bob");
    company_expect_part(s, "carol", "구독취소 @bob", "You no longer");
    company_expect_part(s, "carol", "follow bob daily", "in your digest only, every day at 09:00");
    assert_true(is_open(s, EDGE_FOLLOW_PERSON, CAROL, BOB));
    company_expect(s, "minji", "팔로우 bob",
                   "Bob Lee (@bob)님을 팔로우했어요. 이제 쓰는 글을 받아 보게 돼요. 그만두려면 "
                   "`언팔로우 bob`");
}

static void test_persons_tag(void **state)
{
    struct company *s = *state;

    company_expect(s, "minji", "lang en", company_say(s, "minji", "lang en"));
    company_expect(s, "minji", "follow @alice #launch",
                   "You follow #launch by Alice Kim (@alice) now: each public post of theirs with "
                   "this tag comes to you. `unfollow alice #launch` ends it.");
    company_expect(s, "minji", "sub alice #launch",
                   "You follow #launch by Alice Kim (@alice) already. `unfollow alice #launch` "
                   "ends it.");
    company_expect(s, "minji", "following", "You follow:\n@alice #launch");
    company_expect_part(s, "minji", "follow alice #launch daily", "every day at 09:00");
    company_expect(s, "minji", "following", "You follow:\n@alice #launch (daily)");
    company_expect_part(s, "minji", "follow alice daily", "You follow Alice Kim (@alice) now");
    company_expect_part(s, "minji", "unfollow alice", "You no longer follow Alice Kim");
    company_expect(s, "minji", "unfollow @alice #launch",
                   "You no longer follow #launch by Alice Kim (@alice). Nobody is told. `follow "
                   "alice #launch` begins again.");
    company_expect_part(s, "minji", "unfollow @alice #launch", "You did not follow #launch by");
    company_expect_part(s, "minji", "unfollow @alice #never", "You did not follow #never by");
    company_expect(s, "minji", "following",
                   "You follow nobody yet. `people NAME` finds colleagues, `follow @nick` "
                   "follows.");
    company_expect_part(s, "minji", "follow @bbo #launch", "Did you mean Bob Lee (@bob)?");
    company_expect_part(s, "minji", "follow minji #launch", "That is you");
    /* Only of a person; and a number is a post, not a tag. */
    company_expect_part(s, "minji", "/follow #lunch #launch", "follow @nick, @nick #tag");
    company_expect_part(s, "minji", "/follow alice #1", "follow @nick, @nick #tag");
    company_expect_part(s, "minji", "follow #lunch #launch", "`post`");
    company_say(s, "minji", "mute #launch");
    company_expect_part(s, "minji", "follow alice #launch",
                        "It is muted, though: `unmute #launch` lets it through.");
    company_say(s, "alice", "block minji");
    company_expect_part(s, "minji", "following", "You follow nobody yet.");
    company_expect(s, "minji", "follow alice #launch", "You cannot follow Alice Kim (@alice).");
    company_say(s, "minji", "lang ko");
    company_expect_part(s, "minji", "팔로우 bob #launch", "Bob Lee (@bob)님의 #launch");
    company_expect_part(s, "minji", "언팔로우 bob #launch", "Bob Lee (@bob)님의 #launch");
}

static void test_tag(void **state)
{
    struct company *s = *state;
    struct tag t;

    company_expect(s, "carol", "follow #launch",
                   "You follow #launch now: every public post with it comes to you. `unfollow "
                   "#launch` ends it.");
    company_expect_part(s, "carol", "follow #Launch", "You follow #launch already.");
    company_expect(s, "bob", "Ready? #launch", "Posted #7 for 2 people."); /* alice and carol */
    company_expect_part(s, "carol", "unfollow #launch", "You no longer follow #launch.");
    company_expect_part(s, "carol", "follow #brand_new", "You follow #brand_new now");
    /* For others it is no tag before somebody uses it in public. */
    assert_int_equal(E_NOTFOUND, store_tag_find(s->st, "brand_new", s->a, &t));
    company_expect_part(s, "carol", "following", "#brand_new");
    company_expect_part(s, "carol", "follow #brand_new", "You follow #brand_new already.");
    company_expect(s, "bob", "#Brand_New it is", "Posted #8 for 2 people."); /* alice and carol */
    assert_int_equal(OK, store_tag_find(s->st, "brand_new", s->a, &t));
    company_expect_part(s, "carol", "unfollow #brand_new", "You no longer follow #Brand_New.");
    company_expect_part(s, "carol", "unfollow #never", "You did not follow #never.");
    assert_int_equal(E_NOTFOUND, store_tag_find(s->st, "never", s->a, &t));
}

static void test_words(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "follow \"budget plan\"",
                   "You follow “budget plan” now: every public post with these words comes to you. "
                   "`unfollow \"budget "
                   "plan\"` ends it.");
    company_expect_part(s, "carol", "track “budget plan”", "already");
    company_expect_part(s, "carol", "tracking", "Words you follow:\n\"budget plan\"");
    company_expect_part(s, "carol", "알림단어", "budget plan");
    company_expect_part(s, "carol", "추적목록", "budget plan");
    company_expect_part(s, "carol", "untrack \"budget plan\"",
                        "You no longer follow “budget plan”.");
    company_expect_part(s, "carol", "untrack \"budget plan\"", "You did not follow");
    company_expect_part(s, "carol", "tracking", "You follow no words yet.");
    company_expect_part(s, "carol", "/follow \"a b c d e f g h i j k\"", "at most 10 words");
    company_expect_part(s, "carol", "/follow \"...\"", "There is no word between the quotes.");
}

static void test_conversation(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "dan", "follow #3",
                        "You follow conversation #1 now: every answer comes to you.");
    assert_true(is_open(s, EDGE_FOLLOW_THREAD, DAN, 1));
    company_expect(s, "dan", "unfollow #3",
                   "From conversation #1 only answers to you and mentions of you still come. "
                   "`unfollow #1` again stops those "
                   "too.");
    assert_false(is_open(s, EDGE_FOLLOW_THREAD, DAN, 1));
    assert_true(is_open(s, EDGE_LEAVE_THREAD, DAN, 1));
    company_expect(
        s, "dan", "unfollow #1",
        "Nothing from conversation #1 comes to you any more. `follow #1` brings it back.");
    assert_true(is_open(s, EDGE_MUTE_THREAD, DAN, 1));
    company_expect_part(s, "dan", "unfollow #1",
                        "Nothing from conversation #1 comes to you as it is.");
    company_expect_part(s, "dan", "follow #1", "You follow conversation #1 now");
    assert_false(is_open(s, EDGE_LEAVE_THREAD, DAN, 1));
    assert_false(is_open(s, EDGE_MUTE_THREAD, DAN, 1));
    company_expect(s, "dan", "follow #4", "There is no post #4 that you can see.");
}

static void test_edges_limit(void **state)
{
    struct company *s = *state;
    const char *full =
        "You have 5,000 follows, mutes and blocks, and that is the limit. `unfollow` one first.";
    enum err e = OK;

    for (int i = 0; i <= LIMIT_EDGES_PER_PERSON && e == OK; i++) {
        char *tag = arena_printf(s->a, "t%d", i);
        int64_t no;

        assert_int_equal(OK, store_tag_add(s->st, tag, tag, &no));
        e = store_edge_open(s->st, EDGE_FOLLOW_TAG, MINJI, no, 0, 0, s->now);
    }
    assert_int_equal(E_LIMIT, e);
    company_say(s, "minji", "lang en");
    company_expect(s, "minji", "follow bob", full);
    company_expect(s, "minji", "mute #lunch", full);
    company_expect(s, "minji", "block dan", full);
    company_expect_part(s, "minji", "unfollow #t1", "You no longer follow #t1.");
    company_expect_part(s, "minji", "follow bob", "You follow Bob Lee (@bob) now");
}

static void test_lists(void **state)
{
    struct company *s = *state;

    company_say(s, "alice", "follow #launch");
    company_expect(s, "alice", "following", "You follow:\nBob Lee (@bob)\n#launch\n!design");
    company_expect_part(s, "alice", "팔로잉", "Bob Lee");
    company_expect_part(s, "alice", "구독목록", "Bob Lee");
    company_expect(s, "alice", "followers",
                   "Who follows you:\nBob Lee (@bob)\nCarol Im (@carol)\n@dan");
    company_expect_part(s, "alice", "팔로워", "Carol");
    company_expect_part(s, "alice", "구독자", "Carol");
    company_expect_part(s, "minji", "followers", "아직 팔로워가 없어요.");
    company_expect_part(s, "minji", "following", "아직 아무도 팔로우하지 않아요.");
}

static void test_lists_more(void **state)
{
    struct company *s = *state;
    const char *got;

    for (int i = 0; i < 15; i++) {
        company_say(s, arena_printf(s->a, "x%02d", i), "follow minji");
        company_say(s, "minji", arena_printf(s->a, "follow x%02d", i));
    }
    got = company_say(s, "minji", "followers");
    assert_non_null(strstr(got, "@x09\n"));
    assert_null(strstr(got, "@x10"));
    assert_non_null(strstr(company_say(s, "minji", "more"), "@x10"));
    got = company_say(s, "minji", "following");
    assert_non_null(strstr(got, "@x09\n"));
    assert_null(strstr(got, "@x10"));
    assert_non_null(strstr(company_say(s, "minji", "more"), "@x14"));
}

/* ---- mute and block ------------------------------------------------------------------------------------ */

static void test_mute(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "muted",
                   "You have muted nothing. `mute #tag for 2h` is how it looks.");
    company_expect(s, "alice", "mute bob",
                   "Muted Bob Lee (@bob); it stays away until `unmute bob`. Nobody is told.");
    company_expect(s, "alice", "mute #launch for 2h",
                   "Muted #launch until 12:00. `unmute #launch` ends it before.");
    company_expect_part(s, "alice", "mute #3", "Muted conversation #1");
    company_expect_part(s, "alice", "mute \"budget plan\" for 3d",
                        "Muted “budget plan” until Sat 28 Nov 10:00");
    company_expect_part(s, "alice", "muted",
                        "Bob Lee (@bob)\n#launch, until 12:00\n#1\n\"budget plan\", until Sat");
    company_expect_part(s, "alice", "뮤트목록", "Bob Lee");
    company_expect_part(s, "alice", "음소거목록", "Bob Lee");
    company_expect_part(s, "alice", "mute bob for 30m", "Muted Bob Lee (@bob) until 10:30.");
    company_expect_part(s, "alice", "muted", "Bob Lee (@bob), until 10:30\n");
    company_expect(s, "alice", "unmute bob", "Bob Lee (@bob) is no longer muted.");
    company_expect_part(s, "alice", "unmute bob", "Bob Lee (@bob) was not muted.");
    company_expect_part(s, "alice", "뮤트 bob", "Muted");
    company_expect_part(s, "alice", "뮤트해제 bob", "no longer");
    company_expect_part(s, "alice", "음소거 bob 2시간", "Muted Bob Lee (@bob) until 12:00.");
    company_expect_part(s, "alice", "음소거해제 bob", "no longer");
    company_expect(s, "alice", "mute alice",
                   "That is you, and your own posts do not come here anyway.");
    company_expect_part(s, "alice", "unmute #never", "#never was not muted.");
    s->now += 3 * 3600000;
    assert_null(strstr(company_say(s, "alice", "muted"), "#launch"));
    company_say(s, "alice", "mute bob");
    company_expect_part(s, "alice", "follow bob",
                        "It is muted, though: `unmute bob` lets it through.");
}

static void test_block(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "block bob",
                        "Blocked Bob Lee (@bob). Neither of you reaches the other, and follows "
                        "between you have ended.");
    assert_false(is_open(s, EDGE_FOLLOW_PERSON, ALICE, BOB));
    assert_false(is_open(s, EDGE_FOLLOW_PERSON, BOB, ALICE));
    company_expect(s, "bob", "follow alice", "You cannot follow Alice Kim (@alice).");
    company_expect_part(s, "alice", "차단 bob", "already");
    company_expect(s, "alice", "blocked", "Blocked:\nBob Lee (@bob)");
    company_expect_part(
        s, "alice", "follow bob",
        "You have blocked them, though, so nothing comes: `unblock bob` ends that.");
    company_say(s, "alice", "unfollow bob");
    company_expect_part(s, "alice", "차단목록", "Bob");
    company_expect_part(s, "alice", "unblock bob", "Bob Lee (@bob) is no longer blocked.");
    company_expect(s, "alice", "차단해제 bob", "You had not blocked Bob Lee (@bob).");
    company_expect(s, "alice", "blocked", "You have blocked nobody.");
    company_expect(s, "alice", "block alice", "That is you; you cannot block yourself.");
}

/* Followed people and authors hear of it in one message an hour, in their language. */
static void test_news(void **state)
{
    struct company *s = *state;
    int64_t next = 0, head;
    struct event e;
    struct answer an;

    company_say(s, "carol", "follow bob");
    company_say(s, "alice", "like #2");
    company_say(s, "carol", "like #2");
    company_say(s, "dan", "like #2");
    company_say(s, "alice", "like #4");
    company_say(s, "dan", "repeat #2");
    assert_int_equal(OK, service_tick(s->service, s->now + 2 * 3600000, s->a, &next));
    assert_int_equal(OK, store_event_head(s->st, &head));
    assert_int_equal(OK, store_event_get(s->st, head, &e));
    assert_int_equal(EVENT_NOTICE, e.kind);
    assert_int_equal(OK, store_answer_get(s->st, head, s->a, &an));
    assert_int_equal(BOB, an.person);
    assert_string_equal("bob@corp.example", an.to);
    assert_string_equal("jaejal@blog.corp.example", an.from);
    assert_non_null(strstr(an.text, "#2: liked by Alice Kim, Carol Im and 1 more\n"));
    assert_non_null(strstr(an.text, "#4: liked by Alice Kim\n"));
    assert_non_null(strstr(an.text, "\n#2: repeated by "));
    assert_non_null(strstr(an.text, "New follower"));
    assert_non_null(strstr(an.text, "Carol Im (@carol)"));
    /* once */
    assert_int_equal(OK, service_tick(s->service, s->now + 2 * 3600000, s->a, &next));
    assert_int_equal(OK, store_event_head(s->st, &head));
    assert_int_equal(e.no, head);
}

/* A whole company follows bob within the hour: he is told a number, and the work for it stays small. */
static void test_news_of_many(void **state)
{
    struct company *s = *state;
    struct arena *small = arena_new(200000);
    struct news *news;
    int64_t next, no, told = 0;
    size_t n;

    for (int i = 0; i < 3000; i++) {
        char nick[32], jid[64];

        (void)snprintf(nick, sizeof nick, "many%d", i);
        (void)snprintf(jid, sizeof jid, "%s@corp.example", nick);
        assert_int_equal(OK, store_person_add(s->st, jid, nick, NULL, 0, s->now, &no));
        assert_int_equal(OK, store_edge_open(s->st, EDGE_FOLLOW_PERSON, no, BOB, 0, 0, s->now));
    }
    do
        assert_int_equal(OK, store_news_take(s->st, s->now + 2 * 3600000, small, &news, &n, &next));
    while (n > 0 && news[0].person != BOB);
    for (size_t i = 0; i < n; i++)
        told += news[i].kind == NEWS_FOLLOWER ? 1 + news[i].more : 0;
    assert_int_equal(3001, told); /* alice follows him too */
    assert_false(arena_over(small));
    arena_free(small);
}

static void test_lose(void **state)
{
    struct company *s = *state;
    int64_t head, after;
    struct event e;

    company_say(s, "minji", "follow alice"); /* she has not been told of it yet */
    assert_int_equal(OK, store_event_head(s->st, &head));
    company_expect(s, "alice", "lose bob",
                   "Bob Lee (@bob) no longer follows you and is not told. They may follow again; "
                   "`block bob` prevents that.");
    assert_int_equal(OK, store_event_head(s->st, &after));
    assert_int_equal(head + 1, after); /* her answer, and nothing to him */
    assert_int_equal(OK, store_event_get(s->st, after, &e));
    assert_int_equal(ALICE, e.author);
    company_expect(s, "alice", "lose bob",
                   "Bob Lee (@bob) did not follow you. `followers` shows who does.");
    company_expect_part(s, "alice", "Hello there, all of you.", "for 3 people");
    assert_null(strstr(company_say(s, "alice", "followers"), "@bob"));
    company_expect_part(s, "alice", "following", "@bob"); /* that is her own affair */
    company_expect_part(s, "bob", "follow alice", "You follow Alice Kim (@alice) now");
    company_expect(s, "alice", "lose alice", "That is you, and nobody follows themselves.");
    company_expect_part(s, "alice", "lose nobody", "Nobody here is called @nobody");
    company_expect_part(s, "minji", "팔로워끊기 bob", "팔로우하고 있지 않았어요");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_person), WITH_COMPANY(test_tag),          WITH_COMPANY(test_persons_tag),
        WITH_COMPANY(test_words),  WITH_COMPANY(test_conversation), WITH_COMPANY(test_edges_limit),
        WITH_COMPANY(test_lists),  WITH_COMPANY(test_lists_more),   WITH_COMPANY(test_mute),
        WITH_COMPANY(test_block),  WITH_COMPANY(test_news),         WITH_COMPANY(test_news_of_many),
        WITH_COMPANY(test_lose),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
