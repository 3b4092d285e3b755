/* SPDX-License-Identifier: MIT */
/* The invariants of delivery, each on its own; pump_model.c mixes them. */
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

enum { ANNA = 1, BEN, CORA, DORA, EVA, FRED };

/* Six people online who share presence, all following ANNA; the link is up. */
static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    rig_open(r);
    for (int i = ANNA; i <= FRED; i++)
        assert_int_equal(rig_person(r, true), i);
    for (int i = BEN; i <= FRED; i++)
        rig_follow(r, i, ANNA);
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

static size_t cursors(struct rig *r)
{
    struct cursor *rows;
    size_t n;

    assert_int_equal(store_begin(r->st), OK);
    assert_int_equal(store_cursors(r->st, 0, 1000, r->a, &rows, &n), OK);
    store_rollback(r->st);
    return n;
}

/* The held row of a person's class, 0: none. */
static int64_t held_from(struct rig *r, int64_t no, enum event_class class)
{
    struct held *rows;
    size_t n;
    int64_t from = 0;

    assert_int_equal(store_begin(r->st), OK);
    assert_int_equal(store_held_page(r->st, no - 1, 1, r->a, &rows, &n), OK);
    for (size_t i = 0; i < n; i++)
        if (rows[i].person == no && rows[i].class == class)
            from = rows[i].from;
    store_rollback(r->st);
    return from;
}

static void save(struct rig *r)
{
    rig_pass(r, PUMP_SAVE_MS);
    rig_settle(r);
    rig_fences(r, 0);
}

/* ---- 1, 6: each who is owed, once; settled by the fence, saved within a second ------------------ */

static void everybody_once(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    assert_int_equal(r->n_got, 5);
    for (int i = BEN; i <= FRED; i++)
        assert_int_equal(rig_count(r, i, rig_id(a.post)), 1);
    assert_string_equal(r->got[0].from, RIG_BOT);
    assert_int_equal(cursors(r), 1);
    save(r);
    assert_int_equal(cursors(r), 0);
    assert_int_equal(rig_peer(r, BEN)->last_event, a.event);
    assert_int_equal(pump_deadline(r->pump), -1);
    assert_false(r->owed);
}

static void who_follows_later_is_not_owed(void **state)
{
    struct rig *r = *state;
    int64_t gil = rig_person(r, true);

    r->unsent = PUMP_UNSENT + 1; /* TCP takes nothing */
    rig_post(r, ANNA, 0, 0, 0);
    rig_follow(r, gil, ANNA);
    r->unsent = 0;
    rig_settle(r);
    assert_int_equal(rig_count(r, gil, NULL), 0);
    assert_int_equal(r->n_got, 5);
}

static void nothing_before_the_commit(void **state)
{
    struct rig *r = *state;

    rig_begin(r);
    rig_post(r, ANNA, 0, 0, 0);
    assert_int_equal(r->out.len, 0);
    rig_drop(r);
    rig_settle(r);
    assert_int_equal(r->n_got, 0);
}

static void fence_is_awaited(void **state)
{
    struct rig *r = *state;

    rig_post(r, ANNA, 0, 0, 0);
    assert_int_equal(rig_wire(r, SIZE_MAX), 6); /* and the fence */
    assert_true(r->owed);
    rig_pass(r, 10 * PUMP_SAVE_MS);
    rig_run(r);
    assert_false(pump_save_due(r->pump, r->mono));
    assert_int_equal(cursors(r), 1);
    assert_false(pump_fence(r->pump, "f-0000000000000000-0", r->mono));
    assert_false(pump_fence(r->pump, "f-", r->mono));
    rig_fences(r, 1);
    assert_true(pump_deadline(r->pump) > r->mono);
    save(r);
    assert_int_equal(cursors(r), 0);
}

/* Turns that only read do not put it off. */
static void saved_in_a_second_whatever_happens(void **state)
{
    struct rig *r = *state;

    rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    for (int i = 0; i < 11; i++) {
        rig_pass(r, PUMP_SAVE_MS / 10);
        rig_begin(r);
        rig_end(r);
    }
    assert_true(pump_save_due(r->pump, r->mono));
    rig_fences(r, 0);
    assert_int_equal(cursors(r), 0);
}

