/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/arguments.h"
#include "handlers/times.h"
#include "tests/unit/company.h"

static struct call call_of(struct company *s)
{
    struct call c = {.service = s->service,
                     .options = &s->options,
                     .store = s->st,
                     .arena = s->a,
                     .now = s->now};

    assert_int_equal(OK, store_person_by_nick(s->st, "alice", s->a, &c.who));
    return c;
}

/* ---- words -------------------------------------------------------------------------------------------- */

static void words_are_split_and_folded(void **state)
{
    struct company *s = *state;
    struct tokens t;

    tokens_split(s->a, "  Follow　＠Bob \t“Budget  Plan”\nnow ", &t);
    assert_int_equal(5, t.n);
    assert_int_equal(5, t.n_words);
    assert_string_equal("follow", t.at[0].norm);
    assert_string_equal("@bob", t.at[1].norm);
    assert_string_equal("\"budget", t.at[2].norm);
    assert_string_equal("plan\"", t.at[3].norm);
    assert_string_equal("now", t.at[4].norm);
    assert_string_equal("＠Bob", tokens_word(s->a, &t, 1));
    assert_string_equal("now ", tokens_rest(&t, 4));
    assert_string_equal("", tokens_rest(&t, 5));
    tokens_split(s->a, " \n ", &t);
    assert_int_equal(0, t.n);
    tokens_split(s->a, "", &t);
    assert_int_equal(0, t.n_words);
}

static void long_lines_cost_little(void **state)
{
    struct company *s = *state;
    char *line = arena_alloc(s->a, LIMIT_BODY + 1);
    struct tokens t;

    for (size_t i = 0; i < LIMIT_BODY; i += 2)
        memcpy(line + i, "a ", 2);
    tokens_split(s->a, line, &t);
    assert_int_equal(MAX_TOKENS, t.n);
    assert_int_equal(LIMIT_BODY / 2, t.n_words);
    memset(line, 'a', LIMIT_BODY);
    tokens_split(s->a, line, &t);
    assert_int_equal(1, t.n);
    assert_string_equal("", t.at[0].norm); /* too long to mean anything */
}

static void ends_of_sentences(void **state)
{
    struct arena *a = arena_new(1 << 16);

    (void)state;
    assert_true(text_ends_sentence("Stop."));
    assert_true(text_ends_sentence("\"Stop!\" "));
    assert_true(text_ends_sentence("(stop?)"));
    assert_true(text_ends_sentence("그만…"));
    assert_true(text_ends_sentence("そう。"));
    assert_true(text_ends_sentence("“Stop.”"));
    assert_false(text_ends_sentence("stop"));
    assert_false(text_ends_sentence("stop, "));
    assert_false(text_ends_sentence(""));
    assert_true(text_ends_question(a, "who?"));
    assert_true(text_ends_question(a, "누구？"));
    assert_false(text_ends_question(a, "who."));
    assert_true(text_ends_question(a, "who? #cobol ＠bob "));
    assert_true(text_ends_question(a, "who knows #cobol?"));
    assert_true(text_ends_question(a, "who knows #cobol? #help"));
    assert_false(text_ends_question(a, "who? #cobol now"));
    assert_false(text_ends_question(a, "#cobol"));
    assert_int_equal(3, text_words(" a  b\nc "));
    assert_int_equal(0, text_words("  "));
    arena_free(a);
}

/* ---- times ---------------------------------------------------------------------------------------------- */

