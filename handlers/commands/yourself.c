/* SPDX-License-Identifier: MIT */
/* What one is and wants: profile, language, updates on and off, figures, help. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/help.h"
#include "handlers/lists.h"
#include "handlers/peace.h"
#include "handlers/post.h"

/* ---- updates on and off ------------------------------------------------------------------------- */

static enum err run_on(struct call *c)
{
    bool snoozed;
    enum err e = end_snooze(c, &snoozed);

    if (e == OK && !c->who.on)
        e = store_person_set_flag(c->store, c->who.no, FLAG_ON, true);
    if (e != OK)
        return e;
    c->outcome->on_changed = !c->who.on;
    if (!c->who.on || snoozed)
        call_say(c, "Updates are on again; what waited comes now. `off` holds them back.");
    else
        call_say(c, "Updates are on. `off` holds them back.");
    return put_peace(c);
}

/* Where the oldest update that waits for the caller stands; 0: nothing waits. */
static enum err held_from(struct call *c, int64_t *from)
{
    struct held *held;
    size_t n;
    enum err e = store_held_page(c->store, c->who.no - 1, 1, c->arena, &held, &n);

    *from = 0;
    for (size_t i = 0; e == OK && i < n; i++) {
        if (held[i].person == c->who.no && (*from == 0 || held[i].from < *from))
            *from = held[i].from;
    }
    return e;
}

/* `on+`: also shows up to ten of the newest that waited, whatever the catch-up makes of them. */
static enum err run_on_plus(struct call *c)
{
    struct listing li = {.limit = LIMIT_LIST_DEFAULT};
    int64_t from;
    enum err e = held_from(c, &from);

    if (e == OK)
        e = run_on(c);
    if (e != OK)
        return e;
    li.title = say(c->arena, c->lang, "The newest you missed:");
    li.empty = say(c->arena, c->lang, "You have missed nothing.");
    if (from == 0) {
        call_put(c, li.empty);
        return OK;
    }
    c->outcome->show_missed = true;
    return list_missed(c, from, &li);
}

static enum err run_off(struct call *c)
{
    enum err e;

    if (!c->who.on) {
        call_say(c, "Updates are off already. `on` brings what waits.");
        return OK;
    }
    e = store_person_set_flag(c->store, c->who.no, FLAG_ON, false);
    if (e != OK)
        return e;
    c->outcome->on_changed = true;
    call_say(c, "Updates are off: they wait for you, up to 30 days. `on` brings them. What you "
                "write here is still answered.");
    return OK;
}

/* ---- profile ------------------------------------------------------------------------------------ */

static enum err run_me(struct call *c)
{
    enum err e = show_person(c, &c->who);

    if (e != OK)
        return e;
    call_say(c, "Address: %s", c->who.jid);
    call_say(c, c->lang == LANG_KO ? N_("Language: Korean (`lang en` for English)")
                                   : N_("Language: English (`lang ko` for Korean)"));
    if (*c->who.zone != '\0')
        call_say(c, "Time zone: %s", c->who.zone);
    if (c->who.on)
        call_say(c, "Updates: on");
    else
        call_say(c, "Updates: off (`on` brings what waits)");
    call_say(c, "`set title TEXT` and `set bio TEXT` change what others see; name and photo come "
                "from your own vCard.");
    return OK;
}

static const char *now_lang(struct call *c, const struct value *args)
{
    (void)args;
    return c->lang == LANG_KO ? "한국어" : "en";
}

static const char *now_zone(struct call *c, const struct value *args)
{
    (void)args;
    return c->who.zone;
}

static enum err run_lang(struct call *c)
{
    const char *typed = c->args[0].given ? c->args[0].text : "";
    enum lang l = c->lang;
    enum err e;

    if (strcmp(typed, "ko") == 0 || strcmp(typed, "korean") == 0 ||
        strncmp(typed, "한국", strlen("한국")) == 0)
        l = LANG_KO;
    else if (*typed != '\0')
        l = LANG_EN;
    if (*typed != '\0') {
        e = store_person_set(c->store, c->who.no, FIELD_LANG, lang_tag(l));
        if (e != OK)
            return e;
        c->outcome->lang_changed = true;
        c->lang = l;
    }
    call_say(c, l == LANG_KO ? N_("I speak Korean with you. `lang en`: English.")
                             : N_("I speak English with you. `lang ko`: Korean."));
    return OK;
}

