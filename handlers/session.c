/* SPDX-License-Identifier: MIT */
#include "handlers/session.h"

#include <stdlib.h>
#include <string.h>
#include "base/limits.h"

#define BUCKETS 4096 /* a power of two */
#define IDLE_MS (2LL * LIMIT_PENDING_MS)

/* What is staged and kept as one. Strings are the memory's own. */
struct memory {
    struct pending pending;
    int64_t asked_until; /* a word that ends a question may still be meant for one until then */
    struct more more;
    const char *refused, *refused_to;    /* a reply that made nothing, and what it answers */
    struct open_form forms[LIMIT_FORMS]; /* the first is the dialogue in the chat */
};
struct allowance {
    double left;
    int64_t at;
};
struct session {
    struct session *next;
    int64_t person;
    int64_t used_at;
    struct memory memory;
    struct allowance write, read;
    unsigned refusals; /* in a row */
    int64_t refused_at, heard_at;
    bool explained;
};
struct staged {
    struct staged *before;
    int64_t person;
    uint64_t request;
    struct memory memory;
};
struct sessions {
    struct session *bucket[BUCKETS];
    size_t n;
    size_t bytes;
    uint64_t request;
    struct staged *last;
};

static void *must(void *p)
{
    if (p == NULL)
        abort(); /* as arenas do: the transaction rolls back, the service manager restarts */
    return p;
}

/* ---- memories ------------------------------------------------------------------------------- */

static char *copy(struct sessions *s, const char *text)
{
    if (text == NULL)
        return NULL;
    s->bytes += strlen(text) + 1;
    return must(strdup(text));
}

static void drop(struct sessions *s, const char **text)
{
    if (*text == NULL)
        return;
    s->bytes -= strlen(*text) + 1;
    free((void *)(uintptr_t)*text);
    *text = NULL;
}

static void form_clear(struct sessions *s, struct open_form *f)
{
    drop(s, &f->id);
    drop(s, &f->name);
    for (size_t i = 0; i < ARRAY_LEN(f->values); i++)
        drop(s, &f->values[i]);
    drop(s, &f->proposed);
    drop(s, &f->answered);
    memset(f, 0, sizeof(*f));
}

static void form_copy(struct sessions *s, struct open_form *to, const struct open_form *from)
{
    *to = *from;
    to->id = copy(s, from->id);
    to->name = copy(s, from->name);
    for (size_t i = 0; i < ARRAY_LEN(to->values); i++)
        to->values[i] = copy(s, from->values[i]);
    to->proposed = copy(s, from->proposed);
    to->answered = copy(s, from->answered);
}

static void memory_clear(struct sessions *s, struct memory *m)
{
    drop(s, &m->pending.proposed);
    drop(s, &m->pending.as_post);
    drop(s, &m->more.text);
    drop(s, &m->refused);
    drop(s, &m->refused_to);
    for (size_t i = 0; i < LIMIT_FORMS; i++)
        form_clear(s, &m->forms[i]);
    memset(m, 0, sizeof(*m));
}

static void memory_copy(struct sessions *s, struct memory *to, const struct memory *from)
{
    *to = *from;
    to->pending.proposed = copy(s, from->pending.proposed);
    to->pending.as_post = copy(s, from->pending.as_post);
    to->more.text = copy(s, from->more.text);
    to->refused = copy(s, from->refused);
    to->refused_to = copy(s, from->refused_to);
    for (size_t i = 0; i < LIMIT_FORMS; i++)
        form_copy(s, &to->forms[i], &from->forms[i]);
}

/* ---- the table -------------------------------------------------------------------------------- */

static size_t bucket_of(int64_t person)
{
    return ((uint64_t)person * 0x9e3779b97f4a7c15ULL >> 40) & (BUCKETS - 1);
}

static struct session *find(struct sessions *s, int64_t person)
{
    struct session *e = s->bucket[bucket_of(person)];

    while (e != NULL && e->person != person)
        e = e->next;
    return e;
}

/* Forgets whom nobody heard of for a while; all = whoever it may be (a full table of busy people). */
static void sweep(struct sessions *s, int64_t now, bool all)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct session **at = &s->bucket[i];

        while (*at != NULL) {
            struct session *e = *at;

            if (!all && now - e->used_at < IDLE_MS) {
                at = &e->next;
                continue;
            }
            *at = e->next;
            memory_clear(s, &e->memory);
            free(e);
            s->n--;
        }
    }
}

