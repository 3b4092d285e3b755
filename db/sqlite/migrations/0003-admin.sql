-- SPDX-License-Identifier: MIT
-- Who may do more than everybody.
ALTER TABLE person ADD COLUMN role INTEGER NOT NULL DEFAULT 0; -- enum role
CREATE INDEX person_role ON person (role, no) WHERE role > 0;

-- What was done with such a role. Rows are added, and nothing else: each carries the hash of itself and of the one
-- before it, so a change made past these triggers is seen, too. meta has how many there are.
CREATE TABLE audit (
  no INTEGER PRIMARY KEY,           -- from 1, without a gap
  at INTEGER NOT NULL,
  who INTEGER NOT NULL,             -- who did it, 0: jaejalctl
  action TEXT NOT NULL,
  whom INTEGER NOT NULL,            -- the person it was done to, 0: none
  post INTEGER NOT NULL,            -- the post, 0: none
  detail TEXT NOT NULL,             -- what the administrator typed: a reason, a role, words
  hash BLOB NOT NULL                -- SHA-256
) STRICT;
CREATE TRIGGER audit_kept_update BEFORE UPDATE ON audit BEGIN
  SELECT raise(ABORT, 'an audit record cannot be changed');
END;
CREATE TRIGGER audit_kept_delete BEFORE DELETE ON audit BEGIN
  SELECT raise(ABORT, 'an audit record cannot be removed');
END;
CREATE TRIGGER audit_kept_insert BEFORE INSERT ON audit
WHEN new.no <> (SELECT v FROM meta WHERE k = 'audit') BEGIN
  SELECT raise(ABORT, 'an audit record goes behind the last one');
END;
INSERT INTO meta (k, v) VALUES ('audit', 0);
