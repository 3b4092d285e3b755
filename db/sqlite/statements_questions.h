/* SPDX-License-Identifier: MIT */
/* Of questions.c and experts.c; part of statements.h. */
/* clang-format off */
X(ST_ANSWER_OF, "SELECT answer FROM answered WHERE question = ?1")
X(ST_ANSWER_TO, "SELECT question FROM answered WHERE answer = ?1")
X(ST_ANSWERED_SET, "INSERT INTO answered (question, answer, at) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT DO UPDATE SET answer = excluded.answer, at = excluded.at")
X(ST_ANSWERED_DROP, "DELETE FROM answered WHERE question = ?1")
X(ST_REACH_DROP, "DELETE FROM reach WHERE event = ?1 AND channel = ?2")
/* From one channel of an event to another: ?2 to ?3, marked ?5, where marked with ?4. */
X(ST_REACH_COPY, "INSERT INTO reach (event, channel, object, how) SELECT event, ?3, object, ?5 FROM reach "
                 "WHERE event = ?1 AND channel = ?2 AND how & ?4 <> 0")
/* Not of who has left: an edit by others may count what they wrote once more. */
X(ST_EXPERT_COUNT, "INSERT INTO expert (tag, person, posts, answers, praise) SELECT ?1, no, ?3, ?4, ?5 FROM person "
                   "WHERE no = ?2 AND state <> 2 "
                   "ON CONFLICT DO UPDATE SET posts = posts + ?3, answers = answers + ?4, praise = praise + ?5")
X(ST_EXPERT_TAKE, "UPDATE expert SET posts = max(0, posts + ?3), answers = max(0, answers + ?4), praise = max(0, praise + ?5) "
                  "WHERE tag = ?1 AND person = ?2")
#undef EXPERT
#define EXPERT "SELECT e.person, e.posts, e.answers, e.praise, e.weight FROM expert e INDEXED BY expert_best " \
               "CROSS JOIN person p ON p.no = e.person WHERE e.tag = ?1 AND e.off = 0 "
X(ST_EXPERTS, EXPERT "AND e.weight > 0 AND (e.weight, e.person) < (?2, ?3) AND p.state = 0 ORDER BY e.weight DESC, e.person DESC LIMIT ?4")
X(ST_EXPERTS_LEAST, EXPERT "AND e.weight >= ?2 AND p.state = 0 ORDER BY e.weight DESC, e.person DESC LIMIT ?3")
X(ST_EXPERT_OFF, "SELECT off FROM expert WHERE tag = ?1 AND person = ?2")
X(ST_EXPERT_SET, "INSERT INTO expert (tag, person, off) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET off = excluded.off")
X(ST_ASKED_ADD, "INSERT INTO asked (person, day, n) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET "
                "n = iif(day = excluded.day, n + 1, 1), day = excluded.day")
X(ST_ASKED_ENOUGH, "SELECT 1 FROM asked WHERE person = ?1 AND day = ?2 AND n >= ?3")
X(ST_FORGET_ASKED, "DELETE FROM asked WHERE person = ?1")
X(ST_FORGET_EXPERT, "DELETE FROM expert WHERE person = ?1")
X(ST_ACCEPTED_ADD, "INSERT INTO find_accepted (rowid, t) VALUES (?1, ?2)")
X(ST_ACCEPTED_DROP, "INSERT INTO find_accepted (find_accepted, rowid, t) VALUES ('delete', ?1, ?2)")
X(ST_ACCEPTED_CLEAR, "INSERT INTO find_accepted (find_accepted) VALUES ('delete-all')")
X(ST_ACCEPTED_FIND, "SELECT rowid FROM find_accepted WHERE find_accepted MATCH ?3 AND rowid < ?1 AND rowid >= ?2 ORDER BY rowid DESC")
