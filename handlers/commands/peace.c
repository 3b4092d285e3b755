/* SPDX-License-Identifier: MIT */
/* When updates may reach a person: snooze, quiet hours, digests. */
#include "handlers/peace.h"

#include <string.h>

#include "handlers/commands/rows.h"
#include "handlers/lists.h"

static enum err keep(struct call *c, struct peace *p)
{
    enum err e;

    peace_judge(p, c->who.zone, c->now);
    e = store_peace_set(c->store, c->who.no, p);
    if (e == OK) {
        c->who.holds = p->holds;
        c->outcome->peace_changed = true;
    }
    return e;
}

/* ---- in words ----------------------------------------------------------------------------------- */

static const char *clock_words(struct call *c, int minute)
{
    return arena_printf(c->arena, "%02d:%02d", minute / 60, minute % 60);
}

static const char *when(struct call *c, int64_t at)
{
    return say_time(c->arena, c->lang, at, c->now, c->who.zone);
}

static const char *day_words(struct call *c, int day)
{
    static const char *const days[] = {N_("Sunday"),   N_("Monday"), N_("Tuesday"), N_("Wednesday"),
                                       N_("Thursday"), N_("Friday"), N_("Saturday")};

    return message_get(c->lang, days[day % 7]);
}

/* "every day at 09:00", "Mondays at 09:00" */
static const char *digest_words(struct call *c, const struct peace *p)
{
    if (p->digest == DIGEST_WEEKLY)
        return say(c->arena, c->lang, "every %1$s at %2$s", day_words(c, p->digest_day),
                   clock_words(c, p->digest_minute));
    return say(c->arena, c->lang, "every day at %s", clock_words(c, p->digest_minute));
}

/* What is let through; NULL: nothing is. */
static const char *allowed_words(struct call *c, const struct peace *p)
{
    static const struct {
        enum event_class class;
        const char *name;
    } names[] = {{CLASS_PRIVATE, N_("private messages")},
                 {CLASS_MENTION, N_("mentions of you")},
                 {CLASS_ANNOUNCEMENT, N_("announcements")}};
    const char *out = NULL;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *name = message_get(c->lang, names[i].name);

        if ((p->allow & 1u << names[i].class) != 0)
            out = out == NULL ? name : arena_printf(c->arena, "%s, %s", out, name);
    }
    return out;
}

static void say_allowed(struct call *c, const struct peace *p)
{
    const char *what = allowed_words(c, p);

    if (what == NULL)
        call_say(c, "Nothing passes meanwhile. `quiet allow dm mention announcement` lets through "
                    "what you name.");
    else
        call_say(c, "These pass all the same: %s. `quiet allow none` stops them.", what);
}

enum err put_peace(struct call *c)
{
    struct peace p;
    int64_t until;
    bool quiet;
    enum err e = store_peace_get(c->store, c->who.no, &p);

    if (e != OK)
        return e;
    quiet = p.quiet && peace_in_quiet(&p, c->who.zone, c->now, &until);
    if (p.snooze_until > c->now)
        call_say(c, "Snoozed until %s: updates wait. `on` ends it.", when(c, p.snooze_until));
    if (quiet)
        call_say(c, "These are your quiet hours, until %s: updates wait.", when(c, until));
    if (p.snooze_until > c->now || quiet)
        say_allowed(c, &p);
    if (p.digest != DIGEST_OFF)
        call_say(c, "Single posts wait for your digest, %s.", digest_words(c, &p));
    else if (p.levels)
        call_say(c, "What you follow daily or weekly waits for your digest, %s.",
                 digest_words(c, &p));
    return OK;
}

enum err put_level(struct call *c, enum follow_level level)
{
    struct peace p;
    enum err e = OK;

