/* SPDX-License-Identifier: MIT */
/* What a server may send, cut as the network may cut it. The first byte chooses the cuts, the rest
 * is the stream; a first byte of 128 and more stands for a good header in front of it.
 *
 * However it is cut, the stream has to tell the same, and no stanza may be past its limits. Each stanza is then
 * decoded as if it were for the bot: whatever comes out is bounded, prepared and fit to be answered. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/text.h"
#include "bridge/decode.h"
#include "bridge/iq.h"
#include "bridge/people.h"
#include "bridge/reply.h"
#include "bridge/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char header[] = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                             "xmlns='jabber:component:accept' id='1'>";

struct told {
    xmpp_ctx_t *ctx;
    struct buffer log;
    unsigned stanzas;
};

static void must(bool ok)
{
    if (!ok) {
        abort();
    }
}

static void on_opened(void *arg, const char *id)
{
    struct told *told = arg;

    buffer_addf(&told->log, "opened %s\n", id == NULL ? "" : id);
}

static unsigned count(xmpp_stanza_t *el, unsigned depth)
{
    xmpp_stanza_t *child;
    unsigned n = 1;

    must(depth <= LIMIT_STANZA_DEPTH);
    must(xmpp_stanza_get_attribute_count(el) <= LIMIT_STANZA_ATTRIBUTES + 1); /* xmlns is ours */
    for (child = xmpp_stanza_get_children(el); child != NULL; child = xmpp_stanza_get_next(child)) {
        n += xmpp_stanza_is_tag(child) ? count(child, depth + 1) : 0;
    }
    return n;
}

static const char *const domains[] = {"corp.example"};
static const struct decode_options options = {.domain = "blog.corp.example",
                                              .bot = "jaejal",
                                              .allowed_domains = domains,
                                              .n_allowed_domains = 1};

static void good(const char *s, size_t max)
{
    must(s == NULL || (strlen(s) <= max && text_xml(s, strlen(s))));
}

static void check_request(const struct request *r)
{
    size_t i;

    must(r->from_local != NULL && r->from_bare != NULL);
    good(r->id, LIMIT_STANZA_ID);
    good(r->origin_id, LIMIT_STANZA_ID);
    good(r->replaces, LIMIT_STANZA_ID);
    good(r->replies, LIMIT_STANZA_ID);
    good(r->retracts, LIMIT_STANZA_ID);
    good(r->reacts, LIMIT_STANZA_ID);
    good(r->file_url, DECODE_URL);
    good(r->body, LIMIT_BODY);
    must(r->n_reactions <= DECODE_REACTIONS);
    for (i = 0; i < r->n_reactions; i++) {
        good(r->reactions[i], DECODE_REACTION);
    }
    must(r->body != NULL || r->body_too_long || r->encrypted || r->retracts != NULL ||
         r->reacts != NULL);
    must(!r->encrypted || r->body == NULL);
}

static void check_vcard(struct arena *a, xmpp_stanza_t *el)
{
    struct vcard card;

    people_read_vcard(a, el, &card);
    must(text_count(card.name) <= LIMIT_NAME && strpbrk(card.name, "@#():\n") == NULL);
    must(card.photo_len <= LIMIT_PHOTO && (card.photo_len == 0) == (card.photo_type == NULL));
}

/* What we answer comes from our own domain, and is XML (the stream would be closed). */
static void check_answer(struct told *told, const struct decoded *d, struct arena *a)
{
    static const struct iq_options iq = {.domain = "blog.corp.example",
                                         .bot_jid = "jaejal@blog.corp.example",
                                         .name = "J<>",
                                         .version = "0"};
    const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};
    const char *domain = strchr(d->to, '@');
    struct buffer out;

    must(strcmp(domain == NULL ? d->to : domain + 1, "blog.corp.example") == 0);
    buffer_init(&out, 1 << 28);
    if (d->kind == DECODED_ASK) {
        iq_answer(&iq, told->ctx, d, 0, &out);
        must(out.len > 0);
    } else if (d->kind == DECODED_MESSAGE && d->request.body != NULL) {
        reply_text(told->ctx, &out, &to, "v", d->request.body, a);
    } else if (d->from != NULL) {
        reply_error(told->ctx, &out, d->element, &to, "bad-request", d->id);
    }
    must(out.len == 0 || text_xml(out.data, out.len));
    buffer_fini(&out);
}

