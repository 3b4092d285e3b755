/* SPDX-License-Identifier: MIT */
/* The search. The index gives posts that may fit, newest first; each is looked at by query_match(), as
 * are the posts not yet indexed and, for words of one syllable, the newest ones. */
#include "db/sqlite/search.h"

#include <string.h>

#include "base/text.h"
#include "db/query.h"
#include "db/tokenizer.h"

#define TOKENS_MOST 32    /* of a query; the rest is left to query_match() */
#define GROUPS_MOST 200   /* of the viewer's groups, named in a query */
#define SCAN_POSTS 20000  /* newest posts looked at where the index cannot help */
#define WORK_MOST 20000   /* of one call */
#define WORK_ANSWERS 2000 /* of one for accepted answers, which goes before another */
#define WORK_LOOK 10      /* reading, folding and matching a post */
#define WORK_SKIP 1       /* seeing at once that it cannot fit */

struct search {
    struct store *st;
    const struct query *q;
    int64_t viewer;
    int64_t lo, hi; /* posts lo <= no < hi */
    size_t limit;
    struct arena *a;
    struct items *out;
    int work;
    bool full; /* the limit or the budget was reached */
};

/* ---- one post --------------------------------------------------------------------------------- */

static enum err present_on(struct store *st, const struct post_row *row, enum channel channel,
                           int64_t object, bool *yes)
{
    int64_t how = 0;
    enum err e = db_int(st, ST_REACH_HOW, &how, ARGS(row->event, channel, object));

    *yes = e == OK && (how & HOW_PRESENT) != 0;
    return e == E_NOTFOUND ? OK : e;
}

static enum err fits_filters(const struct search *s, const struct post_row *row, bool *yes)
{
    const struct query *q = s->q;
    int64_t other = 0;
    enum err e = OK;

    *yes = (q->from == 0 || q->from == row->author) && (q->group == 0 || q->group == row->group) &&
           (q->since == 0 || row->at >= q->since) && (q->until == 0 || row->at < q->until) &&
           (!q->has_link || (row->flags & POST_LINK) != 0) &&
           (!q->has_file || (row->flags & POST_FILE) != 0) &&
           (!(q->is_question || q->is_open) || flags_kind(row->flags) == KIND_QUESTION) &&
           (!q->is_announcement || flags_kind(row->flags) == KIND_ANNOUNCEMENT);
    if (*yes && q->tag != 0) {
        e = present_on(s->st, row, tag_channel(row->scope), q->tag, yes);
    }
    if (e == OK && *yes && q->is_open) {
        e = question_answer(s->st, row->no, &other);
        *yes = other == 0;
    }
    if (e == OK && *yes && q->is_answer) {
        e = question_of_answer(s->st, row->no, &other);
        *yes = other != 0;
    }
    if (e == OK && *yes && q->to != 0 && q->to != row->recipient) {
        e = present_on(s->st, row, CH_NAMED, q->to, yes);
    }
    return e;
}

/* Takes a post if it fits; sets full where there is one more than the limit, or no more budget. */
static enum err look(struct search *s, int64_t no)
{
    const char *text;
    struct post_row row;
    struct item *item;
    bool yes;
    enum err e = post_row(s->st, no, &row);

    s->work += WORK_LOOK;
    if (e == OK && (row.flags & POST_DELETED) != 0) {
        e = E_NOTFOUND;
    }
    if (e == OK) {
        e = post_visible(s->st, &row, s->viewer);
    }
    if (e == OK) {
        e = fits_filters(s, &row, &yes);
    }
    /* What everybody may read in a group is found only by who looks there. */
    if (e == OK && yes && row.scope == SCOPE_GROUP && s->q->group == 0 && s->viewer != 0) {
        e = edge_is_open(s->st, EDGE_MEMBER, s->viewer, row.group, &yes);
    }
    if (e == OK && yes && s->q->n_terms > 0) {
        arena_reset(s->st->scratch);
        e = store_post_text(s->st, no, row.version, s->st->scratch, &text);
        yes = e == OK && query_match(s->q, query_fold(s->st->scratch, text));
    }
    if (e != OK || !yes) {
        return e == E_NOTFOUND ? OK : e;
    }
    if (s->out->n == s->limit) {
        s->full = true;
        return OK;
    }
    item = &s->out->at[s->out->n++];
    *item = (struct item){.place = no, .repeater_nick = "", .repeater_name = "", .comment = ""};
    return post_load(s->st, no, s->a, &item->post);
}

/* Called behind each post: *next is where another call goes on. */
static bool enough(struct search *s, int64_t no)
{
    if (!s->full && s->work < WORK_MOST) {
        return false;
    }
    s->out->more = true;
    s->out->next = s->full ? no + 1 : no;
    return true;
}

/* ---- reading posts one after the other ---------------------------------------------------------- */