    if (level == LEVEL_LOUD)
        call_say(c, "It comes even in your quiet hours and while you snooze.");
    if (level == LEVEL_NOW || level == LEVEL_LOUD)
        return OK;
    e = store_peace_get(c->store, c->who.no, &p);
    if (e != OK)
        return e;
    peace_set_levels(&p);
    e = keep(c, &p);
    if (e != OK)
        return e;
    call_say(c,
             "Not by itself, though, but in your digest only, %s. `digest daily 09:00` changes "
             "the time.",
             level == LEVEL_WEEKLY && p.digest != DIGEST_WEEKLY
                 ? say(c->arena, c->lang, "every %1$s at %2$s", day_words(c, p.digest_day),
                       clock_words(c, p.digest_minute))
                 : digest_words(c, &p));
    return OK;
}

/* ---- snooze --------------------------------------------------------------------------------------- */

enum err end_snooze(struct call *c, bool *ended)
{
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);

    *ended = e == OK && p.snooze_until > c->now;
    if (!*ended)
        return e;
    p.snooze_until = 0;
    return keep(c, &p);
}

static enum err show_snooze(struct call *c)
{
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);

    if (e != OK)
        return e;
    if (p.snooze_until <= c->now) {
        call_say(c, "You are not snoozing. `snooze 2h` keeps updates away for two hours.");
        return OK;
    }
    call_say(c, "Snoozed until %s: updates wait. `on` ends it.", when(c, p.snooze_until));
    say_allowed(c, &p);
    return OK;
}

static enum err run_snooze(struct call *c)
{
    struct peace p;
    bool ended;
    enum err e;

    if (c->args[1].given) {
        e = end_snooze(c, &ended);
        if (e == OK && ended)
            call_say(c, "Awake again; what waited comes now.");
        else if (e == OK)
            call_say(c, "You are not snoozing. `snooze 2h` keeps updates away for two hours.");
        return e;
    }
    if (!c->args[0].given)
        return show_snooze(c);
    e = store_peace_get(c->store, c->who.no, &p);
    if (e != OK)
        return e;
    p.snooze_until = c->args[0].instant;
    e = keep(c, &p);
    if (e != OK)
        return e;
    call_say(c, "Updates wait until %s and come then. `on` ends it sooner.",
             when(c, p.snooze_until));
    say_allowed(c, &p);
    return OK;
}

/* ---- quiet ---------------------------------------------------------------------------------------- */

static void say_zone(struct call *c)
{
    const char *now = when(c, c->now);

    if (*c->who.zone == '\0')
        call_say(c,
                 "That is by the server's clock, which shows %s now. `zone Asia/Seoul` takes "
                 "yours.",
                 now);
    else
        call_say(c, "That is by your clock, which shows %s now.", now);
}

static void say_quiet(struct call *c, const struct peace *p)
{
    if (p->quiet) {
        call_say(c,
                 "Quiet hours are from %1$s to %2$s, every day: updates wait and come at %2$s. "
                 "`quiet off` ends that.",
                 clock_words(c, p->quiet_from), clock_words(c, p->quiet_to));
        say_zone(c);
    } else {
        call_say(c, "You have no quiet hours. `quiet 19:00-08:00` sets them.");
    }
    if (p->quiet || p->allow != 0)
        say_allowed(c, p);
}

