/* SPDX-License-Identifier: MIT */
/* The search: what it finds, for whom, before and after indexing; and a random comparison with a look
 * at every post. */
#include "tests/store/common.h"

#include "base/clock.h"
#include "base/limits.h"
#include "db/query.h"
#include "db/sqlite/internal.h"
#include "db/tokenizer.h"

static int64_t alice, bob, carol;

static int setup(void **state)
{
    if (store_setup(state) != 0) {
        return -1;
    }
    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    return 0;
}

static const char *found(int64_t viewer, const char *typed, size_t page)
{
    char *out = arena_dup(ar, "");
    struct items items;
    struct query q;
    const char *wrong;
    int64_t before = 0, last = INT64_MAX;

    MUST(query_parse(ar, typed, "UTC", &q, &wrong));
    if (q.from_name != NULL) {
        struct person p;

        MUST(store_person_by_nick(st, q.from_name, ar, &p));
        q.from = p.no;
    }
    if (q.to_name != NULL) {
        struct person p;

        MUST(store_person_by_nick(st, q.to_name, ar, &p));
        q.to = p.no;
    }
    if (q.tag_name != NULL) {
        struct tag t;

        MUST(store_tag_find(st, q.tag_name, ar, &t));
        q.tag = t.no;
    }
    q.group = q.group_name == NULL ? 0 : 5;
    do {
        MUST(store_search(st, &q, viewer, before, page, ar, &items));
        assert_true(items.n <= page);
        for (size_t i = 0; i < items.n; i++) {
            assert_true(items.at[i].place < last);
            last = items.at[i].place;
            assert_int_equal(items.at[i].place, items.at[i].post.no);
            assert_false(items.at[i].repeat);
            out = arena_printf(ar, "%s%s%d", out, *out == '\0' ? "" : " ", (int)last);
        }
        before = items.next;
    } while (items.more);
    return out;
}

/* The numbers of the posts found, newest first; page by page it is the same. */
#define FINDS(viewer, typed, want)                                                                 \
    do {                                                                                           \
        assert_string_equal(found(viewer, typed, 1), want);                                        \
        assert_string_equal(found(viewer, typed, 10), want);                                       \
    } while (0)

static void recall(void)
{
    FINDS(carol, "회의", "4 3 2 1");
    FINDS(carol, "회의에서", "1");
    FINDS(carol, "회의를", "3");
    FINDS(carol, "예약", "2");
    FINDS(carol, "사내 예약", "2");
    FINDS(carol, "데이터", "5");
    FINDS(carol, "베이스", "5");
    FINDS(carol, "회", "4 3 2 1"); /* one syllable */
    FINDS(carol, "약", "2");
    FINDS(carol, "약 회의", "2");
    FINDS(carol, "\"회의 에서\"", "");
    FINDS(carol, "\"오늘 회의에서\"", "1");
    FINDS(carol, "RUNNING", "6");
    FINDS(carol, "run", "");
    FINDS(carol, "cafe", "");
    FINDS(carol, "CAFÉ", "6");
    FINDS(carol, "\"the café\"", "6");
    FINDS(carol, "“running to”", "6");
    FINDS(carol, "회의 -예약", "4 3 1");
    FINDS(carol, "회의 -\"오늘 회의\"", "4 3 2");
    FINDS(carol, "v2회의", "4");
    FINDS(carol, "q3_plan", "4");
    FINDS(carol, "\"q3 plan\"", "4");
    FINDS(carol, "2026", "6");
    FINDS(carol, "ＲＵＮＮＩＮＧ", "6"); /* full width */
    FINDS(carol, "없는말", "");
}

static void recall_posts(void)
{
    (void)post(alice, 1000, "오늘 회의에서 정하자");
    (void)post(alice, 1001, "사내회의실예약 했어요");
    (void)post(alice, 1002,
               "\xE1\x84\x92\xE1\x85\xAC\xE1\x84\x8B\xE1\x85\xB4\xE1\x84\x85\xE1\x85\xB3\xE1\x86"
               "\xAF 끝"); /* NFD: 회의를 */
    (void)post(alice, 1003, "v2회의 자료는 q3_plan, 봐요");
    (void)post(alice, 1004, "데이터베이스 점검");
    (void)post(alice, 1005, "Running to the Café, 2026!");
}

static void test_recall(void **state)
{
    (void)state;
    recall_posts();
    recall(); /* a new post is found at once */
    idle(2000);
    recall();
    recall_posts();
    for (int64_t no = 7; no <= 12; no++) {
        MUST(store_post_delete(st, no, 3000, &(struct added){0}));
    }
    recall(); /* some indexed, some not, some gone */
    idle(4000);
    recall();
}

