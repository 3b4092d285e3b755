/* SPDX-License-Identifier: MIT */
/* Who is owed what: random histories, and a naive model of delivery.md beside the store. For every event
 * and person the walk over all (store_audience_*), the question for one (store_owed_one), what a person
 * is owed (store_owed) and the model must agree, in class and first version; `home` is held against the
 * model as well.
 *
 * STORE_HISTORIES and STORE_SEED in the environment make it run longer, or again. */
#include "tests/store/common.h"

#include "tests/store/owed_model.h"

static const char *const tag_keys[TAGS] = {"red", "회의", "q3_plan"};
static const char *const phrases[PHRASES] = {"alpha", "beta alpha", "회의", "의"};
static const char *const vocabulary[] = {"alpha",    "beta", "alphabet", "회의실",
                                         "사내회의", "의자", "gamma"};

static uint64_t seed;
static bool seed_favours, seed_group; /* a history in which one conversation runs hot; in a group */

/* ---- steps ------------------------------------------------------------------------------------ */

static struct m_event *m_event(int kind, int64_t author, int64_t post_no, int64_t original,
                               int version)
{
    struct m_event *e = &m.events[++m.n_events];

    assert_true(m.n_events <= EVENTS_MOST);
    *e = (struct m_event){.kind = kind,
                          .no = m.n_events,
                          .at = m.now,
                          .author = author,
                          .post = post_no,
                          .original = original,
                          .version = version};
    return e;
}

static int64_t any_person(void)
{
    return 1 + rnd(&seed, (uint32_t)m.people);
}

/* A post, mostly a recent one: what happens to one post is what can go wrong. */
static struct m_post *any_post(void)
{
    uint32_t n = (uint32_t)m.n_posts, back = rnd(&seed, rnd(&seed, 4) == 0 ? n : n < 5 ? n : 5);

    return &m.posts[n - back];
}

/* What a text is made of; tags and people in it. */
struct draft {
    char text[400];
    struct tag tags[TAGS];
    int64_t named[PEOPLE];
    struct new_post p;
    bool has_tag[TAGS + 1], has_name[PEOPLE + 1];
};

static void draft(struct draft *d, int64_t author)
{
    static int serial;

    memset(d, 0, sizeof(*d));
    int len = snprintf(d->text, sizeof(d->text), "n%d", serial++);
    for (uint32_t i = rnd(&seed, 4); i > 0; i--) {
        len += snprintf(d->text + len, sizeof(d->text) - (size_t)len, " %s",
                        vocabulary[rnd(&seed, ARRAY_LEN(vocabulary))]);
    }
    d->p = (struct new_post){
        .author = author, .at = m.now, .text = d->text, .tags = d->tags, .named = d->named};
    for (int t = 1; t <= TAGS; t++) {
        if (rnd(&seed, 5) == 0) {
            d->has_tag[t] = true;
            d->tags[d->p.n_tags++] =
                (struct tag){rnd(&seed, 2) ? t : 0, tag_keys[t - 1], tag_keys[t - 1]};
        }
    }
    for (int64_t w = 1; w <= m.people; w++) {
        if (w != author && rnd(&seed, 8) == 0) {
            d->has_name[w] = true;
            d->named[d->p.n_named++] = w;
        }
    }
}

static bool word_in(const char *text, const char *word, bool whole)
{
    const char *at = text;

    while ((at = strstr(at, word)) != NULL) {
        char after = at[strlen(word)];

        if (!whole || ((at == text || at[-1] == ' ') && (after == ' ' || after == '\0'))) {
            return true;
        }
        at++;
    }
    return false;
}

static bool phrase_in(int phrase, const char *text)
{
    switch (phrase) {
    case 1:
        return word_in(text, "alpha", true);
    case 2:
        return word_in(text, "alpha", true) && word_in(text, "beta", true);
    case 3:
        return word_in(text, "회의", false);
    default:
        return word_in(text, "의", false);
    }
}

static bool may_name(const struct m_post *p, int64_t who)
{
    return p->recipient == 0 && m_reads(p, who);
}

