/* SPDX-License-Identifier: MIT */
#include "handlers/lists.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "db/query.h"

enum {
    FOOT = 400,       /* bytes kept for what stands below a list */
    ANSWERS_FIRST = 3 /* accepted answers above a search */
};

void call_put(struct call *c, const char *line)
{
    if (c->answer.len > 0)
        buffer_adds(&c->answer, "\n");
    buffer_adds(&c->answer, line);
}

char *list_join(struct call *c, const char *const *names, size_t n, size_t most)
{
    char *out;
    size_t shown = n > most ? most : n;

    if (n == 0)
        return arena_dup(c->arena, "");
    out = arena_dup(c->arena, names[0]);
    for (size_t i = 1; i < shown; i++) {
        if (i + 1 == n)
            out = say(c->arena, c->lang, "%1$s and %2$s", out, names[i]);
        else
            out = arena_printf(c->arena, "%s, %s", out, names[i]);
    }
    if (n > shown)
        out = say_n(c->arena, c->lang, "%1$s and %2$lld more", "%1$s and %2$lld more",
                    (int64_t)(n - shown), out, (long long)(n - shown));
    return out;
}

/* ---- posts ------------------------------------------------------------------------------------- */

/* Whom one's own private message went to; NULL where that is not to be said. */
static enum err recipient(struct call *c, const struct post *p, const char **to)
{
    struct person who;
    enum err e;

    *to = NULL;
    if (p->scope != SCOPE_PRIVATE || p->author != c->who.no || p->recipient == 0)
        return OK;
    e = store_person_by_no(c->store, p->recipient, c->arena, &who);
    if (e == OK)
        *to = say_person(c->arena, who.name, who.nick);
    return e == E_NOTFOUND ? OK : e;
}

/* A repeat stands in a list at the time when it was passed on. */
static enum err time_of(struct call *c, int64_t event, int64_t *at)
{
    struct event e;
    enum err err = store_event_get(c->store, event, &e);

    if (err == OK)
        *at = e.at;
    return err == E_NOTFOUND ? OK : err;
}

static bool holds(const struct items *items, int64_t post)
{
    for (size_t i = 0; items != NULL && i < items->n; i++)
        if (items->at[i].post.no == post && !items->at[i].repeat)
            return true;
    return false;
}

/* A question with the answer below that was accepted, unless that stands above already or cannot be seen. */
static enum err with_answer(struct call *c, const struct item *it, const struct listing *li,
                            const char **row)
{
    struct item answer = {.repeater_nick = "", .repeater_name = "", .comment = ""};
    enum err e;

    if (!li->answers || it->post.answer == 0 || holds(li->first, it->post.answer))
        return OK;
    e = store_post_get(c->store, it->post.answer, c->who.no, c->arena, &answer.post);
    if (e == OK)
        *row = arena_printf(
            c->arena, "%s\n  %s", *row,
            text_indent(c->arena, compose_item(c->arena, c->lang, &answer, NULL, 0, c->who.zone)));
    return e == E_NOTFOUND ? OK : e;
}

/* The items as rows, newest last, as many as the answer holds. *oldest: the place of the first one shown. */
static enum err put_items(struct call *c, const struct items *items, const struct listing *li,
                          bool *cut, int64_t *oldest)
{
    const char **rows = arena_array(c->arena, items->n, sizeof *rows);
    size_t room = c->answer.max - c->answer.len, used = FOOT, n = 0;

    *cut = false;
    for (; n < items->n; n++) {
        struct item *it = &items->at[n];
        const char *to;
        enum err e = recipient(c, &it->post, &to);

        if (e == OK && it->repeat)
            e = time_of(c, it->place, &it->post.at);
        if (e != OK)
            return e;
        rows[n] = NULL;
        if (!holds(li->first, it->post.no)) {
            rows[n] = compose_item(c->arena, c->lang, it, to, c->now, c->who.zone);
            e = with_answer(c, it, li, &rows[n]);
            if (e != OK)
                return e;
            used += strlen(rows[n]) + 1;
        }
        if (used > room) {
            *cut = true;
            break;
        }
        *oldest = it->place;
    }
    while (n-- > 0)
        if (rows[n] != NULL)
            call_put(c, rows[n]);
    return OK;
}

