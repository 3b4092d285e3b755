/* SPDX-License-Identifier: MIT */
/* Somebody leaves. Their row stays, without a name: its number stands in what others did. */
#include "db/sqlite/internal.h"

#define CLAIMS_STEP 200

/* What is erased in which order: whom nobody follows any more is not told of what goes. */
enum step {
    STEP_EDGES,
    STEP_FOLLOWERS,
    STEP_MUTERS,
    STEP_BLOCKERS,
    STEP_REPEATS,
    STEP_PUBLIC,
    STEP_GROUPS,
    STEP_PRIVATE,
    STEP_LIKES,
    STEP_CLAIMS,
    STEP_NAME
};
struct leaving {
    int64_t person, step, last;
};

enum err store_person_forget(struct store *st, int64_t person)
{
    enum err e = db_run(st, ST_FORGET_INVITED, ARGS(person));

    if (e == OK) {
        e = db_run(st, ST_FORGET_PERSON, ARGS(person));
    }
    if (e == OK && sqlite3_changes(st->db) == 0) {
        return E_NOTFOUND;
    }
    if (e == OK) {
        e = person_drop_rows(st, person);
    }
    return e == OK ? db_run(st, ST_LEAVING_ADD, ARGS(person)) : e;
}

static enum err numbers(struct store *st, enum statement s, int64_t *out, size_t *n)
{
    return db_numbers(st, s, out, FORGET_STEP, n);
}

/* The follows, mutes and blocks that lead from them. */
static enum err forget_edges(struct store *st, const struct leaving *l, size_t *n)
{
    int64_t objects[FORGET_STEP];
    enum err e = OK;

    *n = 0;
    for (int kind = 1; e == OK && *n == 0 && kind <= EDGE_LAST; kind++) {
        (void)db_bind(st, ST_OBJECTS, ARGS(kind, l->person, 0, FORGET_STEP));
        e = numbers(st, ST_OBJECTS, objects, n);
        for (size_t i = 0; e == OK && i < *n; i++) {
            e = store_edge_close(st, (enum edge_kind)kind, l->person, objects[i]);
        }
    }
    return e;
}

/* Those of a kind that lead to them. */
static enum err forget_edges_on(struct store *st, struct leaving *l, enum edge_kind kind, size_t *n)
{
    int64_t subjects[FORGET_STEP];
    enum err e;

    (void)db_bind(st, ST_LEAVING_SUBJECTS, ARGS(kind, l->person, l->last, FORGET_STEP));
    e = numbers(st, ST_LEAVING_SUBJECTS, subjects, n);
    for (size_t i = 0; e == OK && i < *n; i++) {
        e = store_edge_close(st, kind, subjects[i], l->person);
        l->last = subjects[i];
    }
    return e;
}

/* Who follows them, then who follows a tag of theirs. */
static enum err forget_followers(struct store *st, struct leaving *l, size_t *n)
{
    int64_t pair, subjects[FORGET_STEP];
    enum err e = forget_edges_on(st, l, EDGE_FOLLOW_PERSON, n);

    if (e != OK || *n > 0) {
        return e;
    }
    e = db_int(st, ST_PAIRS_FOLLOWED, &pair, ARGS(EDGE_FOLLOW_PERSON_TAG, l->person));
    if (e != OK) {
        return e == E_NOTFOUND ? OK : e;
    }
    (void)db_bind(st, ST_LEAVING_SUBJECTS, ARGS(EDGE_FOLLOW_PERSON_TAG, pair, 0, FORGET_STEP));
    e = numbers(st, ST_LEAVING_SUBJECTS, subjects, n);
    for (size_t i = 0; e == OK && i < *n; i++) {
        e = store_edge_close(st, EDGE_FOLLOW_PERSON_TAG, subjects[i], pair);
    }
    return e;
}

static enum err forget_repeats(struct store *st, const struct leaving *l, int64_t now, size_t *n)
{
    int64_t posts[FORGET_STEP];
    enum err e;

