/* SPDX-License-Identifier: MIT */
/* Conversations that run hot: which answers are, whom a bundle of them is owed to, and when it is made. Both as a
 * question about one person and as a walk over all; tests/store/test_owed.c holds the two against each other. */
#include "db/sqlite/walk.h"

/* ---- hot answers ------------------------------------------------------------------------------ */

/* Whether enough came before it lately. A clock that was ahead meanwhile says nothing. */
static enum err is_hot(struct store *st, const struct post_row *row, bool *hot)
{
    int64_t at = 0;
    enum err e = db_int(st, ST_HOT_BEFORE, &at, ARGS(row->root, row->event, LIMIT_HOT_REPLIES));

    *hot = e == OK && at <= row->at && row->at - at < LIMIT_HOT_MS;
    return e == E_NOTFOUND ? OK : e;
}

static int64_t due_at(int64_t opened, int64_t at, int64_t answers)
{
    int64_t cool = at + LIMIT_HOT_MS, latest = opened + LIMIT_BUNDLE_MS;

    return answers >= LIMIT_BUNDLE ? at : cool < latest ? cool : latest;
}

enum err hot_answer(struct store *st, const struct post_row *row, int64_t *waiting)
{
    int64_t opened = row->at, answers = 0;
    bool hot = false;
    enum err e;

    *waiting = 0;
    if (row->parent == 0 || row->scope == SCOPE_PRIVATE) {
        return OK;
    }
    (void)db_bind(st, ST_HOT_GET, ARGS(row->root));
    e = db_step(st, ST_HOT_GET);
    if (e == OK) {
        opened = db_column(st, ST_HOT_GET, 0);
        answers = db_column(st, ST_HOT_GET, 1);
        db_end(st, ST_HOT_GET);
        hot = true;
    } else if (e == E_NOTFOUND) {
        e = is_hot(st, row, &hot);
    }
    if (e != OK || !hot) {
        return e;
    }
    *waiting = answers + 1;
    return db_run(st, ST_HOT_SET,
                  ARGS(row->root, row->event, opened, due_at(opened, row->at, *waiting)));
}

enum err hot_follows(struct store *st, const struct event *made, const struct post_row *row,
                     int64_t person, enum event_class *class, bool *yes)
{
    struct event plain = *made;
    bool no = false;
    int first;
    enum err e;

    plain.hot = false;
    e = owed_by_edges(st, &plain, &plain, row, person, class, &first, yes);
    if (e == OK && *yes) {
        e = owed_forbidden(st, made, row, *class, person, &no);
        *yes = !no;
    }
    return e;
}

/* ---- whom a bundle is owed to ------------------------------------------------------------------- */

enum err store_bundle_get(struct store *st, int64_t event, struct bundle *out)
{
    const enum statement s = ST_BUNDLED_GET;
    enum err e;

    (void)db_bind(st, s, ARGS(event));
    e = db_step(st, s);
    if (e == OK) {
        *out = (struct bundle){.lo = db_column(st, s, 0),
                               .hi = db_column(st, s, 1),
                               .answers = db_column(st, s, 2),
                               .root_version = (int)db_column(st, s, 3),
                               .root = db_column(st, s, 4),
                               .post = db_column(st, s, 5),
                               .version = (int)db_column(st, s, 6)};
        db_end(st, s);
    }
    return e;
}

static enum err covers(struct store *st, int64_t root, int64_t lo, int64_t hi, int64_t *events,
                       size_t *n)
{
    (void)db_bind(st, ST_BUNDLE_COVERS, ARGS(root, lo, hi, LIMIT_BUNDLE));
    return db_numbers(st, ST_BUNDLE_COVERS, events, LIMIT_BUNDLE, n);
}

enum err bundle_covers(struct store *st, const struct event *e, int64_t *events, size_t *n)
{
    struct bundle b;
    enum err err = store_bundle_get(st, e->no, &b);

    *n = 0;
    return err == OK ? covers(st, e->root, b.lo, b.hi, events, n) : err;
}

/* Of one answer: whether who follows what leads there, and takes no part, would have got it. */
static enum err tells_of(struct store *st, int64_t event, int64_t person, enum event_class *class,
                         bool *yes)
{
    enum event_class as_is;
    struct event made;
    struct post_row row;
    bool part = false;
    int first;
    enum err e = store_event_get(st, event, &made);

    *yes = false;
    if (e == OK) {
        e = post_row(st, made.post, &row);
    }
    if (e == OK) {
        e = hot_follows(st, &made, &row, person, class, yes);
    }
    if (e == OK && *yes) {
        e = owed_by_edges(st, &made, &made, &row, person, &as_is, &first, &part);
        *yes = !part;
    }
    return e;
}

