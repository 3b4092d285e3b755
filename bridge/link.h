/* SPDX-License-Identifier: MIT */
/* The link to the server: one component stream (XEP-0114) that is kept up for ever.
 *
 * It never blocks and has no thread's worth of life of its own: the caller polls link_fd() for
 * link_wants() until link_deadline(), then calls link_io() or link_tick(). It connects, greets,
 * proves the secret, hands out stanzas, takes bytes, notices that a connection is dead, and comes
 * back after a pause (1 s doubling to 60 s, a quarter up or down by chance; at least 5 s while
 * the server says that the name is taken; from the beginning after 30 s up).
 *
 * Events are told from inside link_io() and link_tick() only. There, every other function may be
 * called except these two and link_free(). */
#ifndef BRIDGE_LINK_H
#define BRIDGE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <strophe.h>
#include "base/buffer.h"
#include "bridge/stream.h"

#define LINK_READ 65536             /* bytes of one read */
#define LINK_OUT_MAX 16777216       /* bytes waiting to be written; beyond, the link is cut */
#define LINK_GREETING_MS 15000      /* from connected to up, TLS included */
#define LINK_PATIENCE_MS 60000      /* silence while something is owed; doubles with each cut … */
#define LINK_PATIENCE_MAX_MS 960000 /* … to this */
#define LINK_PAUSE_MS 1000          /* before the next try; doubles … */
#define LINK_PAUSE_MAX_MS 60000     /* … to this */
#define LINK_PAUSE_CONFLICT_MS 5000 /* at least, after conflict */
#define LINK_STABLE_MS 30000        /* up for so long, and the pauses begin anew */
#define LINK_CLOSE_MS 1000          /* a planned stop takes at most this */

struct link;

/* Strings are borrowed and outlive the link. */
struct link_options {
    xmpp_ctx_t *ctx;
    const char *host;
    int port;
    const char *domain; /* the component's */
    const char *secret; /* never logged */
    bool tls;
    const char *ca_file; /* NULL: the system's */
};

enum link_why {
    LINK_CLOSED,         /* link_close() was called: it was the last time */
    LINK_UNREACHABLE,    /* no such name, or no address answers */
    LINK_TLS,            /* no TLS there, or a certificate that is not accepted */
    LINK_REFUSED_SECRET, /* not-authorized; ejabberd says that of an unknown domain as well */
    LINK_REFUSED_DOMAIN, /* host-unknown: it has no such component */
    LINK_CONFLICT,       /* somebody else has the name, perhaps a dead link of ours */
    LINK_STREAM_ERROR,   /* any other error the server gives for the stream */
    LINK_PROTOCOL,       /* what came is not an XMPP stream */
    LINK_TIMEOUT,        /* no greeting in time */
    LINK_LOST,           /* the connection was closed */
    LINK_SILENT,         /* complete silence while something was owed */
    LINK_STUCK           /* more than LINK_OUT_MAX to write */
};
/* "refused-secret"; never NULL. */
const char *link_why_text(enum link_why why);

struct link_down {
    enum link_why why;
    const char *text; /* one line for the log; "" if there is no more to say */
    bool was_up;      /* it was up until now; else one more try failed */
    bool ever_up;     /* it was up at some time since link_new() */
    int64_t retry_at; /* monotonic ms of the next try; -1 after link_close() */
};

/* No slot may be NULL. */
struct link_events {
    /* The secret was accepted. The server knows nothing of an earlier link: no presence comes by
     * itself, and what was in flight may be lost. */
    void (*up)(void *arg);
    /* Borrowed, as in stream.h. Also after link_close(), as long as the server sends any. */
    void (*stanza)(void *arg, xmpp_stanza_t *stanza);
    void (*refused)(void *arg, const struct stream_refused *refused);
    /* All stanzas of one read were told: commit here. Not told when there was none. Comes before
     * down() if the same read ended the link. */
    void (*batch_end)(void *arg);
    /* The link was lost, or a try failed. The link has logged it. */
    void (*down)(void *arg, const struct link_down *down);
};

/* Begins to connect with the first link_tick(). */
struct link *link_new(const struct link_options *o, const struct link_events *ev, void *arg);
/* Drops the connection as it is, telling nobody. */
void link_free(struct link *l);

int link_fd(const struct link *l); /* -1: nothing to poll for now */
short link_wants(const struct link *l);
/* Monotonic ms of the next timer, in the past if there is something to do at once; -1 for none. */
int64_t link_deadline(const struct link *l);
void link_io(struct link *l, short revents);
void link_tick(struct link *l, int64_t now_mono);

bool link_up(const struct link *l);
/* Whole stanzas are appended here, escaped and checked by whoever makes them; nothing leaves
 * before link_flush(). While the link is not up, what was appended is thrown away: what must not
 * be lost is in the store. Taken from the front as it is written. */
struct buffer *link_out(struct link *l);
void link_flush(struct link *l);
/* Bytes of link_out() that TCP has not taken. */
size_t link_unsent(const struct link *l);

/* Whether an answer is owed to us (a fence). Only then, or while bytes wait to be written, does
 * silence cut the link: nothing received and nothing taken by TCP for LINK_PATIENCE_MS. The cuts
 * are counted until an owed answer has come. */
void link_expect(struct link *l, bool something_is_owed);
/* Monotonic ms at which the last byte came (of any connection), and how long that is ago; for the
 * liveness ping. */
int64_t link_heard_at(const struct link *l);
int64_t link_silent_ms(const struct link *l);

/* Bytes since link_new(): what was received, and what TCP has taken. */
void link_traffic(const struct link *l, uint64_t *in, uint64_t *out);

/* The planned stop: writes what is in link_out() and the end of the stream, waits for the
 * server's end, at most LINK_CLOSE_MS; then down() with LINK_CLOSED, and nothing more. */
void link_close(struct link *l);
/* True after that. */
bool link_over(const struct link *l);

#endif
