/* SPDX-License-Identifier: MIT */
#include "handlers/native/gestures.h"

#include <string.h>

#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/dispatch.h"
#include "handlers/poll.h"
#include "handlers/post.h"

static bool is_row(const struct reading *rd, const char *name)
{
    return rd->command != NULL && strcmp(rd->command->name, name) == 0;
}

/* ---- corrections -------------------------------------------------------------------------------- */

/* The line was a command and has been carried out: says so, and shows its answer, which names the way back. */
static enum err carried_out(struct call *c, const struct claim *claim)
{
    struct answer an;
    enum err e =
        claim->answer != 0 ? store_answer_get(c->store, claim->answer, c->arena, &an) : E_NOTFOUND;

    if (e != OK && e != E_NOTFOUND)
        return e;
    call_say(c, "That line was a command and has been carried out; nothing was changed now.");
    if (e == OK)
        call_say(c, "The answer was: %s", an.text);
    else
        call_say(c, "`help` shows for each command how to take it back.");
    return OK;
}

/* The text that a corrected line puts into its post: "#12 text" corrected to "#12 better text" means "better text". NULL: the line
 * now goes somewhere else. */
static const char *text_for(struct arena *a, const struct reading *rd, const struct post *p,
                            bool *writes)
{
    *writes = true;
    if (is_row(rd, "post") || (is_row(rd, "ask") && p->kind == KIND_QUESTION))
        return rd->args[0].text;
    if (is_row(rd, "reply")) {
        if (rd->args[0].target == TARGET_POST && rd->args[0].post.no == p->parent)
            return rd->args[1].text;
        if (rd->args[0].target == TARGET_PERSON && p->parent != 0)
            return rd->args[1].text;
        return NULL;
    }
    if (is_row(rd, "d"))
        return rd->args[0].person.no == p->recipient ? rd->args[1].text : NULL;
    if (is_row(rd, "poll"))
        return p->kind == KIND_POLL ? poll_typed(a, rd->args) : NULL;
    if (is_row(rd, "group post"))
        return rd->args[0].group.no == p->group && p->parent == 0 ? rd->args[1].text : NULL;
    if (is_row(rd, "edit"))
        return rd->args[0].post.no == p->no ? rd->args[1].text : NULL;
    *writes = false;
    return NULL;
}

static enum err correct_post(struct call *c, const struct post *p)
{
    const char *body = text_trim(c->arena, c->request->body), *text;
    struct reading rd;
    bool writes;
    enum err e = dispatch_read(c, body, &rd);

    if (e != OK)
        return e;
    if (rd.kind == READING_POST)
        return call_edit(c, p, rd.text);
    if (rd.kind == READING_ASK && rd.why == WHY_AT_NICK)
        return call_edit(c, p, body);
    if (rd.kind == READING_COMMAND) {
        text = text_for(c->arena, &rd, p, &writes);
        if (text != NULL)
            return call_edit(c, p, text);
        if (writes) {
            call_say(
                c,
                "A correction cannot send %1$s somewhere else. `delete %1$s`, then write it anew.",
                call_ref(c, p->no));
            return E_DENIED;
        }
    }
    call_say(c,
             "That reads as a command, but the line you correct is a post (%1$s). `yes` makes it "
             "the new text of %1$s; to "
             "run it, send it as a new message.",
             call_ref(c, p->no));
    c->made = 0;
    c->writes = false;
    call_ask(c, arena_printf(c->arena, "edit %s %s", call_ref(c, p->no), body), NULL);
    return OK;
}

enum err gesture_correct(struct call *c)
{
    struct claim claim;
    struct post p;
    enum err e = store_claim_find(c->store, c->who.no, c->request->replaces, c->arena, &claim);

    if (e != OK)
        return e;
    if (claim.post == 0)
        return carried_out(c, &claim);
    e = store_post_get(c->store, claim.post, c->who.no, c->arena, &p);
    if (e == E_NOTFOUND) {
        call_say(c, "%s was taken back before, so the correction changes nothing.",
                 call_ref(c, claim.post));
        return OK;
    }
    if (e != OK)
        return e;
    c->made = p.no;
    c->writes = true;
    return correct_post(c, &p);
}

/* ---- retractions -------------------------------------------------------------------------------- */

enum err gesture_retract(struct call *c)
{
    struct claim claim;
    struct post p;
    enum err e = store_claim_find(c->store, c->who.no, c->request->retracts, c->arena, &claim);

