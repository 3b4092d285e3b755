/* SPDX-License-Identifier: MIT */
/* Every verb that writes, when its commit fails: nothing of it is kept, and it works the next time.
 * The same when its stanza is undone. What is kept is read by a connection of its own. */
#include "tests/store/common.h"

#include <sqlite3.h>

#include "base/log.h"

static int64_t alice, bob, carol, public_post, private_post, repeated, helped, tag, phrase,
    answer_event;
static int64_t open_poll, closed_poll, announced;
static int64_t group, group_post, group_pinned;
static char path[400];

/* A checksum over every row of every table of ours. */
static uint64_t everything(void)
{
    uint64_t sum = 14695981039346656037u;
    sqlite3 *db;
    sqlite3_stmt *tables;

    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db,
                           "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                           "name NOT IN ('find', 'find_scoped', 'find_accepted') ORDER BY name",
                           -1, &tables, NULL),
        SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        char sql[200];
        sqlite3_stmt *rows;

        (void)snprintf(sql, sizeof(sql), "SELECT * FROM %s",
                       (const char *)sqlite3_column_text(tables, 0));
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
        while (sqlite3_step(rows) == SQLITE_ROW) {
            for (int i = 0; i < sqlite3_column_count(rows); i++) {
                const unsigned char *p = sqlite3_column_blob(rows, i);

                for (int n = sqlite3_column_bytes(rows, i); n > 0; n--) {
                    sum = (sum ^ *p++) * 1099511628211u;
                }
                sum = (sum ^ (uint64_t)i) * 1099511628211u;
            }
        }
        (void)sqlite3_finalize(rows);
    }
    (void)sqlite3_finalize(tables);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return sum;
}

/* ---- the verbs ----------------------------------------------------------------------------------- */

static void person_add(void)
{
    int64_t no;

    MUST(store_person_add(st, "dave@corp.example", "dave", NULL, 0, 5000, &no));
}

static void person_set(void)
{
    MUST(store_person_set(st, alice, FIELD_TITLE, "Boss"));
}

static void person_set_flag(void)
{
    MUST(store_person_set_flag(st, alice, FLAG_SHARES, true));
}

static void person_set_state(void)
{
    MUST(store_person_set_state(st, bob, PERSON_RETIRED));
}

static void person_set_photo(void)
{
    MUST(store_person_set_photo(st, alice, "h", "image/png", "png", 3, 5000));
}

static void post_add(void)
{
    struct tag t = {0, "new", "New"};

    MUST(store_post_add(st,
                        &(struct new_post){.author = bob,
                                           .at = 5000,
                                           .text = "회의 text",
                                           .parent = public_post,
                                           .tags = &t,
                                           .n_tags = 1,
                                           .named = &carol,
                                           .n_named = 1},
                        &(struct added){0}));
}

static void post_edit(void)
{
    MUST(store_post_edit(
        st, public_post,
        &(struct new_post){
            .author = alice, .at = 5000, .text = "edited", .named = &carol, .n_named = 1},
        &(struct added){0}));
}

static void post_delete(void)
{
    MUST(store_post_delete(st, public_post, 5000, &(struct added){0}));
}

static void like_add(void)
{
    MUST(store_like_add(st, public_post, carol, 5000));
}

static void like_remove(void)
{
    MUST(store_like_remove(st, public_post, bob));
}

static void save_add(void)
{
    MUST(store_save_add(st, carol, public_post, 5000));
}

static void save_remove(void)
{
    MUST(store_save_remove(st, bob, public_post));
}

static void person_forget(void)
{
    MUST(store_person_forget(st, bob));
}

static void forget_some(void)
{
    bool more;

    MUST(store_person_forget(st, carol));
    for (int i = 0; i < 8; i++) {
        MUST(store_forget_some(st, 5000, &more));
    }
}

static void alias_set(void)
{
    MUST(store_alias_set(st, bob, &(struct alias){"hi", "home"}));
}

static void alias_remove(void)
{
    MUST(store_alias_remove(st, carol, "hi"));
}

static void praise_add(void)
{
    MUST(store_praise_add(st, public_post, bob));
}

static void accept_add(void)
{
    MUST(store_accept_add(st, helped, alice, 5000, &(struct accepted){0}));
}

