#!/bin/sh
# SPDX-License-Identifier: MIT
# extract.sh SRCDIR: prints the template of all messages in the sources: what stands in N_("…") and T("…").
# Without dates and line numbers, so that it changes only when a message does.
set -e
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
cd "$1"
find base conf db handlers bridge -name '*.[ch]' | LC_ALL=C sort |
    xgettext --files-from=- --language=C --from-code=UTF-8 --keyword --keyword=N_ --keyword=message_get:2 --keyword=say:3 --keyword=say_n:3,4 --keyword=call_say:2 --keyword=call_say_n:2,3 --sort-output --force-po \
        --add-comments=TRANSLATORS --add-location=file --no-wrap --package-name=Jaejal \
        --copyright-holder='The Jaejal authors' --foreign-user -o - |
    sed -e '/^"POT-Creation-Date:/d' -e '/^"PO-Revision-Date:/d' -e 's/CHARSET/UTF-8/' \
        -e '1,/^msgid/{/^#/d;}' > "$tmp"
echo '# SPDX-License-Identifier: MIT'
cat "$tmp"