/* Who muted or left the conversation, or the group, meanwhile; who followed it all the time. */
static enum err stays_away(struct store *st, const struct event *e, const struct bundle *b,
                           const struct post_row *row, int64_t person, bool *yes)
{
    enum err err = edge_valid(st, EDGE_MUTE_THREAD, person, b->root, e->no, e->at, yes);

    if (err == OK && !*yes) {
        err = edge_valid(st, EDGE_LEAVE_THREAD, person, b->root, e->no, e->at, yes);
    }
    if (err == OK && !*yes && row->scope == SCOPE_GROUP) {
        err = edge_valid(st, EDGE_MUTE_GROUP, person, row->group, e->no, e->at, yes);
    }
    if (err == OK && !*yes) {
        err =
            db_has(st, ST_EDGE_SPANS, yes, ARGS(EDGE_FOLLOW_THREAD, person, b->root, b->lo, b->hi));
    }
    return err;
}

/* Of several classes the first that counts. */
static bool counts_more(enum event_class a, enum event_class b)
{
    return a == CLASS_BULK || (a == CLASS_DAILY && b == CLASS_WEEKLY);
}

/* The answers that a bundle may tell a person of. */
static enum err tells(struct store *st, const struct event *e, int64_t person,
                      int64_t events[LIMIT_BUNDLE], size_t *n)
{
    struct post_row row;
    struct bundle b;
    bool away = false;
    enum err err = store_bundle_get(st, e->no, &b);

    *n = 0;
    if (err == OK) {
        err = post_row(st, b.root, &row);
    }
    if (err == OK) {
        err = stays_away(st, e, &b, &row, person, &away);
    }
    return err == OK && !away ? covers(st, b.root, b.lo, b.hi, events, n) : err;
}

enum err bundle_owed(struct store *st, const struct event *e, int64_t person,
                     enum event_class *class, bool *owed)
{
    int64_t events[LIMIT_BUNDLE];
    size_t n = 0;
    enum err err = tells(st, e, person, events, &n);

    *owed = false;
    for (size_t i = 0; err == OK && i < n && !(*owed && *class == CLASS_BULK); i++) {
        enum event_class c;
        bool yes;

        err = tells_of(st, events[i], person, &c, &yes);
        if (err == OK && yes) {
            *class = !*owed || counts_more(c, *class) ? c : *class;
            *owed = true;
        }
    }
    return err;
}

enum err store_bundle_answers(struct store *st, const struct event *e, int64_t person,
                              struct owed *out, size_t *n)
{
    int64_t events[LIMIT_BUNDLE];
    size_t covered = 0;
    enum err err = tells(st, e, person, events, &covered);

    *n = 0;
    for (size_t i = 0; err == OK && i < covered; i++) {
        enum event_class class;
        bool yes;

        err = tells_of(st, events[i], person, &class, &yes);
        if (err == OK && yes) {
            out[*n] = (struct owed){.class = class};
            err = store_event_get(st, events[i], &out[(*n)++].event);
        }
    }
    return err;
}

enum err bundle_audience(struct store *st, struct walk *w, enum event_class class,
                         const struct event *e, const struct post_row *row)
{
    static const enum event_class classes[] = {CLASS_BULK, CLASS_DAILY, CLASS_WEEKLY};
    int64_t events[LIMIT_BUNDLE];
    size_t n, last = 0;
    enum err err;

    if (class != CLASS_BULK && class != CLASS_DAILY && class != CLASS_WEEKLY) {
        return OK;
    }
    while (classes[last] != class) {
        last++;
    }
    err = bundle_covers(st, e, events, &n);
    for (size_t i = 0; err == OK && i <= last; i++) {
        struct sources *to = i == last ? &w->in : &walk_add_had(w, 1)->in;

        for (size_t k = 0; err == OK && k < n; k++) {
            err = audience_add_covered(st, walk_add_walk(to), classes[i], events[k]);
        }
    }
    walk_add_edges(&w->out, EDGE_MUTE_THREAD, e->root, e->no, e->at);
    walk_add_edges(&w->out, EDGE_LEAVE_THREAD, e->root, e->no, e->at);
    if (row->scope == SCOPE_GROUP) {
        walk_add_edges(&w->out, EDGE_MUTE_GROUP, row->group, e->no, e->at);
    }
    return err;
}

/* Whether a person may be shown the words of a post: they may see it, and mute nothing about it. */
static enum err may_quote(struct store *st, int64_t post, const struct event *e, int64_t person,
                          bool *yes)
{
    struct post_row row;
    bool no = false;
    enum err err = post_row(st, post, &row);

    if (err == OK) {
        err = post_visible(st, &row, person);
    }
    if (err == OK) {
        err = owed_muted(st, &row, person, e->no, e->at, &no);
    }
    *yes = err == OK && !no;
    return err == E_NOTFOUND ? OK : err;
}

