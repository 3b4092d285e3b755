/* SPDX-License-Identifier: MIT */
/* Keeping away: mutes, with an end if wished, followers that one loses, and blocks. */
#include "handlers/commands/rows.h"

#include "base/limits.h"
#include "handlers/commands/target.h"
#include "handlers/lists.h"
#include "handlers/post.h"

#define MUTES                                                                                      \
    (1u << EDGE_MUTE_PERSON | 1u << EDGE_MUTE_TAG | 1u << EDGE_MUTE_THREAD |                       \
     1u << EDGE_MUTE_WORDS | 1u << EDGE_MUTE_GROUP)

static const enum edge_kind mute_kinds[] = {
    [TARGET_PERSON] = EDGE_MUTE_PERSON, [TARGET_TAG] = EDGE_MUTE_TAG,
    [TARGET_GROUP] = EDGE_MUTE_GROUP,   [TARGET_POST] = EDGE_MUTE_THREAD,
    [TARGET_WORDS] = EDGE_MUTE_WORDS,
};

/* When a mute "for 2h" or "until 09:00" ends; 0: it does not. */
static int64_t end_of(const struct call *c, const struct value *v)
{
    if (!v->given)
        return 0;
    return v->number > 0 ? c->now + v->number : v->instant;
}

enum err run_mute(struct call *c)
{
    struct target t;
    int64_t until = end_of(c, &c->args[1]);
    enum err e = target_resolve(c, &c->args[0], true, &t);

    if (e != OK)
        return e;
    if (until != 0 && until <= c->now) {
        call_say(c, "That time has passed already, so nothing was muted.");
        return E_USAGE;
    }
    if (t.kind == TARGET_PERSON && t.object == c->who.no) {
        call_say(c, "That is you, and your own posts do not come here anyway.");
        return E_USAGE;
    }
    e = store_edge_open(c->store, mute_kinds[t.kind], c->who.no, t.object, 0, until, c->now);
    if (e != OK && e != E_EXISTS)
        return target_refuse(c, e);
    if (until != 0)
        call_say(c, "Muted %1$s until %2$s. `unmute %3$s` ends it before.", t.shown,
                 say_time(c->arena, c->lang, until, c->now, c->who.zone), t.typed);
    else
        call_say(c, "Muted %1$s; it stays away until `unmute %2$s`. Nobody is told.", t.shown,
                 t.typed);
    return OK;
}

enum err run_unmute(struct call *c)
{
    struct target t;
    enum err e = target_resolve(c, &c->args[0], false, &t);

    if (e != OK)
        return e;
    e = store_edge_close(c->store, mute_kinds[t.kind], c->who.no, t.object);
    if (e == OK)
        call_say(c, "%s is no longer muted.", t.shown);
    else if (e == E_NOTFOUND)
        call_say(c, "%s was not muted. `muted` shows what is.", t.shown);
    return e == E_NOTFOUND ? OK : e;
}

enum err run_muted(struct call *c)
{
    struct listing li = {
        .title = say(c->arena, c->lang, "Muted:"),
        .empty =
            say(c->arena, c->lang, "You have muted nothing. `mute #tag for 2h` is how it looks.")};

    return list_edges(c, MUTES, NULL, &li);
}

enum err run_lose(struct call *c)
{
    const struct person *p = &c->args[0].person;
    enum err e;

    if (p->no == c->who.no) {
        call_say(c, "That is you, and nobody follows themselves.");
        return E_USAGE;
    }
    e = store_edge_close(c->store, EDGE_FOLLOW_PERSON, p->no, c->who.no);
    if (e == OK)
        call_say(c,
                 "%1$s no longer follows you and is not told. They may follow again; `block %2$s` "
                 "prevents that.",
                 call_person(c, p), p->nick);
    else if (e == E_NOTFOUND)
        call_say(c, "%s did not follow you. `followers` shows who does.", call_person(c, p));
    return e == E_NOTFOUND ? OK : e;
}

enum err run_block(struct call *c)
{
    const struct person *p = &c->args[0].person;
    enum err e;

    if (p->no == c->who.no) {
        call_say(c, "That is you; you cannot block yourself.");
        return E_USAGE;
    }
    e = store_edge_open(c->store, EDGE_BLOCK, c->who.no, p->no, 0, 0, c->now);
    if (e == E_EXISTS) {
        call_say(c, "You have blocked %1$s already. `unblock %2$s` ends it.", call_person(c, p),
                 p->nick);
        return OK;
    }
    if (e != OK)
        return target_refuse(c, e);
    call_say(c,
             "Blocked %1$s. Neither of you reaches the other, and follows between you "
             "have ended. Nobody is told. "
             "`unblock %2$s` ends it.",
             call_person(c, p), p->nick);
    return OK;
}

enum err run_unblock(struct call *c)
{
    const struct person *p = &c->args[0].person;
    enum err e = store_edge_close(c->store, EDGE_BLOCK, c->who.no, p->no);

    if (e == OK)
        call_say(c, "%1$s is no longer blocked. The follows do not come back: `follow %2$s`.",
                 call_person(c, p), p->nick);
    else if (e == E_NOTFOUND)
        call_say(c, "You had not blocked %s.", call_person(c, p));
    return e == E_NOTFOUND ? OK : e;
}

enum err run_blocked(struct call *c)
{
    struct listing li = {.title = say(c->arena, c->lang, "Blocked:"),
                         .empty = say(c->arena, c->lang, "You have blocked nobody.")};

    return list_edges(c, 1u << EDGE_BLOCK, NULL, &li);
}
