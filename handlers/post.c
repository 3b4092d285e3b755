/* SPDX-License-Identifier: MIT */
#include "handlers/post.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/admins.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/poll.h"
#include "handlers/question.h"
#include "handlers/tally.h"

enum { NAMES_SHOWN = 5 };

const char *call_ref(struct call *c, int64_t post)
{
    return compose_ref(c->arena, post);
}

const char *call_person(struct call *c, const struct person *p)
{
    return say_person(c->arena, p->name, p->nick);
}

const char *call_author(struct call *c, const struct post *p)
{
    return say_person(c->arena, p->author_name, p->author_nick);
}

enum err call_no_post(struct call *c, int64_t no)
{
    call_say(c, "There is no post %s that you can see.", call_ref(c, no));
    return E_NOTFOUND;
}

enum err call_check_text(struct call *c, const char *text)
{
    long long most = c->options->post_chars > 0 ? c->options->post_chars : 10000;
    long long n = (long long)text_count(text);

    if (*text_trim(c->arena, text) == '\0') {
        call_say(c, "There is no text in that, so nothing was posted.");
        return E_USAGE;
    }
    if (!text_xml(text, strlen(text))) {
        call_say(c,
                 "There is a control character in that which XMPP forbids, so nothing was posted.");
        return E_USAGE;
    }
    if (n > most) {
        call_say(c, "That is %1$lld characters, and a post may have %2$lld. Nothing was posted.", n,
                 most);
        return E_LIMIT;
    }
    return OK;
}

/* ---- who is named -------------------------------------------------------------------------------- */

static bool has(const int64_t *list, size_t n, int64_t no)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == no)
            return true;
    }
    return false;
}

/* The people of `found` who do not stand in `but`, as one phrase; *n how many. */
static enum err names_of(struct call *c, const struct found *f, const int64_t *but, size_t n_but,
                         char **phrase, size_t *n)
{
    const char **names = arena_array(c->arena, f->n_named, sizeof *names);

    *n = 0;
    for (size_t i = 0; i < f->n_named; i++) {
        struct person p;
        enum err e;

        if (has(but, n_but, f->named[i]))
            continue;
        e = store_person_by_no(c->store, f->named[i], c->arena, &p);
        if (e == E_NOTFOUND)
            continue;
        if (e != OK)
            return e;
        names[(*n)++] = call_person(c, &p);
    }
    *phrase = list_join(c, names, *n, NAMES_SHOWN);
    return OK;
}

/* The people named who are in a group. */
static enum err members_of(struct call *c, const struct found *f, const struct group *g,
                           int64_t **out, size_t *n)
{
    *out = arena_array(c->arena, f->n_named + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < f->n_named; i++) {
        struct edge edge;
        enum err e = store_edge_get(c->store, EDGE_MEMBER, f->named[i], g->no, c->now, &edge);

        if (e != OK && e != E_NOTFOUND)
            return e;
        if (e == OK)
            (*out)[(*n)++] = f->named[i];
    }
    return OK;
}

/* Those a post in a group names who cannot read it. */
static enum err say_outside(struct call *c, const struct found *f, const struct group *g)
{
    int64_t *members;
    size_t n_members, n = 0;
    char *phrase;
    enum err e = members_of(c, f, g, &members, &n_members);

    if (e == OK)
        e = names_of(c, f, members, n_members, &phrase, &n);
    if (e == OK && n > 0)
        call_say_n(c, "It names %1$s, who is not in %2$s and is not told.",
                   "It names %1$s, who are not in %2$s and are not told.", (int64_t)n, phrase,
                   g->label);
    return e;
}

