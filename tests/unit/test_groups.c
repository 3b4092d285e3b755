/* SPDX-License-Identifier: MIT */
/* Groups, as people use them: what each command answers, who gets what, and what outsiders see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "tests/unit/company.h"

#define says company_expect
#define holds company_expect_part

/* The text of the last notice to a person, NULL: none. */
static const char *notice(struct company *s, int64_t person)
{
    struct event e;
    struct answer an;
    int64_t no;

    assert_int_equal(OK, store_event_head(s->st, &no));
    for (; no > 0; no--)
        if (store_event_get(s->st, no, &e) == OK && e.kind == EVENT_NOTICE && e.author == person &&
            store_answer_get(s->st, no, s->a, &an) == OK)
            return an.text;
    return NULL;
}

/* How a post comes to those who get it. */
static const char *update(struct company *s, int64_t post, enum lang l)
{
    struct event e;
    struct update u;
    int64_t no;

    assert_int_equal(OK, store_event_find(s->st, EVENT_POST, post, 0, &no));
    assert_int_equal(OK, store_event_get(s->st, no, &e));
    assert_int_equal(OK, compose_update(s->st, &e, 0, l, s->a, &u));
    return u.body;
}

static void writing(void **state)
{
    struct company *s = *state;

    says(s, "bob", "!design The new logo is ready", "Posted #7 in !design for 2 people.");
    assert_string_equal(update(s, 7, LANG_EN),
                        "Bob Lee (@bob) in !design: The new logo is ready (#7)");
    says(s, "carol", "#7 Lovely", "Posted #8 in !design for 2 people.");
    assert_string_equal(update(s, 8, LANG_EN), "Carol Im (@carol) → #7 in !design: Lovely (#8)");
    says(s, "alice", "！Design /me nods", "Posted #9 in !design for 2 people.");
    assert_string_equal(update(s, 9, LANG_KO), "* Alice Kim (@alice), !design: nods (#9)");
    says(s, "alice", "!design two\nlines", "Posted #10 in !design for 2 people.");
    says(s, "bob", "repeat #9", "#9 was not written for everybody, so it cannot be repeated.");
    holds(s, "alice", "!design", "!design (open, 3 members, you own it): Shapes and colours\n");
    holds(s, "alice", "!design", "Carol Im (@carol) → #7 in !design: Lovely (#8)");
    holds(s, "alice", "home", "in !design: Lovely (#8)");
    holds(s, "alice", "group show !design 1", "`more` goes further back.");
    holds(s, "alice", "more", "(#9)");
}

static void outsiders_of_an_open_group(void **state)
{
    struct company *s = *state;

    says(s, "bob", "!design Look at this, @dan and @minji #logo",
         "Posted #7 in !design for 4 people.");
    holds(s, "dan", "mentions", "(#7)");
    holds(s, "dan", "#7", "in !design: Look at this");
    holds(s, "dan", "!design", "You are not in it: `join !design` brings to you");
    holds(s, "dan", "search in:design look", "(#7)");
    holds(s, "dan", "search look", "Nothing found");
    says(s, "dan", "#logo and more",
         "Posted #8 for 0 people: nobody follows you yet. Name "
         "somebody (@nick) and they will see it.");
    says(s, "dan", "tag logo",
         "The newest with #logo:\n[10:00] @dan: #logo and more (#8)"); /* no post of a group */
    says(s, "dan", "#7 Me too",
         "You are not in !design: `join !design` first, then you can write there. Nothing was "
         "posted.");
    says(s, "dan", "reply bob Me too",
         "Posted #9 for 1 person.\nIt answers Bob Lee (@bob): “The launch is on Friday #launch” "
         "(#2)");
    says(s, "dan", "!design Hello",
         "Nothing is published yet: there is no group !design that you can write to.\n`join "
         "!design` first, then you can.\n`post` publishes what you wrote as it is.");
    says(s, "dan", "follow #7",
         "#7 stands in !design: `join !design` brings to you what is written there.");
    says(s, "dan", "join !design",
         "You are in !design now: what is written there comes to you. `!design TEXT` writes "
         "there, `drop !design` leaves it.");
    says(s, "dan", "!design Hello", "Posted #10 in !design for 3 people.");
    says(s, "dan", "drop !design",
         "You have left !design; nobody is told. `join !design` comes back.");
    says(s, "dan", "delete #10", "#10 was taken back everywhere it went: “Hello”");
}

