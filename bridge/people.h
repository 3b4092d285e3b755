/* SPDX-License-Identifier: MIT */
/* Names and photos: people's own vCards (XEP-0054), asked of their server at first contact, when the
 * photo's hash in a presence changes, and once a day.
 *
 * A few questions are under way at a time. An answer counts only if its id and its sender are those
 * of a question: libstrophe's id handlers would look at the id alone, and any employee can send one. */
#ifndef BRIDGE_PEOPLE_H
#define BRIDGE_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <strophe.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "bridge/decode.h"
#include "bridge/peers.h"

struct people_desk;

/* bot_jid is borrowed; peers too. */
struct people_desk *people_new(xmpp_ctx_t *ctx, struct peers *peers, const char *bot_jid);
void people_free(struct people_desk *d);

/* Asks soon; once, however often it is called. */
void people_want(struct people_desk *d, struct peer *who);
/* A new link: what was under way is asked again, nothing counts as answered. */
void people_link_up(struct people_desk *d);
void people_link_down(struct people_desk *d);

/* A vCard as read: strings and bytes in the arena. */
struct vcard {
    const char *name;       /* one bearable line, "" if there is none */
    const char *photo_type; /* NULL: no photo */
    const void *photo;
    size_t photo_len;
    const char *photo_hash; /* SHA-1 in hex; "" */
};
/* An IQ result or error. False: not an answer to a question of ours. *who is the person; *read is
 * false if there was nothing to read (an error: the old name stays, the next try is tomorrow). */
bool people_answered(struct people_desk *d, const struct decoded *answer, int64_t now,
                     struct arena *a, struct peer **who, bool *read, struct vcard *out);
/* An answer that the link refused because of its size. */
bool people_refused(struct people_desk *d, const char *id, const char *from_bare, int64_t now);

/* Writes questions that are due; call when people_deadline() has passed or something was wanted. */
void people_run(struct people_desk *d, int64_t now, int64_t mono, struct buffer *out);
/* Monotonic ms, -1: nothing to do until something is wanted. */
int64_t people_deadline(const struct people_desk *d);

#define PEOPLE_ASKED 8           /* questions under way at a time */
#define PEOPLE_PATIENCE_MS 30000 /* then it counts as not answered */
#define PEOPLE_SWEEP_MS 60000    /* between two looks for people whose day is over */
#define PEOPLE_SWEEP 500         /* people asked anew per look, at most */
#define PEOPLE_WANTED 20000      /* people waiting for their question; the rest by the sweep */

/* Reads <vCard xmlns='vcard-temp'>. */
void people_read_vcard(struct arena *a, xmpp_stanza_t *vcard, struct vcard *out);

#endif
