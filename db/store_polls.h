/* SPDX-License-Identifier: MIT */
/* Polls: what was voted. Part of db/store.h, whose rules hold here. A post of KIND_POLL has one; its text ends with the
 * choices, one a line. Who voted what is told to nobody but themselves. */
#ifndef DB_STORE_POLLS_H
#define DB_STORE_POLLS_H

#include "base/limits.h"
#include "db/store.h"

struct poll {
    int choices;       /* numbered from 1 */
    int64_t closed_at; /* 0: open */
    int64_t votes;
    int64_t
        counts[LIMIT_CHOICES + 1]; /* by number; what somebody who has left voted still counts */
    int mine;                      /* the person's own vote, 0: none */
};
/* Makes a post a poll. E_LIMIT: fewer than two choices, or more than LIMIT_CHOICES. */
enum err store_poll_add(struct store *st, int64_t post, int choices) MUST_USE;
/* Changes the number of choices. E_DENIED: somebody has voted, or it is closed. E_LIMIT as above. E_NOTFOUND: no poll. */
enum err store_poll_edit(struct store *st, int64_t post, int choices) MUST_USE;
/* The poll of a post, whoever may see it; `mine` is the person's (0: nobody's). E_NOTFOUND: no poll, or taken back. */
enum err store_poll_get(struct store *st, int64_t post, int64_t person, struct poll *out) MUST_USE;
/* Ends it for good. E_DENIED: another's; E_EXISTS: it was closed; E_NOTFOUND: no poll, or they may not see it. */
enum err store_poll_close(struct store *st, int64_t post, int64_t person, int64_t at) MUST_USE;
/* One's vote, in place of an earlier one. E_EXISTS: it was that already; E_DENIED: closed; E_LIMIT: no such choice;
 * E_NOTFOUND: no poll, or they may not see it. */
enum err store_vote_add(struct store *st, int64_t post, int64_t person, int choice) MUST_USE;
/* The next people to be told that a poll they voted in was closed, at most `limit`, each given once; its author is
 * not among them. Who is suspended is: what they miss waits for them. n 0: nobody is left. */
struct voters {
    int64_t post;
    int64_t *people;
    size_t n;
};
enum err store_voters_take(struct store *st, size_t limit, struct arena *a,
                           struct voters *out) MUST_USE;

#endif
