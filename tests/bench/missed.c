/* SPDX-License-Identifier: MIT */
/* What it costs when somebody comes back who missed much: a catch-up through the pump, over a database of past.c, with a link that
 * takes everything at once. Changes what is held of one person: use a copy.
 *   missed DATABASE PERSON COUNT…
 * For each COUNT: that person (0: who of the first thirty is owed the most) is held since so many updates ago, and returns. Prints the
 * milliseconds of processor time of all runs of the pump until nothing moves, and of the longest of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/pump_state.h"
#include "tests/bench/common.h"

#define SUMS (1u << CLASS_MENTION | CLASSES_FOLLOWED)
#define CANDIDATES 30
#define PER_SLICE 500

static struct {
    struct store *st;
    struct arena *a;
    struct peers *peers;
    struct pump *pump;
    struct buffer out;
    size_t answered; /* what of out the server has looked at */
    double total, longest;
} m;

static void must(enum err e, const char *what)
{
    if (e != OK)
        bench_die("missed: %s: %s", what, err_text(e));
}

static struct buffer *out_of(void *arg)
{
    (void)arg;
    return &m.out;
}

static size_t unsent_of(void *arg)
{
    (void)arg;
    return 0;
}

static void expect_of(void *arg, bool owed)
{
    (void)arg;
    (void)owed;
}

/* Of this process, in microseconds. */
static double cpu_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void start(void)
{
    const struct pump_options o = {.store = m.st,
                                   .peers = m.peers = peers_new(LANG_EN),
                                   .bot_jid = BENCH_BOT,
                                   .domain = "blog.corp.example",
                                   .server = BENCH_DOMAIN,
                                   .digest_after = 20,
                                   .out = out_of,
                                   .unsent = unsent_of,
                                   .expect = expect_of};
    struct people people;
    int64_t after = 0;

    must(store_begin(m.st), "begin");
    do {
        arena_reset(m.a);
        must(store_people_page(m.st, after, 1000, m.a, &people), "people");
        for (size_t i = 0; i < people.n; i++)
            after = peers_put(m.peers, &people.at[i])->no;
    } while (people.n > 0);
    m.pump = pump_new(&o);
    must(pump_load(m.pump), "load");
    must(store_commit(m.st), "commit");
    pump_link_up(m.pump, clock_mono_ms());
    pump_probed(m.pump, 0, clock_mono_ms());
}

/* Events that a person is owed, ascending; *n of them. */
static int64_t *owed_of(int64_t person, size_t *n)
{
    int64_t *all = NULL, next = 1, head;
    size_t cap = 0;

    *n = 0;
    must(store_event_head(m.st, &head), "head");
    while (next <= head) {
        struct owed *rows;
        size_t got;

        arena_reset(m.a);
        must(store_owed(m.st, person, SUMS, next, head + 1, PER_SLICE, m.a, &rows, &got, &next),
             "owed");
        all = pump_grow(all, &cap, *n + got + 1, sizeof *all);
        for (size_t i = 0; i < got; i++)
            all[(*n)++] = rows[i].event.no;
    }
    return all;
}

/* The fences in what was written come back. */
static void answer(void)
{
    const char *at;
    char id[64];

    while (m.out.data != NULL && (at = strstr(m.out.data + m.answered, "id='f-")) != NULL) {
        m.answered = (size_t)(at - m.out.data) + 5;
        (void)snprintf(id, sizeof id, "%.*s", (int)strcspn(at + 4, "'"), at + 4);
        (void)pump_fence(m.pump, id, clock_mono_ms());
    }
}

static void save(void)
{
    must(store_begin(m.st), "begin");
    must(pump_save(m.pump, clock_real_ms()), "save");
    must(store_commit(m.st), "commit");
    pump_committed(m.pump);
}

static void run(void)
{
    double begin, us;

    must(store_begin(m.st), "begin");
    begin = cpu_us();
    must(pump_run(m.pump, clock_real_ms(), clock_mono_ms()), "run");
    us = cpu_us() - begin;
    store_rollback(m.st);
    m.total += us;
    m.longest = us > m.longest ? us : m.longest;
    answer();
    if (pump_save_due(m.pump, clock_mono_ms()))
        save();
}

static void settle(void)
{
    do
        run();
    while (pump_deadline(m.pump) == 0 || m.pump->n_releases > 0);
}

static void comes_back(int64_t person, const int64_t *owed, size_t n, size_t count)
{
    struct peer *who = peers_by_no(m.peers, person);

    count = count < n ? count : n;
    must(store_begin(m.st), "begin");
    for (int c = 0; c < N_CLASSES; c++)
        must(store_held_set(m.st, person, (enum event_class)c, owed[n - count]), "held");
    must(store_commit(m.st), "commit");
    who->held = HELD_ALL;
    m.pump->figures.held_people++;
    m.total = m.longest = 0;
    buffer_reset(&m.out);
    m.answered = 0;
    must(store_begin(m.st), "begin");
    must(pump_return(m.pump, who, clock_mono_ms()), "return");
    must(store_commit(m.st), "commit");
    pump_committed(m.pump);
    settle();
    printf("%zu\t%.2f\t%.2f\n", count, m.total / 1e3, m.longest / 1e3);
}

int main(int argc, char **argv)
{
    struct buffer complaint, url;
    int64_t *owed = NULL, best = 0, only;
    size_t n = 0;

    if (argc < 4)
        bench_die("missed DATABASE PERSON COUNT…");
    only = bench_number(argv[2]);
    log_set_level(LOG_WARN);
    buffer_init(&complaint, 1000);
    buffer_init(&url, 5000);
    buffer_init(&m.out, (size_t)1 << 26);
    m.a = arena_new(LIMIT_ARENA);
    buffer_addf(&url, "sqlite:%s", argv[1]);
    if (store_open(url.data, &complaint, &m.st) != OK)
        bench_die("missed: %s", complaint.data);
    start();
    must(store_begin(m.st), "begin");
    for (int64_t person = only > 0 ? only : 1; person <= (only > 0 ? only : CANDIDATES); person++) {
        size_t count;
        int64_t *events = owed_of(person, &count);

        if (count > n) {
            free(owed);
            owed = events;
            n = count;
            best = person;
        } else {
            free(events);
        }
    }
    store_rollback(m.st);
    for (int i = 3; i < argc; i++)
        comes_back(best, owed, n, (size_t)bench_number(argv[i]));
    free(owed);
    return 0;
}
