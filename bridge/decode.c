/* SPDX-License-Identifier: MIT */
#include "bridge/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/jid.h"
#include "base/limits.h"
#include "base/text.h"
#include "bridge/element.h"

const char *decode_language(const char *tag)
{
    static const char *const known[] = {"en", "ko"};
    size_t i;

    for (i = 0; tag != NULL && i < ARRAY_LEN(known); i++) {
        if ((tag[0] | 0x20) == known[i][0] && (tag[1] | 0x20) == known[i][1] &&
            (tag[2] == '\0' || tag[2] == '-')) {
            return known[i];
        }
    }
    return "";
}

const char *decode_condition(struct arena *a, xmpp_stanza_t *stanza, const char *ns)
{
    xmpp_stanza_t *error = element_find(stanza, ns, "error", ns), *child;

    child = error == NULL ? NULL : xmpp_stanza_get_children(error);
    for (; child != NULL; child = xmpp_stanza_get_next(child)) {
        if (xmpp_stanza_is_tag(child) && strcmp(element_ns(child, ns), XMPP_NS_STANZAS_IETF) == 0 &&
            strcmp(xmpp_stanza_get_name(child), "text") != 0) {
            return arena_dup(a, xmpp_stanza_get_name(child));
        }
    }
    return "undefined-condition";
}

const char *decode_error_type(xmpp_stanza_t *stanza, const char *ns)
{
    static const char *const known[] = {"auth", "cancel", "continue", "modify", "wait"};
    xmpp_stanza_t *error = element_find(stanza, ns, "error", ns);
    const char *type = error == NULL ? NULL : xmpp_stanza_get_attribute(error, "type");
    size_t i;

    for (i = 0; type != NULL && i < ARRAY_LEN(known); i++) {
        if (strcmp(type, known[i]) == 0) {
            return known[i];
        }
    }
    return "";
}

static const char *presence_photo(struct arena *a, xmpp_stanza_t *stanza, const char *ns)
{
    static const char update[] = "vcard-temp:x:update";
    xmpp_stanza_t *x = element_find(stanza, ns, "x", update);
    xmpp_stanza_t *photo = x == NULL ? NULL : element_find(x, update, "photo", update);
    char *text = photo == NULL ? NULL : element_text(a, photo, 100);
    size_t i;

    text = text == NULL ? NULL : text_trim(a, text);
    if (text == NULL || text[0] == '\0') {
        return text;
    }
    for (i = 0; text[i] != '\0'; i++) {
        if (text[i] >= 'A' && text[i] <= 'F') {
            text[i] = (char)(text[i] - 'A' + 'a');
        } else if (strchr("0123456789abcdef", text[i]) == NULL) {
            return NULL;
        }
    }
    return i == 40 ? text : NULL;
}

static signed char presence_priority(struct arena *a, xmpp_stanza_t *stanza, const char *ns)
{
    xmpp_stanza_t *el = element_find(stanza, ns, "priority", ns);
    char *text = el == NULL ? NULL : element_text(a, el, 20), *end;
    long n;

    if (text == NULL) {
        return 0;
    }
    text = text_trim(a, text);
    n = strtol(text, &end, 10);
    return end == text || *end != '\0' || n < -128 || n > 127 ? 0 : (signed char)n;
}

static const char *presence_show(struct arena *a, xmpp_stanza_t *stanza, const char *ns)
{
    static const char *const known[] = {"away", "chat", "dnd", "xa"};
    xmpp_stanza_t *el = element_find(stanza, ns, "show", ns);
    char *text = el == NULL ? NULL : element_text(a, el, 20);
    size_t i;

    text = text == NULL ? NULL : text_trim(a, text);
    for (i = 0; text != NULL && i < ARRAY_LEN(known); i++) {
        if (strcmp(text, known[i]) == 0) {
            return known[i];
        }
    }
    return "";
}

static void decode_presence(xmpp_stanza_t *stanza, const char *ns, struct arena *a,
                            const struct jid *from, struct decoded *out)
{
    if (out->from_local == NULL || out->address == ADDRESS_OTHER ||
        strcmp(out->type, "error") == 0) {
        return;
    }
    out->kind = DECODED_PRESENCE;
    out->presence =
        (struct presence_in){.from_bare = out->from_bare,
                             .from_local = out->from_local,
                             .resource = from->resource,
                             .type = strcmp(out->type, "available") == 0 ? "" : out->type,
                             .priority = presence_priority(a, stanza, ns),
                             .show = presence_show(a, stanza, ns),
                             .photo_hash = presence_photo(a, stanza, ns),
                             .lang = out->lang,
                             .to = out->to};
}

