/* SPDX-License-Identifier: MIT */
/* What is done about a line once it is read: run, published, refused or asked about, in words. */
#include "handlers/dispatch.h"

#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "handlers/alias.h"
#include "handlers/arguments.h"
#include "handlers/compose.h"
#include "handlers/dialogue.h"
#include "handlers/lists.h"
#include "handlers/near.h"
#include "handlers/state.h"

enum { SHOWN = 100, PROPOSAL = 300 };

/* ---- the answer --------------------------------------------------------------------------------------- */

static void add(struct call *c, const char *line)
{
    if (c->answer.len > 0)
        buffer_add(&c->answer, "\n", 1);
    buffer_adds(&c->answer, line);
}

void call_say(struct call *c, const char *msgid, ...)
{
    va_list ap;

    va_start(ap, msgid);
    add(c, say_values(c->arena, c->lang, msgid, ap));
    va_end(ap);
}

void call_say_n(struct call *c, const char *one, const char *many, int64_t n, ...)
{
    va_list ap;

    va_start(ap, n);
    add(c, say_n_values(c->arena, c->lang, one, many, n, ap));
    va_end(ap);
}

void call_set_more(struct call *c, const struct more *m)
{
    if (c->who.no == 0)
        return; /* jaejalctl remembers nothing */
    session_set_more(c->service->sessions, c->who.no, m);
}

const struct more *call_get_more(struct call *c)
{
    return session_more(c->service->sessions, c->who.no);
}

void call_ask(struct call *c, const char *proposed, const char *as_post)
{
    if (c->who.no == 0)
        return;
    session_ask(c->service->sessions, c->who.no, proposed, as_post, c->now);
}

const char *call_word(const struct call *c, const struct command *row)
{
    return c->lang == LANG_KO ? row->korean[0] : row->name;
}

/* A word of theirs inside our words: one line, and no longer than a name or an address may be. An answer that does
 * not fit would not be said at all. */
static const char *echo(struct call *c, const char *typed)
{
    return compose_excerpt(c->arena, typed, SHOWN);
}

/* ---- names nobody has ------------------------------------------------------------------------------------ */

enum err call_no_person(struct call *c, const char *typed)
{
    const char *name = typed[0] == '@' ? typed + 1 : typed;
    enum err e;

    call_say(c, "Nobody here is called @%s.", echo(c, name));
    e = list_near_people(c, text_fold(c->arena, name));
    return e == OK ? E_NOTFOUND : e;
}

enum err call_no_tag(struct call *c, const char *typed)
{
    const char *name = typed[0] == '#' ? typed + 1 : typed;
    enum err e;

    call_say(c, "There is no tag #%s yet.", echo(c, name));
    e = list_near_tags(c, text_fold(c->arena, name));
    return e == OK ? E_NOTFOUND : e;
}

enum err call_no_group(struct call *c, const char *typed)
{
    const char *name = typed[0] == '!' ? typed + 1 : typed;
    enum err e;

    call_say(c, "There is no group !%s that you can see.", echo(c, name));
    e = list_near_groups(c, text_fold(c->arena, name));
    return e == OK ? E_NOTFOUND : e;
}

/* ---- refusals ------------------------------------------------------------------------------------------------ */

static void say_form(struct call *c, const struct command *row)
{
    call_say(c, "It goes like this: %s", message_get(c->lang, row->form));
}

/* Of a first word of two all that begin with it. */
static void say_forms(struct call *c, const struct reading *rd)
{
    const char *name = rd->command->name;
    size_t n = strcspn(name, " ") + 1;

    if (!rd->head) {
        say_form(c, rd->command);
        return;
    }
    call_say(c, "It goes like this:");
    for (size_t f = 0; f < n_families; f++)
        for (size_t r = 0; r < families[f]->n; r++)
            if (strncmp(families[f]->rows[r].name, name, n) == 0 &&
                families[f]->rows[r].role <= c->role)
                add(c, message_get(c->lang, families[f]->rows[r].form));
}

/* The word that was typed, in the person's language. */
static const char *word_of(struct call *c, const struct reading *rd)
{
    const char *word = call_word(c, rd->command);

    return rd->head ? arena_ndup(c->arena, word, strcspn(word, " ")) : word;
}

