/* SPDX-License-Identifier: MIT */
/* A person's settings, one row each: what `settings` lists, `set NAME VALUE` changes, and forms show. */
#ifndef HANDLERS_SETTINGS_H
#define HANDLERS_SETTINGS_H

#include "handlers/command.h"

enum own_type {
    OWN_TEXT,    /* any; "-" empties it */
    OWN_CHOICE,  /* one of the words in `choices` */
    OWN_CHOICES, /* one or more of them */
    OWN_PHRASE   /* what the command takes: hours, a time, a zone; like `example` */
};

struct own_setting {
    const char *name;   /* folded, one word */
    const char *korean; /* the same */
    const char *also;   /* another name, NULL */
    enum own_type type;
    const char *choices; /* "on|off|켜기|끄기", NULL */
    const char *example; /* a value of a phrase */
    const char *meaning; /* N_() */
    /* Each is changed by a command: `set NAME VALUE` is that line with the value behind it. NULL: a text, kept here. */
    const char *line;
    /* The value as it stands, as it would be typed in the caller's language; "" where there is none. */
    enum err (*get)(struct call *c, const char **value);
};
extern const struct own_setting own_settings[];
extern const size_t n_own_settings;

/* By name, in either language (folded). NULL: there is none. */
const struct own_setting *own_setting_find(const char *name);
/* Whether a setting takes a value; of a text always. */
enum err own_setting_takes(struct call *c, const struct own_setting *s, const char *value,
                           bool *takes) MUST_USE;
/* Changes it, and says so; a value that it does not take is refused with what it does. */
enum err own_setting_set(struct call *c, const struct own_setting *s, const char *value) MUST_USE;

#endif
