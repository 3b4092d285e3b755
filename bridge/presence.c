/* SPDX-License-Identifier: MIT */
#include "bridge/presence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/log.h"

#define UNSENT 65536 /* no more probes while TCP has not taken this much */

/* A subscription that changed in this turn: memory goes with the store. */
struct change {
    struct peer *who;
    bool shared;
};
struct presence {
    struct presence_options o;
    struct change *changes;
    size_t n_changes, cap_changes, mark;
    bool up;
    enum { NOTHING, PROBES, REQUESTS } pass;
    int64_t asked_at; /* mono ms of the last requests; 0: none yet */
    size_t next;      /* of the peers, while probing or saying goodbye */
    size_t probed;
    int64_t at; /* mono ms of the next probes */
    char fence_prefix[40];
    uint64_t fence; /* number of the last one */
    bool fenced;    /* its answer is awaited */
    int64_t fence_at;
    bool leaving;
    size_t left;
    uint64_t written;
};

struct presence *presence_new(const struct presence_options *o)
{
    struct presence *pr = calloc(1, sizeof *pr);
    uint64_t salt;

    if (pr == NULL)
        abort();
    if (getrandom(&salt, sizeof salt, 0) != (ssize_t)sizeof salt)
        salt = (uint64_t)clock_mono_us() ^ (uint64_t)clock_real_ms() << 20;
    pr->o = *o;
    (void)snprintf(pr->fence_prefix, sizeof pr->fence_prefix, "q-%016llx-",
                   (unsigned long long)salt);
    return pr;
}

void presence_free(struct presence *pr)
{
    if (pr == NULL)
        return;
    free(pr->changes);
    free(pr);
}

/* type NULL: available. `to` may be full, of a probe. */
static void put(struct presence *pr, struct buffer *b, const char *from, const char *to,
                const char *resource, const char *type)
{
    pr->written++;
    buffer_adds(b, "<presence from='");
    buffer_add_xml(b, from, strlen(from));
    buffer_adds(b, "' to='");
    buffer_add_xml(b, to, strlen(to));
    if (resource != NULL) {
        buffer_adds(b, "/");
        buffer_add_xml(b, resource, strlen(resource));
    }
    if (type == NULL)
        buffer_adds(b, "'/>");
    else
        buffer_addf(b, "' type='%s'/>", type);
}

static void answer(struct presence *pr, const struct presence_in *in, const char *resource,
                   const char *type)
{
    put(pr, pr->o.held(pr->o.arg), in->to != NULL ? in->to : pr->o.bot_jid, in->from_bare, resource,
        type);
}

void presence_part(struct presence *pr, const char *from, const char *bare)
{
    static const char *const types[] = {"unsubscribe", "unavailable", "unsubscribed"};

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        put(pr, pr->o.held(pr->o.arg), from, bare, NULL, types[i]);
}

static enum err set_shares(struct presence *pr, struct peer *who, bool shares)
{
    enum err err;

    if (who->shares == shares)
        return OK;
    err = store_person_set_flag(pr->o.store, who->no, FLAG_SHARES, shares);
    if (err != OK)
        return err;
    if (pr->n_changes == pr->cap_changes) {
        pr->cap_changes = pr->cap_changes == 0 ? 16 : pr->cap_changes * 2;
        pr->changes = realloc(pr->changes, pr->cap_changes * sizeof *pr->changes);
        if (pr->changes == NULL)
            abort();
    }
    pr->changes[pr->n_changes++] = (struct change){who, who->shares};
    who->shares = shares;
    return OK;
}

static enum err subscribed(struct presence *pr, const struct presence_in *in, int64_t now)
{
    struct peer *who;
    enum err err = pr->o.join(pr->o.arg, in, now);

    if (err != OK)
        return err;
    answer(pr, in, NULL, "subscribed");
    answer(pr, in, NULL, NULL);
    who = peers_by_jid(pr->o.peers, in->from_bare);
    if (who == NULL || !who->shares)
        answer(pr, in, NULL, "subscribe");
    return OK;
}

