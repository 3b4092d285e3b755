/* SPDX-License-Identifier: MIT */
/* What things cost as the company grows, in steps of SQLite's machine and not in time: a post does not
 * cost more because 100,000 people track words or follow; a walk costs each follower once. */
#include "tests/store/common.h"

#include "db/query.h"
#include "db/sqlite/internal.h"

#define PEOPLE 100000
#define FEW 2000

static int64_t same_phrase, alice;

/* Steps of all statements since the last call. */
static int64_t steps(void)
{
    int64_t sum = 0;

    for (int i = 0; i < N_STATEMENTS; i++) {
        sum += sqlite3_stmt_status(st->statements[i], SQLITE_STMTSTATUS_VM_STEP, 1);
    }
    return sum;
}

/* People from..to, who follow alice; each tracks words of their own, every second one the same too. */
static void grow(int from, int to)
{
    for (int i = from; i < to; i++) {
        char text[40];
        int64_t who, phrase;

        (void)snprintf(text, sizeof(text), "p%d", i);
        who = person(text);
        follow(who, alice);
        (void)snprintf(text, sizeof(text), "회의 w%d", i);
        MUST(store_phrase_add(st, text, &phrase));
        MUST(store_edge_open(st, EDGE_FOLLOW_WORDS, who, phrase, 0, 0, 1000));
        if (i % 2 == 0) {
            MUST(store_edge_open(st, EDGE_FOLLOW_WORDS, who, same_phrase, 0, 0, 1000));
        }
        if (i % 1000 == 0) {
            next_turn();
        }
    }
}

static int64_t cost_of_post(int64_t author, const char *text)
{
    (void)steps();
    (void)post(author, 2000, text);
    return steps();
}

static int64_t cost_of_announcement(void)
{
    struct new_post p = {
        .author = alice, .at = 2000, .text = "오늘 점심은 없습니다", .kind = KIND_ANNOUNCEMENT};
    struct added added;

    (void)steps();
    MUST(store_post_add(st, &p, &added));
    return steps();
}

/* Whom all follow answers in a conversation that runs hot: neither the answer nor the making of the bundle costs by them.
 * The steps of the bundle's walk, of three answers. */
static int64_t cost_of_hot_answers(int64_t bob, int64_t *people)
{
    int64_t root = post(bob, 2000, "오늘 점심 뭐 먹지"), event, next, cost;

    for (int i = 0; i < LIMIT_HOT_REPLIES + 2; i++) {
        (void)reply(alice, root, 2000, "김밥");
    }
    (void)steps();
    (void)reply(alice, root, 2000, "김밥");
    cost = steps();
    print_message("# a hot answer: %d steps\n", (int)cost);
    assert_true(cost < 5000);
    assert_int_equal(audience(head(), CLASS_BULK, 2000, people, PEOPLE), 0);
    (void)steps();
    MUST(store_hot_take(st, 2000 + LIMIT_HOT_MS, &event, &next));
    cost = steps();
    print_message("# making a bundle: %d steps\n", (int)cost);
    assert_true(event > 0 && cost < 50000);
    assert_int_equal(audience(event, CLASS_BULK, 2000, people, PEOPLE + 10), PEOPLE);
    return steps();
}

