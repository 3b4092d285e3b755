/* SPDX-License-Identifier: MIT */
#include "handlers/forms.h"

#include <string.h>

#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/state.h"

enum { SHOWN = 60 };

bool form_offered(const struct call *c, const struct command *row)
{
    return row->run != NULL && row->role <= c->role &&
           (row->flags & (COMMAND_LATER | COMMAND_HIDDEN)) == 0;
}

const struct command *form_row(const struct call *c, const char *name)
{
    for (size_t f = 0; f < n_families; f++)
        for (size_t r = 0; r < families[f]->n; r++)
            if (strcmp(families[f]->rows[r].name, name) == 0)
                return form_offered(c, &families[f]->rows[r]) ? &families[f]->rows[r] : NULL;
    return NULL;
}

size_t form_arguments(const struct command *row)
{
    size_t n = 0;

    while (n < FORM_ARGS && row->args[n].kind != ARG_NONE)
        n++;
    return n;
}

const char *form_fixed(const struct command *row, size_t k)
{
    const struct argument *arg = &row->args[k];

    return arg->kind == ARG_CHOICE && (arg->flags & ARG_OPTIONAL) == 0 &&
                   strchr(arg->choices, '|') == NULL
               ? arg->choices
               : NULL;
}

size_t form_split(const struct command *row)
{
    size_t n = form_arguments(row);

    for (size_t k = 1; k < n; k++)
        if (row->args[k].now != NULL)
            return k;
    return n;
}

static bool is_blank(const char *s)
{
    while (*s != '\0')
        if (!text_is_space(text_next(&s)))
            return false;
    return true;
}

bool form_required(const struct command *row, size_t k)
{
    for (size_t i = 0; i <= k; i++)
        if ((row->args[i].flags & ARG_OR_NONE) != 0)
            return false;
    return (row->args[k].flags & ARG_OPTIONAL) == 0;
}

/* ---- one question ----------------------------------------------------------------------------- */

/* By what an argument is called in the row's form, where its kind says little. */
static const struct {
    const char *name, *ask;
} by_name[] = {
    {"NAME", N_("What should it be called?")},
    {"PURPOSE", N_("What is it for?")},
    {"REASON", N_("Why?")},
    {"WHY", N_("Why?")},
    {"ZONE", N_("Which time zone?")},
    {"JID", N_("Which address?")},
    {"TOPIC", N_("About what?")},
    {"WORDS", N_("Which words?")},
    {"VALUE", N_("What should it be?")},
    {"LANGUAGE", N_("Which language?")},
    {"ROLE", N_("Which role?")},
    {"how", N_("How should it come?")},
    {"COMMAND", N_("Which command?")},
};

/* By its kind: the question, and what fits. */
static const struct {
    const char *ask, *hint;
} by_kind[] = {
    [ARG_NONE] = {"", ""},
    [ARG_PERSON] = {N_("Who?"), N_("A nick such as @alice, or an address")},
    [ARG_POST] = {N_("Which post?"), N_("Its number, such as #1234")},
    [ARG_TAG] = {N_("Which tag?"), N_("Such as #lunch")},
    [ARG_GROUP] = {N_("Which group?"), N_("Such as !design")},
    [ARG_TARGET] = {N_("Whom or what?"), N_("@nick, #tag, !group, #1234 or \"words\"")},
    [ARG_COUNT] = {N_("Which number?"), N_("A number from 1 to 50")},
    [ARG_TIME] = {N_("When, or for how long?"),
                  N_("Such as 30m, 2h, 3d, 09:00, tomorrow 09:00 or 2026-11-23")},
    [ARG_CHOICE] = {N_("Which of these?"), ""},
    [ARG_CHOICES] = {N_("Which of these, one or more?"), ""},
    [ARG_CLOCK] = {N_("At what time?"), N_("Such as 09:00")},
    [ARG_WORD] = {N_("Which word?"), N_("One word, without blanks")},
    [ARG_COMMAND] = {N_("Which command?"), N_("A command, or `all`")},
    [ARG_HOURS] = {N_("From when until when?"), N_("Such as 19:00-08:00")},
    [ARG_TEXT] = {N_("What should it say?"), ""},
};

