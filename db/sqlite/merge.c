/* SPDX-License-Identifier: MIT */
/* The merge of channels by a heap: each gives the next event below or from a number, one index
 * seek a time, so that the cost is the number of channels, not that of the posts. */
#include "db/sqlite/internal.h"

#include <stdlib.h>

void merge_begin(struct store *st)
{
    st->n_streams = 0;
}

void merge_add(struct store *st, int channel, int64_t object, int64_t lo, int64_t hi)
{
    if (lo >= hi) {
        return;
    }
    if (st->n_streams == st->cap_streams) {
        size_t cap = st->cap_streams * 2 + 64;
        struct stream *more = realloc(st->streams, cap * sizeof(*more));

        if (more == NULL) {
            abort();
        }
        st->streams = more;
        st->cap_streams = cap;
    }
    st->streams[st->n_streams++] = (struct stream){channel, object, lo, hi, 0};
}

static int channel_of(enum edge_kind kind)
{
    switch (kind) {
    case EDGE_FOLLOW_PERSON:
        return -BY_PUBLIC;
    case EDGE_FOLLOW_TAG:
        return CH_TAG;
    case EDGE_FOLLOW_PERSON_TAG:
        return CH_PERSON_TAG;
    case EDGE_FOLLOW_THREAD:
        return CH_THREAD;
    case EDGE_FOLLOW_WORDS:
        return CH_WORDS;
    default:
        return CH_GROUP;
    }
}

/* What was published while the person followed; of edits and deletions also those of what was. */
static enum err add_follows(struct store *st, int64_t person, enum edge_kind kind, int64_t lo,
                            int64_t hi, enum merge_what what)
{
    int channel = channel_of(kind);
    int64_t last = 0;
    bool bundles = false;
    enum err e = OK;

    if ((what & MERGE_AMENDED) != 0 && kind == EDGE_FOLLOW_PERSON) {
        e = db_has(st, ST_BUNDLED_ANY, &bundles, ARGS(lo, hi));
    }
    if (e != OK) {
        return e;
    }

    (void)db_bind(st, ST_EDGES_ALL_OF, ARGS(kind, person));
    while ((e = db_step(st, ST_EDGES_ALL_OF)) == OK) {
        int64_t object = db_column(st, ST_EDGES_ALL_OF, 0);
        int64_t since = db_column(st, ST_EDGES_ALL_OF, 1);
        int64_t until = db_column(st, ST_EDGES_ALL_OF, 2);

        until = until == 0 || until > hi ? hi : until;
        if ((what & MERGE_NEW) != 0) {
            merge_add(st, channel, object, since > lo ? since : lo, until);
        }
        if ((what & MERGE_AMENDED) != 0 && object != last && since < hi) {
            merge_add(st, channel < 0 ? -BY_AMEND : channel + CH_AMEND, object, lo, hi);
            if (bundles) {
                merge_add(st, CH_BUNDLE, object, lo, hi);
            }
            last = object;
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

static void add_own(struct store *st, int channel, int64_t object, int64_t lo, int64_t hi,
                    enum merge_what what)
{
    if ((what & MERGE_NEW) != 0) {
        merge_add(st, channel, object, lo, hi);
    }
    if ((what & MERGE_AMENDED) != 0) {
        merge_add(st, channel + CH_AMEND, object, lo, hi);
    }
}

enum err merge_add_person(struct store *st, int64_t person, unsigned mask, int64_t lo, int64_t hi,
                          enum merge_what what)
{
    static const enum edge_kind follows[] = {EDGE_FOLLOW_PERSON,     EDGE_FOLLOW_TAG,
                                             EDGE_FOLLOW_PERSON_TAG, EDGE_FOLLOW_THREAD,
                                             EDGE_FOLLOW_WORDS,      EDGE_MEMBER};
    static const struct {
        enum channel channel;
        unsigned mask;
    } own[] = {{CH_PRIVATE, 1u << CLASS_PRIVATE},
               {CH_NAMED, 1u << CLASS_MENTION},
               {CH_ANSWERED, 1u << CLASS_MENTION},
               {CH_OWNER, CLASSES_FOLLOWED}};
    enum err e = OK;

    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        if ((own[i].mask & mask) != 0) {
            add_own(st, own[i].channel, person, lo, hi, what);
        }
    }
    if ((mask & 1u << CLASS_ANNOUNCEMENT) != 0) {
        add_own(st, CH_ALL, 0, lo, hi, what);
    }
    for (size_t i = 0; e == OK && (mask & CLASSES_FOLLOWED) != 0 && i < ARRAY_LEN(follows); i++) {
        e = add_follows(st, person, follows[i], lo, hi, what);
    }
    return e;
}

/* The next event of a stream: below its head, or above. E_NOTFOUND: the end. */
static enum err advance(struct store *st, struct stream *s)
{
    int64_t bound =
        st->merge_newest ? (s->head == 0 ? s->hi : s->head) : (s->head == 0 ? s->lo : s->head + 1);
    enum err e;

    if (s->channel < 0) {
        e = db_int(st, st->merge_newest ? ST_BY_BELOW : ST_BY_FROM, &s->head,
                   ARGS(s->object, -s->channel, bound));
    } else {
        e = db_int(st, st->merge_newest ? ST_REACH_BELOW : ST_REACH_FROM, &s->head,
                   ARGS(s->channel, s->object, bound, st->merge_how));
    }
    if (e == OK && (s->head < s->lo || s->head >= s->hi)) {
        e = E_NOTFOUND;
    }
    return e;
}

static bool before(const struct store *st, const struct stream *a, const struct stream *b)
{
    return st->merge_newest ? a->head > b->head : a->head < b->head;
}

static void sift_down(struct store *st, size_t i)
{
    struct stream *s = st->streams;

    for (;;) {
        size_t child = 2 * i + 1;
        struct stream moved;

        if (child >= st->n_streams) {
            return;
        }
        if (child + 1 < st->n_streams && before(st, &s[child + 1], &s[child])) {
            child++;
        }
        if (!before(st, &s[child], &s[i])) {
            return;
        }
        moved = s[i];
        s[i] = s[child];
        s[child] = moved;
        i = child;
    }
}

enum err merge_start(struct store *st, bool newest_first, int how)
{
    size_t kept = 0;

    st->merge_newest = newest_first;
    st->merge_how = how;
    for (size_t i = 0; i < st->n_streams; i++) {
        enum err e = advance(st, &st->streams[i]);

        if (e == OK) {
            st->streams[kept++] = st->streams[i];
        } else if (e != E_NOTFOUND) {
            return e;
        }
    }
    st->n_streams = kept;
    for (size_t i = kept / 2; i > 0; i--) {
        sift_down(st, i - 1);
    }
    return OK;
}

enum err merge_next(struct store *st, int64_t *no)
{
    if (st->n_streams == 0) {
        return E_NOTFOUND;
    }
    *no = st->streams[0].head;
    while (st->n_streams > 0 && st->streams[0].head == *no) {
        enum err e = advance(st, &st->streams[0]);

        if (e == E_NOTFOUND) {
            st->streams[0] = st->streams[--st->n_streams];
        } else if (e != OK) {
            return e;
        }
        sift_down(st, 0);
    }
    return OK;
}