static void a_closed_group(void **state)
{
    struct company *s = *state;

    says(s, "alice", "group create board closed What the board reads",
         "Group !board is made, and you own it. `!board TEXT` writes there, `add @nick !board` "
         "brings people in.\nIt is closed: others see its name, purpose and number of members, and "
         "ask its owners to join.");
    says(s, "alice", "!board Figures for @bob",
         "Posted #7 in !board. Nobody else is in it yet.\nIt names Bob Lee (@bob), who is not in "
         "!board and is not told.");
    says(s, "bob", "#7", "There is no post #7 that you can see.");
    says(s, "bob", "!board",
         "!board (closed, 1 member): What the board reads\nWhat is written there is for its "
         "members. `join !board` asks its owners to let you in.");
    says(s, "bob", "members !board",
         "Who is in !board is for its members to see. `join !board` asks its owners.");
    says(s, "bob", "search in:board figures", "There is no group !board that you can search.");
    says(s, "bob", "join !board",
         "!board is closed: its owners are asked to let you in, and you are told when they do.");
    assert_string_equal(notice(s, ALICE),
                        "Bob Lee (@bob) asks to join !board. `add bob !board` lets them in.");
    says(s, "bob", "follow !board", "You have asked to join !board already; its owners have it.");
    says(s, "bob", "add bob !board", "Only an owner of !board can do that, so nothing was done.");
    says(s, "alice", "add bob !board", "Bob Lee (@bob) is in !board now and is told.");
    assert_string_equal(notice(s, BOB),
                        "Alice Kim (@alice) added you to !board: what is written there comes to "
                        "you. `!board TEXT` writes there, `drop !board` leaves it.");
    holds(s, "bob", "#7", "Figures for @bob");
    says(s, "bob", "members !board",
         "!board has 2 members:\nAlice Kim (@alice), owner\nBob Lee (@bob)");
    says(s, "bob", "!board Mine", "Posted #8 in !board for 1 person.");
    says(s, "alice", "remove bob !board",
         "Bob Lee (@bob) is no longer in !board. Only they are told.");
    assert_string_equal(notice(s, BOB), "Alice Kim (@alice) took you out of !board.");
    says(s, "bob", "#7 Wait",
         "Nothing is published yet: there is no post #7 that you could "
         "answer.\n`post` publishes what you wrote as it is.");
    says(s, "bob", "/reply #8 Wait", "There is no post #8 that you can see.");
    says(s, "bob", "edit #8 Mine alone", "Changed #8.");
    says(s, "bob", "undo", "#8 was taken back everywhere it went: “Mine alone”");
}

/* The text with each `old` made `new`. */
static const char *put(struct company *s, const char *text, const char *old, const char *new)
{
    const char *at, *out = "";

    while ((at = strstr(text, old)) != NULL) {
        out = arena_printf(s->a, "%s%s%s", out, arena_ndup(s->a, text, (size_t)(at - text)), new);
        text = at + strlen(old);
    }
    return arena_printf(s->a, "%s%s", out, text);
}