enum err store_bundle_bare(struct store *st, const struct event *e, int64_t person, bool *bare)
{
    bool yes = false;
    enum err err = may_quote(st, e->post, e, person, &yes);

    if (err == OK && yes) {
        err = may_quote(st, e->root, e, person, &yes);
    }
    *bare = !yes;
    return err;
}

/* ---- making one --------------------------------------------------------------------------------- */

struct waiting {
    int64_t root, lo, answers, due;
};

static enum err read_waiting(struct store *st, enum statement s, struct waiting *out)
{
    enum err e;

    (void)db_bind(st, s, NO_ARGS);
    e = db_step(st, s);
    if (e == OK) {
        *out = (struct waiting){db_column(st, s, 0), db_column(st, s, 1), db_column(st, s, 2),
                                db_column(st, s, 3)};
        db_end(st, s);
    }
    return e;
}

/* Who waits longest. Nothing is due farther ahead than a bundle can wait, but where the clock was wrong. */
static enum err first_due(struct store *st, int64_t now, struct waiting *out, int64_t *next)
{
    struct waiting last;
    enum err e = read_waiting(st, ST_HOT_FIRST, out);

    *next = e == OK ? out->due : 0;
    if (e != OK || out->due <= now) {
        return e;
    }
    e = read_waiting(st, ST_HOT_LAST, &last);
    if (e == OK && last.due > now + LIMIT_BUNDLE_MS) {
        *out = last;
        return OK;
    }
    return e == OK ? E_NOTFOUND : e;
}

/* Where those find a bundle who follow what led to its answers. */
static enum err reach_bundle(struct store *st, int64_t event, int64_t answer, int64_t author)
{
    enum err e = db_run(st, ST_REACH_BUNDLE, ARGS(event, answer));

    return e == OK ? db_run(st, ST_REACH_ADD, ARGS(event, CH_BUNDLE, author, HOW_OWED)) : e;
}

/* Publishes it where its answers were; finds the newest that stands, and how many do. */
static enum err look_through(struct store *st, const int64_t *events, size_t n, int64_t no,
                             struct post_row *newest, int64_t *standing)
{
    enum err e = OK;

    *standing = 0;
    for (size_t i = 0; e == OK && i < n; i++) {
        struct event made;
        struct post_row row = {0};

        e = store_event_get(st, events[i], &made);
        if (e == OK) {
            e = post_row(st, made.post, &row);
        }
        if (e == OK && (row.flags & POST_DELETED) == 0) {
            *newest = row;
            ++*standing;
        }
        if (e == OK) {
            e = reach_bundle(st, no, events[i], row.author);
        }
    }
    return e;
}

static enum err bundle_add(struct store *st, const struct waiting *w, const int64_t *events,
                           size_t n, int64_t now, int64_t *event)
{
    struct event bundle = {.kind = EVENT_BUNDLE, .root = w->root, .at = now};
    struct post_row newest = {0}, root;
    int64_t standing = 0;
    enum err e = event_next(st, &bundle.no);

    *event = 0;
    if (e == OK) {
        e = look_through(st, events, n, bundle.no, &newest, &standing);
    }
    if (e == OK && standing == 0) {
        return db_run(st, ST_BUNDLE_UNREACH, ARGS(bundle.no));
    }
    if (e == OK) {
        e = post_row(st, w->root, &root);
    }
    if (e == OK) {
        e = db_run(st, ST_BUNDLED_ADD,
                   ARGS(bundle.no, w->root, events[0], events[n - 1], standing, root.version));
    }
    bundle.post = newest.no;
    bundle.version = newest.version;
    *event = bundle.no;
    return e == OK ? event_publish(st, &bundle, BY_NONE, NULL) : e;
}

enum err store_hot_take(struct store *st, int64_t now, int64_t *event, int64_t *next)
{
    enum err e = OK;

    arena_reset(st->scratch);
    *event = 0;
    while (e == OK && *event == 0) {
        int64_t events[LIMIT_BUNDLE];
        struct waiting w;
        size_t n = 0;

        e = first_due(st, now, &w, next);
        if (e != OK) {
            break;
        }
        e = covers(st, w.root, w.lo, INT64_MAX, events, &n);
        if (e == OK && n > 0) {
            e = bundle_add(st, &w, events, n, now, event);
        }
        if (e == OK && n > 0 && w.answers > (int64_t)n) {
            e = db_run(st, ST_HOT_REST, ARGS(w.root, events[n - 1] + 1, (int64_t)n));
        } else if (e == OK) {
            e = db_run(st, ST_HOT_DROP, ARGS(w.root));
        }
        *next = now; /* there may be more */
    }
    return e == E_NOTFOUND ? OK : e;
}
