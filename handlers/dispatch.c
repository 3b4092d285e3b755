/* SPDX-License-Identifier: MIT */
#include "handlers/dispatch.h"

#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "handlers/alias.h"
#include "handlers/arguments.h"
#include "handlers/compose.h"
#include "handlers/misfit.h"
#include "handlers/near.h"
#include "handlers/poll.h"

/* ---- what can be said about a line --------------------------------------------------------------- */

static void refuse(struct reading *rd, enum reading_why why, const struct command *row,
                   const char *bad)
{
    rd->kind = READING_REFUSED;
    rd->why = why;
    rd->command = row;
    rd->bad = bad;
}

void reading_ask(struct reading *rd, enum reading_why why, const struct command *row,
                 const char *bad, const char *proposed)
{
    rd->kind = READING_ASK;
    rd->why = why;
    rd->command = row;
    rd->bad = bad;
    rd->proposed = proposed;
}

/* Takes over what fitting found, where it fits at all. */
static bool take_fit(struct reading *rd, const struct command *row, const struct fitting *f)
{
    if (f->fit == FIT_NO)
        return false;
    rd->command = row;
    rd->kind = READING_COMMAND;
    if (f->fit == FIT_UNKNOWN) {
        refuse(rd, f->why, row, f->bad);
        rd->number = f->number;
    }
    return true;
}

/* ---- words and their arguments ---------------------------------------------------------------------- */

/* Rule 3: a message of several lines is a post unless its first line is a complete command word with free text. What stands
 * behind a name in a private message stays private wherever the line breaks. */
static bool fits_lines(const struct command *row, const struct tokens *t, const struct value *args,
                       bool colon)
{
    const char *end = strpbrk(t->line, "\r\n");
    bool text = false;
    size_t fixed = 1;

    if (end == NULL || colon || (row->flags & COMMAND_PRIVATE) != 0)
        return true;
    for (size_t i = 0; i < 4 && row->args[i].kind != ARG_NONE; i++) {
        if (row->args[i].kind == ARG_TEXT)
            text = args[i].given;
        else
            fixed += args[i].given;
    }
    return text && fixed <= t->n && t->at[fixed - 1].at < end &&
           (fixed > 1 || tokens_rest(t, 1) < end);
}

/* A word of a role one lacks: rule 4 (b). That there is a second one is not told. */
static void ask_unknown(struct reading *rd, char *word)
{
    word[strcspn(word, " \t")] = '\0';
    reading_ask(rd, WHY_WORD, NULL, word, NULL);
}

/* A line whose first word is one of the row's. */
static enum err read_row(struct call *c, const struct command *row, const struct tokens *t,
                         struct reading *rd)
{
    struct fitting f;
    enum err e;

    if (row->role > c->role) {
        ask_unknown(rd, tokens_word(c->arena, t, 0));
        return OK;
    }
    rd->head = command_is_head(row, t->at[0].norm);
    if (rd->head) {
        f = (struct fitting){
            .fit = FIT_NO, .why = WHY_FORM, .bad = t->n > 1 ? tokens_word(c->arena, t, 1) : NULL};
        if (!rd->forced)
            return misfit_read(c, row, t, &f, rd);
        refuse(rd, WHY_FORM, row, f.bad);
        return OK;
    }
    if ((row->flags & COMMAND_LATER) != 0 && t->n_words == 1) { /* its word is enough to say so */
        rd->kind = READING_COMMAND;
        rd->command = row;
        return OK;
    }
    e = arguments_fit(c, row, t, 1, rd->colon, rd->args, &f);
    if (e != OK)
        return e;
    if (f.fit != FIT_NO && fits_lines(row, t, rd->args, rd->colon)) {
        take_fit(rd, row, &f);
        return OK;
    }
    if (f.fit != FIT_NO)
        f = (struct fitting){.fit = FIT_NO, .why = WHY_FORM};
    if (rd->forced) {
        refuse(rd, f.why == WHY_PERSON ? WHY_PERSON : WHY_FORM, row, f.bad);
        return OK;
    }
    return misfit_read(c, row, t, &f, rd);
}

/* "search: words", "post:text", "글: …": takes everything that follows. */
static enum err read_colon(struct call *c, const struct tokens *t, struct reading *rd, bool *done)
{
    const char *word = tokens_word(c->arena, t, 0), *rest = NULL;
    char *name = NULL;
    const struct command *row = NULL;
    struct tokens nt;
    struct fitting f;
    enum err e;