static void check_cursors(int64_t event)
{
    struct cursor *c;
    size_t n;
    bool open[N_CLASSES] = {false}, want[N_CLASSES] = {false};
    int first, top = N_CLASSES;
    struct event e;

    MUST(store_cursors(st, event - 1, N_CLASSES, ar, &c, &n));
    for (size_t i = 0; i < n; i++) {
        if (c[i].event == event) {
            assert_int_equal(c[i].last, 0);
            open[c[i].class] = true;
        }
    }
    for (int64_t w = 1; w <= PEOPLE; w++) {
        int class = m_owed(event, w, &first);

        if (class != -1) {
            want[class] = true;
            top = class < top ? class : top;
        }
    }
    MUST(store_event_get(st, event, &e));
    for (int i = 0; i < N_CLASSES; i++) {
        if (open[i] != want[i]) {
            print_error("event %d kind %d: cursor of class %d %s\n", (int)event, e.kind, i,
                        open[i] ? "without anybody" : "is missing");
            fail();
        }
    }
    assert_int_equal(e.top, top == N_CLASSES ? CLASS_BULK : top);
}

/* ---- conversations that run hot -------------------------------------------------------------- */

static int n_bundles, n_bundled;

/* Hot answers that no bundle tells of; the first and the last of them. */
static int m_waits(int64_t root, const struct m_post **first, const struct m_post **last)
{
    int n = 0;

    for (int64_t i = 1; i <= m.n_posts; i++) {
        const struct m_post *p = &m.posts[i];

        if (p->root == root && p->hot && p->bundle == 0) {
            *first = n++ == 0 ? p : *first;
            *last = p;
        }
    }
    return n;
}

static bool m_is_hot(const struct m_post *p)
{
    const struct m_post *first, *last;
    int lately = 0;

    if (p->parent == 0 || p->recipient != 0) {
        return false;
    }
    for (int64_t i = 1; i < p->no; i++) {
        const struct m_post *o = &m.posts[i];

        lately += o->root == p->root && o->parent != 0 && p->at - o->at < LIMIT_HOT_MS;
    }
    return lately >= LIMIT_HOT_REPLIES || m_waits(p->root, &first, &last) > 0;
}

/* The root whose bundle is due first, 0: none. One whose answers were all taken back is forgotten. */
static int64_t m_due(int64_t *due)
{
    int64_t best = 0;

    for (int64_t root = 1; root <= m.n_posts; root++) {
        const struct m_post *first, *last;
        int64_t at;

        if (m_waits(root, &first, &last) == 0) {
            continue;
        }
        at = m_least(last->at + LIMIT_HOT_MS, first->at + LIMIT_BUNDLE_MS);
        best = best == 0 || at < *due ? root : best;
        *due = best == root ? at : *due;
    }
    return best;
}

static bool m_take(int64_t root, int64_t event)
{
    int64_t newest = 0;

    for (int64_t i = 1; i <= m.n_posts; i++) {
        struct m_post *p = &m.posts[i];

        if (p->root == root && p->hot && p->bundle == 0) {
            newest = p->deleted ? newest : p->no;
            p->bundle = event;
        }
    }
    if (newest != 0) {
        struct event e;

        assert_int_equal(m_event(EVENT_BUNDLE, 0, newest, 0, 0)->no, event);
        MUST(store_event_get(st, event, &e));
        assert_int_equal(e.post, newest);
        check_cursors(event);
        n_bundles++;
    }
    return newest != 0;
}

static void step_bundles(void)
{
    static const int64_t pauses[] = {0, LIMIT_HOT_MS / 2, LIMIT_HOT_MS, LIMIT_BUNDLE_MS};
    int64_t event, next, root, due = 0;

    m.now += pauses[rnd(&seed, 4)];
    do {
        MUST(store_hot_take(st, m.now, &event, &next));
        while ((root = m_due(&due)) != 0 && due <= m.now) {
            if (m_take(root, event != 0 ? event : m.n_events + 1)) {
                break;
            }
        }
        assert_true((root != 0 && due <= m.now) == (event != 0));
        assert_int_equal(next, event != 0 ? m.now : root != 0 ? due : 0);
    } while (event != 0);
}