static void make_room(struct sessions *s, int64_t now)
{
    if (s->bytes > LIMIT_SESSION_BYTES)
        sweep(s, now, false);
    if (s->bytes > LIMIT_SESSION_BYTES)
        sweep(s, now, true);
}

static struct session *make(struct sessions *s, int64_t person, int64_t now)
{
    struct session *e = find(s, person);

    if (e == NULL) {
        if (s->n >= LIMIT_SESSIONS)
            sweep(s, now, false);
        if (s->n >= LIMIT_SESSIONS)
            sweep(s, now, true);
        e = must(calloc(1, sizeof(*e)));
        e->person = person;
        e->next = s->bucket[bucket_of(person)];
        s->bucket[bucket_of(person)] = e;
        s->n++;
    }
    if (now > e->used_at)
        e->used_at = now;
    return e;
}

struct sessions *sessions_new(void)
{
    return must(calloc(1, sizeof(struct sessions)));
}

void sessions_free(struct sessions *s)
{
    if (s == NULL)
        return;
    session_forget_all(s);
    sweep(s, 0, true);
    free(s);
}

/* ---- staging ------------------------------------------------------------------------------------ */

void session_begin(struct sessions *s)
{
    s->request++;
}

static void pop(struct sessions *s)
{
    struct staged *g = s->last;

    s->last = g->before;
    memory_clear(s, &g->memory);
    free(g);
}

void session_forget_last(struct sessions *s)
{
    while (s->last != NULL && s->last->request == s->request)
        pop(s);
}

void session_forget_all(struct sessions *s)
{
    while (s->last != NULL)
        pop(s);
}

void session_keep(struct sessions *s)
{
    struct staged *first = NULL;

    while (s->last != NULL) { /* newest first; kept oldest first */
        struct staged *g = s->last;

        s->last = g->before;
        g->before = first;
        first = g;
    }
    while (first != NULL) {
        struct staged *g = first;
        struct session *e = make(s, g->person, 0);

        first = g->before;
        memory_clear(s, &e->memory);
        e->memory = g->memory;
        free(g);
    }
}

static const struct memory *look(struct sessions *s, int64_t person)
{
    struct session *e;

    for (struct staged *g = s->last; g != NULL; g = g->before)
        if (g->person == person)
            return &g->memory;
    e = find(s, person);
    return e == NULL ? NULL : &e->memory;
}

/* The memory this request may change. */
static struct memory *stage(struct sessions *s, int64_t person)
{
    const struct memory *now = look(s, person);
    struct staged *g = s->last;

    if (g != NULL && g->request == s->request && g->person == person)
        return &g->memory;
    g = must(calloc(1, sizeof(*g)));
    g->person = person;
    g->request = s->request;
    if (now != NULL)
        memory_copy(s, &g->memory, now);
    g->before = s->last;
    s->last = g;
    return &g->memory;
}

/* ---- what is remembered --------------------------------------------------------------------------- */

const struct pending *session_pending(struct sessions *s, int64_t person, int64_t now)
{
    const struct memory *m = look(s, person);

    if (m == NULL || m->pending.until <= now)
        return NULL;
    return m->pending.proposed == NULL && m->pending.as_post == NULL ? NULL : &m->pending;
}

/* An open question dies by itself, and is remembered for as long again. */
static void note_asked(struct memory *m, bool open, int64_t now)
{
    m->asked_until = now + (open ? 2 : 1) * LIMIT_PENDING_MS;
}

void session_ask(struct sessions *s, int64_t person, const char *proposed, const char *as_post,
                 int64_t now)
{
    const struct memory *old = look(s, person);
    struct memory *m;
    char *p, *t;

    if (proposed == NULL && as_post == NULL &&
        (old == NULL || (old->pending.proposed == NULL && old->pending.as_post == NULL)))
        return;
    make_room(s, now);
    make(s, person, now); /* so that it is young when it is kept */
    m = stage(s, person);
    p = copy(s, proposed);
    t = copy(s, as_post);
    drop(s, &m->pending.proposed);
    drop(s, &m->pending.as_post);
    if (m->forms[0].at == FORM_OFFER)
        m->forms[0].at = 0, drop(s, &m->forms[0].name); /* a yes has one meaning */
    m->pending.proposed = p;
    m->pending.as_post = t;
    m->pending.until = now + LIMIT_PENDING_MS;
    note_asked(m, p != NULL || t != NULL, now);
}

