/* SPDX-License-Identifier: MIT */
/* The log and its cursors. */
#include "db/sqlite/internal.h"

enum err store_event_head(struct store *st, int64_t *no)
{
    enum err e = db_int(st, ST_EVENT_HEAD, no, NO_ARGS);

    if (e == E_NOTFOUND) {
        *no = 0;
        return OK;
    }
    return e;
}

enum err event_next(struct store *st, int64_t *no)
{
    enum err e = store_event_head(st, no);

    *no += e == OK;
    return e;
}

enum err store_event_get(struct store *st, int64_t no, struct event *out)
{
    const enum statement s = ST_EVENT_GET;
    enum err e;

    (void)db_bind(st, s, ARGS(no));
    e = db_step(st, s);
    if (e == OK) {
        *out = (struct event){.no = db_column(st, s, 0),
                              .kind = (enum event_kind)db_column(st, s, 1),
                              .top = (enum event_class)db_column(st, s, 2),
                              .author = db_column(st, s, 3),
                              .post = db_column(st, s, 4),
                              .root = db_column(st, s, 5),
                              .original = db_column(st, s, 6),
                              .version = (int)db_column(st, s, 7),
                              .at = db_column(st, s, 8),
                              .hot = db_column(st, s, 9) != 0};
        db_end(st, s);
    }
    return e;
}

enum err store_event_find(struct store *st, enum event_kind kind, int64_t of, int version,
                          int64_t *no)
{
    struct post_row row;
    enum err e;

    if (kind == EVENT_DELETE) {
        return db_int(st, ST_EVENT_FIND, no, ARGS(of, kind, -1));
    }
    e = post_row(st, of, &row);
    if (e == OK && kind == EVENT_POST) {
        *no = row.event;
    }
    if (e != OK || kind == EVENT_POST) {
        return e;
    }
    return db_int(st, ST_EVENT_FIND, no, ARGS(row.event, kind, version));
}

/* Whether the event makes, or is about, an announcement: all others have nobody in that class. */
static enum err announces(struct store *st, const struct event *e, bool *yes)
{
    struct post_row row;
    enum err err;

    *yes = false;
    if (e->kind > EVENT_DELETE || e->kind == EVENT_REPEAT) {
        return OK;
    }
    err = post_row(st, e->post, &row);
    *yes = err == OK && is_announcement(&row);
    return err;
}

/* A cursor for each class that has anybody. Its row must be there for the audience to see the edit. */
static enum err open_cursors(struct store *st, struct event *e)
{
    enum event_class top = N_CLASSES;
    bool levels = false;
    enum err first = db_has(st, ST_LEVELS_ANY, &levels, NO_ARGS);

    if (first != OK) {
        return first;
    }

    for (int c = CLASS_PRIVATE; c < N_CLASSES; c++) {
        bool any = levels || c <= CLASS_BULK;
        enum err err = OK;

        if (c == CLASS_ANNOUNCEMENT) {
            err = announces(st, e, &any);
        }
        if (err == OK && any) {
            err = audience_any(st, e, (enum event_class)c, &any);
        }
        if (err == OK && any) {
            err = db_run(st, ST_CURSOR_ADD, ARGS(e->no, c));
            top = (enum event_class)c < top ? (enum event_class)c : top;
        }
        if (err != OK) {
            return err;
        }
    }
    top = top == N_CLASSES ? CLASS_BULK : top;
    if (top != e->top) {
        e->top = top;
        return db_run(st, ST_EVENT_TOP, ARGS(e->no, top));
    }
    return OK;
}

enum err event_publish(struct store *st, struct event *e, enum listed listed, struct added *out)
{
    enum err err;

    e->top = listed == BY_PRIVATE || listed == BY_ANSWER ? CLASS_PRIVATE : CLASS_BULK;
    err = db_run(st, ST_EVENT_ADD,
                 ARGS(e->no, e->kind, e->top, e->author, e->post, e->root, e->original, e->version,
                      e->at, e->hot, listed));
    if (err == OK && listed == BY_ANSWER) {
        return db_run(st, ST_CURSOR_ADD, ARGS(e->no, CLASS_PRIVATE));
    }
    if (err == OK) {
        err = open_cursors(st, e);
    }
    if (err == OK && out != NULL) {
        *out = (struct added){.post = e->post, .event = e->no, .version = e->version};
        err = audience_reach(st, e, &out->reach, &out->about);
    }
    return err;
}

enum err store_cursors(struct store *st, int64_t after, size_t limit, struct arena *a,
                       struct cursor **out, size_t *n)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_CURSORS, ARGS(after, (int64_t)limit));
    while ((e = db_step(st, ST_CURSORS)) == OK) {
        (*out)[(*n)++] = (struct cursor){db_column(st, ST_CURSORS, 0),
                                         (enum event_class)db_column(st, ST_CURSORS, 1),
                                         db_column(st, ST_CURSORS, 2)};
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_cursor_set(struct store *st, int64_t event, enum event_class class, int64_t last)
{
    return db_run(st, ST_CURSOR_SET, ARGS(event, class, last));
}

enum err store_cursor_done(struct store *st, int64_t event, enum event_class class)
{
    return db_run(st, ST_CURSOR_DONE, ARGS(event, class));
}
