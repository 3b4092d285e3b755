/* SPDX-License-Identifier: MIT */
/* Who is in a group: joining, leaving, being brought in and taken out. */
#include "handlers/commands/groups.h"

#include "base/limits.h"
#include "handlers/admins.h"
#include "handlers/commands/target.h"
#include "handlers/lists.h"
#include "handlers/post.h"

enum { OWNERS = 50 /* named, told of one who wants to join */ };

const char *group_label_for(struct call *c, const struct group *g, const struct person *p)
{
    struct group theirs;

    if (store_group_get(c->store, g->no, p->no, c->arena, &theirs) == OK)
        return theirs.label;
    return arena_printf(c->arena, "!%s", g->name);
}

enum err group_check_owner(struct call *c, const struct group *g)
{
    if (g->owner)
        return OK;
    call_say(c, "Only an owner of %s can do that, so nothing was done.", g->label);
    return E_DENIED;
}

static enum err kept_apart(struct call *c, const struct person *p, bool *yes)
{
    struct edge edge;
    enum err e = store_edge_get(c->store, EDGE_BLOCK, c->who.no, p->no, c->now, &edge);

    if (e == E_NOTFOUND)
        e = store_edge_get(c->store, EDGE_BLOCK, p->no, c->who.no, c->now, &edge);
    *yes = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

/* ---- of one's own accord ------------------------------------------------------------------------ */

/* The owners are told that somebody wants to join. */
static enum err ask_owners(struct call *c, const struct group *g)
{
    struct people owners = {0};
    enum err e = store_owners(c->store, g->no, OWNERS, c->arena, &owners);

    for (size_t i = 0; e == OK && i < owners.n; i++) {
        const struct person *p = &owners.at[i];
        bool apart;

        e = kept_apart(c, p, &apart);
        if (e == OK && !apart)
            e = call_notice(c, p, 0,
                            say(c->arena, call_lang_of(c, p),
                                "%1$s asks to join %2$s. `add %3$s %2$s` lets them in.",
                                call_person(c, &c->who), group_label_for(c, g, p), c->who.nick));
    }
    return e;
}

static enum err join_closed(struct call *c, const struct group *g)
{
    enum err e = store_ask_add(c->store, g->no, c->who.no, c->now);

    if (e == E_EXISTS) {
        call_say(c, "You have asked to join %s already; its owners have it.", g->label);
        return OK;
    }
    if (e == OK)
        e = ask_owners(c, g);
    if (e == OK)
        call_say(c,
                 "%s is closed: its owners are asked to let you in, and you are told when they do.",
                 g->label);
    return e;
}

enum err group_join(struct call *c, const struct group *g)
{
    enum err e;

    if (g->member) {
        call_say(c, "You are in %1$s already. `drop %1$s` leaves it.", g->label);
        return OK;
    }
    if (g->ended) {
        call_say(c, "%s was ended; nobody can join it any more.", g->label);
        return E_DENIED;
    }
    if (g->kind != GROUP_OPEN)
        return join_closed(c, g);
    e = store_member_add(c->store, g->no, c->who.no, c->now);
    if (e != OK)
        return target_refuse(c, e);
    call_say(c,
             "You are in %1$s now: what is written there comes to you. `%1$s TEXT` writes there, "
             "`drop %1$s` leaves it.",
             g->label);
    return OK;
}

enum err group_drop(struct call *c, const struct group *g)
{
    enum err e = store_member_remove(c->store, g->no, c->who.no);

    if (e == E_NOTFOUND) {
        call_say(c, "You are not in %s. `groups` shows the groups that you are in.", g->label);
        return OK;
    }
    if (e == E_DENIED) {
        call_say(c,
                 "You are the only owner of %1$s. `group owner %1$s @nick` names another one, "
                 "`group close %1$s` ends it.",
                 g->label);
        return e;
    }
    if (e != OK)
        return e;
    if (g->kind == GROUP_OPEN && !g->ended)
        call_say(c, "You have left %1$s; nobody is told. `join %1$s` comes back.", g->label);
    else
        call_say(c, "You have left %s; nobody is told.", g->label);
    return OK;
}

enum err run_join(struct call *c)
{
    return group_join(c, &c->args[0].group);
}

enum err run_drop(struct call *c)
{
    return group_drop(c, &c->args[0].group);
}

/* ---- by an owner -------------------------------------------------------------------------------- */

enum err run_add(struct call *c)
{
    const struct person *p = &c->args[0].person;
    const struct group *g = &c->args[1].group;
    bool apart = false;
    enum err e = group_check_owner(c, g);

