/* SPDX-License-Identifier: MIT */
/* Tags: those in use, and those that rise. Only public posts count. */
#include "handlers/commands/rows.h"

#include "base/limits.h"
#include "handlers/lists.h"

enum { PAGE = 20 /* rows */ };

enum err list_tags(struct call *c, int64_t uses, int64_t no, const struct listing *li)
{
    struct more next = {.kind = MORE_TAGS, .limit = li->limit > 0 ? li->limit : PAGE};
    struct tag_use *tags = NULL;
    size_t n = 0;
    bool more = false;
    enum err e;

    if (next.limit > LIMIT_LIST)
        next.limit = LIMIT_LIST;
    e = store_tags_used(c->store, uses, no, (size_t)next.limit, c->arena, &tags, &n, &more);
    if (e != OK)
        return e;
    if (n == 0) {
        call_put(c, li->empty);
        return OK;
    }
    if (li->title != NULL)
        call_put(c, li->title);
    for (size_t i = 0; i < n; i++)
        call_say_n(c, "#%1$s: %2$lld post", "#%1$s: %2$lld posts", tags[i].uses, tags[i].shown,
                   (long long)tags[i].uses);
    next.before = tags[n - 1].uses;
    next.object = tags[n - 1].no;
    call_set_more(c, &next);
    if (more)
        call_say(c, "`more` shows the next ones.");
    return OK;
}

enum err run_tags(struct call *c)
{
    struct listing li = {.limit = 0};

    li.title = say(c->arena, c->lang, "The tags in use, the most used first:");
    li.empty = say(c->arena, c->lang,
                   "No tag is in use yet. A word with # in front is one: #lunch, for example.");
    return list_tags(c, 0, 0, &li);
}

enum err run_trends(struct call *c)
{
    struct tag_use *tags = NULL;
    size_t n = 0;
    enum err e = store_trends(c->store, c->now, LIMIT_LIST_DEFAULT, c->arena, &tags, &n);

    if (e != OK)
        return e;
    if (n == 0) {
        call_say(c, "No tag rises today. `tags` shows those in use.");
        return OK;
    }
    call_say(c, "What rises today, in posts:");
    for (size_t i = 0; i < n; i++) {
        long long today = (long long)tags[i].uses, usual = (long long)(tags[i].week + 3) / 7;

        if (usual > 0)
            call_say(c, "#%1$s: %2$lld, on other days about %3$lld", tags[i].shown, today, usual);
        else
            call_say(c, "#%1$s: %2$lld, on other days hardly any", tags[i].shown, today);
    }
    return OK;
}
