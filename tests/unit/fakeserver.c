/* SPDX-License-Identifier: MIT */
#include "tests/unit/fakeserver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

#define PATIENCE_MS 10000

/* ------------------------------------------------------------------ the link's events */

static void on_up(void *arg)
{
    struct fake *f = arg;

    buffer_adds(&f->log, "U");
}

static void on_stanza(void *arg, xmpp_stanza_t *stanza)
{
    struct fake *f = arg;
    const char *id = xmpp_stanza_get_id(stanza);

    buffer_adds(&f->log, "S");
    buffer_reset(&f->last);
    buffer_adds(&f->last, id == NULL ? "" : id);
    if (f->close_on_stanza) {
        link_close(f->link);
    }
}

static void on_refused(void *arg, const struct stream_refused *refused)
{
    struct fake *f = arg;

    buffer_adds(&f->log, "R");
    buffer_reset(&f->last);
    buffer_adds(&f->last, refused->limit);
}

static void on_batch_end(void *arg)
{
    struct fake *f = arg;

    buffer_adds(&f->log, "B");
    if (f->flush_on_batch) {
        buffer_adds(link_out(f->link), "<presence/>");
        link_flush(f->link);
    }
}

static void on_down(void *arg, const struct link_down *down)
{
    struct fake *f = arg;

    buffer_adds(&f->log, "D");
    f->down = *down;
    (void)snprintf(f->down_text, sizeof(f->down_text), "%s", down->text);
    f->down.text = f->down_text;
}

static const struct link_events events = {
    .up = on_up,
    .stanza = on_stanza,
    .refused = on_refused,
    .batch_end = on_batch_end,
    .down = on_down,
};

/* ------------------------------------------------------------------ the server */

static void set_nonblocking(int fd)
{
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
}

static void forget_connection(struct fake *f)
{
    SSL_free(f->ssl);
    f->ssl = NULL;
    if (f->fd >= 0) {
        (void)close(f->fd);
    }
    f->fd = -1;
}

void fake_hang_up(struct fake *f, bool hard)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    if (hard) {
        assert_int_equal(setsockopt(f->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
    }
    forget_connection(f);
}

static void server_accept(struct fake *f)
{
    int yes = 1;

    forget_connection(f);
    f->fd = accept(f->listener, NULL, NULL);
    assert_true(f->fd >= 0);
    set_nonblocking(f->fd);
    /* Or a byte waits for the acknowledgement of the one before. */
    assert_int_equal(setsockopt(f->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)), 0);
    f->accepted++;
    f->greeting = 0;
    f->greeted = 0;
    buffer_reset(&f->got);
    if (f->tls != NULL) {
        f->ssl = SSL_new(f->tls);
        assert_non_null(f->ssl);
        assert_int_equal(SSL_set_fd(f->ssl, f->fd), 1);
        SSL_set_accept_state(f->ssl);
    }
}

void fake_say(struct fake *f, const char *s)
{
    size_t len = strlen(s), at = 0;

    while (at < len) {
        ssize_t n = f->ssl != NULL ? SSL_write(f->ssl, s + at, (int)(len - at))
                                   : send(f->fd, s + at, len - at, MSG_NOSIGNAL);

        if (n > 0) {
            at += (size_t)n;
        } else { /* the link must read first; without TLS, that retry may take other bytes */
            fake_step(f, 1);
        }
    }
}

static void greet(struct fake *f)
{
    const char *end;

    if (f->mute) {
        return;
    }
    if (f->greeting == 0 && strstr(f->got.data, "to='blog.corp.example'>") != NULL) {
        f->greeting = 1;
        f->greeted = f->got.len;
        fake_say(f, FAKE_HEADER);
    } else if (f->greeting == 1 && (end = strstr(f->got.data, "</handshake>")) != NULL) {
        f->greeting = 2;
        f->greeted = (size_t)(end - f->got.data) + strlen("</handshake>");
        if (f->answer != NULL) {
            fake_say(f, f->answer);
        } else if (strstr(f->got.data, FAKE_HANDSHAKE) != NULL) {
            fake_say(f, "<handshake/>");
        } else {
            fake_say(f, FAKE_ERROR("not-authorized"));
        }
    }
}

