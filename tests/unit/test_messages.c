/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "handlers/messages.h"

static struct arena *a;

static void languages_are_recognised(void **state)
{
    (void)state;
    assert_int_equal(LANG_KO, lang_parse("ko", LANG_EN));
    assert_int_equal(LANG_KO, lang_parse("ko-KR", LANG_EN));
    assert_int_equal(LANG_KO, lang_parse("KO_kr", LANG_EN));
    assert_int_equal(LANG_EN, lang_parse("en-GB", LANG_KO));
    assert_int_equal(LANG_KO, lang_parse("kok", LANG_KO)); /* Konkani is neither */
    assert_int_equal(LANG_EN, lang_parse("kok", LANG_EN));
    assert_int_equal(LANG_KO, lang_parse("de", LANG_KO));
    assert_int_equal(LANG_EN, lang_parse("", LANG_EN));
    assert_int_equal(LANG_KO, lang_parse(NULL, LANG_KO));
    assert_string_equal("ko", lang_tag(LANG_KO));
    assert_string_equal("en", lang_tag(LANG_EN));
}

static void messages_are_translated(void **state)
{
    (void)state;
    assert_string_equal("Done.", message_get(LANG_EN, "Done."));
    assert_string_equal("했어요.", message_get(LANG_KO, "Done."));
    assert_string_equal("nobody translated this", message_get(LANG_KO, "nobody translated this"));
    assert_string_equal("", message_get(LANG_KO, "")); /* not the header of the catalogue */
}

static void values_are_filled_in(void **state)
{
    (void)state;
    assert_string_equal("a b 3", say(a, LANG_EN, "%s %s %d", "a", "b", 3));
    assert_string_equal("b a", say(a, LANG_EN, "%2$s %1$s", "a", "b"));
    assert_string_equal("a a", say(a, LANG_EN, "%1$s %1$s", "a"));
    assert_string_equal("100% of x", say(a, LANG_EN, "100%% of %s", "x"));
    assert_string_equal("", say(a, LANG_EN, ""));
    assert_string_equal("no values", say(a, LANG_EN, "no values"));
    assert_string_equal("5 of 6", say(a, LANG_EN, "%lld of %d", 5LL, 6));
    assert_string_equal("x", say(a, LANG_EN, "%s%s", "x", (const char *)NULL));
    /* What a person wrote is a value, never a format. */
    assert_string_equal("%s %n 을(를)", say(a, LANG_KO, "%s", "%s %n 을(를)"));
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    assert_string_equal("0", say(a, LANG_EN, "%d", 0));
    assert_string_equal("999", say(a, LANG_EN, "%d", 999));
    assert_string_equal("1,000", say(a, LANG_EN, "%d", 1000));
    assert_string_equal("1,234,567", say(a, LANG_KO, "%lld", 1234567LL));
    assert_string_equal("-12,345", say(a, LANG_EN, "%d", -12345));
    assert_string_equal("-123", say(a, LANG_EN, "%d", -123));
    assert_string_equal("#1234", say(a, LANG_EN, "#%lld", 1234LL)); /* a post's number */
}

static void plurals(void **state)
{
    (void)state;
    assert_string_equal("1 hour", say_n(a, LANG_EN, "%lld hour", "%lld hours", 1, 1LL));
    assert_string_equal("2 hours", say_n(a, LANG_EN, "%lld hour", "%lld hours", 2, 2LL));
    assert_string_equal("0 hours", say_n(a, LANG_EN, "%lld hour", "%lld hours", 0, 0LL));
    assert_string_equal("1시간", say_n(a, LANG_KO, "%lld hour", "%lld hours", 1, 1LL));
    assert_string_equal("1,000시간", say_n(a, LANG_KO, "%lld hour", "%lld hours", 1000, 1000LL));
    /* The form for one may leave the last value out. */
    assert_string_equal("x alone", say_n(a, LANG_EN, "%s alone", "%s and %lld more", 1, "x", 1LL));
    assert_string_equal("x and 7 more",
                        say_n(a, LANG_EN, "%s alone", "%s and %lld more", 8, "x", 7LL));
}

