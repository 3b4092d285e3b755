/* SPDX-License-Identifier: MIT */
/* What administrators do about posts: those that were reported, words of which they want to be told, a notice to all. They have no
 * eyes into what is private or closed: what they know of it is what a reader of it reported. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/admins.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/post.h"

enum { EXCERPT = 100 };

/* ---- reported posts ------------------------------------------------------------------------- */

/* "#7 by Bob Lee (@bob), reported by 2 people, Mon 10:00: “text” — why" */
static void put_report(struct call *c, const void *rows, size_t i)
{
    const struct report *r = &((const struct report *)rows)[i];
    const char *ref = call_ref(c, r->post),
               *at = say_time(c->arena, c->lang, r->at, c->now, c->who.zone);
    const char *author = say_person(c->arena, r->author_name, r->author_nick);
    const char *shown = compose_excerpt(c->arena, r->shown, EXCERPT);

    call_say_n(c, "%1$s by %2$s, reported by %3$lld person, %4$s: “%5$s”",
               "%1$s by %2$s, reported by %3$lld people, %4$s: “%5$s”", r->n, ref, author,
               (long long)r->n, at, shown);
    if (*r->why != '\0')
        call_put(c, arena_printf(c->arena, "  — %s", compose_excerpt(c->arena, r->why, EXCERPT)));
}

enum err list_reports(struct call *c, const struct listing *li)
{
    struct more next = {.kind = MORE_REPORTS, .limit = list_limit(li)};
    struct report *reports;
    size_t n;
    bool more;
    enum err e =
        store_reports(c->store, li->before, (size_t)next.limit, c->arena, &reports, &n, &more);

    if (e != OK)
        return e;
    if (n > 0)
        next.before = reports[n - 1].post;
    return list_page(
        c, li,
        &(struct page){.rows = reports,
                       .n = n,
                       .more = more,
                       .newest_last = true,
                       .put = put_report,
                       .foot =
                           say(c->arena, c->lang,
                               "`admin remove POST REASON` takes one back, `admin dismiss POST` "
                               "leaves it.")},
        &next);
}

enum err run_admin_reports(struct call *c)
{
    struct listing li = {.limit = 0};

    li.empty = say(c->arena, c->lang, "No report is open.");
    return list_reports(c, &li);
}

enum err run_admin_dismiss(struct call *c)
{
    int64_t post = c->args[0].post.no;
    enum err e = store_report_close(c->store, post, c->now);

    if (e == E_NOTFOUND) {
        call_say(c, "No report about %s is open. `admin reports` lists them.", call_ref(c, post));
        return E_NOTFOUND;
    }
    if (e == OK)
        e = admins_record(c, "dismiss", 0, post, "");
    if (e == OK)
        call_say(c, "%s stays, and is no longer in the list of reports.", call_ref(c, post));
    return e;
}

/* ---- taking back ---------------------------------------------------------------------------- */

static enum err tell_author(struct call *c, const struct post *p, const char *reason)
{
    struct person author;
    enum err e = store_person_by_no(c->store, p->author, c->arena, &author);
    enum lang l;

    if (e != OK || author.state != PERSON_ACTIVE)
        return e == E_NOTFOUND ? OK : e;
    l = call_lang_of(c, &author);
    return call_notice(
        c, &author, p->no,
        arena_printf(c->arena, "%s\n“%s”",
                     say(c->arena, l, "An administrator has taken your %1$s back: %2$s",
                         call_ref(c, p->no), reason),
                     compose_excerpt(c->arena, p->text, EXCERPT)));
}

enum err run_admin_remove(struct call *c)
{
    int64_t no = c->args[0].post.no;
    const char *reason = c->args[1].text;
    struct post p;
    struct added added;
    enum err e = admins_check_reason(c, reason);

    if (e != OK)
        return e;
    e = store_post_removable(c->store, no, c->arena, &p);
    if (e == E_NOTFOUND)
        return call_no_post(c, no);
    if (e == OK && p.author == c->who.no) {
        call_say(c, "%1$s is your own; `delete %1$s` takes it back.", call_ref(c, no));
        return E_DENIED;
    }
    if (e == OK)
        e = store_post_delete(c->store, no, c->now, &added);
    if (e == OK)
        e = admins_record(c, "remove", p.author, no, reason);
    if (e == OK)
        e = tell_author(c, &p, reason);
    if (e != OK)
        return e;
    c->about = no;
    call_say(c, "%1$s by %2$s was taken back everywhere it went. They are told why.",
             call_ref(c, no), call_author(c, &p));
    return OK;
}

