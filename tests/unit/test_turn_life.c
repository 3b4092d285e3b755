/* SPDX-License-Identifier: MIT */
/* Updates that go off by themselves: what is a sign of life and what is not, and what happens at the first one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/unit/turn_days.h"

#define MINUTE 60000LL
#define DAY (1440 * MINUTE)

static int set_up(void **state)
{
    (void)state;
    turn_days_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    turn_rig_close();
    return 0;
}

/* The clock moves on by that, and what is due is done. */
static void later(int64_t ms)
{
    clock_hold(clock_real_ms() + ms, clock_mono_ms());
    (void)pass(65 * MINUTE);
}

static void presence(const char *who, const char *type, const char *inside)
{
    char xml[1000];

    (void)snprintf(xml, sizeof(xml),
                   "<presence from='%s@corp.example%s' to='jaejal@blog.corp.example' "
                   "type='%s'>%s</presence>",
                   who, type[0] == 'u' || type[0] == 'a' ? "/pc" : "", type, inside);
    feed(xml);
    turn_end(turn);
}

/* Shares presence, and is online. */
static void joins(const char *who)
{
    presence(who, "subscribe", "");
    presence(who, "subscribed", "");
    presence(who, "available", "");
}

static size_t asleep(void)
{
    struct turn_figures f;

    assert_int_equal(turn_figures(turn, &f), OK);
    return f.asleep;
}

static void forget_out(void)
{
    (void)pass(2000);
    buffer_reset(&out);
    fenced = 0;
}

#define FIRST "I had no sign of life from you for three months, so updates were off by themselves. "

/* alice gives one a day, so that only bob is silent. */
static void days(int n)
{
    for (int i = 0; i < n; i++) {
        tell("alice", "status");
        later(DAY - 65 * MINUTE);
    }
    tell("alice", "status");
}

static void off_and_on_again(void **state)
{
    (void)state;
    joins("bob");
    tell("alice", "post: first");
    tell("bob", "follow alice");
    presence("bob", "unavailable", "");
    tell("alice", "post: missed at once");
    tell("alice", "d bob privately");
    days(89);
    assert_int_equal(asleep(), 0);
    days(2);
    assert_int_equal(asleep(), 1);
    tell("alice", "post: missed asleep");
    forget_out();
    /* One of negative priority: she lives, and cannot be reached. */
    presence("bob", "available", "<priority>-1</priority>");
    (void)pass(2000);
    assert_int_equal(asleep(), 0);
    assert_int_equal(count("to='bob@corp.example'"), 0);
    presence("bob", "available", "");
    (void)pass(2000);
    assert_int_equal(count(FIRST "They are on again; meanwhile 2 updates came."), 1);
    assert_int_equal(count("privately (#"), 1); /* by itself, as ever */
    assert_int_equal(count("to='bob@corp.example'"), 2);
    /* Told once. */
    presence("bob", "unavailable", "");
    tell("alice", "post: one more");
    presence("bob", "available", "");
    (void)pass(2000);
    assert_int_equal(count(FIRST), 1);
    assert_int_equal(count("one more (#"), 1);
}

/* A client that merely runs sends nothing for months. */
static void a_client_that_runs(void **state)
{
    (void)state;
    joins("bob");
    tell("alice", "post: first");
    days(100);
    assert_int_equal(asleep(), 0);
    presence("bob", "unavailable", "");
    days(80);
    assert_int_equal(asleep(), 0);
    days(12);
    assert_int_equal(asleep(), 1);
}

/* What a server says of somebody is no sign of theirs; what their clients send is. */
static void signs(void **state)
{
    static const struct {
        const char *xml;
        bool sign;
    } cases[] = {
        {"<message from='bob@corp.example' to='jaejal@blog.corp.example' type='error' id='p1'>"
         "<error type='wait'><resource-constraint "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
         false},
        {"<presence from='bob@corp.example' to='jaejal@blog.corp.example' type='unavailable'/>",
         false},
        {"<presence from='bob@corp.example' to='jaejal@blog.corp.example' type='error'/>", false},
        {"<presence from='bob@corp.example' to='jaejal@blog.corp.example' type='unsubscribed'/>",
         false},
        {"<iq from='bob@corp.example' to='jaejal@blog.corp.example' type='result' id='v1'>"
         "<vCard xmlns='vcard-temp'/></iq>",
         false},
        {"<iq from='bob@corp.example/pc' to='jaejal@blog.corp.example' type='error' id='v1'/>",
         false},
        {"<iq from='bob@corp.example/pc' to='jaejal@blog.corp.example' type='result' id='v1'/>",
         true},
        {"<iq from='bob@corp.example/pc' to='blog.corp.example' type='get' id='q'>"
         "<ping xmlns='urn:xmpp:ping'/></iq>",
         true},
        {"<message from='bob@corp.example/pc' to='jaejal@blog.corp.example' id='r'>"
         "<received xmlns='urn:xmpp:receipts' id='p1'/></message>",
         true},
        {"<message from='bob@corp.example/pc' to='jaejal@blog.corp.example' type='chat'>"
         "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
         true},
        {"<presence from='bob@corp.example' to='jaejal@blog.corp.example' type='probe'/>", true},
        {"<presence from='bob@corp.example/pc' to='jaejal@blog.corp.example'><priority>-1"
         "</priority></presence>",
         true}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        tell("alice", "post: first");
        tell("bob", "follow alice");
        days(88);
        feed(cases[i].xml);
        turn_end(turn);
        days(4);
        if (asleep() != !cases[i].sign)
            fail_msg("%s", cases[i].xml);
        if (!cases[i].sign) {
            feed(cases[i].xml);
            turn_end(turn);
            assert_int_equal(asleep(), 1);
        }
        tell("bob", "status");
        assert_int_equal(asleep(), 0);
        (void)pass(2000);
    }
}

