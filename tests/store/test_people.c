/* SPDX-License-Identifier: MIT */
/* People: accounts, nicks, fields, photos, who is found by what. */
#include "tests/store/common.h"

#include "base/limits.h"

static void test_add(void **state)
{
    static const char *const reserved[] = {"jaejal", "admin", "admin2"};
    struct person p;
    int64_t no = 0, other;

    (void)state;
    MUST(store_person_add(st, "alice@corp.example", "Alice", reserved, 3, 1234, &no));
    assert_int_equal(no, 1);
    MUST(store_person_by_no(st, no, ar, &p));
    assert_string_equal(p.jid, "alice@corp.example");
    assert_string_equal(p.nick, "alice");
    assert_string_equal(p.name, "");
    assert_string_equal(p.title, "");
    assert_string_equal(p.bio, "");
    assert_string_equal(p.lang, "");
    assert_string_equal(p.zone, "");
    assert_string_equal(p.photo_hash, "");
    assert_int_equal(p.state, PERSON_ACTIVE);
    assert_true(p.on);
    assert_false(p.shares);
    assert_false(p.greeted_at_nick);
    assert_int_equal(p.joined_at, 1234);
    assert_int_equal(p.vcard_at + p.photo_len, 0);
    GIVES(E_EXISTS, store_person_add(st, "alice@corp.example", "other", NULL, 0, 1, &other));
    MUST(store_person_add(st, "alice@other.example", "alice", NULL, 0, 1, &other));
    MUST(store_person_by_no(st, other, ar, &p));
    assert_string_equal(p.nick, "alice2");
    MUST(store_person_add(st, "alice@third.example", "ALICE", NULL, 0, 1, &other));
    MUST(store_person_by_no(st, other, ar, &p));
    assert_string_equal(p.nick, "alice3");
    MUST(store_person_add(st, "admin@corp.example", "admin", reserved, 3, 1, &other));
    MUST(store_person_by_no(st, other, ar, &p));
    assert_string_equal(p.nick, "admin3");
    GIVES(E_NOTFOUND, store_person_by_no(st, 99, ar, &p));
    GIVES(E_NOTFOUND, store_person_by_jid(st, "nobody@corp.example", ar, &p));
    GIVES(E_NOTFOUND, store_person_by_nick(st, "nobody", ar, &p));
    MUST(store_person_by_jid(st, "alice@other.example", ar, &p));
    assert_string_equal(p.nick, "alice2");
    MUST(store_person_by_nick(st, "alice", ar, &p));
    assert_int_equal(p.no, no);
}

static void test_fields(void **state)
{
    int64_t no = person("alice");
    struct person p;

    (void)state;
    MUST(store_person_set(st, no, FIELD_NAME, "앨리스 Kim"));
    MUST(store_person_set(st, no, FIELD_TITLE, "Engineer"));
    MUST(store_person_set(st, no, FIELD_BIO, "'; DROP TABLE person; --"));
    MUST(store_person_set(st, no, FIELD_LANG, "ko"));
    MUST(store_person_set(st, no, FIELD_ZONE, "Asia/Seoul"));
    MUST(store_person_set_flag(st, no, FLAG_ON, false));
    MUST(store_person_set_flag(st, no, FLAG_SHARES, true));
    MUST(store_person_by_no(st, no, ar, &p));
    assert_string_equal(p.name, "앨리스 Kim");
    assert_string_equal(p.title, "Engineer");
    assert_string_equal(p.bio, "'; DROP TABLE person; --");
    assert_string_equal(p.lang, "ko");
    assert_string_equal(p.zone, "Asia/Seoul");
    assert_false(p.on);
    assert_true(p.shares);
    assert_false(p.greeted_at_nick);
    MUST(store_person_set_flag(st, no, FLAG_GREETED_AT_NICK, true));
    MUST(store_person_set_flag(st, no, FLAG_ON, true));
    MUST(store_person_set(st, no, FIELD_BIO, ""));
    MUST(store_person_by_no(st, no, ar, &p));
    assert_true(p.on && p.shares && p.greeted_at_nick);
    assert_string_equal(p.bio, "");
    GIVES(E_NOTFOUND, store_person_set(st, 99, FIELD_NAME, "x"));
    GIVES(E_NOTFOUND, store_person_set_flag(st, 99, FLAG_ON, true));
    GIVES(E_NOTFOUND, store_person_set_state(st, 99, PERSON_SUSPENDED));
}