/* An answer to a later fence says everything about the earlier ones, and an old one nothing. */
static void fences_imply_earlier_ones(void **state)
{
    struct rig *r = *state;
    char first[64];

    rig_post(r, ANNA, 0, 0, 0);
    rig_wire(r, SIZE_MAX);
    memcpy(first, r->fences[0], sizeof first);
    r->n_fences = 0; /* its answer is lost */
    rig_post(r, ANNA, 0, 0, 0);
    rig_wire(r, SIZE_MAX);
    rig_fences(r, SIZE_MAX);
    assert_true(pump_fence(r->pump, first, r->mono));
    save(r);
    assert_int_equal(cursors(r), 0);
    assert_false(r->owed);
}

/* The server swallowed one: without another, nothing more would ever leave. */
static void a_lost_fence_is_not_the_end(void **state)
{
    struct rig *r = *state;

    r->pump->window = 100;
    rig_post(r, ANNA, 0, 0, 0);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(r->n_got, 1);
    r->n_fences = 0;
    rig_pass(r, PUMP_FENCE_MS - 1);
    rig_settle(r);
    assert_int_equal(r->n_got, 1);
    assert_int_equal(pump_deadline(r->pump), r->mono + 1);
    rig_pass(r, 1);
    rig_settle(r);
    assert_int_equal(r->n_got, 5);
}

/* ---- 3: holds ------------------------------------------------------------------------------------ */

static void away_is_held_and_returns(void **state)
{
    struct rig *r = *state;
    struct added a, b;
    int64_t n = 0;

    rig_leave(r, CORA);
    assert_int_equal(held_from(r, CORA, CLASS_BULK), 1);
    a = rig_post(r, ANNA, 0, 0, 0);
    b = rig_post(r, ANNA, 0, 0, CORA);
    rig_settle(r);
    save(r);
    assert_int_equal(cursors(r), 0);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    rig_begin(r);
    assert_int_equal(pump_waiting(r->pump, rig_peer(r, CORA), 100, &n), OK);
    rig_end(r);
    assert_int_equal(n, 2);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2);
    assert_true(rig_find(r, CORA, rig_id(a.post)) < rig_find(r, CORA, rig_id(b.post)));
    assert_true(r->got[rig_find(r, CORA, rig_id(a.post))].late);
    assert_false(r->got[rig_find(r, BEN, rig_id(a.post))].late);
    assert_int_equal(held_from(r, CORA, CLASS_BULK), 0);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 3);
}

/* What is in flight when somebody leaves is owed by position. */
static void hold_begins_with_the_unsettled(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_wire(r, SIZE_MAX); /* the fence is not back */
    rig_leave(r, CORA);
    assert_int_equal(held_from(r, CORA, CLASS_BULK), a.event);
    rig_down(r); /* perhaps it never arrived */
    rig_forget(r);
    rig_up(r, true);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    assert_int_equal(rig_count(r, BEN, rig_id(a.post)), 1);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

/* An event of the same turn has no walk yet: it is above the head the pump knows. */
static void hold_covers_this_turn(void **state)
{
    struct rig *r = *state;
    struct added a;

    rig_begin(r);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_leave(r, CORA);
    rig_end(r);
    rig_settle(r);
    assert_true(held_from(r, CORA, CLASS_BULK) <= a.event);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
}

static void undone_leave_is_swept_up(void **state)
{
    struct rig *r = *state;

    rig_begin(r);
    rig_leave(r, CORA);
    rig_drop(r); /* no server says it twice */
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    rig_settle(r);
    assert_int_not_equal(rig_peer(r, CORA)->held, 0);
    assert_int_equal(held_from(r, CORA, CLASS_BULK), 1);
}

static void off_is_held_whoever_is_there(void **state)
{
    struct rig *r = *state;

    rig_leave(r, CORA);
    rig_peer(r, CORA)->on = false;
    rig_return(r, CORA);
    rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    rig_peer(r, CORA)->on = true;
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 1);
}

