/* SPDX-License-Identifier: MIT */
/* announce.c, audience.c, walk.c */
X(ST_ANNOUNCEMENT_ADD, "INSERT INTO announcement (post, people) VALUES (?1, ?2)")
X(ST_ANNOUNCEMENT_GET, "SELECT people, acks FROM announcement WHERE post = ?1")
X(ST_ANNOUNCEMENT_ACK, "UPDATE announcement SET acks = acks + 1 WHERE post = ?1")
X(ST_ANNOUNCEMENT_DROP, "DELETE FROM announcement WHERE post = ?1")
X(ST_ACK_ADD, "INSERT OR IGNORE INTO ack (post, person, at) VALUES (?1, ?2, ?3)")
X(ST_ACK_THERE, "SELECT 1 FROM ack WHERE post = ?1 AND person = ?2")
X(ST_ACKS_DROP, "DELETE FROM ack WHERE post = ?1")
X(ST_FORGET_ACKS, "DELETE FROM ack WHERE person = ?1")
X(ST_REACH_UPTO, "SELECT object FROM reach WHERE event = ?1 AND channel = ?2")
X(ST_PEOPLE_UPTO, "SELECT no FROM person WHERE no > ?1 AND no <= ?2 ORDER BY no LIMIT ?3")
X(ST_PEOPLE_OUT_COUNT,
  "SELECT count(*) FROM person INDEXED BY person_out WHERE state <> 0 AND no > 0")