static void expert_set(void)
{
    MUST(store_expert_set(st, bob, tag, false));
}

static void group_add(void)
{
    int64_t no;

    MUST(store_group_add(
        st,
        &(struct new_group){.key = "new", .shown = "New", .purpose = "p", .owner = bob, .at = 5000},
        &no));
}

static void group_set_kind(void)
{
    MUST(store_group_set_kind(st, group, GROUP_SECRET));
}

static void group_set_purpose(void)
{
    MUST(store_group_set_purpose(st, group, "another"));
}

static void group_close(void)
{
    MUST(store_group_close(st, group));
}

static void member_add(void)
{
    MUST(store_member_add(st, group, carol, 5000));
}

static void member_remove(void)
{
    MUST(store_member_remove(st, group, bob));
}

static void owner_add(void)
{
    MUST(store_owner_add(st, group, bob));
}

static void ask_add(void)
{
    MUST(store_ask_add(st, group, carol, 5000));
}

static void group_pin_add(void)
{
    MUST(store_group_pin_add(st, group, group_post, 5000));
}

static void group_pin_remove(void)
{
    MUST(store_group_pin_remove(st, group, group_pinned));
}

static void pin_add(void)
{
    MUST(store_pin_add(st, alice, public_post, 5000));
}

static void pin_remove(void)
{
    MUST(store_pin_remove(st, carol, repeated));
}

static void report_add(void)
{
    MUST(store_report_add(st, public_post, carol, "why", 5000));
}

static void end_add(void)
{
    MUST(store_end_add(st, repeated, carol, 5000));
}

static void poll_add(void)
{
    MUST(store_poll_add(st, public_post, 2));
}

static void poll_edit(void)
{
    MUST(store_poll_edit(st, open_poll, 3));
}

static void poll_close(void)
{
    MUST(store_poll_close(st, open_poll, alice, 5000));
}

static void vote_add(void)
{
    MUST(store_vote_add(st, open_poll, bob, 2));
}

static void voters_take(void)
{
    struct voters v;

    MUST(store_voters_take(st, 5, ar, &v));
    assert_int_equal(1, v.n);
}

static void ack_add(void)
{
    MUST(store_ack_add(st, announced, bob, 5000));
}

static void announcement(void)
{
    struct new_post p = {.author = bob, .at = 5000, .text = "to all", .kind = KIND_ANNOUNCEMENT};

    MUST(store_post_add(st, &p, &(struct added){0}));
}

static void scheduled_add(void)
{
    int64_t n;

    MUST(store_scheduled_add(st, alice, 9000, 0, "later", &n));
}

static void scheduled_remove(void)
{
    MUST(store_scheduled_remove(st, bob, 1));
}

static void scheduled_take(void)
{
    struct scheduled due;
    int64_t next;

    MUST(store_scheduled_take(st, 9000, ar, &due, &next));
}

static void repeat_add(void)
{
    MUST(store_repeat_add(st, carol, public_post, "see", 5000, &(struct added){0}));
}

static void repeat_remove(void)
{
    MUST(store_repeat_remove(st, bob, repeated, 5000));
}

static void edge_open(void)
{
    MUST(store_edge_open(st, EDGE_BLOCK, alice, bob, 0, 0, 5000)); /* which ends follows */
}

static void edge_close(void)
{
    MUST(store_edge_close(st, EDGE_FOLLOW_PERSON, bob, alice));
}

static void tag_add(void)
{
    int64_t no;

    MUST(store_tag_add(st, "other", "other", &no));
}

static void person_tag_add(void)
{
    int64_t no;

    MUST(store_person_tag_add(st, bob, tag, &no));
}

static void phrase_add(void)
{
    int64_t no;

    MUST(store_phrase_add(st, "other words", &no));
}

static void cursor_set(void)
{
    MUST(store_cursor_set(st, answer_event, CLASS_PRIVATE, 7));
}

static void cursor_done(void)
{
    MUST(store_cursor_done(st, answer_event, CLASS_PRIVATE));
}

static void held_set(void)
{
    MUST(store_held_set(st, carol, CLASS_MENTION, 1));
}

static void held_advance(void)
{
    MUST(store_held_advance(st, bob, CLASS_BULK, 9));
}