bool session_was_asked(struct sessions *s, int64_t person, int64_t now)
{
    const struct memory *m = look(s, person);

    return m != NULL && m->asked_until > now;
}

void session_not_asked(struct sessions *s, int64_t person)
{
    const struct memory *m = look(s, person);

    if (m != NULL && m->asked_until != 0)
        stage(s, person)->asked_until = 0;
}

const struct open_form *session_form(struct sessions *s, int64_t person, const char *id)
{
    const struct memory *m = look(s, person);

    for (size_t i = 0; m != NULL && i < LIMIT_FORMS; i++)
        if (m->forms[i].id != NULL && strcmp(m->forms[i].id, id) == 0)
            return &m->forms[i];
    return NULL;
}

void session_set_form(struct sessions *s, int64_t person, const struct open_form *f, int64_t now)
{
    struct open_form new, *place;
    struct memory *m;

    make_room(s, now);
    make(s, person, now);
    m = stage(s, person);
    place = &m->forms[f->id[0] == '\0' ? 0 : 1];
    for (size_t i = 1; f->id[0] != '\0' && i < LIMIT_FORMS; i++) {
        if (m->forms[i].id != NULL && strcmp(m->forms[i].id, f->id) == 0) {
            place = &m->forms[i];
            break;
        }
        if (m->forms[i].until < place->until)
            place = &m->forms[i];
    }
    if (place == &m->forms[0] && (f->at >= 0 || (place->name != NULL && place->at >= 0)))
        note_asked(m, f->name != NULL, now);
    form_copy(s, &new, f); /* it may be a copy of what is there */
    form_clear(s, place);
    *place = new;
    place->until = now + LIMIT_PENDING_MS;
}

const struct more *session_more(struct sessions *s, int64_t person)
{
    const struct memory *m = look(s, person);

    return m == NULL || m->more.kind == MORE_NONE ? NULL : &m->more;
}

void session_set_more(struct sessions *s, int64_t person, const struct more *more)
{
    struct memory *m = stage(s, person);
    char *text = copy(s, more->text);

    drop(s, &m->more.text);
    m->more = *more;
    m->more.text = text;
}

void session_refuse(struct sessions *s, int64_t person, const char *id, const char *replies)
{
    struct memory *m;

    if (s->bytes > LIMIT_SESSION_BYTES)
        sweep(s, 0, true);
    m = stage(s, person);
    drop(s, &m->refused);
    drop(s, &m->refused_to);
    m->refused = copy(s, id);
    m->refused_to = copy(s, replies);
}

const char *session_refused(struct sessions *s, int64_t person, const char *id)
{
    const struct memory *m = look(s, person);

    return m != NULL && m->refused != NULL && strcmp(m->refused, id) == 0 ? m->refused_to : NULL;
}

bool session_explain(struct sessions *s, int64_t person)
{
    struct session *e = make(s, person, 0);
    bool first = !e->explained;

    e->explained = true;
    return first;
}

/* Refusals in a row, and whether they have become too many to be answered. */
static bool silenced(struct session *e, int64_t now)
{
    int64_t quiet = now - e->heard_at;

    e->heard_at = now;
    if (e->refusals < LIMIT_REFUSALS) {
        if (now - e->refused_at > LIMIT_REFUSALS_MS)
            e->refusals = 0;
        return false;
    }
    if (quiet >= 0 && quiet < LIMIT_SILENCE_MS)
        return true;
    e->refusals = 0;
    return false;
}

int64_t session_take(struct sessions *s, int64_t person, int per_minute, bool reading, int64_t now,
                     unsigned *nth)
{
    struct session *e = make(s, person, now);
    struct allowance *b = reading ? &e->read : &e->write;
    double all = (double)per_minute * (reading ? LIMIT_READS_PER_POST : 1);
    double per_ms = all / 60000.0;
    bool silent = silenced(e, now);

    if (b->at == 0) {
        b->left = all;
        b->at = now;
    }
    if (now > b->at) { /* a clock set back gives nothing and takes nothing */
        b->left += (double)(now - b->at) * per_ms;
        if (b->left > all)
            b->left = all;
    }
    b->at = now;
    if (b->left >= 1.0 && !silent) {
        b->left -= 1.0;
        return 0;
    }
    e->refused_at = now;
    *nth = ++e->refusals;
    return silent ? LIMIT_SILENCE_MS : (int64_t)((1.0 - b->left) / per_ms) + 1;
}
