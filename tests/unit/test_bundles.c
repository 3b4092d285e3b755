/* SPDX-License-Identifier: MIT */
/* Conversations that run hot, at the server's door: what comes at once, what in a bundle, and that a bundle is as safe as
 * a post. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "bridge/pump_state.h"
#include "handlers/hot.h"
#include "tests/unit/rig.h"

static struct rig r;
static int64_t alice, bob, carol, root;

/* Alice began it, bob answers, carol follows him. */
static int setup(void **state)
{
    (void)state;
    rig_open(&r);
    alice = rig_person(&r, true);
    bob = rig_person(&r, true);
    carol = rig_person(&r, true);
    rig_up(&r, true);
    rig_follow(&r, carol, bob);
    root = rig_post(&r, alice, 0, 0, 0).post;
    rig_settle(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rig_close(&r);
    return 0;
}

/* The newest of n answers by bob. */
static struct added answers(int n)
{
    struct added a = {0};

    while (n-- > 0)
        a = rig_post(&r, bob, root, 0, 0);
    rig_settle(&r);
    return a;
}

static void tick(int64_t pass)
{
    int64_t next;

    rig_pass(&r, pass);
    rig_begin(&r);
    assert_int_equal(hot_tick(r.st, r.now, &next), OK);
    rig_end(&r);
    rig_settle(&r);
}

/* The id of the bundle at the head of the log. */
static const char *bundle_id(const char *form)
{
    static char id[40];
    int64_t no;
    struct event e;

    rig_begin(&r);
    assert_int_equal(store_event_head(r.st, &no), OK);
    while (store_event_get(r.st, no, &e) == OK && e.kind != EVENT_BUNDLE)
        no--;
    rig_drop(&r);
    (void)snprintf(id, sizeof id, "h%lld%s", (long long)no, form);
    return id;
}

static const char *body(int64_t who, const char *id)
{
    long at = rig_find(&r, who, id);

    assert_true(at >= 0);
    return r.got[at].body;
}

static void test_both_sides(void **state)
{
    struct added tenth = answers(LIMIT_HOT_REPLIES), a;

    (void)state;
    assert_int_equal(rig_count(&r, carol, rig_id(tenth.post)), 1);
    a = answers(3);
    assert_true(a.hot);
    assert_int_equal(rig_count(&r, alice, NULL), LIMIT_HOT_REPLIES + 3);
    assert_int_equal(rig_count(&r, carol, NULL), LIMIT_HOT_REPLIES);
    tick(LIMIT_HOT_MS - 1);
    assert_int_equal(rig_count(&r, carol, NULL), LIMIT_HOT_REPLIES);
    tick(1);
    assert_int_equal(rig_count(&r, carol, NULL), LIMIT_HOT_REPLIES + 1);
    assert_int_equal(rig_count(&r, carol, bundle_id("")), 1);
    assert_int_equal(strncmp(body(carol, bundle_id("")), "3 more answers to #1 (@p1: text", 31), 0);
    assert_non_null(strstr(body(carol, bundle_id("")), "the newest by @p2: “text"));
    assert_non_null(
        strstr(body(carol, bundle_id("")), "`thread #1` shows them, `follow #1` brings each."));
    assert_int_equal(rig_count(&r, alice, NULL), LIMIT_HOT_REPLIES + 3);
    assert_int_equal(rig_count(&r, bob, NULL), 0);
    a = answers(1);
    assert_false(a.hot);
    assert_int_equal(rig_count(&r, carol, rig_id(a.post)), 1);
}

static void test_one(void **state)
{
    (void)state;
    (void)answers(LIMIT_HOT_REPLIES + 1);
    tick(LIMIT_HOT_MS);
    assert_int_equal(strncmp(body(carol, bundle_id("")), "1 more answer to #1 (@p1: text", 30), 0);
    assert_non_null(strstr(body(carol, bundle_id("")), "`thread #1` shows it,"));
}

/* kill -9 in front of the fence: the same id, the same words. */
static void test_crash(void **state)
{
    int64_t next;

    (void)state;
    (void)answers(LIMIT_HOT_REPLIES + 2);
    rig_crash(&r); /* what waits is in the store */
    rig_up(&r, true);
    rig_pass(&r, LIMIT_HOT_MS);
    rig_begin(&r);
    assert_int_equal(hot_tick(r.st, r.now, &next), OK);
    rig_end(&r);
    (void)rig_wire(&r, SIZE_MAX);
    assert_int_equal(rig_count(&r, carol, bundle_id("")), 1);
    rig_crash(&r);
    rig_up(&r, true);
    assert_int_equal(rig_count(&r, carol, bundle_id("")), 2);
    assert_string_equal(r.got[r.n_got - 1].body, body(carol, bundle_id("")));
}

/* Between the two copies the newest answer was taken back: its words are gone, the id is another one. */
static void test_taken_back(void **state)
{
    struct added a;
    int64_t next;

    (void)state;
    a = answers(LIMIT_HOT_REPLIES + 2);
    rig_pass(&r, LIMIT_HOT_MS);
    rig_begin(&r);
    assert_int_equal(hot_tick(r.st, r.now, &next), OK);
    rig_end(&r);
    (void)rig_wire(&r, SIZE_MAX);
    assert_int_equal(rig_count(&r, carol, bundle_id("")), 1);
    (void)rig_delete(&r, a.post);
    rig_crash(&r);
    rig_up(&r, true);
    assert_int_equal(rig_count(&r, carol, bundle_id("")), 1);
    assert_string_equal(body(carol, bundle_id("b")),
                        "2 more answers to #1.\n`thread #1` shows them, `follow #1` brings each.");
    assert_int_equal(rig_count(&r, carol, "p13d"), 0); /* it never came to her alone */
    assert_int_equal(rig_count(&r, alice, "p13d"), 1);
}

static void test_edited(void **state)
{
    struct added a = answers(LIMIT_HOT_REPLIES + 2);

    (void)state;
    tick(LIMIT_HOT_MS);
    (void)rig_edit(&r, a.post, bob);
    rig_settle(&r);
    assert_int_equal(rig_count(&r, carol, "p12e1"), 0);
    assert_int_equal(rig_count(&r, carol, "p13e1"), 0);
    assert_int_equal(rig_count(&r, alice, a.post == 13 ? "p13e1" : "p12e1"), 1);
}

static void test_bounced(void **state)
{
    const char *id;

    (void)state;
    (void)answers(LIMIT_HOT_REPLIES + 2);
    tick(LIMIT_HOT_MS);
    id = bundle_id("");
    rig_bounce(&r, carol, id, "service-unavailable");
    rig_settle(&r);
    assert_int_equal(rig_count(&r, carol, id), 1);
    rig_return(&r, carol);
    rig_settle(&r);
    assert_int_equal(rig_count(&r, carol, id), 2);
    rig_bounce(&r, alice, id, "service-unavailable"); /* it was not hers */
    assert_int_equal(rig_peer(&r, alice)->held, 0);
}

/* A summary counts the answers, not the bundles. */
static void test_summed_up(void **state)
{
    struct items items;
    size_t before;

    (void)state;
    rig_leave(&r, carol);
    (void)answers(LIMIT_HOT_REPLIES + 20);
    tick(LIMIT_HOT_MS);
    for (int i = 0; i < 15; i++)
        (void)rig_post(&r, bob, 0, 0, 0);
    before = r.n_got;
    rig_return(&r, carol);
    rig_settle(&r);
    assert_int_equal(r.n_got, before + 1);
    assert_int_equal(r.got[before].id[0], 'd');
    assert_non_null(strstr(r.got[before].body, "45 updates"));
    rig_begin(&r);
    assert_int_equal(store_list(r.st, LIST_MISSED, carol, 0, 0, 50, r.a, &items), OK);
    assert_int_equal(items.n, 45);
    rig_end(&r);
}

/* Their settings hold bulk: the bundle waits as the answers would have. */
static void test_held(void **state)
{
    (void)state;
    rig_leave(&r, carol);
    (void)answers(LIMIT_HOT_REPLIES + 2);
    tick(LIMIT_HOT_MS);
    assert_int_equal(rig_count(&r, carol, NULL), 0);
    rig_return(&r, carol);
    rig_settle(&r);
    assert_int_equal(rig_count(&r, carol, NULL), LIMIT_HOT_REPLIES + 1);
    assert_int_equal(rig_count(&r, carol, bundle_id("")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_sides, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_crash, setup, teardown),
        cmocka_unit_test_setup_teardown(test_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_edited, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounced, setup, teardown),
        cmocka_unit_test_setup_teardown(test_summed_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_held, setup, teardown),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests_name("bundles", tests, NULL, NULL);
}
