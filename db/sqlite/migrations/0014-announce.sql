-- SPDX-License-Identifier: MIT
-- Announcements, and who says that they have read one. The count stays when somebody leaves, who it was does not.
CREATE TABLE announcement (
  post INTEGER PRIMARY KEY REFERENCES post (no),
  people INTEGER NOT NULL,          -- it was owed to
  acks INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE ack (
  post INTEGER NOT NULL REFERENCES post (no),
  person INTEGER NOT NULL REFERENCES person (no),
  at INTEGER NOT NULL,
  PRIMARY KEY (post, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX ack_by ON ack (person);
