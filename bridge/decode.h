/* SPDX-License-Identifier: MIT */
/* A stanza that came in, read: from here on nobody looks into XML, except for the payload of an IQ.
 *
 * Everything is prepared (JIDs), checked (UTF-8 that XML allows, ids of bearable length) and lives
 * in the arena, which may be reset when the stanza is done. Decoding does nothing and knows
 * nobody: what is said here follows from the stanza and the settings alone. */
#ifndef BRIDGE_DECODE_H
#define BRIDGE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>
#include "base/arena.h"
#include "bridge/presence.h"
#include "handlers/request.h"

/* What a stanza asks for. */
enum decoded_kind {
    DECODED_SILENT,  /* nothing: our own domain, groupchat, copies, invitations, empty bodies … */
    DECODED_MESSAGE, /* request */
    DECODED_BOUNCE,  /* a message of ours came back: id, condition */
    DECODED_PRESENCE, /* presence */
    DECODED_ASK,      /* an IQ get or set: type, payload, payload_ns */
    DECODED_ANSWER, /* an IQ result or error: id, payload (may be NULL), condition (of an error) */
    DECODED_BAD,    /* to be answered with the error `condition` and nothing else */
    DECODED_FOREIGN /* from a domain that is not allowed: <not-allowed/>, messages and presence
                         only once in a while (element says which it is) */
};
/* Which address of ours was written to. */
enum decoded_address { ADDRESS_DOMAIN, ADDRESS_BOT, ADDRESS_OTHER };
enum decoded_element { ELEMENT_MESSAGE, ELEMENT_PRESENCE, ELEMENT_IQ };

struct decoded {
    enum decoded_kind kind;
    enum decoded_element element;
    enum decoded_address address;
    const char *from; /* full, NULL only if silent */
    const char *from_bare;
    const char *from_local; /* NULL: a server */
    const char *from_domain;
    const char *to;   /* whom an answer comes from: bare, always of our domain */
    const char *id;   /* NULL */
    const char *type; /* of an IQ: "get", "set", "result", "error" */
    const char *lang; /* "en", "ko" or "" */
    const char *condition;
    const char *
        receipt; /* the id of a message of ours that has arrived (XEP-0184), NULL; beside whatever it is */
    bool asks_receipt;
    const char *error_type; /* of a bounce: "cancel", "wait" …, "" */
    xmpp_stanza_t *payload; /* borrowed from the stanza */
    const char *payload_ns;
    struct request request;
    struct presence_in presence;
};

struct decode_options {
    const char *domain; /* the component's */
    const char *bot;    /* local part, prepared */
    const char *const *allowed_domains;
    size_t n_allowed_domains;
};

/* Never fails: what cannot be understood is DECODED_BAD or DECODED_SILENT. */
void decode_stanza(const struct decode_options *o, xmpp_stanza_t *stanza, struct arena *a,
                   struct decoded *out);

/* Parts of it, apart only because of their size. ns is the stanza's namespace; `out` holds all but
 * what is particular to a message. */
void decode_message(xmpp_stanza_t *stanza, const char *ns, struct arena *a, struct decoded *out);
/* The condition inside <error/>, "undefined-condition" where there is none. */
const char *decode_condition(struct arena *a, xmpp_stanza_t *stanza, const char *ns);
/* What its type says, "" where it is none of the five. */
const char *decode_error_type(xmpp_stanza_t *stanza, const char *ns);
/* "en", "ko" or "", from an xml:lang (NULL: ""). */
const char *decode_language(const char *tag);

#define DECODE_REACTIONS 20 /* reactions looked at in one stanza */
#define DECODE_REACTION 64  /* bytes of one; longer ones are ignored */
#define DECODE_URL 2000     /* bytes of a file's address; longer ones are ignored */
#define DECODE_FALLBACKS 8  /* ranges taken off one body */

#endif