/* Title, rows and what stands below; more: what goes on from here, its `before` is set. */
static enum err put_list(struct call *c, const struct items *items, const struct listing *li,
                         struct more *more)
{
    size_t n_first = li->first != NULL && li->before == 0 ? li->first->n : 0;
    bool cut;
    enum err e;

    if (items->n == 0 && !items->more && n_first == 0) {
        call_put(c, li->empty);
        return OK;
    }
    if (li->title != NULL)
        call_put(c, li->title);
    for (size_t i = 0; i < n_first; i++)
        call_put(c, compose_item(c->arena, c->lang, &li->first->at[i], NULL, c->now, c->who.zone));
    e = put_items(c, items, li, &cut, &more->before);
    if (e != OK)
        return e;
    /* A search that stopped at its budget goes on there, even without a row. */
    if (!cut && items->more)
        more->before = items->next;
    call_set_more(c, more);
    if (cut || items->more)
        call_say(c, "`more` goes further back.");
    return OK;
}

int list_limit(const struct listing *li)
{
    if (li->limit <= 0)
        return LIMIT_LIST_DEFAULT;
    return li->limit > LIMIT_LIST ? LIMIT_LIST : li->limit;
}

enum err list_posts(struct call *c, enum list_kind kind, int64_t object, const struct listing *li)
{
    struct items items = {0};
    struct more more = {.kind = MORE_LIST,
                        .list = kind,
                        .object = object,
                        .limit = list_limit(li),
                        .before = li->before};
    enum err e = store_list(c->store, kind, c->who.no, object, li->before, (size_t)more.limit,
                            c->arena, &items);

    if (e != OK)
        return e;
    return put_list(c, &items, li, &more);
}

enum err list_missed(struct call *c, int64_t from, const struct listing *li)
{
    struct items items = {0};
    struct more more = {.kind = MORE_LIST, .list = LIST_HOME, .limit = list_limit(li)};
    enum err e =
        store_list(c->store, LIST_HOME, c->who.no, 0, 0, (size_t)more.limit, c->arena, &items);

    if (e != OK)
        return e;
    for (size_t i = 0; i < items.n; i++) {
        if (items.at[i].place < from) {
            items.n = i;
            items.more = false;
        }
    }
    return put_list(c, &items, li, &more);
}

enum err list_page(struct call *c, const struct listing *li, const struct page *p,
                   const struct more *next)
{
    if (p->n == 0) {
        call_put(c, li->empty);
        return OK;
    }
    if (li->title != NULL)
        call_put(c, li->title);
    for (size_t i = 0; i < p->n; i++)
        p->put(c, p->rows, p->newest_last ? p->n - 1 - i : i);
    call_set_more(c, next);
    if (p->foot != NULL)
        call_put(c, p->foot);
    if (p->more && p->newest_last)
        call_say(c, "`more` shows earlier ones.");
    else if (p->more)
        call_say(c, "`more` shows the next ones.");
    return OK;
}

/* ---- search ------------------------------------------------------------------------------------ */

static enum err find_name(struct call *c, const char *name, int64_t *no)
{
    struct person who;
    enum err e;

    if (name == NULL)
        return OK;
    if (strcmp(name, "me") == 0 || strcmp(name, "나") == 0) {
        *no = c->who.no;
        return OK;
    }
    e = strchr(name, '@') != NULL ? store_person_by_jid(c->store, name, c->arena, &who)
                                  : store_person_by_nick(c->store, name, c->arena, &who);
    if (e == OK)
        *no = who.no;
    if (e != E_NOTFOUND)
        return e;
    return call_no_person(c, name);
}

