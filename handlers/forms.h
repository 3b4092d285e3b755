/* SPDX-License-Identifier: MIT */
/* Forms of the rows: the same questions for clients that show forms (XEP-0050, XEP-0004: handlers/native/adhoc.c) and for
 * those that do not (handlers/dialogue.c). What is filled in becomes the row's typed arguments, each text against its own
 * argument alone, and runs through dispatch like a typed line: nothing is glued together and read again. */
#ifndef HANDLERS_FORMS_H
#define HANDLERS_FORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "handlers/arguments.h"
#include "handlers/command.h"

#define FORM_ARGS 4
#define FORM_NEAR 8 /* people offered where a name is nobody's */

/* ---- what is asked -------------------------------------------------------------------------- */

enum ask_kind {
    ASK_LINE,    /* text-single */
    ASK_LINES,   /* text-multi */
    ASK_CHOICE,  /* list-single: options */
    ASK_CHOICES, /* list-multi: any of them */
    ASK_YES      /* boolean */
};
/* The value of the choice that leaves an argument out. Not empty: profanity 0.13 ends at an option with an empty value. */
#define FORM_NONE "-"
struct ask_option {
    const char *label, *value;
};
struct ask {
    enum ask_kind kind;
    int arg;           /* which argument of the row; -1: none of them ("yes") */
    const char *var;   /* its name in a submission; English, the same for everybody */
    const char *label; /* the question */
    const char *hint;  /* what fits; "" */
    const char *value; /* what stands there now or was filled in before; NULL */
    bool now;          /* `value` is what stands there now */
    bool required;
    const char *datatype; /* XEP-0122: NULL, "xs:string", "xs:integer" */
    const char *regex;    /* NULL */
    const struct ask_option *options;
    size_t n_options;
};
struct form {
    const char *title;
    const char *text; /* instructions; "" */
    struct ask at[FORM_ARGS];
    size_t n;
};

/* Whether a row has a form for the caller: built, for their role, and no answer to a question of ours. */
bool form_offered(const struct call *c, const struct command *row);
/* A row by its (English) name, if it has one; NULL. */
const struct command *form_row(const struct call *c, const char *name);
size_t form_arguments(const struct command *row);
/* Whether an argument must be filled in, whatever else is. */
bool form_required(const struct command *row, size_t k);
/* Whether a line may end before an argument (ARG_OR_NONE) and, by what is filled in, does. */
bool form_ends_before(const struct command *row, size_t k, const char *const *values);
/* How one would type what an argument was read as; NULL: that cannot be told. */
const char *form_typed(struct call *c, const struct argument *arg, const struct value *v);
/* Of an argument with one choice only ("alias NAME = …"), which is nothing to ask: that choice; else NULL. */
const char *form_fixed(const struct command *row, size_t k);
/* Where the row's second form begins: what stands there now hangs on what is filled in before. All arguments: nowhere. */
size_t form_split(const struct command *row);

/* The questions for the arguments from..to-1; values: what was filled in so far, NULL for nothing. */
void form_make(struct call *c, const struct command *row, size_t from, size_t to,
               const char *const *values, struct form *out);

/* Fits the values of the arguments from..to-1. *bad: the first that does not fit, `to` where all do. */
enum err form_fit(struct call *c, const struct command *row, size_t from, size_t to,
                  const char *const *values, struct value *args, size_t *bad,
                  struct fitting *why) MUST_USE;
/* Says what is wrong with one; asked_again: the question stands behind it, so that it need not say more. */
enum err form_say_bad(struct call *c, const struct command *row, size_t k, const char *value,
                      const struct fitting *why, bool asked_again) MUST_USE;
/* Whom a name that is nobody's may mean; n 0: nobody, or the argument takes no person. */
enum err form_near(struct call *c, const struct command *row, size_t k, const char *value,
                   const struct fitting *why, struct people *out) MUST_USE;

/* Runs the row with these values, which fit: roles, limits and answers are those of the typed line. */
enum err form_run(struct call *c, const struct command *row, const char *const *values) MUST_USE;
/* The line that does the same, to be shown. */
const char *form_line(struct call *c, const struct command *row, const char *const *values);

#endif
