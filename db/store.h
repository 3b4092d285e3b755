/* SPDX-License-Identifier: MIT */
/* What is kept, as verbs of the domain. tests/store/ is its definition: every verb with its
 * normal, empty, limit and failed-commit case.
 *
 * One connection, one thread. All verbs run inside the transaction of the turn
 * (store_begin … store_commit), reading ones too. Results live in the caller's arena.
 * Numbers of people, posts, events, tags and phrases are positive and never used again; 0 is "none".
 * Times are milliseconds since 1970 UTC.
 *
 * Errors common to all verbs: E_FULL, the disk is full or a constraint failed: roll the stanza
 * back and say "not saved". E_IO: what is on disk is unknown: exit at once, answer nothing.
 * Both are logged by the store where they happen. Only further errors are named below. */
#ifndef DB_STORE_H
#define DB_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"

struct store;
struct query; /* db/query.h */

/* ---- the store itself ------------------------------------------------------------------ */

/* Opens or creates the database of a URL ("sqlite:PATH", "sqlite::memory:"), runs the
 * migrations it lacks. A complaint is one line for a person.
 * E_BUSY: another process holds it. E_USAGE: the URL is bad, or the database is newer than this
 * program, or is not ours. E_SYSTEM: it cannot be opened or created. */
enum err store_open(const char *url, struct buffer *complaint, struct store **out) MUST_USE;
void store_close(struct store *st);
/* Looks whether store_open() would work, and changes nothing: no file is made, no migration run. E_NOTFOUND: there is
 * no database yet, and its folder is there. E_BUSY: all is well, and another process has it open. E_USAGE and E_SYSTEM
 * as with store_open(); complaint too. */
enum err store_probe(const char *url, struct buffer *complaint) MUST_USE;
/* Of a database that store_probe() found good: whether the record of what administrators did is whole, as store_audit_verify(),
 * without making a file or holding it. *records: how many there are; -1: they cannot be looked at from outside, since the
 * database was not closed properly or has not got them yet. E_USAGE: something was changed past us; E_SYSTEM: it cannot be read. */
enum err store_probe_audit(const char *url, struct buffer *complaint, int64_t *records) MUST_USE;

enum err store_begin(struct store *st) MUST_USE;
/* Writes; returns after the fsync. On any error nothing was kept and the transaction is over. */
enum err store_commit(struct store *st) MUST_USE;
void store_rollback(struct store *st);
/* One stanza's part of the turn, undone alone; they do not nest. */
enum err store_savepoint(struct store *st) MUST_USE;
enum err store_release(struct store *st) MUST_USE;
enum err store_undo(struct store *st) MUST_USE;
/* True if the open transaction has changed anything since store_begin(). */
bool store_changed(struct store *st);

/* Whether the disk of the database takes a write: a byte beside it, with its sync. E_IO: it does not (logged). */
enum err store_alive(struct store *st) MUST_USE;

/* Work that waits for a quiet moment: search indexing, small merges, checkpoints, purging
 * answers and repeat marks older than a day. Call outside a transaction; stops after about
 * budget_us. *more: call again soon. */
enum err store_idle(struct store *st, int64_t now, int64_t budget_us, bool *more) MUST_USE;

/* ---- people ---------------------------------------------------------------------------- */

enum person_state { PERSON_ACTIVE = 0, PERSON_SUSPENDED = 1, PERSON_RETIRED = 2 };
/* What one may do besides what everybody may: each what those below it may, too. */
enum role { ROLE_EMPLOYEE = 0, ROLE_ANNOUNCER = 5, ROLE_ADMIN = 10 };

