/* SPDX-License-Identifier: MIT */
/* What the table of commands says about itself on paper: the middle of doc/jaejal-commands.7 and all of doc/commands.md,
 * in English with the Korean words. Both are in the tree; "make update-commands" renews them, a test compares them. */
#ifndef HANDLERS_MANUAL_H
#define HANDLERS_MANUAL_H

#include "base/buffer.h"
#include "handlers/command.h"

/* One row as an item of an mdoc list, whatever characters it has; brief: without examples. */
void manual_add_row(struct buffer *out, const struct command *row, bool brief);
/* mdoc: the families that work, a subsection each; and the words that are only kept free. */
void manual_commands(struct buffer *out);
void manual_reserved(struct buffer *out);
/* Markdown: the page "All commands". */
void manual_table(struct buffer *out);
/* Markdown: the handful for the first day, for README.md. */
void manual_first(struct buffer *out);

#endif
