/* SPDX-License-Identifier: MIT */
#include "bridge/throttle.h"

bool throttle_pass(struct throttle *t, const char *address, int64_t mono)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    const char *s;
    int64_t pause, last;

    for (s = address; *s != '\0'; s++) {
        hash = (hash ^ (unsigned char)*s) * 1099511628211u;
    }
    last = t->place[hash % THROTTLE_PLACES].at;
    pause = t->place[hash % THROTTLE_PLACES].hash == hash ? THROTTLE_MS : THROTTLE_OTHERS_MS;
    if (last != 0 && mono - last < pause) {
        return false;
    }
    t->place[hash % THROTTLE_PLACES].hash = hash;
    t->place[hash % THROTTLE_PLACES].at = mono;
    return true;
}
