/* SPDX-License-Identifier: MIT */
#include "bridge/pump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/pump_state.h"

#define LOAD_PAGE 500
#define GATE_LOOK_MS 100 /* how often it is looked whether all have answered the probes */

struct pump *pump_new(const struct pump_options *o)
{
    struct pump *p = calloc(1, sizeof *p);
    uint64_t salt;

    if (p == NULL)
        abort();
    if (getrandom(&salt, sizeof salt, 0) != (ssize_t)sizeof salt)
        salt = (uint64_t)clock_mono_us() ^ (uint64_t)clock_real_ms() << 20;
    p->o = *o;
    p->arena = arena_new(LIMIT_ARENA);
    (void)snprintf(p->fence_prefix, sizeof p->fence_prefix, "f-%016llx-", (unsigned long long)salt);
    for (size_t i = 0; i < TEMPLATES; i++)
        encoded_init(&p->templates[i].e);
    encoded_init(&p->summary);
    p->window = PUMP_WINDOW_FIRST;
    p->min_fence_us = INT64_MAX;
    p->bounce_at = INT64_MAX;
    p->dirty_since = -1;
    return p;
}

void pump_set_digest_after(struct pump *p, int digest_after)
{
    p->o.digest_after = digest_after;
}

void pump_free(struct pump *p)
{
    if (p == NULL)
        return;
    fences_drop(p);
    unseen_free(p);
    while (p->age.first != NULL)
        walk_close(p, p->age.first);
    for (size_t i = 0; i < p->n_releases; i++)
        release_abort(p, p->releases[i]);
    releases_bury(p);
    for (size_t i = 0; i < TEMPLATES; i++)
        encoded_fini(&p->templates[i].e);
    encoded_fini(&p->summary);
    arena_free(p->arena);
    free(p->releases);
    free(p->covers);
    free(p->sent);
    free(p->touched);
    free(p->touched_releases);
    free(p->ops);
    free(p->staged);
    free(p->facts);
    free(p->bounced);
    free(p);
}

/* ---- what stands in the store ------------------------------------------------------------------ */

/* Opens the cursors of events above p->head, up to `head`. */
static enum err load_cursors(struct pump *p, int64_t head)
{
    int64_t after = p->head;
    size_t n = LOAD_PAGE;

    while (n == LOAD_PAGE) {
        struct cursor *rows, mine[LOAD_PAGE];
        enum err err;

        arena_reset(p->arena);
        err = store_cursors(p->o.store, after, LOAD_PAGE, p->arena, &rows, &n);
        if (err != OK)
            return err;
        memcpy(mine, rows, n * sizeof *mine);
        for (size_t i = 0; i < n; i++) {
            /* A full page may end within an event: the last one is read again. */
            if (n == LOAD_PAGE && mine[i].event == mine[n - 1].event)
                break;
            after = mine[i].event;
            err = walk_open(p, &mine[i]);
            if (err == E_NOTFOUND)
                log_line(LOG_ERROR, "cursor-without-event event=%lld", (long long)mine[i].event);
            else if (err != OK)
                return err;
        }
    }
    p->head = head;
    return OK;
}

static enum err load_held(struct pump *p)
{
    int64_t after = 0;
    size_t n;

    do {
        struct held *rows, mine[LOAD_PAGE];
        enum err err;

        arena_reset(p->arena);
        err = store_held_page(p->o.store, after, LOAD_PAGE, p->arena, &rows, &n);
        if (err != OK)
            return err;
        memcpy(mine, rows, n * sizeof *mine);
        for (size_t i = 0; i < n; i++) {
            struct peer *who;

            after = mine[i].person;
            err = pump_peer(p, mine[i].person, &who);
            if (err != OK)
                return err;
            if (who == NULL)
                continue;
            p->figures.held_people += who->held == 0 ? 1 : 0;
            who->held |= (unsigned char)(1u << mine[i].class);
        }
    } while (n > 0);
    return OK;
}

