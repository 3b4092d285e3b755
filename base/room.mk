# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	base/arena.c base/arena.h \
	base/buffer.c base/buffer.h \
	base/clock.c base/clock.h \
	base/err.c base/err.h \
	base/hangul.c \
	base/histogram.c base/histogram.h \
	base/jid.c base/jid.h \
	base/limits.h \
	base/listen.c base/listen.h \
	base/log.c base/log.h \
	base/text.c base/text.h \
	base/zone.c base/zone.h

check_PROGRAMS += tests/unit/test_arena
tests_unit_test_arena_SOURCES = tests/unit/test_arena.c
tests_unit_test_arena_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_arena

check_PROGRAMS += tests/unit/test_buffer
tests_unit_test_buffer_SOURCES = tests/unit/test_buffer.c
tests_unit_test_buffer_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_buffer

check_PROGRAMS += tests/unit/test_clock
tests_unit_test_clock_SOURCES = tests/unit/test_clock.c
tests_unit_test_clock_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_clock

check_PROGRAMS += tests/unit/test_jid
tests_unit_test_jid_SOURCES = tests/unit/test_jid.c
tests_unit_test_jid_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_jid

check_PROGRAMS += tests/unit/test_log
tests_unit_test_log_SOURCES = tests/unit/test_log.c
tests_unit_test_log_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_log

check_PROGRAMS += tests/unit/test_text
tests_unit_test_text_SOURCES = tests/unit/test_text.c
tests_unit_test_text_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_text

check_PROGRAMS += tests/unit/test_histogram
tests_unit_test_histogram_SOURCES = tests/unit/test_histogram.c
tests_unit_test_histogram_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_histogram

check_PROGRAMS += tests/unit/test_listen
tests_unit_test_listen_SOURCES = tests/unit/test_listen.c
tests_unit_test_listen_LDADD = libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_listen
