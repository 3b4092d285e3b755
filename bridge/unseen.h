/* SPDX-License-Identifier: MIT */
/* What people whose clients give receipts (XEP-0184) were sent, and no receipt has come for (invariant 6).
 *
 * A fence says that the server has it, not that its disk has. So what such a person was sent within the last minute is
 * kept in mind, and is owed again when the server's stream falls; pump_save() writes it beside the cursors that passed
 * these people, so that it is owed again also after a loss of power, of the server and us at once. A receipt takes exactly
 * one id of one person out of it. Older than a minute, the fence's word counts.
 *
 * Not of summaries: whether one comes again or not, `missed` lists what it stood for.
 *
 * Kept as sets: one event, one way of being owed it, neighbours by number, a bit each. */
#ifndef BRIDGE_UNSEEN_H
#define BRIDGE_UNSEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define UNSEEN_MS 60000 /* then the fence's word counts */
#define UNSEEN_EACH                                                                                \
    64 /* of one person at most, the newest; of older ones the fence's word counts */
#define UNSEEN_MISSES                                                                              \
    10 /* updates in a row without a receipt: their clients give none (any more) */
#define UNSEEN_PEOPLE 1024   /* numbers that share a set */
#define UNSEEN_SETS 16384    /* at most, some 4 MiB; beyond, the fence's word counts */
#define UNSEEN_BUCKETS 4096  /* of the sets by id */
#define UNSEEN_REST_MS 10000 /* between two writings of a set that only shrinks */
#define UNSEEN_SLICE 1000    /* people for whom something becomes owed again in one transaction */
#define UNSEEN_RELEASES 2000 /* catch-ups under way: first these */
#define UNSEEN_EXPIRE 64     /* sets that expire in one run */

struct pump;
struct peer;
/* How it was owed: a walk's class, or in a catch-up. */
enum { UNSEEN_RELEASE = 15, UNSEEN_HOWS = 16 };

struct unseen {
    struct unseen *chain;         /* in its bucket */
    struct unseen *older, *newer; /* by when something was sent last */
    uint64_t key;                 /* of the id that was sent */
    int64_t event;
    int64_t part;           /* number / UNSEEN_PEOPLE * UNSEEN_HOWS + how */
    int64_t at, written_at; /* mono ms */
    uint64_t people[UNSEEN_PEOPLE / 64];
    unsigned n;
    uint64_t fence; /* the one behind what was sent last */
    bool stored;    /* has a row */
    bool grown;     /* has more than its row */
    bool queued;    /* stands among the changed */
    bool writing;   /* `kept` is in the open transaction */
    enum { UNSEEN_ROW, UNSEEN_NO_ROW, UNSEEN_OWED } kept;
};
struct unseen_sets {
    struct unseen *buckets[UNSEEN_BUCKETS];
    struct unseen *oldest, *newest, *last;
    size_t n;
    struct unseen **changed; /* to be written, or freed */
    size_t n_changed, cap_changed;
    struct unseen **lost; /* owed again, in the next transactions; in no other list */
    size_t n_lost, cap_lost;
};

/* In pump_load(), behind cursors and holds: what was unseen at our end is owed again. */
enum err unseen_load(struct pump *p) MUST_USE;
void unseen_free(struct pump *p);
/* An update was appended for somebody. key: of its id, 0: it asks for no receipt. */
void unseen_sent(struct pump *p, struct peer *who, int64_t event, unsigned how, uint64_t key);
/* It came back: what becomes of it is the bounce's business. */
void unseen_take(struct pump *p, struct peer *who, const char *id);
/* What is older than a minute is forgotten. */
void unseen_expire(struct pump *p, int64_t mono);
/* When the next is (mono ms), INT64_MAX: never. */
int64_t unseen_deadline(const struct pump *p);
/* The stream fell, before walks and catch-ups begin anew: what these will not bring is owed again. */
void unseen_lose(struct pump *p);
/* In pump_save(), behind cursors and operations, before catch-ups. */
enum err unseen_save(struct pump *p) MUST_USE;
/* Something is owed again and waits for a transaction. */
bool unseen_urgent(const struct pump *p);
/* With pump_committed() (kept), or when the turn or some of it is undone. */
void unseen_written(struct pump *p, bool kept);

#endif
