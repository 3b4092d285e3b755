/* SPDX-License-Identifier: MIT */
/* Rules 3 to 8 of the language as one meets them: what is asked, what yes and post do, what is refused, what is remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/session.h"
#include "tests/unit/company.h"

/* The newest post's text, as the program sees it. */
static const char *newest_text(struct company *s)
{
    struct post p;

    assert_int_equal(OK, store_post_get(s->st, company_newest(s), 0, s->a, &p));
    return p.text;
}

/* The line brings this question, and nothing is published. */
static void asks(struct company *s, const char *nick, const char *line, const char *part)
{
    int64_t newest = company_newest(s);

    company_expect_part(s, nick, line, part);
    assert_int_equal(newest, company_newest(s));
}

static void publishes(struct company *s, const char *nick, const char *line, const char *text)
{
    int64_t newest = company_newest(s);

    company_expect_part(s, nick, line, "Posted #");
    assert_int_equal(newest + 1, company_newest(s));
    assert_string_equal(text, newest_text(s));
}

/* ---- questions ------------------------------------------------------------------------------------------ */

static void yes_runs_what_was_proposed(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "flolow carol", "`yes` does this: follow carol");
    company_expect_part(s, "alice", "yes", "You follow Carol Im (@carol) now");
    asks(s, "alice", "like 2", "`yes` does this: like #2");
    company_expect_part(s, "alice", "Yes", "#2");
    asks(s, "alice", "ㅗ디ㅔ", "`yes` does this: help");
    company_expect_part(s, "alice", "네", "is a post for those who follow you");
    asks(s, "alice", "d bbo the merger\nis off", "`yes` does this: d @bob the merger\nis off");
    company_expect_part(s, "alice", "y", "Sent privately to Bob Lee (@bob)");
    assert_string_equal("the merger\nis off", newest_text(s));
    asks(s, "alice", "*work it is broken", "`yes` does this: post: #work it is broken");
    publishes(s, "alice", "ok", "#work it is broken");
    /* Once. */
    asks(s, "alice", "yes", "nothing to say yes to");
}

static void post_publishes_it_as_it_was(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "  help foo ", "begins like the command `help`");
    publishes(s, "alice", "post", "help foo");
    asks(s, "alice", "!nowhere Hello,\n  there!", "no group !nowhere");
    publishes(s, "alice", "게시", "!nowhere Hello,\n  there!");
    asks(s, "alice", "#99 priority is sales", "no post #99");
    publishes(s, "alice", "Post", "#99 priority is sales");
    asks(s, "alice", "/wibble on", "no command `wibble`");
    publishes(s, "alice", "post", "/wibble on");
    asks(s, "alice", "window bob", "does not work yet");
    publishes(s, "alice", "/post", "window bob");
    asks(s, "alice", "post", "nothing waiting to be published");
}

static void a_question_without_a_proposal(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "help foo", "It goes like this: help [COMMAND]");
    asks(s, "alice", "yes", "nothing to say yes to; `post` publishes");
    publishes(s, "alice", "post", "help foo");
}

static void anything_else_is_a_new_message(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "help foo", "`post`");
    publishes(s, "alice", "never mind", "never mind");
    asks(s, "alice", "post", "nothing waiting");
    asks(s, "alice", "flolow carol", "follow carol");
    asks(s, "alice", "home", "Lunch");
    asks(s, "alice", "yes", "nothing to say yes to");
    asks(s, "alice", "help foo", "`post`");
    asks(s, "alice", "no", "nothing was done or published");
    asks(s, "alice", "post", "nothing waiting");
    publishes(s, "alice", "no", "no"); /* to nobody's question it is a word like any other */
}

static void a_question_dies_after_five_minutes(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "help foo", "`post`");
    s->now += LIMIT_PENDING_MS - 2000;
    publishes(s, "alice", "post", "help foo");
    asks(s, "alice", "help foo", "`post`");
    s->now += LIMIT_PENDING_MS;
    asks(s, "alice", "post", "nothing waiting");
    asks(s, "alice", "flolow carol", "follow carol");
    s->now += LIMIT_PENDING_MS;
    asks(s, "alice", "yes", "nothing to say yes to");
}

