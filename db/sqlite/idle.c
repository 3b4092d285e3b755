/* SPDX-License-Identifier: MIT */
/* What waits for a quiet moment; figures. */
#include "db/sqlite/internal.h"

#include "base/clock.h"

#define CHECKPOINT_PAGES 500 /* two megabytes: written back within milliseconds */
#define PURGE_EVERY_MS 60000
#define PURGE_ROWS 500

/* One task in a transaction of its own. *did: there may be more of it. */
static enum err in_turn(struct store *st, enum err (*task)(struct store *, int64_t, bool *),
                        int64_t now, bool *did)
{
    enum err e = store_begin(st);

    if (e != OK) {
        return e;
    }
    e = task(st, now, did);
    if (e != OK) {
        store_rollback(st);
        return e;
    }
    return store_commit(st);
}

static enum err index_some(struct store *st, int64_t now, bool *did)
{
    size_t n;
    enum err e = search_index(st, &n);

    (void)now;
    *did = e == OK && n > 0;
    return e;
}

static enum err merge_some(struct store *st, int64_t now, bool *did)
{
    (void)now;
    *did = false;
    return search_merge(st, did);
}

static enum err purge_some(struct store *st, int64_t now, bool *did)
{
    static const enum statement purges[] = {ST_ANSWERS_PURGE, ST_CLAIMS_PURGE, ST_CLAIMS_AGE};
    enum err e = OK;

    *did = false;
    for (size_t i = 0; e == OK && i < ARRAY_LEN(purges); i++) {
        e = db_run(st, purges[i], ARGS(now - LIMIT_DAY_MS, PURGE_ROWS));
        *did = *did || (e == OK && sqlite3_changes(st->db) == PURGE_ROWS);
    }
    if (e == OK) {
        e = tags_purge(st, now, PURGE_ROWS);
        *did = *did || (e == OK && sqlite3_changes(st->db) == PURGE_ROWS);
    }
    if (e == OK) {
        e = company_purge(st, now, PURGE_ROWS);
        *did = *did || (e == OK && sqlite3_changes(st->db) == PURGE_ROWS);
    }
    if (e == OK) {
        e = fillers_purge(st, PURGE_ROWS);
    }
    return e == OK ? db_run(st, ST_BUNDLE_PURGE, ARGS(now - NEWS_PAUSE_MS)) : e;
}

enum err store_idle(struct store *st, int64_t now, int64_t budget_us, bool *more)
{
    int64_t end = clock_mono_us() + budget_us;
    bool indexing = true, merging = st->merge_left, purging = now - st->purged_at >= PURGE_EVERY_MS;
    enum err e = OK;

    *more = true;
    while (e == OK && *more) {
        if (st->wal_frames >= CHECKPOINT_PAGES) {
            e = store_checkpoint(st);
        } else if (indexing) {
            e = in_turn(st, index_some, now, &indexing);
            merging = merging || indexing;
        } else if (merging) {
            e = in_turn(st, merge_some, now, &merging);
        } else if (purging) {
            e = in_turn(st, purge_some, now, &purging);
            st->purged_at = purging ? st->purged_at : now;
        }
        st->merge_left = merging;
        *more = indexing || merging || purging || st->wal_frames >= CHECKPOINT_PAGES;
        if (clock_mono_us() >= end) {
            break;
        }
    }
    return e;
}

static enum err figure(struct store *st, enum statement s, int64_t *out)
{
    enum err e = db_int(st, s, out, NO_ARGS);

    return e == E_NOTFOUND ? OK : e;
}

enum err store_figures(struct store *st, struct store_figures *out)
{
    int64_t indexed = 0, head = 0;
    enum err e;

    *out = (struct store_figures){.wal_bytes = (int64_t)st->wal_frames * 4120};
    e = figure(st, ST_FIGURE_PEOPLE, &out->people);
    if (e == OK) {
        e = store_event_head(st, &out->events);
    }
    if (e == OK) {
        e = figure(st, ST_FIGURE_PAGES, &out->db_bytes);
    }
    if (e == OK) {
        e = db_int(st, ST_TALLY, &out->posts, ARGS(0));
    }
    if (e == OK) {
        e = figure(st, ST_POST_HEAD, &head);
    }
    if (e == OK) {
        e = search_indexed(st, &indexed);
    }
    out->to_index = head - indexed;
    return e == E_NOTFOUND ? OK : e;
}
