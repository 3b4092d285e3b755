/* SPDX-License-Identifier: MIT */
/* Whether one person is owed an event: the same rules as the walk over all (audience.c), asked of the
 * other end. tests/store/test_owed.c holds the two against each other. */
#include "db/sqlite/internal.h"

/* The moment at which edges are asked about. */
struct when {
    int64_t no, at;
};

enum err event_base(struct store *st, const struct event *e, struct event *base,
                    struct post_row *row)
{
    enum err err = OK;

    *base = *e;
    *row = (struct post_row){0};
    if (e->kind == EVENT_EDIT || e->kind == EVENT_DELETE) {
        err = store_event_get(st, e->original, base);
    }
    if (err == OK && (base->kind <= EVENT_REPEAT || base->kind == EVENT_BUNDLE)) {
        err = post_row(st, base->post, row);
    }
    return err;
}

static enum err has_edge(struct store *st, enum edge_kind kind, int64_t person, int64_t object,
                         struct when when, bool *out)
{
    return edge_valid(st, kind, person, object, when.no, when.at, out);
}

/* Whether an edge leads from the person to anything the post has on a channel. */
static enum err touches(struct store *st, const struct post_row *row, enum channel channel,
                        enum edge_kind kind, int64_t person, struct when when, bool *out)
{
    return db_has(st, ST_REACH_EDGE, out,
                  ARGS(row->event, channel, kind, person, when.no, when.at));
}

static enum err is_on(struct store *st, const struct post_row *row, enum channel channel,
                      int64_t object, bool *out)
{
    int64_t how = 0;
    enum err e = db_int(st, ST_REACH_HOW, &how, ARGS(row->event, channel, object));

    *out = e == OK && (how & HOW_OWED) != 0;
    return e == E_NOTFOUND ? OK : e;
}

static enum err muted(struct store *st, const struct post_row *row, int64_t person,
                      struct when when, bool *out)
{
    enum err e = has_edge(st, EDGE_MUTE_PERSON, person, row->author, when, out);

    if (e == OK && !*out && row->root != row->no) {
        e = has_edge(st, EDGE_MUTE_THREAD, person, row->root, when, out);
    }
    if (e == OK && !*out && row->scope == SCOPE_GROUP) {
        e = has_edge(st, EDGE_MUTE_GROUP, person, row->group, when, out);
    }
    if (e == OK && !*out && row->scope != SCOPE_PRIVATE) {
        e = touches(st, row, tag_channel(row->scope), EDGE_MUTE_TAG, person, when, out);
        if (e == OK && !*out) {
            e = touches(st, row, words_channel(row->scope), EDGE_MUTE_WORDS, person, when, out);
        }
    }
    return e;
}

enum err owed_muted(struct store *st, const struct post_row *row, int64_t person, int64_t no,
                    int64_t at, bool *out)
{
    return muted(st, row, person, (struct when){no, at}, out);
}

static enum err has_left(struct store *st, const struct post_row *row, int64_t person,
                         struct when when, bool *out)
{
    *out = false;
    return row->root == row->no ? OK
                                : has_edge(st, EDGE_LEAVE_THREAD, person, row->root, when, out);
}

/* By how somebody follows, from what counts most. */
enum rank { RANK_LOUD, RANK_NOW, RANK_DAILY, RANK_WEEKLY, RANK_NONE };
static const enum event_class class_of_rank[] = {CLASS_LOUD, CLASS_BULK, CLASS_DAILY, CLASS_WEEKLY};

static enum err follow_rank(struct store *st, enum edge_kind kind, int64_t person, int64_t object,
                            struct when when, enum rank *best)
{
    static const enum rank of_level[] = {
        [LEVEL_NOW] = RANK_NOW,
        [LEVEL_LOUD] = RANK_LOUD,
        [LEVEL_DAILY] = RANK_DAILY,
        [LEVEL_WEEKLY] = RANK_WEEKLY,
    };
    int64_t level = 0;
    enum err e = db_int(st, ST_EDGE_LEVEL, &level, ARGS(kind, person, object, when.no, when.at));

