/* SPDX-License-Identifier: MIT */
#include "tests/unit/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/limits.h"
#include "bridge/pump_state.h"

const char *const nicks[PEOPLE + 1] = {NULL,   "ivy",  "ian",   "ike",  "iris",
                                       "otto", "olga", "carol", "minji"};

static void look(void *arg, int64_t person, struct arena *a, struct sight *out)
{
    const struct peer *p = peers_by_no(((struct world *)arg)->r.peers, person);

    (void)a;
    *out = (struct sight){.known = true, .waiting = -1};
    if (p != NULL) {
        out->held = p->held != 0;
        out->last_event = p->last_event;
        out->last_at = p->last_at;
    }
}

static void add_person(struct world *w, const char *nick)
{
    struct person person;
    int64_t no;

    assert_int_equal(OK, store_person_add(w->r.st, arena_printf(w->r.a, "%s@corp.example", nick),
                                          nick, NULL, 0, w->r.now, &no));
    assert_int_equal(OK, store_person_set(w->r.st, no, FIELD_LANG, no == MINJI ? "ko" : "en"));
    assert_int_equal(OK, store_person_set(w->r.st, no, FIELD_ZONE, "UTC"));
    assert_int_equal(OK, store_person_set_flag(w->r.st, no, FLAG_SHARES, true));
    assert_int_equal(OK, store_person_set_flag(w->r.st, no, FLAG_GREETED_AT_NICK, true));
    assert_int_equal(OK, store_person_by_no(w->r.st, no, w->r.a, &person));
    (void)peers_put(w->r.peers, &person);
}

void world_open(struct world *w)
{
    static const char *const domains[] = {"corp.example"}, *const admins[] = {"carol@corp.example"};

    memset(w, 0, sizeof *w);
    rig_open(&w->r);
    w->r.digest_after = 3;
    rig_crash(&w->r); /* with that setting */
    w->options = (struct service_options){.domain = RIG_DOMAIN,
                                          .bot = "jaejal",
                                          .name = "Jaejal",
                                          .language = "en",
                                          .allowed_domains = domains,
                                          .n_allowed_domains = 1,
                                          .admins = admins,
                                          .n_admins = 1,
                                          .post_chars = 10000,
                                          .posts_per_minute = 1000000,
                                          .look = look,
                                          .look_arg = w};
    w->service = service_new(&w->options, w->r.st);
    for (int no = 0; no <= PEOPLE; no++)
        buffer_init(&w->heard[no], (size_t)1 << 24);
    rig_begin(&w->r);
    for (int no = 1; no <= PEOPLE; no++)
        add_person(w, nicks[no]);
    rig_end(&w->r);
    rig_up(&w->r, true);
}

void world_close(struct world *w)
{
    service_free(w->service);
    for (int no = 0; no <= PEOPLE; no++)
        buffer_fini(&w->heard[no]);
    rig_close(&w->r);
}

static int64_t person_of(const char *jid)
{
    for (int no = 1; no <= PEOPLE; no++) {
        size_t n = strlen(nicks[no]);

        if (strncmp(jid, nicks[no], n) == 0 && jid[n] == '@')
            return no;
    }
    return 0;
}

/* Only posts have numbers that are the same for all and may be told. */
static void hear_id(struct buffer *b, const char *id)
{
    if (id[0] == 'p')
        buffer_adds(b, id);
    else
        buffer_add(b, id, id[0] != '\0');
    buffer_adds(b, " ");
}

/* All that the server has taken. */
static void settle(struct world *w)
{
    rig_settle(&w->r);
    for (size_t i = 0; i < w->r.n_got; i++) {
        const struct got *g = &w->r.got[i];
        struct buffer *b = &w->heard[person_of(g->to)];

        hear_id(b, g->id);
        hear_id(b, g->target);
        buffer_adds(b, g->correction ? "corrects " : g->retraction ? "retracts " : "");
        buffer_adds(b, g->body);
        buffer_adds(b, "\n");
    }
    rig_forget(&w->r);
}

/* What the turn makes of an outcome. */
static void follow(struct world *w, const struct outcome *o)
{
    struct peer *p = peers_by_no(w->r.peers, o->person);
    struct person person;

    if (o->person == 0)
        return;
    assert_int_equal(OK, store_person_by_no(w->r.st, o->person, w->r.a, &person));
    p = peers_put(w->r.peers, &person);
    if (o->on_changed && !p->on)
        assert_int_equal(OK, pump_leave(w->r.pump, p));
    else if (p->held != 0 || o->on_changed)
        assert_int_equal(OK, pump_return(w->r.pump, p, w->r.mono));
}

static void address(struct world *w, int64_t no, struct request *r)
{
    r->from_local = nicks[no];
    r->from_bare = arena_printf(w->r.a, "%s@corp.example", nicks[no]);
    r->from = arena_printf(w->r.a, "%s@corp.example/desk", nicks[no]);
    r->to = RIG_BOT;
    r->lang = "";
    r->id = arena_printf(w->r.a, "m%d", w->ids++);
}

const char *world_send(struct world *w, int64_t no, struct request *r)
{
    struct buffer *b = &w->heard[no];
    size_t had = b->len;
    struct outcome o;

    rig_begin(&w->r);
    address(w, no, r);
    assert_int_equal(OK, store_savepoint(w->r.st));
    assert_int_equal(OK, service_message(w->service, r, w->r.now, w->r.a, &o));
    assert_int_equal(OK, store_release(w->r.st));
    follow(w, &o);
    if (o.condition != NULL)
        buffer_adds(b, o.condition);
    if (o.text != NULL) {
        buffer_adds(b, o.text);
        buffer_adds(b, "\n");
    }
    rig_end(&w->r);
    service_committed(w->service);
    settle(w);
    return b->len > had ? b->data + had : "";
}

