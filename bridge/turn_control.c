/* SPDX-License-Identifier: MIT */
/* What is asked of the daemon through its control socket, in a transaction like everything else. */
#include "bridge/turn_parts.h"

#include "base/limits.h"
#include "bridge/control.h"

struct order {
    const char *line;
    const char *text; /* of the answer, kept behind the transaction */
    bool refused;
    struct arena *arena;
};

static enum err obey(struct turn *t, void *arg)
{
    struct order *o = arg;
    struct outcome outcome;
    enum err e = service_control(t->service, o->line, t->now, t->stanza, &outcome, &o->refused);

    if (e == OK && outcome.other != 0) {
        e = turn_follow_other(t, outcome.other);
    }
    if (e == OK) {
        o->text = arena_dup(o->arena, outcome.text);
    }
    return e;
}

void turn_control(struct turn *t, const char *line, struct buffer *out)
{
    struct order order = {.line = line, .arena = arena_new(LIMIT_ARENA)};
    uint64_t failed = t->failed_commits;

    turn_clock(t);
    turn_alone(t, obey, &order);
    if (order.text == NULL || t->broken || t->failed_commits != failed) {
        buffer_adds(out,
                    CONTROL_REFUSED "this could not be saved, so nothing was done; see the log");
    } else {
        if (order.refused) {
            buffer_adds(out, CONTROL_REFUSED);
        }
        buffer_adds(out, order.text);
    }
    buffer_adds(out, "\n");
    arena_free(order.arena);
}
