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

#endif
