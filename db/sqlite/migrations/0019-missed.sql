-- SPDX-License-Identifier: MIT
-- What the last summary of a person stood for: `missed` lists it.
CREATE TABLE missed (               -- rows with a lower hi than another of the person are of an older one
  person INTEGER NOT NULL,
  class INTEGER NOT NULL,
  lo INTEGER NOT NULL,              -- events
  hi INTEGER NOT NULL,
  why INTEGER NOT NULL,             -- enum digest_why
  PRIMARY KEY (person, class)
) STRICT, WITHOUT ROWID;