static void a_question_belongs_to_the_person(void **state)
{
    struct company *s = *state;
    struct request phone = {.body = "post"};

    asks(s, "alice", "help foo", "`post`");
    asks(s, "bob", "post", "nothing waiting");
    phone.from = "alice@corp.example/phone";
    assert_non_null(strstr(company_send(s, "alice", &phone), "Posted #"));
    assert_string_equal("help foo", newest_text(s));
}

static void what_is_undone_was_not_asked(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "help foo", "`post`");
    service_dropped(s->service); /* committed already: no effect */
    publishes(s, "alice", "post", "help foo");
}

static void the_first_at_nick_is_asked_about_once(void **state)
{
    struct company *s = *state;

    assert_int_equal(OK, store_person_set_flag(s->st, DAN, FLAG_GREETED_AT_NICK, false));
    asks(s, "dan", "@bob", "Bob Lee"); /* who that is */
    asks(s, "dan", "@bob the merger is off", "`d @bob TEXT` is private");
    company_expect_part(s, "dan", "yes", "Sent privately to Bob Lee");
    publishes(s, "dan", "@bob see you at noon", "@bob see you at noon");
    assert_int_equal(OK, store_person_set_flag(s->st, DAN, FLAG_GREETED_AT_NICK, false));
    asks(s, "dan", "@bob: first\nsecond", "`d @bob TEXT` is private");
    publishes(s, "dan", "post", "@bob: first\nsecond");
    assert_int_equal(OK, store_person_set_flag(s->st, DAN, FLAG_GREETED_AT_NICK, false));
    publishes(s, "dan", "lunch with @bob", "lunch with @bob");
    publishes(s, "dan", "@nobody is here", "@nobody is here");
}

static void old_posts_are_asked_about(void **state)
{
    struct company *s = *state;
    int64_t newest = company_newest(s);

    s->now += 31 * LIMIT_DAY_MS;
    asks(s, "alice", "#1 priority is sales", "more than a month old");
    company_expect_part(s, "alice", "yes", "#");
    assert_int_equal(newest + 1, company_newest(s));
    assert_string_equal("priority is sales", newest_text(s));
    /* Whoever says it outright is not asked. */
    company_expect_part(s, "alice", "reply #1 once more", "#");
    assert_string_equal("once more", newest_text(s));
}

static void a_private_post_is_no_other_than_none(void **state)
{
    struct company *s = *state;
    char *none, *hidden;

    none = arena_dup(s->a, company_say(s, "carol", "#44 hello there"));
    hidden = arena_dup(s->a, company_say(s, "carol", "#4 hello there"));
    none[strcspn(none, "4")] = hidden[strcspn(hidden, "4")] = 'x';
    assert_string_equal(strchr(none, 'x') + 2, strchr(hidden, 'x') + 1);
    none = arena_dup(s->a, company_say(s, "carol", "#44"));
    hidden = arena_dup(s->a, company_say(s, "carol", "#4"));
    none[strcspn(none, "4")] = hidden[strcspn(hidden, "4")] = 'x';
    assert_string_equal(strchr(none, 'x') + 2, strchr(hidden, 'x') + 1);
}

static void near_names_are_shown(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "follow @carl", "Did you mean Carol Im (@carol)?");
    asks(s, "alice", "d @bobb hello", "Bob Lee (@bob)");
    asks(s, "alice", "whois caroll", "@carol");
    asks(s, "alice", "/serch budget", "`yes` does this: /search budget");
}

static void refusals_show_the_form(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "/like", "Something is missing behind `like`");
    asks(s, "alice", "/like", "It goes like this: like POST");
    asks(s, "alice", "/like bob", "“bob” does not fit behind `like`");
    asks(s, "alice", "7", "nothing to choose by a number");
    asks(s, "alice", "delete #2", "#2");
    assert_non_null(s->outcome.text); /* nothing was written, so nothing is kept */
    asks(s, "minji", "/좋아요", "빠진 것이 있어서");
    asks(s, "minji", "네", "어느 글인가요?");
    asks(s, "minji", "취소", "아무것도 하지 않았고");
    asks(s, "minji", "네", "대답을 기다리는 질문이 없어요");
}