/* What the text names and did not reach. other: the reader of a private message, NULL: none; g: the group it is in, NULL. */
static enum err say_named(struct call *c, const struct found *f, const struct person *other,
                          const struct group *g)
{
    if (other == NULL && g != NULL && g->kind != GROUP_OPEN) {
        enum err e = say_outside(c, f, g);

        if (e != OK)
            return e;
    }
    if (other != NULL) {
        char *phrase;
        size_t n;
        enum err e = names_of(c, f, &other->no, 1, &phrase, &n);

        if (e != OK)
            return e;
        if (n > 0)
            call_say_n(c, "It names %s, who is not told: this is private.",
                       "It names %s, who are not told: this is private.", (int64_t)n, phrase);
    } else if (f->over) {
        call_say(c, "Only the first %d people it names are told.", LIMIT_MENTIONS_PER_POST);
    }
    if (f->n_unknown > 0)
        call_say_n(c, "Nobody here is called %s.", "Nobody here is called %s.",
                   (int64_t)f->n_unknown, list_join(c, f->unknown, f->n_unknown, NAMES_SHOWN));
    return OK;
}

/* ---- posting --------------------------------------------------------------------------------------- */

/* The other side of a private message, or of the private conversation that is answered; no 0: it is public. */
static enum err find_other(struct call *c, const struct post *above, int64_t recipient,
                           struct person *other)
{
    struct edge edge;
    enum err e;

    memset(other, 0, sizeof *other);
    if (recipient == 0 && above->scope == SCOPE_PRIVATE)
        recipient = above->author == c->who.no ? above->recipient : above->author;
    if (recipient == 0)
        return OK;
    if (recipient == c->who.no) {
        call_say(c, "That would be a message to yourself. Nothing was sent.");
        return E_USAGE;
    }
    e = store_person_by_no(c->store, recipient, c->arena, other);
    if (e != OK)
        return e;
    e = store_edge_get(c->store, EDGE_BLOCK, c->who.no, recipient, c->now, &edge);
    if (e == OK) {
        call_say(c, "You have blocked %1$s. `unblock %2$s` comes first. Nothing was sent.",
                 call_person(c, other), other->nick);
        return E_DENIED;
    }
    if (e == E_NOTFOUND && other->state == PERSON_ACTIVE)
        e = store_edge_get(c->store, EDGE_BLOCK, recipient, c->who.no, c->now, &edge);
    else if (e == E_NOTFOUND)
        e = OK;
    if (e == OK) {
        call_say(c, "You cannot write privately to %s. Nothing was sent.", call_person(c, other));
        return E_DENIED;
    }
    return e == E_NOTFOUND ? OK : e;
}

/* "about 23,000": beyond the limit of exact counting only two or three digits mean something. */
long long call_round(int64_t n)
{
    int64_t unit = n >= 10000 ? 1000 : 100;

    return (long long)((n + unit / 2) / unit * unit);
}

static void say_posted(struct call *c, const struct added *d, const struct person *other,
                       const struct group *g)
{
    const char *ref = call_ref(c, d->post);

    if (d->hot > 0 && d->reach == 0)
        call_say(c, "Posted %s.", ref);
    else if (g != NULL && d->reach == 0)
        call_say(c, "Posted %1$s in %2$s. Nobody else is in it yet.", ref, g->label);
    else if (g != NULL && d->about)
        call_say(c, "Posted %1$s in %2$s for about %3$lld people.", ref, g->label,
                 call_round(d->reach));
    else if (g != NULL)
        call_say_n(c, "Posted %1$s in %2$s for %3$lld person.",
                   "Posted %1$s in %2$s for %3$lld people.", d->reach, ref, g->label,
                   (long long)d->reach);
    else if (other != NULL)
        call_say(c, "Sent privately to %1$s, %2$s.", call_person(c, other), ref);
    else if (d->reach == 0)
        call_say(c,
                 "Posted %s for 0 people: nobody follows you yet. Name somebody (@nick) and they "
                 "will see it.",
                 ref);
    else if (d->about)
        call_say(c, "Posted %1$s for about %2$lld people.", ref, call_round(d->reach));
    else
        call_say_n(c, "Posted %1$s for %2$lld person.", "Posted %1$s for %2$lld people.", d->reach,
                   ref, (long long)d->reach);
}

/* The group that is written in; no 0: none. Refuses who may not write there. */
static enum err find_group(struct call *c, const struct post *above, int64_t no, struct group *g)
{
    enum err e;

