/* SPDX-License-Identifier: MIT */
#include "db/sqlite/internal.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "db/query.h"
#include "db/sqlite/near.h"

#define COMMON 2500      /* people: a word that so many have is no way to find them */
#define LOOKED_MOST 2000 /* people in one page of a search without a rarer word */
#define NICK_TRIES 10000
/* Behind every word that begins with what stands before it. */
#define LAST_CHARACTER "\xF4\x8F\xBF\xBF"

static void person_read(struct store *st, enum statement s, struct arena *a, struct person *out)
{
    int64_t flags = db_column(st, s, 9);

    *out = (struct person){
        .no = db_column(st, s, 0),
        .jid = db_column_text(st, s, 1, a),
        .nick = db_column_text(st, s, 2, a),
        .name = db_column_text(st, s, 3, a),
        .title = db_column_text(st, s, 4, a),
        .bio = db_column_text(st, s, 5, a),
        .lang = db_column_text(st, s, 6, a),
        .zone = db_column_text(st, s, 7, a),
        .state = (enum person_state)db_column(st, s, 8),
        .on = (flags & (1 << FLAG_ON)) != 0,
        .shares = (flags & (1 << FLAG_SHARES)) != 0,
        .greeted_at_nick = (flags & (1 << FLAG_GREETED_AT_NICK)) != 0,
        .no_news = (flags & (1 << FLAG_NO_NEWS)) != 0,
        .joined_at = db_column(st, s, 10),
        .vcard_at = db_column(st, s, 11),
        .photo_hash = db_column_text(st, s, 12, a),
        .photo_type = db_column_text(st, s, 13, a),
        .photo_len = db_column(st, s, 14),
        .role = (enum role)db_column(st, s, 15),
        .holds = (unsigned)db_column(st, s, 16),
    };
}

static enum err person_one(struct store *st, enum statement s, struct arena *a, struct person *out)
{
    enum err e = db_step(st, s);

    if (e == OK) {
        person_read(st, s, a, out);
        db_end(st, s);
    }
    return e;
}

enum err store_person_by_no(struct store *st, int64_t no, struct arena *a, struct person *out)
{
    (void)db_bind(st, ST_PERSON_BY_NO, ARGS(no));
    return person_one(st, ST_PERSON_BY_NO, a, out);
}

enum err store_person_by_jid(struct store *st, const char *jid, struct arena *a, struct person *out)
{
    (void)db_bind(st, ST_PERSON_BY_JID, NO_ARGS);
    db_bind_text(st, ST_PERSON_BY_JID, 1, jid);
    return person_one(st, ST_PERSON_BY_JID, a, out);
}

enum err store_person_by_nick(struct store *st, const char *nick, struct arena *a,
                              struct person *out)
{
    (void)db_bind(st, ST_PERSON_BY_NICK, NO_ARGS);
    db_bind_text(st, ST_PERSON_BY_NICK, 1, nick);
    return person_one(st, ST_PERSON_BY_NICK, a, out);
}

static enum err has_text(struct store *st, enum statement s, const char *text, bool *out)
{
    enum err e;

    (void)db_bind(st, s, NO_ARGS);
    db_bind_text(st, s, 1, text);
    e = db_step(st, s);
    if (e == OK) {
        db_end(st, s);
    }
    *out = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

enum err person_active(struct store *st, int64_t no, bool *active)
{
    int64_t state = PERSON_RETIRED;
    enum err e = db_int(st, ST_PERSON_STATE, &state, ARGS(no));

    *active = e == OK && state == PERSON_ACTIVE;
    return e == E_NOTFOUND ? OK : e;
}

/* What people are found by: the folded words of all that is known of them. */
static enum err words_refresh(struct store *st, int64_t no)
{
    struct person p;
    char *words, *word, *end;
    enum err e = store_person_by_no(st, no, st->scratch, &p);

