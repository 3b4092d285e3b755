-- SPDX-License-Identifier: MIT
-- Texts that are to be posted later in a group.
ALTER TABLE scheduled ADD COLUMN grp INTEGER NOT NULL DEFAULT 0;
