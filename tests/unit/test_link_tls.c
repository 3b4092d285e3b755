/* SPDX-License-Identifier: MIT */
/* The link under TLS: whom it trusts, and that nothing is lost in OpenSSL's buffers. The
 * certificates are made here. */
#include "bridge/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "tests/unit/fakeserver.h"

static struct fake f;
static EVP_PKEY *key;
static char ca_path[] = "/tmp/jaejal-test-ca-XXXXXX";

/* Signed with the one key there is: by itself, or by issuer. */
static X509 *make_certificate(const char *name, const char *san, X509 *issuer, long valid_s)
{
    X509 *x = X509_new();
    X509_NAME *subject;
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    assert_non_null(x);
    assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), issuer == NULL ? 1 : 2), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), -2 * 86400));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), valid_s));
    assert_int_equal(X509_set_pubkey(x, key), 1);
    subject = X509_get_subject_name(x);
    assert_int_equal(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                                (const unsigned char *)name, -1, -1, 0),
                     1);
    assert_int_equal(
        X509_set_issuer_name(x, issuer == NULL ? subject : X509_get_subject_name(issuer)), 1);
    X509V3_set_ctx(&ctx, issuer == NULL ? x : issuer, x, NULL, NULL, 0);
    ext = X509V3_EXT_conf_nid(NULL, &ctx, NID_basic_constraints,
                              issuer == NULL ? "critical,CA:TRUE" : "CA:FALSE");
    assert_non_null(ext);
    assert_int_equal(X509_add_ext(x, ext, -1), 1);
    X509_EXTENSION_free(ext);
    if (san != NULL) {
        ext = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, san);
        assert_non_null(ext);
        assert_int_equal(X509_add_ext(x, ext, -1), 1);
        X509_EXTENSION_free(ext);
    }
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);
    return x;
}

static void write_ca(X509 *ca)
{
    FILE *out = fopen(ca_path, "w");

    assert_non_null(out);
    assert_int_equal(PEM_write_X509(out, ca), 1);
    assert_int_equal(fclose(out), 0);
}

/* The server shows a certificate for san, signed by an authority; the link trusts that one, or
 * another of the same name. */
static void arrange(const char *san, bool trusted, long valid_s)
{
    X509 *ca = make_certificate("Test authority", NULL, NULL, 86400);
    X509 *other = make_certificate("Other authority", NULL, NULL, 86400);
    X509 *leaf = make_certificate("component", san, ca, valid_s);

    write_ca(trusted ? ca : other);
    SSL_CTX_free(f.tls);
    f.tls = SSL_CTX_new(TLS_server_method());
    assert_non_null(f.tls);
    (void)SSL_CTX_set_mode(f.tls,
                           SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_ENABLE_PARTIAL_WRITE);
    assert_int_equal(SSL_CTX_use_certificate(f.tls, leaf), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(f.tls, key), 1);
    X509_free(leaf);
    X509_free(ca);
    X509_free(other);
    f.options.tls = true;
    f.options.ca_file = ca_path;
    fake_new_link(&f);
}

static int setup(void **state)
{
    (void)state;
    fake_begin(&f);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fake_end(&f);
    return 0;
}

static int setup_group(void **state)
{
    int fd = mkstemp(ca_path);

    (void)state;
    key = EVP_EC_gen("P-256");
    if (fd < 0 || key == NULL) {
        return -1;
    }
    return close(fd);
}

static int teardown_group(void **state)
{
    (void)state;
    EVP_PKEY_free(key);
    return unlink(ca_path);
}

static void expect_tls_failure(const char *part)
{
    fake_run(&f, fake_is_down);
    assert_string_equal(f.log.data, "D");
    assert_int_equal(f.down.why, LINK_TLS);
    if (strstr(f.down.text, part) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", f.down.text, part);
    }
    /* The secret's digest did not leave. */
    assert_int_equal(fake_count(&f, "handshake"), 0);
    assert_int_equal(fake_count(&f, "stream"), 0);
}

static void good_by_address(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    fake_run(&f, fake_is_up);
    assert_int_equal(fake_count(&f, FAKE_HANDSHAKE), 1);
}

static void good_by_name(void **state)
{
    (void)state;
    f.options.host = "localhost";
    arrange("DNS:localhost", true, 86400);
    fake_run(&f, fake_is_up);
}

static void wrong_host(void **state)
{
    (void)state;
    f.options.host = "localhost";
    arrange("DNS:xmpp.corp.example,DNS:*.localhost", true, 86400);
    expect_tls_failure("ostname mismatch");
    f.options.host = "127.0.0.1";
    arrange("DNS:127.0.0.1,IP:127.0.0.2", true, 86400);
    expect_tls_failure("IP address mismatch");
    arrange(NULL, true, 86400); /* no name at all */
    expect_tls_failure("mismatch");
}

static void untrusted(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", false, 86400);
    expect_tls_failure("unable to get local issuer certificate");
}

static void expired(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, -3600);
    expect_tls_failure("expired");
}

static void old_tls(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    SSL_CTX_set_security_level(f.tls, 0);
    assert_int_equal(SSL_CTX_set_min_proto_version(f.tls, TLS1_VERSION), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(f.tls, TLS1_1_VERSION), 1);
    expect_tls_failure("TLS handshake");
}

static void tls_1_2(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    assert_int_equal(SSL_CTX_set_max_proto_version(f.tls, TLS1_2_VERSION), 1);
    fake_run(&f, fake_is_up);
}

