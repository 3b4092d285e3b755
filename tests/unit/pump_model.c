/* SPDX-License-Identifier: MIT */
/* The invariants of delivery under random interleavings: posts, announcements, edits, deletions, repeats, follows (of a person, of a person's tag), people who leave and return,
 * `off`, updates that go off by themselves, settings that hold some classes, digests, messages that bounce early and late (for days), servers that die with what they took, power that fails, turns that are undone, fences and presences that take their time, lost links,
 * kill -9. Then everything comes to rest, and it is checked that
 *  - whoever is owed an event got it: the message itself, or a summary that stands for it, unless its text is gone;
 *  - nobody got what they are not owed;
 *  - one id, one text;
 *  - per person, what belongs together (a conversation; an author within a class) first came in the order of the log; of
 *    whom settings held some classes and let others through, within a class.
 * The plan of a run is its seed alone: pump_model SEED [RUNS] repeats it, and says what happens with PUMP_MODEL_TRACE set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "bridge/pump_state.h"
#include "handlers/compose.h"
#include "tests/unit/pump_model.h"

#define STEPS 300
#define RUNS 120

struct model m;
uint64_t seed;
long n_told;
static uint64_t first_seed = 1;
static int runs = RUNS;
static long n_bundles; /* made, of all runs */

#define SAY(...) (m.trace ? (void)printf(__VA_ARGS__) : (void)0)

