/* SPDX-License-Identifier: MIT */
/* Words of a line, and whether they fit the arguments of a row. */
#ifndef HANDLERS_ARGUMENTS_H
#define HANDLERS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "handlers/command.h"
#include "handlers/dispatch.h"

#define MAX_TOKENS 24 /* words looked at one by one; what is behind them is only text */

struct token {
    const char *at; /* as typed, in the line */
    size_t len;
    const char *
        norm; /* folded; full-width signs and smart quotes as a plain keyboard has them; "" if huge */
};
struct tokens {
    const char *line;
    struct token at[MAX_TOKENS];
    size_t n;       /* in `at` */
    size_t n_words; /* in the line */
};
void tokens_split(struct arena *a, const char *line, struct tokens *out);
/* The line from the i-th word on, as typed; "" behind the last. */
const char *tokens_rest(const struct tokens *t, size_t i);
/* The i-th word as typed. */
char *tokens_word(struct arena *a, const struct tokens *t, size_t i);
/* Rule 2 and 4: the text ends in a sentence mark, quotes and brackets behind it not counted. */
bool text_ends_sentence(const char *s);
bool text_ends_question(struct arena *a, const char *s); /* tags and names behind it not counted */
bool text_is_double_quote(uint32_t c);
size_t text_words(const char *s);
uint32_t text_peek(const char *s); /* the first code point, 0 of "" */
bool text_is_double_quote(uint32_t c);

enum fit {
    FIT_YES,
    FIT_NO,
    FIT_UNKNOWN /* the grammar fits, its target does not exist for the caller */
};
struct fitting {
    enum fit fit;
    enum reading_why
        why; /* of NO: WHY_FORM or WHY_PERSON (a bare word nobody is called) or WHY_TEXT_LEFT */
    const char *bad; /* the word, as typed, without sign */
    int64_t number;
};
/* Fits the words from the i-th on to the row's arguments. colon: free text of any length. Errors of the store only. */
enum err arguments_fit(struct call *c, const struct command *row, const struct tokens *t, size_t i,
                       bool colon, struct value args[4], struct fitting *out) MUST_USE;

/* Fits a text that stands for one argument alone (a form's field): nothing in it can become another argument. A post's '#'
 * and a group's '!' may be missing. Empty: NO. Errors of the store only. */
enum err argument_fit_value(struct call *c, const struct command *row, size_t k, const char *text,
                            struct value *v, struct fitting *out) MUST_USE;

/* The person that a word means (folded; with '@', without, or a JID). E_NOTFOUND. */
enum err argument_person(struct call *c, const char *norm, struct person *out) MUST_USE;
/* "#1234": its number; 0 for anything else. */
int64_t argument_post_number(const char *norm);
/* The tag that "#word" means, no 0 where it is new. E_NOTFOUND: no tag at all. */
enum err argument_tag(struct call *c, const struct token *t, struct tag *out) MUST_USE;
bool argument_is_number(const char *norm);
/* A time in the words from the i-th on: how many of them, 0: none. */
size_t argument_time(const struct tokens *t, size_t i, const char *zone, int64_t now,
                     int64_t *instant);

#endif
