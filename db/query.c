/* SPDX-License-Identifier: MIT */
#include "db/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "db/tokenizer.h"

#define DAY_MS 86400000LL
#define HOUR_MS 3600000LL
#define MINUTE_MS 60000LL

_Static_assert(ARRAY_LEN(((struct query *)0)->terms) == LIMIT_SEARCH_TERMS, "room for all terms");

char *query_fold(struct arena *a, const char *text)
{
    const char *s = text_fold(a, text);
    char *out = arena_alloc(a, strlen(s) + 3), *p = out;

    *p++ = ' ';
    while (*s != '\0') {
        const char *start = s;
        uint32_t c = text_next(&s);

        if (c != '_' && text_is_word(c)) {
            memcpy(p, start, (size_t)(s - start));
            p += s - start;
        } else if (p[-1] != ' ') {
            *p++ = ' ';
        }
    }
    if (p[-1] != ' ') {
        *p++ = ' ';
    }
    *p = '\0';
    return out;
}

/* ---- matching ------------------------------------------------------------------------------ */

/* Whether a word goes on through this character: neither a blank nor of a script without blanks. */
static bool binds(uint32_t c)
{
    return c != ' ' && c != 0 && !tokenizer_anywhere(c);
}

/* The character that ends before s; there always is one, the blank at the front. */
static uint32_t char_before(const char *s)
{
    do {
        s--;
    } while (((unsigned char)*s & 0xC0) == 0x80);
    return text_next(&s);
}

static bool contains(const char *folded, const char *term)
{
    size_t len = strlen(term);
    const char *first = term;
    bool bound_front, bound_back;

    if (len == 0) {
        return true;
    }
    bound_front = binds(text_next(&first));
    bound_back = binds(char_before(term + len));
    for (const char *at = strstr(folded, term); at != NULL; at = strstr(at + 1, term)) {
        const char *behind = at + len;

        if ((!bound_front || !binds(char_before(at))) &&
            (!bound_back || !binds(text_next(&behind)))) {
            return true;
        }
    }
    return false;
}

bool query_match(const struct query *q, const char *folded)
{
    for (size_t i = 0; i < q->n_terms; i++) {
        if (contains(folded, q->terms[i].text) == q->terms[i].refused) {
            return false;
        }
    }
    return true;
}

/* ---- reading what was typed ------------------------------------------------------------------ */

/* A date: 2026-11-23 with '-', '.' or '/'. */
static bool read_date(const char *s, struct clock_time *out)
{
    int part[3] = {0, 0, 0};
    int i = 0, digits = 0;

    for (; *s != '\0'; s++) {
        if (text_is_digit((unsigned char)*s)) {
            if (++digits > 4) {
                return false;
            }
            part[i] = part[i] * 10 + (*s - '0');
        } else if (strchr("-./", *s) != NULL && digits > 0 && i < 2) {
            i++;
            digits = 0;
        } else {
            return false;
        }
    }
    if (i != 2 || digits == 0 || part[0] < 1970 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
        part[2] > 31) {
        return false;
    }
    *out = (struct clock_time){.year = part[0], .month = part[1], .day = part[2]};
    return true;
}

/* How long ago: 30m, 2h, 3d, 2w; 0 for anything else. */
static int64_t read_ago(const char *s)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"m", MINUTE_MS},  {"h", HOUR_MS},    {"d", DAY_MS},  {"w", 7 * DAY_MS},
                 {"분", MINUTE_MS}, {"시간", HOUR_MS}, {"일", DAY_MS}, {"주", 7 * DAY_MS}};
    int64_t n = 0;
    int digits = 0;

    while (text_is_digit((unsigned char)*s) && digits < 5) {
        n = n * 10 + (*s++ - '0');
        digits++;
    }
    for (size_t i = 0; digits > 0 && i < ARRAY_LEN(units); i++) {
        if (strcmp(s, units[i].unit) == 0) {
            return n * units[i].ms;
        }
    }
    return 0;
}

/* An instant: its day's beginning for since, the beginning of the next day for until. */
static bool read_when(const char *s, const char *zone, bool until, int64_t *out)
{
    static const struct {
        const char *word;
        int days;
    } words[] = {{"today", 0}, {"yesterday", -1}, {"오늘", 0},
                 {"어제", -1}, {"그제", -2},      {"그저께", -2}};
    struct clock_time t;
    int64_t now = clock_real_ms(), ago = read_ago(s);
    bool day = read_date(s, &t);

    for (size_t i = 0; !day && i < ARRAY_LEN(words); i++) {
        if (strcmp(s, words[i].word) == 0) {
            clock_local(now, zone, &t);
            t = (struct clock_time){.year = t.year, .month = t.month, .day = t.day + words[i].days};
            day = true;
        }
    }
    if (day) {
        t.day += until;
        *out = clock_instant(&t, zone);
    } else {
        *out = now - ago;
    }
    *out = *out > 0 ? *out : 1; /* 0 is none */
    return day || ago > 0;
}

