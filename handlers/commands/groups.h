/* SPDX-License-Identifier: MIT */
/* Groups, as their commands and those of other families (follow, mute, pin) share them. */
#ifndef HANDLERS_COMMANDS_GROUPS_H
#define HANDLERS_COMMANDS_GROUPS_H

#include "handlers/command.h"

/* What `join` and `drop` do, and `follow`, `unfollow` with a group. Refusals are said. */
enum err group_join(struct call *c, const struct group *g) MUST_USE;
enum err group_drop(struct call *c, const struct group *g) MUST_USE;
/* E_DENIED with the refusal said, where the caller owns it not. */
enum err group_check_owner(struct call *c, const struct group *g) MUST_USE;
/* How a group is called for somebody else: a label is the viewer's own. */
const char *group_label_for(struct call *c, const struct group *g, const struct person *p);

/* members.c */
enum err run_join(struct call *c) MUST_USE;
enum err run_drop(struct call *c) MUST_USE;
enum err run_members(struct call *c) MUST_USE;
enum err run_add(struct call *c) MUST_USE;
enum err run_remove(struct call *c) MUST_USE;
enum err run_group_owner(struct call *c) MUST_USE;

#endif
