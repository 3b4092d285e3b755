/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/limits.h"
#include "bridge/people.h"
#include "tests/unit/feed.h"

#include <openssl/evp.h>

#define NOW 1763888400000LL
#define BOT "jaejal@blog.corp.example"

static const char *const domains[] = {"corp.example"};
static const struct decode_options options = {.domain = "blog.corp.example",
                                              .bot = "jaejal",
                                              .allowed_domains = domains,
                                              .n_allowed_domains = 1};
static xmpp_ctx_t *ctx;
static struct arena *arena;
static struct peers *peers;
static struct people_desk *desk;
static struct buffer out;

static int set_up(void **state)
{
    (void)state;
    ctx = xmpp_ctx_new(NULL, NULL);
    arena = arena_new(LIMIT_ARENA);
    peers = peers_new(LANG_EN);
    desk = people_new(ctx, peers, BOT);
    buffer_init(&out, 1000000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buffer_fini(&out);
    people_free(desk);
    peers_free(peers);
    arena_free(arena);
    xmpp_ctx_free(ctx);
    return 0;
}

static struct peer *person(int64_t no)
{
    struct person p = {.no = no, .lang = "", .photo_hash = "", .on = true};

    p.jid = arena_printf(arena, "p%lld@corp.example", (long long)no);
    return peers_put(peers, &p);
}

/* How many questions were written; the id of the last one goes to id. */
static size_t asked(char *id, size_t size)
{
    const char *at = out.data;
    size_t n = 0;

    while (at != NULL && (at = strstr(at, "<iq ")) != NULL) {
        const char *from = strstr(at, "id=\"") + 4;

        (void)snprintf(id, size, "%.*s", (int)strcspn(from, "\""), from);
        n++;
        at = from;
    }
    return n;
}

static bool answer(const char *xml, struct peer **who, bool *read, struct vcard *card)
{
    xmpp_stanza_t *st = feed_stanza(ctx, xml);
    struct decoded d;
    bool ours;

    decode_stanza(&options, st, arena, &d);
    assert_int_equal(d.kind, DECODED_ANSWER);
    ours = people_answered(desk, &d, NOW, arena, who, read, card);
    xmpp_stanza_release(st);
    return ours;
}

static struct vcard card_of(const char *inside)
{
    char xml[4000];
    struct vcard card;
    xmpp_stanza_t *st;

    (void)snprintf(xml, sizeof(xml),
                   "<iq type='result' id='1'><vCard xmlns='vcard-temp'>%s</vCard></iq>", inside);
    st = feed_stanza(ctx, xml);
    people_read_vcard(arena, xmpp_stanza_get_children(st), &card);
    xmpp_stanza_release(st);
    return card;
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(card_of("<FN>Alice Kim</FN><NICKNAME>al</NICKNAME>").name, "Alice Kim");
    assert_string_equal(card_of("<FN> </FN><N><FAMILY>Kim</FAMILY><GIVEN>Alice</GIVEN></N>").name,
                        "Alice Kim");
    assert_string_equal(card_of("<N><FAMILY>김</FAMILY><GIVEN>영희</GIVEN></N>").name, "김영희");
    assert_string_equal(card_of("<N><GIVEN>Alice</GIVEN></N>").name, "Alice");
    assert_string_equal(card_of("<N/><NICKNAME>al</NICKNAME>").name, "al");
    assert_string_equal(card_of("").name, "");
    assert_string_equal(card_of("<FN xmlns='urn:evil'>Boss</FN>").name, "");
    /* Nobody can look like a line, an address or a tag of somebody else. */
    assert_null(strpbrk(card_of("<FN>Bob (@alice): hi\nEve #1</FN>").name, "()@:#\n"));
    assert_int_equal(
        strlen(
            card_of(
                "<FN>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</FN>")
                .name),
        LIMIT_NAME);
}

static void photos(void **state)
{
    struct vcard card =
        card_of("<PHOTO><TYPE>text/html</TYPE><BINVAL>iVBORw0K\n  GgoA</BINVAL></PHOTO>");

    (void)state;
    assert_string_equal(card.photo_type, "image/png");
    assert_int_equal(card.photo_len, 9);
    assert_memory_equal(card.photo, "\x89PNG\r\n\x1a\n\0", 9);
    assert_string_equal(card.photo_hash,
                        "c358171d305bac52b72253f482afb59489728a17"); /* sha1sum(1) */
    assert_string_equal(card_of("<PHOTO><BINVAL>/9j/4A==</BINVAL></PHOTO>").photo_type,
                        "image/jpeg");
    assert_string_equal(card_of("<PHOTO><BINVAL>R0lGODlhAA==</BINVAL></PHOTO>").photo_type,
                        "image/gif");
    assert_string_equal(card_of("<PHOTO><BINVAL>UklGRgAAAABXRUJQVlA=</BINVAL></PHOTO>").photo_type,
                        "image/webp");
    /* SVG can run scripts; HTML is none; nothing is nothing. */
    assert_null(card_of("<PHOTO><TYPE>image/png</TYPE><BINVAL>PHN2Zz48L3N2Zz4=</BINVAL></PHOTO>")
                    .photo_type);
    assert_null(card_of("<PHOTO><BINVAL>not base64!!</BINVAL></PHOTO>").photo_type);
    assert_null(card_of("<PHOTO><BINVAL>/9j</BINVAL></PHOTO>").photo_type);
    assert_null(card_of("<PHOTO><BINVAL/></PHOTO>").photo_type);
    assert_null(card_of("<PHOTO><BINVAL>====</BINVAL></PHOTO>").photo_type);
    assert_null(card_of("<PHOTO><EXTVAL>http://evil.example/x.png</EXTVAL></PHOTO>").photo_type);
    assert_string_equal(card_of("").photo_hash, "");
}

/* A photo of exactly n bytes in base64; true if it was taken. */
static bool takes_photo(size_t n)
{
    unsigned char *data = calloc(1, n), *text = calloc(1, n / 3 * 4 + 8);
    struct buffer xml;
    struct vcard card;
    xmpp_stanza_t *st;

    assert_true(data != NULL && text != NULL);
    memcpy(data, "\xff\xd8\xff", 3);
    (void)EVP_EncodeBlock(text, data, (int)n);
    buffer_init(&xml, 2 * LIMIT_STANZA);
    buffer_addf(&xml,
                "<iq><vCard xmlns='vcard-temp'><PHOTO><BINVAL>%s</BINVAL></PHOTO></vCard></iq>",
                (char *)text);
    st = feed_stanza(ctx, xml.data);
    people_read_vcard(arena, xmpp_stanza_get_children(st), &card);
    assert_true(card.photo_type == NULL || card.photo_len == n);
    xmpp_stanza_release(st);
    buffer_fini(&xml);
    free(data);
    free(text);
    return card.photo_type != NULL;
}

static void photo_limit(void **state)
{
    (void)state;
    assert_true(takes_photo(LIMIT_PHOTO));
    assert_true(takes_photo(LIMIT_PHOTO - 1));
    assert_false(takes_photo(LIMIT_PHOTO + 1));
}

static void asks_once(void **state)
{
    struct peer *alice = person(1);
    char id[100];

    (void)state;
    people_want(desk, alice);
    people_run(desk, NOW, 1000, &out);
    assert_int_equal(out.len, 0); /* no link yet */
    assert_int_equal(people_deadline(desk), -1);
    people_link_up(desk);
    people_want(desk, alice);
    assert_int_equal(people_deadline(desk), 0);
    people_run(desk, NOW, 1000, &out);
    people_want(desk, alice);
    people_run(desk, NOW, 1000, &out);
    assert_int_equal(asked(id, sizeof(id)), 1);
    assert_non_null(strstr(out.data, "to=\"p1@corp.example\""));
    assert_non_null(strstr(out.data, "from=\"" BOT "\""));
    assert_non_null(strstr(out.data, "<vCard xmlns=\"vcard-temp\"/>"));
    assert_int_equal(people_deadline(desk), 1000 + PEOPLE_PATIENCE_MS);
}

static void only_true_answers_count(void **state)
{
    struct peer *alice = person(1), *who = NULL;
    struct vcard card;
    char id[100], xml[1000];
    bool read = false;

    (void)state;
    person(2)->vcard_asked_at = NOW;
    people_link_up(desk);
    people_want(desk, alice);
    people_run(desk, NOW, 1000, &out);
    (void)asked(id, sizeof(id));
    /* Somebody else, even with the right id; somebody's client; the right one with another id. */
    (void)snprintf(xml, sizeof(xml),
                   "<iq type='result' from='p2@corp.example' to='" BOT "' id='%s'>"
                   "<vCard xmlns='vcard-temp'><FN>Boss</FN></vCard></iq>",
                   id);
    assert_false(answer(xml, &who, &read, &card));
    (void)snprintf(xml, sizeof(xml),
                   "<iq type='result' from='p1@corp.example/x' to='" BOT "' id='%s'>"
                   "<vCard xmlns='vcard-temp'><FN>Boss</FN></vCard></iq>",
                   id);
    assert_false(answer(xml, &who, &read, &card));
    assert_false(answer("<iq type='result' from='p1@corp.example' to='" BOT "' id='v-1'/>", &who,
                        &read, &card));
    (void)snprintf(xml, sizeof(xml),
                   "<iq type='result' from='p1@corp.example' to='" BOT "' id='%s'>"
                   "<vCard xmlns='vcard-temp'><FN>Alice</FN></vCard></iq>",
                   id);
    assert_true(answer(xml, &who, &read, &card));
    assert_true(read);
    assert_ptr_equal(who, alice);
    assert_string_equal(card.name, "Alice");
    assert_int_equal(alice->vcard_asked_at, NOW);
    assert_false(answer(xml, &who, &read, &card)); /* once */
}

static void answers_without_a_card(void **state)
{
    static const struct {
        const char *inside, *type;
        bool read;
    } cases[] = {
        {"", "result", true},
        {"<query xmlns='x'/>", "result", true},
        {"<error type='cancel'><item-not-found "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
         "error", true},
        {"<error type='wait'><internal-server-error "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
         "error", false},
        {"<error type='cancel'><service-unavailable "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
         "error", false},
    };
    size_t i;

    (void)state;
    people_link_up(desk);
    for (i = 0; i < ARRAY_LEN(cases); i++) {
        struct peer *p = person((int64_t)i + 1), *who = NULL;
        struct vcard card;
        char id[100], xml[1000];
        bool read = !cases[i].read;

        p->vcard_asked_at = 0;
        people_want(desk, p);
        people_run(desk, NOW, 1000, &out);
        (void)asked(id, sizeof(id));
        (void)snprintf(xml, sizeof(xml), "<iq type='%s' from='%s' to='" BOT "' id='%s'>%s</iq>",
                       cases[i].type, p->jid, id, cases[i].inside);
        assert_true(answer(xml, &who, &read, &card));
        assert_int_equal(read, cases[i].read);
        assert_int_equal(p->vcard_asked_at, NOW);
        if (read) {
            assert_string_equal(card.name, "");
            assert_int_equal(card.photo_len, 0);
        }
    }
}

static void few_at_a_time(void **state)
{
    char id[100];
    int64_t i;

    (void)state;
    people_link_up(desk);
    for (i = 1; i <= 100; i++) {
        people_want(desk, person(i));
    }
    people_run(desk, NOW, 1000, &out);
    assert_int_equal(asked(id, sizeof(id)), PEOPLE_ASKED);
    /* Who does not answer makes room for the next. */
    people_run(desk, NOW, 1000 + PEOPLE_PATIENCE_MS - 1, &out);
    assert_int_equal(asked(id, sizeof(id)), PEOPLE_ASKED);
    people_run(desk, NOW + 5, 1000 + PEOPLE_PATIENCE_MS, &out);
    assert_int_equal(asked(id, sizeof(id)), 2 * PEOPLE_ASKED);
    assert_int_equal(peers_by_no(peers, 1)->vcard_asked_at, NOW + 5);
}

static void lost_links(void **state)
{
    struct peer *alice = person(1);
    char id[100], other[100];

    (void)state;
    people_link_up(desk);
    people_want(desk, alice);
    people_run(desk, NOW, 1000, &out);
    assert_int_equal(asked(id, sizeof(id)), 1);
    people_link_down(desk);
    buffer_reset(&out);
    people_run(desk, NOW, 2000, &out);
    assert_int_equal(out.len, 0);
    people_link_up(desk);
    people_run(desk, NOW, 3000, &out);
    assert_int_equal(asked(other, sizeof(other)), 1);
    assert_string_not_equal(id, other);
}

static void every_day(void **state)
{
    struct peer *alice = person(1), *bob = person(2), *gone = person(3);
    char id[100];

    (void)state;
    alice->vcard_asked_at = NOW - LIMIT_DAY_MS - 3600000;
    bob->vcard_asked_at = NOW - LIMIT_DAY_MS / 2;
    gone->vcard_asked_at = 0;
    gone->retired = true;
    people_link_up(desk);
    people_run(desk, NOW, 1000, &out);
    assert_int_equal(asked(id, sizeof(id)), 1);
    assert_non_null(strstr(out.data, "to=\"p1@corp.example\""));
    assert_true(people_refused(desk, id, "p1@corp.example", NOW)); /* too big */
    assert_false(people_refused(desk, id, "p1@corp.example", NOW));
    assert_int_equal(people_deadline(desk), 1000 + PEOPLE_SWEEP_MS);
    people_run(desk, NOW + LIMIT_DAY_MS, 1000 + PEOPLE_SWEEP_MS, &out);
    assert_int_equal(asked(id, sizeof(id)), 2);
    assert_non_null(strstr(out.data, "to=\"p2@corp.example\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(photos, set_up, tear_down),
        cmocka_unit_test_setup_teardown(photo_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asks_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_true_answers_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_without_a_card, set_up, tear_down),
        cmocka_unit_test_setup_teardown(few_at_a_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lost_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_day, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
