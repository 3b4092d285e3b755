/* SPDX-License-Identifier: MIT */
#include "bridge/vitals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

void trend_keep(struct trend *t, const struct turn_figures *f, int64_t mono)
{
    if (t->at != 0 && mono - t->at < TREND_MS) {
        return;
    }
    t->then[0] = t->then[1];
    t->then[1].fence = f->pump.fence;
    t->then[1].commit = f->commit;
    t->at = mono;
}

static void less(const struct histogram *now, const struct histogram *then, struct histogram *out)
{
    for (size_t i = 0; i <= HISTOGRAM_BUCKETS; i++) {
        out->at[i] = now->at[i] - then->at[i];
    }
    out->sum_us = now->sum_us - then->sum_us;
}

void trend_since(const struct trend *t, const struct turn_figures *f, struct histogram *fence,
                 struct histogram *commit)
{
    less(&f->pump.fence, &t->then[0].fence, fence);
    less(&f->commit, &t->then[0].commit, commit);
}

int64_t vitals_resident(void)
{
    char text[200], *end;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    long long pages;

    if (fd >= 0) {
        (void)close(fd);
    }
    if (n <= 0) {
        return -1;
    }
    text[n] = '\0';
    (void)strtoll(text, &end, 10); /* its size, then what of it is resident */
    pages = strtoll(end, NULL, 10);
    return pages * sysconf(_SC_PAGESIZE);
}
