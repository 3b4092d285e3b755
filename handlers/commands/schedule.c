/* SPDX-License-Identifier: MIT */
/* Posting later: what waits, and taking it off again. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "handlers/compose.h"
#include "handlers/dispatch.h"
#include "handlers/lists.h"
#include "handlers/post.h"
#include "handlers/schedule.h"

enum { EXCERPT = 60 };

/* It is typed again behind `cancel`: without the marks of thousands. */
static const char *number(struct call *c, int64_t n)
{
    return arena_printf(c->arena, "%lld", (long long)n);
}

/* The text to publish: what reads like anything but a post now would surprise everybody then. */
static enum err text_to_post(struct call *c, const char *typed, const char **text, int64_t *group)
{
    struct reading rd;
    enum err e = dispatch_read(c, typed, &rd);

    if (e != OK)
        return e;
    *text = typed;
    *group = 0;
    if (rd.kind == READING_ASK && rd.why == WHY_GROUP) {
        call_say(c, "There is no group %s that you can write to. Nothing was scheduled.",
                 compose_excerpt(c->arena, rd.bad, EXCERPT));
        return E_NOTFOUND;
    }
    if (rd.kind == READING_COMMAND && rd.command == command_named("post"))
        *text = rd.args[0].text;
    else if (rd.kind == READING_COMMAND && rd.command == command_named("group post")) {
        *text = rd.args[1].text;
        *group = rd.args[0].group.no;
    } else if (rd.kind != READING_POST) {
        call_say(c,
                 "“%s” reads like a command or a reply, and only posts can be scheduled. With "
                 "`post:` in front it is one: `schedule 2h post: TEXT`. Nothing was scheduled.",
                 compose_excerpt(c->arena, typed, EXCERPT));
        return E_USAGE;
    }
    return call_check_text(c, *text);
}

static const char *shown(struct call *c, const struct scheduled *s)
{
    return schedule_shown(c->store, s, c->who.no, EXCERPT, c->arena);
}

static enum err run_schedule(struct call *c)
{
    const struct value *when = &c->args[0];
    const char *text, *time;
    int64_t n, group;
    enum err e;

    if (when->number > LIMIT_AHEAD_DAYS * LIMIT_DAY_MS) {
        call_say(c, "That is more than a year ahead. Nothing was scheduled.");
        return E_LIMIT;
    }
    e = text_to_post(c, c->args[1].text, &text, &group);
    if (e == OK)
        e = store_scheduled_add(c->store, c->who.no, when->instant, group, text, &n);
    if (e == E_LIMIT && c->answer.len == 0)
        call_say(c,
                 "You have %d posts scheduled, and that is the limit. `scheduled` shows them. "
                 "Nothing was scheduled.",
                 LIMIT_SCHEDULED);
    if (e != OK)
        return e;
    time = say_time(c->arena, c->lang, when->instant, c->now, c->who.zone);
    call_say(c, "Scheduled as number %1$s, for %2$s: “%3$s”\n`cancel %1$s` takes it off.",
             number(c, n), time, shown(c, &(struct scheduled){.text = text, .group = group}));
    return OK;
}

static void put_scheduled(struct call *c, const void *rows, size_t i)
{
    const struct scheduled *s = &((const struct scheduled *)rows)[i];

    call_say(c, "%1$s - %2$s: %3$s", number(c, s->n),
             say_time(c->arena, c->lang, s->at, c->now, c->who.zone), shown(c, s));
}

enum err list_scheduled(struct call *c, int64_t at, int64_t n, const struct listing *li)
{
    struct more next = {.kind = MORE_SCHEDULED, .limit = list_limit(li)};
    struct scheduled *list;
    size_t found;
    bool more;
    enum err e = store_scheduled_list(c->store, c->who.no, at, n, (size_t)next.limit, c->arena,
                                      &list, &found, &more);

    if (e != OK)
        return e;
    if (found > 0) {
        next.before = list[found - 1].at;
        next.object = list[found - 1].n;
    }
    return list_page(c, li,
                     &(struct page){.rows = list,
                                    .n = found,
                                    .more = more,
                                    .put = put_scheduled,
                                    .foot = say(c->arena, c->lang, "`cancel N` takes one off.")},
                     &next);
}

static enum err run_scheduled(struct call *c)
{
    struct listing li = {.limit = 0};

    li.title = say(c->arena, c->lang, "Scheduled, the next one first:");
    li.empty = say(c->arena, c->lang,
                   "You have nothing scheduled. `schedule tomorrow 09:00 TEXT` posts TEXT then.");
    return list_scheduled(c, 0, 0, &li);
}

static enum err run_cancel(struct call *c)
{
    const char *n = number(c, c->args[0].number);
    enum err e = store_scheduled_remove(c->store, c->who.no, c->args[0].number);

    if (e == OK)
        call_say(c, "Number %s is taken off; it will not be posted.", n);
    else if (e == E_NOTFOUND)
        call_say(c,
                 "You have nothing scheduled under the number %s. `scheduled` shows what you "
                 "have; `undo` takes back what was posted.",
                 n);
    return e;
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "schedule", .korean = {"예약"},
        .args = {{.kind = ARG_TIME, .name = "TIME", .ask = N_("When should it be posted?")}, {.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("schedule TIME TEXT"),
        .summary = N_("Posts a text later"),
        .help = N_("TIME is like 2h, 3d, 17:30, tomorrow 09:00 or 2026-12-24 09:00, in your time zone (`zone`), at most a year ahead. "
                   "It is posted as if you wrote it then, and you are told. Posts to your followers can be scheduled, and posts to a group: `schedule 2h !design TEXT`."),
        .examples = {"schedule 2h Cake in the kitchen", "schedule tomorrow 09:00 Good morning", "예약 2시간 주방에 케이크 있어요"},
        .run = run_schedule,
    },
    {
        .name = "scheduled", .korean = {"예약목록"},
        .form = N_("scheduled"),
        .summary = N_("What you have scheduled"),
        .examples = {"scheduled", "예약목록"},
        .run = run_scheduled,
    },
    {
        .name = "cancel", .korean = {"예약취소"},
        .args = {{.kind = ARG_COUNT, .flags = ARG_EXACT, .name = "N",
                  .ask = N_("Which number of `scheduled`?")}},
        .flags = COMMAND_WRITES,
        .form = N_("cancel N"),
        .summary = N_("Takes something off that list"),
        .help = N_("N is the number that `scheduled` shows."),
        .examples = {"cancel 1", "예약취소 1"},
        .run = run_cancel,
    },
};
/* clang-format on */
const struct family family_schedule = {N_("Later"), rows, ARRAY_LEN(rows)};
