/* SPDX-License-Identifier: MIT */
#include "bridge/reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void must(int strophe_result)
{
    if (strophe_result != XMPP_EOK) {
        err_no_memory();
    }
}

static xmpp_stanza_t *must_have(xmpp_stanza_t *stanza)
{
    must(stanza == NULL ? XMPP_EMEM : XMPP_EOK);
    return stanza;
}

xmpp_stanza_t *reply_element(xmpp_ctx_t *ctx, const char *name, const char *ns)
{
    xmpp_stanza_t *el = must_have(xmpp_stanza_new(ctx));

    must(xmpp_stanza_set_name(el, name));
    if (ns != NULL) {
        must(xmpp_stanza_set_ns(el, ns));
    }
    return el;
}

/* libstrophe escapes, but sends characters that XML forbids as they are, which would close the
 * stream. Rare, so the copy is made only then: NULL if none is needed. */
static char *cleaned(const char *text, size_t len)
{
    char *clean, *end;
    size_t i;

    if (text_xml(text, len)) {
        return NULL;
    }
    clean = malloc(len + 1);
    must(clean == NULL ? XMPP_EMEM : XMPP_EOK);
    end = clean;
    for (i = 0; i < len;) {
        size_t n = 1;

        while (i + n < len && ((unsigned char)text[i + n] & 0xC0) == 0x80) {
            n++;
        }
        if (text_xml(text + i, n)) {
            memcpy(end, text + i, n);
            end += n;
        }
        i += n;
    }
    *end = '\0';
    return clean;
}

static void set_clean_text(xmpp_stanza_t *node, const char *text, size_t len)
{
    char *clean = cleaned(text, len);

    must(xmpp_stanza_set_text_with_size(node, clean == NULL ? text : clean,
                                        clean == NULL ? len : strlen(clean)));
    free(clean);
}

void reply_set_text(xmpp_stanza_t *el, const char *key, const char *text)
{
    char *clean = cleaned(text, strlen(text));

    must(xmpp_stanza_set_attribute(el, key, clean == NULL ? text : clean));
    free(clean);
}

static xmpp_stanza_t *text_element(xmpp_ctx_t *ctx, const char *name, const char *text, size_t len)
{
    xmpp_stanza_t *el = reply_element(ctx, name, NULL);
    xmpp_stanza_t *node = must_have(xmpp_stanza_new(ctx));

    set_clean_text(node, text, len);
    must(xmpp_stanza_add_child_ex(el, node, 0));
    return el;
}

xmpp_stanza_t *reply_text_element(xmpp_ctx_t *ctx, const char *name, const char *text)
{
    return text_element(ctx, name, text, strlen(text));
}

static void add_text(xmpp_stanza_t *parent, const char *name, const char *text, size_t len)
{
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(parent);

    must(xmpp_stanza_add_child_ex(parent, text_element(ctx, name, text, len), 0));
}

void reply_add_text(xmpp_stanza_t *parent, const char *name, const char *text)
{
    add_text(parent, name, text, strlen(text));
}

static xmpp_stanza_t *envelope(xmpp_ctx_t *ctx, const char *name, const char *type,
                               const struct reply_to *r, const char *id)
{
    xmpp_stanza_t *st = reply_element(ctx, name, NULL);

    if (type != NULL) {
        must(xmpp_stanza_set_type(st, type));
    }
    if (id != NULL) {
        must(xmpp_stanza_set_id(st, id));
    }
    must(xmpp_stanza_set_from(st, r->from));
    must(xmpp_stanza_set_to(st, r->to));
    return st;
}

static uint64_t written;

uint64_t reply_count(void)
{
    return written;
}

/* Writes and releases. */
static void send_out(xmpp_ctx_t *ctx, struct buffer *out, xmpp_stanza_t *st)
{
    char *text;
    size_t len;

    must(xmpp_stanza_to_text(st, &text, &len));
    buffer_add(out, text, len);
    written++;
    xmpp_free(ctx, text);
    (void)xmpp_stanza_release(st);
}

