/* SPDX-License-Identifier: MIT */
/* What no receipt has come for: db/store_unseen.h. */
#include "tests/store/common.h"

static void test_rows(void **state)
{
    static const unsigned char bits[] = {0, 255, 0, 1};
    struct unseen_row *rows;
    size_t n;

    (void)state;
    MUST(store_unseen_page(st, 0, 0, 10, ar, &rows, &n));
    assert_int_equal(n, 0);
    MUST(store_unseen_remove(st, 5, 1));
    MUST(store_unseen_set(st, &(struct unseen_row){5, 17, "old", 3}));
    MUST(store_unseen_set(st, &(struct unseen_row){5, 17, bits, sizeof(bits)}));
    MUST(store_unseen_set(st, &(struct unseen_row){7, 1, "", 0}));
    MUST(store_unseen_set(st, &(struct unseen_row){5, 1, "a", 1}));
    MUST(store_unseen_page(st, 0, 0, 2, ar, &rows, &n));
    assert_int_equal(n, 2);
    assert_int_equal(rows[0].event, 5);
    assert_int_equal(rows[0].part, 1);
    assert_int_equal(rows[0].len, 1);
    assert_int_equal(rows[1].part, 17);
    assert_int_equal(rows[1].len, sizeof(bits));
    assert_memory_equal(rows[1].people, bits, sizeof(bits));
    MUST(store_unseen_page(st, 5, 17, 2, ar, &rows, &n));
    assert_int_equal(n, 1);
    assert_int_equal(rows[0].event, 7);
    assert_int_equal(rows[0].len, 0);
    MUST(store_unseen_remove(st, 5, 17));
    MUST(store_unseen_page(st, 5, 1, 2, ar, &rows, &n));
    assert_int_equal(n, 1);
    assert_int_equal(rows[0].event, 7);
}

static void test_back_people(void **state)
{
    int64_t *people;
    size_t n;

    (void)state;
    MUST(store_back_people(st, 0, 10, ar, &people, &n));
    assert_int_equal(n, 0);
    for (int64_t no = 1; no <= 4; no++) {
        MUST(store_back_add(st, no, 10));
        MUST(store_back_add(st, no, 11));
    }
    MUST(store_back_people(st, 1, 2, ar, &people, &n));
    assert_int_equal(n, 2);
    assert_int_equal(people[0], 2);
    assert_int_equal(people[1], 3);
    MUST(store_back_people(st, 4, 2, ar, &people, &n));
    assert_int_equal(n, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rows),
        TEST(test_back_people),
    };

    return cmocka_run_group_tests_name("unseen", tests, NULL, NULL);
}
