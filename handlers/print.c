/* SPDX-License-Identifier: MIT */
/* Prints what the table of commands says about itself, for "make update-commands":
 *   handlers/print commands    a part of doc/jaejal-commands.7
 *   handlers/print reserved    another
 *   handlers/print table       doc/commands.md */
#include <stdio.h>
#include <string.h>

#include "handlers/manual.h"

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";
    struct buffer out;
    int rc = 2;

    buffer_init(&out, 1 << 20);
    if (strcmp(what, "commands") == 0)
        manual_commands(&out);
    else if (strcmp(what, "reserved") == 0)
        manual_reserved(&out);
    else if (strcmp(what, "table") == 0)
        manual_table(&out);
    else if (strcmp(what, "first") == 0)
        manual_first(&out);
    if (out.len > 0 && !out.over)
        rc = fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0 ? 0 : 1;
    else
        (void)fputs("usage: print commands|reserved|table|first\n", stderr);
    buffer_fini(&out);
    return rc;
}
