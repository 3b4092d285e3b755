-- SPDX-License-Identifier: MIT
-- How long the last pause between two messages about likes and the like was meant to be, in ms.
ALTER TABLE bundle ADD COLUMN pause INTEGER NOT NULL DEFAULT 0;
