#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints sentences that nobody wrote for us, one a line: half of them English, out of Debian's fortunes, half Korean,
out of manual pages and the help of LibreOffice as Debian packages them. They are taken from the installed packages and
not kept in the tree, because their licences are not ours.

usage: sentences.py [COUNT]      (packages: fortunes libreoffice-help-ko, and the manual pages of man-db, psmisc, xz-utils)
"""
import glob
import gzip
import html
import os
import re
import sys

FORTUNES = "/usr/share/games/fortunes"
MANUALS = "/usr/share/man/ko"
HELP = "/usr/share/libreoffice/help/ko/text"
LATIN = re.compile(r"[A-Za-z]")
HANGUL = re.compile("[\uac00-\ud7a3]")
END = re.compile(r"(?<=[.!?\u2026])[\"')\]\u201d\u2019]*\s+")


def sentences(text):
    """The sentences of a paragraph; a line without a mark at its end is one too."""
    for part in END.split(" ".join(text.split())):
        if part:
            yield part


def fortunes():
    for path in sorted(glob.glob(FORTUNES + "/*")):
        if os.path.splitext(path)[1] or not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8", errors="ignore") as f:
            for quote in f.read().split("\n%\n"):
                quote = re.sub(".\b", "", quote)  # overstruck letters
                quote = re.sub(r"\n\s*-- .*", "", quote, flags=re.S)
                for paragraph in re.split(r"\n\s*\n", quote):
                    yield from sentences(paragraph)


def roff(text):
    """The running text of a manual page, paragraph by paragraph."""
    lines = []
    for line in text.split("\n"):
        if line.startswith((".", "'")):
            if line.startswith((".SH", ".SS", ".PP", ".TP", ".IP", ".P")):
                yield " ".join(lines)
                lines = []
            line = line.split(" ", 1)[1] if line[:3] in (".B ", ".I ", ".BR", ".IR") and " " in line else ""
        line = re.sub(r"\\f(\[[^]]*\]|\(..|.)|\\&|\\[|^/,]", "", line)
        line = line.replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\").replace("\\ ", " ")
        lines.append(line)
    yield " ".join(lines)


def manuals():
    for path in sorted(glob.glob(MANUALS + "/man*/*.gz")):
        if os.path.islink(path):
            continue
        with gzip.open(path, "rt", encoding="utf-8", errors="ignore") as f:
            for paragraph in roff(f.read()):
                yield from sentences(paragraph)


def office():
    for folder, _, names in sorted(os.walk(HELP)):
        for name in sorted(names):
            if not name.endswith(".html"):
                continue
            with open(os.path.join(folder, name), encoding="utf-8", errors="ignore") as f:
                page = f.read()
            for paragraph in re.findall(r"<p[^>]*class=\"(?:paragraph|listitem|tip|note)\"[^>]*>(.*?)</p>", page, re.S):
                yield from sentences(html.unescape(re.sub(r"<[^>]*>", "", paragraph)))


def pick(found, letters, n):
    """n of them, evenly spread, each once."""
    seen = list(dict.fromkeys(s for s in found if letters.search(s) and 2 <= len(s) <= 2000))
    if len(seen) < n:
        sys.exit("sentences.py: only %d sentences found, %d are needed: are the packages installed?" % (len(seen), n))
    return [seen[i * len(seen) // n] for i in range(n)]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    korean = list(dict.fromkeys(manuals()))
    manual = [s for s in korean if HANGUL.search(s)]
    half, quarter = count // 2, min(count // 4, len(manual))
    chosen = pick(fortunes(), LATIN, count - half) + pick(manual, HANGUL, quarter) + pick(office(), HANGUL, half - quarter)
    sys.stdout.reconfigure(encoding="utf-8")
    for s in chosen:
        print(s)


main()
