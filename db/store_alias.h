/* SPDX-License-Identifier: MIT */
/* One's own short forms of commands: `alias hi = d bob hi %1`. Part of db/store.h. */
#ifndef DB_STORE_ALIAS_H
#define DB_STORE_ALIAS_H

#include "db/store.h"

struct alias {
    const char *name; /* folded: the word that is typed */
    const char *text; /* what it stands for, with %1 … as typed */
};
/* Makes one, or gives one that is there another meaning. E_LIMIT: LIMIT_ALIASES. */
enum err store_alias_set(struct store *st, int64_t person, const struct alias *al) MUST_USE;
/* E_NOTFOUND: there was none. */
enum err store_alias_remove(struct store *st, int64_t person, const char *name) MUST_USE;
/* E_NOTFOUND. */
enum err store_alias_find(struct store *st, int64_t person, const char *name, struct arena *a,
                          struct alias *out) MUST_USE;
/* Those of a person by name, behind the one named `after` ("": from the beginning). */
enum err store_aliases(struct store *st, int64_t person, const char *after, size_t limit,
                       struct arena *a, struct alias **out, size_t *n, bool *more) MUST_USE;

#endif
