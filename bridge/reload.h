/* SPDX-License-Identifier: MIT */
/* SIGHUP: the configuration is read again. */
#ifndef BRIDGE_RELOAD_H
#define BRIDGE_RELOAD_H

#include "base/arena.h"
#include "conf/settings.h"

/* Reads path and takes over into *live what needs no restart; the log names what does. *strings: the arena of the reload
 * before (NULL: none), replaced by that of this one. Where the file is wrong the log says where, nothing changes,
 * and E_USAGE, E_LIMIT or E_SYSTEM come back as from settings_read(). */
enum err reload_settings(const char *path, struct settings *live, struct arena **strings) MUST_USE;

#endif
