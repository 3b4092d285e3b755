/* SPDX-License-Identifier: MIT */
/* Who is owed an event, in ascending order: the walk behind the pump. The rules are those of owed.c,
 * asked for all people at once. */
#include <assert.h>
#include <stdlib.h>

#include "db/sqlite/walk.h"

#define REACH_EXACT 1000
#define HERE_AND_NOW INT64_MAX /* as an event's number: edges that are open */

struct audience {
    struct event event;
    enum event_class class;
    struct walk walk;
    bool ask; /* each is asked for by store_owed_one(): private and mention */
};

enum want { WANT_MUTES = 1, WANT_TRACKERS = 2 };
#define EVERY_LEVEL (-1) /* in place of a class */

/* Those who follow something in a way that brings its posts in this class; who also follows in a way that counts more is
 * taken away. EVERY_LEVEL: all who follow. */
static void add_follow(struct walk *w, enum edge_kind kind, int64_t object,
                       const struct event *made, int class)
{
    static const struct {
        enum follow_level level;
        enum event_class class;
    } levels[] = {{LEVEL_LOUD, CLASS_LOUD},
                  {LEVEL_NOW, CLASS_BULK},
                  {LEVEL_DAILY, CLASS_DAILY},
                  {LEVEL_WEEKLY, CLASS_WEEKLY}};

    if (class == EVERY_LEVEL) {
        walk_add_edges(&w->in, kind, object, made->no, made->at);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        bool here = (int)levels[i].class == class;

        walk_add_follows(here ? &w->in : &w->out, kind, object, levels[i].level, made->no,
                         made->at);
        if (here) {
            return;
        }
    }
}

/* The same of what leads to an answer besides its conversation: where it is hot, only a loud follow does. */
static void add_follow_else(struct walk *w, enum edge_kind kind, int64_t object,
                            const struct event *made, int class)
{
    bool here = class == EVERY_LEVEL || class == CLASS_LOUD;

    if (!made->hot) {
        add_follow(w, kind, object, made, class);
    } else {
        walk_add_follows(here ? &w->in : &w->out, kind, object, LEVEL_LOUD, made->no, made->at);
    }
}

/* Who comes to a post without following: as if they followed `now`. */
static void add_now(struct walk *w, int64_t person, int class)
{
    if (class == EVERY_LEVEL || class == CLASS_BULK) {
        walk_add_list(&w->in, &person, 1);
    } else if (class != CLASS_LOUD) {
        walk_add_list(&w->out, &person, 1);
    }
}

/* Adds, for each object of a post on a channel, the edges of a kind. */
struct rows {
    struct {
        int channel;
        int64_t object;
    } * at;
    size_t n;
    int64_t last;  /* of an announcement: the last person that was there */
    int64_t owner; /* of an answer in a group: who began the conversation */
};

static enum err rows_of(struct store *st, const struct post_row *row, struct rows *out)
{
    size_t cap = 32;
    int64_t last = 0;
    struct post_row root = {0};
    enum err e = OK;

    if (is_announcement(row)) {
        e = db_int(st, ST_REACH_UPTO, &last, ARGS(row->event, CH_UPTO));
    } else if (row->scope == SCOPE_GROUP && row->root != row->no) {
        e = post_row(st, row->root, &root);
    }
    if (e != OK) {
        return e;
    }
    *out = (struct rows){.at = arena_array(st->scratch, cap, sizeof(out->at[0])),
                         .last = last,
                         .owner = root.author};
    (void)db_bind(st, ST_REACH_OF, ARGS(row->event, HOW_OWED));
    while ((e = db_step(st, ST_REACH_OF)) == OK) {
        if (out->n == cap) {
            struct rows more = *out;

            more.at = arena_array(st->scratch, cap * 2, sizeof(out->at[0]));
            for (size_t i = 0; i < cap; i++) {
                more.at[i] = out->at[i];
            }
            *out = more;
            cap *= 2;
        }
        out->at[out->n].channel = (int)db_column(st, ST_REACH_OF, 0);
        out->at[out->n++].object = db_column(st, ST_REACH_OF, 1);
    }
    return e == E_NOTFOUND ? OK : e;
}

