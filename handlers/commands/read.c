/* SPDX-License-Identifier: MIT */
/* Reading: timelines, mentions, search, people; and going further back in any of them. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/schedule.h"
#include "handlers/post.h"

static int limit_at(const struct call *c, int i)
{
    return c->args[i].given ? (int)c->args[i].number : 0;
}

static enum err run_home(struct call *c)
{
    struct listing li = {.limit = limit_at(c, 0)};

    li.title = say(c->arena, c->lang, "The newest of what you follow:");
    li.empty = say(c->arena, c->lang,
                   "Nothing here yet. `all` shows what colleagues write; `follow @nick` brings "
                   "their posts here.");
    return list_posts(c, LIST_HOME, 0, &li);
}

/* What the last summary stood for. */
static enum err run_missed(struct call *c)
{
    struct listing li = {.limit = limit_at(c, 0)};

    li.title = say(c->arena, c->lang, "What your last digest stands for:");
    li.empty = say(c->arena, c->lang,
                   "No digest was sent to you, or nothing of what it stood for is left. `home` "
                   "shows the newest.");
    return list_posts(c, LIST_MISSED, 0, &li);
}

static enum err run_all(struct call *c)
{
    struct listing li = {.limit = limit_at(c, 0)};

    li.title = say(c->arena, c->lang, "The newest of everybody:");
    li.empty = say(c->arena, c->lang,
                   "Nobody has posted anything yet. Whatever you write here is the first post.");
    return list_posts(c, LIST_ALL, 0, &li);
}

static enum err run_get(struct call *c)
{
    const struct person *p = &c->args[0].person;
    struct listing li = {.limit = limit_at(c, 1)};

    li.title = say(c->arena, c->lang, "The newest by %s:", call_person(c, p));
    li.empty =
        say(c->arena, c->lang, "%s has not posted anything that you can see.", call_person(c, p));
    return list_posts(c, LIST_AUTHOR, p->no, &li);
}

static enum err run_tag(struct call *c)
{
    const struct tag *t = &c->args[0].tag;
    struct listing li = {.limit = limit_at(c, 1)};

    li.title = say(c->arena, c->lang, "The newest with #%s:", t->shown);
    li.empty =
        say(c->arena, c->lang,
            "There is no post with #%1$s yet. `follow #%1$s` tells you of the first.", t->shown);
    return list_posts(c, LIST_TAG, t->no, &li);
}

static enum err run_mentions(struct call *c)
{
    struct listing li = {.limit = limit_at(c, 0)};

    li.title = say(c->arena, c->lang, "Posts that name or answer you:");
    li.empty = say(c->arena, c->lang, "Nobody has named or answered you yet. Your nick is @%s.",
                   c->who.nick);
    return list_posts(c, LIST_MENTIONS, 0, &li);
}

static enum err run_inbox(struct call *c)
{
    struct listing li = {.limit = limit_at(c, 0)};

    li.title = say(c->arena, c->lang, "Your private messages:");
    li.empty = say(c->arena, c->lang, "No private messages yet. `d @nick TEXT` writes one.");
    return list_posts(c, LIST_INBOX, 0, &li);
}

/* Words of a sentence, for the offer to publish it. */
static size_t count_words(const char *s)
{
    size_t n = 0;
    bool in = false;

    while (*s != '\0') {
        bool blank = text_is_space(text_next(&s));

        if (!blank && !in)
            n++;
        in = !blank;
    }
    return n;
}

static enum err run_search(struct call *c)
{
    const char *typed = c->args[0].text;
    struct listing li = {.limit = 0};
    enum err e;

    li.title = say(c->arena, c->lang, "The newest with “%s”:", typed);
    li.empty = say(c->arena, c->lang,
                   "Nothing found for “%s”. All words must occur; fewer words find more.", typed);
    e = list_search(c, typed, &li);
    /* What was forced to be a search was not meant to be anything else. */
    if (!c->colon && count_words(typed) > 4) {
        call_say(c, "To publish this instead: `post`");
        call_ask(c, NULL, c->line);
    }
    return e;
}

static enum err run_people(struct call *c)
{
    const char *text = c->args[0].text;
    struct listing li = {.title = NULL};

