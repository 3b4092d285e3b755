/* SPDX-License-Identifier: MIT */
/* Conversations that run hot: the clock's part. */
#ifndef HANDLERS_HOT_H
#define HANDLERS_HOT_H

#include "db/store.h"

/* Makes the bundles that are due, a bounded number of them. *next: when to come again, 0: not until something happens. */
enum err hot_tick(struct store *st, int64_t now, int64_t *next) MUST_USE;

#endif
