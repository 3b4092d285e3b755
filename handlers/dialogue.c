/* SPDX-License-Identifier: MIT */
#include "handlers/dialogue.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/forms.h"
#include "handlers/lists.h"
#include "handlers/state.h"

/* A claim under this name tells, by its digest, whether a dialogue was open last. */
#define CLAIM "dialogue\x01"
#define CLAIM_OPEN "open"
#define CLAIM_CLOSED "closed"

enum { SHOWN = 100, ANSWERED = 8 /* ids of answers remembered */ };

struct dialogue {
    struct call *c;
    const struct command *row;
    struct open_form
        f; /* strings in the arena; at: the argument asked for; all arguments: a last yes */
};

/* ---- what is remembered ----------------------------------------------------------------------- */

static const struct open_form *remembered(struct call *c)
{
    return session_form(c->service->sessions, c->who.no, "");
}

static void load(struct call *c, const struct open_form *f, struct dialogue *d)
{
    *d = (struct dialogue){.c = c, .f = *f};
    d->f.id = "";
    d->f.name = arena_dup(c->arena, f->name);
    for (size_t k = 0; k < FORM_ARGS; k++)
        d->f.values[k] = arena_dup(c->arena, f->values[k]);
    d->f.proposed = arena_dup(c->arena, f->proposed);
    d->f.answered = arena_dup(c->arena, f->answered);
    d->row = d->f.name == NULL ? NULL : form_row(c, d->f.name);
}

static void keep(struct dialogue *d)
{
    session_set_form(d->c->service->sessions, d->c->who.no, &d->f, d->c->now);
}

/* Whether one is open is on disk before its question is sent: what answers it after a restart is no post. */
static enum err note(struct dialogue *d, const char *what)
{
    const struct claim claim = {
        .id = CLAIM, .digest = service_digest(d->c->arena, what), .at = d->c->now};

    keep(d);
    return store_claim_add(d->c->store, d->c->who.no, &claim);
}

/* Nothing is asked any more; which messages were answers stays known. */
static enum err end(struct dialogue *d)
{
    const bool was_open = d->f.name != NULL && d->f.at != FORM_OFFER;

    d->f = (struct open_form){.id = "", .answered = d->f.answered, .last = -1};
    if (was_open)
        return note(d, CLAIM_CLOSED);
    keep(d);
    return OK;
}

/* Ids of answers, a line each, the last one first. */
static bool was_answer(const char *answered, const char *id)
{
    const size_t n = strlen(id);

    for (const char *p = answered; p != NULL && *p != '\0';) {
        size_t len = strcspn(p, "\n");

        if (len == n && memcmp(p, id, n) == 0)
            return true;
        p += len + (p[len] == '\n');
    }
    return false;
}

static void note_answer(struct dialogue *d)
{
    const struct request *r = d->c->request;
    const char *id = r->replaces != NULL ? r->replaces : r->id, *old = d->f.answered, *p = old;

    if (id == NULL || id[0] == '\0' || was_answer(old, id))
        return;
    for (int i = 1; p != NULL && i < ANSWERED; i++) {
        p = strchr(p, '\n');
        p = p == NULL ? NULL : p + 1;
    }
    if (p != NULL)
        old = arena_ndup(d->c->arena, old, (size_t)(p - old));
    d->f.last = d->f.at;
    d->f.answered =
        arena_printf(d->c->arena, "%s%s%s", id, old == NULL ? "" : "\n", old == NULL ? "" : old);
}

/* ---- which question ----------------------------------------------------------------------------- */

static size_t all(const struct dialogue *d)
{
    return form_arguments(d->row);
}

/* The next argument from k on that is to be asked for; all(d): none. */
static size_t next_of(const struct dialogue *d, size_t k)
{
    while (k < all(d) && form_fixed(d->row, k) != NULL)
        k++;
    return k;
}

/* The one before k; k itself: there is none. */
static size_t before(const struct dialogue *d, size_t k)
{
    for (size_t i = k; i > 0; i--)
        if (form_fixed(d->row, i - 1) == NULL)
            return i - 1;
    return k;
}

/* ---- asking ------------------------------------------------------------------------------------------ */

static void say_options(struct call *c, const struct ask *q)
{
    const char *line = "";
    size_t n = 0;

    for (size_t i = 0; i < q->n_options; i++)
        if (strcmp(q->options[i].value, FORM_NONE) != 0)
            line = arena_printf(c->arena, "%s%s%zu %s", line, n == 0 ? "" : "  ", n + 1,
                                q->options[i].label),
            n++;
    call_put(c, line);
}

