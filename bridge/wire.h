/* SPDX-License-Identifier: MIT */
/* A connected socket, in the clear or under TLS from the first byte; never blocks, never raises
 * SIGPIPE. */
#ifndef BRIDGE_WIRE_H
#define BRIDGE_WIRE_H

#include <stdbool.h>
#include <stddef.h>

struct wire;

enum wire_result {
    WIRE_DONE,
    WIRE_WAIT,  /* poll for wire_wants() and call again */
    WIRE_END,   /* the peer closed it */
    WIRE_FAILED /* wire_problem() says how; the wire is good for nothing more */
};

/* Owns fd (non-blocking) from here on. */
struct wire *wire_new(int fd);
/* Before the first byte: TLS 1.2 or newer, the peer's certificate checked against ca_file (NULL:
 * the system's) and against host, a name or a numeric address. Sets SIGPIPE to be ignored by the
 * process, since OpenSSL writes without MSG_NOSIGNAL. WIRE_FAILED: ca_file cannot be used. */
enum wire_result wire_start_tls(struct wire *w, const char *host, const char *ca_file);
/* The TLS handshake; in the clear there is none. */
enum wire_result wire_handshake(struct wire *w);
void wire_free(struct wire *w);

/* WIRE_DONE: *n > 0 bytes were read. Takes as much as is there, up to cap. */
enum wire_result wire_read(struct wire *w, char *buf, size_t cap, size_t *n);
/* Bytes already decrypted, of which no poll will tell; or 1 if an end or a failure waits there. */
size_t wire_pending(const struct wire *w);
/* WIRE_DONE: *n > 0 bytes were taken, perhaps not all. After WIRE_WAIT, call with the same bytes;
 * they may have moved, and others may follow them. */
enum wire_result wire_write(struct wire *w, const char *data, size_t len, size_t *n);

int wire_fd(const struct wire *w);
/* What to poll for: POLLIN, and POLLOUT if there is something to write. */
short wire_wants(const struct wire *w, bool output);
/* True if wire_read() waits for the socket to take bytes. */
bool wire_read_waits(const struct wire *w);
/* "" before WIRE_FAILED. */
const char *wire_problem(const struct wire *w);
/* "TLSv1.3", or "no". */
const char *wire_protection(const struct wire *w);

#endif
