/* SPDX-License-Identifier: MIT */
#include "base/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void what_it_may_be(void **state)
{
    static const struct {
        const char *text;
        enum err e;
    } cases[] = {
        {"127.0.0.1:9464", OK},
        {"127.255.255.254:1", OK},
        {"[::1]:65535", OK},
        {"unix:/run/jaejal/metrics.sock", OK},
        {"0.0.0.0:9464", E_DENIED},
        {"126.255.255.255:9464", E_DENIED},
        {"128.0.0.1:9464", E_DENIED},
        {"192.168.1.1:9464", E_DENIED},
        {"[::]:9464", E_DENIED},
        {"[::ffff:127.0.0.1]:9464", E_DENIED},
        {"[fe80::1]:9464", E_DENIED},
        {"", E_USAGE},
        {"9464", E_USAGE},
        {":9464", E_USAGE},
        {"localhost:9464", E_USAGE},
        {"127.0.0.1", E_USAGE},
        {"127.0.0.1:", E_USAGE},
        {"127.0.0.1:0", E_USAGE},
        {"127.0.0.1:01", E_USAGE},
        {"127.0.0.1:65536", E_USAGE},
        {"127.0.0.1:655360", E_USAGE},
        {"127.0.0.1:94x", E_USAGE},
        {"127.1:9464", E_USAGE},
        {"::1:9464", E_USAGE},
        {"[::1:9464", E_USAGE},
        {"[::1]", E_USAGE},
        {"unix:", E_USAGE},
        {"unix:run/x", E_USAGE},
    };
    char path[200] = "unix:/";
    struct listen_at at;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (listen_parse(cases[i].text, &at) != cases[i].e) {
            fail_msg("%s", cases[i].text);
        }
    }
    memset(path + 6, 'x', 106); /* 107 bytes are a socket's path */
    assert_int_equal(listen_parse(path, &at), OK);
    assert_string_equal(at.path, path + 5);
    path[112] = 'x';
    assert_int_equal(listen_parse(path, &at), E_USAGE);
}

static void ports_and_paths(void **state)
{
    char folder[] = "/tmp/jaejal-listen-XXXXXX", text[100];
    struct listen_at at;
    struct stat st;
    int fd, other;
    FILE *f;

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(text, sizeof(text), "unix:%s/s", folder);
    assert_int_equal(listen_parse(text, &at), OK);
    assert_int_equal(listen_open(&at, 4, &fd), OK);
    assert_int_equal(stat(at.path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0660);
    assert_int_equal(listen_open(&at, 4, &other), E_EXISTS);
    assert_int_equal(close(fd), 0);
    assert_int_equal(listen_open(&at, 4, &fd), OK); /* the dead one's is replaced */
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(at.path), 0);
    f = fopen(at.path, "w"); /* what is no socket is not removed */
    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(listen_open(&at, 4, &fd), E_EXISTS);
    assert_int_equal(access(at.path, F_OK), 0);
    assert_int_equal(unlink(at.path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(listen_open(&at, 4, &fd), E_SYSTEM); /* no such folder */
}

static void a_port(void **state)
{
    struct sockaddr_storage got;
    socklen_t len = sizeof(got);
    struct listen_at at;
    int fd, other;

    (void)state;
    assert_int_equal(listen_parse("127.0.0.1:1", &at), OK);
    memset((char *)&at.address + 2, 0, 2); /* any free port */
    assert_int_equal(listen_open(&at, 4, &fd), OK);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&got, &len), 0);
    memcpy(&at.address, &got, len);
    assert_int_equal(listen_open(&at, 4, &other), E_EXISTS);
    assert_int_equal(close(fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_may_be),
        cmocka_unit_test(ports_and_paths),
        cmocka_unit_test(a_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
