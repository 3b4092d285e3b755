/* SPDX-License-Identifier: MIT */
/* What the naive model of test_owed.c remembers, and what it says. */
#ifndef TESTS_STORE_OWED_MODEL_H
#define TESTS_STORE_OWED_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/store/common.h"

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
    bool deleted, hot;
    int64_t bundle; /* the event that tells of it; 0: none yet, or it is not hot */
    int64_t last;   /* of an announcement: the last person there was; else 0 */
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

static struct m_edge *m_open(int kind, int64_t subject, int64_t object)
{
    for (int i = 0; i < m.n_edges; i++) {
        struct m_edge *e = &m.edges[i];

        if (e->kind == kind && e->subject == subject && e->object == object && e->until == 0) {
            return e;
        }
    }
    return NULL;
}

static bool m_valid(int kind, int64_t subject, int64_t object, int64_t n, int64_t at)
{
    for (int i = 0; i < m.n_edges; i++) {
        const struct m_edge *e = &m.edges[i];

        if (e->kind == kind && e->subject == subject && e->object == object && e->since <= n &&
            (e->until == 0 || n < e->until) && (e->expires_at == 0 || at < e->expires_at)) {
            return true;
        }
    }
    return false;
}

/* The class that a follow of this level brings, from what counts most; 4: none. */
#define m_least(a, b) ((a) < (b) ? (a) : (b))
static const int m_classes[] = {CLASS_LOUD, CLASS_BULK, CLASS_DAILY, CLASS_WEEKLY, -1};

static int m_rank(int kind, int64_t subject, int64_t object, int64_t n, int64_t at)
{
    static const int ranks[] = {
        [LEVEL_LOUD] = 0, [LEVEL_NOW] = 1, [LEVEL_DAILY] = 2, [LEVEL_WEEKLY] = 3};

    for (int i = 0; i < m.n_edges; i++) {
        const struct m_edge *e = &m.edges[i];

        if (e->kind == kind && e->subject == subject && e->object == object && e->since <= n &&
            (e->until == 0 || n < e->until) && (e->expires_at == 0 || at < e->expires_at)) {
            return ranks[e->how];
        }
    }
    return 4;
}

static bool m_blocked(int64_t a, int64_t b)
{
    return m_open(EDGE_BLOCK, a, b) != NULL || m_open(EDGE_BLOCK, b, a) != NULL;
}

static void m_close(int kind, int64_t subject, int64_t object)
{
    struct m_edge *e = m_open(kind, subject, object);

    if (e != NULL) {
        e->until = m.n_events + 1;
    }
}

static void m_add(int kind, int64_t subject, int64_t object, int64_t expires_at)
{
    assert_true(m.n_edges < EDGES_MOST);
    m.edges[m.n_edges++] =
        (struct m_edge){kind, subject, object, m.n_events + 1, 0, expires_at, LEVEL_NOW};
}

static bool m_any_on(int kind, int64_t object)
{
    for (int64_t p = 1; p <= PEOPLE; p++) {
        if (m_open(kind, p, object) != NULL) {
            return true;
        }
    }
    return false;
}

static bool m_muted(const struct m_post *p, int64_t who, int64_t n, int64_t at)
{
    bool muted = m_valid(EDGE_MUTE_PERSON, who, p->author, n, at) ||
                 (p->root != p->no && m_valid(EDGE_MUTE_THREAD, who, p->root, n, at)) ||
                 (p->group != 0 && m_valid(EDGE_MUTE_GROUP, who, p->group, n, at));

    for (int t = 1; t <= TAGS && p->recipient == 0; t++) {
        muted = muted || (p->tags[t] && m_valid(EDGE_MUTE_TAG, who, t, n, at));
    }
    for (int t = 1; t <= PHRASES && p->recipient == 0; t++) {
        muted = muted || (p->phrases[t] && m_valid(EDGE_MUTE_WORDS, who, t, n, at));
    }
    return muted;
}

/* Written in a group while it was open, which it still is. */
static bool m_for_all(const struct m_post *p)
{
    return m.open_from[p->group] != 0 && p->event >= m.open_from[p->group];
}

