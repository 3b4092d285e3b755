/* SPDX-License-Identifier: MIT */
#include "handlers/tally.h"

#include "handlers/state.h"

const struct command *tally_row(size_t at)
{
    for (size_t i = 0; i < n_families; i++) {
        if (at < families[i]->n) {
            return &families[i]->rows[at];
        }
        at -= families[i]->n;
    }
    return NULL;
}

static uint64_t *slot_of(struct tally *t, size_t slot)
{
    return slot < N_TALLIES ? &t->n[slot] : &t->commands[slot - N_TALLIES];
}

static void add(struct tally *t, size_t slot)
{
    for (size_t i = t->mark; i < t->n_staged; i++) {
        if (t->staged[i].slot == slot && t->staged[i].n < UINT16_MAX) {
            t->staged[i].n++;
            return;
        }
    }
    if (t->n_staged == TALLY_STAGED) {
        ++*slot_of(t, slot);
        return;
    }
    t->staged[t->n_staged].slot = (uint16_t)slot;
    t->staged[t->n_staged++].n = 1;
}

void tally_add(struct call *c, enum tally_kind kind)
{
    add(&c->service->tally, (size_t)kind);
}

void tally_command(struct call *c, const struct command *row)
{
    size_t at = 0;

    for (size_t i = 0; i < n_families; i++) {
        if (row >= families[i]->rows && row < families[i]->rows + families[i]->n) {
            at += (size_t)(row - families[i]->rows);
            if (at < TALLY_ROWS) {
                add(&c->service->tally, N_TALLIES + at);
            }
            return;
        }
        at += families[i]->n;
    }
}

void tally_begin(struct tally *t)
{
    t->mark = t->n_staged;
}

void tally_committed(struct tally *t)
{
    for (size_t i = 0; i < t->n_staged; i++) {
        *slot_of(t, t->staged[i].slot) += t->staged[i].n;
    }
    t->n_staged = t->mark = 0;
}

void tally_undone(struct tally *t)
{
    t->n_staged = t->mark;
}

void tally_dropped(struct tally *t)
{
    t->n_staged = t->mark = 0;
}
