/* SPDX-License-Identifier: MIT */
#include "bridge/stream.h"

#include <expat.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "bridge/scope.h"

#ifndef HAVE_DECL_XML_SETREPARSEDEFERRALENABLED
#error "configure must say whether expat can switch its reparse deferral off"
#endif

#define JID_MAX (3 * LIMIT_JID_PART + 2)
#define FEED_MAX 65536
/* From here on an unfinished tag is not scanned again at each read unless it may end in it. */
#define TAG_LARGE 16384

/* An open element; ns belongs to its stanza, to that of a parent, or is a constant. */
struct level {
    xmpp_stanza_t *node;
    const char *ns;
};

enum stop {
    STOP_NOT,
    STOP_RENEW, /* behind a stanza, to go on with a new parser */
    STOP_END,   /* the server closed the stream */
    STOP_BAD    /* problem says why */
};

struct stream {
    xmpp_ctx_t *ctx;
    const struct stream_events *ev;
    void *arg;

    XML_Parser parser;
    int64_t fed;     /* bytes this parser was given, the replayed header too */
    int64_t stop_at; /* where a stanza ended, counted like fed */
    enum stop stop;
    const char *problem;

    struct buffer head; /* the header, byte for byte; before it is complete, all that came */
    bool opened;
    bool replaying; /* the header is being told to a new parser, not to the caller */

    unsigned depth;   /* open elements, the stream itself included */
    int64_t begun_at; /* where the stanza begins, counted like fed */
    unsigned elements;
    struct level level[LIMIT_STANZA_DEPTH + 1]; /* [0] is the stream, [1] the stanza */
    struct buffer text;                         /* character data not yet a node */
    struct scope scope;

    const char *limit;  /* not NULL: the stanza is refused, and read over */
    xmpp_stanza_t *top; /* of the refused one */
};

static void must(int strophe_result)
{
    if (strophe_result != XMPP_EOK) {
        err_no_memory();
    }
}

static const char header_too_long[] = "a stream header too long";
static const char not_utf8[] = "a stream that is not UTF-8";

static void stop_parser(struct stream *s, enum stop stop)
{
    s->stop = stop;
    (void)XML_StopParser(s->parser, XML_FALSE);
}

static void spoil(struct stream *s, const char *problem)
{
    s->problem = problem;
    stop_parser(s, STOP_BAD);
}

/* Behind the token that expat is telling about. */
static int64_t position(const struct stream *s)
{
    return XML_GetCurrentByteIndex(s->parser) + XML_GetCurrentByteCount(s->parser);
}

static xmpp_stanza_t *new_element(struct stream *s, const char *name)
{
    xmpp_stanza_t *node = xmpp_stanza_new(s->ctx);

    if (node == NULL) {
        err_no_memory();
    }
    must(xmpp_stanza_set_name(node, name));
    return node;
}

static void add_child(xmpp_stanza_t *parent, xmpp_stanza_t *child)
{
    must(xmpp_stanza_add_child_ex(parent, child, 0));
}

/* What was gathered as text becomes a node of the innermost element. */
static void flush_text(struct stream *s)
{
    xmpp_stanza_t *node;

    if (s->text.len == 0) {
        return;
    }
    node = xmpp_stanza_new(s->ctx);
    if (node == NULL) {
        err_no_memory();
    }
    must(xmpp_stanza_set_text_with_size(node, s->text.data, s->text.len));
    add_child(s->level[s->depth - 1].node, node);
    buffer_reset(&s->text);
}

/* The short attributes an answer is made of; others and longer ones are left behind. */
static void keep_addressing(xmpp_stanza_t *top, const char *key, const char *value)
{
    bool address = strcmp(key, "from") == 0 || strcmp(key, "to") == 0;
    bool label = strcmp(key, "id") == 0 || strcmp(key, "type") == 0;

    if ((address && strlen(value) <= JID_MAX) || (label && strlen(value) <= LIMIT_STANZA_ID)) {
        must(xmpp_stanza_set_attribute(top, key, value));
    }
}

/* Gives up what was built of the stanza, except who sent it to whom. */
static void refuse(struct stream *s, const char *limit)
{
    static const char *const keys[] = {"from", "to", "id", "type"};
    xmpp_stanza_t *full = s->level[1].node;
    size_t i;

    s->limit = limit;
    buffer_fini(&s->text);
    if (full == NULL) {
        return;
    }
    if (s->top == NULL) {
        s->top = new_element(s, xmpp_stanza_get_name(full));
        for (i = 0; i < ARRAY_LEN(keys); i++) {
            const char *value = xmpp_stanza_get_attribute(full, keys[i]);

            if (value != NULL) {
                keep_addressing(s->top, keys[i], value);
            }
        }
    }
    (void)xmpp_stanza_release(full);
    s->level[1].node = NULL;
}

