/* SPDX-License-Identifier: MIT */
#include "handlers/admins.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "handlers/compose.h"

bool admins_configured(const struct service_options *o, const struct person *p)
{
    for (size_t i = 0; i < o->n_admins; i++)
        if (strcmp(o->admins[i], p->jid) == 0)
            return true;
    return false;
}

enum role admins_role(const struct service_options *o, const struct person *p)
{
    return admins_configured(o, p) ? ROLE_ADMIN : p->role;
}

enum err admins_find(struct call *c, struct person **out, size_t *n)
{
    struct people kept;
    enum err e;

    *out = arena_array(c->arena, LIMIT_ADMINS, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < c->options->n_admins && *n < LIMIT_ADMINS; i++) {
        struct person *p = &(*out)[*n];

        e = store_person_by_jid(c->store, c->options->admins[i], c->arena, p);
        if (e != OK && e != E_NOTFOUND)
            return e;
        *n += e == OK && p->state == PERSON_ACTIVE;
    }
    e = store_roles(c->store, ROLE_ADMIN, LIMIT_ADMINS, c->arena, &kept);
    for (size_t i = 0; e == OK && i < kept.n && *n < LIMIT_ADMINS; i++)
        if (!admins_configured(c->options, &kept.at[i]))
            (*out)[(*n)++] = kept.at[i];
    return e;
}

enum err admins_record(struct call *c, const char *action, int64_t whom, int64_t post,
                       const char *detail)
{
    const struct audit r = {.at = c->now,
                            .who = c->who.no,
                            .action = action,
                            .whom = whom,
                            .post = post,
                            .detail = detail};

    /* The record itself, with what was typed, is the audit. */
    log_line(LOG_INFO, "admin_act action=%s by=%lld whom=%lld", action, (long long)c->who.no,
             (long long)whom);
    return store_audit_add(c->store, &r);
}

enum err admins_check_reason(struct call *c, const char *reason)
{
    if (text_count(reason) <= LIMIT_REPORT)
        return OK;
    call_say(c, "That is %1$lld characters, and there is room for %2$d. Nothing was changed.",
             (long long)text_count(reason), LIMIT_REPORT);
    return E_LIMIT;
}

enum err admins_watch(struct call *c, int64_t post, const char *text)
{
    struct item item = {.repeater_nick = "", .repeater_name = "", .comment = ""};
    struct person *admins;
    struct watch *hits;
    const char *words = "";
    size_t n, n_hits;
    enum err e = store_watches(c->store, text, c->arena, &hits, &n_hits);

    if (e != OK || n_hits == 0)
        return e;
    for (size_t i = 0; i < n_hits; i++)
        words = arena_printf(c->arena, "%s%s“%s”", words, i == 0 ? "" : ", ", hits[i].words);
    e = store_post_get(c->store, post, 0, c->arena, &item.post);
    if (e == OK)
        e = admins_find(c, &admins, &n);
    for (size_t i = 0; e == OK && i < n; i++) {
        enum lang l = call_lang_of(c, &admins[i]);

        if (admins[i].no == c->who.no)
            continue;
        e = call_notice(c, &admins[i], post,
                        arena_printf(c->arena, "%s\n%s", say(c->arena, l, "You watch %s:", words),
                                     compose_item(c->arena, l, &item, NULL, 0, admins[i].zone)));
    }
    return e;
}

enum lang call_lang_of(const struct call *c, const struct person *p)
{
    return lang_parse(p->lang, lang_parse(c->options->language, LANG_EN));
}

enum err call_notice(struct call *c, const struct person *p, int64_t post, const char *text)
{
    struct answer an = {.person = p->no, .to = p->jid, .text = text, .post = post};
    int64_t event;

    an.from = arena_printf(c->arena, "%s@%s", c->options->bot, c->options->domain);
    return store_answer_add(c->store, EVENT_NOTICE, &an, c->now, &event);
}