    memset(g, 0, sizeof *g);
    no = above->no != 0 ? above->group : no;
    if (no == 0)
        return OK;
    e = store_group_get(c->store, no, c->who.no, c->arena, g);
    if (above->no != 0 && (e == E_NOTFOUND || (e == OK && above->outside)))
        return call_no_post(c, above->no);
    if (e != OK)
        return e;
    if (g->ended)
        call_say(c, "%s was ended, so nothing can be written there any more. Nothing was posted.",
                 g->label);
    else if (!g->member && g->kind == GROUP_OPEN)
        call_say(c,
                 "You are not in %1$s: `join %1$s` first, then you can write there. Nothing was "
                 "posted.",
                 g->label);
    else if (!g->member)
        call_say(c,
                 "%1$s is for its members; `join %1$s` asks its owners to let you in. Nothing "
                 "was posted.",
                 g->label);
    return g->ended || !g->member ? E_DENIED : OK;
}

enum err call_post(struct call *c, const struct posting *posting)
{
    const char *text = posting->text;
    int64_t parent = posting->parent;
    struct post above = {0};
    struct person other = {0};
    struct group g = {0};
    struct found f;
    struct added added;
    struct asking asking = {.n_experts = 0};
    struct new_post p = {.author = c->who.no,
                         .at = c->now,
                         .text = text,
                         .parent = parent,
                         .recipient = posting->recipient,
                         .group = posting->group,
                         .kind = posting->kind,
                         .has_file = c->request->file_url != NULL};
    enum err e = call_check_text(c, text);

    if (e == OK && parent != 0) {
        e = store_post_get(c->store, parent, c->who.no, c->arena, &above);
        if (e == E_NOTFOUND)
            return call_no_post(c, parent);
    }
    if (e == OK)
        e = find_group(c, &above, posting->group, &g);
    if (e == OK)
        e = find_other(c, &above, posting->recipient, &other);
    if (e == OK)
        e = compose_scan(c->store, text, c->who.no, c->arena, &f);
    if (e == OK && p.kind == KIND_QUESTION)
        e = question_prepare(c, text, &f, true, &asking);
    if (e != OK)
        return e;
    p.topics = asking.topics;
    p.n_topics = asking.n_topics;
    p.asked = asking.asked;
    p.n_asked = asking.n_experts;
    p.tags = f.tags;
    p.n_tags = f.n_tags;
    p.named = f.named;
    p.n_named = f.n_named;
    p.has_link = f.has_link;
    e = store_post_add(c->store, &p, &added);
    if (e == E_NOTFOUND)
        return call_no_post(c, parent);
    if (e == E_DENIED)
        call_say(c,
                 "Conversation %1$s was ended by who began it, so there are no more replies. "
                 "Nothing was posted.",
                 call_ref(c, above.root != 0 ? above.root : above.no));
    if (e != OK)
        return e;
    c->made = c->about = added.post;
    tally_add(c, p.parent != 0 ? TALLY_REPLY : TALLY_POST);
    if (p.recipient == 0 && p.group == 0 && above.scope == SCOPE_PUBLIC)
        e = admins_watch(c, added.post, text);
    if (e != OK)
        return e;
    say_posted(c, &added, other.no != 0 ? &other : NULL, g.no != 0 ? &g : NULL);
    if (added.hot == 1) /* said once, not with each of them */
        call_say(c, "%s runs hot: who only follows hears of further answers several at a time.",
                 call_ref(c, above.root));
    if (p.kind == KIND_QUESTION)
        e = question_tell(c, &added, &asking);
    return e != OK ? e : say_named(c, &f, other.no != 0 ? &other : NULL, g.no != 0 ? &g : NULL);
}

/* ---- editing --------------------------------------------------------------------------------------- */

