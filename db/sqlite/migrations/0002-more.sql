-- SPDX-License-Identifier: MIT
-- Private bookmarks.
CREATE TABLE saved (
  no INTEGER PRIMARY KEY,           -- in the order of saving
  person INTEGER NOT NULL REFERENCES person (no),
  post INTEGER NOT NULL REFERENCES post (no),
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_once ON saved (person, post);
CREATE INDEX saved_by ON saved (person, no);
CREATE INDEX saved_of ON saved (post);
