/* SPDX-License-Identifier: MIT */
/* The log, cursors, audiences, what is held, owed again, digested; answers, ids that came in, news.
 * That audiences are the right ones, test_owed.c holds. */
#include "tests/store/common.h"

#define HOUR 3600000LL

static int64_t alice, bob, carol;

static int setup(void **state)
{
    if (store_setup(state) != 0) {
        return -1;
    }
    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    return 0;
}

static void test_log(void **state)
{
    struct event e;
    int64_t no;

    (void)state;
    assert_int_equal(head(), 0);
    GIVES(E_NOTFOUND, store_event_get(st, 1, &e));
    (void)post(alice, 1000, "x");
    (void)reply(bob, 1, 1001, "y");
    assert_int_equal(head(), 2);
    MUST(store_event_head(st, &no));
    assert_int_equal(no, 2);
    MUST(store_event_get(st, 2, &e));
    assert_int_equal(e.no, 2);
    assert_int_equal(e.kind, EVENT_POST);
    assert_int_equal(e.top, CLASS_MENTION); /* it answers alice */
    assert_int_equal(e.author, bob);
    assert_int_equal(e.post, 2);
    assert_int_equal(e.root, 1);
    assert_int_equal(e.original, 0);
    assert_int_equal(e.version, 0);
    assert_int_equal(e.at, 1001);
    /* Nothing that was rolled back leaves a gap. */
    MUST(store_savepoint(st));
    (void)post(alice, 1002, "z");
    MUST(store_undo(st));
    assert_int_equal(head(), 2);
    MUST(store_post_edit(st, 1, &(struct new_post){.author = alice, .at = 1003, .text = "xx"},
                         &(struct added){0}));
    MUST(store_post_delete(st, 1, 1004, &(struct added){0}));
    MUST(store_event_find(st, EVENT_POST, 1, 0, &no));
    assert_int_equal(no, 1);
    MUST(store_event_find(st, EVENT_EDIT, 1, 1, &no));
    assert_int_equal(no, 3);
    GIVES(E_NOTFOUND, store_event_find(st, EVENT_EDIT, 1, 2, &no));
    MUST(store_event_find(st, EVENT_DELETE, 1, 0, &no));
    assert_int_equal(no, 4);
    GIVES(E_NOTFOUND, store_event_find(st, EVENT_DELETE, 2, 0, &no));
    GIVES(E_NOTFOUND, store_event_find(st, EVENT_POST, 99, 0, &no));
}

static void test_cursors(void **state)
{
    struct cursor *c;
    struct event e;
    size_t n;

    (void)state;
    MUST(store_cursors(st, 0, 10, ar, &c, &n));
    assert_int_equal(n, 0);
    (void)post(alice, 1000, "nobody follows");
    MUST(store_cursors(st, 0, 10, ar, &c, &n));
    assert_int_equal(n, 0);
    MUST(store_event_get(st, 1, &e));
    assert_int_equal(e.top, CLASS_BULK);
    follow(bob, alice);
    MUST(store_post_add(
        st,
        &(struct new_post){.author = alice, .at = 1001, .text = "x", .named = &carol, .n_named = 1},
        &(struct added){0}));
    (void)private_to(alice, bob, 1002, "x");
    MUST(store_cursors(st, 0, 10, ar, &c, &n));
    assert_int_equal(n, 3);
    assert_int_equal(c[0].event, 2);
    assert_int_equal(c[0].class, CLASS_MENTION);
    assert_int_equal(c[0].last, 0);
    assert_int_equal(c[1].class, CLASS_BULK);
    assert_int_equal(c[2].event, 3);
    assert_int_equal(c[2].class, CLASS_PRIVATE);
    MUST(store_cursor_set(st, 2, CLASS_BULK, bob));
    MUST(store_cursor_done(st, 2, CLASS_MENTION));
    MUST(store_cursors(st, 0, 1, ar, &c, &n));
    assert_int_equal(n, 1);
    assert_int_equal(c[0].last, bob);
    MUST(store_cursors(st, 2, 10, ar, &c, &n));
    assert_int_equal(n, 1);
    assert_int_equal(c[0].event, 3);
    MUST(store_cursor_done(st, 99, CLASS_BULK));
    MUST(store_cursor_set(st, 99, CLASS_BULK, 1));
    MUST(store_cursors(st, 3, 10, ar, &c, &n));
    assert_int_equal(n, 0);
}

