/* SPDX-License-Identifier: MIT */
/* A server that only counts: XEP-0114 on a port of loopback, for one component at a time, with everybody online.
 * It says its port, then obeys lines of standard input, and answers each with one line:
 *   wait WANT                  an update (id p…) has come to so many different people; "again" are further copies
 *   post USER WANT TEXT        the same, and USER writes TEXT first
 *   write SENDERS PEOPLE SECONDS   so many posts are always under way: when one is confirmed, the next of PEOPLE posts
 *   ask USER COUNT TEXT        USER writes TEXT so many times, each after the answer to the last
 *   status                     connected, probed
 *   record FILE                the updates of the next wait or post go to this file as well
 * Pings and presence probes are answered as a server does. */
#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/common.h"

#define PEOPLE 1000000
#define IN_SIZE (1 << 20)
#define OUT_SIZE (8 << 20)
#define SAMPLES 4000000

enum task { NONE, WAIT, WRITE, ASK };

static struct {
    int listener, fd;
    char in[IN_SIZE + 1];
    size_t in_len;
    char out[OUT_SIZE];
    size_t out_len;
    bool header, up;
    long probed;

    enum task task;
    unsigned char seen[PEOPLE];
    long want, distinct, again;
    double begin, first, end;
    size_t bytes;
    FILE *record;

    long sender;           /* of an ask */
    char text[4096];       /* what is asked */
    long senders, writers; /* of a write: how many at once, and how many take turns */
    long left;             /* of the senders, when the time is over */
    long stanza;           /* number of the next one */
    double asked[PEOPLE];  /* when each sender wrote; 0: waits for nothing */
    double *us;
    size_t n_us;
} c;

