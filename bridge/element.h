/* SPDX-License-Identifier: MIT */
/* Reading elements of a stanza.
 *
 * What bridge/stream hands out has "xmlns" only where it differs from the parent's, and only real
 * attributes; so a namespace is always asked for together with the parent's. */
#ifndef BRIDGE_ELEMENT_H
#define BRIDGE_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>
#include "base/arena.h"

/* The namespace of an element inside a parent whose namespace is `inherited`. */
const char *element_ns(xmpp_stanza_t *el, const char *inherited);
/* False for text. ns NULL: any. */
bool element_is(xmpp_stanza_t *el, const char *inherited, const char *name, const char *ns);
/* The first child element of that name and namespace; NULL if there is none. `inherited` is the
 * parent's own namespace. */
xmpp_stanza_t *element_find(xmpp_stanza_t *parent, const char *inherited, const char *name,
                            const char *ns);
/* The character data directly inside, copied; "" if there is none, NULL if it is longer than max. */
char *element_text(struct arena *a, xmpp_stanza_t *el, size_t max);
/* An attribute, copied; NULL if it is missing, empty or longer than max. */
char *element_attribute(struct arena *a, xmpp_stanza_t *el, const char *key, size_t max);

#endif
