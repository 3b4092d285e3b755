/* SPDX-License-Identifier: MIT */
/* A day in an office of many thousands, in minutes: the whole program but the socket (turn, service, store on a disk, pump,
 * presence) under a clock that jumps to whatever is due next, beside a server that takes stanzas at a limited rate.
 *
 *   day [PEOPLE [HOURS [SEED]]]     default 200 12 1; speaks TAP
 *
 * From half past eight: people log in around nine (they were away, and nobody is known at the start), write, answer, like,
 * read and search; most pause around noon, at eleven there is a speech to all and a wall of posts about it; they go home
 * around six, one in five has quiet hours. The next morning everybody comes back, so that nothing may be left over.
 *
 * Every update that reaches a person is remembered. At the end the store says for each post who was owed it, and each of
 * them must have it, or a summary that stands for it; nobody may have one twice. It fails too where memory
 * grows after the first hour, or where the loop wakes without a reason. Memory of its own is touched before the start. */
#define _GNU_SOURCE /* memmem */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/stream.h"
#include "bridge/turn.h"
#include "tests/bench/common.h"

#if defined(__has_feature) /* clang's name for what gcc says below */
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_JUDGED false /* what was freed is kept by the sanitizer */
#else
#define MEMORY_JUDGED true
#endif
#define START 1763973000000LL /* 2025-11-24 08:30 UTC, a Monday */
#define SECOND 1000LL
#define MINUTE 60000LL
#define HOUR 3600000LL
#define SPEECH (START + 2 * HOUR + 30 * MINUTE)
#define SERVER_US 40       /* of the server's time for one stanza */
#define SERVER_AHEAD 20000 /* so far its reading is ahead of its work, in microseconds */
#define SPEAKER 1          /* everybody follows person 1 */
#define FOLLOWS 30         /* each follows about so many others */
#define WALL 3             /* one in so many follows the tag of the speech */
#define RANGES 48          /* summaries one person may get */
#define PAST 5             /* posts of each before the day */
#define POSTS 4            /* of each person in the day, about */
#define MEMORY_PERCENT 10  /* that memory may grow after the first hour */
#define EMPTY_A_SECOND 20  /* wakes without a reason, in any second */
#define SPIN 200000        /* rounds in one millisecond: it does not end */

enum what { LOGIN, LOGOUT, WRITE, READ, WALL_POST, SPEAK, REPLY, ANSWER_PING, RECEIPT, N_WHATS };
struct plan {
    int64_t at;
    enum what what;
    int who;
    char id[40]; /* of a ping or receipt */
};
struct range {
    int64_t lo, hi;
};
struct employee {
    bool online, quiet, receipts;
    int n_ranges;
    struct range ranges[RANGES];
};

static struct {
    int people, hours;
    struct plan *heap;
    size_t n_heap, cap_heap;
    struct employee *person; /* from 1 */
    uint64_t *got;           /* a table of (person, event of a post), open addressing, 0: free */
    size_t n_got, cap_got;
    xmpp_ctx_t *ctx;
    struct stream *stream;
    struct store *store;
    struct turn *turn;
    struct buffer out;
    int64_t now, heard, server_us;
    uint64_t ids, messages, updates, summaries, bundles, posts_written, twice, wakes, empty;
    uint64_t wakes_now, empty_now, wakes_max, empty_max;
    int64_t second, ours_kib, past, spoken; /* spoken: what the speaker said first */
    int wrong;
} day;

static void wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void wrong(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    if (day.wrong++ < 20) {
        (void)printf("# wrong: ");
        (void)vprintf(fmt, ap);
        (void)printf("\n");
    }
    va_end(ap);
}

static void must(enum err e, const char *what)
{
    if (e != OK)
        bench_die("day: %s: %s", what, err_text(e));
}

/* Touched, so that what grows later is not ours. */
static void *touched(size_t n, size_t size)
{
    void *at = malloc(n * size);

    if (at == NULL)
        bench_die("day: no memory");
    memset(at, 0x55, n * size);
    memset(at, 0, n * size);
    return at;
}

