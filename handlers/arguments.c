/* SPDX-License-Identifier: MIT */
#include "handlers/arguments.h"

#include <string.h>
#include "base/jid.h"
#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/times.h"

/* ---- what single words mean -------------------------------------------------------------------- */

bool argument_is_number(const char *norm)
{
    return norm[0] != '\0' && norm[strspn(norm, "0123456789")] == '\0';
}

/* -1: not a number, or one nobody means. */
static int64_t number_of(const char *digits)
{
    int64_t n = 0;

    if (!argument_is_number(digits) || strlen(digits) > 18)
        return -1;
    for (; *digits != '\0'; digits++)
        n = n * 10 + (*digits - '0');
    return n;
}

int64_t argument_post_number(const char *norm)
{
    int64_t n;

    if (norm[0] != '#' || !argument_is_number(norm + 1))
        return 0;
    n = number_of(norm + 1);
    return n < 1 ? INT64_MAX : n; /* all digits behind '#' is a post, even one that cannot be */
}

static enum err person_by_jid(struct call *c, const char *s, struct person *out)
{
    struct jid j;

    if (jid_parse(c->arena, s, &j) != OK || j.local == NULL)
        return E_NOTFOUND;
    return store_person_by_jid(c->store, jid_bare(c->arena, &j), c->arena, out);
}

enum err argument_person(struct call *c, const char *norm, struct person *out)
{
    const char *nick = norm[0] == '@' ? norm + 1 : norm;
    struct found f;
    enum err e;

    if (nick[0] == '\0')
        return E_NOTFOUND;
    if (strchr(nick, '@') != NULL)
        return person_by_jid(c, nick, out);
    e = store_person_by_nick(c->store, nick, c->arena, out);
    if (e != E_NOTFOUND || norm[0] != '@')
        return e;
    /* "@alice님": read as a text would be, but the whole word must be the person's. */
    e = compose_scan(c->store, norm, 0, c->arena, &f);
    if (e != OK)
        return e;
    if (f.n_named != 1 || (unsigned char)norm[strlen(norm) - 1] < 0x80)
        return E_NOTFOUND;
    return store_person_by_no(c->store, f.named[0], c->arena, out);
}

enum err argument_tag(struct call *c, const struct token *t, struct tag *out)
{
    struct found f;
    enum err e;

    for (const char *p = t->norm[0] == '#' ? t->norm + 1 : t->norm; *p != '\0';)
        if (!text_is_word(text_next(&p)))
            return E_NOTFOUND;
    if (t->norm[0] != '#')
        return store_tag_find(c->store, t->norm, c->arena, out);
    e = compose_scan(c->store, arena_ndup(c->arena, t->at, t->len), 0, c->arena, &f);
    if (e != OK)
        return e;
    if (f.n_tags != 1)
        return E_NOTFOUND;
    *out = f.tags[0];
    return OK;
}

/* ---- one argument ------------------------------------------------------------------------------- */

struct place {
    struct call *c;
    const struct command *row;
    const struct tokens *t;
    size_t i;
    bool colon;
    bool alone; /* one argument by itself: nothing ends it */
    bool behind_bar;
    struct fitting *f;
};

static enum err misfit(struct place *p, enum reading_why why, const char *bad)
{
    p->f->fit = FIT_NO;
    p->f->why = why;
    p->f->bad = bad;
    return OK;
}

static enum err unknown(struct place *p, enum reading_why why, const char *bad, int64_t number)
{
    p->f->fit = FIT_UNKNOWN;
    p->f->why = why;
    p->f->bad = bad;
    p->f->number = number;
    p->i++;
    return OK;
}

static enum err fit_person(struct place *p, struct value *v)
{
    const struct token *t = &p->t->at[p->i];
    const char *norm = t->norm;
    size_t len = strlen(norm);
    enum err e = argument_person(p->c, norm, &v->person);

    /* "d alice: …", as one addresses people in rooms. */
    if (e == E_NOTFOUND && len > 1 && p->i + 1 < p->t->n && p->row->free == FREE_BEHIND &&
        (norm[len - 1] == ':' || norm[len - 1] == ','))
        e = argument_person(p->c, arena_ndup(p->c->arena, norm, len - 1), &v->person);
    if (e == E_NOTFOUND) {
        const char *shown = tokens_word(p->c->arena, p->t, p->i);

        if (norm[0] == '@' && norm[1] != '\0')
            return unknown(p, WHY_PERSON, shown, 0);
        if (strchr(norm, '@') != NULL && norm[0] != '@' && strchr(norm, '.') != NULL)
            return unknown(p, WHY_PERSON, shown, 0);
        return misfit(p, WHY_PERSON, shown);
    }
    if (e == OK) {
        v->target = TARGET_PERSON;
        v->given = true;
        p->i++;
    }
    return e;
}

