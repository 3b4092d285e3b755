-- SPDX-License-Identifier: MIT
-- Conversations that run hot: answers that only those get at once who take part, and the bundles that tell the others.
ALTER TABLE event ADD COLUMN hot INTEGER NOT NULL DEFAULT 0; -- 1: such an answer
CREATE TABLE hot (                  -- answers that no bundle tells of yet
  root INTEGER PRIMARY KEY REFERENCES post (no),
  lo INTEGER NOT NULL,              -- the event of the first one
  answers INTEGER NOT NULL,
  opened INTEGER NOT NULL,          -- when the first one came
  due INTEGER NOT NULL              -- when they are told
) STRICT;
CREATE INDEX hot_due ON hot (due);
CREATE TABLE bundled (
  event INTEGER PRIMARY KEY,        -- the bundle's
  root INTEGER NOT NULL REFERENCES post (no),
  lo INTEGER NOT NULL,              -- the hot answers of its conversation from this event
  hi INTEGER NOT NULL,              -- to this one
  answers INTEGER NOT NULL,         -- of these so many stood when it was made
  root_version INTEGER NOT NULL     -- of the text that it quotes of the root
) STRICT;
CREATE INDEX bundled_of ON bundled (root, hi);
