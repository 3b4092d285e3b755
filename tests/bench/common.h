/* SPDX-License-Identifier: MIT */
/* What the programs of the benches share. Person number n is u<n, six digits>@BENCH_DOMAIN. */
#ifndef TESTS_BENCH_COMMON_H
#define TESTS_BENCH_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_DOMAIN "corp.example"
#define BENCH_BOT "jaejal@blog.corp.example"

/* One line on standard error, and the end. */
_Noreturn void bench_die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* CLOCK_MONOTONIC in seconds: the same in every process of the machine. */
double bench_now(void);
/* A whole number in decimal; anything else is the end. */
long bench_number(const char *s);
/* Ascending; none is the end. */
void bench_sort(double *us, size_t n);
/* Prints the quantiles of n durations in microseconds: " p50=… p99=… max=…"; sorts them. */
void bench_quantiles(double *us, size_t n);

/* Lines of standard input without waiting: the next whole line, NULL if there is none yet. */
struct bench_lines {
    char data[65536];
    size_t len, taken;
    bool end; /* of the input */
};
void bench_lines_read(struct bench_lines *l);
char *bench_line(struct bench_lines *l);
/* Cuts the first word off *rest; "" when there is none. */
char *bench_word(char **rest);

/* A number below another; the same ones in each run. */
uint64_t bench_draw(uint64_t below);
/* A sentence of 6 to 30 words, Korean, English or both, the first of a list more often than the last; one in 50 has a
 * ticket's number. size: 1000 is enough. */
enum bench_tongue { MIXED, KOREAN, ENGLISH };
void bench_sentence(char *out, size_t size, enum bench_tongue tongue);

#endif
