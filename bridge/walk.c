/* SPDX-License-Identifier: MIT */
/* Walks: one event, one class, and its audience in ascending order. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bridge/pump_state.h"

static void chain_add(struct chain *c, struct walk *w, enum list l)
{
    w->in[l].prev = c->last;
    w->in[l].next = NULL;
    if (c->last != NULL)
        c->last->in[l].next = w;
    else
        c->first = w;
    c->last = w;
}

static void chain_remove(struct chain *c, struct walk *w, enum list l)
{
    if (w->in[l].prev != NULL)
        w->in[l].prev->in[l].next = w->in[l].next;
    else
        c->first = w->in[l].next;
    if (w->in[l].next != NULL)
        w->in[l].next->in[l].prev = w->in[l].prev;
    else
        c->last = w->in[l].prev;
    w->in[l].prev = w->in[l].next = NULL;
}

static struct chain *root_chain(struct pump *p, const struct walk *w)
{
    return &p->roots[(uint64_t)w->event.root % BUCKETS];
}

static struct chain *author_chain(struct pump *p, const struct walk *w)
{
    return &p->authors[((uint64_t)w->event.author * N_CLASSES + (uint64_t)w->class) % BUCKETS];
}

static enum lane lane_of(const struct event *e, enum event_class class)
{
    if (e->kind == EVENT_ANSWER || e->kind == EVENT_NOTICE)
        return LANE_ANSWER;
    switch (class) {
    case CLASS_PRIVATE:
        return LANE_PRIVATE;
    case CLASS_MENTION:
        return LANE_MENTION;
    case CLASS_ANNOUNCEMENT:
        return LANE_ANNOUNCEMENT;
    default:
        return LANE_BULK;
    }
}

enum err walk_open(struct pump *p, const struct cursor *c)
{
    struct event e;
    struct walk *w;
    enum err err = store_event_get(p->o.store, c->event, &e);

    if (err != OK)
        return err;
    w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    w->event = e;
    w->class = c->class;
    w->lane = lane_of(&e, c->class);
    w->sent = w->settled = w->saved = c->last;
    chain_add(&p->age, w, BY_AGE);
    chain_add(&p->lanes[w->lane], w, BY_LANE);
    if (w->lane != LANE_ANSWER) {
        chain_add(root_chain(p, w), w, BY_ROOT);
        chain_add(author_chain(p, w), w, BY_AUTHOR);
    }
    p->n_walks++;
    /* Its text is gone, or there is a newer one: what was rendered before may not leave any more. */
    if (e.kind == EVENT_DELETE || e.kind == EVENT_EDIT)
        templates_drop(p);
    return OK;
}

void walk_close(struct pump *p, struct walk *w)
{
    chain_remove(&p->age, w, BY_AGE);
    if (w->sent != WALK_END)
        chain_remove(&p->lanes[w->lane], w, BY_LANE);
    if (w->lane != LANE_ANSWER) {
        chain_remove(root_chain(p, w), w, BY_ROOT);
        chain_remove(author_chain(p, w), w, BY_AUTHOR);
    }
    store_audience_close(w->audience);
    free(w->skip.at);
    free(w);
    p->n_walks--;
}

/* What was in flight is not settled: it is walked again, with the same ids. */
void walks_rewind(struct pump *p)
{
    memset(p->lanes, 0, sizeof p->lanes);
    for (struct walk *w = p->age.first; w != NULL; w = w->in[BY_AGE].next) {
        w->sent = w->settled;
        w->pending = 0;
        w->touched = false;
        w->wait_event = 0;
        if (w->sent != WALK_END)
            chain_add(&p->lanes[w->lane], w, BY_LANE);
    }
}

/* ---- order ------------------------------------------------------------------------------------ */

/* Invariant 4: an event goes to a person after all older ones of its conversation, and of its author
 * within the class. So a walk never overtakes these; the limit is how far the slowest of them got. */