/* *hidden: it stands in nothing, or only in what is not public; where nothing is found it is no tag. */
static enum err find_tag(struct call *c, struct query *q, bool *hidden)
{
    struct tag t;
    enum err e;

    if (q->tag_name == NULL)
        return OK;
    e = store_tag_find(c->store, q->tag_name, c->arena, &t);
    if (e == OK)
        q->tag = t.no;
    if (e != E_NOTFOUND)
        return e;
    *hidden = true;
    return store_tag_hidden(c->store, q->tag_name, &q->tag);
}

/* One whose posts they may read; a closed one is like none. */
static enum err find_group(struct call *c, struct query *q)
{
    struct group g = {.kind = GROUP_SECRET};
    enum err e =
        store_group_find(c->store, text_fold(c->arena, q->group_name), c->who.no, c->arena, &g);

    if (e != OK && e != E_NOTFOUND)
        return e;
    q->group = g.no;
    if (e == OK && (g.member || g.kind == GROUP_OPEN))
        return OK;
    call_say(c, "There is no group !%s that you can search.", q->group_name);
    return E_NOTFOUND;
}

/* The names of the filters become numbers. The tag last: what else is wrong is said alike, hidden or not. */
static enum err resolve(struct call *c, struct query *q, bool *hidden)
{
    enum err e = find_name(c, q->from_name, &q->from);

    *hidden = false;
    if (e == OK)
        e = find_name(c, q->to_name, &q->to);
    if (e != OK)
        return e;
    if (q->group_name != NULL)
        e = find_group(c, q);
    if (e != OK)
        return e;
    return find_tag(c, q, hidden);
}

static enum err refuse_search(struct call *c, enum err e, const char *wrong)
{
    if (e == E_LIMIT)
        call_say(c, "A search may have %d words and %d characters; please shorten it.",
                 LIMIT_SEARCH_TERMS, LIMIT_SEARCH_TEXT);
    else if (e == E_USAGE && wrong != NULL)
        call_say(c,
                 "I cannot read “%s” in that search. Dates look like since:2026-11-23 or since:3d.",
                 wrong);
    else if (e == E_USAGE)
        call_say(c, "Search for what? `search budget from:alice since:3d` is how it looks.");
    return e;
}

/* The newest accepted answers that fit. They stand first, and are left out further down. */
static enum err find_answers(struct call *c, const struct query *q, struct items *out)
{
    struct query answers = *q;
    bool words = false;

    for (size_t i = 0; i < q->n_terms; i++)
        words = words || !q->terms[i].refused;
    if (!words) /* a list by filters is one in time */
        return OK;
    answers.is_answer = true;
    return store_search(c->store, &answers, c->who.no, 0, ANSWERS_FIRST, c->arena, out);
}

enum err list_search(struct call *c, const char *typed, const struct listing *shown)
{
    struct query q;
    struct items items = {0}, answers = {0};
    struct listing with_answers = *shown, *li = &with_answers;
    struct more more = {
        .kind = MORE_SEARCH, .limit = list_limit(li), .text = typed, .before = li->before};
    const char *wrong = NULL;
    bool hidden;
    enum err e = query_parse(c->arena, typed, c->who.zone, &q, &wrong);

    if (e != OK)
        return refuse_search(c, e, wrong);
    e = resolve(c, &q, &hidden);
    li->first = &answers;
    li->answers = true;
    if (e == OK)
        e = find_answers(c, &q, &answers);
    if (e == OK)
        e = store_search(c->store, &q, c->who.no, li->before, (size_t)more.limit, c->arena, &items);
    if (e != OK)
        return e;
    if (hidden && items.n == 0 && li->before == 0)
        return call_no_tag(c, q.tag_name);
    return put_list(c, &items, li, &more);
}

