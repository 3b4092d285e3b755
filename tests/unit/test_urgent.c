/* SPDX-License-Identifier: MIT */
/* What passes and what waits: each class of update in each state of a person, and what comes of it in the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/turn.h"
#include "tests/unit/feed.h"

#define START 1763888400000LL /* 2025-11-23 09:00 UTC */
#define MINUTE 60000LL
#define DAY (1440 * MINUTE)

static const char *const domains[] = {"corp.example"}, *const admins[] = {"carol@corp.example"};
static const struct settings settings = {.domain = "blog.corp.example",
                                         .bot = "jaejal",
                                         .name = "Jaejal",
                                         .language = "en",
                                         .allowed_domains = domains,
                                         .n_allowed_domains = 1,
                                         .admins = admins,
                                         .n_admins = 1,
                                         .database_url = "sqlite::memory:",
                                         .digest_after = 20,
                                         .post_chars = 10000,
                                         .posts_per_minute = 1000};
static xmpp_ctx_t *ctx;
static struct store *store;
static struct turn *turn;
static struct buffer out;
static size_t fenced; /* what of out is answered */

static struct buffer *out_of(void *arg)
{
    (void)arg;
    return &out;
}

static size_t unsent_of(void *arg)
{
    (void)arg;
    return 0;
}

static void expect_of(void *arg, bool owed)
{
    (void)arg;
    (void)owed;
}

static void make_turn(void)
{
    const struct turn_options o = {.store = store,
                                   .ctx = ctx,
                                   .settings = &settings,
                                   .version = "0",
                                   .out = out_of,
                                   .unsent = unsent_of,
                                   .expect = expect_of};

    assert_int_equal(turn_new(&o, &turn), OK);
    turn_link_up(turn);
}

static int set_up(void **state)
{
    struct buffer complaint;

    (void)state;
    log_set_level(LOG_ERROR);
    clock_hold(START, 1000);
    buffer_init(&complaint, 1000);
    assert_int_equal(store_open("sqlite::memory:", &complaint, &store), OK);
    buffer_fini(&complaint);
    ctx = xmpp_ctx_new(NULL, NULL);
    buffer_init(&out, 50000000);
    fenced = 0;
    make_turn();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    turn_free(turn);
    store_close(store);
    buffer_fini(&out);
    xmpp_ctx_free(ctx);
    clock_release();
    return 0;
}

static void feed(const char *xml)
{
    xmpp_stanza_t *st = feed_stanza(ctx, xml);

    turn_stanza(turn, st);
    xmpp_stanza_release(st);
}

static void tell(const char *who, const char *text)
{
    static int id;
    char xml[1000];

    (void)snprintf(
        xml, sizeof(xml),
        "<message from='%s@corp.example/pc' to='jaejal@blog.corp.example' type='chat' id='i%d'>"
        "<body>%s</body></message>",
        who, id++, text);
    feed(xml);
    turn_end(turn);
}

/* Answers the oldest fence that is not answered. False: there is none. */
static bool answer_fence(void)
{
    const char *at = out.data == NULL ? NULL : strstr(out.data + fenced, "id='f-");
    char xml[300];

    if (at == NULL)
        return false;
    fenced = (size_t)(at - out.data) + 5;
    (void)snprintf(xml, sizeof(xml),
                   "<iq type='result' from='corp.example' to='blog.corp.example' id='%.*s'/>",
                   (int)strcspn(at + 4, "'"), at + 4);
    feed(xml);
    turn_end(turn);
    return true;
}

/* Lets that much time pass, everything done as it is due; how often the loop woke. */
static int pass(int64_t ms)
{
    int64_t end = clock_mono_ms() + ms;
    int woke = 0;

    for (; woke < 100000; woke++) {
        int64_t due;

        while (turn_has_idle_work(turn, clock_mono_ms()))
            turn_idle(turn);
        if (answer_fence())
            continue;
        due = turn_deadline(turn, clock_mono_ms());
        if (due < 0 || due > end)
            break;
        if (due > clock_mono_ms())
            clock_advance(due - clock_mono_ms());
        turn_run(turn, clock_mono_ms());
    }
    if (clock_mono_ms() < end)
        clock_advance(end - clock_mono_ms());
    return woke;
}

