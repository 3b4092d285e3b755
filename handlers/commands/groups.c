/* SPDX-License-Identifier: MIT */
/* Groups: making and changing them, reading and writing in them. Who is in them: members.c. */
#include "handlers/commands/groups.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/post.h"

enum { PURPOSE_SHOWN = 80 /* of a purpose in a list */ };

/* ---- how a group reads --------------------------------------------------------------------------- */

static const char *kind_word(struct call *c, const struct group *g)
{
    if (g->ended)
        return say(c->arena, c->lang, "ended");
    return g->kind == GROUP_OPEN     ? say(c->arena, c->lang, "open")
           : g->kind == GROUP_CLOSED ? say(c->arena, c->lang, "closed")
                                     : say(c->arena, c->lang, "secret");
}

/* "!design (open, 3 members, yours): Shapes and colours" */
static const char *group_row(struct call *c, const struct group *g, const char *purpose)
{
    struct arena *a = c->arena;
    const char *members =
        say_n(a, c->lang, "%lld member", "%lld members", g->members, (long long)g->members);
    const char *row = arena_printf(a, "%s (%s, %s%s)", g->label, kind_word(c, g), members,
                                   g->owner ? say(a, c->lang, ", you own it") : "");

    return *purpose != '\0' ? arena_printf(a, "%s: %s", row, purpose) : row;
}

/* ---- lists --------------------------------------------------------------------------------------- */

/* Rows of one of the two parts. *left: how many more fit on the page; *more: this part goes on behind `at`. */
static enum err put_part(struct call *c, struct groups_place *at, const char *title, int *left,
                         bool *more)
{
    struct group *groups = NULL;
    size_t n = 0;
    enum err e = store_groups_page(c->store, c->who.no, !at->others, at->key, at->no, (size_t)*left,
                                   c->arena, &groups, &n, more);

    if (e != OK || n == 0)
        return e;
    if (title != NULL)
        call_put(c, title);
    for (size_t i = 0; i < n; i++)
        call_put(c, group_row(c, &groups[i],
                              compose_excerpt(c->arena, groups[i].purpose, PURPOSE_SHOWN)));
    *left -= (int)n;
    at->key = text_fold(c->arena, groups[n - 1].name);
    at->no = groups[n - 1].no;
    return OK;
}

enum err list_groups(struct call *c, const struct groups_place *after, const struct listing *li)
{
    struct groups_place at = *after;
    bool first = after->key[0] == '\0' && !after->others, more = false;
    int limit = list_limit(li), left = limit;
    enum err e = OK;

    if (!at.others) {
        e = put_part(c, &at, first ? say(c->arena, c->lang, "Your groups:") : NULL, &left, &more);
        if (e == OK && !more)
            at = (struct groups_place){.others = true, .key = ""};
    }
    if (e == OK && !more)
        e = put_part(c, &at,
                     at.key[0] == '\0' ? say(c->arena, c->lang, "Groups that you are not in:")
                                       : NULL,
                     &left, &more);
    if (e != OK)
        return e;
    if (left == limit && !more)
        call_put(c, li->empty);
    if (!more)
        return OK;
    call_set_more(c, &(struct more){.kind = MORE_GROUPS,
                                    .edge_after = at.others,
                                    .text = at.key,
                                    .object = at.no,
                                    .limit = limit});
    call_say(c, "`more` shows the next ones.");
    return OK;
}

static enum err run_groups(struct call *c)
{
    struct listing li = {.limit = 0};

    li.empty =
        say(c->arena, c->lang,
            "There are no groups that you could join yet. `group create NAME PURPOSE` makes one.");
    return list_groups(c, &(struct groups_place){.key = ""}, &li);
}

static enum err put_pins(struct call *c, const struct group *g)
{
    struct post *posts = NULL;
    size_t n = 0;
    enum err e = store_group_pins(c->store, g->no, c->who.no, c->arena, &posts, &n);

    if (e == OK)
        list_pins(c, posts, n);
    return e;
}

static enum err run_group_show(struct call *c)
{
    const struct group *g = &c->args[0].group;
    struct listing li = {.limit = c->args[1].given ? (int)c->args[1].number : 0};
    enum err e;