static void decode_iq(xmpp_stanza_t *stanza, const char *ns, struct arena *a, struct decoded *out)
{
    bool asks = strcmp(out->type, "get") == 0 || strcmp(out->type, "set") == 0;
    xmpp_stanza_t *child;
    size_t n = 0;

    for (child = xmpp_stanza_get_children(stanza); child != NULL;
         child = xmpp_stanza_get_next(child)) {
        if (xmpp_stanza_is_tag(child) && n++ == 0) {
            out->payload = child;
            out->payload_ns = element_ns(child, ns);
        }
    }
    if (!asks) {
        out->kind = out->id == NULL ? DECODED_SILENT : DECODED_ANSWER;
        out->condition = strcmp(out->type, "error") == 0 ? decode_condition(a, stanza, ns) : NULL;
    } else if (n != 1) {
        out->kind = DECODED_BAD;
        out->condition = "bad-request";
    } else {
        out->kind = DECODED_ASK;
    }
}

/* True if it is one of the three, of our stream, and of a type it may have. */
static bool known_element(xmpp_stanza_t *stanza, const char *ns, struct decoded *out)
{
    static const char *const names[] = {
        [ELEMENT_MESSAGE] = "message", [ELEMENT_PRESENCE] = "presence", [ELEMENT_IQ] = "iq"};
    static const char *const types[] = {
        [ELEMENT_MESSAGE] = " normal chat groupchat headline error ",
        [ELEMENT_PRESENCE] =
            " available unavailable subscribe subscribed unsubscribe unsubscribed probe error ",
        [ELEMENT_IQ] = " get set result error "};
    const char *type = xmpp_stanza_get_type(stanza), *at;
    size_t i;

    if (strcmp(ns, XMPP_NS_COMPONENT) != 0 && strcmp(ns, XMPP_NS_CLIENT) != 0) {
        return false;
    }
    for (i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(xmpp_stanza_get_name(stanza), names[i]) == 0) {
            break;
        }
    }
    if (i == ARRAY_LEN(names)) {
        return false;
    }
    out->element = (enum decoded_element)i;
    out->type = i == ELEMENT_PRESENCE ? "available" : "normal";
    if (type == NULL) {
        return i != ELEMENT_IQ;
    }
    /* An unknown type of a message is taken as normal (RFC 6121 §5.2.2). */
    at = strchr(type, ' ') == NULL && type[0] != '\0' ? strstr(types[i], type) : NULL;
    if (at != NULL && at[-1] == ' ' && at[strlen(type)] == ' ') {
        out->type = type;
        return true;
    }
    return i == ELEMENT_MESSAGE;
}

static enum decoded_address address_of(const struct decode_options *o, struct arena *a,
                                       const char *to, struct decoded *out)
{
    struct jid j;

    out->to = o->domain;
    if (to == NULL) {
        return ADDRESS_DOMAIN;
    }
    if (jid_parse(a, to, &j) != OK || strcmp(j.domain, o->domain) != 0) {
        return ADDRESS_OTHER;
    }
    out->to = jid_bare(a, &j);
    if (j.local == NULL) {
        return ADDRESS_DOMAIN;
    }
    return strcmp(j.local, o->bot) == 0 ? ADDRESS_BOT : ADDRESS_OTHER;
}

void decode_stanza(const struct decode_options *o, xmpp_stanza_t *stanza, struct arena *a,
                   struct decoded *out)
{
    const char *ns = element_ns(stanza, XMPP_NS_COMPONENT);
    const char *from = xmpp_stanza_get_from(stanza);
    struct jid j;

    *out = (struct decoded){.kind = DECODED_SILENT, .condition = NULL, .to = o->domain};
    if (!known_element(stanza, ns, out) || from == NULL || jid_parse(a, from, &j) != OK ||
        strcmp(j.domain, o->domain) == 0) {
        return;
    }
    out->from = jid_full(a, &j);
    out->from_bare = jid_bare(a, &j);
    out->from_local = j.local;
    out->from_domain = j.domain;
    out->id = element_attribute(a, stanza, "id", LIMIT_STANZA_ID);
    out->lang = decode_language(xmpp_stanza_get_attribute(stanza, "xml:lang"));
    out->address = address_of(o, a, xmpp_stanza_get_to(stanza), out);
    if (!jid_domain_in(&j, o->allowed_domains, o->n_allowed_domains) &&
        !(out->element == ELEMENT_MESSAGE && strcmp(out->type, "error") == 0)) {
        if (strcmp(out->type, "error") != 0 && strcmp(out->type, "result") != 0) {
            out->kind = DECODED_FOREIGN;
            out->condition = "not-allowed";
        }
        return;
    }
    switch (out->element) {
    case ELEMENT_MESSAGE:
        decode_message(stanza, ns, a, out);
        break;
    case ELEMENT_PRESENCE:
        decode_presence(stanza, ns, a, &j, out);
        break;
    case ELEMENT_IQ:
        decode_iq(stanza, ns, a, out);
        break;
    }
}