static const char *question_of(const struct argument *arg)
{
    if (arg->ask != NULL)
        return arg->ask;
    if (arg->kind == ARG_COUNT && (arg->flags & ARG_OPTIONAL) != 0)
        return N_("How many?");
    for (size_t i = 0; i < ARRAY_LEN(by_name); i++)
        if (strcmp(by_name[i].name, arg->name) == 0 &&
            (arg->kind == ARG_WORD || arg->kind == ARG_TEXT ||
             (arg->kind == ARG_CHOICE && strcmp(arg->name, "NAME") != 0)))
            return by_name[i].ask;
    return by_kind[arg->kind].ask;
}

static const char *hint_of(const struct call *c, const struct command *row, size_t k)
{
    const char *hint = row->free == FREE_BAR && k > 0
                           ? N_("Two to ten, with a | between them: Noodles | Rice")
                           : by_kind[row->args[k].kind].hint;

    return hint[0] == '\0' ? "" : message_get(c->lang, hint);
}

/* Its name in lower case; of several arguments of one name the further ones with their place. */
static const char *var_of(struct call *c, const struct command *row, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (strcmp(row->args[i].name, row->args[k].name) == 0)
            return arena_printf(c->arena, "%s-%zu", text_fold(c->arena, row->args[k].name), k + 1);
    return text_fold(c->arena, row->args[k].name);
}

static bool is_korean(const char *word)
{
    return text_is_hangul(text_next(&word));
}

/* Rows list a choice's words in both languages, one behind the other: those of the caller's, if it has any. */
static void add_choices(struct call *c, const char *choices, bool several, struct ask *q)
{
    const size_t none = !several && !q->required;
    struct ask_option *all = arena_array(c->arena, strlen(choices) + 2, sizeof(*all));
    bool korean = false;
    size_t n = 0;

    q->kind = several ? ASK_CHOICES : ASK_CHOICE;
    q->options = all;
    if (none > 0)
        all[n++] = (struct ask_option){say(c->arena, c->lang, "(none)"), FORM_NONE};
    for (int pass = 0; pass < 2 && n == none; pass++) {
        for (const char *s = choices; *s != '\0';) {
            size_t len = strcspn(s, "|");
            const char *word = arena_ndup(c->arena, s, len);

            if (len == 0) /* what follows is understood, and not offered */
                break;
            korean = is_korean(word);
            if (pass == 1 || korean == (c->lang == LANG_KO))
                all[n++] = (struct ask_option){word, word};
            s += len + (s[len] == '|');
        }
    }
    q->n_options = n;
}

static void make_one(struct call *c, const struct command *row, size_t k, const char *value,
                     const struct value *before, struct ask *q)
{
    const struct argument *arg = &row->args[k];
    const char *now = arg->now == NULL ? NULL : arg->now(c, before);
    struct among among = {.choices = NULL};

    *q = (struct ask){.kind = arg->kind == ARG_TEXT ? ASK_LINES : ASK_LINE,
                      .arg = (int)k,
                      .var = var_of(c, row, k),
                      .label = message_get(c->lang, question_of(arg)),
                      .hint = hint_of(c, row, k),
                      .required = form_required(row, k),
                      .value = value};
    if (value == NULL && now != NULL && now[0] != '\0') {
        q->value = now;
        q->now = true;
    }
    if (arg->among != NULL)
        arg->among(c, before, &among);
    if (among.example != NULL)
        q->hint = say(c->arena, c->lang, "Such as %s", among.example);
    if (arg->kind == ARG_CHOICE || arg->kind == ARG_CHOICES)
        add_choices(c, arg->choices, arg->kind == ARG_CHOICES, q);
    else if (among.choices != NULL)
        add_choices(c, among.choices, among.several, q);
    else if (arg->kind == ARG_COUNT)
        q->datatype = "xs:integer";
    else if (arg->kind == ARG_POST)
        q->regex = "#?[0-9]+";
    else if (arg->kind == ARG_HOURS)
        q->regex = "[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}";
    else if (arg->kind == ARG_CLOCK)
        q->regex = "[0-9]{1,2}:[0-9]{2}";
    if (q->regex != NULL)
        q->datatype = "xs:string";
}

