/* SPDX-License-Identifier: MIT */
#include "handlers/service.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "handlers/admins.h"
#include "handlers/arguments.h"
#include "handlers/dispatch.h"
#include "handlers/hot.h"
#include "handlers/native/gestures.h"
#include "handlers/news.h"
#include "handlers/poll.h"
#include "handlers/schedule.h"
#include "handlers/state.h"

/* Words that an @ would turn against everybody, and addresses of our own: no employee's nick. The bot's name joins them. */
static const char *const reserved[] = {"jaejal", "all",     "everyone", "everybody",
                                       "here",   "channel", "admin",    "bot"};

/* Between two bits of what people who left had written. */
#define FORGET_PAUSE_MS 50

struct service *service_new(const struct service_options *o, struct store *st)
{
    struct service *s = calloc(1, sizeof(*s));

    if (s == NULL)
        abort();
    s->options = *o;
    s->store = st;
    s->sessions = sessions_new();
    return s;
}

void service_reload(struct service *s, const struct service_options *o)
{
    s->options = *o;
}

void service_free(struct service *s)
{
    if (s == NULL)
        return;
    sessions_free(s->sessions);
    free(s);
}

const struct tally *service_tally(const struct service *s)
{
    return &s->tally;
}

void service_committed(struct service *s)
{
    session_keep(s->sessions);
    tally_committed(&s->tally);
}

void service_undone(struct service *s)
{
    session_forget_last(s->sessions);
    tally_undone(&s->tally);
}

void service_dropped(struct service *s)
{
    session_forget_all(s->sessions);
    tally_dropped(&s->tally);
}

static enum err forget_tick(struct store *st, int64_t now, int64_t *next)
{
    bool more = false;
    enum err e = store_forget_some(st, now, &more);

    *next = e == OK && more ? now + FORGET_PAUSE_MS : 0;
    return e;
}

enum err service_tick(struct service *s, int64_t now, struct arena *a, int64_t *next)
{
    int64_t at[5] = {0};
    enum err e = news_tick(s->store, &s->options, now, a, &at[0]);

    if (e == OK)
        e = poll_tick(s->store, &s->options, now, a, &at[1]);
    if (e == OK)
        e = schedule_tick(s, now, a, &at[2]);
    if (e == OK)
        e = forget_tick(s->store, now, &at[3]);
    if (e == OK)
        e = hot_tick(s->store, now, &at[4]);
    *next = 0;
    for (size_t i = 0; i < ARRAY_LEN(at); i++)
        if (at[i] != 0 && (*next == 0 || at[i] < *next))
            *next = at[i];
    return e;
}

enum lang service_lang(const struct service *s, const char *own, const char *of_stanza)
{
    enum lang l = lang_parse(s->options.language, LANG_EN);

    if (own != NULL && own[0] != '\0')
        return lang_parse(own, l);
    /* English is what many libraries say who were never told; only Korean is a choice. */
    return lang_parse(of_stanza, l) == LANG_KO ? LANG_KO : l;
}

const char *service_not_saved(struct service *s, const struct request *r, struct arena *a)
{
    struct person p;
    bool known = store_person_by_jid(s->store, r->from_bare, a, &p) == OK;

    return say(a, service_lang(s, known ? p.lang : NULL, r->lang),
               "That could not be saved, so nothing was published or changed. Please send it again "
               "in a moment; if it fails "
               "again, tell your administrator.");
}

/* ---- accounts ------------------------------------------------------------------------------------------ */

