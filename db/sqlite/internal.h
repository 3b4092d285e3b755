/* SPDX-License-Identifier: MIT */
/* What the files of the SQLite engine share. Nobody outside this folder includes it, except
 * the tests of migrations and of what a post costs. */
#ifndef DB_SQLITE_INTERNAL_H
#define DB_SQLITE_INTERNAL_H

#include <sqlite3.h>

#include "base/limits.h"
#include "db/store.h"

/* Every statement, prepared once. The texts stand in statements.c, nothing is built from input. */
#define X(name, text) name,
enum statement {
#include "db/sqlite/statements.h"
    N_STATEMENTS
};
#undef X

/* Where an event is published besides its author's channel (table reach). */
enum channel {
    CH_TAG = 1,
    CH_THREAD,   /* object: the root */
    CH_OWNER,    /* object: the root's author, where a reply does not answer them directly */
    CH_NAMED,    /* object: a person */
    CH_ANSWERED, /* object: the parent's author */
    CH_PRIVATE,  /* object: the recipient */
    CH_GROUP,
    CH_WORDS, /* object: a phrase */
    CH_ALL,   /* object 0: an announcement */
    CH_UPTO, /* object: the last person that was there when it was made; nothing is published by it */
    CH_PERSON_TAG, /* object: a person's tag that somebody followed then; public posts only */
    CH_TOPIC,      /* object: a tag that a question is about */
    CH_OPEN,       /* the same of an open question, and 0 */
    /* CH_TAG and CH_WORDS of what is in a group, for mutes and the search: who follows these does not even look there. */
    CH_GROUP_TAG,
    CH_GROUP_WORDS,
    CH_AMEND =
        16, /* added to the above: an edit or deletion of what was published there, a bundle of it */
    CH_BUNDLE = 40 /* object: an author of what a bundle covers */
};
enum how { HOW_OWED = 1, HOW_SHOWN = 2, HOW_PRESENT = 4 };
static inline enum channel tag_channel(enum scope scope)
{
    return scope == SCOPE_GROUP ? CH_GROUP_TAG : CH_TAG;
}
static inline enum channel words_channel(enum scope scope)
{
    return scope == SCOPE_GROUP ? CH_GROUP_WORDS : CH_WORDS;
}
/* The channels of an author (event.listed). */
enum listed { BY_NONE, BY_PUBLIC, BY_GROUP, BY_PRIVATE, BY_ANSWER, BY_AMEND };
enum post_flag { POST_DELETED = 1, POST_LINK = 2, POST_FILE = 4 };
#define POST_KIND_SHIFT 3 /* two bits: enum post_kind */
#define POST_KIND (3 << POST_KIND_SHIFT)
static inline enum post_kind flags_kind(int flags)
{
    return (enum post_kind)((flags & POST_KIND) >> POST_KIND_SHIFT);
}

/* The one unit of a merge over channels (timeline.c). */
struct stream {
    int channel; /* enum channel, or -enum listed for an author's */
    int64_t object;
    int64_t lo, hi; /* events lo <= no < hi */
    int64_t head;
};

struct store {
    sqlite3 *db;
    char *path; /* NULL: in memory */
    int lock;   /* the descriptor that holds the lock, -1: none */
    sqlite3_stmt *statements[N_STATEMENTS];
    struct arena *scratch; /* of one verb */
    struct stream *streams;
    size_t n_streams, cap_streams;
    bool merge_newest;
    int merge_how;
    int64_t changes, saved_changes; /* sqlite3_total_changes64() at begin, at the savepoint */
    int64_t purged_at;              /* when store_idle() last purged */
    int bind_error;
    int wal_frames;
    bool open;       /* a transaction of ours */
    bool merge_left; /* the search index has segments to merge */
};

/* ---- statements.c: running them ---------------------------------------------------------- */

/* The integers of a statement, ?1 and on. Texts come behind them, by number. */
#define ARGS(...)                                                                                  \
    ARRAY_LEN(((const int64_t[]){__VA_ARGS__})), (const int64_t[])                                 \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define NO_ARGS 0, NULL

/* Logs and translates an SQLite result; never OK. */
enum err db_error(struct store *st, int rc, const char *what);
enum err db_prepare_all(struct store *st) MUST_USE;
enum err db_prepare(struct store *st, enum statement s) MUST_USE;
void db_finalize_all(struct store *st);
/* Resets and binds. */
sqlite3_stmt *db_bind(struct store *st, enum statement s, size_t n, const int64_t *args);
void db_bind_text(struct store *st, enum statement s, int at, const char *text);
void db_bind_blob(struct store *st, enum statement s, int at, const void *data, size_t len);
/* OK: a row is there. E_NOTFOUND: no further one, and the statement is reset. */
enum err db_step(struct store *st, enum statement s) MUST_USE;
void db_end(struct store *st, enum statement s);
/* Runs to the end what gives no rows. */
enum err db_run(struct store *st, enum statement s, size_t n, const int64_t *args) MUST_USE;
enum err db_finish(struct store *st, enum statement s) MUST_USE; /* the same, already bound */
/* The first column of the first row. E_NOTFOUND: no row, or NULL. */
enum err db_int(struct store *st, enum statement s, int64_t *out, size_t n,
                const int64_t *args) MUST_USE;
