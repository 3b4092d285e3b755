/* SPDX-License-Identifier: MIT */
/* Figures: of the company, for everybody; of the service, for its administrators. */
#include "handlers/commands/rows.h"

#include "base/limits.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/post.h"

enum { MOST_LIKED = 3, TAGS_SHOWN = 5, EXCERPT = 60 };

static const char *posts_of(struct call *c, const struct company_period *p)
{
    return say_n(c->arena, c->lang, "%lld post", "%lld posts", p->posts, (long long)p->posts);
}

static const char *people_of(struct call *c, int64_t n)
{
    return say_n(c->arena, c->lang, "%lld person", "%lld people", n, (long long)n);
}

static void say_periods(struct call *c, const struct company_figures *f)
{
    call_say(c, "Today %1$s by %2$s; yesterday %3$s by %4$s.", posts_of(c, &f->days[0]),
             people_of(c, f->days[0].authors), posts_of(c, &f->days[1]),
             people_of(c, f->days[1].authors));
    call_say(c, "This week %1$s by %2$s; last week %3$s by %4$s.", posts_of(c, &f->weeks[0]),
             people_of(c, f->weeks[0].authors), posts_of(c, &f->weeks[1]),
             people_of(c, f->weeks[1].authors));
}

static enum err say_liked(struct call *c)
{
    struct post *posts;
    size_t n;
    enum err e = store_company_liked(c->store, c->now, c->who.no, MOST_LIKED, c->arena, &posts, &n);

    if (e != OK || n == 0)
        return e;
    call_say(c, "Most liked this week:");
    for (size_t i = 0; i < n; i++) {
        const char *author = call_author(c, &posts[i]), *ref = call_ref(c, posts[i].no);
        const char *text = compose_excerpt(c->arena, posts[i].text, EXCERPT);

        call_say_n(c, "%1$s: %2$s (%3$s), %4$lld like", "%1$s: %2$s (%3$s), %4$lld likes",
                   posts[i].likes, author, text, ref, (long long)posts[i].likes);
    }
    return OK;
}

static enum err say_busy(struct call *c)
{
    struct tag_use *tags;
    const char *names[TAGS_SHOWN];
    size_t n;
    enum err e = store_tags_busy(c->store, c->now, TAGS_SHOWN, c->arena, &tags, &n);

    if (e != OK || n == 0)
        return e;
    for (size_t i = 0; i < n; i++)
        names[i] = arena_printf(c->arena, "#%s (%lld)", tags[i].shown, (long long)tags[i].uses);
    call_say(c, "The busiest tags today: %s", list_join(c, names, n, TAGS_SHOWN));
    return OK;
}

enum err run_stats_company(struct call *c)
{
    struct company_figures f;
    enum err e = store_company(c->store, c->now, &f);

    if (e != OK)
        return e;
    call_say(c, "The company: %1$s, %2$lld new this week.", people_of(c, f.people),
             (long long)f.weeks[0].joined);
    say_periods(c, &f);
    e = say_liked(c);
    if (e == OK)
        e = say_busy(c);
    if (e == OK)
        call_say(c, "Only what is public counts. `trends` shows what rises, `tags` all tags.");
    return e;
}

/* ---- the service -------------------------------------------------------------------------------- */

static void say_delivery(struct call *c)
{
    struct service_figures f = {.known = false};

    if (c->options->figures != NULL)
        c->options->figures(c->options->look_arg, &f);
    if (!f.known)
        return;
    call_say(c, "Updates sent since the start: %1$lld. On their way: %2$lld.", (long long)f.sent,
             (long long)f.walks);
    call_say(c, "There now: %1$s. Waiting for their return: %2$s, after a bounce %3$lld of them.",
             people_of(c, f.reachable), people_of(c, f.held), (long long)f.bounced);
    if (f.asleep > 0)
        call_say(c, "Off by themselves, since three months passed without a sign of life: %s.",
                 people_of(c, f.asleep));
}

enum err run_admin_stats(struct call *c)
{
    struct company_figures f;
    struct store_figures s;
    const char *days = "";
    enum err e = store_company(c->store, c->now, &f);

    if (e == OK)
        e = store_figures(c->store, &s);
    if (e != OK)
        return e;
    call_say(c, "Accounts: %1$lld, %2$lld new this week.", (long long)f.people,
             (long long)f.weeks[0].joined);
    say_periods(c, &f);
    for (int i = COMPANY_DAYS - 1; i >= 0; i--)
        days = arena_printf(c->arena, "%s %lld", days, (long long)f.days[i].posts);
    call_say(c, "Public posts a day, today last:%s", days);
    say_delivery(c);
    call_say(c, "Database: %1$lld MB, and %2$lld kB not yet merged into it. To be indexed: %3$lld.",
             (long long)((s.db_bytes + 999999) / 1000000), (long long)((s.wal_bytes + 999) / 1000),
             (long long)s.to_index);
    return OK;
}
