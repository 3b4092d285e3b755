/* SPDX-License-Identifier: MIT */
/* What each kind of stanza does. */
#include <string.h>

#include "base/log.h"
#include "bridge/adhoc.h"
#include "bridge/reply.h"
#include "bridge/turn_parts.h"

/* Makes the peer of a person whom the handlers just made, or brings it up to date. */
static enum err put_person(struct turn *t, int64_t person, bool is_new, struct peer **out)
{
    enum err e = turn_refresh(t, person, out);

    if (e == OK && is_new) {
        t->split = true; /* nobody else may see them before the store has them for good */
        people_want(t->people, *out);
        e = pump_wake(t->pump, *out, t->now);
    }
    return e;
}

/* Somebody's account was closed: what they are owed waits from here on, as if they were away. Or opened again. */
enum err turn_follow_other(struct turn *t, int64_t person)
{
    struct peer *who;
    enum err e = turn_refresh(t, person, &who);

    if (e != OK) {
        return e;
    }
    if (who->retired) {
        return pump_leave(t->pump, who);
    }
    return who->shares && !peer_reachable(who) ? OK : pump_return(t->pump, who, t->mono);
}

/* They left: their record goes, and with it what we see of each other. */
static enum err part(struct turn *t, int64_t person, const struct decoded *d)
{
    struct peer *who;
    enum err e = turn_refresh(t, person, &who);

    if (e == OK) {
        e = pump_part(t->pump, who);
    }
    if (e == OK) {
        presence_part(t->presence, t->bot_jid, d->from_bare);
        if (strcmp(d->to, t->bot_jid) != 0) {
            presence_part(t->presence, d->to, d->from_bare);
        }
    }
    return e;
}

static enum err follow_outcome(struct turn *t, const struct outcome *o, const struct decoded *d)
{
    struct peer *who = o->person == 0 ? NULL : peers_by_no(t->peers, o->person);
    enum err e = OK;

    if (o->left) {
        e = part(t, o->person, d);
        who = NULL;
    } else if (o->person != 0 &&
               (o->is_new || o->on_changed || o->lang_changed || o->peace_changed || who == NULL)) {
        e = put_person(t, o->person, o->is_new || who == NULL, &who);
    }
    if (e == OK && who != NULL && o->on_changed && !who->on) {
        e = pump_leave(t->pump, who);
    } else if (e == OK && who != NULL && o->peace_changed) {
        t->peace_at = t->mono;
        e = pump_peace(t->pump, who);
        if (e == OK) {
            e = pump_return(t->pump, who, t->mono);
        }
    } else if (e == OK && who != NULL && (who->held != 0 || who->back || o->on_changed)) {
        e = pump_return(t->pump, who, t->mono);
    }
    if (e == OK && o->other != 0) {
        e = turn_follow_other(t, o->other);
    }
    if (e == OK && o->invited != NULL) {
        const struct reply_to to = {.from = t->bot_jid, .to = o->invited};

        reply_text(t->o.ctx, &t->held, &to, turn_id(t, t->stanza, 'v'), o->invitation, t->stanza);
    }
    if (e == OK && o->condition != NULL) {
        const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};

        reply_error(t->o.ctx, &t->held, ELEMENT_MESSAGE, &to, o->condition, o->text);
    } else if (e == OK && o->text != NULL) {
        const struct reply_to to = {.from = d->to, .to = d->from};

        reply_text(t->o.ctx, &t->held, &to, turn_id(t, t->stanza, 'v'), o->text, t->stanza);
    }
    return e;
}

static enum err message(struct turn *t, void *arg)
{
    const struct decoded *d = arg;
    struct outcome outcome = {.text = NULL};
    enum err e = service_message(t->service, &d->request, t->now, t->stanza, &outcome);

    e = e == OK ? follow_outcome(t, &outcome, d) : e;
    /* What is refused by an error has not arrived. */
    if (e == OK && d->asks_receipt && d->id != NULL && outcome.condition == NULL) {
        const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};

        reply_receipt(t->o.ctx, &t->held, &to);
    }
    return e;
}

/* For the case that the commit fails. iq: the id of the IQ that it was, NULL. */
static void note_request(struct turn *t, const struct request *r, const char *iq)
{
    struct asked *q = arena_alloc(t->kept, sizeof(*q));

    q->iq = arena_dup(t->kept, iq);
    q->request = (struct request){.from = arena_dup(t->kept, r->from),
                                  .from_bare = arena_dup(t->kept, r->from_bare),
                                  .from_local = arena_dup(t->kept, r->from_local),
                                  .to = arena_dup(t->kept, r->to),
                                  .lang = arena_dup(t->kept, r->lang)};
    q->next = t->asked;
    t->asked = q;
}

