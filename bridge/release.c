/* SPDX-License-Identifier: MIT */
/* Releases: what a returning person missed, while the walks still pass them over.
 *
 * First what came back from them, then everything owed below H, the head of the log at the start, in the order of the log.
 * Where that is more than digest_after, one summary takes the place of all that is not private. After the last fence, in one
 * transaction: is more owed by now, H moves on; else the hold is taken away, and walks that have yet to pass
 * the person pass them over once.
 *
 * What their settings hold is left out, and held on. The digest they asked for, when it is due, is a summary that ends no
 * hold: it moves its beginning. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bridge/pump_state.h"

void release_start(struct pump *p, struct peer *who, bool only_back, bool timed)
{
    struct release *r = calloc(1, sizeof *r);

    if (r == NULL)
        abort();
    r->who = who;
    r->only_back = only_back;
    r->phase = only_back ? REL_BACK : REL_START;
    r->timed = timed;
    r->trial = who->bounced;
    who->release = r;
    p->releases =
        pump_grow(p->releases, &p->cap_releases, p->n_releases + 1, sizeof(struct release *));
    p->releases[p->n_releases++] = r;
    p->figures.catchups++;
    p->more = true;
}

void release_abort(struct pump *p, struct release *r)
{
    (void)p;
    r->dead = true;
    if (r->who->release == r)
        r->who->release = NULL;
}

void releases_bury(struct pump *p)
{
    for (size_t i = 0; i < p->n_releases;) {
        struct release *r = p->releases[i];

        if (r->dead && r->pending == 0 && !r->touched) {
            p->releases[i] = p->releases[--p->n_releases];
            summary_drop(r);
            free(r);
        } else {
            i++;
        }
    }
}

/* ---- sending ---------------------------------------------------------------------------------- */

enum sent_as { SENT, NOTHING, NO_ROOM };

/* A trial is one stanza; the rest waits for what its fence brings. */
static bool on_trial(const struct release *r)
{
    return r->trial && r->stanzas > 0;
}

static enum err send_encoded(struct pump *p, struct release *r, const struct encoded *e,
                             int64_t event, enum sent_as *as)
{
    size_t len = strlen(r->who->jid), size = encoded_size(e, len, true);

    *as = NO_ROOM;
    if (size > window_room(p, true) || !encode_put(e, p->o.out(p->o.arg), r->who->jid, len, true))
        return OK;
    fence_count(p, NULL, r, r->who, event, size);
    if (e != &p->summary)
        unseen_sent(p, r->who, event, UNSEEN_RELEASE, e->key);
    r->stanzas++;
    *as = SENT;
    return OK;
}

static enum err send_event(struct pump *p, struct release *r, const struct event *e,
                           enum event_class class, int first, enum sent_as *as)
{
    struct template *t;
    bool in = false;
    enum err err = OK;

    *as = NOTHING;
    if (e->kind == EVENT_EDIT || e->kind == EVENT_DELETE)
        err = digest_covers(p, r->who->no, e, class, &in);
    if (err == OK && !in)
        err = template_get(p, e, first, (enum lang)r->who->lang, &t);
    if (err != OK || in || t->gone)
        return err;
    return send_encoded(p, r, &t->e, e->no, as);
}

/* ---- the phases ------------------------------------------------------------------------------- */

static enum err slice_start(struct pump *p, struct release *r)
{
    struct held *rows;
    size_t n;
    int64_t head;
    enum err err;

    arena_reset(p->arena);
    p->budget -= COST_STORE * 2;
    err = store_held_page(p->o.store, r->who->no - 1, 1, p->arena, &rows, &n);
    if (err == OK)
        err = store_event_head(p->o.store, &head);
    if (err != OK)
        return err;
    r->to = head + 1;
    r->position = r->to;
    r->classes = 0;
    r->stays = peer_releasable(r->who) & r->who->holds;
    r->due = r->who->holds & (HOLDS_DUE | HOLDS_WEEK);
    r->sums = SUMMED | r->stays;
    for (int c = 0; c < N_CLASSES; c++)
        r->from[c] = r->to;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].person != r->who->no || (peer_releasable(r->who) & 1u << rows[i].class) == 0)
            continue;
        r->classes |= 1u << rows[i].class;
        r->from[rows[i].class] = rows[i].from;
        if (rows[i].from < r->position)
            r->position = rows[i].from;
    }
    r->stays &= r->classes;
    r->woken = r->who->sleep == SLEEP_WOKEN && (r->classes & 1u << CLASS_BULK) != 0;
    r->settled = r->saved = r->count_at = r->position;
    r->phase = REL_BACK;
    return OK;
}

