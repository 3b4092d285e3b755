# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libhandlers.a
libhandlers_a_SOURCES = \
	handlers/admins.c handlers/admins.h \
	handlers/arguments.c handlers/arguments.h \
	handlers/ask.c \
	handlers/command.c handlers/command.h \
	handlers/commands/admin.c \
	handlers/alias.c handlers/alias.h \
	handlers/announce.c handlers/announce.h \
	handlers/commands/announce.c \
	handlers/commands/alias.c \
	handlers/commands/company.c \
	handlers/commands/follow.c \
	handlers/commands/groups.c handlers/commands/groups.h \
	handlers/commands/invite.c \
	handlers/commands/keep.c \
	handlers/commands/export.c \
	handlers/commands/leave.c \
	handlers/commands/moderate.c \
	handlers/commands/members.c \
	handlers/commands/mute.c \
	handlers/commands/order.c \
	handlers/commands/own.c \
	handlers/commands/poll.c \
	handlers/commands/peace.c \
	handlers/commands/profile.c \
	handlers/commands/questions.c \
	handlers/commands/read.c \
	handlers/commands/rows.h \
	handlers/commands/schedule.c \
	handlers/commands/show.c \
	handlers/commands/status.c \
	handlers/commands/tags.c \
	handlers/commands/target.h \
	handlers/commands/write.c \
	handlers/commands/yourself.c \
	handlers/compose.c handlers/compose.h \
	handlers/control.c \
	handlers/digest.c handlers/digest.h handlers/dialogue.c handlers/dialogue.h \
	handlers/hot.c handlers/hot.h \
	handlers/tally.c handlers/tally.h \
	handlers/dispatch.c handlers/dispatch.h \
	handlers/forms.c handlers/forms.h \
	handlers/export.c handlers/export.h \
	handlers/help.c handlers/help.h \
	handlers/lists.c handlers/lists.h \
	handlers/manual.c handlers/manual.h \
	handlers/messages.c handlers/messages.h \
	handlers/native/adhoc.c \
	handlers/native/gestures.c handlers/native/gestures.h \
	handlers/peace.c handlers/peace.h \
	handlers/misfit.c handlers/misfit.h \
	handlers/near.c handlers/near.h \
	handlers/news.c handlers/news.h \
	handlers/poll.c handlers/poll.h \
	handlers/post.c handlers/post.h \
	handlers/question.c handlers/question.h \
	handlers/request.h \
	handlers/reserved.c handlers/reserved.h \
	handlers/scan.c \
	handlers/sentence.c \
	handlers/schedule.c handlers/schedule.h \
	handlers/service.c handlers/service.h \
	handlers/session.c handlers/session.h \
	handlers/settings.h \
	handlers/state.h \
	handlers/times.c handlers/times.h \
	handlers/tokens.c

