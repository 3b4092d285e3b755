/* SPDX-License-Identifier: MIT */
/* Messages that came back: what they were, what becomes of them, and when the next is tried. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "bridge/pump_state.h"

#define MINUTE_MS 60000LL

int64_t bounce_pause(int tries)
{
    return tries <= 1 ? 10 * MINUTE_MS : tries == 2 ? 60 * MINUTE_MS : 24 * 60 * MINUTE_MS;
}

static void bounces_min(struct pump *p)
{
    p->bounce_at = INT64_MAX;
    for (size_t i = 0; i < p->n_bounced; i++)
        if (p->bounced[i].at < p->bounce_at)
            p->bounce_at = p->bounced[i].at;
}

static struct bounced *bounces_find(struct pump *p, const struct peer *who)
{
    for (size_t i = 0; i < p->n_bounced; i++)
        if (p->bounced[i].who == who)
            return &p->bounced[i];
    return NULL;
}

/* tries 0: as they were. */
void bounces_put(struct pump *p, struct peer *who, int tries, int64_t at)
{
    struct bounced *b = bounces_find(p, who);

    if (b == NULL) {
        p->bounced = pump_grow(p->bounced, &p->cap_bounced, p->n_bounced + 1, sizeof *p->bounced);
        b = &p->bounced[p->n_bounced++];
        *b = (struct bounced){.who = who, .tries = 1};
    }
    if (tries > 0)
        b->tries = tries;
    b->at = at;
    who->bounced = true;
    bounces_min(p);
}

void bounces_remove(struct pump *p, struct peer *who)
{
    struct bounced *b = bounces_find(p, who);

    who->bounced = false;
    if (b == NULL)
        return;
    *b = p->bounced[--p->n_bounced];
    bounces_min(p);
}

/* Tries those who are due with one update. */
void bounces_due(struct pump *p, int64_t now)
{
    if (now < p->bounce_at)
        return;
    for (size_t i = 0; i < p->n_bounced; i++) {
        struct bounced *b = &p->bounced[i];

        if (b->at > now)
            continue;
        if (peer_wants(b->who) && !b->who->retired && b->who->held != 0 &&
            peer_releasable(b->who) == 0) {
            b->at = now + bounce_pause(1); /* their quiet hours */
            continue;
        }
        if (peer_wants(b->who) && !b->who->retired && b->who->held != 0 && b->who->release == NULL)
            release_start(p, b->who, false, true);
        /* Until the trial says otherwise. */
        b->at = now + bounce_pause(b->tries + 1);
    }
    bounces_min(p);
}

/* What is done with a message that came back, by the condition and the type of its error (RFC 6120 §8.3), "" any. The
 * first line that fits counts. These are all that Prosody and ejabberd were seen to say, and what RFC 6120 has besides;
 * the types are theirs. Errors of the stream (conflict, not-well-formed …) are the link's. */
/* clang-format off */
static const struct {
    const char *condition, *type;
    enum bounce_act act;
} lines[] = {
    /* no such account, blocked, on Prosody its offline queue is full as well: nobody can tell these apart */
    {"service-unavailable",     "wait",   BOUNCE_HOLD},
    {"service-unavailable",     "",       BOUNCE_GONE},
    {"gone",                    "",       BOUNCE_GONE},
    {"item-not-found",          "",       BOUNCE_GONE},
    {"resource-constraint",     "",       BOUNCE_HOLD}, /* ejabberd: the offline queue is full */
    {"recipient-unavailable",   "",       BOUNCE_HOLD},
    {"remote-server-timeout",   "",       BOUNCE_HOLD}, /* Prosody: a component is away */
    {"remote-server-not-found", "",       BOUNCE_HOLD}, /* ejabberd: their domain has no address at present */
    {"forbidden",               "",       BOUNCE_HOLD}, /* ejabberd: s2s is closed */
    {"not-allowed",             "",       BOUNCE_HOLD}, /* Prosody: s2s is closed */
    {"subscription-required",   "",       BOUNCE_HOLD},
    {"registration-required",   "",       BOUNCE_HOLD},
    {"not-authorized",          "",       BOUNCE_HOLD},
    {"internal-server-error",   "",       BOUNCE_HOLD},
    {"redirect",                "",       BOUNCE_HOLD},
    {"not-acceptable",          "",       BOUNCE_ONCE}, /* a filter: of this message, or for a minute (mod_pres_counter) */
    {"policy-violation",        "",       BOUNCE_ONCE},
    {"conflict",                "",       BOUNCE_ONCE},
    {"unexpected-request",      "",       BOUNCE_ONCE},
    {"undefined-condition",     "",       BOUNCE_ONCE},
    {"feature-not-implemented", "",       BOUNCE_DROP}, /* some client's word: the next try ends as this one */
    {"jid-malformed",           "",       BOUNCE_OURS},
    {"bad-request",             "",       BOUNCE_OURS},
    {"",                        "wait",   BOUNCE_HOLD}, /* whatever it is, it passes */
    {"",                        "",       BOUNCE_ONCE},
};
/* clang-format on */

