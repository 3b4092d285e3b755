/* SPDX-License-Identifier: MIT */
/* Text -> tokens of the search, the same for what is stored and what is asked.
 *
 * Scripts that are written without reliable blanks (Hangul, Han, Kana, Thai …) become overlapping
 * pairs of characters, so that 회의 is found in 사내회의실예약; a stored run also gives its last
 * character alone. Everything else is whole words. It takes what query_fold() gives. */
#ifndef DB_TOKENIZER_H
#define DB_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Raised with every change of what tokens a text gives: the store then indexes anew. */
#define TOKENIZER_VERSION 1
#define TOKEN_MAX 255 /* bytes; of longer words the beginning */
/* Begins a word that no text can hold (private use, which query_fold() takes out): a mark. */
#define TOKEN_MARK "\xEE\x80\x80"

enum token_use {
    TOKEN_TEXT,  /* of a stored text: pairs, and the last character of each run */
    TOKEN_QUERY, /* of what is looked for: pairs; a character alone only where it is the whole run */
    TOKEN_EVERY  /* pairs and every single character: to look up tracked words by */
};
struct token {
    const char *at;
    size_t len;
};
struct tokenizer {
    const char *here, *end;
    enum token_use use;
    const char *pair; /* where a run of pairs goes on, NULL: not in one */
    bool alone;       /* the character at `pair` was given alone */
};

void tokenizer_init(struct tokenizer *t, const char *folded, size_t len, enum token_use use);
bool tokenizer_next(struct tokenizer *t, struct token *out);
/* Whether words of this character's script are found anywhere, also inside a longer run. */
bool tokenizer_anywhere(uint32_t c);

#endif