static bool has_word(const char *words, const char *english, const char *korean)
{
    const char *const both[] = {english, korean};

    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(both[i]);

        for (const char *at = words; (at = strstr(at, both[i])) != NULL; at += n)
            if ((at == words || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
                return true;
    }
    return false;
}

static unsigned allow_mask(const char *words)
{
    unsigned mask = 0;

    if (has_word(words, "dm", "쪽지"))
        mask |= 1u << CLASS_PRIVATE;
    if (has_word(words, "mention", "멘션"))
        mask |= 1u << CLASS_MENTION;
    if (has_word(words, "announcement", "공지"))
        mask |= 1u << CLASS_ANNOUNCEMENT;
    return has_word(words, "none", "없음") ? 0 : mask;
}

static enum err quiet_off(struct call *c, struct peace *p)
{
    enum err e;

    if (!p->quiet) {
        call_say(c, "You have no quiet hours. `quiet 19:00-08:00` sets them.");
        return OK;
    }
    p->quiet = false;
    e = keep(c, p);
    if (e == OK)
        call_say(c, "Quiet hours are off: updates come at any time.");
    return e;
}

static enum err run_quiet(struct call *c)
{
    const char *what = c->args[1].given ? c->args[1].text : "";
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);
    bool off = strcmp(what, "off") == 0 || strcmp(what, "끄기") == 0;

    if (e != OK)
        return e;
    if ((c->args[2].given && (*what == '\0' || off)) || (off && c->args[0].given)) {
        call_say(c,
                 "I did not understand that, so nothing was changed. It looks like one of these: "
                 "`quiet 19:00-08:00`, `quiet off`, `quiet allow dm mention`");
        return E_USAGE;
    }
    if (off)
        return quiet_off(c, &p);
    if (c->args[0].given) {
        p.quiet = true;
        p.quiet_from = (int)c->args[0].number;
        p.quiet_to = (int)c->args[0].instant;
    }
    if (c->args[2].given)
        p.allow = allow_mask(c->args[2].text);
    if (c->args[0].given || c->args[2].given)
        e = keep(c, &p);
    if (e == OK)
        say_quiet(c, &p);
    return e;
}

/* ---- digest --------------------------------------------------------------------------------------- */

static int day_of(const char *word)
{
    static const char *const days[][4] = {
        {"sun", "sunday", "일", "일요일"},   {"mon", "monday", "월", "월요일"},
        {"tue", "tuesday", "화", "화요일"},  {"wed", "wednesday", "수", "수요일"},
        {"thu", "thursday", "목", "목요일"}, {"fri", "friday", "금", "금요일"},
        {"sat", "saturday", "토", "토요일"}};

    for (int day = 0; day < 7; day++)
        for (size_t i = 0; i < 4; i++)
            if (strcmp(word, days[day][i]) == 0)
                return day;
    return PEACE_MONDAY;
}

static void say_digest(struct call *c, const struct peace *p)
{
    if (p->digest == DIGEST_OFF) {
        if (p->levels)
            call_say(c, "You get no digest but of what you follow `daily` or `weekly`; every other "
                        "update comes by itself. `digest daily 09:00` brings one summary a day "
                        "instead.");
        else
            call_say(c, "You get no digest: every update comes by itself. `digest daily 09:00` "
                        "brings one summary a day instead.");
        return;
    }
    call_say(c,
             "In place of single posts one summary comes, %1$s; the next one %2$s. `digest off` "
             "brings single posts.",
             digest_words(c, p), when(c, p->digest_next));
    call_say(c, "Private messages, mentions and announcements come at once as before.");
}

static enum err digest_off(struct call *c, struct peace *p)
{
    enum err e;

    if (p->digest == DIGEST_OFF) {
        say_digest(c, p);
        return OK;
    }
    peace_set_digest(p, DIGEST_OFF, PEACE_MONDAY, PEACE_NINE, c->who.zone, c->now);
    e = keep(c, p);
    if (e == OK && p->levels)
        call_say(c, "Digests are off: what waited comes now, and every update by itself from here "
                    "on, but for what you follow `daily` or `weekly`: that keeps coming in one "
                    "summary. `follow @nick now` brings single posts there too.");
    else if (e == OK)
        call_say(c, "Digests are off: what waited comes now, and every update by itself from here "
                    "on.");
    return e;
}

static enum err run_digest(struct call *c)
{
    const char *what = c->args[0].given ? c->args[0].text : "";
    bool weekly = strcmp(what, "weekly") == 0 || strcmp(what, "매주") == 0;
    bool daily = strcmp(what, "daily") == 0 || strcmp(what, "매일") == 0;
    struct peace p;
    enum err e = store_peace_get(c->store, c->who.no, &p);

