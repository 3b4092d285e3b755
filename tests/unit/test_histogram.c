/* SPDX-License-Identifier: MIT */
#include "base/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void both_sides_of_each_bound(void **state)
{
    (void)state;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        struct histogram h = {.sum_us = 0};

        histogram_add(&h, histogram_bound_us(i));
        assert_int_equal(h.at[i], 1);
        histogram_add(&h, histogram_bound_us(i) + 1);
        assert_int_equal(h.at[i], 1);
        assert_int_equal(h.at[i + 1], 1);
        assert_int_equal(h.sum_us, 2 * histogram_bound_us(i) + 1);
        assert_int_equal(histogram_count(&h), 2);
    }
    assert_int_equal(histogram_bound_us(0), HISTOGRAM_FIRST_US);
    assert_int_equal(histogram_bound_us(HISTOGRAM_BUCKETS - 1), 52428800);
    assert_true(histogram_bound_us(HISTOGRAM_BUCKETS) == INT64_MAX);
}

static void nothing_and_too_much(void **state)
{
    struct histogram h = {.sum_us = 0};

    (void)state;
    assert_int_equal(histogram_percentile_us(&h, 99), 0);
    histogram_add(&h, -5);
    histogram_add(&h, 0);
    assert_int_equal(h.at[0], 2);
    assert_int_equal(h.sum_us, 0);
    h = (struct histogram){.sum_us = 0};
    histogram_add(&h, INT64_MAX);
    assert_int_equal(h.at[HISTOGRAM_BUCKETS], 1);
    assert_int_equal(histogram_percentile_us(&h, 50), histogram_bound_us(HISTOGRAM_BUCKETS - 1));
}

static void percentiles(void **state)
{
    struct histogram h = {.sum_us = 0};

    (void)state;
    for (int i = 0; i < 98; i++) {
        histogram_add(&h, 150);
    }
    histogram_add(&h, 5000);
    histogram_add(&h, 5000);
    assert_true(histogram_percentile_us(&h, 50) > 100 && histogram_percentile_us(&h, 50) <= 200);
    assert_int_equal(histogram_percentile_us(&h, 98), 200);
    assert_true(histogram_percentile_us(&h, 99) > 3200 && histogram_percentile_us(&h, 99) <= 6400);
    assert_int_equal(histogram_percentile_us(&h, 100), 6400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_of_each_bound),
        cmocka_unit_test(nothing_and_too_much),
        cmocka_unit_test(percentiles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
