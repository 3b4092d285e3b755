/* SPDX-License-Identifier: MIT */
/* Roles and the audit: db/store_admin.h. */
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "tests/store/common.h"

static void test_roles(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol");
    struct people admins;
    struct person p;

    (void)state;
    MUST(store_roles(st, ROLE_ANNOUNCER, 10, ar, &admins));
    assert_int_equal(admins.n, 0);
    MUST(store_person_by_no(st, bob, ar, &p));
    assert_int_equal(p.role, ROLE_EMPLOYEE);
    MUST(store_role_set(st, bob, ROLE_ADMIN));
    MUST(store_role_set(st, carol, ROLE_ANNOUNCER));
    MUST(store_person_by_nick(st, "bob", ar, &p));
    assert_int_equal(p.role, ROLE_ADMIN);
    MUST(store_roles(st, ROLE_ADMIN, 10, ar, &admins));
    assert_int_equal(admins.n, 1);
    assert_int_equal(admins.at[0].no, bob);
    MUST(store_roles(st, ROLE_ANNOUNCER, 1, ar, &admins));
    assert_int_equal(admins.n, 1);
    assert_true(admins.more);
    MUST(store_person_set_state(st, bob, PERSON_SUSPENDED));
    MUST(store_roles(st, ROLE_ADMIN, 10, ar, &admins));
    assert_int_equal(admins.n, 0);
    MUST(store_role_set(st, carol, ROLE_EMPLOYEE));
    MUST(store_roles(st, ROLE_EMPLOYEE, 10, ar, &admins));
    assert_int_equal(admins.n, 0);
    GIVES(E_NOTFOUND, store_role_set(st, 99, ROLE_ADMIN));
    MUST(store_person_set_state(st, alice, PERSON_RETIRED));
    GIVES(E_NOTFOUND, store_role_set(st, alice, ROLE_ADMIN));
}

static void note(int64_t who, const char *action, int64_t whom, const char *detail)
{
    MUST(store_audit_add(
        st,
        &(struct audit){.at = 5000, .who = who, .action = action, .whom = whom, .detail = detail}));
}

static int64_t verified(char hash[AUDIT_HASH])
{
    struct buffer complaint;
    int64_t n = -1;

    buffer_init(&complaint, 1000);
    MUST(store_audit_verify(st, &complaint, &n, hash));
    buffer_fini(&complaint);
    return n;
}

static void test_audit(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");
    char none[AUDIT_HASH], first[AUDIT_HASH], last[AUDIT_HASH];
    struct audit *a;
    size_t n;
    bool more;
    char *large;

    (void)state;
    MUST(store_audits(st, 0, 10, ar, &a, &n, &more));
    assert_int_equal(n, 0);
    assert_false(more);
    assert_int_equal(verified(none), 0);
    assert_string_equal(none, "");
    note(alice, "suspend", bob, "a reason\nof two lines");
    assert_int_equal(verified(first), 1);
    assert_int_equal(strlen(first), 64);
    next_turn();
    note(0, "unsuspend", bob, "");
    note(alice, "watch", 0, "layoffs");
    assert_int_equal(verified(last), 3);
    assert_string_not_equal(first, last);
    MUST(store_audits(st, 0, 2, ar, &a, &n, &more));
    assert_int_equal(n, 2);
    assert_true(more);
    assert_int_equal(a[0].no, 3);
    assert_string_equal(a[0].action, "watch");
    assert_string_equal(a[0].who_nick, "alice");
    assert_string_equal(a[0].whom_nick, "");
    assert_int_equal(a[1].who, 0);
    assert_string_equal(a[1].whom_nick, "bob");
    MUST(store_audits(st, 2, 2, ar, &a, &n, &more));
    assert_int_equal(n, 1);
    assert_false(more);
    assert_string_equal(a[0].detail, "a reason\nof two lines");
    assert_int_equal(a[0].at, 5000);
    large = arena_alloc(ar, LIMIT_AUDIT + 2);
    memset(large, 'x', LIMIT_AUDIT + 1);
    large[LIMIT_AUDIT + 1] = '\0';
    GIVES(E_LIMIT, store_audit_add(st, &(struct audit){.action = "x", .detail = large}));
    note(alice, "x", 0, large + 1);
}