/* Mutes of what a post is about, valid at an event. */
static void add_mutes(struct walk *w, const struct rows *rows, const struct post_row *row,
                      int64_t no, int64_t at)
{
    walk_add_edges(&w->out, EDGE_MUTE_PERSON, row->author, no, at);
    if (row->root != row->no) {
        walk_add_edges(&w->out, EDGE_MUTE_THREAD, row->root, no, at);
        walk_add_edges(&w->out, EDGE_LEAVE_THREAD, row->root, no, at);
    }
    if (row->scope == SCOPE_GROUP) {
        walk_add_edges(&w->out, EDGE_MUTE_GROUP, row->group, no, at);
    }
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->at[i].channel == (int)tag_channel(row->scope)) {
            walk_add_edges(&w->out, EDGE_MUTE_TAG, rows->at[i].object, no, at);
        } else if (rows->at[i].channel == (int)words_channel(row->scope)) {
            walk_add_edges(&w->out, EDGE_MUTE_WORDS, rows->at[i].object, no, at);
        }
    }
}

/* The class of those to whom no name in it leads. */
static enum event_class wide_class(const struct event *base, const struct post_row *row)
{
    return base->kind == EVENT_POST && is_announcement(row) ? CLASS_ANNOUNCEMENT : CLASS_BULK;
}

/* Everybody that follows lead to a post, in a class of CLASSES_FOLLOWED or EVERY_LEVEL; or that an announcement reaches. */
static void add_post(struct walk *w, const struct rows *rows, const struct post_row *row,
                     const struct event *made, int want, int class)
{
    walk_add_list(&w->out, &row->author, 1);
    if (row->scope == SCOPE_PRIVATE) {
        return;
    }
    if (is_announcement(row)) {
        walk_add_people(&w->in, rows->last);
        return;
    }
    if ((want & WANT_MUTES) != 0) {
        add_mutes(w, rows, row, made->no, made->at);
    }
    if (row->scope == SCOPE_GROUP && class != EVERY_LEVEL && class != CLASS_BULK) {
        return;
    }
    if (row->scope == SCOPE_GROUP) {
        walk_add_edges(&w->in, made->hot ? EDGE_FOLLOW_THREAD : EDGE_MEMBER,
                       made->hot ? row->root : row->group, made->no, made->at);
        if (made->hot) {
            walk_add_list(&w->in, &rows->owner, 1);
        }
        walk_add_edges(&w->need, EDGE_MEMBER, row->group, HERE_AND_NOW, 0);
        return;
    }
    add_follow_else(w, EDGE_FOLLOW_PERSON, row->author, made, class);
    for (size_t i = 0; i < rows->n; i++) {
        int64_t object = rows->at[i].object;

        switch (rows->at[i].channel) {
        case CH_TAG:
            add_follow_else(w, EDGE_FOLLOW_TAG, object, made, class);
            break;
        case CH_PERSON_TAG:
            add_follow_else(w, EDGE_FOLLOW_PERSON_TAG, object, made, class);
            break;
        case CH_THREAD:
            add_follow(w, EDGE_FOLLOW_THREAD, object, made, class);
            break;
        case CH_OWNER:
            add_now(w, object, class);
            break;
        case CH_WORDS:
            if ((want & WANT_TRACKERS) != 0) {
                add_follow_else(w, EDGE_FOLLOW_WORDS, object, made, class);
            }
            break;
        default:
            break;
        }
    }
}

/* Whom a repeat would reach, whatever they had before. */
static void add_repeat(struct walk *w, const struct rows *rows, const struct post_row *row,
                       const struct event *repeat, int want, int class)
{
    const int64_t both[] = {repeat->author, row->author};

    add_follow(w, EDGE_FOLLOW_PERSON, repeat->author, repeat, class);
    walk_add_list(&w->out, both, ARRAY_LEN(both));
    if ((want & WANT_MUTES) != 0) {
        walk_add_edges(&w->out, EDGE_MUTE_PERSON, repeat->author, repeat->no, repeat->at);
        add_mutes(w, rows, row, repeat->no, repeat->at);
    }
}

