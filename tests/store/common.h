/* SPDX-License-Identifier: MIT */
/* What the conformance tests of db/store.h share. */
#ifndef TESTS_STORE_COMMON_H
#define TESTS_STORE_COMMON_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "db/store.h"

#define DAY 86400000LL

/* Fails the test where a verb does not give what it should. */
#define MUST(call) must((call), OK, #call, __FILE__, __LINE__)
#define GIVES(err, call) must((call), (err), #call, __FILE__, __LINE__)
void must(enum err got, enum err want, const char *what, const char *file, int line);

extern struct store *st; /* of the running test, in a transaction */
extern struct arena *ar;

/* A store in memory, with a transaction open; and its end. For cmocka's set-up and tear-down. */
int store_setup(void **state);
int store_teardown(void **state);
/* Commits and begins anew. */
void next_turn(void);
/* Runs store_idle() until there is nothing more to do. */
void idle(int64_t now);

/* A folder of its own for a test with files, removed by scratch_remove(). */
const char *scratch_make(void);
void scratch_remove(void);
const char *scratch_path(void);
/* Opens PATH in the scratch folder. */
struct store *open_file(const char *name);

int64_t person(const char *nick); /* nick@corp.example */
int64_t post(int64_t author, int64_t at, const char *text);
int64_t reply(int64_t author, int64_t parent, int64_t at, const char *text);
int64_t private_to(int64_t author, int64_t to, int64_t at, const char *text);
void follow(int64_t who, int64_t whom);
int64_t head(void); /* of the log */

/* Everybody owed an event in a class, by the walk in pages of `page`; returns the count. */
size_t audience(int64_t event, enum event_class class, size_t page, int64_t *out, size_t max);

/* A small generator, the same everywhere. */
uint32_t rnd(uint64_t *seed, uint32_t below);

/* A file system in which writing fails: armed, the n-th write or sync from then on gives an SQLite
 * result code (SQLITE_FULL, SQLITE_IOERR_FSYNC …), and all that follow. It becomes the default one. */
void failing_vfs_install(void);
void failing_vfs_arm(int after, int code);
void failing_vfs_disarm(void);
int failing_vfs_count(void); /* writes and syncs since armed */

#endif
