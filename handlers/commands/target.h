/* SPDX-License-Identifier: MIT */
/* What one follows or mutes: a person, a tag, a conversation or words, as the object of an edge. */
#ifndef HANDLERS_COMMANDS_TARGET_H
#define HANDLERS_COMMANDS_TARGET_H

#include "handlers/command.h"

struct target {
    enum target_kind kind;
    bool tagged; /* a person's tag: object is that of both */
    int64_t
        object; /* 0, or a number that nothing has: it does not exist (only where `make` was false) */
    const char *shown; /* "Bob Lee (@bob)", "#launch", "conversation #1234", "“budget cut”" */
    const char *typed; /* how a command names it: "bob", "#launch", "#1234", "\"budget cut\"" */
};
/* make: tags and words that are new are made. Refusals are said. */
enum err target_resolve(struct call *c, const struct value *v, bool make,
                        struct target *out) MUST_USE;
/* Says why an edge could not be opened (E_LIMIT, E_DENIED) and returns e. */
enum err target_refuse(struct call *c, enum err e) MUST_USE;

#endif
