/* SPDX-License-Identifier: MIT */
/* When updates may reach a person: what their settings mean at a moment, and how they are set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "handlers/peace.h"
#include "handlers/settings.h"
#include "tests/unit/company.h"

#define BULK (1u << CLASS_BULK)
#define LEVELS (1u << CLASS_DAILY | 1u << CLASS_WEEKLY)
#define ALL (HOLDS_CLASSES & ~(1u << CLASS_LOUD))
#define MINUTE 60000LL
#define HOUR 3600000LL

static int64_t at(const char *zone, int month, int day, int hour, int minute)
{
    return clock_instant(
        &(struct clock_time){
            .year = 2026, .month = month, .day = day, .hour = hour, .minute = minute},
        zone);
}

static void across_midnight(void **state)
{
    struct peace p = {.quiet = true, .quiet_from = 19 * 60, .quiet_to = 8 * 60};
    const char *z = "Asia/Seoul";

    (void)state;
    peace_judge(&p, z, at(z, 11, 23, 18, 59));
    assert_int_equal(p.holds, 0);
    assert_int_equal(p.due, at(z, 11, 23, 19, 0));
    peace_judge(&p, z, p.due);
    assert_int_equal(p.holds, ALL);
    assert_int_equal(p.due, at(z, 11, 24, 8, 0));
    peace_judge(&p, z, at(z, 11, 24, 0, 0));
    assert_int_equal(p.holds, ALL);
    assert_int_equal(p.due, at(z, 11, 24, 8, 0));
    peace_judge(&p, z, p.due);
    assert_int_equal(p.holds, 0);
    assert_int_equal(p.due, at(z, 11, 24, 19, 0));
    /* Eight in Seoul is midnight in London. */
    peace_judge(&p, "Europe/London", at(z, 11, 24, 8, 0));
    assert_int_equal(p.holds, ALL);
    p.allow = 1u << CLASS_PRIVATE | 1u << CLASS_MENTION | BULK;
    peace_judge(&p, z, at(z, 11, 24, 23, 0));
    assert_int_equal(p.holds, BULK | LEVELS | 1u << CLASS_ANNOUNCEMENT); /* bulk waits always */
}

static void within_a_day(void **state)
{
    struct peace p = {.quiet = true, .quiet_from = 12 * 60, .quiet_to = 13 * 60 + 30};

    (void)state;
    peace_judge(&p, "UTC", at("UTC", 3, 1, 11, 59));
    assert_int_equal(p.holds, 0);
    peace_judge(&p, "UTC", at("UTC", 3, 1, 13, 29));
    assert_int_equal(p.holds, ALL);
    assert_int_equal(p.due, at("UTC", 3, 1, 13, 30));
    peace_judge(&p, "UTC", at("UTC", 3, 1, 13, 30));
    assert_int_equal(p.holds, 0);
    assert_int_equal(p.due, at("UTC", 3, 2, 12, 0));
}

/* New York 2026: 02:00 does not exist on 8 March, 01:00 to 02:00 comes twice on 1 November. Every hour of a year: what is
 * held changes at `due` only, and what is due lies ahead. */
static void daylight_saving(void **state)
{
    const char *z = "America/New_York";

    (void)state;
    for (int from = 0; from < PEACE_MINUTES; from += 30) {
        struct peace p = {.quiet = true, .quiet_from = from, .quiet_to = (from + 90) % 1440};
        int64_t t = at(z, 3, 7, 0, 0), quiet = 0;

        for (int i = 0; i < 12; i++) {
            peace_judge(&p, z, t);
            assert_true(p.due > t && p.due <= t + 26 * HOUR);
            quiet += p.holds != 0 ? p.due - t : 0;
            t = p.due;
        }
        /* Six evenings or nearly: the odd hour is lost once at most. */
        assert_true(quiet >= 6 * 90 * MINUTE - 2 * HOUR && quiet <= 7 * 90 * MINUTE + 2 * HOUR);
        for (t = at(z, 10, 31, 12, 0); t < at(z, 11, 2, 12, 0); t += 10 * MINUTE) {
            peace_judge(&p, z, t);
            assert_true(p.due > t);
        }
    }
}

