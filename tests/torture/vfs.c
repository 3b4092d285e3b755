/* SPDX-License-Identifier: MIT */
/* A disk that loses power: what was written and not synced is in this process' memory alone, so SIGKILL loses it.
 *
 * Each open file of SQLite (the database, its WAL, a journal) has one `struct disk`, found by its name, which outlives
 * the closing of the file as a page cache would. Pages written since the last sync are kept there; reading merges them
 * with the file. As with a real disk some sectors get there by themselves, in any order (`torn`): a kill then leaves
 * pieces. The shared memory of the WAL is SQLite's own: whoever opens a database alone begins it anew. */
#include "tests/torture/faults.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sqlite3.h>

#define PAGE 4096
#define SECTOR 512
#define BUCKETS 1024
#define PROMISES 20 /* of so many promised syncs one is made */

struct page {
    struct page *next;
    int64_t no;
    unsigned dirty; /* a bit a sector */
    unsigned char data[PAGE];
};

struct disk {
    struct disk *next;
    char *name;
    int64_t size; /* as the program sees it */
    int64_t
        valid; /* beyond this the file is older than a truncation that was not synced: it reads as zeros */
    bool known;        /* size and valid are */
    unsigned promised; /* syncs that were said to be made (PLANT_EARLY) */
    struct page *pages[BUCKETS];
};

struct file {
    sqlite3_file base;
    sqlite3_file *real;
    struct disk *disk;
};

static sqlite3_vfs *real;
static sqlite3_vfs ours;
static struct disk *disks;
static struct faults none;
static struct faults *shared;
static uint64_t random_state;

struct faults *faults(void)
{
    return shared != NULL ? shared : &none;
}

static void map_faults(void)
{
    const char *name = getenv("JJ_FAULTS");
    int fd = name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC);
    void *at = MAP_FAILED;

    if (fd >= 0) {
        at = mmap(NULL, sizeof(struct faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        (void)close(fd);
    }
    if (name != NULL && at == MAP_FAILED) {
        abort();
    }
    shared = at == MAP_FAILED ? NULL : at;
    random_state = faults()->seed;
    faults()->dirty = 0;
}

/* splitmix64 */
static uint64_t roll(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* ---- what is not on the disk yet -------------------------------------------------------------- */

static struct page *page_find(struct disk *d, int64_t no)
{
    struct page *p = d->pages[no % BUCKETS];

    while (p != NULL && p->no != no) {
        p = p->next;
    }
    return p;
}

static unsigned bits(unsigned set)
{
    unsigned n = 0;

    for (; set != 0; set &= set - 1) {
        n++;
    }
    return n;
}

static void page_clean(struct page *p)
{
    faults()->dirty -= bits(p->dirty);
    p->dirty = 0;
}

/* Drops the pages from this one on. */
static void pages_drop(struct disk *d, int64_t from)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct page **at = &d->pages[i];

        while (*at != NULL) {
            struct page *p = *at;

            if (p->no < from) {
                at = &p->next;
                continue;
            }
            *at = p->next;
            page_clean(p);
            free(p);
        }
    }
}

static struct disk *disk_find(const char *name)
{
    struct disk *d = disks;

    while (d != NULL && strcmp(d->name, name) != 0) {
        d = d->next;
    }
    return d;
}

static struct disk *disk_get(const char *name)
{
    struct disk *d = disk_find(name);

    if (d == NULL) {
        d = calloc(1, sizeof(*d));
        if (d == NULL || (d->name = strdup(name)) == NULL) {
            abort();
        }
        d->next = disks;
        disks = d;
    }
    return d;
}

static int disk_open(struct file *f)
{
    sqlite3_int64 size;
    int rc;

    if (f->disk->known) {
        return SQLITE_OK;
    }
    rc = f->real->pMethods->xFileSize(f->real, &size);
    if (rc == SQLITE_OK) {
        f->disk->size = f->disk->valid = size;
        f->disk->known = true;
    }
    return rc;
}

/* The bytes of the file, zeros where it has none. */
static int read_old(struct file *f, void *out, int n, int64_t at)
{
    int64_t there = f->disk->valid > at ? f->disk->valid - at : 0;
    int part = there < n ? (int)there : n;
    int rc = SQLITE_OK;

    if (n <= 0) {
        return SQLITE_OK;
    }
    memset(out, 0, (size_t)n);
    if (part > 0) {
        rc = f->real->pMethods->xRead(f->real, out, part, at);
    }
    return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
}

