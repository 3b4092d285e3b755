/* SPDX-License-Identifier: MIT */
/* One value of the configuration, checked and prepared as its row of the table asks. */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include "base/arena.h"
#include "conf/settings.h"
#include "conf/table.h"

/* Characters of a wrong value that a complaint repeats. */
#define VALUE_SHOWN 60

/* Sets the row's field in out from value; NULL, or what is wrong with it (and the field is as it
 * was). Strings live in the arena. */
const char *value_set(struct arena *a, const struct row *row, const char *value,
                      struct settings *out);

#endif