/* A short form of their own that came to nothing. */
static void say_alias(struct call *c, const struct reading *rd)
{
    const char *name = echo(c, rd->bad), *text = compose_excerpt(c->arena, rd->meant, PROPOSAL);

    if (rd->text != NULL && rd->text[0] == '\0')
        call_say(c, "`%1$s` is a short form of yours, but what comes of it is too long: %2$s", name,
                 text);
    else if (rd->text != NULL)
        call_say(c, "`%1$s` is a short form of yours, but what comes of it is no command: %2$s",
                 name, compose_excerpt(c->arena, rd->text, PROPOSAL));
    else if (alias_places(rd->meant) > 0)
        call_say(c, "`%1$s` is a short form of yours, and something is missing behind it: %2$s",
                 name, text);
    else
        call_say(c, "`%1$s` is a short form of yours, and takes nothing behind it: %2$s", name,
                 text);
}

enum err dispatch_refuse(struct call *c, const struct reading *rd)
{
    enum err e = OK;

    switch (rd->why) {
    case WHY_PERSON:
        e = call_no_person(c, rd->bad);
        break;
    case WHY_TAG:
        e = call_no_tag(c, rd->bad);
        break;
    case WHY_NO_GROUP:
        e = call_no_group(c, rd->bad);
        break;
    case WHY_POST:
        if (rd->number < INT64_MAX)
            e = call_no_post(c, rd->number);
        else /* "#0", or more digits than any number has: in their words */
            call_say(c, "There is no post %s that you can see.", echo(c, rd->bad));
        break;
    case WHY_TIME:
        call_say(c, "“%s” has passed, so nothing was done.", echo(c, rd->bad));
        break;
    case WHY_YES:
        call_say(c, "There is nothing to say yes to right now, so nothing was done or published.");
        break;
    case WHY_POST_WORD:
        call_say(c, "There is nothing waiting to be published. `post: TEXT` publishes TEXT.");
        break;
    case WHY_ALIAS:
        say_alias(c, rd);
        call_say(c, "Nothing was done.");
        break;
    case WHY_NUMBER:
        call_say(c, "There is nothing to choose by a number right now, so nothing was published. "
                    "`#1234` shows the post of "
                    "that number.");
        break;
    default:
        if (rd->bad != NULL && rd->bad[0] != '\0')
            call_say(c, "“%1$s” does not fit behind `%2$s`, so nothing was done.", echo(c, rd->bad),
                     word_of(c, rd));
        else
            call_say(c, "Something is missing behind `%s`, so nothing was done.", word_of(c, rd));
        say_forms(c, rd);
        if (rd->why == WHY_FORM && dialogue_offer(c, rd))
            call_say(c, "`yes` asks you for it step by step.");
        break;
    }
    return e == E_NOTFOUND ? OK : e;
}

/* ---- questions -------------------------------------------------------------------------------------------------- */

/* A group one cannot write to, and what helps. */
static enum err say_no_group(struct call *c, const struct reading *rd)
{
    const struct group *g = &rd->args[0].group;

    call_say(c, "Nothing is published yet: there is no group %s that you can write to.",
             echo(c, rd->bad));
    if (!rd->args[0].given)
        return list_near_groups(c, text_fold(c->arena, rd->bad[0] == '!' ? rd->bad + 1 : rd->bad));
    if (g->ended)
        call_say(c, "%s was ended.", g->label);
    else if (g->kind == GROUP_OPEN)
        call_say(c, "`join %s` first, then you can.", g->label);
    else
        call_say(c, "%1$s is for its members; `join %1$s` asks its owners to let you in.",
                 g->label);
    return OK;
}

/* The first line of a question: what is odd about the line. */
static enum err say_why(struct call *c, const struct reading *rd)
{
    enum err e;

    switch (rd->why) {
    case WHY_PERSON:
        e = call_no_person(c, rd->bad);
        call_say(c, "Nothing is done or published yet.");
        return e;
    case WHY_SLIP:
        call_say(c, "Nothing is published yet: “%1$s” looks like the command `%2$s`.",
                 echo(c, rd->bad), call_word(c, rd->command));
        return OK;
    case WHY_HABIT:
        call_say(c, "Nothing is published yet: elsewhere that would be a command.");
        return OK;
    case WHY_GROUP:
        return say_no_group(c, rd);
    case WHY_NO_POST:
        call_say(c, "Nothing is published yet: there is no post %s that you could answer.",
                 echo(c, rd->bad));
        return OK;
    case WHY_OLD_POST:
        call_say(c,
                 "Nothing is published yet: #%lld is more than a month old. Was that meant as an "
                 "answer to it?",
                 (long long)rd->number);
        return OK;
    case WHY_VOTE:
        call_say(c, "Nothing is published yet: #%lld is a poll. Was that meant as your vote?",
                 (long long)rd->number);
        return OK;
    case WHY_AT_NICK:
        call_say(c,
                 "Nothing is published yet. Here a message that begins with @%1$s is public and "
                 "names @%1$s; "
                 "`d @%1$s TEXT` is private. I ask this only once.",
                 echo(c, rd->bad));
        return OK;
    case WHY_ALIAS:
        say_alias(c, rd);
        call_say(c, "Nothing is done or published yet.");
        return OK;
    case WHY_WORD:
        call_say(c, "Nothing is published: there is no command `%s`. `help` shows what there is.",
                 echo(c, rd->bad));
        return OK;
    default:
        call_say(c,
                 "Nothing is published yet: it begins like the command `%s`, but does not fit it.",
                 word_of(c, rd));
        return OK;
    }
}

