/* SPDX-License-Identifier: MIT */
/* Polls: a question with choices, one vote each. */
#include "handlers/commands/rows.h"

#include "base/limits.h"
#include "handlers/poll.h"
#include "handlers/post.h"

static enum err run_poll(struct call *c)
{
    struct poll_form form;
    struct group g;
    enum err e = poll_take_group(c, &c->args[0].text, &g);

    if (e == OK)
        e = poll_read(c, poll_typed(c->arena, c->args), &form);
    if (e == OK)
        e = call_post(c, &(struct posting){.text = form.text, .group = g.no, .kind = KIND_POLL});
    if (e == OK)
        e = store_poll_add(c->store, c->made, form.choices);
    if (e == OK)
        call_say(c, "`%1$s` shows the votes, `close %1$s` ends the poll.", call_ref(c, c->made));
    return e;
}

static enum err no_poll(struct call *c, const struct post *p)
{
    call_say(c, "%s is no poll.", call_ref(c, p->no));
    return E_USAGE;
}

static enum err run_vote(struct call *c)
{
    const struct post *p = &c->args[0].post;
    const int64_t n = c->args[1].number;
    const char *ref = call_ref(c, p->no);
    struct poll poll;
    enum err e = store_poll_get(c->store, p->no, c->who.no, &poll);

    c->about = p->no;
    if (e == E_NOTFOUND)
        return no_poll(c, p);
    if (e == OK)
        e = store_vote_add(c->store, p->no, c->who.no, n > LIMIT_CHOICES ? 0 : (int)n);
    if (e == OK)
        call_say(c, "Your vote in poll %1$s: %2$s", ref,
                 poll_choice(c->arena, p->text, poll.choices, (int)n));
    else if (e == E_EXISTS)
        call_say(c, "That is your vote in poll %1$s already: %2$s", ref,
                 poll_choice(c->arena, p->text, poll.choices, (int)n));
    else if (e == E_DENIED)
        call_say(c, "Poll %s is closed, so your vote was not taken.", ref);
    else if (e == E_LIMIT)
        call_say(c, "Poll %1$s has the choices 1 to %2$d, so your vote was not taken.", ref,
                 poll.choices);
    if (e != OK && e != E_EXISTS)
        return e;
    return call_put_poll(c, p);
}

static enum err run_close(struct call *c)
{
    const struct post *p = &c->args[0].post;
    enum err e = store_poll_close(c->store, p->no, c->who.no, c->now);

    c->about = p->no;
    if (e == E_NOTFOUND)
        return no_poll(c, p);
    if (e == E_DENIED)
        call_say(c, "Poll %1$s was made by %2$s; only they can close it.", call_ref(c, p->no),
                 call_author(c, p));
    if (e != OK && e != E_EXISTS)
        return e;
    if (e == OK)
        call_say(c, "Closed. Those who voted are told the result.");
    return call_put_poll(c, p);
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "poll", .korean = {"투표"},
        .args = {{.kind = ARG_TEXT, .flags = ARG_TO_BAR, .name = "QUESTION", .ask = N_("What do you want to ask?")},
                 {.kind = ARG_TEXT, .name = "CHOICES", .ask = N_("Which choices?")}},
        .free = FREE_BAR, .flags = COMMAND_WRITES,
        .form = N_("poll QUESTION | A | B …"),
        .summary = N_("A poll: a post with choices, one vote each"),
        .help = N_("Two to ten choices. It goes to those who get your posts, with a !group in front to that group; whoever may read it may vote. Votes are counted, and "
                   "nobody is shown who voted what. Until the first vote `edit` changes it, with a | before each choice."),
        .examples = {"poll Lunch? | Noodles | Rice", "투표 점심? | 국수 | 밥"},
        .run = run_poll,
    },
    {
        .name = "vote", .korean = {"한표"},
        .args = {{.kind = ARG_POST, .name = "POST"}, {.kind = ARG_COUNT, .flags = ARG_EXACT, .name = "N", .ask = N_("For which choice, by its number?")}},
        .flags = COMMAND_WRITES,
        .form = N_("vote POST N"),
        .summary = N_("Your vote in a poll: the number of a choice"),
        .help = N_("One vote each, secret; until the poll is closed another `vote` takes its place. To answer the poll with the number "
                   "alone does the same."),
        .examples = {"vote #1 2", "한표 #1 2"},
        .run = run_vote,
    },
    {
        .name = "close", .korean = {"마감"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("close POST"),
        .summary = N_("Ends your poll; those who voted are told the result"),
        .examples = {"close #1", "마감 #1"},
        .run = run_close,
    },
};
/* clang-format on */
const struct family family_polls = {N_("Polls"), rows, ARRAY_LEN(rows)};
