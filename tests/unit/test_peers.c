/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bridge/peers.h"

static struct person person(int64_t no, const char *jid)
{
    return (struct person){.no = no, .jid = jid, .lang = "", .on = true, .photo_hash = ""};
}

static void put_and_find(void **state)
{
    struct peers *ps = peers_new(LANG_KO);
    struct person a = person(1, "alice@corp.example");
    struct peer *p = peers_put(ps, &a);

    (void)state;
    assert_ptr_equal(peers_by_no(ps, 1), p);
    assert_ptr_equal(peers_by_jid(ps, "alice@corp.example"), p);
    assert_null(peers_by_jid(ps, "Alice@corp.example"));
    assert_null(peers_by_no(ps, 2));
    assert_null(peers_by_no(ps, 0));
    assert_null(peers_by_no(ps, -1));
    assert_null(peers_by_no(ps, INT64_MAX));
    assert_int_equal(p->lang, LANG_KO);
    assert_true(p->on);
    assert_false(p->shares || p->known || p->retired || p->bounced);
    assert_int_equal(p->held, 0);
    a.lang = "en";
    a.on = false;
    a.shares = true;
    assert_ptr_equal(peers_put(ps, &a), p);
    assert_int_equal(p->lang, LANG_EN);
    assert_true(!p->on && p->shares);
    a.state = PERSON_SUSPENDED;
    (void)peers_put(ps, &a);
    assert_true(p->retired);
    assert_ptr_equal(peers_by_jid(ps, a.jid), p);
    peers_free(ps);
    peers_free(NULL);
}

/* A JID once retired and given to someone else is a new person. */
static void address_given_to_another(void **state)
{
    struct peers *ps = peers_new(LANG_EN);
    struct person a = person(1, "kim@corp.example"), b = person(2, "kim@corp.example");
    struct peer *old = peers_put(ps, &a), *new;

    (void)state;
    a.state = PERSON_RETIRED;
    (void)peers_put(ps, &a);
    assert_null(peers_by_jid(ps, a.jid));
    new = peers_put(ps, &b);
    assert_ptr_equal(peers_by_jid(ps, b.jid), new);
    (void)peers_put(ps, &a);
    assert_ptr_equal(peers_by_jid(ps, b.jid), new);
    assert_ptr_equal(peers_by_no(ps, 1), old);
    b = person(3, "kim@corp.example"); /* nobody told us that the second was retired */
    new = peers_put(ps, &b);
    assert_ptr_equal(peers_by_jid(ps, b.jid), new);
    assert_true(peers_by_no(ps, 2)->retired);
    peers_free(ps);
}

static void many(void **state)
{
    struct peers *ps = peers_new(LANG_EN);
    size_t each = 0, n = 0;
    char jid[64];
    struct peer *p;

    (void)state;
    for (int64_t no = 1; no <= 100000; no++) {
        struct person a = person(no, jid);

        (void)snprintf(jid, sizeof jid, "p%lld@corp.example", (long long)no);
        (void)peers_put(ps, &a);
    }
    for (int64_t no = 1; no <= 100000; no += 2) { /* gaps close */
        struct person a = person(no, jid);

        (void)snprintf(jid, sizeof jid, "p%lld@corp.example", (long long)no);
        a.state = PERSON_RETIRED;
        (void)peers_put(ps, &a);
    }
    for (int64_t no = 1; no <= 100000; no++) {
        (void)snprintf(jid, sizeof jid, "p%lld@corp.example", (long long)no);
        p = peers_by_jid(ps, jid);
        if (no % 2 == 1)
            assert_null(p);
        else
            assert_int_equal(p->no, no);
        assert_string_equal(peers_by_no(ps, no)->jid, jid);
    }
    while ((p = peers_each(ps, &each)) != NULL)
        n++;
    assert_int_equal(n, 100000);
    assert_int_equal(peers_count(ps), 100000);
    assert_true(sizeof(struct peer) <= 96); /* 100,000 of them: below 10 MB */
    peers_free(ps);
}

static void resources(void **state)
{
    struct peers *ps = peers_new(LANG_EN);
    struct person a = person(1, "alice@corp.example");
    struct peer *p = peers_put(ps, &a);
    char name[16];

    (void)state;
    assert_false(peer_reachable(p));
    assert_true(peer_resource_put(p, "phone", -1, "away"));
    assert_false(peer_reachable(p));
    assert_true(peer_resource_put(p, "desk", 5, NULL));
    assert_true(peer_reachable(p));
    assert_true(peer_resource_put(p, "desk", -5, "dnd"));
    assert_false(peer_reachable(p));
    assert_string_equal(p->resources->next->show, "dnd");
    assert_true(peer_resource_put(p, "desk", 1000, "xa"));
    assert_int_equal(p->resources->next->priority, 127);
    peer_resource_remove(p, "nothing");
    peer_resource_remove(p, "phone");
    assert_string_equal(p->resources->name, "desk");
    for (int i = 0; i < PEER_RESOURCES - 1; i++) {
        (void)snprintf(name, sizeof name, "r%d", i);
        assert_true(peer_resource_put(p, name, 0, ""));
    }
    assert_false(peer_resource_put(p, "one too many", 0, ""));
    assert_true(peer_resource_put(p, "r7", -3, "")); /* a known one still changes */
    p->known = true;
    peers_forget(ps);
    assert_null(p->resources);
    assert_false(p->known);
    peers_free(ps);
}

static void photo_key(void **state)
{
    (void)state;
    assert_int_equal(peer_photo_key(""), 0);
    assert_int_equal(peer_photo_key("0123456789abcde"), 0);
    assert_int_equal(peer_photo_key("0123456789abcdeg"), 0);
    assert_true(peer_photo_key("0123456789abcdef") == 0x0123456789abcdefu);
    assert_true(peer_photo_key("0123456789ABCDEF0000") == 0x0123456789abcdefu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_and_find), cmocka_unit_test(address_given_to_another),
        cmocka_unit_test(many), cmocka_unit_test(resources), cmocka_unit_test(photo_key)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
