/* SPDX-License-Identifier: MIT */
/* All that is one's own, into the chat: the newest of it, in messages that follow the answer. */
#include "handlers/export.h"

#include <string.h>

#include "handlers/commands/rows.h"
#include "handlers/lists.h"

enum {
    NEWEST = 100, /* posts, private messages, likes, bookmarks, each */
    PART = 12000, /* bytes of one message */
    PARTS = 20    /* messages */
};

/* Where a part ends: behind the last line that fits. */
static size_t part_of(const char *text, size_t len)
{
    size_t n = len < PART ? len : PART;

    if (n < len) {
        while (n > 0 && text[n - 1] != '\n')
            n--;
    }
    return n > 0 ? n : len;
}

static enum err send(struct call *c, const struct buffer *all, int64_t parts)
{
    struct answer an = {.person = c->who.no, .to = c->who.jid, .from = c->request->to};
    size_t at = 0;

    for (int64_t i = 1; at < all->len; i++) {
        size_t n = part_of(all->data + at, all->len - at);
        int64_t event;
        enum err e;

        an.text = arena_printf(
            c->arena, "%s\n%.*s",
            say(c->arena, c->lang, "Part %1$lld of %2$lld", (long long)i, (long long)parts),
            (int)(all->data[at + n - 1] == '\n' ? n - 1 : n), all->data + at);
        e = store_answer_add(c->store, EVENT_NOTICE, &an, c->now, &event);
        if (e != OK)
            return e;
        at += n;
    }
    return OK;
}

enum err run_export(struct call *c)
{
    struct export x = {.store = c->store,
                       .arena = c->arena,
                       .who = c->who,
                       .now = c->now,
                       .text = true,
                       .lang = c->lang,
                       .step = LIMIT_LIST,
                       .most = NEWEST};
    struct buffer all;
    int64_t parts = 0;
    enum err e = OK;

    buffer_init(&all, (size_t)PART * (PARTS - 1));
    while (e == OK && !x.done)
        e = export_some(&x, &all);
    if (e == E_LIMIT) /* so many of the newest as fit */
        e = OK;
    for (size_t at = 0; at < all.len; parts++)
        at += part_of(all.data + at, all.len - at);
    if (e == OK)
        call_say_n(c, "What is yours comes in %lld message.",
                   "What is yours comes in %lld messages.", parts, (long long)parts);
    call_say(c,
             "Of posts, private messages, likes and bookmarks these are the newest %1$d each; your "
             "administrator can give you all of it as a file (`jaejalctl export %2$s`).",
             NEWEST, c->who.nick);
    if (e == OK)
        e = send(c, &all, parts);
    buffer_fini(&all);
    return e;
}