struct person {
    int64_t no;
    const char *jid;  /* bare, prepared */
    const char *nick; /* folded, unique, without '@' */
    const char *name; /* real name, "" where none is known */
    const char *title;
    const char *bio;
    const char *lang; /* "en", "ko" or "": the default */
    const char *zone; /* tz name or "" */
    enum person_state state;
    enum role role;       /* as kept; the configuration may make them more */
    bool on;              /* wants updates ("off" clears it) */
    bool shares;          /* we have their presence subscription: silence means away */
    bool greeted_at_nick; /* was asked once about their first "@nick TEXT" */
    bool no_news;         /* is not told of likes and the like */
    int64_t joined_at;
    int64_t vcard_at;       /* last successful vCard fetch, 0: never */
    const char *photo_hash; /* SHA-1 of the photo, hex, "" where none */
    const char *photo_type;
    int64_t photo_len;
    unsigned holds; /* what their settings hold at present (store_peace.h) */
};

/* A new account. nick is what they would like (the local part); the first free of nick, nick2, nick3 …
 * that is not among the n reserved ones is taken. E_EXISTS: the JID has an account. */
enum err store_person_add(struct store *st, const char *jid, const char *nick,
                          const char *const *reserved, size_t n_reserved, int64_t at,
                          int64_t *no) MUST_USE;
/* E_NOTFOUND. Retired people are found by number only. */
enum err store_person_by_no(struct store *st, int64_t no, struct arena *a,
                            struct person *out) MUST_USE;
enum err store_person_by_jid(struct store *st, const char *jid, struct arena *a,
                             struct person *out) MUST_USE;
enum err store_person_by_nick(struct store *st, const char *nick, struct arena *a,
                              struct person *out) MUST_USE;

enum person_field { FIELD_NAME, FIELD_TITLE, FIELD_BIO, FIELD_LANG, FIELD_ZONE };
enum err store_person_set(struct store *st, int64_t no, enum person_field field,
                          const char *value) MUST_USE;
enum person_flag { FLAG_ON, FLAG_SHARES, FLAG_GREETED_AT_NICK, FLAG_NO_NEWS };
enum err store_person_set_flag(struct store *st, int64_t no, enum person_flag flag,
                               bool value) MUST_USE;
enum err store_person_set_state(struct store *st, int64_t no, enum person_state state) MUST_USE;
/* The vCard was read at `at`. len 0: no photo. E_LIMIT: over LIMIT_PHOTO. */
enum err store_person_set_photo(struct store *st, int64_t no, const char *hash, const char *type,
                                const void *data, size_t len, int64_t at) MUST_USE;
/* E_NOTFOUND: no photo. */
enum err store_person_photo(struct store *st, int64_t no, struct arena *a, const void **data,
                            size_t *len) MUST_USE;

struct people {
    struct person *at;
    size_t n;
    bool more;
    int64_t next; /* of a search: the `after` to go on with, where there is more */
};
/* Active people by words: each must begin a word of nick, name, title or bio (folded). By nick; `after` is the
 * number of the last one seen, 0: from the beginning. No word: nobody. out->more also where it stopped at its budget. */
enum err store_people_search(struct store *st, const char *const *words, size_t n, int64_t after,
                             size_t limit, struct arena *a, struct people *out) MUST_USE;
/* Nicks near to what was typed (folded): one or two slips, or a shared beginning; nearest first. */
enum err store_people_near(struct store *st, const char *typed, size_t limit, struct arena *a,
                           struct people *out) MUST_USE;
/* All that are not retired, ascending. */
enum err store_people_page(struct store *st, int64_t after, size_t limit, struct arena *a,
                           struct people *out) MUST_USE;

struct person_counts {
    int64_t posts, following, followers, likes_got, praise;
};
enum err store_person_counts(struct store *st, int64_t no, struct person_counts *out) MUST_USE;

/* ---- posts ----------------------------------------------------------------------------- */

enum scope { SCOPE_PUBLIC = 0, SCOPE_PRIVATE = 1, SCOPE_GROUP = 2 };

/* What a post is, besides its text. Never changes. */
enum post_kind { KIND_PLAIN = 0, KIND_QUESTION, KIND_POLL, KIND_ANNOUNCEMENT };

/* A tag as written and as compared (text_fold). */
struct tag {
    int64_t no; /* 0 where it is new */
    const char *key;
    const char *shown;
};

