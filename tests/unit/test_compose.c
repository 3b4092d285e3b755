/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/compose.h"
#include "tests/unit/company.h"

/* ---- what stands in a text ----------------------------------------------------------------------- */

/* "1 2 | #launch* #new | link | @bbo": people, tags (* those in use), link, unknown names. */
static const char *scan(struct company *s, const char *text)
{
    struct found f;
    char *out = arena_dup(s->a, "");

    assert_int_equal(OK, compose_scan(s->st, text, ALICE, s->a, &f));
    for (size_t i = 0; i < f.n_named; i++)
        out = arena_printf(s->a, "%s%lld ", out, (long long)f.named[i]);
    for (size_t i = 0; i < f.n_tags; i++)
        out = arena_printf(s->a, "%s#%s%s ", out, f.tags[i].key, f.tags[i].no != 0 ? "*" : "");
    for (size_t i = 0; i < f.n_unknown; i++)
        out = arena_printf(s->a, "%s%s ", out, f.unknown[i]);
    if (f.has_link)
        out = arena_printf(s->a, "%slink ", out);
    return out;
}

static void test_people(void **state)
{
    struct company *s = *state;

    assert_string_equal(scan(s, "@bob and @CAROL, @bob"), "2 3 ");
    assert_string_equal(scan(s, "@alice is the author"), "");
    assert_string_equal(scan(s, "ask @bob님 or (@carol) or \"@dan\"."), "2 3 4 ");
    assert_string_equal(scan(s, "@bob's, @carol: @dan!"), "2 3 4 ");
    assert_string_equal(scan(s, "＠bob"), "2 ");
    assert_string_equal(scan(s, "안녕@bob에게"), "2 ");
    assert_string_equal(scan(s, "@bobby @bob2"), "@bobby @bob2 ");
    assert_string_equal(scan(s, "@bbo @bbo"), "@bbo ");
    assert_string_equal(scan(s, "see you @ 5pm @"), "");
    assert_string_equal(scan(s, "bob@corp.example x.bob@corp.example 밥@bob.example"), "");
    assert_string_equal(scan(s, "@bob@corp.example"), "2 ");
}

static void test_links(void **state)
{
    struct company *s = *state;

    assert_string_equal(scan(s, "https://x.example/#launch and HTTP://y/@bob"), "link ");
    assert_string_equal(scan(s, "www.x.example/#launch"), "link ");
    assert_string_equal(scan(s, "mailto:a@b.example?x=#launch"), "");
    assert_string_equal(scan(s, "(https://x.example) @bob"), "2 link ");
    assert_string_equal(scan(s, "http:// is how it begins"), "link ");
}

static void test_tags(void **state)
{
    struct company *s = *state;
    int64_t no;

    assert_string_equal(scan(s, "#launch #Launch #new_plan #q3"), "#launch* #new_plan #q3 ");
    assert_string_equal(scan(s, "#1234 is a post, #1234는 too"), "");
    assert_string_equal(scan(s, "C# a#b &#39; ## x#launch"), "");
    assert_string_equal(scan(s, "＃launch. (#lunch)"), "#launch* #lunch* ");
    assert_string_equal(scan(s, "#launch#lunch@bob"), "2 #launch* #lunch* ");
    /* A particle behind a tag in use. */
    assert_string_equal(scan(s, "#회의에서"), "#회의* ");
    assert_string_equal(scan(s, "#회의는 #회의에서도 #회의"), "#회의* ");
    assert_string_equal(scan(s, "#launch에서"), "#launch* ");
    assert_string_equal(scan(s, "#회의은"), "#회의은 "); /* does not fit behind a vowel */
    assert_string_equal(scan(s, "#회의실"), "#회의실 ");
    assert_string_equal(scan(s, "#점심에서"), "#점심에서 "); /* 점심 is in no use */
    assert_int_equal(OK, store_tag_add(s->st, "점심", "점심", &no));
    assert_string_equal(scan(s, "#점심은 #점심으로 #점심이나"), "#점심* ");
    assert_string_equal(scan(s, "#점심는 #점심로"),
                        "#점심는 #점심로 "); /* nor do these behind a consonant */
    assert_int_equal(OK, store_tag_add(s->st, "서울", "서울", &no));
    assert_string_equal(scan(s, "#서울로 #서울에서부터"), "#서울* "); /* ㄹ takes 로 */
    assert_string_equal(scan(s, "#서울으로"), "#서울으로 ");
    /* As a Mac types it, taken apart. */
    assert_string_equal(scan(s, "#\xe1\x84\x92\xe1\x85\xac\xe1\x84\x8b\xe1\x85\xb4"), "#회의* ");
}

