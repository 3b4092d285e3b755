/* SPDX-License-Identifier: MIT */
/* Short forms of one's own. */
#include "tests/store/common.h"

#include "base/limits.h"

static void set(int64_t who, const char *name, const char *text)
{
    MUST(store_alias_set(st, who, &(struct alias){name, text}));
}

static void test_alias(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");
    struct alias al, *list;
    size_t n;
    bool more;

    (void)state;
    GIVES(E_NOTFOUND, store_alias_find(st, alice, "hi", ar, &al));
    MUST(store_aliases(st, alice, "", 10, ar, &list, &n, &more));
    assert_int_equal(n, 0);
    set(alice, "hi", "d bob hi %1");
    set(alice, "안녕", "d bob 안녕");
    set(bob, "hi", "home");
    next_turn();
    MUST(store_alias_find(st, alice, "hi", ar, &al));
    assert_string_equal(al.text, "d bob hi %1");
    assert_string_equal(al.name, "hi");
    set(alice, "hi", "d bob hello");
    MUST(store_alias_find(st, alice, "hi", ar, &al));
    assert_string_equal(al.text, "d bob hello");
    MUST(store_aliases(st, alice, "", 1, ar, &list, &n, &more));
    assert_int_equal(n, 1);
    assert_true(more);
    assert_string_equal(list[0].name, "hi");
    MUST(store_aliases(st, alice, "hi", 1, ar, &list, &n, &more));
    assert_int_equal(n, 1);
    assert_false(more);
    assert_string_equal(list[0].name, "안녕");
    GIVES(E_NOTFOUND, store_alias_remove(st, bob, "안녕"));
    MUST(store_alias_remove(st, alice, "안녕"));
    GIVES(E_NOTFOUND, store_alias_remove(st, alice, "안녕"));
    GIVES(E_NOTFOUND, store_alias_find(st, alice, "안녕", ar, &al));
}

static void test_limit(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");

    (void)state;
    for (int i = 0; i < LIMIT_ALIASES; i++) {
        char name[20];

        (void)snprintf(name, sizeof(name), "a%d", i);
        set(alice, name, "home");
    }
    GIVES(E_LIMIT, store_alias_set(st, alice, &(struct alias){"more", "home"}));
    set(alice, "a7", "all"); /* another meaning is no further one */
    set(bob, "more", "home");
    MUST(store_alias_remove(st, alice, "a7"));
    set(alice, "more", "home");
}

/* They go with the account. */
static void test_retired(void **state)
{
    int64_t alice = person("alice");
    struct alias al;

    (void)state;
    set(alice, "hi", "home");
    MUST(store_person_set_state(st, alice, PERSON_RETIRED));
    GIVES(E_NOTFOUND, store_alias_find(st, alice, "hi", ar, &al));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_alias),
        TEST(test_limit),
        TEST(test_retired),
    };

    return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
