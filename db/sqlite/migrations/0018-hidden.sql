-- SPDX-License-Identifier: MIT
-- What is hidden is looked for with the same work as what never was: tags that may be shown by an index of their own; and a tag
-- and a phrase that nobody can write, so that there is always one at or before a key.
CREATE UNIQUE INDEX tag_public ON tag (key) WHERE shown <> '';
INSERT INTO tag (no, key, shown) VALUES (0, '', '');
INSERT INTO phrase (no, key, anchor) VALUES (0, '', '');
