/* SPDX-License-Identifier: MIT */
/* Groups: names, members, owners, pins. What must not be seen is not read either: a look-up takes the index of the listed
 * groups and the viewer's own memberships, so its work is the same whether a secret group of that name exists or not. */
#include "db/sqlite/internal.h"

#include <string.h>

#include "base/text.h"
#include "db/sqlite/near.h"

#define LABEL_MOST 99 /* "!name_99" */

/* ---- what posts ask ------------------------------------------------------------------------------ */

enum err group_is_read_by_all(struct store *st, const struct post_row *row, bool *yes)
{
    int64_t from = 0;
    enum err e = db_int(st, ST_GROUP_OPEN_FROM, &from, ARGS(row->group));

    *yes = e == OK && from != 0 && row->event >= from;
    return e == E_NOTFOUND ? OK : e;
}

enum err group_may_read(struct store *st, const struct post_row *row, int64_t person, bool *yes)
{
    enum err e = edge_is_open(st, EDGE_MEMBER, person, row->group, yes);

    return e != OK || *yes ? e : group_is_read_by_all(st, row, yes);
}

enum err group_may_write(struct store *st, int64_t group, int64_t person)
{
    bool ended = false, member = false;
    enum err e = edge_is_open(st, EDGE_MEMBER, person, group, &member);

    if (e == OK && !member) {
        return E_NOTFOUND;
    }
    if (e == OK) {
        e = db_has(st, ST_GROUP_ENDED, &ended, ARGS(group));
    }
    return e == OK && ended ? E_DENIED : e;
}

enum err group_share(struct store *st, int64_t viewer, int64_t author, bool *yes)
{
    return db_has(st, ST_MEMBERS_BOTH, yes, ARGS(viewer, author));
}

enum err group_open_from(struct store *st, int64_t group, int64_t viewer, int64_t *from)
{
    bool member = false;
    enum err e = edge_is_open(st, EDGE_MEMBER, viewer, group, &member);

    *from = 1;
    if (e == OK && !member && viewer != 0) {
        e = db_int(st, ST_GROUP_OPEN_FROM, from, ARGS(group));
        *from = e == OK && *from != 0 ? *from : INT64_MAX;
    }
    return e == E_NOTFOUND ? OK : e;
}

/* ---- reading one --------------------------------------------------------------------------------- */

static void read_row(struct store *st, enum statement s, struct arena *a, struct group *out,
                     const char **key)
{
    *out = (struct group){.no = db_column(st, s, 0),
                          .kind = (enum group_kind)db_column(st, s, 1),
                          .ended = db_column(st, s, 2) != 0,
                          .members = db_column(st, s, 3),
                          .name = db_column_text(st, s, 4, a),
                          .purpose = db_column_text(st, s, 5, a)};
    *key = db_column_text(st, s, 6, a);
    db_end(st, s);
}

static enum err listed(struct store *st, const char *key, struct arena *a, struct group *out)
{
    const char *same;
    enum err e;

    (void)db_bind(st, ST_GROUP_LISTED, NO_ARGS);
    db_bind_text(st, ST_GROUP_LISTED, 1, key);
    e = db_step(st, ST_GROUP_LISTED);
    if (e == OK) {
        read_row(st, ST_GROUP_LISTED, a, out, &same);
    }
    return e;
}

/* The n-th (from 0) of the groups with that name that the viewer is in. */
static enum err mine(struct store *st, const char *key, int64_t viewer, int64_t n, struct arena *a,
                     struct group *out)
{
    const char *same;
    enum err e;

    (void)db_bind(st, ST_GROUP_MINE, ARGS(viewer, n));
    db_bind_text(st, ST_GROUP_MINE, 3, key);
    e = db_step(st, ST_GROUP_MINE);
    if (e == OK) {
        read_row(st, ST_GROUP_MINE, a, out, &same);
    }
    return e;
}

/* Which of the groups of its name that the viewer may know it is, from 1. Theirs come first as they joined them: who makes
 * a group of a secret one's name, and adds them to it, does not get what they write to the one they know. */
