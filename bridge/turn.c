/* SPDX-License-Identifier: MIT */
#include "bridge/turn.h"
#include "bridge/turn_parts.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/reply.h"

const char *turn_id(struct turn *t, struct arena *a, char kind)
{
    return arena_printf(a, "%c-%08lx-%llu", kind, (unsigned long)t->salt,
                        (unsigned long long)++t->ids);
}

/* The disk failed: what is true is known after a restart only. Logged by the store. */
enum err turn_check(struct turn *t, enum err e)
{
    if (e == E_IO) {
        t->broken = true;
        t->open = false;
        buffer_reset(&t->held);
        buffer_reset(&t->free);
    }
    return e;
}

enum err turn_begin(struct turn *t)
{
    enum err e;

    if (t->open) {
        return OK;
    }
    e = turn_check(t, store_begin(t->o.store));
    if (e == OK) {
        t->open = true;
        t->split = false;
        t->doomed = false;
        t->n = 0;
        t->began_us = clock_mono_us();
    }
    return e;
}

/* Brings the records in memory that were touched since back to what the store holds. Reads only. */
static void restore_peers(struct turn *t, const struct touched *since)
{
    while (t->touched != since) {
        struct touched *x = t->touched;
        struct person person = {.lang = "", .photo_hash = ""};

        t->touched = x->next;
        if (turn_check(t, store_person_by_no(t->o.store, x->no, t->stanza, &person)) ==
            E_NOTFOUND) {
            person.no = x->no; /* was never there */
            person.jid = x->jid;
            person.state = PERSON_RETIRED;
        }
        if (person.no != 0) {
            (void)peers_put(t->peers, &person);
        }
    }
}

enum err turn_guard(struct turn *t, enum err (*work)(struct turn *, void *), void *arg)
{
    size_t held = t->held.len;
    const struct touched *touched = t->touched;
    enum err e = turn_check(t, store_savepoint(t->o.store)), undone;

    if (e != OK) {
        t->doomed = true;
        return e;
    }
    pump_mark(t->pump);
    presence_mark(t->presence);
    e = turn_check(t, work(t, arg));
    if (e == OK && (arena_over(t->stanza) || t->held.over)) {
        e = E_LIMIT;
    }
    if (e == OK) {
        e = turn_check(t, store_release(t->o.store));
    }
    if (e == OK || t->broken) {
        return e;
    }
    undone = turn_check(t, store_undo(t->o.store));
    if (undone == OK) {
        restore_peers(t, touched);
    }
    pump_undone(t->pump);
    presence_undone(t->presence);
    service_undone(t->service);
    t->held.len = t->held.len < held ? t->held.len : held;
    t->held.over = false;
    t->doomed = t->doomed || undone != OK;
    return e;
}

enum err turn_refresh(struct turn *t, int64_t no, struct peer **out)
{
    struct touched *x = arena_alloc(t->kept, sizeof(*x));
    struct person person;
    enum err e = store_person_by_no(t->o.store, no, t->stanza, &person);

    if (e == OK) {
        x->no = no;
        x->jid = arena_dup(t->kept, person.jid);
        x->next = t->touched;
        t->touched = x;
        *out = peers_put(t->peers, &person);
    }
    return e;
}

static void empty(struct buffer *b)
{
    if (b->cap > TURN_KEEP) {
        buffer_fini(b);
        buffer_init(b, TURN_HELD);
    } else {
        buffer_reset(b);
    }
}

/* Appends what may leave now. */
static void let_go(struct turn *t)
{
    if (t->up && t->held.len + t->free.len > 0) {
        struct buffer *out = t->o.out(t->o.arg);

        buffer_add(out, t->held.data, t->held.len);
        buffer_add(out, t->free.data, t->free.len);
    }
    empty(&t->held);
    empty(&t->free);
    arena_reset(t->kept);
    t->asked = NULL;
    t->touched = NULL;
}

/* Brings the records in memory back to what the store holds, and tells everybody who asked. */
static void take_back(struct turn *t)
{
    struct asked *q;

    if (turn_check(t, store_begin(t->o.store)) != OK) {
        return;
    }
    arena_reset(t->stanza);
    restore_peers(t, NULL);
    for (q = t->asked; q != NULL; q = q->next) {
        const struct reply_to to = {.from = q->request.to, .to = q->request.from, .id = q->iq};
        const char *text;

        arena_reset(t->stanza);
        text = service_not_saved(t->service, &q->request, t->stanza);
        if (q->iq != NULL) {
            reply_error(t->o.ctx, &t->free, ELEMENT_IQ, &to, "resource-constraint", text);
        } else {
            reply_text(t->o.ctx, &t->free, &to, turn_id(t, t->stanza, 'v'), text, t->stanza);
        }
    }
    store_rollback(t->o.store);
}

