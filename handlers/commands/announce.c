/* SPDX-License-Identifier: MIT */
/* Announcements: to everybody, by those with that role; and that one has read them. */
#include "handlers/commands/rows.h"

#include "handlers/announce.h"
#include "handlers/compose.h"
#include "handlers/post.h"

enum { EXCERPT = 200 };

/* Behind the bare word it is asked about first: what goes to everybody is not to come from a sentence that began like this. */
static enum err ask_first(struct call *c, const char *text)
{
    call_say(c,
             "Nothing is announced yet. `yes` announces this to everybody: “%s”\n`post` publishes "
             "what you wrote as it is. `announce: TEXT` announces without a question.",
             compose_excerpt(c->arena, text, EXCERPT));
    c->writes = false;
    call_ask(c, arena_printf(c->arena, "/announce %s", text), c->line);
    return OK;
}

static enum err run_announce(struct call *c)
{
    const char *text = c->args[0].text;
    enum err e = call_check_text(c, text);

    if (e == OK && !c->colon)
        return ask_first(c, text);
    if (e == OK)
        e = call_post(c, &(struct posting){.text = text, .kind = KIND_ANNOUNCEMENT});
    if (e == OK)
        call_say(c, "Everybody gets it. `%s` shows how many say that they have read it.",
                 call_ref(c, c->made));
    return e;
}

static enum err run_ack(struct call *c)
{
    const struct post *p = &c->args[0].post;
    enum err e = store_ack_add(c->store, p->no, c->who.no, c->now);

    c->about = p->no;
    if (e == OK)
        call_say(c, "Noted that you have read %1$s. %2$s sees how many have, not who.",
                 call_ref(c, p->no), call_author(c, p));
    else if (e == E_EXISTS)
        call_say(c, "You have said already that you read %s.", call_ref(c, p->no));
    else if (e == E_DENIED)
        call_say(c, "%1$s is your own. `%1$s` shows how many have read it.", call_ref(c, p->no));
    else if (e == E_NOTFOUND)
        call_say(c, "%s is no announcement.", call_ref(c, p->no));
    return e == E_EXISTS ? OK : e;
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "announce", .korean = {"공지"},
        .args = {{.kind = ARG_TEXT, .name = "TEXT", .ask = N_("What should everybody read?")}},
        .free = FREE_ANY, .role = ROLE_ANNOUNCER, .flags = COMMAND_WRITES | COMMAND_FINAL,
        .form = N_("announce TEXT"),
        .summary = N_("To everybody, for those with that role"),
        .help = N_("It goes to everybody who is here, whatever they mute or block. You are asked first, unless you write `announce: TEXT`. "
                   "With its number you see how many say that they have read it."),
        .examples = {"announce The office closes at five", "announce: The office closes at five", "공지 내일은 쉽니다"},
        .run = run_announce,
    },
    {
        .name = "ack", .korean = {"읽음"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("ack POST"),
        .summary = N_("Says that you have read an announcement"),
        .help = N_("Its author sees how many have, not who."),
        .examples = {"ack #1", "읽음 #1"},
        .run = run_ack,
    },
};
/* clang-format on */
const struct family family_announce = {N_("Announcements"), rows, ARRAY_LEN(rows)};
