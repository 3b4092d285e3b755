/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "bridge/decode.h"
#include "tests/unit/feed.h"

static const char *const domains[] = {"corp.example", "회사.example"};
static const struct decode_options options = {.domain = "blog.corp.example",
                                              .bot = "jaejal",
                                              .allowed_domains = domains,
                                              .n_allowed_domains = 2};
static xmpp_ctx_t *ctx;
static struct arena *arena;
static xmpp_stanza_t *last;
static struct decoded d;

static int set_up(void **state)
{
    (void)state;
    ctx = xmpp_ctx_new(NULL, NULL);
    arena = arena_new(LIMIT_ARENA);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (last != NULL) {
        xmpp_stanza_release(last);
    }
    last = NULL;
    arena_free(arena);
    xmpp_ctx_free(ctx);
    return 0;
}

static const struct decoded *read_xml(const char *xml)
{
    if (last != NULL) {
        xmpp_stanza_release(last);
    }
    last = feed_stanza(ctx, xml);
    decode_stanza(&options, last, arena, &d);
    return &d;
}

/* A chat message of alice to the bot with these children. */
static const struct decoded *message(const char *children)
{
    struct buffer xml;

    buffer_init(&xml, 2 * LIMIT_STANZA);
    buffer_adds(&xml,
                "<message from='alice@corp.example/phone' to='jaejal@blog.corp.example' id='m1' "
                "type='chat' xml:lang='ko-KR'>");
    buffer_adds(&xml, children);
    buffer_adds(&xml, "</message>");
    assert_false(xml.over);
    (void)read_xml(xml.data);
    buffer_fini(&xml);
    return &d;
}

