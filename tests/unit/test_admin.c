/* SPDX-License-Identifier: MIT */
/* What administrators do, and what is left of it in the audit. carol is one by the configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

static int64_t head(struct company *s)
{
    int64_t no;

    assert_int_equal(OK, store_event_head(s->st, &no));
    return no;
}

/* What a person was told of their own accord behind `after`; NULL: nothing. */
static const char *notice(struct company *s, int64_t after, int64_t person)
{
    struct event e;
    struct answer an;

    for (int64_t no = after + 1; store_event_get(s->st, no, &e) == OK; no++)
        if (e.kind == EVENT_NOTICE && e.author == person) {
            assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
            return an.text;
        }
    return NULL;
}

/* The newest record, as one line; "" where there is none. */
static const char *newest(struct company *s)
{
    struct audit *a;
    size_t n;
    bool more;

    assert_int_equal(OK, store_audits(s->st, 0, 1, s->a, &a, &n, &more));
    if (n == 0)
        return "";
    return arena_printf(s->a, "%lld %s %s %s #%lld %s", (long long)a[0].no, a[0].who_nick,
                        a[0].action, a[0].whom_nick, (long long)a[0].post, a[0].detail);
}

static void test_role(void **state)
{
    struct company *s = *state;
    int64_t before = head(s);

    company_expect(s, "carol", "admin role bob announcer",
                   "Bob Lee (@bob) may write to everybody now, with `announce TEXT`.");
    assert_string_equal(notice(s, before, BOB), "Carol Im (@carol) has given you the right to "
                                                "write to everybody here: `announce TEXT`.");
    assert_string_equal(newest(s), "1 carol role bob #0 announcer");
    company_expect(s, "carol", "admin role bob announcer", "Bob Lee (@bob) has that role already.");
    assert_string_equal(newest(s), "1 carol role bob #0 announcer");
    company_expect_part(s, "bob", "/admin role dan admin", "no command");
    before = head(s);
    company_expect(s, "carol", "어드민 역할 @minji 관리자",
                   "김민지 (@minji) is an administrator now.");
    assert_non_null(strstr(notice(s, before, MINJI), "관리자"));
    company_expect_part(s, "minji", "admin role bob employee", "Bob Lee (@bob)");
    assert_string_equal(newest(s), "3 minji role bob #0 employee");
}

/* Whom the configuration names stays one; so does the last one there is. */
static void test_role_kept(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "admin role bob admin", "Bob Lee (@bob) is an administrator now.");
    company_expect_part(s, "bob", "admin role carol employee", "by the configuration file");
    company_expect(s, "bob", "admin role bob employee",
                   "Bob Lee (@bob) has no special role any more.");
    company_expect_part(s, "bob", "/admin role bob admin", "no command");
    company_say(s, "carol", "admin role bob admin");
    s->options.n_admins = 0;
    service_free(s->service);
    s->service = service_new(&s->options, s->st);
    company_expect_part(s, "carol", "/admin role bob employee", "no command");
    company_expect(s, "bob", "admin role bob employee",
                   "Bob Lee (@bob) is the only administrator, so somebody else must become one "
                   "first.");
    company_expect_part(s, "bob", "admin role dan admin", "is an administrator now.");
    company_expect_part(s, "dan", "admin role bob announcer", "may write to everybody");
    company_expect_part(s, "dan", "admin role dan announcer", "is the only administrator");
}

/* An administrator by a command gets the reports, too. */
static void test_reports_reach_all(void **state)
{
    struct company *s = *state;
    int64_t before;

    company_say(s, "carol", "admin role dan admin");
    before = head(s);
    company_say(s, "alice", "report #2 spam");
    assert_non_null(strstr(notice(s, before, DAN), "reports #2"));
    assert_non_null(strstr(notice(s, before, CAROL), "reports #2"));
    assert_null(notice(s, before, BOB));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_role),
        WITH_COMPANY(test_role_kept),
        WITH_COMPANY(test_reports_reach_all),
    };

    return cmocka_run_group_tests_name("admin", tests, NULL, NULL);
}
