/* SPDX-License-Identifier: MIT */
#include "db/sqlite/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define X(name, text) text,
static const char *const texts[] = {
#include "db/sqlite/statements.h"
};
#undef X

enum err db_error(struct store *st, int rc, const char *what)
{
    enum err e = E_IO;

    switch (rc & 0xFF) {
    case SQLITE_NOMEM:
        log_line(LOG_ERROR, "store_memory what=%s", what);
        abort();
    case SQLITE_FULL:
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_BUSY:
        e = E_FULL;
        break;
    default:
        break;
    }
    log_line(LOG_ERROR, "store_error what=%s code=%d errno=%d text=\"%s\"", what, rc,
             st->db == NULL ? 0 : sqlite3_system_errno(st->db), sqlite3_errstr(rc));
    /* After a sync that failed, what is read back from the WAL need not be what is in it, and closing would write that
     * into the database. Whoever opens it next looks at the checksums. */
    if (e == E_IO && st->db != NULL) {
        (void)sqlite3_db_config(st->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    return e;
}

enum err db_prepare(struct store *st, enum statement s)
{
    int rc = sqlite3_prepare_v3(st->db, texts[s], -1, SQLITE_PREPARE_PERSISTENT, &st->statements[s],
                                NULL);

    if (rc != SQLITE_OK) {
        log_line(LOG_ERROR, "store_statement text=\"%s\" error=\"%s\"", texts[s],
                 sqlite3_errmsg(st->db));
        return db_error(st, rc, "prepare");
    }
    return OK;
}

enum err db_prepare_all(struct store *st)
{
    enum err e = OK;

    for (int i = 0; e == OK && i < N_STATEMENTS; i++) {
        e = db_prepare(st, (enum statement)i);
    }
    return e;
}

void db_finalize_all(struct store *st)
{
    for (int i = 0; i < N_STATEMENTS; i++) {
        (void)sqlite3_finalize(st->statements[i]);
        st->statements[i] = NULL;
    }
}

sqlite3_stmt *db_bind(struct store *st, enum statement s, size_t n, const int64_t *args)
{
    sqlite3_stmt *q = st->statements[s];

    (void)sqlite3_reset(q);
    for (size_t i = 0; i < n; i++) {
        int rc = sqlite3_bind_int64(q, (int)i + 1, args[i]);

        if (rc != SQLITE_OK) {
            st->bind_error = rc;
        }
    }
    return q;
}

void db_bind_text(struct store *st, enum statement s, int at, const char *text)
{
    int rc = sqlite3_bind_text(st->statements[s], at, text, -1, SQLITE_STATIC);

    if (rc != SQLITE_OK) {
        st->bind_error = rc;
    }
}

void db_bind_blob(struct store *st, enum statement s, int at, const void *data, size_t len)
{
    int rc = data == NULL ? sqlite3_bind_null(st->statements[s], at)
                          : sqlite3_bind_blob64(st->statements[s], at, data, len, SQLITE_STATIC);

    if (rc != SQLITE_OK) {
        st->bind_error = rc;
    }
}

enum err db_step(struct store *st, enum statement s)
{
    int rc = st->bind_error;

    st->bind_error = SQLITE_OK;
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(st->statements[s]);
    }
    if (rc == SQLITE_ROW) {
        return OK;
    }
    (void)sqlite3_reset(st->statements[s]);
    return rc == SQLITE_DONE ? E_NOTFOUND : db_error(st, rc, "step");
}

void db_end(struct store *st, enum statement s)
{
    (void)sqlite3_reset(st->statements[s]);
}

enum err db_finish(struct store *st, enum statement s)
{
    enum err e;

    do {
        e = db_step(st, s);
    } while (e == OK);
    return e == E_NOTFOUND ? OK : e;
}

enum err db_run(struct store *st, enum statement s, size_t n, const int64_t *args)
{
    (void)db_bind(st, s, n, args);
    return db_finish(st, s);
}

enum err db_int(struct store *st, enum statement s, int64_t *out, size_t n, const int64_t *args)
{
    sqlite3_stmt *q = db_bind(st, s, n, args);
    enum err e = db_step(st, s);

    if (e != OK) {
        return e;
    }
    if (sqlite3_column_type(q, 0) == SQLITE_NULL) {
        e = E_NOTFOUND;
    } else {
        *out = sqlite3_column_int64(q, 0);
    }
    db_end(st, s);
    return e;
}

enum err db_has(struct store *st, enum statement s, bool *out, size_t n, const int64_t *args)
{
    enum err e;

    (void)db_bind(st, s, n, args);
    e = db_step(st, s);
    if (e != OK && e != E_NOTFOUND) {
        return e;
    }
    *out = e == OK;
    db_end(st, s);
    return OK;
}

enum err db_numbers(struct store *st, enum statement s, int64_t *out, size_t most, size_t *n)
{
    sqlite3_stmt *q = st->statements[s];
    int rc = st->bind_error;

    st->bind_error = SQLITE_OK;
    *n = 0;
    while (rc == SQLITE_OK && *n < most) {
        rc = sqlite3_step(q);
        if (rc == SQLITE_ROW) {
            out[(*n)++] = sqlite3_column_int64(q, 0);
            rc = SQLITE_OK;
        }
    }
    (void)sqlite3_reset(q);
    return rc == SQLITE_OK || rc == SQLITE_DONE ? OK : db_error(st, rc, "step");
}

int64_t db_column(struct store *st, enum statement s, int column)
{
    return sqlite3_column_int64(st->statements[s], column);
}

const char *db_column_text(struct store *st, enum statement s, int column, struct arena *a)
{
    sqlite3_stmt *q = st->statements[s];
    const unsigned char *text = sqlite3_column_text(q, column);
    int len = sqlite3_column_bytes(q, column);

    return text == NULL ? "" : arena_ndup(a, (const char *)text, (size_t)len);
}
