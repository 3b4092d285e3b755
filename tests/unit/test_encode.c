/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/limits.h"
#include "bridge/encode.h"

#define BOT "jaejal@blog.corp.example"
#define DOMAIN "blog.corp.example"

static struct encoded e;
static struct buffer out;

static int setup(void **state)
{
    (void)state;
    encoded_init(&e);
    buffer_init(&out, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    encoded_fini(&e);
    buffer_fini(&out);
    return 0;
}

static void new_update(void **state)
{
    struct update u = {.body = "Alice <3 & \"Bob\"", .id = "p12", .at = 1763888400000};

    (void)state;
    assert_true(encode_update(&e, &u, BOT, DOMAIN));
    assert_true(encode_put(&e, &out, "bob@corp.example", 16, false));
    assert_string_equal(out.data,
                        "<message from='" BOT "' id='p12' type='chat' to='bob@corp.example'>"
                        "<body>Alice &lt;3 &amp; &quot;Bob&quot;</body>"
                        "<origin-id xmlns='urn:xmpp:sid:0' id='p12'/>"
                        "<request xmlns='urn:xmpp:receipts'/></message>");
    assert_true(e.key == encoded_key("p12") && e.key != encoded_key("p13"));
    assert_true(encoded_key("h77") == encoded_key("h77b") &&
                encoded_key("h77") != encoded_key("h7"));
    assert_true(encoded_key("") != 0);
    assert_int_equal(out.len, encoded_size(&e, 16, false));
}

static void late_update(void **state)
{
    struct update u = {.body = "x", .id = "p12", .at = 1763888400000};

    (void)state;
    (void)encode_update(&e, &u, BOT, DOMAIN);
    assert_true(encode_put(&e, &out, "b@c", 3, true));
    assert_non_null(strstr(
        out.data,
        "id='p12'/><request xmlns='urn:xmpp:receipts'/><delay xmlns='urn:xmpp:delay' from='" DOMAIN
        "' stamp='2025-11-23T09:00:00.000Z'/></message>"));
    assert_int_equal(out.len, encoded_size(&e, 3, true));
}

/* Answers ask for none: a client that answers these would be answered for ever. */
static void no_receipt_of_an_answer(void **state)
{
    struct update u = {.body = "Posted", .id = "a12"};

    (void)state;
    (void)encode_update(&e, &u, BOT, DOMAIN);
    (void)encode_put(&e, &out, "b@c", 3, false);
    assert_null(strstr(out.data, "receipts"));
    assert_int_equal(e.key, 0);
}

static void correction(void **state)
{
    struct update u = {.shape = UPDATE_CORRECTION, .body = "y", .id = "p12e2", .target = "p12"};

    (void)state;
    (void)encode_update(&e, &u, BOT, DOMAIN);
    (void)encode_put(&e, &out, "b@c", 3, false);
    assert_non_null(strstr(out.data, "<body>y</body><replace xmlns='urn:xmpp:message-correct:0' "
                                     "id='p12'/><origin-id xmlns='urn:xmpp:sid:0' id='p12e2'/>"));
}

static void retraction(void **state)
{
    struct update u = {
        .shape = UPDATE_RETRACTION, .body = "(#12 was taken back)", .id = "p12d", .target = "p12"};

    (void)state;
    (void)encode_update(&e, &u, BOT, DOMAIN);
    (void)encode_put(&e, &out, "b@c", 3, false);
    assert_non_null(
        strstr(out.data, "<body>(#12 was taken back)</body>"
                         "<retract xmlns='urn:xmpp:message-retract:1' id='p12'/>"
                         "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
                         "<store xmlns='urn:xmpp:hints'/>"));
}

static void answer_goes_from_where_it_was_asked(void **state)
{
    struct update u = {.body = "x", .id = "a1", .from = DOMAIN};

    (void)state;
    (void)encode_update(&e, &u, BOT, DOMAIN);
    assert_true(encode_put_full(&e, &out, "b@c/it's <me> & you"));
    assert_non_null(strstr(out.data, "from='" DOMAIN "' id='a1'"));
    assert_non_null(strstr(out.data, " to='b@c/it&apos;s &lt;me&gt; &amp; you'>"));
}

static void no_room(void **state)
{
    struct update u = {.body = "x", .id = "p1", .at = 1};
    struct buffer small;
    size_t size;

    (void)state;
    (void)encode_update(&e, &u, BOT, DOMAIN);
    size = encoded_size(&e, 3, true);
    buffer_init(&small, size - 1);
    assert_false(encode_put(&e, &small, "b@c", 3, true));
    assert_int_equal(small.len, 0);
    assert_false(small.over);
    assert_false(encode_put_full(&e, &small, "b@c/01234567890123456789012345678901234567890123"));
    buffer_fini(&small);
    buffer_init(&small, size);
    assert_true(encode_put(&e, &small, "b@c", 3, true));
    assert_int_equal(small.len, size);
    buffer_fini(&small);
}

/* The longest post that the settings allow by default, in the worst letters, fits whole. */
static void ten_thousand_quotes_fit(void **state)
{
    struct update u = {.id = "p1"};
    char *body = malloc(20001);

    (void)state;
    assert_non_null(body);
    memset(body, '"', 20000); /* a repeat: its comment and the text */
    body[20000] = '\0';
    u.body = body;
    assert_true(encode_update(&e, &u, BOT, DOMAIN));
    assert_true(e.text.len < LIMIT_STANZA_OUT);
    free(body);
}

static void too_long_is_cut_at_a_character(void **state)
{
    struct update u = {.id = "p1"};
    char *body = malloc(300001);

    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < 300000; i += 3)
        memcpy(body + i, "가", 3);
    body[300000] = '\0';
    u.body = body;
    assert_false(encode_update(&e, &u, BOT, DOMAIN));
    assert_true(encode_put(&e, &out, "b@c", 3, false));
    assert_true(out.len <= LIMIT_STANZA_OUT);
    assert_true(out.len > LIMIT_STANZA_OUT - 9000);
    assert_non_null(strstr(out.data, "가 […]</body>"));
    /* The next one is whole again. */
    u.body = "x";
    assert_true(encode_update(&e, &u, BOT, DOMAIN));
    memset(body, '&', 40000);
    body[40000] = '\0';
    u.body = body;
    assert_false(encode_update(&e, &u, BOT, DOMAIN));
    assert_non_null(strstr(e.text.data, "&amp; […]</body>"));
    assert_true(e.text.len <= LIMIT_STANZA_OUT);
    free(body);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {T(new_update),
                                       T(late_update),
                                       T(correction),
                                       T(no_receipt_of_an_answer),
                                       T(retraction),
                                       T(answer_goes_from_where_it_was_asked),
                                       T(no_room),
                                       T(ten_thousand_quotes_fit),
                                       T(too_long_is_cut_at_a_character)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
