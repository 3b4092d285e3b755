/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

static size_t lines(const char *s)
{
    size_t n = 1;

    for (; *s != '\0'; s++)
        n += *s == '\n';
    return n;
}

/* ---- timelines -------------------------------------------------------------------------------------- */

static void test_home(void **state)
{
    struct company *s = *state;

    /* newest last; what alice was owed and what she wrote */
    company_expect(s, "alice", "home",
                   "The newest of what you follow:\n"
                   "[04:00] Alice Kim (@alice): Lunch at noon? #lunch (#1)\n"
                   "[05:00] Bob Lee (@bob): The launch is on Friday #launch (#2)\n"
                   "[06:00] Carol Im (@carol) → #1: Count me in, @alice (#3)\n"
                   "[07:00] Bob Lee (@bob), privately: Between us: the budget plan is late (#4)\n"
                   "[09:55] Alice Kim (@alice): Lunch is at the new place, @bob (#6)");
    company_expect_part(s, "alice", "timeline", "(#6)");
    company_expect_part(s, "alice", "tl 1", "(#6)\n`more` goes further back.");
    company_expect_part(s, "alice", "홈", "(#6)");
    company_expect_part(s, "alice", "타임라인", "(#6)");
    company_expect_part(s, "minji", "홈", "점심 회의에서 봐요 #회의 (#5)");
}

static void test_home_repeat(void **state)
{
    struct company *s = *state;

    company_say(s, "alice", "repeat #5 Me too");
    company_expect_part(
        s, "bob", "home",
        "\n[10:00] Alice Kim (@alice): Me too ↻ 김민지 (@minji): 점심 회의에서 봐요 #회의 (#5)");
}

static void test_home_empty(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "erin", "home", "Nothing here yet. `all` shows what colleagues write;");
    company_expect_part(s, "erin", "inbox", "No private messages yet.");
    company_expect(s, "erin", "mentions",
                   "Nobody has named or answered you yet. Your nick is @erin.");
}

static void test_all_and_more(void **state)
{
    struct company *s = *state;
    const char *got;

    got = company_say(s, "dan", "all 2");
    assert_non_null(strstr(got, "(#5)\n"));
    assert_non_null(strstr(got, "(#6)\n`more` goes further back."));
    assert_int_equal(4, lines(got));
    got = company_say(s, "dan", "more");
    assert_non_null(strstr(got, "(#2)\n"));
    assert_non_null(strstr(got, "(#3)\n`more` goes further back."));
    got = company_say(s, "dan", "더");
    assert_non_null(strstr(got, "(#1)"));
    assert_null(strstr(got, "`more`"));
    company_expect(s, "dan", "more", "That was all of it.");
    assert_null(strstr(company_say(s, "dan", "all"), "(#4)")); /* private */
    company_expect(s, "carol", "more",
                   "There is no list to go on with. `home` shows the newest of what you follow.");
    company_expect_part(s, "carol", "전체", "(#6)");
    company_expect_part(s, "carol", "모두 3", "(#6)");
    company_expect_part(s, "carol", "더보기 1", "(#2)");
}

/* An answer has a size: a list is cut at a row, and `more` goes on exactly there. */
static void test_list_cut(void **state)
{
    struct company *s = *state;
    char *text = arena_alloc(s->a, 4 * LIMIT_ROW);
    const char *got;
    int rows;

    for (size_t i = 0; i < LIMIT_ROW; i++)
        memcpy(text + 3 * i, "가", 3);
    for (int i = 0; i < LIMIT_LIST; i++)
        company_expect_part(s, "carol", text, "Posted");
    got = company_say(s, "dan", "get carol 50");
    assert_true(strlen(got) <= LIMIT_ANSWER);
    assert_non_null(strstr(got, "`more` goes further back."));
    rows = (int)lines(got) - 2;
    assert_true(rows < LIMIT_LIST);
    assert_non_null(strstr(got, arena_printf(s->a, "(#%d)", 6 + LIMIT_LIST)));
    assert_non_null(
        strstr(company_say(s, "dan", "more"), arena_printf(s->a, "(#%d)", 6 + LIMIT_LIST - rows)));
}

static void test_get(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "get bob",
                   "The newest by Bob Lee (@bob):\n[05:00] Bob Lee (@bob): The launch is on Friday "
                   "#launch (#2)");
    company_expect_part(s, "carol", "last bob 3", "(#2)");
    company_expect_part(s, "carol", "최근글 bob", "(#2)");
    company_expect_part(s, "carol", "최신글 @bob", "(#2)");
    company_expect(s, "carol", "get dan", "@dan has not posted anything that you can see.");
}

