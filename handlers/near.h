/* SPDX-License-Identifier: MIT */
/* Near misses: what may have been meant as a command (language.md, rule 4). */
#ifndef HANDLERS_NEAR_H
#define HANDLERS_NEAR_H

#include "base/err.h"
#include "handlers/arguments.h"
#include "handlers/dispatch.h"

/* A line that begins with no command word: a slip from one, one typed with the Korean keyboard on, or the habit of an
 * earlier service makes it READING_ASK. */
enum err near_miss(struct call *c, const struct tokens *t, struct reading *rd) MUST_USE;
/* The line here that does what an earlier service did for these words ("S @nick", "D #12"); NULL: none. */
enum err near_habit(struct call *c, const struct tokens *t, const char **proposed) MUST_USE;
/* The row with a word one slip from this one, for "did you mean"; NULL. *word: that word. */
const struct command *near_word(struct call *c, const char *folded, const char **word);

/* In dispatch.c. */
void reading_ask(struct reading *rd, enum reading_why why, const struct command *row,
                 const char *bad, const char *proposed);

/* Reads a line in place of the one that was typed, keeping how that one was typed (forced …). */
enum err reading_go_on(struct call *c, const char *line, struct reading *rd) MUST_USE;

#endif
