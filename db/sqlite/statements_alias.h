/* SPDX-License-Identifier: MIT */
/* Statements of alias.c; a part of statements.h. */
/* clang-format off */
X(ST_ALIAS_FIND, "SELECT name, text FROM alias WHERE person = ?1 AND name = ?2")
X(ST_ALIAS_SET, "INSERT INTO alias (person, name, text) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET text = excluded.text")
X(ST_ALIAS_DROP, "DELETE FROM alias WHERE person = ?1 AND name = ?2")
X(ST_ALIASES_COUNT, "SELECT count(*) FROM alias WHERE person = ?1")
X(ST_ALIASES, "SELECT name, text FROM alias WHERE person = ?1 AND name > ?3 ORDER BY name LIMIT ?2")
X(ST_FORGET_ALIASES, "DELETE FROM alias WHERE person = ?1")
