/* SPDX-License-Identifier: MIT */
/* The turn with everything real behind it, store and handlers and pump, and a link without a socket. Linked with
 * --wrap for store_commit(), store_release() and service_message(), which fail here when told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "handlers/service.h"
#include "tests/unit/feed.h"
#include "tests/unit/turn_rig.h"

/* ---- what is made to fail -------------------------------------------------------------------- */

static enum err commit_fails;  /* the next commits give this */
static const char *body_fails; /* a message with this body fails … */
static enum err body_error;    /* … like this, after it was handled */
static unsigned commits;

enum err __real_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st)
{
    bool changed = store_changed(st);

    if (changed && commit_fails != OK) {
        store_rollback(st);
        return commit_fails;
    }
    commits += changed;
    return __real_store_commit(st);
}

static unsigned release_fails; /* the n-th from now; 0: none */

enum err __real_store_release(struct store *st);
enum err __wrap_store_release(struct store *st);
enum err __wrap_store_release(struct store *st)
{
    if (release_fails > 0 && --release_fails == 0) {
        return E_FULL;
    }
    return __real_store_release(st);
}

enum err __real_service_message(struct service *s, const struct request *r, int64_t now,
                                struct arena *a, struct outcome *o);
enum err __wrap_service_message(struct service *s, const struct request *r, int64_t now,
                                struct arena *a, struct outcome *o);
enum err __wrap_service_message(struct service *s, const struct request *r, int64_t now,
                                struct arena *a, struct outcome *o)
{
    enum err e = __real_service_message(s, r, now, a, o);

    return e == OK && body_fails != NULL && r->body != NULL && strcmp(r->body, body_fails) == 0
               ? body_error
               : e;
}

/* ---- the rig --------------------------------------------------------------------------------- */

static int set_up(void **state)
{
    (void)state;
    commit_fails = OK;
    body_fails = NULL;
    release_fails = 0;
    turn_rig_open();
    commits = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    turn_rig_close();
    return 0;
}

static void tell(const char *who, const char *id, const char *text)
{
    char xml[4000];

    (void)snprintf(
        xml, sizeof(xml),
        "<message from='%s@corp.example/pc' to='jaejal@blog.corp.example' type='chat' id='%s'>"
        "<body>%s</body></message>",
        who, id, text);
    feed(xml);
}

/* Answers every fence in out, as the server does; what was there stays. */
static void let_settle(void)
{
    size_t from = 0;
    int rounds;

    for (rounds = 0; rounds < 50; rounds++) {
        const char *at = out.data == NULL ? NULL : strstr(out.data + from, "id='f-");
        char xml[300];

        while (turn_has_idle_work(turn, clock_mono_ms())) {
            turn_idle(turn);
        }
        if (at == NULL) {
            int64_t due = turn_deadline(turn, clock_mono_ms());

            if (due >= 0 && due <= clock_mono_ms() + 10000) {
                clock_advance(due > clock_mono_ms() ? due - clock_mono_ms() : 0);
                turn_run(turn, clock_mono_ms());
                continue;
            }
            return;
        }
        from = (size_t)(at - out.data) + 5;
        (void)snprintf(xml, sizeof(xml),
                       "<iq type='result' from='corp.example' to='blog.corp.example' id='%.*s'/>",
                       (int)strcspn(at + 4, "'"), at + 4);
        feed(xml);
        turn_end(turn);
    }
}

static size_t count(const char *what)
{
    const char *at = out.data;
    size_t n = 0;

    while (at != NULL && (at = strstr(at, what)) != NULL) {
        at += strlen(what);
        n++;
    }
    return n;
}

static void came(const char *what)
{
    if (count(what) == 0) {
        fail_msg("\"%s\" is not in: %s", what, out.len == 0 ? "(nothing)" : out.data);
    }
}

static void came_not(const char *what)
{
    if (count(what) != 0) {
        fail_msg("\"%s\" is in: %s", what, out.data);
    }
}

