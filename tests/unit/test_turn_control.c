/* SPDX-License-Identifier: MIT */
/* jaejalctl behind its socket: a transaction like everything else. Linked with --wrap for store_commit(), which fails
 * here when told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "tests/unit/turn_rig.h"

static enum err commit_fails;

enum err __real_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st)
{
    if (store_changed(st) && commit_fails != OK) {
        store_rollback(st);
        return commit_fails;
    }
    return __real_store_commit(st);
}

static void tell(const char *who)
{
    char xml[500];

    (void)snprintf(xml, sizeof(xml),
                   "<message from='%s@corp.example/pc' to='jaejal@blog.corp.example' type='chat' "
                   "id='i-%s'><body>hello</body></message>",
                   who, who);
    feed(xml);
    turn_end(turn);
}

/* The answer to a line; in the end it is a line itself. */
static const char *answer(struct buffer *b, const char *line)
{
    buffer_reset(b);
    turn_control(turn, line, b);
    assert_int_equal(b->data[b->len - 1], '\n');
    return b->data;
}

/* What it did is committed before it is answered, and what could not be committed is not said to be done. */
static void done_or_not(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 100000);
    turn_rig_open();
    tell("alice");
    tell("bob");
    assert_string_equal(answer(&b, "role bob admin"), "@bob is an administrator now.\n");
    assert_non_null(strstr(out.data, "has made you an administrator"));
    commit_fails = E_FULL;
    assert_non_null(strstr(answer(&b, "suspend alice"), "error: this could not be saved"));
    commit_fails = OK;
    assert_non_null(strstr(answer(&b, "audit"), "jaejalctl: role @bob"));
    assert_null(strstr(b.data, "suspend"));
    assert_non_null(strstr(answer(&b, "suspend nobody"), "error: Nobody here is called"));
    buffer_reset(&out);
    assert_non_null(strstr(answer(&b, "suspend alice"), "Suspended @alice"));
    turn_rig_close();
    buffer_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(done_or_not)};

    return cmocka_run_group_tests_name("turn_control", tests, NULL, NULL);
}
