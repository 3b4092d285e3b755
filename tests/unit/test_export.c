/* SPDX-License-Identifier: MIT */
/* All that is one's own: into the chat, and page by page as JSON. Never what is another's, or gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/export.h"
#include "tests/unit/company.h"

/* The notices that an export made, one behind the other; *n: how many. */
static const char *exported(struct company *s, const char *nick, const char *line, int *n)
{
    const char *out = "";
    int64_t head;
    struct event e;

    assert_int_equal(OK, store_event_head(s->st, &head));
    *n = 0;
    (void)company_say(s, nick, line);
    for (int64_t no = head + 1; store_event_get(s->st, no, &e) == OK; no++) {
        struct answer an;

        if (e.kind != EVENT_NOTICE)
            continue;
        assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
        assert_true(strlen(an.text) < 13000);
        out = arena_printf(s->a, "%s%s\n", out, an.text);
        ++*n;
    }
    return out;
}

static void has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("without \"%s\": %s", part, text);
}

static void has_not(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("with \"%s\": %s", part, text);
}

static void test_chat(void **state)
{
    struct company *s = *state;
    const char *text;
    int n;

    company_say(s, "alice", "set bio Mountains");
    company_say(s, "alice", "like #2");
    company_say(s, "alice", "save #5");
    company_say(s, "alice", "alias hi = d bob hi %1");
    company_say(s, "alice", "mute #launch");
    company_say(s, "alice", "d bob and this to you");
    company_say(s, "bob", "d carol not for alice");
    company_say(s, "alice", "post: a word in haste");
    company_say(s, "alice", "undo");
    company_say(s, "alice", "schedule 1h !design Cake");
    company_expect(s, "alice", "export",
                   "What is yours comes in 1 message.\nOf posts, private messages, likes and "
                   "bookmarks these are the newest 100 each; your administrator can give you all "
                   "of it as a file (`jaejalctl export alice`).");
    text = exported(s, "alice", "export", &n);
    assert_int_equal(1, n);
    has(text, "Part 1 of 1\nAlice Kim (@alice)\nalice@corp.example\nMountains\nHere since ");
    has(text, "\n\nWhat you follow, mute or block:\nfollow @bob\nmember !design\nmute #launch\n");
    has(text, "\n\nYour short forms:\nhi = d bob hi %1\n");
    has(text, "\n\nWhat you have scheduled:\n11:00: !design Cake\n");
    has(text, "\n\nYour posts, the newest first:\n[09:55] Alice Kim (@alice): Lunch is at the new");
    has(text, "Lunch at noon? #lunch (#1)");
    has(text, "Your private messages, the newest first:");
    has(text, "Between us: the budget plan is late");
    has(text, "and this to you");
    has(text, "What you like, the newest first:");
    has(text, "The launch is on Friday");
    has(text, "Your bookmarks, the newest first:");
    has_not(text, "not for alice");
    has_not(text, "in haste");
    company_say(s, "minji", "팔로우 alice");
    text = exported(s, "minji", "내자료", &n);
    has(text, "\n팔로우 @alice\n");
    has(text, "내가 쓴 글");
    has(text, "점심 회의에서");
}

static void test_long(void **state)
{
    struct company *s = *state;
    const char *text;
    int n;

    for (int i = 0; i < 150; i++)
        company_say(s, "bob", arena_printf(s->a, "post: number %d %0500d", i, 7));
    text = exported(s, "bob", "export", &n);
    assert_in_range(n, 4, 8);
    has(text, arena_printf(s->a, "Part %d of %d\n", n, n));
    has(text, "number 149 ");
    has(text, "number 51 ");
    has_not(text, "number 49 "); /* the newest hundred */
}

/* ---- JSON -------------------------------------------------------------------------------------------- */

/* Every page; how many there were. */
static const char *pages(struct company *s, const char *nick, int *n)
{
    const char *place = "0 0 0", *all = "";

    *n = 0;
    while (place != NULL) {
        struct buffer b;
        char *last;

        buffer_init(&b, 4000000);
        store_rollback(s->st); /* as the daemon asks: between turns */
        export_page(s->st, arena_printf(s->a, "%s %s", nick, place), s->now, &b);
        assert_int_equal(OK, store_begin(s->st));
        assert_true(b.len > 0 && b.data[b.len - 1] == '\n');
        b.data[b.len - 1] = '\0';
        last = strrchr(b.data, '\n');
        last = last == NULL ? b.data : last + 1;
        place = strncmp(last, "next ", 5) == 0 ? arena_dup(s->a, last + 5) : NULL;
        if (place != NULL || strcmp(last, "end") == 0)
            *last = '\0';
        all = arena_printf(s->a, "%s%s", all, b.data);
        buffer_fini(&b);
        assert_true(++*n < 1000);
    }
    return all;
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        n++;
    return n;
}

static void test_json(void **state)
{
    struct company *s = *state;
    const char *text;
    int n;

    company_say(s, "alice", "set bio \"Moun\\tains\" & more");
    company_say(s, "alice", "post: two\nlines");
    company_say(s, "alice", "like #2");
    company_say(s, "alice", "repeat #5 nice");
    company_say(s, "alice", "quiet 19:00-08:00");
    company_say(s, "alice", "digest daily 09:00");
    for (int i = 0; i < 60; i++)
        company_say(s, "alice", arena_printf(s->a, "post: number %d.", i));
    assert_int_equal(OK, store_commit(s->st));
    assert_int_equal(OK, store_begin(s->st));
    text = pages(s, "@Alice", &n);
    assert_true(n > 8);
    has(text,
        "{\"kind\":\"profile\",\"nick\":\"alice\",\"jid\":\"alice@corp.example\",\"name\":\"Alice "
        "Kim\",\"title\":\"\",\"bio\":\"\\\"Moun\\\\tains\\\" & more\",");
    has(text, "\"joined\":\"2026-11-21T06:00:00.000Z\"");
    has(text, "\"quiet\":\"19:00-08:00\",\"digest\":\"daily\"}\n");
    has(text, "{\"kind\":\"follow\",\"what\":\"@bob\"}\n");
    has(text, "\"scope\":\"public\",\"text\":\"two\\u000alines\"}\n");
    has(text, "{\"kind\":\"private\",\"post\":4,\"by\":\"bob\"");
    has(text, "\"scope\":\"private\",\"to\":\"alice\"");
    has(text, "{\"kind\":\"repeat\",\"post\":5,\"by\":\"minji\"");
    has(text, "\"comment\":\"nice\"");
    has(text, "{\"kind\":\"like\",\"post\":2,\"by\":\"bob\"");
    for (int i = 0; i < 60; i++) /* each once */
        assert_int_equal(1, count(text, arena_printf(s->a, "\"number %d.\"", i)));
    assert_int_equal(count(text, "\n"), count(text, "{\"kind\""));
}

static void test_wrong(void **state)
{
    static const char *const lines[] = {"nobody 0 0 0",  "",          " ", "alice x",
                                        "alice 0 0 0 0", "\xff 0 0 0"};
    struct company *s = *state;
    struct buffer b;

    store_rollback(s->st);
    buffer_init(&b, 4000000);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        buffer_reset(&b);
        export_page(s->st, lines[i], s->now, &b);
        assert_int_equal(0, strncmp(b.data, "error ", 6));
    }
    buffer_reset(&b);
    assert_int_equal(OK, store_begin(s->st));
    buffer_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_chat),
        WITH_COMPANY(test_long),
        WITH_COMPANY(test_json),
        WITH_COMPANY(test_wrong),
    };

    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
