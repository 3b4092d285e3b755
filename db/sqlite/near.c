/* SPDX-License-Identifier: MIT */
#include "db/sqlite/near.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static size_t points(const char *s, uint32_t *out)
{
    size_t n = 0;

    while (*s != '\0' && n < NEAR_CHARS) {
        out[n++] = text_next(&s);
    }
    return n;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: the count of slips, of which a swap is one. */
static int slips(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
    int rows[3][NEAR_CHARS + 1];

    for (size_t j = 0; j <= nb; j++) {
        rows[0][j] = (int)j;
    }
    for (size_t i = 1; i <= na; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *top = rows[(i + 1) % 3];

        row[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], top[j - 2] + 1);
            }
        }
    }
    return rows[na % 3][nb];
}

/* Which letters occur, as far as 64 bits can tell them apart. */
static uint64_t letters(const uint32_t *chars, size_t n)
{
    uint64_t mask = 0;

    for (size_t i = 0; i < n; i++) {
        mask |= (uint64_t)1 << (chars[i] % 64);
    }
    return mask;
}

static bool over_two(uint64_t mask)
{
    mask &= mask - 1;
    mask &= mask - 1;
    return mask != 0;
}

void near_init(struct near *nr, struct arena *a, const char *typed, size_t limit)
{
    memset(nr, 0, sizeof(*nr));
    nr->arena = a;
    nr->limit = limit < NEAR_MAX ? limit : NEAR_MAX;
    nr->n_typed = points(typed, nr->typed);
    nr->letters = letters(nr->typed, nr->n_typed);
}

/* Two slips bring in two letters and take two out: with more it is not worth counting them. */
static bool far(const struct near *nr, const uint32_t *name, size_t n)
{
    uint64_t mask = letters(name, n);

    return over_two(mask & ~nr->letters) || over_two(nr->letters & ~mask);
}

/* 0: not near. One slip 1, two slips 2, a beginning of the other 3, three letters shared at least 4. */
static int score(const struct near *nr, const uint32_t *name, size_t n)
{
    size_t gap = n > nr->n_typed ? n - nr->n_typed : nr->n_typed - n;
    size_t shorter = n < nr->n_typed ? n : nr->n_typed;
    size_t shared = 0;

    if (n == 0 || nr->n_typed == 0) {
        return 0;
    }
    if (gap <= 2 && !far(nr, name, n)) {
        int d = slips(nr->typed, nr->n_typed, name, n);

        /* Of two letters every other word is two slips away. */
        if (d <= 2 && (size_t)d * 2 <= shorter + 1) {
            return d == 0 ? 1 : d;
        }
    }
    while (shared < shorter && nr->typed[shared] == name[shared]) {
        shared++;
    }
    if (shared == shorter && (shorter >= 2 || name[0] >= 0x1100)) {
        return 3;
    }
    return shared >= 3 ? 4 : 0;
}

void near_offer(struct near *nr, int64_t no, const char *name)
{
    uint32_t chars[NEAR_CHARS];
    size_t i;
    int s = score(nr, chars, points(name, chars));

    if (s == 0 || nr->limit == 0) {
        return;
    }
    for (i = nr->n; i > 0; i--) {
        const struct near_name *b = &nr->best[i - 1];

        if (b->score < s || (b->score == s && strcmp(b->name, name) <= 0)) {
            break;
        }
    }
    if (i >= nr->limit) {
        return;
    }
    if (nr->n < nr->limit) {
        nr->n++;
    }
    memmove(&nr->best[i + 1], &nr->best[i], (nr->n - 1 - i) * sizeof(nr->best[0]));
    nr->best[i] = (struct near_name){no, s, arena_dup(nr->arena, name)};
}