static void undo_all(struct turn *t)
{
    t->failed_commits++;
    t->failing_since = t->failing_since == 0 ? t->mono : t->failing_since;
    t->retry_at = t->mono + TURN_RETRY_MS;
    log_line(LOG_ERROR, "turn_not_saved stanzas=%u", t->n);
    service_dropped(t->service);
    pump_dropped(t->pump);
    presence_dropped(t->presence);
    buffer_reset(&t->held);
    take_back(t);
}

static void keep_all(struct turn *t, bool changed)
{
    service_committed(t->service);
    pump_committed(t->pump);
    presence_committed(t->presence);
    t->turns++;
    if (changed) {
        t->idle_wanted = true;
        if (t->tick_at < 0 || t->tick_at > t->mono + TURN_TICK_MS) {
            t->tick_at = t->mono + TURN_TICK_MS;
        }
    }
}

static enum err timed_commit(struct turn *t, bool changed)
{
    int64_t began = changed ? clock_mono_us() : 0;
    enum err e = store_commit(t->o.store);

    if (changed && e == OK) {
        histogram_add(&t->commit_time, clock_mono_us() - began);
        t->failing_since = 0;
    }
    return e;
}

/* Ends the transaction; afterwards answers leave, one way or the other. */
static void close_turn(struct turn *t)
{
    bool changed, was_open = t->open;
    enum err e = OK;

    if (t->open) {
        changed = store_changed(t->o.store);
        e = t->doomed ? E_FULL : changed ? pump_save(t->pump, t->now) : OK;
        if (turn_check(t, e) == OK) {
            e = turn_check(t, timed_commit(t, changed));
        } else if (!t->broken) {
            store_rollback(t->o.store);
        }
        t->open = false;
        if (t->broken) {
            return;
        }
        if (e == OK) {
            keep_all(t, changed);
        } else {
            undo_all(t);
        }
    }
    if (!t->broken) {
        let_go(t);
    }
    if (was_open) {
        histogram_add(&t->turn_time, clock_mono_us() - t->began_us);
    }
}

void turn_clock(struct turn *t)
{
    t->now = clock_real_ms();
    t->mono = clock_mono_ms();
}

void turn_stanza(struct turn *t, xmpp_stanza_t *stanza)
{
    struct decoded d;

    if (t->broken) {
        return;
    }
    turn_clock(t);
    t->stanzas++;
    arena_reset(t->stanza);
    decode_stanza(&t->decode, stanza, t->stanza, &d);
    t->elements[d.element]++;
    turn_handle(t, &d);
    if (t->open && !t->broken &&
        (++t->n >= TURN_STANZAS || t->split || t->doomed ||
         clock_mono_us() - t->began_us > TURN_US)) {
        close_turn(t);
    }
}

/* A stanza nobody may send: its sender is told, if it asked for anything. */
void turn_refused(struct turn *t, const struct stream_refused *refused)
{
    const char *type = xmpp_stanza_get_type(refused->top);
    struct reply_to to;
    struct decoded d;

    if (t->broken) {
        return;
    }
    turn_clock(t);
    arena_reset(t->stanza);
    decode_stanza(&t->decode, refused->top, t->stanza, &d);
    log_line(LOG_WARN, "stanza_refused limit=%s from=%s", refused->limit,
             d.from == NULL ? "?" : d.from);
    if (d.from == NULL ||
        (type != NULL && (strcmp(type, "error") == 0 || strcmp(type, "result") == 0))) {
        if (d.from != NULL) {
            (void)people_refused(t->people, d.id, d.from, t->now);
        }
        return;
    }
    if (d.kind == DECODED_FOREIGN) {
        turn_handle(t, &d);
        return;
    }
    to = (struct reply_to){.from = d.to, .to = d.from, .id = d.id};
    if (d.element != ELEMENT_PRESENCE) {
        reply_error(t->o.ctx, &t->free, d.element, &to, "policy-violation",
                    "This stanza is too large.");
    }
}

void turn_pump(struct turn *t)
{
    enum err e = turn_check(t, store_begin(t->o.store));

    if (e == OK) {
        e = turn_check(t, pump_run(t->pump, t->now, t->mono));
        if (!t->broken) {
            store_rollback(t->o.store);
        }
    }
    if (e != OK && !t->broken) {
        log_line(LOG_ERROR, "pump_failed error=%s", err_text(e));
    }
}

void turn_end(struct turn *t)
{
    if (t->broken) {
        return;
    }
    turn_clock(t);
    close_turn(t);
    if (!t->broken && t->up && !t->stopping) {
        turn_pump(t);
    }
}

void turn_alone(struct turn *t, enum err (*work)(struct turn *, void *), void *arg)
{
    enum err e;

    if (t->broken || turn_begin(t) != OK) {
        return;
    }
    arena_reset(t->stanza);
    e = turn_guard(t, work, arg);
    if (e != OK && !t->broken) {
        log_line(LOG_ERROR, "work_failed error=%s", err_text(e));
    }
    turn_end(t);
}
