/* SPDX-License-Identifier: MIT */
/* Whether the time of an answer tells what the answer does not: lines about what is hidden from the caller, beside the same
 * lines about what never was. Over a database of past.c, at the service's door, each line twice in a round, the four in random
 * order (what was asked just before is still in the processor's caches): how far apart two medians of the same are is the noise.
 *   timing DATABASE [RUNS]
 * One line of output for each, parted by tabs: the pair, processor time hidden, not existing, both again (medians, us), the
 * same by the clock on the wall. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tests/bench/common.h"
#include "tests/bench/door.h"

#define RUNS 300
#define RUNS_MOST 20000
#define NUMBERS 64
#define ARMS 4 /* hidden, never, hidden, never */

static struct {
    struct door d;
    int runs;
    int64_t hidden[NUMBERS], never[NUMBERS], deleted[NUMBERS]; /* posts, for the caller */
    struct {
        double cpu[RUNS_MOST], wall[RUNS_MOST];
    } arm[ARMS];
} b;

/* Nobody special: in no group, with private messages of their own perhaps. */
static const char *const caller = "minji";

/* A line about something hidden, and about nothing; of the same letters, since what is near to a word is looked for by them.
 * %p, %x, %n: the number of a private message, of a post taken back, of none. */
static const struct {
    const char *name, *hidden, *never;
} pairs[] = {
    {"#N: a private message", "#%p", "#%n"},
    {"#N: one that was taken back", "#%x", "#%n"},
    {"thread #N", "thread #%p", "thread #%n"},
    {"likes #N", "likes #%p", "likes #%n"},
    {"like #N", "like #%p", "like #%n"},
    {"#N TEXT", "#%p I agree", "#%n I agree"},
    {"edit #N", "edit #%p Something else", "edit #%n Something else"},
    {"!g: a secret group", "!falcon", "!falcen"},
    {"!g TEXT", "!falcon Good morning", "!falcen Good morning"},
    {"join !g", "join !falcon", "join !falcen"},
    {"members !g", "members !falcon", "members !falcen"},
    {"add alice !g", "add alice !falcon", "add alice !falcen"},
    {"mute !g", "mute !falcon", "mute !falcen"},
    {"group create", "group create falcon", "group create falcen"},
    {"group set !g purpose", "group set !falcon purpose x", "group set !falcen purpose x"},
    {"search in:g", "search in:falcon the", "search in:falcen the"},
    {"search WORD of a private message", "search hushhush", "search hishhish"},
    {"search tag:T of one", "search tag:hushtag", "search tag:shuhtag"},
    {"#T", "#hushtag", "#shuhtag"},
    {"follow #T", "follow #hushtag", "follow #shuhtag"},
    {"unfollow #T", "unfollow #hushtag", "unfollow #shuhtag"},
    {"mute #T", "mute #hushtag", "mute #shuhtag"},
    {"follow WHO #T", "follow @bob #hushtag", "follow @bob #shuhtag"},
    {"follow \"words\" of another", "follow \"hushhush word\"", "follow \"hishhish word\""},
    {"experts T", "experts hushtag", "experts shuhtag"},
    {"TEXT #T", "Good morning #hushtag", "Good morning #shuhtag"},
};

/* Private messages between others, and the numbers behind the last. */
static void find_numbers(void)
{
    size_t n = 0, gone = 0;
    struct post post, seen;
    struct person me;
    struct added added;

    if (store_begin(b.d.st) != OK || store_person_by_nick(b.d.st, caller, b.d.a, &me) != OK)
        bench_die("timing: no %s", caller);
    for (int64_t no = b.d.figures.posts / 2; n < NUMBERS; no++) {
        if (store_post_get(b.d.st, no, 0, b.d.a, &post) != OK)
            bench_die("timing: too few private messages");
        if (post.scope == SCOPE_PRIVATE &&
            store_post_get(b.d.st, no, me.no, b.d.a, &seen) == E_NOTFOUND)
            b.hidden[n++] = no;
        else if (post.scope == SCOPE_PUBLIC && post.replies == 0 && gone < NUMBERS &&
                 store_post_delete(b.d.st, no, b.d.now, &added) == OK)
            b.deleted[gone++] = no;
    }
    for (n = 0; n < NUMBERS; n++)
        b.never[n] = b.d.figures.posts + 1000 + (int64_t)n;
    if (store_commit(b.d.st) != OK)
        bench_die("timing: commit");
}

/* Words and a tag that stand in private messages alone; in the group something is written, too. */
static void prepare(void)
{
    (void)door_say(&b.d, "bob", "d carol It is hushhush, the #hushtag plan", true);
    (void)door_say(&b.d, "bob", "!falcon It is hushhush, the #hushtag plan", true);
    (void)door_say(&b.d, "bob", "follow \"hushhush word\"", true);
    (void)door_say(&b.d, "carol", "follow @bob #hushtag", true);
    find_numbers();
}

static const char *fill(const char *line)
{
    const char *at = strchr(line, '%');
    const int64_t *from;

    if (at == NULL)
        return line;
    from = at[1] == 'p' ? b.hidden : at[1] == 'x' ? b.deleted : b.never;
    return arena_printf(b.d.a, "%.*s%lld%s", (int)(at - line), line,
                        (long long)from[bench_draw(NUMBERS)], at + 2);
}

static double median(double *us)
{
    bench_sort(us, (size_t)b.runs);
    return us[b.runs / 2];
}

static void time_pair(size_t k)
{
    double cpu[ARMS], wall[ARMS];

    for (int i = -10; i < b.runs; i++) {
        unsigned order[ARMS] = {0, 1, 2, 3};

        for (unsigned left = ARMS; left > 0; left--) {
            unsigned drawn = (unsigned)bench_draw(left), arm = order[drawn];
            char line[256];

            order[drawn] = order[left - 1];
            (void)snprintf(line, sizeof line, "%s",
                           fill(arm % 2 == 1 ? pairs[k].never : pairs[k].hidden));
            (void)door_say(&b.d, caller, line, false);
            if (i >= 0) {
                b.arm[arm].cpu[i] = b.d.cpu_us;
                b.arm[arm].wall[i] = b.d.wall_us;
            }
        }
    }
    for (int arm = 0; arm < ARMS; arm++) {
        cpu[arm] = median(b.arm[arm].cpu);
        wall[arm] = median(b.arm[arm].wall);
    }
    printf("%s", pairs[k].name);
    for (int arm = 0; arm < ARMS; arm++)
        printf("\t%.2f", cpu[arm]);
    for (int arm = 0; arm < ARMS; arm++)
        printf("\t%.2f", wall[arm]);
    printf("\n");
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    b.runs = argc > 2 ? (int)bench_number(argv[2]) : RUNS;
    if (argc < 2 || b.runs < 1 || b.runs > RUNS_MOST)
        bench_die("timing DATABASE [RUNS]");
    log_set_level(LOG_ERROR);
    door_open(&b.d, argv[1]);
    prepare();
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
        time_pair(k);
    door_close(&b.d);
    return 0;
}