/* ---- accounts ------------------------------------------------------------------------------------------------ */

static void restart(struct company *s)
{
    service_free(s->service);
    s->service = service_new(&s->options, s->st);
}

static const char *notice_to(struct company *s, const char *jid)
{
    const char *text = NULL;
    struct event e;

    for (int64_t no = 1; store_event_get(s->st, no, &e) == OK; no++) {
        struct answer an;

        if (e.kind != EVENT_NOTICE)
            continue;
        assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
        if (strcmp(an.to, jid) != 0)
            continue;
        assert_null(text); /* one */
        assert_string_equal("jaejal@blog.corp.example", an.from);
        text = an.text;
    }
    return text;
}

static void first_contact_makes_the_account(void **state)
{
    struct company *s = *state;
    struct person p;

    company_expect_part(s, "erin", "Hello!", "Posted #7 for 0 people");
    assert_true(s->outcome.is_new);
    assert_int_equal(OK, store_person_by_jid(s->st, "erin@corp.example", s->a, &p));
    assert_int_equal(p.no, s->outcome.person);
    assert_string_equal("erin", p.nick);
    assert_string_equal("", p.lang);
    assert_non_null(strstr(notice_to(s, "erin@corp.example"), "@erin"));
    assert_non_null(strstr(notice_to(s, "erin@corp.example"), "Three things"));
    company_expect_part(s, "erin", "Hello again!", "Posted #8");
    assert_false(s->outcome.is_new);
    assert_non_null(notice_to(s, "erin@corp.example"));
}

static void a_korean_client_is_answered_in_korean(void **state)
{
    struct company *s = *state;
    struct request r = {.body = "안녕하세요", .lang = "ko-KR"},
                   en = {.body = "Hello", .lang = "en"};
    struct person p;

    assert_non_null(strstr(company_send(s, "jimin", &r), "#7"));
    assert_non_null(strstr(notice_to(s, "jimin@corp.example"), "환영해요"));
    assert_int_equal(OK, store_person_by_jid(s->st, "jimin@corp.example", s->a, &p));
    assert_string_equal("ko", p.lang);
    s->options.language = "ko"; /* "en" is what libraries say who were never asked */
    restart(s);
    (void)company_send(s, "hana", &en);
    assert_non_null(strstr(notice_to(s, "hana@corp.example"), "환영해요"));
}

static void reserved_names_get_another_nick(void **state)
{
    struct company *s = *state;
    struct person p;

    company_expect_part(s, "jaejal", "help", "help all");
    assert_int_equal(OK, store_person_by_jid(s->st, "jaejal@corp.example", s->a, &p));
    assert_string_equal("jaejal2", p.nick);
    company_expect_part(s, "everyone", "help", "help all");
    assert_int_equal(OK, store_person_by_jid(s->st, "everyone@corp.example", s->a, &p));
    assert_string_equal("everyone2", p.nick);
    s->options.bot = "hal";
    restart(s);
    company_expect_part(s, "hal", "help", "help all");
    assert_int_equal(OK, store_person_by_jid(s->st, "hal@corp.example", s->a, &p));
    assert_string_equal("hal2", p.nick);
}

static void what_everybody_follows(void **state)
{
    static const char *const first[] = {"@bob", "#announcements", "#lunch", "@nobody", "@frank"};
    struct company *s = *state;
    struct edges edges;

    s->options.follow_on_join = first;
    s->options.n_follow_on_join = ARRAY_LEN(first);
    restart(s);
    company_expect_part(s, "frank", "help", "help all"); /* who does not follow himself */
    assert_int_equal(OK, store_edges_of(s->st, s->outcome.person,
                                        1U << EDGE_FOLLOW_PERSON | 1U << EDGE_FOLLOW_TAG, 0, 0,
                                        s->now, 10, s->a, &edges));
    assert_int_equal(3, edges.n);
    assert_string_equal("@bob", edges.at[0].label);
}

static void joining_without_a_word(void **state)
{
    struct company *s = *state;
    struct outcome o;

    assert_int_equal(OK,
                     service_join(s->service, "erin@corp.example", "erin", "ko", s->now, s->a, &o));
    assert_true(o.is_new && o.person > 0);
    assert_non_null(strstr(notice_to(s, "erin@corp.example"), "환영해요"));
    assert_int_equal(OK,
                     service_join(s->service, "erin@corp.example", "erin", "ko", s->now, s->a, &o));
    assert_false(o.is_new);
}

