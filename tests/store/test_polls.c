/* SPDX-License-Identifier: MIT */
/* Polls: votes are counted once, may be changed while the poll is open, and are told to nobody. */
#include "tests/store/common.h"

static int64_t alice, bob, carol;

static int setup(void **state)
{
    int e = store_setup(state);

    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    follow(bob, alice);
    return e;
}

static int64_t poll_by(int64_t author, int64_t recipient, int choices)
{
    struct new_post p = {.author = author,
                         .at = 1000,
                         .text = "Lunch?\n1 Noodles\n2 Rice\n3 Nothing",
                         .recipient = recipient,
                         .kind = KIND_POLL};
    struct added added;

    MUST(store_post_add(st, &p, &added));
    MUST(store_poll_add(st, added.post, choices));
    return added.post;
}

static struct poll poll_of(int64_t post, int64_t person)
{
    struct poll poll;

    MUST(store_poll_get(st, post, person, &poll));
    return poll;
}

static void test_vote(void **state)
{
    int64_t no = poll_by(alice, 0, 3), plain = post(alice, 1001, "no poll");
    struct poll poll = poll_of(no, bob);

    (void)state;
    assert_int_equal(3, poll.choices);
    assert_int_equal(0, poll.votes);
    assert_int_equal(0, poll.mine);
    assert_int_equal(0, poll.closed_at);
    MUST(store_vote_add(st, no, bob, 2));
    MUST(store_vote_add(st, no, carol, 2));
    MUST(store_vote_add(st, no, alice, 3)); /* one's own poll too */
    GIVES(E_EXISTS, store_vote_add(st, no, bob, 2));
    GIVES(E_LIMIT, store_vote_add(st, no, bob, 0));
    GIVES(E_LIMIT, store_vote_add(st, no, bob, 4));
    GIVES(E_NOTFOUND, store_vote_add(st, plain, bob, 1));
    GIVES(E_NOTFOUND, store_vote_add(st, 99, bob, 1));
    GIVES(E_NOTFOUND, store_poll_get(st, plain, bob, &poll));
    GIVES(E_NOTFOUND, store_poll_get(st, 99, bob, &poll));
    poll = poll_of(no, bob);
    assert_int_equal(3, poll.votes);
    assert_int_equal(2, poll.counts[2]);
    assert_int_equal(2, poll.mine);
    MUST(store_vote_add(st, no, bob, 1)); /* changed: still one */
    poll = poll_of(no, carol);
    assert_int_equal(3, poll.votes);
    assert_int_equal(1, poll.counts[1]);
    assert_int_equal(1, poll.counts[2]);
    assert_int_equal(1, poll.counts[3]);
    assert_int_equal(2, poll.mine);
    assert_int_equal(0, poll_of(no, 0).mine);
}

static void test_limits(void **state)
{
    int64_t no = poll_by(alice, 0, LIMIT_CHOICES), other = post(alice, 1001, "x");

    (void)state;
    GIVES(E_LIMIT, store_poll_add(st, other, 1));
    GIVES(E_LIMIT, store_poll_add(st, other, LIMIT_CHOICES + 1));
    MUST(store_vote_add(st, no, bob, LIMIT_CHOICES));
    assert_int_equal(1, poll_of(no, bob).counts[LIMIT_CHOICES]);
}

/* Only who may read it may vote, and cannot tell it from one that never was. */
static void test_scope(void **state)
{
    int64_t no = poll_by(alice, bob, 2), public = poll_by(alice, 0, 2);

    (void)state;
    MUST(store_vote_add(st, no, bob, 1));
    GIVES(E_NOTFOUND, store_vote_add(st, no, carol, 1));
    GIVES(E_NOTFOUND, store_poll_close(st, no, carol, 2000));
    MUST(store_edge_open(st, EDGE_BLOCK, alice, carol, 0, 0, 1500));
    GIVES(E_NOTFOUND, store_vote_add(st, public, carol, 1));
}

