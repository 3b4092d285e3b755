/* SPDX-License-Identifier: MIT */
/* Rows of commands whose words are taken before they are built (language.md, rule 7). Building one moves its row to its
 * family. Their grammar is here already, so that no sentence is taken for one of them. */
#include "handlers/reserved.h"

/* clang-format off */
static const struct command later[] = {
    {
        .name = "announce", .korean = {"공지"},
        .args = {{.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_ANY, .flags = COMMAND_LATER,
        .form = N_("announce TEXT"), .summary = N_("To everybody, for those with that role"),
        .examples = {"announce The office closes at five"},
    },
    {
        .name = "ack", .korean = {"읽음"},
        .args = {{.kind = ARG_POST, .name = "POST"}},
        .flags = COMMAND_LATER,
        .form = N_("ack POST"), .summary = N_("Says that you have read an announcement"),
        .examples = {"ack #1"},
    },
    {
        .name = "snooze", .korean = {"스누즈", "잠시끄기"},
        .args = {{.kind = ARG_TIME, .name = "TIME"}},
        .flags = COMMAND_LATER,
        .form = N_("snooze TIME"), .summary = N_("No updates for a while"),
        .examples = {"snooze 2h"},
    },
    {
        .name = "quiet", .korean = {"방해금지"},
        .args = {{.kind = ARG_HOURS, .flags = ARG_OPTIONAL, .name = "HOURS"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "off", .choices = "off|allow|끄기|허용"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "dm", .choices = "dm|mention|announcement"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "dm", .choices = "dm|mention|announcement"}},
        .flags = COMMAND_LATER,
        .form = N_("quiet 19:00-08:00, quiet off"), .summary = N_("Hours without updates"),
        .examples = {"quiet 19:00-08:00", "quiet off", "quiet allow dm mention"},
    },
    {
        .name = "digest", .korean = {"모아보기"},
        .args = {{.kind = ARG_CHOICE, .name = "daily", .choices = "daily|weekly|off|매일|매주|끄기"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "mon", .choices = "mon|tue|wed|thu|fri|sat|sun|월|화|수|목|금|토|일"},
                 {.kind = ARG_TIME, .flags = ARG_OPTIONAL, .name = "TIME"}},
        .flags = COMMAND_LATER,
        .form = N_("digest daily 09:00, digest off"), .summary = N_("One summary in place of single posts"),
        .examples = {"digest daily 09:00", "digest weekly mon 09:00"},
    },
    {
        .name = "settings", .korean = {"설정목록"},
        .flags = COMMAND_LATER,
        .form = "settings", .summary = N_("All settings with their meaning"),
        .examples = {"settings"},
    },
    {
        .name = "window", .korean = {"대화창"},
        .args = {{.kind = ARG_TARGET, .name = "X"},
                 {.kind = ARG_CHOICE, .flags = ARG_OPTIONAL, .name = "off", .choices = "off|끄기"}},
        .flags = COMMAND_LATER,
        .form = N_("window X, window X off"), .summary = N_("A chat window of its own for a person, tag or post"),
        .examples = {"window bob", "window #1 off"},
    },
    {
        .name = "login", .korean = {"로그인"},
        .flags = COMMAND_LATER,
        .form = "login", .summary = N_("A link that lets you into the portal once"),
        .examples = {"login"},
    },
    {
        .name = "export", .korean = {"내자료"},
        .flags = COMMAND_LATER,
        .form = "export", .summary = N_("All that is yours, as a file"),
        .examples = {"export"},
    },
    {
        .name = "admin broadcast", .korean = {"어드민 알림"},
        .args = {{.kind = ARG_TEXT, .name = "TEXT"}},
        .free = FREE_BEHIND, .role = ROLE_ADMIN, .flags = COMMAND_LATER,
        .form = N_("admin broadcast TEXT"), .summary = N_("A notice to everybody, from the service itself"),
        .examples = {"admin broadcast Back at six"},
    },
};

static const struct command dispatch[] = {
    {
        .name = "yes", .korean = {"네", "예"}, .flags = COMMAND_HIDDEN,
        .form = "yes", .summary = N_("Answers a question of mine"),
        .examples = {"yes"},
    },
};
/* clang-format on */
const struct family family_later = {N_("Not built yet"), later, ARRAY_LEN(later)};
const struct family family_dispatch = {N_("Answers"), dispatch, ARRAY_LEN(dispatch)};
