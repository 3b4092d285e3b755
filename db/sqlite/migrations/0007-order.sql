-- SPDX-License-Identifier: MIT
-- Why somebody was suspended is looked up by them.
CREATE INDEX audit_whom ON audit (whom, no) WHERE whom > 0;

-- Reports are open until an administrator has decided.
ALTER TABLE report ADD COLUMN shown TEXT NOT NULL DEFAULT ''; -- how the post began when it was reported
ALTER TABLE report ADD COLUMN closed INTEGER NOT NULL DEFAULT 0; -- when, 0: open
CREATE INDEX report_open ON report (post) WHERE closed = 0;

-- Words of which the administrators are told.
CREATE TABLE watch (
  phrase INTEGER PRIMARY KEY REFERENCES phrase (no),
  at INTEGER NOT NULL,
  words TEXT NOT NULL               -- as typed
) STRICT;