    *done = false;
    for (const char *p = word; *p != '\0' && rest == NULL;) {
        const char *at = p;
        uint32_t ch = text_next(&p);

        if (ch == ':' || ch == 0xFF1A) {
            name = arena_ndup(c->arena, word, (size_t)(at - word));
            row = command_find(text_fold(c->arena, name));
            rest = t->at[0].at + (p - word);
        }
    }
    if (row != NULL && row->role > c->role) {
        ask_unknown(rd, name);
        *done = true;
        return OK;
    }
    if (rest == NULL || row == NULL || (rest[0] == '/' && rest[1] == '/') ||
        row == command_named("s/"))
        return OK;
    if (row->free == FREE_NONE || (row->free == FREE_BEHIND && (row->flags & COMMAND_PRIVATE) == 0))
        return OK;
    tokens_split(c->arena, rest, &nt);
    e = arguments_fit(c, row, &nt, 0, true, rd->args, &f);
    if (e != OK)
        return e;
    rd->colon = true;
    *done = take_fit(rd, row, &f);
    if (*done)
        return OK;
    /* "search:" and nothing, "d: oh no": only a form that takes text right behind the colon is one to refuse. */
    rd->colon = false;
    if (row->free == FREE_BEHIND ? strlen(row->name) < 2 || row->name[0] == word[0]
                                 : nt.n_words > 2)
        return OK;
    reading_ask(rd, WHY_FORM, row, f.bad, NULL);
    *done = true;
    return OK;
}

/* ---- signs ------------------------------------------------------------------------------------------- */

/* The same words, the first one by another spelling. */
static struct tokens retold(const struct tokens *t, const char *norm)
{
    struct tokens nt = *t;

    nt.at[0].norm = norm;
    return nt;
}

static enum err fit_sign(struct call *c, const char *name, const struct tokens *t,
                         struct reading *rd)
{
    const struct command *row = command_named(name);
    struct fitting f;
    enum err e = arguments_fit(c, row, t, 0, true, rd->args, &f);

    if (e == OK)
        take_fit(rd, row, &f);
    return e;
}

/* "#1234 TEXT": a reply, unless it is more likely something else (rule 4 (c)). */
static enum err read_answer(struct call *c, const struct tokens *t, int64_t no, struct reading *rd)
{
    enum err e = fit_sign(c, "reply", t, rd);
    const char *proposed = NULL;

    if (e == OK && rd->kind == READING_COMMAND)
        e = poll_vote_meant(c, &rd->args[0].post, rd->args[1].text, &proposed);
    if (e != OK || rd->forced)
        return e;
    rd->number = no;
    if (proposed != NULL) {
        reading_ask(rd, WHY_VOTE, rd->command, NULL, proposed);
        return OK;
    }
    if (rd->kind == READING_REFUSED && rd->why == WHY_POST)
        reading_ask(rd, WHY_NO_POST, rd->command, tokens_word(c->arena, t, 0), NULL);
    else if (rd->kind == READING_COMMAND &&
             c->now - rd->args[0].post.at > LIMIT_OLD_POST_DAYS * LIMIT_DAY_MS) {
        proposed = arena_printf(c->arena, "reply #%lld %s", (long long)no, tokens_rest(t, 1));
        reading_ask(rd, WHY_OLD_POST, rd->command, NULL, proposed);
    }
    return OK;
}

static enum err read_hash(struct call *c, const struct tokens *t, struct reading *rd)
{
    const char *norm = t->at[0].norm;
    size_t len = strlen(norm);
    int64_t no = argument_post_number(norm);
    struct tokens nt;
    struct tag tag;
    enum err e;

    if (no != 0 && t->n_words == 1)
        return fit_sign(c, "show", t, rd);
    if (no != 0 && t->n_words == 2 && command_find(t->at[1].norm) == command_named("history")) {
        nt = *t;
        nt.n = nt.n_words = 1;
        return fit_sign(c, "history", &nt, rd);
    }
    if (no != 0)
        return read_answer(c, t, no, rd);
    if (t->n_words != 1)
        return OK;
    if (norm[len - 1] == '+') {
        nt = retold(t, arena_ndup(c->arena, norm, len - 1));
        return argument_post_number(nt.at[0].norm) != 0 ? fit_sign(c, "thread", &nt, rd) : OK;
    }
    e = argument_tag(c, &t->at[0], &tag);
    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    return fit_sign(c, "tag", t, rd);
}

/* "@alice" alone is who she is; each person's first "@alice TEXT" is asked about: elsewhere it was private. */
static enum err read_at(struct call *c, const struct tokens *t, struct reading *rd)
{
    struct person who;
    struct found f;
    const char *norm = t->at[0].norm;
    enum err e;

    if (t->n_words == 1) {
        if (norm[1] == '\0' || !text_is_word(text_peek(norm + 1)))
            return OK;
        return fit_sign(c, "whois", t, rd);
    }
    if (c->who.greeted_at_nick || rd->forced)
        return OK;
    e = compose_scan(c->store, norm, c->who.no, c->arena, &f);
    if (e != OK || f.n_named != 1)
        return e;
    e = store_person_by_no(c->store, f.named[0], c->arena, &who);
    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    reading_ask(rd, WHY_AT_NICK, command_named("d"), who.nick,
                arena_printf(c->arena, "d @%s %s", who.nick, tokens_rest(t, 1)));
    return OK;
}