static enum err fit_post(struct place *p, const struct argument *arg, struct value *v)
{
    int64_t no = argument_post_number(p->t->at[p->i].norm);
    enum err e;

    if (no == 0)
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->target = TARGET_POST;
    v->post = (struct post){.no = no};
    e = (arg->flags & ARG_BY_NUMBER) != 0
            ? OK
            : store_post_get(p->c->store, no, p->c->who.no, p->c->arena, &v->post);
    if (e == E_NOTFOUND)
        return unknown(p, WHY_POST, tokens_word(p->c->arena, p->t, p->i), no);
    v->given = true;
    p->i++;
    return e;
}

static enum err fit_tag(struct place *p, const struct argument *arg, struct value *v)
{
    const struct token *t = &p->t->at[p->i];
    enum err e;

    if (argument_post_number(t->norm) != 0 ||
        ((arg->flags & ARG_WITH_SIGN) != 0 && t->norm[0] != '#'))
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    e = argument_tag(p->c, t, &v->tag);
    if (e == E_NOTFOUND)
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    if (e != OK)
        return e;
    v->target = TARGET_TAG;
    v->given = true;
    if (v->tag.no == 0 && (arg->flags & ARG_MAY_BE_NEW) == 0)
        return unknown(p, WHY_TAG, tokens_word(p->c->arena, p->t, p->i), 0);
    p->i++;
    return OK;
}

static enum err fit_group(struct place *p, struct value *v)
{
    const char *norm = p->t->at[p->i].norm;
    enum err e;

    if (norm[0] != '!' || norm[1] == '\0')
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    for (const char *s = norm + 1; *s != '\0';)
        if (!text_is_word(text_next(&s)))
            return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->target = TARGET_GROUP;
    e = store_group_find(p->c->store, norm + 1, p->c->who.no, p->c->arena, &v->group);
    if (e == E_NOTFOUND)
        return unknown(p, WHY_NO_GROUP, tokens_word(p->c->arena, p->t, p->i), 0);
    v->given = true;
    p->i++;
    return e;
}

/* "words": from quote to quote, whatever stands between them. */
static enum err fit_words(struct place *p, struct value *v)
{
    const char *start = p->t->at[p->i].at, *s, *end;
    uint32_t mark = 0;

    s = start;
    (void)text_next(&s);
    start = s;
    for (end = s; *s != '\0'; end = s) {
        mark = text_next(&s);
        if (text_is_double_quote(mark))
            break;
    }
    if (!text_is_double_quote(mark) || end == start)
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->text = text_trim(p->c->arena, arena_ndup(p->c->arena, start, (size_t)(end - start)));
    if (*s != '\0' && !text_is_space(text_peek(s))) /* "words"and more */
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    while (p->i < p->t->n && p->t->at[p->i].at < end)
        p->i++;
    if (p->i == p->t->n) { /* beyond the words looked at one by one */
        if (text_words(s) > 0)
            return misfit(p, WHY_FORM, v->text);
        p->i = p->t->n_words;
    }
    v->target = TARGET_WORDS;
    v->given = v->text[0] != '\0';
    return v->given ? OK : misfit(p, WHY_FORM, v->text);
}

static enum err fit_target(struct place *p, const struct argument *arg, struct value *v)
{
    const char *norm = p->t->at[p->i].norm;

    if (argument_post_number(norm) != 0)
        return fit_post(p, arg, v);
    if (norm[0] == '#')
        return fit_tag(p, arg, v);
    if (norm[0] == '!')
        return fit_group(p, v);
    if (norm[0] == '"')
        return fit_words(p, v);
    return fit_person(p, v);
}

static enum err fit_count(struct place *p, const struct argument *arg, struct value *v)
{
    int64_t n = number_of(p->t->at[p->i].norm);

    if (n < 1)
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->number = n > LIMIT_LIST && (arg->flags & ARG_EXACT) == 0 ? LIMIT_LIST
                                                                : n; /* `more` shows the rest */
    v->given = true;
    p->i++;
    return OK;
}

static bool is_choice(const struct argument *arg, const char *norm)
{
    size_t len = strlen(norm), n;

    for (const char *s = arg->choices; len > 0 && s != NULL && *s != '\0'; s += n + (s[n] == '|')) {
        n = strcspn(s, "|");
        if (n == len && memcmp(s, norm, n) == 0)
            return true;
    }
    return false;
}

