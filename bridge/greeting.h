/* SPDX-License-Identifier: MIT */
/* The parts of coming and going that need no connection: the proof of the secret, the pause before
 * the next try, the names of the reasons. */
#ifndef BRIDGE_GREETING_H
#define BRIDGE_GREETING_H

#include <stdint.h>
#include "base/err.h"
#include "bridge/link.h"

#define GREETING_DIGEST 41 /* 40 hexadecimal digits and a NUL */

/* XEP-0114: the SHA-1 of the stream's id with the secret behind it. E_SYSTEM: OpenSSL has no SHA-1. */
enum err greeting_digest(const char *id, const char *secret, char out[GREETING_DIGEST]) MUST_USE;

/* Milliseconds to wait after so many failures in a row before this one: LINK_PAUSE_MS doubling to
 * LINK_PAUSE_MAX_MS, a quarter more or less by chance, so that components that one server lost
 * together do not come back together. At least LINK_PAUSE_CONFLICT_MS after a conflict. */
int64_t greeting_pause(unsigned failed, enum link_why why);

#endif
