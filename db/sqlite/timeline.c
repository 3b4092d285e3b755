/* SPDX-License-Identifier: MIT */
/* Lists, and what a person is owed: merges of channels. */
#include "db/sqlite/internal.h"

#define LOOKED_MOST 2000 /* events that one call looks at, if it found anything */
#define LOOKED_BUNDLE 50 /* a bundle counts as so many more */

static const unsigned every_class = (1u << N_CLASSES) - 1;

static enum err owed(struct store *st, int64_t person, unsigned classes, unsigned amended,
                     int64_t from, int64_t to, size_t limit, struct arena *a, struct owed **out,
                     size_t *n, int64_t *next)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    *next = to > from ? to : from;
    merge_begin(st);
    e = merge_add_person(st, person, classes & ~amended, from, to, MERGE_BOTH);
    if (e == OK && amended != 0) {
        e = merge_add_person(st, person, amended, from, to, MERGE_AMENDED);
    }
    if ((classes & 1u << CLASS_PRIVATE) != 0) {
        merge_add(st, -BY_ANSWER, person, from, to);
    }
    if (e == OK) {
        e = merge_start(st, false, HOW_OWED);
    }
    for (int looked = 0; e == OK; looked++) {
        struct owed *o = &(*out)[*n];
        int64_t no;

        e = merge_next(st, &no);
        if (e != OK) {
            break;
        }
        if (*n == limit || looked >= LOOKED_MOST) {
            *next = no;
            break;
        }
        e = store_event_get(st, no, &o->event);
        if (e == OK) {
            looked += o->event.kind == EVENT_BUNDLE ? LOOKED_BUNDLE : 0;
            e = store_owed_one(st, &o->event, person, &o->class, &o->first);
        }
        if (e == OK && (classes & 1u << o->class) != 0) {
            (*n)++;
        }
        e = e == E_NOTFOUND ? OK : e;
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_owed(struct store *st, int64_t person, unsigned classes, int64_t from, int64_t to,
                    size_t limit, struct arena *a, struct owed **out, size_t *n, int64_t *next)
{
    return owed(st, person, classes, 0, from, to, limit, a, out, n, next);
}

enum err store_owed_rest(struct store *st, int64_t person, unsigned classes, int64_t from,
                         int64_t to, size_t limit, struct arena *a, struct owed **out, size_t *n,
                         int64_t *next)
{
    return owed(st, person, classes, classes & CLASSES_FOLLOWED, from, to, limit, a, out, n, next);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* The same of an answer that somebody was told of with others: with `missed`, by a bundle that the summary stood for. */
static enum err bundled_for(struct store *st, const struct event *e, int64_t viewer,
                            const struct missed *missed, bool *yes)
{
    enum event_class class;
    struct post_row row;
    int64_t bundle = 0;
    enum err err = post_row(st, e->post, &row);

    if (err == OK) {
        err = hot_follows(st, e, &row, viewer, &class, yes);
    }
    if (err != OK || !*yes || missed == NULL) {
        return err;
    }
    err = db_int(st, ST_BUNDLE_OF, &bundle, ARGS(e->root, e->no));
    *yes = err == OK && bundle <= missed->hi && (missed->classes & 1u << class) != 0 &&
           bundle >= missed->lo[class];
    return err == E_NOTFOUND ? OK : err;
}

/* Whether an event belongs into the viewer's home: owed as something new, alone or in a
 * bundle, or their own post; or, with `missed`, into
 * what a summary stood for. */
static enum err at_home(struct store *st, const struct event *e, int64_t viewer,
                        const struct missed *missed, bool *yes)
{
    enum event_class class;
    int first = 0;
    enum err err;

    *yes = missed == NULL && e->kind == EVENT_POST && e->author == viewer;
    if (*yes || e->author == viewer || e->kind > EVENT_EDIT) {
        return OK;
    }
    err = store_owed_one(st, e, viewer, &class, &first);
    /* An edit is new for whom it named first. */
    *yes = err == OK && (e->kind != EVENT_EDIT || first == e->version);
    if (err == E_NOTFOUND && e->hot) {
        return bundled_for(st, e, viewer, missed, yes);
    }
    if (missed != NULL && *yes) {
        *yes = (missed->classes & 1u << class) != 0 && e->no >= missed->lo[class];
    }
    return err == E_NOTFOUND ? OK : err;
}

/* The item of an event, if the viewer may see it. *yes: it is one. */
static enum err make_item(struct store *st, enum list_kind kind, const struct missed *missed,
                          const struct event *e, int64_t viewer, struct arena *a, struct item *out,
                          bool *yes)
{
    struct post_row row;
    bool owed = kind == LIST_HOME || missed != NULL;
    enum err err = OK;

    *yes = owed || e->kind == EVENT_POST;
    if (owed) {
        err = at_home(st, e, viewer, missed, yes);
    }
    if (err != OK || !*yes) {
        return err;
    }
    err = post_row(st, e->post, &row);
    if (err == OK && (row.flags & POST_DELETED) != 0) {
        err = E_NOTFOUND;
    }
    if (err == OK) {
        err = post_visible(st, &row, viewer);
    }
    if (err == OK && e->kind == EVENT_REPEAT) {
        err = store_repeat_get(st, e->no, a, out);
    } else if (err == OK) {
        *out =
            (struct item){.place = e->no, .repeater_nick = "", .repeater_name = "", .comment = ""};
        err = post_load(st, e->post, a, &out->post);
    }
    *yes = err == OK;
    return err == E_NOTFOUND ? OK : err;
}

/* The streams of a list. */
static enum err add_streams(struct store *st, enum list_kind kind, int64_t viewer, int64_t object,
                            int64_t hi)
{
    struct post_row root;
    bool groups = true;
    int64_t lo = 1;
    enum err e = OK;

    merge_begin(st);
    switch (kind) {
    case LIST_HOME:
        e = merge_add_person(st, viewer, every_class, 1, hi, MERGE_NEW);
        merge_add(st, -BY_PUBLIC, viewer, 1, hi);
        merge_add(st, -BY_GROUP, viewer, 1, hi);
        merge_add(st, -BY_PRIVATE, viewer, 1, hi);
        break;
    case LIST_AUTHOR:
        if (object != viewer) {
            e = group_share(st, viewer, object, &groups);
        }
        merge_add(st, -BY_PUBLIC, object, 1, hi);
        if (groups) {
            merge_add(st, -BY_GROUP, object, 1, hi);
        }
        break;
    case LIST_GROUP:
        e = group_open_from(st, object, viewer, &lo);
        merge_add(st, CH_GROUP, object, lo, hi);
        break;
    case LIST_TAG:
        merge_add(st, CH_TAG, object, 1, hi);
        break;
    case LIST_THREAD:
        merge_add(st, CH_THREAD, object, 1, hi);
        e = post_row(st, object, &root);
        if (e == OK && root.event < hi) {
            int listed = root.scope == SCOPE_PUBLIC  ? BY_PUBLIC
                         : root.scope == SCOPE_GROUP ? BY_GROUP
                                                     : BY_PRIVATE;

            merge_add(st, -listed, root.author, root.event, root.event + 1);
        }
        e = e == E_NOTFOUND ? OK : e;
        break;
    case LIST_MENTIONS:
        merge_add(st, CH_NAMED, viewer, 1, hi);
        merge_add(st, CH_ANSWERED, viewer, 1, hi);
        break;
    case LIST_INBOX:
        merge_add(st, CH_PRIVATE, viewer, 1, hi);
        merge_add(st, -BY_PRIVATE, viewer, 1, hi);
        break;
    case LIST_QUESTIONS:
        merge_add(st, CH_OPEN, object, 1, hi);
        break;
    case LIST_ALL:
    case LIST_SAVED:
    case LIST_MISSED:
        break;
    }
    return e;
}

/* The streams of what a summary stood for. */
static enum err add_missed(struct store *st, const struct missed *missed, int64_t viewer,
                           int64_t hi)
{
    int64_t lo = INT64_MAX;

    for (int c = 0; c < N_CLASSES; c++) {
        if ((missed->classes & 1u << c) != 0 && missed->lo[c] < lo) {
            lo = missed->lo[c];
        }
    }
    hi = hi > missed->hi ? missed->hi + 1 : hi;
    merge_begin(st);
    return missed->classes == 0
               ? OK
               : merge_add_person(st, viewer, missed->classes, lo, hi < lo ? lo : hi, MERGE_NEW);
}

/* Every public post, by the table of posts. */
static enum err list_all(struct store *st, int64_t viewer, int64_t before, size_t limit,
                         struct arena *a, struct items *out)
{
    int64_t top = INT64_MAX;
    enum err e = OK;

    if (before != 0) {
        e = db_int(st, ST_POST_BELOW_EVENT, &top, ARGS(before));
    }
    while (e == OK && !out->more) {
        struct post_row row;

        (void)db_bind(st, ST_POSTS_PUBLIC, ARGS(top, 1));
        e = post_row_next(st, ST_POSTS_PUBLIC, &row);
        if (e != OK) {
            break;
        }
        db_end(st, ST_POSTS_PUBLIC);
        top = row.no - 1;
        e = post_visible(st, &row, viewer);
        if (e == OK && out->n == limit) {
            out->more = true;
            out->next = row.event + 1;
        } else if (e == OK) {
            struct item *item = &out->at[out->n++];

            *item = (struct item){
                .place = row.event, .repeater_nick = "", .repeater_name = "", .comment = ""};
            e = post_load(st, row.no, a, &item->post);
        }
        e = e == E_NOTFOUND ? OK : e;
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_list(struct store *st, enum list_kind kind, int64_t viewer, int64_t object,
                    int64_t before, size_t limit, struct arena *a, struct items *out)
{
    bool owed = kind == LIST_HOME || kind == LIST_MISSED;
    struct missed missed;
    enum err e;

    *out = (struct items){.at = arena_array(a, limit + 1, sizeof(out->at[0]))};
    if (kind == LIST_ALL) {
        return list_all(st, viewer, before, limit, a, out);
    }
    if (kind == LIST_SAVED) {
        return saved_list(st, viewer, before, limit, a, out);
    }
    before = before == 0 ? INT64_MAX : before;
    if (kind == LIST_MISSED) {
        e = store_missed_get(st, viewer, &missed);
        e = e == OK ? add_missed(st, &missed, viewer, before) : e;
    } else {
        e = add_streams(st, kind, viewer, object, before);
    }
    if (e == OK) {
        e = merge_start(st, true, owed ? HOW_OWED : HOW_SHOWN);
    }
    for (int looked = 0; e == OK; looked++) {
        struct event event;
        int64_t no;
        bool yes;

        e = merge_next(st, &no);
        if (e != OK) {
            break;
        }
        if (looked >= LOOKED_MOST && out->n > 0) {
            out->more = true;
            out->next = no + 1;
            break;
        }
        e = store_event_get(st, no, &event);
        if (e == OK) {
            e = make_item(st, kind, kind == LIST_MISSED ? &missed : NULL, &event, viewer, a,
                          &out->at[out->n], &yes);
        }
        if (e == OK && yes && out->n == limit) {
            out->more = true; /* the one behind the last is only asked for */
            out->next = no + 1;
            break;
        }
        out->n += e == OK && yes;
    }
    return e == E_NOTFOUND ? OK : e;
}
