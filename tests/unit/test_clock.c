/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/err.h"

static void test_clocks_run(void **state)
{
    int64_t mono, mono_us;

    (void)state;
    assert_true(clock_real_ms() / 1000 - (int64_t)time(NULL) <= 1);
    assert_true((int64_t)time(NULL) - clock_real_ms() / 1000 <= 1);
    mono = clock_mono_ms();
    mono_us = clock_mono_us();
    assert_true(mono_us / 1000 - mono <= 1000);
    while (clock_mono_us() == mono_us) {
    }
    assert_true(clock_mono_us() > mono_us);
}

static void test_held_clocks_stand_still(void **state)
{
    (void)state;
    clock_hold(5000, 70);
    assert_int_equal(clock_real_ms(), 5000);
    assert_int_equal(clock_mono_ms(), 70);
    assert_int_equal(clock_mono_us(), 70000);
    clock_advance(1500);
    assert_int_equal(clock_real_ms(), 6500);
    assert_int_equal(clock_mono_ms(), 1570);
    clock_release();
    assert_true(clock_real_ms() > 1000000000000);
}

static void test_stamp(void **state)
{
    char out[CLOCK_STAMP_LEN];

    (void)state;
    clock_stamp(0, out);
    assert_string_equal(out, "1970-01-01T00:00:00.000Z");
    clock_stamp(1795424400123, out);
    assert_string_equal(out, "2026-11-23T09:00:00.123Z");
    clock_stamp(951782399999, out);
    assert_string_equal(out, "2000-02-28T23:59:59.999Z");
    clock_stamp(951782400000, out);
    assert_string_equal(out, "2000-02-29T00:00:00.000Z");
    clock_stamp(4107542400000, out); /* 2100 is no leap year */
    assert_string_equal(out, "2100-03-01T00:00:00.000Z");
    clock_stamp(-1, out);
    assert_string_equal(out, "1969-12-31T23:59:59.999Z");
    clock_stamp(INT64_MAX, out);
    assert_string_equal(out, "292278994-08-17T07:12:55.807Z");
    clock_stamp(INT64_MIN, out);
    assert_int_equal(out[strlen(out) - 1], 'Z');
}

static void test_known_zones(void **state)
{
    static const char *const good[] = {"",           "UTC",           "Asia/Seoul",
                                       "Asia/Tokyo", "Europe/Berlin", "America/Argentina/Ushuaia",
                                       "Etc/GMT+5",  "EST5EDT"};
    static const char *const bad[] = {
        "Asia/Soul",
        "Asia",
        "asia/seoul!",
        "../../../etc/passwd",
        "/etc/localtime",
        "Asia/../UTC",
        ".",
        "zone.tab",
        "tzdata.zi",
        " UTC",
        "UTC\n",
        "posix/",
        "Asia/Seoul ",
        "Asia/Seoul/x",
        "leapseconds",
        "/Asia/Seoul",
        "right/Asia/Seoul",
        "right/UTC",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };

    (void)state;
    assert_true(clock_zone_known(NULL));
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!clock_zone_known(good[i])) {
            fail_msg("not known: %s (is tzdata installed?)", good[i]);
        }
    }
    for (int round = 0; round < 3; round++) { /* more than are kept, so from the file again */
        for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
            assert_false(clock_zone_known(bad[i]));
        }
    }
}

static void check_local(int64_t ms, const char *zone, const char *want)
{
    struct clock_time t;
    char got[80];

    clock_local(ms, zone, &t);
    (void)snprintf(got, sizeof(got), "%04d-%02d-%02d %02d:%02d:%02d %d", t.year, t.month, t.day,
                   t.hour, t.minute, t.second, t.weekday);
    assert_string_equal(got, want);
}

static void test_local(void **state)
{
    (void)state;
    check_local(1795424400999, "Asia/Seoul", "2026-11-23 18:00:00 1");
    check_local(1795424400999, "UTC", "2026-11-23 09:00:00 1");
    check_local(1795424400999, "No/Such_Zone", "2026-11-23 09:00:00 1");
    check_local(1795424400999, "America/New_York", "2026-11-23 04:00:00 1");
    check_local(1782000000000, "America/New_York", "2026-06-20 20:00:00 6");
    check_local(1795424400999, "Asia/Kathmandu", "2026-11-23 14:45:00 1");
    check_local(0, "Europe/London", "1970-01-01 01:00:00 4");
    check_local(-1, "UTC", "1969-12-31 23:59:59 3");
    /* Seoul had summer time in 1988 */
    check_local(583934400000, "Asia/Seoul", "1988-07-03 22:00:00 0");
    /* beyond the file's transitions, by its rule */
    check_local(2550500000000, "Europe/Berlin", "2050-10-27 18:13:20 4");
    check_local(2550500000000, "Australia/Sydney", "2050-10-28 03:13:20 5");
}

