/* SPDX-License-Identifier: MIT */
/* Statements of life.c; a part of statements.h. */
X(ST_LIFE_PAGE,
  "SELECT person, seen_at, sleep FROM life WHERE person > ?1 ORDER BY person LIMIT ?2")
X(ST_SEEN_SET,
  "INSERT INTO life (person, seen_at, sleep) VALUES (?1, ?2, 0) "
  "ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at, sleep = CASE sleep WHEN 1 THEN 2 "
  "ELSE sleep END")
X(ST_SILENT,
  "SELECT person, seen_at FROM life INDEXED BY life_seen WHERE sleep <> 1 AND seen_at > 0 "
  "ORDER BY seen_at LIMIT ?1")
X(ST_SLEEP_SET, "UPDATE life SET sleep = 1 WHERE person = ?1")
X(ST_SLEEP_CLEAR, "UPDATE life SET sleep = 0 WHERE person = ?1 AND sleep = 2")
X(ST_FORGET_LIFE, "DELETE FROM life WHERE person = ?1")
