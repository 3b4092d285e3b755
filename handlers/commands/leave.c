/* SPDX-License-Identifier: MIT */
/* Leaving for good. What is erased and when: doc/leaving.md. */
#include "handlers/commands/rows.h"

#include "handlers/lists.h"
#include "handlers/post.h"

static enum err ask_first(struct call *c)
{
    struct person_counts n;
    enum err e = store_person_counts(c->store, c->who.no, &n);

    if (e != OK)
        return e;
    call_say(c, "This erases your account here for good; `undo` does not bring it back:");
    call_say(c, "- your profile, photo, follows, bookmarks, short forms and settings, at once");
    call_say_n(c,
               "- your %lld post and all your private messages: taken back from everybody who got "
               "them, within some minutes",
               "- your %lld posts and all your private messages: taken back from everybody who got "
               "them, within some minutes",
               n.posts, (long long)n.posts);
    call_say(c, "- your likes and repeats");
    call_say(c, "What others wrote stays theirs, also to you or with your name in it.");
    call_say(c, "`export` gives you a copy first.");
    call_say(c, "`yes` does it. Anything else keeps your account.");
    call_ask(c, arena_printf(c->arena, "forget me @%s", c->who.nick), NULL);
    return OK;
}

enum err run_forget(struct call *c)
{
    enum err e;

    if (!c->args[0].given)
        return ask_first(c);
    if (c->args[0].person.no != c->who.no) {
        call_say(c, "`forget me` is about your own account alone. Nothing was done.");
        return E_DENIED;
    }
    e = store_person_forget(c->store, c->who.no);
    if (e != OK)
        return e;
    c->outcome->left = true;
    call_say(c,
             "Goodbye, %s. Your account is gone, and what you wrote is being taken back. If you "
             "write here again, you begin anew.",
             call_person(c, &c->who));
    return OK;
}
