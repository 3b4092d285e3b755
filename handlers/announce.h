/* SPDX-License-Identifier: MIT */
/* Announcements: what `#20` says about who has read one. */
#ifndef HANDLERS_ANNOUNCE_H
#define HANDLERS_ANNOUNCE_H

#include "handlers/command.h"

/* Its author, and who may announce, see how many have read it; everybody else how to say so, or that they did. */
enum err call_put_announcement(struct call *c, const struct post *p) MUST_USE;

#endif
