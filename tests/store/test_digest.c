/* SPDX-License-Identifier: MIT */
/* What a summary is made of: db/store_digest.h. */
#include "tests/store/common.h"

#include "base/limits.h"

static int64_t alice, bob, carol;

static int make_people(void **state)
{
    int e = store_setup(state);

    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    return e;
}

static int64_t tagged(int64_t author, const struct tag *tag, int64_t parent, enum post_kind kind)
{
    struct added added;

    MUST(store_post_add(st,
                        &(struct new_post){.author = author,
                                           .at = 1000,
                                           .text = "the budget",
                                           .parent = parent,
                                           .kind = kind,
                                           .tags = tag,
                                           .n_tags = tag != NULL},
                        &added));
    return added.post;
}

/* How the newest event came to alice. */
static struct owed_by newest(enum event_class class)
{
    struct owed_by by = {.kind = EDGE_BLOCK};
    struct event e;

    MUST(store_event_get(st, head(), &e));
    MUST(store_owed_by(st, &e, alice, class, &by));
    return by;
}

static void is_by(enum edge_kind kind, int64_t object)
{
    struct owed_by by = newest(CLASS_BULK);

    assert_int_equal(by.kind, kind);
    assert_int_equal(by.object, object);
}

static void follow_it(enum edge_kind kind, int64_t object)
{
    MUST(store_edge_open(st, kind, alice, object, LEVEL_NOW, 0, 1000));
}

static void test_ways(void **state)
{
    struct tag tag = {0, "launch", "Launch"};
    struct added added;
    int64_t words, pair, root, group;
    const struct new_group g = {.key = "g", .shown = "g", .purpose = "", .owner = bob, .at = 1};

    (void)state;
    MUST(store_tag_add(st, "launch", "Launch", &tag.no));
    MUST(store_phrase_add(st, "budget", &words));
    (void)tagged(bob, &tag, 0, KIND_PLAIN);
    is_by((enum edge_kind)0, 0); /* nothing she follows: not owed at all */
    follow_it(EDGE_FOLLOW_WORDS, words);
    root = tagged(bob, &tag, 0, KIND_PLAIN);
    is_by(EDGE_FOLLOW_WORDS, words);
    follow_it(EDGE_FOLLOW_PERSON, bob);
    (void)tagged(bob, &tag, 0, KIND_PLAIN);
    is_by(EDGE_FOLLOW_PERSON, bob);
    follow_it(EDGE_FOLLOW_TAG, tag.no);
    (void)tagged(bob, &tag, 0, KIND_PLAIN);
    is_by(EDGE_FOLLOW_TAG, tag.no);
    MUST(store_person_tag_add(st, bob, tag.no, &pair));
    follow_it(EDGE_FOLLOW_PERSON_TAG, pair);
    (void)tagged(bob, &tag, 0, KIND_PLAIN);
    is_by(EDGE_FOLLOW_PERSON_TAG, pair);
    (void)tagged(carol, &tag, 0, KIND_PLAIN);
    is_by(EDGE_FOLLOW_TAG, tag.no);
    follow_it(EDGE_FOLLOW_THREAD, root);
    (void)tagged(bob, &tag, root, KIND_PLAIN);
    is_by(EDGE_FOLLOW_THREAD, root);
    MUST(store_edge_close(st, EDGE_FOLLOW_THREAD, alice, root));
    is_by(EDGE_FOLLOW_THREAD, root); /* it counts what was so then */
    (void)tagged(bob, NULL, root, KIND_PLAIN);
    is_by(EDGE_FOLLOW_PERSON, bob);
    /* An answer in her own conversation to somebody else. */
    root = tagged(alice, NULL, 0, KIND_PLAIN);
    (void)tagged(carol, NULL, tagged(bob, NULL, root, KIND_PLAIN), KIND_PLAIN);
    is_by(EDGE_FOLLOW_THREAD, root);
    MUST(store_repeat_add(st, bob, tagged(carol, NULL, 0, KIND_PLAIN), "", 1000, &added));
    is_by(EDGE_FOLLOW_PERSON, bob);
    MUST(store_group_add(st, &g, &group));
    MUST(store_member_add(st, group, alice, 1));
    MUST(store_post_add(
        st, &(struct new_post){.author = bob, .at = 1000, .text = "x", .group = group}, &added));
    is_by(EDGE_MEMBER, group);
    assert_int_equal(newest(CLASS_MENTION).kind, 0);
}

static void test_state(void **state)
{
    int64_t question = tagged(bob, NULL, 0, KIND_QUESTION), n, answer;
    struct owed_by by = newest(CLASS_BULK);
    struct added added;
    struct event e;

    (void)state;
    assert_true(by.open);
    assert_int_equal(by.likes, 0);
    MUST(store_like_add(st, question, alice, 2000));
    MUST(store_like_add(st, question, carol, 3000));
    by = newest(CLASS_BULK);
    assert_int_equal(by.likes, 2);
    MUST(store_likes_before(st, question, 1000, 10, &n));
    assert_int_equal(n, 0);
    MUST(store_likes_before(st, question, 3000, 10, &n));
    assert_int_equal(n, 1);
    MUST(store_likes_before(st, question, 3001, 10, &n));
    assert_int_equal(n, 2);
    MUST(store_likes_before(st, question, 3001, 1, &n));
    assert_int_equal(n, 1);
    MUST(store_event_get(st, head(), &e));
    answer = reply(carol, question, 4000, "so");
    MUST(store_accept_add(st, answer, bob, 4000, &(struct accepted){0}));
    MUST(store_owed_by(st, &e, alice, CLASS_BULK, &by));
    assert_false(by.open);
    MUST(store_post_delete(st, question, 5000, &added));
    GIVES(E_NOTFOUND, store_owed_by(st, &e, alice, CLASS_BULK, &by));
}

