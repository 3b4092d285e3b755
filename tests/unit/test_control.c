/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "bridge/control.h"

static char folder[64];
static char path[400];
static struct control *control;

static void answer(void *arg, const char *line, struct buffer *out)
{
    int i;

    assert_ptr_equal(arg, &control);
    if (strcmp(line, "much") == 0) {
        for (i = 0; i < 5000; i++) {
            buffer_adds(out, "0123456789\n");
        }
    }
    buffer_addf(out, "heard %s\n", line);
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/jaejal-control-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/db.sock", folder);
    assert_int_equal(control_open(path, answer, &control, &control), OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    control_close(control);
    control = NULL;
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(rmdir(folder), 0);
    return 0;
}

/* One round of the daemon's loop. */
static void serve(int64_t mono)
{
    struct pollfd fds[CONTROL_FDS];
    size_t n = control_poll(control, fds);

    assert_true(n <= CONTROL_FDS);
    (void)poll(fds, n, 20);
    control_io(control, fds, n, mono);
}

static int dial(void)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    assert_true(fd >= 0 && strlen(path) < sizeof(to.sun_path));
    memcpy(to.sun_path, path, strlen(path) + 1);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

/* True if the other side has hung up. */
static bool is_closed(int fd)
{
    char c;
    ssize_t n = recv(fd, &c, 1, MSG_DONTWAIT);

    return n == 0 || (n < 0 && errno == ECONNRESET);
}

/* Asks in a process of its own, as jaejalctl does; its answer has to be `want`. */
static void ask(const char *line, size_t want_len, const char *want_end)
{
    pid_t child = fork();
    int status = -1, i;

    assert_true(child >= 0);
    if (child == 0) {
        struct buffer got;
        size_t end = strlen(want_end);

        buffer_init(&got, CONTROL_ANSWER + 2);
        if (control_ask(path, line, &got) != OK || got.len != want_len ||
            strcmp(got.data + got.len - end, want_end) != 0) {
            _exit(1);
        }
        _exit(0);
    }
    for (i = 0; i < 500 && waitpid(child, &status, WNOHANG) == 0; i++) {
        serve(clock_mono_ms());
    }
    assert_int_equal(status, 0);
}

static void asks_and_answers(void **state)
{
    (void)state;
    ask("status", strlen("heard status\n"), "heard status\n");
    ask("", strlen("heard \n"), "heard \n");
    ask("much", 55000 + strlen("heard much\n"), "heard much\n");
}

static void only_the_owner(void **state)
{
    struct stat st;

    (void)state;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_dead_one_s_socket_is_replaced(void **state)
{
    struct control *second;

    (void)state;
    assert_int_equal(control_open(path, answer, &control, &second), OK);
    control_close(second);
    control_close(control);
    assert_int_equal(control_open(path, answer, &control, &control), OK);
}

static void nobody_there(void **state)
{
    struct buffer got;
    char other[450];

    (void)state;
    buffer_init(&got, 100);
    (void)snprintf(other, sizeof(other), "%s/none.sock", folder);
    assert_int_equal(control_ask(other, "status", &got), E_NOTFOUND);
    buffer_fini(&got);
}

static void few_at_a_time(void **state)
{
    int fds[CONTROL_CLIENTS + 1], i;

    (void)state;
    for (i = 0; i <= CONTROL_CLIENTS; i++) {
        fds[i] = dial();
        serve(1000);
    }
    assert_true(is_closed(fds[CONTROL_CLIENTS]));
    for (i = 0; i < CONTROL_CLIENTS; i++) {
        assert_false(is_closed(fds[i]));
    }
    assert_int_equal(control_deadline(control), 1000 + CONTROL_MS);
    serve(1000 + CONTROL_MS); /* who says nothing goes */
    for (i = 0; i <= CONTROL_CLIENTS; i++) {
        assert_true(is_closed(fds[i]));
        (void)close(fds[i]);
    }
    assert_int_equal(control_deadline(control), -1);
    ask("status", strlen("heard status\n"), "heard status\n");
}

static void long_lines(void **state)
{
    char text[CONTROL_LINE + 100];
    int fd = dial(), i;

    (void)state;
    memset(text, 'x', sizeof(text));
    assert_int_equal(send(fd, text, sizeof(text), MSG_NOSIGNAL), sizeof(text));
    for (i = 0; i < 4; i++) {
        serve(1000);
    }
    assert_true(is_closed(fd));
    (void)close(fd);
    fd = dial();
    (void)shutdown(fd, SHUT_WR); /* goes without a word */
    for (i = 0; i < 4; i++) {
        serve(1000);
    }
    assert_int_equal(control_deadline(control), -1);
    (void)close(fd);
}

static void long_paths(void **state)
{
    char deep[256], old[400];
    size_t i;

    (void)state;
    (void)snprintf(old, sizeof(old), "%s", path);
    control_close(control);
    memset(deep, 'd', sizeof(deep));
    i = (size_t)snprintf(path, sizeof(path), "%s/", folder);
    deep[150] = '\0';
    (void)snprintf(path + i, sizeof(path) - i, "%s", deep);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path + i, sizeof(path) - i, "%s/db.sock", deep);
    assert_int_equal(control_open(path, answer, &control, &control), OK);
    ask("status", strlen("heard status\n"), "heard status\n");
    control_close(control);
    assert_int_not_equal(access(path, F_OK), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
    (void)snprintf(path, sizeof(path), "%s", old);
    assert_int_equal(control_open(path, answer, &control, &control), OK);
}

static void where_it_is(void **state)
{
    struct arena *a = arena_new(1000);

    (void)state;
    assert_string_equal(control_path(a, "sqlite:/var/lib/jaejal/jaejal.db"),
                        "/var/lib/jaejal/jaejal.db.sock");
    assert_null(control_path(a, "sqlite::memory:"));
    assert_null(control_path(a, "sqlite:"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(asks_and_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_owner, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dead_one_s_socket_is_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(few_at_a_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_paths, set_up, tear_down),
        cmocka_unit_test(where_it_is),
    };

    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
