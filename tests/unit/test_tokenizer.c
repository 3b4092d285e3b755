/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "db/query.h"
#include "db/tokenizer.h"

static struct arena *ar;

static int setup(void **state)
{
    (void)state;
    ar = arena_new(1 << 24);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(ar);
    return 0;
}

/* The tokens of a text, one blank between. */
static const char *raw(const char *folded, size_t len, enum token_use use)
{
    char *out = arena_dup(ar, "");
    struct tokenizer t;
    struct token token;

    tokenizer_init(&t, folded, len, use);
    while (tokenizer_next(&t, &token)) {
        assert_true(token.len > 0 && token.len <= TOKEN_MAX);
        out = arena_printf(ar, "%s%s%.*s", out, *out == '\0' ? "" : " ", (int)token.len, token.at);
    }
    assert_false(tokenizer_next(&t, &token));
    return out;
}

static const char *tokens(const char *text, enum token_use use)
{
    const char *folded = query_fold(ar, text);

    return raw(folded, strlen(folded), use);
}

static void test_text(void **state)
{
    (void)state;
    assert_string_equal(tokens("", TOKEN_TEXT), "");
    assert_string_equal(tokens(" .,! ", TOKEN_TEXT), "");
    assert_string_equal(tokens("사내회의실예약", TOKEN_TEXT), "사내 내회 회의 의실 실예 예약 약");
    assert_string_equal(tokens("회의", TOKEN_TEXT), "회의 의");
    assert_string_equal(tokens("나 너", TOKEN_TEXT), "나 너");
    assert_string_equal(tokens("The Café, v2!", TOKEN_TEXT), "the café v2");
    assert_string_equal(tokens("v2회의a", TOKEN_TEXT), "v2 회의 의 a");
    assert_string_equal(tokens("q3_plan", TOKEN_TEXT), "q3 plan");
    assert_string_equal(tokens("漢字カナ", TOKEN_TEXT), "漢字 字カ カナ ナ");
    assert_string_equal(tokens("ＡＢ　１２", TOKEN_TEXT), "ab 12");
    assert_string_equal(tokens("\xE1\x84\x92\xE1\x85\xAC\xE1\x84\x8B\xE1\x85\xB4", TOKEN_TEXT),
                        "회의 의"); /* NFD */
    assert_string_equal(tokens("Straße", TOKEN_TEXT), "strasse");
    assert_string_equal(tokens("नमस्ते दुनिया", TOKEN_TEXT), "नमस्ते दुनिया"); /* marks belong to words */
    assert_string_equal(tokens("สวัสดี", TOKEN_TEXT), "สว วั ัส สด ดี ี");
}

static void test_query(void **state)
{
    (void)state;
    assert_string_equal(tokens("사내회의", TOKEN_QUERY), "사내 내회 회의");
    assert_string_equal(tokens("회", TOKEN_QUERY), "회");
    assert_string_equal(tokens("v2회 running", TOKEN_QUERY), "v2 회 running");
    assert_string_equal(tokens("회의 실", TOKEN_QUERY), "회의 실");
}

static void test_every(void **state)
{
    (void)state;
    assert_string_equal(tokens("회의실", TOKEN_EVERY), "회 회의 의 의실 실");
    assert_string_equal(tokens("a회 b", TOKEN_EVERY), "a 회 b");
}

/* Whatever is asked for as a query is among the tokens of every text that has it. */
static void test_superset(void **state)
{
    static const char *const words[] = {"회의", "사내", "예약", "회의실예약", "약", "v2", "실"};
    const char *text = tokens("v2사내회의실예약", TOKEN_EVERY);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        struct tokenizer t;
        struct token token;

        tokenizer_init(&t, words[i], strlen(words[i]), TOKEN_QUERY);
        while (tokenizer_next(&t, &token)) {
            assert_non_null(strstr(text, arena_ndup(ar, token.at, token.len)));
        }
    }
}

static void test_marks(void **state)
{
    static const char marked[] = TOKEN_MARK "f12 " TOKEN_MARK "t3 회의";

    (void)state;
    /* A mark goes to the next blank; no text gives one. */
    assert_string_equal(raw(marked, strlen(marked), TOKEN_TEXT),
                        TOKEN_MARK "f12 " TOKEN_MARK "t3 회의 의");
    assert_string_equal(tokens(TOKEN_MARK "f12", TOKEN_TEXT), "f12");
    assert_string_equal(tokens("a" TOKEN_MARK "r1b", TOKEN_TEXT), "a r1b");
    assert_null(strstr(query_fold(ar, TOKEN_MARK "r1 \xEE\x80\x80 \xF3\xB0\x80\x80"), "\xEE"));
}

static void test_limits(void **state)
{
    char text[3 * TOKEN_MAX + 1];

    (void)state;
    memset(text, 'x', sizeof(text));
    assert_int_equal(strlen(raw(text, sizeof(text), TOKEN_TEXT)), TOKEN_MAX);
    for (int i = 0; i < TOKEN_MAX; i++) {
        memcpy(text + (size_t)i * 2, "\xC3\xA9", 2);
    }
    /* cut between characters */
    assert_int_equal(strlen(raw(text, (size_t)TOKEN_MAX * 2, TOKEN_TEXT)), TOKEN_MAX - 1);
    /* Cut or broken text is never read beyond its end. */
    assert_string_equal(raw("a\xED\x9A", 3, TOKEN_TEXT), "a");
    assert_string_equal(raw("a\0b", 3, TOKEN_TEXT), "a b");
    for (size_t n = 0; n < 12; n++) {
        char *exact = arena_ndup(ar, "회의 실 a\xF0\x9F", n);

        (void)raw(exact, n, TOKEN_EVERY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),  cmocka_unit_test(test_query),
        cmocka_unit_test(test_every), cmocka_unit_test(test_superset),
        cmocka_unit_test(test_marks), cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests_name("tokenizer", tests, setup, teardown);
}
