/* SPDX-License-Identifier: MIT */
/* What a summary is made of, and what the last one stood for. A part of db/store.h, which includes it. */
#ifndef DB_STORE_DIGEST_H
#define DB_STORE_DIGEST_H

#include "db/store.h"

/* Why somebody was given a summary in place of updates. The numbers are kept. */
enum digest_why {
    DIGEST_AWAY = 0, /* they were away, off, or their settings held it */
    DIGEST_OF_DAY,
    DIGEST_OF_WEEK,
    DIGEST_OF_BOTH,
    DIGEST_ASLEEP /* updates were off by themselves */
};

/* By which of what they follow an event that is owed to a person reached them: one way, however many lead there. */
struct owed_by {
    /* A group, a conversation, a person's tag, a tag, a person (of a repeat: who passed it on), words: the first of these.
     * 0: none, it names or answers them. */
    enum edge_kind kind;
    int64_t object;
    bool open;     /* a question without an accepted answer */
    int64_t likes; /* of the post */
};
/* E_NOTFOUND: its post is deleted. */
enum err store_owed_by(struct store *st, const struct event *e, int64_t person,
                       enum event_class class, struct owed_by *out) MUST_USE;
/* store_owed(), but of what comes by following only edits and deletions: the work is that of these, however much was
 * posted. What is new there may be among them. */
enum err store_owed_rest(struct store *st, int64_t person, unsigned classes, int64_t from,
                         int64_t to, size_t limit, struct arena *a, struct owed **out, size_t *n,
                         int64_t *next) MUST_USE;
/* How edge->subject writes edge->object: label and name. E_NOTFOUND: it is gone, or a group that they may not know of. */
enum err store_edge_label(struct store *st, struct arena *a, struct edge *edge) MUST_USE;
/* How many of its likes a post had before `at`, counted up to `most`. */
enum err store_likes_before(struct store *st, int64_t post, int64_t at, int64_t most,
                            int64_t *n) MUST_USE;

/* The last summary of a person: LIST_MISSED shows what it stood for. */
struct missed {
    unsigned classes;      /* 1u << class; 0: there was none */
    int64_t lo[N_CLASSES]; /* of these, the events lo..hi */
    int64_t hi;
    enum digest_why why;
};
enum err store_missed_get(struct store *st, int64_t person, struct missed *out) MUST_USE;
/* One class of it. What one with a lower hi stood for is forgotten. */
enum err store_missed_set(struct store *st, int64_t person, enum event_class class, int64_t lo,
                          int64_t hi, enum digest_why why) MUST_USE;

#endif
