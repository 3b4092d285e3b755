/* SPDX-License-Identifier: MIT */
/* Likes, repeats and new followers, told together: at most one message an hour for each person. */
#ifndef HANDLERS_NEWS_H
#define HANDLERS_NEWS_H

#include "db/store.h"
#include "handlers/service.h"

/* Writes the notices that are due, a bounded number of them. *next: when to come again, 0: not until something happens. */
enum err news_tick(struct store *st, const struct service_options *o, int64_t now, struct arena *a,
                   int64_t *next) MUST_USE;

#endif