struct new_post {
    int64_t author;
    int64_t at;
    const char *text;
    int64_t parent;         /* the post it answers, 0: none. Scope and group come from its root */
    int64_t recipient;      /* a private message to them, 0: public. With parent: must be 0 */
    int64_t group;          /* 0: none */
    enum post_kind kind;    /* of a root; an edit keeps it */
    const struct tag *tags; /* distinct */
    size_t n_tags;
    const int64_t *named; /* people mentioned, distinct, without the author */
    size_t n_named;
    bool has_link, has_file;
    /* Of a question: */
    const int64_t *topics; /* tags that it is about where it has none itself, distinct */
    size_t n_topics;
    const int64_t
        *asked; /* people who are owed it as if it named them, though it does not; not by an edit */
    size_t n_asked;
};

struct added {
    int64_t post;  /* its number */
    int64_t event; /* its place in the log */
    int version;   /* 0 for a new post */
    int64_t reach; /* people it is owed to: followers, members, people named or answered; mutes
                      included, trackers of words and the author not. Exact up to 1,000, about beyond */
    bool about;
    int64_t
        hot; /* of an answer that who only follows is told of later: how many wait so, this one among them; else 0 */
};

/* Writes the post, its channels, event and cursors. A reply makes its author follow the conversation.
 * E_NOTFOUND: the parent is not there for the author, or they are not in the group. E_DENIED: its conversation or group was
 * ended. E_LIMIT: text over LIMIT_BODY. */
enum err store_post_add(struct store *st, const struct new_post *p, struct added *out) MUST_USE;
/* A new version by its author; text, tags, named, has_* as in new_post. People newly named are owed it
 * as new. E_NOTFOUND, E_LIMIT: LIMIT_VERSIONS. E_EXISTS: the text is the same, nothing was done. */
enum err store_post_edit(struct store *st, int64_t post, const struct new_post *p,
                         struct added *out) MUST_USE;
/* Takes it back: its texts are erased, also from the search, and an event tells whoever may have it.
 * Repeats of it are taken back with it, each by an event of its own behind the post's. E_NOTFOUND. */
enum err store_post_delete(struct store *st, int64_t post, int64_t at, struct added *out) MUST_USE;

struct post {
    int64_t no, author, at, parent, root, recipient, group;
    enum scope scope;
    enum post_kind kind;
    int version; /* of text */
    bool deleted;
    const char *text; /* "" if deleted */
    const char *author_nick, *author_name;
    const char *group_name; /* of `group`, "" where there is none */
    bool
        outside; /* the viewer wrote it in a group they are no longer in: what became of it is not theirs to see */
    int64_t likes, replies,
        repeats;    /* replies: in its conversation if it is the root, else direct ones */
    int64_t answer; /* of a question: the accepted reply, 0: none */
    bool accepted;  /* it is the accepted answer to a question */
};
/* As the viewer may see it (viewer 0: the program itself, sees all, deleted ones too). Never existed,
 * deleted and may-not-see are one: E_NOTFOUND. */
enum err store_post_get(struct store *st, int64_t post, int64_t viewer, struct arena *a,
                        struct post *out) MUST_USE;
/* The text of one version, for the pump. E_NOTFOUND: no such version, or deleted. */
enum err store_post_text(struct store *st, int64_t post, int version, struct arena *a,
                         const char **text) MUST_USE;

struct version {
    int version;
    int64_t at;
    const char *text;
};
enum err store_post_versions(struct store *st, int64_t post, struct arena *a, struct version **out,
                             size_t *n) MUST_USE;
/* The author's newest post the viewer may see and answer (replies too; not deleted). E_NOTFOUND. */
enum err store_post_newest(struct store *st, int64_t author, int64_t viewer,
                           int64_t *post) MUST_USE;

/* E_EXISTS: liked already; E_NOTFOUND: may not see it / was not liked. The author is told bundled (store_news_take). */
enum err store_like_add(struct store *st, int64_t post, int64_t person, int64_t at) MUST_USE;
enum err store_like_remove(struct store *st, int64_t post, int64_t person) MUST_USE;
enum err store_likes(struct store *st, int64_t post, int64_t after, size_t limit, struct arena *a,
                     struct people *out) MUST_USE;