/* Looks at the bytes of the stanza so far, the current token included. */
static bool too_long(struct stream *s)
{
    if (position(s) - s->begun_at <= LIMIT_STANZA) {
        return false;
    }
    refuse(s, "bytes");
    return true;
}

static void open_stream(struct stream *s, const XML_Char *full, const XML_Char **atts)
{
    const char *name, *ns, *id = NULL;
    bool bound = scope_open(&s->scope, 0, atts);
    size_t i;

    s->depth = 1;
    if (s->replaying) {
        return;
    }
    if (!bound || position(s) > STREAM_HEADER_MAX) {
        spoil(s, header_too_long);
        return;
    }
    if (memchr(s->head.data, '\0', (size_t)position(s)) != NULL) {
        spoil(s, not_utf8);
        return;
    }
    name = scope_resolve(&s->scope, full, &ns);
    if (name == NULL || strcmp(name, "stream") != 0 || strcmp(ns, XMPP_NS_STREAMS) != 0) {
        spoil(s, "the peer does not open an XMPP stream");
        return;
    }
    for (i = 0; atts[i] != NULL; i += 2) {
        if (strcmp(atts[i], "id") == 0) {
            id = atts[i + 1];
        }
    }
    /* What came behind the header in the same read is not part of it. */
    s->head.len = (size_t)position(s);
    s->opened = true;
    s->ev->opened(s->arg, id);
}

/* Attributes in a namespace are not ours, except xml:lang; declarations are none. */
static bool is_plain(const XML_Char *name)
{
    return strcmp(name, "xml:lang") == 0 ||
           (strchr(name, ':') == NULL && strcmp(name, "xmlns") != 0);
}

static size_t count_attributes(const XML_Char **atts)
{
    size_t n = 0;

    while (atts[2 * n] != NULL) {
        n++;
    }
    return n;
}

/* A stanza whose first tag alone is too much: what of it is needed for an answer. */
static void refuse_top(struct stream *s, const char *name, const XML_Char **atts, const char *limit)
{
    size_t i;

    s->top = new_element(s, strlen(name) <= SCOPE_NAME_MAX ? name : "message");
    for (i = 0; atts[i] != NULL; i += 2) {
        keep_addressing(s->top, atts[i], atts[i + 1]);
    }
    refuse(s, limit);
}

static void add_element(struct stream *s, const char *name, const char *ns, const XML_Char **atts)
{
    struct level *above = &s->level[s->depth - 1], *here = &s->level[s->depth];
    size_t i;

    here->node = new_element(s, name);
    here->ns = above->ns;
    if (strcmp(ns, above->ns) != 0) {
        must(xmpp_stanza_set_ns(here->node, ns));
        here->ns = xmpp_stanza_get_ns(here->node);
    }
    for (i = 0; atts[i] != NULL; i += 2) {
        if (is_plain(atts[i])) {
            must(xmpp_stanza_set_attribute(here->node, atts[i], atts[i + 1]));
        }
    }
    if (above->node != NULL) {
        add_child(above->node, here->node);
    }
}

/* The limit that this new element passes, or NULL; binds its namespaces on the way. */
static const char *passed_limit(struct stream *s, const XML_Char **atts)
{
    if (s->depth > LIMIT_STANZA_DEPTH) {
        return "depth";
    }
    if (s->elements > LIMIT_STANZA_CHILDREN + 1) {
        return "children";
    }
    if (count_attributes(atts) > LIMIT_STANZA_ATTRIBUTES) {
        return "attributes";
    }
    if (position(s) - s->begun_at > LIMIT_STANZA) {
        return "bytes";
    }
    return scope_open(&s->scope, s->depth, atts) ? NULL : "names";
}

