/* SPDX-License-Identifier: MIT */
/* Receipts: what the server took and lost comes again to whose clients give them, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bridge/pump_state.h"
#include "tests/unit/rig.h"

enum { ANNA = 1, BEN, CORA, DORA };

static void gives(struct rig *r, int64_t no, const char *id)
{
    pump_receipt(r->pump, rig_peer(r, no), id);
}

/* Four people online who share presence, all following ANNA; CORA's client gives receipts. */
static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    rig_open(r);
    for (int i = ANNA; i <= DORA; i++)
        assert_int_equal(rig_person(r, true), i);
    for (int i = BEN; i <= DORA; i++)
        rig_follow(r, i, ANNA);
    rig_up(r, true);
    gives(r, CORA, "something");
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static void save(struct rig *r)
{
    rig_pass(r, PUMP_SAVE_MS);
    rig_settle(r);
    rig_fences(r, 0);
}

static size_t rows(struct rig *r)
{
    struct unseen_row *out;
    size_t n;

    assert_int_equal(store_begin(r->st), OK);
    assert_int_equal(store_unseen_page(r->st, 0, 0, 1000, r->a, &out, &n), OK);
    store_rollback(r->st);
    return n;
}

/* The server dies with its memory, and is there again. */
static void server_dies(struct rig *r)
{
    rig_down(r);
    save(r);
    rig_up(r, true);
    rig_settle(r);
}

/* Power fails: both die. */
static void power_fails(struct rig *r)
{
    rig_crash(r);
    save(r);
    rig_up(r, true);
    rig_settle(r);
}

static void what_was_not_seen_comes_again(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0), b = rig_post(r, ANNA, 0, 0, 0),
                 c = rig_post(r, ANNA, 0, CORA, 0);

    rig_settle(r);
    gives(r, CORA, rig_id(a.post));
    save(r);
    assert_int_equal(rows(r), 2);
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 2);
    assert_int_equal(rig_count(r, CORA, rig_id(c.post)), 2);
    for (int i = BEN; i <= DORA; i += 2)
        assert_int_equal(rig_count(r, i, NULL), 2); /* they give none */
    assert_true(r->got[r->n_got - 1].late);
    gives(r, CORA, rig_id(b.post));
    gives(r, CORA, rig_id(c.post));
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, NULL), 5);
    assert_int_equal(rows(r), 0);
    assert_int_equal(rig_peer(r, CORA)->unseen, 0);
    assert_false(rig_peer(r, CORA)->back);
}

static void a_receipt_is_for_one_id_of_one_person(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0), b = rig_post(r, ANNA, 0, 0, 0);

    gives(r, DORA, "x");
    b = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    gives(r, CORA, rig_id(b.post)); /* not "all up to" */
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    assert_int_equal(rig_count(r, DORA, rig_id(b.post)), 2);
    assert_int_equal(rig_count(r, DORA, rig_id(a.post)), 1); /* before her first receipt */
}

/* What no fence came back for is walked again, and not owed twice. */
static void unfenced_comes_once_more_only(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_wire(r, SIZE_MAX);
    r->n_fences = 0;
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    assert_int_equal(rig_count(r, BEN, rig_id(a.post)), 2);
    power_fails(r); /* a cursor that lags does not double it either: both were written together */
    assert_int_equal(rig_count(r, BEN, rig_id(a.post)), 3);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 3);
}

static void after_a_minute_the_fence_counts(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    save(r);
    assert_int_equal(rows(r), 1);
    rig_pass(r, UNSEEN_MS - PUMP_SAVE_MS - 1);
    assert_true(pump_deadline(r->pump) > r->mono);
    rig_settle(r);
    assert_int_equal(rig_peer(r, CORA)->unseen, 1);
    rig_pass(r, 1);
    assert_true(pump_deadline(r->pump) <= r->mono);
    rig_settle(r);
    assert_int_equal(rig_peer(r, CORA)->unseen, 0);
    save(r);
    assert_int_equal(rows(r), 0);
    assert_int_equal(pump_deadline(r->pump), -1);
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

static void ten_without_one_are_no_giver(void **state)
{
    struct rig *r = *state;
    struct added a;

    for (int i = 0; i < UNSEEN_MISSES; i++) {
        assert_int_equal(rig_peer(r, CORA)->receipts, UNSEEN_MISSES - i);
        rig_post(r, ANNA, 0, 0, 0);
        rig_settle(r);
        rig_pass(r, UNSEEN_MS);
        rig_settle(r);
    }
    assert_int_equal(rig_peer(r, CORA)->receipts, 0);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_peer(r, CORA)->unseen, 0);
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

static void so_many_each(void **state)
{
    struct rig *r = *state;
    struct added first = rig_post(r, ANNA, 0, 0, 0), last = {0};

    for (int i = 1; i < UNSEEN_EACH + 5; i++)
        last = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_peer(r, CORA)->unseen, UNSEEN_EACH);
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2 * UNSEEN_EACH + 5);
    assert_int_equal(rig_count(r, CORA, rig_id(first.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(last.post)), 2);
}

/* ---- power ----------------------------------------------------------------------------------------- */

static void power_fails_and_it_comes_again(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0), b = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    gives(r, CORA, rig_id(a.post));
    save(r); /* the cursors passed her, and in the same transaction */
    power_fails(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 2);
    assert_int_equal(rig_count(r, BEN, rig_id(b.post)), 1);
    assert_int_equal(rows(r), 0);
    power_fails(r);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)),
                     2); /* after our start nobody is known to give them */
}

