/* SPDX-License-Identifier: MIT */
/* What whoever operates the service does from its machine: some of the administrators' commands, and the check of the
 * audit. They have no account; person 0 stands for them. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/dispatch.h"
#include "handlers/state.h"

static const char *const allowed[] = {"role",    "suspend", "unsuspend", "reports",
                                      "dismiss", "remove",  "audit",     "stats"};

static bool is_allowed(struct arena *a, const char *line)
{
    const char *word = arena_ndup(a, line, strcspn(line, " \t"));

    for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
        if (strcmp(word, allowed[i]) == 0)
            return true;
    return false;
}

/* "remove 12 …" is "remove #12 …": a shell takes what begins with # for a comment. */
static const char *with_sign(struct arena *a, const char *line)
{
    const char *at = line + strcspn(line, " ");

    if (strncmp(line, "dismiss ", 8) != 0 && strncmp(line, "remove ", 7) != 0)
        return line;
    at += strspn(at, " ");
    return *at < '0' || *at > '9'
               ? line
               : arena_printf(a, "%s#%s", arena_ndup(a, line, (size_t)(at - line)), at);
}

static enum err verify(struct call *c, bool *refused)
{
    struct buffer complaint;
    char hash[AUDIT_HASH];
    int64_t n = 0;
    enum err e;

    buffer_init(&complaint, 1000);
    e = store_audit_verify(c->store, &complaint, &n, hash);
    *refused = e == E_USAGE;
    if (e == E_USAGE)
        buffer_addf(&c->answer, "the audit was tampered with: %s", complaint.data);
    else if (e == OK)
        buffer_addf(&c->answer, "the audit is whole: %lld records, the last one %s", (long long)n,
                    n == 0 ? "none" : hash);
    buffer_fini(&complaint);
    return e == E_USAGE ? OK : e;
}

static enum err run(struct call *c, const char *line, bool *refused)
{
    struct reading rd;
    enum err e;

    if (strcmp(line, "verify") == 0)
        return verify(c, refused);
    *refused = true;
    if (!is_allowed(c->arena, line) || !text_xml(line, strlen(line))) {
        buffer_adds(&c->answer, "that is no command of jaejalctl");
        return OK;
    }
    c->line = arena_printf(c->arena, "/admin %s", with_sign(c->arena, line));
    e = dispatch_read(c, c->line, &rd);
    if (e == OK)
        e = dispatch_run(c, &rd);
    if (e == OK && rd.kind == READING_COMMAND)
        *refused = (rd.command->flags & COMMAND_WRITES) != 0 && !c->writes;
    return e;
}

enum err service_control(struct service *s, const char *line, int64_t now, struct arena *a,
                         struct outcome *out, bool *refused)
{
    const struct request r = {
        .from = "", .from_bare = "", .from_local = "", .to = "", .lang = "en"};
    struct call c = {.service = s,
                     .options = &s->options,
                     .store = s->store,
                     .arena = a,
                     .request = &r,
                     .now = now,
                     .outcome = out,
                     .role = ROLE_ADMIN,
                     .lang = LANG_EN,
                     .who = {.jid = "",
                             .nick = "jaejalctl",
                             .name = "",
                             .title = "",
                             .bio = "",
                             .lang = "en",
                             .zone = ""}};
    enum err e;

    *out = (struct outcome){.text = NULL};
    session_begin(s->sessions);
    tally_begin(&s->tally);
    buffer_init(&c.answer, LIMIT_ANSWER);
    e = run(&c, line, refused);
    if (e == OK)
        out->text = arena_ndup(a, c.answer.data, c.answer.len);
    buffer_fini(&c.answer);
    return e;
}