/* Much is said about one thing. */
static void favour(int64_t *parent)
{
    if (seed_favours && m.n_posts > 2 && rnd(&seed, 4) > 0) {
        do {
            *parent = 1 + rnd(&seed, (uint32_t)m.n_posts);
        } while (m.posts[*parent].root > 2);
    }
}

static void step_post(void)
{
    /* Who writes takes part: most only follow. */
    const struct m_post *first, *last;
    int64_t author = seed_favours && rnd(&seed, 4) > 0 ? 1 + rnd(&seed, 3) : any_person();
    int64_t parent = 0;
    struct m_post *p = &m.posts[m.n_posts + 1];
    struct draft d;
    struct added added;
    enum err want = OK;

    if (m.n_posts == POSTS_MOST) {
        return;
    }
    if (seed_group && m.n_posts < 2) {
        author = 1;
    }
    draft(&d, author);
    *p = (struct m_post){.no = m.n_posts + 1, .at = m.now, .author = author};
    p->root = p->no;
    favour(&parent);
    if (seed_group && m.n_posts < 2) {
        p->group = 1;
    } else if (parent == 0 && m.n_posts > 0 && rnd(&seed, 2) == 0) {
        parent = any_post()->no;
    } else if (parent == 0 && rnd(&seed, 5) == 0) {
        p->recipient = any_person();
    } else if (parent == 0 && rnd(&seed, 5) == 0) {
        p->group = 1 + rnd(&seed, GROUPS);
    }
    if (p->recipient == author) {
        p->recipient = 0;
    }
    if (parent == 0 && p->recipient == 0 && p->group == 0 && rnd(&seed, 5) == 0) {
        p->last = m.people;
        d.p.kind = KIND_ANNOUNCEMENT;
    }
    d.p.recipient = p->recipient;
    d.p.group = p->group;
    d.p.parent = p->parent = parent;
    if (parent != 0) {
        const struct m_post *root = &m.posts[m.posts[parent].root];

        want = m_visible(&m.posts[parent], author) ? OK : E_NOTFOUND;
        p->root = root->no;
        p->group = root->group;
        p->recipient = root->recipient == 0     ? 0
                       : author == root->author ? root->recipient
                                                : root->author;
    }
    if (p->group != 0 && m_open(EDGE_MEMBER, author, p->group) == NULL) {
        want = E_NOTFOUND; /* only members write */
    }
    GIVES(want, store_post_add(st, &d.p, &added));
    if (want != OK) {
        return;
    }
    p->hot = m_is_hot(p);
    assert_int_equal(added.hot, p->hot ? 1 + m_waits(p->root, &first, &last) : 0);
    m.n_posts++;
    p->event = m_event(EVENT_POST, author, p->no, 0, 0)->no;
    assert_int_equal(added.post, p->no);
    assert_int_equal(added.event, p->event);
    memcpy(p->tags, d.has_tag, sizeof(p->tags));
    for (int64_t w = 1; w <= PEOPLE; w++) {
        p->named[w] = p->ever_named[w] = d.has_name[w] && may_name(p, w);
    }
    for (int t = 1; t <= PHRASES; t++) {
        p->phrases[t] = p->recipient == 0 && phrase_in(t, d.text) &&
                        (m_any_on(EDGE_FOLLOW_WORDS, t) || m_any_on(EDGE_MUTE_WORDS, t));
    }
    check_cursors(p->event);
    if (parent != 0 && m_open(EDGE_FOLLOW_THREAD, author, p->root) == NULL) {
        m_close(EDGE_LEAVE_THREAD, author, p->root);
        m_add(EDGE_FOLLOW_THREAD, author, p->root, 0);
    }
}

