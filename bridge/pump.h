/* SPDX-License-Identifier: MIT */
/* From the event log to the link: walks, fences, holds, catch-ups (HACKING.md; the ten invariants of delivery).
 *
 * A walk is one row of the store's cursors: an event, a class, and how far its audience is served. A fence is an IQ
 * behind what was written: its answer settles that. Who is away is held by position; coming back, a release
 * (catch-up) sends what was missed, and only then the walks serve them again.
 *
 * Calls marked "in the turn" write to the store inside the turn's transaction and change memory in
 * pump_committed() only. What the network told (a fence came back, the link fell) changes memory at once. */
#ifndef BRIDGE_PUMP_H
#define BRIDGE_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buffer.h"
#include "base/histogram.h"
#include "bridge/conditions.h"
#include "bridge/peers.h"
#include "db/store.h"

#define PUMP_WINDOW_FIRST 65536 /* bytes in flight before any fence came back */
#define PUMP_WINDOW_MIN 16384   /* and however slow the server is */
#define PUMP_WINDOW_MAX 262144  /* and however fast */
#define PUMP_WINDOW_MS 50       /* of the server's work */
#define PUMP_UNSENT 65536       /* nothing is added while TCP has not taken this much */
#define PUMP_SAVE_MS 1000       /* at most this much settled work is repeated after a crash */
#define PUMP_FENCE_MS 30000     /* a fence that takes longer may be lost: another one goes out */
#define PUMP_PROBE_WAIT_MS 5000 /* after the fence of the probes: then who is silent is away */

struct pump;
struct pump_options {
    struct store *store;
    struct peers *peers;
    const char *bot_jid; /* from of updates */
    const char *domain;  /* from of fences and of delay stamps */
    const char *server;  /* to of fences: the domain people live on, first of allowed_domains */
    int digest_after;
    /* The link, as the pump needs it; tests put a socketless one here. */
    struct buffer *(*out)(void *arg);     /* whole stanzas are appended here */
    size_t (*unsent)(void *arg);          /* bytes not yet taken by TCP, those in out() included */
    void (*expect)(void *arg, bool owed); /* a fence is outstanding: silence matters */
    void *arg;
};
/* Strings of the options are borrowed for the pump's life. */
struct pump *pump_new(const struct pump_options *o);
void pump_free(struct pump *p);
/* Counts for catch-ups that are counted from now on. */
void pump_set_digest_after(struct pump *p, int digest_after);
/* Reads cursors, holds, bounces; once at start, in a transaction, after the peers were put. */
enum err pump_load(struct pump *p) MUST_USE;

/* A new stream of the server: everybody is unknown (peers_forget), what was in flight is walked again; the bulk class
 * waits until the probes are over. */
void pump_link_up(struct pump *p, int64_t mono);
void pump_link_down(struct pump *p);
/* All n probes are written (presence calls this): a fence goes behind them, then PUMP_PROBE_WAIT_MS (less if all have
 * answered, none if n is 0), then who is silent and shares presence is away. */
void pump_probed(struct pump *p, size_t n, int64_t mono);

/* In the turn. Away, or off: writes the holds. No harm if they are held already. */
enum err pump_leave(struct pump *p, struct peer *who) MUST_USE;
/* In the turn. There again, or on: begins the catch-up. Call it for each message, IQ or available presence of somebody who
 * is held (not for type='error'); does nothing for who is `off` or has only resources of negative priority. */
enum err pump_return(struct pump *p, struct peer *who, int64_t mono) MUST_USE;
/* In the turn. Their settings hold something else by now (who->holds is up to date): holds more, or begins to release what
 * waits no longer. */
enum err pump_peace(struct pump *p, struct peer *who) MUST_USE;
/* In the turn. No sign of life of them for long: their updates are off until pump_wake(). Holds them. */
enum err pump_sleep(struct pump *p, struct peer *who) MUST_USE;
/* In the turn. A sign of life, for each of them or once in LIMIT_SIGN_MS. It begins no catch-up: pump_return() does. */
enum err pump_wake(struct pump *p, struct peer *who, int64_t now) MUST_USE;
/* In the turn. They left for good: what runs for them stops, and nothing of what was held of them is remembered. */
enum err pump_part(struct pump *p, struct peer *who) MUST_USE;
/* How many catch-ups are under way. */
size_t pump_releases(const struct pump *p);
/* In the turn. A message of ours came back: id as sent, condition and type ("": none) as in RFC 6120 §8.3. Never answer
 * it. */
enum err pump_bounced(struct pump *p, struct peer *who, const char *id, const char *condition,
                      const char *type, int64_t now) MUST_USE;
/* A receipt for a message of ours came: the id as they said it. */
void pump_receipt(struct pump *p, struct peer *who, const char *id);
/* An IQ result or error with this id; the caller has checked that it is from `server`. False: not one of ours. */
bool pump_fence(struct pump *p, const char *id, int64_t mono);
/* In the turn, as its last act before store_commit(): writes what moved (cursors, holds, ended catch-ups, who left while
 * nobody looked). Call it in every turn that changed the store (store_changed()), and in one of its own
 * when pump_save_due(). */
enum err pump_save(struct pump *p, int64_t now) MUST_USE;
bool pump_save_due(const struct pump *p, int64_t mono);

/* With store_savepoint(), store_undo(), store_commit() that gave OK, store_rollback() or a commit that failed. */
void pump_mark(struct pump *p);
void pump_undone(struct pump *p);
void pump_committed(struct pump *p);
void pump_dropped(struct pump *p);

/* Between turns, after each of them and at pump_deadline(): fills the window. In a reading transaction. Bounded work:
 * where it stops early, pump_deadline() is now. */
enum err pump_run(struct pump *p, int64_t now, int64_t mono) MUST_USE;
/* When to call pump_run(), or pump_save() if that is due, if nothing else happens (mono ms), -1: not. */
int64_t pump_deadline(const struct pump *p);

/* For `status` and metrics. */
#define PUMP_LANES 6
const char *pump_lane_name(size_t lane); /* NULL beyond the last */
struct pump_figures {
    uint64_t sent, fences, bounces, catchups, summaries, dropped, receipts, owed_again;
    uint64_t lanes[PUMP_LANES];      /* of these sent: answer, private … bulk, catch-up */
    uint64_t conditions[CONDITIONS]; /* of these bounces */
    size_t open_walks, in_flight_bytes, window_bytes, held_people, bounced_people;
    int64_t oldest_at; /* when what is longest on its way was made (ms since 1970), 0: nothing is */
    int64_t last_fence_us;  /* how long the last fence took */
    struct histogram fence; /* and all of them */
};
void pump_figures(const struct pump *p, struct pump_figures *out);
/* Updates waiting for a person, at most `most`. In a transaction. */
enum err pump_waiting(struct pump *p, const struct peer *who, int64_t most, int64_t *n) MUST_USE;

#endif