/* Counts a public post as thanks to a person; taking the post back takes them off again. E_EXISTS: it is counted.
 * E_DENIED: the post is not public, or their own. E_NOTFOUND: no such post, or nobody active. */
enum err store_praise_add(struct store *st, int64_t post, int64_t person) MUST_USE;
/* Puts a public post of theirs on top of a person's profile. E_EXISTS; E_LIMIT: LIMIT_PINS; E_DENIED: not public, or
 * not theirs; E_NOTFOUND. */
enum err store_pin_add(struct store *st, int64_t person, int64_t post, int64_t at) MUST_USE;
/* E_NOTFOUND: it was not there. */
enum err store_pin_remove(struct store *st, int64_t person, int64_t post) MUST_USE;
/* Those of a person, as pinned, that the viewer may see; at most LIMIT_PINS. */
enum err store_pins(struct store *st, int64_t person, int64_t viewer, struct arena *a,
                    struct post **out, size_t *n) MUST_USE;
/* Keeps that a person reported a post. E_EXISTS: they did before; E_NOTFOUND: may not see it. */
enum err store_report_add(struct store *st, int64_t post, int64_t person, const char *why,
                          int64_t at) MUST_USE;
/* Ends the conversation of a post for good: no more replies. E_DENIED: another began it, and the person
 * does not own the group it stands in; E_EXISTS: it was ended;
 * E_NOTFOUND: may not see the post. */
enum err store_end_add(struct store *st, int64_t post, int64_t person, int64_t at) MUST_USE;
/* Whether the conversation of this root takes no more replies. */
enum err store_ended(struct store *st, int64_t root, bool *ended) MUST_USE;
/* A bookmark, for that person alone; it ends with the post. E_EXISTS: made before; E_NOTFOUND: may not see the post. */
enum err store_save_add(struct store *st, int64_t person, int64_t post, int64_t at) MUST_USE;
/* E_NOTFOUND: there was none. */
enum err store_save_remove(struct store *st, int64_t person, int64_t post) MUST_USE;

/* Passes a public post on to one's followers who are not owed the post itself. E_EXISTS: done before. E_DENIED:
 * the post is not public. added.post is the repeated post's number. */
enum err store_repeat_add(struct store *st, int64_t person, int64_t post, const char *comment,
                          int64_t at, struct added *out) MUST_USE;
/* Takes one's repeat back. E_NOTFOUND. */
enum err store_repeat_remove(struct store *st, int64_t person, int64_t post, int64_t at) MUST_USE;
/* The newest repeat a person made that still stands (not taken back, its post not deleted): for `undo`. E_NOTFOUND. */
enum err store_repeat_newest(struct store *st, int64_t person, int64_t *post, int64_t *at) MUST_USE;

/* ---- lists ----------------------------------------------------------------------------- */

enum list_kind {
    LIST_HOME, /* what the viewer was owed as updates (private messages, repeats, too), and their own posts */
    LIST_ALL, /* every public post */
    LIST_AUTHOR, /* object: a person. What they wrote, as far as the viewer may see; no private ones, and of
                    groups only what is in those the viewer is in */
    LIST_TAG,       /* object: a tag. Public posts */
    LIST_THREAD,    /* object: the root; the root itself included */
    LIST_MENTIONS,  /* what names the viewer or answers them */
    LIST_INBOX,     /* private messages, both directions */
    LIST_QUESTIONS, /* open questions. object: a tag they are about, 0: any */
    LIST_GROUP,     /* object: a group. What was written in it, as far as the viewer may see */
    LIST_SAVED,     /* the viewer's bookmarks, the one made last first; place counts them */
    LIST_MISSED /* what the viewer's last summary stood for (store_missed_get), as far as they may still see it */
};
struct item {
    int64_t place; /* the event: the key for `before` */
    bool repeat;
    int64_t repeater; /* who passed it on, if repeat */
    const char *repeater_nick, *repeater_name, *comment;
    struct post post;
};
struct items {
    struct item *at; /* newest first */
    size_t n;
    bool more;
    int64_t next; /* the `before` to go on with, where there is more */
};
/* The repeat that an event of kind REPEAT made, for the pump: who, comment, and the post as it is now. E_NOTFOUND: taken
 * back, or its post deleted. */