static enum err ask(struct call *c, const struct reading *rd)
{
    enum err e = say_why(c, rd);

    if (e != OK && e != E_NOTFOUND)
        return e;
    if (rd->command != NULL && rd->proposed == NULL &&
        (rd->why == WHY_FORM || rd->why == WHY_PERSON || rd->why == WHY_SLIP))
        say_forms(c, rd);
    if (rd->proposed != NULL && rd->why == WHY_AT_NICK)
        call_say(c, "`yes` sends it privately, `post` publishes it.");
    else if (rd->proposed != NULL)
        call_say(c, "`yes` does this: %s\n`post` publishes what you wrote as it is.",
                 strlen(rd->proposed) < PROPOSAL
                     ? rd->proposed
                     : compose_excerpt(c->arena, rd->proposed, PROPOSAL));
    call_ask(c, rd->proposed, c->line);
    if (rd->proposed == NULL && rd->why == WHY_FORM && dialogue_offer(c, rd))
        call_say(c, "`yes` asks you step by step, `post` publishes what you wrote as it is.");
    else if (rd->proposed == NULL)
        call_say(c, "`post` publishes what you wrote as it is.");
    if (rd->why == WHY_AT_NICK)
        return store_person_set_flag(c->store, c->who.no, FLAG_GREETED_AT_NICK, true);
    return OK;
}

static void later(struct call *c, const struct command *row)
{
    call_say(c,
             "`%s` is planned and does not work yet, so nothing was done or published. `post` "
             "publishes what you wrote as "
             "it is.",
             call_word(c, row));
    call_ask(c, NULL, c->line);
}

/* ---- running --------------------------------------------------------------------------------------------------------- */

bool call_too_fast(struct call *c, bool reading)
{
    unsigned nth = 0;
    int64_t wait = c->who.no == 0
                       ? 0
                       : session_take(c->service->sessions, c->who.no, c->options->posts_per_minute,
                                      reading, c->now, &nth);

    if (wait == 0)
        return false;
    c->refused = true;
    tally_add(c, TALLY_TOO_FAST);
    if (nth > LIMIT_REFUSALS)
        return true; /* no answer: something may be answering our answers */
    if (nth == LIMIT_REFUSALS)
        call_say(c, "Not taken: too fast. I take and answer nothing more from you until you have "
                    "paused for a minute.");
    else if (nth == 1 && !reading)
        call_say(c,
                 "That is too fast: more than %1$d messages a minute. This one was not taken; send "
                 "it again in %2$s.",
                 c->options->posts_per_minute, say_duration(c->arena, c->lang, wait + 999));
    else
        call_say(c, "Not taken: too fast. Send it again in %s.",
                 say_duration(c->arena, c->lang, wait + 999));
    return true;
}

/* The table's words for an error that a run function said nothing about. */
static void say_error(struct call *c, enum err e)
{
    if (c->answer.len > 0)
        return;
    if (e == E_NOTFOUND)
        call_say(c, "There is nothing of that name here.");
    else if (e == E_DENIED)
        call_say(c, "That cannot be done.");
    else if (e == E_EXISTS)
        call_say(c, "It is that way already.");
    else if (e == E_LIMIT)
        call_say(c, "That is more than I can keep.");
    else
        call_say(c, "That could not be done.");
    if (e == E_USAGE && c->command != NULL)
        say_form(c, c->command);
}

/* Refusals are answers; what the store cannot do goes up. */
enum err call_finish(struct call *c, enum err e)
{
    if (e == E_FULL || e == E_IO || e == E_SYSTEM)
        return e;
    if (e != OK) {
        c->writes = false;
        c->refused = true;
        tally_add(c, TALLY_DENIED);
        say_error(c, e);
    }
    if (c->answer.len == 0)
        call_say(c, "Done.");
    return OK;
}

