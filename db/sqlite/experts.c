/* SPDX-License-Identifier: MIT */
/* Who knows about what: for each tag and person what they did with it, counted with every public post, edit, deletion
 * and accepted answer, so that nobody's question reads posts. */
#include "db/sqlite/internal.h"

#define CANDIDATES 50 /* of one tag, looked at for somebody who may be asked */

enum err expert_count(struct store *st, int64_t tag, int64_t person, int posts, int answers,
                      int praise)
{
    /* Of who has left nothing is kept: nothing is taken from it, or begun. */
    return db_run(st, posts + answers + praise > 0 ? ST_EXPERT_COUNT : ST_EXPERT_TAKE,
                  ARGS(tag, person, posts, answers, praise));
}

enum err expert_tag(struct store *st, const struct post_row *row, int64_t tag, int n)
{
    int64_t thanked;
    enum err e = tag_count(st, tag, row->at, n);

    /* Who asks about something, or thanks for it, does not show that they know it. */
    if (e != OK || flags_kind(row->flags) == KIND_QUESTION) {
        return e;
    }
    e = db_int(st, ST_PRAISE_OF, &thanked, ARGS(row->no));
    if (e == OK) {
        return expert_count(st, tag, thanked, 0, 0, n);
    }
    return e == E_NOTFOUND ? expert_count(st, tag, row->author, n, 0, 0) : e;
}

enum err expert_praise(struct store *st, const struct post_row *row, int64_t person)
{
    int64_t tags[LIMIT_TAGS_PER_POST];
    size_t n = 0;
    enum err e;

    if (flags_kind(row->flags) == KIND_QUESTION) {
        return OK;
    }
    (void)db_bind(st, ST_REACH_IN, ARGS(row->event, CH_TAG, HOW_PRESENT));
    e = db_numbers(st, ST_REACH_IN, tags, LIMIT_TAGS_PER_POST, &n);
    for (size_t i = 0; e == OK && i < n; i++) {
        e = expert_count(st, tags[i], person, 0, 0, 1);
        if (e == OK) {
            e = expert_count(st, tags[i], row->author, -1, 0, 0);
        }
    }
    return e;
}

