/* SPDX-License-Identifier: MIT */
/* Posts as they are written: the row, the channels, the event. */
#include "db/sqlite/internal.h"

#include <string.h>

/* Where a new post stands. The scope of a reply is its root's. */
static enum err place(struct store *st, const struct new_post *p, struct post_row *row,
                      struct post_row *parent)
{
    struct post_row root;
    bool ended = false;
    enum err e;

    *row =
        (struct post_row){.author = p->author,
                          .at = p->at,
                          .parent = p->parent,
                          .flags = (p->has_link ? POST_LINK : 0) | (p->has_file ? POST_FILE : 0)};
    *parent = (struct post_row){0};
    if (p->parent == 0) {
        row->recipient = p->recipient;
        row->group = p->group;
        row->flags |= (int)p->kind << POST_KIND_SHIFT;
        row->scope = p->recipient != 0 ? SCOPE_PRIVATE : p->group != 0 ? SCOPE_GROUP : SCOPE_PUBLIC;
        return p->group != 0 ? group_may_write(st, p->group, p->author) : OK;
    }
    e = post_row(st, p->parent, parent);
    if (e == OK) {
        e = post_visible(st, parent, p->author);
    }
    if (e == OK) {
        e = post_row(st, parent->root, &root);
    }
    if (e == OK) {
        row->root = root.no;
        row->scope = root.scope;
        row->group = root.group;
        if (root.scope == SCOPE_PRIVATE) {
            row->recipient = p->author == root.author ? root.recipient : root.author;
        }
        e = store_ended(st, root.no, &ended);
    }
    if (e == OK && row->scope == SCOPE_GROUP) {
        e = group_may_write(st, row->group, p->author);
    }
    return e == OK && ended ? E_DENIED : e;
}

static enum err tag_number(struct store *st, enum scope scope, const struct tag *tag, int64_t *no)
{
    *no = tag->no;
    if (tag->no != 0) {
        return OK;
    }
    return scope == SCOPE_PUBLIC ? store_tag_add(st, tag->key, tag->shown, no)
                                 : tag_add_hidden(st, tag->key, no);
}

/* How tags of a post count, on their channel. */
static int how_tag(enum scope scope)
{
    return scope == SCOPE_PUBLIC  ? HOW_OWED | HOW_SHOWN | HOW_PRESENT
           : scope == SCOPE_GROUP ? HOW_OWED | HOW_PRESENT
                                  : HOW_PRESENT;
}

static enum err may_be_named(struct store *st, const struct post_row *row, int64_t person,
                             bool *may)
{
    *may = row->scope == SCOPE_PUBLIC;
    if (row->scope == SCOPE_GROUP) {
        return group_may_read(st, row, person, may);
    }
    return OK;
}

static enum err mark(struct store *st, int64_t event, enum channel channel, int64_t object, int how)
{
    return db_run(st, ST_REACH_MARK, ARGS(event, channel, object, how));
}

/* An edit owes nobody anything by a tag, so only a new post looks for those who follow its author's. */
static enum err reach_person_tag(struct store *st, const struct post_row *row, int64_t tag)
{
    int64_t pair;
    enum err e = store_person_tag_find(st, row->author, tag, &pair);

    if (e == OK) {
        e = mark(st, row->event, CH_PERSON_TAG, pair, HOW_OWED);
    }
    return e == E_NOTFOUND ? OK : e;
}

static enum err reach_tags(struct store *st, const struct post_row *row, const struct new_post *p)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < p->n_tags; i++) {
        int64_t no;

        e = tag_number(st, row->scope, &p->tags[i], &no);
        if (e == OK) {
            e = mark(st, row->event, tag_channel(row->scope), no, how_tag(row->scope));
        }
        if (e == OK && row->scope == SCOPE_PUBLIC) {
            e = expert_tag(st, row, no, 1);
        }
        if (e == OK && row->scope == SCOPE_PUBLIC) {
            e = reach_person_tag(st, row, no);
        }
    }
    return e;
}

static enum err reach_named(struct store *st, const struct post_row *row, const struct new_post *p)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < p->n_named; i++) {
        bool may;

