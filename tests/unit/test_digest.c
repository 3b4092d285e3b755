/* SPDX-License-Identifier: MIT */
/* The summary in place of many updates: what it counts, how it reads, what it keeps to itself; and `missed`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/digest.h"
#include "tests/unit/company.h"

#define SUMMED (1u << CLASS_MENTION | CLASSES_FOLLOWED)
#define FOOT                                                                                       \
    "\n`missed` shows them, `more` those before; `#1234`, `#tag`, `@nick` or `!group` opens one."

static int64_t head_of(struct company *s)
{
    int64_t no;

    assert_int_equal(OK, store_event_head(s->st, &no));
    return no;
}

/* What the person missed of the events behind `after`. */
static struct digest *gather(struct company *s, int64_t who, int64_t after, enum digest_why why)
{
    int64_t head = head_of(s), next = after + 1;
    struct arena *a = arena_new(1 << 20);
    struct event last;
    struct digest *d;

    assert_int_equal(OK, store_event_get(s->st, head, &last));
    d = digest_new(who, why, last.at);
    while (next <= head) {
        struct owed *rows;
        size_t n;

        arena_reset(a);
        assert_int_equal(OK,
                         store_owed(s->st, who, SUMMED, next, head + 1, 100, a, &rows, &n, &next));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(OK, digest_take(d, s->st, &rows[i]));
    }
    arena_free(a);
    return d;
}

static char *read_as(struct company *s, struct digest *d, enum lang l)
{
    char *out = NULL;

    assert_int_equal(OK, digest_compose(d, s->st, l, s->a, &out));
    return out;
}

static char *digest(struct company *s, int64_t who, int64_t after)
{
    struct digest *d = gather(s, who, after, DIGEST_AWAY);
    char *out = read_as(s, d, LANG_EN);

    digest_free(d);
    return out;
}

static void times(struct company *s, int n, const char *nick, const char *line)
{
    for (int i = 0; i < n; i++)
        (void)company_say(s, nick, arena_printf(s->a, "%s %d", line, i));
}

/* A morning's worth for dan, who follows alice, #launch, !design, "budget" and the conversation of #2. */
static int64_t much(struct company *s)
{
    int64_t after;

    (void)company_say(s, "dan", "follow #launch");
    (void)company_say(s, "dan", "join !design");
    (void)company_say(s, "dan", "follow \"budget\"");
    (void)company_say(s, "dan", "follow #2");
    after = head_of(s);
    times(s, 5, "bob", "post: up it goes #launch");
    times(s, 3, "alice", "post: a word from alice");
    times(s, 2, "carol", "!design round corners");
    times(s, 2, "minji", "#2 what about Monday");
    (void)company_say(s, "carol", "post: the budget is out");
    return after;
}

static void heaps(void **state)
{
    struct company *s = *state;
    int64_t after = much(s);

    assert_string_equal(
        digest(s, DAN, after),
        "While you were away, 13 updates came.\n"
        "5 in #launch, 3 from Alice Kim (@alice), 2 in !design, 2 in #2 “The launch is on Friday "
        "#launc…”, 1 with \"budget\"" FOOT);
    /* Each once, by the way that says most: alice with the tag is the tag's, the sixth heap is "others". */
    (void)company_say(s, "alice", "post: mine as well #launch");
    (void)company_say(s, "dan", "follow minji");
    after = head_of(s);
    times(s, 2, "alice", "post: both #launch");
    (void)company_say(s, "minji", "post: hi");
    assert_string_equal(digest(s, DAN, after), "While you were away, 3 updates came.\n"
                                               "2 in #launch, 1 from 김민지 (@minji)" FOOT);
}

static void those_that_name(void **state)
{
    struct company *s = *state;
    int64_t after = head_of(s);
    char *text;

    (void)company_say(s, "bob", "post: look at this, @dan: " FOOT FOOT);
    assert_non_null(strstr(digest(s, DAN, after), "\n1 names or answers you (`mentions`):\n  Bob "
                                                  "Lee (@bob): look at this, @dan: "));
    times(s, 4, "carol", "post: and you, @dan");
    text = digest(s, DAN, after);
    assert_non_null(strstr(text, "5 updates came.\n5 name or answer you (`mentions`):\n"
                                 "  Carol Im (@carol): and you, @dan 1 (#9)\n"
                                 "  Carol Im (@carol): and you, @dan 2 (#10)\n"
                                 "  Carol Im (@carol): and you, @dan 3 (#11)" FOOT));
    /* An edit that names somebody first is new to them. */
    after = head_of(s);
    (void)company_say(s, "bob", "edit #2 The launch is on Friday, @minji");
    assert_non_null(strstr(digest(s, MINJI, after), "1 update came.\n1 names"));
    assert_non_null(strstr(digest(s, DAN, after), "0 updates"));
}

