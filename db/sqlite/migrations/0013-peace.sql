-- SPDX-License-Identifier: MIT
-- When updates may reach a person: their settings, and what these hold at present.
ALTER TABLE person ADD COLUMN holds INTEGER NOT NULL DEFAULT 0; -- classes, and HOLDS_… of db/store_peace.h
CREATE TABLE peace (
  person INTEGER PRIMARY KEY REFERENCES person (no),
  snooze_until INTEGER NOT NULL,
  quiet INTEGER NOT NULL,           -- 1: the hours count
  quiet_from INTEGER NOT NULL,      -- minutes of the day, of the person's zone
  quiet_to INTEGER NOT NULL,
  allow INTEGER NOT NULL,           -- classes let through
  digest INTEGER NOT NULL,          -- enum digest_mode
  digest_day INTEGER NOT NULL,      -- of the week, 0 Sunday
  digest_minute INTEGER NOT NULL,   -- of the day
  digest_next INTEGER NOT NULL,     -- the next one, 0: none
  due INTEGER NOT NULL              -- when something of this begins or ends, 0: never
) STRICT;
CREATE INDEX peace_due ON peace (due) WHERE due > 0;

-- A summary stands for the updates of some classes only.
CREATE TABLE digest_of (            -- disjoint per person and class
  person INTEGER NOT NULL,
  class INTEGER NOT NULL,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  PRIMARY KEY (person, class, lo)
) STRICT, WITHOUT ROWID;
INSERT INTO digest_of (person, class, lo, hi) SELECT person, 1, lo, hi FROM digest;
INSERT INTO digest_of (person, class, lo, hi) SELECT person, 3, lo, hi FROM digest;
DROP TABLE digest;
