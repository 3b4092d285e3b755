/* SPDX-License-Identifier: MIT */
/* From the event log to the link: walks, fences, holds, catch-ups (doc/delivery.md).
 *
 * All calls that take part in a turn run inside its open transaction and change memory only in
 * pump_committed() / pump_undone(). pump_run() runs between turns in a reading transaction of its own. */
#ifndef BRIDGE_PUMP_H
#define BRIDGE_PUMP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buffer.h"
#include "bridge/peers.h"
#include "db/store.h"

struct pump;
struct pump_options {
    struct store *store;
    struct peers *peers;
    const char *bot_jid;    /* from of updates */
    const char *domain;     /* from of fences */
    const char *server;     /* to of fences: the domain people live on, first of allowed_domains */
    int digest_after;
    /* The link, as the pump needs it; tests put a socketless one here. */
    struct buffer *(*out)(void *arg);       /* whole stanzas are appended here */
    size_t (*unsent)(void *arg);            /* bytes not yet taken by TCP */
    void (*expect)(void *arg, bool owed);   /* a fence is outstanding: silence matters */
    void *arg;
};
struct pump *pump_new(const struct pump_options *o);
void pump_free(struct pump *p);
/* Reads cursors, holds, bounces; once at start, in a transaction. */
enum err pump_load(struct pump *p) MUST_USE;

/* A new stream of the server: everybody is unknown, what was in flight is walked again; bulk waits for the fence of the
 * probes plus 5 s (pump_probed()). */
void pump_link_up(struct pump *p, int64_t mono);
void pump_link_down(struct pump *p);
/* All probes are written: a fence behind them, then 5 s, then who is silent and shares presence is away. */
void pump_probed(struct pump *p, int64_t mono);

/* Inside the turn: */
enum err pump_leave(struct pump *p, struct peer *who) MUST_USE;   /* away, off: writes the holds */
enum err pump_return(struct pump *p, struct peer *who, int64_t mono) MUST_USE; /* there again, or on: begins the catch-up */
/* A message of ours came back: id as sent, condition as in RFC 6120 §8.3.3. */
enum err pump_bounced(struct pump *p, struct peer *who, const char *id, const char *condition, int64_t now) MUST_USE;
/* An IQ result or error with this id from the server's domain; false: not one of ours. */
bool pump_fence(struct pump *p, const char *id, int64_t mono);
/* Writes what moved (cursors, settled holds); called before the turn's commit, and at most a second after a fence. */
enum err pump_save(struct pump *p, int64_t now) MUST_USE;
void pump_committed(struct pump *p);
void pump_undone(struct pump *p);

/* Between turns: fills the window. In a reading transaction. */
enum err pump_run(struct pump *p, int64_t now, int64_t mono) MUST_USE;
/* When to call pump_run() or pump_save() again if nothing else happens (mono ms), -1: not. */
int64_t pump_deadline(const struct pump *p);
/* For `status` and metrics. */
struct pump_figures {
    uint64_t sent, fences, bounces, catchups, summaries;
    size_t open_walks, in_flight_bytes, held_people;
    int64_t last_fence_us;
};
void pump_figures(const struct pump *p, struct pump_figures *out);
/* Updates waiting for a person, at most `most`. */
enum err pump_waiting(struct pump *p, const struct peer *who, int64_t most, int64_t *n) MUST_USE;

#endif
