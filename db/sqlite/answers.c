/* SPDX-License-Identifier: MIT */
/* Answers and notices, which are events with a text; the ids of what came in. */
#include "db/sqlite/internal.h"

#include <string.h>

#define DIGEST_MAX 64

enum err store_answer_add(struct store *st, enum event_kind kind, const struct answer *an,
                          int64_t at, int64_t *event)
{
    struct event e = {.kind = kind, .author = an->person, .post = an->post, .at = at};
    enum err err = event_next(st, &e.no);

    if (err != OK) {
        return err;
    }
    (void)db_bind(st, ST_ANSWER_ADD, ARGS(e.no, an->person, an->post, at));
    db_bind_text(st, ST_ANSWER_ADD, 5, an->to);
    db_bind_text(st, ST_ANSWER_ADD, 6, an->from);
    db_bind_text(st, ST_ANSWER_ADD, 7, an->text);
    err = db_finish(st, ST_ANSWER_ADD);
    if (err == OK) {
        err = event_publish(st, &e, BY_ANSWER, NULL);
    }
    if (err == OK) {
        *event = e.no;
    }
    return err;
}

enum err store_answer_get(struct store *st, int64_t event, struct arena *a, struct answer *out)
{
    enum err e;

    (void)db_bind(st, ST_ANSWER_GET, ARGS(event));
    e = db_step(st, ST_ANSWER_GET);
    if (e == OK) {
        *out = (struct answer){.person = db_column(st, ST_ANSWER_GET, 0),
                               .post = db_column(st, ST_ANSWER_GET, 1),
                               .to = db_column_text(st, ST_ANSWER_GET, 2, a),
                               .from = db_column_text(st, ST_ANSWER_GET, 3, a),
                               .text = db_column_text(st, ST_ANSWER_GET, 4, a)};
        db_end(st, ST_ANSWER_GET);
    }
    return e;
}

/* FNV-1a, stirred: whoever makes two ids of their own collide only fools themselves. */
static int64_t id_hash(const char *id)
{
    uint64_t h = 14695981039346656037u;

    for (; *id != '\0'; id++) {
        h = (h ^ (unsigned char)*id) * 1099511628211u;
    }
    h = (h ^ h >> 32) * 0x9E3779B97F4A7C15u;
    return (int64_t)((h ^ h >> 29) >> 1);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes of a lower-case hex digest, cut at DIGEST_MAX. Anything else gives none. */
static size_t from_hex(const char *hex, unsigned char *out)
{
    size_t n = 0;

    for (; hex[0] != '\0' && hex[1] != '\0' && n < DIGEST_MAX; hex += 2) {
        int hi = hex_value(hex[0]), lo = hex_value(hex[1]);

        if (hi < 0 || lo < 0) {
            return 0;
        }
        out[n++] = (unsigned char)(hi << 4 | lo);
    }
    return n;
}

enum err store_claim_add(struct store *st, int64_t person, const struct claim *c)
{
    unsigned char digest[DIGEST_MAX + 1];
    size_t len = from_hex(c->digest, digest);

    (void)db_bind(st, ST_CLAIM_ADD, ARGS(person, id_hash(c->id), c->post, c->answer, c->at));
    db_bind_blob(st, ST_CLAIM_ADD, 6, digest, len);
    return db_finish(st, ST_CLAIM_ADD);
}

enum err store_claim_find(struct store *st, int64_t person, const char *id, struct arena *a,
                          struct claim *out)
{
    static const char digits[] = "0123456789abcdef";
    sqlite3_stmt *q = db_bind(st, ST_CLAIM_FIND, ARGS(person, id_hash(id)));
    const unsigned char *digest;
    char *hex;
    size_t len;
    enum err e = db_step(st, ST_CLAIM_FIND);

    if (e != OK) {
        return e;
    }
    digest = sqlite3_column_blob(q, 3);
    len = (size_t)sqlite3_column_bytes(q, 3);
    hex = arena_alloc(a, len * 2 + 1);
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    *out = (struct claim){.id = arena_dup(a, id),
                          .post = db_column(st, ST_CLAIM_FIND, 0),
                          .answer = db_column(st, ST_CLAIM_FIND, 1),
                          .digest = hex,
                          .at = db_column(st, ST_CLAIM_FIND, 2)};
    db_end(st, ST_CLAIM_FIND);
    return OK;
}