/* The rows of a statement, without the people. */
static enum err read_rows(struct store *st, enum statement s, int64_t tag, struct expert *out,
                          size_t most, size_t *n)
{
    enum err e;

    *n = 0;
    while ((e = db_step(st, s)) == OK) {
        out[*n] = (struct expert){.person = {.no = db_column(st, s, 0)},
                                  .tag = tag,
                                  .posts = db_column(st, s, 1),
                                  .answers = db_column(st, s, 2),
                                  .praise = db_column(st, s, 3),
                                  .weight = db_column(st, s, 4)};
        if (++*n == most) {
            db_end(st, s);
            break;
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

/* The people of the rows, and how their tags are shown. */
static enum err load(struct store *st, struct expert *at, size_t n, struct arena *a)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < n; i++) {
        e = store_person_by_no(st, at[i].person.no, a, &at[i].person);
        if (e == OK) {
            (void)db_bind(st, ST_TAG_BY_NO, ARGS(at[i].tag));
            e = db_step(st, ST_TAG_BY_NO);
        }
        if (e == OK) {
            at[i].topic = db_column_text(st, ST_TAG_BY_NO, 0, a);
            db_end(st, ST_TAG_BY_NO);
        }
    }
    return e;
}

enum err store_experts(struct store *st, int64_t tag, int64_t weight, int64_t person, size_t limit,
                       struct arena *a, struct expert **out, size_t *n, bool *more)
{
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    if (person == 0) {
        weight = person = INT64_MAX;
    }
    (void)db_bind(st, ST_EXPERTS, ARGS(tag, weight, person, (int64_t)limit + 1));
    e = read_rows(st, ST_EXPERTS, tag, *out, limit + 1, n);
    *more = *n > limit;
    *n -= *more;
    return e == OK ? load(st, *out, *n, a) : e;
}

/* Whether nothing speaks against asking somebody. */
static enum err may_ask(struct store *st, int64_t person, int64_t author, const int64_t *tags,
                        size_t n, struct event now, bool *may)
{
    bool no = person == author;
    enum err e = OK;

    if (!no) {
        e = edge_blocked(st, person, author, &no);
    }
    if (e == OK && !no) {
        e = edge_valid(st, EDGE_MUTE_PERSON, person, author, now.no, now.at, &no);
    }
    for (size_t i = 0; e == OK && !no && i < n; i++) {
        e = edge_valid(st, EDGE_MUTE_TAG, person, tags[i], now.no, now.at, &no);
    }
    if (e == OK && !no) {
        e = db_has(st, ST_ASKED_ENOUGH, &no,
                   ARGS(person, now.at / LIMIT_DAY_MS, LIMIT_ASKED_PER_DAY));
    }
    *may = !no;
    return e;
}

enum err expert_asked(struct store *st, int64_t person, int64_t at)
{
    return db_run(st, ST_ASKED_ADD, ARGS(person, at / LIMIT_DAY_MS));
}

/* Puts somebody at their place among the best; who is there already stays for what they know best. */
static void offer(struct expert *best, size_t *n, size_t limit, const struct expert *x)
{
    size_t at = *n;

    for (size_t i = 0; i < *n; i++) {
        if (best[i].person.no != x->person.no) {
            continue;
        }
        if (best[i].weight >= x->weight) {
            return;
        }
        for (; i + 1 < *n; i++) {
            best[i] = best[i + 1];
        }
        at = --*n;
    }
    while (at > 0 && best[at - 1].weight < x->weight) {
        at--;
    }
    if (at == limit) {
        return;
    }
    *n += *n < limit;
    for (size_t i = *n - 1; i > at; i--) {
        best[i] = best[i - 1];
    }
    best[at] = *x;
}

/* The best of one tag who may be asked, into the best of all. */
static enum err ask_one(struct store *st, const int64_t *tags, size_t n_tags, size_t which,
                        int64_t author, struct event now, size_t limit, struct expert *best,
                        size_t *n)
{
    struct expert rows[CANDIDATES];
    size_t count = 0, taken = 0;
    enum err e;

    (void)db_bind(st, ST_EXPERTS_LEAST, ARGS(tags[which], EXPERT_LEAST, CANDIDATES));
    e = read_rows(st, ST_EXPERTS_LEAST, tags[which], rows, CANDIDATES, &count);
    for (size_t i = 0; e == OK && i < count && taken < limit; i++) {
        bool may = false;

        e = may_ask(st, rows[i].person.no, author, tags, n_tags, now, &may);
        if (e == OK && may) {
            offer(best, n, limit, &rows[i]);
            taken++;
        }
    }
    return e;
}

enum err store_experts_to_ask(struct store *st, const int64_t *tags, size_t n_tags, int64_t author,
                              int64_t now, size_t limit, struct arena *a, struct expert **out,
                              size_t *n)
{
    struct event next = {.at = now};
    enum err e = event_next(st, &next.no);

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    for (size_t i = 0; e == OK && i < n_tags; i++) {
        e = ask_one(st, tags, n_tags, i, author, next, limit, *out, n);
    }
    return e == OK ? load(st, *out, *n, a) : e;
}

enum err store_expert_set(struct store *st, int64_t person, int64_t tag, bool on)
{
    int64_t off = 0;
    enum err e = db_int(st, ST_EXPERT_OFF, &off, ARGS(tag, person));

    if (e != OK && e != E_NOTFOUND) {
        return e;
    }
    if ((off != 0) == !on) {
        return E_EXISTS;
    }
    return db_run(st, ST_EXPERT_SET, ARGS(tag, person, !on));
}
