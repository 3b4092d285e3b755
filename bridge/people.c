/* SPDX-License-Identifier: MIT */
#include "bridge/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "bridge/reply.h"

#include <openssl/rand.h>

#define ID_LEN 48
/* In peer.vcard_asked_at: waits for its question, or for the answer. */
#define UNDER_WAY (-1)
/* The days of people who were all asked at once drift apart by up to an hour a day. */
#define SPREAD_MS 3600000
#define NS_VCARD "vcard-temp"

struct question {
    struct peer *who; /* NULL: free */
    char id[ID_LEN];
    int64_t sent_at;
};

struct people_desk {
    xmpp_ctx_t *ctx;
    struct peers *peers;
    const char *bot_jid;
    bool up;
    struct question asked[PEOPLE_ASKED];
    size_t n_asked;
    struct peer **wanted; /* a ring */
    size_t first, n_wanted;
    int64_t sweep_at;
    uint32_t salt; /* so that nobody outside can tell our next id */
    uint64_t count;
};

struct people_desk *people_new(xmpp_ctx_t *ctx, struct peers *peers, const char *bot_jid)
{
    struct people_desk *d = calloc(1, sizeof(*d));

    if (d == NULL || (d->wanted = calloc(PEOPLE_WANTED, sizeof(struct peer *))) == NULL ||
        RAND_bytes((unsigned char *)&d->salt, sizeof(d->salt)) != 1) {
        err_no_memory();
    }
    d->ctx = ctx;
    d->peers = peers;
    d->bot_jid = bot_jid;
    return d;
}

void people_free(struct people_desk *d)
{
    if (d != NULL) {
        free(d->wanted);
        free(d);
    }
}

void people_want(struct people_desk *d, struct peer *who)
{
    if (who->vcard_asked_at == UNDER_WAY || who->retired) {
        return;
    }
    if (d->n_wanted == PEOPLE_WANTED) {
        who->vcard_asked_at = 0; /* the sweep will find them */
        return;
    }
    d->wanted[(d->first + d->n_wanted++) % PEOPLE_WANTED] = who;
    who->vcard_asked_at = UNDER_WAY;
}

static void close_question(struct people_desk *d, struct question *q, int64_t at)
{
    q->who->vcard_asked_at = at;
    q->who = NULL;
    d->n_asked--;
}

void people_link_up(struct people_desk *d)
{
    d->up = true;
    d->sweep_at = 0;
}

void people_link_down(struct people_desk *d)
{
    size_t i;

    d->up = false;
    for (i = 0; i < PEOPLE_ASKED; i++) {
        if (d->asked[i].who != NULL) {
            struct peer *who = d->asked[i].who;

            close_question(d, &d->asked[i], 0);
            people_want(d, who);
        }
    }
}

static struct question *question_of(struct people_desk *d, const char *id, const char *from)
{
    size_t i;

    for (i = 0; id != NULL && i < PEOPLE_ASKED; i++) {
        if (d->asked[i].who != NULL && strcmp(d->asked[i].id, id) == 0 &&
            strcmp(d->asked[i].who->jid, from) == 0) {
            return &d->asked[i];
        }
    }
    return NULL;
}

bool people_answered(struct people_desk *d, const struct decoded *answer, int64_t now,
                     struct arena *a, struct peer **who, bool *read, struct vcard *out)
{
    struct question *q = question_of(d, answer->id, answer->from);

    if (q == NULL) {
        return false;
    }
    *who = q->who;
    *read = false;
    close_question(d, q, now);
    if (answer->condition != NULL) {
        /* No vCard at all is an answer; everything else may be a server's bad moment. */
        if (strcmp(answer->condition, "item-not-found") == 0) {
            *out = (struct vcard){.name = "", .photo_hash = ""};
            *read = true;
        }
        return true;
    }
    if (answer->payload == NULL || strcmp(xmpp_stanza_get_name(answer->payload), "vCard") != 0 ||
        strcmp(answer->payload_ns, NS_VCARD) != 0) {
        *out = (struct vcard){.name = "", .photo_hash = ""};
    } else {
        people_read_vcard(a, answer->payload, out);
    }
    *read = true;
    return true;
}

bool people_refused(struct people_desk *d, const char *id, const char *from_bare, int64_t now)
{
    struct question *q = question_of(d, id, from_bare);

    if (q == NULL) {
        return false;
    }
    log_line(LOG_INFO, "vcard_too_big person=%lld", (long long)q->who->no);
    close_question(d, q, now);
    return true;
}

static void give_up_late_ones(struct people_desk *d, int64_t now, int64_t mono)
{
    size_t i;

    for (i = 0; i < PEOPLE_ASKED; i++) {
        if (d->asked[i].who != NULL && mono - d->asked[i].sent_at >= PEOPLE_PATIENCE_MS) {
            close_question(d, &d->asked[i], now);
        }
    }
}

/* Looks through everybody for whom a day is over. */
static void sweep(struct people_desk *d, int64_t now)
{
    size_t state = 0, found = 0;
    struct peer *p;

    while (found < PEOPLE_SWEEP && (p = peers_each(d->peers, &state)) != NULL) {
        int64_t spread = p->no * 7919 % SPREAD_MS;

        if (p->vcard_asked_at != UNDER_WAY && !p->retired &&
            (p->vcard_asked_at == 0 || now - p->vcard_asked_at >= LIMIT_DAY_MS + spread)) {
            people_want(d, p);
            found++;
        }
    }
}

static void ask(struct people_desk *d, struct peer *who, int64_t mono, struct buffer *out)
{
    struct question *q = d->asked;
    struct reply_to to = {.from = d->bot_jid, .to = who->jid};

    while (q->who != NULL) {
        q++;
    }
    (void)snprintf(q->id, sizeof(q->id), "v-%08lx-%llu", (unsigned long)d->salt,
                   (unsigned long long)++d->count);
    q->who = who;
    q->sent_at = mono;
    d->n_asked++;
    to.id = q->id;
    reply_ask(d->ctx, out, &to, reply_element(d->ctx, "vCard", NS_VCARD));
}

void people_run(struct people_desk *d, int64_t now, int64_t mono, struct buffer *out)
{
    if (!d->up) {
        return;
    }
    give_up_late_ones(d, now, mono);
    if (mono >= d->sweep_at) {
        sweep(d, now);
        d->sweep_at = mono + PEOPLE_SWEEP_MS;
    }
    while (d->n_wanted > 0 && d->n_asked < PEOPLE_ASKED) {
        struct peer *who = d->wanted[d->first];

        d->first = (d->first + 1) % PEOPLE_WANTED;
        d->n_wanted--;
        if (who->retired) {
            who->vcard_asked_at = now;
        } else {
            ask(d, who, mono, out);
        }
    }
}

int64_t people_deadline(const struct people_desk *d)
{
    int64_t at = d->sweep_at;
    size_t i;

    if (!d->up) {
        return -1;
    }
    if (d->n_wanted > 0 && d->n_asked < PEOPLE_ASKED) {
        return 0;
    }
    for (i = 0; i < PEOPLE_ASKED; i++) {
        if (d->asked[i].who != NULL && d->asked[i].sent_at + PEOPLE_PATIENCE_MS < at) {
            at = d->asked[i].sent_at + PEOPLE_PATIENCE_MS;
        }
    }
    return at;
}