static enum err load_bounced(struct pump *p)
{
    int64_t after = 0;
    size_t n;

    do {
        struct bounce *rows, mine[LOAD_PAGE];
        enum err err;

        arena_reset(p->arena);
        err = store_bounces(p->o.store, after, LOAD_PAGE, p->arena, &rows, &n);
        if (err != OK)
            return err;
        memcpy(mine, rows, n * sizeof *mine);
        for (size_t i = 0; i < n; i++) {
            struct peer *who;

            after = mine[i].person;
            err = pump_peer(p, mine[i].person, &who);
            if (err != OK)
                return err;
            if (who != NULL)
                bounces_put(p, who, mine[i].tries, mine[i].at);
        }
    } while (n > 0);
    return OK;
}

static enum err load_life(struct pump *p)
{
    int64_t after = 0;
    size_t n;

    do {
        struct life *rows, mine[LOAD_PAGE];
        enum err err;

        arena_reset(p->arena);
        err = store_life_page(p->o.store, after, LOAD_PAGE, p->arena, &rows, &n);
        if (err != OK)
            return err;
        memcpy(mine, rows, n * sizeof *mine);
        for (size_t i = 0; i < n; i++) {
            struct peer *who;

            after = mine[i].person;
            err = pump_peer(p, mine[i].person, &who);
            if (err != OK)
                return err;
            if (who == NULL)
                continue;
            who->seen_at = mine[i].seen_at;
            who->sleep = (unsigned char)mine[i].sleep;
        }
    } while (n > 0);
    return OK;
}

/* Something may be owed again to who is not held. */
static enum err load_back(struct pump *p)
{
    int64_t after = 0;
    size_t n;

    do {
        int64_t *people, mine[LOAD_PAGE];
        enum err err;

        arena_reset(p->arena);
        err = store_back_people(p->o.store, after, LOAD_PAGE, p->arena, &people, &n);
        if (err != OK)
            return err;
        memcpy(mine, people, n * sizeof *mine);
        for (size_t i = 0; i < n; i++) {
            struct peer *who;

            after = mine[i];
            err = pump_peer(p, mine[i], &who);
            if (err != OK)
                return err;
            if (who != NULL)
                who->back = true;
        }
    } while (n > 0);
    return OK;
}

enum err pump_load(struct pump *p)
{
    int64_t head;
    enum err err = store_event_head(p->o.store, &head);

    if (err == OK)
        err = load_cursors(p, head);
    for (struct walk *w = p->age.first; w != NULL; w = w->in[BY_AGE].next)
        w->loaded = true;
    if (err == OK)
        err = load_held(p);
    if (err == OK)
        err = load_bounced(p);
    if (err == OK)
        err = load_life(p);
    if (err == OK)
        err = load_back(p);
    if (err == OK)
        err = unseen_load(p);
    return err;
}

/* ---- the link ------------------------------------------------------------------------------------ */

void pump_link_up(struct pump *p, int64_t mono)
{
    (void)mono;
    pump_link_down(p);
    peers_forget(p->o.peers);
    p->up = true;
    p->more = true;
    fence_put(p, true, false); /* nothing is in its way: it tells how long the way is */
}

void pump_link_down(struct pump *p)
{
    p->up = false;
    p->gate = GATE_SHUT;
    unseen_lose(p);
    /* A catch-up whose last fence is back only waits to be written; the others begin again when people are seen. */
    for (size_t i = 0; i < p->n_releases; i++)
        if (p->releases[i]->phase != REL_DONE)
            release_abort(p, p->releases[i]);
    fences_drop(p);
    walks_rewind(p);
    releases_bury(p);
    if (p->owed)
        p->o.expect(p->o.arg, false);
    p->owed = false;
}

