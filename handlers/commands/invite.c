/* SPDX-License-Identifier: MIT */
/* Asking a colleague in, reminding one to write. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/jid.h"
#include "base/limits.h"
#include "handlers/admins.h"
#include "handlers/compose.h"
#include "handlers/post.h"

/* ---- invite --------------------------------------------------------------------------------- */

/* The bare JID that was typed, of a colleague. E_USAGE, said. */
static enum err colleague(struct call *c, const char *typed, const char **bare)
{
    const struct service_options *o = c->options;
    const char *shown = compose_excerpt(c->arena, typed, LIMIT_NAME);
    const char *domain = o->n_allowed_domains > 0 ? o->allowed_domains[0] : o->domain;
    struct jid j;

    if (strncmp(typed, "xmpp:", strlen("xmpp:")) == 0)
        typed += strlen("xmpp:");
    if (jid_parse(c->arena, typed, &j) != OK || j.local == NULL || j.resource != NULL) {
        call_say(c, "“%1$s” is no address like erin@%2$s. Nobody was asked.", shown, domain);
        return E_USAGE;
    }
    if (!jid_domain_in(&j, o->allowed_domains, o->n_allowed_domains)) {
        call_say(c, "Only colleagues can be asked in: addresses like erin@%s. Nobody was asked.",
                 domain);
        return E_USAGE;
    }
    *bare = jid_bare(c->arena, &j);
    return OK;
}

/* In the language of the service: theirs is not known yet. */
static const char *invitation(struct call *c)
{
    enum lang l = lang_parse(c->options->language, LANG_EN);

    return say(c->arena, l,
               "%1$s invites you to %2$s, where colleagues write each other short posts, in a chat "
               "like this one.\n"
               "- `help` shows what I understand, `all` what is going on; neither publishes "
               "anything.\n"
               "- Anything else you write here is a post that your colleagues can read.\n"
               "You are not asked a second time.",
               call_person(c, &c->who), c->options->name);
}

enum err run_invite(struct call *c)
{
    const char *bare = NULL;
    struct person p;
    enum err e = colleague(c, c->args[0].text, &bare);

    if (e != OK)
        return e;
    e = store_person_by_jid(c->store, bare, c->arena, &p);
    if (e == OK) {
        call_say(c, "%s is here already.", call_person(c, &p));
        return OK;
    }
    if (e == E_NOTFOUND)
        e = store_invitation_add(c->store, bare, c->who.no, c->now);
    if (e == E_EXISTS)
        call_say(c, "%s was asked before, and nobody is asked twice. Speak to them yourself.",
                 bare);
    else if (e == E_LIMIT)
        call_say(c, "You have asked %d people within a day, and that is the limit.", LIMIT_INVITES);
    if (e != OK)
        return e == E_EXISTS ? OK : e;
    c->outcome->invited = bare;
    c->outcome->invitation = invitation(c);
    call_say(c, "Asked %s in. They get one message from me, with your name.", bare);
    return OK;
}

/* ---- nudge ---------------------------------------------------------------------------------- */

/* Who has muted or blocked the caller is not reminded by them, and not given away. */
static enum err wants_none(struct call *c, int64_t person, bool *yes)
{
    struct edge edge;
    enum err e = store_edge_get(c->store, EDGE_MUTE_PERSON, person, c->who.no, c->now, &edge);

    if (e == E_NOTFOUND)
        e = store_edge_get(c->store, EDGE_BLOCK, person, c->who.no, c->now, &edge);
    *yes = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

static enum err may_nudge(struct call *c, const struct person *p)
{
    struct edge edge;
    enum err e;

    if (p->no == c->who.no) {
        call_say(c, "That is you. Just write something.");
        return E_USAGE;
    }
    if (p->state != PERSON_ACTIVE) {
        call_say(c, "%s is not here at present.", call_person(c, p));
        return E_DENIED;
    }
    e = store_edge_get(c->store, EDGE_BLOCK, c->who.no, p->no, c->now, &edge);
    if (e == OK) {
        call_say(c, "You have blocked %1$s. `unblock %2$s` comes first. Nothing was sent.",
                 call_person(c, p), p->nick);
        return E_DENIED;
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err run_nudge(struct call *c)
{
    const struct person *p = &c->args[0].person;
    bool silent = false;
    enum err e = may_nudge(c, p);

    if (e == OK)
        e = store_nudge_add(c->store, c->who.no, p->no, c->now);
    if (e == E_EXISTS)
        call_say(c, "You have reminded %s already; once a week is enough.", call_person(c, p));
    else if (e == E_LIMIT)
        call_say(c, "Somebody has reminded %s today already. Try again tomorrow.",
                 call_person(c, p));
    if (e == OK)
        e = wants_none(c, p->no, &silent);
    if (e == OK && !silent)
        e = call_notice(c, p, 0,
                        say(c->arena, call_lang_of(c, p),
                            "%s would like to read something from you. Whatever you write here is "
                            "a post for those who follow you.",
                            call_person(c, &c->who)));
    if (e != OK)
        return e == E_EXISTS ? OK : e;
    call_say(c, "Reminded %s that you would like to read something. Once a week is the most.",
             call_person(c, p));
    return OK;
}