static void test_audience(void **state)
{
    int64_t people[10], pages[10];
    struct audience *au;
    struct event e;
    size_t n;

    (void)state;
    for (int i = 0; i < 5; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        follow(person(nick), alice);
    }
    (void)post(alice, 1000, "x");
    assert_int_equal(audience(1, CLASS_BULK, 10, people, 10), 5);
    assert_int_equal(audience(1, CLASS_BULK, 1, pages, 10), 5);
    assert_memory_equal(people, pages, 5 * sizeof(int64_t));
    assert_int_equal(audience(1, CLASS_MENTION, 10, people, 10), 0);
    assert_int_equal(audience(1, CLASS_ANNOUNCEMENT, 10, people, 10), 0);
    /* It lives over transactions, and sees what is forbidden by then. */
    MUST(store_event_get(st, 1, &e));
    MUST(store_audience_open(st, &e, CLASS_BULK, &au));
    MUST(store_audience_next(st, au, 0, people, 2, &n));
    assert_int_equal(n, 2);
    next_turn();
    MUST(store_person_set_state(st, 6, PERSON_SUSPENDED));
    MUST(store_edge_open(st, EDGE_BLOCK, 7, alice, 0, 0, 1001));
    follow(carol, alice); /* too late for this event */
    next_turn();
    MUST(store_audience_next(st, au, people[1], people, 10, &n));
    assert_int_equal(n, 1);
    assert_int_equal(people[0], 8);
    MUST(store_audience_next(st, au, 8, people, 10, &n));
    assert_int_equal(n, 0);
    MUST(store_audience_next(st, au, 0, people, 10, &n)); /* from the beginning, after a restart */
    assert_int_equal(n, 3);
    MUST(store_audience_next(st, au, 0, people, 0, &n));
    assert_int_equal(n, 0);
    store_audience_close(au);
    store_audience_close(NULL);
}

