/* SPDX-License-Identifier: MIT */
/* What a person searches for (the first line) in a post (the rest). It never reaches the index as syntax,
 * and the index finds the post exactly where a look at it does, before and after it is indexed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "db/query.h"
#include "db/store.h"
#include "db/tokenizer.h"

#define POSTS_A_STORE 500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok) {
        abort();
    }
}

static struct store *fresh_store(void)
{
    struct buffer complaint;
    struct store *st;
    int64_t no;

    log_set_level(LOG_ERROR);
    buffer_init(&complaint, 1000);
    must(store_open("sqlite::memory:", &complaint, &st) == OK);
    must(store_begin(st) == OK);
    must(store_person_add(st, "a@b.example", "a", NULL, 0, 1, &no) == OK);
    must(store_commit(st) == OK);
    buffer_fini(&complaint);
    return st;
}

/* Whether the search finds the post. */
static bool finds(struct store *st, struct arena *a, const struct query *q, int64_t post)
{
    struct items items;

    must(store_search(st, q, 1, 0, 1, a, &items) == OK);
    must(items.n <= 1);
    return items.n == 1 && items.at[0].place == post;
}

static void search(struct arena *a, const struct query *q, const char *text)
{
    static struct store *st;
    static int posts;
    struct query plain = *q;
    struct added added;
    bool more = true, want;

    if (st == NULL || ++posts == POSTS_A_STORE) {
        store_close(st);
        st = fresh_store();
        posts = 0;
    }
    plain.has_link = plain.has_file = plain.is_open = plain.is_question = plain.is_announcement =
        false;
    plain.since = plain.until = 0;
    want = query_match(&plain, query_fold(a, text));
    must(store_begin(st) == OK);
    must(store_post_add(st, &(struct new_post){.author = 1, .at = 2, .text = text}, &added) == OK);
    must(finds(st, a, &plain, added.post) == want);
    must(store_commit(st) == OK);
    while (more) {
        must(store_idle(st, 3, 1000000, &more) == OK);
    }
    must(store_begin(st) == OK);
    must(finds(st, a, &plain, added.post) == want);
    must(store_post_delete(st, added.post, 4, &added) == OK);
    must(!finds(st, a, &plain, added.post));
    must(store_commit(st) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(64 << 20);
    char *typed = arena_ndup(a, (const char *)data, size), *text;
    struct query q;
    const char *wrong = typed;
    enum err e;

    if (text_valid(typed, size)) {
        text = strchr(typed, '\n');
        if (text != NULL) {
            *text++ = '\0';
        }
        e = query_parse(a, typed, "Asia/Seoul", &q, &wrong);
        must(e == OK || e == E_USAGE || e == E_LIMIT);
        if (e == OK) {
            must(wrong == NULL && q.n_terms <= ARRAY_LEN(q.terms));
            for (size_t i = 0; i < q.n_terms; i++) {
                const char *again = query_fold(a, q.terms[i].text);

                /* folded, without outer blanks */
                must(strlen(again) == strlen(q.terms[i].text) + 2);
                must(strncmp(again + 1, q.terms[i].text, strlen(again) - 2) == 0);
            }
            search(a, &q, text == NULL ? "" : text);
        }
    }
    arena_free(a);
    return 0;
}
