/* SPDX-License-Identifier: MIT */
/* Time: milliseconds since 1970 UTC for what is kept, a monotonic clock for what is waited for. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_STAMP_LEN 32

int64_t clock_real_ms(void);
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);
/* For tests: both clocks stand still at these values until clock_release(); clock_advance()
 * moves both. */
void clock_hold(int64_t real_ms, int64_t mono_ms);
void clock_advance(int64_t ms);
void clock_release(void);

/* XEP-0082 in UTC, "2026-11-23T09:00:00.123Z"; out has CLOCK_STAMP_LEN bytes. */
void clock_stamp(int64_t real_ms, char *out);

/* Local calendar time in a zone of the system's tz database ("Asia/Seoul"; NULL or "": the
 * process' zone). An unknown zone counts as UTC; clock_zone_known() tells. */
struct clock_time {
    int year, month, day, hour, minute, second; /* month 1-12, day 1-31 */
    int weekday;                                /* 0 Sunday */
};
/* Days since 1970-01-01, of that calendar. */
int64_t clock_day(int64_t real_ms, const char *zone);
bool clock_zone_known(const char *zone);
void clock_local(int64_t real_ms, const char *zone, struct clock_time *out);
/* The instant of a local calendar time; fields out of range are carried (day 32). In a gap or
 * overlap of daylight saving, the later instant. */
int64_t clock_instant(const struct clock_time *t, const char *zone);

#endif