/* People who may be owed more than bulk: named, answered, written to; by edits too, up to one. */
static enum err candidates(struct store *st, const struct event *base, const struct post_row *row,
                           const struct rows *rows, int64_t upto, int64_t **out, size_t *n)
{
    size_t cap = rows->n + 8;
    enum err e = OK;

    *n = 0;
    *out = arena_array(st->scratch, cap, sizeof(**out));
    if (base->kind > EVENT_REPEAT) {
        (*out)[(*n)++] = base->author;
        return OK;
    }
    for (size_t i = 0; i < rows->n; i++) {
        int channel = rows->at[i].channel;

        if (channel == CH_NAMED || channel == CH_ANSWERED || channel == CH_PRIVATE) {
            (*out)[(*n)++] = rows->at[i].object;
        }
    }
    (void)db_bind(st, ST_ALL_NAMED_BY_EDITS, ARGS(row->event, upto));
    while ((e = db_step(st, ST_ALL_NAMED_BY_EDITS)) == OK) {
        if (*n == cap) {
            int64_t *more = arena_array(st->scratch, cap * 2, sizeof(*more));

            for (size_t i = 0; i < cap; i++) {
                more[i] = (*out)[i];
            }
            *out = more;
            cap *= 2;
        }
        (*out)[(*n)++] = db_column(st, ST_ALL_NAMED_BY_EDITS, 0);
    }
    return e == E_NOTFOUND ? OK : e;
}

/* Of the candidates those whom the edges owe more than a class. */
static enum err keep_higher(struct store *st, const struct event *e, const struct event *base,
                            const struct post_row *row, enum event_class than, int64_t *people,
                            size_t *n)
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++) {
        enum event_class class;
        int first;
        bool owed;
        enum err err = owed_by_edges(st, e, base, row, people[i], &class, &first, &owed);

        if (err != OK) {
            return err;
        }
        if (owed && class < than) {
            people[kept++] = people[i];
        }
    }
    *n = kept;
    return OK;
}

/* What a repeat leaves out: everybody who was owed the post, or an earlier repeat that stood. */
static enum err add_had(struct store *st, struct walk *w, const struct rows *rows,
                        const struct post_row *row, const struct event *repeat, int want)
{
    int64_t earlier[EARLIER_REPEATS], *people;
    size_t n = 0, n_people;
    struct event made, as_then;
    struct walk *had;
    enum err e = store_event_get(st, row->event, &made);

    if (e == OK) {
        e = candidates(st, &made, row, rows, repeat->no, &people, &n_people);
    }
    if (e == OK) {
        as_then = made; /* as if it were edited now: with everybody the edits named so far */
        as_then.no = repeat->no;
        e = keep_higher(st, &as_then, &made, row, CLASS_BULK, people, &n_people);
    }
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_REPEATS_BEFORE, ARGS(row->no, repeat->no, EARLIER_REPEATS));
    e = db_numbers(st, ST_REPEATS_BEFORE, earlier, EARLIER_REPEATS, &n);
    had = walk_add_had(w, n + 2);
    add_post(&had[0], rows, row, &made, want, EVERY_LEVEL);
    walk_add_list(&had[1].in, people, n_people);
    for (size_t i = 0; e == OK && i < n; i++) {
        e = store_event_get(st, earlier[i], &made);
        if (e == OK) {
            add_repeat(&had[i + 2], rows, row, &made, want, EVERY_LEVEL);
        }
    }
    return e;
}

static void add_forbidden(struct walk *w, const struct event *base, const struct post_row *row)
{
    walk_add_out(&w->out);
    if (wide_class(base, row) == CLASS_ANNOUNCEMENT) {
        return;
    }
    walk_add_edges(&w->out, EDGE_BLOCK, row->author, HERE_AND_NOW, 0);
    walk_add_open_objects(&w->out, EDGE_BLOCK, row->author);
    if (base->kind == EVENT_REPEAT && base->author != row->author) {
        walk_add_edges(&w->out, EDGE_BLOCK, base->author, HERE_AND_NOW, 0);
        walk_add_open_objects(&w->out, EDGE_BLOCK, base->author);
    }
}

/* Who gets a post or repeat by following, or all of an announcement, with all that takes away. */
static enum err add_wide(struct store *st, struct walk *w, int class, const struct event *e,
                         const struct event *base, const struct post_row *row,
                         const struct rows *rows, int64_t *people, size_t n)
{
    enum err err = OK;

    if (base->kind > EVENT_REPEAT) {
        return OK;
    }
    add_forbidden(w, base, row);
    if (base->kind == EVENT_REPEAT) {
        add_repeat(w, rows, row, base, WANT_MUTES | WANT_TRACKERS, class);
        return add_had(st, w, rows, row, base, WANT_MUTES | WANT_TRACKERS);
    }
    add_post(w, rows, row, base, WANT_MUTES | WANT_TRACKERS, class);
    err = keep_higher(st, e, base, row, wide_class(base, row), people, &n);
    if (err == OK) {
        walk_add_list(&w->out, people, n);
    }
    return err;
}