static int page_get(struct file *f, int64_t no, struct page **out)
{
    struct page *p = page_find(f->disk, no);
    int rc = SQLITE_OK;

    if (p == NULL) {
        p = calloc(1, sizeof(*p));
        if (p == NULL) {
            abort();
        }
        rc = read_old(f, p->data, PAGE, no * PAGE);
        p->no = no;
        p->next = f->disk->pages[no % BUCKETS];
        f->disk->pages[no % BUCKETS] = p;
    }
    *out = p;
    return rc;
}

/* The bytes of a sector that the file is to have. */
static int sector_len(const struct disk *d, int64_t at)
{
    return d->size - at < SECTOR ? (int)(d->size - at) : SECTOR;
}

static int sector_put(struct file *f, const struct page *p, int i)
{
    int64_t at = p->no * PAGE + i * SECTOR;
    int n = sector_len(f->disk, at);

    return n <= 0 ? SQLITE_OK
                  : f->real->pMethods->xWrite(f->real, p->data + (size_t)i * SECTOR, n, at);
}

/* The system brings a sector to the disk when it likes; it stays among those that a sync has to bring. */
static int leak(struct file *f, const struct page *p, int i)
{
    if (roll() % 100 >= faults()->torn) {
        return SQLITE_OK;
    }
    faults()->leaked++;
    return sector_put(f, p, i);
}

/* One that was written earlier. */
static int leak_other(struct file *f)
{
    const struct page *p = f->disk->pages[roll() % BUCKETS];
    int i = (int)(roll() % (PAGE / SECTOR));

    return p != NULL && (p->dirty & 1u << i) != 0 ? leak(f, p, i) : SQLITE_OK;
}

static int write_page(struct file *f, int64_t no, const unsigned char *from, int at, int n)
{
    struct page *p;
    int rc = page_get(f, no, &p);

    if (rc != SQLITE_OK) {
        return rc;
    }
    memcpy(p->data + at, from, (size_t)n);
    for (int i = at / SECTOR; rc == SQLITE_OK && i <= (at + n - 1) / SECTOR; i++) {
        faults()->dirty += (p->dirty & 1u << i) == 0;
        p->dirty |= 1u << i;
        rc = leak(f, p, i);
    }
    return rc;
}

/* Everything to the disk. */
static int write_back(struct file *f, int flags)
{
    struct disk *d = f->disk;
    sqlite3_int64 size;
    int rc = f->real->pMethods->xFileSize(f->real, &size);

    if (rc == SQLITE_OK && size > d->valid) {
        rc = f->real->pMethods->xTruncate(f->real, d->valid);
    }
    for (size_t b = 0; rc == SQLITE_OK && b < BUCKETS; b++) {
        for (struct page *p = d->pages[b]; rc == SQLITE_OK && p != NULL; p = p->next) {
            for (int i = 0; rc == SQLITE_OK && i < PAGE / SECTOR; i++) {
                rc = (p->dirty & 1u << i) != 0 ? sector_put(f, p, i) : SQLITE_OK;
            }
        }
    }
    if (rc == SQLITE_OK) {
        rc = f->real->pMethods->xTruncate(f->real, d->size);
    }
    if (rc == SQLITE_OK) {
        rc = f->real->pMethods->xSync(f->real, flags);
    }
    if (rc == SQLITE_OK) {
        pages_drop(d, 0);
        d->valid = d->size;
    }
    return rc;
}

/* ---- what SQLite calls ------------------------------------------------------------------------- */

static struct file *ours_of(sqlite3_file *f)
{
    return (struct file *)(void *)f;
}

static sqlite3_file *inner(sqlite3_file *f)
{
    return ours_of(f)->real;
}

static int f_close(sqlite3_file *f)
{
    int rc = inner(f)->pMethods->xClose(inner(f));

    free(inner(f));
    return rc;
}

static int f_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    struct file *f = ours_of(file);
    unsigned char *to = out;
    int64_t there = f->disk->size - at;
    int rc = read_old(f, out, n, at);

    for (int64_t no = at / PAGE; rc == SQLITE_OK && no <= (at + n - 1) / PAGE; no++) {
        const struct page *p = page_find(f->disk, no);
        int64_t from = no * PAGE > at ? no * PAGE : at;
        int64_t end = (no + 1) * PAGE < at + n ? (no + 1) * PAGE : at + n;

        if (p != NULL) {
            memcpy(to + (from - at), p->data + (from - no * PAGE), (size_t)(end - from));
        }
    }
    if (rc == SQLITE_OK && there < n) {
        if (there > 0) {
            to += there;
            n -= (int)there;
        }
        memset(to, 0, (size_t)n);
        return SQLITE_IOERR_SHORT_READ;
    }
    return rc;
}

