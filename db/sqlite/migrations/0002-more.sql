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

-- The tags in use, and when: by six hours, for a fortnight.
CREATE INDEX tag_used ON tag (uses) WHERE uses > 0;
CREATE TABLE tag_slot (
  slot INTEGER NOT NULL,            -- six hours since 1970, of the post
  tag INTEGER NOT NULL REFERENCES tag (no),
  n INTEGER NOT NULL,               -- in public posts
  PRIMARY KEY (slot, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_slot_of ON tag_slot (tag, slot, n);

-- Thanks, counted for whom they name; and what people put on top of their profile.
ALTER TABLE tally ADD COLUMN praise INTEGER NOT NULL DEFAULT 0;
CREATE TABLE praise (
  post INTEGER PRIMARY KEY REFERENCES post (no),
  person INTEGER NOT NULL REFERENCES person (no)
) STRICT;
CREATE TABLE pin (
  person INTEGER NOT NULL REFERENCES person (no),
  post INTEGER NOT NULL REFERENCES post (no),
  at INTEGER NOT NULL,
  PRIMARY KEY (person, post)
) STRICT, WITHOUT ROWID;

-- What was shown to the administrators, and by whom; conversations without further replies.
CREATE TABLE report (
  post INTEGER NOT NULL REFERENCES post (no),
  person INTEGER NOT NULL REFERENCES person (no),
  at INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (post, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE ended (
  root INTEGER PRIMARY KEY REFERENCES post (no),
  at INTEGER NOT NULL
) STRICT;
