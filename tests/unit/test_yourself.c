/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

static bool is_on(struct company *s, int64_t no)
{
    struct person p;

    assert_int_equal(OK, store_person_by_no(s->st, no, s->a, &p));
    return p.on;
}

static void test_on_off(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "on", "Updates are on. `off` holds them back.");
    assert_false(s->outcome.on_changed);
    company_expect(s, "alice", "off",
                   "Updates are off: they wait for you, up to 30 days. `on` brings them. What you "
                   "write here is still answered.");
    assert_true(s->outcome.on_changed);
    assert_false(is_on(s, ALICE));
    company_expect(s, "alice", "off", "Updates are off already. `on` brings what waits.");
    assert_false(s->outcome.on_changed);
    company_expect(s, "alice", "on",
                   "Updates are on again; what waited comes now. `off` holds them back.");
    assert_true(s->outcome.on_changed);
    assert_true(is_on(s, ALICE));
    company_expect_part(s, "alice", "끄기", "Updates are off");
    company_expect_part(s, "alice", "켜기", "Updates are on again");
}

static void test_on_plus(void **state)
{
    struct company *s = *state;
    int64_t head;
    const char *got;

    company_expect_part(s, "alice", "on+", "You have missed nothing.");
    company_say(s, "alice", "off");
    assert_int_equal(OK, store_event_head(s->st, &head));
    assert_int_equal(OK, store_held_set(s->st, ALICE, CLASS_BULK, head + 1));
    company_say(s, "bob", "The build is red");
    got = company_say(s, "alice", "on+");
    assert_non_null(strstr(got, "Updates are on again"));
    assert_non_null(
        strstr(got, "The newest you missed:\n[10:00] Bob Lee (@bob): The build is red (#7)"));
    assert_null(strstr(got, "(#2)")); /* that was not missed */
    assert_true(s->outcome.show_missed);
    company_expect_part(s, "alice", "켜기+", "Updates are on.");
}

static void test_me(void **state)
{
    struct company *s = *state;

    company_expect(
        s, "alice", "me",
        "Alice Kim (@alice)\n2 posts · follows 1 · 3 followers\nAddress: alice@corp.example\n"
        "Language: English (`lang ko` for Korean)\nTime zone: UTC\nUpdates: on\n"
        "`set title TEXT` and `set bio TEXT` change what others see; name and photo come from your "
        "own vCard.");
    company_expect_part(s, "minji", "내정보", "언어: 한국어");
    company_expect_part(s, "minji", "나", "@minji");
}

static void test_set(void **state)
{
    struct company *s = *state;
    char *text = arena_alloc(s->a, LIMIT_BIO + 2);

    company_expect(s, "alice", "set bio", "You have no bio. `set bio TEXT` sets one.");
    company_expect(s, "alice", "set title", "You have no title. `set title TEXT` sets one.");
    company_expect(s, "alice", "set title Head of  plans", "Your title is now “Head of plans”.");
    company_expect_part(s, "alice", "set title", "Your title is “Head of plans”.");
    company_expect(s, "alice", "set bio Mountains", "Your bio is now “Mountains”.");
    company_expect_part(s, "alice", "set bio", "Your bio is “Mountains”.");
    company_expect(s, "alice", "set bio -", "Your bio is empty now.");
    company_expect(s, "alice", "set title -", "Your title is empty now.");
    memset(text, 'x', LIMIT_BIO + 1);
    company_expect(s, "alice", arena_printf(s->a, "set bio %s", text),
                   "That is 501 characters, and there is room for 500. Nothing was changed.");
    company_expect_part(s, "alice", arena_printf(s->a, "set bio %.500s", text), "Your bio is now");
    company_expect_part(s, "alice", arena_printf(s->a, "set title %.101s", text),
                        "That is 101 characters");
    company_expect(s, "minji", "설정 직함 개발자", "직함을 “개발자”로 바꿨어요.");
    company_expect(s, "minji", "설정 소개 산과 책", "소개를 “산과 책”으로 바꿨어요.");
}

