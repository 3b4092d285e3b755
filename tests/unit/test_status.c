/* SPDX-License-Identifier: MIT */
/* What `jaejalctl status` calls wrong, at both sides of each limit. */
#include "bridge/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct settings settings = {
    .host = "127.0.0.1", .port = 5347, .domain = "blog.corp.example", .database_url = "sqlite:x"};

static struct vitals well(void)
{
    return (struct vitals){.mono = 10000000,
                           .now = 1763888400000,
                           .link_up = true,
                           .link_since = 1000,
                           .heard_at = 9999000,
                           .up_since = 500,
                           .down_why = "",
                           .link_ups = 1,
                           .store_known = true};
}

static void slow(struct histogram *h, int64_t us)
{
    for (int i = 0; i < 98; i++) {
        histogram_add(h, 1000);
    }
    histogram_add(h, us);
    histogram_add(h, us);
}

/* begins: with what the text does; NULL: with no problem. */
static void expect(const struct vitals *v, const char *begins)
{
    struct buffer b;

    buffer_init(&b, 100000);
    status_write(v, &settings, &b);
    if (begins == NULL) {
        begins = "state        all is well\n";
    }
    if (strncmp(b.data, begins, strlen(begins)) != 0) {
        fail_msg("%s\nis not how this begins:\n%s", begins, b.data);
    }
    if (strncmp(begins, "PROBLEM", 7) == 0) {
        assert_null(strstr(b.data, "all is well"));
    }
    buffer_fini(&b);
}

static void the_link(void **state)
{
    struct vitals v = well();

    (void)state;
    expect(&v, NULL);
    v.link_up = false;
    v.down_since = 9880000;
    v.down_why = "lost: the server closed the connection";
    expect(&v, "PROBLEM      the link is down for 2 min 0 s: lost: the server closed");
    v.link_ups = 0;
    expect(&v, "PROBLEM      not connected since the start, for 2 min 0 s: lost");
    v = well();
    v.unsent = 100;
    v.heard_at = v.mono - STATUS_SILENT_MS + 1;
    expect(&v, NULL);
    v.heard_at--;
    expect(&v, "PROBLEM      the server takes nothing: 100 bytes wait, and it was heard 30 s ago");
    v.unsent = 0;
    expect(&v, NULL);
}

static void the_disk(void **state)
{
    struct vitals v = well();

    (void)state;
    v.turn.failing_since = v.mono - 3000;
    expect(&v, "PROBLEM      nothing could be saved for 3 s (is the disk full?)");
    v = well();
    v.disk_bad = true;
    expect(&v, "PROBLEM      the disk of the database");
    v = well();
    v.store_known = false;
    expect(&v, "PROBLEM      the database cannot be read");
    v = well();
    slow(&v.new_commit, STATUS_COMMIT_US / 2);
    expect(&v, NULL);
    slow(&v.new_commit, 4LL * STATUS_COMMIT_US);
    slow(&v.new_commit, 4LL * STATUS_COMMIT_US);
    expect(&v, "PROBLEM      the disk is slow: one commit in a hundred");
    v = well();
    v.turn.store.wal_bytes = STATUS_LOG_BYTES - 1;
    expect(&v, NULL);
    v.turn.store.wal_bytes++;
    expect(&v, "PROBLEM      the database's log has grown to 48 MiB");
}

static void delivery(void **state)
{
    struct vitals v = well();

    (void)state;
    v.turn.pump.open_walks = 3;
    v.turn.pump.oldest_at = v.now - STATUS_OLD_MS + 1;
    expect(&v, NULL);
    v.turn.pump.oldest_at--;
    expect(&v, "PROBLEM      the queue grows: 3 events are on their way, the oldest for 2 min 0 s");
    v.link_since = v.mono - STATUS_OLD_MS + 1; /* it has just come back: let it work */
    expect(&v, NULL);
    v = well();
    slow(&v.new_fence, 4LL * STATUS_FENCE_US);
    expect(&v, "PROBLEM      the server is slow");
    v = well();
    slow(&v.loop, 4LL * STATUS_LOOP_US);
    expect(&v, "PROBLEM      this machine is too busy");
}

static void notes(void **state)
{
    struct vitals v = well();

    (void)state;
    v.turn.pump.bounced_people = 2;
    expect(&v, "state        all is well\nnote         messages to 2 people come back");
    v = well();
    v.turn.pump.dropped = 1;
    expect(&v, "state        all is well\nnote         1 updates came back twice");
    v = well();
    v.turn.store.to_index = STATUS_BACKLOG - 1;
    expect(&v, "state        all is well\njaejald ");
    v.turn.store.to_index++;
    expect(&v, "state        all is well\nnote         10000 posts wait");
}

/* What is old counts no more after ten minutes. */
static void the_trend(void **state)
{
    struct turn_figures f = {.turns = 0};
    struct trend t = {.at = 0};
    struct histogram fence, commit;

    (void)state;
    trend_keep(&t, &f, 1000);
    histogram_add(&f.commit, 900000);
    histogram_add(&f.pump.fence, 50);
    trend_keep(&t, &f, 1000 + TREND_MS - 1);
    trend_since(&t, &f, &fence, &commit);
    assert_int_equal(histogram_count(&commit), 1);
    assert_int_equal(histogram_count(&fence), 1);
    trend_keep(&t, &f, 1000 + TREND_MS);
    trend_since(&t, &f, &fence, &commit);
    assert_int_equal(histogram_count(&commit), 1);
    trend_keep(&t, &f, 1000 + 2 * TREND_MS);
    trend_since(&t, &f, &fence, &commit);
    assert_int_equal(histogram_count(&commit), 0);
    assert_int_equal(commit.sum_us, 0);
    assert_int_equal(histogram_count(&fence), 0);
}

static void memory(void **state)
{
    (void)state;
    assert_in_range(vitals_resident(), 100000, 4LL << 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_link), cmocka_unit_test(the_disk),  cmocka_unit_test(delivery),
        cmocka_unit_test(notes),    cmocka_unit_test(the_trend), cmocka_unit_test(memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