enum err store_repeat_get(struct store *st, int64_t event, struct arena *a,
                          struct item *out) MUST_USE;
/* At most `limit` items with a place below `before` (0: from the newest). */
enum err store_list(struct store *st, enum list_kind kind, int64_t viewer, int64_t object,
                    int64_t before, size_t limit, struct arena *a, struct items *out) MUST_USE;
/* The repeats a person made that still stand, of what they may see, below the number `before` of the repeated post (0: all), that of the newest
 * post first; place is the post's. */
enum err store_repeated(struct store *st, int64_t person, int64_t before, size_t limit,
                        struct arena *a, struct items *out) MUST_USE;
/* Posts that a person likes and may see, the newest post first, below the number `before` (0: all); place is the post's. */
enum err store_liked(struct store *st, int64_t person, int64_t before, size_t limit,
                     struct arena *a, struct items *out) MUST_USE;
/* Posts that fit the query and the viewer may see, newest first; place is the post's number here.
 * A new post is found at once. out->more also where the search stopped at its budget: going on finds the rest. */
enum err store_search(struct store *st, const struct query *q, int64_t viewer, int64_t before,
                      size_t limit, struct arena *a, struct items *out) MUST_USE;

/* ---- edges: who follows, mutes, blocks what ----------------------------------------------- */

enum edge_kind {
    EDGE_FOLLOW_PERSON = 1,
    EDGE_FOLLOW_TAG,
    EDGE_FOLLOW_THREAD, /* object: the root post */
    EDGE_FOLLOW_WORDS,  /* object: a phrase */
    EDGE_MEMBER,        /* object: a group */
    EDGE_MUTE_PERSON,
    EDGE_MUTE_TAG,
    EDGE_MUTE_THREAD,
    EDGE_MUTE_WORDS,
    EDGE_MUTE_GROUP,
    EDGE_BLOCK,            /* object: a person. Neither reaches the other; their follows end */
    EDGE_LEAVE_THREAD,     /* object: the root. Only answers and mentions still come */
    EDGE_FOLLOW_PERSON_TAG /* object: a person's tag, by store_person_tag_add() */
};
#define EDGE_LAST EDGE_FOLLOW_PERSON_TAG /* the kinds are 1 to this */
/* Of what somebody follows by several ways, the first of loud, now, daily, weekly counts. */
enum follow_level { LEVEL_NOW = 0, LEVEL_LOUD, LEVEL_DAILY, LEVEL_WEEKLY };
struct edge {
    enum edge_kind kind;
    int64_t subject, object;
    int how;            /* of a follow: enum follow_level */
    int64_t expires_at; /* 0: does not */
    const char *
        label; /* how the subject writes the object: "@alice", "#tag", "@alice #tag", "!group", "#1234", "\"words\"" */
    const char *name; /* a person's real name, else "" */
};
struct edges {
    struct edge *at;
    size_t n;
    bool more;
};
/* Opens an edge from now on (the next event on). E_EXISTS: open already (how and expires_at are
 * brought up to date; a level counts from the next event on). E_DENIED: the object has blocked the subject (follow), or is the subject. E_NOTFOUND: the object
 * is a person who is not active; both also of the person of a person's tag. E_LIMIT: LIMIT_EDGES_PER_PERSON, conversations not counted; of those the follow of the
 * oldest makes room. FOLLOW_THREAD and LEAVE_THREAD end each other; BLOCK ends the follows both ways. */
enum err store_edge_open(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                         int how, int64_t expires_at, int64_t at) MUST_USE;
/* E_NOTFOUND: not open. */
enum err store_edge_close(struct store *st, enum edge_kind kind, int64_t subject,
                          int64_t object) MUST_USE;
