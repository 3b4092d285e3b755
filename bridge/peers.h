/* SPDX-License-Identifier: MIT */
/* Whom we know to be where: one small record a person, in memory, made from the store at start and from
 * presence afterwards. Shared by presence (which fills it) and the pump (which reads and holds). */
#ifndef BRIDGE_PEERS_H
#define BRIDGE_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "db/store.h"

struct resource {
    struct resource *next;
    signed char priority;
    char show[8];
    char name[]; /* resourceprep'd */
};
struct peer {
    int64_t no;
    const char *jid; /* bare; owned by the table */
    struct resource *resources; /* available ones */
    unsigned char lang;         /* enum lang */
    bool on, shares, retired;
    bool known;                 /* heard of since this stream began, or the probes are over */
    unsigned char held;         /* mask 1u << class */
    int64_t held_from[N_CLASSES];
    bool bounced;
    struct release *release;    /* a catch-up under way, owned by the pump */
    int64_t last_event, last_at; /* what was settled for them last, for `status` */
    char photo[41];             /* hash in their last presence, "" none */
    int64_t vcard_asked_at;
};

struct peers;
struct peers *peers_new(void);
void peers_free(struct peers *ps);
/* Adds or brings up to date from the store's record; returns the record, stable until peers_free(). */
struct peer *peers_put(struct peers *ps, const struct person *p);
struct peer *peers_by_no(struct peers *ps, int64_t no); /* NULL: unknown */
struct peer *peers_by_jid(struct peers *ps, const char *bare);
/* In no order; state is 0 at first. NULL at the end. */
struct peer *peers_each(struct peers *ps, size_t *state);
/* True if a message to the bare JID now reaches a client: a resource with priority >= 0. */
bool peer_reachable(const struct peer *p);

#endif