static void step_edit(void)
{
    struct m_post *p;
    struct m_edit *e;
    struct draft d;
    struct added added;

    if (m.n_posts == 0) {
        return;
    }
    p = any_post();
    if (p->n_edits == (int)ARRAY_LEN(p->edits)) {
        return;
    }
    draft(&d, p->author);
    if (p->deleted) {
        GIVES(E_NOTFOUND, store_post_edit(st, p->no, &d.p, &added));
        return;
    }
    MUST(store_post_edit(st, p->no, &d.p, &added));
    e = &p->edits[p->n_edits++];
    *e = (struct m_edit){.at = m.now, .version = p->n_edits};
    e->event = m_event(EVENT_EDIT, p->author, p->no, p->event, e->version)->no;
    assert_int_equal(added.event, e->event);
    assert_int_equal(added.version, e->version);
    for (int64_t w = 1; w <= PEOPLE; w++) {
        e->named[w] = d.has_name[w] && may_name(p, w) && !p->ever_named[w];
        p->ever_named[w] = p->ever_named[w] || e->named[w];
    }
    check_cursors(e->event);
}

static void end_repeats(const struct m_post *p, int64_t who)
{
    int most = m.n_events;

    for (int64_t n = 1; n <= most; n++) {
        struct m_event *r = &m.events[n];

        if (r->kind == EVENT_REPEAT && r->post == p->no && r->until == 0 &&
            (who == 0 || r->author == who)) {
            r->until = m.n_events + 1;
            check_cursors(m_event(EVENT_DELETE, r->author, p->no, n, 0)->no);
        }
    }
}

static void step_delete(void)
{
    struct m_post *p;
    struct added added;

    if (m.n_posts == 0) {
        return;
    }
    p = any_post();
    GIVES(p->deleted ? E_NOTFOUND : OK, store_post_delete(st, p->no, m.now, &added));
    if (!p->deleted) {
        p->deleted = true;
        assert_int_equal(added.event,
                         m_event(EVENT_DELETE, p->author, p->no, p->event, p->n_edits)->no);
        check_cursors(added.event);
        end_repeats(p, 0);
    }
}

static void step_repeat(void)
{
    int64_t who = any_person();
    struct m_post *p;
    struct added added;
    enum err want;
    bool standing = false;

    if (m.n_posts == 0) {
        return;
    }
    p = any_post();
    if (m.events[m.n_events].kind == EVENT_REPEAT) { /* what is repeated is repeated again */
        p = &m.posts[m.events[m.n_events].post];
    }
    for (int64_t n = 1; n <= m.n_events; n++) {
        const struct m_event *r = &m.events[n];

        standing = standing || (r->kind == EVENT_REPEAT && r->post == p->no && r->author == who &&
                                r->until == 0);
    }
    if (standing && rnd(&seed, 2) == 0) {
        MUST(store_repeat_remove(st, who, p->no, m.now));
        end_repeats(p, who);
        return;
    }
    want = !m_visible(p, who)                   ? E_NOTFOUND
           : p->recipient != 0 || p->group != 0 ? E_DENIED
           : standing                           ? E_EXISTS
                                                : OK;
    GIVES(want, store_repeat_add(st, who, p->no, "", m.now, &added));
    if (want == OK) {
        assert_int_equal(added.event, m_event(EVENT_REPEAT, who, p->no, 0, p->n_edits)->no);
        check_cursors(added.event);
    }
}

static int64_t any_pair(void)
{
    int64_t person = any_person(), tag = 1 + rnd(&seed, TAGS), no, *pair = &m.pairs[person][tag];

    GIVES(*pair != 0 ? OK : E_NOTFOUND, store_person_tag_find(st, person, tag, &no));
    MUST(store_person_tag_add(st, person, tag, &no));
    if (*pair == 0) {
        assert_true(no > m.n_pairs);
        *pair = m.n_pairs = no;
    }
    assert_int_equal(no, *pair);
    return no;
}

static int64_t pair_person(int64_t pair)
{
    for (int64_t p = 1; p <= PEOPLE; p++) {
        for (int t = 1; t <= TAGS; t++) {
            if (m.pairs[p][t] == pair) {
                return p;
            }
        }
    }
    return 0;
}

