/* SPDX-License-Identifier: MIT */
/* The whole way of a stanza, from bytes to bytes: what a server may send is read, decoded, handled and stored in
 * memory, and what leaves is read again. A byte of 0x1F ends a read (the turn commits there), one of 0x1E lets two
 * seconds pass; "$F" stands for the id of the last fence, "$S" for the last session of a command.
 *
 * What leaves has to be XML, stanzas of bearable size, from addresses of our own; strangers get errors only. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/jid.h"
#include "base/limits.h"
#include "base/log.h"
#include "bridge/stream.h"
#include "bridge/turn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char header[] = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                             "xmlns='jabber:component:accept' id='1'>";
static const char *const domains[] = {"corp.example"};
static const struct settings settings = {.domain = "blog.corp.example",
                                         .bot = "jaejal",
                                         .name = "Jaejal",
                                         .language = "en",
                                         .allowed_domains = domains,
                                         .n_allowed_domains = 1,
                                         .database_url = "sqlite::memory:",
                                         .digest_after = 3,
                                         .post_chars = 1000,
                                         .posts_per_minute = 1000};

struct world {
    xmpp_ctx_t *ctx;
    struct store *store;
    struct turn *turn;
    struct stream *in, *seen; /* what comes, and what leaves, read back */
    struct buffer out;
    size_t looked; /* of out */
    char fence[100], session[100];
    struct arena *arena;
};

static void must(bool ok)
{
    if (!ok) {
        abort();
    }
}

/* ---- what comes ------------------------------------------------------------------------------ */

static void on_opened(void *arg, const char *id)
{
    (void)arg;
    (void)id;
}

static void on_stanza(void *arg, xmpp_stanza_t *stanza)
{
    turn_stanza(((struct world *)arg)->turn, stanza);
}

static void on_refused(void *arg, const struct stream_refused *refused)
{
    turn_refused(((struct world *)arg)->turn, refused);
}

static void on_error(void *arg, const char *condition, const char *text)
{
    (void)arg;
    (void)condition;
    (void)text;
}

static void on_closed(void *arg)
{
    (void)arg;
}

/* ---- what leaves ----------------------------------------------------------------------------- */

static void seen_stanza(void *arg, xmpp_stanza_t *stanza)
{
    struct world *w = arg;
    const char *from = xmpp_stanza_get_from(stanza), *to = xmpp_stanza_get_to(stanza);
    const char *id = xmpp_stanza_get_id(stanza), *type = xmpp_stanza_get_type(stanza);
    xmpp_stanza_t *command;
    struct jid ours, theirs;

    arena_reset(w->arena);
    must(from != NULL && to != NULL);
    must(jid_parse(w->arena, from, &ours) == OK && strcmp(ours.domain, settings.domain) == 0);
    must(jid_parse(w->arena, to, &theirs) == OK && strcmp(theirs.domain, settings.domain) != 0);
    if (strcmp(theirs.domain, domains[0]) != 0) {
        must(type != NULL && strcmp(type, "error") == 0);
    }
    if (id != NULL && strncmp(id, "f-", 2) == 0) {
        (void)snprintf(w->fence, sizeof(w->fence), "%s", id);
    }
    command = xmpp_stanza_get_child_by_name(stanza, "command");
    id = command == NULL ? NULL : xmpp_stanza_get_attribute(command, "sessionid");
    if (id != NULL) {
        (void)snprintf(w->session, sizeof(w->session), "%s", id);
    }
}

static void seen_refused(void *arg, const struct stream_refused *refused)
{
    (void)arg;
    (void)refused;
    abort();
}

static void seen_error(void *arg, const char *condition, const char *text)
{
    (void)arg;
    (void)condition;
    (void)text;
    abort();
}

static void seen_closed(void *arg)
{
    (void)arg;
    abort();
}

static void look(struct world *w)
{
    must(!w->out.over);
    must(w->out.len == w->looked ||
         stream_feed(w->seen, w->out.data + w->looked, w->out.len - w->looked) == OK);
    buffer_reset(&w->out);
    w->looked = 0;
}

static struct buffer *out_of(void *arg)
{
    return &((struct world *)arg)->out;
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

/* ---- the run --------------------------------------------------------------------------------- */

static void make(struct world *w)
{
    static const struct stream_events in = {on_opened, on_stanza, on_refused, on_error, on_closed};
    static const struct stream_events seen = {on_opened, seen_stanza, seen_refused, seen_error,
                                              seen_closed};
    struct turn_options o = {.settings = &settings,
                             .version = "0",
                             .out = out_of,
                             .unsent = unsent_of,
                             .expect = expect_of,
                             .arg = w};
    struct buffer complaint;

    log_set_level(LOG_ERROR);
    clock_hold(1763888400000, 1000);
    buffer_init(&complaint, 1000);
    w->ctx = xmpp_ctx_new(NULL, NULL);
    w->arena = arena_new(LIMIT_ARENA);
    must(store_open(settings.database_url, &complaint, &w->store) == OK);
    buffer_fini(&complaint);
    buffer_init(&w->out, 1 << 28);
    o.store = w->store;
    o.ctx = w->ctx;
    must(turn_new(&o, &w->turn) == OK);
    w->in = stream_new(w->ctx, &in, w);
    w->seen = stream_new(w->ctx, &seen, w);
    must(stream_feed(w->in, header, sizeof(header) - 1) == OK);
    must(stream_feed(w->seen, header, sizeof(header) - 1) == OK);
    turn_link_up(w->turn);
}

static void drop(struct world *w)
{
    turn_free(w->turn);
    store_close(w->store);
    stream_free(w->in);
    stream_free(w->seen);
    buffer_fini(&w->out);
    arena_free(w->arena);
    xmpp_ctx_free(w->ctx);
    clock_release();
}

static void end_of_read(struct world *w, bool later)
{
    turn_end(w->turn);
    if (later) {
        clock_advance(2000);
        turn_run(w->turn, clock_mono_ms());
        if (turn_has_idle_work(w->turn, clock_mono_ms())) {
            turn_idle(w->turn);
        }
    }
    must(!turn_broken(w->turn));
    look(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world w = {.fence = "f-none", .session = "none"};
    enum err e = OK;
    size_t i, from = 0;

    make(&w);
    for (i = 0; i < size && e == OK; i++) {
        bool ends = data[i] == 0x1F || data[i] == 0x1E;
        bool name = data[i] == '$' && i + 1 < size && (data[i + 1] == 'F' || data[i + 1] == 'S');
        const char *stands_for = name && data[i + 1] == 'F' ? w.fence : w.session;

        if (!ends && !name) {
            continue;
        }
        e = stream_feed(w.in, (const char *)data + from, i - from);
        from = i + 1;
        if (ends) {
            end_of_read(&w, data[i] == 0x1E);
        } else if (e == OK) {
            e = stream_feed(w.in, stands_for, strlen(stands_for));
            from = ++i + 1;
        }
    }
    if (e == OK && from < size) {
        (void)!stream_feed(w.in, (const char *)data + from, size - from);
    }
    end_of_read(&w, true);
    drop(&w);
    return 0;
}
