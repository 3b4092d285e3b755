/* SPDX-License-Identifier: MIT */
#include "handlers/command.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "handlers/reserved.h"

const struct family *const families[] = {&family_write,    &family_read,  &family_follow,
                                         &family_yourself, &family_later, &family_dispatch};
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

const struct command *command_find(const char *folded)
{
    return command_each_word(is_word, (void *)(uintptr_t)folded);
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
