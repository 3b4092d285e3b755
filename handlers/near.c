/* SPDX-License-Identifier: MIT */
#include "handlers/near.h"

#include <string.h>
#include "base/text.h"

/* ---- slips -------------------------------------------------------------------------------------------- */

struct slip {
    struct call *c;
    const char *typed;
    const char *jamo; /* of typed, NULL: it is not Korean */
    size_t n;         /* of its code points */
    bool private;     /* only words for private messages, short ones too */
    const char *word;
};

/* A letter wrong, missing or doubled, or two swapped; any other letter too many is another word. */
static bool is_slip(const char *typed, const char *word)
{
    size_t n = strlen(typed), m = strlen(word);
    const char *a = typed, *b = word;
    uint32_t last = 0;

    if (!text_one_slip(typed, word))
        return false;
    if (n <= m)
        return true;
    while (*b != '\0') {
        uint32_t ch = text_next(&a), expected = text_next(&b);

        if (ch != expected)
            return ch == last;
        last = ch;
    }
    return text_next(&a) == last;
}

static bool all_hangul(const char *s)
{
    while (*s != '\0')
        if (!text_is_hangul(text_next(&s)))
            return false;
    return true;
}

/* Keys beside each other on a Latin keyboard: for words of one or two letters, where any other letter makes another word. */
static bool beside(char a, char b)
{
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl;", "zxcvbnm,./"};
    int ra = -1, rb = -1, ca = 0, cb = 0;

    for (int r = 0; r < 3; r++) {
        const char *pa = strchr(rows[r], a), *pb = strchr(rows[r], b);

        if (pa != NULL) {
            ra = r;
            ca = (int)(pa - rows[r]);
        }
        if (pb != NULL) {
            rb = r;
            cb = (int)(pb - rows[r]);
        }
    }
    if (ra < 0 || rb < 0 || (ra - rb) * (ra - rb) > 1)
        return false;
    return ra == rb ? (ca - cb) * (ca - cb) == 1 : ca == cb || ca - cb == rb - ra;
}

/* dd, s for d; md, dmm, sm for dm. */
static bool short_slip(const char *typed, const char *word)
{
    size_t n = strlen(typed), m = strlen(word), differ = 0, at = 0;

    if (n == m + 1)
        return is_slip(typed, word);
    if (n != m || strcmp(typed, word) == 0)
        return false;
    if (n == 2 && typed[0] == word[1] && typed[1] == word[0])
        return true;
    for (size_t i = 0; i < n; i++) {
        if (typed[i] != word[i]) {
            differ++;
            at = i;
        }
    }
    return differ == 1 && beside(typed[at], word[at]);
}

static bool slip_of(const struct command *row, const char *word, void *arg)
{
    struct slip *s = arg;
    bool ascii = (unsigned char)word[0] < 0x80;

    if (row->role > s->c->role || (row->flags & COMMAND_HIDDEN) != 0)
        return false;
    if (s->private && (row->flags & COMMAND_PRIVATE) == 0)
        return false;
    if (strchr(word, ' ') != NULL) /* of two words the first */
        word = arena_ndup(s->c->arena, word, strcspn(word, " "));
    s->word = word;
    if (ascii && s->private && strlen(word) < 5)
        return short_slip(s->typed, word);
    if (ascii)
        return strlen(word) >= 5 && is_slip(s->typed, word);
    if (s->jamo == NULL || !all_hangul(word) || text_count(word) < 3 || s->n < 2)
        return false;
    return is_slip(s->jamo, text_jamo(s->c->arena, word));
}

static const struct command *find_slip(struct call *c, const char *folded, bool private,
                                       const char **word)
{
    struct slip s = {.c = c, .typed = folded, .n = text_count(folded), .private = private};
    const struct command *row;

    if (!text_is_word(text_peek(folded)) || s.n > 20)
        return NULL;
    if ((unsigned char)folded[0] >= 0x80) {
        if (s.n > 8 || !all_hangul(folded))
            return NULL;
        s.jamo = text_jamo(c->arena, folded);
    }
    row = command_each_word(slip_of, &s);
    *word = row == NULL ? NULL : s.word;
    return row;
}

