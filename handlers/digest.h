/* SPDX-License-Identifier: MIT */
/* The summary in place of many updates: what is gathered while they are passed over, and how it reads.
 *
 * What it says follows from what stands in the store at a head of the log: a command that changes anything moves the head,
 * so that a summary of the same stretch up to the same head says the same again. Likes are counted up to the time of that head,
 * since a reaction moves nothing. */
#ifndef HANDLERS_DIGEST_H
#define HANDLERS_DIGEST_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "db/store.h"
#include "handlers/messages.h"

#define DIGEST_NAMED 3    /* of those that name the person, shown with a line each: the newest */
#define DIGEST_HEAPS 5    /* heaps named, the largest */
#define DIGEST_EXCERPT 80 /* code points of a post */
#define DIGEST_LIKED 2    /* likes from which on the most liked post is shown */
#define DIGEST_LIKES 1000 /* more are not counted */

/* Lives on the heap: it is gathered over many turns. head: the last event it may stand for, 0 for none. */
struct digest;
struct digest *digest_new(int64_t person, enum digest_why why, int64_t head_at);
void digest_free(struct digest *d); /* NULL: nothing */
enum digest_why digest_why(const struct digest *d);
/* Counts an update that the person is owed; of a bundle each answer that it tells them of. Edits and deletions of what is counted itself are left out, and what is
 * deleted; beyond LIMIT_DIGEST it is only noted that there are more. */
enum err digest_take(struct digest *d, struct store *st, const struct owed *o) MUST_USE;
/* How many it counted so far; whether there are more than it counts. */
int64_t digest_missed(const struct digest *d);
bool digest_over(const struct digest *d);
/* At most 12 lines. What the person may not see (any more) is in no line but the count. */
enum err digest_compose(const struct digest *d, struct store *st, enum lang l, struct arena *a,
                        char **out) MUST_USE;

#endif
