/* SPDX-License-Identifier: MIT */
/* Conversations that run hot: db/store_hot.h, both sides of each limit. Whom it is owed to in random histories is in
 * test_owed.c. */
#include "tests/store/common.h"

#include "base/limits.h"

#define T 1000000

static int64_t alice, bob, carol, dave, erin;

/* Alice began it, bob answers; carol follows bob, dave alice, erin nobody. */
static int64_t begun(void)
{
    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    dave = person("dave");
    erin = person("erin");
    follow(carol, bob);
    follow(dave, alice);
    return post(alice, T, "launch on monday");
}

static struct added answer(int64_t author, int64_t parent, int64_t at)
{
    struct added a;
    char text[40];
    static int n;

    (void)snprintf(text, sizeof(text), "answer %d", n++);
    MUST(store_post_add(
        st, &(struct new_post){.author = author, .at = at, .text = text, .parent = parent}, &a));
    return a;
}

/* The newest of n answers. */
static struct added answers(int64_t author, int64_t parent, int64_t at, int n)
{
    struct added a = {0};

    while (n-- > 0) {
        a = answer(author, parent, at);
    }
    return a;
}

static int64_t take(int64_t now, int64_t want_next)
{
    int64_t event, next;

    MUST(store_hot_take(st, now, &event, &next));
    assert_int_equal(next, want_next);
    return event;
}

static enum err owed(int64_t event, int64_t who, int *first)
{
    struct event e;
    enum event_class class;
    enum err err;

    MUST(store_event_get(st, event, &e));
    err = store_owed_one(st, &e, who, &class, first);
    assert_true(err != OK || class == CLASS_BULK || class == CLASS_MENTION);
    return err;
}

static void test_begins(void **state)
{
    int64_t root = begun();
    struct added a;
    int first;

    (void)state;
    a = answers(bob, root, T, LIMIT_HOT_REPLIES);
    assert_false(a.hot); /* the tenth */
    assert_int_equal(owed(a.event, carol, &first), OK);
    assert_int_equal(a.reach, 2);
    a = answer(bob, root, T + LIMIT_HOT_MS - 1);
    assert_int_equal(a.hot, 1);
    assert_int_equal(a.reach, 1);
    assert_int_equal(owed(a.event, carol, &first), E_NOTFOUND);
    assert_int_equal(owed(a.event, alice, &first), OK);
}

static void test_not_yet(void **state)
{
    int64_t root = begun(), other;

    (void)state;
    (void)answers(bob, root, T, LIMIT_HOT_REPLIES);
    assert_false(answer(bob, root, T + LIMIT_HOT_MS).hot);
    /* Those of another conversation do not count, nor those that a wrong clock put ahead. */
    other = post(alice, T, "lunch");
    assert_false(answers(bob, other, T + LIMIT_HOT_MS, LIMIT_HOT_REPLIES).hot);
    assert_false(answer(bob, other, T).hot);
}

static void test_private(void **state)
{
    int64_t root;

    (void)state;
    (void)begun();
    root = private_to(alice, bob, T, "psst");
    assert_false(answers(bob, root, T, 3 * LIMIT_HOT_REPLIES).hot);
    assert_int_equal(take(T + DAY, 0), 0);
}

/* While answers wait to be told, all are hot, or one that came alone would overtake them. */
static void test_stays(void **state)
{
    int64_t root = begun(), bundle;
    struct added a;
    struct bundle b;
    int first;

    (void)state;
    a = answers(bob, root, T, LIMIT_HOT_REPLIES + 1);
    assert_int_equal(take(T + LIMIT_HOT_MS - 1, T + LIMIT_HOT_MS), 0);
    assert_int_equal(answer(bob, root, T + LIMIT_HOT_MS - 1).hot, 2);
    /* Fifteen minutes after the first, though it did not cool. */
    assert_int_equal(take(T + LIMIT_BUNDLE_MS - 1, T + LIMIT_BUNDLE_MS), 0);
    bundle = take(T + LIMIT_BUNDLE_MS, T + LIMIT_BUNDLE_MS);
    assert_true(bundle > a.event);
    MUST(store_bundle_get(st, bundle, &b));
    assert_int_equal(b.answers, 2);
    assert_int_equal(b.lo, a.event);
    assert_int_equal(b.root, root);
    assert_int_equal(owed(bundle, carol, &first), OK);
    assert_int_equal(first, 0);
    assert_int_equal(owed(bundle, alice, &first), E_NOTFOUND); /* she began it */
    assert_int_equal(owed(bundle, bob, &first), E_NOTFOUND);
    assert_int_equal(owed(bundle, dave, &first), E_NOTFOUND); /* he follows none who answered */
    assert_int_equal(owed(bundle, erin, &first), E_NOTFOUND);
    assert_false(answer(bob, root, T + LIMIT_BUNDLE_MS).hot);
    assert_int_equal(take(T + DAY, 0), 0);
}

