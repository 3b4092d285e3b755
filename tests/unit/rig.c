/* SPDX-License-Identifier: MIT */
#include "tests/unit/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "bridge/pump_state.h"

#define START 1763888400000LL

static struct buffer *out_of(void *arg)
{
    return &((struct rig *)arg)->out;
}

static struct buffer *held_of(void *arg)
{
    return &((struct rig *)arg)->held;
}

static size_t unsent_of(void *arg)
{
    const struct rig *r = arg;

    return r->unsent == SIZE_MAX ? r->out.len : r->unsent;
}

static void expect_of(void *arg, bool owed)
{
    ((struct rig *)arg)->owed = owed;
}

static enum err join_of(void *arg, const struct presence_in *in, int64_t now)
{
    struct rig *r = arg;
    struct person person;
    int64_t no;
    enum err err;

    if (peers_by_jid(r->peers, in->from_bare) != NULL)
        return OK;
    err = store_person_add(r->st, in->from_bare, in->from_local, NULL, 0, now, &no);
    if (err == OK)
        err = store_person_by_no(r->st, no, r->a, &person);
    if (err == OK)
        (void)peers_put(r->peers, &person);
    return err;
}

static void wanted_of(void *arg, struct peer *who)
{
    (void)who;
    ((struct rig *)arg)->wanted++;
}

static void birth(struct rig *r)
{
    struct pump_options o = {.bot_jid = RIG_BOT,
                             .domain = RIG_DOMAIN,
                             .server = "corp.example",
                             .digest_after = r->digest_after,
                             .out = out_of,
                             .unsent = unsent_of,
                             .expect = expect_of};
    struct presence_options po = {.bot_jid = RIG_BOT,
                                  .domain = RIG_DOMAIN,
                                  .server = "corp.example",
                                  .held = held_of,
                                  .out = out_of,
                                  .unsent = unsent_of,
                                  .join = join_of,
                                  .vcard_wanted = wanted_of};
    struct people people;

    r->peers = peers_new(LANG_EN);
    o.store = po.store = r->st;
    o.peers = po.peers = r->peers;
    o.arg = po.arg = r;
    r->pump = po.pump = pump_new(&o);
    r->presence = presence_new(&po);
    assert_int_equal(store_begin(r->st), OK);
    arena_reset(r->a);
    assert_int_equal(store_people_page(r->st, 0, 10000, r->a, &people), OK);
    for (size_t i = 0; i < people.n; i++)
        (void)peers_put(r->peers, &people.at[i]);
    assert_int_equal(pump_load(r->pump), OK);
    store_rollback(r->st);
}

static void death(struct rig *r)
{
    presence_free(r->presence);
    pump_free(r->pump);
    peers_free(r->peers);
    buffer_reset(&r->out);
    buffer_reset(&r->held);
    r->n_fences = 0;
    r->up = false;
}

void rig_open(struct rig *r)
{
    struct buffer complaint;

    memset(r, 0, sizeof *r);
    buffer_init(&complaint, 1000);
    buffer_init(&r->out, (size_t)1 << 24);
    buffer_init(&r->held, (size_t)1 << 24);
    r->a = arena_new(LIMIT_ARENA);
    r->now = START;
    r->mono = 1000000;
    r->unsent = 0;
    r->digest_after = 20;
    clock_hold(r->now, r->mono);
    assert_int_equal(store_open("sqlite::memory:", &complaint, &r->st), OK);
    buffer_fini(&complaint);
    r->presences = calloc(1, 1);
    birth(r);
}

void rig_close(struct rig *r)
{
    death(r);
    store_close(r->st);
    rig_forget(r);
    free(r->got);
    free(r->fences);
    free(r->presences);
    buffer_fini(&r->out);
    buffer_fini(&r->held);
    arena_free(r->a);
    clock_release();
}

void rig_crash(struct rig *r)
{
    if (r->open)
        store_rollback(r->st);
    r->open = false;
    death(r);
    birth(r);
}

