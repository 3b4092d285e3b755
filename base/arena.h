/* SPDX-License-Identifier: MIT */
/* Memory of one stanza's work: many small allocations, one reset.
 *
 * Never returns NULL: out of memory ends the process (the transaction rolls back, the
 * service manager restarts). That is safe because every size that input drives is capped
 * before it gets here. An arena that passed its cap goes on serving but says so in
 * arena_over(); the turn looks there and undoes that stanza alone with E_LIMIT.
 * In builds with AddressSanitizer each allocation is a malloc of its own, so that
 * overruns and use after reset are seen. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct arena;

struct arena *arena_new(size_t cap);
void arena_free(struct arena *a);
/* Gives back everything allocated since arena_new() or the last reset; keeps one block. */
void arena_reset(struct arena *a);
bool arena_over(const struct arena *a);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
/* n times size with a check for overflow (which ends the process). */
void *arena_array(struct arena *a, size_t n, size_t size);
/* A copy with a NUL behind it. NULL stays NULL. */
char *arena_dup(struct arena *a, const char *s);
char *arena_ndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

#endif
