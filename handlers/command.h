/* SPDX-License-Identifier: MIT */
/* The table of commands: one row says everything about one. Dispatch, refusals, help, near misses, manual
 * and tests come from the rows. Adding a command is one row and one function in its family's file. */
#ifndef HANDLERS_COMMAND_H
#define HANDLERS_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "db/store.h"
#include "handlers/messages.h"
#include "handlers/request.h"
#include "handlers/service.h"

/* What an argument is. The dispatcher parses and resolves it; a run function finds it in call->args. */
enum argument_kind {
    ARG_NONE = 0,
    ARG_PERSON,  /* alice, @alice, alice@corp.example; resolved: person */
    ARG_POST,    /* #1234; resolved: the post as the caller may see it */
    ARG_TAG,     /* #tag, tag; resolved: tag (no 0 if unknown and the row has ARG_MAY_BE_NEW) */
    ARG_GROUP,   /* !group; resolved: the group, if the caller may know of it */
    ARG_TARGET,  /* person, #tag, !group, POST or "words": kind in value.target */
    ARG_COUNT,   /* [N], 1 to LIMIT_LIST */
    ARG_TIME,    /* 2h 30m 3d 2026-11-23 09:00 "tomorrow 09:00" */
    ARG_CHOICE,  /* one of the words in `choices` */
    ARG_CHOICES, /* one or more of them: text is these, one blank between */
    ARG_WORD,    /* any one word */
    ARG_COMMAND, /* a command word, or "all" (전체): text is the word, folded */
    ARG_HOURS,   /* 19:00-08:00: number and instant are the minutes of the day */
    ARG_CLOCK,   /* 09:00: number is the minute of the day */
    ARG_TEXT     /* the rest, by the row's rule for free text */
};
#define ARG_OPTIONAL 1u
#define ARG_MAY_BE_NEW 2u /* a tag or nick need not exist yet */
#define ARG_OR_NONE 4u    /* this one and all behind it, or the line ends before it */
#define ARG_EXACT 8u      /* of ARG_COUNT: a number, not how many: more than LIMIT_LIST is itself */
#define ARG_TO_BAR                                                                                 \
    32u /* of ARG_TEXT: ends before the first |, and the next text begins behind it */
#define ARG_WITH_SIGN 64u /* a tag only with its '#': the words behind it stay what they are */
#define ARG_BY_NUMBER 16u /* a post that the caller need not see: only post.no is filled in */

struct call;
struct fitting; /* arguments.h */
struct value;
struct among {
    const char *choices; /* "on|off|켜기|끄기" */
    bool several;        /* one or more of them */
    const char *example; /* "19:00-08:00" */
};

struct argument {
    enum argument_kind kind;
    unsigned flags;
    const char *name;    /* as help shows it: "WHO", "POST", "TEXT" */
    const char *choices; /* "en|ko"; what stands behind "||" is understood and not offered */
    const char *before;  /* a fixed word in front, e.g. "for" of `mute X [for TIME]`; NULL */
    const char *ask;     /* N_(): how a form asks for it; NULL: as its kind and name say */
    /* What stands there now, for forms, given the arguments before it; NULL, or returning NULL: nothing. */
    const char *(*now)(struct call *c, const struct value *args);
    /* Of a text: what it may be, for forms, given the arguments before it; leaves `out` as it is where that is anything. */
    void (*among)(struct call *c, const struct value *args, struct among *out);
};

enum target_kind { TARGET_PERSON, TARGET_TAG, TARGET_GROUP, TARGET_POST, TARGET_WORDS };

struct value {
    bool given;
    enum target_kind target; /* for ARG_TARGET */
    struct person person;
    struct post post;
    struct tag tag;
    struct group group; /* one the caller may know of */
    const char *text;   /* the words of ARG_TEXT, ARG_WORD, ARG_CHOICE, TARGET_WORDS */
    int64_t number;     /* ARG_COUNT; ARG_TIME: milliseconds from now, or */
    int64_t instant;    /* ARG_TIME: the point in time */
};

/* Rule 2 of the language: when free text behind a bare word is a command. */
enum free_text {
    FREE_NONE,     /* the row takes none */
    FREE_ANY,      /* any length behind a bare word (search) */
    FREE_SHORT,    /* at most three words, no sentence mark at the end (people, experts) */
    FREE_QUESTION, /* only if it ends in a question mark, tags and names behind it not counted (ask) */
    FREE_BEHIND, /* behind its known target (reply, edit, d, praise) */
    FREE_BAR,    /* only with a | in it (poll QUESTION | A | B): its first text is ARG_TO_BAR */
    FREE_COLON   /* only behind a colon or a leading slash (post, set …) */
};

#define COMMAND_WRITES 1u  /* its answer is stored, a repeat of its id gets it again */
#define COMMAND_PRIVATE 2u /* its word is one for a private message: rule 4 (b) */
#define COMMAND_LATER 4u   /* reserved, not built yet: says so and publishes nothing */
#define COMMAND_HIDDEN 8u  /* not in `help` (yes, post …) */
#define COMMAND_FINAL 16u  /* cannot be undone: forms ask once more */