static void the_vcard_gives_the_name(void **state)
{
    struct company *s = *state;
    struct person p;

    assert_int_equal(OK, service_vcard(s->service, DAN, "Dan (the @man): #1\nMiller", "image/png",
                                       "png", 3, "abc", s->now, s->a));
    assert_int_equal(OK, store_person_by_no(s->st, DAN, s->a, &p));
    assert_string_equal("Dan the man 1 Miller", p.name);
    assert_string_equal("abc", p.photo_hash);
    assert_int_equal(s->now, p.vcard_at);
    assert_int_equal(OK, service_vcard(s->service, DAN, NULL, NULL, NULL, 0, NULL, s->now, s->a));
    assert_int_equal(OK, store_person_by_no(s->st, DAN, s->a, &p));
    assert_string_equal("", p.name);
    assert_int_equal(0, p.photo_len);
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static void repeats_get_the_first_answer(void **state)
{
    struct company *s = *state;
    struct request a = {.body = "Hello", .id = "x1", .origin_id = "o1"},
                   b = {.body = "Hello", .id = "x1"},
                   c = {.body = "Hello", .id = "x2", .origin_id = "o1"},
                   d = {.body = "Bye", .id = "x1"}, e = {.body = "Bye", .id = "x1"},
                   f = {.body = "Bye", .id = "x1"}, g = {.body = "Hello", .id = "x1"};
    const char *first = arena_dup(s->a, company_send(s, "alice", &a));

    assert_non_null(strstr(first, "Posted #7"));
    assert_string_equal(first, company_send(s, "alice", &b));
    assert_string_equal(first, company_send(s, "alice", &c));
    assert_int_equal(7, company_newest(s));
    assert_non_null(strstr(company_send(s, "bob", &g), "Posted #8")); /* of another person */
    assert_non_null(
        strstr(company_send(s, "alice", &d), "Posted #9")); /* a client that counts anew */
    assert_non_null(strstr(company_send(s, "alice", &e), "Posted #9"));
    s->now += LIMIT_DAY_MS;
    assert_non_null(strstr(company_send(s, "alice", &f), "Posted #10"));
}

static void commands_are_not_carried_out_twice(void **state)
{
    struct company *s = *state;
    struct request a = {.body = "undo", .id = "x1"}, b = {.body = "undo", .id = "x1"};
    const char *first;

    (void)company_say(s, "alice", "one");
    (void)company_say(s, "alice", "two");
    first = arena_dup(s->a, company_send(s, "alice", &a));
    assert_non_null(strstr(first, "two"));
    assert_string_equal(first, company_send(s, "alice", &b));
    company_expect_part(s, "alice", "undo", "one");
}

static void reading_twice_reads_anew(void **state)
{
    struct company *s = *state;
    struct request a = {.body = "#1", .id = "x1"}, b = {.body = "#1", .id = "x1"};

    assert_null(strstr(company_send(s, "alice", &a), "secret"));
    (void)company_say(s, "alice", "edit #1 no secret any more");
    assert_non_null(strstr(company_send(s, "alice", &b), "secret"));
}

static void what_cannot_be_read(void **state)
{
    struct company *s = *state;
    struct request otr = {.body = "?OTR:AAA", .encrypted = true}, omemo = {.encrypted = true},
                   huge = {.body_too_long = true}, empty = {.body = NULL},
                   blank = {.body = " \n\t "};
    const char *answer;

    assert_non_null(strstr(company_send(s, "alice", &otr), "encrypted"));
    assert_null(company_send(s, "alice", &omemo)); /* explained once */
    omemo.id = NULL;
    assert_non_null(strstr(company_send(s, "bob", &omemo), "encrypted"));
    answer = company_send(s, "alice", &huge);
    assert_non_null(strstr(answer, "131,072"));
    assert_non_null(strstr(answer, "10,000"));
    assert_null(company_send(s, "alice", &empty));
    assert_null(company_send(s, "alice", &blank));
    assert_int_equal(6, company_newest(s));
}

static void closed_accounts_do_nothing(void **state)
{
    struct company *s = *state;

    assert_int_equal(OK, store_person_set_state(s->st, DAN, PERSON_SUSPENDED));
    asks(s, "dan", "hello", "closed");
    asks(s, "dan", "follow bob", "closed");
}

static void too_fast_is_told_and_nothing_is_lost_silently(void **state)
{
    static const char *const thumb[] = {"👍"};
    struct company *s = *state;
    int refused = 0;

    s->options.posts_per_minute = 5;
    restart(s);
    for (int i = 0; i < 5; i++)
        publishes(s, "alice", "quick", "quick");
    asks(s, "alice", "quick", "more than 5 messages a minute");
    asks(s, "alice", "quick", "Not taken");
    asks(s, "alice", "like #2", "Not taken");
    company_expect_part(s, "alice", "home", "quick"); /* reading has an allowance of its own */
    company_expect_part(s, "bob", "slow", "Posted");
    for (int i = 0; i < 15; i++) {
        s->now -= 1000;
        assert_null(strstr(company_say(s, "alice", "mentions"), "Not taken"));
    }
    for (int i = 0; i < 15; i++) {
        s->now -= 990; /* 100 lines a second */
        refused += strstr(company_say(s, "alice", "mentions"), "Not taken") != NULL;
    }
    assert_true(refused > 8);
    s->now -= 1000;
    asks(s, "alice", "/follow nobody", "Not taken");
    s->now -= 1000;
    asks(s, "alice", "help foo", "Not taken");
    for (int i = 0; i < 6; i++) {
        struct request like = {.reacts = "p2", .reactions = thumb, .n_reactions = (size_t)(i % 2)};

        s->now -= 1000;
        assert_true((strstr(company_send(s, "bob", &like), "too fast") != NULL) == (i >= 4));
    }
    s->now += 60000;
    publishes(s, "alice", "quick", "quick");
    asks(s, "alice", "help foo", "`post`");
    publishes(s, "alice", "post", "help foo");
}

/* The mark alone, or with a blank behind it, is meant as the mark. */
static void a_mark_apart(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "/", "there is no command `/`");
    asks(s, "alice", ".", "Nothing is published");
    asks(s, "alice", "/ d bbo the merger", "Nobody here is called @bbo");
    asks(s, "alice", "/ what is this", "there is no command `what`");
    company_expect_part(s, "alice", "/ d bob the merger", "Sent privately to");
    publishes(s, "alice", ". and that was all there was", ". and that was all there was");
    publishes(s, "alice", "...", "...");
}