/* What the company wants everybody to follow from the first day; a name that is not there yet is left out. */
static enum err follow_first(struct service *s, int64_t person, int64_t now, struct arena *a)
{
    for (size_t i = 0; i < s->options.n_follow_on_join; i++) {
        const char *word = s->options.follow_on_join[i];
        const char *key = text_fold(a, word[0] == '@' || word[0] == '#' ? word + 1 : word);
        enum edge_kind kind = word[0] == '#' ? EDGE_FOLLOW_TAG : EDGE_FOLLOW_PERSON;
        int64_t object = 0;
        struct person p;
        struct tag tag;
        enum err e;

        if (kind == EDGE_FOLLOW_TAG) {
            e = store_tag_find(s->store, key, a, &tag);
            if (e == OK)
                object = tag.no;
            else if (e == E_NOTFOUND)
                e = store_tag_add(s->store, key, word + 1, &object);
        } else {
            e = store_person_by_nick(s->store, key, a, &p);
            if (e == OK)
                object = p.no;
        }
        if (e == OK)
            e = store_edge_open(s->store, kind, person, object, 0, 0, now);
        if (e == E_FULL || e == E_IO || e == E_SYSTEM)
            return e;
        if (e != OK && e != E_EXISTS)
            log_line(LOG_DEBUG, "follow-on-join skipped word=%s", word);
    }
    return OK;
}

static enum err welcome(struct service *s, const struct person *p, int64_t now, struct arena *a)
{
    struct answer an = {.person = p->no, .to = p->jid};
    int64_t event;

    an.from = arena_printf(a, "%s@%s", s->options.bot, s->options.domain);
    an.text = say(
        a, service_lang(s, p->lang, NULL),
        "Welcome to %1$s! You are @%2$s here. Three things to begin with:\n"
        "- Write me anything, and it is a post for those who follow you (`undo` takes it back).\n"
        "- `follow @nick` brings you what a colleague writes; `all` shows what is going on.\n"
        "- `help` lists what else I understand.",
        s->options.name, p->nick);
    return store_answer_add(s->store, EVENT_NOTICE, &an, now, &event);
}

/* The account of a JID, made if there is none. E_DENIED: a nick cannot be made of it. */
static enum err account(struct service *s, const char *bare, const char *local, const char *lang,
                        int64_t now, struct arena *a, struct person *p, bool *is_new)
{
    const char *taken[ARRAY_LEN(reserved) + 1];
    int64_t no;
    enum err e = store_person_by_jid(s->store, bare, a, p);

    *is_new = e == E_NOTFOUND;
    if (e != E_NOTFOUND)
        return e;
    if (local == NULL || local[0] == '\0')
        return E_DENIED; /* a bare domain is nobody */
    memcpy(taken, reserved, sizeof(reserved));
    taken[ARRAY_LEN(reserved)] = text_fold(a, s->options.bot);
    e = store_person_add(s->store, bare, text_fold(a, local), taken, ARRAY_LEN(taken), now, &no);
    if (e == OK && service_lang(s, NULL, lang) != service_lang(s, NULL, NULL))
        e = store_person_set(s->store, no, FIELD_LANG, lang_tag(service_lang(s, NULL, lang)));
    if (e == OK)
        e = store_person_by_no(s->store, no, a, p);
    if (e == OK)
        e = follow_first(s, no, now, a);
    return e == OK ? welcome(s, p, now, a) : e;
}

enum err service_join(struct service *s, const char *bare, const char *local, const char *lang,
                      int64_t now, struct arena *a, struct outcome *out)
{
    struct person p;
    enum err e;

    memset(out, 0, sizeof(*out));
    session_begin(s->sessions);
    tally_begin(&s->tally);
    e = account(s, bare, local, lang, now, a, &p, &out->is_new);
    if (e == OK)
        out->person = p.no;
    return e;
}

enum err service_vcard(struct service *s, int64_t person, const char *name, const char *photo_type,
                       const void *photo, size_t len, const char *photo_hash, int64_t now,
                       struct arena *a)
{
    const char *clean = text_name(a, name == NULL ? "" : name, LIMIT_NAME);
    struct person p;
    enum err e = store_person_by_no(s->store, person, a, &p);

    if (e == OK && strcmp(p.name, clean) != 0)
        e = store_person_set(s->store, person, FIELD_NAME, clean);
    if (e == OK)
        e = store_person_set_photo(s->store, person, photo_hash == NULL ? "" : photo_hash,
                                   photo_type == NULL ? "" : photo_type, photo, len, now);
    return e;
}

/* ---- a message --------------------------------------------------------------------------------------------- */

const char *service_digest(struct arena *a, const char *what)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    char *hex = arena_alloc(a, 2 * sizeof(sum) + 1);

    if (EVP_Digest(what, strlen(what), sum, &n, EVP_sha256(), NULL) != 1)
        abort(); /* the library has no SHA-256: nothing can be trusted */
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = "0123456789abcdef"[sum[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
    }
    return hex;
}

