/* SPDX-License-Identifier: MIT */
/* Fills a database with a company that has written for three years, as companies do: a few are followed by many, a few tags
 * are everywhere, most posts are answered by nobody and one by thousands.
 *   past DATABASE [people=N] [posts=N]
 * People 1 to 5 are alice, bob, carol, dan and minji, as in tests/unit/company.h: nearly all follow alice. Post #1 begins the
 * conversation that goes on for ever (a post in fifty). The others are <given name><number>. All is delivered and indexed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "db/store.h"
#include "tests/bench/common.h"

#define TURN 2000 /* verbs in one transaction */
#define TAGS 3000
#define GROUPS 300
#define MEMBERS 30
#define FOLLOWS 40
#define YEARS_MS (3 * 365 * 86400000LL)

static const char *const given[] = {"minji", "jihoon", "sora",  "hyun",  "anna",  "peter",
                                    "yuna",  "david",  "jisoo", "maria", "eunji", "tomas",
                                    "haeun", "george", "dana",  "woojin"};
static const char *const names[] = {"김민지",    "이지훈",      "박소라",       "최현",
                                    "Anna Berg", "Peter Novak", "정유나",       "David Lee",
                                    "강지수",    "Maria Silva", "윤은지",       "Tomas Weber",
                                    "Kim Haeun", "George Hill", "Dana Ivanova", "장우진"};
static const char *const titles[] = {"Engineer", "개발자", "Designer", "디자이너",
                                     "Sales",    "영업",   "Legal",    "인사"};
static const char *const first_nicks[] = {"alice", "bob", "carol", "dan", "minji"};

static struct {
    struct store *st;
    struct arena *a;
    long people, posts, verbs;
    int64_t begin, step; /* when it all began, and the time between two posts */
    struct tag tags[TAGS];
    struct {
        int64_t no, members[MEMBERS];
    } groups[GROUPS];
} p;

static void must(enum err e, const char *what)
{
    if (e != OK)
        bench_die("past: %s: %s", what, err_text(e));
}

/* Nobody is told of the past. */
static void settle_all(void)
{
    struct cursor *open;
    size_t n;

    do {
        arena_reset(p.a);
        must(store_cursors(p.st, 0, 500, p.a, &open, &n), "cursors");
        for (size_t i = 0; i < n; i++)
            must(store_cursor_done(p.st, open[i].event, open[i].class), "cursor");
    } while (n > 0);
}

static void next_turn(void)
{
    bool more = true;

    settle_all();
    must(store_commit(p.st), "commit");
    while (more)
        must(store_idle(p.st, p.begin, 100000, &more), "idle");
    must(store_begin(p.st), "begin");
}

static void did(enum err e, const char *what)
{
    if (e != E_EXISTS && e != E_DENIED && e != E_NOTFOUND && e != E_LIMIT)
        must(e, what);
    if (++p.verbs % TURN == 0)
        next_turn();
}

/* The first ones far more often than the last: with `power` 3, of 20,000 the first is drawn one time in 27. */
static int64_t draw_skewed(int64_t n, int power)
{
    double x = 1;

    for (int i = 0; i < power; i++)
        x *= (double)bench_draw(1 << 24) / (1 << 24);
    return 1 + (int64_t)(x * (double)n);
}

static void add_people(void)
{
    for (long i = 1; i <= p.people; i++) {
        size_t k = bench_draw(sizeof given / sizeof *given);
        char jid[64], nick[32], text[1000];
        int64_t no;

        if (i <= (long)(sizeof first_nicks / sizeof *first_nicks))
            (void)snprintf(nick, sizeof nick, "%s", first_nicks[i - 1]);
        else
            (void)snprintf(nick, sizeof nick, "%s%ld", given[k], i);
        (void)snprintf(jid, sizeof jid, "%s@" BENCH_DOMAIN, nick);
        must(store_person_add(p.st, jid, nick, NULL, 0, p.begin, &no), "person");
        if (no != i)
            bench_die("past: the database is not new");
        must(store_person_set(p.st, no, FIELD_NAME, names[k]), "name");
        must(store_person_set(p.st, no, FIELD_TITLE, titles[bench_draw(8)]), "title");
        bench_sentence(text, sizeof text, MIXED);
        must(store_person_set(p.st, no, FIELD_BIO, text), "bio");
        must(store_person_set(p.st, no, FIELD_ZONE, "Asia/Seoul"), "zone");
        must(store_person_set_flag(p.st, no, FLAG_GREETED_AT_NICK, true), "greeted");
        did(store_person_set_photo(p.st, no, "", "", NULL, 0, p.begin), "vcard");
    }
}

