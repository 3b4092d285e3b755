/* SPDX-License-Identifier: MIT */
/* Keeping order: posts reported to the administrators, conversations that their authors ended. */
#include "db/sqlite/internal.h"

#include "base/text.h"

static enum err visible_row(struct store *st, int64_t post, int64_t person, struct post_row *row)
{
    enum err e = post_row(st, post, row);

    return e == OK ? post_visible(st, row, person) : e;
}

enum err store_report_add(struct store *st, int64_t post, int64_t person, const char *why,
                          int64_t at)
{
    struct post_row row;
    struct post full;
    enum err e = visible_row(st, post, person, &row);

    arena_reset(st->scratch);
    if (e == OK) {
        e = post_load(st, post, st->scratch, &full);
    }
    if (e == OK) {
        (void)db_bind(st, ST_REPORT_ADD, ARGS(post, person, at));
        db_bind_text(st, ST_REPORT_ADD, 4, why);
        db_bind_text(st, ST_REPORT_ADD, 5, text_first(st->scratch, full.text, LIMIT_REPORTED));
        e = db_finish(st, ST_REPORT_ADD);
    }
    return e == OK && sqlite3_changes(st->db) == 0 ? E_EXISTS : e;
}

enum err store_reports(struct store *st, int64_t before, size_t limit, struct arena *a,
                       struct report **out, size_t *n, bool *more)
{
    const enum statement s = ST_REPORTS_BELOW;
    struct report *found = arena_array(a, limit + 1, sizeof(*found));
    size_t i = 0;
    enum err e;

    (void)db_bind(st, s, ARGS(before == 0 ? INT64_MAX : before, (int64_t)limit + 1));
    while ((e = db_step(st, s)) == OK) {
        found[i++] = (struct report){.post = db_column(st, s, 0),
                                     .n = db_column(st, s, 1),
                                     .at = db_column(st, s, 2),
                                     .why = db_column_text(st, s, 3, a),
                                     .shown = db_column_text(st, s, 4, a),
                                     .author = db_column(st, s, 5),
                                     .author_nick = db_column_text(st, s, 6, a),
                                     .author_name = db_column_text(st, s, 7, a)};
    }
    if (e != E_NOTFOUND) {
        return e;
    }
    *more = i > limit;
    *n = i > limit ? limit : i;
    *out = found;
    return OK;
}

enum err store_report_close(struct store *st, int64_t post, int64_t at)
{
    enum err e = db_run(st, ST_REPORTS_CLOSE, ARGS(post, at));

    return e == OK && sqlite3_changes(st->db) == 0 ? E_NOTFOUND : e;
}

enum err store_post_removable(struct store *st, int64_t post, struct arena *a, struct post *out)
{
    struct post_row row;
    bool may;
    enum err e = post_row(st, post, &row);

    if (e != OK || (row.flags & POST_DELETED) != 0) {
        return e == OK ? E_NOTFOUND : e;
    }
    may = row.scope == SCOPE_PUBLIC;
    if (!may) {
        e = db_has(st, ST_REPORT_IS_OPEN, &may, ARGS(post));
    }
    return e != OK ? e : may ? post_load(st, post, a, out) : E_NOTFOUND;
}

enum err store_end_add(struct store *st, int64_t post, int64_t person, int64_t at)
{
    struct post_row row, root;
    bool owner = false;
    enum err e = visible_row(st, post, person, &row);

    if (e == OK) {
        e = post_row(st, row.root, &root);
    }
    if (e == OK && root.author != person) {
        e = db_has(st, ST_OWNER_IS, &owner, ARGS(root.group, person));
        if (e == OK && !owner) {
            return E_DENIED;
        }
    }
    if (e == OK) {
        e = db_run(st, ST_ENDED_ADD, ARGS(root.no, at));
    }
    return e == OK && sqlite3_changes(st->db) == 0 ? E_EXISTS : e;
}

enum err store_ended(struct store *st, int64_t root, bool *ended)
{
    return db_has(st, ST_ENDED, ended, ARGS(root));
}
