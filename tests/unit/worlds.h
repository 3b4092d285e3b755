/* SPDX-License-Identifier: MIT */
/* Two worlds in which the same people say the same things, but for what insiders do in secret: what secrets.c compares.
 *
 * Each world is a store in memory with its service, pump and a server that takes everything. What a person got in a step,
 * answers and deliveries in their order, is kept as one text. Ids with the number of an event in them count by their kind alone. */
#ifndef TESTS_UNIT_WORLDS_H
#define TESTS_UNIT_WORLDS_H

#include "handlers/forms.h"
#include "handlers/service.h"
#include "tests/unit/rig.h"

/* Insiders come first. carol is an administrator, and an outsider like any other; minji reads Korean. */
enum { IVY = 1, IAN, IKE, IRIS, OTTO, OLGA, CAROL, MINJI, PEOPLE = MINJI };
extern const char *const nicks[PEOPLE + 1];
#define IS_INSIDER(no) ((no) <= IRIS)

struct world {
    struct rig r;
    struct service *service;
    struct service_options options;
    struct buffer heard[PEOPLE + 1]; /* since worlds_forget() */
    int64_t posts;                   /* the newest one's number */
    int ids;
    char session[PEOPLE + 1][64]; /* of the form that is open; "": none */
    struct {                      /* its fields, when it was shown last */
        char var[32];
        int arg;
    } field[PEOPLE + 1][FORM_ARGS];
    size_t n_fields[PEOPLE + 1];
};

void world_open(struct world *w);
void world_close(struct world *w);
/* Everything in a turn of its own, delivered as far as it goes. The answer ("" for silence) stands until the next call. */
const char *world_say(struct world *w, int64_t no, const char *line);
/* from*, to, id are filled in. */
const char *world_send(struct world *w, int64_t no, struct request *r);
/* A step of an ad-hoc command; of fr->session only whether it is NULL counts: the open one's id is filled in. */
void world_form(struct world *w, int64_t no, const struct form_request *fr);
/* What may be chosen from. */
void world_forms(struct world *w, int64_t no);
void world_pass(struct world *w, int64_t ms);
void world_tick(struct world *w);
void world_idle(struct world *w);
/* Goes away or comes back. */
void world_move(struct world *w, int64_t no);
/* Private messages and notices between insiders, until posts and events are as many as in the other. */
void worlds_even(struct world *a, struct world *b);
/* The newest post's number. */
int64_t world_posts(struct world *w);
void world_forget(struct world *w);

#endif
