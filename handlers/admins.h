/* SPDX-License-Identifier: MIT */
/* Who administers: those the configuration names, and those to whom the role was given. What a person is told on the
 * service's own account. */
#ifndef HANDLERS_ADMINS_H
#define HANDLERS_ADMINS_H

#include "handlers/command.h"

/* The role that counts: the one kept, or administrator by the configuration. */
enum role admins_role(const struct service_options *o, const struct person *p);
/* Whether the configuration makes them one, which no command changes. */
bool admins_configured(const struct service_options *o, const struct person *p);
/* The active ones who have an account, at most LIMIT_ADMINS. */
enum err admins_find(struct call *c, struct person **out, size_t *n) MUST_USE;

/* The record of something that was done: part of the same transaction. `action` is the second word of the command's
 * name; whom and post 0: none; detail: what was typed, at most LIMIT_REPORT code points. */
enum err admins_record(struct call *c, const char *action, int64_t whom, int64_t post,
                       const char *detail) MUST_USE;
/* A reason that was typed: E_LIMIT, said, if it is too long. */
enum err admins_check_reason(struct call *c, const char *reason) MUST_USE;
/* Tells the administrators of a public post with words they watch. */
enum err admins_watch(struct call *c, int64_t post, const char *text) MUST_USE;

/* The language somebody is spoken to in. */
enum lang call_lang_of(const struct call *c, const struct person *p);
/* A notice to a person, about a post or (0) none; the text is in their language. */
enum err call_notice(struct call *c, const struct person *p, int64_t post,
                     const char *text) MUST_USE;

#endif
