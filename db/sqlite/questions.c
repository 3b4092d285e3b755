/* SPDX-License-Identifier: MIT */
/* Questions: what they are about, whether they are open, which reply is the answer. What a question is about stands on
 * its channel CH_TOPIC; while it is open, the same on CH_OPEN, and there 0 as well, for the list of all. */
#include "db/sqlite/internal.h"

static bool is_question(const struct post_row *row)
{
    return flags_kind(row->flags) == KIND_QUESTION && row->scope == SCOPE_PUBLIC &&
           row->parent == 0;
}

enum err question_answer(struct store *st, int64_t question, int64_t *answer)
{
    enum err e;

    *answer = 0;
    e = db_int(st, ST_ANSWER_OF, answer, ARGS(question));
    return e == E_NOTFOUND ? OK : e;
}

enum err question_of_answer(struct store *st, int64_t post, int64_t *question)
{
    enum err e;

    *question = 0;
    e = db_int(st, ST_ANSWER_TO, question, ARGS(post));
    return e == E_NOTFOUND ? OK : e;
}

/* Counts the answer for who wrote it (n 1), or no longer (-1). One's own answer to one's own question says nothing. */
static enum err credit(struct store *st, const struct post_row *question, int64_t answer, int n)
{
    int64_t topics[LIMIT_TAGS_PER_POST];
    size_t count = 0;
    struct post_row row;
    enum err e = OK;

    if (answer == 0) {
        return OK;
    }
    e = post_row(st, answer, &row);
    if (e != OK || row.author == question->author) {
        return e;
    }
    (void)db_bind(st, ST_REACH_IN, ARGS(question->event, CH_TOPIC, HOW_PRESENT));
    e = db_numbers(st, ST_REACH_IN, topics, LIMIT_TAGS_PER_POST, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        e = expert_count(st, topics[i], row.author, 0, n, 0);
    }
    return e;
}

static enum err list_open(struct store *st, const struct post_row *question)
{
    enum err e =
        db_run(st, ST_REACH_COPY, ARGS(question->event, CH_TOPIC, CH_OPEN, HOW_PRESENT, HOW_SHOWN));

    return e == OK ? db_run(st, ST_REACH_ADD, ARGS(question->event, CH_OPEN, 0, HOW_SHOWN)) : e;
}

enum err question_topics(struct store *st, const struct post_row *row, const int64_t *topics,
                         size_t n)
{
    int64_t answer = 0;
    enum err e;

    if (!is_question(row)) {
        return OK;
    }
    e = question_answer(st, row->no, &answer);
    if (e == OK) {
        e = credit(st, row, answer, -1);
    }
    if (e == OK) {
        e = db_run(st, ST_REACH_DROP, ARGS(row->event, CH_TOPIC));
    }
    if (e == OK) {
        e = db_run(st, ST_REACH_DROP, ARGS(row->event, CH_OPEN));
    }
    if (e == OK) {
        e = db_run(st, ST_REACH_COPY, ARGS(row->event, CH_TAG, CH_TOPIC, HOW_PRESENT, HOW_PRESENT));
    }
    if (e == OK && sqlite3_changes(st->db) > 0) {
        n = 0; /* its tags are what it is about */
    }
    for (size_t i = 0; e == OK && i < n; i++) {
        e = db_run(st, ST_REACH_ADD, ARGS(row->event, CH_TOPIC, topics[i], HOW_PRESENT));
    }
    if (e == OK && answer == 0) {
        e = list_open(st, row);
    }
    return e == OK ? credit(st, row, answer, 1) : e;
}

/* Changes which reply is the answer; NULL: none, since the one before is being erased. The index knows it of the
 * question and of both replies, but no more of an erased one. */
static enum err set_answer(struct store *st, const struct post_row *question, int64_t before,
                           const struct post_row *answer, int64_t at)
{
    const bool moves = answer != NULL && before != 0;
    struct post_row old;
    enum err e = search_remove(st, question);

    if (e == OK && moves) {
        e = post_row(st, before, &old);
        if (e == OK) {
            e = search_accept(st, &old, false);
        }
    }
    if (e == OK) {
        e = credit(st, question, before, -1);
    }
    if (e == OK && answer != NULL) {
        e = db_run(st, ST_ANSWERED_SET, ARGS(question->no, answer->no, at));
    } else if (e == OK) {
        e = db_run(st, ST_ANSWERED_DROP, ARGS(question->no));
    }
    if (e == OK && answer != NULL) {
        e = db_run(st, ST_REACH_DROP, ARGS(question->event, CH_OPEN));
    } else if (e == OK) {
        e = list_open(st, question);
    }
    if (e == OK && answer != NULL) {
        e = credit(st, question, answer->no, 1);
    }
    if (e == OK && answer != NULL) {
        e = search_accept(st, answer, true);
    }
    return e == OK ? search_insert(st, question) : e;
}

enum err store_accept_add(struct store *st, int64_t post, int64_t person, int64_t at,
                          struct accepted *out)
{
    struct post_row row, question;
    int64_t before = 0;
    enum err e;

    arena_reset(st->scratch);
    e = post_row(st, post, &row);
    if (e == OK) {
        e = post_visible(st, &row, person);
    }
    if (e == OK) {
        e = post_row(st, row.root, &question);
    }
    if (e == OK) {
        e = question_answer(st, question.no, &before);
    }
    if (e != OK) {
        return e;
    }
    *out = (struct accepted){question.no, before};
    if (!is_question(&question) || (question.flags & POST_DELETED) != 0 || row.no == question.no) {
        return E_USAGE;
    }
    if (question.author != person) {
        return E_DENIED;
    }
    return before == post ? E_EXISTS : set_answer(st, &question, before, &row, at);
}

enum err question_forget(struct store *st, const struct post_row *row)
{
    struct post_row other;
    int64_t no = 0;
    enum err e;

    if (is_question(row)) {
        e = question_answer(st, row->no, &no);
        if (e == OK && no != 0) {
            e = post_row(st, no, &other);
        }
        if (e == OK && no != 0) {
            e = search_accept(st, &other, false);
        }
        if (e == OK) {
            e = credit(st, row, no, -1);
        }
        if (e == OK) {
            e = db_run(st, ST_ANSWERED_DROP, ARGS(row->no));
        }
        if (e == OK) {
            e = db_run(st, ST_REACH_DROP, ARGS(row->event, CH_TOPIC));
        }
        if (e == OK) {
            e = db_run(st, ST_REACH_DROP, ARGS(row->event, CH_OPEN));
        }
        return e;
    }
    if (row->parent == 0) {
        return OK;
    }
    e = question_of_answer(st, row->no, &no);
    if (e == OK && no != 0) {
        e = post_row(st, no, &other);
    }
    return e == OK && no != 0 ? set_answer(st, &other, row->no, NULL, 0) : e;
}
