/* SPDX-License-Identifier: MIT */
/* Every statement of the store: X(name, text). Included more than once, so without a guard. */
/* clang-format off */

/* ---- open.c */
X(ST_BEGIN, "BEGIN IMMEDIATE")
X(ST_COMMIT, "COMMIT")
X(ST_ROLLBACK, "ROLLBACK")
X(ST_SAVEPOINT, "SAVEPOINT stanza")
X(ST_RELEASE, "RELEASE stanza")
X(ST_UNDO, "ROLLBACK TO stanza")

/* ---- people.c */
#undef PERSON
#define PERSON "p.no, p.jid, p.nick, p.name, p.title, p.bio, p.lang, p.zone, p.state, p.flags, p.joined_at, " \
               "p.vcard_at, p.photo_hash, p.photo_type, p.photo_len, p.role, p.holds"
X(ST_PERSON_ADD, "INSERT INTO person (joined_at, flags, jid, nick) VALUES (?1, ?2, ?3, ?4)")
X(ST_PERSON_BY_NO, "SELECT " PERSON " FROM person p WHERE no = ?1")
X(ST_PERSON_BY_JID, "SELECT " PERSON " FROM person p WHERE jid = ?1 AND state <> 2")
X(ST_PERSON_BY_NICK, "SELECT " PERSON " FROM person p WHERE nick = ?1 AND state <> 2")
X(ST_PERSON_STATE, "SELECT state FROM person WHERE no = ?1")
X(ST_PERSON_SET_NAME, "UPDATE person SET name = ?2 WHERE no = ?1 AND state <> 2")
X(ST_PERSON_SET_TITLE, "UPDATE person SET title = ?2 WHERE no = ?1 AND state <> 2")
X(ST_PERSON_SET_BIO, "UPDATE person SET bio = ?2 WHERE no = ?1 AND state <> 2")
X(ST_PERSON_SET_LANG, "UPDATE person SET lang = ?2 WHERE no = ?1 AND state <> 2")
X(ST_PERSON_SET_ZONE, "UPDATE person SET zone = ?2 WHERE no = ?1 AND state <> 2")
X(ST_PERSON_SET_FLAG, "UPDATE person SET flags = (flags & ~?2) | ?3 WHERE no = ?1 AND state <> 2")
X(ST_PERSON_SET_STATE, "UPDATE person SET state = ?2 WHERE no = ?1 AND state <> 2")
X(ST_PERSON_SET_PHOTO, "UPDATE person SET photo_len = ?2, vcard_at = ?3, photo_hash = ?4, photo_type = ?5 "
                       "WHERE no = ?1 AND state <> 2")
X(ST_PHOTO_SET, "INSERT INTO photo (person, data) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET data = excluded.data")
X(ST_PHOTO_DROP, "DELETE FROM photo WHERE person = ?1")
X(ST_PHOTO, "SELECT data FROM photo WHERE person = ?1")
X(ST_WORDS_DROP, "DELETE FROM person_word WHERE person = ?1")
X(ST_WORDS_ADD, "INSERT OR IGNORE INTO person_word (person, word) VALUES (?1, ?2)")
X(ST_PEOPLE_BY_WORD, "SELECT DISTINCT p.no, p.nick FROM person_word w CROSS JOIN person p ON p.no = w.person "
                     "WHERE w.word >= ?2 AND w.word < ?3 AND p.nick > ?1 AND p.state = 0 ORDER BY p.nick")
X(ST_PEOPLE_BY_NICK, "SELECT no FROM person INDEXED BY person_nick WHERE nick > ?1 AND state <> 2 ORDER BY nick")
X(ST_WORD_LOAD, "SELECT count(*) FROM (SELECT 1 FROM person_word WHERE word >= ?2 AND word < ?3 LIMIT ?1)")
X(ST_PERSON_HAS_WORD, "SELECT 1 FROM person_word WHERE person = ?1 AND word >= ?2 AND word < ?3 LIMIT 1")
X(ST_PEOPLE_NICKS, "SELECT no, nick FROM person WHERE state <> 2")
X(ST_PEOPLE_PAGE, "SELECT " PERSON " FROM person p WHERE no > ?1 AND state <> 2 ORDER BY no LIMIT ?2")
X(ST_PEOPLE_OUT, "SELECT no FROM person INDEXED BY person_out WHERE state <> 0 AND no > ?1 ORDER BY no LIMIT ?2")
X(ST_TALLY, "SELECT posts, following, followers, likes, edges, threads, praise FROM tally WHERE person = ?1")
X(ST_TALLY_ADD, "INSERT INTO tally (person, posts, following, followers, likes, edges, threads) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET posts = posts + excluded.posts, "
                "following = following + excluded.following, followers = followers + excluded.followers, "
                "likes = likes + excluded.likes, edges = edges + excluded.edges, threads = threads + excluded.threads")
