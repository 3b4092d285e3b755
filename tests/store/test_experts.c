/* SPDX-License-Identifier: MIT */
/* Questions, accepted answers, and what is counted of whom for which tag. */
#include "tests/store/common.h"

#include "base/limits.h"
#include "db/query.h"

static int64_t alice, bob, carol, cobol, wiki;

static int setup(void **state)
{
    if (store_setup(state) != 0) {
        return -1;
    }
    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    MUST(store_tag_add(st, "cobol", "COBOL", &cobol));
    MUST(store_tag_add(st, "wiki", "wiki", &wiki));
    return 0;
}

static int64_t tagged(int64_t author, enum post_kind kind, int64_t tag, const char *text)
{
    struct added added;
    struct tag t = {tag, "", ""};

    MUST(store_post_add(st,
                        &(struct new_post){.author = author,
                                           .at = 2000,
                                           .text = text,
                                           .kind = kind,
                                           .tags = &t,
                                           .n_tags = tag != 0},
                        &added));
    return added.post;
}

static int64_t ask(int64_t author, int64_t tag)
{
    return tagged(author, KIND_QUESTION, tag, "Who?");
}

static void retag(int64_t post, int64_t author, int64_t tag, const char *text)
{
    struct tag t = {tag, "", ""};

    MUST(store_post_edit(
        st, post,
        &(struct new_post){
            .author = author, .at = 2001, .text = text, .tags = &t, .n_tags = tag != 0},
        &(struct added){0}));
}

static void counts(int64_t tag, int64_t who, int64_t posts, int64_t answers, int64_t praise)
{
    struct expert *x;
    size_t n;
    bool more;

    MUST(store_experts(st, tag, 0, 0, 100, ar, &x, &n, &more));
    for (size_t i = 0; i < n; i++) {
        if (x[i].person.no == who) {
            if (x[i].posts != posts || x[i].answers != answers || x[i].praise != praise) {
                fail_msg("%lld posts, %lld answers, %lld thanks", (long long)x[i].posts,
                         (long long)x[i].answers, (long long)x[i].praise);
            }
            return;
        }
    }
    assert_int_equal(posts + answers + praise, 0);
}

static size_t open_questions(int64_t tag, int64_t viewer)
{
    struct items items;

    MUST(store_list(st, LIST_QUESTIONS, viewer, tag, 0, 50, ar, &items));
    return items.n;
}

static void test_accept(void **state)
{
    struct accepted out;
    struct post p;
    int64_t q, first, second, other;

    (void)state;
    q = ask(alice, cobol);
    first = reply(bob, q, 2000, "I");
    second = reply(carol, first, 2000, "No, I");
    other = post(bob, 2000, "plain");
    assert_int_equal(open_questions(0, carol), 1);
    assert_int_equal(open_questions(cobol, carol), 1);
    assert_int_equal(open_questions(wiki, carol), 0);
    GIVES(E_NOTFOUND, store_accept_add(st, 99, alice, 3000, &out));
    GIVES(E_USAGE, store_accept_add(st, other, bob, 3000, &out));
    GIVES(E_USAGE, store_accept_add(st, reply(alice, other, 2000, "x"), bob, 3000, &out));
    GIVES(E_USAGE, store_accept_add(st, q, alice, 3000, &out));
    GIVES(E_DENIED, store_accept_add(st, first, bob, 3000, &out));
    assert_int_equal(out.question, q);
    MUST(store_accept_add(st, first, alice, 3000, &out));
    assert_int_equal(out.before, 0);
    counts(cobol, bob, 0, 1, 0);
    assert_int_equal(open_questions(0, carol), 0);
    assert_int_equal(open_questions(cobol, carol), 0);
    GIVES(E_EXISTS, store_accept_add(st, first, alice, 3000, &out));
    MUST(store_accept_add(st, second, alice, 3000, &out));
    assert_int_equal(out.before, first);
    counts(cobol, bob, 0, 0, 0);
    counts(cobol, carol, 0, 1, 0);
    MUST(store_post_get(st, q, bob, ar, &p));
    assert_int_equal(p.answer, second);
    MUST(store_post_get(st, second, bob, ar, &p));
    assert_true(p.accepted);
    MUST(store_post_get(st, first, bob, ar, &p));
    assert_false(p.accepted);
    /* The conversation of a private message is no question's, whatever it says it is. */
    GIVES(E_NOTFOUND,
          store_accept_add(st, private_to(alice, bob, 2000, "psst"), carol, 3000, &out));
}

