/* SPDX-License-Identifier: MIT */
/* The table of commands, all rows of it: what one row must have, and that each of its words, forms and examples works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "handlers/dispatch.h"
#include "handlers/reserved.h"
#include "tests/unit/company.h"

#define FOR_ROWS(row)                                                                              \
    for (size_t f_ = 0; f_ < n_families; f_++)                                                     \
        for (const struct command *row = families[f_]->rows;                                       \
             row < families[f_]->rows + families[f_]->n; row++)

static bool is_yes(const struct command *row)
{
    return strcmp(row->name, "yes") == 0;
}

static size_t required(const struct command *row)
{
    size_t n = 0;

    for (size_t i = 0; i < 4 && row->args[i].kind != ARG_NONE; i++) {
        if ((row->args[i].flags & ARG_OR_NONE) != 0)
            break;
        n += (row->args[i].flags & ARG_OPTIONAL) == 0;
    }
    return n;
}

static bool takes_text(const struct command *row)
{
    for (size_t i = 0; i < 4; i++)
        if (row->args[i].kind == ARG_TEXT)
            return true;
    return false;
}

/* ---- what a row has -------------------------------------------------------------------------------- */

static void a_row_is_complete(void **state)
{
    (void)state;
    FOR_ROWS(row)
    {
        if (row->name == NULL || row->form == NULL || row->summary == NULL ||
            row->examples[0] == NULL || row->korean[0] == NULL)
            fail_msg("%s lacks a name, form, summary, example or Korean word", row->name);
        if (row->run == NULL && (row->flags & COMMAND_LATER) == 0 && !is_yes(row))
            fail_msg("%s has nothing to run", row->name);
        assert_true(text_count(row->summary) <= 60);
        if (takes_text(row) == (row->free == FREE_NONE))
            fail_msg("%s: a text and its rule go together", row->name);
        if (strcmp(message_get(LANG_KO, row->summary), row->summary) == 0)
            fail_msg("%s: no Korean summary", row->name);
        if (row->help != NULL && strcmp(message_get(LANG_KO, row->help), row->help) == 0)
            fail_msg("%s: no Korean help", row->name);
        for (size_t i = 0; i < ARRAY_LEN(row->korean) && row->korean[i] != NULL; i++)
            assert_true((unsigned char)row->korean[i][0] >= 0x80);
    }
}

struct seen {
    const char *words[600];
    size_t n;
};

static bool see(const struct command *row, const char *word, void *arg)
{
    struct seen *s = arg;
    struct arena *a = arena_new(1 << 16);

    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->words[i], word) == 0)
            fail_msg("%s: the word %s is there twice", row->name, word);
    if (strcmp(text_fold(a, word), word) != 0)
        fail_msg("%s: the word %s is not folded: nobody could type it", row->name, word);
    assert_true(s->n < ARRAY_LEN(s->words));
    s->words[s->n++] = word;
    arena_free(a);
    return false;
}

