/* SPDX-License-Identifier: MIT */
/* Secrets are kept: non-interference under random actions. Two worlds live through the same; only what insiders do in secret
 * differs: in the first they write, change, like, save, search … there, in the second something else or nothing. Numbers of
 * posts and events are made even. Whatever an outsider gets, answers to any line (every row of the table with arguments of
 * every kind, near misses, gestures), deliveries, notices, summaries, must be the same in both, byte for byte. And who may
 * see a secret does.
 * The plan of a run is its seed alone: secrets SEED [RUNS [STEPS]] repeats it; SECRETS_TRACE set tells what happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "base/text.h"
#include "handlers/command.h"
#include "tests/unit/worlds.h"

#define RUNS 50
#define STEPS 400
#define KEPT 512

static uint64_t first_seed = 1, seed, state;
static int runs = RUNS, steps = STEPS;
static bool trace;
static int n_scheduled; /* posts in a group that the clock made */

static struct {
    struct world a, b;
    struct arena *mem; /* of a step */
    int64_t shared[KEPT];
    size_t n_shared;
    struct {
        int64_t no, author, other;
        bool gone;
    } secret[KEPT]; /* private messages of insiders in the first world */
    size_t n_secret;
    bool inside[PEOPLE + 1];                   /* of the closed group, since somebody added them */
    bool means_secret[PEOPLE + 1];             /* by !falcon */
    const struct command *filling[PEOPLE + 1]; /* the row whose form is open */
    int step;
    char last[2048]; /* what was done last, for the report */
} s;

#define SAY(...) (trace ? (void)printf(__VA_ARGS__) : (void)0)

