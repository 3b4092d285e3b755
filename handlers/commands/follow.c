/* SPDX-License-Identifier: MIT */
/* Following and leaving: people, tags, conversations, words. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/arguments.h"
#include "handlers/commands/groups.h"
#include "handlers/commands/target.h"
#include "handlers/lists.h"
#include "handlers/post.h"

static const enum edge_kind follow_kinds[] = {
    [TARGET_PERSON] = EDGE_FOLLOW_PERSON, [TARGET_TAG] = EDGE_FOLLOW_TAG,
    [TARGET_GROUP] = EDGE_MEMBER,         [TARGET_POST] = EDGE_FOLLOW_THREAD,
    [TARGET_WORDS] = EDGE_FOLLOW_WORDS,
};
static enum edge_kind follow_kind(const struct target *t)
{
    return t->tagged ? EDGE_FOLLOW_PERSON_TAG : follow_kinds[t->kind];
}

static const enum edge_kind mute_of[] = {
    [TARGET_PERSON] = EDGE_MUTE_PERSON, [TARGET_TAG] = EDGE_MUTE_TAG,
    [TARGET_GROUP] = EDGE_MUTE_GROUP,   [TARGET_POST] = EDGE_MUTE_THREAD,
    [TARGET_WORDS] = EDGE_MUTE_WORDS,
};

static enum err resolve_tag(struct call *c, const struct tag *t, bool make, struct target *out)
{
    enum err e;

    out->object = t->no;
    out->shown = out->typed = arena_printf(c->arena, "#%s", t->shown);
    if (t->no != 0)
        return OK;
    /* What one follows or mutes does not make it a tag for others. */
    e = make ? store_tag_add(c->store, t->key, "", &out->object)
             : store_tag_hidden(c->store, t->key, &out->object);
    return e == E_NOTFOUND ? OK : e;
}

static enum err resolve_words(struct call *c, const char *words, bool make, struct target *out)
{
    enum err e;

    out->shown = arena_printf(c->arena, "“%s”", words);
    out->typed = arena_printf(c->arena, "\"%s\"", words);
    if (text_count(words) > LIMIT_TRACKED_TEXT)
        e = E_LIMIT;
    else
        e = make ? store_phrase_add(c->store, words, &out->object)
                 : store_phrase_find(c->store, words, &out->object);
    if (e == E_LIMIT)
        call_say(c, "That is too long: at most %1$d words and %2$d characters between the quotes.",
                 LIMIT_TRACKED_WORDS, LIMIT_TRACKED_TEXT);
    else if (e == E_USAGE)
        call_say(
            c,
            "There is no word between the quotes. It looks like this: `follow \"budget plan\"`.");
    return e == E_NOTFOUND ? OK : e;
}

enum err target_resolve(struct call *c, const struct value *v, bool make, struct target *out)
{
    int64_t root;

    memset(out, 0, sizeof *out);
    out->kind = v->target;
    switch (v->target) {
    case TARGET_PERSON:
        if (v->person.no == 0)
            return E_NOTFOUND;
        out->object = v->person.no;
        out->shown = call_person(c, &v->person);
        out->typed = v->person.nick;
        return OK;
    case TARGET_TAG:
        return resolve_tag(c, &v->tag, make, out);
    case TARGET_POST:
        root = v->post.root != 0 ? v->post.root : v->post.no;
        out->object = root;
        out->typed = call_ref(c, root);
        out->shown = say(c->arena, c->lang, "conversation %s", out->typed);
        return OK;
    case TARGET_WORDS:
        return resolve_words(c, v->text, make, out);
    case TARGET_GROUP:
        out->object = v->group.no;
        out->shown = out->typed = v->group.label;
        return OK;
    }
    return E_NOTFOUND;
}

/* What is followed: X, or of a person what carries a tag. */
static enum err followed(struct call *c, bool make, struct target *out)
{
    struct target tag;
    enum err e = target_resolve(c, &c->args[0], make, out);

    if (e != OK || !c->args[1].given || out->object == c->who.no)
        return e;
    e = resolve_tag(c, &c->args[1].tag, make, &tag);
    if (e != OK)
        return e;
    e = make ? store_person_tag_add(c->store, out->object, tag.object, &out->object)
             : store_person_tag_find(c->store, out->object, tag.object, &out->object);
    if (e == E_NOTFOUND)
        out->object = 0;
    out->tagged = true;
    out->shown = say(c->arena, c->lang, "%1$s by %2$s", tag.shown, out->shown);
    out->typed = arena_printf(c->arena, "%s %s", out->typed, tag.typed);
    return e == E_NOTFOUND ? OK : e;
}

