-- SPDX-License-Identifier: MIT
-- The accepted answers once more, alone, so that a search finds them first without passing all posts that have the words.
CREATE VIRTUAL TABLE find_accepted USING fts5 (t, content='', columnsize=0, detail=none, tokenize='jaejal');
-- Where there are answers already, all is indexed anew.
UPDATE meta SET v = 0 WHERE k = 'tokenizer' AND EXISTS (SELECT 1 FROM answered);