static void test_scan_limits(void **state)
{
    struct company *s = *state;
    char *text = arena_dup(s->a, "");
    char longest[LIMIT_TAG + 3];
    struct found f;

    for (int i = 0; i < LIMIT_TAGS_PER_POST + 5; i++)
        text = arena_printf(s->a, "%s #t%d", text, i);
    assert_int_equal(OK, compose_scan(s->st, text, ALICE, s->a, &f));
    assert_int_equal(LIMIT_TAGS_PER_POST, f.n_tags);
    memset(longest, 'a', sizeof(longest));
    longest[0] = '#';
    longest[LIMIT_TAG + 1] = '\0';
    assert_int_equal(OK, compose_scan(s->st, longest, ALICE, s->a, &f));
    assert_int_equal(1, f.n_tags);
    longest[LIMIT_TAG + 1] = 'a';
    longest[LIMIT_TAG + 2] = '\0';
    assert_int_equal(OK, compose_scan(s->st, longest, ALICE, s->a, &f));
    assert_int_equal(0, f.n_tags);
    text = arena_dup(s->a, "");
    for (int i = 0; i < LIMIT_MENTIONS_PER_POST + 2; i++) {
        int64_t no;
        char *nick = arena_printf(s->a, "p%d", i);

        assert_int_equal(OK, store_person_add(s->st, arena_printf(s->a, "%s@corp.example", nick),
                                              nick, NULL, 0, s->now, &no));
        text = arena_printf(s->a, "%s @%s", text, nick);
    }
    assert_int_equal(OK, compose_scan(s->st, text, ALICE, s->a, &f));
    assert_int_equal(LIMIT_MENTIONS_PER_POST, f.n_named);
    assert_true(f.over);
}

/* A hostile text costs a bounded number of look-ups, not one for each character and start. */
static void test_scan_work(void **state)
{
    struct company *s = *state;
    char *text = arena_alloc(s->a, 30001);
    struct found f;

    for (int i = 0; i < 30000; i += 2)
        memcpy(text + i, "@-", 2);
    assert_int_equal(OK, compose_scan(s->st, text, ALICE, s->a, &f));
    memset(text, '@', 30000);
    assert_int_equal(OK, compose_scan(s->st, text, ALICE, s->a, &f));
    assert_int_equal(0, f.n_named);
}

/* ---- how it reads ---------------------------------------------------------------------------------- */

static const char *read_post(struct company *s, int64_t no, enum lang l)
{
    struct post p;

    assert_int_equal(OK, store_post_get(s->st, no, 0, s->a, &p));
    return compose_post(s->a, l, &p);
}

static void test_post(void **state)
{
    struct company *s = *state;

    assert_string_equal(read_post(s, 2, LANG_EN),
                        "Bob Lee (@bob): The launch is on Friday #launch (#2)");
    assert_string_equal(read_post(s, 3, LANG_EN),
                        "Carol Im (@carol) → #1: Count me in, @alice (#3)");
    assert_string_equal(read_post(s, 4, LANG_EN),
                        "Bob Lee (@bob), privately: Between us: the budget plan is late (#4)");
    assert_string_equal(read_post(s, 4, LANG_KO),
                        "Bob Lee (@bob), 쪽지: Between us: the budget plan is late (#4)");
    company_say(s, "dan", "one\ntwo");
    assert_string_equal(read_post(s, 7, LANG_EN), "@dan: one\n  two (#7)");
    company_say(s, "dan", "/me waves");
    assert_string_equal(read_post(s, 8, LANG_EN), "* @dan waves (#8)");
}

static void test_item(void **state)
{
    struct company *s = *state;
    struct item it = {.place = 1};
    char *text = arena_alloc(s->a, 3 * LIMIT_ROW);
    const char *row;

    assert_int_equal(OK, store_post_get(s->st, 2, 0, s->a, &it.post));
    assert_string_equal(compose_item(s->a, LANG_EN, &it, NULL, 0, "UTC"),
                        "Bob Lee (@bob): The launch is on Friday #launch (#2)");
    assert_string_equal(compose_item(s->a, LANG_EN, &it, NULL, s->now, "UTC"),
                        "[05:00] Bob Lee (@bob): The launch is on Friday #launch (#2)");
    it.repeat = true;
    it.repeater_nick = "dan";
    it.repeater_name = "";
    it.comment = "";
    assert_string_equal(compose_item(s->a, LANG_EN, &it, NULL, 0, "UTC"),
                        "@dan repeats Bob Lee (@bob): The launch is on Friday #launch (#2)");
    it.comment = "Read\nthis";
    assert_string_equal(
        compose_item(s->a, LANG_EN, &it, NULL, 0, "UTC"),
        "@dan: Read\n  this ↻ Bob Lee (@bob): The launch is on Friday #launch (#2)");
    it.repeat = false;
    memset(text, 'x', 2 * LIMIT_ROW);
    memcpy(text + LIMIT_ROW - 20, " and ", 5);
    it.post.text = text;
    row = compose_item(s->a, LANG_EN, &it, NULL, 0, "UTC");
    assert_true(strlen(row) < LIMIT_ROW + 60);
    assert_non_null(strstr(row, "and … (#2) - `#2` shows all of it"));
    it.post.text = "1\n2\n3\n4\n5\n6\n7\n8\n9";
    row = compose_item(s->a, LANG_EN, &it, NULL, 0, "UTC");
    assert_non_null(strstr(row, "\n  8 … (#2)"));
}

