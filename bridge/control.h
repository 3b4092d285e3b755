/* SPDX-License-Identifier: MIT */
/* The daemon's door for its administrator: a unix socket beside the database (PATH.sock, mode 0600:
 * who may read the database may ask). One line in, a text out, closed.
 *
 * Everything is bounded: CONTROL_CLIENTS at a time, CONTROL_LINE bytes of a question, CONTROL_MS
 * from the connection to its end. Never blocks. */
#ifndef BRIDGE_CONTROL_H
#define BRIDGE_CONTROL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"

#define CONTROL_CLIENTS 8
#define CONTROL_FDS (CONTROL_CLIENTS + 1)
#define CONTROL_LINE 1000
#define CONTROL_ANSWER 4194304 /* a page of the longest posts */
#define CONTROL_MS 5000
#define CONTROL_REFUSED "error: " /* in front of an answer that says why nothing was done */

struct control;
/* Answers one line (without its end) by adding to out. */
typedef void control_answer(void *arg, const char *line, struct buffer *out);

/* Where the socket of a database is; NULL where it has none (in memory). */
char *control_path(struct arena *a, const char *database_url);

/* The caller holds the database's lock: a socket that is there already is a dead one's and is replaced.
 * E_SYSTEM: it cannot be made (logged). */
enum err control_open(const char *path, control_answer *answer, void *arg,
                      struct control **out) MUST_USE;
/* Removes the socket. NULL is allowed, here and below. */
void control_close(struct control *c);
/* Fills in what to poll for; returns how many (at most CONTROL_FDS). */
size_t control_poll(const struct control *c, struct pollfd *fds);
/* The same entries after poll(). */
void control_io(struct control *c, const struct pollfd *fds, size_t n, int64_t mono);
int64_t control_deadline(const struct control *c);

/* The other side, blocking for at most twice CONTROL_MS. E_NOTFOUND: nobody listens there. E_SYSTEM: something else,
 * errno says what. E_LIMIT: no end of the answer. */
enum err control_ask(const char *path, const char *line, struct buffer *answer) MUST_USE;

#endif
