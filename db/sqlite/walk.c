/* SPDX-License-Identifier: MIT */
#include "db/sqlite/walk.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_FIRST 32
#define PAGE_MOST 1024

/* gcc's analyser (12) loses sight of a page that realloc() moved in an array of sources, and takes it for lost:
 * sources_free() frees each of them. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

static void *grow(void *p, size_t n, size_t size)
{
    p = realloc(p, n * size);
    if (p == NULL) {
        abort();
    }
    return p;
}

static struct source *add(struct sources *s, enum source_type type)
{
    if (s->n == s->cap) {
        s->cap = s->cap * 2 + 4;
        s->at = grow(s->at, s->cap, sizeof(s->at[0]));
    }
    s->at[s->n] = (struct source){.type = type};
    return &s->at[s->n++];
}

static void sources_free(struct sources *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->at[i].page);
        if (s->at[i].walk != NULL) {
            walk_free(s->at[i].walk);
            free(s->at[i].walk);
        }
    }
    free(s->at);
    *s = (struct sources){0};
}

void walk_free(struct walk *w)
{
    sources_free(&w->in);
    sources_free(&w->out);
    sources_free(&w->need);
    for (size_t i = 0; i < w->n_had; i++) {
        walk_free(&w->had[i]);
    }
    free(w->had);
    *w = (struct walk){0};
}

static void sources_refresh(struct sources *s)
{
    for (size_t i = 0; i < s->n; i++) {
        s->at[i].i = 0;
        if (s->at[i].type != SOURCE_LIST) {
            s->at[i].n = 0;
            s->at[i].end = false;
        }
        s->at[i].asked = 0;
        if (s->at[i].walk != NULL) {
            walk_refresh(s->at[i].walk);
        }
    }
}

void walk_refresh(struct walk *w)
{
    sources_refresh(&w->in);
    sources_refresh(&w->out);
    sources_refresh(&w->need);
    w->out_from = w->out_head = 0;
    for (size_t i = 0; i < w->n_had; i++) {
        walk_refresh(&w->had[i]);
    }
}

void walk_add_edges(struct sources *s, enum edge_kind kind, int64_t object, int64_t no, int64_t at)
{
    struct source *new = add(s, SOURCE_SUBJECTS);

    new->kind = kind;
    new->object = object;
    new->no = no;
    new->at = at;
    new->level = -1;
}

void walk_add_follows(struct sources *s, enum edge_kind kind, int64_t object,
                      enum follow_level level, int64_t no, int64_t at)
{
    walk_add_edges(s, kind, object, no, at);
    s->at[s->n - 1].level = (int)level;
}

void walk_add_open_objects(struct sources *s, enum edge_kind kind, int64_t subject)
{
    struct source *new = add(s, SOURCE_OBJECTS);

    new->kind = kind;
    new->object = subject;
}

void walk_add_out(struct sources *s)
{
    (void)add(s, SOURCE_OUT);
}

void walk_add_people(struct sources *s, int64_t last)
{
    add(s, SOURCE_PEOPLE)->object = last;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void walk_add_list(struct sources *s, const int64_t *people, size_t n)
{
    struct source *new;

    if (n == 0) {
        return;
    }
    new = add(s, SOURCE_LIST);
    new->page = grow(NULL, n, sizeof(int64_t));
    memcpy(new->page, people, n * sizeof(int64_t));
    qsort(new->page, n, sizeof(int64_t), ascending);
    new->n = n;
    new->end = true;
}

struct walk *walk_add_walk(struct sources *s)
{
    struct source *new = add(s, SOURCE_WALK);

    new->walk = grow(NULL, 1, sizeof(*new->walk));
    *new->walk = (struct walk){0};
    return new->walk;
}

struct walk *walk_add_had(struct walk *w, size_t n)
{
    w->had = grow(w->had, w->n_had + n, sizeof(*w->had));
    memset(w->had + w->n_had, 0, n * sizeof(*w->had));
    w->n_had += n;
    return &w->had[w->n_had - n];
}

/* The next page, of people above `after`. Pages grow as a walk goes on. */
static enum err fetch(struct store *st, struct source *s, int64_t after)
{
    size_t want = s->cap == 0 ? PAGE_FIRST : s->n < s->cap ? s->cap : s->cap * 2;
    enum statement q = s->type == SOURCE_SUBJECTS  ? ST_SUBJECTS
                       : s->type == SOURCE_OBJECTS ? ST_OBJECTS
                       : s->type == SOURCE_PEOPLE  ? ST_PEOPLE_UPTO
                                                   : ST_PEOPLE_OUT;
    enum err e;