/* ARG_CHOICES: as many of them as stand there. */
static enum err fit_choice(struct place *p, const struct argument *arg, struct value *v)
{
    for (; p->i < p->t->n && is_choice(arg, p->t->at[p->i].norm); p->i++) {
        const char *norm = p->t->at[p->i].norm;

        if (v->given && arg->kind == ARG_CHOICE)
            break;
        v->text = v->given ? arena_printf(p->c->arena, "%s %s", v->text, norm) : norm;
        v->given = true;
    }
    return v->given ? OK : misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
}

static enum err fit_command(struct place *p, struct value *v)
{
    const char *norm = p->t->at[p->i].norm, *two = "";
    const struct command *row = command_find(norm);

    if (row != NULL && p->i + 1 < p->t->n)
        two = arena_printf(p->c->arena, "%s %s", norm, p->t->at[p->i + 1].norm);
    if (command_find(two) != NULL) {
        norm = two;
        row = command_find(two);
        p->i++;
    }
    if (strcmp(norm, "all") != 0 && strcmp(norm, "전체") != 0 &&
        (row == NULL || row->role > p->c->role))
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->text = norm;
    v->given = true;
    p->i++;
    return OK;
}

static enum err fit_time(struct place *p, struct value *v)
{
    const char *second = p->i + 1 < p->t->n ? p->t->at[p->i + 1].norm : NULL;
    size_t n = argument_time(p->t, p->i, p->c->who.zone, p->c->now, &v->instant), past = 0;

    if (n == 0)
        past = time_is_past(p->t->at[p->i].norm, second, p->c->who.zone, p->c->now);
    if (past > 0) {
        p->i += past - 1;
        return unknown(p, WHY_TIME, tokens_word(p->c->arena, p->t, p->i - (past - 1)), 0);
    }
    if (n == 0)
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->number = v->instant - p->c->now;
    v->given = true;
    p->i += n;
    return OK;
}

static enum err fit_hours(struct place *p, struct value *v)
{
    int from, to;

    if (!time_hours(p->t->at[p->i].norm, &from, &to))
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->text = p->t->at[p->i].norm;
    v->number = from;
    v->instant = to;
    v->given = true;
    p->i++;
    return OK;
}

static enum err fit_clock(struct place *p, struct value *v)
{
    v->text = p->t->at[p->i].norm;
    v->number = time_of_day(v->text);
    if (v->number < 0)
        return misfit(p, WHY_FORM, tokens_word(p->c->arena, p->t, p->i));
    v->given = true;
    p->i++;
    return OK;
}

/* Rule 2. */
static bool takes_text(struct arena *a, const struct command *row, const char *text, bool colon)
{
    switch (row->free) {
    case FREE_NONE:
        return false;
    case FREE_ANY:
    case FREE_BEHIND:
        return true;
    case FREE_SHORT:
        return colon || (text_words(text) <= 3 && !text_ends_sentence(text));
    case FREE_QUESTION:
        return colon || text_ends_question(a, text);
    case FREE_BAR:
        return colon;
    case FREE_COLON:
        return colon;
    }
    return false;
}

/* The question of a poll ends before the first |, and what stands behind that is the next argument. False: there is none. */
static bool end_at_bar(struct place *p, struct value *v)
{
    const char *text = tokens_rest(p->t, p->i), *s = text;
    struct tokens *rest;

    while (*s != '\0') {
        const char *at = s;
        uint32_t ch = text_next(&s);

        if (ch != '|' && ch != 0xFF5C)
            continue;
        v->text = text_trim(p->c->arena, arena_ndup(p->c->arena, text, (size_t)(at - text)));
        v->given = true;
        rest = arena_array(p->c->arena, 1, sizeof(*rest));
        tokens_split(p->c->arena, s, rest);
        p->t = rest;
        p->i = 0;
        p->behind_bar = true;
        return true;
    }
    return false;
}

static enum err fit_text(struct place *p, const struct argument *arg, struct value *v)
{
    const char *text = tokens_rest(p->t, p->i);

    if ((arg->flags & ARG_TO_BAR) != 0 && !p->alone && end_at_bar(p, v))
        return OK;
    if (!p->behind_bar && !takes_text(p->c->arena, p->row, text, p->colon))
        return misfit(p, WHY_TEXT_LEFT, NULL);
    v->text = arena_dup(p->c->arena, text);
    v->given = true;
    p->i = p->t->n_words;
    return OK;
}