static void liked_and_asked(void **state)
{
    struct company *s = *state;
    int64_t after = head_of(s);
    char *text;

    times(s, 2, "alice", "post: one of them");
    (void)company_say(s, "alice", "ask: where is the key?");
    assert_null(strstr(digest(s, DAN, after), "Liked"));
    (void)company_say(s, "bob", "like #8");
    assert_null(strstr(digest(s, DAN, after), "Liked"));
    (void)company_say(s, "carol", "like #8");
    (void)company_say(s, "carol", "save #8"); /* a later head */
    text = digest(s, DAN, after);
    assert_non_null(strstr(text, "\nLiked most, by 2: Alice Kim (@alice): one of them 1 (#8)\n"
                                 "1 question waits for an answer: Alice Kim (@alice) asks: where "
                                 "is the key? (#9)" FOOT));
    (void)company_say(s, "alice", "ask: and where the door?");
    assert_non_null(strstr(digest(s, DAN, after),
                           "\n2 questions wait for an answer (`questions`), the newest: "
                           "Alice Kim (@alice) asks: and where the door? (#10)"));
    (void)company_say(s, "bob", "#10 there");
    (void)company_say(s, "alice", "accept #11");
    assert_non_null(strstr(digest(s, DAN, after), "1 question waits"));
    /* A reaction moves no head: what it likes since is not said under the same id. */
    text = digest(s, DAN, after);
    assert_int_equal(OK, store_like_add(s->st, 7, BOB, s->now));
    assert_int_equal(OK, store_like_add(s->st, 7, CAROL, s->now));
    assert_int_equal(OK, store_like_add(s->st, 7, MINJI, s->now));
    assert_string_equal(digest(s, DAN, after), text);
}

static void what_may_not_be_seen(void **state)
{
    struct company *s = *state;
    int64_t after = much(s);
    struct digest *d = gather(s, DAN, after, DIGEST_AWAY);
    struct group g;
    char *text;

    (void)company_say(s, "bob", "ask: a secret, @dan?");
    digest_free(d);
    d = gather(s, DAN, after, DIGEST_AWAY);
    /* Between gathering and telling the group becomes secret without dan, the root is gone, the question too. */
    assert_int_equal(OK, store_group_find(s->st, "design", ALICE, s->a, &g));
    (void)company_say(s, "alice", "group set !design secret");
    (void)company_say(s, "alice", "remove @dan !design");
    (void)company_say(s, "bob", "delete #2");
    (void)company_say(s, "bob", "delete #20");
    text = read_as(s, d, LANG_EN);
    digest_free(d);
    assert_null(strstr(text, "design"));
    assert_null(strstr(text, "Friday"));
    assert_null(strstr(text, "secret"));
    assert_non_null(
        strstr(text, "5 in #launch, 3 from Alice Kim (@alice), 1 with \"budget\", 4 others"));
    /* Gathered anew they are not even counted; nor is what is muted, or by somebody blocked. */
    assert_non_null(strstr(digest(s, DAN, after), "While you were away, 11 updates came."));
    assert_non_null(strstr(digest(s, DAN, after), "\"budget\", 2 others"));
    (void)company_say(s, "dan", "block carol");
    assert_non_null(strstr(digest(s, DAN, after), "While you were away, 10 updates came."));
    (void)company_say(s, "dan", "mute #launch");
    after = head_of(s);
    times(s, 3, "bob", "post: not heard #launch");
    (void)company_say(s, "alice", "post: heard");
    assert_non_null(strstr(digest(s, DAN, after), "1 update came.\n1 from Alice Kim"));
}

static void first_lines(void **state)
{
    static const char *const lines[][2] = {
        [DIGEST_AWAY] = {"While you were away, 1 update came.\n",
                         "자리를 비운 동안 새 글 1개가 왔어요.\n"},
        [DIGEST_OF_DAY] = {"Your daily digest: 1 update.\n", "하루 모아보기: 새 글 1개.\n"},
        [DIGEST_OF_WEEK] = {"Your weekly digest: 1 update.\n", "한 주 모아보기: 새 글 1개.\n"},
        [DIGEST_OF_BOTH] = {"Your digest: 1 update.\n", "모아보기: 새 글 1개.\n"}};
    struct company *s = *state;
    int64_t after = head_of(s);

    (void)company_say(s, "alice", "post: hello");
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct digest *d = gather(s, DAN, after, (enum digest_why)i);

        for (int l = 0; l < N_LANGS; l++)
            assert_memory_equal(read_as(s, d, (enum lang)l), lines[i][l], strlen(lines[i][l]));
        digest_free(d);
    }
}

static void in_korean(void **state)
{
    struct company *s = *state;
    int64_t after = much(s);
    struct digest *d;

    times(s, 2, "bob", "post: 봐 줘요 @dan");
    d = gather(s, DAN, after, DIGEST_AWAY);
    assert_string_equal(
        read_as(s, d, LANG_KO),
        "자리를 비운 동안 새 글 15개가 왔어요.\n"
        "2개는 나를 부르거나 나에게 답한 글이에요(`멘션`):\n"
        "  Bob Lee (@bob): 봐 줘요 @dan 0 (#20)\n"
        "  Bob Lee (@bob): 봐 줘요 @dan 1 (#21)\n"
        "#launch 5개, Alice Kim (@alice) 3개, !design 2개, 대화 #2 “The launch is on "
        "Friday #launc…” 2개, \"budget\" 1개\n"
        "모두 보려면 `놓친글`, 그 이전은 `더`. `#1234`, `#태그`, `@닉`, `!그룹`으로 하나씩 열어 볼 "
        "수 있어요.");
    digest_free(d);
}

