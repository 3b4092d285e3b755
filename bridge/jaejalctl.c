/* SPDX-License-Identifier: MIT */
/* jaejalctl: asks a running jaejald, through the socket beside its database (jaejalctl(8)). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bridge/control.h"
#include "bridge/daemon.h"
#include "bridge/status.h"
#include "conf/settings.h"

static const char usage[] = "usage: jaejalctl -c FILE status\n"
                            "       jaejalctl --version | --help\n"
                            "\n"
                            "  -c FILE    the configuration file of the jaejald that is asked\n"
                            "  status     how it is: link, people, posts, what waits, memory\n";

static const char *const commands[] = {"status"};

static int ask(const struct settings *s, const char *command, struct arena *a)
{
    const char *path = control_path(a, s->database_url);
    struct buffer answer;
    enum err e;
    int code = 0;

    if (path == NULL) {
        (void)fprintf(stderr, "jaejalctl: a database in memory has no control socket\n");
        return EXIT_CONFIG;
    }
    buffer_init(&answer, CONTROL_ANSWER + 2);
    e = control_ask(path, command, &answer);
    if (e == OK) {
        (void)fputs(answer.data, stdout);
    } else {
        code = EXIT_DATABASE;
        if (e == E_NOTFOUND) {
            (void)fprintf(stderr, "jaejalctl: jaejald is not running (nobody listens at %s)\n",
                          path);
        } else {
            (void)fprintf(stderr, "jaejalctl: no answer from jaejald at %s: %s\n", path,
                          e == E_SYSTEM ? strerror(errno) : err_text(e));
        }
    }
    buffer_fini(&answer);
    return code;
}

static int run(const char *config, const char *command)
{
    struct arena *a = arena_new(4194304);
    struct settings settings;
    struct buffer complaint;
    int code = EXIT_CONFIG;

    buffer_init(&complaint, 65536);
    if (settings_read(config, a, &settings, &complaint) != OK) {
        (void)fprintf(stderr, "%s",
                      complaint.len > 0 ? complaint.data : "jaejalctl: bad configuration\n");
    } else {
        code = ask(&settings, command, a);
    }
    buffer_fini(&complaint);
    arena_free(a);
    return code;
}

int main(int argc, char **argv)
{
    size_t i;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        (void)fputs("jaejalctl " STATUS_VERSION "\n", stdout);
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "-c") == 0) {
        for (i = 0; i < ARRAY_LEN(commands); i++) {
            if (strcmp(argv[3], commands[i]) == 0) {
                return run(argv[2], argv[3]);
            }
        }
        (void)fprintf(stderr, "jaejalctl: there is no command \"%s\"\n", argv[3]);
    }
    (void)fputs(usage, stderr);
    return EXIT_CONFIG;
}
