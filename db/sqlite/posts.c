/* SPDX-License-Identifier: MIT */
/* Posts as they are read. How they are written: write.c. */
#include "db/sqlite/internal.h"

#define NEWEST_TRIES 500 /* posts of an author that the viewer may not see, skipped at most */

static void row_read(struct store *st, enum statement s, struct post_row *out)
{
    *out = (struct post_row){.no = db_column(st, s, 0),
                             .event = db_column(st, s, 1),
                             .author = db_column(st, s, 2),
                             .at = db_column(st, s, 3),
                             .parent = db_column(st, s, 4),
                             .root = db_column(st, s, 5),
                             .recipient = db_column(st, s, 6),
                             .group = db_column(st, s, 7),
                             .scope = (enum scope)db_column(st, s, 8),
                             .flags = (int)db_column(st, s, 9),
                             .version = (int)db_column(st, s, 10)};
    if (out->root == 0) {
        out->root = out->no;
    }
}

enum err post_row_next(struct store *st, enum statement s, struct post_row *out)
{
    enum err e = db_step(st, s);

    if (e == OK) {
        row_read(st, s, out);
    }
    return e;
}

enum err post_row(struct store *st, int64_t no, struct post_row *out)
{
    enum err e;

    (void)db_bind(st, ST_POST_ROW, ARGS(no));
    e = post_row_next(st, ST_POST_ROW, out);
    if (e == OK) {
        db_end(st, ST_POST_ROW);
    }
    return e;
}

enum err post_visible(struct store *st, const struct post_row *row, int64_t viewer)
{
    bool yes = true;
    enum err e = OK;

    if (viewer == 0) {
        return OK;
    }
    if ((row->flags & POST_DELETED) != 0) {
        return E_NOTFOUND;
    }
    if (viewer == row->author) {
        return OK;
    }
    if (row->scope == SCOPE_PRIVATE) {
        yes = viewer == row->recipient;
    } else if (row->scope == SCOPE_GROUP) {
        e = group_may_read(st, row, viewer, &yes);
    }
    if (e == OK && yes && !is_announcement(row)) {
        bool blocked;

        e = edge_blocked(st, viewer, row->author, &blocked);
        yes = !blocked;
    }
    return e != OK ? e : yes ? OK : E_NOTFOUND;
}

enum err post_load(struct store *st, int64_t no, struct arena *a, struct post *out)
{
    const enum statement s = ST_POST_LOAD;
    enum err e;

    (void)db_bind(st, s, ARGS(no));
    e = db_step(st, s);
    if (e != OK) {
        return e;
    }
    *out = (struct post){.no = db_column(st, s, 0),
                         .author = db_column(st, s, 1),
                         .at = db_column(st, s, 2),
                         .parent = db_column(st, s, 3),
                         .root = db_column(st, s, 4),
                         .recipient = db_column(st, s, 5),
                         .group = db_column(st, s, 6),
                         .scope = (enum scope)db_column(st, s, 7),
                         .version = (int)db_column(st, s, 8),
                         .kind = flags_kind((int)db_column(st, s, 9)),
                         .deleted = (db_column(st, s, 9) & POST_DELETED) != 0,
                         .text = db_column_text(st, s, 10, a),
                         .author_nick = db_column_text(st, s, 11, a),
                         .author_name = db_column_text(st, s, 12, a),
                         .group_name = db_column_text(st, s, 18, a),
                         .likes = db_column(st, s, 13),
                         .replies = db_column(st, s, 14),
                         .repeats = db_column(st, s, 15),
                         .answer = db_column(st, s, 16),
                         .accepted = db_column(st, s, 17) != 0};
    if (out->root == 0) {
        out->root = out->no;
    }
    db_end(st, s);
    return OK;
}

/* Hidden, taken back or never written: one statement gives one row, from which all are refused alike, so that the time of the
 * answer tells them apart no more than its words. *reads: not only as its author who has left the group. E_NOTFOUND. */
static enum err post_seen(struct store *st, int64_t post, int64_t viewer, bool *reads)
{
    const enum statement s = ST_POST_SEEN;
    struct post_row row;
    int64_t open_from;
    bool sees, member, blocked;
    enum err e;

    (void)db_bind(st, s, ARGS(post, viewer, EDGE_BLOCK));
    e = post_row_next(st, s, &row);
    if (e != OK) {
        return e;
    }
    member = db_column(st, s, 11) != 0;
    open_from = db_column(st, s, 12);
    blocked = db_column(st, s, 13) != 0;
    db_end(st, s);
    *reads = row.scope != SCOPE_GROUP || member || (open_from != 0 && row.event >= open_from);
    sees = row.scope == SCOPE_PRIVATE ? viewer == row.recipient : *reads;
    sees = sees && (!blocked || is_announcement(&row));
    sees = row.no == post && (row.flags & POST_DELETED) == 0 && (sees || viewer == row.author);
    return sees ? OK : E_NOTFOUND;
}

enum err store_post_get(struct store *st, int64_t post, int64_t viewer, struct arena *a,
                        struct post *out)
{
    bool reads = true;
    enum err e = viewer == 0 ? OK : post_seen(st, post, viewer, &reads);

