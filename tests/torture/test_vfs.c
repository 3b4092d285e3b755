/* SPDX-License-Identifier: MIT */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif
/* The disk that loses power, and the clock that jumps: what the storm stands on. Each test kills a child. */
#include "tests/torture/faults.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/sqlite/internal.h"
#include "db/store.h"

#define ROOM 65536 /* of the file in the random test */
#define ROUNDS 60
#define STEPS 120

/* What a child leaves to its parent. */
struct left {
    int64_t confirmed; /* the last post whose commit gave OK */
    int64_t begun;
    int64_t size;
    unsigned char data[ROOM];
};
static struct left *left;
static char folder[] = "/tmp/jj-vfs-XXXXXX";
static char path[64], url[80];
static uint64_t state;

static uint32_t below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* In a child, of which cmocka knows nothing. */
#define MUST(call) must((call), __LINE__)
static void must(enum err e, int line)
{
    if (e != OK) {
        (void)fprintf(stderr, "line %d: %s\n", line, err_text(e));
        abort();
    }
}

static void remove_files(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    char name[80];

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        (void)vfs->xDelete(vfs, name, 0);
    }
}

static int setup(void **unused)
{
    (void)unused;
    remove_files();
    memset(left, 0, sizeof(*left));
    *faults() = (struct faults){.seed = 1};
    return 0;
}

