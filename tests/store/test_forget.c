/* SPDX-License-Identifier: MIT */
/* Somebody leaves: what is gone at once, what goes bit by bit, and what stays. */
#include "tests/store/common.h"

#include "base/clock.h"
#include "db/sqlite/internal.h"

/* Settles every walk, as if the pump had. */
static size_t settle(void)
{
    struct cursor *c;
    size_t n, all = 0;

    do {
        MUST(store_cursors(st, 0, 100, ar, &c, &n));
        for (size_t i = 0; i < n; i++) {
            MUST(store_cursor_done(st, c[i].event, c[i].class));
        }
        all += n;
    } while (n > 0);
    return all;
}

/* Until nothing is left to erase; how many calls that took. */
static int forget_all(int64_t now)
{
    bool more = true;
    int n = 0;

    while (more) {
        (void)settle();
        MUST(store_forget_some(st, now, &more));
        assert_true(++n < 100000);
    }
    return n;
}

static void test_at_once(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), mine, again;
    struct person p;
    struct people found;
    const void *photo;
    size_t len;
    const char *word = "kim";

    (void)state;
    MUST(store_person_set(st, alice, FIELD_NAME, "Alice Kim"));
    MUST(store_person_set(st, alice, FIELD_BIO, "secret bio"));
    MUST(store_person_set(st, alice, FIELD_ZONE, "Asia/Seoul"));
    MUST(store_person_set_photo(st, alice, "h", "image/png", "png", 3, 5000));
    mine = post(bob, 1000, "hello");
    MUST(store_save_add(st, alice, mine, 1001));
    MUST(store_alias_set(st, alice, &(struct alias){"hi", "home"}));
    MUST(store_held_set(st, alice, CLASS_BULK, 1));
    GIVES(E_NOTFOUND, store_person_forget(st, 77));
    MUST(store_person_forget(st, alice));
    GIVES(E_NOTFOUND, store_person_forget(st, alice));
    next_turn();
    GIVES(E_NOTFOUND, store_person_by_jid(st, "alice@corp.example", ar, &p));
    GIVES(E_NOTFOUND, store_person_by_nick(st, "alice", ar, &p));
    GIVES(E_NOTFOUND, store_person_photo(st, alice, ar, &photo, &len));
    MUST(store_people_search(st, &word, 1, 0, 10, ar, &found));
    assert_int_equal(found.n, 0);
    MUST(store_person_by_no(st, alice, ar, &p));
    assert_int_equal(p.state, PERSON_RETIRED);
    assert_string_equal(p.jid, "");
    assert_string_equal(p.name, "");
    assert_string_equal(p.bio, "");
    assert_string_equal(p.zone, "");
    assert_int_equal(p.photo_len, 0);
    /* The address begins anew, while the old one is still being erased. */
    again = person("alice");
    assert_true(again != alice);
    assert_int_equal(forget_all(9000) > 0, true);
    MUST(store_person_by_no(st, alice, ar, &p));
    assert_string_equal(p.nick, "gone1");
    MUST(store_person_by_nick(st, "alice", ar, &p));
    assert_int_equal(p.no, again);
    MUST(store_save_add(st, again, mine, 1001)); /* the old bookmark is none of theirs */
}