/* Nothing typed is syntax for the index. */
static void test_harmless(void **state)
{
    static const char *const typed[] = {"\"",
                                        "' OR 1=1 --",
                                        "NEAR(회의 에서)",
                                        "회의 AND OR NOT",
                                        "t:회의",
                                        "회의*",
                                        "^회의",
                                        "{회의}",
                                        "회의 +",
                                        "((((",
                                        "\\",
                                        "find MATCH x",
                                        "-회의 회의",
                                        "\"\"\"",
                                        "회의\" OR \"x",
                                        "a\xEE\x80\x80"
                                        "f1",
                                        "\xEE\x80\x80"
                                        "r1",
                                        "%",
                                        "_",
                                        "회의;DROP TABLE post"};

    (void)state;
    recall_posts();
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
            struct items items;
            struct query q;
            const char *wrong;

            if (query_parse(ar, typed[i], "UTC", &q, &wrong) == OK) {
                MUST(store_search(st, &q, carol, 0, 10, ar, &items));
            }
        }
        FINDS(carol, "회의*", "4 3 2 1");
        idle(2000);
    }
}

static void filters(void)
{
    FINDS(alice, "from:bob", "3 2");
    FINDS(alice, "from:@bob 점심", "2");
    FINDS(alice, "to:carol", "2");
    FINDS(alice, "tag:#회의", "2 1");
    FINDS(alice, "tag:회의 from:alice", "1");
    FINDS(alice, "has:link", "1");
    FINDS(alice, "has:file", "3");
    FINDS(alice, "has:file has:link", "");
    FINDS(alice, "since:2026-11-02", "3 2");
    FINDS(alice, "until:2026-11-02", "2 1");
    FINDS(alice, "since:2026-11-02 until:2026-11-02", "2");
    FINDS(alice, "since:2026-11-02 점심", "2");
    FINDS(alice, "since:2026-11-02 -점심", "3");
    FINDS(alice, "since:2027-01-01", "");
    FINDS(alice, "until:2025-01-01", "");
    FINDS(alice, "is:question", "");
    FINDS(alice, "심", "2 1");
    FINDS(alice, "심 from:bob", "2");
}

static void test_filters(void **state)
{
    struct tag tag = {0, "회의", "회의"};
    struct clock_time day = {.year = 2026, .month = 11, .day = 1, .hour = 12};
    int64_t at = clock_instant(&day, "UTC");
    struct added added;

    (void)state;
    MUST(store_post_add(st,
                        &(struct new_post){.author = alice,
                                           .at = at,
                                           .text = "점심 a",
                                           .tags = &tag,
                                           .n_tags = 1,
                                           .has_link = true},
                        &added));
    MUST(store_post_add(st,
                        &(struct new_post){.author = bob,
                                           .at = at + DAY,
                                           .text = "점심 b",
                                           .tags = &tag,
                                           .n_tags = 1,
                                           .named = &carol,
                                           .n_named = 1},
                        &added));
    MUST(store_post_add(
        st, &(struct new_post){.author = bob, .at = at + 2 * DAY, .text = "c", .has_file = true},
        &added));
    filters();
    idle(at);
    filters();
    /* Edits and deletions change what is indexed with them. */
    MUST(store_post_edit(st, 2,
                         &(struct new_post){.author = bob,
                                            .at = at,
                                            .text = "저녁",
                                            .named = &alice,
                                            .n_named = 1,
                                            .has_link = true},
                         &added));
    FINDS(carol, "점심", "1");
    FINDS(carol, "저녁", "2");
    FINDS(carol, "tag:회의", "1");
    FINDS(carol, "to:carol", "");
    FINDS(carol, "to:alice", "2");
    FINDS(carol, "has:link", "2 1");
    MUST(store_post_delete(st, 1, at, &added));
    FINDS(carol, "점심", "");
    FINDS(carol, "tag:회의", "");
    FINDS(carol, "has:link", "2");
}

static void scoped(void)
{
    FINDS(alice, "비밀", "3 2 1");
    FINDS(bob, "비밀", "3 2 1");
    FINDS(carol, "비밀", "2");
    FINDS(carol, "from:alice", "2");
    FINDS(bob, "to:bob", "1");
    FINDS(carol, "to:bob", "");
    FINDS(bob, "in:design", "3");
    FINDS(carol, "in:design", "");
    FINDS(carol, "밀", "2"); /* one syllable, without the index */
    FINDS(carol, "since:1970-01-01", "2");
    FINDS(0, "비밀", "3 2 1"); /* the program itself */
}