static bool related(const struct walk *older, const struct walk *w, enum list l)
{
    if (older->event.no >= w->event.no)
        return false;
    return l == BY_ROOT ? older->event.root == w->event.root && w->event.root != 0
                        : older->event.author == w->event.author && older->class == w->class;
}

static int64_t walk_limit(struct pump *p, struct walk *w)
{
    int64_t limit = WALK_END;

    for (int l = BY_ROOT; l <= BY_AUTHOR; l++) {
        const struct walk *o = l == BY_ROOT ? root_chain(p, w)->first : author_chain(p, w)->first;

        for (; o != NULL && o != w; o = o->in[l].next)
            if (o->sent < limit && related(o, w, (enum list)l))
                limit = o->sent;
    }
    return limit;
}

/* Whether an older walk really owes `no` something that must come first. Behind a fan-out to many, most
 * people who are named in an answer are not owed the event itself. */
static enum err walk_waits(struct pump *p, struct walk *w, int64_t no, bool *waits)
{
    *waits = false;
    for (int l = BY_ROOT; l <= BY_AUTHOR; l++) {
        const struct walk *o = l == BY_ROOT ? root_chain(p, w)->first : author_chain(p, w)->first;

        for (; o != NULL && o != w; o = o->in[l].next) {
            enum event_class class;
            int first;
            enum err err;

            if (o->sent >= no || !related(o, w, (enum list)l))
                continue;
            if (w->lane == LANE_BULK) {
                *waits = true;
                return OK;
            }
            p->budget -= COST_STORE;
            err = store_owed_one(p->o.store, &o->event, no, &class, &first);
            if (err == E_NOTFOUND || (err == OK && class != o->class))
                continue;
            if (err != OK)
                return err;
            w->wait_event = o->event.no;
            w->wait_class = o->class;
            w->wait_no = no;
            *waits = true;
            return OK;
        }
    }
    return OK;
}

/* Whether what was found to come first still does: asked at every run, so without the store. */
static bool still_waits(struct pump *p, const struct walk *w)
{
    if (w->wait_event == 0)
        return false;
    for (int l = BY_ROOT; l <= BY_AUTHOR; l++) {
        const struct walk *o = l == BY_ROOT ? root_chain(p, w)->first : author_chain(p, w)->first;

        for (; o != NULL && o != w; o = o->in[l].next)
            if (o->event.no == w->wait_event && o->class == w->wait_class)
                return o->sent < w->wait_no;
    }
    return false;
}

/* ---- rendered updates ----------------------------------------------------------------------------- */

enum err template_get(struct pump *p, const struct event *e, int first, enum lang l,
                      struct template **out)
{
    uint64_t key = (uint64_t)e->no * 2654435761u + (uint64_t)first * 7 + (uint64_t)l;
    struct template *t = &p->templates[(key ^ key >> 16) % TEMPLATES];
    struct update u;
    enum err err;

    *out = t;
    if (t->event == e->no && t->first == first && t->lang == l)
        return OK;
    t->event = 0;
    if (t->e.text.cap > 16384)
        encoded_fini(&t->e);
    arena_reset(p->arena);
    p->budget -= COST_STORE;
    err = compose_update(p->o.store, e, first, l, p->arena, &u);
    if (err != OK && err != E_NOTFOUND)
        return err;
    t->gone = err == E_NOTFOUND;
    if (!t->gone && !encode_update(&t->e, &u, p->o.bot_jid, p->o.domain))
        log_line(LOG_ERROR, "update-cut event=%lld id=%s", (long long)e->no, u.id);
    t->first = first;
    t->lang = l;
    t->event = e->no;
    return OK;
}

void templates_drop(struct pump *p)
{
    for (size_t i = 0; i < TEMPLATES; i++)
        p->templates[i].event = 0;
}

/* ---- people ----------------------------------------------------------------------------------------- */

bool numbers_has(const struct numbers *s, int64_t no)
{
    size_t lo = 0, hi = s->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (s->at[mid] < no)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n && s->at[lo] == no;
}

