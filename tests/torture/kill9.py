#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""SIGKILL of jaejald at seeded random moments while people post to followers, counted by those who receive.

kill9.py [--kind prosody|ejabberd]      COUNT=10 kills on each server, SEED=… repeats a run's choices

Authors write bursts; jaejald is killed somewhere between the first byte of a burst and a little after its last update,
or while it starts, and started again. At the end, with nobody killing any more, it must hold that
  - every follower of an author has each post that was confirmed, and each that anybody has (also who was away meanwhile);
  - all copies of an update carry the same id and the same text, all answers to a line the same number;
  - every post there is was confirmed to its author, though the kill came between the commit and the answer;
  - a line sent again with its id, because no answer came, is one post;
  - each follower has an author's posts in their order.
Says for the posts of the bursts what the kill fell upon; of 100 kills or more each kind must have been hit.
"""
import argparse
import asyncio
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "scenario"))

from harness import SLOW, STANZA_SECONDS, Scene  # noqa: E402
from servers import KINDS  # noqa: E402

AUTHORS, FOLLOWERS = ("ann", "ben", "cho"), ("dan", "eve", "fay", "gus")
PHASES = ("commit", "reply", "pump", "fence", "settled")
LARGE, PADDING = 20, " and so on" * 500  # a large burst: many long lines, more than one window of the pump
DRAIN_SECONDS = 60 * SLOW


class Line:
    """Something an author wrote."""

    def __init__(self, author, text, id):
        self.author, self.text, self.id = author, text, id
        self.again = False      # was sent a second time
        self.phase_at_kill = None


class Torture:
    def __init__(self, server, seed, count, folder):
        self.random = random.Random(f"{seed} {server.kind}")
        self.count = count
        self.scene = Scene(server, 0, folder)
        self.lines = []
        self.wrong = []
        self.small_seconds = self.large_seconds = 0  # what a burst takes when nobody kills
        self.read = {}        # how far everything of a client is looked at
        self.number_of = {}   # text -> number
        self.answer_ids = {}  # id of an answer -> body
        self.bodies = {}      # update id -> body
        self.got = collections.defaultdict(list)  # client -> update ids in the order of arrival
        self.have = collections.defaultdict(set)
        self.settled = set()  # lines that everybody is known to have
        self.kills = 0

    async def people(self):
        s = self.scene
        await s.jaejald(delivery__digest_after=1000, limits__posts_per_minute=10000, log__level="info")
        people = await s.joined(*AUTHORS, *FOLLOWERS)
        self.authors, self.followers = people[:len(AUTHORS)], people[len(AUTHORS):]
        for p in people:  # archives of some thousand messages make ejabberd slower than this test may be
            await p.iq("<prefs xmlns='urn:xmpp:mam:2' default='never'><always/><never/></prefs>", to=p.jid, type="set")
        for f in self.followers:
            for a in self.authors:
                await f.say(f"follow @{a.nick}")
        for p in people:
            await p.fence()
            p.everything.clear()
            self.read[p] = 0
        self.away = None

    # ---- what came ---------------------------------------------------------------------------------------

    def complain(self, text):
        self.wrong.append(text)

    def look(self):
        """Reads what arrived since the last look."""
        for p, at in self.read.items():
            for m in p.everything[at:]:
                if m.type == "error" or m.body is None:
                    continue
                if m.is_update and m.id.startswith("p"):
                    self.update(p, m)
                elif not m.is_update:
                    self.answer(p, m)
            self.read[p] = len(p.everything)

    def update(self, p, m):
        self.got[p].append(m.id)
        self.have[p].add(m.id)
        if self.bodies.setdefault(m.id, m.body) != m.body:
            self.complain(f"{m.id} reads {self.bodies[m.id]!r} and, for {p}, {m.body!r}")
        if m.origin_id != m.id:
            self.complain(f"{m.id} has origin-id {m.origin_id}")
        text = re.search(r"line \d+ of \w+\.", m.body).group(0)
        self.numbered(text, int(m.id[1:]))

    def answer(self, p, m):
        posted = re.match(r"Posted #(\d+) for ", m.body)
        if posted is None:
            self.complain(f"{p} was answered {m.body!r}")
            return
        if self.answer_ids.setdefault(m.id, m.body) != m.body:
            self.complain(f"the answer {m.id} reads {self.answer_ids[m.id]!r} and {m.body!r}")
        self.confirmed.add(int(posted.group(1)))

    def numbered(self, text, number):
        if self.number_of.setdefault(text, number) != number:
            self.complain(f"{text!r} became #{self.number_of[text]} and #{number}")

    # ---- what is done ------------------------------------------------------------------------------------

    def write_some(self, n):
        burst = []
        for _ in range(n):
            author = self.random.choice(self.authors)
            line = Line(author, f"line {len(self.lines)} of {author.name}.", f"l{len(self.lines)}")
            line.padding = PADDING if n == LARGE else ""
            author.send(line.text + line.padding, id=line.id)
            self.lines.append(line)
            burst.append(line)
        return burst

    def write_again(self, line):
        line.again = True
        line.author.send(line.text + line.padding, id=line.id)

    def has(self, follower, line):
        n = self.number_of.get(line.text)
        return n is not None and f"p{n}" in self.have[follower]

    def online(self):
        return [f for f in self.followers if f.online]

    async def everything_routed(self):
        """All that the server was given before the kill has reached the clients. ejabberd answers a ping before it has read what
        the dead left in its socket: so until nothing more comes."""
        before, quiet = -1, 0
        while quiet < 2:
            await asyncio.gather(*(p.iq("<ping xmlns='urn:xmpp:ping'/>", to=self.scene.domain)
                                   for p in self.authors + self.online()))
            await asyncio.sleep(0.005)
            came = sum(len(p.everything) for p in self.authors + self.followers)
            quiet, before = (quiet + 1 if came == before else 0), came
        self.look()

    async def kill(self):
        await self.scene.daemon.kill9()
        self.kills += 1

    async def one_kill(self):
        """A burst, a kill in it or behind it, a start; some starts are killed as well. Half of the bursts come when all is quiet,
        half while there is still work."""
        if self.away is None and self.random.random() < 0.5:
            await self.quiet()
        large = self.random.random() < 0.2
        burst = self.write_some(LARGE if large else self.random.randint(1, 6))
        # Within the burst, some way behind it (a noisy machine is slower than it was measured), or within the second in which
        # what was sent is not written down yet.
        scale = (self.large_seconds if large else self.small_seconds) * self.random.choice((1, 1, 1, 4, 10))
        await asyncio.sleep(self.random.uniform(0, 1.2 if self.random.random() < 0.1 else 1.3 * scale))
        await self.kill()
        await self.everything_routed()
        for line in burst:
            n = self.number_of.get(line.text)
            if n is None or n not in self.confirmed:
                line.phase_at_kill = "unconfirmed"
            else:
                line.phase_at_kill = "sent" if all(self.has(f, line) for f in self.online()) else "confirmed"
        await self.come_and_go()
        while self.kills < self.count and self.random.random() < 0.25:
            await self.scene.daemon.start(wait=False)
            await asyncio.sleep(self.random.uniform(0, 0.4 * SLOW))
            if not self.scene.daemon.running:
                raise AssertionError("jaejald ended by itself:\n" + self.scene.daemon.process.tail())
            await self.kill()
        await self.scene.daemon.start()
        for line in burst:
            if line.phase_at_kill == "unconfirmed" and self.random.random() < 0.3:
                self.write_again(line)

    async def quiet(self):
        """Until all that exists has arrived, or for a while."""
        until = time.monotonic() + 2 * SLOW
        while time.monotonic() < until:
            self.look()
            left = {x for x in self.lines if x.text in self.number_of and x not in self.settled}
            done = {x for x in left if self.number_of[x.text] in self.confirmed and all(self.has(f, x) for f in self.followers)}
            self.settled |= done
            if left == done:
                return
            await asyncio.sleep(0.005)

    async def come_and_go(self):
        """One of the followers is away now and then."""
        if self.away is not None:
            await self.away.login()
            self.away = None
        elif self.random.random() < 0.1:
            self.away = self.random.choice(self.followers)
            await self.away.logout()

    async def measure(self):
        """How long a burst takes from the first byte to its last update, and a little more for its fence."""
        for size in (3, LARGE):
            times = []
            for _ in range(5):
                began = time.monotonic()
                await self.drained(self.write_some(size))
                times.append(time.monotonic() - began)
            self.small_seconds, self.large_seconds = (sorted(times)[2], 0) if size == 3 else (self.small_seconds, sorted(times)[2])

    async def drained(self, lines):
        """Until everybody has all that is known to exist of these lines."""
        def all_there():
            self.look()
            for line in lines:
                n = self.number_of.get(line.text)
                if n is None or n not in self.confirmed or not all(self.has(f, line) for f in self.followers):
                    return False
            return True
        until = time.monotonic() + STANZA_SECONDS
        while not all_there():
            if time.monotonic() > until:
                raise AssertionError("without any kill a burst did not arrive")
            await asyncio.sleep(0.001)

    # ---- the account ---------------------------------------------------------------------------------------

    def missing(self):
        """What is not as it must be in the end, though more time may mend it."""
        self.look()
        found = []
        for line in self.lines:
            n = self.number_of.get(line.text)
            if n is None:
                continue
            if n not in self.confirmed:
                found.append(f"#{n} ({line.text}) exists and was never confirmed to {line.author}")
            found += [f"{f} never got #{n} ({line.text})" for f in self.followers if not self.has(f, line)]
        known = set(self.number_of.values())
        found += [f"#{n} was confirmed and nobody has it" for n in sorted(self.confirmed - known)]
        return found

    async def settle(self):
        if self.away is not None:
            await self.away.login()
        last = [Line(a, f"line {len(self.lines) + i} of {a.name}.", f"last{i}") for i, a in enumerate(self.authors)]
        self.lines += last
        for line in last:
            line.author.send(line.text, id=line.id)
        until = time.monotonic() + DRAIN_SECONDS
        while self.missing() or not all(line.text in self.number_of for line in last):
            if time.monotonic() > until:
                break
            await asyncio.sleep(0.05)
        for p in self.authors + self.followers:
            await p.fence()

    def judge(self):
        self.wrong += self.missing()
        for f in self.followers:
            for a in self.authors:
                mine = {f"p{self.number_of[x.text]}" for x in self.lines if x.author is a and x.text in self.number_of}
                first = list(dict.fromkeys(i for i in self.got[f] if i in mine))
                if first != sorted(first, key=lambda i: int(i[1:])):
                    self.complain(f"{f} has the posts of {a} in another order: {first}")
        hit = self.phases()
        if self.count >= 100 and min(hit["commit"], hit["reply"] + hit["pump"], hit["fence"]) == 0:
            self.complain(f"the kills did not hit everything: {hit}")
        return hit

    def phases(self):
        """What the kill found of each post: not yet committed; committed, not answered; not yet at all followers; at all, but
        sent again later; at all."""
        hit = collections.Counter()
        for line in self.lines:
            if line.phase_at_kill is None or line.again:
                continue
            n = self.number_of.get(line.text)
            copies = sum(self.got[f].count(f"p{n}") for f in self.followers)
            if n is None:
                hit["commit"] += 1
            elif line.phase_at_kill == "unconfirmed":
                hit["reply"] += 1
            elif line.phase_at_kill == "confirmed":
                hit["pump"] += 1
            else:
                hit["fence" if copies > len(self.followers) else "settled"] += 1
        return hit

    async def run(self):
        self.confirmed = set()
        await self.people()
        await self.measure()
        while self.kills < self.count:
            await self.one_kill()
        await self.settle()
        hit = self.judge()
        copies = sum(map(len, self.got.values()))
        posts = len(set(self.number_of.values()))
        print(f"# {self.scene.kind}: {self.kills} kills, {len(self.lines)} lines, {posts} posts, {copies} updates for "
              f"{posts * len(self.followers)} owed; bursts of {1000 * self.small_seconds:.1f} and {1000 * self.large_seconds:.1f} ms; the kill fell upon "
              + ", ".join(f"{hit[p]} {p}" for p in PHASES), flush=True)
        await self.scene.close()


async def torture(kind, seed, count):
    folder = tempfile.mkdtemp(prefix="jj-", dir=os.environ.get("SCENARIO_TMP"))
    server = KINDS[kind](os.path.join(folder, "server"))
    try:
        await server.start()
        t = Torture(server, seed, count, os.path.join(folder, "scene"))
        await t.run()
        return t.wrong
    finally:
        await server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    p = argparse.ArgumentParser(description="SIGKILL at seeded random moments; COUNT= and SEED= in the environment.")
    p.add_argument("--kind", choices=sorted(KINDS))
    a = p.parse_args()
    seed = os.environ.get("SEED") or str(random.SystemRandom().randrange(1 << 31))
    count = int(os.environ.get("COUNT") or 10)
    if a.kind:
        wrong = asyncio.run(torture(a.kind, seed, count))
        for line in wrong[:40]:
            print("# " + line)
        sys.exit(1 if wrong else 0)
    kinds = ("prosody", "ejabberd")
    print(f"1..{len(kinds)}\n# COUNT={count} SEED={seed}", flush=True)
    procs = [subprocess.Popen([sys.executable, os.path.abspath(__file__), "--kind", k], env=dict(os.environ, SEED=seed),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for k in kinds]
    failed = 0
    for i, (k, proc) in enumerate(zip(kinds, procs)):
        out = proc.communicate()[0]
        for line in out.splitlines():
            print(line if line.startswith("#") else "# " + line)
        failed += proc.returncode != 0
        print(f"{'not ok' if proc.returncode else 'ok'} {i + 1} - {k}: {count} times kill -9 (SEED={seed})", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
