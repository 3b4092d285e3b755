/* SPDX-License-Identifier: MIT */
/* Likes and the like, told together. A part of db/store.h, which includes it. */
#ifndef DB_STORE_NEWS_H
#define DB_STORE_NEWS_H

#include "db/store.h"

/* Likes, repeats and new followers wait here to be told in one message. */
enum news_kind { NEWS_LIKE = 1, NEWS_FOLLOWER, NEWS_REPEAT };
struct news {
    int64_t person; /* who is told */
    enum news_kind kind;
    int64_t post; /* liked or repeated, else 0 */
    int64_t actor;
    const char *actor_nick, *actor_name;
    int64_t more; /* further ones of the same kind and post, who have no row */
};
/* Everything that waits for the person longest due, if anybody is due at `now`; removed by this call. The first is due at once;
 * then comes a pause of an hour, twice as long each time where more came before it was over or within an hour of that,
 * NEWS_PAUSE_MOST_MS at most. It waits for whoever has quiet hours, snoozes, or is off (also by themselves); of who
 * has FLAG_NO_NEWS it is dropped. n 0: nobody, or many had to be passed over: then *next is `now`. *next: when to call again,
 * 0: nobody waits. */
#define NEWS_PAUSE_MS 3600000LL
#define NEWS_PAUSE_MOST_MS 28800000LL
enum err store_news_take(struct store *st, int64_t now, struct arena *a, struct news **out,
                         size_t *n, int64_t *next) MUST_USE;

#endif
