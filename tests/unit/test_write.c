/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/post.h"
#include "tests/unit/company.h"

static const char *text_of(struct company *s, int64_t no)
{
    struct post p;
    enum err e = store_post_get(s->st, no, 0, s->a, &p);

    return e == OK && !p.deleted ? p.text : NULL;
}

/* ---- posting --------------------------------------------------------------------------------------- */

static void test_post(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "Good morning", "Posted #7 for 3 people.");
    company_expect(s, "bob", "Good morning, @dan", "Posted #8 for 2 people.");
    company_expect(s, "bob", "Good morning", "Posted #9 for 1 person.");
    company_expect_part(s, "dan", "Good morning",
                        "Posted #10 for 0 people: nobody follows you yet.");
    assert_string_equal("Good morning", text_of(s, 7));
    company_expect(s, "minji", "#회의에서 봐요 @alice", "#11을 1명에게 올렸어요.");
}

static void test_post_letter_for_letter(void **state)
{
    struct company *s = *state;
    const char *text = "a  b\t\"c\" <d> & 'e' \\n\n  indented\n\n%s %n `x` *y*  #launch";

    company_expect_part(s, "alice", arena_printf(s->a, "post:%s", text), "Posted #7");
    assert_string_equal(text, text_of(s, 7));
}

static void test_post_names(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "Hello @bbo",
                   "Posted #7 for 3 people.\nNobody here is called @bbo.");
    company_expect_part(s, "alice", "d bob ask @carol and @bob",
                        "It names Carol Im (@carol), who is not told: this is private.");
    company_expect_part(s, "alice", "d bob ask @carol and @dan",
                        "It names Carol Im (@carol) and @dan, who are not told");
}

/* Beyond 1,000 only what the figure is good for. */
static void test_round(void **state)
{
    (void)state;
    assert_int_equal(1000, call_round(1001));
    assert_int_equal(1300, call_round(1250));
    assert_int_equal(9900, call_round(9949));
    assert_int_equal(23000, call_round(23412));
    assert_int_equal(1000000, call_round(999600));
}

static void test_post_limits(void **state)
{
    struct company *s = *state;
    char *text = arena_alloc(s->a, 4 * 10001 + 1);
    size_t len = 0;

    for (int i = 0; i < 10000; i++, len += strlen("가"))
        memcpy(text + len, "가", strlen("가"));
    company_expect_part(s, "alice", text, "Posted #7"); /* characters, not bytes */
    memcpy(text + len, "가", strlen("가"));
    company_expect(s, "alice", text,
                   "That is 10,001 characters, and a post may have 10,000. Nothing was posted.");
    assert_int_equal(7, company_newest(s));
    company_expect_part(s, "alice", "#1 \xe2\x80\x8b", "");
}

static void test_reply(void **state)
{
    struct company *s = *state;
    struct post p;

    company_expect(s, "bob", "#1 I am in", "Posted #7 for 2 people.");
    assert_int_equal(OK, store_post_get(s->st, 7, 0, s->a, &p));
    assert_int_equal(1, p.parent);
    company_expect_part(s, "bob", "reply #3 Me too", "Posted #8");
    assert_int_equal(OK, store_post_get(s->st, 8, 0, s->a, &p));
    assert_int_equal(3, p.parent);
    assert_int_equal(1, p.root);
    company_expect(s, "carol", "reply bob Sure",
                   "Posted #9 for 2 people.\nIt answers Bob Lee (@bob): “Me too” (#8)");
    company_expect_part(s, "carol", "reply minji Sure", "(#5)");
    company_expect_part(s, "carol", "reply dan Sure",
                        "@dan has not written anything that you could answer.");
    company_expect_part(s, "carol", "reply #launch Sure", "`reply` takes a post or a person");
    company_expect_part(s, "carol", "답글 #1 네", "Posted #");
    company_expect_part(s, "carol", "답장 #1 네", "Posted #");
}