# What commands do and how answers read: over a store in memory, through the service's door.
COMPANY = tests/unit/company.c tests/unit/company.h
COMPANY_LDADD = libhandlers.a libdb.a libbase.a $(SQLITE_LIBS) $(OPENSSL_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
COMPANY_TESTS = tests/unit/test_compose tests/unit/test_write tests/unit/test_read tests/unit/test_follow \
	tests/unit/test_yourself tests/unit/test_peace tests/unit/test_gestures tests/unit/test_leaks tests/unit/test_admin \
	tests/unit/test_alias tests/unit/test_export tests/unit/test_questions tests/unit/test_groups
COMPANY_TESTS += tests/unit/test_company tests/unit/test_digest
check_PROGRAMS += $(COMPANY_TESTS)
TESTS += $(COMPANY_TESTS)
tests_unit_test_alias_SOURCES = tests/unit/test_alias.c $(COMPANY)
tests_unit_test_alias_LDADD = $(COMPANY_LDADD)
tests_unit_test_export_SOURCES = tests/unit/test_export.c $(COMPANY)
tests_unit_test_export_LDADD = $(COMPANY_LDADD)
tests_unit_test_compose_SOURCES = tests/unit/test_compose.c $(COMPANY)
tests_unit_test_compose_LDADD = $(COMPANY_LDADD)
tests_unit_test_write_SOURCES = tests/unit/test_write.c $(COMPANY)
tests_unit_test_write_LDADD = $(COMPANY_LDADD)
tests_unit_test_read_SOURCES = tests/unit/test_read.c $(COMPANY)
tests_unit_test_read_LDADD = $(COMPANY_LDADD)
tests_unit_test_follow_SOURCES = tests/unit/test_follow.c $(COMPANY)
tests_unit_test_follow_LDADD = $(COMPANY_LDADD)
tests_unit_test_groups_SOURCES = tests/unit/test_groups.c $(COMPANY)
tests_unit_test_groups_LDADD = $(COMPANY_LDADD)
tests_unit_test_yourself_SOURCES = tests/unit/test_yourself.c $(COMPANY)
tests_unit_test_yourself_LDADD = $(COMPANY_LDADD)
tests_unit_test_peace_SOURCES = tests/unit/test_peace.c $(COMPANY)
tests_unit_test_peace_LDADD = $(COMPANY_LDADD)
tests_unit_test_gestures_SOURCES = tests/unit/test_gestures.c $(COMPANY)
tests_unit_test_gestures_LDADD = $(COMPANY_LDADD)
tests_unit_test_questions_SOURCES = tests/unit/test_questions.c $(COMPANY)
tests_unit_test_questions_LDADD = $(COMPANY_LDADD)
tests_unit_test_leaks_SOURCES = tests/unit/test_leaks.c $(COMPANY)
tests_unit_test_leaks_LDADD = $(COMPANY_LDADD)
tests_unit_test_company_SOURCES = tests/unit/test_company.c $(COMPANY)
tests_unit_test_company_LDADD = $(COMPANY_LDADD)
tests_unit_test_digest_SOURCES = tests/unit/test_digest.c $(COMPANY)
tests_unit_test_digest_LDADD = $(COMPANY_LDADD)
tests_unit_test_admin_SOURCES = tests/unit/test_admin.c $(COMPANY)
tests_unit_test_admin_LDADD = $(COMPANY_LDADD)
COMPANY_TESTS += tests/unit/test_polls tests/unit/test_schedule tests/unit/test_announce
tests_unit_test_polls_SOURCES = tests/unit/test_polls.c $(COMPANY)
tests_unit_test_polls_LDADD = $(COMPANY_LDADD)
tests_unit_test_announce_SOURCES = tests/unit/test_announce.c $(COMPANY)
tests_unit_test_announce_LDADD = $(COMPANY_LDADD)
tests_unit_test_schedule_SOURCES = tests/unit/test_schedule.c $(COMPANY)
tests_unit_test_schedule_LDADD = $(COMPANY_LDADD)

# The measure of the language, over the same company.
check_PROGRAMS += tests/corpus/measure
tests_corpus_measure_SOURCES = tests/corpus/measure.c $(COMPANY)
tests_corpus_measure_LDADD = $(COMPANY_LDADD)
TESTS += tests/corpus/check-measure
EXTRA_DIST += tests/corpus/check-measure tests/corpus/sentences.py tests/corpus/commands.txt

# The language itself.
LANGUAGE_TESTS = tests/unit/test_dialogue tests/unit/test_forms tests/unit/test_messages tests/unit/test_arguments tests/unit/test_rows \
	tests/unit/test_dispatch tests/unit/test_help tests/unit/test_lists tests/unit/test_manual tests/unit/test_tally
check_PROGRAMS += $(LANGUAGE_TESTS)
TESTS += $(LANGUAGE_TESTS)
tests_unit_test_dialogue_SOURCES = tests/unit/test_dialogue.c $(COMPANY)
tests_unit_test_dialogue_LDADD = $(COMPANY_LDADD)
tests_unit_test_forms_SOURCES = tests/unit/test_forms.c $(COMPANY)
tests_unit_test_forms_LDADD = $(COMPANY_LDADD)
tests_unit_test_messages_SOURCES = tests/unit/test_messages.c
tests_unit_test_messages_LDADD = $(COMPANY_LDADD)
tests_unit_test_arguments_SOURCES = tests/unit/test_arguments.c $(COMPANY)
tests_unit_test_arguments_LDADD = $(COMPANY_LDADD)
tests_unit_test_rows_SOURCES = tests/unit/test_rows.c $(COMPANY)
tests_unit_test_rows_LDADD = $(COMPANY_LDADD)
tests_unit_test_dispatch_SOURCES = tests/unit/test_dispatch.c $(COMPANY)
tests_unit_test_dispatch_LDADD = $(COMPANY_LDADD)
tests_unit_test_tally_SOURCES = tests/unit/test_tally.c $(COMPANY)
tests_unit_test_tally_LDADD = $(COMPANY_LDADD)
tests_unit_test_lists_SOURCES = tests/unit/test_lists.c $(COMPANY)
tests_unit_test_lists_LDADD = $(COMPANY_LDADD)
tests_unit_test_help_SOURCES = tests/unit/test_help.c $(COMPANY)
tests_unit_test_help_LDADD = $(COMPANY_LDADD)
tests_unit_test_manual_SOURCES = tests/unit/test_manual.c
tests_unit_test_manual_LDADD = $(COMPANY_LDADD)

# Two parts of the manual page and the whole of doc/commands.md come from the rows; both are in the
# tree, and the test compares them. After a change of a row: make update-commands
dist_man_MANS += doc/jaejal-commands.7
EXTRA_DIST += doc/commands.md
EXTRA_PROGRAMS += handlers/print
handlers_print_SOURCES = handlers/print.c
handlers_print_LDADD = libhandlers.a libdb.a libbase.a $(SQLITE_LIBS) $(OPENSSL_LIBS) $(BASE_LIBS)
CLEANFILES += handlers/print

update-commands: handlers/print$(EXEEXT)
	./handlers/print table > handlers/part.tmp
	cat handlers/part.tmp > $(srcdir)/doc/commands.md
	for part in commands reserved; do \
	  ./handlers/print $$part > handlers/part.tmp && \
	  $(SED) -i -e "/by \"make update-commands\": $$part/r handlers/part.tmp" \
	    -e "/by \"make update-commands\": $$part/,/^\.\\\\\" to here/{/by \"make update-commands\"/b;/^\.\\\\\" to here/b;d}" \
	    $(srcdir)/doc/jaejal-commands.7 || exit 1; \
	done
	./handlers/print first > handlers/part.tmp
	$(SED) -i -e '/by "make update-commands" -->/r handlers/part.tmp' \
	  -e '/by "make update-commands" -->/,/^<!-- to here -->/{/^<!--/b;d}' $(srcdir)/README.md
	rm -f handlers/part.tmp
.PHONY: update-commands
