/* SPDX-License-Identifier: MIT */
/* The service's door for benches that time single lines: a database that past.c filled, and a clock for processor time.
 * What a line changes is rolled back, so that each stands alone; the commit is not in the time. */
#ifndef TESTS_BENCH_DOOR_H
#define TESTS_BENCH_DOOR_H

#include "base/arena.h"
#include "db/store.h"
#include "handlers/service.h"

struct door {
    struct store *st;
    struct service *service;
    struct service_options options;
    struct arena *a;
    int64_t now; /* a minute behind the newest post */
    struct store_figures figures;
    unsigned ids;
    double cpu_us, wall_us; /* of the last line */
};

void door_open(struct door *d, const char *database);
void door_close(struct door *d);
/* Says lines as a person (the last is the one that is timed; those before it, each ended by "\n", set its stage) and rolls
 * back what they did. The last one's answer in d->a ("" for silence), which the next call resets. keep: commit instead, and
 * the commit is in the time. */
const char *door_say(struct door *d, const char *nick, const char *lines, bool keep);
/* The processor time of this thread in microseconds. */
double door_cpu_us(void);

#endif
