/* SPDX-License-Identifier: MIT */
#include "handlers/poll.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/arguments.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/post.h"

enum { TOLD_PER_TICK = 20, QUESTION = 60 };

/* ---- what is typed ------------------------------------------------------------------------------ */

/* The end of a part, and in *next where the one behind it begins; NULL: it is the last. */
static size_t part_len(const char *s, const char **next)
{
    const char *p = s;

    *next = NULL;
    while (*p != '\0') {
        const char *at = p;
        uint32_t ch = text_next(&p);

        if (ch == '|' || ch == 0xFF5C) {
            *next = p;
            return (size_t)(at - s);
        }
    }
    return (size_t)(p - s);
}

static enum err check_choice(struct call *c, const char *choice, const char *const *before,
                             size_t n)
{
    const char *folded = text_fold(c->arena, choice);

    if (text_count(choice) > LIMIT_CHOICE) {
        call_say(c,
                 "A choice may have %1$d characters, and this one has more: “%2$s”. Nothing was "
                 "posted.",
                 LIMIT_CHOICE, compose_excerpt(c->arena, choice, QUESTION));
        return E_LIMIT;
    }
    if (n == LIMIT_CHOICES) {
        call_say(c, "A poll has at most %d choices. Nothing was posted.", LIMIT_CHOICES);
        return E_LIMIT;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text_fold(c->arena, before[i]), folded) == 0) {
            call_say(c, "“%s” is there twice. Nothing was posted.", choice);
            return E_USAGE;
        }
    }
    return OK;
}

char *poll_typed(struct arena *a, const struct value *args)
{
    char *choices = text_trim(a, args[1].text);

    if (strchr(choices, '|') == NULL && strstr(choices, "｜") == NULL)
        for (char *p = choices; *p != '\0'; p++)
            if (*p == '\n')
                *p = '|';
    return arena_printf(a, "%s | %s", args[0].text, choices);
}

enum err poll_take_group(struct call *c, const char **question, struct group *out)
{
    const char *text = text_trim(c->arena, *question), *name = text, *end;
    uint32_t sign = text_next(&name);
    enum err e;

    memset(out, 0, sizeof *out);
    if (sign != '!' && sign != 0xFF01)
        return OK;
    for (end = name; text_is_word(text_peek(end));)
        (void)text_next(&end);
    *question = end + (*end != '\0' && strchr(":,.", *end) != NULL);
    if (end == name || (**question != '\0' && !text_is_space(text_peek(*question)))) {
        *question = text; /* "!!!", "!important!": no name of a group */
        return OK;
    }
    name = arena_ndup(c->arena, name, (size_t)(end - name));
    e = store_group_find(c->store, text_fold(c->arena, name), c->who.no, c->arena, out);
    if (e != E_NOTFOUND)
        return e;
    e = call_no_group(c, name);
    call_say(c, "Nothing was posted.");
    return e;
}

enum err poll_read(struct call *c, const char *typed, struct poll_form *out)
{
    const char *choices[LIMIT_CHOICES], *next, *text;
    size_t n = 0, len = part_len(typed, &next);
    const char *question = text_trim(c->arena, arena_ndup(c->arena, typed, len));

    while (next != NULL) {
        const char *part = next, *choice;
        enum err e;

        len = part_len(part, &next);
        /* One line each: the lines of the text are what is voted for. */
        choice = compose_excerpt(c->arena, arena_ndup(c->arena, part, len), LIMIT_CHOICE + 1);
        if (*choice == '\0')
            continue;
        e = check_choice(c, choice, choices, n);
        if (e != OK)
            return e;
        choices[n++] = choice;
    }
    if (*question == '\0' || n < 2) {
        call_say(c, "A poll is a question and at least two choices, with a | before each: `poll "
                    "Lunch? | Noodles | Rice`. Nothing was posted.");
        return E_USAGE;
    }
    text = question;
    for (size_t i = 0; i < n; i++)
        text = arena_printf(c->arena, "%s\n%zu %s", text, i + 1, choices[i]);
    *out = (struct poll_form){.text = text, .choices = (int)n};
    return OK;
}

/* ---- how its post reads ----------------------------------------------------------------------------- */

/* The line of a choice: the choices are the last lines of the text. */
static const char *line_of(const char *text, int choices, int no, size_t *len)
{
    const char *p = text + strlen(text), *end = p;

    for (int i = choices; i >= no; i--) {
        end = i == choices ? p : p - 1;
        p = end;
        while (p > text && p[-1] != '\n')
            p--;
    }
    *len = (size_t)(end - p);
    return p;
}

char *poll_choice(struct arena *a, const char *text, int choices, int no)
{
    size_t len;
    const char *line = line_of(text, choices, no, &len), *blank = memchr(line, ' ', len);

    if (blank == NULL)
        return arena_ndup(a, line, len);
    return arena_ndup(a, blank + 1, (size_t)(line + len - blank - 1));
}

/* Whether the last lines still are the choices, each with its number and something behind it. */
static bool is_numbered(struct arena *a, const char *text, int choices)
{
    int lines = 0;

    for (const char *p = text; *p != '\0'; p++)
        lines += *p == '\n';
    if (lines < choices)
        return false;
    for (int i = 1; i <= choices; i++) {
        const char *number = arena_printf(a, "%d ", i);
        size_t len;
        const char *line = line_of(text, choices, i, &len);

        if (len <= strlen(number) || strncmp(line, number, strlen(number)) != 0)
            return false;
    }
    return true;
}