/* Never existed, taken back, and not for you: one identical answer. */
static void test_reply_unseen(void **state)
{
    struct company *s = *state;

    company_say(s, "alice", "delete #1");
    company_expect(s, "carol", "reply #1 x", "There is no post #1 that you can see.");
    company_expect(s, "carol", "reply #4 x", "There is no post #4 that you can see.");
    company_expect(s, "carol", "reply #99 x", "There is no post #99 that you can see.");
    assert_int_equal(6, company_newest(s));
}

static void test_private(void **state)
{
    struct company *s = *state;
    struct post p;

    company_expect(s, "alice", "d bob Lunch?", "Sent privately to Bob Lee (@bob), #7.");
    assert_int_equal(OK, store_post_get(s->st, 7, 0, s->a, &p));
    assert_int_equal(SCOPE_PRIVATE, p.scope);
    assert_int_equal(BOB, p.recipient);
    company_expect(s, "bob", "#7 Sure", "Sent privately to Alice Kim (@alice), #8.");
    company_expect(s, "bob", "#8 At noon", "Sent privately to Alice Kim (@alice), #9.");
    company_expect(s, "alice", "#9 Fine", "Sent privately to Bob Lee (@bob), #10.");
    company_expect(s, "carol", "show #8", "There is no post #8 that you can see.");
    company_expect(s, "alice", "d alice note",
                   "That would be a message to yourself. Nothing was sent.");
    company_expect_part(s, "alice", "dm bob x", "Sent privately to Bob");
    company_expect_part(s, "alice", "pm @bob x", "Sent privately to Bob");
    company_expect_part(s, "alice", "귓속말 bob x", "Sent privately to Bob");
    company_expect_part(s, "alice", "쪽지 @bob x", "Sent privately to Bob");
    company_expect_part(s, "alice", "디엠 @bob x", "Sent privately to Bob");
    company_expect(s, "minji", "쪽지 bob 안녕하세요", "Bob Lee (@bob)님에게 쪽지를 보냈어요, #16.");
}

static void test_private_blocked(void **state)
{
    struct company *s = *state;

    company_say(s, "bob", "block carol");
    company_expect(s, "carol", "d bob x",
                   "You cannot write privately to Bob Lee (@bob). Nothing was sent.");
    company_expect_part(s, "bob", "d carol x",
                        "You have blocked Carol Im (@carol). `unblock carol` comes first.");
    assert_int_equal(6, company_newest(s));
}

/* ---- editing ----------------------------------------------------------------------------------------- */

static void test_edit(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "edit #1 Dinner at six #lunch",
                   "Changed #1; the correction goes to 3 people.");
    assert_string_equal("Dinner at six #lunch", text_of(s, 1));
    company_expect(s, "alice", "edit #1 Dinner at six #lunch",
                   "#1 reads like that already; nothing was changed.");
    company_expect(s, "alice", "edit #2 Mine now",
                   "#2 was written by Bob Lee (@bob); only they can change it.");
    company_expect(s, "alice", "edit #99 x", "There is no post #99 that you can see.");
    company_expect_part(s, "bob", "edit #2 The launch is on Monday, @minji",
                        "김민지 (@minji) is named now and gets it as new.");
    company_expect_part(s, "alice", "수정 #1 Dinner", "Changed #1");
    company_expect_part(s, "alice", "고치기 #1 Supper", "Changed #1");
    /* The scope stays: what would begin another kind of post is only text. */
    company_expect_part(s, "alice", "edit #1 d bob hello",
                        "Changed #1; the correction goes to 3 people.");
    assert_string_equal("d bob hello", text_of(s, 1));
    company_expect(s, "bob", "edit #4 Between us: it came",
                   "Changed #4; Alice Kim (@alice) gets the correction.");
}

static void test_edit_versions(void **state)
{
    struct company *s = *state;

    for (int i = 1; i < LIMIT_VERSIONS; i++)
        company_expect_part(s, "alice", arena_printf(s->a, "edit #1 text %d", i), "Changed #1");
    company_expect_part(s, "alice", "edit #1 one more",
                        "#1 has been changed 100 times, and that is the limit.");
}