    if (e == OK && of_level[level] < *best) {
        *best = of_level[level];
    }
    return e == E_NOTFOUND ? OK : e;
}

/* The same for all that the post has on a channel. */
static enum err reach_rank(struct store *st, const struct post_row *row, enum channel channel,
                           enum edge_kind kind, int64_t person, struct when when, enum rank *best)
{
    int64_t rank = RANK_NONE;
    enum err e = db_int(st, ST_REACH_LEVEL, &rank,
                        ARGS(row->event, channel, kind, person, when.no, when.at));

    if (e == OK && (enum rank)rank < *best) {
        *best = (enum rank)rank;
    }
    return e == E_NOTFOUND ? OK : e;
}

/* Follows of what leads to a public post besides its conversation. Of a hot answer only the loud ones count. */
static enum err followed_else(struct store *st, const struct post_row *row, int64_t person,
                              struct when when, bool hot, enum rank *best)
{
    enum rank rank = RANK_NONE;
    enum err e = follow_rank(st, EDGE_FOLLOW_PERSON, person, row->author, when, &rank);

    if (e == OK) {
        e = reach_rank(st, row, CH_TAG, EDGE_FOLLOW_TAG, person, when, &rank);
    }
    if (e == OK) {
        e = reach_rank(st, row, CH_PERSON_TAG, EDGE_FOLLOW_PERSON_TAG, person, when, &rank);
    }
    if (e == OK) {
        e = reach_rank(st, row, CH_WORDS, EDGE_FOLLOW_WORDS, person, when, &rank);
    }
    if (rank < *best && (!hot || rank == RANK_LOUD)) {
        *best = rank;
    }
    return e;
}

/* Follows of any kind that lead to a public post. */
static enum err followed(struct store *st, const struct post_row *row, int64_t person,
                         struct when when, bool hot, enum event_class *class, bool *out)
{
    enum rank best = RANK_NONE;
    bool owner = false;
    enum err e = has_left(st, row, person, when, out);

    if (e != OK || *out) {
        *out = false;
        return e;
    }
    if (row->root != row->no) {
        e = follow_rank(st, EDGE_FOLLOW_THREAD, person, row->root, when, &best);
        if (e == OK) {
            e = is_on(st, row, CH_OWNER, person, &owner);
        }
        best = owner && best > RANK_NOW ? RANK_NOW : best;
    }
    if (e == OK) {
        e = followed_else(st, row, person, when, hot, &best);
    }
    *out = best != RANK_NONE;
    *class = *out ? class_of_rank[best] : *class;
    return e;
}

/* Of a member of the group it stands in. */
static enum err member_owed(struct store *st, const struct post_row *row, int64_t person,
                            struct when when, bool hot, bool *out)
{
    struct post_row root = {0};
    bool left = false;
    enum err e = has_left(st, row, person, when, &left);

    *out = !left;
    if (e != OK || left || !hot) {
        return e;
    }
    e = has_edge(st, EDGE_FOLLOW_THREAD, person, row->root, when, out);
    if (e == OK && !*out) {
        e = post_row(st, row->root, &root);
        *out = root.author == person;
    }
    return e;
}

/* Everybody who was there, whatever they mute. */
static enum err announcement_owed(struct store *st, const struct post_row *row, int64_t person,
                                  enum event_class *class, bool *owed)
{
    int64_t last = 0;
    enum err e = is_on(st, row, CH_NAMED, person, owed);

    *class = CLASS_MENTION;
    if (e == OK && !*owed) {
        *class = CLASS_ANNOUNCEMENT;
        e = db_int(st, ST_REACH_UPTO, &last, ARGS(row->event, CH_UPTO));
        *owed = person <= last;
    }
    return e == E_NOTFOUND ? OK : e;
}