    if (e == OK) {
        e = db_run(st, ST_WORDS_DROP, ARGS(no));
    }
    if (e != OK) {
        return e;
    }
    words = query_fold(st->scratch,
                       arena_printf(st->scratch, "%s %s %s %s", p.nick, p.name, p.title, p.bio));
    for (word = words; e == OK; word = end) {
        word += strspn(word, " ");
        if (*word == '\0') {
            break;
        }
        end = word + strcspn(word, " ");
        (void)db_bind(st, ST_WORDS_ADD, ARGS(no));
        db_bind_text(st, ST_WORDS_ADD, 2,
                     text_first(st->scratch, arena_ndup(st->scratch, word, (size_t)(end - word)),
                                LIMIT_NAME));
        e = db_finish(st, ST_WORDS_ADD);
    }
    return e;
}

static bool reserved(const char *nick, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(nick, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum err free_nick(struct store *st, const char *wish, const char *const *names, size_t n,
                          const char **out)
{
    const char *nick = wish;

    for (int i = 2; i < NICK_TRIES; i++) {
        bool taken = true;

        if (!reserved(nick, names, n)) {
            enum err e = has_text(st, ST_PERSON_BY_NICK, nick, &taken);

            if (e != OK) {
                return e;
            }
        }
        if (!taken) {
            *out = nick;
            return OK;
        }
        nick = arena_printf(st->scratch, "%s%d", wish, i);
    }
    return E_LIMIT;
}

enum err store_person_add(struct store *st, const char *jid, const char *nick,
                          const char *const *names, size_t n_names, int64_t at, int64_t *no)
{
    bool known;
    const char *name = NULL;
    enum err e;

    arena_reset(st->scratch);
    e = has_text(st, ST_PERSON_BY_JID, jid, &known);
    if (e != OK || known) {
        return e != OK ? e : E_EXISTS;
    }
    e = free_nick(st, text_fold(st->scratch, nick), names, n_names, &name);
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_PERSON_ADD, ARGS(at, 1 << FLAG_ON));
    db_bind_text(st, ST_PERSON_ADD, 3, jid);
    db_bind_text(st, ST_PERSON_ADD, 4, name);
    e = db_finish(st, ST_PERSON_ADD);
    if (e == OK) {
        *no = sqlite3_last_insert_rowid(st->db);
        e = words_refresh(st, *no);
    }
    return e == OK ? company_joined(st, at) : e;
}

/* OK if the last statement changed a row. */
static enum err changed(struct store *st, enum err e)
{
    return e != OK ? e : sqlite3_changes(st->db) > 0 ? OK : E_NOTFOUND;
}

enum err store_person_set(struct store *st, int64_t no, enum person_field field, const char *value)
{
    static const enum statement by_field[] = {
        [FIELD_NAME] = ST_PERSON_SET_NAME, [FIELD_TITLE] = ST_PERSON_SET_TITLE,
        [FIELD_BIO] = ST_PERSON_SET_BIO,   [FIELD_LANG] = ST_PERSON_SET_LANG,
        [FIELD_ZONE] = ST_PERSON_SET_ZONE,
    };
    enum err e;

    arena_reset(st->scratch);
    (void)db_bind(st, by_field[field], ARGS(no));
    db_bind_text(st, by_field[field], 2, value);
    e = changed(st, db_finish(st, by_field[field]));
    if (e == OK && (field == FIELD_NAME || field == FIELD_TITLE || field == FIELD_BIO)) {
        e = words_refresh(st, no);
    }
    return e;
}

enum err store_person_set_flag(struct store *st, int64_t no, enum person_flag flag, bool value)
{
    int64_t bit = 1 << flag;

    return changed(st, db_run(st, ST_PERSON_SET_FLAG, ARGS(no, bit, value ? bit : 0)));
}

enum err person_drop_rows(struct store *st, int64_t no)
{
    static const enum statement gone[] = {
        ST_WORDS_DROP,    ST_PHOTO_DROP,       ST_FORGET_HELD,
        ST_FORGET_BACK,   ST_FORGET_BOUNCE,    ST_FORGET_NEWS,
        ST_FORGET_BUNDLE, ST_FORGET_DIGEST,    ST_FORGET_SAVED,
        ST_FORGET_PINS,   ST_FORGET_ALIASES,   ST_FORGET_VOTES,
        ST_FORGET_EXPERT, ST_FORGET_SCHEDULED, ST_FORGET_SCHEDULED_LAST,
        ST_FORGET_ACKS,   ST_FORGET_ASKS,      ST_FORGET_PEACE,
        ST_FORGET_NUDGES, ST_FORGET_MISSED,    ST_FORGET_AUTHOR,
        ST_FORGET_ASKED,  ST_FORGET_LIFE};
    enum err e = OK;

    for (size_t i = 0; e == OK && i < ARRAY_LEN(gone); i++) {
        e = db_run(st, gone[i], ARGS(no));
    }
    return e;
}

enum err store_person_set_state(struct store *st, int64_t no, enum person_state state)
{
    enum err e = changed(st, db_run(st, ST_PERSON_SET_STATE, ARGS(no, state)));

    if (e != OK || state != PERSON_RETIRED) {
        return e;
    }
    e = edges_retire(st, no);
    return e == OK ? person_drop_rows(st, no) : e;
}

enum err store_person_set_photo(struct store *st, int64_t no, const char *hash, const char *type,
                                const void *data, size_t len, int64_t at)
{
    enum err e;

    if (len > LIMIT_PHOTO) {
        return E_LIMIT;
    }
    (void)db_bind(st, ST_PERSON_SET_PHOTO, ARGS(no, (int64_t)len, at));
    db_bind_text(st, ST_PERSON_SET_PHOTO, 4, len > 0 ? hash : "");
    db_bind_text(st, ST_PERSON_SET_PHOTO, 5, len > 0 ? type : "");
    e = changed(st, db_finish(st, ST_PERSON_SET_PHOTO));
    if (e != OK) {
        return e;
    }
    if (len == 0) {
        return db_run(st, ST_PHOTO_DROP, ARGS(no));
    }
    (void)db_bind(st, ST_PHOTO_SET, ARGS(no));
    db_bind_blob(st, ST_PHOTO_SET, 2, data, len);
    return db_finish(st, ST_PHOTO_SET);
}

enum err store_person_photo(struct store *st, int64_t no, struct arena *a, const void **data,
                            size_t *len)
{
    sqlite3_stmt *q = db_bind(st, ST_PHOTO, ARGS(no));
    enum err e = db_step(st, ST_PHOTO);

    if (e == OK) {
        const void *blob = sqlite3_column_blob(q, 0);

        *len = (size_t)sqlite3_column_bytes(q, 0);
        *data = arena_ndup(a, blob, *len);
        db_end(st, ST_PHOTO);
    }
    return e;
}

/* Room for `limit` people. */
static void people_begin(struct arena *a, size_t limit, struct people *out)
{
    *out = (struct people){.at = arena_array(a, limit + 1, sizeof(out->at[0]))};
}

/* Reads rows of PERSON to their end, one more than limit says that there are more. */
enum err people_read(struct store *st, enum statement s, size_t limit, struct arena *a,
                     struct people *out)
{
    enum err e;

    people_begin(a, limit, out);
    while ((e = db_step(st, s)) == OK) {
        if (out->n == limit) {
            out->more = true;
            db_end(st, s);
            return OK;
        }
        person_read(st, s, a, &out->at[out->n++]);
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_people_page(struct store *st, int64_t after, size_t limit, struct arena *a,
                           struct people *out)
{
    (void)db_bind(st, ST_PEOPLE_PAGE, ARGS(after, (int64_t)limit + 1));
    return people_read(st, ST_PEOPLE_PAGE, limit, a, out);
}

static const char *end_of(struct store *st, const char *word)
{
    return arena_printf(st->scratch, "%s" LAST_CHARACTER, word);
}

static enum err has_words(struct store *st, int64_t no, char *const *words, size_t n, bool *all)
{
    enum err e = OK;

    *all = true;
    for (size_t i = 0; e == OK && *all && i < n; i++) {
        (void)db_bind(st, ST_PERSON_HAS_WORD, ARGS(no));
        db_bind_text(st, ST_PERSON_HAS_WORD, 2, words[i]);
        db_bind_text(st, ST_PERSON_HAS_WORD, 3, end_of(st, words[i]));
        e = db_step(st, ST_PERSON_HAS_WORD);
        if (e == OK) {
            db_end(st, ST_PERSON_HAS_WORD);
        } else if (e == E_NOTFOUND) {
            *all = false;
            e = OK;
        }
    }
    return e;
}

/* The folded words of all. */
static size_t words_of(struct arena *a, const char *const *words, size_t n, char **out, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        for (char *w = query_fold(a, words[i]); count < max;) {
            size_t len;

            w += strspn(w, " ");
            if (*w == '\0') {
                break;
            }
            len = strcspn(w, " ");
            out[count++] = arena_ndup(a, w, len);
            w += len;
        }
    }
    return count;
}

/* The word that the fewest have comes first: it leaves the fewest to look at. *common: even that one has many. */
static enum err rarest_first(struct store *st, char **words, size_t n, bool *common)
{
    int64_t least = COMMON;
    enum err e = OK;

    *common = true;
    for (size_t i = 0; e == OK && i < n; i++) {
        (void)db_bind(st, ST_WORD_LOAD, ARGS(COMMON));
        db_bind_text(st, ST_WORD_LOAD, 2, words[i]);
        db_bind_text(st, ST_WORD_LOAD, 3, end_of(st, words[i]));
        e = db_step(st, ST_WORD_LOAD);
        if (e == OK) {
            int64_t load = db_column(st, ST_WORD_LOAD, 0);

            db_end(st, ST_WORD_LOAD);
            if (load < least) {
                char *rarest = words[i];

                words[i] = words[0];
                words[0] = rarest;
                least = load;
                *common = false;
            }
        }
    }
    return e;
}

enum err store_people_search(struct store *st, const char *const *words, size_t n, int64_t after,
                             size_t limit, struct arena *a, struct people *out)
{
    char *folded[LIMIT_SEARCH_TERMS];
    struct person last = {.nick = ""};
    enum statement list;
    size_t count, looked = 0;
    bool common;
    enum err e = OK;

    arena_reset(st->scratch);
    people_begin(a, limit, out);
    count = words_of(st->scratch, words, n, folded, ARRAY_LEN(folded));
    if (after != 0) {
        e = store_person_by_no(st, after, st->scratch, &last);
    }
    if (count == 0 || (e != OK && e != E_NOTFOUND)) {
        return e;
    }
    e = rarest_first(st, folded, count, &common);
    if (e != OK) {
        return e;
    }
    /* Of those who have a rare word all are sorted; where all words are common, they are met soon among all people. */
    list = common ? ST_PEOPLE_BY_NICK : ST_PEOPLE_BY_WORD;
    (void)db_bind(st, list, NO_ARGS);
    db_bind_text(st, list, 1, last.nick);
    if (!common) {
        db_bind_text(st, list, 2, folded[0]);
        db_bind_text(st, list, 3, end_of(st, folded[0]));
    }
    while ((e = db_step(st, list)) == OK) {
        int64_t no = db_column(st, list, 0);
        bool all;

        e = has_words(st, no, folded + !common, count - !common, &all);
        if (e == OK && all && out->n < limit) {
            e = store_person_by_no(st, no, a, &out->at[out->n++]);
            out->next = no;
        } else if (e == OK && (all || (common && ++looked == LOOKED_MOST))) {
            out->more = true;
            out->next = all ? out->next : no;
        }
        if (e != OK || out->more) {
            db_end(st, list);
            return e;
        }
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_people_near(struct store *st, const char *typed, size_t limit, struct arena *a,
                           struct people *out)
{
    struct near nr;
    enum err e;

    arena_reset(st->scratch);
    near_init(&nr, st->scratch, text_fold(st->scratch, typed), limit);
    (void)db_bind(st, ST_PEOPLE_NICKS, NO_ARGS);
    while ((e = db_step(st, ST_PEOPLE_NICKS)) == OK) {
        near_offer(&nr, db_column(st, ST_PEOPLE_NICKS, 0),
                   (const char *)sqlite3_column_text(st->statements[ST_PEOPLE_NICKS], 1));
    }
    people_begin(a, nr.n, out);
    for (size_t i = 0; (e == OK || e == E_NOTFOUND) && i < nr.n; i++) {
        e = store_person_by_no(st, nr.best[i].no, a, &out->at[out->n]);
        out->n += e == OK && out->at[out->n].state == PERSON_ACTIVE;
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_person_counts(struct store *st, int64_t no, struct person_counts *out)
{
    enum err e;

    *out = (struct person_counts){0};
    (void)db_bind(st, ST_TALLY, ARGS(no));
    e = db_step(st, ST_TALLY);
    if (e == OK) {
        out->posts = db_column(st, ST_TALLY, 0);
        out->following = db_column(st, ST_TALLY, 1);
        out->followers = db_column(st, ST_TALLY, 2);
        out->likes_got = db_column(st, ST_TALLY, 3);
        out->praise = db_column(st, ST_TALLY, 6);
        db_end(st, ST_TALLY);
    }
    return e == E_NOTFOUND ? OK : e;
}