static void test_lang(void **state)
{
    struct company *s = *state;
    struct person p;

    company_expect(s, "alice", "lang", "I speak English with you. `lang ko`: Korean.");
    company_expect(s, "alice", "lang ko", "한국어로 말할게요. 영어로 바꾸려면 `언어 영어`");
    assert_true(s->outcome.lang_changed);
    assert_int_equal(OK, store_person_by_no(s->st, ALICE, s->a, &p));
    assert_string_equal("ko", p.lang);
    company_expect(s, "alice", "language english", "I speak English with you. `lang ko`: Korean.");
    company_expect_part(s, "alice", "언어 한국어", "한국어로");
    company_expect_part(s, "alice", "언어 영어", "English");
}

static void test_stats(void **state)
{
    struct company *s = *state;

    company_say(s, "bob", "like #1");
    company_expect(
        s, "alice", "stats",
        "Your figures, since Sat 21 Nov 06:00:\n2 posts\n1 like for them\n3 followers\nfollows 1");
    company_expect_part(s, "alice", "통계", "2 posts");
    company_expect_part(s, "alice", "stats company", "The company: 5 people");
}

static void test_status(void **state)
{
    struct company *s = *state;
    struct sight_client clients[2] = {{"desk", 5, ""}, {"phone", -1, "dnd"}};
    int64_t head;

    assert_int_equal(OK, store_person_set_flag(s->st, ALICE, FLAG_SHARES, true));
    s->sight = (struct sight){.clients = clients,
                              .n_clients = 2,
                              .known = true,
                              .last_event = 2,
                              .last_at = s->now - 60000};
    company_expect(s, "alice", "status",
                   "I see 2 clients of yours:\n  desk: online, priority 5\n  phone: do not "
                   "disturb, priority -1\n"
                   "Nothing waits for you: updates come at once.\n"
                   "The last thing that reached you: #2 by Bob Lee (@bob), 09:59.");
    s->sight.n_clients = 1;
    clients[0].priority = -1;
    company_expect_part(s, "alice", "상태", "All of them have a negative priority");
    s->sight = (struct sight){.known = true, .held = true, .waiting = 12};
    company_expect(s, "alice", "status",
                   "I see no client of yours online.\nUpdates wait until I see you online.\n12 "
                   "updates wait for you.");
    s->sight = (struct sight){.known = true, .held = true, .bounced = true, .waiting = 1000};
    company_expect_part(s, "alice", "status", "came back from your server");
    company_expect_part(s, "alice", "status", "1,000 updates or more wait for you.");
    s->sight = (struct sight){.known = false};
    company_expect_part(s, "alice", "status",
                        "I have not heard of your clients since I was started.");
    company_say(s, "alice", "off");
    company_expect_part(s, "alice", "status", "Updates are off: they wait until `on`.");
    company_expect_part(s, "dan", "status", "I do not see when you are online");
    company_expect_part(s, "minji", "status", "아무도 팔로우하지 않아요");
    /* what is said of others' posts is only what may be seen */
    assert_int_equal(OK, store_event_head(s->st, &head));
    s->sight = (struct sight){.known = true, .last_event = head + 5, .last_at = s->now};
    company_expect_part(s, "alice", "status", "The last thing that reached you: 10:00.");
}

static void test_help(void **state)
{
    struct company *s = *state;

    assert_non_null(company_say(s, "alice", "help"));
    company_expect_part(s, "alice", "help follow", "follow");
    company_expect_part(s, "minji", "도움말 팔로우", "팔로우");
    assert_non_null(company_say(s, "minji", "도움"));
}

