/* SPDX-License-Identifier: MIT */
/* How things read: updates as followers see them, rows of lists (language.md, "How answers read"). */
#ifndef HANDLERS_COMPOSE_H
#define HANDLERS_COMPOSE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "db/store.h"
#include "handlers/messages.h"

enum update_shape { UPDATE_NEW, UPDATE_CORRECTION, UPDATE_RETRACTION };

/* One message about an event, ready to be encoded; the same for all recipients of a language, but for `first`. */
struct update {
    enum update_shape shape;
    const char *body; /* readable everywhere */
    const char *
        id; /* p1234, p1234e2, p1234d, r<event>, r<event>d, a<event>, n<event>, h<event>, h<event>b */
    const char *target; /* the id that is corrected or retracted, NULL */
    int64_t at;         /* when it was written, for a delay stamp */
    const char *to;     /* of an answer or notice: the JID to send to; else NULL */
    const char *from;   /* of an answer or notice: the address to send from; NULL: the bot */
};
/* first: the lowest version the recipient was owed (store_owed). E_NOTFOUND: there is nothing to send any more (the text was
 * erased by a deletion, the answer purged): settle it without sending. */
enum err compose_update(struct store *st, const struct event *e, int first, enum lang l,
                        struct arena *a, struct update *out) MUST_USE;
/* The event of an id of ours as a client may name it (p1234, p1234e2, p1234d, r77, r77d, a1234, n5, h9, h9b); the post it is about, 0 where there is none; of
 * a bundle the root.
 * Of answers and notices the viewer's own alone: whose others are, and about what, is between them and us. E_NOTFOUND. */
enum err compose_id_post(struct store *st, const char *id, int64_t viewer, int64_t *post) MUST_USE;

/* "Alice Kim (@alice): text (#1234)" and its kin, without time. `viewer` sees "you" nowhere: the same for all. */
char *compose_post(struct arena *a, enum lang l, const struct post *p);
/* A row of a list: the post with its time in front of it (now 0: without), in the zone. A text of more than
 * LIMIT_ROW code points or LIMIT_ROW_LINES lines is shortened and says so. An accepted answer has a ✓ in front, an
 * answered question behind it, with the answer's number. to: whom one's own private message went to, NULL. */
char *compose_item(struct arena *a, enum lang l, const struct item *it, const char *to, int64_t now,
                   const char *zone);
/* "#1234". Numbers of posts are names: they never carry the marks of thousands. */
char *compose_ref(struct arena *a, int64_t post);
/* The beginning of a text on one line, without what turns its direction, at most `max` code points, "…" behind what was left out. */
char *compose_excerpt(struct arena *a, const char *text, size_t max);
/* What stands in a text: people, tags, links (language.md, "Words"). Inside URLs and e-mail addresses nothing counts. */
struct found {
    int64_t *named; /* people, distinct, without the author */
    size_t n_named;
    struct tag *tags;
    size_t n_tags;
    bool has_link;
    const char *const *unknown; /* "@nicks" nobody has */
    size_t n_unknown;
    bool over; /* more people than LIMIT_MENTIONS_PER_POST: the further ones are plain text */
};
enum err compose_scan(struct store *st, const char *text, int64_t author, struct arena *a,
                      struct found *out) MUST_USE;

#endif
