/* SPDX-License-Identifier: MIT */
#include "bridge/status.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void line(struct buffer *out, const char *name, const char *value)
{
    buffer_addf(out, "%-12s %s\n", name, value);
}

static const char *duration(int64_t ms, char *out, size_t size)
{
    long long s = ms < 0 ? 0 : (long long)(ms / 1000);

    if (s >= 86400) {
        (void)snprintf(out, size, "%lld d %lld h", s / 86400, s % 86400 / 3600);
    } else if (s >= 3600) {
        (void)snprintf(out, size, "%lld h %lld min", s / 3600, s % 3600 / 60);
    } else if (s >= 60) {
        (void)snprintf(out, size, "%lld min %lld s", s / 60, s % 60);
    } else {
        (void)snprintf(out, size, "%lld s", s);
    }
    return out;
}

/* "1.2 ms" */
static const char *span(int64_t us, char *out, size_t size)
{
    if (us < 1000) {
        (void)snprintf(out, size, "%lld us", (long long)us);
    } else if (us < 10000000) {
        (void)snprintf(out, size, "%lld.%lld ms", (long long)(us / 1000),
                       (long long)(us % 1000 / 100));
    } else {
        (void)snprintf(out, size, "%lld s", (long long)(us / 1000000));
    }
    return out;
}

/* ---- what is wrong ----------------------------------------------------------------------------- */

struct findings {
    struct buffer *out;
    const struct vitals *v;
    const struct settings *s;
    int problems;
};

static void problem(struct findings *f, const char *text)
{
    line(f->out, "PROBLEM", text);
    f->problems++;
}

static void look_at_link(struct findings *f)
{
    const struct vitals *v = f->v;
    char text[600], since[40];

    if (!v->link_up) {
        (void)snprintf(text, sizeof(text), "%s for %s: %s; it is tried again and again",
                       v->link_ups == 0 ? "not connected since the start," : "the link is down",
                       duration(v->mono - v->down_since, since, sizeof(since)),
                       *v->down_why == '\0' ? "no try has ended yet" : v->down_why);
        problem(f, text);
    } else if (v->unsent > 0 && v->mono - v->heard_at >= STATUS_SILENT_MS) {
        (void)snprintf(text, sizeof(text),
                       "the server takes nothing: %zu bytes wait, and it was heard %s ago",
                       v->unsent, duration(v->mono - v->heard_at, since, sizeof(since)));
        problem(f, text);
    }
}

static void look_at_disk(struct findings *f)
{
    const struct vitals *v = f->v;
    char text[600], since[40];
    int64_t slow = histogram_percentile_us(&v->new_commit, 99);

    if (v->turn.failing_since != 0) {
        (void)snprintf(text, sizeof(text),
                       "nothing could be saved for %s (is the disk full?): what people write is "
                       "answered \"not saved\"",
                       duration(v->mono - v->turn.failing_since, since, sizeof(since)));
        problem(f, text);
    }
    if (v->disk_bad) {
        problem(f, "the disk of the database does not answer as it should; see the log");
    }
    if (!v->store_known) {
        problem(f, "the database cannot be read; see the log");
    }
    if (slow >= STATUS_COMMIT_US) {
        (void)snprintf(text, sizeof(text),
                       "the disk is slow: one commit in a hundred takes over %s",
                       span(slow, since, sizeof(since)));
        problem(f, text);
    }
    if (v->store_known && v->turn.store.wal_bytes >= STATUS_LOG_BYTES) {
        (void)snprintf(text, sizeof(text),
                       "the database's log has grown to %lld MiB: does another process read the "
                       "database all the time?",
                       (long long)(v->turn.store.wal_bytes >> 20));
        problem(f, text);
    }
}

static void look_at_delivery(struct findings *f)
{
    const struct vitals *v = f->v;
    const struct pump_figures *p = &v->turn.pump;
    int64_t slow = histogram_percentile_us(&v->new_fence, 99);
    char text[600], since[40];

    if (v->link_up && p->oldest_at != 0 && v->now - p->oldest_at >= STATUS_OLD_MS &&
        v->mono - v->link_since >= STATUS_OLD_MS) {
        (void)snprintf(text, sizeof(text),
                       "the queue grows: %zu events are on their way, the oldest for %s",
                       p->open_walks, duration(v->now - p->oldest_at, since, sizeof(since)));
        problem(f, text);
    }
    if (v->link_up && slow >= STATUS_FENCE_US) {
        (void)snprintf(text, sizeof(text),
                       "the server is slow: one answer in a hundred takes over %s",
                       span(slow, since, sizeof(since)));
        problem(f, text);
    }
    if (histogram_percentile_us(&v->loop, 99) >= STATUS_LOOP_US) {
        problem(f, "this machine is too busy: one round of work in a hundred takes over a second");
    }
}

/* Not wrong, but somebody may ask. */
static void look_around(const struct vitals *v, struct buffer *out)
{
    char text[200];

    if (v->turn.pump.bounced_people > 0) {
        (void)snprintf(text, sizeof(text),
                       "messages to %zu people come back; their updates wait and are tried again",
                       v->turn.pump.bounced_people);
        line(out, "note", text);
    }
    if (v->turn.pump.dropped > 0) {
        (void)snprintf(text, sizeof(text), "%llu updates came back twice and were given up",
                       (unsigned long long)v->turn.pump.dropped);
        line(out, "note", text);
    }
    if (v->store_known && v->turn.store.to_index >= STATUS_BACKLOG) {
        (void)snprintf(text, sizeof(text), "%lld posts wait to be indexed: searches are slower",
                       (long long)v->turn.store.to_index);
        line(out, "note", text);
    }
}

