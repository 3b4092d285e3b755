/* SPDX-License-Identifier: MIT */
/* What came in, in plain C: no type of the XMPP library gets past the bridge. Strings live in the
 * stanza's arena, are well-formed UTF-8, and JIDs are prepared. */
#ifndef HANDLERS_REQUEST_H
#define HANDLERS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request {
    const char *from;      /* full JID as vouched for by the server */
    const char *from_bare; /* whose domain is allowed: the bridge has seen to that */
    const char *from_local;
    const char *to;        /* the address that was written to: the bot's or the bare domain */
    const char *id;        /* NULL where there is none */
    const char *origin_id; /* XEP-0359, NULL */
    const char *lang;      /* "en", "ko" or "": from xml:lang */
    const char *body;      /* NULL where there is none; quoted fallbacks (XEP-0428) are taken off */
    bool body_too_long;    /* over LIMIT_BODY: body is NULL */
    bool encrypted; /* only a stand-in body for encrypted content (XEP-0380, <encrypted/>, ?OTR) */
    const char *replaces;         /* XEP-0308: the id this corrects, NULL */
    const char *replies;          /* XEP-0461: the id this answers, NULL */
    const char *retracts;         /* XEP-0424: the id to take back, NULL */
    const char *reacts;           /* XEP-0444: the id reacted to, NULL; */
    const char *const *reactions; /* the full new set */
    size_t n_reactions;
    const char *file_url; /* XEP-0066, NULL */
    bool delayed;         /* XEP-0203: written while we were away */
};

#endif