static int64_t posts(void)
{
    struct turn_figures f;

    assert_int_equal(turn_figures(turn, &f), OK);
    return f.store.posts;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void a_post_and_its_followers(void **state)
{
    (void)state;
    tell("alice", "1", "post: good morning");
    turn_end(turn);
    let_settle();
    came("Posted #1");
    came("Welcome");
    assert_int_equal(posts(), 1);
    tell("bob", "1", "follow alice");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    tell("alice", "2", "post: lunch &lt;soon&gt; &amp; good");
    turn_end(turn);
    let_settle();
    came("Posted #2");
    came("to='bob@corp.example'");
    came("lunch &lt;soon&gt; &amp; good (#2)");
    came("p2");
    assert_int_equal(count("to='bob@corp.example'"), 1);
}

static void nothing_before_the_commit(void **state)
{
    (void)state;
    tell("alice", "1", "post: one");
    assert_int_equal(commits, 1);
    tell("bob", "2", "help");
    assert_int_equal(commits, 2);
    feed("<iq type='get' id='q' from='carol@corp.example/x' to='jaejal@blog.corp.example'>"
         "<ping xmlns='urn:xmpp:ping'/></iq>");
    /* New people are committed at once, with their answers; the rest waits for the end of the read. */
    came_not("id=\"q\"");
    buffer_reset(&out);
    tell("alice", "3", "post: two");
    tell("alice", "4", "help");
    assert_int_equal(out.len, 0);
    turn_end(turn);
    let_settle();
    came("Posted #2");
    came("id=\"q\"");
}

/* Ours: a message that was kept, not one that failed. Theirs: what was sent after the first of them is kept in mind. */
static void receipts(void **state)
{
    static const char asks[] =
        "<message from='alice@corp.example/pc' to='jaejal@blog.corp.example' type='chat' id='%s'>"
        "<body>post: %s</body><request xmlns='urn:xmpp:receipts'/></message>";
    char xml[1000];

    (void)state;
    tell("alice", "1", "post: one");
    turn_end(turn);
    came_not("<received");
    (void)snprintf(xml, sizeof(xml), asks, "m&lt;2", "two");
    feed(xml);
    came_not("<received");
    turn_end(turn);
    came("<received id=\"m&lt;2\" xmlns=\"urn:xmpp:receipts\"/></message>");
    buffer_reset(&out);
    commit_fails = E_FULL;
    (void)snprintf(xml, sizeof(xml), asks, "3", "three");
    feed(xml);
    turn_end(turn);
    came_not("<received");
    commit_fails = OK;
    tell("bob", "1", "follow alice");
    turn_end(turn);
    let_settle();
    feed("<message from='bob@corp.example/x' to='jaejal@blog.corp.example' type='chat'>"
         "<received xmlns='urn:xmpp:receipts' id='n5'/></message>");
    tell("alice", "4", "post: four");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    turn_link_down(turn);
    turn_run(turn, clock_mono_ms());
    turn_link_up(turn);
    tell("bob", "2", "help");
    turn_end(turn);
    let_settle();
    came("four (#3)");
    assert_int_equal(count("four (#3)"), 1);
}

static void many_stanzas_one_commit(void **state)
{
    char id[20];
    int i;

    (void)state;
    tell("alice", "0", "post: first");
    turn_end(turn);
    let_settle();
    commits = 0;
    for (i = 1; i <= 40; i++) {
        (void)snprintf(id, sizeof(id), "i%d", i);
        tell("alice", id, "post: again");
    }
    turn_end(turn);
    assert_int_equal(commits, 1);
    assert_int_equal(posts(), 41);
    for (; i <= 40 + 2 * TURN_STANZAS; i++) {
        (void)snprintf(id, sizeof(id), "i%d", i);
        tell("alice", id, "post: again");
    }
    assert_true(commits >= 3); /* a long batch is cut */
    turn_end(turn);
    assert_int_equal(posts(), 41 + 2 * TURN_STANZAS);
}

static void one_failure_undoes_only_itself(void **state)
{
    (void)state;
    tell("alice", "1", "post: first");
    tell("bob", "1", "post: second");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    body_fails = "post: bad";
    body_error = E_FULL;
    commits = 0;
    tell("alice", "2", "post: good");
    tell("bob", "2", "post: bad");
    tell("alice", "3", "post: good too");
    turn_end(turn);
    let_settle();
    assert_int_equal(posts(), 4);
    came("Posted #3");
    came("Posted #4");
    came("could not be saved");
    assert_int_equal(count("could not be saved"), 1);
    came_not("Posted #5");
    body_error = E_LIMIT;
    tell("bob", "3", "post: bad");
    turn_end(turn);
    came("<resource-constraint");
    assert_int_equal(posts(), 4);
}

static void a_full_disk(void **state)
{
    struct turn_figures f;

    (void)state;
    tell("alice", "1", "post: first");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    commit_fails = E_FULL;
    tell("alice", "2", "post: lost");
    tell("alice", "3", "help");
    feed("<iq type='get' id='q' from='alice@corp.example/pc' to='jaejal@blog.corp.example'>"
         "<ping xmlns='urn:xmpp:ping'/></iq>");
    turn_end(turn);
    let_settle();
    came_not("Posted");
    /* Each message is told, also the one that only read; an IQ is answered in any case. */
    assert_int_equal(count("could not be saved"), 2);
    assert_int_equal(count("<message"), 2);
    came("id=\"q\"");
    assert_false(turn_broken(turn));
    assert_int_equal(posts(), 1);
    /* Somebody new at that moment was never there, and can come again. */
    buffer_reset(&out);
    tell("bob", "1", "post: hello");
    turn_end(turn);
    came("could not be saved");
    assert_int_equal(turn_figures(turn, &f), OK);
    assert_int_equal(f.people, 1);
    commit_fails = OK;
    buffer_reset(&out);
    tell("carol", "1", "post: hello");
    tell("bob", "2", "post: hello again");
    turn_end(turn);
    let_settle();
    came("Posted #2");
    came("Posted #3");
    came("to='carol@corp.example"); /* and no answer to carol goes to bob, who had her number */
    assert_int_equal(turn_figures(turn, &f), OK);
    assert_int_equal(f.people, 3);
    assert_int_equal(f.failed_commits, 2);
}

/* What a turn that failed wanted to remember is forgotten, in the handlers and in the pump. */
static void a_full_disk_leaves_no_trace(void **state)
{
    (void)state;
    tell("alice", "1", "post: first");
    tell("bob", "1", "follow alice");
    turn_end(turn);
    let_settle();
    commit_fails = E_FULL;
    tell("bob", "2", "off");
    tell("bob", "3", "help foo"); /* asks whether to publish it */
    turn_end(turn);
    assert_int_equal(count("could not be saved"), 2);
    commit_fails = OK;
    buffer_reset(&out);
    tell("bob", "4", "post");
    turn_end(turn);
    tell("alice", "2", "post: second");
    turn_end(turn);
    let_settle();
    came("second (#2)"); /* bob is not off */
    came_not("help foo");
    assert_int_equal(posts(), 2);
}

/* On a full disk nothing is tried again and again. */
static void a_full_disk_is_no_busy_loop(void **state)
{
    char xml[300];
    const char *at;

    (void)state;
    tell("alice", "1", "post: first");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    tell("bob", "1", "follow alice");
    tell("bob", "2", "off");
    turn_end(turn);
    let_settle();
    tell("alice", "2", "post: second");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    tell("bob", "3", "on");
    turn_end(turn);
    came("second (#2)");
    at = strstr(out.data, "id='f-");
    assert_non_null(at);
    (void)snprintf(xml, sizeof(xml),
                   "<iq type='result' from='corp.example' to='blog.corp.example' id='%.*s'/>",
                   (int)strcspn(at + 4, "'"), at + 4);
    commit_fails = E_FULL;
    feed(xml);
    turn_end(turn);
    clock_advance(2000); /* the pump wants to write down that bob has it all */
    turn_run(turn, clock_mono_ms());
    while (turn_has_idle_work(turn, clock_mono_ms())) {
        turn_idle(turn);
    }
    turn_run(turn, clock_mono_ms());
    assert_true(turn_deadline(turn, clock_mono_ms()) >= clock_mono_ms() + TURN_RETRY_MS);
    commit_fails = OK;
    clock_advance(TURN_RETRY_MS);
    commits = 0;
    turn_run(turn, clock_mono_ms());
    assert_true(commits > 0);
}

/* An answer that was written before its stanza failed does not leave. */
static void what_was_written_goes_with_the_savepoint(void **state)
{
    (void)state;
    tell("alice", "1", "post: first");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    release_fails = 2;
    tell("alice", "2", "home");
    tell("alice", "3", "#1");
    tell("alice", "4", "stats");
    turn_end(turn);
    assert_int_equal(count("could not be saved"), 1);
    assert_int_equal(count("<message"), 3);
    assert_int_equal(count("first"), 1); /* of home, not of #1 */
}

/* An `off` that was undone alone holds nobody: what is known of people goes back with the savepoint. */
static void a_person_goes_with_the_savepoint(void **state)
{
    (void)state;
    tell("alice", "1", "post: first");
    tell("bob", "1", "follow alice");
    turn_end(turn);
    let_settle();
    tell("alice", "2", "post: second");
    release_fails = 1;
    tell("bob", "2", "off");
    turn_end(turn);
    came("could not be saved");
    clock_advance(2000);
    turn_run(turn, clock_mono_ms());
    let_settle();
    buffer_reset(&out);
    tell("alice", "3", "post: third");
    turn_end(turn);
    let_settle();
    came("third (#3)");
    came("to='bob@corp.example'");
}

/* An employee may send an IQ with any id; only the server's counts as a fence. */
static void a_forged_fence(void **state)
{
    char xml[300];
    const char *at;

    (void)state;
    tell("alice", "1", "post: first");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    tell("alice", "2", "post: second");
    turn_end(turn);
    at = strstr(out.data, "id='f-");
    assert_non_null(at);
    (void)snprintf(
        xml, sizeof(xml),
        "<iq type='result' from='alice@corp.example/pc' to='blog.corp.example' id='%.*s'/>",
        (int)strcspn(at + 4, "'"), at + 4);
    feed(xml);
    turn_end(turn);
    clock_advance(5000);
    turn_run(turn, clock_mono_ms());
    turn_free(turn);
    buffer_reset(&out);
    turn_rig_make();
    turn_link_up(turn);
    turn_end(turn);
    let_settle();
    came("Posted #2");
}

static void a_broken_disk(void **state)
{
    (void)state;
    tell("alice", "1", "post: first");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    commit_fails = E_IO;
    tell("alice", "2", "post: unknown");
    feed("<iq type='get' id='q' from='alice@corp.example/pc' to='jaejal@blog.corp.example'>"
         "<ping xmlns='urn:xmpp:ping'/></iq>");
    turn_end(turn);
    assert_true(turn_broken(turn));
    assert_int_equal(out.len, 0);
    commit_fails = OK;
    tell("alice", "3", "help");
    turn_end(turn);
    turn_run(turn, clock_mono_ms());
    turn_idle(turn);
    assert_int_equal(out.len, 0);
    assert_true(turn_broken(turn));
}

static void strangers(void **state)
{
    static const char message[] =
        "<message from='x@evil.example/a' to='jaejal@blog.corp.example' id='1'>"
        "<body>hi</body></message>";
    int i;

    (void)state;
    for (i = 0; i < 5; i++) {
        feed(message);
        feed("<presence from='x@evil.example/a' to='jaejal@blog.corp.example' type='subscribe'/>");
        feed("<iq type='get' id='q' from='x@evil.example/a' to='jaejal@blog.corp.example'>"
             "<vCard xmlns='vcard-temp'/></iq>");
    }
    turn_end(turn);
    assert_int_equal(count("<not-allowed"), 1 + 5);
    assert_int_equal(count("<message"), 1);
    assert_int_equal(count("<presence"), 0);
    came_not("<body>");
    came_not("vCard");
    clock_advance(3600000);
    feed(message);
    turn_end(turn);
    assert_int_equal(count("<message"), 2);
}

static void iqs(void **state)
{
    /* clang-format off */
    static const struct {
        const char *type, *to, *payload, *want;
    } cases[] = {
        {"get", "jaejal@blog.corp.example", "<ping xmlns='urn:xmpp:ping'/>", "type=\"result\""},
        {"set", "jaejal@blog.corp.example", "<ping xmlns='urn:xmpp:ping'/>", "<not-allowed"},
        {"get", "blog.corp.example", "<query xmlns='http://jabber.org/protocol/disco#info'/>", "category=\"component\""},
        {"get", "jaejal@blog.corp.example", "<query xmlns='http://jabber.org/protocol/disco#info'/>", "type=\"bot\""},
        {"get", "jaejal@blog.corp.example", "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>", "<item-not-found"},
        {"get", "blog.corp.example", "<query xmlns='http://jabber.org/protocol/disco#items'/>", "jid=\"jaejal@blog.corp.example\""},
        {"get", "blog.corp.example", "<query xmlns='jabber:iq:version'/>", "<version>0</version>"},
        {"get", "blog.corp.example", "<query xmlns='jabber:iq:last'/>", "seconds=\"0\""},
        {"get", "blog.corp.example", "<time xmlns='urn:xmpp:time'/>", "<utc>2025-11-23T09:00:00"},
        {"get", "jaejal@blog.corp.example", "<vCard xmlns='vcard-temp'/>", "<FN>Jaejal</FN>"},
        {"get", "jaejal@blog.corp.example", "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>", "<service-unavailable"},
        {"set", "blog.corp.example", "<query xmlns='jabber:iq:register'/>", "<service-unavailable"},
        {"get", "nobody@blog.corp.example", "<ping xmlns='urn:xmpp:ping'/>", "<service-unavailable"},
        {"get", "blog.corp.example", "", "<bad-request"},
        {"get", "blog.corp.example", "<a xmlns='a'/><b xmlns='b'/>", "<bad-request"},
    };
    /* clang-format on */
    char xml[1000];
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(cases); i++) {
        buffer_reset(&out);
        (void)snprintf(xml, sizeof(xml),
                       "<iq type='%s' id='q%zu' from='a@corp.example/x' to='%s'>%s</iq>",
                       cases[i].type, i, cases[i].to, cases[i].payload);
        feed(xml);
        turn_end(turn);
        came(cases[i].want);
        (void)snprintf(xml, sizeof(xml), "id=\"q%zu\"", i);
        came(xml);
        assert_int_equal(count("<iq"), 1);
    }
    assert_int_equal(commits, 0);
    buffer_reset(&out);
    feed("<iq type='result' id='1' from='a@corp.example/x' to='blog.corp.example'/>");
    feed("<iq type='error' id='1' from='corp.example' to='blog.corp.example'/>");
    feed("<message type='error' id='p1' from='a@corp.example' to='blog.corp.example'/>");
    turn_end(turn);
    assert_int_equal(out.len, 0);
}