/* E_NOTFOUND: not open, or expired. label and name are "" here. */
enum err store_edge_get(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                        int64_t now, struct edge *out) MUST_USE;
/* Open edges of a subject of the kinds in the mask (1u << kind), by (kind, object), tags and phrases as they were opened, those
 * behind (after_kind, after_object). Expired ones are left out. */
enum err store_edges_of(struct store *st, int64_t subject, unsigned kinds, int after_kind,
                        int64_t after_object, int64_t now, size_t limit, struct arena *a,
                        struct edges *out) MUST_USE;
/* The people at the other end (followers), ascending above `after`; active ones only. */
enum err store_edges_on(struct store *st, enum edge_kind kind, int64_t object, int64_t after,
                        size_t limit, struct arena *a, struct people *out) MUST_USE;

/* The tag of a folded key. E_NOTFOUND: nobody used it, or only in what is not public. */
enum err store_tag_find(struct store *st, const char *key, struct arena *a,
                        struct tag *out) MUST_USE;
/* shown: as the first public use writes it; "": it stays as it is, and a new one is not there for store_tag_find(). */
enum err store_tag_add(struct store *st, const char *key, const char *shown, int64_t *no) MUST_USE;
/* The number of a tag that store_tag_find() keeps to itself, for a search, whose hits are for their readers alone, and to end
 * a follow; where there is none a number that no tag has, with the same work: whether there is one may not be told. */
enum err store_tag_hidden(struct store *st, const char *key, int64_t *no) MUST_USE;
/* Tags in public use near to what was typed. */
enum err store_tags_near(struct store *st, const char *typed, size_t limit, struct arena *a,
                         struct tag **out, size_t *n) MUST_USE;
struct tag_use {
    int64_t no;
    const char *shown;
    int64_t uses; /* in public posts: all of them; of a trend, today's */
    int64_t week; /* of a trend: in the seven days before */
};
/* Tags in public use, the most used first, those used alike by their letters, behind the one with (uses, no); no 0: from the
 * beginning. */
enum err store_tags_used(struct store *st, int64_t uses, int64_t no, size_t limit, struct arena *a,
                         struct tag_use **out, size_t *n, bool *more) MUST_USE;
/* Tags that stand in public posts of today (18 to 24 hours) clearly more often than in the week before, TREND_LEAST
 * times at least, by TREND_AUTHORS people or more; what rises most first. */
#define TREND_LEAST 3
#define TREND_AUTHORS 2
enum err store_trends(struct store *st, int64_t now, size_t limit, struct arena *a,
                      struct tag_use **out, size_t *n) MUST_USE;
/* The number of a tracked phrase, made if new. words: as typed, without quotes; all of them must occur.
 * E_USAGE: no word in it. E_LIMIT: LIMIT_TRACKED_WORDS, LIMIT_TRACKED_TEXT. */
enum err store_phrase_add(struct store *st, const char *words, int64_t *no) MUST_USE;
/* E_NOTFOUND. */
enum err store_phrase_find(struct store *st, const char *words, int64_t *no) MUST_USE;
/* The number of a person's tag, what they publish with it, made if new. */
enum err store_person_tag_add(struct store *st, int64_t person, int64_t tag, int64_t *no) MUST_USE;
/* E_NOTFOUND: nobody ever followed it. */
enum err store_person_tag_find(struct store *st, int64_t person, int64_t tag, int64_t *no) MUST_USE;

/* ---- the event log and what is owed (delivery.md) ------------------------------------------- */

enum event_kind {
    EVENT_POST = 1,
    EVENT_REPEAT,
    EVENT_EDIT,
    EVENT_DELETE, /* of a post, or of a repeat (then original is the repeat's event, author who repeated) */
    EVENT_ANSWER, /* a confirmation to the author, from the table of answers */
    EVENT_NOTICE, /* to one person: welcome, bundled likes; text as with answers */
    EVENT_BUNDLE /* further answers in a conversation that ran hot (store_hot.h); author 0, post the newest of them */
};
/* Private before mention before announcement before loud before bulk before daily before weekly: the last four by how
 * somebody follows what leads to a post. The numbers are kept, so they are not in that order. */
