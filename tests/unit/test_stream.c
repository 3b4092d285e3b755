/* SPDX-License-Identifier: MIT */
/* The stream of a hostile or clumsy peer: what libstrophe's own parser got wrong, and the limits. */
#include "bridge/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <cmocka.h>

#include "base/buffer.h"
#include "base/limits.h"

#define HEADER                                                                                     \
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "         \
    "xmlns='jabber:component:accept' id='abc' from='blog.corp.example'>"
#define FORGED "<message from='eve@corp.example' xmlns:x='urn:evil' x:from='boss@corp.example'"

/* What the stream told, one line each. */
struct seen {
    xmpp_ctx_t *ctx;
    struct buffer log;
    unsigned stanzas;
    unsigned refusals;
};

static void on_opened(void *arg, const char *id)
{
    struct seen *seen = arg;

    buffer_addf(&seen->log, "opened %s\n", id == NULL ? "-" : id);
}

static void on_stanza(void *arg, xmpp_stanza_t *stanza)
{
    struct seen *seen = arg;
    char *text;
    size_t len;

    seen->stanzas++;
    assert_int_equal(xmpp_stanza_to_text(stanza, &text, &len), XMPP_EOK);
    buffer_addf(&seen->log, "stanza %s\n", text);
    xmpp_free(seen->ctx, text);
}

static const char *or_dash(const char *s)
{
    return s == NULL ? "-" : s;
}

static void on_refused(void *arg, const struct stream_refused *refused)
{
    struct seen *seen = arg;
    xmpp_stanza_t *top = refused->top;

    seen->refusals++;
    assert_null(xmpp_stanza_get_children(top));
    buffer_addf(&seen->log, "refused %s %s from=%s to=%s id=%s type=%s\n", refused->limit,
                xmpp_stanza_get_name(top), or_dash(xmpp_stanza_get_from(top)),
                or_dash(xmpp_stanza_get_to(top)), or_dash(xmpp_stanza_get_id(top)),
                or_dash(xmpp_stanza_get_type(top)));
}

static void on_error(void *arg, const char *condition, const char *text)
{
    struct seen *seen = arg;

    buffer_addf(&seen->log, "error %s %s\n", condition, text == NULL ? "-" : text);
}

static void on_closed(void *arg)
{
    struct seen *seen = arg;

    buffer_adds(&seen->log, "closed\n");
}

static const struct stream_events events = {on_opened, on_stanza, on_refused, on_error, on_closed};

static struct seen seen;
static struct stream *stream;

static int setup(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof(seen));
    buffer_init(&seen.log, 1 << 24);
    seen.ctx = xmpp_ctx_new(NULL, NULL);
    stream = stream_new(seen.ctx, &events, &seen);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stream_free(stream);
    buffer_fini(&seen.log);
    xmpp_ctx_free(seen.ctx);
    return 0;
}

static enum err feed(const char *s)
{
    return stream_feed(stream, s, strlen(s));
}

/* A stream behind its header, with an empty log. */
static void open_stream(void)
{
    assert_int_equal(feed(HEADER), OK);
    assert_string_equal(seen.log.data, "opened abc\n");
    buffer_reset(&seen.log);
}

static void start_again(void)
{
    stream_free(stream);
    buffer_reset(&seen.log);
    stream = stream_new(seen.ctx, &events, &seen);
}

/* n times s, malloced. */
static char *repeat(const char *s, size_t n)
{
    size_t len = strlen(s), i;
    char *out = malloc(n * len + 1);

    assert_non_null(out);
    for (i = 0; i < n; i++) {
        memcpy(out + i * len, s, len);
    }
    out[n * len] = '\0';
    return out;
}