    call_put(c, group_row(c, g, g->purpose));
    if (!g->member && g->kind != GROUP_OPEN) {
        call_say(c,
                 "What is written there is for its members. `join %s` asks its owners to let "
                 "you in.",
                 g->label);
        return OK;
    }
    if (!g->member && !g->ended)
        call_say(c, "You are not in it: `join %s` brings to you what is written there.", g->label);
    e = put_pins(c, g);
    if (e != OK)
        return e;
    li.title = say(c->arena, c->lang, "The newest:");
    li.empty =
        g->member && !g->ended
            ? say(c->arena, c->lang, "Nothing is written there yet. `%s TEXT` writes it.", g->label)
            : say(c->arena, c->lang, "Nothing is written there that you can see.");
    return list_posts(c, LIST_GROUP, g->no, &li);
}

static enum err run_group_post(struct call *c)
{
    return call_post(c, &(struct posting){.text = c->args[1].text, .group = c->args[0].group.no});
}

/* ---- making and changing ------------------------------------------------------------------------- */

/* A name as a tag has one: letters, digits, "_", and one that is no digit. NULL: it is none. */
static const char *name_of(struct call *c, const char *typed, const char **key)
{
    const char *name = text_nfc(c->arena, typed), *rest = name;
    uint32_t sign = text_next(&rest);
    bool letter = false;

    if (sign == '!' || sign == 0xFF01)
        name = rest;
    *key = text_fold(c->arena, name);
    for (const char *p = *key; *p != '\0';) {
        uint32_t ch = text_next(&p);

        if (!text_is_word(ch))
            return NULL;
        letter = letter || !text_is_digit(ch);
    }
    return letter && text_count(name) <= LIMIT_TAG ? name : NULL;
}

static bool is_one(const char *word, const char *english, const char *korean)
{
    return strcmp(word, english) == 0 || strcmp(word, korean) == 0;
}

static enum group_kind kind_of(const char *word)
{
    return is_one(word, "secret", "비밀")     ? GROUP_SECRET
           : is_one(word, "closed", "비공개") ? GROUP_CLOSED
                                              : GROUP_OPEN;
}

/* What a kind means. */
static void say_kind(struct call *c, enum group_kind kind)
{
    if (kind == GROUP_OPEN)
        call_say(c, "It is open: anyone may join, and read what is written from now on.");
    else if (kind == GROUP_CLOSED)
        call_say(c, "It is closed: others see its name, purpose and number of members, and ask "
                    "its owners to join.");
    else
        call_say(c, "It is secret: for those who are not in it, it does not exist.");
}

static enum err check_purpose(struct call *c, const char *text)
{
    if (!text_xml(text, strlen(text))) {
        call_say(c,
                 "There is a control character in that which XMPP forbids, so nothing was done.");
        return E_USAGE;
    }
    if (text_count(text) <= LIMIT_PURPOSE)
        return OK;
    call_say(c, "That is %1$lld characters, and a purpose may have %2$d. Nothing was done.",
             (long long)text_count(text), LIMIT_PURPOSE);
    return E_LIMIT;
}

static enum err run_group_create(struct call *c)
{
    struct new_group g = {.owner = c->who.no, .at = c->now, .purpose = ""};
    int64_t no;
    enum err e;

    g.shown = name_of(c, c->args[0].text, &g.key);
    if (g.shown == NULL) {
        call_say(c,
                 "“%1$s” cannot be a group's name: letters, digits and _ of any script, at most "
                 "%2$d, no blanks.",
                 compose_excerpt(c->arena, c->args[0].text, LIMIT_TAG), LIMIT_TAG);
        return E_USAGE;
    }
    if (c->args[1].given)
        g.kind = kind_of(c->args[1].text);
    if (c->args[2].given)
        g.purpose = text_trim(c->arena, c->args[2].text);
    e = check_purpose(c, g.purpose);
    if (e == OK)
        e = store_group_add(c->store, &g, &no);
    if (e == E_EXISTS)
        call_say(c, "There is a group !%1$s already: `!%1$s` shows it. Nothing was made.", g.shown);
    else if (e == E_LIMIT)
        call_say(c,
                 "You have %d follows, mutes and blocks, and that is the limit. `unfollow` one "
                 "first.",
                 LIMIT_EDGES_PER_PERSON);
    if (e != OK)
        return e;
    call_say(c,
             "Group !%1$s is made, and you own it. `!%1$s TEXT` writes there, `add @nick !%1$s` "
             "brings people in.",
             g.shown);
    say_kind(c, g.kind);
    return OK;
}