/* The scope is a token inside the search: nobody finds what they may not read. */
static void test_scopes(void **state)
{
    struct added added;

    (void)state;
    MUST(store_edge_open(st, EDGE_MEMBER, alice, 5, 0, 0, 1));
    MUST(store_edge_open(st, EDGE_MEMBER, bob, 5, 0, 0, 1));
    (void)private_to(alice, bob, 1000, "비밀 하나");
    (void)post(alice, 1001, "비밀 둘");
    MUST(store_post_add(
        st, &(struct new_post){.author = alice, .at = 1002, .text = "비밀 셋", .group = 5},
        &added));
    scoped();
    idle(2000);
    scoped();
    /* It is no filter behind it: what others wrote to each other costs nothing, and tells nothing. */
    for (int i = 0; i < 5000; i++) {
        (void)private_to(alice, bob, 2000, "초콜릿");
    }
    idle(3000);
    {
        struct items items;
        struct query q;
        const char *wrong;

        MUST(query_parse(ar, "초콜릿", "UTC", &q, &wrong));
        MUST(store_search(st, &q, carol, 0, 10, ar, &items));
        assert_int_equal(items.n, 0);
        assert_false(items.more);
    }
    MUST(store_edge_close(st, EDGE_MEMBER, bob, 5));
    FINDS(bob, "비밀", "2 1");
    MUST(store_edge_open(st, EDGE_BLOCK, alice, carol, 0, 0, 1));
    FINDS(carol, "비밀", "");
    MUST(store_post_delete(st, 1, 3000, &added));
    FINDS(bob, "비밀", "2");
}

/* Words of one syllable: the newest 20,000 posts; a budget for each call, and on it goes. */
static void test_budget(void **state)
{
    struct items items;
    struct query q;
    const char *wrong;
    int64_t before = 0;
    int calls = 0, n = 0;

    (void)state;
    (void)post(alice, 1000, "꿈 too old");
    for (int i = 0; i < 20010; i++) {
        (void)post(alice, 1001,
                   i % 5000 == 0 ? "꿈"
                   : i % 2 == 0  ? "hello"
                                 : "ﾊﾟ half width: must be folded");
        if (i % 5000 == 0) {
            arena_reset(ar);
        }
    }
    for (int round = 0; round < 2; round++) {
        MUST(query_parse(ar, "꿈", "UTC", &q, &wrong));
        before = calls = n = 0;
        do {
            MUST(store_search(st, &q, bob, before, 10, ar, &items));
            before = items.next;
            n += (int)items.n;
            assert_true(++calls < 20);
        } while (items.more);
        /* Not indexed yet, all are looked at; then the newest only. */
        assert_int_equal(n, round == 0 ? 6 : 4);
        assert_true(calls > 1);
        idle(2000);
    }
    MUST(query_parse(ar, "hello", "UTC", &q, &wrong));
    MUST(store_search(st, &q, bob, 0, 10, ar, &items));
    assert_int_equal(items.n, 10);
    assert_true(items.more);
    MUST(store_search(st, &q, bob, 20, 50, ar, &items));
    assert_int_equal(items.n, 8);
    assert_false(items.more);
}

static void test_empty(void **state)
{
    struct items items;
    struct query q;
    const char *wrong;

    (void)state;
    FINDS(alice, "회의", "");
    FINDS(alice, "회", "");
    (void)post(alice, 1, "회의");
    MUST(query_parse(ar, "회의", "UTC", &q, &wrong));
    MUST(store_search(st, &q, alice, 1, 10, ar, &items)); /* below the first */
    assert_int_equal(items.n, 0);
    assert_false(items.more);
    MUST(store_search(st, &q, alice, 0, 0, ar, &items));
    assert_int_equal(items.n, 0);
    assert_true(items.more);
}

