/* SPDX-License-Identifier: MIT */
/* When updates may reach a person: db/store_peace.h. */
#include "tests/store/common.h"

static void test_set(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");
    struct peace p = {.snooze_until = 5000,
                      .quiet = true,
                      .quiet_from = 1140,
                      .quiet_to = 480,
                      .allow = 1u << CLASS_MENTION,
                      .digest = DIGEST_WEEKLY,
                      .digest_day = 1,
                      .digest_minute = 540,
                      .digest_next = 7000,
                      .due = 5000,
                      .holds = 1u << CLASS_BULK | HOLDS_DIGEST | HOLDS_DUE},
                 got;
    struct person who;

    (void)state;
    MUST(store_peace_get(st, alice, &got));
    assert_int_equal(got.snooze_until, 0);
    assert_false(got.quiet);
    assert_int_equal(got.holds, 0);
    MUST(store_peace_set(st, alice, &p));
    MUST(store_peace_get(st, alice, &got));
    assert_int_equal(got.snooze_until, 5000);
    assert_true(got.quiet);
    assert_int_equal(got.quiet_from, 1140);
    assert_int_equal(got.quiet_to, 480);
    assert_int_equal(got.allow, 1u << CLASS_MENTION);
    assert_int_equal(got.digest, DIGEST_WEEKLY);
    assert_int_equal(got.digest_day, 1);
    assert_int_equal(got.digest_minute, 540);
    assert_int_equal(got.digest_next, 7000);
    assert_int_equal(got.due, 5000);
    assert_int_equal(got.holds, p.holds);
    MUST(store_person_by_no(st, alice, ar, &who));
    assert_int_equal(who.holds, p.holds);
    MUST(store_peace_digest_done(st, alice, HOLDS_DUE));
    MUST(store_peace_digest_done(st, alice, HOLDS_DUE));
    MUST(store_peace_get(st, alice, &got));
    assert_int_equal(got.holds, 1u << CLASS_BULK | HOLDS_DIGEST);
    MUST(store_person_by_no(st, bob, ar, &who));
    assert_int_equal(who.holds, 0);
    GIVES(E_NOTFOUND, store_peace_set(st, 99, &p));
    MUST(store_person_set_state(st, alice, PERSON_RETIRED));
    GIVES(E_NOTFOUND, store_peace_set(st, alice, &p));
    MUST(store_peace_get(st, alice, &got));
    assert_int_equal(got.due, 0);
}

static void test_due(void **state)
{
    int64_t *people, next, no[5];
    size_t n;

    (void)state;
    MUST(store_peace_due(st, 1000, 10, ar, &people, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 0);
    for (int i = 0; i < 5; i++) {
        char nick[] = {'p', (char)('a' + i), '\0'};

        no[i] = person(nick);
        MUST(store_peace_set(st, no[i], &(struct peace){.due = i == 4 ? 0 : 3000 - 1000 * i}));
    }
    /* 3000, 2000, 1000, 0: never, 0 */
    MUST(store_peace_due(st, 999, 10, ar, &people, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 1000);
    MUST(store_peace_due(st, 2000, 10, ar, &people, &n, &next));
    assert_int_equal(n, 2);
    assert_int_equal(people[0], no[2]);
    assert_int_equal(people[1], no[1]);
    assert_int_equal(next, 3000);
    MUST(store_peace_due(st, 9000, 1, ar, &people, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(people[0], no[2]);
    assert_int_equal(next, 0);
}

/* The clock was ahead, and is set right: what comes every day or week is worked out anew, or it would not come for as long
 * as the clock was ahead. A snooze may end whenever somebody likes. */
static void test_clock_set_back(void **state)
{
    const int64_t ahead = 365 * DAY;
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol"), *people, next;
    size_t n;

    (void)state;
    MUST(store_peace_set(st, alice, &(struct peace){.quiet = true, .due = ahead}));
    MUST(store_peace_set(st, bob, &(struct peace){.snooze_until = ahead, .due = ahead}));
    MUST(store_peace_set(st, carol, &(struct peace){.digest = DIGEST_WEEKLY, .due = 7 * DAY}));
    MUST(store_peace_due(st, 1000, 10, ar, &people, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(people[0], alice);
    assert_int_equal(next, 7 * DAY);
    MUST(store_peace_due(st, ahead - DAY, 10, ar, &people, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(people[0], carol);
}

/* News of somebody in their quiet hours waits for the end of these, and is in nobody's way. */
static void test_news(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), no = post(alice, 1000, "x"), next;
    struct peace quiet = {.due = 9000, .holds = 1u << CLASS_BULK};
    struct news *news;
    size_t n;

    (void)state;
    MUST(store_like_add(st, no, bob, 1001));
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON, alice, bob, 0, 0, 1500));
    MUST(store_peace_set(st, alice, &quiet));
    MUST(store_news_take(st, 2000, ar, &news, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(news[0].person, bob);
    assert_int_equal(next, 9000);
    MUST(store_news_take(st, 8999, ar, &news, &n, &next));
    assert_int_equal(n, 0);
    /* Over, but not yet looked at: a minute later. */
    MUST(store_news_take(st, 9000, ar, &news, &n, &next));
    assert_int_equal(n, 0);
    assert_int_equal(next, 69000);
    quiet.holds = 1u << CLASS_BULK | HOLDS_DIGEST; /* a digest holds no news back */
    MUST(store_peace_set(st, alice, &quiet));
    MUST(store_news_take(st, 69000, ar, &news, &n, &next));
    assert_int_equal(n, 1);
    assert_int_equal(news[0].person, alice);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_set), TEST(test_due), TEST(test_clock_set_back),
                                       TEST(test_news)};

    return cmocka_run_group_tests_name("peace", tests, NULL, NULL);
}
