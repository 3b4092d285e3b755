/* SPDX-License-Identifier: MIT */
/* Writing: posts, replies, private messages; changing them and taking them back; likes and repeats. */
#include "handlers/commands/rows.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "handlers/compose.h"
#include "handlers/lists.h"
#include "handlers/post.h"

enum { EXCERPT = 60 };

static enum err run_post(struct call *c)
{
    return call_post(c, &(struct posting){.text = c->args[0].text});
}

/* Answering somebody's newest post: says which one it was, since it was not named. */
static enum err reply_person(struct call *c, const struct person *who, const char *text)
{
    struct post p;
    int64_t no;
    enum err e = store_post_newest(c->store, who->no, c->who.no, &no);

    if (e == OK)
        e = store_post_get(c->store, no, c->who.no, c->arena, &p);
    if (e == E_NOTFOUND)
        call_say(c, "%s has not written anything that you could answer.", call_person(c, who));
    if (e == OK)
        e = call_post(c, &(struct posting){.text = text, .parent = no});
    if (e == OK)
        call_say(c, "It answers %1$s: “%2$s” (%3$s)", call_person(c, who),
                 compose_excerpt(c->arena, p.text, EXCERPT), call_ref(c, no));
    return e;
}

static enum err run_reply(struct call *c)
{
    const struct value *to = &c->args[0];

    if (to->target == TARGET_POST)
        return call_post(c, &(struct posting){.text = c->args[1].text, .parent = to->post.no});
    if (to->target == TARGET_PERSON)
        return reply_person(c, &to->person, c->args[1].text);
    call_say(c, "`reply` takes a post or a person: `reply #1234 TEXT`, `reply @nick TEXT`.");
    return E_USAGE;
}

static enum err run_private(struct call *c)
{
    return call_post(c,
                     &(struct posting){.text = c->args[1].text, .recipient = c->args[0].person.no});
}

static enum err run_edit(struct call *c)
{
    return call_edit(c, &c->args[0].post, c->args[1].text);
}

static enum err run_substitute(struct call *c)
{
    struct post p;
    int64_t no;
    const char *old;
    char *text;
    enum err e = store_post_newest(c->store, c->who.no, c->who.no, &no);

    if (e == OK)
        e = store_post_get(c->store, no, c->who.no, c->arena, &p);
    if (e == E_NOTFOUND)
        call_say(c, "You have not posted anything yet.");
    if (e != OK)
        return e;
    e = call_substitute(c, c->args[0].text, p.text, &old, &text);
    if (e == E_USAGE)
        call_say(c, "It looks like this: `s/old/new/`. It changes your newest post.");
    if (e != OK)
        return e;
    if (text == NULL) {
        call_say(c, "“%1$s” does not stand in %2$s, your newest post: “%3$s”",
                 compose_excerpt(c->arena, old, EXCERPT), call_ref(c, no),
                 compose_excerpt(c->arena, p.text, EXCERPT));
        return E_NOTFOUND;
    }
    return call_edit(c, &p, text);
}

static enum err run_delete(struct call *c)
{
    return call_delete(c, &c->args[0].post);
}

/* Of the newest post and the newest repeat the later one. */
static enum err run_undo(struct call *c)
{
    struct post p = {0};
    int64_t no = 0, repeated = 0, at = 0;
    enum err e = store_post_newest(c->store, c->who.no, c->who.no, &no);

    if (e == OK)
        e = store_post_get(c->store, no, c->who.no, c->arena, &p);
    if (e != OK && e != E_NOTFOUND)
        return e;
    e = store_repeat_newest(c->store, c->who.no, &repeated, &at);
    if (e != OK && e != E_NOTFOUND)
        return e;
    if (p.no == 0 && repeated == 0) {
        call_say(c, "You have posted nothing that could be taken back.");
        return E_NOTFOUND;
    }
    if (repeated != 0 && at > p.at)
        p.no = repeated; /* a repeat is one's own, whatever became of what it repeats */
    else
        at = p.at;
    if (c->now - at > LIMIT_UNDO_MS) {
        call_say(c,
                 "Your newest, %1$s, is older than 10 minutes. `delete %1$s` still takes it back.",
                 call_ref(c, p.no));
        return E_LIMIT;
    }
    return p.no == repeated ? call_unrepeat(c, repeated) : call_delete(c, &p);
}

static enum err run_like(struct call *c)
{
    return call_like(c, &c->args[0].post);
}

static enum err run_unlike(struct call *c)
{
    return call_unlike(c, &c->args[0].post);
}

static enum err say_repeated(struct call *c, const char *ref, const struct added *d)
{
    struct person_counts n;
    enum err e = OK;

