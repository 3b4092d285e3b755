/* SPDX-License-Identifier: MIT */
/* What waits for a person: held, back, digests, bounces. */
#include "db/sqlite/internal.h"

enum err store_held_set(struct store *st, int64_t person, enum event_class class, int64_t from)
{
    return db_run(st, ST_HELD_SET, ARGS(person, class, from));
}

enum err store_held_advance(struct store *st, int64_t person, enum event_class class, int64_t from)
{
    return db_run(st, ST_HELD_ADVANCE, ARGS(person, class, from));
}

enum err store_held_clear(struct store *st, int64_t person, enum event_class class)
{
    return db_run(st, ST_HELD_CLEAR, ARGS(person, class));
}

enum err store_held_page(struct store *st, int64_t after, size_t limit, struct arena *a,
                         struct held **out, size_t *n)
{
    size_t most = limit < N_CLASSES ? N_CLASSES : limit, whole = 0;
    enum err e;

    *out = arena_array(a, most + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_HELD_PAGE, ARGS(after, (int64_t)most + 1));
    while ((e = db_step(st, ST_HELD_PAGE)) == OK) {
        struct held h = {db_column(st, ST_HELD_PAGE, 0),
                         (enum event_class)db_column(st, ST_HELD_PAGE, 1),
                         db_column(st, ST_HELD_PAGE, 2)};

        if (*n > 0 && h.person != (*out)[*n - 1].person) {
            whole = *n;
        }
        (*out)[(*n)++] = h;
    }
    if (*n > most) { /* the last one's rows may go on */
        *n = whole;
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_back_add(struct store *st, int64_t person, int64_t event)
{
    return db_run(st, ST_BACK_ADD, ARGS(person, event));
}

enum err store_back_remove(struct store *st, int64_t person, int64_t event)
{
    return db_run(st, ST_BACK_DROP, ARGS(person, event));
}

enum err store_back_list(struct store *st, int64_t person, int64_t after, size_t limit,
                         struct arena *a, int64_t **events, size_t *n)
{
    *events = arena_array(a, limit + 1, sizeof(**events));
    (void)db_bind(st, ST_BACK_LIST, ARGS(person, after, (int64_t)limit));
    return db_numbers(st, ST_BACK_LIST, *events, limit, n);
}

/* The range that begins last at or below an event. */
static enum err digest_below(struct store *st, int64_t person, enum event_class class,
                             int64_t event, int64_t *lo, int64_t *hi)
{
    enum err e;

    (void)db_bind(st, ST_DIGEST_BELOW, ARGS(person, class, event));
    e = db_step(st, ST_DIGEST_BELOW);
    if (e == OK) {
        *lo = db_column(st, ST_DIGEST_BELOW, 0);
        *hi = db_column(st, ST_DIGEST_BELOW, 1);
        db_end(st, ST_DIGEST_BELOW);
    }
    return e;
}

enum err store_digest_add(struct store *st, int64_t person, enum event_class class, int64_t lo,
                          int64_t hi)
{
    int64_t l, h;
    enum err e;

    if (lo > hi) {
        return OK;
    }
    /* Ranges are disjoint: what overlaps or touches becomes one. */
    while ((e = digest_below(st, person, class, hi + 1, &l, &h)) == OK && h + 1 >= lo) {
        lo = l < lo ? l : lo;
        hi = h > hi ? h : hi;
        e = db_run(st, ST_DIGEST_DROP, ARGS(person, class, l));
        if (e != OK) {
            break;
        }
    }
    return e == OK || e == E_NOTFOUND ? db_run(st, ST_DIGEST_ADD, ARGS(person, class, lo, hi)) : e;
}

enum err store_digest_has(struct store *st, int64_t person, enum event_class class, int64_t event,
                          bool *in)
{
    int64_t lo = 0, hi = 0;
    enum err e = digest_below(st, person, class, event, &lo, &hi);

    *in = e == OK && event <= hi;
    return e == E_NOTFOUND ? OK : e;
}

enum err store_bounce_set(struct store *st, const struct bounce *b)
{
    return db_run(st, ST_BOUNCE_SET, ARGS(b->person, b->tries, b->at));
}

enum err store_bounce_clear(struct store *st, int64_t person)
{
    return db_run(st, ST_FORGET_BOUNCE, ARGS(person));
}

enum err store_bounces(struct store *st, int64_t after, size_t limit, struct arena *a,
                       struct bounce **out, size_t *n)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_BOUNCES, ARGS(after, (int64_t)limit));
    while ((e = db_step(st, ST_BOUNCES)) == OK) {
        (*out)[(*n)++] =
            (struct bounce){db_column(st, ST_BOUNCES, 0), (int)db_column(st, ST_BOUNCES, 1),
                            db_column(st, ST_BOUNCES, 2)};
    }
    return e == E_NOTFOUND ? OK : e;
}
