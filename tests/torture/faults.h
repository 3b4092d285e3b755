/* SPDX-License-Identifier: MIT */
/* What goes wrong below a jaejald under test, as the test commands it.
 *
 * The commands are one struct in a file that both map into memory; the environment names it (JJ_FAULTS). Without it
 * the disk still keeps what was not synced in memory alone, and everything else behaves. tests/torture/storm.py knows
 * the layout. */
#ifndef TESTS_TORTURE_FAULTS_H
#define TESTS_TORTURE_FAULTS_H

#include <stdint.h>

/* What FAULT_PLANT puts wrong into the program itself, to see that the storm reports it. */
enum plant {
    PLANT_NONE,
    PLANT_SKIP,     /* now and then a recipient is left out */
    PLANT_FENCE,    /* a cursor moves before the fence came back */
    PLANT_UNSYNCED, /* a commit that is never synced */
    PLANT_EARLY     /* answers leave before the commit is on the disk */
};

struct faults {
    /* Commands. */
    int64_t clock_ms; /* what CLOCK_REALTIME is off */
    uint32_t full;    /* no room: every write fails */
    uint32_t
        fail_sync;  /* so many syncs fail, and what they should have brought to the disk is gone */
    uint32_t torn;  /* of a hundred sectors written, so many reach the disk without being asked */
    uint32_t seed;  /* which ones */
    uint32_t plant; /* enum plant */
    uint32_t reserved;
    /* Figures. */
    uint64_t writes, syncs;
    uint64_t failed_writes, failed_syncs;
    uint64_t dirty;  /* sectors of 512 bytes that a power cut would lose now */
    uint64_t leaked; /* of all that were written, those that reached the disk unasked */
};

/* Never NULL. */
struct faults *faults(void);

/* Registers the disk as SQLite's default; a constructor has called it already. */
void vfs_install(void);

#endif
