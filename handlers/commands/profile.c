/* SPDX-License-Identifier: MIT */
/* What comes onto a profile: thanks of others, posts of one's own. */
#include "handlers/commands/rows.h"

#include "base/limits.h"
#include "handlers/commands/groups.h"
#include "handlers/post.h"

/* Whether one of the two has blocked the other. */
static enum err kept_apart(struct call *c, int64_t other, bool *yes)
{
    struct edge edge;
    enum err e = store_edge_get(c->store, EDGE_BLOCK, c->who.no, other, c->now, &edge);

    if (e == E_NOTFOUND)
        e = store_edge_get(c->store, EDGE_BLOCK, other, c->who.no, c->now, &edge);
    *yes = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

enum err run_praise(struct call *c)
{
    const struct person *p = &c->args[0].person;
    struct person_counts n;
    bool apart;
    enum err e;

    if (p->no == c->who.no) {
        call_say(c, "That is you, and thanks count only from others. Nothing was posted.");
        return E_USAGE;
    }
    e = kept_apart(c, p->no, &apart);
    if (e != OK)
        return e;
    if (apart || p->state != PERSON_ACTIVE) {
        call_say(c, "You cannot thank %s here. Nothing was posted.", call_person(c, p));
        return E_DENIED;
    }
    e = call_check_text(c, c->args[1].text);
    if (e == OK)
        e = call_post(c, &(struct posting){
                             .text = arena_printf(c->arena, "👏 @%s %s", p->nick, c->args[1].text)});
    if (e == OK)
        e = store_praise_add(c->store, c->made, p->no);
    if (e == OK)
        e = store_person_counts(c->store, p->no, &n);
    if (e == OK)
        call_say_n(c, "%1$s has been thanked %2$lld time now.",
                   "%1$s has been thanked %2$lld times now.", n.praise, call_person(c, p),
                   (long long)n.praise);
    return e;
}

/* Pins of a group are its owners'. */
static enum err group_of(struct call *c, const struct post *p, struct group *g)
{
    enum err e = store_group_get(c->store, p->group, c->who.no, c->arena, g);

    if (e == E_NOTFOUND)
        return call_no_post(c, p->no);
    return e == OK ? group_check_owner(c, g) : e;
}

static enum err pin_in_group(struct call *c, const struct post *p)
{
    struct group g;
    enum err e = group_of(c, p, &g);

    if (e != OK)
        return e;
    e = store_group_pin_add(c->store, g.no, p->no, c->now);
    if (e == OK)
        call_say(c, "%1$s stands on top of %2$s now. `unpin %1$s` takes it from there.",
                 call_ref(c, p->no), g.label);
    else if (e == E_EXISTS)
        call_say(c, "%1$s stands on top of %2$s already. `unpin %1$s` takes it from there.",
                 call_ref(c, p->no), g.label);
    else if (e == E_LIMIT)
        call_say(c,
                 "%1$d posts stand on top of %2$s, and that is the limit. `unpin` takes one from "
                 "there.",
                 LIMIT_PINS, g.label);
    return e == E_EXISTS ? OK : e;
}

static enum err unpin_in_group(struct call *c, const struct post *p)
{
    struct group g;
    enum err e = group_of(c, p, &g);

    if (e != OK)
        return e;
    e = store_group_pin_remove(c->store, g.no, p->no);
    if (e == OK)
        call_say(c, "%1$s no longer stands on top of %2$s.", call_ref(c, p->no), g.label);
    else if (e == E_NOTFOUND)
        call_say(c, "%1$s did not stand on top of %2$s.", call_ref(c, p->no), g.label);
    return e == E_NOTFOUND ? OK : e;
}

enum err run_pin(struct call *c)
{
    const struct post *p = &c->args[0].post;
    enum err e;

    c->about = p->no;
    if (p->scope == SCOPE_GROUP)
        return pin_in_group(c, p);
    e = store_pin_add(c->store, c->who.no, p->no, c->now);
    if (e == OK)
        call_say(c, "%1$s stands on top of your profile now. `unpin %1$s` takes it from there.",
                 call_ref(c, p->no));
    else if (e == E_EXISTS)
        call_say(c, "%1$s stands on top of your profile already. `unpin %1$s` takes it from there.",
                 call_ref(c, p->no));
    else if (e == E_DENIED && p->author != c->who.no)
        call_say(c,
                 "%1$s was written by %2$s; only what you wrote yourself can stand on top of your "
                 "profile.",
                 call_ref(c, p->no), call_author(c, p));
    else if (e == E_DENIED)
        call_say(c, "%s is not public, so it cannot stand on your profile.", call_ref(c, p->no));
    else if (e == E_LIMIT)
        call_say(c,
                 "%d posts stand on top of your profile, and that is the limit. `unpin` takes one "
                 "from there.",
                 LIMIT_PINS);
    return e == E_EXISTS ? OK : e;
}

enum err run_unpin(struct call *c)
{
    const struct post *p = &c->args[0].post;
    enum err e;

    c->about = p->no;
    if (p->scope == SCOPE_GROUP)
        return unpin_in_group(c, p);
    e = store_pin_remove(c->store, c->who.no, p->no);
    if (e == OK)
        call_say(c, "%s no longer stands on top of your profile.", call_ref(c, p->no));
    else if (e == E_NOTFOUND)
        call_say(c, "%s did not stand on top of your profile.", call_ref(c, p->no));
    return e == E_NOTFOUND ? OK : e;
}
