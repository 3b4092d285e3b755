/* SPDX-License-Identifier: MIT */
/* The company as a whole: its figures, asking people in, reminding them. A part of db/store.h, which includes it. */
#ifndef DB_STORE_COMPANY_H
#define DB_STORE_COMPANY_H

#include "db/store.h"

/* What happened in a day, or a week from Monday, of the server's time zone. */
struct company_period {
    int64_t posts;   /* public, not taken back */
    int64_t authors; /* people who wrote any of them, also what was taken back */
    int64_t joined;  /* new accounts */
};
#define COMPANY_DAYS 7
struct company_figures {
    int64_t people;                           /* active */
    int64_t posts;                            /* public, not taken back */
    struct company_period days[COMPANY_DAYS]; /* today first */
    struct company_period weeks[2];           /* this one, and the one before */
};
enum err store_company(struct store *st, int64_t now, struct company_figures *out) MUST_USE;
/* Public posts of this week that the viewer may see, the most liked first. */
enum err store_company_liked(struct store *st, int64_t now, int64_t viewer, size_t limit,
                             struct arena *a, struct post **out, size_t *n) MUST_USE;
/* Tags of public posts of today (18 to 24 hours), the most used first; uses is today's count. */
enum err store_tags_busy(struct store *st, int64_t now, size_t limit, struct arena *a,
                         struct tag_use **out, size_t *n) MUST_USE;

/* Keeps that a person asks the owner of a JID in. E_EXISTS: somebody did already. E_LIMIT: LIMIT_INVITES within a day. */
enum err store_invitation_add(struct store *st, const char *jid, int64_t person,
                              int64_t at) MUST_USE;
/* Keeps that a person reminds another. E_EXISTS: they did within LIMIT_NUDGE_MS. E_LIMIT: somebody did within a day. */
enum err store_nudge_add(struct store *st, int64_t person, int64_t target, int64_t at) MUST_USE;

#endif