static enum err say_edited(struct call *c, const struct post *p, const struct added *d,
                           const struct found *now, const struct found *before)
{
    const char *ref = call_ref(c, p->no);
    struct person other = {0};
    struct group g = {0};
    char *phrase;
    size_t n;
    enum err e = OK;

    if (p->scope == SCOPE_PRIVATE) {
        if (p->recipient != 0)
            e = store_person_by_no(c->store, p->recipient, c->arena, &other);
        if (e != OK && e != E_NOTFOUND)
            return e;
        if (e == OK && other.no != 0 && d->reach > 0)
            call_say(c, "Changed %1$s; %2$s gets the correction.", ref, call_person(c, &other));
        else
            call_say(c, "Changed %s.", ref);
        return say_named(c, now, &other, NULL);
    }
    if (p->scope == SCOPE_GROUP && !p->outside) {
        e = store_group_get(c->store, p->group, c->who.no, c->arena, &g);
        if (e != OK && e != E_NOTFOUND)
            return e;
    }
    if (d->reach == 0 || p->outside) /* how many are in a group is not theirs to know */
        call_say(c, "Changed %s.", ref);
    else if (d->about)
        call_say(c, "Changed %1$s; the correction goes to about %2$lld people.", ref,
                 call_round(d->reach));
    else
        call_say_n(c, "Changed %1$s; the correction goes to %2$lld person.",
                   "Changed %1$s; the correction goes to %2$lld people.", d->reach, ref,
                   (long long)d->reach);
    e = names_of(c, now, before->named, before->n_named, &phrase, &n);
    if (e == OK && n > 0 && (p->scope == SCOPE_PUBLIC || (g.no != 0 && g.kind == GROUP_OPEN)))
        call_say_n(c, "%s is named now and gets it as new.", "%s are named now and get it as new.",
                   (int64_t)n, phrase);
    return e == OK ? say_named(c, now, NULL, g.no != 0 ? &g : NULL) : e;
}

enum err call_edit(struct call *c, const struct post *p, const char *text)
{
    struct found now, before;
    struct added added;
    struct new_post n = {.author = c->who.no, .at = c->now};
    struct poll_form poll = {.choices = 0};
    struct asking asking = {.n_experts = 0};
    enum err e = OK;

    if (p->author != c->who.no) {
        call_say(c, "%1$s was written by %2$s; only they can change it.", call_ref(c, p->no),
                 call_author(c, p));
        return E_DENIED;
    }
    if (p->kind == KIND_POLL) {
        e = poll_change(c, p, text, &poll);
        text = poll.text;
    }
    if (e == OK)
        e = call_check_text(c, text);
    if (e == OK)
        e = compose_scan(c->store, text, c->who.no, c->arena, &now);
    if (e == OK)
        e = compose_scan(c->store, p->text, c->who.no, c->arena, &before);
    if (e == OK && p->kind == KIND_QUESTION)
        e = question_prepare(c, text, &now, false, &asking);
    if (e != OK)
        return e;
    n.text = text;
    n.topics = asking.topics;
    n.n_topics = asking.n_topics;
    n.tags = now.tags;
    n.n_tags = now.n_tags;
    n.named = now.named;
    n.n_named = now.n_named;
    n.has_link = now.has_link;
    e = store_post_edit(c->store, p->no, &n, &added);
    if (e == E_EXISTS)
        call_say(c, "%s reads like that already; nothing was changed.", call_ref(c, p->no));
    else if (e == E_LIMIT)
        call_say(c, "%1$s has been changed %2$d times, and that is the limit.", call_ref(c, p->no),
                 LIMIT_VERSIONS);
    else if (e == E_NOTFOUND)
        return call_no_post(c, p->no);
    if (e == OK && p->kind == KIND_POLL)
        e = store_poll_edit(c->store, p->no, poll.choices);
    if (e != OK)
        return e;
    c->about = p->no;
    tally_add(c, TALLY_EDIT);
    e = p->scope == SCOPE_PUBLIC ? admins_watch(c, p->no, text) : OK;
    return e == OK ? say_edited(c, p, &added, &now, &before) : e;
}

/* Reads up to the next bare slash; "\/" is a slash. */
static char *part(struct arena *a, const char **s)
{
    char *out = arena_alloc(a, strlen(*s) + 1);
    size_t n = 0;

    while (**s != '\0' && **s != '/') {
        if (**s == '\\' && (*s)[1] == '/')
            (*s)++;
        out[n++] = *(*s)++;
    }
    return out;
}

