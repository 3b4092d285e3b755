/* SPDX-License-Identifier: MIT */
/* Times as people type them: 2h 30m 3d 2026-11-23 09:00 "tomorrow 09:00", in their own zone. */
#ifndef HANDLERS_TIMES_H
#define HANDLERS_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* first, second: folded words, second NULL where there is none. How many of the two are the time, 0: neither. The
 * instant is not before now and within ten years; else it is no time. */
size_t time_parse(const char *first, const char *second, const char *zone, int64_t now,
                  int64_t *instant);
/* How many of the two are a time that has passed, or is more than ten years ahead; 0: neither. */
size_t time_is_past(const char *first, const char *second, const char *zone, int64_t now);

/* "09:00", "9시", "9시30분" (folded): the minute of the day; -1: no time of day. */
int time_of_day(const char *word);
/* "19:00-08:00", with any dash: two different minutes of the day. False: no hours. */
bool time_hours(const char *word, int *from, int *to);

#endif
