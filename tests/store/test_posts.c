/* SPDX-License-Identifier: MIT */
/* Posts: written, answered, corrected, taken back, liked, repeated; and who may see them. */
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

static enum err edit(int64_t no, int64_t author, int64_t at, const char *text, struct added *out)
{
    return store_post_edit(st, no, &(struct new_post){.author = author, .at = at, .text = text},
                           out);
}

static void test_add(void **state)
{
    struct added added;
    struct post p;

    (void)state;
    follow(bob, alice);
    MUST(store_post_add(
        st, &(struct new_post){.author = alice, .at = 5000, .text = "안녕, \"all\"\n;--"}, &added));
    assert_int_equal(added.post, 1);
    assert_int_equal(added.event, 1);
    assert_int_equal(added.version, 0);
    assert_int_equal(added.reach, 1);
    assert_false(added.about);
    MUST(store_post_get(st, 1, carol, ar, &p));
    assert_string_equal(p.text, "안녕, \"all\"\n;--");
    assert_string_equal(p.author_nick, "alice");
    assert_string_equal(p.author_name, "");
    assert_int_equal(p.no, 1);
    assert_int_equal(p.author, alice);
    assert_int_equal(p.at, 5000);
    assert_int_equal(p.root, 1);
    assert_int_equal(p.parent + p.recipient + p.group + p.version, 0);
    assert_int_equal(p.likes + p.replies + p.repeats, 0);
    assert_int_equal(p.scope, SCOPE_PUBLIC);
    assert_false(p.deleted);
    GIVES(E_NOTFOUND, store_post_get(st, 2, carol, ar, &p));
    GIVES(E_NOTFOUND, store_post_get(st, 0, carol, ar, &p));
}

static void test_limits(void **state)
{
    static char text[LIMIT_BODY + 2];
    struct added added;
    int64_t no;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    GIVES(E_LIMIT,
          store_post_add(st, &(struct new_post){.author = alice, .at = 1, .text = text}, &added));
    assert_int_equal(head(), 0);
    text[LIMIT_BODY] = '\0';
    no = post(alice, 1, text);
    text[LIMIT_BODY] = 'x';
    GIVES(E_LIMIT, edit(no, alice, 2, text, &added));
    for (int i = 1; i < LIMIT_VERSIONS; i++) {
        char small[20];

        (void)snprintf(small, sizeof(small), "text %d", i);
        MUST(edit(no, alice, 2, small, &added));
        assert_int_equal(added.version, i);
    }
    GIVES(E_LIMIT, edit(no, alice, 3, "one more", &added));
}

static void test_reply(void **state)
{
    int64_t root = post(alice, 1000, "root"), first = reply(bob, root, 1001, "first");
    int64_t second = reply(carol, first, 1002, "second");
    struct added added;
    struct edge e;
    struct post p;

    (void)state;
    MUST(store_post_get(st, second, alice, ar, &p));
    assert_int_equal(p.parent, first);
    assert_int_equal(p.root, root);
    MUST(store_post_get(st, root, alice, ar, &p));
    assert_int_equal(p.replies, 2); /* in its conversation */
    MUST(store_post_get(st, first, alice, ar, &p));
    assert_int_equal(p.replies, 1); /* direct ones */
    MUST(store_edge_get(st, EDGE_FOLLOW_THREAD, bob, root, 2000, &e));
    GIVES(E_NOTFOUND, store_edge_get(st, EDGE_FOLLOW_THREAD, alice, root, 2000, &e));
    GIVES(E_NOTFOUND,
          store_post_add(st, &(struct new_post){.author = bob, .at = 1, .text = "x", .parent = 99},
                         &added));
    MUST(store_post_delete(st, second, 1003, &added));
    MUST(store_post_get(st, root, alice, ar, &p));
    assert_int_equal(p.replies, 1);
    GIVES(E_NOTFOUND,
          store_post_add(st,
                         &(struct new_post){.author = bob, .at = 1, .text = "x", .parent = second},
                         &added));
}

