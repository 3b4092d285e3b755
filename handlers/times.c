/* SPDX-License-Identifier: MIT */
#include "handlers/times.h"

#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"

#define TEN_YEARS_MS (3653 * LIMIT_DAY_MS)

static const struct unit {
    const char *word;
    int64_t ms;
} units[] = {
    {"minutes", 60000},  {"minute", 60000},   {"mins", 60000},   {"min", 60000},
    {"m", 60000},        {"hours", 3600000},  {"hour", 3600000}, {"h", 3600000},
    {"days", 86400000},  {"day", 86400000},   {"d", 86400000},   {"weeks", 604800000},
    {"week", 604800000}, {"w", 604800000},    {"시간", 3600000}, {"분", 60000},
    {"일", 86400000},    {"주일", 604800000}, {"주", 604800000},
};

/* Up to `most` digits; -1: none or more. */
static int digits(const char **s, size_t most)
{
    size_t n = strspn(*s, "0123456789");
    int v = 0;

    if (n == 0 || n > most)
        return -1;
    for (; n > 0; n--)
        v = v * 10 + (*(*s)++ - '0');
    return v;
}

/* 2h, 1h30m, 3일 */
static bool duration(const char *s, int64_t *ms)
{
    *ms = 0;
    while (*s != '\0') {
        int n = digits(&s, 6);
        size_t i;

        if (n < 0)
            return false;
        for (i = 0; i < ARRAY_LEN(units); i++)
            if (strncmp(s, units[i].word, strlen(units[i].word)) == 0)
                break;
        if (i == ARRAY_LEN(units))
            return false;
        s += strlen(units[i].word);
        *ms += n * units[i].ms;
    }
    return *ms > 0;
}

static bool hour(const char *s, struct clock_time *t)
{
    int h = digits(&s, 2), m;

    if (h < 0 || h > 23 || *s++ != ':' || strspn(s, "0123456789") != 2)
        return false;
    m = digits(&s, 2);
    if (m > 59 || *s != '\0')
        return false;
    t->hour = h;
    t->minute = m;
    t->second = 0;
    return true;
}

static bool date(const char *s, struct clock_time *t)
{
    int y = digits(&s, 4), m, d;

    if (y < 2000 || *s++ != '-')
        return false;
    m = digits(&s, 2);
    if (m < 1 || m > 12 || *s++ != '-')
        return false;
    d = digits(&s, 2);
    if (d < 1 || d > 31 || *s != '\0')
        return false;
    t->year = y;
    t->month = m;
    t->day = d;
    t->hour = t->minute = t->second = 0;
    return true;
}

int time_of_day(const char *word)
{
    struct clock_time t;
    int h, m = 0;

    if (hour(word, &t))
        return t.hour * 60 + t.minute;
    h = digits(&word, 2);
    if (h < 0 || h > 23 || strncmp(word, "시", strlen("시")) != 0)
        return -1;
    word += strlen("시");
    if (*word != '\0') {
        m = digits(&word, 2);
        if (m < 0 || m > 59 || strcmp(word, "분") != 0)
            return -1;
    }
    return h * 60 + m;
}

bool time_hours(const char *word, int *from, int *to)
{
    static const char *const dashes[] = {"-", "~", "–", "—", "〜", "～"};
    char first[32];

    for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
        const char *dash = strstr(word, dashes[i]);

        if (dash == NULL || (size_t)(dash - word) >= sizeof(first))
            continue;
        memcpy(first, word, (size_t)(dash - word));
        first[dash - word] = '\0';
        *from = time_of_day(first);
        *to = time_of_day(dash + strlen(dashes[i]));
        return *from >= 0 && *to >= 0 && *from != *to;
    }
    return false;
}

/* As time_parse(), whenever it is. */
static size_t parse(const char *first, const char *second, const char *zone, int64_t now,
                    int64_t *instant)
{
    struct clock_time t;
    int64_t ms = 0;
    size_t used = 1;

    if (first[0] == '\0')
        return 0;
    clock_local(now, zone, &t);
    if (duration(first, &ms)) {
        *instant = now + ms;
    } else if (hour(first, &t)) {
        *instant = clock_instant(&t, zone);
        if (*instant <= now) {
            t.day++;
            *instant = clock_instant(&t, zone);
        }
    } else if (date(first, &t)) {
        used += second != NULL && hour(second, &t);
        *instant = clock_instant(&t, zone);
    } else if (strcmp(first, "tomorrow") == 0 || strcmp(first, "내일") == 0) {
        t.day++;
        t.hour = 9;
        t.minute = t.second = 0;
        used += second != NULL && hour(second, &t);
        *instant = clock_instant(&t, zone);
    } else {
        return 0;
    }
    return used;
}

static bool is_ahead(int64_t instant, int64_t now)
{
    return instant >= now && instant <= now + TEN_YEARS_MS;
}

size_t time_parse(const char *first, const char *second, const char *zone, int64_t now,
                  int64_t *instant)
{
    size_t used = parse(first, second, zone, now, instant);

    return used > 0 && is_ahead(*instant, now) ? used : 0;
}

size_t time_is_past(const char *first, const char *second, const char *zone, int64_t now)
{
    int64_t instant;
    size_t used = parse(first, second, zone, now, &instant);

    return used > 0 && !is_ahead(instant, now) ? used : 0;
}