    if (e != OK)
        return e;
    if ((c->args[1].given && !weekly) || (c->args[2].given && !weekly && !daily)) {
        call_say(c,
                 "I did not understand that, so nothing was changed. It looks like one of these: "
                 "`digest daily 09:00`, `digest weekly mon 09:00`, `digest off`");
        return E_USAGE;
    }
    if (!weekly && !daily && *what != '\0')
        return digest_off(c, &p);
    if (weekly || daily) {
        peace_set_digest(&p, weekly ? DIGEST_WEEKLY : DIGEST_DAILY,
                         c->args[1].given ? day_of(c->args[1].text) : PEACE_MONDAY,
                         c->args[2].given ? (int)c->args[2].number : PEACE_NINE, c->who.zone,
                         c->now);
        e = keep(c, &p);
    }
    if (e == OK)
        say_digest(c, &p);
    if (e == OK && (weekly || daily))
        say_zone(c);
    return e;
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "snooze", .korean = {"잠시끄기", "스누즈"},
        .args = {{.kind = ARG_TIME, .flags = ARG_OPTIONAL, .name = "TIME"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "off", .choices = "off|끄기",
                  .ask = N_("Or end it now?")}},
        .flags = COMMAND_WRITES,
        .form = N_("snooze TIME"),
        .summary = N_("No updates for a while; they come afterwards"),
        .help = N_("Times: 30m, 2h, 3d, 09:00, tomorrow 09:00. `on` ends it. What `quiet allow` names passes all the same."),
        .examples = {"snooze 2h", "snooze tomorrow 09:00", "잠시끄기 2시간", "snooze"},
        .run = run_snooze,
    },
    {
        .name = "quiet", .korean = {"방해금지"},
        .args = {{.kind = ARG_HOURS, .flags = ARG_OPTIONAL, .name = "HOURS"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "off", .choices = "off|allow|끄기|허용",
                  .ask = N_("Or end them, or say what passes?")},
                 {.kind = ARG_CHOICES, .flags = ARG_OPTIONAL, .name = "dm",
                  .choices = "dm|mention|announcement|none|쪽지|멘션|공지|없음",
                  .ask = N_("What passes all the same, one or more?")}},
        .flags = COMMAND_WRITES,
        .form = N_("quiet 19:00-08:00, quiet off, quiet allow dm mention"),
        .summary = N_("Hours of each day without updates, and what passes"),
        .help = N_("They come when the hours are over. `quiet allow` with any of dm, mention, announcement lets these through, "
                   "`quiet allow none` nothing; for a snooze it counts as well. The hours are those of your `zone`."),
        .examples = {"quiet 19:00-08:00", "quiet off", "quiet allow dm mention", "방해금지 22:00-07:00"},
        .run = run_quiet,
    },
    {
        .name = "digest", .korean = {"모아보기"},
        .args = {{.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "daily", .choices = "daily|weekly|off|매일|매주|끄기",
                  .ask = N_("How often?")},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "mon",
                  .choices = "mon|tue|wed|thu|fri|sat|sun|월|화|수|목|금|토|일||"
                             "monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
                             "월요일|화요일|수요일|목요일|금요일|토요일|일요일",
                  .ask = N_("On which day of the week?")},
                 {.kind = ARG_CLOCK, .flags = ARG_OPTIONAL, .name = "09:00"}},
        .flags = COMMAND_WRITES,
        .form = N_("digest daily 09:00, digest weekly mon 09:00, digest off"),
        .summary = N_("One summary in place of single posts"),
        .help = N_("What names you, private messages and announcements come at once all the same. Away at that time, you get "
                   "it when you come."),
        .examples = {"digest daily 09:00", "digest weekly mon 09:00", "digest off", "모아보기 매일 09:00"},
        .run = run_digest,
    },
};
/* clang-format on */
const struct family family_peace = {N_("When updates come"), rows, ARRAY_LEN(rows)};