static enum err run(struct call *c, const struct reading *rd)
{
    const struct command *row = rd->command;

    if ((row->flags & COMMAND_LATER) != 0) {
        later(c, row);
        return OK;
    }
    c->command = row;
    c->colon = rd->colon;
    memcpy(c->args, rd->args, sizeof(c->args));
    if (call_too_fast(c, (row->flags & COMMAND_WRITES) == 0))
        return OK;
    tally_command(c, row);
    c->writes = (row->flags & COMMAND_WRITES) != 0;
    return call_finish(c, row->run(c));
}

static enum err publish(struct call *c, const char *text)
{
    if (call_too_fast(c, false))
        return OK;
    c->command = NULL;
    c->writes = true;
    return call_finish(c, call_post(c, &(struct posting){.text = text}));
}

enum err dispatch_run(struct call *c, const struct reading *rd)
{
    if (rd->kind == READING_REFUSED || rd->kind == READING_ASK) {
        if (call_too_fast(c, true))
            return OK;
        tally_add(c, TALLY_UNCLEAR);
    }
    switch (rd->kind) {
    case READING_COMMAND:
        return run(c, rd);
    case READING_POST:
        return publish(c, rd->text);
    case READING_REFUSED:
        c->refused = true;
        return dispatch_refuse(c, rd);
    case READING_ASK:
        c->refused = true;
        return ask(c, rd);
    }
    return OK;
}

/* ---- a line, and what was asked before it -------------------------------------------------------------------------------- */

static bool is_one_of(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

bool word_is_yes(const char *word)
{
    static const char *const yes[] = {"y", "ok", "okay", "응", "넵", "넹", "ㅇㅇ", "그래"};

    return command_find(word) == command_named("yes") || is_one_of(word, yes, ARRAY_LEN(yes));
}

static bool is_no(const char *word)
{
    static const char *const no[] = {"no",     "n",    "nope", "cancel", "아니요",
                                     "아니오", "아니", "ㄴㄴ", "취소"};

    return is_one_of(word, no, ARRAY_LEN(no));
}

/* The answer to the question that stands open; *done false: something else was said. */
static enum err answer_pending(struct call *c, const struct pending *p, const char *word,
                               bool *done)
{
    const struct command *row = command_find(word);
    const char *proposed = arena_dup(c->arena, p->proposed),
               *as_post = arena_dup(c->arena, p->as_post);

    *done = true;
    call_ask(c, NULL, NULL);
    if (word_is_yes(word)) {
        struct reading rd;
        enum err e;

        if (proposed == NULL) {
            call_say(c, "There is nothing to say yes to; `post` publishes what you wrote.");
            call_ask(c, NULL, as_post);
            return OK;
        }
        c->line = proposed;
        e = dispatch_read(c, proposed, &rd);
        return e == OK ? dispatch_run(c, &rd) : e;
    }
    if (row == command_named("post") && as_post != NULL) {
        c->line = as_post;
        return publish(c, as_post);
    }
    if (is_no(word)) {
        call_say(c, "All right, nothing was done or published.");
        return OK;
    }
    *done = false;
    return OK;
}

enum err dispatch_line(struct call *c, const char *line)
{
    const struct pending *p;
    struct reading rd;
    struct tokens t;
    const char *word;
    bool done = false, asked, sign;
    enum err e = OK;

    c->line = line;
    tokens_split(c->arena, line, &t);
    word = t.n_words == 1 ? t.at[0].norm : "";
    sign = (word[0] == '/' || word[0] == '.') && word[1] != '\0';
    word += sign;
    if (word_is_yes(word))
        e = dialogue_yes(c, &done);
    p = session_pending(c->service->sessions, c->who.no, c->now);
    if (e == OK && !done && p != NULL)
        e = answer_pending(c, p, word, &done);
    if (e == OK && !done)
        e = dialogue_line(c, line, &done);
    if (e != OK || done)
        return e;
    asked = session_was_asked(c->service->sessions, c->who.no, c->now);
    session_not_asked(c->service->sessions, c->who.no);
    if (asked && is_no(word) && (!sign || command_find(word) == command_named("undo"))) {
        /* The Korean word takes back one's newest post, too. */
        c->refused = true;
        if (!call_too_fast(c, true))
            call_say(c, "I am not asking you anything any more, so nothing was done. `undo` now "
                        "takes back your newest post.");
        return OK;
    }
    e = dispatch_read(c, line, &rd);
    return e == OK ? dispatch_run(c, &rd) : e;
}