static void test_none(void **state)
{
    struct bundle b;

    (void)state;
    assert_int_equal(take(T, 0), 0);
    GIVES(E_NOTFOUND, store_bundle_get(st, 1, &b));
}

static void test_all_taken_back(void **state)
{
    int64_t root = begun(), before;
    struct added a = answers(bob, root, T, LIMIT_HOT_REPLIES + 1), gone;

    (void)state;
    MUST(store_post_delete(st, a.post, T, &gone));
    before = head();
    assert_int_equal(take(T + LIMIT_HOT_MS, 0), 0);
    assert_int_equal(head(), before);
    assert_int_equal(take(T + DAY, 0), 0);
}

/* What it says stays; the words of what was taken back do not. */
static void test_bare(void **state)
{
    int64_t root = begun(), bundle;
    struct added a, gone;
    struct bundle b;
    struct event e;
    bool bare = false;
    int first;

    (void)state;
    (void)answers(bob, root, T, LIMIT_HOT_REPLIES + 2);
    a = answer(erin, root, T);
    bundle = take(T + LIMIT_HOT_MS, T + LIMIT_HOT_MS);
    MUST(store_bundle_get(st, bundle, &b));
    assert_int_equal(b.post, a.post);
    assert_int_equal(b.answers, 3);
    assert_int_equal(owed(bundle, carol, &first), OK);
    assert_int_equal(first, 0);
    MUST(store_edge_open(st, EDGE_BLOCK, erin, carol, 0, 0, T));
    assert_int_equal(owed(bundle, carol, &first), OK); /* bob's answers are hers all the same */
    assert_int_equal(first, 1);
    MUST(store_edge_close(st, EDGE_BLOCK, erin, carol));
    MUST(store_edge_open(st, EDGE_BLOCK, carol, alice, 0, 0, T));
    assert_int_equal(owed(bundle, carol, &first), OK);
    assert_int_equal(first, 1);
    MUST(store_edge_close(st, EDGE_BLOCK, carol, alice));
    MUST(store_post_delete(st, a.post, T, &gone));
    assert_int_equal(owed(bundle, carol, &first), OK);
    assert_int_equal(first, 1);
    MUST(store_event_get(st, bundle, &e));
    MUST(store_bundle_bare(st, &e, carol, &bare));
    assert_true(bare);
    MUST(store_bundle_get(st, bundle, &b));
    assert_int_equal(b.answers, 3);
}

/* A hundred are told at once, the others behind them. */
static void test_many(void **state)
{
    int64_t root = begun(), one, two;
    struct bundle b;
    struct added a;

    (void)state;
    (void)answers(bob, root, T, LIMIT_HOT_REPLIES);
    (void)answers(bob, root, T + 1, LIMIT_BUNDLE - 1);
    assert_int_equal(take(T + 2, T + 1 + LIMIT_HOT_MS), 0);
    a = answer(bob, root, T + 2);
    (void)answers(bob, root, T + 3, 3);
    one = take(T + 3, T + 3);
    MUST(store_bundle_get(st, one, &b));
    assert_int_equal(b.answers, LIMIT_BUNDLE);
    assert_int_equal(b.hi, a.event);
    two = take(T + 3, T + 3);
    MUST(store_bundle_get(st, two, &b));
    assert_int_equal(b.answers, 3);
    assert_int_equal(b.lo, a.event + 1);
    assert_int_equal(take(T + 3, 0), 0);
}

