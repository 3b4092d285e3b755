/* SPDX-License-Identifier: MIT */
/* Somebody leaves: what is gone at once, what goes bit by bit, and what stays. */
#include "tests/store/common.h"

#include "base/clock.h"

/* Settles every walk, as if the pump had. */
static size_t settle(void)
{
    struct cursor *c;
    size_t n, all = 0;

    do {
        MUST(store_cursors(st, 0, 100, ar, &c, &n));
        for (size_t i = 0; i < n; i++) {
            MUST(store_cursor_done(st, c[i].event, c[i].class));
        }
        all += n;
    } while (n > 0);
    return all;
}

/* Until nothing is left to erase; how many calls that took. */
static int forget_all(int64_t now)
{
    bool more = true;
    int n = 0;

    while (more) {
        (void)settle();
        MUST(store_forget_some(st, now, &more));
        assert_true(++n < 100000);
    }
    return n;
}

static void test_at_once(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), mine, again;
    struct person p;
    struct people found;
    const void *photo;
    size_t len;
    const char *word = "kim";

    (void)state;
    MUST(store_person_set(st, alice, FIELD_NAME, "Alice Kim"));
    MUST(store_person_set(st, alice, FIELD_BIO, "secret bio"));
    MUST(store_person_set(st, alice, FIELD_ZONE, "Asia/Seoul"));
    MUST(store_person_set_photo(st, alice, "h", "image/png", "png", 3, 5000));
    mine = post(bob, 1000, "hello");
    MUST(store_save_add(st, alice, mine, 1001));
    MUST(store_alias_set(st, alice, &(struct alias){"hi", "home"}));
    MUST(store_held_set(st, alice, CLASS_BULK, 1));
    GIVES(E_NOTFOUND, store_person_forget(st, 77));
    MUST(store_person_forget(st, alice));
    GIVES(E_NOTFOUND, store_person_forget(st, alice));
    next_turn();
    GIVES(E_NOTFOUND, store_person_by_jid(st, "alice@corp.example", ar, &p));
    GIVES(E_NOTFOUND, store_person_by_nick(st, "alice", ar, &p));
    GIVES(E_NOTFOUND, store_person_photo(st, alice, ar, &photo, &len));
    MUST(store_people_search(st, &word, 1, 0, 10, ar, &found));
    assert_int_equal(found.n, 0);
    MUST(store_person_by_no(st, alice, ar, &p));
    assert_int_equal(p.state, PERSON_RETIRED);
    assert_string_equal(p.jid, "");
    assert_string_equal(p.name, "");
    assert_string_equal(p.bio, "");
    assert_string_equal(p.zone, "");
    assert_int_equal(p.photo_len, 0);
    /* The address begins anew, while the old one is still being erased. */
    again = person("alice");
    assert_true(again != alice);
    assert_int_equal(forget_all(9000) > 0, true);
    MUST(store_person_by_no(st, alice, ar, &p));
    assert_string_equal(p.nick, "gone1");
    MUST(store_person_by_nick(st, "alice", ar, &p));
    assert_int_equal(p.no, again);
    MUST(store_save_add(st, again, mine, 1001)); /* the old bookmark is none of theirs */
}

