# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libbridge.a
libbridge_a_SOURCES = \
	bridge/stream.c bridge/stream.h

check_PROGRAMS += tests/unit/test_stream
tests_unit_test_stream_SOURCES = tests/unit/test_stream.c
tests_unit_test_stream_LDADD = libbridge.a libbase.a $(STROPHE_LIBS) $(EXPAT_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_stream