enum err poll_change(struct call *c, const struct post *p, const char *typed, struct poll_form *out)
{
    const char *next, *ref = call_ref(c, p->no);
    struct poll poll;
    enum err e = store_poll_get(c->store, p->no, c->who.no, &poll);

    if (e == E_NOTFOUND)
        return call_no_post(c, p->no);
    if (e != OK)
        return e;
    if (poll.closed_at != 0 || poll.votes > 0) {
        call_say(c,
                 poll.closed_at != 0
                     ? N_("Poll %s is closed, so its text stays. Nothing was changed.")
                     : N_("Poll %s has votes, and what people voted for stays as they saw it. "
                          "Nothing was changed."),
                 ref);
        return E_DENIED;
    }
    (void)part_len(typed, &next);
    if (next != NULL)
        return poll_read(c, typed, out);
    if (!is_numbered(c->arena, typed, poll.choices)) {
        call_say(c,
                 "%1$s is a poll: `edit %1$s QUESTION | A | B …` changes it. Nothing was changed.",
                 ref);
        return E_USAGE;
    }
    *out = (struct poll_form){.text = typed, .choices = poll.choices};
    return OK;
}

enum err poll_vote_meant(struct call *c, const struct post *p, const char *text, const char **line)
{
    const char *word = text_fold(c->arena, text_trim(c->arena, text));
    struct poll poll;
    enum err e;

    *line = NULL;
    if (p->kind != KIND_POLL || !argument_is_number(word))
        return OK;
    e = store_poll_get(c->store, p->no, c->who.no, &poll);
    if (e == OK && poll.closed_at == 0)
        *line = arena_printf(c->arena, "vote %s %s", call_ref(c, p->no), word);
    return e == E_NOTFOUND ? OK : e;
}

/* ---- what was voted -------------------------------------------------------------------------------------- */

/* A line a choice. */
static char *result(struct arena *a, enum lang l, const char *text, const struct poll *poll)
{
    char *out = NULL;

    for (int i = 1; i <= poll->choices; i++) {
        const char *choice = poll_choice(a, text, poll->choices, i);
        const char *row =
            i == poll->mine
                ? say(a, l, "%1$d %2$s: %3$lld (your vote)", i, choice, (long long)poll->counts[i])
                : say(a, l, "%1$d %2$s: %3$lld", i, choice, (long long)poll->counts[i]);

        out = out == NULL ? arena_dup(a, row) : arena_printf(a, "%s\n%s", out, row);
    }
    return out;
}

enum err call_put_poll(struct call *c, const struct post *p)
{
    struct poll poll;
    enum err e = store_poll_get(c->store, p->no, c->who.no, &poll);

    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    if (poll.closed_at != 0)
        call_say_n(c, "The poll is closed, with %lld vote:", "The poll is closed, with %lld votes:",
                   poll.votes, (long long)poll.votes);
    else if (poll.votes == 0)
        call_say(c, "Nobody has voted yet:");
    else
        call_say_n(c, "%lld vote so far:", "%lld votes so far:", poll.votes, (long long)poll.votes);
    call_put(c, result(c->arena, c->lang, p->text, &poll));
    if (poll.closed_at == 0 && poll.mine == 0)
        call_say(c, "`vote %s N` gives your vote; nobody is shown who voted what.",
                 call_ref(c, p->no));
    else if (poll.closed_at == 0)
        call_say(c, "`vote %s N` changes your vote, until the poll is closed.", call_ref(c, p->no));
    return OK;
}

static enum err tell(struct store *st, const struct service_options *o, int64_t post,
                     int64_t person, int64_t now, struct arena *a)
{
    struct answer an = {.person = person, .post = post};
    struct person who;
    struct post p;
    struct poll poll;
    const char *question, *bar;
    enum lang l;
    int64_t event;
    enum err e = store_post_get(st, post, person, a, &p);

    if (e == OK)
        e = store_poll_get(st, post, person, &poll);
    if (e == OK)
        e = store_person_by_no(st, person, a, &who);
    if (e != OK)
        return e == E_NOTFOUND ? OK : e; /* they may not see it any more */
    l = lang_parse(who.lang, lang_parse(o->language, LANG_EN));
    bar = line_of(p.text, poll.choices, 1, &(size_t){0});
    question = compose_excerpt(a, arena_ndup(a, p.text, (size_t)(bar - p.text)), QUESTION);
    an.to = who.jid;
    an.from = arena_printf(a, "%s@%s", o->bot, o->domain);
    an.text =
        say(a, l, "Poll %1$s by %2$s is closed: “%3$s”\n%4$s", compose_ref(a, post),
            say_person(a, p.author_name, p.author_nick), question, result(a, l, p.text, &poll));
    return store_answer_add(st, EVENT_NOTICE, &an, now, &event);
}

enum err poll_tick(struct store *st, const struct service_options *o, int64_t now, struct arena *a,
                   int64_t *next)
{
    struct voters v;
    enum err e = store_voters_take(st, TOLD_PER_TICK, a, &v);

    for (size_t i = 0; e == OK && i < v.n; i++)
        e = tell(st, o, v.post, v.people[i], now, a);
    *next = e == OK && v.n > 0 ? now : 0;
    return e;
}
