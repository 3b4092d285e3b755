/* SPDX-License-Identifier: MIT */
/* The door of the handlers: a request in, an outcome out. Nothing here sends, sees the connection or sleeps.
 *
 * Called inside the turn's transaction, a savepoint around each request is the caller's. What handlers want to
 * remember in memory (pending questions, where `more` goes on) is staged and takes effect in
 * service_committed(); service_undone() forgets what the last request staged, service_dropped() all of it: the turn's
 * transaction was rolled back, or its commit failed. */
#ifndef HANDLERS_SERVICE_H
#define HANDLERS_SERVICE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "db/store.h"
#include "handlers/request.h"

/* What the bridge sees of a person, for `status`. */
struct sight_client {
    const char *resource;
    int priority;
    const char *show; /* "", "away", "chat", "dnd", "xa" */
};
struct sight {
    struct sight_client *clients;
    size_t n_clients;
    bool known;         /* false: nothing heard since our start */
    bool held;          /* updates wait, not for what their settings say */
    int64_t waiting;    /* how many, at most 1000; -1 not counted */
    bool bounced;       /* their messages came back; tried again later */
    bool woken;         /* updates were off by themselves, and they were not told yet */
    int64_t last_event; /* what reached them last, 0 unknown */
    int64_t last_at;
};

/* What the bridge knows of itself, for `admin stats`. */
struct service_figures {
    bool known;
    int64_t sent;                             /* updates, since the start */
    int64_t walks;                            /* events on their way */
    int64_t reachable, held, bounced, asleep; /* people; asleep: updates are off by themselves */
};

struct service_options {
    const char *domain; /* the component's */
    const char *bot;    /* local part */
    const char *name;
    const char *language;
    const char *const *allowed_domains;
    size_t n_allowed_domains;
    const char *const *admins;
    size_t n_admins;
    const char *const *follow_on_join; /* "@ceo" "#announcements" */
    size_t n_follow_on_join;
    int post_chars;
    int posts_per_minute;
    /* Fills in what is seen of a person; arrays live in the arena. */
    void (*look)(void *arg, int64_t person, struct arena *a, struct sight *out);
    void *look_arg;
    /* Figures of the delivery; NULL: unknown. With look_arg. */
    void (*figures)(void *arg, struct service_figures *out);
};

struct service;
/* Options and strings in them are borrowed for the service's life. */
struct service *service_new(const struct service_options *o, struct store *st);
void service_free(struct service *s);
/* Other options from now on; those before need not live any longer. Between turns. */
void service_reload(struct service *s, const struct service_options *o);

struct outcome {
    const char *
        text; /* an answer to send back at once, NULL: none (a stored one goes by the pump, or silence) */
    const char *condition; /* answer with this stanza error instead ("not-allowed", …), NULL */
    int64_t person;        /* who it was, 0: nobody */
    bool is_new;           /* the account was made now: fetch the vCard */
    bool on_changed;       /* `on` or `off`: look at store_person_by_no() and hold or release */
    bool show_missed;      /* `on+` */
    bool lang_changed;
    const char *invited; /* a bare JID without an account that is to get this text, once; NULL */
    const char *invitation;
    int64_t other;      /* somebody else whose account was closed or opened now, 0 */
    bool left;          /* the account is gone: no presence of theirs is ours to see any more */
    bool peace_changed; /* what their settings hold: look at it again */
};

/* A message to the bot or to the domain. E_FULL: nothing was kept, say so (service_not_saved()). */
enum err service_message(struct service *s, const struct request *r, int64_t now, struct arena *a,
                         struct outcome *out) MUST_USE;
/* ---- ad-hoc commands (XEP-0050), one form a row ---------------------------------------------- */

enum form_action {
    FORM_EXECUTE,
    FORM_NEXT,
    FORM_PREV,
    FORM_COMPLETE,
    FORM_CANCEL,
    FORM_UNKNOWN /* not one of XEP-0050 */
};
struct form_value {
    const char *var, *value; /* several values: one a line */
};
struct form_request {
    const char *node;    /* "" where there is none */
    const char *session; /* NULL: it begins */
    enum form_action action;
    bool bad_locale;  /* an xml:lang that is none */
    bool bad_payload; /* something else than a submitted form */
    bool submitted;
    const struct form_value *at;
    size_t n;
};
enum form_status { FORM_EXECUTING, FORM_COMPLETED, FORM_CANCELED };
struct form_answer {
    const char *condition; /* a stanza error, NULL: none */
    const char *specific;  /* XEP-0050's condition beside it, NULL */
    enum form_status status;
    const char *session; /* its id */
    const char *lang;
    const struct form *form;   /* handlers/forms.h; NULL: none */
    const char *text;          /* what was said; NULL */
    bool failed;               /* it says what is wrong */
    bool prev, next, complete; /* what may come next; of next and complete one */
};
/* One step of an ad-hoc command. Answers are for that IQ alone: they leave after the commit, and are not in the log; a
 * writing one's id is claimed, so that the same IQ again does nothing twice. Errors as service_message(). */
enum err service_form(struct service *s, const struct request *r, const struct form_request *fr,
                      int64_t now, struct arena *a, struct outcome *out,
                      struct form_answer *answer) MUST_USE;

struct form_name {
    const char *node, *name;
};
/* The ad-hoc commands that a person may use, in the order of help, named in their language. Makes no account. */
enum err service_forms(struct service *s, const struct request *r, struct arena *a,
                       struct form_name **out, size_t *n) MUST_USE;

/* Somebody subscribed to the bot: makes the account where there is none (welcome by notice). */
enum err service_join(struct service *s, const char *bare, const char *local, const char *lang,
                      int64_t now, struct arena *a, struct outcome *out) MUST_USE;
/* The vCard of a person: name and photo (len 0: none). */
enum err service_vcard(struct service *s, int64_t person, const char *name, const char *photo_type,
                       const void *photo, size_t len, const char *photo_hash, int64_t now,
                       struct arena *a) MUST_USE;
/* What is due: notices (bundled likes, new followers, closed polls), scheduled posts, and what is to be erased; *next: when to ask again, 0: not until something happens. */
enum err service_tick(struct service *s, int64_t now, struct arena *a, int64_t *next) MUST_USE;
/* The words for "not saved" in the person's language. */
const char *service_not_saved(struct service *s, const struct request *r, struct arena *a);

/* A line of whoever operates the service, from its machine: "role bob admin", "audit", "verify" … The answer, in English,
 * is out->text. *refused: nothing was done, the answer says why, or that something is wrong. */
enum err service_control(struct service *s, const char *line, int64_t now, struct arena *a,
                         struct outcome *out, bool *refused) MUST_USE;

/* What people did, counted since the start (handlers/tally.h). */
struct tally;
const struct tally *service_tally(const struct service *s);

void service_committed(struct service *s);
void service_undone(struct service *s);
void service_dropped(struct service *s);

#endif
