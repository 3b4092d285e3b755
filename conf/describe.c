/* SPDX-License-Identifier: MIT */
/* What the table says about itself: the sample file, the manual page, a reload. */
#include "conf/settings.h"

#include <string.h>

#include "conf/table.h"

#define SAMPLE_WIDTH 96
#define MANUAL_WIDTH 78

/* Adds text in lines of at most width bytes, each behind prefix, broken at blanks. */
static void add_wrapped(struct buffer *out, const char *prefix, size_t width, const char *text)
{
    width -= strlen(prefix);
    while (*text != '\0') {
        size_t len = strlen(text), cut;

        if (len > width) {
            for (cut = width; cut > 0 && text[cut] != ' '; cut--) {
            }
            len = cut > 0 ? cut : strcspn(text, " ");
        }
        buffer_addf(out, "%s%.*s\n", prefix, (int)len, text);
        text += len;
        text += strspn(text, " ");
    }
}

/* The values that a row takes, as part of a sentence; NULL where its meaning says it all. */
static const char *values_of(const struct row *row, char *room, size_t size)
{
    struct buffer b;

    switch (row->type) {
    case ROW_NUMBER:
        buffer_init(&b, size - 1);
        buffer_addf(&b, "%d to %d", row->min, row->max);
        memcpy(room, b.data, b.len + 1);
        buffer_fini(&b);
        return room;
    case ROW_SWITCH:
        return "yes or no";
    case ROW_LANGUAGE:
        return "en or ko";
    case ROW_LEVEL:
        return "error, warn, info or debug";
    case ROW_URL:
        return "sqlite:PATH";
    default:
        return NULL;
    }
}

/* "Default 5347; 1 to 65535." */
static void add_facts(struct buffer *out, const struct row *row)
{
    char room[64];
    const char *values = values_of(row, room, sizeof(room));

    if (row->required) {
        buffer_adds(out, "Required");
    } else if (row->preset == NULL) {
        buffer_adds(out, "No default");
    } else if (row->preset[0] == '\0') {
        buffer_adds(out, "Empty by default");
    } else {
        buffer_addf(out, "Default %s", row->preset);
    }
    if (values != NULL) {
        buffer_addf(out, "; %s", values);
    }
    buffer_adds(out, row->restart ? "; needs a restart." : ".");
}

static bool begins_section(size_t i)
{
    return i == 0 || strcmp(table_rows[i].section, table_rows[i - 1].section) != 0;
}

void settings_sample(struct buffer *out)
{
    buffer_adds(out, "; The configuration of jaejald; jaejal.conf(5) says more. Check it with\n"
                     ";   jaejald -c FILE --check\n"
                     "; A change counts after a reload (SIGHUP) where no restart is named.\n");
    for (size_t i = 0; i < table_n_rows; i++) {
        const struct row *row = &table_rows[i];
        const char *value = row->sample != NULL ? row->sample : row->preset;
        struct buffer facts;

        if (begins_section(i)) {
            buffer_addf(out, "\n[%s]\n", row->section);
        }
        buffer_init(&facts, 1000);
        add_facts(&facts, row);
        add_wrapped(out, "; ", SAMPLE_WIDTH, row->meaning);
        add_wrapped(out, "; ", SAMPLE_WIDTH, facts.data);
        buffer_fini(&facts);
        buffer_addf(out, "%s%s =%s%s\n", value == NULL ? ";" : "", row->key,
                    value != NULL && value[0] == '\0' ? "" : " ", value == NULL ? "..." : value);
    }
}

void settings_manual(struct buffer *out)
{
    for (size_t i = 0; i < table_n_rows; i++) {
        const struct row *row = &table_rows[i];
        struct buffer facts;

        if (begins_section(i)) {
            buffer_addf(out, "%s.Ss %s\n.Bl -tag -width Ds\n", i == 0 ? "" : ".El\n", row->section);
        }
        buffer_addf(out, ".It Ic %s\n", row->key);
        add_wrapped(out, "", MANUAL_WIDTH, row->meaning);
        buffer_init(&facts, 1000);
        add_facts(&facts, row);
        add_wrapped(out, "", MANUAL_WIDTH, facts.data);
        buffer_fini(&facts);
    }
    buffer_adds(out, ".El\n");
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_list(const struct row *row, const struct settings *a, const struct settings *b)
{
    const char *const *la = *(const char *const *const *)((const char *)a + row->offset);
    const char *const *lb = *(const char *const *const *)((const char *)b + row->offset);
    size_t na = *(const size_t *)((const char *)a + row->count);
    size_t nb = *(const size_t *)((const char *)b + row->count);
    bool equal = na == nb;

    for (size_t i = 0; equal && i < na; i++) {
        equal = strcmp(la[i], lb[i]) == 0;
    }
    return equal;
}

static bool same(const struct row *row, const struct settings *a, const struct settings *b)
{
    const void *fa = (const char *)a + row->offset, *fb = (const char *)b + row->offset;

    if (row->count != 0) {
        return same_list(row, a, b);
    }
    switch (row->type) {
    case ROW_NUMBER:
        return *(const int *)fa == *(const int *)fb;
    case ROW_SWITCH:
        return *(const bool *)fa == *(const bool *)fb;
    case ROW_LEVEL:
        return *(const enum log_level *)fa == *(const enum log_level *)fb;
    default:
        return same_text(*(const char *const *)fa, *(const char *const *)fb);
    }
}

static size_t size_of(const struct row *row)
{
    switch (row->type) {
    case ROW_NUMBER:
        return sizeof(int);
    case ROW_SWITCH:
        return sizeof(bool);
    case ROW_LEVEL:
        return sizeof(enum log_level);
    default:
        return sizeof(const char *); /* a text or the beginning of a list */
    }
}

void settings_merge(const struct settings *running, const struct settings *fresh,
                    struct settings *out)
{
    *out = *fresh;
    for (size_t i = 0; i < table_n_rows; i++) {
        const struct row *row = &table_rows[i];

        if (!row->restart) {
            continue;
        }
        memcpy((char *)out + row->offset, (const char *)running + row->offset, size_of(row));
        if (row->count != 0) {
            memcpy((char *)out + row->count, (const char *)running + row->count, sizeof(size_t));
        }
    }
}

void settings_restart_needed(const struct settings *running, const struct settings *fresh,
                             struct buffer *out)
{
    for (size_t i = 0; i < table_n_rows; i++) {
        const struct row *row = &table_rows[i];

        /* secret and secret_file fill one field, which is named once */
        if (row->restart && row->type != ROW_SECRET_FILE && !same(row, running, fresh)) {
            buffer_addf(out, "%s[%s] %s", out->len > 0 ? ", " : "", row->section, row->key);
        }
    }
}
