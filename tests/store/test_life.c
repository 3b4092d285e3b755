/* SPDX-License-Identifier: MIT */
/* Signs of life: db/store_life.h. */
#include "tests/store/common.h"

/* "1:1000:0 2:2000:1": everybody who gave a sign, when, and how they sleep. */
static const char *all(size_t page)
{
    char *out = arena_dup(ar, "");
    int64_t after = 0;
    struct life *rows;
    size_t n;

    do {
        MUST(store_life_page(st, after, page, ar, &rows, &n));
        for (size_t i = 0; i < n; i++) {
            out = arena_printf(ar, "%s%s%lld:%lld:%d", out, *out == '\0' ? "" : " ",
                               (long long)rows[i].person, (long long)rows[i].seen_at,
                               (int)rows[i].sleep);
            after = rows[i].person;
        }
    } while (n > 0);
    return out;
}

static void test_signs(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");

    (void)state;
    assert_string_equal(all(10), ""); /* an account alone is no sign */
    MUST(store_seen_set(st, bob, 2000));
    MUST(store_seen_set(st, alice, 1000));
    for (size_t page = 1; page < 4; page++) {
        assert_string_equal(all(page), "1:1000:0 2:2000:0");
    }
    MUST(store_sleep_set(st, alice));
    assert_string_equal(all(10), "1:1000:1 2:2000:0");
    MUST(store_sleep_clear(st, alice)); /* sleeps on */
    assert_string_equal(all(10), "1:1000:1 2:2000:0");
    MUST(store_seen_set(st, alice, 3000));
    assert_string_equal(all(10), "1:3000:2 2:2000:0");
    MUST(store_seen_set(st, alice, 4000));
    assert_string_equal(all(10), "1:4000:2 2:2000:0");
    MUST(store_sleep_clear(st, alice));
    MUST(store_sleep_clear(st, bob));
    assert_string_equal(all(10), "1:4000:0 2:2000:0");
    MUST(store_sleep_set(st, 99)); /* of whom nothing is kept, nothing is */
    assert_string_equal(all(10), "1:4000:0 2:2000:0");
}

static void test_silent(void **state)
{
    int64_t *people, next = 7, no[5];
    size_t n = 7;

    (void)state;
    MUST(store_silent(st, 1000, 10, ar, &people, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 0);
    for (int i = 0; i < 5; i++) {
        char nick[] = {'p', (char)('a' + i), '\0'};

        no[i] = person(nick);
        MUST(store_seen_set(st, no[i], 5000 - 1000 * i)); /* 5000 … 1000 */
    }
    MUST(store_silent(st, 999, 10, ar, &people, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 1000);
    MUST(store_silent(st, 3000, 10, ar, &people, &n, &next));
    assert_int_equal(n, 3);
    assert_int_equal(people[0], no[4]);
    assert_int_equal(people[2], no[2]);
    assert_int_equal(next, 4000);
    MUST(store_silent(st, 3000, 2, ar, &people, &n, &next));
    assert_int_equal(n, 2);
    assert_int_equal(next, 3000);
    MUST(store_sleep_set(st, no[4]));
    MUST(store_silent(st, 9000, 10, ar, &people, &n, &next));
    assert_int_equal(n, 4);
    assert_int_equal(next, 0);
    MUST(store_seen_set(st, no[4], 500)); /* woken, by a clock that was wrong */
    MUST(store_silent(st, 9000, 1, ar, &people, &n, &next));
    assert_int_equal(people[0], no[4]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_signs), TEST(test_silent)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