static void test_tag(void **state)
{
    struct company *s = *state;

    company_expect(
        s, "carol", "#launch",
        "The newest with #launch:\n[05:00] Bob Lee (@bob): The launch is on Friday #launch (#2)");
    company_expect_part(s, "carol", "tag launch 5", "(#2)");
    company_expect_part(s, "carol", "태그 회의", "(#5)");
    company_expect_part(s, "carol", "해시태그 #회의", "(#5)");
    company_expect_part(s, "carol", "#lanch", "Did you mean #launch or #lunch?");
}

static void test_mentions_inbox(void **state)
{
    struct company *s = *state;
    const char *got = company_say(s, "alice", "mentions");

    assert_non_null(strstr(got, "(#3)"));
    assert_null(strstr(got, "(#2)"));
    company_expect_part(s, "alice", "멘션 5", "(#3)");
    company_expect_part(s, "alice", "언급", "(#3)");
    company_say(s, "alice", "d bob On my way");
    company_expect(s, "alice", "inbox",
                   "Your private messages:\n"
                   "[07:00] Bob Lee (@bob), privately: Between us: the budget plan is late (#4)\n"
                   "[10:00] Alice Kim (@alice) to Bob Lee (@bob), privately: On my way (#7)");
    company_expect_part(s, "bob", "쪽지함", "Alice Kim (@alice), privately: On my way (#7)");
    company_expect_part(s, "bob", "받은쪽지", "(#7)");
}

/* ---- one thing ---------------------------------------------------------------------------------------- */

static void test_show(void **state)
{
    struct company *s = *state;

    company_say(s, "bob", "like #1");
    company_say(s, "alice", "edit #1 Lunch at one? #lunch");
    company_say(s, "bob", "repeat #1");
    company_expect(s, "carol", "#1",
                   "Alice Kim (@alice): Lunch at one? #lunch (#1)\n"
                   "04:00 · changed 1 time · 1 like · 1 reply · 1 repeat\n"
                   "`thread #1` shows the whole conversation.");
    company_expect(s, "carol", "show #3",
                   "Alice Kim (@alice): Lunch at one? #lunch (#1)\n"
                   "Carol Im (@carol) → #1: Count me in, @alice (#3)\n"
                   "06:00\n"
                   "`thread #3` shows the whole conversation.");
    company_say(s, "alice", "delete #1");
    company_expect_part(s, "carol", "보기 #3", "(#1, which it answers, cannot be seen.)\nCarol Im");
    company_expect(s, "carol", "show #1", "There is no post #1 that you can see.");
    company_expect(s, "carol", "show #4", "There is no post #4 that you can see.");
    company_expect(s, "carol", "show #99", "There is no post #99 that you can see.");
}

static void test_thread(void **state)
{
    struct company *s = *state;
    const char *expected = "Conversation #1:\n"
                           "[04:00] Alice Kim (@alice): Lunch at noon? #lunch (#1)\n"
                           "[06:00] Carol Im (@carol) → #1: Count me in, @alice (#3)";

    company_expect(s, "dan", "thread #3", expected);
    company_expect(s, "dan", "#1+", expected);
    company_expect(s, "dan", "타래 #1", expected);
    company_expect(s, "dan", "대화 #3", expected);
}

static void test_history(void **state)
{
    struct company *s = *state;

    company_expect(s, "dan", "#1 history",
                   "#1 by Alice Kim (@alice) has not been changed:\n[04:00] Lunch at noon? #lunch");
    company_say(s, "alice", "edit #1 Dinner\nat six");
    company_expect(s, "dan", "history #1",
                   "The versions of #1 by Alice Kim (@alice), the newest last:\n"
                   "[04:00] Lunch at noon? #lunch\n[10:00] Dinner\n  at six");
    company_expect_part(s, "dan", "이력 #1", "Dinner");
    company_expect_part(s, "dan", "변경내역 #1", "Dinner");
    company_expect(s, "dan", "history #4", "There is no post #4 that you can see.");
}

static void test_likes(void **state)
{
    struct company *s = *state;

    company_expect(s, "dan", "likes #1", "Nobody has liked #1 yet. `like #1` would be the first.");
    company_say(s, "bob", "like #1");
    company_expect(s, "dan", "likes #1", "1 person likes #1:\nBob Lee (@bob)");
    company_say(s, "carol", "like #1");
    company_expect(s, "dan", "좋아요목록 #1",
                   "2 people like #1:\nBob Lee (@bob)\nCarol Im (@carol)");
    company_expect_part(s, "dan", "추천목록 #1", "2 people");
    company_expect(s, "minji", "좋아요목록 #1",
                   "#1을 좋아하는 사람 2명:\nBob Lee (@bob)\nCarol Im (@carol)");
}

