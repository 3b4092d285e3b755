/* SPDX-License-Identifier: MIT */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* flock() */
#endif
#include "db/sqlite/internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"

/* A checkpoint belongs into a quiet moment; past this many pages (64 MiB) a commit makes one all the same. */
#define WAL_HARD_CAP 16384
#define SCRATCH_CAP (64 * 1024 * 1024)

/* Before anything is written; WAL is set behind the check whose file it is. */
static const char settings_first[] = "PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE;"
                                     "PRAGMA busy_timeout=5000; PRAGMA trusted_schema=OFF;"
                                     "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
                                     "PRAGMA cache_size=-16384; PRAGMA mmap_size=0;";
/* secure_delete: what a person takes back is overwritten. */
static const char settings_then[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                    "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0;"
                                    "PRAGMA journal_size_limit=16777216; PRAGMA secure_delete=ON;";

/* One thread uses SQLite: it needs no locks of its own, and nobody asks for its statistics. Where
 * somebody (a test) has started it before, it stays as it is. */
static void configure_once(void)
{
    static bool done;

    if (!done) {
        (void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
        (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        done = true;
    }
}

static int on_wal(void *arg, sqlite3 *db, const char *name, int frames)
{
    struct store *st = arg;

    (void)db;
    (void)name;
    st->wal_frames = frames;
    return SQLITE_OK;
}

static enum err take_lock(struct store *st, struct buffer *complaint)
{
    char *name = arena_printf(st->scratch, "%s.lock", st->path);

    st->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (st->lock < 0) {
        buffer_addf(complaint, "cannot create %s: %s", name, strerror(errno));
        return E_SYSTEM;
    }
    if (flock(st->lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            buffer_addf(complaint, "the database %s is in use by another process", st->path);
            return E_BUSY;
        }
        buffer_addf(complaint, "cannot lock %s: %s", name, strerror(errno));
        return E_SYSTEM;
    }
    return OK;
}

static enum err open_file(struct store *st, struct buffer *complaint)
{
    int fd, rc;

    if (st->path != NULL) {
        /* SQLite would create it as the umask allows; its WAL takes the mode of the database. */
        fd = open(st->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            buffer_addf(complaint, "cannot open %s: %s", st->path, strerror(errno));
            return E_SYSTEM;
        }
        (void)close(fd);
    }
    rc = sqlite3_open_v2(st->path == NULL ? ":memory:" : st->path, &st->db,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                             SQLITE_OPEN_EXRESCODE,
                         NULL);
    if (rc != SQLITE_OK) {
        buffer_addf(complaint, "cannot open %s: %s", st->path == NULL ? "memory" : st->path,
                    sqlite3_errstr(rc));
        return E_SYSTEM;
    }
    return OK;
}

static enum err set_up(struct store *st)
{
    int rc = sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_db_config(st->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_db_config(st->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(st->db, settings_first, NULL, NULL, NULL);
    }
    (void)sqlite3_limit(st->db, SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024);
    return rc == SQLITE_OK ? OK : rc == SQLITE_NOTADB ? OK : db_error(st, rc, "open");
}

static enum err path_of(struct store *st, const char *url, struct buffer *complaint)
{
    static const char scheme[] = "sqlite:";

    if (strncmp(url, scheme, sizeof(scheme) - 1) != 0 || url[sizeof(scheme) - 1] == '\0') {
        buffer_addf(complaint, "the address of the database must be sqlite:PATH, not \"%.200s\"",
                    url);
        return E_USAGE;
    }
    if (strcmp(url + sizeof(scheme) - 1, ":memory:") != 0) {
        st->path = strdup(url + sizeof(scheme) - 1);
        if (st->path == NULL) {
            abort();
        }
    }
    return OK;
}

static enum err open_all(struct store *st, const char *url, struct buffer *complaint)
{
    int64_t version;
    int rc;
    enum err e = path_of(st, url, complaint);

    if (e == OK && st->path != NULL) {
        e = take_lock(st, complaint);
    }
    if (e == OK) {
        e = open_file(st, complaint);
    }
    if (e != OK) {
        return e;
    }
    e = set_up(st);
    if (e == OK) {
        e = search_register(st);
    }
    if (e == OK) {
        e = store_check(st, store_n_migrations, complaint, &version);
    }
    if (e == OK) {
        rc = sqlite3_exec(st->db, settings_then, NULL, NULL, NULL);
        e = rc == SQLITE_OK ? OK : db_error(st, rc, "open");
        (void)sqlite3_wal_hook(st->db, on_wal, st); /* wal_autocheckpoint sets one of its own */
    }
    if (e == OK) {
        e = store_migrate(st, store_migrations, store_n_migrations, complaint);
    }
    if (e == OK) {
        e = db_prepare_all(st);
    }
    return e == OK ? search_start(st) : e;
}

enum err store_open(const char *url, struct buffer *complaint, struct store **out)
{
    struct store *st = calloc(1, sizeof(*st));
    enum err e;

    if (st == NULL) {
        abort();
    }
    configure_once();
    st->lock = -1;
    st->scratch = arena_new(SCRATCH_CAP);
    e = open_all(st, url, complaint);
    arena_reset(st->scratch);
    if (e == OK) {
        *out = st;
        return OK;
    }
    if (complaint->len == 0) {
        buffer_addf(complaint, "the database %s cannot be opened: %s", url, err_text(e));
    }
    store_close(st);
    return e == E_USAGE || e == E_BUSY ? e : E_SYSTEM;
}

void store_close(struct store *st)
{
    if (st == NULL) {
        return;
    }
    if (st->db != NULL) {
        store_rollback(st);
        db_finalize_all(st);
        (void)sqlite3_close_v2(st->db); /* the last connection writes the WAL back and removes it */
    }
    if (st->lock >= 0) {
        (void)close(st->lock); /* the file stays: removing it would let two hold "the" lock */
    }
    arena_free(st->scratch);
    free(st->streams);
    free(st->path);
    free(st);
}

/* The file of the lock has no other use; the byte stays in its place, so that a full disk is no reason to fail. */
enum err store_alive(struct store *st)
{
    if (st->lock < 0) { /* in memory */
        return OK;
    }
    if (pwrite(st->lock, "\n", 1, 0) == 1 && fdatasync(st->lock) == 0) {
        return OK;
    }
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
        return OK; /* it answers, but is full: commits tell that */
    }
    log_line(LOG_ERROR, "store_not_alive error=\"%s\"", strerror(errno));
    return E_IO;
}

enum err store_begin(struct store *st)
{
    enum err e = db_run(st, ST_BEGIN, NO_ARGS);

    assert(!st->open);
    if (e == OK) {
        st->open = true;
        st->changes = sqlite3_total_changes64(st->db);
    }
    return e;
}

void store_rollback(struct store *st)
{
    if (st->open && sqlite3_get_autocommit(st->db) == 0 && db_run(st, ST_ROLLBACK, NO_ARGS) != OK) {
        log_line(LOG_ERROR, "store_rollback failed");
    }
    st->open = false;
}

enum err store_commit(struct store *st)
{
    enum err e = E_FULL; /* SQLite itself may have rolled back where the disk was full */

    assert(st->open);
    if (sqlite3_get_autocommit(st->db) == 0) {
        e = db_run(st, ST_COMMIT, NO_ARGS);
    }
    if (e != OK) {
        store_rollback(st);
        return e;
    }
    st->open = false;
    if (st->wal_frames >= WAL_HARD_CAP) {
        e = store_checkpoint(st);
    }
    return e;
}

enum err store_checkpoint(struct store *st)
{
    int rc = sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

    st->wal_frames = 0;
    if ((rc & 0xFF) == SQLITE_FULL || (rc & 0xFF) == SQLITE_BUSY) {
        log_line(LOG_WARN, "store_checkpoint code=%d", rc); /* the WAL still holds it all */
        return OK;
    }
    return rc == SQLITE_OK ? OK : db_error(st, rc, "checkpoint");
}

enum err store_savepoint(struct store *st)
{
    enum err e = db_run(st, ST_SAVEPOINT, NO_ARGS);

    st->saved_changes = sqlite3_total_changes64(st->db);
    return e;
}

enum err store_release(struct store *st)
{
    return db_run(st, ST_RELEASE, NO_ARGS);
}

enum err store_undo(struct store *st)
{
    enum err e;

    if (sqlite3_get_autocommit(st->db) != 0) {
        return E_FULL; /* everything is undone already, the turn too */
    }
    e = db_run(st, ST_UNDO, NO_ARGS);
    if (e == OK) {
        e = db_run(st, ST_RELEASE, NO_ARGS);
    }
    if (e == OK) { /* what was undone is no change */
        st->changes += sqlite3_total_changes64(st->db) - st->saved_changes;
    }
    return e;
}

bool store_changed(struct store *st)
{
    return st->open && sqlite3_total_changes64(st->db) != st->changes;
}
