/* SPDX-License-Identifier: MIT */
/* Follows, mutes, blocks; tags; tracked words. */
#include "tests/store/common.h"

#include "base/limits.h"

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

static enum err open_edge(enum edge_kind kind, int64_t subject, int64_t object)
{
    return store_edge_open(st, kind, subject, object, 0, 0, 1000);
}

static bool is_open(enum edge_kind kind, int64_t subject, int64_t object, int64_t now)
{
    struct edge e;
    enum err err = store_edge_get(st, kind, subject, object, now, &e);

    assert_true(err == OK || err == E_NOTFOUND);
    return err == OK;
}

static void test_open_close(void **state)
{
    struct edge e;

    (void)state;
    GIVES(E_NOTFOUND, store_edge_close(st, EDGE_FOLLOW_PERSON, alice, bob));
    GIVES(E_NOTFOUND, store_edge_get(st, EDGE_FOLLOW_PERSON, alice, bob, 1, &e));
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON, alice, bob, 2, 0, 1000));
    MUST(store_edge_get(st, EDGE_FOLLOW_PERSON, alice, bob, 1001, &e));
    assert_int_equal(e.how, 2);
    assert_int_equal(e.subject, alice);
    assert_int_equal(e.object, bob);
    GIVES(E_EXISTS, store_edge_open(st, EDGE_FOLLOW_PERSON, alice, bob, 3, 0, 1000));
    MUST(store_edge_get(st, EDGE_FOLLOW_PERSON, alice, bob, 1001, &e));
    assert_int_equal(e.how, 3);
    GIVES(E_DENIED, open_edge(EDGE_FOLLOW_PERSON, alice, alice));
    GIVES(E_DENIED, open_edge(EDGE_BLOCK, alice, alice));
    GIVES(E_DENIED, open_edge(EDGE_MUTE_PERSON, alice, alice));
    GIVES(E_NOTFOUND, open_edge(EDGE_FOLLOW_PERSON, alice, 99));
    MUST(store_edge_close(st, EDGE_FOLLOW_PERSON, alice, bob));
    assert_false(is_open(EDGE_FOLLOW_PERSON, alice, bob, 1));
    MUST(open_edge(EDGE_FOLLOW_PERSON, alice, bob));
    assert_true(is_open(EDGE_FOLLOW_PERSON, alice, bob, 1));
}

static void test_block(void **state)
{
    struct person_counts c;

    (void)state;
    follow(alice, bob);
    follow(bob, alice);
    MUST(open_edge(EDGE_BLOCK, alice, bob));
    assert_false(is_open(EDGE_FOLLOW_PERSON, alice, bob, 1));
    assert_false(is_open(EDGE_FOLLOW_PERSON, bob, alice, 1));
    GIVES(E_DENIED, open_edge(EDGE_FOLLOW_PERSON, bob, alice));
    MUST(open_edge(EDGE_MUTE_PERSON, bob, alice)); /* which tells nothing of the block */
    MUST(store_person_counts(st, alice, &c));
    assert_int_equal(c.followers + c.following, 0);
    MUST(store_edge_close(st, EDGE_BLOCK, alice, bob));
    MUST(open_edge(EDGE_FOLLOW_PERSON, bob, alice));
}

static void test_expiry(void **state)
{
    int64_t no;
    struct event e;
    enum event_class class;
    int first;

    (void)state;
    follow(alice, bob);
    MUST(store_edge_open(st, EDGE_MUTE_PERSON, alice, bob, 0, 2000, 1000));
    assert_true(is_open(EDGE_MUTE_PERSON, alice, bob, 1999));
    assert_false(is_open(EDGE_MUTE_PERSON, alice, bob, 2000));
    (void)post(bob, 1999, "muted");
    (void)post(bob, 2000, "heard");
    no = head();
    /* A mute made anew does not reach back to what the expired one let pass. */
    MUST(store_edge_open(st, EDGE_MUTE_PERSON, alice, bob, 0, 0, 3000));
    MUST(store_event_get(st, no, &e));
    MUST(store_owed_one(st, &e, alice, &class, &first));
    MUST(store_event_get(st, no - 1, &e));
    GIVES(E_NOTFOUND, store_owed_one(st, &e, alice, &class, &first));
    GIVES(E_EXISTS, store_edge_open(st, EDGE_MUTE_PERSON, alice, bob, 0, 5000, 3000));
    assert_false(is_open(EDGE_MUTE_PERSON, alice, bob, 5000));
}

