/* SPDX-License-Identifier: MIT */
#include "handlers/question.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/admins.h"
#include "handlers/lists.h"
#include "handlers/post.h"

enum {
    WORDS_MOST = 100, /* of a text, looked up as tags */
    ASKED_MOST =
        5, /* topics whose experts are asked; people named by the text that are passed over */
    SHORT_WORD = 3 /* letters: IT is a department, "it" is a word */
};

/* ---- what it is about ---------------------------------------------------------------------------- */

static void add_topic(struct asking *q, int64_t tag)
{
    for (size_t i = 0; i < q->n_topics; i++)
        if (q->topics[i] == tag)
            return;
    if (q->n_topics < LIMIT_TAGS_PER_POST)
        q->topics[q->n_topics++] = tag;
}

/* A word that is a tag in use, read as if it had its sign. */
static enum err word_as_tag(struct call *c, const char *word, struct asking *q)
{
    struct found f;
    enum err e =
        compose_scan(c->store, arena_printf(c->arena, "#%s", word), c->who.no, c->arena, &f);

    if (e != OK || f.n_tags != 1 || f.tags[0].no == 0)
        return e;
    if (strlen(word) <= SHORT_WORD && strcmp(word, f.tags[0].shown) != 0)
        return OK;
    add_topic(q, f.tags[0].no);
    return OK;
}

static enum err words_as_tags(struct call *c, const char *text, struct asking *q)
{
    enum err e = OK;

    for (int n = 0; e == OK && *text != '\0' && n < WORDS_MOST;) {
        const char *from = text, *end = text;

        while (*end != '\0') {
            const char *next = end;

            if (!text_is_word(text_next(&next)))
                break;
            end = next;
        }
        if (end > from) {
            e = word_as_tag(c, arena_ndup(c->arena, from, (size_t)(end - from)), q);
            n++;
            text = end;
        } else {
            (void)text_next(&text);
        }
    }
    return e;
}

static bool is_named(const struct found *f, int64_t person)
{
    for (size_t i = 0; i < f->n_named; i++)
        if (f->named[i] == person)
            return true;
    return false;
}

/* ---- whom to ask --------------------------------------------------------------------------------- */

static enum err choose(struct call *c, const struct found *f, struct asking *q)
{
    size_t topics = q->n_topics < ASKED_MOST ? q->n_topics : ASKED_MOST;
    size_t named = f->n_named < ASKED_MOST ? f->n_named : ASKED_MOST;
    struct expert *best;
    size_t n = 0;
    enum err e = store_experts_to_ask(c->store, q->topics, topics, c->who.no, c->now,
                                      QUESTION_EXPERTS + named, c->arena, &best, &n);

    q->experts = arena_array(c->arena, QUESTION_EXPERTS, sizeof *q->experts);
    for (size_t i = 0; e == OK && i < n && q->n_experts < QUESTION_EXPERTS; i++) {
        if (is_named(f, best[i].person.no))
            continue;
        q->asked[q->n_experts] = best[i].person.no;
        q->experts[q->n_experts++] = best[i];
    }
    return e;
}

enum err question_prepare(struct call *c, const char *text, const struct found *f, bool experts,
                          struct asking *out)
{
    enum err e = OK;

    memset(out, 0, sizeof *out);
    out->topics = arena_array(c->arena, LIMIT_TAGS_PER_POST, sizeof *out->topics);
    for (size_t i = 0; i < f->n_tags; i++)
        if (f->tags[i].no != 0)
            add_topic(out, f->tags[i].no);
    if (f->n_tags == 0)
        e = words_as_tags(c, text, out);
    return e == OK && experts ? choose(c, f, out) : e;
}

/* ---- telling ------------------------------------------------------------------------------------- */

char *question_why(struct arena *a, enum lang l, const struct expert *x)
{
    char *out = arena_dup(a, "");

    if (x->answers > 0)
        out = say_n(a, l, "%lld accepted answer", "%lld accepted answers", x->answers,
                    (long long)x->answers);
    if (x->posts > 0)
        out = arena_printf(a, "%s%s%s", out, *out != '\0' ? ", " : "",
                           say_n(a, l, "%lld post", "%lld posts", x->posts, (long long)x->posts));
    if (x->praise > 0)
        out = arena_printf(a, "%s%s%s", out, *out != '\0' ? ", " : "",
                           say_n(a, l, "thanked %lld time", "thanked %lld times", x->praise,
                                 (long long)x->praise));
    return out;
}

/* Whether the question reaches somebody after all: they may mute a word of it. */
static enum err reaches(struct call *c, const struct added *added, int64_t person, bool *yes)
{
    struct event event;
    enum event_class class;
    int first;
    enum err e = store_event_get(c->store, added->event, &event);

    if (e == OK)
        e = store_owed_one(c->store, &event, person, &class, &first);
    *yes = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

static void add_name(const char **names, size_t *n, const char *name)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(names[i], name) == 0)
            return;
    names[(*n)++] = name;
}

enum err question_tell(struct call *c, const struct added *added, const struct asking *q)
{
    const char *people[QUESTION_EXPERTS], *tags[QUESTION_EXPERTS];
    size_t n = 0, n_tags = 0;

    for (size_t i = 0; i < q->n_experts; i++) {
        const struct expert *x = &q->experts[i];
        enum lang l = call_lang_of(c, &x->person);
        const char *tag = arena_printf(c->arena, "#%s", x->topic), *text;
        bool yes;
        enum err e = reaches(c, added, x->person.no, &yes);

        if (e == OK && !yes)
            continue;
        text = say(c->arena, l,
                   "%1$s asks %2$s, and you get it because you know about %3$s: %4$s. `experts "
                   "%3$s off`, and I will not ask you about that again.",
                   call_person(c, &c->who), call_ref(c, added->post), tag,
                   question_why(c->arena, l, x));
        if (e == OK)
            e = call_notice(c, &x->person, added->post, text);
        if (e != OK)
            return e;
        people[n++] = call_person(c, &x->person);
        add_name(tags, &n_tags, tag);
    }
    if (n > 0)
        call_say_n(c, "I asked %1$s, who knows about %2$s.", "I asked %1$s, who know about %2$s.",
                   (int64_t)n, list_join(c, people, n, QUESTION_EXPERTS),
                   list_join(c, tags, n_tags, QUESTION_EXPERTS));
    call_say(c, "When a reply answers it, say `accept` and its number.");
    return OK;
}