/* They take their presence back: from now on they are somebody whose presence we never see, who is sent to. */
static enum err unsubscribed(struct presence *pr, const struct presence_in *in, struct peer *who,
                             int64_t mono)
{
    enum err err = OK;

    answer(pr, in, NULL, "unsubscribe");
    if (who == NULL || !who->shares)
        return OK;
    peer_resource_remove(who, NULL);
    err = set_shares(pr, who, false);
    if (err == OK && !who->bounced)
        err = pump_return(pr->o.pump, who, mono);
    return err;
}

static enum err available(struct presence *pr, const struct presence_in *in, struct peer *who,
                          int64_t mono)
{
    uint64_t photo = in->photo_hash == NULL ? 0 : peer_photo_key(in->photo_hash);

    who->known = true;
    if (!peer_resource_put(who, in->resource == NULL ? "" : in->resource, in->priority, in->show))
        log_line(LOG_WARN, "resources-full jid=%s", who->jid);
    if (in->photo_hash != NULL && photo != who->photo) {
        who->photo = photo;
        pr->o.vcard_wanted(pr->o.arg, who);
    }
    if (peer_reachable(who))
        return pump_return(pr->o.pump, who, mono);
    return who->shares ? pump_leave(pr->o.pump, who) : OK;
}

static enum err unavailable(struct presence *pr, const struct presence_in *in, struct peer *who)
{
    bool was = who->resources != NULL || !who->known;

    who->known = true;
    peer_resource_remove(who, in->resource);
    if (!who->shares || peer_reachable(who) || (who->held == HELD_ALL && !was))
        return OK;
    return pump_leave(pr->o.pump, who);
}

enum err presence_stanza(struct presence *pr, const struct presence_in *in, int64_t now,
                         int64_t mono)
{
    const char *type = in->type == NULL ? "" : in->type;
    struct peer *who = peers_by_jid(pr->o.peers, in->from_bare);

    if (strcmp(type, "subscribe") == 0)
        return subscribed(pr, in, now);
    if (strcmp(type, "unsubscribed") == 0)
        return unsubscribed(pr, in, who, mono);
    if (strcmp(type, "unsubscribe") == 0) {
        answer(pr, in, NULL, "unsubscribed");
        answer(pr, in, NULL, "unavailable");
        return OK;
    }
    if (strcmp(type, "probe") == 0) {
        /* Only to whom we told our presence before: whoever has an account. */
        if (who != NULL)
            answer(pr, in, in->resource, NULL);
        return OK;
    }
    if (who == NULL)
        return OK;
    if (strcmp(type, "subscribed") == 0)
        return set_shares(pr, who, true);
    if (strcmp(type, "") == 0)
        return available(pr, in, who, mono);
    if (strcmp(type, "unavailable") == 0)
        return unavailable(pr, in, who);
    return OK;
}

/* ---- the turn's end -------------------------------------------------------------------------------- */

static void take_back(struct presence *pr, size_t mark)
{
    while (pr->n_changes > mark) {
        const struct change *c = &pr->changes[--pr->n_changes];

        c->who->shares = c->shared;
    }
}

void presence_mark(struct presence *pr)
{
    pr->mark = pr->n_changes;
}

void presence_undone(struct presence *pr)
{
    take_back(pr, pr->mark);
}

void presence_dropped(struct presence *pr)
{
    take_back(pr, 0);
    pr->mark = 0;
}

void presence_committed(struct presence *pr)
{
    pr->n_changes = pr->mark = 0;
}

/* ---- probes ------------------------------------------------------------------------------------------ */

void presence_link_up(struct presence *pr, int64_t mono)
{
    pr->up = true;
    pr->pass = PROBES;
    pr->next = pr->probed = 0;
    pr->at = mono;
    pr->fenced = false;
}

void presence_link_down(struct presence *pr)
{
    pr->up = false;
    pr->pass = NOTHING;
}

/* Who is suspended, too: they may be back any minute, and then we know where they are. Whose address is another's now, or
 * nobody's, has left. */
static bool shares(const struct presence *pr, const struct peer *who)
{
    return who->shares && peers_by_jid(pr->o.peers, who->jid) == who;
}

