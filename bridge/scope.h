/* SPDX-License-Identifier: MIT */
/* The namespace declarations in scope while a stream is read. */
#ifndef BRIDGE_SCOPE_H
#define BRIDGE_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buffer.h"

#define SCOPE_NAME_MAX 1023 /* bytes of a namespace, or of the prefix of one */
#define SCOPE_BINDINGS 256  /* declarations in scope at once */

struct scope {
    struct binding { /* offsets into strings; the prefix of a default namespace is "" */
        size_t prefix;
        size_t uri;
        unsigned depth; /* of the element that declares it */
    } binding[SCOPE_BINDINGS];
    unsigned n;            /* the innermost is the last */
    struct buffer strings; /* each with its NUL */
};

void scope_init(struct scope *s);
/* Forgets all, and gives its memory back; usable again. */
void scope_reset(struct scope *s);

/* Remembers the declarations among the attributes (name, value, …, NULL) of an element; depth is
 * above that of every open one. False: one too long, or too many; some may be remembered. */
bool scope_open(struct scope *s, unsigned depth, const char *const *atts);
/* The element at depth ends, and what it declared. */
void scope_close(struct scope *s, unsigned depth);

/* Takes "prefix:name" or "name" apart: returns the name (inside full), and through *ns its
 * namespace, "" for none or an undeclared prefix; valid until the next scope_open(). NULL: not a
 * name of XML namespaces. */
const char *scope_resolve(const struct scope *s, const char *full, const char **ns);

#endif
