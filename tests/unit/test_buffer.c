/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_empty(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 10);
    assert_null(b.data);
    assert_int_equal(b.len, 0);
    buffer_take(&b, 3);
    buffer_reset(&b);
    assert_null(b.data);
    buffer_adds(&b, "");
    assert_string_equal(b.data, "");
    assert_false(b.over);
    buffer_fini(&b);
    assert_null(b.data);
}

static void test_adding(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1000);
    buffer_adds(&b, "one ");
    buffer_add(&b, "two\0!", 5);
    buffer_addf(&b, " %d", 3);
    assert_int_equal(b.len, 11);
    assert_memory_equal(b.data, "one two\0! 3", 12);
    buffer_reset(&b);
    assert_string_equal(b.data, "");
    for (int i = 0; i < 100; i++) {
        buffer_addf(&b, "%03d", i);
        assert_int_equal(b.len, strlen(b.data));
    }
    assert_memory_equal(b.data + 297, "099", 4);
    assert_false(b.over);
    buffer_fini(&b);
}

static void test_max_is_kept(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 5);
    buffer_adds(&b, "12345");
    assert_false(b.over);
    buffer_adds(&b, "");
    assert_false(b.over);
    buffer_adds(&b, "6");
    assert_true(b.over);
    assert_string_equal(b.data, "12345");
    buffer_take(&b, 4);
    buffer_adds(&b, "ok");
    assert_true(b.over); /* until a reset */
    assert_string_equal(b.data, "5ok");
    buffer_reset(&b);
    assert_false(b.over);
    buffer_addf(&b, "%s", "123456");
    assert_true(b.over);
    assert_string_equal(b.data, "");
    buffer_reset(&b);
    buffer_addf(&b, "%s", "12345");
    assert_false(b.over);
    assert_string_equal(b.data, "12345");
    buffer_fini(&b);

    buffer_init(&b, 0);
    buffer_addf(&b, "%d", 1);
    assert_true(b.over);
    assert_int_equal(b.len, 0);
    buffer_fini(&b);

    buffer_init(&b, SIZE_MAX);
    buffer_adds(&b, "x");
    buffer_add(&b, "y", SIZE_MAX - 1); /* refused before anything is read */
    assert_true(b.over);
    assert_string_equal(b.data, "x");
    buffer_fini(&b);
}

static void test_format_grows_by_one(void **state)
{
    (void)state;
    for (int n = 250; n < 260; n++) { /* around the first capacity */
        struct buffer b;

        buffer_init(&b, 1000);
        buffer_adds(&b, "a");
        buffer_addf(&b, "%*d", n, 7);
        assert_int_equal(b.len, n + 1);
        assert_int_equal(strlen(b.data), n + 1);
        buffer_fini(&b);
    }
}

static void test_take(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 100);
    buffer_adds(&b, "abcdef");
    buffer_take(&b, 0);
    assert_string_equal(b.data, "abcdef");
    buffer_take(&b, 2);
    assert_string_equal(b.data, "cdef");
    buffer_take(&b, 4);
    assert_string_equal(b.data, "");
    assert_int_equal(b.len, 0);
    buffer_adds(&b, "xy");
    buffer_take(&b, 99);
    assert_int_equal(b.len, 0);
    buffer_fini(&b);
}

struct xml_case {
    const char *in;
    size_t len;
    const char *out;
};
#define CASE(in, out)                                                                              \
    {                                                                                              \
        in, sizeof(in) - 1, out                                                                    \
    }

static void test_xml(void **state)
{
    static const struct xml_case cases[] = {
        CASE("", ""),
        CASE("plain", "plain"),
        CASE("<a href='x' title=\"y\">&amp;",
             "&lt;a href=&apos;x&apos; title=&quot;y&quot;&gt;&amp;amp;"),
        CASE("]]>", "]]&gt;"),
        CASE("a\tb\nc\rd\r\n", "a\tb\nc&#13;d&#13;\n"),
        CASE("재잘 😀 é", "재잘 😀 é"),
        CASE("a\0b\x01\x08\x0b\x0c\x0e\x1f"
             "c\x7f",
             "abc\x7f"),
        CASE("\xEF\xBF\xBE|\xEF\xBF\xBF|\xEF\xBF\xBD", "||\xEF\xBF\xBD"), /* U+FFFE FFFF FFFD */
        CASE("\xED\xA0\x80|\xED\xBF\xBF|\xED\x9F\xBF", "||\xED\x9F\xBF"), /* surrogates */
        CASE("\xC0\xAF|\xE0\x80\xAF|\xC1\xBF", "||"),                     /* overlong */
        CASE("\xF4\x8F\xBF\xBD|\xF4\x90\x80\x80|\xF8\x88\x80\x80\x80", "\xF4\x8F\xBF\xBD||"),
        CASE("\xFF\xFE<\x80>", "&lt;&gt;"),
        CASE("ab\xE2\x82", "ab"), /* cut in the middle of a character */
        CASE("\xE2<", "&lt;"),    /* a lead byte does not swallow the bracket */
        CASE("\xF0\x9F\x98&", "&amp;"),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buffer b;

        buffer_init(&b, 1000);
        buffer_add_xml(&b, cases[i].in, cases[i].len);
        assert_string_equal(b.data, cases[i].out);
        assert_int_equal(b.len, strlen(cases[i].out));
        buffer_fini(&b);
    }
}

static void test_xml_is_added_whole_or_not(void **state)
{
    (void)state;
    for (size_t max = 0; max < 40; max++) {
        struct buffer b;
        const char *whole = "<ab&lt;&amp;cd&gt;";

        buffer_init(&b, max);
        buffer_adds(&b, "<");
        buffer_add_xml(&b, "ab<&cd>", 7);
        if (max == 0) {
            assert_int_equal(b.len, 0);
        } else {
            assert_string_equal(b.data, max >= strlen(whole) ? whole : "<");
        }
        assert_int_equal(b.over, max < strlen(whole));
        assert_int_equal(b.len, b.data == NULL ? 0 : strlen(b.data));
        buffer_fini(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_adding),
        cmocka_unit_test(test_max_is_kept),
        cmocka_unit_test(test_format_grows_by_one),
        cmocka_unit_test(test_take),
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_xml_is_added_whole_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
