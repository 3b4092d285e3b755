/* SPDX-License-Identifier: MIT */
/* The conditions of stanza errors (RFC 6120 §8.3.3), for counting: a bounded list, whatever a server says. */
#ifndef BRIDGE_CONDITIONS_H
#define BRIDGE_CONDITIONS_H

#include <stddef.h>

#define CONDITIONS 24 /* the last is "other" */

size_t condition_index(const char *condition);
const char *condition_name(size_t index); /* NULL beyond the last */

#endif