/* Numbers no post can have are refused in the words they were typed in. */
static void numbers_of_nothing(void **state)
{
    static const char *const words[] = {"#0", "#99", "#123456789012345678901234"};
    struct company *s = *state;

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const char *none = arena_printf(s->a, "There is no post %s that you can see.", words[i]);

        company_expect(s, "alice", words[i], none);
        company_expect(s, "alice", arena_printf(s->a, "like %s", words[i]), none);
        company_expect_part(
            s, "alice", arena_printf(s->a, "%s priority is sales", words[i]),
            arena_printf(s->a, "there is no post %s that you could answer", words[i]));
    }
}

/* What cannot be shown whole is shown in part: no word makes an answer too long to be said. */
static void huge_words_are_answered(void **state)
{
    static const struct {
        const char *before, *behind, *part;
    } lines[] = {{"/whois ", "", "Nobody here is called @zzz"},
                 {"d ", " hi", "Nobody here is called @zzz"},
                 {"d @", " hi", "Nobody here is called @zzz"},
                 {"/follow ", "", "Nobody here is called @zzz"},
                 {"/like ", "", "zzz…” does not fit"},
                 {"/help ", "", "zzz…” does not fit"},
                 {"s/", "/x/", "zzz…” does not stand in"},
                 {"d ", " bob", "It goes like this"}};
    struct company *s = *state;
    char *huge = arena_alloc(s->a, 70001);

    memset(huge, 'z', 70000);
    huge[70000] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        const char *line = arena_printf(s->a, "%s%s%s", lines[i].before, huge, lines[i].behind);
        const char *answer = company_say(s, "alice", line);

        if (answer == NULL || strlen(answer) > 2000 || strstr(answer, lines[i].part) == NULL)
            fail_msg("%s…: %.300s", lines[i].before, answer == NULL ? "(silence)" : answer);
    }
    assert_int_equal(COMPANY_POSTS, company_newest(s));
}