/* ---- people and other things ------------------------------------------------------------------- */

static const char *level_word(const struct call *c, int level)
{
    return message_get(c->lang, level == LEVEL_LOUD    ? N_("loud")
                                : level == LEVEL_DAILY ? N_("daily")
                                                       : N_("weekly"));
}

static const char *edge_row(struct call *c, const struct edge *e)
{
    const char *row = e->label;

    if (*e->label == '@')
        row = say_person(c->arena, e->name, e->label + 1);
    if (e->how != LEVEL_NOW && (e->kind <= EDGE_FOLLOW_WORDS || e->kind == EDGE_FOLLOW_PERSON_TAG))
        row = arena_printf(c->arena, "%s (%s)", row, level_word(c, e->how));
    if (e->expires_at != 0)
        row = say(c->arena, c->lang, "%1$s, until %2$s", row,
                  say_time(c->arena, c->lang, e->expires_at, c->now, c->who.zone));
    return row;
}

static void put_edge(struct call *c, const void *rows, size_t i)
{
    call_put(c, edge_row(c, &((const struct edge *)rows)[i]));
}

enum err list_edges(struct call *c, unsigned kinds, const struct place *after,
                    const struct listing *li)
{
    struct edges edges = {0};
    struct more more = {.kind = MORE_EDGES, .edge_kinds = kinds, .limit = list_limit(li)};
    enum err e = store_edges_of(c->store, c->who.no, kinds, after != NULL ? after->kind : 0,
                                after != NULL ? after->object : 0, c->now, (size_t)more.limit,
                                c->arena, &edges);

    if (e != OK)
        return e;
    if (edges.n > 0) {
        more.edge_after = (int)edges.at[edges.n - 1].kind;
        more.object = edges.at[edges.n - 1].object;
    }
    return list_page(
        c, li, &(struct page){.rows = edges.at, .n = edges.n, .more = edges.more, .put = put_edge},
        &more);
}

static const char *person_row(struct call *c, const struct person *p)
{
    const char *who = say_person(c->arena, p->name, p->nick);

    return *p->title != '\0' ? arena_printf(c->arena, "%s, %s", who, p->title) : who;
}

/* more: what goes on behind these; its object, `before` for likes, is set to the last one's number. */
static enum err put_people(struct call *c, const struct people *people, const struct listing *li,
                           struct more *more)
{
    if (people->n == 0 && !people->more) {
        call_put(c, li->empty);
        return OK;
    }
    if (people->n == 0)
        call_say(c, "Nobody so far, and not all were looked at.");
    else if (li->title != NULL)
        call_put(c, li->title);
    for (size_t i = 0; i < people->n; i++)
        call_put(c, person_row(c, &people->at[i]));
    more->before = people->next != 0 ? people->next : people->at[people->n - 1].no;
    call_set_more(c, more);
    if (people->more)
        call_say(c, "`more` shows the next ones.");
    return OK;
}

enum err list_followers(struct call *c, int64_t after, const struct listing *li)
{
    struct people people = {0};
    struct more more = {
        .kind = MORE_PEOPLE, .edge_kinds = 1u << EDGE_FOLLOW_PERSON, .limit = list_limit(li)};
    enum err e = store_edges_on(c->store, EDGE_FOLLOW_PERSON, c->who.no, after, (size_t)more.limit,
                                c->arena, &people);

    return e == OK ? put_people(c, &people, li, &more) : e;
}

/* The next word, without an '@' in front; "" at the end. */
static char *next_word(struct arena *a, const char **p)
{
    const char *from = *p, *end;

    while (*from != '\0') {
        const char *next = from;
        uint32_t ch = text_next(&next);

        if (!text_is_space(ch) && ch != ',' && ch != '@')
            break;
        from = next;
    }
    for (end = from; *end != '\0';) {
        const char *next = end;
        uint32_t ch = text_next(&next);

        if (text_is_space(ch) || ch == ',')
            break;
        end = next;
    }
    *p = end;
    return arena_ndup(a, from, (size_t)(end - from));
}

