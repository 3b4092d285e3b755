/* SPDX-License-Identifier: MIT */
/* A small company in a store in memory, for the tests of what commands do and how answers read. What people do goes through the service's door.
 *
 * People: alice (1, Alice Kim), bob (2, Bob Lee), carol (3, Carol Im), dan (4, no name), minji (5, 김민지; she speaks Korean).
 * bob, carol and dan follow alice; alice follows bob. Posts #1 to #5 are an hour apart, ending two hours ago:
 *   #1 alice "Lunch at noon? #lunch"          #2 bob "The launch is on Friday #launch"
 *   #3 carol -> #1 "Count me in, @alice"      #4 bob, privately to alice: "Between us: the budget plan is late"
 *   #5 minji "점심 회의에서 봐요 #회의"           #6 alice "Lunch is at the new place, @bob"
 * Group !design, open, "Shapes and colours": alice owns it, bob and carol are in it; nothing is written there yet.
 * #6 is five minutes old: `undo` takes it back. Everybody but new people was greeted about "@nick TEXT" before. carol is an admin. */
#ifndef TESTS_UNIT_COMPANY_H
#define TESTS_UNIT_COMPANY_H

#include "base/arena.h"
#include "db/store.h"
#include "handlers/service.h"

enum { ALICE = 1, BOB, CAROL, DAN, MINJI, COMPANY_POSTS = 6 };

struct company {
    struct store *st;
    struct service *service;
    struct service_options options;
    struct arena *a;
    int64_t now;
    struct outcome outcome; /* of the last message */
    int ids;
    struct sight sight; /* what `status` is told */
};

void company_open(struct company *s);
void company_close(struct company *s);
/* Says a line as that person (alice@corp.example/desk) with a fresh id, in a savepoint of its own; a second passes. The one answer,
 * whether it is sent back at once or stands in the log; NULL: silence. Fails the test on an error of the store. */
const char *company_say(struct company *s, const char *nick, const char *line);
/* The same for a request made by the test: from*, to, id (if NULL) are filled in. */
const char *company_send(struct company *s, const char *nick, struct request *r);
/* The id given to the last message. */
const char *company_id(struct company *s);
/* The answer is exactly this; or holds this. */
void company_expect(struct company *s, const char *nick, const char *line, const char *answer);
void company_expect_part(struct company *s, const char *nick, const char *line, const char *part);
/* For cmocka_unit_test_setup_teardown: *state is the company. */
int company_setup(void **state);
int company_teardown(void **state);
#define WITH_COMPANY(test) cmocka_unit_test_setup_teardown(test, company_setup, company_teardown)
/* The newest post's number. */
int64_t company_newest(struct company *s);

#endif