static void test_excerpt(void **state)
{
    struct company *s = *state;

    assert_string_equal(compose_excerpt(s->a, "  a \n b  ", 10), "a b");
    assert_string_equal(compose_excerpt(s->a, "회의 시간", 2), "회의…");
    assert_string_equal(compose_excerpt(s->a, "", 2), "");
    assert_string_equal(compose_excerpt(s->a,
                                        "a\xe2\x80\xae"
                                        "b",
                                        9),
                        "ab");
}

/* ---- updates ----------------------------------------------------------------------------------------- */

static struct event event_of(struct company *s, enum event_kind kind)
{
    int64_t head;
    struct event e;

    assert_int_equal(OK, store_event_head(s->st, &head));
    for (; head > 0; head--) {
        assert_int_equal(OK, store_event_get(s->st, head, &e));
        if (e.kind == kind)
            return e;
    }
    fail_msg("no event of kind %d", (int)kind);
    return e;
}

static void test_update_post(void **state)
{
    struct company *s = *state;
    struct update u;
    struct event e;

    company_say(s, "alice", "Hello");
    e = event_of(s, EVENT_POST);
    assert_int_equal(OK, compose_update(s->st, &e, 0, LANG_EN, s->a, &u));
    assert_int_equal(UPDATE_NEW, u.shape);
    assert_string_equal("Alice Kim (@alice): Hello (#7)", u.body);
    assert_string_equal("p7", u.id);
    assert_null(u.target);
    assert_null(u.to);
    assert_int_equal(s->now, u.at);
}

static void test_update_edit(void **state)
{
    struct company *s = *state;
    struct update u;
    struct event post, e;

    company_say(s, "alice", "Hello");
    post = event_of(s, EVENT_POST);
    company_say(s, "alice", "edit #7 Hello @carol");
    e = event_of(s, EVENT_EDIT);
    assert_int_equal(OK, compose_update(s->st, &e, 0, LANG_EN, s->a, &u));
    assert_int_equal(UPDATE_CORRECTION, u.shape);
    assert_string_equal("Alice Kim (@alice): Hello @carol (#7)", u.body);
    assert_string_equal("p7e1", u.id);
    assert_string_equal("p7", u.target);
    /* Who is newly named gets it as new, and later corrections name that id. */
    assert_int_equal(OK, compose_update(s->st, &e, 1, LANG_EN, s->a, &u));
    assert_int_equal(UPDATE_NEW, u.shape);
    assert_string_equal("p7e1", u.id);
    company_say(s, "alice", "edit #7 Hello again @carol");
    e = event_of(s, EVENT_EDIT);
    assert_int_equal(OK, compose_update(s->st, &e, 1, LANG_EN, s->a, &u));
    assert_int_equal(UPDATE_CORRECTION, u.shape);
    assert_string_equal("p7e2", u.id);
    assert_string_equal("p7e1", u.target);
    /* A catch-up sends versions as logged. */
    assert_int_equal(OK, compose_update(s->st, &post, 0, LANG_EN, s->a, &u));
    assert_string_equal("Alice Kim (@alice): Hello (#7)", u.body);
}

static void test_update_delete(void **state)
{
    struct company *s = *state;
    struct update u;
    struct event post, e;

    company_say(s, "alice", "Hello");
    post = event_of(s, EVENT_POST);
    company_say(s, "alice", "undo");
    e = event_of(s, EVENT_DELETE);
    assert_int_equal(OK, compose_update(s->st, &e, 0, LANG_EN, s->a, &u));
    assert_int_equal(UPDATE_RETRACTION, u.shape);
    assert_string_equal("(#7 was taken back)", u.body);
    assert_string_equal("p7d", u.id);
    assert_string_equal("p7", u.target);
    assert_int_equal(OK, compose_update(s->st, &e, 2, LANG_KO, s->a, &u));
    assert_string_equal("p7e2", u.target);
    /* Of a deleted post no text is sent any more. */
    assert_int_equal(E_NOTFOUND, compose_update(s->st, &post, 0, LANG_EN, s->a, &u));
}