static void test_what_was_written(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol"), people[10];
    int64_t mine, answer, to_bob, from_bob, theirs, before;
    struct person_counts n;
    struct post p;
    struct event e;
    struct items items;

    (void)state;
    follow(bob, alice);
    follow(alice, bob);
    follow(alice, carol);
    MUST(store_edge_open(st, EDGE_MUTE_PERSON, carol, alice, 0, 0, 1000));
    MUST(store_edge_open(st, EDGE_BLOCK, alice, person("dan"), 0, 0, 1000));
    theirs = post(bob, 1001, "bob's own");
    mine = post(alice, 1002, "alice's words");
    answer = reply(bob, mine, 1003, "bob's answer");
    to_bob = private_to(alice, bob, 1004, "from alice");
    from_bob = private_to(bob, alice, 1005, "from bob");
    MUST(store_like_add(st, theirs, alice, 1006));
    MUST(store_repeat_add(st, alice, theirs, "look", 1007, &(struct added){0}));
    MUST(store_claim_add(st, alice, &(struct claim){.id = "m1", .post = mine, .digest = "ab"}));
    MUST(store_person_counts(st, bob, &n));
    assert_int_equal(n.followers, 1);
    assert_int_equal(n.likes_got, 1);
    (void)settle();
    before = head();
    MUST(store_person_forget(st, alice));
    (void)forget_all(9000);
    GIVES(E_NOTFOUND, store_post_get(st, mine, bob, ar, &p));
    GIVES(E_NOTFOUND, store_post_get(st, to_bob, bob, ar, &p));
    MUST(store_post_get(st, mine, 0, ar, &p));
    assert_string_equal(p.text, "");
    MUST(store_post_get(st, to_bob, 0, ar, &p));
    assert_string_equal(p.text, "");
    /* What others wrote stays theirs. */
    MUST(store_post_get(st, answer, carol, ar, &p));
    MUST(store_post_get(st, from_bob, bob, ar, &p));
    assert_string_equal(p.text, "from bob");
    MUST(store_post_get(st, theirs, bob, ar, &p));
    assert_int_equal(p.likes, 0);
    assert_int_equal(p.repeats, 0);
    MUST(store_person_counts(st, bob, &n));
    assert_int_equal(n.followers, 0);
    assert_int_equal(n.following, 0);
    assert_int_equal(n.likes_got, 0);
    MUST(store_list(st, LIST_INBOX, bob, 0, 0, 10, ar, &items));
    assert_int_equal(items.n, 1);
    GIVES(E_NOTFOUND,
          store_edge_get(st, EDGE_MUTE_PERSON, carol, alice, 9000, &(struct edge){.label = ""}));
    GIVES(E_NOTFOUND, store_claim_find(st, alice, "m1", ar, &(struct claim){0}));
    /* Each is taken back from whom it went to. */
    MUST(store_event_get(st, before + 1, &e));
    assert_int_equal(e.kind, EVENT_DELETE); /* the repeat */
    MUST(store_event_get(st, before + 2, &e));
    assert_int_equal(e.kind, EVENT_DELETE);
    assert_int_equal(e.post, mine);
    assert_int_equal(audience(e.no, CLASS_BULK, 10, people, 10), 1);
    assert_int_equal(people[0], bob);
    MUST(store_event_get(st, before + 3, &e));
    assert_int_equal(e.post, to_bob);
    assert_int_equal(audience(e.no, CLASS_PRIVATE, 10, people, 10), 1);
    assert_int_equal(head(), before + 3);
}

/* A call is short, and waits while many retractions are under way. */
static void test_bounded(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), others[30], longest = 0, began;
    bool more = true;
    size_t n = 0;
    struct cursor *c;

    (void)state;
    follow(bob, alice);
    for (int i = 0; i < 30; i++) {
        char nick[20];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        others[i] = person(nick);
        follow(others[i], alice);
    }
    for (int i = 0; i < 300; i++) {
        (void)post(alice, 1000 + i, "some words that are in the search");
    }
    (void)settle();
    idle(2000);
    MUST(store_person_forget(st, alice));
    for (int i = 0; i < 1000 && more; i++) {
        began = clock_mono_us();
        MUST(store_forget_some(st, 9000, &more));
        longest = clock_mono_us() - began > longest ? clock_mono_us() - began : longest;
    }
    assert_true(more); /* nobody took a retraction: it waits */
    MUST(store_cursors(st, 0, 1000, ar, &c, &n));
    assert_in_range(n, FORGET_OPEN, FORGET_OPEN + FORGET_STEP);
    assert_in_range(forget_all(9000), 28, 400);
    assert_true(longest < 500000);
    MUST(store_forget_some(st, 9000, &more));
    assert_false(more);
}

/* Rows of a table in which a column is a number. */
static int64_t rows(const char *table, const char *column, int64_t no)
{
    char sql[200];
    sqlite3_stmt *q;
    int64_t n;

    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE %s = %lld", table, column,
                   (long long)no);
    assert_int_equal(sqlite3_prepare_v2(st->db, sql, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    n = sqlite3_column_int64(q, 0);
    (void)sqlite3_finalize(q);
    return n;
}

#define COLUMNS                                                                                    \
    "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = "  \
    "'table' AND c.name IN ('person', 'target', 'actor')"

/* Calls for every column in which people are kept. */
static void each_column(void (*f)(const char *table, const char *column, int64_t person),
                        int64_t person)
{
    sqlite3_stmt *q;
    int n = 0;

    assert_int_equal(sqlite3_prepare_v2(st->db, COLUMNS, -1, &q, NULL), SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        f((const char *)sqlite3_column_text(q, 0), (const char *)sqlite3_column_text(q, 1), person);
        n++;
    }
    (void)sqlite3_finalize(q);
    assert_true(n > 20);
}

static void is_there(const char *table, const char *column, int64_t person)
{
    if (strcmp(table, "leaving") != 0 && rows(table, column, person) == 0) {
        fail_msg("%s.%s: a new table? Have something in it here, and see that it goes", table,
                 column);
    }
}

/* What stays of who has left: a number without a name, where it is others' or administrators' affair. */
static void is_gone(const char *table, const char *column, int64_t person)
{
    static const char *const kept[] = {"repeat", "report", "praise", "invitation",
                                       "tally",  "answer", "claim",  "person_tag"};
    bool stays = false;

    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        stays = stays || strcmp(table, kept[i]) == 0;
    }
    if (!stays && rows(table, column, person) != 0) {
        fail_msg("%s.%s: still there", table, column);
    }
}

