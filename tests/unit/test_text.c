/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#define S(s) s, sizeof(s) - 1
/* 한글 as a Mac sends it */
#define NFD_HANGEUL "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xB3\xE1\x86\xAF"

static void test_valid(void **state)
{
    (void)state;
    assert_true(text_valid("", 0));
    assert_true(text_valid(S("재잘 é 😀 \x01")));
    assert_true(text_valid(S("\xF4\x8F\xBF\xBF")));
    assert_false(text_valid(S("a\0b")));
    assert_false(text_valid(S("\x80")));
    assert_false(text_valid(S("\xC3")));
    assert_false(text_valid(S("\xC0\x80")));
    assert_false(text_valid(S("\xE0\x9F\xBF")));
    assert_false(text_valid(S("\xED\xA0\x80")));
    assert_false(text_valid(S("\xF4\x90\x80\x80")));
    assert_false(text_valid(S("\xF0\x9F\x98")));
    assert_false(text_valid(S("ok\xFF")));
}

static void test_xml(void **state)
{
    (void)state;
    assert_true(text_xml("", 0));
    assert_true(text_xml(S("a\tb\nc\rd é 한 😀 \x7f \xC2\x85")));
    assert_true(text_xml(S("\xEF\xBF\xBD\xEE\x80\x80\xED\x9F\xBF")));
    assert_true(text_xml(S("\xF0\x9F\xBF\xBE"))); /* U+1FFFE is allowed */
    assert_false(text_xml(S("a\x01")));
    assert_false(text_xml(S("a\x1f")));
    assert_false(text_xml(S("a\0")));
    assert_false(text_xml(S("\x0b")));
    assert_false(text_xml(S("\xEF\xBF\xBE")));
    assert_false(text_xml(S("\xEF\xBF\xBF")));
    assert_false(text_xml(S("\xED\xA0\x80")));
    assert_false(text_xml(S("\xEF")));
}

static void test_next_and_put_are_inverse(void **state)
{
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char buf[5] = {0};
        const char *p = buf;
        size_t n = text_put(buf, c);

        if (c >= 0xD800 && c < 0xE000) {
            assert_int_equal(n, 0);
            continue;
        }
        if (!text_valid(buf, n) || text_next(&p) != c || p != buf + n || text_next(&p) != 0 ||
            p != buf + n) {
            fail_msg("U+%04X", (unsigned)c);
        }
    }
    assert_int_equal(text_put((char[4]){0}, 0), 0);
    assert_int_equal(text_put((char[4]){0}, 0x110000), 0);
}

static void test_count_and_first(void **state)
{
    (void)state;
    assert_int_equal(text_count(""), 0);
    assert_int_equal(text_count("a재😀é"), 4);
    assert_string_equal(text_first(arena, "a재😀é", 0), "");
    assert_string_equal(text_first(arena, "a재😀é", 2), "a재");
    assert_string_equal(text_first(arena, "a재😀é", 3), "a재😀");
    assert_string_equal(text_first(arena, "a재😀é", 4), "a재😀é");
    assert_string_equal(text_first(arena, "a재😀é", 99), "a재😀é");
    assert_string_equal(text_first(arena, "", 5), "");
}

static void test_nfc(void **state)
{
    (void)state;
    assert_string_equal(text_nfc(arena, ""), "");
    assert_string_equal(text_nfc(arena, "Plain, 한글."), "Plain, 한글.");
    assert_string_equal(text_nfc(arena, NFD_HANGEUL), "한글");
    assert_string_equal(text_nfc(arena, "e\xCC\x81"), "é");
    assert_string_equal(text_nfc(arena, "ﬁＡ①"), "ﬁＡ①"); /* compatibility stays */
    /* a final consonant behind a syllable joins it: this must not be taken for plain text */
    assert_string_equal(text_nfc(arena, "하\xE1\x86\xAB"), "한");
    assert_string_equal(text_nfc(arena, "\xE2\x84\xAB"), "Å"); /* the Ångström sign */
}

