/* SPDX-License-Identifier: MIT */
/* What a person's settings mean at a moment: which classes wait, and until when. */
#ifndef HANDLERS_PEACE_H
#define HANDLERS_PEACE_H

#include <stdbool.h>
#include <stdint.h>
#include "db/store.h"

#define PEACE_MINUTES 1440 /* of a day */
#define PEACE_NINE 540     /* in the morning, as a minute of the day */
#define PEACE_MONDAY 1

/* Brings holds, digest_next and due up to `now`. Call it after each change of a setting or of the zone, and when `due` is
 * there. A digest whose time has come is noted in holds and the next one set: it waits until it is given. */
void peace_judge(struct peace *p, const char *zone, int64_t now);
/* The times of the digest changed: the next one is worked out anew, one that is due is dropped where there is none. */
void peace_set_digest(struct peace *p, enum digest_mode mode, int day, int minute, const char *zone,
                      int64_t now);
/* Somebody follows daily or weekly for the first time: their digest comes at PEACE_NINE, on a Monday what is weekly, unless
 * they chose otherwise. */
void peace_set_levels(struct peace *p);
/* Whether `now` lies in the quiet hours, and when that changes. Not to be called where there are none. */
bool peace_in_quiet(const struct peace *p, const char *zone, int64_t now, int64_t *until);
/* Reads, judges and keeps it: for whom something is due, or whose zone is another one now. E_NOTFOUND: nobody. */
enum err peace_renew(struct store *st, int64_t person, const char *zone, int64_t now) MUST_USE;

#endif