/* "What should it be called? (1/3)", and what helps to answer it. */
static void say_question(struct dialogue *d)
{
    struct call *c = d->c;
    const size_t k = (size_t)d->f.at;
    struct form form;
    struct ask *q = &form.at[0];
    int place = 0, n = 0;

    for (size_t i = 0; i < all(d); i++) {
        n += form_fixed(d->row, i) == NULL;
        place += form_fixed(d->row, i) == NULL && i <= k;
    }
    form_make(c, d->row, k, k + 1, d->f.values, &form);
    call_say(c, "%1$s (%2$d/%3$d)", q->label, place, n);
    if (q->n_options > 0)
        say_options(c, q);
    else if (q->hint[0] != '\0')
        call_put(c, q->hint);
    if (q->value != NULL)
        call_say(c, "Now: %s. `-` keeps it.", compose_excerpt(c->arena, q->value, SHOWN));
    else if (!q->required)
        call_say(c, "`-` leaves it out.");
    if (place > 1)
        call_say(c, "`back` asks the one before again, `cancel` ends this.");
    else
        call_say(c, "`cancel` ends this; nothing is done before the last answer.");
}

static enum err ask(struct dialogue *d, size_t k)
{
    d->f.at = (int)k;
    d->f.proposed = NULL;
    say_question(d);
    return note(d, CLAIM_OPEN);
}

static enum err ask_after_refusal(struct dialogue *d, size_t k)
{
    d->f.values[k] = NULL;
    if (++d->f.tries < LIMIT_FORM_TRIES)
        return ask(d, k);
    call_say(d->c, "That did not work %d times, so I stop asking. Nothing was done.",
             LIMIT_FORM_TRIES);
    return end(d);
}

/* All is answered: done at once, or asked about a last time. What its command refuses is asked for again, for the person still
 * sees themselves answering. */
static enum err finish(struct dialogue *d)
{
    struct call *c = d->c;
    const char *line = form_line(c, d->row, d->f.values), *values[FORM_ARGS];
    const size_t at = (size_t)d->f.at, last = d->f.at >= 0 && at < all(d) ? at : before(d, all(d));
    struct open_form open;
    enum err e;

    memcpy(values, d->f.values, sizeof(values));
    line = compose_excerpt(c->arena, line, SHOWN);
    if ((d->row->flags & COMMAND_FINAL) != 0 && d->f.at != (int)all(d)) {
        call_say(c, "This cannot be undone: %s", line);
        call_say(c, "`yes` does it, `cancel` ends this.");
        d->f.at = (int)all(d);
        return note(d, CLAIM_OPEN);
    }
    call_say(c, "I do this: %s", line);
    open = d->f;
    e = end(d);
    if (e == OK)
        e = form_run(c, d->row, values);
    if (e != OK || !c->refused)
        return e;
    open.answered = d->f.answered;
    d->f = open;
    return last < all(d) ? ask_after_refusal(d, last) : OK;
}

static enum err go_on(struct dialogue *d, size_t k)
{
    k = next_of(d, k);
    return k < all(d) && !form_ends_before(d->row, k, d->f.values) ? ask(d, k) : finish(d);
}

/* ---- beginning -------------------------------------------------------------------------------------------- */

static bool takes_something(const struct command *row)
{
    for (size_t k = 0; k < form_arguments(row); k++)
        if ((row->args[k].flags & ARG_OPTIONAL) == 0)
            return true;
    return false;
}

bool dialogue_offer(struct call *c, const struct reading *rd)
{
    struct dialogue d = {.c = c, .row = rd->command};
    const struct open_form *old = remembered(c);
    size_t n;

    if (d.row == NULL || rd->head || !form_offered(c, d.row) || !takes_something(d.row) ||
        strcmp(d.row->name, "s/") == 0)
        return false;
    d.f = (struct open_form){.id = "", .name = d.row->name, .at = FORM_OFFER, .last = -1};
    d.f.answered = old == NULL ? NULL : arena_dup(c->arena, old->answered);
    n = form_arguments(d.row);
    for (size_t k = 0; k < n && rd->args[k].given; k++)
        d.f.values[k] = form_typed(c, &d.row->args[k], &rd->args[k]);
    keep(&d);
    return true;
}

void dialogue_offer_list(struct call *c, const struct command *row, const char *words)
{
    struct dialogue d = {.c = c, .row = row};
    const struct open_form *old = remembered(c);

    call_ask(c, NULL, NULL);
    d.f = (struct open_form){
        .id = "", .name = row->name, .proposed = words, .at = FORM_OFFER, .last = -1};
    d.f.answered = old == NULL ? NULL : arena_dup(c->arena, old->answered);
    keep(&d);
}

enum err dialogue_begin(struct call *c, const struct command *row, size_t k,
                        const char *const *values)
{
    struct dialogue d = {.c = c, .row = row};
    const struct open_form *old = remembered(c);

    d.f = (struct open_form){.id = "", .name = row->name, .last = -1};
    d.f.answered = old == NULL ? NULL : arena_dup(c->arena, old->answered);
    for (size_t i = 0; i < FORM_ARGS; i++)
        d.f.values[i] = arena_dup(c->arena, values[i]);
    return go_on(&d, k);
}

