/* SPDX-License-Identifier: MIT */
#include "handlers/digest.h"

#include <stdlib.h>

#include "base/limits.h"
#include "handlers/compose.h"

#define LABEL_EXCERPT 30 /* code points of the post that a conversation began with */

/* Updates that came by one way. */
struct heap {
    enum edge_kind kind;
    int64_t object, n;
};
struct digest {
    int64_t person;
    enum digest_why why;
    int64_t head_at;
    int64_t missed; /* LIMIT_DIGEST at most */
    bool over;
    int64_t named;               /* of them */
    int64_t names[DIGEST_NAMED]; /* posts; the n-th stands at n % DIGEST_NAMED */
    int64_t open, question;      /* questions without an accepted answer, the newest of them */
    int64_t likes, liked;        /* the most, and the post */
    struct heap *heaps;
    size_t n_heaps, cap_heaps;
};

struct digest *digest_new(int64_t person, enum digest_why why, int64_t head_at)
{
    struct digest *d = calloc(1, sizeof *d);

    if (d == NULL)
        abort();
    d->person = person;
    d->why = why;
    d->head_at = head_at;
    return d;
}

void digest_free(struct digest *d)
{
    if (d != NULL)
        free(d->heaps);
    free(d);
}

enum digest_why digest_why(const struct digest *d)
{
    return d->why;
}

int64_t digest_missed(const struct digest *d)
{
    return d->missed;
}

bool digest_over(const struct digest *d)
{
    return d->over;
}

/* ---- gathering ---------------------------------------------------------------------------------- */

/* Something new to the person: an edit is, for whom it named first. */
static bool counts(const struct owed *o)
{
    return o->event.kind == EVENT_POST || o->event.kind == EVENT_REPEAT ||
           (o->event.kind == EVENT_EDIT && o->first == o->event.version);
}

/* The heap of a way; NULL: there are too many. */
static struct heap *heap_of(struct digest *d, enum edge_kind kind, int64_t object)
{
    for (size_t i = 0; i < d->n_heaps; i++)
        if (d->heaps[i].kind == kind && d->heaps[i].object == object)
            return &d->heaps[i];
    if (d->n_heaps == LIMIT_DIGEST_HEAPS)
        return NULL;
    if (d->n_heaps == d->cap_heaps) {
        d->cap_heaps = d->cap_heaps == 0 ? 8 : d->cap_heaps * 2;
        d->heaps = realloc(d->heaps, d->cap_heaps * sizeof *d->heaps);
        if (d->heaps == NULL)
            abort();
    }
    d->heaps[d->n_heaps] = (struct heap){kind, object, 0};
    return &d->heaps[d->n_heaps++];
}

static enum err take_likes(struct digest *d, struct store *st, int64_t post, int64_t now)
{
    int64_t n = 0;
    enum err e;

    if (now <= d->likes || now < DIGEST_LIKED || d->likes == DIGEST_LIKES)
        return OK;
    e = store_likes_before(st, post, d->head_at, DIGEST_LIKES, &n);
    if (e == OK && n > d->likes && n >= DIGEST_LIKED) {
        d->likes = n;
        d->liked = post;
    }
    return e;
}

static enum err take_one(struct digest *d, struct store *st, const struct owed *o)
{
    struct owed_by by;
    struct heap *heap;
    enum err e;

    if (!counts(o) || d->over)
        return OK;
    e = store_owed_by(st, &o->event, d->person, o->class, &by);
    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    if (d->missed == LIMIT_DIGEST) {
        d->over = true;
        return OK;
    }
    d->missed++;
    if (o->class == CLASS_MENTION) {
        d->names[d->named % DIGEST_NAMED] = o->event.post;
        d->named++;
    } else if (by.kind != 0 && (heap = heap_of(d, by.kind, by.object)) != NULL) {
        heap->n++;
    }
    if (by.open) {
        d->open++;
        d->question = o->event.post;
    }
    return take_likes(d, st, o->event.post, by.likes);
}