static void handle_message(struct turn *t, const struct decoded *d)
{
    struct decoded copy = *d;
    const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};
    enum err e = turn_begin(t);

    t->messages++;
    if (e == OK) {
        e = turn_guard(t, message, &copy);
    }
    if (t->broken) {
        return;
    }
    if (e == OK || (t->open && t->doomed)) {
        note_request(t, &d->request, NULL);
    } else if (e == E_FULL && t->open) {
        reply_text(t->o.ctx, &t->free, &to, turn_id(t, t->kept, 'v'),
                   service_not_saved(t->service, &d->request, t->kept), t->kept);
    } else {
        log_line(LOG_ERROR, "message_failed from=%s error=%s", d->from_bare, err_text(e));
        reply_error(t->o.ctx, &t->free, ELEMENT_MESSAGE, &to, "resource-constraint",
                    "This could not be done; nothing was saved.");
    }
}

static enum err presence(struct turn *t, void *arg)
{
    const struct decoded *d = arg;

    return presence_stanza(t->presence, &d->presence, t->now, t->mono);
}

static enum err bounce(struct turn *t, void *arg)
{
    const struct decoded *d = arg;
    struct peer *who = peers_by_jid(t->peers, d->from_bare);

    return who == NULL ? OK
                       : pump_bounced(t->pump, who, d->id, d->condition, d->error_type, t->now);
}

static enum err heard_of(struct turn *t, void *arg)
{
    return pump_return(t->pump, arg, t->mono);
}

void turn_quietly(struct turn *t, enum err (*work)(struct turn *, void *), void *arg,
                  const char *what)
{
    enum err e = turn_begin(t);

    if (e == OK) {
        e = turn_guard(t, work, arg);
    }
    if (e != OK && !t->broken) {
        log_line(LOG_ERROR, "%s_failed error=%s", what, err_text(e));
    }
}

struct card {
    struct peer *who;
    struct vcard vcard;
};

static enum err vcard(struct turn *t, void *arg)
{
    const struct card *c = arg;
    enum err e =
        service_vcard(t->service, c->who->no, c->vcard.name, c->vcard.photo_type, c->vcard.photo,
                      c->vcard.photo_len, c->vcard.photo_hash, t->now, t->stanza);

    return e == E_NOTFOUND ? OK : e; /* they have left meanwhile */
}

static void handle_answer(struct turn *t, const struct decoded *d)
{
    struct card card;
    bool read = false;

    if (strcmp(d->from, t->server) == 0 &&
        (pump_fence(t->pump, d->id, t->mono) || presence_fence(t->presence, d->id))) {
        return;
    }
    if (people_answered(t->people, d, t->now, t->stanza, &card.who, &read, &card.vcard) && read) {
        turn_quietly(t, vcard, &card, "vcard");
    }
}

/* What the handlers see of an IQ. */
static struct request iq_request(const struct decoded *d, struct arena *a)
{
    const char *own = xmpp_stanza_get_attribute(d->payload, "xml:lang");

    return (struct request){.from = d->from,
                            .from_bare = d->from_bare,
                            .from_local = d->from_local,
                            .to = d->to,
                            .id = d->id,
                            .lang = own == NULL ? d->lang : arena_dup(a, decode_language(own))};
}

static enum err form_step(struct turn *t, void *arg)
{
    const struct decoded *d = arg;
    const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};
    const struct request r = iq_request(d, t->stanza);
    struct outcome outcome = {.text = NULL};
    struct form_request in;
    struct form_answer answer;
    enum err e;

    adhoc_decode(d, t->stanza, &in);
    e = service_form(t->service, &r, &in, t->now, t->stanza, &outcome, &answer);
    if (e == OK) {
        outcome.text = NULL;
        e = follow_outcome(t, &outcome, d);
    }
    if (e == OK) {
        adhoc_reply(t->o.ctx, &t->held, &to, &in, &answer);
    }
    return e;
}

static enum err form_names(struct turn *t, void *arg)
{
    const struct decoded *d = arg;
    const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};
    const struct request r = iq_request(d, t->stanza);
    struct form_name *names;
    size_t n;
    enum err e = service_forms(t->service, &r, t->stanza, &names, &n);

    if (e == OK) {
        adhoc_answer(t->o.ctx, &t->free, &to, d, names, n);
    }
    return e;
}