/* The members see in the group itself who may read along from now on. */
static enum err tell_members(struct call *c, const struct group *g, enum group_kind kind)
{
    struct new_post p = {.author = c->who.no, .at = c->now, .group = g->no};
    struct added added;

    p.text =
        kind == GROUP_OPEN
            ? say(c->arena, c->lang,
                  "/me made this group open: from now on everybody can read what is written.")
        : kind == GROUP_CLOSED
            ? say(c->arena, c->lang,
                  "/me made this group closed: only members can read what is written.")
            : say(c->arena, c->lang, "/me made this group secret: for others it does not exist.");
    return store_post_add(c->store, &p, &added);
}

static enum err set_kind(struct call *c, const struct group *g, enum group_kind kind)
{
    enum err e;

    if (g->kind == kind && !g->ended) {
        call_say(c, "%1$s is %2$s already.", g->label, kind_word(c, g));
        return OK;
    }
    e = store_group_set_kind(c->store, g->no, kind);
    if (e == E_EXISTS)
        call_say(c,
                 "There is another group called !%s by now, so this one can only stay secret. "
                 "Nothing was done.",
                 g->name);
    if (e == OK)
        e = tell_members(c, g, kind);
    if (e != OK)
        return e;
    call_say(c, "Changed %s; its members are told in it.", g->label);
    say_kind(c, kind);
    if (kind == GROUP_OPEN)
        call_say(c, "What was written before stays for its members.");
    return OK;
}

static enum err run_group_set(struct call *c)
{
    const struct group *g = &c->args[0].group;
    const char *what = c->args[1].text, *text;
    enum err e = group_check_owner(c, g);

    if (e != OK)
        return e;
    if (!is_one(what, "purpose", "목적")) {
        if (!c->args[2].given)
            return set_kind(c, g, kind_of(what));
        call_say(c, "Nothing may stand behind `%s` there. Nothing was done.", what);
        return E_USAGE;
    }
    text = c->args[2].given ? text_trim(c->arena, c->args[2].text) : "";
    if (strcmp(text, "-") == 0) /* as `set bio -` */
        text = "";
    e = check_purpose(c, text);
    if (e == OK)
        e = store_group_set_purpose(c->store, g->no, text);
    if (e == OK && *text != '\0')
        call_say(c, "The purpose of %1$s is now: %2$s", g->label, text);
    else if (e == OK)
        call_say(c, "%s has no purpose now.", g->label);
    return e;
}

static enum err run_group_close(struct call *c)
{
    const struct group *g = &c->args[0].group;
    enum err e = group_check_owner(c, g);

