-- SPDX-License-Identifier: MIT
-- Texts to be posted later.
CREATE TABLE scheduled (
  no INTEGER PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES person (no),
  n INTEGER NOT NULL,               -- the person's own numbers
  at INTEGER NOT NULL,              -- when it is due
  text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX scheduled_by ON scheduled (person, n);
CREATE INDEX scheduled_of ON scheduled (person, at, n);
CREATE INDEX scheduled_due ON scheduled (at, person, n);
CREATE TABLE scheduled_last (       -- the last number given
  person INTEGER PRIMARY KEY REFERENCES person (no),
  n INTEGER NOT NULL
) STRICT;
