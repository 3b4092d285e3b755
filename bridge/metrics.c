/* SPDX-License-Identifier: MIT */
#include "bridge/metrics.h"

#include <stdio.h>
#include <string.h>

#include "bridge/status.h"
#include "handlers/tally.h"

enum metric_type { COUNTER, GAUGE, HISTOGRAM };
/* What stands at the offset. */
enum metric_field { U64, SIZE, I64, BOOL, MILLISECONDS_AGO, HISTOGRAM_US, MANY_U64 };

struct metric {
    const char *name; /* without the prefix, with the unit, without _total */
    enum metric_type type;
    const char *unit; /* NULL: none */
    const char *help;
    enum metric_field field;
    size_t offset;                   /* in struct vitals; in struct tally where `tally` */
    const char *label;               /* of MANY_U64 … */
    const char *(*value)(size_t at); /* … and its values; NULL behind the last */
    bool tally, store;               /* store: left out where the store cannot be read */
};

static const char *tally_kind_name(size_t at)
{
    static const char *const names[] = {"post", "reply", "edit", "delete", "like", "unlike"};

    _Static_assert(ARRAY_LEN(names) == TALLY_TOO_FAST, "one name each");
    return at < ARRAY_LEN(names) ? names[at] : NULL;
}

static const char *refusal_name(size_t at)
{
    static const char *const names[] = {"too-fast", "unclear", "denied", "closed-account",
                                        "unreadable"};

    _Static_assert(ARRAY_LEN(names) == N_TALLIES - TALLY_TOO_FAST, "one name each");
    return at < ARRAY_LEN(names) ? names[at] : NULL;
}

static const char *command_name(size_t at)
{
    const struct command *row = at < TALLY_ROWS ? tally_row(at) : NULL;

    return row == NULL ? NULL : row->name;
}

static const char *element_name(size_t at)
{
    static const char *const names[] = {"message", "presence", "iq"};

    return at < ARRAY_LEN(names) ? names[at] : NULL;
}

static const char *held_name(size_t at)
{
    static const char *const names[] = {"away", "off", "settings", "suspended"};

    _Static_assert(ARRAY_LEN(names) == TURN_REASONS, "one name each");
    return at < ARRAY_LEN(names) ? names[at] : NULL;
}

#define AT(f, field_name) .field = (f), .offset = offsetof(struct vitals, field_name)
#define OF_TALLY(field_name)                                                                       \
    .field = MANY_U64, .offset = offsetof(struct tally, field_name), .tally = true
#define BY(label_name, values) .label = (label_name), .value = (values)

