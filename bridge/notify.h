/* SPDX-License-Identifier: MIT */
/* Telling systemd how we are (sd_notify(3)), without its library. */
#ifndef BRIDGE_NOTIFY_H
#define BRIDGE_NOTIFY_H

#include <stdint.h>

/* "READY=1", "STOPPING=1", "STATUS=…". Does nothing where nobody listens (NOTIFY_SOCKET is not set). */
void notify_manager(const char *state);
/* How often systemd wants to hear "WATCHDOG=1" of us at least (WATCHDOG_USEC), ms; 0: it does not. */
int64_t notify_watchdog_ms(void);

#endif