static void negative_priority_is_not_back(void **state)
{
    struct rig *r = *state;

    rig_leave(r, CORA);
    rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    (void)peer_resource_put(rig_peer(r, CORA), "r", -1, "");
    rig_begin(r);
    assert_int_equal(pump_return(r->pump, rig_peer(r, CORA), r->mono), OK);
    rig_end(r);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
}

/* Whoever shares no presence is sent to. After a restart bulk waits for the probes, private messages do not. */
static void restart_waits_for_probes(void **state)
{
    struct rig *r = *state;
    int64_t gil = rig_person(r, false);
    struct added p;

    rig_follow(r, gil, ANNA);
    rig_crash(r);
    rig_up(r, false);
    rig_post(r, ANNA, 0, 0, 0);
    p = rig_post(r, ANNA, 0, CORA, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(p.post)), 1);
    assert_int_equal(r->n_got, 1);
    pump_probed(r->pump, 6, r->mono);
    rig_settle(r);
    (void)peer_resource_put(rig_peer(r, BEN), "r", 0, "");
    rig_peer(r, BEN)->known = true;
    rig_settle(r);
    assert_int_equal(r->n_got, 1);
    rig_pass(r, PUMP_PROBE_WAIT_MS - 1);
    rig_settle(r);
    assert_int_equal(r->n_got, 1);
    rig_pass(r, 1);
    rig_settle(r);
    assert_int_equal(rig_count(r, BEN, NULL), 1);
    assert_int_equal(rig_count(r, gil, NULL), 1);
    assert_int_equal(r->n_got, 3); /* the silent ones are away */
    assert_int_not_equal(held_from(r, DORA, CLASS_BULK), 0);
    rig_return(r, DORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, DORA, NULL), 1);
}

static void probes_end_when_all_have_answered(void **state)
{
    struct rig *r = *state;
    size_t each = 0;
    struct peer *p;

    rig_crash(r);
    rig_up(r, false);
    rig_post(r, ANNA, 0, 0, 0);
    pump_probed(r->pump, 6, r->mono);
    rig_settle(r);
    while ((p = peers_each(r->peers, &each)) != NULL) {
        p->known = true;
        (void)peer_resource_put(p, "r", 0, "");
    }
    rig_pass(r, 200);
    rig_settle(r);
    assert_int_equal(r->n_got, 5);
}

/* ---- 4: order ------------------------------------------------------------------------------------ */

static void private_does_not_wait_for_bulk(void **state)
{
    struct rig *r = *state;
    struct added p;

    for (int i = 0; i < 3000; i++)
        rig_follow(r, rig_person(r, false), ANNA);
    rig_post(r, ANNA, 0, 0, 0);
    rig_wire(r, SIZE_MAX);
    assert_true(r->n_got < 1000); /* the window */
    rig_forget(r);
    p = rig_post(r, BEN, 0, ANNA, 0);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(rig_find(r, ANNA, rig_id(p.post)), 0);
    rig_settle(r);
}

static void answer_follows_what_it_answers(void **state)
{
    struct rig *r = *state;
    struct added a, b;
    int64_t last = FRED;

    for (int i = 0; i < 1500; i++)
        rig_follow(r, last = rig_person(r, false), ANNA);
    a = rig_post(r, ANNA, 0, 0, 0);
    b = rig_post(r, BEN, a.post, 0, last); /* names somebody whom the fan-out has yet to reach */
    rig_wire(r, SIZE_MAX);
    assert_int_equal(rig_count(r, last, NULL), 0);
    assert_int_equal(rig_count(r, ANNA, rig_id(b.post)), 1); /* she is not owed her own */
    rig_settle(r);
    assert_true(rig_find(r, last, rig_id(a.post)) >= 0);
    assert_true(rig_find(r, last, rig_id(a.post)) < rig_find(r, last, rig_id(b.post)));
}

