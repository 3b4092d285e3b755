/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/rig.h"

#define MINUTE 60000
#define ALICE "alice@corp.example"
#define TO_ALICE "<presence from='" RIG_BOT "' to='" ALICE "'"

static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof *r);

    rig_open(r);
    rig_up(r, true);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static struct presence_in in(const char *type, const char *resource)
{
    return (struct presence_in){.from_bare = ALICE,
                                .from_local = "alice",
                                .resource = resource,
                                .type = type,
                                .lang = "",
                                .show = ""};
}

static void hear_in(struct rig *r, const struct presence_in *p)
{
    bool mine = !r->open;

    if (mine)
        rig_begin(r);
    assert_int_equal(presence_stanza(r->presence, p, r->now, r->mono), OK);
    if (mine)
        rig_end(r);
}

static void hear(struct rig *r, const char *type, const char *resource)
{
    struct presence_in p = in(type, resource);

    hear_in(r, &p);
}

/* What went out since the last time, exactly. */
static void told(struct rig *r, const char *text)
{
    rig_wire(r, SIZE_MAX);
    assert_string_equal(r->presences, text);
    r->presences[0] = '\0';
}

static struct peer *alice(struct rig *r)
{
    return peers_by_jid(r->peers, ALICE);
}

static void subscribe(struct rig *r)
{
    hear(r, "subscribe", NULL);
    hear(r, "subscribed", NULL);
    rig_wire(r, SIZE_MAX);
    r->presences[0] = '\0';
}

static bool shares_in_store(struct rig *r)
{
    struct person p;

    rig_begin(r);
    assert_int_equal(store_person_by_jid(r->st, ALICE, r->a, &p), OK);
    rig_end(r);
    return p.shares;
}

static void subscription(void **state)
{
    struct rig *r = *state;

    hear(r, "subscribe", NULL);
    told(r, TO_ALICE " type='subscribed'/>" TO_ALICE "/>" TO_ALICE " type='subscribe'/>");
    assert_non_null(alice(r));
    assert_false(alice(r)->shares);
    hear(r, "subscribed", NULL);
    told(r, "");
    assert_true(alice(r)->shares);
    assert_true(shares_in_store(r));
    hear(r, "subscribe", NULL); /* again: theirs stands */
    told(r, TO_ALICE " type='subscribed'/>" TO_ALICE "/>");
}

static void unasked(void **state)
{
    struct rig *r = *state;

    hear(r, "subscribed", NULL);
    hear(r, NULL, "desk");
    hear(r, "probe", "desk");
    hear(r, "unavailable", "desk");
    hear(r, "error", "desk");
    hear(r, "nonsense", "desk");
    told(r, "");
    assert_null(alice(r));
}

static void answers_come_from_where_was_asked(void **state)
{
    struct rig *r = *state;
    struct presence_in p = in("subscribe", NULL);

    p.to = RIG_DOMAIN;
    hear_in(r, &p);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(strncmp(r->presences, "<presence from='" RIG_DOMAIN "' to='" ALICE "'", 40),
                     0);
}

static void undone_subscription(void **state)
{
    struct rig *r = *state;

    subscribe(r);
    rig_begin(r);
    hear(r, "unsubscribed", NULL);
    assert_false(alice(r)->shares);
    rig_drop(r);
    told(r, "");
    assert_true(alice(r)->shares);
    assert_true(shares_in_store(r));
    /* One stanza of several. */
    rig_begin(r);
    hear(r, "unsubscribed", NULL);
    assert_int_equal(store_savepoint(r->st), OK);
    presence_mark(r->presence);
    pump_mark(r->pump);
    hear(r, "subscribed", NULL);
    assert_int_equal(store_undo(r->st), OK);
    presence_undone(r->presence);
    pump_undone(r->pump);
    rig_end(r);
    assert_false(alice(r)->shares);
    assert_false(shares_in_store(r));
}

static void coming_and_going(void **state)
{
    struct rig *r = *state;
    struct presence_in p;

    subscribe(r);
    hear(r, NULL, "desk");
    hear(r, NULL, "phone");
    assert_true(peer_reachable(alice(r)));
    assert_true(alice(r)->known);
    hear(r, "unavailable", "desk");
    assert_int_equal(alice(r)->held, 0);
    p = in(NULL, "phone");
    p.priority = -1;
    hear_in(r, &p); /* only a negative priority is not there */
    assert_int_not_equal(alice(r)->held, 0);
    hear(r, NULL, "phone");
    rig_settle(r);
    assert_int_equal(alice(r)->held, 0);
    hear(r, "unavailable", "phone");
    assert_int_not_equal(alice(r)->held, 0);
    hear(r, NULL, "phone");
    rig_settle(r);
    hear(r, "unavailable", NULL); /* from the bare JID: all of them */
    assert_null(alice(r)->resources);
    assert_int_not_equal(alice(r)->held, 0);
    told(r, "");
}

