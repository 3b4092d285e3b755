/* SPDX-License-Identifier: MIT */
/* Time zones, read from the system's tz database (TZif, RFC 8536) and kept. Not by TZ and
 * tzset(): those would change the environment under other threads. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdint.h>

struct zone;

/* The zone of that name ("Asia/Seoul"), NULL if the system has none. It may be dropped again at
 * the next call: use it at once. */
const struct zone *zone_find(const char *name);
/* Seconds east of UTC at an instant in seconds since 1970 UTC. */
int32_t zone_offset(const struct zone *z, int64_t at);

/* Days since 1970-01-01 of a day of the proleptic Gregorian calendar; month 1-12, any day. */
int64_t zone_days(int64_t year, int month, int64_t day);

#endif