/* However many mentions wait for the fan-out they answer: looking at them costs it nothing. */
static void waiting_starves_nobody(void **state)
{
    struct rig *r = *state;
    struct added a;
    int64_t last = FRED;

    for (int i = 0; i < 1500; i++)
        rig_follow(r, last = rig_person(r, false), ANNA);
    r->unsent = PUMP_UNSENT + 1;
    a = rig_post(r, ANNA, 0, 0, 0);
    for (int i = 0; i < 300; i++)
        rig_post(r, BEN, a.post, 0, last);
    r->unsent = 0;
    for (int i = 0; i < 3000 && r->pump->n_walks > 0; i++) {
        r->pump->window = 2000;
        rig_run(r);
        rig_wire(r, SIZE_MAX);
        rig_pass(r, 5);
        rig_fences(r, SIZE_MAX);
    }
    assert_int_equal(r->pump->n_walks, 0);
    assert_int_equal(rig_count(r, last, NULL), 301);
    assert_int_equal(rig_count(r, last - 1, NULL), 1);
}

static void one_author_in_order(void **state)
{
    struct rig *r = *state;
    struct added a[4];

    for (int i = 0; i < 700; i++)
        rig_follow(r, rig_person(r, false), ANNA);
    rig_begin(r);
    for (int i = 0; i < 4; i++)
        a[i] = rig_post(r, ANNA, 0, 0, 0);
    rig_end(r);
    rig_wire(r, SIZE_MAX);
    rig_down(r);
    rig_up(r, true);
    rig_settle(r);
    for (int64_t no = BEN; no <= FRED + 700; no++)
        for (int i = 1; i < 4; i++)
            assert_true(rig_find(r, no, rig_id(a[i - 1].post)) <
                        rig_find(r, no, rig_id(a[i].post)));
}

static void edit_and_deletion(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);
    char e1[48], gone[48];

    rig_settle(r);
    (void)snprintf(e1, sizeof e1, "%se1", rig_id(a.post));
    (void)snprintf(gone, sizeof gone, "%sd", rig_id(a.post));
    rig_edit(r, a.post, ANNA);
    rig_settle(r);
    assert_int_equal(rig_count(r, BEN, e1), 1);
    assert_true(r->got[rig_find(r, BEN, e1)].correction);
    assert_string_equal(r->got[rig_find(r, BEN, e1)].target, rig_id(a.post));
    rig_delete(r, a.post);
    rig_settle(r);
    assert_true(r->got[rig_find(r, BEN, gone)].retraction);
    assert_string_equal(r->got[rig_find(r, BEN, gone)].target, rig_id(a.post));
    assert_int_equal(r->n_got, 15);
}

/* 5: of a deleted post no text leaves any more, though it was rendered before. */
static void deleted_before_it_was_sent(void **state)
{
    struct rig *r = *state;
    struct added a;

    for (int i = 0; i < 1500; i++)
        rig_follow(r, rig_person(r, false), ANNA);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_wire(r, SIZE_MAX);
    assert_true(r->n_got > 0 && r->n_got < 1000);
    rig_delete(r, a.post);
    rig_forget(r);
    rig_settle(r);
    for (size_t i = 0; i < r->n_got; i++)
        assert_true(r->got[i].retraction);
    assert_int_equal(r->n_got, 1505);
}

/* ---- answers ------------------------------------------------------------------------------------- */

static struct answer answer = {
    .person = CORA, .to = "p3@corp.example/a<b'c", .from = RIG_DOMAIN, .text = "Posted & done"};

static void answers_are_never_held(void **state)
{
    struct rig *r = *state;
    int64_t event;
    char id[32];

    rig_leave(r, CORA);
    rig_begin(r);
    assert_int_equal(store_answer_add(r->st, EVENT_ANSWER, &answer, r->now, &event), OK);
    rig_end(r);
    rig_settle(r);
    (void)snprintf(id, sizeof id, "a%lld", (long long)event);
    assert_int_equal(r->n_got, 1);
    assert_string_equal(r->got[0].id, id);
    assert_string_equal(r->got[0].to, "p3@corp.example/a&lt;b&apos;c");
    assert_string_equal(r->got[0].from, RIG_DOMAIN);
    save(r);
    assert_int_equal(cursors(r), 0);
    assert_int_equal(rig_peer(r, CORA)->last_event, 0);
    rig_bounce(r, CORA, id, "service-unavailable");
    rig_settle(r);
    assert_int_equal(r->n_got, 1);
    assert_false(rig_peer(r, CORA)->bounced);
}

