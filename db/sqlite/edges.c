/* SPDX-License-Identifier: MIT */
#include "db/sqlite/internal.h"

/* Objects are people. */
#define ON_PEOPLE (1u << EDGE_FOLLOW_PERSON | 1u << EDGE_MUTE_PERSON | 1u << EDGE_BLOCK)
/* Made by replying; not counted against LIMIT_EDGES_PER_PERSON: the oldest makes room. */
#define ON_THREADS (1u << EDGE_FOLLOW_THREAD | 1u << EDGE_LEAVE_THREAD)
#define IN(kind, mask) (((mask) >> (kind)&1u) != 0)

enum err edge_valid(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                    int64_t n, int64_t at, bool *valid)
{
    return db_has(st, ST_EDGE_VALID, valid, ARGS(kind, subject, object, n, at));
}

enum err edge_is_open(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                      bool *open)
{
    return db_has(st, ST_EDGE_OPEN_ROW, open, ARGS(kind, subject, object));
}

enum err edge_blocked(struct store *st, int64_t a, int64_t b, bool *blocked)
{
    enum err e = edge_is_open(st, EDGE_BLOCK, a, b, blocked);

    return e != OK || *blocked ? e : edge_is_open(st, EDGE_BLOCK, b, a, blocked);
}

static enum err tally(struct store *st, enum edge_kind kind, int64_t subject, int64_t object, int n)
{
    bool follow = kind == EDGE_FOLLOW_PERSON;
    enum err e = db_run(st, ST_TALLY_ADD,
                        ARGS(subject, 0, follow ? n : 0, 0, 0, IN(kind, ON_THREADS) ? 0 : n,
                             kind == EDGE_FOLLOW_THREAD ? n : 0));

    if (e == OK && follow) {
        e = db_run(st, ST_TALLY_ADD, ARGS(object, 0, 0, n, 0, 0, 0));
    }
    return e == OK && kind == EDGE_MEMBER ? group_counts(st, object, n) : e;
}

static enum err add(struct store *st, enum edge_kind kind, int64_t subject, int64_t object, int how,
                    int64_t expires_at)
{
    int64_t next;
    enum err e = event_next(st, &next);

    if (e == OK) {
        e = db_run(st, ST_EDGE_ADD, ARGS(kind, subject, object, next, how, expires_at));
    }
    return e == OK ? tally(st, kind, subject, object, 1) : e;
}

/* Ends the edge that was opened at `since`. One that no event saw leaves no trace. */
static enum err end(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                    int64_t since)
{
    int64_t next;
    enum err e = event_next(st, &next);

    if (e == OK && since >= next) {
        e = db_run(st, ST_EDGE_DROP, ARGS(kind, subject, object, since));
    } else if (e == OK) {
        e = db_run(st, ST_EDGE_END, ARGS(kind, subject, object, next));
    }
    if (e == OK && kind == EDGE_FOLLOW_PERSON) {
        e = db_run(st, ST_NEWS_DROP, ARGS(object, NEWS_FOLLOWER, 0, subject));
    }
    if (e == OK) {
        e = tally(st, kind, subject, object, -1);
    }
    return e == OK && kind == EDGE_MEMBER ? group_left(st, object, subject) : e;
}

enum err store_edge_close(struct store *st, enum edge_kind kind, int64_t subject, int64_t object)
{
    int64_t since;
    enum err e = db_int(st, ST_EDGE_OPEN_ROW, &since, ARGS(kind, subject, object));

    return e == OK ? end(st, kind, subject, object, since) : e;
}

static enum err close_if_open(struct store *st, enum edge_kind kind, int64_t subject,
                              int64_t object)
{
    enum err e = store_edge_close(st, kind, subject, object);

    return e == E_NOTFOUND ? OK : e;
}

/* The follow of the oldest conversation makes room for a new one. */
static enum err make_room(struct store *st, int64_t subject)
{
    int64_t threads = 0, root;
    enum err e;

    (void)db_bind(st, ST_TALLY, ARGS(subject));
    e = db_step(st, ST_TALLY);
    if (e == OK) {
        threads = db_column(st, ST_TALLY, 5);
        db_end(st, ST_TALLY);
    }
    if (threads < LIMIT_EDGES_PER_PERSON) {
        return e == E_NOTFOUND ? OK : e;
    }
    e = db_int(st, ST_THREAD_OLDEST, &root, ARGS(EDGE_FOLLOW_THREAD, subject));
    return e == OK ? store_edge_close(st, EDGE_FOLLOW_THREAD, subject, root) : e;
}

