/* SPDX-License-Identifier: MIT */
#include "bridge/unseen.h"

#include <stdlib.h>
#include <string.h>

#include "bridge/pump_state.h"

#define ROWS 64 /* read at once */

static int64_t block_of(int64_t no)
{
    return no / UNSEEN_PEOPLE;
}

static int64_t part_of(int64_t no, unsigned how)
{
    return block_of(no) * UNSEEN_HOWS + how;
}

static int64_t block_in(int64_t part)
{
    return part / UNSEEN_HOWS;
}

static unsigned how_of(const struct unseen *u)
{
    return (unsigned)(u->part % UNSEEN_HOWS);
}

static int64_t no_of(const struct unseen *u, unsigned i)
{
    return block_in(u->part) * UNSEEN_PEOPLE + i;
}

static bool bit_has(const struct unseen *u, unsigned i)
{
    return (u->people[i / 64] >> i % 64 & 1) != 0;
}

static void bit_clear(struct unseen *u, unsigned i)
{
    u->people[i / 64] &= ~((uint64_t)1 << i % 64);
    u->n--;
}

static size_t bucket(uint64_t key, int64_t block)
{
    return (key ^ (uint64_t)block) * 0x9e3779b97f4a7c15u >> 32 & (UNSEEN_BUCKETS - 1);
}

/* ---- the lists --------------------------------------------------------------------------------- */

static void age_remove(struct unseen_sets *s, struct unseen *u)
{
    if (u->older != NULL)
        u->older->newer = u->newer;
    else
        s->oldest = u->newer;
    if (u->newer != NULL)
        u->newer->older = u->older;
    else
        s->newest = u->older;
    u->older = u->newer = NULL;
}

static void age_add(struct unseen_sets *s, struct unseen *u)
{
    u->older = s->newest;
    if (s->newest != NULL)
        s->newest->newer = u;
    else
        s->oldest = u;
    s->newest = u;
}

static void hash_remove(struct unseen_sets *s, const struct unseen *u)
{
    struct unseen **at = &s->buckets[bucket(u->key, block_in(u->part))];

    while (*at != u)
        at = &(*at)->chain;
    *at = u->chain;
    if (s->last == u)
        s->last = NULL;
}

static void change(struct unseen_sets *s, struct unseen *u)
{
    if (u->queued)
        return;
    u->queued = true;
    s->changed = pump_grow(s->changed, &s->cap_changed, s->n_changed + 1, sizeof(struct unseen *));
    s->changed[s->n_changed++] = u;
}

static void lost_add(struct unseen_sets *s, struct unseen *u)
{
    s->lost = pump_grow(s->lost, &s->cap_lost, s->n_lost + 1, sizeof(struct unseen *));
    s->lost[s->n_lost++] = u;
}

static void drop(struct unseen_sets *s, struct unseen *u)
{
    hash_remove(s, u);
    age_remove(s, u);
    s->n--;
    free(u);
}

void unseen_free(struct pump *p)
{
    struct unseen_sets *s = &p->unseen;

    while (s->oldest != NULL)
        drop(s, s->oldest);
    for (size_t i = 0; i < s->n_lost; i++)
        free(s->lost[i]);
    free(s->lost);
    free(s->changed);
    memset(s, 0, sizeof *s);
}

/* ---- what is sent, and seen -------------------------------------------------------------------- */

static struct unseen *find(const struct unseen_sets *s, int64_t event, int64_t part, uint64_t key)
{
    struct unseen *u = s->buckets[bucket(key, block_in(part))];

    while (u != NULL && (u->key != key || u->part != part || u->event != event))
        u = u->chain;
    return u;
}

/* Of the oldest that they have not acknowledged the fence's word counts: a server that dies loses the newest. */
static void forget_oldest(struct pump *p, struct peer *who)
{
    unsigned i = (unsigned)(who->no % UNSEEN_PEOPLE);
    struct unseen *u = p->unseen.oldest;

    while (u != NULL && (block_in(u->part) != block_of(who->no) || !bit_has(u, i)))
        u = u->newer;
    if (u == NULL)
        return;
    bit_clear(u, i);
    who->unseen--;
    change(&p->unseen, u);
}

static struct unseen *set_for(struct unseen_sets *s, int64_t event, int64_t part, uint64_t key)
{
    struct unseen **head = &s->buckets[bucket(key, block_in(part))], *u = s->last;

