/* SPDX-License-Identifier: MIT */
/* Rows of commands whose words are taken before they are built (language.md, rule 7). Building one moves its row to its
 * family. Their grammar is here already, so that no sentence is taken for one of them. */
#include "handlers/reserved.h"

/* clang-format off */
static const struct command later[] = {
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
        .form = N_("login"), .summary = N_("A link that lets you into the portal once"),
        .examples = {"login"},
    },
};

static const struct command dispatch[] = {
    {
        .name = "yes", .korean = {"네", "예"}, .flags = COMMAND_HIDDEN,
        .form = N_("yes"), .summary = N_("Answers a question of mine"),
        .examples = {"yes"},
    },
};
/* clang-format on */
const struct family family_later = {N_("Not built yet"), later, ARRAY_LEN(later)};
const struct family family_dispatch = {N_("Answers"), dispatch, ARRAY_LEN(dispatch)};