static void particles_fit_what_stands_before_them(void **state)
{
    static const struct {
        const char *template, *value, *reads;
    } cases[] = {
        {"%s은(는)", "민지", "민지는"},
        {"%s은(는)", "지민", "지민은"},
        {"%s이(가)", "철수", "철수가"},
        {"%s을(를)", "밥", "밥을"},
        {"%s과(와)", "밥", "밥과"},
        {"%s과(와)", "나", "나와"},
        {"%s(으)로", "서울", "서울로"}, /* ㄹ counts as open */
        {"%s(으)로", "부산", "부산으로"},
        {"%s(으)로", "제주", "제주로"},
        {"%s(이)라고", "민지", "민지라고"},
        {"%s(이)라고", "지민", "지민이라고"},
        {"%s(이)라는", "회의", "회의라는"},
        {"%s(이)에요", "밥", "밥이에요"},
        {"\"%s\"은(는)", "회의", "\"회의\"는"},
        {"`%s`을(를)", "검색", "`검색`을"},
        {"#%s은(는)", "3", "#3은"}, /* 삼 */
        {"#%s은(는)", "2", "#2는"}, /* 이 */
        {"%s(으)로", "1", "1로"},   /* 일 */
        {"%s은(는)", "김민지 (@minji)", "김민지 (@minji)는"},
        {"%s은(는)", "박지민 (@bob)", "박지민 (@bob)은"},
        {"%s 은(는)", "…", "… 은(는)"}, /* nothing to go by: both, as written */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(cases[i].reads, say(a, LANG_KO, cases[i].template, cases[i].value));
    assert_string_equal("은(는) x", say(a, LANG_KO, "은(는) %s", "x"));
    /* Not in English, and never inside a value. */
    assert_string_equal("민지은(는)", say(a, LANG_EN, "%s은(는)", "민지"));
    assert_string_equal("밥을(를)은 나", say(a, LANG_KO, "%s은 나", "밥을(를)"));
    assert_string_equal("(민지) (x", say(a, LANG_KO, "(%s) (x", "민지"));
}

static void times_read_as_a_calendar(void **state)
{
    const int64_t now = 1795600800000; /* Wed 25 Nov 2026 10:00 UTC */
    const int64_t hour = 3600000, day = 24 * hour;

    (void)state;
    assert_string_equal("09:00", say_time(a, LANG_EN, now - hour, now, "UTC"));
    assert_string_equal("18:00", say_time(a, LANG_EN, now - hour, now, "Asia/Seoul"));
    assert_string_equal("yesterday 23:00", say_time(a, LANG_EN, now - 11 * hour, now, "UTC"));
    assert_string_equal("08:00", say_time(a, LANG_EN, now - 11 * hour, now, "Asia/Seoul"));
    assert_string_equal("어제 23:00", say_time(a, LANG_KO, now - 11 * hour, now, "UTC"));
    assert_string_equal("Mon 23 Nov 10:00", say_time(a, LANG_EN, now - 2 * day, now, "UTC"));
    assert_string_equal("11월 23일(월) 10:00", say_time(a, LANG_KO, now - 2 * day, now, "UTC"));
    assert_string_equal("Tue 25 Nov 2025 10:00", say_time(a, LANG_EN, now - 365 * day, now, "UTC"));
    assert_string_equal("2025년 11월 25일(화) 10:00",
                        say_time(a, LANG_KO, now - 365 * day, now, "UTC"));
    assert_string_equal("Fri 1 Jan 2027 09:00",
                        say_time(a, LANG_EN, now + 37 * day - hour, now, "UTC"));
}

static void durations(void **state)
{
    (void)state;
    assert_string_equal("2 days", say_duration(a, LANG_EN, 2 * 86400000LL + 7));
    assert_string_equal("1 day", say_duration(a, LANG_EN, 47 * 3600000LL));
    assert_string_equal("23 hours", say_duration(a, LANG_EN, 86399999));
    assert_string_equal("1 minute", say_duration(a, LANG_EN, 60000));
    assert_string_equal("59 seconds", say_duration(a, LANG_EN, 59999));
    assert_string_equal("0 seconds", say_duration(a, LANG_EN, -5));
    assert_string_equal("3시간", say_duration(a, LANG_KO, 3 * 3600000LL));
}

static void people(void **state)
{
    (void)state;
    assert_string_equal("Alice Kim (@alice)", say_person(a, "Alice Kim", "alice"));
    assert_string_equal("@alice", say_person(a, "", "alice"));
    assert_string_equal("@alice", say_person(a, NULL, "alice"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_are_recognised),
        cmocka_unit_test(messages_are_translated),
        cmocka_unit_test(values_are_filled_in),
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(plurals),
        cmocka_unit_test(particles_fit_what_stands_before_them),
        cmocka_unit_test(times_read_as_a_calendar),
        cmocka_unit_test(durations),
        cmocka_unit_test(people),
    };
    int failed;

    a = arena_new(1 << 20);
    failed = cmocka_run_group_tests_name("messages", tests, NULL, NULL);
    arena_free(a);
    return failed;
}
