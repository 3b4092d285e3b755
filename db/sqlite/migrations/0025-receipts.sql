-- SPDX-License-Identifier: MIT
-- What people were sent whose clients give receipts, while no receipt is here yet.
CREATE TABLE unseen (
  event INTEGER NOT NULL,
  part INTEGER NOT NULL,                -- which people, and how they were owed it: the pump's numbering
  people BLOB NOT NULL,                 -- one bit a person
  PRIMARY KEY (event, part)
) STRICT, WITHOUT ROWID;
