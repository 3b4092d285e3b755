/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

static char got[8192];
static int saved;
static FILE *file;

static void catch_begin(void)
{
    file = tmpfile();
    assert_non_null(file);
    saved = dup(STDERR_FILENO);
    assert_true(saved >= 0);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
}

static const char *catch_end(void)
{
    size_t n;

    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    (void)close(saved);
    rewind(file);
    n = fread(got, 1, sizeof(got) - 1, file);
    got[n] = '\0';
    (void)fclose(file);
    return got;
}

static void test_levels_by_name(void **state)
{
    enum log_level level = LOG_DEBUG;

    (void)state;
    assert_int_equal(log_level_parse("error", &level), OK);
    assert_int_equal(level, LOG_ERROR);
    assert_int_equal(log_level_parse("warn", &level), OK);
    assert_int_equal(level, LOG_WARN);
    assert_int_equal(log_level_parse("info", &level), OK);
    assert_int_equal(level, LOG_INFO);
    assert_int_equal(log_level_parse("debug", &level), OK);
    assert_int_equal(level, LOG_DEBUG);
    assert_int_equal(log_level_parse("", &level), E_USAGE);
    assert_int_equal(log_level_parse("Info", &level), E_USAGE);
    assert_int_equal(log_level_parse("information", &level), E_USAGE);
    assert_int_equal(level, LOG_DEBUG); /* untouched by a failure */
}

static void test_line_with_time(void **state)
{
    (void)state;
    catch_begin();
    log_line(LOG_WARN, "link down why=%s tries=%d", "timeout", 3);
    assert_string_equal(catch_end(),
                        "2026-11-23 18:00:00.045 warn link down why=timeout tries=3\n");
}

static void test_level_is_kept(void **state)
{
    (void)state;
    catch_begin();
    log_set_level(LOG_WARN);
    log_line(LOG_ERROR, "one");
    log_line(LOG_WARN, "two");
    log_line(LOG_INFO, "three");
    log_set_level(LOG_DEBUG);
    log_line(LOG_DEBUG, "four");
    log_set_level(LOG_INFO);
    log_line(LOG_DEBUG, "five");
    assert_string_equal(catch_end(), "2026-11-23 18:00:00.045 error one\n"
                                     "2026-11-23 18:00:00.045 warn two\n"
                                     "2026-11-23 18:00:00.045 debug four\n");
}

static void test_journal(void **state)
{
    struct stat st;
    char value[64];

    (void)state;
    catch_begin();
    assert_int_equal(fstat(STDERR_FILENO, &st), 0);
    (void)snprintf(value, sizeof(value), "%llu:%llu", (unsigned long long)st.st_dev,
                   (unsigned long long)st.st_ino);
    setenv("JOURNAL_STREAM", value, 1);
    log_set_level(LOG_DEBUG);
    log_line(LOG_ERROR, "a");
    log_line(LOG_WARN, "b");
    log_line(LOG_INFO, "c");
    log_line(LOG_DEBUG, "d");
    log_set_level(LOG_INFO);
    (void)snprintf(value, sizeof(value), "%llu:%llu", (unsigned long long)st.st_dev,
                   (unsigned long long)st.st_ino + 1);
    setenv("JOURNAL_STREAM", value, 1); /* another stream than ours */
    log_line(LOG_INFO, "e");
    setenv("JOURNAL_STREAM", "nonsense", 1);
    log_line(LOG_INFO, "f");
    unsetenv("JOURNAL_STREAM");
    assert_string_equal(catch_end(), "<3>error a\n<4>warn b\n<6>info c\n<7>debug d\n"
                                     "2026-11-23 18:00:00.045 info e\n"
                                     "2026-11-23 18:00:00.045 info f\n");
}

static void test_control_characters_are_shown(void **state)
{
    (void)state;
    catch_begin();
    log_line(LOG_INFO, "x from=%s",
             "a\nb\r\t\x1b[2J\x7f|\xC2\x85|\xE2\x80\xA8|\xE2\x80\xAE|\xFF|\xED\xA0\x80|한 é");
    assert_string_equal(catch_end(),
                        "2026-11-23 18:00:00.045 info x from=a\\x0ab\\x0d\\x09\\x1b[2J\\x7f|"
                        "\\xc2\\x85|\\xe2\\x80\\xa8|\\xe2\\x80\\xae|\\xff|\\xed\\xa0\\x80|한 é\n");
}

static void test_long_lines_are_cut(void **state)
{
    char text[5001];
    size_t len;

    (void)state;
    for (size_t i = 0; i + 3 < sizeof(text); i += 3) {
        memcpy(text + i, "\xED\x95\x9C", 3); /* U+D55C */
    }
    text[4998] = '\0';
    for (int pad = 0; pad < 4; pad++) { /* the cut never goes through a character */
        catch_begin();
        log_line(LOG_INFO, "%.*s%s", pad, "xxx", text);
        len = strlen(catch_end());
        assert_in_range(len, 1990, 2000);
        assert_string_equal(got + len - 7, "\xED\x95\x9C...\n");
    }
    memset(text, 1, 4000); /* each of these becomes four bytes */
    text[4000] = '\0';
    catch_begin();
    log_line(LOG_INFO, "%s", text);
    len = strlen(catch_end());
    assert_in_range(len, 1990, 2000);
    assert_string_equal(got + len - 8, "\\x01...\n");
    catch_begin();
    log_line(LOG_INFO, "%s", "");
    assert_string_equal(catch_end(), "2026-11-23 18:00:00.045 info \n");
}

static int setup(void **state)
{
    (void)state;
    unsetenv("JOURNAL_STREAM");
    setenv("TZ", "UTC0", 1);
    tzset();
    clock_hold(1795456800045, 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_by_name),
        cmocka_unit_test(test_line_with_time),
        cmocka_unit_test(test_level_is_kept),
        cmocka_unit_test(test_journal),
        cmocka_unit_test(test_control_characters_are_shown),
        cmocka_unit_test(test_long_lines_are_cut),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
