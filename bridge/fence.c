/* SPDX-License-Identifier: MIT */
/* Fences: what is in flight, what each fence covers, and how much may be in flight. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bridge/pump_state.h"

/* Answers and private messages do not wait for a window that a fan-out has filled. */
#define ROOM_AHEAD 32768
/* A way longer than this is not the network: no fence of this stream has come back unhindered yet. */
#define WAY_MAX_US 200000

size_t window_room(const struct pump *p, bool bulk)
{
    size_t window = bulk ? p->window : p->window + ROOM_AHEAD;

    /* One stanza, however big, fits an empty window. */
    if (p->in_flight == 0)
        return LIMIT_STANZA_OUT * 2;
    return p->in_flight < window ? window - p->in_flight : 0;
}

static void touch_walk(struct pump *p, struct walk *w)
{
    if (w->touched)
        return;
    w->touched = true;
    p->touched = pump_grow(p->touched, &p->cap_touched, p->n_touched + 1, sizeof(struct walk *));
    p->touched[p->n_touched++] = w;
}

static void touch_release(struct pump *p, struct release *r)
{
    if (r->touched)
        return;
    r->touched = true;
    p->touched_releases = pump_grow(p->touched_releases, &p->cap_touched_releases,
                                    p->n_touched_releases + 1, sizeof(struct release *));
    p->touched_releases[p->n_touched_releases++] = r;
}

/* The ring keeps its order when it grows. */
static void sent_push(struct pump *p, struct peer *who, int64_t event)
{
    if (p->n_sent == p->cap_sent) {
        size_t cap = p->cap_sent == 0 ? 1024 : p->cap_sent * 2;
        struct sent *ring = calloc(cap, sizeof *ring);

        if (ring == NULL)
            abort();
        for (size_t i = 0; i < p->n_sent; i++)
            ring[i] = p->sent[(p->sent_first + i) & (p->cap_sent - 1)];
        free(p->sent);
        p->sent = ring;
        p->cap_sent = cap;
        p->sent_first = 0;
    }
    p->sent[(p->sent_first + p->n_sent) & (p->cap_sent - 1)] = (struct sent){who, event};
    p->n_sent++;
}

void fence_count(struct pump *p, struct walk *w, struct release *r, struct peer *who, int64_t event,
                 size_t bytes)
{
    p->figures.sent++;
    if (w != NULL)
        w->updates++;
    p->figures.lanes[w != NULL ? (size_t)w->lane : N_LANES]++;
    p->batch_bytes += bytes;
    p->in_flight += bytes;
    if (who != NULL) {
        sent_push(p, who, event);
        p->batch_sent++;
    }
    if (w != NULL)
        touch_walk(p, w);
    if (r != NULL)
        touch_release(p, r);
}

static void cover_push(struct pump *p, const struct cover *c)
{
    p->covers = pump_grow(p->covers, &p->cap_covers, p->n_covers + 1, sizeof *p->covers);
    p->covers[p->n_covers++] = *c;
}

static void covers_take(struct pump *p, struct fence *f)
{
    for (size_t i = 0; i < p->n_touched; i++) {
        struct walk *w = p->touched[i];

        w->touched = false;
        w->pending++;
        cover_push(p, &(struct cover){.walk = w, .upto = w->sent});
    }
    for (size_t i = 0; i < p->n_touched_releases; i++) {
        struct release *r = p->touched_releases[i];

        r->touched = false;
        r->pending++;
        cover_push(p, &(struct cover){.release = r, .upto = r->position});
    }
    f->n_covers = p->n_touched + p->n_touched_releases;
    p->n_touched = p->n_touched_releases = 0;
}

void fence_put(struct pump *p, bool idle, bool probes)
{
    struct buffer *out = p->o.out(p->o.arg);
    struct fence *f = &p->fences[p->fence_next % FENCES];
    size_t before = out->len;

    if (p->fence_next - p->fence_first >= FENCES)
        return;
    buffer_addf(out,
                "<iq type='get' from='%s' to='%s' id='%s%llu'><ping xmlns='urn:xmpp:ping'/></iq>",
                p->o.domain, p->o.server, p->fence_prefix, (unsigned long long)p->fence_next);
    if (out->len == before) /* no room: the next run tries again */
        return;
    p->fence_next++;
    p->in_flight += out->len - before;
    *f = (struct fence){.bytes = p->batch_bytes + out->len - before,
                        .at_us = clock_mono_us(),
                        .delivered = p->delivered,
                        .idle = idle,
                        .probes = probes,
                        .n_sent = p->batch_sent};
    covers_take(p, f);
    p->batch_bytes = 0;
    p->batch_sent = 0;
}

