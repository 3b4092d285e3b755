/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

const char *err_text(enum err e)
{
    switch (e) {
    case OK:
        return "ok";
    case E_USAGE:
        return "not understood";
    case E_NOTFOUND:
        return "not found";
    case E_DENIED:
        return "not allowed";
    case E_EXISTS:
        return "exists already";
    case E_LIMIT:
        return "over a limit";
    case E_BUSY:
        return "busy";
    case E_FULL:
        return "not saved";
    case E_IO:
        return "input or output failed";
    case E_PROTO:
        return "protocol broken";
    case E_SYSTEM:
        return "refused by the system";
    }
    return "unknown error";
}

_Noreturn void err_no_memory(void)
{
    (void)fputs("error memory exhausted\n", stderr);
    abort();
}
