/* SPDX-License-Identifier: MIT */
/* What the naive model of test_owed.c remembers. */
#ifndef TESTS_STORE_OWED_MODEL_H
#define TESTS_STORE_OWED_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define PEOPLE 9
#define TAGS 3
#define PHRASES 4
#define GROUPS 2
#define POSTS_MOST 120
#define EVENTS_MOST 600
#define EDGES_MOST 2000
#define STEPS 160

struct m_edge {
    int kind;
    int64_t subject, object, since, until, expires_at; /* until 0: open */
    int how;
};
struct m_edit {
    int64_t event, at;
    int version;
    bool named[PEOPLE + 1]; /* for the first time */
};
struct m_post {
    int64_t no, event, at, author, parent, root, recipient, group;
    bool tags[TAGS + 1];    /* of the first version: what followers of tags are owed by */
    bool named[PEOPLE + 1]; /* of the first version, who may read it */
    bool ever_named[PEOPLE + 1];
    bool phrases[PHRASES + 1]; /* that somebody followed or muted then */
    bool deleted;
    int64_t last; /* of an announcement: the last person there was; else 0 */
    struct m_edit edits[20];
    int n_edits;
};
struct m_event {
    int kind;
    int64_t no, at, author, post, original,
        until; /* until: of a repeat, the event that took it back */
    int version;
};

static struct model {
    struct m_edge edges[EDGES_MOST];
    int n_edges;
    struct m_post posts[POSTS_MOST + 1]; /* by number */
    int n_posts;
    struct m_event events[EVENTS_MOST + 1]; /* by number */
    int n_events;
    bool suspended[PEOPLE + 1];
    int64_t people; /* who is there: the last ones join later */
    int64_t pairs[PEOPLE + 1][TAGS + 1],
        n_pairs;                   /* what of a person carries a tag: 0 or its number */
    int64_t open_from[GROUPS + 1]; /* the first event that everybody may read; 0: none */
    int64_t now;
} m;

#endif