static void test_taken_back(void **state)
{
    struct accepted out;
    struct added added;
    struct post p;
    int64_t q, a;

    (void)state;
    q = ask(alice, cobol);
    a = reply(bob, q, 2000, "I");
    MUST(store_accept_add(st, a, alice, 3000, &out));
    idle(4000); /* from here on the index knows them, and must follow */
    retag(q, alice, wiki, "Who knows the wiki?");
    counts(cobol, bob, 0, 0, 0);
    counts(wiki, bob, 0, 1, 0);
    MUST(store_post_delete(st, a, 3000, &added));
    counts(wiki, bob, 0, 0, 0);
    assert_int_equal(open_questions(wiki, carol), 1);
    assert_int_equal(open_questions(cobol, carol), 0);
    a = reply(bob, q, 2000, "I again");
    MUST(store_accept_add(st, a, alice, 3000, &out));
    MUST(store_post_delete(st, q, 3000, &added));
    counts(wiki, bob, 0, 0, 0);
    MUST(store_post_get(st, a, carol, ar, &p));
    assert_false(p.accepted);
    assert_int_equal(open_questions(0, carol), 0);
    GIVES(E_USAGE, store_accept_add(st, a, alice, 3000, &out));
    /* Open, then gone. */
    MUST(store_post_delete(st, ask(alice, cobol), 3000, &added));
    assert_int_equal(open_questions(0, carol), 0);
    assert_int_equal(open_questions(cobol, carol), 0);
}

static size_t found(struct query q)
{
    struct items items;

    MUST(store_search(st, &q, carol, 0, 50, ar, &items));
    return items.n;
}

/* What becomes of posts that the index knows. */
static void test_index(void **state)
{
    const struct query open = {.is_open = true}, asked = {.is_question = true},
                       answers = {.is_answer = true},
                       words = {.terms = {{"indeed", false, false}}, .n_terms = 1};
    struct accepted out;
    struct added added;
    int64_t q, first, second;

    (void)state;
    q = ask(alice, cobol);
    first = reply(bob, q, 2000, "Indeed");
    second = reply(bob, q, 2000, "I too");
    for (int indexed = 0; indexed < 2; indexed++) {
        assert_int_equal(found(open), 1);
        assert_int_equal(found(answers), 0);
        idle(4000);
    }
    MUST(store_accept_add(st, first, alice, 3000, &out));
    assert_int_equal(found(open), 0);
    assert_int_equal(found(asked), 1);
    assert_int_equal(found(answers), 1);
    MUST(store_accept_add(st, second, alice, 3000, &out));
    assert_int_equal(found(answers), 1);
    MUST(store_post_delete(st, second, 3000, &added));
    assert_int_equal(found(answers), 0);
    assert_int_equal(found(open), 1);
    MUST(store_accept_add(st, first, alice, 3000, &out));
    assert_int_equal(found(answers), 1);
    MUST(store_post_delete(st, q, 3000, &added));
    assert_int_equal(found(asked), 0);
    assert_int_equal(found(answers), 0);
    assert_int_equal(found(words), 1); /* a reply as others */
}

static void test_topics(void **state)
{
    struct accepted out;
    struct added added;
    const int64_t topics[] = {cobol, wiki};
    struct tag t = {wiki, "", ""};
    int64_t q;

    (void)state;
    MUST(store_post_add(st,
                        &(struct new_post){.author = alice,
                                           .at = 2000,
                                           .text = "COBOL wiki?",
                                           .kind = KIND_QUESTION,
                                           .topics = topics,
                                           .n_topics = 2},
                        &added));
    q = added.post;
    assert_int_equal(open_questions(cobol, bob), 1);
    assert_int_equal(open_questions(wiki, bob), 1);
    MUST(store_accept_add(st, reply(bob, q, 2000, "Yes"), alice, 3000, &out));
    counts(cobol, bob, 0, 1, 0);
    /* Its own tag is what it is about. */
    MUST(store_post_edit(st, q,
                         &(struct new_post){.author = alice,
                                            .at = 2000,
                                            .text = "COBOL #wiki?",
                                            .tags = &t,
                                            .n_tags = 1,
                                            .topics = topics,
                                            .n_topics = 2},
                         &added));
    counts(cobol, bob, 0, 0, 0);
    counts(wiki, bob, 0, 1, 0);
}

