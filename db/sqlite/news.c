/* SPDX-License-Identifier: MIT */
#include "db/sqlite/internal.h"

#define BETWEEN_MS 3600000LL /* at most one such message an hour */

enum err news_add(struct store *st, int64_t person, enum news_kind kind, int64_t post,
                  int64_t actor, int64_t at)
{
    enum err e;

    if (person == actor) {
        return OK;
    }
    e = db_run(st, ST_NEWS_ADD, ARGS(person, kind, post, actor));
    return e == OK ? db_run(st, ST_BUNDLE_ADD, ARGS(person, at)) : e;
}

/* What waits for one person, less what they should not hear of. */
static enum err read_news(struct store *st, int64_t person, struct arena *a, struct news **out,
                          size_t *n)
{
    size_t cap = 16, kept = 0;
    enum err e;

    *n = 0;
    *out = arena_array(a, cap, sizeof(**out));
    (void)db_bind(st, ST_NEWS_OF, ARGS(person));
    while ((e = db_step(st, ST_NEWS_OF)) == OK) {
        if (*n == cap) {
            struct news *more = arena_array(a, cap * 2, sizeof(**out));

            for (size_t i = 0; i < cap; i++) {
                more[i] = (*out)[i];
            }
            *out = more;
            cap *= 2;
        }
        (*out)[(*n)++] = (struct news){.person = person,
                                       .kind = (enum news_kind)db_column(st, ST_NEWS_OF, 0),
                                       .post = db_column(st, ST_NEWS_OF, 1),
                                       .actor = db_column(st, ST_NEWS_OF, 2),
                                       .actor_nick = db_column_text(st, ST_NEWS_OF, 3, a),
                                       .actor_name = db_column_text(st, ST_NEWS_OF, 4, a)};
    }
    e = e == E_NOTFOUND ? OK : e;
    for (size_t i = 0; e == OK && i < *n; i++) {
        bool blocked;

        e = edge_blocked(st, person, (*out)[i].actor, &blocked);
        if (e == OK && !blocked) {
            (*out)[kept++] = (*out)[i];
        }
    }
    *n = kept;
    return e;
}

enum err store_news_take(struct store *st, int64_t now, struct arena *a, struct news **out,
                         size_t *n, int64_t *next)
{
    enum err e;

    *out = NULL;
    *n = 0;
    for (;;) {
        int64_t person = 0, due = 0;
        bool active;

        *next = 0;
        (void)db_bind(st, ST_BUNDLE_DUE, NO_ARGS);
        e = db_step(st, ST_BUNDLE_DUE);
        if (e == OK) {
            person = db_column(st, ST_BUNDLE_DUE, 0);
            *next = due = db_column(st, ST_BUNDLE_DUE, 1);
            db_end(st, ST_BUNDLE_DUE);
        }
        if (e != OK || due > now || *n > 0) {
            return e == E_NOTFOUND ? OK : e;
        }
        e = person_active(st, person, &active);
        if (e == OK && active) {
            e = read_news(st, person, a, out, n);
        }
        if (e == OK) {
            e = db_run(st, ST_FORGET_NEWS, ARGS(person));
        }
        if (e == OK) {
            e = db_run(st, ST_BUNDLE_BEGIN, ARGS(person, *n > 0 ? now + BETWEEN_MS : due));
        }
        if (e != OK) {
            return e;
        }
    }
}
