/* SPDX-License-Identifier: MIT */
#include "bridge/reload.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"

static void log_lines(char *text)
{
    char *end;

    for (; *text != '\0'; text = end) {
        end = text + strcspn(text, "\n");
        if (*end == '\n') {
            *end++ = '\0';
        }
        log_line(LOG_ERROR, "reload_failed what=\"%s\"", text);
    }
}

enum err reload_settings(const char *path, struct settings *live, struct arena **strings)
{
    struct arena *a = arena_new(LIMIT_ARENA);
    struct settings fresh, merged;
    struct buffer text;
    enum err e;

    buffer_init(&text, 65536);
    e = settings_read(path, a, &fresh, &text);
    if (e != OK) {
        if (text.len == 0) {
            buffer_adds(&text, "bad configuration");
        }
        log_lines(text.data);
        arena_free(a);
        goto out;
    }
    settings_restart_needed(live, &fresh, &text);
    settings_merge(live, &fresh, &merged);
    *live = merged;
    /* What needs a restart keeps the strings it was started with; nothing else is borrowed from the reload before. */
    if (*strings != NULL) {
        arena_free(*strings);
    }
    *strings = a;
    log_line(LOG_INFO, "reloaded%s%s", text.len > 0 ? " restart_needed=" : "",
             text.len > 0 ? text.data : "");
out:
    buffer_fini(&text);
    return e;
}