/* The clock was a year ahead when they came. */
static void test_clock(void **state)
{
    int64_t root = begun();

    (void)state;
    (void)answers(bob, root, T + 365 * DAY, LIMIT_HOT_REPLIES + 1);
    assert_true(take(T, T) > 0);
    assert_int_equal(take(T, 0), 0);
}

/* What bundles bring counts as what came. */
static void test_owed_and_home(void **state)
{
    int64_t root = begun(), next, bundle;
    struct owed *o, told[LIMIT_BUNDLE];
    struct event e;
    struct items items;
    size_t n;

    (void)state;
    (void)answers(bob, root, T, LIMIT_HOT_REPLIES);
    (void)answers(bob, root, T, 3);
    (void)answers(erin, root, T, 2);
    bundle = take(T + LIMIT_HOT_MS, T + LIMIT_HOT_MS);
    MUST(store_owed(st, carol, 1u << CLASS_BULK, 1, head() + 1, 50, ar, &o, &n, &next));
    assert_int_equal(n, LIMIT_HOT_REPLIES + 1);
    assert_int_equal(o[n - 1].event.no, bundle);
    MUST(store_bundle_answers(st, &o[n - 1].event, carol, told, &n));
    assert_int_equal(n, 3);
    assert_int_equal(told[0].class, CLASS_BULK);
    assert_int_equal(told[2].event.author, bob);
    MUST(store_event_get(st, bundle, &e));
    MUST(store_bundle_answers(st, &e, dave, told, &n));
    assert_int_equal(n, 0);
    MUST(store_list(st, LIST_HOME, carol, 0, 0, 50, ar, &items));
    assert_int_equal(items.n, LIMIT_HOT_REPLIES + 3);
}

/* Tags, tracked words and groups lead to bundles as well. */
static void test_ways(void **state)
{
    struct tag tag = {0, "launch", "launch"};
    int64_t root = begun(), phrase, people[10];
    struct added a;

    (void)state;
    MUST(store_tag_add(st, "launch", "launch", &tag.no));
    MUST(store_phrase_add(st, "rocket", &phrase));
    MUST(store_edge_open(st, EDGE_FOLLOW_TAG, dave, tag.no, 0, 0, T));
    MUST(store_edge_open(st, EDGE_FOLLOW_WORDS, erin, phrase, 0, 0, T));
    (void)answers(bob, root, T, LIMIT_HOT_REPLIES);
    MUST(store_post_add(st,
                        &(struct new_post){.author = bob,
                                           .at = T,
                                           .text = "the rocket",
                                           .parent = root,
                                           .tags = &tag,
                                           .n_tags = 1},
                        &a));
    assert_int_equal(audience(a.event, CLASS_BULK, 3, people, 10), 0);
    assert_int_equal(audience(take(T + LIMIT_HOT_MS, T + LIMIT_HOT_MS), CLASS_BULK, 3, people, 10),
                     3);
    assert_int_equal(people[0], carol);
    assert_int_equal(people[1], dave);
    assert_int_equal(people[2], erin);
}

/* Loudly, or by the conversation: each comes at once, and no bundle. */
static void test_loud(void **state)
{
    int64_t root = begun(), people[10], bundle;
    struct added a;

    (void)state;
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON, erin, bob, LEVEL_LOUD, 0, T));
    MUST(store_edge_open(st, EDGE_FOLLOW_THREAD, dave, root, 0, 0, T));
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON, dave, bob, 0, 0, T));
    a = answers(bob, root, T, LIMIT_HOT_REPLIES + 1);
    assert_int_equal(audience(a.event, CLASS_LOUD, 3, people, 10), 1);
    assert_int_equal(people[0], erin);
    assert_int_equal(audience(a.event, CLASS_BULK, 3, people, 10), 1);
    assert_int_equal(people[0], dave);
    bundle = take(T + LIMIT_HOT_MS, T + LIMIT_HOT_MS);
    assert_int_equal(audience(bundle, CLASS_BULK, 3, people, 10), 1);
    assert_int_equal(people[0], carol);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_begins, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_not_yet, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_private, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_stays, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_none, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_all_taken_back, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_bare, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_many, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_clock, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_owed_and_home, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_ways, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_loud, store_setup, store_teardown),
    };

    return cmocka_run_group_tests_name("hot", tests, NULL, NULL);
}