static void snooze_and_digest(void **state)
{
    struct peace p = {.snooze_until = at("UTC", 5, 1, 9, 30)};

    (void)state;
    peace_judge(&p, "UTC", at("UTC", 5, 1, 8, 0));
    assert_int_equal(p.holds, ALL);
    assert_int_equal(p.due, at("UTC", 5, 1, 9, 30));
    peace_set_digest(&p, DIGEST_DAILY, 0, 9 * 60, "UTC", at("UTC", 5, 1, 8, 0));
    peace_judge(&p, "UTC", at("UTC", 5, 1, 8, 0));
    assert_int_equal(p.due, at("UTC", 5, 1, 9, 0));
    /* The digest is due in the snooze, and waits for its end. */
    peace_judge(&p, "UTC", p.due);
    assert_int_equal(p.holds, ALL | HOLDS_DUE);
    assert_int_equal(p.due, at("UTC", 5, 1, 9, 30));
    peace_judge(&p, "UTC", p.due);
    assert_int_equal(p.holds, BULK | HOLDS_DIGEST | HOLDS_DUE);
    assert_int_equal(p.snooze_until, 0);
    assert_int_equal(p.due, at("UTC", 5, 2, 9, 0));
    p.holds &= ~HOLDS_DUE; /* given */
    peace_judge(&p, "UTC", at("UTC", 5, 1, 12, 0));
    assert_int_equal(p.holds, BULK | HOLDS_DIGEST);
    /* It was down for days: one digest, not three. */
    peace_judge(&p, "UTC", at("UTC", 5, 4, 12, 0));
    assert_int_equal(p.holds, BULK | HOLDS_DIGEST | HOLDS_DUE);
    assert_int_equal(p.digest_next, at("UTC", 5, 5, 9, 0));
    peace_set_digest(&p, DIGEST_WEEKLY, 1, 9 * 60, "UTC", at("UTC", 5, 4, 12, 0)); /* a Monday */
    assert_int_equal(p.digest_next, at("UTC", 5, 11, 9, 0));
    peace_set_digest(&p, DIGEST_WEEKLY, 1, 13 * 60, "UTC", at("UTC", 5, 4, 12, 0));
    assert_int_equal(p.digest_next, at("UTC", 5, 4, 13, 0));
    peace_set_digest(&p, DIGEST_OFF, 0, 0, "UTC", at("UTC", 5, 4, 12, 0));
    peace_judge(&p, "UTC", at("UTC", 5, 4, 12, 0));
    assert_int_equal(p.holds, 0);
    assert_int_equal(p.due, 0);
}

/* ---- commands --------------------------------------------------------------------------------- */

static struct peace peace_of(struct company *s, int64_t no)
{
    struct peace p;

    assert_int_equal(OK, store_peace_get(s->st, no, &p));
    return p;
}

static void test_snooze(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "snooze",
                   "You are not snoozing. `snooze 2h` keeps updates away for two hours.");
    company_expect(s, "alice", "snooze 2h",
                   "Updates wait until 12:00 and come then. `on` ends it sooner.\nNothing passes "
                   "meanwhile. `quiet allow dm mention announcement` lets through what you name.");
    assert_true(s->outcome.peace_changed);
    assert_int_equal(peace_of(s, ALICE).holds, ALL);
    company_expect_part(s, "alice", "status", "Snoozed until 12:00: updates wait. `on` ends it.");
    company_expect_part(s, "alice", "snooze", "Snoozed until 12:00");
    company_expect(s, "alice", "on",
                   "Updates are on again; what waited comes now. `off` holds them back.");
    assert_true(s->outcome.peace_changed);
    assert_false(s->outcome.on_changed);
    assert_int_equal(peace_of(s, ALICE).holds, 0);
    assert_int_equal(peace_of(s, ALICE).due, 0);
    company_say(s, "alice", "스누즈 30분");
    company_expect(s, "alice", "snooze off", "Awake again; what waited comes now.");
    company_expect_part(s, "alice", "snooze off", "You are not snoozing.");
    company_say(s, "alice", "snooze tomorrow");
    company_expect_part(s, "alice", "on+", "Updates are on again");
    /* Over by itself. */
    company_say(s, "alice", "snooze 30m");
    s->now += 31 * MINUTE;
    company_expect_part(s, "alice", "snooze", "You are not snoozing.");
}

