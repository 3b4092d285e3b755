/* SPDX-License-Identifier: MIT */
#include "bridge/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

struct client {
    int fd; /* -1: free */
    char line[CONTROL_LINE + 1];
    size_t len;
    bool answered;
    struct buffer out;
    int64_t until;
};
struct control {
    char *path;
    int fd;
    control_answer *answer;
    void *arg;
    struct client clients[CONTROL_CLIENTS];
};

char *control_path(struct arena *a, const char *database_url)
{
    const char *path = strchr(database_url, ':');

    if (path == NULL || path[1] == '\0' || path[1] == ':') {
        return NULL;
    }
    return arena_printf(a, "%s.sock", path + 1);
}

/* A socket's address has room for 107 bytes; a longer path is reached through its open folder, which
 * *folder then holds (else -1). */
static bool address_of(const char *path, struct sockaddr_un *out, int *folder)
{
    const char *slash = strrchr(path, '/');
    char *dir;
    int n;

    *folder = -1;
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) < sizeof(out->sun_path)) {
        memcpy(out->sun_path, path, strlen(path) + 1);
        return true;
    }
    if (slash == NULL || (dir = strndup(path, (size_t)(slash - path) + 1)) == NULL) {
        errno = ENAMETOOLONG;
        return false;
    }
    *folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(dir);
    if (*folder < 0) {
        return false;
    }
    n = snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d%s", *folder, slash);
    if (n < 0 || (size_t)n >= sizeof(out->sun_path)) {
        (void)close(*folder);
        *folder = -1;
        errno = ENAMETOOLONG;
        return false;
    }
    return true;
}

static void forget_folder(int folder)
{
    int keep = errno;

    if (folder >= 0) {
        (void)close(folder);
    }
    errno = keep;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address;
    int folder, fd = -1;
    mode_t mask;
    bool ok;

    if (!address_of(path, &address, &folder)) {
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)unlink(path);
    mask = umask(0177);
    ok = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
         listen(fd, CONTROL_CLIENTS) == 0;
    (void)umask(mask);
    forget_folder(folder);
    if (!ok && fd >= 0) {
        int keep = errno;

        (void)close(fd);
        errno = keep;
        fd = -1;
    }
    return fd;
}

enum err control_open(const char *path, control_answer *answer, void *arg, struct control **out)
{
    struct control *c = calloc(1, sizeof(*c));
    size_t i;

    *out = NULL;
    if (c == NULL || (c->path = strdup(path)) == NULL) {
        free(c);
        return E_SYSTEM;
    }
    c->fd = listen_at(path);
    if (c->fd < 0) {
        log_line(LOG_WARN, "control_socket_failed path=%s error=%s", path, strerror(errno));
        free(c->path);
        free(c);
        return E_SYSTEM;
    }
    c->answer = answer;
    c->arg = arg;
    for (i = 0; i < CONTROL_CLIENTS; i++) {
        c->clients[i].fd = -1;
        buffer_init(&c->clients[i].out, CONTROL_ANSWER);
    }
    *out = c;
    return OK;
}

static void hang_up(struct client *k)
{
    (void)close(k->fd);
    k->fd = -1;
    buffer_fini(&k->out);
    buffer_init(&k->out, CONTROL_ANSWER);
}

void control_close(struct control *c)
{
    size_t i;

    if (c == NULL) {
        return;
    }
    for (i = 0; i < CONTROL_CLIENTS; i++) {
        if (c->clients[i].fd >= 0) {
            hang_up(&c->clients[i]);
        }
        buffer_fini(&c->clients[i].out);
    }
    (void)close(c->fd);
    (void)unlink(c->path);
    free(c->path);
    free(c);
}

size_t control_poll(const struct control *c, struct pollfd *fds)
{
    size_t i, n = 0;

    if (c == NULL) {
        return 0;
    }
    fds[n++] = (struct pollfd){.fd = c->fd, .events = POLLIN};
    for (i = 0; i < CONTROL_CLIENTS; i++) {
        if (c->clients[i].fd >= 0) {
            fds[n++] = (struct pollfd){.fd = c->clients[i].fd,
                                       .events = c->clients[i].answered ? POLLOUT : POLLIN};
        }
    }
    return n;
}

