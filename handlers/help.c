/* SPDX-License-Identifier: MIT */
#include "handlers/help.h"

#include <string.h>
#include "base/text.h"
#include "handlers/reserved.h"
#include "handlers/state.h"

static void add(struct call *c, const char *s)
{
    buffer_adds(&c->answer, s);
}

static bool shown(const struct call *c, const struct command *row)
{
    return (row->flags & COMMAND_HIDDEN) == 0 && row->role <= c->role;
}

static bool any_shown(const struct call *c, const struct family *family)
{
    for (size_t r = 0; r < family->n; r++)
        if (shown(c, &family->rows[r]))
            return true;
    return false;
}

/* "follow @nick, #tag …: summary" */
static void add_row(struct call *c, const struct command *row)
{
    add(c, "\n");
    add(c, message_get(c->lang, row->form));
    add(c, " — ");
    add(c, message_get(c->lang, row->summary));
}

/* What one needs on the first day: eight short lines. */
static void first(struct call *c)
{
    static const char *const rows[] = {"reply", "d", "follow", "home", "search", "undo"};

    call_say(
        c,
        "Whatever you write here is a post for those who follow you, unless it is one of these:");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        add_row(c, command_named(rows[i]));
    call_say(c, "`help all` lists all commands, `help follow` explains one.");
}

static void all(struct call *c)
{
    size_t n = 0;

    call_say(c, "Whatever you write is a post, unless it is one of these commands. `/` in front "
                "makes sure that it is a "
                "command, `post:` that it is a post.");
    for (size_t f = 0; f < n_families; f++) {
        if (families[f] == &family_later || families[f] == &family_dispatch ||
            !any_shown(c, families[f]))
            continue;
        add(c, "\n\n");
        add(c, message_get(c->lang, families[f]->title));
        for (size_t r = 0; r < families[f]->n; r++)
            if (shown(c, &families[f]->rows[r]))
                add_row(c, &families[f]->rows[r]);
    }
    add(c, "\n\n");
    add(c, message_get(c->lang, family_later.title));
    add(c, ": ");
    for (size_t r = 0; r < family_later.n; r++) {
        if (!shown(c, &family_later.rows[r]))
            continue;
        add(c, n++ > 0 ? ", " : "");
        add(c, call_word(c, &family_later.rows[r]));
    }
}

/* "also: sub, track, 팔로우, 구독" */
static void add_words(struct call *c, const struct command *row)
{
    const char *list = "";

    for (size_t i = 0; i < ARRAY_LEN(row->aliases) && row->aliases[i] != NULL; i++)
        list = arena_printf(c->arena, "%s%s%s", list, list[0] == '\0' ? "" : ", ", row->aliases[i]);
    for (size_t i = 0; i < ARRAY_LEN(row->korean) && row->korean[i] != NULL; i++)
        list = arena_printf(c->arena, "%s%s%s", list, list[0] == '\0' ? "" : ", ", row->korean[i]);
    call_say(c, "Also: %s", list);
}

static bool has_hangul(const char *s)
{
    while (*s != '\0')
        if (text_is_hangul(text_next(&s)))
            return true;
    return false;
}

/* Rows hold examples of both languages: those of the caller's first. */
static void add_examples(struct call *c, const struct command *row)
{
    size_t n = 0;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < ARRAY_LEN(row->examples) && row->examples[i] != NULL; i++)
            if ((has_hangul(row->examples[i]) == (c->lang == LANG_KO)) == (pass == 0))
                call_say(c, n++ == 0 ? N_("For example: %s") : N_("or: %s"), row->examples[i]);
}

static void one(struct call *c, const struct command *row)
{
    const char *form = message_get(c->lang, row->form), *name = call_word(c, row);

    if (strstr(form, name) == NULL) /* "#1234 TEXT" is `reply` */
        call_say(c, "`%1$s`: %2$s — %3$s", name, form, message_get(c->lang, row->summary));
    else
        call_say(c, "%1$s — %2$s", form, message_get(c->lang, row->summary));
    if (row->help != NULL)
        call_say(c, "%s", message_get(c->lang, row->help));
    if ((row->flags & COMMAND_LATER) != 0)
        call_say(c, "It is planned and does not work yet.");
    add_words(c, row);
    add_examples(c, row);
}

/* Those that share the first of two words: "help group". */
static void each(struct call *c, const struct command *like)
{
    size_t n = strcspn(like->name, " ") + 1;

    for (size_t f = 0; f < n_families; f++)
        for (size_t r = 0; r < families[f]->n; r++)
            if (strncmp(families[f]->rows[r].name, like->name, n) == 0)
                call_say(c, "%1$s — %2$s", message_get(c->lang, families[f]->rows[r].form),
                         message_get(c->lang, families[f]->rows[r].summary));
    call_say(c, "`help %s` explains one.", call_word(c, like));
}

enum err help_run(struct call *c)
{
    const char *word = c->args[0].given ? c->args[0].text : NULL;

    if (word == NULL) {
        first(c);
        return OK;
    }
    if (strcmp(word, "all") == 0 || strcmp(word, "전체") == 0)
        all(c);
    else if (command_is_head(command_find(word), word))
        each(c, command_find(word));
    else
        one(c, command_find(word)); /* an argument of this kind is a word the caller may know */
    return OK;
}
