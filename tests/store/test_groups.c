/* SPDX-License-Identifier: MIT */
/* Groups: names that resolve for each viewer, kinds, members, owners, pins; and who is owed what is written there. */
#include "tests/store/common.h"

#include "base/limits.h"

static int64_t alice, bob, carol, dave;

static int setup(void **state)
{
    int rc = store_setup(state);

    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    dave = person("dave");
    return rc;
}

static enum err make(int64_t owner, const char *name, enum group_kind kind, int64_t *no)
{
    const struct new_group g = {.key = name,
                                .shown = name,
                                .purpose = "for tests",
                                .kind = kind,
                                .owner = owner,
                                .at = 1000};

    return store_group_add(st, &g, no);
}

static int64_t made(int64_t owner, const char *name, enum group_kind kind)
{
    int64_t no = 0;

    MUST(make(owner, name, kind, &no));
    return no;
}

static struct group found(const char *name, int64_t viewer)
{
    struct group g = {0};

    MUST(store_group_find(st, name, viewer, ar, &g));
    return g;
}

static void unknown(const char *name, int64_t viewer)
{
    struct group g;

    GIVES(E_NOTFOUND, store_group_find(st, name, viewer, ar, &g));
}

static int64_t write_in(int64_t author, int64_t group, const char *text, int64_t named)
{
    struct added added;

    MUST(store_post_add(st,
                        &(struct new_post){.author = author,
                                           .at = 2000,
                                           .text = text,
                                           .group = group,
                                           .named = &named,
                                           .n_named = named != 0},
                        &added));
    return added.post;
}

static bool sees(int64_t who, int64_t post)
{
    struct post p;
    enum err e = store_post_get(st, post, who, ar, &p);

    assert_true(e == OK || e == E_NOTFOUND);
    return e == OK;
}

static bool is_owed(int64_t who, int64_t post, enum event_class *class)
{
    struct event e;
    int64_t no;
    int first;
    enum err err;

    MUST(store_event_find(st, EVENT_POST, post, 0, &no));
    MUST(store_event_get(st, no, &e));
    err = store_owed_one(st, &e, who, class, &first);
    assert_true(err == OK || err == E_NOTFOUND);
    return err == OK;
}

/* ---- names --------------------------------------------------------------------------------------- */

static void test_make_and_find(void **state)
{
    int64_t no = made(alice, "design", GROUP_OPEN), other;
    struct group g;

    (void)state;
    g = found("design", bob);
    assert_int_equal(g.no, no);
    assert_string_equal(g.name, "design");
    assert_string_equal(g.label, "!design");
    assert_string_equal(g.purpose, "for tests");
    assert_int_equal(g.members, 1);
    assert_false(g.member || g.owner || g.ended);
    g = found("design", alice);
    assert_true(g.member && g.owner);
    unknown("desing", alice);
    unknown("", alice);
    GIVES(E_EXISTS, make(bob, "design", GROUP_OPEN, &other));
    GIVES(E_EXISTS, make(bob, "design", GROUP_SECRET, &other)); /* it would be seen twice */
    MUST(store_group_get(st, no, bob, ar, &g));
    GIVES(E_NOTFOUND, store_group_get(st, no + 1, bob, ar, &g));
}

