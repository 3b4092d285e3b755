/* SPDX-License-Identifier: MIT */
/* Words that the administrators watch. They are few: a text is held against each of them. */
#include "db/sqlite/internal.h"

#include "db/query.h"

enum err store_watch_add(struct store *st, const char *words, int64_t at)
{
    int64_t phrase, n = 0;
    bool there = false;
    enum err e = store_phrase_add(st, words, &phrase);

    if (e == OK) {
        e = db_int(st, ST_WATCH_COUNT, &n, NO_ARGS);
    }
    if (e == OK) {
        e = db_has(st, ST_WATCH_THERE, &there, ARGS(phrase));
    }
    if (e == OK && there) {
        e = E_EXISTS;
    }
    if (e == OK && n >= LIMIT_WATCHES) {
        e = E_LIMIT;
    }
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_WATCH_ADD, ARGS(phrase, at));
    db_bind_text(st, ST_WATCH_ADD, 3, words);
    return db_finish(st, ST_WATCH_ADD);
}

enum err store_watch_remove(struct store *st, const char *words)
{
    int64_t phrase;
    enum err e = store_phrase_find(st, words, &phrase);

    if (e == OK) {
        e = db_run(st, ST_WATCH_DROP, ARGS(phrase));
    }
    return e == OK && sqlite3_changes(st->db) == 0 ? E_NOTFOUND : e;
}

enum err store_watches(struct store *st, const char *text, struct arena *a, struct watch **out,
                       size_t *n)
{
    const char *folded = NULL;
    bool any;
    enum err e = db_has(st, ST_WATCH_ANY, &any, NO_ARGS);

    *n = 0;
    *out = NULL;
    if (e != OK || !any) {
        return e;
    }
    arena_reset(st->scratch);
    if (text != NULL) {
        folded = query_fold(st->scratch, text);
    }
    *out = arena_array(a, LIMIT_WATCHES, sizeof(**out));
    (void)db_bind(st, ST_WATCHES, NO_ARGS);
    while ((e = db_step(st, ST_WATCHES)) == OK) {
        const char *key = db_column_text(st, ST_WATCHES, 2, st->scratch);

        if (*n < LIMIT_WATCHES && (folded == NULL || phrase_in(st, key, folded))) {
            (*out)[(*n)++] = (struct watch){.words = db_column_text(st, ST_WATCHES, 0, a),
                                            .at = db_column(st, ST_WATCHES, 1)};
        }
    }
    return e == E_NOTFOUND ? OK : e;
}
