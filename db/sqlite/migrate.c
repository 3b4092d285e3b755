/* SPDX-License-Identifier: MIT */
#include "db/sqlite/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static enum err pragma_int(struct store *st, const char *text, int64_t *out)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(st->db, text, -1, &q, NULL);

    if (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        *out = sqlite3_column_int64(q, 0);
        rc = SQLITE_OK;
    }
    (void)sqlite3_finalize(q);
    return rc == SQLITE_OK ? OK : rc == SQLITE_NOTADB ? E_USAGE : db_error(st, rc, "open");
}

/* A copy of the database beside it, before a step changes it: NAME.v1 is what version 1 was. */
static enum err keep_copy(struct store *st, int64_t version, struct buffer *complaint)
{
    sqlite3_stmt *q = NULL;
    const char *path = arena_printf(st->scratch, "%s.v%lld", st->path, (long long)version);
    const char *made = arena_printf(st->scratch, "%s.part", path);
    int rc = SQLITE_CANTOPEN, fd;

    (void)unlink(made);
    fd = open(made, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0) {
        (void)close(fd);
        rc = sqlite3_prepare_v2(st->db, "VACUUM INTO ?1", -1, &q, NULL);
    }
    if (rc == SQLITE_OK && (rc = sqlite3_bind_text(q, 1, made, -1, SQLITE_STATIC)) == SQLITE_OK) {
        rc = sqlite3_step(q);
    }
    (void)sqlite3_finalize(q);
    if (rc != SQLITE_DONE || rename(made, path) != 0) {
        buffer_addf(complaint, "cannot keep a copy of the database at %s: %s", path,
                    rc == SQLITE_DONE ? strerror(errno) : sqlite3_errstr(rc));
        (void)unlink(made);
        return E_SYSTEM;
    }
    log_line(LOG_INFO, "store_copied version=%lld", (long long)version);
    return OK;
}

static enum err one_step(struct store *st, const char *step, size_t version)
{
    char stamp[128];
    int rc = sqlite3_exec(st->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    (void)snprintf(stamp, sizeof(stamp), "PRAGMA application_id=%d; PRAGMA user_version=%zu",
                   APPLICATION_ID, version);
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(st->db, step, NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(st->db, stamp, NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(st->db, "COMMIT", NULL, NULL, NULL);
    }
    if (rc != SQLITE_OK) {
        log_line(LOG_ERROR, "store_migration version=%zu error=\"%s\"", version,
                 sqlite3_errmsg(st->db));
        if (sqlite3_get_autocommit(st->db) == 0) {
            (void)sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
        }
        return db_error(st, rc, "migration");
    }
    log_line(LOG_INFO, "store_migrated version=%zu", version);
    return OK;
}

enum err store_check(struct store *st, size_t n, struct buffer *complaint, int64_t *version)
{
    const char *name = st->path == NULL ? "the database in memory" : st->path;
    int64_t id = 0, tables = 0;
    enum err e = pragma_int(st, "PRAGMA application_id", &id);

    *version = 0;
    if (e == OK) {
        e = pragma_int(st, "PRAGMA user_version", version);
    }
    if (e == OK) {
        e = pragma_int(st, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if (e == OK && id != APPLICATION_ID && (id != 0 || *version != 0 || tables != 0)) {
        e = E_USAGE;
    }
    if (e == E_USAGE) {
        buffer_addf(complaint, "%s is not a database of Jaejal", name);
    } else if (e != OK) {
        buffer_addf(complaint, "%s cannot be read", name);
    } else if (*version < 0 || (uint64_t)*version > n) {
        buffer_addf(complaint, "%s has version %lld, written by a newer Jaejal; this one knows %zu",
                    name, (long long)*version, n);
        e = E_USAGE;
    }
    return e;
}

enum err store_migrate(struct store *st, const char *const *steps, size_t n,
                       struct buffer *complaint)
{
    int64_t version = 0;
    enum err e = store_check(st, n, complaint, &version);

    if (e == OK && version > 0 && (size_t)version < n && st->path != NULL) {
        e = keep_copy(st, version, complaint);
    }
    for (size_t i = (size_t)version; e == OK && i < n; i++) {
        e = one_step(st, steps[i], i + 1);
        if (e != OK) {
            buffer_addf(complaint, "the database cannot be brought to version %zu", i + 1);
        }
    }
    return e;
}