void rig_begin(struct rig *r)
{
    arena_reset(r->a);
    assert_false(r->open);
    assert_int_equal(store_begin(r->st), OK);
    r->open = true;
}

void rig_end(struct rig *r)
{
    if (store_changed(r->st))
        assert_int_equal(pump_save(r->pump, r->now), OK);
    assert_int_equal(store_commit(r->st), OK);
    r->open = false;
    pump_committed(r->pump);
    presence_committed(r->presence);
    buffer_add(&r->out, r->held.data, r->held.len);
    buffer_reset(&r->held);
    rig_run(r);
}

void rig_drop(struct rig *r)
{
    store_rollback(r->st);
    r->open = false;
    pump_dropped(r->pump);
    presence_dropped(r->presence);
    buffer_reset(&r->held);
}

void rig_run(struct rig *r)
{
    assert_int_equal(store_begin(r->st), OK);
    assert_int_equal(pump_run(r->pump, r->now, r->mono), OK);
    store_rollback(r->st);
}

static bool begin_if(struct rig *r)
{
    if (r->open)
        return false;
    rig_begin(r);
    return true;
}

/* The value of an attribute of the topmost element of [s, end); "" where there is none. */
static void attribute(const char *s, const char *end, const char *name, char *out, size_t size)
{
    char key[32];
    const char *p, *q;

    (void)snprintf(key, sizeof key, " %s='", name);
    out[0] = '\0';
    p = strstr(s, key);
    if (p == NULL || p >= end)
        return;
    p += strlen(key);
    q = strchr(p, '\'');
    assert_non_null(q);
    assert_true((size_t)(q - p) < size);
    memcpy(out, p, (size_t)(q - p));
    out[q - p] = '\0';
}

static void take_message(struct rig *r, const char *s, const char *end)
{
    struct got g = {.link = r->link};
    const char *head = strchr(s, '>'), *body = strstr(s, "<body>"), *close, *about;

    assert_non_null(body);
    close = strstr(body, "</body>");
    assert_true(close != NULL && close < end);
    attribute(s, head, "to", g.to, sizeof g.to);
    attribute(s, head, "id", g.id, sizeof g.id);
    attribute(s, head, "from", g.from, sizeof g.from);
    g.body = strndup(body + 6, (size_t)(close - body - 6));
    g.late = strstr(close, "<delay ") != NULL && strstr(close, "<delay ") < end;
    about = strstr(close, "<replace ");
    g.correction = about != NULL && about < end;
    if (!g.correction)
        about = strstr(close, "<retract ");
    g.retraction = !g.correction && about != NULL && about < end;
    if (g.correction || g.retraction)
        attribute(about, end, "id", g.target, sizeof g.target);
    r->got = pump_grow(r->got, &r->cap_got, r->n_got + 1, sizeof *r->got);
    r->got[r->n_got++] = g;
}

static void take_stanza(struct rig *r, const char *s, const char *end)
{
    if (strncmp(s, "<message ", 9) == 0) {
        take_message(r, s, end);
    } else if (strncmp(s, "<iq ", 4) == 0) {
        r->fences = pump_grow(r->fences, &r->cap_fences, r->n_fences + 1, sizeof *r->fences);
        attribute(s, end, "id", r->fences[r->n_fences++], sizeof *r->fences);
    } else {
        size_t had = strlen(r->presences);

        assert_int_equal(strncmp(s, "<presence ", 10), 0);
        r->presences = realloc(r->presences, had + (size_t)(end - s) + 1);
        assert_non_null(r->presences);
        memcpy(r->presences + had, s, (size_t)(end - s));
        r->presences[had + (size_t)(end - s)] = '\0';
    }
}

