/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <unictype.h>
#include <unistr.h>

#include "base/clock.h"

#define LINE_MAX_BYTES 2000
#define CUT "..."

static enum log_level most_level = LOG_INFO;

static const struct {
    const char *name;
    int priority; /* of syslog, sd-daemon(3) */
} levels[] = {
    [LOG_ERROR] = {"error", 3},
    [LOG_WARN] = {"warn", 4},
    [LOG_INFO] = {"info", 6},
    [LOG_DEBUG] = {"debug", 7},
};

enum err log_level_parse(const char *s, enum log_level *out)
{
    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        if (strcmp(s, levels[i].name) == 0) {
            *out = (enum log_level)i;
            return OK;
        }
    }
    return E_USAGE;
}

void log_set_level(enum log_level most)
{
    most_level = most;
}

/* JOURNAL_STREAM holds "device:inode" of the journal's socket (systemd.exec(5)); a shell below
 * us inherits the variable but may have sent its standard error elsewhere. */
static bool to_journal(void)
{
    const char *journal = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    char *end;
    struct stat st;

    if (journal == NULL || fstat(STDERR_FILENO, &st) != 0) {
        return false;
    }
    device = strtoull(journal, &end, 10);
    if (*end != ':') {
        return false;
    }
    inode = strtoull(end + 1, &end, 10);
    return *end == '\0' && device == (unsigned long long)st.st_dev &&
           inode == (unsigned long long)st.st_ino;
}

static bool is_shown(ucs4_t c)
{
    return c >= 0x20 && !(c >= 0x7F && c < 0xA0) && c != 0x2028 && c != 0x2029 &&
           !uc_is_property_bidi_control(c);
}

/* Copies text into out (room bytes, no NUL) with what must not be shown as \xNN; false if it
 * did not fit. */
static bool add_shown(char *out, size_t room, size_t *len, const char *text)
{
    const uint8_t *s = (const uint8_t *)text;
    size_t left = strlen(text);

    while (left > 0) {
        ucs4_t c;
        int n = u8_mbtoucr(&c, s, left);
        bool shown = n > 0 && is_shown(c);
        size_t bytes = n > 0 ? (size_t)n : 1;

        if (*len + (shown ? bytes : 4 * bytes) > room) {
            return false;
        }
        for (size_t i = 0; i < bytes; i++) {
            if (shown) {
                out[(*len)++] = (char)s[i];
            } else {
                static const char hex[] = "0123456789abcdef";

                out[(*len)++] = '\\';
                out[(*len)++] = 'x';
                out[(*len)++] = hex[s[i] >> 4];
                out[(*len)++] = hex[s[i] & 15];
            }
        }
        s += bytes;
        left -= bytes;
    }
    return true;
}

void log_line(enum log_level level, const char *fmt, ...)
{
    char text[LINE_MAX_BYTES + 8], line[LINE_MAX_BYTES + 8];
    size_t len;
    va_list ap;
    int n;

    if (level > most_level) {
        return;
    }
    if (to_journal()) {
        n = snprintf(line, sizeof(line), "<%d>%s ", levels[level].priority, levels[level].name);
    } else {
        struct clock_time t;
        int64_t now = clock_real_ms();

        clock_local(now, NULL, &t);
        n = snprintf(line, sizeof(line), "%04d-%02d-%02d %02d:%02d:%02d.%03d %s ", t.year, t.month,
                     t.day, t.hour, t.minute, t.second, (int)(((now % 1000) + 1000) % 1000),
                     levels[level].name);
    }
    len = n > 0 ? (size_t)n : 0;
    va_start(ap, fmt);
    n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (n < 0) {
        return;
    }
    if (!add_shown(line, LINE_MAX_BYTES - strlen(CUT) - 1, &len, text)) {
        memcpy(line + len, CUT, strlen(CUT));
        len += strlen(CUT);
    }
    line[len++] = '\n';
    /* One write, so that lines of several threads or processes do not mix. Where standard error
     * is gone there is nobody to tell. */
    if (write(STDERR_FILENO, line, len) < 0) {
        return;
    }
}