/* A program that answers our answers: it is told, and then nothing of it is taken or answered until it pauses. */
static void a_loop_comes_to_its_end(void **state)
{
    struct company *s = *state;
    int answered = 0, posts;

    s->options.posts_per_minute = 30;
    restart(s);
    for (int i = 0; i < 1000; i++) { /* an answer a second, for as long as it is answered */
        const char *answer = company_say(s, "bob", "I am on holiday until Monday.");

        if (answer == NULL)
            break;
        answered++;
    }
    assert_in_range(answered, 30, 200);
    posts = (int)company_newest(s);
    for (int i = 0; i < 70; i++)
        assert_null(company_say(s, "bob", "help"));
    assert_int_equal(posts, company_newest(s));
    company_expect_part(s, "alice", "help", "help all"); /* it is between them and us */
    s->now += 60000;
    publishes(s, "bob", "Back again", "Back again");
    /* Told at last before the silence. */
    for (int i = 0; i < 200; i++) {
        const char *answer;

        s->now -= 990;
        answer = company_say(s, "carol", "hello again");
        if (strstr(answer, "until you have paused for a minute") != NULL)
            return;
    }
    fail_msg("carol was not told");
}

static void the_answer_says_when_nothing_was_saved(void **state)
{
    struct company *s = *state;
    struct request r = {.from_bare = "minji@corp.example", .lang = "en"},
                   unknown = {.from_bare = "x@corp.example", .lang = "ko"};

    assert_non_null(strstr(service_not_saved(s->service, &r, s->a), "저장하지 못해서"));
    assert_non_null(strstr(service_not_saved(s->service, &unknown, s->a), "저장하지 못해서"));
    r.from_bare = "alice@corp.example";
    assert_non_null(strstr(service_not_saved(s->service, &r, s->a), "could not be saved"));
}

static void corrections_of_lines_that_did_nothing(void **state)
{
    struct company *s = *state;
    struct request fixed = {.body = "d bob the merger is off", .replaces = "m1"};

    asks(s, "alice", "d bbo the merger is off", "@bob");
    assert_string_equal("m1", company_id(s));
    assert_non_null(strstr(company_send(s, "alice", &fixed), "Sent privately to Bob Lee"));
}

/* ---- sessions ------------------------------------------------------------------------------------------------------- */

static void sessions_are_staged(void **state)
{
    struct sessions *s = sessions_new();
    unsigned nth = 0;

    (void)state;
    assert_null(session_pending(s, 1, 1000));
    session_begin(s);
    session_ask(s, 1, "one", "1", 1000);
    assert_string_equal(
        "one", session_pending(s, 1, 1000)->proposed); /* the next line of the same turn sees it */
    session_begin(s);
    session_ask(s, 1, "two", NULL, 1000);
    session_forget_last(s);
    assert_string_equal("one", session_pending(s, 1, 1000)->proposed);
    session_begin(s);
    session_forget_last(s); /* a request that staged nothing */
    session_keep(s);
    session_forget_all(s);
    assert_string_equal("one", session_pending(s, 1, 1000)->proposed);
    session_begin(s);
    session_ask(s, 1, NULL, NULL, 1000);
    assert_null(session_pending(s, 1, 1000));
    session_forget_all(s);
    assert_string_equal("1", session_pending(s, 1, 1000)->as_post);
    assert_null(session_pending(s, 1, 1000 + LIMIT_PENDING_MS));
    assert_null(session_pending(s, 2, 1000));
    session_begin(s);
    session_set_more(s, 1, &(struct more){.kind = MORE_SEARCH, .text = "words"});
    session_keep(s);
    assert_string_equal("words", session_more(s, 1)->text);
    assert_string_equal("one", session_pending(s, 1, 1000)->proposed);
    assert_int_equal(0, session_take(s, 1, 1, false, 1000, &nth));
    assert_true(session_take(s, 1, 1, false, 1000, &nth) > 59000 && nth == 1);
    assert_true(session_take(s, 1, 1, false, 500, &nth) > 59000 && nth == 2); /* a clock set back */
    assert_int_equal(0, session_take(s, 1, 1, false, 61000, &nth));
    assert_true(session_explain(s, 1));
    assert_false(session_explain(s, 1));
    sessions_free(s);
}

