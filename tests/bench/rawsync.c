/* SPDX-License-Identifier: MIT */
/* The limit of the disk: 4 KiB written and fdatasync()ed, again and again, in the folder where the database is.
 *   rawsync FOLDER SECONDS
 * First 16 MiB are written through, as a write-ahead log is after its first round: what is measured overwrites. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/common.h"

#define BLOCK 4096
#define BLOCKS 4096
#define SAMPLES 10000000

static void put(int fd, const char *block, long i)
{
    if (pwrite(fd, block, BLOCK, (off_t)(i % BLOCKS) * BLOCK) != BLOCK)
        bench_die("write failed");
}

int main(int argc, char **argv)
{
    static char block[BLOCK], path[4096];
    double *us, begin, end, at;
    long n = 0;
    int fd;

    if (argc != 3)
        bench_die("rawsync FOLDER SECONDS");
    us = malloc(SAMPLES * sizeof *us);
    (void)snprintf(path, sizeof path, "%s/rawsync-XXXXXX", argv[1]);
    fd = mkstemp(path);
    if (us == NULL || fd < 0 || unlink(path) != 0)
        bench_die("no file in %s", argv[1]);
    memset(block, 'x', sizeof block);
    for (long i = 0; i < BLOCKS; i++)
        put(fd, block, i);
    if (fsync(fd) != 0)
        bench_die("fsync failed");
    begin = at = bench_now();
    end = begin + (double)bench_number(argv[2]);
    while (at < end && n < SAMPLES) {
        double before = at;

        block[0] = (char)n;
        put(fd, block, n);
        if (fdatasync(fd) != 0)
            bench_die("fdatasync failed");
        at = bench_now();
        us[n++] = (at - before) * 1e6;
    }
    printf("syncs=%ld seconds=%.4f rate=%.1f", n, at - begin, (double)n / (at - begin));
    bench_quantiles(us, (size_t)n);
    printf("\n");
    free(us);
    (void)close(fd);
    return 0;
}
