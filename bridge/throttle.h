/* SPDX-License-Identifier: MIT */
/* Once in a while: which strangers were answered lately. A table of fixed size, so a flood from
 * made-up addresses costs no memory; two addresses that share a place are answered less often. */
#ifndef BRIDGE_THROTTLE_H
#define BRIDGE_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#define THROTTLE_PLACES 1024
#define THROTTLE_MS 3600000     /* the same address is answered once in this time */
#define THROTTLE_OTHERS_MS 5000 /* another address in the same place once in this */

struct throttle {
    struct {
        uint64_t hash;
        int64_t at; /* 0: never */
    } place[THROTTLE_PLACES];
};

/* True if this address may be answered now; it then counts as answered. mono > 0. */
bool throttle_pass(struct throttle *t, const char *address, int64_t mono);

#endif
