/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#define FIRST_CAP 256

void buffer_init(struct buffer *b, size_t max)
{
    memset(b, 0, sizeof(*b));
    b->max = max < SIZE_MAX - 1 ? max : SIZE_MAX - 1; /* a NUL must fit behind it */
}

void buffer_fini(struct buffer *b)
{
    size_t max = b->max;

    free(b->data);
    buffer_init(b, max);
}

void buffer_reset(struct buffer *b)
{
    b->len = 0;
    b->over = false;
    if (b->data != NULL) {
        b->data[0] = '\0';
    }
}

/* Makes room for len more bytes and a NUL; false if that would pass max. */
static bool reserve(struct buffer *b, size_t len)
{
    size_t need, cap;
    char *data;

    if (len > b->max - b->len) {
        b->over = true;
        return false;
    }
    need = b->len + len + 1;
    if (need <= b->cap) {
        return true;
    }
    cap = b->cap < FIRST_CAP ? FIRST_CAP : b->cap;
    while (cap < need) {
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    }
    if (cap > b->max + 1) {
        cap = b->max + 1;
    }
    data = realloc(b->data, cap);
    if (data == NULL) {
        err_no_memory();
    }
    b->data = data;
    b->cap = cap;
    return true;
}

static bool put(struct buffer *b, const char *data, size_t len)
{
    if (!reserve(b, len)) {
        return false;
    }
    if (len > 0) {
        memcpy(b->data + b->len, data, len);
    }
    b->len += len;
    b->data[b->len] = '\0';
    return true;
}

void buffer_add(struct buffer *b, const char *data, size_t len)
{
    (void)put(b, data, len);
}

void buffer_adds(struct buffer *b, const char *s)
{
    (void)put(b, s, strlen(s));
}

void buffer_addf(struct buffer *b, const char *fmt, ...)
{
    va_list ap, again;
    size_t spare = b->cap - b->len;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(spare > 0 ? b->data + b->len : NULL, spare, fmt, ap);
    if (n < 0) {
        (void)fputs("error a format was refused\n", stderr);
        abort();
    }
    if (!reserve(b, (size_t)n)) {
        if (b->data != NULL) {
            b->data[b->len] = '\0'; /* what the first try left there */
        }
    } else {
        if ((size_t)n >= spare) {
            (void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        }
        b->len += (size_t)n;
    }
    va_end(again);
    va_end(ap);
}

/* The entity that a byte must be written as, or NULL. A bare CR would reach the peer as LF
 * (XML 1.0 §2.11). */
static const char *entity_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* Bytes of the character at s, 0 if it must be left out (one byte of it at a time where the
 * UTF-8 is malformed); *skip is what to leave out. */
static size_t xml_char(const uint8_t *s, size_t len, size_t *skip)
{
    ucs4_t c;
    int n;

    if (s[0] < 0x80) {
        *skip = 1;
        return s[0] >= 0x20 || s[0] == '\t' || s[0] == '\n' || s[0] == '\r' ? 1 : 0;
    }
    n = u8_mbtoucr(&c, s, len);
    if (n <= 0) {
        *skip = 1;
        return 0;
    }
    *skip = (size_t)n;
    return c == 0xFFFE || c == 0xFFFF ? 0 : (size_t)n;
}

void buffer_add_xml(struct buffer *b, const char *s, size_t len)
{
    size_t start = b->len, run = 0, i = 0;

    while (i < len) {
        const char *entity = entity_of((unsigned char)s[i]);
        size_t skip = 1, keep = 0;

        if (entity == NULL) {
            keep = xml_char((const uint8_t *)s + i, len - i, &skip);
            if (keep > 0) {
                i += keep;
                continue;
            }
        }
        if (!put(b, s + run, i - run) || (entity != NULL && !put(b, entity, strlen(entity)))) {
            goto over;
        }
        i += skip;
        run = i;
    }
    if (put(b, s + run, len - run)) {
        return;
    }
over: /* half an escaped text is worth nothing */
    b->len = start;
    if (b->data != NULL) {
        b->data[start] = '\0';
    }
}

void buffer_take(struct buffer *b, size_t n)
{
    if (n == 0) {
        return;
    }
    if (n >= b->len) {
        b->len = 0;
    } else {
        memmove(b->data, b->data + n, b->len - n);
        b->len -= n;
    }
    if (b->data != NULL) {
        b->data[b->len] = '\0';
    }
}