static void held_clear(void)
{
    MUST(store_held_clear(st, bob, CLASS_BULK));
}

static void back_add(void)
{
    MUST(store_back_add(st, carol, 1));
}

static void back_remove(void)
{
    MUST(store_back_remove(st, bob, 1));
}

static void missed_set(void)
{
    MUST(store_missed_set(st, bob, CLASS_BULK, 4, 9, DIGEST_AWAY));
}

static void seen_set(void)
{
    MUST(store_seen_set(st, bob, 4000));
}

static void sleep_set(void)
{
    MUST(store_sleep_set(st, carol));
}

static void sleep_clear(void)
{
    MUST(store_sleep_clear(st, alice));
}

static void peace_set(void)
{
    MUST(store_peace_set(st, alice, &(struct peace){.snooze_until = 9000, .due = 9000}));
}

static void hot_take(void)
{
    int64_t event, next;

    MUST(store_hot_take(st, 5000 + LIMIT_BUNDLE_MS, &event, &next));
    assert_true(event > 0);
}

static void peace_digest_done(void)
{
    MUST(store_peace_digest_done(st, carol, HOLDS_DUE));
}

static void digest_add(void)
{
    MUST(store_digest_add(st, bob, CLASS_BULK, 4, 9));
}

static void bounce_set(void)
{
    MUST(store_bounce_set(st, &(struct bounce){bob, 3, 3000}));
}

static void bounce_clear(void)
{
    MUST(store_bounce_clear(st, bob));
}

static void unseen_set(void)
{
    MUST(store_unseen_set(st, &(struct unseen_row){1, 2, "more", 4}));
}

static void unseen_remove(void)
{
    MUST(store_unseen_remove(st, 1, 2));
}

static void answer_add(void)
{
    struct answer an = {alice, "a", "b", "text", 0};
    int64_t event;

    MUST(store_answer_add(st, EVENT_NOTICE, &an, 5000, &event));
}

static void claim_add(void)
{
    MUST(store_claim_add(st, alice, &(struct claim){"id", 1, 2, "aa", 5000}));
}

static void news_take(void)
{
    struct news *news;
    int64_t next;
    size_t n;

    MUST(store_news_take(st, 6000, ar, &news, &n, &next));
    assert_true(n > 0);
}

static void role_set(void)
{
    MUST(store_role_set(st, bob, ROLE_ADMIN));
}

static void audit_add(void)
{
    MUST(store_audit_add(st, &(struct audit){.at = 5000, .action = "role", .detail = "admin"}));
}

static void report_close(void)
{
    MUST(store_report_close(st, repeated, 5000));
}

static void watch_add(void)
{
    MUST(store_watch_add(st, "layoffs", 5000));
}

static void watch_remove(void)
{
    MUST(store_watch_remove(st, "budget"));
}

static void invitation_add(void)
{
    MUST(store_invitation_add(st, "erin@corp.example", bob, 5000));
}

static void nudge_add(void)
{
    MUST(store_nudge_add(st, alice, bob, 5000));
}

