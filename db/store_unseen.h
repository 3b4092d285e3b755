/* SPDX-License-Identifier: MIT */
/* What people were sent whose clients give receipts (XEP-0184), while no receipt has come: after a loss of power, of server
 * and service at once, it is owed again. A part of db/store.h, which includes it. The pump alone knows what a part means. */
#ifndef DB_STORE_UNSEEN_H
#define DB_STORE_UNSEEN_H

#include "db/store.h"

struct unseen_row {
    int64_t event, part;
    const void *people; /* one bit a person */
    size_t len;
};
/* Adds or replaces. */
enum err store_unseen_set(struct store *st, const struct unseen_row *row) MUST_USE;
/* None there: no error. */
enum err store_unseen_remove(struct store *st, int64_t event, int64_t part) MUST_USE;
/* Those behind (event, part), ascending. */
enum err store_unseen_page(struct store *st, int64_t event, int64_t part, size_t limit,
                           struct arena *a, struct unseen_row **out, size_t *n) MUST_USE;

/* Who is owed something again (back), ascending, above `after`. */
enum err store_back_people(struct store *st, int64_t after, size_t limit, struct arena *a,
                           int64_t **people, size_t *n) MUST_USE;

#endif