static void wrong_addresses(void **state)
{
    (void)state;
    feed("<message from='a@corp.example/x' to='nobody@blog.corp.example' "
         "id='7'><body>hello</body></message>");
    feed("<message from='a@corp.example/x' to='nobody@blog.corp.example'><composing "
         "xmlns='urn:x'/></message>");
    feed("<presence from='a@corp.example/x' to='nobody@blog.corp.example' type='subscribe'/>");
    turn_end(turn);
    assert_int_equal(count("<item-not-found"), 1);
    came("from=\"nobody@blog.corp.example\"");
    came_not("<presence");
    assert_int_equal(posts(), 0);
}

/* The id of the one question for a vCard that is in out. */
static void card_question(char *id, size_t size)
{
    const char *at = out.data == NULL ? NULL : strstr(out.data, "id=\"v-");

    while (at != NULL && strstr(at, "<vCard") != NULL &&
           strstr(at, "<vCard") > strchr(at, '>') + 1) {
        at = strstr(at + 4, "id=\"v-");
    }
    if (at == NULL) {
        fail_msg("no vCard was asked for: %s", out.len == 0 ? "(nothing)" : out.data);
        return;
    }
    (void)snprintf(id, size, "%.*s", (int)strcspn(at + 4, "\""), at + 4);
}