static const struct {
    const char *name;
    void (*run)(void);
} verbs[] = {
    {"person_add", person_add},
    {"person_set", person_set},
    {"person_set_flag", person_set_flag},
    {"person_set_state", person_set_state},
    {"person_set_photo", person_set_photo},
    {"post_add", post_add},
    {"post_edit", post_edit},
    {"post_delete", post_delete},
    {"like_add", like_add},
    {"like_remove", like_remove},
    {"save_add", save_add},
    {"save_remove", save_remove},
    {"person_forget", person_forget},
    {"forget_some", forget_some},
    {"alias_set", alias_set},
    {"alias_remove", alias_remove},
    {"praise_add", praise_add},
    {"accept_add", accept_add},
    {"expert_set", expert_set},
    {"pin_add", pin_add},
    {"pin_remove", pin_remove},
    {"report_add", report_add},
    {"end_add", end_add},
    {"poll_add", poll_add},
    {"poll_edit", poll_edit},
    {"poll_close", poll_close},
    {"vote_add", vote_add},
    {"voters_take", voters_take},
    {"ack_add", ack_add},
    {"announcement", announcement},
    {"scheduled_add", scheduled_add},
    {"scheduled_remove", scheduled_remove},
    {"scheduled_take", scheduled_take},
    {"repeat_add", repeat_add},
    {"repeat_remove", repeat_remove},
    {"edge_open", edge_open},
    {"edge_close", edge_close},
    {"tag_add", tag_add},
    {"phrase_add", phrase_add},
    {"person_tag_add", person_tag_add},
    {"cursor_set", cursor_set},
    {"cursor_done", cursor_done},
    {"held_set", held_set},
    {"held_advance", held_advance},
    {"held_clear", held_clear},
    {"back_add", back_add},
    {"back_remove", back_remove},
    {"digest_add", digest_add},
    {"missed_set", missed_set},
    {"seen_set", seen_set},
    {"sleep_set", sleep_set},
    {"sleep_clear", sleep_clear},
    {"unseen_set", unseen_set},
    {"unseen_remove", unseen_remove},
    {"peace_set", peace_set},
    {"peace_digest_done", peace_digest_done},
    {"hot_take", hot_take},
    {"bounce_set", bounce_set},
    {"bounce_clear", bounce_clear},
    {"answer_add", answer_add},
    {"claim_add", claim_add},
    {"news_take", news_take},
    {"group_add", group_add},
    {"group_set_kind", group_set_kind},
    {"group_set_purpose", group_set_purpose},
    {"group_close", group_close},
    {"member_add", member_add},
    {"member_remove", member_remove},
    {"owner_add", owner_add},
    {"ask_add", ask_add},
    {"group_pin_add", group_pin_add},
    {"group_pin_remove", group_pin_remove},
    {"role_set", role_set},
    {"audit_add", audit_add},
    {"report_close", report_close},
    {"watch_add", watch_add},
    {"invitation_add", invitation_add},
    {"nudge_add", nudge_add},
    {"watch_remove", watch_remove},
};

static void fill_group(void)
{
    struct added added;

    MUST(store_group_add(
        st,
        &(struct new_group){
            .key = "group", .shown = "group", .purpose = "p", .owner = alice, .at = 1005},
        &group));
    MUST(store_member_add(st, group, bob, 1005));
    for (int i = 0; i < 2; i++) {
        MUST(store_post_add(
            st, &(struct new_post){.author = alice, .at = 1005, .text = "in it", .group = group},
            &added));
        *(i == 0 ? &group_post : &group_pinned) = added.post;
    }
    MUST(store_group_pin_add(st, group, group_pinned, 1005));
}

/* Something for every verb to change; half of it indexed. */
static void fill(void)
{
    struct answer an = {alice, "a", "b", "text", 0};
    struct added question;

    alice = person("alice");
    bob = person("bob");
    carol = person("carol");
    MUST(store_tag_add(st, "회의", "회의", &tag));
    MUST(store_phrase_add(st, "회의", &phrase));
    MUST(store_edge_open(st, EDGE_FOLLOW_WORDS, carol, phrase, 0, 0, 1000));
    follow(bob, alice);
    public_post = post(alice, 1000, "회의 public");
    repeated = post(carol, 1001, "회의 repeated");
    private_post = private_to(alice, bob, 1002, "회의 private");
    MUST(store_post_add(st,
                        &(struct new_post){.author = alice,
                                           .at = 1003,
                                           .text = "question?",
                                           .kind = KIND_QUESTION,
                                           .topics = &tag,
                                           .n_topics = 1},
                        &question));
    helped = reply(bob, question.post, 1003, "answer");
    MUST(store_like_add(st, public_post, bob, 1003));
    MUST(store_save_add(st, bob, public_post, 1003));
    MUST(store_pin_add(st, carol, repeated, 1003));
    MUST(store_alias_set(st, carol, &(struct alias){"hi", "home"}));
    MUST(store_scheduled_add(st, bob, 8000, 0, "later", &(int64_t){0}));
    MUST(store_post_add(
        st,
        &(struct new_post){
            .author = alice, .at = 1003, .text = "to all", .kind = KIND_ANNOUNCEMENT},
        &question));
    announced = question.post;
    open_poll = post(alice, 1003, "회의?");
    MUST(store_poll_add(st, open_poll, 2));
    closed_poll = post(carol, 1003, "회의 again?");
    MUST(store_poll_add(st, closed_poll, 2));
    MUST(store_vote_add(st, closed_poll, bob, 1));
    MUST(store_poll_close(st, closed_poll, carol, 1003));
    MUST(store_repeat_add(st, bob, repeated, "", 1004, &(struct added){0}));
    MUST(store_answer_add(st, EVENT_ANSWER, &an, 1005, &answer_event));
    MUST(store_held_set(st, bob, CLASS_BULK, 1));
    MUST(store_back_add(st, bob, 1));
    MUST(store_unseen_set(st, &(struct unseen_row){1, 2, "x", 1}));
    MUST(store_digest_add(st, bob, CLASS_BULK, 1, 5));
    MUST(store_peace_set(st, carol, &(struct peace){.holds = HOLDS_DUE}));
    MUST(store_seen_set(st, carol, 1000));
    MUST(store_seen_set(st, alice, 1000));
    MUST(store_sleep_set(st, alice));
    MUST(store_seen_set(st, alice, 2000));
    MUST(store_bounce_set(st, &(struct bounce){bob, 1, 1000}));
    MUST(store_report_add(st, repeated, bob, "", 1003));
    MUST(store_watch_add(st, "budget", 1003));
    fill_group();
    idle(2000);
    for (int i = 0; i <= LIMIT_HOT_REPLIES; i++) {
        (void)reply(carol, open_poll, 1005, "hot");
    }
    (void)post(bob, 1006, "not indexed");
}

