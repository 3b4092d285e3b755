-- SPDX-License-Identifier: MIT
-- Follows of different levels (edge.how: enum follow_level): an audience is found without looking at the others.
DROP INDEX edge_on;
CREATE INDEX edge_on ON edge (kind, object, subject, since, until, expires_at, how);
CREATE INDEX edge_level ON edge (kind, object, how, subject, since, until, expires_at) WHERE how > 0;
ALTER TABLE peace ADD COLUMN levels INTEGER NOT NULL DEFAULT 0;      -- 1: follows something daily or weekly
ALTER TABLE peace ADD COLUMN weekly_next INTEGER NOT NULL DEFAULT 0; -- as digest_next, for what is followed weekly