static void test_quiet(void **state)
{
    struct company *s = *state;

    company_expect(s, "alice", "quiet", "You have no quiet hours. `quiet 19:00-08:00` sets them.");
    company_expect(
        s, "alice", "quiet 19:00-08:00",
        "Quiet hours are from 19:00 to 08:00, every day: updates wait and come at 08:00. "
        "`quiet off` ends that.\nThat is by your clock, which shows 10:00 now.\nNothing "
        "passes meanwhile. `quiet allow dm mention announcement` lets through what you "
        "name.");
    assert_int_equal(peace_of(s, ALICE).holds, 0);
    /* In Seoul it is seven in the evening. */
    company_say(s, "alice", "zone Asia/Seoul");
    assert_true(s->outcome.peace_changed);
    assert_int_equal(peace_of(s, ALICE).holds, ALL);
    company_expect_part(s, "alice", "status",
                        "These are your quiet hours, until Thu 26 Nov 08:00: updates wait.");
    company_expect_part(s, "alice", "on", "These are your quiet hours");
    company_expect_part(s, "alice", "quiet allow dm mention announcement",
                        "These pass all the same: private messages, mentions of you, "
                        "announcements. `quiet allow none` stops them.");
    assert_int_equal(peace_of(s, ALICE).holds, BULK | LEVELS);
    company_expect_part(s, "alice", "quiet allow", "These pass all the same: private messages");
    company_expect_part(s, "alice", "방해금지 허용 쪽지",
                        "These pass all the same: private messages.");
    company_expect_part(s, "alice", "quiet allow none", "Nothing passes meanwhile.");
    company_expect_part(s, "alice", "quiet 21:00~06:30 allow mention", "from 21:00 to 06:30");
    assert_int_equal(peace_of(s, ALICE).allow, 1u << CLASS_MENTION);
    company_expect_part(s, "alice", "quiet dm", "so nothing was changed");
    company_expect_part(s, "alice", "quiet off dm", "so nothing was changed");
    company_expect(s, "alice", "quiet off", "Quiet hours are off: updates come at any time.");
    assert_int_equal(peace_of(s, ALICE).holds, 0);
    company_expect_part(s, "alice", "quiet off", "You have no quiet hours.");
    /* What are no hours is no command: it is asked about. */
    company_expect_part(s, "alice", "quiet 19:00-19:00", "quiet 19:00-08:00");
    company_expect_part(s, "alice", "/quiet 25:00-08:00", "quiet 19:00-08:00");
    assert_false(peace_of(s, ALICE).quiet);
    company_expect_part(s, "minji", "방해금지 오늘", "방해금지");
    company_expect_part(s, "minji", "방해금지 22시-7시", "22:00");
    assert_int_equal(peace_of(s, MINJI).quiet_to, 7 * 60);
}