enum event_class {
    CLASS_PRIVATE = 0,
    CLASS_MENTION,
    CLASS_ANNOUNCEMENT,
    CLASS_BULK,
    CLASS_LOUD,
    CLASS_DAILY,
    CLASS_WEEKLY,
    N_CLASSES
};
#define CLASSES_FOLLOWED                                                                           \
    (1u << CLASS_BULK | 1u << CLASS_LOUD | 1u << CLASS_DAILY | 1u << CLASS_WEEKLY)

struct event {
    int64_t no;
    enum event_kind kind;
    enum event_class top; /* the highest class anybody is owed it in */
    int64_t author;       /* who did it; of an answer or notice: whom it is for */
    int64_t post;         /* 0 for notices without one */
    int64_t root;         /* of the post's conversation */
    int64_t original;     /* the event that an edit or deletion is about, else 0 */
    int version;          /* of the text */
    int64_t at;
    bool hot; /* an answer that at once only those get who take part */
};
enum err store_event_head(struct store *st, int64_t *no) MUST_USE; /* 0: empty log */
enum err store_event_get(struct store *st, int64_t no, struct event *out) MUST_USE;
/* The event that made a post (EVENT_POST, `of` is the post) or a version of it (EVENT_EDIT), or that took something
 * back (EVENT_DELETE, `of` is the event of the post or repeat). For bounces, which name ids. E_NOTFOUND. */
enum err store_event_find(struct store *st, enum event_kind kind, int64_t of, int version,
                          int64_t *no) MUST_USE;

/* What stands open: walks not finished. Made by the verbs that make events. */
struct cursor {
    int64_t event;
    enum event_class class;
    int64_t last; /* everybody up to this number is settled */
};
/* Open cursors of events above `after`, ascending by (event, class). */
enum err store_cursors(struct store *st, int64_t after, size_t limit, struct arena *a,
                       struct cursor **out, size_t *n) MUST_USE;
enum err store_cursor_set(struct store *st, int64_t event, enum event_class class,
                          int64_t last) MUST_USE;
enum err store_cursor_done(struct store *st, int64_t event, enum event_class class) MUST_USE;

/* Who is owed an event in a class: the edges valid at its number (the original's for an edit or
 * deletion), less mutes, and less what is forbidden now (blocked, suspended, retired). A bulk walk leaves out
 * whom a higher class serves. Ascending, each once. Lives on the heap, over many transactions. */
struct audience;
enum err store_audience_open(struct store *st, const struct event *e, enum event_class class,
                             struct audience **out) MUST_USE;
/* The next people above `after`, at most max; *n 0: the end. */
enum err store_audience_next(struct store *st, struct audience *au, int64_t after, int64_t *people,
                             size_t max, size_t *n) MUST_USE;
void store_audience_close(struct audience *au);
/* Whether one person is owed an event, and how: *class; *first is the lowest version of the post they
 * were owed (0, or that of the edit which first named them): the id their correction refers to; of a bundle 1 where
 * they get it bare (store_bundle_bare()), else 0. E_NOTFOUND: not owed. */
enum err store_owed_one(struct store *st, const struct event *e, int64_t person,
                        enum event_class *class, int *first) MUST_USE;
/* The events in [from, to) owed to a person in the classes of the mask (1u << class), ascending, at most
 * `limit`. *next: where to go on (to, if all was seen); bounded work per call, so it may give fewer. */
struct owed {
    struct event event;
    enum event_class class;
    int first; /* as in store_owed_one */
};
enum err store_owed(struct store *st, int64_t person, unsigned classes, int64_t from, int64_t to,
                    size_t limit, struct arena *a, struct owed **out, size_t *n,
                    int64_t *next) MUST_USE;

/* Held by position: everything of the class from event `from` on waits for the person's return.
 * Setting never moves `from` forward. */