static void no_such_ca_file(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    f.options.ca_file = "/nonexistent/ca.pem";
    fake_new_link(&f);
    expect_tls_failure("/nonexistent/ca.pem");
}

/* A port in the clear that answers (as Prosody does), one that hangs up (as ejabberd does without
 * certfile), one that keeps silent. */
static void no_tls_there(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    SSL_CTX_free(f.tls);
    f.tls = NULL;
    f.mute = true;
    fake_run(&f, fake_is_accepted);
    fake_say(&f, "<?xml version='1.0'?><stream:stream>");
    expect_tls_failure("is there no TLS on this port?");
    fake_new_link(&f);
    fake_hang_up(&f, false);
    fake_run(&f, fake_is_accepted);
    fake_hang_up(&f, false);
    expect_tls_failure("TLS handshake: ");
    fake_new_link(&f);
    fake_run(&f, fake_is_accepted);
    fake_run_ms(&f, 20);
    clock_advance(LINK_GREETING_MS);
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_TIMEOUT);
}

static bool heard_all(struct fake *fake)
{
    return strcmp(fake->last.data, "the last") == 0;
}

static void much_both_ways(void **state)
{
    static const char stanza[] = "<message id='m'><body>0123456789</body></message>";
    struct buffer b;
    size_t i, stanzas = 0;

    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    fake_up(&f);
    buffer_reset(&f.got);
    f.deaf = true;
    buffer_init(&b, 1 << 24);
    for (i = 0; i < 40000; i++) {
        buffer_adds(&b, stanza);
        buffer_adds(link_out(f.link), stanza);
        if (i % 1000 == 0) {
            link_flush(f.link);
        }
    }
    buffer_adds(&b, "<iq id='the last'/>");
    link_flush(f.link);
    assert_true(link_unsent(f.link) > 100000);
    fake_say(&f, b.data);
    fake_run(&f, heard_all);
    for (i = 0; i < f.log.len; i++) {
        stanzas += f.log.data[i] == 'S';
    }
    assert_int_equal(stanzas, 40001);
    f.deaf = false;
    fake_run(&f, fake_is_drained);
    fake_run_ms(&f, 100);
    assert_int_equal(fake_count(&f, stanza), 40000);
    assert_int_equal(f.got.len, 40000 * strlen(stanza));
    assert_int_equal(link_wants(f.link), POLLIN);
    buffer_fini(&b);
}

/* More than one read takes, and nothing behind it that poll would tell of. */
static void the_rest_of_a_record(void **state)
{
    char record[16001];
    unsigned i;

    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    fake_up(&f);
    memset(record, ' ', sizeof(record));
    for (i = 0; i < 5; i++) {
        const char *id = i < 4 ? "<message id='not yet'/>" : "<message id='the last'/>";
        size_t len = strlen(id);

        memcpy(record + sizeof(record) - 1 - len, id, len);
        record[sizeof(record) - 1] = '\0';
        fake_say(&f, record);
    }
    fake_run(&f, heard_all);
}

/* What comes with the end of TLS is heard first; then the end counts, though the connection
 * itself stays open. */
static void the_last_words(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    fake_up(&f);
    fake_say(&f, "<message id='1'/>");
    assert_true(SSL_shutdown(f.ssl) >= 0);
    fake_run(&f, fake_is_down);
    assert_string_equal(f.log.data, "SBD");
    assert_int_equal(f.down.why, LINK_LOST);
}

static void a_reset_connection_is_no_signal(void **state)
{
    unsigned i;

    (void)state;
    assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    arrange("IP:127.0.0.1", true, 86400);
    fake_up(&f);
    fake_hang_up(&f, true);
    for (i = 0; i < 3; i++) {
        buffer_adds(link_out(f.link), "<message/>");
        link_flush(f.link);
    }
    fake_run(&f, fake_is_down);
    assert_int_equal(f.down.why, LINK_LOST);
}

static void idle_means_idle(void **state)
{
    unsigned before;

    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    fake_up(&f);
    fake_run_ms(&f, 50); /* the session tickets of TLS 1.3 */
    before = f.ios;
    fake_run_ms(&f, 100);
    assert_int_equal(f.ios, before);
    assert_int_equal(link_deadline(f.link), -1);
}

static void close_says_goodbye(void **state)
{
    (void)state;
    arrange("IP:127.0.0.1", true, 86400);
    fake_up(&f);
    link_close(f.link);
    fake_run_ms(&f, 30);
    assert_int_equal(fake_count(&f, "</stream:stream>"), 1);
    fake_say(&f, "</stream:stream>");
    fake_run(&f, fake_is_over);
    assert_int_equal(f.down.why, LINK_CLOSED);
}

int main(void)
{
#define T(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    static const struct CMUnitTest tests[] = {
        T(good_by_address),
        T(good_by_name),
        T(wrong_host),
        T(untrusted),
        T(expired),
        T(old_tls),
        T(tls_1_2),
        T(no_such_ca_file),
        T(no_tls_there),
        T(much_both_ways),
        T(the_rest_of_a_record),
        T(the_last_words),
        T(a_reset_connection_is_no_signal),
        T(idle_means_idle),
        T(close_says_goodbye),
    };

    return cmocka_run_group_tests_name("link_tls", tests, setup_group, teardown_group);
}
