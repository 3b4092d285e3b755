-- SPDX-License-Identifier: MIT
-- People who left, until all they had written is erased; whose likes they are.
CREATE TABLE leaving (
  person INTEGER PRIMARY KEY REFERENCES person (no),
  step INTEGER NOT NULL,            -- what is being erased (forget.c)
  last INTEGER NOT NULL             -- up to there it is
) STRICT;
CREATE INDEX liked_by ON liked (person);
