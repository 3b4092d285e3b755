/* SPDX-License-Identifier: MIT */
#include "tests/unit/pump_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bridge/pump_state.h"
#include "handlers/compose.h"

static bool gave_up(int64_t who, const char *id)
{
    for (size_t i = 0; i < m.n_odd; i++)
        if (m.odd[i].who == who && strcmp(m.odd[i].id, id) == 0)
            return true;
    return false;
}

/* Whether a message is with them: of whose clients give no receipts, and of summaries, what the server took. */
static bool is_taken(size_t i)
{
    return m.fate[i] != REFUSED && (m.fate[i] != LOST || m.r.got[i].id[0] == 'd' ||
                                    !gives(strtoll(m.r.got[i].to + 1, NULL, 10)));
}

/* The place of the first copy that was taken; -1: none, *any: at least a refused one came. */
static long taken(int64_t who, const char *id, bool *any)
{
    *any = false;
    for (size_t i = 0; i < m.r.n_got; i++) {
        if (strcmp(m.r.got[i].id, id) != 0 || strtoll(m.r.got[i].to + 1, NULL, 10) != who)
            continue;
        *any = true;
        if (is_taken(i))
            return (long)i;
    }
    return -1;
}

static bool was_summed_up(int64_t who, const struct event *e, enum event_class class)
{
    bool in = false;

    if (!summed_up(class))
        return false;
    assert_int_equal(store_digest_has(m.r.st, who, class, e->no, &in), OK);
    if (!in && e->original != 0) {
        struct event original;
        int first;

        assert_int_equal(store_event_get(m.r.st, e->original, &original), OK);
        if (store_owed_one(m.r.st, &original, who, &class, &first) == OK)
            assert_int_equal(store_digest_has(m.r.st, who, class, e->original, &in), OK);
    }
    return in;
}

/* A summary that stands for it came, settled or not: later it may come by itself. */
static bool told_of(int64_t who, int64_t no)
{
    for (size_t i = 0; i < m.r.n_got; i++) {
        char *s = m.r.got[i].id;

        if ((is_taken(i) || gave_up(who, s)) && *s == 'd' && strtoll(s + 1, &s, 10) == who &&
            strtoll(s + 1, &s, 10) <= no && strtoll(s + 1, &s, 10) >= no)
            return true;
    }
    return false;
}

static bool were_parted(const struct event *e, int64_t who)
{
    struct event o = *e;

    for (int64_t other = 1; e->kind == EVENT_BUNDLE && other <= PEOPLE; other++)
        if (m.parted[who][other])
            return true; /* one of its authors, perhaps */
    if (e->original != 0)
        assert_int_equal(store_event_get(m.r.st, e->original, &o), OK);
    for (size_t i = 0; i < m.n_posts; i++)
        if (m.posts[i].no == o.post && m.posts[i].all && o.kind == EVENT_POST)
            return false; /* a block keeps no announcement away */
        else if (m.posts[i].no == o.post && m.parted[who][m.posts[i].author])
            return true;
    return m.parted[who][o.author];
}

static bool same_update(const struct event *e, const char *id, const char *other)
{
    return strcmp(id, other) == 0 ||
           (e->kind == EVENT_BUNDLE && *id == 'h' && strtoll(id + 1, NULL, 10) == e->no);
}

/* In one form or the other: whether it is bare may have changed meanwhile. */
static long taken_bundle(int64_t who, int64_t event, long at, bool *any)
{
    for (size_t i = 0; i < 2; i++) {
        char id[32];
        bool one;
        long form;

        (void)snprintf(id, sizeof id, "h%lld%s", (long long)event, i == 0 ? "" : "b");
        form = taken(who, id, &one);
        *any = *any || one;
        at = form >= 0 && (at < 0 || form < at) ? form : at;
    }
    return at;
}

/* Where an event first came to a person: -1 it did not (and rightly), -2 it was refused or summed up before. */
static long judge(const struct event *e, int64_t who)
{
    enum event_class class = CLASS_PRIVATE;
    struct update u;
    int first = 0;
    bool any;
    long at;
    enum err err = store_owed_one(m.r.st, e, who, &class, &first);

    if (e->kind == EVENT_ANSWER || e->kind == EVENT_NOTICE)
        err = e->author == who ? OK : E_NOTFOUND;
    assert_true(err == OK || err == E_NOTFOUND);
    if (err == E_NOTFOUND)
        return -1;
    arena_reset(m.r.a);
    err = compose_update(m.r.st, e, first, LANG_EN, m.r.a, &u);
    assert_true(err == OK || err == E_NOTFOUND);
    if (err == E_NOTFOUND)
        return -1;
    at = taken(who, u.id, &any);
    if (e->kind == EVENT_BUNDLE)
        at = taken_bundle(who, e->no, at, &any);
    n_told += at >= 0 && e->kind == EVENT_BUNDLE;
    if (at < 0 && !(e->kind == EVENT_ANSWER && any) && !were_parted(e, who) &&
        !was_summed_up(who, e, class) && !gave_up(who, u.id))
        fail_msg("seed %llu: %s (event %lld) never came to %lld", (unsigned long long)seed, u.id,
                 (long long)e->no, (long long)who);
    if (told_of(who, e->no) || was_summed_up(who, e, class))
        return -2;
    for (size_t i = 0; i < m.r.n_got; i++)
        if (!is_taken(i) && same_update(e, m.r.got[i].id, u.id) &&
            strtoll(m.r.got[i].to + 1, NULL, 10) == who)
            return -2;
    return at;
}

