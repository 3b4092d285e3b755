/* SPDX-License-Identifier: MIT */
/* The compiled translations (GNU .mo format), made from po/ko.po at build time. */
#ifndef PO_CATALOG_H
#define PO_CATALOG_H

#include <stddef.h>

extern const unsigned char catalog_ko[];
extern const size_t catalog_ko_len;

#endif