static void test_substitute(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "s/Lunch/Dinner/", "Changed #6");
    assert_string_equal("Dinner is at the new place, @bob", text_of(s, 6));
    company_expect_part(s, "alice", "s/Supper/Dinner/",
                        "“Supper” does not stand in #6, your newest post: “Dinner is");
    company_expect_part(s, "alice", "s/e/E/g", "Changed #6");
    assert_string_equal("DinnEr is at thE nEw placE, @bob", text_of(s, 6));
    company_expect_part(s, "alice", "s/ is/ and\\/or was/", "Changed #6");
    assert_string_equal("DinnEr and/or was at thE nEw placE, @bob", text_of(s, 6));
    company_expect_part(s, "alice", "바꿔/DinnEr/저녁/", "Changed #6");
    assert_string_equal("저녁 and/or was at thE nEw placE, @bob", text_of(s, 6));
    company_expect(s, "dan", "s/a/b/", "You have not posted anything yet.");
    company_expect_part(s, "alice", "edit #6 abc", "Changed");
    company_expect_part(s, "alice", "s/b//", "Changed #6");
    assert_string_equal("ac", text_of(s, 6));
    company_expect_part(s, "alice", "s/ac//", "no text");
}

/* ---- taking back ------------------------------------------------------------------------------------- */

static void test_delete(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "delete #1",
                   "#1 was taken back everywhere it went: “Lunch at noon? #lunch”");
    assert_null(text_of(s, 1));
    company_expect(s, "alice", "delete #1", "There is no post #1 that you can see.");
    company_expect(s, "alice", "del #2",
                   "#2 was written by Bob Lee (@bob); only they can take it back.");
    company_expect_part(s, "alice", "삭제 #6", "#6 was taken back");
    company_expect_part(s, "carol", "지우기 #3", "#3 was taken back");
    company_expect_part(s, "alice", "delete #4", "only they can take it back");
}

static void test_undo(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "undo", "#6 was taken back everywhere it went");
    company_expect(s, "alice", "undo",
                   "Your newest, #1, is older than 10 minutes. `delete #1` still takes it back.");
    company_expect_part(s, "dan", "undo", "You have posted nothing that could be taken back.");
    company_expect_part(s, "dan", "Oops", "Posted #7");
    s->now += LIMIT_UNDO_MS - 1000;
    company_expect_part(s, "dan", "취소", "#7 was taken back");
    company_expect_part(s, "dan", "Oops", "Posted #8");
    s->now += LIMIT_UNDO_MS;
    company_expect_part(s, "dan", "되돌리기", "is older than 10 minutes");
}

static void test_undo_repeat(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "repeat #2", "Repeated #2");
    company_expect(s, "alice", "undo", "Your repeat of #2 was taken back.");
    company_expect_part(s, "alice", "undo", "#6 was taken back");
}

/* ---- likes and repeats ------------------------------------------------------------------------------- */

static void test_like(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "like #2", "You like #2 by Bob Lee (@bob).");
    company_expect(s, "alice", "fav #2", "You like #2 already.");
    company_expect(s, "alice", "unlike #2", "You no longer like #2.");
    company_expect(s, "alice", "unfav #2", "You had not liked #2.");
    company_expect_part(s, "alice", "+1 #2", "You like #2");
    company_expect_part(s, "alice", "좋아요취소 #2", "no longer");
    company_expect_part(s, "alice", "좋아요 #2", "You like #2");
    company_expect_part(s, "alice", "추천취소 #2", "no longer");
    company_expect_part(s, "alice", "추천 #2", "You like #2");
    company_expect(s, "alice", "like #1", "#1 is your own; liking is for the others.");
    company_expect(s, "carol", "like #4", "There is no post #4 that you can see.");
    company_expect(s, "alice", "like #4", "You like #4 by Bob Lee (@bob).");
}