/* To the letter what never existed gives. */
static void a_secret_group_does_not_exist(void **state)
{
    static const char *const lines[] = {"!NAME",
                                        "!NAME what about it?",
                                        "join !NAME",
                                        "/join !NAME",
                                        "follow !NAME",
                                        "mute !NAME",
                                        "members !NAME",
                                        "add bob !NAME",
                                        "drop !NAME",
                                        "search in:NAME plan",
                                        "group set !NAME open",
                                        "group close !NAME",
                                        "group show !NAME",
                                        "group post !NAME hello",
                                        "remove alice !NAME",
                                        "group owner !NAME bob",
                                        "unmute !NAME",
                                        "help !NAME"};
    struct company *s = *state;

    says(s, "carol", "group create plan7 secret",
         "Group !plan7 is made, and you own it. `!plan7 TEXT` writes there, `add @nick !plan7` "
         "brings people in.\nIt is secret: for those who are not in it, it does not exist.");
    holds(s, "carol", "!plan7 The plan, @bob", "Posted #7 in !plan7.");
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        const char *hidden = company_say(s, "bob", put(s, lines[i], "NAME", "plan7"));
        const char *none = company_say(s, "bob", put(s, lines[i], "NAME", "plan8"));

        if (strcmp(hidden, put(s, none, "plan8", "plan7")) != 0)
            fail_msg("%s\n  hidden: %s\n  none: %s", lines[i], hidden, none);
    }
    says(s, "bob", "groups", "Your groups:\n!design (open, 3 members): Shapes and colours");
    says(s, "bob", "#7", "There is no post #7 that you can see.");
    holds(s, "bob", "join !plam7", "There is no group !plam7 that you can see.");
    assert_null(strstr(company_say(s, "bob", "join !plam7"), "plan7"));
    holds(s, "carol", "join !plam7", "Did you mean !plan7?");
    /* And its name is free. */
    holds(s, "bob", "group create plan7", "Group !plan7 is made");
    says(s, "carol", "groups",
         "Your groups:\n!design (open, 3 members): Shapes and colours\n!plan7 (secret, 1 member, "
         "you own it)\nGroups that you are not in:\n!plan7_2 (open, 1 member)");
    holds(s, "carol", "!plan7 Still here", "Posted #8 in !plan7.");
    holds(s, "carol", "group set !plan7 open", "can only stay secret");
    /* Nor does it take over what is meant for the secret one. */
    holds(s, "bob", "add carol !plan7", "is in !plan7 now");
    holds(s, "carol", "!plan7 As before", "Posted #9 in !plan7. Nobody else");
    holds(s, "carol", "!plan7_2 Hello", "Posted #10 in !plan7_2 for 1 person.");
    says(s, "bob", "#9", "There is no post #9 that you can see.");
}

static void making(void **state)
{
    struct company *s = *state;

    holds(s, "bob", "group create DESIGN", "There is a group !DESIGN already");
    holds(s, "bob", "group create 2026", "cannot be a group's name");
    holds(s, "bob", "group create a-b", "cannot be a group's name");
    holds(s, "bob", "group create !독서 비공개 함께 읽어요", "Group !독서 is made");
    holds(s, "minji", "!독서", "!독서 (비공개, 멤버 1명): 함께 읽어요");
    holds(s, "bob",
          arena_printf(s->a, "group create %s",
                       text_first(s->a,
                                  "ninechars"
                                  "ninechars"
                                  "ninechars"
                                  "ninechars"
                                  "ninechars"
                                  "ninechars"
                                  "ninechars",
                                  LIMIT_TAG + 1)),
          "cannot be a group's name");
    holds(s, "bob", arena_printf(s->a, "group set !독서 purpose %0*d", LIMIT_PURPOSE + 1, 0),
          "a purpose may have 200");
    says(s, "bob", "group set !독서 purpose Novels", "The purpose of !독서 is now: Novels");
    says(s, "bob", "group set !독서 목적", "!독서 has no purpose now.");
    says(s, "bob", "group set !독서 purpose Novels", "The purpose of !독서 is now: Novels");
    says(s, "bob", "group set !독서 purpose -", "!독서 has no purpose now.");
    says(s, "bob", "group set !독서 closed", "!독서 is closed already.");
    holds(s, "bob", "group set !독서 open now", "Nothing may stand behind `open`");
}

