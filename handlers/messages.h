/* SPDX-License-Identifier: MIT */
/* What Jaejal says, in the person's language: English in the source, Korean from po/ko.po, compiled in.
 *
 * The language is the person's, not the process': gettext's tool chain, not its run time. */
#ifndef HANDLERS_MESSAGES_H
#define HANDLERS_MESSAGES_H

#include <stdarg.h>
#include <stdint.h>
#include "base/arena.h"

enum lang { LANG_EN = 0, LANG_KO = 1, N_LANGS };

/* Marks a string in a table for xgettext; costs nothing. */
#define N_(s) s

/* "ko" and "ko-KR" are Korean; anything else, NULL too, is `otherwise`. */
enum lang lang_parse(const char *tag, enum lang otherwise);
const char *lang_tag(enum lang l);

/* The translation of a message, or itself. */
const char *message_get(enum lang l, const char *msgid);
/* The translation, filled in. Formats: %s, %d (int), %lld (long long, int64_t cast), each also
 * positional (%1$s); %%. Numbers are written as the language does (1,234), but plain right behind '#' (#1234). In Korean a particle pair written in the
 * template right behind a value or a closing quote — 은(는) 이(가) 을(를) 과(와) (으)로 (이)라고 (이)라는 (이)에요 (이)나 — becomes
 * the one that fits what stands before it; what is in brackets is not read: "Alice Kim (@alice)" ends in Kim. User text in values is passed on letter for letter. */
char *say(struct arena *a, enum lang l, const char *msgid, ...);
/* By number, as ngettext: n picks the form and is not itself an argument. */
char *say_n(struct arena *a, enum lang l, const char *one, const char *many, int64_t n, ...);
char *say_values(struct arena *a, enum lang l, const char *msgid, va_list ap);
char *say_n_values(struct arena *a, enum lang l, const char *one, const char *many, int64_t n,
                   va_list ap);

/* Calendar: "14:05" today, "yesterday 14:05", "Mon 23 Nov 14:05", with the year if not this one; Korean alike. */
char *say_time(struct arena *a, enum lang l, int64_t at, int64_t now, const char *zone);
/* "2 hours", "3 days" (the largest unit that fits, rounded down). */
char *say_duration(struct arena *a, enum lang l, int64_t ms);
/* "Alice Kim (@alice)", or "@alice" without a known name. The same in every language. */
char *say_person(struct arena *a, const char *name, const char *nick);

#endif
