/* SPDX-License-Identifier: MIT */
/* Questions and their answers; who knows about what. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "db/query.h"
#include "handlers/admins.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/post.h"
#include "handlers/question.h"

enum {
    EXCERPT = 60,
    HITS_MOST = 100, /* newest posts with the words, for who wrote them */
    TITLES_MOST = 20 /* people with the words in title or bio */
};

static enum err run_ask(struct call *c)
{
    return call_post(c, &(struct posting){.text = c->args[0].text, .kind = KIND_QUESTION});
}

/* ---- accepting ------------------------------------------------------------------------------------- */

static enum err refuse_accept(struct call *c, enum err e, const struct post *p, int64_t question)
{
    struct post q;

    if (e == E_USAGE && p->no == question && p->kind == KIND_QUESTION)
        call_say(c, "%s is the question itself. `accept` takes the reply that answers it.",
                 call_ref(c, p->no));
    else if (e == E_USAGE)
        call_say(c, "%s is no reply to a question. `accept` takes a reply to one that you asked.",
                 call_ref(c, p->no));
    if (e != E_DENIED)
        return e;
    e = store_post_get(c->store, question, c->who.no, c->arena, &q);
    if (e == OK)
        call_say(c, "%1$s was asked by %2$s; only they can accept an answer to it.",
                 call_ref(c, question), call_author(c, &q));
    else if (e == E_NOTFOUND)
        call_say(c, "%s was asked by somebody else; only they can accept an answer to it.",
                 call_ref(c, question));
    return e == OK || e == E_NOTFOUND ? E_DENIED : e;
}

/* Who gave the answer hears of it. */
static enum err tell_accepted(struct call *c, const struct post *answer, int64_t question)
{
    struct person who;
    struct post q;
    enum lang l;
    enum err e;

    if (answer->author == c->who.no)
        return OK;
    e = store_person_by_no(c->store, answer->author, c->arena, &who);
    if (e == OK)
        e = store_post_get(c->store, question, c->who.no, c->arena, &q);
    if (e != OK || who.state != PERSON_ACTIVE)
        return e == E_NOTFOUND ? OK : e;
    l = call_lang_of(c, &who);
    return call_notice(c, &who, answer->no,
                       say(c->arena, l, "%1$s accepted your %2$s as the answer to %3$s: “%4$s”",
                           call_person(c, &c->who), call_ref(c, answer->no), call_ref(c, question),
                           compose_excerpt(c->arena, q.text, EXCERPT)));
}

static enum err run_accept(struct call *c)
{
    const struct post *p = &c->args[0].post;
    struct accepted done = {0, 0};
    enum err e = store_accept_add(c->store, p->no, c->who.no, c->now, &done);

    c->about = p->no;
    if (e == E_NOTFOUND)
        return call_no_post(c, p->no);
    if (e == E_EXISTS) {
        call_say(c, "%1$s is the accepted answer to %2$s already.", call_ref(c, p->no),
                 call_ref(c, done.question));
        return OK;
    }
    if (e != OK)
        return refuse_accept(c, e, p, done.question);
    if (done.before != 0)
        call_say(c, "%1$s by %2$s is the answer to your question %3$s now, in place of %4$s.",
                 call_ref(c, p->no), call_author(c, p), call_ref(c, done.question),
                 call_ref(c, done.before));
    else
        call_say(c, "%1$s by %2$s is the answer to your question %3$s now.", call_ref(c, p->no),
                 call_author(c, p), call_ref(c, done.question));
    return tell_accepted(c, p, done.question);
}

static enum err run_questions(struct call *c)
{
    const struct tag *t = &c->args[0].tag;
    struct listing li = {.limit = 0};

