/* SPDX-License-Identifier: MIT */
/* Lists: what stands in each, for whom, page by page. That home is what was owed, test_owed.c holds. */
#include "tests/store/common.h"

static int64_t alice, bob, carol, tag;

static int setup(void **state)
{
    if (store_setup(state) != 0) {
        return -1;
    }
    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    MUST(store_tag_add(st, "회의", "회의", &tag));
    return 0;
}

/* The numbers of the posts, read page by page, as text: "5 3 1". Repeats as "r3". */
static const char *list(enum list_kind kind, int64_t viewer, int64_t object, size_t page)
{
    char *out = arena_dup(ar, "");
    int64_t before = 0, last = INT64_MAX;
    struct items items;

    do {
        MUST(store_list(st, kind, viewer, object, before, page, ar, &items));
        assert_true(items.n <= page);
        assert_true(!items.more || items.n > 0);
        for (size_t i = 0; i < items.n; i++) {
            const struct item *it = &items.at[i];

            assert_true(it->place < last);
            last = it->place;
            out = arena_printf(ar, "%s%s%s%d", out, *out == '\0' ? "" : " ", it->repeat ? "r" : "",
                               (int)it->post.no);
        }
        if (items.more) { /* both ways to go on are the same */
            struct items other;

            MUST(store_list(st, kind, viewer, object, last, page, ar, &other));
            before = items.next;
            MUST(store_list(st, kind, viewer, object, before, page, ar, &items));
            assert_int_equal(other.n, items.n);
            assert_true(items.n > 0);
            assert_int_equal(other.at[0].place, items.at[0].place);
            items.more = true;
        }
    } while (items.more);
    return out;
}

static int64_t with_tag(int64_t author, const char *text, int64_t recipient)
{
    struct tag t = {tag, "회의", "회의"};
    struct added added;

    MUST(store_post_add(st,
                        &(struct new_post){.author = author,
                                           .at = 1000,
                                           .text = text,
                                           .tags = &t,
                                           .n_tags = 1,
                                           .recipient = recipient},
                        &added));
    return added.post;
}

static void test_empty(void **state)
{
    (void)state;
    for (int kind = LIST_HOME; kind <= LIST_MISSED; kind++) {
        assert_string_equal(list((enum list_kind)kind, alice, 1, 10), "");
    }
    assert_string_equal(list(LIST_AUTHOR, alice, 99, 10), "");
    assert_string_equal(list(LIST_THREAD, alice, 99, 10), "");
}

static void test_all(void **state)
{
    struct items items;
    struct added added;

    (void)state;
    for (int i = 0; i < 5; i++) {
        (void)post(i % 2 == 0 ? alice : bob, 1000 + i, "x");
    }
    (void)private_to(alice, bob, 1010, "x"); /* 6 */
    MUST(store_post_delete(st, 2, 1011, &added));
    MUST(store_repeat_add(st, carol, 1, "", 1012, &added)); /* not a post */
    (void)post(carol, 1013, "x");                           /* 7 */
    for (size_t page = 1; page < 8; page++) {
        assert_string_equal(list(LIST_ALL, carol, 0, page), "7 5 4 3 1");
    }
    MUST(store_list(st, LIST_ALL, carol, 0, 0, 0, ar, &items));
    assert_int_equal(items.n, 0);
    assert_true(items.more);
    MUST(store_edge_open(st, EDGE_BLOCK, alice, carol, 0, 0, 1));
    assert_string_equal(list(LIST_ALL, carol, 0, 2), "7 4");
    assert_string_equal(list(LIST_ALL, alice, 0, 2), "5 4 3 1");
}

