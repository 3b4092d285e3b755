/* SPDX-License-Identifier: MIT */
/* What the program knows of itself, as OpenMetrics text 1.0.0, out of one table (metrics.c).
 *
 * Labels are words of our own (a lane, a command's name, a condition), so that there is a fixed number of them: never a
 * person, a tag, a group or a text. */
#ifndef BRIDGE_METRICS_H
#define BRIDGE_METRICS_H

#include "base/buffer.h"
#include "bridge/vitals.h"

#define METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"
#define METRICS_TEXT 262144 /* bytes at most */

/* Ends in "# EOF". */
void metrics_write(const struct vitals *v, struct buffer *out);

#endif