enum err digest_take(struct digest *d, struct store *st, const struct owed *o)
{
    struct owed answers[LIMIT_BUNDLE];
    size_t n = 0;
    enum err e;

    if (o->event.kind != EVENT_BUNDLE || d->over)
        return take_one(d, st, o);
    e = store_bundle_answers(st, &o->event, d->person, answers, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        e = take_one(d, st, &answers[i]);
    return e;
}

/* ---- in words ------------------------------------------------------------------------------------ */

struct telling {
    const struct digest *d;
    struct store *st;
    enum lang l;
    struct arena *a;
    char *out;
};

static void put(struct telling *t, const char *line)
{
    t->out = t->out == NULL ? arena_dup(t->a, line) : arena_printf(t->a, "%s\n%s", t->out, line);
}

/* "57 updates", "more than 10,000 updates" */
static const char *amount(const struct telling *t)
{
    const struct digest *d = t->d;

    if (d->over)
        return say(t->a, t->l, "more than %lld updates", (long long)d->missed);
    return say_n(t->a, t->l, "%lld update", "%lld updates", d->missed, (long long)d->missed);
}

static void put_first(struct telling *t)
{
    static const char *const lines[] = {
        [DIGEST_AWAY] = N_("While you were away, %s came."),
        [DIGEST_OF_DAY] = N_("Your daily digest: %s."),
        [DIGEST_OF_WEEK] = N_("Your weekly digest: %s."),
        [DIGEST_OF_BOTH] = N_("Your digest: %s."),
        [DIGEST_ASLEEP] =
            N_("I had no sign of life from you for three months, so updates were off by "
               "themselves. They are on again; meanwhile %s came."),
    };

    if (t->d->why == DIGEST_ASLEEP && t->d->missed == 0) {
        put(t, say(t->a, t->l,
                   "I had no sign of life from you for three months, so updates were off by "
                   "themselves. They are on again; meanwhile nothing came that still stands."));
        return;
    }
    put(t, say(t->a, t->l, lines[t->d->why], amount(t)));
}

/* The post in one line; NULL: the person may not see it. */
static enum err post_line(const struct telling *t, int64_t no, size_t most, struct post *p,
                          char **line)
{
    enum err e = store_post_get(t->st, no, t->d->person, t->a, p);

    *line = NULL;
    if (e == OK) {
        p->text = compose_excerpt(t->a, p->text, most);
        *line = compose_post(t->a, t->l, p);
    }
    return e == E_NOTFOUND ? OK : e;
}

static enum err put_named(struct telling *t)
{
    const struct digest *d = t->d;
    int64_t from = d->named > DIGEST_NAMED ? d->named - DIGEST_NAMED : 0;

    if (d->named == 0)
        return OK;
    put(t, say_n(t->a, t->l, "%lld names or answers you (`mentions`):",
                 "%lld name or answer you (`mentions`):", d->named, (long long)d->named));
    for (int64_t i = from; i < d->named; i++) {
        struct post p;
        char *line;
        enum err e = post_line(t, d->names[i % DIGEST_NAMED], DIGEST_EXCERPT, &p, &line);

        if (e != OK)
            return e;
        if (line != NULL)
            put(t, arena_printf(t->a, "  %s", line));
    }
    return OK;
}

/* "12 in #q3_plan"; NULL: not to be named. */
static enum err heap_words(const struct telling *t, const struct heap *h, char **words)
{
    struct edge edge = {
        .kind = h->kind, .subject = t->d->person, .object = h->object, .label = "", .name = ""};
    long long n = (long long)h->n;
    struct post p;
    char *line = NULL;
    enum err e = store_edge_label(t->st, t->a, &edge);

