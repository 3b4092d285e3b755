/* SPDX-License-Identifier: MIT */
/* Help, all of it out of the rows. */
#ifndef HANDLERS_HELP_H
#define HANDLERS_HELP_H

#include "handlers/command.h"

/* The run function of `help [COMMAND]`: args[0] a command word, "all", or nothing. */
enum err help_run(struct call *c) MUST_USE;

#endif
