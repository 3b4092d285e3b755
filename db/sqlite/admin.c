/* SPDX-License-Identifier: MIT */
/* Roles, and the audit: a chain of hashes over all that was done with them. */
#include "db/sqlite/internal.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { HASH = 32, SEPARATORS = 200 /* six numbers and the lines between them */ };

/* ---- roles ------------------------------------------------------------------------------- */

enum err store_role_set(struct store *st, int64_t person, enum role role)
{
    enum err e = db_run(st, ST_ROLE_SET, ARGS(person, role));

    return e == OK && sqlite3_changes(st->db) == 0 ? E_NOTFOUND : e;
}

enum err store_roles(struct store *st, enum role least, size_t limit, struct arena *a,
                     struct people *out)
{
    (void)db_bind(st, ST_ROLES, ARGS(least, (int64_t)limit + 1));
    return people_read(st, ST_ROLES, limit, a, out);
}

/* ---- the audit --------------------------------------------------------------------------- */

/* Of the hash before it, and of all that the record says. Only its last part may hold line breaks. */
static void chain(struct store *st, const unsigned char before[HASH], const struct audit *r,
                  unsigned char out[HASH])
{
    size_t room = HASH + strlen(r->action) + strlen(r->detail) + SEPARATORS;
    unsigned char *all = arena_alloc(st->scratch, room);
    unsigned int n = 0;
    int len;

    memcpy(all, before, HASH);
    len = snprintf((char *)all + HASH, room - HASH, "%lld\n%lld\n%lld\n%s\n%lld\n%lld\n%s",
                   (long long)r->no, (long long)r->at, (long long)r->who, r->action,
                   (long long)r->whom, (long long)r->post, r->detail);
    if (len < 0 || EVP_Digest(all, HASH + (size_t)len, out, &n, EVP_sha256(), NULL) != 1) {
        abort(); /* the library has no SHA-256: nothing can be trusted */
    }
}

/* Takes the hash over from a column; what is no hash of ours is no other either. */
static void hash_column(struct store *st, enum statement s, int column, unsigned char out[HASH])
{
    const void *data = sqlite3_column_blob(st->statements[s], column);

    memset(out, 0, HASH);
    if (data != NULL && sqlite3_column_bytes(st->statements[s], column) == HASH) {
        memcpy(out, data, HASH);
    }
}

enum err store_audit_add(struct store *st, const struct audit *record)
{
    struct audit r = *record;
    unsigned char last[HASH] = {0}, hash[HASH];
    enum err e;

    arena_reset(st->scratch);
    if (strlen(r.detail) > LIMIT_AUDIT) {
        return E_LIMIT;
    }
    r.no = 1;
    (void)db_bind(st, ST_AUDIT_LAST, NO_ARGS);
    e = db_step(st, ST_AUDIT_LAST);
    if (e == OK) {
        r.no = db_column(st, ST_AUDIT_LAST, 0) + 1;
        hash_column(st, ST_AUDIT_LAST, 1, last);
        db_end(st, ST_AUDIT_LAST);
    } else if (e != E_NOTFOUND) {
        return e;
    }
    chain(st, last, &r, hash);
    (void)db_bind(st, ST_META_SET, ARGS(r.no));
    db_bind_text(st, ST_META_SET, 2, "audit");
    e = db_finish(st, ST_META_SET);
    if (e != OK) {
        return e;
    }
    (void)db_bind(st, ST_AUDIT_ADD, ARGS(r.no, r.at, r.who, r.whom, r.post));
    db_bind_text(st, ST_AUDIT_ADD, 6, r.action);
    db_bind_text(st, ST_AUDIT_ADD, 7, r.detail);
    db_bind_blob(st, ST_AUDIT_ADD, 8, hash, HASH);
    return db_finish(st, ST_AUDIT_ADD);
}

