/* SPDX-License-Identifier: MIT */
#include "db/sqlite/internal.h"

#include <string.h>

enum err store_repeat_add(struct store *st, int64_t person, int64_t post, const char *comment,
                          int64_t at, struct added *out)
{
    struct event event = {.kind = EVENT_REPEAT, .author = person, .post = post, .at = at};
    struct post_row row;
    bool before;
    enum err e;

    if (strlen(comment) > LIMIT_BODY) {
        return E_LIMIT;
    }
    e = post_row(st, post, &row);
    if (e == OK) {
        e = post_visible(st, &row, person);
    }
    if (e == OK && row.scope != SCOPE_PUBLIC) {
        e = E_DENIED;
    }
    if (e == OK) {
        e = db_has(st, ST_REPEAT_STANDING, &before, ARGS(person, post));
    }
    if (e == OK && before) {
        e = E_EXISTS;
    }
    if (e == OK) {
        e = event_next(st, &event.no);
    }
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_REPEAT_ADD, ARGS(event.no, post, person, at));
    db_bind_text(st, ST_REPEAT_ADD, 5, comment);
    e = db_finish(st, ST_REPEAT_ADD);
    if (e == OK) {
        event.root = row.root;
        event.version = row.version;
        e = event_publish(st, &event, BY_PUBLIC, out);
    }
    if (e == OK) {
        e = news_add(st, row.author, NEWS_REPEAT, post, person, at);
    }
    return e == OK ? db_run(st, ST_COUNT_ADD, ARGS(post, 0, 0, 1)) : e;
}

/* Ends a repeat, with an event of its own for those who got it. */
static enum err end_repeat(struct store *st, const struct post_row *row, int64_t repeat,
                           int64_t person, int64_t at)
{
    struct event event = {.kind = EVENT_DELETE,
                          .author = person,
                          .post = row->no,
                          .root = row->root,
                          .original = repeat,
                          .at = at};
    enum err e = event_next(st, &event.no);

    if (e == OK) {
        e = db_run(st, ST_REPEAT_END, ARGS(repeat, event.no));
    }
    if (e == OK) {
        e = db_run(st, ST_COUNT_ADD, ARGS(row->no, 0, 0, -1));
    }
    if (e == OK) {
        e = db_run(st, ST_NEWS_DROP, ARGS(row->author, NEWS_REPEAT, row->no, person));
    }
    return e == OK ? event_publish(st, &event, BY_AMEND, NULL) : e;
}

enum err repeats_end(struct store *st, const struct post_row *row, int64_t at)
{
    enum err e;

    for (;;) {
        int64_t repeat, person;

        (void)db_bind(st, ST_REPEATS_STANDING, ARGS(row->no));
        e = db_step(st, ST_REPEATS_STANDING);
        if (e != OK) {
            return e == E_NOTFOUND ? OK : e;
        }
        repeat = db_column(st, ST_REPEATS_STANDING, 0);
        person = db_column(st, ST_REPEATS_STANDING, 1);
        db_end(st, ST_REPEATS_STANDING);
        e = end_repeat(st, row, repeat, person, at);
        if (e != OK) {
            return e;
        }
    }
}

enum err store_repeat_remove(struct store *st, int64_t person, int64_t post, int64_t at)
{
    struct post_row row;
    int64_t event;
    enum err e = db_int(st, ST_REPEAT_STANDING, &event, ARGS(person, post));

    if (e == OK) {
        e = post_row(st, post, &row);
    }
    return e == OK ? end_repeat(st, &row, event, person, at) : e;
}

enum err store_repeat_newest(struct store *st, int64_t person, int64_t *post, int64_t *at)
{
    enum err e;

    (void)db_bind(st, ST_REPEAT_NEWEST, ARGS(person));
    e = db_step(st, ST_REPEAT_NEWEST);
    if (e == OK) {
        *post = db_column(st, ST_REPEAT_NEWEST, 0);
        *at = db_column(st, ST_REPEAT_NEWEST, 1);
        db_end(st, ST_REPEAT_NEWEST);
    }
    return e;
}

enum err store_repeat_get(struct store *st, int64_t event, struct arena *a, struct item *out)
{
    int64_t post;
    enum err e;

    (void)db_bind(st, ST_REPEAT_GET, ARGS(event));
    e = db_step(st, ST_REPEAT_GET);
    if (e != OK) {
        return e;
    }
    post = db_column(st, ST_REPEAT_GET, 0);
    *out = (struct item){.place = event,
                         .repeat = true,
                         .repeater = db_column(st, ST_REPEAT_GET, 1),
                         .comment = db_column_text(st, ST_REPEAT_GET, 2, a),
                         .repeater_nick = db_column_text(st, ST_REPEAT_GET, 3, a),
                         .repeater_name = db_column_text(st, ST_REPEAT_GET, 4, a)};
    db_end(st, ST_REPEAT_GET);
    return post_load(st, post, a, &out->post);
}

enum err store_repeated(struct store *st, int64_t person, int64_t before, size_t limit,
                        struct arena *a, struct items *out)
{
    int64_t top = before == 0 ? INT64_MAX : before, event;
    enum err e = OK;

    *out = (struct items){.at = arena_array(a, limit + 1, sizeof(*out->at))};
    while (e == OK && !out->more) {
        struct post_row row;

        (void)db_bind(st, ST_REPEATED_BELOW, ARGS(person, top));
        e = db_step(st, ST_REPEATED_BELOW);
        if (e != OK) {
            break;
        }
        event = db_column(st, ST_REPEATED_BELOW, 0);
        top = db_column(st, ST_REPEATED_BELOW, 1);
        db_end(st, ST_REPEATED_BELOW);
        if (out->n == limit) {
            out->more = true;
            break;
        }
        out->next = top;
        e = post_row(st, top, &row);
        if (e == OK) {
            e = post_visible(st, &row, person);
        }
        if (e == OK) {
            e = store_repeat_get(st, event, a, &out->at[out->n]);
        }
        if (e == OK) {
            out->at[out->n++].place = top;
        }
        e = e == E_NOTFOUND ? OK : e;
    }
    return e == E_NOTFOUND ? OK : e;
}
