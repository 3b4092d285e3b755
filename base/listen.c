/* SPDX-License-Identifier: MIT */
#include "base/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fcntl.h>

#define PATH_SCHEME "unix:"

static enum err parse_path(const char *path, struct listen_at *out)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};

    if (path[0] != '/' || strlen(path) >= sizeof(un.sun_path)) {
        return E_USAGE;
    }
    memcpy(un.sun_path, path, strlen(path) + 1);
    memcpy(&out->address, &un, sizeof(un));
    out->len = sizeof(un);
    out->path = path;
    return OK;
}

/* Digits only, without a leading zero; 0: no port. */
static in_port_t parse_port(const char *s)
{
    size_t n = strspn(s, "0123456789");
    long port = n == 0 || n > 5 || s[n] != '\0' || s[0] == '0' ? 0 : strtol(s, NULL, 10);

    return port > 65535 ? 0 : (in_port_t)port;
}

enum err listen_parse(const char *text, struct listen_at *out)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    const char *colon = strrchr(text, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - text);
    char host[64];

    memset(out, 0, sizeof(*out));
    if (strncmp(text, PATH_SCHEME, strlen(PATH_SCHEME)) == 0) {
        return parse_path(text + strlen(PATH_SCHEME), out);
    }
    if (len == 0 || len >= sizeof(host) || parse_port(colon + 1) == 0) {
        return E_USAGE;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    if (host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &in6.sin6_addr) != 1) {
            return E_USAGE;
        }
        in6.sin6_port = htons(parse_port(colon + 1));
        memcpy(&out->address, &in6, sizeof(in6));
        out->len = sizeof(in6);
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr) ? OK : E_DENIED;
    }
    if (inet_pton(AF_INET, host, &in.sin_addr) != 1) {
        return E_USAGE;
    }
    in.sin_port = htons(parse_port(colon + 1));
    memcpy(&out->address, &in, sizeof(in));
    out->len = sizeof(in);
    return ntohl(in.sin_addr.s_addr) >> 24 == 127 ? OK : E_DENIED;
}

/* A socket at the path that nobody listens at is a dead process'; anything else there is not ours to remove. */
static enum err clear_path(const struct listen_at *at)
{
    struct stat st;
    int fd;
    bool dead;

    if (lstat(at->path, &st) != 0) {
        return errno == ENOENT ? OK : E_SYSTEM;
    }
    if (!S_ISSOCK(st.st_mode)) {
        return E_EXISTS;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return E_SYSTEM;
    }
    dead =
        connect(fd, (const struct sockaddr *)&at->address, at->len) != 0 && errno == ECONNREFUSED;
    (void)close(fd);
    if (!dead) {
        return E_EXISTS;
    }
    return unlink(at->path) == 0 ? OK : E_SYSTEM;
}

enum err listen_open(const struct listen_at *at, int backlog, int *out)
{
    int fd, on = 1, keep;
    mode_t mask;
    bool ok;
    enum err e = at->path == NULL ? OK : clear_path(at);

    if (e != OK) {
        return e;
    }
    fd = socket(at->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return E_SYSTEM;
    }
    if (at->path == NULL) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    }
    mask = umask(0117);
    ok = bind(fd, (const struct sockaddr *)&at->address, at->len) == 0;
    keep = errno;
    (void)umask(mask);
    if (ok) {
        ok = listen(fd, backlog) == 0;
        keep = errno;
    }
    if (!ok) {
        (void)close(fd);
        errno = keep;
        return keep == EADDRINUSE ? E_EXISTS : E_SYSTEM;
    }
    *out = fd;
    return OK;
}
