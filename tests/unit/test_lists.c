/* SPDX-License-Identifier: MIT */
/* Every list fits a phone: ten rows, then how to see more; and `more` brings the rest, each row once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

enum { MANY = 25, LINES = LIMIT_LIST_DEFAULT + 4 /* title, what can be done, `more` */ };

/* With the number in place of the '~'. */
static const char *to(struct company *s, const char *form, int i)
{
    const char *at = strchr(form, '~');

    return arena_printf(s->a, "%.*s%02d%s", (int)(at - form), form, i, at + 1);
}

static void fill(struct company *s)
{
    static const char *const by_alice[] = {
        "follow x~",         "follow \"words~\"",     "mute #t~",
        "schedule ~h Later", "alias a~x = d bob hi",  "#1 mine, ~",
        "group create g~",   "edit #1 Lunch, take ~", "ask Who knows ~? #wiki",
        "d bob number ~",
    };

    for (int i = 1; i <= MANY; i++) {
        const char *x = to(s, "x~", i);

        company_say(s, x, "set title Tester");
        company_say(s, x, "follow alice");
        company_say(s, x, "like #1");
        company_say(s, x, "join !design");
        company_say(s, x, to(s, "#1 answer ~, @alice", i));
        company_say(s, x, to(s, "all about #wiki and #t~x", i));
        company_say(s, x, "report #2 why not");
        company_say(s, "carol", to(s, "admin watch word~", i));
        company_say(s, "dan", to(s, "block x~", i));
        company_say(s, "bob", to(s, "save #~", i + COMPANY_POSTS));
        for (size_t k = 0; k < ARRAY_LEN(by_alice); k++)
            company_say(s, "alice", to(s, by_alice[k], i));
        company_say(s, x, to(s, "report #~", (int)company_newest(s) - 2));
        s->now += 60000;
    }
}

static size_t count_lines(const char *text)
{
    size_t n = 1;

    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

static void test_all_lists(void **state)
{
    static const struct {
        const char *nick, *line;
        int least; /* rows that there are */
    } lists[] = {
        {"alice", "home", 40},
        {"alice", "all", 50},
        {"alice", "get alice", 50},
        {"alice", "#wiki", 40},
        {"alice", "mentions", MANY},
        {"alice", "inbox", MANY},
        {"alice", "search answer", MANY},
        {"alice", "people tester", MANY},
        {"alice", "following", MANY},
        {"alice", "followers", MANY},
        {"alice", "tracking", MANY},
        {"alice", "muted", MANY},
        {"dan", "blocked", MANY},
        {"alice", "likes #1", MANY},
        {"alice", "tags", MANY},
        {"alice", "thread #1", 50},
        {"alice", "history #1", MANY},
        {"alice", "scheduled", MANY},
        {"alice", "alias", MANY},
        {"alice", "groups", MANY},
        {"alice", "members !design", MANY},
        {"alice", "experts wiki", MANY},
        {"alice", "questions", MANY},
        {"carol", "admin watch", MANY},
        {"carol", "admin audit", MANY},
        {"carol", "admin reports", 10},
        {"bob", "saved", MANY},
    };
    struct company *s = *state;

    fill(s);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const char *got = company_say(s, lists[i].nick, lists[i].line);
        int pages = 1;

        for (; strstr(got, "`more` ") != NULL && pages < 100; pages++) {
            const char *before = arena_dup(s->a, got);

            if (count_lines(got) > LINES)
                fail_msg("%s, page %d: %zu lines\n%s", lists[i].line, pages, count_lines(got), got);
            got = company_say(s, lists[i].nick, "more");
            assert_string_not_equal(before, got);
        }
        if (pages * LIMIT_LIST_DEFAULT < lists[i].least || count_lines(got) > LINES)
            fail_msg("%s: %d pages, at the end: %s", lists[i].line, pages, got);
        got = company_say(s, lists[i].nick, arena_printf(s->a, "%s", lists[i].line));
        if (strstr(got, "`more` ") == NULL)
            continue;
        got = company_say(s, lists[i].nick, "more 30"); /* N asks for more */
        assert_true(lists[i].least < MANY || count_lines(got) > LINES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_COMPANY(test_all_lists)};

    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
