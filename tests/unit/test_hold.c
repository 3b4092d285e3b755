/* SPDX-License-Identifier: MIT */
/* What settings hold, as the pump sees it: quiet hours, snoozes, digests, with the clock moved. */
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

#define ANNA 1
#define BEN 2
#define CORA 3
#define BULK (1u << CLASS_BULK)
#define DIGEST (BULK | HOLDS_DIGEST)

static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    rig_open(r);
    for (int i = 0; i < 3; i++)
        (void)rig_person(r, true);
    rig_follow(r, BEN, ANNA);
    rig_follow(r, CORA, ANNA);
    rig_up(r, true);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

/* Their settings hold this from now on. */
static void holds(struct rig *r, int64_t no, unsigned mask)
{
    bool mine = !r->open;

    if (mine)
        rig_begin(r);
    rig_peer(r, no)->holds = (unsigned short)mask;
    assert_int_equal(store_peace_set(r->st, no, &(struct peace){.holds = mask}), OK);
    assert_int_equal(pump_peace(r->pump, rig_peer(r, no)), OK);
    if (mine)
        rig_end(r);
}

static void quiet_holds_and_releases(void **state)
{
    struct rig *r = *state;
    struct added a, b;

    holds(r, CORA, HELD_ALL);
    assert_int_equal(rig_peer(r, CORA)->held, HELD_ALL);
    a = rig_post(r, ANNA, 0, 0, 0);
    b = rig_post(r, BEN, 0, CORA, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, BEN, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    /* She comes, goes, writes: it is still quiet. */
    rig_return(r, CORA);
    rig_settle(r);
    rig_leave(r, CORA);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    holds(r, CORA, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

static void what_is_allowed_passes(void **state)
{
    struct rig *r = *state;
    struct added a, b, c;

    holds(r, CORA, HELD_ALL & ~(1u << CLASS_PRIVATE | 1u << CLASS_MENTION));
    a = rig_post(r, ANNA, 0, 0, 0);
    b = rig_post(r, BEN, 0, CORA, 0);
    c = rig_post(r, ANNA, 0, 0, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 0);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(c.post)), 1);
    /* From now on mentions wait as well; what came does not come again. */
    holds(r, CORA, HELD_ALL & ~(1u << CLASS_PRIVATE));
    c = rig_post(r, BEN, 0, 0, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(c.post)), 0);
    holds(r, CORA, BULK);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(c.post)), 1);
    holds(r, CORA, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 4);
}

static void ends_while_away(void **state)
{
    struct rig *r = *state;
    struct added a;

    holds(r, CORA, BULK);
    rig_leave(r, CORA);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    holds(r, CORA, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    /* And off is off, whatever the settings say. */
    rig_begin(r);
    rig_peer(r, CORA)->on = false;
    assert_int_equal(pump_leave(r->pump, rig_peer(r, CORA)), OK);
    rig_end(r);
    holds(r, CORA, BULK);
    holds(r, CORA, 0);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 0);
}

