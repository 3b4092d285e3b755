/* SPDX-License-Identifier: MIT */
#include "bridge/status.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

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

/* What the kernel says we occupy, in KiB; -1: it does not say. */
static long long resident(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long long size = 0, pages = -1;

    if (f == NULL) {
        return -1;
    }
    if (fscanf(f, "%lld %lld", &size, &pages) != 2) {
        pages = -1;
    }
    (void)fclose(f);
    return pages < 0 ? -1 : pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void write_link(const struct status *s, int64_t mono, struct buffer *out)
{
    char value[200], since[40], heard[40];

    if (s->link_up) {
        (void)snprintf(value, sizeof(value), "up for %s, heard %s ago, %zu bytes unsent",
                       duration(mono - s->link_since, since, sizeof(since)),
                       duration(mono - s->heard_at, heard, sizeof(heard)), s->unsent);
    } else {
        (void)snprintf(value, sizeof(value), "down, trying %s port %d", s->settings->host,
                       s->settings->port);
    }
    line(out, "link", value);
}

static void write_delivery(const struct turn_figures *f, struct buffer *out)
{
    const struct pump_figures *p = &f->pump;
    char value[200];

    (void)snprintf(value, sizeof(value), "%llu sent, %zu open walks, %zu bytes in flight of %zu",
                   (unsigned long long)p->sent, p->open_walks, p->in_flight_bytes, p->window_bytes);
    line(out, "updates", value);
    (void)snprintf(value, sizeof(value),
                   "%zu people, %zu after a bounce; %llu catch-ups, %llu summaries", p->held_people,
                   p->bounced_people, (unsigned long long)p->catchups,
                   (unsigned long long)p->summaries);
    line(out, "held", value);
    (void)snprintf(value, sizeof(value),
                   "%llu, the last took %lld.%01lld ms; %llu bounces, %llu dropped",
                   (unsigned long long)p->fences, (long long)(p->last_fence_us / 1000),
                   (long long)(p->last_fence_us % 1000 / 100), (unsigned long long)p->bounces,
                   (unsigned long long)p->dropped);
    line(out, "fences", value);
}

void status_write(const struct status *s, struct turn *t, struct buffer *out)
{
    int64_t mono = clock_mono_ms();
    struct turn_figures f;
    char value[200], since[40];
    enum err e = turn_figures(t, &f);

    (void)snprintf(value, sizeof(value), "%s, process %lld, up for %s", STATUS_VERSION,
                   (long long)getpid(), duration(mono - s->up_since, since, sizeof(since)));
    line(out, "jaejald", value);
    line(out, "domain", s->settings->domain);
    write_link(s, mono, out);
    (void)snprintf(value, sizeof(value),
                   "%zu, %zu of them reachable now, %zu without a sign of life", f.people,
                   f.reachable, f.asleep);
    line(out, "people", value);
    if (e == OK) {
        (void)snprintf(value, sizeof(value), "%lld, %lld events, %lld not yet in the search index",
                       (long long)f.store.posts, (long long)f.store.events,
                       (long long)f.store.to_index);
        line(out, "posts", value);
        (void)snprintf(value, sizeof(value), "%lld KiB and %lld KiB of log, %s",
                       (long long)(f.store.db_bytes / 1024), (long long)(f.store.wal_bytes / 1024),
                       s->settings->database_url);
        line(out, "database", value);
    } else {
        line(out, "database", err_text(e));
    }
    (void)snprintf(value, sizeof(value), "%llu in %llu turns, %llu messages, %llu failed commits",
                   (unsigned long long)f.stanzas, (unsigned long long)f.turns,
                   (unsigned long long)f.messages, (unsigned long long)f.failed_commits);
    line(out, "stanzas", value);
    write_delivery(&f, out);
    (void)snprintf(value, sizeof(value), "%lld KiB", resident());
    line(out, "memory", value);
}