static void flush_out(void)
{
    size_t done = 0;

    while (c.fd >= 0 && done < c.out_len) {
        ssize_t n = send(c.fd, c.out + done, c.out_len - done, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        if (n < 0) {
            done = c.out_len; /* the read will see the end */
            break;
        }
        done += (size_t)n;
    }
    memmove(c.out, c.out + done, c.out_len - done);
    c.out_len -= done;
}

static void __attribute__((format(printf, 1, 2))) say(const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(c.out + c.out_len, OUT_SIZE - c.out_len, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= OUT_SIZE - c.out_len)
        bench_die("counting: the component does not read");
    c.out_len += (size_t)n;
}

static void write_as(long user, const char *text)
{
    say("<message from='u%06ld@" BENCH_DOMAIN "/bench' to='" BENCH_BOT
        "' type='chat' id='m%ld'><body>%s</body></message>",
        user, c.stanza++, text);
    c.asked[user] = bench_now();
}

/* ---- results --------------------------------------------------------------------------------- */

static void finish(void)
{
    if (c.task == WAIT) {
        printf("first=%.6f last=%.6f begin=%.6f count=%ld again=%ld bytes=%zu\n", c.first, c.end,
               c.begin, c.distinct, c.again, c.bytes);
        if (c.record != NULL) {
            (void)fclose(c.record);
            c.record = NULL;
        }
    } else {
        double seconds = c.end - c.begin;

        printf("answers=%zu seconds=%.4f rate=%.1f bytes=%zu", c.n_us, seconds,
               (double)c.n_us / seconds, c.bytes / (c.n_us > 0 ? c.n_us : 1));
        bench_quantiles(c.us, c.n_us);
        printf("\n");
    }
    c.task = NONE;
}

/* ---- what the component sends ------------------------------------------------------------------ */

/* The value of an attribute of a start tag, which ends at `end`. */
static const char *attribute(const char *tag, const char *end, const char *name, size_t *len)
{
    size_t name_len = strlen(name);

    for (const char *p = tag; (p = memchr(p, '=', (size_t)(end - p))) != NULL; p++) {
        const char *close;

        if (p - tag <= (ptrdiff_t)name_len || memcmp(p - name_len, name, name_len) != 0 ||
            p[-(ptrdiff_t)name_len - 1] != ' ')
            continue;
        close = memchr(p + 2, p[1], (size_t)(end - p - 2));
        if (close == NULL)
            break;
        *len = (size_t)(close - p - 2);
        return p + 2;
    }
    *len = 0;
    return "";
}

/* The number of the person in "u000123@…", 0 for other addresses. */
static long person(const char *jid, size_t len)
{
    long n = 0;

    if (len < 7 || jid[0] != 'u')
        return 0;
    for (int i = 1; i <= 6; i++) {
        if (jid[i] < '0' || jid[i] > '9')
            return 0;
        n = n * 10 + (jid[i] - '0');
    }
    return n;
}

static void got_update(long to, const char *stanza, size_t len)
{
    if (c.task != WAIT)
        return;
    if (c.distinct == 0)
        c.first = bench_now();
    c.bytes += len;
    if (c.record != NULL)
        (void)fwrite(stanza, 1, len, c.record);
    if (c.seen[to]) {
        c.again++;
        return;
    }
    c.seen[to] = 1;
    if (++c.distinct == c.want) {
        c.end = bench_now();
        finish();
    }
}

static void got_answer(long to, size_t len)
{
    double now;

    if ((c.task != WRITE && c.task != ASK) || c.asked[to] <= 0)
        return;
    now = bench_now();
    c.bytes += len;
    if (c.n_us < SAMPLES)
        c.us[c.n_us++] = (now - c.asked[to]) * 1e6;
    c.asked[to] = 0;
    if (c.task == ASK) {
        c.end = now;
        if ((long)c.n_us == c.want)
            finish();
        else
            write_as(to, c.text);
    } else if (now < c.end) {
        char text[128];

        (void)snprintf(text, sizeof text,
                       "post number %ld of somebody who writes a lot, 회의 today", c.stanza);
        /* Nobody writes more than a person may. */
        write_as(to + c.senders <= c.writers ? to + c.senders : (to - 1) % c.senders + 1, text);
    } else if (--c.left == 0) {
        c.end = now;
        finish();
    }
}

static void got_message(const char *tag, const char *tag_end, size_t len)
{
    size_t id_len, to_len;
    const char *id = attribute(tag, tag_end, "id", &id_len);
    const char *to = attribute(tag, tag_end, "to", &to_len);
    long no = person(to, to_len);

    if (no == 0 || id_len == 0)
        return;
    if (id[0] == 'p')
        got_update(no, tag, len);
    else
        got_answer(no, len);
}

static void got_iq(const char *tag, const char *tag_end, size_t len)
{
    size_t type_len, id_len, to_len;
    const char *id, *to;

    (void)attribute(tag, tag_end, "type", &type_len);
    if (type_len != 3) /* neither get nor set */
        return;
    id = attribute(tag, tag_end, "id", &id_len);
    to = attribute(tag, tag_end, "to", &to_len);
    if (memmem(tag, len, "urn:xmpp:ping", 13) != NULL)
        say("<iq type='result' from='%.*s' to='blog." BENCH_DOMAIN "' id='%.*s'/>", (int)to_len, to,
            (int)id_len, id);
    else
        say("<iq type='error' from='%.*s' to='" BENCH_BOT
            "' id='%.*s'><error type='cancel'><item-not-found "
            "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            (int)to_len, to, (int)id_len, id);
}

static void got_presence(const char *tag, const char *tag_end)
{
    size_t type_len, to_len;
    const char *type = attribute(tag, tag_end, "type", &type_len);
    const char *to = attribute(tag, tag_end, "to", &to_len);

    if (type_len != 5 || memcmp(type, "probe", 5) != 0)
        return;
    say("<presence from='%.*s/bench' to='" BENCH_BOT "'/>", (int)to_len, to);
    c.probed++;
}

/* The bytes of the stanza at p, 0: not all of it is there. *tag_end: its start tag's ">". */
static size_t whole(const char *p, size_t len, const char **tag_end)
{
    const char *close, *end;

    *tag_end = memchr(p, '>', len);
    if (*tag_end == NULL)
        return 0;
    if ((*tag_end)[-1] == '/' || p[1] == '?' || p[1] == '/' ||
        strncmp(p, "<stream:stream", 14) == 0)
        return (size_t)(*tag_end + 1 - p);
    close = p[1] == 'm'   ? "</message>"
            : p[1] == 'i' ? "</iq>"
            : p[1] == 'p' ? "</presence>"
                          : "</handshake>";
    end = memmem(*tag_end, (size_t)(p + len - *tag_end), close, strlen(close));
    return end == NULL ? 0 : (size_t)(end - p) + strlen(close);
}

static void got_stanza(const char *p, const char *tag_end, size_t len)
{
    if (p[1] == 'm') {
        got_message(p, tag_end, len);
    } else if (p[1] == 'i') {
        got_iq(p, tag_end, len);
    } else if (p[1] == 'p') {
        got_presence(p, tag_end);
    } else if (strncmp(p, "<stream:stream", 14) == 0) {
        say("<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
            "xmlns='jabber:component:accept' id='s1' from='blog." BENCH_DOMAIN "'>");
    } else if (strncmp(p, "<handshake", 10) == 0) {
        say("<handshake/>");
        c.up = true;
    } else if (strncmp(p, "</stream:stream", 15) == 0) {
        say("</stream:stream>");
    }
}

static void disconnected(void)
{
    (void)close(c.fd);
    c.fd = -1;
    c.up = false;
    c.in_len = c.out_len = 0;
    c.probed = 0;
    if (c.task != NONE) {
        printf("lost\n");
        c.task = NONE;
    }
}

static void read_component(void)
{
    ssize_t n = recv(c.fd, c.in + c.in_len, IN_SIZE - c.in_len, MSG_DONTWAIT);
    size_t at = 0;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        disconnected();
        return;
    }
    c.in_len += (size_t)n;
    c.in[c.in_len] = '\0';
    while (at < c.in_len) {
        const char *tag_end;
        size_t len;

        if (c.in[at] != '<') { /* blanks between stanzas */
            at++;
            continue;
        }
        len = whole(c.in + at, c.in_len - at, &tag_end);
        if (len == 0)
            break;
        got_stanza(c.in + at, tag_end, len);
        at += len;
    }
    if (at == 0 && c.in_len == IN_SIZE)
        bench_die("counting: a stanza without end");
    memmove(c.in, c.in + at, c.in_len - at);
    c.in_len -= at;
}

/* ---- commands ---------------------------------------------------------------------------------- */

static void begin(enum task task)
{
    memset(c.seen, 0, sizeof c.seen);
    memset(c.asked, 0, sizeof c.asked);
    c.distinct = c.again = 0;
    c.bytes = 0;
    c.n_us = 0;
    c.task = task;
    c.begin = bench_now();
}

static void obey(char *line)
{
    char *word = bench_word(&line);

    if (strcmp(word, "wait") == 0 || strcmp(word, "post") == 0) {
        long user = word[0] == 'p' ? bench_number(bench_word(&line)) : 0;

        c.want = bench_number(bench_word(&line));
        begin(WAIT);
        if (user != 0)
            write_as(user, line);
    } else if (strcmp(word, "write") == 0) {
        c.senders = c.left = bench_number(bench_word(&line));
        c.writers = bench_number(bench_word(&line));
        begin(WRITE);
        c.end = c.begin + (double)bench_number(line);
        for (long i = 1; i <= c.senders; i++)
            write_as(i, "post the first one");
    } else if (strcmp(word, "ask") == 0) {
        c.sender = bench_number(bench_word(&line));
        c.want = bench_number(bench_word(&line));
        (void)snprintf(c.text, sizeof c.text, "%s", line);
        begin(ASK);
        write_as(c.sender, c.text);
    } else if (strcmp(word, "record") == 0) {
        c.record = fopen(line, "w");
        if (c.record == NULL)
            bench_die("counting: cannot write %s", line);
    } else if (strcmp(word, "status") == 0) {
        printf("up=%d probed=%ld\n", c.up, c.probed);
    } else {
        bench_die("counting: what is '%s'?", word);
    }
}

static void accept_component(void)
{
    int fd = accept(c.listener, NULL, NULL), one = 1;

    if (fd < 0)
        return;
    if (c.fd >= 0)
        bench_die("counting: a second connection");
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c.fd = fd;
}

static void open_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;

    c.listener = socket(AF_INET, SOCK_STREAM, 0);
    if (c.listener < 0 || bind(c.listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(c.listener, 1) != 0 || getsockname(c.listener, (struct sockaddr *)&at, &len) != 0)
        bench_die("counting: no port");
    printf("port=%d\n", ntohs(at.sin_port));
}

int main(void)
{
    static struct bench_lines lines;

    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    c.fd = -1;
    c.us = malloc(SAMPLES * sizeof *c.us);
    if (c.us == NULL)
        bench_die("counting: no memory");
    open_port();
    while (!lines.end) {
        struct pollfd fds[3] = {
            {.fd = STDIN_FILENO, .events = POLLIN},
            {.fd = c.fd, .events = (short)(POLLIN | (c.out_len > 0 ? POLLOUT : 0))},
            {.fd = c.fd < 0 ? c.listener : -1, .events = POLLIN}};
        char *line;

        if (poll(fds, 3, -1) < 0 && errno != EINTR)
            bench_die("counting: poll failed");
        if (fds[2].revents != 0)
            accept_component();
        if (c.fd >= 0 && fds[1].revents != 0)
            read_component();
        if (fds[0].revents != 0) {
            bench_lines_read(&lines);
            while ((line = bench_line(&lines)) != NULL)
                obey(line);
        }
        flush_out();
    }
    return 0;
}