static void add_tags(void)
{
    for (int i = 0; i < TAGS; i++) {
        char key[64];

        (void)snprintf(key, sizeof key, i % 2 ? "tag%d" : "주제%d", i);
        if (i == 0)
            (void)snprintf(key, sizeof key, "lunch");
        p.tags[i].key = p.tags[i].shown = strdup(key);
        did(store_tag_add(p.st, key, key, &p.tags[i].no), "tag");
    }
}

static void add_edges(void)
{
    for (long i = 1; i <= p.people; i++) {
        for (int k = 0; k < FOLLOWS; k++)
            did(store_edge_open(p.st, EDGE_FOLLOW_PERSON, i, draw_skewed(p.people, 3), 0, 0,
                                p.begin),
                "follow");
        for (int k = 0; k < 3; k++)
            did(store_edge_open(p.st, EDGE_FOLLOW_TAG, i, p.tags[draw_skewed(TAGS, 3) - 1].no, 0, 0,
                                p.begin),
                "follow a tag");
        if (i % 20 == 0)
            did(store_edge_open(p.st, EDGE_MUTE_PERSON, i, draw_skewed(p.people, 2), 0, 0, p.begin),
                "mute");
    }
}

/* A third of them open, closed and secret. The first three are !design (open), !board (closed) and !falcon (secret): alice
 * is in the first and bob in all of them. */
static void add_groups(void)
{
    static const char *const known[] = {"design", "board", "falcon"};

    for (int i = 0; i < GROUPS; i++) {
        char key[32];
        struct new_group g = {.key = key,
                              .shown = key,
                              .purpose = "What we talk about",
                              .kind = (enum group_kind)(i % 3),
                              .owner = i < 3 ? 2 : 1 + (int64_t)bench_draw((uint64_t)p.people),
                              .at = p.begin};

        (void)snprintf(key, sizeof key, "group%d", i);
        if (i < 3)
            (void)snprintf(key, sizeof key, "%s", known[i]);
        did(store_group_add(p.st, &g, &p.groups[i].no), "group");
        p.groups[i].members[0] = g.owner;
        for (int k = 1; k < MEMBERS; k++) {
            int64_t who = i == 0 && k == 1 ? 1 : 6 + (int64_t)bench_draw((uint64_t)p.people - 6);

            did(store_member_add(p.st, p.groups[i].no, who, p.begin), "member");
            p.groups[i].members[k] = who;
        }
    }
}

/* One of the newest posts: conversations are short, but for the one that never ends. */
static int64_t draw_parent(long i)
{
    if (bench_draw(15) == 0)
        return 1;
    return i - 1 - (int64_t)bench_draw(i < 40 ? (uint64_t)i - 1 : 40);
}

