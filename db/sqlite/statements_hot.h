/* SPDX-License-Identifier: MIT */
/* Statements of hot.c; a part of statements.h. */
X(ST_HOT_GET, "SELECT opened, answers FROM hot WHERE root = ?1")
X(ST_HOT_SET,
  "INSERT INTO hot (root, lo, answers, opened, due) VALUES (?1, ?2, 1, ?3, ?4) ON CONFLICT "
  "DO UPDATE SET answers = answers + 1, due = excluded.due")
X(ST_HOT_REST, "UPDATE hot SET lo = ?2, answers = answers - ?3 WHERE root = ?1")
X(ST_HOT_DROP, "DELETE FROM hot WHERE root = ?1")
X(ST_HOT_FIRST,
  "SELECT root, lo, answers, due FROM hot INDEXED BY hot_due WHERE due > 0 ORDER BY due LIMIT 1")
X(ST_HOT_LAST,
  "SELECT root, lo, answers, due FROM hot INDEXED BY hot_due WHERE due > 0 ORDER BY due DESC "
  "LIMIT 1")
/* When the answer was written that is ?3 places before event ?2. */
X(ST_HOT_BEFORE,
  "SELECT e.at FROM reach r INDEXED BY reach_on CROSS JOIN event e ON e.no = r.event WHERE "
  "r.channel = 2 AND r.object = ?1 AND r.event < ?2 ORDER BY r.event DESC LIMIT 1 OFFSET ?3 - 1")
X(ST_BUNDLED_ADD,
  "INSERT INTO bundled (event, root, lo, hi, answers, root_version) VALUES (?1, ?2, "
  "?3, ?4, ?5, ?6)")
X(ST_BUNDLED_GET,
  "SELECT b.lo, b.hi, b.answers, b.root_version, b.root, e.post, e.version FROM bundled b CROSS "
  "JOIN event e ON e.no = b.event WHERE b.event = ?1")
/* The bundle that tells of the hot answer ?2. */
X(ST_BUNDLE_OF,
  "SELECT event FROM bundled INDEXED BY bundled_of WHERE root = ?1 AND hi >= ?2 ORDER "
  "BY hi LIMIT 1")
X(ST_BUNDLED_ANY, "SELECT 1 FROM bundled WHERE event >= ?1 AND event < ?2 LIMIT 1")
X(ST_BUNDLE_COVERS,
  "SELECT r.event FROM reach r INDEXED BY reach_on CROSS JOIN event e ON e.no = r.event WHERE "
  "r.channel = 2 AND r.object = ?1 AND r.event >= ?2 AND r.event <= ?3 AND e.hot = 1 ORDER BY "
  "r.event LIMIT ?4")
/* A bundle ?1 is found where the answer ?2 was, as an edit of it is; by its author on a channel of its own. */
X(ST_REACH_BUNDLE,
  "INSERT OR IGNORE INTO reach (event, channel, object, how) SELECT ?1, channel + 16, object, 1 "
  "FROM reach WHERE event = ?2 AND how & 1 AND channel IN (1, 7, 8, 11)")
X(ST_BUNDLE_UNREACH, "DELETE FROM reach WHERE event = ?1")
/* Whether an edge holds from event ?4 to event ?5. */
X(ST_EDGE_SPANS, "SELECT 1 FROM edge WHERE kind = ?1 AND subject = ?2 AND object = ?3 AND since <= "
                 "?4 AND (until = 0 OR until > ?5) AND expires_at = 0 LIMIT 1")
