-- SPDX-License-Identifier: MIT
-- Groups. Who is in one says the table of edges (kind 5). Rows are never deleted.
CREATE TABLE grp (
  no INTEGER PRIMARY KEY,
  key TEXT NOT NULL,                -- folded; of secret ones not unique, or others could see that they are there
  shown TEXT NOT NULL,
  purpose TEXT NOT NULL,
  kind INTEGER NOT NULL,            -- enum group_kind
  ended INTEGER NOT NULL DEFAULT 0,
  members INTEGER NOT NULL DEFAULT 0,
  open_from INTEGER NOT NULL,       -- posts of this event and later may be read by everybody; 0: none
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX grp_listed ON grp (key) WHERE kind < 2;

CREATE TABLE grp_owner (
  grp INTEGER NOT NULL REFERENCES grp (no),
  person INTEGER NOT NULL REFERENCES person (no),
  PRIMARY KEY (grp, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE grp_ask (              -- who asked to be let in
  grp INTEGER NOT NULL REFERENCES grp (no),
  person INTEGER NOT NULL REFERENCES person (no),
  at INTEGER NOT NULL,
  PRIMARY KEY (grp, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX grp_ask_of ON grp_ask (person);

CREATE TABLE grp_pin (
  grp INTEGER NOT NULL REFERENCES grp (no),
  post INTEGER NOT NULL REFERENCES post (no),
  at INTEGER NOT NULL,
  PRIMARY KEY (grp, post)
) STRICT, WITHOUT ROWID;
