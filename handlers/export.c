/* SPDX-License-Identifier: MIT */
#include "handlers/export.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/schedule.h"

/* ---- JSON ----------------------------------------------------------------------------------------- */

static void put_string(struct buffer *b, const char *s)
{
    buffer_add(b, "\"", 1);
    for (; *s != '\0'; s++) {
        unsigned char ch = (unsigned char)*s;

        if (ch == '"' || ch == '\\')
            buffer_addf(b, "\\%c", ch);
        else if (ch < 0x20 || ch == 0x7F)
            buffer_addf(b, "\\u%04x", ch);
        else
            buffer_add(b, s, 1);
    }
    buffer_add(b, "\"", 1);
}

static void put_field(struct buffer *b, const char *name, const char *value)
{
    buffer_addf(b, ",\"%s\":", name);
    put_string(b, value);
}

static void put_number(struct buffer *b, const char *name, int64_t value)
{
    if (value != 0)
        buffer_addf(b, ",\"%s\":%lld", name, (long long)value);
}

static void put_time(struct buffer *b, const char *name, int64_t at)
{
    char stamp[CLOCK_STAMP_LEN];

    if (at == 0)
        return;
    clock_stamp(at, stamp);
    put_field(b, name, stamp);
}

/* ---- the text --------------------------------------------------------------------------------------- */

static void put_line(struct buffer *b, const char *line)
{
    buffer_adds(b, line);
    buffer_add(b, "\n", 1);
}

/* The title of a section, in front of its first thing. */
static void put_title(struct export *x, struct buffer *b, bool first, const char *msgid)
{
    if (x->text && first)
        buffer_addf(b, "%s%s\n", b->len > 0 ? "\n" : "", message_get(x->lang, msgid));
}

/* ---- sections ---------------------------------------------------------------------------------------- */

static void next_section(struct export *x)
{
    x->place = (struct export_place){.section = x->place.section + 1};
    x->seen = 0;
}

/* When updates may come: the end of the profile. */
static enum err peace(struct export *x, struct buffer *b)
{
    static const char *const digests[] = {"off", "daily", "weekly"};
    struct peace p;
    enum err e = store_peace_get(x->store, x->who.no, &p);

    if (e != OK)
        return e;
    put_time(b, "snooze", p.snooze_until);
    if (p.quiet)
        buffer_addf(b, ",\"quiet\":\"%02d:%02d-%02d:%02d\"", p.quiet_from / 60, p.quiet_from % 60,
                    p.quiet_to / 60, p.quiet_to % 60);
    buffer_addf(b, ",\"digest\":\"%s\"", digests[p.digest]);
    put_line(b, "}");
    return OK;
}

static enum err profile(struct export *x, struct buffer *b)
{
    const struct person *p = &x->who;

    next_section(x);
    if (x->text) {
        put_line(b, say_person(x->arena, p->name, p->nick));
        put_line(b, p->jid);
        if (*p->title != '\0')
            put_line(b, p->title);
        if (*p->bio != '\0')
            put_line(b, p->bio);
        put_line(b, say(x->arena, x->lang, "Here since %s",
                        say_time(x->arena, x->lang, p->joined_at, x->now, p->zone)));
        return OK;
    }
    buffer_adds(b, "{\"kind\":\"profile\"");
    put_field(b, "nick", p->nick);
    put_field(b, "jid", p->jid);
    put_field(b, "name", p->name);
    put_field(b, "title", p->title);
    put_field(b, "bio", p->bio);
    put_field(b, "lang", p->lang);
    put_field(b, "zone", p->zone);
    put_time(b, "joined", p->joined_at);
    buffer_addf(b, ",\"updates\":\"%s\"", p->on ? "on" : "off");
    put_field(b, "photo_sha1", p->photo_hash);
    return peace(x, b);
}

static const char *edge_word(enum edge_kind kind)
{
    switch (kind) {
    case EDGE_MUTE_PERSON:
    case EDGE_MUTE_TAG:
    case EDGE_MUTE_THREAD:
    case EDGE_MUTE_WORDS:
    case EDGE_MUTE_GROUP:
        return "mute";
    case EDGE_BLOCK:
        return "block";
    case EDGE_LEAVE_THREAD:
        return "leave";
    case EDGE_MEMBER:
        return "member";
    default:
        return "follow";
    }
}

