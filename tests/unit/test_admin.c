/* SPDX-License-Identifier: MIT */
/* What administrators do, and what is left of it in the audit. carol is one by the configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/company.h"

static int64_t head(struct company *s)
{
    int64_t no;

    assert_int_equal(OK, store_event_head(s->st, &no));
    return no;
}

/* What a person was told of their own accord behind `after`; NULL: nothing. */
static const char *notice(struct company *s, int64_t after, int64_t person)
{
    struct event e;
    struct answer an;

    for (int64_t no = after + 1; store_event_get(s->st, no, &e) == OK; no++)
        if (e.kind == EVENT_NOTICE && e.author == person) {
            assert_int_equal(OK, store_answer_get(s->st, no, s->a, &an));
            return an.text;
        }
    return NULL;
}

/* The newest record, as one line; "" where there is none. */
static const char *newest(struct company *s)
{
    struct audit *a;
    size_t n;
    bool more;

    assert_int_equal(OK, store_audits(s->st, 0, 1, s->a, &a, &n, &more));
    if (n == 0)
        return "";
    return arena_printf(s->a, "%lld %s %s %s #%lld %s", (long long)a[0].no, a[0].who_nick,
                        a[0].action, a[0].whom_nick, (long long)a[0].post, a[0].detail);
}

static void test_role(void **state)
{
    struct company *s = *state;
    int64_t before = head(s);

    company_expect(s, "carol", "admin role bob announcer",
                   "Bob Lee (@bob) may write to everybody now, with `announce TEXT`.");
    assert_string_equal(notice(s, before, BOB), "Carol Im (@carol) has given you the right to "
                                                "write to everybody here: `announce TEXT`.");
    assert_string_equal(newest(s), "1 carol role bob #0 announcer");
    company_expect(s, "carol", "admin role bob announcer", "Bob Lee (@bob) has that role already.");
    assert_string_equal(newest(s), "1 carol role bob #0 announcer");
    company_expect_part(s, "bob", "/admin role dan admin", "no command");
    before = head(s);
    company_expect(s, "carol", "어드민 역할 @minji 관리자",
                   "김민지 (@minji) is an administrator now.");
    assert_non_null(strstr(notice(s, before, MINJI), "관리자"));
    company_expect_part(s, "minji", "admin role bob employee", "Bob Lee (@bob)");
    assert_string_equal(newest(s), "3 minji role bob #0 employee");
}

/* Whom the configuration names stays one; so does the last one there is. */
static void test_role_kept(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "admin role bob admin", "Bob Lee (@bob) is an administrator now.");
    company_expect_part(s, "bob", "admin role carol employee", "by the configuration file");
    company_expect(s, "bob", "admin role bob employee",
                   "Bob Lee (@bob) has no special role any more.");
    company_expect_part(s, "bob", "/admin role bob admin", "no command");
    company_say(s, "carol", "admin role bob admin");
    s->options.n_admins = 0;
    service_free(s->service);
    s->service = service_new(&s->options, s->st);
    company_expect_part(s, "carol", "/admin role bob employee", "no command");
    company_expect(s, "bob", "admin role bob employee",
                   "Bob Lee (@bob) is the only administrator, so somebody else must become one "
                   "first.");
    company_expect_part(s, "bob", "admin role dan admin", "is an administrator now.");
    company_expect_part(s, "dan", "admin role bob announcer", "may write to everybody");
    company_expect_part(s, "dan", "admin role dan announcer", "is the only administrator");
}

/* An administrator by a command gets the reports, too. */
static void test_reports_reach_all(void **state)
{
    struct company *s = *state;
    int64_t before;

    company_say(s, "carol", "admin role dan admin");
    before = head(s);
    company_say(s, "alice", "report #2 spam");
    assert_non_null(strstr(notice(s, before, DAN), "reports #2"));
    assert_non_null(strstr(notice(s, before, CAROL), "reports #2"));
    assert_null(notice(s, before, BOB));
}

/* ---- accounts that are closed --------------------------------------------------------------------- */

