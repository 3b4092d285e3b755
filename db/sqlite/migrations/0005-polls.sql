-- SPDX-License-Identifier: MIT
-- Polls, and what was voted. The counts stay when a voter leaves, who voted it does not.
CREATE TABLE poll (
  post INTEGER PRIMARY KEY REFERENCES post (no),
  choices INTEGER NOT NULL,
  closed_at INTEGER NOT NULL DEFAULT 0, -- 0: open
  told INTEGER NOT NULL DEFAULT -1      -- closed, and voters up to this one know; -1: nobody is to be told
) STRICT;
CREATE INDEX poll_telling ON poll (post) WHERE told >= 0;
CREATE TABLE poll_count (
  post INTEGER NOT NULL REFERENCES post (no),
  choice INTEGER NOT NULL,
  votes INTEGER NOT NULL,
  PRIMARY KEY (post, choice)
) STRICT, WITHOUT ROWID;
CREATE TABLE vote (
  post INTEGER NOT NULL REFERENCES post (no),
  person INTEGER NOT NULL REFERENCES person (no),
  choice INTEGER NOT NULL,
  PRIMARY KEY (post, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_by ON vote (person);
