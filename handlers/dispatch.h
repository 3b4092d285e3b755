/* SPDX-License-Identifier: MIT */
/* What a line means: a command, a post, or something to ask about first (language.md, rules 1 to 7).
 *
 * Reading looks things up but changes nothing; running does. */
#ifndef HANDLERS_DISPATCH_H
#define HANDLERS_DISPATCH_H

#include <stdbool.h>
#include "base/err.h"
#include "handlers/command.h"

enum reading_kind {
    READING_POST,    /* to be published */
    READING_COMMAND, /* fits; args are resolved as far as they exist */
    READING_REFUSED, /* a command whose target is unknown, or a forced one that does not fit: nothing is published */
    READING_ASK /* rule 4: nothing yet */
};
enum reading_why {
    WHY_NONE,
    WHY_FORM,  /* a known word, not in its form */
    WHY_SLIP,  /* rule 4 (a): mistyped, or typed with the Korean keyboard on */
    WHY_HABIT, /* what an earlier bot would have taken for something else: "S @nick" */
    WHY_GROUP, /* !word that is no group one may write to; args[0] is it, where one may know of it */
    WHY_NO_POST,  /* "#1 priority is sales": no such post for the caller */
    WHY_OLD_POST, /* or an old one */
    WHY_VOTE,     /* "#12 2", and #12 is a poll */
    WHY_AT_NICK,  /* the first "@nick TEXT" */
    WHY_WORD,     /* a forced word, or one of a role the caller lacks, that is no command */
    WHY_PERSON,   /* nobody of that name: bad */
    WHY_TAG,      /* no such tag: bad */
    WHY_NO_GROUP, /* no such group: bad */
    WHY_POST,     /* no such post: number */
    WHY_TIME,     /* a time that has passed: bad */
    WHY_YES,      /* yes, post, a lone number with nothing to answer */
    WHY_POST_WORD,
    WHY_NUMBER,
    WHY_ALIAS,    /* a short form of one's own that does not fit, or stands for no command */
    WHY_TEXT_LEFT /* free text that a bare word does not take: a colon makes it fit */
};
struct reading {
    enum reading_kind kind;
    enum reading_why why;
    const struct command *command; /* what it is or looks like; NULL where there is none */
    struct value args[4];
    bool colon;  /* forced by / or . or :, free text of any length */
    bool forced; /* a leading / or . */
    bool
        aliased; /* it is what a short form of one's own stands for: no further one is looked for */
    bool head;   /* only the first word of a name of two: command is the first that has it */
    const char *text;     /* READING_POST: what to publish */
    const char *proposed; /* READING_ASK: the line that `yes` will run, NULL */
    const char *bad;      /* the word that is wrong, as typed */
    const char *
        meant; /* WHY_ALIAS: what the short form stands for; text: what came of it, "" too much, NULL nothing */
    int64_t number; /* a post's number */
};

/* line: trimmed, not empty. Store errors only. */
enum err dispatch_read(struct call *c, const char *line, struct reading *out) MUST_USE;
/* Whether a line has the sign of a command in front (rule 3). */
bool dispatch_is_forced(struct call *c, const char *line);
/* Does it: runs, publishes, refuses or asks. Store errors only, refusals are answers. */
enum err dispatch_run(struct call *c, const struct reading *rd) MUST_USE;
/* Only the words of a refusal. */
enum err dispatch_refuse(struct call *c, const struct reading *rd) MUST_USE;
/* Both, for a line that came in or that was answered with "yes". */
enum err dispatch_line(struct call *c, const char *line) MUST_USE;
/* Whether a line would be taken for anything but a post: for corrections of posts (rule 8). */
enum err dispatch_is_post(struct call *c, const char *line, bool *is_post) MUST_USE;

#endif