/* A notice is nobody's answer: what came back is owed again, also to who was away before it. */
static void notices_come_back(void **state)
{
    struct rig *r = *state;
    struct answer notice = {
        .person = CORA, .to = "p3@corp.example", .from = RIG_DOMAIN, .text = "#1: liked by Anna"};
    int64_t event;
    char id[32];

    rig_leave(r, CORA);
    rig_begin(r);
    assert_int_equal(store_answer_add(r->st, EVENT_NOTICE, &notice, r->now, &event), OK);
    rig_end(r);
    rig_settle(r);
    (void)snprintf(id, sizeof id, "n%lld", (long long)event);
    assert_int_equal(rig_count(r, CORA, id), 1);
    save(r);
    rig_bounce(r, BEN, id, "service-unavailable"); /* not his */
    assert_false(rig_peer(r, BEN)->bounced);
    rig_bounce(r, CORA, id, "service-unavailable");
    assert_true(rig_peer(r, CORA)->bounced);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, id), 1);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, id), 2);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    save(r);
    rig_leave(r, CORA);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, id), 2);
}

/* ---- 8, digests ----------------------------------------------------------------------------------- */

static void many_missed_become_one_summary(void **state)
{
    struct rig *r = *state;
    struct added p[25], d;
    bool in;

    rig_leave(r, CORA);
    p[0] = rig_post(r, ANNA, 0, 0, 0);
    d = rig_post(r, BEN, 0, CORA, 0);
    for (int i = 1; i < 25; i++)
        p[i] = rig_post(r, ANNA, 0, 0, i == 3 ? CORA : 0);
    rig_settle(r);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2);
    assert_int_equal(rig_count(r, CORA, rig_id(d.post)), 1);
    assert_non_null(strstr(r->got[r->n_got - 1].body, "25 updates"));
    assert_non_null(strstr(r->got[r->n_got - 1].body, "\n1 names or answers you"));
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    rig_begin(r);
    assert_int_equal(store_digest_has(r->st, CORA, CLASS_BULK, p[24].event, &in), OK);
    assert_true(in);
    rig_end(r);
    /* What corrects one of these would correct what CORA never saw. */
    rig_edit(r, p[5].post, ANNA);
    rig_delete(r, p[6].post);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 2);
    /* A private message came by itself: what becomes of it is told, at once or on return. */
    rig_edit(r, d.post, BEN);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 3);
    rig_leave(r, CORA);
    rig_delete(r, d.post);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 4);
    assert_true(r->got[r->n_got - 1].retraction);
    /* The summary came back: it is owed again. */
    rig_bounce(r, CORA, r->got[rig_find(r, CORA, NULL) + 1].id, "gone"); /* not an id of hers */
    for (size_t i = 0; i < r->n_got; i++)
        if (r->got[i].id[0] == 'd')
            rig_bounce(r, CORA, r->got[i].id, "service-unavailable");
    assert_int_not_equal(rig_peer(r, CORA)->held, 0);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 5);
}

static void up_to_the_limit_one_by_one(void **state)
{
    struct rig *r = *state;

    rig_leave(r, CORA);
    for (int i = 0; i < 20; i++)
        rig_post(r, ANNA, 0, 0, 0);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 20);
}

/* A deletion of what she has is told beside the summary. */
static void summary_keeps_retractions(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);
    char gone[48];

    rig_settle(r);
    rig_leave(r, CORA);
    for (int i = 0; i < 25; i++)
        rig_post(r, ANNA, 0, 0, 0);
    rig_delete(r, a.post);
    rig_return(r, CORA);
    rig_settle(r);
    (void)snprintf(gone, sizeof gone, "%sd", rig_id(a.post));
    assert_int_equal(rig_count(r, CORA, NULL), 3);
    assert_int_equal(rig_count(r, CORA, gone), 1);
}

