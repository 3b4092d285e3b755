/* SPDX-License-Identifier: MIT */
/* What administrators do. Each of it leaves a record in the audit, in the same transaction. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "handlers/admins.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/post.h"
#include "handlers/state.h"

/* What the configuration file says, no command changes; which is said. */
static bool is_configured(struct call *c, const struct person *p)
{
    if (!admins_configured(c->options, p))
        return false;
    call_say(c,
             "%s is an administrator by the configuration file (`admins`), so that stays until it "
             "is changed there.",
             call_person(c, p));
    return true;
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

/* As the audit keeps it, whoever reads it. */
static const char *role_name(enum role role)
{
    for (size_t i = 0; i < ARRAY_LEN(role_words); i++)
        if (role_words[i].role == role)
            return role_words[i].english;
    return "";
}

/* As the reader of the audit types it; anything else as it stands. */
static const char *role_shown(enum lang l, const char *kept)
{
    for (size_t i = 0; i < ARRAY_LEN(role_words); i++)
        if (l == LANG_KO && strcmp(kept, role_words[i].english) == 0)
            return role_words[i].korean;
    return kept;
}

/* What the administrator is told, and (lang of) the person themselves. */
static enum err say_role(struct call *c, const struct person *p, enum role role)
{
    enum lang l = call_lang_of(c, p);
    const char *by = c->who.no != 0 ? call_person(c, &c->who)
                                    : say(c->arena, l, "Whoever operates this service"),
               *text;

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

    if (role != ROLE_ADMIN && is_configured(c, p))
        return E_DENIED;
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
        e = admins_record(c, "role", p->no, 0, role_name(role));
    return e == OK ? say_role(c, p, role) : e;
}

/* ---- accounts that are closed ------------------------------------------------------------------ */

static enum err run_suspend(struct call *c)
{
    const struct person *p = &c->args[0].person;
    const char *reason = c->args[1].given ? c->args[1].text : "";
    enum err e = admins_check_reason(c, reason);

    if (e != OK)
        return e;
    if (p->no == c->who.no) {
        call_say(c, "That is you. Nobody can suspend themselves.");
        return E_DENIED;
    }
    if (is_configured(c, p))
        return E_DENIED;
    if (p->state != PERSON_ACTIVE) {
        call_say(c, "%1$s is suspended already. `admin unsuspend %2$s` opens the account again.",
                 call_person(c, p), p->nick);
        return OK;
    }
    e = store_person_set_state(c->store, p->no, PERSON_SUSPENDED);
    if (e == OK)
        e = admins_record(c, "suspend", p->no, 0, reason);
    if (e != OK)
        return e;
    c->outcome->other = p->no;
    call_say(c,
             "Suspended %1$s: nothing of what they write is taken, and updates wait for them. What "
             "they wrote stays. `admin unsuspend %2$s` opens the account again.",
             call_person(c, p), p->nick);
    return OK;
}

static enum err run_unsuspend(struct call *c)
{
    const struct person *p = &c->args[0].person;
    enum err e;

    if (p->state == PERSON_ACTIVE) {
        call_say(c, "%s is not suspended.", call_person(c, p));
        return OK;
    }
    e = store_person_set_state(c->store, p->no, PERSON_ACTIVE);
    if (e == OK)
        e = admins_record(c, "unsuspend", p->no, 0, "");
    if (e == OK)
        e = call_notice(c, p, 0,
                        say(c->arena, call_lang_of(c, p),
                            "Your account here is open again; what waited for you comes now."));
    if (e != OK)
        return e;
    c->outcome->other = p->no;
    call_say(c, "%s is not suspended any more, and is told.", call_person(c, p));
    return OK;
}

/* ---- the audit ---------------------------------------------------------------------------------- */

/* "12. Mon 10:00 @carol: suspend @bob #7 — reason" */
static void put_record(struct call *c, const void *rows, size_t i)
{
    const struct audit *r = &((const struct audit *)rows)[i];
    const struct command *row =
        command_find(arena_printf(c->arena, "admin %s", r->action)); /* NULL: of another version */
    const char *word = row == NULL ? NULL : strchr(call_word(c, row), ' ');
    const char *detail =
        strcmp(r->action, "role") == 0 ? role_shown(c->lang, r->detail) : r->detail;
    char *line =
        arena_printf(c->arena, "%lld. %s %s: %s", (long long)r->no,
                     say_time(c->arena, c->lang, r->at, c->now, c->who.zone),
                     r->who == 0 ? "jaejalctl" : arena_printf(c->arena, "@%s", r->who_nick),
                     word == NULL ? r->action : word + 1);

    if (r->whom != 0)
        line = arena_printf(c->arena, "%s @%s", line, r->whom_nick);
    if (r->post != 0)
        line = arena_printf(c->arena, "%s %s", line, call_ref(c, r->post));
    if (*r->detail != '\0')
        line = arena_printf(c->arena, "%s — %s", line,
                            compose_excerpt(c->arena, detail, LIMIT_REPORT));
    call_put(c, line);
}

enum err list_audit(struct call *c, const struct listing *li)
{
    struct more next = {.kind = MORE_AUDIT, .limit = list_limit(li)};
    struct audit *records;
    size_t n;
    bool more;
    enum err e =
        store_audits(c->store, li->before, (size_t)next.limit, c->arena, &records, &n, &more);

    if (e != OK)
        return e;
    if (n > 0)
        next.before = records[n - 1].no;
    return list_page(
        c, li,
        &(struct page){
            .rows = records, .n = n, .more = more, .newest_last = true, .put = put_record},
        &next);
}

static enum err run_audit(struct call *c)
{
    struct listing li = {.limit = c->args[0].given ? (int)c->args[0].number : 0};

    li.title = say(c->arena, c->lang, "What administrators did, the newest last:");
    li.empty = say(c->arena, c->lang, "No administrator has done anything yet.");
    return list_audit(c, &li);
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "admin suspend", .korean = {"어드민 정지"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"},
                 {.kind = ARG_TEXT, .flags = ARG_OPTIONAL, .name = "REASON"}},
        .free = FREE_BEHIND, .role = ROLE_ADMIN, .flags = COMMAND_WRITES,
        .form = N_("admin suspend WHO [REASON]"), .summary = N_("Closes an account: nothing in, nothing out"),
        .help = N_("Nothing of theirs is lost, and what they miss waits for them. They read the reason when they write to me."),
        .examples = {"admin suspend bob", "admin suspend bob Has left the company", "어드민 정지 bob 퇴사"},
        .run = run_suspend,
    },
    {
        .name = "admin unsuspend", .korean = {"어드민 해제"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}},
        .role = ROLE_ADMIN, .flags = COMMAND_WRITES,
        .form = N_("admin unsuspend WHO"), .summary = N_("Opens it again"),
        .examples = {"admin unsuspend bob", "어드민 해제 bob"},
        .run = run_unsuspend,
    },
    {
        .name = "admin reports", .korean = {"어드민 신고"},
        .role = ROLE_ADMIN,
        .form = N_("admin reports"), .summary = N_("Reported posts that nobody decided about yet"),
        .help = N_("`admin remove` takes such a post back, `admin dismiss` leaves it and takes it from this list."),
        .examples = {"admin reports", "어드민 신고"},
        .run = run_admin_reports,
    },
    {
        .name = "admin remove", .korean = {"어드민 삭제"},
        .args = {{.kind = ARG_POST, .flags = ARG_BY_NUMBER, .name = "POST"},
                 {.kind = ARG_TEXT, .name = "REASON"}},
        .free = FREE_BEHIND, .role = ROLE_ADMIN, .flags = COMMAND_WRITES | COMMAND_FINAL,
        .form = N_("admin remove POST REASON"), .summary = N_("Takes a post back, for a reason its author is told"),
        .help = N_("Public posts, and others only while somebody who could see them has reported them."),
        .examples = {"admin remove #2 Names a customer", "어드민 삭제 #2 고객 이름이 있어요"},
        .run = run_admin_remove,
    },
    {
        .name = "admin dismiss", .korean = {"어드민 기각"},
        .args = {{.kind = ARG_POST, .flags = ARG_BY_NUMBER, .name = "POST"}},
        .role = ROLE_ADMIN, .flags = COMMAND_WRITES,
        .form = N_("admin dismiss POST"), .summary = N_("Leaves a reported post as it is"),
        .examples = {"admin dismiss #2", "어드민 기각 #2"},
        .run = run_admin_dismiss,
    },
    {
        .name = "admin watch", .korean = {"어드민 감시"},
        .args = {{.kind = ARG_TEXT, .flags = ARG_OPTIONAL, .name = "WORDS"}},
        .free = FREE_BEHIND, .role = ROLE_ADMIN, .flags = COMMAND_WRITES,
        .form = N_("admin watch [WORDS]"), .summary = N_("Tells the administrators of public posts with these words"),
        .help = N_("All of the words must occur. Without words it lists what is watched."),
        .examples = {"admin watch layoffs", "admin watch", "어드민 감시 구조조정"},
        .run = run_admin_watch,
    },
    {
        .name = "admin unwatch", .korean = {"어드민 감시끝"},
        .args = {{.kind = ARG_TEXT, .name = "WORDS"}},
        .free = FREE_BEHIND, .role = ROLE_ADMIN, .flags = COMMAND_WRITES,
        .form = N_("admin unwatch WORDS"), .summary = N_("Ends that"),
        .examples = {"admin unwatch layoffs", "어드민 감시끝 구조조정"},
        .run = run_admin_unwatch,
    },
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
    {
        .name = "admin broadcast", .korean = {"어드민 알림"},
        .args = {{.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .role = ROLE_ADMIN, .flags = COMMAND_WRITES | COMMAND_FINAL,
        .form = N_("admin broadcast TEXT"), .summary = N_("A notice to everybody, from the service itself"),
        .help = N_("An announcement with the name of the service in front, for what concerns the service. It has a number: `delete` "
                   "takes it back, and its number alone shows how many have read it."),
        .examples = {"admin broadcast Back at six", "어드민 알림 여섯 시에 다시 열어요"},
        .run = run_admin_broadcast,
    },
    {
        .name = "admin audit", .korean = {"어드민 기록"},
        .args = {{.kind = ARG_COUNT, .flags = ARG_OPTIONAL, .name = "N"}},
        .role = ROLE_ADMIN,
        .form = N_("admin audit [N]"), .summary = N_("What administrators did, and when"),
        .help = N_("Nobody here can change or remove a record."),
        .examples = {"admin audit", "admin audit 20", "어드민 기록"},
        .run = run_audit,
    },
    {
        .name = "admin stats", .korean = {"어드민 통계"},
        .role = ROLE_ADMIN,
        .form = N_("admin stats"), .summary = N_("Figures of the service"),
        .examples = {"admin stats", "어드민 통계"},
        .run = run_admin_stats,
    },
};
/* clang-format on */
const struct family family_admin = {N_("Administrators"), rows, ARRAY_LEN(rows)};
