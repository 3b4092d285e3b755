# SPDX-License-Identifier: MIT
# The benches of the goals. They measure, they do not judge: "make bench" prints a table, and writes bench.json.
# One alone, more often: make bench BENCH="counting durable --runs 7". They need prosody and ejabberd, but no slixmpp.
BENCHES = tests/bench/commands tests/bench/counting tests/bench/missed tests/bench/past tests/bench/rawsync tests/bench/receivers tests/bench/seed tests/bench/timing
EXTRA_PROGRAMS += $(BENCHES)
EXTRA_DIST += tests/bench/README.md tests/bench/run

tests_bench_counting_SOURCES = tests/bench/counting.c tests/bench/common.c tests/bench/common.h
tests_bench_rawsync_SOURCES = tests/bench/rawsync.c tests/bench/common.c tests/bench/common.h
tests_bench_receivers_SOURCES = tests/bench/receivers.c tests/bench/common.c tests/bench/common.h
tests_bench_seed_SOURCES = tests/bench/seed.c tests/bench/common.c tests/bench/common.h
tests_bench_seed_LDADD = libdb.a libbase.a $(ALL_LIBS)
tests_bench_past_SOURCES = tests/bench/past.c tests/bench/common.c tests/bench/common.h
tests_bench_past_LDADD = libdb.a libbase.a $(ALL_LIBS)
tests_bench_commands_SOURCES = tests/bench/commands.c tests/bench/door.c tests/bench/door.h tests/bench/common.c tests/bench/common.h
tests_bench_commands_LDADD = libhandlers.a libdb.a libbase.a $(ALL_LIBS)
tests_bench_missed_SOURCES = tests/bench/missed.c tests/bench/common.c tests/bench/common.h
tests_bench_missed_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS)
tests_bench_timing_SOURCES = tests/bench/timing.c tests/bench/door.c tests/bench/door.h tests/bench/common.c tests/bench/common.h
tests_bench_timing_LDADD = libhandlers.a libdb.a libbase.a $(ALL_LIBS)
CLEANFILES += $(BENCHES) bench.json

bench: all $(BENCHES)
	@top_builddir=. $(PYTHON3) $(srcdir)/tests/bench/run $(BENCH)
.PHONY: bench