static void test_posts_and_walks(void **state)
{
    static int64_t people[PEOPLE + 10];
    int64_t few_tracked, few_plain, few_ceo, few_all, many, bob;
    struct person_counts counts;

    (void)state;
    alice = person("alice");
    bob = person("bob");
    MUST(store_phrase_add(st, "분기 보고서", &same_phrase));
    grow(0, FEW);
    few_tracked = cost_of_post(bob, "이번 분기 보고서 회의 w17 자료 하나 둘 셋");
    few_plain = cost_of_post(bob, "오늘 점심 뭐 먹지 하나 둘 셋 넷 다섯");
    few_ceo = cost_of_post(alice, "오늘 점심 뭐 먹지 하나 둘 셋 넷 다섯");
    few_all = cost_of_announcement();
    grow(FEW, PEOPLE);

    many = cost_of_post(bob, "오늘 점심 뭐 먹지 하나 둘 셋 넷 다섯");
    print_message("# plain post: %d steps, then %d\n", (int)few_plain, (int)many);
    assert_true(many < few_plain + few_plain / 5);
    many = cost_of_post(bob, "이번 분기 보고서 회의 w17 자료 하나 둘 셋");
    print_message("# tracked post: %d steps, then %d\n", (int)few_tracked, (int)many);
    assert_true(many < few_tracked + few_tracked / 5);
    assert_int_equal(audience(head(), CLASS_BULK, 1000, people, PEOPLE),
                     PEOPLE / 2 + 1); /* and 17 */
    many = cost_of_post(alice, "오늘 점심 뭐 먹지 하나 둘 셋 넷 다섯");
    print_message("# a post to all: %d steps, then %d\n", (int)few_ceo, (int)many);
    assert_true(many < few_ceo + few_ceo / 5);

    many = cost_of_announcement();
    print_message("# an announcement: %d steps, then %d\n", (int)few_all, (int)many);
    assert_true(many < few_all + few_all / 5);
    (void)steps();
    assert_int_equal(audience(head(), CLASS_ANNOUNCEMENT, 2000, people, PEOPLE + 10), PEOPLE + 1);
    many = steps();
    print_message("# its walk: %.1f steps a person\n", (double)many / PEOPLE);
    assert_true(many < PEOPLE * 20);

    (void)post(alice, 2000, "오늘 점심 뭐 먹지 하나 둘 셋 넷 다섯");
    (void)steps();
    assert_int_equal(audience(head(), CLASS_BULK, 2000, people, PEOPLE + 10), PEOPLE);
    many = steps();
    print_message("# a walk: %.1f steps a follower\n", (double)many / PEOPLE);
    assert_true(many < PEOPLE * 20);
    for (int i = 1; i < PEOPLE; i++) {
        assert_true(people[i - 1] < people[i]);
    }
    MUST(store_person_counts(st, alice, &counts));
    assert_int_equal(counts.followers, PEOPLE);
    many = cost_of_hot_answers(bob, people);
    print_message("# a bundle's walk: %.1f steps a follower and answer\n",
                  (double)many / PEOPLE / 3);
    assert_true(many < 3LL * PEOPLE * 20);
}

/* Home costs by the number of those followed, not by that of the posts. */
static void test_home(void **state)
{
    struct items items;
    int64_t few, many;

    (void)state;
    alice = person("alice");
    for (int i = 0; i < 50; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        follow(alice, person(nick));
    }
    for (int i = 0; i < 1000; i++) {
        (void)post(2 + i % 50, 1000 + i, "x");
    }
    (void)steps();
    MUST(store_list(st, LIST_HOME, alice, 0, 0, 20, ar, &items));
    few = steps();
    for (int i = 0; i < 20000; i++) {
        (void)post(2 + i % 50, 1000 + i, "x");
    }
    (void)steps();
    MUST(store_list(st, LIST_HOME, alice, 0, 0, 20, ar, &items));
    many = steps();
    assert_int_equal(items.n, 20);
    print_message("# home: %d steps, then %d\n", (int)few, (int)many);
    assert_true(many < few + few / 5);
}

/* What somebody does who is outside of every secret. */
static int64_t cost_outside(int64_t who, int64_t author, int64_t tag)
{
    struct query q = {.tag = tag};
    struct items items;
    struct group g, *groups;
    struct person_counts counts;
    int64_t no;
    size_t n;
    bool more;

    (void)steps();
    MUST(store_list(st, LIST_HOME, who, 0, 0, 20, ar, &items));
    MUST(store_list(st, LIST_AUTHOR, who, author, 0, 20, ar, &items));
    MUST(store_list(st, LIST_TAG, who, tag, 0, 20, ar, &items));
    MUST(store_list(st, LIST_MENTIONS, who, 0, 0, 20, ar, &items));
    MUST(store_post_newest(st, author, who, &no));
    MUST(store_person_counts(st, author, &counts));
    MUST(store_search(st, &q, who, 0, 20, ar, &items));
    GIVES(E_NOTFOUND, store_group_find(st, "merger", who, ar, &g));
    MUST(store_groups_near(st, "mergre", who, 3, ar, &groups, &n));
    assert_int_equal(n, 0);
    MUST(store_groups_page(st, who, false, "", 0, 10, ar, &groups, &n, &more));
    MUST(store_groups_page(st, who, true, "", 0, 10, ar, &groups, &n, &more));
    return steps();
}

/* A secret group, and what is written there, costs others nothing that they could measure. (A step or two is where
 * an index ends.) */