static int f_write(sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
    struct file *f = ours_of(file);
    const unsigned char *from = data;
    int rc = SQLITE_OK;

    faults()->writes++;
    if (faults()->full != 0) {
        faults()->failed_writes++;
        return SQLITE_FULL;
    }
    if (at + n > f->disk->size) {
        f->disk->size = at + n;
    }
    while (rc == SQLITE_OK && n > 0) {
        int in = (int)(at % PAGE), part = PAGE - in < n ? PAGE - in : n;

        rc = write_page(f, at / PAGE, from, in, part);
        from += part;
        at += part;
        n -= part;
    }
    return rc == SQLITE_OK ? leak_other(f) : rc;
}

static int f_truncate(sqlite3_file *file, sqlite3_int64 n)
{
    struct disk *d = ours_of(file)->disk;

    d->size = n;
    if (n < d->valid) {
        d->valid = n;
    }
    pages_drop(d, (n + PAGE - 1) / PAGE);
    if (n % PAGE != 0) {
        struct page *p = page_find(d, n / PAGE);

        if (p != NULL) {
            memset(p->data + n % PAGE, 0, (size_t)(PAGE - n % PAGE));
        }
    }
    return SQLITE_OK;
}

static int f_sync(sqlite3_file *file, int flags)
{
    struct file *f = ours_of(file);

    faults()->syncs++;
    if (faults()->fail_sync > 0) {
        faults()->fail_sync--;
        faults()->failed_syncs++;
        pages_drop(f->disk, 0);
        f->disk->known = false;
        (void)disk_open(f);
        return SQLITE_IOERR_FSYNC;
    }
    if (faults()->plant == PLANT_UNSYNCED) {
        return SQLITE_OK;
    }
    if (faults()->plant == PLANT_EARLY && strstr(f->disk->name, "-wal") != NULL &&
        ++f->disk->promised % PROMISES != 0) {
        return SQLITE_OK;
    }
    return write_back(f, flags);
}

static int f_size(sqlite3_file *f, sqlite3_int64 *n)
{
    *n = ours_of(f)->disk->size;
    return SQLITE_OK;
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
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE) {
        return SQLITE_OK; /* would reach the file behind our back */
    }
    return inner(f)->pMethods->xFileControl(inner(f), op, arg);
}

static int f_sector(sqlite3_file *f)
{
    (void)f;
    return SECTOR;
}

static int f_device(sqlite3_file *f)
{
    (void)f;
    return 0; /* no promise: not even that a sector is written whole or not at all */
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

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *out, int flags, int *out_flags)
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
    struct file *f = (struct file *)(void *)out;
    int rc;

    (void)v;
    if (name == NULL) {
        return real->xOpen(real, name, out, flags, out_flags); /* nothing of it is to last */
    }
    f->real = calloc(1, (size_t)real->szOsFile);
    if (f->real == NULL) {
        abort();
    }
    rc = real->xOpen(real, name, f->real, flags, out_flags);
    f->disk = disk_get(name);
    if (rc == SQLITE_OK) {
        rc = disk_open(f);
    }
    f->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
    if (rc != SQLITE_OK) {
        free(f->real);
    }
    return rc;
}

static int v_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
    struct disk *d = disk_find(name);

    (void)v;
    if (d != NULL) {
        pages_drop(d, 0);
        d->known = false;
    }
    return real->xDelete(real, name, sync_folder);
}

void vfs_install(void)
{
    if (real != NULL) {
        return;
    }
    map_faults();
    (void)sqlite3_config(
        SQLITE_CONFIG_SINGLETHREAD); /* as the store does, which comes too late for it */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    real = sqlite3_vfs_find(NULL);
    if (real == NULL) {
        abort();
    }
    ours = *real;
    ours.zName = "faulty";
    if (ours.szOsFile < (int)sizeof(struct file)) {
        ours.szOsFile = (int)sizeof(struct file);
    }
    ours.xOpen = v_open;
    ours.xDelete = v_delete;
    ours.pNext = NULL;
    if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK) {
        abort();
    }
}

__attribute__((constructor)) static void install(void)
{
    vfs_install();
}