static void test_repeat(void **state)
{
    struct company *s = *state;

    /* bob wrote it; carol and dan follow alice and not bob */
    company_expect(s, "alice", "repeat #2", "Repeated #2 for 2 people.");
    company_expect(s, "alice", "rt #2",
                   "You have repeated #2 already. `delete #2` takes that back.");
    company_expect(s, "alice", "delete #2", "Your repeat of #2 was taken back.");
    company_expect_part(s, "alice", "repost #2 Mark the date", "Repeated #2");
    company_expect(s, "alice", "repeat #1", "#1 is your own; your followers have it.");
    company_expect(s, "alice", "repeat #4",
                   "#4 was not written for everybody, so it cannot be repeated.");
    company_expect(s, "carol", "repeat #4", "There is no post #4 that you can see.");
    company_expect(s, "dan", "리트윗 #2",
                   "Repeated #2. Nobody follows you yet, so it reached nobody.");
    company_expect(s, "bob", "repeat #1", "Repeated #1. Everybody who follows you had it already.");
    company_expect_part(s, "carol", "퍼가기 #2", "Repeated #2");
    company_expect_part(s, "minji", "전달 #2", "#2를 리트윗했어요");
}

static void test_post_word(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "alice", "post: help", "Posted #7");
    company_expect_part(s, "alice", "/post undo", "Posted #8");
    company_expect_part(s, "alice", "게시: 도움말", "Posted #9");
    company_expect_part(s, "alice", "글: 도움말", "Posted #10");
    assert_string_equal("undo", text_of(s, 8));
    assert_string_equal("도움말", text_of(s, 10));
}

/* Thousands of hits cost no more than the text is long: within the memory of one stanza. */
static void test_substitute_many(void **state)
{
    struct company *s = *state;
    struct arena *roomy = s->a;
    char *text = arena_alloc(roomy, 9001);
    const char *answer;

    memset(text, 'a', 9000);
    text[9000] = '\0';
    company_say(s, "alice", text);
    s->a = arena_new(LIMIT_ARENA);
    company_expect_part(s, "alice", "s/a/b/g", "Changed #7");
    assert_false(arena_over(s->a));
    arena_free(s->a);
    s->a = roomy;
    answer = company_say(s, "alice", arena_printf(s->a, "s/b/%s/g", text));
    assert_non_null(strstr(answer, "characters, and a post may have 10,000"));
}

static void test_save(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "saved", "You keep nothing yet. `save #1234` keeps a post for you.");
    company_expect(s, "alice", "save #2",
                   "Kept #2 by Bob Lee (@bob), for you alone. `saved` shows what you keep.");
    company_expect(s, "alice", "save #2",
                   "You keep #2 already. `unsave #2` takes the bookmark away.");
    company_expect_part(s, "alice", "save #4", "Kept #4"); /* a private one, to her */
    company_expect_part(s, "alice", "찜 #1", "Kept #1");
    company_expect(s, "alice", "saved",
                   "Your bookmarks, the one made last at the end:\n"
                   "[05:00] Bob Lee (@bob): The launch is on Friday #launch (#2)\n"
                   "[07:00] Bob Lee (@bob), privately: Between us: the budget plan is late (#4)\n"
                   "[04:00] Alice Kim (@alice): Lunch at noon? #lunch (#1)");
    company_expect_part(s, "alice", "saved 1",
                        "Lunch at noon? #lunch (#1)\n`more` goes further back.");
    company_expect_part(s, "alice", "more", "(#4)\n`more` goes further back.");
    company_expect_part(s, "alice", "more 5", "(#2)");
    company_expect(s, "bob", "saved", "You keep nothing yet. `save #1234` keeps a post for you.");
    company_expect_part(s, "dan", "save #4", "no post #4");
    company_expect(s, "alice", "unsave #4", "#4 is no longer among your bookmarks.");
    company_expect(s, "alice", "unsave #4", "You had no bookmark to #4.");
    company_say(s, "bob", "delete #2");
    company_expect(s, "alice", "saved",
                   "Your bookmarks, the one made last at the end:\n"
                   "[04:00] Alice Kim (@alice): Lunch at noon? #lunch (#1)");
    company_expect(s, "minji", "찜 #1",
                   "Alice Kim (@alice)님의 #1을 나만 보게 찜했어요. `찜목록`으로 볼 수 있어요.");
    company_expect_part(s, "minji", "찜목록", "내가 찜한 글");
}

