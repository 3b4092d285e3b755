/* SPDX-License-Identifier: MIT */
#include "conf/settings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#include <ini.h>

#include "base/jid.h"
#include "base/limits.h"
#include "base/text.h"
#include "conf/table.h"
#include "conf/value.h"

#define ROWS_MAX 64
/* A name that no file can hold, for the line that is slipped in behind each [section]. */
#define SECTION_MARK "\x01"
#define MARK_LINE SECTION_MARK "=x"

/* One reading of one file. */
struct reading {
    const char *path;
    const char *text, *end; /* what is left */
    int line;               /* of what the parser was given last */
    bool mark;              /* give it the mark next */
    const char *section;    /* as in the table; NULL before the first */
    bool skip;              /* in a section that is not ours: said already */
    int lines[ROWS_MAX];    /* where each row was set, 0: nowhere */
    int headers[ROWS_MAX];  /* where the section began, at the index of its first row */
    bool broken;
    struct arena *a;
    struct buffer *complaint;
    struct settings out;
};

static void complain(struct reading *r, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void complain(struct reading *r, int line, const char *fmt, ...)
{
    va_list ap;
    const char *what;

    va_start(ap, fmt);
    what = arena_vprintf(r->a, fmt, ap);
    va_end(ap);
    if (line > 0) {
        buffer_addf(r->complaint, "%s:%d: %s\n", r->path, line, what);
    } else {
        buffer_addf(r->complaint, "%s: %s\n", r->path, what);
    }
    r->broken = true;
}

static void open_section(struct reading *r, const char *name)
{
    r->skip = true;
    for (size_t i = 0; i < table_n_rows; i++) {
        if (strcmp(table_rows[i].section, name) == 0) {
            r->section = table_rows[i].section;
            r->skip = false;
            if (r->headers[i] == 0) {
                r->headers[i] = r->line;
            }
            return;
        }
    }
    complain(r, r->line, "unknown section [%s]", text_first(r->a, name, VALUE_SHOWN));
}

static const char *near_key(const char *section, const char *name)
{
    for (size_t i = 0; i < table_n_rows; i++) {
        if (strcmp(table_rows[i].section, section) == 0 && text_one_slip(table_rows[i].key, name)) {
            return table_rows[i].key;
        }
    }
    return NULL;
}

static void set_key(struct reading *r, const char *name, const char *value)
{
    const char *near, *why;

    for (size_t i = 0; i < table_n_rows; i++) {
        const struct row *row = &table_rows[i];

        if (strcmp(row->section, r->section) != 0 || strcmp(row->key, name) != 0) {
            continue;
        }
        if (r->lines[i] != 0) {
            complain(r, r->line, "%s is given twice, first in line %d", name, r->lines[i]);
            return;
        }
        r->lines[i] = r->line;
        why = value_set(r->a, row, value, &r->out);
        if (why != NULL) {
            complain(r, r->line, "%s: %s", name, why);
        }
        return;
    }
    if (*name == '\0') {
        complain(r, r->line, "no key stands in front of the \"=\"");
        return;
    }
    near = near_key(r->section, name);
    complain(r, r->line, "unknown key %s in [%s]%s%s%s", text_first(r->a, name, VALUE_SHOWN),
             r->section, near == NULL ? "" : ", is it ", near == NULL ? "" : near,
             near == NULL ? "" : "?");
}

static int on_pair(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;

    if (strcmp(name, SECTION_MARK) == 0) {
        open_section(r, section);
    } else if (r->skip) {
        return 1;
    } else if (r->section == NULL) {
        complain(r, r->line, "%s stands before the first [section]",
                 text_first(r->a, name, VALUE_SHOWN));
    } else {
        set_key(r, name, value);
    }
    return 1;
}

/* Gives the parser the next line, as fgets() would, and counts: Debian's libinih tells its
 * handler no line numbers, and nothing about a section without keys. */
static char *next_line(char *out, int room, void *user)
{
    struct reading *r = user;
    const char *nl;
    size_t len, most = room > 2 ? (size_t)room - 2 : 0;

    if (r->mark && most >= sizeof(MARK_LINE)) {
        r->mark = false;
        memcpy(out, MARK_LINE, sizeof(MARK_LINE));
        return out;
    }
    if (r->text == r->end) {
        return NULL;
    }
    r->line++;
    nl = memchr(r->text, '\n', (size_t)(r->end - r->text));
    len = (size_t)((nl != NULL ? nl : r->end) - r->text);
    out[0] = '\0';
    if (len > LIMIT_CONFIG_LINE || len > most) {
        complain(r, r->line, "longer than %d bytes", LIMIT_CONFIG_LINE);
    } else {
        memcpy(out, r->text, len);
        out[len] = '\0';
        r->mark = out[strspn(out, " \t\r\v\f")] == '[';
    }
    r->text = nl != NULL ? nl + 1 : r->end;
    return out;
}

/* The parser stops at a line that it does not understand; that is said, and it goes on behind
 * it, so that all such lines are told. */
static enum err parse_lines(struct reading *r)
{
    static char inline_prefix[] = ";", start_prefixes[] = ";#";
    int rc;

    ini_allow_multiline = false; /* a key given twice is an error, not a second line of a value */
    ini_allow_bom = false;       /* taken off before */
    ini_start_comment_prefixes = start_prefixes;
    ini_allow_inline_comments = true;
    ini_inline_comment_prefixes = inline_prefix;
    ini_use_stack = false;
    ini_max_line = LIMIT_CONFIG_LINE + 3;
    ini_initial_alloc = LIMIT_CONFIG_LINE + 3;
    ini_allow_realloc = false;
    ini_stop_on_first_error = true;
    ini_allow_no_value = false;
    while ((rc = ini_parse_stream(next_line, r, on_pair, r)) > 0) {
        if (r->mark) { /* what follows belongs to no section that we know */
            r->mark = false;
            r->skip = true;
            complain(r, r->line, "a section has the form [name]");
        } else {
            complain(r, r->line, "neither \"key = value\" nor [section] nor a comment");
        }
    }
    return rc == 0 ? OK : E_SYSTEM;
}

static int line_of(const struct reading *r, const void *place)
{
    for (size_t i = 0; i < table_n_rows; i++) {
        if ((const char *)&r->out + table_rows[i].offset == (const char *)place &&
            r->lines[i] != 0) {
            return r->lines[i];
        }
    }
    return 0;
}

/* Presets, what is missing, and what does not fit together. */
static void finish(struct reading *r)
{
    const struct settings *s = &r->out;
    int header = 0, secrets = 0;
    struct jid j = {NULL, s->domain, NULL};

    for (size_t i = 0; i < table_n_rows; i++) {
        const struct row *row = &table_rows[i];
        const char *why = NULL;

        if (i == 0 || strcmp(row->section, table_rows[i - 1].section) != 0) {
            header = r->headers[i];
        }
        if (row->type == ROW_SECRET || row->type == ROW_SECRET_FILE) {
            secrets += r->lines[i] != 0;
            if (secrets == 2) {
                complain(r, r->lines[i], "secret and secret_file are both given");
            } else if (secrets == 0 && row->type == ROW_SECRET) {
                complain(r, header, "secret_file or secret is missing in [%s]", row->section);
            }
        }
        if (r->lines[i] != 0) {
            continue;
        }
        if (row->required) {
            complain(r, header, "%s is missing in [%s]", row->key, row->section);
        } else if (row->preset != NULL) {
            why = value_set(r->a, row, row->preset, &r->out);
        }
        if (why != NULL) {
            complain(r, header, "the preset of %s: %s", row->key, why);
        }
    }
    if (s->domain != NULL && jid_domain_in(&j, s->allowed_domains, s->n_allowed_domains)) {
        complain(r, line_of(r, &s->allowed_domains),
                 "allowed_domains: %s is the component's own domain", s->domain);
    }
    for (size_t i = 0; i < s->n_admins && s->n_allowed_domains > 0; i++) {
        j.domain = strrchr(s->admins[i], '@') + 1;
        if (!jid_domain_in(&j, s->allowed_domains, s->n_allowed_domains)) {
            complain(r, line_of(r, &s->admins), "admins: %s is not within allowed_domains",
                     text_first(r->a, s->admins[i], VALUE_SHOWN));
        }
    }
    if (s->tls && s->ca_file != NULL && access(s->ca_file, R_OK) != 0) {
        int line = line_of(r, &s->ca_file);

        complain(r, line != 0 ? line : line_of(r, &s->tls), "ca_file: \"%s\": %s",
                 text_first(r->a, s->ca_file, VALUE_SHOWN), strerror(errno));
    }
}

/* The line of the first byte that makes the text refused as a whole, 0 if it is good. */
static int bad_line(const char *text, size_t len)
{
    int line = 1;

    if (text_xml(text, len)) {
        return 0;
    }
    for (;; line++) {
        const char *nl = memchr(text, '\n', len);
        size_t n = nl != NULL ? (size_t)(nl - text) + 1 : len;

        if (nl == NULL || !text_xml(text, n)) {
            return line;
        }
        text += n;
        len -= n;
    }
}

enum err settings_parse(const char *path, const char *text, size_t len, struct arena *a,
                        struct settings *out, struct buffer *complaint)
{
    struct reading *r = arena_alloc(a, sizeof(*r));
    int bad;

    r->path = path;
    r->a = a;
    r->complaint = complaint;
    if (table_n_rows > ROWS_MAX) {
        abort();
    }
    if (len > LIMIT_CONFIG_FILE) {
        complain(r, 0, "larger than %d bytes", LIMIT_CONFIG_FILE);
        return E_LIMIT;
    }
    bad = bad_line(text, len);
    if (bad != 0) {
        complain(r, bad, "not UTF-8 text, or a control character");
        return E_USAGE;
    }
    r->text = text;
    r->end = text + len;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        r->text += 3;
    }
    if (parse_lines(r) != OK) {
        complain(r, 0, "the parser has no memory");
        return E_SYSTEM;
    }
    finish(r);
    if (r->broken) {
        return E_USAGE;
    }
    *out = r->out;
    return OK;
}

enum err settings_read(const char *path, struct arena *a, struct settings *out,
                       struct buffer *complaint)
{
    struct arena *own = arena_new(LIMIT_CONFIG_FILE + 1);
    char *text = arena_alloc(own, LIMIT_CONFIG_FILE + 1);
    size_t len = 0;
    ssize_t n = 0;
    enum err rc = E_SYSTEM;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        buffer_addf(complaint, "%s: %s\n", path, strerror(errno));
        goto out;
    }
    do { /* one byte more than allowed shows that it is too large */
        n = read(fd, text + len, LIMIT_CONFIG_FILE + 1 - len);
        len += n > 0 ? (size_t)n : 0;
    } while (n > 0);
    if (n < 0) {
        buffer_addf(complaint, "%s: %s\n", path, strerror(errno));
        goto out;
    }
    rc = settings_parse(path, text, len, a, out, complaint);
out:
    if (fd >= 0) {
        (void)close(fd);
    }
    arena_free(own);
    return rc;
}
