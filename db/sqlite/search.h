/* SPDX-License-Identifier: MIT */
/* The search index: what posts.c, idle.c and find.c need of it. */
#ifndef DB_SQLITE_SEARCH_H
#define DB_SQLITE_SEARCH_H

#include "db/sqlite/internal.h"

/* What a mark says; a number follows it. */
#define MARK_FROM 'f'
#define MARK_TO 't' /* named, or the recipient */
#define MARK_TAG 'g'
#define MARK_LINK 'l'
#define MARK_FILE 'a'
#define MARK_READER 'r' /* of a private message */
#define MARK_GROUP 'm'  /* whose members read it */
#define MARK_KIND 'k'   /* enum post_kind, of what is not plain */
#define MARK_OPEN 'o'   /* a question without an accepted answer */
#define MARK_ANSWER 'v' /* of every document in find_accepted */

void search_mark(struct buffer *b, char what, int64_t no);

#endif
