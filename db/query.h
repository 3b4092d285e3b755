/* SPDX-License-Identifier: MIT */
/* What a person searches for: words, phrases, filters. Nothing typed reaches the index unquoted.
 *
 * Dates are whole days of the asker's zone (since:2026-11-01 until:2026-11-23 includes the 23rd); 30m, 2h, 3d,
 * 2w are that long ago; today, yesterday, 오늘, 어제, 그제 are days. Words with an unknown key before the
 * colon are plain words; a filter with a sign before it, given twice, or with a value that cannot be read is E_USAGE.
 *
 * All words must occur. A word matches where it stands (Hangul: anywhere, also inside a longer run:
 * 회의 finds 회의에서 and 사내회의실예약; other scripts: at the beginning and end of a word). Everything is compared after
 * text_fold(). query_match() is the truth; the index is only a filter in front of it, and the posts not yet
 * indexed and one-syllable words (newest 20,000 posts) are searched by it alone. */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

struct term {
    const char *text; /* folded; a phrase keeps single blanks between its words */
    bool phrase;
    bool refused; /* -word: may not occur */
};
struct query {
    struct term terms[16]; /* LIMIT_SEARCH_TERMS */
    size_t n_terms;
    /* Filters as typed (folded, without '@' or '#'), NULL where absent; the handler resolves
     * names to the numbers beside them before store_search(). */
    const char *from_name, *to_name, *tag_name, *group_name;
    int64_t from, to, tag, group; /* 0: none */
    int64_t since, until;         /* instants, 0: none; since <= at < until */
    bool has_link, has_file, is_question, is_open, is_announcement;
    bool is_answer; /* accepted answers alone; set by the handler, nobody types it */
};

/* Reads a search. zone is for dates (clock.h). On E_USAGE or E_LIMIT *wrong points at the word (in the
 * arena, folded) that cannot be understood, or that is one too many. A search without any positive term or filter is
 * E_USAGE with *wrong NULL, a text over LIMIT_SEARCH_TEXT is E_LIMIT with *wrong NULL. */
enum err query_parse(struct arena *a, const char *typed, const char *zone, struct query *out,
                     const char **wrong) MUST_USE;
/* Whether a text, folded by query_fold(), has all terms and none of the refused ones. */
bool query_match(const struct query *q, const char *folded);
/* The form in which texts are matched: text_fold(), runs of anything that is neither letter nor digit
 * become one blank, one blank at both ends. */
char *query_fold(struct arena *a, const char *text);

#endif