/* clang-format off */
static const struct metric metrics[] = {
    {"link_up", GAUGE, NULL, "Whether the server is connected.", AT(BOOL, link_up)},
    {"link_connections", COUNTER, NULL, "How often the link to the server came up.", AT(U64, link_ups)},
    {"link_losses", COUNTER, NULL, "How often it was lost.", AT(U64, link_downs)},
    {"link_silence_seconds", GAUGE, "seconds", "Since the server was heard last.", AT(MILLISECONDS_AGO, heard_at)},
    {"link_received_bytes", COUNTER, "bytes", "From the server.", AT(U64, bytes_in)},
    {"link_sent_bytes", COUNTER, "bytes", "To the server.", AT(U64, bytes_out)},
    {"link_unsent_bytes", GAUGE, "bytes", "Waiting until the server takes them.", AT(SIZE, unsent)},
    {"stanzas_received", COUNTER, NULL, "Stanzas that came in.", AT(MANY_U64, turn.elements), BY("element", element_name)},
    {"stanzas_sent", COUNTER, NULL, "Stanzas that were written, all kinds.", AT(U64, turn.written)},

    {"published", COUNTER, NULL, "What people did with posts of all kinds, committed.", OF_TALLY(n), BY("what", tally_kind_name)},
    {"commands", COUNTER, NULL, "Commands that were carried out, by their English name.", OF_TALLY(commands), BY("command", command_name)},
    {"refusals", COUNTER, NULL, "Messages that were not done as they were meant, by reason.", OF_TALLY(n[TALLY_TOO_FAST]), BY("reason", refusal_name)},

    {"people", GAUGE, NULL, "Accounts.", AT(SIZE, turn.people)},
    {"people_reachable", GAUGE, NULL, "Of these whom a message reaches now.", AT(SIZE, turn.reachable)},
    {"people_asleep", GAUGE, NULL, "Of these whose updates are off by themselves: no sign of life for months.", AT(SIZE, turn.asleep)},
    {"people_held", GAUGE, NULL, "People whose updates wait, by reason.", AT(MANY_U64, turn.waiting), BY("reason", held_name)},
    {"people_bounced", GAUGE, NULL, "People whose updates wait because messages to them came back.", AT(SIZE, turn.pump.bounced_people)},

    {"updates_sent", COUNTER, NULL, "Updates written to the server, by lane; what is repeated counts again.", AT(MANY_U64, turn.pump.lanes), BY("lane", pump_lane_name)},
    {"walks_open", GAUGE, NULL, "Events that are still on their way to somebody.", AT(SIZE, turn.pump.open_walks)},
    {"catchups_open", GAUGE, NULL, "People who are being given what they missed.", AT(SIZE, turn.releases)},
    {"catchups", COUNTER, NULL, "Catch-ups that were begun.", AT(U64, turn.pump.catchups)},
    {"summaries", COUNTER, NULL, "Summaries that took the place of updates.", AT(U64, turn.pump.summaries)},
    {"bounces", COUNTER, NULL, "Messages that came back, by condition.", AT(MANY_U64, turn.pump.conditions), BY("condition", condition_name)},
    {"updates_dropped", COUNTER, NULL, "Updates given up since they came back twice.", AT(U64, turn.pump.dropped)},
    {"in_flight_bytes", GAUGE, "bytes", "Written and not yet acknowledged by a fence.", AT(SIZE, turn.pump.in_flight_bytes)},
    {"window_bytes", GAUGE, "bytes", "How much may be in flight at present.", AT(SIZE, turn.pump.window_bytes)},
    {"fence_seconds", HISTOGRAM, "seconds", "From a fence (a ping behind a batch) to its answer.", AT(HISTOGRAM_US, turn.pump.fence)},

    {"turn_seconds", HISTOGRAM, "seconds", "Transactions, from the first stanza in them to what leaves behind them.", AT(HISTOGRAM_US, turn.turn)},
    {"commit_seconds", HISTOGRAM, "seconds", "Commits that wrote, with their fsync.", AT(HISTOGRAM_US, turn.commit)},
    {"commits_failed", COUNTER, NULL, "Commits that failed (a full disk).", AT(U64, turn.failed_commits)},
    {"disk_bad", GAUGE, NULL, "Whether the last look at the disk failed.", AT(BOOL, disk_bad)},
    {"loop_seconds", HISTOGRAM, "seconds", "Rounds of the loop, without the waiting.", AT(HISTOGRAM_US, loop)},

    {"database_bytes", GAUGE, "bytes", "Size of the database.", AT(I64, turn.store.db_bytes), .store = true},
    {"database_log_bytes", GAUGE, "bytes", "Size of the write-ahead log that is not yet merged into it.", AT(I64, turn.store.wal_bytes), .store = true},
    {"posts", GAUGE, NULL, "Posts that are kept.", AT(I64, turn.store.posts), .store = true},
    {"events", GAUGE, NULL, "Number of the newest event.", AT(I64, turn.store.events), .store = true},
    {"search_backlog", GAUGE, NULL, "Posts that are not yet in the search index.", AT(I64, turn.store.to_index), .store = true},

    {"memory_bytes", GAUGE, "bytes", "Resident memory.", AT(I64, resident)},
    {"uptime_seconds", GAUGE, "seconds", "Since the start.", AT(MILLISECONDS_AGO, up_since)},
};
/* clang-format on */

