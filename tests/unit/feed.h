/* SPDX-License-Identifier: MIT */
/* Stanzas for tests, read as the link reads them. */
#ifndef TESTS_UNIT_FEED_H
#define TESTS_UNIT_FEED_H

#include <strophe.h>

/* The one stanza in xml; fails the test if it is none, or refused. The caller releases it. */
xmpp_stanza_t *feed_stanza(xmpp_ctx_t *ctx, const char *xml);
/* The same, with attributes and children in single quotes only, from a format. */
xmpp_stanza_t *feed_stanzaf(xmpp_ctx_t *ctx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