/* How many bytes of text go into one message: all, or up to the last line break that fits. */
static size_t piece(const char *text)
{
    size_t i, cost = 0, line = 0, whole = 0;

    for (i = 0; text[i] != '\0'; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80) {
            whole = i; /* a character begins here */
        }
        if (text[i] == '\n') {
            line = i + 1;
        }
        cost += strchr("<>&\"", text[i]) == NULL ? 1 : 6;
        if (cost > REPLY_PIECE) {
            return line > 0 ? line : whole;
        }
    }
    return i;
}

void reply_text(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r, const char *id,
                const char *text, struct arena *a)
{
    size_t n = piece(text), part = 0;

    do {
        const char *own = part == 0 ? id : arena_printf(a, "%s-%zu", id, part);
        xmpp_stanza_t *st = envelope(ctx, "message", "chat", r, own);

        add_text(st, "body", text, n);
        send_out(ctx, out, st);
        text += n;
        n = piece(text);
        part++;
    } while (*text != '\0');
}

void reply_receipt(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r)
{
    xmpp_stanza_t *st = envelope(ctx, "message", "chat", r, NULL);
    xmpp_stanza_t *el = reply_element(ctx, "received", "urn:xmpp:receipts");

    must(xmpp_stanza_set_id(el, r->id));
    must(xmpp_stanza_add_child_ex(st, el, 0));
    send_out(ctx, out, st);
}

static const char *error_type(const char *condition)
{
    /* clang-format off */
    static const struct {
        const char *condition, *type;
    } known[] = {
        {"bad-request", "modify"},
        {"jid-malformed", "modify"},
        {"not-acceptable", "modify"},
        {"policy-violation", "modify"},
        {"forbidden", "auth"},
        {"registration-required", "auth"},
        {"subscription-required", "auth"},
        {"recipient-unavailable", "wait"},
        {"resource-constraint", "wait"},
    };
    /* clang-format on */
    size_t i;

    for (i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(condition, known[i].condition) == 0) {
            return known[i].type;
        }
    }
    return "cancel";
}

void reply_error(xmpp_ctx_t *ctx, struct buffer *out, enum decoded_element element,
                 const struct reply_to *r, const char *condition, const char *text)
{
    reply_error_specific(ctx, out, element, r, condition, text, NULL, NULL);
}

void reply_error_specific(xmpp_ctx_t *ctx, struct buffer *out, enum decoded_element element,
                          const struct reply_to *r, const char *condition, const char *text,
                          const char *specific, const char *ns)
{
    static const char *const names[] = {
        [ELEMENT_MESSAGE] = "message", [ELEMENT_PRESENCE] = "presence", [ELEMENT_IQ] = "iq"};
    xmpp_stanza_t *st = envelope(ctx, names[element], "error", r, r->id);
    xmpp_stanza_t *error = reply_element(ctx, "error", NULL);

    must(xmpp_stanza_set_type(error, error_type(condition)));
    must(xmpp_stanza_add_child_ex(error, reply_element(ctx, condition, XMPP_NS_STANZAS_IETF), 0));
    if (text != NULL) {
        xmpp_stanza_t *el = reply_element(ctx, "text", XMPP_NS_STANZAS_IETF);
        xmpp_stanza_t *node = must_have(xmpp_stanza_new(ctx));

        set_clean_text(node, text, strlen(text));
        must(xmpp_stanza_add_child_ex(el, node, 0));
        must(xmpp_stanza_add_child_ex(error, el, 0));
    }
    if (specific != NULL) {
        must(xmpp_stanza_add_child_ex(error, reply_element(ctx, specific, ns), 0));
    }
    must(xmpp_stanza_add_child_ex(st, error, 0));
    send_out(ctx, out, st);
}

static void send_iq(xmpp_ctx_t *ctx, struct buffer *out, const char *type, const struct reply_to *r,
                    xmpp_stanza_t *payload)
{
    xmpp_stanza_t *st = envelope(ctx, "iq", type, r, r->id);

    if (payload != NULL) {
        must(xmpp_stanza_add_child_ex(st, payload, 0));
    }
    send_out(ctx, out, st);
}

void reply_result(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r,
                  xmpp_stanza_t *payload)
{
    send_iq(ctx, out, "result", r, payload);
}

void reply_ask(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *r,
               xmpp_stanza_t *payload)
{
    send_iq(ctx, out, "get", r, payload);
}
