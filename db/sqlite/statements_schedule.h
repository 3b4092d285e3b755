/* SPDX-License-Identifier: MIT */
/* schedule.c */
X(ST_SCHEDULED_COUNT, "SELECT count(*) FROM scheduled INDEXED BY scheduled_of WHERE person = ?1")
X(ST_SCHEDULED_LAST, "SELECT n FROM scheduled_last WHERE person = ?1")
X(ST_SCHEDULED_LAST_SET,
  "INSERT INTO scheduled_last (person, n) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET n = excluded.n")
X(ST_SCHEDULED_ADD, "INSERT INTO scheduled (person, n, at, grp, text) VALUES (?1, ?2, ?3, ?4, ?5)")
X(ST_SCHEDULED_LIST,
  "SELECT at, n, text, grp FROM scheduled INDEXED BY scheduled_of WHERE person = ?1 "
  "AND (at, n) > (?2, ?3) "
  "ORDER BY at, n LIMIT ?4")
X(ST_SCHEDULED_DROP, "DELETE FROM scheduled WHERE person = ?1 AND n = ?2")
X(ST_SCHEDULED_DUE,
  "SELECT at, person, n, text, grp FROM scheduled INDEXED BY scheduled_due WHERE at > "
  "0 ORDER BY at, person, n LIMIT 1")
X(ST_FORGET_SCHEDULED, "DELETE FROM scheduled WHERE person = ?1")
X(ST_FORGET_SCHEDULED_LAST, "DELETE FROM scheduled_last WHERE person = ?1")
