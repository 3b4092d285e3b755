/* SPDX-License-Identifier: MIT */
/* What clients do without words: correct (XEP-0308), retract (XEP-0424), react (XEP-0444), reply (XEP-0461).
 *
 * The ids they name are claims, judged as if #1234 had been typed: one's own messages are found by what they made
 * (store_claim_find), ours by compose_id_post(); anything else is answered "name the post by its number". */
#ifndef HANDLERS_NATIVE_GESTURES_H
#define HANDLERS_NATIVE_GESTURES_H

#include "handlers/command.h"

/* Rule 8 of the language. E_NOTFOUND with nothing said: the corrected line did nothing yet, the new one is that line
 * anew and goes the way of any line. Sets call->made to the post, so that this message's id leads to it too. */
enum err gesture_correct(struct call *c) MUST_USE;
enum err gesture_retract(struct call *c) MUST_USE;
/* Any reaction likes, the empty set takes the like back. */
enum err gesture_react(struct call *c) MUST_USE;
/* The body answers the post. A body that forces a command (/home) is one; one that would write as a command is asked about. */
enum err gesture_reply(struct call *c) MUST_USE;

#endif
