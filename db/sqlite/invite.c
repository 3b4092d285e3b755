/* SPDX-License-Identifier: MIT */
/* Asking somebody in, reminding somebody to write: how often one may. */
#include "db/sqlite/internal.h"

enum err store_invitation_add(struct store *st, const char *jid, int64_t person, int64_t at)
{
    int64_t n = 0;
    enum err e = db_int(st, ST_INVITATIONS_SINCE, &n, ARGS(person, at - LIMIT_DAY_MS));

    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_INVITATION_ADD, ARGS(person, at));
    db_bind_text(st, ST_INVITATION_ADD, 3, jid);
    e = n >= LIMIT_INVITES ? E_LIMIT : db_finish(st, ST_INVITATION_ADD);
    return e == OK && sqlite3_changes(st->db) == 0 ? E_EXISTS : e;
}

enum err store_nudge_add(struct store *st, int64_t person, int64_t target, int64_t at)
{
    bool yes = false;
    enum err e = db_has(st, ST_NUDGE_SINCE, &yes, ARGS(person, target, at - LIMIT_NUDGE_MS));

    if (e == OK && yes) {
        return E_EXISTS;
    }
    if (e == OK) {
        e = db_has(st, ST_NUDGED_SINCE, &yes, ARGS(target, at - LIMIT_DAY_MS));
    }
    if (e == OK && yes) {
        return E_LIMIT;
    }
    return e == OK ? db_run(st, ST_NUDGE_ADD, ARGS(person, target, at)) : e;
}
