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
X(ST_AUDIT_WHOM, "SELECT detail FROM audit INDEXED BY audit_whom WHERE whom = ?1 AND whom > 0 AND action = ?2 ORDER BY no DESC LIMIT 1")

/* ---- order.c: reports */
X(ST_REPORTS_BELOW, "SELECT r.post, count(*), max(r.at), r.why, r.shown, p.author, a.nick, a.name FROM report r INDEXED BY report_open "
                    "CROSS JOIN post p ON p.no = r.post CROSS JOIN person a ON a.no = p.author "
                    "WHERE r.closed = 0 AND r.post < ?1 GROUP BY r.post ORDER BY r.post DESC LIMIT ?2")
X(ST_REPORT_IS_OPEN, "SELECT 1 FROM report INDEXED BY report_open WHERE closed = 0 AND post = ?1 LIMIT 1")
X(ST_REPORTS_CLOSE, "UPDATE report INDEXED BY report_open SET closed = max(?2, 1) WHERE closed = 0 AND post = ?1")
X(ST_REPORTS_ERASE, "UPDATE report SET closed = max(closed, at, 1), shown = '' WHERE post = ?1")

/* ---- watch.c */
X(ST_WATCH_ANY, "SELECT 1 FROM watch LIMIT 1")
X(ST_WATCH_THERE, "SELECT 1 FROM watch WHERE phrase = ?1")
X(ST_WATCH_ADD, "INSERT INTO watch (phrase, at, words) VALUES (?1, ?2, ?3)")
X(ST_WATCH_DROP, "DELETE FROM watch WHERE phrase = ?1")
X(ST_WATCH_COUNT, "SELECT count(*) FROM watch")
X(ST_WATCHES, "SELECT w.words, w.at, p.key FROM watch w CROSS JOIN phrase p ON p.no = w.phrase ORDER BY w.phrase")

/* ---- company.c */
X(ST_PERIOD_ADD, "INSERT INTO period (kind, no, posts, authors, joined) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET "
                 "posts = posts + excluded.posts, authors = authors + excluded.authors, joined = joined + excluded.joined")
X(ST_PERIOD_TAKE, "UPDATE period SET posts = posts - 1 WHERE kind = ?1 AND no = ?2 AND posts > 0")
X(ST_PERIOD_GET, "SELECT posts, authors, joined FROM period WHERE kind = ?1 AND no = ?2")
X(ST_PERIODS_POSTS, "SELECT coalesce(sum(posts), 0) FROM period WHERE kind = 1")
X(ST_AUTHOR_GET, "SELECT day, week FROM author WHERE person = ?1")
X(ST_AUTHOR_SET, "INSERT INTO author (person, day, week) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET day = excluded.day, week = excluded.week")
X(ST_LIKED_WEEK_ADD, "INSERT INTO liked_week (post, week, likes) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET likes = likes + 1")
X(ST_LIKED_WEEK_TAKE, "UPDATE liked_week SET likes = likes - 1 WHERE post = ?1")
X(ST_LIKED_WEEK_DROP, "DELETE FROM liked_week WHERE post = ?1")
X(ST_LIKED_WEEK_MOST, "SELECT post FROM liked_week INDEXED BY liked_week_most WHERE week = ?1 AND likes > 0 ORDER BY likes DESC, post DESC LIMIT ?2")
X(ST_LIKED_WEEK_PURGE, "DELETE FROM liked_week WHERE post IN (SELECT post FROM liked_week INDEXED BY liked_week_most WHERE week < ?1 LIMIT ?2)")
X(ST_PEOPLE_ACTIVE, "SELECT count(*) - (SELECT count(*) FROM person INDEXED BY person_out WHERE state <> 0) FROM person")

/* ---- invite.c */
X(ST_INVITATION_ADD, "INSERT OR IGNORE INTO invitation (person, at, jid) VALUES (?1, ?2, ?3)")
X(ST_INVITATIONS_SINCE, "SELECT count(*) FROM invitation INDEXED BY invitation_by WHERE person = ?1 AND at > ?2")
X(ST_NUDGE_SINCE, "SELECT 1 FROM nudge WHERE person = ?1 AND target = ?2 AND at > ?3")
X(ST_NUDGED_SINCE, "SELECT 1 FROM nudge INDEXED BY nudge_of WHERE target = ?1 AND at > ?2 LIMIT 1")
X(ST_NUDGE_ADD, "INSERT INTO nudge (person, target, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = excluded.at")
X(ST_FORGET_INVITED, "DELETE FROM invitation WHERE jid = (SELECT jid FROM person WHERE no = ?1 AND state <> 2)")
X(ST_FORGET_NUDGES, "DELETE FROM nudge WHERE person = ?1 OR target = ?1")
X(ST_FORGET_AUTHOR, "DELETE FROM author WHERE person = ?1")
