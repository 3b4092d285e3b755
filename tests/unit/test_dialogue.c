/* SPDX-License-Identifier: MIT */
/* Forms in plain chat: one question a message. */
#include "handlers/dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/forms.h"
#include "handlers/state.h"
#include "tests/unit/company.h"

#define SAY(line, part) company_expect_part(s, "alice", line, part)

static struct post post_of(struct company *s, int64_t no)
{
    struct post p;

    assert_int_equal(OK, store_post_get(s->st, no, ALICE, s->a, &p));
    return p;
}

static void without(struct company *s, const char *line, const char *part)
{
    const char *got = company_say(s, "alice", line);

    if (strstr(got, part) != NULL)
        fail_msg("%s: %s\n  with: %s", line, got, part);
}

/* ---- from the first question to the last ------------------------------------------------------- */

static void a_private_message_step_by_step(void **state)
{
    struct company *s = *state;
    struct post p;

    SAY("d", "`yes` asks you step by step, `post` publishes");
    SAY("yes", "Who? (1/2)");
    SAY("bob", "What should it say? (2/2)");
    SAY("the merger is off", "I do this: /d bob the merger is off");
    assert_int_equal(COMPANY_POSTS + 1, company_newest(s));
    p = post_of(s, COMPANY_POSTS + 1);
    assert_string_equal("the merger is off", p.text);
    assert_int_equal(BOB, p.recipient);
    /* It is over: this is a post again. */
    SAY("and now to everybody", "Posted #8");
}

static void what_was_typed_is_kept(void **state)
{
    struct company *s = *state;

    SAY("/d bob", "`yes` asks you for it step by step.");
    SAY("yes", "What should it say? (2/2)");
    SAY("between us", "/d @bob between us");
    assert_int_equal(BOB, post_of(s, COMPANY_POSTS + 1).recipient);
    SAY("mute bob blah blah", "step by step");
    SAY("yes", "(2/2)");
    SAY("2h", "/mute @bob for 2h");
}

static void choices_are_numbered(void **state)
{
    struct company *s = *state;

    SAY("/set", "step by step");
    SAY("yes", "1 bio  2 title");
    SAY("2", "(2/2)");
    SAY("Engineer", "Your title is now “Engineer”");
    SAY("/set", "step by step");
    SAY("yes", "1 bio");
    SAY("title", "Now: Engineer. `-` keeps it.");
    SAY("-", "Your title is now “Engineer”");
    SAY("/set", "step by step");
    SAY("yes", "1 bio");
    SAY("30", "does not fit here");
    SAY("cancel", "nothing was done");
}

static void korean_all_the_way(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "minji", "/팔로우", "`네`라고 하면");
    company_expect_part(s, "minji", "네", "(1/3)");
    company_expect_part(s, "minji", "@alice", "어떤 태그");
    company_expect_part(s, "minji", "뒤로", "지금: @alice");
    company_expect_part(s, "minji", "@bob", "(2/3)");
    company_expect_part(s, "minji", "회의", "1 바로  2 매일");
    company_expect_part(s, "minji", "1", "팔로우했어요: Bob Lee (@bob)님의 #회의.");
    company_expect_part(s, "minji", "/팔로우", "`네`라고 하면");
    company_expect_part(s, "minji", "네", "(1/3)");
    company_expect_part(s, "minji", "#회의", "어떤 태그");
    company_expect_part(s, "minji", "-", "1 바로  2 매일");
    company_expect_part(s, "minji", "1", "#회의 태그를 팔로우했어요");
    company_expect_part(s, "minji", "/쪽지", "`네`라고 하면");
    company_expect_part(s, "minji", "네", "(1/2)");
    company_expect_part(s, "minji", "취소", "하지 않았");
}

static void back_and_cancel(void **state)
{
    struct company *s = *state;

    SAY("/d", "step by step");
    SAY("yes", "(1/2)");
    SAY("back", "(1/2)"); /* there is none before the first */
    SAY("bob", "(2/2)");
    SAY("back", "Now: bob. `-` keeps it.");
    SAY("carol", "(2/2)");
    SAY("/back", "Now: carol");
    SAY("-", "(2/2)");
    SAY("cancel", "nothing was done or published");
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    SAY("cancel", "");
    SAY("This is a post again.", "Posted #7");
}

