/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 65536
#define ALIGNMENT _Alignof(max_align_t)

#if defined(__SANITIZE_ADDRESS__)
#define EACH_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_ALONE 1
#endif
#endif
#ifndef EACH_ALONE
#define EACH_ALONE 0
#endif

/* gcc's analyser (12) takes a block for lost that hangs in the arena's chain: arena_free() frees each of them. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

struct block {
    struct block *next;
    size_t size; /* bytes in room */
    size_t used;
    max_align_t room[];
};

struct arena {
    struct block *first; /* the newest; the oldest one is kept by a reset */
    size_t cap;
    size_t used;
};

static struct block *block_new(size_t size, struct block *next)
{
    struct block *b = size > SIZE_MAX - sizeof(*b) ? NULL : malloc(sizeof(*b) + size);

    if (b == NULL) {
        err_no_memory();
    }
    b->next = next;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new(size_t cap)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (a == NULL) {
        err_no_memory();
    }
    a->cap = cap;
    return a;
}

void arena_free(struct arena *a)
{
    if (a == NULL) {
        return;
    }
    while (a->first != NULL) {
        struct block *next = a->first->next;

        free(a->first);
        a->first = next;
    }
    free(a);
}

void arena_reset(struct arena *a)
{
    struct block *keep = NULL;

    while (a->first != NULL) {
        struct block *next = a->first->next;

        if (!EACH_ALONE && keep == NULL && a->first->size == BLOCK_SIZE) {
            keep = a->first;
        } else {
            free(a->first);
        }
        a->first = next;
    }
    if (keep != NULL) {
        keep->next = NULL;
        keep->used = 0;
    }
    a->first = keep;
    a->used = 0;
}

bool arena_over(const struct arena *a)
{
    return a->used > a->cap;
}

/* A big piece gets a block of its own behind the current one, whose rest stays usable. */
static struct block *block_for(struct arena *a, size_t size)
{
    struct block *b = a->first;

    if (!EACH_ALONE && b != NULL && b->size - b->used >= size) {
        return b;
    }
    if (!EACH_ALONE && size <= BLOCK_SIZE / 4) {
        a->first = block_new(BLOCK_SIZE, b);
        return a->first;
    }
    if (EACH_ALONE || b == NULL) {
        a->first = block_new(size, b);
        return a->first;
    }
    b->next = block_new(size, b->next);
    return b->next;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct block *b;
    char *p;
    size_t room;

    if (size > SIZE_MAX / 2) {
        err_no_memory();
    }
    /* The exact size under AddressSanitizer, so that an overrun of one byte is seen. */
    room = EACH_ALONE ? size : (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    a->used = a->used > SIZE_MAX - room ? SIZE_MAX : a->used + room;
    b = block_for(a, room);
    p = (char *)b->room + b->used;
    b->used += room;
    memset(p, 0, room);
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size) {
        err_no_memory();
    }
    return arena_alloc(a, n * size);
}

char *arena_dup(struct arena *a, const char *s)
{
    return s == NULL ? NULL : arena_ndup(a, s, strlen(s));
}

char *arena_ndup(struct arena *a, const char *s, size_t len)
{
    char *copy;

    if (s == NULL) {
        return NULL;
    }
    if (len == SIZE_MAX) {
        err_no_memory();
    }
    copy = arena_alloc(a, len + 1);
    memcpy(copy, s, len);
    return copy;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    char small[512];
    char *out;
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    if (n < 0) {
        va_end(again);
        err_no_memory();
    }
    if ((size_t)n < sizeof(small)) {
        out = arena_ndup(a, small, (size_t)n);
    } else {
        out = arena_alloc(a, (size_t)n + 1);
        (void)vsnprintf(out, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    return out;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *out;

    va_start(ap, fmt);
    out = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return out;
}
