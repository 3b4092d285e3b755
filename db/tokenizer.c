/* SPDX-License-Identifier: MIT */
#include "db/tokenizer.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"

#define MARK 0xE000

bool tokenizer_anywhere(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } scripts[] = {
        {0x0E00, 0x0EFF},   /* Thai, Lao */
        {0x1000, 0x109F},   /* Myanmar */
        {0x1100, 0x11FF},   /* Hangul jamo */
        {0x1780, 0x17FF},   /* Khmer */
        {0x2E80, 0x2FDF},   /* radicals */
        {0x3005, 0x3007},   /* ideographic marks */
        {0x3040, 0x31FF},   /* Kana, Bopomofo, compatibility jamo */
        {0x3400, 0x4DBF},   /* Han */
        {0x4E00, 0x9FFF},   /* Han */
        {0xA960, 0xA97F},   /* Hangul jamo */
        {0xAC00, 0xD7FF},   /* Hangul */
        {0xF900, 0xFAFF},   /* Han */
        {0x1B000, 0x1B16F}, /* Kana */
        {0x20000, 0x3FFFF}, /* Han */
    };

    for (size_t i = 0; i < ARRAY_LEN(scripts) && c >= scripts[i].from; i++) {
        if (c <= scripts[i].to) {
            return true;
        }
    }
    return false;
}

void tokenizer_init(struct tokenizer *t, const char *folded, size_t len, enum token_use use)
{
    *t = (struct tokenizer){.here = folded, .end = folded + len, .use = use};
}

/* The character at s, which moves behind it; 0 at the end. Never reads behind the end. */
static uint32_t next_char(const struct tokenizer *t, const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    size_t left = (size_t)(t->end - *s);
    size_t need = left == 0 || p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;

    if (left == 0) {
        return 0;
    }
    if (need > left) {
        *s = t->end;
        return ' ';
    }
    return *p == 0 ? (*s += 1, (uint32_t)' ') : text_next(s);
}

static bool is_word(uint32_t c)
{
    return c != 0 && c != '_' && text_is_word(c);
}

static bool in_pairs(uint32_t c)
{
    return tokenizer_anywhere(c) && is_word(c);
}

/* A run of pairs goes on at t->pair. */
static bool next_pair(struct tokenizer *t, struct token *out)
{
    const char *second = t->pair, *behind;
    uint32_t c;
    bool first_of_run = t->pair == t->here, last, single;

    (void)next_char(t, &second);
    behind = second;
    c = next_char(t, &behind);
    last = !in_pairs(c);
    single = t->use == TOKEN_EVERY || (last && (t->use == TOKEN_TEXT || first_of_run));
    if (single && !t->alone) {
        *out = (struct token){t->pair, (size_t)(second - t->pair)};
        t->alone = true;
        if (last) {
            t->here = second;
            t->pair = NULL;
        }
        return true;
    }
    t->alone = false;
    if (last) {
        t->here = second;
        t->pair = NULL;
        return false;
    }
    *out = (struct token){t->pair, (size_t)(behind - t->pair)};
    t->pair = second;
    return true;
}

/* A whole word, or a mark, that begins at s. */
static void word_token(struct tokenizer *t, const char *s, bool mark, struct token *out)
{
    const char *end = s, *kept = s;

    for (;;) {
        const char *before = end;
        uint32_t c = next_char(t, &end);

        if (c == 0 || (mark ? c == ' ' : !is_word(c) || tokenizer_anywhere(c))) {
            t->here = before;
            break;
        }
        if (end - s <= TOKEN_MAX) {
            kept = end;
        }
    }
    *out = (struct token){s, (size_t)(kept - s)};
}

bool tokenizer_next(struct tokenizer *t, struct token *out)
{
    for (;;) {
        const char *start = t->here;
        uint32_t c;

        if (t->pair != NULL) {
            if (next_pair(t, out)) {
                return true;
            }
            continue;
        }
        c = next_char(t, &t->here);
        if (c == 0) {
            return false;
        }
        if (in_pairs(c)) {
            t->here = start;
            t->pair = start;
            t->alone = false;
        } else if (is_word(c) || c == MARK) {
            word_token(t, start, c == MARK, out);
            return true;
        }
    }
}
