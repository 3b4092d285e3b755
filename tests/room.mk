# SPDX-License-Identifier: MIT
# Tests that belong to no room: what the sources must look like, and the scenarios against real servers.

LINT = tests/lint/check-banned tests/lint/check-format tests/lint/check-includes tests/lint/check-man tests/lint/check-size
TESTS += $(LINT)
EXTRA_DIST += $(LINT) tests/lint/tap.sh

# What "make check" asks of the format.
format:
	cd $(srcdir) && find base conf db handlers bridge po tests -name '*.[ch]' | xargs $(CLANG_FORMAT) --style=file -i
.PHONY: format

EXTRA_DIST += \
	tests/scenario/check-quickstart tests/scenario/check-runner tests/scenario/client.py tests/scenario/daemon.py tests/scenario/harness.py \
	tests/scenario/run tests/scenario/servers.py tests/scenario/test_harness.py tests/scenario/test_link.py

if SCENARIOS
TESTS += tests/scenario/check-runner tests/scenario/run
endif

# The scenarios alone: make check-scenarios SCENARIOS="follow search"
check-scenarios: $(sbin_PROGRAMS)
	@top_builddir=. SCENARIO_SLOW=$(SCENARIO_SLOW) $(srcdir)/tests/scenario/run $(SCENARIOS)
.PHONY: check-scenarios

# Slow, and noisier than a test may be: what two analysers think of the tree.
check-tidy:
	cd $(srcdir) && find base conf db handlers bridge -name '*.c' | xargs -P 2 -n 8 \
	  sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$$@" -- -std=c11 -I. -D_POSIX_C_SOURCE=200809L' sh
	cd $(srcdir) && find base conf db handlers bridge -name '*.c' | xargs -P 2 -n 1 \
	  gcc -fanalyzer -Werror -O1 -std=c11 -I. -D_POSIX_C_SOURCE=200809L -c -o /dev/null
.PHONY: check-tidy