/* An object for an edge of a kind. */
static int64_t any_object(int kind)
{
    switch (kind) {
    case EDGE_FOLLOW_TAG:
    case EDGE_MUTE_TAG:
        return 1 + rnd(&seed, TAGS);
    case EDGE_FOLLOW_PERSON_TAG:
        return any_pair();
    case EDGE_FOLLOW_WORDS:
    case EDGE_MUTE_WORDS:
        return 1 + rnd(&seed, PHRASES);
    case EDGE_MEMBER:
    case EDGE_MUTE_GROUP:
        return 1 + rnd(&seed, GROUPS);
    case EDGE_FOLLOW_THREAD:
    case EDGE_MUTE_THREAD:
    case EDGE_LEAVE_THREAD:
        return m.n_posts == 0 ? 0 : any_post()->root;
    default:
        return any_person();
    }
}

static enum err m_want(int kind, int64_t who, int64_t object)
{
    bool pair = kind == EDGE_FOLLOW_PERSON_TAG;
    bool person_kind =
        pair || kind == EDGE_FOLLOW_PERSON || kind == EDGE_MUTE_PERSON || kind == EDGE_BLOCK;

    object = pair ? pair_person(object) : object;
    if (person_kind && who == object) {
        return E_DENIED;
    }
    if (person_kind && m.suspended[object]) {
        return E_NOTFOUND;
    }
    return (pair || kind == EDGE_FOLLOW_PERSON) && m_open(EDGE_BLOCK, object, who) != NULL
               ? E_DENIED
               : OK;
}

static void step_open(int kind)
{
    int64_t who = any_person(), object = any_object(kind);
    bool mute = kind >= EDGE_MUTE_PERSON && kind <= EDGE_MUTE_GROUP;
    int64_t expires = mute && rnd(&seed, 2) == 0 ? m.now + 1 + rnd(&seed, 40) : 0;
    struct m_edge *old = m_open(kind, who, object);
    bool follow = kind <= EDGE_FOLLOW_WORDS || kind == EDGE_FOLLOW_PERSON_TAG;
    int how = follow && rnd(&seed, 2) == 0 ? (int)rnd(&seed, 4) : LEVEL_NOW;
    enum err want;

    if (object == 0) {
        return;
    }
    if (old != NULL && (old->expires_at == 0 || old->expires_at > m.now)) {
        GIVES(E_EXISTS,
              store_edge_open(st, (enum edge_kind)kind, who, object, how, expires, m.now));
        if (old->how != how && old->since <= m.n_events) {
            m_close(kind, who, object);
            m_add(kind, who, object, expires);
            old = &m.edges[m.n_edges - 1];
        }
        old->how = how;
        old->expires_at = expires;
        return;
    }
    m_close(kind, who, object);
    want = m_want(kind, who, object);
    GIVES(want, store_edge_open(st, (enum edge_kind)kind, who, object, how, expires, m.now));
    if (want != OK) {
        return;
    }
    if (kind == EDGE_BLOCK) {
        m_close(EDGE_FOLLOW_PERSON, who, object);
        m_close(EDGE_FOLLOW_PERSON, object, who);
        for (int t = 1; t <= TAGS; t++) {
            m_close(EDGE_FOLLOW_PERSON_TAG, who, m.pairs[object][t]);
            m_close(EDGE_FOLLOW_PERSON_TAG, object, m.pairs[who][t]);
        }
    } else if (kind == EDGE_FOLLOW_THREAD || kind == EDGE_LEAVE_THREAD) {
        m_close(kind == EDGE_FOLLOW_THREAD ? EDGE_LEAVE_THREAD : EDGE_FOLLOW_THREAD, who, object);
    }
    m_add(kind, who, object, expires);
    m.edges[m.n_edges - 1].how = how;
}

static void step_close(void)
{
    int i = m.n_edges == 0 ? -1 : (int)rnd(&seed, (uint32_t)m.n_edges);
    const struct m_edge *e = i < 0 ? NULL : &m.edges[i];

    if (e == NULL) {
        return;
    }
    GIVES(m_open(e->kind, e->subject, e->object) != NULL ? OK : E_NOTFOUND,
          store_edge_close(st, (enum edge_kind)e->kind, e->subject, e->object));
    if (e->kind == EDGE_MEMBER && e->until == 0) {
        m_close(EDGE_MUTE_GROUP, e->subject, e->object);
    }
    m_close(e->kind, e->subject, e->object);
}

