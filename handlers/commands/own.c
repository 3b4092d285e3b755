/* SPDX-License-Identifier: MIT */
/* One's own settings: the table of them, `settings`, `set NAME VALUE`. */
#include "handlers/settings.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/arguments.h"
#include "handlers/commands/rows.h"
#include "handlers/compose.h"
#include "handlers/dialogue.h"
#include "handlers/lists.h"

/* ---- values as they stand --------------------------------------------------------------------- */

static enum err get_updates(struct call *c, const char **value)
{
    *value = message_get(c->lang, c->who.on ? N_("on") : N_("off"));
    return OK;
}

static enum err get_snooze(struct call *c, const char **value)
{
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);

    if (e != OK)
        return e;
    if (p.snooze_until > c->now)
        *value = say_time(c->arena, c->lang, p.snooze_until, c->now, c->who.zone);
    else
        *value = message_get(c->lang, N_("off"));
    return OK;
}

static enum err get_quiet(struct call *c, const char **value)
{
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);

    if (e != OK)
        return e;
    if (p.quiet)
        *value = arena_printf(c->arena, "%02d:%02d-%02d:%02d", p.quiet_from / 60, p.quiet_from % 60,
                              p.quiet_to / 60, p.quiet_to % 60);
    else
        *value = message_get(c->lang, N_("off"));
    return OK;
}

static enum err get_allow(struct call *c, const char **value)
{
    static const struct {
        enum event_class class;
        const char *word;
    } words[] = {{CLASS_PRIVATE, N_("dm")},
                 {CLASS_MENTION, N_("mention")},
                 {CLASS_ANNOUNCEMENT, N_("announcement")}};
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);

    *value = "";
    for (size_t i = 0; e == OK && i < ARRAY_LEN(words); i++)
        if ((p.allow & 1u << words[i].class) != 0)
            *value = arena_printf(c->arena, "%s%s%s", *value, **value == '\0' ? "" : " ",
                                  message_get(c->lang, words[i].word));
    if (**value == '\0')
        *value = message_get(c->lang, N_("none"));
    return e;
}

static enum err get_digest(struct call *c, const char **value)
{
    static const char *const days[] = {N_("sun"), N_("mon"), N_("tue"), N_("wed"),
                                       N_("thu"), N_("fri"), N_("sat")};
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);
    const char *clock;

    if (e != OK)
        return e;
    clock = arena_printf(c->arena, "%02d:%02d", p.digest_minute / 60, p.digest_minute % 60);
    if (p.digest == DIGEST_DAILY)
        *value = arena_printf(c->arena, "%s %s", message_get(c->lang, N_("daily")), clock);
    else if (p.digest == DIGEST_WEEKLY)
        *value = arena_printf(c->arena, "%s %s %s", message_get(c->lang, N_("weekly")),
                              message_get(c->lang, days[p.digest_day % 7]), clock);
    else
        *value = message_get(c->lang, N_("off"));
    return OK;
}

static enum err get_language(struct call *c, const char **value)
{
    *value = c->lang == LANG_KO ? "한국어" : "en";
    return OK;
}

static enum err get_zone(struct call *c, const char **value)
{
    *value = c->who.zone;
    return OK;
}

static enum err get_likes(struct call *c, const char **value)
{
    *value = message_get(c->lang, c->who.no_news ? N_("off") : N_("on"));
    return OK;
}

static enum err get_title(struct call *c, const char **value)
{
    *value = c->who.title;
    return OK;
}

static enum err get_bio(struct call *c, const char **value)
{
    *value = c->who.bio;
    return OK;
}

/* The names stand in the choices of the row `set` as well; a test holds the two together. */
const struct own_setting own_settings[] = {
    {"updates", "새글", NULL, OWN_CHOICE, "on|off|켜기|끄기", NULL,
     N_("whether updates come to you at all"), "", get_updates},
    {"snooze", "잠시끄기", NULL, OWN_PHRASE, NULL, "2h", N_("no updates until then"), "snooze",
     get_snooze},
    {"quiet", "방해금지", NULL, OWN_PHRASE, NULL, "19:00-08:00",
     N_("hours of each day without updates"), "quiet", get_quiet},
    {"allow", "허용", NULL, OWN_CHOICES, "dm|mention|announcement|none|쪽지|멘션|공지|없음", NULL,
     N_("what comes while you snooze or it is quiet"), "quiet allow", get_allow},
    {"digest", "모아보기", NULL, OWN_PHRASE, NULL, "daily 09:00",
     N_("one summary in place of single posts"), "digest", get_digest},
    {"likes", "좋아요알림", NULL, OWN_CHOICE, "on|off|켜기|끄기", NULL,
     N_("whether you hear who likes or repeats your posts, or follows you"), NULL, get_likes},
    {"language", "언어", "lang", OWN_CHOICE, "en|ko|english|korean|영어|한국어|한국말", NULL,
     N_("the language I speak with you"), "lang", get_language},
    {"zone", "시간대", "timezone", OWN_PHRASE, NULL, "Asia/Seoul",
     N_("for all times shown and typed"), "zone", get_zone},
    {"title", "직함", NULL, OWN_TEXT, NULL, NULL, N_("what colleagues see beside your name"), NULL,
     get_title},
    {"bio", "소개", NULL, OWN_TEXT, NULL, NULL, N_("what they see on your profile"), NULL, get_bio},
};
const size_t n_own_settings = ARRAY_LEN(own_settings);

