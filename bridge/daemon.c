/* SPDX-License-Identifier: MIT */
#include "bridge/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/control.h"
#include "bridge/link.h"
#include "bridge/metrics.h"
#include "bridge/notify.h"
#include "bridge/reload.h"
#include "bridge/scrape.h"
#include "bridge/status.h"
#include "bridge/turn.h"

/* What is asked for by signals; a byte in the pipe wakes the loop. */
static volatile sig_atomic_t stop_asked, reload_asked;
static int signal_pipe[2] = {-1, -1};

enum stopping { RUNNING, SAYING_GOODBYE, CLOSING };

struct daemon {
    struct settings settings; /* as they are now; parts borrow them in this place */
    struct arena *read_again; /* strings of the last reload, NULL: none yet */
    const char *config_path;
    xmpp_ctx_t *ctx;
    struct arena *arena;
    struct store *store;
    struct turn *turn;
    struct link *link;
    struct control *control;
    struct scrape *scrape;
    enum stopping stopping;
    int64_t stop_by, drain_by;
    int64_t up_since, link_since, down_since; /* mono; link_since 0: down */
    char down_why[300];
    uint64_t link_ups, link_downs;
    struct histogram loop;
    struct trend trend;
    int64_t trend_at;           /* mono: when the trend is kept next */
    int64_t watch_ms, watch_at; /* between two looks whether the disk answers; mono of the next */
    bool disk_bad;
    bool over;
    enum exit_code code;
};

static void on_signal(int number)
{
    int keep = errno;
    ssize_t n;

    if (number == SIGHUP) {
        reload_asked = 1;
    } else {
        stop_asked = 1;
    }
    n = write(signal_pipe[1], "s", 1);
    (void)n; /* full: the loop wakes anyway */
    errno = keep;
}

static enum err catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    int i;

    if (pipe(signal_pipe) != 0) {
        return E_SYSTEM;
    }
    for (i = 0; i < 2; i++) {
        if (fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK) != 0 ||
            fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC) != 0) {
            return E_SYSTEM;
        }
    }
    (void)sigemptyset(&stop.sa_mask);
    (void)sigemptyset(&ignore.sa_mask);
    if (sigaction(SIGTERM, &stop, NULL) != 0 || sigaction(SIGINT, &stop, NULL) != 0 ||
        sigaction(SIGPIPE, &ignore, NULL) != 0 || sigaction(SIGHUP, &stop, NULL) != 0 ||
        sigaction(SIGXFSZ, &ignore, NULL) != 0) { /* a file at its limit is a failed write */
        return E_SYSTEM;
    }
    return OK;
}

/* ---- the link's events ----------------------------------------------------------------------- */

static void on_up(void *arg)
{
    struct daemon *d = arg;

    d->link_since = clock_mono_ms();
    d->link_ups++;
    notify_manager("READY=1\nSTATUS=Connected");
    turn_link_up(d->turn);
}

static void on_stanza(void *arg, xmpp_stanza_t *stanza)
{
    struct daemon *d = arg;

    turn_stanza(d->turn, stanza);
    if (link_unsent(d->link) > DAEMON_FLUSH && !turn_broken(d->turn)) {
        link_flush(d->link);
    }
}

static void on_refused(void *arg, const struct stream_refused *refused)
{
    turn_refused(((struct daemon *)arg)->turn, refused);
}

static void on_batch_end(void *arg)
{
    turn_end(((struct daemon *)arg)->turn);
}

/* A wrong secret or name will not mend itself: said at once, while whoever started us looks. Once we have been
 * up it may be the server's passing trouble, and is tried again. */
static void on_down(void *arg, const struct link_down *down)
{
    struct daemon *d = arg;
    const struct settings *s = &d->settings;

    if (down->was_up) {
        d->link_downs++;
        d->down_since = clock_mono_ms();
    }
    (void)snprintf(d->down_why, sizeof(d->down_why), "%s%s%s", link_why_text(down->why),
                   *down->text == '\0' ? "" : ": ", down->text);
    d->link_since = 0;
    turn_link_down(d->turn);
    if (down->why == LINK_CLOSED) {
        d->over = true;
    } else if (!down->ever_up &&
               (down->why == LINK_REFUSED_SECRET || down->why == LINK_REFUSED_DOMAIN)) {
        (void)fprintf(
            stderr, "jaejald: the server at %s port %d refuses %s: %s (see [component] in %s)\n",
            s->host, s->port, down->why == LINK_REFUSED_SECRET ? "the secret" : "the name",
            down->why == LINK_REFUSED_SECRET ? "not authorized" : s->domain, d->config_path);
        d->code = EXIT_REFUSED;
        d->over = true;
    } else {
        notify_manager("STATUS=Not connected, trying again");
    }
}

