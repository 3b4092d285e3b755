/* SPDX-License-Identifier: MIT */
/* The text of `jaejalctl status`: one fact a line, its name first. */
#ifndef BRIDGE_STATUS_H
#define BRIDGE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buffer.h"
#include "bridge/turn.h"
#include "conf/settings.h"

#ifdef PACKAGE_VERSION
#define STATUS_VERSION PACKAGE_VERSION
#else
#define STATUS_VERSION "unknown"
#endif

struct status {
    bool link_up;
    int64_t link_since, heard_at, up_since; /* monotonic ms; 0: never */
    size_t unsent;
    const struct settings *settings;
};
void status_write(const struct status *s, struct turn *t, struct buffer *out);

#endif
