/* SPDX-License-Identifier: MIT */
/* Short forms of one's own: what stands in them, and lines that begin with one. */
#ifndef HANDLERS_ALIAS_H
#define HANDLERS_ALIAS_H

#include <stdbool.h>
#include <stddef.h>
#include "handlers/arguments.h"
#include "handlers/dispatch.h"

/* How many words a short form needs behind its name: the highest of its %1 to %9, 1 where only %* stands in it; 0: it
 * takes none. */
size_t alias_needs(const char *text);
/* How often anything is filled in. */
size_t alias_places(const char *text);
/* What it stands for with these words behind the name (word 0). The highest number takes all that is left, where no %* does.
 * E_USAGE: words are missing or left over. E_LIMIT: it comes to more than LIMIT_BODY. */
enum err alias_fill(struct arena *a, const char *text, const struct tokens *t,
                    const char **out) MUST_USE;
/* Whether it can be a command at all: it is tried with words, people, posts, tags, times in its places. Store errors only. */
enum err alias_is_command(struct call *c, const char *text, bool *is) MUST_USE;

/* A line whose first word is the name of one: it is read as what the short form stands for. *done false: it is none. */
enum err alias_read(struct call *c, const struct tokens *t, struct reading *rd,
                    bool *done) MUST_USE;

#endif
