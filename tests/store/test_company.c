/* SPDX-License-Identifier: MIT */
/* Figures, invitations, reminders: db/store_company.h. */
#include <sqlite3.h>

#include "base/clock.h"
#include "base/limits.h"
#include "db/sqlite/internal.h"
#include "tests/store/common.h"

#define STEP 12 /* the migration that made these tables */
#define WEEK (7 * DAY)
/* A Wednesday, noon in UTC: the tests run in UTC. */
#define NOW 1795608000000LL

static struct company_figures figures(int64_t now)
{
    struct company_figures f;

    MUST(store_company(st, now, &f));
    return f;
}

static void test_periods(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), gone;
    struct company_figures f = figures(NOW);

    (void)state;
    assert_int_equal(f.people, 2);
    assert_int_equal(f.posts, 0);
    assert_int_equal(f.weeks[0].posts, 0);
    (void)post(alice, NOW - WEEK, "last week");
    (void)post(alice, NOW - DAY, "yesterday");
    (void)post(alice, NOW, "one");
    gone = post(alice, NOW, "two");
    (void)reply(bob, gone, NOW + 1, "three");
    (void)private_to(alice, bob, NOW, "not told");
    f = figures(NOW);
    assert_int_equal(f.posts, 5);
    assert_int_equal(f.days[0].posts, 3);
    assert_int_equal(f.days[0].authors, 2);
    assert_int_equal(f.days[1].posts, 1);
    assert_int_equal(f.days[1].authors, 1);
    assert_int_equal(f.weeks[0].posts, 4);
    assert_int_equal(f.weeks[0].authors, 2);
    assert_int_equal(f.weeks[1].posts, 1);
    assert_int_equal(f.weeks[1].authors, 1);
    MUST(store_post_delete(st, gone, NOW + 2, &(struct added){0}));
    f = figures(NOW + DAY);
    assert_int_equal(f.posts, 4);
    assert_int_equal(f.days[0].posts, 0);
    assert_int_equal(f.days[1].posts, 2);
    assert_int_equal(f.days[1].authors, 2);
    MUST(store_person_set_state(st, bob, PERSON_SUSPENDED));
    assert_int_equal(figures(NOW).people, 1);
    (void)person("carol"); /* in 1970 */
    assert_int_equal(figures(1000).weeks[0].joined, 3);
    assert_int_equal(figures(NOW).weeks[0].joined, 0);
}

/* A week begins on Monday, a day at midnight. */
static void test_borders(void **state)
{
    int64_t alice = person("alice"), monday = NOW - NOW % DAY - 2 * DAY;

    (void)state;
    (void)post(alice, monday - 1, "Sunday");
    (void)post(alice, monday, "Monday");
    assert_int_equal(figures(NOW).weeks[0].posts, 1);
    assert_int_equal(figures(NOW).weeks[1].posts, 1);
    assert_int_equal(figures(monday).days[0].posts, 1);
    assert_int_equal(figures(monday).days[1].posts, 1);
}

static void test_liked(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol");
    int64_t old = post(alice, NOW - 2 * WEEK, "old"), last = post(alice, NOW - WEEK, "last week");
    int64_t one = post(alice, NOW, "one"), two = post(alice, NOW, "two");
    int64_t secret = private_to(alice, bob, NOW, "secret");
    struct post *posts;
    size_t n;

    (void)state;
    MUST(store_company_liked(st, NOW, carol, 3, ar, &posts, &n));
    assert_int_equal(n, 0);
    MUST(store_like_add(st, old, bob, NOW));
    MUST(store_like_add(st, last, bob, NOW));
    MUST(store_like_add(st, secret, bob, NOW));
    MUST(store_like_add(st, one, bob, NOW));
    MUST(store_like_add(st, two, bob, NOW));
    MUST(store_like_add(st, two, carol, NOW));
    MUST(store_company_liked(st, NOW, carol, 3, ar, &posts, &n));
    assert_int_equal(n, 2);
    assert_int_equal(posts[0].no, two);
    assert_int_equal(posts[0].likes, 2);
    assert_int_equal(posts[1].no, one);
    MUST(store_company_liked(st, NOW, carol, 1, ar, &posts, &n));
    assert_int_equal(n, 1);
    MUST(store_like_remove(st, two, bob));
    MUST(store_like_remove(st, two, carol));
    MUST(store_company_liked(st, NOW, carol, 3, ar, &posts, &n));
    assert_int_equal(n, 1);
    MUST(store_edge_open(st, EDGE_BLOCK, alice, carol, 0, 0, NOW));
    MUST(store_company_liked(st, NOW, carol, 3, ar, &posts, &n));
    assert_int_equal(n, 0);
    MUST(store_company_liked(st, NOW, bob, 3, ar, &posts, &n));
    assert_int_equal(n, 1);
    MUST(store_post_delete(st, one, NOW, &(struct added){0}));
    MUST(store_company_liked(st, NOW, bob, 3, ar, &posts, &n));
    assert_int_equal(n, 0);
    /* Two weeks on nothing is left of it. */
    idle(NOW + 2 * WEEK);
    MUST(store_company_liked(st, NOW - WEEK, bob, 3, ar, &posts, &n));
    assert_int_equal(n, 0);
}

