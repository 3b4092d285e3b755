/* SPDX-License-Identifier: MIT */
/* Steps of ad-hoc commands as people may submit them, into the service's door. A form feed separates steps; a step is a line
 * with the node, one with what to do ("e", "n", "p", "c", "x" for cancel, "?" for no action at all, with "k" by who speaks
 * Korean, "o" in a session of another, "t" too late), and then "name=value" fields, each ended by \x1E. A step whose first
 * line is "=" says its second line as a message: an answer in a dialogue.
 *
 * What is submitted may change what its command changes, never more: a row without a text publishes nothing, a private
 * message stays one, and what is published was written in one field. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "handlers/forms.h"
#include "handlers/service.h"

#define STEPS_MAX 30

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct store *store;
static char session[100];

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_form: %s\n", what);
        abort();
    }
}

static void person(struct arena *a, const char *nick, const char *lang)
{
    int64_t no;

    must(store_person_add(store, arena_printf(a, "%s@corp.example", nick), nick, NULL, 0, 1000,
                          &no) == OK,
         nick);
    must(store_person_set(store, no, FIELD_LANG, lang) == OK, nick);
}

/* Once for the process: each input is undone behind it. */
static void open_store(struct arena *a)
{
    struct new_post p = {.author = 1, .at = 1000, .text = "one"};
    struct buffer complaint;
    struct added added;

    log_set_level(LOG_ERROR);
    buffer_init(&complaint, 1000);
    must(store_open("sqlite::memory:", &complaint, &store) == OK, "open");
    buffer_fini(&complaint);
    must(store_begin(store) == OK, "begin");
    person(a, "alice", "en");
    person(a, "bob", "en");
    person(a, "minji", "ko");
    must(store_post_add(store, &p, &added) == OK, "post");
    p = (struct new_post){.author = 2, .at = 2000, .text = "privately", .recipient = 1};
    must(store_post_add(store, &p, &added) == OK, "post");
    must(store_commit(store) == OK, "commit");
}

/* ---- what has to hold ------------------------------------------------------------------------- */

static void check_text(const char *text)
{
    must(text == NULL || (text[0] != '\0' && text_valid(text, strlen(text))),
         "an answer that cannot be sent");
}

static void check_answer(const struct form_answer *answer)
{
    check_text(answer->text);
    if (answer->condition != NULL)
        return;
    must(answer->session != NULL && answer->session[0] != '\0', "no session");
    must((answer->form != NULL) == (answer->status == FORM_EXECUTING), "a form where none belongs");
    for (size_t i = 0; answer->form != NULL && i < answer->form->n; i++) {
        const struct ask *q = &answer->form->at[i];

        must(q->var[0] != '\0' && q->label[0] != '\0', "a field without a name");
        check_text(q->value != NULL && q->value[0] != '\0' ? q->value : NULL);
    }
}

static bool publishes(const char *node)
{
    static const char *const may[] = {"post", "reply", "d",    "praise",     "repeat",
                                      "ask",  "poll",  "edit", "group post", "announce"};

    for (size_t i = 0; i < ARRAY_LEN(may); i++)
        if (strcmp(node, may[i]) == 0)
            return true;
    return false;
}

static int64_t newest(struct arena *a, int64_t from)
{
    struct post p;

    while (store_post_get(store, from + 1, 0, a, &p) == OK)
        from++;
    return from;
}

static void check_posts(struct arena *a, const struct form_request *fr, int64_t before)
{
    int64_t after = newest(a, before);
    struct post p;

    must(after <= before + 1, "more than one post");
    if (after == before)
        return;
    must(publishes(fr->node), "published by a command that publishes nothing");
    must(store_post_get(store, after, 0, a, &p) == OK, "post");
    must(strcmp(fr->node, "d") != 0 || p.recipient != 0, "a private message is public");
}

/* ---- steps ------------------------------------------------------------------------------------------- */

static void step(struct service *s, struct arena *a, const char *node, const char *how,
                 char *fields, int64_t now, int n)
{
    static const char actions[] = "enpcx";
    struct form_value at[LIMIT_FORM_FIELDS];
    const char *who = strchr(how, 'k') != NULL   ? "minji"
                      : strchr(how, 'o') != NULL ? "bob"
                                                 : "alice";
    struct request r = {.from = arena_printf(a, "%s@corp.example/x", who),
                        .from_bare = arena_printf(a, "%s@corp.example", who),
                        .from_local = who,
                        .to = "jaejal@blog.corp.example",
                        .id = strchr(how, 's') != NULL ? "same" : arena_printf(a, "m%d", n),
                        .lang = ""};
    struct form_request fr = {.node = node, .at = at};
    struct form_answer answer;
    struct outcome out;
    int64_t before = newest(a, 0);
    enum err e;

    if (strcmp(node, "=") == 0) {
        r.body = how;
        e = how[0] == '\0' ? OK : service_message(s, &r, now, a, &out);
        must(e == OK || e == E_LIMIT, err_text(e));
        service_committed(s);
        return;
    }
    fr.action = how[0] != '\0' && strchr(actions, how[0]) != NULL
                    ? (enum form_action)(strchr(actions, how[0]) - actions)
                    : FORM_UNKNOWN;
    fr.session = strchr(how, 'b') != NULL ? NULL : session;
    while (fields != NULL && *fields != '\0' && fr.n < LIMIT_FORM_FIELDS) {
        char *end = strchr(fields, '\x1E'), *value = strchr(fields, '=');

        if (end != NULL)
            *end++ = '\0';
        if (value != NULL && (end == NULL || value < end)) {
            *value++ = '\0';
            at[fr.n++] = (struct form_value){fields, value};
        }
        fr.submitted = true;
        fields = end;
    }
    e = service_form(s, &r, &fr, now, a, &out, &answer);
    must(e == OK, err_text(e));
    check_answer(&answer);
    service_committed(s);
    if (answer.condition == NULL)
        (void)snprintf(session, sizeof(session), "%s", answer.session);
    check_posts(a, &fr, before);
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
    char *text = malloc(size + 1), *next = text;
    int64_t now = 1795600800000;

    must(text != NULL, "memory");
    memcpy(text, data, size);
    text[size] = '\0';
    if (store == NULL)
        open_store(a);
    s = service_new(&o, store);
    must(store_begin(store) == OK, "begin");
    (void)snprintf(session, sizeof(session), "none");
    for (int n = 1; n <= STEPS_MAX && next != NULL && (size_t)(next - text) <= size; n++) {
        char *node = next, *how, *fields;

        next = strchr(node, '\f');
        if (next != NULL)
            *next++ = '\0';
        how = node + strcspn(node, "\n");
        if (*how != '\0')
            *how++ = '\0';
        fields = how + strcspn(how, "\n");
        if (*fields != '\0')
            *fields++ = '\0';
        if (text_xml(node, strlen(node)) && text_xml(how, strlen(how)) &&
            text_valid(fields, strlen(fields)) && strlen(fields) <= LIMIT_BODY) {
            now += strchr(how, 't') != NULL ? LIMIT_PENDING_MS : 1000;
            step(s, a, node, how, fields, now, n);
        }
        arena_reset(a);
    }
    store_rollback(store);
    service_free(s);
    arena_free(a);
    free(text);
    return 0;
}