static void test_photo(void **state)
{
    static char big[LIMIT_PHOTO + 1];
    int64_t no = person("alice");
    const void *data;
    struct person p;
    size_t len;

    (void)state;
    GIVES(E_NOTFOUND, store_person_photo(st, no, ar, &data, &len));
    memset(big, 7, sizeof(big));
    MUST(store_person_set_photo(st, no, "abcd", "image/png", "\0png\0", 5, 777));
    MUST(store_person_photo(st, no, ar, &data, &len));
    assert_int_equal(len, 5);
    assert_memory_equal(data, "\0png\0", 5);
    MUST(store_person_by_no(st, no, ar, &p));
    assert_string_equal(p.photo_hash, "abcd");
    assert_string_equal(p.photo_type, "image/png");
    assert_int_equal(p.photo_len, 5);
    assert_int_equal(p.vcard_at, 777);
    GIVES(E_LIMIT, store_person_set_photo(st, no, "x", "y", big, LIMIT_PHOTO + 1, 778));
    MUST(store_person_set_photo(st, no, "x", "y", big, LIMIT_PHOTO, 779));
    MUST(store_person_photo(st, no, ar, &data, &len));
    assert_int_equal(len, LIMIT_PHOTO);
    MUST(store_person_set_photo(st, no, "x", "y", NULL, 0, 780));
    GIVES(E_NOTFOUND, store_person_photo(st, no, ar, &data, &len));
    MUST(store_person_by_no(st, no, ar, &p));
    assert_string_equal(p.photo_hash, "");
    assert_int_equal(p.vcard_at, 780);
    GIVES(E_NOTFOUND, store_person_set_photo(st, 99, "x", "y", "z", 1, 1));
}

/* A JID and a nick given to someone else are a new person. */
static void test_retire(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), again, post_no;
    struct person_counts counts;
    struct people people;
    struct held *held;
    struct post post_read;
    struct person p;
    const void *data;
    size_t n;

    (void)state;
    post_no = post(alice, 2000, "an old post");
    follow(bob, alice);
    follow(alice, bob);
    MUST(store_person_set_photo(st, alice, "h", "t", "x", 1, 1));
    MUST(store_held_set(st, alice, CLASS_BULK, 1));
    MUST(store_person_set_state(st, alice, PERSON_SUSPENDED));
    MUST(store_person_by_nick(st, "alice", ar, &p));
    assert_int_equal(p.state, PERSON_SUSPENDED);
    MUST(store_people_search(st, (const char *const[]){"alice"}, 1, 0, 10, ar, &people));
    assert_int_equal(people.n, 0); /* active ones only */
    MUST(store_person_set_state(st, alice, PERSON_RETIRED));
    GIVES(E_NOTFOUND, store_person_by_nick(st, "alice", ar, &p));
    GIVES(E_NOTFOUND, store_person_by_jid(st, "alice@corp.example", ar, &p));
    MUST(store_person_by_no(st, alice, ar, &p));
    assert_int_equal(p.state, PERSON_RETIRED);
    GIVES(E_NOTFOUND, store_person_photo(st, alice, ar, &data, &n));
    GIVES(E_NOTFOUND, store_person_set(st, alice, FIELD_NAME, "x"));
    GIVES(E_NOTFOUND, store_person_set_state(st, alice, PERSON_ACTIVE));
    MUST(store_person_counts(st, bob, &counts));
    assert_int_equal(counts.following + counts.followers, 0);
    MUST(store_held_page(st, 0, 10, ar, &held, &n));
    assert_int_equal(n, 0);
    MUST(store_post_get(st, post_no, bob, ar, &post_read)); /* what they wrote stays */
    again = person("alice");
    assert_int_equal(again, 3);
    MUST(store_person_by_nick(st, "alice", ar, &p));
    assert_int_equal(p.no, again);
    MUST(store_person_counts(st, again, &counts));
    assert_int_equal(counts.posts, 0);
    MUST(store_people_page(st, 0, 10, ar, &people));
    assert_int_equal(people.n, 2);
}