static void add_label(struct buffer *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '"' || *s == '\\') {
            buffer_adds(out, "\\");
        }
        buffer_add(out, s, 1);
    }
}

static void write_histogram(const struct metric *m, const struct histogram *h, struct buffer *out)
{
    uint64_t n = 0;

    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        n += h->at[i];
        buffer_addf(out, "jaejal_%s_bucket{le=\"%.9g\"} %llu\n", m->name,
                    (double)histogram_bound_us(i) / 1e6, (unsigned long long)n);
    }
    n += h->at[HISTOGRAM_BUCKETS];
    buffer_addf(out, "jaejal_%s_bucket{le=\"+Inf\"} %llu\n", m->name, (unsigned long long)n);
    buffer_addf(out, "jaejal_%s_sum %.6f\n", m->name, (double)h->sum_us / 1e6);
    buffer_addf(out, "jaejal_%s_count %llu\n", m->name, (unsigned long long)n);
}

static void write_many(const struct metric *m, const uint64_t *at, struct buffer *out)
{
    const char *suffix = m->type == COUNTER ? "_total" : "", *value;

    for (size_t i = 0; (value = m->value(i)) != NULL; i++) {
        buffer_addf(out, "jaejal_%s%s{%s=\"", m->name, suffix, m->label);
        add_label(out, value);
        buffer_addf(out, "\"} %llu\n", (unsigned long long)at[i]);
    }
}

/* Seconds that have passed since a monotonic time. */
static double ago(const struct vitals *v, int64_t at)
{
    return at == 0 || at > v->mono ? 0 : (double)(v->mono - at) / 1000;
}

static void write_value(const struct vitals *v, const struct metric *m, const void *at,
                        struct buffer *out)
{
    buffer_addf(out, "jaejal_%s%s ", m->name, m->type == COUNTER ? "_total" : "");
    switch (m->field) {
    case U64:
        buffer_addf(out, "%llu\n", (unsigned long long)*(const uint64_t *)at);
        break;
    case SIZE:
        buffer_addf(out, "%zu\n", *(const size_t *)at);
        break;
    case I64:
        buffer_addf(out, "%lld\n", (long long)*(const int64_t *)at);
        break;
    case BOOL:
        buffer_addf(out, "%d\n", *(const bool *)at);
        break;
    case MILLISECONDS_AGO:
        buffer_addf(out, "%.3f\n", ago(v, *(const int64_t *)at));
        break;
    default:
        break;
    }
}

static void write_one(const struct vitals *v, const struct metric *m, struct buffer *out)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};
    const void *at = (const char *)(m->tally ? (const void *)v->turn.tally : v) + m->offset;

    buffer_addf(out, "# TYPE jaejal_%s %s\n", m->name, types[m->type]);
    if (m->unit != NULL) {
        buffer_addf(out, "# UNIT jaejal_%s %s\n", m->name, m->unit);
    }
    buffer_addf(out, "# HELP jaejal_%s %s\n", m->name, m->help);
    if (m->field == HISTOGRAM_US) {
        write_histogram(m, at, out);
    } else if (m->field == MANY_U64) {
        write_many(m, at, out);
    } else {
        write_value(v, m, at, out);
    }
}

void metrics_write(const struct vitals *v, struct buffer *out)
{
    buffer_adds(out, "# TYPE jaejal_build info\n# HELP jaejal_build The running program.\n"
                     "jaejal_build_info{version=\"" STATUS_VERSION "\"} 1\n");
    for (size_t i = 0; i < ARRAY_LEN(metrics); i++) {
        if ((!metrics[i].store || v->store_known) && (!metrics[i].tally || v->turn.tally != NULL)) {
            write_one(v, &metrics[i], out);
        }
    }
    buffer_adds(out, "# EOF\n");
}
