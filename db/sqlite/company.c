/* SPDX-License-Identifier: MIT */
/* Figures of the company. They are counted with every public post, like and new account, so that nobody's question reads
 * posts. A day is one of the server's time zone, a week goes from Monday to Sunday. */
#include "db/sqlite/internal.h"

#include "base/clock.h"

enum period { DAY, WEEK };
enum { CANDIDATES = 50 /* of the most liked, those whom the asker may see are shown */ };

static int64_t period_of(enum period kind, int64_t at)
{
    int64_t day = clock_day(at, "");

    return kind == DAY ? day : (day + 3) / 7; /* 1970 began on a Thursday */
}

static enum err count_author(struct store *st, const struct post_row *row)
{
    int64_t day = period_of(DAY, row->at), week = period_of(WEEK, row->at);
    int64_t last_day = -1, last_week = -1;
    enum err e;

    (void)db_bind(st, ST_AUTHOR_GET, ARGS(row->author));
    e = db_step(st, ST_AUTHOR_GET);
    if (e == OK) {
        last_day = db_column(st, ST_AUTHOR_GET, 0);
        last_week = db_column(st, ST_AUTHOR_GET, 1);
        db_end(st, ST_AUTHOR_GET);
    } else if (e != E_NOTFOUND) {
        return e;
    }
    e = db_run(st, ST_PERIOD_ADD, ARGS(DAY, day, 1, day > last_day, 0));
    if (e == OK) {
        e = db_run(st, ST_PERIOD_ADD, ARGS(WEEK, week, 1, week > last_week, 0));
    }
    return e == OK && day > last_day ? db_run(st, ST_AUTHOR_SET, ARGS(row->author, day, week)) : e;
}

enum err company_post(struct store *st, const struct post_row *row, int n)
{
    enum err e;

    if (row->scope != SCOPE_PUBLIC) {
        return OK;
    }
    if (n > 0) {
        return count_author(st, row);
    }
    e = db_run(st, ST_PERIOD_TAKE, ARGS(DAY, period_of(DAY, row->at)));
    if (e == OK) {
        e = db_run(st, ST_PERIOD_TAKE, ARGS(WEEK, period_of(WEEK, row->at)));
    }
    return e == OK ? db_run(st, ST_LIKED_WEEK_DROP, ARGS(row->no)) : e;
}

enum err company_joined(struct store *st, int64_t at)
{
    enum err e = db_run(st, ST_PERIOD_ADD, ARGS(DAY, period_of(DAY, at), 0, 0, 1));

    return e == OK ? db_run(st, ST_PERIOD_ADD, ARGS(WEEK, period_of(WEEK, at), 0, 0, 1)) : e;
}

enum err company_like(struct store *st, const struct post_row *row, int64_t at, int n)
{
    int64_t week = period_of(WEEK, row->at);

    if (row->scope != SCOPE_PUBLIC) {
        return OK;
    }
    if (n < 0) {
        return db_run(st, ST_LIKED_WEEK_TAKE, ARGS(row->no));
    }
    return week < period_of(WEEK, at) - 1 ? OK : db_run(st, ST_LIKED_WEEK_ADD, ARGS(row->no, week));
}

enum err company_purge(struct store *st, int64_t now, int64_t rows)
{
    return db_run(st, ST_LIKED_WEEK_PURGE, ARGS(period_of(WEEK, now) - 1, rows));
}

static enum err period_get(struct store *st, enum period kind, int64_t no,
                           struct company_period *out)
{
    enum err e;

    *out = (struct company_period){0};
    (void)db_bind(st, ST_PERIOD_GET, ARGS(kind, no));
    e = db_step(st, ST_PERIOD_GET);
    if (e == OK) {
        out->posts = db_column(st, ST_PERIOD_GET, 0);
        out->authors = db_column(st, ST_PERIOD_GET, 1);
        out->joined = db_column(st, ST_PERIOD_GET, 2);
        db_end(st, ST_PERIOD_GET);
    }
    return e == E_NOTFOUND ? OK : e;
}

enum err store_company(struct store *st, int64_t now, struct company_figures *out)
{
    int64_t day = period_of(DAY, now), week = period_of(WEEK, now);
    enum err e = db_int(st, ST_PEOPLE_ACTIVE, &out->people, NO_ARGS);

    if (e == OK) {
        e = db_int(st, ST_PERIODS_POSTS, &out->posts, NO_ARGS);
    }
    for (int i = 0; e == OK && i < COMPANY_DAYS; i++) {
        e = period_get(st, DAY, day - i, &out->days[i]);
    }
    for (int i = 0; e == OK && i < 2; i++) {
        e = period_get(st, WEEK, week - i, &out->weeks[i]);
    }
    return e;
}

enum err store_company_liked(struct store *st, int64_t now, int64_t viewer, size_t limit,
                             struct arena *a, struct post **out, size_t *n)
{
    int64_t posts[CANDIDATES];
    size_t found = 0;
    enum err e;

    *out = arena_array(a, limit + 1, sizeof(**out));
    *n = 0;
    (void)db_bind(st, ST_LIKED_WEEK_MOST, ARGS(period_of(WEEK, now), CANDIDATES));
    e = db_numbers(st, ST_LIKED_WEEK_MOST, posts, CANDIDATES, &found);
    for (size_t i = 0; e == OK && i < found && *n < limit; i++) {
        e = store_post_get(st, posts[i], viewer, a, &(*out)[*n]);
        *n += e == OK;
        e = e == E_NOTFOUND ? OK : e;
    }
    return e;
}