static double cpu_ms(void)
{
    struct timespec t;

    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A generous bound: what these inputs cost a parser that walks lists is seconds. Sanitizers are slow. */
static double patience_ms(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return 1000;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return 1000;
#else
    return 100;
#endif
#else
    return 100;
#endif
}

/* ------------------------------------------------------------------ what stanzas look like */

static void stanza_plain(void **state)
{
    (void)state;
    open_stream();
    assert_int_equal(feed("<message from='a@b' to='c@d'><body>x &lt; y &#xAC00;<![CDATA[<&]]>"
                          "</body></message>"),
                     OK);
    assert_non_null(strstr(seen.log.data, "<body>x &lt; y \xEA\xB0\x80&lt;&amp;</body>"));
    assert_non_null(strstr(seen.log.data, "from=\"a@b\""));
    assert_int_equal(seen.stanzas, 1);
}

static void stanza_namespaces(void **state)
{
    (void)state;
    open_stream();
    assert_int_equal(feed("<iq><p:pubsub xmlns:p='urn:p'><p:items/><items/></p:pubsub></iq>"), OK);
    assert_string_equal(seen.log.data, "stanza <iq><pubsub xmlns=\"urn:p\"><items/><items xmlns=\""
                                       "jabber:component:accept\"/></pubsub></iq>\n");
    buffer_reset(&seen.log);
    /* Declarations end with their element, inner ones win, "" takes the default away. */
    assert_int_equal(feed("<iq><q xmlns='urn:q'><r/><s xmlns='urn:s'/><t/><u xmlns=''/></q><v/>"
                          "<p:w/></iq>"),
                     OK);
    assert_string_equal(seen.log.data,
                        "stanza <iq><q xmlns=\"urn:q\"><r/><s xmlns=\"urn:s\"/><t/><u xmlns=\"\"/>"
                        "</q><v/><w xmlns=\"\"/></iq>\n");
    buffer_reset(&seen.log);
    assert_int_equal(feed("<message xmlns='jabber:client'><body/></message>"), OK);
    assert_non_null(strstr(seen.log.data, "<body/>"));
}

static xmpp_stanza_t *kept;

static void keep_stanza(void *arg, xmpp_stanza_t *stanza)
{
    (void)arg;
    kept = xmpp_stanza_clone(stanza);
}

/* A stanza may be kept beyond the call; absent xmlns means the parent's. */
static void stanza_kept(void **state)
{
    static const struct stream_events keep = {on_opened, keep_stanza, on_refused, on_error,
                                              on_closed};
    struct stream *other = stream_new(seen.ctx, &keep, &seen);
    xmpp_stanza_t *x;

    (void)state;
    kept = NULL;
    assert_int_equal(stream_feed(other, HEADER, strlen(HEADER)), OK);
    assert_int_equal(stream_feed(other, "<iq><x xmlns='urn:x'><y/></x></iq>", 34), OK);
    stream_free(other);
    assert_non_null(kept);
    assert_null(xmpp_stanza_get_ns(kept));
    x = xmpp_stanza_get_child_by_name_and_ns(kept, "x", "urn:x");
    assert_non_null(x);
    assert_null(xmpp_stanza_get_ns(xmpp_stanza_get_child_by_name(x, "y")));
    xmpp_stanza_release(kept);
}

static void stanza_language(void **state)
{
    (void)state;
    open_stream();
    assert_int_equal(feed("<message xml:lang='ko' lang='xx'/>"), OK);
    assert_non_null(strstr(seen.log.data, "xml:lang=\"ko\""));
    assert_non_null(strstr(seen.log.data, " lang=\"xx\""));
}

static void comments_and_instructions_leave_no_trace(void **state)
{
    (void)state;
    open_stream();
    assert_int_equal(feed("<!-- a --><message><!-- b --><body>1<?x y?>2<!-- < -->3</body></message>"
                          " \n\t<?z?>"),
                     OK);
    assert_string_equal(seen.log.data, "stanza <message><body>123</body></message>\n");
}

/* ------------------------------------------------------------------ hostile input */

/* The hole that Prosody and libstrophe make together: any employee could be the boss. */
static void forged_attributes_are_ignored(void **state)
{
    static const char *const keys[] = {"from", "to", "id", "type"};
    char stanza[512], wanted[64];
    size_t i;

    (void)state;
    open_stream();
    for (i = 0; i < ARRAY_LEN(keys); i++) {
        int n = snprintf(stanza, sizeof(stanza),
                         "<message xmlns:x='urn:evil' x:%s='boss@corp.example' %s='eve' "
                         "x:%s='boss@corp.example' xmlns:y='urn:y' y:%s='boss@corp.example'/>",
                         keys[i], keys[i], "other", keys[i]);

        assert_in_range(n, 1, sizeof(stanza) - 1);
        buffer_reset(&seen.log);
        assert_int_equal(feed(stanza), OK);
        (void)snprintf(wanted, sizeof(wanted), "stanza <message %s=\"eve\"/>\n", keys[i]);
        assert_string_equal(seen.log.data, wanted);
    }
    /* And where the stanza is refused, the answer goes to who sent it. */
    buffer_reset(&seen.log);
    assert_int_equal(feed(FORGED ">"), OK);
    for (i = 0; i <= LIMIT_STANZA_CHILDREN; i++) {
        assert_int_equal(feed("<a/>"), OK);
    }
    assert_int_equal(feed("</message>"), OK);
    assert_string_equal(seen.log.data,
                        "refused children message from=eve@corp.example to=- id=- type=-\n");
}

/* However the bytes are cut, a stanza is out with its last one. */
static void every_split_fires_at_once(void **state)
{
    static const char text[] =
        "<message from='a@b' to='c@d/e' id='1' xmlns:x='urn:x' x:from='q'><body>hello &amp; "
        "\xED\x9A\x8C\xEC\x9D\x98</body><x:y z='1'/></message>";
    size_t len = sizeof(text) - 1, cut, i;

    (void)state;
    for (cut = 1; cut < len; cut++) {
        start_again();
        open_stream();
        seen.stanzas = 0;
        assert_int_equal(stream_feed(stream, text, cut), OK);
        assert_int_equal(seen.stanzas, 0);
        assert_int_equal(stream_feed(stream, text + cut, len - cut), OK);
        assert_int_equal(seen.stanzas, 1);
    }
    start_again();
    for (i = 0; i < strlen(HEADER); i++) {
        assert_int_equal(stream_feed(stream, &HEADER[i], 1), OK);
    }
    assert_string_equal(seen.log.data, "opened abc\n");
    seen.stanzas = 0;
    for (i = 0; i < len; i++) {
        assert_int_equal(seen.stanzas, 0);
        assert_int_equal(stream_feed(stream, text + i, 1), OK);
    }
    assert_int_equal(seen.stanzas, 1);
}

/* Sizes at which expat's deferral held 9 of 9 start tags back. */
static void a_long_tag_over_two_reads_fires_at_once(void **state)
{
    size_t first;
    char *value = repeat("v", 6000);

    (void)state;
    open_stream();
    for (first = 40; first <= 2000; first += 35) {
        seen.stanzas = 0;
        assert_int_equal(feed("<message id='"), OK);
        assert_int_equal(stream_feed(stream, value, first), OK);
        assert_int_equal(stream_feed(stream, value, 3000), OK);
        assert_int_equal(seen.stanzas, 0);
        assert_int_equal(feed("'/>"), OK);
        assert_int_equal(seen.stanzas, 1);
    }
    free(value);
}

/* The stanza behind a refused one arrives. The time is that of both. */
static void refused_then_fine(const char *limit, const char *before, const char *unit, size_t n,
                              const char *after)
{
    char *many = repeat(unit, n), wanted[200];
    double began = cpu_ms();
    enum err e;

    assert_int_equal(feed(before), OK);
    assert_int_equal(stream_feed(stream, many, strlen(many)), OK);
    e = feed(after);
    assert_int_equal(e, OK);
    assert_int_equal(seen.stanzas, 0);
    assert_int_equal(feed("<presence/>"), OK);
    assert_true(cpu_ms() - began < patience_ms());
    (void)snprintf(wanted, sizeof(wanted),
                   "refused %s message from=a@b to=c@d id=i type=chat\nstanza <presence/>\n",
                   limit);
    assert_string_equal(seen.log.data, wanted);
    free(many);
}

#define TOP "<message from='a@b' to='c@d' id='i' type='chat'>"

static void many_children(void **state)
{
    (void)state;
    open_stream();
    refused_then_fine("children", TOP, "<a/>", 64000, "</message>");
}

static void deep_nesting(void **state)
{
    char *ends = repeat("</a>", 100000), *after = malloc(strlen(ends) + 20);

    (void)state;
    assert_non_null(after);
    (void)stpcpy(stpcpy(after, ends), "</message>");
    open_stream();
    refused_then_fine("depth", TOP, "<a>", 100000, after);
    free(ends);
    free(after);
}

static void bottomless_nesting_ends_the_stream(void **state)
{
    char *many = repeat("<a>", STREAM_SKIP_DEPTH + 1);

    (void)state;
    open_stream();
    assert_int_equal(feed(TOP), OK);
    assert_int_equal(stream_feed(stream, many, strlen(many)), E_PROTO);
    assert_non_null(strstr(stream_problem(stream), "nested"));
    free(many);
}

static void many_newlines(void **state)
{
    double began = cpu_ms();
    char *many = repeat("\n", 250000);

    (void)state;
    open_stream();
    assert_int_equal(feed("<message><body>"), OK);
    assert_int_equal(stream_feed(stream, many, strlen(many)), OK);
    assert_int_equal(feed("</body></message>"), OK);
    assert_int_equal(seen.stanzas, 1);
    assert_true(cpu_ms() - began < patience_ms());
    free(many);
}

static void long_text(void **state)
{
    (void)state;
    open_stream();
    refused_then_fine("bytes", TOP "<body>", "0123456789abcdef", 125000, "</body></message>");
}

/* 256 KiB of quotes, as a server writes them. */
static void long_attribute(void **state)
{
    (void)state;
    open_stream();
    refused_then_fine("bytes", TOP "<x a='", "&quot;", 262144, "'/></message>");
}

static void long_attribute_of_the_stanza(void **state)
{
    char *many = repeat("&quot;", 100000);

    (void)state;
    open_stream();
    assert_int_equal(feed("<message from='a@b' x='"), OK);
    assert_int_equal(stream_feed(stream, many, strlen(many)), OK);
    assert_int_equal(feed("' to='c@d' id='"), OK);
    assert_int_equal(stream_feed(stream, many, 6 * (LIMIT_STANZA_ID + 1)), OK);
    assert_int_equal(feed("'/>"), OK);
    assert_string_equal(seen.log.data, "refused bytes message from=a@b to=c@d id=- type=-\n");
    free(many);
}

/* In small pieces: the unfinished tag must not be read again for each of them. */
static void long_tag_in_small_reads(void **state)
{
    char *many = repeat("0123456789abcdef", 64);
    double began = cpu_ms();
    size_t i;

    (void)state;
    open_stream();
    assert_int_equal(feed("<message x='"), OK);
    for (i = 0; i < 1500; i++) {
        assert_int_equal(stream_feed(stream, many, 1024), OK);
    }
    assert_int_equal(feed("' from='a@b'/>"), OK);
    assert_string_equal(seen.log.data, "refused bytes message from=a@b to=- id=- type=-\n");
    assert_true(cpu_ms() - began < patience_ms());
    free(many);
}

static void endless_tag_ends_the_stream(void **state)
{
    char *many = repeat("0123456789abcdef", 4096);
    enum err e = OK;
    size_t i;

    (void)state;
    open_stream();
    assert_int_equal(feed("<message x='"), OK);
    for (i = 0; i < STREAM_TAG_MAX / 65536 + 1 && e == OK; i++) {
        e = stream_feed(stream, many, 65536);
    }
    assert_int_equal(e, E_PROTO);
    assert_non_null(strstr(stream_problem(stream), "tag"));
    assert_int_equal(feed("'/>"), E_PROTO);
    free(many);
}

static void many_attributes(void **state)
{
    struct buffer b;
    unsigned n;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (n = LIMIT_STANZA_ATTRIBUTES; n <= LIMIT_STANZA_ATTRIBUTES + 1; n++) {
        unsigned i;

        start_again();
        open_stream();
        buffer_reset(&b);
        buffer_adds(&b, TOP "<x");
        for (i = 0; i < n; i++) {
            buffer_addf(&b, " a%u=''", i);
        }
        buffer_adds(&b, "/></message>");
        assert_int_equal(feed(b.data), OK);
        assert_int_equal(seen.refusals, n > LIMIT_STANZA_ATTRIBUTES);
    }
    assert_string_equal(seen.log.data,
                        "refused attributes message from=a@b to=c@d id=i type=chat\n");
    buffer_fini(&b);
}

/* A long namespace that many elements or attributes refer to: copies, or walks, of it add up. */
static void long_namespace(void **state)
{
    char *name = repeat("n", 100000), *uses = repeat("<p:a/>", 20000);
    double began = cpu_ms();

    (void)state;
    open_stream();
    assert_int_equal(feed(TOP "<x xmlns:p='"), OK);
    assert_int_equal(feed(name), OK);
    assert_int_equal(feed("'>"), OK);
    assert_int_equal(feed(uses), OK);
    assert_int_equal(feed("<a"), OK);
    free(uses);
    uses = repeat(" p:a='' ", 1);
    assert_int_equal(feed(uses), OK);
    assert_int_equal(feed("/></x></message><presence/>"), OK);
    assert_string_equal(seen.log.data, "refused names message from=a@b to=c@d id=i type=chat\n"
                                       "stanza <presence/>\n");
    assert_true(cpu_ms() - began < patience_ms());
    free(name);
    free(uses);
}

static void names_that_xml_namespaces_forbid(void **state)
{
    (void)state;
    open_stream();
    assert_int_equal(feed(TOP "<a:b:c/></message>"), OK);
    assert_int_equal(feed(TOP "<a:/></message>"), OK);
    assert_int_equal(feed(TOP "<:a/></message>"), OK);
    assert_int_equal(seen.refusals, 3);
    assert_int_equal(seen.stanzas, 0);
}

/* One byte and one element more than the limit, and exactly the limit. */
static void limits_are_exact(void **state)
{
    size_t over;

    (void)state;
    for (over = 0; over <= 1; over++) {
        char *fill, *kids, *deep, *ends;

        start_again();
        open_stream();
        seen.stanzas = seen.refusals = 0;
        fill = repeat("x", LIMIT_STANZA - strlen("<message></message>") + over);
        assert_int_equal(feed("<message>"), OK);
        assert_int_equal(feed(fill), OK);
        assert_int_equal(feed("</message>"), OK);
        kids = repeat("<a/>", LIMIT_STANZA_CHILDREN + over);
        assert_int_equal(feed("<message>"), OK);
        assert_int_equal(feed(kids), OK);
        assert_int_equal(feed("</message>"), OK);
        deep = repeat("<a>", LIMIT_STANZA_DEPTH + over);
        ends = repeat("</a>", LIMIT_STANZA_DEPTH + over);
        assert_int_equal(feed(deep), OK);
        assert_int_equal(feed(ends), OK);
        assert_int_equal(seen.stanzas, over ? 0 : 3);
        assert_int_equal(seen.refusals, over ? 3 : 0);
        free(fill);
        free(kids);
        free(deep);
        free(ends);
    }
}

static void document_types_are_refused(void **state)
{
    static const char *const bad[] = {
        "<!DOCTYPE x><stream:stream xmlns:stream='http://etherx.jabber.org/streams'>",
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        HEADER "<!DOCTYPE x>",
        HEADER "<message>&unknown;</message>",
        HEADER "<message><!ENTITY a 'b'></message>",
    };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(bad); i++) {
        start_again();
        assert_int_equal(feed(bad[i]), E_PROTO);
        assert_string_not_equal(stream_problem(stream), "");
        assert_int_equal(feed("<presence/>"), E_PROTO);
        assert_int_equal(seen.stanzas, 0);
    }
}

