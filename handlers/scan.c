/* SPDX-License-Identifier: MIT */
/* What stands in a text: people, tags, links (compose_scan). */
#include "handlers/compose.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* A nick is looked for in at most so many code points behind '@', and a text costs at most so many look-ups:
 * beyond that it is plain text. Ordinary posts need a handful. */
enum { NICK_MAX = 64, LOOKUPS_MAX = 2000, UNKNOWN_MAX = 20 };

struct scan {
    struct store *store;
    struct arena *arena;
    int64_t author;
    struct found *out;
    const char **unknown;
    int lookups;
};

static bool is_ascii_alnum(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- links ------------------------------------------------------------------------------------- */

static size_t match_ascii(const char *s, const char *lower)
{
    size_t i = 0;

    for (; lower[i] != '\0'; i++) {
        char c = s[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != lower[i])
            return 0;
    }
    return i;
}

/* The length of a URL that begins here, 0: none. Only what a browser opens counts as a link. */
static size_t url_at(const char *s, bool *link)
{
    static const struct {
        const char *begin;
        bool link;
    } kinds[] = {{"http://", true},  {"https://", true}, {"www.", true},    {"ftp://", false},
                 {"file://", false}, {"ssh://", false},  {"git://", false}, {"mailto:", false},
                 {"xmpp:", false},   {"geo:", false}};
    size_t len = 0;

    for (size_t i = 0; i < ARRAY_LEN(kinds) && len == 0; i++) {
        len = match_ascii(s, kinds[i].begin);
        *link = kinds[i].link;
    }
    if (len == 0)
        return 0;
    for (const char *p = s + len; *p != '\0';) {
        uint32_t c = text_next(&p);

        if (text_is_space(c) || c == '<' || c == '>' || c == '"')
            break;
        len = (size_t)(p - s);
    }
    return len;
}

/* ---- people ------------------------------------------------------------------------------------ */

/* Ends what may be a nick: what no JID's local part holds, and brackets and commas, which only prose has. */
static bool ends_nick(uint32_t c)
{
    return c < 0x80 ? c <= ' ' || strchr("\"&'/:<>@#,;()[]{}", (int)c) != NULL
                    : text_is_space(c) || c == 0xFF20 || c == 0xFF03 || c == 0x2019 || c == 0x201D;
}

static bool known_already(const struct found *f, int64_t no)
{
    for (size_t i = 0; i < f->n_named; i++) {
        if (f->named[i] == no)
            return true;
    }
    return false;
}

static enum err add_named(struct scan *s, int64_t no)
{
    struct found *f = s->out;

    if (no == s->author || known_already(f, no))
        return OK;
    if (f->n_named == LIMIT_MENTIONS_PER_POST) {
        f->over = true;
        return OK;
    }
    f->named[f->n_named++] = no;
    return OK;
}

/* How much of the run reads as a name of its own, for "there is no @bbo". */
static size_t name_length(const char *run, size_t len)
{
    size_t used = 0;

    for (const char *p = run; p < run + len;) {
        uint32_t c = text_next(&p);

        if (text_is_word(c))
            used = (size_t)(p - run);
        else if (c != '.' && c != '-')
            break;
    }
    return used;
}

static void add_unknown(struct scan *s, const char *run, size_t len)
{
    size_t used = name_length(run, len);
    char *name;

    if (used == 0 || s->out->n_unknown == UNKNOWN_MAX)
        return;
    name = arena_printf(s->arena, "@%s", text_fold(s->arena, arena_ndup(s->arena, run, used)));
    for (size_t i = 0; i < s->out->n_unknown; i++) {
        if (strcmp(s->unknown[i], name) == 0)
            return;
    }
    s->unknown[s->out->n_unknown++] = name;
}

/* The person whose nick is the longest beginning of what stands behind '@'. *used: bytes of it, 0: nobody. */
static enum err person_at(struct scan *s, const char *run, size_t *used)
{
    size_t ends[NICK_MAX];
    uint32_t last[NICK_MAX + 1]; /* the characters, and the one behind */
    size_t n = 0;
    const char *p = run;

    *used = 0;
    while (n < NICK_MAX) {
        last[n] = text_next(&p);
        if (last[n] == 0 || ends_nick(last[n]))
            break;
        ends[n++] = (size_t)(p - run);
    }
    if (n == NICK_MAX)
        last[n] = text_next(&p);
    for (size_t i = n; i > 0 && s->lookups < LOOKUPS_MAX; i--) {
        struct person who;
        enum err e;

        /* "@alices" is not alice, but "@alice님" and "@alice's" are. */
        if (i < n + (n == NICK_MAX) && is_ascii_alnum(last[i - 1]) && is_ascii_alnum(last[i]))
            continue;
        s->lookups++;
        e = store_person_by_nick(
            s->store, text_fold(s->arena, arena_ndup(s->arena, run, ends[i - 1])), s->arena, &who);
        if (e == OK) {
            *used = ends[i - 1];
            return add_named(s, who.no);
        }
        if (e != E_NOTFOUND)
            return e;
    }
    if (n > 0)
        add_unknown(s, run, ends[n - 1]);
    return OK;
}

/* Behind a letter, '@' stands in an e-mail address: before ASCII always, else if a domain follows. */
static bool is_address(uint32_t before, const char *run)
{
    const char *p = run;
    bool dot = false;

    if (is_ascii_alnum(before) ||
        (before != 0 && before < 0x80 && strchr("._%+-@", (int)before) != NULL))
        return true;
    if (!text_is_word(before))
        return false;
    while (is_ascii_alnum((unsigned char)*p) || *p == '-' ||
           (*p == '.' && is_ascii_alnum((unsigned char)p[1]))) {
        dot = dot || *p == '.';
        p++;
    }
    return dot;
}

/* ---- tags -------------------------------------------------------------------------------------- */

struct particle {
    const char *text;
    int after; /* 0: anything, 1: a final consonant, 2: a vowel, 3: a vowel or ㄹ, 4: a consonant but ㄹ */
};
static const struct particle particles[] = {
    {"은", 1},     {"는", 2},     {"이", 1},   {"가", 2},     {"을", 1},     {"를", 2},
    {"과", 1},     {"와", 2},     {"으로", 4}, {"로", 3},     {"이나", 1},   {"나", 2},
    {"이랑", 1},   {"랑", 2},     {"의", 0},   {"에", 0},     {"에서", 0},   {"에게", 0},
    {"에게서", 0}, {"한테", 0},   {"께", 0},   {"께서", 0},   {"도", 0},     {"만", 0},
    {"까지", 0},   {"부터", 0},   {"마다", 0}, {"조차", 0},   {"마저", 0},   {"밖에", 0},
    {"처럼", 0},   {"보다", 0},   {"하고", 0}, {"으로서", 4}, {"로서", 3},   {"으로써", 4},
    {"로써", 3},   {"이라고", 1}, {"라고", 2}, {"이라는", 1}, {"라는", 2},   {"이란", 1},
    {"란", 2},     {"이야", 1},   {"야", 2},   {"이다", 1},   {"입니다", 0}, {"이에요", 1},
    {"예요", 2},   {"이고", 1},   {"고", 2}};
/* What stands behind another particle: 에서+는, 까지+도. */
static const char *const second[] = {"은",   "는",   "도", "만", "의", "요",
                                     "부터", "까지", "이", "가", "을", "를"};

static bool fits(const struct particle *p, uint32_t before, const char *stem, size_t len)
{
    int final;

    if (p->after == 0 || !text_is_hangul(before))
        return true; /* behind Latin or digits people write by ear */
    final = text_final(stem, len);
    switch (p->after) {
    case 1:
        return final > 0;
    case 2:
        return final == 0;
    case 3:
        return final == 0 || final == 8;
    default:
        return final > 0 && final != 8;
    }
}

/* Whether rest is one Korean particle, or one with a second behind it, that fits behind the stem. */
static bool is_particle(const char *rest, const char *stem, size_t stem_len, uint32_t before)
{
    for (size_t i = 0; i < ARRAY_LEN(particles); i++) {
        size_t len = strlen(particles[i].text);

        if (strncmp(rest, particles[i].text, len) != 0 ||
            !fits(&particles[i], before, stem, stem_len))
            continue;
        if (rest[len] == '\0')
            return true;
        for (size_t j = 0; j < ARRAY_LEN(second); j++) {
            if (strcmp(rest + len, second[j]) == 0)
                return true;
        }
    }
    return false;
}

/* A tag is taken as written; but where what is left after a tag already in use is a particle, it is that tag.
 * A word that is itself in use stays itself: 회의 is not 회 + 의. */
static enum err find_tag(struct scan *s, const char *shown, struct tag *out)
{
    const char *key = text_fold(s->arena, shown), *p = key;
    size_t ends[LIMIT_TAG], n = 0;
    uint32_t chars[LIMIT_TAG];
    enum err e = store_tag_find(s->store, key, s->arena, out);

    if (e != E_NOTFOUND)
        return e;
    while (*p != '\0' && n < LIMIT_TAG) {
        chars[n] = text_next(&p);
        ends[n++] = (size_t)(p - key);
    }
    for (size_t i = n; i > 1 && *p == '\0' && text_is_hangul(chars[n - 1]); i--) {
        size_t len = ends[i - 2];

        if (!is_particle(key + len, key, len, chars[i - 2]) || s->lookups++ > LOOKUPS_MAX)
            continue;
        e = store_tag_find(s->store, arena_ndup(s->arena, key, len), s->arena, out);
        if (e != E_NOTFOUND)
            return e;
    }
    out->no = 0;
    out->key = key;
    out->shown = shown;
    return OK;
}

/* "#1234는": a post with a particle behind it. */
static bool names_post(const char *run, size_t len, struct arena *a)
{
    size_t digits = strspn(run, "0123456789");

    return digits > 0 && digits < len &&
           is_particle(text_nfc(a, arena_ndup(a, run + digits, len - digits)), run, digits, '0');
}

/* The run of word characters behind '#'. *used: its bytes. Only digits: a post, no tag. */
static enum err tag_at(struct scan *s, const char *run, size_t *used)
{
    const char *p = run, *shown;
    bool digits = true;
    struct found *f = s->out;
    struct tag t;
    enum err e;

    *used = 0;
    while (*p != '\0') {
        uint32_t c = text_next(&p);

        if (!text_is_word(c))
            break;
        digits = digits && text_is_digit(c);
        *used = (size_t)(p - run);
    }
    if (digits || f->n_tags == LIMIT_TAGS_PER_POST || names_post(run, *used, s->arena))
        return OK;
    shown = text_nfc(s->arena, arena_ndup(s->arena, run, *used));
    if (text_count(shown) > LIMIT_TAG)
        return OK;
    e = find_tag(s, shown, &t);
    if (e != OK)
        return e;
    for (size_t i = 0; i < f->n_tags; i++) {
        if (strcmp(f->tags[i].key, t.key) == 0)
            return OK;
    }
    f->tags[f->n_tags++] = t;
    return OK;
}

/* ---- the walk ---------------------------------------------------------------------------------- */

static enum err sign(struct scan *s, uint32_t c, uint32_t before, const char *run, size_t *used)
{
    *used = 0;
    if ((c == '@' || c == 0xFF20) && !is_address(before, run))
        return person_at(s, run, used);
    if ((c == '#' || c == 0xFF03) && !is_ascii_alnum(before) && before != '/' && before != '&' &&
        before != '#' && before != '_')
        return tag_at(s, run, used);
    return OK;
}

enum err compose_scan(struct store *st, const char *text, int64_t author, struct arena *a,
                      struct found *out)
{
    struct scan s = {.store = st, .arena = a, .author = author, .out = out};
    uint32_t before = 0;

    memset(out, 0, sizeof *out);
    out->named = arena_array(a, LIMIT_MENTIONS_PER_POST, sizeof *out->named);
    out->tags = arena_array(a, LIMIT_TAGS_PER_POST, sizeof *out->tags);
    s.unknown = arena_array(a, UNKNOWN_MAX, sizeof *s.unknown);
    out->unknown = s.unknown;
    while (*text != '\0') {
        const char *at = text;
        uint32_t c;
        size_t used = 0;
        bool link = false;
        enum err e;

        if (!is_ascii_alnum(before))
            used = url_at(at, &link);
        if (used > 0) {
            out->has_link = out->has_link || link;
            text += used;
            before = ' ';
            continue;
        }
        c = text_next(&text);
        e = sign(&s, c, before, text, &used);
        if (e != OK)
            return e;
        before = c;
        if (used > 0) {
            /* "#회의#기획@bob" is two tags and a person, "@alice@corp.example" is one person. */
            before = c == '#' || c == 0xFF03 ? ' ' : '.';
            text += used;
        }
    }
    return OK;
}
