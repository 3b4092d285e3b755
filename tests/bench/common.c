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

void bench_sort(double *us, size_t n)
{
    if (n == 0)
        bench_die("nothing was measured");
    qsort(us, n, sizeof *us, by_size);
}

void bench_quantiles(double *us, size_t n)
{
    bench_sort(us, n);
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

/* ---- what people write ------------------------------------------------------------------- */

static const char *const words[] = {
    "the",      "we",     "to",     "회의",       "and",    "today",    "오늘",    "우리",
    "meeting",  "is",     "at",     "이번",       "주",     "보고서",   "report",  "release",
    "배포",     "server", "서버",   "점검",       "please", "확인",     "부탁",    "team",
    "팀",       "점심",   "lunch",  "new",        "신규",   "고객",     "client",  "design",
    "디자인",   "review", "리뷰",   "끝났습니다", "done",   "tomorrow", "내일",    "오전",
    "예약",     "회의실", "room",   "build",      "빌드",   "failed",   "실패",    "again",
    "다시",     "deploy", "일정",   "공유",       "budget", "예산",     "hiring",  "채용",
    "database", "디비",   "backup", "백업",       "coffee", "커피",     "printer", "프린터",
    "broken",   "고장",   "계약",   "contract",   "휴가",   "vacation"};

static uint64_t state = 88172645463325252u;

uint64_t bench_draw(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) % below;
}

void bench_sentence(char *out, size_t size, enum bench_tongue tongue)
{
    size_t n = 6 + bench_draw(25), len = 0, most = sizeof words / sizeof words[0];

    for (size_t i = 0; i < n && len < size;) {
        const char *word = words[bench_draw(bench_draw(most) + 1)];

        if (tongue != MIXED && ((unsigned char)word[0] >= 0x80) != (tongue == KOREAN))
            continue;
        len += (size_t)snprintf(out + len, size - len, "%s%s", i++ > 0 ? " " : "", word);
    }
    if (bench_draw(50) == 0 && len < size)
        (void)snprintf(out + len, size - len, " ticket%d", (int)bench_draw(100000));
}
