/* SPDX-License-Identifier: MIT */
/* jaejald: the command line, the configuration file, and off it goes (jaejald(8)). */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "bridge/daemon.h"
#include "bridge/status.h"
#include "conf/settings.h"
#include "db/store.h"

static const char usage[] =
    "usage: jaejald -c FILE [--check]\n"
    "       jaejald --version | --help\n"
    "\n"
    "  -c FILE    the configuration file (jaejal.conf(5))\n"
    "  --check    look at the file and the database, say what is wrong, and end\n";

struct options {
    const char *config;
    bool check, version, help;
};

static bool parse(int argc, char **argv, struct options *o)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-c") == 0 && i + 1 < argc && o->config == NULL) {
            o->config = argv[++i];
        } else if (strcmp(argv[i], "--check") == 0) {
            o->check = true;
        } else if (strcmp(argv[i], "--version") == 0) {
            o->version = true;
        } else if (strcmp(argv[i], "--help") == 0) {
            o->help = true;
        } else {
            (void)fprintf(stderr, "jaejald: cannot understand \"%s\"\n", argv[i]);
            return false;
        }
    }
    return o->version || o->help || o->config != NULL;
}

/* Changes nothing: no database is made, none is brought to a new version. */
static enum exit_code check(const struct settings *s, const char *path)
{
    struct buffer complaint;
    enum exit_code code = EXIT_STOPPED;
    int64_t records = 0;
    enum err e, audit = OK;

    buffer_init(&complaint, 4096);
    e = store_probe(s->database_url, &complaint);
    if (e == OK) {
        audit = store_probe_audit(s->database_url, &complaint, &records);
    }
    if (audit != OK) {
        (void)fprintf(stderr, "jaejald: the record of what administrators did is not whole: %s\n",
                      complaint.data);
        code = EXIT_DATABASE;
    } else if (e == OK || e == E_BUSY || e == E_NOTFOUND) {
        (void)printf("%s: the configuration is good\n", path);
        (void)printf("%s: %s\n", s->database_url,
                     e == OK       ? "the database is good"
                     : e == E_BUSY ? "the database is good, and in use by a running jaejald"
                                   : "there is no database yet, it will be made");
        if (records > 0) {
            (void)printf("%s: the record of what administrators did is whole, with %lld entries\n",
                         s->database_url, (long long)records);
        }
    } else {
        (void)fprintf(stderr, "jaejald: the database cannot be used: %s\n",
                      complaint.len > 0 ? complaint.data : err_text(e));
        code = EXIT_DATABASE;
    }
    buffer_fini(&complaint);
    return code;
}

int main(int argc, char **argv)
{
    struct options o = {.config = NULL};
    struct settings settings;
    struct buffer complaint;
    struct arena *a;
    enum exit_code code = EXIT_CONFIG;

    if (!parse(argc, argv, &o)) {
        (void)fputs(usage, stderr);
        return EXIT_CONFIG;
    }
    if (o.help || o.version) {
        (void)fputs(o.help ? usage : "jaejald " STATUS_VERSION "\n", stdout);
        return 0;
    }
    (void)umask(077);
    a = arena_new(4194304);
    buffer_init(&complaint, 65536);
    if (settings_read(o.config, a, &settings, &complaint) != OK) {
        (void)fprintf(stderr, "%s",
                      complaint.len > 0 ? complaint.data : "jaejald: bad configuration\n");
    } else if (o.check) {
        code = check(&settings, o.config);
    } else {
        log_set_level(settings.log_level);
        code = daemon_run(&settings, o.config);
    }
    buffer_fini(&complaint);
    arena_free(a);
    return code;
}
