/* SPDX-License-Identifier: MIT */
/* Announcements: owed to everybody who was there; who says that they have read them. tests/store/test_owed.c has the rules
 * of who is owed what. */
#include "tests/store/common.h"

static int64_t alice, bob, carol;

static int setup(void **state)
{
    int e = store_setup(state);

    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    return e;
}

static struct added announce(int64_t author)
{
    struct new_post p = {
        .author = author, .at = 1000, .text = "We move", .kind = KIND_ANNOUNCEMENT};
    struct added added;

    MUST(store_post_add(st, &p, &added));
    return added;
}

/* Neither a mute nor a block keeps it away, and who joins later is not owed it; they may read it. */
static void test_everybody(void **state)
{
    struct added a;
    struct post p;
    int64_t people[9], late;

    (void)state;
    MUST(store_edge_open(st, EDGE_MUTE_PERSON, bob, alice, 0, 0, 500));
    MUST(store_edge_open(st, EDGE_BLOCK, carol, alice, 0, 0, 500));
    a = announce(alice);
    assert_int_equal(2, a.reach);
    assert_false(a.about);
    late = person("late");
    follow(late, alice);
    assert_int_equal(2, audience(a.event, CLASS_ANNOUNCEMENT, 2, people, 9));
    assert_int_equal(bob, people[0]);
    assert_int_equal(carol, people[1]);
    assert_int_equal(0, audience(a.event, CLASS_BULK, 2, people, 9));
    MUST(store_post_get(st, a.post, carol, ar, &p));
    MUST(store_post_get(st, a.post, late, ar, &p));
    MUST(store_person_set_state(st, bob, PERSON_SUSPENDED));
    assert_int_equal(1, audience(a.event, CLASS_ANNOUNCEMENT, 2, people, 9));
}

/* Beyond a thousand the figure is that of the people, less who left. */
static void test_reach_about(void **state)
{
    struct added a;

    (void)state;
    for (int i = 0; i < 1200; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        (void)person(nick);
    }
    for (int64_t no = 100; no < 150; no++) {
        MUST(store_person_set_state(st, no, PERSON_SUSPENDED));
    }
    a = announce(alice);
    assert_true(a.about);
    assert_int_equal(1203 - 50 - 1, a.reach);
}

static void test_ack(void **state)
{
    struct added a = announce(alice);
    int64_t plain = post(alice, 1001, "x"), private = private_to(alice, bob, 1001, "x");
    struct announcement an;

    (void)state;
    MUST(store_announcement_get(st, a.post, bob, &an));
    assert_int_equal(2, an.people);
    assert_int_equal(0, an.acks);
    assert_false(an.mine);
    MUST(store_ack_add(st, a.post, bob, 2000));
    GIVES(E_EXISTS, store_ack_add(st, a.post, bob, 2001));
    GIVES(E_DENIED, store_ack_add(st, a.post, alice, 2001));
    GIVES(E_NOTFOUND, store_ack_add(st, plain, bob, 2001));
    GIVES(E_NOTFOUND, store_ack_add(st, private, carol, 2001));
    GIVES(E_NOTFOUND, store_ack_add(st, 99, bob, 2001));
    GIVES(E_NOTFOUND, store_announcement_get(st, plain, bob, &an));
    GIVES(E_NOTFOUND, store_announcement_get(st, 99, bob, &an));
    MUST(store_announcement_get(st, a.post, bob, &an));
    assert_int_equal(1, an.acks);
    assert_true(an.mine);
    MUST(store_announcement_get(st, a.post, carol, &an));
    assert_int_equal(1, an.acks);
    assert_false(an.mine);
    MUST(store_person_set_state(st, bob, PERSON_RETIRED));
    MUST(store_announcement_get(st, a.post, bob, &an));
    assert_int_equal(1, an.acks); /* the count stays, who it was does not */
    assert_false(an.mine);
}

static void test_edit_and_delete(void **state)
{
    struct added a = announce(alice), b;
    struct announcement an;
    int64_t people[9];

    (void)state;
    MUST(store_ack_add(st, a.post, bob, 2000));
    MUST(store_post_edit(st, a.post,
                         &(struct new_post){.author = alice, .at = 3000, .text = "We stay"}, &b));
    assert_int_equal(2, audience(b.event, CLASS_ANNOUNCEMENT, 2, people, 9));
    MUST(store_announcement_get(st, a.post, bob, &an));
    assert_true(an.mine);
    MUST(store_post_delete(st, a.post, 4000, &b));
    assert_int_equal(2, audience(b.event, CLASS_ANNOUNCEMENT, 2, people, 9));
    GIVES(E_NOTFOUND, store_announcement_get(st, a.post, bob, &an));
    GIVES(E_NOTFOUND, store_ack_add(st, a.post, carol, 4001));
}

/* Written privately it is no announcement. */
static void test_scope(void **state)
{
    struct new_post p = {
        .author = alice, .at = 1000, .text = "x", .recipient = bob, .kind = KIND_ANNOUNCEMENT};
    struct announcement an;
    struct added a;
    int64_t people[9];

    (void)state;
    MUST(store_post_add(st, &p, &a));
    assert_int_equal(0, audience(a.event, CLASS_ANNOUNCEMENT, 2, people, 9));
    assert_int_equal(1, audience(a.event, CLASS_PRIVATE, 2, people, 9));
    GIVES(E_NOTFOUND, store_announcement_get(st, a.post, bob, &an));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_everybody),       TEST(test_reach_about), TEST(test_ack),
        TEST(test_edit_and_delete), TEST(test_scope),
    };

    return cmocka_run_group_tests_name("announce", tests, NULL, NULL);
}