/* "!design" alone is what is new there, "!design TEXT" a post to it. Any other !word is asked about, for it would reach the
 * company: of a group one may not know of just like of none. */
static enum err read_bang(struct call *c, const struct tokens *t, struct reading *rd)
{
    const char *norm = t->at[0].norm;
    size_t len = strlen(norm);
    struct group g;
    struct tokens nt;
    enum err e;

    if (len > 2 && strchr(":,.", norm[len - 1]) != NULL)
        len--;
    for (const char *p = norm + 1; p < norm + len;)
        if (!text_is_word(text_next(&p)))
            return OK;
    if (len < 2)
        return OK;
    nt = retold(t, arena_ndup(c->arena, norm, len));
    e = store_group_find(c->store, nt.at[0].norm + 1, c->who.no, c->arena, &g);
    if (e != OK && e != E_NOTFOUND)
        return e;
    if (e == OK && t->n_words == 1)
        return fit_sign(c, "group show", &nt, rd);
    if (e == OK && g.member && !g.ended)
        return fit_sign(c, "group post", &nt, rd);
    reading_ask(rd, WHY_GROUP, NULL, nt.at[0].norm, NULL);
    if (e == OK)
        rd->args[0] = (struct value){.given = true, .target = TARGET_GROUP, .group = g};
    return OK;
}

/* s/old/new/, with the last stroke, so that "s/he" stays a pronoun; s/old/new without it is asked about. */
static bool read_substitution(struct call *c, const struct tokens *t, struct reading *rd)
{
    const struct command *row = command_named("s/");
    const char *folded, *p;
    size_t strokes = 0;

    /* The word itself may be huge: a whole text may stand between the strokes. */
    folded = text_fold(c->arena, text_first(c->arena, t->at[0].at, 8));
    if (strchr(t->line, '\n') != NULL ||
        (strncmp(folded, "s/", 2) != 0 && strncmp(folded, "바꿔/", strlen("바꿔/")) != 0))
        return false;
    folded = text_trim(c->arena, text_fold(c->arena, t->line));
    for (p = folded; *p != '\0'; p++) {
        if (*p == '\\' && p[1] != '\0')
            p++;
        else
            strokes += *p == '/';
    }
    if (strokes == 3 && (p[-1] == '/' || (p[-1] == 'g' && p[-2] == '/'))) {
        rd->kind = READING_COMMAND;
        rd->command = row;
        rd->args[0] = (struct value){.given = true, .text = t->line};
        return true;
    }
    if (strokes != 2 || p[-1] == '/' || t->n_words > 3 || text_ends_sentence(t->line))
        return false;
    reading_ask(rd, WHY_FORM, row, NULL,
                arena_printf(c->arena, "%s/", text_trim(c->arena, t->line)));
    return true;
}

/* Lines that begin with a sign. *done: it is decided, one way or the other. */
static enum err read_sign(struct call *c, const struct tokens *t, struct reading *rd, bool *done)
{
    const char *norm = t->at[0].norm, *behind = t->at[0].at;
    struct tokens nt;

    *done = true;
    if (read_substitution(c, t, rd))
        return OK;
    if (norm[0] == '#')
        return read_hash(c, t, rd);
    if (norm[0] == '@')
        return read_at(c, t, rd);
    if (norm[0] == '!')
        return read_bang(c, t, rd);
    if (strcmp(norm, "?") == 0 && t->n_words == 1) {
        rd->kind = READING_COMMAND;
        rd->command = command_named("help");
        return OK;
    }
    (void)text_next(&behind);
    if (norm[0] == '?' && (text_is_word(text_peek(norm + 1)) || norm[1] == '"')) {
        tokens_split(c->arena, behind, &nt); /* "?회의" */
        return fit_sign(c, "search", &nt, rd);
    }
    *done = false;
    return OK;
}

/* ---- a line ---------------------------------------------------------------------------------------------- */

/* yes, post, a lone number: answers to a question; here none is asked. */
static bool read_lone(const struct tokens *t, struct reading *rd)
{
    const struct command *row;

    if (t->n_words != 1)
        return false;
    if (argument_is_number(t->at[0].norm)) {
        refuse(rd, WHY_NUMBER, NULL, NULL);
        return true;
    }
    row = command_find(t->at[0].norm);
    if (row == NULL || (row != command_named("yes") && row != command_named("post")))
        return false;
    refuse(rd, row == command_named("yes") ? WHY_YES : WHY_POST_WORD, row, NULL);
    return true;
}