    want = want > PAGE_MOST ? PAGE_MOST : want;
    if (want > s->cap) {
        s->page = grow(s->page, want, sizeof(int64_t));
        s->cap = want;
    }
    if (q == ST_SUBJECTS && s->level > LEVEL_NOW) {
        q = ST_SUBJECTS_LEVEL;
        (void)db_bind(st, q,
                      ARGS(s->kind, s->object, after, s->no, s->at, (int64_t)want, s->level));
    } else if (q == ST_SUBJECTS) {
        q = s->level == LEVEL_NOW ? ST_SUBJECTS_NOW : q;
        (void)db_bind(st, q, ARGS(s->kind, s->object, after, s->no, s->at, (int64_t)want));
    } else if (q == ST_OBJECTS) {
        (void)db_bind(st, q, ARGS(s->kind, s->object, after, (int64_t)want));
    } else if (q == ST_PEOPLE_UPTO) {
        (void)db_bind(st, q, ARGS(after, s->object, (int64_t)want));
    } else {
        (void)db_bind(st, q, ARGS(after, (int64_t)want));
    }
    s->i = 0;
    e = db_numbers(st, q, s->page, want, &s->n);
    s->end = s->n < want;
    return e;
}

static enum err walk_source_from(struct store *st, struct source *s, int64_t x, int64_t *out)
{
    enum err e = OK;

    if (s->asked == 0 || x < s->asked || x > s->head) {
        e = walk_from(st, s->walk, x, &s->head);
        s->asked = e == OK ? x : 0;
    }
    *out = s->head;
    return e;
}

static enum err source_from(struct store *st, struct source *s, int64_t x, int64_t *out)
{
    if (s->type == SOURCE_WALK) {
        return walk_source_from(st, s, x, out);
    }
    for (;;) {
        enum err e;

        if (s->n > 0 && s->page[s->n - 1] >= x) {
            while (s->page[s->i] < x) {
                s->i++;
            }
            *out = s->page[s->i];
            return OK;
        }
        if (s->end) {
            *out = WALK_END;
            return OK;
        }
        e = fetch(st, s, x - 1);
        if (e != OK) {
            return e;
        }
        if (s->n == 0) {
            s->end = true;
        }
    }
}

/* The least of all sources. */
static enum err least(struct store *st, struct sources *s, int64_t x, int64_t *out)
{
    *out = WALK_END;
    for (size_t i = 0; i < s->n; i++) {
        int64_t head;
        enum err e = source_from(st, &s->at[i], x, &head);

        if (e != OK) {
            return e;
        }
        *out = head < *out ? head : *out;
    }
    return OK;
}

/* The next person from x on whom something takes away. */
static enum err next_out(struct store *st, struct walk *w, int64_t x, int64_t *out)
{
    enum err e;

    if (x >= w->out_from && x <= w->out_head) {
        *out = w->out_head;
        return OK;
    }
    e = least(st, &w->out, x, out);
    for (size_t i = 0; e == OK && i < w->n_had; i++) {
        int64_t head;

        e = walk_from(st, &w->had[i], x, &head);
        *out = e == OK && head < *out ? head : *out;
    }
    w->out_from = x;
    w->out_head = *out;
    return e;
}

enum err walk_from(struct store *st, struct walk *w, int64_t x, int64_t *out)
{
    for (;;) {
        int64_t other;
        enum err e = least(st, &w->in, x, out);

        if (e != OK || *out == WALK_END) {
            return e;
        }
        if (w->need.n > 0) {
            e = least(st, &w->need, *out, &other);
            if (e != OK || other == WALK_END) {
                *out = WALK_END;
                return e;
            }
            if (other != *out) {
                x = other;
                continue;
            }
        }
        e = next_out(st, w, *out, &other);
        if (e != OK || other != *out) {
            return e;
        }
        x = *out + 1;
    }
}
