/* SPDX-License-Identifier: MIT */
/* A turn over a store in memory, its clock held, for tests that feed it stanzas and look at what goes out. */
#ifndef TESTS_UNIT_TURN_RIG_H
#define TESTS_UNIT_TURN_RIG_H

#include "bridge/turn.h"

#define START 1763888400000LL /* 2025-11-23 09:00 UTC */

extern struct settings settings; /* a test may change it before turn_rig_open() */
extern xmpp_ctx_t *ctx;
extern struct store *store;
extern struct turn *turn;
extern struct buffer out; /* what went out; what is read of it stays */
extern bool owed;         /* an answer is expected from the server */

/* Another turn over the store that is there. */
void turn_rig_make(void);
/* A store, and a turn whose link is up. */
void turn_rig_open(void);
void turn_rig_close(void);
/* One stanza that came in. */
void feed(const char *xml);

#endif