static void names_come_from_vcards(void **state)
{
    char id[100], xml[1000];

    (void)state;
    tell("alice", "1", "help");
    turn_end(turn);
    turn_run(turn, clock_mono_ms());
    came("<vCard");
    card_question(id, sizeof(id));
    (void)snprintf(
        xml, sizeof(xml),
        "<iq type='result' from='bob@corp.example' to='jaejal@blog.corp.example' id='%s'>"
        "<vCard xmlns='vcard-temp'><FN>The Boss</FN></vCard></iq>",
        id);
    feed(xml);
    (void)snprintf(
        xml, sizeof(xml),
        "<iq type='result' from='alice@corp.example' to='jaejal@blog.corp.example' id='%s'>"
        "<vCard xmlns='vcard-temp'><FN>Alice Kim</FN></vCard></iq>",
        id);
    feed(xml);
    turn_end(turn);
    tell("bob", "1", "whois alice");
    turn_end(turn);
    let_settle();
    came("Alice Kim (@alice)");
    came_not("The Boss");
}

static void subscribing_is_joining(void **state)
{
    struct turn_figures f;

    (void)state;
    feed("<presence from='alice@corp.example' to='jaejal@blog.corp.example' type='subscribe'/>");
    turn_end(turn);
    let_settle();
    came("type='subscribed'");
    came("type='subscribe'");
    came("Welcome");
    assert_int_equal(turn_figures(turn, &f), OK);
    assert_int_equal(f.people, 1);
}