    if (e == E_NOTFOUND) {
        call_say(c, "I know of no post that message made. `delete #1234` takes back the post of "
                    "that number.");
        return OK;
    }
    if (e != OK)
        return e;
    if (claim.post == 0)
        return carried_out(c, &claim);
    e = store_post_get(c->store, claim.post, c->who.no, c->arena, &p);
    if (e == E_NOTFOUND) {
        call_say(c, "%s was taken back before.", call_ref(c, claim.post));
        return OK;
    }
    if (e != OK)
        return e;
    c->writes = true;
    return call_delete(c, &p);
}

/* ---- reactions and replies ------------------------------------------------------------------------ */

/* The post that an id leads to: one's own message or one of ours. *no 0: none. *several: it told of more than one. */
static enum err find_post(struct call *c, const char *id, int64_t *no, bool *several)
{
    struct claim claim;
    enum err e = store_claim_find(c->store, c->who.no, id, c->arena, &claim);

    *several = e == E_NOTFOUND && *id == 'h';
    *no = 0;
    if (e == OK)
        *no = claim.post;
    if (e == E_NOTFOUND)
        e = compose_id_post(c->store, id, c->who.no, no);
    return e == E_NOTFOUND ? OK : e;
}

enum err gesture_react(struct call *c)
{
    struct post p;
    int64_t no;
    bool several;
    enum err e = find_post(c, c->request->reacts, &no, &several);

    if (e != OK)
        return e;
    if (no == 0 || several) {
        call_say(c,
                 "I cannot tell which post you reacted to. Name it by its number: `like #1234`.");
        return OK;
    }
    e = store_post_get(c->store, no, c->who.no, c->arena, &p);
    if (e == E_NOTFOUND)
        return call_no_post(c, no);
    if (e != OK)
        return e;
    c->writes = true;
    return c->request->n_reactions > 0 ? call_like(c, &p) : call_unlike(c, &p);
}

/* The number of a choice as the answer to a poll. */
static enum err vote_by_reply(struct call *c, const char *body, int64_t no, const char **line)
{
    struct post p;
    enum err e = store_post_get(c->store, no, c->who.no, c->arena, &p);

    *line = NULL;
    if (e == OK)
        e = poll_vote_meant(c, &p, body, line);
    return e == E_NOTFOUND ? OK : e;
}

/* Whether an answer's text is more likely a command that would do or tell something: rule 4 holds for gestures too. */
static bool may_be_command(const struct reading *rd)
{
    if (rd->kind == READING_POST)
        return false;
    if (rd->kind == READING_COMMAND)
        return (rd->command->flags & (COMMAND_WRITES | COMMAND_PRIVATE)) != 0;
    return rd->why == WHY_GROUP || rd->why == WHY_HABIT ||
           (rd->command != NULL && (rd->command->flags & COMMAND_PRIVATE) != 0);
}

enum err gesture_reply(struct call *c)
{
    const char *body = text_trim(c->arena, c->request->body), *vote;
    struct reading rd;
    int64_t no;
    bool several;
    enum err e = find_post(c, c->request->replies, &no, &several);

    if (e == OK)
        e = dispatch_read(c, body, &rd);
    if (e != OK)
        return e;
    /* "yes" as a reply to the question that asked for it, "/home" anywhere. */
    if (rd.forced || (no == 0 && rd.kind != READING_POST))
        return dispatch_line(c, body);
    if (no == 0) {
        call_say(c, "I cannot tell which post you answer, so nothing was posted. Name it by its "
                    "number: `#1234 TEXT`.");
        return E_NOTFOUND;
    }
    if (rd.kind == READING_COMMAND && is_row(&rd, "reply") && rd.args[0].target == TARGET_POST &&
        rd.args[0].post.no == no) {
        c->writes = true;
        return call_post(c, &(struct posting){.text = rd.args[1].text, .parent = no});
    }
    e = vote_by_reply(c, body, no, &vote);
    if (e != OK || vote != NULL)
        return e == OK ? dispatch_line(c, vote) : e;
    if (may_be_command(&rd)) {
        call_say(c,
                 "That reads as a command. `yes` makes it an answer to %s; to run it, send it as a "
                 "new message.",
                 call_ref(c, no));
        call_ask(c, arena_printf(c->arena, "reply %s %s", call_ref(c, no), body), NULL);
        return OK;
    }
    c->writes = true;
    if (rd.kind == READING_POST && rd.text != NULL)
        body = rd.text;
    return call_post(c, &(struct posting){.text = body, .parent = no});
}
