/* SPDX-License-Identifier: MIT */
/* jaejalctl behind its socket: a transaction like everything else. Linked with --wrap for store_commit(), which fails
 * here when told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "bridge/turn.h"
#include "tests/unit/feed.h"

static const char *const domains[] = {"corp.example"};
static const struct settings settings = {.domain = "blog.corp.example",
                                         .bot = "jaejal",
                                         .name = "Jaejal",
                                         .language = "en",
                                         .allowed_domains = domains,
                                         .n_allowed_domains = 1,
                                         .database_url = "sqlite::memory:",
                                         .digest_after = 20,
                                         .post_chars = 10000,
                                         .posts_per_minute = 1000};
static struct buffer out;
static enum err commit_fails;

enum err __real_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st)
{
    if (store_changed(st) && commit_fails != OK) {
        store_rollback(st);
        return commit_fails;
    }
    return __real_store_commit(st);
}

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

static void expect_of(void *arg, bool owed)
{
    (void)arg;
    (void)owed;
}

static void tell(xmpp_ctx_t *ctx, struct turn *turn, const char *who)
{
    char xml[500];
    xmpp_stanza_t *st;

    (void)snprintf(xml, sizeof(xml),
                   "<message from='%s@corp.example/pc' to='jaejal@blog.corp.example' type='chat' "
                   "id='i-%s'><body>hello</body></message>",
                   who, who);
    st = feed_stanza(ctx, xml);
    turn_stanza(turn, st);
    xmpp_stanza_release(st);
    turn_end(turn);
}

/* The answer to a line; in the end it is a line itself. */
static const char *answer(struct turn *turn, struct buffer *b, const char *line)
{
    buffer_reset(b);
    turn_control(turn, line, b);
    assert_int_equal(b->data[b->len - 1], '\n');
    return b->data;
}

/* What it did is committed before it is answered, and what could not be committed is not said to be done. */
static void done_or_not(void **state)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    struct buffer b, complaint;
    struct store *store;
    struct turn *turn;
    struct turn_options o = {.ctx = ctx,
                             .settings = &settings,
                             .version = "0",
                             .out = out_of,
                             .unsent = unsent_of,
                             .expect = expect_of};

    (void)state;
    clock_hold(1763888400000, 1000);
    buffer_init(&b, 100000);
    buffer_init(&complaint, 1000);
    buffer_init(&out, 1000000);
    assert_int_equal(store_open("sqlite::memory:", &complaint, &store), OK);
    o.store = store;
    assert_int_equal(turn_new(&o, &turn), OK);
    turn_link_up(turn);
    tell(ctx, turn, "alice");
    tell(ctx, turn, "bob");
    assert_string_equal(answer(turn, &b, "role bob admin"), "@bob is an administrator now.\n");
    assert_non_null(strstr(out.data, "has made you an administrator"));
    commit_fails = E_FULL;
    assert_non_null(strstr(answer(turn, &b, "suspend alice"), "error: this could not be saved"));
    commit_fails = OK;
    assert_non_null(strstr(answer(turn, &b, "audit"), "jaejalctl: role @bob"));
    assert_null(strstr(b.data, "suspend"));
    assert_non_null(strstr(answer(turn, &b, "suspend nobody"), "error: Nobody here is called"));
    buffer_reset(&out);
    assert_non_null(strstr(answer(turn, &b, "suspend alice"), "Suspended @alice"));
    turn_free(turn);
    store_close(store);
    buffer_fini(&b);
    buffer_fini(&complaint);
    buffer_fini(&out);
    xmpp_ctx_free(ctx);
    clock_release();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(done_or_not)};

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests_name("turn_control", tests, NULL, NULL);
}