    if (e == OK)
        e = store_group_close(c->store, g->no);
    if (e == E_EXISTS) {
        call_say(c, "%s was ended before.", g->label);
        return OK;
    }
    if (e == OK)
        call_say(c,
                 "%1$s is ended: nobody can write there or join any more. Who could read it still "
                 "can. `group set %1$s open` (or closed, secret) lets it go on.",
                 g->label);
    return e;
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "groups", .korean = {"그룹목록"},
        .form = N_("groups"),
        .summary = N_("The groups you may know of, yours first"),
        .examples = {"groups", "그룹목록"},
        .run = run_groups,
    },
    {
        .name = "group show", .korean = {"그룹 보기"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"},
                 {.kind = ARG_COUNT, .flags = ARG_OPTIONAL, .name = "N"}},
        .form = N_("!group"),
        .summary = N_("The newest in a group, and what it is for"),
        .help = N_("`!design` alone and `group show !design` are the same; `group show !design 30` shows more."),
        .examples = {"!design", "group show !design 5", "그룹 보기 !design"},
        .run = run_group_show,
    },
    {
        .name = "group post", .korean = {"그룹 글"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"}, {.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("!group TEXT"),
        .summary = N_("A post to a group: its members get it"),
        .help = N_("Who is not in the group is told nothing; only in an open group a mention reaches others, too."),
        .examples = {"!design The new logo is ready", "group post !design Look at #1", "그룹 글 !design 새 로고예요"},
        .run = run_group_post,
    },
    {
        .name = "group create", .korean = {"그룹 만들기"},
        .args = {{.kind = ARG_WORD, .name = "NAME"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "open", .choices = "open|closed|secret|공개|비공개|비밀",
                  .ask = N_("Who may join and read?")},
                 {.kind = ARG_TEXT, .flags = ARG_OPTIONAL, .name = "PURPOSE"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("group create NAME [open|closed|secret] [PURPOSE]"),
        .summary = N_("Makes a group; you are its owner"),
        .help = N_("Open, unless you say otherwise: anyone may join and read. Closed: its owners let people in, and only members "
                   "read. Secret: for others it does not exist."),
        .examples = {"group create books", "group create books Novels and comics", "group create merger secret",
                     "그룹 만들기 독서 비공개 함께 읽어요"},
        .run = run_group_create,
    },
    {
        .name = "group set", .korean = {"그룹 설정"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"},
                 {.kind = ARG_CHOICE, .name = "purpose", .choices = "purpose|open|closed|secret|목적|공개|비공개|비밀",
                  .ask = N_("What should change?")},
                 {.kind = ARG_TEXT, .flags = ARG_OPTIONAL, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("group set !group purpose TEXT, group set !group open|closed|secret"),
        .summary = N_("Changes your group: its purpose, who may join"),
        .help = N_("What was written in a closed or secret group stays for its members, even when it is opened."),
        .examples = {"group set !design purpose Shapes", "group set !design closed", "그룹 설정 !design 목적 모양과 색"},
        .run = run_group_set,
    },
    {
        .name = "group owner", .korean = {"그룹 관리자"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"}, {.kind = ARG_PERSON, .name = "WHO"}},
        .flags = COMMAND_WRITES,
        .form = N_("group owner !group WHO"),
        .summary = N_("Makes a member an owner as well"),
        .help = N_("Owners let people in and take them out, change and end the group, pin posts and end conversations in it."),
        .examples = {"group owner !design bob", "그룹 관리자 !design bob"},
        .run = run_group_owner,
    },
    {
        .name = "group close", .korean = {"그룹 닫기"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"}},
        .flags = COMMAND_WRITES | COMMAND_FINAL,
        .form = N_("group close !group"),
        .summary = N_("Ends your group; what was written stays readable"),
        .examples = {"group close !design", "그룹 닫기 !design"},
        .run = run_group_close,
    },
    {
        .name = "join", .korean = {"가입"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"}},
        .flags = COMMAND_WRITES,
        .form = N_("join !group"),
        .summary = N_("Joins a group"),
        .help = N_("`follow !group` is the same. In a closed group its owners are asked."),
        .examples = {"join !design", "가입 !design"},
        .run = run_join,
    },
    {
        .name = "drop", .korean = {"탈퇴"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"}},
        .flags = COMMAND_WRITES,
        .form = N_("drop !group"),
        .summary = N_("Leaves a group; nobody is told"),
        .examples = {"drop !design", "탈퇴 !design"},
        .run = run_drop,
    },
    {
        .name = "members", .korean = {"그룹멤버"},
        .args = {{.kind = ARG_GROUP, .name = "GROUP"}},
        .form = N_("members !group"),
        .summary = N_("Who is in a group"),
        .examples = {"members !design", "그룹멤버 !design"},
        .run = run_members,
    },
    {
        .name = "add", .korean = {"그룹추가"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}, {.kind = ARG_GROUP, .name = "GROUP"}},
        .flags = COMMAND_WRITES,
        .form = N_("add WHO !group"),
        .summary = N_("Brings somebody into your group"),
        .examples = {"add dan !design", "그룹추가 dan !design"},
        .run = run_add,
    },
    {
        .name = "remove", .korean = {"그룹제외"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}, {.kind = ARG_GROUP, .name = "GROUP"}},
        .flags = COMMAND_WRITES,
        .form = N_("remove WHO !group"),
        .summary = N_("Takes somebody out of your group"),
        .examples = {"remove bob !design", "그룹제외 bob !design"},
        .run = run_remove,
    },
};
/* clang-format on */
const struct family family_groups = {N_("Groups"), rows, ARRAY_LEN(rows)};
