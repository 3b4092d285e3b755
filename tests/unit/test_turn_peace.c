/* SPDX-License-Identifier: MIT */
/* The turn's clock for people's settings: quiet hours and snoozes begin and end by themselves, after a restart too, and
 * many that end at once are released one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/unit/turn_days.h"

#define MINUTE 60000LL
#define MANY 1500

static int set_up(void **state)
{
    (void)state;
    turn_days_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    turn_rig_close();
    return 0;
}

static void a_snooze_ends(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "follow alice");
    tell("bob", "snooze 30m");
    tell("alice", "post: in the meantime");
    (void)pass(29 * MINUTE);
    assert_int_equal(count("in the meantime"), 0);
    (void)pass(MINUTE + 1000);
    assert_int_equal(count("in the meantime"), 1);
    tell("alice", "post: afterwards");
    (void)pass(2000);
    assert_int_equal(count("afterwards"), 1);
}

static void hours_of_each_day(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "follow alice");
    tell("bob", "zone UTC");
    tell("bob", "quiet 12:00-13:00");
    for (int day = 0; day < 3; day++) {
        char text[40], was[40];

        (void)pass(3 * 60 * MINUTE + 5 * MINUTE); /* 12:05 */
        (void)snprintf(text, sizeof(text), "post: at lunch %d", day);
        tell("alice", text);
        (void)pass(50 * MINUTE);
        (void)snprintf(was, sizeof(was), "at lunch %d", day);
        assert_int_equal(count(was), 0);
        (void)pass(6 * MINUTE);
        assert_int_equal(count(was), 1);
        assert_true(pass(23 * 60 * MINUTE - 4 * 60 * MINUTE - MINUTE + 60 * MINUTE) < 3000);
    }
}

static void over_a_restart(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "follow alice");
    tell("bob", "snooze 30m");
    tell("alice", "post: in the meantime");
    (void)pass(10 * MINUTE);
    turn_free(turn);
    buffer_reset(&out);
    fenced = 0;
    turn_rig_make();
    turn_link_up(turn);
    (void)pass(10 * MINUTE);
    assert_int_equal(count("in the meantime"), 0);
    turn_free(turn);
    buffer_reset(&out);
    fenced = 0;
    clock_advance(60 * MINUTE); /* it ended while nobody was there to see */
    turn_rig_make();
    turn_link_up(turn);
    (void)pass(MINUTE);
    assert_int_equal(count("in the meantime"), 1);
}

/* Whoever's clock is set forward need not wait for what is over. */
static void the_clock_is_set(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "follow alice");
    tell("bob", "snooze 5h");
    tell("alice", "post: in the meantime");
    (void)pass(MINUTE);
    clock_hold(clock_real_ms() + 6 * 60 * MINUTE, clock_mono_ms());
    (void)pass(2 * MINUTE);
    assert_int_equal(count("in the meantime"), 1);
}

static void many_at_once(void **state)
{
    struct turn_figures f;
    char who[20];

    (void)state;
    tell("alice", "post: first");
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(who, sizeof(who), "p%d", i);
        tell(who, "follow alice");
        tell(who, "snooze 2026-01-01");
    }
    tell("alice", "post: in the meantime");
    (void)pass(MINUTE);
    buffer_reset(&out);
    fenced = 0;
    clock_hold(clock_real_ms() + 365 * 24 * 60 * MINUTE, clock_mono_ms());
    (void)pass(5 * MINUTE);
    assert_int_equal(turn_figures(turn, &f), OK);
    assert_int_equal(f.pump.held_people, 0);
    assert_int_equal(count("in the meantime"), MANY);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_snooze_ends),    TEST(hours_of_each_day), TEST(over_a_restart),
        TEST(the_clock_is_set), TEST(many_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