static void test_suspend(void **state)
{
    struct company *s = *state;
    const char *closed = "Your account is closed here, so nothing was done. Please ask your "
                         "administrator.\nThe reason given: Has left, says HR";
    int64_t posts = company_newest(s), before;

    company_expect(s, "carol", "admin suspend bob Has left, says HR",
                   "Suspended Bob Lee (@bob): nothing of what they write is taken, and updates "
                   "wait for them. What they wrote stays. `admin unsuspend bob` opens the account "
                   "again.");
    assert_int_equal(s->outcome.other, BOB);
    assert_string_equal(newest(s), "1 carol suspend bob #0 Has left, says HR");
    company_expect(s, "bob", "Good morning", closed);
    company_expect(s, "bob", "/home", closed);
    assert_int_equal(posts, company_newest(s));
    company_expect(s, "alice", "Good morning", "Posted #7 for 2 people."); /* not for bob */
    company_expect_part(s, "alice", "#2", "The launch is on Friday");
    company_expect_part(s, "carol", "admin suspend bob", "is suspended already");
    company_expect_part(s, "carol", "admin role bob admin", "comes first");
    before = head(s);
    company_expect(s, "carol", "admin unsuspend bob",
                   "Bob Lee (@bob) is not suspended any more, and is told.");
    assert_string_equal(notice(s, before, BOB),
                        "Your account here is open again; what waited for you comes now.");
    assert_int_equal(s->outcome.other, BOB);
    assert_string_equal(newest(s), "2 carol unsuspend bob #0 ");
    company_expect(s, "carol", "admin unsuspend bob", "Bob Lee (@bob) is not suspended.");
    company_expect_part(s, "bob", "home", "Good morning");
    company_expect_part(s, "bob", "Here again", "Posted #8");
}

static void test_suspend_whom(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "admin suspend carol",
                   "That is you. Nobody can suspend themselves.");
    company_say(s, "carol", "admin role bob admin");
    company_expect_part(s, "bob", "admin suspend carol", "by the configuration file");
    company_expect_part(s, "carol", "admin suspend bob", "Suspended Bob Lee");
    company_expect_part(s, "bob", "/admin unsuspend bob", "Your account is closed here");
    company_expect_part(s, "carol",
                        arena_printf(s->a, "admin suspend dan %0*d", LIMIT_REPORT + 1, 0),
                        "there is room for 500");
    company_expect(s, "dan", "admin suspend bob Because",
                   "Nothing is published: there is no command `admin`. `help` shows what there is."
                   "\n`post` publishes what you wrote as it is.");
    assert_string_equal(newest(s), "2 carol suspend bob #0 ");
}

/* ---- the audit, read ------------------------------------------------------------------------------- */

static void test_audit(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "admin audit", "No administrator has done anything yet.");
    company_say(s, "carol", "admin suspend bob Has left\nsays HR");
    company_say(s, "carol", "admin unsuspend bob");
    company_say(s, "carol", "admin remove #2 Names a customer");
    company_expect(s, "carol", "admin audit",
                   "What administrators did, the newest last:\n"
                   "1. 10:00 @carol: suspend @bob — Has left says HR\n"
                   "2. 10:00 @carol: unsuspend @bob\n"
                   "3. 10:00 @carol: remove @bob #2 — Names a customer");
    company_expect(s, "carol", "admin audit 1",
                   "What administrators did, the newest last:\n"
                   "3. 10:00 @carol: remove @bob #2 — Names a customer\n"
                   "`more` shows earlier ones.");
    company_expect(s, "carol", "more 5",
                   "1. 10:00 @carol: suspend @bob — Has left says HR\n"
                   "2. 10:00 @carol: unsuspend @bob");
    company_expect_part(s, "carol", "어드민 기록", "suspend @bob");
    company_say(s, "carol", "lang ko");
    company_expect_part(s, "carol", "어드민 기록", "@carol: 정지 @bob");
    company_say(s, "carol", "admin role bob announcer");
    company_expect_part(s, "carol", "어드민 기록", "@carol: 역할 @bob — 공지자");
    company_expect_part(s, "alice", "/admin audit", "no command");
}

/* ---- posts ------------------------------------------------------------------------------------------ */

