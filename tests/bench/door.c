/* SPDX-License-Identifier: MIT */
#include "tests/bench/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/common.h"

static void must(enum err e, const char *what)
{
    if (e != OK)
        bench_die("%s: %s", what, err_text(e));
}

static void look(void *arg, int64_t person, struct arena *a, struct sight *out)
{
    (void)arg;
    (void)person;
    (void)a;
    *out = (struct sight){.known = true, .waiting = -1};
}

void door_open(struct door *d, const char *database)
{
    static const char *const domains[] = {BENCH_DOMAIN}, *const admins[] = {"carol@" BENCH_DOMAIN};
    struct buffer complaint;
    struct post newest;
    char url[4096];

    memset(d, 0, sizeof *d);
    d->a = arena_new(64 << 20);
    buffer_init(&complaint, 4096);
    (void)snprintf(url, sizeof url, "sqlite:%s", database);
    if (store_open(url, &complaint, &d->st) != OK)
        bench_die("%s", complaint.len > 0 ? complaint.data : "cannot open the database");
    buffer_fini(&complaint);
    d->options = (struct service_options){.domain = "blog.corp.example",
                                          .bot = "jaejal",
                                          .name = "Jaejal",
                                          .language = "en",
                                          .allowed_domains = domains,
                                          .n_allowed_domains = 1,
                                          .admins = admins,
                                          .n_admins = 1,
                                          .post_chars = 10000,
                                          .posts_per_minute = 100000000,
                                          .look = look};
    d->service = service_new(&d->options, d->st);
    must(store_begin(d->st), "begin");
    must(store_figures(d->st, &d->figures), "figures");
    for (int64_t no = d->figures.events; no > 0; no--) {
        struct event e;

        must(store_event_get(d->st, no, &e), "event");
        if (store_post_get(d->st, e.post, 0, d->a, &newest) == OK)
            break;
    }
    d->now = newest.at + 60000;
    store_rollback(d->st);
}

void door_close(struct door *d)
{
    service_free(d->service);
    store_close(d->st);
    arena_free(d->a);
}

double door_cpu_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The answer that stands in the log behind `head`. */
static const char *logged(struct door *d, int64_t head)
{
    struct answer an;
    struct event e;

    for (int64_t no = head + 1; store_event_get(d->st, no, &e) == OK; no++)
        if (e.kind == EVENT_ANSWER && store_answer_get(d->st, no, d->a, &an) == OK)
            return an.text;
    return "";
}

static const char *line(struct door *d, const char *nick, const char *text)
{
    struct request r = {.from_local = nick, .to = BENCH_BOT, .lang = "", .body = text};
    struct outcome out;
    int64_t head;

    r.from_bare = arena_printf(d->a, "%s@" BENCH_DOMAIN, nick);
    r.from = arena_printf(d->a, "%s@" BENCH_DOMAIN "/bench", nick);
    r.id = arena_printf(d->a, "m%u", d->ids++);
    d->now += 10;
    must(store_event_head(d->st, &head), "head");
    d->wall_us = bench_now() * 1e6;
    d->cpu_us = door_cpu_us();
    must(store_savepoint(d->st), "savepoint");
    must(service_message(d->service, &r, d->now, d->a, &out), text);
    must(store_release(d->st), "release");
    d->cpu_us = door_cpu_us() - d->cpu_us;
    d->wall_us = bench_now() * 1e6 - d->wall_us;
    return out.text != NULL ? out.text : out.condition != NULL ? out.condition : logged(d, head);
}

const char *door_say(struct door *d, const char *nick, const char *lines, bool keep)
{
    const char *answer;
    double cpu, wall;

    arena_reset(d->a);
    must(store_begin(d->st), "begin");
    for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1)
        (void)line(d, nick, arena_ndup(d->a, lines, (size_t)(end - lines)));
    answer = line(d, nick, lines);
    cpu = door_cpu_us();
    wall = bench_now() * 1e6;
    if (!keep) {
        store_rollback(d->st);
        service_dropped(d->service);
        return answer;
    }
    must(store_commit(d->st), "commit");
    service_committed(d->service);
    d->cpu_us += door_cpu_us() - cpu;
    d->wall_us += bench_now() * 1e6 - wall;
    return answer;
}