enum bounce_act bounce_act(const char *condition, const char *type)
{
    size_t i = 0;

    while ((lines[i].condition[0] != '\0' && strcmp(lines[i].condition, condition) != 0) ||
           (lines[i].type[0] != '\0' && strcmp(lines[i].type, type) != 0))
        i++;
    return lines[i].act;
}

struct ours {
    enum { OURS_NOT, OURS_ANSWER, OURS_EVENT, OURS_SUMMARY } what;
    struct event event;
    int64_t lo;
    unsigned classes; /* of a summary: what it stands for */
};

/* Decimal without a leading zero, at most 18 digits; 0: none. */
static int64_t digits(const char **s)
{
    int64_t n = 0;

    for (int i = 0; i < 18 && **s >= (i == 0 ? '1' : '0') && **s <= '9'; i++)
        n = n * 10 + (*(*s)++ - '0');
    return n;
}

static enum err find_event(struct pump *p, int64_t no, struct ours *out)
{
    enum err err = no == 0 ? E_NOTFOUND : store_event_get(p->o.store, no, &out->event);

    out->what = err == OK ? OURS_EVENT : OURS_NOT;
    return err == E_NOTFOUND ? OK : err;
}

/* p12 p12e3 p12d of a post; r77 a repeat, r77d its retraction */
static enum err find_about(struct pump *p, char letter, const char *s, struct ours *out)
{
    int64_t n = digits(&s), event = n;
    int version = 0;
    enum event_kind kind = EVENT_POST;
    enum err err = n == 0 ? E_NOTFOUND : OK;

    if (*s == 'e' && letter == 'p') {
        s++;
        kind = EVENT_EDIT;
        version = (int)digits(&s);
    } else if (*s == 'd') {
        s++;
        kind = EVENT_DELETE;
    }
    if (*s != '\0')
        return OK;
    if (err == OK && letter == 'p')
        err = store_event_find(p->o.store, kind == EVENT_EDIT ? kind : EVENT_POST, n, version,
                               &event);
    if (err == OK && kind == EVENT_DELETE)
        err = store_event_find(p->o.store, EVENT_DELETE, event, 0, &event);
    return err == OK ? find_event(p, event, out) : err == E_NOTFOUND ? OK : err;
}

/* n12: nobody asked for it and nothing else says it, so it is owed like a post. */
static enum err find_notice(struct pump *p, const char *s, struct ours *out)
{
    int64_t no = digits(&s);
    enum err err = *s != '\0' ? OK : find_event(p, no, out);

    if (err == OK && out->what == OURS_EVENT && out->event.kind != EVENT_NOTICE)
        out->what = OURS_NOT;
    return err;
}

/* h12 h12b: a bundle, with and without what it quotes. */
static enum err find_bundle(struct pump *p, const char *s, struct ours *out)
{
    int64_t no = digits(&s);
    enum err err = *s != '\0' && strcmp(s, "b") != 0 ? OK : find_event(p, no, out);

    if (err == OK && out->what == OURS_EVENT && out->event.kind != EVENT_BUNDLE)
        out->what = OURS_NOT;
    return err;
}

#define HEX "0123456789abcdef"

/* d3-17-40-80: a summary that was given, or is being given. A claimed one would bring a whole history back. */
static enum err find_summary(struct pump *p, const struct peer *who, const char *s,
                             struct ours *out)
{
    int64_t hi = 0;
    unsigned ends = 0;
    enum err err = OK;

    if (digits(&s) != who->no || *s++ != '-' || (out->lo = digits(&s)) == 0 || *s++ != '-' ||
        (hi = digits(&s)) < out->lo || (*s == '-' && s[1] == '\0') ||
        s[*s == '-' ? 1 + strspn(s + 1, HEX) : 0] != '\0')
        return OK;
    if (who->release != NULL && who->release->summary && who->release->lo == out->lo)
        out->classes = who->release->sums;
    for (int c = 0; c < N_CLASSES && err == OK; c++) {
        bool given = false;

        err = store_digest_has(p->o.store, who->no, (enum event_class)c, out->lo, &given);
        out->classes |= given ? 1u << c : 0;
        /* What was held of another class began later, and ended with it. */
        if (err == OK)
            err = store_digest_has(p->o.store, who->no, (enum event_class)c, hi, &given);
        ends |= given ? 1u << c : 0;
    }
    out->classes |= out->classes != 0 ? ends : 0;
    out->what = out->classes != 0 ? OURS_SUMMARY : OURS_NOT;
    return err;
}