enum err target_refuse(struct call *c, enum err e)
{
    if (e == E_LIMIT)
        call_say(
            c,
            "You have %d follows, mutes and blocks, and that is the limit. `unfollow` one first.",
            LIMIT_EDGES_PER_PERSON);
    else if (e == E_DENIED)
        call_say(c, "You cannot do that with this person.");
    return e;
}

/* ---- follow ------------------------------------------------------------------------------------- */

static enum err say_if_muted(struct call *c, enum edge_kind mute, int64_t object, const char *typed)
{
    struct edge edge;
    enum err e = store_edge_get(c->store, mute, c->who.no, object, c->now, &edge);

    if (e == OK)
        call_say(c, "It is muted, though: `unmute %s` lets it through.", typed);
    return e == E_NOTFOUND ? OK : e;
}

/* The follow stands, but a block of one's own is stronger. */
static enum err say_if_blocked(struct call *c, const struct person *p)
{
    struct edge edge;
    enum err e = store_edge_get(c->store, EDGE_BLOCK, c->who.no, p->no, c->now, &edge);

    if (e == OK)
        call_say(c, "You have blocked them, though, so nothing comes: `unblock %s` ends that.",
                 p->nick);
    return e == E_NOTFOUND ? OK : e;
}

/* What will come, and what stands in the way of it. */
static enum err say_followed(struct call *c, const struct target *t, bool already)
{
    const struct person *p = &c->args[0].person;
    const struct tag *tag = &c->args[1].tag;
    enum err e;

    if (already)
        call_say(c, "You follow %1$s already. `unfollow %2$s` ends it.", t->shown, t->typed);
    else if (t->tagged)
        call_say(c,
                 "You follow %1$s now: each public post of theirs with this tag comes to you. "
                 "`unfollow %2$s` ends it.",
                 t->shown, t->typed);
    else if (t->kind == TARGET_PERSON)
        call_say(c, "You follow %1$s now: what they post comes to you. `unfollow %2$s` ends it.",
                 t->shown, t->typed);
    else if (t->kind == TARGET_TAG)
        call_say(
            c,
            "You follow %1$s now: every public post with it comes to you. `unfollow %2$s` ends it.",
            t->shown, t->typed);
    else if (t->kind == TARGET_POST)
        call_say(c, "You follow %1$s now: every answer comes to you. `unfollow %2$s` ends it.",
                 t->shown, t->typed);
    else
        call_say(c,
                 "You follow %1$s now: every public post with these words comes to you. `unfollow "
                 "%2$s` ends it.",
                 t->shown, t->typed);
    if (t->kind == TARGET_PERSON) {
        e = say_if_blocked(c, p);
        if (e != OK)
            return e;
    }
    if (!t->tagged)
        return say_if_muted(c, mute_of[t->kind], t->object, t->typed);
    e = say_if_muted(c, EDGE_MUTE_PERSON, p->no, p->nick);
    return e == OK
               ? say_if_muted(c, EDGE_MUTE_TAG, tag->no, arena_printf(c->arena, "#%s", tag->shown))
               : e;
}

/* Following a conversation ends having left it. */
static enum err come_back(struct call *c, const struct target *t)
{
    enum err e;

    if (t->kind != TARGET_POST)
        return OK;
    e = store_edge_close(c->store, EDGE_LEAVE_THREAD, c->who.no, t->object);
    if (e == OK || e == E_NOTFOUND)
        e = store_edge_close(c->store, EDGE_MUTE_THREAD, c->who.no, t->object);
    return e == E_NOTFOUND ? OK : e;
}

/* What is written in a group goes to its members alone, also in a conversation that others may read. */
static enum err check_in_group(struct call *c, const struct post *p)
{
    struct group g;
    enum err e;

    if (p->scope != SCOPE_GROUP)
        return OK;
    e = store_group_get(c->store, p->group, c->who.no, c->arena, &g);
    if (e == E_NOTFOUND)
        return call_no_post(c, p->no);
    if (e != OK || g.member)
        return e;
    call_say(c, "%1$s stands in %2$s: `join %2$s` brings to you what is written there.",
             call_ref(c, p->no), g.label);
    return E_DENIED;
}