static void test_whois(void **state)
{
    struct company *s = *state;

    company_say(s, "bob", "set title Engineer");
    company_say(s, "bob", "set bio Mountains\nand coffee");
    company_expect(s, "alice", "@bob",
                   "Bob Lee (@bob), Engineer\n"
                   "  Mountains\n  and coffee\n"
                   "1 post · follows 1 · 1 follower\n"
                   "You follow each other.\n"
                   "The newest:\n"
                   "[05:00] Bob Lee (@bob): The launch is on Friday #launch (#2)");
    company_expect_part(s, "carol", "whois bob", "You do not follow them: `follow bob`.");
    company_expect_part(s, "alice", "whois dan",
                        "They follow you. `follow dan` follows back.\nNo posts that you can see.");
    company_expect_part(s, "dan", "누구 alice", "You follow them.");
    company_expect_part(s, "dan", "프로필 alice@corp.example", "Alice Kim");
    company_say(s, "alice", "mute bob");
    company_expect_part(s, "alice", "whois bob", "You have muted them: `unmute bob`.");
    company_say(s, "alice", "block bob");
    company_expect_part(s, "alice", "whois bob", "You have blocked them: `unblock bob`.");
    assert_int_equal(OK,
                     store_person_set_photo(s->st, CAROL, "00", "image/png", "xxxx", 4, s->now));
    company_expect_part(s, "alice", "whois carol", "Photo: image/png, 1 KB");
    company_expect_part(s, "alice", "whois caro", "Carol Im (@carol)");
}

/* ---- search ------------------------------------------------------------------------------------------- */

static void test_search(void **state)
{
    struct company *s = *state;

    company_expect(
        s, "dan", "search launch",
        "The newest with “launch”:\n[05:00] Bob Lee (@bob): The launch is on Friday #launch (#2)");
    company_expect_part(s, "dan", "? lunch from:alice", "(#6)");
    company_expect_part(s, "dan", "search: lunch from:@alice -noon", "(#6)");
    company_expect_part(s, "dan", "검색 회의", "(#5)");
    company_expect_part(s, "dan", "찾기 회의", "(#5)");
    company_expect_part(s, "dan", "search tag:회의", "(#5)");
    company_expect(s, "dan", "search budget",
                   "Nothing found for “budget”. All words must occur; fewer words find more.");
    company_expect_part(s, "alice", "search budget", "(#4)");
    company_expect_part(s, "alice", "search from:me lunch", "(#1)");
    company_expect_part(s, "dan", "search from:alcie lunch", "Did you mean Alice Kim (@alice)?");
    company_expect_part(s, "dan", "search tag:lanuch", "Did you mean #launch or #lunch?");
    company_expect(s, "dan", "search in:nowhere x",
                   "There is no group !nowhere that you can search.");
    company_expect_part(s, "dan", "search is:question x", "Nothing found for");
    company_expect_part(s, "dan", "search since:soon x", "I cannot read “since:soon”");
    company_expect_part(s, "dan", "search -x", "Search for what?");
}

/* Nothing typed in a search is syntax of the database. */
static void test_search_hostile(void **state)
{
    struct company *s = *state;
    static const char *const typed[] = {
        "search \"",        "search ' OR 1=1 --", "search launch AND NOT x",
        "search NEAR(a b)", "search {a}:b",       "search *",
        "search ^launch",   "search from:",       "search a:b:c",
        "search \" \" \"",  "search ()",          "search %",
        "search \\"};

    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
        assert_non_null(company_say(s, "dan", typed[i]));
}

static void test_search_as_post(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "dan", "Search for the launch on Friday",
                        "To publish this instead: `post`");
    company_expect_part(s, "dan", "post", "Posted #7");
    assert_null(strstr(company_say(s, "dan", "search four words are few"), "`post`"));
    assert_null(strstr(company_say(s, "dan", "/search for the launch on Friday"), "`post`"));
}

static void test_people(void **state)
{
    struct company *s = *state;

    company_say(s, "bob", "set title Mountain guide");
    company_expect(s, "alice", "people mount",
                   "People for “mount”:\nBob Lee (@bob), Mountain guide");
    company_expect_part(s, "alice", "people @bob", "Bob Lee");
    company_expect_part(s, "alice", "사람 김민지", "김민지 (@minji)");
    company_expect_part(s, "alice", "사람찾기 carol im", "Carol Im");
    company_expect(s, "alice", "people xyzzy",
                   "Nobody is found for “xyzzy” in nicks, names, titles and bios.");
}

