/* SPDX-License-Identifier: MIT */
#include "tests/unit/company.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

#define HOUR 3600000LL

static void look(void *arg, int64_t person, struct arena *a, struct sight *out)
{
    (void)person;
    (void)a;
    *out = ((struct company *)arg)->sight;
}

static void add_person(struct company *s, const char *nick, const char *name, const char *lang)
{
    int64_t no;

    assert_int_equal(OK, store_person_add(s->st, arena_printf(s->a, "%s@corp.example", nick), nick,
                                          NULL, 0, s->now - 100 * HOUR, &no));
    assert_int_equal(OK, store_person_set(s->st, no, FIELD_NAME, name));
    assert_int_equal(OK, store_person_set(s->st, no, FIELD_LANG, lang));
    assert_int_equal(OK, store_person_set(s->st, no, FIELD_ZONE, "UTC"));
    assert_int_equal(OK, store_person_set_flag(s->st, no, FLAG_GREETED_AT_NICK, true));
}

static void follow(struct company *s, int64_t who, int64_t whom)
{
    assert_int_equal(
        OK, store_edge_open(s->st, EDGE_FOLLOW_PERSON, who, whom, 0, 0, s->now - 90 * HOUR));
}

static void post(struct company *s, const struct new_post *p, int64_t expected)
{
    struct added added;

    assert_int_equal(OK, store_post_add(s->st, p, &added));
    assert_int_equal(expected, added.post);
}

static void write_posts(struct company *s)
{
    struct tag tags[3] = {{0, "lunch", "lunch"}, {0, "launch", "launch"}, {0, "회의", "회의"}};
    const int64_t alice = ALICE, bob = BOB;

    for (size_t i = 0; i < ARRAY_LEN(tags); i++)
        assert_int_equal(OK, store_tag_add(s->st, tags[i].key, tags[i].shown, &tags[i].no));
    post(s,
         &(struct new_post){.author = ALICE,
                            .at = s->now - 6 * HOUR,
                            .text = "Lunch at noon? #lunch",
                            .tags = &tags[0],
                            .n_tags = 1},
         1);
    post(s,
         &(struct new_post){.author = BOB,
                            .at = s->now - 5 * HOUR,
                            .text = "The launch is on Friday #launch",
                            .tags = &tags[1],
                            .n_tags = 1},
         2);
    post(s,
         &(struct new_post){.author = CAROL,
                            .at = s->now - 4 * HOUR,
                            .text = "Count me in, @alice",
                            .parent = 1,
                            .named = &alice,
                            .n_named = 1},
         3);
    post(s,
         &(struct new_post){.author = BOB,
                            .at = s->now - 3 * HOUR,
                            .text = "Between us: the budget plan is late",
                            .recipient = ALICE},
         4);
    post(s,
         &(struct new_post){.author = MINJI,
                            .at = s->now - 2 * HOUR,
                            .text = "점심 회의에서 봐요 #회의",
                            .tags = &tags[2],
                            .n_tags = 1},
         5);
    post(s,
         &(struct new_post){.author = ALICE,
                            .at = s->now - 300000,
                            .text = "Lunch is at the new place, @bob",
                            .named = &bob,
                            .n_named = 1},
         COMPANY_POSTS);
}

static void make_group(struct company *s)
{
    const struct new_group g = {.key = "design",
                                .shown = "design",
                                .purpose = "Shapes and colours",
                                .owner = ALICE,
                                .at = s->now - 90 * HOUR};
    int64_t no;

    assert_int_equal(OK, store_group_add(s->st, &g, &no));
    assert_int_equal(OK, store_member_add(s->st, no, BOB, s->now - 90 * HOUR));
    assert_int_equal(OK, store_member_add(s->st, no, CAROL, s->now - 90 * HOUR));
}