static size_t search(const char *a, const char *b, struct people *out)
{
    const char *words[] = {a, b};

    MUST(store_people_search(st, words, b == NULL ? 1 : 2, 0, 10, ar, out));
    return out->n;
}

static void test_search(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol");
    const char *words[] = {"engineer"};
    struct people people;

    (void)state;
    MUST(store_person_set(st, alice, FIELD_NAME, "Alice Kim"));
    MUST(store_person_set(st, alice, FIELD_TITLE, "Engineer"));
    MUST(store_person_set(st, bob, FIELD_NAME, "김보영"));
    MUST(store_person_set(st, bob, FIELD_TITLE, "engineer, databases"));
    MUST(store_person_set(st, carol, FIELD_BIO, "I like to engineer-ing ㅎㅎ % _"));
    assert_int_equal(search("ALI", NULL, &people), 1);
    assert_int_equal(people.at[0].no, alice);
    assert_int_equal(search("김", NULL, &people), 1);
    assert_int_equal(people.at[0].no, bob);
    assert_int_equal(search("kim", "eng", &people), 1);
    assert_int_equal(people.at[0].no, alice);
    assert_int_equal(search("im", NULL, &people), 0); /* the beginning of a word */
    assert_int_equal(search("보영", NULL, &people), 0);
    assert_int_equal(search("databases engineer", NULL, &people), 1); /* one argument, two words */
    assert_int_equal(search("%", NULL, &people), 0);
    assert_int_equal(search("", NULL, &people), 0);
    assert_int_equal(search("\"'; --", NULL, &people), 0);
    MUST(store_people_search(st, words, 0, 0, 10, ar, &people));
    assert_int_equal(people.n, 0);
    MUST(store_people_search(st, words, 1, 0, 2, ar, &people));
    assert_int_equal(people.n, 2);
    assert_true(people.more);
    assert_int_equal(people.at[0].no, alice);
    assert_int_equal(people.at[1].no, bob);
    MUST(store_people_search(st, words, 1, people.at[1].no, 2, ar, &people));
    assert_int_equal(people.n, 1);
    assert_false(people.more);
    assert_int_equal(people.at[0].no, carol);
    MUST(store_person_set(st, alice, FIELD_TITLE, "Boss"));
    MUST(store_people_search(st, words, 1, 0, 10, ar, &people));
    assert_int_equal(people.n, 2);
}

/* Words that half of all have: a page is bounded work, and going on finds everybody once. */
static void test_search_common(void **state)
{
    const char *words[] = {"left", "right", "right"};
    struct people people = {0};
    size_t n = 0, pages = 0;

    (void)state;
    for (int i = 0; i < 6000; i++) {
        char nick[20];
        int64_t no;

        (void)snprintf(nick, sizeof(nick), "p%04d", i);
        no = person(nick);
        MUST(store_person_set(st, no, FIELD_TITLE, i < 3000 ? "left" : "right"));
        if (i == 2999 || i == 5000) {
            MUST(store_person_set(st, no, FIELD_BIO, "left right"));
        }
        arena_reset(ar);
    }
    do {
        MUST(store_people_search(st, words, 1, people.next, 50, ar, &people));
        for (size_t i = 0; i < people.n; i++) {
            char nick[20];

            (void)snprintf(nick, sizeof(nick), "p%04d", n == 3000 ? 5000 : (int)n);
            assert_string_equal(people.at[i].nick, nick);
            n++;
        }
        arena_reset(ar);
    } while (people.more);
    assert_int_equal(n, 3001);
    words[1] = words[2];
    n = 0;
    people.next = 0;
    do { /* two by two they are rare */
        MUST(store_people_search(st, words, 2, people.next, 50, ar, &people));
        assert_true(!people.more || people.next != 0);
        n += people.n;
        pages++;
    } while (people.more);
    assert_int_equal(n, 2);
    assert_true(pages > 2);
    /* And with a rare one they are no matter. */
    MUST(store_person_set(st, 4000, FIELD_BIO, "both"));
    words[1] = "both";
    MUST(store_people_search(st, words, 3, 0, 50, ar, &people));
    assert_int_equal(people.n, 0);
    assert_false(people.more);
}