/* What is owed again waits for quiet hours as well, but for no digest: it was sent once. */
static bool back_waits(const struct release *r, enum event_class class)
{
    return (r->who->holds & HOLDS_DIGEST) == 0 && (r->who->holds & 1u << class) != 0;
}

/* An event that is owed again. E_NOTFOUND: not any more. */
static enum err back_get(struct pump *p, const struct release *r, int64_t no, struct event *e,
                         enum event_class *class, int *first)
{
    enum err err = store_event_get(p->o.store, no, e);

    p->budget -= COST_STORE;
    return err == OK ? store_owed_one(p->o.store, e, r->who->no, class, first) : err;
}

static enum err slice_back(struct pump *p, struct release *r, bool *moved)
{
    int64_t *events;
    size_t n;
    enum err err;
    int64_t batch[RELEASE_BACK];

    if (r->n_back > 0)
        return OK; /* their fence first */
    arena_reset(p->arena);
    p->budget -= COST_STORE;
    err =
        store_back_list(p->o.store, r->who->no, r->back_after, RELEASE_BACK, p->arena, &events, &n);
    if (err != OK)
        return err;
    memcpy(batch, events, n * sizeof *batch);
    if (n == 0) {
        r->phase = r->classes == 0 ? REL_WAIT : REL_COUNT;
        *moved = true;
        return OK;
    }
    for (size_t i = 0; i < n && !on_trial(r); i++) {
        struct event e;
        enum event_class class;
        int first;
        enum sent_as as = NOTHING;

        err = back_get(p, r, batch[i], &e, &class, &first);
        if (err == OK && back_waits(r, class)) {
            r->back_after = batch[i];
            *moved = true;
            continue;
        }
        if (err == OK)
            err = send_event(p, r, &e, class, first, &as);
        if (err != OK && err != E_NOTFOUND)
            return err;
        if (as == NO_ROOM)
            break;
        r->back[r->n_back++] = r->back_after = batch[i];
        *moved = true;
    }
    return OK;
}

/* Whether a summary may stand for it. What corrects or takes back something they have is told all the same. */
static bool sums_up(const struct release *r, const struct owed *o)
{
    if ((r->sums & 1u << o->class) == 0)
        return false;
    return o->event.original == 0 || o->event.original >= r->from[o->class];
}

static bool is_owed(const struct release *r, const struct owed *o)
{
    return (r->classes & 1u << o->class) != 0 && o->event.no >= r->from[o->class] &&
           o->event.kind != EVENT_ANSWER && o->event.kind != EVENT_NOTICE;
}

static enum err owed_slice(struct pump *p, const struct release *r, int64_t from,
                           struct owed **rows, size_t *n, int64_t *next)
{
    /* Of a summary that only says "more than" from here on, the rest need not be read. */
    bool rest =
        r->digest && digest_over(r->gathered) && (r->classes & CLASSES_FOLLOWED & ~r->sums) == 0;
    int64_t begin = clock_mono_us(), us;
    enum err err;

    arena_reset(p->arena);
    err = (rest ? store_owed_rest : store_owed)(p->o.store, r->who->no, r->classes, from, r->to,
                                                r->digest ? RELEASE_SUM : RELEASE_SLICE, p->arena,
                                                rows, n, next);
    /* Who follows thousands costs more to ask about. */
    us = clock_mono_us() - begin;
    p->budget -= us > COST_STORE * 4 ? (int)us : COST_STORE * 4;
    return err;
}

static enum err slice_count(struct pump *p, struct release *r, bool *moved)
{
    struct owed *rows;
    size_t n;
    int64_t next;
    enum err err;

    *moved = true;
    if (r->count_at >= r->to || r->counted > p->o.digest_after) {
        bool all = r->woken || r->counted > p->o.digest_after;

        r->digest = all || r->staying > 0;
        r->sums &= all ? r->classes : r->stays;
        r->lo = r->to;
        for (int c = 0; c < N_CLASSES; c++)
            if ((r->sums & 1u << c) != 0 && r->from[c] < r->lo)
                r->lo = r->from[c];
        err = r->digest ? summary_begin(p, r) : OK;
        r->phase = err == OK ? REL_SEND : REL_COUNT;
        return err;
    }
    err = owed_slice(p, r, r->count_at, &rows, &n, &next);
    if (err != OK)
        return err;
    for (size_t i = 0; i < n; i++) {
        if (!is_owed(r, &rows[i]) || !sums_up(r, &rows[i]) || rows[i].event.kind == EVENT_DELETE)
            continue;
        r->counted++;
        r->staying += (r->stays & 1u << rows[i].class) != 0;
    }
    r->count_at = next;
    return OK;
}