/* ---- what is planned ---------------------------------------------------------------------------- */

static bool sooner(const struct plan *a, const struct plan *b)
{
    return a->at < b->at;
}

static void plan_add(int64_t at, enum what what, int who, const char *id)
{
    struct plan p = {.at = at, .what = what, .who = who};
    size_t i = day.n_heap++;

    if (day.n_heap > day.cap_heap)
        bench_die("day: too many plans");
    if (id != NULL)
        (void)snprintf(p.id, sizeof p.id, "%s", id);
    for (; i > 0 && sooner(&p, &day.heap[(i - 1) / 2]); i = (i - 1) / 2)
        day.heap[i] = day.heap[(i - 1) / 2];
    day.heap[i] = p;
}

static struct plan plan_take(void)
{
    struct plan first = day.heap[0], last = day.heap[--day.n_heap];
    size_t i = 0, k;

    while ((k = 2 * i + 1) < day.n_heap) {
        if (k + 1 < day.n_heap && sooner(&day.heap[k + 1], &day.heap[k]))
            k++;
        if (!sooner(&day.heap[k], &last))
            break;
        day.heap[i] = day.heap[k];
        i = k;
    }
    day.heap[i] = last;
    return first;
}

static int64_t draw(int64_t below)
{
    return (int64_t)bench_draw((uint64_t)below);
}

/* Around `middle`, most within `spread`. */
static int64_t around(int64_t middle, int64_t spread)
{
    int64_t sum = 0;

    for (int i = 0; i < 4; i++)
        sum += draw(spread) - spread / 2;
    return middle + sum / 2;
}

static void plan_person(int who)
{
    int64_t in = around(START + 30 * MINUTE, 30 * MINUTE),
            out = around(START + 9 * HOUR + 30 * MINUTE, 90 * MINUTE), noon;

    if (in <= START)
        in = START + 1 + draw(5 * MINUTE);
    plan_add(in, LOGIN, who, NULL);
    plan_add(out, LOGOUT, who, NULL);
    if (draw(10) < 7) {
        noon = around(START + 3 * HOUR + 45 * MINUTE, 40 * MINUTE);
        plan_add(noon, LOGOUT, who, NULL);
        plan_add(noon + 20 * MINUTE + draw(40 * MINUTE), LOGIN, who, NULL);
    }
    for (int i = 0, n = (int)draw(POSTS * 2 + 1); i < n; i++)
        plan_add(in + draw(out - in), WRITE, who, NULL);
    for (int i = 0, n = (int)draw(5); i < n; i++)
        plan_add(in + draw(out - in), READ, who, NULL);
}

static void plan_day(void)
{
    for (int who = 1; who <= day.people; who++)
        plan_person(who);
    for (int i = 0; i < 12; i++)
        plan_add(SPEECH + i * 3 * MINUTE, SPEAK, SPEAKER, NULL);
    for (int i = 0; i < 20 + day.people / 40; i++)
        plan_add(SPEECH + draw(45 * MINUTE), WALL_POST, 2 + (int)draw(day.people - 1), NULL);
    for (int i = 0; i < 20 + day.people / 40; i++)
        plan_add(SPEECH + draw(20 * MINUTE), REPLY, 2 + (int)draw(day.people - 1), NULL);
    /* the next morning */
    for (int who = 1; who <= day.people; who++)
        plan_add(START + 24 * HOUR + draw(10 * MINUTE), LOGIN, who, NULL);
}

/* ---- what people send ----------------------------------------------------------------------------- */

