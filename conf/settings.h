/* SPDX-License-Identifier: MIT */
/* The configuration file: read, checked and described from one table (conf/table.c).
 *
 * Every name that can be prepared is prepared already: domains, JIDs, the bot's local part. */
#ifndef CONF_SETTINGS_H
#define CONF_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "base/log.h"

struct settings {
    const char *host;
    int port;
    const char *domain;
    const char *secret; /* from secret or secret_file; never log it */
    bool tls;
    const char *ca_file;
    const char *bot;
    const char *name;
    const char *language; /* "en" or "ko" */
    const char *const *allowed_domains;
    size_t n_allowed_domains;  /* at least 1 */
    const char *const *admins; /* bare JIDs within the allowed domains */
    size_t n_admins;
    const char *const *follow_on_join; /* "@nick" and "#tag", folded */
    size_t n_follow_on_join;
    const char *database_url; /* "sqlite:PATH" */
    int digest_after;
    int post_chars;
    int posts_per_minute;
    const char *metrics_listen; /* as base/listen.h says, "": nowhere */
    enum log_level log_level;
};

/* Reads the file at path (and the secret's file). All strings of out live in the arena. Every
 * problem found, not only the first, is a line "FILE:LINE: …" in complaint ("FILE: …" where it
 * has no line); a secret is never shown there. out is untouched on failure:
 * E_USAGE   something in the file is wrong
 * E_LIMIT   the file is larger than LIMIT_CONFIG_FILE
 * E_SYSTEM  the file cannot be read. */
enum err settings_read(const char *path, struct arena *a, struct settings *out,
                       struct buffer *complaint) MUST_USE;
/* The same for a text that is read already; path only names it. */
enum err settings_parse(const char *path, const char *text, size_t len, struct arena *a,
                        struct settings *out, struct buffer *complaint) MUST_USE;

/* For a reload. Names what cannot be taken over from fresh without a restart, as "[section] key" joined by ", "; nothing
 * if all that changed can be. */
void settings_restart_needed(const struct settings *running, const struct settings *fresh,
                             struct buffer *out);
/* fresh, but for what needs a restart: that stays as it is in running. Strings are borrowed from both. */
void settings_merge(const struct settings *running, const struct settings *fresh,
                    struct settings *out);

/* The commented sample file; conf/jaejal.conf.sample is exactly this. */
void settings_sample(struct buffer *out);
/* The sections and keys as mdoc, the body of jaejal.conf(5). */
void settings_manual(struct buffer *out);

#endif
