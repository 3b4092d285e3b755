/* SPDX-License-Identifier: MIT */
#include "bridge/scope.h"

#include <string.h>

void scope_init(struct scope *s)
{
    s->n = 0;
    buffer_init(&s->strings, SCOPE_BINDINGS * 2 * (SCOPE_NAME_MAX + 1));
}

void scope_reset(struct scope *s)
{
    s->n = 0;
    buffer_fini(&s->strings);
}

/* False: too long, or too many. */
static bool bind(struct scope *s, unsigned depth, const char *prefix, const char *uri)
{
    struct binding *b;

    if (s->n == SCOPE_BINDINGS || strlen(prefix) > SCOPE_NAME_MAX || strlen(uri) > SCOPE_NAME_MAX) {
        return false;
    }
    b = &s->binding[s->n++];
    b->depth = depth;
    b->prefix = s->strings.len;
    buffer_add(&s->strings, prefix, strlen(prefix) + 1);
    b->uri = s->strings.len;
    buffer_add(&s->strings, uri, strlen(uri) + 1);
    return true;
}

bool scope_open(struct scope *s, unsigned depth, const char *const *atts)
{
    size_t i;

    for (i = 0; atts[i] != NULL; i += 2) {
        if (strncmp(atts[i], "xmlns", 5) != 0 || (atts[i][5] != '\0' && atts[i][5] != ':')) {
            continue;
        }
        if (!bind(s, depth, atts[i][5] == ':' ? atts[i] + 6 : "", atts[i + 1])) {
            return false;
        }
    }
    return true;
}

void scope_close(struct scope *s, unsigned depth)
{
    while (s->n > 0 && s->binding[s->n - 1].depth >= depth) {
        s->n--;
        s->strings.len = s->binding[s->n].prefix;
    }
}

const char *scope_resolve(const struct scope *s, const char *full, const char **ns)
{
    const char *colon = strchr(full, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - full);
    unsigned i;

    *ns = "";
    if (colon != NULL && (len == 0 || colon[1] == '\0' || strchr(colon + 1, ':') != NULL)) {
        return NULL;
    }
    for (i = s->n; i > 0; i--) {
        const char *prefix = s->strings.data + s->binding[i - 1].prefix;

        if (strncmp(prefix, full, len) == 0 && prefix[len] == '\0') {
            *ns = s->strings.data + s->binding[i - 1].uri;
            break;
        }
    }
    return colon == NULL ? full : colon + 1;
}
