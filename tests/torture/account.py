# SPDX-License-Identifier: MIT
"""What people wrote in a storm, and who is owed what of it: a second opinion, which shares no code with the program."""
import collections
import os
import shutil
import sqlite3
import tempfile


class Post:
    def __init__(self, author, key, kind, sent, **more):
        self.author, self.key, self.kind, self.sent = author, key, kind, sent
        self.number = self.confirmed = None
        self.parent = more.get("parent")        # a post
        self.recipient = more.get("recipient")  # of a private message
        self.named = set(more.get("named", ()))
        self.text = more["text"]
        self.versions = []   # (text, who is newly named) of confirmed edits
        self.replies = 0
        self.deleted = None  # "asked", "confirmed"
        self.busy = False    # its author is changing it
        self.likes = set()

    @property
    def root(self):
        return self if self.parent is None else self.parent.root


class Account:
    def __init__(self, door, complain):
        self.door, self.complain = door, complain
        self.posts = {}  # number -> Post
        self.follows = collections.defaultdict(list)  # (who, whom) -> [(sent, confirmed, on)]
        self.waived = set()  # (person, number): a summary stood for it
        self._owed = None

    def follow(self, who, whom, sent, confirmed, on):
        self.follows[who, whom].append((sent, confirmed, on))

    def followed(self, who, whom, post):
        """True, False; None where a change and the post crossed."""
        state = False
        for sent, confirmed, on in self.follows[who, whom]:
            if confirmed < post.sent:
                state = on
            elif sent <= post.confirmed:
                return None
        return state

    def owed(self, people):
        """number -> (who must have it and how, who may)."""
        if self._owed is not None and len(self._owed) == len(self.posts):
            return self._owed
        joined = collections.defaultdict(set)  # root -> those who answered there so far
        self._owed = {}
        for n, p in sorted(self.posts.items()):
            must, may = {}, set()
            if p.kind == "private":
                must[p.recipient] = "private"
            else:
                for who in people:
                    state = self.followed(who, p.author, p)
                    if state:
                        must[who] = "bulk"
                    elif state is None:
                        may.add(who)
                if p.parent is not None:
                    for who in joined[p.root] | {p.root.author}:
                        must[who] = "bulk"
                    must[p.parent.author] = "mention"
                    joined[p.root].add(p.author)
                for who in p.named:
                    must[who] = "mention"
            must.pop(p.author, None)
            self._owed[n] = (must, may | set(must))
        return self._owed

    # ---- at the end ------------------------------------------------------------------------------------

    def needed(self, person, n, p):
        """The ids that a person has to have of a post that is owed to them."""
        first = self.door.first[person]
        ids = [f"p{n}"] + [f"p{n}e{v + 1}" for v in range(len(p.versions))]
        if p.deleted:
            return [f"p{n}d"] if any(i in first for i in ids) else []
        return ids

    def missing(self, people, got):
        """(at the door, at the person): what is not there; got(person) gives their ids, or None of who gives no receipts."""
        door, person = [], []
        for n, (must, _) in self.owed(people).items():
            p = self.posts[n]
            late = {who: v for v, (_, named) in enumerate(p.versions) for who in named}
            for who in set(must) | set(late):
                if (who, n) in self.waived:
                    continue
                ids = self.needed(who, n, p)
                if who not in must and not p.deleted:  # named by an edit: from that version on
                    ids = ids[1 + late[who]:]
                for i in ids:
                    if i not in self.door.settled[who]:
                        door.append((who, i))
                    elif got(who) is not None and i not in got(who):
                        person.append((who, i))
        return door, person

    def summed_up(self):
        """How many updates of posts did not come by themselves, since a summary stood for them."""
        return sum(f"p{n}" not in self.door.settled[who] and who in self._owed[n][0] and not self.posts[n].deleted
                   for who, n in self.waived)

    def beyond(self, people, got):
        """What was accepted by the server for people without receipts and is not there: (how many, of how many)."""
        lost = all = 0
        for n, (must, _) in self.owed(people).items():
            for who in must:
                for i in self.needed(who, n, self.posts[n]):
                    if i in self.door.settled[who]:
                        all += 1
                        lost += i not in got(who)
        return lost, all

    def judge_door(self, people):
        """Order, ids, and nobody else's."""
        owed = self.owed(people)
        key_of = {}
        for id, body in self.door.bodies.items():
            if id[0] != "p" or id.endswith("d"):
                continue
            n = int(id[1:].partition("e")[0])
            if n not in self.posts:
                self.complain(f"{id} was sent and never confirmed: {body!r}")
                continue
            version = int(id.partition("e")[2] or 0)
            p = self.posts[n]
            text = p.text if version == 0 else p.versions[version - 1][0] if version <= len(p.versions) else None
            if text is None or text not in body:
                self.complain(f"{id} should read {text!r}, and reads {body!r}")
            if key_of.setdefault(text, id) != id:
                self.complain(f"{text!r} was sent as {key_of[text]} and as {id}")
        for who in people:
            self._judge_order(who, owed)

    def _judge_order(self, who, owed):
        newest = {}
        first = self.door.first[who]
        for id in first:  # in the order in which they were first written
            if id[0] != "p":
                continue
            n = int(id[1:].rstrip("d").partition("e")[0])
            if n not in self.posts:
                continue
            p = self.posts[n]
            must, may = owed[n]
            if id == f"p{n}":
                if who not in may:
                    self.complain(f"{id} was sent to {who}, who is not owed it: {p.text!r}")
                kind = must.get(who)
                if kind is None:
                    continue
                for what in ((kind, "author", p.author), (kind, "root", p.root.number)):
                    if newest.get(what, 0) > n:
                        self.complain(f"{who} was sent {id} after p{newest[what]} ({what})")
                    newest[what] = n
                r = p.root
                if r is not p and who in owed[r.number][0] and not r.deleted and (who, r.number) not in self.waived \
                        and first.get(f"p{r.number}", 1 << 60) > first[id]:
                    self.complain(f"{who} was sent {id} before p{r.number}, which it answers")
            else:
                before = f"p{n}" if who in must else None
                if before and before in first and first[before] > first[id]:
                    self.complain(f"{who} was sent {id} before {before}")

    def judge_store(self, path):
        """What the database says, after a planned stop."""
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        people = {no: jid.partition("@")[0] for no, jid in db.execute("SELECT no, jid FROM person")}
        rows = {no: row for no, *row in db.execute("SELECT no, author, flags, text FROM post")}
        likes = collections.defaultdict(set)
        for post, person in db.execute("SELECT post, person FROM liked"):
            likes[post].add(people[person])
        for n, p in self.posts.items():
            if n not in rows:
                self.complain(f"#{n} was confirmed and is lost: {p.text!r}")
                continue
            author, flags, text = rows[n]
            want = p.versions[-1][0] if p.versions else p.text
            if people[author] != p.author:
                self.complain(f"#{n} is {people[author]}'s, not {p.author}'s")
            if p.deleted == "confirmed" and not flags & 1:
                self.complain(f"the deletion of #{n} was confirmed and is lost")
            if not p.deleted and (flags & 1 or text != want):
                self.complain(f"#{n} should read {want!r}, and reads {text!r}")
            if not p.deleted and not p.likes <= likes[n]:
                self.complain(f"likes of #{n} were confirmed and are lost: {sorted(p.likes - likes[n])}")
        for n in sorted(set(rows) - set(self.posts)):
            self.complain(f"#{n} exists and was never confirmed: {rows[n][2]!r}")
        try:
            whole = [r[0] for r in db.execute("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as e:  # the search has a tokenizer that only the program knows
            whole = [] if "tokenizer" in str(e) else [str(e)]
        db.close()
        for line in whole:
            if line != "ok" and "tokenizer" not in line:
                self.complain(f"integrity_check: {line}")

    def waive(self, path):
        """What a summary stood for need not come by itself."""
        if not any(self.door.summaries.values()):
            return
        with tempfile.TemporaryDirectory() as folder:  # a copy: of a database in use we are no part
            copy = os.path.join(folder, "copy.db")
            for end in ("", "-wal"):
                if os.path.exists(path + end):
                    shutil.copy(path + end, copy + end)
            db = sqlite3.connect(copy)
            events = dict(db.execute("SELECT no, event FROM post"))
            db.close()
        for who, spans in self.door.summaries.items():
            for n, p in self.posts.items():
                if p.kind != "private" and any(lo <= events.get(n, 0) <= hi for lo, hi in spans):
                    self.waived.add((who, n))
