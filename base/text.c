/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

bool text_valid(const char *s, size_t len)
{
    return len == 0 || (memchr(s, '\0', len) == NULL && u8_check((const uint8_t *)s, len) == NULL);
}

bool text_xml(const char *s, size_t len)
{
    const uint8_t *p = (const uint8_t *)s;

    if (!text_valid(s, len)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r') {
            return false;
        }
        /* U+FFFE and U+FFFF are EF BF BE and EF BF BF */
        if (p[i] == 0xEF && p[i + 1] == 0xBF && p[i + 2] >= 0xBE) {
            return false;
        }
    }
    return true;
}

uint32_t text_next(const char **s)
{
    const uint8_t *p = (const uint8_t *)*s;

    if (p[0] < 0x80) {
        *s += p[0] != 0;
        return p[0];
    }
    if (p[0] < 0xE0) {
        *s += 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if (p[0] < 0xF0) {
        *s += 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    }
    *s += 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
           (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
}

size_t text_put(char *out, uint32_t c)
{
    int n = c == 0 ? 0 : u8_uctomb((uint8_t *)out, c, 4);

    return n > 0 ? (size_t)n : 0;
}

size_t text_count(const char *s)
{
    size_t n = 0;

    for (; *s != '\0'; s++) {
        n += ((unsigned char)*s & 0xC0) != 0x80;
    }
    return n;
}

char *text_first(struct arena *a, const char *s, size_t n)
{
    const char *end = s;

    while (n-- > 0 && *end != '\0') {
        (void)text_next(&end);
    }
    return arena_ndup(a, s, (size_t)(end - s));
}

/* True if s holds only ASCII and precomposed Hangul syllables, the bulk of what is written:
 * every normal form leaves that as it is, and folding touches A to Z alone. */
static bool is_plain(const char *s)
{
    while (*s != '\0') {
        if ((unsigned char)*s < 0x80) {
            s++;
        } else if ((unsigned char)*s < 0xEA || (unsigned char)*s > 0xED ||
                   !text_is_hangul(text_next(&s))) {
            return false;
        }
    }
    return true;
}

/* Takes what libunistring allocated. Without a result it is out of memory, which ends the
 * process as everywhere; the input is valid UTF-8. */
static char *take(struct arena *a, uint8_t *s, size_t len)
{
    char *out;

    if (s == NULL) {
        err_no_memory();
    }
    out = arena_ndup(a, (const char *)s, len);
    free(s);
    return out;
}

static char *normalise(struct arena *a, const char *s, uninorm_t form)
{
    size_t len = strlen(s), n = 0;
    uint8_t *out;

    if (len == 0) {
        return arena_dup(a, s);
    }
    out = u8_normalize(form, (const uint8_t *)s, len, NULL, &n);
    return take(a, out, n);
}

char *text_nfc(struct arena *a, const char *s)
{
    return is_plain(s) ? arena_dup(a, s) : normalise(a, s, UNINORM_NFC);
}

char *text_fold(struct arena *a, const char *s)
{
    char *out;
    uint8_t *folded;
    size_t n = 0;

    if (is_plain(s)) {
        out = arena_dup(a, s);
        for (char *p = out; *p != '\0'; p++) {
            if (*p >= 'A' && *p <= 'Z') {
                *p = (char)(*p - 'A' + 'a');
            }
        }
        return out;
    }
    /* In the normal form U+0345, which folds to a letter, stands behind all other marks: so one
     * round is stable (Unicode 3.13, D146). */
    out = normalise(a, s, UNINORM_NFKC);
    folded = u8_casefold((const uint8_t *)out, strlen(out), NULL, UNINORM_NFKC, NULL, &n);
    return take(a, folded, n);
}

bool text_is_word(uint32_t c)
{
    if (c < 0x80) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    }
    return text_is_hangul(c) ||
           uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                   UC_CATEGORY_MASK_Nd);
}

bool text_is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

bool text_is_space(uint32_t c)
{
    if (c < 0x80) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c == 0x200B || c == 0xFEFF || uc_is_property_white_space(c);
}

bool text_is_invisible(uint32_t c)
{
    return c >= 0xAD && uc_is_property_default_ignorable_code_point(c);
}