static struct buffer *out_of(void *arg)
{
    return link_out(((struct daemon *)arg)->link);
}

static size_t unsent_of(void *arg)
{
    return link_unsent(((struct daemon *)arg)->link);
}

static void expect_of(void *arg, bool owed)
{
    link_expect(((struct daemon *)arg)->link, owed);
}

/* ---- what is known of itself ------------------------------------------------------------------ */

static void look(struct daemon *d, struct vitals *v)
{
    *v = (struct vitals){.mono = clock_mono_ms(),
                         .now = clock_real_ms(),
                         .link_up = link_up(d->link),
                         .link_since = d->link_since,
                         .down_since = d->down_since,
                         .down_why = d->down_why,
                         .heard_at = link_heard_at(d->link),
                         .up_since = d->up_since,
                         .link_ups = d->link_ups,
                         .link_downs = d->link_downs,
                         .unsent = link_unsent(d->link),
                         .loop = d->loop,
                         .disk_bad = d->disk_bad,
                         .resident = vitals_resident()};
    link_traffic(d->link, &v->bytes_in, &v->bytes_out);
    v->store_known = turn_figures(d->turn, &v->turn) == OK;
    trend_since(&d->trend, &v->turn, &v->new_fence, &v->new_commit);
}

static void on_scrape(void *arg, struct buffer *out)
{
    struct vitals v;

    look(arg, &v);
    metrics_write(&v, out);
}

static void keep_trend(struct daemon *d, int64_t mono)
{
    struct vitals v;

    if (mono >= d->trend_at) {
        look(d, &v);
        trend_keep(&d->trend, &v.turn, mono);
        d->trend_at = mono + TREND_MS;
    }
}

/* ---- the administrator ----------------------------------------------------------------------- */

static void on_control(void *arg, const char *line, struct buffer *out)
{
    struct daemon *d = arg;

    if (strcmp(line, "status") == 0) {
        struct vitals v;

        look(d, &v);
        status_write(&v, &d->settings, out);
    } else if (strncmp(line, "export ", strlen("export ")) == 0) {
        turn_export(d->turn, line + strlen("export "), out);
    } else {
        turn_control(d->turn, line, out);
    }
}

/* ---- birth ----------------------------------------------------------------------------------- */

static enum exit_code fail(const char *what, const char *why, enum exit_code code)
{
    (void)fprintf(stderr, "jaejald: %s: %s\n", what, why);
    return code;
}

static enum exit_code open_store(struct daemon *d)
{
    struct buffer complaint;
    enum exit_code code = EXIT_STOPPED;
    enum err e;

    buffer_init(&complaint, 4096);
    e = store_open(d->settings.database_url, &complaint, &d->store);
    if (e != OK) {
        code = fail("the database cannot be used", complaint.len > 0 ? complaint.data : err_text(e),
                    EXIT_DATABASE);
    }
    buffer_fini(&complaint);
    return code;
}

/* Somebody may have changed the record of what administrators did while we were away: whoever reads the log is told. */
static void check_audit(struct daemon *d)
{
    struct buffer complaint;
    char hash[AUDIT_HASH];
    int64_t n;
    enum err e = store_begin(d->store);

    if (e != OK) {
        return; /* logged; the next one will fail, too */
    }
    buffer_init(&complaint, 1000);
    e = store_audit_verify(d->store, &complaint, &n, hash);
    store_rollback(d->store);
    if (e == E_USAGE) {
        log_line(LOG_ERROR, "audit_broken what=\"%s\"", complaint.data);
    } else if (e == OK && n > 0) {
        log_line(LOG_INFO, "audit_whole records=%lld hash=%s", (long long)n, hash);
    }
    buffer_fini(&complaint);
}