static const char *digest_of(struct arena *a, const struct request *r)
{
    const char *what =
        arena_printf(a, "%s%s%s%s%s%s%s", r->body == NULL ? "" : r->body,
                     r->replaces == NULL ? "" : "\x01", r->replaces == NULL ? "" : r->replaces,
                     r->retracts == NULL ? "" : "\x02", r->retracts == NULL ? "" : r->retracts,
                     r->reacts == NULL ? "" : "\x03", r->reacts == NULL ? "" : r->reacts);

    for (size_t i = 0; i < r->n_reactions; i++)
        what = arena_printf(a, "%s\x04%s", what, r->reactions[i]);
    return service_digest(a, what);
}

/* The same message again, within a day: gets the first answer again, and nothing is done. */
static enum err repeated(struct call *c, const char *id, const char *digest, bool *done)
{
    struct claim claim;
    struct answer an;
    enum err e;

    *done = false;
    if (id == NULL || id[0] == '\0')
        return OK;
    e = store_claim_find(c->store, c->who.no, id, c->arena, &claim);
    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    if (c->now - claim.at >= LIMIT_DAY_MS || strcmp(claim.digest, digest) != 0)
        return OK;
    *done = true;
    e = claim.answer != 0 ? store_answer_get(c->store, claim.answer, c->arena, &an) : E_NOTFOUND;
    if (e == OK)
        buffer_adds(&c->answer, an.text);
    else if (e == E_NOTFOUND)
        call_say(c, "That message came before and has been taken care of.");
    return e == E_NOTFOUND ? OK : e;
}

/* What a body answers: what it says itself, or, of the correction of a reply that was refused, what that one said. Both
 * say who may read it. */
static const char *answered(const struct call *c)
{
    const struct request *r = c->request;

    if (r->body == NULL || r->retracts != NULL || r->reacts != NULL)
        return NULL;
    if (r->replies != NULL || r->replaces == NULL)
        return r->replies;
    return session_refused(c->service->sessions, c->who.no, r->replaces);
}

static enum err reply(struct call *c, const char *replies)
{
    struct request as_reply = *c->request;
    const struct request *r = c->request;
    enum err e;

    as_reply.replies = replies;
    c->request = &as_reply;
    e = gesture_reply(c);
    c->request = r;
    return e;
}

/* What a message is, apart from its words. *done: it is dealt with. */
static enum err native(struct call *c, bool *done)
{
    const struct request *r = c->request;
    const char *replies = arena_dup(c->arena, answered(c));
    bool corrects = r->body != NULL && r->replaces != NULL && r->retracts == NULL && !r->reacts;
    bool gesture = r->retracts != NULL || r->reacts != NULL || replies != NULL || corrects;
    bool too_fast = gesture && call_too_fast(c, false);
    const char *first_id = corrects ? r->replaces : r->id; /* every correction names the first */
    enum err e = E_NOTFOUND;

    if (r->retracts != NULL && !too_fast)
        e = gesture_retract(c);
    else if (r->reacts != NULL && !too_fast)
        e = gesture_react(c);
    else if (corrects && !too_fast)
        e = gesture_correct(c);
    /* The correction of a reply that was refused is that reply anew. */
    if (replies != NULL && e == E_NOTFOUND && c->answer.len == 0 && !too_fast)
        e = reply(c, replies);
    if (replies != NULL && c->made == 0 && first_id != NULL)
        session_refuse(c->service->sessions, c->who.no, first_id, replies);
    *done = too_fast || e != E_NOTFOUND || c->answer.len > 0 || r->retracts != NULL ||
            r->reacts != NULL;
    return too_fast || !*done ? OK : call_finish(c, e);
}

static enum err refuse_closed(struct call *c)
{
    const char *why = "";
    enum err e;