static void test_threads(void **state)
{
    int64_t root = post(alice, 1, "x");

    (void)state;
    MUST(open_edge(EDGE_FOLLOW_THREAD, bob, root));
    MUST(open_edge(EDGE_LEAVE_THREAD, bob, root));
    assert_false(is_open(EDGE_FOLLOW_THREAD, bob, root, 1));
    (void)reply(bob, root, 2, "y"); /* who answers follows again */
    assert_true(is_open(EDGE_FOLLOW_THREAD, bob, root, 1));
    assert_false(is_open(EDGE_LEAVE_THREAD, bob, root, 1));
}

static void test_limit(void **state)
{
    int64_t no;

    (void)state;
    for (int i = 0; i < LIMIT_EDGES_PER_PERSON; i++) {
        char key[20];

        (void)snprintf(key, sizeof(key), "t%d", i);
        MUST(store_tag_add(st, key, key, &no));
        MUST(open_edge(EDGE_FOLLOW_TAG, alice, no));
    }
    GIVES(E_LIMIT, open_edge(EDGE_FOLLOW_PERSON, alice, bob));
    GIVES(E_EXISTS, open_edge(EDGE_FOLLOW_TAG, alice, 1));
    MUST(store_edge_close(st, EDGE_FOLLOW_TAG, alice, 1));
    MUST(open_edge(EDGE_FOLLOW_PERSON, alice, bob));
    /* Conversations do not count; the oldest makes room. */
    for (int i = 0; i <= LIMIT_EDGES_PER_PERSON; i++) {
        (void)reply(alice, post(bob, 1, "x"), 2, "y");
    }
    assert_false(is_open(EDGE_FOLLOW_THREAD, alice, 1, 1));
    assert_true(is_open(EDGE_FOLLOW_THREAD, alice, 3, 1));
    assert_true(is_open(EDGE_FOLLOW_THREAD, alice, 2 * LIMIT_EDGES_PER_PERSON + 1, 1));
}

static void test_edges_of(void **state)
{
    unsigned mine = 1u << EDGE_FOLLOW_PERSON | 1u << EDGE_FOLLOW_TAG | 1u << EDGE_FOLLOW_THREAD |
                    1u << EDGE_FOLLOW_WORDS | 1u << EDGE_MUTE_TAG | 1u << EDGE_BLOCK;
    struct edges e;
    int64_t tag, words, root = post(bob, 1, "x");

    (void)state;
    MUST(store_edges_of(st, alice, mine, 0, 0, 1000, 10, ar, &e));
    assert_int_equal(e.n, 0);
    MUST(store_person_set(st, bob, FIELD_NAME, "Bob Lee"));
    MUST(store_tag_add(st, "회의", "회의", &tag));
    MUST(store_phrase_add(st, "Quarterly report", &words));
    follow(alice, bob);
    follow(alice, carol);
    MUST(open_edge(EDGE_FOLLOW_TAG, alice, tag));
    MUST(open_edge(EDGE_FOLLOW_THREAD, alice, root));
    MUST(open_edge(EDGE_FOLLOW_WORDS, alice, words));
    MUST(store_edge_open(st, EDGE_MUTE_TAG, alice, tag, 0, 2000, 1000));
    MUST(open_edge(EDGE_MUTE_PERSON, alice, bob)); /* not asked for */
    MUST(store_edges_of(st, alice, mine, 0, 0, 1000, 10, ar, &e));
    assert_int_equal(e.n, 6);
    assert_false(e.more);
    assert_string_equal(e.at[0].label, "@bob");
    assert_string_equal(e.at[0].name, "Bob Lee");
    assert_string_equal(e.at[1].label, "@carol");
    assert_string_equal(e.at[1].name, "");
    assert_string_equal(e.at[2].label, "#회의");
    assert_string_equal(e.at[3].label, "#1");
    assert_string_equal(e.at[4].label, "\"quarterly report\"");
    assert_int_equal(e.at[5].expires_at, 2000);
    MUST(store_edges_of(st, alice, mine, 0, 0, 2000, 10, ar, &e));
    assert_int_equal(e.n, 5); /* expired */
    MUST(store_edges_of(st, alice, mine, 0, 0, 1000, 2, ar, &e));
    assert_int_equal(e.n, 2);
    assert_true(e.more);
    MUST(store_edges_of(st, alice, mine, EDGE_FOLLOW_PERSON, bob, 1000, 2, ar, &e));
    assert_int_equal(e.n, 2);
    assert_int_equal(e.at[0].object, carol);
    assert_int_equal(e.at[1].kind, EDGE_FOLLOW_TAG);
}

