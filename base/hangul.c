/* SPDX-License-Identifier: MIT */
/* The Hangul part of base/text.h. */
#include "base/text.h"

#include <string.h>

#define FIRST_SYLLABLE 0xAC00u
#define LAST_SYLLABLE 0xD7A3u
#define VOWELS 21u
#define FINALS 28u
#define MAX_KEYS 2                 /* strokes of one jamo */
#define STROKES_MAX (3 * MAX_KEYS) /* of one syllable */

/* Each table by the jamo's number in a syllable (Unicode 3.12), as key strokes of the two-set
 * layout; a stroke stands for one compatibility jamo. */
/* clang-format off */
static const char initial_keys[][MAX_KEYS + 1] = {
    "r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g",
};
static const char vowel_keys[][MAX_KEYS + 1] = {
    "k",  "o",  "i",  "O", "j", "p",  "u",  "P",  "h", "hk", "ho",
    "hl", "y",  "n",  "nj", "np", "nl", "b", "m", "ml", "l",
};
static const char final_keys[][MAX_KEYS + 1] = {
    "",   "r",  "R",  "rt", "s",  "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx",
    "fv", "fg", "a",  "q",  "qt", "t",  "T",  "d", "w", "c",  "z",  "x",  "v",  "g",
};
/* U+3131 to U+3163 */
static const char compat_keys[][MAX_KEYS + 1] = {
    "r",  "R",  "rt", "s",  "sw", "sg", "e",  "E",  "f",  "fr", "fa", "fq", "ft",
    "fx", "fv", "fg", "a",  "q",  "Q",  "qt", "t",  "T",  "d",  "w",  "W",  "c",
    "z",  "x",  "v",  "g",  "k",  "o",  "i",  "O",  "j",  "p",  "u",  "P",  "h",
    "hk", "ho", "hl", "y",  "n",  "nj", "np", "nl", "b",  "m",  "ml", "l",
};
/* clang-format on */

bool text_is_hangul(uint32_t c)
{
    return c >= FIRST_SYLLABLE && c <= LAST_SYLLABLE;
}

/* Up to three of these make the strokes of one character. */
static size_t add_keys(char *out, size_t n, const char *keys)
{
    while (*keys != '\0') {
        out[n++] = *keys++;
    }
    out[n] = '\0';
    return n;
}

/* The strokes of c, "" where c is no modern Hangul. The conjoining jamo count too: NFKC turns
 * the compatibility ones into them. */
static void keys_of(uint32_t c, char out[STROKES_MAX + 1])
{
    size_t n = 0;

    out[0] = '\0';
    if (text_is_hangul(c)) {
        c -= FIRST_SYLLABLE;
        n = add_keys(out, n, initial_keys[c / (VOWELS * FINALS)]);
        n = add_keys(out, n, vowel_keys[c / FINALS % VOWELS]);
        (void)add_keys(out, n, final_keys[c % FINALS]);
    } else if (c >= 0x3131 && c <= 0x3163) {
        (void)add_keys(out, n, compat_keys[c - 0x3131]);
    } else if (c >= 0x1100 && c <= 0x1112) {
        (void)add_keys(out, n, initial_keys[c - 0x1100]);
    } else if (c >= 0x1161 && c <= 0x1175) {
        (void)add_keys(out, n, vowel_keys[c - 0x1161]);
    } else if (c >= 0x11A8 && c <= 0x11C2) {
        (void)add_keys(out, n, final_keys[c - 0x11A7]);
    }
}

/* The compatibility jamo of one stroke. */
static uint32_t jamo_of(char key)
{
    for (uint32_t i = 0; i < ARRAY_LEN(compat_keys); i++) {
        if (compat_keys[i][0] == key && compat_keys[i][1] == '\0') {
            return 0x3131 + i;
        }
    }
    return 0;
}

char *text_jamo(struct arena *a, const char *s)
{
    /* Three bytes of Hangul become at most five jamo of three bytes. */
    char *out = arena_array(a, strlen(s) + 1, 5);
    size_t len = 0;

    while (*s != '\0') {
        uint32_t c = text_next(&s);
        char keys[STROKES_MAX + 1];

        keys_of(c, keys);
        if (keys[0] == '\0') {
            len += text_put(out + len, c);
        }
        for (const char *k = keys; *k != '\0'; k++) {
            len += text_put(out + len, jamo_of(*k));
        }
    }
    out[len] = '\0';
    return out;
}

