/* SPDX-License-Identifier: MIT */
/* Times as people type them: 2h 30m 3d 2026-11-23 09:00 "tomorrow 09:00", in their own zone. */
#ifndef HANDLERS_TIMES_H
#define HANDLERS_TIMES_H

#include <stddef.h>
#include <stdint.h>

/* first, second: folded words, second NULL where there is none. How many of the two are the time, 0: neither. The
 * instant is not before now and within ten years; else it is no time. */
size_t time_parse(const char *first, const char *second, const char *zone, int64_t now,
                  int64_t *instant);
/* How many of the two are a time that has passed, or is more than ten years ahead; 0: neither. */
size_t time_is_past(const char *first, const char *second, const char *zone, int64_t now);

#endif
