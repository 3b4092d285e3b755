# SPDX-License-Identifier: MIT
# Each tests/fuzz/fuzz_X.c has one LLVMFuzzerTestOneInput() and seeds in tests/fuzz/corpus/X/.
# Linked with replay.c it runs its corpus in every "make check"; with --enable-fuzz (clang) it is a
# libFuzzer program too, and "make check-fuzz" runs each for FUZZ_SECONDS.
FUZZ_TARGETS =
FUZZ_LIBS = $(ALL_LIBS)
FUZZ_SECONDS = 60
EXTRA_DIST += tests/fuzz/replay.c

check-fuzz: $(FUZZ_PROGRAMS)
	@if test -z "$(FUZZ_LDFLAGS)"; then echo "check-fuzz: configure with --enable-fuzz CC=clang" >&2; exit 1; fi
	@for t in $(FUZZ_TARGETS); do \
	  $(MKDIR_P) tests/fuzz/found/$$t && \
	  echo "fuzz_$$t: $(FUZZ_SECONDS) s" && \
	  ./tests/fuzz/fuzz_$$t -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	    -artifact_prefix=tests/fuzz/found/ tests/fuzz/found/$$t $(srcdir)/tests/fuzz/corpus/$$t || exit 1; \
	done
.PHONY: check-fuzz