enum err dialogue_yes(struct call *c, bool *done)
{
    const struct open_form *f = remembered(c);
    struct dialogue d;
    size_t k = 0;

    *done = f != NULL && f->name != NULL && f->at == FORM_OFFER && f->until > c->now;
    if (!*done)
        return OK;
    load(c, f, &d);
    *done = d.row != NULL;
    if (!*done || call_too_fast(c, true))
        return OK;
    call_ask(c, NULL, NULL);
    while (k < all(&d) && d.f.values[k] != NULL)
        k++;
    note_answer(&d);
    d.f.last = -1;
    return go_on(&d, k);
}

/* ---- answers ----------------------------------------------------------------------------------------------- */

/* The nth of words with blanks between; NULL: there are fewer. */
static const char *nth_word(struct arena *a, const char *words, size_t nth)
{
    size_t n = 0;

    for (const char *p = words; nth > 0 && p != NULL && *p != '\0';) {
        size_t len = strcspn(p, " ");

        if (++n == nth)
            return arena_ndup(a, p, len);
        p += len + (p[len] == ' ');
    }
    return NULL;
}

/* A number of one or two digits; 0: anything else. */
static size_t number_of(const char *word)
{
    size_t n = 0;

    if (argument_is_number(word) && strlen(word) < 3)
        for (; *word != '\0'; word++)
            n = n * 10 + (size_t)(*word - '0');
    return n;
}

/* The nth of what may be chosen; NULL: there is none. */
static const char *option(const struct ask *q, size_t nth)
{
    size_t n = 0;

    for (size_t i = 0; nth > 0 && i < q->n_options; i++)
        if (strcmp(q->options[i].value, FORM_NONE) != 0 && ++n == nth)
            return q->options[i].value;
    return NULL;
}

/* "1 3", of what more than one may be chosen of. */
static const char *options(struct call *c, const struct ask *q, const char *line)
{
    const char *all = "", *one;
    struct tokens t;

    tokens_split(c->arena, line, &t);
    for (size_t i = 0; i < t.n; i++) {
        one = option(q, number_of(t.at[i].norm));
        all = arena_printf(c->arena, "%s%s%s", all, i == 0 ? "" : " ",
                           one != NULL ? one : tokens_word(c->arena, &t, i));
    }
    return all;
}

/* What a number, `-` or the words themselves mean here. NULL: left out. */
static const char *meant(struct dialogue *d, const char *line)
{
    const size_t k = (size_t)d->f.at, nth = number_of(line);
    const char *one = NULL;
    struct form form;
    const struct ask *q = &form.at[0];

    form_make(d->c, d->row, k, k + 1, d->f.values, &form);
    if (strcmp(line, "-") == 0 && (q->value != NULL || !q->required))
        return q->value;
    one = nth_word(d->c->arena, d->f.proposed, nth); /* people near a name */
    if (one != NULL)
        return one;
    if (q->kind == ASK_CHOICES)
        return options(d->c, q, line);
    one = option(q, nth);
    return one != NULL ? one : line;
}

/* It does not fit: why, and once more. */
static enum err again(struct dialogue *d, size_t k, const char *value, const struct fitting *why)
{
    struct call *c = d->c;
    struct people near;
    const char *line = "", *nicks = "";
    enum err e = form_near(c, d->row, k, value, why, &near);

    if (e == OK)
        e = form_say_bad(c, d->row, k, value, why, true);
    if (e != OK)
        return e;
    if (++d->f.tries >= LIMIT_FORM_TRIES) {
        call_say(c, "That did not work %d times, so I stop asking. Nothing was done.",
                 LIMIT_FORM_TRIES);
        return end(d);
    }
    for (size_t i = 0; i < near.n; i++) {
        line = arena_printf(c->arena, "%s%s%zu %s", line, i == 0 ? "" : "  ", i + 1,
                            say_person(c->arena, near.at[i].name, near.at[i].nick));
        nicks = arena_printf(c->arena, "%s%s@%s", nicks, i == 0 ? "" : " ", near.at[i].nick);
    }
    if (near.n > 0)
        call_put(c, line);
    e = ask(d, k);
    if (near.n > 0 && e == OK) {
        d->f.proposed = nicks;
        keep(d);
    }
    return e;
}

static enum err answer(struct dialogue *d, const char *line)
{
    const size_t k = (size_t)d->f.at;
    struct value args[FORM_ARGS];
    struct fitting why;
    const char *value;
    size_t bad;
    enum err e;