static bool m_reads(const struct m_post *p, int64_t who)
{
    return p->group == 0 || m_open(EDGE_MEMBER, who, p->group) != NULL || m_for_all(p);
}

static bool m_left(const struct m_post *p, int64_t who, int64_t n, int64_t at)
{
    return p->root != p->no && m_valid(EDGE_LEAVE_THREAD, who, p->root, n, at);
}

/* hot: of what leads there besides the conversation only what is followed loudly counts. */
static int m_follows(const struct m_post *p, int64_t who, int64_t n, int64_t at, bool hot)
{
    int best = m_rank(EDGE_FOLLOW_PERSON, who, p->author, n, at);

    for (int t = 1; t <= TAGS; t++) {
        best = p->tags[t] ? m_least(best, m_rank(EDGE_FOLLOW_TAG, who, t, n, at)) : best;
        best =
            p->tags[t]
                ? m_least(best, m_rank(EDGE_FOLLOW_PERSON_TAG, who, m.pairs[p->author][t], n, at))
                : best;
    }
    for (int t = 1; t <= PHRASES; t++) {
        best = p->phrases[t] ? m_least(best, m_rank(EDGE_FOLLOW_WORDS, who, t, n, at)) : best;
    }
    best = hot && best != 0 ? 4 : best;
    if (p->root != p->no) {
        best = m_least(best, m_rank(EDGE_FOLLOW_THREAD, who, p->root, n, at));
        best = m.posts[p->root].author == who ? m_least(best, 1) : best;
    }
    return m_left(p, who, n, at) ? -1 : m_classes[best];
}

/* The class in which a post's event is owed by the edges, or -1. */
static int m_class_as(const struct m_post *p, int64_t who, bool hot)
{
    bool mention;

    if (who == p->author) {
        return -1;
    }
    if (p->last != 0) {
        return p->named[who] ? CLASS_MENTION : who <= p->last ? CLASS_ANNOUNCEMENT : -1;
    }
    if (m_muted(p, who, p->event, p->at)) {
        return -1;
    }
    if (p->recipient != 0) {
        return who == p->recipient ? CLASS_PRIVATE : -1;
    }
    mention = p->named[who] || (p->parent != 0 && m.posts[p->parent].author == who);
    if (p->group != 0) {
        if (!m_valid(EDGE_MEMBER, who, p->group, p->event, p->at)) {
            return mention && m_for_all(p) ? CLASS_MENTION : -1;
        }
        if (hot && m.posts[p->root].author != who &&
            !m_valid(EDGE_FOLLOW_THREAD, who, p->root, p->event, p->at)) {
            return mention ? CLASS_MENTION : -1;
        }
        return mention ? CLASS_MENTION : m_left(p, who, p->event, p->at) ? -1 : CLASS_BULK;
    }
    return mention ? CLASS_MENTION : m_follows(p, who, p->event, p->at, hot);
}

static int m_post_class(const struct m_post *p, int64_t who)
{
    return m_class_as(p, who, p->hot);
}

/* The same for the post or its edits up to an event. */
static int m_edit_class(const struct m_post *p, int64_t who, int64_t upto, int *first)
{
    int class = m_post_class(p, who);

    *first = 0;
    for (int i = 0; i < p->n_edits; i++) {
        const struct m_edit *e = &p->edits[i];

        if (e->event <= upto && e->named[who] && !m_muted(p, who, e->event, e->at) &&
            (p->group == 0 || m_valid(EDGE_MEMBER, who, p->group, e->event, e->at) ||
             m_for_all(p))) {
            *first = class == -1 ? e->version : *first;
            class = class == -1 || class > CLASS_MENTION ? CLASS_MENTION : class;
        }
    }
    return class;
}

static bool m_repeat_reaches(const struct m_event *r, int64_t who)
{
    const struct m_post *p = &m.posts[r->post];

    return who != r->author && who != p->author &&
           m_valid(EDGE_FOLLOW_PERSON, who, r->author, r->no, r->at) &&
           !m_valid(EDGE_MUTE_PERSON, who, r->author, r->no, r->at) &&
           !m_muted(p, who, r->no, r->at) && !m_left(p, who, r->no, r->at);
}