static void what_was_seen_leaves_no_row(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    save(r);
    assert_int_equal(rows(r), 1);
    gives(r, CORA, rig_id(a.post));
    save(r);
    assert_int_equal(rows(r), 0);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    gives(r, CORA, rig_id(a.post)); /* before anything was written */
    save(r);
    assert_int_equal(rows(r), 0);
    assert_int_equal(r->pump->unseen.n, 0);
    power_fails(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2);
}

/* Nothing that is owed again waits in memory alone, and what was begun is not lost with an undone turn. */
static void undone_turns(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    rig_begin(r);
    assert_int_equal(pump_save(r->pump, r->now), OK);
    rig_drop(r);
    save(r);
    assert_int_equal(rows(r), 1);
    rig_down(r);
    rig_begin(r);
    assert_int_equal(pump_save(r->pump, r->now), OK);
    rig_drop(r);
    assert_false(rig_peer(r, CORA)->back);
    assert_int_equal(rows(r), 1);
    rig_begin(r);
    assert_int_equal(pump_save(r->pump, r->now), OK);
    assert_int_equal(pump_save(r->pump, r->now), OK);
    rig_end(r);
    assert_true(rig_peer(r, CORA)->back);
    assert_int_equal(rows(r), 0);
    rig_crash(r);
    assert_true(rig_peer(r, CORA)->back);
    rig_up(r, true);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    assert_false(rig_peer(r, CORA)->back);
}

/* ---- holds, catch-ups -------------------------------------------------------------------------------- */

static void who_is_away_gets_it_on_return(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0), b;

    rig_settle(r);
    rig_leave(r, CORA);
    b = rig_post(r, ANNA, 0, 0, 0);
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, NULL), 1);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    assert_true(rig_find(r, CORA, rig_id(a.post)) < rig_find(r, CORA, rig_id(b.post)));
}

static void a_catch_up_comes_again(void **state)
{
    struct rig *r = *state;
    struct added p[3];

    rig_leave(r, CORA);
    for (int i = 0; i < 3; i++)
        p[i] = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 3);
    gives(r, CORA, rig_id(p[1].post));
    save(r);
    power_fails(r);
    assert_int_equal(rig_count(r, CORA, rig_id(p[0].post)), 2);
    assert_int_equal(rig_count(r, CORA, rig_id(p[1].post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(p[2].post)), 2);
    /* The same with the last fence back, and nothing written. */
    gives(r, CORA, "x");
    rig_leave(r, CORA);
    p[0] = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    rig_return(r, CORA);
    rig_wire(r, SIZE_MAX);
    for (size_t i = 0; i < r->n_fences; i++)
        (void)pump_fence(r->pump, r->fences[i], r->mono);
    r->n_fences = 0;
    assert_non_null(rig_peer(r, CORA)->release);
    assert_int_equal(rig_peer(r, CORA)->release->phase, REL_DONE);
    server_dies(r);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(p[0].post)), 2);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

static void what_came_back_is_the_bounces(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    rig_bounce_as(r, CORA, rig_id(a.post), "feature-not-implemented", "cancel");
    assert_int_equal(rig_peer(r, CORA)->unseen, 0);
    server_dies(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

/* What is owed again to who is not held outlives the link, and us. */
static void odd_bounce_and_the_link_falls(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    rig_begin(r);
    rig_bounce(r, BEN, rig_id(a.post), "not-acceptable");
    rig_end(r);
    rig_down(r); /* before it left */
    rig_up(r, true);
    rig_settle(r);
    assert_int_equal(rig_count(r, BEN, rig_id(a.post)), 2);
    rig_bounce(r, DORA, rig_id(a.post), "not-acceptable");
    rig_crash(r);
    rig_up(r, true);
    rig_settle(r);
    assert_int_equal(rig_count(r, DORA, rig_id(a.post)), 2);
}

/* ---- many --------------------------------------------------------------------------------------------- */

static void many(void **state)
{
    struct rig *r = *state;
    int64_t last = DORA;
    struct added a;

    for (int i = 0; i < 3000; i++) {
        last = rig_person(r, true);
        rig_follow(r, last, ANNA);
        gives(r, last, "x");
    }
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    save(r);
    assert_int_equal(rows(r), 3); /* of 1024 neighbours each */
    for (int64_t no = DORA + 1; no <= last; no += 2)
        gives(r, no, rig_id(a.post));
    power_fails(r);
    for (int64_t no = DORA + 1; no <= last; no++)
        assert_int_equal(rig_count(r, no, rig_id(a.post)), 2); /* the rows were of before */
    assert_int_equal(rows(r), 0);
    assert_int_equal(r->pump->unseen.n_lost, 0);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(what_was_not_seen_comes_again),
        T(a_receipt_is_for_one_id_of_one_person),
        T(unfenced_comes_once_more_only),
        T(after_a_minute_the_fence_counts),
        T(ten_without_one_are_no_giver),
        T(so_many_each),
        T(power_fails_and_it_comes_again),
        T(what_was_seen_leaves_no_row),
        T(undone_turns),
        T(who_is_away_gets_it_on_return),
        T(a_catch_up_comes_again),
        T(what_came_back_is_the_bounces),
        T(odd_bounce_and_the_link_falls),
        T(many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
