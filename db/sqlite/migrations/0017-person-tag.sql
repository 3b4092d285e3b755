-- SPDX-License-Identifier: MIT
-- What a person publishes with a tag, as the object of a follow; rows are never deleted, as those of tag.
CREATE TABLE person_tag (
  no INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  tag INTEGER NOT NULL,
  UNIQUE (person, tag)
) STRICT;
