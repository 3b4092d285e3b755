/* SPDX-License-Identifier: MIT */
/* One line per event on standard error: "<level> <event> key=value …". Never the text of a
 * message, never a secret. When standard error is the journal (JOURNAL_STREAM names it) the
 * line begins with its syslog priority ("<6>"), else with a local time stamp. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* "error", "warn", "info", "debug"; E_USAGE for anything else. */
enum err log_level_parse(const char *s, enum log_level *out) MUST_USE;
void log_set_level(enum log_level most);
/* Control characters in the result are shown as \xNN, a line is at most 2,000 bytes. */
void log_line(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