static void malformed_streams(void **state)
{
    static const char *const bad[] = {
        "HTTP/1.1 400 Bad Request\r\n",
        "<html>",
        "<stream:stream>",
        "<stream xmlns='jabber:component:accept'>",
        HEADER "<message></presence>",
        HEADER "<message a='1' a='2'/>",
        HEADER "<message>\x01</message>",
        HEADER "<message>\xFF</message>",
        HEADER "<message>\xED\xA0\x80</message>",
        HEADER "<message>&#0;</message>",
        HEADER "<message a=b/>",
        HEADER "<message>]]></message>",
    };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(bad); i++) {
        start_again();
        assert_int_equal(feed(bad[i]), E_PROTO);
        assert_string_not_equal(stream_problem(stream), "");
        assert_int_equal(seen.stanzas, 0);
    }
}

/* What came before the fault counts. */
static void stanzas_before_a_fault(void **state)
{
    (void)state;
    assert_int_equal(feed(HEADER "<presence/><iq/><bad"), OK);
    assert_int_equal(feed("<"), E_PROTO);
    assert_string_equal(seen.log.data, "opened abc\nstanza <presence/>\nstanza <iq/>\n");
}

static void header_too_long(void **state)
{
    char *many = repeat(" ", STREAM_HEADER_MAX);

    (void)state;
    assert_int_equal(feed("<stream:stream "), OK);
    assert_int_equal(feed(many), E_PROTO);
    start_again();
    assert_int_equal(feed("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'"), OK);
    many[STREAM_HEADER_MAX - 1] = '>';
    assert_int_equal(feed(many), E_PROTO);
    free(many);
}