static enum err place_of(struct store *st, const struct group *g, const char *key, int64_t viewer,
                         int64_t *n)
{
    enum err e;

    *n = 1;
    (void)db_bind(st, ST_GROUP_MINE_BEFORE, ARGS(viewer, g->no));
    db_bind_text(st, ST_GROUP_MINE_BEFORE, 3, key);
    e = db_step(st, ST_GROUP_MINE_BEFORE);
    if (e == OK) {
        *n += db_column(st, ST_GROUP_MINE_BEFORE, 0);
        db_end(st, ST_GROUP_MINE_BEFORE);
    }
    return e;
}

/* What of a group depends on the viewer. */
static enum err for_viewer(struct store *st, struct group *g, const char *key, int64_t viewer,
                           struct arena *a, int64_t *place)
{
    int64_t n = 1;
    enum err e = place_of(st, g, key, viewer, &n);

    *place = n;
    g->label = n == 1 ? arena_printf(a, "!%s", g->name)
                      : arena_printf(a, "!%s_%lld", g->name, (long long)n);
    if (e == OK) {
        e = edge_is_open(st, EDGE_MEMBER, viewer, g->no, &g->member);
    }
    return e == OK ? db_has(st, ST_OWNER_IS, &g->owner, ARGS(g->no, viewer)) : e;
}

static enum err find(struct store *st, const char *key, int64_t nth, int64_t viewer,
                     struct arena *a, struct group *out)
{
    int64_t place = 0;
    enum err e = mine(st, key, viewer, nth - 1, a, out);

    if (e == E_NOTFOUND) {
        e = listed(st, key, a, out);
    }
    if (e == OK) {
        e = for_viewer(st, out, key, viewer, a, &place);
    }
    return e == OK && place != nth ? E_NOTFOUND : e;
}

/* "name_2": how many of that name, and *len the bytes of the name; 0: it does not end like that. */
static int64_t ordinal(const char *key, size_t *len)
{
    const char *bar = strrchr(key, '_');
    int64_t n = 0;

    if (bar == NULL || bar == key || bar[1] < '1' || bar[1] > '9' || strlen(bar) > 3) {
        return 0;
    }
    for (const char *p = bar + 1; *p != '\0'; p++) {
        if (*p < '0' || *p > '9') {
            return 0;
        }
        n = n * 10 + (*p - '0');
    }
    *len = (size_t)(bar - key);
    return n >= 2 && n <= LABEL_MOST ? n : 0;
}

enum err store_group_find(struct store *st, const char *key, int64_t viewer, struct arena *a,
                          struct group *out)
{
    size_t len = 0;
    int64_t nth;
    enum err e;

    arena_reset(st->scratch);
    e = find(st, key, 1, viewer, a, out);
    nth = ordinal(key, &len);
    if (e == E_NOTFOUND && nth != 0) {
        e = find(st, arena_ndup(st->scratch, key, len), nth, viewer, a, out);
    }
    return e;
}

enum err store_group_get(struct store *st, int64_t no, int64_t viewer, struct arena *a,
                         struct group *out)
{
    const char *key;
    int64_t place;
    enum err e;

    arena_reset(st->scratch);
    (void)db_bind(st, ST_GROUP_BY_NO, ARGS(no));
    e = db_step(st, ST_GROUP_BY_NO);
    if (e != OK) {
        return e;
    }
    read_row(st, ST_GROUP_BY_NO, a, out, &key);
    e = for_viewer(st, out, key, viewer, a, &place);
    return e == OK && out->kind == GROUP_SECRET && !out->member ? E_NOTFOUND : e;
}

/* ---- many ---------------------------------------------------------------------------------------- */

static enum err offer(struct store *st, enum statement s, struct near *nr)
{
    enum err e;