const struct own_setting *own_setting_find(const char *name)
{
    for (size_t i = 0; i < n_own_settings; i++)
        if (strcmp(own_settings[i].name, name) == 0 || strcmp(own_settings[i].korean, name) == 0 ||
            (own_settings[i].also != NULL && strcmp(own_settings[i].also, name) == 0))
            return &own_settings[i];
    return NULL;
}

static const char *name_of(const struct call *c, const struct own_setting *s)
{
    return c->lang == LANG_KO ? s->korean : s->name;
}

/* ---- changing ----------------------------------------------------------------------------------- */

/* The row that changes it, and the values that its line with this value behind gives. */
static enum err read_line(struct call *c, const struct own_setting *s, const char *value,
                          const struct command **row, struct value args[4], struct fitting *out)
{
    struct tokens t;

    tokens_split(c->arena, arena_printf(c->arena, "%s %s", s->line, value), &t);
    *out = (struct fitting){.fit = FIT_NO, .why = WHY_FORM};
    *row = t.n == 0 ? NULL : command_find(t.at[0].norm);
    if (*row == NULL || t.n_words < 1 + (s->line[0] != '\0'))
        return OK;
    if (s->type == OWN_CHOICE && s->line[0] == '\0' && strcmp((*row)->name, "on") != 0 &&
        strcmp((*row)->name, "off") != 0)
        return OK;
    return arguments_fit(c, *row, &t, 1, false, args, out);
}

/* 1 on, 0 off, -1 neither. */
static int switched(const char *value)
{
    static const char *const words[] = {"off", "on", "끄기", "켜기"};

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(value, words[i]) == 0)
            return (int)(i & 1);
    return -1;
}

/* Whether one hears of likes and the like. */
static enum err set_likes(struct call *c, bool on)
{
    enum err e = store_person_set_flag(c->store, c->who.no, FLAG_NO_NEWS, !on);

    if (e == OK && on)
        call_say(c, "You hear who likes or repeats your posts and who follows you, several at a "
                    "time. `set likes off` ends it.");
    else if (e == OK)
        call_say(c, "You hear no more of likes, repeats and new followers. `likes #1234` and "
                    "`followers` list them; `set likes on` takes it back.");
    return e;
}

enum err own_setting_takes(struct call *c, const struct own_setting *s, const char *value,
                           bool *takes)
{
    const struct command *row;
    struct value args[4];
    struct fitting f = {.fit = FIT_YES};
    enum err e = s->line == NULL ? OK : read_line(c, s, value, &row, args, &f);

    *takes = f.fit == FIT_YES;
    if (s->line == NULL && s->type == OWN_CHOICE)
        *takes = switched(text_fold(c->arena, value)) >= 0;
    return e;
}

/* title: one line. Clearing is "-". */
static enum err set_text(struct call *c, bool title, const char *text)
{
    const int most = title ? LIMIT_TITLE : LIMIT_BIO;
    const bool clear = strcmp(text, "-") == 0;
    enum err e;

    text = clear ? "" : text_trim(c->arena, text);
    if (text_count(text) > (size_t)most) {
        call_say(c, "That is %1$lld characters, and there is room for %2$d. Nothing was changed.",
                 (long long)text_count(text), most);
        return E_LIMIT;
    }
    if (title)
        text = compose_excerpt(c->arena, text, LIMIT_TITLE);
    e = store_person_set(c->store, c->who.no, title ? FIELD_TITLE : FIELD_BIO, text);
    if (e != OK)
        return e;
    if (clear && title)
        call_say(c, "Your title is empty now.");
    else if (clear)
        call_say(c, "Your bio is empty now.");
    else if (title)
        call_say(c, "Your title is now “%s”.", text);
    else
        call_say(c, "Your bio is now “%s”.", text);
    return OK;
}

/* "on|off", or what a phrase looks like. */
static const char *looks_like(const struct own_setting *s)
{
    return s->choices != NULL ? s->choices : s->example;
}

enum err own_setting_set(struct call *c, const struct own_setting *s, const char *value)
{
    const struct command *row;
    struct value args[4];
    struct fitting f;
    enum err e;

