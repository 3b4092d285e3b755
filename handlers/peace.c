/* SPDX-License-Identifier: MIT */
#include "handlers/peace.h"

#include "base/clock.h"

#define MINUTE_MS 60000LL

/* The first instant behind `now` at which the clock of the zone shows a minute of the day; weekday -1: on any day.
 * Where daylight saving skips or repeats it, the nearest that lies ahead. */
static int64_t next_at(int minute, int weekday, const char *zone, int64_t now)
{
    struct clock_time t;
    int64_t at;

    clock_local(now, zone, &t);
    if (weekday >= 0)
        t.day += (weekday - t.weekday + 7) % 7;
    t.hour = minute / 60;
    t.minute = minute % 60;
    t.second = 0;
    at = clock_instant(&t, zone);
    if (at <= now) {
        t.day += weekday >= 0 ? 7 : 1;
        at = clock_instant(&t, zone);
    }
    return at > now ? at : now + MINUTE_MS;
}

bool peace_in_quiet(const struct peace *p, const char *zone, int64_t now, int64_t *until)
{
    struct clock_time t;
    int minute;
    bool in;

    clock_local(now, zone, &t);
    minute = t.hour * 60 + t.minute;
    if (p->quiet_from < p->quiet_to)
        in = minute >= p->quiet_from && minute < p->quiet_to;
    else
        in = minute >= p->quiet_from || minute < p->quiet_to;
    *until = next_at(in ? p->quiet_to : p->quiet_from, -1, zone, now);
    return in;
}

static int64_t next_digest(const struct peace *p, const char *zone, int64_t now)
{
    return next_at(p->digest_minute, p->digest == DIGEST_WEEKLY ? p->digest_day : -1, zone, now);
}

void peace_set_digest(struct peace *p, enum digest_mode mode, int day, int minute, const char *zone,
                      int64_t now)
{
    p->digest = mode;
    p->digest_day = day;
    p->digest_minute = minute;
    p->digest_next = mode == DIGEST_OFF && !p->levels ? 0 : next_digest(p, zone, now);
    p->weekly_next = 0;
    if (mode == DIGEST_OFF)
        p->holds &= ~(HOLDS_DUE | HOLDS_WEEK);
}

void peace_set_levels(struct peace *p)
{
    if (!p->levels && p->digest == DIGEST_OFF) {
        p->digest_minute = PEACE_NINE;
        p->digest_day = PEACE_MONDAY;
    } else if (!p->levels && p->digest == DIGEST_DAILY) {
        p->digest_day = PEACE_MONDAY;
    }
    p->levels = true;
}

static void sooner(int64_t *at, int64_t other)
{
    if (other > 0 && (*at == 0 || other < *at))
        *at = other;
}

void peace_judge(struct peace *p, const char *zone, int64_t now)
{
    unsigned due = p->holds & (HOLDS_DUE | HOLDS_WEEK);
    int64_t until = 0;
    bool quiet = p->quiet && peace_in_quiet(p, zone, now, &until);

    p->due = 0;
    sooner(&p->due, until);
    if (p->snooze_until <= now)
        p->snooze_until = 0;
    sooner(&p->due, p->snooze_until);
    if (p->digest != DIGEST_OFF || p->levels) {
        if (p->digest_next != 0 && p->digest_next <= now)
            due |= p->digest == DIGEST_WEEKLY ? HOLDS_DUE | HOLDS_WEEK : HOLDS_DUE;
        if (p->weekly_next != 0 && p->weekly_next <= now)
            due |= HOLDS_WEEK;
        /* Anew each time: the zone may be another one, and a clock that was wrong set right. */
        p->digest_next = next_digest(p, zone, now);
        p->weekly_next = p->levels && p->digest != DIGEST_WEEKLY
                             ? next_at(p->digest_minute, p->digest_day, zone, now)
                             : 0;
    } else {
        p->digest_next = p->weekly_next = 0;
    }
    sooner(&p->due, p->digest_next);
    sooner(&p->due, p->weekly_next);
    if (quiet || p->snooze_until != 0)
        p->holds = (HOLDS_CLASSES & ~p->allow & ~(1u << CLASS_LOUD)) | 1u << CLASS_BULK | due;
    else if (p->digest != DIGEST_OFF || p->levels)
        p->holds = (p->digest != DIGEST_OFF ? 1u << CLASS_BULK : 0) |
                   (p->levels ? 1u << CLASS_DAILY | 1u << CLASS_WEEKLY : 0) | HOLDS_DIGEST | due;
    else
        p->holds = 0;
}

enum err peace_renew(struct store *st, int64_t person, const char *zone, int64_t now)
{
    struct peace p;
    enum err e = store_peace_get(st, person, &p);

    if (e != OK)
        return e;
    peace_judge(&p, zone, now);
    return store_peace_set(st, person, &p);
}