    while ((e = db_step(st, s)) == OK) {
        near_offer(nr, db_column(st, s, 0),
                   (const char *)sqlite3_column_text(st->statements[s], 1));
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_groups_near(struct store *st, const char *typed, int64_t viewer, size_t limit,
                           struct arena *a, struct group **out, size_t *n)
{
    struct near nr;
    enum err e;

    near_init(&nr, a, text_fold(a, typed), limit);
    (void)db_bind(st, ST_GROUPS_NAMES, NO_ARGS);
    e = offer(st, ST_GROUPS_NAMES, &nr);
    if (e == OK) {
        (void)db_bind(st, ST_GROUPS_OWN_NAMES, ARGS(viewer));
        e = offer(st, ST_GROUPS_OWN_NAMES, &nr);
    }
    *out = arena_array(a, nr.n + 1, sizeof(**out));
    *n = 0;
    for (size_t i = 0; e == OK && i < nr.n; i++) {
        e = store_group_get(st, nr.best[i].no, viewer, a, &(*out)[*n]);
        *n += e == OK;
    }
    return e;
}

enum err store_groups_page(struct store *st, int64_t viewer, bool theirs, const char *key,
                           int64_t no, size_t limit, struct arena *a, struct group **out, size_t *n,
                           bool *more)
{
    const enum statement s = theirs ? ST_GROUPS_THEIRS : ST_GROUPS_OTHERS;
    int64_t *found = arena_array(a, limit + 1, sizeof(*found));
    size_t seen = 0;
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    if (theirs) {
        (void)db_bind(st, s, ARGS(viewer, no, (int64_t)limit + 1));
        db_bind_text(st, s, 4, key);
    } else {
        (void)db_bind(st, s, ARGS(viewer, (int64_t)limit + 1));
        db_bind_text(st, s, 3, key);
    }
    e = db_numbers(st, s, found, limit + 1, &seen);
    *more = seen > limit;
    for (size_t i = 0; e == OK && i < seen && i < limit; i++) {
        e = store_group_get(st, found[i], viewer, a, &(*out)[*n]);
        *n += e == OK;
    }
    return e;
}

/* ---- making and changing ------------------------------------------------------------------------- */

/* From which event on everybody may read it. */
static enum err opening(struct store *st, enum group_kind kind, int64_t *from)
{
    *from = 0;
    return kind == GROUP_OPEN ? event_next(st, from) : OK;
}

enum err store_group_add(struct store *st, const struct new_group *g, int64_t *no)
{
    struct group known;
    int64_t from = 0;
    enum err e;

    arena_reset(st->scratch);
    e = find(st, g->key, 1, g->owner, st->scratch, &known);
    if (e != E_NOTFOUND) {
        return e == OK ? E_EXISTS : e;
    }
    e = opening(st, g->kind, &from);
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_GROUP_ADD, ARGS(g->kind, from, g->at));
    db_bind_text(st, ST_GROUP_ADD, 4, g->key);
    db_bind_text(st, ST_GROUP_ADD, 5, g->shown);
    db_bind_text(st, ST_GROUP_ADD, 6, g->purpose);
    e = db_finish(st, ST_GROUP_ADD);
    if (e != OK) {
        return e;
    }
    *no = sqlite3_last_insert_rowid(st->db);
    e = store_edge_open(st, EDGE_MEMBER, g->owner, *no, 0, 0, g->at);
    if (e == E_LIMIT) { /* a refusal: nothing of it stays */
        enum err dropped = db_run(st, ST_GROUP_DROP, ARGS(*no));

        return dropped != OK ? dropped : e;
    }
    return e == OK ? db_run(st, ST_OWNER_ADD, ARGS(*no, g->owner)) : e;
}

/* Who is outside of what becomes secret keeps no trace of it. */
static enum err forget_outside(struct store *st, int64_t no)
{
    int64_t person;
    enum err e;