/* The first hit, or all of them, as far as a text may be long; NULL: there is none. In two goes over the text: of
 * thousands of hits each must not copy what stands before it. */
static char *replace(struct arena *a, const char *text, const char *old, const char *new, bool all)
{
    size_t old_len = strlen(old), new_len = strlen(new), most = LIMIT_BODY / (new_len + 1) + 1;
    size_t hits = 0, len = 0;
    const char *hit;
    char *out;

    most = all ? most : 1;
    for (hit = strstr(text, old); hit != NULL && hits < most; hit = strstr(hit + old_len, old))
        hits++;
    if (hits == 0)
        return NULL;
    out = arena_alloc(a, strlen(text) + hits * new_len + 1);
    while (hits-- > 0) {
        hit = strstr(text, old);
        memcpy(out + len, text, (size_t)(hit - text));
        len += (size_t)(hit - text);
        memcpy(out + len, new, new_len);
        len += new_len;
        text = hit + old_len;
    }
    memcpy(out + len, text, strlen(text) + 1);
    return out;
}

enum err call_substitute(struct call *c, const char *typed, const char *text, const char **old,
                         char **out)
{
    const char *p = strchr(typed, '/');
    char *new;
    bool all;

    *out = NULL;
    if (p == NULL)
        return E_USAGE;
    p++;
    *old = part(c->arena, &p);
    if (**old == '\0' || *p != '/')
        return E_USAGE;
    p++;
    new = part(c->arena, &p);
    all = strcmp(p, "/g") == 0;
    if (*p != '\0' && strcmp(p, "/") != 0 && !all)
        return E_USAGE;
    *out = replace(c->arena, text, *old, new, all);
    return OK;
}

/* ---- taking back, liking --------------------------------------------------------------------------- */

enum err call_unrepeat(struct call *c, int64_t post)
{
    enum err e = store_repeat_remove(c->store, c->who.no, post, c->now);

    c->about = post;
    if (e == OK)
        call_say(c, "Your repeat of %s was taken back.", call_ref(c, post));
    return e;
}

enum err call_delete(struct call *c, const struct post *p)
{
    struct added added;
    enum err e;

    c->about = p->no;
    if (p->author != c->who.no) {
        e = call_unrepeat(c, p->no);
        if (e != E_NOTFOUND)
            return e;
        call_say(c, "%1$s was written by %2$s; only they can take it back.", call_ref(c, p->no),
                 call_author(c, p));
        return E_DENIED;
    }
    e = store_post_delete(c->store, p->no, c->now, &added);
    if (e == E_NOTFOUND)
        return call_no_post(c, p->no);
    if (e == OK) {
        tally_add(c, TALLY_DELETE);
        call_say(c, "%1$s was taken back everywhere it went: “%2$s”", call_ref(c, p->no),
                 compose_excerpt(c->arena, p->text, 60));
    }
    return e;
}

enum err call_like(struct call *c, const struct post *p)
{
    enum err e;

    c->about = p->no;
    if (p->author == c->who.no) {
        call_say(c, "%s is your own; liking is for the others.", call_ref(c, p->no));
        return E_DENIED;
    }
    e = store_like_add(c->store, p->no, c->who.no, c->now);
    if (e == OK)
        tally_add(c, TALLY_LIKE);
    if (e == OK)
        call_say(c, "You like %1$s by %2$s.", call_ref(c, p->no), call_author(c, p));
    else if (e == E_EXISTS)
        call_say(c, "You like %s already.", call_ref(c, p->no));
    return e == E_EXISTS ? OK : e;
}

enum err call_unlike(struct call *c, const struct post *p)
{
    enum err e = store_like_remove(c->store, p->no, c->who.no);

    c->about = p->no;
    if (e == OK) {
        tally_add(c, TALLY_UNLIKE);
        call_say(c, "You no longer like %s.", call_ref(c, p->no));
    } else if (e == E_NOTFOUND)
        call_say(c, "You had not liked %s.", call_ref(c, p->no));
    return e == E_NOTFOUND ? OK : e;
}
