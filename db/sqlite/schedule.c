/* SPDX-License-Identifier: MIT */
/* Texts to be posted later. */
#include "db/sqlite/internal.h"

#include <string.h>

enum err store_scheduled_add(struct store *st, int64_t person, int64_t at, int64_t group,
                             const char *text, int64_t *n)
{
    int64_t waiting = 0, last = 0;
    enum err e = db_int(st, ST_SCHEDULED_COUNT, &waiting, ARGS(person));

    if (e == OK && (waiting >= LIMIT_SCHEDULED || strlen(text) > LIMIT_BODY)) {
        e = E_LIMIT;
    }
    if (e == OK) {
        e = db_int(st, ST_SCHEDULED_LAST, &last, ARGS(person));
        e = e == E_NOTFOUND ? OK : e;
    }
    if (e == OK) {
        e = db_run(st, ST_SCHEDULED_LAST_SET, ARGS(person, last + 1));
    }
    if (e == OK) {
        (void)db_bind(st, ST_SCHEDULED_ADD, ARGS(person, last + 1, at, group));
        db_bind_text(st, ST_SCHEDULED_ADD, 5, text);
        e = db_finish(st, ST_SCHEDULED_ADD);
    }
    if (e == OK) {
        *n = last + 1;
    }
    return e;
}

enum err store_scheduled_list(struct store *st, int64_t person, int64_t at, int64_t n, size_t limit,
                              struct arena *a, struct scheduled **out, size_t *found, bool *more)
{
    const enum statement s = ST_SCHEDULED_LIST;
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *found = 0;
    *more = false;
    (void)db_bind(st, s, ARGS(person, n == 0 ? 0 : at, n, (int64_t)limit + 1));
    while ((e = db_step(st, s)) == OK) {
        if (*found == limit) {
            *more = true;
            db_end(st, s);
            return OK;
        }
        (*out)[(*found)++] = (struct scheduled){.person = person,
                                                .n = db_column(st, s, 1),
                                                .at = db_column(st, s, 0),
                                                .text = db_column_text(st, s, 2, a),
                                                .group = db_column(st, s, 3)};
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_scheduled_remove(struct store *st, int64_t person, int64_t n)
{
    enum err e = db_run(st, ST_SCHEDULED_DROP, ARGS(person, n));

    return e == OK && sqlite3_changes(st->db) == 0 ? E_NOTFOUND : e;
}

/* The next one due. E_NOTFOUND: none waits. */
static enum err next_due(struct store *st, struct arena *a, struct scheduled *out)
{
    const enum statement s = ST_SCHEDULED_DUE;
    enum err e;

    (void)db_bind(st, s, NO_ARGS);
    e = db_step(st, s);
    if (e == OK) {
        *out = (struct scheduled){.at = db_column(st, s, 0),
                                  .person = db_column(st, s, 1),
                                  .n = db_column(st, s, 2),
                                  .text = db_column_text(st, s, 3, a),
                                  .group = db_column(st, s, 4)};
        db_end(st, s);
    }
    return e;
}

enum err store_scheduled_take(struct store *st, int64_t now, struct arena *a, struct scheduled *out,
                              int64_t *next)
{
    struct scheduled due;
    bool active = false, taken = false;
    enum err e;

    for (;;) {
        *next = 0;
        e = next_due(st, a, &due);
        if (e != OK) {
            break;
        }
        *next = due.at;
        if (taken || due.at > now) {
            break;
        }
        e = store_scheduled_remove(st, due.person, due.n);
        if (e == OK) {
            e = person_active(st, due.person, &active);
        }
        if (e != OK) {
            return e;
        }
        if (active) {
            *out = due;
            taken = true;
        }
    }
    if (e != OK && e != E_NOTFOUND) {
        return e;
    }
    return taken ? OK : E_NOTFOUND;
}