/* A name is no proof: whoever makes a group of a secret one's name does not notice. */
static void test_secret_names(void **state)
{
    int64_t first = made(alice, "merger", GROUP_SECRET), second, third, other;
    struct group g;

    (void)state;
    unknown("merger", bob);
    GIVES(E_NOTFOUND, store_group_get(st, first, bob, ar, &g));
    GIVES(E_EXISTS, make(alice, "merger", GROUP_OPEN, &other)); /* she knows of it */
    second = made(bob, "merger", GROUP_SECRET);
    third = made(carol, "merger", GROUP_OPEN);
    assert_int_equal(found("merger", dave).no, third);
    unknown("merger_2", dave);
    assert_int_equal(found("merger", alice).no, first); /* one's own first */
    g = found("merger_2", alice);
    assert_int_equal(g.no, third);
    assert_string_equal(g.label, "!merger_2");
    unknown("merger_3", alice);
    MUST(store_member_add(st, second, alice, 1000));
    assert_int_equal(found("merger", alice).no, first);
    assert_int_equal(found("merger_2", alice).no, second);
    assert_string_equal(found("merger_3", alice).label, "!merger_3");
    assert_int_equal(found("merger_3", alice).no, third);
    assert_int_equal(found("merger", bob).no, second); /* each counts their own */
    assert_int_equal(found("merger_2", bob).no, third);
    unknown("merger_4", alice);
    unknown("merger_02", alice);
    unknown("merger_1", alice);
    /* Neither can be listed beside the third. */
    GIVES(E_EXISTS, store_group_set_kind(st, first, GROUP_CLOSED));
    MUST(store_group_set_kind(st, third, GROUP_SECRET));
    MUST(store_group_set_kind(st, first, GROUP_CLOSED));
    assert_int_equal(found("merger", dave).no, first);
}

static void test_near_and_pages(void **state)
{
    struct group *near, *page;
    size_t n;
    bool more;

    (void)state;
    (void)made(alice, "design", GROUP_OPEN);
    (void)made(alice, "desire", GROUP_SECRET);
    (void)made(alice, "books", GROUP_CLOSED);
    (void)made(bob, "chess", GROUP_OPEN);
    MUST(store_groups_near(st, "desihn", bob, 3, ar, &near, &n));
    assert_int_equal(n, 1);
    assert_string_equal(near[0].label, "!design");
    MUST(store_groups_near(st, "desihn", alice, 3, ar, &near, &n));
    assert_int_equal(n, 2);
    MUST(store_groups_near(st, "zzz", alice, 3, ar, &near, &n));
    assert_int_equal(n, 0);

    MUST(store_groups_page(st, alice, true, "", 0, 2, ar, &page, &n, &more));
    assert_int_equal(n, 2);
    assert_true(more);
    assert_string_equal(page[0].name, "books");
    assert_string_equal(page[1].name, "design");
    MUST(store_groups_page(st, alice, true, "design", page[1].no, 2, ar, &page, &n, &more));
    assert_int_equal(n, 1);
    assert_false(more);
    assert_string_equal(page[0].name, "desire");
    MUST(store_groups_page(st, alice, false, "", 0, 2, ar, &page, &n, &more));
    assert_int_equal(n, 1);
    assert_string_equal(page[0].name, "chess");
    MUST(store_groups_page(st, dave, false, "books", 0, 1, ar, &page, &n, &more));
    assert_true(n == 1 && more);
    MUST(store_groups_page(st, dave, true, "", 0, 2, ar, &page, &n, &more));
    assert_true(n == 0 && !more);
}

/* ---- members and owners -------------------------------------------------------------------------- */

static void test_members(void **state)
{
    int64_t no = made(alice, "design", GROUP_CLOSED);
    struct people owners;

    (void)state;
    MUST(store_member_add(st, no, bob, 1000));
    GIVES(E_EXISTS, store_member_add(st, no, bob, 1000));
    GIVES(E_NOTFOUND, store_member_add(st, no, 99, 1000));
    assert_int_equal(found("design", dave).members, 2);
    GIVES(E_NOTFOUND, store_owner_add(st, no, carol));
    MUST(store_owner_add(st, no, bob));
    GIVES(E_EXISTS, store_owner_add(st, no, bob));
    MUST(store_owners(st, no, 10, ar, &owners));
    assert_int_equal(owners.n, 2);
    MUST(store_member_remove(st, no, alice));
    GIVES(E_NOTFOUND, store_member_remove(st, no, alice));
    GIVES(E_DENIED, store_member_remove(st, no, bob)); /* the last one */
    MUST(store_group_close(st, no));
    GIVES(E_EXISTS, store_group_close(st, no));
    GIVES(E_DENIED, store_member_add(st, no, carol, 1000));
    MUST(store_member_remove(st, no, bob));
    assert_int_equal(found("design", dave).members, 0);
    assert_true(found("design", dave).ended);
}

