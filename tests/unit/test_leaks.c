/* SPDX-License-Identifier: MIT */
/* What a third person must not learn of what is private: attacks through the service's door. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/company.h"

/* The form with the word in the place of its %s. */
static const char *fill(struct company *s, const char *form, const char *word)
{
    const char *at = strstr(form, "%s");

    assert_non_null(at);
    return arena_printf(s->a, "%.*s%s%s", (int)(at - form), form, word, at + 2);
}

/* Both lines of the attacker are answered alike, but for the word itself. */
static void alike(struct company *s, const char *nick, const char *form, const char *secret,
                  const char *never)
{
    const char *a = company_say(s, nick, fill(s, form, secret)), *b, *at;

    company_say(s, nick, "no");
    b = company_say(s, nick, fill(s, form, never));
    company_say(s, nick, "no");
    for (;; a = at + strlen(secret), b += strlen(never)) {
        size_t n;

        at = strstr(a, secret);
        n = at == NULL ? strlen(a) : (size_t)(at - a);
        if (strncmp(a, b, n) != 0 || (at == NULL && b[n] != '\0'))
            fail_msg("%s: %s\n  not: %s", form, a, b);
        if (at == NULL)
            return;
        b += n;
        if (strncmp(b, never, strlen(never)) != 0)
            fail_msg("%s: %s\n  not: %s", form, a, b);
    }
}

/* A tag in a private message is not there for others: not its existence, not its spelling, not as a stem. */
static void test_tags(void **state)
{
    struct company *s = *state;
    static const char *const forms[] = {"#%s",
                                        "tag %s",
                                        "tag #%s",
                                        "search tag:%s",
                                        "search tag:%s is:open",
                                        "search tag:%s in:team",
                                        "search tag:%s has:link",
                                        "/tag %s",
                                        "unfollow #%s",
                                        "unmute #%s",
                                        "follow #%s",
                                        "unfollow #%s",
                                        "mute #%s",
                                        "muted"};

    company_say(s, "alice", "d bob The #Phoenix deal is on, tell nobody. #비밀");
    for (size_t i = 0; i < sizeof forms / sizeof *forms - 1; i++)
        alike(s, "carol", forms[i], "phoenix", "griffin");
    company_expect(s, "carol", "muted", "Muted:\n#phoenix\n#griffin");
    company_say(s, "carol", "follow #griffin");
    company_expect(s, "dan", "#griffin", "There is no tag #griffin yet.");
    company_say(s, "dan", "오늘은 #비밀에서 봐요");
    company_expect(s, "dan", "#비밀", "There is no tag #비밀 yet.\nDid you mean #비밀에서?");
    /* For the two it is a tag of their search. */
    company_expect_part(s, "bob", "search tag:비밀", "The #Phoenix deal");
    company_expect_part(s, "alice", "search tag:phoenix", "The #Phoenix deal");
    /* The first public use decides how it is written. */
    company_say(s, "minji", "#피닉스 #PHOENIX");
    company_expect_part(s, "carol", "search tag:phoenix", "#PHOENIX");
}

/* Our ids lead to posts; those of answers and notices to others lead nowhere, whatever they are about. */
static void test_ids(void **state)
{
    struct company *s = *state;
    const char *set[] = {"x"}, *nothing, *answer;
    int64_t head;
    struct event e;

    company_say(s, "alice", "d bob The deal is on");
    assert_int_equal(OK, store_event_head(s->st, &head));
    nothing = company_send(
        s, "dan", &(struct request){.reacts = "a999999", .reactions = set, .n_reactions = 1});
    assert_non_null(strstr(nothing, "I cannot tell which post"));
    for (int64_t no = 1; no <= head; no++) {
        const char *id = arena_printf(s->a, "a%lld", (long long)no);

        answer = company_send(s, "dan",
                              &(struct request){.reacts = id, .reactions = set, .n_reactions = 1});
        assert_string_equal(nothing, answer);
        answer = company_send(s, "dan", &(struct request){.body = "Count me in", .replies = id});
        if (strstr(answer, "I cannot tell which post") == NULL)
            fail_msg("%s: %s", id, answer);
    }
    /* To whom it was sent it leads to the post. */
    assert_int_equal(OK, store_event_get(s->st, head, &e));
    assert_int_equal(EVENT_ANSWER, e.kind);
    answer =
        company_send(s, "alice",
                     &(struct request){.body = "Tomorrow, I mean",
                                       .replies = arena_printf(s->a, "a%lld", (long long)head)});
    assert_non_null(strstr(answer, "Sent privately to Bob Lee (@bob)"));
}