static void test_counts(void **state)
{
    struct added added;
    int64_t p, thanks, q;

    (void)state;
    p = tagged(bob, KIND_PLAIN, cobol, "one");
    (void)tagged(bob, KIND_PLAIN, cobol, "two");
    (void)ask(bob, cobol); /* asking is not knowing */
    counts(cobol, bob, 2, 0, 0);
    retag(p, bob, wiki, "one, but of the wiki");
    counts(cobol, bob, 1, 0, 0);
    counts(wiki, bob, 1, 0, 0);
    MUST(store_post_delete(st, p, 3000, &added));
    counts(wiki, bob, 0, 0, 0);
    thanks = tagged(alice, KIND_PLAIN, cobol, "thanks, bob");
    MUST(store_praise_add(st, thanks, bob));
    counts(cobol, bob, 1, 0, 1);
    counts(cobol, alice, 0, 0, 0);
    retag(thanks, alice, wiki, "thanks, bob, for the wiki");
    counts(cobol, bob, 1, 0, 0);
    counts(wiki, bob, 0, 0, 1);
    MUST(store_post_delete(st, thanks, 3000, &added));
    counts(wiki, bob, 0, 0, 0);
    /* What is not public counts for nobody. */
    q = private_to(alice, bob, 2000, "psst");
    MUST(store_post_add(st,
                        &(struct new_post){.author = bob,
                                           .at = 2000,
                                           .text = "#cobol",
                                           .parent = q,
                                           .tags = &(struct tag){cobol, "", ""},
                                           .n_tags = 1},
                        &added));
    MUST(store_edge_open(st, EDGE_MEMBER, bob, 1, 0, 0, 2000));
    MUST(store_post_add(st,
                        &(struct new_post){.author = bob,
                                           .at = 2000,
                                           .text = "#cobol",
                                           .group = 1,
                                           .tags = &(struct tag){cobol, "", ""},
                                           .n_tags = 1},
                        &added));
    counts(cobol, bob, 1, 0, 0);
    /* Who has left is forgotten. */
    MUST(store_person_set_state(st, bob, PERSON_SUSPENDED));
    counts(cobol, bob, 0, 0, 0);
    MUST(store_person_set_state(st, bob, PERSON_ACTIVE));
    counts(cobol, bob, 1, 0, 0);
    MUST(store_person_set_state(st, bob, PERSON_RETIRED));
    counts(cobol, bob, 0, 0, 0);
}

static void test_pages(void **state)
{
    struct expert *x;
    char nick[20];
    size_t n, total = 0;
    bool more = true;
    int64_t last = INT64_MAX, weight = 0, who = 0;

    (void)state;
    for (int i = 0; i < 25; i++) {
        (void)snprintf(nick, sizeof(nick), "p%d", i);
        who = person(nick);
        for (int k = 0; k <= i % 5; k++) {
            (void)tagged(who, KIND_PLAIN, cobol, "x");
        }
    }
    who = 0;
    while (more) {
        MUST(store_experts(st, cobol, weight, who, 10, ar, &x, &n, &more));
        for (size_t i = 0; i < n; i++) {
            assert_true(x[i].weight <= last);
            last = x[i].weight;
            assert_string_equal(x[i].topic, "COBOL");
        }
        total += n;
        weight = x[n - 1].weight;
        who = x[n - 1].person.no;
    }
    assert_int_equal(total, 25);
    MUST(store_experts(st, wiki, 0, 0, 10, ar, &x, &n, &more));
    assert_int_equal(n, 0);
    assert_false(more);
}

/* Whom a question of alice's with these tags would ask, as a string of numbers. */
static const char *asked(const int64_t *tags, size_t n_tags, size_t limit)
{
    struct expert *x;
    const char *out = "";
    size_t n;

    MUST(store_experts_to_ask(st, tags, n_tags, alice, 5000, limit, ar, &x, &n));
    for (size_t i = 0; i < n; i++) {
        out = arena_printf(ar, "%s%lld ", out, (long long)x[i].person.no);
    }
    return out;
}

static void write_often(int64_t who, int64_t tag, int n)
{
    for (int i = 0; i < n; i++) {
        (void)tagged(who, KIND_PLAIN, tag, "x");
    }
}

/* Who was asked often enough that day is passed over, and the next best is asked; the day after they are again. */
static void test_asked_enough(void **state)
{
    struct added added;
    struct expert *x;
    size_t n;

    (void)state;
    write_often(bob, cobol, 9);
    write_often(carol, cobol, 3);
    for (int i = 0; i < LIMIT_ASKED_PER_DAY; i++) {
        assert_string_equal(asked(&cobol, 1, 1), "2 ");
        MUST(store_post_add(st,
                            &(struct new_post){.author = alice,
                                               .at = 5000,
                                               .text = "How?",
                                               .kind = KIND_QUESTION,
                                               .asked = &bob,
                                               .n_asked = 1},
                            &added));
    }
    assert_string_equal(asked(&cobol, 1, 1), "3 ");
    assert_string_equal(asked(&cobol, 1, 3), "3 ");
    MUST(store_experts_to_ask(st, &cobol, 1, alice, 5000 + LIMIT_DAY_MS, 1, ar, &x, &n));
    assert_int_equal(n, 1);
    assert_int_equal(x[0].person.no, bob);
}