/* The rows live in the arena that rendering resets: what is needed of them is copied. */
static enum err slice_send(struct pump *p, struct release *r, bool *moved)
{
    struct owed *rows, mine[RELEASE_SUM];
    size_t n;
    int64_t next;
    enum err err;

    if (r->position >= r->to) {
        r->phase = r->digest ? REL_DIGEST : REL_WAIT;
        *moved = true;
        return OK;
    }
    err = owed_slice(p, r, r->position, &rows, &n, &next);
    if (err != OK)
        return err;
    memcpy(mine, rows, n * sizeof *mine);
    for (size_t i = 0; i < n && !on_trial(r); i++) {
        const struct owed *o = &mine[i];
        enum sent_as as = NOTHING;

        if (is_owed(r, o) && r->digest && sums_up(r, o)) {
            err = summary_take(p, r, o);
        } else if (is_owed(r, o)) {
            err = send_event(p, r, &o->event, o->class, o->first, &as);
        }
        if (err != OK)
            return err;
        if (as == NO_ROOM)
            return OK;
        r->position = o->event.no + 1;
        *moved = true;
    }
    if (!on_trial(r) || n == 0 || r->position > mine[n - 1].event.no) {
        *moved = true;
        r->position = next;
    }
    if (r->pending == 0 && !r->touched)
        release_settle(p, r, r->position, -1);
    return OK;
}

static enum err slice_digest(struct pump *p, struct release *r, bool *moved)
{
    enum sent_as as = NOTHING;
    enum err err = OK;

    /* What was counted first may be taken back by now. */
    if (summary_says(r)) {
        err = summary_encode(p, r, &p->summary);
        if (err == OK)
            err = send_encoded(p, r, &p->summary, r->to - 1, &as);
        if (err != OK || as == NO_ROOM)
            return err;
        p->figures.summaries++;
    }
    r->summary = true;
    r->phase = REL_WAIT;
    *moved = true;
    return OK;
}

enum err release_slice(struct pump *p, struct release *r, bool *moved)
{
    enum err err = OK;

    *moved = false;
    if (r->dead)
        return OK;
    if (r->pending == 0 && !r->touched && (r->n_back > 0 || on_trial(r) || r->phase == REL_WAIT))
        release_settle(p, r, r->position, -1);
    if (on_trial(r))
        return OK;
    switch (r->phase) {
    case REL_START:
        *moved = true;
        err = slice_start(p, r);
        break;
    case REL_BACK:
        err = slice_back(p, r, moved);
        break;
    case REL_COUNT:
        err = slice_count(p, r, moved);
        break;
    case REL_SEND:
        err = slice_send(p, r, moved);
        break;
    case REL_DIGEST:
        err = slice_digest(p, r, moved);
        break;
    case REL_WAIT:
    case REL_DONE:
        break;
    }
    return err;
}

/* ---- settling --------------------------------------------------------------------------------- */

/* A fence came back (or none was needed): everything up to `upto` has arrived. */
void release_settle(struct pump *p, struct release *r, int64_t upto, int64_t mono)
{
    bool all = r->pending == 0 && !r->touched;

    /* Stopped: a message of it may have come back in front of this fence. */
    if (r->dead || r->stopped)
        return;
    if (upto > r->settled)
        r->settled = upto;
    if (all) {
        r->settled = r->position;
        for (size_t i = 0; i < r->n_back; i++)
            pump_op(p, &(struct op){.kind = OP_BACK_REMOVE, .who = r->who, .a = r->back[i]});
        r->n_back = 0;
        if (r->trial && r->stanzas > 0) { /* it got through */
            r->trial = false;
            pump_op(p, &(struct op){.kind = OP_UNBOUNCE, .who = r->who});
        }
    }
    if (all && r->phase == REL_WAIT) {
        int why = r->summary && summary_says(r) ? (int)digest_why(r->gathered) : -1;

        for (int c = 0; r->summary && c < N_CLASSES; c++)
            if ((r->sums & 1u << c) != 0)
                pump_op(p, &(struct op){.kind = OP_DIGEST_ADD,
                                        .who = r->who,
                                        .a = r->from[c],
                                        .b = r->to - 1,
                                        .classes = 1u << c,
                                        .why = why});
        r->phase = REL_DONE;
    }
    pump_dirty(p, mono);
    p->more = true;
}

