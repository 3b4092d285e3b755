/* SPDX-License-Identifier: MIT */
/* An address of this machine alone to listen at: 127.0.0.1:9464, [::1]:9464, unix:/run/jaejal/metrics.sock. */
#ifndef BASE_LISTEN_H
#define BASE_LISTEN_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/socket.h>

struct listen_at {
    struct sockaddr_storage address;
    socklen_t len;
    const char *path; /* of a unix socket, within the text; else NULL */
};

/* Loopback only, port 1 to 65535, an absolute path that fits a socket's address. out borrows the text.
 * E_DENIED: an address that others reach. E_USAGE: none of the three forms. */
enum err listen_parse(const char *text, struct listen_at *out) MUST_USE;
/* A listening, non-blocking socket; of a path with mode 0660, in the place of a socket there that nobody listens at.
 * E_EXISTS: somebody listens there. E_SYSTEM: errno says why. */
enum err listen_open(const struct listen_at *at, int backlog, int *fd) MUST_USE;

#endif