static void step_kind(void)
{
    int64_t group = 1 + rnd(&seed, GROUPS);
    enum group_kind kind = (enum group_kind)rnd(&seed, 3);

    MUST(store_group_set_kind(st, group, kind));
    if (kind != GROUP_OPEN || m.open_from[group] == 0) {
        m.open_from[group] = kind == GROUP_OPEN ? m.n_events + 1 : 0;
    }
    for (int64_t w = 1; w <= PEOPLE && kind == GROUP_SECRET; w++) {
        if (m_open(EDGE_MEMBER, w, group) == NULL) {
            m_close(EDGE_MUTE_GROUP, w, group);
        }
    }
}

static void joins(void)
{
    char nick[20];

    (void)snprintf(nick, sizeof(nick), "p%d", (int)++m.people);
    assert_int_equal(person(nick), m.people);
}

static void step_other(void)
{
    int64_t who = any_person(), event;

    if (m.people < PEOPLE && rnd(&seed, 3) == 0) {
        joins();
    } else if (rnd(&seed, 2) == 0) {
        m.suspended[who] = !m.suspended[who] && rnd(&seed, 3) == 0;
        MUST(store_person_set_state(st, who, m.suspended[who] ? PERSON_SUSPENDED : PERSON_ACTIVE));
    } else {
        struct answer an = {who, "a@b/c", "bot@d", "text", 0};

        MUST(store_answer_add(st, EVENT_ANSWER, &an, m.now, &event));
        assert_int_equal(event, m_event(EVENT_ANSWER, who, 0, 0, 0)->no);
    }
}

static void step(void)
{
    static const int kinds[] = {
        EDGE_FOLLOW_PERSON,    EDGE_FOLLOW_PERSON, EDGE_FOLLOW_PERSON, EDGE_FOLLOW_TAG,
        EDGE_FOLLOW_THREAD,    EDGE_FOLLOW_WORDS,  EDGE_MEMBER,        EDGE_MEMBER,
        EDGE_MUTE_PERSON,      EDGE_MUTE_TAG,      EDGE_MUTE_THREAD,   EDGE_MUTE_WORDS,
        EDGE_MUTE_GROUP,       EDGE_BLOCK,         EDGE_LEAVE_THREAD,  EDGE_FOLLOW_PERSON_TAG,
        EDGE_FOLLOW_PERSON_TAG};
    static const int threads[] = {EDGE_LEAVE_THREAD, EDGE_FOLLOW_THREAD, EDGE_MUTE_THREAD,
                                  EDGE_MUTE_GROUP};
    uint32_t n = rnd(&seed, 100);

    m.now += 1 + rnd(&seed, 5);
    if (seed_favours && rnd(&seed, 12) == 0) {
        step_open(threads[rnd(&seed, ARRAY_LEN(threads))]);
        return;
    }
    if (n < 30 || (seed_favours && rnd(&seed, 3) == 0)) {
        step_post();
    } else if (n < 40) {
        step_edit();
    } else if (n < 45) {
        step_delete();
    } else if (n < 57) {
        step_repeat();
    } else if (n < 85) {
        step_open(kinds[rnd(&seed, ARRAY_LEN(kinds))]);
    } else if (n < 93) {
        step_close();
    } else if (n < 95) {
        step_kind();
    } else if (n < 97) {
        step_bundles();
    } else {
        step_other();
    }
}

/* ---- agreement -------------------------------------------------------------------------------- */