void numbers_add(struct numbers *s, int64_t no)
{
    size_t i = s->n;

    if (numbers_has(s, no))
        return;
    s->at = pump_grow(s->at, &s->cap, s->n + 1, sizeof *s->at);
    for (; i > 0 && s->at[i - 1] > no; i--)
        s->at[i] = s->at[i - 1];
    s->at[i] = no;
    s->n++;
}

enum err pump_peer(struct pump *p, int64_t no, struct peer **out)
{
    struct person person;
    enum err err;

    *out = peers_by_no(p->o.peers, no);
    if (*out != NULL)
        return OK;
    arena_reset(p->arena);
    err = store_person_by_no(p->o.store, no, p->arena, &person);
    if (err == OK)
        *out = peers_put(p->o.peers, &person);
    return err == E_NOTFOUND ? OK : err;
}

enum err digest_covers(struct pump *p, int64_t person, const struct event *e,
                       enum event_class class, bool *in)
{
    bool amends = e->kind == EVENT_EDIT || e->kind == EVENT_DELETE;
    struct event original;
    int first;
    enum err err = OK;

    *in = false;
    if (!summed_up(class))
        return OK;
    if (amends &&
        class == CLASS_MENTION) { /* an edit may have named whom the post came to without */
        err = store_event_get(p->o.store, e->original, &original);
        if (err == OK)
            err = store_owed_one(p->o.store, &original, person, &class, &first);
    }
    if (err == OK)
        err = store_digest_has(p->o.store, person, class, amends ? e->original : e->no, in);
    return err == E_NOTFOUND ? OK : err;
}

/* For which version a person is given an event (a bundle: whether bare); *skip: not at all. Only these, edits and deletions
 * differ from one person to the next: who was named later knows the post by a later id, who got a summary knows it by none.
 * A walk that was open before our start has forgotten whose catch-up went ahead of it: summaries still tell. */
static enum err first_for(struct pump *p, const struct walk *w, int64_t no, int *first, bool *skip)
{
    const struct event *e = &w->event;
    bool amends = e->kind == EVENT_EDIT || e->kind == EVENT_DELETE;
    enum event_class class;
    enum err err = OK;

    *first = 0;
    *skip = false;
    if (e->kind == EVENT_BUNDLE) {
        bool bare = false;

        p->budget -= COST_STORE;
        err = store_bundle_bare(p->o.store, e, no, &bare);
        *first = bare;
    }
    if (err != OK || (!amends && !w->loaded))
        return err;
    p->budget -= COST_STORE;
    err = digest_covers(p, no, e, w->class, skip);
    if (err != OK || *skip || !amends)
        return err;
    err = store_owed_one(p->o.store, e, no, &class, first);
    if (err == E_NOTFOUND) {
        *skip = true;
        err = OK;
    }
    return err;
}

/* ---- walking ---------------------------------------------------------------------------------------- */

static void walk_passed(struct pump *p, struct walk *w, int64_t no)
{
    if (no == WALK_END && w->sent != WALK_END) {
        chain_remove(&p->lanes[w->lane], w, BY_LANE);
        store_audience_close(w->audience);
        w->audience = NULL;
    }
    w->sent = no;
    w->wait_event = 0;
    /* Passed over without a byte: nothing to wait for. */
    if (w->pending == 0 && !w->touched)
        walk_settle(p, w, no, -1);
}

void walk_settle(struct pump *p, struct walk *w, int64_t upto, int64_t mono)
{
    if (upto > w->settled)
        w->settled = upto;
    /* Behind what its last fence covers it only passed people over. */
    if (w->pending == 0 && !w->touched)
        w->settled = w->sent;
    if (w->settled != w->saved)
        pump_dirty(p, mono);
}

enum served { SERVED, STAYS }; /* STAYS: no room, try again later */

static enum err serve_one(struct pump *p, struct walk *w, int64_t no, enum served *what)
{
    struct peer *who;
    struct template *t;
    int first;
    bool skip;
    size_t len;
    enum err err = pump_peer(p, no, &who);

