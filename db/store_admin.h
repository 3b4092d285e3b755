/* SPDX-License-Identifier: MIT */
/* Administration: roles, and the record of what was done with them. A part of db/store.h, which includes it. */
#ifndef DB_STORE_ADMIN_H
#define DB_STORE_ADMIN_H

#include "db/store.h"

/* E_NOTFOUND: nobody, or retired. */
enum err store_role_set(struct store *st, int64_t person, enum role role) MUST_USE;
/* Active people with this role or a higher one (not ROLE_EMPLOYEE), by role and number; at most `limit`. */
enum err store_roles(struct store *st, enum role least, size_t limit, struct arena *a,
                     struct people *out) MUST_USE;

/* ---- the audit ------------------------------------------------------------------------- */

/* One thing that an administrator did. Never changed, never removed. */
struct audit {
    int64_t no; /* from 1, without a gap; given by the store */
    int64_t at;
    int64_t who;                      /* 0: jaejalctl */
    const char *action;               /* "role", "suspend" …: one word */
    int64_t whom;                     /* the person it was done to, 0: none */
    int64_t post;                     /* 0: none */
    const char *detail;               /* what the administrator typed, "": nothing */
    const char *who_nick, *whom_nick; /* filled in by store_audits(); "" where there is none */
};
/* E_LIMIT: detail over LIMIT_AUDIT bytes. */
enum err store_audit_add(struct store *st, const struct audit *record) MUST_USE;
/* Records below the number `before` (0: from the newest), the newest first, at most `limit`. */
enum err store_audits(struct store *st, int64_t before, size_t limit, struct arena *a,
                      struct audit **out, size_t *n, bool *more) MUST_USE;
/* Whether every record is as it was written, and none is missing. *records: how many there are; hash: of the last one,
 * in hex ("" where there is none). E_USAGE with a complaint: something was changed past us. */
#define AUDIT_HASH 65
enum err store_audit_verify(struct store *st, struct buffer *complaint, int64_t *records,
                            char hash[AUDIT_HASH]) MUST_USE;
/* What was typed when somebody was last done that to ("suspend"). E_NOTFOUND: never. */
enum err store_audit_reason(struct store *st, const char *action, int64_t whom, struct arena *a,
                            const char **detail) MUST_USE;

/* ---- reports --------------------------------------------------------------------------- */

/* A reported post about which nobody has decided yet. */
struct report {
    int64_t post, author;
    const char *author_nick, *author_name;
    int64_t n;         /* how many reported it */
    int64_t at;        /* the last of them */
    const char *why;   /* what that one said, "": nothing */
    const char *shown; /* the first LIMIT_REPORTED code points of the post, as that one saw them */
};
/* Those of posts below `before` (0: all), the newest post first. */
enum err store_reports(struct store *st, int64_t before, size_t limit, struct arena *a,
                       struct report **out, size_t *n, bool *more) MUST_USE;
/* Decided: leaves the list. E_NOTFOUND: no open report of that post. A post taken back leaves it by itself. */
enum err store_report_close(struct store *st, int64_t post, int64_t at) MUST_USE;
/* A post that an administrator may take back: a public one, or one that somebody who could see it has reported and
 * nobody decided about. E_NOTFOUND: anything else, with no difference between them. */
enum err store_post_removable(struct store *st, int64_t post, struct arena *a,
                              struct post *out) MUST_USE;

/* ---- words that are watched ------------------------------------------------------------ */

struct watch {
    const char *words; /* as typed */
    int64_t at;
};
/* words: as in store_phrase_add(), whose errors it has. E_EXISTS; E_LIMIT: LIMIT_WATCHES. */
enum err store_watch_add(struct store *st, const char *words, int64_t at) MUST_USE;
/* E_NOTFOUND. */
enum err store_watch_remove(struct store *st, const char *words) MUST_USE;
/* All of them, in the order in which their words were first tracked; at most LIMIT_WATCHES. With a text only those
 * all of whose words occur in it. */
enum err store_watches(struct store *st, const char *text, struct arena *a, struct watch **out,
                       size_t *n) MUST_USE;

#endif
