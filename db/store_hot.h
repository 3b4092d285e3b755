/* SPDX-License-Identifier: MIT */
/* Conversations that run hot. A part of db/store.h, which includes it.
 *
 * An answer is hot (struct event.hot) if LIMIT_HOT_REPLIES others came before it in its conversation within LIMIT_HOT_MS,
 * or hot ones wait to be told; in a private conversation none is. It is owed to those who take part: whom it names or
 * answers, who began the conversation, who follows it (who writes in it does), who follows loudly what leads to it. Whoever
 * else would be owed it, if it were not hot, is owed the bundle that covers it, an event of its own, unless they have
 * muted or left the conversation meanwhile. */
#ifndef DB_STORE_HOT_H
#define DB_STORE_HOT_H

#include "db/store.h"

/* What a bundle says, as it stood when it was made. */
struct bundle {
    int64_t root;
    int root_version;
    int64_t post; /* the newest answer that stood */
    int version;
    int64_t lo, hi; /* the events of the answers it covers: LIMIT_BUNDLE at most */
    int64_t answers;
};
/* E_NOTFOUND: the event is no bundle. */
enum err store_bundle_get(struct store *st, int64_t event, struct bundle *out) MUST_USE;
/* Whether a person gets a bundle without the words it quotes: they may not see, or mute, one of the two posts. */
enum err store_bundle_bare(struct store *st, const struct event *e, int64_t person,
                           bool *bare) MUST_USE;
/* The answers a bundle tells a person of, as if each came by itself: events and classes, into room for LIMIT_BUNDLE. */
enum err store_bundle_answers(struct store *st, const struct event *e, int64_t person,
                              struct owed *out, size_t *n) MUST_USE;
/* Makes the bundle that is longest due, if one is at `now`; *event 0: none. It is due when nothing was said in
 * its conversation for LIMIT_HOT_MS, LIMIT_BUNDLE_MS after the first answer it covers, or once there are LIMIT_BUNDLE of
 * them. Where all of them were taken back there is none. *next: when to call again, 0: nothing waits. */
enum err store_hot_take(struct store *st, int64_t now, int64_t *event, int64_t *next) MUST_USE;

#endif