/* An owner who retires leaves a group to whoever is in it longest. */
static void test_owner_retires(void **state)
{
    int64_t no = made(alice, "design", GROUP_OPEN), alone = made(alice, "alone", GROUP_OPEN);

    (void)state;
    MUST(store_member_add(st, no, carol, 1000));
    (void)write_in(alice, no, "between", 0);
    MUST(store_member_add(st, no, bob, 1000));
    MUST(store_person_set_state(st, alice, PERSON_RETIRED));
    assert_true(found("design", carol).owner);
    assert_false(found("design", bob).owner);
    assert_int_equal(found("design", bob).members, 2);
    assert_true(found("alone", bob).ended);
    assert_int_equal(found("alone", bob).no, alone);
}

/* A group of the whole company is not counted to the last one; nor is one kept that could not be made. */
static void test_limits(void **state)
{
    int64_t no = made(alice, "design", GROUP_OPEN), other;
    struct added added;

    (void)state;
    for (int i = 0; i < 1200; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        MUST(store_member_add(st, no, person(nick), 1000));
        if (i == 999) {
            MUST(store_post_add(
                st, &(struct new_post){.author = alice, .at = 2000, .text = "x", .group = no},
                &added));
            assert_true(added.reach == 1000 && !added.about);
        }
    }
    MUST(store_post_add(
        st, &(struct new_post){.author = alice, .at = 2000, .text = "x", .group = no}, &added));
    assert_true(added.reach == 1201 && added.about);
    for (int64_t i = 1; i <= LIMIT_EDGES_PER_PERSON; i++) {
        MUST(store_edge_open(st, EDGE_MUTE_TAG, bob, i, 0, 0, 1000));
    }
    GIVES(E_LIMIT, make(bob, "books", GROUP_OPEN, &other));
    unknown("books", alice);
    GIVES(E_LIMIT, store_member_add(st, no, bob, 1000));
}

static void test_asking(void **state)
{
    int64_t no = made(alice, "design", GROUP_CLOSED);

    (void)state;
    MUST(store_ask_add(st, no, bob, 1000));
    GIVES(E_EXISTS, store_ask_add(st, no, bob, 1000 + DAY - 1));
    MUST(store_ask_add(st, no, bob, 1000 + DAY));
    MUST(store_member_add(st, no, bob, 1000 + DAY));
    MUST(store_member_remove(st, no, bob));
    MUST(store_ask_add(st, no, bob, 1001 + DAY)); /* the former is settled */
}

static void test_purpose(void **state)
{
    int64_t no = made(alice, "design", GROUP_OPEN);

    (void)state;
    MUST(store_group_set_purpose(st, no, "shapes"));
    assert_string_equal(found("design", bob).purpose, "shapes");
    GIVES(E_NOTFOUND, store_group_set_purpose(st, no + 1, "shapes"));
}

/* ---- what is written ----------------------------------------------------------------------------- */

