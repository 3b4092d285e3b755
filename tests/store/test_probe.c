/* SPDX-License-Identifier: MIT */
/* store_probe(): says what store_open() would say, and leaves everything as it is. */
#include "tests/store/common.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;
static struct buffer complaint;

static int set_up(void **state)
{
    (void)state;
    folder = scratch_make();
    buffer_init(&complaint, 2000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buffer_fini(&complaint);
    scratch_remove();
    return 0;
}

static enum err probe(const char *name)
{
    char url[600];

    buffer_reset(&complaint);
    (void)snprintf(url, sizeof(url), "sqlite:%s/%s", folder, name);
    return store_probe(url, &complaint);
}

static int files(void)
{
    DIR *d = opendir(folder);
    int n = 0;

    assert_non_null(d);
    while (readdir(d) != NULL) {
        n++;
    }
    (void)closedir(d);
    return n - 2;
}

/* Overwrites len bytes at `at`, or makes a file of them. */
static void scribble(const char *name, long at, const void *bytes, size_t len)
{
    char path[600];
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, access(path, F_OK) == 0 ? "r+b" : "w+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static void none_yet(void **state)
{
    (void)state;
    assert_int_equal(probe("new.db"), E_NOTFOUND);
    assert_int_equal(complaint.len, 0);
    assert_int_equal(files(), 0);
    assert_int_equal(probe("no/such/folder/new.db"), E_SYSTEM);
    assert_non_null(strstr(complaint.data, "no/such/folder"));
    assert_int_equal(store_probe("sqlite::memory:", &complaint), E_NOTFOUND);
}

static void bad_addresses(void **state)
{
    (void)state;
    assert_int_equal(store_probe("postgres:x", &complaint), E_USAGE);
    assert_non_null(strstr(complaint.data, "sqlite:PATH"));
    assert_int_equal(store_probe("sqlite:", &complaint), E_USAGE);
}

static void a_good_one(void **state)
{
    struct store *open = open_file("a.db");
    int before;

    (void)state;
    assert_int_equal(probe("a.db"), E_BUSY);
    assert_int_equal(complaint.len, 0);
    store_close(open);
    before = files();
    assert_int_equal(probe("a.db"), OK);
    assert_int_equal(files(), before);
    open = open_file("a.db"); /* it held nothing of it */
    store_close(open);
}

/* A process that died leaves its log behind; what it wrote may be nowhere else. */
static void after_a_crash(void **state)
{
    static const unsigned char none[] = {0, 0, 0, 0};

    (void)state;
    store_close(open_file("a.db"));
    scribble("a.db", 68, none, sizeof(none));
    assert_int_equal(probe("a.db"), E_USAGE);
    scribble("a.db-wal", 0, "x", 1);
    assert_int_equal(probe("a.db"), OK);
}

static void others(void **state)
{
    static const unsigned char newer[] = {0, 0, 3, 232}, foreign[] = {0, 0, 0, 7};
    char text[200];

    (void)state;
    memset(text, 'x', sizeof(text));
    scribble("text", 0, text, sizeof(text));
    assert_int_equal(probe("text"), E_USAGE);
    scribble("short", 0, "SQLite format 3", 16);
    assert_int_equal(probe("short"), E_USAGE);
    scribble("empty", 0, "", 0);
    assert_int_equal(probe("empty"), OK);
    store_close(open_file("a.db"));
    scribble("a.db", 60, newer, sizeof(newer));
    assert_int_equal(probe("a.db"), E_USAGE);
    assert_non_null(strstr(complaint.data, "1000"));
    store_close(open_file("b.db"));
    scribble("b.db", 68, foreign, sizeof(foreign));
    assert_int_equal(probe("b.db"), E_USAGE);
    assert_int_equal(probe("."), E_SYSTEM); /* a folder */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(none_yet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_good_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_a_crash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(others, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("store_probe", tests, NULL, NULL);
}