/* Whether there is a row. */
enum err db_has(struct store *st, enum statement s, bool *out, size_t n,
                const int64_t *args) MUST_USE;
/* The first column of the rows, at most so many: for walks of a hundred thousand. */
enum err db_numbers(struct store *st, enum statement s, int64_t *out, size_t most,
                    size_t *n) MUST_USE;
int64_t db_column(struct store *st, enum statement s, int column);
/* Never NULL; in the arena. */
const char *db_column_text(struct store *st, enum statement s, int column, struct arena *a);

/* ---- open.c, migrate.c --------------------------------------------------------------------- */

extern const char *const store_migrations[];
extern const size_t store_n_migrations;
#define APPLICATION_ID 0x4A61656A /* "Jaej" */
/* E_USAGE with a complaint: newer than n, or not ours. */
enum err store_check(struct store *st, size_t n, struct buffer *complaint,
                     int64_t *version) MUST_USE;
/* Checks, and brings the database from its user_version to n, one transaction a step, a copy first. */
enum err store_migrate(struct store *st, const char *const *steps, size_t n,
                       struct buffer *complaint) MUST_USE;

enum err store_checkpoint(struct store *st) MUST_USE;

/* ---- people.c, edges.c ------------------------------------------------------------------------ */

enum err person_active(struct store *st, int64_t no, bool *active) MUST_USE;
/* Whether an edge was valid for event n, which happened at `at`. */
enum err edge_valid(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                    int64_t n, int64_t at, bool *valid) MUST_USE;
enum err edge_is_open(struct store *st, enum edge_kind kind, int64_t subject, int64_t object,
                      bool *open) MUST_USE;
/* Neither reaches the other. */
enum err edge_blocked(struct store *st, int64_t a, int64_t b, bool *blocked) MUST_USE;
enum err people_read(struct store *st, enum statement s, size_t limit, struct arena *a,
                     struct people *out) MUST_USE;
/* What is kept of a person alone, for their own use: the rows of somebody who left. */
enum err person_drop_rows(struct store *st, int64_t no) MUST_USE;
enum err edges_retire(struct store *st, int64_t person) MUST_USE;
/* What a reply does: its author follows the conversation from the next event on. */
enum err edge_join_thread(struct store *st, int64_t person, int64_t root) MUST_USE;

/* ---- news.c ---------------------------------------------------------------------------------- */

/* Something that a person is to be told, if the actor is not they themselves. */
enum err news_add(struct store *st, int64_t person, enum news_kind kind, int64_t post,
                  int64_t actor, int64_t at) MUST_USE;

/* ---- posts.c ------------------------------------------------------------------------------ */

/* A post without its text. */
struct post_row {
    int64_t no, event, author, at, parent, root, recipient, group;
    enum scope scope;
    int flags, version;
};
enum err post_row(struct store *st, int64_t no, struct post_row *out) MUST_USE;
/* E_NOTFOUND if the viewer may not see it (deleted; scope; blocked). Viewer 0 sees all. */
enum err post_visible(struct store *st, const struct post_row *row, int64_t viewer) MUST_USE;
/* The next row of a statement that gives the columns POST_ROW. */
enum err post_row_next(struct store *st, enum statement s, struct post_row *out) MUST_USE;
/* Takes all repeats of a post back, each with an event for those who got it. */
enum err repeats_end(struct store *st, const struct post_row *row, int64_t at) MUST_USE;
/* With text, names and counts. */
enum err post_load(struct store *st, int64_t no, struct arena *a, struct post *out) MUST_USE;
/* A tag in what is not public (words.c). */
enum err tag_add_hidden(struct store *st, const char *key, int64_t *no) MUST_USE;
/* What is written where a tag, a phrase or a person's tag is there already goes, so many rows of each at most. */
enum err fillers_purge(struct store *st, int64_t rows) MUST_USE;
/* The phrases, somebody's, that a text holds. */
enum err phrases_in(struct store *st, const char *text, struct arena *a, int64_t **out,
                    size_t *n) MUST_USE;

/* Whether a text, folded by query_fold(), has all words of a phrase's key. */
bool phrase_in(struct store *st, const char *key, const char *folded);
/* ---- groups.c ----------------------------------------------------------------------------- */

