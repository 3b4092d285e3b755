/* SPDX-License-Identifier: MIT */
#include "bridge/iq.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "bridge/adhoc.h"
#include "bridge/element.h"
#include "bridge/reply.h"

#define NS_PING "urn:xmpp:ping"
#define NS_VERSION "jabber:iq:version"
#define NS_LAST "jabber:iq:last"
#define NS_RECEIPTS "urn:xmpp:receipts"
#define NS_TIME "urn:xmpp:time"
#define NS_VCARD "vcard-temp"

struct question {
    const struct iq_options *o;
    xmpp_ctx_t *ctx;
    const struct decoded *ask;
    int64_t up_since;
};

/* Each returns the payload of the result; NULL: an empty one. */
static xmpp_stanza_t *answer_ping(const struct question *q)
{
    (void)q;
    return NULL;
}

static void add_child(xmpp_stanza_t *parent, xmpp_stanza_t *child)
{
    (void)xmpp_stanza_add_child_ex(parent, child, 0);
}

static void add_identity(xmpp_stanza_t *query, const char *category, const char *type,
                         const char *name)
{
    xmpp_stanza_t *el = reply_element(xmpp_stanza_get_context(query), "identity", NULL);

    (void)xmpp_stanza_set_attribute(el, "category", category);
    (void)xmpp_stanza_set_attribute(el, "type", type);
    (void)xmpp_stanza_set_attribute(el, "name", name);
    add_child(query, el);
}

static xmpp_stanza_t *answer_info(const struct question *q)
{
    static const char *const features[] = {XMPP_NS_DISCO_INFO,
                                           XMPP_NS_DISCO_ITEMS,
                                           NS_COMMANDS,
                                           NS_LAST,
                                           NS_VERSION,
                                           NS_PING,
                                           NS_RECEIPTS,
                                           NS_TIME,
                                           NS_VCARD};
    xmpp_stanza_t *query = reply_element(q->ctx, "query", XMPP_NS_DISCO_INFO);
    bool bot = q->ask->address == ADDRESS_BOT;
    size_t i;

    if (bot) {
        add_identity(query, "client", "bot", q->o->name);
    } else {
        add_identity(query, "component", "generic", q->o->name);
    }
    for (i = 0; i < ARRAY_LEN(features); i++) {
        xmpp_stanza_t *el = reply_element(q->ctx, "feature", NULL);

        (void)xmpp_stanza_set_attribute(el, "var", features[i]);
        add_child(query, el);
    }
    return query;
}

/* The domain leads to the bot: a client that browses the server finds whom to talk to. */
static xmpp_stanza_t *answer_items(const struct question *q)
{
    xmpp_stanza_t *query = reply_element(q->ctx, "query", XMPP_NS_DISCO_ITEMS);

    if (q->ask->address == ADDRESS_DOMAIN) {
        xmpp_stanza_t *item = reply_element(q->ctx, "item", NULL);

        (void)xmpp_stanza_set_attribute(item, "jid", q->o->bot_jid);
        (void)xmpp_stanza_set_attribute(item, "name", q->o->name);
        add_child(query, item);
    }
    return query;
}

static xmpp_stanza_t *answer_version(const struct question *q)
{
    xmpp_stanza_t *query = reply_element(q->ctx, "query", NS_VERSION);

    reply_add_text(query, "name", "Jaejal");
    reply_add_text(query, "version", q->o->version);
    return query;
}

/* For a component and a bot, seconds since it came up (XEP-0012 §4). */
static xmpp_stanza_t *answer_last(const struct question *q)
{
    xmpp_stanza_t *query = reply_element(q->ctx, "query", NS_LAST);
    char seconds[24];

    (void)snprintf(seconds, sizeof(seconds), "%lld",
                   (long long)((clock_mono_ms() - q->up_since) / 1000));
    (void)xmpp_stanza_set_attribute(query, "seconds", seconds);
    return query;
}

static xmpp_stanza_t *answer_time(const struct question *q)
{
    xmpp_stanza_t *el = reply_element(q->ctx, "time", NS_TIME);
    char stamp[CLOCK_STAMP_LEN];

    clock_stamp(clock_real_ms(), stamp);
    reply_add_text(el, "tzo", "+00:00");
    reply_add_text(el, "utc", stamp);
    return el;
}

static xmpp_stanza_t *answer_vcard(const struct question *q)
{
    xmpp_stanza_t *el = reply_element(q->ctx, "vCard", NS_VCARD);

    reply_add_text(el, "FN", q->o->name);
    reply_add_text(el, "DESC",
                   "The company's microblog: write to your colleagues, follow them, find it "
                   "again. Say \"help\".");
    return el;
}

/* clang-format off */
static const struct known {
    const char *name;
    const char *ns;
    bool node; /* may be asked about a node; there are none */
    xmpp_stanza_t *(*answer)(const struct question *q);
} known[] = {
    {"ping",  NS_PING,             false, answer_ping},
    {"query", XMPP_NS_DISCO_INFO,  true,  answer_info},
    {"query", XMPP_NS_DISCO_ITEMS, true,  answer_items},
    {"query", NS_VERSION,          false, answer_version},
    {"query", NS_LAST,             false, answer_last},
    {"time",  NS_TIME,             false, answer_time},
    {"vCard", NS_VCARD,            false, answer_vcard},
};
/* clang-format on */

void iq_answer(const struct iq_options *o, xmpp_ctx_t *ctx, const struct decoded *ask,
               int64_t up_since, struct buffer *out)
{
    const struct question q = {.o = o, .ctx = ctx, .ask = ask, .up_since = up_since};
    const struct reply_to to = {.from = ask->to, .to = ask->from, .id = ask->id};
    const char *condition = "service-unavailable";
    size_t i;

    for (i = 0; ask->address != ADDRESS_OTHER && i < ARRAY_LEN(known); i++) {
        if (!element_is(ask->payload, ask->payload_ns, known[i].name, known[i].ns)) {
            continue;
        }
        if (strcmp(ask->type, "set") == 0) {
            condition = "not-allowed";
        } else if (known[i].node && xmpp_stanza_get_attribute(ask->payload, "node") != NULL) {
            condition = "item-not-found";
        } else {
            reply_result(ctx, out, &to, known[i].answer(&q));
            return;
        }
        break;
    }
    reply_error(ctx, out, ELEMENT_IQ, &to, condition, NULL);
}