static void server_read(struct fake *f)
{
    char buf[65536];
    ssize_t n;

    if (f->ssl != NULL) {
        n = SSL_read(f->ssl, buf, sizeof(buf));
        if (n <= 0 && SSL_get_error(f->ssl, (int)n) == SSL_ERROR_WANT_READ) {
            return;
        }
    } else {
        n = recv(f->fd, buf, sizeof(buf), 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
    }
    if (n <= 0) {
        forget_connection(f);
        return;
    }
    buffer_add(&f->got, buf, (size_t)n);
    greet(f);
}

/* ------------------------------------------------------------------ the loop */

void fake_step(struct fake *f, int wait_ms)
{
    struct pollfd p[3] = {
        {.fd = f->listener, .events = POLLIN},
        {.fd = f->deaf ? -1 : f->fd, .events = POLLIN},
        {.fd = f->link == NULL ? -1 : link_fd(f->link)},
    };
    int64_t deadline = f->link == NULL ? -1 : link_deadline(f->link);

    if (deadline >= 0 && deadline <= clock_mono_ms()) {
        wait_ms = 0;
    }
    if (f->link != NULL) {
        p[2].events = link_wants(f->link);
    }
    (void)poll(p, 3, wait_ms);
    if (p[0].revents != 0) {
        server_accept(f);
    } else if (p[1].revents != 0 || (f->ssl != NULL && !f->deaf && SSL_pending(f->ssl) > 0)) {
        server_read(f);
    }
    if (p[2].revents != 0) {
        f->ios++;
        link_io(f->link, p[2].revents);
    }
    if (f->link != NULL) {
        link_tick(f->link, clock_mono_ms());
    }
}

static int64_t now_ms(void)
{
    struct timespec t;

    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void fake_run(struct fake *f, bool (*until)(struct fake *))
{
    int64_t end = now_ms() + PATIENCE_MS;

    while (!until(f)) {
        if (now_ms() > end) {
            fail_msg("what was waited for did not come; log %s, got %s", f->log.data, f->got.data);
        }
        fake_step(f, 5);
    }
}

void fake_run_ms(struct fake *f, int ms)
{
    int64_t end = now_ms() + ms;

    while (now_ms() < end) {
        fake_step(f, (int)(end - now_ms()));
    }
}

bool fake_is_up(struct fake *f)
{
    return link_up(f->link);
}

bool fake_is_down(struct fake *f)
{
    return strchr(f->log.data, 'D') != NULL;
}

bool fake_is_batch(struct fake *f)
{
    return strchr(f->log.data, 'B') != NULL;
}

bool fake_is_accepted(struct fake *f)
{
    return f->fd >= 0;
}

bool fake_is_drained(struct fake *f)
{
    return link_unsent(f->link) == 0;
}

bool fake_is_over(struct fake *f)
{
    return link_over(f->link);
}

void fake_forget(struct fake *f)
{
    buffer_reset(&f->log);
    buffer_adds(&f->log, "");
    buffer_reset(&f->last);
    buffer_adds(&f->last, "");
}

void fake_up(struct fake *f)
{
    fake_run(f, fake_is_up);
    fake_forget(f);
}

unsigned fake_count(const struct fake *f, const char *needle)
{
    size_t len = strlen(needle), i = 0;
    unsigned n = 0;

    /* Not strstr(): with AddressSanitizer each call of that looks at all the rest. */
    while (i + len <= f->got.len) {
        if (memcmp(f->got.data + i, needle, len) == 0) {
            n++;
            i += len;
        } else {
            i++;
        }
    }
    return n;
}

/* ------------------------------------------------------------------ both */

void fake_new_link(struct fake *f)
{
    link_free(f->link);
    f->link = link_new(&f->options, &events, f);
    fake_forget(f);
}

void fake_begin(struct fake *f)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(a);

    memset(f, 0, sizeof(*f));
    clock_hold(1000000, 1000000);
    f->fd = -1;
    buffer_init(&f->got, 1 << 26);
    buffer_init(&f->log, 1 << 20);
    buffer_init(&f->last, 1 << 20);
    f->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(f->listener, (struct sockaddr *)&a, sizeof(a)), 0);
    assert_int_equal(listen(f->listener, 8), 0);
    assert_int_equal(getsockname(f->listener, (struct sockaddr *)&a, &len), 0);
    f->port = ntohs(a.sin_port);
    f->ctx = xmpp_ctx_new(NULL, NULL);
    f->options = (struct link_options){.ctx = f->ctx,
                                       .host = "127.0.0.1",
                                       .port = f->port,
                                       .domain = "blog.corp.example",
                                       .secret = FAKE_SECRET};
    fake_new_link(f);
}

void fake_end(struct fake *f)
{
    link_free(f->link);
    forget_connection(f);
    if (f->listener >= 0) {
        (void)close(f->listener);
    }
    SSL_CTX_free(f->tls);
    buffer_fini(&f->got);
    buffer_fini(&f->log);
    buffer_fini(&f->last);
    xmpp_ctx_free(f->ctx);
    clock_release();
}
