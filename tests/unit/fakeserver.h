/* SPDX-License-Identifier: MIT */
/* For the tests of the link: a server on loopback and a link to it, both in this process and
 * driven by one poll loop, with a clock that stands still until it is moved. */
#ifndef TESTS_UNIT_FAKESERVER_H
#define TESTS_UNIT_FAKESERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/ssl.h>
#include "base/buffer.h"
#include "bridge/link.h"

#define FAKE_SECRET "secret"
#define FAKE_HEADER                                                                                \
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "         \
    "xmlns='jabber:component:accept' id='s1' from='blog.corp.example'>"
/* The SHA-1 of "s1secret", by sha1sum. */
#define FAKE_HANDSHAKE "<handshake>3d1121b21f6287dc58010ebe9a95fa84ee2483d4</handshake>"
#define FAKE_ERROR(condition)                                                                      \
    "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"    \
    "</stream:stream>"

struct fake {
    /* The server's side. */
    int listener;
    int port;
    int fd; /* the connection, -1 */
    SSL_CTX *tls;
    SSL *ssl;
    bool deaf;          /* does not read */
    bool mute;          /* accepts and says nothing by itself */
    const char *answer; /* to the handshake, instead of <handshake/> */
    unsigned accepted;
    struct buffer got; /* of this connection */
    size_t greeted;    /* of got: what the automatic answers have seen */
    int greeting;      /* 0, 1 the header was answered, 2 the handshake too */

    /* The link's side. */
    xmpp_ctx_t *ctx;
    struct link_options options;
    struct link *link;
    struct buffer log; /* U up, S stanza, R refused, B batch_end, D down */
    struct buffer last;
    struct link_down down; /* the last one; text is copied */
    char down_text[256];
    unsigned ios; /* calls of link_io() */
    bool close_on_stanza;
    bool flush_on_batch;
};

/* Listening, and a link that is not yet ticked; the clock stands at 1,000,000. */
void fake_begin(struct fake *f);
/* A link with other options (f->options) in place of the one there. */
void fake_new_link(struct fake *f);
void fake_end(struct fake *f);

/* Runs the loop until the condition holds; fails the test if that takes more than some seconds. */
void fake_run(struct fake *f, bool (*until)(struct fake *));
/* Runs the loop for so many real milliseconds. */
void fake_run_ms(struct fake *f, int ms);
/* One look at the descriptors and at the timers. */
void fake_step(struct fake *f, int wait_ms);

bool fake_is_up(struct fake *f);
bool fake_is_down(struct fake *f); /* down was told (again) since fake_forget() */
bool fake_is_batch(struct fake *f);
bool fake_is_accepted(struct fake *f);
bool fake_is_drained(struct fake *f); /* the link has nothing unsent */
bool fake_is_over(struct fake *f);
void fake_forget(struct fake *f); /* empties log and last */

/* Up, from whatever was before, with an empty log. */
void fake_up(struct fake *f);
void fake_say(struct fake *f, const char *s);
/* The server's connection, closed; hard: with a reset. */
void fake_hang_up(struct fake *f, bool hard);
/* How many times needle stands in what the server got. */
unsigned fake_count(const struct fake *f, const char *needle);

#endif
