/* SPDX-License-Identifier: MIT */
/* Between reads: everything that has a time of its own. */
#include "bridge/turn_parts.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/reply.h"
#include "handlers/export.h"
#include "handlers/peace.h"

static enum err only_save(struct turn *t, void *arg)
{
    (void)arg;
    return pump_save(t->pump, t->now);
}

static enum err tick(struct turn *t, void *arg)
{
    int64_t next = 0;
    enum err e = service_tick(t->service, t->now, t->stanza, &next);

    (void)arg;
    t->tick_at = e != OK     ? t->mono + 60 * TURN_TICK_MS
                 : next == 0 ? -1
                             : t->mono + (next > t->now ? next - t->now : 0);
    return e;
}

/* Whose settings begin or end to hold something by now. A hundred thousand whose quiet hours end at once are released
 * as fast as their catch-ups get done. The clock may be set: it is looked at every minute. */
static enum err peace(struct turn *t, void *arg)
{
    int64_t *people, next = 0;
    size_t n;
    enum err e;

    (void)arg;
    if (pump_releases(t->pump) >= TURN_RELEASES) {
        t->peace_at = t->mono + TURN_PEACE_PAUSE_MS;
        return OK;
    }
    t->peace_at = t->mono + TURN_PEACE_MS;
    e = store_peace_due(t->o.store, t->now, TURN_PEACE, t->stanza, &people, &n, &next);
    for (size_t i = 0; e == OK && i < n; i++) {
        struct person person;
        struct peer *who;

        e = store_person_by_no(t->o.store, people[i], t->stanza, &person);
        if (e == OK) {
            e = peace_renew(t->o.store, people[i], person.zone, t->now);
        }
        if (e == OK) {
            e = turn_refresh(t, people[i], &who);
        }
        if (e == OK) {
            e = pump_peace(t->pump, who);
        }
    }
    if (e == OK && n == TURN_PEACE) {
        t->peace_at = t->mono;
    } else if (e == OK && next != 0 && next - t->now < TURN_PEACE_MS) {
        t->peace_at = t->mono + (next > t->now ? next - t->now : 0);
    }
    return e;
}

static void ping(struct turn *t)
{
    struct reply_to to = {.from = t->o.settings->domain, .to = t->server};

    arena_reset(t->stanza);
    to.id = turn_id(t, t->stanza, 'k');
    reply_ask(t->o.ctx, t->o.out(t->o.arg), &to, reply_element(t->o.ctx, "ping", "urn:xmpp:ping"));
    t->pinged_at = t->mono;
    t->ping_out = true;
    t->o.expect(t->o.arg, true);
}

static int64_t ping_at(const struct turn *t, int64_t heard_at)
{
    int64_t last = heard_at > t->pinged_at ? heard_at : t->pinged_at;

    return t->up ? last + TURN_SILENCE_MS : -1;
}

static bool due(int64_t at, int64_t mono)
{
    return at >= 0 && at <= mono;
}

void turn_run(struct turn *t, int64_t heard_at)
{
    if (t->broken) {
        return;
    }
    turn_clock(t);
    /* A ping goes out after silence only: what is heard in its very millisecond answers it. */
    if (t->ping_out && heard_at >= t->pinged_at) {
        t->ping_out = false;
        t->o.expect(t->o.arg, t->pump_expects);
    }
    if (pump_save_due(t->pump, t->mono) && t->mono >= t->retry_at) {
        turn_alone(t, only_save, NULL);
    }
    if (due(t->tick_at, t->mono)) {
        turn_alone(t, tick, NULL);
    }
    if (due(t->peace_at, t->mono)) {
        turn_alone(t, peace, NULL);
    }
    if (!t->broken && t->up && due(t->life_at, t->mono)) {
        turn_alone(t, turn_life, NULL);
    }
    if (t->broken || !t->up) {
        return;
    }
    if (due(presence_deadline(t->presence), t->mono)) {
        presence_run(t->presence, t->mono);
    }
    if (due(people_deadline(t->people), t->mono)) {
        people_run(t->people, t->now, t->mono, t->o.out(t->o.arg));
    }
    if (due(pump_deadline(t->pump), t->mono)) {
        turn_pump(t);
    }
    if (!t->broken && due(ping_at(t, heard_at), t->mono)) {
        ping(t);
    }
}

static void sooner(int64_t *at, int64_t other)
{
    if (other >= 0 && (*at < 0 || other < *at)) {
        *at = other;
    }
}