static void test_fold(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"Hello, World_9!", "hello, world_9!"},
        {"회의", "회의"},
        {"회의ABC", "회의abc"},
        {NFD_HANGEUL, "한글"},
        {"ＦＯＬＬＯＷ", "follow"},
        {"＃＠！", "#@!"},
        {"Straße", "strasse"},
        {"STRASSE", "strasse"},
        {"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
        {"σίσυφος", "σίσυφοσ"},
        {"ﬁne", "fine"},
        {"①", "1"},
        {"ÉCOLE", "école"},
        {"E\xCC\x81", "é"},
        {"İ", "i\xCC\x87"},        /* no language's own rules */
        {"\xC7\x85", "d\xC5\xBE"}, /* Dž */
        {"\xE2\x84\xAA", "k"},     /* the Kelvin sign */
        {"ｱﾊﾟｰﾄ", "アパート"},
        {"\xE1\xBE\xBC", "\xCE\xB1\xCE\xB9"}, /* ᾼ */
        {"ᏣᎳᎩ", "ᏣᎳᎩ"},                       /* Cherokee folds to capitals */
        {"\xEA\xAD\xB0", "\xE1\x8E\xA0"},     /* ꭰ -> Ꭰ */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_string_equal(text_fold(arena, cases[i][0]), cases[i][1]);
    }
}

static void check_stable(const char *s)
{
    const char *folded = text_fold(arena, s), *again = text_fold(arena, folded);
    const char *nfc = text_nfc(arena, s);

    if (strcmp(folded, again) != 0 || !text_valid(folded, strlen(folded))) {
        fail_msg("folding is not idempotent: \"%s\" -> \"%s\" -> \"%s\"", s, folded, again);
    }
    if (strcmp(nfc, text_nfc(arena, nfc)) != 0) {
        fail_msg("NFC is not idempotent: \"%s\"", s);
    }
    if (strcmp(text_fold(arena, nfc), folded) != 0) {
        fail_msg("the normal form changes the folding: \"%s\"", s);
    }
}

static void test_fold_is_idempotent(void **state)
{
    /* what interacts: marks of many classes, jamo, ypogegrammeni, width, final sigma */
    static const uint32_t odd[] = {
        'A',    'i',    0x0300, 0x0301, 0x0307, 0x0323, 0x0327, 0x0345, 0x034F,  0x0130,  0x0131,
        0x00DF, 0x1E9E, 0x0390, 0x03B1, 0x03B9, 0x0391, 0x0399, 0x03A3, 0x03C2,  0x03D3,  0x1FBC,
        0x1F80, 0x1FB7, 0x1FB3, 0xFB03, 0xFDFA, 0x1100, 0x1112, 0x1161, 0x11A8,  0x3131,  0x314F,
        0xAC00, 0xD7A3, 0xFFA1, 0xFFC2, 0x2126, 0x212B, 0x0344, 0x0F73, 0x0F71,  0x0F72,  0x093C,
        0x0958, 0x30AB, 0x3099, 0xFF9E, 0x200D, 0xFE0F, 0x13A0, 0xAB70, 0x1D7CE, 0x1E900, 0x10400,
    };
    uint64_t seed = 7;
    char buf[64];

    (void)state;
    for (uint32_t c = 1; c <= 0x2FFFF; c++) {
        if (c < 0xD800 || c > 0xDFFF) {
            char *p = buf + text_put(buf, c);

            *p = '\0';
            check_stable(buf);
            arena_reset(arena);
        }
    }
    for (int n = 0; n < 60000; n++) {
        char *p = buf;

        for (int i = 0; i < 5; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            p += text_put(p, odd[(seed >> 33) % ARRAY_LEN(odd)]);
        }
        *p = '\0';
        check_stable(buf);
        arena_reset(arena);
    }
}

