/* SPDX-License-Identifier: MIT */
/* Fills a database through the verbs of db/store.h, so that a bench begins with a company that has a past.
 *   seed DATABASE [people=N] [fans=N] [follows=N] [posts=N] [shares=yes|no]
 * people   accounts u000001 … ; their vCards count as just read
 * fans     so many of them, from u000002 on, follow u000001
 * follows  each person follows so many others, anywhere in the company
 * posts    by all but u000001 in turn, Korean and English, all delivered, indexed and checkpointed
 * shares   whether we have everybody's presence subscription: then who is silent counts as away (default no) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "db/store.h"
#include "tests/bench/common.h"

#define TURN 1000 /* verbs in one transaction */

struct plan {
    long people, fans, follows, posts;
    bool shares;
};

static void must(enum err e, const char *what)
{
    if (e != OK)
        bench_die("seed: %s: %s", what, err_text(e));
}

static void next_turn(struct store *st)
{
    must(store_commit(st), "commit");
    must(store_begin(st), "begin");
}

static void add_people(struct store *st, const struct plan *p, int64_t now)
{
    for (long i = 1; i <= p->people; i++) {
        char jid[64], nick[32], name[32];
        int64_t no;

        (void)snprintf(nick, sizeof nick, "u%06ld", i);
        (void)snprintf(jid, sizeof jid, "%s@" BENCH_DOMAIN, nick);
        (void)snprintf(name, sizeof name, "Person %ld", i);
        must(store_person_add(st, jid, nick, NULL, 0, now, &no), "person");
        if (no != i)
            bench_die("seed: the database is not new");
        must(store_person_set(st, no, FIELD_NAME, name), "name");
        must(store_person_set_photo(st, no, "", "", NULL, 0, now), "vcard");
        if (p->shares)
            must(store_person_set_flag(st, no, FLAG_SHARES, true), "shares");
        if (i % TURN == 0)
            next_turn(st);
    }
}

static void follow(struct store *st, int64_t who, int64_t whom, int64_t now)
{
    enum err e =
        who == whom ? E_EXISTS : store_edge_open(st, EDGE_FOLLOW_PERSON, who, whom, 0, 0, now);

    if (e != E_EXISTS)
        must(e, "follow");
}

static void add_follows(struct store *st, const struct plan *p, int64_t now)
{
    long n = 0;

    for (long i = 2; i <= p->fans + 1; i++) {
        follow(st, i, 1, now);
        if (++n % TURN == 0)
            next_turn(st);
    }
    for (long i = 1; i <= p->people; i++)
        for (long k = 0; k < p->follows; k++) {
            follow(st, i, 1 + (int64_t)bench_draw((uint64_t)p->people), now);
            if (++n % TURN == 0)
                next_turn(st);
        }
}

/* Nobody is told of the past. */
static void settle_all(struct store *st, struct arena *a)
{
    struct cursor *open;
    size_t n;

    do {
        arena_reset(a);
        must(store_cursors(st, 0, 500, a, &open, &n), "cursors");
        for (size_t i = 0; i < n; i++)
            must(store_cursor_done(st, open[i].event, open[i].class), "cursor");
    } while (n > 0);
}

static void add_posts(struct store *st, const struct plan *p, struct arena *a, int64_t now)
{
    for (long i = 1; i <= p->posts; i++) {
        char text[4096];
        struct added added;
        struct new_post post = {.author = 2 + i * 7919 % (p->people - 1),
                                .at = now - (p->posts - i) * 1000,
                                .text = text};

        bench_sentence(text, sizeof text, MIXED);
        must(store_post_add(st, &post, &added), "post");
        if (i % TURN == 0 || i == p->posts) {
            settle_all(st, a);
            next_turn(st);
        }
    }
}

static bool take_option(struct plan *p, const char *arg)
{
    static const char *const names[] = {"people=", "fans=", "follows=", "posts="};
    long *const values[] = {&p->people, &p->fans, &p->follows, &p->posts};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(arg, names[i], strlen(names[i])) == 0) {
            *values[i] = bench_number(arg + strlen(names[i]));
            return true;
        }
    p->shares = strcmp(arg, "shares=yes") == 0;
    return p->shares || strcmp(arg, "shares=no") == 0;
}

int main(int argc, char **argv)
{
    struct plan plan = {.people = 2};
    struct buffer complaint;
    struct arena *a = arena_new(16 << 20);
    struct store *st;
    char url[4096];
    bool more = true;
    int64_t now = clock_real_ms();

    if (argc < 2)
        bench_die("seed DATABASE [people=N] [fans=N] [follows=N] [posts=N] [shares=yes|no]");
    for (int i = 2; i < argc; i++)
        if (!take_option(&plan, argv[i]))
            bench_die("seed: what is '%s'?", argv[i]);
    if (plan.people < 2 || plan.fans > plan.people - 1)
        bench_die("seed: too few people");
    buffer_init(&complaint, 4096);
    (void)snprintf(url, sizeof url, "sqlite:%s", argv[1]);
    if (store_open(url, &complaint, &st) != OK)
        bench_die("seed: %s", complaint.len > 0 ? complaint.data : "cannot open the database");
    must(store_begin(st), "begin");
    add_people(st, &plan, now - plan.posts * 1000);
    add_follows(st, &plan, now - plan.posts * 1000);
    add_posts(st, &plan, a, now);
    must(store_commit(st), "commit");
    while (more)
        must(store_idle(st, now, 100000, &more), "idle");
    store_close(st);
    buffer_fini(&complaint);
    arena_free(a);
    return 0;
}
