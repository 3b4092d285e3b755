/* SPDX-License-Identifier: MIT */
/* The index behind the search: FTS5 with our own tokenizer, written some time after the posts. What is
 * indexed of a post: its words, and marks (author, named, tags, links, readers), which are tokens that
 * no text can hold. */
#include "db/sqlite/search.h"

#include <string.h>

#include "base/text.h"
#include "db/query.h"
#include "db/tokenizer.h"

#define BATCH 64
#define MERGE_PAGES 16
#define DOCUMENT_MAX (4 * 1024 * 1024)

/* ---- the tokenizer, as FTS5 sees it ------------------------------------------------------------ */

static int fts_create(void *context, const char **args, int n, Fts5Tokenizer **out)
{
    static char handle;

    (void)context;
    (void)args;
    (void)n;
    *out = (Fts5Tokenizer *)(void *)&handle;
    return SQLITE_OK;
}

static void fts_delete(Fts5Tokenizer *t)
{
    (void)t;
}

/* Of a query each quoted string is one token already (find.c); documents are folded texts. */
static int fts_tokenize(Fts5Tokenizer *handle, void *context, int flags, const char *text, int len,
                        int (*each)(void *, int, const char *, int, int, int))
{
    struct tokenizer t;
    struct token token;

    (void)handle;
    if ((flags & FTS5_TOKENIZE_QUERY) != 0) {
        return len > 0 ? each(context, 0, text, len, 0, len) : SQLITE_OK;
    }
    tokenizer_init(&t, text, len > 0 ? (size_t)len : 0, TOKEN_TEXT);
    while (tokenizer_next(&t, &token)) {
        int start = (int)(token.at - text);
        int rc = each(context, 0, token.at, (int)token.len, start, start + (int)token.len);

        if (rc != SQLITE_OK) {
            return rc;
        }
    }
    return SQLITE_OK;
}

enum err search_register(struct store *st)
{
    static fts5_tokenizer ours = {fts_create, fts_delete, fts_tokenize};
    fts5_api *api = NULL;
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(st->db, "SELECT fts5(?1)", -1, &q, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_bind_pointer(q, 1, &api, "fts5_api_ptr", NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(q);
    }
    (void)sqlite3_finalize(q);
    if (rc == SQLITE_ROW && api != NULL) {
        rc = api->xCreateTokenizer(api, "jaejal", NULL, &ours, NULL);
    }
    return rc == SQLITE_OK ? OK : db_error(st, rc, "tokenizer");
}

/* ---- the index --------------------------------------------------------------------------------- */

static enum err meta_get(struct store *st, const char *key, int64_t *out)
{
    enum err e;

    (void)db_bind(st, ST_META_GET, NO_ARGS);
    db_bind_text(st, ST_META_GET, 1, key);
    e = db_step(st, ST_META_GET);
    if (e == OK) {
        *out = db_column(st, ST_META_GET, 0);
        db_end(st, ST_META_GET);
    }
    return e;
}

static enum err meta_set(struct store *st, const char *key, int64_t value)
{
    (void)db_bind(st, ST_META_SET, ARGS(value));
    db_bind_text(st, ST_META_SET, 2, key);
    return db_finish(st, ST_META_SET);
}

enum err search_indexed(struct store *st, int64_t *post)
{
    return meta_get(st, "indexed", post);
}

static enum err rebuild(struct store *st)
{
    enum err e = db_run(st, ST_FIND_CLEAR, NO_ARGS);

    if (e == OK) {
        e = db_run(st, ST_SCOPED_CLEAR, NO_ARGS);
    }
    if (e == OK) {
        e = db_run(st, ST_ACCEPTED_CLEAR, NO_ARGS);
    }
    if (e == OK) {
        e = meta_set(st, "indexed", 0);
    }
    return e == OK ? meta_set(st, "tokenizer", TOKENIZER_VERSION) : e;
}

enum err search_start(struct store *st)
{
    int64_t version = 0;
    enum err e = meta_get(st, "tokenizer", &version);

    if (e != OK || version == TOKENIZER_VERSION) {
        return e;
    }
    e = store_begin(st);
    if (e != OK) {
        return e;
    }
    e = rebuild(st);
    if (e != OK) {
        store_rollback(st);
        return e;
    }
    return store_commit(st);
}

void search_mark(struct buffer *b, char what, int64_t no)
{
    buffer_addf(b, "%s%c%lld", TOKEN_MARK, what, (long long)no);
}

static enum err add_marks(struct store *st, const struct post_row *row, enum channel channel,
                          char what, struct buffer *b)
{
    enum err e;

    (void)db_bind(st, ST_REACH_IN, ARGS(row->event, channel, HOW_PRESENT));
    while ((e = db_step(st, ST_REACH_IN)) == OK) {
        search_mark(b, what, db_column(st, ST_REACH_IN, 0));
        buffer_adds(b, " ");
    }
    return e == E_NOTFOUND ? OK : e;
}

/* What a post is, besides its text. */
static enum err add_kind(struct store *st, const struct post_row *row, struct buffer *b)
{
    enum post_kind kind = flags_kind(row->flags);
    int64_t other = 0;
    enum err e = OK;

    if (kind != KIND_PLAIN) {
        search_mark(b, MARK_KIND, kind);
        buffer_adds(b, " ");
    }
    if (kind == KIND_QUESTION) {
        e = question_answer(st, row->no, &other);
        if (e == OK && other == 0) {
            search_mark(b, MARK_OPEN, 0);
            buffer_adds(b, " ");
        }
    }
    return e;
}

/* What is indexed of a post as it is now. */
static enum err document(struct store *st, const struct post_row *row, struct buffer *b)
{
    const char *text = "";
    enum err e = store_post_text(st, row->no, row->version, st->scratch, &text);

