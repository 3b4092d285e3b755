/* SPDX-License-Identifier: MIT */
#include "handlers/messages.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "po/catalog.h"

#define MO_MAGIC 0x950412deU
#define MAX_VALUES 9 /* values of one message; positions are one digit */

enum lang lang_parse(const char *tag, enum lang otherwise)
{
    if (tag == NULL)
        return otherwise;
    if ((tag[0] == 'k' || tag[0] == 'K') && (tag[1] == 'o' || tag[1] == 'O') &&
        (tag[2] == '\0' || tag[2] == '-' || tag[2] == '_'))
        return LANG_KO;
    if ((tag[0] == 'e' || tag[0] == 'E') && (tag[1] == 'n' || tag[1] == 'N') &&
        (tag[2] == '\0' || tag[2] == '-' || tag[2] == '_'))
        return LANG_EN;
    return otherwise;
}

const char *lang_tag(enum lang l)
{
    return l == LANG_KO ? "ko" : "en";
}

/* ---- the catalogue: GNU .mo, made by msgfmt on the machine that builds --------------------- */

static uint32_t mo_word(const unsigned char *at)
{
    uint32_t v;

    memcpy(&v, at, sizeof(v));
    return v;
}

/* The n-th string of the table at `table`; NULL where the file is not what it should be. */
static const char *mo_string(const unsigned char *mo, size_t len, uint32_t table, uint32_t n)
{
    size_t row = (size_t)table + (size_t)n * 8;
    size_t at, count;

    if (row + 8 > len)
        return NULL;
    count = mo_word(mo + row);
    at = mo_word(mo + row + 4);
    if (at >= len || count >= len - at || mo[at + count] != '\0')
        return NULL;
    return (const char *)mo + at;
}

