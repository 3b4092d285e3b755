/* SPDX-License-Identifier: MIT */
/* Presence: who subscribes, who is there. Fills the peers, tells the pump who leaves and returns.
 *
 * No server repeats anything to a component that comes back: on a new stream everybody who shares is probed,
 * and told that we are there. Who stays silent is sent a subscription request a little later, for the server may be
 * another one, which knows nothing of the subscription (RFC 6121 3.1.3: where it does, it answers itself). */
#ifndef BRIDGE_PRESENCE_H
#define BRIDGE_PRESENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buffer.h"
#include "bridge/peers.h"
#include "bridge/pump.h"
#include "db/store.h"

#define PRESENCE_PROBES 200  /* probes at once */
#define PRESENCE_PAUSE_MS 50 /* and the pause behind them, at least */
#define PRESENCE_FENCE_MS                                                                          \
    30000 /* the next wait so long at most for the answer to the fence behind them */

#define PRESENCE_SILENT_MS                                                                         \
    30000 /* behind the probes: whoever said nothing is asked once more to subscribe */
#define PRESENCE_REQUEST_MS 3600000 /* at most so often, however many streams there are */

/* A presence stanza to the bot or the domain, of somebody whose domain is allowed; JIDs are prepared. */
struct presence_in {
    const char *from_bare;
    const char *from_local;
    const char *resource;   /* NULL: from the bare JID */
    const char *to;         /* the address it was sent to; answers come from there. NULL: the bot */
    const char *type;       /* NULL or "": available */
    const char *lang;       /* xml:lang, "" none */
    int priority;           /* -128 to 127 */
    const char *show;       /* "", "away", "chat", "dnd", "xa" */
    const char *photo_hash; /* XEP-0153: hex, "" for "no photo"; NULL: says nothing */
};

struct presence;
struct presence_options {
    struct store *store;
    struct peers *peers;
    struct pump *pump;
    const char *bot_jid;
    const char *domain; /* from of fences */
    const char *server; /* to of fences */
    /* Answers of the turn: leave after the commit, and are cut off again where a savepoint is undone. */
    struct buffer *(*held)(void *arg);
    /* The link: probes and goodbyes go here, between turns. */
    struct buffer *(*out)(void *arg);
    size_t (*unsent)(void *arg);
    /* Somebody subscribes: makes the account if there is none and puts it into the peers. In the turn. */
    enum err (*join)(void *arg, const struct presence_in *in, int64_t now);
    /* The photo of this person's vCard has another hash than the one we have. */
    void (*vcard_wanted)(void *arg, struct peer *who);
    void *arg;
};
/* Strings of the options are borrowed. */
struct presence *presence_new(const struct presence_options *o);
void presence_free(struct presence *pr);

/* In the turn. type='error' and types we do not know are passed over. */
enum err presence_stanza(struct presence *pr, const struct presence_in *in, int64_t now,
                         int64_t mono) MUST_USE;
/* Somebody left for good: in the turn, takes back both subscriptions between them and the address `from` of ours. */
void presence_part(struct presence *pr, const char *from, const char *bare);
/* With store_savepoint(), store_undo(), store_commit() that gave OK, store_rollback() or a commit that failed;
 * the pump has calls of its own. */
void presence_mark(struct presence *pr);
void presence_undone(struct presence *pr);
void presence_committed(struct presence *pr);
void presence_dropped(struct presence *pr);

/* After pump_link_up(): begins the probes. */
void presence_link_up(struct presence *pr, int64_t mono);
void presence_link_down(struct presence *pr);
/* Between turns, when presence_deadline() is reached (mono ms, -1: nothing to do). */
void presence_run(struct presence *pr, int64_t mono);
int64_t presence_deadline(const struct presence *pr);
/* The answer to an IQ with this id, from `server`. False: not one of ours. */
bool presence_fence(struct presence *pr, const char *id);
/* Planned stop: `unavailable` to those who share, as many as the link takes now. True: all are written. */
bool presence_goodbye(struct presence *pr);
/* Presence stanzas, since the start. */
uint64_t presence_written(const struct presence *pr);

#endif
