/* SPDX-License-Identifier: MIT */
#include "bridge/element.h"

#include <string.h>

const char *element_ns(xmpp_stanza_t *el, const char *inherited)
{
    const char *ns = xmpp_stanza_get_ns(el);

    return ns == NULL ? inherited : ns;
}

bool element_is(xmpp_stanza_t *el, const char *inherited, const char *name, const char *ns)
{
    if (!xmpp_stanza_is_tag(el) || strcmp(xmpp_stanza_get_name(el), name) != 0) {
        return false;
    }
    return ns == NULL || strcmp(element_ns(el, inherited), ns) == 0;
}

xmpp_stanza_t *element_find(xmpp_stanza_t *parent, const char *inherited, const char *name,
                            const char *ns)
{
    xmpp_stanza_t *child;

    for (child = xmpp_stanza_get_children(parent); child != NULL;
         child = xmpp_stanza_get_next(child)) {
        if (element_is(child, inherited, name, ns)) {
            return child;
        }
    }
    return NULL;
}

char *element_text(struct arena *a, xmpp_stanza_t *el, size_t max)
{
    xmpp_stanza_t *child;
    size_t len = 0;
    char *text;

    for (child = xmpp_stanza_get_children(el); child != NULL; child = xmpp_stanza_get_next(child)) {
        if (xmpp_stanza_is_text(child)) {
            len += strlen(xmpp_stanza_get_text_ptr(child));
        }
        if (len > max) {
            return NULL;
        }
    }
    text = arena_alloc(a, len + 1);
    len = 0;
    for (child = xmpp_stanza_get_children(el); child != NULL; child = xmpp_stanza_get_next(child)) {
        if (xmpp_stanza_is_text(child)) {
            const char *part = xmpp_stanza_get_text_ptr(child);
            size_t n = strlen(part);

            memcpy(text + len, part, n);
            len += n;
        }
    }
    return text;
}

char *element_attribute(struct arena *a, xmpp_stanza_t *el, const char *key, size_t max)
{
    const char *value = xmpp_stanza_get_attribute(el, key);
    size_t len = value == NULL ? 0 : strlen(value);

    return len == 0 || len > max ? NULL : arena_ndup(a, value, len);
}
