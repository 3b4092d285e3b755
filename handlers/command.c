/* SPDX-License-Identifier: MIT */
#include "handlers/command.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "handlers/reserved.h"

const struct family *const families[] = {
    &family_write,     &family_polls,  &family_schedule, &family_announce, &family_read,
    &family_questions, &family_follow, &family_groups,   &family_yourself, &family_peace,
    &family_admin,     &family_later,  &family_dispatch};
const size_t n_families = ARRAY_LEN(families);

const struct command *command_each_word(command_word_fn *fn, void *arg)
{
    for (size_t f = 0; f < n_families; f++) {
        for (size_t r = 0; r < families[f]->n; r++) {
            const struct command *row = &families[f]->rows[r];

            if (fn(row, row->name, arg))
                return row;
            for (size_t i = 0; i < ARRAY_LEN(row->aliases) && row->aliases[i] != NULL; i++)
                if (fn(row, row->aliases[i], arg))
                    return row;
            for (size_t i = 0; i < ARRAY_LEN(row->korean) && row->korean[i] != NULL; i++)
                if (fn(row, row->korean[i], arg))
                    return row;
        }
    }
    return NULL;
}

static bool is_word(const struct command *row, const char *word, void *arg)
{
    (void)row;
    return strcmp(word, arg) == 0;
}

static bool is_first(const struct command *row, const char *word, void *arg)
{
    size_t n = strlen(arg);

    (void)row;
    return strncmp(word, arg, n) == 0 && word[n] == ' ';
}

const struct command *command_find(const char *folded)
{
    void *arg = (void *)(uintptr_t)folded;
    const struct command *row = command_each_word(is_word, arg);

    return row != NULL || folded[0] == '\0' ? row : command_each_word(is_first, arg);
}

bool command_is_head(const struct command *row, const char *folded)
{
    size_t n = strlen(folded);
    bool head = false;

    for (size_t i = 0; i < 1 + ARRAY_LEN(row->aliases) + ARRAY_LEN(row->korean); i++) {
        const char *word = i == 0 ? row->name
                           : i <= ARRAY_LEN(row->aliases)
                               ? row->aliases[i - 1]
                               : row->korean[i - 1 - ARRAY_LEN(row->aliases)];

        if (word != NULL && strcmp(word, folded) == 0)
            return false;
        head = head || (word != NULL && strncmp(word, folded, n) == 0 && word[n] == ' ');
    }
    return head;
}

const struct command *command_named(const char *name)
{
    for (size_t f = 0; f < n_families; f++)
        for (size_t r = 0; r < families[f]->n; r++)
            if (strcmp(families[f]->rows[r].name, name) == 0)
                return &families[f]->rows[r];
    log_line(LOG_ERROR, "command missing name=%s", name);
    abort();
}
