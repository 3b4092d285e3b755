/* SPDX-License-Identifier: MIT */
/* When updates may reach a person: snooze, quiet hours, digests. A part of db/store.h, which includes it.
 *
 * What the settings mean at a moment is worked out above the store (handlers/peace.h); it keeps the outcome, so that after
 * a restart the same is held. */
#ifndef DB_STORE_PEACE_H
#define DB_STORE_PEACE_H

#include "db/store.h"

enum digest_mode { DIGEST_OFF = 0, DIGEST_DAILY, DIGEST_WEEKLY };

/* struct person.holds: a mask of 1u << class, and of these. */
#define HOLDS_CLASSES ((1u << N_CLASSES) - 1)
#define HOLDS_DIGEST                                                                               \
    0x100u /* what is held is held for the digest alone: no quiet hours, no snooze */
/* The time of a digest came, and it is not given yet: HOLDS_DUE that of bulk and of what is followed daily, HOLDS_WEEK that
 * of what is followed weekly. */
#define HOLDS_DUE 0x200u
#define HOLDS_WEEK 0x400u

struct peace {
    int64_t snooze_until; /* 0: not */
    bool quiet;
    int quiet_from, quiet_to; /* minutes of the day */
    unsigned allow;           /* 1u << class: let through all the same */
    enum digest_mode digest;
    int digest_day, digest_minute; /* of the week, 0 Sunday; of the day */
    int64_t digest_next;           /* when the next one is due, 0: never */
    bool levels;                   /* follows something daily or weekly */
    int64_t weekly_next;           /* as digest_next, of what is followed weekly */
    int64_t due;                   /* when to look again, 0: never */
    unsigned holds;
};
/* Of whom nothing is kept, everything is off. */
enum err store_peace_get(struct store *st, int64_t person, struct peace *out) MUST_USE;
/* All of it, holds into the person. E_NOTFOUND: nobody, or retired. */
enum err store_peace_set(struct store *st, int64_t person, const struct peace *p) MUST_USE;
/* Who is due at `now`, longest due first, at most `limit`; if nobody is, those whose hours or digest are farther away than
 * these can be: the clock was wrong when that was worked out. *next: when the next one is, 0: nobody. */
enum err store_peace_due(struct store *st, int64_t now, size_t limit, struct arena *a,
                         int64_t **people, size_t *n, int64_t *next) MUST_USE;
/* What was due of HOLDS_DUE and HOLDS_WEEK is given: these bits go. */
enum err store_peace_digest_done(struct store *st, int64_t person, unsigned bits) MUST_USE;

#endif