static void test_private(void **state)
{
    int64_t root = private_to(alice, bob, 1000, "a secret"), answer;
    struct added added;
    struct post p;

    (void)state;
    GIVES(E_NOTFOUND, store_post_get(st, root, carol, ar, &p));
    MUST(store_post_get(st, root, bob, ar, &p));
    assert_int_equal(p.scope, SCOPE_PRIVATE);
    assert_int_equal(p.recipient, bob);
    GIVES(E_NOTFOUND,
          store_post_add(st,
                         &(struct new_post){.author = carol, .at = 1, .text = "x", .parent = root},
                         &added));
    /* A reply is private too, whoever it names, and goes to the other one. */
    MUST(store_post_add(st,
                        &(struct new_post){.author = bob,
                                           .at = 1001,
                                           .text = "psst @carol",
                                           .parent = root,
                                           .named = &carol,
                                           .n_named = 1},
                        &added));
    answer = added.post;
    assert_int_equal(added.reach, 1);
    GIVES(E_NOTFOUND, store_post_get(st, answer, carol, ar, &p));
    MUST(store_post_get(st, answer, alice, ar, &p));
    assert_int_equal(p.recipient, alice);
    MUST(store_post_add(
        st, &(struct new_post){.author = bob, .at = 1002, .text = "again", .parent = answer},
        &added));
    MUST(store_post_get(st, added.post, alice, ar, &p));
    assert_int_equal(p.recipient, alice);
    GIVES(E_NOTFOUND, store_like_add(st, root, carol, 1));
    GIVES(E_NOTFOUND, store_repeat_add(st, carol, root, "", 1, &added));
    GIVES(E_DENIED, store_repeat_add(st, bob, root, "", 1, &added));
    MUST(store_post_get(st, root, 0, ar, &p)); /* the program itself */
}

static void test_group(void **state)
{
    struct added added;
    struct post p;

    (void)state;
    MUST(store_edge_open(st, EDGE_MEMBER, alice, 5, 0, 0, 1));
    MUST(store_edge_open(st, EDGE_MEMBER, bob, 5, 0, 0, 1));
    MUST(store_post_add(
        st,
        &(struct new_post){
            .author = alice, .at = 1, .text = "x", .group = 5, .named = &carol, .n_named = 1},
        &added));
    assert_int_equal(added.reach, 1); /* naming adds nobody who may not read it */
    GIVES(E_NOTFOUND, store_post_get(st, added.post, carol, ar, &p));
    MUST(store_post_get(st, added.post, bob, ar, &p));
    assert_int_equal(p.scope, SCOPE_GROUP);
    assert_int_equal(p.group, 5);
    MUST(store_edge_close(st, EDGE_MEMBER, bob, 5));
    GIVES(E_NOTFOUND, store_post_get(st, added.post, bob, ar, &p));
}

static void test_blocked(void **state)
{
    int64_t no = post(alice, 1, "x");
    struct post p;

    (void)state;
    MUST(store_edge_open(st, EDGE_BLOCK, alice, bob, 0, 0, 1));
    GIVES(E_NOTFOUND, store_post_get(st, no, bob, ar, &p));
    GIVES(E_NOTFOUND, store_like_add(st, no, bob, 1));
    MUST(store_post_get(st, no, carol, ar, &p));
    MUST(store_edge_close(st, EDGE_BLOCK, alice, bob));
    MUST(store_post_get(st, no, bob, ar, &p));
}

static void test_edit(void **state)
{
    int64_t no = post(alice, 1000, "first");
    struct version *v;
    struct added added;
    const char *text;
    struct post p;
    size_t n;

    (void)state;
    GIVES(E_NOTFOUND, edit(99, alice, 1001, "x", &added));
    GIVES(E_NOTFOUND, edit(no, bob, 1001, "x", &added));
    GIVES(E_EXISTS, edit(no, alice, 1001, "first", &added));
    MUST(edit(no, alice, 1001, "second", &added));
    assert_int_equal(added.post, no);
    assert_int_equal(added.version, 1);
    assert_int_equal(added.event, 2);
    MUST(edit(no, alice, 1002, "third", &added));
    MUST(store_post_get(st, no, bob, ar, &p));
    assert_string_equal(p.text, "third");
    assert_int_equal(p.version, 2);
    assert_int_equal(p.at, 1000);
    MUST(store_post_text(st, no, 0, ar, &text));
    assert_string_equal(text, "first");
    MUST(store_post_text(st, no, 1, ar, &text));
    assert_string_equal(text, "second");
    MUST(store_post_text(st, no, 2, ar, &text));
    assert_string_equal(text, "third");
    GIVES(E_NOTFOUND, store_post_text(st, no, 3, ar, &text));
    MUST(store_post_versions(st, no, ar, &v, &n));
    assert_int_equal(n, 3);
    assert_string_equal(v[0].text, "first");
    assert_int_equal(v[0].at, 1000);
    assert_int_equal(v[2].version, 2);
    assert_int_equal(v[2].at, 1002);
    GIVES(E_NOTFOUND, store_post_versions(st, 99, ar, &v, &n));
}

