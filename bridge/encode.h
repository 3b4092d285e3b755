/* SPDX-License-Identifier: MIT */
/* Updates as stanzas: rendered once for all recipients of a language, the address patched in. */
#ifndef BRIDGE_ENCODE_H
#define BRIDGE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buffer.h"
#include "handlers/compose.h"

/* <message … to='|JID|'>…|delay|</message>: what stands between the bars is put in per recipient. */
struct encoded {
    struct buffer text; /* head, then tail */
    size_t head;        /* bytes up to the address */
    char delay[384];    /* the stamp for a catch-up (XEP-0203), "" none */
    size_t delay_len;
    uint64_t key; /* of the id; 0: it asks for no receipt */
};
void encoded_init(struct encoded *e);
void encoded_fini(struct encoded *e);

/* What an id is found by among those of a person, the same for all ids of an event; never 0. */
uint64_t encoded_key(const char *id);
/* Renders an update: type chat, origin-id equal to id (XEP-0359), a request for a receipt (XEP-0184) unless it is an answer, correction (XEP-0308) or retraction
 * (XEP-0424 with XEP-0428). from: where the update names none. domain: of the delay stamp.
 * A stanza never passes LIMIT_STANZA_OUT: a text that would is cut at a code point and ends in " […]"; false says so.
 * (Limits on posts are such that this does not happen: 6 bytes a character.) */
bool encode_update(struct encoded *e, const struct update *u, const char *from, const char *domain);
/* Bytes that encode_put() will add for an address of len bytes. */
size_t encoded_size(const struct encoded *e, size_t to_len, bool late);
/* Adds the stanza for one recipient; `to` is written as it is (a prepared bare JID has nothing to escape). late: with
 * the delay stamp. False: there was no room, nothing was added. */
bool encode_put(const struct encoded *e, struct buffer *out, const char *to, size_t to_len,
                bool late);
/* The same with an address that may hold a resource, escaped. */
bool encode_put_full(const struct encoded *e, struct buffer *out, const char *to);

#endif