static void test_zone(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "zone",
                   "Your time zone is UTC: it is 10:00 there. `zone Asia/Seoul` changes it, `zone "
                   "-` takes the server's.");
    company_expect(s, "alice", "zone Asia/Seoul",
                   "Your time zone is now Asia/Seoul: it is 19:00 there.");
    company_expect_part(s, "alice", "me", "\nTime zone: Asia/Seoul\n");
    company_expect_part(s, "alice", "all 1", "[18:55] Alice Kim");
    company_expect_part(s, "alice", "mute #lunch for 20:00", "until 20:00");
    company_expect_part(s, "bob", "mute #lunch for 20:00", "until 20:00"); /* of another hour */
    company_expect_part(s, "alice", "unmute #lunch", "no longer");
    company_expect(s, "alice", "zone america/new_york",
                   "Your time zone is now America/New_York: it is 05:00 there.");
    company_expect_part(s, "alice", "zone utc", "is now UTC");
    company_expect(
        s, "alice", "zone Mars/Olympus",
        "I know no time zone “Mars/Olympus”, so nothing was changed. They are a continent "
        "and a city: `zone Asia/Seoul`");
    company_expect_part(s, "alice", "zone ../../../etc/passwd", "I know no time zone");
    company_expect_part(s, "alice", "/zone", "Your time zone is UTC");
    company_expect_part(s, "alice", "zone -", "Times are those of the server: it is ");
    company_expect_part(s, "alice", "zone", "Times are those of the server: it is ");
    company_expect(s, "minji", "시간대 Asia/Seoul",
                   "이제 시간대는 Asia/Seoul, 지금은 19:00이에요.");
}

static void erase(struct company *s)
{
    int64_t next = 1;

    while (next != 0 && next < s->now + 3600000) {
        struct cursor *c;
        size_t n;

        assert_int_equal(OK, store_cursors(s->st, 0, 100, s->a, &c, &n));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(OK, store_cursor_done(s->st, c[i].event, c[i].class));
        assert_int_equal(OK, service_tick(s->service, s->now, s->a, &next));
    }
}

static void test_forget(void **state)
{
    struct company *s = *state;
    struct person p;

    company_expect(
        s, "bob", "forget me",
        "This erases your account here for good; `undo` does not bring it back:\n"
        "- your profile, photo, follows, bookmarks, short forms and settings, at once\n"
        "- your 1 post and all your private messages: taken back from everybody who got them, "
        "within some minutes\n"
        "- your likes and repeats\n"
        "What others wrote stays theirs, also to you or with your name in it.\n"
        "`export` gives you a copy first.\n"
        "`yes` does it. Anything else keeps your account.");
    company_expect(s, "bob", "no", "All right, nothing was done or published.");
    company_expect_part(s, "bob", "yes", "nothing to say yes to");
    company_expect_part(s, "bob", "forget me", "for good");
    company_expect_part(s, "bob", "forget me now", "does not fit");
    company_expect_part(s, "bob", "forget me @alice", "is about your own account alone");
    company_expect_part(s, "bob", "forget me, I was wrong all along", "Posted");
    assert_false(s->outcome.left);
    company_expect_part(s, "bob", "잊어줘", "for good");
    company_expect(s, "bob", "YES",
                   "Goodbye, Bob Lee (@bob). Your account is gone, and what you wrote is being "
                   "taken back. If you write here again, you begin anew.");
    assert_true(s->outcome.left);
    assert_int_equal(BOB, s->outcome.person);
    assert_int_equal(OK, store_person_by_no(s->st, BOB, s->a, &p));
    assert_int_equal(PERSON_RETIRED, p.state);
    company_expect_part(s, "alice", "@bob", "Nobody here is called @bob.");
    erase(s);
    company_expect_part(s, "alice", "#2", "There is no post #2 that you can see.");
    company_expect_part(s, "alice", "inbox", "No private messages");
    company_expect_part(s, "alice", "search launch", "Nothing found");
    company_expect_part(s, "bob", "me", "@bob"); /* somebody new */
    assert_true(s->outcome.is_new);
    assert_int_not_equal(BOB, s->outcome.person);
    company_expect_part(s, "minji", "나를 잊어줘", "되돌릴 수 없어요");
    company_expect_part(s, "minji", "네", "안녕히 가세요");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_on_off), WITH_COMPANY(test_on_plus), WITH_COMPANY(test_me),
        WITH_COMPANY(test_set),    WITH_COMPANY(test_lang),    WITH_COMPANY(test_stats),
        WITH_COMPANY(test_status), WITH_COMPANY(test_help),    WITH_COMPANY(test_zone),
        WITH_COMPANY(test_forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
