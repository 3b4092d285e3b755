# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libdb.a
libdb_a_SOURCES = \
	db/query.c db/query.h \
	db/store.h db/store_admin.h db/store_experts.h db/store_groups.h db/store_announce.h db/store_polls.h db/store_schedule.h \
	db/store_company.h \
	db/store_peace.h db/store_digest.h db/store_hot.h db/store_news.h db/store_unseen.h \
	db/tokenizer.c db/tokenizer.h \
	db/sqlite/admin.c \
	db/store_alias.h db/store_forget.h \
	db/sqlite/alias.c \
	db/sqlite/announce.c \
	db/sqlite/answers.c \
	db/sqlite/audience.c \
	db/sqlite/company.c \
	db/sqlite/delivery.c \
	db/sqlite/digest.c \
	db/sqlite/edges.c \
	db/sqlite/events.c \
	db/sqlite/experts.c \
	db/sqlite/find.c \
	db/sqlite/forget.c \
	db/sqlite/groups.c \
	db/sqlite/hot.c \
	db/sqlite/idle.c \
	db/sqlite/life.c db/sqlite/statements_life.h db/store_life.h \
	db/sqlite/internal.h \
	db/sqlite/invite.c \
	db/sqlite/merge.c \
	db/sqlite/migrate.c \
	db/sqlite/near.c db/sqlite/near.h \
	db/sqlite/news.c \
	db/sqlite/open.c \
	db/sqlite/order.c \
	db/sqlite/owed.c \
	db/sqlite/people.c \
	db/sqlite/polls.c \
	db/sqlite/peace.c \
	db/sqlite/posts.c \
	db/sqlite/probe.c \
	db/sqlite/probe.c \
	db/sqlite/profile.c \
	db/sqlite/questions.c \
	db/sqlite/repeats.c \
	db/sqlite/saved.c \
	db/sqlite/schedule.c \
	db/sqlite/search.c db/sqlite/search.h \
	db/sqlite/statements.c db/sqlite/statements.h db/sqlite/statements_admin.h db/sqlite/statements_alias.h \
	db/sqlite/statements_forget.h \
	db/sqlite/statements_groups.h db/sqlite/statements_polls.h db/sqlite/statements_questions.h \
	db/sqlite/statements_announce.h db/sqlite/statements_schedule.h \
	db/sqlite/statements_peace.h db/sqlite/statements_digest.h db/sqlite/statements_hot.h \
	db/sqlite/tags.c \
	db/sqlite/unseen.c db/sqlite/statements_unseen.h \
	db/sqlite/timeline.c \
	db/sqlite/walk.c db/sqlite/walk.h \
	db/sqlite/watch.c \
	db/sqlite/words.c \
	db/sqlite/write.c
nodist_libdb_a_SOURCES = db/sqlite/migrations.c

# The numbered steps, in their order; a new one is added here and nowhere else.
MIGRATIONS = db/sqlite/migrations/0001-first.sql db/sqlite/migrations/0002-more.sql \
	db/sqlite/migrations/0003-admin.sql db/sqlite/migrations/0004-alias.sql \
	db/sqlite/migrations/0005-polls.sql \
	db/sqlite/migrations/0006-tags.sql \
	db/sqlite/migrations/0007-order.sql db/sqlite/migrations/0008-questions.sql \
	db/sqlite/migrations/0009-schedule.sql \
	db/sqlite/migrations/0010-leaving.sql db/sqlite/migrations/0011-groups.sql \
	db/sqlite/migrations/0012-company.sql \
	db/sqlite/migrations/0013-peace.sql \
	db/sqlite/migrations/0014-announce.sql \
	db/sqlite/migrations/0015-accepted.sql \
	db/sqlite/migrations/0016-levels.sql \
	db/sqlite/migrations/0017-person-tag.sql \
	db/sqlite/migrations/0018-hidden.sql \
	db/sqlite/migrations/0019-missed.sql \
	db/sqlite/migrations/0020-asked.sql \
	db/sqlite/migrations/0021-life.sql \
	db/sqlite/migrations/0022-scheduled-group.sql \
	db/sqlite/migrations/0023-hot.sql \
	db/sqlite/migrations/0024-news.sql \
	db/sqlite/migrations/0025-receipts.sql
EXTRA_DIST += db/sqlite/embed.awk $(MIGRATIONS)
CLEANFILES += db/sqlite/migrations.c
db/sqlite/migrations.c: db/sqlite/embed.awk $(MIGRATIONS)
	$(AM_V_GEN)$(MKDIR_P) db/sqlite && cd $(srcdir) && \
	  LC_ALL=C $(AWK) -f db/sqlite/embed.awk $(MIGRATIONS) >$(abs_builddir)/$@.new && \
	  mv $(abs_builddir)/$@.new $(abs_builddir)/$@