static void let_in(struct control *c, int64_t mono)
{
    struct client *k = c->clients;
    int fd = accept(c->fd, NULL, NULL), flags;

    if (fd < 0) {
        return;
    }
    while (k < c->clients + CONTROL_CLIENTS && k->fd >= 0) {
        k++;
    }
    flags = fcntl(fd, F_GETFL);
    if (k == c->clients + CONTROL_CLIENTS || flags < 0 ||
        fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        (void)close(fd);
        return;
    }
    k->fd = fd;
    k->len = 0;
    k->answered = false;
    k->until = mono + CONTROL_MS;
}

static bool would_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void write_on(struct client *k)
{
    ssize_t n = send(k->fd, k->out.data, k->out.len, MSG_NOSIGNAL);

    if (n < 0) {
        if (!would_wait()) {
            hang_up(k);
        }
        return;
    }
    buffer_take(&k->out, (size_t)n);
    if (k->out.len == 0) {
        hang_up(k);
    }
}

static void read_on(struct control *c, struct client *k)
{
    ssize_t n = read(k->fd, k->line + k->len, CONTROL_LINE - k->len);
    char *end;

    if (n <= 0) {
        if (n == 0 || !would_wait()) {
            hang_up(k);
        }
        return;
    }
    k->len += (size_t)n;
    k->line[k->len] = '\0';
    end = strchr(k->line, '\n');
    if (end == NULL) {
        if (k->len == CONTROL_LINE) {
            hang_up(k);
        }
        return;
    }
    *end = '\0';
    c->answer(c->arg, k->line, &k->out);
    buffer_adds(&k->out, "\n"); /* an empty line is the end of every answer */
    k->answered = true;
    write_on(k);
}

void control_io(struct control *c, const struct pollfd *fds, size_t n, int64_t mono)
{
    size_t i, j;

    if (c == NULL) {
        return;
    }
    for (i = 1; i < n; i++) {
        for (j = 0; j < CONTROL_CLIENTS; j++) {
            struct client *k = &c->clients[j];

            if (fds[i].revents != 0 && k->fd == fds[i].fd) {
                if (k->answered) {
                    write_on(k);
                } else {
                    read_on(c, k);
                }
            }
        }
    }
    for (j = 0; j < CONTROL_CLIENTS; j++) {
        if (c->clients[j].fd >= 0 && mono >= c->clients[j].until) {
            hang_up(&c->clients[j]);
        }
    }
    if (n > 0 && fds[0].revents != 0) {
        let_in(c, mono);
    }
}

int64_t control_deadline(const struct control *c)
{
    int64_t at = -1;
    size_t i;

    for (i = 0; c != NULL && i < CONTROL_CLIENTS; i++) {
        if (c->clients[i].fd >= 0 && (at < 0 || c->clients[i].until < at)) {
            at = c->clients[i].until;
        }
    }
    return at;
}

/* ---- the other side -------------------------------------------------------------------------- */

static int connect_to(const char *path)
{
    const struct timeval patience = {.tv_sec = CONTROL_MS / 1000};
    struct sockaddr_un address;
    int folder, fd;

    if (!address_of(path, &address, &folder)) {
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
                    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) != 0 ||
                    connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)) {
        int keep = errno;

        (void)close(fd);
        fd = -1;
        errno = keep;
    }
    forget_folder(folder);
    return fd;
}

static enum err talk(int fd, const char *line, struct buffer *answer)
{
    char part[4096];
    ssize_t n;

    (void)snprintf(part, sizeof(part), "%s\n", line);
    if (send(fd, part, strlen(part), MSG_NOSIGNAL) != (ssize_t)strlen(part)) {
        return E_SYSTEM;
    }
    while ((n = read(fd, part, sizeof(part))) > 0) {
        buffer_add(answer, part, (size_t)n);
    }
    if (n < 0) {
        return E_SYSTEM;
    }
    if (answer->len == 0 || answer->data[answer->len - 1] != '\n' || answer->over) {
        return E_LIMIT;
    }
    answer->data[--answer->len] = '\0';
    return OK;
}

enum err control_ask(const char *path, const char *line, struct buffer *answer)
{
    int fd = connect_to(path), keep;
    enum err e;

    if (fd < 0) {
        return errno == ENOENT || errno == ECONNREFUSED ? E_NOTFOUND : E_SYSTEM;
    }
    e = talk(fd, line, answer);
    keep = errno;
    (void)close(fd);
    errno = keep;
    return e;
}