static size_t count_in(const char *text, size_t from)
{
    size_t n = 0;

    for (const char *at = out.data == NULL ? NULL : out.data + from;
         at != NULL && (at = strstr(at, text)) != NULL; n++)
        at += strlen(text);
    return n;
}

/* One update of each kind for bob, and how he follows their authors. */
static const struct kind {
    char letter;
    const char *author, *line, *follows; /* follows: NULL, it needs none */
} kinds[] = {
    {'p', "carol", "d bob of class p", NULL},
    {'m', "carol", "post: of class m, @bob", NULL},
    {'a', "carol", "announce: of class a", NULL},
    {'l', "lou", "post: of class l", "follow lou loud"},
    {'n', "ned", "post: of class n", "follow ned"},
    {'d', "dee", "post: of class d", "follow dee daily"},
    {'w', "wim", "post: of class w", "follow wim weekly"},
};

static void available(bool there)
{
    char xml[300];

    (void)snprintf(xml, sizeof(xml),
                   "<presence from='bob@corp.example/pc' to='jaejal@blog.corp.example'%s/>",
                   there ? "" : " type='unavailable'");
    feed(xml);
    turn_end(turn);
}

static void go_away(void)
{
    available(false);
}

static void come_back(void)
{
    available(true);
}

static void fall_asleep(void)
{
    available(false);
    clock_hold(clock_real_ms() + 91 * DAY, clock_mono_ms());
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        tell(kinds[i].author, "status");
    (void)pass(65 * MINUTE);
}

/* What bob says (or what happens) so that the state begins, and so that it ends; what comes at once meanwhile. Of what is followed
 * daily or weekly nothing ever does. */
static const struct state {
    const char *name, *before, *begin, *end;
    void (*begins)(void), (*ends)(void);
    const char *at_once;
} states[] = {
    {"there", NULL, "status", "status", NULL, NULL, "pmaln"},
    {"away", NULL, NULL, NULL, go_away, come_back, ""},
    {"away, all allowed", "quiet allow dm mention announcement", NULL, NULL, go_away, come_back,
     ""},
    {"off", NULL, "off", "on", NULL, NULL, ""},
    {"off, all allowed", "quiet allow dm mention announcement", "off", "on", NULL, NULL, ""},
    {"asleep", NULL, NULL, NULL, fall_asleep, come_back, ""},
    {"asleep, all allowed", "quiet allow dm mention announcement", NULL, NULL, fall_asleep,
     come_back, ""},
    {"snooze", NULL, "snooze 3h", "on", NULL, NULL, "l"},
    {"snooze, dm", "quiet allow dm", "snooze 3h", "on", NULL, NULL, "pl"},
    {"snooze, mention", "quiet allow mention", "snooze 3h", "on", NULL, NULL, "ml"},
    {"snooze, announcement", "quiet allow announcement", "snooze 3h", "on", NULL, NULL, "al"},
    {"snooze, all", "quiet allow dm mention announcement", "snooze 3h", "on", NULL, NULL, "pmal"},
    {"snooze, none again", "quiet allow none", "snooze 3h", "on", NULL, NULL, "l"},
    {"quiet", NULL, "quiet 08:00-20:00", "quiet off", NULL, NULL, "l"},
    {"quiet, dm", "quiet allow dm", "quiet 08:00-20:00", "quiet off", NULL, NULL, "pl"},
    {"quiet, mention", "quiet allow mention", "quiet 08:00-20:00", "quiet off", NULL, NULL, "ml"},
    {"quiet, announcement", "quiet allow announcement", "quiet 08:00-20:00", "quiet off", NULL,
     NULL, "al"},
    {"quiet, dm and mention", "set allow dm mention", "quiet 08:00-20:00", "quiet off", NULL, NULL,
     "pml"},
    {"quiet, all", "quiet allow dm mention announcement", "quiet 08:00-20:00", "quiet off", NULL,
     NULL, "pmal"},
    {"digest", NULL, "digest daily 18:00", "digest off", NULL, NULL, "pmal"},
    {"digest, none allowed", "quiet allow none", "digest weekly mon 18:00", "digest off", NULL,
     NULL, "pmal"},
    /* Two at once: what either holds waits. */
    {"digest in quiet hours", "digest daily 18:00", "quiet 08:00-20:00", "quiet off", NULL, NULL,
     "l"},
    {"digest in quiet hours, mention", "digest daily 18:00", "quiet 08:00-20:00 allow mention",
     "quiet off", NULL, NULL, "ml"},
    {"off in quiet hours", "quiet 08:00-20:00 allow dm", "off", "on", NULL, NULL, ""},
};

