/* SPDX-License-Identifier: MIT */
/* Texts that were scheduled: posted when they are due. */
#ifndef HANDLERS_SCHEDULE_H
#define HANDLERS_SCHEDULE_H

#include "handlers/command.h"
#include "handlers/lists.h"

/* Posts one that is due, and tells its author; *next as service_tick(). */
enum err schedule_tick(struct service *s, int64_t now, struct arena *a, int64_t *next) MUST_USE;
/* "!design Cake in the kitchen", the text cut to `most` code points; of a group that the person may no longer know of the text alone. */
const char *schedule_shown(struct store *st, const struct scheduled *s, int64_t person, size_t most,
                           struct arena *a);
/* What waits of the caller's, behind the one with (at, n); n 0: from the beginning. For `more` too. */
enum err list_scheduled(struct call *c, int64_t at, int64_t n, const struct listing *li) MUST_USE;

#endif
