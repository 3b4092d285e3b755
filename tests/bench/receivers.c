/* SPDX-License-Identifier: MIT */
/* Many people at their clients: so many logins to a real server, counting every message that comes.
 *   receivers PORT PEOPLE
 * logs in u000001 … (password "bench", SASL PLAIN, no TLS), each with its presence, which the bot is sent too; says
 * "ready", then obeys lines of standard input, and answers each with one line:
 *   wait WANT MARK             a message with MARK in it has come to so many different people
 *   post WANT MARK             the same, and u000001 posts MARK first
 *   count                      what came since the last wait or post, complete or not
 * Times are CLOCK_MONOTONIC, the moment in which the bytes were read. libstrophe's client could do this with select()
 * up to 1,024 descriptors only. */
#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/common.h"

#define LOGINS                                                                                     \
    4 /* side by side: more than a listening queue of 5 has room for would wait a second each */
#define READ 65536

enum step { STREAM, AUTH, STREAM_AGAIN, BIND, ONLINE };

struct client {
    int fd;
    enum step step;
    char *data; /* an unfinished stanza, or the login so far */
    size_t len, cap;
    long seen;
};

static struct {
    int epoll, port;
    long people, begun, online;
    struct client *clients;
    char mark[128];
    size_t mark_len;
    bool armed;
    long want, distinct, again, others;
    double begin, first, last;
} r;

static void put(struct client *cl, const char *s)
{
    size_t len = strlen(s);

    if (send(cl->fd, s, len, MSG_NOSIGNAL) != (ssize_t)len)
        bench_die("receivers: cannot write: %s", strerror(errno));
}

static void open_stream(struct client *cl)
{
    put(cl,
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' to='" BENCH_DOMAIN
        "' xmlns:stream='http://etherx.jabber.org/streams'>");
}

static void login(long i)
{
    struct client *cl = &r.clients[i];
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons((uint16_t)r.port)};
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = cl};

    cl->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (cl->fd < 0 || connect(cl->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        fcntl(cl->fd, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(r.epoll, EPOLL_CTL_ADD, cl->fd, &ev) != 0)
        bench_die("receivers: login %ld: %s", i + 1, strerror(errno));
    open_stream(cl);
}

/* "\0u000001\0bench" in base64. */
static void put_auth(struct client *cl)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char plain[64] = {0};
    char text[256], code[96];
    size_t n = 0, len;

    len = 1 + (size_t)snprintf((char *)plain + 1, 32, "u%06ld", cl - r.clients + 1);
    len++;
    memcpy(plain + len, "bench", 5);
    len += 5;
    for (size_t i = 0; i < len; i += 3) {
        unsigned v = (unsigned)plain[i] << 16 | (unsigned)plain[i + 1] << 8 | plain[i + 2];

        code[n++] = digits[v >> 18];
        code[n++] = digits[v >> 12 & 63];
        code[n++] = i + 1 < len ? digits[v >> 6 & 63] : '=';
        code[n++] = i + 2 < len ? digits[v & 63] : '=';
    }
    (void)snprintf(text, sizeof text,
                   "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%.*s</auth>",
                   (int)n, code);
    put(cl, text);
}