static void test_what_was_written(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol"), people[10];
    int64_t mine, answer, to_bob, from_bob, theirs, before;
    struct person_counts n;
    struct post p;
    struct event e;
    struct items items;

    (void)state;
    follow(bob, alice);
    follow(alice, bob);
    follow(alice, carol);
    MUST(store_edge_open(st, EDGE_MUTE_PERSON, carol, alice, 0, 0, 1000));
    MUST(store_edge_open(st, EDGE_BLOCK, alice, person("dan"), 0, 0, 1000));
    theirs = post(bob, 1001, "bob's own");
    mine = post(alice, 1002, "alice's words");
    answer = reply(bob, mine, 1003, "bob's answer");
    to_bob = private_to(alice, bob, 1004, "from alice");
    from_bob = private_to(bob, alice, 1005, "from bob");
    MUST(store_like_add(st, theirs, alice, 1006));
    MUST(store_repeat_add(st, alice, theirs, "look", 1007, &(struct added){0}));
    MUST(store_claim_add(st, alice, &(struct claim){.id = "m1", .post = mine, .digest = "ab"}));
    MUST(store_person_counts(st, bob, &n));
    assert_int_equal(n.followers, 1);
    assert_int_equal(n.likes_got, 1);
    (void)settle();
    before = head();
    MUST(store_person_forget(st, alice));
    (void)forget_all(9000);
    GIVES(E_NOTFOUND, store_post_get(st, mine, bob, ar, &p));
    GIVES(E_NOTFOUND, store_post_get(st, to_bob, bob, ar, &p));
    MUST(store_post_get(st, mine, 0, ar, &p));
    assert_string_equal(p.text, "");
    MUST(store_post_get(st, to_bob, 0, ar, &p));
    assert_string_equal(p.text, "");
    /* What others wrote stays theirs. */
    MUST(store_post_get(st, answer, carol, ar, &p));
    MUST(store_post_get(st, from_bob, bob, ar, &p));
    assert_string_equal(p.text, "from bob");
    MUST(store_post_get(st, theirs, bob, ar, &p));
    assert_int_equal(p.likes, 0);
    assert_int_equal(p.repeats, 0);
    MUST(store_person_counts(st, bob, &n));
    assert_int_equal(n.followers, 0);
    assert_int_equal(n.following, 0);
    assert_int_equal(n.likes_got, 0);
    MUST(store_list(st, LIST_INBOX, bob, 0, 0, 10, ar, &items));
    assert_int_equal(items.n, 1);
    GIVES(E_NOTFOUND,
          store_edge_get(st, EDGE_MUTE_PERSON, carol, alice, 9000, &(struct edge){.label = ""}));
    GIVES(E_NOTFOUND, store_claim_find(st, alice, "m1", ar, &(struct claim){0}));
    /* Each is taken back from whom it went to. */
    MUST(store_event_get(st, before + 1, &e));
    assert_int_equal(e.kind, EVENT_DELETE); /* the repeat */
    MUST(store_event_get(st, before + 2, &e));
    assert_int_equal(e.kind, EVENT_DELETE);
    assert_int_equal(e.post, mine);
    assert_int_equal(audience(e.no, CLASS_BULK, 10, people, 10), 1);
    assert_int_equal(people[0], bob);
    MUST(store_event_get(st, before + 3, &e));
    assert_int_equal(e.post, to_bob);
    assert_int_equal(audience(e.no, CLASS_PRIVATE, 10, people, 10), 1);
    assert_int_equal(head(), before + 3);
}

/* A call is short, and waits while many retractions are under way. */
static void test_bounded(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), others[30], longest = 0, began;
    bool more = true;
    size_t n = 0;
    struct cursor *c;

    (void)state;
    follow(bob, alice);
    for (int i = 0; i < 30; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        others[i] = person(nick);
        follow(others[i], alice);
    }
    for (int i = 0; i < 300; i++) {
        (void)post(alice, 1000 + i, "some words that are in the search");
    }
    (void)settle();
    idle(2000);
    MUST(store_person_forget(st, alice));
    for (int i = 0; i < 1000 && more; i++) {
        began = clock_mono_us();
        MUST(store_forget_some(st, 9000, &more));
        longest = clock_mono_us() - began > longest ? clock_mono_us() - began : longest;
    }
    assert_true(more); /* nobody took a retraction: it waits */
    MUST(store_cursors(st, 0, 1000, ar, &c, &n));
    assert_in_range(n, FORGET_OPEN, FORGET_OPEN + FORGET_STEP);
    assert_in_range(forget_all(9000), 28, 400);
    assert_true(longest < 500000);
    MUST(store_forget_some(st, 9000, &more));
    assert_false(more);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_at_once),
        TEST(test_what_was_written),
        TEST(test_bounded),
    };

    return cmocka_run_group_tests_name("forget", tests, NULL, NULL);
}
