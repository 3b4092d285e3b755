-- SPDX-License-Identifier: MIT
-- The last sign of life of each person, to about a day, and who gave none for so long that updates are off by themselves.
-- Narrow: in the morning everybody gives one.
CREATE TABLE life (
  person INTEGER PRIMARY KEY,
  seen_at INTEGER NOT NULL,
  sleep INTEGER NOT NULL            -- enum sleep
) STRICT;
CREATE INDEX life_seen ON life (seen_at) WHERE sleep <> 1 AND seen_at > 0;
INSERT INTO life (person, seen_at, sleep) SELECT no, CAST(strftime('%s', 'now') AS INTEGER) * 1000, 0 FROM person WHERE state <> 2;