/* The same word in the reader's own language. */
static const char *edge_shown(enum lang l, enum edge_kind kind)
{
    static const struct {
        const char *english, *korean;
    } words[] = {{"follow", "팔로우"},
                 {"mute", "뮤트"},
                 {"block", "차단"},
                 {"member", "멤버"},
                 {"leave", "나간 대화"}};
    const char *word = edge_word(kind);

    for (size_t i = 0; l == LANG_KO && i < ARRAY_LEN(words); i++)
        if (strcmp(word, words[i].english) == 0)
            return words[i].korean;
    return word;
}

/* Each line as it would be typed. */
static enum err edges(struct export *x, struct buffer *b)
{
    bool first = x->place.a == 0;
    struct edges found;
    enum err e = store_edges_of(x->store, x->who.no, UINT_MAX, (int)x->place.a, x->place.b, x->now,
                                (size_t)x->step, x->arena, &found);

    if (e != OK)
        return e;
    put_title(x, b, first && found.n > 0, N_("What you follow, mute or block:"));
    for (size_t i = 0; i < found.n; i++) {
        const struct edge *edge = &found.at[i];

        if (x->text) {
            put_line(b,
                     arena_printf(x->arena, "%s %s", edge_shown(x->lang, edge->kind), edge->label));
            continue;
        }
        buffer_addf(b, "{\"kind\":\"%s\"", edge_word(edge->kind));
        put_field(b, "what", edge->label);
        put_number(b, "how", edge->how);
        put_time(b, "until", edge->expires_at);
        put_line(b, "}");
    }
    if (found.more) {
        x->place.a = (int64_t)found.at[found.n - 1].kind;
        x->place.b = found.at[found.n - 1].object;
    } else {
        next_section(x);
    }
    return OK;
}

static enum err aliases(struct export *x, struct buffer *b)
{
    struct alias *al;
    size_t n;
    bool more;
    enum err e = store_aliases(x->store, x->who.no, "", LIMIT_ALIASES, x->arena, &al, &n, &more);

    if (e != OK)
        return e;
    next_section(x);
    put_title(x, b, n > 0, N_("Your short forms:"));
    for (size_t i = 0; i < n; i++) {
        if (x->text) {
            put_line(b, arena_printf(x->arena, "%s = %s", al[i].name, al[i].text));
            continue;
        }
        buffer_adds(b, "{\"kind\":\"alias\"");
        put_field(b, "name", al[i].name);
        put_field(b, "text", al[i].text);
        put_line(b, "}");
    }
    return OK;
}

static enum err scheduled(struct export *x, struct buffer *b)
{
    bool first = x->place.b == 0, more;
    struct scheduled *s;
    size_t n;
    enum err e = store_scheduled_list(x->store, x->who.no, x->place.a, x->place.b, (size_t)x->step,
                                      x->arena, &s, &n, &more);

    if (e != OK)
        return e;
    put_title(x, b, first && n > 0, N_("What you have scheduled:"));
    for (size_t i = 0; i < n; i++) {
        if (x->text) {
            put_line(b,
                     arena_printf(x->arena, "%s: %s",
                                  say_time(x->arena, x->lang, s[i].at, x->now, x->who.zone),
                                  schedule_shown(x->store, &s[i], x->who.no, LIMIT_ROW, x->arena)));
            continue;
        }
        buffer_adds(b, "{\"kind\":\"scheduled\"");
        put_time(b, "at", s[i].at);
        put_number(b, "group", s[i].group);
        put_field(b, "text", s[i].text);
        put_line(b, "}");
    }
    if (more) {
        x->place.a = s[n - 1].at;
        x->place.b = s[n - 1].n;
    } else {
        next_section(x);
    }
    return OK;
}

/* ---- posts ---------------------------------------------------------------------------------------------- */

static enum err put_item(struct export *x, struct buffer *b, const char *kind,
                         const struct item *it)
{
    static const char *const scopes[] = {"public", "private", "group"};
    const struct post *p = &it->post;
    struct person to = {.nick = ""};
    enum err e = OK;

    if (p->recipient != 0)
        e = store_person_by_no(x->store, p->recipient, x->arena, &to);
    if (e != OK && e != E_NOTFOUND)
        return e;
    if (x->text) {
        put_line(b, compose_item(x->arena, x->lang, it,
                                 p->recipient != 0 && p->author == x->who.no
                                     ? say_person(x->arena, to.name == NULL ? "" : to.name, to.nick)
                                     : NULL,
                                 x->now, x->who.zone));
        return OK;
    }
    buffer_addf(b, "{\"kind\":\"%s\",\"post\":%lld", it->repeat ? "repeat" : kind,
                (long long)p->no);
    put_field(b, "by", p->author_nick);
    put_time(b, "at", p->at);
    put_field(b, "scope", scopes[p->scope]);
    if (*to.nick != '\0')
        put_field(b, "to", to.nick);
    put_number(b, "group", p->group);
    put_number(b, "answers", p->parent);
    put_number(b, "edits", p->version);
    put_number(b, "likes", p->likes);
    if (it->repeat)
        put_field(b, "comment", it->comment);
    put_field(b, "text", p->text);
    put_line(b, "}");
    return OK;
}