static void killed(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void power_cut(void)
{
    (void)kill(getpid(), SIGKILL);
    abort();
}

/* ---- a file alone ------------------------------------------------------------------------------ */

static void write_random(sqlite3_file *f, unsigned char *seen, int64_t *size)
{
    unsigned char data[6000];
    int at = (int)below(ROOM - sizeof(data)), n = 1 + (int)below(sizeof(data));

    for (int i = 0; i < n; i++) {
        data[i] = (unsigned char)below(256);
    }
    MUST(f->pMethods->xWrite(f, data, n, at) == SQLITE_OK ? OK : E_IO);
    memcpy(seen + at, data, (size_t)n);
    *size = at + n > *size ? at + n : *size;
}

static void truncate_random(sqlite3_file *f, unsigned char *seen, int64_t *size)
{
    *size = below((uint32_t)*size + 1);
    MUST(f->pMethods->xTruncate(f, *size) == SQLITE_OK ? OK : E_IO);
    memset(seen + *size, 0, (size_t)(ROOM - *size));
}

static void read_random(sqlite3_file *f, const unsigned char *seen, int64_t size)
{
    unsigned char data[6000];
    int at = (int)below(ROOM - sizeof(data)), n = 1 + (int)below(sizeof(data));
    int rc = f->pMethods->xRead(f, data, n, at);
    sqlite3_int64 now;

    MUST(rc == (at + n <= size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ) ? OK : E_IO);
    MUST(memcmp(data, seen + at, (size_t)n) == 0 ? OK : E_IO);
    MUST(f->pMethods->xFileSize(f, &now) == SQLITE_OK && now == size ? OK : E_IO);
}

static void use_file(void)
{
    static unsigned char seen[ROOM];
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    sqlite3_file *f = calloc(1, (size_t)vfs->szOsFile);
    int64_t size = 0;
    int steps = 1 + (int)below(STEPS), flags;

    MUST(f != NULL && vfs->xOpen(vfs, path, f,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB,
                                 &flags) == SQLITE_OK
             ? OK
             : E_IO);
    while (steps-- > 0) {
        switch (below(8)) {
        case 0:
            truncate_random(f, seen, &size);
            break;
        case 1:
            MUST(f->pMethods->xSync(f, SQLITE_SYNC_NORMAL) == SQLITE_OK ? OK : E_IO);
            left->size = size;
            memcpy(left->data, seen, ROOM);
            break;
        case 2:
        case 3:
            read_random(f, seen, size);
            break;
        default:
            write_random(f, seen, &size);
            break;
        }
    }
    power_cut();
}

static void test_only_what_was_synced_is_there(void **unused)
{
    static unsigned char found[ROOM];
    int kept = 0;

    for (unsigned round = 1; round <= ROUNDS; round++) {
        FILE *f;
        pid_t child;

        (void)setup(unused);
        state = round;
        child = fork();
        if (child == 0) {
            use_file();
        }
        killed(child);
        f = fopen(path, "rb");
        assert_non_null(f);
        memset(found, 0, sizeof(found));
        assert_int_equal(fread(found, 1, ROOM, f), left->size);
        assert_int_equal(fclose(f), 0);
        assert_memory_equal(found, left->data, ROOM);
        kept += left->size > 0;
    }
    assert_in_range(kept, ROUNDS / 2, ROUNDS);
}

/* Pieces of what was not synced are there too, and what is read back stays right. */
static void test_some_gets_there_by_itself(void **unused)
{
    static unsigned char found[ROOM];
    int other = 0;

    for (unsigned round = 1; round <= ROUNDS; round++) {
        FILE *f;
        pid_t child;

        (void)setup(unused);
        state = round;
        faults()->torn = 30;
        child = fork();
        if (child == 0) {
            use_file();
        }
        killed(child);
        f = fopen(path, "rb");
        assert_non_null(f);
        memset(found, 0, sizeof(found));
        assert_in_range(fread(found, 1, ROOM, f), 0, ROOM);
        assert_int_equal(fclose(f), 0);
        other += memcmp(found, left->data, ROOM) != 0;
    }
    assert_in_range(other, ROUNDS / 2, ROUNDS);
}

/* ---- a database --------------------------------------------------------------------------------- */

static struct store *open_store(void)
{
    struct buffer complaint;
    struct store *st = NULL;

    buffer_init(&complaint, 4096);
    MUST(store_open(url, &complaint, &st));
    buffer_fini(&complaint);
    return st;
}

static enum err post(struct store *st, int64_t i)
{
    char text[8000];
    struct added added;
    struct new_post p = {.author = 1, .at = 1000 + i, .text = text};
    enum err e = store_begin(st);

    (void)memset(text, 'x', sizeof(text));
    text[200 + below(sizeof(text) - 201)] = '\0';
    if (e == OK) {
        e = store_post_add(st, &p, &added);
    }
    if (e != OK) {
        store_rollback(st);
        return e;
    }
    return store_commit(st);
}

static void begin_company(struct store *st)
{
    int64_t no;

    MUST(store_begin(st));
    MUST(store_person_add(st, "ann@corp.example", "ann", NULL, 0, 1000, &no));
    MUST(store_commit(st));
}

static int64_t posts_there(void)
{
    struct store *st = open_store();
    struct arena *a = arena_new(1 << 20);
    struct post p;
    int64_t n = 0;

    assert_int_equal(store_begin(st), OK);
    while (store_post_get(st, n + 1, 0, a, &p) == OK) {
        n++;
        arena_reset(a);
    }
    store_rollback(st);
    arena_free(a);
    store_close(st);
    return n;
}

static void whole(void)
{
    struct store *st = open_store();
    sqlite3_stmt *stmt;

    assert_int_equal(sqlite3_prepare_v2(st->db, "PRAGMA integrity_check", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "ok");
    (void)sqlite3_finalize(stmt);
    store_close(st);
}

static void test_what_was_committed_is_there(void **unused)
{
    pid_t child = fork();

    (void)unused;
    if (child == 0) {
        struct store *st = open_store();

        begin_company(st);
        MUST(post(st, 1));
        MUST(post(st, 2));
        power_cut();
    }
    killed(child);
    assert_int_equal(posts_there(), 2);
}

/* The test that would miss a lost post would be no test. */
static void test_without_syncs_it_is_gone(void **unused)
{
    pid_t child = fork();

    (void)unused;
    if (child == 0) {
        struct store *st = open_store();

        begin_company(st);
        MUST(post(st, 1));
        MUST(sqlite3_exec(st->db, "PRAGMA synchronous=OFF", NULL, NULL, NULL) == SQLITE_OK ? OK
                                                                                           : E_IO);
        MUST(post(st, 2));
        MUST(post(st, 3));
        MUST(faults()->dirty > 0 ? OK : E_IO);
        power_cut();
    }
    killed(child);
    assert_int_equal(posts_there(), 1);
}

/* Killed anywhere, with pieces of everything on the disk: all that was confirmed is there, and the file is whole. */
static void test_torn_pieces_do_no_harm(void **unused)
{
    for (unsigned round = 1; round <= ROUNDS / 2; round++) {
        struct timespec pause = {0, 2000000 + (long)(round * 7919 % 23) * 1000000};
        int64_t n;
        pid_t child;

        (void)setup(unused);
        faults()->torn = round * 3;
        faults()->seed = round;
        child = fork();
        if (child == 0) {
            struct store *st = open_store();

            state = round;
            begin_company(st);
            left->begun = 1;
            for (int64_t i = 1;; i++) {
                MUST(post(st, i));
                left->confirmed = i;
                if (i % 7 == 0) {
                    MUST(store_checkpoint(st));
                }
            }
        }
        while (__atomic_load_n(&left->begun, __ATOMIC_SEQ_CST) == 0) {
            struct timespec moment = {0, 1000000};

            (void)nanosleep(&moment, NULL);
        }
        (void)nanosleep(&pause, NULL);
        (void)kill(child, SIGKILL);
        killed(child);
        faults()->torn = 0;
        whole();
        n = posts_there();
        assert_in_range(n, left->confirmed, left->confirmed + 1);
    }
}

static void test_a_sync_fails(void **unused)
{
    pid_t child = fork();

    (void)unused;
    if (child == 0) {
        struct store *st = open_store();

        begin_company(st);
        MUST(post(st, 1));
        faults()->fail_sync = 1;
        log_set_level(LOG_ERROR);
        MUST(post(st, 2) == E_IO ? OK : E_FULL);
        MUST(faults()->failed_syncs == 1 ? OK : E_FULL);
        power_cut();
    }
    killed(child);
    assert_int_equal(posts_there(), 1);
}

/* A sync fails anywhere; then, as the daemon does, all is closed, which tries to write the WAL back. */
static void test_a_failed_sync_leaves_the_file_whole(void **unused)
{
    for (unsigned round = 1; round <= ROUNDS; round++) {
        int64_t n;
        pid_t child;

        (void)setup(unused);
        faults()->torn = round % 3 * 20;
        faults()->seed = round;
        child = fork();
        if (child == 0) {
            struct store *st = open_store();
            int64_t i = 1;
            unsigned syncs = 0;

            state = round;
            log_set_level(LOG_ERROR);
            begin_company(st);
            for (;; i++) {
                if (i == 1 + round) {
                    syncs = 1 + below(3);
                }
                faults()->fail_sync = syncs == 1;
                syncs -= syncs > 0;
                if (i % 7 == 0 && store_checkpoint(st) != OK) {
                    break;
                }
                if (post(st, i) != OK) {
                    break;
                }
                left->confirmed = i;
            }
            store_close(st);
            power_cut();
        }
        killed(child);
        faults()->torn = 0;
        whole();
        n = posts_there();
        assert_in_range(n, left->confirmed, left->confirmed + 1);
    }
}

static void test_the_disk_is_full_for_a_while(void **unused)
{
    pid_t child = fork();

    (void)unused;
    if (child == 0) {
        struct store *st = open_store();

        begin_company(st);
        faults()->full = 1;
        MUST(post(st, 1) == E_FULL ? OK : E_IO);
        faults()->full = 0;
        MUST(post(st, 2));
        power_cut();
    }
    killed(child);
    assert_int_equal(posts_there(), 1);
}

static void test_an_end_without_power_cut(void **unused)
{
    struct store *st = open_store();

    (void)unused;
    begin_company(st);
    MUST(post(st, 1));
    store_close(st);
    assert_int_equal(faults()->dirty, 0);
    assert_int_equal(posts_there(), 1);
}

static void test_the_clock_jumps(void **unused)
{
    int64_t real = clock_real_ms(), mono = clock_mono_ms();

    (void)unused;
    faults()->clock_ms = 7200000;
    assert_in_range(clock_real_ms() - real, 7200000, 7260000);
    faults()->clock_ms = -7200001;
    assert_in_range(real - clock_real_ms(), 7140000, 7200001);
    assert_in_range(clock_mono_ms() - mono, 0, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_only_what_was_synced_is_there, setup),
        cmocka_unit_test_setup(test_some_gets_there_by_itself, setup),
        cmocka_unit_test_setup(test_what_was_committed_is_there, setup),
        cmocka_unit_test_setup(test_without_syncs_it_is_gone, setup),
        cmocka_unit_test_setup(test_torn_pieces_do_no_harm, setup),
        cmocka_unit_test_setup(test_a_sync_fails, setup),
        cmocka_unit_test_setup(test_a_failed_sync_leaves_the_file_whole, setup),
        cmocka_unit_test_setup(test_the_disk_is_full_for_a_while, setup),
        cmocka_unit_test_setup(test_an_end_without_power_cut, setup),
        cmocka_unit_test_setup(test_the_clock_jumps, setup),
    };
    int failed;

    left = mmap(NULL, sizeof(*left), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (left == MAP_FAILED || mkdtemp(folder) == NULL) {
        return 1;
    }
    (void)snprintf(path, sizeof(path), "%s/t.db", folder);
    (void)snprintf(url, sizeof(url), "sqlite:%s", path);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_files();
    (void)rmdir(folder);
    return failed;
}