static void owners(void **state)
{
    struct company *s = *state;

    says(s, "alice", "drop !design",
         "You are the only owner of !design. `group owner !design @nick` names another one, `group "
         "close !design` ends it.");
    says(s, "alice", "group owner !design dan",
         "@dan is not in !design. `add dan !design` comes first.");
    says(s, "alice", "group owner !design bob",
         "Bob Lee (@bob) owns !design now as well, and is told.");
    assert_string_equal(notice(s, BOB), "Alice Kim (@alice) made you an owner of !design. `help "
                                        "group` shows what owners can do.");
    holds(s, "alice", "drop !design", "You have left !design");
    holds(s, "bob", "!design One", "Posted #7 in !design");
    holds(s, "carol", "!design Two", "Posted #8 in !design");
    holds(s, "carol", "pin #7", "Only an owner of !design");
    says(s, "bob", "pin #8", "#8 stands on top of !design now. `unpin #8` takes it from there.");
    says(s, "bob", "pin #8",
         "#8 stands on top of !design already. `unpin #8` takes it from there.");
    holds(s, "carol", "!design",
          "On top:\n[10:00] Carol Im (@carol) in !design: Two (#8)\nThe newest:");
    says(s, "bob", "unpin #8", "#8 no longer stands on top of !design.");
    says(s, "bob", "end #8", "Conversation #8 is ended: nobody can reply in it any more.");
    says(s, "bob", "group close !design",
         "!design is ended: nobody can write there or join any more. Who could read it still can. "
         "`group set !design open` (or closed, secret) lets it go on.");
    holds(s, "bob", "!design More", "!design was ended.");
    holds(s, "bob", "/group post !design More", "nothing can be written there any more");
    holds(s, "dan", "join !design", "nobody can join it any more");
    says(s, "dan", "groups",
         "There are no groups that you could join yet. `group create NAME PURPOSE` makes one.");
    holds(s, "bob", "group set !design closed", "Changed !design; its members are told in it.");
    holds(s, "carol", "!design", "made this group closed: only members can read");
    says(s, "dan", "#8", "There is no post #8 that you can see.");
    holds(s, "bob", "group set !design open", "What was written before stays for its members.");
    says(s, "dan", "#8", "There is no post #8 that you can see.");
    holds(s, "dan", "!design", "made this group open");
}

static void following_and_muting(void **state)
{
    struct company *s = *state;

    holds(s, "dan", "follow !design", "You are in !design now");
    holds(s, "dan", "following", "!design");
    holds(s, "dan", "mute !design for 3d", "Muted !design until");
    holds(s, "dan", "muted", "!design, until");
    says(s, "bob", "!design Quiet", "Posted #7 in !design for 3 people.");
    assert_null(strstr(company_say(s, "dan", "home"), "(#7)"));
    holds(s, "dan", "unmute !design", "!design is no longer muted.");
    holds(s, "dan", "unfollow !design", "You have left !design");
    holds(s, "dan", "unfollow !design", "You are not in !design.");
    holds(s, "dan", "follow !nowhere", "There is no group !nowhere that you can see.");
    holds(s, "dan", "join design", "`yes` does this: join !design");
    holds(s, "dan", "yes", "You are in !design now");
}

static void pages(void **state)
{
    struct company *s = *state;

    for (int i = 10; i < 25; i++)
        (void)company_say(s, i % 2 != 0 ? "dan" : "bob",
                          arena_printf(s->a, "group create team%d", i));
    holds(s, "dan", "groups", "Your groups:\n!team11 (open, 1 member, you own it)\n");
    holds(s, "dan", "groups", "Groups that you are not in:\n!design");
    holds(s, "dan", "groups", "!team12 (open, 1 member)\n`more` shows the next ones.");
    says(s, "dan", "more",
         "!team14 (open, 1 member)\n!team16 (open, 1 member)\n!team18 (open, 1 member)\n!team20 "
         "(open, 1 member)\n!team22 (open, 1 member)\n!team24 (open, 1 member)");
    holds(s, "dan", "members !design", "!design has 3 members:");
    says(s, "dan", "more", "That was all of it.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(writing),
        WITH_COMPANY(outsiders_of_an_open_group),
        WITH_COMPANY(a_closed_group),
        WITH_COMPANY(a_secret_group_does_not_exist),
        WITH_COMPANY(making),
        WITH_COMPANY(owners),
        WITH_COMPANY(following_and_muting),
        WITH_COMPANY(pages),
    };

    return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
