/* SPDX-License-Identifier: MIT */
/* Signs of life: who gave none for three months has updates off by themselves, and on again at the first.
 *
 * A sign is whatever somebody's clients send, and that one of them is there; not what their server says of them: errors, that
 * they are not there, that a subscription ended, the vCard of the account. */
#include <string.h>

#include "bridge/turn_parts.h"
#include "base/limits.h"
#include "base/log.h"
#include "handlers/messages.h"

#define SILENT_MS (LIMIT_SILENT_DAYS * LIMIT_DAY_MS)

static bool presence_is_sign(const struct presence_in *in, const struct peer *who)
{
    static const char *const signs[] = {"", "subscribe", "subscribed", "probe"};

    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        if (strcmp(in->type, signs[i]) == 0) {
            return true;
        }
    }
    /* A client that was there until now. A server also answers so for who never was. */
    return strcmp(in->type, "unavailable") == 0 && who->resources != NULL;
}

static bool is_sign(const struct decoded *d, const struct peer *who)
{
    switch (d->kind) {
    case DECODED_BOUNCE:
    case DECODED_FOREIGN:
        return false;
    case DECODED_PRESENCE:
        return presence_is_sign(&d->presence, who);
    case DECODED_SILENT:
        return d->element == ELEMENT_MESSAGE;
    case DECODED_ANSWER:
        /* The server answers for the account, a client for itself. */
        return d->condition == NULL && strchr(d->from, '/') != NULL;
    case DECODED_MESSAGE:
    case DECODED_ASK:
    case DECODED_BAD:
        return true;
    }
    return false;
}

struct sign {
    struct peer *who;
    bool returns;
};

static enum err note(struct turn *t, void *arg)
{
    const struct sign *s = arg;
    enum err e = pump_wake(t->pump, s->who, t->now);

    return e == OK && s->returns ? pump_return(t->pump, s->who, t->mono) : e;
}

void turn_life_sign(struct turn *t, const struct decoded *d)
{
    struct sign s = {.who = d->from_bare == NULL ? NULL : peers_by_jid(t->peers, d->from_bare)};
    int64_t since = s.who == NULL ? 0 : t->now - s.who->seen_at;

    if (s.who == NULL || (s.who->sleep != SLEEP_ASLEEP && since >= 0 && since < LIMIT_SIGN_MS) ||
        !is_sign(d, s.who)) {
        return;
    }
    /* Presence says itself where it leads. */
    s.returns = s.who->sleep == SLEEP_ASLEEP && d->kind != DECODED_PRESENCE;
    turn_quietly(t, note, &s, "sign");
}

/* Whom nothing tells us when they are there hears of it: they may only read. Of the others all is held long since. */
static enum err say_so(struct turn *t, const struct peer *who)
{
    struct answer an = {.person = who->no, .to = who->jid, .from = t->bot_jid};
    int64_t event;

    if (who->shares || who->bounced || !who->on || who->retired) {
        return OK;
    }
    an.text = say(t->stanza, (enum lang)who->lang,
                  "I had no sign of life from you for three months, so updates wait from now on. "
                  "None is lost: write me anything, and they come.");
    return store_answer_add(t->o.store, EVENT_NOTICE, &an, t->now, &event);
}

static enum err put_to_sleep(struct turn *t, int64_t person)
{
    struct peer *who = peers_by_no(t->peers, person);
    enum err e;

    if (who == NULL) { /* the row of nobody: it may not stand in the way */
        return store_sleep_set(t->o.store, person);
    }
    if (who->resources != NULL) { /* a client that has run all the time */
        return pump_wake(t->pump, who, t->now);
    }
    e = say_so(t, who);
    if (e == OK) {
        e = pump_sleep(t->pump, who);
    }
    if (e == OK) {
        log_line(LOG_INFO, "asleep jid=%s", who->jid);
    }
    return e;
}

enum err turn_life(struct turn *t, void *arg)
{
    int64_t *people, next = 0;
    size_t n;
    enum err e =
        store_silent(t->o.store, t->now - SILENT_MS, TURN_LIFE, t->stanza, &people, &n, &next);

    (void)arg;
    t->life_at = t->mono + TURN_LIFE_MS;
    for (size_t i = 0; e == OK && i < n; i++) {
        e = put_to_sleep(t, people[i]);
    }
    if (e == OK && n == TURN_LIFE) {
        t->life_at = t->mono;
    } else if (e == OK && next != 0 && next + SILENT_MS - t->now < TURN_LIFE_MS) {
        t->life_at = t->mono + (next + SILENT_MS > t->now ? next + SILENT_MS - t->now : 0);
    }
    return e;
}
