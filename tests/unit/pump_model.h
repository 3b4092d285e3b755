/* SPDX-License-Identifier: MIT */
/* What the model of delivery (pump_model.c) and its judgement (pump_judge.c) share. */
#ifndef TESTS_UNIT_PUMP_MODEL_H
#define TESTS_UNIT_PUMP_MODEL_H

#include "tests/unit/rig.h"

#define PEOPLE 8 /* the last two share no presence */
#define SHARING 6
#define STRICT 5 /* the first ones never have settings that hold anything */
#define POSTS 400
#define QUEUE 4096

/* What the server has for us, in its order. */
struct inbound {
    enum { FENCE, BOUNCE, RECEIPT } what;
    char id[64];
    int64_t who;
    const char *condition;
};
/* What became of a message that arrived at the server: it stays there until their client takes it. */
enum fate { REFUSED, WITH_SERVER, SEEN, LOST };
struct model {
    struct rig r;
    uint64_t random;
    bool trace;
    bool online[PEOPLE + 1], on[PEOPLE + 1], refuses[PEOPLE + 1], told[PEOPLE + 1];
    bool calm[PEOPLE + 1];               /* their settings held something at some time */
    bool parted[PEOPLE + 1][PEOPLE + 1]; /* one blocked the other at some time */
    struct {
        int64_t no, author;
        bool deleted, private, all;
    } posts[POSTS];
    size_t n_posts, seen, n_in, n_late;
    struct inbound in[QUEUE], late[QUEUE];
    enum fate *fate; /* of got[] */
    size_t cap_fate;
    int64_t calm_at; /* when all was read last */
    /* An odd condition came back for it twice, it is given up. */
    struct {
        int64_t who;
        char id[64];
    } odd[QUEUE];
    size_t n_odd;
    int presence_at; /* steps until the server tells who is there, -1: nothing to tell */
};
extern struct model m;
extern uint64_t seed;
extern long n_told; /* bundles given, of all runs */

/* Whose clients give receipts. */
static inline bool gives(int64_t no)
{
    return no % 2 == 1;
}

/* At rest: who is owed what got it, and nobody else. */
void judge_all(void);

#endif
