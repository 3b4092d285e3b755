/* SPDX-License-Identifier: MIT */
/* One's own short forms of commands. */
#include "db/sqlite/internal.h"

enum err store_alias_find(struct store *st, int64_t person, const char *name, struct arena *a,
                          struct alias *out)
{
    enum err e;

    (void)db_bind(st, ST_ALIAS_FIND, ARGS(person));
    db_bind_text(st, ST_ALIAS_FIND, 2, name);
    e = db_step(st, ST_ALIAS_FIND);
    if (e == OK) {
        out->name = db_column_text(st, ST_ALIAS_FIND, 0, a);
        out->text = db_column_text(st, ST_ALIAS_FIND, 1, a);
        db_end(st, ST_ALIAS_FIND);
    }
    return e;
}

enum err store_alias_set(struct store *st, int64_t person, const struct alias *al)
{
    int64_t n = 0;
    bool there;
    enum err e;

    (void)db_bind(st, ST_ALIAS_FIND, ARGS(person));
    db_bind_text(st, ST_ALIAS_FIND, 2, al->name);
    e = db_step(st, ST_ALIAS_FIND);
    there = e == OK;
    db_end(st, ST_ALIAS_FIND);
    if (e == E_NOTFOUND) {
        e = db_int(st, ST_ALIASES_COUNT, &n, ARGS(person));
    }
    if (e == OK && !there && n >= LIMIT_ALIASES) {
        e = E_LIMIT;
    }
    if (e == OK) {
        (void)db_bind(st, ST_ALIAS_SET, ARGS(person));
        db_bind_text(st, ST_ALIAS_SET, 2, al->name);
        db_bind_text(st, ST_ALIAS_SET, 3, al->text);
        e = db_finish(st, ST_ALIAS_SET);
    }
    return e;
}

enum err store_alias_remove(struct store *st, int64_t person, const char *name)
{
    enum err e;

    (void)db_bind(st, ST_ALIAS_DROP, ARGS(person));
    db_bind_text(st, ST_ALIAS_DROP, 2, name);
    e = db_finish(st, ST_ALIAS_DROP);
    return e == OK && sqlite3_changes(st->db) == 0 ? E_NOTFOUND : e;
}

enum err store_aliases(struct store *st, int64_t person, const char *after, size_t limit,
                       struct arena *a, struct alias **out, size_t *n, bool *more)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    *more = false;
    (void)db_bind(st, ST_ALIASES, ARGS(person, (int64_t)limit + 1));
    db_bind_text(st, ST_ALIASES, 3, after);
    while ((e = db_step(st, ST_ALIASES)) == OK) {
        if (*n == limit) {
            *more = true;
        } else {
            (*out)[(*n)++] = (struct alias){.name = db_column_text(st, ST_ALIASES, 0, a),
                                            .text = db_column_text(st, ST_ALIASES, 1, a)};
        }
    }
    return e == E_NOTFOUND ? OK : e;
}
