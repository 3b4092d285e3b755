/* SPDX-License-Identifier: MIT */
/* Whom we know to be where: one small record a person, in memory, made from the store at start and from
 * presence afterwards. Shared by presence (which fills it) and the pump (which reads and holds).
 *
 * What a server tells of somebody's presence is true whether or not our transaction commits, so `known` and
 * `resources` change at once; `held` and `bounced` mirror the store and change with the commit only. */
#ifndef BRIDGE_PEERS_H
#define BRIDGE_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "db/store.h"
#include "handlers/messages.h"

#define PEER_RESOURCES 32 /* of one person; further ones are not tracked */

struct resource {
    struct resource *next;
    signed char priority;
    char show[8];
    char name[]; /* resourceprep'd, "" for a presence without a resource */
};
struct release; /* a catch-up under way, the pump's */
struct peer {
    int64_t no;
    const char *jid;            /* bare; owned by the table */
    struct resource *resources; /* available ones */
    struct release *release;
    int64_t last_event,
        last_at; /* what was settled for them last, for `status`; 0: nothing since our start */
    int64_t vcard_asked_at; /* whoever fetches vCards keeps this */
    uint64_t photo; /* the first 64 bits of the hash last seen (store, then presence), 0: none */
    unsigned char lang;  /* enum lang */
    unsigned char held;  /* mask 1u << class */
    unsigned char sleep; /* enum sleep */
    int64_t seen_at;     /* their last sign of life, to about a day, 0: none was seen */
    unsigned short
        holds;    /* what their settings hold now (db/store_peace.h); what is held may lag behind */
    bool on;      /* wants updates */
    bool shares;  /* we have their presence subscription */
    bool retired; /* or suspended: nothing is sent but answers */
    bool known;   /* heard of since this stream began, or the probes are over */
    bool back;    /* something is owed again, though nothing may be held */
    unsigned char
        receipts; /* updates in a row that may yet miss theirs (XEP-0184); 0: their clients give none */
    unsigned char unseen; /* updates without a receipt (bridge/unseen.h) */
    bool bounced;         /* held since their messages came back; tried again later */
};

#define HELD_ALL ((1u << N_CLASSES) - 1)

struct peers;
/* otherwise: the language of people who chose none. */
struct peers *peers_new(enum lang otherwise);
void peers_free(struct peers *ps);
/* Adds or brings up to date from the store's record; returns the record, stable until peers_free(). Call it
 * again with what the store says when a turn that changed a person was undone. */
struct peer *peers_put(struct peers *ps, const struct person *p);
struct peer *peers_by_no(struct peers *ps, int64_t no);        /* NULL: unknown */
struct peer *peers_by_jid(struct peers *ps, const char *bare); /* NULL: unknown or retired */
/* In no order; state is 0 at first. NULL at the end. */
struct peer *peers_each(struct peers *ps, size_t *state);
size_t peers_count(const struct peers *ps);
/* Everybody becomes unknown and nobody has a resource: a new stream. */
void peers_forget(struct peers *ps);

/* Updates are on: by their own wish, and not off by themselves. */
bool peer_wants(const struct peer *p);
/* True if a message to the bare JID now reaches a client: a resource with priority >= 0. */
bool peer_reachable(const struct peer *p);
/* A resource came, or changed. False: PEER_RESOURCES were there already, it was left out. */
bool peer_resource_put(struct peer *p, const char *name, int priority, const char *show);
/* It went; NULL: all of them. */
void peer_resource_remove(struct peer *p, const char *name);
/* Of what is held, the classes that wait for nothing but their presence; those of a digest that is due among them. */
unsigned peer_releasable(const struct peer *p);
/* The first 64 bits of a hash in hex, 0 for anything else. */
uint64_t peer_photo_key(const char *hex);

#endif