enum err audience_add_covered(struct store *st, struct walk *w, enum event_class class,
                              int64_t event)
{
    struct event plain;
    struct post_row row, root;
    struct rows rows;
    int64_t *people;
    size_t n;
    enum err e = store_event_get(st, event, &plain);

    plain.hot = false;
    e = e == OK ? post_row(st, plain.post, &row) : e;
    e = e == OK ? post_row(st, row.root, &root) : e;
    if (e == OK) {
        e = rows_of(st, &row, &rows);
    }
    if (e == OK) {
        e = candidates(st, &plain, &row, &rows, plain.no, &people, &n);
    }
    if (e == OK) {
        e = add_wide(st, w, (int)class, &plain, &plain, &row, &rows, people, n);
    }
    if (e == OK) {
        walk_add_edges(&w->out, EDGE_FOLLOW_THREAD, row.root, plain.no, plain.at);
        walk_add_list(&w->out, &root.author, 1);
    }
    return e;
}

/* Bulk stands for all classes that come by following. */
static bool is_wide(enum event_class class, enum event_class wide)
{
    return class == wide || (wide == CLASS_BULK && (CLASSES_FOLLOWED & 1u << class) != 0);
}

static enum err make(struct store *st, const struct event *e, enum event_class class,
                     struct audience **out)
{
    struct audience *au = calloc(1, sizeof(*au));
    struct event base;
    struct post_row row;
    struct rows rows = {.n = 0};
    int64_t *people = NULL;
    size_t n = 0;
    enum err err;

    if (au == NULL) {
        abort();
    }
    au->event = *e;
    au->class = class;
    au->ask = class < CLASS_ANNOUNCEMENT;
    err = event_base(st, e, &base, &row);
    if (err == OK && base.kind == EVENT_BUNDLE) {
        err = bundle_audience(st, &au->walk, class, e, &row); /* nobody comes to it otherwise */
    }
    if (err == OK && base.kind <= EVENT_REPEAT) {
        err = rows_of(st, &row, &rows);
    }
    if (err == OK && base.kind != EVENT_REPEAT) {
        err = candidates(st, &base, &row, &rows, e->no, &people, &n);
    }
    /* Who takes part in a group's conversation must have been in it then, and be there now: they are few. */
    au->ask = au->ask || (base.hot && row.scope == SCOPE_GROUP);
    if (err == OK && is_wide(class, wide_class(&base, &row))) {
        err = add_wide(st, &au->walk, (int)class, e, &base, &row, &rows, people, n);
    } else if (err == OK && au->ask) {
        walk_add_list(&au->walk.in, people, n);
    }
    if (err != OK) {
        store_audience_close(au);
        return err;
    }
    *out = au;
    return OK;
}

enum err store_audience_open(struct store *st, const struct event *e, enum event_class class,
                             struct audience **out)
{
    arena_reset(st->scratch);
    return make(st, e, class, out);
}

enum err store_audience_next(struct store *st, struct audience *au, int64_t after, int64_t *people,
                             size_t max, size_t *n)
{
    int64_t person = after;
    enum err e = OK;

    *n = 0;
    walk_refresh(&au->walk);
    while (*n < max) {
        e = walk_from(st, &au->walk, person + 1, &person);
        if (e != OK || person == WALK_END) {
            break;
        }
        if (au->ask) {
            enum event_class class;
            int first;

            e = store_owed_one(st, &au->event, person, &class, &first);
            if (e == E_NOTFOUND || (e == OK && class != au->class)) {
                e = OK;
                continue;
            }
            if (e != OK) {
                break;
            }
        }
        people[(*n)++] = person;
    }
    return e;
}

void store_audience_close(struct audience *au)
{
    if (au != NULL) {
        walk_free(&au->walk);
        free(au);
    }
}

enum err audience_any(struct store *st, const struct event *e, enum event_class class, bool *any)
{
    struct audience *au;
    int64_t person = WALK_END;
    enum err err = make(st, e, class, &au);

    *any = false;
    if (err != OK) {
        return err;
    }
    if (au->ask) {
        size_t n;

        err = store_audience_next(st, au, 0, &person, 1, &n);
        *any = n > 0;
    } else {
        err = walk_from(st, &au->walk, 1, &person);
        *any = person != WALK_END;
    }
    store_audience_close(au);
    return err;
}