/* Makes the two words of a name the first word: what stands behind is its arguments. With the colon, where one is there. */
static void join_name(struct call *c, struct tokens *t)
{
    const char *first = t->at[0].norm, *name, *end = strpbrk(t->line, "\r\n");
    size_t len;

    if (t->n < 2 || first[0] == '\0' || (end != NULL && t->at[1].at > end))
        return;
    name = arena_printf(c->arena, "%s %s", first, t->at[1].norm);
    len = strcspn(name, ":");
    if (command_find(arena_ndup(c->arena, name, len)) == NULL)
        return;
    t->at[0].norm = name;
    t->at[0].len = (size_t)(t->at[1].at - t->at[0].at) + t->at[1].len;
    memmove(&t->at[1], &t->at[2], (t->n - 2) * sizeof(t->at[0]));
    t->n--;
    t->n_words--;
}

static enum err read_line(struct call *c, const struct tokens *words, struct reading *rd)
{
    struct tokens joined = *words;
    const struct tokens *t = &joined;
    const struct command *row;
    bool done = false;
    enum err e;

    join_name(c, &joined);
    if (read_lone(t, rd))
        return OK;
    e = read_sign(c, t, rd, &done);
    if (e != OK || (done && rd->kind != READING_POST))
        return e;
    if (!done) {
        e = read_colon(c, t, rd, &done);
        if (e != OK || done)
            return e;
        row = command_find(t->at[0].norm);
        if (row != NULL && row != command_named("s/"))
            return read_row(c, row, t, rd);
        e = alias_read(c, t, rd, &done);
        if (e != OK || done)
            return e;
    }
    return near_miss(c, t, rd);
}

/* Rule 3: "/word" and ".word", not "/me waves", "...", "./configure", "/usr/bin" or ".5". Many things are called .something
 * (.xz, .gitignore): a sentence about one, too long to be a slip, is a sentence, where the word is none of ours. */
static bool is_forced(struct call *c, const struct tokens *t)
{
    const char *norm = t->at[0].norm, *word = norm + 1;
    uint32_t ch;

    if ((norm[0] != '/' && norm[0] != '.') || (strcmp(norm, "/me") == 0 && t->n_words > 1))
        return false;
    ch = text_peek(word);
    if (ch == 0) /* "/ d bob …", or the mark alone */
        return norm[0] == '/' || t->n_words <= 3;
    if (ch == '#' || ch == '@' || ch == '!' || ch == '?' || ch == '+')
        return ch == '?' || ch == '+' || text_is_word(text_peek(word + 1));
    if (!text_is_word(ch) || text_is_digit(ch))
        return false;
    if (strchr(word, '/') != NULL)
        return strncmp(word, "s/", 2) == 0 || strncmp(word, "바꿔/", strlen("바꿔/")) == 0;
    return norm[0] == '/' || t->n_words <= 3 ||
           command_find(arena_ndup(c->arena, word, strcspn(word, ":"))) != NULL ||
           near_word(c, word, &word) != NULL;
}

bool dispatch_is_forced(struct call *c, const char *line)
{
    struct tokens t;

    tokens_split(c->arena, line, &t);
    return t.n > 0 && is_forced(c, &t);
}

static enum err read_forced(struct call *c, const char *line, struct reading *rd)
{
    struct tokens t;
    const char *word = NULL;
    enum err e;

    (void)text_next(&line);
    tokens_split(c->arena, line, &t);
    rd->forced = rd->colon = true;
    if (t.n == 0) {
        reading_ask(rd, WHY_WORD, NULL, "/", NULL);
        return OK;
    }
    e = read_line(c, &t, rd);
    if (e != OK || rd->kind != READING_POST)
        return e;
    /* What a bare line would be published as. */
    reading_ask(rd, WHY_WORD, NULL, tokens_word(c->arena, &t, 0), NULL);
    if (near_word(c, t.at[0].norm, &word) != NULL)
        rd->proposed = arena_printf(c->arena, "/%s %s", word, tokens_rest(&t, 1));
    return OK;
}

enum err reading_go_on(struct call *c, const char *line, struct reading *rd)
{
    struct tokens t;

    rd->kind = READING_POST;
    rd->text = line;
    tokens_split(c->arena, line, &t);
    if (t.n == 0)
        return OK;
    if (is_forced(c, &t))
        return read_forced(c, t.at[0].at, rd);
    return read_line(c, &t, rd);
}

enum err dispatch_read(struct call *c, const char *line, struct reading *out)
{
    memset(out, 0, sizeof(*out));
    return reading_go_on(c, line, out);
}

enum err dispatch_is_post(struct call *c, const char *line, bool *is_post)
{
    struct reading rd;
    enum err e = dispatch_read(c, line, &rd);

    *is_post = rd.kind == READING_POST;
    return e;
}