static void check_event(int64_t no)
{
    struct event e;
    int64_t people[PEOPLE + 1];

    MUST(store_event_get(st, no, &e));
    assert_int_equal(e.kind, m.events[no].kind);
    for (int class = 0; class < N_CLASSES; class ++) {
        size_t n = audience(no, (enum event_class) class, 1 + rnd(&seed, 4), people, PEOPLE + 1),
               i = 0;

        for (int64_t w = 1; w <= PEOPLE; w++) {
            int first;
            bool want = m_owed(no, w, &first) == class, got = i < n && people[i] == w;

            i += got;
            if (want != got) {
                print_error("event %d (kind %d of #%d) class %d: the walk %s person %d\n", (int)no,
                            e.kind, (int)e.post, class, got ? "has" : "misses", (int)w);
                fail();
            }
        }
        assert_int_equal(i, n);
    }
    for (int64_t w = 1; w <= PEOPLE; w++) {
        int first, got_first = -1, want = m_owed(no, w, &first);
        enum event_class class = N_CLASSES;
        enum err err = store_owed_one(st, &e, w, &class, &got_first);

        if (err != (want == -1 ? E_NOTFOUND : OK) ||
            (want != -1 && ((int)class != want || got_first != first))) {
            print_error("event %d kind %d person %d: %s class %d first %d, not class %d first %d\n",
                        (int)no, e.kind, (int)w, err_text(err), class, got_first, want, first);
            fail();
        }
    }
}

static void check_answers(const struct owed *o, int64_t who)
{
    struct owed told[LIMIT_BUNDLE];
    int first, answers = 0;
    size_t n;

    if (o->event.kind == EVENT_BUNDLE) {
        (void)m_bundle_class(&m.events[o->event.no], who, &first, &answers);
        MUST(store_bundle_answers(st, &o->event, who, told, &n));
        assert_int_equal(n, answers);
        n_bundled++;
    }
}

static void check_owed(int64_t who)
{
    unsigned mask = 1 + rnd(&seed, (1u << N_CLASSES) - 1);
    int64_t from = 1 + rnd(&seed, (uint32_t)m.n_events),
            to = from + rnd(&seed, (uint32_t)m.n_events + 2);
    int64_t next = from, expect = from;
    size_t limit = 1 + rnd(&seed, 7), n;
    struct owed *o;
    int first;

    if (rnd(&seed, 2) == 0) {
        from = next = expect = 1;
        to = m.n_events + 1;
        mask = (1u << N_CLASSES) - 1;
    }
    to = to > m.n_events + 1 ? m.n_events + 1 : to;
    do {
        int64_t before = next;

        MUST(store_owed(st, who, mask, next, to, limit, ar, &o, &n, &next));
        assert_true(n <= limit);
        assert_true(next == to || next > before);
        for (size_t i = 0; i <= n; i++) {
            int64_t upto = i < n ? o[i].event.no : next;

            for (; expect < upto; expect++) {
                int class = m_owed(expect, who, &first);

                if (class != -1 && (mask & 1u << class) != 0) {
                    print_error("store_owed misses event %d for person %d\n", (int)expect,
                                (int)who);
                    fail();
                }
            }
            if (i < n) {
                assert_int_equal(m_owed(upto, who, &first), (int)o[i].class);
                assert_true((mask & 1u << o[i].class) != 0);
                assert_int_equal(first, o[i].first);
                check_answers(&o[i], who);
                expect = upto + 1;
            }
        }
    } while (next < to);
}

static bool m_at_home(int64_t no, int64_t who)
{
    const struct m_event *e = &m.events[no];
    int first, class = m_owed(no, who, &first);

    if (e->kind >= EVENT_DELETE || !m_visible(&m.posts[e->post], who)) {
        return false;
    }
    if (e->kind == EVENT_POST && e->author == who) {
        return true;
    }
    if (e->kind == EVENT_POST && class == -1 && m.posts[e->post].hot && !m.suspended[who]) {
        return m_plain(&m.posts[e->post], who) != -1; /* one of a bundle */
    }
    return class != -1 && (e->kind != EVENT_EDIT || first == e->version) &&
           (e->kind != EVENT_REPEAT || e->until == 0);
}

