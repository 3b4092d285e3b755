/* SPDX-License-Identifier: MIT */
/* The text of `jaejalctl status`: what is wrong first, then one fact a line, its name first. */
#ifndef BRIDGE_STATUS_H
#define BRIDGE_STATUS_H

#include "base/buffer.h"
#include "bridge/vitals.h"
#include "conf/settings.h"

#ifdef PACKAGE_VERSION
#define STATUS_VERSION PACKAGE_VERSION
#else
#define STATUS_VERSION "unknown"
#endif

/* From where on something is said to be wrong. */
#define STATUS_SILENT_MS 30000 /* the server takes and says nothing, though something waits */
#define STATUS_OLD_MS 120000   /* an event is on its way for so long while the link is up */
#define STATUS_LOG_BYTES (48LL << 20) /* of the write-ahead log */
#define STATUS_COMMIT_US 100000       /* 99 of 100 commits of the last minutes */
#define STATUS_FENCE_US 5000000       /* 99 of 100 fences of the last minutes */
#define STATUS_LOOP_US 1000000        /* a round of the loop, 99 of 100 */
#define STATUS_BACKLOG 10000          /* posts not in the search index */

void status_write(const struct vitals *v, const struct settings *s, struct buffer *out);

#endif