struct command {
    const char *name; /* one word, or two: "group create". The first of two is no command alone */
    const char *aliases[10]; /* English and those of the earlier services */
    const char *korean[6];   /* at least one */
    struct argument args[4];
    enum free_text free;
    enum role role;
    unsigned flags;
    const char *
        form; /* what help and refusals show: "follow X [now|daily|weekly|loud]"; N_() if it holds words to translate */
    const char *summary; /* N_(): at most 60 characters */
    const char *help;    /* N_(): NULL where the summary says all */
    const char *examples
        [4]; /* run by the tests over all rows, on the seeded store of tests/unit/company.h */
    /* What the kinds of arguments cannot say: makes FIT_NO of values that do not go together. NULL: all do. */
    enum err (*takes)(struct call *c, const struct value *args, struct fitting *out);
    enum err (*run)(struct call *c);
};
struct family {
    const char *title; /* N_() */
    const struct command *rows;
    size_t n;
};
/* Defined in handlers/commands/. Rows there with something special for dispatch: `post` (FREE_COLON), "s/" (Korean "바꿔/"; args[0] is ARG_TEXT:
 * the whole typed line "s/old/new/"), `show`, `thread`, `history` (what #1234, #1234+, "#1234 history" are sugar for), `tag` (#tag alone), `whois`,
 * `reply` (args[0] ARG_TARGET: a post or a person), `set` (args[0] ARG_CHOICE "bio|title|소개|직함", args[1] optional text), `on+` (a row of its own), `more`,
 * `help` (its run is help_run() of handlers/help.h: H6). `yes` is dispatch's own. */
extern const struct family family_write, family_read, family_follow, family_groups, family_yourself,
    family_admin, family_polls, family_schedule, family_announce, family_questions, family_peace;
/* All families, in the order of help. */
extern const struct family *const families[];
extern const size_t n_families;

/* One request on its way through a handler. */
struct call {
    struct service *service;
    const struct service_options *options;
    struct store *store;
    struct arena *arena;
    const struct request *request;
    const struct command *command; /* NULL in gestures */
    const char *line;              /* what is being read, trimmed: the body, or what a `yes` runs */
    bool colon; /* the line was forced (/word) or the word had its colon: free text of any length */
    bool
        writes; /* the answer is stored and the request's ids claimed. From COMMAND_WRITES; gestures set it */
    struct value args[4];
    struct person who;
    enum role role;
    enum lang lang;
    int64_t now;
    struct buffer answer; /* what to say; max LIMIT_ANSWER */
    struct outcome *outcome;
    bool refused;  /* what was asked for was not done */
    int64_t about; /* the post this made or is about, for claims; 0 */
    int64_t made;  /* a post this made (claim target), 0 */
};
/* Adds a line (or lines) to the answer, translated and filled in as say(). */
void call_say(struct call *c, const char *msgid, ...);
void call_say_n(struct call *c, const char *one, const char *many, int64_t n, ...);
/* The answer of a run function that returns an error is its refusal; a run function that returns an error without
 * having said anything gets the table's words for it. E_FULL and E_IO go up untouched. */

/* Lists and `more`: remembered for the person once the turn is committed. */
enum more_kind {
    MORE_NONE,
    MORE_LIST,
    MORE_SEARCH,
    MORE_EDGES,
    MORE_PEOPLE,
    MORE_LIKES,
    MORE_TAGS,
    MORE_ALIASES,
    MORE_AUDIT,
    MORE_REPORTS,
    MORE_EXPERTS, /* object: the tag; behind the one with (edge_after, before): weight, person */
    MORE_SCHEDULED,
    MORE_GROUPS,
    MORE_MEMBERS,
    MORE_WATCHES, /* before: how many were shown */
    MORE_VERSIONS /* object: the post */
};
struct more {
    enum more_kind kind;
    enum list_kind list;
    int64_t object, before;
    unsigned edge_kinds;
    int edge_after;
    int limit;
    const char *text; /* the search, the last name seen: copied by the session */
};
void call_set_more(struct call *c, const struct more *m);
/* NULL: no list was shown. */
const struct more *call_get_more(struct call *c);
/* Asks before something is done: "yes" will run `proposed` (a command line; NULL: nothing to say yes to), "post" publish
 * `as_post` (NULL: not offered). Says nothing: the caller words the question. Dies after LIMIT_PENDING_MS. */
void call_ask(struct call *c, const char *proposed, const char *as_post);

/* Posting, shared by commands and native gestures: finds mentions, tags and links in the text, checks limits, writes, and says
 * "Posted #1234 for 17 people." or the refusal. */
struct posting {
    const char *text;
    int64_t parent, recipient, group; /* 0 or numbers; at most one of them */
    enum post_kind kind;
};
enum err call_post(struct call *c, const struct posting *p) MUST_USE;
enum err call_edit(struct call *c, const struct post *p, const char *text) MUST_USE;

/* "There is no post #1234 …": the one refusal for never existed, deleted and may-not-see. Returns E_NOTFOUND. In post.c. */
enum err call_no_post(struct call *c, int64_t no) MUST_USE;

/* Refusals for names, with the nearest ones that may be known: `typed` without '@' or '#'. Return E_NOTFOUND. */
enum err call_no_person(struct call *c, const char *typed);
enum err call_no_tag(struct call *c, const char *typed);
/* The one refusal for a group that never existed and one the caller may not know of. */
enum err call_no_group(struct call *c, const char *typed);

/* Looks a word, or the two words of a name, up as dispatch does (folded; English, alias or Korean). Of the first word of
 * two the first row that has it. NULL: no such. */
const struct command *command_find(const char *folded);
/* Whether that is only the first of two words of the row's names ("group"). */
bool command_is_head(const struct command *row, const char *folded);
/* The row of that (English) name; it is there, or the program ends: for the rows that signs stand for. */
const struct command *command_named(const char *name);
/* Calls with every word of every row, until it says true; returns what it was called with. */
typedef bool command_word_fn(const struct command *row, const char *word, void *arg);
const struct command *command_each_word(command_word_fn *fn, void *arg);

#endif
