/* SPDX-License-Identifier: MIT */
#include "handlers/compose.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum { QUOTE_ROOT = 60, QUOTE_NEWEST = 200 };

char *compose_ref(struct arena *a, int64_t post)
{
    return arena_printf(a, "#%lld", (long long)post);
}

/* Turns the direction of what follows: would reach beyond a quotation into our own words. */
static bool is_bidi_control(uint32_t c)
{
    return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

char *compose_excerpt(struct arena *a, const char *text, size_t max)
{
    char *out = arena_alloc(a, strlen(text) + sizeof "…");
    size_t len = 0, n = 0;
    bool blank = true; /* swallows blanks at the beginning and runs of them */

    while (*text != '\0' && n < max) {
        uint32_t c = text_next(&text);

        if (is_bidi_control(c))
            continue;
        if (text_is_space(c) || c < 0x20) {
            if (blank)
                continue;
            blank = true;
            out[len++] = ' ';
        } else {
            blank = false;
            len += text_put(out + len, c);
        }
        n++;
    }
    while (len > 0 && out[len - 1] == ' ')
        len--;
    out[len] = '\0';
    if (*text_trim(a, text) != '\0')
        memcpy(out + len, "…", sizeof "…");
    return out;
}

/* The part of a long text that a list shows: whole lines and words where that is possible. */
static char *shorten(struct arena *a, const char *text)
{
    const char *p = text, *blank = NULL, *end = text;
    size_t n = 0, lines = 1;

    while (*p != '\0') {
        const char *at = p;
        uint32_t c = text_next(&p);

        if (text_is_space(c))
            blank = at;
        if (n++ == LIMIT_ROW || (c == '\n' && lines++ == LIMIT_ROW_LINES)) {
            /* Back to a blank, unless that would lose much (a long URL, a script without blanks). */
            end = at;
            if (c != '\n' && blank != NULL && at - blank < 100)
                end = blank;
            return arena_ndup(a, text, (size_t)(end - text));
        }
    }
    return NULL;
}

/* "/me waves" is passed on as "* Alice Kim (@alice) waves" (rule 8 of the language). */
static const char *action(const char *text)
{
    return strncmp(text, "/me ", 4) == 0 && text[4] != '\0' ? text + 4 : NULL;
}

/* One post as a line (and its indented further lines). to: the person a private message went to, NULL: not said. */
static char *line(struct arena *a, enum lang l, const struct post *p, const char *to)
{
    const char *who = say_person(a, p->author_name, p->author_nick);
    const char *act = action(p->text);

    if (p->kind == KIND_QUESTION)
        who = say(a, l, "%s asks", who);
    if (p->kind == KIND_ANNOUNCEMENT)
        who = say(a, l, "Announcement by %s", who);
    if (p->parent != 0)
        who = arena_printf(a, "%s → #%lld", who, (long long)p->parent);
    if (p->scope == SCOPE_PRIVATE)
        who = to != NULL ? say(a, l, "%1$s to %2$s, privately", who, to)
                         : say(a, l, "%s, privately", who);
    else if (p->scope == SCOPE_GROUP)
        who = *p->group_name != '\0'
                  ? say(a, l, "%1$s in %2$s", who, arena_printf(a, "!%s", p->group_name))
                  : say(a, l, "%s, in a group", who);
    if (act != NULL)
        return arena_printf(a, "* %s%s %s (#%lld)", who, p->scope != SCOPE_PUBLIC ? ":" : "",
                            text_indent(a, act), (long long)p->no);
    return arena_printf(a, "%s: %s (#%lld)", who, text_indent(a, p->text), (long long)p->no);
}

char *compose_post(struct arena *a, enum lang l, const struct post *p)
{
    return line(a, l, p, NULL);
}

static char *repeated(struct arena *a, enum lang l, const struct item *it)
{
    const char *who = say_person(a, it->repeater_name, it->repeater_nick);
    const char *what = line(a, l, &it->post, NULL);

    if (it->comment != NULL && *it->comment != '\0')
        return arena_printf(a, "%s: %s ↻ %s", who, text_indent(a, it->comment), what);
    if (it->post.kind == KIND_QUESTION)
        return say(a, l, "%1$s repeats: %2$s", who, what);
    return say(a, l, "%1$s repeats %2$s", who, what);
}

char *compose_item(struct arena *a, enum lang l, const struct item *it, const char *to, int64_t now,
                   const char *zone)
{
    struct item i = *it;
    char *cut = shorten(a, i.post.text), *row;

    if (cut != NULL)
        i.post.text = arena_printf(a, "%s …", cut);
    row = i.repeat ? repeated(a, l, &i) : line(a, l, &i.post, to);
    if (i.post.accepted && !i.repeat)
        row = arena_printf(a, "✓ %s", row);
    if (i.post.answer != 0)
        row = arena_printf(a, "%s ✓ #%lld", row, (long long)i.post.answer);
    if (cut != NULL)
        row = say(a, l, "%1$s - `%2$s` shows all of it", row, compose_ref(a, i.post.no));
    if (now == 0)
        return row;
    return arena_printf(a, "[%s] %s", say_time(a, l, i.post.at, now, zone), row);
}

/* ---- updates ---------------------------------------------------------------------------------- */

/* The id under which a recipient first got the post. */
static char *first_id(struct arena *a, int64_t post, int first)
{
    if (first > 0)
        return arena_printf(a, "p%llde%d", (long long)post, first);
    return arena_printf(a, "p%lld", (long long)post);
}

/* What one can do about it, once: not in lists. */
static char *with_hint(struct arena *a, enum lang l, const struct post *p, char *body)
{
    const char *ref = compose_ref(a, p->no);

    if (p->kind == KIND_POLL)
        return say(a, l, "%1$s\n`vote %2$s N` gives your vote, `%2$s` shows the votes.", body, ref);
    if (p->kind == KIND_ANNOUNCEMENT)
        return say(a, l, "%1$s\n`ack %2$s` says that you have read it.", body, ref);
    return body;
}

/* A post, or a later version of it: as new to whom this version is the first, else as a correction. */
static enum err update_post(struct store *st, const struct event *e, int first, enum lang l,
                            struct arena *a, struct update *out)
{
    struct post p;
    const char *text;
    enum err err = store_post_text(st, e->post, e->version, a, &text);

    if (err == OK)
        err = store_post_get(st, e->post, 0, a, &p);
    if (err != OK)
        return err;
    p.text = text;
    out->body = with_hint(a, l, &p, line(a, l, &p, NULL));
    out->id = first_id(a, e->post, e->version);
    if (first < e->version) {
        out->shape = UPDATE_CORRECTION;
        out->target = first_id(a, e->post, first);
    }
    return OK;
}

static enum err update_repeat(struct store *st, const struct event *e, enum lang l, struct arena *a,
                              struct update *out)
{
    struct item it;
    const char *text;
    enum err err = store_post_text(st, e->post, e->version, a, &text);

    if (err == OK)
        err = store_repeat_get(st, e->no, a, &it);
    if (err != OK)
        return err;
    /* What the id says never changes: the text as it was repeated. */
    it.post.text = text;
    out->body = with_hint(a, l, &it.post, repeated(a, l, &it));
    out->id = arena_printf(a, "r%lld", (long long)e->no);
    return OK;
}

static enum err update_deletion(struct store *st, const struct event *e, int first, enum lang l,
                                struct arena *a, struct update *out)
{
    struct event original = {0};
    enum err err = OK;

    if (e->original != 0)
        err = store_event_get(st, e->original, &original);
    if (err != OK && err != E_NOTFOUND)
        return err;
    out->shape = UPDATE_RETRACTION;
    if (original.kind == EVENT_REPEAT) {
        out->id = arena_printf(a, "r%lldd", (long long)original.no);
        out->target = arena_printf(a, "r%lld", (long long)original.no);
    } else {
        out->id = arena_printf(a, "p%lldd", (long long)e->post);
        out->target = first_id(a, e->post, first);
    }
    out->body = say(a, l, "(%s was taken back)", compose_ref(a, e->post));
    return OK;
}

/* The beginning of a post's words, as one quotes it. */
static char *quote(struct arena *a, const char *text, size_t max)
{
    const char *act = action(text);

    return compose_excerpt(a, act != NULL ? arena_printf(a, "* %s", act) : text, max);
}

/* What is said of further answers; bare: without the words of anybody. */
static enum err say_bundle(struct store *st, const struct bundle *b, bool bare, enum lang l,
                           struct arena *a, char **out)
{
    struct post root, newest;
    const char *root_text, *newest_text, *ref = compose_ref(a, b->root);
    enum err err = store_post_get(st, b->post, 0, a, &newest);

    if (err == OK)
        err = store_post_get(st, b->root, 0, a, &root);
    if (err != OK)
        return err;
    if (root.scope == SCOPE_GROUP && *root.group_name != '\0')
        ref = say(a, l, "conversation %1$s in %2$s", ref, arena_printf(a, "!%s", root.group_name));
    if (bare) {
        *out = say_n(a, l, "%1$lld more answer to %2$s.", "%1$lld more answers to %2$s.",
                     b->answers, (long long)b->answers, ref);
        return OK;
    }
    err = store_post_text(st, b->root, b->root_version, a, &root_text);
    if (err == OK)
        err = store_post_text(st, b->post, b->version, a, &newest_text);
    if (err != OK)
        return err;
    *out = say_n(a, l, "%1$lld more answer to %2$s (%3$s: %4$s), by %5$s: “%6$s” (%7$s)",
                 "%1$lld more answers to %2$s (%3$s: %4$s), the newest by %5$s: “%6$s” (%7$s)",
                 b->answers, (long long)b->answers, ref,
                 say_person(a, root.author_name, root.author_nick), quote(a, root_text, QUOTE_ROOT),
                 say_person(a, newest.author_name, newest.author_nick),
                 quote(a, newest_text, QUOTE_NEWEST), compose_ref(a, b->post));
    return OK;
}

/* Where one of the two quoted posts was taken back meanwhile, it is bare as well, and has the id of that. */
static enum err update_bundle(struct store *st, const struct event *e, bool bare, enum lang l,
                              struct arena *a, struct update *out)
{
    struct bundle b;
    char *what = NULL;
    enum err err = store_bundle_get(st, e->no, &b);

    if (err == OK && !bare) {
        err = say_bundle(st, &b, false, l, a, &what);
        bare = err == E_NOTFOUND;
        err = bare ? OK : err;
    }
    if (err == OK && bare)
        err = say_bundle(st, &b, true, l, a, &what);
    if (err != OK)
        return err;
    out->body = say_n(a, l, "%1$s\n`thread %2$s` shows it, `follow %2$s` brings each.",
                      "%1$s\n`thread %2$s` shows them, `follow %2$s` brings each.", b.answers, what,
                      compose_ref(a, b.root));
    out->id = arena_printf(a, "h%lld%s", (long long)e->no, bare ? "b" : "");
    return OK;
}

static enum err update_answer(struct store *st, const struct event *e, struct arena *a,
                              struct update *out)
{
    struct answer an;
    enum err err = store_answer_get(st, e->no, a, &an);

    if (err != OK)
        return err;
    out->body = an.text;
    out->to = an.to;
    out->from = an.from;
    out->id = arena_printf(a, "%c%lld", e->kind == EVENT_ANSWER ? 'a' : 'n', (long long)e->no);
    return OK;
}

enum err compose_update(struct store *st, const struct event *e, int first, enum lang l,
                        struct arena *a, struct update *out)
{
    memset(out, 0, sizeof *out);
    out->at = e->at;
    switch (e->kind) {
    case EVENT_POST:
    case EVENT_EDIT:
        return update_post(st, e, first, l, a, out);
    case EVENT_REPEAT:
        return update_repeat(st, e, l, a, out);
    case EVENT_DELETE:
        return update_deletion(st, e, first, l, a, out);
    case EVENT_ANSWER:
    case EVENT_NOTICE:
        return update_answer(st, e, a, out);
    case EVENT_BUNDLE:
        return update_bundle(st, e, first != 0, l, a, out);
    }
    return E_NOTFOUND;
}

/* Digits, at most 18 of them, without a leading zero; moves *s behind them. 0: none. */
static int64_t number(const char **s)
{
    int64_t n = 0;
    int digits = 0;

    if (**s == '0')
        return 0;
    while (**s >= '0' && **s <= '9') {
        if (++digits > 18)
            return 0;
        n = n * 10 + (*(*s)++ - '0');
    }
    return n;
}

/* A bundle is about its conversation; to whom it was not told it is none. */
static enum err bundle_root(struct store *st, const struct event *e, int64_t viewer, int64_t *post)
{
    enum event_class class;
    int first;
    enum err err =
        e->kind == EVENT_BUNDLE ? store_owed_one(st, e, viewer, &class, &first) : E_NOTFOUND;

    if (err == OK)
        *post = e->root;
    return err;
}

enum err compose_id_post(struct store *st, const char *id, int64_t viewer, int64_t *post)
{
    char kind = *id;
    int64_t n;
    struct event e;
    enum err err;

    *post = 0;
    if (kind == '\0' || strchr("pranh", kind) == NULL)
        return E_NOTFOUND;
    id++;
    n = number(&id);
    if (n == 0)
        return E_NOTFOUND;
    if (kind == 'p' && *id == 'e') {
        id++;
        if (number(&id) == 0)
            return E_NOTFOUND;
    } else if (((kind == 'p' || kind == 'r') && *id == 'd') || (kind == 'h' && *id == 'b')) {
        id++;
    }
    if (*id != '\0')
        return E_NOTFOUND;
    if (kind == 'p') {
        /* Whether they may see it is judged where it is used, as if #1234 had been typed. */
        *post = n;
        return OK;
    }
    err = store_event_get(st, n, &e);
    if (err != OK)
        return err;
    if (kind == 'h')
        return bundle_root(st, &e, viewer, post);
    if (e.kind != (kind == 'r' ? EVENT_REPEAT : kind == 'a' ? EVENT_ANSWER : EVENT_NOTICE))
        return E_NOTFOUND;
    if (kind != 'r' && e.author != viewer)
        return E_NOTFOUND;
    *post = e.post;
    return OK;
}