/* Whether a raw text may hold, once folded, a character that it does not hold as it is. */
static bool may_fold_to_hangul_or_han(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != 0; p++) {
        if (*p < 0xE1) {
            continue;
        }
        if ((*p == 0xE1 && p[1] >= 0x84 && p[1] <= 0x87) || /* jamo */
            (*p == 0xE2 && p[1] >= 0xBA) ||                 /* radicals */
            (*p == 0xE3 && ((p[1] == 0x84 && p[2] >= 0xB0) || (p[1] >= 0x85 && p[1] <= 0x8F))) ||
            *p == 0xEA || /* more jamo, but also syllables from U+AC00: */
            *p == 0xEF || *p >= 0xF0) {
            if (*p == 0xEA && (p[1] >= 0xB0 || p[1] < 0xA5)) {
                continue;
            }
            return true;
        }
    }
    return false;
}

/* A single Hangul syllable or Han character: most texts without it can be passed over unfolded. */
static bool is_plain_character(const char *term)
{
    const char *s = term;
    uint32_t c = text_next(&s);

    return *s == '\0' && (text_is_hangul(c) || (c >= 0x4E00 && c <= 0x9FFF));
}

static bool cannot_fit(const struct query *q, const char *text)
{
    for (size_t i = 0; i < q->n_terms; i++) {
        const struct term *t = &q->terms[i];

        if (!t->refused && is_plain_character(t->text) && strstr(text, t->text) == NULL) {
            return !may_fold_to_hangul_or_han(text);
        }
    }
    return false;
}

static enum err scan(struct search *s, int64_t hi, int64_t lo)
{
    struct store *st = s->st;
    enum err e;