static void test_busy(void **state)
{
    int64_t alice = person("alice");
    struct tag tags[2] = {{0, "lunch", "Lunch"}, {0, "launch", "launch"}};
    struct tag_use *busy;
    size_t n;

    (void)state;
    MUST(store_tags_busy(st, NOW, 5, ar, &busy, &n));
    assert_int_equal(n, 0);
    for (int i = 0; i < 3; i++) {
        MUST(store_post_add(
            st,
            &(struct new_post){
                .author = alice, .at = NOW, .text = "x", .tags = tags, .n_tags = i == 0 ? 2 : 1},
            &(struct added){0}));
    }
    MUST(store_tags_busy(st, NOW, 5, ar, &busy, &n));
    assert_int_equal(n, 2);
    assert_int_equal(busy[0].uses, 3);
    assert_int_equal(busy[1].uses, 1);
    assert_string_equal(busy[1].shown, "launch");
    MUST(store_tags_busy(st, NOW, 1, ar, &busy, &n));
    assert_int_equal(n, 1);
    MUST(store_tags_busy(st, NOW + 2 * DAY, 5, ar, &busy, &n));
    assert_int_equal(n, 0);
}

static void test_invitations(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");

    (void)state;
    MUST(store_invitation_add(st, "erin@corp.example", alice, NOW));
    GIVES(E_EXISTS, store_invitation_add(st, "erin@corp.example", alice, NOW + WEEK));
    GIVES(E_EXISTS, store_invitation_add(st, "erin@corp.example", bob, NOW + WEEK));
    for (int i = 1; i < LIMIT_INVITES; i++) {
        MUST(store_invitation_add(st, arena_printf(ar, "e%d@corp.example", i), alice, NOW));
    }
    GIVES(E_LIMIT, store_invitation_add(st, "frank@corp.example", alice, NOW));
    MUST(store_invitation_add(st, "grace@corp.example", bob, NOW));
    MUST(store_invitation_add(st, "frank@corp.example", alice, NOW + DAY));
}

static void test_nudges(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol");

    (void)state;
    MUST(store_nudge_add(st, alice, bob, NOW));
    GIVES(E_EXISTS, store_nudge_add(st, alice, bob, NOW + WEEK - 1));
    GIVES(E_LIMIT, store_nudge_add(st, carol, bob, NOW + DAY - 1));
    MUST(store_nudge_add(st, carol, bob, NOW + DAY));
    MUST(store_nudge_add(st, alice, carol, NOW));
    MUST(store_nudge_add(st, alice, bob, NOW + WEEK));
    GIVES(E_EXISTS, store_nudge_add(st, alice, bob, NOW + WEEK + 1));
}

/* Who leaves leaves nothing of this behind. */
static void test_forgotten(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");

    (void)state;
    MUST(store_invitation_add(st, "alice@corp.example", bob, NOW));
    MUST(store_nudge_add(st, alice, bob, NOW));
    MUST(store_nudge_add(st, bob, alice, NOW));
    (void)post(alice, NOW, "one");
    MUST(store_person_forget(st, alice));
    MUST(store_invitation_add(st, "alice@corp.example", bob, NOW));
    MUST(store_nudge_add(st, bob, alice, NOW));
    MUST(store_nudge_add(st, alice, bob, NOW));
    GIVES(E_EXISTS, store_nudge_add(st, alice, bob, NOW));
}

/* What stood in a database before these figures were kept is counted by the step that makes their tables. */
static void test_counted_later(void **state)
{
    struct company_figures before, after;
    struct post *posts;
    sqlite3 *db;
    char path[300];
    int64_t alice, one;
    size_t n;

    (void)state;
    ar = arena_new(1 << 24);
    (void)snprintf(path, sizeof(path), "%s/a.db", scratch_make());
    st = open_file("a.db");
    MUST(store_begin(st));
    alice = person("alice");
    (void)post(alice, NOW - WEEK, "last week");
    MUST(store_post_delete(st, post(alice, NOW - DAY, "gone"), NOW, &(struct added){0}));
    one = post(alice, NOW, "one");
    MUST(store_like_add(st, one, person("bob"), NOW));
    before = figures(NOW);
    MUST(store_commit(st));
    store_close(st);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "DROP TABLE period; DROP TABLE author; DROP TABLE liked_week; "
                                  "DROP TABLE invitation; DROP TABLE nudge",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, store_migrations[STEP - 1], NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
    st = open_file("a.db");
    MUST(store_begin(st));
    after = figures(NOW);
    assert_int_equal(after.posts, before.posts);
    for (int i = 0; i < COMPANY_DAYS; i++) {
        assert_int_equal(after.days[i].posts, before.days[i].posts);
        assert_int_equal(after.days[i].authors, before.days[i].authors);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(after.weeks[i].posts, before.weeks[i].posts);
        assert_int_equal(after.weeks[i].authors, before.weeks[i].authors);
    }
    MUST(store_company_liked(st, NOW, alice, 3, ar, &posts, &n));
    assert_int_equal(n, 1);
    (void)post(alice, NOW, "counted once");
    assert_int_equal(figures(NOW).days[0].authors, 1);
    MUST(store_commit(st));
    store_close(st);
    st = NULL;
    arena_free(ar);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_periods, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_borders, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_liked, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_busy, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_invitations, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_nudges, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(test_forgotten, store_setup, store_teardown),
        cmocka_unit_test(test_counted_later),
    };

    (void)setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests_name("company", tests, NULL, NULL);
}
