/* SPDX-License-Identifier: MIT */
/* Tags, and the phrases that people track or mute. A phrase is found by its anchor, one token that
 * every text with it has: so a post costs one look-up per token, however many phrases there are. */
#include "db/sqlite/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "db/query.h"
#include "db/sqlite/near.h"
#include "db/tokenizer.h"

/* A tag that stands only in private messages and closed groups has no spelling to show: it is not there for
 * others, neither as a tag nor as what a particle stands behind; nor is one that somebody just follows or mutes. The first public
 * use gives it one. Look-ups go by an index of those that have one, so the others cost what those cost that never were. */
enum err store_tag_find(struct store *st, const char *key, struct arena *a, struct tag *out)
{
    const enum statement s = ST_TAG_PUBLIC;
    enum err e;

    (void)db_bind(st, s, NO_ARGS);
    db_bind_text(st, s, 1, key);
    e = db_step(st, s);
    if (e == OK) {
        *out = (struct tag){.no = db_column(st, s, 0),
                            .key = db_column_text(st, s, 1, a),
                            .shown = db_column_text(st, s, 2, a)};
        db_end(st, s);
    }
    return e;
}

struct sought {
    int64_t no; /* 0: there is none */
    bool hidden;
    int64_t place; /* of it, or of the one before */
    int64_t last;
};

static enum err tag_sought(struct store *st, const char *key, struct sought *out)
{
    const enum statement s = ST_TAG_SOUGHT;
    enum err e;

    (void)db_bind(st, s, NO_ARGS);
    db_bind_text(st, s, 1, key);
    e = db_step(st, s);
    if (e == OK) {
        bool found = db_column(st, s, 1) != 0;

        out->place = db_column(st, s, 0);
        out->no = found ? out->place : 0;
        out->hidden = !found || sqlite3_column_bytes(st->statements[s], 2) == 0;
        out->last = db_column(st, s, 3);
        db_end(st, s);
    }
    return e;
}

enum err store_tag_hidden(struct store *st, const char *key, int64_t *no)
{
    struct sought t;
    enum err e = tag_sought(st, key, &t);

    if (e == OK) {
        *no = t.no != 0 && t.hidden ? t.no : t.last + 1 + t.place;
    }
    return e;
}

#define FILLER 24
static void filler_name(char name[FILLER], int64_t last)
{
    (void)snprintf(name, FILLER, "\001%lld", (long long)last);
}

/* A row is written also where there is one: a filler, which goes at a quiet moment (fillers_purge). Else who follows a tag
 * could tell by the time whether it stands where they may not read, or is another's. */
static enum err tag_add(struct store *st, const char *key, struct sought *t)
{
    char filler[FILLER];
    enum err e;

    filler_name(filler, t->last);
    (void)db_bind(st, ST_TAG_ADD, NO_ARGS);
    db_bind_text(st, ST_TAG_ADD, 1, t->no != 0 ? filler : key);
    e = db_finish(st, ST_TAG_ADD);
    if (e == OK && t->no == 0) {
        t->no = sqlite3_last_insert_rowid(st->db);
    }
    return e;
}

enum err store_tag_add(struct store *st, const char *key, const char *shown, int64_t *no)
{
    struct sought t;
    enum err e = tag_sought(st, key, &t);

    if (e == OK && t.hidden) {
        e = tag_add(st, key, &t);
    }
    if (e == OK && t.hidden && shown[0] != '\0') {
        (void)db_bind(st, ST_TAG_SHOW, ARGS(t.no));
        db_bind_text(st, ST_TAG_SHOW, 2, shown);
        e = db_finish(st, ST_TAG_SHOW);
    }
    if (e == OK) {
        *no = t.no;
    }
    return e;
}

enum err tag_add_hidden(struct store *st, const char *key, int64_t *no)
{
    struct sought t;
    enum err e = tag_sought(st, key, &t);

    if (e == OK && t.hidden) {
        e = tag_add(st, key, &t);
    }
    if (e == OK) {
        *no = t.no;
    }
    return e;
}

enum err fillers_purge(struct store *st, int64_t rows)
{
    enum err e = db_run(st, ST_TAG_FILLERS_PURGE, ARGS(rows));

    if (e == OK) {
        e = db_run(st, ST_PHRASE_FILLERS_PURGE, ARGS(rows));
    }
    return e == OK ? db_run(st, ST_PAIR_FILLERS_PURGE, ARGS(rows)) : e;
}

enum err store_tags_near(struct store *st, const char *typed, size_t limit, struct arena *a,
                         struct tag **out, size_t *n)
{
    struct near nr;
    enum err e;

