/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "bridge/stream.h"
#include "tests/unit/feed.h"

static xmpp_stanza_t *got;

static void opened(void *arg, const char *id)
{
    (void)arg;
    (void)id;
}

static void stanza(void *arg, xmpp_stanza_t *st)
{
    (void)arg;
    assert_null(got);
    got = xmpp_stanza_clone(st);
}

static void refused(void *arg, const struct stream_refused *r)
{
    (void)arg;
    fail_msg("refused: %s", r->limit);
}

static void failed(void *arg, const char *condition, const char *text)
{
    (void)arg;
    (void)text;
    fail_msg("stream error: %s", condition);
}

static void closed(void *arg)
{
    (void)arg;
}

xmpp_stanza_t *feed_stanza(xmpp_ctx_t *ctx, const char *xml)
{
    static const struct stream_events events = {
        .opened = opened, .stanza = stanza, .refused = refused, .error = failed, .closed = closed};
    static const char head[] = "<stream:stream xmlns='jabber:component:accept' "
                               "xmlns:stream='http://etherx.jabber.org/streams' id='1'>";
    struct stream *s = stream_new(ctx, &events, NULL);
    xmpp_stanza_t *out;

    got = NULL;
    assert_int_equal(stream_feed(s, head, strlen(head)), OK);
    assert_int_equal(stream_feed(s, xml, strlen(xml)), OK);
    stream_free(s);
    assert_non_null(got);
    out = got;
    got = NULL;
    return out;
}

xmpp_stanza_t *feed_stanzaf(xmpp_ctx_t *ctx, const char *fmt, ...)
{
    char xml[8192];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(xml, sizeof(xml), fmt, ap);
    va_end(ap);
    assert_true(n > 0 && (size_t)n < sizeof(xml));
    return feed_stanza(ctx, xml);
}