static void test_home(void **state)
{
    int64_t before_follow = post(alice, 1000, "x"), mine, priv;
    struct added added;

    (void)state;
    (void)before_follow;
    follow(bob, alice);
    (void)post(alice, 1001, "x");             /* 2 */
    mine = post(bob, 1002, "x");              /* 3 */
    priv = private_to(carol, bob, 1003, "x"); /* 4 */
    (void)private_to(bob, carol, 1004, "x");  /* 5 */
    (void)post(carol, 1005, "x");             /* 6: not followed */
    MUST(store_repeat_add(st, alice, 6, "see", 1006, &added));
    assert_string_equal(list(LIST_HOME, bob, 0, 2), "r6 5 4 3 2");
    assert_string_equal(list(LIST_HOME, bob, 0, 20), "r6 5 4 3 2");
    MUST(store_edge_close(st, EDGE_FOLLOW_PERSON, bob, alice)); /* what was owed stays */
    (void)post(alice, 1007, "x");
    assert_string_equal(list(LIST_HOME, bob, 0, 20), "r6 5 4 3 2");
    MUST(store_repeat_remove(st, alice, 6, 1008));
    MUST(store_post_delete(st, mine, 1009, &added));
    MUST(store_post_delete(st, priv, 1009, &added));
    assert_string_equal(list(LIST_HOME, bob, 0, 20), "5 2");
    /* An edit that names somebody first is new for them. */
    MUST(store_post_edit(
        st, 7,
        &(struct new_post){
            .author = alice, .at = 1010, .text = "@bob", .named = &bob, .n_named = 1},
        &added));
    assert_string_equal(list(LIST_HOME, bob, 0, 20), "7 5 2");
}

static void test_author(void **state)
{
    struct added added;

    (void)state;
    (void)post(alice, 1000, "x");
    (void)private_to(alice, bob, 1001, "x");
    (void)reply(alice, 1, 1002, "x"); /* 3 */
    MUST(store_edge_open(st, EDGE_MEMBER, alice, 5, 0, 0, 1));
    MUST(store_edge_open(st, EDGE_MEMBER, bob, 5, 0, 0, 1));
    MUST(store_post_add(
        st, &(struct new_post){.author = alice, .at = 1003, .text = "x", .group = 5}, &added));
    (void)post(bob, 1004, "x");                             /* 5 */
    MUST(store_repeat_add(st, alice, 5, "", 1005, &added)); /* what they wrote: no repeats */
    assert_string_equal(list(LIST_AUTHOR, bob, alice, 1), "4 3 1");
    assert_string_equal(list(LIST_AUTHOR, alice, alice, 2), "4 3 1");
    assert_string_equal(list(LIST_AUTHOR, carol, alice, 2), "3 1");
    MUST(store_edge_open(st, EDGE_BLOCK, alice, carol, 0, 0, 1));
    assert_string_equal(list(LIST_AUTHOR, carol, alice, 2), "");
}

static void test_tag(void **state)
{
    struct added added;

    (void)state;
    (void)with_tag(alice, "one", 0);
    (void)with_tag(alice, "two", bob); /* private: in no list of tags */
    (void)with_tag(bob, "three", 0);
    (void)post(bob, 1000, "four");
    assert_string_equal(list(LIST_TAG, bob, tag, 1), "3 1");
    MUST(store_post_edit(st, 3, &(struct new_post){.author = bob, .at = 2, .text = "no tag"},
                         &added));
    assert_string_equal(list(LIST_TAG, bob, tag, 1), "1");
    MUST(store_post_edit(st, 4,
                         &(struct new_post){.author = bob,
                                            .at = 2,
                                            .text = "tag",
                                            .n_tags = 1,
                                            .tags = &(struct tag){0, "회의", "회의"}},
                         &added));
    assert_string_equal(list(LIST_TAG, bob, tag, 1), "4 1");
    MUST(store_post_delete(st, 1, 3, &added));
    assert_string_equal(list(LIST_TAG, bob, tag, 1), "4");
}

static void test_thread(void **state)
{
    struct added added;

    (void)state;
    (void)post(alice, 1000, "x");
    (void)post(bob, 1001, "other");
    (void)reply(bob, 1, 1002, "x");
    (void)reply(carol, 3, 1003, "x");
    (void)private_to(alice, bob, 1004, "x"); /* 5 */
    (void)reply(bob, 5, 1005, "x");          /* 6 */
    assert_string_equal(list(LIST_THREAD, carol, 1, 1), "4 3 1");
    assert_string_equal(list(LIST_THREAD, carol, 1, 3), "4 3 1");
    assert_string_equal(list(LIST_THREAD, alice, 5, 1), "6 5");
    assert_string_equal(list(LIST_THREAD, carol, 5, 1), "");
    MUST(store_post_delete(st, 3, 1006, &added));
    MUST(store_post_delete(st, 1, 1006, &added));
    assert_string_equal(list(LIST_THREAD, carol, 1, 1), "4");
}

