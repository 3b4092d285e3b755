/* SPDX-License-Identifier: MIT */
/* Questions as they are posted: what they are about, whom they go to besides the followers, and what is said of that. */
#ifndef HANDLERS_QUESTION_H
#define HANDLERS_QUESTION_H

#include "handlers/command.h"
#include "handlers/compose.h"

#define QUESTION_EXPERTS 3 /* so many are asked */

struct asking {
    int64_t *topics; /* tags in use: its own or, without any, those that its words are */
    size_t n_topics;
    struct expert *experts; /* who are asked */
    size_t n_experts;
    int64_t asked[QUESTION_EXPERTS]; /* their numbers */
};
/* What a text with these tags is about; experts: chooses whom to ask, too, but for those whom it names. */
enum err question_prepare(struct call *c, const char *text, const struct found *f, bool experts,
                          struct asking *out) MUST_USE;
/* Behind the posting: tells the experts why they get it, and the asker who they are. */
enum err question_tell(struct call *c, const struct added *added, const struct asking *q) MUST_USE;

/* "3 accepted answers, 12 posts, 2 thanks" */
char *question_why(struct arena *a, enum lang l, const struct expert *x);

#endif