    if (!c->args[0].given) {
        li.title = say(c->arena, c->lang, "The open questions:");
        li.empty = say(c->arena, c->lang, "No question is open. `ask TEXT?` asks one.");
        return list_posts(c, LIST_QUESTIONS, 0, &li);
    }
    li.title = say(c->arena, c->lang, "The open questions about #%s:", t->shown);
    li.empty = say(c->arena, c->lang,
                   "No question about #%1$s is open. `questions` shows all, `experts #%1$s` who "
                   "knows about it.",
                   t->shown);
    if (t->no == 0) {
        call_put(c, li.empty);
        return OK;
    }
    return list_posts(c, LIST_QUESTIONS, t->no, &li);
}

/* ---- who knows about a tag ------------------------------------------------------------------------- */

static void put_expert(struct call *c, const void *rows, size_t i)
{
    const struct expert *x = &((const struct expert *)rows)[i];

    call_put(c, arena_printf(c->arena, "%s: %s", call_person(c, &x->person),
                             question_why(c->arena, c->lang, x)));
}

enum err list_experts(struct call *c, int64_t tag, int64_t weight, int64_t person,
                      const struct listing *li)
{
    struct more next = {.kind = MORE_EXPERTS, .object = tag, .limit = list_limit(li)};
    struct expert *x = NULL;
    size_t n = 0;
    bool more = false;
    enum err e;

    e = store_experts(c->store, tag, weight, person, (size_t)next.limit, c->arena, &x, &n, &more);
    if (e != OK)
        return e;
    if (n > 0) {
        next.edge_after = (int)x[n - 1].weight;
        next.before = x[n - 1].person.no;
    }
    return list_page(c, li, &(struct page){.rows = x, .n = n, .more = more, .put = put_expert},
                     &next);
}

static enum err experts_on_tag(struct call *c, const struct tag *t)
{
    struct listing li = {.limit = 0};

    li.title = say(c->arena, c->lang, "Who knows about #%s, the best first:", t->shown);
    li.empty = say(c->arena, c->lang,
                   "Nobody counts as an expert on #%1$s. `ask TEXT? #%1$s` still asks everybody "
                   "who follows you or the tag.",
                   t->shown);
    return list_experts(c, t->no, 0, 0, &li);
}

/* Whether one is to be asked about a tag. */
static enum err set_expert(struct call *c, const struct tag *t, bool on)
{
    enum err e = store_expert_set(c->store, c->who.no, t->no, on);

    c->writes = true;
    if (e == E_EXISTS && on)
        call_say(c, "You have not said no to #%s, so I may ask you about it.", t->shown);
    else if (e == E_EXISTS)
        call_say(c, "You said no to #%1$s before. `experts #%1$s on` takes that back.", t->shown);
    else if (e == OK && on)
        call_say(c, "I may ask you about #%s again, and list you among those who know about it.",
                 t->shown);
    else if (e == OK)
        call_say(c,
                 "I will not ask you about #%1$s again, nor list you among those who know about "
                 "it. `experts #%1$s on` takes that back.",
                 t->shown);
    return e == E_EXISTS ? OK : e;
}

/* ---- who knows about words ------------------------------------------------------------------------- */

struct writer {
    struct person person;
    int64_t posts;
    bool said; /* in title or bio */
};
struct writers {
    struct writer at[HITS_MOST + TITLES_MOST];
    size_t n;
};

static struct writer *writer(struct writers *w, int64_t no)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->at[i].person.no == no)
            return &w->at[i];
    w->at[w->n] = (struct writer){.person = {.no = no}};
    return &w->at[w->n++];
}

/* Whose title or bio has the words. */
static enum err by_title(struct call *c, const struct query *q, struct writers *w)
{
    const char *words[LIMIT_SEARCH_TERMS];
    struct people people = {0};
    size_t n = 0;
    enum err e;

    for (size_t i = 0; i < q->n_terms; i++)
        if (!q->terms[i].refused && !q->terms[i].phrase)
            words[n++] = q->terms[i].text;
    e = store_people_search(c->store, words, n, 0, TITLES_MOST, c->arena, &people);
    for (size_t i = 0; e == OK && i < people.n; i++) {
        const struct person *p = &people.at[i];

        if (query_match(q, query_fold(c->arena, arena_printf(c->arena, "%s %s", p->title, p->bio))))
            writer(w, p->no)->said = true;
    }
    return e;
}

