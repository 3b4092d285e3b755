/* SPDX-License-Identifier: MIT */
/* What clients do without typing a command: second doors to the same handlers.
 *
 * Each says its answer into the call and sets c->writes, c->made and c->about as a command's run would. */
#ifndef HANDLERS_NATIVE_GESTURES_H
#define HANDLERS_NATIVE_GESTURES_H

#include "base/err.h"
#include "handlers/command.h"

/* XEP-0308, rule 8. E_NOTFOUND with nothing said: nothing came of the line that is corrected, read the body anew as a line. */
enum err gesture_correct(struct call *c) MUST_USE;
/* XEP-0424: of one's own message. */
enum err gesture_retract(struct call *c) MUST_USE;
/* XEP-0444. */
enum err gesture_react(struct call *c) MUST_USE;
/* XEP-0461. E_NOTFOUND with nothing said: what is answered is no post (an answer of ours, say): read the body as a line. */
enum err gesture_reply(struct call *c) MUST_USE;

#endif