    if (s->line == NULL && s->type == OWN_TEXT)
        return set_text(c, strcmp(s->name, "title") == 0, value);
    value = s->line == NULL ? text_fold(c->arena, value) : value;
    if (s->line == NULL && switched(value) >= 0)
        return set_likes(c, switched(value) == 1);
    f = (struct fitting){.fit = FIT_NO};
    e = s->line == NULL ? OK : read_line(c, s, value, &row, args, &f);
    if (e != OK)
        return e;
    if (f.fit != FIT_YES) {
        call_say(c, "`%1$s` does not take “%2$s”, so nothing was changed. It looks like this: %3$s",
                 name_of(c, s), compose_excerpt(c->arena, value, LIMIT_NAME), looks_like(s));
        return E_USAGE;
    }
    memcpy(c->args, args, sizeof(c->args));
    return row->run(c);
}

/* ---- commands ----------------------------------------------------------------------------------- */

static enum err show_text(struct call *c, bool title)
{
    const char *now = title ? c->who.title : c->who.bio;

    if (*now == '\0')
        call_say(c, title ? N_("You have no title. `set title TEXT` sets one.")
                          : N_("You have no bio. `set bio TEXT` sets one."));
    else if (title)
        call_say(c, "Your title is “%s”. `set title TEXT` changes it, `set title -` empties it.",
                 now);
    else
        call_say(c, "Your bio is “%s”. `set bio TEXT` changes it, `set bio -` empties it.", now);
    return OK;
}

/* "3 quiet: 19:00-08:00 — hours of each day without updates"; number "": none. */
static enum err put_setting(struct call *c, const struct own_setting *s, const char *number)
{
    const char *value = "";
    enum err e = s->get(c, &value);

    if (e != OK)
        return e;
    value = *value == '\0' ? "–" : compose_excerpt(c->arena, value, LIMIT_NAME);
    call_put(c, arena_printf(c->arena, "%s%s: %s — %s", number, name_of(c, s), value,
                             message_get(c->lang, s->meaning)));
    return OK;
}

/* A value that may be typed as it is shown. */
static const char *example_of(const struct call *c, const struct own_setting *s)
{
    bool korean = c->lang == LANG_KO;

    if (s->example != NULL)
        return s->example;
    if (s->type == OWN_CHOICES)
        return korean ? "쪽지 멘션" : "dm mention";
    if (s->get == get_language)
        return korean ? "영어" : "ko";
    return message_get(c->lang, N_("off"));
}

enum err run_set(struct call *c)
{
    const struct own_setting *s = own_setting_find(c->args[0].text);
    enum err e;

    if (s == NULL)
        return E_USAGE;
    if (c->args[1].given)
        return own_setting_set(c, s, c->args[1].text);
    if (s->type == OWN_TEXT)
        return show_text(c, strcmp(s->name, "title") == 0);
    e = put_setting(c, s, "");
    if (e == OK)
        call_say(c, "It is changed like this: `set %1$s %2$s`", name_of(c, s), example_of(c, s));
    return e;
}

enum err takes_set(struct call *c, const struct value *args, struct fitting *out)
{
    const struct own_setting *s = own_setting_find(args[0].text);
    bool takes = true;
    enum err e = OK;

    if (s != NULL && args[1].given)
        e = own_setting_takes(c, s, args[1].text, &takes);
    if (e == OK && !takes)
        *out = (struct fitting){.fit = FIT_NO, .why = WHY_FORM, .bad = args[1].text};
    return e;
}

const char *now_set(struct call *c, const struct value *args)
{
    const struct own_setting *s = args[0].given ? own_setting_find(args[0].text) : NULL;
    const char *value = "";

    return s != NULL && s->get(c, &value) == OK ? value : NULL;
}

void among_set(struct call *c, const struct value *args, struct among *out)
{
    const struct own_setting *s = args[0].given ? own_setting_find(args[0].text) : NULL;

    (void)c;
    if (s == NULL)
        return;
    out->choices = s->choices;
    out->several = s->type == OWN_CHOICES;
    out->example = s->example;
}

enum err run_settings(struct call *c)
{
    const char *names = "";
    enum err e = OK;

    call_say(c, "Your settings:");
    for (size_t i = 0; e == OK && i < n_own_settings; i++) {
        e = put_setting(c, &own_settings[i], arena_printf(c->arena, "%zu ", i + 1));
        names = arena_printf(c->arena, "%s%s%s", names, i == 0 ? "" : " ",
                             name_of(c, &own_settings[i]));
    }
    if (e != OK)
        return e;
    call_say(c, "A number changes one, as does `set NAME VALUE`: `set quiet 22:00-07:00`. Name and "
                "photo come from your own vCard.");
    dialogue_offer_list(c, command_named("set"), names);
    return OK;
}