static void test_mentions_and_inbox(void **state)
{
    struct added added;

    (void)state;
    (void)post(alice, 1000, "x");
    (void)reply(bob, 1, 1001, "an answer");  /* 2 */
    (void)private_to(bob, alice, 1002, "x"); /* 3 */
    (void)private_to(alice, bob, 1003, "x"); /* 4 */
    (void)private_to(carol, bob, 1003, "x"); /* 5 */
    MUST(store_post_add(
        st,
        &(struct new_post){
            .author = carol, .at = 1004, .text = "@alice", .named = &alice, .n_named = 1},
        &added)); /* 6 */
    assert_string_equal(list(LIST_MENTIONS, alice, 0, 1), "6 2");
    assert_string_equal(list(LIST_INBOX, alice, 0, 1), "4 3");
    assert_string_equal(list(LIST_INBOX, bob, 0, 10), "5 4 3");
    assert_string_equal(list(LIST_MENTIONS, carol, 0, 10), "");
    MUST(store_post_edit(
        st, 6,
        &(struct new_post){.author = carol, .at = 2, .text = "@bob", .named = &bob, .n_named = 1},
        &added));
    assert_string_equal(list(LIST_MENTIONS, alice, 0, 1), "2");
    assert_string_equal(list(LIST_MENTIONS, bob, 0, 1), "6");
    MUST(store_edge_open(st, EDGE_BLOCK, bob, alice, 0, 0, 1));
    assert_string_equal(list(LIST_MENTIONS, alice, 0, 1), "");
    assert_string_equal(list(LIST_INBOX, alice, 0, 1), "4");
}

/* A long run of what the viewer may not see costs a call no more than its budget. */
static void test_budget(void **state)
{
    struct items items;
    int64_t before = 0;
    int calls = 0;

    (void)state;
    (void)with_tag(alice, "first", 0);
    for (int i = 0; i < 5000; i++) {
        (void)with_tag(bob, "blocked", 0);
    }
    (void)with_tag(alice, "last", 0);
    MUST(store_edge_open(st, EDGE_BLOCK, carol, bob, 0, 0, 1));
    MUST(store_list(st, LIST_TAG, carol, tag, 0, 10, ar, &items));
    assert_int_equal(items.n, 1);
    assert_true(items.more);
    assert_true(items.next < items.at[0].place - 1000);
    for (before = items.next; items.more; before = items.next) {
        MUST(store_list(st, LIST_TAG, carol, tag, before, 10, ar, &items));
        assert_true(++calls < 10);
    }
    assert_int_equal(items.n, 1);
    assert_int_equal(items.at[0].post.no, 1);
}

static void test_saved(void **state)
{
    struct added added;

    (void)state;
    for (int i = 0; i < 4; i++) {
        (void)post(alice, 1000, "x");
    }
    (void)private_to(alice, bob, 1001, "x"); /* 5 */
    MUST(store_save_add(st, bob, 3, 2000));
    MUST(store_save_add(st, bob, 5, 2001));
    MUST(store_save_add(st, bob, 1, 2002));
    GIVES(E_EXISTS, store_save_add(st, bob, 1, 2003));
    GIVES(E_NOTFOUND, store_save_add(st, carol, 5, 2003)); /* may not see it */
    GIVES(E_NOTFOUND, store_save_add(st, carol, 99, 2003));
    MUST(store_save_add(st, carol, 1, 2004));
    for (size_t page = 1; page < 5; page++) {
        assert_string_equal(list(LIST_SAVED, bob, 0, page), "1 5 3");
    }
    assert_string_equal(list(LIST_SAVED, carol, 0, 2), "1");
    assert_string_equal(list(LIST_SAVED, alice, 0, 2), ""); /* the author sees none of it */
    MUST(store_save_remove(st, bob, 5));
    GIVES(E_NOTFOUND, store_save_remove(st, bob, 5));
    GIVES(E_NOTFOUND, store_save_remove(st, alice, 1));
    assert_string_equal(list(LIST_SAVED, bob, 0, 1), "1 3");
    MUST(store_save_add(st, bob, 5, 2005));
    MUST(store_post_delete(st, 3, 3000, &added));
    assert_string_equal(list(LIST_SAVED, bob, 0, 1), "5 1");
    GIVES(E_NOTFOUND, store_save_remove(st, bob, 3)); /* gone with the post */
    MUST(store_edge_open(st, EDGE_BLOCK, alice, bob, 0, 0, 1));
    assert_string_equal(list(LIST_SAVED, bob, 0, 1), "");
    MUST(store_edge_close(st, EDGE_BLOCK, alice, bob));
    assert_string_equal(list(LIST_SAVED, bob, 0, 1), "5 1");
    MUST(store_person_set_state(st, bob, PERSON_RETIRED));
    assert_string_equal(list(LIST_SAVED, bob, 0, 1), "");
    assert_string_equal(list(LIST_SAVED, carol, 0, 1), "1");
}