static enum follow_level level_of(const char *how)
{
    static const struct {
        const char *english, *korean;
    } words[] = {[LEVEL_NOW] = {"now", "바로"},
                 [LEVEL_LOUD] = {"loud", "항상"},
                 [LEVEL_DAILY] = {"daily", "매일"},
                 [LEVEL_WEEKLY] = {"weekly", "매주"}};

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(how, words[i].english) == 0 || strcmp(how, words[i].korean) == 0)
            return (enum follow_level)i;
    return LEVEL_NOW;
}

/* Only of a person there is what carries a tag. */
static enum err takes_follow(struct call *c, const struct value *args, struct fitting *out)
{
    if (args[1].given && args[0].given && args[0].target != TARGET_PERSON)
        *out = (struct fitting){.fit = FIT_NO,
                                .why = WHY_FORM,
                                .bad = arena_printf(c->arena, "#%s", args[1].tag.shown)};
    return OK;
}

static enum err run_follow(struct call *c)
{
    enum follow_level level = c->args[2].given ? level_of(c->args[2].text) : LEVEL_NOW;
    struct edge old = {.how = (int)level};
    struct target t;
    enum err e;

    if (c->args[0].target == TARGET_GROUP && level != LEVEL_NOW) {
        call_say(c, "What is written in a group comes at once to all its members, so nothing was "
                    "done. `join` and `mute` are the choice.");
        return E_USAGE;
    }
    if (c->args[0].target == TARGET_GROUP)
        return group_join(c, &c->args[0].group);
    e = followed(c, true, &t);
    if (e == OK && t.kind == TARGET_POST)
        e = check_in_group(c, &c->args[0].post);
    if (e != OK)
        return e;
    if (t.kind == TARGET_PERSON && !t.tagged && t.object == c->who.no) {
        call_say(c, "That is you; your own posts stand in `home` anyway.");
        return E_USAGE;
    }
    e = come_back(c, &t);
    if (e != OK)
        return e;
    e = store_edge_get(c->store, follow_kind(&t), c->who.no, t.object, c->now, &old);
    if (e == OK || e == E_NOTFOUND)
        e = store_edge_open(c->store, follow_kind(&t), c->who.no, t.object, (int)level, 0, c->now);
    if (e == E_DENIED) {
        call_say(c, "You cannot follow %s.", call_person(c, &c->args[0].person));
        return e;
    }
    if (e != OK && e != E_EXISTS)
        return target_refuse(c, e);
    e = say_followed(c, &t, e == E_EXISTS && old.how == (int)level);
    return e == OK ? put_level(c, level) : e;
}

/* ---- unfollow ----------------------------------------------------------------------------------- */

/* Of a conversation: the first time only answers to oneself still come, the second time nothing. */
static enum err leave_thread(struct call *c, const struct target *t)
{
    struct edge edge;
    enum err e = store_edge_get(c->store, EDGE_MUTE_THREAD, c->who.no, t->object, c->now, &edge);

    if (e == OK) {
        call_say(c, "Nothing from %1$s comes to you as it is. `follow %2$s` brings it back.",
                 t->shown, t->typed);
        return OK;
    }
    if (e != E_NOTFOUND)
        return e;
    e = store_edge_get(c->store, EDGE_LEAVE_THREAD, c->who.no, t->object, c->now, &edge);
    if (e == OK) {
        e = store_edge_open(c->store, EDGE_MUTE_THREAD, c->who.no, t->object, 0, 0, c->now);
        if (e != OK)
            return target_refuse(c, e);
        call_say(c, "Nothing from %1$s comes to you any more. `follow %2$s` brings it back.",
                 t->shown, t->typed);
        return OK;
    }
    if (e != E_NOTFOUND)
        return e;
    e = store_edge_close(c->store, EDGE_FOLLOW_THREAD, c->who.no, t->object);
    if (e == OK || e == E_NOTFOUND)
        e = store_edge_open(c->store, EDGE_LEAVE_THREAD, c->who.no, t->object, 0, 0, c->now);
    if (e != OK)
        return target_refuse(c, e);
    call_say(c,
             "From %1$s only answers to you and mentions of you still come. `unfollow %2$s` again "
             "stops those too.",
             t->shown, t->typed);
    return OK;
}

