/* SPDX-License-Identifier: MIT */
/* Forms in plain chat: one question a message, for clients that show no forms.
 *
 * Where a command lacks its arguments, `yes` begins one (dialogue_offer). While it stands open the next plain message is the
 * answer to its question, `back` and `cancel` aside; a line with its sign ("/home") is not. An answer is never published, nor
 * is its correction or repeat, and not when the program was restarted in between. Dies after LIMIT_PENDING_MS. */
#ifndef HANDLERS_DIALOGUE_H
#define HANDLERS_DIALOGUE_H

#include <stdbool.h>
#include "base/err.h"
#include "handlers/dispatch.h"

/* Offers to ask for what a line lacks; what it has is kept. Behind call_ask(). False: there is nothing to ask for. */
bool dialogue_offer(struct call *c, const struct reading *rd);
/* Offers a list: a number alone begins a row's dialogue with the nth of these words (blanks between) as its first argument. */
void dialogue_offer_list(struct call *c, const struct command *row, const char *words);
/* Begins one for a row, at its k-th argument; values of those before it may be filled in (NULL: not). */
enum err dialogue_begin(struct call *c, const struct command *row, size_t k,
                        const char *const *values) MUST_USE;

/* A yes: begins what was offered. *done false: nothing was. */
enum err dialogue_yes(struct call *c, bool *done) MUST_USE;
/* A line that came in: the answer to what is asked. *done false: nothing is asked, or it is none. Takes an offer back. */
enum err dialogue_line(struct call *c, const char *line, bool *done) MUST_USE;

#endif
