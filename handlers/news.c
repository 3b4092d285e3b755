/* SPDX-License-Identifier: MIT */
#include "handlers/news.h"

#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "handlers/compose.h"
#include "handlers/messages.h"

enum { NAMES = 2, NOTICES_PER_TICK = 50, LINES = 30 };

/* "Bob Lee, Carol Im": the name alone where it is known; the nick tells people without one apart. */
static const char *actor(struct arena *a, const struct news *n)
{
    return *n->actor_name != '\0' ? n->actor_name : arena_printf(a, "@%s", n->actor_nick);
}

/* One line about all news that belong to news[first] (likes of one post, or new followers); marks them as told. */
static char *line(struct arena *a, enum lang l, const struct news *news, size_t n, size_t first,
                  bool *told)
{
    const struct news *f = &news[first];
    const char *names = NULL, *one = NULL, *two = NULL;
    long long count = 0;

    for (size_t i = first; i < n; i++) {
        if (news[i].kind != f->kind || news[i].post != f->post)
            continue;
        told[i] = true;
        if (count == 0)
            one = f->kind == NEWS_FOLLOWER ? say_person(a, news[i].actor_name, news[i].actor_nick)
                                           : actor(a, &news[i]);
        else if (count == 1)
            two = f->kind == NEWS_FOLLOWER ? say_person(a, news[i].actor_name, news[i].actor_nick)
                                           : actor(a, &news[i]);
        count += 1 + news[i].more;
    }
    if (count == 1)
        names = one;
    else if (count == 2)
        names = say(a, l, "%1$s and %2$s", one, two);
    else
        names = say(a, l, "%1$s, %2$s and %3$lld more", one, two, count - NAMES);
    if (f->kind == NEWS_REPEAT)
        return say(a, l, "%1$s: repeated by %2$s", compose_ref(a, f->post), names);
    if (f->kind == NEWS_LIKE)
        return say(a, l, "%1$s: liked by %2$s", compose_ref(a, f->post), names);
    return say_n(a, l, "New follower: %s", "New followers: %s", count, names);
}

static char *compose_news(struct arena *a, enum lang l, const struct news *news, size_t n)
{
    bool *told = arena_array(a, n, sizeof *told);
    char *out = NULL;
    size_t lines = 0, left = 0;

    for (size_t i = 0; i < n; i++) {
        char *row;

        if (told[i])
            continue;
        row = line(a, l, news, n, i, told);
        if (lines++ >= LINES) {
            left++;
            continue;
        }
        out = out != NULL ? arena_printf(a, "%s\n%s", out, row) : row;
    }
    if (left > 0)
        out = arena_printf(a, "%s\n%s", out,
                           say_n(a, l, "… and %lld more post was liked.",
                                 "… and %lld more posts were liked.", (int64_t)left,
                                 (long long)left));
    return out;
}

static enum err tell(struct store *st, const struct service_options *o, const struct news *news,
                     size_t n, int64_t now, struct arena *a)
{
    struct person p;
    struct answer an = {.person = news[0].person};
    int64_t event;
    enum err e = store_person_by_no(st, an.person, a, &p);

    if (e == E_NOTFOUND || (e == OK && p.state != PERSON_ACTIVE))
        return OK;
    if (e != OK)
        return e;
    an.to = p.jid;
    an.from = arena_printf(a, "%s@%s", o->bot, o->domain);
    an.text = compose_news(a, lang_parse(p.lang, lang_parse(o->language, LANG_EN)), news, n);
    return store_answer_add(st, EVENT_NOTICE, &an, now, &event);
}

enum err news_tick(struct store *st, const struct service_options *o, int64_t now, struct arena *a,
                   int64_t *next)
{
    for (int i = 0; i < NOTICES_PER_TICK && !arena_over(a); i++) {
        struct news *news;
        size_t n;
        enum err e = store_news_take(st, now, a, &news, &n, next);

        if (e == OK && n > 0)
            e = tell(st, o, news, n, now, a);
        if (e != OK)
            return e;
        if (n == 0)
            return OK;
    }
    *next = now; /* more are due: soon again */
    return OK;
}