static const char *mo_find(const unsigned char *mo, size_t len, const char *msgid)
{
    uint32_t n, ids, texts, low = 0, high;

    if (len < 28 || mo_word(mo) != MO_MAGIC || msgid[0] == '\0')
        return NULL;
    n = mo_word(mo + 8);
    ids = mo_word(mo + 12);
    texts = mo_word(mo + 16);
    high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        /* A plural id is "one NUL many": strcmp sees the first. */
        const char *id = mo_string(mo, len, ids, middle);
        int cmp;

        if (id == NULL)
            return NULL;
        cmp = strcmp(msgid, id);
        if (cmp == 0)
            return mo_string(mo, len, texts, middle);
        if (cmp < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *message_get(enum lang l, const char *msgid)
{
    const char *text = l == LANG_KO ? mo_find(catalog_ko, catalog_ko_len, msgid) : NULL;

    return text == NULL || text[0] == '\0' ? msgid : text;
}

/* ---- Korean particles ----------------------------------------------------------------------- */

static const struct particle {
    const char *pair, *closed, *open;
    bool rieul_open; /* ㄹ counts as open: 서울로 */
} particles[] = {
    {"은(는)", "은", "는", false},         {"이(가)", "이", "가", false},
    {"을(를)", "을", "를", false},         {"과(와)", "과", "와", false},
    {"(으)로", "으로", "로", true},        {"(이)라고", "이라고", "라고", false},
    {"(이)라는", "이라는", "라는", false}, {"(이)에요", "이에요", "예요", false},
    {"(이)나", "이나", "나", false},
};

/* Bytes of `s` up to what is read aloud last: closing quotes and marks of code do not count, and
 * "Alice Kim (@alice)" is read as far as the name. */
static size_t spoken_len(const char *s, size_t len)
{
    static const char *const silent[] = {"\"", "'", "`", "\xe2\x80\x9d", "\xe2\x80\x99", "*", "]"};
    bool again = true;

    while (again) {
        again = false;
        for (size_t i = 0; i < ARRAY_LEN(silent); i++) {
            size_t n = strlen(silent[i]);

            if (len >= n && memcmp(s + len - n, silent[i], n) == 0) {
                len -= n;
                again = true;
            }
        }
        if (len > 0 && s[len - 1] == ')') {
            size_t open = len - 1;

            while (open > 0 && s[open] != '(' && s[open] != '\n')
                open--;
            if (s[open] != '(')
                return len;
            while (open > 0 && s[open - 1] == ' ')
                open--;
            len = open > 0 && s[open - 1] != '\n' ? open : len - 1;
            again = true;
        }
    }
    return len;
}

/* If a pair begins at `at`: adds the particle that fits what stands in `b`, and returns its length. */
static size_t add_particle(struct buffer *b, const char *at)
{
    for (size_t i = 0; i < ARRAY_LEN(particles); i++) {
        const struct particle *p = &particles[i];
        size_t n = strlen(p->pair);
        int last;

        if (strncmp(at, p->pair, n) != 0)
            continue;
        last = b->len == 0 ? -1 : text_final(b->data, spoken_len(b->data, b->len));
        if (last < 0)
            buffer_add(b, p->pair, n);
        else
            buffer_adds(b, last == 0 || (last == 8 && p->rieul_open) ? p->open : p->closed);
        return n;
    }
    return 0;
}

/* ---- filling in ------------------------------------------------------------------------------- */

struct value_in {
    char kind; /* 's', 'd', 'l' (long long), 0 unused */
    const char *text;
    long long number;
};

/* A directive at *at ('%' is there): its position and kind; *at moves behind it. "%%" gives kind '%'. */
static char directive(const char **at, size_t *next, size_t *position)
{
    const char *p = *at + 1;
    char kind;

    if (*p == '%') {
        *at = p + 1;
        return '%';
    }
    if (p[0] >= '1' && p[0] <= '9' && p[1] == '$') {
        *position = (size_t)(p[0] - '1');
        p += 2;
    } else {
        *position = (*next)++;
    }
    if (p[0] == 'l' && p[1] == 'l' && p[2] == 'd') {
        kind = 'l';
        p += 3;
    } else {
        kind = *p == 's' || *p == 'd' ? *p : '\0';
        p += *p != '\0';
    }
    *at = p;
    return *position < MAX_VALUES ? kind : '\0';
}

/* What the caller hands over follows the English message: the translation may use another order. */
static void take_values(struct value_in *v, const char *msgid, va_list *ap)
{
    size_t next = 0;

    for (const char *p = strchr(msgid, '%'); p != NULL; p = strchr(p, '%')) {
        size_t position = 0;
        char kind = directive(&p, &next, &position);

        if (kind != '\0' && kind != '%')
            v[position].kind = kind;
    }
    for (size_t i = 0; i < MAX_VALUES && v[i].kind != '\0'; i++) {
        if (v[i].kind == 's')
            v[i].text = va_arg(*ap, const char *);
        else if (v[i].kind == 'd')
            v[i].number = va_arg(*ap, int);
        else
            v[i].number = va_arg(*ap, long long);
    }
}

/* 1234567 is written 1,234,567 in both languages; behind '#' it is the number of a post and no quantity. */
static void add_number(struct buffer *b, long long n)
{
    char digits[32];
    int len = snprintf(digits, sizeof(digits), "%lld", n);
    bool plain = b->len > 0 && b->data[b->len - 1] == '#';

    for (int i = 0; i < len; i++) {
        buffer_add(b, digits + i, 1);
        if (!plain && digits[i] != '-' && i + 1 < len && (len - 1 - i) % 3 == 0)
            buffer_add(b, ",", 1);
    }
}

static char *fill(struct arena *a, enum lang l, const char *template, const struct value_in *v)
{
    struct buffer b;
    size_t next = 0;
    char *out;

    buffer_init(&b, LIMIT_STANZA);
    for (const char *p = template; *p != '\0';) {
        size_t n = strcspn(p, l == LANG_KO ? "%(\xec\xea" : "%");
        size_t position = 0;
        char kind;

        buffer_add(&b, p, n);
        p += n;
        if (*p == '\0')
            break;
        if (*p != '%') {
            n = add_particle(&b, p);
            if (n == 0)
                buffer_add(&b, p, n = 1);
            p += n;
            continue;
        }
        kind = directive(&p, &next, &position);
        if (kind == '%')
            buffer_add(&b, "%", 1);
        else if (kind == 's')
            buffer_adds(&b, v[position].text == NULL ? "" : v[position].text);
        else if (kind != '\0')
            add_number(&b, v[position].number);
    }
    out = arena_ndup(a, b.data == NULL ? "" : b.data, b.len);
    buffer_fini(&b);
    return out;
}

char *say_values(struct arena *a, enum lang l, const char *msgid, va_list ap)
{
    struct value_in v[MAX_VALUES] = {{0}};
    va_list own;

    va_copy(own, ap);
    take_values(v, msgid, &own);
    va_end(own);
    return fill(a, l, message_get(l, msgid), v);
}

char *say_n_values(struct arena *a, enum lang l, const char *one, const char *many, int64_t n,
                   va_list ap)
{
    struct value_in v[MAX_VALUES] = {{0}};
    const char *translated = message_get(l, one);
    va_list own;

    /* The values are those of the form for many; the one for one may leave the last ones out. */
    va_copy(own, ap);
    take_values(v, many, &own);
    va_end(own);
    if (translated == one)
        translated = n == 1 ? one : many;
    return fill(a, l, translated, v);
}

char *say(struct arena *a, enum lang l, const char *msgid, ...)
{
    va_list ap;
    char *out;

    va_start(ap, msgid);
    out = say_values(a, l, msgid, ap);
    va_end(ap);
    return out;
}

char *say_n(struct arena *a, enum lang l, const char *one, const char *many, int64_t n, ...)
{
    va_list ap;
    char *out;

    va_start(ap, n);
    out = say_n_values(a, l, one, many, n, ap);
    va_end(ap);
    return out;
}

/* ---- times and people --------------------------------------------------------------------------- */

char *say_time(struct arena *a, enum lang l, int64_t at, int64_t now, const char *zone)
{
    static const char *const days[] = {N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"),
                                       N_("Thu"), N_("Fri"), N_("Sat")};
    static const char *const months[] = {N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"),
                                         N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
                                         N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")};
    struct clock_time t, today, yesterday;
    const char *hour, *day, *month, *weekday;

    clock_local(at, zone, &t);
    clock_local(now, zone, &today);
    clock_local(now - LIMIT_DAY_MS, zone, &yesterday);
    hour = arena_printf(a, "%02d:%02d", t.hour, t.minute);
    if (t.year == today.year && t.month == today.month && t.day == today.day)
        return arena_dup(a, hour);
    if (t.year == yesterday.year && t.month == yesterday.month && t.day == yesterday.day)
        return say(a, l, "yesterday %s", hour);
    day = arena_printf(a, "%d", t.day);
    month = message_get(l, months[(t.month + 11) % 12]);
    weekday = message_get(l, days[t.weekday % 7]);
    /* TRANSLATORS: weekday, day, month, hour: "Mon 23 Nov 14:05" */
    if (t.year == today.year)
        return say(a, l, "%1$s %2$s %3$s %4$s", weekday, day, month, hour);
    /* TRANSLATORS: weekday, day, month, year, hour: "Mon 23 Nov 2026 14:05" */
    return say(a, l, "%1$s %2$s %3$s %4$s %5$s", weekday, day, month, arena_printf(a, "%d", t.year),
               hour);
}

char *say_duration(struct arena *a, enum lang l, int64_t ms)
{
    int64_t seconds = ms < 0 ? 0 : ms / 1000;

    if (seconds >= 86400)
        return say_n(a, l, "%lld day", "%lld days", seconds / 86400, (long long)(seconds / 86400));
    if (seconds >= 3600)
        return say_n(a, l, "%lld hour", "%lld hours", seconds / 3600, (long long)(seconds / 3600));
    if (seconds >= 60)
        return say_n(a, l, "%lld minute", "%lld minutes", seconds / 60, (long long)(seconds / 60));
    return say_n(a, l, "%lld second", "%lld seconds", seconds, (long long)seconds);
}

char *say_person(struct arena *a, const char *name, const char *nick)
{
    if (name == NULL || name[0] == '\0')
        return arena_printf(a, "@%s", nick);
    return arena_printf(a, "%s (@%s)", name, nick);
}
