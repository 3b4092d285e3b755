/* SPDX-License-Identifier: MIT */
/* What a text ends in, and how long it is: what rule 2 of the language asks. */
#include "handlers/arguments.h"

#include "base/text.h"

bool text_is_double_quote(uint32_t c)
{
    return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0xFF02 || c == 0x300C || c == 0x300D ||
           c == 0x300E || c == 0x300F || c == 0x00AB || c == 0x00BB;
}

size_t text_words(const char *s)
{
    size_t n = 0;
    bool in = false;

    while (*s != '\0') {
        bool space = text_is_space(text_next(&s));

        n += !space && !in;
        in = !space;
    }
    return n;
}

/* The last character that is neither white space nor a closing quote or bracket; 0: none. */
static uint32_t last_mark(const char *s)
{
    uint32_t last = 0;

    while (*s != '\0') {
        uint32_t c = text_next(&s);

        if (!text_is_space(c) && !text_is_double_quote(c) && c != '\'' && c != 0x2019 && c != ')' &&
            c != ']')
            last = c;
    }
    return last;
}

bool text_ends_sentence(const char *s)
{
    return text_is_sentence_mark(last_mark(s));
}

static bool is_question_mark(uint32_t c)
{
    return c == '?' || c == 0xFF1F || c == 0x061F || c == 0x2047 || c == 0x203D;
}

/* The text without the tags and names that stand behind it: "Who knows this? #cobol @bob". */
static const char *without_signs(struct arena *a, const char *s)
{
    const char *end = s;
    bool in = false, sign = false;

    for (const char *p = s; *p != '\0';) {
        uint32_t c = text_next(&p);

        if (text_is_space(c)) {
            in = false;
            continue;
        }
        if (!in)
            sign = c == '#' || c == '@' || c == 0xFF03 || c == 0xFF20;
        in = true;
        if (!sign || is_question_mark(c))
            end = p;
    }
    return arena_ndup(a, s, (size_t)(end - s));
}

bool text_ends_question(struct arena *a, const char *s)
{
    return is_question_mark(last_mark(s)) || is_question_mark(last_mark(without_signs(a, s)));
}