    if (call_too_fast(c, true))
        return OK;
    tally_add(c, TALLY_CLOSED);
    call_say(c, "Your account is closed here, so nothing was done. Please ask your administrator.");
    e = store_audit_reason(c->store, "suspend", c->who.no, c->arena, &why);
    if (e == OK && *why != '\0')
        call_say(c, "The reason given: %s", why);
    return e == E_NOTFOUND ? OK : e;
}

static enum err handle(struct call *c)
{
    const struct request *r = c->request;
    bool done = false;
    enum err e;

    if (c->who.state != PERSON_ACTIVE)
        return refuse_closed(c);
    if (r->encrypted || r->body_too_long)
        tally_add(c, TALLY_UNREADABLE);
    if (r->encrypted) {
        if (session_explain(c->service->sessions, c->who.no))
            call_say(c, "I cannot read encrypted messages, so nothing was published. Please switch "
                        "encryption off for this "
                        "chat; what you write here is meant for your colleagues.");
        return OK;
    }
    if (r->body_too_long) {
        if (r->replies != NULL && r->id != NULL)
            session_refuse(c->service->sessions, c->who.no, r->id, r->replies);
        call_say(c,
                 "That message is too long to be read (more than %1$lld bytes), so nothing was "
                 "done. A post may have "
                 "%2$d characters.",
                 (long long)LIMIT_BODY, c->options->post_chars);
        return OK;
    }
    if (r->body != NULL)
        c->line = text_trim(c->arena, r->body);
    e = native(c, &done);
    if (e != OK || done || c->line == NULL || c->line[0] == '\0')
        return e;
    return dispatch_line(c, c->line);
}

/* Keeps the answer of what was done, and the ids of the message that did it. */
static enum err keep(struct call *c, const char *digest)
{
    const struct request *r = c->request;
    const struct answer an = {.person = c->who.no,
                              .to = r->from,
                              .from = r->to,
                              .text = c->answer.data,
                              .post = c->about};
    struct claim claim = {.post = c->made, .digest = digest, .at = c->now};
    enum err e = store_answer_add(c->store, EVENT_ANSWER, &an, c->now, &claim.answer);

    if (e == OK && r->id != NULL && r->id[0] != '\0') {
        claim.id = r->id;
        e = store_claim_add(c->store, c->who.no, &claim);
    }
    if (e == OK && r->origin_id != NULL && r->origin_id[0] != '\0' &&
        (r->id == NULL || strcmp(r->id, r->origin_id) != 0)) {
        claim.id = r->origin_id;
        e = store_claim_add(c->store, c->who.no, &claim);
    }
    return e;
}

enum err service_caller(struct service *s, const struct request *r, int64_t now, struct arena *a,
                        struct outcome *out, struct call *c)
{
    enum err e;

    *c = (struct call){.service = s,
                       .options = &s->options,
                       .store = s->store,
                       .arena = a,
                       .request = r,
                       .now = now,
                       .outcome = out};
    memset(out, 0, sizeof(*out));
    session_begin(s->sessions);
    tally_begin(&s->tally);
    buffer_init(&c->answer, LIMIT_ANSWER);
    e = account(s, r->from_bare, r->from_local, r->lang, now, a, &c->who, &out->is_new);
    if (e != OK)
        return e;
    out->person = c->who.no;
    c->lang = service_lang(s, c->who.lang, NULL);
    c->role = admins_role(&s->options, &c->who);
    return OK;
}

enum err service_message(struct service *s, const struct request *r, int64_t now, struct arena *a,
                         struct outcome *out)
{
    const char *digest = digest_of(a, r);
    struct call c;
    bool done = false;
    enum err e = service_caller(s, r, now, a, out, &c);

    if (e == E_DENIED) {
        e = OK; /* a server, not a person */
        goto out;
    }
    if (e != OK)
        goto out;
    e = repeated(&c, r->id, digest, &done);
    if (e == OK && !done && r->origin_id != NULL)
        e = repeated(&c, r->origin_id, digest, &done);
    if (e == OK && !done)
        e = handle(&c);
    if (e != OK)
        goto out;
    if (c.writes && !done)
        e = keep(&c, digest);
    else if (c.answer.len > 0)
        out->text = arena_ndup(a, c.answer.data, c.answer.len);
out:
    buffer_fini(&c.answer);
    return e;
}
