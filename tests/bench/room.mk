# SPDX-License-Identifier: MIT
# The benches of the goals. They measure, they do not judge: "make bench" prints figures.
BENCHES =

bench: all $(BENCHES)
.PHONY: bench
