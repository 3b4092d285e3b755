-- SPDX-License-Identifier: MIT
-- How many questions were brought to an expert on the last day that any was (days since 1970).
CREATE TABLE asked (
  person INTEGER PRIMARY KEY REFERENCES person (no),
  day INTEGER NOT NULL,
  n INTEGER NOT NULL
) STRICT;
