/* SPDX-License-Identifier: MIT */
/* A growing run of bytes with a maximum set at birth.
 *
 * data is always NUL-terminated once something was added (NULL before). What would pass max
 * is not added at all, and `over` stays true until buffer_reset(): a caller may add a whole
 * stanza and look once. Out of memory ends the process. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct buffer {
    char *data;
    size_t len;
    size_t cap;
    size_t max; /* of len */
    bool over;
};

void buffer_init(struct buffer *b, size_t max);
void buffer_fini(struct buffer *b);
void buffer_reset(struct buffer *b);
void buffer_add(struct buffer *b, const char *data, size_t len);
void buffer_adds(struct buffer *b, const char *s);
void buffer_addf(struct buffer *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Adds text escaped for XML character data and attribute values in either quote (& < > " '),
 * a carriage return as &#13;, since a parser would make it a line feed.
 * Characters that XML 1.0 forbids and malformed UTF-8 are left out. Added whole or not at all. */
void buffer_add_xml(struct buffer *b, const char *s, size_t len);
/* Takes n bytes (at most len) from the front. */
void buffer_take(struct buffer *b, size_t n);

#endif
