/* SPDX-License-Identifier: MIT */
/* Keeping order: reports to the administrators, the end of a conversation. */
#include "handlers/commands/rows.h"

#include "base/limits.h"
#include "base/text.h"
#include "handlers/admins.h"
#include "handlers/compose.h"
#include "handlers/post.h"

/* One administrator gets the post, in their language. */
static enum err tell(struct call *c, const struct person *admin, const struct post *p,
                     const char *why)
{
    const enum lang l = call_lang_of(c, admin);
    struct item item = {.post = *p, .repeater_nick = "", .repeater_name = "", .comment = ""};
    const char *who = call_person(c, &c->who), *ref = call_ref(c, p->no), *first;

    /* The reporter shows a post, not the place it stands in, which may be one that nobody outside knows of. */
    item.post.group = 0;
    item.post.group_name = "";
    if (*why != '\0')
        first = say(c->arena, l, "%1$s reports %2$s to the administrators: %3$s", who, ref, why);
    else
        first = say(c->arena, l, "%1$s reports %2$s to the administrators.", who, ref);
    return call_notice(c, admin, 0,
                       arena_printf(c->arena, "%s\n%s", first,
                                    compose_item(c->arena, l, &item, NULL, c->now, admin->zone)));
}

enum err run_report(struct call *c)
{
    const struct post *p = &c->args[0].post;
    const char *why = c->args[1].given ? c->args[1].text : "";
    struct person *admins;
    size_t n;
    enum err e;

    c->about = p->no;
    if (p->author == c->who.no) {
        call_say(c, "%1$s is your own; `delete %1$s` takes it back. Nothing was reported.",
                 call_ref(c, p->no));
        return E_DENIED;
    }
    if (text_count(why) > LIMIT_REPORT) {
        call_say(c, "That is %1$lld characters, and there is room for %2$d. Nothing was reported.",
                 (long long)text_count(why), LIMIT_REPORT);
        return E_LIMIT;
    }
    e = admins_find(c, &admins, &n);
    if (e == OK && n == 0) {
        call_say(c, "No administrator has an account here yet, so nothing was reported. Please "
                    "speak to yours directly.");
        return E_DENIED;
    }
    if (e == OK)
        e = store_report_add(c->store, p->no, c->who.no, why, c->now);
    if (e == E_EXISTS) {
        call_say(c, "You have reported %s already; the administrators have it.",
                 call_ref(c, p->no));
        return OK;
    }
    for (size_t i = 0; e == OK && i < n; i++)
        e = tell(c, &admins[i], p, why);
    if (e != OK)
        return e;
    call_say(c, "Reported %1$s by %2$s to the administrators. Nobody else is told.",
             call_ref(c, p->no), call_author(c, p));
    return OK;
}

enum err run_end(struct call *c)
{
    const struct post *p = &c->args[0].post;
    const char *root = call_ref(c, p->root != 0 ? p->root : p->no);
    enum err e = store_end_add(c->store, p->no, c->who.no, c->now);

    c->about = p->no;
    if (e == OK)
        call_say(c, "Conversation %s is ended: nobody can reply in it any more.", root);
    else if (e == E_EXISTS)
        call_say(c, "Conversation %s is ended already.", root);
    else if (e == E_DENIED)
        call_say(c,
                 "Only who began conversation %1$s can end it. `mute %1$s` keeps it away from you.",
                 root);
    return e == E_EXISTS ? OK : e;
}
