/* SPDX-License-Identifier: MIT */
/* What a summary is made of: by which way an event came, what was liked, what the last one stood for. */
#include "db/sqlite/internal.h"

/* A way by which a post came, if it did by this one. */
static enum err by_reach(struct store *st, const struct event *base, enum channel channel,
                         enum edge_kind kind, int64_t person, struct owed_by *out)
{
    enum err e = db_int(st, ST_REACH_BY, &out->object,
                        ARGS(base->no, channel, kind, person, base->no, base->at));

    if (e == OK) {
        out->kind = kind;
    }
    return e == E_NOTFOUND ? OK : e;
}

static enum err by_thread(struct store *st, const struct event *base, const struct post_row *row,
                          int64_t person, struct owed_by *out)
{
    int64_t how = 0;
    bool yes = false;
    enum err e;

    if (row->root == row->no) {
        return OK;
    }
    e = edge_valid(st, EDGE_FOLLOW_THREAD, person, row->root, base->no, base->at, &yes);
    if (e == OK && !yes) {
        e = db_int(st, ST_REACH_HOW, &how, ARGS(row->event, CH_OWNER, person));
        yes = e == OK && (how & HOW_OWED) != 0;
        e = e == E_NOTFOUND ? OK : e;
    }
    if (e == OK && yes) {
        out->kind = EDGE_FOLLOW_THREAD;
        out->object = row->root;
    }
    return e;
}

static enum err by_author(struct store *st, const struct event *base, const struct post_row *row,
                          int64_t person, struct owed_by *out)
{
    bool yes = false;
    enum err e = edge_valid(st, EDGE_FOLLOW_PERSON, person, row->author, base->no, base->at, &yes);

    if (e == OK && yes) {
        out->kind = EDGE_FOLLOW_PERSON;
        out->object = row->author;
    }
    return e;
}

static enum err by_follow(struct store *st, const struct event *base, const struct post_row *row,
                          int64_t person, struct owed_by *out)
{
    enum err e = by_thread(st, base, row, person, out);

    if (e == OK && out->kind == 0) {
        e = by_reach(st, base, CH_PERSON_TAG, EDGE_FOLLOW_PERSON_TAG, person, out);
    }
    if (e == OK && out->kind == 0) {
        e = by_reach(st, base, CH_TAG, EDGE_FOLLOW_TAG, person, out);
    }
    if (e == OK && out->kind == 0) {
        e = by_author(st, base, row, person, out);
    }
    if (e == OK && out->kind == 0) {
        e = by_reach(st, base, CH_WORDS, EDGE_FOLLOW_WORDS, person, out);
    }
    return e;
}

enum err store_owed_by(struct store *st, const struct event *e, int64_t person,
                       enum event_class class, struct owed_by *out)
{
    struct owed_by by = {0};
    struct event base;
    struct post_row row;
    int64_t answer = 0;
    enum err err = event_base(st, e, &base, &row);

    if (err == OK && (base.kind > EVENT_REPEAT || (row.flags & POST_DELETED) != 0)) {
        err = E_NOTFOUND;
    }
    if (err == OK && (CLASSES_FOLLOWED & 1u << class) != 0) {
        if (base.kind == EVENT_REPEAT) {
            by.kind = EDGE_FOLLOW_PERSON;
            by.object = base.author;
        } else if (row.scope == SCOPE_GROUP) {
            by.kind = EDGE_MEMBER;
            by.object = row.group;
        } else {
            err = by_follow(st, &base, &row, person, &by);
        }
    }
    if (err == OK && flags_kind(row.flags) == KIND_QUESTION) {
        err = question_answer(st, row.no, &answer);
        by.open = answer == 0;
    }
    if (err == OK) {
        err = db_int(st, ST_LIKES_NOW, &by.likes, ARGS(row.no));
        err = err == E_NOTFOUND ? OK : err;
    }
    if (err == OK) {
        *out = by;
    }
    return err;
}

enum err store_likes_before(struct store *st, int64_t post, int64_t at, int64_t most, int64_t *n)
{
    return db_int(st, ST_LIKES_BEFORE, n, ARGS(post, at, most));
}

enum err store_missed_get(struct store *st, int64_t person, struct missed *out)
{
    enum err e;

    *out = (struct missed){0};
    (void)db_bind(st, ST_MISSED_GET, ARGS(person));
    while ((e = db_step(st, ST_MISSED_GET)) == OK) {
        int64_t hi = db_column(st, ST_MISSED_GET, 2);
        int class = (int)db_column(st, ST_MISSED_GET, 0);

        if (hi < out->hi || class < 0 || class >= N_CLASSES) {
            continue;
        }
        if (hi > out->hi) {
            out->classes = 0;
        }
        out->hi = hi;
        out->classes |= 1u << class;
        out->lo[class] = db_column(st, ST_MISSED_GET, 1);
        out->why = (enum digest_why)db_column(st, ST_MISSED_GET, 3);
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_missed_set(struct store *st, int64_t person, enum event_class class, int64_t lo,
                          int64_t hi, enum digest_why why)
{
    return db_run(st, ST_MISSED_SET, ARGS(person, class, lo, hi, why));
}