static void test_reasons(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");
    const char *why;

    (void)state;
    GIVES(E_NOTFOUND, store_audit_reason(st, "suspend", bob, ar, &why));
    note(alice, "suspend", bob, "one");
    note(alice, "unsuspend", bob, "two");
    MUST(store_audit_reason(st, "suspend", bob, ar, &why));
    assert_string_equal(why, "one");
    note(alice, "suspend", bob, "three");
    MUST(store_audit_reason(st, "suspend", bob, ar, &why));
    assert_string_equal(why, "three");
    GIVES(E_NOTFOUND, store_audit_reason(st, "suspend", alice, ar, &why));
    GIVES(E_NOTFOUND, store_audit_reason(st, "suspend", 0, ar, &why));
}

/* ---- reports ---------------------------------------------------------------------------------- */

static void test_reports(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol");
    int64_t open = post(alice, 1000, "public"), secret = private_to(alice, bob, 1001, "private");
    struct report *r;
    struct post p;
    size_t n;
    bool more;

    (void)state;
    MUST(store_reports(st, 0, 10, ar, &r, &n, &more));
    assert_int_equal(n, 0);
    MUST(store_post_removable(st, open, ar, &p));
    assert_string_equal(p.text, "public");
    GIVES(E_NOTFOUND, store_post_removable(st, secret, ar, &p));
    GIVES(E_NOTFOUND, store_post_removable(st, 99, ar, &p));
    MUST(store_report_add(st, open, bob, "spam", 2000));
    MUST(store_report_add(st, open, carol, "", 2001));
    MUST(store_report_add(st, secret, bob, "threat", 2002));
    MUST(store_reports(st, 0, 10, ar, &r, &n, &more));
    assert_int_equal(n, 2);
    assert_false(more);
    assert_int_equal(r[0].post, secret);
    assert_string_equal(r[0].shown, "private");
    assert_string_equal(r[0].why, "threat");
    assert_int_equal(r[1].n, 2);
    assert_int_equal(r[1].at, 2001);
    assert_string_equal(r[1].author_nick, "alice");
    MUST(store_reports(st, 0, 1, ar, &r, &n, &more));
    assert_int_equal(n, 1);
    assert_true(more);
    MUST(store_reports(st, secret, 1, ar, &r, &n, &more));
    assert_int_equal(r[0].post, open);
    assert_false(more);
    MUST(store_post_removable(st, secret, ar, &p));
    MUST(store_report_close(st, secret, 3000));
    GIVES(E_NOTFOUND, store_report_close(st, secret, 3000));
    GIVES(E_NOTFOUND, store_post_removable(st, secret, ar, &p));
    MUST(store_post_delete(st, open, 3000, &(struct added){0}));
    GIVES(E_NOTFOUND, store_post_removable(st, open, ar, &p));
    MUST(store_reports(st, 0, 10, ar, &r, &n, &more));
    assert_int_equal(n, 0);
}

/* ---- words ------------------------------------------------------------------------------------- */

static void test_watches(void **state)
{
    struct watch *w;
    size_t n;

    (void)state;
    MUST(store_watches(st, NULL, ar, &w, &n));
    assert_int_equal(n, 0);
    GIVES(E_NOTFOUND, store_watch_remove(st, "budget"));
    MUST(store_watch_add(st, "Budget cuts", 1000));
    MUST(store_watch_add(st, "회의", 1001));
    GIVES(E_EXISTS, store_watch_add(st, "cuts budget", 1002));
    GIVES(E_USAGE, store_watch_add(st, "?!", 1002));
    MUST(store_watches(st, NULL, ar, &w, &n));
    assert_int_equal(n, 2);
    assert_string_equal(w[0].words, "Budget cuts");
    assert_int_equal(w[0].at, 1000);
    MUST(store_watches(st, "The BUDGET has cuts", ar, &w, &n));
    assert_int_equal(n, 1);
    MUST(store_watches(st, "The budget", ar, &w, &n));
    assert_int_equal(n, 0);
    MUST(store_watches(st, "내일 회의에서 봐요", ar, &w, &n));
    assert_int_equal(n, 1);
    MUST(store_watch_remove(st, "cuts budget"));
    GIVES(E_NOTFOUND, store_watch_remove(st, "cuts budget"));
    for (int i = 1; i < LIMIT_WATCHES; i++) {
        MUST(store_watch_add(st, arena_printf(ar, "word%d", i), 1000));
    }
    GIVES(E_LIMIT, store_watch_add(st, "one more", 1000));
    GIVES(E_EXISTS, store_watch_add(st, "Word1", 1000)); /* there is nothing to add */
}

