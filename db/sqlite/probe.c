/* SPDX-License-Identifier: MIT */
/* A look at the database's file from outside. Opening it with SQLite, even to read, would make files beside
 * it and take part in its locks; its first 100 bytes say enough (https://sqlite.org/fileformat2.html §1.3). */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* flock() */
#endif
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sqlite/internal.h"

#define HEADER 100
#define AT_USER_VERSION 60
#define AT_APPLICATION_ID 68
#define AUDIT_SINCE 3 /* the version that brought the audit */
#define SCRATCH (1024 * 1024)

static uint32_t number(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Something was written that is not yet in the file itself: after a crash early in its life, even its name. */
static bool has_log(struct arena *a, const char *path)
{
    struct stat st;

    return stat(arena_printf(a, "%s-wal", path), &st) == 0 && st.st_size > 0;
}

static enum err look_inside(struct arena *a, const char *path, struct buffer *complaint)
{
    unsigned char head[HEADER];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));
    int why = errno;

    if (fd >= 0) {
        (void)close(fd);
    }
    if (n < 0) {
        buffer_addf(complaint, "cannot read %s: %s", path, strerror(why));
        return E_SYSTEM;
    }
    if (n == 0) {
        return OK; /* made, and nothing written yet */
    }
    if (n == HEADER && memcmp(head, "SQLite format 3", 16) == 0 &&
        number(head + AT_APPLICATION_ID) == 0 && has_log(a, path)) {
        return OK;
    }
    if (n < HEADER || memcmp(head, "SQLite format 3", 16) != 0 ||
        number(head + AT_APPLICATION_ID) != APPLICATION_ID) {
        buffer_addf(complaint, "%s is not a database of Jaejal", path);
        return E_USAGE;
    }
    if (number(head + AT_USER_VERSION) > store_n_migrations) {
        buffer_addf(complaint, "%s has version %lu, written by a newer Jaejal; this one knows %zu",
                    path, (unsigned long)number(head + AT_USER_VERSION), store_n_migrations);
        return E_USAGE;
    }
    return OK;
}

static enum err look_at_lock(struct arena *a, const char *path)
{
    int fd = open(arena_printf(a, "%s.lock", path), O_RDONLY | O_CLOEXEC);
    enum err e = OK;

    if (fd < 0) {
        return OK; /* nobody ever had it */
    }
    if (flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        e = E_BUSY;
    }
    (void)close(fd);
    return e;
}

static enum err look_at_folder(struct arena *a, const char *path, struct buffer *complaint)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "." : arena_ndup(a, path, (size_t)(slash - path) + 1);

    if (access(folder, W_OK | X_OK) != 0) {
        buffer_addf(complaint, "%s cannot be made in %s: %s", path, folder, strerror(errno));
        return E_SYSTEM;
    }
    return E_NOTFOUND;
}

enum err store_probe(const char *url, struct buffer *complaint)
{
    static const char scheme[] = "sqlite:";
    const char *path = url + sizeof(scheme) - 1;
    struct arena *a;
    enum err e;

    if (strncmp(url, scheme, sizeof(scheme) - 1) != 0 || *path == '\0') {
        buffer_addf(complaint, "the address of the database must be sqlite:PATH, not \"%.200s\"",
                    url);
        return E_USAGE;
    }
    if (strcmp(path, ":memory:") == 0) {
        return E_NOTFOUND;
    }
    a = arena_new(65536);
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        e = look_at_folder(a, path, complaint);
    } else {
        e = look_at_lock(a, path); /* whoever has it open has found it good */
        e = e == OK ? look_inside(a, path, complaint) : e;
    }
    arena_free(a);
    return e;
}

/* ---- what administrators did ---------------------------------------------------------------------- */

/* The file as a URI that SQLite reads without a lock, a log or anything beside it. */
static char *immutable(struct arena *a, const char *path)
{
    struct buffer b;
    char *out;

    buffer_init(&b, strlen(path) * 3 + 32);
    buffer_adds(&b, "file:");
    for (; *path != '\0'; path++) {
        if (strchr("?#%", *path) != NULL) {
            buffer_addf(&b, "%%%02X", (unsigned)*path);
        } else {
            buffer_add(&b, path, 1);
        }
    }
    buffer_adds(&b, "?immutable=1");
    out = arena_dup(a, b.data);
    buffer_fini(&b);
    return out;
}

static enum err verify(struct store *st, const char *path, struct buffer *complaint,
                       int64_t *records)
{
    char hash[AUDIT_HASH];
    int rc = sqlite3_open_v2(
        immutable(st->scratch, path), &st->db,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    enum err e = rc == SQLITE_OK ? db_prepare(st, ST_AUDIT_FROM) : E_SYSTEM;

    if (e == OK) {
        e = db_prepare(st, ST_META_GET);
    }
    if (e == OK) {
        e = store_audit_verify(st, complaint, records, hash);
    }
    if (e != OK && e != E_USAGE) {
        buffer_addf(complaint, "cannot read %s: %s", path, sqlite3_errmsg(st->db));
        e = E_SYSTEM;
    }
    return e;
}

enum err store_probe_audit(const char *url, struct buffer *complaint, int64_t *records)
{
    const char *path = strchr(url, ':') + 1;
    struct store st = {.lock = -1};
    struct arena *a = arena_new(SCRATCH);
    unsigned char head[HEADER];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));
    enum err e = OK;

    if (fd >= 0) {
        (void)close(fd);
    }
    *records = -1;
    if (n == HEADER && number(head + AT_USER_VERSION) >= AUDIT_SINCE && !has_log(a, path)) {
        st.scratch = arena_new(SCRATCH);
        e = verify(&st, path, complaint, records);
        db_finalize_all(&st);
        (void)sqlite3_close(st.db);
        arena_free(st.scratch);
    }
    arena_free(a);
    return e;
}
