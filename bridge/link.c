/* SPDX-License-Identifier: MIT */
#include "bridge/link.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/connect.h"
#include "bridge/greeting.h"
#include "bridge/wire.h"

#define OWN_MAX 4096          /* the header (a domain has at most 1,023 bytes), the handshake */
#define KEEP_CAPACITY 1048576 /* of link_out() when it is empty */

enum state {
    DOWN,        /* until deadline */
    CONNECTING,  /* connect has its own deadline */
    SECURING,    /* TLS; until deadline, as the next two */
    OPENING,     /* our header is out, the server's is awaited */
    HANDSHAKING, /* the digest is out */
    UP,
    CLOSING, /* our end is out; until deadline */
    OVER
};

struct link {
    struct link_options o;
    const struct link_events *ev;
    void *arg;

    enum state state;
    struct connect *connect; /* CONNECTING only */
    struct wire *wire;       /* SECURING to CLOSING */
    struct stream *stream;   /* the same */
    int64_t deadline;

    struct buffer own; /* what the link itself has to say */
    size_t own_sent;
    struct buffer out; /* what it carries */
    size_t out_sent;

    bool batch; /* this read has told something */
    int64_t heard_at;
    int64_t moved_at; /* a byte came or was taken, or the waiting began */
    bool owed;
    bool waiting; /* owed, or something unsent */
    int64_t patience;

    bool ended; /* the connection, or the try; finish() tells it */
    enum link_why why;
    char text[256];

    bool closing; /* link_close() was called */
    bool ever_up;
    uint64_t bytes_in, bytes_out;
    int64_t up_at;
    unsigned failed; /* tries in a row */
    enum link_why said;
    char address[64];
    char buf[LINK_READ];
};

static bool is_carrying(const struct link *l)
{
    return l->state == UP || l->state == CLOSING;
}

/* Marks the connection or the try as ended; the first reason counts. Nothing is torn down yet:
 * the caller may stand inside an event. */