    if (k == all(d)) {
        if (word_is_yes(text_fold(d->c->arena, line)))
            return finish(d);
        call_say(d->c, "All right, nothing was done or published.");
        return end(d);
    }
    value = meant(d, line);
    d->f.values[k] = NULL;
    if (value == NULL && form_ends_before(d->row, k, d->f.values))
        return finish(d);
    d->f.values[k] = value;
    e = form_fit(d->c, d->row, k, k + 1, d->f.values, args, &bad, &why);
    if (e != OK)
        return e;
    if (bad == k) {
        d->f.values[k] = NULL;
        return again(d, k, value, &why);
    }
    if (next_of(d, k + 1) < all(d))
        d->f.tries = 0; /* behind the last question the command itself may still refuse */
    return go_on(d, k + 1);
}

static bool is_word(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* A correction: of the last answer it is that answer anew, of an earlier one it changes nothing. */
static enum err corrected(struct dialogue *d, const char *line, bool *done)
{
    const char *id = d->c->request->replaces;
    const bool open = d->row != NULL && d->f.at >= 0 && d->f.until > d->c->now;

    *done = open || was_answer(d->f.answered, id);
    if (!*done)
        return OK;
    if (open && d->f.answered != NULL && d->f.last >= 0 &&
        strncmp(d->f.answered, id, strlen(id)) == 0 &&
        (d->f.answered[strlen(id)] == '\n' || d->f.answered[strlen(id)] == '\0')) {
        d->f.at = d->f.last;
        return call_too_fast(d->c, true) ? OK : answer(d, line);
    }
    if (open)
        call_say(d->c, "I am asking you something, so that correction changed nothing. `back` asks "
                       "the question before again.");
    else
        call_say(d->c, "That was an answer to a question of mine, and that is dealt with: the "
                       "correction changed nothing, and nothing was published.");
    return OK;
}

static enum err control(struct dialogue *d, const char *word, bool *done)
{
    static const char *const cancel[] = {"cancel", "취소"}, *const back[] = {"back", "뒤로"};

    *done = true;
    if (is_word(word, cancel, ARRAY_LEN(cancel))) {
        call_say(d->c, "All right, nothing was done or published.");
        return end(d);
    }
    if (is_word(word, back, ARRAY_LEN(back))) {
        d->f.tries = 0;
        return ask(d, before(d, (size_t)d->f.at));
    }
    *done = false;
    return OK;
}

/* Somebody of whose dialogue nothing is remembered: the program may have begun anew since. */
static enum err forgotten(struct call *c, bool *done)
{
    struct dialogue d = {.c = c, .f = {.id = "", .name = ""}};
    struct claim claim;
    enum err e = store_claim_find(c->store, c->who.no, CLAIM, c->arena, &claim);

    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    if (c->now - claim.at >= LIMIT_PENDING_MS ||
        strcmp(claim.digest, service_digest(c->arena, CLAIM_OPEN)) != 0)
        return OK;
    *done = true;
    call_say(c, "I lost track of what I was asking you, so that was not taken as an answer, and "
                "nothing was published. Please begin again.");
    return end(&d);
}

/* Of the list that was offered somebody chose one. */
static enum err begin_with(struct dialogue *d)
{
    d->f.at = 0;
    note_answer(d);
    d->f.last = -1;
    return call_too_fast(d->c, true) ? OK : go_on(d, 1);
}

static enum err take(struct dialogue *d, const char *line, bool *done)
{
    struct call *c = d->c;
    const struct request *r = c->request;
    struct tokens t;
    const char *word;
    enum err e;

    if (r->replaces != NULL)
        return corrected(d, line, done);
    if (r->id != NULL && was_answer(d->f.answered, r->id)) {
        *done = true;
        call_say(c, "That message came before and has been taken care of.");
        return OK;
    }
    if (d->row != NULL && d->f.at == FORM_OFFER && d->f.until > c->now) {
        d->f.values[0] = nth_word(c->arena, d->f.proposed, number_of(line));
        *done = d->f.values[0] != NULL;
        if (*done)
            return begin_with(d);
    }
    if (d->row == NULL || d->f.at == FORM_OFFER || d->f.until <= c->now) /* or too late */
        return d->f.name != NULL ? end(d) : OK;
    tokens_split(c->arena, line, &t);
    word = t.n_words == 1 ? t.at[0].norm : "";
    if (word[0] == '/' || word[0] == '.')
        word++;
    e = control(d, word, done);
    if (e != OK || *done || dispatch_is_forced(c, line))
        return e;
    *done = true;
    if (call_too_fast(c, true))
        return OK;
    note_answer(d);
    return answer(d, line);
}

enum err dialogue_line(struct call *c, const char *line, bool *done)
{
    const struct open_form *f = remembered(c);
    struct dialogue d;

    *done = false;
    if (f == NULL)
        return forgotten(c, done);
    load(c, f, &d);
    return take(&d, line, done);
}