static void test_edges_on(void **state)
{
    struct people p;

    (void)state;
    MUST(store_edges_on(st, EDGE_FOLLOW_PERSON, alice, 0, 10, ar, &p));
    assert_int_equal(p.n, 0);
    follow(bob, alice);
    follow(carol, alice);
    MUST(store_edges_on(st, EDGE_FOLLOW_PERSON, alice, 0, 1, ar, &p));
    assert_int_equal(p.n, 1);
    assert_true(p.more);
    assert_int_equal(p.at[0].no, bob);
    MUST(store_edges_on(st, EDGE_FOLLOW_PERSON, alice, bob, 1, ar, &p));
    assert_int_equal(p.n, 1);
    assert_false(p.more);
    assert_string_equal(p.at[0].nick, "carol");
    MUST(store_person_set_state(st, carol, PERSON_SUSPENDED));
    MUST(store_edge_close(st, EDGE_FOLLOW_PERSON, bob, alice));
    MUST(store_edges_on(st, EDGE_FOLLOW_PERSON, alice, 0, 10, ar, &p));
    assert_int_equal(p.n, 0);
}

static enum event_class class_for(int64_t event, int64_t who)
{
    struct event e;
    enum event_class class = N_CLASSES;
    int first;
    enum err err;

    MUST(store_event_get(st, event, &e));
    err = store_owed_one(st, &e, who, &class, &first);
    assert_true(err == OK || err == E_NOTFOUND);
    return err == OK ? class : N_CLASSES;
}

static int64_t tagged(int64_t author, int64_t parent, const struct tag *tag)
{
    struct new_post p = {.author = author,
                         .at = 2,
                         .text = "x",
                         .parent = parent,
                         .tags = tag,
                         .n_tags = tag != NULL};
    struct added added;

    MUST(store_post_add(st, &p, &added));
    return added.event;
}

static void test_person_tag(void **state)
{
    struct tag tag = {0, "launch", "Launch"}, other = {0, "lunch", "lunch"};
    int64_t pair, same, before, root;
    struct edges e;

    (void)state;
    MUST(store_tag_add(st, tag.key, tag.shown, &tag.no));
    MUST(store_tag_add(st, other.key, other.shown, &other.no));
    root = post(carol, 1, "x");
    GIVES(E_NOTFOUND, store_person_tag_find(st, alice, tag.no, &pair));
    before = tagged(alice, 0, &tag);
    MUST(store_person_tag_add(st, alice, tag.no, &pair));
    MUST(store_person_tag_add(st, alice, tag.no, &same));
    assert_int_equal(pair, same);
    GIVES(E_NOTFOUND, open_edge(EDGE_FOLLOW_PERSON_TAG, bob, pair + 1)); /* no such pair */
    GIVES(E_DENIED, open_edge(EDGE_FOLLOW_PERSON_TAG, alice, pair));
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON_TAG, bob, pair, LEVEL_DAILY, 0, 1));
    GIVES(E_EXISTS, store_edge_open(st, EDGE_FOLLOW_PERSON_TAG, bob, pair, LEVEL_DAILY, 0, 1));
    MUST(store_edges_of(st, bob, 1u << EDGE_FOLLOW_PERSON_TAG, 0, 0, 1, 10, ar, &e));
    assert_int_equal(e.n, 1);
    assert_string_equal(e.at[0].label, "@alice #Launch");
    assert_int_equal(class_for(before, bob), N_CLASSES);
    assert_int_equal(class_for(tagged(alice, 0, &tag), bob), CLASS_DAILY);
    assert_int_equal(class_for(tagged(alice, root, &tag), bob), CLASS_DAILY);
    assert_int_equal(class_for(tagged(alice, 0, &other), bob), N_CLASSES);
    assert_int_equal(class_for(tagged(alice, 0, NULL), bob), N_CLASSES);
    assert_int_equal(class_for(tagged(carol, 0, &tag), bob), N_CLASSES);
    follow(bob, alice); /* now: it counts more */
    assert_int_equal(class_for(tagged(alice, 0, &tag), bob), CLASS_BULK);
    /* A block ends it, both ways, and it cannot begin again. */
    MUST(open_edge(EDGE_BLOCK, alice, bob));
    assert_false(is_open(EDGE_FOLLOW_PERSON_TAG, bob, pair, 1));
    GIVES(E_DENIED, open_edge(EDGE_FOLLOW_PERSON_TAG, bob, pair));
    MUST(store_edge_close(st, EDGE_BLOCK, alice, bob));
    MUST(open_edge(EDGE_FOLLOW_PERSON_TAG, bob, pair));
    MUST(open_edge(EDGE_BLOCK, bob, alice));
    assert_false(is_open(EDGE_FOLLOW_PERSON_TAG, bob, pair, 1));
    /* And so does leaving. */
    MUST(open_edge(EDGE_FOLLOW_PERSON_TAG, carol, pair));
    MUST(store_person_set_state(st, alice, PERSON_SUSPENDED));
    GIVES(E_NOTFOUND, open_edge(EDGE_FOLLOW_PERSON_TAG, bob, pair));
    MUST(store_person_set_state(st, alice, PERSON_RETIRED));
    assert_false(is_open(EDGE_FOLLOW_PERSON_TAG, carol, pair, 1));
}