static void what_does_not_fit_is_asked_again(void **state)
{
    struct company *s = *state;

    SAY("/like", "step by step");
    SAY("yes", "Which post?");
    SAY("the last one", "does not fit here");
    SAY("#99", "There is no post #99");
    SAY("2", "You like #2");
    SAY("/like", "step by step");
    SAY("yes", "Which post?");
    SAY("a", "Which post? (1/1)");
    SAY("b", "Which post? (1/1)");
    SAY("c", "did not work 3 times");
    without(s, "This is a post again.", "Which post");
    assert_int_equal(COMPANY_POSTS + 1, company_newest(s));
}

/* What the command refuses is asked for again: who then says "cancel" ends that, and nothing else. */
static void a_refusal_is_asked_about_again(void **state)
{
    struct company *s = *state;

    SAY("A post of mine.", "Posted #7");
    SAY("/poll", "step by step");
    SAY("yes", "(1/2)");
    SAY("Lunch?", "(2/2)");
    SAY("Noodles", "`cancel` ends this");
    SAY("취소", "nothing was done");
    SAY("취소", "not asking you anything");
    assert_int_equal(7, post_of(s, 7).no);
    SAY("/poll Lunch?", "step by step");
    SAY("yes", "(2/2)");
    SAY("Noodles", "(2/2)");
    SAY("Noodles", "(2/2)");
    SAY("Noodles", "did not work 3 times");
    SAY("취소", "not asking you anything");
    SAY("d bbo x", "published yet");
    SAY("no", "nothing was done");
    s->now += LIMIT_PENDING_MS / 2;
    SAY("/취소", "not asking you anything");
    SAY("/d", "step by step");
    SAY("yes", "Who?");
    s->now += LIMIT_PENDING_MS; /* it died, and they did not see it */
    SAY("취소", "not asking you anything");
    assert_int_equal(7, post_of(s, 7).no);
    SAY("취소", "#7 was taken back");
    SAY("Another one.", "Posted #8");
    SAY("/d", "step by step");
    SAY("home", "Another one.");
    SAY("취소", "#8 was taken back");
}

static void people_near_a_name_are_numbered(void **state)
{
    struct company *s = *state;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    SAY("boob", "1 Bob Lee (@bob)");
    SAY("1", "What should it say?");
    SAY("hello", "/d @bob hello");
    assert_int_equal(BOB, post_of(s, COMPANY_POSTS + 1).recipient);
}

static void what_cannot_be_undone_is_asked_about(void **state)
{
    struct company *s = *state;

    SAY("/delete", "step by step");
    SAY("yes", "Which post?");
    SAY("#6", "This cannot be undone: /delete #6");
    SAY("no", "nothing was done");
    assert_int_equal(6, post_of(s, 6).no);
    SAY("/delete", "step by step");
    SAY("yes", "Which post?");
    SAY("#6", "This cannot be undone");
    SAY("Yes", "#6 was taken back");
    company_expect_part(s, "carol", "/admin remove", "step by step");
    company_expect_part(s, "carol", "yes", "Which post?");
    company_expect_part(s, "carol", "#2", "Why?");
    company_expect_part(s, "carol", "Names a customer", "This cannot be undone");
    company_expect_part(s, "carol", "cancel", "nothing was done");
}

static void a_number_changes_a_setting(void **state)
{
    struct company *s = *state;

    SAY("settings", "3 quiet: off");
    SAY("3", "Such as 19:00-08:00\nNow: off. `-` keeps it.");
    SAY("late", "does not fit here.");
    SAY("22:00-07:00", "Quiet hours are from 22:00 to 07:00");
    SAY("settings", "4 allow: none");
    SAY("4", "1 dm  2 mention  3 announcement  4 none");
    SAY("1 2", "/set allow dm mention");
    SAY("settings", "4 allow: dm mention");
    SAY("10", "What should it be? (2/2)");
    SAY("back", "1 bio  2 title");
    SAY("2", "What should it be? (2/2)");
    SAY("Engineer", "Your title is now “Engineer”");
    SAY("settings", "9 title: Engineer");
    SAY("11", "nothing to choose by a number");
    SAY("10", "nothing to choose by a number"); /* the list is for the next line */
    SAY("settings", "10 bio");
    SAY("6", "1 on  2 off");
    SAY("2", "/set likes off");
    SAY("This is a post.", "Posted #7");
    company_expect_part(s, "minji", "설정목록", "3 방해금지");
    company_expect_part(s, "minji", "1", "1 켜기  2 끄기");
    company_expect_part(s, "minji", "2", "/설정 새글 끄기");
}

/* ---- what is no answer --------------------------------------------------------------------------- */