static void test_praise(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "praise bob Thanks for the help",
                   "Posted #7 for 3 people.\nBob Lee (@bob) has been thanked 1 time now.");
    company_expect_part(s, "bob", "mentions",
                        "Alice Kim (@alice): 👏 @bob Thanks for the help (#7)");
    company_expect_part(s, "carol", "whois bob", "\nThanked 1 time\n");
    company_expect_part(s, "minji", "칭찬 @bob 어제 고마웠어요", "지금까지 2번");
    company_expect_part(s, "bob", "me", "\nThanked 2 times\n");
    company_expect_part(s, "minji", "취소", "#8");
    company_expect_part(s, "carol", "whois bob", "\nThanked 1 time\n");
    company_expect_part(s, "alice", "edit #7 Changed, @bob", "Changed #7");
    company_expect_part(s, "carol", "whois bob", "\nThanked 1 time\n");
    company_say(s, "alice", "delete #7");
    assert_null(strstr(company_say(s, "carol", "whois bob"), "Thanked"));
    company_expect(s, "alice", "praise alice So good",
                   "That is you, and thanks count only from others. Nothing was posted.");
    company_say(s, "bob", "block dan");
    company_expect(s, "dan", "praise bob You are great",
                   "You cannot thank Bob Lee (@bob) here. Nothing was posted.");
    assert_int_equal(8, company_newest(s));
}

static void test_pin(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "pin #1",
                   "#1 stands on top of your profile now. `unpin #1` takes it from there.");
    company_expect(s, "alice", "핀 #1",
                   "#1 stands on top of your profile already. `unpin #1` takes it from there.");
    company_expect_part(s, "carol", "whois alice",
                        "You follow them.\nOn top:\n[04:00] Alice Kim (@alice): Lunch at noon? "
                        "#lunch (#1)\nThe newest:\n");
    company_expect_part(s, "alice", "pin #2", "#2 was written by Bob Lee (@bob); only what you");
    company_expect(s, "bob", "pin #4", "#4 is not public, so it cannot stand on your profile.");
    company_expect_part(s, "carol", "pin #4", "no post #4");
    for (int i = 7; i < 7 + LIMIT_PINS; i++) {
        company_expect_part(s, "bob", "Another one of mine.", "Posted");
        company_expect_part(s, "bob", arena_printf(s->a, "pin #%d", i), "stands on top");
    }
    company_expect(s, "bob", "pin #2",
                   "5 posts stand on top of your profile, and that is the limit. `unpin` takes one "
                   "from there.");
    company_say(s, "bob", "delete #7");
    company_expect_part(s, "bob", "pin #2", "#2 stands on top");
    company_expect(s, "alice", "unpin #1", "#1 no longer stands on top of your profile.");
    company_expect(s, "alice", "unpin #1", "#1 did not stand on top of your profile.");
    assert_null(strstr(company_say(s, "carol", "whois alice"), "On top"));
    company_expect_part(s, "minji", "핀 #5", "맨 위에");
}

/* The text of the newest notice to a person behind an event; NULL: none. */
static const char *notice(struct company *s, int64_t behind, int64_t person)
{
    const char *text = NULL;
    struct event e;

    for (int64_t no = behind + 1; store_event_get(s->st, no, &e) == OK; no++) {
        struct answer an;

        if (e.kind != EVENT_NOTICE || e.author != person)
            continue;
        assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
        text = an.text;
    }
    return text;
}

