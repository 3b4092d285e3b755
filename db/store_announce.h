/* SPDX-License-Identifier: MIT */
/* Announcements: how many are to read one, and how many say that they have. A part of db/store.h, which includes it. A post
 * of KIND_ANNOUNCEMENT that is public has one, made with it. */
#ifndef DB_STORE_ANNOUNCE_H
#define DB_STORE_ANNOUNCE_H

#include "db/store.h"

struct announcement {
    int64_t people; /* it was owed to when it was made; about, as added.reach */
    int64_t acks;   /* what somebody who has left said still counts */
    bool mine;      /* the person said so */
};
/* Of a post, whoever may see it. E_NOTFOUND: it is none, or was taken back. */
enum err store_announcement_get(struct store *st, int64_t post, int64_t person,
                                struct announcement *out) MUST_USE;
/* A person says that they have read it. E_EXISTS: they did before; E_DENIED: it is their own; E_NOTFOUND: no announcement,
 * or they may not see it. */
enum err store_ack_add(struct store *st, int64_t post, int64_t person, int64_t at) MUST_USE;

#endif