void pump_probed(struct pump *p, size_t n, int64_t mono)
{
    (void)mono;
    if (!p->up || p->gate != GATE_SHUT)
        return;
    p->gate = GATE_FENCE;
    if (n == 0) {
        p->gate = GATE_SWEEP;
        p->sweep = true;
        p->sweep_at = 0;
        return;
    }
    fence_put(p, true, true);
}

/* The bulk class waits until everybody who shares presence has answered the probes, or the time for it is over. */
static void gate_tick(struct pump *p, int64_t mono)
{
    size_t state = 0;
    const struct peer *who;

    if (p->gate != GATE_WAIT)
        return;
    if (mono < p->gate_until) {
        if (mono < p->gate_looked + GATE_LOOK_MS)
            return;
        p->gate_looked = mono;
        while ((who = peers_each(p->o.peers, &state)) != NULL)
            if (who->shares && peer_wants(who) && !who->known && !who->retired &&
                who->held != HELD_ALL)
                return;
    }
    p->gate = GATE_SWEEP;
    p->sweep = true;
    p->sweep_at = 0;
}

/* ---- running ------------------------------------------------------------------------------------- */

static bool link_takes(const struct pump *p, bool bulk)
{
    return window_room(p, bulk) > 0 && p->fence_next - p->fence_first < FENCES - 2 &&
           p->o.unsent(p->o.arg) <= PUMP_UNSENT;
}

static bool may_append(const struct pump *p, bool bulk)
{
    return p->budget > 0 && link_takes(p, bulk);
}

/* Answers, private messages, mentions, announcements: as far as they go. */
static enum err run_lane(struct pump *p, enum lane lane)
{
    struct walk *w = p->lanes[lane].first, *next;

    for (int i = 0; w != NULL && i < SCAN; w = next, i++) {
        bool moved = true;

        next = w->in[BY_LANE].next;
        while (moved && w->sent != WALK_END) {
            enum err err;

            if (!may_append(p, false)) {
                p->more = true;
                return OK;
            }
            err = walk_serve(p, w, &moved);
            if (err != OK)
                return err;
        }
        p->budget--;
    }
    return OK;
}

/* A page of each bulk walk, oldest first, a slice of a catch-up between two of them. */
static enum err run_round(struct pump *p, bool *moved)
{
    struct walk *active[BULK_WALKS], *w = p->lanes[LANE_BULK].first;
    size_t n = 0, slices;

    *moved = false;
    for (; w != NULL && n < BULK_WALKS && p->gate == GATE_OPEN; w = w->in[BY_LANE].next)
        active[n++] = w;
    slices = p->n_releases;
    for (size_t i = 0; i < n || slices > 0; i++) {
        bool one = false;
        enum err err = OK;

        if (!may_append(p, true)) {
            p->more = true;
            *moved = false;
            return OK;
        }
        if (i < n)
            err = walk_serve(p, active[(i + p->turn) % n], &one);
        *moved |= one;
        if (err == OK && slices > 0) {
            slices--;
            p->next_release = (p->next_release + 1) % p->n_releases;
            err = release_slice(p, p->releases[p->next_release], &one);
            *moved |= one;
        }
        if (err != OK)
            return err;
    }
    return OK;
}

static enum err run_all(struct pump *p)
{
    bool moved = true;
    enum err err = OK;

    for (int lane = LANE_ANSWER; lane < LANE_BULK && err == OK; lane++)
        err = run_lane(p, (enum lane)lane);
    p->turn++;
    /* A budget of their own: whatever the lanes above wait for may be here. */
    p->budget = RUN_BUDGET;
    while (err == OK && moved)
        err = run_round(p, &moved);
    return err;
}

enum err pump_run(struct pump *p, int64_t now, int64_t mono)
{
    int64_t head;
    enum err err = store_event_head(p->o.store, &head);

