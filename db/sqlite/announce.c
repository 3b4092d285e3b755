/* SPDX-License-Identifier: MIT */
/* Announcements: to everybody who is there, and who says that they have read them. Who is owed one: owed.c. */
#include "db/sqlite/internal.h"

enum err announcement_reach(struct store *st, const struct post_row *row)
{
    int64_t last = 0;
    enum err e = db_int(st, ST_PEOPLE_MAX, &last, NO_ARGS);

    if (e == OK) {
        e = db_run(st, ST_REACH_MARK, ARGS(row->event, CH_ALL, 0, HOW_OWED | HOW_SHOWN));
    }
    return e == OK ? db_run(st, ST_REACH_MARK, ARGS(row->event, CH_UPTO, last, 0)) : e;
}

enum err announcement_add(struct store *st, const struct post_row *row, int64_t people)
{
    return db_run(st, ST_ANNOUNCEMENT_ADD, ARGS(row->no, people));
}

enum err announcement_forget(struct store *st, const struct post_row *row)
{
    enum err e = db_run(st, ST_ACKS_DROP, ARGS(row->no));

    return e == OK ? db_run(st, ST_ANNOUNCEMENT_DROP, ARGS(row->no)) : e;
}

enum err store_announcement_get(struct store *st, int64_t post, int64_t person,
                                struct announcement *out)
{
    struct announcement an = {0};
    enum err e;

    (void)db_bind(st, ST_ANNOUNCEMENT_GET, ARGS(post));
    e = db_step(st, ST_ANNOUNCEMENT_GET);
    if (e == OK) {
        an.people = db_column(st, ST_ANNOUNCEMENT_GET, 0);
        an.acks = db_column(st, ST_ANNOUNCEMENT_GET, 1);
        db_end(st, ST_ANNOUNCEMENT_GET);
        e = db_has(st, ST_ACK_THERE, &an.mine, ARGS(post, person));
    }
    if (e == OK) {
        *out = an;
    }
    return e;
}

enum err store_ack_add(struct store *st, int64_t post, int64_t person, int64_t at)
{
    struct post_row row;
    enum err e = post_row(st, post, &row);

    if (e == OK) {
        e = post_visible(st, &row, person);
    }
    if (e == OK && !is_announcement(&row)) {
        e = E_NOTFOUND;
    }
    if (e == OK && row.author == person) {
        e = E_DENIED;
    }
    if (e == OK) {
        e = db_run(st, ST_ACK_ADD, ARGS(post, person, at));
    }
    if (e == OK && sqlite3_changes(st->db) == 0) {
        return E_EXISTS;
    }
    return e == OK ? db_run(st, ST_ANNOUNCEMENT_ACK, ARGS(post)) : e;
}
