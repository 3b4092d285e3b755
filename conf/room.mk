# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libconf.a
libconf_a_SOURCES = \
	conf/describe.c \
	conf/settings.c conf/settings.h \
	conf/table.c conf/table.h \
	conf/value.c conf/value.h

check_PROGRAMS += tests/unit/test_settings
tests_unit_test_settings_SOURCES = tests/unit/test_settings.c
tests_unit_test_settings_LDADD = libconf.a libbase.a $(INIH_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_settings

# The sample file and the middle of the manual page come from the table; both are in the tree, and
# the test compares them. After a change of the table: make update-settings
dist_man_MANS += doc/jaejal.conf.5
EXTRA_DIST += conf/jaejal.conf.sample
EXTRA_PROGRAMS += conf/print
conf_print_SOURCES = conf/print.c
conf_print_LDADD = libconf.a libbase.a $(INIH_LIBS) $(BASE_LIBS)
CLEANFILES += conf/print

update-settings: conf/print$(EXEEXT)
	./conf/print sample > $(srcdir)/conf/jaejal.conf.sample
	./conf/print manual > conf/settings.mdoc
	$(SED) -i -e '/by "make update-settings"/r conf/settings.mdoc' \
	  -e '/by "make update-settings"/,/^\.\\" to here/{/by "make update-settings"/b;/^\.\\" to here/b;d}' \
	  $(srcdir)/doc/jaejal.conf.5
	rm -f conf/settings.mdoc
.PHONY: update-settings
