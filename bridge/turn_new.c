/* SPDX-License-Identifier: MIT */
/* Birth and end of the turn and its parts. */
#include "bridge/turn_parts.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"

#include <openssl/rand.h>

#define PEOPLE_PAGE 500

static struct buffer *held_of(void *arg)
{
    return &((struct turn *)arg)->held;
}

static struct buffer *out_of(void *arg)
{
    struct turn *t = arg;

    return t->o.out(t->o.arg);
}

static size_t unsent_of(void *arg)
{
    struct turn *t = arg;

    return t->o.unsent(t->o.arg);
}

static void expect_of(void *arg, bool owed)
{
    struct turn *t = arg;

    t->pump_expects = owed;
    t->o.expect(t->o.arg, owed || t->ping_out);
}

static void vcard_wanted(void *arg, struct peer *who)
{
    people_want(((struct turn *)arg)->people, who);
}

/* Everybody the store knows, into memory. */
static enum err load_people(struct turn *t)
{
    struct people page = {.more = true};
    int64_t after = 0;
    enum err e = OK;
    size_t i;

    while (e == OK && page.more) {
        arena_reset(t->stanza);
        e = store_people_page(t->o.store, after, PEOPLE_PAGE, t->stanza, &page);
        for (i = 0; e == OK && i < page.n; i++) {
            peers_put(t->peers, &page.at[i])->vcard_asked_at = page.at[i].vcard_at;
            after = page.at[i].no;
        }
    }
    return e;
}

static enum err load(struct turn *t)
{
    enum err e = store_begin(t->o.store);

    if (e != OK) {
        return e;
    }
    e = load_people(t);
    if (e == OK) {
        e = pump_load(t->pump);
    }
    store_rollback(t->o.store);
    return e;
}

static struct service_options service_options_of(struct turn *t)
{
    const struct settings *s = t->o.settings;

    return (struct service_options){.domain = s->domain,
                                    .bot = s->bot,
                                    .name = s->name,
                                    .language = s->language,
                                    .allowed_domains = s->allowed_domains,
                                    .n_allowed_domains = s->n_allowed_domains,
                                    .admins = s->admins,
                                    .n_admins = s->n_admins,
                                    .follow_on_join = s->follow_on_join,
                                    .n_follow_on_join = s->n_follow_on_join,
                                    .post_chars = s->post_chars,
                                    .posts_per_minute = s->posts_per_minute,
                                    .look = turn_look,
                                    .figures = turn_tell_figures,
                                    .look_arg = t};
}

static void make_parts(struct turn *t)
{
    const struct settings *s = t->o.settings;
    const struct service_options service = service_options_of(t);
    const struct pump_options pump = {.store = t->o.store,
                                      .peers = t->peers,
                                      .bot_jid = t->bot_jid,
                                      .domain = s->domain,
                                      .server = t->server,
                                      .digest_after = s->digest_after,
                                      .out = out_of,
                                      .unsent = unsent_of,
                                      .expect = expect_of,
                                      .arg = t};
    struct presence_options presence = {.store = t->o.store,
                                        .peers = t->peers,
                                        .bot_jid = t->bot_jid,
                                        .domain = s->domain,
                                        .server = t->server,
                                        .held = held_of,
                                        .out = out_of,
                                        .unsent = unsent_of,
                                        .join = turn_join,
                                        .vcard_wanted = vcard_wanted,
                                        .arg = t};

    t->service = service_new(&service, t->o.store);
    t->pump = pump_new(&pump);
    presence.pump = t->pump;
    t->presence = presence_new(&presence);
    t->people = people_new(t->o.ctx, t->peers, t->bot_jid);
}

enum err turn_new(const struct turn_options *o, struct turn **out)
{
    const struct settings *s = o->settings;
    struct turn *t = calloc(1, sizeof(*t));
    enum err e;

    if (t == NULL || RAND_bytes((unsigned char *)&t->salt, sizeof(t->salt)) != 1) {
        free(t);
        return E_SYSTEM;
    }
    t->o = *o;
    t->forever = arena_new(LIMIT_ARENA);
    t->stanza = arena_new(LIMIT_ARENA);
    t->kept = arena_new(LIMIT_ARENA);
    buffer_init(&t->held, TURN_HELD);
    buffer_init(&t->free, TURN_HELD);
    turn_clock(t);
    t->up_since = t->mono;
    t->tick_at = t->mono;
    t->idle_at = t->mono;
    t->peace_at = t->mono;
    t->bot_jid = arena_printf(t->forever, "%s@%s", s->bot, s->domain);
    t->server = s->allowed_domains[0];
    t->decode = (struct decode_options){.domain = s->domain,
                                        .bot = s->bot,
                                        .allowed_domains = s->allowed_domains,
                                        .n_allowed_domains = s->n_allowed_domains};
    t->iq = (struct iq_options){
        .domain = s->domain, .bot_jid = t->bot_jid, .name = s->name, .version = o->version};
    t->peers = peers_new(lang_parse(s->language, LANG_EN));
    make_parts(t);
    e = load(t);
    if (e != OK) {
        turn_free(t);
        t = NULL;
    }
    *out = t;
    return e;
}

void turn_reload(struct turn *t)
{
    const struct service_options service = service_options_of(t);

    service_reload(t->service, &service);
    pump_set_digest_after(t->pump, t->o.settings->digest_after);
    t->iq.name = t->o.settings->name;
}

void turn_free(struct turn *t)
{
    if (t == NULL) {
        return;
    }
    if (t->open) {
        store_rollback(t->o.store);
    }
    people_free(t->people);
    presence_free(t->presence);
    pump_free(t->pump);
    service_free(t->service);
    peers_free(t->peers);
    buffer_fini(&t->held);
    buffer_fini(&t->free);
    arena_free(t->kept);
    arena_free(t->stanza);
    arena_free(t->forever);
    free(t);
}
