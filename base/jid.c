/* SPDX-License-Identifier: MIT */
#include "base/jid.h"

#include <string.h>

#include <stringprep.h>

#include "base/limits.h"
#include "base/text.h"

/* Preparing can make a part shorter (a full-width letter has three bytes) but nothing longer
 * than this can become short enough: NFKC shrinks no text to less than a quarter. */
#define RAW_PART (4 * LIMIT_JID_PART)

enum part { PART_LOCAL, PART_DOMAIN, PART_RESOURCE };

static bool ascii_allowed(enum part part, unsigned char c)
{
    if (c < 0x20 || c == 0x7F) {
        return false;
    }
    switch (part) {
    case PART_LOCAL: /* RFC 6122 A.5 */
        return strchr(" \"&'/:<>@", c) == NULL;
    case PART_DOMAIN: /* STD 3, the underscore that private names use, IPv6 literals */
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("-_.[:]", c) != NULL;
    case PART_RESOURCE:
        break;
    }
    return true;
}

/* All profiles map ASCII as this does; most JIDs hold nothing else. */
static bool prepare_ascii(enum part part, char *s, bool *ascii)
{
    bool ok = true;

    for (char *p = s; *p != '\0'; p++) {
        if ((unsigned char)*p >= 0x80) {
            *ascii = false;
            return true;
        }
    }
    *ascii = true;
    for (char *p = s; *p != '\0'; p++) {
        if (part != PART_RESOURCE && *p >= 'A' && *p <= 'Z') {
            *p = (char)(*p - 'A' + 'a');
        }
        ok = ok && ascii_allowed(part, (unsigned char)*p);
    }
    return ok;
}

static bool prepare_unicode(enum part part, char *s, size_t room)
{
    int rc;

    switch (part) {
    case PART_LOCAL:
        rc = stringprep_xmpp_nodeprep(s, room);
        break;
    case PART_DOMAIN:
        rc = stringprep_nameprep(s, room);
        break;
    default:
        rc = stringprep_xmpp_resourceprep(s, room);
        break;
    }
    return rc == STRINGPREP_OK;
}

/* The dots of IDNA2003 become full stops, a trailing one goes; no label may be empty, and an
 * IPv6 literal stands alone in its brackets. */
static bool check_domain(char *s)
{
    char *out = s;
    bool label = false, literal;

    for (const char *p = s; *p != '\0';) {
        if (strncmp(p, "\xE3\x80\x82", 3) == 0) { /* U+3002 */
            *out++ = '.';
            p += 3;
        } else {
            *out++ = *p++;
        }
    }
    *out = '\0';
    if (out > s && out[-1] == '.') {
        *--out = '\0';
    }
    literal = out - s > 2 && s[0] == '[' && out[-1] == ']';
    for (const char *p = s; *p != '\0'; p++) {
        if (literal) {
            if (strchr("0123456789abcdef:.", *p) == NULL && p != s && p != out - 1) {
                return false;
            }
        } else if ((unsigned char)*p < 0x80 &&
                   (!ascii_allowed(PART_DOMAIN, (unsigned char)*p) || strchr("[:]", *p) != NULL)) {
            return false;
        } else if (*p == '.' && !label) {
            return false;
        }
        label = *p != '.';
    }
    return label;
}

/* Prepares s[0..len) into out, in the arena. */
static enum err prepare(struct arena *a, enum part part, const char *s, size_t len,
                        const char **out)
{
    char work[RAW_PART + 1];
    bool ascii;

    if (len == 0 || len > RAW_PART || !text_valid(s, len)) {
        return E_USAGE;
    }
    memcpy(work, s, len);
    work[len] = '\0';
    if (!prepare_ascii(part, work, &ascii)) {
        return E_USAGE;
    }
    if (!ascii && !prepare_unicode(part, work, sizeof(work))) {
        return E_USAGE;
    }
    if (part == PART_DOMAIN && !check_domain(work)) {
        return E_USAGE;
    }
    len = strlen(work);
    if (len == 0 || len > LIMIT_JID_PART) {
        return E_USAGE;
    }
    *out = arena_ndup(a, work, len);
    return OK;
}

enum err jid_parse(struct arena *a, const char *s, struct jid *out)
{
    struct jid j = {NULL, NULL, NULL};
    const char *slash = strchr(s, '/');
    size_t bare = slash != NULL ? (size_t)(slash - s) : strlen(s);
    const char *at = memchr(s, '@', bare);
    enum err rc;

    if (slash != NULL) {
        rc = prepare(a, PART_RESOURCE, slash + 1, strlen(slash + 1), &j.resource);
        if (rc != OK) {
            return rc;
        }
    }
    if (at != NULL) {
        rc = prepare(a, PART_LOCAL, s, (size_t)(at - s), &j.local);
        if (rc != OK) {
            return rc;
        }
        bare -= (size_t)(at + 1 - s);
        s = at + 1;
    }
    rc = prepare(a, PART_DOMAIN, s, bare, &j.domain);
    if (rc == OK) {
        *out = j;
    }
    return rc;
}

char *jid_bare(struct arena *a, const struct jid *j)
{
    return j->local == NULL ? arena_dup(a, j->domain)
                            : arena_printf(a, "%s@%s", j->local, j->domain);
}

char *jid_full(struct arena *a, const struct jid *j)
{
    return j->resource == NULL ? jid_bare(a, j)
                               : arena_printf(a, "%s%s%s/%s", j->local == NULL ? "" : j->local,
                                              j->local == NULL ? "" : "@", j->domain, j->resource);
}

bool jid_domain_in(const struct jid *j, const char *const *domains, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(j->domain, domains[i]) == 0) {
            return true;
        }
    }
    return false;
}
