/* SPDX-License-Identifier: MIT */
#include "conf/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "conf/table.h"

#define LEAST                                                                                      \
    "[component]\n"                                                                                \
    "domain = blog.corp.example\n"                                                                 \
    "secret = s3cret\n"                                                                            \
    "[service]\n"                                                                                  \
    "allowed_domains = corp.example\n"
#define LEAST_LINES 5

static struct arena *arena;
static struct buffer complaint;
static struct settings got;
static char folder[] = "/tmp/jaejal-settings-XXXXXX";

static enum err parse_len(const char *text, size_t len)
{
    buffer_reset(&complaint);
    memset(&got, 0, sizeof(got));
    return settings_parse("f", text, len, arena, &got, &complaint);
}

static enum err parse(const char *text)
{
    return parse_len(text, strlen(text));
}

static void check_good(const char *text)
{
    if (parse(text) != OK) {
        fail_msg("refused: %s", complaint.data);
    }
    assert_int_equal(complaint.len, 0);
}

static void check_bad(const char *text, const char *complaints)
{
    assert_int_equal(parse(text), E_USAGE);
    assert_string_equal(complaint.data, complaints);
    assert_null(got.domain); /* untouched */
}

static const char *file_with(const char *name, const char *text, size_t len, mode_t mode)
{
    char *path = arena_printf(arena, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static void test_presets(void **state)
{
    (void)state;
    check_good(LEAST);
    assert_string_equal(got.host, "127.0.0.1");
    assert_int_equal(got.port, 5347);
    assert_string_equal(got.domain, "blog.corp.example");
    assert_string_equal(got.secret, "s3cret");
    assert_false(got.tls);
    assert_string_equal(got.ca_file, "/etc/ssl/certs/ca-certificates.crt");
    assert_string_equal(got.bot, "jaejal");
    assert_string_equal(got.name, "Jaejal");
    assert_string_equal(got.language, "en");
    assert_int_equal(got.n_allowed_domains, 1);
    assert_string_equal(got.allowed_domains[0], "corp.example");
    assert_int_equal(got.n_admins, 0);
    assert_int_equal(got.n_follow_on_join, 0);
    assert_string_equal(got.database_url, "sqlite:/var/lib/jaejal/jaejal.db");
    assert_int_equal(got.digest_after, 20);
    assert_int_equal(got.post_chars, 10000);
    assert_int_equal(got.posts_per_minute, 30);
    assert_int_equal(got.log_level, LOG_INFO);
    assert_string_equal(got.metrics_listen, "");
}

/* As an administrator writes it: comments behind values, blanks, capitals, CR LF. */
static void test_everything_set(void **state)
{
    const char *ca = file_with("ca.pem", "x", 1, 0644);

    (void)state;
    check_good(arena_printf(arena,
                            "\xEF\xBB\xBF; a comment\r\n"
                            "# another\r\n"
                            "\r\n"
                            "[component]   ; where\r\n"
                            "  host = ::1\r\n"
                            "port=5348 ; not the usual one\r\n"
                            "domain = Blog.Corp.EXAMPLE.\r\n"
                            "secret = a;b#c = \"d\"  ; the secret ends before this\r\n"
                            "tls = yes\r\n"
                            "ca_file = %s\r\n"
                            "[log]\r\n"
                            "level = debug\r\n"
                            "[service]\r\n"
                            "bot = Chirp\r\n"
                            "name =  재잘 Jaejal 2 \r\n"
                            "language: ko\r\n"
                            "allowed_domains =  Corp.example\t회사.example ; two\r\n"
                            "admins = Alice@CORP.example bob@회사.example\r\n"
                            "follow_on_join = @CEO #공지 #Q3_Plan ; three\r\n"
                            "[database]\r\n"
                            "url = sqlite:/tmp/a b.db\r\n"
                            "[delivery]\r\n"
                            "digest_after = 0\r\n"
                            "[limits]\r\n"
                            "post_chars = 30000\r\n"
                            "posts_per_minute = 1",
                            ca));
    assert_string_equal(got.host, "::1");
    assert_int_equal(got.port, 5348);
    assert_string_equal(got.domain, "blog.corp.example");
    assert_string_equal(got.secret, "a;b#c = \"d\"");
    assert_true(got.tls);
    assert_string_equal(got.ca_file, ca);
    assert_int_equal(got.log_level, LOG_DEBUG);
    assert_string_equal(got.bot, "chirp");
    assert_string_equal(got.name, "재잘 Jaejal 2");
    assert_string_equal(got.language, "ko");
    assert_int_equal(got.n_allowed_domains, 2);
    assert_string_equal(got.allowed_domains[0], "corp.example");
    assert_string_equal(got.allowed_domains[1], "회사.example");
    assert_int_equal(got.n_admins, 2);
    assert_string_equal(got.admins[0], "alice@corp.example");
    assert_string_equal(got.admins[1], "bob@회사.example");
    assert_int_equal(got.n_follow_on_join, 3);
    assert_string_equal(got.follow_on_join[0], "@ceo");
    assert_string_equal(got.follow_on_join[1], "#공지");
    assert_string_equal(got.follow_on_join[2], "#q3_plan");
    assert_string_equal(got.database_url, "sqlite:/tmp/a b.db");
    assert_int_equal(got.digest_after, 0);
    assert_int_equal(got.post_chars, 30000);
    assert_int_equal(got.posts_per_minute, 1);
}

struct value_case {
    const char *section, *key, *value, *why; /* NULL: it is good */
};

static const struct value_case values[] = {
    {"component", "host", "xmpp.corp.example", NULL},
    {"component", "host", "2001:db8::1", NULL},
    {"component", "host", "", "no value"},
    {"component", "host", "a b", "\"a b\" is neither a host name nor an address"},
    {"component", "host", "a/b", "\"a/b\" is neither a host name nor an address"},
    {"component", "port", "1", NULL},
    {"component", "port", "65535", NULL},
    {"component", "port", "0", "\"0\" is no number from 1 to 65535"},
    {"component", "port", "65536", "\"65536\" is no number from 1 to 65535"},
    {"component", "port", "-1", "\"-1\" is no number from 1 to 65535"},
    {"component", "port", "5347x", "\"5347x\" is no number from 1 to 65535"},
    {"component", "port", "0x10", "\"0x10\" is no number from 1 to 65535"},
    {"component", "port", "99999999999999999999",
     "\"99999999999999999999\" is no number from 1 to 65535"},
    {"component", "port", "", "no value"},
    {"component", "domain", "재잘.example", NULL},
    {"component", "domain", "a@b", "\"a@b\" is no domain"},
    {"component", "domain", "b/c", "\"b/c\" is no domain"},
    {"component", "domain", "a..b", "\"a..b\" is no domain"},
    {"component", "domain", "", "no value"},
    {"component", "secret", "", "no value"},
    {"component", "secret_file", "", "no value"},
    {"component", "secret_file", "/nonexistent/secret",
     "\"/nonexistent/secret\": No such file or directory"},
    {"component", "tls", "no", NULL},
    {"component", "tls", "true", "\"true\" is neither yes nor no"},
    {"component", "tls", "", "no value"},
    {"component", "ca_file", "/nonexistent", NULL}, /* not looked at without tls */
    {"component", "ca_file", "", "no value"},
    {"service", "bot", "재잘", NULL},
    {"service", "bot", "a b", "\"a b\" cannot be the local part of the bot's address"},
    {"service", "bot", "a@b", "\"a@b\" cannot be the local part of the bot's address"},
    {"service", "bot", "a/b", "\"a/b\" cannot be the local part of the bot's address"},
    {"service", "bot", "!all", "\"!all\" cannot be the local part of the bot's address"},
    {"service", "bot", "~x", "\"~x\" cannot be the local part of the bot's address"},
    {"service", "bot", "", "no value"},
    {"service", "name", "The Blog", NULL},
    {"service", "name", "a (b)",
     "only letters, digits, single blanks and plain marks, none of @ # ( ) :"},
    {"service", "name", "a  b",
     "only letters, digits, single blanks and plain marks, none of @ # ( ) :"},
    {"service", "name", "1234567890123456789012345678901234567890123456789012345678901",
     "longer than 60 characters"},
    {"service", "name", "", "no value"},
    {"service", "language", "ko", NULL},
    {"service", "language", "KO", "\"KO\" is neither en nor ko"},
    {"service", "language", "", "no value"},
    {"service", "allowed_domains", "corp.example b.example", NULL},
    {"service", "allowed_domains", "a, b", "\"a,\" is no domain"},
    {"service", "allowed_domains", "alice@b", "\"alice@b\" is no domain"},
    {"service", "allowed_domains", "", "no value"},
    {"service", "admins", "", NULL},
    {"service", "admins", "alice@corp.example bob@corp.example", NULL},
    {"service", "admins", "corp.example", "\"corp.example\" is no address like alice@corp.example"},
    {"service", "admins", "alice@corp.example/home",
     "\"alice@corp.example/home\" is no address like alice@corp.example"},
    {"service", "admins", "alice@corp.example bob@corp.example, x",
     "\"bob@corp.example,\" is no address like alice@corp.example"},
    {"service", "admins", "alice@elsewhere.example",
     "alice@elsewhere.example is not within allowed_domains"},
    {"service", "admins", "alice@sub.corp.example",
     "alice@sub.corp.example is not within allowed_domains"},
    {"service", "follow_on_join", "", NULL},
    {"service", "follow_on_join", "@a.b-c #x", NULL},
    {"service", "follow_on_join", "ceo", "\"ceo\" is neither @nick nor #tag"},
    {"service", "follow_on_join", "@", "\"@\" is neither @nick nor #tag"},
    {"service", "follow_on_join", "#", "\"#\" is neither @nick nor #tag"},
    {"service", "follow_on_join", "@a@b", "\"@a@b\" is neither @nick nor #tag"},
    {"service", "follow_on_join", "#1234", "\"#1234\" is neither @nick nor #tag"},
    {"service", "follow_on_join", "#a-b", "\"#a-b\" is neither @nick nor #tag"},
    {"database", "url", "sqlite:x.db", NULL},
    {"database", "url", "sqlite:", "\"sqlite:\" is not of the form sqlite:PATH"},
    {"database", "url", "/var/x.db", "\"/var/x.db\" is not of the form sqlite:PATH"},
    {"database", "url", "postgresql://x", "\"postgresql://x\" is not of the form sqlite:PATH"},
    {"database", "url", "", "no value"},
    {"delivery", "digest_after", "1000", NULL},
    {"delivery", "digest_after", "1001", "\"1001\" is no number from 0 to 1000"},
    {"limits", "post_chars", "100", NULL},
    {"limits", "post_chars", "99", "\"99\" is no number from 100 to 30000"},
    {"limits", "post_chars", "30001", "\"30001\" is no number from 100 to 30000"},
    {"limits", "posts_per_minute", "10000", NULL},
    {"limits", "posts_per_minute", "0", "\"0\" is no number from 1 to 10000"},
    {"limits", "posts_per_minute", "10001", "\"10001\" is no number from 1 to 10000"},
    {"metrics", "listen", "", NULL},
    {"metrics", "listen", "127.0.0.1:9464", NULL},
    {"metrics", "listen", "[::1]:9464", NULL},
    {"metrics", "listen", "unix:/run/jaejal/metrics.sock", NULL},
    {"metrics", "listen", "0.0.0.0:9464",
     "\"0.0.0.0:9464\" can be reached by others; only loopback addresses"},
    {"metrics", "listen", "[::]:9464",
     "\"[::]:9464\" can be reached by others; only loopback addresses"},
    {"metrics", "listen", "localhost:9464",
     "\"localhost:9464\" is none of 127.0.0.1:PORT, [::1]:PORT, unix:/PATH"},
    {"metrics", "listen", "9464", "\"9464\" is none of 127.0.0.1:PORT, [::1]:PORT, unix:/PATH"},
    {"log", "level", "warn", NULL},
    {"log", "level", "verbose", "\"verbose\" is none of error, warn, info, debug"},
    {"log", "level", "", "no value"},
};

/* What a file needs besides the key that is tried, one line per key. */
static char *with_value(const struct value_case *c, int *line)
{
    static const char *const least[][3] = {
        {"component", "domain", "blog.corp.example"},
        {"component", "secret", "s3cret"},
        {"service", "allowed_domains", "corp.example"},
    };
    char *text = arena_dup(arena, "");

    *line = 2;
    text = arena_printf(arena, "[%s]\n%s = %s\n", c->section, c->key, c->value);
    for (size_t i = 0; i < ARRAY_LEN(least); i++) {
        if (strcmp(c->key, least[i][1]) != 0 &&
            !(strcmp(c->key, "secret_file") == 0 && strcmp(least[i][1], "secret") == 0)) {
            text = arena_printf(arena, "%s[%s]\n%s = %s\n", text, least[i][0], least[i][1],
                                least[i][2]);
        }
    }
    return text;
}

static void test_every_value(void **state)
{
    bool tried[64][2] = {{false}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        int line;
        const char *text = with_value(&values[i], &line);

        for (size_t k = 0; k < table_n_rows; k++) {
            if (strcmp(table_rows[k].section, values[i].section) == 0 &&
                strcmp(table_rows[k].key, values[i].key) == 0) {
                tried[k][values[i].why != NULL] = true;
            }
        }
        if (values[i].why == NULL) {
            check_good(text);
        } else {
            check_bad(text,
                      arena_printf(arena, "f:%d: %s: %s\n", line, values[i].key, values[i].why));
        }
    }
    for (size_t k = 0; k < table_n_rows; k++) {
        const char *key = table_rows[k].key;

        /* the two that are good in tests of their own */
        tried[k][0] = tried[k][0] || strncmp(key, "secret", 6) == 0;
        if (!tried[k][0] || !tried[k][1]) {
            fail_msg("no %s value of %s is tried here", tried[k][0] ? "bad" : "good", key);
        }
    }
}

static void test_every_problem_is_told_with_its_line(void **state)
{
    (void)state;
    check_bad("stray = 1\n"
              "\n"
              "[component]\n"
              "prot = 5347\n"
              "port = many\n"
              "port = 5347\n"
              "this is no pair\n"
              "[servcie]\n"
              "bot = x y\n"
              "[empty]\n"
              "[service\n"
              "allowed_domains = corp.example\n"
              "= 3\n"
              "[log]\n"
              "level = loud ; comment\n",
              "f:1: stray stands before the first [section]\n"
              "f:4: unknown key prot in [component], is it port?\n"
              "f:5: port: \"many\" is no number from 1 to 65535\n"
              "f:6: port is given twice, first in line 5\n"
              "f:7: neither \"key = value\" nor [section] nor a comment\n"
              "f:8: unknown section [servcie]\n"
              "f:10: unknown section [empty]\n"
              "f:11: a section has the form [name]\n"
              "f:15: level: \"loud\" is none of error, warn, info, debug\n"
              "f:3: domain is missing in [component]\n"
              "f:3: secret_file or secret is missing in [component]\n"
              "f: allowed_domains is missing in [service]\n");
}

static void test_what_is_missing(void **state)
{
    (void)state;
    check_bad("", "f: domain is missing in [component]\n"
                  "f: secret_file or secret is missing in [component]\n"
                  "f: allowed_domains is missing in [service]\n");
    check_bad("; nothing but a comment\n[service]\n",
              "f: domain is missing in [component]\n"
              "f: secret_file or secret is missing in [component]\n"
              "f:2: allowed_domains is missing in [service]\n");
}

static void test_what_does_not_fit_together(void **state)
{
    (void)state;
    check_bad("[component]\ndomain = b.example\nsecret = x\n[service]\nbot = x\n"
              "allowed_domains = a.example B.example\n",
              "f:6: allowed_domains: b.example is the component's own domain\n");
    check_bad(LEAST "[component]\ntls = yes\nca_file = /nonexistent\n",
              "f:8: ca_file: \"/nonexistent\": No such file or directory\n");
    check_good("[component]\ndomain = b.example\nsecret = x\n[service]\n"
               "allowed_domains = sub.b.example\n");
}

static void test_sections_may_be_opened_again(void **state)
{
    (void)state;
    check_good(LEAST "[component]\nport = 1\n[service]\nbot = x\n");
    assert_int_equal(got.port, 1);
    assert_string_equal(got.bot, "x");
    check_bad(LEAST "[service]\nallowed_domains = x\n",
              "f:7: allowed_domains is given twice, first in line 5\n");
}

static void test_what_follows_a_broken_section_is_not_guessed(void **state)
{
    (void)state;
    check_bad(LEAST "[log\nlevel = loud\n[limits]\npost_chars = 1\n",
              "f:6: a section has the form [name]\n"
              "f:9: post_chars: \"1\" is no number from 100 to 30000\n");
}

static void test_indented_lines_continue_nothing(void **state)
{
    (void)state;
    check_bad(LEAST "  b.example\n", "f:6: neither \"key = value\" nor [section] nor a comment\n");
}

static void test_text_is_refused(void **state)
{
    static const char nul[] = LEAST "[log]\nlevel = info\0\n";

    (void)state;
    assert_int_equal(parse_len(nul, sizeof(nul) - 1), E_USAGE);
    assert_string_equal(complaint.data, "f:7: not UTF-8 text, or a control character\n");
    check_bad(LEAST "[service]\nname = \xC3\x28\n",
              "f:7: not UTF-8 text, or a control character\n");
    check_bad("\x01=x\n" LEAST, "f:1: not UTF-8 text, or a control character\n");
    check_bad(LEAST "\xFF", "f:6: not UTF-8 text, or a control character\n");
}

static void test_lengths(void **state)
{
    size_t most = LIMIT_CONFIG_FILE;
    char *text = arena_alloc(arena, most + 2), *p;
    const char *path;

    (void)state;
    memset(text, '\n', most + 1);
    memcpy(text, LEAST, sizeof(LEAST) - 1);
    assert_int_equal(parse_len(text, most), OK);
    assert_int_equal(parse_len(text, most + 1), E_LIMIT);
    assert_string_equal(complaint.data, "f: larger than 262144 bytes\n");
    path = file_with("large", text, most, 0600);
    assert_int_equal(settings_read(path, arena, &got, &complaint), OK);
    path = file_with("large", text, most + 1, 0600);
    assert_int_equal(settings_read(path, arena, &got, &complaint), E_LIMIT);

    /* the last character of the longest line counts, one more is refused */
    p = arena_printf(arena, LEAST "[database]\nurl = sqlite:%0*d7\n", LIMIT_CONFIG_LINE - 14, 0);
    check_good(p);
    assert_int_equal(strlen(got.database_url), LIMIT_CONFIG_LINE - 6);
    assert_int_equal(got.database_url[LIMIT_CONFIG_LINE - 7], '7');
    p = arena_printf(arena, LEAST "[database]\nurl = sqlite:%0*d\nurl = x\n",
                     LIMIT_CONFIG_LINE - 12, 0);
    check_bad(p, "f:7: longer than 8192 bytes\n"
                 "f:8: url: \"x\" is not of the form sqlite:PATH\n");
    /* what is repeated of a wrong value is cut at a character */
    p = arena_printf(arena, LEAST "[log]\nlevel = %s%s%s%s\n", "가나다라마바사아자차카타파하",
                     "가나다라마바사아자차카타파하", "가나다라마바사아자차카타파하",
                     "가나다라마바사아자차카타파하가나다라마바사아자차카타파하");
    assert_int_equal(parse(p), E_USAGE);
    assert_non_null(strstr(complaint.data, "가나다라\" is none of"));
    /* names longer than the parser keeps */
    check_bad(LEAST "[componentcomponentcomponentcomponentcomponentcomponent]\nport = 1\n",
              "f:6: unknown section [componentcomponentcomponentcomponentcomponentcomp]\n");
}

static void secret_case(const char *text, size_t len, mode_t mode, const char *why)
{
    const char *path = file_with("secret", text, len, mode);
    const char *conf = arena_printf(arena,
                                    "[component]\ndomain = b\nsecret_file = %s\n"
                                    "[service]\nallowed_domains = c\n",
                                    path);

    if (why == NULL) {
        check_good(conf);
    } else {
        check_bad(conf, arena_printf(arena, "f:3: secret_file: \"%s\": %s\n", path, why));
    }
}

static void test_secret_file(void **state)
{
    char long_one[LIMIT_SECRET + 8];

    (void)state;
    secret_case("s3cret", 6, 0600, NULL);
    assert_string_equal(got.secret, "s3cret");
    secret_case("s3cret\n", 7, 0400, NULL);
    assert_string_equal(got.secret, "s3cret");
    secret_case(" s3 ; cret \r\n", 13, 0600, NULL);
    assert_string_equal(got.secret, " s3 ; cret ");
    secret_case("s3cret\n", 7, 0640, "others than its owner may use it (mode 0640): chmod 600 it");
    secret_case("s3cret\n", 7, 0604, "others than its owner may use it (mode 0604): chmod 600 it");
    secret_case("s3cret\n", 7, 0620, "others than its owner may use it (mode 0620): chmod 600 it");
    secret_case("", 0, 0600, "it is empty");
    secret_case("\n", 1, 0600, "it is empty");
    secret_case("\r\n", 2, 0600, "it is empty");
    secret_case("a\nb\n", 4, 0600, "not one line of UTF-8 text");
    secret_case("a\n\n", 3, 0600, "not one line of UTF-8 text");
    secret_case("a\rb", 3, 0600, "not one line of UTF-8 text");
    secret_case("a\0b", 3, 0600, "not one line of UTF-8 text");
    secret_case("a\xFF", 2, 0600, "not one line of UTF-8 text");
    memset(long_one, 'x', sizeof(long_one));
    secret_case(long_one, LIMIT_SECRET, 0600, NULL);
    assert_int_equal(strlen(got.secret), LIMIT_SECRET);
    secret_case(long_one, LIMIT_SECRET + 1, 0600, "longer than 1024 bytes");
    secret_case(long_one, LIMIT_SECRET + 8, 0600, "longer than 1024 bytes");
    long_one[LIMIT_SECRET] = '\n';
    secret_case(long_one, LIMIT_SECRET + 1, 0600, NULL);
    check_bad(arena_printf(arena, LEAST "[component]\nsecret_file = %s\n", folder),
              arena_printf(arena,
                           "f:7: secret_file: \"%s\": no regular file\n"
                           "f:3: secret and secret_file are both given\n",
                           folder));
}

static void test_no_secret_is_shown(void **state)
{
    char *text;

    (void)state;
    text = arena_printf(arena, "[component]\nsecret = %0*d\nsecret = hunter2\nsecret hunter3\n",
                        LIMIT_SECRET + 1, 7);
    assert_int_equal(parse(text), E_USAGE);
    assert_null(strstr(complaint.data, "0000"));
    assert_null(strstr(complaint.data, "hunter"));
    (void)file_with("secret", "hunter4\nhunter5\n", 16, 0600);
    assert_int_equal(parse(arena_printf(arena, "[component]\nsecret_file = %s/secret\n", folder)),
                     E_USAGE);
    assert_null(strstr(complaint.data, "hunter"));
}

static void test_read(void **state)
{
    const char *path = file_with("good.conf", LEAST, sizeof(LEAST) - 1, 0600);

    (void)state;
    buffer_reset(&complaint);
    assert_int_equal(settings_read(path, arena, &got, &complaint), OK);
    assert_int_equal(complaint.len, 0);
    assert_string_equal(got.secret, "s3cret");
    path = file_with("bad.conf", LEAST "x\n", sizeof(LEAST) + 1, 0600);
    assert_int_equal(settings_read(path, arena, &got, &complaint), E_USAGE);
    assert_string_equal(complaint.data,
                        arena_printf(arena,
                                     "%s:%d: neither \"key = value\" nor [section] nor a comment\n",
                                     path, LEAST_LINES + 1));
    buffer_reset(&complaint);
    assert_int_equal(settings_read("/nonexistent/x", arena, &got, &complaint), E_SYSTEM);
    assert_string_equal(complaint.data, "/nonexistent/x: No such file or directory\n");
    buffer_reset(&complaint);
    assert_int_equal(settings_read(folder, arena, &got, &complaint), E_SYSTEM);
    assert_string_equal(complaint.data, arena_printf(arena, "%s: Is a directory\n", folder));
}

static void test_restart_needed(void **state)
{
    struct settings running, merged;
    struct buffer out;

    (void)state;
    buffer_init(&out, 10000);
    check_good(LEAST "[service]\nadmins = a@corp.example\n[log]\nlevel = info\n");
    running = got;
    settings_restart_needed(&running, &got, &out);
    assert_int_equal(out.len, 0);
    check_good(LEAST "[service]\nadmins = b@corp.example\nname = x\n"
                     "follow_on_join = #x\n[log]\nlevel = warn\n[limits]\npost_chars = 200\n");
    settings_restart_needed(&running, &got, &out);
    assert_int_equal(out.len, 0);
    check_good("[component]\nhost = localhost\nport = 1\ndomain = x\nsecret = y\nca_file = /z\n"
               "[service]\nbot = b\nallowed_domains = corp.example b.example\nlanguage = ko\n"
               "admins = c@corp.example\n[database]\nurl = sqlite:q\n"
               "[metrics]\nlisten = 127.0.0.1:1\n[limits]\npost_chars = 300\n");
    got.tls = true;
    settings_restart_needed(&running, &got, &out);
    assert_string_equal(out.data, "[component] host, [component] port, [component] domain, "
                                  "[component] secret, [component] tls, [component] ca_file, "
                                  "[service] bot, [service] language, "
                                  "[service] allowed_domains, [database] url, "
                                  "[metrics] listen");
    settings_merge(&running, &got, &merged);
    buffer_reset(&out);
    settings_restart_needed(&running, &merged, &out);
    assert_int_equal(out.len, 0);
    assert_string_equal(merged.secret, "s3cret");
    assert_int_equal(merged.n_allowed_domains, 1);
    assert_int_equal(merged.port, 5347);
    assert_false(merged.tls);
    assert_int_equal(merged.post_chars, 300);
    assert_string_equal(merged.admins[0], "c@corp.example");
    buffer_fini(&out);
}

/* ---- what is made from the table ---- */

static const char *tree_file(const char *name)
{
    const char *top = getenv("top_srcdir");
    char *path = arena_printf(arena, "%s/%s", top != NULL ? top : ".", name);
    char *text = arena_alloc(arena, 100000);
    FILE *f = fopen(path, "rb");

    if (f == NULL) {
        fail_msg("cannot open %s", path);
    }
    assert_true(fread(text, 1, 99999, f) > 0);
    assert_int_equal(fclose(f), 0);
    return text;
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < table_n_rows; i++) {
        const struct row *row = &table_rows[i];
        size_t len = strlen(row->meaning);

        assert_true(row->meaning[0] >= 'A' && row->meaning[0] <= 'Z');
        assert_int_equal(row->meaning[len - 1], '.');
        assert_true(row->required == false || row->preset == NULL);
        for (size_t k = i + 1; k < table_n_rows; k++) {
            assert_false(strcmp(row->section, table_rows[k].section) == 0 &&
                         strcmp(row->key, table_rows[k].key) == 0);
        }
    }
}

static void test_sample_is_current_and_good(void **state)
{
    struct buffer sample;
    char *text, *secret;
    const char *path = file_with("secret", "x\n", 2, 0600);

    (void)state;
    buffer_init(&sample, 100000);
    settings_sample(&sample);
    assert_false(sample.over);
    assert_string_equal(tree_file("conf/jaejal.conf.sample"), sample.data);
    for (size_t i = 0; i < table_n_rows; i++) {
        assert_non_null(
            strstr(sample.data, arena_printf(arena, "\n[%s]\n", table_rows[i].section)));
        assert_non_null(strstr(sample.data, arena_printf(arena, "%s =", table_rows[i].key)));
    }
    /* it is accepted as it stands, once the secret is there */
    secret = strstr(sample.data, "/etc/jaejal/secret");
    assert_non_null(secret);
    text = arena_printf(arena, "%.*s%s%s", (int)(secret - sample.data), sample.data, path,
                        secret + strlen("/etc/jaejal/secret"));
    check_good(text);
    buffer_fini(&sample);
}

static void test_manual_is_current(void **state)
{
    struct buffer manual;

    (void)state;
    buffer_init(&manual, 100000);
    settings_manual(&manual);
    assert_false(manual.over);
    assert_non_null(strstr(
        tree_file("doc/jaejal.conf.5"),
        arena_printf(arena, ".\\\" from here on by \"make update-settings\"\n%s.\\\" to here\n",
                     manual.data)));
    buffer_fini(&manual);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    buffer_init(&complaint, 100000);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    static const char *const files[] = {"ca.pem", "secret", "large", "good.conf", "bad.conf"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        (void)unlink(arena_printf(arena, "%s/%s", folder, files[i]));
    }
    (void)rmdir(folder);
    buffer_fini(&complaint);
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presets),
        cmocka_unit_test(test_everything_set),
        cmocka_unit_test(test_every_value),
        cmocka_unit_test(test_every_problem_is_told_with_its_line),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_what_does_not_fit_together),
        cmocka_unit_test(test_sections_may_be_opened_again),
        cmocka_unit_test(test_what_follows_a_broken_section_is_not_guessed),
        cmocka_unit_test(test_indented_lines_continue_nothing),
        cmocka_unit_test(test_text_is_refused),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_secret_file),
        cmocka_unit_test(test_no_secret_is_shown),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_restart_needed),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_sample_is_current_and_good),
        cmocka_unit_test(test_manual_is_current),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
