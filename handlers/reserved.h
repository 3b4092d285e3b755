/* SPDX-License-Identifier: MIT */
/* Words that are taken from the first day (language.md, rule 7) and those of the conversation itself. */
#ifndef HANDLERS_RESERVED_H
#define HANDLERS_RESERVED_H

#include "handlers/command.h"

extern const struct family family_later;    /* not built yet: says so and publishes nothing */
extern const struct family family_dispatch; /* `yes`: dispatch's own */

#endif
