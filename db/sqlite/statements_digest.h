/* SPDX-License-Identifier: MIT */
/* Statements of digest.c; a part of statements.h. */
/* The first object of an event on a channel to which an edge of a kind valid then leads from a person. */
X(ST_REACH_BY,
  "SELECT r.object FROM reach r CROSS JOIN edge e ON e.kind = ?3 AND e.subject = ?4 AND "
  "e.object = r.object "
  "WHERE r.event = ?1 AND r.channel = ?2 AND r.how & 1 AND e.since <= ?5 AND (e.until "
  "= 0 OR e.until > ?5) "
  "AND (e.expires_at = 0 OR e.expires_at > ?6) LIMIT 1")
X(ST_LIKES_NOW, "SELECT likes FROM post_count WHERE post = ?1")
X(ST_LIKES_BEFORE,
  "SELECT count(*) FROM (SELECT 1 FROM liked WHERE post = ?1 AND at < ?2 LIMIT ?3)")
X(ST_MISSED_GET, "SELECT class, lo, hi, why FROM missed WHERE person = ?1")
X(ST_MISSED_SET, "INSERT INTO missed (person, class, lo, hi, why) VALUES (?1, ?2, ?3, ?4, ?5) "
                 "ON CONFLICT DO UPDATE SET lo = excluded.lo, hi = excluded.hi, why = excluded.why")
X(ST_FORGET_MISSED, "DELETE FROM missed WHERE person = ?1")