static void plain_message(void **state)
{
    (void)state;
    (void)message("<body>안녕 &amp; hello\n  there</body>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_int_equal(d.address, ADDRESS_BOT);
    assert_string_equal(d.request.from, "alice@corp.example/phone");
    assert_string_equal(d.request.from_bare, "alice@corp.example");
    assert_string_equal(d.request.from_local, "alice");
    assert_string_equal(d.request.to, "jaejal@blog.corp.example");
    assert_string_equal(d.request.id, "m1");
    assert_string_equal(d.request.lang, "ko");
    assert_string_equal(d.request.body, "안녕 & hello\n  there");
    assert_null(d.request.origin_id);
    assert_false(d.request.delayed);
    assert_false(d.request.encrypted);
    assert_false(d.request.body_too_long);
}

static void addresses_are_prepared(void **state)
{
    (void)state;
    (void)read_xml("<message from='Alice@CORP.example/Phone' "
                   "to='JAEJAL@Blog.Corp.Example/x'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.from, "alice@corp.example/Phone");
    assert_string_equal(d.request.to, "jaejal@blog.corp.example");
    assert_null(d.request.id);
    assert_string_equal(d.request.lang, "");
    (void)read_xml(
        "<message from='bob@corp.example' to='blog.corp.example'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_int_equal(d.address, ADDRESS_DOMAIN);
    assert_string_equal(d.request.to, "blog.corp.example");
    (void)read_xml(
        "<message from='bob@회사.example' to='blog.corp.example'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
}

static void other_addresses(void **state)
{
    (void)state;
    (void)read_xml("<message from='bob@corp.example/x' to='nobody@blog.corp.example' "
                   "id='7'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_BAD);
    assert_string_equal(d.condition, "item-not-found");
    assert_string_equal(d.to, "nobody@blog.corp.example");
    (void)read_xml("<presence from='bob@corp.example/x' to='nobody@blog.corp.example'/>");
    assert_int_equal(d.kind, DECODED_SILENT);
    (void)read_xml("<iq type='get' id='1' from='bob@corp.example/x' to='nobody@blog.corp.example'>"
                   "<ping xmlns='urn:xmpp:ping'/></iq>");
    assert_int_equal(d.kind, DECODED_ASK);
    assert_int_equal(d.address, ADDRESS_OTHER);
    /* An answer from an address of another domain, or from none that can be one, would close the stream. */
    (void)read_xml(
        "<message from='bob@corp.example/x' to='a@other.example'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_BAD);
    assert_string_equal(d.to, "blog.corp.example");
    (void)read_xml("<message from='bob@corp.example/x' to='@@@'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_BAD);
    assert_string_equal(d.to, "blog.corp.example");
}

static void silence(void **state)
{
    /* clang-format off */
    static const char *const silent[] = {
        "<message to='blog.corp.example'><body>a</body></message>",
        "<message from='' to='blog.corp.example'><body>a</body></message>",
        "<message from='@' to='blog.corp.example'><body>a</body></message>",
        "<message from='a&lt;b@corp.example' to='blog.corp.example'><body>a</body></message>",
        "<message from='blog.corp.example' to='blog.corp.example'><body>a</body></message>",
        "<message from='jaejal@blog.corp.example' to='blog.corp.example'><body>a</body></message>",
        "<message from='corp.example' to='blog.corp.example'><body>maintenance</body></message>",
        "<message from='alice@corp.example/x' to='blog.corp.example' type='groupchat'><body>a</body></message>",
        "<message from='alice@corp.example/x' to='blog.corp.example' type='headline'><body>a</body></message>",
        "<presence from='corp.example' to='blog.corp.example'/>",
        "<presence from='a@corp.example/x' to='blog.corp.example' type='error'/>",
        "<presence from='a@corp.example/x' to='blog.corp.example' type='nonsense'/>",
        "<presence from='a@corp.example/x' to='blog.corp.example' type='sub'/>",
        "<presence from='a@corp.example/x' to='blog.corp.example' type='ubscribe'/>",
        "<presence from='a@corp.example/x' to='blog.corp.example' type='unsubscribe subscribe'/>",
        "<presence from='a@corp.example/x' to='blog.corp.example' type=''/>",
        "<iq from='a@corp.example/x' to='blog.corp.example' type='nonsense' id='1'><q xmlns='x'/></iq>",
        "<iq from='a@corp.example/x' to='blog.corp.example' id='1'><q xmlns='x'/></iq>",
        "<iq from='a@corp.example/x' to='blog.corp.example' type='result'/>",
        "<iq from='blog.corp.example' to='blog.corp.example' type='get' id='1'><q xmlns='x'/></iq>",
        "<iq from='evil.example' to='blog.corp.example' type='result' id='1'/>",
        "<presence from='a@evil.example' to='blog.corp.example' type='error'/>",
        "<route from='a@corp.example/x' to='blog.corp.example'><body>a</body></route>",
        "<message xmlns='urn:evil' from='a@corp.example/x' to='blog.corp.example'><body>a</body></message>",
        "<handshake/>",
    };
    /* clang-format on */
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(silent); i++) {
        if (read_xml(silent[i])->kind != DECODED_SILENT) {
            fail_msg("not silent: %s", silent[i]);
        }
    }
}

static void silent_messages(void **state)
{
    /* clang-format off */
    static const char *const silent[] = {
        "",
        "<body/>",
        "<body>  \n\t </body>",
        "<body>\xc2\xa0\xe3\x80\x80</body>",
        "<subject>only a subject</subject>",
        "<body xmlns='http://www.w3.org/1999/xhtml'>not a body</body>",
        "<x:body xmlns:x='urn:evil'>not a body</x:body>",
        "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
        "<received xmlns='urn:xmpp:receipts' id='p1'/>",
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='p1'/>",
        "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "
          "from='x@corp.example' to='y@corp.example'><body>secret</body></message></forwarded></received>",
        "<sent xmlns='urn:xmpp:carbons:2'/><body>a</body>",
        "<result xmlns='urn:xmpp:mam:2' id='1'/><body>a</body>",
        "<privilege xmlns='urn:xmpp:privilege:2'/><body>a</body>",
        "<x xmlns='jabber:x:conference' jid='room@conf.corp.example'/><body>come</body>",
        "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b'/></x><body>come</body>",
        "<x xmlns='http://jabber.org/protocol/muc#user'><decline from='a@b'/></x>",
        "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/></encrypted>",
        "<event xmlns='http://jabber.org/protocol/pubsub#event'/>",
        "<reply xmlns='urn:xmpp:reply:0' id='p1'/><body>&gt; all of it\n</body>"
          "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body/></fallback>",
    };
    /* clang-format on */
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(silent); i++) {
        if (message(silent[i])->kind != DECODED_SILENT) {
            fail_msg("not silent: %s", silent[i]);
        }
    }
    (void)message("<received xmlns='urn:xmpp:receipts' id='p1'/>");
    assert_string_equal(d.receipt, "p1");
    (void)message("<received xmlns='urn:xmpp:receipts'/>");
    assert_null(d.receipt);
    (void)message(
        "<sent xmlns='urn:xmpp:carbons:2'/><received xmlns='urn:xmpp:receipts' id='p1'/>");
    assert_null(d.receipt);
    (void)message("<received xmlns='urn:xmpp:receipts' id='p1'/><body>a</body>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.receipt, "p1");
    assert_false(d.asks_receipt);
    (void)message("<request xmlns='urn:xmpp:receipts'/><body>a</body>");
    assert_true(d.asks_receipt);
    (void)message("<private xmlns='urn:xmpp:carbons:2'/><body>a</body>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
}

static void strangers(void **state)
{
    (void)state;
    (void)read_xml("<message from='a@evil.example/x' to='jaejal@blog.corp.example' "
                   "id='1'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_FOREIGN);
    assert_string_equal(d.condition, "not-allowed");
    assert_string_equal(d.from, "a@evil.example/x");
    assert_string_equal(d.to, "jaejal@blog.corp.example");
    /* A subdomain (a room, a feed) is another domain. */
    (void)read_xml("<message from='room@conference.corp.example/x' "
                   "to='jaejal@blog.corp.example'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_FOREIGN);
    (void)read_xml(
        "<presence from='a@evil.example/x' to='jaejal@blog.corp.example' type='subscribe'/>");
    assert_int_equal(d.kind, DECODED_FOREIGN);
    assert_int_equal(d.element, ELEMENT_PRESENCE);
    (void)read_xml("<iq type='get' id='1' from='a@evil.example' to='blog.corp.example'><ping "
                   "xmlns='urn:xmpp:ping'/></iq>");
    assert_int_equal(d.kind, DECODED_FOREIGN);
    assert_int_equal(d.element, ELEMENT_IQ);
    /* A forged from is none (bridge/stream drops it); the true one counts. */
    (void)read_xml("<message xmlns:x='urn:evil' x:from='boss@corp.example' from='a@evil.example/x' "
                   "to='jaejal@blog.corp.example'><body>a</body></message>");
    assert_int_equal(d.kind, DECODED_FOREIGN);
}

static void languages(void **state)
{
    (void)state;
    assert_string_equal(decode_language("ko"), "ko");
    assert_string_equal(decode_language("KO-kr"), "ko");
    assert_string_equal(decode_language("en-GB"), "en");
    assert_string_equal(decode_language("kok"), "");
    assert_string_equal(decode_language("k"), "");
    assert_string_equal(decode_language("de"), "");
    assert_string_equal(decode_language(""), "");
    assert_string_equal(decode_language(NULL), "");
    (void)message("<body xml:lang='de'>Hallo</body><body xml:lang='ko'>안녕</body><body>hi</body>");
    assert_string_equal(d.request.body, "hi");
    assert_string_equal(d.request.lang, "ko");
    (void)message("<body xml:lang='en'>hi</body><body xml:lang='ko'>안녕</body>");
    assert_string_equal(d.request.body, "안녕");
    (void)message("<body xml:lang='en'>hi</body><body xml:lang='de'>Hallo</body>");
    assert_string_equal(d.request.body, "hi");
    assert_string_equal(d.request.lang, "en");
    (void)message("<body>one</body><body>two</body>");
    assert_string_equal(d.request.body, "one");
}

static void encryption(void **state)
{
    (void)state;
    (void)message("<encrypted xmlns='eu.siacs.conversations.axolotl'><header "
                  "sid='1'/><payload>eA==</payload></encrypted>"
                  "<encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/>"
                  "<body>I sent you an OMEMO encrypted message</body>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_true(d.request.encrypted);
    assert_null(d.request.body);
    (void)message(
        "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/><payload>eA==</payload></encrypted>");
    assert_true(d.request.encrypted);
    assert_int_equal(d.kind, DECODED_MESSAGE);
    (void)message("<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/><body>x</body>");
    assert_true(d.request.encrypted);
    (void)message("<body>?OTRv23? somebody wants to talk in private</body>");
    assert_true(d.request.encrypted);
    assert_null(d.request.body);
    (void)message("<x xmlns='jabber:x:encrypted'>…</x><body>This message is encrypted.</body>");
    assert_true(d.request.encrypted);
    (void)message("<body>What is ?OTR</body>");
    assert_false(d.request.encrypted);
}

static void cut(const char *body, const char *ranges, const char *want)
{
    char xml[4000];

    (void)snprintf(
        xml, sizeof(xml),
        "<reply xmlns='urn:xmpp:reply:0' to='jaejal@blog.corp.example' id='p1234'/><body>%s</body>"
        "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>%s</fallback>",
        body, ranges);
    (void)message(xml);
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.replies, "p1234");
    assert_string_equal(d.request.body, want);
}

static void fallbacks(void **state)
{
    (void)state;
    /* XEP-0461, example 3 (adapted): the quoted lines are not what was written. */
    cut("&gt; Anna wrote:\n&gt; We should bake a cake\nGreat idea!", "<body start='0' end='38'/>",
        "Great idea!");
    cut("&gt; 가나다\n좋아요 😀", "<body start='0' end='6'/>", "좋아요 😀");
    cut("&gt; 😀😀\nyes", "<body start='0' end='5'/>", "yes");
    cut("abcdef", "<body start='1' end='3'/><body start='4' end='5'/>", "adf");
    cut("abcdef", "<body start='4' end='5'/><body start='1' end='3'/>", "adf");
    cut("abcdef", "<body start='0' end='3'/><body start='1' end='2'/><body start='2' end='4'/>",
        "ef");
    cut("abcdef", "<body end='2'/>", "cdef");
    cut("abcdef", "<body start='2'/>", "ab");
    /* What cannot be a range of this text stays. */
    cut("abcdef", "<body start='0' end='7'/>", "abcdef");
    cut("abcdef", "<body start='3' end='3'/>", "abcdef");
    cut("abcdef", "<body start='4' end='2'/>", "abcdef");
    cut("abcdef", "<body start='-1' end='2'/>", "abcdef");
    cut("abcdef", "<body start='0x0' end='2'/>", "abcdef");
    cut("abcdef", "<body start='0' end='99999999999999999999'/>", "abcdef");
    cut("abcdef", "<body start='' end='2'/>", "abcdef");
    cut("abcdef", "<subject start='0' end='2'/>", "abcdef");
    cut("abcdef", "<x:body xmlns:x='urn:evil' start='0' end='2'/>", "abcdef");
    (void)message(
        "<body>&gt; quote</body><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'/>");
    assert_string_equal(d.request.body, "> quote");
    (void)message("<body>&gt; quote</body><fallback xmlns='urn:xmpp:fallback:0'/>");
    assert_string_equal(d.request.body, "> quote");
}

static void corrections(void **state)
{
    (void)state;
    /* XEP-0308, example 3 */
    (void)message("<body>But soft, what light through yonder window breaks?</body>"
                  "<replace id='bad1' xmlns='urn:xmpp:message-correct:0'/><origin-id "
                  "xmlns='urn:xmpp:sid:0' id='o1'/>"
                  "<stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='alice@corp.example'/>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.replaces, "bad1");
    assert_string_equal(d.request.origin_id, "o1");
    (void)message("<body>x</body><replace xmlns='urn:xmpp:message-correct:0'/>");
    assert_null(d.request.replaces);
    (void)message("<body>x</body><replace xmlns='urn:evil' id='a'/>");
    assert_null(d.request.replaces);
}

static void retractions(void **state)
{
    (void)state;
    /* XEP-0424 version 0.4, example 4 */
    (void)message(
        "<retract id='origin-id-1' xmlns='urn:xmpp:message-retract:1'/>"
        "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
        "<body>/me retracted a previous message, but it's unsupported by your client.</body>"
        "<store xmlns='urn:xmpp:hints'/>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.retracts, "origin-id-1");
    assert_null(d.request.body);
    /* and version 0.3 */
    (void)message("<apply-to id='origin-id-2' xmlns='urn:xmpp:fasten:0'><retract "
                  "xmlns='urn:xmpp:message-retract:0'/>"
                  "</apply-to><body>gone</body>");
    assert_string_equal(d.request.retracts, "origin-id-2");
    assert_null(d.request.body);
    (void)message("<apply-to id='origin-id-2' xmlns='urn:xmpp:fasten:0'><other "
                  "xmlns='urn:x'/></apply-to><body>a</body>");
    assert_null(d.request.retracts);
    assert_string_equal(d.request.body, "a");
}

static void reactions(void **state)
{
    (void)state;
    /* XEP-0444, example 1 */
    (void)message(
        "<reactions id='p744' xmlns='urn:xmpp:reactions:0'><reaction>👋</reaction>"
        "<reaction> 🐢 </reaction><reaction>👋</reaction><reaction/>"
        "<reaction>far too long to be a reaction, whatever it may be meant to say to us</reaction>"
        "<other>x</other></reactions><store xmlns='urn:xmpp:hints'/>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.reacts, "p744");
    assert_int_equal(d.request.n_reactions, 2);
    assert_string_equal(d.request.reactions[0], "👋");
    assert_string_equal(d.request.reactions[1], "🐢");
    (void)message("<reactions id='p744' xmlns='urn:xmpp:reactions:0'/>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.reacts, "p744");
    assert_int_equal(d.request.n_reactions, 0);
    (void)message("<reactions xmlns='urn:xmpp:reactions:0'><reaction>👋</reaction></reactions>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.reacts, "");
}

/* What such a body quotes may be private: without an id that can be read it is no post either. */
static void gestures_without_an_id(void **state)
{
    char xml[6000], id[LIMIT_STANZA_ID + 2];

    (void)state;
    memset(id, 'i', sizeof(id));
    id[LIMIT_STANZA_ID + 1] = '\0';
    (void)snprintf(xml, sizeof(xml), "<body>a</body><reply xmlns='urn:xmpp:reply:0' id='%s'/>", id);
    assert_string_equal(message(xml)->request.replies, "");
    (void)message("<body>a</body><reply xmlns='urn:xmpp:reply:0' to='b@corp.example'/>");
    assert_string_equal(d.request.replies, "");
    (void)message("<body>&gt; secret\n👋</body><reactions xmlns='urn:xmpp:reactions:0'/>");
    assert_string_equal(d.request.reacts, "");
    assert_null(d.request.body);
    (void)message("<body>a</body><retract xmlns='urn:xmpp:message-retract:1'/>");
    assert_string_equal(d.request.retracts, "");
    assert_null(d.request.body);
}

static void many_reactions(void **state)
{
    struct buffer xml;
    size_t i;

    (void)state;
    buffer_init(&xml, 100000);
    buffer_adds(&xml, "<reactions id='p1' xmlns='urn:xmpp:reactions:0'>");
    for (i = 0; i < 1000; i++) {
        buffer_addf(&xml, "<reaction>%zu</reaction>", i);
    }
    buffer_adds(&xml, "</reactions>");
    (void)message(xml.data);
    assert_int_equal(d.request.n_reactions, DECODE_REACTIONS);
    buffer_fini(&xml);
}

static void files(void **state)
{
    (void)state;
    (void)message("<body>https://upload.corp.example/a/b.png</body>"
                  "<x xmlns='jabber:x:oob'><url>https://upload.corp.example/a/b.png</url></x>");
    assert_string_equal(d.request.file_url, "https://upload.corp.example/a/b.png");
    assert_string_equal(d.request.body, "https://upload.corp.example/a/b.png");
    (void)message(
        "<x xmlns='jabber:x:oob'><url> https://upload.corp.example/a </url><desc>x</desc></x>");
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_string_equal(d.request.body, "https://upload.corp.example/a");
    (void)message("<body>a</body><x xmlns='jabber:x:oob'><url/></x>");
    assert_null(d.request.file_url);
}

static void delays(void **state)
{
    (void)state;
    (void)message("<body>a</body><delay xmlns='urn:xmpp:delay' stamp='2026-11-23T09:00:00Z'/>");
    assert_true(d.request.delayed);
    (void)message("<body>a</body><x xmlns='jabber:x:delay' stamp='20261123T09:00:00'/>");
    assert_true(d.request.delayed);
}

static void long_bodies(void **state)
{
    char *body = malloc(LIMIT_BODY + 40);

    (void)state;
    assert_non_null(body);
    memset(body, 'x', LIMIT_BODY + 40);
    memcpy(body, "<body>", 6);
    memcpy(body + 6 + LIMIT_BODY, "</body>", 8);
    (void)message(body);
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_false(d.request.body_too_long);
    assert_int_equal(strlen(d.request.body), LIMIT_BODY);
    memcpy(body + 6 + LIMIT_BODY, "x</body>", 9);
    (void)message(body);
    assert_int_equal(d.kind, DECODED_MESSAGE);
    assert_true(d.request.body_too_long);
    assert_null(d.request.body);
    free(body);
}

static void long_ids(void **state)
{
    char xml[6000], id[LIMIT_STANZA_ID + 2];

    (void)state;
    memset(id, 'i', sizeof(id));
    id[LIMIT_STANZA_ID] = '\0';
    (void)snprintf(xml, sizeof(xml),
                   "<body>a</body><replace xmlns='urn:xmpp:message-correct:0' id='%s'/>", id);
    assert_string_equal(message(xml)->request.replaces, id);
    id[LIMIT_STANZA_ID] = 'i';
    id[LIMIT_STANZA_ID + 1] = '\0';
    (void)snprintf(xml, sizeof(xml),
                   "<body>a</body><replace xmlns='urn:xmpp:message-correct:0' id='%s'/>", id);
    assert_null(message(xml)->request.replaces);
}

static void bounces(void **state)
{
    (void)state;
    (void)read_xml(
        "<message type='error' id='p12' from='bob@corp.example' "
        "to='jaejal@blog.corp.example'><body>x</body>"
        "<error type='cancel'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>full</text>"
        "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
    assert_int_equal(d.kind, DECODED_BOUNCE);
    assert_string_equal(d.id, "p12");
    assert_string_equal(d.from_bare, "bob@corp.example");
    assert_string_equal(d.condition, "service-unavailable");
    assert_string_equal(d.error_type, "cancel");
    (void)read_xml("<message type='error' from='bob@gone.example' to='jaejal@blog.corp.example'/>");
    assert_string_equal(d.error_type, "");
    assert_int_equal(d.kind, DECODED_BOUNCE);
    assert_null(d.id);
    assert_string_equal(d.condition, "undefined-condition");
    (void)read_xml(
        "<message type='error' id='a' from='bob@corp.example' to='jaejal@blog.corp.example'>"
        "<error type='canc'><gone xmlns='urn:evil'/></error></message>");
    assert_string_equal(d.error_type, "");
    assert_string_equal(d.condition, "undefined-condition");
}

static void presences(void **state)
{
    (void)state;
    (void)read_xml(
        "<presence from='Alice@corp.example/Phone' to='jaejal@blog.corp.example' xml:lang='en'>"
        "<show>dnd</show><priority> -5 </priority><status>busy</status>"
        "<x xmlns='vcard-temp:x:update'><photo>SHA1</photo></x></presence>");
    assert_int_equal(d.kind, DECODED_PRESENCE);
    assert_string_equal(d.presence.from_bare, "alice@corp.example");
    assert_string_equal(d.presence.from_local, "alice");
    assert_string_equal(d.presence.resource, "Phone");
    assert_string_equal(d.presence.type, "");
    assert_string_equal(d.presence.show, "dnd");
    assert_string_equal(d.presence.lang, "en");
    assert_int_equal(d.presence.priority, -5);
    assert_null(d.presence.photo_hash);
    (void)read_xml(
        "<presence from='alice@corp.example/p' to='blog.corp.example' type='unavailable'>"
        "<x "
        "xmlns='vcard-temp:x:update'><photo>01B87FCD030B72895FF8E88DB57EC525450F000D</photo></x></"
        "presence>");
    assert_string_equal(d.presence.type, "unavailable");
    assert_string_equal(d.presence.photo_hash, "01b87fcd030b72895ff8e88db57ec525450f000d");
    assert_int_equal(d.presence.priority, 0);
    assert_string_equal(d.presence.show, "");
    (void)read_xml("<presence from='alice@corp.example/p' to='blog.corp.example'>"
                   "<x "
                   "xmlns='vcard-temp:x:update'><photo/></x><show>hungry</show><priority>999</"
                   "priority></presence>");
    assert_string_equal(d.presence.photo_hash, "");
    assert_string_equal(d.presence.show, "");
    assert_int_equal(d.presence.priority, 0);
    (void)read_xml("<presence from='alice@corp.example/p' to='blog.corp.example'>"
                   "<x xmlns='vcard-temp:x:update'/></presence>");
    assert_null(d.presence.photo_hash);
}

static void presence_types(void **state)
{
    static const char *const types[] = {"unavailable", "subscribe",    "subscribed",
                                        "unsubscribe", "unsubscribed", "probe"};
    char xml[300];
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(types); i++) {
        (void)snprintf(xml, sizeof(xml),
                       "<presence from='a@corp.example' to='jaejal@blog.corp.example' type='%s'/>",
                       types[i]);
        assert_int_equal(read_xml(xml)->kind, DECODED_PRESENCE);
        assert_string_equal(d.presence.type, types[i]);
        assert_null(d.presence.resource);
    }
}

static void iqs(void **state)
{
    (void)state;
    (void)read_xml("<iq type='get' id='1' from='corp.example' to='blog.corp.example'><ping "
                   "xmlns='urn:xmpp:ping'/></iq>");
    assert_int_equal(d.kind, DECODED_ASK);
    assert_string_equal(d.type, "get");
    assert_string_equal(d.payload_ns, "urn:xmpp:ping");
    assert_string_equal(xmpp_stanza_get_name(d.payload), "ping");
    (void)read_xml("<iq type='set' id='1' from='a@corp.example/x' to='blog.corp.example'/>");
    assert_int_equal(d.kind, DECODED_BAD);
    assert_string_equal(d.condition, "bad-request");
    (void)read_xml("<iq type='get' id='1' from='a@corp.example/x' to='blog.corp.example'><a "
                   "xmlns='a'/><b xmlns='b'/></iq>");
    assert_int_equal(d.kind, DECODED_BAD);
    (void)read_xml("<iq type='result' id='f-1' from='corp.example' to='blog.corp.example'/>");
    assert_int_equal(d.kind, DECODED_ANSWER);
    assert_string_equal(d.id, "f-1");
    assert_null(d.condition);
    (void)read_xml(
        "<iq type='error' id='f-1' from='corp.example' to='blog.corp.example'><error type='cancel'>"
        "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    assert_int_equal(d.kind, DECODED_ANSWER);
    assert_string_equal(d.condition, "service-unavailable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_are_prepared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silent_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strangers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(languages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(encryption, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fallbacks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(corrections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(retractions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reactions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_reactions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gestures_without_an_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(delays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bounces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(presences, set_up, tear_down),
        cmocka_unit_test_setup_teardown(presence_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(iqs, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