        e = may_be_named(st, row, p->named[i], &may);
        if (e == OK && may && p->named[i] != row->author) {
            e = mark(st, row->event, CH_NAMED, p->named[i], HOW_OWED | HOW_SHOWN | HOW_PRESENT);
        }
    }
    /* Not there in any version: no edit takes it away, and the search does not say that it names them. */
    for (size_t i = 0; e == OK && row->scope == SCOPE_PUBLIC && i < p->n_asked; i++) {
        e = mark(st, row->event, CH_NAMED, p->asked[i], HOW_OWED | HOW_SHOWN);
        if (e == OK) {
            e = expert_asked(st, p->asked[i], row->at);
        }
    }
    return e;
}

static enum err reach_reply(struct store *st, const struct post_row *row,
                            const struct post_row *parent)
{
    const int all = HOW_OWED | HOW_SHOWN | HOW_PRESENT;
    struct post_row root;
    bool may = false;
    enum err e = mark(st, row->event, CH_THREAD, row->root,
                      row->scope == SCOPE_PUBLIC ? all : HOW_SHOWN | HOW_PRESENT);

    if (e != OK || row->scope == SCOPE_PRIVATE) {
        return e;
    }
    if (parent->author != row->author) {
        e = may_be_named(st, row, parent->author, &may);
    }
    if (e == OK && may) {
        e = mark(st, row->event, CH_ANSWERED, parent->author, all);
    }
    if (row->scope == SCOPE_GROUP) {
        return e;
    }
    if (e == OK) {
        e = post_row(st, row->root, &root);
    }
    if (e == OK && root.author != row->author && root.author != parent->author) {
        e = mark(st, row->event, CH_OWNER, root.author, HOW_OWED);
    }
    return e;
}

/* All channels of a new post but its author's. */
static enum err reach_post(struct store *st, const struct post_row *row,
                           const struct post_row *parent, const struct new_post *p)
{
    int64_t *phrases = NULL;
    size_t n = 0;
    enum err e = reach_tags(st, row, p);

    if (e == OK) {
        e = question_topics(st, row, p->topics, p->n_topics);
    }
    if (e == OK) {
        e = reach_named(st, row, p);
    }
    if (e == OK && row->parent != 0) {
        e = reach_reply(st, row, parent);
    }
    if (e == OK && row->scope == SCOPE_PRIVATE) {
        return mark(st, row->event, CH_PRIVATE, row->recipient, HOW_OWED | HOW_SHOWN);
    }
    if (e == OK && row->scope == SCOPE_GROUP) {
        e = mark(st, row->event, CH_GROUP, row->group, HOW_OWED | HOW_SHOWN);
    }
    if (e == OK && is_announcement(row)) {
        e = announcement_reach(st, row);
    }
    if (e == OK) {
        e = phrases_in(st, p->text, st->scratch, &phrases, &n);
    }
    for (size_t i = 0; e == OK && i < n; i++) {
        e = mark(st, row->event, words_channel(row->scope), phrases[i], HOW_OWED);
    }
    return e;
}

/* Counts a post in (n = 1) or out (n = -1). */
static enum err count_post(struct store *st, const struct post_row *row, int n)
{
    bool public = row->scope == SCOPE_PUBLIC;
    enum err e = db_run(st, ST_TALLY_ADD, ARGS(0, n, 0, 0, 0, 0, 0));

    if (e == OK && public) {
        e = db_run(st, ST_TALLY_ADD, ARGS(row->author, n, 0, 0, 0, 0, 0));
    }
    if (e == OK) {
        e = company_post(st, row, n);
    }
    if (e == OK && row->parent != 0) {
        e = db_run(st, ST_COUNT_ADD, ARGS(row->root, 0, n, 0));
    }
    if (e == OK && row->parent != 0 && row->parent != row->root) {
        e = db_run(st, ST_COUNT_ADD, ARGS(row->parent, 0, n, 0));
    }
    return e;
}