/* The post's own event: private, mention, announcement, or by following. */
static enum err post_owed(struct store *st, const struct post_row *row, const struct event *made,
                          int64_t person, enum event_class *class, bool *owed)
{
    struct when when = {made->no, made->at};
    bool no = false;
    enum err e = OK;

    *owed = false;
    if (person == row->author) {
        return OK;
    }
    if (is_announcement(row)) {
        return announcement_owed(st, row, person, class, owed);
    }
    if (row->scope == SCOPE_PRIVATE) {
        *class = CLASS_PRIVATE;
        *owed = person == row->recipient;
    } else {
        bool member = true, reader = true;

        *class = CLASS_MENTION;
        if (row->scope == SCOPE_GROUP) {
            e = has_edge(st, EDGE_MEMBER, person, row->group, when, &member);
            reader = member;
        }
        if (e == OK && !member) {
            e = group_is_read_by_all(st, row, &reader);
        }
        if (e == OK && reader) {
            e = is_on(st, row, CH_NAMED, person, owed);
        }
        if (e == OK && reader && !*owed) {
            e = is_on(st, row, CH_ANSWERED, person, owed);
        }
        if (e == OK && member && !*owed) {
            *class = CLASS_BULK;
            if (row->scope == SCOPE_GROUP) {
                e = member_owed(st, row, person, when, made->hot, owed);
            } else {
                e = followed(st, row, person, when, made->hot, class, owed);
            }
        }
    }
    if (e == OK && *owed) {
        e = muted(st, row, person, when, &no);
        *owed = !no;
    }
    return e;
}

/* Named first by an edit, up to one: that edit's moment counts. *first is its version. */
static enum err edits_owed(struct store *st, const struct post_row *row, int64_t upto,
                           int64_t person, int *first, bool *owed)
{
    int64_t no = 0, at = 0;
    bool no_more = false;
    enum err e;

    *owed = false;
    (void)db_bind(st, ST_NAMED_BY_EDITS, ARGS(row->event, upto, person));
    e = db_step(st, ST_NAMED_BY_EDITS); /* a person is newly named once */
    if (e != OK) {
        return e == E_NOTFOUND ? OK : e;
    }
    no = db_column(st, ST_NAMED_BY_EDITS, 0);
    *first = (int)db_column(st, ST_NAMED_BY_EDITS, 1);
    at = db_column(st, ST_NAMED_BY_EDITS, 2);
    db_end(st, ST_NAMED_BY_EDITS);
    *owed = true;
    if (row->scope == SCOPE_GROUP) {
        e = edge_valid(st, EDGE_MEMBER, person, row->group, no, at, owed);
        if (e == OK && !*owed) {
            e = group_is_read_by_all(st, row, owed);
        }
    }
    if (e == OK && *owed) {
        e = muted(st, row, person, (struct when){no, at}, &no_more);
        *owed = !no_more;
    }
    return e;
}

/* A post's event, an edit or a deletion of it: `upto` is the event's number. */
static enum err post_or_edit_owed(struct store *st, const struct post_row *row,
                                  const struct event *made, int64_t upto, int64_t person,
                                  enum event_class *class, int *first, bool *owed)
{
    bool by_edit = false;
    int version = 0;
    enum err e = post_owed(st, row, made, person, class, owed);

    *first = 0;
    if (e == OK && upto > made->no && !(*owed && *class < CLASS_ANNOUNCEMENT)) {
        e = edits_owed(st, row, upto, person, &version, &by_edit);
    }
    if (e == OK && by_edit) {
        *first = *owed ? 0 : version;
        *class = CLASS_MENTION;
        *owed = true;
    }
    return e;
}

/* Whether a repeat would reach a person, whatever they had before. */
static enum err repeat_reaches(struct store *st, const struct event *repeat,
                               const struct post_row *row, int64_t person, enum event_class *class,
                               bool *out)
{
    struct when when = {repeat->no, repeat->at};
    enum rank best = RANK_NONE;
    bool no = false;
    enum err e;

    *out = false;
    if (person == repeat->author || person == row->author) {
        return OK;
    }
    e = follow_rank(st, EDGE_FOLLOW_PERSON, person, repeat->author, when, &best);
    *out = best != RANK_NONE;
    if (e == OK && *out) {
        *class = class_of_rank[best];
        e = has_edge(st, EDGE_MUTE_PERSON, person, repeat->author, when, &no);
    }
    if (e == OK && *out && !no) {
        e = has_left(st, row, person, when, &no);
    }
    if (e == OK && *out && !no) {
        e = muted(st, row, person, when, &no);
    }
    *out = *out && !no;
    return e;
}