enum err list_people(struct call *c, const char *text, int64_t after, const struct listing *li)
{
    struct people people = {0};
    struct more more = {.kind = MORE_PEOPLE, .text = text, .limit = list_limit(li)};
    const char *words[LIMIT_SEARCH_TERMS];
    char *folded = text_fold(c->arena, text);
    size_t n = 0;
    enum err e;

    if (text_count(text) > LIMIT_SEARCH_TEXT) /* it is remembered for `more` */
        return refuse_search(c, E_LIMIT, NULL);
    for (const char *p = folded; *p != '\0' && n < LIMIT_SEARCH_TERMS;) {
        char *word = next_word(c->arena, &p);

        if (*word != '\0')
            words[n++] = word;
    }
    e = store_people_search(c->store, words, n, after, (size_t)more.limit, c->arena, &people);
    return e == OK ? put_people(c, &people, li, &more) : e;
}

enum err list_likes(struct call *c, int64_t post, int64_t after, const struct listing *li)
{
    struct people people = {0};
    struct more more = {.kind = MORE_LIKES, .object = post, .limit = list_limit(li)};
    struct post p;
    enum err e = store_post_get(c->store, post, c->who.no, c->arena, &p);

    if (e ==
        E_NOTFOUND) /* since the first page it was taken back, or its author blocked the reader */
        return call_no_post(c, post);
    if (e == OK && !p.outside)
        e = store_likes(c->store, post, after, (size_t)more.limit, c->arena, &people);
    return e == OK ? put_people(c, &people, li, &more) : e;
}

/* ---- what is near ------------------------------------------------------------------------------ */

static void put_near(struct call *c, const char *const *names, size_t n)
{
    if (n == 1)
        call_say(c, "Did you mean %s?", names[0]);
    else if (n == 2)
        call_say(c, "Did you mean %1$s or %2$s?", names[0], names[1]);
    else if (n > 2)
        call_say(c, "Did you mean %1$s, %2$s or %3$s?", names[0], names[1], names[2]);
}

enum err list_near_people(struct call *c, const char *typed)
{
    struct people near = {0};
    const char *names[3];
    enum err e = store_people_near(c->store, typed, ARRAY_LEN(names), c->arena, &near);

    if (e != OK)
        return e;
    for (size_t i = 0; i < near.n; i++)
        names[i] = say_person(c->arena, near.at[i].name, near.at[i].nick);
    put_near(c, names, near.n);
    return OK;
}

enum err list_near_tags(struct call *c, const char *typed)
{
    struct tag *near = NULL;
    size_t n = 0;
    const char *names[3];
    enum err e = store_tags_near(c->store, typed, ARRAY_LEN(names), c->arena, &near, &n);

    if (e != OK)
        return e;
    for (size_t i = 0; i < n; i++)
        names[i] = arena_printf(c->arena, "#%s", near[i].shown);
    put_near(c, names, n);
    return OK;
}

void list_pins(struct call *c, const struct post *posts, size_t n)
{
    if (n > 0)
        call_say(c, "On top:");
    for (size_t i = 0; i < n; i++) {
        struct item item = {
            .post = posts[i], .repeater_nick = "", .repeater_name = "", .comment = ""};

        call_put(c, compose_item(c->arena, c->lang, &item, NULL, c->now, c->who.zone));
    }
}

enum err list_near_groups(struct call *c, const char *typed)
{
    struct group *near = NULL;
    size_t n = 0;
    const char *names[3];
    enum err e =
        store_groups_near(c->store, typed, c->who.no, ARRAY_LEN(names), c->arena, &near, &n);

    if (e != OK)
        return e;
    for (size_t i = 0; i < n; i++)
        names[i] = near[i].label;
    put_near(c, names, n);
    return OK;
}