    if (err == OK && head > p->head)
        err = load_cursors(p, head);
    if (err != OK || !p->up)
        return err;
    p->skew = now - mono;
    p->mono = mono;
    p->more = p->full = false;
    p->budget = RUN_BUDGET;
    gate_tick(p, mono);
    bounces_due(p, now);
    unseen_expire(p, mono);
    err = run_all(p);
    releases_bury(p);
    fence_close_run(p, !p->more && !p->full);
    if (mono >= fence_again_at(p) && p->o.unsent(p->o.arg) <= PUMP_UNSENT)
        fence_put(p, true, false);
    if (p->owed != (p->fence_next > p->fence_first)) {
        p->owed = !p->owed;
        p->o.expect(p->o.arg, p->owed);
    }
    return err;
}

int64_t pump_deadline(const struct pump *p)
{
    int64_t at = INT64_MAX;

    if (!p->up)
        return p->dirty_since < 0 ? -1 : unseen_urgent(p) ? 0 : p->dirty_since + PUMP_SAVE_MS;
    if (p->more && link_takes(p, true))
        return 0;
    if (save_now(p))
        return 0;
    if (p->dirty_since >= 0)
        at = p->dirty_since + PUMP_SAVE_MS;
    if (p->gate == GATE_WAIT && p->gate_looked + GATE_LOOK_MS < at)
        at = p->gate_looked + GATE_LOOK_MS;
    if (unseen_deadline(p) < at)
        at = unseen_deadline(p);
    if (p->bounce_at != INT64_MAX && p->bounce_at - p->skew < at)
        at = p->bounce_at - p->skew;
    if (p->o.unsent(p->o.arg) <= PUMP_UNSENT && fence_again_at(p) < at)
        at = fence_again_at(p);
    return at == INT64_MAX ? -1 : at < 0 ? 0 : at;
}

const char *pump_lane_name(size_t lane)
{
    static const char *const names[] = {
        [LANE_ANSWER] = "answer",   [LANE_PRIVATE] = "private",
        [LANE_MENTION] = "mention", [LANE_ANNOUNCEMENT] = "announcement",
        [LANE_BULK] = "bulk",       [N_LANES] = "catchup"};

    _Static_assert(ARRAY_LEN(names) == PUMP_LANES, "one counter each");
    return lane < PUMP_LANES ? names[lane] : NULL;
}

void pump_figures(const struct pump *p, struct pump_figures *out)
{
    *out = p->figures;
    out->open_walks = p->n_walks;
    out->oldest_at = p->age.first == NULL ? 0 : p->age.first->event.at;
    out->in_flight_bytes = p->in_flight;
    out->window_bytes = p->window;
    out->bounced_people = p->n_bounced;
}

enum err pump_waiting(struct pump *p, const struct peer *who, int64_t most, int64_t *n)
{
    int64_t from[N_CLASSES], at = INT64_MAX, head;
    unsigned classes = 0;
    struct held *held;
    size_t rows;
    enum err err = store_event_head(p->o.store, &head);

    *n = 0;
    if (err != OK || who->held == 0)
        return err;
    arena_reset(p->arena);
    err = store_held_page(p->o.store, who->no - 1, 1, p->arena, &held, &rows);
    for (size_t i = 0; err == OK && i < rows; i++) {
        if (held[i].person != who->no)
            continue;
        classes |= 1u << held[i].class;
        from[held[i].class] = held[i].from;
        at = held[i].from < at ? held[i].from : at;
    }
    for (int i = 0; err == OK && i < 100 && at <= head && *n < most; i++) {
        struct owed *owed;

        arena_reset(p->arena);
        err =
            store_owed(p->o.store, who->no, classes, at, head + 1, 64, p->arena, &owed, &rows, &at);
        for (size_t k = 0; err == OK && k < rows && *n < most; k++)
            if ((classes & 1u << owed[k].class) != 0 && owed[k].event.no >= from[owed[k].class] &&
                owed[k].event.kind != EVENT_ANSWER && owed[k].event.kind != EVENT_NOTICE)
                ++*n; /* answers do not wait */
    }
    return err;
}