    search_mark(b, MARK_FROM, row->author);
    buffer_adds(b, " ");
    if (row->scope == SCOPE_PRIVATE) {
        search_mark(b, MARK_TO, row->recipient);
        buffer_adds(b, " ");
        search_mark(b, MARK_READER, row->author);
        buffer_adds(b, " ");
        search_mark(b, MARK_READER, row->recipient);
        buffer_adds(b, " ");
    } else if (row->scope == SCOPE_GROUP) {
        search_mark(b, MARK_GROUP, row->group);
        buffer_adds(b, " ");
    }
    if ((row->flags & POST_LINK) != 0) {
        search_mark(b, MARK_LINK, 0);
        buffer_adds(b, " ");
    }
    if ((row->flags & POST_FILE) != 0) {
        search_mark(b, MARK_FILE, 0);
        buffer_adds(b, " ");
    }
    if (e == OK) {
        e = add_kind(st, row, b);
    }
    if (e == OK) {
        e = add_marks(st, row, tag_channel(row->scope), MARK_TAG, b);
    }
    if (e == OK) {
        e = add_marks(st, row, CH_NAMED, MARK_TO, b);
    }
    if (e == OK) {
        buffer_adds(b, query_fold(st->scratch, text));
    }
    return e == OK && b->over ? E_FULL : e;
}

static enum err write_document(struct store *st, const struct post_row *row, enum statement s)
{
    struct buffer b;
    enum err e;

    buffer_init(&b, DOCUMENT_MAX);
    if (s == ST_ACCEPTED_ADD || s == ST_ACCEPTED_DROP) {
        search_mark(&b, MARK_ANSWER, 0);
        buffer_adds(&b, " ");
    }
    e = document(st, row, &b);
    if (e == OK) {
        (void)db_bind(st, s, ARGS(row->no));
        db_bind_text(st, s, 2, b.data);
        e = db_finish(st, s);
    }
    buffer_fini(&b);
    return e;
}

static enum err is_indexed(struct store *st, const struct post_row *row, bool *yes)
{
    int64_t upto = 0;
    enum err e = search_indexed(st, &upto);

    *yes = e == OK && row->no <= upto && (row->flags & POST_DELETED) == 0;
    return e;
}

static enum err is_accepted(struct store *st, const struct post_row *row, bool *yes)
{
    int64_t question = 0;
    enum err e = row->parent == 0 ? OK : question_of_answer(st, row->no, &question);

    *yes = question != 0;
    return e;
}

enum err search_accept(struct store *st, const struct post_row *row, bool accepted)
{
    bool yes;
    enum err e = is_indexed(st, row, &yes);

    if (e == OK && yes) {
        e = write_document(st, row, accepted ? ST_ACCEPTED_ADD : ST_ACCEPTED_DROP);
    }
    return e;
}

enum err search_remove(struct store *st, const struct post_row *row)
{
    bool yes, accepted = false;
    enum err e = is_indexed(st, row, &yes);

    if (e == OK && yes) {
        e = write_document(st, row, row->scope == SCOPE_PUBLIC ? ST_FIND_DROP : ST_SCOPED_DROP);
    }
    if (e == OK && yes) {
        e = is_accepted(st, row, &accepted);
    }
    return e == OK && accepted ? search_accept(st, row, false) : e;
}

enum err search_insert(struct store *st, const struct post_row *row)
{
    bool yes, accepted = false;
    enum err e = is_indexed(st, row, &yes);

    if (e == OK && yes) {
        e = write_document(st, row, row->scope == SCOPE_PUBLIC ? ST_FIND_ADD : ST_SCOPED_ADD);
    }
    if (e == OK && yes) {
        e = is_accepted(st, row, &accepted);
    }
    return e == OK && accepted ? search_accept(st, row, true) : e;
}

enum err search_index(struct store *st, size_t *n)
{
    struct post_row rows[BATCH];
    int64_t upto = 0;
    enum err e = search_indexed(st, &upto);

    *n = 0;
    if (e == OK) {
        (void)db_bind(st, ST_POSTS_FROM, ARGS(upto, BATCH));
        while ((e = post_row_next(st, ST_POSTS_FROM, &rows[*n])) == OK) {
            if (++*n == BATCH) {
                db_end(st, ST_POSTS_FROM);
                break;
            }
        }
        e = e == E_NOTFOUND ? OK : e;
    }
    if (e == OK && *n > 0) {
        e = meta_set(st, "indexed", rows[*n - 1].no);
    }
    for (size_t i = 0; e == OK && i < *n; i++) {
        arena_reset(st->scratch);
        e = search_insert(st, &rows[i]);
    }
    return e;
}

enum err search_merge(struct store *st, bool *did)
{
    int64_t before = sqlite3_total_changes64(st->db), between;
    enum err e = db_run(st, ST_FIND_MERGE, ARGS(MERGE_PAGES));

    between = sqlite3_total_changes64(st->db);
    if (e == OK) {
        e = db_run(st, ST_SCOPED_MERGE, ARGS(MERGE_PAGES));
    }
    /* FTS5: a merge that found nothing to do changes less than two rows. */
    *did = between - before >= 2 || sqlite3_total_changes64(st->db) - between >= 2;
    return e;
}
