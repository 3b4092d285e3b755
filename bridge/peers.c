/* SPDX-License-Identifier: MIT */
#include "bridge/peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 1024        /* records at once; they never move */
#define POOL 65536        /* bytes of addresses at once */
#define FIRST_SLOTS 1024u /* of the table by address; a power of two */

struct pool {
    struct pool *next;
    size_t used, size;
    char room[];
};
struct peers {
    enum lang otherwise;
    struct peer **chunks;
    size_t n_chunks, n;
    struct peer **by_no; /* numbers are dense: they come from the store, ascending */
    size_t cap_no;
    struct peer **slots; /* open addressing, at most half full */
    size_t n_slots, n_used;
    struct pool *pool;
};

static void *must(void *p)
{
    if (p == NULL) {
        (void)fputs("error memory exhausted\n", stderr);
        abort();
    }
    return p;
}

struct peers *peers_new(enum lang otherwise)
{
    struct peers *ps = must(calloc(1, sizeof *ps));

    ps->otherwise = otherwise;
    ps->n_slots = FIRST_SLOTS;
    ps->slots = must(calloc(ps->n_slots, sizeof(struct peer *)));
    return ps;
}

void peers_free(struct peers *ps)
{
    if (ps == NULL)
        return;
    peers_forget(ps);
    for (size_t i = 0; i < ps->n_chunks; i++)
        free(ps->chunks[i]);
    while (ps->pool != NULL) {
        struct pool *next = ps->pool->next;

        free(ps->pool);
        ps->pool = next;
    }
    free(ps->chunks);
    free(ps->by_no);
    free(ps->slots);
    free(ps);
}