static void words_are_unique(void **state)
{
    struct seen s = {.n = 0};

    (void)state;
    assert_null(command_each_word(see, &s));
    assert_true(s.n > 200);
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static struct reading reading_of(struct company *s, const char *nick, const char *line)
{
    struct call c = {.service = s->service,
                     .options = &s->options,
                     .store = s->st,
                     .arena = s->a,
                     .now = s->now};
    struct reading rd;

    assert_int_equal(OK, store_person_by_nick(s->st, nick, s->a, &c.who));
    c.role = strcmp(nick, "carol") == 0 ? ROLE_ADMIN : ROLE_EMPLOYEE;
    assert_int_equal(OK, dispatch_read(&c, line, &rd));
    return rd;
}

static const char *value_for(struct company *s, const struct command *row,
                             const struct argument *arg)
{
    switch (arg->kind) {
    case ARG_PERSON:
    case ARG_TARGET:
        return "bob";
    case ARG_POST:
        return "#1";
    case ARG_TAG:
        return "#lunch";
    case ARG_GROUP:
        return "!design";
    case ARG_COUNT:
        return "5";
    case ARG_TIME:
        return "2h";
    case ARG_CHOICE:
    case ARG_CHOICES:
        return arena_ndup(s->a, arg->choices, strcspn(arg->choices, "|"));
    case ARG_COMMAND:
        return "follow";
    case ARG_HOURS:
        return "19:00-08:00";
    case ARG_CLOCK:
        return "09:00";
    case ARG_TEXT:
        return row->free == FREE_QUESTION ? "some words?"
               : row->free == FREE_BAR    ? "Which? | A | B"
                                          : "some words";
    case ARG_WORD:
    case ARG_NONE:
        break;
    }
    return "word";
}

/* A line of this word with its arguments; all of them, or only those it must have. */
static const char *line_of(struct company *s, const struct command *row, const char *word, bool all)
{
    const char *line = arena_printf(s->a, "%s%s", word, row->free == FREE_COLON ? ":" : "");

    if (strncmp(word, "s/", 2) == 0 || strcmp(word, "바꿔/") == 0)
        return arena_printf(s->a, "%sold/new/", word);
    for (size_t i = 0; i < 4 && row->args[i].kind != ARG_NONE; i++) {
        if (!all && (row->args[i].flags & ARG_OR_NONE) != 0)
            break;
        if (all || (row->args[i].flags & ARG_OPTIONAL) == 0)
            line = arena_printf(s->a, "%s %s", line, value_for(s, row, &row->args[i]));
    }
    return line;
}

static bool word_reads(const struct command *row, const char *word, void *arg)
{
    struct company *s = arg;

    if (is_yes(row)) {
        assert_int_equal(WHY_YES, reading_of(s, "alice", word).why);
        return false;
    }
    for (int all = 0; all < 2; all++) {
        const char *line = line_of(s, row, word, all != 0);
        struct reading rd = reading_of(s, "carol", line);
        struct reading forced = reading_of(s, "carol", arena_printf(s->a, "/%s", line));
        struct reading dotted = reading_of(s, "carol", arena_printf(s->a, ".%s", line));

        if (rd.kind != READING_COMMAND || rd.command != row)
            fail_msg("not read as %s: %s", row->name, line);
        if (forced.kind != READING_COMMAND || forced.command != row || dotted.command != row)
            fail_msg("not read as %s: /%s", row->name, line);
    }
    return false;
}

static void every_word_of_every_row_runs_it(void **state)
{
    assert_null(command_each_word(word_reads, *state));
}

static void one_argument_too_few(void **state)
{
    struct company *s = *state;

    FOR_ROWS(row)
    {
        struct reading rd;
        int64_t newest = company_newest(s);
        const char *answer;

        if (required(row) == 0 || (row->flags & COMMAND_LATER) != 0 || strcmp(row->name, "s/") == 0)
            continue;
        rd = reading_of(s, "carol", row->name);
        if (rd.kind == READING_COMMAND || rd.kind == READING_POST)
            fail_msg("published or run with nothing behind it: %s", row->name);
        answer = company_say(s, "carol", arena_printf(s->a, "/%s", row->name));
        if (strcmp(row->name, "post") != 0 && strstr(answer, row->form) == NULL)
            fail_msg("/%s does not show its form: %s", row->name, answer);
        if (company_newest(s) != newest)
            fail_msg("/%s published: %s", row->name, answer);
    }
}

static void one_argument_too_many(void **state)
{
    struct company *s = *state;

    FOR_ROWS(row)
    {
        const char *line, *answer;
        struct reading rd;

        if (takes_text(row) || is_yes(row) ||
            strcmp(row->name, "me") == 0) /* "/me waves" is a post */
            continue;
        line = arena_printf(s->a, "%s zzz", line_of(s, row, row->name, true));
        rd = reading_of(s, "carol", line);
        if (rd.kind == READING_COMMAND)
            fail_msg("run with something left over: %s", line);
        answer = company_say(s, "carol", arena_printf(s->a, "/%s", line));
        if (strstr(answer, row->form) == NULL || strstr(answer, "zzz") == NULL)
            fail_msg("/%s does not say what is too much, and the form: %s", line, answer);
    }
}

/* ---- running -------------------------------------------------------------------------------------------- */

static void every_example_runs(void **state)
{
    (void)state;
    FOR_ROWS(row)
    {
        for (size_t i = 0; i < ARRAY_LEN(row->examples) && row->examples[i] != NULL; i++) {
            for (int korean = 0; korean < 2; korean++) {
                struct company s;
                const char *who = row->role != ROLE_EMPLOYEE ? "carol" : "alice", *answer;
                struct reading rd;

                company_open(&s);
                if (korean)
                    assert_int_equal(
                        OK, store_person_set(s.st, row->role != ROLE_EMPLOYEE ? CAROL : ALICE,
                                             FIELD_LANG, "ko"));
                rd = reading_of(&s, who, row->examples[i]);
                if (!is_yes(row) && (rd.kind != READING_COMMAND || rd.command != row))
                    fail_msg("not read as %s: %s", row->name, row->examples[i]);
                answer = company_say(&s, who, row->examples[i]);
                if (answer == NULL || answer[0] == '\0')
                    fail_msg("no answer: %s", row->examples[i]);
                company_close(&s);
            }
        }
    }
}

static void words_kept_free_publish_nothing(void **state)
{
    struct company *s = *state;
    int64_t newest = company_newest(s);

    FOR_ROWS(row)
    {
        if ((row->flags & COMMAND_LATER) == 0)
            continue;
        for (int all = 0; all < 2; all++) {
            const char *line = line_of(s, row, row->name, all != 0);
            const char *answer = company_say(s, "carol", line);

            if (strstr(answer, "does not work yet") == NULL || strstr(answer, row->name) == NULL)
                fail_msg("%s: %s", line, answer);
        }
    }
    assert_int_equal(newest, company_newest(s));
}

static void words_of_a_role_one_lacks_are_unknown(void **state)
{
    struct company *s = *state;
    const char *unknown = arena_dup(s->a, company_say(s, "alice", "/wibble bob"));

    FOR_ROWS(row)
    {
        const char *line, *answer, *at, *head;

        if (row->role == ROLE_EMPLOYEE)
            continue;
        head = arena_ndup(s->a, row->name, strcspn(row->name, " "));
        line = line_of(s, row, row->name, true);
        assert_int_equal(WHY_WORD, reading_of(s, "alice", line).why);
        answer = company_say(s, "alice", arena_printf(s->a, "/%s bob", row->name));
        /* The same to the letter, but for the word. */
        at = strstr(unknown, "wibble");
        assert_memory_equal(unknown, answer, (size_t)(at - unknown));
        assert_string_equal(at + strlen("wibble"), answer + (at - unknown) + strlen(head));
        answer = company_say(s, "alice", arena_printf(s->a, "help %s", row->name));
        assert_non_null(strstr(answer, "does not fit"));
        assert_null(
            strstr(company_say(s, "alice", "help all"), arena_printf(s->a, "%s,", row->name)));
    }
}

/* ---- the contract ------------------------------------------------------------------------------------------ */

/* The first words of the spans in backquotes, in one cell or paragraph. */
static size_t check_spans(struct arena *a, const char *text, size_t len)
{
    static const char *const arguments[] = {
        "weekly"}; /* `digest daily 09:00` / `weekly mon 09:00` */
    size_t n = 0;
    bool in = false;

    for (size_t i = 0; i < len; i++) {
        size_t word = 0;
        const char *w;
        bool argument = false;

        if (text[i] != '`')
            continue;
        in = !in;
        if (!in)
            continue;
        w = text + i + 1;
        while (w[word] != ' ' && w[word] != '`' && w[word] != ':')
            word++;
        if (strncmp(w, "s/", 2) == 0)
            word = 2;
        w = arena_ndup(a, w, word);
        if (!((w[0] >= 'a' && w[0] <= 'z') || strcmp(w, "?") == 0 || strcmp(w, "+1") == 0))
            continue;
        for (size_t k = 0; k < ARRAY_LEN(arguments); k++)
            argument = argument || strcmp(w, arguments[k]) == 0;
        if (!argument && command_find(w) == NULL)
            fail_msg("the contract names `%s`, the table does not", w);
        n++;
    }
    return n;
}

/* What a placeholder of the contract stands for. "…" and what stands in [ ] are further words. */
static const char *filled_in(struct arena *a, const char *word)
{
    static const struct {
        const char *name, *value;
    } words[] = {
        {"WHO", "bob"},
        {"POST", "#1"},
        {"TEXT", "some words"},
        {"TEXT?", "some words?"},
        {"N", "2"},
        {"X", "bob"},
        {"TIME", "2h"},
        {"WORDS", "lunch"},
        {"TOPIC", "lunch"},
        {"TAG", "#lunch"},
        {"JID", "x@corp.example"},
        {"NAME", "bio"},
        {"VALUE", "some words"},
        {"ROLE", "announcer"},
        {"REASON", "spam"},
        {"WHY", "spam"},
        {"PURPOSE", "shapes"},
        {"QUESTION", "Which?"},
        {"how", "daily"},
        {"!group", "!design"},
        {"!g", "!design"},
        {"in:group", "in:design"},
        {"#1234", "#1"},
        {"#1234+", "#1+"},
        {"#tag", "#lunch"},
        {"\\|", "|"},
        {"…", "words"},
        {"COMMAND", "search"},
        {"#launch", "#lunch"},
    };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(word, words[i].name) == 0)
            return words[i].value;
    if (strchr(word, '|') != NULL && strcmp(word, "|") != 0) /* of choices the first */
        return arena_ndup(a, word, strcspn(word, "|"));
    return word;
}

