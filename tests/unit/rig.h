/* SPDX-License-Identifier: MIT */
/* A pump with the real store in memory and a link without a socket: what tests of delivery share.
 *
 * A turn is rig_begin() … rig_end(), as the bridge does it. What the pump appends waits in `out` until rig_wire() takes it
 * apart, as a server would: messages go to got[], fences wait for rig_fences(). Clocks stand still; rig_pass() moves them. */
#ifndef TESTS_UNIT_RIG_H
#define TESTS_UNIT_RIG_H

#include "base/arena.h"
#include "bridge/presence.h"
#include "bridge/pump.h"

#define RIG_DOMAIN "blog.corp.example"
#define RIG_BOT "jaejal@blog.corp.example"

struct got {
    char to[64], id[48], target[48], from[64];
    char *body;
    bool late, correction, retraction;
    int link; /* on which stream of the server it came */
};
struct rig {
    struct store *st;
    struct peers *peers;
    struct pump *pump;
    struct presence *presence; /* NULL unless rig_presence() was called */
    struct buffer out, held;
    struct arena *a;
    int64_t now, mono;
    bool up, open, owed;
    int link;
    bool tagged;   /* the posts that are made carry #t */
    size_t unsent; /* what the link says; SIZE_MAX: the size of out */
    int digest_after;
    struct got *got;
    size_t n_got, cap_got;
    char (*fences)[64]; /* ids */
    size_t n_fences, cap_fences;
    char *presences; /* presence stanzas, one behind the other */
    int wanted;      /* vCards asked for */
    unsigned texts;  /* written so far */
};

void rig_open(struct rig *r);
void rig_close(struct rig *r);
/* kill -9 and a new start on the same store: an open turn is rolled back. The link is down. */
void rig_crash(struct rig *r);

void rig_begin(struct rig *r);
/* pump_save(), commit, and pump_run(). */
void rig_end(struct rig *r);
/* Nothing of the turn is kept. */
void rig_drop(struct rig *r);
/* pump_run() alone. */
void rig_run(struct rig *r);
/* Takes the first n stanzas of `out` to the server (SIZE_MAX: all); the number it took. */
size_t rig_wire(struct rig *r, size_t n);
/* The oldest n fences come back, in a turn that saves only if that is due. */
void rig_fences(struct rig *r, size_t n);
void rig_pass(struct rig *r, int64_t ms);
/* rig_run(), rig_wire() and rig_fences() until nothing moves, saving what is due. */
void rig_settle(struct rig *r);
/* The link comes up; probed: the probes are over at once. */
void rig_up(struct rig *r, bool probed);
void rig_down(struct rig *r);

/* People p1@corp.example and on; they share presence and are online unless said otherwise. In a turn of its own. */
int64_t rig_person(struct rig *r, bool shares);
struct peer *rig_peer(struct rig *r, int64_t no);
/* Each in a turn of its own, unless one is open. */
void rig_leave(struct rig *r, int64_t no);  /* their last client goes */
void rig_return(struct rig *r, int64_t no); /* and comes back */
void rig_follow(struct rig *r, int64_t who, int64_t whom);
/* The new post, and its event; post 0 where a block forbids it. recipient 0: public. named 0: nobody. */
struct added rig_post(struct rig *r, int64_t author, int64_t parent, int64_t recipient,
                      int64_t named);
struct added rig_announce(struct rig *r, int64_t author, int64_t named);
struct added rig_edit(struct rig *r, int64_t post, int64_t author);
struct added rig_delete(struct rig *r, int64_t post);
void rig_bounce(struct rig *r, int64_t who, const char *id, const char *condition); /* cancel */
void rig_bounce_as(struct rig *r, int64_t who, const char *id, const char *condition,
                   const char *type);

/* How many messages with this id (all for NULL) that person got; how many there are in all. */
size_t rig_count(const struct rig *r, int64_t no, const char *id);
/* Where in got[] the first such message stands, -1: nowhere. */
long rig_find(const struct rig *r, int64_t no, const char *id);
/* "p12" in a static buffer (four of them in turn). */
const char *rig_id(int64_t post);
void rig_forget(struct rig *r); /* empties got[] */

#endif