static void test_digest(void **state)
{
    struct company *s = *state;

    company_expect(
        s, "alice", "digest",
        "You get no digest: every update comes by itself. `digest daily 09:00` brings one "
        "summary a day instead.");
    company_expect(
        s, "alice", "digest daily",
        "In place of single posts one summary comes, every day at 09:00; the next one "
        "Thu 26 Nov 09:00. `digest off` brings single posts.\nPrivate messages, mentions "
        "and announcements come at once as before.\nThat is by your clock, which shows "
        "10:00 now.");
    assert_int_equal(peace_of(s, ALICE).holds, BULK | HOLDS_DIGEST);
    company_expect_part(s, "alice", "status",
                        "Single posts wait for your digest, every day at 09:00.");
    company_expect_part(s, "alice", "digest weekly fri 17:30",
                        "one summary comes, every Friday at 17:30; the next one Fri 27 Nov 17:30.");
    company_expect_part(s, "alice", "모아보기 매주 월요일 9시", "every Monday at 09:00");
    company_expect_part(s, "alice", "digest daily mon", "so nothing was changed");
    company_expect_part(s, "alice", "digest off 09:00", "so nothing was changed");
    company_expect_part(s, "alice", "digest", "every Monday at 09:00");
    company_expect(
        s, "alice", "digest off",
        "Digests are off: what waited comes now, and every update by itself from here on.");
    assert_int_equal(peace_of(s, ALICE).holds, 0);
    company_expect_part(s, "alice", "digest off", "You get no digest");
    company_expect_part(s, "minji", "모아보기 매일 08:30", "매일 08:30");
}

static void test_levels(void **state)
{
    struct company *s = *state;
    struct edge edge;

    company_expect_part(s, "dan", "follow bob daily",
                        "Not by itself, though, but in your digest only, every day at 09:00.");
    assert_true(s->outcome.peace_changed);
    assert_int_equal(peace_of(s, DAN).holds, LEVELS | HOLDS_DIGEST);
    assert_int_equal(OK, store_edge_get(s->st, EDGE_FOLLOW_PERSON, DAN, BOB, s->now, &edge));
    assert_int_equal(edge.how, LEVEL_DAILY);
    company_expect_part(s, "dan", "following", "Bob Lee (@bob) (daily)");
    company_expect_part(s, "dan", "status",
                        "What you follow daily or weekly waits for your digest");
    company_expect_part(s, "dan", "digest off", "You get no digest but of what you follow `daily`");
    company_say(s, "dan", "digest weekly fri 17:00");
    company_expect_part(s, "dan", "digest off", "that keeps coming in one summary");
    assert_int_equal(peace_of(s, DAN).holds & LEVELS, LEVELS);
    company_expect_part(s, "dan", "follow #lunch weekly", "every Monday at 09:00.");
    company_expect_part(s, "dan", "follow bob daily", "You follow Bob Lee (@bob) already");
    company_expect_part(s, "dan", "follow bob loud", "even in your quiet hours");
    assert_int_equal(OK, store_edge_get(s->st, EDGE_FOLLOW_PERSON, DAN, BOB, s->now, &edge));
    assert_int_equal(edge.how, LEVEL_LOUD);
    company_expect_part(s, "dan", "follow bob now", "what they post comes to you");
    company_expect_part(s, "dan", "follow bob", "You follow Bob Lee (@bob) already");
    company_expect_part(s, "dan", "digest weekly fri 17:00", "every Friday at 17:00");
    company_expect_part(s, "dan", "follow carol daily", "every Friday at 17:00");
    company_expect_part(s, "minji", "팔로우 bob 매일", "매일 09:00");
    company_expect_part(s, "minji", "팔로우 bob 항상", "방해금지");
}