    (void)db_bind(st, ST_LEAVING_REPEATS, ARGS(l->person, FORGET_STEP));
    e = numbers(st, ST_LEAVING_REPEATS, posts, n);
    for (size_t i = 0; e == OK && i < *n; i++) {
        e = store_repeat_remove(st, l->person, posts[i], now);
    }
    return e;
}

static enum err forget_posts(struct store *st, struct leaving *l, enum listed listed, int64_t now,
                             size_t *n)
{
    int64_t events[FORGET_STEP];
    struct event event;
    struct added added;
    enum err e;

    (void)db_bind(st, ST_LEAVING_POSTS, ARGS(l->person, listed, l->last, FORGET_STEP));
    e = numbers(st, ST_LEAVING_POSTS, events, n);
    for (size_t i = 0; e == OK && i < *n; i++) {
        e = store_event_get(st, events[i], &event);
        if (e == OK) {
            e = store_post_delete(st, event.post, now, &added);
            e = e == E_NOTFOUND ? OK : e; /* taken back before */
        }
        l->last = events[i];
    }
    return e;
}

static enum err forget_likes(struct store *st, const struct leaving *l, size_t *n)
{
    int64_t posts[FORGET_STEP];
    enum err e;

    (void)db_bind(st, ST_LEAVING_LIKES, ARGS(l->person, FORGET_STEP));
    e = numbers(st, ST_LEAVING_LIKES, posts, n);
    for (size_t i = 0; e == OK && i < *n; i++) {
        e = store_like_remove(st, posts[i], l->person);
    }
    return e;
}

static enum err forget_claims(struct store *st, const struct leaving *l, size_t *n)
{
    enum err e = db_run(st, ST_LEAVING_CLAIMS, ARGS(l->person, CLAIMS_STEP));

    *n = e == OK ? (size_t)sqlite3_changes(st->db) : 0;
    return e;
}

/* *n 0: the step is over. */
static enum err take_step(struct store *st, struct leaving *l, int64_t now, size_t *n)
{
    switch ((enum step)l->step) {
    case STEP_EDGES:
        return forget_edges(st, l, n);
    case STEP_FOLLOWERS:
        return forget_followers(st, l, n);
    case STEP_MUTERS:
        return forget_edges_on(st, l, EDGE_MUTE_PERSON, n);
    case STEP_BLOCKERS:
        return forget_edges_on(st, l, EDGE_BLOCK, n);
    case STEP_REPEATS:
        return forget_repeats(st, l, now, n);
    case STEP_PUBLIC:
        return forget_posts(st, l, BY_PUBLIC, now, n);
    case STEP_GROUPS:
        return forget_posts(st, l, BY_GROUP, now, n);
    case STEP_PRIVATE:
        return forget_posts(st, l, BY_PRIVATE, now, n);
    case STEP_LIKES:
        return forget_likes(st, l, n);
    case STEP_CLAIMS:
        return forget_claims(st, l, n);
    case STEP_NAME:
        break;
    }
    *n = 0;
    return db_run(st, ST_FORGET_NICK, ARGS(l->person));
}

enum err store_forget_some(struct store *st, int64_t now, bool *more)
{
    struct leaving l;
    int64_t open = 0;
    size_t n = 0;
    enum err e;

    *more = false;
    (void)db_bind(st, ST_LEAVING, NO_ARGS);
    e = db_step(st, ST_LEAVING);
    if (e != OK) {
        return e == E_NOTFOUND ? OK : e;
    }
    l = (struct leaving){db_column(st, ST_LEAVING, 0), db_column(st, ST_LEAVING, 1),
                         db_column(st, ST_LEAVING, 2)};
    db_end(st, ST_LEAVING);
    *more = true;
    e = db_int(st, ST_CURSORS_OPEN, &open, ARGS(FORGET_OPEN));
    if (e != OK || open >= FORGET_OPEN) {
        return e;
    }
    e = take_step(st, &l, now, &n);
    if (e == OK && n == 0) {
        l.step++;
        l.last = 0;
    }
    if (e == OK && l.step > STEP_NAME) {
        return db_run(st, ST_LEAVING_DONE, ARGS(l.person));
    }
    return e == OK ? db_run(st, ST_LEAVING_SET, ARGS(l.person, l.step, l.last)) : e;
}
