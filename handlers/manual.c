/* SPDX-License-Identifier: MIT */
#include "handlers/manual.h"

#include <string.h>

#include "handlers/reserved.h"

#define MANUAL_WIDTH 78

/* ---- mdoc ------------------------------------------------------------------------------------------- */

/* What roff would read as something else. Literal: what people type has to look, and paste, as typed. */
static void add_roff(struct buffer *out, const char *s, size_t len, bool literal)
{
    for (size_t i = 0; i < len; i++) {
        switch (s[i]) {
        case '\\':
            buffer_adds(out, "\\e");
            break;
        case '"':
            buffer_adds(out, "\\(dq");
            break;
        case '`':
            buffer_adds(out, "\\(ga");
            break;
        case '-':
            buffer_adds(out, literal ? "\\-" : "-");
            break;
        case '\'':
            buffer_adds(out, literal ? "\\(aq" : "'");
            break;
        case '^':
            buffer_adds(out, "\\(ha");
            break;
        case '~':
            buffer_adds(out, "\\(ti");
            break;
        default:
            buffer_add(out, s + i, 1);
        }
    }
}

/* `.Ic "like POST"`, with the marks behind it that are no part of it. What stands beside \& is no macro and no such mark. */
static void add_typed(struct buffer *out, const char *macro, const char *s, size_t len,
                      const char *behind, size_t n_behind)
{
    const bool plain = len > 3 && ((s[0] >= 'a' && s[0] <= 'z') || (unsigned char)s[0] >= 0x80);

    buffer_addf(out, "%s \"%s", macro, plain ? "" : "\\&");
    add_roff(out, s, len, true);
    buffer_adds(out, len > 0 && strchr(".,:;?!)", s[len - 1]) != NULL ? "\\&\"" : "\"");
    for (size_t i = 0; i < n_behind; i++)
        buffer_addf(out, " %c", behind[i]);
    buffer_adds(out, "\n");
}

/* The bytes of s up to the end of its first sentence, or of all of it. */
static size_t sentence(const char *s, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++)
        if (strchr(".?!", s[i]) != NULL && s[i + 1] == ' ')
            return i + 1;
    return len;
}

/* Running text: a sentence begins a line, and a line is broken at blanks. */
static void add_prose(struct buffer *out, const char *s, size_t len)
{
    while (len > 0) {
        size_t blanks = strspn(s, " "), cut, most, end;

        if (blanks >= len)
            return;
        s += blanks;
        len -= blanks;
        most = cut = sentence(s, len);
        if (most > MANUAL_WIDTH) {
            for (cut = MANUAL_WIDTH; cut > 0 && s[cut] != ' '; cut--) {
            }
            cut = cut > 0 ? cut : most;
        }
        buffer_adds(out, s[0] == '.' || s[0] == '\'' ? "\\&" : "");
        for (end = cut; end > 0 && s[end - 1] == ' '; end--) {
        }
        add_roff(out, s, end, false);
        buffer_adds(out, "\n");
        s += cut;
        len -= cut;
    }
}

/* A text in which what people type stands in backquotes. */
static void add_text(struct buffer *out, const char *s)
{
    const char *from, *to;

    while ((from = strchr(s, '`')) != NULL && (to = strchr(from + 1, '`')) != NULL) {
        size_t marks = strspn(to + 1, ",;:.?!)");

        add_prose(out, s, (size_t)(from - s));
        add_typed(out, ".Ic", from + 1, (size_t)(to - from - 1), to + 1, marks);
        s = to + 1 + marks;
    }
    add_prose(out, s, strlen(s));
}

/* "Also: sub, track." */
static void add_words(struct buffer *out, const char *title, const char *first,
                      const char *const *words, size_t n)
{
    const char *last = first;

    for (size_t i = 0; i < n && words[i] != NULL; i++)
        last = words[i];
    if (last == NULL)
        return;
    buffer_addf(out, "%s:\n", title);
    if (first != NULL)
        add_typed(out, ".Ic", first, strlen(first), last == first ? "." : ",", 1);
    for (size_t i = 0; i < n && words[i] != NULL; i++)
        add_typed(out, ".Ic", words[i], strlen(words[i]), words[i] == last ? "." : ",", 1);
}

static void add_examples(struct buffer *out, const struct command *row)
{
    buffer_adds(out, ".Bd -literal -offset indent -compact\n");
    for (size_t i = 0; i < ARRAY_LEN(row->examples) && row->examples[i] != NULL; i++) {
        const char *s = row->examples[i];

        buffer_adds(out, s[0] == '.' || s[0] == '\'' ? "\\&" : "");
        add_roff(out, s, strlen(s), true);
        buffer_adds(out, "\n");
    }
    buffer_adds(out, ".Ed\n");
}

