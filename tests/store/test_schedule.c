/* SPDX-License-Identifier: MIT */
/* Texts to be posted later: each given out once, when it is due. */
#include "tests/store/common.h"

static int64_t alice, bob;

static int setup(void **state)
{
    int e = store_setup(state);

    alice = person("alice");
    bob = person("bob");
    return e;
}

static int64_t later(int64_t who, int64_t at, const char *text)
{
    int64_t n;

    MUST(store_scheduled_add(st, who, at, 0, text, &n));
    return n;
}

static void take(int64_t now, const char *text, int64_t next)
{
    struct scheduled due = {.text = ""};
    int64_t then = -1;

    GIVES(text == NULL ? E_NOTFOUND : OK, store_scheduled_take(st, now, ar, &due, &then));
    assert_string_equal(text == NULL ? "" : text, due.text);
    assert_int_equal(next, then);
}

static void test_take(void **state)
{
    struct scheduled due;
    int64_t next;

    (void)state;
    take(5000, NULL, 0);
    assert_int_equal(1, later(alice, 3000, "second"));
    assert_int_equal(2, later(alice, 2000, "first"));
    assert_int_equal(1, later(bob, 4000, "third")); /* numbers of his own */
    take(1999, NULL, 2000);
    take(2000, "first", 3000);
    take(2000, NULL, 3000);
    next_turn();
    MUST(store_scheduled_take(st, 9000, ar, &due, &next));
    assert_int_equal(alice, due.person);
    assert_int_equal(1, due.n);
    assert_int_equal(3000, due.at);
    assert_int_equal(4000, next);
    take(9000, "third", 0);
    take(9000, NULL, 0);
    assert_int_equal(3, later(alice, 9000, "numbers are not used again"));
    MUST(store_scheduled_add(st, bob, 9000, 7, "in a group", &due.n)); /* which one is kept */
    MUST(store_scheduled_remove(st, alice, 3));
    MUST(store_scheduled_take(st, 9000, ar, &due, &next));
    assert_int_equal(7, due.group);
}

static void test_list(void **state)
{
    struct scheduled *s;
    size_t n;
    bool more;

    (void)state;
    MUST(store_scheduled_list(st, alice, 0, 0, 5, ar, &s, &n, &more));
    assert_int_equal(0, n);
    (void)later(alice, 3000, "c");
    (void)later(alice, 2000, "a");
    (void)later(alice, 2000, "b");
    (void)later(bob, 1000, "his");
    MUST(store_scheduled_list(st, alice, 0, 0, 2, ar, &s, &n, &more));
    assert_int_equal(2, n);
    assert_true(more);
    assert_string_equal("a", s[0].text);
    assert_int_equal(2, s[0].n);
    assert_string_equal("b", s[1].text);
    MUST(store_scheduled_list(st, alice, s[1].at, s[1].n, 2, ar, &s, &n, &more));
    assert_int_equal(1, n);
    assert_false(more);
    assert_string_equal("c", s[0].text);
    assert_int_equal(3000, s[0].at);
}

static void test_remove(void **state)
{
    int64_t n = later(alice, 2000, "x");

    (void)state;
    GIVES(E_NOTFOUND, store_scheduled_remove(st, bob, n)); /* another's */
    MUST(store_scheduled_remove(st, alice, n));
    GIVES(E_NOTFOUND, store_scheduled_remove(st, alice, n));
    take(9000, NULL, 0);
}

static void test_limit(void **state)
{
    char *text = arena_alloc(ar, LIMIT_BODY + 2);
    int64_t n;

    (void)state;
    memset(text, 'x', LIMIT_BODY + 1);
    GIVES(E_LIMIT, store_scheduled_add(st, alice, 2000, 0, text, &n));
    text[LIMIT_BODY] = '\0';
    (void)later(alice, 2000, text);
    for (int i = 1; i < LIMIT_SCHEDULED; i++) {
        (void)later(alice, 2000 + i, "x");
    }
    GIVES(E_LIMIT, store_scheduled_add(st, alice, 9000, 7, "one too many", &n));
    (void)later(bob, 2000, "his");
    MUST(store_scheduled_remove(st, alice, 7));
    assert_int_equal(LIMIT_SCHEDULED + 1, later(alice, 9000, "room again"));
}

/* What a suspended person wrote is not published, then or later; what one who left wrote is gone. */
static void test_state(void **state)
{
    (void)state;
    (void)later(alice, 2000, "a");
    (void)later(bob, 2001, "b");
    (void)later(alice, 4000, "c");
    MUST(store_person_set_state(st, alice, PERSON_SUSPENDED));
    take(3000, "b", 4000);
    MUST(store_person_set_state(st, alice, PERSON_ACTIVE));
    take(3000, NULL, 4000);
    take(4000, "c", 0);
    (void)later(bob, 5000, "d");
    MUST(store_person_set_state(st, bob, PERSON_RETIRED));
    take(9000, NULL, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_take), TEST(test_list), TEST(test_remove), TEST(test_limit), TEST(test_state),
    };

    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