    li.title = say(c->arena, c->lang, "People for “%s”:", text);
    li.empty =
        say(c->arena, c->lang, "Nobody is found for “%s” in nicks, names, titles and bios.", text);
    return list_people(c, text, 0, &li);
}

static enum err run_more(struct call *c)
{
    const struct more *last = call_get_more(c);
    struct listing li = {.title = NULL};
    struct more m;
    struct place place;

    if (last == NULL || last->kind == MORE_NONE) {
        call_say(c, "There is no list to go on with. `home` shows the newest of what you follow.");
        return OK;
    }
    m = *last; /* showing the next page replaces it */
    m.text = arena_dup(c->arena, last->text);
    li.limit = c->args[0].given ? (int)c->args[0].number : m.limit;
    li.before = m.before;
    li.empty = say(c->arena, c->lang, "That was all of it.");
    switch (m.kind) {
    case MORE_LIST:
        return list_posts(c, m.list, m.object, &li);
    case MORE_SEARCH:
        return list_search(c, m.text, &li);
    case MORE_EDGES:
        place.kind = m.edge_after;
        place.object = m.object;
        return list_edges(c, m.edge_kinds, &place, &li);
    case MORE_PEOPLE:
        if (m.text == NULL)
            return list_followers(c, m.before, &li);
        return list_people(c, m.text, m.before, &li);
    case MORE_LIKES:
        return list_likes(c, m.object, m.before, &li);
    case MORE_TAGS:
        return list_tags(c, m.before, m.object, &li);
    case MORE_ALIASES:
        return list_aliases(c, m.text, &li);
    case MORE_AUDIT:
        return list_audit(c, &li);
    case MORE_REPORTS:
        return list_reports(c, &li);
    case MORE_EXPERTS:
        return list_experts(c, m.object, m.edge_after, m.before, &li);
    case MORE_SCHEDULED:
        return list_scheduled(c, m.before, m.object, &li);
    case MORE_GROUPS:
        return list_groups(
            c, &(struct groups_place){.others = m.edge_after != 0, .key = m.text, .no = m.object},
            &li);
    case MORE_MEMBERS:
        return list_members(c, m.object, m.before, &li);
    case MORE_WATCHES:
        return list_watches(c, m.before, &li);
    case MORE_VERSIONS:
        return list_versions(c, m.object, m.before, &li);
    case MORE_NONE:
        break;
    }
    return OK;
}