static bool belong_together(const struct event *a, const struct event *b, int64_t who)
{
    enum event_class ca, cb;
    int first;

    if (a->kind == EVENT_ANSWER || b->kind == EVENT_ANSWER)
        return false;
    if (a->root == b->root && a->root != 0 && !m.calm[who])
        return true;
    return (a->author == b->author || (a->root == b->root && a->root != 0)) &&
           store_owed_one(m.r.st, a, who, &ca, &first) == OK &&
           store_owed_one(m.r.st, b, who, &cb, &first) == OK && ca == cb;
}

static void judge_person(int64_t who, const struct event *events, size_t n, long *at)
{
    for (size_t i = 0; i < n; i++) {
        at[i] = judge(&events[i], who);
        for (size_t k = 0; k < i && at[i] >= 0; k++)
            if (at[k] > at[i] && belong_together(&events[k], &events[i], who))
                fail_msg("seed %llu: order: event %lld came to %lld before event %lld",
                         (unsigned long long)seed, (long long)events[i].no, (long long)who,
                         (long long)events[k].no);
    }
}

/* A summary tells of no more than they are owed there. */
static void judge_summary(const struct got *g, int64_t who)
{
    char *s;
    long long person = strtoll(g->id + 1, &s, 10), lo = strtoll(s + 1, &s, 10);
    long long hi = strtoll(s + 1, &s, 10), told, most = 0;

    assert_int_equal(*s, '-');
    assert_int_equal(person, who);
    told = strtoll(g->body + strcspn(g->body, "0123456789"), NULL, 10);
    assert_true(told > 0 || strstr(g->body, "nothing came") != NULL);
    for (int64_t no = lo; no <= hi; no++) {
        enum event_class class;
        struct event e;
        int first;

        if (store_event_get(m.r.st, no, &e) == OK && e.kind <= EVENT_EDIT &&
            ((store_owed_one(m.r.st, &e, who, &class, &first) == OK &&
              (e.kind != EVENT_EDIT || first == e.version)) ||
             were_parted(&e, who)))
            most++;
        if (store_event_get(m.r.st, no, &e) == OK && e.kind == EVENT_BUNDLE) {
            static struct owed answers[LIMIT_BUNDLE];
            struct bundle b;
            size_t n;

            assert_int_equal(store_bundle_answers(m.r.st, &e, who, answers, &n), OK);
            assert_int_equal(store_bundle_get(m.r.st, no, &b), OK);
            most += were_parted(&e, who) ? b.answers : (int64_t)n;
        }
    }
    if (told > most)
        fail_msg("seed %llu: %s tells of %lld, %lld are owed", (unsigned long long)seed, g->id,
                 told, most);
}

/* Whoever takes part all the time got each answer alone. */
static void judge_bundle(int64_t no, int64_t who)
{
    struct event e;
    enum event_class class;
    int first;

    assert_int_equal(store_event_get(m.r.st, no, &e), OK);
    if (store_owed_one(m.r.st, &e, who, &class, &first) != OK && !were_parted(&e, who))
        fail_msg("seed %llu: bundle h%lld was not for %lld", (unsigned long long)seed,
                 (long long)no, (long long)who);
}

/* Nobody got what they are not owed; one id, one text. */
static void judge_message(size_t i)
{
    const struct got *g = &m.r.got[i];
    int64_t who = strtoll(g->to + 1, NULL, 10), event = 0;
    struct event e;
    enum event_class class;
    int first;
    enum err err = OK;

    for (size_t k = 0; k < i; k++)
        if (strcmp(m.r.got[k].id, g->id) == 0 && strcmp(m.r.got[k].body, g->body) != 0)
            fail_msg("seed %llu: two texts under %s: %s / %s", (unsigned long long)seed, g->id,
                     m.r.got[k].body, g->body);
    if (g->id[0] == 'd')
        judge_summary(g, who);
    if (g->id[0] == 'h')
        judge_bundle(strtoll(g->id + 1, NULL, 10), who);
    if (g->id[0] != 'p')
        return;
    if (strchr(g->id, 'e') != NULL)
        err = store_event_find(m.r.st, EVENT_EDIT, strtoll(g->id + 1, NULL, 10),
                               (int)strtol(strchr(g->id, 'e') + 1, NULL, 10), &event);
    else
        err = store_event_find(m.r.st, EVENT_POST, strtoll(g->id + 1, NULL, 10), 0, &event);
    assert_int_equal(err, OK);
    assert_int_equal(store_event_get(m.r.st, event, &e), OK);
    if (g->id[strlen(g->id) - 1] == 'd')
        return;
    if (store_owed_one(m.r.st, &e, who, &class, &first) != OK && !were_parted(&e, who))
        fail_msg("seed %llu: %s was not for %lld", (unsigned long long)seed, g->id, (long long)who);
}

void judge_all(void)
{
    int64_t head;
    struct event *events;
    long *at;
    size_t n = 0;

    rig_begin(&m.r);
    assert_int_equal(store_event_head(m.r.st, &head), OK);
    events = calloc((size_t)head + 1, sizeof *events);
    at = calloc((size_t)head + 1, sizeof *at);
    for (int64_t no = 1; no <= head; no++)
        if (store_event_get(m.r.st, no, &events[n]) == OK)
            n++;
    for (int64_t who = 1; who <= PEOPLE; who++)
        judge_person(who, events, n, at);
    for (size_t i = 0; i < m.r.n_got; i++)
        judge_message(i);
    free(events);
    free(at);
    rig_end(&m.r);
}
