/* SPDX-License-Identifier: MIT */
/* jaejalctl: asks a running jaejald, through the socket beside its database (jaejalctl(8)). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bridge/control.h"
#include "bridge/daemon.h"
#include "bridge/status.h"
#include "conf/settings.h"

static const char usage[] =
    "usage: jaejalctl -c FILE COMMAND [ARGUMENT ...]\n"
    "       jaejalctl --version | --help\n"
    "\n"
    "  -c FILE              the configuration file of the jaejald that is asked\n"
    "  status               how it is: link, people, posts, what waits, memory\n"
    "  stats                accounts, posts a day, deliveries, size of the database\n"
    "  role WHO ROLE        WHO becomes an employee, announcer or admin\n"
    "  suspend WHO [REASON] closes an account: nothing in, nothing out\n"
    "  unsuspend WHO        opens it again\n"
    "  reports              reported posts that nobody decided about yet\n"
    "  remove POST REASON   takes one back (#12); its author reads the reason\n"
    "  dismiss POST         leaves it\n"
    "  audit [N]            the last N things that administrators did\n"
    "  export WHO           all that is a person's, as JSON, an object a line\n"
    "  verify               whether that record is whole and unchanged\n";

static const char *const commands[] = {"status",    "stats",   "role",   "suspend",
                                       "unsuspend", "reports", "remove", "dismiss",
                                       "audit",     "verify",  "export"};

static int complain(enum err e, const char *path)
{
    if (e == E_NOTFOUND) {
        (void)fprintf(stderr, "jaejalctl: jaejald is not running (nobody listens at %s)\n", path);
    } else {
        (void)fprintf(stderr, "jaejalctl: no answer from jaejald at %s: %s\n", path,
                      e == E_SYSTEM ? strerror(errno) : err_text(e));
    }
    return EXIT_DATABASE;
}

/* Page by page, so that the daemon has no more to do at a time than for a list. */
static int export(const char *path, const char *nick, struct arena *a)
{
    const char *place = "0 0 0";
    int code = 0;

    while (place != NULL) {
        struct buffer answer;
        enum err e;
        char *last;

        buffer_init(&answer, CONTROL_ANSWER + 2);
        e = control_ask(path, arena_printf(a, "export %s %s", nick, place), &answer);
        place = NULL;
        if (e != OK || answer.len == 0) {
            code = complain(e == OK ? E_PROTO : e, path);
        } else {
            answer.data[answer.len - 1] = '\0'; /* the last line says where it goes on */
            last = strrchr(answer.data, '\n');
            last = last == NULL ? answer.data : last + 1;
            if (strncmp(last, "next ", 5) == 0) {
                place = arena_dup(a, last + 5);
            } else if (strcmp(last, "end") != 0) {
                (void)fprintf(stderr, "jaejalctl: %s: %s\n", nick, last);
                code = EXIT_CONFIG;
            }
            *last = '\0';
            (void)fputs(answer.data, stdout);
        }
        buffer_fini(&answer);
    }
    if (fflush(stdout) != 0) {
        (void)fprintf(stderr, "jaejalctl: %s\n", strerror(errno));
        code = EXIT_DATABASE;
    }
    return code;
}

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
    if (strncmp(command, "export ", strlen("export ")) == 0) {
        return export(path, command + strlen("export "), a);
    }
    buffer_init(&answer, CONTROL_ANSWER + 2);
    e = control_ask(path, command, &answer);
    if (e == OK && strncmp(answer.data, CONTROL_REFUSED, strlen(CONTROL_REFUSED)) == 0) {
        (void)fprintf(stderr, "jaejalctl: %s", answer.data + strlen(CONTROL_REFUSED));
        code = EXIT_CONFIG;
    } else if (e == OK) {
        (void)fputs(answer.data, stdout);
    } else {
        code = complain(e, path);
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

/* The words as one line; NULL: more than the socket takes, or more than one line. */
static const char *line_of(int n, char **words)
{
    static char line[CONTROL_LINE];
    size_t len = 0;
    int i;

    for (i = 0; i < n; i++) {
        int more = snprintf(line + len, sizeof(line) - len, "%s%s", i == 0 ? "" : " ", words[i]);

        if (more < 0 || (size_t)more >= sizeof(line) - len - 1) {
            return NULL;
        }
        len += (size_t)more;
    }
    return strpbrk(line, "\r\n") == NULL ? line : NULL;
}

static int command(int n, char **words, const char *config)
{
    const char *line = line_of(n, words);
    size_t i;

    for (i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(words[0], commands[i]) == 0 && line != NULL) {
            return run(config, line);
        }
    }
    if (line == NULL) {
        (void)fprintf(stderr, "jaejalctl: that is too long, or more than one line\n");
    } else {
        (void)fprintf(stderr, "jaejalctl: there is no command \"%s\"\n", words[0]);
        (void)fputs(usage, stderr);
    }
    return EXIT_CONFIG;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        (void)fputs("jaejalctl " STATUS_VERSION "\n", stdout);
        return 0;
    }
    if (argc >= 4 && strcmp(argv[1], "-c") == 0) {
        return command(argc - 3, argv + 3, argv[2]);
    }
    (void)fputs(usage, stderr);
    return EXIT_CONFIG;
}