#define COUNT_ARG                                                                                  \
    {                                                                                              \
        .kind = ARG_COUNT, .flags = ARG_OPTIONAL, .name = "N"                                      \
    }

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "home", .aliases = {"timeline", "tl"}, .korean = {"홈", "타임라인"},
        .args = {COUNT_ARG},
        .form = N_("home [N]"),
        .summary = N_("The newest of what you follow, and your own posts"),
        .help = N_("N is how many, at most 50. The newest stands last; `more` goes further back."),
        .examples = {"home", "tl 20", "홈"},
        .run = run_home,
    },
    {
        .name = "missed", .korean = {"놓친글"},
        .args = {COUNT_ARG},
        .form = N_("missed [N]"),
        .summary = N_("All that your last digest stands for"),
        .help = N_("When much was missed, one digest comes in place of single updates. This lists all of them, the newest "
                   "last; `more` goes further back."),
        .examples = {"missed", "missed 30", "놓친글"},
        .run = run_missed,
    },
    {
        .name = "all", .korean = {"전체", "모두"},
        .args = {COUNT_ARG},
        .form = N_("all [N]"),
        .summary = N_("The newest of the whole company"),
        .examples = {"all", "all 5", "전체 5"},
        .run = run_all,
    },
    {
        .name = "more", .korean = {"더", "더보기"},
        .args = {COUNT_ARG},
        .form = N_("more [N]"),
        .summary = N_("Goes further back in the list shown last"),
        .examples = {"more", "더"},
        .run = run_more,
    },
    {
        .name = "whois", .korean = {"누구", "프로필"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}},
        .form = N_("@nick"),
        .summary = N_("Who that is: name, title, figures, the newest posts"),
        .help = N_("`@alice` alone and `whois alice` are the same. Name and photo come from that person's own vCard."),
        .examples = {"whois bob", "@bob", "누구 bob"},
        .run = run_whois,
    },
    {
        .name = "get", .aliases = {"last"}, .korean = {"최근글", "최신글"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}, COUNT_ARG},
        .form = N_("get WHO [N]"),
        .summary = N_("The newest posts of a person"),
        .examples = {"get bob", "last bob 3", "최근글 bob"},
        .run = run_get,
    },
    {
        .name = "show", .korean = {"보기"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .form = N_("#1234"),
        .summary = N_("A post, what it answers, and how it was received"),
        .help = N_("`#1234` alone and `show #1234` are the same."),
        .examples = {"show #1", "#1", "보기 #1"},
        .run = run_show,
    },
    {
        .name = "thread", .korean = {"대화", "타래"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .form = N_("thread POST"),
        .summary = N_("The whole conversation of a post; `#1234+` too"),
        .examples = {"thread #1", "#1+", "타래 #1"},
        .run = run_thread,
    },
    {
        .name = "history", .korean = {"이력", "변경내역"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .form = N_("#1234 history"),
        .summary = N_("The versions of a post that was changed"),
        .examples = {"#1 history", "history #1", "이력 #1"},
        .run = run_history,
    },
    {
        .name = "likes", .korean = {"좋아요목록", "추천목록"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .form = N_("likes POST"),
        .summary = N_("Who likes a post"),
        .examples = {"likes #1", "좋아요목록 #1"},
        .run = run_likes,
    },
    {
        .name = "tag", .korean = {"태그", "해시태그"},
        .args = {{.kind = ARG_TAG, .name = "TAG"}, COUNT_ARG},
        .form = N_("#tag, tag TAG [N]"),
        .summary = N_("The newest posts with a tag"),
        .help = N_("`#launch` alone and `tag launch` are the same. `follow #launch` brings them to you."),
        .examples = {"tag lunch", "#lunch", "태그 lunch 3"},
        .run = run_tag,
    },
    {
        .name = "tags", .korean = {"태그목록"},
        .form = N_("tags"),
        .summary = N_("The tags in use, the most used first"),
        .examples = {"tags", "태그목록"},
        .run = run_tags,
    },
    {
        .name = "trends", .korean = {"트렌드", "인기태그"},
        .form = N_("trends"),
        .summary = N_("The tags that rise today"),
        .help = N_("Rising is a tag that stands in public posts clearly more often today than in the week before."),
        .examples = {"trends", "트렌드"},
        .run = run_trends,
    },
    {
        .name = "mentions", .korean = {"멘션", "언급"},
        .args = {COUNT_ARG},
        .form = N_("mentions [N]"),
        .summary = N_("What names you or answers you"),
        .examples = {"mentions", "멘션 5"},
        .run = run_mentions,
    },
    {
        .name = "inbox", .korean = {"쪽지함", "받은쪽지"},
        .args = {COUNT_ARG},
        .form = N_("inbox [N]"),
        .summary = N_("Your private messages, both directions"),
        .examples = {"inbox", "쪽지함"},
        .run = run_inbox,
    },
    {
        .name = "search", .aliases = {"?"}, .korean = {"검색", "찾기"},
        .args = {{.kind = ARG_TEXT, .name = "WORDS"}},
        .free = FREE_ANY,
        .form = N_("search WORDS"),
        .summary = N_("The newest posts that have all the words"),
        .help = N_("`\"a phrase\"` stands together, `-word` must not occur. Filters: from:alice to:bob tag:launch in:design "
                   "since:2026-11-01 until:2026-11-23 since:3d has:link has:file is:question is:open is:announcement. An answer that "
                   "was accepted (✓) stands first."),
        .examples = {"search lunch", "? lunch from:bob", "search: lunch", "검색 점심"},
        .run = run_search,
    },
    {
        .name = "people", .korean = {"사람", "사람찾기"},
        .args = {{.kind = ARG_TEXT, .name = "WORDS"}},
        .free = FREE_SHORT,
        .form = N_("people WORDS"),
        .summary = N_("Colleagues by nick, name, title or bio"),
        .examples = {"people bob", "사람 bob"},
        .run = run_people,
    },
};
/* clang-format on */
const struct family family_read = {N_("Read"), rows, ARRAY_LEN(rows)};