size_t rig_wire(struct rig *r, size_t n)
{
    size_t at = 0, taken = 0;

    while (at < r->out.len && taken < n) {
        const char *s = r->out.data + at, *end, *close;

        close = s[1] == 'm' ? "</message>" : s[1] == 'i' ? "</iq>" : "/>";
        end = strstr(s, close);
        assert_non_null(end);
        end += strlen(close);
        take_stanza(r, s, end);
        at += (size_t)(end - s);
        taken++;
    }
    buffer_take(&r->out, at);
    return taken;
}

void rig_fences(struct rig *r, size_t n)
{
    size_t k = n < r->n_fences ? n : r->n_fences;
    bool mine;

    for (size_t i = 0; i < k; i++)
        assert_true(pump_fence(r->pump, r->fences[i], r->mono) ||
                    presence_fence(r->presence, r->fences[i]));
    r->n_fences -= k;
    memmove(r->fences, r->fences + k, r->n_fences * sizeof *r->fences);
    mine = begin_if(r);
    if (pump_save_due(r->pump, r->mono))
        assert_int_equal(pump_save(r->pump, r->now), OK);
    if (mine)
        rig_end(r);
}

void rig_pass(struct rig *r, int64_t ms)
{
    r->now += ms;
    r->mono += ms;
    clock_hold(r->now, r->mono);
}

void rig_settle(struct rig *r)
{
    for (int i = 0; i < 10000; i++) {
        int64_t at;
        size_t before = r->out.len;

        rig_run(r);
        at = pump_deadline(r->pump);
        before += rig_wire(r, SIZE_MAX);
        if (before == 0 && r->n_fences == 0 && (at < 0 || at > r->mono))
            return;
        rig_fences(r, SIZE_MAX);
    }
    fail_msg("never settles");
}

void rig_up(struct rig *r, bool probed)
{
    r->up = true;
    r->link++;
    pump_link_up(r->pump, r->mono);
    if (probed) {
        size_t state = 0;
        struct peer *p;

        while ((p = peers_each(r->peers, &state)) != NULL) {
            p->known = true;
            if (p->held == 0 && p->shares)
                (void)peer_resource_put(p, "r", 0, "");
        }
        pump_probed(r->pump, 0, r->mono);
        rig_settle(r);
    }
}

void rig_down(struct rig *r)
{
    r->up = false;
    pump_link_down(r->pump);
    presence_link_down(r->presence);
    buffer_reset(&r->out);
    r->n_fences = 0;
}

int64_t rig_person(struct rig *r, bool shares)
{
    struct person person;
    struct peer *p;
    char jid[64], local[32];
    int64_t no;
    bool mine = begin_if(r);
    size_t n = peers_count(r->peers) + 1;

    (void)snprintf(local, sizeof local, "p%zu", n);
    (void)snprintf(jid, sizeof jid, "%s@corp.example", local);
    assert_int_equal(store_person_add(r->st, jid, local, NULL, 0, r->now, &no), OK);
    assert_int_equal(store_person_set_flag(r->st, no, FLAG_SHARES, shares), OK);
    assert_int_equal(store_person_by_no(r->st, no, r->a, &person), OK);
    p = peers_put(r->peers, &person);
    p->known = true;
    if (shares)
        (void)peer_resource_put(p, "r", 0, "");
    if (mine)
        rig_end(r);
    return no;
}

struct peer *rig_peer(struct rig *r, int64_t no)
{
    struct peer *p = peers_by_no(r->peers, no);

    assert_non_null(p);
    return p;
}

void rig_leave(struct rig *r, int64_t no)
{
    bool mine = begin_if(r);

    peer_resource_remove(rig_peer(r, no), NULL);
    rig_peer(r, no)->known = true;
    assert_int_equal(pump_leave(r->pump, rig_peer(r, no)), OK);
    if (mine)
        rig_end(r);
}

void rig_return(struct rig *r, int64_t no)
{
    bool mine = begin_if(r);

    (void)peer_resource_put(rig_peer(r, no), "r", 0, "");
    rig_peer(r, no)->known = true;
    assert_int_equal(pump_return(r->pump, rig_peer(r, no), r->mono), OK);
    if (mine)
        rig_end(r);
}

