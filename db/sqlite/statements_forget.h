/* SPDX-License-Identifier: MIT */
/* Statements of forget.c; a part of statements.h. */
/* clang-format off */
X(ST_FORGET_PERSON, "UPDATE person SET state = 2, flags = 0, jid = '', name = '', title = '', bio = '', lang = '', zone = '', role = 0, "
                    "vcard_at = 0, photo_hash = '', photo_type = '', photo_len = 0 WHERE no = ?1 AND state <> 2")
X(ST_FORGET_NICK, "UPDATE person SET nick = 'gone' || no WHERE no = ?1")
X(ST_LEAVING_ADD, "INSERT INTO leaving (person, step, last) VALUES (?1, 0, 0)")
X(ST_LEAVING, "SELECT person, step, last FROM leaving ORDER BY person LIMIT 1")
X(ST_LEAVING_SET, "UPDATE leaving SET step = ?2, last = ?3 WHERE person = ?1")
X(ST_LEAVING_DONE, "DELETE FROM leaving WHERE person = ?1")
X(ST_CURSORS_OPEN, "SELECT count(*) FROM (SELECT 1 FROM cursor LIMIT ?1)")
X(ST_LEAVING_SUBJECTS, "SELECT subject FROM edge INDEXED BY edge_on WHERE kind = ?1 AND object = ?2 AND subject > ?3 AND until = 0 "
                       "ORDER BY subject LIMIT ?4")
X(ST_LEAVING_REPEATS, "SELECT post FROM repeat INDEXED BY repeat_once WHERE person = ?1 AND until = 0 LIMIT ?2")
X(ST_LEAVING_POSTS, "SELECT no FROM event INDEXED BY event_by WHERE author = ?1 AND listed = ?2 AND no > ?3 AND kind = 1 "
                    "ORDER BY no LIMIT ?4")
X(ST_LEAVING_LIKES, "SELECT post FROM liked INDEXED BY liked_by WHERE person = ?1 LIMIT ?2")
X(ST_LEAVING_CLAIMS, "DELETE FROM claim WHERE (person, id) IN (SELECT person, id FROM claim WHERE person = ?1 LIMIT ?2)")
