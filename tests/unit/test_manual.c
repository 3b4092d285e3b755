/* SPDX-License-Identifier: MIT */
/* The manual of the commands: what is in the tree is what the rows say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "handlers/manual.h"
#include "handlers/reserved.h"

#define MOST (1u << 20)

static struct arena *arena;

static const char *tree_file(const char *name)
{
    const char *top = getenv("top_srcdir");
    char *path = arena_printf(arena, "%s/%s", top != NULL ? top : ".", name);
    char *text = arena_alloc(arena, MOST);
    FILE *f = fopen(path, "rb");

    if (f == NULL)
        fail_msg("cannot open %s", path);
    assert_true(fread(text, 1, MOST - 1, f) > 0);
    assert_int_equal(fclose(f), 0);
    return text;
}

/* The file must go on with this text; if it does not, says where it differs and what to do. */
static const char *must_say(const char *file, const char *at, const char *text)
{
    size_t same = 0, begin = 0;

    while (text[same] != '\0' && at[same] == text[same]) {
        if (text[same++] == '\n')
            begin = same;
    }
    if (text[same] != '\0')
        fail_msg(
            "%s is not what the rows say: run `make update-commands` in the build tree and commit "
            "doc/commands.md, doc/jaejal-commands.7 and README.md together with the row.\n"
            "  rows: %.*s\n  file: %.*s",
            file, (int)strcspn(text + begin, "\n"), text + begin, (int)strcspn(at + begin, "\n"),
            at + begin);
    return at + same;
}

typedef void part_fn(struct buffer *out);

static void check_part(const char *name, part_fn *part)
{
    static const char file[] = "doc/jaejal-commands.7";
    const char *mark =
        arena_printf(arena, ".\\\" from here on by \"make update-commands\": %s\n", name);
    const char *at = strstr(tree_file(file), mark);
    struct buffer out;

    if (at == NULL)
        fail_msg("%s has lost the line %s", file, mark);
    buffer_init(&out, MOST);
    part(&out);
    assert_false(out.over);
    buffer_adds(&out, ".\\\" to here\n");
    (void)must_say(file, at + strlen(mark), out.data);
    buffer_fini(&out);
}

static void the_page_is_what_the_rows_say(void **state)
{
    (void)state;
    check_part("commands", manual_commands);
    check_part("reserved", manual_reserved);
}

static void the_table_is_what_the_rows_say(void **state)
{
    static const char file[] = "doc/commands.md";
    struct buffer out;

    (void)state;
    buffer_init(&out, MOST);
    manual_table(&out);
    assert_false(out.over);
    assert_string_equal("", must_say(file, tree_file(file), out.data));
    buffer_fini(&out);
}

static void the_readme_is_what_the_rows_say(void **state)
{
    static const char file[] = "README.md",
                      mark[] = "<!-- from here on by \"make update-commands\" -->\n";
    const char *at = strstr(tree_file(file), mark);
    struct buffer out;

    (void)state;
    if (at == NULL)
        fail_msg("%s has lost the line %s", file, mark);
    buffer_init(&out, MOST);
    manual_first(&out);
    buffer_adds(&out, "<!-- to here -->\n");
    assert_false(out.over);
    (void)must_say(file, at + strlen(mark), out.data);
    buffer_fini(&out);
}

static void every_row_is_there_once(void **state)
{
    struct buffer table, page;

    (void)state;
    buffer_init(&table, MOST);
    buffer_init(&page, MOST);
    manual_table(&table);
    manual_commands(&page);
    manual_reserved(&page);
    for (size_t f = 0; f < n_families; f++) {
        for (size_t r = 0; r < families[f]->n; r++) {
            const struct command *row = &families[f]->rows[r];
            const char *summary = row->summary, *at = strstr(table.data, summary);
            struct buffer item;

            if (at == NULL)
                fail_msg("doc/commands.md is without %s", row->name);
            for (size_t i = 0; i < ARRAY_LEN(row->korean) && row->korean[i] != NULL; i++)
                assert_non_null(strstr(table.data, row->korean[i]));
            buffer_init(&item, MOST);
            manual_add_row(&item, row, families[f] == &family_later);
            at = strstr(page.data, item.data);
            if (at == NULL || strstr(at + 1, item.data) != NULL)
                fail_msg("%s is not there once", row->name);
            buffer_fini(&item);
        }
    }
    buffer_fini(&table);
    buffer_fini(&page);
}

/* What roff and mdoc would take for theirs. */
static void signs_of_the_page_are_escaped(void **state)
{
    static const struct command row = {
        .name = "wave",
        .aliases = {"No", "?"},
        .korean = {"손"},
        .role = ROLE_ADMIN,
        .form = "hi \"X\" a-b",
        .summary = "Says `hi`",
        .help = "One \\ sentence. Two: `hi -x`, (see `hi?`). 'Quoted' at the beginning.",
        .examples = {".hi", "'t was `so` \\o/ ~1^2"},
    };
    struct buffer out;

    (void)state;
    buffer_init(&out, MOST);
    manual_add_row(&out, &row, false);
    assert_string_equal(out.data, ".It Ic \"hi \\(dqX\\(dq a\\-b\"\n"
                                  "Says\n.Ic \"\\&hi\" .\n"
                                  "For administrators.\n"
                                  "One \\e sentence.\nTwo:\n.Ic \"hi \\-x\" ,\n"
                                  "(see\n.Ic \"\\&hi?\\&\" ) .\n\\&'Quoted' at the beginning.\n"
                                  "Also:\n.Ic \"wave\" ,\n.Ic \"\\&No\" ,\n.Ic \"\\&?\\&\" .\n"
                                  "Korean:\n.Ic \"\\&손\" .\n"
                                  ".Bd -literal -offset indent -compact\n"
                                  "\\&.hi\n\\&\\(aqt was \\(gaso\\(ga \\eo/ \\(ti1\\(ha2\n.Ed\n");
    buffer_reset(&out);
    manual_add_row(&out, &row, true);
    assert_null(strstr(out.data, ".Bd"));
    buffer_fini(&out);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_what_the_rows_say),
        cmocka_unit_test(the_table_is_what_the_rows_say),
        cmocka_unit_test(the_readme_is_what_the_rows_say),
        cmocka_unit_test(every_row_is_there_once),
        cmocka_unit_test(signs_of_the_page_are_escaped),
    };

    return cmocka_run_group_tests_name("manual", tests, setup, teardown);
}