struct held {
    int64_t person;
    enum event_class class;
    int64_t from;
};
enum err store_held_set(struct store *st, int64_t person, enum event_class class,
                        int64_t from) MUST_USE;
/* Moves it forward: all before `from` is settled. */
enum err store_held_advance(struct store *st, int64_t person, enum event_class class,
                            int64_t from) MUST_USE;
enum err store_held_clear(struct store *st, int64_t person, enum event_class class) MUST_USE;
/* Rows above (after_person), ascending by person; whole people only. */
enum err store_held_page(struct store *st, int64_t after_person, size_t limit, struct arena *a,
                         struct held **out, size_t *n) MUST_USE;
/* Owed again (a bounce). Adding twice is no error. */
enum err store_back_add(struct store *st, int64_t person, int64_t event) MUST_USE;
enum err store_back_remove(struct store *st, int64_t person, int64_t event) MUST_USE;
enum err store_back_list(struct store *st, int64_t person, int64_t after, size_t limit,
                         struct arena *a, int64_t **events, size_t *n) MUST_USE;
/* The person was given a summary in place of the events lo..hi that they are owed in this class. */
enum err store_digest_add(struct store *st, int64_t person, enum event_class class, int64_t lo,
                          int64_t hi) MUST_USE;
enum err store_digest_has(struct store *st, int64_t person, enum event_class class, int64_t event,
                          bool *in) MUST_USE;
/* Somebody whose messages bounced: tried again at `at`. */
struct bounce {
    int64_t person;
    int tries;
    int64_t at;
};
enum err store_bounce_set(struct store *st, const struct bounce *b) MUST_USE;
enum err store_bounce_clear(struct store *st, int64_t person) MUST_USE;
enum err store_bounces(struct store *st, int64_t after_person, size_t limit, struct arena *a,
                       struct bounce **out, size_t *n) MUST_USE;

/* ---- answers, notices, ids that came in ---------------------------------------------------- */

struct answer {
    int64_t person;
    const char *to;   /* the JID to send to (full for an answer, bare for a notice) */
    const char *from; /* the address that was written to */
    const char *text;
    int64_t post; /* what it is about, 0: nothing */
};
/* An event of kind ANSWER or NOTICE with its cursor; the text is kept for a day, and longer while its cursor is open,
 * it is owed again (back), or private messages are held for the person since before. */
enum err store_answer_add(struct store *st, enum event_kind kind, const struct answer *an,
                          int64_t at, int64_t *event) MUST_USE;
/* E_NOTFOUND: purged. */
enum err store_answer_get(struct store *st, int64_t event, struct arena *a,
                          struct answer *out) MUST_USE;

/* An inbound message (id or origin-id of a person) that made something. The newest claim of an id counts. Without a
 * post it is kept for a day. */
struct claim {
    const char *id;
    int64_t post;       /* what it made, 0: a command without a post */
    int64_t answer;     /* the event of its answer, 0: none */
    const char *digest; /* of the body, lower-case hex: a repeat has the same; "" after a day */
    int64_t at;
};
enum err store_claim_add(struct store *st, int64_t person, const struct claim *c) MUST_USE;
/* E_NOTFOUND. */
enum err store_claim_find(struct store *st, int64_t person, const char *id, struct arena *a,
                          struct claim *out) MUST_USE;

/* ---- figures --------------------------------------------------------------------------- */

/* people: the highest number ever given, so that it costs nothing. */
struct store_figures {
    int64_t people, posts, events, wal_bytes, db_bytes, to_index;
};
enum err store_figures(struct store *st, struct store_figures *out) MUST_USE;

#include "db/store_admin.h"
#include "db/store_company.h"
#include "db/store_alias.h"
#include "db/store_experts.h"
#include "db/store_announce.h"
#include "db/store_polls.h"
#include "db/store_schedule.h"
#include "db/store_forget.h"
#include "db/store_groups.h"
#include "db/store_hot.h"
#include "db/store_news.h"
#include "db/store_peace.h"
#include "db/store_life.h"
#include "db/store_digest.h"
#include "db/store_unseen.h"

#endif