    if (e == OK) {
        e = post_load(st, post, a, out);
    }
    if (e == OK && !reads) {
        out->outside = true;
        out->likes = out->replies = out->repeats = 0;
    }
    return e;
}

enum err store_post_text(struct store *st, int64_t post, int version, struct arena *a,
                         const char **text)
{
    enum statement s = ST_POST_TEXT;
    enum err e;

    (void)db_bind(st, s, ARGS(post, version));
    e = db_step(st, s);
    if (e == E_NOTFOUND) {
        s = ST_VERSION_TEXT; /* erased with the post */
        (void)db_bind(st, s, ARGS(post, version));
        e = db_step(st, s);
    }
    if (e == OK) {
        *text = db_column_text(st, s, 0, a);
        db_end(st, s);
    }
    return e;
}

enum err store_post_versions(struct store *st, int64_t post, struct arena *a, struct version **out,
                             size_t *n)
{
    enum err e;

    *out = arena_array(a, LIMIT_VERSIONS + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_VERSIONS, ARGS(post));
    while ((e = db_step(st, ST_VERSIONS)) == OK) {
        if (*n <= LIMIT_VERSIONS) {
            (*out)[(*n)++] =
                (struct version){(int)db_column(st, ST_VERSIONS, 0), db_column(st, ST_VERSIONS, 1),
                                 db_column_text(st, ST_VERSIONS, 2, a)};
        }
    }
    return e != E_NOTFOUND ? e : *n > 0 ? OK : E_NOTFOUND;
}

enum err store_post_newest(struct store *st, int64_t author, int64_t viewer, int64_t *post)
{
    bool groups = true;
    enum err e = OK;

    if (author != viewer) {
        e = group_share(st, viewer, author, &groups);
    }
    merge_begin(st);
    merge_add(st, -BY_PUBLIC, author, 1, INT64_MAX);
    if (groups) {
        merge_add(st, -BY_GROUP, author, 1, INT64_MAX);
    }
    merge_add(st, -BY_PRIVATE, author, 1, INT64_MAX);
    if (e == OK) {
        e = merge_start(st, true, HOW_OWED);
    }
    for (int i = 0; e == OK && i < NEWEST_TRIES; i++) {
        struct event event;
        struct post_row row;
        int64_t no;

        e = merge_next(st, &no);
        if (e == OK) {
            e = store_event_get(st, no, &event);
        }
        if (e != OK) {
            return e;
        }
        if (event.kind != EVENT_POST) {
            continue;
        }
        e = post_row(st, event.post, &row);
        if (e == OK && (row.flags & POST_DELETED) == 0) {
            e = post_visible(st, &row, viewer);
            if (e == OK && row.scope == SCOPE_GROUP && author != viewer) {
                e = group_may_write(st, row.group, viewer);
                e = e == E_DENIED ? E_NOTFOUND : e;
            }
            if (e == OK) {
                *post = row.no;
                return OK;
            }
            e = e == E_NOTFOUND ? OK : e;
        }
    }
    return e == OK ? E_NOTFOUND : e;
}

/* ---- likes ----------------------------------------------------------------------------------- */

static enum err count_like(struct store *st, const struct post_row *row, int64_t at, int n)
{
    enum err e = db_run(st, ST_COUNT_ADD, ARGS(row->no, n, 0, 0));

    if (e == OK && row->scope == SCOPE_PUBLIC) {
        e = db_run(st, ST_TALLY_ADD, ARGS(row->author, 0, 0, 0, n, 0, 0));
    }
    return e == OK ? company_like(st, row, at, n) : e;
}

enum err store_like_add(struct store *st, int64_t post, int64_t person, int64_t at)
{
    struct post_row row;
    enum err e = post_row(st, post, &row);

    if (e == OK) {
        e = post_visible(st, &row, person);
    }
    if (e == OK) {
        e = db_run(st, ST_LIKE_ADD, ARGS(post, person, at));
    }
    if (e == OK && sqlite3_changes(st->db) == 0) {
        return E_EXISTS;
    }
    if (e == OK) {
        e = count_like(st, &row, at, 1);
    }
    return e == OK ? news_add(st, row.author, NEWS_LIKE, post, person, at) : e;
}

enum err store_like_remove(struct store *st, int64_t post, int64_t person)
{
    struct post_row row;
    enum err e = post_row(st, post, &row);

    if (e == OK) {
        e = db_run(st, ST_LIKE_DROP, ARGS(post, person));
    }
    if (e == OK && sqlite3_changes(st->db) == 0) {
        return E_NOTFOUND;
    }
    if (e == OK) {
        e = count_like(st, &row, 0, -1);
    }
    return e == OK ? db_run(st, ST_NEWS_DROP, ARGS(row.author, NEWS_LIKE, post, person)) : e;
}

enum err store_likes(struct store *st, int64_t post, int64_t after, size_t limit, struct arena *a,
                     struct people *out)
{
    (void)db_bind(st, ST_LIKES, ARGS(post, after, (int64_t)limit + 1));
    return people_read(st, ST_LIKES, limit, a, out);
}
