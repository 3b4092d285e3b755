/* SPDX-License-Identifier: MIT */
/* Prints what the table of settings says about itself, for "make update-settings":
 *   conf/print sample    conf/jaejal.conf.sample
 *   conf/print manual    the middle of doc/jaejal.conf.5 */
#include <stdio.h>
#include <string.h>

#include "conf/settings.h"

int main(int argc, char **argv)
{
    struct buffer out;
    int rc = 2;

    buffer_init(&out, 1 << 20);
    if (argc == 2 && strcmp(argv[1], "sample") == 0) {
        settings_sample(&out);
    } else if (argc == 2 && strcmp(argv[1], "manual") == 0) {
        settings_manual(&out);
    }
    if (out.len > 0) {
        rc = fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0 ? 0 : 1;
    } else {
        (void)fputs("usage: print sample|manual\n", stderr);
    }
    buffer_fini(&out);
    return rc;
}