enum err release_advance(struct pump *p, const struct release *r)
{
    /* What a summary stands for is not settled before the summary is. */
    bool open = r->digest && r->phase != REL_DONE;

    for (int c = 0; c < N_CLASSES; c++) {
        enum err err;

        if ((r->classes & 1u << c) == 0 || (open && (r->sums & 1u << c) != 0) ||
            r->settled <= r->from[c])
            continue;
        err = store_held_advance(p->o.store, r->who->no, (enum event_class)c, r->settled);
        if (err != OK)
            return err;
    }
    return OK;
}

/* Whether anything between H and the head is owed by now; the next digest is not. */
static enum err owed_since(struct pump *p, const struct release *r, bool *any)
{
    struct owed *rows;
    size_t n;
    int64_t head, next = r->to;
    unsigned classes = r->classes & ~r->stays;
    enum err err = store_event_head(p->o.store, &head);

    *any = false;
    if (err != OK || head < r->to || classes == 0)
        return err;
    arena_reset(p->arena);
    err =
        store_owed(p->o.store, r->who->no, classes, r->to, head + 1, 1, p->arena, &rows, &n, &next);
    *any = n > 0 || next <= head;
    return err;
}

static enum err any_back(struct pump *p, const struct release *r, bool *any)
{
    int64_t *events, after = 0;
    size_t n = 1;
    enum err err = OK;

    *any = false;
    while (err == OK && n > 0 && !*any) {
        arena_reset(p->arena);
        err = store_back_list(p->o.store, r->who->no, after, RELEASE_BACK, p->arena, &events, &n);
        for (size_t i = 0; err == OK && i < n && !*any; i++) {
            struct event e;
            enum event_class class = CLASS_BULK;
            int first;

            after = events[i];
            err = back_get(p, r, after, &e, &class, &first);
            *any = err == E_NOTFOUND || !back_waits(r, class);
            err = err == E_NOTFOUND ? OK : err;
        }
    }
    return err;
}

/* The next stretch of the log. H itself is read in the next run: this turn may still be undone. */
static void go_on(struct release *r)
{
    r->digest = r->summary = false;
    r->counted = r->staying = 0;
    summary_drop(r);
    r->back_after = 0;
    r->phase = r->only_back ? REL_BACK : REL_START;
}

static enum err digest_given(struct pump *p, const struct release *r)
{
    enum err err = OK;

    if (r->woken) {
        pump_stage(p, STAGE_SLEEP, r->who, 0, SLEEP_AWAKE);
        err = store_sleep_clear(p->o.store, r->who->no);
    }
    if (err != OK || r->stays == 0)
        return err;
    pump_stage(p, STAGE_DIGEST, r->who, 0, r->due);
    return store_peace_digest_done(p->o.store, r->who->no, r->due);
}

static enum err release_end(struct pump *p, struct release *r)
{
    bool any = false;
    enum err err = any_back(p, r, &any);

    if (err == OK && !any && r->classes != 0)
        err = owed_since(p, r, &any);
    if (err != OK)
        return err;
    if (any) {
        err = release_advance(p, r);
        if (err == OK)
            err = digest_given(p, r);
        if (err == OK)
            go_on(r);
        return err;
    }
    if (r->trial && r->timed) { /* nothing was owed that could have been tried */
        bounces_put(p, r->who, 0, clock_real_ms() + bounce_pause(1));
        release_abort(p, r);
        return OK;
    }
    err = release_advance(p, r);
    for (int c = 0; c < N_CLASSES && err == OK; c++)
        if ((r->classes & ~r->stays & 1u << c) != 0)
            err = store_held_clear(p->o.store, r->who->no, (enum event_class)c);
    if (err == OK)
        err = digest_given(p, r);
    if (err == OK && r->who->bounced)
        err = store_bounce_clear(p->o.store, r->who->no);
    if (err == OK)
        pump_stage(p, STAGE_CLEAR, r->who, r->to, r->classes & ~r->stays);
    return err;
}

enum err release_save(struct pump *p, struct release *r)
{
    enum err err;

    if (r->dead || r->stopped)
        return OK;
    if (r->phase == REL_DONE)
        return release_end(p, r);
    if (r->phase == REL_START || r->settled <= r->saved)
        return OK;
    err = release_advance(p, r);
    r->written = r->settled;
    r->writing = true;
    return err;
}
