/* SPDX-License-Identifier: MIT */
/* Texts to be posted later. A part of db/store.h, which includes it. Seen by nobody but who wrote them; gone with their
 * account. */
#ifndef DB_STORE_SCHEDULE_H
#define DB_STORE_SCHEDULE_H

#include "db/store.h"

struct scheduled {
    int64_t person;
    int64_t n;     /* the person's own numbers, from 1, never used again */
    int64_t at;    /* when it is due */
    int64_t group; /* where it is to be written, 0: to the followers */
    const char *text;
};
/* E_LIMIT: LIMIT_SCHEDULED of theirs wait, or the text is over LIMIT_BODY. */
enum err store_scheduled_add(struct store *st, int64_t person, int64_t at, int64_t group,
                             const char *text, int64_t *n) MUST_USE;
/* What of a person's waits, the next due first, behind the one with (at, n); n 0: from the beginning. */
enum err store_scheduled_list(struct store *st, int64_t person, int64_t at, int64_t n, size_t limit,
                              struct arena *a, struct scheduled **out, size_t *found,
                              bool *more) MUST_USE;
/* E_NOTFOUND: they have none of that number. */
enum err store_scheduled_remove(struct store *st, int64_t person, int64_t n) MUST_USE;
/* What is due longest, taken out. What suspended people wrote is dropped when it is due. E_NOTFOUND: nothing is due.
 * *next: when the next one is, 0: none waits. */
enum err store_scheduled_take(struct store *st, int64_t now, struct arena *a, struct scheduled *out,
                              int64_t *next) MUST_USE;

#endif
