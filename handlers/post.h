/* SPDX-License-Identifier: MIT */
/* Writing, as commands and native gestures share it (call_post and call_edit stand in command.h). */
#ifndef HANDLERS_POST_H
#define HANDLERS_POST_H

#include "handlers/command.h"

/* Takes one's own post, or one's repeat of somebody else's, back. E_DENIED with the refusal said. */
enum err call_delete(struct call *c, const struct post *p) MUST_USE;
/* Takes one's repeat of a post back, which one need not see any more. E_NOTFOUND, nothing said. */
enum err call_unrepeat(struct call *c, int64_t post) MUST_USE;
/* E_DENIED: one's own. */
enum err call_like(struct call *c, const struct post *p) MUST_USE;
enum err call_unlike(struct call *c, const struct post *p) MUST_USE;
/* "s/old/new/" on a text: the first occurrence, all with a g behind. NULL: old does not occur. E_USAGE: it
 * cannot be read. *old is what was looked for. */
enum err call_substitute(struct call *c, const char *typed, const char *text, const char **old,
                         char **out) MUST_USE;
/* A text that is to be published: E_USAGE empty, E_LIMIT too long, with the refusal said. */
enum err call_check_text(struct call *c, const char *text) MUST_USE;
/* A count beyond those that are exact, as "about 23,000" says it. */
long long call_round(int64_t n);
/* "#1234", "Alice Kim (@alice)" */
const char *call_ref(struct call *c, int64_t post);
const char *call_person(struct call *c, const struct person *p);
const char *call_author(struct call *c, const struct post *p);

#endif