static void times_are_read(void **state)
{
    const int64_t now = 1795600800000, minute = 60000; /* Wed 25 Nov 2026 10:00 UTC */
    static const struct {
        const char *first, *second;
        size_t used;
        int64_t from_now;
    } cases[] = {
        {"2h", NULL, 1, 120},
        {"30m", NULL, 1, 30},
        {"3d", NULL, 1, 3 * 1440},
        {"1h30m", NULL, 1, 90},
        {"2w", NULL, 1, 14 * 1440},
        {"2hours", NULL, 1, 120},
        {"10min", NULL, 1, 10},
        {"2시간", NULL, 1, 120},
        {"30분", NULL, 1, 30},
        {"3일", NULL, 1, 4320},
        {"1주", NULL, 1, 10080},
        {"1시간30분", NULL, 1, 90},
        {"11:00", NULL, 1, 60},
        {"11:00", "x", 1, 60},
        {"9:00", NULL, 1, 23 * 60},
        {"10:00", NULL, 1, 1440},
        {"2026-11-26", NULL, 1, 14 * 60},
        {"2026-11-26", "12:30", 2, 26 * 60 + 30},
        {"2026-11-26", "text", 1, 14 * 60},
        {"tomorrow", "09:00", 2, 23 * 60},
        {"tomorrow", NULL, 1, 23 * 60},
        {"내일", "10:00", 2, 1440},
        {"", NULL, 0, 0},
        {"2", NULL, 0, 0},
        {"h", NULL, 0, 0},
        {"2x", NULL, 0, 0},
        {"2h3", NULL, 0, 0},
        {"0h", NULL, 0, 0},
        {"25:00", NULL, 0, 0},
        {"9:5", NULL, 0, 0},
        {"9:60", NULL, 0, 0},
        {"2020-01-01", NULL, 0, 0},
        {"2026-13-01", NULL, 0, 0},
        {"2026-11-24", NULL, 0, 0},
        {"2126-11-24", NULL, 0, 0},
        {"9999999h", NULL, 0, 0},
        {"999999w", NULL, 0, 0},
        {"soon", NULL, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t instant = 0;
        size_t used = time_parse(cases[i].first, cases[i].second, "UTC", now, &instant);

        if (used != cases[i].used || (used > 0 && instant != now + cases[i].from_now * minute))
            fail_msg("%s: %zu words, %lld minutes", cases[i].first, used,
                     (long long)((instant - now) / minute));
    }
}

static void times_are_the_persons_own(void **state)
{
    const int64_t now = 1795600800000; /* 19:00 in Seoul */
    int64_t instant;

    (void)state;
    assert_int_equal(1, time_parse("20:00", NULL, "Asia/Seoul", now, &instant));
    assert_int_equal(now + 3600000, instant);
    assert_int_equal(2, time_parse("tomorrow", "20:00", "Asia/Seoul", now, &instant));
    assert_int_equal(now + 25 * 3600000LL, instant);
}

/* ---- what words mean --------------------------------------------------------------------------------------- */

static void posts_by_number(void **state)
{
    (void)state;
    assert_int_equal(1234, argument_post_number("#1234"));
    assert_int_equal(7, argument_post_number("#007"));
    assert_int_equal(0, argument_post_number("#12a"));
    assert_int_equal(0, argument_post_number("#"));
    assert_int_equal(0, argument_post_number("12"));
    assert_true(argument_post_number("#0") > 1000000000000); /* no post, and no tag either */
    assert_true(argument_post_number("#99999999999999999999999") > 1000000000000);
}

static void people_by_any_name(void **state)
{
    static const char *const bob[] = {"bob",    "@bob",    "bob@corp.example", "@bob@corp.example",
                                      "@bob님", "@bob에게"};
    static const char *const nobody[] = {"@",     "",      "bobby",  "@bobby", "bob@other.example",
                                         "bob님", "@bob!", "@bob,x", "a@b@c",  "@@bob"};
    struct call c = call_of(*state);
    struct person p;

    for (size_t i = 0; i < ARRAY_LEN(bob); i++) {
        assert_int_equal(OK, argument_person(&c, bob[i], &p));
        assert_int_equal(BOB, p.no);
    }
    for (size_t i = 0; i < ARRAY_LEN(nobody); i++)
        if (argument_person(&c, nobody[i], &p) != E_NOTFOUND)
            fail_msg("somebody is called %s", nobody[i]);
}

static enum err tag_of(struct call *c, const char *word, struct tag *out)
{
    struct tokens t;

    tokens_split(c->arena, word, &t);
    return argument_tag(c, &t.at[0], out);
}

static void tags_by_name(void **state)
{
    struct call c = call_of(*state);
    struct tag tag;

    assert_int_equal(OK, tag_of(&c, "#Lunch", &tag));
    assert_string_equal("lunch", tag.key);
    assert_true(tag.no > 0);
    assert_int_equal(OK, tag_of(&c, "lunch", &tag));
    assert_int_equal(OK, tag_of(&c, "#회의에서", &tag)); /* a particle behind a tag in use */
    assert_string_equal("회의", tag.key);
    assert_int_equal(OK, tag_of(&c, "#newone", &tag));
    assert_int_equal(0, tag.no);
    assert_int_equal(E_NOTFOUND, tag_of(&c, "newone", &tag)); /* a bare word must be in use */
    assert_int_equal(E_NOTFOUND, tag_of(&c, "#lunch!", &tag));
    assert_int_equal(E_NOTFOUND, tag_of(&c, "#a#b", &tag));
    assert_int_equal(E_NOTFOUND, tag_of(&c, "#", &tag));
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

static struct fitting fit(struct call *c, const struct command *row, const char *words,
                          struct value args[4])
{
    struct fitting f;
    struct tokens t;

    tokens_split(c->arena, words, &t);
    assert_int_equal(OK, arguments_fit(c, row, &t, 0, false, args, &f));
    return f;
}

static void optional_arguments_may_be_left_out(void **state)
{
    static const struct command row = {
        .name = "row",
        .args = {{.kind = ARG_TARGET},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .choices = "now|daily"},
                 {.kind = ARG_TIME, .flags = ARG_OPTIONAL, .before = "for"},
                 {.kind = ARG_COUNT, .flags = ARG_OPTIONAL}}};
    struct call c = call_of(*state);
    struct value v[4];

    assert_int_equal(FIT_YES, fit(&c, &row, "bob", v).fit);
    assert_true(v[0].given && !v[1].given && !v[2].given && !v[3].given);
    assert_int_equal(FIT_YES, fit(&c, &row, "bob daily for 2h 5", v).fit);
    assert_string_equal("daily", v[1].text);
    assert_int_equal(7200000, v[2].number);
    assert_int_equal(5, v[3].number);
    assert_int_equal(FIT_YES, fit(&c, &row, "bob for 2h", v).fit);
    assert_int_equal(FIT_YES, fit(&c, &row, "bob 5", v).fit);
    assert_int_equal(FIT_YES, fit(&c, &row, "bob 5000", v).fit);
    assert_int_equal(LIMIT_LIST, v[3].number);
    assert_int_equal(FIT_NO, fit(&c, &row, "bob 0", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &row, "bob 5 daily", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &row, "bob for", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &row, "", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &row, "bob dail", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &row, "bob |", v).fit);
}

static void targets_of_all_kinds(void **state)
{
    static const struct command old = {.name = "row", .args = {{.kind = ARG_TARGET}}};
    static const struct command new = {.name = "row",
                                       .args = {{.kind = ARG_TARGET, .flags = ARG_MAY_BE_NEW}}};
    struct call c = call_of(*state);
    struct value v[4];
    struct fitting f;

    assert_int_equal(FIT_YES, fit(&c, &old, "#4", v).fit);
    assert_int_equal(TARGET_POST, v[0].target);
    assert_int_equal(4, v[0].post.no);
    assert_int_equal(FIT_YES, fit(&c, &old, "#lunch", v).fit);
    assert_int_equal(TARGET_TAG, v[0].target);
    assert_int_equal(FIT_YES, fit(&c, &old, "!design", v).fit);
    assert_string_equal("!design", v[0].group.label);
    assert_int_equal(FIT_YES, fit(&c, &old, "“budget  Plan”", v).fit);
    assert_int_equal(TARGET_WORDS, v[0].target);
    assert_string_equal("budget  Plan", v[0].text); /* as typed */
    f = fit(&c, &old, "#none", v);
    assert_int_equal(FIT_UNKNOWN, f.fit);
    assert_int_equal(WHY_TAG, f.why);
    assert_int_equal(FIT_YES, fit(&c, &new, "#none", v).fit);
    f = fit(&c, &old, "#99", v);
    assert_int_equal(FIT_UNKNOWN, f.fit);
    assert_int_equal(99, f.number);
    assert_int_equal(FIT_UNKNOWN, fit(&c, &old, "@none", v).fit);
    assert_int_equal(FIT_UNKNOWN, fit(&c, &old, "none@corp.example", v).fit);
    f = fit(&c, &old, "none", v);
    assert_int_equal(FIT_NO, f.fit);
    assert_int_equal(WHY_PERSON, f.why);
    assert_int_equal(FIT_NO, fit(&c, &old, "\"open", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &old, "\"\"", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &old, "\" \"", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &old, "\"a\"b", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &old, "\"a\" b", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &old, "!", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &old, "#a!", v).fit);
    /* An unknown target is no excuse for words too many. */
    assert_int_equal(FIT_NO, fit(&c, &old, "@none and more", v).fit);
}

static void posts_one_may_not_see_do_not_exist(void **state)
{
    static const struct command row = {.name = "row", .args = {{.kind = ARG_POST}}};
    struct call c = call_of(*state);
    struct value v[4];

    assert_int_equal(FIT_YES, fit(&c, &row, "#4", v).fit); /* to alice */
    assert_int_equal(OK, store_person_by_nick(c.store, "carol", c.arena, &c.who));
    assert_int_equal(FIT_UNKNOWN, fit(&c, &row, "#4", v).fit);
    assert_int_equal(FIT_NO, fit(&c, &row, "4", v).fit);
}

static void words_with_blanks_beyond_the_first_ones(void **state)
{
    static const struct command row = {.name = "row", .args = {{.kind = ARG_TARGET}}};
    struct call c = call_of(*state);
    struct buffer b;
    struct value v[4];

    buffer_init(&b, 10000);
    buffer_adds(&b, "\"");
    for (int i = 0; i < 40; i++)
        buffer_adds(&b, "word ");
    buffer_adds(&b, "end\"");
    assert_int_equal(FIT_YES, fit(&c, &row, b.data, v).fit);
    buffer_adds(&b, " more");
    assert_int_equal(FIT_NO, fit(&c, &row, b.data, v).fit);
    buffer_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(words_are_split_and_folded),
        WITH_COMPANY(long_lines_cost_little),
        cmocka_unit_test(ends_of_sentences),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(times_are_the_persons_own),
        cmocka_unit_test(posts_by_number),
        WITH_COMPANY(people_by_any_name),
        WITH_COMPANY(tags_by_name),
        WITH_COMPANY(optional_arguments_may_be_left_out),
        WITH_COMPANY(targets_of_all_kinds),
        WITH_COMPANY(posts_one_may_not_see_do_not_exist),
        WITH_COMPANY(words_with_blanks_beyond_the_first_ones),
    };

    return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
