/* SPDX-License-Identifier: MIT */
#include "tests/store/common.h"

#include <dirent.h>
#include <unistd.h>

#include "base/log.h"

struct store *st;
struct arena *ar;

static char scratch[256];

void must(enum err got, enum err want, const char *what, const char *file, int line)
{
    if (got != want) {
        print_error("%s:%d: %s: %s, not %s\n", file, line, what, err_text(got), err_text(want));
        fail();
    }
}

int store_setup(void **state)
{
    struct buffer complaint;

    (void)state;
    log_set_level(LOG_ERROR);
    buffer_init(&complaint, 1000);
    ar = arena_new(64 * 1024 * 1024);
    if (store_open("sqlite::memory:", &complaint, &st) != OK) {
        print_error("%s\n", complaint.data);
        return -1;
    }
    buffer_fini(&complaint);
    return store_begin(st) == OK ? 0 : -1;
}

int store_teardown(void **state)
{
    (void)state;
    store_close(st);
    st = NULL;
    arena_free(ar);
    ar = NULL;
    return 0;
}

void next_turn(void)
{
    MUST(store_commit(st));
    MUST(store_begin(st));
}

void idle(int64_t now)
{
    bool more = true;

    MUST(store_commit(st));
    while (more) {
        MUST(store_idle(st, now, 1000000, &more));
    }
    MUST(store_begin(st));
}

const char *scratch_make(void)
{
    const char *base = getenv("TMPDIR");

    (void)snprintf(scratch, sizeof(scratch), "%s/jaejal-store-XXXXXX",
                   base == NULL ? "/tmp" : base);
    if (mkdtemp(scratch) == NULL) {
        abort();
    }
    return scratch;
}

const char *scratch_path(void)
{
    return scratch;
}

void scratch_remove(void)
{
    DIR *d = opendir(scratch);
    struct dirent *f;

    while (d != NULL && (f = readdir(d)) != NULL) {
        char path[600];

        (void)snprintf(path, sizeof(path), "%s/%s", scratch, f->d_name);
        (void)unlink(path);
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    (void)rmdir(scratch);
}

struct store *open_file(const char *name)
{
    char url[600];
    struct buffer complaint;
    struct store *out = NULL;

    log_set_level(LOG_ERROR);
    buffer_init(&complaint, 1000);
    (void)snprintf(url, sizeof(url), "sqlite:%s/%s", scratch, name);
    MUST(store_open(url, &complaint, &out));
    buffer_fini(&complaint);
    return out;
}

int64_t person(const char *nick)
{
    char jid[200];
    int64_t no = 0;

    (void)snprintf(jid, sizeof(jid), "%s@corp.example", nick);
    MUST(store_person_add(st, jid, nick, NULL, 0, 1000, &no));
    return no;
}

int64_t post(int64_t author, int64_t at, const char *text)
{
    struct added added;

    MUST(store_post_add(st, &(struct new_post){.author = author, .at = at, .text = text}, &added));
    return added.post;
}

int64_t reply(int64_t author, int64_t parent, int64_t at, const char *text)
{
    struct added added;

    MUST(store_post_add(
        st, &(struct new_post){.author = author, .at = at, .text = text, .parent = parent},
        &added));
    return added.post;
}

int64_t private_to(int64_t author, int64_t to, int64_t at, const char *text)
{
    struct added added;

    MUST(store_post_add(
        st, &(struct new_post){.author = author, .at = at, .text = text, .recipient = to}, &added));
    return added.post;
}

void follow(int64_t who, int64_t whom)
{
    MUST(store_edge_open(st, EDGE_FOLLOW_PERSON, who, whom, 0, 0, 1000));
}

int64_t head(void)
{
    int64_t no;

    MUST(store_event_head(st, &no));
    return no;
}

size_t audience(int64_t event, enum event_class class, size_t page, int64_t *out, size_t max)
{
    struct audience *au;
    struct event e;
    size_t total = 0, n;

    MUST(store_event_get(st, event, &e));
    MUST(store_audience_open(st, &e, class, &au));
    do {
        size_t want = max - total < page ? max - total : page;

        MUST(store_audience_next(st, au, total == 0 ? 0 : out[total - 1], out + total, want, &n));
        total += n;
    } while (n > 0 && total < max);
    store_audience_close(au);
    return total;
}

uint32_t rnd(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)((*seed * 2685821657736338717u) >> 33) % below;
}