static void test_classes(void **state)
{
    static const struct {
        uint32_t c;
        bool word, digit, space, mark;
    } cases[] = {
        {'a', 1, 0, 0, 0},    {'Z', 1, 0, 0, 0},     {'_', 1, 0, 0, 0},    {'0', 1, 1, 0, 0},
        {'9', 1, 1, 0, 0},    {'-', 0, 0, 0, 0},     {'#', 0, 0, 0, 0},    {'.', 0, 0, 0, 1},
        {'!', 0, 0, 0, 1},    {'?', 0, 0, 0, 1},     {',', 0, 0, 0, 0},    {' ', 0, 0, 1, 0},
        {'\t', 0, 0, 1, 0},   {'\n', 0, 0, 1, 0},    {0x0B, 0, 0, 1, 0},   {0x1F, 0, 0, 0, 0},
        {0x85, 0, 0, 1, 0},   {0xA0, 0, 0, 1, 0},    {0x2003, 0, 0, 1, 0}, {0x3000, 0, 0, 1, 0},
        {0x200B, 0, 0, 1, 0}, {0xFEFF, 0, 0, 1, 0},  {0x2028, 0, 0, 1, 0}, {0x200D, 0, 0, 0, 0},
        {0xE9, 1, 0, 0, 0},   {0x301, 1, 0, 0, 0},   {0xD68C, 1, 0, 0, 0}, {0x3131, 1, 0, 0, 0},
        {0x1112, 1, 0, 0, 0}, {0x4F1A, 1, 0, 0, 0},  {0x0663, 1, 0, 0, 0}, {0xFF11, 1, 0, 0, 0},
        {0x2026, 0, 0, 0, 1}, {0x3002, 0, 0, 0, 1},  {0xFF01, 0, 0, 0, 1}, {0xFF1F, 0, 0, 0, 1},
        {0xFF0E, 0, 0, 0, 1}, {0xFF61, 0, 0, 0, 1},  {0x203D, 0, 0, 0, 1}, {0x061F, 0, 0, 0, 1},
        {0x3001, 0, 0, 0, 0}, {0x1F600, 0, 0, 0, 0}, {0, 0, 0, 0, 0},      {0xE000, 0, 0, 0, 0},
        {0x20AC, 0, 0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (text_is_word(cases[i].c) != cases[i].word ||
            text_is_digit(cases[i].c) != cases[i].digit ||
            text_is_space(cases[i].c) != cases[i].space ||
            text_is_sentence_mark(cases[i].c) != cases[i].mark) {
            fail_msg("U+%04X", (unsigned)cases[i].c);
        }
    }
    assert_false(text_is_hangul(0xABFF));
    assert_true(text_is_hangul(0xAC00));
    assert_true(text_is_hangul(0xD7A3));
    assert_false(text_is_hangul(0xD7A4));
    assert_false(text_is_hangul(0x3131));
}

static void test_trim(void **state)
{
    (void)state;
    assert_string_equal(text_trim(arena, ""), "");
    assert_string_equal(text_trim(arena, " \t\n　\xC2\xA0\xE2\x80\x8B\xEF\xBB\xBF"), "");
    assert_string_equal(text_trim(arena, "a"), "a");
    assert_string_equal(text_trim(arena, "  a b\n c \r\n"), "a b\n c");
    assert_string_equal(text_trim(arena, "　회의　실　"), "회의　실");
}

static void test_name(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"Alice Kim", "Alice Kim"},
        {"  Alice \t\r\n  Kim　", "Alice Kim"},
        {"Alice (@bob): hi #1", "Alice bob hi 1"},
        {"＠Alice（＃）：﹫﹟﹙﹚﹕︓", "Alice"},
        {"김\xE2\x80\xAE"
         "앨리스\xE2\x81\xA6",
         "김앨리스"},
        {"A\x01l\x7fi\xC2\x9B"
         "ce\x1b",
         "Alice"},
        {"Al\xC2\xADi\xE2\x80\x8B"
         "ce\xEF\xBB\xBF\xE3\x85\xA4",
         "Alice"},
        {"Alice\xE2\x80\xA8"
         "Kim\xC2\x85Lee",
         "Alice Kim Lee"},
        {NFD_HANGEUL, "한글"},
        {"e@\xCC\x81", "é"}, /* what was taken out stood between a letter and its mark */
        {"@#():", ""},
        {" \xE2\x80\x8B ", ""},
        {"\xEF\xB7\x90x", "x"}, /* U+FDD0, no character */
        {"O'Neil-Kim, Jr. 3", "O'Neil-Kim, Jr. 3"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_string_equal(text_name(arena, cases[i][0], 60), cases[i][1]);
    }
    assert_string_equal(text_name(arena, "가나다라", 3), "가나다");
    assert_string_equal(text_name(arena, "가나 다라", 3), "가나"); /* no blank at the end */
    assert_string_equal(text_name(arena, "가나", 0), "");
}

