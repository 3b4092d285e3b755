/* SPDX-License-Identifier: MIT */
/* Groups. Membership is an edge (EDGE_MEMBER), made and ended here: audiences come from it.
 *
 * Open: anyone may join, and read what was written since it was opened. Closed: listed with name, purpose and number of
 * members; what is inside is for members. Secret: for others it does not exist, and no verb tells them so, by its answer or by
 * its work: what looks a name up reads the listed groups and the viewer's own. So two groups may have one name;
 * for each viewer those they are in come first, as they joined them, then the listed one: "!name", "!name_2" … */
#ifndef DB_STORE_GROUPS_H
#define DB_STORE_GROUPS_H

#include "db/store.h"

enum group_kind { GROUP_OPEN = 0, GROUP_CLOSED, GROUP_SECRET };

struct group {
    int64_t no;
    enum group_kind kind;
    bool ended; /* nobody writes there or joins any more */
    const char *name, *purpose;
    const char *label; /* how the viewer writes it: "!design", "!design_2" */
    int64_t members;
    bool member, owner; /* whether the viewer is */
};
struct new_group {
    const char *key, *shown; /* the name, folded and as written */
    const char *purpose;
    enum group_kind kind;
    int64_t owner, at;
};
/* E_EXISTS: the owner may know of a group of that name. E_LIMIT: LIMIT_EDGES_PER_PERSON. */
enum err store_group_add(struct store *st, const struct new_group *g, int64_t *no) MUST_USE;
/* The group that a name, folded and without '!', means to the viewer. E_NOTFOUND: none that they may know of. */
enum err store_group_find(struct store *st, const char *key, int64_t viewer, struct arena *a,
                          struct group *out) MUST_USE;
/* E_NOTFOUND: there is none, or the viewer may not know of it. */
enum err store_group_get(struct store *st, int64_t no, int64_t viewer, struct arena *a,
                         struct group *out) MUST_USE;
/* Groups the viewer may know of, near to what was typed; nearest first. */
enum err store_groups_near(struct store *st, const char *typed, int64_t viewer, size_t limit,
                           struct arena *a, struct group **out, size_t *n) MUST_USE;
/* By name: those the viewer is in, or the other listed ones that are not ended. Behind the one with (key, no); key "": from
 * the beginning. */
enum err store_groups_page(struct store *st, int64_t viewer, bool theirs, const char *key,
                           int64_t no, size_t limit, struct arena *a, struct group **out, size_t *n,
                           bool *more) MUST_USE;
/* Also makes an ended one go on. What was written while it was not open stays for members. E_EXISTS: it would be listed beside
 * another of its name. */
enum err store_group_set_kind(struct store *st, int64_t no, enum group_kind kind) MUST_USE;
enum err store_group_set_purpose(struct store *st, int64_t no, const char *purpose) MUST_USE;
/* Nobody writes there or joins any more. E_EXISTS: it is ended. */
enum err store_group_close(struct store *st, int64_t no) MUST_USE;

/* E_EXISTS. E_NOTFOUND: nobody active. E_DENIED: the group is ended. E_LIMIT. */
enum err store_member_add(struct store *st, int64_t group, int64_t person, int64_t at) MUST_USE;
/* E_NOTFOUND: they are not in it. E_DENIED: the only owner of a group that goes on. */
enum err store_member_remove(struct store *st, int64_t group, int64_t person) MUST_USE;
/* E_EXISTS; E_NOTFOUND: no member. An owner who retires leaves that to the longest member, if no other is left. */
enum err store_owner_add(struct store *st, int64_t group, int64_t person) MUST_USE;
enum err store_owners(struct store *st, int64_t group, size_t limit, struct arena *a,
                      struct people *out) MUST_USE;
/* Keeps that somebody asked to be let in. E_EXISTS: they did within a day. */
enum err store_ask_add(struct store *st, int64_t group, int64_t person, int64_t at) MUST_USE;

/* Puts one of its posts on top of a group. E_EXISTS; E_LIMIT: LIMIT_PINS; E_NOTFOUND: no such post there. */
enum err store_group_pin_add(struct store *st, int64_t group, int64_t post, int64_t at) MUST_USE;
/* E_NOTFOUND: it was not there. */
enum err store_group_pin_remove(struct store *st, int64_t group, int64_t post) MUST_USE;
/* As pinned, those that the viewer may see; at most LIMIT_PINS. */
enum err store_group_pins(struct store *st, int64_t group, int64_t viewer, struct arena *a,
                          struct post **out, size_t *n) MUST_USE;

#endif