static enum listed listed_of(enum scope scope)
{
    return scope == SCOPE_PUBLIC ? BY_PUBLIC : scope == SCOPE_GROUP ? BY_GROUP : BY_PRIVATE;
}

enum err store_post_add(struct store *st, const struct new_post *p, struct added *out)
{
    struct post_row row, parent;
    struct event event;
    int64_t waiting = 0;
    enum err e;

    arena_reset(st->scratch);
    if (strlen(p->text) > LIMIT_BODY) {
        return E_LIMIT;
    }
    e = place(st, p, &row, &parent);
    if (e == OK) {
        e = event_next(st, &row.event);
    }
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_POST_ADD,
                  ARGS(row.event, row.author, row.at, row.parent, row.root, row.recipient,
                       row.group, row.scope, row.flags));
    db_bind_text(st, ST_POST_ADD, 10, p->text);
    e = db_finish(st, ST_POST_ADD);
    if (e != OK) {
        return e;
    }
    row.no = sqlite3_last_insert_rowid(st->db);
    row.root = row.root == 0 ? row.no : row.root;
    event = (struct event){.no = row.event,
                           .kind = EVENT_POST,
                           .author = row.author,
                           .post = row.no,
                           .root = row.root,
                           .at = row.at};
    e = reach_post(st, &row, &parent, p);
    if (e == OK) {
        e = hot_answer(st, &row, &waiting);
        event.hot = waiting > 0;
    }
    if (e == OK) {
        e = event_publish(st, &event, listed_of(row.scope), out);
    }
    out->hot = waiting;
    if (e == OK && is_announcement(&row)) {
        e = announcement_add(st, &row, out->reach);
    }
    if (e == OK) {
        e = count_post(st, &row, 1);
    }
    if (e == OK && row.parent != 0) {
        e = edge_join_thread(st, row.author, row.root);
    }
    return e;
}

/* ---- editing --------------------------------------------------------------------------------- */

struct numbers {
    int64_t *at;
    size_t n;
};

static bool is_in(const struct numbers *set, int64_t no)
{
    for (size_t i = 0; i < set->n; i++) {
        if (set->at[i] == no) {
            return true;
        }
    }
    return false;
}

/* The objects that an event has on a channel in the present version. */
static enum err present(struct store *st, int64_t event, enum channel channel, struct numbers *out)
{
    size_t cap = LIMIT_TAGS_PER_POST + LIMIT_MENTIONS_PER_POST;
    enum err e;

    *out = (struct numbers){arena_array(st->scratch, cap, sizeof(int64_t)), 0};
    (void)db_bind(st, ST_REACH_IN, ARGS(event, channel, HOW_PRESENT));
    while ((e = db_step(st, ST_REACH_IN)) == OK) {
        if (out->n == cap) {
            int64_t *more = arena_array(st->scratch, cap * 2, sizeof(int64_t));

            memcpy(more, out->at, cap * sizeof(int64_t));
            out->at = more;
            cap *= 2;
        }
        out->at[out->n++] = db_column(st, ST_REACH_IN, 0);
    }
    return e == E_NOTFOUND ? OK : e;
}

/* Takes the marks of what the new version has no more. */
static enum err unmark(struct store *st, const struct post_row *row, enum channel channel,
                       const struct numbers *old, const struct numbers *new)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < old->n; i++) {
        if (!is_in(new, old->at[i])) {
            e = db_run(st, ST_REACH_UNMARK, ARGS(row->event, channel, old->at[i]));
            if (e == OK && channel == CH_TAG && row->scope == SCOPE_PUBLIC) {
                e = expert_tag(st, row, old->at[i], -1);
            }
        }
    }
    return e;
}

static enum err edit_tags(struct store *st, const struct post_row *row, const struct new_post *p)
{
    struct numbers old, new = {arena_array(st->scratch, p->n_tags + 1, sizeof(int64_t)), p->n_tags};
    enum err e = present(st, row->event, tag_channel(row->scope), &old);