int64_t turn_deadline(const struct turn *t, int64_t heard_at)
{
    int64_t at = t->tick_at, pump = pump_deadline(t->pump);

    sooner(&at, t->idle_at);
    sooner(&at, t->peace_at);
    sooner(&at, pump >= 0 && pump < t->retry_at ? t->retry_at : pump);
    if (t->up) {
        sooner(&at, presence_deadline(t->presence));
        sooner(&at, people_deadline(t->people));
        sooner(&at, t->life_at);
        sooner(&at, ping_at(t, heard_at));
    }
    return at;
}

bool turn_has_idle_work(const struct turn *t, int64_t mono)
{
    return !t->broken && (t->idle_wanted || due(t->idle_at, mono));
}

void turn_idle(struct turn *t)
{
    bool more = false;

    turn_clock(t);
    if (turn_check(t, store_idle(t->o.store, t->now, TURN_IDLE_US, &more)) != OK) {
        more = false; /* logged; the next change tries again */
    }
    t->idle_wanted = more;
    t->idled_at = t->mono;
    t->idle_at = t->mono + TURN_IDLE_MS;
}

/* ---- the link -------------------------------------------------------------------------------- */

void turn_link_up(struct turn *t)
{
    turn_clock(t);
    t->up = true;
    t->ping_out = false;
    t->pinged_at = t->mono;
    t->life_at = t->mono + TURN_LIFE_FIRST_MS;
    pump_link_up(t->pump, t->mono);
    presence_link_up(t->presence, t->mono);
    people_link_up(t->people);
}

void turn_link_down(struct turn *t)
{
    if (t->up) {
        t->up = false;
        pump_link_down(t->pump);
        presence_link_down(t->presence);
        people_link_down(t->people);
    }
}

bool turn_goodbye(struct turn *t)
{
    return !t->up || t->broken || presence_goodbye(t->presence);
}

bool turn_broken(const struct turn *t)
{
    return t->broken;
}

static void count_people(struct turn *t, struct turn_figures *out)
{
    size_t state = 0;
    struct peer *p;

    while ((p = peers_each(t->peers, &state)) != NULL) {
        if (p->retired) {
            out->waiting[WAITS_SUSPENDED] += peers_by_jid(t->peers, p->jid) == p;
            continue;
        }
        out->people++;
        out->reachable += peer_reachable(p);
        out->asleep += p->sleep == SLEEP_ASLEEP;
        if (p->held == 0 || p->bounced) {
            continue;
        }
        out->waiting[!p->on                       ? WAITS_OFF
                     : (p->held & ~p->holds) != 0 ? WAITS_AWAY
                                                  : WAITS_SETTINGS]++;
    }
}

void turn_tell_figures(void *arg, struct service_figures *out)
{
    struct turn *t = arg;
    struct turn_figures people = {.turns = 0};
    struct pump_figures f;

    pump_figures(t->pump, &f);
    count_people(t, &people);
    *out = (struct service_figures){.known = true,
                                    .sent = (int64_t)f.sent,
                                    .walks = (int64_t)f.open_walks,
                                    .reachable = (int64_t)people.reachable,
                                    .asleep = (int64_t)people.asleep,
                                    .held = (int64_t)f.held_people,
                                    .bounced = (int64_t)f.bounced_people};
}

enum err turn_figures(struct turn *t, struct turn_figures *out)
{
    enum err e;

    *out = (struct turn_figures){.turns = t->turns,
                                 .stanzas = t->stanzas,
                                 .messages = t->messages,
                                 .failed_commits = t->failed_commits,
                                 .failing_since = t->failing_since,
                                 .turn = t->turn_time,
                                 .commit = t->commit_time,
                                 .releases = pump_releases(t->pump),
                                 .tally = service_tally(t->service)};
    memcpy(out->elements, t->elements, sizeof(out->elements));
    count_people(t, out);
    pump_figures(t->pump, &out->pump);
    out->written =
        out->pump.sent + out->pump.fences + presence_written(t->presence) + reply_count();
    e = turn_check(t, store_begin(t->o.store));
    if (e == OK) {
        e = turn_check(t, store_figures(t->o.store, &out->store));
        store_rollback(t->o.store);
    }
    return e;
}

void turn_export(struct turn *t, const char *line, struct buffer *out)
{
    turn_clock(t);
    export_page(t->o.store, line, t->now, out);
}

void turn_stop(struct turn *t)
{
    t->stopping = true;
}

bool turn_drained(const struct turn *t)
{
    struct pump_figures f;

    pump_figures(t->pump, &f);
    return f.in_flight_bytes == 0;
}

void turn_save(struct turn *t)
{
    turn_clock(t);
    turn_alone(t, only_save, NULL);
}

bool turn_idle_is_late(const struct turn *t, int64_t mono)
{
    return t->idle_wanted && mono - t->idled_at >= TURN_IDLE_LATE_MS;
}