static void sessions_have_bounds(void **state)
{
    struct sessions *s = sessions_new();
    char *big = malloc(LIMIT_BODY + 1);
    unsigned nth = 0;

    (void)state;
    assert_non_null(big);
    memset(big, 'x', LIMIT_BODY);
    big[LIMIT_BODY] = '\0';
    for (int64_t i = 1; i <= 1000; i++) { /* 128 MiB, if it were kept */
        session_begin(s);
        session_ask(s, i, NULL, big, i);
        session_keep(s);
        assert_non_null(session_pending(s, i, i)); /* whose question it is has it */
    }
    assert_null(session_pending(s, 1, 2));
    for (int64_t i = 1; i <= LIMIT_SESSIONS + 1000; i++)
        assert_int_equal(0, session_take(s, i, 1, false, 1, &nth));
    free(big);
    sessions_free(s);
}

/* Names of two words: the second belongs to the name, and the first alone is none. */
static void two_words_of_a_name(void **state)
{
    struct company *s = *state;

    asks(s, "alice", "group", "begins like the command `group`");
    asks(s, "alice", "group design", "group close !group");
    asks(s, "alice", "gruop create #design", "looks like the command `group create`");
    asks(s, "alice", "/group creat design", "“creat” does not fit behind `group`");
    asks(s, "alice", "/admin suspend bob", "no command `admin`.");
    asks(s, "alice", "help group", "group owner !group WHO — ");
    asks(s, "alice", "help group owner", "For example: group owner !design bob");
    publishes(s, "alice", "group therapy is what this meeting needs",
              "group therapy is what this meeting needs");
    asks(s, "alice", "group\ncreate design", "begins like the command `group`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(yes_runs_what_was_proposed),
        WITH_COMPANY(post_publishes_it_as_it_was),
        WITH_COMPANY(a_question_without_a_proposal),
        WITH_COMPANY(anything_else_is_a_new_message),
        WITH_COMPANY(a_question_dies_after_five_minutes),
        WITH_COMPANY(a_question_belongs_to_the_person),
        WITH_COMPANY(what_is_undone_was_not_asked),
        WITH_COMPANY(the_first_at_nick_is_asked_about_once),
        WITH_COMPANY(old_posts_are_asked_about),
        WITH_COMPANY(a_private_post_is_no_other_than_none),
        WITH_COMPANY(near_names_are_shown),
        WITH_COMPANY(refusals_show_the_form),
        WITH_COMPANY(first_contact_makes_the_account),
        WITH_COMPANY(a_korean_client_is_answered_in_korean),
        WITH_COMPANY(reserved_names_get_another_nick),
        WITH_COMPANY(what_everybody_follows),
        WITH_COMPANY(joining_without_a_word),
        WITH_COMPANY(the_vcard_gives_the_name),
        WITH_COMPANY(repeats_get_the_first_answer),
        WITH_COMPANY(commands_are_not_carried_out_twice),
        WITH_COMPANY(reading_twice_reads_anew),
        WITH_COMPANY(what_cannot_be_read),
        WITH_COMPANY(closed_accounts_do_nothing),
        WITH_COMPANY(too_fast_is_told_and_nothing_is_lost_silently),
        WITH_COMPANY(a_loop_comes_to_its_end),
        WITH_COMPANY(huge_words_are_answered),
        WITH_COMPANY(a_mark_apart),
        WITH_COMPANY(numbers_of_nothing),
        WITH_COMPANY(the_answer_says_when_nothing_was_saved),
        WITH_COMPANY(corrections_of_lines_that_did_nothing),
        WITH_COMPANY(two_words_of_a_name),
        cmocka_unit_test(sessions_are_staged),
        cmocka_unit_test(sessions_have_bounds),
    };

    return cmocka_run_group_tests_name("dispatch", tests, NULL, NULL);
}