/* RFC 6121: a message to the bare JID reaches who has a client of priority 0 or more, whatever it shows. Steps: a client (a
 * letter) with its priority, and its <show/> if any; "-x": that one goes, "-": all of them do. */
static void priorities(void **state)
{
    static const struct {
        const char *steps[5];
        bool here;
    } cases[] = {
        {{"a 0"}, true},
        {{"a 127"}, true},
        {{"a -1"}, false},
        {{"a -128"}, false},
        {{"a -1", "b 0"}, true},
        {{"a -1", "b -5"}, false},
        {{"a -1", "b 0", "b -5"}, false},
        {{"a -1", "b 0", "b -5", "a 1"}, true},
        {{"a -1", "a 0"}, true},
        {{"a 0", "a -1"}, false},
        {{"a 0", "b 5", "-a"}, true},
        {{"a 0", "b 5", "-a", "-b"}, false},
        {{"a 5", "b -1", "-a"}, false},
        {{"a 5", "b -1", "-b"}, true},
        {{"a 0", "b 5", "-"}, false},
        {{"a 0", "b 5", "-", "b 5"}, true},
        {{"a 0", "-b"}, true},
        {{"a 0 dnd"}, true},
        {{"a 0 away", "b 0 xa"}, true},
        {{"a -1 chat"}, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rig *r = *state;
        size_t before;
        bool waits;

        if (i > 0) {
            (void)teardown(state);
            (void)setup(state);
            r = *state;
        }
        subscribe(r);
        rig_follow(r, alice(r)->no, rig_person(r, true));
        for (size_t k = 0; k < 5 && cases[i].steps[k] != NULL; k++) {
            const char *s = cases[i].steps[k];
            bool goes = *s == '-';
            char name[2] = {goes ? s[1] : s[0], '\0'}, *show = NULL;
            struct presence_in p = in(goes ? "unavailable" : NULL, *name == '\0' ? NULL : name);

            if (!goes)
                p.priority = (signed char)strtol(s + 2, &show, 10);
            if (show != NULL && *show == ' ')
                p.show = show + 1;
            hear_in(r, &p);
            rig_settle(r);
        }
        if ((alice(r)->held == 0) != cases[i].here)
            fail_msg("case %zu: held %x", i, alice(r)->held);
        /* What is written now comes now, or at her first client that can take it. */
        before = r->n_got;
        (void)rig_post(r, alice(r)->no + 1, 0, 0, 0);
        rig_settle(r);
        waits = r->n_got == before;
        assert_true(waits != cases[i].here);
        hear(r, NULL, "z");
        rig_settle(r);
        assert_int_equal(r->n_got, before + 1);
        assert_int_equal(alice(r)->held, 0);
    }
}

static void who_does_not_share_is_never_away(void **state)
{
    struct rig *r = *state;

    hear(r, "subscribe", NULL);
    hear(r, NULL, "desk");
    hear(r, "unavailable", "desk");
    assert_int_equal(alice(r)->held, 0);
}

/* Away, and then they take their presence back: nobody would ever see them return. */
static void unsubscribed_while_away(void **state)
{
    struct rig *r = *state;

    subscribe(r);
    hear(r, NULL, "desk");
    hear(r, "unavailable", "desk");
    assert_int_not_equal(alice(r)->held, 0);
    hear(r, "unsubscribe", NULL);
    told(r, TO_ALICE " type='unsubscribed'/>" TO_ALICE " type='unavailable'/>");
    assert_true(alice(r)->shares);
    hear(r, "unsubscribed", NULL);
    rig_settle(r);
    told(r, TO_ALICE " type='unsubscribe'/>");
    assert_false(alice(r)->shares);
    assert_int_equal(alice(r)->held, 0);
}

static void probe_is_answered(void **state)
{
    struct rig *r = *state;

    subscribe(r);
    hear(r, "probe", "it's");
    told(r, "<presence from='" RIG_BOT "' to='" ALICE "/it&apos;s'/>");
}

static void photo(void **state)
{
    struct rig *r = *state;
    struct presence_in p = in(NULL, "desk");

    subscribe(r);
    hear_in(r, &p); /* says nothing about photos */
    assert_int_equal(r->wanted, 0);
    p.photo_hash = "0123456789abcdef0123456789abcdef01234567";
    hear_in(r, &p);
    hear_in(r, &p);
    assert_int_equal(r->wanted, 1);
    p.photo_hash = ""; /* has none any more */
    hear_in(r, &p);
    assert_int_equal(r->wanted, 2);
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;

    for (const char *p = text; (p = strstr(p, part)) != NULL; p++)
        n++;
    return n;
}

/* 700 who share and 5 who do not: 200 at a time, each when the server has worked on those before and 50 ms have passed, then
 * the pump is told. */
static void probes_are_paced(void **state)
{
    struct rig *r = *state;

    for (int i = 0; i < 705; i++)
        (void)rig_person(r, i < 700);
    rig_down(r);
    rig_up(r, false);
    rig_wire(r, SIZE_MAX);
    rig_fences(r, SIZE_MAX);
    presence_link_up(r->presence, r->mono);
    assert_int_equal(presence_deadline(r->presence), r->mono);
    presence_run(r->presence, r->mono);
    presence_run(r->presence, r->mono);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(count(r->presences, "type='probe'"), 200);
    assert_int_equal(count(r->presences, "<presence"), 400);
    assert_int_equal(r->n_fences, 1);
    assert_int_equal(presence_deadline(r->presence), r->mono + PRESENCE_FENCE_MS);
    rig_pass(r, 10 * PRESENCE_PAUSE_MS);
    presence_run(r->presence, r->mono); /* a slow server */
    assert_int_equal(r->out.len, 0);
    rig_fences(r, 1);
    assert_true(presence_deadline(r->presence) <= r->mono);
    r->unsent = 1 << 20; /* TCP takes nothing */
    presence_run(r->presence, r->mono);
    assert_int_equal(r->out.len, 0);
    assert_int_equal(presence_deadline(r->presence), r->mono + PRESENCE_PAUSE_MS);
    r->unsent = 0;
    rig_pass(r, PRESENCE_PAUSE_MS);
    presence_run(r->presence, r->mono);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(count(r->presences, "type='probe'"), 400);
    rig_fences(r, 1);
    assert_int_equal(presence_deadline(r->presence), r->mono + PRESENCE_PAUSE_MS); /* a fast one */
    rig_pass(r, PRESENCE_PAUSE_MS);
    presence_run(r->presence, r->mono);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(count(r->presences, "type='probe'"), 600);
    rig_pass(r, PRESENCE_FENCE_MS); /* the answer got lost */
    presence_run(r->presence, r->mono);
    rig_wire(r, SIZE_MAX);
    assert_int_equal(count(r->presences, "type='probe'"), 700);
    assert_int_equal(presence_deadline(r->presence), r->mono + PRESENCE_SILENT_MS);
    assert_int_equal(r->n_fences, 2); /* the lost one, and that behind the probes */
    assert_false(presence_fence(r->presence, "f-1"));
    assert_false(presence_fence(r->presence, ""));
}

/* Behind the probes, who shares and was not heard of is asked to subscribe; who answered, and who does not share, is not. On
 * the next stream not before the hour is over. */
static void the_silent_are_asked(void **state)
{
    struct rig *r = *state;
    int64_t there = rig_person(r, true), silent = rig_person(r, true), other = rig_person(r, false);
    int64_t first;

    for (int stream = 1; stream <= 2; stream++) {
        rig_down(r);
        rig_up(r, false);
        presence_link_up(r->presence, r->mono);
        presence_run(r->presence, r->mono);
        (void)peer_resource_put(rig_peer(r, there), "r", 0, "");
        rig_wire(r, SIZE_MAX);
        assert_int_equal(count(r->presences, "type='subscribe'"), stream - 1);
        first = presence_deadline(r->presence);
        if (stream == 1)
            assert_int_equal(first, r->mono + PRESENCE_SILENT_MS);
        else
            assert_true(first > r->mono + PRESENCE_REQUEST_MS - MINUTE &&
                        first <= r->mono + PRESENCE_REQUEST_MS);
        rig_pass(r, first - r->mono);
        presence_run(r->presence, r->mono);
        rig_wire(r, SIZE_MAX);
        assert_int_equal(count(r->presences, "type='subscribe'"), stream);
        assert_int_equal(count(r->presences, rig_peer(r, other)->jid), 0);
        assert_int_equal(presence_deadline(r->presence), -1);
    }
    assert_non_null(strstr(r->presences, rig_peer(r, silent)->jid));
}

static void goodbye(void **state)
{
    struct rig *r = *state;

    for (int i = 0; i < 30; i++)
        (void)rig_person(r, i < 20);
    presence_link_up(r->presence, r->mono);
    r->unsent = 1 << 20;
    assert_false(presence_goodbye(r->presence));
    r->unsent = 0;
    assert_true(presence_goodbye(r->presence));
    rig_wire(r, SIZE_MAX);
    assert_int_equal(count(r->presences, "type='unavailable'"), 20);
    presence_link_down(r->presence);
    assert_true(presence_goodbye(r->presence));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {T(subscription),
                                       T(unasked),
                                       T(answers_come_from_where_was_asked),
                                       T(undone_subscription),
                                       T(coming_and_going),
                                       T(priorities),
                                       T(who_does_not_share_is_never_away),
                                       T(unsubscribed_while_away),
                                       T(probe_is_answered),
                                       T(photo),
                                       T(probes_are_paced),
                                       T(the_silent_are_asked),
                                       T(goodbye)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
