/* SPDX-License-Identifier: MIT */
/* polls.c */
X(ST_POLL_ADD, "INSERT INTO poll (post, choices) VALUES (?1, ?2)")
X(ST_POLL_EDIT, "UPDATE poll SET choices = ?2 WHERE post = ?1")
X(ST_POLL_GET, "SELECT choices, closed_at FROM poll WHERE post = ?1")
X(ST_POLL_COUNTS, "SELECT choice, votes FROM poll_count WHERE post = ?1")
X(ST_POLL_COUNT, "INSERT INTO poll_count (post, choice, votes) VALUES (?1, ?2, 1) ON CONFLICT DO "
                 "UPDATE SET votes = votes + 1")
X(ST_POLL_UNCOUNT, "UPDATE poll_count SET votes = votes - 1 WHERE post = ?1 AND choice = ?2")
X(ST_POLL_CLOSE, "UPDATE poll SET closed_at = ?2, told = 0 WHERE post = ?1")
X(ST_POLL_TELLING, "SELECT post, told FROM poll INDEXED BY poll_telling WHERE told >= 0 AND post > "
                   "0 ORDER BY post LIMIT 1")
X(ST_POLL_TOLD, "UPDATE poll SET told = ?2 WHERE post = ?1")
X(ST_VOTE_GET, "SELECT choice FROM vote WHERE post = ?1 AND person = ?2")
X(ST_VOTE_SET, "INSERT INTO vote (post, person, choice) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE "
               "SET choice = excluded.choice")
X(ST_VOTERS, "SELECT v.person FROM vote v CROSS JOIN person p ON p.no = v.person WHERE v.post = ?1 "
             "AND v.person > ?2 "
             "AND v.person <> ?3 AND p.state <> 2 ORDER BY v.person LIMIT ?4")
X(ST_POLL_DROP, "DELETE FROM poll WHERE post = ?1")
X(ST_POLL_COUNTS_DROP, "DELETE FROM poll_count WHERE post = ?1")
X(ST_VOTES_DROP, "DELETE FROM vote WHERE post = ?1")
X(ST_FORGET_VOTES, "DELETE FROM vote WHERE person = ?1")
