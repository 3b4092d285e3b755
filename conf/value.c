/* SPDX-License-Identifier: MIT */
#include "conf/value.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/jid.h"
#include "base/limits.h"
#include "base/listen.h"
#include "base/text.h"

/* Where values go. */
struct value {
    struct arena *a;
    struct settings *out;
};

static void *field(struct value *v, size_t offset)
{
    return (char *)v->out + offset;
}

static const char *set_string(struct value *v, const struct row *row, const char *value)
{
    *(const char **)field(v, row->offset) = arena_dup(v->a, value);
    return NULL;
}

static const char *set_number(struct value *v, const struct row *row, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    long n = digits > 9 ? LONG_MAX : strtol(value, NULL, 10);

    if (digits == 0 || value[digits] != '\0' || n < row->min || n > row->max) {
        return arena_printf(v->a, "\"%s\" is no number from %d to %d",
                            text_first(v->a, value, VALUE_SHOWN), row->min, row->max);
    }
    *(int *)field(v, row->offset) = (int)n;
    return NULL;
}

static const char *set_switch(struct value *v, const struct row *row, const char *value)
{
    bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0) {
        return arena_printf(v->a, "\"%s\" is neither yes nor no",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    *(bool *)field(v, row->offset) = yes;
    return NULL;
}

static const char *set_host(struct value *v, const struct row *row, const char *value)
{
    if (strlen(value) > 253 || value[strspn(value, "abcdefghijklmnopqrstuvwxyz"
                                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                   "0123456789.-_:")] != '\0') {
        return arena_printf(v->a, "\"%s\" is neither a host name nor an address",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    return set_string(v, row, value);
}

static const char *prepare_domain(struct value *v, const char *value, const char **out)
{
    struct jid j;

    if (jid_parse(v->a, value, &j) != OK || j.local != NULL || j.resource != NULL) {
        return arena_printf(v->a, "\"%s\" is no domain", text_first(v->a, value, VALUE_SHOWN));
    }
    *out = j.domain;
    return NULL;
}

static const char *prepare_jid(struct value *v, const char *value, const char **out)
{
    struct jid j;

    if (jid_parse(v->a, value, &j) != OK || j.local == NULL || j.resource != NULL) {
        return arena_printf(v->a, "\"%s\" is no address like alice@corp.example",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    *out = jid_bare(v->a, &j);
    return NULL;
}

/* A tag has letters, digits and _ and is not all digits; a nick is any local part of a JID. */
static const char *prepare_follow(struct value *v, const char *value, const char **out)
{
    const char *folded = text_fold(v->a, value), *p = folded + 1;
    bool good = folded[0] == '@' || folded[0] == '#';
    struct jid j;

    if (folded[0] == '#') {
        size_t digits = strspn(p, "0123456789");

        good = p[digits] != '\0' && text_count(p) <= LIMIT_TAG;
        while (*p != '\0') {
            good = text_is_word(text_next(&p)) && good;
        }
    } else if (good) {
        good = jid_parse(v->a, arena_printf(v->a, "%s@x", p), &j) == OK && j.local != NULL &&
               strchr(p, '@') == NULL;
    }
    if (!good) {
        return arena_printf(v->a, "\"%s\" is neither @nick nor #tag",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    *out = folded;
    return NULL;
}

/* The list's words, blanks between them, each prepared. */
static const char *set_list(struct value *v, const struct row *row, const char *value)
{
    const char **list = arena_array(v->a, strlen(value) / 2 + 1, sizeof(*list));
    size_t n = 0;

    while (*(value += strspn(value, " \t")) != '\0') {
        size_t len = strcspn(value, " \t");
        const char *word = arena_ndup(v->a, value, len), *why;

        why = row->type == ROW_DOMAINS ? prepare_domain(v, word, &list[n])
              : row->type == ROW_JIDS  ? prepare_jid(v, word, &list[n])
                                       : prepare_follow(v, word, &list[n]);
        if (why != NULL) {
            return why;
        }
        n++;
        value += len;
    }
    *(const char *const **)field(v, row->offset) = list;
    *(size_t *)field(v, row->count) = n;
    return NULL;
}

/* Our other addresses begin with these (architecture, "Identifiers and addresses"). */
static const char *set_local(struct value *v, const struct row *row, const char *value)
{
    struct jid j;

    if (strchr("#!~", value[0]) != NULL || strpbrk(value, "@/") != NULL ||
        jid_parse(v->a, arena_printf(v->a, "%s@x", value), &j) != OK) {
        return arena_printf(v->a, "\"%s\" cannot be the local part of the bot's address",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    return set_string(v, row, j.local);
}

static const char *set_name(struct value *v, const struct row *row, const char *value)
{
    const char *name = text_nfc(v->a, value);

    if (text_count(name) > (size_t)row->max) {
        return arena_printf(v->a, "longer than %d characters", row->max);
    }
    if (strcmp(name, text_name(v->a, name, (size_t)row->max)) != 0) {
        return "only letters, digits, single blanks and plain marks, none of @ # ( ) :";
    }
    return set_string(v, row, name);
}

static const char *set_language(struct value *v, const struct row *row, const char *value)
{
    if (strcmp(value, "en") != 0 && strcmp(value, "ko") != 0) {
        return arena_printf(v->a, "\"%s\" is neither en nor ko",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    return set_string(v, row, value);
}

static const char *set_url(struct value *v, const struct row *row, const char *value)
{
    if (strncmp(value, "sqlite:", 7) != 0 || value[7] == '\0') {
        return arena_printf(v->a, "\"%s\" is not of the form sqlite:PATH",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    return set_string(v, row, value);
}

static const char *set_listen(struct value *v, const struct row *row, const char *value)
{
    struct listen_at at;
    enum err e = value[0] == '\0' ? OK : listen_parse(value, &at);

    if (e == E_DENIED) {
        return arena_printf(v->a, "\"%s\" can be reached by others; only loopback addresses",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    if (e != OK) {
        return arena_printf(v->a, "\"%s\" is none of 127.0.0.1:PORT, [::1]:PORT, unix:/PATH",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    return set_string(v, row, value);
}

static const char *set_level(struct value *v, const struct row *row, const char *value)
{
    if (log_level_parse(value, field(v, row->offset)) != OK) {
        return arena_printf(v->a, "\"%s\" is none of error, warn, info, debug",
                            text_first(v->a, value, VALUE_SHOWN));
    }
    return NULL;
}

static const char *set_secret(struct value *v, const struct row *row, const char *value)
{
    if (strlen(value) > LIMIT_SECRET) {
        return arena_printf(v->a, "longer than %d bytes", LIMIT_SECRET);
    }
    return set_string(v, row, value);
}

/* Takes the one line of an opened file; what is wrong never shows what was read. */
static const char *read_secret(struct value *v, const struct row *row, int fd)
{
    char text[LIMIT_SECRET + 3]; /* with CR LF and one more, to see that there is more */
    size_t len = 0;
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return "no regular file";
    }
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return arena_printf(v->a, "others than its owner may use it (mode %04o): chmod 600 it",
                            (unsigned)(st.st_mode & 07777));
    }
    while (len < sizeof(text)) {
        ssize_t n = read(fd, text + len, sizeof(text) - len);

        if (n < 0) {
            return strerror(errno);
        }
        if (n == 0) {
            break;
        }
        len += (size_t)n;
    }
    if (len > 0 && len < sizeof(text) && text[len - 1] == '\n') {
        len--;
        len -= len > 0 && text[len - 1] == '\r';
    }
    if (len == 0) {
        return "it is empty";
    }
    if (len > LIMIT_SECRET) {
        return arena_printf(v->a, "longer than %d bytes", LIMIT_SECRET);
    }
    if (!text_xml(text, len) || memchr(text, '\n', len) != NULL ||
        memchr(text, '\r', len) != NULL) {
        return "not one line of UTF-8 text";
    }
    return set_string(v, row, arena_ndup(v->a, text, len));
}

static const char *set_secret_file(struct value *v, const struct row *row, const char *value)
{
    int fd = open(value, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *why = fd < 0 ? strerror(errno) : read_secret(v, row, fd);

    if (fd >= 0) {
        (void)close(fd);
    }
    return why == NULL
               ? NULL
               : arena_printf(v->a, "\"%s\": %s", text_first(v->a, value, VALUE_SHOWN), why);
}

const char *value_set(struct arena *a, const struct row *row, const char *value,
                      struct settings *out)
{
    struct value room = {a, out}, *v = &room;
    bool may_be_empty =
        row->type == ROW_JIDS || row->type == ROW_FOLLOWS || row->type == ROW_LISTEN;

    if (value[0] == '\0' && !may_be_empty) {
        return "no value";
    }
    switch (row->type) {
    case ROW_HOST:
        return set_host(v, row, value);
    case ROW_NUMBER:
        return set_number(v, row, value);
    case ROW_SWITCH:
        return set_switch(v, row, value);
    case ROW_PATH:
        return set_string(v, row, value);
    case ROW_DOMAIN:
        return prepare_domain(v, value, field(v, row->offset));
    case ROW_LOCAL:
        return set_local(v, row, value);
    case ROW_NAME:
        return set_name(v, row, value);
    case ROW_LANGUAGE:
        return set_language(v, row, value);
    case ROW_DOMAINS:
    case ROW_JIDS:
    case ROW_FOLLOWS:
        return set_list(v, row, value);
    case ROW_URL:
        return set_url(v, row, value);
    case ROW_LISTEN:
        return set_listen(v, row, value);
    case ROW_LEVEL:
        return set_level(v, row, value);
    case ROW_SECRET:
        return set_secret(v, row, value);
    case ROW_SECRET_FILE:
        return set_secret_file(v, row, value);
    }
    return "a type without a reader";
}