void form_make(struct call *c, const struct command *row, size_t from, size_t to,
               const char *const *values, struct form *out)
{
    struct value args[FORM_ARGS];
    struct fitting why;
    size_t bad;

    memset(out, 0, sizeof(*out));
    memset(args, 0, sizeof(args));
    out->title = message_get(c->lang, row->summary);
    out->text = row->help == NULL ? "" : message_get(c->lang, row->help);
    if (form_fit(c, row, 0, from, values, args, &bad, &why) != OK || bad < from)
        memset(args, 0, sizeof(args)); /* what stands there now is not shown then */
    for (size_t k = from; k < to; k++)
        if (form_fixed(row, k) == NULL)
            make_one(c, row, k, values[k], args, &out->at[out->n++]);
}

static const char *typed_target(struct call *c, const struct value *v)
{
    switch (v->target) {
    case TARGET_PERSON:
        return arena_printf(c->arena, "@%s", v->person.nick);
    case TARGET_TAG:
        return arena_printf(c->arena, "#%s", v->tag.shown);
    case TARGET_POST:
        return compose_ref(c->arena, v->post.no);
    case TARGET_WORDS:
        return arena_printf(c->arena, "\"%s\"", v->text);
    case TARGET_GROUP:
        return v->group.label;
    }
    return NULL;
}

const char *form_typed(struct call *c, const struct argument *arg, const struct value *v)
{
    struct value kind = *v;

    if (!v->given)
        return NULL;
    switch (arg->kind) {
    case ARG_TARGET:
        return typed_target(c, v);
    case ARG_PERSON:
        kind.target = TARGET_PERSON;
        return typed_target(c, &kind);
    case ARG_POST:
        kind.target = TARGET_POST;
        return typed_target(c, &kind);
    case ARG_TAG:
        kind.target = TARGET_TAG;
        return typed_target(c, &kind);
    case ARG_GROUP:
        kind.target = TARGET_GROUP;
        return typed_target(c, &kind);
    case ARG_COUNT:
        return arena_printf(c->arena, "%lld", (long long)v->number);
    case ARG_CLOCK:
        return arena_printf(c->arena, "%02d:%02d", (int)(v->number / 60), (int)(v->number % 60));
    case ARG_CHOICE:
    case ARG_CHOICES:
    case ARG_WORD:
    case ARG_COMMAND:
    case ARG_TEXT:
        return v->text;
    case ARG_HOURS:
        return arena_printf(c->arena, "%02d:%02d-%02d:%02d", (int)(v->number / 60),
                            (int)(v->number % 60), (int)(v->instant / 60), (int)(v->instant % 60));
    case ARG_TIME: /* an instant has many names */
    case ARG_NONE:
        break;
    }
    return NULL;
}

/* ---- what was filled in ------------------------------------------------------------------------- */

bool form_ends_before(const struct command *row, size_t k, const char *const *values)
{
    if ((row->args[k].flags & ARG_OR_NONE) == 0)
        return false;
    for (; k < form_arguments(row); k++)
        if (values[k] != NULL && !is_blank(values[k]))
            return false;
    return true;
}

/* Arguments that fit one by one, and have to fit together. The last one filled in is what is wrong then. */
static enum err form_takes(struct call *c, const struct command *row, const char *const *values,
                           struct value *args, size_t *bad, struct fitting *why)
{
    struct value all[FORM_ARGS];
    struct fitting one;
    enum err e = OK;

    memset(all, 0, sizeof(all));
    for (size_t k = 0; row->takes != NULL && e == OK && k < *bad; k++) {
        const char *value = form_fixed(row, k) != NULL ? form_fixed(row, k) : values[k];

        if (value != NULL && !is_blank(value))
            e = argument_fit_value(c, row, k, value, &all[k], &one);
    }
    if (row->takes != NULL && e == OK)
        e = row->takes(c, all, why);
    if (e != OK || why->fit == FIT_YES)
        return e;
    for (--*bad; *bad > 0 && !all[*bad].given; --*bad)
        ;
    memset(&args[*bad], 0, sizeof(args[*bad]));
    return OK;
}

enum err form_fit(struct call *c, const struct command *row, size_t from, size_t to,
                  const char *const *values, struct value *args, size_t *bad, struct fitting *why)
{
    memset(why, 0, sizeof(*why));
    for (*bad = from; *bad < to; ++*bad) {
        const size_t k = *bad;
        const char *value = form_fixed(row, k) != NULL ? form_fixed(row, k) : values[k];
        enum err e;

        memset(&args[k], 0, sizeof(args[k]));
        if (form_ends_before(row, k, values)) {
            memset(&args[k], 0, (to - k) * sizeof(args[k]));
            *bad = to;
            return OK;
        }
        if (value == NULL || is_blank(value)) {
            if ((row->args[k].flags & ARG_OPTIONAL) != 0)
                continue;
            *why = (struct fitting){.fit = FIT_NO, .why = WHY_FORM};
            return OK;
        }
        e = argument_fit_value(c, row, k, value, &args[k], why);
        if (e != OK || why->fit != FIT_YES)
            return e;
    }
    return to == form_arguments(row) ? form_takes(c, row, values, args, bad, why) : OK;
}

