/* SPDX-License-Identifier: MIT */
#include "bridge/scrape.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "base/listen.h"
#include "base/log.h"
#include "bridge/metrics.h"

struct client {
    int fd; /* -1: free */
    int64_t until;
};
struct scrape {
    struct MHD_Daemon *http;
    int fd;     /* of its epoll */
    char *path; /* of a unix socket, NULL */
    scrape_page *page;
    void *arg;
    struct client clients[SCRAPE_CLIENTS];
    bool closed; /* a connection ended: libmicrohttpd listens again with its next round only */
};

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, const char *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                             MHD_RESPMEM_PERSISTENT);
    enum MHD_Result done = MHD_NO;

    if (r == NULL) {
        return MHD_NO;
    }
    if (MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8") == MHD_YES &&
        (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
         MHD_add_response_header(r, "Allow", "GET") == MHD_YES)) {
        done = MHD_queue_response(c, status, r);
    }
    MHD_destroy_response(r);
    return done;
}

static enum MHD_Result answer_page(struct scrape *s, struct MHD_Connection *c)
{
    struct MHD_Response *r;
    struct buffer text;
    enum MHD_Result done = MHD_NO;

    buffer_init(&text, METRICS_TEXT);
    s->page(s->arg, &text);
    r = text.over ? NULL
                  : MHD_create_response_from_buffer(text.len, text.data, MHD_RESPMEM_MUST_COPY);
    buffer_fini(&text);
    if (r == NULL) {
        return answer(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "The page could not be made.\n");
    }
    if (MHD_add_response_header(r, "Content-Type", METRICS_TYPE) == MHD_YES) {
        done = MHD_queue_response(c, MHD_HTTP_OK, r);
    }
    MHD_destroy_response(r);
    return done;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **mine)
{
    static char seen;

    (void)version;
    (void)upload;
    if (*mine == NULL) { /* the header alone; the rest comes with the next call */
        *mine = &seen;
        return MHD_YES;
    }
    if (*upload_len != 0) {
        *upload_len = 0; /* a body is read and forgotten */
        return MHD_YES;
    }
    if (strcmp(url, "/metrics") != 0) {
        return answer(c, MHD_HTTP_NOT_FOUND, "There is only /metrics here.\n");
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0) {
        return answer(c, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET.\n");
    }
    return answer_page(arg, c);
}

static void on_connection(void *arg, struct MHD_Connection *c, void **mine,
                          enum MHD_ConnectionNotificationCode what)
{
    const union MHD_ConnectionInfo *info;
    struct scrape *s = arg;
    struct client *k = *mine;

    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        ((struct scrape *)arg)->closed = true;
        if (k != NULL) {
            k->fd = -1;
        }
        return;
    }
    info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    for (size_t i = 0; info != NULL && i < SCRAPE_CLIENTS; i++) {
        if (s->clients[i].fd < 0) {
            s->clients[i] = (struct client){info->connect_fd, clock_mono_ms() + SCRAPE_MS};
            *mine = &s->clients[i];
            return;
        }
    }
}

static enum err start(struct scrape *s, int fd)
{
    const union MHD_DaemonInfo *info;

    s->http = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)SCRAPE_CLIENTS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)(SCRAPE_MS / 1000), MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SCRAPE_MEMORY,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_END);
    info = s->http == NULL ? NULL : MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL) {
        if (s->http == NULL) {
            (void)close(fd);
        }
        return E_SYSTEM;
    }
    s->fd = info->epoll_fd;
    return OK;
}

enum err scrape_open(const char *where, scrape_page *page, void *arg, struct scrape **out)
{
    struct scrape *s = calloc(1, sizeof(*s));
    struct listen_at at;
    int fd = -1;
    enum err e = listen_parse(where, &at);

    *out = NULL;
    if (s == NULL) {
        err_no_memory();
    }
    s->page = page;
    s->arg = arg;
    for (size_t i = 0; i < SCRAPE_CLIENTS; i++) {
        s->clients[i].fd = -1;
    }
    if (e == OK) {
        e = listen_open(&at, 4 * SCRAPE_CLIENTS, &fd);
    }
    if (e == OK && at.path != NULL) {
        s->path = strdup(at.path);
    }
    if (e == OK) {
        e = start(s, fd);
    }
    if (e != OK) {
        log_line(LOG_WARN, "metrics_unavailable listen=%s error=\"%s\"", where,
                 e == E_SYSTEM ? strerror(errno) : err_text(e));
        scrape_close(s);
        return e;
    }
    log_line(LOG_INFO, "metrics listen=%s", where);
    *out = s;
    return OK;
}

void scrape_close(struct scrape *s)
{
    if (s == NULL) {
        return;
    }
    if (s->http != NULL) {
        MHD_stop_daemon(s->http);
    }
    if (s->path != NULL) {
        (void)unlink(s->path);
    }
    free(s->path);
    free(s);
}

int scrape_fd(const struct scrape *s)
{
    return s == NULL ? -1 : s->fd;
}

/* libmicrohttpd's own time limit begins anew with each byte; ours does not. */
static void hang_up_late(struct scrape *s, int64_t mono)
{
    for (size_t i = 0; i < SCRAPE_CLIENTS; i++) {
        if (s->clients[i].fd >= 0 && mono >= s->clients[i].until) {
            (void)shutdown(s->clients[i].fd, SHUT_RDWR);
            s->clients[i].until = INT64_MAX;
        }
    }
}

static int64_t due(const struct scrape *s, int64_t mono)
{
    MHD_UNSIGNED_LONG_LONG wait;
    int64_t at = -1;

    for (size_t i = 0; i < SCRAPE_CLIENTS; i++) {
        if (s->clients[i].fd >= 0 && s->clients[i].until != INT64_MAX &&
            (at < 0 || s->clients[i].until < at)) {
            at = s->clients[i].until;
        }
    }
    if (MHD_get_timeout(s->http, &wait) == MHD_YES && wait < 3600000 &&
        (at < 0 || mono + (int64_t)wait < at)) {
        at = mono + (int64_t)wait;
    }
    return at;
}

void scrape_io(struct scrape *s, int ready, int64_t mono)
{
    int64_t at;

    if (s == NULL) {
        return;
    }
    at = due(s, mono);
    if (ready != 0 || (at >= 0 && at <= mono)) {
        hang_up_late(s, mono);
        s->closed = false;
        (void)MHD_run(s->http);
        if (s->closed) {
            (void)MHD_run(s->http);
        }
    }
}

int64_t scrape_deadline(const struct scrape *s, int64_t mono)
{
    return s == NULL ? -1 : due(s, mono);
}
