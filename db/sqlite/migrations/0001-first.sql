-- SPDX-License-Identifier: MIT
-- Times are milliseconds since 1970 UTC; numbers are positive and never used again, 0 is "none".
-- Rows of person, post, event, tag and phrase are never deleted: that is what keeps their numbers unique.

CREATE TABLE meta (
  k TEXT PRIMARY KEY,               -- tokenizer: its version; indexed: the last post in the search
  v INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  no INTEGER PRIMARY KEY,
  jid TEXT NOT NULL,                -- bare, prepared
  nick TEXT NOT NULL,               -- folded
  name TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  bio TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT '',
  zone TEXT NOT NULL DEFAULT '',
  state INTEGER NOT NULL DEFAULT 0, -- enum person_state
  flags INTEGER NOT NULL,           -- 1 << enum person_flag
  joined_at INTEGER NOT NULL,
  vcard_at INTEGER NOT NULL DEFAULT 0,
  photo_hash TEXT NOT NULL DEFAULT '',
  photo_type TEXT NOT NULL DEFAULT '',
  photo_len INTEGER NOT NULL DEFAULT 0
) STRICT;
-- A JID once retired and given to someone else is a new person.
CREATE UNIQUE INDEX person_jid ON person (jid) WHERE state <> 2;
CREATE UNIQUE INDEX person_nick ON person (nick) WHERE state <> 2;
CREATE INDEX person_out ON person (no) WHERE state <> 0;

