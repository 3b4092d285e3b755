/* SPDX-License-Identifier: MIT */
/* What administrators do. Each of it leaves a record in the audit, in the same transaction. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "handlers/admins.h"
#include "handlers/post.h"

static enum err record(struct call *c, const char *action, int64_t whom, int64_t post,
                       const char *detail)
{
    const struct audit r = {.at = c->now,
                            .who = c->who.no,
                            .action = action,
                            .whom = whom,
                            .post = post,
                            .detail = detail};

    return store_audit_add(c->store, &r);
}

/* ---- roles ---------------------------------------------------------------------------------- */

static const struct role_word {
    enum role role;
    const char *english, *korean;
} role_words[] = {
    {ROLE_EMPLOYEE, "employee", "사원"},
    {ROLE_ANNOUNCER, "announcer", "공지자"},
    {ROLE_ADMIN, "admin", "관리자"},
};

static enum role role_typed(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(role_words); i++)
        if (strcmp(word, role_words[i].english) == 0 || strcmp(word, role_words[i].korean) == 0)
            return role_words[i].role;
    return ROLE_EMPLOYEE;
}

static const char *role_name(enum role role)
{
    for (size_t i = 0; i < ARRAY_LEN(role_words); i++)
        if (role_words[i].role == role)
            return role_words[i].english;
    return "";
}

/* What the administrator is told, and (lang of) the person themselves. */
static enum err say_role(struct call *c, const struct person *p, enum role role)
{
    enum lang l = call_lang_of(c, p);
    const char *by = call_person(c, &c->who), *text;

    if (role == ROLE_ADMIN) {
        call_say(c, "%s is an administrator now.", call_person(c, p));
        text =
            say(c->arena, l,
                "%s has made you an administrator here. `help admin` shows what you can do.", by);
    } else if (role == ROLE_ANNOUNCER) {
        call_say(c, "%s may write to everybody now, with `announce TEXT`.", call_person(c, p));
        text = say(c->arena, l,
                   "%s has given you the right to write to everybody here: `announce TEXT`.", by);
    } else {
        call_say(c, "%s has no special role any more.", call_person(c, p));
        text = say(c->arena, l, "%s has taken your special role here back.", by);
    }
    return p->no == c->who.no ? OK : call_notice(c, p, 0, text);
}

/* Whether somebody else would still administer. */
static enum err is_last(struct call *c, const struct person *p, bool *last)
{
    struct person *admins;
    size_t n;
    enum err e = admins_find(c, &admins, &n);

    *last = true;
    for (size_t i = 0; e == OK && i < n; i++)
        *last = *last && admins[i].no == p->no;
    return e;
}

static enum err run_role(struct call *c)
{
    const struct person *p = &c->args[0].person;
    enum role role = role_typed(c->args[1].text);
    bool last = false;
    enum err e = OK;

    if (admins_configured(c->options, p) && role != ROLE_ADMIN) {
        call_say(c,
                 "%s is an administrator by the configuration file (`admins`), so that stays until "
                 "it is changed there.",
                 call_person(c, p));
        return E_DENIED;
    }
    if (p->state != PERSON_ACTIVE) {
        call_say(c, "%1$s is suspended. `admin unsuspend %2$s` comes first.", call_person(c, p),
                 p->nick);
        return E_DENIED;
    }
    if (admins_role(c->options, p) == role) {
        call_say(c, "%s has that role already.", call_person(c, p));
        return OK;
    }
    if (p->role == ROLE_ADMIN)
        e = is_last(c, p, &last);
    if (e == OK && last) {
        call_say(c, "%s is the only administrator, so somebody else must become one first.",
                 call_person(c, p));
        return E_DENIED;
    }
    if (e == OK)
        e = store_role_set(c->store, p->no, role);
    if (e == OK)
        e = record(c, "role", p->no, 0, role_name(role));
    return e == OK ? say_role(c, p, role) : e;
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "admin role", .korean = {"어드민 역할"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"},
                 {.kind = ARG_CHOICE, .name = "ROLE", .choices = "employee|announcer|admin|사원|공지자|관리자"}},
        .role = ROLE_ADMIN, .flags = COMMAND_WRITES,
        .form = N_("admin role WHO employee|announcer|admin"), .summary = N_("What somebody may do here"),
        .help = N_("An announcer may write to everybody (`announce`), an administrator may do all of this. They are told."),
        .examples = {"admin role bob announcer", "어드민 역할 bob 관리자"},
        .run = run_role,
    },
};
/* clang-format on */
const struct family family_admin = {N_("Administrators"), rows, ARRAY_LEN(rows)};
