/* SPDX-License-Identifier: MIT */
/* What the files of the turn share: turn.c (transactions), turn_stanza.c (what each kind of stanza does),
 * turn_run.c (timers), turn_new.c (birth and end). */
#ifndef BRIDGE_TURN_PARTS_H
#define BRIDGE_TURN_PARTS_H

#include "base/arena.h"
#include "bridge/decode.h"
#include "bridge/iq.h"
#include "bridge/people.h"
#include "bridge/peers.h"
#include "bridge/presence.h"
#include "bridge/throttle.h"
#include "bridge/turn.h"
#include "handlers/service.h"

/* A message of this turn, kept for the case that the commit fails. */
struct asked {
    struct asked *next;
    struct request request; /* without a body */
    const char *iq;         /* the id of an IQ ("": none); NULL: it was a message */
};
/* Somebody whose record in memory was changed before the commit. */
struct touched {
    struct touched *next;
    int64_t no;
    const char *jid;
};

struct turn {
    struct turn_options o;
    struct decode_options decode;
    struct iq_options iq;
    const char *bot_jid;
    const char *server; /* the domain people live on */

    struct service *service;
    struct peers *peers;
    struct pump *pump;
    struct presence *presence;
    struct people_desk *people;

    struct arena *forever; /* strings made at start */
    struct arena *stanza;  /* one stanza's work */
    struct arena *kept;    /* one transaction's */
    struct buffer held;    /* leaves after the commit only */
    struct buffer free;    /* leaves with it, but owes nothing to it: IQ answers, errors */
    struct throttle throttle;

    bool up, broken, stopping;
    bool open;   /* a transaction */
    bool split;  /* commit behind this stanza: somebody new has to be in the store first */
    bool doomed; /* the store gave up the whole transaction, not only a savepoint */
    unsigned n;  /* stanzas in it */
    int64_t began_us, now, mono;
    struct asked *asked;
    struct touched *touched;

    bool pump_expects, ping_out;
    int64_t up_since, pinged_at;
    int64_t tick_at;  /* mono, -1: not until something happens */
    int64_t idle_at;  /* mono */
    int64_t peace_at; /* mono: when settings of people begin or end to hold something */
    int64_t life_at;  /* mono: when it is looked who gave no sign of life for long */
    int64_t retry_at; /* mono: before, nothing is saved again that could not be saved */
    int64_t idled_at;
    bool idle_wanted;
    uint32_t salt;
    uint64_t ids;
    uint64_t turns, stanzas, messages, failed_commits;
    uint64_t elements[3];
    struct histogram turn_time, commit_time;
    int64_t failing_since;
};

/* Opens the turn's transaction unless it is open. */
enum err turn_begin(struct turn *t) MUST_USE;
/* One piece of work that may be undone alone; E_IO has broken the turn. */
enum err turn_guard(struct turn *t, enum err (*work)(struct turn *, void *), void *arg) MUST_USE;
/* The record of a person as the store has it now; remembered in case the commit fails. */
enum err turn_refresh(struct turn *t, int64_t no, struct peer **out) MUST_USE;
/* The next id for a volatile answer or a ping. */
const char *turn_id(struct turn *t, struct arena *a, char kind);

/* Every result of the store comes through here: E_IO breaks the turn. */
enum err turn_check(struct turn *t, enum err e) MUST_USE;
/* Work of the program's own, in a transaction of its own, and the pump behind it. */
void turn_alone(struct turn *t, enum err (*work)(struct turn *, void *), void *arg);
/* pump_run() in a reading transaction. */
void turn_pump(struct turn *t);
void turn_clock(struct turn *t);

/* turn_stanza.c */
/* Somebody's account was closed, or opened again. */
enum err turn_follow_other(struct turn *t, int64_t person) MUST_USE;
void turn_handle(struct turn *t, const struct decoded *d);
/* Callbacks of presence and handlers. */
enum err turn_join(void *arg, const struct presence_in *in, int64_t now);
void turn_tell_figures(void *arg, struct service_figures *out);
void turn_look(void *arg, int64_t person, struct arena *a, struct sight *out);

/* Work in the turn's transaction; what fails is undone and logged, there is nobody to tell. */
void turn_quietly(struct turn *t, enum err (*work)(struct turn *, void *), void *arg,
                  const char *what);

/* turn_life.c */
/* A stanza came: whether it shows that its sender lives, and what follows from that. Before it is handled. */
void turn_life_sign(struct turn *t, const struct decoded *d);
/* In a turn of its own, when life_at is there: updates go off for who gave no sign for long. */
enum err turn_life(struct turn *t, void *arg) MUST_USE;

#endif
