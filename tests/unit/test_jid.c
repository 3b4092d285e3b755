/* SPDX-License-Identifier: MIT */
#include "base/jid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stringprep.h>

#include "base/limits.h"
#include "base/text.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

struct jid_case {
    const char *in, *local, *domain, *resource;
};

static void check_equal(const char *got, const char *want)
{
    if (want == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(got, want);
    }
}

/* RFC 7622 §3.5 (where stringprep agrees) and ours. */
static void test_good(void **state)
{
    static const struct jid_case cases[] = {
        {"juliet@example.com", "juliet", "example.com", NULL},
        {"juliet@example.com/foo", "juliet", "example.com", "foo"},
        {"juliet@example.com/foo bar", "juliet", "example.com", "foo bar"},
        {"juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar"},
        {"foo\\20bar@example.com", "foo\\20bar", "example.com", NULL},
        {"fussball@example.com", "fussball", "example.com", NULL},
        {"fußball@example.com", "fussball", "example.com", NULL}, /* stringprep folds ß */
        {"π@example.com", "π", "example.com", NULL},
        {"Σ@example.com/foo", "σ", "example.com", "foo"},
        {"σ@example.com/foo", "σ", "example.com", "foo"},
        {"ς@example.com/foo", "σ", "example.com", "foo"}, /* and final sigma */
        {"king@example.com/♚", "king", "example.com", "♚"},
        {"example.com", NULL, "example.com", NULL},
        {"example.com/foobar", NULL, "example.com", "foobar"},
        {"a.example.com/b@example.net", NULL, "a.example.com", "b@example.net"},
        {"a@b/c/d", "a", "b", "c/d"},
        {"ALICE@Corp.EXAMPLE/Home", "alice", "corp.example", "Home"},
        {"alice@corp.example./x", "alice", "corp.example", "x"},
        {"ａｌｉｃｅ＠@corp.example", NULL, NULL, NULL},
        {"Ａlice@ｃorp．example", "alice", "corp.example", NULL},
        {"alice@corp。example", "alice", "corp.example", NULL},
        {"한글@회사.example", "한글", "회사.example", NULL},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB@corp", "한", "corp", NULL}, /* NFD of 한 */
        {"#회의@blog.corp.example", "#회의", "blog.corp.example", NULL},
        {"!design@b", "!design", "b", NULL},
        {"#1234@b", "#1234", "b", NULL},
        {"~#회의@b", "~#회의", "b", NULL},
        {"soft\xC2\xADhyphen@b", "softhyphen", "b", NULL},
        {"a@[2001:db8::1]/r", "a", "[2001:db8::1]", "r"},
        {"a@[::1].", "a", "[::1]", NULL},
        {"a@127.0.0.1", "a", "127.0.0.1", NULL},
        {"a@localhost", "a", "localhost", NULL},
        {"a@my_host", "a", "my_host", NULL},
        {"a@xn--fuball-cta.example", "a", "xn--fuball-cta.example", NULL},
        {"a@b/\xE2\x80\x8B", NULL, NULL, NULL}, /* nothing is left of U+200B */
    };
    struct jid j;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (cases[i].domain == NULL) {
            assert_int_equal(jid_parse(arena, cases[i].in, &j), E_USAGE);
            continue;
        }
        assert_int_equal(jid_parse(arena, cases[i].in, &j), OK);
        check_equal(j.local, cases[i].local);
        check_equal(j.domain, cases[i].domain);
        check_equal(j.resource, cases[i].resource);
    }
}

/* RFC 7622 §3.5, second table, and ours. */
static void test_bad(void **state)
{
    static const char *const cases[] = {
        "",
        "\"juliet\"@example.com",
        "foo bar@example.com",
        "@example.com/",
        "@example.com",
        "@",
        "/",
        "@/",
        "a@",
        "a@/r",
        "a@b/",
        "example.com/",
        "/foobar",
        "a@b@c",
        "a&b@c",
        "a'b@c",
        "a:b@c",
        "a<b@c",
        "a>b@c",
        "a\tb@c",
        "a\x7f@c",
        "a@b c",
        "a@b:c",
        "a@b<c",
        "a@.b",
        "a@b..c",
        "a@.",
        "a@b..",
        "a@[::1",
        "a@::1",
        "a@[b]c",
        "a@[]",
        "a@[x]",
        "a@b\xE3\x80\x82\xE3\x80\x82"
        "c",
        "a@b\xEF\xBC\x8F"
        "c",            /* a full-width solidus in the domain */
        "a\xEF\xBC\xA0" /* a full-width @ */
        "b@c",
        "a\xE2\x80\xAE@b", /* right-to-left override */
        "\xD7\x90"
        "a@b", /* a right-to-left letter beside a left-to-right one */
        "a\xC2\xA0"
        "b@c", /* no-break space becomes a space */
        "a\xFF@b",
        "a@b/\xC3",
        "a@\xED\xA0\x80",
        "a@b/\x01",
        "a@b/c\xEE\x80\x80", /* private use */
        "\xC2\xAD@b",        /* nothing but a soft hyphen */
    };
    struct jid j = {"untouched", NULL, NULL};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (jid_parse(arena, cases[i], &j) != E_USAGE) {
            fail_msg("taken for a JID: \"%s\"", cases[i]);
        }
        assert_string_equal(j.local, "untouched");
    }
}

static const char *with_parts(size_t local, size_t domain, size_t resource, const char *unit)
{
    size_t n = strlen(unit);
    char *out = arena_alloc(arena, local * n + domain + resource + 3), *p = out;

    for (size_t i = 0; i < local; i++, p += n) {
        memcpy(p, unit, n);
    }
    *p++ = '@';
    memset(p, 'd', domain);
    p += domain;
    *p++ = '/';
    memset(p, 'r', resource);
    return out;
}