static void test_tags(void **state)
{
    struct tag tag, *near;
    int64_t no, same;
    size_t n;

    (void)state;
    GIVES(E_NOTFOUND, store_tag_find(st, "회의", ar, &tag));
    MUST(store_tag_add(st, "q3_plan", "Q3_Plan", &no));
    MUST(store_tag_add(st, "q3_plan", "q3_PLAN", &same));
    assert_int_equal(no, same);
    MUST(store_tag_find(st, "q3_plan", ar, &tag));
    assert_int_equal(tag.no, no);
    assert_string_equal(tag.key, "q3_plan");
    assert_string_equal(tag.shown, "Q3_Plan"); /* as first written */
    MUST(store_tags_near(st, "q3_pan", 5, ar, &near, &n));
    assert_int_equal(n, 0); /* nobody used it in public */
    {
        struct new_post p = {
            .author = alice, .at = 1, .text = "x", .recipient = bob, .tags = &tag, .n_tags = 1};
        struct added added;

        MUST(store_post_add(st, &p, &added));
        MUST(store_tags_near(st, "q3_pan", 5, ar, &near, &n));
        assert_int_equal(n, 0); /* private ones do not count */
        p.recipient = 0;
        MUST(store_post_add(st, &p, &added));
        MUST(store_tags_near(st, "Q3_pan", 5, ar, &near, &n));
        assert_int_equal(n, 1);
        assert_string_equal(near[0].shown, "Q3_Plan");
        MUST(store_tags_near(st, "Q3_pan", 0, ar, &near, &n));
        assert_int_equal(n, 0);
        MUST(store_post_delete(st, added.post, 2, &added));
        MUST(store_tags_near(st, "q3_pan", 5, ar, &near, &n));
        assert_int_equal(n, 0);
    }
}

/* A tag that stands only where not everybody may read is found by nobody, until somebody uses it openly. */
static void test_hidden_tags(void **state)
{
    struct tag tag = {0, "merger", "Merger"}, out;
    struct new_post p = {
        .author = alice, .at = 1, .text = "x", .recipient = bob, .tags = &tag, .n_tags = 1};
    int64_t none, no, same;

    (void)state;
    MUST(store_tag_hidden(st, "merger", &none));
    MUST(store_post_add(st, &p, &(struct added){0}));
    GIVES(E_NOTFOUND, store_tag_find(st, "merger", ar, &out));
    MUST(store_tag_hidden(st, "merger", &no));
    MUST(store_tag_add(st, "merger", "", &same)); /* written again, and not a second one */
    assert_int_equal(no, same);
    GIVES(E_NOTFOUND, store_tag_find(st, "merger", ar, &out));
    MUST(store_tag_add(st, "merger", "MERGER", &same));
    assert_int_equal(no, same);
    MUST(store_tag_hidden(st, "merger", &no)); /* a number that no tag has */
    GIVES(E_NOTFOUND, store_edge_close(st, EDGE_FOLLOW_TAG, alice, no));
    assert_true(no > same && none > 0);
    MUST(store_tag_find(st, "merger", ar, &out));
    assert_string_equal(out.shown, "MERGER");
}

