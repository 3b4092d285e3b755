/* SPDX-License-Identifier: MIT */
/* The XML stream that a server sends us (XEP-0114): bytes in, finished stanzas out.
 *
 * expat reads, libstrophe's xmpp_stanza_t is what comes out. What is different from libstrophe's
 * own parser, and why:
 *  - an attribute with a prefix is dropped (xml:lang is kept): x:from='boss@…' is not a from,
 *    though Prosody passes it on;
 *  - a stanza is out with its last byte, however the network cut it (reparse deferral is off);
 *  - a stanza that passes LIMIT_STANZA, _DEPTH, _CHILDREN or _ATTRIBUTES is read to its end
 *    without being kept, reported to refused(), and the stream goes on: one employee's stanza
 *    must not close the company's stream;
 *  - the parser is renewed between stanzas now and then, since expat keeps every name it ever saw.
 *
 * In a stanza, "xmlns" is set on an element where its namespace differs from its parent's; on the
 * topmost one where it is not jabber:component:accept. Absent means: the parent's. Prefixes are
 * resolved: <a:x xmlns:a='urn:a'/> is named x, with xmlns urn:a. That is done here and not by
 * expat, which for each prefixed attribute walks its namespace, however long it is. Comments and
 * processing instructions leave no trace; white space between elements stays, as text. */
#ifndef BRIDGE_STREAM_H
#define BRIDGE_STREAM_H

#include <stddef.h>
#include <strophe.h>
#include "base/err.h"

struct stream;

/* A stanza that passed a limit. Borrowed for the call. */
struct stream_refused {
    /* Its topmost element without children, and of its attributes only from, to, id and type
     * (each only if it is no longer than a real one can be): made for xmpp_stanza_reply_error(). */
    xmpp_stanza_t *top;
    /* Which one: "bytes", "depth", "children", "attributes", or "names": a namespace of more than
     * SCOPE_NAME_MAX bytes, more than SCOPE_BINDINGS of them, a name with two colons. */
    const char *limit;
};

/* What a stream tells; called from inside stream_feed(), in the order of the bytes. No slot may be
 * NULL, and none may free the stream or feed it. */
struct stream_events {
    /* The header came. id is NULL if it has none. */
    void (*opened)(void *arg, const char *id);
    /* Borrowed: xmpp_stanza_clone() what is to be kept. */
    void (*stanza)(void *arg, xmpp_stanza_t *stanza);
    void (*refused)(void *arg, const struct stream_refused *refused);
    /* <stream:error>: the name of its condition ("conflict"; "undefined-condition" where there is
     * none) and its text, or NULL. */
    void (*error)(void *arg, const char *condition, const char *text);
    /* The server closed the stream; whatever follows is ignored. */
    void (*closed)(void *arg);
};

/* A stream that has seen no byte yet. ctx, ev and arg are borrowed and must outlive it. */
struct stream *stream_new(xmpp_ctx_t *ctx, const struct stream_events *ev, void *arg);
void stream_free(struct stream *s);

/* The next bytes, cut anywhere. E_PROTO: not well-formed, a document type, not an XMPP stream, or
 * past what can be read over (a tag of more than STREAM_TAG_MAX bytes, a nesting of more than
 * STREAM_SKIP_DEPTH); what came before has been told, the stream is good for nothing more, and
 * each later call returns E_PROTO again. */
enum err stream_feed(struct stream *s, const char *data, size_t len) MUST_USE;
/* What E_PROTO was, in English for the log; never what was sent. "" before. */
const char *stream_problem(const struct stream *s);

/* A user's 256 KiB of quotes become 1.5 MiB when the server writes them as &quot; */
#define STREAM_TAG_MAX (4 * 524288)
#define STREAM_HEADER_MAX 8192   /* the server's header: it is kept, for new parsers */
#define STREAM_SKIP_DEPTH 200000 /* nesting in a refused stanza; expat needs 150 bytes for each */
#define STREAM_RENEW 262144      /* bytes after which the parser is renewed between two stanzas */

#endif