    if (e == OK)
        e = kept_apart(c, p, &apart);
    if (e == OK)
        e = apart ? E_NOTFOUND : store_member_add(c->store, g->no, p->no, c->now);
    if (e == E_EXISTS) {
        call_say(c, "%1$s is in %2$s already.", call_person(c, p), g->label);
        return OK;
    }
    if (e == E_NOTFOUND || e == E_LIMIT)
        call_say(c, "You cannot add %1$s to %2$s.", call_person(c, p), g->label);
    else if (e == E_DENIED && g->ended)
        call_say(c, "%1$s was ended. `group set %1$s open` lets it go on.", g->label);
    if (e != OK)
        return e;
    e = call_notice(c, p, 0,
                    say(c->arena, call_lang_of(c, p),
                        "%1$s added you to %2$s: what is written there comes to you. `%2$s TEXT` "
                        "writes there, `drop %2$s` leaves it.",
                        call_person(c, &c->who), group_label_for(c, g, p)));
    if (e == OK)
        call_say(c, "%1$s is in %2$s now and is told.", call_person(c, p), g->label);
    return e;
}

enum err run_remove(struct call *c)
{
    const struct person *p = &c->args[0].person;
    const struct group *g = &c->args[1].group;
    const char *label;
    enum err e = group_check_owner(c, g);

    if (e != OK)
        return e;
    if (p->no == c->who.no) {
        call_say(c, "That is you; `drop %s` leaves it.", g->label);
        return E_USAGE;
    }
    label = group_label_for(c, g, p); /* behind it there may be none for them */
    e = store_member_remove(c->store, g->no, p->no);
    if (e == E_NOTFOUND) {
        call_say(c, "%1$s is not in %2$s.", call_person(c, p), g->label);
        return OK;
    }
    if (e != OK)
        return e;
    e = call_notice(c, p, 0,
                    say(c->arena, call_lang_of(c, p), "%1$s took you out of %2$s.",
                        call_person(c, &c->who), label));
    if (e == OK)
        call_say(c, "%1$s is no longer in %2$s. Only they are told.", call_person(c, p), g->label);
    return e;
}

enum err run_group_owner(struct call *c)
{
    const struct group *g = &c->args[0].group;
    const struct person *p = &c->args[1].person;
    enum err e = group_check_owner(c, g);

    if (e == OK)
        e = store_owner_add(c->store, g->no, p->no);
    if (e == E_EXISTS) {
        call_say(c, "%1$s owns %2$s already.", call_person(c, p), g->label);
        return OK;
    }
    if (e == E_NOTFOUND)
        call_say(c, "%1$s is not in %2$s. `add %3$s %2$s` comes first.", call_person(c, p),
                 g->label, p->nick);
    if (e != OK)
        return e;
    e = call_notice(c, p, 0,
                    say(c->arena, call_lang_of(c, p),
                        "%1$s made you an owner of %2$s. `help group` shows what owners can do.",
                        call_person(c, &c->who), group_label_for(c, g, p)));
    if (e == OK)
        call_say(c, "%1$s owns %2$s now as well, and is told.", call_person(c, p), g->label);
    return e;
}

/* ---- who is in it -------------------------------------------------------------------------------- */

static bool is_among(const struct people *list, int64_t no)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->at[i].no == no)
            return true;
    return false;
}

struct members {
    const struct person *at;
    struct people owners;
};

static void put_member(struct call *c, const void *rows, size_t i)
{
    const struct members *m = rows;
    const char *who = call_person(c, &m->at[i]);

    call_put(c, is_among(&m->owners, m->at[i].no) ? say(c->arena, c->lang, "%s, owner", who) : who);
}

enum err list_members(struct call *c, int64_t group, int64_t after, const struct listing *li)
{
    struct more more = {.kind = MORE_MEMBERS, .object = group, .limit = list_limit(li)};
    struct people people = {0};
    struct members m = {.at = NULL};
    struct group g;
    enum err e = store_group_get(c->store, group, c->who.no, c->arena, &g);

    if (e == E_NOTFOUND || (e == OK && !g.member && g.kind != GROUP_OPEN)) {
        call_say(c, "You are no longer in that group.");
        return OK;
    }
    if (e == OK)
        e = store_owners(c->store, group, OWNERS, c->arena, &m.owners);
    if (e == OK)
        e = store_edges_on(c->store, EDGE_MEMBER, group, after, (size_t)more.limit, c->arena,
                           &people);
    if (e != OK)
        return e;
    m.at = people.at;
    if (people.n > 0)
        more.before = people.at[people.n - 1].no;
    return list_page(
        c, li, &(struct page){.rows = &m, .n = people.n, .more = people.more, .put = put_member},
        &more);
}

enum err run_members(struct call *c)
{
    const struct group *g = &c->args[0].group;
    struct listing li = {.limit = 0};

    if (!g->member && g->kind != GROUP_OPEN) {
        call_say(c, "Who is in %1$s is for its members to see. `join %1$s` asks its owners.",
                 g->label);
        return E_DENIED;
    }
    li.title =
        say_n(c->arena, c->lang, "%1$s has %2$lld member:", "%1$s has %2$lld members:", g->members,
              g->label, (long long)g->members);
    li.empty = say(c->arena, c->lang, "Nobody is in %s.", g->label);
    return list_members(c, g->no, 0, &li);
}