static int64_t add_post(struct company *s, int64_t author, const struct tag *tag)
{
    struct added added;

    assert_int_equal(OK, store_post_add(s->st,
                                        &(struct new_post){.author = author,
                                                           .at = s->now,
                                                           .text = "hello",
                                                           .tags = tag,
                                                           .n_tags = tag != NULL},
                                        &added));
    return added.post;
}

static void bounds(void **state)
{
    struct company *s = *state;
    int64_t after;

    /* One tag more than is counted apart. */
    for (int i = 0; i <= LIMIT_DIGEST_HEAPS; i++) {
        struct tag t = {.key = arena_printf(s->a, "tag_%d", i)};

        t.shown = t.key;
        assert_int_equal(OK, store_tag_add(s->st, t.key, t.shown, &t.no));
        assert_int_equal(OK, store_edge_open(s->st, EDGE_FOLLOW_TAG, DAN, t.no, 0, 0, s->now));
    }
    after = head_of(s);
    for (int i = 0; i <= LIMIT_DIGEST_HEAPS; i++) {
        struct tag t = {.key = arena_printf(s->a, "tag_%d", i)};

        assert_int_equal(OK, store_tag_add(s->st, t.key, "", &t.no));
        (void)add_post(s, BOB, &t);
    }
    assert_non_null(strstr(digest(s, DAN, after),
                           "257 updates came.\n1 in #tag_0, 1 in #tag_1, 1 in "
                           "#tag_2, 1 in #tag_3, 1 in #tag_4, 252 others\n"));
    after = head_of(s);
    for (int i = 0; i < LIMIT_DIGEST; i++)
        (void)add_post(s, ALICE, NULL);
    assert_non_null(strstr(digest(s, DAN, after), ", 10,000 updates came.\n10,000 from Alice Kim"));
    (void)add_post(s, ALICE, NULL);
    assert_non_null(
        strstr(digest(s, DAN, after), ", more than 10,000 updates came.\n10,000 from Alice Kim"));
}

static void a_dozen_lines_at_most(void **state)
{
    struct company *s = *state;
    int64_t after = much(s);
    const char *text;
    int lines = 1;

    times(s, 5, "bob", "post: @dan, one\n\n\ntwo\nthree\nfour");
    (void)company_say(s, "alice", "ask: who knows\n\nthis?");
    (void)company_say(s, "bob", "like #12");
    (void)company_say(s, "carol", "like #12");
    (void)company_say(s, "carol", "save #12");
    text = digest(s, DAN, after);
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    assert_in_range(lines, 8, 12);
    assert_non_null(strstr(text, "Liked most"));
    assert_non_null(strstr(text, "1 question waits"));
}

static void missed_lists_just_that(void **state)
{
    struct company *s = *state;
    int64_t after = head_of(s), hi;

    company_expect(s, "dan", "missed",
                   "No digest was sent to you, or nothing of what it stood for is left. `home` "
                   "shows the newest.");
    times(s, 15, "alice", "post: missed it");
    (void)company_say(s, "alice", "d dan privately missed");
    (void)company_say(s, "bob", "post: for @dan");
    hi = head_of(s);
    (void)company_say(s, "alice", "post: not missed");
    assert_int_equal(OK, store_missed_set(s->st, DAN, CLASS_BULK, after + 1, hi, DIGEST_OF_DAY));
    company_expect_part(s, "dan", "missed 3", "What your last digest stands for:\n");
    assert_null(strstr(company_say(s, "dan", "missed 3"), "for @dan")); /* came by itself */
    assert_non_null(strstr(company_say(s, "dan", "missed"), "missed it 14 (#21)\n`more`"));
    company_expect_part(s, "dan", "more", "missed it 0 (#7)");
    assert_null(strstr(company_say(s, "dan", "missed 50"), "privately"));
    assert_null(strstr(company_say(s, "dan", "missed 50"), "not missed"));
    assert_null(strstr(company_say(s, "dan", "missed 50"), "new place"));
    (void)company_say(s, "alice", "delete #10");
    assert_null(strstr(company_say(s, "dan", "missed 50"), "(#10)"));
    company_expect_part(s, "dan", "놓친글 2", "missed it 13");
    assert_int_equal(OK, store_missed_set(s->st, DAN, CLASS_MENTION, after + 1, hi, DIGEST_OF_DAY));
    assert_non_null(strstr(company_say(s, "dan", "missed 3"), "for @dan"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(heaps),
        WITH_COMPANY(those_that_name),
        WITH_COMPANY(liked_and_asked),
        WITH_COMPANY(what_may_not_be_seen),
        WITH_COMPANY(first_lines),
        WITH_COMPANY(in_korean),
        WITH_COMPANY(bounds),
        WITH_COMPANY(a_dozen_lines_at_most),
        WITH_COMPANY(missed_lists_just_that),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