void rig_follow(struct rig *r, int64_t who, int64_t whom)
{
    bool mine = begin_if(r);
    enum err err = store_edge_open(r->st, EDGE_FOLLOW_PERSON, who, whom, 0, 0, r->now);

    assert_true(err == OK || err == E_EXISTS);
    if (mine)
        rig_end(r);
}

static struct added add_post(struct rig *r, int64_t author, int64_t parent, int64_t recipient,
                             int64_t named, enum post_kind kind)
{
    struct added out = {0};
    char text[64];
    enum err err;
    bool mine = begin_if(r);
    struct new_post p = {.author = author,
                         .at = r->now,
                         .text = text,
                         .parent = parent,
                         .recipient = recipient,
                         .kind = kind,
                         .named = &named,
                         .n_named = named != 0,
                         .tags = &(struct tag){.key = "t", .shown = "t"},
                         .n_tags = r->tagged};

    (void)snprintf(text, sizeof text, "text %u <&>", r->texts++);
    err = store_post_add(r->st, &p, &out);
    assert_true(err == OK || err == E_NOTFOUND || err == E_DENIED);
    if (mine)
        rig_end(r);
    return out;
}

struct added rig_post(struct rig *r, int64_t author, int64_t parent, int64_t recipient,
                      int64_t named)
{
    return add_post(r, author, parent, recipient, named, KIND_PLAIN);
}

struct added rig_announce(struct rig *r, int64_t author, int64_t named)
{
    return add_post(r, author, 0, 0, named, KIND_ANNOUNCEMENT);
}

struct added rig_edit(struct rig *r, int64_t post, int64_t author)
{
    struct added out;
    char text[64];
    bool mine = begin_if(r);
    struct new_post p = {.author = author, .at = r->now, .text = text};

    (void)snprintf(text, sizeof text, "edited %u", r->texts++);
    assert_int_equal(store_post_edit(r->st, post, &p, &out), OK);
    if (mine)
        rig_end(r);
    return out;
}

struct added rig_delete(struct rig *r, int64_t post)
{
    struct added out;
    bool mine = begin_if(r);

    assert_int_equal(store_post_delete(r->st, post, r->now, &out), OK);
    if (mine)
        rig_end(r);
    return out;
}

void rig_bounce_as(struct rig *r, int64_t who, const char *id, const char *condition,
                   const char *type)
{
    bool mine = begin_if(r);

    assert_int_equal(pump_bounced(r->pump, rig_peer(r, who), id, condition, type, r->now), OK);
    if (mine)
        rig_end(r);
}

void rig_bounce(struct rig *r, int64_t who, const char *id, const char *condition)
{
    rig_bounce_as(r, who, id, condition, "cancel");
}

static bool is(const struct rig *r, size_t i, int64_t no, const char *id)
{
    const struct peer *p = peers_by_no(r->peers, no);

    return p != NULL && strcmp(r->got[i].to, p->jid) == 0 &&
           (id == NULL || strcmp(r->got[i].id, id) == 0);
}

size_t rig_count(const struct rig *r, int64_t no, const char *id)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_got; i++)
        n += is(r, i, no, id);
    return n;
}

long rig_find(const struct rig *r, int64_t no, const char *id)
{
    for (size_t i = 0; i < r->n_got; i++)
        if (is(r, i, no, id))
            return (long)i;
    return -1;
}

const char *rig_id(int64_t post)
{
    static char ids[4][32];
    static unsigned n;
    char *out = ids[n++ % 4];

    (void)snprintf(out, sizeof ids[0], "p%lld", (long long)post);
    return out;
}

void rig_forget(struct rig *r)
{
    for (size_t i = 0; i < r->n_got; i++)
        free(r->got[i].body);
    r->n_got = 0;
}
