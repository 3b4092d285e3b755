/* SPDX-License-Identifier: MIT */
/* One turn of the loop is one transaction.
 *
 * All stanzas that one read brought are handled inside one write transaction, with a savepoint
 * each; it commits once, and only then answers, presences and updates leave. Long batches are cut
 * into several transactions (TURN_STANZAS, TURN_US). What a failed commit means:
 *   E_FULL  nothing of the turn was kept: every message in it is answered "not saved"
 *   E_IO    what is on disk is unknown: turn_broken() is true from then on, nothing is answered or
 *           sent any more, the process has to exit
 * The turn owns the handlers' service, the peers, the pump, presence and the vCards; it borrows the
 * store and the link. */
#ifndef BRIDGE_TURN_H
#define BRIDGE_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <strophe.h>
#include "base/buffer.h"
#include "base/histogram.h"
#include "bridge/pump.h"
#include "bridge/stream.h"
#include "conf/settings.h"
#include "db/store.h"

#define TURN_STANZAS 64     /* in one transaction */
#define TURN_US 5000        /* of work in one transaction; the stanza that passes it is the last */
#define TURN_TICK_MS 1000   /* after a change, before due notices are looked for */
#define TURN_RETRY_MS 1000  /* after a commit that failed, before what moved is saved again */
#define TURN_IDLE_US 5000   /* of the store's idle work at a time */
#define TURN_IDLE_MS 600000 /* between two looks for idle work when nothing happens */
#define TURN_IDLE_LATE_MS                                                                          \
    1000               /* idle work does not wait longer than this while there is much to do */
#define TURN_PEACE 200 /* people whose settings begin or end to hold something, in one turn */
#define TURN_PEACE_MS                                                                              \
    60000 /* at most, between two looks whether there are any: the clock may be set */
#define TURN_RELEASES 500 /* catch-ups under way: while there are so many, no settings end */
#define TURN_LIFE 50      /* people who gave no sign of life for long, in one turn */
#define TURN_LIFE_FIRST_MS 600000 /* after the link is up: by then it is known who is there */
#define TURN_LIFE_MS 3600000      /* between two looks: the clock may be set */
#define TURN_PEACE_PAUSE_MS 200   /* and the pause until it is looked again */
#define TURN_SILENCE_MS 60000 /* without a byte from the server: a ping asks whether it is there */
#define TURN_HELD 8388608     /* bytes of answers one transaction may hold */
#define TURN_KEEP 1048576     /* bytes kept for the next one */

struct turn;

struct turn_options {
    struct store *store;
    xmpp_ctx_t *ctx;
    const struct settings *settings;
    const char *version; /* of the program */
    /* The link; tests put a socketless one here. */
    struct buffer *(*out)(void *arg);
    size_t (*unsent)(void *arg);
    void (*expect)(void *arg, bool owed); /* an answer is outstanding: silence matters */
    void *arg;
};
/* Everything is borrowed for the turn's life. Reads people and what stands open from the store, in a
 * transaction of its own. */
enum err turn_new(const struct turn_options *o, struct turn **out) MUST_USE;
void turn_free(struct turn *t);
/* The settings have been read again, in their place: takes over what needs no restart. Between turns. */
void turn_reload(struct turn *t);

/* The link's events. */
void turn_link_up(struct turn *t);
void turn_link_down(struct turn *t);
void turn_stanza(struct turn *t, xmpp_stanza_t *stanza);
void turn_refused(struct turn *t, const struct stream_refused *refused);
/* All stanzas of one read were handed over: commits, and appends what leaves to out(). */
void turn_end(struct turn *t);

/* Between reads: fills the link's window, probes, asks for vCards, sends due notices, pings. heard_at: when
 * the last byte came from the server (mono). */
void turn_run(struct turn *t, int64_t heard_at);
/* Monotonic ms at which turn_run() has to be called if nothing else happens; -1: not. */
int64_t turn_deadline(const struct turn *t, int64_t heard_at);
/* Work of the store that can wait; call it when there is nothing to read. */
bool turn_has_idle_work(const struct turn *t, int64_t mono);
void turn_idle(struct turn *t);
/* It has waited for TURN_IDLE_LATE_MS: do it, though there is something to read. */
bool turn_idle_is_late(const struct turn *t, int64_t mono);

/* A planned stop. Nothing new is sent from turn_stop() on, what comes in is still handled. */
void turn_stop(struct turn *t);
/* Unavailable presence to those who see us, as much as the link takes; true when all is written. */
bool turn_goodbye(struct turn *t);
/* True if everything that was sent is acknowledged. */
bool turn_drained(const struct turn *t);
/* Writes down how far delivery is. */
void turn_save(struct turn *t);
/* The disk failed. */
bool turn_broken(const struct turn *t);

/* One line of jaejalctl, other than `status`; adds the answer to out. */
void turn_control(struct turn *t, const char *line, struct buffer *out);

enum turn_reason { WAITS_AWAY, WAITS_OFF, WAITS_SETTINGS, WAITS_SUSPENDED, TURN_REASONS };
/* For `jaejalctl status` and metrics: since the start, and as it is now. */
struct turn_figures {
    uint64_t turns, stanzas, messages, failed_commits;
    uint64_t elements[3];    /* of the stanzas: enum decoded_element */
    uint64_t written;        /* stanzas, all kinds */
    struct histogram turn;   /* transactions, from their first stanza to what leaves behind them */
    struct histogram commit; /* of these the commits that wrote */
    int64_t failing_since;   /* mono; 0: the last commit succeeded */
    size_t people, reachable, asleep; /* asleep: updates are off by themselves */
    uint64_t waiting
        [TURN_REASONS]; /* whose updates wait, and why; after a bounce: pump.bounced_people */
    size_t releases;    /* catch-ups under way */
    struct pump_figures pump;
    struct store_figures store;
    const struct tally *tally;
};
/* Fails where the store does; what is not its is there all the same. */
enum err turn_figures(struct turn *t, struct turn_figures *out) MUST_USE;
/* For `jaejalctl export`: the page that a line asks for (handlers/export.h). */
void turn_export(struct turn *t, const char *line, struct buffer *out);

#endif
