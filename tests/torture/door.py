# SPDX-License-Identifier: MIT
"""The way between jaejald and the server: a proxy that cuts, stalls and slows it, and reads all that passes.

What was passed on to the server, and whose fence (a ping behind it) the server has answered on that connection, has
reached the server's door. A message that came back has not."""
import asyncio
import collections
import html
import re
import socket

ATTRIBUTE = re.compile(rb"""([\w:.-]+)=(?:'([^']*)'|"([^"]*)")""")
BODY = re.compile(rb"<body[^>]*>(.*?)</body>", re.S)
UPDATE = re.compile(r"p(\d+)(?:e(\d+)|d)?$")
SUMMARY = re.compile(r"d\d+-(\d+)-(\d+)")
TAKEN_BACK = re.compile(r"#(\d+) was taken back everywhere")
SLOW_BYTES = 1024  # in a second
SOCKET_BUFFER = 16384


def split(buffer):
    """Takes the whole stanzas off the front of a bytearray: (name, attributes, the stanza)."""
    out, at = [], 0
    while True:
        begin = buffer.find(b"<", at)
        if begin < 0:
            break
        head = buffer.find(b">", begin)
        if head < 0:
            break
        name = re.match(rb"[/?]?[\w:.-]*", bytes(buffer[begin + 1:begin + 40])).group(0)
        if name in (b"message", b"iq", b"presence"):
            if buffer[head - 1:head] == b"/":
                end = head + 1
            else:
                close = buffer.find(b"</" + name + b">", head)
                if close < 0:
                    at = begin
                    break
                end = close + len(name) + 3
            attributes = {k.decode(): html.unescape((a or b).decode("utf-8"))
                          for k, a, b in ATTRIBUTE.findall(bytes(buffer[begin:head]))}
            out.append((name.decode(), attributes, bytes(buffer[begin:end])))
        else:  # the stream's own opening, handshake and the like
            end = head + 1
        at = end
    del buffer[:at]
    return out


class Door:
    """What has passed. People are the local parts of their addresses."""

    def __init__(self, domain, complain):
        self.domain, self.complain = domain, complain
        self.bodies = {}                                  # id -> text
        self.first = collections.defaultdict(dict)        # person -> {id: place in the order it was first written}
        self.settled = collections.defaultdict(set)       # person -> ids behind which a fence came back
        self.summaries = collections.defaultdict(list)    # person -> (lo, hi), of events
        self.taken_back = set()                           # posts whose deletion was confirmed
        self.retracted = set()                            # (person, post)
        self.written = self.repeats = 0
        self.bounces = collections.Counter()

    def update(self, person, id, body):
        self.written += 1
        if self.bodies.setdefault(id, body) != body:
            self.complain(f"{id} reads {self.bodies[id]!r} and, for {person}, {body!r}")
        if id in self.first[person]:
            self.repeats += 1
        else:
            self.first[person][id] = len(self.first[person])
        m = UPDATE.match(id)
        if m and id.endswith("d"):
            self.retracted.add((person, int(m.group(1))))
        elif m and int(m.group(1)) in self.taken_back:
            self.complain(f"{id} was sent to {person} after its deletion was confirmed: {body!r}")
        elif m and (person, int(m.group(1))) in self.retracted:
            self.complain(f"{id} was sent to {person} after it was taken back there: {body!r}")
        m = SUMMARY.match(id)
        if m:
            self.summaries[person].append((int(m.group(1)), int(m.group(2))))


class Way:
    """One connection of jaejald and the one to the server that belongs to it."""

    def __init__(self, door, near, far):
        self.door, self.near, self.far = door, near, far
        self.sent = []        # (person, id), or None where it came back
        self.done = 0         # so many of them are settled
        self.fences = {}      # id of a ping -> how many were sent before it
        self.buffers = {True: bytearray(), False: bytearray()}
        self.open = asyncio.Event()
        self.open.set()
        self.slow = self.half = False

    def passed(self, data, outward):
        self.buffers[outward] += data
        for name, at, raw in split(self.buffers[outward]):
            if outward:
                self.out(name, at, raw)
            else:
                self.back(name, at)

    def out(self, name, at, raw):
        if name == "iq" and at.get("type") == "get" and b"urn:xmpp:ping" in raw and at.get("to") == self.door.domain:
            self.fences[at["id"]] = len(self.sent)
        if name != "message" or at.get("type") == "error":
            return
        person, id = at.get("to", "").partition("@")[0], at.get("id", "")
        body = BODY.search(raw)
        body = html.unescape(body.group(1).decode("utf-8")) if body else ""
        if re.match(r"[prnd]\d", id):
            self.door.update(person, id, body)
            self.sent.append((person, id))
        elif TAKEN_BACK.match(body):
            self.door.taken_back.add(int(TAKEN_BACK.match(body).group(1)))

    def back(self, name, at):
        if name == "iq" and at.get("type") in ("result", "error") and at.get("id") in self.fences:
            upto = self.fences.pop(at["id"])
            for entry in self.sent[self.done:upto]:
                if entry is not None:
                    self.door.settled[entry[0]].add(entry[1])
            self.done = max(self.done, upto)
        elif name == "message" and at.get("type") == "error":
            entry = (at.get("from", "").partition("@")[0], at.get("id"))
            self.door.bounces["a message came back"] += 1
            self.door.settled[entry[0]].discard(entry[1])
            for i in range(self.done, len(self.sent)):
                if self.sent[i] == entry:
                    self.sent[i] = None

    async def carry(self, reader, writer, outward):
        try:
            while True:
                await self.open.wait()
                data = await reader.read(64 if self.slow and outward else 65536)
                if self.slow and outward:
                    await asyncio.sleep(len(data) / SLOW_BYTES)
                await self.open.wait()
                if not data:
                    break
                writer.write(data)
                self.passed(data, outward)
                await writer.drain()
        except (OSError, RuntimeError):
            pass
        if not self.half:
            self.cut(politely=True)

    def cut(self, politely=False):
        self.open.set()
        for w in (self.near, self.far):
            if w is not None and not w.transport.is_closing():
                if politely:
                    w.close()
                else:
                    w.transport.abort()

    async def stall(self, seconds):
        self.open.clear()
        await asyncio.sleep(seconds)
        self.open.set()

    async def crawl(self, seconds):
        self.slow = True
        await asyncio.sleep(seconds)
        self.slow = False

    async def half_open(self, seconds):
        """The server is gone, and nobody tells jaejald."""
        self.half = True
        self.open.clear()
        self.far.transport.abort()
        await asyncio.sleep(seconds)
        self.cut()


class Proxy:
    """Listens for jaejald, connects to the server."""

    def __init__(self, door, host, port):
        self.door, self.host, self.port = door, host, port
        self.ways = []
        self.listener = None
        self.connections = 0

    async def start(self):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER)
        s.bind(("127.0.0.1", 0))
        self.listener = await asyncio.start_server(self.connected, sock=s)
        return s.getsockname()[1]

    async def connected(self, reader, writer):
        try:
            far_reader, far = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.transport.abort()
            return
        for other in self.ways:  # what a dead jaejald has left in its socket must not come behind what the new one says
            other.half = False
            other.cut()
        way = Way(self.door, writer, far)
        self.ways.append(way)
        self.connections += 1
        await asyncio.gather(way.carry(reader, far, True), way.carry(far_reader, writer, False))
        self.ways.remove(way)

    @property
    def way(self):
        return self.ways[-1] if self.ways else None

    async def stop(self):
        self.listener.close()
        for way in self.ways:
            way.half = False
            way.cut()
        await asyncio.sleep(0.05)
