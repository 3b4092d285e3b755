/* SPDX-License-Identifier: MIT */
/* Messages that come back: each error that a server says, and what becomes of the message and of the person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "bridge/pump_state.h"
#include "tests/unit/rig.h"

enum { ANNA = 1, BEN, CORA };

/* Three people online who share presence, all following ANNA; the link is up. */
static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    rig_open(r);
    for (int i = ANNA; i <= CORA; i++)
        assert_int_equal(rig_person(r, true), i);
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

/* What the servers were seen to say, and what RFC 6120 has besides. */
static const struct {
    const char *condition, *type;
    enum bounce_act act;
} said[] = {
    {"service-unavailable", "cancel",
     BOUNCE_GONE}, /* both: no account, blocked; Prosody: queue full */
    {"service-unavailable", "wait", BOUNCE_HOLD},
    {"service-unavailable", "", BOUNCE_GONE},
    {"resource-constraint", "wait", BOUNCE_HOLD},       /* ejabberd: queue full */
    {"remote-server-timeout", "wait", BOUNCE_HOLD},     /* Prosody: component away */
    {"remote-server-not-found", "cancel", BOUNCE_HOLD}, /* ejabberd: no DNS */
    {"forbidden", "auth", BOUNCE_HOLD},                 /* ejabberd: s2s closed */
    {"not-allowed", "cancel", BOUNCE_HOLD},             /* Prosody: s2s closed */
    {"subscription-required", "auth", BOUNCE_HOLD},     /* ejabberd, to strangers */
    {"not-acceptable", "modify", BOUNCE_ONCE},          /* ejabberd: mod_pres_counter */
    {"not-acceptable", "cancel", BOUNCE_ONCE},          /* both: blocked */
    {"internal-server-error", "cancel", BOUNCE_HOLD},
    {"bad-request", "modify", BOUNCE_OURS}, /* ejabberd: without an id */
    {"jid-malformed", "modify", BOUNCE_OURS},
    {"gone", "cancel", BOUNCE_GONE},
    {"item-not-found", "cancel", BOUNCE_GONE},
    {"recipient-unavailable", "wait", BOUNCE_HOLD},
    {"registration-required", "auth", BOUNCE_HOLD},
    {"not-authorized", "auth", BOUNCE_HOLD},
    {"redirect", "modify", BOUNCE_HOLD},
    {"policy-violation", "modify", BOUNCE_ONCE},
    {"policy-violation", "wait", BOUNCE_ONCE},
    {"conflict", "cancel", BOUNCE_ONCE},
    {"unexpected-request", "wait", BOUNCE_ONCE},
    {"undefined-condition", "cancel", BOUNCE_ONCE},
    {"feature-not-implemented", "cancel", BOUNCE_DROP},
    {"no-such-condition", "wait", BOUNCE_HOLD},
    {"no-such-condition", "cancel", BOUNCE_ONCE},
    {"", "", BOUNCE_ONCE},
};

/* Nothing more to her until she shows herself, or her time comes; then all of it. */
static void goes_held(struct rig *r, const char *id)
{
    struct added b;

    assert_true(rig_peer(r, CORA)->bounced);
    assert_int_equal(rig_peer(r, CORA)->held, HELD_ALL);
    b = rig_post(r, ANNA, 0, 0, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 1);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, id), 2);
    assert_int_equal(rig_count(r, CORA, rig_id(b.post)), 1);
    assert_false(rig_peer(r, CORA)->bounced);
}

static void goes_again(struct rig *r, const char *id, size_t times)
{
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, id), times);
}

static void each_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        enum bounce_act act = said[i].act;
        struct rig r;
        struct added a;
        struct pump_figures f;
        const char *id;

        assert_int_equal(bounce_act(said[i].condition, said[i].type), act);
        rig_open(&r);
        for (int k = ANNA; k <= CORA; k++)
            assert_int_equal(rig_person(&r, true), k);
        rig_follow(&r, CORA, ANNA);
        rig_up(&r, true);
        a = rig_post(&r, ANNA, 0, 0, 0);
        id = rig_id(a.post);
        rig_settle(&r);
        rig_bounce_as(&r, CORA, id, said[i].condition, said[i].type);
        if (act == BOUNCE_HOLD || act == BOUNCE_GONE) {
            goes_held(&r, id);
        } else {
            goes_again(&r, id, act == BOUNCE_ONCE ? 2 : 1);
            rig_bounce_as(&r, CORA, id, said[i].condition, said[i].type);
            goes_again(&r, id, act == BOUNCE_ONCE ? 2 : 1);
        }
        pump_figures(r.pump, &f);
        assert_int_equal(f.dropped, act == BOUNCE_ONCE                         ? 1
                                    : act == BOUNCE_DROP || act == BOUNCE_OURS ? 2
                                                                               : 0);
        rig_close(&r);
    }
}

/* A filter sends back what a catch-up sent of what had come back before, in front of the catch-up's fence. */
static void odd_in_a_catch_up(void **state)
{
    struct rig *r = *state;
    struct added a = rig_post(r, ANNA, 0, 0, 0);

    rig_settle(r);
    rig_bounce(r, CORA, rig_id(a.post), "service-unavailable");
    rig_return(r, CORA);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 2);
    rig_bounce(r, CORA, rig_id(a.post), "not-acceptable");
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, rig_id(a.post)), 3);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line),
        T(odd_in_a_catch_up),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
