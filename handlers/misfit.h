/* SPDX-License-Identifier: MIT */
/* A line that begins with a command word and is not in its form (language.md, rule 4 (a) and (b)). */
#ifndef HANDLERS_MISFIT_H
#define HANDLERS_MISFIT_H

#include "handlers/arguments.h"
#include "handlers/dispatch.h"

/* f: how it did not fit the row. Makes rd a question, with what `yes` may do where that can be guessed; or leaves it as it is: then
 * it is a post. Store errors only. */
enum err misfit_read(struct call *c, const struct command *row, const struct tokens *t,
                     const struct fitting *f, struct reading *rd) MUST_USE;

#endif