static void test_to_ask(void **state)
{
    const int64_t both[] = {cobol, wiki};
    struct accepted out;
    int64_t dan = person("dan"), erin = person("erin");

    (void)state;
    assert_string_equal(asked(both, 2, 3), "");
    write_often(alice, cobol, 5);
    write_often(bob, cobol, 3);
    write_often(carol, cobol, 2);
    assert_string_equal(asked(both, 2, 3), "2 "); /* not alice, not who wrote twice */
    write_often(carol, wiki, 4);
    write_often(dan, wiki, 60);
    assert_string_equal(asked(both, 2, 3), "4 3 2 ");
    assert_string_equal(asked(both, 2, 2), "4 3 ");
    assert_string_equal(asked(both, 0, 3), "");
    /* One accepted answer is more than any number of posts; and each person once. */
    MUST(store_accept_add(st, reply(bob, ask(alice, wiki), 2000, "I"), alice, 3000, &out));
    assert_string_equal(asked(both, 2, 3), "2 4 3 ");
    MUST(store_edge_open(st, EDGE_BLOCK, bob, alice, 0, 0, 3000));
    MUST(store_edge_open(st, EDGE_MUTE_TAG, carol, cobol, 0, 0, 3000));
    write_often(erin, cobol, 3);
    assert_string_equal(asked(both, 2, 3), "4 5 ");
    MUST(store_edge_open(st, EDGE_MUTE_PERSON, erin, alice, 0, 4000, 3000));
    assert_string_equal(asked(both, 2, 3), "4 5 "); /* expired */
    GIVES(E_EXISTS, store_edge_open(st, EDGE_MUTE_PERSON, erin, alice, 0, 9000, 3000));
    assert_string_equal(asked(both, 2, 3), "4 ");
    MUST(store_expert_set(st, dan, wiki, false));
    assert_string_equal(asked(both, 2, 3), "");
    counts(wiki, dan, 0, 0, 0);
    GIVES(E_EXISTS, store_expert_set(st, dan, wiki, false));
    write_often(dan, wiki, 1); /* counted all the same */
    MUST(store_expert_set(st, dan, wiki, true));
    GIVES(E_EXISTS, store_expert_set(st, dan, wiki, true));
    GIVES(E_EXISTS, store_expert_set(st, dan, cobol, true));
    counts(wiki, dan, 61, 0, 0);
}

/* Who is asked is owed it like somebody named, and no edit takes that away. */
static void test_asked(void **state)
{
    struct added added, edit;
    struct event e;
    enum event_class class;
    int64_t q, people[10];
    int first;

    (void)state;
    MUST(store_post_add(st,
                        &(struct new_post){.author = alice,
                                           .at = 2000,
                                           .text = "Who?",
                                           .kind = KIND_QUESTION,
                                           .asked = &bob,
                                           .n_asked = 1},
                        &added));
    q = added.post;
    assert_int_equal(added.reach, 1);
    assert_int_equal(audience(added.event, CLASS_MENTION, 10, people, 10), 1);
    assert_int_equal(people[0], bob);
    MUST(store_post_edit(
        st, q, &(struct new_post){.author = alice, .at = 2000, .text = "Who then?"}, &edit));
    MUST(store_event_get(st, edit.event, &e));
    MUST(store_owed_one(st, &e, bob, &class, &first));
    assert_int_equal(class, CLASS_MENTION);
    assert_int_equal(first, 0);
    /* Naming them later is nothing new for them. */
    MUST(store_post_edit(
        st, q,
        &(struct new_post){
            .author = alice, .at = 2000, .text = "@bob?", .named = &bob, .n_named = 1},
        &edit));
    MUST(store_event_get(st, edit.event, &e));
    MUST(store_owed_one(st, &e, bob, &class, &first));
    assert_int_equal(first, 0);
}

/* ---- against a plain count ------------------------------------------------------------------------ */

enum { PEOPLE = 5, TAGS = 3, POSTS = 60 };

/* What the test knows of each post; by number. */
static struct known {
    int64_t author, tag, root, answer, thanks;
    bool question, gone;
} known[POSTS * 3];
static int64_t newest, tag_of[TAGS];

