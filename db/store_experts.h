/* SPDX-License-Identifier: MIT */
/* Questions, their accepted answers, and who knows about what. Included by db/store.h.
 *
 * A question is a public root of KIND_QUESTION. It is about its tags or, where it has none, about the topics given with
 * it (new_post). It is open until an answer is accepted, and again when that answer is taken back. The open ones are
 * LIST_QUESTIONS.
 *
 * Of everybody is kept, for each tag, what they did with it in public: posts, accepted answers to questions about it,
 * thanks. Edits and deletions take back what they take away. */
#ifndef DB_STORE_EXPERTS_H
#define DB_STORE_EXPERTS_H

#include "db/store.h"

struct accepted {
    int64_t question; /* the root of the post's conversation, whatever it is */
    int64_t before;   /* what was accepted until now, 0: nothing */
};
/* Accepts a reply as the answer to the question of its conversation, in place of an earlier one. *out is set but where
 * it is E_NOTFOUND. E_NOTFOUND: the person may not see the post. E_USAGE: it is no reply to a question that stands.
 * E_DENIED: another asked. E_EXISTS: it is the accepted one. */
enum err store_accept_add(struct store *st, int64_t post, int64_t person, int64_t at,
                          struct accepted *out) MUST_USE;

struct expert {
    struct person person;
    int64_t tag;
    const char *topic; /* the tag as shown */
    int64_t posts, answers, praise;
    int64_t weight; /* how much all that says */
};
/* Active people who did something with a tag and did not say no to it, the best first; behind the one with (weight,
 * person), person 0: from the beginning. */
enum err store_experts(struct store *st, int64_t tag, int64_t weight, int64_t person, size_t limit,
                       struct arena *a, struct expert **out, size_t *n, bool *more) MUST_USE;
/* Whom to ask: of the experts on any of the tags the best `limit`, each once, for the tag that they know best. Only
 * who did more than a post or two (EXPERT_LEAST); not the author, nobody whom a block keeps apart from them, who mutes
 * them, or who mutes one of the tags, nor who was asked LIMIT_ASKED_PER_DAY times that day (UTC). */
#define EXPERT_LEAST 3
enum err store_experts_to_ask(struct store *st, const int64_t *tags, size_t n_tags, int64_t author,
                              int64_t now, size_t limit, struct arena *a, struct expert **out,
                              size_t *n) MUST_USE;
/* Whether a person is to be an expert on a tag. E_EXISTS: it is so already. */
enum err store_expert_set(struct store *st, int64_t person, int64_t tag, bool on) MUST_USE;

#endif
