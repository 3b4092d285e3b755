/* SPDX-License-Identifier: MIT */
#include "tests/bench/common.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void bench_die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vfprintf(stderr, fmt, ap);
    va_end(ap);
    (void)fputc('\n', stderr);
    exit(1);
}

double bench_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

long bench_number(const char *s)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(s, &end, 10);
    if (end == s || *end != '\0' || errno != 0)
        bench_die("not a number: '%s'", s);
    return n;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

void bench_quantiles(double *us, size_t n)
{
    if (n == 0)
        bench_die("nothing was measured");
    qsort(us, n, sizeof *us, by_size);
    printf(" p50=%.1f p99=%.1f max=%.1f", us[n / 2], us[n - 1 - n / 100], us[n - 1]);
}

void bench_lines_read(struct bench_lines *l)
{
    ssize_t n;

    memmove(l->data, l->data + l->taken, l->len - l->taken);
    l->len -= l->taken;
    l->taken = 0;
    n = read(STDIN_FILENO, l->data + l->len, sizeof l->data - l->len);
    if (n <= 0)
        l->end = true;
    else
        l->len += (size_t)n;
}

char *bench_line(struct bench_lines *l)
{
    char *line = l->data + l->taken, *end = memchr(line, '\n', l->len - l->taken);

    if (end == NULL)
        return NULL;
    *end = '\0';
    l->taken = (size_t)(end + 1 - l->data);
    return line;
}

char *bench_word(char **rest)
{
    char *word = *rest, *end = word + strcspn(word, " ");

    if (*end != '\0')
        *end++ = '\0';
    *rest = end;
    return word;
}
