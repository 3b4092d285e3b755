/* SPDX-License-Identifier: MIT */
/* Jabber identifiers, prepared (RFC 6122: nodeprep, nameprep, resourceprep, by libidn).
 *
 * Every JID that arrives is prepared before any look-up, and only prepared ones are sent:
 * ejabberd hands `to` on as it was typed (architecture, "Identity"). */
#ifndef BASE_JID_H
#define BASE_JID_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

struct jid {
    const char *local;    /* NULL where there is none */
    const char *domain;   /* never NULL */
    const char *resource; /* NULL where there is none */
};

/* Splits at the first '/', then at the first '@' before it, and prepares the parts.
 * E_USAGE: empty or forbidden parts, more than LIMIT_JID_PART bytes in one, not UTF-8.
 * A trailing dot of the domain is taken off. Strings live in the arena. */
enum err jid_parse(struct arena *a, const char *s, struct jid *out) MUST_USE;
/* local@domain, or domain alone. */
char *jid_bare(struct arena *a, const struct jid *j);
char *jid_full(struct arena *a, const struct jid *j);
/* True if the domain stands in the list of n prepared names, exactly: a subdomain is another domain. */
bool jid_domain_in(const struct jid *j, const char *const *domains, size_t n);

#endif