static void test_report(void **state)
{
    struct company *s = *state;
    int64_t head;

    assert_int_equal(OK, store_event_head(s->st, &head));
    company_expect(s, "alice", "report #2 this is spam",
                   "Reported #2 by Bob Lee (@bob) to the administrators. Nobody else is told.");
    assert_string_equal(notice(s, head, CAROL),
                        "Alice Kim (@alice) reports #2 to the administrators: this is spam\n"
                        "[05:00] Bob Lee (@bob): The launch is on Friday #launch (#2)");
    assert_null(notice(s, head, BOB));
    assert_int_equal(OK, store_event_head(s->st, &head));
    company_expect(s, "alice", "report #2 again",
                   "You have reported #2 already; the administrators have it.");
    assert_null(notice(s, head, CAROL));
    company_expect_part(s, "alice", "report #4", "Reported #4");
    assert_non_null(strstr(notice(s, head, CAROL), "the budget plan is late (#4)"));
    assert_non_null(strstr(notice(s, head, CAROL), "reports #4 to the administrators.\n"));
    company_expect_part(s, "dan", "report #4", "no post #4");
    company_expect_part(s, "alice", "report #1", "#1 is your own; `delete #1` takes it back.");
    company_expect_part(s, "minji", "신고 #2 광고예요", "관리자에게");
    company_expect_part(s, "dan", arena_printf(s->a, "report #2 %0*d", LIMIT_REPORT + 1, 0),
                        "That is 501 characters, and there is room for 500. Nothing was reported.");
    assert_int_equal(OK, store_person_set_state(s->st, CAROL, PERSON_RETIRED));
    company_expect_part(s, "dan", "report #2", "No administrator has an account here yet");
}

static void test_end(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "bob", "#1 Me too, please.", "Posted #7");
    company_expect(s, "bob", "end #7",
                   "Only who began conversation #1 can end it. `mute #1` keeps it away from you.");
    company_expect(s, "alice", "end #3",
                   "Conversation #1 is ended: nobody can reply in it any more.");
    company_expect(s, "alice", "대화종료 #1", "Conversation #1 is ended already.");
    company_expect_part(s, "dan", "#1", "Conversation #1 is ended: nobody can reply");
    company_expect_part(s, "dan", "#7+", "Conversation #1 is ended: nobody can reply");
    company_expect(s, "bob", "#7 One more thing.",
                   "Conversation #1 was ended by who began it, so there are no more replies. "
                   "Nothing was posted.");
    company_expect_part(s, "alice", "reply #1 And I", "was ended by who began it");
    assert_int_equal(7, company_newest(s));
    company_expect_part(s, "bob", "edit #7 Me too!", "Changed #7");
    company_expect_part(s, "dan", "end #4", "no post #4");
    company_expect_part(s, "minji", "대화종료 #5", "대화 #5");
    company_expect_part(s, "minji", "답글 #5 하나 더", "올리지 않았어요");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_post),       WITH_COMPANY(test_post_letter_for_letter),
        WITH_COMPANY(test_post_names), WITH_COMPANY(test_post_limits),
        WITH_COMPANY(test_reply),      WITH_COMPANY(test_reply_unseen),
        WITH_COMPANY(test_private),    WITH_COMPANY(test_private_blocked),
        WITH_COMPANY(test_edit),       WITH_COMPANY(test_edit_versions),
        WITH_COMPANY(test_substitute), WITH_COMPANY(test_delete),
        WITH_COMPANY(test_undo),       WITH_COMPANY(test_undo_repeat),
        WITH_COMPANY(test_like),       WITH_COMPANY(test_repeat),
        WITH_COMPANY(test_save),       WITH_COMPANY(test_report),
        WITH_COMPANY(test_end),        WITH_COMPANY(test_praise),
        WITH_COMPANY(test_pin),        WITH_COMPANY(test_post_word),
        cmocka_unit_test(test_round),  WITH_COMPANY(test_substitute_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
