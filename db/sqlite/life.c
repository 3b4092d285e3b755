/* SPDX-License-Identifier: MIT */
/* Signs of life, and who gave none for long. */
#include "db/sqlite/internal.h"

enum err store_life_page(struct store *st, int64_t after, size_t limit, struct arena *a,
                         struct life **out, size_t *n)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_LIFE_PAGE, ARGS(after, (int64_t)limit));
    while ((e = db_step(st, ST_LIFE_PAGE)) == OK) {
        (*out)[(*n)++] =
            (struct life){db_column(st, ST_LIFE_PAGE, 0), db_column(st, ST_LIFE_PAGE, 1),
                          (enum sleep)db_column(st, ST_LIFE_PAGE, 2)};
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_seen_set(struct store *st, int64_t person, int64_t at)
{
    return db_run(st, ST_SEEN_SET, ARGS(person, at));
}

enum err store_silent(struct store *st, int64_t until, size_t limit, struct arena *a,
                      int64_t **people, size_t *n, int64_t *next)
{
    enum err e;

    *people = arena_array(a, limit + 1, sizeof(**people));
    *n = 0;
    *next = 0;
    (void)db_bind(st, ST_SILENT, ARGS((int64_t)limit + 1));
    while ((e = db_step(st, ST_SILENT)) == OK) {
        int64_t seen_at = db_column(st, ST_SILENT, 1);

        if (*n == limit || seen_at > until) {
            *next = seen_at;
            db_end(st, ST_SILENT);
            break;
        }
        (*people)[(*n)++] = db_column(st, ST_SILENT, 0);
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_sleep_set(struct store *st, int64_t person)
{
    return db_run(st, ST_SLEEP_SET, ARGS(person));
}

enum err store_sleep_clear(struct store *st, int64_t person)
{
    return db_run(st, ST_SLEEP_CLEAR, ARGS(person));
}