void manual_add_row(struct buffer *out, const struct command *row, bool brief)
{
    /* "#1234 TEXT" is `reply` */
    const char *name = strstr(row->form, row->name) == NULL ? row->name : NULL;
    struct buffer summary;

    add_typed(out, ".It Ic", row->form, strlen(row->form), "", 0);
    buffer_init(&summary, 1000);
    buffer_addf(&summary, "%s.", row->summary); /* a phrase; help is sentences */
    add_text(out, summary.data);
    buffer_fini(&summary);
    if (row->role == ROLE_ADMIN)
        buffer_adds(out, "For administrators.\n");
    else if (row->role == ROLE_ANNOUNCER)
        buffer_adds(out, "For announcers.\n");
    if (row->help != NULL)
        add_text(out, row->help);
    add_words(out, "Also", name, row->aliases, ARRAY_LEN(row->aliases));
    add_words(out, "Korean", NULL, row->korean, ARRAY_LEN(row->korean));
    if (!brief)
        add_examples(out, row);
}

static bool is_kept_free(const struct family *family)
{
    return family == &family_later;
}

void manual_commands(struct buffer *out)
{
    for (size_t f = 0; f < n_families; f++) {
        if (is_kept_free(families[f]))
            continue;
        buffer_addf(out, ".Ss %s\n.Bl -tag -width Ds\n", families[f]->title);
        for (size_t r = 0; r < families[f]->n; r++)
            manual_add_row(out, &families[f]->rows[r], false);
        buffer_adds(out, ".El\n");
    }
}

void manual_reserved(struct buffer *out)
{
    buffer_adds(out, ".Bl -tag -width Ds\n");
    for (size_t r = 0; r < family_later.n; r++)
        manual_add_row(out, &family_later.rows[r], true);
    buffer_adds(out, ".El\n");
}

/* ---- Markdown --------------------------------------------------------------------------------------- */

/* In a table a bar ends the cell, in code too. */
static void add_cell(struct buffer *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '|')
            buffer_adds(out, "\\");
        buffer_add(out, s, 1);
    }
}

static void add_code(struct buffer *out, const char *s)
{
    buffer_adds(out, "`");
    add_cell(out, s);
    buffer_adds(out, "`");
}

static void add_codes(struct buffer *out, const char *first, const char *const *words, size_t n)
{
    if (first != NULL)
        add_code(out, first);
    for (size_t i = 0; i < n && words[i] != NULL; i++) {
        buffer_adds(out, i > 0 || first != NULL ? " " : "");
        add_code(out, words[i]);
    }
}

static void add_line(struct buffer *out, const struct command *row)
{
    const char *name = strstr(row->form, row->name) == NULL ? row->name : NULL;

    buffer_adds(out, "| ");
    add_code(out, row->form);
    buffer_adds(out, " | ");
    add_codes(out, name, row->aliases, ARRAY_LEN(row->aliases));
    buffer_adds(out, " | ");
    add_codes(out, NULL, row->korean, ARRAY_LEN(row->korean));
    buffer_adds(out, " | ");
    add_cell(out, row->summary);
    buffer_adds(out, row->role == ROLE_ADMIN       ? " (for administrators) |\n"
                     : row->role == ROLE_ANNOUNCER ? " (for announcers) |\n"
                                                   : " |\n");
}

static void add_table(struct buffer *out, const struct family *family, const char *about)
{
    buffer_addf(out, "\n## %s\n\n%s", family->title, about);
    buffer_adds(out, "| command | also | Korean | |\n|---|---|---|---|\n");
    for (size_t r = 0; r < family->n; r++)
        add_line(out, &family->rows[r]);
}

void manual_table(struct buffer *out)
{
    buffer_adds(
        out,
        "<!-- Made from the rows by \"make update-commands\". -->\n"
        "# All commands\n\n"
        "Whatever else one writes is a post; [language.md](language.md) says how the two are told "
        "apart. `/` in front\n"
        "makes sure that a line is a command, `post:` that it is a post. `WHO` is a person "
        "(`alice`, `@alice`), `POST` a\n"
        "post (`#1234`), `[N]` a count. `help follow` explains one command and gives examples, "
        "and so does\n"
        "`man jaejal-commands`. Each word works in either language.\n");
    for (size_t f = 0; f < n_families; f++)
        if (!is_kept_free(families[f]))
            add_table(out, families[f], "");
    add_table(out, &family_later, "These words are taken: they say so and publish nothing.\n\n");
}

void manual_first(struct buffer *out)
{
    static const char *const first[] = {
        "post", "reply",        "d",    "edit",   "undo",   "like", "repeat", "ask",
        "poll", "home",         "show", "thread", "search", "tag",  "whois",  "follow",
        "mute", "group create", "off",  "status", "lang",   "help"};

    buffer_adds(out, "| command | in Korean | |\n|---|---|---|\n");
    for (size_t i = 0; i < ARRAY_LEN(first); i++) {
        const struct command *row = command_named(first[i]);

        buffer_adds(out, "| ");
        add_code(out, row->form);
        buffer_adds(out, " | ");
        add_code(out, message_get(LANG_KO, row->form));
        buffer_adds(out, " | ");
        add_cell(out, row->summary);
        buffer_adds(out, " |\n");
    }
}
