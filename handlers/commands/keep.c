/* SPDX-License-Identifier: MIT */
/* Bookmarks: nobody but who made them hears of them. */
#include "handlers/commands/rows.h"

#include "handlers/lists.h"
#include "handlers/post.h"

enum err run_save(struct call *c)
{
    const struct post *p = &c->args[0].post;
    enum err e = store_save_add(c->store, c->who.no, p->no, c->now);

    c->about = p->no;
    if (e == OK)
        call_say(c, "Kept %1$s by %2$s, for you alone. `saved` shows what you keep.",
                 call_ref(c, p->no), call_author(c, p));
    else if (e == E_EXISTS)
        call_say(c, "You keep %1$s already. `unsave %1$s` takes the bookmark away.",
                 call_ref(c, p->no));
    return e == E_EXISTS ? OK : e;
}

enum err run_unsave(struct call *c)
{
    const struct post *p = &c->args[0].post;
    enum err e = store_save_remove(c->store, c->who.no, p->no);

    c->about = p->no;
    if (e == OK)
        call_say(c, "%s is no longer among your bookmarks.", call_ref(c, p->no));
    else if (e == E_NOTFOUND)
        call_say(c, "You had no bookmark to %s.", call_ref(c, p->no));
    return e == E_NOTFOUND ? OK : e;
}

enum err run_saved(struct call *c)
{
    struct listing li = {.limit = c->args[0].given ? (int)c->args[0].number : 0};

    li.title = say(c->arena, c->lang, "Your bookmarks, the one made last at the end:");
    li.empty = say(c->arena, c->lang, "You keep nothing yet. `save #1234` keeps a post for you.");
    return list_posts(c, LIST_SAVED, 0, &li);
}
