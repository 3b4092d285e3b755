/* SPDX-License-Identifier: MIT */
/* Telling systemd how we are (sd_notify(3)), without its library. */
#ifndef BRIDGE_NOTIFY_H
#define BRIDGE_NOTIFY_H

/* "READY=1", "STOPPING=1", "STATUS=…". Does nothing where nobody listens (NOTIFY_SOCKET is not set). */
void notify_manager(const char *state);

#endif