/* What came during the login; true: it was understood, and is used up. */
static bool log_in(struct client *cl)
{
    if (strstr(cl->data, "<failure") != NULL || strstr(cl->data, "<stream:error") != NULL)
        bench_die("receivers: no login: %s", cl->data);
    switch (cl->step) {
    case STREAM:
    case STREAM_AGAIN:
        if (strstr(cl->data, "</stream:features>") == NULL)
            return false;
        if (cl->step == STREAM)
            put_auth(cl);
        else
            put(cl, "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                    "<resource>bench</resource></bind></iq>");
        break;
    case AUTH:
        if (strstr(cl->data, "<success") == NULL)
            return false;
        open_stream(cl);
        break;
    case BIND:
        if (strstr(cl->data, "</iq>") == NULL)
            return false;
        put(cl, "<presence/><presence to='" BENCH_BOT "'/>");
        if (++r.online == r.people)
            printf("ready\n");
        if (r.begun < r.people)
            login(r.begun++);
        break;
    case ONLINE:
        break;
    }
    cl->step++;
    return true;
}

static void say_count(void)
{
    printf("begin=%.6f first=%.6f last=%.6f count=%ld again=%ld others=%ld\n", r.begin, r.first,
           r.last, r.distinct, r.again, r.others);
}

static void got_message(struct client *cl, const char *s, size_t len, double now)
{
    if (!r.armed || memmem(s, len, r.mark, r.mark_len) == NULL) {
        r.others++;
        return;
    }
    if (cl->seen++ > 0) {
        r.again++;
        return;
    }
    if (r.distinct == 0)
        r.first = now;
    r.last = now;
    if (++r.distinct == r.want)
        say_count();
}

/* Answers have an id a…; archives put other ids behind the start tag. */
static bool is_answer(const char *begin, const char *end)
{
    const char *tag_end = memchr(begin, '>', (size_t)(end - begin));
    size_t len = tag_end == NULL ? 0 : (size_t)(tag_end - begin);

    return memmem(begin, len, " id='a", 6) != NULL || memmem(begin, len, " id=\"a", 6) != NULL;
}

/* Messages in data; returns what is used up. All else (presence, IQs) is passed over. */
static size_t take_messages(struct client *cl, const char *data, size_t len)
{
    double now = bench_now();
    size_t at = 0;

    for (;;) {
        const char *begin = memmem(data + at, len - at, "<message", 8), *end;

        if (begin == NULL)
            return len > at + 8 ? len - 8 : at; /* the beginning of one may have come */
        end = memmem(begin, (size_t)(data + len - begin), "</message>", 10);
        if (end == NULL)
            return (size_t)(begin - data);
        end += 10;
        /* What the bot answers the author is not what is counted. */
        if (!is_answer(begin, end))
            got_message(cl, begin, (size_t)(end - begin), now);
        at = (size_t)(end - data);
    }
}

static void keep(struct client *cl, const char *data, size_t len)
{
    if (cl->len + len + 1 > cl->cap) {
        cl->cap = (cl->len + len + 1) * 2;
        cl->data = realloc(cl->data, cl->cap);
        if (cl->data == NULL)
            bench_die("receivers: no memory");
    }
    memcpy(cl->data + cl->len, data, len);
    cl->len += len;
    cl->data[cl->len] = '\0';
}

static void read_client(struct client *cl)
{
    static char data[READ];
    ssize_t n = recv(cl->fd, data, sizeof data, 0);
    size_t used;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        bench_die("receivers: the server closed a connection");
    if (cl->step != ONLINE) {
        keep(cl, data, (size_t)n);
        if (log_in(cl))
            cl->len = 0;
        return;
    }
    if (cl->len == 0) {
        used = take_messages(cl, data, (size_t)n);
        keep(cl, data + used, (size_t)n - used);
        return;
    }
    keep(cl, data, (size_t)n);
    used = take_messages(cl, cl->data, cl->len);
    memmove(cl->data, cl->data + used, cl->len - used);
    cl->len -= used;
}

static void obey(char *line)
{
    char *word = bench_word(&line);
    char text[512];

    if (strcmp(word, "count") == 0) {
        say_count();
        return;
    }
    if (strcmp(word, "wait") != 0 && strcmp(word, "post") != 0)
        bench_die("receivers: what is '%s'?", word);
    r.want = bench_number(bench_word(&line));
    (void)snprintf(r.mark, sizeof r.mark, "%s", line);
    r.mark_len = strlen(r.mark);
    r.distinct = r.again = r.others = 0;
    r.first = r.last = 0;
    r.armed = true;
    for (long i = 0; i < r.people; i++)
        r.clients[i].seen = 0;
    r.begin = bench_now();
    if (word[0] == 'p') {
        (void)snprintf(text, sizeof text,
                       "<message to='" BENCH_BOT
                       "' type='chat' id='m%.0f'><body>post %s</body></message>",
                       r.begin * 1e6, r.mark);
        put(&r.clients[0], text);
    }
}

int main(int argc, char **argv)
{
    static struct bench_lines lines;
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL}, events[256];

    if (argc != 3)
        bench_die("receivers PORT PEOPLE");
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    r.port = (int)bench_number(argv[1]);
    r.people = bench_number(argv[2]);
    r.clients = calloc((size_t)r.people, sizeof *r.clients);
    r.epoll = epoll_create1(0);
    if (r.clients == NULL || r.epoll < 0 ||
        epoll_ctl(r.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &ev) != 0)
        bench_die("receivers: cannot begin");
    while (r.begun < r.people && r.begun < LOGINS)
        login(r.begun++);
    while (!lines.end) {
        int n = epoll_wait(r.epoll, events, 256, -1);
        char *line;

        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr != NULL) {
                read_client(events[i].data.ptr);
                continue;
            }
            bench_lines_read(&lines);
            while ((line = bench_line(&lines)) != NULL)
                obey(line);
        }
    }
    return 0;
}
