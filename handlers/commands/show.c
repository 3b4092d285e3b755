/* SPDX-License-Identifier: MIT */
/* One post or one person, looked at closely. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/announce.h"
#include "handlers/poll.h"
#include "handlers/post.h"

enum { ROOM_AROUND = 400 /* bytes of an answer kept for what stands around a list */ };

static char *with(struct call *c, const char *out, const char *more)
{
    return arena_printf(c->arena, "%s · %s", out, more);
}

/* "14:05 · changed 2 times · 3 likes · 2 replies · 1 repeat" */
static void put_reception(struct call *c, const struct post *p)
{
    struct arena *a = c->arena;
    char *out = say_time(a, c->lang, p->at, c->now, c->who.zone);

    if (p->kind == KIND_QUESTION)
        out = with(c, out,
                   p->answer != 0 ? say(a, c->lang, "answered") : say(a, c->lang, "open question"));
    if (p->version > 0)
        out = with(c, out,
                   say_n(a, c->lang, "changed %lld time", "changed %lld times", p->version,
                         (long long)p->version));
    if (p->likes > 0)
        out = with(c, out,
                   say_n(a, c->lang, "%lld like", "%lld likes", p->likes, (long long)p->likes));
    if (p->replies > 0)
        out = with(
            c, out,
            say_n(a, c->lang, "%lld reply", "%lld replies", p->replies, (long long)p->replies));
    if (p->repeats > 0)
        out = with(
            c, out,
            say_n(a, c->lang, "%lld repeat", "%lld repeats", p->repeats, (long long)p->repeats));
    call_put(c, out);
}

static enum err put_post(struct call *c, const struct post *p)
{
    const char *row = compose_post(c->arena, c->lang, p);

    call_put(c, p->accepted ? arena_printf(c->arena, "✓ %s", row) : row);
    return OK;
}

/* The accepted answer of a question, if there is one. */
static enum err put_answer(struct call *c, const struct post *p)
{
    struct post answer;
    enum err e;

    if (p->answer == 0)
        return OK;
    e = store_post_get(c->store, p->answer, c->who.no, c->arena, &answer);
    if (e == OK)
        return put_post(c, &answer);
    if (e == E_NOTFOUND)
        call_say(c, "(%s, the accepted answer, cannot be seen.)", call_ref(c, p->answer));
    return e == E_NOTFOUND ? OK : e;
}

/* Of a conversation that takes no more replies. */
static enum err put_end(struct call *c, int64_t root)
{
    bool ended = false;
    enum err e = store_ended(c->store, root, &ended);

    if (e == OK && ended)
        call_say(c, "Conversation %s is ended: nobody can reply in it any more.",
                 call_ref(c, root));
    return e;
}

enum err run_show(struct call *c)
{
    const struct post *p = &c->args[0].post;
    struct post above;
    enum err e = OK;

    c->about = p->no;
    if (p->parent != 0) {
        e = store_post_get(c->store, p->parent, c->who.no, c->arena, &above);
        if (e == OK)
            e = put_post(c, &above);
        else if (e == E_NOTFOUND)
            call_say(c, "(%s, which it answers, cannot be seen.)", call_ref(c, p->parent));
        if (e != OK && e != E_NOTFOUND)
            return e;
    }
    e = put_post(c, p);
    if (e == OK)
        e = put_answer(c, p);
    if (e != OK)
        return e;
    put_reception(c, p);
    if (p->kind == KIND_POLL)
        e = call_put_poll(c, p);
    else if (p->kind == KIND_ANNOUNCEMENT)
        e = call_put_announcement(c, p);
    if (e != OK)
        return e;
    e = put_end(c, p->root);
    if (e == OK && (p->replies > 0 || p->parent != 0))
        call_say(c, "`thread %s` shows the whole conversation.", call_ref(c, p->no));
    return e;
}

/* Of an answered question: it and its answer. They stand above the conversation. */
static enum err question_first(struct call *c, int64_t root, struct items *out)
{
    const struct item empty = {.repeater_nick = "", .repeater_name = "", .comment = ""};
    enum err e;

    out->at = arena_array(c->arena, 2, sizeof out->at[0]);
    out->at[0] = out->at[1] = empty;
    e = store_post_get(c->store, root, c->who.no, c->arena, &out->at[0].post);
    if (e == OK && out->at[0].post.answer != 0)
        e = store_post_get(c->store, out->at[0].post.answer, c->who.no, c->arena, &out->at[1].post);
    else if (e == OK)
        return OK;
    out->n = e == OK ? 2 : 0;
    return e == E_NOTFOUND ? OK : e;
}

enum err run_thread(struct call *c)
{
    const struct post *p = &c->args[0].post;
    int64_t root = p->root != 0 ? p->root : p->no;
    struct listing li = {.limit = 0};
    struct items first = {0};
    enum err e = question_first(c, root, &first);

    if (e != OK)
        return e;
    li.first = &first;
    li.title = say(c->arena, c->lang, "Conversation %s:", call_ref(c, root));
    li.empty =
        say(c->arena, c->lang, "There is nothing left of conversation %s.", call_ref(c, root));
    e = list_posts(c, LIST_THREAD, root, &li);
    return e == OK ? put_end(c, root) : e;
}

static void put_row(struct call *c, const void *rows, size_t i)
{
    call_put(c, ((const char *const *)rows)[i]);
}

enum err list_versions(struct call *c, int64_t post, int64_t before, const struct listing *li)
{
    struct more next = {.kind = MORE_VERSIONS, .object = post, .limit = list_limit(li)};
    const char *rows[LIMIT_LIST];
    struct version *v;
    struct post p;
    size_t left, n = 0, used = ROOM_AROUND;
    enum err e = store_post_get(c->store, post, c->who.no, c->arena, &p);

