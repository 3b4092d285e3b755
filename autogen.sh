#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes ./configure and Makefile.in from a checkout. Needs autoconf, automake and pkg-config.
set -e
cd "$(dirname "$0")"
exec autoreconf --install --force --warnings=all,no-portability,no-override