/* splitmix64 */
static uint64_t roll(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int64_t below(int64_t n)
{
    return (int64_t)(roll() % (uint64_t)n);
}

static bool chance(int percent)
{
    return below(100) < percent;
}

#define ONE_OF(list) ((list)[below((int64_t)ARRAY_LEN(list))])

static int64_t insider(void)
{
    return IVY + below(IRIS - IVY + 1);
}

static int64_t outsider(void)
{
    return OTTO + below(PEOPLE - OTTO + 1);
}

/* ---- what is typed ------------------------------------------------------------------------------------- */

/* Few words, so that much coincides: what is said in secret is also followed, muted, searched for and said in public. */
static const char *const words[] = {"merger",
                                    "merger",
                                    "falcon",
                                    "lunch",
                                    "회의",
                                    "점심",
                                    "the",
                                    "budget",
                                    "budget",
                                    "계약",
                                    "vegas",
                                    "merging",
                                    "team",
                                    "끝났어요",
                                    "we",
                                    "go",
                                    "on",
                                    "friday",
                                    "https://x.example/a"};
static const char *const tag_words[] = {"phoenix", "lunch",  "비밀",   "비밀에서", "회의",
                                        "phenix",  "falcon", "merger", "회의에서", "griffin",
                                        "q3_plan", "beta",   "gamma"};
static const char *const group_words[] = {"falcon", "design", "falcn",  "비밀",    "club",
                                          "clubs",  "eagle",  "club_2", "falcon_2"};

static const char *tag_word(void)
{
    return chance(70) ? ONE_OF(tag_words) : arena_printf(s.mem, "x%lld", (long long)below(60));
}

static const char *person_word(void)
{
    static const char *const odd[] = {"ivi", "nobody", "ian@corp.example", "iriss", "otta"};

    return chance(12) ? ONE_OF(odd) : nicks[1 + below(PEOPLE)];
}

static const char *sentence(void)
{
    const char *out = ONE_OF(words);
    int64_t n = 1 + below(5);

    while (n-- > 0) {
        int64_t dice = below(100);

        if (dice < 62)
            out = arena_printf(s.mem, "%s %s", out, ONE_OF(words));
        else if (dice < 80)
            out = arena_printf(s.mem, "%s #%s", out, tag_word());
        else if (dice < 95)
            out = arena_printf(s.mem, "%s @%s%s", out, person_word(), chance(20) ? "님" : "");
        else
            out = arena_printf(s.mem, "%s !%s", out, ONE_OF(group_words));
    }
    return out;
}

static int64_t any_number(void)
{
    return 1 + below(s.a.posts + 3);
}

static const char *query(void)
{
    static const char *const forms[] = {"tag:%t",
                                        "in:%g",
                                        "from:%p",
                                        "to:%p",
                                        "-%w",
                                        "\"%w %w\"",
                                        "%w",
                                        "%w",
                                        "%w",
                                        "is:question",
                                        "is:open",
                                        "has:link",
                                        "since:2025-11-01",
                                        "is:announcement",
                                        "%w*",
                                        "#%t",
                                        "until:2030-01-01"};
    const char *out = "";

    for (int64_t n = 1 + below(3); n > 0; n--) {
        const char *form = ONE_OF(forms);

        out = arena_printf(s.mem, "%s%s", out, out[0] == '\0' ? "" : " ");
        for (; *form != '\0'; form++) {
            if (*form != '%') {
                out = arena_printf(s.mem, "%s%c", out, *form);
                continue;
            }
            form++;
            out = arena_printf(s.mem, "%s%s", out,
                               *form == 't'   ? tag_word()
                               : *form == 'g' ? ONE_OF(group_words)
                               : *form == 'p' ? person_word()
                                              : ONE_OF(words));
        }
    }
    return out;
}

static const char *target(void)
{
    int64_t dice = below(100);

    if (dice < 30)
        return arena_printf(s.mem, "%s%s", chance(50) ? "@" : "", person_word());
    if (dice < 55)
        return arena_printf(s.mem, "#%lld", (long long)any_number());
    if (dice < 75)
        return arena_printf(s.mem, "#%s", tag_word());
    if (dice < 88)
        return arena_printf(s.mem, "!%s", ONE_OF(group_words));
    if (dice < 93)
        return arena_printf(s.mem, "@%s #%s", person_word(), tag_word());
    return arena_printf(s.mem, "\"%s\"", ONE_OF(words));
}

static const char *one_choice(const char *choices)
{
    size_t n = 1, k;

    for (const char *p = choices; *p != '\0'; p++)
        n += *p == '|';
    for (k = (size_t)below((int64_t)n); k > 0; k--)
        choices = strchr(choices, '|') + 1;
    return arena_ndup(s.mem, choices, strcspn(choices, "|"));
}

static const char *argument(const struct command *row, const struct argument *arg)
{
    static const char *const times[] = {"2h", "30m", "3d", "tomorrow 09:00", "2030-01-01", "1m"};
    static const char *const hours[] = {"19:00-08:00", "off", "00:00-23:59"};

    switch (arg->kind) {
    case ARG_PERSON:
        return arena_printf(s.mem, "%s%s", chance(40) ? "@" : "", person_word());
    case ARG_POST:
        return arena_printf(s.mem, "#%lld", (long long)any_number());
    case ARG_TAG:
        return arena_printf(s.mem, "%s%s", chance(50) ? "#" : "", tag_word());
    case ARG_GROUP:
        return arena_printf(s.mem, "!%s", ONE_OF(group_words));
    case ARG_TARGET:
        return target();
    case ARG_COUNT:
        return arena_printf(s.mem, "%lld", (long long)(1 + below(50)));
    case ARG_TIME:
        return ONE_OF(times);
    case ARG_CHOICE:
        return one_choice(arg->choices);
    case ARG_HOURS:
        return ONE_OF(hours);
    case ARG_COMMAND:
        return "follow";
    case ARG_WORD:
        return chance(70) ? ONE_OF(group_words) : chance(50) ? tag_word() : ONE_OF(words);
    default:
        break;
    }
    if (strcmp(row->name, "search") == 0)
        return query();
    if (row->free == FREE_BAR)
        return arena_printf(s.mem, "%s | %s | %s", sentence(), ONE_OF(words), ONE_OF(words));
    if (row->free == FREE_QUESTION)
        return arena_printf(s.mem, "%s?", sentence());
    return row->free == FREE_SHORT ? chance(50) ? tag_word() : ONE_OF(words) : sentence();
}

static const struct command *any_row(void)
{
    for (;;) {
        const struct family *f = families[below((int64_t)n_families)];
        const struct command *row = &f->rows[below((int64_t)f->n)];

        /* Who has left is somebody else afterwards, and nobody is left in the end. Who is suspended is no member that counts:
         * that must not be ike in one world and ian in the other. */
        if (strcmp(row->name, "forget me") != 0 && strcmp(row->name, "admin suspend") != 0)
            return row;
    }
}

static const char *word_of(const struct command *row)
{
    int64_t n = 1;

    for (size_t i = 0; i < ARRAY_LEN(row->aliases) && row->aliases[i] != NULL; i++)
        n++;
    n = below(n);
    if (chance(25))
        return row->korean[0];
    return n == 0 ? row->name : row->aliases[n - 1];
}

/* A letter wrong, missing or doubled. */
static const char *slip(const char *word)
{
    char *out = arena_printf(s.mem, "%s ", word);
    size_t n = strlen(word), i = n == 0 ? 0 : (size_t)below((int64_t)n);

    if (n < 3 || (unsigned char)word[0] >= 0x80)
        return word;
    switch (below(3)) {
    case 0:
        out[i] = 'e';
        out[n] = '\0';
        break;
    case 1:
        memmove(out + i, out + i + 1, n - i);
        out[n - 1] = '\0';
        break;
    default:
        memmove(out + i + 1, out + i, n - i);
    }
    return out;
}

static const char *row_line(void)
{
    const struct command *row = any_row();
    const char *line = word_of(row);

    if (strcmp(row->name, "s/") == 0)
        return arena_printf(s.mem, "s/%s/%s/", ONE_OF(words), ONE_OF(words));
    if (chance(5))
        line = slip(line);
    if (chance(10))
        line = arena_printf(s.mem, "%s%s", chance(50) ? "/" : ".", line);
    for (size_t i = 0; i < ARRAY_LEN(row->args) && row->args[i].kind != ARG_NONE; i++) {
        if ((row->args[i].flags & ARG_OPTIONAL) != 0 && chance(50))
            break;
        if (chance(2))
            break;
        line = arena_printf(
            s.mem, "%s%s%s%s %s", line,
            row->args[i].kind == ARG_TEXT && row->free == FREE_COLON && i == 0 ? ":" : "",
            row->args[i].before != NULL ? " " : "",
            row->args[i].before != NULL ? row->args[i].before : "", argument(row, &row->args[i]));
    }
    return line;
}

static const char *group_line(void)
{
    static const char *const forms[] = {"group create %g",
                                        "group create %g closed %t",
                                        "group create %g secret %t",
                                        "poll: !%g %t | a | b",
                                        "schedule 1h !%g %t",
                                        "join !%g",
                                        "join !%g",
                                        "drop !%g",
                                        "add %p !%g",
                                        "remove %p !%g",
                                        "group set !%g open",
                                        "group set !%g closed",
                                        "group set !%g secret",
                                        "group owner !%g %p",
                                        "group close !%g",
                                        "mute !%g",
                                        "!%g %t"};
    /* Whoever takes a secret group's name gets nothing of what its members write to it. */
    static const char *const taking[] = {"group create falcon", "add ivy !falcon",
                                         "add ian !falcon"};
    const char *out = "";

    if (chance(25))
        return ONE_OF(taking);
    for (const char *form = ONE_OF(forms); *form != '\0'; form++) {
        if (*form != '%') {
            out = arena_printf(s.mem, "%s%c", out, *form);
            continue;
        }
        form++;
        out = arena_printf(s.mem, "%s%s", out,
                           *form == 'g'   ? ONE_OF(group_words)
                           : *form == 'p' ? person_word()
                                          : sentence());
    }
    return out;
}

/* What somebody does who has come in for a while: writing would differ by what they see there. */
static const char *reading_line(void)
{
    static const char *const lines[] = {"home 20",  "!club", "members !club", "all",
                                        "mentions", "inbox", "more",          "search the"};

    return chance(50) ? ONE_OF(lines) : arena_printf(s.mem, "#%lld", (long long)any_number());
}

/* What looks hardest at what is hidden comes more often than by the table. */
static const char *any_line(void)
{
    static const char *const alone[] = {
        "yes",    "no",       "post",     "more",          "more",      "1",
        "2",      "back",     "cancel",   "stats",         "tags",      "trends",
        "all 50", "home 50",  "mentions", "stats company", "followers", "following",
        "muted",  "tracking", "inbox",    "groups",        "saved",     "questions",
        "me",     "status",   "people i", "people o",      "settings",  "alias"};
    int64_t dice = below(100);

    if (dice < 40)
        return row_line();
    if (dice < 45)
        return arena_printf(s.mem, "%s %s", chance(50) ? "follow" : "mute", target());
    if (dice < 55)
        return ONE_OF(alone);
    if (dice < 61)
        return arena_printf(s.mem, "#%lld%s", (long long)any_number(),
                            chance(30)   ? "+"
                            : chance(30) ? " history"
                                         : "");
    if (dice < 65)
        return arena_printf(s.mem, "#%lld %s", (long long)any_number(), sentence());
    if (dice < 69)
        return arena_printf(s.mem, "#%s", tag_word());
    if (dice < 72)
        return arena_printf(s.mem, "@%s", person_word());
    if (dice < 74)
        return arena_printf(s.mem, "@%s %s", person_word(), sentence());
    if (dice < 80)
        return arena_printf(s.mem, "!%s%s%s", ONE_OF(group_words), chance(40) ? " " : "",
                            chance(40) ? sentence() : "");
    if (dice < 86)
        return arena_printf(s.mem, "search %s", query());
    if (dice < 95)
        return group_line();
    return sentence();
}

/* %n the post, %t a text, %w a word, %g a tag, %c the closed group, %i one of them, %p anybody. */
static const char *fill(const char *form, int64_t post)
{
    const char *out = "";

    for (; *form != '\0'; form++) {
        if (*form != '%') {
            out = arena_printf(s.mem, "%s%c", out, *form);
            continue;
        }
        form++;
        if (*form == 'n')
            out = arena_printf(s.mem, "%s%lld", out, (long long)post);
        else
            out = arena_printf(s.mem, "%s%s", out,
                               *form == 't'   ? sentence()
                               : *form == 'g' ? tag_word()
                               : *form == 'w' ? ONE_OF(words)
                               : *form == 'c' ? "club"
                               : *form == 'i' ? nicks[insider()]
                                              : nicks[1 + below(PEOPLE)]);
    }
    return out;
}

/* ---- steps ------------------------------------------------------------------------------------------------- */

static void compare(void)
{
    for (int no = OTTO; no <= PEOPLE; no++) {
        const struct buffer *a = &s.a.heard[no], *b = &s.b.heard[no];

        if (s.inside[no])
            continue;
        if (a->len != b->len || (a->len > 0 && memcmp(a->data, b->data, a->len) != 0))
            fail_msg("seed %llu, step %d, last: %s\n%s is told in the first world:\n%.*s\nand in "
                     "the second:\n%.*s",
                     (unsigned long long)seed, s.step, s.last, nicks[no], (int)a->len,
                     a->len > 0 ? a->data : "", (int)b->len, b->len > 0 ? b->data : "");
        SAY(" (%s: %zu)\n", nicks[no], a->len);
    }
    world_forget(&s.a);
    world_forget(&s.b);
}

static void both(int64_t no, const char *line)
{
    int64_t had = s.a.posts;
    const char *answer;

    (void)snprintf(s.last, sizeof s.last, "%s: %s", nicks[no], line);
    SAY("%s: %s\n", nicks[no], line);
    answer = world_say(&s.a, no, line);
    SAY("   %s\n", answer);
    (void)world_say(&s.b, no, line);
    worlds_even(&s.a, &s.b);
    compare();
    if (s.a.posts == had + 1 && s.n_shared < KEPT)
        s.shared[s.n_shared++] = s.a.posts;
}

static int64_t shared_post(void)
{
    return s.n_shared == 0 ? 1 : s.shared[below((int64_t)s.n_shared)];
}

/* What an insider does for all to see is the same in both worlds: nothing here may depend on what is hidden. */
static void insider_in_public(void)
{
    static const char *const forms[] = {"post: %t",
                                        "post: %t",
                                        "post: %t",
                                        "reply #%n %t",
                                        "reply #%n %t",
                                        "like #%n",
                                        "unlike #%n",
                                        "repeat #%n",
                                        "edit #%n %t",
                                        "delete #%n",
                                        "follow @%p",
                                        "follow #%g",
                                        "unfollow @%p",
                                        "mute @otto",
                                        "block @olga",
                                        "unblock @olga",
                                        "praise @otto %t",
                                        "set bio %t",
                                        "pin #%n",
                                        "end #%n",
                                        "save #%n",
                                        "off",
                                        "on",
                                        "d otto %t",
                                        "follow \"%w\"",
                                        "ask: %t?",
                                        "poll: %t | a | b",
                                        "vote #%n 1",
                                        "accept #%n",
                                        "close #%n",
                                        "invite erin@corp.example",
                                        "nudge otto"};

    both(insider(), fill(ONE_OF(forms), shared_post()));
}

/* An insider says something in the first world alone. Returns the number of the post it made, 0 for none. */
static int64_t in_first(int64_t no, const char *line)
{
    int64_t had = world_posts(&s.a);
    const char *answer = world_say(&s.a, no, line);

    SAY("  first world, %s: %s\n     %s\n", nicks[no], line, answer);
    return world_posts(&s.a) > had ? s.a.posts : 0;
}

/* The same of what is posted by the clock, a minute later. Posts that others scheduled come in both worlds, before it. */
static int64_t in_first_later(int64_t no, const char *line)
{
    int64_t first, second;

    (void)in_first(no, arena_printf(s.mem, "schedule 1m %s", line));
    first = world_posts(&s.a);
    second = world_posts(&s.b);
    world_pass(&s.a, 60000);
    world_pass(&s.b, 60000);
    world_tick(&s.a);
    world_tick(&s.b);
    return world_posts(&s.a) - first > world_posts(&s.b) - second ? s.a.posts : 0;
}

static void expect_seen(int64_t no, int64_t post, const char *text)
{
    const char *answer = world_say(&s.a, no, arena_printf(s.mem, "#%lld", (long long)post));

    if (strstr(answer, text) == NULL)
        fail_msg("seed %llu: %s does not see #%lld: %s\n  but: %s", (unsigned long long)seed,
                 nicks[no], (long long)post, text, answer);
}

/* A private message of insiders, or something done with an earlier one. */
static void privately(void)
{
    static const char *const forms[] = {
        "#%n %t",        "reply #%n %t", "edit #%n %t", "edit #%n %t", "delete #%n",   "like #%n",
        "save #%n",      "unsave #%n",   "mute #%n",    "follow #%n",  "unfollow #%n", "#%n+",
        "repeat #%n %t", "pin #%n",      "search %w",   "end #%n",     "unlike #%n",   "inbox"};
    int64_t no = insider(), other = insider(), post;
    const char *text = sentence();

    if (s.n_secret == 0 || (s.n_secret < KEPT && chance(45))) {
        if (no == other)
            return;
        post = in_first(no, arena_printf(s.mem, "d %s %s", nicks[other], text));
        if (post == 0) /* one of them was suspended */
            return;
        expect_seen(other, post, text);
        expect_seen(no, post, text);
        s.secret[s.n_secret].no = post;
        s.secret[s.n_secret].author = no;
        s.secret[s.n_secret++].other = other;
        return;
    }
    post = below((int64_t)s.n_secret);
    no = chance(60) ? s.secret[post].author : s.secret[post].other;
    (void)in_first(no, fill(ONE_OF(forms), s.secret[post].no));
}

/* For whom !falcon is the secret one: they were in it before any other of that name. */
static void look_at_names(void)
{
    rig_begin(&s.a.r);
    for (int64_t no = IVY; no <= IRIS; no++) {
        struct group *g;
        size_t n;
        bool more, secret = false, listed = false;

        assert_int_equal(OK,
                         store_groups_page(s.a.r.st, no, true, "", 0, 50, s.mem, &g, &n, &more));
        for (size_t i = 0; i < n; i++)
            if (strcmp(g[i].name, "falcon") == 0) {
                secret = secret || g[i].kind == GROUP_SECRET;
                listed = listed || g[i].kind != GROUP_SECRET;
            }
        s.means_secret[no] = secret && (s.means_secret[no] || !listed);
    }
    rig_end(&s.a.r);
}

/* In the closed group, which both worlds have, or in a secret one, which is in the first alone. */
static void in_groups(void)
{
    static const char *const forms[] = {"!%c %t",
                                        "!%c %t",
                                        "!%c %t",
                                        "!%c",
                                        "members !%c",
                                        "group set !falcon purpose %t",
                                        "add %i !falcon",
                                        "add %i !falcon",
                                        "remove %i !falcon",
                                        "drop !falcon",
                                        "group owner !falcon %i",
                                        "group close !falcon",
                                        "mute !%c",
                                        "unmute !%c",
                                        "search in:%c %w",
                                        "groups"};
    const char *form = ONE_OF(forms);
    const char *text = sentence();
    int64_t no = chance(50) ? IVY : insider(), post;
    bool falcon = s.means_secret[no] && chance(60);

    if (chance(10)) {
        (void)in_first(no, arena_printf(s.mem, "group create falcon secret %s", text));
        return;
    }
    if (strchr(form, 't') == NULL || form[0] != '!' || s.n_secret == KEPT) {
        if (s.means_secret[no] || strstr(form, "falcon") == NULL)
            (void)in_first(no, fill(form, 0));
        return;
    }
    if (chance(20)) {
        post = in_first_later(no, arena_printf(s.mem, "!%s %s", falcon ? "falcon" : "club", text));
        n_scheduled += post != 0;
    } else if (chance(80)) {
        post = in_first(no, arena_printf(s.mem, "!%s %s", falcon ? "falcon" : "club", text));
    } else {
        post = in_first(
            no, arena_printf(s.mem, "poll: !%s %s | a | b", falcon ? "falcon" : "club", text));
    }
    if (post == 0)
        return;
    expect_seen(no, post, text);
    s.secret[s.n_secret].no = post;
    s.secret[s.n_secret].author = no;
    s.secret[s.n_secret++].other = insider();
}

/* In the second world ike is who ian is in the first. */
static const char *other_nick(int64_t no)
{
    return nicks[no == IAN ? IKE : no == IKE ? IAN : no];
}

/* Members come and go, as many in both worlds; also those who are outsiders otherwise. */
static void members(void)
{
    int64_t no = chance(60) ? IAN + below(IRIS - IAN + 1) : outsider();
    bool out = s.inside[no];

    if (no >= OTTO && !out && chance(50))
        return;
    (void)snprintf(s.last, sizeof s.last, "ivy: %s %s !club", out ? "remove" : "add", nicks[no]);
    SAY("%s\n", s.last);
    if (no >= OTTO)
        compare();
    (void)world_say(&s.a, IVY,
                    arena_printf(s.mem, "%s %s !club", out ? "remove" : "add", nicks[no]));
    (void)world_say(&s.b, IVY,
                    arena_printf(s.mem, "%s %s !club", out ? "remove" : "add", other_nick(no)));
    s.inside[no] = !out;
    if (no >= OTTO && out) { /* nothing that was seen in there is still open */
        both(no, "no");
        both(no, "all 1");
        world_forget(&s.a);
        world_forget(&s.b);
    }
    worlds_even(&s.a, &s.b);
}

/* What one keeps for oneself. */
static void for_oneself(void)
{
    static const char *const forms[] = {"mute #%g",
                                        "unmute #%g",
                                        "mute @%p",
                                        "unmute @%p",
                                        "mute #%n",
                                        "unmute #%n",
                                        "mute \"%w %w\"",
                                        "follow \"%w\"",
                                        "follow \"%w %w\"",
                                        "unfollow \"%w\"",
                                        "save #%n",
                                        "unsave #%n",
                                        "saved",
                                        "tracking",
                                        "search %t",
                                        "alias x%w = search %w"};

    (void)in_first(insider(), fill(ONE_OF(forms), shared_post()));
}

/* What insiders do among themselves differs: nothing an outsider gets does. */
static void in_secret(void)
{
    look_at_names();
    if (chance(45))
        privately();
    else if (chance(65))
        in_groups();
    else
        for_oneself();
    if (chance(50)) {
        int64_t no = chance(50) ? IRIS : IVY;
        const char *line = arena_printf(s.mem, "%s %s", no == IRIS ? "d ike" : "!club", sentence());

        SAY("  second world, %s: %s\n", nicks[no], line);
        (void)world_say(&s.b, no, line);
    }
    worlds_even(&s.a, &s.b);
}

static void gesture(void)
{
    static const char *const set[] = {"👍"};
    int64_t no = outsider(), post = any_number();
    int64_t kind = below(5);
    struct request r[2] = {{.lang = ""}, {.lang = ""}};
    const char *text = sentence();

    if (s.inside[no])
        return;
    (void)snprintf(s.last, sizeof s.last, "%s: gesture %lld about #%lld", nicks[no],
                   (long long)kind, (long long)post);
    SAY("%s\n", s.last);
    for (int i = 0; i < 2; i++) {
        const char *id = arena_printf(s.mem, "p%lld", (long long)post);

        switch (kind) {
        case 0:
            r[i].reacts = id;
            r[i].reactions = set;
            r[i].n_reactions = 1;
            break;
        case 1:
            r[i].reacts = id;
            break;
        case 2:
            r[i].retracts = id;
            break;
        case 3:
            r[i].replaces = id;
            r[i].body = text;
            break;
        default:
            r[i].replies = id;
            r[i].body = text;
        }
        (void)world_send(i == 0 ? &s.a : &s.b, no, &r[i]);
    }
    worlds_even(&s.a, &s.b);
}

/* A form is begun, filled in, gone back in, given up. */
static void form(void)
{
    int64_t no = outsider();
    bool open = s.a.session[no][0] != '\0' && chance(85);
    const struct command *row = open ? s.filling[no] : any_row();
    struct form_value values[FORM_ARGS];
    struct form_request fr = {.node = row->name, .session = open ? "" : NULL};

    if (s.inside[no])
        return;

    fr.action = !open        ? FORM_EXECUTE
                : chance(70) ? FORM_COMPLETE
                : chance(60) ? FORM_NEXT
                : chance(60) ? FORM_PREV
                             : FORM_CANCEL;
    for (size_t i = 0; open && i < s.a.n_fields[no]; i++) {
        int arg = s.a.field[no][i].arg;

        values[i].var = arena_dup(s.mem, s.a.field[no][i].var);
        values[i].value = arg < 0 ? "true" : argument(row, &row->args[arg]);
        fr.submitted = true;
        fr.at = values;
        fr.n = i + 1;
    }
    s.filling[no] = row;
    (void)snprintf(s.last, sizeof s.last, "%s: form %s, action %d", nicks[no], row->name,
                   (int)fr.action);
    for (size_t i = 0; i < fr.n; i++)
        (void)snprintf(s.last + strlen(s.last), sizeof s.last - strlen(s.last), " %s=%s",
                       values[i].var, values[i].value);
    SAY("%s\n", s.last);
    world_form(&s.a, no, &fr);
    world_form(&s.b, no, &fr);
    worlds_even(&s.a, &s.b);
    if (chance(5)) {
        world_forms(&s.a, no);
        world_forms(&s.b, no);
    }
}

static void step(void)
{
    int64_t dice = below(100), no, ms;

    arena_reset(s.mem);
    if (dice < 38) {
        no = outsider();
        both(no, s.inside[no] ? reading_line() : any_line());
    } else if (dice < 40) {
        members();
    } else if (dice < 45) {
        gesture();
    } else if (dice < 50) {
        form();
    } else if (dice < 62) {
        insider_in_public();
    } else if (dice < 92) {
        in_secret();
    } else if (dice < 96) {
        no = 1 + below(PEOPLE);
        SAY("%s moves\n", nicks[no]);
        world_move(&s.a, no);
        world_move(&s.b, no);
    } else if (dice < 98) {
        world_idle(&s.a);
        world_idle(&s.b);
    }
    ms = chance(5) ? below(30) * 3600000 : chance(20) ? below(600000) : 1000;
    world_pass(&s.a, ms);
    world_pass(&s.b, ms);
    world_tick(&s.a);
    world_tick(&s.b);
    worlds_even(&s.a, &s.b);
}

/* In the end outsiders read all that there is to read. */
static void sweep(void)
{
    static const char *const lists[] = {"following",   "followers", "muted",     "tracking",
                                        "tags",        "trends",    "all 50",    "home 50",
                                        "mentions 50", "saved 50",  "stats",     "stats company",
                                        "groups",      "questions", "scheduled", "inbox"};
    int64_t no = outsider(), last = s.a.posts;

    while (s.inside[no])
        members();
    for (int i = OTTO; i <= PEOPLE; i++)
        for (size_t k = 0; k < ARRAY_LEN(lists); k++)
            both(i, lists[k]);
    for (int64_t post = 1; post <= last; post++)
        both(no, arena_printf(s.mem, "#%lld", (long long)post));
    for (size_t i = 0; i < ARRAY_LEN(tag_words); i++) {
        both(no, arena_printf(s.mem, "#%s", tag_words[i]));
        both(no, arena_printf(s.mem, "experts %s", tag_words[i]));
        both(no, arena_printf(s.mem, "search tag:%s", tag_words[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(group_words); i++) {
        both(no, arena_printf(s.mem, "!%s", group_words[i]));
        both(no, arena_printf(s.mem, "members !%s", group_words[i]));
        both(no, arena_printf(s.mem, "search in:%s the", group_words[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        both(no, arena_printf(s.mem, "search %s", words[i]));
    for (int i = 1; i <= PEOPLE; i++)
        both(no, arena_printf(s.mem, "@%s", nicks[i]));
}

static void worlds_are_one(void **unused)
{
    (void)unused;
    for (int i = 0; i < runs; i++) {
        state = seed = first_seed + (uint64_t)i;
        memset(&s, 0, sizeof s);
        s.mem = arena_new(16 << 20);
        world_open(&s.a);
        world_open(&s.b);
        both(IVY, "group create club closed What we do");
        (void)world_say(&s.a, IVY, "add ian !club");
        (void)world_say(&s.b, IVY, "add ike !club");
        s.inside[IAN] = true;
        worlds_even(&s.a, &s.b);
        for (int k = 0; k < steps; k++) {
            s.step = k;
            step();
            compare();
        }
        arena_reset(s.mem);
        sweep();
        world_close(&s.a);
        world_close(&s.b);
        arena_free(s.mem);
    }
    assert_true(runs < RUNS || n_scheduled > 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worlds_are_one)};

    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    runs = argc > 2 ? (int)strtol(argv[2], NULL, 10) : argc > 1 ? 1 : RUNS;
    steps = argc > 3 ? (int)strtol(argv[3], NULL, 10) : STEPS;
    trace = getenv("SECRETS_TRACE") != NULL;
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