static void away_and_back(void **state)
{
    (void)state;
    tell("alice", "1", "post: first");
    tell("bob", "1", "follow alice");
    turn_end(turn);
    let_settle();
    tell("bob", "2", "off");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    tell("alice", "2", "post: while you were away");
    turn_end(turn);
    let_settle();
    came_not("to='bob@corp.example'");
    tell("bob", "3", "on");
    turn_end(turn);
    let_settle();
    came("to='bob@corp.example'");
    came("while you were away (#2)");
    came("urn:xmpp:delay");
}

static void a_restart(void **state)
{
    (void)state;
    tell("alice", "1", "post: first");
    tell("bob", "1", "follow alice");
    turn_end(turn);
    let_settle();
    tell("alice", "2", "post: second");
    turn_end(turn); /* and nothing comes back: the process dies */
    came("second (#2)");
    turn_free(turn);
    buffer_reset(&out);
    turn_rig_make();
    turn_link_up(turn);
    turn_end(turn);
    let_settle();
    came("second (#2)");
    came("Posted #2");
    came_not("first (#1)");
    buffer_reset(&out);
    turn_free(turn);
    turn_rig_make();
    turn_link_up(turn);
    turn_end(turn);
    let_settle();
    came_not("second (#2)");
}

static void silence_is_asked_about(void **state)
{
    int64_t heard;

    (void)state;
    let_settle();
    heard = clock_mono_ms();
    buffer_reset(&out);
    turn_run(turn, heard);
    assert_int_equal(out.len, 0);
    assert_true(turn_deadline(turn, heard) <= heard + TURN_SILENCE_MS);
    clock_advance(TURN_SILENCE_MS - 1);
    turn_run(turn, heard);
    came_not("urn:xmpp:ping");
    clock_advance(1);
    turn_run(turn, heard);
    came("urn:xmpp:ping");
    came("to=\"corp.example\"");
    assert_true(owed);
    turn_run(turn, heard);
    assert_int_equal(count("urn:xmpp:ping"), 1);
    clock_advance(10);
    turn_run(turn, clock_mono_ms());
    assert_false(owed);
    /* Answered within the millisecond, as on loopback. */
    heard = clock_mono_ms();
    clock_advance(TURN_SILENCE_MS);
    turn_run(turn, heard);
    assert_true(owed);
    turn_run(turn, clock_mono_ms());
    assert_false(owed);
}