/* Inside the stream; s->depth is that of the new element, 1 for a stanza's topmost. */
static void open_element(struct stream *s, const XML_Char *full, const XML_Char **atts)
{
    const char *ns, *name, *limit;

    if (s->depth == 1) {
        s->begun_at = XML_GetCurrentByteIndex(s->parser);
        s->elements = 0;
    }
    s->elements++;
    limit = passed_limit(s, atts);
    name = scope_resolve(&s->scope, full, &ns);
    if (name == NULL) {
        name = "message";
        limit = "names";
    }
    if (limit == NULL) {
        flush_text(s);
        add_element(s, name, ns, atts);
    } else if (s->depth == 1) {
        refuse_top(s, name, atts, limit);
    } else {
        refuse(s, limit);
    }
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
    struct stream *s = arg;

    if (s->stop != STOP_NOT) {
        return; /* expat may tell a little more after it was stopped */
    }
    if (s->depth == 0) {
        open_stream(s, name, atts);
        return;
    }
    if (s->limit == NULL) {
        open_element(s, name, atts);
    }
    s->depth++;
    if (s->depth > STREAM_SKIP_DEPTH) {
        spoil(s, "elements nested too deeply to read over");
    }
}

static void XMLCALL on_text(void *arg, const XML_Char *data, int len)
{
    struct stream *s = arg;

    /* Between stanzas there is only white space to keep a connection open. */
    if (s->stop != STOP_NOT || s->depth < 2 || s->limit != NULL || too_long(s)) {
        return;
    }
    buffer_add(&s->text, data, (size_t)len);
}

/* <stream:error><conflict xmlns='…'/><text xmlns='…'>…</text></stream:error> */
static void tell_error(struct stream *s, xmpp_stanza_t *error)
{
    const char *condition = "undefined-condition";
    xmpp_stanza_t *child;
    char *text = NULL;

    for (child = xmpp_stanza_get_children(error); child != NULL;
         child = xmpp_stanza_get_next(child)) {
        const char *ns = xmpp_stanza_is_tag(child) ? xmpp_stanza_get_ns(child) : NULL;

        if (ns == NULL || strcmp(ns, XMPP_NS_STREAMS_IETF) != 0) {
            continue;
        }
        if (strcmp(xmpp_stanza_get_name(child), "text") != 0) {
            condition = xmpp_stanza_get_name(child);
        } else if (text == NULL) {
            text = xmpp_stanza_get_text(child);
        }
    }
    s->ev->error(s->arg, condition, text);
    if (text != NULL) {
        xmpp_free(s->ctx, text);
    }
}

static void tell_stanza(struct stream *s)
{
    xmpp_stanza_t *stanza = s->level[1].node;

    s->level[1].node = NULL;
    if (strcmp(s->level[1].ns, XMPP_NS_STREAMS) != 0) {
        s->ev->stanza(s->arg, stanza);
    } else if (strcmp(xmpp_stanza_get_name(stanza), "error") == 0) {
        tell_error(s, stanza);
    } /* stream features are for clients */
    (void)xmpp_stanza_release(stanza);
}

static void tell_refused(struct stream *s)
{
    struct stream_refused refused = {.top = s->top, .limit = s->limit};

    s->top = NULL;
    s->limit = NULL;
    s->ev->refused(s->arg, &refused);
    (void)xmpp_stanza_release(refused.top);
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
    struct stream *s = arg;
    bool renew;

    (void)name;
    if (s->stop != STOP_NOT) {
        return;
    }
    if (s->limit == NULL && s->depth > 1 && !too_long(s)) {
        flush_text(s);
    }
    s->depth--;
    scope_close(&s->scope, s->depth);
    if (s->depth == 0) {
        stop_parser(s, STOP_END);
        s->ev->closed(s->arg);
    } else if (s->depth == 1) {
        s->stop_at = position(s);
        renew = s->limit != NULL || s->stop_at > STREAM_RENEW;
        if (s->limit != NULL) {
            tell_refused(s);
        } else {
            tell_stanza(s);
        }
        if (renew) {
            stop_parser(s, STOP_RENEW);
        }
    }
}

static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int has_internal_subset)
{
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)has_internal_subset;
    spoil(arg, "a document type is not allowed in a stream");
}

static void new_parser(struct stream *s)
{
    if (s->parser != NULL) {
        XML_ParserFree(s->parser);
    }
    /* The encoding is given, so that an XML declaration cannot choose another; what expat takes for
     * UTF-16 all the same has a NUL in its header. */
    s->parser = XML_ParserCreate("UTF-8");
    if (s->parser == NULL) {
        err_no_memory();
    }
    XML_SetUserData(s->parser, s);
    XML_SetElementHandler(s->parser, on_start, on_end);
    XML_SetCharacterDataHandler(s->parser, on_text);
    XML_SetStartDoctypeDeclHandler(s->parser, on_doctype);
    s->fed = 0;
    s->depth = 0;
    scope_reset(&s->scope);
    buffer_fini(&s->text);
    s->stop = STOP_NOT;
}

