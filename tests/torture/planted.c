/* SPDX-License-Identifier: MIT */
/* Faults of the program itself, put in by commands, to see that the storm reports them: each function here stands
 * between two files of the program (--wrap) and does what a mistake would do. Those of the disk are in vfs.c. */
#include "tests/torture/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/pump_state.h"

#define SKIPPED 7 /* of so many pages of recipients one lacks somebody */

enum err __real_store_audience_next(struct store *st, struct audience *au, int64_t after,
                                    int64_t *people, size_t max, size_t *n);
enum err __wrap_store_audience_next(struct store *st, struct audience *au, int64_t after,
                                    int64_t *people, size_t max, size_t *n);
enum err __real_pump_run(struct pump *p, int64_t now, int64_t mono);
enum err __wrap_pump_run(struct pump *p, int64_t now, int64_t mono);

enum err __wrap_store_audience_next(struct store *st, struct audience *au, int64_t after,
                                    int64_t *people, size_t max, size_t *n)
{
    static unsigned pages;
    enum err e = __real_store_audience_next(st, au, after, people, max, n);

    if (e == OK && *n > 1 && faults()->plant == PLANT_SKIP && ++pages % SKIPPED == 0) {
        memmove(people, people + 1, --*n * sizeof(*people));
    }
    return e;
}

/* As if the answer to a fence did not matter. */
enum err __wrap_pump_run(struct pump *p, int64_t now, int64_t mono)
{
    enum err e = __real_pump_run(p, now, mono);
    char id[64];

    if (e == OK && faults()->plant == PLANT_FENCE && p->fence_next > p->fence_first) {
        (void)snprintf(id, sizeof(id), "%s%llu", p->fence_prefix,
                       (unsigned long long)p->fence_next - 1);
        (void)pump_fence(p, id, mono);
    }
    return e;
}