static void idle_is_idle(void **state)
{
    int64_t due;
    int i;

    (void)state;
    tell("alice", "1", "post: first");
    turn_end(turn);
    let_settle();
    for (i = 0; i < 100 && turn_has_idle_work(turn, clock_mono_ms()); i++) {
        turn_idle(turn);
    }
    assert_true(i < 100);
    let_settle();
    due = turn_deadline(turn, clock_mono_ms());
    assert_true(due >= clock_mono_ms() + 10000);
}

static void what_is_too_big_is_answered(void **state)
{
    struct stream_refused refused = {.limit = "bytes"};
    xmpp_stanza_t *top =
        feed_stanza(ctx, "<message from='a@corp.example/x' to='jaejal@blog.corp.example' id='9'/>");

    (void)state;
    refused.top = top;
    turn_refused(turn, &refused);
    turn_end(turn);
    came("<policy-violation");
    came("id=\"9\"");
    xmpp_stanza_release(top);
    buffer_reset(&out);
    top = feed_stanza(
        ctx,
        "<message type='error' from='a@corp.example/x' to='jaejal@blog.corp.example' id='9'/>");
    refused.top = top;
    turn_refused(turn, &refused);
    turn_end(turn);
    assert_int_equal(out.len, 0);
    xmpp_stanza_release(top);
}