    for (size_t i = 0; e == OK && i < p->n_tags; i++) {
        e = tag_number(st, row->scope, &p->tags[i], &new.at[i]);
        if (e == OK && !is_in(&old, new.at[i])) {
            e = mark(st, row->event, tag_channel(row->scope), new.at[i],
                     how_tag(row->scope) & ~HOW_OWED);
            if (e == OK && row->scope == SCOPE_PUBLIC) {
                e = expert_tag(st, row, new.at[i], 1);
            }
        }
    }
    return e == OK ? unmark(st, row, tag_channel(row->scope), &old, &new) : e;
}

/* Whether an earlier version named a person already. */
static enum err named_before(struct store *st, int64_t event, int64_t edit, int64_t person,
                             bool *before)
{
    int64_t how = 0;
    enum err e = db_int(st, ST_REACH_HOW, &how, ARGS(event, CH_NAMED, person));

    *before = e == OK && (how & HOW_OWED) != 0;
    if (*before || (e != OK && e != E_NOTFOUND)) {
        return e;
    }
    return db_has(st, ST_NAMED_BY_EDITS, before, ARGS(event, edit, person));
}

/* Who is newly named is owed the edit as new: a row of the edit's own event. */
static enum err edit_named(struct store *st, const struct post_row *row, const struct new_post *p,
                           int64_t edit)
{
    struct numbers old, new = {arena_array(st->scratch, p->n_named + 1, sizeof(int64_t)), 0};
    enum err e = present(st, row->event, CH_NAMED, &old);

    for (size_t i = 0; e == OK && i < p->n_named; i++) {
        int64_t person = p->named[i];
        bool may, before;

        e = may_be_named(st, row, person, &may);
        if (e != OK || !may || person == row->author) {
            continue;
        }
        new.at[new.n++] = person;
        e = named_before(st, row->event, edit, person, &before);
        if (e == OK && !before) {
            e = mark(st, edit, CH_NAMED, person, HOW_OWED);
        }
        if (e == OK && !is_in(&old, person)) {
            e = mark(st, row->event, CH_NAMED, person, HOW_SHOWN | HOW_PRESENT);
        }
    }
    return e == OK ? unmark(st, row, CH_NAMED, &old, &new) : e;
}

/* Publishes what became of a post on the channels on which those who got the original find it. */
static enum err amend(struct store *st, struct event *event, const struct post_row *row,
                      struct added *out)
{
    enum err e = db_run(st, ST_REACH_AMEND, ARGS(event->no, row->event));

    if (e == OK) {
        e = db_run(st, ST_REACH_AMEND_NAMED, ARGS(event->no, row->event));
    }
    if (e != OK) {
        return e;
    }
    event->author = row->author;
    event->root = row->root;
    event->original = row->event;
    event->version = row->version;
    return event_publish(st, event, row->scope == SCOPE_PUBLIC ? BY_AMEND : BY_NONE, out);
}

static enum err same_text(struct store *st, int64_t post, const char *text, bool *same)
{
    enum err e;

    (void)db_bind(st, ST_POST_SAME, ARGS(post));
    db_bind_text(st, ST_POST_SAME, 2, text);
    e = db_step(st, ST_POST_SAME);
    if (e == OK) {
        db_end(st, ST_POST_SAME);
    }
    *same = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

static enum err may_edit(struct store *st, int64_t post, const struct new_post *p,
                         struct post_row *row)
{
    bool same;
    enum err e = post_row(st, post, row);

