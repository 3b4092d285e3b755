/* SPDX-License-Identifier: MIT */
/* Text: UTF-8, Unicode normal forms, folding, Hangul. Tables come from libunistring.
 *
 * All strings are NUL-terminated UTF-8 unless a length stands beside them; results live in
 * the arena. Functions that normalise take valid UTF-8 (see text_valid) and never fail. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

/* True if s is well-formed UTF-8 without NUL. */
bool text_valid(const char *s, size_t len);
/* True if s is well-formed and every character is allowed by XML 1.0 §2.2 (tab, LF, CR,
 * U+0020 to U+D7FF, U+E000 to U+FFFD, U+10000 to U+10FFFF). */
bool text_xml(const char *s, size_t len);
/* The code point at *s (well-formed), which moves behind it; 0 at the end. */
uint32_t text_next(const char **s);
/* Writes c as UTF-8 (at most 4 bytes, no NUL); returns the count, 0 for 0 and for what is no
 * character (surrogates, above U+10FFFF). */
size_t text_put(char *out, uint32_t c);
/* Number of code points. */
size_t text_count(const char *s);
/* The first n code points of s, copied. */
char *text_first(struct arena *a, const char *s, size_t n);

char *text_nfc(struct arena *a, const char *s);
/* NFKC, then full case folding, then NFKC again: the form in which tags, nicks, command
 * words and search words are compared (Unicode 3.13, toNFKC_Casefold without the removal of
 * default-ignorable code points). Idempotent. */
char *text_fold(struct arena *a, const char *s);
/* Letters and marks and digits of any script, and '_': what a tag is made of. */
bool text_is_word(uint32_t c);
bool text_is_digit(uint32_t c); /* ASCII 0-9 only */
bool text_is_space(uint32_t c); /* white space of Unicode, U+200B and U+FEFF included */
/* Takes no room and has no shape: marks of direction, joiners, fillers. Copied text brings them along. */
bool text_is_invisible(uint32_t c);
/* A sentence mark: . ! ? … and their full-width and CJK kin. */
bool text_is_sentence_mark(uint32_t c);
/* s without white space at both ends, copied. */
char *text_trim(struct arena *a, const char *s);

/* An advisory name from outside (vCard): NFC, one line, control, bidirectional and
 * default-ignorable characters and @ # ( ) : taken out, blanks run together, cut at max
 * code points. May become empty. */
char *text_name(struct arena *a, const char *s, size_t max);
/* Further lines indented by two blanks (architecture, "Identity"): LF, CR LF, CR, NEL,
 * U+2028 and U+2029 all begin a line. */
char *text_indent(struct arena *a, const char *s);

bool text_is_hangul(uint32_t c); /* a precomposed syllable, U+AC00 to U+D7A3 */
/* Hangul syllables taken apart into compatibility jamo (U+3131 …), double vowels and
 * clusters into their key strokes; everything else as it is. For slips in Korean words. */
char *text_jamo(struct arena *a, const char *s);
/* What the keys would have given on a Latin keyboard (two-set layout): ㅗ디ㅔ -> help.
 * NULL where s holds anything but Hangul and ASCII, or no Hangul. */
char *text_from_korean_keyboard(struct arena *a, const char *s);
/* The final consonant of the last character, as Korean particles need it: 0 none, 8 ㄹ, any other
 * value some other consonant. Digits count as read in Korean (1 일, 10 십 …), single Latin letters
 * and capitals by their names (HR 알), words as they are usually taken over (server 서버, web 웹, test 테스트);
 * -1 for what is neither Hangul nor a Latin letter nor a digit. */
int text_final(const char *s, size_t len);
/* True if a and b differ by at most one slip: a code point wrong, missing, doubled or added,
 * or two neighbours swapped. Equal strings give false. */
bool text_one_slip(const char *a, const char *b);

#endif
