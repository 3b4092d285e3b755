/* SPDX-License-Identifier: MIT */
#include "base/zone.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define ZONE_DIR "/usr/share/zoneinfo/"
#define ZONE_NAME_MAX 64
#define ZONE_FILE_MAX 65536
#define ZONE_TRANSITIONS_MAX 2000
#define ZONE_TYPES_MAX 256
#define ZONES_KEPT 32

#define DAY 86400

/* When a year's change happens: the POSIX forms Mm.w.d, Jn and n. */
struct rule {
    char kind;            /* 'M', 'J' or '0' */
    int month, week, day; /* day: of the week for M, of the year else */
    int32_t time;         /* seconds of the local day; may be negative or more than a day */
};

struct zone {
    char name[ZONE_NAME_MAX];
    bool known;
    int n_transitions;
    int64_t at[ZONE_TRANSITIONS_MAX];     /* ascending; from here on … */
    int32_t offset[ZONE_TRANSITIONS_MAX]; /* … this holds */
    int32_t first;                        /* before the first of them */
    /* Behind the last of them, from the footer: */
    bool has_tail, has_summer;
    int32_t standard, summer;
    struct rule start, end; /* of summer time */
};

int64_t zone_days(int64_t year, int month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t year_of(int64_t days)
{
    int64_t year = 1970 + days / 366;

    while (zone_days(year + 1, 1, 1) <= days) {
        year++;
    }
    while (zone_days(year, 1, 1) > days) {
        year--;
    }
    return year;
}

/* ---- the footer: a POSIX TZ string, "CET-1CEST,M3.5.0,M10.5.0/3" ---- */

static bool read_number(const char **s, int max, int *out)
{
    int n = 0;

    if (**s < '0' || **s > '9') {
        return false;
    }
    while (**s >= '0' && **s <= '9') {
        n = n * 10 + (*(*s)++ - '0');
        if (n > max) {
            return false;
        }
    }
    *out = n;
    return true;
}

static bool read_name(const char **s)
{
    const char *from = *s;

    if (**s == '<') {
        *s = strchr(*s, '>');
        if (*s == NULL) {
            *s = from;
            return false;
        }
        (*s)++;
        return true;
    }
    while ((**s >= 'A' && **s <= 'Z') || (**s >= 'a' && **s <= 'z')) {
        (*s)++;
    }
    return *s - from >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool read_time(const char **s, int32_t *out)
{
    int sign = 1, hours, minutes = 0, seconds = 0;

    if (**s == '-' || **s == '+') {
        sign = *(*s)++ == '-' ? -1 : 1;
    }
    if (!read_number(s, 167, &hours)) {
        return false;
    }
    if (**s == ':') {
        (*s)++;
        if (!read_number(s, 59, &minutes)) {
            return false;
        }
        if (**s == ':') {
            (*s)++;
            if (!read_number(s, 59, &seconds)) {
                return false;
            }
        }
    }
    *out = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool read_expected(const char **s, char c)
{
    return **s == c ? (*s)++, true : false;
}

static bool read_rule(const char **s, struct rule *out)
{
    bool ok;

    memset(out, 0, sizeof(*out));
    out->time = 2 * 3600;
    if (**s == 'M') {
        out->kind = *(*s)++;
        ok = read_number(s, 12, &out->month) && out->month >= 1 && read_expected(s, '.') &&
             read_number(s, 5, &out->week) && out->week >= 1 && read_expected(s, '.') &&
             read_number(s, 6, &out->day);
    } else if (**s == 'J') {
        out->kind = *(*s)++;
        ok = read_number(s, 365, &out->day) && out->day >= 1;
    } else {
        out->kind = '0';
        ok = read_number(s, 365, &out->day);
    }
    if (ok && **s == '/') {
        (*s)++;
        ok = read_time(s, &out->time);
    }
    return ok;
}

static bool read_tail(const char *s, struct zone *z)
{
    if (!read_name(&s) || !read_time(&s, &z->standard)) {
        return false;
    }
    z->standard = -z->standard; /* POSIX counts west of Greenwich */
    if (*s == '\0') {
        return true;
    }
    if (!read_name(&s)) {
        return false;
    }
    z->summer = z->standard + 3600;
    if (*s != ',' && *s != '\0') {
        if (!read_time(&s, &z->summer)) {
            return false;
        }
        z->summer = -z->summer;
    }
    z->has_summer = read_expected(&s, ',') && read_rule(&s, &z->start) && read_expected(&s, ',') &&
                    read_rule(&s, &z->end) && *s == '\0';
    return z->has_summer;
}

/* Seconds since 1970, in local time as it is before the change. */
static int64_t rule_at(const struct rule *r, int64_t year)
{
    int64_t days = zone_days(year, 1, 1);
    bool leap = zone_days(year + 1, 1, 1) - days == 366;

    if (r->kind == 'M') {
        int64_t first = zone_days(year, r->month, 1);
        int64_t next =
            r->month == 12 ? zone_days(year + 1, 1, 1) : zone_days(year, r->month + 1, 1);
        int weekday = (int)(((first + 4) % 7 + 7) % 7);

        days = first + (r->day - weekday + 7) % 7 + 7 * (r->week - 1);
        if (days >= next) {
            days -= 7;
        }
    } else if (r->kind == 'J') { /* 29 February is never counted */
        days += r->day - 1 + (leap && r->day >= 60 ? 1 : 0);
    } else {
        days += r->day;
    }
    return days * DAY + r->time;
}

static int32_t tail_offset(const struct zone *z, int64_t at)
{
    int64_t local, year, start, end;
    bool summer;

    if (!z->has_summer) {
        return z->standard;
    }
    local = at + z->standard;
    year = year_of((local >= 0 ? local : local - (DAY - 1)) / DAY);
    start = rule_at(&z->start, year) - z->standard;
    end = rule_at(&z->end, year) - z->summer;
    summer = start < end ? at >= start && at < end : at >= start || at < end;
    return summer ? z->summer : z->standard;
}

/* ---- the file ---- */

static int64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t n = p[0] >= 0x80 ? UINT64_MAX : 0;

    for (int i = 0; i < bytes; i++) {
        n = n << 8 | p[i];
    }
    return (int64_t)n;
}

struct counts {
    size_t isut, isstd, leap, time, type, chars;
    size_t bytes; /* of the data block behind the header */
};

#define HEADER 44

static bool read_header(const unsigned char *p, size_t len, size_t time_bytes, struct counts *c)
{
    if (len < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2') {
        return false;
    }
    c->isut = (size_t)(uint32_t)big_endian(p + 20, 4);
    c->isstd = (size_t)(uint32_t)big_endian(p + 24, 4);
    c->leap = (size_t)(uint32_t)big_endian(p + 28, 4);
    c->time = (size_t)(uint32_t)big_endian(p + 32, 4);
    c->type = (size_t)(uint32_t)big_endian(p + 36, 4);
    c->chars = (size_t)(uint32_t)big_endian(p + 40, 4);
    if (c->time > ZONE_TRANSITIONS_MAX || c->type > ZONE_TYPES_MAX || c->type == 0 ||
        c->chars > ZONE_FILE_MAX || c->isut > ZONE_TYPES_MAX || c->isstd > ZONE_TYPES_MAX ||
        c->leap != 0) { /* leap seconds ("right/…"): not the time that clocks show */
        return false;
    }
    c->bytes = c->time * time_bytes + c->time + c->type * 6 + c->chars + c->isstd + c->isut;
    return len - HEADER >= c->bytes;
}

/* Reads the 64-bit data of a TZif file of version 2 or later; p[len] is NUL. */
static bool read_zone(unsigned char *p, size_t len, struct zone *z)
{
    struct counts c;
    const unsigned char *kinds, *types;
    char *end;

    if (!read_header(p, len, 4, &c)) {
        return false;
    }
    p += HEADER + c.bytes;
    len -= HEADER + c.bytes;
    if (!read_header(p, len, 8, &c)) {
        return false;
    }
    p += HEADER;
    kinds = p + c.time * 8;
    types = kinds + c.time;
    z->n_transitions = (int)c.time;
    z->first = (int32_t)big_endian(types, 4);
    for (size_t i = 0; i < c.time; i++) {
        if (kinds[i] >= c.type) {
            return false;
        }
        z->at[i] = big_endian(p + i * 8, 8);
        z->offset[i] = (int32_t)big_endian(types + kinds[i] * 6, 4);
    }
    p += c.bytes;
    len -= HEADER + c.bytes;
    if (len < 2 || p[0] != '\n' || (end = strchr((char *)p + 1, '\n')) == NULL) {
        return false;
    }
    *end = '\0';
    z->has_tail = p[1] != '\0';
    return !z->has_tail || read_tail((const char *)p + 1, z);
}

/* A name and not a path: no dots at all, so that nothing outside the database is opened. */
static bool is_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len < ZONE_NAME_MAX && name[0] != '/' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") ==
               len;
}

static bool load(const char *name, struct zone *z)
{
    char path[sizeof(ZONE_DIR) + ZONE_NAME_MAX];
    unsigned char *data = NULL;
    size_t len;
    FILE *f;
    bool ok = false;

    (void)snprintf(path, sizeof(path), "%s%s", ZONE_DIR, name);
    f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    data = malloc(ZONE_FILE_MAX + 1);
    if (data == NULL) {
        goto out;
    }
    len = fread(data, 1, ZONE_FILE_MAX, f);
    data[len] = '\0';
    ok = !ferror(f) && read_zone(data, len, z);
out:
    free(data);
    (void)fclose(f);
    return ok;
}

const struct zone *zone_find(const char *name)
{
    static struct zone *kept[ZONES_KEPT];
    static size_t next;
    struct zone *z;

    if (!is_name(name)) {
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        if (kept[i] != NULL && strcmp(kept[i]->name, name) == 0) {
            return kept[i]->known ? kept[i] : NULL;
        }
    }
    z = kept[next] != NULL ? kept[next] : malloc(sizeof(*z));
    if (z == NULL) {
        return NULL;
    }
    memset(z, 0, sizeof(*z));
    memcpy(z->name, name, strlen(name) + 1);
    z->known = load(name, z);
    kept[next] = z;
    next = (next + 1) % ZONES_KEPT;
    return z->known ? z : NULL;
}

int32_t zone_offset(const struct zone *z, int64_t at)
{
    int low = 0, high = z->n_transitions;

    while (low < high) { /* the first transition after at */
        int middle = (low + high) / 2;

        if (z->at[middle] <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == z->n_transitions && z->has_tail) {
        return tail_offset(z, at);
    }
    return low == 0 ? z->first : z->offset[low - 1];
}