X(ST_FORGET_HELD, "DELETE FROM held WHERE person = ?1")
X(ST_FORGET_BACK, "DELETE FROM back WHERE person = ?1")
X(ST_FORGET_BOUNCE, "DELETE FROM bounce WHERE person = ?1")
X(ST_FORGET_NEWS, "DELETE FROM news WHERE person = ?1")
X(ST_FORGET_BUNDLE, "DELETE FROM bundle WHERE person = ?1")
X(ST_FORGET_SAVED, "DELETE FROM saved WHERE person = ?1")
X(ST_FORGET_PINS, "DELETE FROM pin WHERE person = ?1")
X(ST_FORGET_DIGEST, "DELETE FROM digest_of WHERE person = ?1")

/* ---- edges.c */
X(ST_EDGE_OPEN_ROW, "SELECT since, how, expires_at FROM edge WHERE kind = ?1 AND subject = ?2 AND object = ?3 AND until = 0")
X(ST_EDGE_VALID, "SELECT 1 FROM edge WHERE kind = ?1 AND subject = ?2 AND object = ?3 AND since <= ?4 "
                 "AND (until = 0 OR until > ?4) AND (expires_at = 0 OR expires_at > ?5) LIMIT 1")
X(ST_EDGE_ADD, "INSERT INTO edge (kind, subject, object, since, how, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
X(ST_EDGE_RENEW, "UPDATE edge SET how = ?4, expires_at = ?5 WHERE kind = ?1 AND subject = ?2 AND object = ?3 AND until = 0")
X(ST_EDGE_END, "UPDATE edge SET until = ?4 WHERE kind = ?1 AND subject = ?2 AND object = ?3 AND until = 0")
X(ST_EDGE_DROP, "DELETE FROM edge WHERE kind = ?1 AND subject = ?2 AND object = ?3 AND since = ?4")
X(ST_EDGES_OF, "SELECT object, how, expires_at FROM edge WHERE kind = ?1 AND subject = ?2 AND object > ?3 AND until = 0 "
               "AND (expires_at = 0 OR expires_at > ?4) ORDER BY object LIMIT ?5")
/* In the order they were opened: what tags and phrases are numbered by is what others did with them, perhaps in secret. */
X(ST_EDGES_OPENED, "SELECT object, how, expires_at FROM edge WHERE kind = ?1 AND subject = ?2 AND until = 0 "
                   "AND (expires_at = 0 OR expires_at > ?4) AND (since, object) > (coalesce((SELECT max(since) FROM edge "
                   "WHERE kind = ?1 AND subject = ?2 AND object = ?3), 0), ?3) ORDER BY since, object LIMIT ?5")
X(ST_EDGES_ON, "SELECT " PERSON " FROM edge e INDEXED BY edge_on CROSS JOIN person p ON p.no = e.subject WHERE e.kind = ?1 "
               "AND e.object = ?2 AND e.subject > ?3 AND e.until = 0 AND p.state = 0 ORDER BY e.subject LIMIT ?4")
X(ST_EDGES_ALL_OF, "SELECT object, since, until FROM edge WHERE kind = ?1 AND subject = ?2 ORDER BY object, since")
/* The walk of an audience: index only. */
X(ST_SUBJECTS, "SELECT subject FROM edge INDEXED BY edge_on WHERE kind = ?1 AND object = ?2 AND subject > ?3 AND since <= ?4 "
               "AND (until = 0 OR until > ?4) AND (expires_at = 0 OR expires_at > ?5) ORDER BY subject LIMIT ?6")
X(ST_SUBJECTS_NOW, "SELECT subject FROM edge INDEXED BY edge_on WHERE kind = ?1 AND object = ?2 AND subject > ?3 AND since <= ?4 "
                   "AND (until = 0 OR until > ?4) AND (expires_at = 0 OR expires_at > ?5) AND how = 0 ORDER BY subject LIMIT ?6")
X(ST_SUBJECTS_LEVEL, "SELECT subject FROM edge INDEXED BY edge_level WHERE kind = ?1 AND object = ?2 AND how = ?7 AND how > 0 "
                     "AND subject > ?3 AND since <= ?4 AND (until = 0 OR until > ?4) AND (expires_at = 0 OR expires_at > ?5) "
                     "ORDER BY subject LIMIT ?6")
X(ST_LEVELS_ANY, "SELECT 1 FROM edge INDEXED BY edge_level WHERE kind > 0 AND how > 0 LIMIT 1")
X(ST_EDGE_LEVEL, "SELECT how FROM edge WHERE kind = ?1 AND subject = ?2 AND object = ?3 AND since <= ?4 "
                 "AND (until = 0 OR until > ?4) AND (expires_at = 0 OR expires_at > ?5) LIMIT 1")
X(ST_SUBJECT_ANY, "SELECT 1 FROM edge INDEXED BY edge_on WHERE kind = ?1 AND object = ?2 AND until = 0 LIMIT 1")
X(ST_OPEN_SUBJECTS, "SELECT subject FROM edge INDEXED BY edge_on WHERE kind = ?1 AND object = ?2 AND until = 0")
X(ST_OPEN_OBJECTS, "SELECT object FROM edge WHERE kind = ?1 AND subject = ?2 AND until = 0")
X(ST_OBJECTS, "SELECT object FROM edge WHERE kind = ?1 AND subject = ?2 AND object > ?3 AND until = 0 ORDER BY object LIMIT ?4")
X(ST_THREAD_OLDEST, "SELECT object FROM edge WHERE kind = ?1 AND subject = ?2 AND until = 0 ORDER BY object LIMIT 1")

/* ---- words.c: tags and tracked phrases */
/* Finds a row always (number 0 has the key ''), so that the time is that of a row whether it is the one sought. */
X(ST_TAG_SOUGHT, "SELECT no, key = ?1, shown, (SELECT max(no) FROM tag) FROM tag WHERE key <= ?1 ORDER BY key DESC LIMIT 1")
X(ST_TAG_PUBLIC, "SELECT no, key, shown FROM tag INDEXED BY tag_public WHERE key = ?1 AND shown <> ''")
X(ST_TAG_SHOW, "UPDATE tag SET shown = ?2 WHERE no = ?1")
X(ST_TAG_BY_NO, "SELECT iif(shown = '', key, shown) FROM tag WHERE no = ?1")
X(ST_TAG_ADD, "INSERT INTO tag (key, shown) VALUES (?1, '')")
X(ST_TAG_FILLERS_PURGE, "DELETE FROM tag WHERE key IN (SELECT key FROM tag WHERE key >= char(1) AND key < char(2) LIMIT ?1)")
X(ST_TAG_USES, "UPDATE tag SET uses = uses + ?2 WHERE no = ?1")
X(ST_TAGS_USED, "SELECT no, key FROM tag WHERE uses > 0")
/* tags.c */
/* Of equal ones by their letters: numbers tell which was used first, also where nobody may read. */
X(ST_TAGS_PAGE, "SELECT no, shown, uses FROM (SELECT no, shown, uses FROM tag INDEXED BY tag_used WHERE uses > 0 AND uses = ?1 "
                "AND key > (SELECT key FROM tag WHERE no = ?2) ORDER BY key LIMIT ?3) UNION ALL "
                "SELECT no, shown, uses FROM (SELECT no, shown, uses FROM tag INDEXED BY tag_used WHERE uses > 0 AND uses < ?1 "
                "ORDER BY uses DESC, key LIMIT ?3) LIMIT ?3")
X(ST_TAG_SLOT_ADD, "INSERT INTO tag_slot (slot, tag, n) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET n = n + 1")
X(ST_TAG_SLOT_TAKE, "UPDATE tag_slot SET n = n - 1 WHERE slot = ?1 AND tag = ?2 AND n > 0")
X(ST_TAGS_TODAY, "SELECT tag, sum(n) FROM tag_slot WHERE slot > ?1 GROUP BY +tag HAVING sum(n) >= ?2 "
                 "ORDER BY 2 DESC, (SELECT key FROM tag t WHERE t.no = tag_slot.tag) LIMIT ?3")
X(ST_TAG_WEEK, "SELECT coalesce(sum(n), 0) FROM tag_slot INDEXED BY tag_slot_of WHERE tag = ?1 AND slot > ?2 AND slot <= ?3")
X(ST_TAG_AUTHORS, "SELECT count(*) FROM (SELECT DISTINCT author FROM (SELECT e.author, e.at FROM reach r CROSS JOIN event e "
                  "ON e.no = r.event WHERE r.channel = 1 AND r.object = ?1 AND r.how & 2 ORDER BY r.event DESC LIMIT ?4) "
                  "WHERE at >= ?2 LIMIT ?3)")
X(ST_TAG_SLOTS_PURGE, "DELETE FROM tag_slot WHERE (slot, tag) IN (SELECT slot, tag FROM tag_slot WHERE slot < ?1 "
                      "ORDER BY slot LIMIT ?2)")
X(ST_PHRASE_ANY, "SELECT 1 FROM phrase WHERE no > 0 LIMIT 1")
X(ST_PHRASE_SOUGHT, "SELECT no, key = ?1, (SELECT max(no) FROM phrase) FROM phrase WHERE key <= ?1 ORDER BY key DESC LIMIT 1")
X(ST_PHRASE_ADD, "INSERT INTO phrase (key, anchor) VALUES (?1, ?2)")
X(ST_PHRASE_FILLERS_PURGE, "DELETE FROM phrase WHERE key IN (SELECT key FROM phrase WHERE key >= char(1) AND key < char(2) LIMIT ?1)")
X(ST_PHRASE_KEY, "SELECT key FROM phrase WHERE no = ?1")
X(ST_PHRASE_LOAD, "SELECT count(*) FROM (SELECT 1 FROM phrase WHERE anchor = ?1 LIMIT 1000)")
X(ST_PHRASES_AT, "SELECT no, key FROM phrase WHERE anchor = ?1")
/* A person's tag: what of theirs carries it. */
X(ST_PAIR_FIND, "SELECT no FROM person_tag WHERE person = ?1 AND tag = ?2")
X(ST_PAIR_ADD, "INSERT INTO person_tag (person, tag) SELECT iif(?3, 0, ?1), iif(?3, max(no), ?2) FROM person_tag")
X(ST_PAIR_FILLERS_PURGE, "DELETE FROM person_tag WHERE person = 0 AND tag IN (SELECT tag FROM person_tag WHERE person = 0 LIMIT ?1)")
X(ST_PAIR_GET, "SELECT person, tag FROM person_tag WHERE no = ?1")
/* Those of person ?2 that anybody follows; those that ?2 follows of person ?3, behind number ?4. */
X(ST_PAIRS_FOLLOWED, "SELECT p.no FROM person_tag p WHERE p.person = ?2 AND EXISTS (SELECT 1 FROM edge e INDEXED BY edge_on "
                     "WHERE e.kind = ?1 AND e.object = p.no AND e.until = 0)")
X(ST_PAIR_NEXT, "SELECT e.object FROM edge e CROSS JOIN person_tag p ON p.no = e.object AND p.person = ?3 WHERE e.kind = ?1 "
                "AND e.subject = ?2 AND e.object > ?4 AND e.until = 0 ORDER BY e.object LIMIT 1")

/* ---- news.c */
X(ST_NEWS_ADD, "INSERT OR IGNORE INTO news (person, kind, post, actor) VALUES (?1, ?2, ?3, ?4)")
X(ST_NEWS_DROP, "DELETE FROM news WHERE person = ?1 AND kind = ?2 AND post = ?3 AND actor = ?4")
X(ST_NEWS_DROP_POST, "DELETE FROM news WHERE post = ?1 AND post > 0")
X(ST_BUNDLE_ADD, "INSERT INTO bundle (person, due, waits) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET waits = 1")
X(ST_BUNDLE_DUE, "SELECT person, due, pause FROM bundle INDEXED BY bundle_due WHERE waits = 1 ORDER BY due LIMIT 1")
X(ST_BUNDLE_BEGIN, "UPDATE bundle SET due = ?2, pause = ?3, waits = 0 WHERE person = ?1")
/* Whether somebody is told of it: their flags, and whether updates are off by themselves. */
X(ST_NEWS_WANTED, "SELECT p.flags, coalesce(l.sleep, 0) FROM person p LEFT JOIN life l ON l.person = p.no WHERE p.no = ?1")
X(ST_BUNDLE_IDLE, "UPDATE bundle SET waits = 0 WHERE person = ?1")
X(ST_BUNDLE_PURGE, "DELETE FROM bundle WHERE waits = 0 AND due < ?1")
X(ST_NEWS_OF, "SELECT n.kind, n.post, n.actor, p.nick, p.name FROM news n JOIN person p ON p.no = n.actor "
              "WHERE n.person = ?1 AND p.state = 0 ORDER BY n.kind, n.post, n.actor")

/* ---- posts.c */
#undef POST_ROW
#define POST_ROW "no, event, author, at, parent, root, recipient, grp, scope, flags, version"
X(ST_POST_ROW, "SELECT " POST_ROW " FROM post WHERE no = ?1")
/* A post with all that decides whether ?2 may read it. A number beyond the last is looked for in the place of another, which is
 * refused like one that may not be read: the same statement, the same rows. */
X(ST_POST_SEEN, "SELECT " POST_ROW ", EXISTS (SELECT 1 FROM edge WHERE kind = 5 AND subject = ?2 AND object = post.grp AND until = 0), "
                "(SELECT open_from FROM grp WHERE no = post.grp), "
                "EXISTS (SELECT 1 FROM edge WHERE kind = ?3 AND subject = ?2 AND object = post.author AND until = 0) + "
                "EXISTS (SELECT 1 FROM edge WHERE kind = ?3 AND subject = post.author AND object = ?2 AND until = 0) "
                "FROM post WHERE no = (SELECT iif(?1 <= max(no), ?1, 1 + ?1 % max(no)) FROM post)")
X(ST_POST_ADD, "INSERT INTO post (event, author, at, parent, root, recipient, grp, scope, flags, version, written_at, text) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?3, ?10)")
X(ST_POST_KEEP, "INSERT INTO post_version (post, version, at, text) SELECT no, version, written_at, text FROM post WHERE no = ?1")
X(ST_POST_EDIT, "UPDATE post SET version = ?2, written_at = ?3, flags = ?4, text = ?5 WHERE no = ?1")
X(ST_POST_ERASE, "UPDATE post SET flags = ?2, text = '' WHERE no = ?1")
X(ST_VERSIONS_ERASE, "DELETE FROM post_version WHERE post = ?1")
X(ST_POST_SAME, "SELECT 1 FROM post WHERE no = ?1 AND text = ?2")
X(ST_POST_TEXT, "SELECT text FROM post WHERE no = ?1 AND version = ?2 AND flags & 1 = 0")
X(ST_VERSION_TEXT, "SELECT text FROM post_version WHERE post = ?1 AND version = ?2")
X(ST_VERSIONS, "SELECT version, at, text FROM post_version WHERE post = ?1 UNION ALL "
               "SELECT version, written_at, text FROM post WHERE no = ?1 AND flags & 1 = 0 ORDER BY 1")
X(ST_POST_LOAD, "SELECT p.no, p.author, p.at, p.parent, p.root, p.recipient, p.grp, p.scope, p.version, p.flags, p.text, "
                "a.nick, a.name, c.likes, c.replies, c.repeats, q.answer, v.answer, g.shown FROM post p "
                "CROSS JOIN person a ON a.no = p.author LEFT JOIN post_count c ON c.post = p.no "
                "LEFT JOIN answered q ON p.parent = 0 AND q.question = p.no "
                "LEFT JOIN answered v ON p.parent <> 0 AND v.answer = p.no LEFT JOIN grp g ON g.no = p.grp WHERE p.no = ?1")
X(ST_COUNT_ADD, "INSERT INTO post_count (post, likes, replies, repeats) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
                "likes = likes + excluded.likes, replies = replies + excluded.replies, repeats = repeats + excluded.repeats")
X(ST_COUNT_DROP, "DELETE FROM post_count WHERE post = ?1")
X(ST_LIKE_ADD, "INSERT OR IGNORE INTO liked (post, person, at) VALUES (?1, ?2, ?3)")
X(ST_LIKE_DROP, "DELETE FROM liked WHERE post = ?1 AND person = ?2")
X(ST_LIKES_DROP, "DELETE FROM liked WHERE post = ?1")
X(ST_LIKES, "SELECT " PERSON " FROM liked l CROSS JOIN person p ON p.no = l.person WHERE l.post = ?1 AND l.person > ?2 "
            "AND p.state = 0 ORDER BY l.person LIMIT ?3")
X(ST_REPEATED_BELOW, "SELECT event, post FROM repeat INDEXED BY repeat_once WHERE person = ?1 AND until = 0 AND post < ?2 ORDER BY post DESC LIMIT 1")
X(ST_LIKED_BELOW, "SELECT post FROM liked INDEXED BY liked_by WHERE person = ?1 AND post < ?2 ORDER BY post DESC LIMIT ?3")
/* saved.c */
X(ST_SAVED_ADD, "INSERT OR IGNORE INTO saved (person, post, at) VALUES (?1, ?2, ?3)")
X(ST_SAVED_DROP, "DELETE FROM saved WHERE person = ?1 AND post = ?2")
X(ST_SAVED_DROP_POST, "DELETE FROM saved WHERE post = ?1")
X(ST_SAVED_BELOW, "SELECT no, post FROM saved INDEXED BY saved_by WHERE person = ?1 AND no < ?2 ORDER BY no DESC LIMIT 1")
/* profile.c */
X(ST_PRAISE_ADD, "INSERT OR IGNORE INTO praise (post, person) VALUES (?1, ?2)")
X(ST_PRAISE_OF, "SELECT person FROM praise WHERE post = ?1")
X(ST_PRAISE_DROP, "DELETE FROM praise WHERE post = ?1")
X(ST_TALLY_PRAISE, "INSERT INTO tally (person, praise) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET praise = praise + excluded.praise")
X(ST_PIN_THERE, "SELECT 1 FROM pin WHERE person = ?1 AND post = ?2")
X(ST_PIN_ADD, "INSERT INTO pin (person, post, at) VALUES (?1, ?2, ?3)")
X(ST_PIN_DROP, "DELETE FROM pin WHERE person = ?1 AND post = ?2")
X(ST_PINS_COUNT, "SELECT count(*) FROM pin WHERE person = ?1")
X(ST_PINS, "SELECT post FROM pin WHERE person = ?1 ORDER BY at, post")
#include "db/sqlite/statements_questions.h"
/* order.c */
X(ST_REPORT_ADD, "INSERT OR IGNORE INTO report (post, person, at, why, shown) VALUES (?1, ?2, ?3, ?4, ?5)")
X(ST_ENDED_ADD, "INSERT OR IGNORE INTO ended (root, at) VALUES (?1, ?2)")
X(ST_ENDED, "SELECT 1 FROM ended WHERE root = ?1")
X(ST_REPEAT_ADD, "INSERT INTO repeat (event, post, person, at, comment) VALUES (?1, ?2, ?3, ?4, ?5)")
X(ST_REPEAT_STANDING, "SELECT event FROM repeat WHERE person = ?1 AND post = ?2 AND until = 0")
X(ST_REPEATS_STANDING, "SELECT event, person FROM repeat WHERE post = ?1 AND until = 0 ORDER BY event")
X(ST_REPEAT_END, "UPDATE repeat SET until = ?2, comment = '' WHERE event = ?1")
X(ST_REPEAT_NEWEST, "SELECT post, at FROM repeat WHERE person = ?1 AND until = 0 ORDER BY event DESC LIMIT 1")
X(ST_REPEAT_GET, "SELECT r.post, r.person, r.comment, a.nick, a.name FROM repeat r CROSS JOIN person a ON a.no = r.person "
                 "WHERE r.event = ?1 AND r.until = 0")
/* Earlier repeats that stood when event ?2 was made: whom they reached had the post. */
X(ST_REPEATS_BEFORE, "SELECT event FROM repeat INDEXED BY repeat_of WHERE post = ?1 AND event < ?2 AND (until = 0 OR until > ?2) "
                     "ORDER BY event LIMIT ?3")

/* ---- publish.c, events.c */
X(ST_REACH_ADD, "INSERT OR IGNORE INTO reach (event, channel, object, how) VALUES (?1, ?2, ?3, ?4)")
X(ST_REACH_MARK, "INSERT INTO reach (event, channel, object, how) VALUES (?1, ?2, ?3, ?4) "
                 "ON CONFLICT DO UPDATE SET how = how | excluded.how")
X(ST_REACH_UNMARK, "UPDATE reach SET how = how & 1 WHERE event = ?1 AND channel = ?2 AND object = ?3")
X(ST_REACH_HIDE, "UPDATE reach SET how = how & 1 WHERE event = ?1")
X(ST_REACH_HOW, "SELECT how FROM reach WHERE event = ?1 AND channel = ?2 AND object = ?3")
X(ST_REACH_OF, "SELECT channel, object, how FROM reach WHERE event = ?1 AND how & ?2 <> 0")
X(ST_REACH_IN, "SELECT object FROM reach WHERE event = ?1 AND channel = ?2 AND how & ?3 <> 0")
X(ST_REACH_AMEND, "INSERT OR IGNORE INTO reach (event, channel, object, how) SELECT ?1, channel + 16, object, 1 FROM reach "
                  "WHERE event = ?2 AND how & 1 AND channel < 14")
/* Whom earlier edits of event ?2 named first. */
X(ST_REACH_AMEND_NAMED, "INSERT OR IGNORE INTO reach (event, channel, object, how) SELECT ?1, 20, r.object, 1 FROM event e "
                        "INDEXED BY event_about CROSS JOIN reach r ON r.event = e.no AND r.channel = 4 "
                        "WHERE e.original = ?2 AND e.original > 0 AND e.no < ?1 AND e.kind = 3")
/* Whether an edge of a kind valid then leads from a person to any object an event has on a channel. */
X(ST_REACH_EDGE, "SELECT 1 FROM reach r CROSS JOIN edge e ON e.kind = ?3 AND e.subject = ?4 AND e.object = r.object "
                 "WHERE r.event = ?1 AND r.channel = ?2 AND r.how & 1 AND e.since <= ?5 AND (e.until = 0 OR e.until > ?5) "
                 "AND (e.expires_at = 0 OR e.expires_at > ?6) LIMIT 1")
/* The first of such edges' levels, as 0 loud, 1 now, 2 daily, 3 weekly. */
X(ST_REACH_LEVEL, "SELECT min(CASE e.how WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE e.how END) FROM reach r CROSS JOIN edge e "
                  "ON e.kind = ?3 AND e.subject = ?4 AND e.object = r.object WHERE r.event = ?1 AND r.channel = ?2 "
                  "AND r.how & 1 AND e.since <= ?5 AND (e.until = 0 OR e.until > ?5) AND (e.expires_at = 0 OR e.expires_at > ?6)")
/* The edits of event ?1 up to ?2 that first named person ?3. */
X(ST_NAMED_BY_EDITS, "SELECT e.no, e.version, e.at FROM event e INDEXED BY event_about WHERE e.original = ?1 AND e.original > 0 AND e.no <= ?2 "
                     "AND e.kind = 3 AND EXISTS (SELECT 1 FROM reach r WHERE r.event = e.no AND r.channel = 4 AND r.object = ?3) "
                     "ORDER BY e.no")
X(ST_ALL_NAMED_BY_EDITS, "SELECT r.object FROM event e INDEXED BY event_about CROSS JOIN reach r ON r.event = e.no "
                         "AND r.channel = 4 WHERE e.original = ?1 AND e.original > 0 AND e.no <= ?2 AND e.kind = 3")
X(ST_EVENT_HEAD, "SELECT max(no) FROM event")
#undef EVENT
#define EVENT "no, kind, class, author, post, root, original, version, at, hot"
X(ST_EVENT_GET, "SELECT " EVENT " FROM event WHERE no = ?1")
X(ST_EVENT_ADD, "INSERT INTO event (" EVENT ", listed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
X(ST_EVENT_TOP, "UPDATE event SET class = ?2 WHERE no = ?1")
X(ST_EVENT_FIND, "SELECT no FROM event INDEXED BY event_about WHERE original = ?1 AND original > 0 AND kind = ?2 "
                 "AND (?3 < 0 OR version = ?3) ORDER BY no DESC LIMIT 1")
X(ST_CURSOR_ADD, "INSERT INTO cursor (event, class, last) VALUES (?1, ?2, 0)")
X(ST_CURSORS, "SELECT event, class, last FROM cursor WHERE event > ?1 ORDER BY event, class LIMIT ?2")
X(ST_CURSOR_SET, "UPDATE cursor SET last = ?3 WHERE event = ?1 AND class = ?2")
X(ST_CURSOR_DONE, "DELETE FROM cursor WHERE event = ?1 AND class = ?2")

/* ---- timeline.c */
X(ST_BY_BELOW, "SELECT max(no) FROM event INDEXED BY event_by WHERE author = ?1 AND listed = ?2 AND no < ?3")
X(ST_BY_FROM, "SELECT min(no) FROM event INDEXED BY event_by WHERE author = ?1 AND listed = ?2 AND no >= ?3")
X(ST_REACH_BELOW, "SELECT event FROM reach INDEXED BY reach_on WHERE channel = ?1 AND object = ?2 AND event < ?3 "
                  "AND how & ?4 <> 0 ORDER BY event DESC LIMIT 1")
X(ST_REACH_FROM, "SELECT event FROM reach INDEXED BY reach_on WHERE channel = ?1 AND object = ?2 AND event >= ?3 "
                 "AND how & ?4 <> 0 ORDER BY event LIMIT 1")
X(ST_POST_BELOW_EVENT, "SELECT post FROM event WHERE no < ?1 AND kind = 1 ORDER BY no DESC LIMIT 1")
X(ST_POSTS_PUBLIC, "SELECT " POST_ROW " FROM post WHERE no <= ?1 AND scope = 0 AND flags & 1 = 0 ORDER BY no DESC LIMIT ?2")
X(ST_PEOPLE_MAX, "SELECT max(no) FROM person")

/* ---- delivery.c */
X(ST_HELD_SET, "INSERT INTO held (person, class, first) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET first = min(first, excluded.first)")
X(ST_HELD_ADVANCE, "UPDATE held SET first = max(first, ?3) WHERE person = ?1 AND class = ?2")
X(ST_HELD_CLEAR, "DELETE FROM held WHERE person = ?1 AND class = ?2")
X(ST_HELD_PAGE, "SELECT person, class, first FROM held WHERE person > ?1 ORDER BY person, class LIMIT ?2")
X(ST_BACK_ADD, "INSERT OR IGNORE INTO back (person, event) VALUES (?1, ?2)")
X(ST_BACK_DROP, "DELETE FROM back WHERE person = ?1 AND event = ?2")
X(ST_BACK_LIST, "SELECT event FROM back WHERE person = ?1 AND event > ?2 ORDER BY event LIMIT ?3")
X(ST_DIGEST_ADD, "INSERT INTO digest_of (person, class, lo, hi) VALUES (?1, ?2, ?3, ?4)")
X(ST_DIGEST_BELOW, "SELECT lo, hi FROM digest_of WHERE person = ?1 AND class = ?2 AND lo <= ?3 ORDER BY lo DESC LIMIT 1")
X(ST_DIGEST_DROP, "DELETE FROM digest_of WHERE person = ?1 AND class = ?2 AND lo = ?3")
X(ST_BOUNCE_SET, "INSERT INTO bounce (person, tries, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET tries = excluded.tries, at = excluded.at")
X(ST_BOUNCES, "SELECT person, tries, at FROM bounce WHERE person > ?1 ORDER BY person LIMIT ?2")

/* ---- answers.c */
X(ST_ANSWER_ADD, "INSERT INTO answer (event, person, post, at, to_jid, from_jid, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
X(ST_ANSWER_GET, "SELECT person, post, to_jid, from_jid, text FROM answer WHERE event = ?1")
X(ST_ANSWER_THERE, "SELECT 1 FROM answer WHERE event = ?1")
X(ST_CLAIM_ADD, "INSERT INTO claim (person, id, post, answer, at, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE "
                "SET post = excluded.post, answer = excluded.answer, at = excluded.at, digest = excluded.digest")
X(ST_CLAIM_FIND, "SELECT post, answer, at, digest FROM claim WHERE person = ?1 AND id = ?2")

/* ---- idle.c: what is older than ?1 goes, ?2 rows at most */
X(ST_ANSWERS_PURGE, "DELETE FROM answer WHERE event IN (SELECT a.event FROM answer a INDEXED BY answer_at WHERE a.at < ?1 "
                    "AND NOT EXISTS (SELECT 1 FROM cursor c WHERE c.event = a.event) "
                    "AND NOT EXISTS (SELECT 1 FROM held h WHERE h.person = a.person AND h.class = 0 AND h.first <= a.event) "
                    "AND NOT EXISTS (SELECT 1 FROM back b WHERE b.person = a.person AND b.event = a.event) "
                    "ORDER BY a.at LIMIT ?2)")
X(ST_CLAIMS_PURGE, "DELETE FROM claim WHERE (person, id) IN (SELECT person, id FROM claim INDEXED BY claim_young "
                   "WHERE digest IS NOT NULL AND at < ?1 AND post = 0 ORDER BY at LIMIT ?2)")
X(ST_CLAIMS_AGE, "UPDATE claim SET digest = NULL WHERE (person, id) IN (SELECT person, id FROM claim INDEXED BY claim_young "
                 "WHERE digest IS NOT NULL AND at < ?1 ORDER BY at LIMIT ?2)")

/* ---- figures */
X(ST_FIGURE_PEOPLE, "SELECT max(no) FROM person")
X(ST_FIGURE_PAGES, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
X(ST_POST_HEAD, "SELECT max(no) FROM post")
X(ST_META_GET, "SELECT v FROM meta WHERE k = ?1")
X(ST_META_SET, "UPDATE meta SET v = ?1 WHERE k = ?2")

/* ---- search.c, find.c. The quoted texts are made of tokens alone. */
X(ST_FIND_ADD, "INSERT INTO find (rowid, t) VALUES (?1, ?2)")
X(ST_FIND_DROP, "INSERT INTO find (find, rowid, t) VALUES ('delete', ?1, ?2)")
X(ST_FIND_CLEAR, "INSERT INTO find (find) VALUES ('delete-all')")
X(ST_FIND_MERGE, "INSERT INTO find (find, rank) VALUES ('merge', ?1)")
X(ST_FIND, "SELECT rowid FROM find WHERE find MATCH ?3 AND rowid < ?1 AND rowid >= ?2 ORDER BY rowid DESC")
X(ST_SCOPED_ADD, "INSERT INTO find_scoped (rowid, t) VALUES (?1, ?2)")
X(ST_SCOPED_DROP, "INSERT INTO find_scoped (find_scoped, rowid, t) VALUES ('delete', ?1, ?2)")
X(ST_SCOPED_CLEAR, "INSERT INTO find_scoped (find_scoped) VALUES ('delete-all')")
X(ST_SCOPED_MERGE, "INSERT INTO find_scoped (find_scoped, rank) VALUES ('merge', ?1)")
X(ST_SCOPED_FIND, "SELECT rowid FROM find_scoped WHERE find_scoped MATCH ?3 AND rowid < ?1 AND rowid >= ?2 ORDER BY rowid DESC")
X(ST_POSTS_FROM, "SELECT " POST_ROW " FROM post WHERE no > ?1 ORDER BY no LIMIT ?2")
X(ST_SCAN, "SELECT no, text FROM post WHERE no < ?1 AND no >= ?2 AND flags & 1 = 0 ORDER BY no DESC")
X(ST_POST_AT, "SELECT at FROM post WHERE no = ?1")

#include "db/sqlite/statements_admin.h"
#include "db/sqlite/statements_alias.h"
#include "db/sqlite/statements_announce.h"
#include "db/sqlite/statements_polls.h"
#include "db/sqlite/statements_schedule.h"
#include "db/sqlite/statements_forget.h"
#include "db/sqlite/statements_groups.h"
#include "db/sqlite/statements_hot.h"
#include "db/sqlite/statements_peace.h"
#include "db/sqlite/statements_life.h"
#include "db/sqlite/statements_digest.h"
#include "db/sqlite/statements_unseen.h"