static void test_owed(void **state)
{
    enum event_class class;
    struct owed *o;
    struct event e;
    int64_t next;
    size_t n;
    int first;

    (void)state;
    MUST(store_owed(st, bob, 15, 1, 1, 10, ar, &o, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 1);
    follow(bob, alice);
    for (int i = 0; i < 5; i++) {
        (void)post(alice, 1000 + i, "x");
    }
    MUST(store_owed(st, bob, 1u << CLASS_BULK, 1, 6, 3, ar, &o, &n, &next));
    assert_int_equal(n, 3);
    assert_int_equal(next, 4);
    MUST(store_owed(st, bob, 1u << CLASS_BULK, next, 6, 3, ar, &o, &n, &next));
    assert_int_equal(n, 2);
    assert_int_equal(next, 6);
    assert_int_equal(o[1].event.no, 5);
    MUST(store_owed(st, bob, 1u << CLASS_MENTION, 1, 6, 3, ar, &o, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 6);
    MUST(store_event_get(st, 1, &e));
    MUST(store_owed_one(st, &e, bob, &class, &first));
    assert_int_equal(class, CLASS_BULK);
    assert_int_equal(first, 0);
    GIVES(E_NOTFOUND, store_owed_one(st, &e, alice, &class, &first));
    GIVES(E_NOTFOUND, store_owed_one(st, &e, carol, &class, &first));
    GIVES(E_NOTFOUND, store_owed_one(st, &e, 99, &class, &first));
}

static void test_held(void **state)
{
    struct held *h;
    size_t n;

    (void)state;
    MUST(store_held_page(st, 0, 10, ar, &h, &n));
    assert_int_equal(n, 0);
    MUST(store_held_set(st, alice, CLASS_BULK, 10));
    MUST(store_held_set(st, alice, CLASS_BULK, 20)); /* never forward */
    MUST(store_held_page(st, 0, 10, ar, &h, &n));
    assert_int_equal(n, 1);
    assert_int_equal(h[0].from, 10);
    MUST(store_held_set(st, alice, CLASS_BULK, 5));
    MUST(store_held_advance(st, alice, CLASS_BULK, 8));
    MUST(store_held_advance(st, alice, CLASS_BULK, 7)); /* nor back */
    MUST(store_held_advance(st, bob, CLASS_BULK, 7));   /* not held: nothing */
    MUST(store_held_page(st, 0, 10, ar, &h, &n));
    assert_int_equal(n, 1);
    assert_int_equal(h[0].from, 8);
    assert_int_equal(h[0].person, alice);
    assert_int_equal(h[0].class, CLASS_BULK);
    for (int class = 0; class < N_CLASSES; class ++) {
        for (int64_t p = alice; p <= carol; p++) {
            MUST(store_held_set(st, p, (enum event_class) class, 3));
        }
    }
    MUST(store_held_page(st, 0, 1, ar, &h, &n));
    assert_int_equal(n, N_CLASSES); /* whole people */
    MUST(store_held_page(st, 0, 7, ar, &h, &n));
    assert_int_equal(n, N_CLASSES);
    MUST(store_held_page(st, h[n - 1].person, 100, ar, &h, &n));
    assert_int_equal(n, 2 * N_CLASSES);
    MUST(store_held_clear(st, bob, CLASS_BULK));
    MUST(store_held_clear(st, bob, CLASS_BULK));
    MUST(store_held_page(st, alice, 100, ar, &h, &n));
    assert_int_equal(n, 2 * N_CLASSES - 1);
}

static void test_back(void **state)
{
    int64_t *events;
    size_t n;

    (void)state;
    MUST(store_back_list(st, alice, 0, 10, ar, &events, &n));
    assert_int_equal(n, 0);
    MUST(store_back_add(st, alice, 9));
    MUST(store_back_add(st, alice, 7));
    MUST(store_back_add(st, alice, 9));
    MUST(store_back_add(st, bob, 8));
    MUST(store_back_list(st, alice, 0, 10, ar, &events, &n));
    assert_int_equal(n, 2);
    assert_int_equal(events[0], 7);
    assert_int_equal(events[1], 9);
    MUST(store_back_list(st, alice, 0, 1, ar, &events, &n));
    assert_int_equal(n, 1);
    MUST(store_back_list(st, alice, 7, 1, ar, &events, &n));
    assert_int_equal(events[0], 9);
    MUST(store_back_remove(st, alice, 9));
    MUST(store_back_remove(st, alice, 9));
    MUST(store_back_list(st, alice, 7, 1, ar, &events, &n));
    assert_int_equal(n, 0);
}

static void test_digest(void **state)
{
    bool in[120], model[120] = {false}, got;
    uint64_t seed = 42;

    (void)state;
    MUST(store_digest_has(st, alice, CLASS_BULK, 5, &got));
    assert_false(got);
    for (int i = 0; i < 40; i++) {
        int64_t lo = 1 + rnd(&seed, 100), hi = lo + rnd(&seed, 8);

        MUST(store_digest_add(st, alice, CLASS_BULK, lo, hi));
        for (int64_t e = lo; e <= hi; e++) {
            model[e] = true;
        }
        for (int64_t e = 0; e < 120; e++) {
            MUST(store_digest_has(st, alice, CLASS_BULK, e, &in[e]));
            assert_int_equal(in[e], model[e]);
        }
    }
    MUST(store_digest_add(st, bob, CLASS_BULK, 10, 9)); /* an empty range */
    MUST(store_digest_has(st, bob, CLASS_BULK, 10, &got));
    assert_false(got);
    MUST(store_digest_has(st, bob, CLASS_BULK, 9, &got));
    assert_false(got);
}

static void test_bounces(void **state)
{
    struct bounce *b;
    size_t n;

    (void)state;
    MUST(store_bounces(st, 0, 10, ar, &b, &n));
    assert_int_equal(n, 0);
    MUST(store_bounce_set(st, &(struct bounce){alice, 1, 1000}));
    MUST(store_bounce_set(st, &(struct bounce){alice, 2, 2000}));
    MUST(store_bounce_set(st, &(struct bounce){bob, 1, 3000}));
    MUST(store_bounces(st, 0, 1, ar, &b, &n));
    assert_int_equal(n, 1);
    assert_int_equal(b[0].person, alice);
    assert_int_equal(b[0].tries, 2);
    assert_int_equal(b[0].at, 2000);
    MUST(store_bounces(st, alice, 10, ar, &b, &n));
    assert_int_equal(n, 1);
    MUST(store_bounce_clear(st, bob));
    MUST(store_bounce_clear(st, bob));
    MUST(store_bounces(st, alice, 10, ar, &b, &n));
    assert_int_equal(n, 0);
}

static int64_t answer(int64_t who, int64_t at)
{
    struct answer an = {who, "alice@corp.example/phone", "jaejal@blog.corp.example",
                        "Posted #1 for 3 people.", 1};
    int64_t event;

    MUST(store_answer_add(st, EVENT_ANSWER, &an, at, &event));
    return event;
}

static void test_answers(void **state)
{
    int64_t people[3], event = answer(alice, 1000);
    struct cursor *c;
    struct answer an;
    struct event e;
    size_t n;

    (void)state;
    MUST(store_answer_get(st, event, ar, &an));
    assert_int_equal(an.person, alice);
    assert_string_equal(an.to, "alice@corp.example/phone");
    assert_string_equal(an.from, "jaejal@blog.corp.example");
    assert_string_equal(an.text, "Posted #1 for 3 people.");
    assert_int_equal(an.post, 1);
    GIVES(E_NOTFOUND, store_answer_get(st, 99, ar, &an));
    MUST(store_event_get(st, event, &e));
    assert_int_equal(e.kind, EVENT_ANSWER);
    assert_int_equal(e.top, CLASS_PRIVATE);
    assert_int_equal(e.author, alice);
    assert_int_equal(e.post, 1);
    MUST(store_cursors(st, 0, 5, ar, &c, &n));
    assert_int_equal(n, 1);
    assert_int_equal(c[0].class, CLASS_PRIVATE);
    assert_int_equal(audience(event, CLASS_PRIVATE, 3, people, 3), 1);
    assert_int_equal(people[0], alice);
}

/* After a day a text goes, unless it is still to be sent. */
static void test_answers_purged(void **state)
{
    int64_t done = answer(alice, 1000), walking = answer(alice, 1000), held = answer(bob, 1000);
    int64_t back = answer(carol, 1000), young = answer(alice, 1000 + DAY);
    int64_t people[2];
    struct answer an;

    (void)state;
    for (int64_t e = done; e <= young; e++) {
        if (e != walking) {
            MUST(store_cursor_done(st, e, CLASS_PRIVATE));
        }
    }
    MUST(store_held_set(st, bob, CLASS_PRIVATE, held));
    MUST(store_back_add(st, carol, back));
    idle(1000 + DAY);
    MUST(store_answer_get(st, done, ar, &an)); /* not older than a day yet */
    idle(1000 + 2 * DAY);
    GIVES(E_NOTFOUND, store_answer_get(st, done, ar, &an));
    assert_int_equal(audience(done, CLASS_PRIVATE, 1, people, 2), 0);
    MUST(store_answer_get(st, walking, ar, &an));
    MUST(store_answer_get(st, held, ar, &an));
    MUST(store_answer_get(st, back, ar, &an));
    MUST(store_answer_get(st, young, ar, &an));
    MUST(store_held_advance(st, bob, CLASS_PRIVATE, held + 1));
    MUST(store_back_remove(st, carol, back));
    idle(1000 + 2 * DAY + 60000);
    GIVES(E_NOTFOUND, store_answer_get(st, held, ar, &an));
    GIVES(E_NOTFOUND, store_answer_get(st, back, ar, &an));
    assert_int_equal(head(), young); /* the numbers stay taken */
}

static void test_claims(void **state)
{
    struct claim c;
    char id[1025];

    (void)state;
    memset(id, 'i', sizeof(id) - 1);
    id[sizeof(id) - 1] = '\0';
    GIVES(E_NOTFOUND, store_claim_find(st, alice, "id-1", ar, &c));
    MUST(store_claim_add(st, alice, &(struct claim){"id-1", 7, 8, "00ff10", 1000}));
    MUST(store_claim_find(st, alice, "id-1", ar, &c));
    assert_string_equal(c.id, "id-1");
    assert_int_equal(c.post, 7);
    assert_int_equal(c.answer, 8);
    assert_string_equal(c.digest, "00ff10");
    assert_int_equal(c.at, 1000);
    GIVES(E_NOTFOUND, store_claim_find(st, bob, "id-1", ar, &c)); /* one's own only */
    MUST(store_claim_add(st, alice, &(struct claim){"id-1", 9, 10, "aa", 1001}));
    MUST(store_claim_find(st, alice, "id-1", ar, &c)); /* the newest counts */
    assert_int_equal(c.post, 9);
    assert_string_equal(c.digest, "aa");
    MUST(store_claim_add(st, alice, &(struct claim){id, 1, 0, "", 1000}));
    MUST(store_claim_find(st, alice, id, ar, &c));
    assert_int_equal(c.post, 1);
    assert_string_equal(c.digest, "");
    MUST(store_claim_add(st, alice, &(struct claim){"command", 0, 11, "bb", 1000}));
    idle(1000 + DAY);
    MUST(store_claim_find(st, alice, "command", ar, &c));
    idle(1000 + 2 * DAY);
    GIVES(E_NOTFOUND, store_claim_find(st, alice, "command", ar, &c));
    MUST(store_claim_find(st, alice, "id-1", ar, &c)); /* as long as the post is there */
    assert_int_equal(c.post, 9);
    assert_string_equal(c.digest, "");
}

static void test_news(void **state)
{
    int64_t no = post(alice, 1000, "x"), next;
    struct news *news;
    size_t n;

    (void)state;
    MUST(store_news_take(st, 1000, ar, &news, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 0);
    MUST(store_like_add(st, no, bob, 1001));
    MUST(store_like_add(st, no, alice, 1001)); /* one's own is no news */
    follow(carol, alice);                      /* at 1000 */
    MUST(store_news_take(st, 2000, ar, &news, &n, &next));
    assert_int_equal(n, 2);
    assert_int_equal(news[0].person, alice);
    assert_int_equal(news[0].kind, NEWS_LIKE);
    assert_int_equal(news[0].post, no);
    assert_int_equal(news[0].actor, bob);
    assert_string_equal(news[0].actor_nick, "bob");
    assert_string_equal(news[0].actor_name, "");
    assert_int_equal(news[1].kind, NEWS_FOLLOWER);
    assert_int_equal(news[1].post, 0);
    assert_int_equal(next, 0);
    MUST(store_like_add(st, no, carol, 3000)); /* waits for the hour */
    MUST(store_news_take(st, 3000, ar, &news, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 2000 + HOUR);
    follow(alice, bob); /* somebody else is due before */
    MUST(store_news_take(st, 3001, ar, &news, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(news[0].person, bob);
    assert_int_equal(next, 2000 + HOUR);
    MUST(store_news_take(st, 2000 + HOUR, ar, &news, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(news[0].person, alice);
}

/* What is taken back before it was told is no news; nor is what the person should not hear of. */
static void test_no_news(void **state)
{
    int64_t no = post(alice, 1000, "x"), other = post(alice, 1000, "y"), next;
    struct news *news;
    size_t n;

    (void)state;
    MUST(store_like_add(st, no, bob, 1001));
    MUST(store_like_remove(st, no, bob));
    MUST(store_like_add(st, other, bob, 1001));
    MUST(store_post_delete(st, other, 1002, &(struct added){0}));
    follow(bob, alice);
    MUST(store_edge_close(st, EDGE_FOLLOW_PERSON, bob, alice));
    MUST(store_like_add(st, no, carol, 1003));
    MUST(store_edge_open(st, EDGE_BLOCK, alice, carol, 0, 0, 1004));
    MUST(store_news_take(st, 5000, ar, &news, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 0);
    MUST(store_like_add(st, no, bob, 6000));
    MUST(store_person_set_state(st, alice, PERSON_SUSPENDED));
    MUST(store_news_take(st, 9000 + HOUR, ar, &news, &n, &next));
    assert_int_equal(n, 0);
    idle(10000 + 2 * HOUR);
}

static int64_t told(int64_t now, size_t want)
{
    struct news *news;
    int64_t next;
    size_t n;

    MUST(store_news_take(st, now, ar, &news, &n, &next));
    assert_int_equal(n, want);
    return next;
}

/* An hour, two, four, eight, eight; and an hour again behind a quiet one. */
static void test_news_pauses(void **state)
{
    static const int64_t hours[] = {1, 2, 4, 8, 8, 8};
    int64_t no = post(alice, 1000, "x"), at = 1000;

    (void)state;
    MUST(store_like_add(st, no, bob, at));
    assert_int_equal(told(at, 1), 0);
    for (size_t i = 0; i < ARRAY_LEN(hours); i++) {
        MUST(store_like_remove(st, no, bob));
        MUST(store_like_add(st, no, bob, at));
        assert_int_equal(told(at, 0), at + hours[i] * HOUR);
        assert_int_equal(told(at + hours[i] * HOUR - 1, 0), at + hours[i] * HOUR);
        at += hours[i] * HOUR;
        (void)told(at, 1);
        idle(at); /* which forgets no pause that may still grow */
    }
    at += 8 * HOUR;
    MUST(store_like_add(st, no, carol, at + HOUR));
    (void)told(at + HOUR, 1); /* nothing came for an hour when it was over */
    MUST(store_like_remove(st, no, carol));
    MUST(store_like_add(st, no, carol, at + HOUR));
    assert_int_equal(told(at + HOUR, 0), at + 2 * HOUR);
    (void)told(at + 2 * HOUR, 1);
    MUST(store_like_remove(st, no, carol));
    MUST(store_like_add(st, no, carol, at + 5 * HOUR - 1));
    (void)told(at + 5 * HOUR - 1, 1); /* within the hour behind it: four hours now */
    MUST(store_like_remove(st, no, carol));
    MUST(store_like_add(st, no, carol, at + 5 * HOUR));
    assert_int_equal(told(at + 5 * HOUR, 0), at + 9 * HOUR - 1);
}

static void test_news_of_repeats(void **state)
{
    int64_t no = post(alice, 1000, "x"), next;
    struct news *news;
    size_t n;

    (void)state;
    MUST(store_repeat_add(st, bob, no, "", 1000, &(struct added){0}));
    MUST(store_repeat_add(st, carol, no, "", 1000, &(struct added){0}));
    MUST(store_repeat_remove(st, carol, no, 1000));
    MUST(store_news_take(st, 2000, ar, &news, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(news[0].kind, NEWS_REPEAT);
    assert_int_equal(news[0].post, no);
    assert_int_equal(news[0].actor, bob);
}

/* Whose updates are off, also by themselves, hears of it when they are on again; who wants none, never. */
static void test_news_of_who_is_off(void **state)
{
    int64_t no = post(alice, 1000, "x");

    (void)state;
    MUST(store_person_set_flag(st, alice, FLAG_ON, false));
    MUST(store_like_add(st, no, bob, 1000));
    assert_int_equal(told(2000, 0), 2000 + HOUR);
    MUST(store_person_set_flag(st, alice, FLAG_ON, true));
    MUST(store_seen_set(st, alice, 1000));
    MUST(store_sleep_set(st, alice));
    assert_int_equal(told(2000 + HOUR, 0), 2000 + 2 * HOUR);
    MUST(store_seen_set(st, alice, 3000));
    assert_int_equal(told(2000 + 2 * HOUR - 1, 0), 2000 + 2 * HOUR);
    (void)told(2000 + 2 * HOUR, 1);
    MUST(store_person_set_flag(st, alice, FLAG_NO_NEWS, true));
    MUST(store_like_add(st, no, carol, 3000));
    assert_int_equal(told(DAY, 0), 0);
    MUST(store_person_set_flag(st, alice, FLAG_NO_NEWS, false));
    assert_int_equal(told(2 * DAY, 0), 0); /* it was dropped */
}

/* A bounded number of them is passed over in one call, however many are off; whoever comes behind them is told soon. */
static void test_news_of_many_who_are_off(void **state)
{
    enum { MANY = 250, CALLS = 4 };
    char nick[20];
    int calls = 0;
    struct news *news;
    int64_t next;
    size_t n;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        int64_t off;

        (void)snprintf(nick, sizeof(nick), "off%d", i);
        off = person(nick);
        MUST(store_person_set_flag(st, off, FLAG_ON, false));
        MUST(store_like_add(st, post(off, 1000, "x"), bob, 1000));
    }
    MUST(store_like_add(st, post(alice, 1000, "x"), bob, 1001));
    do {
        MUST(store_news_take(st, 2000, ar, &news, &n, &next));
        assert_true(n > 0 || next == 2000); /* not done yet: again at once */
    } while (n == 0 && ++calls < CALLS);
    assert_int_equal(calls, MANY / 100);
    assert_int_equal(n, 1);
    assert_int_equal(news[0].person, alice);
    assert_int_equal(told(2000, 0), 2000 + HOUR);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_log),
        TEST(test_cursors),
        TEST(test_audience),
        TEST(test_owed),
        TEST(test_held),
        TEST(test_back),
        TEST(test_digest),
        TEST(test_bounces),
        TEST(test_answers),
        TEST(test_answers_purged),
        TEST(test_claims),
        TEST(test_news),
        TEST(test_no_news),
        TEST(test_news_pauses),
        TEST(test_news_of_repeats),
        TEST(test_news_of_who_is_off),
        TEST(test_news_of_many_who_are_off),
    };

    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