static enum err find_ours(struct pump *p, const struct peer *who, const char *id, struct ours *out)
{
    const char *s = id + 1;

    out->what = OURS_NOT;
    switch (*id) {
    case 'a': /* to a client that asked and went: what it did stands in the lists */
        out->what = OURS_ANSWER;
        return OK;
    case 'n':
        return find_notice(p, s, out);
    case 'h':
        return find_bundle(p, s, out);
    case 'p':
    case 'r':
        return find_about(p, *id, s, out);
    case 'd':
        return find_summary(p, who, s, out);
    default:
        return OK;
    }
}

/* The event was on its way to be taken out of `back`: now it stays. */
static void ops_cancel(struct pump *p, const struct peer *who, int64_t event)
{
    for (size_t i = 0; i < p->n_ops; i++)
        if (p->ops[i].kind == OP_BACK_REMOVE && p->ops[i].who == who && p->ops[i].a == event)
            p->ops[i].kind = OP_NONE;
}

static bool unbounce_cancel(struct pump *p, const struct peer *who)
{
    bool any = false;

    for (size_t i = 0; i < p->n_ops; i++) {
        if (p->ops[i].kind == OP_UNBOUNCE && p->ops[i].who == who) {
            p->ops[i].kind = OP_NONE;
            any = true;
        }
    }
    return any;
}

enum err held_covers(struct pump *p, const struct peer *who, enum event_class class, int64_t event,
                     bool *covers)
{
    struct held *rows;
    size_t n;
    enum err err;

    arena_reset(p->arena);
    err = store_held_page(p->o.store, who->no - 1, 1, p->arena, &rows, &n);
    *covers = false;
    for (size_t i = 0; err == OK && i < n; i++)
        if (rows[i].person == who->no && rows[i].class == class && rows[i].from <= event)
            *covers = true;
    return err;
}

static enum err bounced_hold(struct pump *p, struct peer *who, const struct ours *o,
                             enum event_class class, int64_t now)
{
    const struct bounced *b = bounces_find(p, who);
    bool trial = who->release != NULL && who->release->trial && who->release->stanzas > 0;
    bool covers = false, staged = false;
    /* A trial that seemed to have got through, and now came back after all, counts as well. */
    int tries = b == NULL ? 1 : trial || unbounce_cancel(p, who) ? b->tries + 1 : 0;
    struct bounce row = {.person = who->no, .tries = tries, .at = now + bounce_pause(tries)};
    enum err err = OK;

    /* Several of one turn: the first says it all. */
    for (size_t i = 0; i < p->n_staged; i++)
        if (p->staged[i].who == who && p->staged[i].kind == STAGE_BOUNCE)
            staged = true;
    if (!staged)
        err = hold_write(p, who, HELD_ALL);
    if (err == OK && o->what == OURS_SUMMARY)
        for (int c = 0; c < N_CLASSES && err == OK; c++)
            if ((o->classes & 1u << c) != 0)
                err = store_held_set(p->o.store, who->no, (enum event_class)c, o->lo);
    if (err == OK && o->what == OURS_EVENT)
        err = held_covers(p, who, class, o->event.no, &covers);
    /* A catch-up leaves notices out: they are never held. */
    if (err == OK && o->what == OURS_EVENT && (!covers || o->event.kind == EVENT_NOTICE))
        err = store_back_add(p->o.store, who->no, o->event.no);
    if (err == OK && tries > 0 && !staged)
        err = store_bounce_set(p->o.store, &row);
    if (err == OK && tries > 0 && !staged)
        pump_stage(p, STAGE_BOUNCE, who, row.at, (unsigned)tries);
    return err;
}

/* The next try would end as this one did. */
static enum err bounced_drop(struct pump *p, struct peer *who, int64_t event, const struct fact *f)
{
    bool mend = bounce_act(f->condition, f->type) == BOUNCE_OURS;

    log_line(mend ? LOG_ERROR : LOG_WARN, "%s to=%s id=%s condition=%s type=%s",
             mend ? "bounce-of-our-making" : "bounce-dropped", who->jid, f->id, f->condition,
             f->type);
    p->figures.dropped++;
    return store_back_remove(p->o.store, who->no, event);
}

