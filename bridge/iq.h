/* SPDX-License-Identifier: MIT */
/* What the bot and the domain answer when a client or server asks about them. Everything that is not
 * known here gets service-unavailable at once: a client that waits for a timeout feels broken. */
#ifndef BRIDGE_IQ_H
#define BRIDGE_IQ_H

#include <stdint.h>
#include <strophe.h>
#include "base/buffer.h"
#include "bridge/decode.h"

struct iq_options {
    const char *domain;
    const char *bot_jid;
    const char *name;    /* of the service, as people see it */
    const char *version; /* of the program */
};
/* Answers one DECODED_ASK of somebody from an allowed domain. up_since: monotonic, ms. */
void iq_answer(const struct iq_options *o, xmpp_ctx_t *ctx, const struct decoded *ask,
               int64_t up_since, struct buffer *out);

#endif
