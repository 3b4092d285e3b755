/* SPDX-License-Identifier: MIT */
/* What no receipt has come for: db/store_unseen.h. */
#include "db/sqlite/internal.h"

enum err store_unseen_set(struct store *st, const struct unseen_row *row)
{
    (void)db_bind(st, ST_UNSEEN_SET, ARGS(row->event, row->part));
    db_bind_blob(st, ST_UNSEEN_SET, 3, row->people, row->len);
    return db_finish(st, ST_UNSEEN_SET);
}

enum err store_unseen_remove(struct store *st, int64_t event, int64_t part)
{
    return db_run(st, ST_UNSEEN_DROP, ARGS(event, part));
}

enum err store_unseen_page(struct store *st, int64_t event, int64_t part, size_t limit,
                           struct arena *a, struct unseen_row **out, size_t *n)
{
    sqlite3_stmt *q = db_bind(st, ST_UNSEEN_PAGE, ARGS(event, part, (int64_t)limit));
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    while ((e = db_step(st, ST_UNSEEN_PAGE)) == OK) {
        size_t len = (size_t)sqlite3_column_bytes(q, 2);

        (*out)[(*n)++] =
            (struct unseen_row){db_column(st, ST_UNSEEN_PAGE, 0), db_column(st, ST_UNSEEN_PAGE, 1),
                                len == 0 ? "" : arena_ndup(a, sqlite3_column_blob(q, 2), len), len};
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_back_people(struct store *st, int64_t after, size_t limit, struct arena *a,
                           int64_t **people, size_t *n)
{
    *people = arena_array(a, limit + 1, sizeof(**people));
    (void)db_bind(st, ST_BACK_PEOPLE, ARGS(after, (int64_t)limit));
    return db_numbers(st, ST_BACK_PEOPLE, *people, limit, n);
}
