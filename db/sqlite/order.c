/* SPDX-License-Identifier: MIT */
/* Keeping order: posts reported to the administrators, conversations that their authors ended. */
#include "db/sqlite/internal.h"

static enum err visible_row(struct store *st, int64_t post, int64_t person, struct post_row *row)
{
    enum err e = post_row(st, post, row);

    return e == OK ? post_visible(st, row, person) : e;
}

enum err store_report_add(struct store *st, int64_t post, int64_t person, const char *why,
                          int64_t at)
{
    struct post_row row;
    enum err e = visible_row(st, post, person, &row);

    if (e == OK) {
        (void)db_bind(st, ST_REPORT_ADD, ARGS(post, person, at));
        db_bind_text(st, ST_REPORT_ADD, 4, why);
        e = db_finish(st, ST_REPORT_ADD);
    }
    return e == OK && sqlite3_changes(st->db) == 0 ? E_EXISTS : e;
}

enum err store_end_add(struct store *st, int64_t post, int64_t person, int64_t at)
{
    struct post_row row, root;
    enum err e = visible_row(st, post, person, &row);

    if (e == OK) {
        e = post_row(st, row.root, &root);
    }
    if (e == OK && root.author != person) {
        return E_DENIED;
    }
    if (e == OK) {
        e = db_run(st, ST_ENDED_ADD, ARGS(root.no, at));
    }
    return e == OK && sqlite3_changes(st->db) == 0 ? E_EXISTS : e;
}

enum err thread_ended(struct store *st, int64_t root, bool *ended)
{
    return db_has(st, ST_ENDED, ended, ARGS(root));
}
