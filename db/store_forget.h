/* SPDX-License-Identifier: MIT */
/* Somebody leaves: the account ends at once, what they wrote goes bit by bit. A part of db/store.h, which includes it. */
#ifndef DB_STORE_FORGET_H
#define DB_STORE_FORGET_H

#include "db/store.h"

/* Ends an account for good. Profile, photo, address, bookmarks, pins, short forms and all that waits are gone at once; the rest
 * is left to store_forget_some(). Its address may begin anew, as somebody else. E_NOTFOUND: nobody, or gone already. */
enum err store_person_forget(struct store *st, int64_t person) MUST_USE;

#define FORGET_STEP 10 /* things one call erases, at most */
#define FORGET_OPEN                                                                                \
    20 /* walks that may stand open: more retractions wait until some of them are through */
/* Erases some of what people who left had done: follows of them and theirs, repeats, posts (each is taken back as by
 * store_post_delete()), likes, the ids of their messages; at last their nick. *more: there is more to do, later; also where
 * nothing was done because FORGET_OPEN walks stand open. */
enum err store_forget_some(struct store *st, int64_t now, bool *more) MUST_USE;

#endif
