/* SPDX-License-Identifier: MIT */
/* What is remembered about a person in memory: the question they were asked, where `more` goes on, how fast
 * they write. Nothing here survives a restart, and nothing has to.
 *
 * Changes are staged: they count from the next request on, and are kept by session_keep() when the turn is
 * committed, or forgotten, the last request's (session_forget_last) or all. How fast one writes is no such change. */
#ifndef HANDLERS_SESSION_H
#define HANDLERS_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include "handlers/command.h"

struct sessions;

struct sessions *sessions_new(void);
void sessions_free(struct sessions *s);

/* A request begins: what is staged from now on is its own. */
void session_begin(struct sessions *s);
void session_keep(struct sessions *s);
void session_forget_last(struct sessions *s);
void session_forget_all(struct sessions *s);

struct pending {
    const char *proposed; /* NULL: nothing to say yes to */
    const char *as_post;  /* NULL: nothing to publish */
    int64_t until;
};
/* NULL where nothing is asked, or it was too long ago. */
const struct pending *session_pending(struct sessions *s, int64_t person, int64_t now);
/* Strings are copied; NULL, NULL takes the question back. */
void session_ask(struct sessions *s, int64_t person, const char *proposed, const char *as_post,
                 int64_t now);

/* Whether a question of any kind stood open until a moment ago (LIMIT_PENDING_MS): who then says "cancel" means it. */
bool session_was_asked(struct sessions *s, int64_t person, int64_t now);
/* Something else was said since. */
void session_not_asked(struct sessions *s, int64_t person);

#define FORM_OFFER (-1) /* open_form.at: a dialogue that a yes would begin */

/* A form that somebody fills in: in steps of XEP-0050 (id: the session's), or as a dialogue in their chat (id: ""). */
struct open_form {
    const char *id;
    const char
        *name; /* the row's; NULL: nothing is open any more, and a session of that id has ended */
    const char *values[4]; /* filled in so far, NULL */
    const char *
        proposed; /* the line that the last yes runs; of a dialogue the people one may choose from; NULL */
    const char *answered; /* a dialogue: the ids of the messages that answered, a line each; NULL */
    int at;               /* which step: the owner's */
    int last;             /* a dialogue: the step that the first of `answered` answered; -1: none */
    int tries;            /* answers in a row that did not fit */
    int64_t until;        /* dead from then on, and kept to say so */
};
/* NULL: there was none of that id, or it is forgotten. */
const struct open_form *session_form(struct sessions *s, int64_t person, const char *id);
/* Strings are copied; it lives LIMIT_PENDING_MS from now. Takes the place of that of the same id, else of the one that
 * dies first (never of the dialogue for a session, nor the other way round). */
void session_set_form(struct sessions *s, int64_t person, const struct open_form *f, int64_t now);

/* NULL: no list was shown. */
const struct more *session_more(struct sessions *s, int64_t person);
void session_set_more(struct sessions *s, int64_t person, const struct more *m);

/* A reply by gesture that made nothing: id, and the id it answers. Its correction goes where it was meant to go; clients
 * leave out there what it answers. One a person; strings are copied. */
void session_refuse(struct sessions *s, int64_t person, const char *id, const char *replies);
/* What the refused reply of that id answers; NULL: there was none. */
const char *session_refused(struct sessions *s, int64_t person, const char *id);

/* True once per person and start of the program: for what is explained once. */
bool session_explain(struct sessions *s, int64_t person);

/* Takes one of per_minute from the person's allowance. 0: there was one; else the milliseconds until there is.
 * *nth: which refusal in a row it is. From LIMIT_REFUSALS on there is nothing for them until they pause for
 * LIMIT_SILENCE_MS: a program that answers our answers would go on for ever. reading: from the larger allowance for
 * what changes nothing. */
int64_t session_take(struct sessions *s, int64_t person, int per_minute, bool reading, int64_t now,
                     unsigned *nth);

#endif