char *text_from_korean_keyboard(struct arena *a, const char *s)
{
    char *out = arena_array(a, strlen(s) + 1, 2);
    size_t len = 0;
    bool hangul = false;

    while (*s != '\0') {
        uint32_t c = text_next(&s);
        char keys[STROKES_MAX + 1];

        keys_of(c, keys);
        if (keys[0] != '\0') {
            memcpy(out + len, keys, strlen(keys));
            len += strlen(keys);
            hangul = true;
        } else if (c < 0x80) {
            out[len++] = (char)c;
        } else {
            return NULL;
        }
    }
    out[len] = '\0';
    return hangul ? out : NULL;
}

#define FINAL_G 1   /* ㄱ */
#define FINAL_N 4   /* ㄴ */
#define FINAL_L 8   /* ㄹ */
#define FINAL_M 16  /* ㅁ */
#define FINAL_B 17  /* ㅂ */
#define FINAL_S 19  /* ㅅ */
#define FINAL_NG 21 /* ㅇ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

/* How a number ends that is read in Korean: by its last digit, or where that is 0 by the name
 * of the place (ten, hundred … ; myriads repeat in fours). */
static int digit_final(const char *s, size_t len)
{
    static const int units[] = {FINAL_NG, FINAL_L, 0, FINAL_M, 0, 0, FINAL_G, FINAL_L, FINAL_L, 0};
    static const int places[] = {FINAL_NG, FINAL_B, FINAL_G, FINAL_N};
    size_t zeros = 0;

    while (zeros < len && s[len - 1 - zeros] == '0') {
        zeros++;
    }
    if (zeros == 0) {
        return units[s[len - 1] - '0'];
    }
    if (zeros == len || !is_digit(s[len - 1 - zeros])) {
        return FINAL_NG; /* nothing but zeros */
    }
    return zeros < 4 ? places[zeros] : zeros < 8 ? FINAL_N : FINAL_G;
}

static bool is_vowel(char c)
{
    return strchr("aeiouy", c | 0x20) != NULL;
}

/* A word ending in b, c, k, p or t: the consonant closes the syllable behind a short vowel (봇, 웹, 그룹) and is one of
 * its own behind another consonant or a long vowel (테스트, 위크). */
static int stop_final(const char *s, size_t len)
{
    char last = s[len - 1] | 0x20, before = s[len - 2] | 0x20;
    bool vowel = is_vowel(before), two = vowel && len > 2 && is_vowel(s[len - 3]);

    if (two ? before != 'u' && !(before == 'o' && (s[len - 3] | 0x20) == 'o')
            : !vowel && before != last && !(before == 'c' && last == 'k'))
        return 0;
    return last == 'b' || last == 'p' ? FINAL_B : last == 't' ? FINAL_S : FINAL_G;
}

/* A word ending in e behind l, m or n: silent where a vowel stands before (line 라인, time 타임) and behind the l of
 * "table" (테이블). */
static int silent_e_final(const char *s, size_t len)
{
    char before = s[len - 2] | 0x20;

    if (len < 3 || !is_letter(s[len - 3]) || (before != 'l' && !is_vowel(s[len - 3])))
        return 0;
    return before == 'l' ? FINAL_L : before == 'm' ? FINAL_M : before == 'n' ? FINAL_N : 0;
}

/* Letters on their own and in capitals are read by their names (HR: 알), words as words (server: 서버): by how the last
 * letters are usually taken over into Korean, which is right for most and no worse than both for the others. */
static int latin_final(const char *s, size_t len)
{
    char last = s[len - 1], before = len > 1 ? s[len - 2] : ' ';
    bool word = is_letter(before) && !(is_upper(last) && is_upper(before));

    switch (last | 0x20) {
    case 'l':
        return FINAL_L;
    case 'm':
        return FINAL_M;
    case 'n':
        return FINAL_N;
    case 'r':
        return word ? 0 : FINAL_L;
    case 'g':
        return word && (before | 0x20) == 'n' ? FINAL_NG : 0;
    case 'e':
        return word ? silent_e_final(s, len) : 0;
    case 'b':
    case 'c':
    case 'k':
    case 'p':
    case 't':
        return word ? stop_final(s, len) : 0;
    default:
        return 0;
    }
}

int text_final(const char *s, size_t len)
{
    uint32_t c;
    size_t start = len;

    while (start > 0 && ((unsigned char)s[--start] & 0xC0) == 0x80) {
    }
    if (len == 0) {
        return -1;
    }
    if (is_digit(s[len - 1])) {
        return digit_final(s, len);
    }
    if (is_letter(s[len - 1])) {
        return latin_final(s, len);
    }
    s += start;
    c = text_next(&s);
    return text_is_hangul(c) ? (int)((c - FIRST_SYLLABLE) % FINALS) : -1;
}