static void check_decoded(struct told *told, xmpp_stanza_t *stanza)
{
    struct arena *a = arena_new(LIMIT_ARENA);
    struct decoded d;

    decode_stanza(&options, stanza, a, &d);
    must(d.kind == DECODED_SILENT || d.from != NULL);
    good(d.id, LIMIT_STANZA_ID);
    if (d.kind == DECODED_MESSAGE) {
        check_request(&d.request);
    } else if (d.kind == DECODED_PRESENCE) {
        must(d.presence.from_bare != NULL && d.presence.type != NULL);
    } else if (d.kind == DECODED_BAD) {
        must(d.condition != NULL);
    } else if (d.kind == DECODED_BOUNCE) {
        must(d.condition != NULL && d.error_type != NULL);
    } else if (d.kind == DECODED_ANSWER && d.payload != NULL) {
        check_vcard(a, d.payload);
    }
    check_answer(told, &d, a);
    must(!arena_over(a));
    arena_free(a);
}

static void on_stanza(void *arg, xmpp_stanza_t *stanza)
{
    struct told *told = arg;
    char *text;
    size_t len;

    must(count(stanza, 1) <= LIMIT_STANZA_CHILDREN + 1);
    must(xmpp_stanza_to_text(stanza, &text, &len) == XMPP_EOK);
    must(strchr(xmpp_stanza_get_name(stanza), ':') == NULL);
    check_decoded(told, stanza);
    told->stanzas++;
    buffer_add(&told->log, text, len);
    buffer_adds(&told->log, "\n");
    xmpp_free(told->ctx, text);
}

static void on_refused(void *arg, const struct stream_refused *refused)
{
    struct told *told = arg;
    const char *from = xmpp_stanza_get_from(refused->top);

    buffer_addf(&told->log, "refused %s %s\n", refused->limit, from == NULL ? "" : from);
}

static void on_error(void *arg, const char *condition, const char *text)
{
    struct told *told = arg;

    buffer_addf(&told->log, "error %s %s\n", condition, text == NULL ? "" : text);
}

static void on_closed(void *arg)
{
    struct told *told = arg;

    buffer_adds(&told->log, "closed\n");
}

static const struct stream_events events = {on_opened, on_stanza, on_refused, on_error, on_closed};

/* step 0: all at once. */
static enum err run(struct told *told, const char *data, size_t len, bool with_header, size_t step)
{
    struct stream *s = stream_new(told->ctx, &events, told);
    enum err e = with_header ? stream_feed(s, header, sizeof(header) - 1) : OK;
    size_t at = 0;

    must(e == OK);
    while (at < len && e == OK) {
        size_t n = step == 0 || step > len - at ? len - at : step;

        e = stream_feed(s, data + at, n);
        at += n;
    }
    must((e == OK) == (stream_problem(s)[0] == '\0'));
    stream_free(s);
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static xmpp_ctx_t *ctx; /* making one costs more than most inputs */
    struct told whole = {0}, cut = {0};
    const char *bytes;
    bool with_header;
    size_t step;

    if (size < 2) {
        return 0;
    }
    with_header = data[0] >= 128;
    step = 1 + (size_t)(data[0] & 127);
    bytes = (const char *)data + 1;
    if (ctx == NULL) {
        ctx = xmpp_ctx_new(NULL, NULL);
    }
    whole.ctx = cut.ctx = ctx;
    buffer_init(&whole.log, 1 << 28);
    buffer_init(&cut.log, 1 << 28);
    buffer_adds(&whole.log, "");
    buffer_adds(&cut.log, "");
    must(run(&whole, bytes, size - 1, with_header, 0) ==
         run(&cut, bytes, size - 1, with_header, step));
    must(whole.log.len == cut.log.len);
    must(memcmp(whole.log.data, cut.log.data, whole.log.len) == 0);
    buffer_fini(&whole.log);
    buffer_fini(&cut.log);
    return 0;
}
