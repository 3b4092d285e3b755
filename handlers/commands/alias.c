/* SPDX-License-Identifier: MIT */
/* Short forms of one's own: made, listed, taken away. How they are read stands in handlers/alias.c. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/alias.h"
#include "handlers/lists.h"

enum { SHOWN = 300 };

static void put_alias(struct call *c, const void *rows, size_t i)
{
    const struct alias *al = &((const struct alias *)rows)[i];

    call_put(
        c, arena_printf(c->arena, "%s = %s", al->name, compose_excerpt(c->arena, al->text, SHOWN)));
}

enum err list_aliases(struct call *c, const char *after, const struct listing *li)
{
    struct more next = {.kind = MORE_ALIASES, .limit = list_limit(li)};
    struct alias *al;
    size_t n;
    bool more;
    enum err e =
        store_aliases(c->store, c->who.no, after, (size_t)next.limit, c->arena, &al, &n, &more);

    if (e != OK)
        return e;
    if (n > 0)
        next.text = al[n - 1].name;
    return list_page(c, li, &(struct page){.rows = al, .n = n, .more = more, .put = put_alias},
                     &next);
}

/* The word as it will be looked for; NULL: such a word cannot be one, which is said. */
static const char *check_name(struct call *c, const char *typed)
{
    const char *name = text_fold(c->arena, typed);
    bool digits = true;

    for (const char *p = name; *p != '\0';) {
        uint32_t ch = text_next(&p);

        if (!text_is_word(ch)) {
            call_say(c,
                     "“%s” cannot name a short form: letters, digits and _ can stand in its name.",
                     compose_excerpt(c->arena, typed, SHOWN));
            return NULL;
        }
        digits = digits && text_is_digit(ch);
    }
    if (digits || text_count(name) > LIMIT_ALIAS_NAME) {
        call_say(c, "The name of a short form has at most %d characters, and not only digits.",
                 LIMIT_ALIAS_NAME);
        return NULL;
    }
    if (command_find(name) != NULL) {
        call_say(c, "`%s` is a command word already, so it cannot be a short form too.", name);
        return NULL;
    }
    return name;
}

static enum err check_text(struct call *c, const char *text)
{
    bool is = false;
    enum err e;

    if (text_count(text) > LIMIT_ALIAS_TEXT || alias_places(text) > LIMIT_ALIAS_PLACES) {
        call_say(c, "That is too long for a short form: there is room for %d characters.",
                 LIMIT_ALIAS_TEXT);
        return E_LIMIT;
    }
    e = alias_is_command(c, text, &is);
    if (e == OK && !is) {
        call_say(c,
                 "A short form stands for a command, and this is none as it stands there: %s\n"
                 "`help COMMAND` shows how one goes.",
                 compose_excerpt(c->arena, text, SHOWN));
        return E_USAGE;
    }
    return e;
}

enum err run_alias(struct call *c)
{
    struct listing li = {.limit = 0};
    struct alias al;
    enum err e;

    if (!c->args[0].given) {
        li.title = say(c->arena, c->lang, "Your short forms:");
        li.empty =
            say(c->arena, c->lang, "You have no short forms. `alias hi = d bob hi %%1` makes one.");
        return list_aliases(c, "", &li);
    }
    al.text = text_trim(c->arena, c->args[2].text);
    al.name = check_name(c, c->args[0].text);
    e = al.name == NULL ? E_USAGE : check_text(c, al.text);
    if (e == OK)
        e = store_alias_set(c->store, c->who.no, &al);
    else if (e == E_USAGE || e == E_LIMIT)
        call_say(c, "Nothing was changed.");
    if (e == E_LIMIT && c->answer.len == 0)
        call_say(c,
                 "You have %d short forms, and that is the limit. `unalias NAME` takes one away.",
                 LIMIT_ALIASES);
    if (e == OK)
        call_say(c, "From now on `%1$s` stands for: %2$s\n`unalias %1$s` takes that away.", al.name,
                 compose_excerpt(c->arena, al.text, SHOWN));
    return e;
}

enum err run_unalias(struct call *c)
{
    const char *name = text_fold(c->arena, c->args[0].text);
    enum err e = store_alias_remove(c->store, c->who.no, name);

    if (e == OK)
        call_say(c, "`%s` is no short form of yours any more.", name);
    else if (e == E_NOTFOUND)
        call_say(c, "You have no short form `%s`. `alias` lists yours.",
                 compose_excerpt(c->arena, c->args[0].text, LIMIT_ALIAS_NAME));
    return e == E_NOTFOUND ? OK : e;
}
