/* SPDX-License-Identifier: MIT */
/* What people did, counted since the start, for metrics: kinds of posts, commands by their row, refusals by their reason.
 * Never who, whom or what about. Counted with the turn: what was undone was not done. */
#ifndef HANDLERS_TALLY_H
#define HANDLERS_TALLY_H

#include <stdint.h>

#include "handlers/command.h"

#define TALLY_ROWS 256  /* rows of the table */
#define TALLY_STAGED 64 /* kinds of things counted in one turn; what is beyond counts at once */

enum tally_kind {
    TALLY_POST,
    TALLY_REPLY,
    TALLY_EDIT,
    TALLY_DELETE,
    TALLY_LIKE,
    TALLY_UNLIKE,
    TALLY_TOO_FAST,   /* what was refused, from here on */
    TALLY_UNCLEAR,    /* not understood, or asked about first */
    TALLY_DENIED,     /* a command that could not do what it was told */
    TALLY_CLOSED,     /* of an account that is closed */
    TALLY_UNREADABLE, /* encrypted, or too long to be read */
    N_TALLIES
};

struct tally {
    uint64_t n[N_TALLIES];
    uint64_t commands[TALLY_ROWS]; /* in the order of the table, all families in a row */
    struct {
        uint16_t slot, n;
    } staged[TALLY_STAGED];
    size_t n_staged, mark;
};

void tally_add(struct call *c, enum tally_kind kind);
void tally_command(struct call *c, const struct command *row);

/* With service_committed(), service_undone(), service_dropped(), and where a request begins. */
void tally_begin(struct tally *t);
void tally_committed(struct tally *t);
void tally_undone(struct tally *t);
void tally_dropped(struct tally *t);

/* The rows in the order of `commands`; NULL behind the last. */
const struct command *tally_row(size_t at);

#endif
