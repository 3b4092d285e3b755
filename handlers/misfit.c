/* SPDX-License-Identifier: MIT */
#include "handlers/misfit.h"

#include <string.h>

#include "base/text.h"
#include "handlers/arguments.h"
#include "handlers/near.h"
#include "handlers/times.h"

enum { OBJECT_WORDS = 6 /* a command word, what it is about, and at most four words more */ };

/* "like 12" for "like #12", "d bbo text" where only one name is near: what `yes` may run. NULL: nothing one could guess. */
static enum err guess(struct call *c, const struct command *row, const struct tokens *t,
                      const struct fitting *f, const char **out)
{
    struct arena *a = c->arena;
    struct people near = {0};
    struct value args[4];
    struct fitting again;
    struct tokens nt;
    const char *line;
    enum err e;

    *out = NULL;
    if (f->bad == NULL || t->n < 2 || strcmp(tokens_word(a, t, 1), f->bad) != 0)
        return OK;
    if (argument_is_number(t->at[1].norm)) {
        line = arena_printf(a, "%s #%s", tokens_word(a, t, 0), tokens_rest(t, 1));
    } else if (row->args[0].kind == ARG_GROUP && t->at[1].norm[0] != '!') {
        line = arena_printf(a, "%s !%s", tokens_word(a, t, 0), tokens_rest(t, 1));
    } else if (f->why == WHY_PERSON) {
        e = store_people_near(c->store, t->at[1].norm, 2, a, &near);
        if (e != OK || near.n != 1)
            return e;
        line = arena_printf(a, "%s @%s%s%s", tokens_word(a, t, 0), near.at[0].nick,
                            t->n > 2 ? " " : "", tokens_rest(t, 2));
    } else {
        return OK;
    }
    tokens_split(a, line, &nt);
    e = arguments_fit(c, row, &nt, 1, false, args, &again);
    if (e == OK && again.fit == FIT_YES)
        *out = line;
    return e;
}

/* "mute bob for 3 days", "follow bob and carol", "like #12 a lot": whom or what it is about is there, so few sentences begin
 * like that, and what it says is meant for nobody else. */
static bool names_its_object(const struct command *row, const struct tokens *t,
                             const struct reading *rd)
{
    enum argument_kind kind = row->args[0].kind;

    return rd->args[0].given && t->n_words <= OBJECT_WORDS && strpbrk(t->line, "\r\n") == NULL &&
           (kind == ARG_TARGET || kind == ARG_PERSON || kind == ARG_POST);
}

/* "schedule at 17:00 …", "snooze for 2h": the time stands one word further on. NULL: it does not. */
static const char *time_further_on(struct call *c, const struct command *row,
                                   const struct tokens *t)
{
    static const char *const before[] = {"in", "at", "on", "for", "until", "till"};
    int64_t instant;

    if (row->args[0].kind != ARG_TIME || t->n < 3)
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(before); i++)
        if (strcmp(t->at[1].norm, before[i]) == 0 &&
            argument_time(t, 2, c->who.zone, c->now, &instant) > 0)
            return arena_printf(c->arena, "%s %s", tokens_word(c->arena, t, 0), tokens_rest(t, 2));
    return NULL;
}

enum err misfit_read(struct call *c, const struct command *row, const struct tokens *t,
                     const struct fitting *f, struct reading *rd)
{
    const char *proposed = NULL;
    enum err e;

    if (row->free == FREE_COLON && f->why == WHY_TEXT_LEFT)
        return OK; /* "post your reply" is a post of these words */
    proposed = time_further_on(c, row, t);
    if (proposed != NULL) {
        reading_ask(rd, WHY_FORM, row, f->bad, proposed);
        return OK;
    }
    if ((row->flags & COMMAND_PRIVATE) == 0 && strcmp(t->at[0].norm, "edit") != 0 &&
        ((t->n_words > 3 && !names_its_object(row, t, rd)) || text_ends_sentence(t->line)))
        return OK;
    e = rd->head ? OK : guess(c, row, t, f, &proposed);
    if (e == OK && proposed == NULL)
        e = near_habit(c, t, &proposed);
    reading_ask(rd, f->why == WHY_PERSON ? WHY_PERSON : WHY_FORM, row, f->bad, proposed);
    return e;
}
