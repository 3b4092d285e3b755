/* SPDX-License-Identifier: MIT */
/* The measure of the language (language.md): of sentences that nobody wrote for us none changes anything as a command,
 * and at most 1 in 500 runs a reading command or brings a question; of real command lines, all run.
 *
 * usage: measure sentences FILE | measure commands FILE     prints TAP
 * A line of commands: the command it must be (or POST, ASK, REFUSED), a tab, the line; \n in it is a line break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/dispatch.h"
#include "tests/unit/company.h"

#define ONE_IN 500
#define MANY 2000 /* sentences below which a share says nothing */

static const char *what, *path;

static void read_as(struct company *s, struct arena *a, const char *nick, const char *line,
                    struct reading *rd)
{
    struct call c = {
        .service = s->service, .options = &s->options, .store = s->st, .arena = a, .now = s->now};

    assert_int_equal(OK, store_person_by_nick(s->st, nick, a, &c.who));
    assert_int_equal(OK, dispatch_read(&c, line, rd));
}

static const char *kind_of(const struct reading *rd)
{
    switch (rd->kind) {
    case READING_POST:
        return "POST";
    case READING_ASK:
        return "ASK";
    case READING_REFUSED:
        return "REFUSED";
    case READING_COMMAND:
        break;
    }
    return rd->command->name;
}

static bool changes(const struct reading *rd)
{
    return rd->kind == READING_COMMAND && (rd->command->flags & COMMAND_LATER) == 0 &&
           (rd->command->flags & COMMAND_WRITES) != 0;
}

static char *next_line(FILE *f, char *buf, size_t size)
{
    char *line = fgets(buf, (int)size, f);

    if (line != NULL)
        line[strcspn(line, "\n")] = '\0';
    return line;
}

static void sentences(void **state)
{
    static char buf[LIMIT_BODY];
    struct arena *a = arena_new(LIMIT_ARENA);
    size_t n = 0, changing = 0, odd = 0;
    struct company s;
    FILE *f = fopen(path, "r");
    char *line;

    (void)state;
    assert_non_null(f);
    company_open(&s);
    while ((line = next_line(f, buf, sizeof(buf))) != NULL) {
        struct reading rd;

        arena_reset(a);
        line = text_trim(a, line);
        if (line[0] == '\0')
            continue;
        read_as(&s, a, "alice", line, &rd);
        n++;
        changing += changes(&rd);
        odd += rd.kind != READING_POST;
        if (rd.kind != READING_POST)
            print_message("# %s%s: %s\n", changes(&rd) ? "CHANGES " : "", kind_of(&rd), line);
    }
    fclose(f);
    print_message(
        "# %zu sentences: %zu change something, %zu are read as something else than a post\n", n,
        changing, odd);
    assert_true(n >= MANY);
    assert_int_equal(0, changing);
    assert_true(odd * ONE_IN <= n);
    company_close(&s);
    arena_free(a);
}

static void commands(void **state)
{
    static char buf[LIMIT_BODY];
    struct arena *a = arena_new(LIMIT_ARENA);
    size_t n = 0, wrong = 0;
    struct company s;
    FILE *f = fopen(path, "r");
    char *line;

    (void)state;
    assert_non_null(f);
    company_open(&s);
    while ((line = next_line(f, buf, sizeof(buf))) != NULL) {
        char *text = strchr(line, '\t');
        struct reading rd;

        if (line[0] == '#' || text == NULL)
            continue;
        *text++ = '\0';
        for (char *p = strstr(text, "\\n"); p != NULL; p = strstr(p, "\\n")) {
            *p = '\n';
            memmove(p + 1, p + 2, strlen(p + 1));
        }
        arena_reset(a);
        read_as(&s, a, "alice", text, &rd);
        n++;
        if (strcmp(line, kind_of(&rd)) == 0)
            continue;
        wrong++;
        print_message("# %s, not %s: %s\n", kind_of(&rd), line, text);
    }
    fclose(f);
    print_message("# %zu lines, %zu not as they were meant\n", n, wrong);
    assert_true(n > 0);
    assert_int_equal(0, wrong);
    company_close(&s);
    arena_free(a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        argc > 1 && strcmp(argv[1], "sentences") == 0
            ? (struct CMUnitTest)cmocka_unit_test(sentences)
            : (struct CMUnitTest)cmocka_unit_test(commands),
    };

    if (argc != 3) {
        fprintf(stderr, "usage: measure sentences|commands FILE\n");
        return 2;
    }
    what = argv[1];
    path = argv[2];
    return cmocka_run_group_tests_name(what, tests, NULL, NULL);
}
