/* SPDX-License-Identifier: MIT */
#include "tests/unit/turn_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/unit/feed.h"

static const char *const domains[] = {"corp.example"};
struct settings settings = {.domain = "blog.corp.example",
                            .bot = "jaejal",
                            .name = "Jaejal",
                            .language = "en",
                            .allowed_domains = domains,
                            .n_allowed_domains = 1,
                            .database_url = "sqlite::memory:",
                            .digest_after = 20,
                            .post_chars = 10000,
                            .posts_per_minute = 1000};
xmpp_ctx_t *ctx;
struct store *store;
struct turn *turn;
struct buffer out;
bool owed;

static struct buffer *out_of(void *arg)
{
    (void)arg;
    return &out;
}

static size_t unsent_of(void *arg)
{
    (void)arg;
    return 0;
}

static void expect_of(void *arg, bool is_owed)
{
    (void)arg;
    owed = is_owed;
}

void turn_rig_make(void)
{
    const struct turn_options o = {.store = store,
                                   .ctx = ctx,
                                   .settings = &settings,
                                   .version = "0",
                                   .out = out_of,
                                   .unsent = unsent_of,
                                   .expect = expect_of};

    assert_int_equal(turn_new(&o, &turn), OK);
}

void turn_rig_open(void)
{
    struct buffer complaint;

    owed = false;
    log_set_level(LOG_ERROR);
    clock_hold(START, 1000);
    buffer_init(&complaint, 1000);
    assert_int_equal(store_open("sqlite::memory:", &complaint, &store), OK);
    buffer_fini(&complaint);
    ctx = xmpp_ctx_new(NULL, NULL);
    buffer_init(&out, 50000000);
    turn_rig_make();
    turn_link_up(turn);
}

void turn_rig_close(void)
{
    turn_free(turn);
    store_close(store);
    buffer_fini(&out);
    xmpp_ctx_free(ctx);
    clock_release();
}

void feed(const char *xml)
{
    xmpp_stanza_t *st = feed_stanza(ctx, xml);

    turn_stanza(turn, st);
    xmpp_stanza_release(st);
}
