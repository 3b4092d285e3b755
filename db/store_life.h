/* SPDX-License-Identifier: MIT */
/* Signs of life, and who gave none for so long that updates are off by themselves. A part of db/store.h, which includes it.
 *
 * What a sign is, the bridge knows; of each person it says so once in LIMIT_SIGN_MS at most. */
#ifndef DB_STORE_LIFE_H
#define DB_STORE_LIFE_H

#include "db/store.h"

/* The numbers are kept. */
enum sleep {
    SLEEP_AWAKE = 0,
    SLEEP_ASLEEP, /* updates are off by themselves */
    SLEEP_WOKEN   /* on again, and they were not told yet that they had been off */
};
struct life {
    int64_t person;
    int64_t seen_at; /* their last sign of life */
    enum sleep sleep;
};
/* Of everybody who ever gave a sign, ascending by person above `after`. */
enum err store_life_page(struct store *st, int64_t after, size_t limit, struct arena *a,
                         struct life **out, size_t *n) MUST_USE;
/* A sign of life at `at`. Who was asleep is woken. */
enum err store_seen_set(struct store *st, int64_t person, int64_t at) MUST_USE;
/* Who is not asleep and gave their last sign at or before `until`, the longest silent first, at most `limit`. *next: the
 * sign of the one who comes behind these, 0: nobody. */
enum err store_silent(struct store *st, int64_t until, size_t limit, struct arena *a,
                      int64_t **people, size_t *n, int64_t *next) MUST_USE;
/* Updates are off by themselves from now on. */
enum err store_sleep_set(struct store *st, int64_t person) MUST_USE;
/* They were told, or there is nothing to tell. Who is asleep sleeps on. */
enum err store_sleep_clear(struct store *st, int64_t person) MUST_USE;

#endif
