/* SPDX-License-Identifier: MIT */
/* Lines as people may send them, into the service's door: every one gets an answer or a silence on purpose, none is
 * published that reads as a command, nothing leaks or crashes. A form feed separates lines; a line of a few bytes that
 * begin with \x01 says how the next one came (a reply, a correction, in Korean, later). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "handlers/service.h"

#define LINES_MAX 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct store *store;

static void must(enum err e, const char *what)
{
    if (e != OK) {
        fprintf(stderr, "fuzz_command: %s: %s\n", what, err_text(e));
        abort();
    }
}

static void person(struct arena *a, const char *nick, const char *lang)
{
    int64_t no;

    must(
        store_person_add(store, arena_printf(a, "%s@corp.example", nick), nick, NULL, 0, 1000, &no),
        nick);
    must(store_person_set(store, no, FIELD_LANG, lang), nick);
    must(store_person_set_flag(store, no, FLAG_GREETED_AT_NICK, lang[0] == 'k'), nick);
}

/* Once for the process: each input is undone behind it. */
static void open_store(struct arena *a)
{
    struct tag tag = {0, "회의", "회의"};
    struct new_post p = {
        .author = 1, .at = 1000, .text = "회의에서 봐요 #회의", .tags = &tag, .n_tags = 1};
    struct buffer complaint;
    struct added added;

    log_set_level(LOG_ERROR);
    buffer_init(&complaint, 1000);
    must(store_open("sqlite::memory:", &complaint, &store), "open");
    buffer_fini(&complaint);
    must(store_begin(store), "begin");
    person(a, "alice", "en");
    person(a, "bob", "en");
    person(a, "minji", "ko");
    must(store_post_add(store, &p, &added), "post");
    p = (struct new_post){.author = 2, .at = 2000, .text = "privately", .recipient = 1};
    must(store_post_add(store, &p, &added), "post");
    must(store_commit(store), "commit");
}

static void send(struct service *s, struct arena *a, const char *how, const char *body, int64_t now,
                 int n)
{
    const char *who = strchr(how, 'k') != NULL   ? "minji"
                      : strchr(how, 'b') != NULL ? "bob"
                                                 : "alice";
    struct request r = {.from = arena_printf(a, "%s@corp.example/x", who),
                        .from_bare = arena_printf(a, "%s@corp.example", who),
                        .from_local = who,
                        .to = "jaejal@blog.corp.example",
                        .id = strchr(how, 's') != NULL ? "same" : arena_printf(a, "m%d", n),
                        .lang = "",
                        .body = body};
    struct outcome out;
    enum err e;

    if (strchr(how, 'r') != NULL)
        r.replies = "p1";
    if (strchr(how, 'c') != NULL)
        r.replaces = arena_printf(a, "m%d", n - 1);
    if (strchr(how, 'd') != NULL)
        r.retracts = arena_printf(a, "m%d", n - 1);
    if (strchr(how, 'l') != NULL)
        r.reacts = "p1";
    e = service_message(s, &r, now, a, &out);
    if (e != OK)
        must(e, "message");
    if (out.text != NULL && (out.text[0] == '\0' || !text_valid(out.text, strlen(out.text))))
        must(E_PROTO, "an answer that cannot be sent");
    service_committed(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const domains[] = {"corp.example"};
    struct service_options o = {.domain = "blog.corp.example",
                                .bot = "jaejal",
                                .name = "Jaejal",
                                .language = "en",
                                .allowed_domains = domains,
                                .n_allowed_domains = 1,
                                .post_chars = 10000,
                                .posts_per_minute = 1000};
    struct arena *a = arena_new(LIMIT_ARENA);
    struct service *s;
    char *text = malloc(size + 1), *line, *next;
    const char *how = "";
    int64_t now = 1795600800000;

    if (text == NULL)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    if (store == NULL)
        open_store(a);
    s = service_new(&o, store);
    must(store_begin(store), "begin");
    line = text;
    for (int n = 1; n <= LINES_MAX && line != NULL && (size_t)(line - text) <= size; n++) {
        next = strchr(line, '\f');
        if (next != NULL)
            *next++ = '\0';
        if (line[0] == '\x01') {
            how = line + 1;
        } else if (strlen(line) <= LIMIT_BODY &&
                   text_xml(line, strlen(line))) { /* what the bridge lets in */
            now += strchr(how, 't') != NULL ? LIMIT_PENDING_MS : 1000;
            send(s, a, how, line, now, n);
            how = "";
        }
        arena_reset(a);
        line = next;
    }
    store_rollback(store);
    service_free(s);
    arena_free(a);
    free(text);
    return 0;
}
