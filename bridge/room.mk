# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libbridge.a
libbridge_a_SOURCES = \
	bridge/connect.c bridge/connect.h \
	bridge/greeting.c bridge/greeting.h \
	bridge/link.c bridge/link.h \
	bridge/scope.c bridge/scope.h \
	bridge/summary.c bridge/stream.c bridge/stream.h \
	bridge/wire.c bridge/wire.h

check_PROGRAMS += tests/unit/test_stream
tests_unit_test_stream_SOURCES = tests/unit/test_stream.c
tests_unit_test_stream_LDADD = libbridge.a libbase.a $(STROPHE_LIBS) $(EXPAT_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_stream

check_PROGRAMS += tests/unit/test_link
tests_unit_test_link_SOURCES = tests/unit/test_link.c tests/unit/fakeserver.c tests/unit/fakeserver.h
tests_unit_test_link_LDADD = libbridge.a libbase.a $(STROPHE_LIBS) $(EXPAT_LIBS) $(OPENSSL_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_link

# What a stanza means, the turn, and the daemon around it.
libbridge_a_SOURCES += \
	bridge/adhoc.c bridge/adhoc.h \
	bridge/control.c bridge/control.h \
	bridge/daemon.c bridge/daemon.h \
	bridge/decode.c bridge/decode.h bridge/decode_message.c \
	bridge/element.c bridge/element.h \
	bridge/iq.c bridge/iq.h \
	bridge/metrics.c bridge/metrics.h \
	bridge/notify.c bridge/notify.h \
	bridge/people.c bridge/people.h bridge/vcard.c \
	bridge/reload.c bridge/reload.h bridge/reply.c bridge/reply.h \
	bridge/scrape.c bridge/scrape.h \
	bridge/status.c bridge/status.h \
	bridge/throttle.c bridge/throttle.h \
	bridge/turn.c bridge/turn.h bridge/turn_parts.h \
	bridge/vitals.c bridge/vitals.h \
	bridge/turn_control.c bridge/turn_life.c bridge/turn_new.c bridge/turn_run.c bridge/turn_stanza.c

check_PROGRAMS += tests/unit/test_link_tls
tests_unit_test_link_tls_SOURCES = tests/unit/test_link_tls.c tests/unit/fakeserver.c tests/unit/fakeserver.h
tests_unit_test_link_tls_LDADD = libbridge.a libbase.a $(STROPHE_LIBS) $(EXPAT_LIBS) $(OPENSSL_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_link_tls

check_PROGRAMS += tests/unit/test_decode
tests_unit_test_decode_SOURCES = tests/unit/test_decode.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_decode_LDADD = libbridge.a libbase.a $(STROPHE_LIBS) $(EXPAT_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_decode

check_PROGRAMS += tests/unit/test_people
tests_unit_test_people_SOURCES = tests/unit/test_people.c tests/unit/feed.c tests/unit/feed.h
tests_unit_test_people_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_people

check_PROGRAMS += tests/unit/test_control
tests_unit_test_control_SOURCES = tests/unit/test_control.c
tests_unit_test_control_LDADD = libbridge.a libbase.a $(BASE_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_control

TURN_RIG = tests/unit/turn_rig.c tests/unit/turn_rig.h tests/unit/feed.c tests/unit/feed.h
TURN_DAYS = tests/unit/turn_days.c tests/unit/turn_days.h $(TURN_RIG)
check_PROGRAMS += tests/unit/test_adhoc
tests_unit_test_adhoc_SOURCES = tests/unit/test_adhoc.c $(TURN_RIG)
tests_unit_test_adhoc_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=store_commit
tests_unit_test_adhoc_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_adhoc

# Some functions fail when the test says so.
check_PROGRAMS += tests/unit/test_turn
tests_unit_test_turn_SOURCES = tests/unit/test_turn.c $(TURN_RIG)
tests_unit_test_turn_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=store_commit -Wl,--wrap=store_release \
	-Wl,--wrap=service_message
tests_unit_test_turn_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_turn

check_PROGRAMS += tests/unit/test_urgent
tests_unit_test_urgent_SOURCES = tests/unit/test_urgent.c $(TURN_DAYS)
tests_unit_test_urgent_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_urgent

check_PROGRAMS += tests/unit/test_turn_life
tests_unit_test_turn_life_SOURCES = tests/unit/test_turn_life.c $(TURN_DAYS)
tests_unit_test_turn_life_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_turn_life

check_PROGRAMS += tests/unit/test_turn_peace
tests_unit_test_turn_peace_SOURCES = tests/unit/test_turn_peace.c $(TURN_DAYS)
tests_unit_test_turn_peace_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_turn_peace

check_PROGRAMS += tests/unit/test_turn_control
tests_unit_test_turn_control_SOURCES = tests/unit/test_turn_control.c $(TURN_RIG)
tests_unit_test_turn_control_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=store_commit
tests_unit_test_turn_control_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_turn_control

dist_man_MANS += doc/jaejald.8 doc/jaejalctl.8

# Who is where, and what is on its way to them.
libbridge_a_SOURCES += \
	bridge/conditions.c bridge/conditions.h \
	bridge/encode.c bridge/encode.h \
	bridge/peers.c bridge/peers.h \
	bridge/presence.c bridge/presence.h \
	bridge/pump.c bridge/pump.h bridge/pump_state.h \
	bridge/bounce.c bridge/fence.c bridge/hold.c bridge/release.c bridge/save.c bridge/unseen.c bridge/unseen.h bridge/walk.c

PUMP_TEST_LDADD = libbridge.a libhandlers.a libdb.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_pump
tests_unit_test_pump_SOURCES = tests/unit/test_pump.c tests/unit/rig.c tests/unit/rig.h
tests_unit_test_pump_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_pump

check_PROGRAMS += tests/unit/test_summary
tests_unit_test_summary_SOURCES = tests/unit/test_summary.c tests/unit/rig.c tests/unit/rig.h
tests_unit_test_summary_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_summary

check_PROGRAMS += tests/unit/test_hold
tests_unit_test_hold_SOURCES = tests/unit/test_hold.c tests/unit/rig.c tests/unit/rig.h
tests_unit_test_hold_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_hold

check_PROGRAMS += tests/unit/test_bounce
tests_unit_test_bounce_SOURCES = tests/unit/test_bounce.c tests/unit/rig.c tests/unit/rig.h
tests_unit_test_bounce_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_bounce

check_PROGRAMS += tests/unit/test_bundles
tests_unit_test_bundles_SOURCES = tests/unit/test_bundles.c tests/unit/rig.c tests/unit/rig.h
tests_unit_test_bundles_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_bundles

check_PROGRAMS += tests/unit/test_unseen
tests_unit_test_unseen_SOURCES = tests/unit/test_unseen.c tests/unit/rig.c tests/unit/rig.h
tests_unit_test_unseen_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_unseen

check_PROGRAMS += tests/unit/pump_model
tests_unit_pump_model_SOURCES = tests/unit/pump_model.c tests/unit/pump_model.h tests/unit/pump_judge.c tests/unit/rig.c tests/unit/rig.h
tests_unit_pump_model_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/pump_model

# Two worlds that differ in what is secret alone.
check_PROGRAMS += tests/unit/secrets
tests_unit_secrets_SOURCES = tests/unit/secrets.c tests/unit/worlds.c tests/unit/worlds.h tests/unit/rig.c tests/unit/rig.h
tests_unit_secrets_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/secrets

check_PROGRAMS += tests/unit/test_presence
tests_unit_test_presence_SOURCES = tests/unit/test_presence.c tests/unit/rig.c tests/unit/rig.h
tests_unit_test_presence_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_presence

check_PROGRAMS += tests/unit/test_peers
tests_unit_test_peers_SOURCES = tests/unit/test_peers.c
tests_unit_test_peers_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_peers

check_PROGRAMS += tests/unit/test_encode
tests_unit_test_encode_SOURCES = tests/unit/test_encode.c
tests_unit_test_encode_LDADD = $(PUMP_TEST_LDADD)
TESTS += tests/unit/test_encode

check_PROGRAMS += tests/unit/test_status
tests_unit_test_status_SOURCES = tests/unit/test_status.c
tests_unit_test_status_LDADD = libbridge.a libhandlers.a libdb.a libconf.a libbase.a $(ALL_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_status