/* Whether a post in a group may be read by everybody: written while it was open, and it still is. */
enum err group_is_read_by_all(struct store *st, const struct post_row *row, bool *yes) MUST_USE;
enum err group_may_read(struct store *st, const struct post_row *row, int64_t person,
                        bool *yes) MUST_USE;
/* E_NOTFOUND: no member. E_DENIED: the group is ended. */
enum err group_may_write(struct store *st, int64_t group, int64_t person) MUST_USE;
/* The first event that a viewer may read there; INT64_MAX: none. */
enum err group_open_from(struct store *st, int64_t group, int64_t viewer, int64_t *from) MUST_USE;
/* Whether the author was ever in a group that the viewer is in. */
enum err group_share(struct store *st, int64_t viewer, int64_t author, bool *yes) MUST_USE;
/* A member more (n 1) or less (-1). */
enum err group_counts(struct store *st, int64_t group, int n) MUST_USE;
/* What else ends with a membership. */
enum err group_left(struct store *st, int64_t group, int64_t person) MUST_USE;

/* ---- saved.c ------------------------------------------------------------------------------ */

/* LIST_SAVED */
enum err saved_list(struct store *st, int64_t person, int64_t before, size_t limit, struct arena *a,
                    struct items *out) MUST_USE;

/* ---- tags.c ------------------------------------------------------------------------------- */

/* A tag comes into a public post written at `at` (n 1), or leaves it (-1). */
enum err tag_count(struct store *st, int64_t tag, int64_t at, int n) MUST_USE;
/* Counts too old for a trend go, so many rows at most. */
enum err tags_purge(struct store *st, int64_t now, int64_t rows) MUST_USE;

/* ---- company.c ---------------------------------------------------------------------------- */

/* A post is made (n 1) or taken back (-1); one is liked at `at` (1) or no longer (-1); an account is made. */
enum err company_post(struct store *st, const struct post_row *row, int n) MUST_USE;
enum err company_like(struct store *st, const struct post_row *row, int64_t at, int n) MUST_USE;
enum err company_joined(struct store *st, int64_t at) MUST_USE;
/* What is too old to be told goes, so many rows at most. */
enum err company_purge(struct store *st, int64_t now, int64_t rows) MUST_USE;

/* ---- profile.c ---------------------------------------------------------------------------- */

/* What a post that is taken back stood for: thanks, a pin. */
enum err profile_forget_post(struct store *st, const struct post_row *row) MUST_USE;

/* ---- polls.c ------------------------------------------------------------------------------ */

/* The poll of a post that is taken back, its votes with it. */
enum err poll_forget_post(struct store *st, int64_t post) MUST_USE;

/* ---- questions.c -------------------------------------------------------------------------- */

/* The accepted answer of a question; the question that a post is the accepted answer to. 0: none. */
enum err question_answer(struct store *st, int64_t question, int64_t *answer) MUST_USE;
enum err question_of_answer(struct store *st, int64_t post, int64_t *question) MUST_USE;
/* What a question is about from now on: its present tags, or where it has none the n topics. Nothing where the row is none. */
enum err question_topics(struct store *st, const struct post_row *row, const int64_t *topics,
                         size_t n) MUST_USE;
/* A post is being taken back that may be a question or an answer; it is out of the index already. */
enum err question_forget(struct store *st, const struct post_row *row) MUST_USE;

/* ---- experts.c ---------------------------------------------------------------------------- */

/* A tag comes into a public post (n 1), or leaves it (-1): it counts for the tag, its author, whom it thanks. */
enum err expert_tag(struct store *st, const struct post_row *row, int64_t tag, int n) MUST_USE;
/* Adds to what somebody did with a tag, or takes from it: one of the three. */
enum err expert_count(struct store *st, int64_t tag, int64_t person, int posts, int answers,
                      int praise) MUST_USE;
/* A question was brought to somebody: for LIMIT_ASKED_PER_DAY. */
enum err expert_asked(struct store *st, int64_t person, int64_t at) MUST_USE;
/* A public post counts as thanks to a person from now on, and no longer for its author. */
enum err expert_praise(struct store *st, const struct post_row *row, int64_t person) MUST_USE;

/* ---- announce.c --------------------------------------------------------------------------- */

/* It is owed to everybody who was there: no follow brings it, and no mute or block keeps it away. */
static inline bool is_announcement(const struct post_row *row)
{
    return row->scope == SCOPE_PUBLIC && flags_kind(row->flags) == KIND_ANNOUNCEMENT;
}
/* Its channels; then, once its reach is known, its row. */
enum err announcement_reach(struct store *st, const struct post_row *row) MUST_USE;
enum err announcement_add(struct store *st, const struct post_row *row, int64_t people) MUST_USE;
enum err announcement_forget(struct store *st, const struct post_row *row) MUST_USE;