static void a_line_with_its_sign_is_a_command(void **state)
{
    struct company *s = *state;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    SAY("/me", "alice@corp.example");
    SAY(".home", "Lunch");
    SAY("bob", "What should it say?");
    SAY("/folow bob", "looks like the command");
    SAY("no", "nothing was done"); /* to that question */
    SAY("help", "I do this: /d bob help");
    assert_string_equal("help", post_of(s, COMPANY_POSTS + 1).text);
}

static void an_offer_is_for_the_next_line_only(void **state)
{
    struct company *s = *state;

    SAY("/d", "step by step");
    SAY("home", "Lunch");
    SAY("yes", "nothing to say yes to");
    SAY("d", "step by step");
    SAY("post", "Posted #7");
    SAY("yes", "nothing to say yes to");
    SAY("/d", "step by step");
    SAY("/folow bob", "looks like the command");
    SAY("yes", "You follow"); /* what was asked last */
    SAY("/d", "step by step");
    s->now += LIMIT_PENDING_MS;
    SAY("yes", "nothing to say yes to");
}

static void it_dies(void **state)
{
    struct company *s = *state;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    s->now += LIMIT_PENDING_MS;
    SAY("This is a post again.", "Posted #7");
}

static const char *send_as(struct company *s, const char *body, const char *id,
                           const char *replaces, const char *replies)
{
    struct request r = {.body = body, .id = id, .replaces = replaces, .replies = replies};
    const char *got = company_send(s, "alice", &r);

    return got == NULL ? "" : got;
}

static void corrections_of_answers(void **state)
{
    struct company *s = *state;
    const char *got;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    send_as(s, "carol", "who", NULL, NULL);
    got = send_as(s, "bob", "who2", "who", NULL); /* the last answer anew */
    assert_non_null(strstr(got, "(2/2)"));
    got = send_as(s, "dan", "who3", "other", NULL);
    assert_non_null(strstr(got, "changed nothing"));
    got = send_as(s, "secret", "what", NULL, NULL);
    assert_non_null(strstr(got, "/d bob secret"));
    assert_int_equal(COMPANY_POSTS + 1, company_newest(s));
    got = send_as(s, "everything I know", "who4", "who", NULL);
    assert_non_null(strstr(got, "nothing was published"));
    got = send_as(s, "less secret", "what2", "what", NULL); /* of the message it became */
    assert_string_equal("less secret", post_of(s, COMPANY_POSTS + 1).text);
    assert_int_equal(COMPANY_POSTS + 1, company_newest(s));
}

static void corrections_of_cancelled_answers(void **state)
{
    struct company *s = *state;
    const char *got;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    send_as(s, "bob", "who", NULL, NULL);
    SAY("cancel", "nothing was done");
    got = send_as(s, "bobby", "who2", "who", NULL);
    assert_non_null(strstr(got, "nothing was published"));
    got = send_as(s, "bob", "who", NULL, NULL); /* the same message again */
    assert_non_null(strstr(got, "came before"));
    assert_int_equal(COMPANY_POSTS, company_newest(s));
}

static void the_same_answer_again_is_not_the_next(void **state)
{
    struct company *s = *state;
    const char *got;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    send_as(s, "bob", "who", NULL, NULL);
    got = send_as(s, "bob", "who", NULL, NULL);
    assert_non_null(strstr(got, "came before"));
    SAY("hello", "/d bob hello");
}

static void replies_by_gesture_publish_nothing_unasked(void **state)
{
    struct company *s = *state;
    const char *got;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    got = send_as(s, "It is bob, I think", "r1", NULL, "v-1");
    assert_non_null(strstr(got, "nothing was posted"));
    got = send_as(s, "I answer that one", "r2", NULL, "p2");
    assert_non_null(strstr(got, "Posted #7"));
    SAY("bob", "(2/2)");
}

/* ---- what becomes of it when the program does not --------------------------------------------------- */

static void restart(struct company *s)
{
    service_free(s->service);
    s->service = service_new(&s->options, s->st);
}

static void an_answer_after_a_restart_is_no_post(void **state)
{
    struct company *s = *state;

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    SAY("bob", "(2/2)");
    restart(s);
    SAY("the merger is off", "nothing was published");
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    SAY("The weather is fine.", "Posted #7");
    SAY("/d", "step by step");
    SAY("yes", "Who?");
    SAY("cancel", "nothing was done");
    restart(s);
    SAY("The weather is fine again.", "Posted #8");
    SAY("/d", "step by step");
    SAY("yes", "Who?");
    restart(s);
    s->now += LIMIT_PENDING_MS;
    SAY("The weather is fine still.", "Posted #9");
}