/* Every table in which people stand is looked at, also those that come to be later. */
static void test_every_table(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), wiki, pair, q, a, poll, n, mine, group,
            event;
    struct new_post p = {.author = bob,
                         .at = 1000,
                         .text = "Who? #wiki",
                         .kind = KIND_QUESTION,
                         .asked = &alice,
                         .n_asked = 1};
    struct tag tag = {0, "wiki", "wiki"};
    struct added added;
    const struct new_group g = {.key = "club", .shown = "club", .purpose = "", .owner = alice};
    const struct new_group other = {.key = "chess", .shown = "chess", .purpose = "", .owner = bob};

    (void)state;
    MUST(store_tag_add(st, "wiki", "wiki", &wiki));
    MUST(store_person_tag_add(st, alice, wiki, &pair));
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON_TAG, bob, pair, 0, 0, 1000));
    tag.no = wiki;
    p.tags = &tag;
    p.n_tags = 1;
    MUST(store_post_add(st, &p, &added));
    q = added.post;
    a = reply(alice, q, 1001, "I");
    MUST(store_accept_add(st, a, bob, 1002, &(struct accepted){0}));
    poll = post(bob, 1002, "a\nb\nc");
    MUST(store_poll_add(st, poll, 2));
    MUST(store_vote_add(st, poll, alice, 1));
    MUST(store_post_add(
        st, &(struct new_post){.author = bob, .at = 1, .text = "all", .kind = KIND_ANNOUNCEMENT},
        &added));
    MUST(store_ack_add(st, added.post, alice, 1003));
    MUST(store_group_add(st, &g, &group));
    MUST(store_group_add(st, &other, &group));
    MUST(store_ask_add(st, group, alice, 1000));
    MUST(store_person_set(st, alice, FIELD_NAME, "Alice Kim"));
    MUST(store_person_set_photo(st, alice, "h", "image/png", "png", 3, 5000));
    MUST(store_alias_set(st, alice, &(struct alias){"hi", "home"}));
    MUST(store_scheduled_add(st, alice, 9000, 0, "later", &n));
    MUST(store_peace_set(st, alice, &(struct peace){.due = 9000}));
    MUST(store_digest_add(st, alice, CLASS_BULK, 1, 2));
    MUST(store_missed_set(st, alice, CLASS_BULK, 1, 2, DIGEST_AWAY));
    MUST(store_seen_set(st, alice, 1000));
    MUST(store_held_set(st, alice, CLASS_BULK, 1));
    MUST(store_back_add(st, alice, 1));
    MUST(store_bounce_set(st, &(struct bounce){.person = alice, .tries = 1, .at = 1}));
    MUST(store_nudge_add(st, alice, bob, 1000));
    MUST(store_nudge_add(st, bob, alice, 1000));
    MUST(store_invitation_add(st, "zoe@corp.example", alice, 1000));
    mine = post(alice, 1004, "mine");
    MUST(store_pin_add(st, alice, mine, 1005));
    MUST(store_save_add(st, alice, q, 1005));
    MUST(store_report_add(st, q, alice, "rude", 1005));
    MUST(store_like_add(st, mine, bob, 1005));
    MUST(store_like_add(st, q, alice, 1005));
    MUST(store_repeat_add(st, alice, q, "look", 1005, &added));
    MUST(store_praise_add(st, post(bob, 1006, "thanks @alice"), alice));
    MUST(store_claim_add(st, alice, &(struct claim){.id = "m1", .post = mine, .digest = "ab"}));
    MUST(store_answer_add(
        st, EVENT_NOTICE,
        &(struct answer){.person = alice, .to = "alice@corp.example", .from = "x", .text = "t"},
        1006, &event));
    each_column(is_there, alice);
    MUST(store_person_forget(st, alice));
    /* Before their answer is erased, its question changes. */
    p.text = "Whoever? #wiki";
    MUST(store_post_edit(st, q, &p, &added));
    (void)forget_all(9000);
    GIVES(E_NOTFOUND, store_edge_close(st, EDGE_FOLLOW_PERSON_TAG, bob, pair));
    each_column(is_gone, alice);
    assert_int_equal(rows("claim", "person", alice), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_at_once),
        TEST(test_what_was_written),
        TEST(test_bounded),
        TEST(test_every_table),
    };

    return cmocka_run_group_tests_name("forget", tests, NULL, NULL);
}