static const char *tags_from(size_t page)
{
    char *out = arena_dup(ar, "");
    int64_t uses = 0, no = 0;
    struct tag_use *t;
    size_t n;
    bool more = true;

    while (more) {
        MUST(store_tags_used(st, uses, no, page, ar, &t, &n, &more));
        assert_true(n <= page && (n > 0 || !more));
        for (size_t i = 0; i < n; i++) {
            out = arena_printf(ar, "%s%s:%d ", out, t[i].shown, (int)t[i].uses);
            uses = t[i].uses;
            no = t[i].no;
        }
    }
    return out;
}

/* By two people in turn. */
static void tagged_at(int64_t at, const char *key, int64_t recipient)
{
    struct added added;

    MUST(store_post_add(
        st,
        &(struct new_post){.author = recipient == 0 && head() % 2 == 1 ? carol : alice,
                           .at = at,
                           .text = "x",
                           .tags = &(struct tag){0, key, key},
                           .n_tags = 1,
                           .recipient = recipient},
        &added));
}

static void test_tags_used(void **state)
{
    struct added added;

    (void)state;
    assert_string_equal(tags_from(1), "");
    for (int i = 0; i < 3; i++) {
        tagged_at(1000, "three", 0);
    }
    tagged_at(1000, "one", 0); /* 4 */
    tagged_at(1000, "other", 0);
    tagged_at(1000, "hidden", bob);
    tagged_at(1000, "three", bob); /* is not counted */
    for (size_t page = 1; page < 5; page++) {
        assert_string_equal(tags_from(page), "three:3 one:1 other:1 ");
    }
    MUST(store_post_delete(st, 4, 1001, &added));
    MUST(store_post_delete(st, 1, 1001, &added));
    assert_string_equal(tags_from(1), "three:2 other:1 ");
}

static const char *trends_at(int64_t now, size_t limit)
{
    char *out = arena_dup(ar, "");
    struct tag_use *t;
    size_t n;

    MUST(store_trends(st, now, limit, ar, &t, &n));
    assert_true(n <= limit);
    for (size_t i = 0; i < n; i++) {
        out = arena_printf(ar, "%s%s:%d/%d ", out, t[i].shown, (int)t[i].uses, (int)t[i].week);
    }
    return out;
}