/* The follows of another's tags end. */
static enum err close_pairs(struct store *st, int64_t subject, int64_t person)
{
    int64_t pair = 0;
    enum err e;

    while ((e = db_int(st, ST_PAIR_NEXT, &pair,
                       ARGS(EDGE_FOLLOW_PERSON_TAG, subject, person, pair))) == OK) {
        e = store_edge_close(st, EDGE_FOLLOW_PERSON_TAG, subject, pair);
        if (e != OK) {
            break;
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

/* Neither follows the other any more. */
static enum err part(struct store *st, int64_t a, int64_t b)
{
    enum err e = close_if_open(st, EDGE_FOLLOW_PERSON, a, b);

    if (e == OK) {
        e = close_if_open(st, EDGE_FOLLOW_PERSON, b, a);
    }
    if (e == OK) {
        e = close_pairs(st, a, b);
    }
    return e == OK ? close_pairs(st, b, a) : e;
}

/* What else holds or ends when an edge opens. */
static enum err consequences(struct store *st, enum edge_kind kind, int64_t subject, int64_t object)
{
    enum err e = OK;

    switch (kind) {
    case EDGE_BLOCK:
        return part(st, subject, object);
    case EDGE_FOLLOW_THREAD:
        e = make_room(st, subject);
        return e == OK ? close_if_open(st, EDGE_LEAVE_THREAD, subject, object) : e;
    case EDGE_LEAVE_THREAD:
        return close_if_open(st, EDGE_FOLLOW_THREAD, subject, object);
    default:
        return OK;
    }
}

/* Whether the edge may be: E_DENIED, E_NOTFOUND, E_LIMIT. */
static enum err allowed(struct store *st, enum edge_kind kind, int64_t subject, int64_t object)
{
    bool yes, pair = kind == EDGE_FOLLOW_PERSON_TAG;
    int64_t person = object;
    enum err e = pair ? db_int(st, ST_PAIR_GET, &person, ARGS(object)) : OK;

    if (e == OK && (pair || IN(kind, ON_PEOPLE))) {
        if (subject == person) {
            return E_DENIED;
        }
        e = person_active(st, person, &yes);
        if (e != OK || !yes) {
            return e != OK ? e : E_NOTFOUND;
        }
    }
    if (e != OK) {
        return e;
    }
    if (pair || kind == EDGE_FOLLOW_PERSON) {
        e = edge_is_open(st, EDGE_BLOCK, person, subject, &yes);
        if (e != OK || yes) {
            return e != OK ? e : E_DENIED;
        }
    }
    if (IN(kind, ON_THREADS)) {
        return OK;
    }
    (void)db_bind(st, ST_TALLY, ARGS(subject));
    e = db_step(st, ST_TALLY);
    if (e == OK) {
        e = db_column(st, ST_TALLY, 4) >= LIMIT_EDGES_PER_PERSON ? E_LIMIT : OK;
        db_end(st, ST_TALLY);
    }
    return e == E_NOTFOUND ? OK : e;
}

/* What was owed by the level before stays so: the edge ends, and another one begins. */
static enum err new_level(struct store *st, enum edge_kind kind, int64_t subject, int64_t object)
{
    int64_t since, next;
    enum err e = db_int(st, ST_EDGE_OPEN_ROW, &since, ARGS(kind, subject, object));

    if (e == OK) {
        e = event_next(st, &next);
    }
    if (e != OK || since >= next) {
        return e;
    }
    e = db_run(st, ST_EDGE_END, ARGS(kind, subject, object, next));
    return e == OK ? db_run(st, ST_EDGE_ADD, ARGS(kind, subject, object, next, 0, 0)) : e;
}

enum err store_edge_open(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                         int how, int64_t expires_at, int64_t at)
{
    struct edge old;
    enum err e = store_edge_get(st, kind, subject, object, at, &old);

    if (e == OK) {
        /* Only what is yet to come changes: it had not expired, and does not before now. */
        int64_t until = expires_at == 0 || expires_at > at ? expires_at : at;

        e = old.how == how ? OK : new_level(st, kind, subject, object);
        if (e == OK) {
            e = db_run(st, ST_EDGE_RENEW, ARGS(kind, subject, object, how, until));
        }
        return e == OK ? E_EXISTS : e;
    }
    if (e == E_NOTFOUND) { /* an expired one would come to life again for what it let pass */
        e = close_if_open(st, kind, subject, object);
    }
    if (e == OK) {
        e = allowed(st, kind, subject, object);
    }
    if (e == OK) {
        e = consequences(st, kind, subject, object);
    }
    if (e == OK) {
        e = add(st, kind, subject, object, how, expires_at);
    }
    if (e == OK && kind == EDGE_FOLLOW_PERSON) {
        e = news_add(st, object, NEWS_FOLLOWER, 0, subject, at);
    }
    return e;
}

enum err edge_join_thread(struct store *st, int64_t person, int64_t root)
{
    bool open;
    enum err e = edge_is_open(st, EDGE_FOLLOW_THREAD, person, root, &open);

    return e != OK || open ? e /* and keeps its level */
                           : store_edge_open(st, EDGE_FOLLOW_THREAD, person, root, LEVEL_NOW, 0, 0);
}

enum err store_edge_get(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                        int64_t now, struct edge *out)
{
    enum err e;

    (void)db_bind(st, ST_EDGE_OPEN_ROW, ARGS(kind, subject, object));
    e = db_step(st, ST_EDGE_OPEN_ROW);
    if (e != OK) {
        return e;
    }
    *out = (struct edge){.kind = kind,
                         .subject = subject,
                         .object = object,
                         .how = (int)db_column(st, ST_EDGE_OPEN_ROW, 1),
                         .expires_at = db_column(st, ST_EDGE_OPEN_ROW, 2),
                         .label = "",
                         .name = ""};
    db_end(st, ST_EDGE_OPEN_ROW);
    return out->expires_at != 0 && out->expires_at <= now ? E_NOTFOUND : OK;
}

/* "@alice #launch" */
static enum err label_pair(struct store *st, struct arena *a, struct edge *edge)
{
    struct person p;
    int64_t person, tag = 0;
    enum err e;

    (void)db_bind(st, ST_PAIR_GET, ARGS(edge->object));
    e = db_step(st, ST_PAIR_GET);
    if (e == OK) {
        person = db_column(st, ST_PAIR_GET, 0);
        tag = db_column(st, ST_PAIR_GET, 1);
        db_end(st, ST_PAIR_GET);
        e = store_person_by_no(st, person, a, &p);
    }
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_TAG_BY_NO, ARGS(tag));
    e = db_step(st, ST_TAG_BY_NO);
    if (e == OK) {
        edge->label = arena_printf(a, "@%s #%s", p.nick, db_column_text(st, ST_TAG_BY_NO, 0, a));
        db_end(st, ST_TAG_BY_NO);
    }
    return e;
}

enum err store_edge_label(struct store *st, struct arena *a, struct edge *edge)
{
    bool words = edge->kind == EDGE_FOLLOW_WORDS || edge->kind == EDGE_MUTE_WORDS;
    struct person p;
    struct group g;
    enum statement s = words ? ST_PHRASE_KEY : ST_TAG_BY_NO;
    enum err e;

    edge->name = "";
    switch (edge->kind) {
    case EDGE_FOLLOW_PERSON:
    case EDGE_MUTE_PERSON:
    case EDGE_BLOCK:
        e = store_person_by_no(st, edge->object, a, &p);
        if (e == OK) {
            edge->label = arena_printf(a, "@%s", p.nick);
            edge->name = p.name;
        }
        return e;
    case EDGE_FOLLOW_PERSON_TAG:
        return label_pair(st, a, edge);
    case EDGE_FOLLOW_TAG:
    case EDGE_MUTE_TAG:
    case EDGE_FOLLOW_WORDS:
    case EDGE_MUTE_WORDS:
        (void)db_bind(st, s, ARGS(edge->object));
        e = db_step(st, s);
        if (e == OK) {
            const char *text = db_column_text(st, s, 0, a);

            edge->label = words ? arena_printf(a, "\"%s\"", text) : arena_printf(a, "#%s", text);
            db_end(st, s);
        }
        return e;
    case EDGE_MEMBER:
    case EDGE_MUTE_GROUP:
        e = store_group_get(st, edge->object, edge->subject, a, &g);
        edge->label = e == OK ? g.label : "";
        return e;
    default: /* a conversation */
        edge->label = arena_printf(a, "#%lld", (long long)edge->object);
        return OK;
    }
}

/* Of these the numbers came with their first use by anybody. */
#define NUMBERED_BY_USE                                                                            \
    (1u << EDGE_FOLLOW_TAG | 1u << EDGE_FOLLOW_PERSON_TAG | 1u << EDGE_MUTE_TAG |                  \
     1u << EDGE_FOLLOW_WORDS | 1u << EDGE_MUTE_WORDS)

enum err store_edges_of(struct store *st, int64_t subject, unsigned kinds, int after_kind,
                        int64_t after_object, int64_t now, size_t limit, struct arena *a,
                        struct edges *out)
{
    enum statement list;
    enum err e = OK;

    *out = (struct edges){.at = arena_array(a, limit + 1, sizeof(out->at[0]))};
    for (int kind = after_kind < 1 ? 1 : after_kind; kind <= EDGE_LAST; kind++) {
        int64_t after = kind == after_kind ? after_object : 0;

        list = IN(kind, NUMBERED_BY_USE) ? ST_EDGES_OPENED : ST_EDGES_OF;
        if (!IN(kind, kinds)) {
            continue;
        }
        (void)db_bind(st, list, ARGS(kind, subject, after, now, (int64_t)(limit - out->n) + 1));
        while ((e = db_step(st, list)) == OK) {
            if (out->n == limit) {
                out->more = true;
                db_end(st, list);
                break;
            }
            out->at[out->n++] = (struct edge){.kind = (enum edge_kind)kind,
                                              .subject = subject,
                                              .object = db_column(st, list, 0),
                                              .how = (int)db_column(st, list, 1),
                                              .expires_at = db_column(st, list, 2)};
        }
        if (out->more || (e != OK && e != E_NOTFOUND)) {
            break;
        }
    }
    e = e == E_NOTFOUND ? OK : e;
    for (size_t i = 0; e == OK && i < out->n; i++) {
        e = store_edge_label(st, a, &out->at[i]);
    }
    return e;
}

enum err store_edges_on(struct store *st, enum edge_kind kind, int64_t object, int64_t after,
                        size_t limit, struct arena *a, struct people *out)
{
    (void)db_bind(st, ST_EDGES_ON, ARGS(kind, object, after, (int64_t)limit + 1));
    return people_read(st, ST_EDGES_ON, limit, a, out);
}

/* All the rows of a statement, copied: what is done with them changes the table. */
static enum err collect(struct store *st, enum statement s, enum edge_kind kind, int64_t person,
                        int64_t **out, size_t *n)
{
    size_t cap = 64;
    enum err e;

    *n = 0;
    *out = arena_array(st->scratch, cap, sizeof(**out));
    (void)db_bind(st, s, ARGS(kind, person));
    while ((e = db_step(st, s)) == OK) {
        if (*n == cap) {
            int64_t *more = arena_array(st->scratch, cap * 2, sizeof(**out));

            for (size_t i = 0; i < cap; i++) {
                more[i] = (*out)[i];
            }
            *out = more;
            cap *= 2;
        }
        (*out)[(*n)++] = db_column(st, s, 0);
    }
    return e == E_NOTFOUND ? OK : e;
}

/* Nobody follows a tag of theirs any more. */
static enum err retire_pairs(struct store *st, int64_t person)
{
    int64_t *pairs, *followers;
    size_t n_pairs, n;
    enum err e = collect(st, ST_PAIRS_FOLLOWED, EDGE_FOLLOW_PERSON_TAG, person, &pairs, &n_pairs);

    for (size_t k = 0; e == OK && k < n_pairs; k++) {
        e = collect(st, ST_OPEN_SUBJECTS, EDGE_FOLLOW_PERSON_TAG, pairs[k], &followers, &n);
        for (size_t i = 0; e == OK && i < n; i++) {
            e = store_edge_close(st, EDGE_FOLLOW_PERSON_TAG, followers[i], pairs[k]);
        }
    }
    return e;
}

enum err edges_retire(struct store *st, int64_t person)
{
    int64_t *others;
    size_t n;
    enum err e = OK;

    arena_reset(st->scratch);
    for (int kind = 1; e == OK && kind <= EDGE_LAST; kind++) {
        e = collect(st, ST_OPEN_OBJECTS, (enum edge_kind)kind, person, &others, &n);
        for (size_t i = 0; e == OK && i < n; i++) {
            e = store_edge_close(st, (enum edge_kind)kind, person, others[i]);
        }
        if (e == OK && IN(kind, ON_PEOPLE)) {
            e = collect(st, ST_OPEN_SUBJECTS, (enum edge_kind)kind, person, &others, &n);
            for (size_t i = 0; e == OK && i < n; i++) {
                e = store_edge_close(st, (enum edge_kind)kind, others[i], person);
            }
        }
    }
    return e == OK ? retire_pairs(st, person) : e;
}