    if (hi <= lo || s->out->more) {
        return OK;
    }
    (void)db_bind(st, ST_SCAN, ARGS(hi, lo));
    while ((e = db_step(st, ST_SCAN)) == OK) {
        int64_t no = db_column(st, ST_SCAN, 0);

        if (cannot_fit(s->q, (const char *)sqlite3_column_text(st->statements[ST_SCAN], 1))) {
            s->work += WORK_SKIP;
        } else {
            e = look(s, no);
        }
        if (e != OK || enough(s, no)) {
            db_end(st, ST_SCAN);
            return e;
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

/* ---- by the index ------------------------------------------------------------------------------- */

/* A token in quotes, which FTS5 takes as it is. Tokens hold letters, digits and the mark alone. */
static void add_token(struct buffer *b, const char *at, size_t len)
{
    if (b->len > 0) {
        buffer_adds(b, " AND ");
    }
    buffer_adds(b, "\"");
    buffer_add(b, at, len);
    buffer_adds(b, "\"");
}

static void add_mark(struct buffer *b, char what, int64_t no)
{
    buffer_adds(b, b->len > 0 ? " AND \"" : "\"");
    search_mark(b, what, no);
    buffer_adds(b, "\"");
}

/* The tokens that every post has that fits; empty where the index cannot help. */
static void match_text(const struct query *q, struct buffer *b)
{
    int n = 0;

    if (q->from != 0) {
        add_mark(b, MARK_FROM, q->from);
    }
    if (q->to != 0) {
        add_mark(b, MARK_TO, q->to);
    }
    if (q->tag != 0) {
        add_mark(b, MARK_TAG, q->tag);
    }
    if (q->group != 0) {
        add_mark(b, MARK_GROUP, q->group);
    }
    if (q->has_link) {
        add_mark(b, MARK_LINK, 0);
    }
    if (q->has_file) {
        add_mark(b, MARK_FILE, 0);
    }
    if (q->is_question) {
        add_mark(b, MARK_KIND, KIND_QUESTION);
    }
    if (q->is_announcement) {
        add_mark(b, MARK_KIND, KIND_ANNOUNCEMENT);
    }
    if (q->is_open) {
        add_mark(b, MARK_OPEN, 0);
    }
    if (q->is_answer) {
        add_mark(b, MARK_ANSWER, 0);
    }
    for (size_t i = 0; i < q->n_terms && n < TOKENS_MOST; i++) {
        struct tokenizer t;
        struct token token;

        tokenizer_init(&t, q->terms[i].text, strlen(q->terms[i].text), TOKEN_QUERY);
        while (!q->terms[i].refused && n < TOKENS_MOST && tokenizer_next(&t, &token)) {
            const char *s = token.at, *end = token.at + token.len;
            uint32_t c = text_next(&s);

            if (s < end ||
                !tokenizer_anywhere(c)) { /* one syllable is a token only at the end of a run */
                add_token(b, token.at, token.len);
                n++;
            }
        }
    }
}

/* The same, for what only some may read: each match must have one of the viewer's reader marks. */
static enum err match_scoped(const struct search *s, const struct buffer *match, struct buffer *b)
{
    enum err e = OK;
    int n = 0;

    if (s->viewer == 0) { /* the program itself */
        buffer_add(b, match->data, match->len);
        return OK;
    }
    buffer_adds(b, "(\"");
    search_mark(b, MARK_READER, s->viewer);
    if (s->q->group != 0) { /* perhaps not one of theirs, but open: look() knows */
        buffer_adds(b, "\" OR \"");
        search_mark(b, MARK_GROUP, s->q->group);
    }
    (void)db_bind(s->st, ST_OPEN_OBJECTS, ARGS(EDGE_MEMBER, s->viewer));
    while (n++ < GROUPS_MOST && (e = db_step(s->st, ST_OPEN_OBJECTS)) == OK) {
        buffer_adds(b, "\" OR \"");
        search_mark(b, MARK_GROUP, db_column(s->st, ST_OPEN_OBJECTS, 0));
    }
    db_end(s->st, ST_OPEN_OBJECTS);
    buffer_adds(b, "\") AND ");
    buffer_add(b, match->data, match->len);
    return e == E_NOTFOUND ? OK : e;
}

/* The next row of an index, 0 at its end. */
static enum err next_hit(struct store *st, enum statement s, int64_t *no)
{
    enum err e = db_step(st, s);

    *no = e == OK ? db_column(st, s, 0) : 0;
    return e == E_NOTFOUND ? OK : e;
}

/* Both indexes, newest first. */
static enum err by_index(struct search *s, int64_t hi, const char *public, const char *scoped)
{
    const enum statement first = s->q->is_answer ? ST_ACCEPTED_FIND : ST_FIND;
    struct store *st = s->st;
    int64_t a = 0, b = 0;
    enum err e;

    if (hi <= s->lo || s->out->more) {
        return OK;
    }
    (void)db_bind(st, first, ARGS(hi, s->lo));
    db_bind_text(st, first, 3, public);
    (void)db_bind(st, ST_SCOPED_FIND, ARGS(hi, s->lo));
    db_bind_text(st, ST_SCOPED_FIND, 3, scoped);
    e = next_hit(st, first, &a);
    if (e == OK && !s->q->is_answer) { /* those are all public */
        e = next_hit(st, ST_SCOPED_FIND, &b);
    }
    while (e == OK && (a != 0 || b != 0)) {
        int64_t no = a > b ? a : b;

        e = look(s, no);
        if (e != OK || enough(s, no)) {
            break;
        }
        e = a > b ? next_hit(st, first, &a) : next_hit(st, ST_SCOPED_FIND, &b);
    }
    db_end(st, first);
    db_end(st, ST_SCOPED_FIND);
    return e;
}

/* ---- all together ------------------------------------------------------------------------------- */

/* The first post written at or after an instant: their times ascend (a clock set back blurs it a
 * little, so each hit's own time is looked at too). */
static enum err first_at(struct store *st, int64_t head, int64_t at, int64_t *no)
{
    int64_t lo = 1, hi = head + 1;

    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2, when = 0;
        enum err e = db_int(st, ST_POST_AT, &when, ARGS(mid));

        if (e != OK && e != E_NOTFOUND) {
            return e;
        }
        if (e == OK && when < at) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    *no = lo;
    return OK;
}

static enum err bounds(struct search *s, int64_t head, int64_t before)
{
    enum err e = OK;

    s->lo = 1;
    s->hi = before == 0 || before > head ? head + 1 : before;
    if (s->q->since != 0) {
        e = first_at(s->st, head, s->q->since, &s->lo);
    }
    if (e == OK && s->q->until != 0) {
        int64_t hi;

        e = first_at(s->st, head, s->q->until, &hi);
        s->hi = e == OK && hi < s->hi ? hi : s->hi;
    }
    return e;
}

static bool has_positive_term(const struct query *q)
{
    for (size_t i = 0; i < q->n_terms; i++) {
        if (!q->terms[i].refused) {
            return true;
        }
    }
    return false;
}

static enum err run(struct search *s, int64_t head, int64_t indexed)
{
    struct buffer match, scoped;
    int64_t tail = indexed + 1 > s->lo ? indexed + 1 : s->lo;
    int64_t rest = s->hi < indexed + 1 ? s->hi : indexed + 1;
    enum err e;

    buffer_init(&match, LIMIT_BODY);
    buffer_init(&scoped, LIMIT_BODY);
    match_text(s->q, &match);
    e = scan(s, s->hi, tail);
    if (e == OK && match.len == 0) {
        int64_t floor = head - SCAN_POSTS + 1;

        e = scan(s, rest, floor > s->lo && has_positive_term(s->q) ? floor : s->lo);
    } else if (e == OK) {
        e = match_scoped(s, &match, &scoped);
        if (e == OK) {
            e = by_index(s, rest, match.data, scoped.data);
        }
    }
    buffer_fini(&match);
    buffer_fini(&scoped);
    return e;
}

enum err store_search(struct store *st, const struct query *q, int64_t viewer, int64_t before,
                      size_t limit, struct arena *a, struct items *out)
{
    struct search s = {.st = st, .q = q, .viewer = viewer, .limit = limit, .a = a, .out = out};
    int64_t head = 0, indexed = 0;
    enum err e = db_int(st, ST_POST_HEAD, &head, NO_ARGS);

    *out = (struct items){.at = arena_array(a, limit + 1, sizeof(out->at[0]))};
    if (e == E_NOTFOUND) {
        return OK;
    }
    s.work = q->is_answer ? WORK_MOST - WORK_ANSWERS : 0;
    if (e == OK) {
        e = search_indexed(st, &indexed);
    }
    if (e == OK) {
        e = bounds(&s, head, before);
    }
    return e == OK ? run(&s, head, indexed) : e;
}
