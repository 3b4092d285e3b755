/* SPDX-License-Identifier: MIT */
/* What a function that can fail returns. Errors are values; OK is zero. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
    OK = 0,
    E_USAGE,    /* what a person or a file said cannot be understood */
    E_NOTFOUND, /* no such thing, or none that the asker may know of */
    E_DENIED,   /* it exists and the asker knows it, but may not do this */
    E_EXISTS,   /* it is there already */
    E_LIMIT,    /* a named limit was passed */
    E_BUSY,     /* somebody else holds it (a lock, a name) */
    E_FULL,     /* the disk is full or a constraint failed: rolled back, not saved */
    E_IO,       /* reading or writing failed: what is true is unknown, exit and restart */
    E_PROTO,    /* the peer broke the protocol */
    E_SYSTEM    /* the operating system or a library refused */
};

/* A short English word for the log ("not found"); never NULL. */
const char *err_text(enum err e);
/* Says so on standard error and aborts: what was not committed is rolled back, the service
 * manager restarts. For callers of allocators whose sizes are capped. */
_Noreturn void err_no_memory(void);

#if defined(__GNUC__)
#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define MUST_USE
#define PRINTF_LIKE(fmt, args)
#endif
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
