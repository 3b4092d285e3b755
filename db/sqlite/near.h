/* SPDX-License-Identifier: MIT */
/* The names nearest to what was typed: one or two slips (a letter wrong, missing, added, two
 * swapped), or a shared beginning. */
#ifndef DB_SQLITE_NEAR_H
#define DB_SQLITE_NEAR_H

#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

#define NEAR_MAX 16   /* names kept */
#define NEAR_CHARS 64 /* code points looked at */

struct near_name {
    int64_t no;
    int score; /* less is nearer */
    const char *name;
};
struct near {
    struct arena *arena;
    uint32_t typed[NEAR_CHARS];
    size_t n_typed;
    uint64_t letters;                /* of typed */
    struct near_name best[NEAR_MAX]; /* nearest first, equal ones by name */
    size_t n, limit;
};

void near_init(struct near *nr, struct arena *a, const char *typed, size_t limit);
void near_offer(struct near *nr, int64_t no, const char *name);

#endif
