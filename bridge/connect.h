/* SPDX-License-Identifier: MIT */
/* A TCP connection being made, without ever blocking: the name is looked up, then its addresses
 * are tried one after the other.
 *
 * A numeric host is used as it is, "localhost" is both loopback addresses. Any other name goes
 * through getaddrinfo(), which blocks, in a thread of its own; it has its own time-outs, and at
 * most one look-up runs per connection. */
#ifndef BRIDGE_CONNECT_H
#define BRIDGE_CONNECT_H

#include <stdint.h>

#define CONNECT_TIMEOUT_MS 5000 /* for each address */
/* Small, since what it holds delays a private message that comes later (delivery, "Window"); but not
 * smaller: on loopback a segment is 64 KiB, and a buffer that holds less than two of them (the
 * kernel doubles this figure) waits 40 ms for the acknowledgement of each. */
#define CONNECT_SEND_BUFFER 65536

struct connect;
enum connect_state { CONNECT_GOING, CONNECT_DONE, CONNECT_FAILED };

/* host is copied. Begins with the first connect_step(). */
struct connect *connect_new(const char *host, int port);
/* Closes what was not taken. A look-up still running ends by itself. */
void connect_free(struct connect *c);

/* To poll; -1 before the first step. */
int connect_fd(const struct connect *c);
short connect_wants(const struct connect *c);
/* Monotonic ms at which to step without an event, -1 for none. */
int64_t connect_deadline(const struct connect *c);
/* Goes on as far as it can. */
enum connect_state connect_step(struct connect *c, int64_t now);

/* After CONNECT_DONE: the socket, non-blocking, no delay, keepalive; the caller closes it. */
int connect_take(struct connect *c);
/* What went wrong with the last address, for the log; lives as long as c. */
const char *connect_problem(const struct connect *c);
/* The address connected to, or tried last: "127.0.0.1", "::1". */
const char *connect_address(const struct connect *c);

#endif