static void audit_read(struct store *st, enum statement s, struct arena *a, struct audit *out)
{
    *out = (struct audit){
        .no = db_column(st, s, 0),
        .at = db_column(st, s, 1),
        .who = db_column(st, s, 2),
        .whom = db_column(st, s, 3),
        .post = db_column(st, s, 4),
        .action = db_column_text(st, s, 5, a),
        .detail = db_column_text(st, s, 6, a),
    };
}

enum err store_audits(struct store *st, int64_t before, size_t limit, struct arena *a,
                      struct audit **out, size_t *n, bool *more)
{
    struct audit *found = arena_array(a, limit + 1, sizeof(*found));
    size_t i = 0;
    enum err e;

    (void)db_bind(st, ST_AUDIT_BELOW, ARGS(before == 0 ? INT64_MAX : before, (int64_t)limit + 1));
    while ((e = db_step(st, ST_AUDIT_BELOW)) == OK) {
        audit_read(st, ST_AUDIT_BELOW, a, &found[i]);
        found[i].who_nick = db_column_text(st, ST_AUDIT_BELOW, 7, a);
        found[i].whom_nick = db_column_text(st, ST_AUDIT_BELOW, 8, a);
        i++;
    }
    if (e != E_NOTFOUND) {
        return e;
    }
    *more = i > limit;
    *n = i > limit ? limit : i;
    *out = found;
    return OK;
}

enum err store_audit_reason(struct store *st, const char *action, int64_t whom, struct arena *a,
                            const char **detail)
{
    enum err e;

    (void)db_bind(st, ST_AUDIT_WHOM, ARGS(whom));
    db_bind_text(st, ST_AUDIT_WHOM, 2, action);
    e = db_step(st, ST_AUDIT_WHOM);
    if (e == OK) {
        *detail = db_column_text(st, ST_AUDIT_WHOM, 0, a);
        db_end(st, ST_AUDIT_WHOM);
    }
    return e;
}

static void hex(const unsigned char hash[HASH], char out[AUDIT_HASH])
{
    for (size_t i = 0; i < HASH; i++) {
        out[2 * i] = "0123456789abcdef"[hash[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[hash[i] & 15];
    }
    out[AUDIT_HASH - 1] = '\0';
}

enum err store_audit_verify(struct store *st, struct buffer *complaint, int64_t *records,
                            char hash[AUDIT_HASH])
{
    unsigned char before[HASH] = {0}, now[HASH], kept[HASH];
    int64_t n = 0, counted = 0;
    enum err e;

    (void)db_bind(st, ST_AUDIT_FROM, NO_ARGS);
    while ((e = db_step(st, ST_AUDIT_FROM)) == OK) {
        struct audit r;

        arena_reset(st->scratch);
        audit_read(st, ST_AUDIT_FROM, st->scratch, &r);
        hash_column(st, ST_AUDIT_FROM, 7, kept);
        chain(st, before, &r, now);
        if (r.no != n + 1 || memcmp(now, kept, HASH) != 0) {
            buffer_addf(complaint,
                        r.no != n + 1 ? "audit record %lld is missing"
                                      : "audit record %lld is not as it was written",
                        (long long)n + 1);
            db_end(st, ST_AUDIT_FROM);
            return E_USAGE;
        }
        memcpy(before, kept, HASH);
        n++;
    }
    if (e != E_NOTFOUND) {
        return e;
    }
    (void)db_bind(st, ST_META_GET, NO_ARGS);
    db_bind_text(st, ST_META_GET, 1, "audit");
    e = db_step(st, ST_META_GET);
    if (e == OK) {
        counted = db_column(st, ST_META_GET, 0);
        db_end(st, ST_META_GET);
    } else if (e != E_NOTFOUND) {
        return e;
    }
    if (counted != n) {
        buffer_addf(complaint, "%lld audit records are there, %lld were written", (long long)n,
                    (long long)counted);
        return E_USAGE;
    }
    *records = n;
    if (n > 0) {
        hex(before, hash);
    } else {
        hash[0] = '\0';
    }
    return OK;
}