static void test_edit(void **state)
{
    int64_t no = poll_by(alice, 0, 3), closed = poll_by(alice, 0, 2);

    (void)state;
    MUST(store_poll_edit(st, no, 2));
    assert_int_equal(2, poll_of(no, 0).choices);
    GIVES(E_LIMIT, store_vote_add(st, no, bob, 3));
    GIVES(E_LIMIT, store_poll_edit(st, no, 1));
    GIVES(E_LIMIT, store_poll_edit(st, no, LIMIT_CHOICES + 1));
    GIVES(E_NOTFOUND, store_poll_edit(st, 99, 2));
    MUST(store_vote_add(st, no, bob, 2));
    GIVES(E_DENIED, store_poll_edit(st, no, 3));
    MUST(store_poll_close(st, closed, alice, 2000));
    GIVES(E_DENIED, store_poll_edit(st, closed, 3));
}

/* Everybody who voted is told once, in portions; not the author, not who has left. */
static void test_close(void **state)
{
    int64_t no = poll_by(alice, 0, 2), empty = poll_by(bob, 0, 2), people[7];
    struct voters v;

    (void)state;
    for (int i = 0; i < 7; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        people[i] = person(nick);
        MUST(store_vote_add(st, no, people[i], 1 + i % 2));
    }
    MUST(store_vote_add(st, no, alice, 1));
    MUST(store_voters_take(st, 3, ar, &v));
    assert_int_equal(0, v.n); /* it is open */
    GIVES(E_DENIED, store_poll_close(st, no, bob, 2000));
    GIVES(E_NOTFOUND, store_poll_close(st, 99, bob, 2000));
    MUST(store_poll_close(st, empty, bob, 2000));
    MUST(store_poll_close(st, no, alice, 2000));
    GIVES(E_EXISTS, store_poll_close(st, no, alice, 2001));
    GIVES(E_DENIED, store_vote_add(st, no, carol, 1));
    assert_int_equal(2000, poll_of(no, 0).closed_at);
    MUST(store_person_set_state(st, people[5], PERSON_SUSPENDED)); /* it waits for them */
    MUST(store_person_set_state(st, people[4], PERSON_RETIRED));
    MUST(store_voters_take(st, 3, ar, &v));
    assert_int_equal(3, v.n);
    assert_int_equal(no, v.post);
    assert_int_equal(people[0], v.people[0]);
    MUST(store_voters_take(st, 3, ar, &v));
    assert_int_equal(3, v.n);
    assert_int_equal(people[6], v.people[2]);
    MUST(store_voters_take(st, 3, ar, &v));
    assert_int_equal(0, v.n);
    MUST(store_voters_take(st, 3, ar, &v));
    assert_int_equal(0, v.n);
}

/* What was voted stays counted, who voted it is forgotten. */
static void test_leave(void **state)
{
    int64_t no = poll_by(alice, 0, 2);
    struct poll poll;

    (void)state;
    MUST(store_vote_add(st, no, bob, 1));
    MUST(store_person_set_state(st, bob, PERSON_RETIRED));
    poll = poll_of(no, bob);
    assert_int_equal(1, poll.votes);
    assert_int_equal(0, poll.mine);
}

static void test_delete(void **state)
{
    int64_t no = poll_by(alice, 0, 2);
    struct added added;
    struct voters v;
    struct poll poll;

    (void)state;
    MUST(store_vote_add(st, no, bob, 1));
    MUST(store_poll_close(st, no, alice, 2000));
    MUST(store_post_delete(st, no, 3000, &added));
    GIVES(E_NOTFOUND, store_poll_get(st, no, bob, &poll));
    GIVES(E_NOTFOUND, store_vote_add(st, no, carol, 1));
    MUST(store_voters_take(st, 3, ar, &v));
    assert_int_equal(0, v.n);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_vote),  TEST(test_limits), TEST(test_scope),  TEST(test_edit),
        TEST(test_close), TEST(test_leave),  TEST(test_delete),
    };

    return cmocka_run_group_tests_name("polls", tests, NULL, NULL);
}
