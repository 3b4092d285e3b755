/* SPDX-License-Identifier: MIT */
/* Every limit on what comes in, by name. Each has a test. Bytes unless it says otherwise. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* clang-format off */
#define LIMIT_STANZA 524288           /* one inbound stanza on the wire; servers allow 256 KiB from users */
#define LIMIT_STANZA_DEPTH 100        /* nesting of elements */
#define LIMIT_STANZA_CHILDREN 2000    /* elements in one stanza, all levels together */
#define LIMIT_STANZA_ATTRIBUTES 64    /* attributes of one element */
#define LIMIT_STANZA_OUT 200000       /* one outbound stanza: below every server's limit (256 KiB) */
#define LIMIT_JID_PART 1023           /* RFC 6122: each part of a JID */
#define LIMIT_STANZA_ID 1023          /* an inbound id, origin-id or referenced id; longer ones are ignored */
#define LIMIT_BODY 131072             /* a body we look at; longer is refused with the figure */
#define LIMIT_NAME 60                 /* code points of a real name (architecture, "Identity") */
#define LIMIT_BIO 500                 /* code points of a bio */
#define LIMIT_TITLE 100               /* code points of a title */
#define LIMIT_TAG 60                  /* code points of a tag or group name */
#define LIMIT_TAGS_PER_POST 30        /* further ones are plain text */
#define LIMIT_MENTIONS_PER_POST 50    /* further ones are plain text */
#define LIMIT_TRACKED_WORDS 10        /* words in one tracked phrase */
#define LIMIT_TRACKED_TEXT 200        /* code points of one tracked phrase */
#define LIMIT_EDGES_PER_PERSON 5000   /* open edges (follows, mutes, blocks) one person may have */
#define LIMIT_SEARCH_TERMS 16         /* terms of one search */
#define LIMIT_SEARCH_TEXT 400         /* code points of one search */
#define LIMIT_LIST 50                 /* rows of one list; [N] is at most this */
#define LIMIT_LIST_DEFAULT 10         /* rows of a list when no N is given */
#define LIMIT_ROW 600                 /* code points of a post in a list; #1234 shows all of it */
#define LIMIT_ROW_LINES 8             /* lines of a post in a list */
#define LIMIT_ANSWER 60000            /* an answer's text; a list is cut at a row and says so */
#define LIMIT_REPORT 500              /* code points of the reason of a report */
#define LIMIT_ADMINS 100              /* administrators who are told something */
#define LIMIT_AUDIT 2000              /* what an administrator typed, as the audit keeps it */
#define LIMIT_INVITES 10              /* people one may ask in within a day */
#define LIMIT_NUDGE_MS 604800000LL    /* a week: one reminds the same colleague no sooner again */
#define LIMIT_REPORTED 300            /* code points of a post that are kept with a report of it */
#define LIMIT_WATCHES 100             /* words that the administrators watch */
#define LIMIT_ALIASES 50              /* short forms one person may have */
#define LIMIT_ALIAS_NAME 30           /* code points of the name of a short form */
#define LIMIT_ALIAS_TEXT 500          /* code points of what it stands for */
#define LIMIT_ALIAS_PLACES 20         /* %1 and the like in it: what follows may be long */
#define LIMIT_CHOICES 10              /* choices of a poll */
#define LIMIT_CHOICE 100              /* code points of one */
#define LIMIT_SCHEDULED 50            /* texts one person may have waiting to be posted */
#define LIMIT_AHEAD_DAYS 366          /* so far ahead a text may be scheduled */
#define LIMIT_PINS 5                  /* posts on top of one profile or group */
#define LIMIT_PURPOSE 200             /* code points of what a group is for */
#define LIMIT_VERSIONS 100            /* versions of one post */
#define LIMIT_PHOTO 262144            /* a person's photo, decoded */
#define LIMIT_ARENA 4194304           /* memory of one stanza's work */
#define LIMIT_CONFIG_FILE 262144      /* the configuration file */
#define LIMIT_CONFIG_LINE 8192        /* one line of it */
#define LIMIT_SECRET 1024             /* the secret shared with the server */
#define LIMIT_DAY_MS 86400000LL       /* a day: repeats coming in, age of a photo */
#define LIMIT_SESSIONS 20000          /* people whose open question and last list are remembered at once */
#define LIMIT_SESSION_BYTES 8388608   /* of the texts among that */
#define LIMIT_READS_PER_POST 4        /* one may read so many times faster than write */
#define LIMIT_REFUSALS 20             /* "too fast" is said so often in a row; then silence, for a bot may answer us */
#define LIMIT_REFUSALS_MS 20000       /* in a row: with no more than this between two */
#define LIMIT_SILENCE_MS 60000        /* so long must be nothing heard before such a person is answered again */
#define LIMIT_UNDO_MS 600000          /* undo reaches back 10 minutes */
#define LIMIT_PENDING_MS 300000       /* a question to a person dies after 5 minutes */
#define LIMIT_FORMS 4                 /* forms one person may have open, the dialogue in their chat among them */
#define LIMIT_FORM_FIELDS 32          /* fields looked at in one submitted form */
#define LIMIT_FORM_TRIES 3            /* answers in a row that do not fit; then a dialogue ends */
#define LIMIT_SILENT_DAYS 90          /* without a sign of life: updates are off by themselves, "three months" */
#define LIMIT_SIGN_MS LIMIT_DAY_MS    /* a sign of life is written down once in this time */
#define LIMIT_DIGEST 10000            /* updates counted in one summary: it says "more than" that */
#define LIMIT_DIGEST_HEAPS 256        /* groups, tags, people … counted apart in one; further ones are "others" */
#define LIMIT_HOT_REPLIES 10          /* so many answers in a conversation … */
#define LIMIT_HOT_MS 600000           /* … within 10 minutes: the next ones are bundled for who only follows */
#define LIMIT_BUNDLE_MS 900000        /* what is bundled is told after 15 minutes at the latest */
#define LIMIT_BUNDLE 100              /* answers that one bundle covers */
#define LIMIT_OLD_POST_DAYS 30        /* "#1 priority": an older post is asked about before a reply */
#define LIMIT_ASKED_PER_DAY 5         /* questions brought to one expert a day; then the next best are asked */
/* clang-format on */

#endif