    if (d->reach == 0) {
        e = store_person_counts(c->store, c->who.no, &n);
        if (e == OK && n.followers == 0)
            call_say(c, "Repeated %s. Nobody follows you yet, so it reached nobody.", ref);
        else if (e == OK)
            call_say(c, "Repeated %s. Everybody who follows you had it already.", ref);
    } else if (d->about)
        call_say(c, "Repeated %1$s for about %2$lld people.", ref, call_round(d->reach));
    else
        call_say_n(c, "Repeated %1$s for %2$lld person.", "Repeated %1$s for %2$lld people.",
                   d->reach, ref, (long long)d->reach);
    return e;
}

static enum err run_repeat(struct call *c)
{
    const struct post *p = &c->args[0].post;
    const char *comment = c->args[1].given ? c->args[1].text : "", *ref = call_ref(c, p->no);
    struct added added;
    enum err e = OK;

    c->about = p->no;
    if (p->author == c->who.no) {
        call_say(c, "%s is your own; your followers have it.", ref);
        return E_DENIED;
    }
    if (*comment != '\0')
        e = call_check_text(c, comment);
    if (e != OK)
        return e;
    e = p->scope == SCOPE_PUBLIC
            ? store_repeat_add(c->store, c->who.no, p->no, comment, c->now, &added)
            : E_DENIED;
    if (e == OK)
        e = say_repeated(c, ref, &added);
    else if (e == E_DENIED)
        call_say(c, "%s was not written for everybody, so it cannot be repeated.", ref);
    else if (e == E_EXISTS)
        call_say(c, "You have repeated %1$s already. `delete %1$s` takes that back.", ref);
    else if (e == E_NOTFOUND)
        return call_no_post(c, p->no);
    return e;
}

