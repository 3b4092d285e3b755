/* SPDX-License-Identifier: MIT */
/* How long something took, counted in fixed buckets: each holds twice the time of the one before. Adding is a few
 * instructions, needs no memory and cannot fail. */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_BUCKETS 20   /* with a bound: 100 us, 200 us … 52 s */
#define HISTOGRAM_FIRST_US 100 /* the bound of the first */

/* All zero is an empty one. */
struct histogram {
    uint64_t at[HISTOGRAM_BUCKETS + 1]; /* each its own, not summed up; the last has no bound */
    uint64_t sum_us;
};

/* A negative time (a clock that was set) counts as none. */
void histogram_add(struct histogram *h, int64_t us);
/* A time of exactly the bound is still within it. Of the last bucket: INT64_MAX. */
int64_t histogram_bound_us(size_t bucket);
uint64_t histogram_count(const struct histogram *h);
/* The time that `percent` of all took at most (1 to 100), as near as the buckets say; 0 where nothing was counted. */
int64_t histogram_percentile_us(const struct histogram *h, int percent);

#endif