    *what = SERVED;
    if (err != OK || who == NULL || who->retired || (who->held & 1u << w->class) != 0 ||
        (w->skip.n > 0 && numbers_has(&w->skip, no)))
        return err;
    err = first_for(p, w, no, &first, &skip);
    if (err == OK && !skip)
        err = template_get(p, &w->event, first, who->lang, &t);
    if (err != OK || skip || t->gone)
        return err;
    len = strlen(who->jid);
    if (encoded_size(&t->e, len, false) > window_room(p, w->lane == LANE_BULK) ||
        !encode_put(&t->e, p->o.out(p->o.arg), who->jid, len, false)) {
        *what = STAYS;
        p->full = true;
        return OK;
    }
    fence_count(p, w, NULL, who, w->event.no, encoded_size(&t->e, len, false));
    unseen_sent(p, who, w->event.no, (unsigned)w->class, t->e.key);
    return OK;
}

/* An answer or a notice: to the address that asked, whoever is away or not. */
static enum err serve_answer(struct pump *p, struct walk *w, bool *moved)
{
    struct peer *who;
    struct update u;
    struct encoded *e = &p->summary;
    const char *to;
    enum err err = pump_peer(p, w->event.author, &who);

    if (err != OK)
        return err;
    arena_reset(p->arena);
    p->budget -= COST_STORE;
    err = compose_update(p->o.store, &w->event, 0, who == NULL ? LANG_EN : (enum lang)who->lang,
                         p->arena, &u);
    if (err != OK && err != E_NOTFOUND)
        return err;
    to = err == OK && u.to != NULL ? u.to : who != NULL ? who->jid : NULL;
    if (err == OK && to != NULL) {
        struct buffer *out = p->o.out(p->o.arg);
        size_t before = out->len;

        if (!encode_update(e, &u, p->o.bot_jid, p->o.domain))
            log_line(LOG_ERROR, "answer-cut id=%s", u.id);
        if (encoded_size(e, strlen(to), false) > window_room(p, false) ||
            !encode_put_full(e, out, to)) {
            p->full = true;
            return OK;
        }
        /* An answer is what they asked for: `status` tells what reached them of others. */
        fence_count(p, w, NULL, w->event.kind == EVENT_ANSWER ? NULL : who, w->event.no,
                    out->len - before);
        if (who != NULL)
            unseen_sent(p, who, w->event.no, (unsigned)w->class, e->key);
    }
    walk_passed(p, w, WALK_END);
    *moved = true;
    return OK;
}

static enum err serve_page(struct pump *p, struct walk *w, size_t n, int64_t limit, bool *moved)
{
    for (size_t i = 0; i < n; i++) {
        int64_t no = p->page[i];
        enum served what = STAYS;
        bool waits = false;
        enum err err = OK;

        if (no > limit)
            err = walk_waits(p, w, no, &waits);
        if (err == OK && !waits)
            err = serve_one(p, w, no, &what);
        if (err != OK)
            return err;
        if (what == STAYS)
            return OK;
        p->budget--;
        walk_passed(p, w, no);
        *moved = true;
    }
    return OK;
}

enum err walk_serve(struct pump *p, struct walk *w, bool *moved)
{
    int64_t limit = walk_limit(p, w);
    size_t n = 0, most = window_room(p, w->lane == LANE_BULK) > PAGE * 128 ? PAGE : PAGE / 4;
    enum err err = OK;

    *moved = false;
    if (w->lane == LANE_ANSWER)
        return serve_answer(p, w, moved);
    if ((w->lane == LANE_BULK && limit <= w->sent) || still_waits(p, w))
        return OK;
    w->wait_event = 0;
    if (w->audience == NULL)
        err = store_audience_open(p->o.store, &w->event, w->class, &w->audience);
    if (err == OK) {
        p->budget -= COST_STORE;
        err = store_audience_next(p->o.store, w->audience, w->sent, p->page, most, &n);
    }
    if (err != OK)
        return err;
    if (n == 0) {
        walk_passed(p, w, WALK_END);
        *moved = true;
        return OK;
    }
    return serve_page(p, w, n, limit, moved);
}
