/* SPDX-License-Identifier: MIT */
/* A line taken apart into words. */
#include "handlers/arguments.h"

#include <string.h>
#include "base/text.h"

#define MAX_NORM 3200 /* bytes of a word that may mean something: a full JID */

static char *plain_signs(struct arena *a, const char *folded)
{
    char *out = arena_alloc(a, strlen(folded) + 1);
    size_t n = 0;

    for (const char *p = folded; *p != '\0';) {
        uint32_t c = text_next(&p);

        if (text_is_invisible(c))
            continue;
        if (text_is_double_quote(c))
            c = '"';
        else if (c >= 0x2018 && c <= 0x201B)
            c = '\'';
        n += text_put(out + n, c);
    }
    out[n] = '\0';
    return out;
}

void tokens_split(struct arena *a, const char *line, struct tokens *out)
{
    const char *p = line;

    memset(out, 0, sizeof(*out));
    out->line = line;
    while (*p != '\0') {
        const char *start = p, *end;

        uint32_t first = text_next(&p);

        /* An unseen mark in front of "d bob …" must not make a post of it. */
        if (text_is_space(first) || text_is_invisible(first))
            continue;
        for (end = p; *p != '\0'; end = p)
            if (text_is_space(text_next(&p)))
                break;
        if (out->n < MAX_TOKENS) {
            struct token *t = &out->at[out->n++];

            t->at = start;
            t->len = (size_t)(end - start);
            t->norm =
                t->len > MAX_NORM ? "" : plain_signs(a, text_fold(a, arena_ndup(a, start, t->len)));
        }
        out->n_words++;
    }
}

const char *tokens_rest(const struct tokens *t, size_t i)
{
    return i < t->n ? t->at[i].at : "";
}

char *tokens_word(struct arena *a, const struct tokens *t, size_t i)
{
    return i < t->n ? arena_ndup(a, t->at[i].at, t->at[i].len) : arena_dup(a, "");
}

uint32_t text_peek(const char *s)
{
    return text_next(&s);
}
