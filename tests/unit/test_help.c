/* SPDX-License-Identifier: MIT */
/* Help comes from the rows, so it is tested over all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/reserved.h"
#include "tests/unit/company.h"

static size_t lines(const char *s)
{
    size_t n = 1;

    for (; *s != '\0'; s++)
        n += *s == '\n';
    return n;
}

static void has(const char *answer, const char *part)
{
    if (strstr(answer, part) == NULL)
        fail_msg("without \"%s\": %s", part, answer);
}

static void eight_short_lines_at_first(void **state)
{
    struct company *s = *state;

    for (int korean = 0; korean < 2; korean++) {
        const char *answer = company_say(s, korean ? "minji" : "alice", korean ? "도움말" : "help");

        assert_int_equal(8, lines(answer));
        assert_true(text_count(answer) < 600);
        has(answer, korean ? "도움말 전체" : "help all");
    }
}

static void everything_is_listed(void **state)
{
    struct company *s = *state;

    for (size_t f = 0; f < n_families; f++) {
        for (size_t r = 0; r < families[f]->n; r++) {
            const struct command *row = &families[f]->rows[r];
            bool shown = (row->flags & COMMAND_HIDDEN) == 0;

            for (int korean = 0; korean < 2 && shown; korean++) {
                const char *who = row->role != ROLE_EMPLOYEE ? "carol" : korean ? "minji" : "alice";
                const char *answer = company_say(s, who, korean ? "도움말 전체" : "help all");
                enum lang l = korean && row->role == ROLE_EMPLOYEE ? LANG_KO : LANG_EN;

                if (families[f] == &family_later) {
                    has(answer, l == LANG_KO ? row->korean[0] : row->name);
                    continue;
                }
                has(answer, message_get(l, row->form));
                has(answer, message_get(l, row->summary));
                has(answer, message_get(l, families[f]->title));
            }
        }
    }
    assert_true(strlen(company_say(s, "alice", "help all")) < LIMIT_ANSWER / 4);
    assert_null(strstr(company_say(s, "alice", "help all"), "\nAdministrators\n"));
}

struct each {
    struct company *s;
    size_t n;
};

static bool explained(const struct command *row, const char *word, void *arg)
{
    struct each *e = arg;
    struct company *s = e->s;

    if ((row->flags & COMMAND_HIDDEN) != 0 || strcmp(word, "all") == 0 || strcmp(word, "전체") == 0)
        return false; /* `help all` is the whole list */
    e->n++;
    for (int korean = 0; korean < 2; korean++) {
        const char *who = row->role != ROLE_EMPLOYEE ? "carol" : korean ? "minji" : "alice";
        const char *answer =
            company_say(s, who, arena_printf(s->a, "%s %s", korean ? "도움말" : "help", word));
        enum lang l = korean && row->role == ROLE_EMPLOYEE ? LANG_KO : LANG_EN;

        has(answer, message_get(l, row->form));
        has(answer, message_get(l, row->summary));
        if (row->help != NULL)
            has(answer, message_get(l, row->help));
        for (size_t i = 0; i < ARRAY_LEN(row->korean) && row->korean[i] != NULL; i++)
            has(answer, row->korean[i]);
        for (size_t i = 0; i < ARRAY_LEN(row->aliases) && row->aliases[i] != NULL; i++)
            has(answer, row->aliases[i]);
        for (size_t i = 0; i < ARRAY_LEN(row->examples) && row->examples[i] != NULL; i++)
            has(answer, row->examples[i]);
        if ((row->flags & COMMAND_LATER) != 0)
            has(answer, l == LANG_KO ? "준비 중" : "does not work yet");
    }
    return false;
}

static void each_word_is_explained(void **state)
{
    struct each e = {.s = *state};

    assert_null(command_each_word(explained, &e));
    assert_true(e.n > 200);
}

static void what_help_does_not_know(void **state)
{
    struct company *s = *state;
    int64_t newest = company_newest(s);

    company_expect_part(s, "alice", "help foo", "begins like the command `help`");
    /* "#launch 3" is a post: the number goes behind the word alone. */
    company_expect_part(s, "alice", "help tag", "#tag, tag TAG [N] —");
    company_expect_part(s, "alice", "/help foo", "“foo” does not fit behind `help`");
    company_expect_part(s, "alice", "help admin", "begins like the command `help`");
    company_expect_part(s, "carol", "help admin", "admin suspend");
    company_expect_part(s, "alice", "help yes", "Answers a question of mine");
    assert_int_equal(newest, company_newest(s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(eight_short_lines_at_first),
        WITH_COMPANY(everything_is_listed),
        WITH_COMPANY(each_word_is_explained),
        WITH_COMPANY(what_help_does_not_know),
    };

    return cmocka_run_group_tests_name("help", tests, NULL, NULL);
}