    arena_reset(st->scratch);
    near_init(&nr, st->scratch, text_fold(st->scratch, typed), limit);
    (void)db_bind(st, ST_TAGS_USED, NO_ARGS);
    while ((e = db_step(st, ST_TAGS_USED)) == OK) {
        near_offer(&nr, db_column(st, ST_TAGS_USED, 0),
                   (const char *)sqlite3_column_text(st->statements[ST_TAGS_USED], 1));
    }
    *out = arena_array(a, nr.n + 1, sizeof(**out));
    *n = 0;
    for (size_t i = 0; (e == OK || e == E_NOTFOUND) && i < nr.n; i++) {
        e = store_tag_find(st, nr.best[i].name, a, &(*out)[*n]);
        *n += e == OK;
    }
    return e == E_NOTFOUND ? OK : e;
}

/* ---- phrases --------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The words of a phrase or of its key, folded, distinct, ascending. E_USAGE: none, E_LIMIT. */
static enum err phrase_words(struct arena *a, const char *typed, const char **words, size_t *n)
{
    char *s = query_fold(a, typed);
    size_t count = 0, kept = 0;

    if (text_count(typed) > LIMIT_TRACKED_TEXT) {
        return E_LIMIT;
    }
    for (;;) {
        size_t len;

        s += strspn(s, " ");
        len = strcspn(s, " ");
        if (len == 0) {
            break;
        }
        if (count == LIMIT_TRACKED_WORDS) {
            return E_LIMIT;
        }
        words[count++] = arena_ndup(a, s, len);
        s += len;
    }
    qsort(words, count, sizeof(words[0]), by_text);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(words[kept - 1], words[i]) != 0) {
            words[kept++] = words[i];
        }
    }
    *n = kept;
    return kept > 0 ? OK : E_USAGE;
}

static char *phrase_key(struct arena *a, const char *const *words, size_t n)
{
    char *key = arena_dup(a, words[0]);

    for (size_t i = 1; i < n; i++) {
        key = arena_printf(a, "%s %s", key, words[i]);
    }
    return key;
}

/* The token under which the fewest phrases stand so far; of equal ones the longest. */
static enum err choose_anchor(struct store *st, const char *key, const char **out)
{
    int64_t least = INT64_MAX;
    struct tokenizer t;
    struct token token;

    *out = NULL;
    tokenizer_init(&t, key, strlen(key), TOKEN_QUERY);
    while (tokenizer_next(&t, &token)) {
        const char *text = arena_ndup(st->scratch, token.at, token.len);
        enum err e;

        (void)db_bind(st, ST_PHRASE_LOAD, NO_ARGS);
        db_bind_text(st, ST_PHRASE_LOAD, 1, text);
        e = db_step(st, ST_PHRASE_LOAD);
        if (e == OK) {
            int64_t load = db_column(st, ST_PHRASE_LOAD, 0);

            if (*out == NULL || load < least || (load == least && strlen(text) > strlen(*out))) {
                least = load;
                *out = text;
            }
            db_end(st, ST_PHRASE_LOAD);
        } else {
            return e;
        }
    }
    return *out == NULL ? E_USAGE : OK;
}

static enum err phrase_sought(struct store *st, const char *key, struct sought *out)
{
    const enum statement s = ST_PHRASE_SOUGHT;
    enum err e;

    (void)db_bind(st, s, NO_ARGS);
    db_bind_text(st, s, 1, key);
    e = db_step(st, s);
    if (e == OK) {
        out->no = db_column(st, s, 1) != 0 ? db_column(st, s, 0) : 0;
        out->last = db_column(st, s, 2);
        db_end(st, s);
    }
    return e;
}

enum err store_phrase_find(struct store *st, const char *typed, int64_t *no)
{
    const char *words[LIMIT_TRACKED_WORDS];
    struct sought found;
    size_t n;
    enum err e;

    arena_reset(st->scratch);
    if (phrase_words(st->scratch, typed, words, &n) != OK) {
        return E_NOTFOUND;
    }
    e = phrase_sought(st, phrase_key(st->scratch, words, n), &found);
    if (e == OK && found.no == 0) {
        return E_NOTFOUND;
    }
    if (e == OK) {
        *no = found.no;
    }
    return e;
}

enum err store_phrase_add(struct store *st, const char *typed, int64_t *no)
{
    const char *words[LIMIT_TRACKED_WORDS], *anchor, *key;
    char filler[FILLER];
    struct sought found;
    size_t n;
    enum err e;

    arena_reset(st->scratch);
    e = phrase_words(st->scratch, typed, words, &n);
    if (e != OK) {
        return e;
    }
    key = phrase_key(st->scratch, words, n);
    e = phrase_sought(st, key, &found);
    if (e == OK) { /* chosen also where it is not needed: see tag_add() */
        e = choose_anchor(st, key, &anchor);
    }
    if (e != OK) {
        return e;
    }
    filler_name(filler, found.last);
    (void)db_bind(st, ST_PHRASE_ADD, NO_ARGS);
    db_bind_text(st, ST_PHRASE_ADD, 1, found.no != 0 ? filler : key);
    db_bind_text(st, ST_PHRASE_ADD, 2, found.no != 0 ? filler : anchor);
    e = db_finish(st, ST_PHRASE_ADD);
    if (e == OK) {
        *no = found.no != 0 ? found.no : sqlite3_last_insert_rowid(st->db);
    }
    return e;
}