/* Counts up to `most` people of a walk. */
static enum err count(struct store *st, struct walk *w, int64_t most, int64_t *out)
{
    int64_t person = 0;
    enum err e = OK;

    walk_refresh(w);
    for (*out = 0; *out < most; (*out)++) {
        e = walk_from(st, w, person + 1, &person);
        if (e != OK || person == WALK_END) {
            break;
        }
    }
    return e;
}

/* Beyond what is counted: the author's followers are known, and of those who come by other ways
 * as many are taken to be among them as of all people. */
static enum err estimate(struct store *st, struct walk *w, const struct event *base, int64_t *reach)
{
    int64_t followers = 0, others = 0, people = 1;
    struct person_counts counts;
    enum err e = store_person_counts(st, base->author, &counts);

    if (e == OK) {
        e = db_int(st, ST_PEOPLE_MAX, &people, NO_ARGS);
    }
    if (e == OK && base->kind == EVENT_POST) {
        e = count(st, w, REACH_EXACT, &others);
    }
    followers = counts.followers;
    if (e == OK && followers < people) {
        followers += others * (people - followers) / people;
    }
    *reach = followers > REACH_EXACT ? followers : REACH_EXACT;
    return e;
}

/* The same of an announcement: all who were there, less who has left since. */
static enum err estimate_all(struct store *st, int64_t last, int64_t *reach)
{
    int64_t out = 0;
    enum err e = db_int(st, ST_PEOPLE_OUT_COUNT, &out, NO_ARGS);

    *reach = last - out - 1 > REACH_EXACT ? last - out - 1 : REACH_EXACT;
    return e;
}

enum err audience_reach(struct store *st, const struct event *e, int64_t *reach, bool *about)
{
    struct walk w = {0};
    struct event base;
    struct post_row row;
    struct rows rows = {.n = 0};
    int64_t *people = NULL;
    size_t n = 0;
    bool all = false;
    enum err err = event_base(st, e, &base, &row);

    *about = false;
    *reach = 0;
    if (err == OK && base.kind <= EVENT_REPEAT) {
        err = rows_of(st, &row, &rows);
        add_forbidden(&w, &base, &row); /* whom it names may have blocked its author */
    }
    if (err == OK && base.kind == EVENT_REPEAT) {
        walk_add_edges(&w.in, EDGE_FOLLOW_PERSON, base.author, base.no, base.at);
        walk_add_list(&w.out, &row.author, 1);
        /* What somebody mutes or has words tracked for is theirs to know: it is not in the figure. */
        err = add_had(st, &w, &rows, &row, &base, 0);
    } else if (err == OK) {
        err = candidates(st, &base, &row, &rows, e->no, &people, &n);
        if (err == OK && base.kind == EVENT_POST) {
            add_post(&w, &rows, &row, &base, 0, EVERY_LEVEL);
        }
        walk_add_list(&w.in, people, n);
        if (err == OK && row.scope == SCOPE_GROUP) {
            err = group_is_read_by_all(st, &row, &all);
        }
        if (all) { /* whom it names need not be in the group */
            walk_add_list(&w.need, people, n);
        }
    }
    if (err == OK) {
        err = count(st, &w, REACH_EXACT + 1, reach);
    }
    if (err == OK && *reach == REACH_EXACT + 1 && row.scope == SCOPE_GROUP) {
        *about = true;
        err = db_int(st, ST_GROUP_MEMBERS, reach, ARGS(row.group));
        err = err == E_NOTFOUND ? OK : err;
    }
    if (err == OK && *reach == REACH_EXACT + 1 && wide_class(&base, &row) == CLASS_ANNOUNCEMENT) {
        *about = true;
        err = estimate_all(st, rows.last, reach);
    } else if (err == OK && *reach == REACH_EXACT + 1 && base.hot) {
        *about = true; /* how many follow a conversation is not counted */
    } else if (err == OK && *reach == REACH_EXACT + 1 && row.scope == SCOPE_PUBLIC) {
        *about = true;
        w.in.at[0].type = SOURCE_LIST; /* the author's followers, which are known: an empty list */
        w.in.at[0].n = 0;
        w.in.at[0].end = true;
        err = estimate(st, &w, &base, reach);
    }
    walk_free(&w);
    return err;
}