/* FNV-1a. Who chooses addresses is the company's own server, not an attacker. */
static size_t hash(const char *s)
{
    uint64_t h = 14695981039346656037u;

    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* The slot of an address, or the empty one where it belongs. */
static size_t slot_of(const struct peers *ps, const char *jid)
{
    size_t i = hash(jid) & (ps->n_slots - 1);

    while (ps->slots[i] != NULL && strcmp(ps->slots[i]->jid, jid) != 0)
        i = (i + 1) & (ps->n_slots - 1);
    return i;
}

static void slots_grow(struct peers *ps)
{
    struct peer **old = ps->slots;
    size_t n = ps->n_slots;

    ps->n_slots = n * 2;
    ps->slots = must(calloc(ps->n_slots, sizeof(struct peer *)));
    for (size_t i = 0; i < n; i++)
        if (old[i] != NULL)
            ps->slots[slot_of(ps, old[i]->jid)] = old[i];
    free(old);
}

static void index_put(struct peers *ps, struct peer *p)
{
    size_t i = slot_of(ps, p->jid);

    if (ps->slots[i] == p)
        return;
    if (ps->slots[i] != NULL) { /* the address was given to a new person */
        ps->slots[i]->retired = true;
        ps->slots[i] = p;
        return;
    }
    ps->slots[i] = p;
    if (++ps->n_used > ps->n_slots / 2)
        slots_grow(ps);
}

/* Takes p out and closes the gap behind it. */
static void index_remove(struct peers *ps, const struct peer *p)
{
    size_t mask = ps->n_slots - 1, gap = slot_of(ps, p->jid), i = gap;

    if (ps->slots[gap] != p)
        return;
    for (;;) {
        size_t home;

        i = (i + 1) & mask;
        if (ps->slots[i] == NULL)
            break;
        home = hash(ps->slots[i]->jid) & mask;
        if (((i - home) & mask) >= ((i - gap) & mask)) {
            ps->slots[gap] = ps->slots[i];
            gap = i;
        }
    }
    ps->slots[gap] = NULL;
    ps->n_used--;
}

static const char *pool_dup(struct peers *ps, const char *s)
{
    size_t len = strlen(s) + 1;
    char *out;

    if (ps->pool == NULL || ps->pool->size - ps->pool->used < len) {
        size_t size = len > POOL ? len : POOL;
        struct pool *pool = must(malloc(sizeof *pool + size));

        pool->next = ps->pool;
        pool->used = 0;
        pool->size = size;
        ps->pool = pool;
    }
    out = ps->pool->room + ps->pool->used;
    memcpy(out, s, len);
    ps->pool->used += len;
    return out;
}

static struct peer *record_new(struct peers *ps, int64_t no, const char *jid)
{
    struct peer *p;
    size_t at = (size_t)no;

    if (ps->n % CHUNK == 0) {
        ps->chunks = must(realloc(ps->chunks, (ps->n_chunks + 1) * sizeof(struct peer *)));
        ps->chunks[ps->n_chunks++] = must(calloc(CHUNK, sizeof(struct peer)));
    }
    if (at >= ps->cap_no) {
        size_t cap = ps->cap_no < CHUNK ? CHUNK : ps->cap_no * 2;

        while (cap <= at)
            cap *= 2;
        ps->by_no = must(realloc(ps->by_no, cap * sizeof(struct peer *)));
        memset(ps->by_no + ps->cap_no, 0, (cap - ps->cap_no) * sizeof(struct peer *));
        ps->cap_no = cap;
    }
    p = &ps->chunks[ps->n / CHUNK][ps->n % CHUNK];
    ps->n++;
    p->no = no;
    p->jid = pool_dup(ps, jid);
    ps->by_no[at] = p;
    return p;
}

struct peer *peers_put(struct peers *ps, const struct person *person)
{
    struct peer *p = peers_by_no(ps, person->no);

    if (p == NULL) {
        p = record_new(ps, person->no, person->jid);
        p->photo = peer_photo_key(person->photo_hash);
    } else if (strcmp(p->jid, person->jid) != 0) { /* whoever had the number was never committed */
        index_remove(ps, p);
        p->jid = pool_dup(ps, person->jid);
    }
    p->lang = (unsigned char)lang_parse(person->lang, ps->otherwise);
    p->on = person->on;
    p->shares = person->shares;
    p->holds = (unsigned short)person->holds;
    p->retired = person->state != PERSON_ACTIVE;
    if (person->state == PERSON_RETIRED)
        index_remove(ps, p);
    else
        index_put(ps, p);
    return p;
}

struct peer *peers_by_no(struct peers *ps, int64_t no)
{
    return no > 0 && (uint64_t)no < ps->cap_no ? ps->by_no[no] : NULL;
}

struct peer *peers_by_jid(struct peers *ps, const char *bare)
{
    return ps->slots[slot_of(ps, bare)];
}

struct peer *peers_each(struct peers *ps, size_t *state)
{
    size_t i = *state;

    if (i >= ps->n)
        return NULL;
    *state = i + 1;
    return &ps->chunks[i / CHUNK][i % CHUNK];
}

size_t peers_count(const struct peers *ps)
{
    return ps->n;
}

void peers_forget(struct peers *ps)
{
    size_t state = 0;
    struct peer *p;

    while ((p = peers_each(ps, &state)) != NULL) {
        p->known = false;
        peer_resource_remove(p, NULL);
    }
}

bool peer_wants(const struct peer *p)
{
    return p->on && p->sleep != SLEEP_ASLEEP;
}

bool peer_reachable(const struct peer *p)
{
    for (const struct resource *r = p->resources; r != NULL; r = r->next)
        if (r->priority >= 0)
            return true;
    return false;
}

bool peer_resource_put(struct peer *p, const char *name, int priority, const char *show)
{
    struct resource **at = &p->resources, *r;
    size_t n = 0, len;

    for (; *at != NULL && strcmp((*at)->name, name) != 0; at = &(*at)->next)
        n++;
    r = *at;
    if (r == NULL) {
        if (n >= PEER_RESOURCES)
            return false;
        len = strlen(name);
        r = must(calloc(1, sizeof *r + len + 1));
        memcpy(r->name, name, len);
        *at = r;
    }
    r->priority = (signed char)(priority < -128 ? -128 : priority > 127 ? 127 : priority);
    (void)snprintf(r->show, sizeof r->show, "%s", show == NULL ? "" : show);
    return true;
}

void peer_resource_remove(struct peer *p, const char *name)
{
    struct resource **at = &p->resources;

    while (*at != NULL) {
        struct resource *r = *at;

        if (name == NULL || strcmp(r->name, name) == 0) {
            *at = r->next;
            free(r);
        } else {
            at = &r->next;
        }
    }
}

unsigned peer_releasable(const struct peer *p)
{
    unsigned waits = p->holds & HOLDS_CLASSES;

    if ((p->holds & HOLDS_DIGEST) != 0 && (p->holds & HOLDS_DUE) != 0)
        waits &= ~(1u << CLASS_BULK | 1u << CLASS_DAILY);
    if ((p->holds & HOLDS_DIGEST) != 0 && (p->holds & HOLDS_WEEK) != 0)
        waits &= ~(1u << CLASS_WEEKLY);
    return p->held & ~waits;
}

uint64_t peer_photo_key(const char *hex)
{
    uint64_t key = 0;

    for (int i = 0; i < 16; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *d = hex[i] == '\0' ? NULL : strchr(digits, hex[i]);

        if (d == NULL)
            return 0;
        key = key << 4 | (uint64_t)((d - digits) % 16);
    }
    return key;
}