struct stream *stream_new(xmpp_ctx_t *ctx, const struct stream_events *ev, void *arg)
{
    struct stream *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        err_no_memory();
    }
    s->ctx = ctx;
    s->ev = ev;
    s->arg = arg;
    s->problem = "";
    s->level[0].ns = XMPP_NS_COMPONENT;
    buffer_init(&s->head, STREAM_HEADER_MAX);
    buffer_init(&s->text, LIMIT_STANZA);
    scope_init(&s->scope);
    new_parser(s);
    return s;
}

void stream_free(struct stream *s)
{
    if (s == NULL) {
        return;
    }
    XML_ParserFree(s->parser);
    if (s->level[1].node != NULL) {
        (void)xmpp_stanza_release(s->level[1].node);
    }
    if (s->top != NULL) {
        (void)xmpp_stanza_release(s->top);
    }
    buffer_fini(&s->head);
    buffer_fini(&s->text);
    scope_reset(&s->scope);
    free(s);
}

const char *stream_problem(const struct stream *s)
{
    return s->problem;
}

/* A tag is told with its last byte only if expat scans the unfinished one at each read, which is
 * quadratic. So expat may put a large one off while no byte comes that could end it. */
static void set_deferral(struct stream *s, const char *data, size_t len)
{
#if HAVE_DECL_XML_SETREPARSEDEFERRALENABLED
    int64_t told = XML_GetCurrentByteIndex(s->parser);
    bool large = told >= 0 && s->fed - told > TAG_LARGE;
    bool defer = large && memchr(data, '>', len) == NULL;

    (void)XML_SetReparseDeferralEnabled(s->parser, defer ? XML_TRUE : XML_FALSE);
#else
    (void)s;
    (void)data;
    (void)len;
#endif
}

/* Gives the parser data; *used is how much of it a parser needs to have seen. */
static void parse(struct stream *s, const char *data, size_t len, size_t *used)
{
    int64_t told;

    *used = len;
    set_deferral(s, data, len);
    if (XML_Parse(s->parser, data, (int)len, 0) == XML_STATUS_OK) {
        s->fed += (int64_t)len;
        told = XML_GetCurrentByteIndex(s->parser);
        if (s->fed - (told < 0 ? 0 : told) > STREAM_TAG_MAX) {
            s->stop = STOP_BAD;
            s->problem = "a tag too long to read over";
        }
    } else if (s->stop == STOP_RENEW && s->stop_at > s->fed &&
               s->stop_at - s->fed <= (int64_t)len) {
        *used = (size_t)(s->stop_at - s->fed);
    } else if (s->stop != STOP_END && s->stop != STOP_BAD) {
        enum XML_Error code = XML_GetErrorCode(s->parser);

        if (code == XML_ERROR_NO_MEMORY) {
            err_no_memory();
        }
        s->stop = STOP_BAD;
        s->problem = XML_ErrorString(code);
    }
}

/* expat keeps each name it ever saw; a new parser that was told the header knows as much as is
 * needed between two stanzas. */
static void renew(struct stream *s)
{
    size_t used;

    new_parser(s);
    s->replaying = true;
    parse(s, s->head.data, s->head.len, &used);
    s->replaying = false;
}

/* As long as the header is not complete. */
static void check_beginning(struct stream *s)
{
    if (memchr(s->head.data, '\0', s->head.len) != NULL) {
        s->stop = STOP_BAD;
        s->problem = not_utf8;
    } else if (s->fed > STREAM_HEADER_MAX) {
        s->stop = STOP_BAD;
        s->problem = header_too_long;
    }
}

enum err stream_feed(struct stream *s, const char *data, size_t len)
{
    while (len > 0 && s->stop == STOP_NOT) {
        size_t n = len < FEED_MAX ? len : FEED_MAX, used;

        if (!s->opened) {
            size_t room = STREAM_HEADER_MAX - s->head.len;

            buffer_add(&s->head, data, n < room ? n : room);
        }
        parse(s, data, n, &used);
        if (!s->opened && s->stop == STOP_NOT) {
            check_beginning(s);
        }
        if (s->stop == STOP_RENEW) {
            renew(s);
        }
        data += used;
        len -= used;
    }
    return s->stop == STOP_BAD ? E_PROTO : OK;
}