static void known_add(const struct new_post *p, int64_t no, int64_t tag)
{
    known[no] = (struct known){.author = p->author,
                               .tag = tag,
                               .root = p->parent == 0 ? no : known[p->parent].root,
                               .question = p->kind == KIND_QUESTION};
    newest = no;
}

/* Counts anew, from what is known alone. */
static void hold_against(int64_t who, int64_t tag)
{
    int64_t posts = 0, answers = 0, thanks = 0;

    for (int64_t i = 1; i <= newest; i++) {
        const struct known *k = &known[i];

        if (k->gone) {
            continue;
        }
        if (k->question) {
            answers += k->answer != 0 && k->tag == tag && known[k->answer].author == who &&
                       k->author != who;
        } else if (k->tag == tag) {
            thanks += k->thanks == who;
            posts += k->thanks == 0 && k->author == who;
        }
    }
    counts(tag, who, posts, answers, thanks);
}

static void hold_open(int64_t tag)
{
    size_t n = 0;

    for (int64_t i = 1; i <= newest; i++) {
        n += known[i].question && !known[i].gone && known[i].answer == 0 &&
             (tag == 0 || known[i].tag == tag);
    }
    assert_int_equal(open_questions(tag, 1), n);
}

static void write_one(uint64_t *seed)
{
    int64_t tag = tag_of[rnd(seed, TAGS)];
    struct tag t = {tag, "", ""};
    struct added added;
    struct new_post p = {
        .author = 1 + rnd(seed, PEOPLE), .at = 2000, .text = "x", .tags = &t, .n_tags = 1};

    if (newest > 0 && rnd(seed, 3) > 0) {
        p.parent = 1 + rnd(seed, (uint32_t)newest);
    } else if (rnd(seed, 2) == 0) {
        p.kind = KIND_QUESTION;
    }
    if (p.parent != 0 && known[p.parent].gone) {
        return;
    }
    MUST(store_post_add(st, &p, &added));
    known_add(&p, added.post, tag);
}

static void change_one(uint64_t *seed)
{
    static int version;
    int64_t no = 1 + rnd(seed, (uint32_t)newest);
    struct known *k = &known[no];
    struct accepted out;
    struct added added;
    char text[20];

    if (k->gone) {
        return;
    }
    switch (rnd(seed, 5)) {
    case 0:
        k->tag = tag_of[rnd(seed, TAGS)];
        (void)snprintf(text, sizeof(text), "version %d", ++version);
        retag(no, k->author, k->tag, text);
        break;
    case 1:
        MUST(store_post_delete(st, no, 3000, &added));
        k->gone = true;
        for (int64_t i = 1; i <= newest; i++) {
            known[i].answer = known[i].answer == no ? 0 : known[i].answer;
        }
        break;
    case 2:
        if (store_praise_add(st, no, 1 + k->author % PEOPLE) == OK) {
            k->thanks = 1 + k->author % PEOPLE;
        }
        break;
    default:
        if (store_accept_add(st, no, known[k->root].author, 3000, &out) == OK) {
            known[k->root].answer = no;
        }
    }
}

static void test_by_chance(void **state)
{
    (void)state;
    for (uint64_t run = 1; run <= 20; run++) {
        uint64_t seed = run;

        assert_int_equal(store_teardown(NULL), 0);
        assert_int_equal(store_setup(NULL), 0);
        memset(known, 0, sizeof(known));
        newest = 0;
        for (int i = 0; i < PEOPLE; i++) {
            (void)person((const char *[]){"a", "b", "c", "d", "e"}[i]);
        }
        for (int i = 0; i < TAGS; i++) {
            MUST(store_tag_add(st, (const char *[]){"x", "y", "z"}[i], "", &tag_of[i]));
        }
        for (int i = 0; i < POSTS; i++) {
            write_one(&seed);
            if (newest > 0) {
                change_one(&seed);
                change_one(&seed);
            }
            if (i % 20 == 10) {
                idle(4000);
            }
        }
        hold_open(0);
        for (int t = 0; t < TAGS; t++) {
            hold_open(tag_of[t]);
            for (int64_t who = 1; who <= PEOPLE; who++) {
                hold_against(who, tag_of[t]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, store_teardown)
        TEST(test_accept), TEST(test_taken_back), TEST(test_index),        TEST(test_topics),
        TEST(test_counts), TEST(test_pages),      TEST(test_asked_enough), TEST(test_to_ask),
        TEST(test_asked),  TEST(test_by_chance),
    };

    return cmocka_run_group_tests_name("experts", tests, NULL, NULL);
}