static void test_remove(void **state)
{
    struct company *s = *state;
    int64_t before = head(s);

    company_expect(s, "carol", "admin remove #2 Names a customer",
                   "#2 by Bob Lee (@bob) was taken back everywhere it went. They are told why.");
    assert_string_equal(notice(s, before, BOB),
                        "An administrator has taken your #2 back: Names a customer\n"
                        "“The launch is on Friday #launch”");
    assert_string_equal(newest(s), "1 carol remove bob #2 Names a customer");
    company_expect(s, "alice", "#2", "There is no post #2 that you can see.");
    company_expect(s, "carol", "admin remove #2 Again", "There is no post #2 that you can see.");
    company_expect(s, "carol", "admin remove #3 Mine",
                   "#3 is your own; `delete #3` takes it back.");
    /* One who has blocked an administrator is not out of reach. */
    company_say(s, "alice", "block carol");
    company_expect_part(s, "carol", "#6", "There is no post #6");
    company_expect_part(s, "carol", "admin remove #6 Spam", "was taken back");
}

/* What is private is no administrator's business until somebody who can see it reports it, and not longer than that. */
static void test_remove_private(void **state)
{
    struct company *s = *state;
    const char *unseen = "There is no post #4 that you can see.";

    company_expect(s, "carol", "admin remove #4 Curious", unseen);
    company_expect(s, "carol", "admin remove #99 Curious",
                   "There is no post #99 that you can see.");
    company_expect(s, "dan", "report #4 Curious", unseen);
    company_expect(s, "carol", "admin remove #4 Curious", unseen);
    company_expect(s, "carol", "admin dismiss #4",
                   "No report about #4 is open. `admin reports` lists them.");
    company_expect_part(s, "alice", "report #4 It threatens me", "Reported #4");
    company_say(s, "carol", "admin dismiss #4");
    company_expect(s, "carol", "admin remove #4 Curious", unseen);
    assert_string_equal(newest(s), "1 carol dismiss  #4 ");
    company_say(s, "bob", "d alice Another threat");
    company_say(s, "alice", "report #7");
    company_expect_part(s, "carol", "admin remove #7 A threat", "#7 by Bob Lee (@bob) was taken");
    company_expect(s, "alice", "#7", "There is no post #7 that you can see.");
}

static void test_reports(void **state)
{
    struct company *s = *state;

    company_expect(s, "carol", "admin reports", "No report is open.");
    company_say(s, "alice", "report #4 It threatens me");
    company_say(s, "alice", "report #2");
    company_say(s, "dan", "report #2 Names a customer");
    company_say(s, "bob", "edit #2 Nothing to see here");
    company_expect(
        s, "carol", "admin reports",
        "#2 by Bob Lee (@bob), reported by 2 people, 10:00: “The launch is on Friday "
        "#launch”\n  — Names a customer\n"
        "#4 by Bob Lee (@bob), reported by 1 person, 10:00: “Between us: the budget plan "
        "is late”\n  — It threatens me\n"
        "`admin remove POST REASON` takes one back, `admin dismiss POST` leaves it.");
    company_expect(s, "carol", "admin dismiss #2",
                   "#2 stays, and is no longer in the list of reports.");
    company_say(s, "bob", "delete #4");
    company_expect(s, "carol", "admin reports", "No report is open.");
    company_expect_part(s, "alice", "report #2", "have reported #2 already");
}

/* Of a group nobody outside knows: the post is shown by who reports it, the group is not. */
static void test_reports_of_groups(void **state)
{
    struct company *s = *state;
    int64_t before;
    const char *shown;

    company_say(s, "alice", "group create merger");
    company_say(s, "alice", "group set !merger secret");
    company_say(s, "alice", "add bob !merger");
    company_say(s, "alice", "add dan !merger");
    company_say(s, "carol", "admin watch layoffs");
    before = head(s);
    company_expect_part(s, "bob", "!merger There will be layoffs", "Posted #8");
    assert_null(notice(s, before, CAROL)); /* not public: not watched */
    company_expect(s, "carol", "admin remove #8 Curious", "There is no post #8 that you can see.");
    company_expect(s, "minji", "report #8 Curious", "볼 수 있는 글 #8이 없어요.");
    company_say(s, "dan", "report #8 He threatens us");
    shown = notice(s, before, CAROL);
    assert_non_null(strstr(shown, "Bob Lee (@bob), in a group: There will be layoffs"));
    assert_null(strstr(shown, "merger"));
    shown = company_say(s, "carol", "admin reports");
    assert_non_null(strstr(shown, "#8 by Bob Lee (@bob), reported by 1 person"));
    assert_null(strstr(shown, "merger"));
    company_expect_part(s, "carol", "#8", "There is no post #8"); /* still */
    before = head(s);
    company_expect(s, "carol", "admin remove #8 Threats",
                   "#8 by Bob Lee (@bob) was taken back everywhere it went. They are told why.");
    assert_non_null(strstr(notice(s, before, BOB), "Threats"));
}

