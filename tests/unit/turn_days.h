/* SPDX-License-Identifier: MIT */
/* The turn of turn_rig.h through hours and days: the server answers every fence, the clock jumps to what is due. */
#ifndef TESTS_UNIT_TURN_DAYS_H
#define TESTS_UNIT_TURN_DAYS_H

#include "tests/unit/turn_rig.h"

extern size_t fenced; /* what of `out` is answered: 0 again where out is emptied */

/* turn_rig_open(), nothing answered yet. */
void turn_days_open(void);
/* A line from who@corp.example/pc, in a turn of its own. */
void tell(const char *who, const char *text);
/* Lets that much time pass, everything done as it is due; how often the loop woke. */
int pass(int64_t ms);
/* How often that stands in `out`. */
size_t count(const char *what);

#endif
