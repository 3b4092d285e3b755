/* SPDX-License-Identifier: MIT */
#include "handlers/hot.h"

enum { BUNDLES_PER_TICK = 5 };
#define LOOK_AGAIN_MS 60000 /* the clock on the wall may be set meanwhile */

enum err hot_tick(struct store *st, int64_t now, int64_t *next)
{
    int64_t event = 0;
    enum err e = OK;

    *next = 0;
    for (int i = 0; i < BUNDLES_PER_TICK; i++) {
        e = store_hot_take(st, now, &event, next);
        if (e != OK || event == 0)
            break;
    }
    if (e == OK && *next > now + LOOK_AGAIN_MS)
        *next = now + LOOK_AGAIN_MS;
    return e;
}