/* Who only reads, and shares no presence, is told that it ends. */
static void who_only_reads(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "follow alice");
    forget_out();
    days(91);
    assert_int_equal(count("so updates wait from now on."), 1);
    tell("alice", "post: is held");
    (void)pass(2000);
    assert_int_equal(count("is held (#"), 0);
    /* Any sign, a receipt as well. */
    feed("<message from='bob@corp.example/pc' to='jaejal@blog.corp.example' id='r'>"
         "<received xmlns='urn:xmpp:receipts' id='p1'/></message>");
    turn_end(turn);
    (void)pass(2000);
    assert_int_equal(count(FIRST "They are on again; meanwhile 1 update came."), 1);
    assert_int_equal(count("is held (#"), 0);
    tell("bob", "missed");
    assert_int_equal(count("is held (#"), 1);
    tell("alice", "post: at once again");
    (void)pass(2000);
    assert_int_equal(count("at once again (#"), 1);
}

static void nothing_came(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "lang ko");
    forget_out();
    days(91);
    assert_int_equal(count("그래서 지금부터 새 글은 기다려요."), 1);
    tell("bob", "상태");
    (void)pass(2000);
    assert_int_equal(count("그사이 온 글은 없어요."), 1);
}

/* Whoever turned updates off themselves knows. */
static void who_is_off(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "follow alice");
    tell("bob", "off");
    tell("alice", "post: later");
    days(91);
    assert_int_equal(asleep(), 1);
    tell("bob", "status");
    (void)pass(2000);
    forget_out();
    tell("bob", "on");
    (void)pass(2000);
    assert_int_equal(count(FIRST), 0);
    assert_int_equal(count("later (#"), 1);
}

static void over_a_restart(void **state)
{
    (void)state;
    tell("alice", "post: first");
    tell("bob", "follow alice");
    tell("bob", "quiet 00:00-23:59");
    days(91);
    tell("alice", "post: in the meantime");
    for (int i = 0; i < 2; i++) {
        turn_free(turn);
        buffer_reset(&out);
        fenced = 0;
        turn_rig_make();
        turn_link_up(turn);
        (void)pass(20 * MINUTE);
        assert_int_equal(asleep(), i == 0);
        assert_int_equal(count("in the meantime"), 0);
        if (i == 0)
            tell("bob", "status"); /* awake; the hours hold still, and it is to be told */
    }
    tell("bob", "quiet off");
    (void)pass(2000);
    assert_int_equal(count(FIRST "They are on again; meanwhile 1 update came."), 1);
    turn_free(turn);
    buffer_reset(&out);
    fenced = 0;
    turn_rig_make();
    turn_link_up(turn);
    tell("alice", "post: afterwards");
    (void)pass(20 * MINUTE);
    assert_int_equal(count(FIRST), 0);
    assert_int_equal(count("afterwards (#"), 1);
}

/* Many at once: a few in each turn, and nothing else waits for it. */
static void many(void **state)
{
    struct turn_figures f;
    char who[20];

    (void)state;
    for (int i = 0; i < 3 * TURN_LIFE + 7; i++) {
        (void)snprintf(who, sizeof(who), "p%d", i);
        tell(who, "status");
    }
    (void)pass(20 * MINUTE);
    clock_hold(clock_real_ms() + 91 * DAY, clock_mono_ms());
    tell("alice", "status");
    (void)pass(65 * MINUTE);
    assert_int_equal(asleep(), 3 * TURN_LIFE + 7);
    assert_int_equal(turn_figures(turn, &f), OK);
    assert_int_equal(f.pump.held_people, 3 * TURN_LIFE + 7);
    assert_true(pass(3 * 60 * MINUTE) < 600);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(off_and_on_again),
        TEST(a_client_that_runs),
        TEST(signs),
        TEST(who_only_reads),
        TEST(nothing_came),
        TEST(who_is_off),
        TEST(over_a_restart),
        TEST(many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