/* As the tz database writes it: "asia/seoul" is Asia/Seoul, "utc" UTC. NULL: there is none. */
static const char *zone_named(struct arena *a, const char *typed)
{
    char *name = arena_dup(a, typed);
    bool first = true;

    if (clock_zone_known(typed))
        return typed;
    for (char *p = name; *p != '\0'; p++) {
        bool lower = *p >= 'a' && *p <= 'z', upper = *p >= 'A' && *p <= 'Z';

        if (first && lower)
            *p = (char)(*p - 'a' + 'A');
        else if (!first && upper)
            *p = (char)(*p - 'A' + 'a');
        first = !lower && !upper;
    }
    if (clock_zone_known(name))
        return name;
    for (char *p = name; *p != '\0'; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return clock_zone_known(name) ? name : NULL;
}

static enum err run_zone(struct call *c)
{
    const char *typed = c->args[0].given ? c->args[0].text : NULL, *zone = c->who.zone, *now;
    enum err e;

    if (typed != NULL) {
        zone = strcmp(typed, "-") == 0 ? "" : zone_named(c->arena, typed);
        if (zone == NULL) {
            call_say(c,
                     "I know no time zone “%s”, so nothing was changed. They are a continent and a "
                     "city: `zone Asia/Seoul`",
                     typed);
            return E_USAGE;
        }
        e = store_person_set(c->store, c->who.no, FIELD_ZONE, zone);
        if (e == OK)
            e = peace_renew(c->store, c->who.no, zone, c->now);
        if (e != OK)
            return e;
        c->outcome->peace_changed = true;
    }
    now = say_time(c->arena, c->lang, c->now, c->now, zone);
    if (*zone == '\0')
        call_say(c,
                 "Times are those of the server: it is %s there. `zone Asia/Seoul` changes that.",
                 now);
    else if (typed != NULL)
        call_say(c, "Your time zone is now %1$s: it is %2$s there.", zone, now);
    else
        call_say(c,
                 "Your time zone is %1$s: it is %2$s there. `zone Asia/Seoul` changes it, `zone -` "
                 "takes the server's.",
                 zone, now);
    return OK;
}

static enum err run_stats(struct call *c)
{
    struct person_counts n;
    enum err e;

    if (c->args[0].given)
        return run_stats_company(c);
    e = store_person_counts(c->store, c->who.no, &n);
    if (e != OK)
        return e;
    call_say(c, "Your figures, since %s:",
             say_time(c->arena, c->lang, c->who.joined_at, c->now, c->who.zone));
    call_say_n(c, "%lld post", "%lld posts", n.posts, (long long)n.posts);
    call_say_n(c, "%lld like for them", "%lld likes for them", n.likes_got, (long long)n.likes_got);
    call_say_n(c, "%lld follower", "%lld followers", n.followers, (long long)n.followers);
    call_say_n(c, "follows %lld", "follows %lld", n.following, (long long)n.following);
    return OK;
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "on", .korean = {"켜기"},
        .flags = COMMAND_WRITES,
        .form = N_("on"),
        .summary = N_("Updates come to you"),
        .help = N_("What waited while they were off comes now. `on+` also shows the ten newest that you missed."),
        .examples = {"on", "켜기"},
        .run = run_on,
    },
    {
        .name = "on+", .korean = {"켜기+"},
        .flags = COMMAND_WRITES,
        .form = N_("on+"),
        .summary = N_("Updates on, and the ten newest you missed"),
        .examples = {"on+", "켜기+"},
        .run = run_on_plus,
    },
    {
        .name = "off", .korean = {"끄기"},
        .flags = COMMAND_WRITES,
        .form = N_("off"),
        .summary = N_("Updates wait, up to 30 days; none is lost"),
        .examples = {"off", "끄기"},
        .run = run_off,
    },
    {
        .name = "me", .korean = {"내정보", "나"},
        .form = N_("me"),
        .summary = N_("Your profile and settings, as they stand"),
        .examples = {"me", "내정보"},
        .run = run_me,
    },
    {
        .name = "settings", .korean = {"설정목록"},
        .form = N_("settings"),
        .summary = N_("All settings with their meaning"),
        .examples = {"settings", "설정목록"},
        .run = run_settings,
    },
    {
        .name = "set", .korean = {"설정"},
        .args = {{.kind = ARG_CHOICE, .name = "NAME", .ask = N_("Which setting?"),
                  .choices = "bio|title|updates|snooze|quiet|allow|digest|likes|language|zone|"
                             "소개|직함|새글|잠시끄기|방해금지|허용|모아보기|좋아요알림|언어|시간대||lang|timezone"},
                 {.kind = ARG_TEXT, .flags = ARG_OPTIONAL, .name = "VALUE", .now = now_set, .among = among_set}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("set NAME VALUE, such as set bio TEXT"),
        .summary = N_("Changes one of your settings"),
        .help = N_("`settings` lists them. Without a value it shows what stands there; a bio or title is emptied with `-`."),
        .examples = {"set bio Mountains and coffee", "set lang en", "설정 직함 개발자", "set zone"},
        .takes = takes_set,
        .run = run_set,
    },
    {
        .name = "lang", .aliases = {"language"}, .korean = {"언어"},
        .args = {{.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "LANGUAGE",
                  .choices = "en|ko|영어|한국어||english|korean|한국말", .now = now_lang}},
        .flags = COMMAND_WRITES,
        .form = N_("lang en, lang ko"),
        .summary = N_("The language I speak with you"),
        .examples = {"lang en", "lang ko", "언어 한국어"},
        .run = run_lang,
    },
    {
        .name = "zone", .korean = {"시간대"},
        .args = {{.kind = ARG_WORD, .flags = ARG_OPTIONAL, .name = "ZONE", .now = now_zone}},
        .flags = COMMAND_WRITES,
        .form = N_("zone Asia/Seoul"),
        .summary = N_("Your time zone, for all times shown and typed"),
        .help = N_("Without a name it says which it is, with `-` it is the server's again. Names are those of the tz database: a "
                   "continent and a city."),
        .examples = {"zone Asia/Seoul", "zone", "시간대 Europe/Berlin"},
        .run = run_zone,
    },
    {
        .name = "alias", .korean = {"줄임말"},
        .args = {{.kind = ARG_WORD, .flags = ARG_OR_NONE, .name = "NAME"},
                 {.kind = ARG_CHOICE, .name = "=", .choices = "="},
                 {.kind = ARG_TEXT, .name = "COMMAND"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("alias NAME = COMMAND …"),
        .summary = N_("A short form of your own; alone it lists them"),
        .help = N_("`%1` in it stands for what follows the name; with `%1 %2` the first word and the rest, `%*` is all of it. "
                   "After `alias hi = d bob hi %1`, `hi there` tells Bob “hi there”."),
        .examples = {"alias hi = d bob hi %1", "alias", "줄임말 안녕 = 쪽지 bob 안녕 %1"},
        .run = run_alias,
    },
    {
        .name = "unalias", .korean = {"줄임말삭제"},
        .args = {{.kind = ARG_WORD, .name = "NAME"}},
        .flags = COMMAND_WRITES,
        .form = N_("unalias NAME"),
        .summary = N_("Takes a short form of yours away"),
        .examples = {"unalias hi", "줄임말삭제 hi"},
        .run = run_unalias,
    },
    {
        .name = "stats", .korean = {"통계"},
        .args = {{.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "company", .choices = "company|회사",
                  .ask = N_("Your own figures, or the company's?")}},
        .form = N_("stats, stats company"),
        .summary = N_("Your own figures, or everybody's"),
        .examples = {"stats", "통계", "stats company", "통계 회사"},
        .run = run_stats,
    },
    {
        .name = "status", .korean = {"상태"},
        .form = N_("status"),
        .summary = N_("Why do I get nothing? What I see of you, what waits"),
        .examples = {"status", "상태"},
        .run = run_status,
    },
    {
        .name = "export", .korean = {"내자료"},
        .flags = COMMAND_WRITES,
        .form = N_("export"),
        .summary = N_("What is yours, sent to you in messages"),
        .help = N_("Your profile, what you follow, your short forms, and the newest of your posts, private messages, likes and "
                   "bookmarks."),
        .examples = {"export", "내자료"},
        .run = run_export,
    },
    {
        .name = "forget me", .korean = {"잊어줘", "나를 잊어줘"},
        .args = {{.kind = ARG_PERSON, .flags = ARG_OPTIONAL, .name = "WHO",
                  .ask = N_("Your own nick, if I should not ask again?")}},
        .form = N_("forget me"),
        .summary = N_("Leaves, and erases your account and what you wrote"),
        .help = N_("It says what will happen and asks first. With your own nick behind it, it does not ask."),
        .examples = {"forget me", "잊어줘"},
        .run = run_forget,
    },
    {
        .name = "help", .korean = {"도움말", "도움"},
        .args = {{.kind = ARG_COMMAND, .flags = ARG_OPTIONAL, .name = "COMMAND"}},
        .form = N_("help [COMMAND]"),
        .summary = N_("This; `help all` lists everything"),
        .examples = {"help", "help follow", "도움말"},
        .run = help_run,
    },
};
/* clang-format on */
const struct family family_yourself = {N_("Yourself"), rows, ARRAY_LEN(rows)};
