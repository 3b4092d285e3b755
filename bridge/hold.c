/* SPDX-License-Identifier: MIT */
/* Leaving and returning: what the turn writes and what it stages. */
#include "bridge/pump_state.h"

void pump_stage(struct pump *p, enum staged_kind kind, struct peer *who, int64_t a, unsigned n)
{
    p->staged = pump_grow(p->staged, &p->cap_staged, p->n_staged + 1, sizeof *p->staged);
    p->staged[p->n_staged++] = (struct staged){kind, who, a, n};
}

/* Invariant 3: the lowest event of the class that is not settled for them. Events whose cursors are not walks
 * yet (of this turn, perhaps) are above the head that the pump knows. */
static int64_t hold_from(const struct pump *p, const struct peer *who, enum event_class class)
{
    for (const struct walk *w = p->age.first; w != NULL; w = w->in[BY_AGE].next)
        if (w->class == class && w->lane != LANE_ANSWER && w->settled < who->no &&
            !numbers_has(&w->skip, who->no))
            return w->event.no;
    return p->head + 1;
}

enum err hold_write(struct pump *p, struct peer *who, unsigned classes)
{
    enum err err = OK;

    /* Once a turn: since then a place may have been held again from further back. */
    if (who->release != NULL && who->release->phase != REL_START && !who->release->stopped)
        err = release_advance(p, who->release);
    for (int c = 0; c < N_CLASSES && err == OK; c++)
        if ((classes & ~who->held & 1u << c) != 0)
            err = store_held_set(p->o.store, who->no, (enum event_class)c,
                                 hold_from(p, who, (enum event_class)c));
    if (err != OK)
        return err;
    if (who->release != NULL)
        who->release->stopped = true;
    pump_stage(p, STAGE_LEAVE, who, 0, classes);
    return OK;
}

enum err pump_leave(struct pump *p, struct peer *who)
{
    return hold_write(p, who, HELD_ALL);
}

unsigned hold_wanted(const struct peer *who, bool silent)
{
    bool away = !peer_wants(who) || (who->shares && silent && !peer_reachable(who));

    return away ? HELD_ALL : who->holds & HOLDS_CLASSES;
}

enum err pump_peace(struct pump *p, struct peer *who)
{
    unsigned wanted = hold_wanted(who, who->known);
    enum err err = OK;

    if (who->retired)
        return OK;
    if (who->release != NULL || (wanted & ~who->held) != 0)
        err = hold_write(p, who, wanted);
    /* Of whom nothing is known on this stream yet, the sweep behind the probes says more. */
    if (err == OK && wanted != HELD_ALL && p->up && (who->known || !who->shares) && !who->bounced)
        pump_stage(p, STAGE_RETURN, who, 0, 0);
    return err;
}

enum err pump_sleep(struct pump *p, struct peer *who)
{
    enum err err = store_sleep_set(p->o.store, who->no);

    if (err != OK)
        return err;
    pump_stage(p, STAGE_SLEEP, who, 0, SLEEP_ASLEEP);
    return who->held != HELD_ALL || who->release != NULL ? pump_leave(p, who) : OK;
}

/* That they live is true whether or not the turn is kept: memory changes at once. A store that lags behind says again that they
 * sleep, until their next sign. Whoever turned updates off themselves need not be told. */
enum err pump_wake(struct pump *p, struct peer *who, int64_t now)
{
    enum err err = store_seen_set(p->o.store, who->no, now);

    who->seen_at = now;
    if (who->sleep != SLEEP_ASLEEP)
        return err;
    who->sleep = who->on ? SLEEP_WOKEN : SLEEP_AWAKE;
    return err == OK && !who->on ? store_sleep_clear(p->o.store, who->no) : err;
}

enum err pump_part(struct pump *p, struct peer *who)
{
    if (who->release != NULL)
        who->release->stopped = true;
    pump_stage(p, STAGE_PART, who, 0, 0);
    return OK;
}

size_t pump_releases(const struct pump *p)
{
    return p->n_releases;
}

enum err pump_return(struct pump *p, struct peer *who, int64_t mono)
{
    (void)mono;
    if (!peer_wants(who) || who->retired ||
        (peer_releasable(who) == 0 && !who->back && p->n_staged == 0))
        return OK;
    if (who->resources != NULL && !peer_reachable(who))
        return OK;
    pump_stage(p, STAGE_RETURN, who, 0, 0);
    return OK;
}