/* How many posts the index itself has for a token. */
static int in_index(const char *token)
{
    sqlite3_stmt *q;
    int n;

    assert_int_equal(
        sqlite3_prepare_v2(st->db, "SELECT count(*) FROM find WHERE find MATCH ?1", -1, &q, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_bind_text(q, 1, token, -1, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    n = sqlite3_column_int(q, 0);
    (void)sqlite3_finalize(q);
    return n;
}

/* What is taken back or corrected goes out of the index, not only out of what is shown. */
static void test_erased(void **state)
{
    struct tag tag = {0, "t", "t"};
    struct added added;

    (void)state;
    MUST(store_post_add(st,
                        &(struct new_post){.author = alice,
                                           .at = 1,
                                           .text = "layoffs 해고",
                                           .tags = &tag,
                                           .n_tags = 1,
                                           .named = &bob,
                                           .n_named = 1,
                                           .has_link = true},
                        &added));
    (void)post(alice, 2, "layoffs 둘");
    assert_int_equal(in_index("\"layoffs\""), 0);
    idle(3);
    assert_int_equal(in_index("\"layoffs\""), 2);
    MUST(store_post_edit(st, 1, &(struct new_post){.author = alice, .at = 4, .text = "nothing"},
                         &added));
    assert_int_equal(in_index("\"layoffs\""), 1);
    assert_int_equal(in_index("\"해고\""), 0);
    assert_int_equal(in_index("\"nothing\""), 1);
    MUST(store_post_delete(st, 1, 5, &added));
    MUST(store_post_delete(st, 2, 5, &added));
    assert_int_equal(in_index("\"layoffs\""), 0);
    assert_int_equal(in_index("\"nothing\""), 0);
    assert_int_equal(in_index("\"" TOKEN_MARK "f1\""), 0);
    assert_int_equal(in_index("\"" TOKEN_MARK "l0\""), 0);
    (void)post(alice, 6, "layoffs");
    MUST(store_post_delete(st, 3, 7, &added)); /* before it is indexed at all */
    idle(8);
    assert_int_equal(in_index("\"layoffs\""), 0);
}

/* A long post and a long query: no limit of the index is met. */
static void test_long(void **state)
{
    static char text[LIMIT_BODY + 1], typed[2 * LIMIT_SEARCH_TEXT];
    size_t n = 0;

    (void)state;
    while (n < LIMIT_BODY - 10) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", n % 2 == 0 ? "가나다" : "abc ");
    }
    (void)post(alice, 1, text);
    memset(text, 'x', LIMIT_BODY);
    (void)post(alice, 1, text);
    n = 0;
    for (int i = 0; i < LIMIT_SEARCH_TERMS; i++) {
        n += (size_t)snprintf(typed + n, sizeof(typed) - n, "가나다 ");
    }
    FINDS(bob, typed, "1");
    idle(2);
    FINDS(bob, typed, "1");
    memset(typed, 'x', LIMIT_SEARCH_TEXT);
    typed[LIMIT_SEARCH_TEXT] = '\0';
    FINDS(bob, typed, "");
    text[LIMIT_SEARCH_TEXT] = '\0';
    (void)post(alice, 1, text);
    idle(3);
    FINDS(bob, typed, "3");
    MUST(store_post_delete(st, 1, 4, &(struct added){0}));
    FINDS(bob, "가나", "");
}

/* Random texts and queries: the index and a look at every post agree. */
static void test_agreement(void **state)
{
    static const char *const pieces[] = {"회",
                                         "의",
                                         "실",
                                         "가",
                                         "각",
                                         "\xE1\x84\x80\xE1\x85\xA1",
                                         "\xE1\x86\xA8",
                                         "a",
                                         "b1",
                                         "_",
                                         " ",
                                         " ",
                                         "-",
                                         "漢",
                                         "字",
                                         "ß",
                                         "カ",
                                         "か",
                                         "\xE3\x82\x99"};
    static const char *const asked[] = {"회의", "의실", "회", "가", "각", "a",   "b1",  "漢字",
                                        "漢",   "ss",   "カ", "が", "か", "실a", "a회", "b1가"};
    uint64_t seed = 77;

    (void)state;
    for (int i = 0; i < 400; i++) {
        char *text = arena_dup(ar, "");
        struct added added;

        for (uint32_t n = 1 + rnd(&seed, 12); n > 0; n--) {
            text = arena_printf(ar, "%s%s", text, pieces[rnd(&seed, ARRAY_LEN(pieces))]);
        }
        MUST(store_post_add(st, &(struct new_post){.author = alice, .at = i + 1, .text = text},
                            &added));
        if (rnd(&seed, 5) == 0) {
            enum err e = store_post_delete(st, 1 + rnd(&seed, (uint32_t)i + 1), i, &added);

            assert_true(e == OK || e == E_NOTFOUND);
        }
        if (rnd(&seed, 60) == 0) {
            idle(i);
        }
    }
    for (int i = 0; i < 300; i++) {
        char *typed = arena_dup(ar, ""), *want = typed;
        struct query q;
        const char *wrong;

        for (uint32_t n = 1 + rnd(&seed, 2); n > 0; n--) {
            const char *word = asked[rnd(&seed, ARRAY_LEN(asked))];

            typed = arena_printf(ar, "%s%s%s", typed, word, rnd(&seed, 4) == 0 ? " -" : " ");
        }
        typed = arena_printf(ar, "%s%s", typed, asked[rnd(&seed, ARRAY_LEN(asked))]);
        MUST(query_parse(ar, typed, "UTC", &q, &wrong));
        for (int64_t no = 400; no > 0; no--) {
            struct post p;

            if (store_post_get(st, no, bob, ar, &p) == OK &&
                query_match(&q, query_fold(ar, p.text))) {
                want = arena_printf(ar, "%s%s%d", want, *want == '\0' ? "" : " ", (int)no);
            }
        }
        assert_string_equal(found(bob, typed, 50), want);
        if (i == 150) {
            idle(5000);
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_recall), TEST(test_harmless),  TEST(test_filters),
        TEST(test_scopes), TEST(test_budget),    TEST(test_empty),
        TEST(test_long),   TEST(test_agreement), TEST(test_erased),
    };

    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