static void test_delete(void **state)
{
    int64_t no = post(alice, 1000, "first");
    struct version *v;
    struct added added;
    const char *text;
    struct post p;
    size_t n;

    (void)state;
    MUST(edit(no, alice, 1001, "second", &added));
    GIVES(E_NOTFOUND, store_post_delete(st, 99, 1002, &added));
    MUST(store_post_delete(st, no, 1002, &added));
    assert_int_equal(added.event, 3);
    GIVES(E_NOTFOUND, store_post_delete(st, no, 1003, &added));
    GIVES(E_NOTFOUND, edit(no, alice, 1003, "x", &added));
    GIVES(E_NOTFOUND, store_post_get(st, no, alice, ar, &p));
    MUST(store_post_get(st, no, 0, ar, &p));
    assert_true(p.deleted);
    assert_string_equal(p.text, "");
    for (int i = 0; i < 2; i++) {
        GIVES(E_NOTFOUND, store_post_text(st, no, i, ar, &text));
    }
    GIVES(E_NOTFOUND, store_post_versions(st, no, ar, &v, &n));
    GIVES(E_NOTFOUND, store_like_add(st, no, bob, 1));
    assert_int_equal(post(alice, 1004, "next"), no + 1); /* never used again */
}

static void test_newest(void **state)
{
    int64_t no = 0, a, b;
    struct added added;

    (void)state;
    GIVES(E_NOTFOUND, store_post_newest(st, alice, bob, &no));
    a = post(alice, 1000, "a");
    MUST(store_post_newest(st, alice, bob, &no));
    assert_int_equal(no, a);
    b = private_to(alice, bob, 1001, "b");
    MUST(store_repeat_add(st, alice, a, "", 1002, &added));
    MUST(store_post_newest(st, alice, bob, &no));
    assert_int_equal(no, b);
    MUST(store_post_newest(st, alice, carol, &no));
    assert_int_equal(no, a);
    MUST(store_post_newest(st, alice, alice, &no));
    assert_int_equal(no, b);
    MUST(store_post_delete(st, b, 1003, &added));
    MUST(store_post_newest(st, alice, alice, &no));
    assert_int_equal(no, a);
    for (int i = 0; i < 600; i++) { /* the search for it ends somewhere */
        (void)private_to(alice, bob, 1004, "x");
    }
    GIVES(E_NOTFOUND, store_post_newest(st, alice, carol, &no));
}

static void test_likes(void **state)
{
    int64_t no = post(alice, 1000, "x");
    struct people people;
    struct post p;

    (void)state;
    MUST(store_likes(st, no, 0, 10, ar, &people));
    assert_int_equal(people.n, 0);
    MUST(store_like_add(st, no, bob, 1001));
    GIVES(E_EXISTS, store_like_add(st, no, bob, 1002));
    MUST(store_like_add(st, no, carol, 1003));
    MUST(store_like_add(st, no, alice, 1003));
    GIVES(E_NOTFOUND, store_like_add(st, 99, bob, 1002));
    MUST(store_post_get(st, no, bob, ar, &p));
    assert_int_equal(p.likes, 3);
    MUST(store_likes(st, no, 0, 2, ar, &people));
    assert_int_equal(people.n, 2);
    assert_true(people.more);
    assert_int_equal(people.at[0].no, alice);
    MUST(store_likes(st, no, people.at[1].no, 2, ar, &people));
    assert_int_equal(people.n, 1);
    assert_string_equal(people.at[0].nick, "carol");
    MUST(store_like_remove(st, no, bob));
    GIVES(E_NOTFOUND, store_like_remove(st, no, bob));
    GIVES(E_NOTFOUND, store_like_remove(st, 99, bob));
    MUST(store_post_get(st, no, bob, ar, &p));
    assert_int_equal(p.likes, 2);
}