/* Behind a batch: the next waits until the server has worked on this one, however slow it is. */
static void put_fence(struct presence *pr, int64_t mono)
{
    buffer_addf(pr->o.out(pr->o.arg),
                "<iq type='get' from='%s' to='%s' id='%s%llu'><ping xmlns='urn:xmpp:ping'/></iq>",
                pr->o.domain, pr->o.server, pr->fence_prefix, (unsigned long long)++pr->fence);
    pr->written++;
    pr->fenced = true;
    pr->fence_at = mono;
}

bool presence_fence(struct presence *pr, const char *id)
{
    char awaited[80];

    if (strncmp(id, pr->fence_prefix, strlen(pr->fence_prefix)) != 0)
        return false;
    (void)snprintf(awaited, sizeof awaited, "%s%llu", pr->fence_prefix,
                   (unsigned long long)pr->fence);
    if (strcmp(id, awaited) == 0)
        pr->fenced = false;
    return true;
}

/* A server in the place of another may have the accounts and not what they had agreed to: it says nothing to probes, and
 * nothing when they log in, so that they would stay away for us for ever. Where the subscription stands, the
 * server answers for them and they notice nothing; where it does not, they are asked. */
static void plan_requests(struct presence *pr, int64_t mono)
{
    pr->pass = pr->probed > 0 ? REQUESTS : NOTHING;
    pr->next = 0;
    pr->fenced = false; /* the pump has one behind them */
    pr->at = mono + PRESENCE_SILENT_MS;
    if (pr->asked_at != 0 && pr->at < pr->asked_at + PRESENCE_REQUEST_MS)
        pr->at = pr->asked_at + PRESENCE_REQUEST_MS;
}

static void pass_over(struct presence *pr, int64_t mono)
{
    if (pr->pass == REQUESTS) {
        pr->pass = NOTHING;
        pr->asked_at = mono;
        return;
    }
    plan_requests(pr, mono);
    pump_probed(pr->o.pump, pr->probed, mono);
}

/* False: there is nothing to write to them in this pass. */
static bool put_one(struct presence *pr, const struct peer *who)
{
    struct buffer *out = pr->o.out(pr->o.arg);

    if (!shares(pr, who) ||
        (pr->pass == REQUESTS && (who->resources != NULL || who->retired || who->bounced)))
        return false;
    if (pr->pass == REQUESTS) {
        put(pr, out, pr->o.bot_jid, who->jid, NULL, "subscribe");
        return true;
    }
    put(pr, out, pr->o.bot_jid, who->jid, NULL, NULL);
    put(pr, out, pr->o.bot_jid, who->jid, NULL, "probe");
    pr->probed++;
    return true;
}

void presence_run(struct presence *pr, int64_t mono)
{
    int n = 0;

    if (presence_deadline(pr) < 0 || mono < presence_deadline(pr))
        return;
    while (n < PRESENCE_PROBES && pr->o.unsent(pr->o.arg) <= UNSENT) {
        const struct peer *who = peers_each(pr->o.peers, &pr->next);

        if (who == NULL) {
            pass_over(pr, mono);
            return;
        }
        n += put_one(pr, who);
    }
    pr->at = mono + PRESENCE_PAUSE_MS;
    if (n > 0)
        put_fence(pr, mono);
}

int64_t presence_deadline(const struct presence *pr)
{
    if (pr->pass == NOTHING)
        return -1;
    /* An answer that got lost must not stop everything. */
    return pr->fenced ? pr->fence_at + PRESENCE_FENCE_MS : pr->at;
}

bool presence_goodbye(struct presence *pr)
{
    if (!pr->leaving) {
        pr->leaving = true;
        pr->left = 0;
        pr->pass = NOTHING;
    }
    while (pr->up && pr->o.unsent(pr->o.arg) <= UNSENT) {
        const struct peer *who = peers_each(pr->o.peers, &pr->left);

        if (who == NULL)
            return true;
        if (shares(pr, who))
            put(pr, pr->o.out(pr->o.arg), pr->o.bot_jid, who->jid, NULL, "unavailable");
    }
    return !pr->up;
}

uint64_t presence_written(const struct presence *pr)
{
    return pr->written;
}