static void joins(void)
{
    static const char *const types[] = {"subscribe", "subscribed", "available"};
    char xml[300];

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        (void)snprintf(xml, sizeof(xml),
                       "<presence from='bob@corp.example%s' to='jaejal@blog.corp.example' "
                       "type='%s'/>",
                       i == 2 ? "/pc" : "", types[i]);
        feed(xml);
        turn_end(turn);
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        tell(kinds[i].author, "status");
        if (kinds[i].follows != NULL)
            tell("bob", kinds[i].follows);
    }
    tell("bob", "zone UTC");
    (void)pass(2000);
}

/* How often an update of that kind came to bob by itself. */
static size_t came(const struct kind *k, size_t from)
{
    char text[100];
    size_t n = 0;

    (void)snprintf(text, sizeof(text), "of class %c", k->letter);
    for (const char *at = out.data == NULL ? NULL : out.data + from;
         at != NULL && (at = strstr(at, "to='bob@corp.example'>")) != NULL; at++) {
        const char *end = strstr(at, "</message>"), *hit = strstr(at, text);

        n += hit != NULL && end != NULL && hit < end;
    }
    return n;
}

static void one_state(const struct state *s)
{
    void *none = NULL;
    size_t from;

    assert_int_equal(set_up(&none), 0);
    joins();
    if (s->before != NULL)
        tell("bob", s->before);
    if (s->begin != NULL)
        tell("bob", s->begin);
    if (s->begins != NULL)
        s->begins();
    (void)pass(2000);
    from = out.len;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t expected = strchr(s->at_once, kinds[i].letter) != NULL;

        tell(kinds[i].author, kinds[i].line);
        (void)pass(2000);
        if (came(&kinds[i], from) != expected)
            fail_msg("%s: of class %c came %zu at once", s->name, kinds[i].letter,
                     came(&kinds[i], from));
    }
    if (s->end != NULL)
        tell("bob", s->end);
    if (s->ends != NULL)
        s->ends();
    (void)pass(2000);
    tell("bob", "quiet off");
    (void)pass(2000);
    /* Nothing is lost, and nothing comes twice: by itself, or with the digest's own line for who was asleep. */
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        char k = kinds[i].letter;
        size_t n = came(&kinds[i], from);
        bool later = k == 'd' || k == 'w' || (k == 'n' && strstr(s->name, "digest in") != NULL),
             summed = s->begins == fall_asleep && (k == 'l' || k == 'n');

        if (n != (later || summed ? 0 : 1))
            fail_msg("%s: of class %c came %zu in all", s->name, k, n);
    }
    if (s->begins == fall_asleep)
        assert_int_equal(count_in("themselves. They are on again; meanwhile 5 updates came.", from),
                         1);
    assert_int_equal(tear_down(&none), 0);
}

static void what_passes_when(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        one_state(&states[i]);
}

/* Where the order of a conversation and what a person lets through meet, the person's settings win. */
static void a_mention_before_what_it_answers(void **state)
{
    const char *root, *answer;
    size_t from;

    (void)state;
    joins();
    tell("bob", "quiet allow mention");
    tell("bob", "quiet 08:00-20:00");
    (void)pass(2000);
    from = out.len;
    tell("ned", "post: the root");
    tell("carol", "#1 an answer, @bob");
    (void)pass(2000);
    assert_int_equal(count_in("the root (#1)</body>", from), 0);
    assert_int_equal(count_in("an answer, @bob (#2)</body>", from), 2); /* and to ned */
    tell("bob", "quiet off");
    (void)pass(2000);
    assert_int_equal(count_in("the root (#1)</body>", from), 1);
    assert_int_equal(count_in("an answer, @bob (#2)</body>", from), 2);
    root = strstr(out.data + from, "the root (#1)</body>");
    answer = strstr(out.data + from, "an answer, @bob (#2)</body>");
    assert_true(answer < root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes_when),
        cmocka_unit_test_setup_teardown(a_mention_before_what_it_answers, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
