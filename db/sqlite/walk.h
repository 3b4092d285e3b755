/* SPDX-License-Identifier: MIT */
/* Sets of people in ascending order, merged: unions less other sets. Edges are read in pages, so
 * that no statement stays open between calls and several walks share one. */
#ifndef DB_SQLITE_WALK_H
#define DB_SQLITE_WALK_H

#include "db/sqlite/internal.h"

#define WALK_END INT64_MAX

enum source_type {
    SOURCE_SUBJECTS, /* of the edges of a kind on an object, valid at an event */
    SOURCE_OBJECTS,  /* of the open edges of a kind by a subject */
    SOURCE_OUT,      /* people who are suspended or retired */
    SOURCE_PEOPLE,   /* everybody up to a number */
    SOURCE_LIST,     /* the people in page[0 … n) */
    SOURCE_WALK      /* those of another walk */
};
struct walk;
struct source {
    enum source_type type;
    enum edge_kind kind;
    int64_t object; /* or subject, or the number */
    int64_t no, at; /* the event's */
    int level;      /* enum follow_level, -1: any */
    int64_t *page;
    size_t n, i, cap;
    bool end; /* nobody behind the page */
    struct walk *walk;
    int64_t asked, head; /* of a walk: nobody in [asked, head); asked 0: not known */
};
struct sources {
    struct source *at;
    size_t n, cap;
};
/* All of `in` that are in `need` (unless it is empty) and in none of `out` and `had`. */
struct walk {
    struct sources in, out, need;
    struct walk *had;
    size_t n_had;
    int64_t out_from, out_head; /* nobody in [out_from, out_head) is taken away */
};

void walk_free(struct walk *w);
/* Forgets what was read: the next call sees the database as it is then. */
void walk_refresh(struct walk *w);
void walk_add_edges(struct sources *s, enum edge_kind kind, int64_t object, int64_t no, int64_t at);
/* Those of one level. */
void walk_add_follows(struct sources *s, enum edge_kind kind, int64_t object,
                      enum follow_level level, int64_t no, int64_t at);
void walk_add_open_objects(struct sources *s, enum edge_kind kind, int64_t subject);
void walk_add_out(struct sources *s);
void walk_add_people(struct sources *s, int64_t last);
/* n people in any order; copied. */
void walk_add_list(struct sources *s, const int64_t *people, size_t n);
/* The people of another walk, which begins empty. */
struct walk *walk_add_walk(struct sources *s);
/* Room for n more sets that are taken away; they begin empty. */
struct walk *walk_add_had(struct walk *w, size_t n);
/* The first person not below x; WALK_END where there is none. */
enum err walk_from(struct store *st, struct walk *w, int64_t x, int64_t *out) MUST_USE;

/* Whom one answer would have reached in a class, if it were not hot, and did not as it is (audience.c). */
enum err audience_add_covered(struct store *st, struct walk *w, enum event_class class,
                              int64_t event) MUST_USE;
/* Who is owed a bundle in a class: all that are owed one of its answers so, in the first class that counts (hot.c). row:
 * of any of them. */
enum err bundle_audience(struct store *st, struct walk *w, enum event_class class,
                         const struct event *e, const struct post_row *row) MUST_USE;

#endif