static enum exit_code make_turn(struct daemon *d)
{
    const struct turn_options o = {.store = d->store,
                                   .ctx = d->ctx,
                                   .settings = &d->settings,
                                   .version = STATUS_VERSION,
                                   .out = out_of,
                                   .unsent = unsent_of,
                                   .expect = expect_of,
                                   .arg = d};
    enum err e = turn_new(&o, &d->turn);

    return e == OK ? EXIT_STOPPED : fail("the database cannot be read", err_text(e), EXIT_DATABASE);
}

static void make_link(struct daemon *d)
{
    static const struct link_events events = {.up = on_up,
                                              .stanza = on_stanza,
                                              .refused = on_refused,
                                              .batch_end = on_batch_end,
                                              .down = on_down};
    const struct settings *s = &d->settings;
    const struct link_options o = {.ctx = d->ctx,
                                   .host = s->host,
                                   .port = s->port,
                                   .domain = s->domain,
                                   .secret = s->secret,
                                   .tls = s->tls,
                                   .ca_file = s->ca_file};

    d->link = link_new(&o, &events, d);
}

static enum exit_code make_all(struct daemon *d)
{
    const char *path;
    enum exit_code code;

    d->arena = arena_new(65536);
    d->ctx = xmpp_ctx_new(NULL, NULL);
    if (d->ctx == NULL || catch_signals() != OK) {
        return fail("cannot start", strerror(errno), EXIT_CONFIG);
    }
    code = open_store(d);
    if (code == EXIT_STOPPED) {
        check_audit(d);
        make_link(d);
        code = make_turn(d);
    }
    if (code != EXIT_STOPPED) {
        return code;
    }
    path = control_path(d->arena, d->settings.database_url);
    if (path != NULL && control_open(path, on_control, d, &d->control) != OK) {
        log_line(LOG_WARN, "control_unavailable");
    }
    if (*d->settings.metrics_listen != '\0' &&
        scrape_open(d->settings.metrics_listen, on_scrape, d, &d->scrape) != OK) {
        d->scrape = NULL; /* logged; people are served without it */
    }
    return EXIT_STOPPED;
}

static void free_all(struct daemon *d)
{
    int i;

    scrape_close(d->scrape);
    control_close(d->control);
    link_free(d->link);
    turn_free(d->turn);
    store_close(d->store);
    if (d->ctx != NULL) {
        xmpp_ctx_free(d->ctx);
    }
    arena_free(d->arena);
    if (d->read_again != NULL) {
        arena_free(d->read_again);
    }
    for (i = 0; i < 2; i++) {
        if (signal_pipe[i] >= 0) {
            (void)close(signal_pipe[i]);
            signal_pipe[i] = -1;
        }
    }
}

/* ---- the service manager ----------------------------------------------------------------------- */

static void reload(struct daemon *d)
{
    reload_asked = 0;
    if (reload_settings(d->config_path, &d->settings, &d->read_again) == OK) {
        log_set_level(d->settings.log_level);
        turn_reload(d->turn);
    }
}

