/* SPDX-License-Identifier: MIT */
/* Administration: a part of statements.h. */
/* clang-format off */

/* ---- admin.c */
X(ST_ROLE_SET, "UPDATE person SET role = ?2 WHERE no = ?1 AND state <> 2")
X(ST_ROLES, "SELECT " PERSON " FROM person p INDEXED BY person_role WHERE role >= ?1 AND role > 0 AND state = 0 LIMIT ?2")
X(ST_AUDIT_LAST, "SELECT no, hash FROM audit WHERE no = (SELECT max(no) FROM audit)")
X(ST_AUDIT_ADD, "INSERT INTO audit (no, at, who, whom, post, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
X(ST_AUDIT_BELOW, "SELECT a.no, a.at, a.who, a.whom, a.post, a.action, a.detail, coalesce(w.nick, ''), coalesce(t.nick, '') "
                  "FROM audit a LEFT JOIN person w ON w.no = a.who LEFT JOIN person t ON t.no = a.whom "
                  "WHERE a.no < ?1 ORDER BY a.no DESC LIMIT ?2")
X(ST_AUDIT_FROM, "SELECT no, at, who, whom, post, action, detail, hash FROM audit ORDER BY no")
