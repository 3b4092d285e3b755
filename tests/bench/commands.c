/* SPDX-License-Identifier: MIT */
/* Every command of the table, timed at the service's door over a database of past.c: processor time from the line to its
 * answer, the commit left out (it is measured beside, with `post`).
 *   commands DATABASE [RUNS] [show]
 * Each row's own examples, and below them what is hardest for it. One line of output for each, fields parted by tabs:
 * row, line, median, 99th of 100 and greatest in microseconds, bytes of the answer; with `show` the answer's beginning.
 * The row "-" is the limit of the run: 20 posts looked up by their number. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "handlers/command.h"
#include "tests/bench/common.h"
#include "tests/bench/door.h"

#define RUNS 60
#define RUNS_MOST 10000

/* What stands in braces is drawn anew for each run: {who} anybody's nick, {post} any post, {new} one of the last hundred,
 * {tag} any tag, {mine} the caller's newest post. alice is followed by most and has written most, #1 is the longest conversation, #lunch the
 * tag used most, "the" and "회의" the commonest words, ticket4711 a rare one. "\n": lines before set the stage. */
static const struct {
    const char *row, *line;
} hard[] = {
    {"post", "Good morning everybody, 회의 at ten"},
    {"post",
     "Thanks @alice @bob @carol @dan @minji for #lunch #tag1 #tag3 and https://example.org/"},
    {"post", "Hello @nobodyknows and @alise and @boob"},
    {"reply", "#1 I agree"},
    {"reply", "#{new} I agree with all of it"},
    {"reply", "reply alice Good morning"},
    {"d", "d {who} Lunch at noon?"},
    {"d", "d alise Lunch at noon?"},
    {"edit", "edit #{mine} Something else with #lunch and @alice"},
    {"delete", "delete #{mine}"},
    {"undo", "A post to be taken back\nundo"},
    {"s/", "A post to be changed\ns/post/text/"},
    {"like", "like #1"},
    {"like", "like #{new}"},
    {"unlike", "like #1\nunlike #1"},
    {"repeat", "repeat #1"},
    {"repeat", "repeat #{new} Worth reading"},
    {"praise", "praise alice for #lunch and all the rest"},
    {"save", "save #{post}"},
    {"unsave", "save #1\nunsave #1"},
    {"saved", "saved 50"},
    {"report", "report #{post}"},
    {"end", "end #{mine}"},
    {"pin", "pin #{mine}"},
    {"unpin", "pin #{mine}\nunpin #{mine}"},
    {"home", "home 50"},
    {"home", "home\nmore\nmore"},
    {"all", "all 50"},
    {"all", "all 50\nmore\nmore"},
    {"more", "tag lunch 50\nmore"},
    {"more", "search the\nmore"},
    {"more", "followers\nmore"},
    {"whois", "@alice"},
    {"whois", "whois {who}"},
    {"whois", "whois alise"},
    {"whois", "@qqzzxxwwvv"},
    {"get", "get alice 50"},
    {"get", "get {who} 50"},
    {"show", "#1"},
    {"show", "#{post}"},
    {"show", "#999999999"},
    {"thread", "#1+"},
    {"thread", "thread #1\nmore\nmore"},
    {"thread", "#{post}+"},
    {"history", "#{post} history"},
    {"likes", "likes #1"},
    {"likes", "likes #{post}"},
    {"tag", "#lunch"},
    {"tag", "tag lunch 50"},
    {"tag", "#{tag}"},
    {"tag", "#lanch"},
    {"tag", "#qqzzxxwwvv"},
    {"tags", "tags"},
    {"tags", "tags\nmore\nmore"},
    {"trends", "trends"},
    {"mentions", "mentions 50"},
    {"inbox", "inbox 50"},
    {"search", "search the"},
    {"search", "search 회의"},
    {"search", "search the we to and is at"},
    {"search", "search vacation 휴가 printer 고장 contract"},
    {"search", "search the 회의"},
    {"search", "search 회의 팀 the"},
    {"search", "search vacation 휴가"},
    {"search", "search ticket4711"},
    {"search", "search \"the we\""},
    {"search", "search \"meeting 휴가 printer\""},
    {"search", "search the -we"},
    {"search", "search -the -we -to"},
    {"search", "search zzzzqqq"},
    {"search", "search from:alice"},
    {"search", "search from:{who} the"},
    {"search", "search from:{who} zzzzqqq"},
    {"search", "search to:alice"},
    {"search", "search to:{who} vacation"},
    {"search", "search tag:lunch the"},
    {"search", "search tag:{tag}"},
    {"search", "search tag:{tag} from:{who}"},
    {"search", "search has:link"},
    {"search", "search has:file the"},
    {"search", "search is:question"},
    {"search", "search is:open"},
    {"search", "search is:open vacation tag:lunch"},
    {"search", "search is:announcement"},
    {"search", "search in:nosuchgroup the"},
    {"search", "search since:2025-01-01 until:2025-02-01 the"},
    {"search", "search until:2024-02-01 the"},
    {"search", "search 팀"},
    {"search", "search 이"},
    {"search", "search a"},
    {"people", "people engineer"},
    {"people", "people kim"},
    {"people", "people the"},
    {"people", "people the we to"},
    {"people", "people zzzqq"},
    {"people", "people a"},
    {"follow", "follow {who}"},
    {"follow", "follow alise"},
    {"follow", "follow #lunch"},
    {"follow", "follow #{post}"},
    {"follow", "follow \"vacation printer\""},
    {"unfollow", "follow alice\nunfollow alice"},
    {"following", "following"},
    {"following", "following\nmore\nmore"},
    {"followers", "followers"},
    {"lose", "lose {who}"},
    {"block", "block alice"},
    {"block", "block {who}"},
    {"mute", "mute alice for 3d"},
    {"stats", "stats"},
    {"stats company", "stats company"},
    {"status", "status"},
    {"ask", "ask Who knows about #lunch and #tag1?"},
    {"ask", "ask Who has seen the printer and the contract of the client?"},
    {"questions", "questions"},
    {"questions", "questions lunch"},
    {"questions", "questions {tag}"},
    {"experts", "experts lunch"},
    {"experts", "experts {tag}"},
    {"experts", "experts the"},
    {"experts", "experts engineer"},
    {"experts", "experts vacation printer"},
    {"experts", "experts zzzqq"},
    {"poll", "poll Lunch, @alice? | #lunch here | #tag1 there | vacation | 휴가"},
    {"schedule", "schedule tomorrow 09:00 Good morning @alice, the #lunch is at ten"},
    {"scheduled", "schedule 2h one\nschedule 3h two\nscheduled"},
    {"cancel", "schedule 2h one\ncancel 1"},
    {"groups", "groups\nmore\nmore"},
    {"group show", "!design"},
    {"group show", "!desing"},
    {"group post", "!design Good morning"},
    {"join", "join !board"},
    {"members", "members !design"},
    {"search", "search in:design the"},
    {"search", "search in:design zzzqq"},
    {"following", "following 50"},
    {"help", "help all"},
    {"help", "/folow alice"},
};