    if (u != NULL && u->key == key && u->part == part && u->event == event)
        return u;
    u = find(s, event, part, key);
    if (u != NULL || s->n >= UNSEEN_SETS)
        return u;
    u = calloc(1, sizeof *u);
    if (u == NULL)
        abort();
    u->key = key;
    u->event = event;
    u->part = part;
    u->chain = *head;
    *head = u;
    age_add(s, u);
    s->n++;
    return u;
}

static void keep(struct pump *p, struct peer *who, int64_t event, int64_t part, uint64_t key)
{
    struct unseen_sets *s = &p->unseen;
    unsigned i = (unsigned)(who->no % UNSEEN_PEOPLE);
    struct unseen *u;

    if (key == 0 || who->receipts == 0)
        return;
    u = set_for(s, event, part, key);
    if (u == NULL)
        return;
    s->last = u;
    u->at = p->mono;
    u->fence = p->fence_next;
    if (s->newest != u) {
        age_remove(s, u);
        age_add(s, u);
    }
    if (bit_has(u, i))
        return;
    u->people[i / 64] |= (uint64_t)1 << i % 64;
    u->n++;
    u->grown = true;
    who->unseen++;
    if (who->unseen > UNSEEN_EACH)
        forget_oldest(p, who);
    change(s, u);
}

void unseen_sent(struct pump *p, struct peer *who, int64_t event, unsigned how, uint64_t key)
{
    keep(p, who, event, part_of(who->no, how), key);
}

void unseen_take(struct pump *p, struct peer *who, const char *id)
{
    uint64_t key = encoded_key(id);
    unsigned i = (unsigned)(who->no % UNSEEN_PEOPLE);

    for (struct unseen *u = p->unseen.buckets[bucket(key, block_of(who->no))]; u != NULL;
         u = u->chain) {
        if (u->key != key || block_in(u->part) != block_of(who->no) || !bit_has(u, i))
            continue;
        bit_clear(u, i);
        who->unseen--;
        change(&p->unseen, u);
        if (u->n == 0 && u->stored)
            pump_dirty(p, p->mono);
    }
}

void pump_receipt(struct pump *p, struct peer *who, const char *id)
{
    p->figures.receipts++;
    who->receipts = UNSEEN_MISSES;
    unseen_take(p, who, id);
}

void unseen_expire(struct pump *p, int64_t mono)
{
    struct unseen_sets *s = &p->unseen;
    struct unseen *u = s->oldest, *newer;

    for (int k = 0; u != NULL && u->at + UNSEEN_MS <= mono; u = newer, k++) {
        newer = u->newer;
        if (u->fence >=
            p->fence_first) { /* it has not come back: there is no word that could count */
            u->at = mono;
            age_remove(s, u);
            age_add(s, u);
            continue;
        }
        if (k >= UNSEEN_EXPIRE) {
            p->more = true;
            return;
        }
        for (unsigned i = 0; i < UNSEEN_PEOPLE && u->n > 0; i++) {
            struct peer *who = bit_has(u, i) ? peers_by_no(p->o.peers, no_of(u, i)) : NULL;

            if (bit_has(u, i))
                bit_clear(u, i);
            if (who != NULL) {
                who->unseen--;
                if (who->receipts > 0)
                    who->receipts--;
            }
        }
        /* It goes once its row is gone; out of the way, so that it is not looked at again. */
        u->at = INT64_MAX - UNSEEN_MS;
        age_remove(s, u);
        age_add(s, u);
        change(s, u);
        pump_dirty(p, mono);
    }
}

int64_t unseen_deadline(const struct pump *p)
{
    const struct unseen *u = p->unseen.oldest;

    return u == NULL || u->at == INT64_MAX - UNSEEN_MS ? INT64_MAX : u->at + UNSEEN_MS;
}

/* ---- what is owed again -------------------------------------------------------------------------- */

