/* SPDX-License-Identifier: MIT */
/* Tags: those in use, and those that rise. Only public posts count. */
#include "handlers/commands/rows.h"

#include "base/limits.h"
#include "handlers/lists.h"

static void put_tag(struct call *c, const void *rows, size_t i)
{
    const struct tag_use *tag = &((const struct tag_use *)rows)[i];

    call_say_n(c, "#%1$s: %2$lld post", "#%1$s: %2$lld posts", tag->uses, tag->shown,
               (long long)tag->uses);
}

enum err list_tags(struct call *c, int64_t uses, int64_t no, const struct listing *li)
{
    struct more next = {.kind = MORE_TAGS, .limit = list_limit(li)};
    struct tag_use *tags = NULL;
    size_t n = 0;
    bool more = false;
    enum err e;

    e = store_tags_used(c->store, uses, no, (size_t)next.limit, c->arena, &tags, &n, &more);
    if (e != OK)
        return e;
    if (n > 0) {
        next.before = tags[n - 1].uses;
        next.object = tags[n - 1].no;
    }
    return list_page(c, li, &(struct page){.rows = tags, .n = n, .more = more, .put = put_tag},
                     &next);
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
