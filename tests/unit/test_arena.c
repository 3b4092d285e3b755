/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void test_alloc_is_zeroed_and_aligned(void **state)
{
    struct arena *a = arena_new(1 << 20);

    (void)state;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *p = arena_alloc(a, size);

        assert_non_null(p);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(p[i], 0);
        }
        memset(p, 0xA5, size);
    }
    arena_reset(a);
    /* what was written before the reset does not show through */
    for (size_t i = 0; i < 1000; i++) {
        unsigned char *p = arena_alloc(a, 64);

        for (size_t k = 0; k < 64; k++) {
            assert_int_equal(p[k], 0);
        }
    }
    arena_free(a);
}

static void test_pieces_do_not_overlap(void **state)
{
    struct arena *a = arena_new(64 << 20);
    char *pieces[600];
    size_t size = 1;

    (void)state;
    for (size_t i = 0; i < 600; i++) {
        size = (i * 7919) % 40000 + 1; /* both shared blocks and blocks of their own */
        pieces[i] = arena_alloc(a, size);
        memset(pieces[i], (int)(i % 251), size);
    }
    for (size_t i = 0; i < 600; i++) {
        size = (i * 7919) % 40000 + 1;
        for (size_t k = 0; k < size; k++) {
            assert_int_equal((unsigned char)pieces[i][k], i % 251);
        }
    }
    assert_false(arena_over(a));
    arena_free(a);
}

static void test_cap_is_told_and_reset_forgets_it(void **state)
{
    struct arena *a = arena_new(1024);

    (void)state;
    assert_false(arena_over(a));
    assert_non_null(arena_alloc(a, 1024));
    assert_false(arena_over(a));
    assert_non_null(arena_alloc(a, 1));
    assert_true(arena_over(a));
    memset(arena_alloc(a, 5000000), 1, 5000000); /* it goes on serving */
    assert_true(arena_over(a));
    arena_reset(a);
    assert_false(arena_over(a));
    arena_free(a);
    arena_free(NULL);
}

static void test_copies(void **state)
{
    struct arena *a = arena_new(1 << 20);
    char text[] = "재잘";
    char *copy = arena_dup(a, text);

    (void)state;
    text[0] = 'x';
    assert_string_equal(copy, "재잘");
    assert_null(arena_dup(a, NULL));
    assert_null(arena_ndup(a, NULL, 3));
    assert_string_equal(arena_dup(a, ""), "");
    assert_string_equal(arena_ndup(a, "chirp", 2), "ch");
    assert_memory_equal(arena_ndup(a, "a\0b", 3), "a\0b", 4);
    assert_non_null(arena_array(a, 0, 8));
    arena_free(a);
}

static void test_printf(void **state)
{
    struct arena *a = arena_new(1 << 20);
    char *long_one;

    (void)state;
    assert_string_equal(arena_printf(a, "%s", ""), "");
    assert_string_equal(arena_printf(a, "#%d %s", 12, "ok"), "#12 ok");
    for (int n = 505; n < 520; n++) { /* around the size of the first try */
        long_one = arena_printf(a, "%*d", n, 7);
        assert_int_equal(strlen(long_one), n);
        assert_int_equal(long_one[n - 1], '7');
    }
    arena_free(a);
}

static void ends_the_process(void (*f)(struct arena *))
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)close(STDERR_FILENO);
        f(arena_new(100));
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void overflow_array(struct arena *a)
{
    volatile size_t half = SIZE_MAX / 2 + 1;

    (void)arena_array(a, half, 2); /* which is 0 */
}

static void overflow_alloc(struct arena *a)
{
    volatile size_t all = SIZE_MAX;

    (void)arena_alloc(a, all);
}

static void overflow_ndup(struct arena *a)
{
    volatile size_t all = SIZE_MAX;

    (void)arena_ndup(a, "x", all);
}

static void test_overflow_ends_the_process(void **state)
{
    (void)state;
    ends_the_process(overflow_array);
    ends_the_process(overflow_alloc);
    ends_the_process(overflow_ndup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alloc_is_zeroed_and_aligned),
        cmocka_unit_test(test_pieces_do_not_overlap),
        cmocka_unit_test(test_cap_is_told_and_reset_forgets_it),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_printf),
        cmocka_unit_test(test_overflow_ends_the_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