    while ((e = db_int(st, ST_GROUP_MUTED_OUTSIDE, &person, ARGS(no))) == OK) {
        e = store_edge_close(st, EDGE_MUTE_GROUP, person, no);
        if (e != OK) {
            return e;
        }
    }
    return e == E_NOTFOUND ? db_run(st, ST_ASKS_DROP, ARGS(no)) : e;
}

enum err store_group_set_kind(struct store *st, int64_t no, enum group_kind kind)
{
    struct group g, other;
    const char *key;
    int64_t from = 0;
    enum err e;

    arena_reset(st->scratch);
    (void)db_bind(st, ST_GROUP_BY_NO, ARGS(no));
    e = db_step(st, ST_GROUP_BY_NO);
    if (e != OK) {
        return e;
    }
    read_row(st, ST_GROUP_BY_NO, st->scratch, &g, &key);
    if (g.kind == GROUP_SECRET && kind != GROUP_SECRET) {
        e = listed(st, key, st->scratch, &other);
        if (e != E_NOTFOUND) {
            return e == OK ? E_EXISTS : e;
        }
    }
    if (g.kind == GROUP_OPEN && kind == GROUP_OPEN) {
        e = db_int(st, ST_GROUP_OPEN_FROM, &from, ARGS(no));
    } else {
        e = opening(st, kind, &from);
    }
    if (e == OK) {
        e = db_run(st, ST_GROUP_SET_KIND, ARGS(no, kind, from));
    }
    return e == OK && kind == GROUP_SECRET ? forget_outside(st, no) : e;
}

/* OK if the last statement changed a row. */
static enum err changed(struct store *st, enum err e, enum err otherwise)
{
    return e != OK ? e : sqlite3_changes(st->db) > 0 ? OK : otherwise;
}

enum err store_group_set_purpose(struct store *st, int64_t no, const char *purpose)
{
    (void)db_bind(st, ST_GROUP_SET_PURPOSE, ARGS(no));
    db_bind_text(st, ST_GROUP_SET_PURPOSE, 2, purpose);
    return changed(st, db_finish(st, ST_GROUP_SET_PURPOSE), E_NOTFOUND);
}

enum err store_group_close(struct store *st, int64_t no)
{
    enum err e = changed(st, db_run(st, ST_GROUP_END, ARGS(no)), E_EXISTS);

    return e == OK ? db_run(st, ST_ASKS_DROP, ARGS(no)) : e;
}

/* ---- members ------------------------------------------------------------------------------------- */

enum err group_counts(struct store *st, int64_t group, int n)
{
    return db_run(st, ST_GROUP_COUNT, ARGS(group, n));
}

/* The longest member takes over; with nobody left it is ended. */
static enum err inherit(struct store *st, int64_t group)
{
    int64_t heir;
    enum err e = db_int(st, ST_MEMBER_LONGEST, &heir, ARGS(group));

    if (e == E_NOTFOUND) {
        return db_run(st, ST_GROUP_END, ARGS(group));
    }
    return e == OK ? db_run(st, ST_OWNER_ADD, ARGS(group, heir)) : e;
}

enum err group_left(struct store *st, int64_t group, int64_t person)
{
    bool owner = false, other = true;
    enum err e = db_has(st, ST_OWNER_IS, &owner, ARGS(group, person));