/* What is followed weekly has a day of its own. */
static void levels_are_due(void **state)
{
    struct peace p = {0};
    int64_t monday = at("UTC", 5, 4, 9, 0); /* 2026-05-04 */

    (void)state;
    peace_set_levels(&p);
    peace_judge(&p, "UTC", monday - 36 * HOUR);
    assert_int_equal(p.holds, LEVELS | HOLDS_DIGEST);
    assert_int_equal(p.due, monday - 24 * HOUR);
    peace_judge(&p, "UTC", p.due);
    assert_int_equal(p.holds, LEVELS | HOLDS_DIGEST | HOLDS_DUE);
    p.holds &= ~HOLDS_DUE;
    peace_judge(&p, "UTC", p.due);
    assert_int_equal(p.holds, LEVELS | HOLDS_DIGEST | HOLDS_DUE | HOLDS_WEEK);
    assert_int_equal(p.weekly_next, monday + 7 * 24 * HOUR);
    peace_set_digest(&p, DIGEST_WEEKLY, 5, 9 * 60, "UTC", monday);
    peace_judge(&p, "UTC", monday);
    assert_int_equal(p.due, monday + 4 * 24 * HOUR);
    p.holds = 0;
    peace_judge(&p, "UTC", p.due);
    assert_int_equal(p.holds, BULK | LEVELS | HOLDS_DIGEST | HOLDS_DUE | HOLDS_WEEK);
}

/* ---- settings --------------------------------------------------------------------------------- */

static void test_settings(void **state)
{
    struct company *s = *state;
    struct person p;

    company_expect(
        s, "alice", "settings",
        "Your settings:\n"
        "1 updates: on — whether updates come to you at all\n"
        "2 snooze: off — no updates until then\n"
        "3 quiet: off — hours of each day without updates\n"
        "4 allow: none — what comes while you snooze or it is quiet\n"
        "5 digest: off — one summary in place of single posts\n"
        "6 likes: on — whether you hear who likes or repeats your posts, or follows you\n"
        "7 language: en — the language I speak with you\n"
        "8 zone: UTC — for all times shown and typed\n"
        "9 title: – — what colleagues see beside your name\n"
        "10 bio: – — what they see on your profile\n"
        "A number changes one, as does `set NAME VALUE`: `set quiet 22:00-07:00`. Name and photo "
        "come from your own vCard.");
    company_expect_part(s, "alice", "set quiet 22:00-07:00", "Quiet hours are from 22:00 to 07:00");
    assert_true(s->outcome.peace_changed);
    company_expect_part(s, "alice", "set allow dm mention", "private messages, mentions of you.");
    company_expect_part(s, "alice", "set digest weekly fri 17:00", "every Friday at 17:00");
    company_expect_part(s, "alice", "set snooze 2h", "Updates wait until 12:00");
    company_expect_part(s, "alice", "set zone Europe/Berlin", "Your time zone is now");
    company_expect_part(s, "alice", "set updates off", "Updates are off");
    assert_true(s->outcome.on_changed);
    company_expect_part(s, "alice", "settings",
                        "updates: off — whether updates come to you at all\n"
                        "2 snooze: 13:00 — no updates until then\n"
                        "3 quiet: 22:00-07:00 — hours of each day without updates\n"
                        "4 allow: dm mention — what comes while you snooze or it is quiet\n"
                        "5 digest: weekly fri 17:00 — one summary in place of single posts\n");
    company_expect_part(s, "alice", "set likes", "likes: on — whether you hear");
    company_expect_part(s, "alice", "set likes Off", "You hear no more of likes");
    assert_int_equal(OK, store_person_by_no(s->st, ALICE, s->a, &p));
    assert_true(p.no_news);
    company_expect_part(s, "alice", "set likes", "likes: off");
    company_expect_part(s, "alice", "set likes", "`set likes off`");
    company_expect_part(s, "alice", "설정 좋아요알림 켜기", "You hear who likes");
    company_expect_part(s, "alice", "set lang ko", "한국어");
    company_expect_part(s, "alice", "set lang en", "English");
    company_expect_part(s, "alice", "set language ko", "한국어");
    assert_int_equal(OK, store_person_by_no(s->st, ALICE, s->a, &p));
    assert_string_equal(p.lang, "ko");
    company_expect_part(s, "alice", "설정목록", "모아보기: 매주 금 17:00");
    company_expect_part(s, "alice", "설정 허용 쪽지 공지", "쪽지, 공지");
    company_expect_part(s, "alice", "설정 새글 켜기", "새 글");
    assert_true(s->outcome.on_changed);
}