struct bench {
    struct door d;
    int runs;
    bool show;
    double us[RUNS_MOST];
    struct arena *a; /* of one line */
};
static struct bench b;

static const char *nick_of(int64_t no)
{
    struct person p;

    if (store_person_by_no(b.d.st, no, b.a, &p) != OK)
        bench_die("commands: no person %lld", (long long)no);
    return p.nick;
}

static long long any_post(void)
{
    return 1 + (long long)bench_draw((uint64_t)b.d.figures.posts);
}

static const char *newest_of(const char *nick)
{
    struct person p;
    int64_t post = 1;

    if (store_person_by_nick(b.d.st, nick, b.a, &p) != OK ||
        store_post_newest(b.d.st, p.no, p.no, &post) != OK)
        post = 1;
    return arena_printf(b.a, "%lld", (long long)post);
}

static const char *draw_word(const char *what, const char *caller)
{
    if (strncmp(what, "{who}", 5) == 0)
        return nick_of(1 + (int64_t)bench_draw((uint64_t)b.d.figures.people));
    if (strncmp(what, "{post}", 6) == 0)
        return arena_printf(b.a, "%lld", any_post());
    if (strncmp(what, "{new}", 5) == 0)
        return arena_printf(b.a, "%lld", (long long)b.d.figures.posts - (long long)bench_draw(100));
    if (strncmp(what, "{tag}", 5) == 0)
        return arena_printf(b.a, "tag%d", 1 + 2 * (int)bench_draw(1000));
    if (strncmp(what, "{mine}", 6) == 0)
        return newest_of(caller);
    bench_die("commands: what is %s?", what);
}