check_PROGRAMS += tests/unit/test_query
tests_unit_test_query_SOURCES = tests/unit/test_query.c
tests_unit_test_query_LDADD = libdb.a libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_query

check_PROGRAMS += tests/unit/test_tokenizer
tests_unit_test_tokenizer_SOURCES = tests/unit/test_tokenizer.c
tests_unit_test_tokenizer_LDADD = libdb.a libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_tokenizer

# tests/store is the definition of db/store.h.
check_LIBRARIES += tests/store/libstore.a
tests_store_libstore_a_SOURCES = tests/store/common.c tests/store/common.h tests/store/failing_vfs.c
STORE_TEST_LIBS = tests/store/libstore.a libdb.a libbase.a $(SQLITE_LIBS) $(OPENSSL_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/store/test_admin
tests_store_test_admin_SOURCES = tests/store/test_admin.c
tests_store_test_admin_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_admin

check_PROGRAMS += tests/store/test_alias
tests_store_test_alias_SOURCES = tests/store/test_alias.c
tests_store_test_alias_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_alias

check_PROGRAMS += tests/store/test_company
tests_store_test_company_SOURCES = tests/store/test_company.c
tests_store_test_company_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_company

check_PROGRAMS += tests/store/test_announce
tests_store_test_announce_SOURCES = tests/store/test_announce.c
tests_store_test_announce_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_announce

check_PROGRAMS += tests/store/test_cost
tests_store_test_cost_SOURCES = tests/store/test_cost.c
tests_store_test_cost_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_cost

check_PROGRAMS += tests/store/test_edges
tests_store_test_edges_SOURCES = tests/store/test_edges.c
tests_store_test_edges_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_edges

check_PROGRAMS += tests/store/test_events
tests_store_test_events_SOURCES = tests/store/test_events.c
tests_store_test_events_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_events

check_PROGRAMS += tests/store/test_experts
tests_store_test_experts_SOURCES = tests/store/test_experts.c
tests_store_test_experts_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_experts

check_PROGRAMS += tests/store/test_failing
tests_store_test_failing_SOURCES = tests/store/test_failing.c
tests_store_test_failing_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_failing

check_PROGRAMS += tests/store/test_forget
tests_store_test_forget_SOURCES = tests/store/test_forget.c
tests_store_test_forget_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_forget

check_PROGRAMS += tests/store/test_groups
tests_store_test_groups_SOURCES = tests/store/test_groups.c
tests_store_test_groups_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_groups

check_PROGRAMS += tests/store/test_hot
tests_store_test_hot_SOURCES = tests/store/test_hot.c
tests_store_test_hot_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_hot

check_PROGRAMS += tests/store/test_lists
tests_store_test_lists_SOURCES = tests/store/test_lists.c
tests_store_test_lists_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_lists

check_PROGRAMS += tests/store/test_open
tests_store_test_open_SOURCES = tests/store/test_open.c
tests_store_test_open_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_open

check_PROGRAMS += tests/store/test_owed
tests_store_test_owed_SOURCES = tests/store/test_owed.c tests/store/owed_model.h
tests_store_test_owed_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_owed

check_PROGRAMS += tests/store/test_digest
tests_store_test_digest_SOURCES = tests/store/test_digest.c
tests_store_test_digest_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_digest

check_PROGRAMS += tests/store/test_life
tests_store_test_life_SOURCES = tests/store/test_life.c
tests_store_test_life_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_life

check_PROGRAMS += tests/store/test_peace
tests_store_test_peace_SOURCES = tests/store/test_peace.c
tests_store_test_peace_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_peace

check_PROGRAMS += tests/store/test_people
tests_store_test_people_SOURCES = tests/store/test_people.c
tests_store_test_people_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_people

check_PROGRAMS += tests/store/test_polls
tests_store_test_polls_SOURCES = tests/store/test_polls.c
tests_store_test_polls_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_polls

check_PROGRAMS += tests/store/test_posts
tests_store_test_posts_SOURCES = tests/store/test_posts.c
tests_store_test_posts_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_posts

check_PROGRAMS += tests/store/test_probe
tests_store_test_probe_SOURCES = tests/store/test_probe.c
tests_store_test_probe_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_probe

check_PROGRAMS += tests/store/test_schedule
tests_store_test_schedule_SOURCES = tests/store/test_schedule.c
tests_store_test_schedule_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_schedule

check_PROGRAMS += tests/store/test_search
tests_store_test_search_SOURCES = tests/store/test_search.c
tests_store_test_search_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_search

check_PROGRAMS += tests/store/test_unseen
tests_store_test_unseen_SOURCES = tests/store/test_unseen.c
tests_store_test_unseen_LDADD = $(STORE_TEST_LIBS)
TESTS += tests/store/test_unseen

TESTS += tests/store/check-verbs
EXTRA_DIST += tests/store/check-verbs