/* ---- a person's tags ---------------------------------------------------------------------------- */

enum err store_person_tag_find(struct store *st, int64_t person, int64_t tag, int64_t *no)
{
    return db_int(st, ST_PAIR_FIND, no, ARGS(person, tag));
}

enum err store_person_tag_add(struct store *st, int64_t person, int64_t tag, int64_t *no)
{
    int64_t found = 0;
    enum err e = store_person_tag_find(st, person, tag, &found);

    if (e == OK || e == E_NOTFOUND) {
        e = db_run(st, ST_PAIR_ADD, ARGS(person, tag, found != 0)); /* see tag_add() */
    }
    if (e == OK) {
        *no = found != 0 ? found : sqlite3_last_insert_rowid(st->db);
    }
    return e;
}

/* ---- phrases in a text -------------------------------------------------------------------------- */

/* The distinct tokens of a text: an open table of at least twice as many places as tokens. */
struct token_set {
    struct token *at;
    size_t mask;
};

static bool token_set_add(struct token_set *set, struct token t)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < t.len; i++) {
        h = (h ^ (unsigned char)t.at[i]) * 1099511628211u;
    }
    for (size_t i = (h ^ h >> 32) & set->mask;; i = (i + 1) & set->mask) {
        if (set->at[i].at == NULL) {
            set->at[i] = t;
            return true;
        }
        if (set->at[i].len == t.len && memcmp(set->at[i].at, t.at, t.len) == 0) {
            return false;
        }
    }
}

bool phrase_in(struct store *st, const char *key, const char *folded)
{
    struct query q = {0};

    for (const char *s = key; *s != '\0' && q.n_terms < ARRAY_LEN(q.terms);) {
        size_t len = strcspn(s, " ");

        q.terms[q.n_terms++] = (struct term){.text = arena_ndup(st->scratch, s, len)};
        s += len + (s[len] == ' ');
    }
    return query_match(&q, folded);
}

/* Whether a text has all words of a phrase's key, and anybody follows or mutes it. */
static enum err phrase_fits(struct store *st, int64_t no, const char *key, const char *folded,
                            bool *fits)
{
    enum err e;

    *fits = phrase_in(st, key, folded);
    if (!*fits) {
        return OK;
    }
    e = db_has(st, ST_SUBJECT_ANY, fits, ARGS(EDGE_FOLLOW_WORDS, no));
    return e != OK || *fits ? e : db_has(st, ST_SUBJECT_ANY, fits, ARGS(EDGE_MUTE_WORDS, no));
}

struct found {
    int64_t *at;
    size_t n, cap;
};

static void found_add(struct arena *a, struct found *f, int64_t no)
{
    if (f->n == f->cap) {
        int64_t *more = arena_array(a, f->cap * 2 + 8, sizeof(*more));

        for (size_t i = 0; i < f->n; i++) {
            more[i] = f->at[i];
        }
        f->at = more;
        f->cap = f->cap * 2 + 8;
    }
    f->at[f->n++] = no;
}

static enum err phrases_at(struct store *st, struct token t, const char *folded, struct arena *a,
                           struct found *out)
{
    enum err e;

    (void)db_bind(st, ST_PHRASES_AT, NO_ARGS);
    db_bind_text(st, ST_PHRASES_AT, 1, arena_ndup(st->scratch, t.at, t.len));
    while ((e = db_step(st, ST_PHRASES_AT)) == OK) {
        int64_t no = db_column(st, ST_PHRASES_AT, 0);
        bool fits = false;

        e = phrase_fits(st, no, db_column_text(st, ST_PHRASES_AT, 1, st->scratch), folded, &fits);
        if (e != OK) {
            db_end(st, ST_PHRASES_AT);
            return e;
        }
        if (fits) {
            found_add(a, out, no);
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err phrases_in(struct store *st, const char *text, struct arena *a, int64_t **out, size_t *n)
{
    struct found found = {0};
    struct token_set set;
    struct tokenizer t;
    struct token token;
    const char *folded;
    size_t places = 64;
    bool any;
    enum err e = db_has(st, ST_PHRASE_ANY, &any, NO_ARGS);

    *n = 0;
    *out = NULL;
    if (e != OK || !any) {
        return e;
    }
    folded = query_fold(a, text);
    while (places < strlen(folded) * 2) { /* there are fewer tokens than bytes */
        places *= 2;
    }
    set = (struct token_set){arena_array(a, places, sizeof(set.at[0])), places - 1};
    tokenizer_init(&t, folded, strlen(folded), TOKEN_EVERY);
    while (e == OK && tokenizer_next(&t, &token)) {
        if (token_set_add(&set, token)) {
            e = phrases_at(st, token, folded, a, &found);
        }
    }
    *out = found.at;
    *n = found.n;
    return e;
}
