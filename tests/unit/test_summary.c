/* SPDX-License-Identifier: MIT */
/* Summaries, as the pump gives them: one id says one thing, whatever is lost in between. */
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

/* The body of the only summary in got[] since `from`. */
static const char *summary_since(const struct rig *r, size_t from, char id[48])
{
    const char *body = NULL;

    for (size_t i = from; i < r->n_got; i++) {
        if (r->got[i].id[0] != 'd')
            continue;
        assert_null(body);
        body = r->got[i].body;
        memcpy(id, r->got[i].id, 48);
    }
    assert_non_null(body);
    return body;
}

/* Sent and not settled, lost with the link, come back long after: the same id says the same. What is said about another
 * stretch has another id. */
static void a_summary_says_the_same_again(void **state)
{
    struct rig *r = *state;
    char id[48], again[48];
    const char *body;
    size_t seen;

    rig_leave(r, CORA);
    for (int i = 0; i < 25; i++)
        rig_post(r, ANNA, 0, 0, i % 9 == 3 ? CORA : 0);
    rig_settle(r);
    rig_return(r, CORA);
    for (int i = 0; i < 50 && rig_count(r, CORA, NULL) == 0; i++) {
        rig_run(r);
        rig_wire(r, SIZE_MAX);
    }
    body = summary_since(r, 0, id);
    assert_non_null(strstr(body, "\n3 name or answer you"));
    assert_non_null(strstr(body, "\n22 from @p1\n"));
    seen = r->n_got;
    rig_crash(r);
    rig_up(r, true);
    rig_return(r, CORA);
    rig_settle(r);
    assert_string_equal(summary_since(r, seen, again), body);
    assert_string_equal(again, id);
    seen = r->n_got;
    rig_bounce(r, CORA, id, "service-unavailable");
    rig_return(r, CORA);
    rig_settle(r);
    assert_string_equal(summary_since(r, seen, again), body);
    assert_string_equal(again, id);
    /* A later head, another summary. */
    seen = r->n_got;
    rig_bounce(r, CORA, id, "service-unavailable");
    rig_post(r, ANNA, 0, 0, 0);
    rig_return(r, CORA);
    rig_settle(r);
    assert_non_null(strstr(summary_since(r, seen, again), "26 updates"));
    assert_string_not_equal(again, id);
}

/* All of it taken back before she came: nothing is said, and nothing of it comes later. */
static void nothing_left_to_sum_up(void **state)
{
    struct rig *r = *state;
    struct added p[25];
    struct missed missed;

    rig_leave(r, CORA);
    for (int i = 0; i < 25; i++)
        p[i] = rig_post(r, ANNA, 0, 0, 0);
    for (int i = 0; i < 25; i++)
        rig_delete(r, p[i].post);
    rig_return(r, CORA);
    rig_settle(r);
    assert_int_equal(rig_count(r, CORA, NULL), 0);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
    rig_begin(r);
    assert_int_equal(store_missed_get(r->st, CORA, &missed), OK);
    assert_int_equal(missed.classes, 0);
    rig_end(r);
}

/* So much that the rest is not read: what must come by itself comes all the same. */
static void more_than_is_counted(void **state)
{
    struct rig *r = *state;
    struct added old = rig_post(r, ANNA, 0, 0, 0), gone = rig_post(r, ANNA, 0, 0, 0), late;
    const char *body;
    char id[48], edit[60], deletion[60];
    size_t seen;

    rig_settle(r);
    rig_leave(r, CORA);
    rig_begin(r);
    for (int i = 0; i < LIMIT_DIGEST + 50; i++)
        late = rig_post(r, ANNA, 0, 0, 0);
    rig_end(r);
    rig_edit(r, old.post, ANNA);
    rig_delete(r, gone.post);
    rig_edit(r, late.post, ANNA);
    late = rig_post(r, BEN, 0, CORA, 0);
    rig_settle(r);
    seen = r->n_got;
    rig_return(r, CORA);
    rig_settle(r);
    body = summary_since(r, seen, id);
    assert_non_null(strstr(body, "more than 10,000 updates came."));
    (void)snprintf(edit, sizeof edit, "%se1", rig_id(old.post));
    (void)snprintf(deletion, sizeof deletion, "%sd", rig_id(gone.post));
    assert_int_equal(rig_count(r, CORA, edit), 1);
    assert_int_equal(rig_count(r, CORA, deletion), 1);
    assert_int_equal(rig_count(r, CORA, rig_id(late.post)), 1);
    assert_int_equal(r->n_got, seen + 4);
    assert_int_equal(rig_peer(r, CORA)->held, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_summary_says_the_same_again),
        TEST(nothing_left_to_sum_up),
        TEST(more_than_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