static void test_update_repeat(void **state)
{
    struct company *s = *state;
    struct update u;
    struct event repeat, e;

    company_say(s, "alice", "repeat #2 Mark the date");
    repeat = event_of(s, EVENT_REPEAT);
    assert_int_equal(OK, compose_update(s->st, &repeat, 0, LANG_EN, s->a, &u));
    assert_int_equal(UPDATE_NEW, u.shape);
    assert_string_equal(
        "Alice Kim (@alice): Mark the date ↻ Bob Lee (@bob): The launch is on Friday #launch (#2)",
        u.body);
    assert_string_equal(arena_printf(s->a, "r%lld", (long long)repeat.no), u.id);
    company_say(s, "alice", "delete #2");
    e = event_of(s, EVENT_DELETE);
    assert_int_equal(OK, compose_update(s->st, &e, 0, LANG_EN, s->a, &u));
    assert_int_equal(UPDATE_RETRACTION, u.shape);
    assert_string_equal(arena_printf(s->a, "r%lld", (long long)repeat.no), u.target);
    assert_string_equal(arena_printf(s->a, "r%lldd", (long long)repeat.no), u.id);
    assert_int_equal(E_NOTFOUND, compose_update(s->st, &repeat, 0, LANG_EN, s->a, &u));
}

static void test_update_answer(void **state)
{
    struct company *s = *state;
    struct update u;
    struct event e;

    company_say(s, "alice", "Hello");
    e = event_of(s, EVENT_ANSWER);
    assert_int_equal(OK, compose_update(s->st, &e, 0, LANG_EN, s->a, &u));
    assert_string_equal("Posted #7 for 3 people.", u.body);
    assert_string_equal("alice@corp.example/desk", u.to);
    assert_string_equal("jaejal@blog.corp.example", u.from);
    assert_string_equal(arena_printf(s->a, "a%lld", (long long)e.no), u.id);
}

static void test_ids(void **state)
{
    struct company *s = *state;
    struct event e;
    int64_t post;
    static const char *const bad[] = {"",      "p",   "p0",   "p01",  "q7",
                                      "p7x",   "p7e", "p7e0", "p7ex", "r999999",
                                      "a1",    "n1",  "7",    "p-7",  "p1234567890123456789",
                                      "d3-77", "a7d", "P7"};

    assert_int_equal(OK, compose_id_post(s->st, "p7", ALICE, &post));
    assert_int_equal(7, post);
    assert_int_equal(OK, compose_id_post(s->st, "p7e12", ALICE, &post));
    assert_int_equal(7, post);
    assert_int_equal(OK, compose_id_post(s->st, "p7d", ALICE, &post));
    assert_int_equal(7, post);
    company_say(s, "alice", "repeat #2");
    e = event_of(s, EVENT_REPEAT);
    assert_int_equal(
        OK, compose_id_post(s->st, arena_printf(s->a, "r%lld", (long long)e.no), ALICE, &post));
    assert_int_equal(2, post);
    assert_int_equal(
        OK, compose_id_post(s->st, arena_printf(s->a, "r%lldd", (long long)e.no), ALICE, &post));
    assert_int_equal(
        E_NOTFOUND,
        compose_id_post(s->st, arena_printf(s->a, "a%lld", (long long)e.no), ALICE, &post));
    e = event_of(s, EVENT_ANSWER);
    assert_int_equal(
        OK, compose_id_post(s->st, arena_printf(s->a, "a%lld", (long long)e.no), ALICE, &post));
    assert_int_equal(
        E_NOTFOUND,
        compose_id_post(s->st, arena_printf(s->a, "a%lld", (long long)e.no), BOB, &post));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(E_NOTFOUND, compose_id_post(s->st, bad[i], ALICE, &post));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_people),        WITH_COMPANY(test_links),
        WITH_COMPANY(test_tags),          WITH_COMPANY(test_scan_limits),
        WITH_COMPANY(test_scan_work),     WITH_COMPANY(test_post),
        WITH_COMPANY(test_item),          WITH_COMPANY(test_excerpt),
        WITH_COMPANY(test_update_post),   WITH_COMPANY(test_update_edit),
        WITH_COMPANY(test_update_delete), WITH_COMPANY(test_update_repeat),
        WITH_COMPANY(test_update_answer), WITH_COMPANY(test_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