/* A value that a setting does not take: no command, or a refusal with what it does take. */
static void test_misfits(void **state)
{
    struct company *s = *state;

    company_expect_part(s, "bob", "set quiet hours for the whole team, please", "Posted #");
    company_expect_part(s, "bob", "set updates on the wall of the kitchen", "Posted #");
    company_expect_part(s, "bob", "set quiet maybe", "set NAME VALUE");
    company_expect_part(s, "bob", "/set digest sometimes", "set NAME VALUE");
    company_expect_part(s, "bob", "set updates maybe", "set NAME VALUE");
    company_expect_part(s, "bob", "set updates follow", "set NAME VALUE");
    company_expect(s, "bob", "set digest",
                   "digest: off — one summary in place of single posts\nIt is changed like this: "
                   "`set digest daily 09:00`");
    assert_int_equal(peace_of(s, BOB).due, 0);
    company_expect_part(s, "bob", "set language", "`set language ko`");
    company_expect_part(s, "minji", "설정 언어", "`설정 언어 영어`");
    company_expect_part(s, "bob", "set allow", "`set allow dm mention`");
    company_expect_part(s, "minji", "설정 허용", "`설정 허용 쪽지 멘션`");
    company_expect_part(s, "minji", "설정 허용 쪽지 멘션", "쪽지");
}

/* Every row says all, takes what it says it takes, and stands in the choices of `set`. */
static void test_rows(void **state)
{
    struct company *s = *state;
    const struct command *row = command_named("set");
    struct call c = {.service = s->service,
                     .options = &s->options,
                     .store = s->st,
                     .arena = s->a,
                     .now = s->now};

    assert_int_equal(OK, store_person_by_nick(s->st, "alice", s->a, &c.who));
    for (size_t i = 0; i < n_own_settings; i++) {
        const struct own_setting *o = &own_settings[i];
        const char *choices = arena_printf(s->a, "|%s|", row->args[0].choices), *value = "";
        bool takes;

        assert_non_null(strstr(choices, arena_printf(s->a, "|%s|", o->name)));
        assert_non_null(strstr(choices, arena_printf(s->a, "|%s|", o->korean)));
        assert_ptr_equal(own_setting_find(o->korean), o);
        assert_string_not_equal(message_get(LANG_KO, o->meaning), o->meaning);
        for (int l = 0; l < N_LANGS; l++) {
            c.lang = (enum lang)l;
            assert_int_equal(OK, o->get(&c, &value));
            assert_int_equal(OK, own_setting_takes(&c, o, *value == '\0' ? "-" : value, &takes));
            assert_true(takes);
        }
        for (const char *w = o->choices; w != NULL && *w != '\0'; w += strcspn(w, "|")) {
            w += *w == '|';
            assert_int_equal(
                OK, own_setting_takes(&c, o, arena_ndup(s->a, w, strcspn(w, "|")), &takes));
            assert_true(takes);
        }
        assert_true(o->type != OWN_PHRASE || o->example != NULL);
        if (o->example != NULL) {
            assert_int_equal(OK, own_setting_takes(&c, o, o->example, &takes));
            assert_true(takes);
        }
    }
    assert_null(own_setting_find("nonsense"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, company_setup, company_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(across_midnight),
        cmocka_unit_test(within_a_day),
        cmocka_unit_test(daylight_saving),
        cmocka_unit_test(snooze_and_digest),
        TEST(test_snooze),
        TEST(test_quiet),
        TEST(test_digest),
        TEST(test_levels),
        cmocka_unit_test(levels_are_due),
        TEST(test_settings),
        TEST(test_misfits),
        TEST(test_rows),
    };

    return cmocka_run_group_tests_name("peace", tests, NULL, NULL);
}