static void test_secrets_cost_nothing(void **state)
{
    int64_t bob, carol, group, phrase, pair, before, after;
    struct tag tag = {0, "fusion", "fusion"};
    struct added added;

    (void)state;
    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    follow(carol, alice);
    MUST(store_tag_add(st, tag.key, tag.shown, &tag.no));
    MUST(store_edge_open(st, EDGE_FOLLOW_TAG, carol, tag.no, 0, 0, 1000));
    MUST(store_person_tag_add(st, alice, tag.no, &pair));
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON_TAG, carol, pair, 0, 0, 1000));
    MUST(store_phrase_add(st, "fusion plan", &phrase));
    MUST(store_edge_open(st, EDGE_FOLLOW_WORDS, carol, phrase, 0, 0, 1000));
    (void)post(alice, 1001, "public");
    MUST(store_post_add(
        st,
        &(struct new_post){
            .author = alice, .at = 1002, .text = "#fusion plan", .tags = &tag, .n_tags = 1},
        &added));
    idle(2000);
    before = cost_outside(carol, alice, tag.no);
    MUST(store_group_add(st,
                         &(struct new_group){.key = "merger",
                                             .shown = "merger",
                                             .purpose = "",
                                             .kind = GROUP_SECRET,
                                             .owner = alice,
                                             .at = 1003},
                         &group));
    MUST(store_member_add(st, group, bob, 1003));
    for (int i = 0; i < 300; i++) {
        MUST(store_post_add(st,
                            &(struct new_post){.author = i % 2 ? alice : bob,
                                               .at = 1004,
                                               .text = "the #fusion plan, @carol",
                                               .group = group,
                                               .tags = &tag,
                                               .n_tags = 1,
                                               .named = &carol,
                                               .n_named = 1},
                            &added));
    }
    idle(3000);
    after = cost_outside(carol, alice, tag.no);
    print_message("# outside: %d steps, then %d\n", (int)before, (int)after);
    assert_in_range(after, before - 10, before + 10);
}

/* No statement reads a whole table, but those that are meant to: an index that SQLite overlooks is seen
 * here and not by the first company that is large. */
static void test_plans(void **state)
{
    static const enum statement may_scan[] = {
        ST_PEOPLE_NICKS,  /* near names: index of nicks */
        ST_TAGS_USED,     /* near tags */
        ST_GROUPS_NAMES,  /* near groups: index of the listed ones */
        ST_PHRASE_ANY,    /* the first row */
        ST_TAGS_PAGE,     /* of its own subqueries, which have an end */
        ST_TAG_AUTHORS,   /* the same */
        ST_PHRASE_LOAD,   /* the same */
        ST_WORD_LOAD,     /* the same */
        ST_LIKES_BEFORE,  /* the same */
        ST_BUNDLE_DUE,    /* in the order of its index, the first row */
        ST_BUNDLE_PURGE,  /* a row for each who was told something this hour */
        ST_FIGURE_PEOPLE, /* a count by the index of nicks */
        ST_FIGURE_PAGES,  /* pragmas */
        ST_PEOPLE_ACTIVE, /* a count */
        ST_FORGET_ASKS,   /* who waits to be let into a group: few */
        ST_PERIODS_POSTS, /* a row a week */
        ST_WATCH_ANY,     /* the first row */
        ST_WATCH_COUNT,   /* a hundred at most */
        ST_WATCHES,       /* those */
        ST_AUDIT_FROM,    /* a check reads all of them */
        ST_LEAVING,       /* the first row of very few */
        ST_CURSORS_OPEN,  /* twenty rows */
        ST_FIND,          /* the search index itself */
        ST_SCOPED_FIND,   ST_ACCEPTED_FIND,
    };

    (void)state;
    for (int i = 0; i < N_STATEMENTS; i++) {
        const char *sql = sqlite3_sql(st->statements[i]);
        const char *explain = arena_printf(ar, "EXPLAIN QUERY PLAN %s", sql);
        bool may = false;
        sqlite3_stmt *q;

        for (size_t k = 0; k < ARRAY_LEN(may_scan); k++) {
            may = may || (int)may_scan[k] == i;
        }
        if (sqlite3_prepare_v2(st->db, explain, -1, &q, NULL) != SQLITE_OK) {
            continue; /* BEGIN and the like */
        }
        while (sqlite3_step(q) == SQLITE_ROW) {
            const char *line = (const char *)sqlite3_column_text(q, 3);

            if (!may && (strncmp(line, "SCAN", 4) == 0 ||
                         strcmp(line, "SEARCH event USING INDEX event_by (author=?)") == 0)) {
                print_error("%s\n  %s\n", sql, line);
                fail();
            }
        }
        (void)sqlite3_finalize(q);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_posts_and_walks, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_home, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_secrets_cost_nothing, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_plans, store_setup, store_teardown),
    };

    return cmocka_run_group_tests_name("cost", tests, NULL, NULL);
}