static void test_indent(void **state)
{
    (void)state;
    assert_string_equal(text_indent(arena, ""), "");
    assert_string_equal(text_indent(arena, "one line"), "one line");
    assert_string_equal(text_indent(arena, "a\nb\r\nc\rd"), "a\n  b\r\n  c\r  d");
    assert_string_equal(text_indent(arena, "a\xC2\x85"
                                           "b\xE2\x80\xA8"
                                           "c\xE2\x80\xA9"
                                           "d"),
                        "a\xC2\x85  b\xE2\x80\xA8  c\xE2\x80\xA9  d");
    assert_string_equal(text_indent(arena, "a\n\n@bob: b"), "a\n  \n  @bob: b");
    assert_string_equal(text_indent(arena, "\n"), "\n  ");
    assert_string_equal(text_indent(arena, "\r\n\r\n"), "\r\n  \r\n  ");
    assert_string_equal(text_indent(arena, "é 재잘 \xC2\x84 \xE2\x80\xA7"),
                        "é 재잘 \xC2\x84 \xE2\x80\xA7");
}

static void test_jamo(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"abc 1é", "abc 1é"},
        {"한글", "ㅎㅏㄴㄱㅡㄹ"},
        {"가", "ㄱㅏ"},
        {"힣", "ㅎㅣㅎ"},
        {"값", "ㄱㅏㅂㅅ"},
        {"과왜외워웨위의", "ㄱㅗㅏㅇㅗㅐㅇㅗㅣㅇㅜㅓㅇㅜㅔㅇㅜㅣㅇㅡㅣ"},
        {"넋앉않닭삶넓곬핥읊잃",
         "ㄴㅓㄱㅅㅇㅏㄴㅈㅇㅏㄴㅎㄷㅏㄹㄱㅅㅏㄹㅁㄴㅓㄹㅂㄱㅗㄹㅅㅎㅏㄹㅌㅇㅡㄹㅍㅇㅣㄹㅎ"},
        {"까있얘", "ㄲㅏㅇㅣㅆㅇㅒ"},
        {"ㅋㅋㅘㄳ", "ㅋㅋㅗㅏㄱㅅ"},
        {NFD_HANGEUL, "ㅎㅏㄴㄱㅡㄹ"},
        {"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "ㄱㅏㄱ"}, /* the first of each kind */
        {"\xE1\x84\x92\xE1\x85\xB5\xE1\x87\x82", "ㅎㅣㅎ"}, /* and the last */
        {"\xE1\x84\x93\xE1\x86\xA7\xE1\x87\x83",
         "\xE1\x84\x93\xE1\x86\xA7\xE1\x87\x83"}, /* beyond */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_string_equal(text_jamo(arena, cases[i][0]), cases[i][1]);
    }
}