const struct command *near_word(struct call *c, const char *folded, const char **word)
{
    return find_slip(c, folded, false, word);
}

/* ---- what stands behind ------------------------------------------------------------------------------- */

/* A #, @ or ! word, a known nick, a number or a time: what commands are about and sentences are not. */
static enum err is_plain(struct call *c, const struct tokens *t, size_t i, bool *plain)
{
    const char *norm = t->at[i].norm;
    struct person p;
    int64_t instant;
    enum err e;

    *plain = true;
    if ((strchr("#@!", norm[0]) != NULL && norm[0] != '\0' && norm[1] != '\0') ||
        argument_is_number(norm) || argument_time(t, i, c->who.zone, c->now, &instant) > 0)
        return OK;
    e = store_person_by_nick(c->store, norm, c->arena, &p);
    *plain = e == OK;
    return e == E_NOTFOUND ? OK : e;
}

static enum err all_plain(struct call *c, const struct tokens *t, size_t from, bool *plain)
{
    enum err e = OK;

    *plain = t->n == t->n_words;
    for (size_t i = from; i < t->n && *plain && e == OK; i++)
        e = is_plain(c, t, i, plain);
    return e;
}

/* Proposes a line if it would do something: it runs, or says what is unknown in it. */
static enum err propose(struct call *c, struct reading *rd, enum reading_why why,
                        const struct command *row, const char *bad, const char *line)
{
    struct reading again;
    enum err e = dispatch_read(c, line, &again);

    if (e == OK)
        reading_ask(rd, why, row, bad, again.kind == READING_COMMAND ? line : NULL);
    return e;
}

/* ---- the Korean keyboard left on ------------------------------------------------------------------------ */

static const char *as_typed_on_latin(struct call *c, const struct tokens *t, size_t i)
{
    const char *latin =
        text_from_korean_keyboard(c->arena, text_nfc(c->arena, tokens_word(c->arena, t, i)));

    return latin == NULL ? NULL : text_fold(c->arena, latin);
}

/* The line as it would have been; NULL where it is none. */
static enum err read_keyboard(struct call *c, const struct tokens *t, const char **line,
                              const struct command **row)
{
    const char *word = as_typed_on_latin(c, t, 0);
    bool private, plain = true;
    enum err e;

    *line = NULL;
    *row = word == NULL ? NULL : command_find(word);
    if (*row == NULL || (*row)->role > c->role)
        return OK;
    private = ((*row)->flags & COMMAND_PRIVATE) != 0;
    if (!private && t->n != t->n_words)
        return OK;
    *line = word;
    for (size_t i = 1; i < t->n; i++) {
        const char *latin = as_typed_on_latin(c, t, i), *as = tokens_word(c->arena, t, i);

        e = is_plain(c, t, i, &plain);
        if (e == OK && !plain && latin != NULL) {
            struct tokens nt;

            tokens_split(c->arena, latin, &nt);
            as = latin;
            e = nt.n == 1 ? is_plain(c, &nt, 0, &plain) : OK;
        }
        if (e != OK)
            return e;
        if (!plain) {
            *line = NULL;
            return OK;
        }
        *line = arena_printf(c->arena, "%s %s", *line, as);
        if (private) { /* what follows the name is text */
            if (i + 1 < t->n)
                *line = arena_printf(c->arena, "%s %s", *line, tokens_rest(t, i + 1));
            return OK;
        }
    }
    if (private)
        *line = NULL; /* nobody named: no more than a letter */
    return OK;
}

/* ---- habits of earlier services --------------------------------------------------------------------------- */

