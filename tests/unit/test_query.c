/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "db/query.h"

static struct arena *ar;
static struct query q;
static const char *wrong;

static int setup(void **state)
{
    struct clock_time t = {.year = 2026, .month = 11, .day = 23, .hour = 1};

    (void)state;
    ar = arena_new(1 << 24);
    clock_hold(clock_instant(&t, "UTC"), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    clock_release();
    arena_free(ar);
    return 0;
}

static enum err parse(const char *typed)
{
    return query_parse(ar, typed, "Asia/Seoul", &q, &wrong);
}

/* The terms as text: -word for a refused one, "…" for a phrase. */
static const char *terms(const char *typed)
{
    char *out = arena_dup(ar, "");

    if (parse(typed) != OK) {
        return "?";
    }
    for (size_t i = 0; i < q.n_terms; i++) {
        const struct term *t = &q.terms[i];

        out = arena_printf(ar, t->phrase ? "%s%s%s\"%s\"" : "%s%s%s%s", out, i > 0 ? " " : "",
                           t->refused ? "-" : "", t->text);
    }
    return out;
}

static void test_terms(void **state)
{
    (void)state;
    assert_string_equal(terms("회의 자료"), "회의 자료");
    assert_string_equal(terms("  Running,   CAFÉ!  "), "running café");
    assert_string_equal(terms("\"The  Phrase\" word"), "\"the phrase\" word");
    assert_string_equal(terms("“smart quotes” „low‟ «french» 「낫표 안」"),
                        "\"smart quotes\" low french \"낫표 안\"");
    assert_string_equal(terms("word -not -\"not this\" - also"), "word -not -\"not this\" also");
    assert_string_equal(terms("\"one\""), "one");
    assert_string_equal(terms("\"no end here"), "\"no end here\"");
    assert_string_equal(terms("q3_plan foo:bar https://x.example/a"),
                        "\"q3 plan\" \"foo bar\" \"https x example a\"");
    assert_string_equal(terms("a \"\" ... b"), "a b");
    assert_string_equal(terms("ＦＵＬＬ　ｗｉｄｔｈ"), "full width");
    assert_string_equal(terms("\"from:alice\""), "\"from alice\""); /* in quotes it is no filter */
    assert_string_equal(terms("well-known"), "\"well known\"");
    assert_string_equal(terms("#tag @alice"), "tag alice");
}

static void test_filters(void **state)
{
    (void)state;
    assert_int_equal(parse("from:@Alice to:bob tag:#회의 in:!Design has:link has:file"), OK);
    assert_string_equal(q.from_name, "alice");
    assert_string_equal(q.to_name, "bob");
    assert_string_equal(q.tag_name, "회의");
    assert_string_equal(q.group_name, "design");
    assert_true(q.has_link && q.has_file);
    assert_false(q.is_open || q.is_question || q.is_announcement);
    assert_int_equal(q.n_terms, 0);
    assert_int_equal(q.from + q.to + q.tag + q.group + q.since + q.until, 0);
    assert_int_equal(parse("IS:question is:OPEN is:announcement ｆｒｏｍ：ａｌｉｃｅ"), OK);
    assert_true(q.is_open && q.is_question && q.is_announcement);
    assert_string_equal(q.from_name, "alice");
}

static int64_t at(int month, int day, int hour)
{
    struct clock_time t = {.year = 2026, .month = month, .day = day, .hour = hour};

    return clock_instant(&t, "Asia/Seoul");
}

static void test_times(void **state)
{
    int64_t now = clock_real_ms();

    (void)state;
    assert_int_equal(parse("since:2026-11-01 until:2026-11-23"), OK);
    assert_int_equal(q.since, at(11, 1, 0));
    assert_int_equal(q.until, at(11, 24, 0)); /* the 23rd is in it */
    assert_int_equal(parse("since:2026.3.1 until:2026/3/1"), OK);
    assert_int_equal(q.since, at(3, 1, 0));
    assert_int_equal(q.until - q.since, 86400000);
    assert_int_equal(parse("since:today until:yesterday"), OK); /* it is 10 in the morning there */
    assert_int_equal(q.since, at(11, 23, 0));
    assert_int_equal(q.until, at(11, 23, 0));
    assert_int_equal(parse("since:어제 until:오늘"), OK);
    assert_int_equal(q.since, at(11, 22, 0));
    assert_int_equal(q.until, at(11, 24, 0));
    assert_int_equal(parse("since:2h until:30m"), OK);
    assert_int_equal(q.since, now - 7200000);
    assert_int_equal(q.until, now - 1800000);
    assert_int_equal(parse("since:3d until:1w"), OK);
    assert_int_equal(q.since, now - 3 * 86400000LL);
    assert_int_equal(q.until, now - 7 * 86400000LL);
    assert_int_equal(parse("since:3일 until:2시간"), OK);
    assert_int_equal(q.since, now - 3 * 86400000LL);
    assert_int_equal(parse("since:99999w"), OK); /* before all time: everything */
    assert_int_equal(q.since, 1);
    assert_int_equal(parse("since:1970-01-01"), OK);
    assert_int_equal(q.since, 1);
}

static void refused(enum err e, const char *typed, const char *points_at)
{
    assert_int_equal(parse(typed), e);
    if (points_at == NULL) {
        assert_null(wrong);
    } else {
        assert_non_null(wrong);
        assert_string_equal(wrong, points_at);
    }
}

static void test_refused(void **state)
{
    static const char *const when[] = {"",
                                       "x",
                                       "2026-13-01",
                                       "2026-00-01",
                                       "2026-11-32",
                                       "2026-11",
                                       "2026-11-23-1",
                                       "26-11-23",
                                       "12345-1-1",
                                       "0d",
                                       "d",
                                       "2026-11-23T09:00",
                                       "-1d",
                                       "123456d",
                                       "2x",
                                       "2026--1"};
    char text[4 * LIMIT_SEARCH_TEXT];

    (void)state;
    refused(E_USAGE, "", NULL);
    refused(E_USAGE, "   ", NULL);
    refused(E_USAGE, "-word", NULL);
    refused(E_USAGE, "... \"\" -x", NULL);
    refused(E_USAGE, "word has:money", "has:money");
    refused(E_USAGE, "is:Secret word", "is:secret");
    refused(E_USAGE, "from:", "from:");
    refused(E_USAGE, "from:@", "from:@");
    refused(E_USAGE, "from:a from:b", "from:b");
    refused(E_USAGE, "word -from:alice", "from:alice");
    for (size_t i = 0; i < ARRAY_LEN(when); i++) {
        const char *typed = arena_printf(ar, "since:%s", when[i]);

        assert_int_equal(parse(typed), E_USAGE);
        assert_string_equal(wrong, i == 11 ? "since:2026-11-23t09:00" : typed);
    }
    refused(E_USAGE, "until:2h until:3h", "until:3h");
    text[0] = '\0';
    for (int i = 0; i < LIMIT_SEARCH_TERMS; i++) {
        size_t len = strlen(text);

        (void)snprintf(text + len, sizeof(text) - len, "w%d ", i);
    }
    assert_int_equal(parse(text), OK);
    assert_int_equal(q.n_terms, LIMIT_SEARCH_TERMS);
    memcpy(text + strlen(text), "many", 5);
    refused(E_LIMIT, text, "many");
    memset(text, 'x', LIMIT_SEARCH_TEXT + 1);
    text[LIMIT_SEARCH_TEXT + 1] = '\0';
    refused(E_LIMIT, text, NULL);
    text[LIMIT_SEARCH_TEXT] = '\0';
    assert_int_equal(parse(text), OK);
}

static bool matches(const char *typed, const char *text)
{
    assert_int_equal(parse(typed), OK);
    return query_match(&q, query_fold(ar, text));
}

static void test_match(void **state)
{
    (void)state;
    assert_true(matches("회의", "오늘 회의에서"));
    assert_true(matches("회의", "사내회의실예약"));
    assert_true(matches("회의", "\xE1\x84\x92\xE1\x85\xAC\xE1\x84\x8B\xE1\x85\xB4"));
    assert_true(matches("약", "예약했다"));
    assert_false(matches("회의", "회 의"));
    assert_true(matches("run", "Run!"));
    assert_false(matches("run", "running"));
    assert_false(matches("run", "rerun"));
    assert_true(matches("run", "rerun run"));
    assert_true(matches("v2회의", "신v2회의에서"));
    assert_false(matches("v2회의", "xv2회의"));
    assert_true(matches("회의a", "큰회의a 끝"));
    assert_false(matches("회의a", "큰회의ab"));
    assert_true(matches("api", "API를 씁니다")); /* a word ends where another script begins */
    assert_true(matches("\"주간 회의\"", "매주 주간 회의에서"));
    assert_false(matches("\"주간 회의\"", "주간 큰 회의"));
    assert_true(matches("\"a b\"", "a, b"));
    assert_false(matches("\"a b\"", "a bc"));
    assert_true(matches("a b", "b a"));
    assert_false(matches("a b", "b"));
    assert_false(matches("a -b", "a b"));
    assert_true(matches("a -b", "a bb"));
    assert_true(matches("a -\"b c\"", "a c b"));
    assert_true(matches("straße", "STRASSE"));
    assert_true(matches("since:1d -x", "anything"));
    assert_false(matches("x", ""));
}

static void test_fold(void **state)
{
    (void)state;
    assert_string_equal(query_fold(ar, ""), " ");
    assert_string_equal(query_fold(ar, "  !? "), " ");
    assert_string_equal(query_fold(ar, "A_b  C."), " a b c ");
    assert_string_equal(query_fold(ar, "x"), " x ");
    assert_string_equal(query_fold(ar, query_fold(ar, "회의, OK?")), " 회의 ok ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms), cmocka_unit_test(test_filters),
        cmocka_unit_test(test_times), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_match), cmocka_unit_test(test_fold),
    };

    return cmocka_run_group_tests_name("query", tests, setup, teardown);
}