/* A reply to a private message that was refused did nothing; its correction is that reply, not a post to everybody. */
static void test_corrected_reply(void **state)
{
    struct company *s = *state;
    char *huge = arena_alloc(s->a, 10002);
    const char *id, *answer;

    memset(huge, 'x', 10001);
    huge[10001] = '\0';
    answer = company_send(s, "alice", &(struct request){.body = huge, .replies = "p4"});
    assert_non_null(strstr(answer, "Nothing was posted"));
    id = company_id(s);
    answer = company_send(
        s, "alice",
        &(struct request){.body = "The budget is lost", .replaces = id, .replies = "p4"});
    assert_string_equal("Sent privately to Bob Lee (@bob), #7.", answer);
    /* Most clients leave out of a correction what it answers. */
    company_say(s, "bob", "block alice");
    answer = company_send(s, "alice", &(struct request){.body = "Lost!", .replies = "p7"});
    assert_non_null(strstr(answer, "You cannot write privately"));
    id = company_id(s);
    answer = company_send(s, "alice", &(struct request){.body = "All is lost!", .replaces = id});
    assert_non_null(strstr(answer, "You cannot write privately"));
    answer = company_send(s, "alice", &(struct request){.body = "All lost!", .replaces = id});
    assert_non_null(strstr(answer, "You cannot write privately"));
    company_say(s, "bob", "unblock alice");
    answer = company_send(s, "alice", &(struct request){.body = "Found again", .replaces = id});
    assert_non_null(strstr(answer, "Sent privately to Bob Lee (@bob), #8"));
    answer = company_send(s, "alice", &(struct request){.body_too_long = true, .replies = "p7"});
    assert_non_null(strstr(answer, "too long"));
    answer =
        company_send(s, "alice", &(struct request){.body = "Short", .replaces = company_id(s)});
    assert_non_null(strstr(answer, "Sent privately to Bob Lee (@bob), #9"));
    answer = company_send(s, "alice", &(struct request){.body = "A post", .replaces = "other"});
    assert_non_null(strstr(answer, "Posted #10"));
    assert_int_equal(10, company_newest(s));
}

/* A blank left out must not publish it either. */
static void test_glued(void **state)
{
    struct company *s = *state;
    static const char *const lines[] = {"d@bob The deal is on and so on", "DM@bob The deal",
                                        "쪽지@bob 계약"};

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        company_expect_part(s, "alice", lines[i], "Nothing is");
        company_expect_part(s, "alice", "yes", "Sent privately to Bob Lee (@bob)");
    }
    company_expect_part(s, "alice", "d@example is an address", "Posted");
}

/* What a copied line brings along and nobody sees does not publish a private message. */
static void test_unseen(void **state)
{
    struct company *s = *state;
    static const char *const lines[] = {"\u200E"
                                        "d bob seen",
                                        "\u2060"
                                        "d bob seen",
                                        "\u3164"
                                        "d bob seen",
                                        "\u00AD"
                                        "d bob seen",
                                        "\u2066"
                                        "d bob\u2069 seen",
                                        "d \u2066"
                                        "bob\u2069 seen",
                                        "d\u2060 bob seen",
                                        "\u200E \u200E"
                                        "d bob seen",
                                        "\u202B"
                                        "d: bob seen",
                                        "d \u200E bob seen",
                                        "\u200F/d bob seen",
                                        "\u200B\u200Ed bob seen",
                                        "\u2060"
                                        "귓속말 bob seen"};

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        company_expect_part(s, "alice", lines[i], "Sent privately to Bob Lee (@bob)");
}