static int m_repeat_class(const struct m_event *r, int64_t who)
{
    int first;

    if (!m_repeat_reaches(r, who) || m_edit_class(&m.posts[r->post], who, r->no, &first) != -1) {
        return -1;
    }
    for (int64_t n = 1; n < r->no; n++) {
        const struct m_event *b = &m.events[n];

        if (b->kind == EVENT_REPEAT && b->post == r->post && (b->until == 0 || b->until > r->no) &&
            m_repeat_reaches(b, who)) {
            return -1;
        }
    }
    return m_classes[m_rank(EDGE_FOLLOW_PERSON, who, r->author, r->no, r->at)];
}

static bool m_visible(const struct m_post *p, int64_t who)
{
    if (p->deleted) {
        return false;
    }
    if (who == p->author) {
        return true;
    }
    return (p->last != 0 || !m_blocked(who, p->author)) &&
           (p->recipient == 0 || p->recipient == who) && m_reads(p, who);
}

static bool m_may_quote(int64_t post, int64_t who, const struct m_event *e)
{
    return m_visible(&m.posts[post], who) && !m_muted(&m.posts[post], who, e->no, e->at);
}

/* As if it were not hot. */
static int m_plain(const struct m_post *p, int64_t who)
{
    int class = m_class_as(p, who, false);

    return m_blocked(who, p->author) ||
                   (p->group != 0 && m_open(EDGE_MEMBER, who, p->group) == NULL)
               ? -1
               : class;
}

/* What a bundle tells a person: *answers of its answers would have come to them by what they follow, and did not. */
static int m_bundle_class(const struct m_event *e, int64_t who, int *first, int *answers)
{
    int64_t root = m.posts[e->post].root, group = m.posts[root].group;
    int best = -1;

    *answers = 0;
    *first = !m_may_quote(e->post, who, e) || !m_may_quote(root, who, e);
    if (m_valid(EDGE_MUTE_THREAD, who, root, e->no, e->at) ||
        m_valid(EDGE_LEAVE_THREAD, who, root, e->no, e->at) ||
        (group != 0 && m_valid(EDGE_MUTE_GROUP, who, group, e->no, e->at))) {
        return -1;
    }
    for (int64_t i = 1; i <= m.n_posts; i++) {
        const struct m_post *p = &m.posts[i];
        int class = p->bundle == e->no ? m_plain(p, who) : -1;

        if (class == -1 || m_post_class(p, who) != -1) {
            continue;
        }
        ++*answers;
        best = best == -1 || class == CLASS_BULK || (class == CLASS_DAILY && best == CLASS_WEEKLY)
                   ? class
                   : best;
    }
    return best;
}

/* The class in which a person is owed an event now, or -1. */
static int m_owed(int64_t no, int64_t who, int *first)
{
    const struct m_event *e = &m.events[no], *base = e;
    const struct m_post *p = &m.posts[e->post];
    int class;

    *first = 0;
    if (m.suspended[who] || who > m.people) {
        return -1;
    }
    if (e->kind == EVENT_BUNDLE) {
        int answers;

        return m_bundle_class(e, who, first, &answers);
    }
    if (e->kind >= EVENT_ANSWER) {
        return who == e->author ? CLASS_PRIVATE : -1;
    }
    if (e->original != 0) {
        base = &m.events[e->original];
    }
    class =
        base->kind == EVENT_REPEAT ? m_repeat_class(base, who) : m_edit_class(p, who, no, first);
    if (p->last != 0 && base->kind == EVENT_POST) {
        return class;
    }
    if (m_blocked(who, p->author) || (base->kind == EVENT_REPEAT && m_blocked(who, base->author)) ||
        (class == CLASS_MENTION ? !m_reads(p, who)
                                : p->group != 0 && m_open(EDGE_MEMBER, who, p->group) == NULL)) {
        return -1;
    }
    return class;
}

#endif
