/* SPDX-License-Identifier: MIT */
/* The door for a metrics collector: HTTP with one page, GET /metrics, on loopback or a unix socket ([metrics] listen).
 *
 * libmicrohttpd without threads: its descriptor stands in our poll, and it does something in scrape_io() only. Everything is
 * bounded: SCRAPE_CLIENTS at a time (others wait in the kernel), SCRAPE_MEMORY bytes of a request, SCRAPE_MS
 * from the connection to its end, whatever it sends until then. */
#ifndef BRIDGE_SCRAPE_H
#define BRIDGE_SCRAPE_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"

#define SCRAPE_CLIENTS 8
#define SCRAPE_MEMORY 16384
#define SCRAPE_MS 5000

struct scrape;
/* Writes the page. */
typedef void scrape_page(void *arg, struct buffer *out);

/* where: as base/listen.h says. E_USAGE, E_DENIED: no such place; E_EXISTS: somebody listens there; E_SYSTEM. Logged. */
enum err scrape_open(const char *where, scrape_page *page, void *arg, struct scrape **out) MUST_USE;
/* Hangs up, and removes the unix socket. NULL is allowed, here and below. */
void scrape_close(struct scrape *s);
/* What to poll for reading; -1: nothing. */
int scrape_fd(const struct scrape *s);
/* After each poll; ready: there was something to read. */
void scrape_io(struct scrape *s, int ready, int64_t mono);
/* Monotonic ms at which scrape_io() has to be called if nothing else happens; -1: not. */
int64_t scrape_deadline(const struct scrape *s, int64_t mono);

#endif
