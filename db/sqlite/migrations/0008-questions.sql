-- SPDX-License-Identifier: MIT
-- The accepted answers of questions. Which questions are open, and what they are about, stands in reach.
CREATE TABLE answered (
  question INTEGER PRIMARY KEY REFERENCES post (no),
  answer INTEGER NOT NULL UNIQUE REFERENCES post (no),
  at INTEGER NOT NULL
) STRICT;

-- What people did in public with a tag, and how much that says for them. One accepted answer is worth more than any
-- number of posts.
CREATE TABLE expert (
  tag INTEGER NOT NULL,
  person INTEGER NOT NULL,
  posts INTEGER NOT NULL DEFAULT 0,   -- with the tag, questions and thanks not counted
  answers INTEGER NOT NULL DEFAULT 0, -- accepted, by another, to questions about it
  praise INTEGER NOT NULL DEFAULT 0,  -- thanks that have the tag
  off INTEGER NOT NULL DEFAULT 0,     -- 1: wants to be no expert for it
  weight INTEGER NOT NULL GENERATED ALWAYS AS (answers * 50 + praise * 10 + min(posts, 49)) VIRTUAL,
  PRIMARY KEY (tag, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX expert_best ON expert (tag, weight, person) WHERE off = 0;
CREATE INDEX expert_of ON expert (person);

INSERT INTO expert (tag, person, posts)
  SELECT r.object, p.author, count(*) FROM reach r CROSS JOIN event e ON e.no = r.event CROSS JOIN post p ON p.no = e.post
  WHERE r.channel = 1 AND r.how & 4 AND p.scope = 0 AND p.flags & 1 = 0
  AND NOT EXISTS (SELECT 1 FROM praise t WHERE t.post = p.no) GROUP BY 1, 2;
INSERT INTO expert (tag, person, praise)
  SELECT r.object, t.person, count(*) FROM praise t CROSS JOIN post p ON p.no = t.post CROSS JOIN reach r ON r.event = p.event
  WHERE r.channel = 1 AND r.how & 4 GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET praise = excluded.praise;