/* Who wrote the newest public posts with the words. */
static enum err by_posts(struct call *c, const struct query *q, struct writers *w)
{
    struct items items = {0};
    enum err e = store_search(c->store, q, c->who.no, 0, HITS_MOST, c->arena, &items);

    for (size_t i = 0; e == OK && i < items.n; i++) {
        const struct post *p = &items.at[i].post;

        if (p->scope == SCOPE_PUBLIC && p->kind != KIND_QUESTION)
            writer(w, p->author)->posts++;
    }
    return e;
}

static bool better(const struct writer *a, const struct writer *b)
{
    int64_t x = a->posts + (a->said ? 10 : 0), y = b->posts + (b->said ? 10 : 0);

    return x != y ? x > y : a->person.no < b->person.no;
}

/* The best so many to the front. */
static void sort_front(struct writers *w, size_t most)
{
    for (size_t i = 0; i < w->n && i < most; i++) {
        size_t best = i;
        struct writer x;

        for (size_t k = i + 1; k < w->n; k++)
            if (better(&w->at[k], &w->at[best]))
                best = k;
        x = w->at[i];
        w->at[i] = w->at[best];
        w->at[best] = x;
    }
}

static void put_writer(struct call *c, const struct writer *w)
{
    const char *why = "", *who = call_person(c, &w->person);

    if (w->said)
        why = say(c->arena, c->lang, "in the title or bio");
    if (w->posts > 0)
        why = arena_printf(
            c->arena, "%s%s%s", why, w->said ? ", " : "",
            say_n(c->arena, c->lang, "%lld post", "%lld posts", w->posts, (long long)w->posts));
    if (*w->person.title != '\0')
        who = arena_printf(c->arena, "%s, %s", who, w->person.title);
    call_put(c, arena_printf(c->arena, "%s: %s", who, why));
}

static enum err experts_on_words(struct call *c, const char *text)
{
    struct writers *w = arena_alloc(c->arena, sizeof *w);
    struct query q;
    const char *wrong = NULL;
    size_t shown = 0;
    enum err e = query_parse(c->arena, text, c->who.zone, &q, &wrong);

    if (e != OK || q.n_terms == 0) {
        call_say(c, "Experts on what? `experts #tag` or `experts databases` is how it looks.");
        return E_USAGE;
    }
    w->n = 0;
    e = by_title(c, &q, w);
    if (e == OK)
        e = by_posts(c, &q, w);
    sort_front(w, w->n);
    for (size_t i = 0; e == OK && i < w->n && shown < LIMIT_LIST_DEFAULT; i++) {
        e = store_person_by_no(c->store, w->at[i].person.no, c->arena, &w->at[i].person);
        if (e != OK || w->at[i].person.state != PERSON_ACTIVE)
            continue;
        if (shown++ == 0)
            call_say(c, "Who writes about “%s”, by the newest posts:", text);
        put_writer(c, &w->at[i]);
    }
    if (e != OK)
        return e;
    if (shown == 0)
        call_say(c, "Nobody has “%s” in title, bio or a public post.", text);
    else
        call_say(c, "`search %s` shows what was written.", text);
    return OK;
}

/* ---- `experts` ------------------------------------------------------------------------------------- */

/* "#cobol", or "cobol" where that is a tag in use. *tag.no 0: no such tag; *sign: it was written as one. */
static enum err read_topic(struct call *c, const char *text, struct tag *tag, bool *sign)
{
    const char *word = text_fold(c->arena, text);
    struct found f;
    enum err e;

