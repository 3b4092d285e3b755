/* SPDX-License-Identifier: MIT */
/* Opening, locks, foreign and newer files, migrations, transactions, and what fails at a commit. */
#include "tests/store/common.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "db/sqlite/internal.h"

static int files_setup(void **state)
{
    (void)state;
    failing_vfs_install();
    failing_vfs_disarm();
    log_set_level(LOG_ERROR);
    (void)scratch_make();
    ar = arena_new(1 << 20);
    return 0;
}

static int files_teardown(void **state)
{
    (void)state;
    failing_vfs_disarm();
    if (st != NULL) {
        store_close(st);
        st = NULL;
    }
    arena_free(ar);
    scratch_remove();
    return 0;
}

static const char *path_of(const char *name)
{
    return arena_printf(ar, "%s/%s", scratch_path(), name);
}

static enum err try_open(const char *url, const char *says)
{
    struct buffer complaint;
    struct store *other = NULL;
    enum err e;

    buffer_init(&complaint, 1000);
    e = store_open(url, &complaint, &other);
    if (e != OK && strstr(complaint.data, says) == NULL) {
        print_error("complaint: %s\n", complaint.data);
        fail();
    }
    if (e != OK) {
        assert_null(strchr(complaint.data, '\n'));
    }
    buffer_fini(&complaint);
    store_close(other);
    return e;
}

static enum err try_file(const char *name, const char *says)
{
    return try_open(arena_printf(ar, "sqlite:%s", path_of(name)), says);
}

static enum err probe(const char *name)
{
    struct buffer complaint;
    enum err e;

    buffer_init(&complaint, 1000);
    e = store_probe(arena_printf(ar, "sqlite:%s", path_of(name)), &complaint);
    assert_true((e == E_USAGE || e == E_SYSTEM) == (complaint.len > 0));
    buffer_fini(&complaint);
    return e;
}