    if (e == OK && ((row->flags & POST_DELETED) != 0 || row->author != p->author)) {
        e = E_NOTFOUND;
    }
    if (e == OK && (strlen(p->text) > LIMIT_BODY || row->version + 1 >= LIMIT_VERSIONS)) {
        e = E_LIMIT;
    }
    if (e == OK) {
        e = same_text(st, post, p->text, &same);
    }
    return e != OK ? e : same ? E_EXISTS : OK;
}

/* The row, its earlier version kept, its place in the search. */
static enum err edit_row(struct store *st, struct post_row *row, const struct new_post *p,
                         int64_t edit)
{
    enum err e = search_remove(st, row);

    if (e == OK) {
        e = db_run(st, ST_POST_KEEP, ARGS(row->no));
    }
    if (e != OK) {
        return e;
    }
    row->version++;
    /* A correction carries words: the file that came with the post stays with it. */
    row->flags = (p->has_link ? POST_LINK : 0) | (p->has_file ? POST_FILE : 0) |
                 (row->flags & (POST_FILE | POST_KIND));
    (void)db_bind(st, ST_POST_EDIT, ARGS(row->no, row->version, p->at, row->flags));
    db_bind_text(st, ST_POST_EDIT, 5, p->text);
    e = db_finish(st, ST_POST_EDIT);
    if (e == OK) {
        e = edit_tags(st, row, p);
    }
    if (e == OK) {
        e = question_topics(st, row, p->topics, p->n_topics);
    }
    if (e == OK) {
        e = edit_named(st, row, p, edit);
    }
    return e == OK ? search_insert(st, row) : e;
}

enum err store_post_edit(struct store *st, int64_t post, const struct new_post *p,
                         struct added *out)
{
    struct post_row row;
    struct event event = {.kind = EVENT_EDIT, .post = post, .at = p->at};
    enum err e;

    arena_reset(st->scratch);
    e = may_edit(st, post, p, &row);
    if (e == OK) {
        e = event_next(st, &event.no);
    }
    if (e == OK) {
        e = edit_row(st, &row, p, event.no);
    }
    return e == OK ? amend(st, &event, &row, out) : e;
}

/* ---- taking back ------------------------------------------------------------------------------ */

static enum err erase(struct store *st, const struct post_row *row)
{
    const struct numbers none = {NULL, 0};
    struct numbers tags;
    struct post full;
    enum err e = search_remove(st, row);

    if (e == OK) {
        e = present(st, row->event, tag_channel(row->scope), &tags);
    }
    if (e == OK) {
        e = unmark(st, row, tag_channel(row->scope), &tags, &none);
    }
    if (e == OK) {
        e = post_load(st, row->no, st->scratch, &full);
    }
    if (e == OK && full.likes > 0 && row->scope == SCOPE_PUBLIC) {
        e = db_run(st, ST_TALLY_ADD, ARGS(row->author, 0, 0, 0, -full.likes, 0, 0));
    }
    if (e == OK) {
        e = db_run(st, ST_POST_ERASE, ARGS(row->no, row->flags | POST_DELETED));
    }
    if (e == OK) {
        e = db_run(st, ST_VERSIONS_ERASE, ARGS(row->no));
    }
    if (e == OK) {
        e = db_run(st, ST_LIKES_DROP, ARGS(row->no));
    }
    if (e == OK) {
        e = db_run(st, ST_SAVED_DROP_POST, ARGS(row->no));
    }
    if (e == OK) {
        e = profile_forget_post(st, row);
    }
    if (e == OK && flags_kind(row->flags) == KIND_POLL) {
        e = poll_forget_post(st, row->no);
    }
    if (e == OK && is_announcement(row)) {
        e = announcement_forget(st, row);
    }
    if (e == OK) {
        e = db_run(st, ST_REPORTS_ERASE, ARGS(row->no));
    }
    if (e == OK) {
        e = question_forget(st, row);
    }
    if (e == OK) {
        e = db_run(st, ST_NEWS_DROP_POST, ARGS(row->no));
    }
    if (e == OK) {
        e = db_run(st, ST_REACH_HIDE, ARGS(row->event));
    }
    return e == OK ? count_post(st, row, -1) : e;
}

enum err store_post_delete(struct store *st, int64_t post, int64_t at, struct added *out)
{
    struct post_row row;
    struct event event = {.kind = EVENT_DELETE, .post = post, .at = at};
    enum err e;

    arena_reset(st->scratch);
    e = post_row(st, post, &row);
    if (e == OK && (row.flags & POST_DELETED) != 0) {
        e = E_NOTFOUND;
    }
    if (e == OK) {
        e = erase(st, &row);
    }
    if (e == OK) {
        e = event_next(st, &event.no);
    }
    if (e == OK) {
        e = amend(st, &event, &row, out);
    }
    return e == OK ? repeats_end(st, &row, at) : e;
}
