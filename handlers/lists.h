/* SPDX-License-Identifier: MIT */
/* Lists as people read them: the newest last, cut at a row, going on with `more`. */
#ifndef HANDLERS_LISTS_H
#define HANDLERS_LISTS_H

#include "handlers/command.h"
#include "handlers/compose.h"

/* One line of an answer as it is: texts already translated, or written by people. */
void call_put(struct call *c, const char *line);

struct listing {
    const char *title; /* translated; NULL: none (`more`) */
    const char *empty; /* translated: what to say when there is nothing */
    int limit;         /* 0: LIMIT_LIST_DEFAULT */
    int64_t before;    /* 0: from the newest */
    const struct items
        *first;   /* posts shown above the rows of the first page, and left out of all; NULL */
    bool answers; /* a question that is answered has its answer below it */
};
/* How many rows it has: LIMIT_LIST at most. */
int list_limit(const struct listing *li);
/* What all lists but those of posts have in common. */
struct page {
    const void *rows;
    size_t n;
    bool more;        /* there is more behind them */
    bool newest_last; /* the store gives the newest first */
    void (*put)(struct call *c, const void *rows, size_t i);
    const char *foot; /* translated: what can be done with the rows; NULL */
};
/* Title, rows, and how to see more: `next` goes on behind the last of them. */
enum err list_page(struct call *c, const struct listing *li, const struct page *p,
                   const struct more *next) MUST_USE;

/* What stands in a list of posts; remembers for `more` where it ended. */
enum err list_posts(struct call *c, enum list_kind kind, int64_t object,
                    const struct listing *li) MUST_USE;
/* Of home, only what came at or after the event `from`. */
enum err list_missed(struct call *c, int64_t from, const struct listing *li) MUST_USE;
/* The same for a search as typed. E_USAGE and E_NOTFOUND with the refusal said. */
enum err list_search(struct call *c, const char *typed, const struct listing *li) MUST_USE;

/* What somebody follows, mutes or blocks: kinds is a mask of 1u << edge_kind. after: where the last page ended, NULL. */
struct place {
    int kind;
    int64_t object;
};
enum err list_edges(struct call *c, unsigned kinds, const struct place *after,
                    const struct listing *li) MUST_USE;
/* Followers of the caller; people by words (text as typed); who liked a post. after: a person's number. */
enum err list_followers(struct call *c, int64_t after, const struct listing *li) MUST_USE;
enum err list_people(struct call *c, const char *text, int64_t after,
                     const struct listing *li) MUST_USE;
enum err list_likes(struct call *c, int64_t post, int64_t after, const struct listing *li) MUST_USE;

/* The experts on a tag, behind the one with (weight, person); person 0: from the best. In commands/questions.c. */
enum err list_experts(struct call *c, int64_t tag, int64_t weight, int64_t person,
                      const struct listing *li) MUST_USE;

/* The tags in use, behind the one with (uses, no); no 0: from the beginning. In commands/tags.c. */
enum err list_tags(struct call *c, int64_t uses, int64_t no, const struct listing *li) MUST_USE;

/* The caller's short forms, behind the one of that name ("": from the beginning). In commands/alias.c. */
enum err list_aliases(struct call *c, const char *after, const struct listing *li) MUST_USE;
/* What administrators did; what was reported. In commands/admin.c and commands/moderate.c. */
enum err list_audit(struct call *c, const struct listing *li) MUST_USE;
enum err list_reports(struct call *c, const struct listing *li) MUST_USE;
/* The words that are watched, but for the first `after`. */
enum err list_watches(struct call *c, int64_t after, const struct listing *li) MUST_USE;
/* The versions of a post before that one. In commands/show.c. */
enum err list_versions(struct call *c, int64_t post, int64_t before,
                       const struct listing *li) MUST_USE;
/* The caller's groups, then the others; the members of a group. In commands/groups.c. */
struct groups_place {
    bool others;     /* among these */
    const char *key; /* the last one's name, "": none yet */
    int64_t no;
};
enum err list_groups(struct call *c, const struct groups_place *after,
                     const struct listing *li) MUST_USE;
enum err list_members(struct call *c, int64_t group, int64_t after,
                      const struct listing *li) MUST_USE;

/* "On top:" and what is pinned there; nothing for n 0. */
void list_pins(struct call *c, const struct post *posts, size_t n);

/* "Did you mean @bob or @bobby?", if anything is near (folded, without its sign). */
enum err list_near_people(struct call *c, const char *typed) MUST_USE;
enum err list_near_tags(struct call *c, const char *typed) MUST_USE;
enum err list_near_groups(struct call *c, const char *typed) MUST_USE;
/* "Alice Kim (@alice), Bob Lee (@bob) and 3 more"; n > 0. */
char *list_join(struct call *c, const char *const *names, size_t n, size_t most);

#endif
