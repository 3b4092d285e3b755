/* SPDX-License-Identifier: MIT */
/* The running daemon: one thread, one poll loop. */
#ifndef BRIDGE_DAEMON_H
#define BRIDGE_DAEMON_H

#include "conf/settings.h"

/* Exit codes of jaejald (and, the first three, of jaejalctl): jaejald(8). */
enum exit_code {
    EXIT_STOPPED = 0,  /* a planned stop */
    EXIT_CONFIG = 1,   /* the command line or the configuration file */
    EXIT_DATABASE = 2, /* it is newer, foreign, locked or cannot be opened */
    EXIT_REFUSED = 3,  /* the server refuses us at the first connect */
    EXIT_DISK = 4      /* the disk failed while we ran: start again, and read what is true */
};

#define DAEMON_FLUSH 262144   /* answers beyond this leave in the middle of a read */
#define DAEMON_UNSENT 4194304 /* more than this unwritten: nothing more is read for now */
#define DAEMON_STOP_MS                                                                             \
    3000 /* for goodbyes and outstanding fences at a planned stop; LINK_CLOSE_MS comes on top */
#define DAEMON_WATCH_MS                                                                            \
    30000 /* between two looks whether the disk answers, where systemd says nothing else */
#define DAEMON_DRAIN_MS 1500 /* of these, for the fences */

/* Runs until SIGTERM or SIGINT. Says on standard error, in one line, why it does not start. */
enum exit_code daemon_run(const struct settings *settings, const char *config_path);

#endif