static void feed(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void feed(const char *fmt, ...)
{
    char xml[8192];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(xml, sizeof xml, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof xml)
        bench_die("day: a stanza too long");
    must(stream_feed(day.stream, xml, (size_t)n), "stream");
}

static void type_line(int who, const char *text)
{
    feed("<message from='u%06d@" BENCH_DOMAIN "/pc' to='" BENCH_BOT "' type='chat' id='c%llu'>"
         "<body>%s</body></message>",
         who, (unsigned long long)++day.ids, text);
}

static void write_something(int who)
{
    char text[2048], line[4096];
    int64_t kind = draw(100);

    bench_sentence(text, sizeof text, MIXED);
    if (kind < 55)
        (void)snprintf(line, sizeof line, "%s", text);
    else if (kind < 65)
        (void)snprintf(line, sizeof line, "%s #team%d", text, (int)draw(200));
    else if (kind < 70)
        (void)snprintf(line, sizeof line, "%s @u%06d", text, 1 + (int)draw(day.people));
    else if (kind < 80)
        (void)snprintf(line, sizeof line, "d @u%06d %s", 1 + (int)draw(day.people), text);
    else if (kind < 90)
        (void)snprintf(line, sizeof line, "like @u%06d", 1 + (int)draw(day.people));
    else
        (void)snprintf(line, sizeof line, "@u%06d %s", 1 + (int)draw(day.people), text);
    day.posts_written++;
    type_line(who, line);
}

static void read_something(int who)
{
    static const char *const lines[] = {"home",  "mentions", "search meeting", "trends",
                                        "tags",  "more",     "status",         "following",
                                        "inbox", "hlep",     "questions",      "search 회의"};

    type_line(who, lines[draw(sizeof lines / sizeof lines[0])]);
}

static void act(const struct plan *p)
{
    struct employee *who = &day.person[p->who];
    char text[2048], line[4096];

    switch (p->what) {
    case LOGIN:
        who->online = true;
        feed("<presence from='u%06d@" BENCH_DOMAIN "/pc' to='" BENCH_BOT "'/>", p->who);
        break;
    case LOGOUT:
        who->online = false;
        feed("<presence from='u%06d@" BENCH_DOMAIN "/pc' to='" BENCH_BOT "' type='unavailable'/>",
             p->who);
        break;
    case WRITE:
        if (who->online)
            write_something(p->who);
        break;
    case READ:
        if (who->online)
            read_something(p->who);
        break;
    case WALL_POST:
    case SPEAK:
        bench_sentence(text, sizeof text, MIXED);
        (void)snprintf(line, sizeof line, "%s%s", text, p->what == SPEAK ? "" : " #speech");
        type_line(p->who, line);
        break;
    case REPLY:
        bench_sentence(text, sizeof text, MIXED);
        (void)snprintf(line, sizeof line, "#%lld %s", (long long)day.spoken, text);
        if (day.spoken != 0)
            type_line(p->who, line);
        break;
    case ANSWER_PING:
        feed("<iq type='result' from='" BENCH_DOMAIN "' to='blog." BENCH_DOMAIN "' id='%s'/>",
             p->id);
        break;
    case RECEIPT:
        feed("<message from='u%06d@" BENCH_DOMAIN "/pc' to='" BENCH_BOT "' id='r%llu'>"
             "<received xmlns='urn:xmpp:receipts' id='%s'/></message>",
             p->who, (unsigned long long)++day.ids, p->id);
        break;
    case N_WHATS:
        break;
    }
}

/* ---- what the server is given ------------------------------------------------------------------------ */

static void attribute(const char *s, const char *end, const char *name, char *out, size_t size)
{
    size_t len = strlen(name);

    out[0] = '\0';
    for (const char *p = s; p + len + 2 < end; p++)
        if (*p == ' ' && strncmp(p + 1, name, len) == 0 && p[1 + len] == '=') {
            const char *from = p + len + 3, *to = memchr(from, p[len + 2], (size_t)(end - from));

            if (to == NULL || (size_t)(to - from) >= size)
                bench_die("day: an odd attribute");
            memcpy(out, from, (size_t)(to - from));
            out[to - from] = '\0';
            return;
        }
}

static size_t slot_of(uint64_t key)
{
    size_t i = (size_t)(key * 0x9e3779b97f4a7c15u >> 20) % day.cap_got;

    while (day.got[i] != 0 && day.got[i] != key)
        i = (i + 1) % day.cap_got;
    return i;
}

static uint64_t key_of(int64_t person, int64_t post)
{
    return (uint64_t)person << 40 | (uint64_t)post;
}

static void got_post(int who, int64_t post)
{
    size_t i = slot_of(key_of(who, post));

    day.updates++;
    if (day.got[i] != 0) {
        day.twice++;
        wrong("person %d has post %lld twice", who, (long long)post);
        return;
    }
    if (++day.n_got > day.cap_got / 10 * 8)
        bench_die("day: more updates than it has room for");
    day.got[i] = key_of(who, post);
}

/* The number behind `before`, and what follows it; 0: it does not stand there. */
static int64_t number_behind(const char **at, const char *before)
{
    size_t len = strlen(before);
    char *end;
    int64_t n;

    if (strncmp(*at, before, len) != 0)
        return 0;
    n = strtoll(*at + len, &end, 10);
    *at = end;
    return n;
}

/* Whom u000017@… names. */
static int person_of(const char *jid)
{
    return (int)number_behind(&jid, "u");
}

static void got_summary(int who, const char *id)
{
    struct employee *p = &day.person[who];
    int64_t whose = number_behind(&id, "d"), lo = number_behind(&id, "-"),
            hi = number_behind(&id, "-");

    if (whose != who || lo == 0 || hi < lo) {
        wrong("person %d has an odd summary", who);
        return;
    }
    day.summaries++;
    if (p->n_ranges == RANGES)
        wrong("person %d has more than %d summaries", who, RANGES);
    else
        p->ranges[p->n_ranges++] = (struct range){lo, hi};
}

static void take_message(const char *s, const char *end)
{
    const char *head = memchr(s, '>', (size_t)(end - s));
    char to[100], id[100];
    int who;

    attribute(s, head, "to", to, sizeof to);
    attribute(s, head, "id", id, sizeof id);
    who = person_of(to);
    if (who < 1 || who > day.people)
        bench_die("day: a message to %s", to);
    day.messages++;
    day.bundles += id[0] == 'h';
    if (day.spoken == 0 && id[0] == 'p' &&
        memmem(head, (size_t)(end - head), "<body>Person 1 (", 16) != NULL && day.now >= SPEECH)
        day.spoken = strtoll(id + 1, NULL, 10);
    if (id[0] == 'p' && strspn(id + 1, "0123456789") == strlen(id + 1))
        got_post(who, strtoll(id + 1, NULL, 10));
    else if (id[0] == 'd')
        got_summary(who, id);
    if (!day.person[who].online && (id[0] == 'p' || id[0] == 'd'))
        wrong("person %d is away and was sent %s", who, id);
    if (day.person[who].receipts && strlen(id) < sizeof day.heap->id &&
        memmem(head, (size_t)(end - head), "urn:xmpp:receipts", 17) != NULL)
        plan_add(day.now + 20 + draw(200), RECEIPT, who, id);
}

static void take_iq(const char *s, const char *end)
{
    char type[20], to[100], id[100];

    attribute(s, end, "type", type, sizeof type);
    attribute(s, end, "to", to, sizeof to);
    attribute(s, end, "id", id, sizeof id);
    if (strcmp(type, "get") == 0 && strcmp(to, BENCH_DOMAIN) == 0)
        plan_add(day.server_us / 1000 + 1, ANSWER_PING, 0, id);
}

static void take_presence(const char *s, const char *end)
{
    char type[20], to[100];
    int who;

    attribute(s, end, "type", type, sizeof type);
    attribute(s, end, "to", to, sizeof to);
    who = person_of(to);
    if (strcmp(type, "probe") == 0 && who > 0 && day.person[who].online)
        plan_add(day.now + 1, LOGIN, who, NULL);
}

/* As much as the server can take by now. */
static bool server_takes(void)
{
    size_t at = 0;

    if (day.server_us < day.now * 1000)
        day.server_us = day.now * 1000;
    while (at < day.out.len && day.server_us < day.now * 1000 + SERVER_AHEAD) {
        const char *s = day.out.data + at, *end;
        size_t left = day.out.len - at;
        const char *close = s[1] == 'm' ? "</message>" : s[1] == 'i' ? "</iq>" : "/>";

        end = memmem(s, left, close, strlen(close));
        if (end == NULL)
            bench_die("day: half a stanza");
        end += strlen(close);
        day.server_us += SERVER_US;
        if (s[1] == 'm')
            take_message(s, end);
        else if (s[1] == 'i')
            take_iq(s, end);
        else
            take_presence(s, end);
        at += (size_t)(end - s);
    }
    buffer_take(&day.out, at);
    return at > 0;
}

/* ---- the loop -------------------------------------------------------------------------------------------- */

static int64_t resident_kib(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long long size = 0, pages = 0;

    if (f == NULL || fscanf(f, "%lld %lld", &size, &pages) != 2)
        bench_die("day: /proc/self/statm");
    (void)fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static double cpu_seconds(void)
{
    struct rusage u;

    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void woke(bool empty)
{
    if (day.now / SECOND != day.second) {
        day.second = day.now / SECOND;
        day.wakes_now = day.empty_now = 0;
    }
    day.wakes++;
    day.empty += empty;
    if (++day.wakes_now > day.wakes_max)
        day.wakes_max = day.wakes_now;
    day.empty_now += empty;
    if (day.empty_now > day.empty_max)
        day.empty_max = day.empty_now;
}

/* When something happens next, and nobody has to be woken before. */
static int64_t next_at(void)
{
    int64_t at = day.n_heap > 0 ? day.heap[0].at : INT64_MAX,
            due = turn_deadline(day.turn, day.heard);

    if (day.out.len > 0 && (day.server_us - SERVER_AHEAD) / 1000 + 1 < at)
        at = (day.server_us - SERVER_AHEAD) / 1000 + 1;
    if (due >= 0 && due < at)
        at = due;
    return at;
}

static void run_until(int64_t end)
{
    int spin = 0;

    for (;;) {
        int64_t at = next_at();
        bool moved = false, due;
        size_t before;

        if (turn_has_idle_work(day.turn, day.now)) {
            turn_idle(day.turn);
            moved = true;
        }
        if (at > end)
            break;
        spin = at > day.now ? 0 : spin + 1;
        if (spin > SPIN)
            bench_die("day: the loop spins at %lld", (long long)(day.now - START));
        if (at > day.now)
            day.now = at;
        clock_hold(day.now, day.now);
        for (int i = 0; i < 64 && day.n_heap > 0 && day.heap[0].at <= day.now; i++) {
            struct plan p = plan_take();

            act(&p);
            day.heard = day.now;
            moved = true;
        }
        if (moved)
            turn_end(day.turn);
        moved = server_takes() || moved;
        at = turn_deadline(day.turn, day.heard);
        due = at >= 0 && at <= day.now;
        before = day.out.len;
        turn_run(day.turn, day.heard);
        if (turn_broken(day.turn))
            bench_die("day: the disk failed");
        if (due)
            woke(!moved && day.out.len == before);
    }
    day.now = end;
    clock_hold(day.now, day.now);
}

/* ---- the company --------------------------------------------------------------------------------------------- */

static struct buffer *out_of(void *arg)
{
    (void)arg;
    return &day.out;
}

static size_t unsent_of(void *arg)
{
    (void)arg;
    return day.out.len;
}

static void expect_of(void *arg, bool owed)
{
    (void)arg;
    (void)owed;
}

static void on_opened(void *arg, const char *id)
{
    (void)arg;
    (void)id;
}

static void on_stanza(void *arg, xmpp_stanza_t *stanza)
{
    (void)arg;
    turn_stanza(day.turn, stanza);
}

static void on_refused(void *arg, const struct stream_refused *refused)
{
    (void)arg;
    bench_die("day: a stanza was refused: %s", refused->limit);
}

static void on_error(void *arg, const char *condition, const char *text)
{
    (void)arg;
    (void)text;
    bench_die("day: stream error %s", condition);
}

static void on_closed(void *arg)
{
    (void)arg;
}

static void follow(int64_t who, enum edge_kind kind, int64_t what, int64_t now)
{
    enum err e = store_edge_open(day.store, kind, who, what, 0, 0, now);

    if (e != E_EXISTS)
        must(e, "follow");
}

static void make_people(void)
{
    int64_t tag, no;

    must(store_begin(day.store), "begin");
    must(store_tag_add(day.store, "speech", "speech", &tag), "tag");
    for (int i = 1; i <= day.people; i++) {
        char jid[64], nick[32], name[32];

        (void)snprintf(nick, sizeof nick, "u%06d", i);
        (void)snprintf(jid, sizeof jid, "%s@" BENCH_DOMAIN, nick);
        (void)snprintf(name, sizeof name, "Person %d", i);
        must(store_person_add(day.store, jid, nick, NULL, 0, START, &no), "person");
        must(store_person_set(day.store, no, FIELD_NAME, name), "name");
        must(store_person_set(day.store, no, FIELD_ZONE, "UTC"), "zone");
        must(store_person_set_photo(day.store, no, "", "", NULL, 0, START), "vcard");
        must(store_person_set_flag(day.store, no, FLAG_SHARES, true), "shares");
        day.person[i].receipts = i % 3 == 0;
    }
    for (int i = 1; i <= day.people; i++) {
        if (i != SPEAKER)
            follow(i, EDGE_FOLLOW_PERSON, SPEAKER, START);
        if (i % WALL == 0)
            follow(i, EDGE_FOLLOW_TAG, tag, START);
        for (int k = 0; k < FOLLOWS; k++) {
            /* few are followed by many */
            double u = (double)(1 + draw(1000000)) / 1000000.0;
            int64_t whom = 2 + (int64_t)((double)(day.people - 2) * u * u);

            if (whom != i)
                follow(i, EDGE_FOLLOW_PERSON, whom, START);
        }
        if (i % 1000 == 0) {
            must(store_commit(day.store), "commit");
            must(store_begin(day.store), "begin");
        }
    }
    must(store_commit(day.store), "commit");
}

/* Of months that nobody is told of: the store's cache is as full as on any other day. */
static void make_past(void)
{
    struct arena *a = arena_new(1 << 20);
    bool more = true;

    must(store_begin(day.store), "begin");
    for (int i = 1; i <= day.people * PAST; i++) {
        char text[2048];
        struct added added;
        struct new_post post = {.author = 1 + draw(day.people), .at = START - HOUR, .text = text};
        struct cursor *open;
        size_t n = 1;

        bench_sentence(text, sizeof text, MIXED);
        must(store_post_add(day.store, &post, &added), "post");
        while (n > 0 && (i % 1000 == 0 || i == day.people * PAST)) {
            arena_reset(a);
            must(store_cursors(day.store, 0, 500, a, &open, &n), "cursors");
            for (size_t k = 0; k < n; k++)
                must(store_cursor_done(day.store, open[k].event, open[k].class), "cursor");
        }
        if (i % 1000 == 0) {
            must(store_commit(day.store), "commit");
            must(store_begin(day.store), "begin");
        }
    }
    must(store_event_head(day.store, &day.past), "head");
    must(store_commit(day.store), "commit");
    while (more)
        must(store_idle(day.store, START, 100000, &more), "idle");
    arena_free(a);
}

static void make_quiet(void)
{
    for (int i = 1; i <= day.people; i++)
        if (i % 5 == 2) {
            type_line(i, "quiet 19:00-08:00");
            day.person[i].quiet = true;
            turn_end(day.turn);
        }
}

/* ---- what must be true at the end ------------------------------------------------------------------------------ */

static bool summed_up(int64_t person, int64_t event)
{
    const struct employee *p = &day.person[person];

    for (int i = 0; i < p->n_ranges; i++)
        if (p->ranges[i].lo <= event && event <= p->ranges[i].hi)
            return true;
    return false;
}

struct tally {
    uint64_t owed, single, summed, missing;
};

static void check_event(const struct event *e, enum event_class class, struct tally *t)
{
    struct audience *au;
    int64_t people[256], after = 0;
    size_t n;

    must(store_audience_open(day.store, e, class, &au), "audience");
    do {
        must(store_audience_next(day.store, au, after, people, 256, &n), "audience");
        for (size_t i = 0; i < n; i++) {
            after = people[i];
            t->owed++;
            if (day.got[slot_of(key_of(after, e->post))] != 0)
                t->single++;
            else if (summed_up(after, e->no))
                t->summed++;
            else if (t->missing++ < 5)
                wrong("person %lld lacks post %lld (event %lld, class %d)", (long long)after,
                      (long long)e->post, (long long)e->no, class);
        }
    } while (n > 0);
    store_audience_close(au);
}

static void check_all(struct tally *t)
{
    struct arena *a = arena_new(1 << 20);
    struct cursor *open;
    struct held *held;
    int64_t head;
    size_t n;

    must(store_begin(day.store), "begin");
    must(store_event_head(day.store, &head), "head");
    for (int64_t no = day.past + 1; no <= head; no++) {
        struct event e;

        must(store_event_get(day.store, no, &e), "event");
        for (int c = 0; e.kind == EVENT_POST && c < N_CLASSES; c++)
            check_event(&e, (enum event_class)c, t);
    }
    must(store_cursors(day.store, 0, 10, a, &open, &n), "cursors");
    if (n > 0)
        wrong("walks are still open, the first of event %lld", (long long)open[0].event);
    must(store_held_page(day.store, 0, 10, a, &held, &n), "held");
    if (n > 0)
        wrong("person %lld is still held", (long long)held[0].person);
    store_rollback(day.store);
    arena_free(a);
}

/* ---- the day ------------------------------------------------------------------------------------------------------- */

static void open_company(const char *path)
{
    static const char *const domains[] = {BENCH_DOMAIN};
    static struct settings settings = {.domain = "blog." BENCH_DOMAIN,
                                       .bot = "jaejal",
                                       .name = "Jaejal",
                                       .language = "en",
                                       .allowed_domains = domains,
                                       .n_allowed_domains = 1,
                                       .digest_after = 5,
                                       .post_chars = 10000,
                                       .posts_per_minute = 30};
    static const struct stream_events events = {.opened = on_opened,
                                                .stanza = on_stanza,
                                                .refused = on_refused,
                                                .error = on_error,
                                                .closed = on_closed};
    static char url[1100];
    struct buffer complaint;
    const struct turn_options o = {.settings = &settings,
                                   .version = "0",
                                   .out = out_of,
                                   .unsent = unsent_of,
                                   .expect = expect_of};
    struct turn_options with = o;

    (void)snprintf(url, sizeof url, "sqlite:%s", path);
    settings.database_url = url;
    buffer_init(&complaint, 1000);
    if (store_open(url, &complaint, &day.store) != OK)
        bench_die("day: %s", complaint.len > 0 ? complaint.data : "cannot open the database");
    buffer_fini(&complaint);
    make_people();
    make_past();
    day.ctx = xmpp_ctx_new(NULL, NULL);
    with.store = day.store;
    with.ctx = day.ctx;
    must(turn_new(&with, &day.turn), "turn");
    day.stream = stream_new(day.ctx, &events, NULL);
    feed("<stream:stream xmlns='jabber:component:accept' "
         "xmlns:stream='http://etherx.jabber.org/streams' id='1'>");
    make_quiet();
    turn_link_up(day.turn);
}

static void hour_row(int64_t at, double *cpu, uint64_t *updates)
{
    struct turn_figures f;
    double now = cpu_seconds();

    must(turn_figures(day.turn, &f), "figures");
    (void)printf("# %5.1f h %7zu reachable %6zu held %9llu updates %8lld events %6lld KiB "
                 "%7.1f s of CPU\n",
                 (double)(at - START) / (double)HOUR, f.reachable, f.pump.held_people,
                 (unsigned long long)(day.updates - *updates), (long long)f.store.events,
                 (long long)(resident_kib() - day.ours_kib), now - *cpu);
    (void)fflush(stdout);
    *cpu = now;
    *updates = day.updates;
}

static void close_company(const char *folder)
{
    char line[1200];

    stream_free(day.stream);
    turn_free(day.turn);
    store_close(day.store);
    xmpp_ctx_free(day.ctx);
    for (int i = 0; i < 3; i++) {
        static const char *const ends[] = {"", "-wal", "-shm"};

        (void)snprintf(line, sizeof line, "%s/day.db%s", folder, ends[i]);
        (void)unlink(line);
    }
    (void)rmdir(folder);
}

int main(int argc, char **argv)
{
    const char *tmp = getenv("TMPDIR");
    char folder[1000], path[1050];
    struct tally t = {0};
    int64_t first_hour = 0, last = 0;
    uint64_t updates = 0;
    double cpu = 0, began = bench_now();

    day.people = argc > 1 ? (int)bench_number(argv[1]) : 200;
    day.hours = argc > 2 ? (int)bench_number(argv[2]) : 12;
    for (long i = argc > 3 ? bench_number(argv[3]) : 1; i > 0; i--)
        (void)bench_draw(2);
    log_set_level(LOG_ERROR);
    (void)snprintf(folder, sizeof folder, "%s/jaejal-day-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(folder) == NULL)
        bench_die("day: no folder");
    (void)snprintf(path, sizeof path, "%s/day.db", folder);
    day.cap_heap = (size_t)day.people * 64;
    day.heap = touched(day.cap_heap, sizeof *day.heap);
    day.person = touched((size_t)day.people + 1, sizeof *day.person);
    day.cap_got = (size_t)day.people * 700;
    day.got = touched(day.cap_got, sizeof *day.got);
    buffer_init(&day.out, (size_t)1 << 26);
    day.ours_kib = resident_kib();
    day.now = START;
    clock_hold(day.now, day.now);
    open_company(path);
    plan_day();
    (void)printf("1..1\n# %d people, made in %.1f s\n", day.people, bench_now() - began);
    for (int half = 1; half <= 2 * day.hours; half++) {
        run_until(START + half * HOUR / 2);
        hour_row(day.now, &cpu, &updates);
        last = resident_kib() - day.ours_kib;
        first_hour = half == 2 ? last : first_hour;
    }
    run_until(START + 24 * HOUR);
    hour_row(day.now, &cpu, &updates);
    run_until(START + 26 * HOUR);
    hour_row(day.now, &cpu, &updates);
    check_all(&t);
    (void)printf(
        "# %llu lines written, %llu messages to people: %llu updates, %llu summaries, %llu "
        "bundles, %llu twice\n"
        "# %llu owed: %llu came alone, %llu in a summary, %llu missing\n"
        "# %llu wakes by the clock, at most %llu in a second; %llu without a reason, at most %llu "
        "in "
        "a second\n"
        "# memory, without the bookkeeping of this program: after the first hour %lld KiB, at the "
        "end of the day %lld KiB\n"
        "# %.1f s, %.1f of them CPU\n",
        (unsigned long long)day.posts_written, (unsigned long long)day.messages,
        (unsigned long long)day.updates, (unsigned long long)day.summaries,
        (unsigned long long)day.bundles, (unsigned long long)day.twice, (unsigned long long)t.owed,
        (unsigned long long)t.single, (unsigned long long)t.summed, (unsigned long long)t.missing,
        (unsigned long long)day.wakes, (unsigned long long)day.wakes_max,
        (unsigned long long)day.empty, (unsigned long long)day.empty_max, (long long)first_hour,
        (long long)last, bench_now() - began, cpu_seconds());
    if (MEMORY_JUDGED && day.hours > 1 && last > first_hour + first_hour * MEMORY_PERCENT / 100)
        wrong("memory grew by more than %d %%", MEMORY_PERCENT);
    if (day.empty_max > EMPTY_A_SECOND)
        wrong("%llu wakes without a reason in one second", (unsigned long long)day.empty_max);
    close_company(folder);
    (void)printf("%s 1 - a day of %d people, %d hours\n", day.wrong == 0 ? "ok" : "not ok",
                 day.people, day.hours);
    return day.wrong == 0 ? 0 : 1;
}
