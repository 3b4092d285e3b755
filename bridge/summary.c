/* SPDX-License-Identifier: MIT */
/* The summary of a release: why it is given, what it gathers, and its message. */
#include "base/clock.h"
#include "bridge/pump_state.h"

/* What was due says why, unless the very same stretch was summed up before: it came back, and says what it said. */
static enum err why_of(struct pump *p, const struct release *r, enum digest_why *why)
{
    struct missed last;
    enum err err = store_missed_get(p->o.store, r->who->no, &last);
    bool same = err == OK && last.hi == r->to - 1 && last.classes == r->sums;

    for (int c = 0; same && c < N_CLASSES; c++)
        same = (r->sums & 1u << c) == 0 || last.lo[c] == r->from[c];
    if (same)
        *why = last.why;
    else if (r->woken)
        *why = DIGEST_ASLEEP;
    else if (r->staying == 0)
        *why = DIGEST_AWAY;
    else if ((r->due & HOLDS_WEEK) == 0)
        *why = DIGEST_OF_DAY;
    else
        *why = (r->due & HOLDS_DUE) == 0 ? DIGEST_OF_WEEK : DIGEST_OF_BOTH;
    return err;
}

enum err summary_begin(struct pump *p, struct release *r)
{
    enum digest_why why;
    struct event head = {0};
    enum err err = why_of(p, r, &why);

    if (err == OK && r->to > 1)
        err = store_event_get(p->o.store, r->to - 1, &head);
    p->budget -= COST_STORE;
    if (err != OK && err != E_NOTFOUND)
        return err;
    summary_drop(r);
    r->gathered = digest_new(r->who->no, why, head.at);
    return OK;
}

void summary_drop(struct release *r)
{
    digest_free(r->gathered);
    r->gathered = NULL;
}

bool summary_says(const struct release *r)
{
    return r->woken || digest_missed(r->gathered) > 0;
}

enum err summary_take(struct pump *p, struct release *r, const struct owed *o)
{
    p->budget -= COST_STORE;
    return digest_take(r->gathered, p->o.store, o);
}

enum err summary_encode(struct pump *p, struct release *r, struct encoded *e)
{
    struct update u = {.shape = UPDATE_NEW, .at = clock_real_ms()};
    char *body;
    enum err err;

    arena_reset(p->arena);
    p->budget -= COST_STORE * 10;
    err = digest_compose(r->gathered, p->o.store, (enum lang)r->who->lang, p->arena, &body);
    if (err != OK)
        return err;
    u.body = body;
    /* What it stands for, and why, may be another when it is given again: settings change, posts are taken back while it
     * is counted, and nothing was settled. What it says is part of its name: one id, one text. */
    u.id = arena_printf(p->arena, "d%lld-%lld-%lld-%x%d%08x", (long long)r->who->no,
                        (long long)r->lo, (long long)r->to - 1, r->sums,
                        (int)digest_why(r->gathered), (unsigned)encoded_key(body));
    (void)encode_update(e, &u, p->o.bot_jid, p->o.domain);
    e->delay_len = 0; /* it is of now */
    return OK;
}
