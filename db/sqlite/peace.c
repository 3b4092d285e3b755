/* SPDX-License-Identifier: MIT */
/* When updates may reach a person: their settings, and who is due. */
#include "db/sqlite/internal.h"

#define AHEAD_MS (8 * LIMIT_DAY_MS) /* what comes every week is not farther away */

enum err store_peace_get(struct store *st, int64_t person, struct peace *out)
{
    const enum statement s = ST_PEACE_GET;
    int64_t holds = 0;
    enum err e;

    *out = (struct peace){0};
    e = db_int(st, ST_PEACE_HOLDS, &holds, ARGS(person));
    if (e != OK) {
        return e == E_NOTFOUND ? OK : e;
    }
    out->holds = (unsigned)holds;
    (void)db_bind(st, s, ARGS(person));
    e = db_step(st, s);
    if (e == OK) {
        out->snooze_until = db_column(st, s, 0);
        out->quiet = db_column(st, s, 1) != 0;
        out->quiet_from = (int)db_column(st, s, 2);
        out->quiet_to = (int)db_column(st, s, 3);
        out->allow = (unsigned)db_column(st, s, 4);
        out->digest = (enum digest_mode)db_column(st, s, 5);
        out->digest_day = (int)db_column(st, s, 6);
        out->digest_minute = (int)db_column(st, s, 7);
        out->digest_next = db_column(st, s, 8);
        out->due = db_column(st, s, 9);
        out->levels = db_column(st, s, 10) != 0;
        out->weekly_next = db_column(st, s, 11);
        db_end(st, s);
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_peace_set(struct store *st, int64_t person, const struct peace *p)
{
    enum err e = db_run(st, ST_PEACE_HOLDS_SET, ARGS(person, p->holds));

    if (e == OK && sqlite3_changes(st->db) == 0) {
        e = E_NOTFOUND;
    }
    if (e != OK) {
        return e;
    }
    return db_run(st, ST_PEACE_SET,
                  ARGS(person, p->snooze_until, p->quiet, p->quiet_from, p->quiet_to, p->allow,
                       p->digest, p->digest_day, p->digest_minute, p->digest_next, p->due,
                       p->levels, p->weekly_next));
}

enum err store_peace_due(struct store *st, int64_t now, size_t limit, struct arena *a,
                         int64_t **people, size_t *n, int64_t *next)
{
    enum err e;

    *people = arena_array(a, limit + 1, sizeof(**people));
    *next = 0;
    (void)db_bind(st, ST_PEACE_DUE, ARGS(now, (int64_t)limit));
    e = db_numbers(st, ST_PEACE_DUE, *people, limit, n);
    if (e == OK && *n == 0) {
        (void)db_bind(st, ST_PEACE_AHEAD, ARGS(now + AHEAD_MS, (int64_t)limit));
        e = db_numbers(st, ST_PEACE_AHEAD, *people, limit, n);
    }
    if (e == OK) {
        e = db_int(st, ST_PEACE_NEXT, next, ARGS(now));
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_peace_digest_done(struct store *st, int64_t person, unsigned bits)
{
    return db_run(st, ST_PEACE_DIGEST_DONE, ARGS(person, bits & (HOLDS_DUE | HOLDS_WEEK)));
}