/* Who leaves is no more: what they wrote is taken back, presence is parted both ways, and their address begins anew. */
static void leaving_for_good(void **state)
{
    (void)state;
    feed("<presence from='alice@corp.example' to='jaejal@blog.corp.example' type='subscribe'/>");
    feed("<presence from='alice@corp.example' to='jaejal@blog.corp.example' type='subscribed'/>");
    feed("<presence from='alice@corp.example/pc' to='jaejal@blog.corp.example'/>");
    tell("alice", "1", "post: good morning");
    tell("bob", "1", "follow alice");
    turn_end(turn);
    let_settle();
    tell("alice", "2", "post: lunch");
    turn_end(turn);
    let_settle();
    tell("alice", "3", "forget me");
    turn_end(turn);
    let_settle();
    came("erases your account here for good");
    buffer_reset(&out);
    tell("alice", "4", "yes");
    turn_end(turn);
    came("Goodbye");
    came("to='alice@corp.example' type='unsubscribe'");
    came("to='alice@corp.example' type='unsubscribed'");
    let_settle();
    came("retract");
    came("to='bob@corp.example'");
    assert_int_equal(posts(), 0);
    buffer_reset(&out);
    /* Their clients are still there for a moment, and nobody to us. */
    feed("<presence from='alice@corp.example/pc' to='jaejal@blog.corp.example' "
         "type='unavailable'/>");
    feed("<presence from='alice@corp.example' to='jaejal@blog.corp.example' type='unsubscribed'/>");
    tell("bob", "2", "post: is anybody there?");
    turn_end(turn);
    let_settle();
    came_not("to='alice@corp.example/pc'");
    buffer_reset(&out);
    tell("alice", "5", "post: it is me again");
    turn_end(turn);
    let_settle();
    came("Welcome");
    came("for 0 people");
}

/* Nothing of it where the commit fails. */
static void leaving_that_fails(void **state)
{
    (void)state;
    tell("alice", "1", "post: good morning");
    turn_end(turn);
    let_settle();
    tell("alice", "3", "forget me");
    turn_end(turn);
    let_settle();
    buffer_reset(&out);
    commit_fails = E_FULL;
    tell("alice", "4", "yes");
    turn_end(turn);
    commit_fails = OK;
    came("could not be saved");
    came_not("Goodbye");
    came_not("unsubscribe");
    let_settle();
    assert_int_equal(posts(), 1);
    buffer_reset(&out);
    tell("alice", "5", "all");
    turn_end(turn);
    let_settle();
    came("good morning");
    came_not("Welcome");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_post_and_its_followers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_before_the_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(receipts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_stanzas_one_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_failure_undoes_only_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_no_trace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_is_no_busy_loop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_person_goes_with_the_savepoint, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_written_goes_with_the_savepoint, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_forged_fence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_broken_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strangers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(iqs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_come_from_vcards, set_up, tear_down),
        cmocka_unit_test_setup_teardown(subscribing_is_joining, set_up, tear_down),
        cmocka_unit_test_setup_teardown(away_and_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaving_for_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaving_that_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_restart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silence_is_asked_about, set_up, tear_down),
        cmocka_unit_test_setup_teardown(idle_is_idle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_big_is_answered, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