/* "repeat POST [TEXT]" as somebody would type it: with what may be left out, or without. */
static const char *typed_from(struct arena *a, const char *form, bool whole)
{
    const char *line = "";

    for (bool in = false; *form != '\0';) {
        size_t n = strcspn(form, " ");
        const bool opens = form[0] == '[', closes = n > 0 && form[n - 1] == ']';
        const char *word = arena_ndup(a, form + opens, n - opens - closes);

        in = in || opens;
        if (n > 0 && (whole || !in))
            line = arena_printf(a, "%s%s%s", line, line[0] == '\0' ? "" : " ", filled_in(a, word));
        in = in && !closes;
        form += n + (form[n] == ' ');
    }
    return line;
}

/* Every form in backquotes that has more than one word is a command as it stands there. */
static size_t check_forms(struct company *s, const char *text, size_t len)
{
    static const char *const no_forms[] = {"weekly mon 09:00", /* what `digest` takes, too */
                                           "s/…/…/"};
    size_t n = 0, end;

    for (size_t i = 0; i < len; i = end + 1) {
        const char *form;
        bool none = false;

        end = i;
        if (text[i] != '`')
            continue;
        end = i + 1 + strcspn(text + i + 1, "`");
        form = arena_ndup(s->a, text + i + 1, end - i - 1);
        for (size_t k = 0; k < ARRAY_LEN(no_forms); k++)
            none = none || strcmp(form, no_forms[k]) == 0;
        if (none || strchr(form, ' ') == NULL || form[0] == '"')
            continue;
        for (int whole = 0; whole < 2; whole++) {
            const char *line = typed_from(s->a, form, whole != 0);

            if (reading_of(s, "carol", line).kind != READING_COMMAND)
                fail_msg("the contract has `%s`, and this is no command: %s", form, line);
        }
        n++;
    }
    return n;
}

