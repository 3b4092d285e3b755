/* SPDX-License-Identifier: MIT */
#include "base/histogram.h"

int64_t histogram_bound_us(size_t bucket)
{
    return bucket < HISTOGRAM_BUCKETS ? (int64_t)HISTOGRAM_FIRST_US << bucket : INT64_MAX;
}

void histogram_add(struct histogram *h, int64_t us)
{
    size_t i = 0;

    if (us < 0) {
        us = 0;
    }
    while (us > histogram_bound_us(i)) {
        i++;
    }
    h->at[i]++;
    h->sum_us += (uint64_t)us;
}

uint64_t histogram_count(const struct histogram *h)
{
    uint64_t n = 0;

    for (size_t i = 0; i <= HISTOGRAM_BUCKETS; i++) {
        n += h->at[i];
    }
    return n;
}

int64_t histogram_percentile_us(const struct histogram *h, int percent)
{
    uint64_t n = histogram_count(h), before = 0, nth;
    size_t i = 0;
    int64_t low, high;

    if (n == 0) {
        return 0;
    }
    nth = (n * (uint64_t)percent + 99) / 100;
    while (before + h->at[i] < nth) {
        before += h->at[i++];
    }
    if (i == HISTOGRAM_BUCKETS) {
        return histogram_bound_us(i - 1);
    }
    low = i == 0 ? 0 : histogram_bound_us(i - 1);
    high = histogram_bound_us(i);
    return low + (int64_t)((double)(high - low) * (double)(nth - before) / (double)h->at[i]);
}