/* A walk that has yet to pass her leaves her out once: her catch-up brought it. */
static void catch_up_overtakes_the_walk(void **state)
{
    struct rig *r = *state;
    struct added a;
    int64_t last = FRED;

    for (int i = 0; i < 1500; i++)
        rig_follow(r, last = rig_person(r, true), ANNA);
    rig_leave(r, last);
    r->pump->window = 3000; /* of a slow server */
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_return(r, last);
    for (int i = 0; i < 20 && rig_peer(r, last)->held != 0; i++) {
        rig_wire(r, SIZE_MAX);
        r->pump->window = 3000;
        rig_fences(r, 1);
    }
    assert_int_equal(rig_peer(r, last)->held, 0);
    assert_int_equal(rig_count(r, last, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, last - 1, NULL), 0);
    rig_down(r); /* walks begin anew at what is settled, and still leave her out */
    rig_up(r, true);
    rig_settle(r);
    assert_int_equal(rig_count(r, last, rig_id(a.post)), 1);
    assert_true(r->got[rig_find(r, last, rig_id(a.post))].late);
    assert_int_equal(rig_count(r, last - 1, rig_id(a.post)), 1);
}

static void leaving_again_stops_the_catch_up(void **state)
{
    struct rig *r = *state;
    struct added p[10];

    rig_leave(r, CORA);
    for (int i = 0; i < 10; i++)
        p[i] = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    rig_forget(r);
    rig_return(r, CORA);
    rig_wire(r, 5); /* of 10 and a fence */
    rig_leave(r, CORA);
    assert_int_equal(held_from(r, CORA, CLASS_BULK), p[0].event);
    rig_wire(r, SIZE_MAX);
    rig_fences(r, SIZE_MAX);
    rig_settle(r);
    assert_int_equal(held_from(r, CORA, CLASS_BULK), p[0].event);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 20);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

/* While she catches up more is written: H moves on, in order. */
static void catch_up_extends(void **state)
{
    struct rig *r = *state;
    struct added a, b;

    rig_leave(r, CORA);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    rig_return(r, CORA);
    b = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    assert_true(rig_find(r, CORA, rig_id(a.post)) < rig_find(r, CORA, rig_id(b.post)));
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

/* ---- 7: bounces ------------------------------------------------------------------------------------ */

static void bounce_holds_and_is_tried(void **state)
{
    struct rig *r = *state;
    int64_t gil = rig_person(r, false);
    struct added a, b;
    struct pump_figures f;

    rig_follow(r, gil, ANNA);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    save(r);
    rig_bounce(r, gil, rig_id(a.post), "resource-constraint"); /* late: it was settled */
    assert_true(rig_peer(r, gil)->bounced);
    b = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, gil, NULL), 1);
    rig_pass(r, 600000 - 1 - PUMP_SAVE_MS);
    rig_settle(r);
    assert_int_equal(rig_count(r, gil, NULL), 1);
    rig_pass(r, 1 + PUMP_SAVE_MS);
    rig_run(r);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(rig_count(r, gil, rig_id(a.post)), 2); /* one, to try */
    assert_int_equal(rig_count(r, gil, NULL), 2);
    rig_bounce(r, gil, rig_id(a.post), "resource-constraint");
    rig_settle(r);
    assert_int_equal(rig_count(r, gil, NULL), 2);
    rig_crash(r);
    rig_up(r, true);
    rig_pass(r, 3600000 - 2 * PUMP_SAVE_MS);
    rig_settle(r);
    assert_int_equal(rig_count(r, gil, NULL), 2);
    rig_pass(r, 3 * PUMP_SAVE_MS);
    rig_settle(r); /* this time it gets through, and the rest follows */
    assert_int_equal(rig_count(r, gil, rig_id(a.post)), 3);
    assert_int_equal(rig_count(r, gil, rig_id(b.post)), 1);
    assert_false(rig_peer(r, gil)->bounced);
    assert_int_equal(rig_peer(r, gil)->held, 0);
    pump_figures(r->pump, &f);
    assert_int_equal(f.bounced_people, 0);
    assert_int_equal(f.held_people, 0);
}