static void end_link(struct link *l, enum link_why why, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void end_link(struct link *l, enum link_why why, const char *fmt, ...)
{
    va_list ap;

    if (l->ended || l->state == OVER) {
        return;
    }
    l->ended = true;
    l->why = why;
    va_start(ap, fmt);
    (void)vsnprintf(l->text, sizeof(l->text), fmt, ap);
    va_end(ap);
}

/* ------------------------------------------------------------------ writing */

static void note_waiting(struct link *l)
{
    bool waiting = is_carrying(l) && (l->owed || link_unsent(l) > 0);

    if (waiting && !l->waiting) {
        l->moved_at = clock_mono_ms();
    }
    l->waiting = waiting;
}

static void empty(struct buffer *b, size_t *sent)
{
    *sent = 0;
    if (b->cap > KEEP_CAPACITY) {
        buffer_fini(b);
    } else {
        buffer_reset(b);
    }
}

/* True if nothing is left of it. */
static bool write_buffer(struct link *l, struct buffer *b, size_t *sent)
{
    while (*sent < b->len) {
        size_t n;
        enum wire_result r = wire_write(l->wire, b->data + *sent, b->len - *sent, &n);

        if (r == WIRE_WAIT) {
            /* Now and then, so that each byte is moved once at most. */
            if (*sent >= LINK_READ && *sent >= b->len / 2) {
                buffer_take(b, *sent);
                *sent = 0;
            }
            return false;
        }
        if (r != WIRE_DONE) {
            end_link(l, LINK_LOST, "%s", wire_problem(l->wire));
            return false;
        }
        *sent += n;
        l->bytes_out += n;
        l->moved_at = clock_mono_ms();
    }
    empty(b, sent);
    return true;
}

static void write_all(struct link *l)
{
    if (l->ended || l->wire == NULL || l->state == SECURING) {
        return;
    }
    if (l->state == CLOSING) { /* the end of the stream is the last thing that leaves */
        if (write_buffer(l, &l->out, &l->out_sent)) {
            (void)write_buffer(l, &l->own, &l->own_sent);
        }
    } else if (write_buffer(l, &l->own, &l->own_sent) && l->state == UP) {
        (void)write_buffer(l, &l->out, &l->out_sent);
    }
    note_waiting(l);
}

struct buffer *link_out(struct link *l)
{
    return &l->out;
}

void link_flush(struct link *l)
{
    if (!is_carrying(l) || l->ended) {
        empty(&l->out, &l->out_sent);
        return;
    }
    if (l->out.over) {
        /* A stanza is missing, so nothing that was appended may leave. */
        end_link(l, LINK_STUCK, "%zu bytes wait and the server does not read", link_unsent(l));
        return;
    }
    write_all(l);
}

size_t link_unsent(const struct link *l)
{
    return is_carrying(l) ? l->out.len - l->out_sent : 0;
}

/* ------------------------------------------------------------------ greeting */

static void start_stream(struct link *l)
{
    l->state = OPENING;
    buffer_adds(&l->own, "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                         "xmlns:stream='http://etherx.jabber.org/streams' to='");
    buffer_add_xml(&l->own, l->o.domain, strlen(l->o.domain));
    buffer_adds(&l->own, "'>");
    write_all(l);
}

static void on_opened(void *arg, const char *id)
{
    struct link *l = arg;
    char digest[GREETING_DIGEST];

    if (id == NULL) {
        end_link(l, LINK_PROTOCOL, "the stream has no id");
    } else if (greeting_digest(id, l->o.secret, digest) != OK) {
        end_link(l, LINK_PROTOCOL, "SHA-1 is not to be had");
    } else {
        buffer_addf(&l->own, "<handshake>%s</handshake>", digest);
        l->state = HANDSHAKING;
    }
}

static void come_up(struct link *l)
{
    l->state = UP;
    l->up_at = l->moved_at = clock_mono_ms();
    l->deadline = -1;
    l->owed = l->waiting = false;
    l->ever_up = true;
    empty(&l->out, &l->out_sent);
    log_line(LOG_INFO, "link_up address=%s port=%d domain=%s tls=%s", l->address, l->o.port,
             l->o.domain, wire_protection(l->wire));
    l->ev->up(l->arg);
}

static void on_stanza(void *arg, xmpp_stanza_t *stanza)
{
    struct link *l = arg;

    if (l->ended) {
        return;
    }
    if (strcmp(xmpp_stanza_get_name(stanza), "handshake") == 0 &&
        xmpp_stanza_get_ns(stanza) == NULL) {
        if (l->state == HANDSHAKING) {
            come_up(l);
        }
    } else if (is_carrying(l)) { /* a server that has not yet accepted us says nothing to us */
        l->batch = true;
        l->ev->stanza(l->arg, stanza);
    }
}

static void on_refused(void *arg, const struct stream_refused *refused)
{
    struct link *l = arg;

    if (is_carrying(l) && !l->ended) {
        l->batch = true;
        l->ev->refused(l->arg, refused);
    }
}

static void on_error(void *arg, const char *condition, const char *text)
{
    static const struct {
        const char *condition;
        enum link_why why;
    } known[] = {{"not-authorized", LINK_REFUSED_SECRET},
                 {"host-unknown", LINK_REFUSED_DOMAIN},
                 {"conflict", LINK_CONFLICT}};
    enum link_why why = LINK_STREAM_ERROR;
    size_t i;

    for (i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(condition, known[i].condition) == 0) {
            why = known[i].why;
        }
    }
    end_link(arg, why, "%.60s%s%.160s", condition, text == NULL ? "" : ": ",
             text == NULL ? "" : text);
}

static void on_closed(void *arg)
{
    end_link(arg, LINK_LOST, "the server ended the stream");
}

static const struct stream_events stream_events = {
    .opened = on_opened,
    .stanza = on_stanza,
    .refused = on_refused,
    .error = on_error,
    .closed = on_closed,
};

/* ------------------------------------------------------------------ reading */

static void read_some(struct link *l, size_t cap)
{
    size_t n;

    switch (wire_read(l->wire, l->buf, cap, &n)) {
    case WIRE_DONE:
        break;
    case WIRE_WAIT:
        return;
    case WIRE_END:
        end_link(l, LINK_LOST, "the server closed the connection%s",
                 l->state == OPENING && !l->o.tls ? " at once (does this port want TLS?)" : "");
        return;
    default:
        end_link(l, LINK_LOST, "%s", wire_problem(l->wire));
        return;
    }
    l->heard_at = l->moved_at = clock_mono_ms();
    l->bytes_in += n;
    l->batch = false;
    if (stream_feed(l->stream, l->buf, n) != OK) {
        end_link(l, LINK_PROTOCOL, "%s", stream_problem(l->stream));
    }
    if (l->batch) {
        l->ev->batch_end(l->arg);
    }
}

static void read_all(struct link *l)
{
    size_t pending;

    read_some(l, LINK_READ);
    /* Exactly what poll would not tell of, so that a fast server cannot keep us here. */
    while (!l->ended && (pending = wire_pending(l->wire)) > 0) {
        read_some(l, pending < LINK_READ ? pending : LINK_READ);
    }
}

/* ------------------------------------------------------------------ up and down */

static void secure(struct link *l)
{
    switch (wire_handshake(l->wire)) {
    case WIRE_DONE:
        start_stream(l);
        break;
    case WIRE_WAIT:
        break;
    case WIRE_END:
        end_link(l, LINK_TLS, "the server closed the connection");
        break;
    default:
        end_link(l, LINK_TLS, "%s", wire_problem(l->wire));
        break;
    }
}

static void go_on_connecting(struct link *l, int64_t now)
{
    switch (connect_step(l->connect, now)) {
    case CONNECT_GOING:
        return;
    case CONNECT_FAILED:
        end_link(l, LINK_UNREACHABLE, "%s", connect_problem(l->connect));
        return;
    default:
        break;
    }
    (void)snprintf(l->address, sizeof(l->address), "%s", connect_address(l->connect));
    l->wire = wire_new(connect_take(l->connect));
    connect_free(l->connect);
    l->connect = NULL;
    l->stream = stream_new(l->o.ctx, &stream_events, l);
    l->deadline = now + LINK_GREETING_MS;
    l->state = SECURING;
    if (l->o.tls && wire_start_tls(l->wire, l->o.host, l->o.ca_file) != WIRE_DONE) {
        end_link(l, LINK_TLS, "%s", wire_problem(l->wire));
        return;
    }
    secure(l);
}

/* Each change is logged, and of a row of like failures the 1st, 2nd, 4th, 8th … */
static void log_down(struct link *l, const struct link_down *down, int64_t now)
{
    if (down->why == LINK_CLOSED) {
        log_line(LOG_INFO, "link_closed");
    } else if (down->was_up || l->failed == 1 || down->why != l->said ||
               (l->failed & (l->failed - 1)) == 0) {
        log_line(LOG_WARN, "link_down why=%s host=%s port=%d text=\"%s\" retry_ms=%" PRId64,
                 link_why_text(down->why), l->o.host, l->o.port, down->text, down->retry_at - now);
    }
    l->said = down->why;
}

static void drop_connection(struct link *l)
{
    /* To a server that ended its stream, ours is ended as well, if it is between two stanzas. */
    if (l->state == UP && l->out.len == 0) {
        size_t n;

        (void)wire_write(l->wire, "</stream:stream>", strlen("</stream:stream>"), &n);
    }
    connect_free(l->connect);
    l->connect = NULL;
    stream_free(l->stream);
    l->stream = NULL;
    wire_free(l->wire);
    l->wire = NULL;
    empty(&l->own, &l->own_sent);
    empty(&l->out, &l->out_sent);
    l->owed = l->waiting = false;
}

/* Ends what end_link() has marked. */
static void finish(struct link *l, int64_t now)
{
    struct link_down down = {.why = l->closing ? LINK_CLOSED : l->why,
                             .text = l->text,
                             .was_up = is_carrying(l),
                             .ever_up = l->ever_up,
                             .retry_at = -1};

    drop_connection(l);
    l->ended = false;
    if (l->closing) {
        l->state = OVER;
    } else {
        if (down.why == LINK_SILENT && l->patience < LINK_PATIENCE_MAX_MS) {
            l->patience *= 2;
        }
        l->state = DOWN;
        if (down.was_up && now - l->up_at >= LINK_STABLE_MS) {
            l->failed = 0;
        }
        down.retry_at = l->deadline = now + greeting_pause(l->failed++, down.why);
    }
    log_down(l, &down, now);
    l->ev->down(l->arg, &down);
}

/* ------------------------------------------------------------------ the caller's side */

struct link *link_new(const struct link_options *o, const struct link_events *ev, void *arg)
{
    struct link *l = calloc(1, sizeof(*l));

    if (l == NULL) {
        err_no_memory();
    }
    l->o = *o;
    l->ev = ev;
    l->arg = arg;
    l->deadline = l->heard_at = clock_mono_ms();
    l->patience = LINK_PATIENCE_MS;
    buffer_init(&l->own, OWN_MAX + 6 * strlen(o->domain));
    buffer_init(&l->out, LINK_OUT_MAX);
    return l;
}

void link_free(struct link *l)
{
    if (l == NULL) {
        return;
    }
    l->state = OVER; /* so that nothing is said */
    drop_connection(l);
    buffer_fini(&l->own);
    buffer_fini(&l->out);
    free(l);
}

int link_fd(const struct link *l)
{
    if (l->connect != NULL) {
        return connect_fd(l->connect);
    }
    return l->wire == NULL ? -1 : wire_fd(l->wire);
}

short link_wants(const struct link *l)
{
    if (l->connect != NULL) {
        return connect_wants(l->connect);
    }
    return l->wire == NULL ? 0 : wire_wants(l->wire, l->own.len > 0 || link_unsent(l) > 0);
}

int64_t link_deadline(const struct link *l)
{
    if (l->ended) {
        return 0;
    }
    switch (l->state) {
    case CONNECTING:
        return connect_deadline(l->connect);
    case UP:
        return l->waiting ? l->moved_at + l->patience : -1;
    case OVER:
        return -1;
    default:
        return l->deadline;
    }
}

void link_tick(struct link *l, int64_t now)
{
    int64_t deadline = link_deadline(l);
    bool due = deadline >= 0 && now >= deadline;

    if (l->ended || !due) {
        goto out;
    }
    switch (l->state) {
    case DOWN:
        l->state = CONNECTING;
        l->connect = connect_new(l->o.host, l->o.port);
        go_on_connecting(l, now);
        break;
    case CONNECTING:
        go_on_connecting(l, now);
        break;
    case UP:
        end_link(l, LINK_SILENT, "nothing came and nothing was taken for %" PRId64 " s",
                 (now - l->moved_at) / 1000);
        break;
    case CLOSING:
        end_link(l, LINK_CLOSED, "%s", "");
        break;
    case OVER:
        break;
    default:
        end_link(l, LINK_TIMEOUT, "no greeting from %s", l->address);
        break;
    }
out:
    if (l->ended) {
        finish(l, now);
    }
}

void link_io(struct link *l, short revents)
{
    if (l->ended || revents == 0) {
        goto out;
    }
    if (l->connect != NULL) {
        go_on_connecting(l, clock_mono_ms());
    } else if (l->state == SECURING) {
        secure(l);
    } else if (l->wire != NULL) {
        if ((revents & ~POLLOUT) != 0 || wire_read_waits(l->wire)) {
            read_all(l);
        }
        write_all(l);
    }
out:
    if (l->ended) {
        finish(l, clock_mono_ms());
    }
}

bool link_up(const struct link *l)
{
    return l->state == UP && !l->ended;
}

void link_expect(struct link *l, bool something_is_owed)
{
    if (l->state != UP || something_is_owed == l->owed) {
        return;
    }
    l->owed = something_is_owed;
    if (!l->owed) {
        l->patience = LINK_PATIENCE_MS; /* an answer has come */
    }
    note_waiting(l);
}

void link_traffic(const struct link *l, uint64_t *in, uint64_t *out)
{
    *in = l->bytes_in;
    *out = l->bytes_out;
}

int64_t link_heard_at(const struct link *l)
{
    return l->heard_at;
}

int64_t link_silent_ms(const struct link *l)
{
    return clock_mono_ms() - l->heard_at;
}

void link_close(struct link *l)
{
    if (l->closing) {
        return;
    }
    l->closing = true;
    if (l->state != UP || l->ended) {
        end_link(l, LINK_CLOSED, "%s", "");
        return;
    }
    link_flush(l);
    l->state = CLOSING;
    l->deadline = clock_mono_ms() + LINK_CLOSE_MS;
    buffer_adds(&l->own, "</stream:stream>");
    write_all(l);
}

bool link_over(const struct link *l)
{
    return l->state == OVER;
}