static void add_post(long i)
{
    char text[2000];
    struct tag tags[2];
    int64_t named = draw_skewed(p.people, 2);
    uint64_t dice = bench_draw(100);
    struct added added;
    struct new_post post = {
        .author = draw_skewed(p.people, 2), .at = p.begin + i * p.step, .text = text, .tags = tags};
    enum err e;

    bench_sentence(text, 1000, (enum bench_tongue)bench_draw(3));
    if (i > 2 && dice < 30)
        post.parent = draw_parent(i);
    else if (i > 2 && dice < 35)
        post.recipient = draw_skewed(p.people, 2);
    else if (dice < 39)
        post.kind = KIND_QUESTION;
    else if (dice < 44) {
        int k = (int)draw_skewed(GROUPS, 2) - 1;

        post.group = p.groups[k].no;
        post.author = p.groups[k].members[bench_draw(MEMBERS)];
    }
    if (post.recipient == post.author)
        post.recipient = 0;
    for (uint64_t n = bench_draw(10); n < 2; n++) {
        tags[post.n_tags] = p.tags[draw_skewed(TAGS, 4) - 1];
        if (post.n_tags == 1 && tags[0].no == tags[1].no)
            break;
        (void)snprintf(text + strlen(text), 100, " #%s", tags[post.n_tags++].shown);
    }
    if (dice >= 95 && named != post.author) {
        post.named = &named;
        post.n_named = 1;
        (void)snprintf(text + strlen(text), 100, " @%s", named <= 5 ? first_nicks[named - 1] : "x");
    }
    e = store_post_add(p.st, &post, &added);
    if (e == E_NOTFOUND) { /* what it would answer is private: then it stands alone */
        post.parent = 0;
        e = store_post_add(p.st, &post, &added);
    }
    must(e, "post");
    if (added.post != i)
        bench_die("past: #%lld in place of #%ld", (long long)added.post, i);
    did(OK, "post");
}

/* Every third reply to a question is what its author asked for. */
static void add_answer(long i)
{
    struct accepted accepted;
    struct post reply, question;

    if (store_post_get(p.st, i, 0, p.a, &reply) != OK || reply.parent == 0 ||
        store_post_get(p.st, reply.root, 0, p.a, &question) != OK ||
        question.kind != KIND_QUESTION || bench_draw(3) != 0)
        return;
    did(store_accept_add(p.st, i, question.author, reply.at, &accepted), "accept");
}

/* What people do with posts. */
static void add_marks(long i)
{
    int64_t who = draw_skewed(p.people, 2), at = p.begin + i * p.step,
            post = i - (int64_t)bench_draw(i < 100 ? (uint64_t)i : 100);
    struct added added;

    if (bench_draw(2) == 0)
        did(store_like_add(p.st, post, who, at), "like");
    if (bench_draw(8) == 0)
        did(store_like_add(p.st, 1 + (int64_t)bench_draw((uint64_t)i), who, at), "like");
    if (bench_draw(40) == 0)
        did(store_repeat_add(p.st, who, post, "", at, &added), "repeat");
    if (bench_draw(40) == 0)
        did(store_save_add(p.st, who, post, at), "save");
    if (bench_draw(60) == 0)
        did(store_praise_add(p.st, post, who), "praise");
    if (bench_draw(5000) == 0)
        did(store_pin_add(p.st, who, post, at), "pin");
}

int main(int argc, char **argv)
{
    struct buffer complaint;
    char url[4096];

    p.people = 1000;
    p.posts = 10000;
    if (argc < 2)
        bench_die("past DATABASE [people=N] [posts=N]");
    for (int i = 2; i < argc; i++)
        if (strncmp(argv[i], "people=", 7) == 0)
            p.people = bench_number(argv[i] + 7);
        else if (strncmp(argv[i], "posts=", 6) == 0)
            p.posts = bench_number(argv[i] + 6);
        else
            bench_die("past: what is '%s'?", argv[i]);
    if (p.people < 10 || p.posts < 100)
        bench_die("past: too few");
    p.a = arena_new(64 << 20);
    p.step = YEARS_MS / p.posts;
    p.begin = clock_real_ms() - p.posts * p.step;
    buffer_init(&complaint, 4096);
    (void)snprintf(url, sizeof url, "sqlite:%s", argv[1]);
    if (store_open(url, &complaint, &p.st) != OK)
        bench_die("past: %s", complaint.len > 0 ? complaint.data : "cannot open the database");
    must(store_begin(p.st), "begin");
    add_people();
    add_tags();
    add_edges();
    add_groups();
    for (long i = 1; i <= p.posts; i++) {
        add_post(i);
        add_marks(i);
        add_answer(i);
    }
    next_turn();
    must(store_commit(p.st), "commit");
    store_close(p.st);
    buffer_fini(&complaint);
    arena_free(p.a);
    return 0;
}
