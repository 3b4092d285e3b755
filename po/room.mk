# SPDX-License-Identifier: MIT
# The messages: po/ko.po is compiled to a table inside the program, so that a language is never
# missing at run time. English is what stands in the sources.
#   make update-po   takes new messages from the sources into jaejal.pot and ko.po
EXTRA_DIST += po/ko.po po/jaejal.pot
noinst_HEADERS += po/catalog.h
nodist_libhandlers_a_SOURCES = po/catalog.c
CLEANFILES += po/catalog.c po/ko.mo

po/ko.mo: $(srcdir)/po/ko.po
	$(AM_V_GEN)$(MKDIR_P) po && $(MSGFMT) -c -o $@ $(srcdir)/po/ko.po

po/catalog.c: po/ko.mo $(srcdir)/po/embed.sh
	$(AM_V_GEN)AWK='$(AWK)' $(SHELL) $(srcdir)/po/embed.sh po/ko.mo catalog_ko > $@.tmp && mv $@.tmp $@

update-po:
	$(SHELL) $(srcdir)/po/extract.sh $(srcdir) > po/jaejal.pot.tmp
	mv po/jaejal.pot.tmp $(srcdir)/po/jaejal.pot
	msgmerge --quiet --update --backup=none --add-location=file --no-wrap $(srcdir)/po/ko.po $(srcdir)/po/jaejal.pot
	msgfmt -c --statistics -o /dev/null $(srcdir)/po/ko.po
.PHONY: update-po

EXTRA_DIST += po/embed.sh po/extract.sh tests/lint/check-po
TESTS += tests/lint/check-po
