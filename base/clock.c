/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/zone.h"

#define DAY 86400
/* Beyond this a calendar date is nonsense, and milliseconds would not hold it. */
#define YEAR_MAX 1000000

static bool held;
static int64_t held_real_ms, held_mono_us;

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t now_us(clockid_t id)
{
    struct timespec t;

    if (clock_gettime(id, &t) != 0) {
        return 0; /* both clocks are there on every system with POSIX timers */
    }
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_real_ms(void)
{
    return held ? held_real_ms : now_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_mono_us(void)
{
    return held ? held_mono_us : now_us(CLOCK_MONOTONIC);
}

int64_t clock_mono_ms(void)
{
    return clock_mono_us() / 1000;
}

void clock_hold(int64_t real_ms, int64_t mono_ms)
{
    held = true;
    held_real_ms = real_ms;
    held_mono_us = mono_ms * 1000;
}

void clock_advance(int64_t ms)
{
    held_real_ms += ms;
    held_mono_us += ms * 1000;
}

void clock_release(void)
{
    held = false;
}

/* The calendar of seconds since 1970 that already count in local time. */
static void calendar(int64_t seconds, struct clock_time *out)
{
    int64_t days = floor_div(seconds, DAY), rest = seconds - days * DAY;
    int64_t z = days + 719468, era = floor_div(z, 146097), of_era = z - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * of_year + 2) / 153;

    out->day = (int)(of_year - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = (int)(year_of_era + era * 400 + (out->month <= 2 ? 1 : 0));
    out->hour = (int)(rest / 3600);
    out->minute = (int)(rest / 60 % 60);
    out->second = (int)(rest % 60);
    out->weekday = (int)(((days + 4) % 7 + 7) % 7);
}

void clock_stamp(int64_t real_ms, char *out)
{
    struct clock_time t;
    int64_t seconds = floor_div(real_ms, 1000);

    calendar(seconds, &t);
    (void)snprintf(out, CLOCK_STAMP_LEN, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.year, t.month,
                   t.day, t.hour, t.minute, t.second, (int)((real_ms % 1000 + 1000) % 1000));
}

/* Seconds east of UTC of the process' own zone, which libc knows best (TZ, /etc/localtime). */
static int32_t process_offset(int64_t at)
{
    time_t t = (time_t)at;
    struct tm tm;

    if (localtime_r(&t, &tm) == NULL) {
        return 0;
    }
    return (int32_t)(zone_days(tm.tm_year + 1900LL, tm.tm_mon + 1, tm.tm_mday) * DAY +
                     tm.tm_hour * 3600LL + tm.tm_min * 60LL + tm.tm_sec - at);
}

static int32_t offset_at(const char *name, int64_t at)
{
    const struct zone *z;

    if (name == NULL || name[0] == '\0') {
        return process_offset(at);
    }
    z = zone_find(name);
    return z != NULL ? zone_offset(z, at) : 0;
}

bool clock_zone_known(const char *zone)
{
    return zone == NULL || zone[0] == '\0' || zone_find(zone) != NULL;
}

void clock_local(int64_t real_ms, const char *zone, struct clock_time *out)
{
    int64_t seconds = floor_div(real_ms, 1000);

    calendar(seconds + offset_at(zone, seconds), out);
}

int64_t clock_day(int64_t real_ms, const char *zone)
{
    int64_t seconds = floor_div(real_ms, 1000);

    return floor_div(seconds + offset_at(zone, seconds), DAY);
}

int64_t clock_instant(const struct clock_time *t, const char *zone)
{
    int64_t months = (int64_t)t->year * 12 + t->month - 1;
    int64_t year = floor_div(months, 12);
    int64_t local, before, after, first, second;

    if (year > YEAR_MAX || year < -YEAR_MAX) {
        year = year > 0 ? YEAR_MAX : -YEAR_MAX;
    }
    local = zone_days(year, (int)(months - floor_div(months, 12) * 12) + 1, t->day) * DAY +
            (int64_t)t->hour * 3600 + (int64_t)t->minute * 60 + t->second;
    /* No zone changes twice within two days: the offset is one of these. */
    before = offset_at(zone, local - DAY);
    after = offset_at(zone, local + DAY);
    first = local - (before > after ? before : after);
    second = local - (before > after ? after : before); /* the later instant of the two */
    if (first != second) {
        bool first_fits = first + offset_at(zone, first) == local;
        bool second_fits = second + offset_at(zone, second) == local;

        if (first_fits && !second_fits) {
            second = first;
        }
    }
    return second * 1000;
}
