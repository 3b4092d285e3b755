# SPDX-License-Identifier: MIT
# Tests that belong to no room: what the sources must look like, and the scenarios against real servers.

LINT = tests/lint/check-banned tests/lint/check-example tests/lint/check-format tests/lint/check-includes tests/lint/check-man tests/lint/check-size
TESTS += $(LINT)
EXTRA_DIST += $(LINT) tests/lint/tap.sh

# What "make check" asks of the format.
format:
	cd $(srcdir) && find base conf db handlers bridge po tests -name '*.[ch]' | xargs $(CLANG_FORMAT) --style=file -i
.PHONY: format

EXTRA_DIST += \
	tests/scenario/check-quickstart tests/scenario/check-runner tests/scenario/client.py tests/scenario/daemon.py tests/scenario/harness.py \
	tests/scenario/run tests/scenario/servers.py tests/scenario/test_admin.py tests/scenario/test_announce.py tests/scenario/test_away.py tests/scenario/test_daemon.py \
	tests/scenario/test_follow.py tests/scenario/test_groups.py tests/scenario/test_harness.py tests/scenario/test_hostile.py tests/scenario/test_hot.py tests/scenario/test_language.py \
	tests/scenario/test_link.py tests/scenario/test_metrics.py tests/scenario/test_people.py tests/scenario/test_polls.py tests/scenario/test_questions.py tests/scenario/test_read.py tests/scenario/test_receipts.py tests/scenario/test_schedule.py tests/scenario/test_write.py

EXTRA_DIST += tests/scenario/test_forms.py

if SCENARIOS
TESTS += tests/scenario/check-runner tests/scenario/run tests/torture/kill9.py tests/torture/storm.py
endif

# The scenarios alone: make check-scenarios SCENARIOS="follow search"
check-scenarios: $(sbin_PROGRAMS)
	@top_builddir=. SCENARIO_SLOW=$(SCENARIO_SLOW) $(srcdir)/tests/scenario/run $(SCENARIOS)
.PHONY: check-scenarios

# kill -9 at 200 seeded moments, on both servers: make check-torture SEED=7 COUNT=50
EXTRA_DIST += tests/torture/kill9.py
check-torture: $(sbin_PROGRAMS)
	@top_builddir=. SCENARIO_SLOW=$(SCENARIO_SLOW) COUNT=$${COUNT-200} SEED=$(SEED) $(srcdir)/tests/torture/kill9.py
.PHONY: check-torture

# A day in an office of 20,000 under a clock that jumps, some minutes: make check-day DAY="20000 12 7" (people, hours, seed);
# "make check" has a small one
check_PROGRAMS += tests/torture/day
TESTS += tests/torture/day
tests_torture_day_SOURCES = tests/torture/day.c tests/bench/common.c tests/bench/common.h
tests_torture_day_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS)
check-day: tests/torture/day
	@tests/torture/day $${DAY-20000}
.PHONY: check-day

# The fault storm: 20,000 posts on each server: make check-storm SEED=7 POSTS=5000
EXTRA_DIST += tests/torture/account.py tests/torture/door.py tests/torture/storm.py
check-storm: tests/torture/jaejald-faulty
	@top_builddir=. SCENARIO_SLOW=$(SCENARIO_SLOW) PEOPLE=$${PEOPLE-50} POSTS=$${POSTS-20000} SEED=$(SEED) $(srcdir)/tests/torture/storm.py
.PHONY: check-storm

# A jaejald above a disk that loses what was not synced, and a clock that jumps.
FAULTY_SOURCES = tests/torture/clock.c tests/torture/faults.h tests/torture/vfs.c
check_PROGRAMS += tests/torture/jaejald-faulty
tests_torture_jaejald_faulty_SOURCES = bridge/main.c tests/torture/planted.c $(FAULTY_SOURCES)
tests_torture_jaejald_faulty_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime -Wl,--wrap=store_audience_next \
	-Wl,--wrap=pump_run
tests_torture_jaejald_faulty_LDADD = $(jaejald_LDADD)

check_PROGRAMS += tests/torture/test_vfs
tests_torture_test_vfs_SOURCES = tests/torture/test_vfs.c $(FAULTY_SOURCES)
tests_torture_test_vfs_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime
tests_torture_test_vfs_LDADD = libdb.a libbase.a $(SQLITE_LIBS) $(OPENSSL_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/torture/test_vfs

# Slow, and noisier than a test may be: what two analysers think of the tree.
check-tidy:
	cd $(srcdir) && find base conf db handlers bridge -name '*.c' | xargs -P 2 -n 8 \
	  sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$$@" -- -std=c11 -I. -D_POSIX_C_SOURCE=200809L -DHAVE_DECL_XML_SETREPARSEDEFERRALENABLED=1' sh
	cd $(srcdir) && find base conf db handlers bridge -name '*.c' | xargs -P 2 -n 1 \
	  gcc -fanalyzer -Werror -O1 -std=c11 -I. -D_POSIX_C_SOURCE=200809L -DHAVE_DECL_XML_SETREPARSEDEFERRALENABLED=1 -c -o /dev/null
.PHONY: check-tidy
