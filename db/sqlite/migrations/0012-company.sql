-- SPDX-License-Identifier: MIT
-- What is told of the company: public posts by day and by week, in the time zone of the server, counted as they are made.
CREATE TABLE period (
  kind INTEGER NOT NULL,            -- 0 a day, 1 a week
  no INTEGER NOT NULL,              -- days since 1970; weeks from Monday to Sunday
  posts INTEGER NOT NULL DEFAULT 0, -- not taken back
  authors INTEGER NOT NULL DEFAULT 0, -- people who wrote any
  joined INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, no)
) STRICT, WITHOUT ROWID;
CREATE TABLE author (               -- when somebody last wrote: whether they are counted already
  person INTEGER PRIMARY KEY REFERENCES person (no),
  day INTEGER NOT NULL,
  week INTEGER NOT NULL
) STRICT;
CREATE TABLE liked_week (           -- liked public posts of this week and the last one
  post INTEGER PRIMARY KEY REFERENCES post (no),
  week INTEGER NOT NULL,            -- in which it was written
  likes INTEGER NOT NULL
) STRICT;
CREATE INDEX liked_week_most ON liked_week (week, likes);

-- What was written so far.
CREATE TEMP TABLE dated AS SELECT no, author, flags & 1 AS gone,
  CAST(strftime('%s', at / 1000, 'unixepoch', 'localtime') AS INTEGER) / 86400 AS day
  FROM post WHERE scope = 0;
INSERT INTO period (kind, no, posts, authors)
  SELECT 0, day, sum(gone = 0), count(DISTINCT author) FROM dated GROUP BY day;
INSERT INTO period (kind, no, posts, authors)
  SELECT 1, (day + 3) / 7, sum(gone = 0), count(DISTINCT author) FROM dated GROUP BY (day + 3) / 7;
INSERT INTO author (person, day, week) SELECT author, max(day), (max(day) + 3) / 7 FROM dated GROUP BY author;
INSERT INTO liked_week (post, week, likes)
  SELECT d.no, (d.day + 3) / 7, c.likes FROM dated d JOIN post_count c ON c.post = d.no
  WHERE c.likes > 0 AND d.gone = 0 AND d.day > (SELECT max(day) FROM dated) - 14;
DROP TABLE dated;

-- Who was asked in, once; who was reminded to write.
CREATE TABLE invitation (
  jid TEXT PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES person (no), -- by whom
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_by ON invitation (person, at);
CREATE TABLE nudge (
  person INTEGER NOT NULL REFERENCES person (no),
  target INTEGER NOT NULL REFERENCES person (no),
  at INTEGER NOT NULL,              -- the last time
  PRIMARY KEY (person, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX nudge_of ON nudge (target, at);
