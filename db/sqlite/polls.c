/* SPDX-License-Identifier: MIT */
/* Polls: choices, votes and their counts. */
#include "db/sqlite/internal.h"

static enum err poll_read(struct store *st, int64_t post, struct poll *out)
{
    enum err e;

    *out = (struct poll){0};
    (void)db_bind(st, ST_POLL_GET, ARGS(post));
    e = db_step(st, ST_POLL_GET);
    if (e == OK) {
        out->choices = (int)db_column(st, ST_POLL_GET, 0);
        out->closed_at = db_column(st, ST_POLL_GET, 1);
        db_end(st, ST_POLL_GET);
    }
    return e;
}

static bool may_be(int choices)
{
    return choices >= 2 && choices <= LIMIT_CHOICES;
}

enum err store_poll_add(struct store *st, int64_t post, int choices)
{
    return may_be(choices) ? db_run(st, ST_POLL_ADD, ARGS(post, choices)) : E_LIMIT;
}

enum err store_poll_edit(struct store *st, int64_t post, int choices)
{
    struct poll poll;
    enum err e = store_poll_get(st, post, 0, &poll);

    if (e == OK && (poll.votes > 0 || poll.closed_at != 0)) {
        e = E_DENIED;
    }
    if (e == OK && !may_be(choices)) {
        e = E_LIMIT;
    }
    return e == OK ? db_run(st, ST_POLL_EDIT, ARGS(post, choices)) : e;
}

static enum err vote_of(struct store *st, int64_t post, int64_t person, int *out)
{
    int64_t choice = 0;
    enum err e = db_int(st, ST_VOTE_GET, &choice, ARGS(post, person));

    *out = (int)choice;
    return e == E_NOTFOUND ? OK : e;
}

enum err store_poll_get(struct store *st, int64_t post, int64_t person, struct poll *out)
{
    enum err e = poll_read(st, post, out);

    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_POLL_COUNTS, ARGS(post));
    while ((e = db_step(st, ST_POLL_COUNTS)) == OK) {
        int64_t choice = db_column(st, ST_POLL_COUNTS, 0);

        out->counts[choice] = db_column(st, ST_POLL_COUNTS, 1);
        out->votes += out->counts[choice];
    }
    return e == E_NOTFOUND ? vote_of(st, post, person, &out->mine) : e;
}

/* A poll as somebody may see it. */
static enum err visible_poll(struct store *st, int64_t post, int64_t person, struct post_row *row,
                             struct poll *poll)
{
    enum err e = post_row(st, post, row);

    if (e == OK) {
        e = post_visible(st, row, person);
    }
    return e == OK ? poll_read(st, post, poll) : e;
}

enum err store_poll_close(struct store *st, int64_t post, int64_t person, int64_t at)
{
    struct post_row row;
    struct poll poll;
    enum err e = visible_poll(st, post, person, &row, &poll);

    if (e == OK && row.author != person) {
        e = E_DENIED;
    }
    if (e == OK && poll.closed_at != 0) {
        e = E_EXISTS;
    }
    return e == OK ? db_run(st, ST_POLL_CLOSE, ARGS(post, at)) : e;
}

enum err store_vote_add(struct store *st, int64_t post, int64_t person, int choice)
{
    struct post_row row;
    struct poll poll;
    int before = 0;
    enum err e = visible_poll(st, post, person, &row, &poll);

    if (e == OK && poll.closed_at != 0) {
        e = E_DENIED;
    }
    if (e == OK && (choice < 1 || choice > poll.choices)) {
        e = E_LIMIT;
    }
    if (e == OK) {
        e = vote_of(st, post, person, &before);
    }
    if (e == OK && before == choice) {
        e = E_EXISTS;
    }
    if (e == OK && before != 0) {
        e = db_run(st, ST_POLL_UNCOUNT, ARGS(post, before));
    }
    if (e == OK) {
        e = db_run(st, ST_VOTE_SET, ARGS(post, person, choice));
    }
    return e == OK ? db_run(st, ST_POLL_COUNT, ARGS(post, choice)) : e;
}

enum err store_voters_take(struct store *st, size_t limit, struct arena *a, struct voters *out)
{
    enum err e = OK;

    *out = (struct voters){.people = arena_array(a, limit + 1, sizeof(int64_t))};
    while (e == OK && out->n == 0) {
        struct post_row row;
        int64_t told = 0;

        (void)db_bind(st, ST_POLL_TELLING, NO_ARGS);
        e = db_step(st, ST_POLL_TELLING);
        if (e != OK) {
            return e == E_NOTFOUND ? OK : e;
        }
        out->post = db_column(st, ST_POLL_TELLING, 0);
        told = db_column(st, ST_POLL_TELLING, 1);
        db_end(st, ST_POLL_TELLING);
        e = post_row(st, out->post, &row);
        if (e == OK) {
            (void)db_bind(st, ST_VOTERS, ARGS(out->post, told, row.author, (int64_t)limit));
            e = db_numbers(st, ST_VOTERS, out->people, limit, &out->n);
        }
        if (e == OK) {
            told = out->n == limit ? out->people[limit - 1] : -1;
            e = db_run(st, ST_POLL_TOLD, ARGS(out->post, told));
        }
    }
    return e;
}

enum err poll_forget_post(struct store *st, int64_t post)
{
    enum err e = db_run(st, ST_VOTES_DROP, ARGS(post));

    if (e == OK) {
        e = db_run(st, ST_POLL_COUNTS_DROP, ARGS(post));
    }
    return e == OK ? db_run(st, ST_POLL_DROP, ARGS(post)) : e;
}
