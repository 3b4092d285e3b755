/* SPDX-License-Identifier: MIT */
/* What stands on a profile besides words: thanks that were counted, posts that were pinned. */
#include "db/sqlite/internal.h"

/* A public post that stands. */
static enum err public_row(struct store *st, int64_t post, struct post_row *row)
{
    enum err e = post_row(st, post, row);

    if (e == OK && (row->flags & POST_DELETED) != 0) {
        e = E_NOTFOUND;
    }
    return e == OK && row->scope != SCOPE_PUBLIC ? E_DENIED : e;
}

enum err store_praise_add(struct store *st, int64_t post, int64_t person)
{
    struct post_row row;
    bool active = false;
    enum err e = public_row(st, post, &row);

    if (e == OK && row.author == person) {
        return E_DENIED;
    }
    if (e == OK) {
        e = person_active(st, person, &active);
    }
    if (e == OK && !active) {
        return E_NOTFOUND;
    }
    if (e == OK) {
        e = db_run(st, ST_PRAISE_ADD, ARGS(post, person));
    }
    if (e == OK && sqlite3_changes(st->db) == 0) {
        return E_EXISTS;
    }
    if (e == OK) {
        e = expert_praise(st, &row, person);
    }
    return e == OK ? db_run(st, ST_TALLY_PRAISE, ARGS(person, 1)) : e;
}

enum err profile_forget_post(struct store *st, const struct post_row *row)
{
    int64_t person;
    enum err e = db_int(st, ST_PRAISE_OF, &person, ARGS(row->no));

    if (e == OK) {
        e = db_run(st, ST_TALLY_PRAISE, ARGS(person, -1));
        if (e == OK) {
            e = db_run(st, ST_PRAISE_DROP, ARGS(row->no));
        }
    }
    if (e == OK || e == E_NOTFOUND) {
        e = db_run(st, ST_PIN_DROP, ARGS(row->author, row->no));
    }
    return e == OK ? db_run(st, ST_GROUP_PIN_DROP, ARGS(row->group, row->no)) : e;
}

enum err store_pin_add(struct store *st, int64_t person, int64_t post, int64_t at)
{
    struct post_row row;
    int64_t n = 0;
    bool there;
    enum err e = public_row(st, post, &row);

    if (e == OK && row.author != person) {
        return E_DENIED;
    }
    if (e == OK) {
        e = db_has(st, ST_PIN_THERE, &there, ARGS(person, post));
    }
    if (e == OK && there) {
        return E_EXISTS;
    }
    if (e == OK) {
        e = db_int(st, ST_PINS_COUNT, &n, ARGS(person));
    }
    if (e == OK && n >= LIMIT_PINS) {
        return E_LIMIT;
    }
    return e == OK ? db_run(st, ST_PIN_ADD, ARGS(person, post, at)) : e;
}

enum err store_pin_remove(struct store *st, int64_t person, int64_t post)
{
    enum err e = db_run(st, ST_PIN_DROP, ARGS(person, post));

    return e == OK && sqlite3_changes(st->db) == 0 ? E_NOTFOUND : e;
}

enum err store_pins(struct store *st, int64_t person, int64_t viewer, struct arena *a,
                    struct post **out, size_t *n)
{
    int64_t posts[LIMIT_PINS];
    size_t found;
    enum err e;

    *out = arena_array(a, LIMIT_PINS, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_PINS, ARGS(person));
    e = db_numbers(st, ST_PINS, posts, LIMIT_PINS, &found);
    for (size_t i = 0; e == OK && i < found; i++) {
        e = store_post_get(st, posts[i], viewer, a, &(*out)[*n]);
        *n += e == OK;
        e = e == E_NOTFOUND ? OK : e;
    }
    return e;
}
