/* SPDX-License-Identifier: MIT */
/* Stanzas that answer one that came in, built with libstrophe and written to a buffer.
 *
 * What leaves here is always well-formed: characters that XML forbids are left out, addresses are
 * prepared ones (from is of our domain: anything else would close the stream). */
#ifndef BRIDGE_REPLY_H
#define BRIDGE_REPLY_H

#include <stdint.h>
#include <strophe.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "bridge/decode.h"

/* Who is answered, and how. */
struct reply_to {
    const char *from; /* our address */
    const char *to;
    const char *id; /* of what came in, NULL */
};

/* A message with text that is not kept (lists, refusals): id is its own. A text that would pass
 * LIMIT_STANZA_OUT goes as several messages, cut at line breaks. */
void reply_text(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r, const char *id,
                const char *text, struct arena *a);
/* A receipt (XEP-0184) for the message with that id. */
void reply_receipt(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r);
/* An error stanza of the same element; its type (cancel, modify …) follows from the condition. */
void reply_error(xmpp_ctx_t *ctx, struct buffer *out, enum decoded_element element,
                 const struct reply_to *r, const char *condition, const char *text);
/* The same with a condition of an extension's own beside it (NULL: none). */
void reply_error_specific(xmpp_ctx_t *ctx, struct buffer *out, enum decoded_element element,
                          const struct reply_to *r, const char *condition, const char *text,
                          const char *specific, const char *ns);
/* An IQ result around a payload (NULL: empty), which is released here. */
void reply_result(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r,
                  xmpp_stanza_t *payload);
/* An IQ get of ours around a payload, which is released here. */
void reply_ask(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r,
               xmpp_stanza_t *payload);

/* A new element; ns may be NULL. */
xmpp_stanza_t *reply_element(xmpp_ctx_t *ctx, const char *name, const char *ns);
/* Adds a child that holds only text, which is cleaned of what XML forbids. */
void reply_add_text(xmpp_stanza_t *parent, const char *name, const char *text);
/* An element that holds only text, cleaned. */
xmpp_stanza_t *reply_text_element(xmpp_ctx_t *ctx, const char *name, const char *text);
/* An attribute with a text that may hold what XML forbids. */
void reply_set_text(xmpp_stanza_t *el, const char *key, const char *text);

/* How many stanzas were written so since the start. */
uint64_t reply_count(void);

#define REPLY_PIECE 150000 /* bytes of text, escaped, in one message */

#endif
