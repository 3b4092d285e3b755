/* SPDX-License-Identifier: MIT */
/* groups.c: part of statements.h. What finds a name reads no row of a secret group but the viewer's own. */
/* clang-format off */

#undef GROUP_ROW
#define GROUP_ROW "g.no, g.kind, g.ended, g.members, g.shown, g.purpose, g.key"
X(ST_GROUP_ADD, "INSERT INTO grp (kind, open_from, at, key, shown, purpose) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
X(ST_GROUP_DROP, "DELETE FROM grp WHERE no = ?1")
X(ST_GROUP_BY_NO, "SELECT " GROUP_ROW " FROM grp g WHERE g.no = ?1")
X(ST_GROUP_LISTED, "SELECT " GROUP_ROW " FROM grp g INDEXED BY grp_listed WHERE g.key = ?1 AND g.kind < 2")
X(ST_GROUP_MINE, "SELECT " GROUP_ROW " FROM edge e CROSS JOIN grp g ON g.no = e.object WHERE e.kind = 5 AND e.subject = ?1 "
                 "AND e.until = 0 AND g.key = ?3 ORDER BY e.since, g.no LIMIT 1 OFFSET ?2")
/* Those joined before the one with number ?2; if that was not joined, all. */
X(ST_GROUP_MINE_BEFORE, "SELECT count(*) FROM edge e CROSS JOIN grp g ON g.no = e.object WHERE e.kind = 5 AND e.subject = ?1 "
                        "AND e.until = 0 AND g.key = ?3 AND (e.since, e.object) < (coalesce((SELECT since FROM edge WHERE kind = 5 "
                        "AND subject = ?1 AND object = ?2 AND until = 0), 9223372036854775807), ?2)")
X(ST_GROUPS_NAMES, "SELECT g.no, g.key FROM grp g INDEXED BY grp_listed WHERE g.kind < 2 AND g.ended = 0")
X(ST_GROUPS_OWN_NAMES, "SELECT g.no, g.key FROM edge e CROSS JOIN grp g ON g.no = e.object WHERE e.kind = 5 AND e.subject = ?1 "
                       "AND e.until = 0 AND g.kind = 2")
X(ST_GROUPS_THEIRS, "SELECT g.no FROM edge e CROSS JOIN grp g ON g.no = e.object WHERE e.kind = 5 AND e.subject = ?1 "
                    "AND e.until = 0 AND (g.key, g.no) > (?4, ?2) ORDER BY g.key, g.no LIMIT ?3")
X(ST_GROUPS_OTHERS, "SELECT g.no FROM grp g INDEXED BY grp_listed WHERE g.kind < 2 AND g.key > ?3 AND g.ended = 0 "
                    "AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.kind = 5 AND e.subject = ?1 AND e.object = g.no AND e.until = 0) "
                    "ORDER BY g.key LIMIT ?2")
X(ST_GROUP_SET_KIND, "UPDATE grp SET kind = ?2, ended = 0, open_from = ?3 WHERE no = ?1")
X(ST_GROUP_SET_PURPOSE, "UPDATE grp SET purpose = ?2 WHERE no = ?1")
X(ST_GROUP_END, "UPDATE grp SET ended = 1 WHERE no = ?1 AND ended = 0")
X(ST_GROUP_COUNT, "UPDATE grp SET members = members + ?2 WHERE no = ?1")
X(ST_GROUP_MEMBERS, "SELECT members FROM grp WHERE no = ?1")
X(ST_GROUP_OPEN_FROM, "SELECT open_from FROM grp WHERE no = ?1")
X(ST_GROUP_ENDED, "SELECT 1 FROM grp WHERE no = ?1 AND ended = 1")
/* People who keep a group away without being in it. */
X(ST_GROUP_MUTED_OUTSIDE, "SELECT m.subject FROM edge m INDEXED BY edge_on WHERE m.kind = 10 AND m.object = ?1 AND m.until = 0 "
                          "AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.kind = 5 AND e.subject = m.subject AND e.object = ?1 "
                          "AND e.until = 0) LIMIT 1")
X(ST_OWNER_ADD, "INSERT OR IGNORE INTO grp_owner (grp, person) VALUES (?1, ?2)")
X(ST_OWNER_DROP, "DELETE FROM grp_owner WHERE grp = ?1 AND person = ?2")
X(ST_OWNER_IS, "SELECT 1 FROM grp_owner WHERE grp = ?1 AND person = ?2")
X(ST_OWNER_OTHER, "SELECT 1 FROM grp_owner WHERE grp = ?1 AND person <> ?2 LIMIT 1")
X(ST_OWNERS, "SELECT " PERSON " FROM grp_owner o CROSS JOIN person p ON p.no = o.person WHERE o.grp = ?1 AND p.state = 0 "
             "ORDER BY o.person LIMIT ?2")
X(ST_MEMBER_LONGEST, "SELECT e.subject FROM edge e INDEXED BY edge_on CROSS JOIN person p ON p.no = e.subject WHERE e.kind = 5 "
                     "AND e.object = ?1 AND e.until = 0 AND p.state = 0 ORDER BY e.since, e.subject LIMIT 1")
/* Whether two people were ever in one group, of which the first is a member now. */
X(ST_MEMBERS_BOTH, "SELECT 1 FROM edge a CROSS JOIN edge b ON b.kind = 5 AND b.subject = ?2 AND b.object = a.object "
                   "WHERE a.kind = 5 AND a.subject = ?1 AND a.until = 0 LIMIT 1")
X(ST_ASK_AT, "SELECT at FROM grp_ask WHERE grp = ?1 AND person = ?2")
X(ST_ASK_ADD, "INSERT INTO grp_ask (grp, person, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = excluded.at")
X(ST_ASK_DROP, "DELETE FROM grp_ask WHERE grp = ?1 AND person = ?2")
X(ST_FORGET_ASKS, "DELETE FROM grp_ask WHERE person = ?1")
X(ST_ASKS_DROP, "DELETE FROM grp_ask WHERE grp = ?1")
X(ST_GROUP_PIN_THERE, "SELECT 1 FROM grp_pin WHERE grp = ?1 AND post = ?2")
X(ST_GROUP_PIN_ADD, "INSERT INTO grp_pin (grp, post, at) VALUES (?1, ?2, ?3)")
X(ST_GROUP_PIN_DROP, "DELETE FROM grp_pin WHERE grp = ?1 AND post = ?2")
X(ST_GROUP_PINS_COUNT, "SELECT count(*) FROM grp_pin WHERE grp = ?1")
X(ST_GROUP_PINS, "SELECT post FROM grp_pin WHERE grp = ?1 ORDER BY at, post")