/* clang-format off */
static const struct command rows[] = {
    {
        .name = "post", .korean = {"게시", "글"},
        .args = {{.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_COLON, .flags = COMMAND_WRITES,
        .form = N_("post: TEXT"),
        .summary = N_("A post to your followers, whatever it looks like"),
        .help = N_("Any text that is no command is a post. With `post:` in front it is one even if it looks like a command. "
                   "Whom you name with @nick sees it too, a #tag brings it to those who follow the tag."),
        .examples = {"post: help wanted", "게시: 오늘은 재택합니다"},
        .run = run_post,
    },
    {
        .name = "reply", .korean = {"답글", "답장"},
        .args = {{.kind = ARG_TARGET, .name = "POST"}, {.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("#1234 TEXT"),
        .summary = N_("Answers a post; `reply @nick TEXT` the newest of nick"),
        .help = N_("`#1234 TEXT` and `reply #1234 TEXT` are the same, and so is the reply of your client. Who answers follows "
                   "the conversation until `unfollow #1234`. An answer is for those who may read the post it answers."),
        .examples = {"reply #1 Count me in", "답글 #1 좋아요", "reply bob Where shall we meet?"},
        .run = run_reply,
    },
    {
        .name = "d", .aliases = {"dm", "pm"}, .korean = {"쪽지", "귓속말", "디엠"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}, {.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES | COMMAND_PRIVATE,
        .form = N_("d WHO TEXT"),
        .summary = N_("A private message: only the two of you see it"),
        .help = N_("Only the two of you ever see it, in lists and in the search too. It has a number like every post, so it can "
                   "be answered, edited and taken back. `inbox` shows your private messages."),
        .examples = {"d bob Lunch at noon?", "dm @bob Lunch?", "귓속말 bob 점심 어때요?"},
        .run = run_private,
    },
    {
        .name = "edit", .korean = {"수정", "고치기"},
        .args = {{.kind = ARG_POST, .name = "POST"}, {.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("edit POST TEXT"),
        .summary = N_("Puts a new text into your post"),
        .help = N_("Who received it gets the correction, and who is newly named gets it as new. It stays as public or private as "
                   "it was. `#1234 history` shows the earlier versions. The correction of your client does the same."),
        .examples = {"edit #1 The new text", "수정 #1 새 글"},
        .run = run_edit,
    },
    {
        .name = "s/", .korean = {"바꿔/"},
        .args = {{.kind = ARG_TEXT, .name = "s/old/new/"}},
        .free = FREE_ANY, .flags = COMMAND_WRITES,
        .form = N_("s/old/new/"),
        .summary = N_("Replaces words in your newest post"),
        .help = N_("The first place where it stands, all of them with `s/old/new/g`."),
        .examples = {"s/Lunch/Dinner/"},
        .run = run_substitute,
    },
    {
        .name = "delete", .aliases = {"del"}, .korean = {"삭제", "지우기"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES | COMMAND_FINAL,
        .form = N_("delete POST"),
        .summary = N_("Takes your post back everywhere it went"),
        .help = N_("Its text is erased here and clients are asked to remove it. Of somebody else's post that you repeated it takes "
                   "the repeat back."),
        .examples = {"delete #1", "삭제 #1"},
        .run = run_delete,
    },
    {
        .name = "undo", .korean = {"취소", "되돌리기"},
        .flags = COMMAND_WRITES,
        .form = N_("undo"),
        .summary = N_("Takes back what you posted last, within 10 minutes"),
        .examples = {"undo", "취소"},
        .run = run_undo,
    },
    {
        .name = "like", .aliases = {"fav", "+1"}, .korean = {"좋아요", "추천"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("like POST"),
        .summary = N_("Says that you like it; its author is told"),
        .help = N_("The author hears of all likes together, at most once an hour. A reaction in your client does the same; "
                   "`unlike` takes it back."),
        .examples = {"like #2", "+1 #2", "좋아요 #2"},
        .run = run_like,
    },
    {
        .name = "unlike", .aliases = {"unfav"}, .korean = {"좋아요취소", "추천취소"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("unlike POST"),
        .summary = N_("Takes your like back"),
        .examples = {"unlike #2", "좋아요취소 #2"},
        .run = run_unlike,
    },
    {
        .name = "repeat", .aliases = {"rt", "repost"}, .korean = {"리트윗", "퍼가기", "전달"},
        .args = {{.kind = ARG_POST, .name = "POST"}, {.kind = ARG_TEXT, .flags = ARG_OPTIONAL, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("repeat POST [TEXT]"),
        .summary = N_("Passes a post on to your followers, with a comment"),
        .help = N_("Nobody gets what they already had. Private posts cannot be repeated. `delete #1234` takes the repeat back, "
                   "`undo` too."),
        .examples = {"repeat #2", "rt #2 Worth reading", "리트윗 #2"},
        .run = run_repeat,
    },
    {
        .name = "praise", .korean = {"칭찬"},
        .args = {{.kind = ARG_PERSON, .name = "WHO"}, {.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("praise WHO TEXT"),
        .summary = N_("Public thanks, counted on the profile"),
        .help = N_("It is a post like others, which names whom you thank; `undo` and `delete` take it back, and the count too."),
        .examples = {"praise bob Thanks for the help", "칭찬 bob 어제 고마웠어요"},
        .run = run_praise,
    },
    {
        .name = "pin", .korean = {"핀"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("pin POST"),
        .summary = N_("Puts a post on top of your profile or group"),
        .help = N_("On your profile a public post of yours, in a group any post of it by one of its owners; five at most. "
                   "`unpin` takes one from there."),
        .examples = {"pin #1", "핀 #1"},
        .run = run_pin,
    },
    {
        .name = "unpin", .korean = {"핀해제"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("unpin POST"),
        .summary = N_("Takes it from there"),
        .examples = {"unpin #1", "핀해제 #1"},
        .run = run_unpin,
    },
    {
        .name = "end", .korean = {"대화종료"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES | COMMAND_FINAL,
        .form = N_("end POST"),
        .summary = N_("Ends your conversation: no more replies"),
        .help = N_("Who wrote its first post may end it, for good, in a group its owners too. What was written stays."),
        .examples = {"end #1", "대화종료 #1"},
        .run = run_end,
    },
    {
        .name = "report", .korean = {"신고"},
        .args = {{.kind = ARG_POST, .name = "POST"}, {.kind = ARG_TEXT, .flags = ARG_OPTIONAL, .name = "WHY"}},
        .free = FREE_BEHIND, .flags = COMMAND_WRITES,
        .form = N_("report POST [WHY]"),
        .summary = N_("Shows a post to the administrators"),
        .help = N_("They see the post, your reason, and that it came from you; its author is told nothing."),
        .examples = {"report #2", "report #2 spam", "신고 #2 광고예요"},
        .run = run_report,
    },
    {
        .name = "save", .korean = {"찜"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("save POST"),
        .summary = N_("Keeps a bookmark to a post, for you alone"),
        .help = N_("Nobody is told, its author neither. `saved` lists what you keep; a post that is taken back leaves the list."),
        .examples = {"save #2", "찜 #2"},
        .run = run_save,
    },
    {
        .name = "unsave", .korean = {"찜취소"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_WRITES,
        .form = N_("unsave POST"),
        .summary = N_("Takes a bookmark away"),
        .examples = {"unsave #2", "찜취소 #2"},
        .run = run_unsave,
    },
    {
        .name = "saved", .korean = {"찜목록"},
        .args = {{.kind = ARG_COUNT, .flags = ARG_OPTIONAL, .name = "N"}},
        .form = N_("saved [N]"),
        .summary = N_("Your bookmarks"),
        .examples = {"saved", "saved 5", "찜목록"},
        .run = run_saved,
    },
};
/* clang-format on */
const struct family family_write = {N_("Write"), rows, ARRAY_LEN(rows)};
