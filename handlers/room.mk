# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libhandlers.a
libhandlers_a_SOURCES = \
	handlers/arguments.c handlers/arguments.h \
	handlers/ask.c \
	handlers/command.c handlers/command.h \
	handlers/commands/follow.c \
	handlers/commands/mute.c \
	handlers/commands/read.c \
	handlers/commands/rows.h \
	handlers/commands/show.c \
	handlers/commands/status.c \
	handlers/commands/target.h \
	handlers/commands/write.c \
	handlers/commands/yourself.c \
	handlers/compose.c handlers/compose.h \
	handlers/dispatch.c handlers/dispatch.h \
	handlers/help.c handlers/help.h \
	handlers/lists.c handlers/lists.h \
	handlers/messages.c handlers/messages.h \
	handlers/native/gestures.c handlers/native/gestures.h \
	handlers/near.c handlers/near.h \
	handlers/news.c handlers/news.h \
	handlers/post.c handlers/post.h \
	handlers/request.h \
	handlers/reserved.c handlers/reserved.h \
	handlers/scan.c \
	handlers/service.c handlers/service.h \
	handlers/session.c handlers/session.h \
	handlers/state.h \
	handlers/times.c handlers/times.h
