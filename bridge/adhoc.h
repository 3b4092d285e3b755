/* SPDX-License-Identifier: MIT */
/* Ad-hoc commands (XEP-0050) and data forms (XEP-0004, XEP-0122) as XML. What they mean: handlers/native/adhoc.c. */
#ifndef BRIDGE_ADHOC_H
#define BRIDGE_ADHOC_H

#include <stdbool.h>
#include <strophe.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "bridge/decode.h"
#include "bridge/reply.h"
#include "handlers/service.h"

#define NS_COMMANDS "http://jabber.org/protocol/commands"
#define NS_DATA "jabber:x:data"

/* Whether an IQ asks to execute a command: adhoc_decode() reads it, adhoc_reply() answers. */
bool adhoc_is_step(const struct decoded *d);
/* Never fails: what cannot be understood is said in the request. Strings in the arena. */
void adhoc_decode(const struct decoded *d, struct arena *a, struct form_request *out);
void adhoc_reply(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *to,
                 const struct form_request *request, const struct form_answer *answer);

/* Whether an IQ asks about the list of commands or one of them. */
bool adhoc_is_question(const struct decoded *d);
/* Answers it from the commands that the asker may use; of any other node: item-not-found. */
void adhoc_answer(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *to,
                  const struct decoded *d, const struct form_name *names, size_t n);

#endif