/* ---- events.c ----------------------------------------------------------------------------- */

enum err event_next(struct store *st, int64_t *no) MUST_USE;
/* Writes an event whose reach rows are there: its classes, cursors. out (may be NULL) gets the reach. */
enum err event_publish(struct store *st, struct event *e, enum listed listed,
                       struct added *out) MUST_USE;

/* ---- owed.c: point tests, from the edges alone --------------------------------------------------- */

/* What an event's audience comes from: the event itself, or of an edit or deletion the original. */
enum err event_base(struct store *st, const struct event *e, struct event *base,
                    struct post_row *row) MUST_USE;
/* Whether the edges valid then owe an event to a person; as store_owed_one() without what is
 * forbidden now. base and row: event_base(). */
enum err owed_by_edges(struct store *st, const struct event *e, const struct event *base,
                       const struct post_row *row, int64_t person, enum event_class *class,
                       int *first, bool *owed) MUST_USE;

/* What is forbidden now, whatever was owed. */
enum err owed_forbidden(struct store *st, const struct event *base, const struct post_row *row,
                        enum event_class class, int64_t person, bool *out) MUST_USE;
/* Whether somebody mutes what a post is about, at event `no` of the time `at`. */
enum err owed_muted(struct store *st, const struct post_row *row, int64_t person, int64_t no,
                    int64_t at, bool *out) MUST_USE;

/* ---- hot.c ---------------------------------------------------------------------------------- */

/* Whether a new answer is hot: it waits to be told, then. *waiting: how many do now; 0: it is not. */
enum err hot_answer(struct store *st, const struct post_row *row, int64_t *waiting) MUST_USE;
/* Whether an answer would be owed to a person if it were not hot. */
enum err hot_follows(struct store *st, const struct event *made, const struct post_row *row,
                     int64_t person, enum event_class *class, bool *yes) MUST_USE;
/* The events that a bundle covers, LIMIT_BUNDLE at most, ascending. */
enum err bundle_covers(struct store *st, const struct event *e, int64_t *events,
                       size_t *n) MUST_USE;
/* As owed_by_edges(), less what is forbidden now. */
enum err bundle_owed(struct store *st, const struct event *e, int64_t person,
                     enum event_class *class, bool *owed) MUST_USE;

/* ---- audience.c, walk.c ------------------------------------------------------------------------ */

/* Of the earlier repeats of a post, so many are asked whom they reached. */
#define EARLIER_REPEATS 16
/* Whether anybody may be owed the event in a class. */
enum err audience_any(struct store *st, const struct event *e, enum event_class class,
                      bool *any) MUST_USE;
/* struct added.reach */
enum err audience_reach(struct store *st, const struct event *e, int64_t *reach,
                        bool *about) MUST_USE;

/* ---- merge.c: merges ---------------------------------------------------------------------- */

void merge_begin(struct store *st);
void merge_add(struct store *st, int channel, int64_t object, int64_t lo, int64_t hi);
/* Adds what a person is subscribed to for events in [lo, hi): follows (ended ones too) and what is theirs
 * anyway. mask: classes, as in store_owed(). */
enum merge_what { MERGE_NEW = 1, MERGE_AMENDED = 2 /* edits and deletions */, MERGE_BOTH = 3 };
enum err merge_add_person(struct store *st, int64_t person, unsigned mask, int64_t lo, int64_t hi,
                          enum merge_what what) MUST_USE;
/* Takes the first events. Then merge_next() gives one after the other, each once, newest or oldest first. */
enum err merge_start(struct store *st, bool newest_first, int how) MUST_USE;
enum err merge_next(struct store *st, int64_t *no) MUST_USE; /* E_NOTFOUND: the end */

/* ---- search.c, find.c ------------------------------------------------------------------------------ */

enum err search_register(struct store *st) MUST_USE; /* the tokenizer, before the schema is read */
enum err search_start(struct store *st) MUST_USE;    /* rebuilds where the tokenizer changed */
/* Takes a post out of the index as it stands now, or puts it in; does nothing for one not yet indexed. */
enum err search_remove(struct store *st, const struct post_row *row) MUST_USE;
enum err search_insert(struct store *st, const struct post_row *row) MUST_USE;
/* An indexed reply becomes an accepted answer, or is one no longer. */
enum err search_accept(struct store *st, const struct post_row *row, bool accepted) MUST_USE;
/* One batch. *n: how many posts were done. */
enum err search_index(struct store *st, size_t *n) MUST_USE;
enum err search_indexed(struct store *st, int64_t *post) MUST_USE; /* the last post in the index */
enum err search_merge(struct store *st, bool *did) MUST_USE;

#endif
