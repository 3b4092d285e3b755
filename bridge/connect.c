/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* TCP_KEEPIDLE and its kin */
#include "bridge/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"

/* Shared with the thread that looks a name up; whoever lets go last frees it. */
struct lookup {
    atomic_int holders;
    int done; /* write end of a pipe; closed when the result stands */
    int code; /* of getaddrinfo() */
    struct addrinfo *found;
    char port[8];
    char host[];
};

struct connect {
    struct lookup *lookup; /* NULL once its result was taken */
    int fd;                /* read end of the look-up's pipe, or the socket being connected */
    struct addrinfo *list; /* of getaddrinfo() */
    struct addrinfo *next; /* in list: to be tried */
    bool begun;
    int64_t deadline;
    int port;
    char problem[160];
    char address[64];
    char host[];
};

static void lookup_let_go(struct lookup *l)
{
    if (atomic_fetch_sub(&l->holders, 1) == 1) {
        if (l->found != NULL) {
            freeaddrinfo(l->found);
        }
        free(l);
    }
}

static int look_up(const char *host, const char *port, int flags, struct addrinfo **found)
{
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};

    *found = NULL;
    return getaddrinfo(host, port, &hints, found);
}

static void *lookup_thread(void *arg)
{
    struct lookup *l = arg;

    l->code = look_up(l->host, l->port, 0, &l->found);
    (void)close(l->done);
    lookup_let_go(l);
    return NULL;
}

/* Starts the thread; its signals are the main thread's business. 0, or an error number. */
static int lookup_start(struct connect *c, const char *port)
{
    size_t len = strlen(c->host) + 1;
    struct lookup *l = calloc(1, sizeof(*l) + len);
    sigset_t all, before;
    pthread_t thread;
    int ends[2], code;

    if (l == NULL) {
        err_no_memory();
    }
    if (pipe(ends) != 0) {
        free(l);
        return errno;
    }
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    atomic_init(&l->holders, 2);
    l->done = ends[1];
    memcpy(l->host, c->host, len);
    (void)snprintf(l->port, sizeof(l->port), "%s", port);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    code = pthread_create(&thread, NULL, lookup_thread, l);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        free(l);
        return code;
    }
    (void)pthread_detach(thread);
    c->lookup = l;
    c->fd = ends[0];
    return 0;
}

struct connect *connect_new(const char *host, int port)
{
    size_t len = strlen(host) + 1;
    struct connect *c = calloc(1, sizeof(*c) + len);

    if (c == NULL) {
        err_no_memory();
    }
    memcpy(c->host, host, len);
    c->port = port;
    c->fd = -1;
    c->deadline = -1;
    return c;
}

static void close_fd(struct connect *c)
{
    if (c->fd >= 0) {
        (void)close(c->fd);
        c->fd = -1;
    }
}

void connect_free(struct connect *c)
{
    if (c == NULL) {
        return;
    }
    close_fd(c);
    if (c->lookup != NULL) {
        lookup_let_go(c->lookup);
    }
    if (c->list != NULL) {
        freeaddrinfo(c->list);
    }
    free(c);
}

int connect_fd(const struct connect *c)
{
    return c->fd;
}

short connect_wants(const struct connect *c)
{
    return c->lookup != NULL ? POLLIN : POLLOUT;
}

int64_t connect_deadline(const struct connect *c)
{
    return c->deadline;
}

const char *connect_problem(const struct connect *c)
{
    return c->problem;
}

const char *connect_address(const struct connect *c)
{
    return c->address;
}

int connect_take(struct connect *c)
{
    int fd = c->fd;

    c->fd = -1;
    return fd;
}

static void set_option(int fd, int level, int name, int value)
{
    /* None of them is needed for the right result. */
    (void)setsockopt(fd, level, name, &value, sizeof(value));
}

static void tune(int fd)
{
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_SNDBUF, CONNECT_SEND_BUFFER);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 30);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

/* The list is there: a name that was looked up, or one that needs no looking up. */
static void use_list(struct connect *c, int code, struct addrinfo *found)
{
    c->list = c->next = found;
    if (code != 0) {
        (void)snprintf(c->problem, sizeof(c->problem), "%.90s: %.60s", c->host,
                       code == EAI_SYSTEM ? "look-up failed" : gai_strerror(code));
    }
}

static void begin(struct connect *c)
{
    struct addrinfo *found = NULL;
    char port[8];
    int code;

    c->begun = true;
    (void)snprintf(port, sizeof(port), "%d", c->port & 0xFFFF);
    /* Without a host and AI_PASSIVE getaddrinfo() gives the loopback addresses, asking nobody. */
    if (strcmp(c->host, "localhost") == 0) {
        code = look_up(NULL, port, 0, &found);
    } else {
        code = look_up(c->host, port, AI_NUMERICHOST, &found);
    }
    if (code != EAI_NONAME) {
        use_list(c, code, found);
        return;
    }
    code = lookup_start(c, port);
    if (code != 0) {
        (void)snprintf(c->problem, sizeof(c->problem), "look-up: %s", strerror(code));
    }
}

/* True while the thread is at work. */
static bool looking_up(struct connect *c)
{
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    struct lookup *l = c->lookup;

    if (l == NULL) {
        return false;
    }
    if (poll(&p, 1, 0) <= 0) {
        return true;
    }
    close_fd(c);
    use_list(c, l->code, l->found);
    l->found = NULL;
    c->lookup = NULL;
    lookup_let_go(l);
    return false;
}

static void give_up_address(struct connect *c, int error)
{
    (void)snprintf(c->problem, sizeof(c->problem), "%s port %d: %s", c->address, c->port,
                   strerror(error));
    close_fd(c);
}

/* Begins the next address. True if its connection is already made. */
static bool try_next(struct connect *c, int64_t now)
{
    struct addrinfo *a = c->next;

    c->next = a->ai_next;
    c->deadline = now + CONNECT_TIMEOUT_MS;
    if (getnameinfo(a->ai_addr, a->ai_addrlen, c->address, sizeof(c->address), NULL, 0,
                    NI_NUMERICHOST) != 0) {
        (void)snprintf(c->address, sizeof(c->address), "?");
    }
    c->fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
    if (c->fd < 0) {
        give_up_address(c, errno);
        return false;
    }
    tune(c->fd);
    if (connect(c->fd, a->ai_addr, a->ai_addrlen) == 0) {
        return true;
    }
    if (errno != EINPROGRESS && errno != EINTR) {
        give_up_address(c, errno);
    }
    return false;
}

/* Looks at the connection being made: done, still going, or given up (fd is -1). */
static enum connect_state look_at(struct connect *c, int64_t now)
{
    struct pollfd p = {.fd = c->fd, .events = POLLOUT};
    int error = 0;
    socklen_t len = sizeof(error);

    if (poll(&p, 1, 0) <= 0) {
        if (now < c->deadline) {
            return CONNECT_GOING;
        }
        error = ETIMEDOUT;
    } else if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        error = errno;
    }
    if (error == 0) {
        return CONNECT_DONE;
    }
    give_up_address(c, error);
    return CONNECT_FAILED;
}

enum connect_state connect_step(struct connect *c, int64_t now)
{
    if (!c->begun) {
        begin(c);
    }
    if (looking_up(c)) {
        return CONNECT_GOING;
    }
    for (;;) {
        if (c->fd >= 0) {
            enum connect_state state = look_at(c, now);

            if (state != CONNECT_FAILED) {
                return state;
            }
        }
        if (c->next == NULL) {
            return CONNECT_FAILED;
        }
        if (try_next(c, now)) {
            return CONNECT_DONE;
        }
    }
}
