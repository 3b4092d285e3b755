/* SPDX-License-Identifier: MIT */
/* What a person keeps a mark at: bookmarks, seen by nobody but who made them; what they like. */
#include "db/sqlite/internal.h"

#define LOOKED_MOST 2000 /* bookmarks of what may not be seen any more, skipped by one call */

enum err store_save_add(struct store *st, int64_t person, int64_t post, int64_t at)
{
    struct post_row row;
    enum err e = post_row(st, post, &row);

    if (e == OK) {
        e = post_visible(st, &row, person);
    }
    if (e == OK) {
        e = db_run(st, ST_SAVED_ADD, ARGS(person, post, at));
    }
    return e == OK && sqlite3_changes(st->db) == 0 ? E_EXISTS : e;
}

enum err store_save_remove(struct store *st, int64_t person, int64_t post)
{
    enum err e = db_run(st, ST_SAVED_DROP, ARGS(person, post));

    return e == OK && sqlite3_changes(st->db) == 0 ? E_NOTFOUND : e;
}

/* What the row is about, if its owner may still see it. */
static enum err saved_item(struct store *st, int64_t person, int64_t post, struct arena *a,
                           struct post *out)
{
    struct post_row row;
    enum err e = post_row(st, post, &row);

    if (e == OK) {
        e = post_visible(st, &row, person);
    }
    return e == OK ? post_load(st, post, a, out) : e;
}

enum err store_liked(struct store *st, int64_t person, int64_t before, size_t limit,
                     struct arena *a, struct items *out)
{
    int64_t *posts = arena_array(a, limit + 1, sizeof(*posts));
    size_t n = 0;
    enum err e;

    *out = (struct items){.at = arena_array(a, limit + 1, sizeof(*out->at))};
    (void)db_bind(st, ST_LIKED_BELOW,
                  ARGS(person, before == 0 ? INT64_MAX : before, (int64_t)limit + 1));
    e = db_numbers(st, ST_LIKED_BELOW, posts, limit + 1, &n);
    out->more = n > limit;
    n -= out->more;
    out->next = n > 0 ? posts[n - 1] : 0;
    for (size_t i = 0; e == OK && i < n; i++) {
        struct item item = {
            .place = posts[i], .repeater_nick = "", .repeater_name = "", .comment = ""};

        e = saved_item(st, person, posts[i], a, &item.post);
        if (e == OK) {
            out->at[out->n++] = item;
        }
        e = e == E_NOTFOUND ? OK : e;
    }
    return e;
}

enum err saved_list(struct store *st, int64_t person, int64_t before, size_t limit, struct arena *a,
                    struct items *out)
{
    int64_t top = before == 0 ? INT64_MAX : before;
    enum err e = OK;

    for (int looked = 0; e == OK && !out->more; looked++) {
        struct item item = {.repeater_nick = "", .repeater_name = "", .comment = ""};
        int64_t post;

        (void)db_bind(st, ST_SAVED_BELOW, ARGS(person, top));
        e = db_step(st, ST_SAVED_BELOW);
        if (e != OK) {
            break;
        }
        item.place = db_column(st, ST_SAVED_BELOW, 0);
        post = db_column(st, ST_SAVED_BELOW, 1);
        db_end(st, ST_SAVED_BELOW);
        top = item.place;
        e = saved_item(st, person, post, a, &item.post);
        if ((e == OK && out->n == limit) || (looked >= LOOKED_MOST && out->n > 0)) {
            out->more = true;
            out->next = item.place + 1;
        } else if (e == OK) {
            out->at[out->n++] = item;
        }
        e = e == E_NOTFOUND ? OK : e;
    }
    return e == E_NOTFOUND ? OK : e;
}