static const char *fill(const char *line, const char *caller)
{
    const char *at = strchr(line, '{'), *end = at == NULL ? NULL : strchr(at, '}');

    if (end == NULL)
        return line;
    return arena_printf(b.a, "%.*s%s%s", (int)(at - line), line, draw_word(at, caller),
                        fill(end + 1, caller));
}

/* The one whom most follow, one whom nobody knows, anybody. */
static const char *caller_of(int run, enum role role)
{
    if (role != ROLE_EMPLOYEE)
        return "carol";
    return run % 3 == 0   ? "alice"
           : run % 3 == 1 ? nick_of(1 + (int64_t)bench_draw((uint64_t)b.d.figures.people))
                          : nick_of(b.d.figures.people);
}

static void print_line(const char *row, const char *line, const char *answer)
{
    double *us = b.us;
    size_t n = (size_t)b.runs;

    bench_sort(us, n);
    printf("%s\t", row);
    for (; *line != '\0'; line++)
        printf("%s", *line == '\n' ? " / " : (char[2]){*line, '\0'});
    printf("\t%.1f\t%.1f\t%.1f\t%zu", us[n / 2], us[n - 1 - n / 100], us[n - 1], strlen(answer));
    if (b.show)
        printf("\t%.*s", (int)strcspn(answer, "\n"), answer);
    printf("\n");
    (void)fflush(stdout);
}

static void time_line(const char *row, const char *line, enum role role, bool keep)
{
    const char *answer = "";

    for (int i = 0; i < b.runs; i++) {
        const char *caller, *text;

        arena_reset(b.a);
        if (store_begin(b.d.st) != OK)
            bench_die("commands: begin");
        caller = arena_dup(b.a, caller_of(i, role));
        text = fill(line, caller);
        store_rollback(b.d.st);
        answer = door_say(&b.d, caller, text, keep);
        b.us[i] = b.d.cpu_us;
    }
    print_line(row, line, answer);
}

/* 20 rows by key. */
static void time_limit(void)
{
    for (int i = 0; i < b.runs; i++) {
        struct post post;
        double cpu;

        arena_reset(b.a);
        if (store_begin(b.d.st) != OK)
            bench_die("commands: begin");
        cpu = door_cpu_us();
        for (int k = 0; k < 20; k++)
            if (store_post_get(b.d.st, any_post(), 0, b.a, &post) != OK)
                bench_die("commands: a post is not there");
        b.us[i] = door_cpu_us() - cpu;
        store_rollback(b.d.st);
    }
    print_line("-", "20 posts looked up by number", "");
}

int main(int argc, char **argv)
{
    b.runs = RUNS;
    if (argc < 2)
        bench_die("commands DATABASE [RUNS] [show]");
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "show") == 0)
            b.show = true;
        else
            b.runs = (int)bench_number(argv[i]);
    if (b.runs < 1 || b.runs > RUNS_MOST)
        bench_die("commands: 1 to %d runs", RUNS_MOST);
    log_set_level(LOG_ERROR);
    b.a = arena_new(16 << 20);
    door_open(&b.d, argv[1]);
    time_limit();
    for (size_t f = 0; f < n_families; f++)
        for (size_t r = 0; r < families[f]->n; r++) {
            const struct command *row = &families[f]->rows[r];

            for (size_t i = 0; i < ARRAY_LEN(row->examples) && row->examples[i] != NULL; i++)
                time_line(row->name, row->examples[i], row->role, false);
        }
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
        time_line(hard[i].row, hard[i].line, ROLE_EMPLOYEE, false);
    time_limit();
    if (b.runs > RUNS)
        b.runs = RUNS;
    time_line("post, with its commit", "Good morning everybody, 회의 at ten", ROLE_EMPLOYEE, true);
    door_close(&b.d);
    arena_free(b.a);
    return 0;
}