static void test_repeats(void **state)
{
    static char text[LIMIT_BODY + 2];
    int64_t no = post(alice, 1000, "x"), newest = 0, at = 0, first;
    struct added added;
    struct event e;
    struct item item;
    struct post p;

    (void)state;
    follow(carol, bob);
    GIVES(E_NOTFOUND, store_repeat_newest(st, bob, &newest, &at));
    GIVES(E_NOTFOUND, store_repeat_add(st, bob, 99, "", 1001, &added));
    memset(text, 'x', sizeof(text) - 1);
    GIVES(E_LIMIT, store_repeat_add(st, bob, no, text, 1001, &added));
    MUST(store_repeat_add(st, bob, no, "look", 1001, &added));
    assert_int_equal(added.post, no);
    assert_int_equal(added.reach, 1);
    first = added.event;
    GIVES(E_EXISTS, store_repeat_add(st, bob, no, "again", 1002, &added));
    MUST(store_repeat_newest(st, bob, &newest, &at));
    assert_int_equal(newest, no);
    assert_int_equal(at, 1001);
    MUST(store_repeat_get(st, first, ar, &item));
    assert_true(item.repeat);
    assert_int_equal(item.place, first);
    assert_int_equal(item.repeater, bob);
    assert_string_equal(item.repeater_nick, "bob");
    assert_string_equal(item.comment, "look");
    assert_string_equal(item.post.text, "x");
    GIVES(E_NOTFOUND, store_repeat_get(st, 1, ar, &item));
    MUST(store_post_get(st, no, bob, ar, &p));
    assert_int_equal(p.repeats, 1);
    MUST(store_repeat_remove(st, bob, no, 1003));
    GIVES(E_NOTFOUND, store_repeat_remove(st, bob, no, 1003));
    GIVES(E_NOTFOUND, store_repeat_get(st, first, ar, &item));
    MUST(store_event_get(st, head(), &e));
    assert_int_equal(e.kind, EVENT_DELETE);
    assert_int_equal(e.original, first);
    assert_int_equal(e.author, bob);
    MUST(store_post_get(st, no, bob, ar, &p));
    assert_int_equal(p.repeats, 0);
    /* A post that is taken back takes its repeats with it, each by an event. */
    MUST(store_repeat_add(st, bob, no, "", 1004, &added));
    MUST(store_repeat_add(st, carol, no, "", 1005, &added));
    MUST(store_post_delete(st, no, 1006, &added));
    assert_int_equal(head(), added.event + 2);
    MUST(store_event_get(st, head(), &e));
    assert_int_equal(e.author, carol);
    GIVES(E_NOTFOUND, store_repeat_newest(st, bob, &newest, &at));
    GIVES(E_NOTFOUND, store_repeat_add(st, bob, no, "", 1007, &added));
}

/* The figure in a confirmation: who is named, answered and follows, each once; no trackers, no author. */
static void test_reach(void **state)
{
    struct tag tag = {0, "t", "t"};
    struct added added;
    int64_t phrase, no, dave = person("dave"), erin = person("erin");
    int64_t named[] = {carol, dave};

    (void)state;
    MUST(store_tag_add(st, "t", "t", &tag.no));
    MUST(store_phrase_add(st, "word", &phrase));
    MUST(store_edge_open(st, EDGE_FOLLOW_WORDS, erin, phrase, 0, 0, 1));
    MUST(store_edge_open(st, EDGE_FOLLOW_TAG, bob, tag.no, 0, 0, 1));
    MUST(store_edge_open(st, EDGE_FOLLOW_TAG, alice, tag.no, 0, 0, 1));
    follow(bob, alice);
    follow(carol, alice);
    MUST(store_edge_open(st, EDGE_MUTE_PERSON, carol, alice, 0, 0, 1));
    MUST(store_post_add(st,
                        &(struct new_post){.author = alice,
                                           .at = 1,
                                           .text = "word",
                                           .tags = &tag,
                                           .n_tags = 1,
                                           .named = named,
                                           .n_named = 2},
                        &added));
    assert_int_equal(added.reach, 3); /* bob, carol though she muted, dave */
    no = added.post;
    MUST(store_post_edit(
        st, no,
        &(struct new_post){.author = alice, .at = 2, .text = "w", .named = &erin, .n_named = 1},
        &added));
    assert_int_equal(added.reach, 4); /* and erin, newly named */
    MUST(store_post_delete(st, no, 3, &added));
    assert_int_equal(added.reach, 4);
}