static void what_was_undone_was_not_asked(void **state)
{
    struct company *s = *state;
    struct request r = {.from = "alice@corp.example/desk",
                        .from_bare = "alice@corp.example",
                        .from_local = "alice",
                        .to = "jaejal@blog.corp.example",
                        .id = "u1",
                        .lang = "",
                        .body = "bob"};

    SAY("/d", "step by step");
    SAY("yes", "Who?");
    assert_int_equal(OK, store_savepoint(s->st));
    assert_int_equal(OK, service_message(s->service, &r, s->now, s->a, &s->outcome));
    assert_int_equal(OK, store_undo(s->st));
    service_undone(s->service);
    SAY("carol", "(2/2)");
    SAY("hello", "/d carol hello");
}

static void a_poll_and_a_vote(void **state)
{
    struct company *s = *state;

    SAY("/poll", "step by step");
    SAY("yes", "What do you want to ask? (1/2)");
    SAY("Lunch?", "Which choices? (2/2)\nTwo to ten, with a | between them: Noodles | Rice");
    SAY("Noodles, Rice", "with a | before each: `poll Lunch? | Noodles | Rice`");
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    SAY("Noodles | Rice", "I do this: /poll Lunch? | Noodles | Rice\nPosted #7");
    assert_string_equal("Lunch?\n1 Noodles\n2 Rice", post_of(s, 7).text);
    SAY("/poll Where to?", "step by step");
    SAY("yes", "Which choices? (2/2)");
    SAY("Here\nThere", "Posted #8");
    assert_string_equal("Where to?\n1 Here\n2 There", post_of(s, 8).text);
    SAY("/vote", "step by step");
    SAY("yes", "Which post?");
    SAY("7", "(2/2)");
    SAY("2", "/vote #7 2");
}

/* ---- all rows ------------------------------------------------------------------------------------------ */

/* Every row that takes something can be asked for, and hostile answers neither run nor are published. */
static void every_row_asks(void **state)
{
    struct company *s = *state;
    size_t n = 0;

    for (size_t f = 0; f < n_families; f++)
        for (size_t r = 0; r < families[f]->n; r++) {
            const struct command *row = &families[f]->rows[r];
            struct call c = {.role = ROLE_ADMIN};
            bool must = false;

            for (size_t k = 0; k < form_arguments(row); k++)
                must = must || ((row->args[k].flags & (ARG_OPTIONAL | ARG_OR_NONE)) == 0 &&
                                row->args[0].flags == (row->args[0].flags & ARG_MAY_BE_NEW));
            if (!form_offered(&c, row) || !must || strcmp(row->name, "s/") == 0 ||
                strcmp(row->name, "post") == 0) /* "post" alone answers a question */
                continue;
            n++;
            company_expect_part(s, "carol", arena_printf(s->a, "/%s", row->name), "step by step");
            company_expect_part(s, "carol", "yes", arena_printf(s->a, "(1/"));
            if (row->args[0].kind != ARG_TEXT)
                company_expect_part(s, "carol", "x y z | \"q\n/delete #3", "(1/");
            company_expect_part(s, "carol", "cancel", "nothing was done");
        }
    assert_true(n > 20);
    assert_int_equal(COMPANY_POSTS, company_newest(s));
    assert_int_equal(3, post_of(s, 3).no);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(a_private_message_step_by_step),
        WITH_COMPANY(what_was_typed_is_kept),
        WITH_COMPANY(choices_are_numbered),
        WITH_COMPANY(korean_all_the_way),
        WITH_COMPANY(back_and_cancel),
        WITH_COMPANY(what_does_not_fit_is_asked_again),
        WITH_COMPANY(people_near_a_name_are_numbered),
        WITH_COMPANY(a_refusal_is_asked_about_again),
        WITH_COMPANY(what_cannot_be_undone_is_asked_about),
        WITH_COMPANY(a_line_with_its_sign_is_a_command),
        WITH_COMPANY(an_offer_is_for_the_next_line_only),
        WITH_COMPANY(it_dies),
        WITH_COMPANY(corrections_of_answers),
        WITH_COMPANY(corrections_of_cancelled_answers),
        WITH_COMPANY(the_same_answer_again_is_not_the_next),
        WITH_COMPANY(replies_by_gesture_publish_nothing_unasked),
        WITH_COMPANY(an_answer_after_a_restart_is_no_post),
        WITH_COMPANY(what_was_undone_was_not_asked),
        WITH_COMPANY(a_poll_and_a_vote),
        WITH_COMPANY(a_number_changes_a_setting),
        WITH_COMPANY(every_row_asks),
    };

    return cmocka_run_group_tests_name("dialogue", tests, NULL, NULL);
}