    if (e == OK && owner) {
        e = db_run(st, ST_OWNER_DROP, ARGS(group, person));
    }
    if (e == OK && owner) {
        e = db_has(st, ST_OWNER_OTHER, &other, ARGS(group, person));
    }
    if (e == OK && owner && !other) {
        e = inherit(st, group);
    }
    if (e == OK) {
        e = store_edge_close(st, EDGE_MUTE_GROUP, person, group);
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_member_add(struct store *st, int64_t group, int64_t person, int64_t at)
{
    bool member = false, ended = false, active = false;
    enum err e = edge_is_open(st, EDGE_MEMBER, person, group, &member);

    if (e == OK && member) {
        return E_EXISTS;
    }
    if (e == OK) {
        e = db_has(st, ST_GROUP_ENDED, &ended, ARGS(group));
    }
    if (e == OK) {
        e = person_active(st, person, &active);
    }
    if (e == OK && (ended || !active)) {
        return ended ? E_DENIED : E_NOTFOUND;
    }
    if (e == OK) {
        e = store_edge_open(st, EDGE_MEMBER, person, group, 0, 0, at);
    }
    return e == OK ? db_run(st, ST_ASK_DROP, ARGS(group, person)) : e;
}

enum err store_member_remove(struct store *st, int64_t group, int64_t person)
{
    bool owner = false, other = false, ended = false;
    enum err e = db_has(st, ST_OWNER_IS, &owner, ARGS(group, person));

    if (e == OK && owner) {
        e = db_has(st, ST_OWNER_OTHER, &other, ARGS(group, person));
    }
    if (e == OK && owner && !other) {
        e = db_has(st, ST_GROUP_ENDED, &ended, ARGS(group));
        if (e == OK && !ended) {
            return E_DENIED;
        }
    }
    return e == OK ? store_edge_close(st, EDGE_MEMBER, person, group) : e;
}

enum err store_owner_add(struct store *st, int64_t group, int64_t person)
{
    bool member = false;
    enum err e = edge_is_open(st, EDGE_MEMBER, person, group, &member);

    if (e != OK || !member) {
        return e != OK ? e : E_NOTFOUND;
    }
    return changed(st, db_run(st, ST_OWNER_ADD, ARGS(group, person)), E_EXISTS);
}

enum err store_owners(struct store *st, int64_t group, size_t limit, struct arena *a,
                      struct people *out)
{
    (void)db_bind(st, ST_OWNERS, ARGS(group, (int64_t)limit + 1));
    return people_read(st, ST_OWNERS, limit, a, out);
}

enum err store_ask_add(struct store *st, int64_t group, int64_t person, int64_t at)
{
    int64_t before = 0;
    enum err e = db_int(st, ST_ASK_AT, &before, ARGS(group, person));

    if (e == OK && at - before < LIMIT_DAY_MS) {
        return E_EXISTS;
    }
    return e == OK || e == E_NOTFOUND ? db_run(st, ST_ASK_ADD, ARGS(group, person, at)) : e;
}

/* ---- pins ---------------------------------------------------------------------------------------- */

enum err store_group_pin_add(struct store *st, int64_t group, int64_t post, int64_t at)
{
    struct post_row row;
    int64_t n = 0;
    bool there;
    enum err e = post_row(st, post, &row);

    if (e == OK && ((row.flags & POST_DELETED) != 0 || row.group != group)) {
        e = E_NOTFOUND;
    }
    if (e == OK) {
        e = db_has(st, ST_GROUP_PIN_THERE, &there, ARGS(group, post));
    }
    if (e == OK && there) {
        return E_EXISTS;
    }
    if (e == OK) {
        e = db_int(st, ST_GROUP_PINS_COUNT, &n, ARGS(group));
    }
    if (e == OK && n >= LIMIT_PINS) {
        return E_LIMIT;
    }
    return e == OK ? db_run(st, ST_GROUP_PIN_ADD, ARGS(group, post, at)) : e;
}

enum err store_group_pin_remove(struct store *st, int64_t group, int64_t post)
{
    return changed(st, db_run(st, ST_GROUP_PIN_DROP, ARGS(group, post)), E_NOTFOUND);
}

enum err store_group_pins(struct store *st, int64_t group, int64_t viewer, struct arena *a,
                          struct post **out, size_t *n)
{
    int64_t posts[LIMIT_PINS];
    size_t found;
    enum err e;

    *out = arena_array(a, LIMIT_PINS, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_GROUP_PINS, ARGS(group));
    e = db_numbers(st, ST_GROUP_PINS, posts, LIMIT_PINS, &found);
    for (size_t i = 0; e == OK && i < found; i++) {
        e = store_post_get(st, posts[i], viewer, a, &(*out)[*n]);
        *n += e == OK;
        e = e == E_NOTFOUND ? OK : e;
    }
    return e;
}