/* What a post is stays through edits, and is the root's alone. */
static void test_kind(void **state)
{
    struct added added;
    struct post p;

    (void)state;
    for (int kind = KIND_PLAIN; kind <= KIND_ANNOUNCEMENT; kind++) {
        int64_t root;

        MUST(store_post_add(st,
                            &(struct new_post){.author = alice,
                                               .at = 1,
                                               .text = "x",
                                               .has_file = true,
                                               .kind = (enum post_kind)kind},
                            &added));
        root = added.post;
        MUST(edit(root, alice, 2, "y", &added));
        MUST(store_post_get(st, root, bob, ar, &p));
        assert_int_equal(p.kind, kind);
        MUST(store_post_add(
            st,
            &(struct new_post){
                .author = bob, .at = 3, .text = "z", .parent = root, .kind = KIND_POLL},
            &added));
        MUST(store_post_get(st, added.post, bob, ar, &p));
        assert_int_equal(p.kind, KIND_PLAIN);
    }
}

static void test_reach_about(void **state)
{
    struct added added;

    (void)state;
    for (int i = 0; i < 1500; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        follow(person(nick), alice);
        if (i == 999) {
            MUST(store_post_add(st, &(struct new_post){.author = alice, .at = 1, .text = "x"},
                                &added));
            assert_int_equal(added.reach, 1000);
            assert_false(added.about);
        }
    }
    MUST(store_post_add(
        st, &(struct new_post){.author = alice, .at = 1, .text = "y", .named = &bob, .n_named = 1},
        &added));
    assert_true(added.about);
    assert_in_range(added.reach, 1500, 1501);
}

static void test_report(void **state)
{
    int64_t one = post(alice, 1000, "x"), hidden = private_to(alice, bob, 1000, "x");
    struct added added;

    (void)state;
    MUST(store_report_add(st, one, bob, "spam", 2000));
    GIVES(E_EXISTS, store_report_add(st, one, bob, "again", 2001));
    MUST(store_report_add(st, one, carol, "", 2002));
    GIVES(E_NOTFOUND, store_report_add(st, hidden, carol, "", 2003));
    MUST(store_report_add(st, hidden, bob, "", 2003));
    GIVES(E_NOTFOUND, store_report_add(st, 99, bob, "", 2003));
    MUST(store_post_delete(st, one, 3000, &added));
    GIVES(E_NOTFOUND, store_report_add(st, one, carol, "", 3001));
}

static void test_end(void **state)
{
    int64_t root = post(alice, 1000, "x"), answer = reply(bob, root, 1001, "x");
    int64_t other = post(alice, 1002, "x"), hidden = private_to(alice, bob, 1003, "x"), before;
    struct new_post p = {.author = carol, .at = 2000, .text = "late", .parent = answer};
    struct added added;
    bool ended = true;

    (void)state;
    GIVES(E_DENIED, store_end_add(st, root, bob, 1500));
    GIVES(E_DENIED, store_end_add(st, answer, bob, 1500)); /* his own, in her conversation */
    GIVES(E_NOTFOUND, store_end_add(st, hidden, carol, 1500));
    GIVES(E_NOTFOUND, store_end_add(st, 99, carol, 1500));
    MUST(store_ended(st, root, &ended));
    assert_false(ended);
    MUST(store_end_add(st, answer, alice, 1500));
    MUST(store_ended(st, root, &ended));
    assert_true(ended);
    MUST(store_ended(st, 99, &ended));
    assert_false(ended);
    GIVES(E_EXISTS, store_end_add(st, root, alice, 1501));
    before = head();
    GIVES(E_DENIED, store_post_add(st, &p, &added));
    p.parent = root;
    GIVES(E_DENIED, store_post_add(st, &p, &added));
    p.author = alice;
    GIVES(E_DENIED, store_post_add(st, &p, &added));
    assert_int_equal(before, head()); /* nothing of it was kept */
    MUST(store_post_edit(st, answer, &(struct new_post){.author = bob, .at = 2001, .text = "y"},
                         &added));
    p.parent = other;
    MUST(store_post_add(st, &p, &added));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_report),  TEST(test_end),     TEST(test_add),    TEST(test_limits),
        TEST(test_reply),   TEST(test_private), TEST(test_group),  TEST(test_blocked),
        TEST(test_edit),    TEST(test_delete),  TEST(test_newest), TEST(test_likes),
        TEST(test_repeats), TEST(test_reach),   TEST(test_kind),   TEST(test_reach_about),
    };

    return cmocka_run_group_tests_name("posts", tests, NULL, NULL);
}
