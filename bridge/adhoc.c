/* SPDX-License-Identifier: MIT */
#include "bridge/adhoc.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "bridge/element.h"
#include "handlers/forms.h"

#define NS_VALIDATE "http://jabber.org/protocol/xdata-validate"

enum { NODE_MAX = 200 };

/* ---- reading ---------------------------------------------------------------------------------- */

bool adhoc_is_step(const struct decoded *d)
{
    return d->address != ADDRESS_OTHER && strcmp(d->type, "set") == 0 &&
           element_is(d->payload, d->payload_ns, "command", NS_COMMANDS);
}

static enum form_action action_of(const char *action)
{
    static const char *const known[] = {[FORM_EXECUTE] = "execute",
                                        [FORM_NEXT] = "next",
                                        [FORM_PREV] = "prev",
                                        [FORM_COMPLETE] = "complete",
                                        [FORM_CANCEL] = "cancel"};
    size_t i;

    for (i = 0; action != NULL && i < ARRAY_LEN(known); i++) {
        if (strcmp(action, known[i]) == 0) {
            return (enum form_action)i;
        }
    }
    return action == NULL ? FORM_EXECUTE : FORM_UNKNOWN;
}

/* A language tag as RFC 5646 writes one: parts of one to eight letters and digits, the first of letters. */
static bool is_locale(const char *tag)
{
    static const char marks[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t n = strspn(tag, marks);
    bool good = n > 0 && n <= 8 && strcspn(tag, "0123456789") >= n;

    while (good && tag[n] == '-') {
        tag += n + 1;
        n = strspn(tag, marks);
        good = n > 0 && n <= 8;
    }
    return good && tag[n] == '\0';
}

/* The values of one field, one a line. NULL: not text that XML allows, or too long. */
static const char *read_values(xmpp_stanza_t *field, struct arena *a)
{
    const char *value = NULL;
    xmpp_stanza_t *child;

    for (child = xmpp_stanza_get_children(field); child != NULL;
         child = xmpp_stanza_get_next(child)) {
        const char *part;

        if (!element_is(child, NS_DATA, "value", NS_DATA)) {
            continue;
        }
        part = element_text(a, child, LIMIT_BODY);
        if (part == NULL) {
            return NULL;
        }
        value = value == NULL ? part : arena_printf(a, "%s\n%s", value, part);
        if (strlen(value) > LIMIT_BODY) {
            return NULL;
        }
    }
    return value == NULL ? "" : value;
}

static void read_form(xmpp_stanza_t *x, struct arena *a, struct form_request *out)
{
    struct form_value *at = arena_array(a, LIMIT_FORM_FIELDS, sizeof(*at));
    const char *type = xmpp_stanza_get_attribute(x, "type");
    xmpp_stanza_t *field;

    /* XEP-0050: a cancelled form is a submitted one; what is cancelled is the action. */
    if (type == NULL || (strcmp(type, "submit") != 0 && strcmp(type, "cancel") != 0)) {
        out->bad_payload = true;
        return;
    }
    out->submitted = true;
    out->at = at;
    for (field = xmpp_stanza_get_children(x); field != NULL; field = xmpp_stanza_get_next(field)) {
        const char *var, *value;

        if (!element_is(field, NS_DATA, "field", NS_DATA)) {
            continue;
        }
        var = element_attribute(a, field, "var", NODE_MAX);
        value = read_values(field, a);
        if (value == NULL || out->n == LIMIT_FORM_FIELDS) {
            out->bad_payload = true;
            return;
        }
        if (var != NULL) {
            at[out->n++] = (struct form_value){var, value};
        }
    }
}

void adhoc_decode(const struct decoded *d, struct arena *a, struct form_request *out)
{
    const char *node = element_attribute(a, d->payload, "node", NODE_MAX);
    const char *session = xmpp_stanza_get_attribute(d->payload, "sessionid");
    const char *lang = xmpp_stanza_get_attribute(d->payload, "xml:lang");
    xmpp_stanza_t *child;
    bool first = true;

    *out =
        (struct form_request){.node = node == NULL ? "" : node,
                              .action = action_of(xmpp_stanza_get_attribute(d->payload, "action")),
                              .bad_locale = lang != NULL && !is_locale(lang)};
    if (session != NULL) {
        session = element_attribute(a, d->payload, "sessionid", NODE_MAX);
        out->session = session == NULL ? "" : session;
    }
    for (child = xmpp_stanza_get_children(d->payload); child != NULL && !out->bad_payload;
         child = xmpp_stanza_get_next(child)) {
        if (element_is(child, NS_COMMANDS, "x", NS_DATA) && first) {
            read_form(child, a, out);
            first = false;
        }
    }
}

/* ---- writing ------------------------------------------------------------------------------------ */

static void add_child(xmpp_stanza_t *parent, xmpp_stanza_t *child)
{
    (void)xmpp_stanza_add_child_ex(parent, child, 0);
}

static void set(xmpp_stanza_t *el, const char *key, const char *value)
{
    (void)xmpp_stanza_set_attribute(el, key, value);
}

static void add_validation(xmpp_stanza_t *field, const struct ask *q)
{
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(field);
    xmpp_stanza_t *el;

    if (q->datatype == NULL) {
        return;
    }
    el = reply_element(ctx, "validate", NS_VALIDATE);
    set(el, "datatype", q->datatype);
    if (q->regex != NULL) {
        reply_add_text(el, "regex", q->regex);
    } else {
        add_child(el, reply_element(ctx, "basic", NULL));
    }
    add_child(field, el);
}

/* Several lines are several values. */
static void add_lines(xmpp_stanza_t *field, const char *text)
{
    struct arena *a = arena_new(LIMIT_ARENA);

    for (;;) {
        size_t n = strcspn(text, "\n");

        reply_add_text(field, "value", arena_ndup(a, text, n));
        if (text[n] == '\0') {
            break;
        }
        text += n + 1;
    }
    arena_free(a);
}

static void add_field(xmpp_stanza_t *x, const struct ask *q)
{
    static const char *const types[] = {[ASK_LINE] = "text-single",
                                        [ASK_LINES] = "text-multi",
                                        [ASK_CHOICE] = "list-single",
                                        [ASK_CHOICES] = "list-multi",
                                        [ASK_YES] = "boolean"};
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(x);
    xmpp_stanza_t *field = reply_element(ctx, "field", NULL);
    size_t i;

    set(field, "var", q->var);
    set(field, "type", types[q->kind]);
    reply_set_text(field, "label", q->label);
    if (q->hint[0] != '\0') {
        reply_add_text(field, "desc", q->hint);
    }
    add_validation(field, q);
    if (q->required) {
        add_child(field, reply_element(ctx, "required", NULL));
    }
    if (q->value != NULL && (q->kind == ASK_LINES || q->kind == ASK_CHOICES)) {
        add_lines(field, q->value);
    } else if (q->value != NULL) {
        reply_add_text(field, "value", q->value);
    }
    for (i = 0; i < q->n_options; i++) {
        xmpp_stanza_t *option = reply_element(ctx, "option", NULL);

        reply_set_text(option, "label", q->options[i].label);
        reply_add_text(option, "value", q->options[i].value);
        add_child(field, option);
    }
    add_child(x, field);
}

static void add_form(xmpp_stanza_t *command, const struct form *form)
{
    xmpp_stanza_t *x = reply_element(xmpp_stanza_get_context(command), "x", NS_DATA);
    size_t i;

    set(x, "type", "form");
    reply_add_text(x, "title", form->title);
    if (form->text[0] != '\0') {
        reply_add_text(x, "instructions", form->text);
    }
    for (i = 0; i < form->n; i++) {
        add_field(x, &form->at[i]);
    }
    add_child(command, x);
}

/* What was said: one line is a note, a list a form to be read. A complaint is always a note. */
static void add_text(xmpp_stanza_t *command, const struct form_answer *answer)
{
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(command);
    xmpp_stanza_t *el, *field;

    if (answer->failed || strchr(answer->text, '\n') == NULL) {
        el = reply_text_element(ctx, "note", answer->text);
        set(el, "type", answer->failed ? "error" : "info");
        add_child(command, el);
        return;
    }
    el = reply_element(ctx, "x", NS_DATA);
    set(el, "type", "result");
    field = reply_element(ctx, "field", NULL);
    set(field, "var", "answer");
    set(field, "type", "text-multi");
    add_lines(field, answer->text);
    add_child(el, field);
    add_child(command, el);
}

static void add_actions(xmpp_stanza_t *command, const struct form_answer *answer)
{
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(command);
    xmpp_stanza_t *el = reply_element(ctx, "actions", NULL);

    set(el, "execute", answer->next ? "next" : "complete");
    if (answer->prev) {
        add_child(el, reply_element(ctx, "prev", NULL));
    }
    add_child(el, reply_element(ctx, answer->next ? "next" : "complete", NULL));
    add_child(command, el);
}

void adhoc_reply(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *to,
                 const struct form_request *request, const struct form_answer *answer)
{
    static const char *const status[] = {[FORM_EXECUTING] = "executing",
                                         [FORM_COMPLETED] = "completed",
                                         [FORM_CANCELED] = "canceled"};
    xmpp_stanza_t *command;

    if (answer->condition != NULL) {
        reply_error_specific(ctx, out, ELEMENT_IQ, to, answer->condition, answer->text,
                             answer->specific, NS_COMMANDS);
        return;
    }
    command = reply_element(ctx, "command", NS_COMMANDS);
    reply_set_text(command, "node", request->node);
    reply_set_text(command, "sessionid", answer->session);
    set(command, "status", status[answer->status]);
    set(command, "xml:lang", answer->lang);
    if (answer->status == FORM_EXECUTING) {
        add_actions(command, answer);
    }
    if (answer->text != NULL) {
        add_text(command, answer);
    }
    if (answer->form != NULL) {
        add_form(command, answer->form);
    }
    reply_result(ctx, out, to, command);
}

/* ---- what there is ---------------------------------------------------------------------------------- */

bool adhoc_is_question(const struct decoded *d)
{
    return d->address != ADDRESS_OTHER && strcmp(d->type, "get") == 0 &&
           (element_is(d->payload, d->payload_ns, "query", XMPP_NS_DISCO_INFO) ||
            element_is(d->payload, d->payload_ns, "query", XMPP_NS_DISCO_ITEMS)) &&
           xmpp_stanza_get_attribute(d->payload, "node") != NULL;
}

static void add_item(xmpp_stanza_t *query, const char *jid, const struct form_name *name)
{
    xmpp_stanza_t *item = reply_element(xmpp_stanza_get_context(query), "item", NULL);

    set(item, "jid", jid);
    set(item, "node", name->node);
    reply_set_text(item, "name", name->name);
    add_child(query, item);
}

static void add_info(xmpp_stanza_t *query, const char *type, const char *name)
{
    static const char *const features[] = {NS_COMMANDS, NS_DATA};
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(query);
    xmpp_stanza_t *el = reply_element(ctx, "identity", NULL);
    size_t i;

    set(el, "category", "automation");
    set(el, "type", type);
    if (name != NULL) {
        reply_set_text(el, "name", name);
    }
    add_child(query, el);
    for (i = 0; i < ARRAY_LEN(features); i++) {
        el = reply_element(ctx, "feature", NULL);
        set(el, "var", features[i]);
        add_child(query, el);
    }
}

void adhoc_answer(xmpp_ctx_t *ctx, struct buffer *out, const struct reply_to *to,
                  const struct decoded *d, const struct form_name *names, size_t n)
{
    const char *node = xmpp_stanza_get_attribute(d->payload, "node");
    const bool items = element_is(d->payload, d->payload_ns, "query", XMPP_NS_DISCO_ITEMS);
    const bool list = strcmp(node, NS_COMMANDS) == 0;
    const struct form_name *one = NULL;
    xmpp_stanza_t *query;
    size_t i;

    for (i = 0; i < n && one == NULL; i++) {
        one = strcmp(names[i].node, node) == 0 ? &names[i] : NULL;
    }
    if (!list && one == NULL) {
        reply_error(ctx, out, ELEMENT_IQ, to, "item-not-found", NULL);
        return;
    }
    query = reply_element(ctx, "query", items ? XMPP_NS_DISCO_ITEMS : XMPP_NS_DISCO_INFO);
    reply_set_text(query, "node", node);
    for (i = 0; items && list && i < n; i++) {
        add_item(query, to->from, &names[i]);
    }
    if (!items) {
        add_info(query, list ? "command-list" : "command-node", list ? NULL : one->name);
    }
    reply_result(ctx, out, to, query);
}