static void test_korean_keyboard(void **state)
{
    static const char *const cases[][2] = {
        {"ㅗ디ㅔ", "help"},
        {"래ㅣㅣㅐㅈ", "follow"},
        {"래ㅣㅣㅐㅈ @bob", "follow @bob"},
        {"ㅕㅜ래ㅣㅣㅐㅈ #1234", "unfollow #1234"},
        {"ㄴㄷㅁㄱ초", "search"},
        {"쏘ㅑㄴ", "This"},
        {"ㅆㅗㅑㄴ", "This"},
        {"help", NULL},
        {"", NULL},
        {"#1234", NULL},
        {"ㅗ디ㅔ é", NULL},
        {"ㅗ디ㅔ 会", NULL},
        {"ㅗ디ㅔ！", NULL},
        {"값", "rkqt"},
        {"왜", "dho"},
        {"쀍", "Qnpfr"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = text_from_korean_keyboard(arena, cases[i][0]);

        if (cases[i][1] == NULL) {
            assert_null(got);
        } else {
            assert_string_equal(got, cases[i][1]);
        }
    }
    /* folding turns lone jamo into conjoining ones; the strokes are the same */
    assert_string_equal(text_from_korean_keyboard(arena, text_fold(arena, "ㅗ디ㅔ")), "help");
    assert_string_equal(text_from_korean_keyboard(arena, text_fold(arena, "래ㅣㅣㅐㅈ")), "follow");
    assert_string_equal(text_jamo(arena, text_fold(arena, "래ㅣㅣㅐㅈ")),
                        text_jamo(arena, "래ㅣㅣㅐㅈ"));
}

/* All syllables: the strokes of the letters, joined, are the strokes of the syllable. */
static void test_every_syllable(void **state)
{
    (void)state;
    for (uint32_t c = 0xAC00; c <= 0xD7A3; c++) {
        char s[5];
        const char *jamo, *keys, *p;
        size_t n = 0;

        s[text_put(s, c)] = '\0';
        jamo = text_jamo(arena, s);
        keys = text_from_korean_keyboard(arena, s);
        for (p = jamo; *p != '\0'; n++) {
            uint32_t j = text_next(&p);

            assert_in_range(j, 0x3131, 0x3163);
        }
        assert_in_range(n, 2, 5);
        assert_int_equal(strlen(keys), n);
        assert_string_equal(text_from_korean_keyboard(arena, jamo), keys);
        assert_string_equal(text_jamo(arena, jamo), jamo);
        assert_int_equal(text_final(s, strlen(s)), (c - 0xAC00) % 28);
        arena_reset(arena);
    }
}

static void test_final(void **state)
{
    static const struct {
        const char *s;
        int final;
    } cases[] = {
        {"", -1},         {"회의", 0},       {"일정", 21}, {"서울", 8},   {"김민준", 4},
        {"@alice님", 16}, {"#0", 21},        {"#1", 8},    {"#2", 0},     {"#3", 16},
        {"#4", 0},        {"#5", 0},         {"#6", 1},    {"#7", 8},     {"#8", 8},
        {"#9", 0},        {"#10", 17},       {"#1200", 1}, {"#7000", 4},  {"#10000", 4},
        {"#20000000", 4}, {"#100000000", 1}, {"00", 21},   {"1234", 0},   {"HR", 8},
        {"IBM", 16},      {"LG", 0},         {"b", 0},     {"L", 8},      {"alice", 0},
        {"carol", 8},     {"adam", 16},      {"dan", 4},   {"king", 21},  {"server", 0},
        {"bob", 17},      {"jack", 1},       {"jane", 4},  {"SKT", 0},    {"kim3", 16},
        {"회", 0},        {"@", -1},         {"é", -1},    {"회의!", -1}, {"ㅋ", -1},
        {"会議", -1},     {"x_", -1},        {"web", 17},  {"group", 17}, {"app", 17},
        {"help", 0},      {"chat", 19},      {"test", 0},  {"Robot", 19}, {"week", 0},
        {"book", 1},      {"work", 0},       {"music", 1}, {"time", 16},  {"table", 8},
        {"acme", 0},      {"me", 0},         {"at", 19},   {"launch", 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = text_final(cases[i].s, strlen(cases[i].s));

        if (got != cases[i].final) {
            fail_msg("%s: %d and not %d", cases[i].s, got, cases[i].final);
        }
    }
    assert_int_equal(text_final("서울역", strlen("서울")), 8); /* by its length */
}

static void test_one_slip(void **state)
{
    static const char *const slips[][2] = {
        {"follow", "folow"},
        {"follow", "folllow"},
        {"follow", "fallow"},
        {"follow", "fololw"},
        {"follow", "ollow"},
        {"follow", "follo"},
        {"follow", "followx"},
        {"follow", "xfollow"},
        {"follow", "ofllow"},
        {"follow", "follwo"},
        {"a", ""},
        {"ab", "ba"},
        {"구독", "구도"},
        {"ㄱㅜㄷㅗㄱ", "ㄱㅜㄷㅓㄱ"},
        {"é", "e"},
        {"😀", ""},
    };
    static const char *const others[][2] = {
        {"follow", "follow"}, {"", ""},       {"follow", "flolwo"}, {"follow", "fllw"},
        {"follow", "llofow"}, {"abc", "cba"}, {"ab", "cd"},         {"", "ab"},
        {"abcd", "badc"},     {"ab", "bca"},  {"구독", "독구요"},   {"abc", "ca"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(slips); i++) {
        assert_true(text_one_slip(slips[i][0], slips[i][1]));
        assert_true(text_one_slip(slips[i][1], slips[i][0]));
    }
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_false(text_one_slip(others[i][0], others[i][1]));
        assert_false(text_one_slip(others[i][1], others[i][0]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_next_and_put_are_inverse),
        cmocka_unit_test(test_count_and_first),
        cmocka_unit_test(test_nfc),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_fold_is_idempotent),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_name),
        cmocka_unit_test(test_indent),
        cmocka_unit_test(test_jamo),
        cmocka_unit_test(test_korean_keyboard),
        cmocka_unit_test(test_every_syllable),
        cmocka_unit_test(test_final),
        cmocka_unit_test(test_one_slip),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
