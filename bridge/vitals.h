/* SPDX-License-Identifier: MIT */
/* What the program knows of itself at one moment: metrics and `jaejalctl status` are written from it. */
#ifndef BRIDGE_VITALS_H
#define BRIDGE_VITALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/histogram.h"
#include "bridge/turn.h"

#define TREND_MS 300000 /* what is slow is judged by the last five to ten minutes */

/* The histograms as they were some minutes ago. All zero at first. */
struct trend {
    int64_t at; /* mono, of the newer one */
    struct {
        struct histogram fence, commit;
    } then[2]; /* the older one, the newer one */
};

struct vitals {
    struct turn_figures turn;
    bool store_known;  /* turn.store could be read */
    int64_t mono, now; /* when this was looked at */
    bool link_up;
    bool disk_bad;                                      /* the last look at the disk failed */
    int64_t link_since, down_since, heard_at, up_since; /* monotonic ms; 0: never */
    const char *down_why;                               /* "" where nothing is known */
    uint64_t link_ups, link_downs;                      /* how often it came up, and was lost */
    size_t unsent;                                      /* bytes */
    uint64_t bytes_in, bytes_out;
    struct histogram loop;                  /* a round of the loop, without the waiting */
    struct histogram new_fence, new_commit; /* of the last minutes */
    int64_t resident;                       /* bytes, -1: not known */
};

/* Remembers what stands in the histograms, once in TREND_MS. */
void trend_keep(struct trend *t, const struct turn_figures *f, int64_t mono);
/* What came since then. */
void trend_since(const struct trend *t, const struct turn_figures *f, struct histogram *fence,
                 struct histogram *commit);
/* What the kernel says we occupy, in bytes; -1: it does not say. */
int64_t vitals_resident(void);

#endif
