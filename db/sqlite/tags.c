/* SPDX-License-Identifier: MIT */
/* The tags in use, and which of them rise. Counts are kept with every public post, so that nobody's question reads
 * posts: how often a tag is used at all, and how often in each six hours of the last fortnight. */
#include "db/sqlite/internal.h"

#define SLOT_MS 21600000LL
#define SLOTS_TODAY 4  /* the six hours that run, and the three before */
#define SLOTS_USUAL 28 /* the week before those */
#define SLOTS_KEPT 56
#define CANDIDATES 100  /* of the most used today, those whose usual is asked for */
#define POSTS_ASKED 200 /* the newest with a tag, among which its authors of today are sought */

enum err tag_count(struct store *st, int64_t tag, int64_t at, int n)
{
    enum err e = db_run(st, ST_TAG_USES, ARGS(tag, n));

    if (e == OK) {
        e = db_run(st, n > 0 ? ST_TAG_SLOT_ADD : ST_TAG_SLOT_TAKE, ARGS(at / SLOT_MS, tag));
    }
    return e;
}

enum err tags_purge(struct store *st, int64_t now, int64_t rows)
{
    return db_run(st, ST_TAG_SLOTS_PURGE, ARGS(now / SLOT_MS - SLOTS_KEPT, rows));
}

enum err store_tags_used(struct store *st, int64_t uses, int64_t no, size_t limit, struct arena *a,
                         struct tag_use **out, size_t *n, bool *more)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    *more = false;
    (void)db_bind(st, ST_TAGS_PAGE,
                  ARGS(no == 0 ? INT64_MAX : uses, no == 0 ? INT64_MAX : no, (int64_t)limit + 1));
    while ((e = db_step(st, ST_TAGS_PAGE)) == OK) {
        if (*n == limit) {
            *more = true;
        } else {
            (*out)[(*n)++] = (struct tag_use){.no = db_column(st, ST_TAGS_PAGE, 0),
                                              .shown = db_column_text(st, ST_TAGS_PAGE, 1, a),
                                              .uses = db_column(st, ST_TAGS_PAGE, 2)};
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

/* As it is written. */
static enum err tag_shown(struct store *st, struct arena *a, struct tag_use *t)
{
    enum err e;

    (void)db_bind(st, ST_TAG_BY_NO, ARGS(t->no));
    e = db_step(st, ST_TAG_BY_NO);
    if (e == OK) {
        t->shown = db_column_text(st, ST_TAG_BY_NO, 0, a);
        db_end(st, ST_TAG_BY_NO);
    }
    return e;
}

/* How much more than usual, against what chance alone would do: the difference in its own roots. */
static double rise(const struct tag_use *t)
{
    double usual = (double)t->week / 7, more = (double)t->uses - usual;

    return more <= 0 ? 0 : more * more / (usual + 1);
}

/* Half as much again as usual, or it does not rise. */
static bool rises(const struct tag_use *t)
{
    return t->uses * 14 > t->week * 3;
}

/* Whether enough different people wrote it today: what one person repeats is no trend. */
static enum err is_shared(struct store *st, int64_t tag, int64_t today, bool *shared)
{
    int64_t n = 0;
    enum err e = db_int(st, ST_TAG_AUTHORS, &n,
                        ARGS(tag, (today + 1) * SLOT_MS, TREND_AUTHORS, POSTS_ASKED));

    *shared = n >= TREND_AUTHORS;
    return e;
}

/* Puts a tag at its place among those that rise most. */
static void offer(struct tag_use *best, size_t *n, size_t limit, const struct tag_use *t)
{
    size_t at = *n;

    while (at > 0 && rise(&best[at - 1]) < rise(t)) {
        at--;
    }
    if (at == limit) {
        return;
    }
    *n += *n < limit;
    for (size_t i = *n - 1; i > at; i--) {
        best[i] = best[i - 1];
    }
    best[at] = *t;
}

enum err store_tags_busy(struct store *st, int64_t now, size_t limit, struct arena *a,
                         struct tag_use **out, size_t *n)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_TAGS_TODAY, ARGS(now / SLOT_MS - SLOTS_TODAY, 1, (int64_t)limit));
    while ((e = db_step(st, ST_TAGS_TODAY)) == OK) {
        (*out)[(*n)++] = (struct tag_use){.no = db_column(st, ST_TAGS_TODAY, 0),
                                          .uses = db_column(st, ST_TAGS_TODAY, 1)};
    }
    e = e == E_NOTFOUND ? OK : e;
    for (size_t i = 0; e == OK && i < *n; i++) {
        e = tag_shown(st, a, &(*out)[i]);
    }
    return e;
}

enum err store_trends(struct store *st, int64_t now, size_t limit, struct arena *a,
                      struct tag_use **out, size_t *n)
{
    const int64_t today = now / SLOT_MS - SLOTS_TODAY;
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_TAGS_TODAY, ARGS(today, TREND_LEAST, CANDIDATES));
    while ((e = db_step(st, ST_TAGS_TODAY)) == OK) {
        struct tag_use t = {.no = db_column(st, ST_TAGS_TODAY, 0),
                            .uses = db_column(st, ST_TAGS_TODAY, 1)};

        bool shared = false;

        e = db_int(st, ST_TAG_WEEK, &t.week, ARGS(t.no, today - SLOTS_USUAL, today));
        if (e == OK && rises(&t)) {
            e = is_shared(st, t.no, today, &shared);
        }
        if (e != OK) {
            db_end(st, ST_TAGS_TODAY);
            break;
        }
        if (shared) {
            offer(*out, n, limit, &t);
        }
    }
    e = e == E_NOTFOUND ? OK : e;
    for (size_t i = 0; e == OK && i < *n; i++) {
        e = tag_shown(st, a, &(*out)[i]);
    }
    return e;
}
