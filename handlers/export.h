/* SPDX-License-Identifier: MIT */
/* All that is a person's, bit by bit: profile, follows, short forms, what waits to be posted, posts, private messages they wrote or
 * got, likes, bookmarks. Each as they may see it now; nothing that was taken back. As JSON, an object a line, for a file; or as
 * text for the chat. Nothing is held between two calls but the place. */
#ifndef HANDLERS_EXPORT_H
#define HANDLERS_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "db/store.h"
#include "handlers/messages.h"

/* How far it is; all 0: at the beginning. */
struct export_place {
    int section;
    int64_t a, b;
};
struct export
{
    struct store *store;
    struct arena *arena;
    struct person who;
    int64_t now;
    bool text; /* for the chat, in `lang`; else JSON */
    enum lang lang;
    int step; /* things a call adds, at most */
    int most; /* of posts, private messages, likes and bookmarks the newest so many each; 0: all */
    int seen; /* of those; the caller's to clear with the place */
    struct export_place place;
    bool done;
};
/* Adds the next things, whole lines, and moves the place on. E_LIMIT: they do not fit into out. */
enum err export_some(struct export *x, struct buffer *out) MUST_USE;

/* Answers "NICK SECTION A B", as `jaejalctl export` asks page by page: JSON lines, then "next SECTION A B", or "end"; a line
 * "error …" where something is wrong. Opens a transaction of its own. */
#define EXPORT_STEP 20
void export_page(struct store *st, const char *line, int64_t now, struct buffer *out);

#endif