bool text_is_sentence_mark(uint32_t c)
{
    static const uint32_t marks[] = {
        '!',    '.',    '?',    0x061F, 0x06D4, 0x0964, 0x2026, 0x203C, 0x203D,
        0x2047, 0x2048, 0x2049, 0x22EF, 0x3002, 0xFE12, 0xFE15, 0xFE16, 0xFE19,
        0xFE52, 0xFE56, 0xFE57, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61,
    };

    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        if (c == marks[i]) {
            return true;
        }
    }
    return false;
}

char *text_trim(struct arena *a, const char *s)
{
    const char *end, *p;

    for (p = s; *p != '\0' && text_is_space(text_next(&p));) {
        s = p;
    }
    end = s;
    for (p = s; *p != '\0';) {
        if (!text_is_space(text_next(&p))) {
            end = p;
        }
    }
    return arena_ndup(a, s, (size_t)(end - s));
}

/* What an outsider's name must not bring: marks that our own lines are made of, in any width. */
static bool is_ours(uint32_t c)
{
    static const uint32_t marks[] = {
        '@',    '#',    '(',    ')',    ':',    0xFE13, 0xFE35, 0xFE36, 0xFE55,
        0xFE59, 0xFE5A, 0xFE5F, 0xFE6B, 0xFF03, 0xFF08, 0xFF09, 0xFF1A, 0xFF20,
    };

    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        if (c == marks[i]) {
            return true;
        }
    }
    return false;
}

char *text_name(struct arena *a, const char *s, size_t max)
{
    char *out = arena_alloc(a, strlen(s) + 1);
    size_t len = 0;
    bool blank = false;

    while (*s != '\0') {
        const char *from = s;
        uint32_t c = text_next(&s);

        if (c < 0x80 ? text_is_space(c) : uc_is_property_white_space(c)) {
            blank = len > 0;
            continue;
        }
        if (is_ours(c) || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc) ||
            uc_is_property_bidi_control(c) || uc_is_property_default_ignorable_code_point(c) ||
            uc_is_property_not_a_character(c)) {
            continue;
        }
        if (blank) {
            out[len++] = ' ';
            blank = false;
        }
        memcpy(out + len, from, (size_t)(s - from));
        len += (size_t)(s - from);
    }
    out[len] = '\0';
    /* Taking characters out can bring a letter and its mark together: normalise after it. */
    return text_trim(a, text_first(a, text_nfc(a, out), max));
}

/* Bytes of the line break at s, 0 if there is none. */
static size_t line_break(const char *s)
{
    if (*s == '\n') {
        return 1;
    }
    if (*s == '\r') {
        return s[1] == '\n' ? 2 : 1;
    }
    if (strncmp(s, "\xC2\x85", 2) == 0) { /* NEL */
        return 2;
    }
    if (strncmp(s, "\xE2\x80\xA8", 3) == 0 || strncmp(s, "\xE2\x80\xA9", 3) == 0) {
        return 3; /* U+2028, U+2029 */
    }
    return 0;
}

char *text_indent(struct arena *a, const char *s)
{
    size_t breaks = 0, len = 0;
    char *out;

    for (const char *p = s; *p != '\0'; p++) {
        breaks += line_break(p) > 0;
    }
    out = arena_alloc(a, strlen(s) + 2 * breaks + 1);
    while (*s != '\0') {
        size_t n = line_break(s);

        if (n == 0) {
            out[len++] = *s++;
            continue;
        }
        memcpy(out + len, s, n);
        memcpy(out + len + n, "  ", 2);
        len += n + 2;
        s += n;
    }
    out[len] = '\0';
    return out;
}

bool text_one_slip(const char *a, const char *b)
{
    const char *a1, *b1, *a2, *b2;
    uint32_t ca, cb;

    do {
        a1 = a;
        b1 = b;
        ca = text_next(&a1);
        cb = text_next(&b1);
        if (ca == cb) {
            a = a1;
            b = b1;
        }
    } while (ca == cb && ca != 0);
    if (ca == cb) {
        return false;
    }
    if (strcmp(a1, b1) == 0 || strcmp(a1, b) == 0 || strcmp(a, b1) == 0) {
        return true; /* wrong; one too many in a; one too many in b */
    }
    a2 = a1;
    b2 = b1;
    return text_next(&a2) == cb && text_next(&b2) == ca && strcmp(a2, b2) == 0;
}
