/* SPDX-License-Identifier: MIT */
#include "handlers/alias.h"

#include <string.h>
#include "base/buffer.h"
#include "base/limits.h"
#include "base/text.h"
#include "handlers/near.h"

/* ---- what stands in one --------------------------------------------------------------------------- */

/* 1 to 9 for %1 to %9, 10 for %*, 0: no place begins here. */
enum { PLACE_ALL = 10 };
static size_t place_at(const char *p)
{
    if (p[0] != '%')
        return 0;
    if (p[1] == '*')
        return PLACE_ALL;
    return p[1] >= '1' && p[1] <= '9' ? (size_t)(p[1] - '0') : 0;
}

static bool has_all(const char *text)
{
    return strstr(text, "%*") != NULL;
}

size_t alias_places(const char *text)
{
    size_t n = 0;

    for (const char *p = text; *p != '\0'; p++)
        n += place_at(p) != 0;
    return n;
}

size_t alias_needs(const char *text)
{
    size_t most = 0;

    for (const char *p = text; *p != '\0'; p++) {
        size_t place = place_at(p);

        if (place == PLACE_ALL)
            place = 1;
        most = place > most ? place : most;
    }
    return most;
}

static const char *fill(struct arena *a, const char *text, const char *const *words)
{
    const char *out = NULL;
    struct buffer b;

    buffer_init(&b, LIMIT_BODY);
    for (const char *p = text; *p != '\0'; p++) {
        size_t place = place_at(p);

        if (place == 0)
            buffer_add(&b, p, 1);
        else
            buffer_adds(&b, words[place]);
        p += place != 0;
    }
    if (!b.over && b.len > 0)
        out = arena_ndup(a, b.data, b.len);
    buffer_fini(&b);
    return out;
}

enum err alias_fill(struct arena *a, const char *text, const struct tokens *t, const char **out)
{
    const char *words[PLACE_ALL + 1] = {0};
    size_t needs = alias_needs(text);

    if (t->n_words < needs + 1 || (needs == 0 && t->n_words > 1))
        return E_USAGE;
    for (size_t i = 1; i <= needs; i++)
        words[i] = i < needs || has_all(text) ? tokens_word(a, t, i) : tokens_rest(t, i);
    words[PLACE_ALL] = tokens_rest(t, 1);
    *out = fill(a, text, words);
    return *out == NULL ? E_LIMIT : OK;
}

/* ---- whether it is a command ------------------------------------------------------------------------ */

#define SAMPLE "wordzz" /* a name nobody has … */
#define SAMPLE_POST                                                                                \
    999999999999999 /* … and a post nobody wrote: what is told of them is only the sample's fault */
enum { TRIES = 300 };

/* A command, or one that would be if the sample were there. */
static bool would_run(const struct reading *rd)
{
    if (rd->kind == READING_COMMAND)
        return true;
    return rd->kind == READING_REFUSED && ((rd->why == WHY_POST && rd->number == SAMPLE_POST) ||
                                           ((rd->why == WHY_PERSON || rd->why == WHY_TAG) &&
                                            rd->bad != NULL && strstr(rd->bad, SAMPLE) != NULL));
}

enum err alias_is_command(struct call *c, const char *text, bool *is)
{
    const char *const samples[] = {SAMPLE,
                                   arena_printf(c->arena, "@%s", c->who.nick),
                                   "#999999999999999",
                                   "#" SAMPLE,
                                   "2h",
                                   "5",
                                   SAMPLE " and more",
                                   SAMPLE " and more?",
                                   "Which? | A | B",
                                   "999999999999999",
                                   "!" SAMPLE};
    const char *words[PLACE_ALL + 1];
    size_t at[PLACE_ALL + 1] = {0};
    enum err e = OK;

    *is = false;
    for (int tries = 0; e == OK && !*is && tries < TRIES; tries++) {
        struct reading rd = {.aliased = true};
        const char *line;
        size_t k = 1;

        for (size_t i = 0; i <= PLACE_ALL; i++)
            words[i] = samples[at[i]];
        line = fill(c->arena, text, words);
        if (line == NULL)
            break;
        e = reading_go_on(c, line, &rd);
        *is = e == OK && would_run(&rd);
        /* The next combination, of the places that are there. */
        while (k <= PLACE_ALL) {
            char place[] = {'%', k == PLACE_ALL ? '*' : (char)('0' + k), '\0'};

            if (strstr(text, place) != NULL && ++at[k] < ARRAY_LEN(samples))
                break;
            at[k++] = 0;
        }
        if (k > PLACE_ALL)
            break;
    }
    return e;
}

/* ---- a line ------------------------------------------------------------------------------------------ */

/* It is theirs, and comes to nothing. */
static void refuse(struct call *c, const struct tokens *t, const char *meant, const char *line,
                   struct reading *rd)
{
    reading_ask(rd, WHY_ALIAS, NULL, tokens_word(c->arena, t, 0), NULL);
    if (rd->forced)
        rd->kind = READING_REFUSED;
    rd->meant = meant;
    rd->text = line;
}

enum err alias_read(struct call *c, const struct tokens *t, struct reading *rd, bool *done)
{
    struct alias al;
    const char *line;
    enum err e;

    *done = false;
    if (rd->aliased || t->n == 0 || text_count(t->at[0].norm) > LIMIT_ALIAS_NAME)
        return OK;
    e = store_alias_find(c->store, c->who.no, t->at[0].norm, c->arena, &al);
    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    e = alias_fill(c->arena, al.text, t, &line);
    /* As with a command word that does not fit: a longer sentence is a sentence. */
    if (e == E_USAGE && !rd->forced && (t->n_words > 3 || text_ends_sentence(t->line)))
        return OK;
    *done = true;
    if (e != OK) {
        refuse(c, t, al.text, e == E_LIMIT ? "" : NULL, rd);
        return OK;
    }
    rd->aliased = true;
    e = reading_go_on(c, line, rd);
    if (e == OK && rd->kind == READING_POST)
        refuse(c, t, al.text, line, rd);
    return e;
}
