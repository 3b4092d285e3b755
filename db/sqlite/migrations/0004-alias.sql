-- SPDX-License-Identifier: MIT
-- One's own short forms of commands.
CREATE TABLE alias (
  person INTEGER NOT NULL REFERENCES person (no),
  name TEXT NOT NULL,               -- folded
  text TEXT NOT NULL,
  PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;
