/* SPDX-License-Identifier: MIT */
/* Messages: what was written, and which of the many extensions it came with. */
#include "bridge/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "bridge/element.h"

#define NS_CARBONS "urn:xmpp:carbons:"
#define NS_FASTEN "urn:xmpp:fasten:0"
#define NS_FALLBACK "urn:xmpp:fallback:0"
#define NS_MUC_USER "http://jabber.org/protocol/muc#user"
#define NS_REPLY "urn:xmpp:reply:0"
#define NS_REACTIONS "urn:xmpp:reactions:0"
#define NS_RECEIPTS "urn:xmpp:receipts"
#define NS_RETRACT_0 "urn:xmpp:message-retract:0"
#define NS_RETRACT_1 "urn:xmpp:message-retract:1"

/* A message on its way through the reading of its children. */
struct reading {
    struct arena *a;
    struct decoded *out;
    struct request *r;
    bool ignored;             /* a copy or an invitation */
    xmpp_stanza_t *bodies[3]; /* without xml:lang; in the stanza's language; the first of all */
    struct {
        size_t start, end; /* code points; end SIZE_MAX: to the end */
    } cut[DECODE_FALLBACKS];
    size_t n_cut;
};

static char *reference(struct reading *m, xmpp_stanza_t *el)
{
    return element_attribute(m->a, el, "id", LIMIT_STANZA_ID);
}

/* A gesture stays one where its id cannot be read: "" leads to no post, and its body is no post either. */
static const char *gesture(struct reading *m, xmpp_stanza_t *el)
{
    const char *id = reference(m, el);

    return id == NULL ? "" : id;
}

static void read_body(struct reading *m, xmpp_stanza_t *el)
{
    const char *lang = xmpp_stanza_get_attribute(el, "xml:lang");
    size_t rank = 2;

    if (lang == NULL) {
        rank = 0;
    } else if (m->out->lang[0] != '\0' && strcmp(decode_language(lang), m->out->lang) == 0) {
        rank = 1;
    }
    if (m->bodies[rank] == NULL) {
        m->bodies[rank] = el;
    }
}

/* "12", no sign, no blank; SIZE_MAX for anything else. */
static size_t code_points(const char *s, size_t otherwise)
{
    size_t n = 0;

    if (s == NULL) {
        return otherwise;
    }
    if (*s == '\0' || strlen(s) > 7) {
        return SIZE_MAX;
    }
    for (; *s != '\0'; s++) {
        if (*s < '0' || *s > '9') {
            return SIZE_MAX;
        }
        n = n * 10 + (size_t)(*s - '0');
    }
    return n;
}

static void note_cut(struct reading *m, xmpp_stanza_t *body)
{
    const char *end = body == NULL ? NULL : xmpp_stanza_get_attribute(body, "end");
    const char *start = body == NULL ? NULL : xmpp_stanza_get_attribute(body, "start");
    size_t from = code_points(start, 0), to = code_points(end, SIZE_MAX - 1);

    if (m->n_cut == DECODE_FALLBACKS || from == SIZE_MAX || to == SIZE_MAX || from >= to) {
        return;
    }
    m->cut[m->n_cut].start = from;
    m->cut[m->n_cut].end = to == SIZE_MAX - 1 ? SIZE_MAX : to;
    m->n_cut++;
}

/* XEP-0428: which part of the body only stands in for something that we understand. */
static void read_fallback(struct reading *m, xmpp_stanza_t *el)
{
    static const char *const understood[] = {NS_REPLY, NS_REACTIONS, NS_RETRACT_0, NS_RETRACT_1};
    const char *what = xmpp_stanza_get_attribute(el, "for");
    xmpp_stanza_t *child;
    bool any = false;
    size_t i;

    for (i = 0; what != NULL && i < ARRAY_LEN(understood); i++) {
        if (strcmp(what, understood[i]) == 0) {
            break;
        }
    }
    if (what == NULL || i == ARRAY_LEN(understood)) {
        return;
    }
    for (child = xmpp_stanza_get_children(el); child != NULL; child = xmpp_stanza_get_next(child)) {
        any = any || xmpp_stanza_is_tag(child);
        if (element_is(child, NS_FALLBACK, "body", NS_FALLBACK)) {
            note_cut(m, child);
        }
    }
    if (!any) {
        note_cut(m, NULL);
    }
}

static void read_reply(struct reading *m, xmpp_stanza_t *el)
{
    m->r->replies = m->r->replies == NULL ? gesture(m, el) : m->r->replies;
}

static void read_replace(struct reading *m, xmpp_stanza_t *el)
{
    m->r->replaces = m->r->replaces == NULL ? reference(m, el) : m->r->replaces;
}

static void read_retract(struct reading *m, xmpp_stanza_t *el)
{
    m->r->retracts = m->r->retracts == NULL ? gesture(m, el) : m->r->retracts;
}