static int setup(void **state)
{
    (void)state;
    failing_vfs_install();
    failing_vfs_disarm();
    log_set_level(LOG_ERROR);
    (void)snprintf(path, sizeof(path), "%s/a.db", scratch_make());
    ar = arena_new(1 << 24);
    st = open_file("a.db");
    MUST(store_begin(st));
    fill();
    MUST(store_commit(st));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    failing_vfs_disarm();
    store_close(st);
    st = NULL;
    arena_free(ar);
    scratch_remove();
    return 0;
}

static void test_commit_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        uint64_t before = everything();

        MUST(store_begin(st));
        verbs[i].run();
        assert_true(store_changed(st));
        failing_vfs_arm(0, SQLITE_FULL);
        if (store_commit(st) != E_FULL || failing_vfs_count() == 0 || everything() != before) {
            print_error("%s\n", verbs[i].name);
            fail_msg("something was kept");
        }
        failing_vfs_disarm();
    }
}

static void test_undone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        uint64_t before = everything();

        MUST(store_begin(st));
        MUST(store_savepoint(st));
        verbs[i].run();
        MUST(store_undo(st));
        assert_false(store_changed(st));
        MUST(store_commit(st));
        if (everything() != before) {
            print_error("%s\n", verbs[i].name);
            fail_msg("something was kept");
        }
    }
}

/* And each does do something, after a commit of it failed. */
static void test_commit_works(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        uint64_t before;

        (void)teardown(NULL);
        (void)setup(NULL);
        before = everything();
        MUST(store_begin(st));
        verbs[i].run();
        failing_vfs_arm(0, SQLITE_FULL);
        GIVES(E_FULL, store_commit(st));
        failing_vfs_disarm();
        MUST(store_begin(st));
        verbs[i].run();
        MUST(store_commit(st));
        if (everything() == before) {
            print_error("%s\n", verbs[i].name);
            fail_msg("nothing was done");
        }
    }
}

/* What is done in quiet moments fails without harm, and is done later. */
static void test_idle_fails(void **state)
{
    uint64_t before = everything();
    bool more = true;

    (void)state;
    failing_vfs_arm(0, SQLITE_FULL);
    GIVES(E_FULL, store_idle(st, 3 * DAY, 1000000, &more));
    failing_vfs_disarm();
    assert_true(everything() == before);
    while (more) {
        MUST(store_idle(st, 3 * DAY, 1000000, &more));
    }
    assert_true(everything() != before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_commit_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_undone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_commit_works, setup, teardown),
        cmocka_unit_test_setup_teardown(test_idle_fails, setup, teardown),
    };

    return cmocka_run_group_tests_name("failing", tests, NULL, NULL);
}