static void every_word_and_form_of_the_contract_is_known(void **state)
{
    const char *top = getenv("top_srcdir");
    struct company *s = *state;
    struct arena *a = s->a;
    FILE *f = fopen(arena_printf(a, "%s/doc/language.md", top == NULL ? "." : top), "r");
    bool in = false, loose = false;
    char line[4000];
    size_t n = 0, forms = 0;

    assert_non_null(f);
    while (fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "## ", 3) == 0)
            in = strncmp(line, "## Commands", 11) == 0;
        if (strncmp(line, "### ", 4) == 0)
            loose = strncmp(line, "### Groups", 10) == 0 || strncmp(line, "### Admin", 9) == 0;
        if (in && loose) {
            n += check_spans(a, line, strlen(line));
            forms += check_forms(s, line, strlen(line));
        }
        if (in && line[0] == '|') {
            size_t cell = 1;

            while (line[cell] != '\0' && (line[cell] != '|' || line[cell - 1] == '\\'))
                cell++;
            n += check_spans(a, line, cell);
            forms += check_forms(s, line, cell);
        }
    }
    fclose(f);
    if (n < 110)
        fail_msg("only %zu words were found in doc/language.md: the test reads it wrongly", n);
    if (forms < 70)
        fail_msg("only %zu forms were found in doc/language.md", forms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_complete),
        cmocka_unit_test(words_are_unique),
        WITH_COMPANY(every_word_of_every_row_runs_it),
        WITH_COMPANY(one_argument_too_few),
        WITH_COMPANY(one_argument_too_many),
        cmocka_unit_test(every_example_runs),
        WITH_COMPANY(words_kept_free_publish_nothing),
        WITH_COMPANY(words_of_a_role_one_lacks_are_unknown),
        WITH_COMPANY(every_word_and_form_of_the_contract_is_known),
    };

    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
