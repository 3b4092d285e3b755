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
#include "tests/unit/turn_days.h"

#define MINUTE 60000LL
#define DAY (1440 * MINUTE)

static int set_up(void **state)
{
    static const char *const admins[] = {"carol@corp.example"};

    (void)state;
    settings.admins = admins;
    settings.n_admins = 1;
    turn_days_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    turn_rig_close();
    return 0;
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