static enum err run_unfollow(struct call *c)
{
    struct target t;
    enum err e;

    if (c->args[0].target == TARGET_GROUP)
        return group_drop(c, &c->args[0].group);
    e = followed(c, false, &t);
    if (e != OK)
        return e;
    if (t.kind == TARGET_POST)
        return leave_thread(c, &t);
    e = store_edge_close(c->store, follow_kind(&t), c->who.no, t.object);
    if (e == OK)
        call_say(c, "You no longer follow %1$s. Nobody is told. `follow %2$s` begins again.",
                 t.shown, t.typed);
    else if (e == E_NOTFOUND)
        call_say(c, "You did not follow %s. `following` and `tracking` show what you follow.",
                 t.shown);
    return e == E_NOTFOUND ? OK : e;
}

/* ---- lists -------------------------------------------------------------------------------------- */

static enum err run_following(struct call *c)
{
    struct listing li = {
        .title = say(c->arena, c->lang, "You follow:"),
        .empty =
            say(c->arena, c->lang,
                "You follow nobody yet. `people NAME` finds colleagues, `follow @nick` follows.")};

    return list_edges(c,
                      1u << EDGE_FOLLOW_PERSON | 1u << EDGE_FOLLOW_TAG | 1u << EDGE_FOLLOW_THREAD |
                          1u << EDGE_MEMBER | 1u << EDGE_FOLLOW_PERSON_TAG,
                      NULL, &li);
}

static enum err run_followers(struct call *c)
{
    struct listing li = {.title = say(c->arena, c->lang, "Who follows you:"),
                         .empty = say(c->arena, c->lang,
                                      "Nobody follows you yet. People notice you when you answer "
                                      "them or name them with @nick.")};

    return list_followers(c, 0, &li);
}

static enum err run_tracking(struct call *c)
{
    struct listing li = {
        .title = say(c->arena, c->lang, "Words you follow:"),
        .empty =
            say(c->arena, c->lang,
                "You follow no words yet. `follow \"budget plan\"` brings every post with both.")};

    return list_edges(c, 1u << EDGE_FOLLOW_WORDS, NULL, &li);
}

/* clang-format off */
#define TAG_ARG                                                                                                    \
    {.kind = ARG_TAG, .flags = ARG_OPTIONAL | ARG_MAY_BE_NEW | ARG_WITH_SIGN, .name = "TAG",                      \
     .ask = N_("Of a person: only what carries a tag? Which one?")}
#define TARGET_ARG(more) {.kind = ARG_TARGET, .flags = (more), .name = "X"}