/* What a catch-up sent of `back` leaves it with the catch-up's fence: not what came back in front of that. */
static void back_keeps(const struct peer *who, int64_t event)
{
    struct release *r = who->release;
    size_t n = 0;

    for (size_t i = 0; r != NULL && i < r->n_back; i++)
        if (r->back[i] != event)
            r->back[n++] = r->back[i];
    if (r != NULL)
        r->n_back = n;
}

/* Odd conditions, one stanza's own: sent once more, then dropped, so that nothing goes round for ever. */
static enum err bounced_once(struct pump *p, struct peer *who, int64_t event, const struct fact *f)
{
    enum err err;

    for (size_t i = 0; i < RETRIED; i++) {
        if (p->retried[i].person != who->no || p->retried[i].event != event)
            continue;
        return bounced_drop(p, who, event, f);
    }
    back_keeps(who, event);
    err = store_back_add(p->o.store, who->no, event);
    if (err == OK)
        pump_stage(p, STAGE_BACK, who, event, 0);
    return err;
}

static enum err bounce_apply(struct pump *p, const struct fact *f, int64_t now, bool *ours)
{
    struct peer *who = f->who;
    struct ours o = {.what = OURS_NOT};
    enum event_class class = CLASS_BULK;
    int first;
    enum err err = find_ours(p, who, f->id, &o);

    *ours = false;
    if (err == OK && o.what == OURS_EVENT) {
        /* An id is a claim: only what they are owed can have come back. */
        err = store_owed_one(p->o.store, &o.event, who->no, &class, &first);
        if (err == E_NOTFOUND)
            return OK;
    }
    *ours = err != OK || o.what != OURS_NOT;
    if (err != OK || o.what == OURS_NOT || o.what == OURS_ANSWER)
        return err;
    if (o.what == OURS_EVENT)
        ops_cancel(p, who, o.event.no);
    switch (bounce_act(f->condition, f->type)) {
    case BOUNCE_HOLD:
    case BOUNCE_GONE:
        return bounced_hold(p, who, &o, class, now);
    case BOUNCE_ONCE:
        return o.what == OURS_EVENT ? bounced_once(p, who, o.event.no, f) : OK;
    case BOUNCE_DROP:
    case BOUNCE_OURS:
        break;
    }
    return o.what == OURS_EVENT ? bounced_drop(p, who, o.event.no, f) : OK;
}

enum err pump_bounced(struct pump *p, struct peer *who, const char *id, const char *condition,
                      const char *type, int64_t now)
{
    struct fact f = {.who = who};
    bool ours;
    enum err err;

    if (who == NULL || id == NULL || *id == '\0' || strlen(id) >= sizeof f.id)
        return OK;
    (void)snprintf(f.id, sizeof f.id, "%s", id);
    (void)snprintf(f.condition, sizeof f.condition, "%s", condition);
    (void)snprintf(f.type, sizeof f.type, "%s", type);
    err = bounce_apply(p, &f, now, &ours);
    if (!ours)
        return err;
    p->figures.bounces++;
    p->figures.conditions[condition_index(f.condition)]++;
    unseen_take(p, who, id);
    log_line(LOG_DEBUG, "bounce to=%s id=%s condition=%s type=%s", who->jid, f.id, f.condition,
             f.type);
    p->facts = pump_grow(p->facts, &p->cap_facts, p->n_facts + 1, sizeof *p->facts);
    p->facts[p->n_facts++] = f;
    return err;
}

enum err bounces_again(struct pump *p, int64_t now)
{
    for (size_t i = 0; i < p->n_facts; i++) {
        struct fact *f = &p->facts[i];
        bool ours;
        enum err err;

        if (!f->again)
            continue;
        f->again = false;
        err = bounce_apply(p, f, now, &ours);
        if (err != OK) {
            f->tries++;
            return err;
        }
    }
    return OK;
}

/* A disk that is full for a while may undo many turns: only what a fact itself failed at counts against it. */
void facts_undone(struct pump *p, size_t mark)
{
    size_t n = mark;

    for (size_t i = mark; i < p->n_facts; i++) {
        struct fact *f = &p->facts[i];

        f->again = true;
        if (f->tries < FACT_TRIES)
            p->facts[n++] = *f;
        else
            log_line(LOG_ERROR, "bounce-lost to=%s id=%s", f->who->jid, f->id);
    }
    p->n_facts = n;
    if (n > mark)
        pump_dirty(p, -1);
}
