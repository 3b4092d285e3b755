/* SPDX-License-Identifier: MIT */
#include "handlers/schedule.h"

#include "base/limits.h"
#include "handlers/compose.h"
#include "handlers/post.h"
#include "handlers/state.h"

enum { EXCERPT = 60 };
#define LATE_MS 120000      /* later than that is said */
#define LOOK_AGAIN_MS 60000 /* the clock on the wall may be set meanwhile */

const char *schedule_shown(struct store *st, const struct scheduled *s, int64_t person, size_t most,
                           struct arena *a)
{
    const char *text = compose_excerpt(a, s->text, most);
    struct group g;

    if (s->group == 0 || store_group_get(st, s->group, person, a, &g) != OK)
        return text;
    return arena_printf(a, "%s %s", g.label, text);
}

/* What the author is told: how it was posted, or why not. */
static const char *report(struct call *c, const struct scheduled *due, enum err e)
{
    const char *excerpt = compose_excerpt(c->arena, due->text, EXCERPT);
    const char *what = arena_ndup(c->arena, c->answer.data, c->answer.len);

    if (e != OK)
        return say(c->arena, c->lang, "What you had scheduled was not posted: “%1$s”\n%2$s",
                   excerpt, what);
    if (c->now - due->at < LATE_MS)
        return say(c->arena, c->lang, "%1$s\nAs you had scheduled: “%2$s”", what, excerpt);
    return say(c->arena, c->lang,
               "%1$s\nYou had scheduled it for %2$s; it comes late, since I was not running then: "
               "“%3$s”",
               what, say_time(c->arena, c->lang, due->at, c->now, c->who.zone), excerpt);
}

/* One post, as its author would have sent it now: in the transaction of the tick, with the notice. */
static enum err publish(struct call *c, const struct scheduled *due)
{
    struct answer an = {.person = due->person};
    int64_t event;
    enum err e = store_person_by_no(c->store, due->person, c->arena, &c->who);

    if (e != OK)
        return e;
    c->lang = lang_parse(c->who.lang, lang_parse(c->options->language, LANG_EN));
    e = call_post(c, &(struct posting){.text = due->text, .group = due->group});
    if (e == E_NOTFOUND && c->answer.len == 0)
        call_say(c, "You are no longer in that group.");
    if (e == E_FULL || e == E_IO || e == E_SYSTEM)
        return e;
    an.to = c->who.jid;
    an.from = arena_printf(c->arena, "%s@%s", c->options->bot, c->options->domain);
    an.text = report(c, due, e);
    an.post = e == OK ? c->made : 0;
    return store_answer_add(c->store, EVENT_NOTICE, &an, c->now, &event);
}

enum err schedule_tick(struct service *s, int64_t now, struct arena *a, int64_t *next)
{
    const struct request nothing = {.body = NULL};
    struct call c = {.service = s,
                     .options = &s->options,
                     .store = s->store,
                     .arena = a,
                     .request = &nothing,
                     .now = now,
                     .role = ROLE_EMPLOYEE};
    struct scheduled due;
    enum err e = store_scheduled_take(s->store, now, a, &due, next);

    if (*next > now + LOOK_AGAIN_MS)
        *next = now + LOOK_AGAIN_MS;
    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    buffer_init(&c.answer, LIMIT_ANSWER);
    e = publish(&c, &due);
    buffer_fini(&c.answer);
    return e;
}