static const char *nearest(const char *typed)
{
    struct people people;

    MUST(store_people_near(st, typed, 3, ar, &people));
    assert_true(people.n <= 3);
    return people.n == 0 ? "" : people.at[0].nick;
}

static void test_near(void **state)
{
    struct people people;
    int64_t gone;

    (void)state;
    MUST(store_people_near(st, "alice", 5, ar, &people));
    assert_int_equal(people.n, 0);
    (void)person("alice");
    (void)person("alina");
    (void)person("bob");
    (void)person("carol");
    (void)person("김보영");
    gone = person("carl");
    MUST(store_person_set_state(st, gone, PERSON_SUSPENDED));
    assert_string_equal(nearest("alcie"), "alice");
    assert_string_equal(nearest("ALLICE"), "alice");
    assert_string_equal(nearest("carrol"), "carol");
    assert_string_equal(nearest("caro"), "carol");
    assert_string_equal(nearest("김보경"), "김보영");
    assert_string_equal(nearest("bbo"), "bob");
    assert_string_equal(nearest("alin"), "alina");
    assert_string_equal(nearest("zzzzzz"), "");
    assert_string_equal(nearest("ab"), ""); /* of two letters everything is two slips away */
    assert_string_equal(nearest(""), "");
    MUST(store_people_near(st, "alic", 1, ar, &people));
    assert_int_equal(people.n, 1);
}

static void test_page(void **state)
{
    struct people people;

    (void)state;
    MUST(store_people_page(st, 0, 10, ar, &people));
    assert_int_equal(people.n, 0);
    assert_false(people.more);
    (void)person("a");
    (void)person("b");
    (void)person("c");
    MUST(store_people_page(st, 0, 2, ar, &people));
    assert_int_equal(people.n, 2);
    assert_true(people.more);
    assert_string_equal(people.at[1].nick, "b");
    MUST(store_people_page(st, 2, 2, ar, &people));
    assert_int_equal(people.n, 1);
    assert_false(people.more);
}

static void test_counts(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), p;
    struct person_counts c;

    (void)state;
    MUST(store_person_counts(st, alice, &c));
    assert_int_equal(c.posts + c.following + c.followers + c.likes_got, 0);
    p = post(alice, 2000, "one");
    (void)post(alice, 2001, "two");
    (void)private_to(alice, bob, 2002, "nobody counts this");
    follow(bob, alice);
    MUST(store_like_add(st, p, bob, 2003));
    MUST(store_person_counts(st, alice, &c));
    assert_int_equal(c.posts, 2);
    assert_int_equal(c.followers, 1);
    assert_int_equal(c.following, 0);
    assert_int_equal(c.likes_got, 1);
    MUST(store_post_delete(st, p, 2004, &(struct added){0}));
    MUST(store_edge_close(st, EDGE_FOLLOW_PERSON, bob, alice));
    MUST(store_person_counts(st, alice, &c));
    assert_int_equal(c.posts, 1);
    assert_int_equal(c.followers + c.likes_got, 0);
    MUST(store_person_counts(st, bob, &c));
    assert_int_equal(c.following, 0);
}

