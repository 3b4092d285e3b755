/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over its corpus, without a fuzzer: replay_X runs tests/fuzz/corpus/X/. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_MAX (4U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes go into a block of exactly their size, so that AddressSanitizer sees a read behind them. */
static int run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *all = malloc(SEED_MAX), *exact = NULL;
    size_t len = 0;
    int rc = -1;

    if (f == NULL || all == NULL)
        goto out;
    len = fread(all, 1, SEED_MAX, f);
    if (ferror(f) || !feof(f))
        goto out;
    exact = malloc(len + (len == 0));
    if (exact == NULL)
        goto out;
    memcpy(exact, all, len);
    rc = LLVMFuzzerTestOneInput(exact, len);
out:
    free(exact);
    free(all);
    if (f != NULL)
        fclose(f);
    return rc;
}

static int is_seed(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    const char *base = strrchr(argv[0], '/');
    const char *top = getenv("top_srcdir");
    struct dirent **files = NULL;
    char path[4096];
    int n, failed = 0;

    base = base == NULL ? argv[0] : base + 1;
    if (strncmp(base, "lt-", 3) == 0)
        base += 3;
    if (strncmp(base, "replay_", 7) == 0)
        base += 7;
    snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", top == NULL ? "." : top, base);
    if (argc > 1)
        snprintf(path, sizeof(path), "%s", argv[1]);
    n = scandir(path, &files, is_seed, alphasort);
    if (n <= 0) {
        printf("1..1\nnot ok 1 - no seeds in %s\n", path);
        return 1;
    }
    printf("1..%d\n", n);
    for (int i = 0; i < n; i++) {
        char file[8192];
        int rc;

        snprintf(file, sizeof(file), "%s/%s", path, files[i]->d_name);
        fflush(stdout);
        rc = run_file(file);
        failed += rc != 0;
        printf("%s %d - %s\n", rc == 0 ? "ok" : "not ok", i + 1, files[i]->d_name);
        free(files[i]);
    }
    free(files);
    return failed != 0;
}