static void test_reports_paged(void **state)
{
    struct company *s = *state;
    const char *page;

    for (int i = 0; i < 12; i++) {
        company_say(s, "bob", "Buy now");
        company_say(s, "dan", arena_printf(s->a, "report #%d", 7 + i));
    }
    page = company_say(s, "carol", "admin reports");
    assert_non_null(strstr(page, "#18 by"));
    assert_null(strstr(page, "#8 by"));
    assert_non_null(strstr(page, "`more` shows earlier ones."));
    page = company_say(s, "carol", "more");
    assert_non_null(strstr(page, "#8 by"));
    assert_null(strstr(page, "`more`"));
}

/* ---- words ------------------------------------------------------------------------------------------- */

static void test_watch(void **state)
{
    struct company *s = *state;
    int64_t before;

    company_expect(s, "carol", "admin watch",
                   "No words are watched. `admin watch WORDS` tells the administrators of public "
                   "posts with them.");
    company_expect(s, "carol", "admin watch budget cuts",
                   "The administrators are told of public posts with “budget cuts” from now on. "
                   "`admin unwatch budget cuts` ends that.");
    company_expect(s, "carol", "admin watch Cuts BUDGET", "“Cuts BUDGET” is watched already.");
    assert_string_equal(newest(s), "1 carol watch  #0 budget cuts");
    before = head(s);
    company_say(s, "alice", "The budget is fine");
    company_say(s, "bob", "d alice There will be cuts to the budget");
    company_expect_part(s, "alice", "reply #8 Cuts to the budget?", "Sent privately");
    assert_null(notice(s, before, CAROL));
    company_say(s, "alice", "There will be cuts to the budget");
    assert_string_equal(notice(s, before, CAROL),
                        "You watch “budget cuts”:\nAlice Kim (@alice): There will be cuts to the "
                        "budget (#10)");
    before = head(s);
    company_say(s, "alice", "edit #7 The budget and its cuts");
    assert_non_null(strstr(notice(s, before, CAROL), "(#7)"));
    assert_null(notice(s, before, ALICE));
    before = head(s);
    company_say(s, "carol", "No cuts in the budget");
    assert_null(notice(s, before, CAROL)); /* their own */
    company_expect(s, "carol", "admin watch",
                   "Of public posts with these words the administrators are told:\n"
                   "“budget cuts” (10:00)\n`admin unwatch WORDS` ends one.");
    company_expect(s, "carol", "admin unwatch cuts",
                   "“cuts” is not watched. `admin watch` lists what is.");
    company_expect(s, "carol", "admin unwatch cuts budget", "“cuts budget” is no longer watched.");
    before = head(s);
    company_say(s, "alice", "Again cuts to the budget");
    assert_null(notice(s, before, CAROL));
    company_expect_part(s, "carol", "admin watch ?!", "no word in that");
    company_expect_part(s, "carol", "admin watch a b c d e f g h i j k l m", "At most 10 words");
}

/* ---- to everybody -------------------------------------------------------------------------------------------- */

static void test_broadcast(void **state)
{
    struct company *s = *state;
    struct event e;
    enum event_class class;
    struct post p;
    int first;

    company_say(s, "dan", "mute carol");
    company_expect(s, "carol", "admin broadcast Back at six",
                   "Posted #7 for 4 people.\nEverybody gets it. `#7` shows how many say that they "
                   "have read it.");
    assert_string_equal(newest(s), "1 carol broadcast  #7 Back at six");
    assert_int_equal(OK, store_post_get(s->st, 7, DAN, s->a, &p));
    assert_int_equal(KIND_ANNOUNCEMENT, p.kind);
    assert_string_equal("[Jaejal] Back at six", p.text);
    for (int64_t no = head(s); store_event_get(s->st, no, &e) == OK && e.kind != EVENT_POST; no--)
        continue;
    for (int64_t who = ALICE; who <= MINJI; who++) {
        enum err owed = store_owed_one(s->st, &e, who, &class, &first);

        assert_int_equal(who == CAROL ? E_NOTFOUND : OK, owed);
        if (owed == OK)
            assert_int_equal(CLASS_ANNOUNCEMENT, class);
    }
    company_expect_part(s, "alice", "/admin broadcast Party at mine", "no command");
    company_say(s, "carol", "admin role bob announcer");
    company_expect_part(s, "bob", "/admin broadcast Party at mine", "no command");
    assert_int_equal(7, company_newest(s));
}