static void test_phrases(void **state)
{
    int64_t a, b, found;
    char text[LIMIT_TRACKED_TEXT + 20];

    (void)state;
    GIVES(E_NOTFOUND, store_phrase_find(st, "report", &found));
    MUST(store_phrase_add(st, "Quarterly  Report!", &a));
    MUST(store_phrase_add(st, "report quarterly report", &b));
    assert_int_equal(a, b); /* all words, in any order */
    MUST(store_phrase_find(st, "REPORT quarterly", &found));
    assert_int_equal(found, a);
    MUST(store_phrase_add(st, "회의", &b));
    assert_int_not_equal(a, b);
    GIVES(E_USAGE, store_phrase_add(st, "", &b));
    GIVES(E_USAGE, store_phrase_add(st, " !? \"' ", &b));
    GIVES(E_NOTFOUND, store_phrase_find(st, " !? ", &found));
    GIVES(E_LIMIT, store_phrase_add(st, "a b c d e f g h i j k", &b));
    MUST(store_phrase_add(st, "a b c d e f g h i j", &b));
    memset(text, 'x', sizeof(text));
    text[LIMIT_TRACKED_TEXT + 1] = '\0';
    GIVES(E_LIMIT, store_phrase_add(st, text, &b));
    text[LIMIT_TRACKED_TEXT] = '\0';
    MUST(store_phrase_add(st, text, &b));
    MUST(store_phrase_find(st, text, &found));
    assert_int_equal(found, b);
}

static bool tracked(const char *words, const char *text)
{
    int64_t no, people[5];
    enum err e;

    MUST(store_phrase_add(st, words, &no));
    e = open_edge(EDGE_FOLLOW_WORDS, bob, no);
    assert_true(e == OK || e == E_EXISTS);
    (void)post(alice, 5, text);
    MUST(store_edge_close(st, EDGE_FOLLOW_WORDS, bob, no));
    return audience(head(), CLASS_BULK, 5, people, 5) == 1;
}

static void test_tracking(void **state)
{
    static char text[LIMIT_BODY];

    (void)state;
    assert_true(tracked("회의", "사내회의실예약"));
    assert_true(
        tracked("회의", "\xE1\x84\x92\xE1\x85\xAC\xE1\x84\x8B\xE1\x85\xB4를 합니다")); /* NFD */
    assert_true(tracked("의", "회의실"));
    assert_false(tracked("회사", "회의 사람"));
    assert_true(tracked("report", "The REPORT."));
    assert_false(tracked("report", "reporting"));
    assert_false(tracked("port", "report"));
    assert_true(tracked("quarterly report", "report, the quarterly one"));
    assert_false(tracked("quarterly report", "report, the yearly one"));
    assert_true(tracked("v2회의", "오늘 v2회의에서"));
    assert_false(tracked("v2회의", "오늘 xv2회의에서"));
    assert_true(tracked("q3_plan", "the q3_plan is here"));
    memset(text, 'x', sizeof(text) - 1);
    assert_true(tracked("x", "x x"));
    assert_false(tracked("x", text)); /* one long word */
    text[LIMIT_BODY - 11] = ' ';
    memcpy(text + LIMIT_BODY - 10, "보고서", 9);
    assert_true(tracked("보고", text));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_open_close), TEST(test_block),    TEST(test_expiry),      TEST(test_threads),
        TEST(test_limit),      TEST(test_edges_of), TEST(test_edges_on),    TEST(test_tags),
        TEST(test_phrases),    TEST(test_tracking), TEST(test_hidden_tags), TEST(test_person_tag),
    };

    return cmocka_run_group_tests_name("edges", tests, NULL, NULL);
}