static enum err fit_one(struct place *p, const struct argument *arg, struct value *v)
{
    switch (arg->kind) {
    case ARG_PERSON:
        return fit_person(p, v);
    case ARG_POST:
        return fit_post(p, arg, v);
    case ARG_TAG:
        return fit_tag(p, arg, v);
    case ARG_GROUP:
        return fit_group(p, v);
    case ARG_TARGET:
        return fit_target(p, arg, v);
    case ARG_COUNT:
        return fit_count(p, arg, v);
    case ARG_TIME:
        return fit_time(p, v);
    case ARG_CHOICE:
    case ARG_CHOICES:
        return fit_choice(p, arg, v);
    case ARG_WORD:
        v->text = tokens_word(p->c->arena, p->t, p->i++);
        v->given = true;
        return OK;
    case ARG_HOURS:
        return fit_hours(p, v);
    case ARG_CLOCK:
        return fit_clock(p, v);
    case ARG_COMMAND:
        return fit_command(p, v);
    case ARG_TEXT:
        return fit_text(p, arg, v);
    case ARG_NONE:
        break;
    }
    return OK;
}

/* ---- the whole row -------------------------------------------------------------------------------- */

/* One argument of the row, with the fixed word that may stand before it. */
static enum err fit_argument(struct place *p, const struct argument *arg, struct value *v)
{
    struct fitting before = *p->f;
    size_t start = p->i;
    enum err e;

    p->f->fit = FIT_YES;
    if (arg->before != NULL && p->i + 1 < p->t->n && strcmp(p->t->at[p->i].norm, arg->before) == 0)
        p->i++;
    if (p->i >= p->t->n && p->behind_bar) { /* nothing behind it: the row says what it takes */
        *v = (struct value){.given = true, .text = ""};
        e = OK;
    } else if (p->i >= p->t->n) {
        e = misfit(p, WHY_FORM, NULL);
    } else {
        e = fit_one(p, arg, v);
    }
    if (e != OK)
        return e;
    if (p->f->fit == FIT_NO && (arg->flags & ARG_OPTIONAL) != 0) {
        memset(v, 0, sizeof(*v));
        p->i = start;
        *p->f = before;
        return OK;
    }
    if (p->f->fit == FIT_YES)
        *p->f = before; /* an unknown target further left stays what is wrong */
    return OK;
}

enum err arguments_fit(struct call *c, const struct command *row, const struct tokens *t, size_t i,
                       bool colon, struct value args[4], struct fitting *out)
{
    struct place p = {.c = c, .row = row, .t = t, .i = i, .colon = colon, .f = out};

    memset(args, 0, 4 * sizeof(args[0]));
    memset(out, 0, sizeof(*out));
    for (size_t k = 0; k < 4 && row->args[k].kind != ARG_NONE; k++) {
        enum err e;

        if ((row->args[k].flags & ARG_OR_NONE) != 0 && p.i >= p.t->n)
            break;
        e = fit_argument(&p, &row->args[k], &args[k]);
        if (e != OK)
            return e;
        if (out->fit == FIT_NO)
            return OK;
    }
    if (p.i < p.t->n_words)
        return misfit(&p, WHY_FORM, tokens_word(c->arena, p.t, p.i));
    return row->takes != NULL && out->fit == FIT_YES ? row->takes(c, args, out) : OK;
}

enum err argument_fit_value(struct call *c, const struct command *row, size_t k, const char *text,
                            struct value *v, struct fitting *out)
{
    const struct argument *arg = &row->args[k];
    struct tokens t;
    struct place p = {.c = c, .row = row, .t = &t, .colon = true, .alone = true, .f = out};
    enum err e;

    memset(v, 0, sizeof(*v));
    memset(out, 0, sizeof(*out));
    text = text_trim(c->arena, text);
    if (arg->kind == ARG_POST && argument_is_number(text))
        text = arena_printf(c->arena, "#%s", text);
    if (arg->kind == ARG_GROUP && text_is_word(text_peek(text)))
        text = arena_printf(c->arena, "!%s", text);
    if (arg->kind == ARG_TAG && (arg->flags & ARG_WITH_SIGN) != 0 && text_is_word(text_peek(text)))
        text = arena_printf(c->arena, "#%s", text);
    tokens_split(c->arena, text, &t);
    e = t.n == 0 ? misfit(&p, WHY_FORM, NULL) : fit_one(&p, arg, v);
    if (e == OK && out->fit != FIT_NO && p.i < t.n_words) {
        memset(v, 0, sizeof(*v));
        e = misfit(&p, WHY_FORM, text);
    }
    if (arg->kind == ARG_TEXT && v->given)
        v->text = text; /* with the unseen marks that words are read without */
    return e;
}

size_t argument_time(const struct tokens *t, size_t i, const char *zone, int64_t now,
                     int64_t *instant)
{
    if (i >= t->n)
        return 0;
    return time_parse(t->at[i].norm, i + 1 < t->n ? t->at[i + 1].norm : NULL, zone, now, instant);
}