static const struct command rows[] = {
    {
        .name = "follow", .aliases = {"sub", "track"}, .korean = {"팔로우", "구독"},
        .args = {TARGET_ARG(ARG_MAY_BE_NEW), TAG_ARG,
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "how",
                  .choices = "now|daily|weekly|loud|바로|매일|매주|항상"}},
        .flags = COMMAND_WRITES,
        .form = N_("follow @nick, @nick #tag, #tag, !group, #1234 or \"words\""),
        .summary = N_("Brings a person, tag, conversation or words to you"),
        .help = N_("A person: what they post; with a #tag behind, only what of it carries the tag. A #tag: every public post with it. A post: its conversation. \"words\": every "
                   "public post in which all of them occur. Behind it: `daily` or `weekly`, it comes in your digest only; `loud`, even in "
                   "quiet hours; `now` again. Following twice does no harm."),
        .examples = {"follow bob", "follow bob #lunch", "track \"budget plan\"", "팔로우 bob"},
        .takes = takes_follow,
        .run = run_follow,
    },
    {
        .name = "unfollow", .aliases = {"unsub", "untrack", "leave"}, .korean = {"언팔로우", "언팔", "구독취소"},
        .args = {TARGET_ARG(ARG_MAY_BE_NEW), TAG_ARG},
        .flags = COMMAND_WRITES,
        .form = N_("unfollow @nick, @nick #tag, #tag, !group, #1234 or \"words\""),
        .summary = N_("Ends following; nobody is told"),
        .help = N_("Of a conversation: the first time only answers to you still come, the second time nothing."),
        .examples = {"unfollow bob", "unfollow bob #lunch", "leave #1", "언팔로우 bob"},
        .takes = takes_follow,
        .run = run_unfollow,
    },
    {
        .name = "following", .korean = {"팔로잉", "구독목록"},
        .form = N_("following"),
        .summary = N_("Whom and what you follow"),
        .examples = {"following", "팔로잉"},
        .run = run_following,
    },
    {
        .name = "followers", .korean = {"팔로워", "구독자"},
        .form = N_("followers"),
        .summary = N_("Who follows you"),
        .examples = {"followers", "팔로워"},
        .run = run_followers,
    },
    {
        .name = "lose", .korean = {"팔로워끊기"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}},
        .flags = COMMAND_WRITES,
        .form = N_("lose WHO"),
        .summary = N_("Drops a follower of yours; they are not told"),
        .help = N_("Your posts no longer come to them. They may follow you again; `block` prevents that."),
        .examples = {"lose bob", "팔로워끊기 bob"},
        .run = run_lose,
    },
    {
        .name = "tracking", .korean = {"알림단어", "추적목록"},
        .form = N_("tracking"),
        .summary = N_("The words you follow"),
        .examples = {"tracking", "알림단어"},
        .run = run_tracking,
    },
    {
        .name = "mute", .korean = {"뮤트", "음소거"},
        .args = {TARGET_ARG(ARG_MAY_BE_NEW),
                 {.kind = ARG_TIME, .flags = ARG_OPTIONAL, .name = "TIME", .before = "for"}},
        .flags = COMMAND_WRITES,
        .form = N_("mute X [for TIME]"),
        .summary = N_("Keeps a person, tag, conversation or words away"),
        .help = N_("X is @nick, #tag, !group, #1234 or \"words\". It wins over following. Times: 30m, 2h, 3d, 09:00, "
                   "tomorrow 09:00, 2026-11-23."),
        .examples = {"mute bob for 2h", "mute #lunch", "mute \"lunch\" for 3d", "뮤트 bob 2시간"},
        .run = run_mute,
    },
    {
        .name = "unmute", .korean = {"뮤트해제", "음소거해제"},
        .args = {TARGET_ARG(ARG_MAY_BE_NEW)},
        .flags = COMMAND_WRITES,
        .form = N_("unmute X"),
        .summary = N_("Lets it through again"),
        .examples = {"unmute bob", "뮤트해제 bob"},
        .run = run_unmute,
    },
    {
        .name = "muted", .korean = {"뮤트목록", "음소거목록"},
        .form = N_("muted"),
        .summary = N_("What you have muted, and until when"),
        .examples = {"muted", "뮤트목록"},
        .run = run_muted,
    },
    {
        .name = "block", .korean = {"차단"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}},
        .flags = COMMAND_WRITES,
        .form = N_("block WHO"),
        .summary = N_("Neither of you reaches the other any more"),
        .help = N_("Follows between the two of you end. Nobody is told."),
        .examples = {"block dan", "차단 dan"},
        .run = run_block,
    },
    {
        .name = "unblock", .korean = {"차단해제"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}},
        .flags = COMMAND_WRITES,
        .form = N_("unblock WHO"),
        .summary = N_("Ends a block"),
        .examples = {"unblock dan", "차단해제 dan"},
        .run = run_unblock,
    },
    {
        .name = "blocked", .korean = {"차단목록"},
        .form = N_("blocked"),
        .summary = N_("Whom you have blocked"),
        .examples = {"blocked", "차단목록"},
        .run = run_blocked,
    },
    {
        .name = "invite", .korean = {"초대"},
        .args = {{.kind = ARG_WORD, .name = "JID"}},
        .flags = COMMAND_WRITES,
        .form = N_("invite JID"),
        .summary = N_("Asks a colleague in"),
        .help = N_("They get one message with your name. Nobody is asked twice, whoever asks."),
        .examples = {"invite erin@corp.example", "초대 erin@corp.example"},
        .run = run_invite,
    },
    {
        .name = "nudge", .korean = {"콕찌르기", "콕"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}},
        .flags = COMMAND_WRITES,
        .form = N_("nudge WHO"),
        .summary = N_("Reminds somebody to write"),
        .help = N_("They are told that you would like to read something: at most once a week by you, once a day by anybody."),
        .examples = {"nudge bob", "콕 bob"},
        .run = run_nudge,
    },
};
/* clang-format on */
const struct family family_follow = {N_("Follow"), rows, ARRAY_LEN(rows)};