/* The older form of a retraction, which is fastened to its message. */
static void read_fastening(struct reading *m, xmpp_stanza_t *el)
{
    if (element_find(el, NS_FASTEN, "retract", NS_RETRACT_0) != NULL) {
        read_retract(m, el);
    }
}

static bool has_reaction(const char *const *list, size_t n, const char *s)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (strcmp(list[i], s) == 0) {
            return true;
        }
    }
    return false;
}

static void read_reactions(struct reading *m, xmpp_stanza_t *el)
{
    const char **list = arena_array(m->a, DECODE_REACTIONS, sizeof(*list));
    xmpp_stanza_t *child;
    size_t n = 0;

    if (m->r->reacts != NULL) {
        return;
    }
    for (child = xmpp_stanza_get_children(el); child != NULL && n < DECODE_REACTIONS;
         child = xmpp_stanza_get_next(child)) {
        if (element_is(child, NS_REACTIONS, "reaction", NS_REACTIONS)) {
            char *text = element_text(m->a, child, DECODE_REACTION);

            text = text == NULL ? NULL : text_trim(m->a, text);
            if (text != NULL && text[0] != '\0' && !has_reaction(list, n, text)) {
                list[n++] = text;
            }
        }
    }
    m->r->reacts = gesture(m, el);
    m->r->reactions = list;
    m->r->n_reactions = n;
}

static void read_file(struct reading *m, xmpp_stanza_t *el)
{
    xmpp_stanza_t *url = element_find(el, "jabber:x:oob", "url", "jabber:x:oob");
    char *text = url == NULL ? NULL : element_text(m->a, url, DECODE_URL);

    text = text == NULL ? NULL : text_trim(m->a, text);
    if (text != NULL && text[0] != '\0' && m->r->file_url == NULL) {
        m->r->file_url = text;
    }
}

static void read_origin(struct reading *m, xmpp_stanza_t *el)
{
    m->r->origin_id = m->r->origin_id == NULL ? reference(m, el) : m->r->origin_id;
}

static void read_delay(struct reading *m, xmpp_stanza_t *el)
{
    (void)el;
    m->r->delayed = true;
}

static void read_stand_in(struct reading *m, xmpp_stanza_t *el)
{
    (void)el;
    m->r->encrypted = true;
}

/* OMEMO, in any of its versions. Without a payload it only carries keys. */
static void read_encrypted(struct reading *m, xmpp_stanza_t *el)
{
    if (element_find(el, "", "payload", NULL) != NULL) {
        m->r->encrypted = true;
    }
}

static void read_received(struct reading *m, xmpp_stanza_t *el)
{
    m->out->receipt = m->out->receipt == NULL ? reference(m, el) : m->out->receipt;
}

static void read_asked(struct reading *m, xmpp_stanza_t *el)
{
    (void)el;
    m->out->asks_receipt = true;
}

static void read_copy(struct reading *m, xmpp_stanza_t *el)
{
    (void)el;
    m->ignored = true;
}

static void read_room(struct reading *m, xmpp_stanza_t *el)
{
    if (element_find(el, NS_MUC_USER, "invite", NS_MUC_USER) != NULL ||
        element_find(el, NS_MUC_USER, "decline", NS_MUC_USER) != NULL) {
        m->ignored = true;
    }
}

/* clang-format off */
static const struct extension {
    const char *name;
    const char *ns; /* NULL: any */
    void (*read)(struct reading *m, xmpp_stanza_t *el);
} extensions[] = {
    {"reply",      NS_REPLY,                     read_reply},
    {"replace",    "urn:xmpp:message-correct:0", read_replace},
    {"retract",    NS_RETRACT_1,                 read_retract},
    {"apply-to",   NS_FASTEN,                    read_fastening},
    {"reactions",  NS_REACTIONS,                 read_reactions},
    {"fallback",   NS_FALLBACK,                  read_fallback},
    {"x",          "jabber:x:oob",               read_file},
    {"origin-id",  "urn:xmpp:sid:0",             read_origin},
    {"delay",      "urn:xmpp:delay",             read_delay},
    {"x",          "jabber:x:delay",             read_delay},
    {"received",   NS_RECEIPTS,                  read_received},
    {"request",    NS_RECEIPTS,                  read_asked},
    {"encrypted",  NULL,                         read_encrypted},
    {"encryption", "urn:xmpp:eme:0",             read_stand_in},
    {"openpgp",    "urn:xmpp:openpgp:0",         read_stand_in},
    {"x",          "jabber:x:encrypted",         read_stand_in},
    {"x",          "jabber:x:conference",        read_copy},
    {"x",          NS_MUC_USER,                  read_room},
    {"result",     "urn:xmpp:mam:2",             read_copy},
    {"privilege",  NULL,                         read_copy},
};
/* clang-format on */

