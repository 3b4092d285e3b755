/* SPDX-License-Identifier: MIT */
#include "db/sqlite/internal.h"

#define NEWS_NAMED 2   /* of those who like one post, or are new followers, so many are named */
#define NEWS_ROWS 500  /* and no more in one message */
#define AGAIN_MS 60000 /* after quiet hours that should be over */
#define OFF_LOOK_MS 3600000LL /* how often it is looked whether they are on again */
#define NOT_NOW 100           /* so many who are not told now are passed over in one call */

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

static void put_row(struct store *st, int64_t person, struct arena *a, struct news *out)
{
    *out = (struct news){.person = person,
                         .kind = (enum news_kind)db_column(st, ST_NEWS_OF, 0),
                         .post = db_column(st, ST_NEWS_OF, 1),
                         .actor = db_column(st, ST_NEWS_OF, 2),
                         .actor_nick = db_column_text(st, ST_NEWS_OF, 3, a),
                         .actor_name = db_column_text(st, ST_NEWS_OF, 4, a)};
}

/* Whether the person may still hear what became of a post of theirs: not in a group they have left. */
static enum err may_hear(struct store *st, int64_t person, int64_t post, bool *yes)
{
    struct post_row row;
    enum err e = post == 0 ? E_NOTFOUND : post_row(st, post, &row);

    *yes = true;
    if (e == OK && row.scope == SCOPE_GROUP) {
        e = group_may_read(st, &row, person, yes);
    }
    return e == E_NOTFOUND ? OK : e;
}

/* What waits for one person, less what they should not hear of. Whoever is followed by a whole company within the hour is
 * told a number: only the first few of a kind and post are read as rows. */
static enum err read_news(struct store *st, int64_t person, struct arena *a, struct news **out,
                          size_t *n)
{
    size_t same = 0;
    int64_t asked = 0;
    bool hears = true;
    enum err e;

    *n = 0;
    *out = arena_array(a, NEWS_ROWS, sizeof(**out));
    (void)db_bind(st, ST_NEWS_OF, ARGS(person));
    while ((e = db_step(st, ST_NEWS_OF)) == OK) {
        struct news *last = *n > 0 ? &(*out)[*n - 1] : NULL;
        int64_t about = db_column(st, ST_NEWS_OF, 1);
        bool blocked = false;

        if (about != asked) {
            e = may_hear(st, person, about, &hears);
            asked = about;
        }
        if (e == OK && hears) {
            e = edge_blocked(st, person, db_column(st, ST_NEWS_OF, 2), &blocked);
        }
        if (e != OK) {
            db_end(st, ST_NEWS_OF);
            break;
        }
        if (blocked || !hears) {
            continue;
        }
        same = last != NULL && (int64_t)last->kind == db_column(st, ST_NEWS_OF, 0) &&
                       last->post == db_column(st, ST_NEWS_OF, 1)
                   ? same + 1
                   : 0;
        if (same >= NEWS_NAMED) {
            last->more++;
        } else if (*n < NEWS_ROWS) {
            put_row(st, person, a, &(*out)[(*n)++]);
        } else {
            db_end(st, ST_NEWS_OF);
            break;
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

enum wanted { NEWS_TELL, NEWS_WAIT, NEWS_DROP };

/* *until: of NEWS_WAIT. */
static enum err news_wanted(struct store *st, int64_t person, int64_t now, enum wanted *what,
                            int64_t *until)
{
    int64_t quiet = 0, flags = 0, sleep = 0;
    bool active;
    enum err e = person_active(st, person, &active);

    *what = NEWS_DROP;
    if (e != OK || !active) {
        return e;
    }
    (void)db_bind(st, ST_NEWS_WANTED, ARGS(person));
    e = db_step(st, ST_NEWS_WANTED);
    if (e == OK) {
        flags = db_column(st, ST_NEWS_WANTED, 0);
        sleep = db_column(st, ST_NEWS_WANTED, 1);
        db_end(st, ST_NEWS_WANTED);
    }
    if (e != OK || (flags & 1 << FLAG_NO_NEWS) != 0) {
        return e == E_NOTFOUND ? OK : e;
    }
    *what = NEWS_WAIT;
    *until = now + OFF_LOOK_MS;
    if ((flags & 1 << FLAG_ON) == 0 || sleep == SLEEP_ASLEEP) {
        return OK;
    }
    /* In their quiet hours it waits until something changes there. */
    e = db_int(st, ST_PEACE_QUIET, &quiet,
               ARGS(person, 1u << CLASS_BULK | HOLDS_DIGEST, 1u << CLASS_BULK));
    *until = quiet > now ? quiet : now + AGAIN_MS;
    *what = e == E_NOTFOUND ? NEWS_TELL : NEWS_WAIT;
    return e == E_NOTFOUND ? OK : e;
}

/* The pause behind a message told at `now` that was due at `due`. */
static int64_t pause_after(int64_t now, int64_t due, int64_t last)
{
    int64_t pause = last == 0 || now - due >= NEWS_PAUSE_MS ? NEWS_PAUSE_MS : 2 * last;

    return pause < NEWS_PAUSE_MOST_MS ? pause : NEWS_PAUSE_MOST_MS;
}

/* What is due goes: into *out, or, unless it is to be told, nowhere. */
static enum err take_news(struct store *st, int64_t person, int64_t now, int64_t due, int64_t last,
                          bool tell, struct arena *a, struct news **out, size_t *n)
{
    int64_t pause = pause_after(now, due, last);
    enum err e = tell ? read_news(st, person, a, out, n) : OK;

    if (e == OK) {
        e = db_run(st, ST_FORGET_NEWS, ARGS(person));
    }
    if (e == OK) {
        e = db_run(st, ST_BUNDLE_BEGIN,
                   ARGS(person, *n > 0 ? now + pause : due, *n > 0 ? pause : last));
    }
    return e;
}

enum err store_news_take(struct store *st, int64_t now, struct arena *a, struct news **out,
                         size_t *n, int64_t *next)
{
    *out = NULL;
    *n = 0;
    for (int passed = 0;; passed++) {
        int64_t person = 0, due = 0, last = 0, until = 0;
        enum wanted what = NEWS_DROP;
        enum err e;

        *next = 0;
        (void)db_bind(st, ST_BUNDLE_DUE, NO_ARGS);
        e = db_step(st, ST_BUNDLE_DUE);
        if (e == OK) {
            person = db_column(st, ST_BUNDLE_DUE, 0);
            *next = due = db_column(st, ST_BUNDLE_DUE, 1);
            last = db_column(st, ST_BUNDLE_DUE, 2);
            db_end(st, ST_BUNDLE_DUE);
        }
        if (e != OK || due > now || *n > 0) {
            return e == E_NOTFOUND ? OK : e;
        }
        if (passed == NOT_NOW) {
            *next = now;
            return OK;
        }
        e = news_wanted(st, person, now, &what, &until);
        if (e == OK && what == NEWS_WAIT) {
            e = db_run(st, ST_BUNDLE_LATER, ARGS(person, until));
        } else if (e == OK) {
            e = take_news(st, person, now, due, last, what == NEWS_TELL, a, out, n);
        }
        if (e != OK) {
            return e;
        }
    }
}