const char *world_say(struct world *w, int64_t no, const char *line)
{
    struct request r = {.body = line};

    return world_send(w, no, &r);
}

static void hear_form(struct world *w, int64_t no, const struct form *f)
{
    struct buffer *b = &w->heard[no];

    buffer_addf(b, "[%s|%s", f->title, f->text);
    w->n_fields[no] = f->n;
    for (size_t i = 0; i < f->n; i++) {
        const struct ask *q = &f->at[i];

        (void)snprintf(w->field[no][i].var, sizeof w->field[no][i].var, "%s", q->var);
        w->field[no][i].arg = q->arg;
        buffer_addf(b, "|%s=%s %s %s %d %d", q->var, q->label, q->hint,
                    q->value == NULL ? "" : q->value, (int)q->kind, q->required);
        for (size_t k = 0; k < q->n_options; k++)
            buffer_addf(b, " (%s: %s)", q->options[k].value, q->options[k].label);
    }
    buffer_adds(b, "]");
}

void world_form(struct world *w, int64_t no, const struct form_request *fr)
{
    struct buffer *b = &w->heard[no];
    struct form_request in = *fr;
    struct form_answer an;
    struct request r = {.body = NULL};
    struct outcome o;

    rig_begin(&w->r);
    address(w, no, &r);
    in.session = fr->session == NULL ? NULL : w->session[no];
    assert_int_equal(OK, store_savepoint(w->r.st));
    assert_int_equal(OK, service_form(w->service, &r, &in, w->r.now, w->r.a, &o, &an));
    assert_int_equal(OK, store_release(w->r.st));
    follow(w, &o);
    buffer_addf(b, "form %d%d%d%d%d %s %s %s", (int)an.status, an.failed, an.prev, an.next,
                an.complete, an.condition == NULL ? "" : an.condition,
                an.specific == NULL ? "" : an.specific, an.text == NULL ? "" : an.text);
    if (an.form != NULL)
        hear_form(w, no, an.form);
    buffer_adds(b, "\n");
    (void)snprintf(w->session[no], sizeof w->session[no], "%s",
                   an.session == NULL || an.status != FORM_EXECUTING ? "" : an.session);
    rig_end(&w->r);
    service_committed(w->service);
    settle(w);
}

void world_forms(struct world *w, int64_t no)
{
    struct request r = {.body = NULL};
    struct form_name *names;
    size_t n;

    rig_begin(&w->r);
    address(w, no, &r);
    assert_int_equal(OK, service_forms(w->service, &r, w->r.a, &names, &n));
    for (size_t i = 0; i < n; i++)
        buffer_addf(&w->heard[no], "%s %s\n", names[i].node, names[i].name);
    rig_end(&w->r);
}

void world_pass(struct world *w, int64_t ms)
{
    rig_pass(&w->r, ms);
}

void world_tick(struct world *w)
{
    int64_t next = 0;

    do {
        rig_begin(&w->r);
        assert_int_equal(OK, service_tick(w->service, w->r.now, w->r.a, &next));
        rig_end(&w->r);
    } while (next != 0 && next <= w->r.now);
    settle(w);
}

void world_idle(struct world *w)
{
    bool more = true;

    while (more)
        assert_int_equal(OK, store_idle(w->r.st, w->r.now, 100000, &more));
}

void world_move(struct world *w, int64_t no)
{
    const struct peer *p = rig_peer(&w->r, no);

    if (p->resources != NULL)
        rig_leave(&w->r, no);
    else
        rig_return(&w->r, no);
    settle(w);
}

/* How far posts and events have got. */
static void heads(struct world *w, int64_t *events)
{
    struct post p;

    assert_int_equal(OK, store_event_head(w->r.st, events));
    while (store_post_get(w->r.st, w->posts + 1, 0, w->r.a, &p) == OK)
        w->posts++;
}

void worlds_even(struct world *a, struct world *b)
{
    int64_t of_a, of_b;

    rig_begin(&a->r);
    rig_begin(&b->r);
    heads(a, &of_a);
    heads(b, &of_b);
    while (a->posts != b->posts) {
        struct world *w = a->posts < b->posts ? a : b;
        struct new_post p = {
            .author = IRIS, .recipient = IKE, .at = w->r.now, .text = "padding @otto #padding"};
        struct added added;

        assert_int_equal(OK, store_post_add(w->r.st, &p, &added));
        w->posts = added.post;
    }
    heads(a, &of_a);
    heads(b, &of_b);
    for (; of_a != of_b; of_a < of_b ? of_a++ : of_b++) {
        struct world *w = of_a < of_b ? a : b;
        struct answer an = {
            .person = IRIS, .to = "iris@corp.example", .from = RIG_BOT, .text = "padding"};
        int64_t event;

        assert_int_equal(OK, store_answer_add(w->r.st, EVENT_NOTICE, &an, w->r.now, &event));
    }
    rig_end(&a->r);
    rig_end(&b->r);
    settle(a);
    settle(b);
}

int64_t world_posts(struct world *w)
{
    int64_t events;

    rig_begin(&w->r);
    heads(w, &events);
    rig_end(&w->r);
    return w->posts;
}

void world_forget(struct world *w)
{
    for (int no = 0; no <= PEOPLE; no++)
        buffer_reset(&w->heard[no]);
}
