/* SPDX-License-Identifier: MIT */
/* Statements of peace.c; a part of statements.h. */
X(ST_PEACE_GET, "SELECT snooze_until, quiet, quiet_from, quiet_to, allow, digest, digest_day, "
                "digest_minute, digest_next, due, levels, weekly_next "
                "FROM peace WHERE person = ?1")
X(ST_PEACE_HOLDS, "SELECT holds FROM person WHERE no = ?1")
X(ST_PEACE_SET,
  "INSERT INTO peace (person, snooze_until, quiet, quiet_from, quiet_to, allow, digest, "
  "digest_day, "
  "digest_minute, digest_next, due, levels, weekly_next) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
  "?9, ?10, ?11, ?12, ?13) "
  "ON CONFLICT DO UPDATE SET snooze_until = excluded.snooze_until, quiet = excluded.quiet, "
  "quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, allow = excluded.allow, "
  "digest = excluded.digest, digest_day = excluded.digest_day, digest_minute = "
  "excluded.digest_minute, "
  "digest_next = excluded.digest_next, due = excluded.due, levels = excluded.levels, "
  "weekly_next = excluded.weekly_next")
X(ST_PEACE_HOLDS_SET, "UPDATE person SET holds = ?2 WHERE no = ?1 AND state <> 2")
X(ST_PEACE_DUE,
  "SELECT person FROM peace INDEXED BY peace_due WHERE due > 0 AND due <= ?1 ORDER BY due LIMIT ?2")
X(ST_PEACE_AHEAD, "SELECT person FROM peace INDEXED BY peace_due WHERE due > ?1 AND due > 0 AND "
                  "(quiet OR digest OR levels) LIMIT ?2")
X(ST_PEACE_NEXT, "SELECT min(due) FROM peace INDEXED BY peace_due WHERE due > ?1 AND due > 0")
X(ST_PEACE_DIGEST_DONE, "UPDATE person SET holds = holds & ~?2 WHERE no = ?1")
X(ST_PEACE_QUIET, "SELECT max(q.due, 1) FROM person p JOIN peace q ON q.person = p.no WHERE p.no = "
                  "?1 AND p.holds & ?2 = ?3")
X(ST_BUNDLE_LATER, "UPDATE bundle SET due = ?2 WHERE person = ?1")
X(ST_FORGET_PEACE, "DELETE FROM peace WHERE person = ?1")