static void test_label(void **state)
{
    struct edge edge = {.kind = EDGE_FOLLOW_PERSON, .subject = alice, .object = bob};
    const struct new_group g = {
        .key = "g", .shown = "g", .purpose = "", .kind = GROUP_SECRET, .owner = bob, .at = 1};

    (void)state;
    MUST(store_edge_label(st, ar, &edge));
    assert_string_equal(edge.label, "@bob");
    edge = (struct edge){.kind = EDGE_FOLLOW_TAG, .subject = alice, .object = 99};
    GIVES(E_NOTFOUND, store_edge_label(st, ar, &edge));
    edge = (struct edge){.kind = EDGE_MEMBER, .subject = bob};
    MUST(store_group_add(st, &g, &edge.object));
    MUST(store_edge_label(st, ar, &edge));
    assert_string_equal(edge.label, "!g");
    edge.subject = alice;
    GIVES(E_NOTFOUND, store_edge_label(st, ar, &edge));
}

static void test_missed(void **state)
{
    struct missed m = {.hi = 7};

    (void)state;
    MUST(store_missed_get(st, alice, &m));
    assert_int_equal(m.classes, 0);
    assert_int_equal(m.hi, 0);
    MUST(store_missed_set(st, alice, CLASS_MENTION, 3, 9, DIGEST_AWAY));
    MUST(store_missed_set(st, alice, CLASS_BULK, 1, 9, DIGEST_AWAY));
    MUST(store_missed_set(st, bob, CLASS_DAILY, 2, 99, DIGEST_OF_DAY));
    MUST(store_missed_get(st, alice, &m));
    assert_int_equal(m.classes, 1u << CLASS_MENTION | 1u << CLASS_BULK);
    assert_int_equal(m.lo[CLASS_MENTION], 3);
    assert_int_equal(m.lo[CLASS_BULK], 1);
    assert_int_equal(m.hi, 9);
    assert_int_equal(m.why, DIGEST_AWAY);
    /* The next one, of one class. */
    MUST(store_missed_set(st, alice, CLASS_BULK, 10, 12, DIGEST_OF_WEEK));
    MUST(store_missed_get(st, alice, &m));
    assert_int_equal(m.classes, 1u << CLASS_BULK);
    assert_int_equal(m.lo[CLASS_BULK], 10);
    assert_int_equal(m.hi, 12);
    assert_int_equal(m.why, DIGEST_OF_WEEK);
}

static void test_list(void **state)
{
    struct items items;
    int64_t lo, hi;

    (void)state;
    follow(alice, bob);
    (void)post(bob, 1000, "before");
    lo = head() + 1;
    for (int i = 0; i < 3; i++) {
        (void)post(bob, 1000, "missed");
        (void)private_to(bob, alice, 1000, "privately");
        (void)post(alice, 1000, "my own");
    }
    hi = head();
    (void)post(bob, 1000, "after");
    MUST(store_list(st, LIST_MISSED, alice, 0, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
    MUST(store_missed_set(st, alice, CLASS_BULK, lo, hi, DIGEST_AWAY));
    MUST(store_list(st, LIST_MISSED, alice, 0, 0, 10, ar, &items));
    assert_int_equal(items.n, 3);
    for (size_t i = 0; i < items.n; i++) {
        assert_string_equal(items.at[i].post.text, "missed");
    }
    MUST(store_list(st, LIST_MISSED, alice, 0, 0, 2, ar, &items));
    assert_int_equal(items.n, 2);
    assert_true(items.more);
    MUST(store_list(st, LIST_MISSED, alice, 0, items.next, 2, ar, &items));
    assert_int_equal(items.n, 1);
    assert_false(items.more);
    MUST(store_list(st, LIST_MISSED, bob, 0, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
    MUST(store_edge_open(st, EDGE_BLOCK, alice, bob, 0, 0, 1000));
    MUST(store_list(st, LIST_MISSED, alice, 0, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
}

static void test_rest(void **state)
{
    const unsigned all = (1u << N_CLASSES) - 1;
    struct added added;
    struct owed *rows;
    int64_t from, next, old, newer, kinds = 0;
    size_t n;

    (void)state;
    follow(alice, bob);
    old = post(bob, 1000, "old");
    from = head() + 1;
    newer = post(bob, 1000, "new");
    (void)private_to(bob, alice, 1000, "privately");
    MUST(store_post_edit(st, old, &(struct new_post){.author = bob, .at = 2, .text = "older"},
                         &added));
    MUST(store_post_edit(
        st, newer,
        &(struct new_post){
            .author = bob, .at = 2, .text = "newer, @alice", .named = &alice, .n_named = 1},
        &added));
    (void)post(bob, 1000, "newest");
    MUST(store_post_delete(st, newer, 1000, &added));
    MUST(store_owed_rest(st, alice, all, from, head() + 1, 10, ar, &rows, &n, &next));
    assert_int_equal(next, head() + 1);
    for (size_t i = 0; i < n; i++) {
        kinds = kinds * 10 + rows[i].event.kind;
    }
    assert_int_equal(kinds, 1334); /* the private one, two edits, the deletion */
    MUST(store_owed(st, alice, all, from, head() + 1, 10, ar, &rows, &n, &next));
    assert_int_equal(n, 6);
    MUST(store_owed_rest(st, alice, all, from, head() + 1, 2, ar, &rows, &n, &next));
    assert_int_equal(n, 2);
    assert_true(next < head());
    MUST(store_owed_rest(st, alice, 1u << CLASS_BULK, from, from, 2, ar, &rows, &n, &next));
    assert_int_equal(n, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_people, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ways),   TEST(test_state), TEST(test_label),
        TEST(test_missed), TEST(test_list),  TEST(test_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
