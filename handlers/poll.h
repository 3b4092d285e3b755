/* SPDX-License-Identifier: MIT */
/* Polls: what is typed, how their posts read, what was voted.
 *
 * The post of a poll is its question and behind it the choices, one a line with its number, so that it reads well in any
 * client. Whoever voted saw that text, so it changes no more once there is a vote. */
#ifndef HANDLERS_POLL_H
#define HANDLERS_POLL_H

#include "handlers/command.h"

struct poll_form {
    const char *text; /* the post's */
    int choices;
};
/* The line behind `poll`, from its two arguments: choices without a | stand one a line, as in forms. */
char *poll_typed(struct arena *a, const struct value *args);
/* Takes "!design" off the front of a question; no 0: it stood not there. E_NOTFOUND with the refusal said: no such group. */
enum err poll_take_group(struct call *c, const char **question, struct group *out) MUST_USE;
/* "Lunch? | Noodles | Rice". E_USAGE, E_LIMIT with the refusal said. */
enum err poll_read(struct call *c, const char *typed, struct poll_form *out) MUST_USE;
/* The new text of a poll that is edited: the form, or the post's text with its numbered lines. E_DENIED with the refusal
 * said: somebody has voted, or it is closed. */
enum err poll_change(struct call *c, const struct post *p, const char *typed,
                     struct poll_form *out) MUST_USE;
/* The words of a choice, from the text of the post. */
char *poll_choice(struct arena *a, const char *text, int choices, int no);
/* The line of `vote` that a text means which answers a post: a number, and the post an open poll. NULL: none. */
enum err poll_vote_meant(struct call *c, const struct post *p, const char *text,
                         const char **line) MUST_USE;
/* What was voted so far, and how one votes. */
enum err call_put_poll(struct call *c, const struct post *p) MUST_USE;
/* Tells some of those whose poll was closed; *next as service_tick(). */
enum err poll_tick(struct store *st, const struct service_options *o, int64_t now, struct arena *a,
                   int64_t *next) MUST_USE;

#endif