/* expat tells UTF-16 by its NULs, whatever encoding it was given. */
static void utf_16(void **state)
{
    char wide[2 * sizeof(HEADER)];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(HEADER); i++) {
        wide[2 * i] = HEADER[i];
        wide[2 * i + 1] = '\0';
    }
    assert_int_equal(stream_feed(stream, wide, 2), E_PROTO);
    start_again();
    assert_int_equal(stream_feed(stream, wide, sizeof(wide) - 2), E_PROTO);
    assert_null(seen.log.data);
    start_again();
    assert_int_equal(feed("<?xml version='1.0' encoding='ISO-8859-1'?>"
                          "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"
                          "<message>\xEA\xB0\x80</message>"),
                     OK);
    assert_non_null(strstr(seen.log.data, "\xEA\xB0\x80"));
}

static void stream_errors(void **state)
{
    (void)state;
    open_stream();
    assert_int_equal(
        feed("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
             "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text></stream:error>"
             "</stream:stream><message/>trailing \x01 rubbish"),
        OK);
    assert_string_equal(seen.log.data, "error conflict Replaced\nclosed\n");
    assert_int_equal(feed("<message/>"), OK);
    assert_string_equal(seen.log.data, "error conflict Replaced\nclosed\n");
    start_again();
    open_stream();
    assert_int_equal(feed("<stream:error/><stream:features/>"), OK);
    assert_string_equal(seen.log.data, "error undefined-condition -\n");
    /* Only the stream's own error is one. */
    buffer_reset(&seen.log);
    assert_int_equal(feed("<error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>"),
                     OK);
    assert_int_equal(seen.stanzas, 1);
}