/* Runs SQL on a file from outside. */
static void raw(const char *name, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path_of(name), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_new_file(void **state)
{
    struct stat info;
    int64_t no;

    (void)state;
    st = open_file("a.db");
    assert_int_equal(stat(path_of("a.db"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(path_of("a.db-wal"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    MUST(store_begin(st));
    no = person("alice");
    MUST(store_commit(st));
    store_close(st);
    st = open_file("a.db");
    MUST(store_begin(st));
    {
        struct person p;

        MUST(store_person_by_no(st, no, ar, &p));
        assert_string_equal(p.nick, "alice");
    }
    MUST(store_commit(st));
}

static void test_bad_urls(void **state)
{
    (void)state;
    GIVES(E_USAGE, try_open("postgres://x", "sqlite:PATH"));
    GIVES(E_USAGE, try_open("sqlite:", "sqlite:PATH"));
    GIVES(E_SYSTEM, try_file("no/such/folder.db", "No such file"));
    GIVES(E_SYSTEM, try_open(arena_printf(ar, "sqlite:%s", scratch_path()), "directory"));
}

static void test_lock(void **state)
{
    (void)state;
    st = open_file("a.db");
    GIVES(E_BUSY, try_file("a.db", "in use by another process"));
    GIVES(E_BUSY, probe("a.db"));
    store_close(st);
    st = NULL;
    GIVES(OK, try_file("a.db", ""));
    GIVES(OK, probe("a.db"));
}

static void test_probe(void **state)
{
    struct stat info;

    (void)state;
    GIVES(E_NOTFOUND, probe("new.db"));
    assert_int_not_equal(stat(path_of("new.db"), &info), 0);
    GIVES(E_SYSTEM, probe("no/folder.db"));
    raw("other.db", "CREATE TABLE t(x)");
    GIVES(E_USAGE, probe("other.db"));
    GIVES(OK, try_file("a.db", ""));
    raw("a.db", "PRAGMA user_version=1000");
    GIVES(E_USAGE, probe("a.db"));
}

static void test_foreign(void **state)
{
    FILE *f;

    (void)state;
    raw("other.db", "CREATE TABLE t(x)");
    GIVES(E_USAGE, try_file("other.db", "not a database of Jaejal"));
    raw("marked.db", "PRAGMA application_id=7");
    GIVES(E_USAGE, try_file("marked.db", "not a database of Jaejal"));
    f = fopen(path_of("text.db"), "w");
    assert_non_null(f);
    for (int i = 0; i < 500; i++) {
        (void)fprintf(f, "This is a letter, not a database. ");
    }
    (void)fclose(f);
    GIVES(E_USAGE, try_file("text.db", "not a database of Jaejal"));
    f = fopen(path_of("empty.db"), "w"); /* as touch makes it */
    (void)fclose(f);
    GIVES(OK, try_file("empty.db", ""));
}

static void test_newer(void **state)
{
    (void)state;
    GIVES(OK, try_file("a.db", ""));
    raw("a.db", "PRAGMA user_version=1000");
    GIVES(E_USAGE, try_file("a.db", "newer"));
}

/* A step in between, one that fails, and the copy. */
static void test_migrations(void **state)
{
    const size_t n = store_n_migrations;
    const char *steps[100], *copy = arena_printf(ar, "a.db.v%zu", n);
    struct buffer complaint;
    struct stat info;
    int64_t version;

    (void)state;
    assert_true(n + 2 <= ARRAY_LEN(steps));
    memcpy(steps, store_migrations, n * sizeof(*steps));
    steps[n] = "CREATE TABLE extra (x INTEGER);";
    steps[n + 1] = "CREATE TABLE more (x INTEGER); CREATE TABLE extra (y INTEGER);";
    buffer_init(&complaint, 1000);
    st = open_file("a.db");
    MUST(store_begin(st));
    (void)person("alice");
    MUST(store_commit(st));
    MUST(store_migrate(st, steps, n + 1, &complaint));
    MUST(store_check(st, n + 1, &complaint, &version));
    assert_int_equal(version, n + 1);
    assert_int_equal(stat(path_of(copy), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    GIVES(E_IO, store_migrate(st, steps, n + 2, &complaint));
    assert_non_null(strstr(complaint.data, arena_printf(ar, "version %zu", n + 2)));
    MUST(store_check(st, n + 2, &complaint, &version));
    assert_int_equal(version, n + 1); /* nothing of the third step stayed */
    GIVES(E_USAGE, store_check(st, n, &complaint, &version));
    buffer_fini(&complaint);
    store_close(st);
    st = NULL;
    assert_int_equal(rename(path_of(copy), path_of("b.db")), 0);
    st = open_file("b.db"); /* the copy is what was */
    MUST(store_begin(st));
    {
        struct person p;

        MUST(store_person_by_nick(st, "alice", ar, &p));
    }
}

/* A database of the first version gets what came later, and its copy is kept. */
static void test_first_version(void **state)
{
    struct stat info;
    struct tag tag = {0, "cobol", "COBOL"};
    struct added added;
    struct expert *x;
    struct life *lives;
    size_t n;
    bool more;
    bool summed;

    (void)state;
    st = open_file("a.db");
    MUST(store_begin(st));
    (void)person("alice");
    (void)post(1, 1000, "kept");
    (void)person("bob");
    MUST(store_tag_add(st, "cobol", "COBOL", &tag.no));
    for (int i = 0; i < 3; i++) {
        MUST(store_post_add(
            st, &(struct new_post){.author = 1, .at = 1000, .text = "x", .tags = &tag, .n_tags = 1},
            &added));
    }
    MUST(store_post_delete(st, added.post, 1000, &added));
    MUST(store_commit(st));
    /* Only who has the tokenizer can drop it. */
    assert_int_equal(sqlite3_exec(st->db, "DROP TABLE find_accepted", NULL, NULL, NULL), SQLITE_OK);
    store_close(st);
    st = NULL;
    raw("a.db", "DROP TABLE leaving; DROP INDEX liked_by");
    raw("a.db", "DROP TABLE ack; DROP TABLE announcement");
    raw("a.db", "DROP TABLE scheduled; DROP TABLE scheduled_last");
    raw("a.db", "DROP TABLE vote; DROP TABLE poll_count; DROP TABLE poll; DROP TABLE answered; "
                "DROP TABLE expert");
    raw("a.db", "DROP TABLE grp_pin; DROP TABLE grp_ask; DROP TABLE grp_owner; DROP TABLE grp");
    raw("a.db",
        "DROP TABLE alias; DROP TABLE saved; DROP TABLE tag_slot; DROP INDEX tag_used; DROP TABLE "
        "pin; DROP TABLE praise; ALTER TABLE tally DROP COLUMN praise; DROP TABLE report; "
        "DROP TABLE ended; DROP TABLE audit; DROP INDEX person_role; "
        "ALTER TABLE person DROP COLUMN role; ALTER TABLE person DROP COLUMN holds; "
        "DROP INDEX edge_level; DROP TABLE peace; DROP TABLE digest_of; CREATE TABLE digest "
        "(person INTEGER, lo "
        "INTEGER, hi INTEGER); INSERT INTO digest VALUES (1, 4, 9); DELETE FROM meta WHERE k = "
        "'audit'; PRAGMA "
        "user_version=1");
    raw("a.db",
        "DROP TABLE watch; DROP TABLE period; DROP TABLE author; DROP TABLE liked_week; "
        "DROP TABLE invitation; DROP TABLE nudge; DROP TABLE person_tag; DROP TABLE missed; DROP "
        "TABLE life; DROP "
        "TABLE asked; ALTER TABLE bundle DROP COLUMN pause; DROP TABLE hot; DROP TABLE bundled; "
        "ALTER TABLE event DROP COLUMN hot; "
        "DROP INDEX tag_public; DELETE FROM tag WHERE no = 0; DELETE FROM phrase WHERE no = 0; "
        "DROP TABLE unseen");
    st = open_file("a.db");
    assert_int_equal(stat(path_of("a.db.v1"), &info), 0);
    MUST(store_begin(st));
    MUST(store_save_add(st, 1, 1, 1000));
    MUST(store_experts(st, tag.no, 0, 0, 10, ar, &x, &n, &more)); /* counted from what was there */
    assert_int_equal(n, 1);
    assert_int_equal(x[0].posts, 2);
    MUST(store_missed_set(st, 1, CLASS_BULK, 1, 2, DIGEST_AWAY));
    MUST(store_life_page(st, 0, 10, ar, &lives, &n)); /* who was there lives, as far as is known */
    assert_int_equal(n, 2);
    assert_true(lives[0].seen_at > 1700000000000);
    MUST(store_digest_has(st, 1, CLASS_MENTION, 9, &summed));
    assert_true(summed);
    MUST(store_digest_has(st, 1, CLASS_BULK, 4, &summed));
    assert_true(summed);
    MUST(store_digest_has(st, 1, CLASS_ANNOUNCEMENT, 4, &summed));
    assert_false(summed);
    MUST(store_unseen_set(st, &(struct unseen_row){1, 2, "x", 1}));
    MUST(store_commit(st));
}

static void test_transactions(void **state)
{
    struct person p;

    (void)state;
    st = open_file("a.db");
    MUST(store_begin(st));
    assert_false(store_changed(st));
    (void)person("alice");
    assert_true(store_changed(st));
    store_rollback(st);
    MUST(store_begin(st));
    GIVES(E_NOTFOUND, store_person_by_nick(st, "alice", ar, &p));
    MUST(store_savepoint(st));
    (void)person("bob");
    MUST(store_undo(st));
    assert_false(store_changed(st)); /* what was undone is no change */
    GIVES(E_NOTFOUND, store_person_by_nick(st, "bob", ar, &p));
    MUST(store_savepoint(st));
    (void)person("carol");
    MUST(store_release(st));
    MUST(store_savepoint(st));
    (void)person("dave");
    MUST(store_undo(st));
    assert_true(store_changed(st));
    MUST(store_commit(st));
    assert_false(store_changed(st));
    MUST(store_begin(st));
    MUST(store_person_by_nick(st, "carol", ar, &p));
    GIVES(E_NOTFOUND, store_person_by_nick(st, "dave", ar, &p));
    MUST(store_commit(st));
    store_rollback(st); /* without one: nothing */
}

/* A full disk at the commit: nothing was kept, and it goes on once there is room. */
static void test_full(void **state)
{
    struct person p;

    (void)state;
    st = open_file("a.db");
    MUST(store_begin(st));
    (void)person("alice");
    MUST(store_commit(st));
    MUST(store_begin(st));
    (void)person("bob");
    failing_vfs_arm(0, SQLITE_FULL);
    GIVES(E_FULL, store_commit(st));
    assert_true(failing_vfs_count() > 0);
    failing_vfs_disarm();
    assert_false(store_changed(st));
    MUST(store_begin(st));
    MUST(store_person_by_nick(st, "alice", ar, &p));
    GIVES(E_NOTFOUND, store_person_by_nick(st, "bob", ar, &p));
    assert_int_equal(person("bob"), p.no + 1);
    MUST(store_commit(st));
}

/* An fsync that fails: what is true is unknown. */
static void test_io(void **state)
{
    (void)state;
    st = open_file("a.db");
    MUST(store_begin(st));
    (void)person("alice");
    for (int n = 0;; n++) {
        enum err e;

        failing_vfs_arm(n, SQLITE_IOERR_FSYNC);
        e = store_commit(st);
        failing_vfs_disarm();
        if (failing_vfs_count() <= n) { /* it needed no more: this one came through */
            GIVES(OK, e);
            assert_true(n > 1);
            break;
        }
        GIVES(E_IO, e);
        MUST(store_begin(st));
        (void)person("alice");
    }
}

/* A constraint that fails inside a stanza undoes the stanza alone. */
static void test_constraint(void **state)
{
    struct added added;
    struct person p;

    (void)state;
    st = open_file("a.db");
    MUST(store_begin(st));
    (void)person("alice");
    MUST(store_savepoint(st));
    GIVES(E_FULL,
          store_post_add(st, &(struct new_post){.author = 77, .at = 1, .text = "x"}, &added));
    MUST(store_undo(st));
    MUST(store_commit(st));
    MUST(store_begin(st));
    MUST(store_person_by_nick(st, "alice", ar, &p));
}

static void test_idle_and_figures(void **state)
{
    struct store_figures f;
    bool more = true;

    (void)state;
    st = open_file("a.db");
    MUST(store_begin(st));
    MUST(store_alive(st));
    MUST(store_figures(st, &f));
    assert_int_equal(f.people + f.posts + f.events + f.to_index, 0);
    for (int i = 0; i < 200; i++) {
        (void)post(i == 0 ? person("alice") : 1, 5000 + i, "안녕하세요 hello");
    }
    MUST(store_figures(st, &f));
    assert_int_equal(f.people, 1);
    assert_int_equal(f.posts, 200);
    assert_int_equal(f.events, 200);
    assert_int_equal(f.to_index, 200);
    MUST(store_commit(st));
    MUST(store_idle(st, 6000, 0, &more)); /* no time at all: one step */
    assert_true(more);
    for (int i = 0; more; i++) {
        assert_true(i < 100);
        MUST(store_idle(st, 6000, 1000, &more));
    }
    MUST(store_begin(st));
    MUST(store_figures(st, &f));
    assert_int_equal(f.to_index, 0);
    assert_true(f.db_bytes > 4096 * 20);
    (void)post(1, 6500, "after that");
    next_turn();
    MUST(store_figures(st, &f));
    assert_true(f.wal_bytes > 0);
    assert_int_equal(f.to_index, 1);
    MUST(store_post_delete(st, 7, 7000, &(struct added){0}));
    MUST(store_figures(st, &f));
    assert_int_equal(f.posts, 200);
    MUST(store_commit(st));
    for (more = true; more;) {
        MUST(store_idle(st, 7000, 1000000, &more));
    }
    failing_vfs_arm(1000, SQLITE_IOERR_WRITE);
    MUST(store_idle(st, 70000, 1000000, &more));
    assert_false(more); /* nothing to do: nothing is written */
    assert_int_equal(failing_vfs_count(), 0);
}

/* The WAL is written back in quiet moments; a disk that is full then does no harm. */
static int64_t rows_in(const char *table)
{
    sqlite3_stmt *q;
    char sql[64];
    int64_t n;

    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE no > 0", table);
    assert_int_equal(sqlite3_prepare_v2(st->db, sql, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    n = sqlite3_column_int64(q, 0);
    (void)sqlite3_finalize(q);
    return n;
}

/* What is there already is written like what is new; the fillers are none of theirs, and go. */
static void test_fillers(void **state)
{
    static const char *const tables[] = {"tag", "phrase", "person_tag"};
    int64_t tag, phrase, pair, again;
    bool more = true;

    (void)state;
    st = open_file("f.db");
    MUST(store_begin(st));
    MUST(store_tag_add(st, "fusion", "", &tag));
    MUST(store_phrase_add(st, "fusion plan", &phrase));
    MUST(store_person_tag_add(st, 1, tag, &pair));
    for (int i = 0; i < 3; i++) {
        MUST(store_tag_add(st, "fusion", "", &again));
        assert_int_equal(again, tag);
        MUST(store_phrase_add(st, "plan fusion", &again));
        assert_int_equal(again, phrase);
        MUST(store_person_tag_add(st, 1, tag, &again));
        assert_int_equal(again, pair);
    }
    MUST(store_commit(st));
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        assert_int_equal(rows_in(tables[i]), 4);
    }
    for (int i = 0; more && i < 100; i++) {
        MUST(store_idle(st, 100000, 1000000, &more));
    }
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        assert_int_equal(rows_in(tables[i]), 1);
    }
    MUST(store_begin(st));
    MUST(store_tag_add(st, "fusion", "", &again));
    assert_int_equal(again, tag);
    MUST(store_commit(st));
}

/* The same of what is written in secret: whether somebody else wrote of it before, in secret as well, does not show. */
static void test_fillers_of_posts(void **state)
{
    const struct tag tags[] = {{0, "fusion", "Fusion"}, {0, "lunch", "Lunch"}};
    struct added added;
    int64_t lunch, alice, bob;

    (void)state;
    st = open_file("p.db");
    MUST(store_begin(st));
    alice = person("alice");
    bob = person("bob");
    MUST(store_tag_add(st, "lunch", "Lunch", &lunch));
    for (int i = 1; i <= 3; i++) {
        const struct new_post p = {
            .author = alice, .at = 1000, .text = "x", .recipient = bob, .tags = tags, .n_tags = 1};

        MUST(store_post_add(st, &p, &added));
        assert_int_equal(rows_in("tag"), 1 + i);
    }
    MUST(store_commit(st));
}

static void test_checkpoint(void **state)
{
    struct store_figures f;
    struct stat info;
    bool more = true;

    (void)state;
    st = open_file("a.db");
    MUST(store_begin(st));
    (void)person("alice");
    for (int i = 0; i < 6000; i++) {
        (void)post(1, 5000 + i,
                   "some words so that a page fills up some time, and another one, and so on");
    }
    MUST(store_commit(st));
    assert_int_equal(stat(path_of("a.db"), &info), 0);
    assert_true(info.st_size < 500000);
    failing_vfs_arm(0, SQLITE_FULL); /* the WAL holds it all */
    MUST(store_checkpoint(st));
    assert_true(failing_vfs_count() > 0);
    failing_vfs_disarm();
    while (more) {
        MUST(store_idle(st, 6000, 1000000, &more));
    }
    assert_int_equal(stat(path_of("a.db"), &info), 0);
    assert_true(info.st_size > 500000);
    MUST(store_begin(st));
    MUST(store_figures(st, &f));
    assert_true(f.wal_bytes < 600 * 4120);
}

/* Without a quiet moment a commit writes it back in the end. */
static void test_hard_cap(void **state)
{
    static char text[LIMIT_BODY];
    struct stat info;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    st = open_file("a.db");
    MUST(store_begin(st));
    (void)person("alice");
    for (int i = 0; i < 800; i++) {
        (void)post(1, 5000 + i, text);
        if (i % 20 == 0) {
            next_turn();
        }
    }
    MUST(store_commit(st));
    assert_int_equal(stat(path_of("a.db-wal"), &info), 0);
    assert_true(info.st_size < 80000000);
    assert_int_equal(stat(path_of("a.db"), &info), 0);
    assert_true(info.st_size > 60000000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, files_setup, files_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_new_file),
        TEST(test_bad_urls),
        TEST(test_lock),
        TEST(test_probe),
        TEST(test_foreign),
        TEST(test_newer),
        TEST(test_migrations),
        TEST(test_first_version),
        TEST(test_transactions),
        TEST(test_full),
        TEST(test_io),
        TEST(test_constraint),
        TEST(test_idle_and_figures),
        TEST(test_fillers),
        TEST(test_fillers_of_posts),
        TEST(test_checkpoint),
        TEST(test_hard_cap),
    };

    return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