-- The folded words of nick, name, title and bio of active people.
CREATE TABLE person_word (
  word TEXT NOT NULL,
  person INTEGER NOT NULL REFERENCES person (no),
  PRIMARY KEY (word, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_word_of ON person_word (person);

CREATE TABLE photo (
  person INTEGER PRIMARY KEY REFERENCES person (no),
  data BLOB NOT NULL
) STRICT;

-- What is counted of a person; of person 0, of all. Narrow, since every post touches it.
CREATE TABLE tally (
  person INTEGER PRIMARY KEY,
  posts INTEGER NOT NULL DEFAULT 0,     -- public, not deleted (person 0: all that are not deleted)
  following INTEGER NOT NULL DEFAULT 0,
  followers INTEGER NOT NULL DEFAULT 0,
  likes INTEGER NOT NULL DEFAULT 0,     -- got, for public posts
  edges INTEGER NOT NULL DEFAULT 0,     -- open, conversations not counted
  threads INTEGER NOT NULL DEFAULT 0    -- open follows of conversations
) STRICT;

CREATE TABLE post (
  no INTEGER PRIMARY KEY,
  event INTEGER NOT NULL,           -- the one that made it
  author INTEGER NOT NULL REFERENCES person (no),
  at INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  root INTEGER NOT NULL,            -- 0: it is a root itself
  recipient INTEGER NOT NULL,       -- of a private message: the other one
  grp INTEGER NOT NULL,
  scope INTEGER NOT NULL,           -- enum scope
  flags INTEGER NOT NULL,           -- 1 deleted, 2 has a link, 4 has a file
  version INTEGER NOT NULL,         -- of text
  written_at INTEGER NOT NULL,      -- when that version was
  text TEXT NOT NULL
) STRICT;

CREATE TABLE post_version (         -- earlier versions
  post INTEGER NOT NULL REFERENCES post (no),
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (post, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE post_count (           -- no row: all zero
  post INTEGER PRIMARY KEY REFERENCES post (no),
  likes INTEGER NOT NULL DEFAULT 0,
  replies INTEGER NOT NULL DEFAULT 0,
  repeats INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE liked (
  post INTEGER NOT NULL REFERENCES post (no),
  person INTEGER NOT NULL REFERENCES person (no),
  at INTEGER NOT NULL,
  PRIMARY KEY (post, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE repeat (
  event INTEGER PRIMARY KEY,
  post INTEGER NOT NULL REFERENCES post (no),
  person INTEGER NOT NULL REFERENCES person (no),
  at INTEGER NOT NULL,
  until INTEGER NOT NULL DEFAULT 0, -- the event that took it back, 0: it stands
  comment TEXT NOT NULL
) STRICT;
CREATE INDEX repeat_of ON repeat (post);
CREATE UNIQUE INDEX repeat_once ON repeat (person, post) WHERE until = 0;

-- The log: append-only, numbered in the order of commits by the one writer.
CREATE TABLE event (
  no INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,            -- enum event_kind
  class INTEGER NOT NULL,           -- the highest anybody is owed it in
  listed INTEGER NOT NULL,          -- on which channel of its author (enum listed), 0: none
  author INTEGER NOT NULL,
  post INTEGER NOT NULL,
  root INTEGER NOT NULL,
  original INTEGER NOT NULL,        -- the event that an edit or a deletion is about
  version INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_by ON event (author, listed);
CREATE INDEX event_about ON event (original) WHERE original > 0;

-- The further channels an event is published on.
CREATE TABLE reach (
  event INTEGER NOT NULL,
  channel INTEGER NOT NULL,         -- enum channel
  object INTEGER NOT NULL,          -- person, tag, root, group or phrase
  how INTEGER NOT NULL,             -- 1 it is owed through it, 2 lists show it there, 4 it is so in the present version
  PRIMARY KEY (event, channel, object)
) STRICT, WITHOUT ROWID;
CREATE INDEX reach_on ON reach (channel, object, event, how);

CREATE TABLE tag (
  no INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  shown TEXT NOT NULL,
  uses INTEGER NOT NULL DEFAULT 0   -- in public posts
) STRICT;

CREATE TABLE phrase (               -- tracked or muted words
  no INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,         -- distinct words, folded, ascending, one blank between
  anchor TEXT NOT NULL              -- the token by which a text finds it
) STRICT;
CREATE INDEX phrase_anchor ON phrase (anchor);

-- Who follows, mutes, blocks what: valid for the events since <= no < until. Ended ones are kept.
CREATE TABLE edge (
  kind INTEGER NOT NULL,            -- enum edge_kind
  subject INTEGER NOT NULL,
  object INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL DEFAULT 0, -- 0: open
  how INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, subject, object, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX edge_on ON edge (kind, object, subject, since, until, expires_at);

CREATE TABLE cursor (               -- walks not finished
  event INTEGER NOT NULL,
  class INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (event, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE held (
  person INTEGER NOT NULL,
  class INTEGER NOT NULL,
  first INTEGER NOT NULL,
  PRIMARY KEY (person, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE back (
  person INTEGER NOT NULL,
  event INTEGER NOT NULL,
  PRIMARY KEY (person, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest (               -- disjoint per person
  person INTEGER NOT NULL,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  PRIMARY KEY (person, lo)
) STRICT, WITHOUT ROWID;

CREATE TABLE bounce (
  person INTEGER PRIMARY KEY,
  tries INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE answer (               -- texts of answers and notices, for a day
  event INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  post INTEGER NOT NULL,
  at INTEGER NOT NULL,
  to_jid TEXT NOT NULL,
  from_jid TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX answer_at ON answer (at);

CREATE TABLE claim (
  person INTEGER NOT NULL,
  id INTEGER NOT NULL,              -- a hash: one's own ids only are compared
  post INTEGER NOT NULL,
  answer INTEGER NOT NULL,
  at INTEGER NOT NULL,
  digest BLOB,                      -- for a day
  PRIMARY KEY (person, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_young ON claim (at) WHERE digest IS NOT NULL;

CREATE TABLE news (
  person INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  post INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  PRIMARY KEY (person, kind, post, actor)
) STRICT, WITHOUT ROWID;
CREATE INDEX news_about ON news (post) WHERE post > 0;
CREATE TABLE bundle (               -- when a person may next be told their news
  person INTEGER PRIMARY KEY,
  due INTEGER NOT NULL,
  waits INTEGER NOT NULL
) STRICT;
CREATE INDEX bundle_due ON bundle (due) WHERE waits = 1;

-- The search: an index without texts. What only some may read is in a table of its own, where every
-- query must name its reader.
CREATE VIRTUAL TABLE find USING fts5 (t, content='', columnsize=0, detail=none, tokenize='jaejal');
CREATE VIRTUAL TABLE find_scoped USING fts5 (t, content='', columnsize=0, detail=none, tokenize='jaejal');
INSERT INTO find (find, rank) VALUES ('automerge', 0), ('crisismerge', 64);
INSERT INTO find_scoped (find_scoped, rank) VALUES ('automerge', 0), ('crisismerge', 64);
INSERT INTO meta (k, v) VALUES ('tokenizer', 0), ('indexed', 0);
INSERT INTO tally (person) VALUES (0);