static void test_who_reads(void **state)
{
    int64_t no = made(alice, "design", GROUP_CLOSED), before, after;
    struct items items;
    struct added added;

    (void)state;
    MUST(store_member_add(st, no, bob, 1000));
    before = write_in(alice, no, "closed", 0);
    assert_true(sees(bob, before));
    assert_false(sees(carol, before));
    MUST(store_group_set_kind(st, no, GROUP_OPEN));
    after = write_in(alice, no, "open", 0);
    assert_true(sees(carol, after));
    assert_false(sees(carol, before)); /* what was written before stays for members */
    MUST(store_list(st, LIST_GROUP, carol, no, 0, 10, ar, &items));
    assert_int_equal(items.n, 1);
    MUST(store_list(st, LIST_GROUP, bob, no, 0, 10, ar, &items));
    assert_int_equal(items.n, 2);
    assert_string_equal(items.at[0].post.group_name, "design");
    GIVES(E_NOTFOUND,
          store_post_add(
              st,
              &(struct new_post){.author = carol, .at = 2000, .text = "let me in", .parent = after},
              &added));
    GIVES(E_NOTFOUND,
          store_post_add(st,
                         &(struct new_post){.author = carol, .at = 2000, .text = "x", .group = no},
                         &added));
    MUST(store_group_set_kind(st, no, GROUP_OPEN)); /* it is: nothing changes */
    assert_true(sees(carol, after));
    MUST(store_group_set_kind(st, no, GROUP_SECRET));
    assert_false(sees(carol, after));
    MUST(store_list(st, LIST_GROUP, carol, no, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
    MUST(store_group_close(st, no));
    GIVES(E_DENIED,
          store_post_add(
              st, &(struct new_post){.author = bob, .at = 2000, .text = "x", .group = no}, &added));
}

/* In an open group a mention reaches others too; what members get goes to members. */
static void test_who_is_owed(void **state)
{
    int64_t open = made(alice, "design", GROUP_OPEN), closed = made(alice, "books", GROUP_CLOSED);
    int64_t in_open, in_closed, people[10];
    enum event_class class;
    struct added added;
    int64_t event;

    (void)state;
    MUST(store_member_add(st, open, bob, 1000));
    MUST(store_member_add(st, closed, bob, 1000));
    follow(dave, alice); /* is no way into a group */
    in_open = write_in(alice, open, "@carol", carol);
    in_closed = write_in(alice, closed, "@carol", carol);
    assert_true(is_owed(carol, in_open, &class));
    assert_int_equal(class, CLASS_MENTION);
    assert_true(is_owed(bob, in_open, &class));
    assert_int_equal(class, CLASS_BULK);
    assert_false(is_owed(dave, in_open, &class));
    assert_false(is_owed(carol, in_closed, &class));
    assert_true(is_owed(bob, in_closed, &class));
    MUST(store_event_find(st, EVENT_POST, in_open, 0, &event));
    assert_int_equal(audience(event, CLASS_MENTION, 3, people, 10), 1);
    assert_int_equal(people[0], carol);
    assert_int_equal(audience(event, CLASS_BULK, 3, people, 10), 1);
    assert_int_equal(people[0], bob);
    MUST(store_post_add(st,
                        &(struct new_post){.author = alice,
                                           .at = 2000,
                                           .text = "@carol @bob",
                                           .group = open,
                                           .named = (int64_t[]){carol, bob},
                                           .n_named = 2},
                        &added));
    assert_int_equal(added.reach, 2);
    MUST(store_group_set_kind(st, open, GROUP_CLOSED));
    assert_false(is_owed(carol, in_open, &class)); /* forbidden by now */
    assert_true(is_owed(bob, in_open, &class));
    MUST(store_member_remove(st, open, bob));
    assert_false(is_owed(bob, in_open, &class));
}

/* Who left sees what they wrote, to take it back, and not what became of it. */
static void test_left(void **state)
{
    int64_t no = made(alice, "design", GROUP_CLOSED), p, q;
    struct news *news;
    struct post got;
    struct items items;
    size_t n;
    int64_t next;

    (void)state;
    MUST(store_member_add(st, no, bob, 1000));
    p = write_in(bob, no, "mine", 0);
    MUST(store_like_add(st, p, alice, 2001));
    (void)reply(alice, p, 2002, "an answer");
    MUST(store_post_get(st, p, bob, ar, &got));
    assert_true(got.likes == 1 && got.replies == 1 && !got.outside);
    MUST(store_edge_open(st, EDGE_MUTE_GROUP, bob, no, 0, 0, 2003));
    MUST(store_member_remove(st, no, bob));
    GIVES(E_NOTFOUND, store_edge_get(st, EDGE_MUTE_GROUP, bob, no, 2004, &(struct edge){0}));
    MUST(store_post_get(st, p, bob, ar, &got));
    assert_true(got.likes == 0 && got.replies == 0 && got.outside);
    MUST(store_news_take(st, 9000000, ar, &news, &n, &next));
    assert_int_equal(n, 0);
    MUST(store_list(st, LIST_AUTHOR, bob, bob, 0, 10, ar, &items));
    assert_int_equal(items.n, 1);
    MUST(store_list(st, LIST_AUTHOR, alice, bob, 0, 10, ar, &items));
    assert_int_equal(items.n, 1); /* her group still has it */
    MUST(store_list(st, LIST_AUTHOR, carol, bob, 0, 10, ar, &items));
    assert_int_equal(items.n, 0);
    q = post(bob, 2005, "public");
    MUST(store_post_newest(st, bob, carol, &p));
    assert_int_equal(p, q);
    MUST(store_post_delete(st, q, 2006, &(struct added){0}));
    GIVES(E_NOTFOUND, store_post_newest(st, bob, carol, &p));
    MUST(store_post_newest(st, bob, alice, &p));
}

static void test_becoming_secret_leaves_no_trace(void **state)
{
    int64_t no = made(alice, "design", GROUP_OPEN);
    struct edges edges;

    (void)state;
    MUST(store_member_add(st, no, bob, 1000));
    MUST(store_edge_open(st, EDGE_MUTE_GROUP, carol, no, 0, 0, 1000));
    MUST(store_edge_open(st, EDGE_MUTE_GROUP, bob, no, 0, 0, 1000));
    MUST(store_edges_of(st, carol, 1u << EDGE_MUTE_GROUP, 0, 0, 1000, 10, ar, &edges));
    assert_string_equal(edges.at[0].label, "!design");
    MUST(store_group_set_kind(st, no, GROUP_SECRET));
    MUST(store_edges_of(st, carol, 1u << EDGE_MUTE_GROUP, 0, 0, 1000, 10, ar, &edges));
    assert_int_equal(edges.n, 0);
    MUST(store_edges_of(st, bob, 1u << EDGE_MUTE_GROUP | 1u << EDGE_MEMBER, 0, 0, 1000, 10, ar,
                        &edges));
    assert_int_equal(edges.n, 2);
}

static void test_pins(void **state)
{
    int64_t no = made(alice, "design", GROUP_OPEN), p[LIMIT_PINS + 1];
    struct post *posts;
    size_t n;

    (void)state;
    for (int i = 0; i <= LIMIT_PINS; i++) {
        p[i] = write_in(alice, no, "x", 0);
    }
    GIVES(E_NOTFOUND, store_group_pin_add(st, no, post(alice, 1, "public"), 3000));
    GIVES(E_NOTFOUND, store_group_pin_add(st, no, 99, 3000));
    for (int i = 0; i < LIMIT_PINS; i++) {
        MUST(store_group_pin_add(st, no, p[i], 3000));
    }
    GIVES(E_EXISTS, store_group_pin_add(st, no, p[0], 3000));
    GIVES(E_LIMIT, store_group_pin_add(st, no, p[LIMIT_PINS], 3000));
    MUST(store_group_pins(st, no, bob, ar, &posts, &n));
    assert_int_equal(n, LIMIT_PINS);
    MUST(store_group_set_kind(st, no, GROUP_CLOSED));
    MUST(store_group_pins(st, no, bob, ar, &posts, &n));
    assert_int_equal(n, 0);
    MUST(store_group_pin_remove(st, no, p[0]));
    GIVES(E_NOTFOUND, store_group_pin_remove(st, no, p[0]));
    MUST(store_post_delete(st, p[1], 3001, &(struct added){0}));
    GIVES(E_NOTFOUND, store_group_pin_remove(st, no, p[1]));
    MUST(store_group_pins(st, no, alice, ar, &posts, &n));
    assert_int_equal(n, LIMIT_PINS - 2);
}

/* An owner ends conversations of others. */
static void test_end(void **state)
{
    int64_t no = made(alice, "design", GROUP_OPEN), p;

    (void)state;
    MUST(store_member_add(st, no, bob, 1000));
    p = write_in(bob, no, "talk", 0);
    GIVES(E_DENIED, store_end_add(st, p, carol, 3000));
    MUST(store_end_add(st, p, alice, 3000));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_make_and_find),  TEST(test_secret_names),
        TEST(test_near_and_pages), TEST(test_members),
        TEST(test_owner_retires),  TEST(test_limits),
        TEST(test_asking),         TEST(test_purpose),
        TEST(test_who_reads),      TEST(test_who_is_owed),
        TEST(test_left),           TEST(test_becoming_secret_leaves_no_trace),
        TEST(test_pins),           TEST(test_end),
    };

    return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