/* A walk that has not passed them, by what its fences say, brings it (again). */
static void leave_to_walk(const struct pump *p, struct unseen *u)
{
    const struct walk *w = p->age.first;

    while (w != NULL &&
           (w->event.no < u->event || (w->event.no == u->event && (unsigned)w->class != how_of(u))))
        w = w->in[BY_AGE].next;
    if (w == NULL || w->event.no != u->event)
        return;
    for (unsigned i = 0; i < UNSEEN_PEOPLE && u->n > 0; i++)
        if (bit_has(u, i) && w->settled < no_of(u, i) && !numbers_has(&w->skip, no_of(u, i)))
            bit_clear(u, i);
}

void unseen_lose(struct pump *p)
{
    struct unseen_sets *s = &p->unseen;

    while (s->oldest != NULL) {
        struct unseen *u = s->oldest;

        for (unsigned i = 0; i < UNSEEN_PEOPLE; i++) {
            struct peer *who = bit_has(u, i) ? peers_by_no(p->o.peers, no_of(u, i)) : NULL;

            if (who != NULL)
                who->unseen--;
        }
        leave_to_walk(p, u);
        hash_remove(s, u);
        age_remove(s, u);
        s->n--;
        u->queued = false;
        if (u->n > 0 || u->stored || u->writing)
            lost_add(s, u);
        else
            free(u);
    }
    s->n_changed = 0;
    if (s->n_lost > 0)
        pump_dirty(p, -1);
}

enum err unseen_load(struct pump *p)
{
    int64_t event = 0, part = 0;
    size_t n = ROWS;

    while (n == ROWS) {
        struct unseen_row *rows;
        enum err err;

        arena_reset(p->arena);
        err = store_unseen_page(p->o.store, event, part, ROWS, p->arena, &rows, &n);
        if (err != OK)
            return err;
        for (size_t i = 0; i < n; i++) {
            struct unseen *u = calloc(1, sizeof *u);

            if (u == NULL)
                abort();
            u->event = event = rows[i].event;
            u->part = part = rows[i].part;
            u->stored = true;
            if (rows[i].len == sizeof u->key + sizeof u->people) {
                memcpy(&u->key, rows[i].people, sizeof u->key);
                memcpy(u->people, (const char *)rows[i].people + sizeof u->key, sizeof u->people);
            }
            for (unsigned k = 0; k < UNSEEN_PEOPLE; k++)
                u->n += bit_has(u, k);
            leave_to_walk(p, u);
            lost_add(&p->unseen, u);
        }
    }
    if (p->unseen.n_lost > 0)
        pump_dirty(p, -1);
    return OK;
}

/* Whether the hold by position brings it. Of a catch-up that only waits to be written it does no more. */
static enum err hold_brings(struct pump *p, const struct peer *who, int64_t no, bool *brings)
{
    struct event e;
    enum event_class class = CLASS_BULK;
    int first;
    enum err err;

    *brings = false;
    if (who->held == 0 || (who->release != NULL && who->release->phase == REL_DONE))
        return OK;
    err = store_event_get(p->o.store, no, &e);
    if (err == OK && e.kind == EVENT_NOTICE)
        return OK;
    if (err == OK)
        err = store_owed_one(p->o.store, &e, who->no, &class, &first);
    if (err == OK)
        err = held_covers(p, who, class, no, brings);
    return err == E_NOTFOUND ? OK : err;
}

static enum err owe_again(struct pump *p, struct peer *who, const struct unseen *u)
{
    bool brings = false, now;
    enum err err;

    err = hold_brings(p, who, u->event, &brings);
    if (err == OK && !brings)
        err = store_back_add(p->o.store, who->no, u->event);
    /* Of whom nothing is known on this stream yet, the sweep behind the probes says more. */
    now = p->up && (who->known || !who->shares) && !who->bounced &&
          hold_wanted(who, who->known) != HELD_ALL;
    if (err == OK)
        pump_stage(p, STAGE_OWED, who, 0, now);
    return err;
}

/* Of the same people and event: one that is owed again, and one of the stream since then, share a row. */
static bool share_row(const struct unseen *a, const struct unseen *b)
{
    return a->event == b->event && a->part == b->part;
}

static bool is_owed(const struct unseen *u)
{
    return u->writing && u->kept == UNSEEN_OWED;
}

static void add_people(uint64_t *people, const struct unseen *u)
{
    for (size_t i = 0; i < ARRAY_LEN(u->people); i++)
        people[i] |= u->people[i];
}