static void read_child(struct reading *m, xmpp_stanza_t *el, const char *ns)
{
    const char *mine;
    size_t i;

    if (!xmpp_stanza_is_tag(el)) {
        return;
    }
    if (element_is(el, ns, "body", ns)) {
        read_body(m, el);
        return;
    }
    mine = element_ns(el, ns);
    if (strncmp(mine, NS_CARBONS, strlen(NS_CARBONS)) == 0 &&
        strcmp(xmpp_stanza_get_name(el), "private") != 0) {
        m->ignored = true; /* a copy of what somebody else was sent */
        return;
    }
    for (i = 0; i < ARRAY_LEN(extensions); i++) {
        if (element_is(el, ns, extensions[i].name, extensions[i].ns)) {
            extensions[i].read(m, el);
            return;
        }
    }
}

static int by_start(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return x < y ? -1 : x > y;
}

/* The body without the ranges that stand in for something. A range that ends behind the text is
 * no range of this text and stays. */
static char *cut_fallbacks(struct reading *m, char *body)
{
    size_t count = text_count(body), at = 0, i = 0, len = 0;
    const char *s = body;

    if (m->n_cut == 0) {
        return body;
    }
    qsort(m->cut, m->n_cut, sizeof(m->cut[0]), by_start);
    while (*s != '\0') {
        const char *before = s;
        bool inside;

        (void)text_next(&s);
        while (i < m->n_cut &&
               (m->cut[i].end <= at || (m->cut[i].end > count && m->cut[i].end != SIZE_MAX))) {
            i++;
        }
        inside = i < m->n_cut && at >= m->cut[i].start;
        if (!inside) {
            memmove(body + len, before, (size_t)(s - before));
            len += (size_t)(s - before);
        }
        at++;
    }
    body[len] = '\0';
    return body;
}

static bool is_blank(const char *s)
{
    while (*s != '\0') {
        if (!text_is_space(text_next(&s))) {
            return false;
        }
    }
    return true;
}

static void settle_body(struct reading *m)
{
    struct request *r = m->r;
    xmpp_stanza_t *el = m->bodies[0] != NULL ? m->bodies[0] : m->bodies[1];
    const char *tag;
    char *body;

    el = el != NULL ? el : m->bodies[2];
    if (r->retracts != NULL || r->reacts != NULL || r->encrypted) {
        return; /* whatever the body says stands in for that */
    }
    if (el == NULL) {
        r->body = r->file_url;
        return;
    }
    tag = xmpp_stanza_get_attribute(el, "xml:lang");
    r->lang = tag == NULL ? r->lang : decode_language(tag);
    body = element_text(m->a, el, LIMIT_BODY);
    if (body == NULL) {
        r->body_too_long = true;
        return;
    }
    if (!text_xml(body, strlen(body))) {
        m->out->kind = DECODED_BAD;
        m->out->condition = "bad-request";
        return;
    }
    if (strncmp(body, "?OTR", 4) == 0) {
        r->encrypted = true;
        return;
    }
    body = cut_fallbacks(m, body);
    r->body = is_blank(body) ? NULL : body;
}

static bool says_nothing(const struct request *r)
{
    return r->body == NULL && !r->body_too_long && !r->encrypted && r->retracts == NULL &&
           r->reacts == NULL;
}

void decode_message(xmpp_stanza_t *stanza, const char *ns, struct arena *a, struct decoded *out)
{
    struct reading m = {.a = a, .out = out, .r = &out->request};
    const char *type = out->type;
    xmpp_stanza_t *child;

    if (strcmp(type, "error") == 0) {
        out->kind = DECODED_BOUNCE;
        out->condition = decode_condition(a, stanza, ns);
        out->error_type = decode_error_type(stanza, ns);
        return;
    }
    if (out->from_local == NULL || strcmp(type, "groupchat") == 0 ||
        strcmp(type, "headline") == 0) {
        return; /* a server's announcement, a room, a feed: nobody who waits for an answer */
    }
    out->kind = DECODED_MESSAGE;
    out->request = (struct request){.from = out->from,
                                    .from_bare = out->from_bare,
                                    .from_local = out->from_local,
                                    .to = out->to,
                                    .id = out->id,
                                    .lang = out->lang};
    for (child = xmpp_stanza_get_children(stanza); child != NULL;
         child = xmpp_stanza_get_next(child)) {
        read_child(&m, child, ns);
    }
    settle_body(&m);
    if (m.ignored) {
        out->receipt = NULL; /* to another client of theirs */
    }
    if (m.ignored || (out->kind == DECODED_MESSAGE && says_nothing(&out->request))) {
        out->kind = DECODED_SILENT;
    } else if (out->address == ADDRESS_OTHER) {
        out->kind = DECODED_BAD;
        out->condition = "item-not-found";
    }
}