static void test_trends(void **state)
{
    const int64_t now = 20000 * DAY + 1000;
    struct added added;

    (void)state;
    assert_string_equal(trends_at(now, 10), "");
    for (int day = 1; day <= 7; day++) {
        for (int i = 0; i < 5; i++) {
            tagged_at(now - day * DAY, "daily", 0);
        }
        tagged_at(now - day * DAY, "rising", 0);
    }
    for (int i = 0; i < 6; i++) { /* hardly more than on other days */
        tagged_at(now - i * 3600000, "daily", 0);
    }
    for (int i = 0; i < 4; i++) {
        tagged_at(now - i * 3600000, "rising", 0);
        tagged_at(now - i * 3600000, "new", 0);
        tagged_at(now, "hidden", bob);
    }
    for (int i = 0; i < TREND_LEAST - 1; i++) {
        tagged_at(now, "few", 0);
    }
    assert_string_equal(trends_at(now, 10), "new:4/0 rising:4/7 ");
    assert_string_equal(trends_at(now, 1), "new:4/0 ");
    assert_string_equal(trends_at(now, 0), "");
    assert_string_equal(trends_at(now + 2 * DAY, 10), "");
    idle(now); /* what may still count stays */
    assert_string_equal(trends_at(now, 10), "new:4/0 rising:4/7 ");
    idle(now + 30 * DAY);
    assert_string_equal(trends_at(now, 10), "");
    tagged_at(now, "few", 0);
    tagged_at(now, "few", 0);
    tagged_at(now, "few", 0);
    assert_string_equal(trends_at(now, 10), "few:3/0 ");
    MUST(store_post_delete(st, head(), now, &added));
    assert_string_equal(trends_at(now, 10), "");
    for (int i = 0; i < 2 * TREND_LEAST; i++) { /* one person alone is no trend */
        MUST(store_post_add(st,
                            &(struct new_post){.author = bob,
                                               .at = now,
                                               .text = "x",
                                               .tags = &(struct tag){0, "alone", "alone"},
                                               .n_tags = 1},
                            &added));
    }
    assert_string_equal(trends_at(now, 10), "");
    tagged_at(now - 2 * DAY, "alone", 0); /* nor with somebody who wrote it before today */
    assert_string_equal(trends_at(now, 10), "");
}

static void test_repeated(void **state)
{
    int64_t posts[3];
    struct items items;

    (void)state;
    for (int i = 0; i < 3; i++) {
        posts[i] = post(bob, 1000 + i, "words");
        MUST(store_repeat_add(st, alice, posts[i], "look", 2000, &(struct added){0}));
    }
    next_turn();
    MUST(store_repeated(st, bob, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
    MUST(store_repeated(st, alice, 0, 2, ar, &items));
    assert_int_equal(items.n, 2);
    assert_true(items.more);
    assert_true(items.at[0].repeat);
    assert_int_equal(items.at[0].post.no, posts[2]);
    assert_string_equal(items.at[0].comment, "look");
    MUST(store_repeated(st, alice, items.next, 2, ar, &items));
    assert_int_equal(items.n, 1);
    assert_false(items.more);
    MUST(store_repeat_remove(st, alice, posts[0], 3000));
    MUST(store_post_delete(st, posts[1], 3000, &(struct added){0}));
    MUST(store_repeated(st, alice, 0, 10, ar, &items));
    assert_int_equal(items.n, 1);
    assert_int_equal(items.at[0].post.no, posts[2]);
}

static void test_liked(void **state)
{
    int64_t posts[4];
    struct items items;

    (void)state;
    for (int i = 0; i < 4; i++) {
        posts[i] = post(bob, 1000 + i, "words");
        MUST(store_like_add(st, posts[i], alice, 2000 - i));
    }
    MUST(store_like_add(st, posts[0], carol, 2000));
    next_turn();
    MUST(store_liked(st, bob, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
    MUST(store_liked(st, alice, 0, 2, ar, &items));
    assert_int_equal(items.n, 2);
    assert_true(items.more);
    assert_int_equal(items.at[0].post.no, posts[3]);
    MUST(store_liked(st, alice, items.next, 2, ar, &items));
    assert_int_equal(items.n, 2);
    assert_false(items.more);
    assert_int_equal(items.at[1].post.no, posts[0]);
    /* What may not be seen any more is left out. */
    MUST(store_post_delete(st, posts[3], 3000, &(struct added){0}));
    MUST(store_like_remove(st, posts[2], alice));
    MUST(store_liked(st, alice, 0, 10, ar, &items));
    assert_int_equal(items.n, 2);
    MUST(store_edge_open(st, EDGE_BLOCK, bob, alice, 0, 0, 3000));
    MUST(store_liked(st, alice, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
    assert_false(items.more);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_empty),
        TEST(test_all),
        TEST(test_home),
        TEST(test_author),
        TEST(test_tag),
        TEST(test_thread),
        TEST(test_mentions_and_inbox),
        TEST(test_saved),
        TEST(test_tags_used),
        TEST(test_trends),
        TEST(test_budget),
        TEST(test_repeated),
        TEST(test_liked),
    };

    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