    if (e == OK)
        e = store_post_versions(c->store, post, c->arena, &v, &left);
    if (e == E_NOTFOUND)
        return call_no_post(c, post);
    if (e != OK)
        return e;
    while (left > 0 && v[left - 1].version >= before)
        left--;
    for (; left > 0 && n < (size_t)next.limit; left--) {
        rows[n] = arena_printf(c->arena, "[%s] %s",
                               say_time(c->arena, c->lang, v[left - 1].at, c->now, c->who.zone),
                               text_indent(c->arena, v[left - 1].text));
        used += strlen(rows[n]) + 1;
        if (used > c->answer.max && n > 0)
            break;
        next.before = v[left - 1].version;
        n++;
    }
    return list_page(
        c, li,
        &(struct page){.rows = rows, .n = n, .more = left > 0, .newest_last = true, .put = put_row},
        &next);
}

enum err run_history(struct call *c)
{
    const struct post *p = &c->args[0].post;
    struct listing li = {.empty = ""};

    if (p->version == 0)
        li.title = say(c->arena, c->lang, "%1$s by %2$s has not been changed:", call_ref(c, p->no),
                       call_author(c, p));
    else
        li.title = say(c->arena, c->lang,
                       "The versions of %1$s by %2$s, the newest last:", call_ref(c, p->no),
                       call_author(c, p));
    return list_versions(c, p->no, INT64_MAX, &li);
}

enum err run_likes(struct call *c)
{
    const struct post *p = &c->args[0].post;
    struct listing li = {.title = NULL};

    li.title =
        say_n(c->arena, c->lang, "%1$lld person likes %2$s:", "%1$lld people like %2$s:", p->likes,
              (long long)p->likes, call_ref(c, p->no));
    li.empty = say(c->arena, c->lang, "Nobody has liked %1$s yet. `like %1$s` would be the first.",
                   call_ref(c, p->no));
    return list_likes(c, p->no, 0, &li);
}

/* ---- people ------------------------------------------------------------------------------------- */

static enum err put_figures(struct call *c, const struct person *p)
{
    struct person_counts n;
    enum err e = store_person_counts(c->store, p->no, &n);
    struct arena *a = c->arena;

    if (e != OK)
        return e;
    call_put(c,
             arena_printf(a, "%s · %s · %s",
                          say_n(a, c->lang, "%lld post", "%lld posts", n.posts, (long long)n.posts),
                          say_n(a, c->lang, "follows %lld", "follows %lld", n.following,
                                (long long)n.following),
                          say_n(a, c->lang, "%lld follower", "%lld followers", n.followers,
                                (long long)n.followers)));
    if (n.praise > 0)
        call_say_n(c, "Thanked %lld time", "Thanked %lld times", n.praise, (long long)n.praise);
    return OK;
}

enum err show_person(struct call *c, const struct person *p)
{
    const char *who = call_person(c, p);

    call_put(c, *p->title != '\0' ? arena_printf(c->arena, "%s, %s", who, p->title) : who);
    if (*p->bio != '\0')
        call_put(c, arena_printf(c->arena, "  %s", text_indent(c->arena, p->bio)));
    if (p->photo_len > 0)
        call_say(c, "Photo: %1$s, %2$lld KB", p->photo_type,
                 (long long)((p->photo_len + 1023) / 1024));
    return put_figures(c, p);
}

static enum err is_open(struct call *c, enum edge_kind kind, int64_t from, int64_t to, bool *open)
{
    struct edge edge;
    enum err e = store_edge_get(c->store, kind, from, to, c->now, &edge);

    *open = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

/* Who follows whom, and what of theirs is kept away. */
static enum err put_relation(struct call *c, const struct person *p)
{
    bool mine, theirs, muted, blocked;
    enum err e = is_open(c, EDGE_FOLLOW_PERSON, c->who.no, p->no, &mine);

    if (e == OK)
        e = is_open(c, EDGE_FOLLOW_PERSON, p->no, c->who.no, &theirs);
    if (e == OK)
        e = is_open(c, EDGE_MUTE_PERSON, c->who.no, p->no, &muted);
    if (e == OK)
        e = is_open(c, EDGE_BLOCK, c->who.no, p->no, &blocked);
    if (e != OK)
        return e;
    if (blocked)
        call_say(c, "You have blocked them: `unblock %s`.", p->nick);
    else if (mine && theirs)
        call_say(c, "You follow each other.");
    else if (mine)
        call_say(c, "You follow them.");
    else if (theirs)
        call_say(c, "They follow you. `follow %s` follows back.", p->nick);
    else
        call_say(c, "You do not follow them: `follow %s`.", p->nick);
    if (muted)
        call_say(c, "You have muted them: `unmute %s`.", p->nick);
    return OK;
}

/* What stands on top of a profile. */
static enum err put_pins(struct call *c, const struct person *p)
{
    struct post *posts = NULL;
    size_t n = 0;
    enum err e = store_pins(c->store, p->no, c->who.no, c->arena, &posts, &n);

    if (e == OK)
        list_pins(c, posts, n);
    return e;
}

enum err run_whois(struct call *c)
{
    const struct person *p = &c->args[0].person;
    struct listing li = {.limit = 3};
    enum err e = show_person(c, p);

    if (e == OK && p->no != c->who.no)
        e = put_relation(c, p);
    if (e == OK)
        e = put_pins(c, p);
    if (e != OK)
        return e;
    li.title = say(c->arena, c->lang, "The newest:");
    li.empty = say(c->arena, c->lang, "No posts that you can see.");
    return list_posts(c, LIST_AUTHOR, p->no, &li);
}