    *tag = (struct tag){.no = 0};
    *sign = word[0] == '#';
    for (const char *p = word + *sign; *p != '\0';)
        if (!text_is_word(text_next(&p)))
            return OK;
    e = compose_scan(c->store, arena_printf(c->arena, "#%s", word + *sign), c->who.no, c->arena,
                     &f);
    if (e == OK && f.n_tags == 1)
        *tag = f.tags[0];
    *sign = *sign && f.n_tags == 1;
    return e;
}

/* Takes "on" or "off" off the end. 0: neither. */
static int read_switch(struct call *c, const char *text, const char **topic)
{
    const char *last = strrchr(text, ' '), *word;
    int way;

    *topic = text;
    if (last == NULL)
        return 0;
    word = text_fold(c->arena, last + 1);
    way = strcmp(word, "off") == 0 || strcmp(word, "끄기") == 0  ? -1
          : strcmp(word, "on") == 0 || strcmp(word, "켜기") == 0 ? 1
                                                                 : 0;
    if (way != 0)
        *topic = text_trim(c->arena, arena_ndup(c->arena, text, (size_t)(last - text)));
    return way;
}

static enum err run_experts(struct call *c)
{
    const char *text = c->args[0].text, *topic;
    int way = read_switch(c, text, &topic);
    struct tag tag = {.no = 0};
    bool sign = false;
    enum err e = read_topic(c, topic, &tag, &sign);

    if (e != OK)
        return e;
    if (way != 0 && tag.no != 0)
        return set_expert(c, &tag, way > 0);
    if (tag.no == 0 && tag.key != NULL && (sign || way < 0))
        return call_no_tag(c, tag.key);
    if (way != 0) /* "experts sign on" */
        e = read_topic(c, text, &tag, &sign);
    if (e != OK)
        return e;
    return tag.no != 0 ? experts_on_tag(c, &tag) : experts_on_words(c, text);
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "ask", .korean = {"질문"},
        .args = {{.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_QUESTION, .flags = COMMAND_WRITES,
        .form = N_("ask TEXT?"),
        .summary = N_("A question that stays open until an answer is accepted"),
        .help = N_("It goes to your followers and to up to three colleagues who know about its tags or, without a tag, about words "
                   "in it that are tags. `accept #1234` accepts a reply as the answer; until then `questions` lists it. Without a "
                   "question mark: `ask: TEXT`."),
        .examples = {"ask Who knows COBOL?", "ask: Somebody with a ladder", "질문: 코볼 아시는 분"},
        .run = run_ask,
    },
    {
        .name = "accept", .korean = {"채택"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("accept POST"),
        .summary = N_("Accepts a reply as the answer to your question"),
        .help = N_("Its author is told, and it is shown and found first. Accepting another reply later moves it."),
        .examples = {"accept #2", "채택 #2"},
        .run = run_accept,
    },
    {
        .name = "questions", .korean = {"질문목록"},
        .args = {{.kind = ARG_TAG, .flags = ARG_OPTIONAL, .name = "TAG"}},
        .form = N_("questions [TAG]"),
        .summary = N_("The open questions"),
        .help = N_("`#1234 TEXT` answers one. `search is:open from:me` shows your own, `search is:question` the answered ones too."),
        .examples = {"questions", "questions #lunch", "질문목록"},
        .run = run_questions,
    },
    {
        .name = "experts", .korean = {"전문가"},
        .args = {{.kind = ARG_TEXT, .name = "TOPIC"}},
        .free = FREE_SHORT,
        .form = N_("experts TOPIC, experts TAG off|on"),
        .summary = N_("Who knows about something"),
        .help = N_("Of a tag: by accepted answers, thanks and posts with it, public ones alone. Of other words: whose title or "
                   "bio has them, and who wrote the newest posts with them. With `off` I do not ask you about a tag, nor list you."),
        .examples = {"experts databases", "experts #lunch", "experts lunch off", "전문가 lunch"},
        .run = run_experts,
    },
};
/* clang-format on */
const struct family family_questions = {N_("Questions and experts"), rows, ARRAY_LEN(rows)};
