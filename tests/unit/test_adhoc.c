/* SPDX-License-Identifier: MIT */
/* Ad-hoc commands as XML, through the whole turn: what is asked for, submitted, refused, and what becomes of it when the
 * disk is full. Linked with --wrap for store_commit(), which fails here when told to. */
#include "bridge/adhoc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "tests/unit/turn_rig.h"

static enum err commit_fails; /* the next commits give this */

enum err __real_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st);
enum err __wrap_store_commit(struct store *st)
{
    if (store_changed(st) && commit_fails != OK) {
        store_rollback(st);
        return commit_fails;
    }
    return __real_store_commit(st);
}

static int set_up(void **state)
{
    (void)state;
    commit_fails = OK;
    turn_rig_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    turn_rig_close();
    return 0;
}

static size_t count(const char *what)
{
    size_t n = 0;

    for (const char *p = out.data; p != NULL && (p = strstr(p, what)) != NULL; p++) {
        n++;
    }
    return n;
}

static void came(const char *what)
{
    if (count(what) == 0) {
        fail_msg("\"%s\" is not in: %s", what, out.data == NULL ? "" : out.data);
    }
}

static int64_t posts(void)
{
    struct turn_figures f;

    assert_int_equal(turn_figures(turn, &f), OK);
    return f.store.posts;
}

static void command(const char *id, const char *node, const char *attributes, const char *inside)
{
    char xml[4000];

    (void)snprintf(xml, sizeof(xml),
                   "<iq type='set' id='%s' from='alice@corp.example/pc' "
                   "to='jaejal@blog.corp.example'>"
                   "<command xmlns='http://jabber.org/protocol/commands' node='%s' %s>%s"
                   "</command></iq>",
                   id, node, attributes, inside);
    feed(xml);
}

#define SUBMIT(var, value)                                                                         \
    "<x xmlns='jabber:x:data' type='submit'><field var='" var "'><value>" value                    \
    "</value></field></x>"

/* The answer of a form leaves after the commit; what could not be saved can be submitted again. */
static void a_form_and_a_full_disk(void **state)
{
    char session[100];
    const char *at;

    (void)state;
    command("c0", "me", "", ""); /* makes the account */
    turn_end(turn);
    buffer_reset(&out);
    command("c1", "post", "", "");
    assert_int_equal(out.len, 0);
    turn_end(turn);
    came("status=\"executing\"");
    came("type=\"text-multi\"");
    came("<required/>");
    at = strstr(out.data, "sessionid=\"");
    assert_non_null(at);
    (void)snprintf(session, sizeof(session), "action='complete' sessionid='%.24s'",
                   at + strlen("sessionid=\""));
    buffer_reset(&out);
    commit_fails = E_FULL;
    command("c2", "post", session, SUBMIT("text", "second"));
    turn_end(turn);
    came("id=\"c2\"");
    came("type=\"error\"");
    came("could not be saved");
    assert_int_equal(count("<message"), 0);
    assert_int_equal(posts(), 0);
    commit_fails = OK;
    buffer_reset(&out);
    command("c3", "post", session, SUBMIT("text", "second"));
    assert_int_equal(out.len, 0);
    turn_end(turn);
    came("status=\"completed\"");
    came("Posted #1");
    assert_int_equal(count("Posted #1"), 1);
    assert_int_equal(posts(), 1);
    buffer_reset(&out);
    command("c4", "post", session, SUBMIT("text", "third"));
    turn_end(turn);
    came("<not-allowed");
    came("<session-expired xmlns=\"http://jabber.org/protocol/commands\"");
}

/* Forms that are none, and too large ones. */
static void forms_that_cannot_be(void **state)
{
    static const char *const bad[] = {
        "<x xmlns='jabber:x:data' type='form'/>",
        "<x xmlns='jabber:x:data'/>",
        "<y xmlns='urn:example'/>",
        "<x xmlns='jabber:x:data' type='submit'><field><value>1</value></field></x>",
        "<x xmlns='jabber:x:data' type='submit'><field var='wibble'/></x>",
    };
    char many[4000] = "<x xmlns='jabber:x:data' type='submit'>", session[100];
    size_t i;

    (void)state;
    command("s", "post", "", "");
    turn_end(turn);
    (void)snprintf(session, sizeof(session), "action='complete' sessionid='%.24s'",
                   strstr(out.data, "sessionid=\"") + strlen("sessionid=\""));
    for (i = 0; i < ARRAY_LEN(bad); i++) {
        buffer_reset(&out);
        command("b", "post", session, bad[i]);
        turn_end(turn);
        came("<bad-payload");
    }
    for (i = 0; i <= LIMIT_FORM_FIELDS; i++) {
        (void)snprintf(many + strlen(many), sizeof(many) - strlen(many),
                       "<field var='text'><value>%zu</value></field>", i);
    }
    (void)snprintf(many + strlen(many), sizeof(many) - strlen(many), "</x>");
    buffer_reset(&out);
    command("b", "post", session, many);
    turn_end(turn);
    came("<bad-payload");
    buffer_reset(&out);
    command("b", "post", "xml:lang='!!'", "");
    command("b", "post", "action='wibble'", "");
    command("b", "", "", "");
    turn_end(turn);
    came("<bad-locale");
    came("<malformed-action");
    came("<item-not-found");
    assert_int_equal(posts(), 0);
    buffer_reset(&out);
    command("b", "post", session, SUBMIT("text", "it is still open"));
    turn_end(turn);
    came("Posted #1");
}

static void question(const char *what, const char *node, const char *to)
{
    char xml[500];

    (void)snprintf(xml, sizeof(xml),
                   "<iq type='get' id='q' from='alice@corp.example/pc' to='%s'>"
                   "<query xmlns='http://jabber.org/protocol/disco#%s' node='%s'/></iq>",
                   to, what, node);
    buffer_reset(&out);
    feed(xml);
    turn_end(turn);
}

static void what_there_is(void **state)
{
    (void)state;
    question("items", NS_COMMANDS, "jaejal@blog.corp.example");
    came("<item ");
    came("node=\"follow\"");
    came("jid=\"jaejal@blog.corp.example\"");
    assert_int_equal(count("admin role"), 0);
    question("items", NS_COMMANDS, "blog.corp.example");
    came("jid=\"blog.corp.example\"");
    question("items", "follow", "blog.corp.example");
    came("type=\"result\"");
    assert_int_equal(count("<item "), 0);
    question("info", NS_COMMANDS, "blog.corp.example");
    came("type=\"command-list\"");
    question("info", "follow", "blog.corp.example");
    came("type=\"command-node\"");
    came("jabber:x:data");
    question("info", "admin role", "blog.corp.example");
    came("<item-not-found");
    assert_int_equal(posts(), 0);
}

/* How each kind of question reads. */
static void fields(void **state)
{
    (void)state;
    command("f", "quiet", "", "");
    command("f", "get", "", "");
    command("f", "follow", "xml:lang='ko'", "");
    turn_end(turn);
    came("type=\"list-multi\"");
    came("type=\"list-single\"");
    came("datatype=\"xs:integer\"");
    came("<basic/>");
    came("<regex>");
    came("xml:lang=\"ko\"");
    came("<actions execute=\"complete\"><complete/></actions>");
    buffer_reset(&out);
    command("f", "set", "", "");
    turn_end(turn);
    came("<actions execute=\"next\"><next/></actions>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_there_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_form_and_a_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forms_that_cannot_be, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("adhoc", tests, NULL, NULL);
}
