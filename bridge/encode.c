/* SPDX-License-Identifier: MIT */
#include "bridge/encode.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

#define CLOSE "</message>"
#define CLOSE_LEN (sizeof CLOSE - 1)
#define CUT " […]"
/* Head, address, delay, hints and ids: what stands in a stanza around the body. */
#define AROUND 8192
#define ESCAPE_MAX 6 /* bytes that one byte may become: &quot; */

void encoded_init(struct encoded *e)
{
    memset(e, 0, sizeof *e);
    buffer_init(&e->text, LIMIT_STANZA_OUT);
}

void encoded_fini(struct encoded *e)
{
    buffer_fini(&e->text);
}

static void add_xml(struct buffer *b, const char *s)
{
    buffer_add_xml(b, s, strlen(s));
}

/* The bytes of s whose escaped form is at most max, ending at a code point. */
static size_t fitting(const char *s, size_t max)
{
    const char *p = s;
    size_t escaped = 0;

    while (*p != '\0') {
        const char *at = p;
        uint32_t c = text_next(&p);
        size_t len = (size_t)(p - at);

        /* The exact sizes are the buffer's business; these are never smaller. */
        escaped += c < 0x80 && strchr("&<>\"'\r", (int)c) != NULL ? ESCAPE_MAX : len;
        if (escaped > max)
            return (size_t)(at - s);
    }
    return (size_t)(p - s);
}

/* False: it had to be cut. */
static bool add_body(struct buffer *b, const char *body)
{
    size_t len = strlen(body), max = LIMIT_STANZA_OUT - AROUND, fit = len;

    if (len > max / ESCAPE_MAX)
        fit = fitting(body, max);
    buffer_adds(b, "<body>");
    buffer_add_xml(b, body, fit);
    if (fit < len)
        buffer_adds(b, CUT);
    buffer_adds(b, "</body>");
    return fit == len;
}

static void add_shape(struct buffer *b, const struct update *u)
{
    if (u->target == NULL)
        return;
    if (u->shape == UPDATE_CORRECTION) {
        buffer_adds(b, "<replace xmlns='urn:xmpp:message-correct:0' id='");
        add_xml(b, u->target);
        buffer_adds(b, "'/>");
    } else if (u->shape == UPDATE_RETRACTION) {
        buffer_adds(b, "<retract xmlns='urn:xmpp:message-retract:1' id='");
        add_xml(b, u->target);
        /* The body is only for clients that know no retractions; the archive must keep it all the same. */
        buffer_adds(b, "'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
                       "<store xmlns='urn:xmpp:hints'/>");
    }
}

uint64_t encoded_key(const char *id)
{
    uint64_t h = 14695981039346656037u;
    const char *end = id + strlen(id);

    /* A bundle's of one event may be of two kinds. */
    if (*id == 'h' && end[-1] == 'b')
        end--;
    for (; id < end; id++)
        h = (h ^ (unsigned char)*id) * 1099511628211u;
    return h == 0 ? 1 : h;
}

bool encode_update(struct encoded *e, const struct update *u, const char *from, const char *domain)
{
    struct buffer *b = &e->text;
    char stamp[CLOCK_STAMP_LEN];
    bool whole;
    int n;

    buffer_reset(b);
    buffer_adds(b, "<message from='");
    add_xml(b, u->from != NULL ? u->from : from);
    buffer_adds(b, "' id='");
    add_xml(b, u->id);
    buffer_adds(b, "' type='chat' to='");
    e->head = b->len;
    buffer_adds(b, "'>");
    whole = add_body(b, u->body);
    add_shape(b, u);
    buffer_adds(b, "<origin-id xmlns='urn:xmpp:sid:0' id='");
    add_xml(b, u->id);
    buffer_adds(b, "'/>");
    /* Who waits for an answer sees it; and no client should answer the answers. */
    e->key = u->id[0] == 'a' ? 0 : encoded_key(u->id);
    if (e->key != 0)
        buffer_adds(b, "<request xmlns='urn:xmpp:receipts'/>");
    buffer_adds(b, CLOSE);
    clock_stamp(u->at, stamp);
    n = snprintf(e->delay, sizeof e->delay, "<delay xmlns='urn:xmpp:delay' from='%s' stamp='%s'/>",
                 domain, stamp);
    /* A domain too long for the room (or none): catch-ups go without a stamp rather than with half of one. */
    e->delay_len = n > 0 && (size_t)n < sizeof e->delay && u->at > 0 ? (size_t)n : 0;
    return whole;
}

size_t encoded_size(const struct encoded *e, size_t to_len, bool late)
{
    return e->text.len + to_len + (late ? e->delay_len : 0);
}

bool encode_put(const struct encoded *e, struct buffer *out, const char *to, size_t to_len,
                bool late)
{
    const char *tail = e->text.data + e->head;
    size_t tail_len = e->text.len - e->head;

    if (encoded_size(e, to_len, late) > out->max - out->len)
        return false;
    buffer_add(out, e->text.data, e->head);
    buffer_add(out, to, to_len);
    if (late && e->delay_len > 0) {
        buffer_add(out, tail, tail_len - CLOSE_LEN);
        buffer_add(out, e->delay, e->delay_len);
        buffer_add(out, CLOSE, CLOSE_LEN);
    } else {
        buffer_add(out, tail, tail_len);
    }
    return true;
}

bool encode_put_full(const struct encoded *e, struct buffer *out, const char *to)
{
    size_t len = strlen(to);

    if (encoded_size(e, len * ESCAPE_MAX, false) > out->max - out->len)
        return false;
    buffer_add(out, e->text.data, e->head);
    buffer_add_xml(out, to, len);
    buffer_add(out, e->text.data + e->head, e->text.len - e->head);
    return true;
}