    *words = NULL;
    if (e == OK && h->kind == EDGE_FOLLOW_THREAD) {
        e = post_line(t, h->object, LABEL_EXCERPT, &p, &line);
        if (line != NULL)
            *words = say(t->a, t->l, "%1$lld in %2$s “%3$s”", n, edge.label, p.text);
    } else if (e == OK && *edge.label == '\0') {
        return OK;
    } else if (e == OK && h->kind == EDGE_FOLLOW_PERSON) {
        *words =
            say(t->a, t->l, "%1$lld from %2$s", n, say_person(t->a, edge.name, edge.label + 1));
    } else if (e == OK && h->kind == EDGE_FOLLOW_WORDS) {
        *words = say(t->a, t->l, "%1$lld with %2$s", n, edge.label);
    } else if (e == OK) {
        *words = say(t->a, t->l, "%1$lld in %2$s", n, edge.label);
    }
    return e == E_NOTFOUND ? OK : e;
}

/* The largest that was not shown yet; of those alike the one that began first. */
static const struct heap *largest(const struct digest *d, const bool *shown)
{
    const struct heap *best = NULL;

    for (size_t i = 0; i < d->n_heaps; i++)
        if (!shown[i] && (best == NULL || d->heaps[i].n > best->n))
            best = &d->heaps[i];
    return best;
}

static enum err put_heaps(struct telling *t)
{
    const struct digest *d = t->d;
    bool *shown = arena_array(t->a, d->n_heaps + 1, sizeof *shown);
    int64_t rest = d->missed - d->named;
    char *line = NULL;

    for (int n = 0; n < DIGEST_HEAPS;) {
        const struct heap *h = largest(d, shown);
        char *words;
        enum err e;

        if (h == NULL)
            break;
        shown[h - d->heaps] = true;
        e = heap_words(t, h, &words);
        if (e != OK)
            return e;
        if (words == NULL)
            continue;
        line = line == NULL ? words : arena_printf(t->a, "%s, %s", line, words);
        rest -= h->n;
        n++;
    }
    if (line != NULL && rest > 0)
        line = arena_printf(t->a, "%s, %s", line,
                            say_n(t->a, t->l, "%lld other", "%lld others", rest, (long long)rest));
    if (line != NULL)
        put(t, line);
    return OK;
}

static bool is_shown(const struct digest *d, int64_t post)
{
    for (int64_t i = 0; i < d->named && i < DIGEST_NAMED; i++)
        if (d->names[i] == post)
            return true;
    return false;
}

static enum err put_liked(struct telling *t)
{
    const struct digest *d = t->d;
    struct post p;
    char *line;
    enum err e;

    if (d->liked == 0 || is_shown(d, d->liked))
        return OK;
    e = post_line(t, d->liked, DIGEST_EXCERPT, &p, &line);
    if (line != NULL)
        put(t, say(t->a, t->l, "Liked most, by %1$lld: %2$s", (long long)d->likes, line));
    return e;
}

static enum err put_question(struct telling *t)
{
    const struct digest *d = t->d;
    struct post p;
    char *line;
    enum err e;

    if (d->open == 0 || (d->open == 1 && (is_shown(d, d->question) || d->question == d->liked)))
        return OK;
    e = post_line(t, d->question, DIGEST_EXCERPT, &p, &line);
    if (line != NULL)
        put(t, say_n(t->a, t->l, "%1$lld question waits for an answer: %2$s",
                     "%1$lld questions wait for an answer (`questions`), the newest: %2$s", d->open,
                     (long long)d->open, line));
    return e;
}

enum err digest_compose(const struct digest *d, struct store *st, enum lang l, struct arena *a,
                        char **out)
{
    struct telling t = {.d = d, .st = st, .l = l, .a = a};
    enum err e;

    put_first(&t);
    e = put_named(&t);
    if (e == OK)
        e = put_heaps(&t);
    if (e == OK)
        e = put_liked(&t);
    if (e == OK)
        e = put_question(&t);
    if (e != OK)
        return e;
    if (d->missed > 0)
        put(&t, say(a, l,
                    "`missed` shows them, `more` those before; `#1234`, `#tag`, `@nick` or "
                    "`!group` opens one."));
    *out = t.out;
    return OK;
}
