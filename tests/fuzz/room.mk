# SPDX-License-Identifier: MIT
# Each tests/fuzz/fuzz_X.c has one LLVMFuzzerTestOneInput() and seeds in tests/fuzz/corpus/X/.
# Linked with replay.c it runs its corpus in every "make check"; with --enable-fuzz (clang) it is a
# libFuzzer program too, and "make check-fuzz" runs each for FUZZ_SECONDS.
# A new target: its name in FUZZ_TARGETS, its corpus in EXTRA_DIST, and the two blocks below once more.
FUZZ_TARGETS = settings stanza turn command query form
FUZZ_SECONDS = 60
fuzzers =
EXTRA_DIST += tests/fuzz/corpus/settings tests/fuzz/corpus/stanza tests/fuzz/corpus/turn \
	tests/fuzz/corpus/command tests/fuzz/corpus/query tests/fuzz/corpus/form

check_PROGRAMS += tests/fuzz/replay_settings
TESTS += tests/fuzz/replay_settings
tests_fuzz_replay_settings_SOURCES = tests/fuzz/fuzz_settings.c tests/fuzz/replay.c
tests_fuzz_replay_settings_LDADD = libconf.a libbase.a $(ALL_LIBS)

check_PROGRAMS += tests/fuzz/replay_stanza
TESTS += tests/fuzz/replay_stanza
tests_fuzz_replay_stanza_SOURCES = tests/fuzz/fuzz_stanza.c tests/fuzz/replay.c
tests_fuzz_replay_stanza_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS)

check_PROGRAMS += tests/fuzz/replay_turn
TESTS += tests/fuzz/replay_turn
tests_fuzz_replay_turn_SOURCES = tests/fuzz/fuzz_turn.c tests/fuzz/replay.c
tests_fuzz_replay_turn_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS)

check_PROGRAMS += tests/fuzz/replay_command
TESTS += tests/fuzz/replay_command
tests_fuzz_replay_command_SOURCES = tests/fuzz/fuzz_command.c tests/fuzz/replay.c
tests_fuzz_replay_command_LDADD = libhandlers.a libdb.a libbase.a $(ALL_LIBS)

check_PROGRAMS += tests/fuzz/replay_query
TESTS += tests/fuzz/replay_query
tests_fuzz_replay_query_SOURCES = tests/fuzz/fuzz_query.c tests/fuzz/replay.c
tests_fuzz_replay_query_LDADD = libdb.a libbase.a $(SQLITE_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/replay_form
TESTS += tests/fuzz/replay_form
tests_fuzz_replay_form_SOURCES = tests/fuzz/fuzz_form.c tests/fuzz/replay.c
tests_fuzz_replay_form_LDADD = libhandlers.a libdb.a libbase.a $(ALL_LIBS)

if FUZZ
fuzzers += tests/fuzz/fuzz_settings
tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz_settings.c
tests_fuzz_fuzz_settings_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_settings_LDADD = libconf.a libbase.a $(ALL_LIBS)
fuzzers += tests/fuzz/fuzz_stanza
tests_fuzz_fuzz_stanza_SOURCES = tests/fuzz/fuzz_stanza.c
tests_fuzz_fuzz_stanza_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_stanza_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS)
fuzzers += tests/fuzz/fuzz_turn
tests_fuzz_fuzz_turn_SOURCES = tests/fuzz/fuzz_turn.c
tests_fuzz_fuzz_turn_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_turn_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS)
fuzzers += tests/fuzz/fuzz_command
tests_fuzz_fuzz_command_SOURCES = tests/fuzz/fuzz_command.c
tests_fuzz_fuzz_command_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_command_LDADD = libhandlers.a libdb.a libbase.a $(ALL_LIBS)
fuzzers += tests/fuzz/fuzz_query
tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz_query.c
tests_fuzz_fuzz_query_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_query_LDADD = libdb.a libbase.a $(SQLITE_LIBS) $(BASE_LIBS)
fuzzers += tests/fuzz/fuzz_form
tests_fuzz_fuzz_form_SOURCES = tests/fuzz/fuzz_form.c
tests_fuzz_fuzz_form_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_form_LDADD = libhandlers.a libdb.a libbase.a $(ALL_LIBS)
EXTRA_PROGRAMS += $(fuzzers)
endif

check-fuzz: $(fuzzers)
	@if test -z "$(FUZZ_LDFLAGS)"; then echo "check-fuzz: configure with --enable-fuzz CC=clang" >&2; exit 1; fi
	@for t in $(FUZZ_TARGETS); do \
	  $(MKDIR_P) tests/fuzz/found/$$t && \
	  echo "fuzz_$$t: $(FUZZ_SECONDS) s" && \
	  ./tests/fuzz/fuzz_$$t -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	    -artifact_prefix=tests/fuzz/found/ tests/fuzz/found/$$t $(srcdir)/tests/fuzz/corpus/$$t || exit 1; \
	done
.PHONY: check-fuzz