enum shape { PERSON, POST, STAR, TEXT_BEHIND_POST };
static const struct habit {
    const char *word;
    enum shape shape;
    const char *here; /* the command; what was named, and what followed, goes behind it */
} habits[] = {
    {"s", PERSON, "follow"},
    {"s", POST, "follow"},
    {"s", STAR, "follow"},
    {"u", PERSON, "unfollow"},
    {"u", POST, "unfollow"},
    {"u", STAR, "unfollow"},
    {"f", PERSON, "follow"},
    {"bl", PERSON, "block"},
    {"bl", STAR, "mute"},
    {"ubl", PERSON, "unblock"},
    {"ubl", STAR, "unmute"},
    {"!", POST, "repeat"},
    {"!!", POST, "delete"},
    {"~", POST, "save"},
    {"d", POST, "delete"},
    {"rp", POST, "repeat"},
    {"rd", POST, "repeat"},
    {"e", TEXT_BEHIND_POST, "edit"},
    {"r", TEXT_BEHIND_POST, "reply"},
    {"c", TEXT_BEHIND_POST, "reply"},
    {"l", PERSON, "unfollow"},
};

static bool has_shape(const struct tokens *t, enum shape shape)
{
    const char *norm = t->at[1].norm;

    switch (shape) {
    case PERSON:
        return norm[0] == '@' && norm[1] != '\0' && t->n_words == 2;
    case POST:
        return argument_post_number(norm) != 0 && t->n_words == 2;
    case STAR:
        return (norm[0] == '*' || (norm[0] == '#' && argument_post_number(norm) == 0)) &&
               norm[1] != '\0' && strchr(norm + 1, '*') == NULL && t->n_words == 2;
    case TEXT_BEHIND_POST:
        return argument_post_number(norm) != 0 && t->n_words > 2;
    }
    return false;
}

/* "*tag text": a post with a tag; "*emphasis* and more" is not. */
static const char *star(struct call *c, const struct tokens *t)
{
    const char *norm = t->at[0].norm, *tags = "";

    if (norm[0] != '*' || norm[1] == '*' || norm[1] == '\0' ||
        strchr(tokens_rest(t, 1), '*') != NULL)
        return NULL;
    for (const char *p = norm + 1; *p != '\0';) {
        const char *at = p;

        while (*p != '\0' && *p != ',' && *p != '*')
            if (!text_is_word(text_next(&p)))
                return NULL;
        if (p == at)
            return NULL;
        tags = arena_printf(c->arena, "%s#%s ", tags, arena_ndup(c->arena, at, (size_t)(p - at)));
        if (*p == ',')
            p++;
        if (*p == '*' && *++p == '\0')
            return NULL;
    }
    if (t->n_words == 1)
        return strchr(norm, ',') != NULL || norm[1] == '\0' ? NULL : text_trim(c->arena, tags);
    return arena_printf(c->arena, "post: %s%s", tags, tokens_rest(t, 1));
}

enum err near_habit(struct call *c, const struct tokens *t, const char **proposed)
{
    static const struct {
        const char *line, *here;
    } signs[] = {{"#", "home"}, {"##", "home"},  {"+", "home"},
                 {"#+", "all"}, {"d l", "undo"}, {"dl", "undo"}};

    *proposed = star(c, t);
    if (*proposed != NULL || t->n_words > MAX_TOKENS)
        return OK;
    for (size_t i = 0; i < ARRAY_LEN(signs) && t->n_words <= 2; i++) {
        const char *blank = strchr(signs[i].line, ' ');
        size_t n = blank == NULL ? strlen(signs[i].line) : (size_t)(blank - signs[i].line);

        if (t->n_words == (blank == NULL ? 1U : 2U) && strlen(t->at[0].norm) == n &&
            memcmp(t->at[0].norm, signs[i].line, n) == 0 &&
            (blank == NULL || strcmp(t->at[1].norm, blank + 1) == 0))
            *proposed = signs[i].here;
    }
    for (size_t i = 0; i < ARRAY_LEN(habits) && t->n_words > 1 && *proposed == NULL; i++) {
        if (strcmp(t->at[0].norm, habits[i].word) != 0 || !has_shape(t, habits[i].shape))
            continue;
        if (t->at[1].norm[0] == '*')
            *proposed = arena_printf(c->arena, "%s #%s", habits[i].here, t->at[1].norm + 1);
        else
            *proposed = arena_printf(c->arena, "%s %s", habits[i].here, tokens_rest(t, 1));
    }
    return OK;
}