/* The items of one page, and where the next one is. */
static enum err put_items(struct export *x, struct buffer *b, const char *kind, const char *title,
                          const struct items *items)
{
    bool first = x->place.a == 0;
    enum err e = OK;

    put_title(x, b, first && items->n > 0, title);
    for (size_t i = 0; e == OK && i < items->n; i++)
        e = put_item(x, b, kind, &items->at[i]);
    x->seen += (int)items->n;
    x->place.a = items->next;
    if (!items->more || (x->most > 0 && x->seen >= x->most))
        next_section(x);
    return e;
}

static enum err list(struct export *x, struct buffer *b, enum list_kind kind, const char *word,
                     const char *title)
{
    struct items items = {0};
    enum err e = store_list(x->store, kind, x->who.no, kind == LIST_AUTHOR ? x->who.no : 0,
                            x->place.a, (size_t)x->step, x->arena, &items);

    return e == OK ? put_items(x, b, word, title, &items) : e;
}

static enum err posts(struct export *x, struct buffer *b)
{
    return list(x, b, LIST_AUTHOR, "post", N_("Your posts, the newest first:"));
}

static enum err private(struct export *x, struct buffer *b) {
    return list(x, b, LIST_INBOX, "private", N_("Your private messages, the newest first:"));
}

static enum err saved(struct export *x, struct buffer *b)
{
    return list(x, b, LIST_SAVED, "saved", N_("Your bookmarks, the newest first:"));
}

static enum err repeats(struct export *x, struct buffer *b)
{
    struct items items = {0};
    enum err e = store_repeated(x->store, x->who.no, x->place.a, (size_t)x->step, x->arena, &items);

    return e == OK ? put_items(x, b, "repeat", N_("What you repeated, the newest first:"), &items)
                   : e;
}

static enum err likes(struct export *x, struct buffer *b)
{
    struct items items = {0};
    enum err e = store_liked(x->store, x->who.no, x->place.a, (size_t)x->step, x->arena, &items);

    return e == OK ? put_items(x, b, "like", N_("What you like, the newest first:"), &items) : e;
}

static enum err (*const sections[])(struct export *, struct buffer *) = {
    profile, edges, aliases, scheduled, posts, repeats, private, likes, saved};

enum err export_some(struct export *x, struct buffer *out)
{
    enum err e = OK;

    x->done = x->place.section < 0 || (size_t)x->place.section >= ARRAY_LEN(sections);
    if (!x->done)
        e = sections[x->place.section](x, out);
    x->done = (size_t)x->place.section >= ARRAY_LEN(sections);
    return e == OK && out->over ? E_LIMIT : e;
}

/* ---- page by page ------------------------------------------------------------------------------------------ */

static enum err read_page(struct store *st, const char *line, struct export *x, struct buffer *out)
{
    size_t len = strcspn(line, " ");
    const char *nick = arena_ndup(x->arena, line, len);
    char *end;
    enum err e;

    x->place.section = (int)strtol(line + len, &end, 10);
    x->place.a = strtoll(end, &end, 10);
    x->place.b = strtoll(end, &end, 10);
    if (len == 0 || *end != '\0' || !text_valid(nick, len))
        return E_USAGE;
    e = store_person_by_nick(st, text_fold(x->arena, nick[0] == '@' ? nick + 1 : nick), x->arena,
                             &x->who);
    return e == OK ? export_some(x, out) : e;
}

void export_page(struct store *st, const char *line, int64_t now, struct buffer *out)
{
    struct export x = {
        .store = st, .arena = arena_new(LIMIT_ARENA), .now = now, .step = EXPORT_STEP};
    enum err e = store_begin(st);

    if (e == OK) {
        e = read_page(st, line, &x, out);
        store_rollback(st);
    }
    if (e == OK && x.done)
        put_line(out, "end");
    else if (e == OK)
        buffer_addf(out, "next %d %lld %lld\n", x.place.section, (long long)x.place.a,
                    (long long)x.place.b);
    if (e != OK || out->over) {
        buffer_reset(out);
        buffer_addf(out, "error %s\n", err_text(e == OK ? E_LIMIT : e));
    }
    arena_free(x.arena);
}