enum err form_say_bad(struct call *c, const struct command *row, size_t k, const char *value,
                      const struct fitting *why, bool asked_again)
{
    const struct reading unknown = {.kind = READING_REFUSED,
                                    .why = why->why,
                                    .command = row,
                                    .bad = why->bad,
                                    .number = why->number};
    const char *shown = value == NULL ? "" : compose_excerpt(c->arena, value, SHOWN);
    const char *hint = hint_of(c, row, k);

    c->refused = true;
    if (why->fit == FIT_UNKNOWN || (why->why == WHY_PERSON && why->bad != NULL))
        return dispatch_refuse(c, &unknown);
    if (asked_again) {
        call_say(c, "“%s” does not fit here.", shown);
        return OK;
    }
    if (shown[0] == '\0')
        call_say(c, "Something is missing here: %s",
                 message_get(c->lang, question_of(&row->args[k])));
    else
        call_say(c, "“%1$s” does not fit here: %2$s", shown,
                 message_get(c->lang, question_of(&row->args[k])));
    if (hint[0] != '\0')
        call_put(c, hint);
    return OK;
}

enum err form_near(struct call *c, const struct command *row, size_t k, const char *value,
                   const struct fitting *why, struct people *out)
{
    const char *typed = value == NULL ? "" : text_trim(c->arena, value);

    memset(out, 0, sizeof(*out));
    if (why->why != WHY_PERSON || typed[0] == '\0' ||
        (row->args[k].kind != ARG_PERSON && row->args[k].kind != ARG_TARGET))
        return OK;
    typed = text_fold(c->arena, typed[0] == '@' ? typed + 1 : typed);
    return store_people_near(c->store, typed, FORM_NEAR, c->arena, out);
}

/* ---- running ---------------------------------------------------------------------------------------- */

const char *form_line(struct call *c, const struct command *row, const char *const *values)
{
    const char *line = arena_printf(c->arena, "/%s", call_word(c, row));
    const size_t n = form_arguments(row);

    if (strcmp(row->name, "s/") == 0) /* its argument is the whole line */
        return values[0] == NULL ? line
                                 : arena_printf(c->arena, "/%s", text_trim(c->arena, values[0]));
    for (size_t k = 0; k < n && !form_ends_before(row, k, values); k++) {
        const char *value = form_fixed(row, k) != NULL ? form_fixed(row, k) : values[k];
        const char *before = c->lang == LANG_KO ? NULL : row->args[k].before; /* may be left out */
        const char *sign = "";

        if (value == NULL || is_blank(value))
            continue;
        value = text_trim(c->arena, value);
        if (row->args[k].kind == ARG_POST && argument_is_number(value))
            sign = "#";
        else if (row->args[k].kind == ARG_TAG && (row->args[k].flags & ARG_WITH_SIGN) != 0 &&
                 text_is_word(text_peek(value)))
            sign = "#";
        else if (row->args[k].kind == ARG_GROUP && text_is_word(text_peek(value)))
            sign = "!";
        else if (row->free == FREE_BAR && k > 0)
            sign = "| ";
        line = arena_printf(c->arena, "%s %s%s%s%s", line, before == NULL ? "" : before,
                            before == NULL ? "" : " ", sign, value);
    }
    return line;
}

enum err form_run(struct call *c, const struct command *row, const char *const *values)
{
    struct reading rd = {.kind = READING_COMMAND, .command = row, .colon = true, .forced = true};
    const size_t n = form_arguments(row);
    struct fitting why;
    size_t bad;
    enum err e = form_fit(c, row, 0, n, values, rd.args, &bad, &why);

    if (e != OK)
        return e;
    if (bad < n)
        return form_say_bad(c, row, bad, values[bad], &why, false);
    c->line = form_line(c, row, values);
    return dispatch_run(c, &rd);
}