/* Names that expat would remember for ever: the parser is renewed, and no stanza is lost or told
 * twice by that, wherever the reads end. */
static void the_parser_is_renewed(void **state)
{
    static const size_t steps[] = {1, 7, 999, 65536, 300000};
    struct buffer b;
    size_t k, i;

    (void)state;
    buffer_init(&b, 1 << 23);
    buffer_adds(&b, HEADER);
    for (i = 0; i < 12000; i++) {
        buffer_addf(&b, "<message id='%zu'><n%zu xmlns:p='urn:p' a%zu='&lt;'>t</n%zu></message>\n",
                    i, i, i, i);
    }
    assert_true(b.len > 3 * STREAM_RENEW);
    for (k = 0; k < ARRAY_LEN(steps); k++) {
        start_again();
        seen.stanzas = 0;
        for (i = 0; i < b.len; i += steps[k]) {
            size_t n = b.len - i < steps[k] ? b.len - i : steps[k];

            assert_int_equal(stream_feed(stream, b.data + i, n), OK);
        }
        assert_int_equal(seen.stanzas, 12000);
        assert_non_null(strstr(seen.log.data, "<n11999 a11999=\"&lt;\">t</n11999>"));
    }
    buffer_reset(&seen.log);
    assert_int_equal(feed("<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                          "</stream:error></stream:stream>"),
                     OK);
    assert_string_equal(seen.log.data, "error reset -\nclosed\n");
    buffer_fini(&b);
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
/* A stream that lives for months, and people who invent names. */
static void names_are_forgotten(void **state)
{
    char text[200];
    size_t before, after, i;

    (void)state;
    open_stream();
    before = mallinfo2().uordblks;
    for (i = 0; i < 60000; i++) {
        buffer_reset(&seen.log);
        (void)snprintf(text, sizeof(text), "<message><n%zu a%zu='' xmlns='urn:%zu'/></message>", i,
                       i, i);
        assert_int_equal(feed(text), OK);
    }
    after = mallinfo2().uordblks;
    /* A sanitizer's malloc says 0 both times. */
    assert_true(after < before + 3 * 1024 * 1024);
}
#endif

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    static const struct CMUnitTest tests[] = {
        T(stanza_plain),
        T(stanza_namespaces),
        T(stanza_kept),
        T(stanza_language),
        T(comments_and_instructions_leave_no_trace),
        T(forged_attributes_are_ignored),
        T(every_split_fires_at_once),
        T(a_long_tag_over_two_reads_fires_at_once),
        T(many_children),
        T(deep_nesting),
        T(bottomless_nesting_ends_the_stream),
        T(many_newlines),
        T(long_text),
        T(long_attribute),
        T(long_attribute_of_the_stanza),
        T(long_tag_in_small_reads),
        T(endless_tag_ends_the_stream),
        T(many_attributes),
        T(long_namespace),
        T(names_that_xml_namespaces_forbid),
        T(limits_are_exact),
        T(document_types_are_refused),
        T(malformed_streams),
        T(stanzas_before_a_fault),
        T(header_too_long),
        T(utf_16),
        T(stream_errors),
        T(the_parser_is_renewed),
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
        T(names_are_forgotten),
#endif
    };

    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