static void write_findings(const struct vitals *v, const struct settings *s, struct buffer *out)
{
    struct findings f = {.out = out, .v = v, .s = s};

    look_at_link(&f);
    look_at_disk(&f);
    look_at_delivery(&f);
    if (f.problems == 0) {
        line(out, "state", "all is well");
    }
    look_around(v, out);
}

/* ---- figures ------------------------------------------------------------------------------------ */

static void write_link(const struct vitals *v, const struct settings *s, struct buffer *out)
{
    char value[200], since[40], heard[40];

    if (v->link_up) {
        (void)snprintf(value, sizeof(value),
                       "up for %s, heard %s ago, %zu bytes unsent; lost %llu times since the start",
                       duration(v->mono - v->link_since, since, sizeof(since)),
                       duration(v->mono - v->heard_at, heard, sizeof(heard)), v->unsent,
                       (unsigned long long)v->link_downs);
    } else {
        (void)snprintf(value, sizeof(value), "down, trying %s port %d", s->host, s->port);
    }
    line(out, "link", value);
}

/* "p50 1.2 ms, p99 8.0 ms in the last minutes" */
static const char *percentiles(const struct histogram *h, char *out, size_t size)
{
    char p50[40], p99[40];

    if (histogram_count(h) == 0) {
        (void)snprintf(out, size, "none in the last minutes");
    } else {
        (void)snprintf(out, size, "half of them within %s, 99 of 100 within %s in the last minutes",
                       span(histogram_percentile_us(h, 50), p50, sizeof(p50)),
                       span(histogram_percentile_us(h, 99), p99, sizeof(p99)));
    }
    return out;
}

static void write_delivery(const struct vitals *v, struct buffer *out)
{
    const struct pump_figures *p = &v->turn.pump;
    const uint64_t *waiting = v->turn.waiting;
    char value[400], times[200], oldest[40];

    (void)snprintf(
        value, sizeof(value), "%llu sent, %zu open walks%s%s, %zu bytes in flight of %zu",
        (unsigned long long)p->sent, p->open_walks, p->oldest_at == 0 ? "" : ", the oldest for ",
        p->oldest_at == 0 ? "" : duration(v->now - p->oldest_at, oldest, sizeof(oldest)),
        p->in_flight_bytes, p->window_bytes);
    line(out, "updates", value);
    (void)snprintf(
        value, sizeof(value),
        "%zu people: %llu away, %llu by their settings, %llu off, %zu after a bounce; %llu "
        "catch-ups, %llu summaries",
        p->held_people, (unsigned long long)waiting[WAITS_AWAY],
        (unsigned long long)waiting[WAITS_SETTINGS], (unsigned long long)waiting[WAITS_OFF],
        p->bounced_people, (unsigned long long)p->catchups, (unsigned long long)p->summaries);
    line(out, "held", value);
    (void)snprintf(value, sizeof(value), "%llu, %s; %llu bounces, %llu dropped",
                   (unsigned long long)p->fences, percentiles(&v->new_fence, times, sizeof(times)),
                   (unsigned long long)p->bounces, (unsigned long long)p->dropped);
    line(out, "fences", value);
    (void)snprintf(value, sizeof(value), "%llu, %s; %llu failed",
                   (unsigned long long)histogram_count(&v->turn.commit),
                   percentiles(&v->new_commit, times, sizeof(times)),
                   (unsigned long long)v->turn.failed_commits);
    line(out, "commits", value);
}

static void write_store(const struct vitals *v, const struct settings *s, struct buffer *out)
{
    const struct store_figures *f = &v->turn.store;
    char value[400];

    if (!v->store_known) {
        line(out, "database", s->database_url);
        return;
    }
    (void)snprintf(value, sizeof(value), "%lld, %lld events, %lld not yet in the search index",
                   (long long)f->posts, (long long)f->events, (long long)f->to_index);
    line(out, "posts", value);
    (void)snprintf(value, sizeof(value), "%lld KiB and %lld KiB of log, %s",
                   (long long)(f->db_bytes / 1024), (long long)(f->wal_bytes / 1024),
                   s->database_url);
    line(out, "database", value);
}

void status_write(const struct vitals *v, const struct settings *s, struct buffer *out)
{
    char value[200], since[40];

    write_findings(v, s, out);
    (void)snprintf(value, sizeof(value), "%s, process %lld, up for %s", STATUS_VERSION,
                   (long long)getpid(), duration(v->mono - v->up_since, since, sizeof(since)));
    line(out, "jaejald", value);
    line(out, "domain", s->domain);
    write_link(v, s, out);
    (void)snprintf(value, sizeof(value),
                   "%zu, %zu of them reachable now, %zu without a sign of life", v->turn.people,
                   v->turn.reachable, v->turn.asleep);
    line(out, "people", value);
    write_store(v, s, out);
    (void)snprintf(value, sizeof(value), "%llu in %llu turns, %llu messages",
                   (unsigned long long)v->turn.stanzas, (unsigned long long)v->turn.turns,
                   (unsigned long long)v->turn.messages);
    line(out, "stanzas", value);
    write_delivery(v, out);
    (void)snprintf(value, sizeof(value), "%lld KiB", (long long)(v->resident / 1024));
    line(out, "memory", value);
}
