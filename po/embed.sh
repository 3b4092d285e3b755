#!/bin/sh
# SPDX-License-Identifier: MIT
# embed.sh FILE NAME: prints FILE as a C array NAME with its length NAME_len.
set -e
printf '/* Made by po/embed.sh from %s: do not edit. */\n#include "po/catalog.h"\n\n' "$(basename "$1")"
# The reader takes 32-bit words out of it, so it is aligned as one.
printf '_Alignas(8) const unsigned char %s[] = {\n' "$2"
od -An -v -tx1 "$1" | ${AWK:-awk} '{ for (i = 1; i <= NF; i++) printf "0x%s,", $i; print "" }'
printf '};\nconst size_t %s_len = sizeof(%s);\n' "$2" "$2"