static void any_stanza_frees_after_a_bounce(void **state)
{
    struct rig *r = *state;
    int64_t gil = rig_person(r, false);
    struct added a;

    rig_follow(r, gil, ANNA);
    a = rig_post(r, ANNA, 0, 0, 0);
    rig_wire(r, SIZE_MAX);
    rig_bounce(r, gil, rig_id(a.post), "service-unavailable");
    rig_settle(r);
    assert_int_equal(rig_count(r, gil, NULL), 1);
    rig_begin(r);
    assert_int_equal(pump_return(r->pump, rig_peer(r, gil), r->mono), OK);
    rig_end(r);
    rig_settle(r);
    assert_int_equal(rig_count(r, gil, rig_id(a.post)), 2);
    assert_false(rig_peer(r, gil)->bounced);
}

static void odd_bounce_is_sent_once_more(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    rig_bounce(r, CORA, rig_id(a.post), "not-acceptable");
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    rig_bounce(r, CORA, rig_id(a.post), "not-acceptable");
    rig_settle(r);
    save(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

/* It came back after its fence, before the store heard that it is owed no more. */
static void late_bounce_keeps_it_owed(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);
    int64_t *events;
    size_t n;

    rig_settle(r);
    save(r);
    rig_bounce(r, CORA, rig_id(a.post), "gone");
    rig_return(r, CORA);
    rig_wire(r, SIZE_MAX); /* the trial */
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    for (size_t i = 0; i < r->n_fences; i++)
        assert_true(pump_fence(r->pump, r->fences[i], r->mono));
    r->n_fences = 0;
    rig_bounce(r, CORA, rig_id(a.post), "gone");
    rig_begin(r);
    assert_int_equal(pump_save(r->pump, r->now), OK);
    assert_int_equal(store_back_list(r->st, CORA, 0, 10, r->a, &events, &n), OK);
    assert_int_equal(n, 1);
    assert_int_equal(events[0], a.event);
    rig_end(r);
    assert_true(rig_peer(r, CORA)->bounced);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 3);
    assert_false(rig_peer(r, CORA)->bounced);
}

/* A full disk undoes the turn that heard of a bounce: the next one hears of it again. */
static void bounce_of_an_undone_turn(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    rig_begin(r);
    rig_bounce(r, CORA, rig_id(a.post), "gone");
    rig_drop(r);
    assert_false(rig_peer(r, CORA)->bounced);
    save(r);
    assert_true(rig_peer(r, CORA)->bounced);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
}

static void forged_bounces(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, BEN, 0);
    static const char *const ids[] = {"p",
                                      "p0",
                                      "p01",
                                      "p99",
                                      "pe1",
                                      "p1e",
                                      "p1e1",
                                      "p1d",
                                      "r1",
                                      "r",
                                      "r9d",
                                      "x1",
                                      "a9",
                                      "d",
                                      "d3-1",
                                      "d9-1-2",
                                      "d3-0-1",
                                      "d3-2-1",
                                      "d3-1-2",
                                      "d3-1-2-",
                                      "d3-1-2-80x",
                                      "f-1-1",
                                      "",
                                      "p1234567890123456789012345678901234567890",
                                      "p1e99999999999999999"};

    rig_settle(r);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        rig_bounce(r, CORA, ids[i], "service-unavailable");
    rig_bounce(r, CORA, rig_id(a.post), "service-unavailable"); /* never owed */
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
}

/* ---- 9: crash, lost link --------------------------------------------------------------------------- */

