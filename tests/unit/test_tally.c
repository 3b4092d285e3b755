/* SPDX-License-Identifier: MIT */
/* What is counted of what people do, and that what was undone is not. */
#include "handlers/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

static uint64_t command(const struct company *s, const char *name)
{
    const struct tally *t = service_tally(s->service);
    const struct command *row;

    for (size_t i = 0; (row = tally_row(i)) != NULL; i++) {
        if (strcmp(row->name, name) == 0) {
            return t->commands[i];
        }
    }
    fail_msg("no row %s", name);
    return 0;
}

static void one_of_each(void **state)
{
    static const struct {
        const char *line;
        enum tally_kind kind;
    } cases[] = {
        {"post: a first one", TALLY_POST},    {"reply #1 indeed", TALLY_REPLY},
        {"edit #7 a better one", TALLY_EDIT}, {"like #7", TALLY_DENIED},
        {"delete #7", TALLY_DELETE},          {"like #3", TALLY_LIKE},
        {"unlike #3", TALLY_UNLIKE},          {"flolow carol", TALLY_UNCLEAR},

    };
    struct company *s = *state;
    const struct tally *t = service_tally(s->service);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint64_t before = t->n[cases[i].kind];

        const char *said = company_say(s, "alice", cases[i].line);

        if (strncmp(cases[i].line, "delete", 6) == 0) {
            (void)company_say(s, "alice", "yes");
        }
        if (t->n[cases[i].kind] != before + 1) {
            fail_msg("%s is not counted: %s", cases[i].line, said);
        }
    }
    assert_int_equal(command(s, "like"), 2);
    assert_int_equal(command(s, "help"), 0);
    (void)company_say(s, "alice", "help");
    assert_int_equal(command(s, "help"), 1);
}

static void too_fast(void **state)
{
    struct company *s = *state;

    service_free(s->service);
    s->options.posts_per_minute = 1;
    s->service = service_new(&s->options, s->st);
    for (int i = 0; i < 100 && service_tally(s->service)->n[TALLY_TOO_FAST] == 0; i++) {
        s->now -= 1000;
        (void)company_say(s, "alice", "post: again and again");
    }
    assert_int_equal(service_tally(s->service)->n[TALLY_TOO_FAST], 1);
}

/* Staged with the turn: a savepoint undone takes back its own, a turn dropped all. */
static void undone(void **state)
{
    struct company *s = *state;
    struct request r = {.from = "alice@corp.example/desk",
                        .from_bare = "alice@corp.example",
                        .from_local = "alice",
                        .to = "jaejal@blog.corp.example",
                        .body = "post: something"};
    const struct tally *t = service_tally(s->service);
    uint64_t before = t->n[TALLY_POST];

    assert_int_equal(service_message(s->service, &r, s->now, s->a, &s->outcome), OK);
    r.body = "post: something else";
    assert_int_equal(service_message(s->service, &r, s->now, s->a, &s->outcome), OK);
    assert_int_equal(t->n[TALLY_POST], before);
    service_undone(s->service);
    service_committed(s->service);
    assert_int_equal(t->n[TALLY_POST], before + 1);
    r.body = "post: a third";
    assert_int_equal(service_message(s->service, &r, s->now, s->a, &s->outcome), OK);
    service_dropped(s->service);
    service_committed(s->service);
    assert_int_equal(t->n[TALLY_POST], before + 1);
}

static void the_table_fits(void **state)
{
    size_t n = 0;

    (void)state;
    while (tally_row(n) != NULL) {
        n++;
    }
    assert_in_range(n, 50, TALLY_ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(one_of_each),
        WITH_COMPANY(too_fast),
        WITH_COMPANY(undone),
        cmocka_unit_test(the_table_fits),
    };

    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
