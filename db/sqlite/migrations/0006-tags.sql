-- SPDX-License-Identifier: MIT
-- The tags in use, those used alike by their letters.
DROP INDEX tag_used;
CREATE INDEX tag_used ON tag (uses DESC, key) WHERE uses > 0;