static int64_t instant(int year, int month, int day, int hour, int minute, const char *zone)
{
    const struct clock_time t = {year, month, day, hour, minute, 0, 0};

    return clock_instant(&t, zone);
}

static void test_instant(void **state)
{
    (void)state;
    assert_int_equal(instant(1970, 1, 1, 0, 0, "UTC"), 0);
    assert_int_equal(instant(1970, 1, 1, 9, 0, "Asia/Seoul"), 0);
    assert_int_equal(instant(2026, 11, 23, 18, 0, "Asia/Seoul"), 1795424400000);
    assert_int_equal(instant(2026, 11, 23, 9, 0, "No/Such_Zone"), 1795424400000);
    /* carried */
    assert_int_equal(instant(2026, 10, 54, 18, 0, "Asia/Seoul"), 1795424400000);
    assert_int_equal(instant(2025, 23, 23, 18, 0, "Asia/Seoul"), 1795424400000);
    assert_int_equal(instant(2027, -1, 23, 18, 0, "Asia/Seoul"), 1795424400000);
    assert_int_equal(instant(2026, 12, -7, 18, 0, "Asia/Seoul"), 1795424400000);
    assert_int_equal(instant(2026, 11, 22, 42, 0, "Asia/Seoul"), 1795424400000);
    assert_int_equal(instant(2026, 11, 23, 0, 1080, "Asia/Seoul"), 1795424400000);
    /* Berlin, 2026-03-29: 02:30 does not exist; the later instant is 03:30 summer time */
    assert_int_equal(instant(2026, 3, 29, 2, 30, "Europe/Berlin"), 1774747800000);
    check_local(1774747800000, "Europe/Berlin", "2026-03-29 03:30:00 0");
    assert_int_equal(instant(2026, 3, 29, 1, 59, "Europe/Berlin"), 1774745940000);
    assert_int_equal(instant(2026, 3, 29, 3, 0, "Europe/Berlin"), 1774746000000);
    /* 2026-10-25: 02:30 is twice; the second one, in standard time */
    assert_int_equal(instant(2026, 10, 25, 2, 30, "Europe/Berlin"), 1792891800000);
    assert_int_equal(instant(2026, 10, 25, 1, 59, "Europe/Berlin"), 1792886340000);
    assert_int_equal(instant(2026, 10, 25, 3, 0, "Europe/Berlin"), 1792893600000);
    /* the far ends do not overflow */
    assert_true(instant(2147483647, 2147483647, 2147483647, 2147483647, 2147483647, "UTC") > 0);
    assert_true(instant(-2147483647, -2147483647, -2147483647, -2147483647, 0, "UTC") < 0);
}

static const char *const zones[] = {
    "Asia/Seoul",
    "Asia/Pyongyang",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Moscow",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Nuuk",
    "America/Santiago",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Antarctica/Troll",
    "Etc/GMT-14",
    "EST5EDT",
    "UTC",
    "Asia/Beirut",
    "America/Asuncion",
    "Pacific/Norfolk",
};

/* What libc says, over 200 years and all kinds of zones, and back again. */
static void test_as_libc(void **state)
{
    uint64_t seed = 1;
    char *old = getenv("TZ");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
        assert_true(clock_zone_known(zones[i]));
        setenv("TZ", zones[i], 1);
        tzset();
        for (int n = 0; n < 4000; n++) {
            struct clock_time t, p;
            struct tm tm;
            time_t at;
            int64_t back;

            seed = seed * 6364136223846793005u + 1442695040888963407u;
            at = (time_t)((seed >> 31) % 6311433600u) - 2208988800; /* 1900 to 2100 */
            assert_non_null(localtime_r(&at, &tm));
            clock_local(at * 1000, zones[i], &t);
            clock_local(at * 1000, NULL, &p);
            assert_memory_equal(&t, &p, sizeof(t));
            if (t.year != tm.tm_year + 1900 || t.month != tm.tm_mon + 1 || t.day != tm.tm_mday ||
                t.hour != tm.tm_hour || t.minute != tm.tm_min || t.second != tm.tm_sec ||
                t.weekday != tm.tm_wday) {
                fail_msg("%s at %lld", zones[i], (long long)at);
            }
            /* The instant of a time that exists shows that time, and is not the earlier one. */
            back = clock_instant(&t, zones[i]);
            assert_true(back >= at * 1000);
            clock_local(back, zones[i], &p);
            assert_memory_equal(&t, &p, sizeof(t));
        }
    }
    if (old != NULL) {
        setenv("TZ", old, 1);
    } else {
        unsetenv("TZ");
    }
    tzset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clocks_run), cmocka_unit_test(test_held_clocks_stand_still),
        cmocka_unit_test(test_stamp),      cmocka_unit_test(test_known_zones),
        cmocka_unit_test(test_local),      cmocka_unit_test(test_instant),
        cmocka_unit_test(test_as_libc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