static void test_length(void **state)
{
    const size_t most = LIMIT_JID_PART;
    struct jid j;

    (void)state;
    assert_int_equal(jid_parse(arena, with_parts(most, most, most, "l"), &j), OK);
    assert_int_equal(strlen(j.local), most);
    assert_int_equal(jid_parse(arena, with_parts(most + 1, 1, 1, "l"), &j), E_USAGE);
    assert_int_equal(jid_parse(arena, with_parts(1, most + 1, 1, "l"), &j), E_USAGE);
    assert_int_equal(jid_parse(arena, with_parts(1, 1, most + 1, "l"), &j), E_USAGE);
    assert_int_equal(jid_parse(arena, with_parts(1, 1, 1000000, "l"), &j), E_USAGE);
    /* it is the prepared part that counts: three bytes each before, one behind */
    assert_int_equal(jid_parse(arena, with_parts(most, 1, 1, "ａ"), &j), OK);
    assert_int_equal(strlen(j.local), most);
    assert_int_equal(jid_parse(arena, with_parts(most + 1, 1, 1, "ａ"), &j), E_USAGE);
    assert_int_equal(jid_parse(arena, with_parts(341, 1, 1, "한"), &j), OK);
    assert_int_equal(jid_parse(arena, with_parts(342, 1, 1, "한"), &j), E_USAGE);
    /* one character that becomes 33 bytes */
    assert_int_equal(jid_parse(arena, with_parts(300, 1, 1, "\xEF\xB7\xBA"), &j), E_USAGE);
}

static void test_writing(void **state)
{
    struct jid j;

    (void)state;
    assert_int_equal(jid_parse(arena, "A@B/C", &j), OK);
    assert_string_equal(jid_bare(arena, &j), "a@b");
    assert_string_equal(jid_full(arena, &j), "a@b/C");
    assert_int_equal(jid_parse(arena, "B/C", &j), OK);
    assert_string_equal(jid_bare(arena, &j), "b");
    assert_string_equal(jid_full(arena, &j), "b/C");
    assert_int_equal(jid_parse(arena, "B", &j), OK);
    assert_string_equal(jid_full(arena, &j), "b");
}

static void test_domains_match_exactly(void **state)
{
    static const char *const domains[] = {"corp.example", "회사.example"};
    struct jid j;

    (void)state;
    assert_int_equal(jid_parse(arena, "a@CORP.example", &j), OK);
    assert_true(jid_domain_in(&j, domains, 2));
    assert_false(jid_domain_in(&j, domains, 0));
    assert_false(jid_domain_in(&j, domains + 1, 1));
    assert_int_equal(jid_parse(arena, "a@muc.corp.example", &j), OK);
    assert_false(jid_domain_in(&j, domains, 2));
    assert_int_equal(jid_parse(arena, "corp.example@evil.example", &j), OK);
    assert_false(jid_domain_in(&j, domains, 2));
    assert_int_equal(jid_parse(arena, "a@xcorp.example", &j), OK);
    assert_false(jid_domain_in(&j, domains, 2));
    assert_int_equal(jid_parse(arena, "a@회사.EXAMPLE", &j), OK);
    assert_true(jid_domain_in(&j, domains, 2));
}

/* The short way for ASCII says what libidn says, for every character. */
static void test_ascii_as_libidn(void **state)
{
    (void)state;
    for (int c = 1; c < 128; c++) {
        char part[16] = {'x', (char)c, 'Y', '\0'}, whole[32];
        struct jid j;
        bool ok;

        if (c != '/' && c != '@') {
            ok = stringprep_xmpp_nodeprep(part, sizeof(part)) == STRINGPREP_OK;
            memcpy(whole, (char[]){'x', (char)c, 'Y', '@', 'd', '\0'}, 6);
            assert_int_equal(jid_parse(arena, whole, &j) == OK, ok);
            if (ok) {
                assert_string_equal(j.local, part);
            }
        }
        memcpy(part, (char[]){'x', (char)c, 'Y', '\0'}, 4);
        ok = stringprep_xmpp_resourceprep(part, sizeof(part)) == STRINGPREP_OK;
        memcpy(whole, (char[]){'d', '/', 'x', (char)c, 'Y', '\0'}, 6);
        assert_int_equal(jid_parse(arena, whole, &j) == OK, ok);
        if (ok) {
            assert_string_equal(j.resource, part);
        }
    }
}

/* A prepared JID stays as it is when it is prepared again, whatever it was made of: else a
 * person would be two. */
static void test_preparing_is_idempotent(void **state)
{
    struct jid first, again;
    size_t good = 0;

    (void)state;
    for (uint32_t c = 1; c < 0x30000; c++) {
        char whole[64], *p = whole;

        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        p += text_put(p, c);
        *p++ = '@';
        *p++ = 'x';
        p += text_put(p, c);
        *p++ = '/';
        p += text_put(p, c);
        *p = '\0';
        if (jid_parse(arena, whole, &first) != OK) {
            continue;
        }
        good++;
        if (jid_parse(arena, jid_full(arena, &first), &again) != OK ||
            strcmp(first.domain, again.domain) != 0 ||
            strcmp(first.resource, again.resource) != 0 || strcmp(first.local, again.local) != 0) {
            fail_msg("U+%04X is not stable", (unsigned)c);
        }
        arena_reset(arena);
    }
    assert_true(good > 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_writing),
        cmocka_unit_test(test_domains_match_exactly),
        cmocka_unit_test(test_ascii_as_libidn),
        cmocka_unit_test(test_preparing_is_idempotent),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
