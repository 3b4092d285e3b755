/* SPDX-License-Identifier: MIT */
/* Ad-hoc commands (XEP-0050): the table of commands as forms.
 *
 * A row without arguments runs at once. One with arguments is a session of at most four steps: its form, where what stands
 * there now hangs on an answer a second one, where a name is nobody's a choice of those near, and a last yes. */
#include "handlers/forms.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/admins.h"
#include "handlers/state.h"

enum step { STEP_FORM, STEP_SECOND, STEP_FINAL, STEP_PROPOSED, STEP_NEAR /* + the argument */ };

struct session {
    struct call *c;
    const struct command *row;
    const struct form_request *in;
    struct form_answer *out;
    struct open_form f; /* strings in the arena */
};

static enum err fail(struct form_answer *out, const char *condition, const char *specific)
{
    out->condition = condition;
    out->specific = specific;
    return OK;
}

static const char *new_id(struct arena *a)
{
    unsigned char random[12];
    char *hex = arena_alloc(a, 2 * sizeof(random) + 1);

    if (RAND_bytes(random, sizeof(random)) != 1)
        abort(); /* without random numbers there is no TLS either */
    for (size_t i = 0; i < sizeof(random); i++) {
        hex[2 * i] = "0123456789abcdef"[random[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[random[i] & 15];
    }
    return hex;
}

static const char *const no_values[FORM_ARGS];

/* Whether `next` leads on from a step, or `complete` ends it; whether there is one before it. */
static bool leads_on(const struct command *row, enum step at)
{
    return at >= STEP_NEAR || (at == STEP_FORM && (form_split(row) < form_arguments(row) ||
                                                   (row->flags & COMMAND_FINAL) != 0));
}

static bool has_previous(const struct command *row, enum step at)
{
    return at != STEP_FORM && at != STEP_PROPOSED && form_arguments(row) > 0;
}

/* ---- what is shown ---------------------------------------------------------------------------- */

static void show(struct session *s, struct form *form, enum step at)
{
    s->f.at = (int)at;
    s->out->status = FORM_EXECUTING;
    s->out->form = form;
    s->out->prev = has_previous(s->row, at);
    s->out->next = leads_on(s->row, at);
    s->out->complete = !s->out->next;
    session_set_form(s->c->service->sessions, s->c->who.no, &s->f, s->c->now);
}

/* The arguments that a step asks for. */
static void range(const struct session *s, enum step at, size_t *from, size_t *to)
{
    const size_t split = form_split(s->row);

    *from = at == STEP_SECOND ? split : 0;
    *to = at == STEP_SECOND ? form_arguments(s->row) : split;
}

static void show_form(struct session *s, enum step at)
{
    struct form *form = arena_alloc(s->c->arena, sizeof(*form));
    size_t from, to;

    range(s, at, &from, &to);
    form_make(s->c, s->row, from, to, s->f.values, form);
    show(s, form, at);
}

/* "Which of these did you mean?" */
static void show_near(struct session *s, size_t k, const struct people *near)
{
    struct call *c = s->c;
    struct form *form = arena_alloc(c->arena, sizeof(*form));
    struct ask_option *options = arena_array(c->arena, near->n, sizeof(*options));

    form_make(c, s->row, k, k + 1, s->f.values, form);
    for (size_t i = 0; i < near->n; i++)
        options[i] = (struct ask_option){say_person(c->arena, near->at[i].name, near->at[i].nick),
                                         arena_printf(c->arena, "@%s", near->at[i].nick)};
    form->at[0].kind = ASK_CHOICE;
    form->at[0].label = message_get(c->lang, N_("Which of these did you mean?"));
    form->at[0].hint = "";
    form->at[0].value = options[0].value;
    form->at[0].options = options;
    form->at[0].n_options = near->n;
    show(s, form, (enum step)(STEP_NEAR + k));
}

static void show_yes(struct session *s, enum step at, const char *text)
{
    struct form *form = arena_alloc(s->c->arena, sizeof(*form));

    form->title = message_get(s->c->lang, s->row->summary);
    form->text = text;
    form->n = 1;
    form->at[0] = (struct ask){.kind = ASK_YES,
                               .arg = -1,
                               .var = "confirm",
                               .label = message_get(s->c->lang, N_("Yes, do it")),
                               .hint = "",
                               .value = "0",
                               .required = true};
    show(s, form, at);
}

/* What was said so far becomes the note; a form may stand beside it. */
static void say_note(struct session *s)
{
    struct call *c = s->c;

    s->out->text = c->answer.len == 0 ? NULL : arena_ndup(c->arena, c->answer.data, c->answer.len);
    s->out->failed = c->refused;
}

static void end_session(struct session *s, enum form_status status)
{
    const struct open_form ended = {.id = s->f.id};

    if (session_form(s->c->service->sessions, s->c->who.no, s->f.id) != NULL)
        session_set_form(s->c->service->sessions, s->c->who.no, &ended, s->c->now);
    s->out->status = status;
}

/* ---- running ------------------------------------------------------------------------------------ */

static bool has_text(const struct session *s)
{
    for (size_t k = 0; k < FORM_ARGS; k++)
        if (s->row->args[k].kind == ARG_TEXT && s->f.values[k] != NULL)
            return true;
    return false;
}

/* Behind a run: done, or refused, or a question of the row's own stands open. */
static enum err after(struct session *s)
{
    struct sessions *all = s->c->service->sessions;
    const struct pending *asked = session_pending(all, s->c->who.no, s->c->now);

    if (s->c->answer.len == 0 && s->c->refused)
        return fail(s->out, "resource-constraint", NULL); /* too fast to be told so */
    s->f.proposed = asked == NULL ? NULL : arena_dup(s->c->arena, asked->proposed);
    session_ask(all, s->c->who.no, NULL, NULL, s->c->now);
    if (s->f.proposed != NULL) {
        show_yes(s, STEP_PROPOSED, arena_ndup(s->c->arena, s->c->answer.data, s->c->answer.len));
        return OK;
    }
    say_note(s);
    if (s->c->refused && has_text(s)) { /* what somebody wrote is not lost over it */
        show_form(s, form_split(s->row) < form_arguments(s->row) ? STEP_SECOND : STEP_FORM);
        return OK;
    }
    end_session(s, FORM_COMPLETED);
    return OK;
}

static enum err run(struct session *s)
{
    enum err e;

    /* A question from before is not this command's. */
    session_ask(s->c->service->sessions, s->c->who.no, NULL, NULL, s->c->now);
    e = form_run(s->c, s->row, s->f.values);
    return e == OK ? after(s) : e;
}

/* All is filled in. */
static enum err finish(struct session *s)
{
    if ((s->row->flags & COMMAND_FINAL) == 0)
        return run(s);
    show_yes(s, STEP_FINAL,
             say(s->c->arena, s->c->lang, "This cannot be undone: %s",
                 form_line(s->c, s->row, s->f.values)));
    return OK;
}

/* The values of a step's arguments fit, or it is shown again with what is wrong. */
static enum err check(struct session *s, enum step at)
{
    struct value args[FORM_ARGS];
    struct fitting why;
    struct people near;
    size_t from, to, bad;
    enum err e;

    range(s, at, &from, &to);
    e = form_fit(s->c, s->row, from, to, s->f.values, args, &bad, &why);
    if (e != OK)
        return e;
    if (bad == to)
        return at == STEP_FORM && to < form_arguments(s->row) ? (show_form(s, STEP_SECOND), OK)
                                                              : finish(s);
    e = form_near(s->c, s->row, bad, s->f.values[bad], &why, &near);
    if (e == OK)
        e = form_say_bad(s->c, s->row, bad, s->f.values[bad], &why, false);
    if (e != OK)
        return e;
    say_note(s);
    if (near.n > 0)
        show_near(s, bad, &near);
    else
        show_form(s, at);
    return OK;
}

/* ---- what comes in ---------------------------------------------------------------------------------- */

static const char *submitted(const struct session *s, const char *var)
{
    for (size_t i = 0; i < s->in->n; i++)
        if (strcmp(s->in->at[i].var, var) == 0)
            return s->in->at[i].value;
    return NULL;
}

/* Takes the submitted values of a step over. False: one that must be there is not. */
static bool take(struct session *s, size_t from, size_t to)
{
    struct form form;

    form_make(s->c, s->row, from, to, no_values, &form);
    for (size_t i = 0; i < form.n; i++) {
        const char *value = submitted(s, form.at[i].var);

        if (value == NULL && form.at[i].required)
            return false;
        if (value != NULL && form.at[i].kind == ASK_CHOICE && strcmp(value, FORM_NONE) == 0)
            value = NULL;
        s->f.values[form.at[i].arg] = value != NULL && value[0] != '\0' ? value : NULL;
    }
    return true;
}

static bool says_yes(const struct session *s)
{
    const char *value = submitted(s, "confirm");

    return value != NULL && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static enum err confirmed(struct session *s, enum step at)
{
    struct reading rd;
    enum err e;

    if (!says_yes(s)) {
        call_say(s->c, "All right, nothing was done or published.");
        say_note(s);
        end_session(s, FORM_COMPLETED);
        return OK;
    }
    if (at == STEP_FINAL)
        return run(s);
    s->c->line = s->f.proposed;
    e = dispatch_read(s->c, s->f.proposed, &rd);
    if (e == OK)
        e = dispatch_run(s->c, &rd);
    return e == OK ? after(s) : e;
}

static enum err submit(struct session *s)
{
    const enum step at = (enum step)s->f.at;
    size_t from, to, k;

    if (!s->in->submitted)
        return fail(s->out, "bad-request", "bad-payload");
    if (at == STEP_FINAL || at == STEP_PROPOSED)
        return submitted(s, "confirm") == NULL ? fail(s->out, "bad-request", "bad-payload")
                                               : confirmed(s, at);
    range(s, at, &from, &to);
    k = (size_t)at - STEP_NEAR;
    if (at >= STEP_NEAR) {
        from = k;
        to = k + 1;
    }
    if (!take(s, from, to))
        return fail(s->out, "bad-request", "bad-payload");
    if (at >= STEP_NEAR)
        return check(s, k < form_split(s->row) ? STEP_FORM : STEP_SECOND);
    return check(s, at);
}

static enum err go_back(struct session *s)
{
    const enum step at = (enum step)s->f.at;
    const size_t split = form_split(s->row);

    if (at == STEP_FINAL)
        show_form(s, split < form_arguments(s->row) ? STEP_SECOND : STEP_FORM);
    else
        show_form(s, at >= STEP_NEAR && (size_t)at - STEP_NEAR >= split ? STEP_SECOND : STEP_FORM);
    return OK;
}

static enum err begin(struct session *s)
{
    if (s->in->action != FORM_EXECUTE)
        return fail(s->out, "bad-request", "bad-sessionid");
    s->f = (struct open_form){.id = new_id(s->c->arena), .name = s->row->name};
    s->out->session = s->f.id;
    if (form_arguments(s->row) == 0)
        return finish(s);
    show_form(s, STEP_FORM);
    return OK;
}

static void copy_form(struct arena *a, struct open_form *f)
{
    f->id = arena_dup(a, f->id);
    f->name = arena_dup(a, f->name);
    for (size_t k = 0; k < FORM_ARGS; k++)
        f->values[k] = arena_dup(a, f->values[k]);
    f->proposed = arena_dup(a, f->proposed);
    f->answered = arena_dup(a, f->answered);
}

static enum err go_on(struct session *s)
{
    const struct open_form *f =
        s->in->session[0] == '\0'
            ? NULL
            : session_form(s->c->service->sessions, s->c->who.no, s->in->session);

    if (f == NULL)
        return fail(s->out, "bad-request", "bad-sessionid");
    if (f->name == NULL || f->until <= s->c->now)
        return fail(s->out, "not-allowed", "session-expired");
    if (strcmp(f->name, s->row->name) != 0)
        return fail(s->out, "bad-request", "bad-sessionid");
    s->f = *f;
    copy_form(s->c->arena, &s->f);
    s->out->session = s->f.id;
    switch (s->in->action) {
    case FORM_CANCEL:
        end_session(s, FORM_CANCELED);
        return OK;
    case FORM_PREV:
        if (!has_previous(s->row, (enum step)s->f.at))
            break;
        return go_back(s);
    case FORM_EXECUTE:
        return submit(s);
    case FORM_NEXT:
    case FORM_COMPLETE:
        if (leads_on(s->row, (enum step)s->f.at) != (s->in->action == FORM_NEXT))
            break;
        return submit(s);
    case FORM_UNKNOWN:
        break;
    }
    return fail(s->out, "bad-request", "bad-action");
}

/* ---- the door ------------------------------------------------------------------------------------------ */

/* What a client repeats after a break: the same sender, id and content. */
static const char *claim_of(struct call *c, const struct form_request *fr, const char **digest)
{
    const struct request *r = c->request;
    struct buffer what;

    buffer_init(&what, 2 * (size_t)LIMIT_STANZA);
    buffer_addf(&what, "form\x01%s\x01%s\x01%d", fr->node, fr->session == NULL ? "" : fr->session,
                (int)fr->action);
    for (size_t i = 0; i < fr->n; i++)
        buffer_addf(&what, "\x02%s\x03%s", fr->at[i].var, fr->at[i].value);
    *digest = service_digest(c->arena, what.data);
    buffer_fini(&what);
    return r->id == NULL ? NULL : arena_printf(c->arena, "iq %s %s", r->from, r->id);
}

static enum err claimed(struct call *c, const char *id, const char *digest, bool *done)
{
    struct claim claim;
    enum err e =
        id == NULL ? E_NOTFOUND : store_claim_find(c->store, c->who.no, id, c->arena, &claim);

    /* Some clients count their ids anew each time they log in. */
    *done = e == OK && c->now - claim.at < LIMIT_PENDING_MS && strcmp(claim.digest, digest) == 0;
    return e == E_NOTFOUND ? OK : e;
}

static enum err step(struct call *c, const struct form_request *fr, struct form_answer *out)
{
    struct session s = {.c = c, .row = form_row(c, fr->node), .in = fr, .out = out};

    if (s.row == NULL)
        return fail(out, "item-not-found", NULL);
    if (fr->action == FORM_UNKNOWN)
        return fail(out, "bad-request", "malformed-action");
    if (fr->bad_locale)
        return fail(out, "bad-request", "bad-locale");
    if (fr->bad_payload)
        return fail(out, "bad-request", "bad-payload");
    if (call_too_fast(c, true))
        return fail(out, "resource-constraint", NULL);
    return fr->session == NULL ? begin(&s) : go_on(&s);
}

enum err service_form(struct service *s, const struct request *r, const struct form_request *fr,
                      int64_t now, struct arena *a, struct outcome *out, struct form_answer *answer)
{
    const char *id = NULL, *digest = "";
    bool done = false;
    struct call c;
    enum err e;

    memset(answer, 0, sizeof(*answer));
    e = service_caller(s, r, now, a, out, &c);
    if (e == E_DENIED || (e == OK && c.who.state != PERSON_ACTIVE)) {
        e = fail(answer, "forbidden", NULL);
        goto out;
    }
    if (e != OK)
        goto out;
    c.lang = service_lang(s, c.who.lang, r->lang);
    id = claim_of(&c, fr, &digest);
    e = claimed(&c, id, digest, &done);
    if (e == OK && done) {
        answer->status = FORM_COMPLETED;
        answer->session = fr->session == NULL ? new_id(a) : fr->session;
        answer->text = say(a, c.lang, "That message came before and has been taken care of.");
    } else if (e == OK) {
        e = step(&c, fr, answer);
    }
    if (e == OK && c.writes && id != NULL)
        e = store_claim_add(s->store, c.who.no,
                            &(struct claim){.id = id, .digest = digest, .at = now});
    answer->lang = lang_tag(c.lang);
    if (e == OK && answer->condition != NULL && c.answer.len > 0)
        answer->text = arena_ndup(a, c.answer.data, c.answer.len);
out:
    buffer_fini(&c.answer);
    return e;
}

enum err service_forms(struct service *s, const struct request *r, struct arena *a,
                       struct form_name **out, size_t *n)
{
    struct call c = {.options = &s->options, .store = s->store, .arena = a};
    enum err e = store_person_by_jid(s->store, r->from_bare, a, &c.who);
    size_t rows = 0;

    *out = NULL;
    *n = 0;
    if (e != OK && e != E_NOTFOUND)
        return e;
    if (e == OK && c.who.state != PERSON_ACTIVE)
        return OK;
    c.lang = service_lang(s, e == OK ? c.who.lang : NULL, r->lang);
    c.role = e == OK ? admins_role(&s->options, &c.who) : ROLE_EMPLOYEE;
    for (size_t f = 0; f < n_families; f++)
        rows += families[f]->n;
    *out = arena_array(a, rows, sizeof(**out));
    for (size_t f = 0; f < n_families; f++)
        for (size_t i = 0; i < families[f]->n; i++) {
            const struct command *row = &families[f]->rows[i];

            if (form_offered(&c, row))
                (*out)[(*n)++] =
                    (struct form_name){row->name, arena_printf(a, "%s: %s", call_word(&c, row),
                                                               message_get(c.lang, row->summary))};
        }
    return OK;
}