static void begins_during_a_catch_up(void **state)
{
    struct rig *r = *state;
    struct added p[6];

    rig_leave(r, CORA);
    for (int i = 0; i < 6; i++)
        p[i] = rig_post(r, ANNA, 0, 0, i == 5 ? CORA : 0);
    rig_settle(r);
    rig_return(r, CORA);
    rig_run(r);
    (void)rig_wire(r, 3);
    assert_true(rig_count(r, CORA, NULL) > 0);
    holds(r, CORA, HELD_ALL);
    rig_settle(r);
    assert_int_equal(rig_peer(r, CORA)->held, HELD_ALL);
    holds(r, CORA, 0);
    rig_settle(r);
    for (int i = 0; i < 6; i++)
        assert_true(rig_count(r, CORA, rig_id(p[i].post)) >= 1);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

static void survives_a_restart(void **state)
{
    struct rig *r = *state;
    struct added a;

    holds(r, CORA, BULK);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_crash(r);
    assert_int_equal(rig_peer(r, CORA)->holds, BULK);
    rig_up(r, true);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    assert_int_equal(rig_count(r, BEN, rig_id(a.post)), 1);
    rig_return(r, CORA);
    holds(r, CORA, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

/* A turn that began quiet hours is undone: what it held is not held, what it should hold is when it is tried again. */
static void undone(void **state)
{
    struct rig *r = *state;
    struct added a;

    rig_begin(r);
    holds(r, CORA, BULK);
    rig_drop(r);
    rig_peer(r, CORA)->holds = 0; /* as the turn restores it */
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

static void a_digest_a_day(void **state)
{
    struct rig *r = *state;
    struct added a, b, edited;

    holds(r, CORA, DIGEST);
    edited = a = rig_post(r, ANNA, 0, 0, 0);
    (void)rig_post(r, ANNA, 0, 0, 0);
    b = rig_post(r, ANNA, 0, 0, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    holds(r, CORA, DIGEST | HOLDS_DUE);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2);
    assert_non_null(strstr(r->got[r->n_got - 1].body, "Your daily digest: 2 updates."));
    assert_int_equal(rig_peer(r, CORA)->holds, DIGEST); /* given */
    assert_int_equal(rig_peer(r, CORA)->held, BULK);    /* and on it goes */
    /* The edit of what stood in it is not told; that of the mention, which came by itself, is. */
    rig_edit(r, edited.post, ANNA);
    rig_edit(r, b.post, ANNA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 3);
    assert_true(r->got[r->n_got - 1].correction || r->got[r->n_got - 2].correction);
    /* Nothing new: no digest. */
    holds(r, CORA, DIGEST | HOLDS_DUE);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 3);
    assert_int_equal(rig_peer(r, CORA)->holds, DIGEST);
    /* Off: single posts again, what waited first. */
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    holds(r, CORA, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

static void a_digest_waits_for_who_is_away(void **state)
{
    struct rig *r = *state;

    holds(r, CORA, DIGEST);
    (void)rig_post(r, ANNA, 0, 0, 0);
    rig_leave(r, CORA);
    (void)rig_post(r, ANNA, 0, 0, CORA);
    holds(r, CORA, DIGEST | HOLDS_DUE);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    rig_crash(r);
    rig_up(r, false);
    pump_probed(r->pump, 0, r->mono);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2); /* the mention, and the digest */
    assert_non_null(strstr(r->got[r->n_got - 1].body, "Your daily digest: 1 update."));
    assert_int_equal(rig_peer(r, CORA)->held, BULK);
}

/* What came back in quiet hours waits for their end. */
static void bounced_before(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    rig_bounce(r, CORA, rig_id(a.post), "service-unavailable");
    holds(r, CORA, HELD_ALL);
    for (int i = 0; i < 5; i++) {
        rig_pass(r, 3600000);
        rig_settle(r);
    }
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 1);
    /* Also where a catch-up of what is let through begins. */
    holds(r, CORA, HELD_ALL & ~(1u << CLASS_PRIVATE));
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 1);
    holds(r, CORA, 0);
    rig_return(r, CORA);
    for (int i = 0; i < 3; i++) {
        rig_pass(r, 3600000);
        rig_settle(r);
    }
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    assert_false(rig_peer(r, CORA)->bounced);
}

static void follow_at(struct rig *r, int64_t who, int64_t whom, enum follow_level level)
{
    enum err err;

    rig_begin(r);
    err = store_edge_open(r->st, EDGE_FOLLOW_PERSON, who, whom, (int)level, 0, r->now);
    assert_true(err == OK || err == E_EXISTS);
    rig_end(r);
}

/* Daily and weekly wait for their digest, loud passes quiet hours, now comes now. */
static void levels_of_follow(void **state)
{
    struct rig *r = *state;
    const unsigned levels = 1u << CLASS_DAILY | 1u << CLASS_WEEKLY | HOLDS_DIGEST;
    struct added a, b;

    holds(r, CORA, levels);
    follow_at(r, CORA, ANNA, LEVEL_DAILY);
    follow_at(r, CORA, BEN, LEVEL_WEEKLY);
    a = rig_post(r, ANNA, 0, 0, 0);
    b = rig_post(r, BEN, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, BEN, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    holds(r, CORA, levels | HOLDS_DUE);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 1);
    assert_non_null(strstr(r->got[r->n_got - 1].body, "1 update"));
    assert_int_equal(rig_peer(r, CORA)->holds, levels);
    holds(r, CORA, levels | HOLDS_WEEK);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2);
    assert_non_null(strstr(r->got[r->n_got - 1].body, "1 update"));
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 0);
    holds(r, CORA, HELD_ALL & ~(1u << CLASS_LOUD));
    follow_at(r, CORA, ANNA, LEVEL_LOUD);
    follow_at(r, CORA, BEN, LEVEL_NOW);
    a = rig_post(r, ANNA, 0, 0, 0);
    b = rig_post(r, BEN, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 0);
    holds(r, CORA, levels);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

/* Somebody leaves for good while they catch up: nothing more goes out, to no address or to theirs, and nothing of it is
 * kept. */
static void leaves_during_a_catch_up(void **state)
{
    struct rig *r = *state;
    struct pump_figures f;
    struct person p;
    int64_t last = 0;
    bool in;

    rig_leave(r, CORA);
    rig_begin(r);
    for (int i = 0; i < 800; i++) {
        last = rig_post(r, ANNA, 0, 0, 0).event;
    }
    rig_end(r);
    rig_settle(r);
    rig_forget(r);
    rig_return(r, CORA);
    assert_non_null(rig_peer(r, CORA)->release);
    assert_int_equal(rig_peer(r, CORA)->release->phase, REL_SEND);
    rig_begin(r);
    assert_int_equal(store_person_forget(r->st, CORA), OK);
    assert_int_equal(store_person_by_no(r->st, CORA, r->a, &p), OK);
    assert_int_equal(pump_part(r->pump, peers_put(r->peers, &p)), OK);
    rig_end(r);
    rig_settle(r);
    assert_int_equal(r->n_got, 0);
    assert_null(rig_peer(r, CORA)->release);
    pump_figures(r->pump, &f);
    assert_int_equal(f.held_people, 0);
    rig_begin(r);
    assert_int_equal(store_digest_has(r->st, CORA, CLASS_BULK, last, &in), OK);
    rig_drop(r);
    assert_false(in);
}

/* A new stream shows that they are not there, in the transaction that ends their catch-up: they stay held, in memory and in
 * the store, and get what comes meanwhile when they are back. */
static void gone_when_a_catch_up_ends(void **state)
{
    struct rig *r = *state;
    struct added first, then;
    struct held *rows;
    size_t n, held = 0;

    rig_leave(r, CORA);
    rig_begin(r);
    first = rig_post(r, ANNA, 0, 0, 0);
    rig_end(r);
    rig_settle(r);
    rig_return(r, CORA);
    for (int i = 0; i < 100 && rig_peer(r, CORA)->release->phase != REL_DONE; i++) {
        rig_run(r);
        rig_wire(r, SIZE_MAX);
        while (r->n_fences > 0)
            assert_true(pump_fence(r->pump, r->fences[--r->n_fences], r->mono));
    }
    assert_int_equal(rig_peer(r, CORA)->release->phase, REL_DONE);
    peer_resource_remove(rig_peer(r, CORA), NULL);
    r->pump->sweep = true;
    r->pump->sweep_at = 0;
    rig_begin(r);
    assert_int_equal(pump_save(r->pump, r->now), OK);
    rig_end(r);
    assert_int_equal(rig_peer(r, CORA)->held, HELD_ALL);
    rig_begin(r);
    assert_int_equal(store_held_page(r->st, CORA - 1, 1, r->a, &rows, &n), OK);
    for (size_t i = 0; i < n; i++)
        held |= (size_t)(rows[i].person == CORA) << rows[i].class;
    rig_drop(r);
    assert_int_equal(held, HELD_ALL);
    rig_begin(r);
    then = rig_post(r, ANNA, 0, 0, 0);
    rig_end(r);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(then.post)), 0);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(first.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(then.post)), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(quiet_holds_and_releases), TEST(what_is_allowed_passes),
        TEST(ends_while_away),          TEST(begins_during_a_catch_up),
        TEST(survives_a_restart),       TEST(undone),
        TEST(a_digest_a_day),           TEST(a_digest_waits_for_who_is_away),
        TEST(bounced_before),           TEST(levels_of_follow),
        TEST(leaves_during_a_catch_up), TEST(gone_when_a_catch_up_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