/* ---- what somebody does to it who has the file ------------------------------------------------ */

static int raw(const char *sql)
{
    char path[300];
    sqlite3 *db;
    int rc;

    (void)snprintf(path, sizeof(path), "%s/a.db", scratch_path());
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    (void)sqlite3_close(db);
    return rc;
}

static void reopen(void)
{
    st = open_file("a.db");
    MUST(store_begin(st));
}

static void shut(void)
{
    MUST(store_commit(st));
    store_close(st);
    st = NULL;
}

static void fill(void)
{
    int64_t alice, bob;

    reopen();
    alice = person("alice");
    bob = person("bob");
    note(alice, "suspend", bob, "one");
    note(alice, "unsuspend", bob, "two");
    note(0, "role", bob, "admin");
    shut();
}

/* As `jaejald --check` looks, which changes nothing. */
static void probe(enum err gives, int64_t records, const char *complains)
{
    struct buffer complaint;
    struct stat before, after;
    char url[320];
    int64_t n;

    (void)snprintf(url, sizeof(url), "sqlite:%s/a.db", scratch_path());
    assert_int_equal(stat(url + 7, &before), 0);
    buffer_init(&complaint, 1000);
    GIVES(gives, store_probe_audit(url, &complaint, &n));
    if (gives == OK) {
        assert_int_equal(n, records);
    }
    assert_string_equal(complaint.len > 0 ? complaint.data : "", complains);
    buffer_fini(&complaint);
    assert_int_equal(stat(url + 7, &after), 0);
    assert_int_equal(before.st_mtime, after.st_mtime);
    (void)snprintf(url, sizeof(url), "%s/a.db-shm", scratch_path());
    assert_int_not_equal(stat(url, &after), 0);
}

/* The triggers refuse; without them the chain tells. */
static void tamper(const char *sql, const char *complains)
{
    struct buffer complaint;
    char hash[AUDIT_HASH];
    int64_t n;

    (void)scratch_make();
    fill();
    probe(OK, 3, "");
    assert_int_equal(raw(sql), SQLITE_CONSTRAINT);
    reopen();
    assert_int_equal(verified(hash), 3);
    shut();
    assert_int_equal(raw("DROP TRIGGER audit_kept_update; DROP TRIGGER audit_kept_delete; "
                         "DROP TRIGGER audit_kept_insert"),
                     SQLITE_OK);
    assert_int_equal(raw(sql), SQLITE_OK);
    probe(E_USAGE, 0, complains);
    reopen();
    buffer_init(&complaint, 1000);
    GIVES(E_USAGE, store_audit_verify(st, &complaint, &n, hash));
    assert_string_equal(complaint.data, complains);
    buffer_fini(&complaint);
    shut();
    scratch_remove();
}

static void test_tampering(void **state)
{
    (void)state;
    ar = arena_new(1 << 24);
    tamper("UPDATE audit SET detail = 'three' WHERE no = 2",
           "audit record 2 is not as it was written");
    tamper("UPDATE audit SET who = 2 WHERE no = 1", "audit record 1 is not as it was written");
    tamper("UPDATE audit SET at = 1 WHERE no = 3", "audit record 3 is not as it was written");
    tamper("UPDATE audit SET hash = zeroblob(32) WHERE no = 3",
           "audit record 3 is not as it was written");
    tamper("DELETE FROM audit WHERE no = 2", "audit record 2 is missing");
    tamper("DELETE FROM audit WHERE no = 3", "2 audit records are there, 3 were written");
    tamper("INSERT INTO audit SELECT 4, at, who, action, whom, post, detail, hash FROM audit "
           "WHERE no = 3",
           "audit record 4 is not as it was written");
    arena_free(ar);
    ar = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_roles, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_audit, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_reasons, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_reports, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_watches, store_setup, store_teardown),
        cmocka_unit_test(test_tampering),
    };

    return cmocka_run_group_tests_name("admin", tests, NULL, NULL);
}
