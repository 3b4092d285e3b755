/* SPDX-License-Identifier: MIT */
/* A file system in which writing fails when told to. */
#include "tests/store/common.h"

#include <sqlite3.h>

static sqlite3_vfs *real;
static sqlite3_vfs ours;
static int left = -1, failing, seen;

struct file {
    sqlite3_file base;
    sqlite3_io_methods methods;
    sqlite3_file *real;
};

static sqlite3_file *inner(sqlite3_file *f)
{
    return ((struct file *)(void *)f)->real;
}

static int strike(void)
{
    if (left < 0) {
        return SQLITE_OK;
    }
    seen++;
    if (left > 0) {
        left--;
        return SQLITE_OK;
    }
    return failing;
}

static int f_close(sqlite3_file *f)
{
    int rc = inner(f)->pMethods->xClose(inner(f));

    free(inner(f));
    return rc;
}

static int f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return inner(f)->pMethods->xRead(inner(f), p, n, at);
}

static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    int rc = strike();

    return rc != SQLITE_OK ? rc : inner(f)->pMethods->xWrite(inner(f), p, n, at);
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    return inner(f)->pMethods->xTruncate(inner(f), n);
}

static int f_sync(sqlite3_file *f, int flags)
{
    int rc = strike();

    return rc != SQLITE_OK ? rc : inner(f)->pMethods->xSync(inner(f), flags);
}

static int f_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return inner(f)->pMethods->xFileSize(inner(f), n);
}

static int f_lock(sqlite3_file *f, int how)
{
    return inner(f)->pMethods->xLock(inner(f), how);
}

static int f_unlock(sqlite3_file *f, int how)
{
    return inner(f)->pMethods->xUnlock(inner(f), how);
}

static int f_reserved(sqlite3_file *f, int *out)
{
    return inner(f)->pMethods->xCheckReservedLock(inner(f), out);
}

static int f_control(sqlite3_file *f, int op, void *arg)
{
    return inner(f)->pMethods->xFileControl(inner(f), op, arg);
}

static int f_sector(sqlite3_file *f)
{
    return inner(f)->pMethods->xSectorSize(inner(f));
}

static int f_device(sqlite3_file *f)
{
    return inner(f)->pMethods->xDeviceCharacteristics(inner(f));
}

static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return inner(f)->pMethods->xShmMap(inner(f), page, size, extend, out);
}

static int f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return inner(f)->pMethods->xShmLock(inner(f), at, n, flags);
}

static void f_shm_barrier(sqlite3_file *f)
{
    inner(f)->pMethods->xShmBarrier(inner(f));
}

static int f_shm_unmap(sqlite3_file *f, int remove)
{
    return inner(f)->pMethods->xShmUnmap(inner(f), remove);
}

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    static const sqlite3_io_methods methods = {.iVersion = 2,
                                               .xClose = f_close,
                                               .xRead = f_read,
                                               .xWrite = f_write,
                                               .xTruncate = f_truncate,
                                               .xSync = f_sync,
                                               .xFileSize = f_size,
                                               .xLock = f_lock,
                                               .xUnlock = f_unlock,
                                               .xCheckReservedLock = f_reserved,
                                               .xFileControl = f_control,
                                               .xSectorSize = f_sector,
                                               .xDeviceCharacteristics = f_device,
                                               .xShmMap = f_shm_map,
                                               .xShmLock = f_shm_lock,
                                               .xShmBarrier = f_shm_barrier,
                                               .xShmUnmap = f_shm_unmap};
    struct file *file = (struct file *)(void *)f;
    int rc;

    (void)v;
    file->real = calloc(1, (size_t)real->szOsFile);
    if (file->real == NULL) {
        abort();
    }
    rc = real->xOpen(real, name, file->real, flags, out);
    file->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
    if (rc != SQLITE_OK) {
        free(file->real);
    }
    return rc;
}

void failing_vfs_install(void)
{
    if (real != NULL) {
        return;
    }
    real = sqlite3_vfs_find(NULL);
    ours = *real;
    ours.zName = "failing";
    ours.szOsFile = (int)sizeof(struct file);
    ours.xOpen = v_open;
    ours.pNext = NULL;
    if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK) {
        abort();
    }
}

void failing_vfs_arm(int after, int code)
{
    left = after;
    failing = code;
    seen = 0;
}

void failing_vfs_disarm(void)
{
    left = -1;
}

int failing_vfs_count(void)
{
    return seen;
}
