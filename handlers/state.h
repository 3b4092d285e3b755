/* SPDX-License-Identifier: MIT */
/* The inside of the service, for the files that make it up. */
#ifndef HANDLERS_STATE_H
#define HANDLERS_STATE_H

#include "handlers/command.h"
#include "handlers/service.h"
#include "handlers/session.h"
#include "handlers/tally.h"

struct service {
    struct service_options options;
    struct store *store;
    struct sessions *sessions;
    struct tally tally;
};

/* The beginning of every request: the account (made where there is none), its language and role, an empty answer, which the
 * caller ends with buffer_fini() in any case. E_DENIED: a server, not a person. */
enum err service_caller(struct service *s, const struct request *r, int64_t now, struct arena *a,
                        struct outcome *out, struct call *c) MUST_USE;
/* Their own language (NULL or "": none), else Korean if the stanza is, else the default. */
enum lang service_lang(const struct service *s, const char *own, const char *of_stanza);
/* The digest of a request in lower-case hex, for claims. */
const char *service_digest(struct arena *a, const char *what);

/* Makes an answer of what a run function or a gesture came back with: a refusal nobody worded gets words, E_FULL, E_IO
 * and E_SYSTEM go up. */
enum err call_finish(struct call *c, enum err e) MUST_USE;
/* True if the person goes too fast, which is said. reading: from the larger allowance for what changes nothing. */
bool call_too_fast(struct call *c, bool reading);
/* "yes" in all its forms (folded). */
bool word_is_yes(const char *word);
/* The word of a command in the person's language. */
const char *call_word(const struct call *c, const struct command *row);

#endif