/* ---- from the machine itself ----------------------------------------------------------------------------- */

static const char *control(struct company *s, const char *line, bool refused)
{
    bool got = false;

    assert_int_equal(OK, store_savepoint(s->st));
    assert_int_equal(OK, service_control(s->service, line, s->now, s->a, &s->outcome, &got));
    assert_int_equal(OK, store_release(s->st));
    service_committed(s->service);
    if (got != refused)
        fail_msg("%s: %s", line, s->outcome.text);
    return s->outcome.text;
}

static void test_control(void **state)
{
    struct company *s = *state;
    int64_t posts = company_newest(s), before = head(s);
    const char *answer;

    assert_string_equal(control(s, "verify", false),
                        "the audit is whole: 0 records, the last one none");
    assert_string_equal(control(s, "role bob announcer", false),
                        "Bob Lee (@bob) may write to everybody now, with `announce TEXT`.");
    assert_non_null(strstr(notice(s, before, BOB), "Whoever operates this service has given you"));
    assert_string_equal(newest(s), "1  role bob #0 announcer");
    assert_non_null(strstr(control(s, "suspend dan Lost phone", false), "Suspended @dan"));
    assert_int_equal(s->outcome.other, DAN);
    assert_non_null(strstr(control(s, "suspend carol", true), "by the configuration file"));
    assert_non_null(strstr(control(s, "suspend nobody", true), "Nobody here is called @nobody."));
    assert_non_null(strstr(control(s, "suspend", true), "Something is missing"));
    assert_non_null(strstr(control(s, "unsuspend dan", false), "is not suspended any more"));
    assert_non_null(strstr(control(s, "remove 2 Spam", false), "#2 by Bob Lee (@bob) was taken"));
    assert_non_null(strstr(control(s, "remove #4 Curious", true), "There is no post #4"));
    answer = control(s, "audit", false);
    assert_non_null(strstr(answer, "jaejalctl: role @bob — announcer\n"));
    assert_non_null(strstr(answer, "jaejalctl: suspend @dan — Lost phone\n"));
    assert_non_null(strstr(control(s, "stats", false), "Accounts: 5"));
    assert_non_null(strstr(control(s, "reports", false), "No report is open."));
    assert_non_null(strstr(control(s, "verify", false), "the audit is whole: 4 records, the last"));
    /* Nothing else passes. */
    assert_string_equal(control(s, "broadcast hello", true), "that is no command of jaejalctl");
    assert_string_equal(control(s, "Good morning", true), "that is no command of jaejalctl");
    assert_string_equal(control(s, "", true), "that is no command of jaejalctl");
    assert_string_equal(control(s, "suspend bob \x01", true), "that is no command of jaejalctl");
    assert_int_equal(posts, company_newest(s));
}

/* What the last person who wrote has open is not jaejalctl's. */
static void test_control_has_no_session(void **state)
{
    struct company *s = *state;

    company_say(s, "carol", "home 1");
    for (int i = 0; i < 2000; i++)
        (void)control(s, "audit 1", false);
    company_expect_part(s, "carol", "more", "#");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COMPANY(test_role),
        WITH_COMPANY(test_role_kept),
        WITH_COMPANY(test_reports_reach_all),
        WITH_COMPANY(test_suspend),
        WITH_COMPANY(test_suspend_whom),
        WITH_COMPANY(test_audit),
        WITH_COMPANY(test_remove),
        WITH_COMPANY(test_remove_private),
        WITH_COMPANY(test_reports),
        WITH_COMPANY(test_reports_of_groups),
        WITH_COMPANY(test_reports_paged),
        WITH_COMPANY(test_watch),
        WITH_COMPANY(test_broadcast),
        WITH_COMPANY(test_control),
        WITH_COMPANY(test_control_has_no_session),
    };

    return cmocka_run_group_tests_name("admin", tests, NULL, NULL);
}