/* ---- words ------------------------------------------------------------------------------------ */

static void put_watch(struct call *c, const void *rows, size_t i)
{
    const struct watch *w = &((const struct watch *)rows)[i];

    call_put(c, arena_printf(c->arena, "“%s” (%s)", w->words,
                             say_time(c->arena, c->lang, w->at, c->now, c->who.zone)));
}

enum err list_watches(struct call *c, int64_t after, const struct listing *li)
{
    struct more next = {.kind = MORE_WATCHES, .limit = list_limit(li)};
    struct watch *all;
    size_t n, from, left;
    enum err e = store_watches(c->store, NULL, c->arena, &all, &n);

    if (e != OK)
        return e;
    from = (size_t)after < n ? (size_t)after : n;
    left = n - from;
    n = left < (size_t)next.limit ? left : (size_t)next.limit;
    next.before = (int64_t)(from + n);
    return list_page(
        c, li,
        &(struct page){.rows = left == 0 ? NULL : all + from,
                       .n = n,
                       .more = n < left,
                       .put = put_watch,
                       .foot = say(c->arena, c->lang, "`admin unwatch WORDS` ends one.")},
        &next);
}

static enum err run_watches(struct call *c)
{
    struct listing li = {.limit = 0};

    li.title =
        say(c->arena, c->lang, "Of public posts with these words the administrators are told:");
    li.empty = say(c->arena, c->lang,
                   "No words are watched. `admin watch WORDS` tells the administrators of public "
                   "posts with them.");
    return list_watches(c, 0, &li);
}

/* Without quotes around all of it, on one line. */
static const char *words_of(struct call *c, const char *typed)
{
    const char *text =
        text_trim(c->arena, compose_excerpt(c->arena, typed, LIMIT_TRACKED_TEXT + 1));
    size_t n = strlen(text);

    return n > 2 && text[0] == '"' && text[n - 1] == '"' ? arena_ndup(c->arena, text + 1, n - 2)
                                                         : text;
}

enum err run_admin_watch(struct call *c)
{
    const char *words;
    enum err e;

    if (!c->args[0].given)
        return run_watches(c);
    words = words_of(c, c->args[0].text);
    e = store_watch_add(c->store, words, c->now);
    if (e == OK)
        e = admins_record(c, "watch", 0, 0, words);
    if (e == OK)
        call_say(c,
                 "The administrators are told of public posts with “%1$s” from now on. `admin "
                 "unwatch %1$s` ends that.",
                 words);
    else if (e == E_EXISTS)
        call_say(c, "“%s” is watched already.", words);
    else if (e == E_USAGE)
        call_say(c, "There is no word in that to watch for.");
    else if (e == E_LIMIT)
        call_say(c,
                 "At most %1$d words at a time, %2$d such lists, and none longer than %3$d "
                 "characters. Nothing was changed.",
                 LIMIT_TRACKED_WORDS, LIMIT_WATCHES, LIMIT_TRACKED_TEXT);
    return e == E_EXISTS ? OK : e;
}

enum err run_admin_unwatch(struct call *c)
{
    const char *words = words_of(c, c->args[0].text);
    enum err e = store_watch_remove(c->store, words);

    if (e == OK)
        e = admins_record(c, "unwatch", 0, 0, words);
    if (e == OK)
        call_say(c, "“%s” is no longer watched.", words);
    else if (e == E_NOTFOUND)
        call_say(c, "“%s” is not watched. `admin watch` lists what is.", words);
    return e;
}

/* ---- to everybody ---------------------------------------------------------------------------- */

/* An announcement, so that it is owed, held and taken back like one. It says for whom it speaks; who wrote it is seen, too. */
enum err run_admin_broadcast(struct call *c)
{
    const char *typed = c->args[0].text;
    enum err e = call_check_text(c, typed);

    if (e == OK)
        e = call_post(
            c, &(struct posting){.text = arena_printf(c->arena, "[%s] %s", c->options->name, typed),
                                 .kind = KIND_ANNOUNCEMENT});
    if (e == OK)
        e = admins_record(c, "broadcast", 0, c->made, text_first(c->arena, typed, LIMIT_REPORT));
    if (e == OK)
        call_say(c, "Everybody gets it. `%s` shows how many say that they have read it.",
                 call_ref(c, c->made));
    return e;
}