void company_open(struct company *s)
{
    static const char *const domains[] = {"corp.example"}, *const admins[] = {"carol@corp.example"};
    struct buffer complaint;

    memset(s, 0, sizeof(*s));
    s->a = arena_new(64 << 20);
    s->now = 1795600800000; /* 2026-11-25, a Wednesday, 10:00 UTC */
    buffer_init(&complaint, 1000);
    assert_int_equal(OK, store_open("sqlite::memory:", &complaint, &s->st));
    buffer_fini(&complaint);
    s->sight.waiting = -1;
    s->options = (struct service_options){.domain = "blog.corp.example",
                                          .bot = "jaejal",
                                          .name = "Jaejal",
                                          .language = "en",
                                          .allowed_domains = domains,
                                          .n_allowed_domains = 1,
                                          .admins = admins,
                                          .n_admins = 1,
                                          .post_chars = 10000,
                                          .posts_per_minute = 1000,
                                          .look = look,
                                          .look_arg = s};
    s->service = service_new(&s->options, s->st);
    assert_int_equal(OK, store_begin(s->st));
    add_person(s, "alice", "Alice Kim", "en");
    add_person(s, "bob", "Bob Lee", "en");
    add_person(s, "carol", "Carol Im", "en");
    add_person(s, "dan", "", "en");
    add_person(s, "minji", "김민지", "ko");
    follow(s, BOB, ALICE);
    follow(s, CAROL, ALICE);
    follow(s, DAN, ALICE);
    follow(s, ALICE, BOB);
    write_posts(s);
    make_group(s);
}

void company_close(struct company *s)
{
    store_rollback(s->st);
    service_free(s->service);
    store_close(s->st);
    arena_free(s->a);
}

const char *company_id(struct company *s)
{
    return arena_printf(s->a, "m%d", s->ids);
}

/* The answer that was written into the log behind `head`, if any. */
static const char *logged(struct company *s, int64_t head)
{
    const char *text = NULL;
    struct event e;

    for (int64_t no = head + 1; store_event_get(s->st, no, &e) == OK; no++) {
        struct answer an;

        if (e.kind != EVENT_ANSWER)
            continue;
        assert_null(text); /* exactly one answer for every line */
        assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
        text = an.text;
    }
    return text;
}

const char *company_send(struct company *s, const char *nick, struct request *r)
{
    int64_t head;
    const char *text;
    enum err e;

    r->from_local = nick;
    r->from_bare = arena_printf(s->a, "%s@corp.example", nick);
    r->from = arena_printf(s->a, "%s@corp.example/desk", nick);
    r->to = "jaejal@blog.corp.example";
    if (r->lang == NULL)
        r->lang = "";
    s->ids++;
    if (r->id == NULL)
        r->id = company_id(s);
    s->now += 1000;
    assert_int_equal(OK, store_event_head(s->st, &head));
    assert_int_equal(OK, store_savepoint(s->st));
    e = service_message(s->service, r, s->now, s->a, &s->outcome);
    assert_int_equal(OK, e);
    assert_int_equal(OK, store_release(s->st));
    service_committed(s->service);
    text = logged(s, head);
    assert_true(text == NULL || s->outcome.text == NULL); /* never two answers */
    return text != NULL ? text : s->outcome.text;
}

const char *company_say(struct company *s, const char *nick, const char *line)
{
    struct request r = {.body = line};

    return company_send(s, nick, &r);
}

void company_expect(struct company *s, const char *nick, const char *line, const char *answer)
{
    const char *got = company_say(s, nick, line);

    if (got == NULL || strcmp(got, answer) != 0)
        fail_msg("%s: %s\n  got: %s\n  not: %s", nick, line, got == NULL ? "(silence)" : got,
                 answer);
}

void company_expect_part(struct company *s, const char *nick, const char *line, const char *part)
{
    const char *got = company_say(s, nick, line);

    if (got == NULL || strstr(got, part) == NULL)
        fail_msg("%s: %s\n  got: %s\n  without: %s", nick, line, got == NULL ? "(silence)" : got,
                 part);
}

int company_setup(void **state)
{
    struct company *s = calloc(1, sizeof(*s));

    if (s == NULL)
        abort();
    company_open(s);
    *state = s;
    return 0;
}

int company_teardown(void **state)
{
    company_close(*state);
    free(*state);
    return 0;
}

int64_t company_newest(struct company *s)
{
    int64_t no = 0;
    struct post p;

    for (int64_t i = 1; i < 10000; i++) {
        enum err e = store_post_get(s->st, i, 0, s->a, &p);

        if (e != OK)
            break;
        no = i;
    }
    return no;
}