/* splitmix64 */
static uint64_t roll(void)
{
    uint64_t z = m.random += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int64_t below(int64_t n)
{
    return (int64_t)(roll() % (uint64_t)n);
}

static bool chance(int percent)
{
    return below(100) < percent;
}

static int64_t anybody(void)
{
    return 1 + below(PEOPLE);
}

static bool shares(int64_t no)
{
    return no <= SHARING;
}

/* ---- what people do, in a turn ---------------------------------------------------------------------- */

static void act_post(void)
{
    int64_t author = anybody(), parent = 0, recipient = 0, named = chance(30) ? anybody() : 0;
    struct added a;
    bool all = false;

    if (m.n_posts == POSTS)
        return;
    if (m.n_posts > 0 && chance(35)) {
        size_t i = (size_t)below((int64_t)m.n_posts);

        if (!m.posts[i].deleted && !m.posts[i].private)
            parent = m.posts[i].no;
    }
    if (parent == 0 && chance(20))
        recipient = anybody();
    if (recipient == author || recipient != 0)
        named = 0;
    if (recipient == author)
        recipient = 0;
    if (named == author)
        named = 0;
    all = parent == 0 && recipient == 0 && chance(15);
    m.r.tagged = chance(40);
    a = all ? rig_announce(&m.r, author, named) : rig_post(&m.r, author, parent, recipient, named);
    if (a.post == 0)
        return;
    SAY("post #%lld e%lld by %lld parent %lld to %lld named %lld\n", (long long)a.post,
        (long long)a.event, (long long)author, (long long)parent, (long long)recipient,
        (long long)named);
    m.posts[m.n_posts].no = a.post;
    m.posts[m.n_posts].author = author;
    m.posts[m.n_posts].deleted = false;
    m.posts[m.n_posts].all = all;
    m.posts[m.n_posts++].private = recipient != 0;
}

/* A conversation runs hot: two or three talk, and who follows them hears of it. */
static void act_burst(void)
{
    int64_t writers[3] = {anybody(), anybody(), anybody()};
    size_t i = m.n_posts == 0 ? 0 : (size_t)below((int64_t)m.n_posts);
    int64_t root, n = LIMIT_HOT_REPLIES - 2 + below(8);

    if (m.n_posts == 0 || m.posts[i].deleted || m.posts[i].private)
        return;
    root = m.posts[i].no;
    SAY("burst in #%lld\n", (long long)root);
    while (n-- > 0 && m.n_posts < POSTS - 20) {
        int64_t author = writers[below(3)];
        struct added a = rig_post(&m.r, author, root, 0, 0);

        if (a.post == 0)
            continue;
        SAY("answer #%lld e%lld by %lld%s\n", (long long)a.post, (long long)a.event,
            (long long)author, a.hot ? " hot" : "");
        m.posts[m.n_posts].no = a.post;
        m.posts[m.n_posts].author = author;
        m.posts[m.n_posts].deleted = m.posts[m.n_posts].all = false;
        m.posts[m.n_posts++].private = false;
    }
}

/* What the clock does in a turn: the bundles that are due. */
static void bundles(void)
{
    int64_t event = 0, next;

    do {
        assert_int_equal(store_hot_take(m.r.st, m.r.now, &event, &next), OK);
        n_bundles += event != 0;
        if (event != 0)
            SAY("bundle e%lld\n", (long long)event);
    } while (event != 0 && chance(70));
}

static void act_amend(void)
{
    size_t i = m.n_posts == 0 ? 0 : (size_t)below((int64_t)m.n_posts);
    struct added a;

    if (m.n_posts == 0 || m.posts[i].deleted)
        return;
    if (chance(60)) {
        a = rig_edit(&m.r, m.posts[i].no, m.posts[i].author);
        SAY("edit #%lld e%lld v%d\n", (long long)a.post, (long long)a.event, a.version);
    } else if (chance(50)) {
        a = rig_delete(&m.r, m.posts[i].no);
        m.posts[i].deleted = true;
        SAY("delete #%lld e%lld\n", (long long)a.post, (long long)a.event);
    } else if (!m.posts[i].private) {
        int64_t who = anybody();
        enum err err = store_repeat_add(m.r.st, who, m.posts[i].no, "so true", m.r.now, &a);

        assert_true(err == OK || err == E_EXISTS || err == E_NOTFOUND || err == E_DENIED ||
                    err == E_USAGE);
        SAY("repeat #%lld by %lld: %s e%lld\n", (long long)m.posts[i].no, (long long)who,
            err_text(err), err == OK ? (long long)a.event : 0LL);
    }
}

/* What somebody writes with a tag, at any level. */
static enum err act_pair(int64_t a, int64_t b)
{
    bool open = chance(70);
    int64_t tag, pair;

    assert_int_equal(store_tag_add(m.r.st, "t", "", &tag), OK);
    assert_int_equal(store_person_tag_add(m.r.st, b, tag, &pair), OK);
    SAY("%s %lld's tag by %lld\n", open ? "follow" : "unfollow", (long long)b, (long long)a);
    return open ? store_edge_open(m.r.st, EDGE_FOLLOW_PERSON_TAG, a, pair,
                                  chance(30) ? (int)below(4) : 0, 0, m.r.now)
                : store_edge_close(m.r.st, EDGE_FOLLOW_PERSON_TAG, a, pair);
}

static void act_edge(void)
{
    int64_t a = anybody(), b = anybody();
    enum err err;

    if (a == b)
        return;
    if (chance(4)) {
        m.parted[a][b] = m.parted[b][a] = true;
        err = store_edge_open(m.r.st, EDGE_BLOCK, a, b, 0, 0, m.r.now);
        SAY("block %lld %lld\n", (long long)a, (long long)b);
    } else if (chance(4)) {
        err = store_edge_close(m.r.st, EDGE_BLOCK, a, b);
    } else if (chance(10)) {
        err = store_edge_open(m.r.st, EDGE_MUTE_PERSON, a, b, 0, 0, m.r.now);
        SAY("mute %lld %lld\n", (long long)a, (long long)b);
    } else if (chance(10)) {
        err = store_edge_close(m.r.st, EDGE_MUTE_PERSON, a, b);
    } else if (chance(25)) {
        err = act_pair(a, b);
    } else if (chance(60)) {
        err = store_edge_open(m.r.st, EDGE_FOLLOW_PERSON, a, b, chance(30) ? (int)below(4) : 0, 0,
                              m.r.now);
        SAY("follow %lld %lld\n", (long long)a, (long long)b);
    } else {
        err = store_edge_close(m.r.st, EDGE_FOLLOW_PERSON, a, b);
        SAY("unfollow %lld %lld\n", (long long)a, (long long)b);
    }
    assert_true(err == OK || err == E_EXISTS || err == E_NOTFOUND || err == E_DENIED);
}

static void wake(int64_t no)
{
    if (rig_peer(&m.r, no)->sleep == SLEEP_ASLEEP)
        assert_int_equal(pump_wake(m.r.pump, rig_peer(&m.r, no), m.r.now), OK);
}

static void tell_presence(int64_t no)
{
    struct peer *p = rig_peer(&m.r, no);

    m.told[no] = true;
    SAY("presence %lld %s\n", (long long)no, m.online[no] ? "here" : "away");
    if (m.online[no]) {
        wake(no);
        rig_return(&m.r, no);
    } else if (p->resources != NULL || !p->known) {
        rig_leave(&m.r, no);
    }
}

static void act_presence(void)
{
    int64_t no = 1 + below(SHARING);

    m.online[no] = !m.online[no];
    if (m.r.up && m.told[no])
        tell_presence(no);
}

static void act_on(void)
{
    int64_t no = anybody();
    struct peer *p = rig_peer(&m.r, no);

    m.on[no] = p->on = !p->on;
    assert_int_equal(store_person_set_flag(m.r.st, no, FLAG_ON, p->on), OK);
    SAY("%s %lld\n", p->on ? "on" : "off", (long long)no);
    if (p->on)
        assert_int_equal(pump_return(m.r.pump, p, m.r.mono), OK);
    else
        assert_int_equal(pump_leave(m.r.pump, p), OK);
}

static void set_holds(int64_t no, unsigned holds)
{
    struct peer *p = rig_peer(&m.r, no);

    p->holds = (unsigned short)holds;
    assert_int_equal(store_peace_set(m.r.st, no, &(struct peace){.holds = holds}), OK);
    assert_int_equal(pump_peace(m.r.pump, p), OK);
    SAY("settings of %lld hold %x\n", (long long)no, holds);
}

/* Quiet hours and snoozes begin and end, digests are set and due, in all orders. */
static void act_peace(void)
{
    const unsigned bulk = 1u << CLASS_BULK;
    int64_t no = STRICT + 1 + below(PEOPLE - STRICT), dice = below(100);
    unsigned holds = rig_peer(&m.r, no)->holds;

    m.calm[no] = true;
    if (dice < 30)
        holds = 0;
    else if (dice < 50)
        holds = HELD_ALL | (holds & HOLDS_DUE);
    else if (dice < 70)
        holds = bulk | ((unsigned)below(8) & HELD_ALL) | (holds & HOLDS_DUE);
    else if (dice < 85)
        holds = bulk | HOLDS_DIGEST | (holds & HOLDS_DUE);
    else
        holds = bulk | HOLDS_DIGEST | HOLDS_DUE;
    set_holds(no, holds);
}

/* Updates go off by themselves, for whoever is not there (or whose presence we never see), and on again at any sign. */
static void act_sleep(void)
{
    int64_t no = anybody();
    struct peer *p = rig_peer(&m.r, no);

    if (p->sleep == SLEEP_ASLEEP || p->resources != NULL)
        return;
    assert_int_equal(store_seen_set(m.r.st, no, m.r.now), OK);
    assert_int_equal(pump_sleep(m.r.pump, p), OK);
    SAY("asleep %lld\n", (long long)no);
}

/* Somebody writes to us: who is held is freed by that. */
static void act_stanza(void)
{
    int64_t no = anybody();
    struct answer an = {.person = no, .to = rig_peer(&m.r, no)->jid, .from = RIG_BOT, .text = "ok"};
    int64_t event;

    if (!m.r.up || (shares(no) && !m.online[no]))
        return;
    if (chance(40))
        assert_int_equal(store_answer_add(m.r.st, EVENT_ANSWER, &an, m.r.now, &event), OK);
    wake(no);
    assert_int_equal(pump_return(m.r.pump, rig_peer(&m.r, no), m.r.mono), OK);
    SAY("stanza of %lld\n", (long long)no);
}

static void act(void)
{
    int64_t dice = below(100);

    if (dice < 2)
        act_burst();
    else if (dice < 34)
        act_post();
    else if (dice < 50)
        act_amend();
    else if (dice < 60)
        act_edge();
    else if (dice < 84)
        act_presence();
    else if (dice < 89)
        act_on();
    else if (dice < 93)
        act_peace();
    else if (dice < 95)
        act_sleep();
    else
        act_stanza();
}

static void turn_of_people(void)
{
    struct model before = {.n_posts = m.n_posts};
    bool deleted[POSTS];
    int64_t n = 1 + below(3);

    memcpy(before.on, m.on, sizeof m.on);
    memcpy(before.parted, m.parted, sizeof m.parted);
    for (size_t i = 0; i < m.n_posts; i++)
        deleted[i] = m.posts[i].deleted;
    rig_begin(&m.r);
    while (n-- > 0)
        act();
    if (chance(20))
        bundles();
    if (chance(90)) {
        rig_end(&m.r);
        return;
    }
    SAY("undone\n");
    rig_drop(&m.r);
    rig_begin(&m.r);
    for (int64_t no = 1; no <= PEOPLE; no++) {
        struct person p;

        assert_int_equal(store_person_by_no(m.r.st, no, m.r.a, &p), OK);
        rig_peer(&m.r, no)->holds = (unsigned short)p.holds;
    }
    rig_end(&m.r);
    m.n_posts = before.n_posts;
    for (size_t i = 0; i < m.n_posts; i++)
        m.posts[i].deleted = deleted[i];
    memcpy(m.on, before.on, sizeof m.on);
    for (int no = 1; no <= PEOPLE; no++)
        rig_peer(&m.r, no)->on = m.on[no];
}

/* ---- the server ------------------------------------------------------------------------------------------- */

static const char *const conditions[] = {"service-unavailable", "resource-constraint", "gone"};

static void queue(struct inbound *q, size_t *n, const struct inbound *i)
{
    assert_true(*n < QUEUE);
    q[(*n)++] = *i;
}

static void odd_note(int64_t who, const char *id)
{
    m.odd[m.n_odd].who = who;
    (void)snprintf(m.odd[m.n_odd++].id, sizeof m.odd->id, "%s", id);
    assert_true(m.n_odd < QUEUE);
}

/* A message arrived: taken, or sent back, behind what the server has for us already, or (from another domain) much later;
 * a late one is never lost here, since nothing could make up for that. */
static void arrives(size_t i)
{
    const struct got *g = &m.r.got[i];
    int64_t who = strtoll(g->to + 1, NULL, 10);
    struct inbound e = {.what = BOUNCE, .who = who, .condition = conditions[below(3)]};
    bool odd = chance(1);

    m.fate = pump_grow(m.fate, &m.cap_fate, i + 1, sizeof *m.fate);
    m.fate[i] = m.refuses[who] || odd ? REFUSED : WITH_SERVER;
    SAY("  > %s to %lld%s%s\n", g->id, (long long)who, g->late ? " late" : "",
        m.fate[i] == REFUSED ? " (refused)" : "");
    if (m.fate[i] != REFUSED)
        return;
    (void)snprintf(e.id, sizeof e.id, "%s", g->id);
    if (!m.refuses[who]) {
        e.condition = "not-acceptable";
        odd_note(who, g->id);
    }
    if (chance(15))
        queue(m.late, &m.n_late, &e);
    else
        queue(m.in, &m.n_in, &e);
}

static void wire(size_t n)
{
    while (n-- > 0) {
        size_t had = m.r.n_fences;

        if (rig_wire(&m.r, 1) == 0)
            return;
        for (; m.seen < m.r.n_got; m.seen++)
            arrives(m.seen);
        if (m.r.n_fences > had) {
            struct inbound f = {.what = FENCE};

            (void)snprintf(f.id, sizeof f.id, "%s", m.r.fences[--m.r.n_fences]);
            queue(m.in, &m.n_in, &f);
        }
    }
}

static void hear(const struct inbound *i)
{
    if (i->what == FENCE) {
        SAY("fence %s\n", i->id);
        assert_true(pump_fence(m.r.pump, i->id, m.r.mono));
        return;
    }
    if (i->what == RECEIPT) {
        SAY("receipt %s of %lld\n", i->id, (long long)i->who);
        pump_receipt(m.r.pump, rig_peer(&m.r, i->who), i->id);
        return;
    }
    SAY("bounce %s of %lld %s\n", i->id, (long long)i->who, i->condition);
    rig_bounce(&m.r, i->who, i->id, i->condition);
}

/* Their clients take messages from the server, each about `percent` of what is there, and give receipts (or not). */
static void clients_take(int percent)
{
    for (size_t i = 0; i < m.r.n_got; i++) {
        struct inbound e = {.what = RECEIPT, .who = strtoll(m.r.got[i].to + 1, NULL, 10)};

        if (m.fate[i] != WITH_SERVER || !chance(percent))
            continue;
        m.fate[i] = SEEN;
        (void)snprintf(e.id, sizeof e.id, "%s", m.r.got[i].id);
        if (gives(e.who) && chance(95))
            queue(m.in, &m.n_in, &e);
    }
}

static void all_give(void)
{
    for (int64_t no = 1; no <= PEOPLE; no++)
        if (gives(no))
            pump_receipt(m.r.pump, rig_peer(&m.r, no), "something");
}

/* What arrived long ago has been taken: of what is older than a minute only the fence speaks. */
static void all_take(void)
{
    wire(SIZE_MAX);
    clients_take(100);
    for (size_t i = 0; i < m.r.n_got; i++)
        if (m.fate[i] == SEEN && gives(strtoll(m.r.got[i].to + 1, NULL, 10)))
            pump_receipt(m.r.pump, rig_peer(&m.r, strtoll(m.r.got[i].to + 1, NULL, 10)),
                         m.r.got[i].id);
    all_give();
    m.calm_at = m.r.mono;
}

/* What it had not handed out is gone; so is what it had for us. */
static void server_loses(void)
{
    for (size_t i = 0; i < m.r.n_got; i++)
        if (m.fate[i] == WITH_SERVER)
            m.fate[i] = LOST;
    m.n_in = 0;
}

static void inbound(size_t n, bool may_fail)
{
    bool fails = may_fail && chance(5);

    n = n < m.n_in ? n : m.n_in;
    rig_begin(&m.r);
    for (size_t i = 0; i < n; i++)
        hear(&m.in[i]);
    /* A late one in a turn that fails, and kill -9 right behind it: nobody could know. */
    if (!fails && m.n_late > 0 && chance(20))
        hear(&m.late[--m.n_late]);
    memmove(m.in, m.in + n, (m.n_in - n) * sizeof *m.in);
    m.n_in -= n;
    if (fails) {
        SAY("undone\n");
        rig_drop(&m.r);
    } else {
        rig_end(&m.r);
    }
}

static void presences(void)
{
    rig_begin(&m.r);
    for (int64_t no = 1; no <= SHARING; no++)
        if (m.online[no] && !m.told[no])
            tell_presence(no);
        else
            m.told[no] = true;
    rig_end(&m.r);
    m.presence_at = -1;
}

static void link_up(void)
{
    SAY("link up\n");
    rig_up(&m.r, false);
    memset(m.told, 0, sizeof m.told);
    m.presence_at = (int)below(15);
    pump_probed(m.r.pump, SHARING, m.r.mono);
}

static void link_gone(void)
{
    wire((size_t)below(6)); /* the rest never arrives */
    m.n_in = 0;             /* and what the server had for us neither */
}

static void crash(void)
{
    SAY("crash\n");
    link_gone();
    rig_crash(&m.r);
    all_give();
    for (int no = 1; no <= PEOPLE; no++)
        assert_int_equal(rig_peer(&m.r, no)->on, m.on[no]);
}

static void server_dies(void)
{
    SAY("the server dies\n");
    link_gone();
    server_loses();
    rig_down(&m.r);
}

static void power_fails(void)
{
    SAY("power fails\n");
    wire((size_t)below(6));
    server_loses();
    rig_crash(&m.r);
    all_give();
}

/* What the turn does when nothing else happens. */
static void upkeep(void)
{
    if (pump_save_due(m.r.pump, m.r.mono)) {
        rig_begin(&m.r);
        assert_int_equal(pump_save(m.r.pump, m.r.now), OK);
        rig_end(&m.r);
    } else {
        rig_run(&m.r);
    }
}

static void pass(void)
{
    int64_t ms = below(3000), dice = below(100);

    if (dice < 10)
        ms = 700000;
    else if (dice < 15)
        ms = 100000000; /* more than a day */
    if (dice < 15)
        all_take();
    rig_pass(&m.r, ms);
    if (dice < 15) {
        m.calm_at = m.r.mono;
        rig_run(&m.r);
        all_give();
    }
}

static void step(void)
{
    int64_t dice = below(1000);

    bool crowded = false;

    for (int64_t no = 1; no <= PEOPLE; no++)
        crowded |= rig_peer(&m.r, no)->unseen > UNSEEN_EACH / 2;
    if (crowded || m.r.mono - m.calm_at > UNSEEN_MS / 3)
        all_take();
    m.r.unsent = chance(10) ? PUMP_UNSENT + 1 : 0;
    if (chance(70)) /* a walk of eight people takes a few runs */
        m.r.pump->window = (size_t)below(1500);
    if (m.presence_at > 0)
        m.presence_at--;
    else if (m.presence_at == 0 && m.r.up)
        presences();
    if (dice < 350)
        turn_of_people();
    else if (dice < 550)
        wire((size_t)(1 + below(6)));
    else if (dice < 750)
        inbound((size_t)(1 + below(6)), true);
    else if (dice < 850)
        upkeep();
    else if (dice < 890)
        clients_take(50);
    else if (dice < 930)
        pass();
    else if (dice < 950)
        m.refuses[anybody()] ^= true;
    else if (dice < 965)
        crash();
    else if (dice < 970 && m.r.up)
        server_dies();
    else if (dice < 973)
        power_fails();
    else if (dice < 980 && m.r.up) {
        SAY("link down\n");
        link_gone();
        rig_down(&m.r);
    }
    if (!m.r.up && chance(30))
        link_up();
}

/* ---- rest --------------------------------------------------------------------------------- */

static void rest(void)
{
    SAY("rest\n");
    memset(m.refuses, 0, sizeof m.refuses);
    m.r.unsent = 0;
    if (!m.r.up)
        link_up();
    rig_begin(&m.r);
    for (int64_t no = 1; no <= PEOPLE; no++) {
        struct peer *p = rig_peer(&m.r, no);

        m.online[no] = m.on[no] = p->on = true;
        assert_int_equal(store_person_set_flag(m.r.st, no, FLAG_ON, true), OK);
        m.told[no] = false;
        wake(no);
        set_holds(no, 0);
    }
    rig_end(&m.r);
    presences();
    rig_pass(&m.r, LIMIT_BUNDLE_MS);
    for (int i = 0; i < 3000; i++) {
        upkeep();
        wire(SIZE_MAX);
        clients_take(100);
        while (m.n_late > 0)
            queue(m.in, &m.n_in, &m.late[--m.n_late]);
        inbound(SIZE_MAX, false);
        rig_begin(&m.r);
        if (i < 100)
            bundles();
        for (int64_t no = 1; no <= PEOPLE && i < 2900; no += 1)
            if (i % 50 == 0)
                assert_int_equal(pump_return(m.r.pump, rig_peer(&m.r, no), m.r.mono), OK);
        rig_end(&m.r);
        rig_pass(&m.r, i % 100 == 99 ? 90000000 : 200);
        if (i > 200 && m.r.pump->n_walks == 0 && m.r.pump->figures.held_people == 0 &&
            m.r.pump->n_releases == 0 && m.n_in == 0 && m.r.out.len == 0)
            return;
    }
    fail_msg("seed %llu: no rest: %zu walks, %zu held, %zu catch-ups", (unsigned long long)seed,
             m.r.pump->n_walks, m.r.pump->figures.held_people, m.r.pump->n_releases);
}

static void begin(void)
{
    memset(&m, 0, sizeof m);
    m.random = seed;
    m.trace = getenv("PUMP_MODEL_TRACE") != NULL;
    m.presence_at = -1;
    rig_open(&m.r);
    m.r.digest_after = 3;
    rig_crash(&m.r); /* with that setting */
    for (int64_t no = 1; no <= PEOPLE; no++) {
        assert_int_equal(rig_person(&m.r, shares(no)), no);
        m.online[no] = m.on[no] = m.told[no] = true;
    }
    all_give();
    m.calm_at = m.r.mono;
    for (int i = 0; i < 20; i++) {
        int64_t a = anybody(), b = anybody();

        if (a != b)
            rig_follow(&m.r, a, b);
    }
}

static void interleavings(void **state)
{
    (void)state;
    for (int i = 0; i < runs; i++) {
        seed = first_seed + (uint64_t)i;

        begin();
        for (int k = 0; k < STEPS; k++)
            step();
        rest();
        judge_all();
        rig_close(&m.r);
        free(m.fate);
    }
    (void)printf("# %ld bundles, given %ld times\n", n_bundles, n_told);
    assert_true(runs < RUNS || n_told > RUNS / 4);
}

/* Also where an assertion failed in the middle of it. */
static int say_seed(void **state)
{
    (void)state;
    (void)printf("# the last seed was %llu\n", (unsigned long long)seed);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(interleavings, say_seed)};

    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    runs = argc > 2 ? (int)strtol(argv[2], NULL, 10) : argc > 1 ? 1 : RUNS;
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