static void check_home(int64_t who)
{
    int64_t before = 0, expect = m.n_events;
    struct items items;

    do {
        MUST(store_list(st, LIST_HOME, who, 0, before, 1 + rnd(&seed, 9), ar, &items));
        for (size_t i = 0; i < items.n; i++, expect--) {
            while (expect > 0 && !m_at_home(expect, who)) {
                expect--;
            }
            if (items.at[i].place != expect) {
                print_error("home of %d: event %d where %d was expected\n", (int)who,
                            (int)items.at[i].place, (int)expect);
                fail();
            }
            assert_int_equal(items.at[i].post.no, m.events[expect].post);
            assert_int_equal(items.at[i].repeat, m.events[expect].kind == EVENT_REPEAT);
        }
        before = items.next;
    } while (items.more);
    while (expect > 0) {
        assert_false(m_at_home(expect--, who));
    }
}

/* Some companies know each other well from the first day, some do not. */
static void first_follows(void)
{
    uint32_t density = rnd(&seed, 60);

    for (int64_t a = 1; a <= m.people; a++) {
        for (int64_t b = 1; b <= m.people; b++) {
            if (a != b && rnd(&seed, 100) < density) {
                follow(a, b);
                m_add(EDGE_FOLLOW_PERSON, a, b, 0);
            }
        }
    }
}

/* By somebody who is in none of them at first. */
static void first_groups(void)
{
    int64_t founder;

    joins();
    founder = m.people;
    for (int i = 1; i <= GROUPS; i++) {
        const char *name = arena_printf(ar, "g%d", i);
        int64_t no;

        MUST(store_group_add(st,
                             &(struct new_group){.key = name,
                                                 .shown = name,
                                                 .purpose = "",
                                                 .kind = i == 1 ? GROUP_OPEN : GROUP_CLOSED,
                                                 .owner = founder,
                                                 .at = m.now},
                             &no));
        assert_int_equal(no, i);
        MUST(store_edge_close(st, EDGE_MEMBER, founder, no));
        MUST(store_group_set_kind(st, no, i == 1 ? GROUP_OPEN : GROUP_CLOSED));
        m.open_from[i] = i == 1 ? 1 : 0;
    }
}

static void history(uint64_t start)
{
    int64_t no;

    seed = start * 0x9E3779B97F4A7C15u + 1;
    memset(&m, 0, sizeof(m));
    seed_favours = start % 2 == 0;
    seed_group = start % 4 == 0;
    m.now = 1000;
    assert_int_equal(store_setup(NULL), 0);
    while (m.people < PEOPLE - 3) {
        joins();
    }
    for (int i = 1; i <= TAGS; i++) {
        MUST(store_tag_add(st, tag_keys[i - 1], tag_keys[i - 1], &no));
        assert_int_equal(no, i);
    }
    for (int i = 1; i <= PHRASES; i++) {
        MUST(store_phrase_add(st, phrases[i - 1], &no));
        assert_int_equal(no, i);
    }
    first_groups();
    for (int64_t w = 1; seed_group && w <= m.people; w++) {
        MUST(store_edge_open(st, EDGE_MEMBER, w, 1, 0, 0, m.now));
        m_add(EDGE_MEMBER, w, 1, 0);
    }
    first_follows();
    for (int i = 0; i < STEPS && m.n_events < EVENTS_MOST - 50; i++) {
        step();
        if (rnd(&seed, 10) == 0) {
            arena_reset(ar);
            next_turn();
        }
    }
    for (no = 1; no <= m.n_events; no++) {
        check_event(no);
    }
    for (int64_t w = 1; w <= m.people; w++) {
        check_owed(w);
        check_owed(w);
        check_home(w);
    }
    store_teardown(NULL);
}

static void test_histories(void **state)
{
    const char *count = getenv("STORE_HISTORIES"), *start = getenv("STORE_SEED");
    unsigned long n = count == NULL ? 100 : strtoul(count, NULL, 10);
    unsigned long from = start == NULL ? 1 : strtoul(start, NULL, 10);

    (void)state;
    for (unsigned long i = from; i < from + n; i++) {
        print_message("# history %lu\n", i);
        history(i);
    }
    print_message("# %d bundles, owed %d times\n", n_bundles, n_bundled);
    assert_true(n < 50 || (n_bundles > (int)n / 5 && n_bundled > (int)n / 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_histories)};

    return cmocka_run_group_tests_name("owed", tests, NULL, NULL);
}
