/* SPDX-License-Identifier: MIT */
/* What the pump writes, and what becomes true with the commit. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/pump_state.h"

void *pump_grow(void *at, size_t *cap, size_t need, size_t size)
{
    size_t n = *cap < 16 ? 16 : *cap;

    if (need <= *cap)
        return at;
    while (n < need)
        n *= 2;
    at = realloc(at, n * size);
    if (at == NULL)
        abort();
    *cap = n;
    return at;
}

/* mono -1: the caller has no clock at hand. */
void pump_dirty(struct pump *p, int64_t mono)
{
    if (p->dirty_since < 0)
        p->dirty_since = mono >= 0 ? mono : clock_mono_ms();
}

void pump_op(struct pump *p, const struct op *op)
{
    p->ops = pump_grow(p->ops, &p->cap_ops, p->n_ops + 1, sizeof *p->ops);
    p->ops[p->n_ops++] = *op;
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum err save_walks(struct pump *p)
{
    for (struct walk *w = p->age.first; w != NULL; w = w->in[BY_AGE].next) {
        enum err err;

        if (w->settled == w->saved)
            continue;
        err = w->settled == WALK_END
                  ? store_cursor_done(p->o.store, w->event.no, w->class)
                  : store_cursor_set(p->o.store, w->event.no, w->class, w->settled);
        if (err != OK && err != E_NOTFOUND)
            return err;
        w->written = w->settled;
        w->writing = true;
    }
    return OK;
}

static enum err save_op(struct pump *p, const struct op *op)
{
    switch (op->kind) {
    case OP_BACK_REMOVE:
        return store_back_remove(p->o.store, op->who->no, op->a);
    case OP_DIGEST_ADD:
        for (int c = 0; c < N_CLASSES; c++) {
            enum err err = OK;

            if ((op->classes & 1u << c) != 0)
                err = store_digest_add(p->o.store, op->who->no, (enum event_class)c, op->a, op->b);
            if (err == OK && (op->classes & 1u << c) != 0 && op->why >= 0)
                err = store_missed_set(p->o.store, op->who->no, (enum event_class)c, op->a, op->b,
                                       (enum digest_why)op->why);
            if (err != OK)
                return err;
        }
        return OK;
    case OP_UNBOUNCE:
        return store_bounce_clear(p->o.store, op->who->no);
    case OP_NONE:
        break;
    }
    return OK;
}

/* Whether somebody leaves for good in this turn: of them nothing is written any more. */
static bool parts(const struct pump *p, const struct peer *who)
{
    for (size_t i = 0; i < p->n_staged; i++)
        if (p->staged[i].kind == STAGE_PART && p->staged[i].who == who)
            return true;
    return false;
}

static enum err save_ops(struct pump *p)
{
    for (size_t i = 0; i < p->n_ops; i++) {
        enum err err = OK;

        /* Called twice in one transaction: what it took out may be owed again since. */
        if (!p->ops[i].writing && !parts(p, p->ops[i].who))
            err = save_op(p, &p->ops[i]);
        if (err != OK && err != E_NOTFOUND)
            return err;
        p->ops[i].writing = true;
    }
    return OK;
}

/* A catch-up that is under way, or only waits to be written, would free them. */
static bool frees(const struct peer *who)
{
    const struct release *r = who->release;

    return r != NULL && !r->dead && !r->stopped && !r->only_back;
}

/* Whether what we know of a person and what is held of them fit: who wants no updates, or shares presence and is not
 * there, is held; who is there again is not, but for what their settings hold. */
static enum err sweep_one(struct pump *p, struct peer *who, int *left)
{
    bool silent = p->gate == GATE_SWEEP || who->known;
    unsigned wanted = hold_wanted(who, silent);

    who->known = who->known || p->gate == GATE_SWEEP;
    if (who->retired)
        return OK;
    if ((wanted & ~who->held) != 0 || (wanted == HELD_ALL && frees(who))) {
        (*left)++;
        return hold_write(p, who, wanted);
    }
    if (wanted != HELD_ALL && (peer_releasable(who) != 0 || who->back) && !who->bounced &&
        who->release == NULL)
        pump_stage(p, STAGE_RETURN, who, 0, 0);
    return OK;
}

static enum err sweep_slice(struct pump *p)
{
    size_t state = p->sweep_at;
    int left = 0, looked = 0;
    struct peer *who = NULL;
    enum err err = OK;

    while (err == OK && left < SWEEP_LEAVE && looked++ < SWEEP_SCAN) {
        who = peers_each(p->o.peers, &state);
        if (who == NULL)
            break;
        err = sweep_one(p, who, &left);
    }
    p->sweep_stage = true;
    p->sweep_staged = state;
    p->sweep_ended = who == NULL;
    return err;
}

enum err pump_save(struct pump *p, int64_t now)
{
    enum err err = bounces_again(p, now);

    if (err == OK)
        err = save_walks(p);
    if (err == OK)
        err = save_ops(p);
    if (err == OK)
        err = unseen_save(p);
    /* Called twice in one transaction: the slice stands already. Before the catch-ups: who has left by now must not be
     * freed by one in the same transaction. */
    if (err == OK && p->sweep && p->up && !p->sweep_stage)
        err = sweep_slice(p);
    for (size_t i = 0; err == OK && i < p->n_releases; i++)
        err = release_save(p, p->releases[i]);
    return err;
}

static bool any_done(const struct pump *p)
{
    for (size_t i = 0; i < p->n_releases; i++)
        if (p->releases[i]->phase == REL_DONE && !p->releases[i]->dead)
            return true;
    return false;
}

bool save_now(const struct pump *p)
{
    return (p->sweep && p->up) || any_done(p) || unseen_urgent(p);
}

bool pump_save_due(const struct pump *p, int64_t mono)
{
    return save_now(p) || (p->dirty_since >= 0 && mono - p->dirty_since >= PUMP_SAVE_MS);
}

/* ---- the turn's end ------------------------------------------------------------------------------ */

static void clear_held(struct pump *p, struct peer *who, int64_t to, unsigned classes)
{
    for (struct walk *w = p->age.first; w != NULL && w->event.no < to; w = w->in[BY_AGE].next)
        if (w->lane != LANE_ANSWER && w->settled < who->no && (classes & 1u << w->class) != 0)
            numbers_add(&w->skip, who->no);
    if (who->held != 0 && (who->held & ~classes) == 0)
        p->figures.held_people--;
    who->held &= (unsigned char)~classes;
    bounces_remove(p, who);
    if (who->release != NULL)
        release_abort(p, who->release);
}

/* What waits to be written went with their rows; of this turn it was left out (save_ops()). */
static void clear_parted(struct pump *p, struct peer *who)
{
    if (who->held != 0)
        p->figures.held_people--;
    who->held = 0;
    who->back = false;
    bounces_remove(p, who);
    if (who->release != NULL)
        release_abort(p, who->release);
    for (size_t i = 0; i < p->n_ops; i++)
        if (p->ops[i].who == who)
            p->ops[i].kind = OP_NONE;
}

/* What waits for nothing but their presence goes to them; or what is owed again, where nothing is held. */
static void start(struct pump *p, struct peer *who)
{
    if (who->release != NULL)
        return;
    if (peer_releasable(who) != 0)
        release_start(p, who, false, false);
    else if (who->back && (who->held & ~who->holds) == 0)
        release_start(p, who, true, false);
}

static void apply(struct pump *p, const struct staged *s)
{
    struct peer *who = s->who;

    switch (s->kind) {
    case STAGE_LEAVE:
        if (who->held == 0 && s->n != 0)
            p->figures.held_people++;
        who->held |= (unsigned char)s->n;
        if (who->release != NULL)
            release_abort(p, who->release);
        break;
    case STAGE_PART:
        clear_parted(p, who);
        break;
    case STAGE_RETURN:
        start(p, who);
        break;
    case STAGE_BACK:
        p->retried[p->next_retried % RETRIED].person = who->no;
        p->retried[p->next_retried++ % RETRIED].event = s->a;
        who->back = true;
        if (peer_releasable(who) == 0)
            start(p, who);
        break;
    case STAGE_OWED:
        who->back = true;
        p->figures.owed_again++;
        if (s->n != 0)
            start(p, who);
        break;
    case STAGE_CLEAR:
        who->back = false;
        clear_held(p, who, s->a, s->n);
        break;
    case STAGE_SLEEP:
        who->sleep = (unsigned char)s->n;
        break;
    case STAGE_DIGEST:
        who->holds &= (unsigned short)~s->n;
        break;
    case STAGE_BOUNCE:
        bounces_put(p, who, (int)s->n, s->a);
        break;
    }
}

/* One line an event and class: numbers alone, and nobody's. An answer is its command's business. */
static void log_done(const struct walk *w)
{
    static const char *const kinds[] = {
        [EVENT_POST] = "post",     [EVENT_REPEAT] = "repeat", [EVENT_EDIT] = "edit",
        [EVENT_DELETE] = "delete", [EVENT_ANSWER] = "answer", [EVENT_NOTICE] = "notice",
        [EVENT_BUNDLE] = "bundle"};

    if (w->event.kind != EVENT_ANSWER) {
        log_line(LOG_DEBUG, "delivered event=%lld kind=%s updates=%lu ms=%lld",
                 (long long)w->event.no, kinds[w->event.kind], (unsigned long)w->updates,
                 (long long)(clock_real_ms() - w->event.at));
    }
}

/* Ends what the transaction wrote: kept, or still to be written. */
static void writing_ends(struct pump *p, bool kept)
{
    struct walk *next;
    size_t n = 0;
    bool dirty = false, wrote = false;

    for (struct walk *w = p->age.first; w != NULL; w = next) {
        next = w->in[BY_AGE].next;
        wrote |= w->writing;
        if (w->writing && kept)
            w->saved = w->written;
        w->writing = false;
        if (w->saved == WALK_END) {
            log_done(w);
            walk_close(p, w);
        } else {
            dirty |= w->settled != w->saved;
        }
    }
    for (size_t i = 0; i < p->n_ops; i++) {
        if (p->ops[i].kind == OP_NONE)
            continue;
        wrote |= p->ops[i].writing;
        if (p->ops[i].writing && kept) {
            if (p->ops[i].kind == OP_UNBOUNCE)
                bounces_remove(p, p->ops[i].who);
            continue;
        }
        p->ops[i].writing = false;
        p->ops[n++] = p->ops[i];
    }
    p->n_ops = n;
    unseen_written(p, kept);
    for (size_t i = 0; i < p->n_releases; i++) {
        struct release *r = p->releases[i];

        wrote |= r->writing;
        if (r->writing && kept)
            r->saved = r->written;
        r->writing = r->stopped = false;
        dirty |= !r->dead && r->settled > r->saved && r->phase != REL_START;
    }
    /* What was not written in this turn waits no longer for that: a turn of readers moves nothing. */
    if (kept && !dirty && n == 0 && p->n_facts == 0 && p->unseen.n_lost == 0)
        p->dirty_since = -1;
    else if (kept && wrote)
        p->dirty_since = clock_mono_ms();
}

void pump_mark(struct pump *p)
{
    p->mark = p->n_staged;
    p->mark_facts = p->n_facts;
}

/* Nothing that was written since can be told from what was written before: all of it counts as not written,
 * writing it again does no harm. */
static void unstage(struct pump *p, size_t mark)
{
    if (p->n_staged > mark || p->sweep_stage) {
        /* Somebody's leaving may be lost with it, and no server says it twice. */
        p->sweep = true;
        p->sweep_at = 0;
    }
    p->n_staged = mark;
    writing_ends(p, false);
    for (size_t i = 0; i < mark; i++)
        if ((p->staged[i].kind == STAGE_LEAVE || p->staged[i].kind == STAGE_PART) &&
            p->staged[i].who->release != NULL)
            p->staged[i].who->release->stopped = true;
    p->sweep_stage = false;
}

void pump_undone(struct pump *p)
{
    unstage(p, p->mark);
    facts_undone(p, p->mark_facts);
}

void pump_dropped(struct pump *p)
{
    unstage(p, 0);
    facts_undone(p, 0);
    p->mark = p->mark_facts = 0;
}

/* Told again but not yet (pump_save() was not called in this turn): they stay. */
static void facts_kept(struct pump *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n_facts; i++)
        if (p->facts[i].again)
            p->facts[n++] = p->facts[i];
    p->n_facts = n;
    p->mark_facts = 0;
}

void pump_committed(struct pump *p)
{
    for (size_t i = 0; i < p->n_staged; i++)
        apply(p, &p->staged[i]);
    p->n_staged = p->mark = 0;
    facts_kept(p);
    writing_ends(p, true);
    if (p->sweep_stage) {
        p->sweep_stage = false;
        p->sweep_at = p->sweep_staged;
        if (p->sweep_ended) {
            p->sweep = false;
            p->sweep_at = 0;
            if (p->gate == GATE_SWEEP)
                p->gate = GATE_OPEN;
        }
    }
    releases_bury(p);
}
