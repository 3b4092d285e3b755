/* SPDX-License-Identifier: MIT */
/* `status`: the answer to "why do I get nothing?", from what the bot sees. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "handlers/lists.h"
#include "handlers/post.h"

static const char *show_words(struct call *c, const char *show)
{
    if (strcmp(show, "away") == 0)
        return message_get(c->lang, N_("away"));
    if (strcmp(show, "xa") == 0)
        return message_get(c->lang, N_("away for long"));
    if (strcmp(show, "dnd") == 0)
        return message_get(c->lang, N_("do not disturb"));
    if (strcmp(show, "chat") == 0)
        return message_get(c->lang, N_("ready to chat"));
    return message_get(c->lang, N_("online"));
}

/* Which clients there are, and whether any of them takes messages. */
static void put_clients(struct call *c, const struct sight *s)
{
    bool open = false;

    if (s->n_clients == 0) {
        if (!c->who.shares)
            call_say(c, "I do not see when you are online, so updates are sent at any time. Add me "
                        "as a contact, and I wait "
                        "while you are away.");
        else if (!s->known)
            call_say(c, "I have not heard of your clients since I was started. Updates are sent as "
                        "soon as I do.");
        else
            call_say(c, "I see no client of yours online.");
        return;
    }
    call_say_n(c,
               "I see %lld client of yours:", "I see %lld clients of yours:", (int64_t)s->n_clients,
               (long long)s->n_clients);
    for (size_t i = 0; i < s->n_clients; i++) {
        const struct sight_client *cl = &s->clients[i];

        call_put(c, say(c->arena, c->lang, "  %1$s: %2$s, priority %3$d", cl->resource,
                        show_words(c, cl->show), cl->priority));
        open = open || cl->priority >= 0;
    }
    if (!open)
        call_say(c, "All of them have a negative priority, so your server gives them nothing. Set "
                    "it to 0 or above.");
}

static enum err put_held(struct call *c, const struct sight *s)
{
    enum err e = c->who.on ? put_peace(c) : OK;

    if (e != OK)
        return e;
    if (!c->who.on)
        call_say(c, "Updates are off: they wait until `on`.");
    else if (s->bounced)
        call_say(c, "My last messages to you came back from your server. I try again later, and at "
                    "once when you write.");
    else if (s->woken)
        call_say(c, "I had no sign of life from you for three months, so updates were off by "
                    "themselves. Now they are on again.");
    else if (s->held)
        call_say(c, "Updates wait until I see you online.");
    if (s->waiting >= 1000)
        call_say(c, "1,000 updates or more wait for you.");
    else if (s->waiting > 0)
        call_say_n(c, "%lld update waits for you.", "%lld updates wait for you.", s->waiting,
                   (long long)s->waiting);
    else if (c->who.on && !s->bounced && !s->held && c->who.holds == 0)
        call_say(c, "Nothing waits for you: updates come at once.");
    return OK;
}

/* What reached them last. */
static enum err put_last(struct call *c, const struct sight *s)
{
    const char *when;
    struct event ev;
    struct post p;
    enum err e;

    if (s->last_at == 0)
        return OK;
    when = say_time(c->arena, c->lang, s->last_at, c->now, c->who.zone);
    e = s->last_event != 0 ? store_event_get(c->store, s->last_event, &ev) : E_NOTFOUND;
    if (e == OK && ev.post != 0)
        e = store_post_get(c->store, ev.post, c->who.no, c->arena, &p);
    else if (e == OK)
        e = E_NOTFOUND;
    if (e == OK)
        call_say(c, "The last thing that reached you: %1$s by %2$s, %3$s.", call_ref(c, p.no),
                 call_author(c, &p), when);
    else if (e == E_NOTFOUND)
        call_say(c, "The last thing that reached you: %s.", when);
    return e == E_NOTFOUND ? OK : e;
}

enum err run_status(struct call *c)
{
    struct sight s = {.waiting = -1};
    struct person_counts n;
    enum err e = store_person_counts(c->store, c->who.no, &n);

    if (e != OK)
        return e;
    if (c->options->look != NULL) {
        c->options->look(c->options->look_arg, c->who.no, c->arena, &s);
        put_clients(c, &s);
    }
    e = put_held(c, &s);
    if (e == OK)
        e = put_last(c, &s);
    if (e == OK && n.following == 0)
        call_say(c, "You follow nobody yet: `follow @nick` brings what a colleague posts.");
    return e;
}