/* A reply to nobody knows what is not published, and a question about it publishes nothing by itself. */
static void test_reply_to_nothing(void **state)
{
    struct company *s = *state;
    const char *answer =
        company_send(s, "alice", &(struct request){.body = "The deal is off", .replies = ""});

    assert_non_null(strstr(answer, "nothing was posted"));
    answer = company_send(s, "alice", &(struct request){.retracts = ""});
    assert_non_null(strstr(answer, "I know of no post"));
    answer = company_send(s, "alice", &(struct request){.reacts = ""});
    assert_non_null(strstr(answer, "I cannot tell which post"));
    assert_int_equal(COMPANY_POSTS, company_newest(s));
}

/* A block between two people does not stop one taking back what is one's own, and no answer says that it arrives. */
static void test_own_things_after_a_block(void **state)
{
    struct company *s = *state;

    company_say(s, "dan", "Just a post");
    company_say(s, "dan", "repeat #3");
    company_say(s, "carol", "block dan");
    company_expect(s, "dan", "undo", "Your repeat of #3 was taken back.");
    company_expect_part(s, "dan", "undo", "#7 was taken back");
    company_say(s, "alice", "block bob");
    company_expect(s, "bob", "edit #4 The budget plan is ready", "Changed #4.");
}

/* `more` asks anew whether one may see what it goes on with. */
static void test_more_likes(void **state)
{
    struct company *s = *state;

    company_say(s, "bob", "like #1");
    company_say(s, "minji", "like #1");
    company_say(s, "carol", "likes #1");
    company_say(s, "carol", "more");
    company_say(s, "carol", "likes #1");
    company_say(s, "alice", "block carol");
    company_expect(s, "carol", "likes #1", "There is no post #1 that you can see.");
    company_expect(s, "carol", "more", "There is no post #1 that you can see.");
}

/* Whether somebody mutes or tracks words cannot be read off what a repeat adds. */
static void test_mutes_in_figures(void **state)
{
    struct company *s = *state;

    company_say(s, "dan", "follow bob");
    company_say(s, "dan", "follow #회의");
    company_say(s, "dan", "follow \"soup\"");
    company_say(s, "dan", "mute minji");
    company_say(s, "minji", "#회의 again");
    company_say(s, "carol", "Some soup");
    company_expect(s, "bob", "repeat #7", "Repeated #7 for 1 person."); /* alice */
    company_expect(s, "bob", "repeat #8", "Repeated #8 for 2 people.");
}

/* Who is blocked sees figures and no posts: not an answer that says there never were any. */
static void test_blocked_figures(void **state)
{
    struct company *s = *state;
    const char *answer;

    company_say(s, "alice", "block dan");
    answer = company_say(s, "dan", "@alice");
    assert_non_null(strstr(answer, "No posts that you can see."));
    assert_null(strstr(answer, "Lunch"));
    /* The figure behind a post counts whom it is owed to: not who has blocked its author. */
    company_expect_part(s, "dan", "Hello @alice", "for 0 people");
    company_expect_part(s, "dan", "Hello @alice and @bob", "for 1 person");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_tags),
        WITH_COMPANY(test_ids),
        WITH_COMPANY(test_corrected_reply),
        WITH_COMPANY(test_unseen),
        WITH_COMPANY(test_glued),
        WITH_COMPANY(test_more_likes),
        WITH_COMPANY(test_own_things_after_a_block),
        WITH_COMPANY(test_reply_to_nothing),
        WITH_COMPANY(test_mutes_in_figures),
        WITH_COMPANY(test_blocked_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