static enum err write_set(struct pump *p, struct unseen *u)
{
    struct unseen_sets *s = &p->unseen;
    const struct unseen *live = find(s, u->event, u->part, u->key);
    struct {
        uint64_t key, people[UNSEEN_PEOPLE / 64];
    } row = {.key = u->key};
    uint64_t any = 0;

    add_people(row.people, u);
    if (live != NULL)
        add_people(row.people, live);
    for (size_t i = 0; i < s->n_lost; i++)
        if (share_row(s->lost[i], u) && !is_owed(s->lost[i]))
            add_people(row.people, s->lost[i]);
    for (size_t i = 0; i < ARRAY_LEN(row.people); i++)
        any |= row.people[i];
    u->writing = true;
    u->grown = false;
    u->written_at = p->mono;
    u->kept = any != 0 ? UNSEEN_ROW : UNSEEN_NO_ROW;
    if (any != 0)
        return store_unseen_set(p->o.store,
                                &(struct unseen_row){u->event, u->part, &row, sizeof row});
    return u->stored ? store_unseen_remove(p->o.store, u->event, u->part) : OK;
}

/* The row goes; who shared it is written anew, in the same transaction. */
static enum err drop_row(struct pump *p, const struct unseen *u)
{
    struct unseen_sets *s = &p->unseen;
    struct unseen *live = find(s, u->event, u->part, u->key);

    if (live != NULL) {
        live->grown = true;
        change(s, live);
    }
    for (size_t i = 0; i < s->n_lost; i++)
        if (s->lost[i] != u && share_row(s->lost[i], u))
            s->lost[i]->grown = true;
    return store_unseen_remove(p->o.store, u->event, u->part);
}

static enum err owe_set(struct pump *p, struct unseen *u)
{
    enum err err = OK;

    for (unsigned i = 0; i < UNSEEN_PEOPLE && err == OK; i++) {
        struct peer *who;

        if (!bit_has(u, i))
            continue;
        err = pump_peer(p, no_of(u, i), &who);
        if (err == OK && who != NULL && !who->retired)
            err = owe_again(p, who, u);
    }
    u->kept = UNSEEN_OWED;
    u->writing = true;
    return err == OK && u->stored ? drop_row(p, u) : err;
}

bool unseen_urgent(const struct pump *p)
{
    return p->unseen.n_lost > 0 && p->n_releases < UNSEEN_RELEASES;
}

/* ---- writing ----------------------------------------------------------------------------------- */

enum err unseen_save(struct pump *p)
{
    struct unseen_sets *s = &p->unseen;
    enum err err = OK;
    unsigned people = 0;

    for (size_t i = 0; i < s->n_lost && err == OK; i++) {
        struct unseen *u = s->lost[i];

        if (is_owed(u))
            continue;
        if (people < UNSEEN_SLICE && p->n_releases < UNSEEN_RELEASES) {
            people += u->n;
            err = owe_set(p, u);
        } else if (u->grown) {
            err = write_set(p, u);
        }
    }
    for (size_t i = 0; i < s->n_changed && err == OK; i++) {
        struct unseen *u = s->changed[i];

        if (u->grown || u->n == 0 || p->mono - u->written_at >= UNSEEN_REST_MS)
            err = write_set(p, u);
    }
    return err;
}

static void lost_written(struct unseen_sets *s, bool kept)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_lost; i++) {
        struct unseen *u = s->lost[i];

        if (is_owed(u) && kept) {
            free(u);
            continue;
        }
        u->stored = u->stored || (u->writing && kept && u->kept == UNSEEN_ROW);
        u->grown = u->grown || (u->writing && !kept);
        u->writing = false;
        s->lost[n++] = u;
    }
    s->n_lost = n;
}

void unseen_written(struct pump *p, bool kept)
{
    struct unseen_sets *s = &p->unseen;
    size_t n = 0;

    lost_written(s, kept);
    for (size_t i = 0; i < s->n_changed; i++) {
        struct unseen *u = s->changed[i];

        if (u->writing && kept)
            u->stored = u->kept == UNSEEN_ROW;
        else if (u->writing)
            u->grown = true;
        u->queued = !u->writing || !kept || u->grown || (u->n == 0 && u->stored);
        u->writing = false;
        if (u->n == 0 && !u->stored)
            drop(s, u);
        else if (u->queued)
            s->changed[n++] = u;
    }
    s->n_changed = n;
}
