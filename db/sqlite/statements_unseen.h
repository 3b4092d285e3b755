/* SPDX-License-Identifier: MIT */
/* Statements of unseen.c; a part of statements.h. */
X(ST_UNSEEN_SET, "INSERT INTO unseen (event, part, people) VALUES (?1, ?2, ?3) ON CONFLICT DO "
                 "UPDATE SET people = excluded.people")
X(ST_UNSEEN_DROP, "DELETE FROM unseen WHERE event = ?1 AND part = ?2")
X(ST_UNSEEN_PAGE, "SELECT event, part, people FROM unseen WHERE (event, part) > (?1, ?2) ORDER BY "
                  "event, part LIMIT ?3")
X(ST_BACK_PEOPLE, "SELECT DISTINCT person FROM back WHERE person > ?1 ORDER BY person LIMIT ?2")