static int64_t praise_of(int64_t no)
{
    struct person_counts n;

    MUST(store_person_counts(st, no, &n));
    return n.praise;
}

static void test_praise(void **state)
{
    int64_t alice = person("alice"), bob = person("bob"), carol = person("carol");
    int64_t one = post(alice, 1000, "x"), two = post(alice, 1000, "x");
    int64_t hidden = private_to(alice, bob, 1000, "x");
    struct added added;

    (void)state;
    assert_int_equal(praise_of(bob), 0);
    MUST(store_praise_add(st, one, bob));
    MUST(store_praise_add(st, two, bob));
    GIVES(E_EXISTS, store_praise_add(st, one, bob));
    GIVES(E_EXISTS, store_praise_add(st, one, carol)); /* one person a post */
    GIVES(E_DENIED, store_praise_add(st, hidden, bob));
    GIVES(E_DENIED, store_praise_add(st, post(bob, 1000, "x"), bob));
    GIVES(E_NOTFOUND, store_praise_add(st, 99, bob));
    assert_int_equal(praise_of(bob), 2);
    MUST(store_post_delete(st, one, 2000, &added));
    assert_int_equal(praise_of(bob), 1);
    GIVES(E_NOTFOUND, store_praise_add(st, one, bob));
    MUST(store_person_set_state(st, carol, PERSON_SUSPENDED));
    GIVES(E_NOTFOUND, store_praise_add(st, post(alice, 1000, "x"), carol));
}

static const char *pins(int64_t no, int64_t viewer)
{
    char *out = arena_dup(ar, "");
    struct post *p;
    size_t n;

    MUST(store_pins(st, no, viewer, ar, &p, &n));
    for (size_t i = 0; i < n; i++) {
        out = arena_printf(ar, "%s%d ", out, (int)p[i].no);
    }
    return out;
}

static void test_pins(void **state)
{
    int64_t alice = person("alice"), bob = person("bob");
    struct added added;

    (void)state;
    assert_string_equal(pins(alice, bob), "");
    for (int i = 0; i <= LIMIT_PINS; i++) {
        (void)post(alice, 1000, "x");
    }
    MUST(store_pin_add(st, alice, 2, 2000));
    MUST(store_pin_add(st, alice, 1, 2001));
    GIVES(E_EXISTS, store_pin_add(st, alice, 1, 2002));
    GIVES(E_DENIED, store_pin_add(st, bob, 1, 2002));
    GIVES(E_DENIED, store_pin_add(st, alice, private_to(alice, bob, 1000, "x"), 2002));
    GIVES(E_NOTFOUND, store_pin_add(st, alice, 99, 2002));
    assert_string_equal(pins(alice, bob), "2 1 ");
    for (int i = 3; i <= LIMIT_PINS; i++) {
        MUST(store_pin_add(st, alice, i, 2002 + i));
    }
    GIVES(E_LIMIT, store_pin_add(st, alice, LIMIT_PINS + 1, 3000));
    MUST(store_pin_remove(st, alice, 2));
    GIVES(E_NOTFOUND, store_pin_remove(st, alice, 2));
    GIVES(E_NOTFOUND, store_pin_remove(st, bob, 1));
    MUST(store_post_delete(st, 1, 4000, &added));
    assert_string_equal(pins(alice, bob), "3 4 5 ");
    MUST(store_edge_open(st, EDGE_BLOCK, alice, bob, 0, 0, 1));
    assert_string_equal(pins(alice, bob), "");
    assert_string_equal(pins(alice, alice), "3 4 5 ");
    MUST(store_person_set_state(st, alice, PERSON_RETIRED));
    assert_string_equal(pins(alice, alice), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_add),    TEST(test_fields),        TEST(test_photo), TEST(test_retire),
        TEST(test_search), TEST(test_search_common), TEST(test_near),  TEST(test_page),
        TEST(test_counts), TEST(test_praise),        TEST(test_pins),
    };

    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