static void test_people_more(void **state)
{
    struct company *s = *state;
    const char *got;

    for (int i = 0; i < 15; i++)
        company_say(s, arena_printf(s->a, "x%02d", i), "set title Tester");
    got = company_say(s, "alice", "people tester");
    assert_non_null(strstr(got, "@x00, Tester"));
    assert_non_null(strstr(got, "@x09, Tester\n`more` shows the next ones."));
    got = company_say(s, "alice", "more");
    assert_non_null(strstr(got, "@x10, Tester"));
    assert_non_null(strstr(got, "@x14, Tester"));
    assert_null(strstr(got, "`more`"));
}

/* What `people` looks for is remembered for `more`: not a whole book. */
static void test_people_limit(void **state)
{
    struct company *s = *state;
    char *text = arena_alloc(s->a, 402);

    memset(text, 'x', 401);
    text[401] = '\0';
    company_expect_part(s, "alice", arena_printf(s->a, "people: %s", text),
                        "A search may have 16 words and 400 characters");
}

static void test_tags(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "tags",
                   "The tags in use, the most used first:\n#launch: 1 post\n#lunch: 1 post\n#회의: "
                   "1 post");
    company_say(s, "bob", "More of #lunch and #soup");
    company_say(s, "bob", "d alice The #secret plan");
    company_expect(
        s, "alice", "tags",
        "The tags in use, the most used first:\n#lunch: 2 posts\n#launch: 1 post\n#soup: "
        "1 post\n#회의: 1 post");
    company_expect(s, "minji", "태그목록",
                   "쓰이는 태그, 많이 쓰인 순서예요:\n#lunch: 글 2개\n#launch: 글 1개\n#soup: 글 "
                   "1개\n#회의: 글 1개");
    for (int i = 0; i < 10; i++)
        company_say(s, "dan", arena_printf(s->a, "a #tag%dx", i));
    company_expect_part(s, "alice", "tags", "`more` shows the next ones.");
    company_expect_part(s, "alice", "more", "\n#tag9x: 1 post");
    company_expect(s, "alice", "more", "That was all of it.");
}

static void test_trends(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "trends", "No tag rises today. `tags` shows those in use.");
    company_say(s, "bob", "hot #soup");
    company_say(s, "bob", "Now with #soup.");
    company_say(s, "bob", "d alice #soup");
    company_expect(s, "alice", "trends", "No tag rises today. `tags` shows those in use.");
    company_say(s, "carol", "Is the #Soup hot?");
    company_expect(s, "alice", "trends",
                   "What rises today, in posts:\n#soup: 3, on other days hardly any");
    company_expect(s, "minji", "트렌드",
                   "오늘 떠오르는 태그와 글 수예요:\n#soup: 3, 다른 날에는 거의 없음");
    company_say(s, "carol", "undo");
    company_expect(s, "alice", "trends", "No tag rises today. `tags` shows those in use.");
    for (int i = 0; i < 9; i++)
        company_say(s, "dan", "again #soup");
    s->now += 3 * 86400000LL;
    for (int i = 0; i < 4; i++)
        company_say(s, "dan", "once more #soup");
    company_expect(s, "alice", "인기태그", "No tag rises today. `tags` shows those in use.");
    company_say(s, "bob", "once more #soup");
    company_expect(s, "alice", "인기태그",
                   "What rises today, in posts:\n#soup: 5, on other days about 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_home),
        WITH_COMPANY(test_home_repeat),
        WITH_COMPANY(test_home_empty),
        WITH_COMPANY(test_all_and_more),
        WITH_COMPANY(test_list_cut),
        WITH_COMPANY(test_get),
        WITH_COMPANY(test_tag),
        WITH_COMPANY(test_mentions_inbox),
        WITH_COMPANY(test_show),
        WITH_COMPANY(test_thread),
        WITH_COMPANY(test_history),
        WITH_COMPANY(test_likes),
        WITH_COMPANY(test_whois),
        WITH_COMPANY(test_search),
        WITH_COMPANY(test_search_hostile),
        WITH_COMPANY(test_search_as_post),
        WITH_COMPANY(test_people),
        WITH_COMPANY(test_people_more),
        WITH_COMPANY(test_tags),
        WITH_COMPANY(test_trends),
        WITH_COMPANY(test_people_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