/* Nobody gets what they already had: the post itself, or an earlier repeat that stood then. */
static enum err had_before(struct store *st, const struct event *repeat, const struct post_row *row,
                           int64_t person, bool *had)
{
    int64_t earlier[EARLIER_REPEATS];
    size_t n = 0;
    struct event made;
    enum event_class class;
    int first;
    enum err e = store_event_get(st, row->event, &made);

    if (e == OK) {
        e = post_or_edit_owed(st, row, &made, repeat->no, person, &class, &first, had);
    }
    if (e != OK || *had) {
        return e;
    }
    (void)db_bind(st, ST_REPEATS_BEFORE, ARGS(row->no, repeat->no, EARLIER_REPEATS));
    e = db_numbers(st, ST_REPEATS_BEFORE, earlier, EARLIER_REPEATS, &n);
    for (size_t i = 0; e == OK && !*had && i < n; i++) {
        e = store_event_get(st, earlier[i], &made);
        if (e == OK) {
            e = repeat_reaches(st, &made, row, person, &class, had);
        }
    }
    return e;
}

enum err owed_by_edges(struct store *st, const struct event *e, const struct event *base,
                       const struct post_row *row, int64_t person, enum event_class *class,
                       int *first, bool *owed)
{
    bool had = false;
    enum err err;

    *first = 0;
    if (base->kind == EVENT_POST) {
        return post_or_edit_owed(st, row, base, e->no, person, class, first, owed);
    }
    if (base->kind != EVENT_REPEAT) {
        *class = CLASS_PRIVATE;
        *owed = person == base->author;
        return OK;
    }
    *class = CLASS_BULK;
    err = repeat_reaches(st, base, row, person, class, owed);
    if (err == OK && *owed) {
        err = had_before(st, base, row, person, &had);
        *owed = !had;
    }
    return err;
}

enum err owed_forbidden(struct store *st, const struct event *base, const struct post_row *row,
                        enum event_class class, int64_t person, bool *out)
{
    bool yes;
    enum err e = person_active(st, person, &yes);

    *out = !yes;
    if (e != OK || *out || base->kind > EVENT_REPEAT) {
        return e;
    }
    if (base->kind == EVENT_REPEAT || !is_announcement(row)) {
        e = edge_blocked(st, person, row->author, out);
    }
    if (e == OK && !*out && base->kind == EVENT_REPEAT) {
        e = edge_blocked(st, person, base->author, out);
    }
    if (e == OK && !*out && row->scope == SCOPE_GROUP) {
        e = edge_is_open(st, EDGE_MEMBER, person, row->group, &yes);
        if (e == OK && !yes && class == CLASS_MENTION) {
            e = group_is_read_by_all(st, row, &yes);
        }
        *out = !yes;
    }
    return e;
}

enum err store_owed_one(struct store *st, const struct event *e, int64_t person,
                        enum event_class *class, int *first)
{
    struct event base;
    struct post_row row;
    bool yes = false;
    enum err err;

    if (e->kind == EVENT_BUNDLE) {
        err = bundle_owed(st, e, person, class, &yes);
        if (err == OK && yes) {
            bool bare = false;

            err = store_bundle_bare(st, e, person, &bare);
            *first = bare;
        }
        return err != OK ? err : yes ? OK : E_NOTFOUND;
    }
    err = event_base(st, e, &base, &row);
    if (err == OK) {
        err = owed_by_edges(st, e, &base, &row, person, class, first, &yes);
    }
    if (err == OK && yes) {
        err = owed_forbidden(st, &base, &row, *class, person, &yes);
        yes = !yes;
    }
    if (err == OK && yes && base.kind > EVENT_REPEAT) {
        err = db_has(st, ST_ANSWER_THERE, &yes, ARGS(base.no)); /* purged: nothing left to send */
    }
    return err != OK ? err : yes ? OK : E_NOTFOUND;
}