static void handle_form(struct turn *t, const struct decoded *d,
                        enum err (*work)(struct turn *, void *))
{
    const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};
    const struct request r = iq_request(d, t->kept);
    struct decoded copy = *d;
    enum err e = turn_begin(t);

    if (e == OK) {
        e = turn_guard(t, work, &copy);
    }
    if (t->broken) {
        return;
    }
    if (work == form_step && (e == OK || (t->open && t->doomed))) {
        note_request(t, &r, d->id == NULL ? "" : d->id);
    } else if (e != OK) {
        log_line(LOG_ERROR, "form_failed from=%s error=%s", d->from_bare, err_text(e));
        reply_error(t->o.ctx, &t->free, ELEMENT_IQ, &to, "resource-constraint",
                    service_not_saved(t->service, &r, t->kept));
    }
}

static void handle_ask(struct turn *t, const struct decoded *d)
{
    struct peer *who = peers_by_jid(t->peers, d->from_bare);

    if (adhoc_is_step(d)) {
        handle_form(t, d, form_step);
        return;
    }
    if (adhoc_is_question(d)) {
        handle_form(t, d, form_names);
    } else {
        iq_answer(&t->iq, t->o.ctx, d, t->up_since, &t->free);
    }
    if (who != NULL && (who->held != 0 || who->back)) {
        turn_quietly(t, heard_of, who, "return");
    }
}

/* A receipt. Where presence says nothing of them, it does. */
static void handle_receipt(struct turn *t, const struct decoded *d)
{
    struct peer *who = peers_by_jid(t->peers, d->from_bare);

    if (who == NULL) {
        return;
    }
    pump_receipt(t->pump, who, d->receipt);
    if (d->kind == DECODED_SILENT && who->held != 0 && (who->bounced || !who->shares)) {
        turn_quietly(t, heard_of, who, "return");
    }
}

void turn_handle(struct turn *t, const struct decoded *d)
{
    const struct reply_to to = {.from = d->to, .to = d->from, .id = d->id};
    struct decoded copy = *d;

    turn_life_sign(t, d);
    if (d->receipt != NULL) {
        handle_receipt(t, d);
    }
    switch (d->kind) {
    case DECODED_SILENT:
        break;
    case DECODED_FOREIGN:
        if (d->element != ELEMENT_IQ && !throttle_pass(&t->throttle, d->from_bare, t->mono)) {
            break;
        }
        reply_error(t->o.ctx, &t->free, d->element, &to, d->condition, NULL);
        break;
    case DECODED_BAD:
        reply_error(t->o.ctx, &t->free, d->element, &to, d->condition, NULL);
        break;
    case DECODED_MESSAGE:
        handle_message(t, d);
        break;
    case DECODED_BOUNCE:
        if (d->id != NULL) {
            turn_quietly(t, bounce, &copy, "bounce");
        }
        break;
    case DECODED_PRESENCE:
        turn_quietly(t, presence, &copy, "presence");
        break;
    case DECODED_ASK:
        handle_ask(t, d);
        break;
    case DECODED_ANSWER:
        handle_answer(t, d);
        break;
    }
}

enum err turn_join(void *arg, const struct presence_in *in, int64_t now)
{
    struct turn *t = arg;
    struct outcome outcome = {.text = NULL};
    struct peer *who;
    enum err e =
        service_join(t->service, in->from_bare, in->from_local, in->lang, now, t->stanza, &outcome);

    if (e == OK && outcome.person != 0) {
        who = peers_by_no(t->peers, outcome.person);
        if (who == NULL || outcome.is_new) {
            e = put_person(t, outcome.person, true, &who);
        }
    }
    return e;
}

void turn_look(void *arg, int64_t person, struct arena *a, struct sight *out)
{
    struct turn *t = arg;
    struct peer *who = peers_by_no(t->peers, person);
    struct resource *r;
    size_t n = 0;

    *out = (struct sight){.waiting = -1};
    if (who == NULL) {
        return;
    }
    for (r = who->resources; r != NULL; r = r->next) {
        n++;
    }
    out->clients = arena_array(a, n + 1, sizeof(*out->clients));
    for (r = who->resources; r != NULL; r = r->next) {
        out->clients[out->n_clients++] = (struct sight_client){.resource = arena_dup(a, r->name),
                                                               .priority = r->priority,
                                                               .show = arena_dup(a, r->show)};
    }
    out->known = who->known;
    out->held = (who->held & ~who->holds) != 0;
    out->bounced = who->bounced;
    out->woken = who->sleep == SLEEP_WOKEN;
    out->last_event = who->last_event;
    out->last_at = who->last_at;
    if (pump_waiting(t->pump, who, 1000, &out->waiting) != OK) {
        out->waiting = -1;
    }
}