/* Here, in the loop itself: one that hangs, or hangs in the disk, is not heard of, and started again. */
static void tell_alive(struct daemon *d, int64_t mono)
{
    if (mono < d->watch_at || turn_broken(d->turn)) {
        return;
    }
    d->watch_at = mono + d->watch_ms;
    d->disk_bad = store_alive(d->store) != OK;
    if (!d->disk_bad) {
        notify_manager("WATCHDOG=1");
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void begin_stop(struct daemon *d, int64_t mono)
{
    d->stopping = SAYING_GOODBYE;
    d->stop_by = mono + DAEMON_STOP_MS;
    d->drain_by = mono + DAEMON_DRAIN_MS;
    notify_manager("STOPPING=1");
    log_line(LOG_INFO, "stopping");
    turn_stop(d->turn);
}

/* Whoever sees us is told that we go; what is on its way gets a moment to be acknowledged, so that less is repeated at
 * the next start. */
static void go_on_stopping(struct daemon *d, int64_t mono)
{
    bool said, drained;

    if (d->stopping == RUNNING && stop_asked) {
        begin_stop(d, mono);
    }
    if (d->stopping != SAYING_GOODBYE) {
        return;
    }
    said = turn_goodbye(d->turn);
    drained = turn_drained(d->turn) || mono >= d->drain_by;
    if (!link_up(d->link) || (said && drained) || mono >= d->stop_by) {
        turn_save(d->turn);
        d->stopping = CLOSING;
        link_close(d->link);
        d->over = d->over || link_over(d->link);
    }
}

static void sooner(int64_t *at, int64_t other)
{
    if (other >= 0 && (*at < 0 || other < *at)) {
        *at = other;
    }
}

static int patience(const struct daemon *d, int64_t mono)
{
    int64_t at = d->stopping == SAYING_GOODBYE ? mono + 20 : -1;

    if (turn_has_idle_work(d->turn, mono)) {
        return 0;
    }
    sooner(&at, link_deadline(d->link));
    sooner(&at, control_deadline(d->control));
    sooner(&at, scrape_deadline(d->scrape, mono));
    sooner(&at, d->trend_at);
    sooner(&at, d->watch_at);
    if (d->stopping == RUNNING) {
        sooner(&at, turn_deadline(d->turn, link_heard_at(d->link)));
    }
    if (at < 0) {
        return -1;
    }
    return at <= mono ? 0 : at - mono > 3600000 ? 3600000 : (int)(at - mono);
}

static void one_round(struct daemon *d)
{
    struct pollfd fds[3 + CONTROL_FDS];
    char drained[16];
    size_t n;
    int64_t mono, at, began;
    int ready;

    fds[0] = (struct pollfd){.fd = signal_pipe[0], .events = POLLIN};
    fds[1] = (struct pollfd){.fd = link_fd(d->link), .events = link_wants(d->link)};
    if (link_unsent(d->link) > DAEMON_UNSENT && (fds[1].events & POLLOUT) != 0) {
        fds[1].events = POLLOUT; /* who asks faster than they read answers has to wait */
    }
    fds[2] = (struct pollfd){.fd = scrape_fd(d->scrape), .events = POLLIN};
    n = control_poll(d->control, fds + 3);
    ready = poll(fds, 3 + n, patience(d, clock_mono_ms()));
    began = clock_mono_us();
    mono = clock_mono_ms();
    if (ready > 0 && fds[0].revents != 0) {
        while (read(signal_pipe[0], drained, sizeof(drained)) > 0) {
        }
    }
    if (ready > 0 && fds[1].revents != 0) {
        link_io(d->link, fds[1].revents);
    }
    at = link_deadline(d->link);
    if (at >= 0 && at <= mono) {
        link_tick(d->link, mono);
    }
    control_io(d->control, fds + 3, ready > 0 ? n : 0, mono);
    scrape_io(d->scrape, ready > 0 ? fds[2].revents : 0, mono);
    keep_trend(d, mono);
    if (reload_asked) {
        reload(d);
    }
    tell_alive(d, mono);
    if (d->stopping == RUNNING) {
        turn_run(d->turn, link_heard_at(d->link));
    }
    if (turn_has_idle_work(d->turn, mono) && (ready == 0 || turn_idle_is_late(d->turn, mono))) {
        turn_idle(d->turn);
    }
    go_on_stopping(d, mono);
    if (!turn_broken(d->turn)) {
        link_flush(d->link);
    }
    histogram_add(&d->loop, clock_mono_us() - began);
}

enum exit_code daemon_run(const struct settings *settings, const char *config_path)
{
    struct daemon d = {
        .settings = *settings, .config_path = config_path, .up_since = clock_mono_ms()};

    d.down_since = d.up_since;
    d.watch_ms = notify_watchdog_ms() > 0 ? notify_watchdog_ms() / 2 : DAEMON_WATCH_MS;

    d.code = make_all(&d);
    if (d.code == EXIT_STOPPED) {
        log_line(LOG_INFO, "started version=%s domain=%s database=%s", STATUS_VERSION,
                 settings->domain, settings->database_url);
        while (!d.over && !turn_broken(d.turn)) {
            one_round(&d);
        }
        if (turn_broken(d.turn)) {
            log_line(LOG_ERROR,
                     "stopped reason=disk: what was not confirmed is unknown; start again");
            d.code = EXIT_DISK;
        } else {
            log_line(LOG_INFO, "stopped");
        }
    }
    free_all(&d);
    return d.code;
}