/* ---- all of them ------------------------------------------------------------------------------------------- */

/* "d@bob …": the blank was left out. */
static enum err near_glued(struct call *c, const struct tokens *t, struct reading *rd)
{
    const char *norm = t->at[0].norm, *at = strchr(norm, '@'), *word;
    const struct command *row;
    struct person p;
    enum err e;

    if (at == NULL || at == norm || at[1] == '\0' || t->n_words < 2)
        return OK;
    word = arena_ndup(c->arena, norm, (size_t)(at - norm));
    row = command_find(word);
    if (row == NULL || (row->flags & COMMAND_PRIVATE) == 0)
        return OK;
    e = argument_person(c, at, &p);
    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    return propose(c, rd, WHY_SLIP, row, tokens_word(c->arena, t, 0),
                   arena_printf(c->arena, "%s %s %s", word, at, tokens_rest(t, 1)));
}

/* "dd bob …", "md bob …", "ㅇ bob …": for a private message however long, where somebody stands behind it. */
static enum err near_private(struct call *c, const struct tokens *t, struct reading *rd)
{
    const struct command *row;
    const char *word = NULL;
    struct person p;
    enum err e;

    if (t->n_words < 2)
        return OK;
    row = find_slip(c, t->at[0].norm, true, &word);
    if (row == NULL)
        return OK;
    e = argument_person(c, t->at[1].norm, &p);
    if (e == E_NOTFOUND && (unsigned char)word[0] < 0x80)
        return OK;
    if (e != OK && e != E_NOTFOUND)
        return e;
    return propose(c, rd, WHY_SLIP, row, tokens_word(c->arena, t, 0),
                   arena_printf(c->arena, "%s %s", word, tokens_rest(t, 1)));
}

enum err near_miss(struct call *c, const struct tokens *t, struct reading *rd)
{
    const struct command *row = NULL;
    const char *line = NULL, *word = NULL;
    bool plain = false, two = false;
    enum err e = near_habit(c, t, &line);

    if (e == OK && line != NULL) {
        reading_ask(rd, WHY_HABIT, NULL, tokens_word(c->arena, t, 0), line);
        return OK;
    }
    if (e == OK)
        e = near_glued(c, t, rd);
    if (e == OK && rd->kind == READING_POST)
        e = near_private(c, t, rd);
    if (e != OK || rd->kind != READING_POST)
        return e;
    if (text_from_korean_keyboard(c->arena, text_nfc(c->arena, tokens_word(c->arena, t, 0))) !=
        NULL)
        e = read_keyboard(c, t, &line, &row);
    if (e == OK && line != NULL)
        return propose(c, rd, WHY_SLIP, row, tokens_word(c->arena, t, 0), line);
    if (e != OK)
        return e;
    row = find_slip(c, t->at[0].norm, false, &word);
    if (row == NULL)
        return OK;
    if (t->n > 1 && command_is_head(row, word))
        two = command_find(arena_printf(c->arena, "%s %s", word, t->at[1].norm)) != NULL;
    if (two)
        row = command_find(arena_printf(c->arena, "%s %s", word, t->at[1].norm));
    e = all_plain(c, t, two ? 2 : 1, &plain);
    if (e != OK || !plain)
        return e;
    line = t->n_words > 1 ? arena_printf(c->arena, "%s %s", word, tokens_rest(t, 1)) : word;
    return propose(c, rd, WHY_SLIP, row, tokens_word(c->arena, t, 0), line);
}