/* One word of what was typed. */
struct word {
    const char *text; /* folded, without quotes and sign */
    bool quoted, refused;
};

static bool is_quote(uint32_t c)
{
    return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0x00AB || c == 0x00BB ||
           (c >= 0x300C && c <= 0x300F) || (c >= 0x301D && c <= 0x301F);
}

/* The next word from *s; false at the end. A quotation that does not end reaches to the end. */
static bool next_word(struct arena *a, const char **s, struct word *out)
{
    const char *p = *s, *start, *behind;
    uint32_t c;

    do {
        start = p;
        c = text_next(&p);
    } while (c != 0 && text_is_space(c));
    if (c == 0) {
        return false;
    }
    behind = p;
    out->refused = c == '-' && (c = text_next(&behind)) != 0 && !text_is_space(c);
    if (out->refused) {
        start = p;
        p = behind;
    }
    out->quoted = is_quote(c);
    if (out->quoted) {
        start = p;
    }
    for (;;) {
        const char *before = p;

        c = text_next(&p);
        if (c == 0 || (out->quoted ? is_quote(c) : text_is_space(c))) {
            out->text = arena_ndup(a, start, (size_t)(before - start));
            *s = c == 0 ? before : p;
            return true;
        }
    }
}

static bool read_name(const char *value, const char *signs, const char **field)
{
    value += strspn(value, signs);
    if (*value == '\0' || *field != NULL) {
        return false;
    }
    *field = value;
    return true;
}

static bool set_flag(bool *flag)
{
    *flag = true;
    return true;
}

static bool read_has(const char *v, struct query *q)
{
    return strcmp(v, "link") == 0   ? set_flag(&q->has_link)
           : strcmp(v, "file") == 0 ? set_flag(&q->has_file)
                                    : false;
}

static bool read_is(const char *v, struct query *q)
{
    return strcmp(v, "question") == 0       ? set_flag(&q->is_question)
           : strcmp(v, "open") == 0         ? set_flag(&q->is_open)
           : strcmp(v, "announcement") == 0 ? set_flag(&q->is_announcement)
                                            : false;
}

/* Whether a word is a filter, and if so, whether it can be understood. */
static bool read_filter(const struct word *w, const char *zone, struct query *q, bool *good)
{
    const char *colon = w->quoted ? NULL : strchr(w->text, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - w->text);
    const char *v = colon == NULL ? NULL : colon + 1;

#define IS(key) (len == sizeof(key) - 1 && memcmp(w->text, key, len) == 0)
    if (IS("from")) {
        *good = read_name(v, "@", &q->from_name);
    } else if (IS("to")) {
        *good = read_name(v, "@", &q->to_name);
    } else if (IS("tag")) {
        *good = read_name(v, "#", &q->tag_name);
    } else if (IS("in")) {
        *good = read_name(v, "!", &q->group_name);
    } else if (IS("since")) {
        *good = q->since == 0 && read_when(v, zone, false, &q->since);
    } else if (IS("until")) {
        *good = q->until == 0 && read_when(v, zone, true, &q->until);
    } else if (IS("has")) {
        *good = read_has(v, q);
    } else if (IS("is")) {
        *good = read_is(v, q);
    } else {
        return false;
    }
#undef IS
    *good = *good && !w->refused;
    return true;
}

/* The words of a term: query_fold() without the outer blanks. */
static const char *term_text(struct arena *a, const char *typed)
{
    char *s = query_fold(a, typed) + 1;
    size_t len = strlen(s);

    if (len > 0) {
        s[len - 1] = '\0';
    }
    return s;
}

enum err query_parse(struct arena *a, const char *typed, const char *zone, struct query *out,
                     const char **wrong)
{
    const char *s = text_fold(a, typed);
    bool asks = false;
    struct word w;

    memset(out, 0, sizeof(*out));
    *wrong = NULL;
    if (text_count(s) > LIMIT_SEARCH_TEXT) {
        return E_LIMIT;
    }
    while (next_word(a, &s, &w)) {
        bool good = false;
        const char *text;

        if (read_filter(&w, zone, out, &good)) {
            if (!good) {
                *wrong = w.text;
                return E_USAGE;
            }
            asks = true;
            continue;
        }
        text = term_text(a, w.text);
        if (*text == '\0') {
            continue;
        }
        if (out->n_terms == LIMIT_SEARCH_TERMS) {
            *wrong = w.text;
            return E_LIMIT;
        }
        out->terms[out->n_terms++] = (struct term){text, strchr(text, ' ') != NULL, w.refused};
        asks = asks || !w.refused;
    }
    return asks ? OK : E_USAGE;
}