static void crash_repeats_with_the_same_ids(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_wire(r, SIZE_MAX);
    rig_fences(r, SIZE_MAX); /* settled, not written */
    rig_crash(r);
    rig_up(r, true);
    rig_settle(r);
    for (int i = BEN; i <= FRED; i++)
        assert_int_equal(rig_count(r, i, rig_id(a.post)), 2);
    assert_string_equal(r->got[rig_find(r, BEN, NULL)].body, r->got[r->n_got - 5].body);
}

static void lost_link_walks_again(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    assert_int_equal(rig_wire(r, 2), 2); /* two reached the server, their fence did not */
    rig_down(r);
    rig_pass(r, 1000);
    rig_run(r);
    assert_int_equal(r->out.len, 0);
    rig_up(r, true);
    rig_settle(r);
    assert_int_equal(r->n_got, 7);
    for (int i = BEN; i <= FRED; i++)
        assert_true(rig_count(r, i, rig_id(a.post)) >= 1);
}

/* ---- window ----------------------------------------------------------------------------------------- */

static void window_follows_the_rate(void **state)
{
    struct rig *r = *state;
    struct pump_figures f;
    size_t most = 0;

    for (int i = 0; i < 4000; i++)
        rig_follow(r, rig_person(r, false), ANNA);
    rig_post(r, ANNA, 0, 0, 0);
    /* A server that takes 100 bytes a millisecond. */
    for (int i = 0; i < 400 && r->n_got < 4005; i++) {
        size_t before = r->out.len;

        rig_wire(r, SIZE_MAX);
        rig_pass(r, (int64_t)before / 100);
        rig_fences(r, 1);
        pump_figures(r->pump, &f);
        if (i > 40 && f.in_flight_bytes > most)
            most = f.in_flight_bytes;
    }
    assert_int_equal(f.window_bytes, PUMP_WINDOW_MIN);
    assert_true(most <= PUMP_WINDOW_MIN * 3 / 2);
    rig_down(r);
    rig_up(r, false);
    pump_figures(r->pump, &f);
    assert_int_equal(f.window_bytes, PUMP_WINDOW_FIRST);
    rig_settle(r);
}

static void nothing_while_tcp_takes_nothing(void **state)
{
    struct rig *r = *state;

    r->unsent = PUMP_UNSENT + 1;
    rig_post(r, ANNA, 0, 0, 0);
    assert_int_equal(r->out.len, 0);
    assert_int_equal(pump_deadline(r->pump), -1); /* no busy loop */
    r->unsent = 0;
    assert_int_equal(pump_deadline(r->pump), 0);
    rig_settle(r);
    assert_int_equal(r->n_got, 5);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(everybody_once),
        T(who_follows_later_is_not_owed),
        T(nothing_before_the_commit),
        T(fence_is_awaited),
        T(saved_in_a_second_whatever_happens),
        T(fences_imply_earlier_ones),
        T(a_lost_fence_is_not_the_end),
        T(away_is_held_and_returns),
        T(hold_begins_with_the_unsettled),
        T(hold_covers_this_turn),
        T(undone_leave_is_swept_up),
        T(off_is_held_whoever_is_there),
        T(negative_priority_is_not_back),
        T(restart_waits_for_probes),
        T(probes_end_when_all_have_answered),
        T(private_does_not_wait_for_bulk),
        T(answer_follows_what_it_answers),
        T(waiting_starves_nobody),
        T(one_author_in_order),
        T(edit_and_deletion),
        T(deleted_before_it_was_sent),
        T(answers_are_never_held),
        T(many_missed_become_one_summary),
        T(up_to_the_limit_one_by_one),
        T(summary_keeps_retractions),
        T(catch_up_overtakes_the_walk),
        T(leaving_again_stops_the_catch_up),
        T(catch_up_extends),
        T(notices_come_back),
        T(bounce_holds_and_is_tried),
        T(any_stanza_frees_after_a_bounce),
        T(odd_bounce_is_sent_once_more),
        T(late_bounce_keeps_it_owed),
        T(bounce_of_an_undone_turn),
        T(forged_bounces),
        T(crash_repeats_with_the_same_ids),
        T(lost_link_walks_again),
        T(window_follows_the_rate),
        T(nothing_while_tcp_takes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
