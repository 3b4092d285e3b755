/* SPDX-License-Identifier: MIT */
/* The one table of settings. A new key is one row here and one field in struct settings. */
#ifndef CONF_TABLE_H
#define CONF_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum row_type {
    ROW_HOST,        /* a name or an address; const char * */
    ROW_NUMBER,      /* min to max; int */
    ROW_SWITCH,      /* yes or no; bool */
    ROW_PATH,        /* const char * */
    ROW_DOMAIN,      /* const char *, prepared */
    ROW_LOCAL,       /* the local part of a JID; const char *, prepared */
    ROW_NAME,        /* one line of text, at most max characters; const char * */
    ROW_LANGUAGE,    /* en or ko; const char * */
    ROW_DOMAINS,     /* at least one; list */
    ROW_JIDS,        /* bare; list */
    ROW_FOLLOWS,     /* @nick and #tag; list */
    ROW_URL,         /* sqlite:PATH; const char * */
    ROW_LISTEN,      /* loopback or a unix socket, "" none; const char * */
    ROW_LEVEL,       /* enum log_level */
    ROW_SECRET,      /* const char * */
    ROW_SECRET_FILE, /* the name of a file that holds one; fills the same field */
};

struct row {
    const char *section;
    const char *key;
    enum row_type type;
    size_t offset;      /* of the field in struct settings */
    size_t count;       /* of a list's count */
    int min, max;       /* numbers; names: characters */
    bool required;      /* it has to be in the file */
    bool restart;       /* a reload cannot take a change over; what it can, turn_reload() does */
    const char *preset; /* NULL: none */
    const char *sample; /* in the sample file; NULL: the preset */
    const char *meaning;
};

extern const struct row table_rows[];
extern const size_t table_n_rows;

#endif