void fence_close_run(struct pump *p, bool idle)
{
    uint64_t out = p->fence_next - p->fence_first;

    if (p->batch_bytes == 0)
        return;
    /* With some on their way a small batch waits for the next one to return: a fence a message would double the
     * server's work. */
    if (out < 2 || p->batch_bytes >= p->window / 4)
        fence_put(p, idle, false);
}

/* One answer that got lost must not stop everything: a later one says the same. */
int64_t fence_again_at(const struct pump *p)
{
    if (p->fence_next == p->fence_first || p->fence_next - p->fence_first >= FENCES)
        return INT64_MAX;
    return p->fences[(p->fence_next - 1) % FENCES].at_us / 1000 + PUMP_FENCE_MS;
}

void fences_drop(struct pump *p)
{
    p->fence_first = p->fence_next;
    for (size_t i = 0; i < p->n_releases; i++) {
        p->releases[i]->pending = 0;
        p->releases[i]->touched = false;
    }
    p->n_covers = p->n_touched = p->n_touched_releases = 0;
    p->n_sent = 0;
    p->batch_bytes = p->batch_sent = p->in_flight = 0;
    p->rate = 0;
    p->min_fence_us = INT64_MAX;
    p->window = PUMP_WINDOW_FIRST;
}

/* The rate is what was in flight over the time that took (Little); the window is that rate for as long as the way takes
 * at rest, and PUMP_WINDOW_MS of queue. */
static void window_adapt(struct pump *p, const struct fence *f)
{
    int64_t us = clock_mono_us() - f->at_us;
    double sample, window, way;

    if (us < 1)
        us = 1;
    p->figures.last_fence_us = us;
    histogram_add(&p->figures.fence, us);
    if (us < p->min_fence_us)
        p->min_fence_us = us;
    sample = (double)(p->delivered - f->delivered) / (double)us;
    if (f->idle && (p->rate <= 0 || sample <= p->rate))
        return; /* too little was written to say that the server is slow */
    p->rate = p->rate <= 0 ? sample : (p->rate * 3 + sample) / 4;
    way = (double)(p->min_fence_us < WAY_MAX_US ? p->min_fence_us : WAY_MAX_US);
    window = p->rate * (way + PUMP_WINDOW_MS * 1000.0);
    p->window = window < PUMP_WINDOW_MIN   ? PUMP_WINDOW_MIN
                : window > PUMP_WINDOW_MAX ? PUMP_WINDOW_MAX
                                           : (size_t)window;
}

static void fence_back(struct pump *p, const struct fence *f, int64_t mono)
{
    int64_t now = clock_real_ms();

    p->delivered += f->bytes;
    p->in_flight -= f->bytes;
    window_adapt(p, f);
    for (size_t i = 0; i < f->n_sent; i++) {
        struct sent *s = &p->sent[(p->sent_first + i) & (p->cap_sent - 1)];

        s->who->last_event = s->event;
        s->who->last_at = now;
    }
    p->sent_first = p->cap_sent == 0 ? 0 : (p->sent_first + f->n_sent) & (p->cap_sent - 1);
    p->n_sent -= f->n_sent;
    for (size_t i = 0; i < f->n_covers; i++) {
        struct cover c = p->covers[i];

        if (c.walk != NULL) {
            c.walk->pending--;
            walk_settle(p, c.walk, c.upto, mono);
        } else {
            c.release->pending--;
            release_settle(p, c.release, c.upto, mono);
        }
    }
    if (f->n_covers > 0) {
        p->n_covers -= f->n_covers;
        memmove(p->covers, p->covers + f->n_covers, p->n_covers * sizeof *p->covers);
    }
    if (f->probes && p->gate == GATE_FENCE) {
        p->gate = GATE_WAIT;
        p->gate_until = mono + PUMP_PROBE_WAIT_MS;
        p->gate_looked = mono;
    }
    p->figures.fences++;
}

bool pump_fence(struct pump *p, const char *id, int64_t mono)
{
    size_t len = strlen(p->fence_prefix);
    char *end;
    uint64_t n;

    if (strncmp(id, p->fence_prefix, len) != 0 || id[len] < '0' || id[len] > '9')
        return false;
    n = strtoull(id + len, &end, 10);
    if (*end != '\0')
        return false;
    /* What was written before this fence was written before the earlier ones' answers too: they need not come. */
    while (n >= p->fence_first && n < p->fence_next) {
        fence_back(p, &p->fences[p->fence_first % FENCES], mono);
        p->fence_first++;
    }
    return true;
}
