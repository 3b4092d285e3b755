# SPDX-License-Identifier: MIT
"""A person with a Jabber client, on slixmpp, in verbs that a scenario can read like a sentence."""
import asyncio
import re
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

NS = {
    "c": "jabber:client", "replace": "urn:xmpp:message-correct:0", "retract0": "urn:xmpp:message-retract:0",
    "retract1": "urn:xmpp:message-retract:1", "fasten": "urn:xmpp:fasten:0", "delay": "urn:xmpp:delay",
    "reply": "urn:xmpp:reply:0", "receipts": "urn:xmpp:receipts", "reactions": "urn:xmpp:reactions:0",
    "sid": "urn:xmpp:sid:0", "hints": "urn:xmpp:hints", "err": "urn:ietf:params:xml:ns:xmpp-stanzas",
}
# Ids of what the pump sends (doc/delivery.md): posts and their versions, repeats, notices, and the summary of what was
# missed. All else is an answer.
UPDATE_ID = re.compile(r"^([prnh]\d+|d\d+-\d+-)")

NEWS = re.compile("New follower|liked by|repeated by|새 팔로워|좋아해요|리트윗했어요")


class Message:
    """A message that arrived. Fields are None where the stanza has no such thing."""

    def __init__(self, xml):
        def attr(path, name):
            e = xml.find(path, NS)
            return None if e is None else e.get(name)
        self.xml = xml
        self.raw = ET.tostring(xml, encoding="unicode")
        self.id, self.type, self.lang = xml.get("id"), xml.get("type", "normal"), xml.get(
            "{http://www.w3.org/XML/1998/namespace}lang")
        self.sender, self.to = xml.get("from"), xml.get("to")
        self.body = xml.findtext("c:body", None, NS)
        self.replace = attr("replace:replace", "id")
        self.retract = attr("retract1:retract", "id") or (
            attr("fasten:apply-to", "id") if xml.find("fasten:apply-to/retract0:retract", NS) is not None else None)
        self.delay = attr("delay:delay", "stamp")
        self.reply_to = attr("reply:reply", "id")
        self.receipt = attr("receipts:received", "id")
        self.wants_receipt = xml.find("receipts:request", NS) is not None
        self.origin_id = attr("sid:origin-id", "id")
        error = xml.find("c:error", NS)
        self.error = None if error is None else error[0].tag.split("}")[1] if len(error) else "undefined"

    @property
    def is_update(self):
        return self.type != "error" and self.id is not None and UPDATE_ID.match(self.id) is not None

    def __repr__(self):
        extra = "".join(f" {k}={getattr(self, k)!r}" for k in ("replace", "retract", "delay", "error")
                        if getattr(self, k))
        return f"<{self.sender} {self.id}{extra}: {self.body!r}>"


class Refused(Exception):
    """An IQ was answered by an error; .condition says which."""

    def __init__(self, xml):
        error = xml.find("c:error", NS)
        names = [e.tag.split("}")[1] for e in error if e.tag.startswith("{" + NS["err"])] if error is not None else []
        self.condition = names[0] if names else "undefined"
        self.xml = xml
        super().__init__(self.condition)


class Client:
    """One account with at most one connection. A second device is a second Client of the same account."""

    def __init__(self, server, name, domain, password, bot, timeout):
        self.server, self.name, self.domain, self.password, self.bot = server, name, domain, password, bot
        self.jid = f"{name}@{domain}"
        self.nick = name
        self.timeout = timeout
        self.xmpp = None
        self.inbox = []      # messages that nobody asked for yet, oldest first
        self.everything = [] # all that arrived, in order
        self.presences = []  # presence stanzas that arrived (XML)
        self.answers = {}    # namespace of an IQ's payload -> function(xml) -> XML of the result
        self._pending = {}
        self._news = asyncio.Event()
        self._n = 0
        self._gone = None

    def __repr__(self):
        return self.jid

    # ---- connection -------------------------------------------------------------------------------------

    async def login(self, resource="phone", priority=0, presence=True):
        """Connects and, unless told otherwise, is there with that priority."""
        x = slixmpp.ClientXMPP(f"{self.jid}/{resource}", self.password, sasl_mech="PLAIN")
        x.ca_certs = self.server.cert
        x.whitespace_keepalive = False
        x.auto_authorize = x.auto_subscribe = None
        x.roster.auto_authorize = x.roster.auto_subscribe = None
        x.register_handler(Callback("all messages", StanzaPath("message"), self._on_message))
        x.register_handler(Callback("all iqs", StanzaPath("iq"), self._on_iq))
        x.register_handler(Callback("all presences", StanzaPath("presence"), self._on_presence))
        ready = asyncio.get_running_loop().create_future()
        self._gone = asyncio.get_running_loop().create_future()

        def settle(error=None):
            if not ready.done():
                ready.set_exception(error) if error else ready.set_result(None)

        def gone(reason):
            settle(ConnectionError(f"{self.jid}: {reason}"))
            if not self._gone.done():
                self._gone.set_result(reason)
            for f in self._pending.values():
                if not f.done():
                    f.set_exception(ConnectionError(f"{self.jid}: the connection went"))
            self._pending.clear()
            x._run_out_filters.cancel()  # slixmpp forgets it
        x.add_event_handler("session_start", lambda _: settle())
        x.add_event_handler("failed_all_auth", lambda _: settle(PermissionError(f"{self.jid}: wrong password")))
        x.add_event_handler("disconnected", gone)
        self.xmpp = x
        x.connect((self.server.host, self.server.c2s_port))
        await asyncio.wait_for(ready, self.timeout)
        self.resource = x.boundjid.resource
        self.full = x.boundjid.full
        # As every client does; servers tell subscriptions only to those who asked for the roster.
        await self.iq("<query xmlns='jabber:iq:roster'/>", to=self.jid)
        if presence:
            at = len(self.presences)
            self.presence(priority=priority)
            # The server sends our own presence to us as well: from there on we are there for everybody.
            await self.wait(lambda: any(p.get("from") == self.full for p in self.presences[at:]), "its own presence")
        return self

    def presence(self, to=None, type=None, show=None, priority=None, inner=""):
        self.send_raw("<presence%s%s>%s%s%s</presence>" % (
            f" to={quoteattr(to)}" if to else "", f" type={quoteattr(type)}" if type else "",
            f"<show>{show}</show>" if show else "", f"<priority>{priority}</priority>" if priority is not None else "",
            inner))

    async def logout(self):
        """Says goodbye and waits until the server has closed."""
        if self.xmpp is not None and self.xmpp.is_connected():
            self.presence(type="unavailable")
            self.xmpp.disconnect(wait=2)
            await asyncio.wait_for(self._gone, self.timeout)
        self.xmpp = None

    async def cut(self):
        """The connection is lost without a word, and the server has had the time to see it: it has greeted two newer
        connections since."""
        if self.xmpp is not None and self.xmpp.is_connected():
            self.xmpp.abort()
            await asyncio.wait_for(self._gone, self.timeout)
            for _ in range(2):
                await asyncio.wait_for(self._greeted(), self.timeout)
        self.xmpp = None

    async def _greeted(self):
        reader, writer = await asyncio.open_connection(self.server.host, self.server.c2s_port)
        writer.write(b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                     b"version='1.0' to='%s'>" % self.domain.encode("ascii"))
        await reader.readuntil(b"features>")
        writer.close()

    @property
    def online(self):
        return self.xmpp is not None and self.xmpp.is_connected()

    # ---- what arrives -----------------------------------------------------------------------------------

    def _on_message(self, stanza):
        m = Message(stanza.xml)
        self.inbox.append(m)
        self.everything.append(m)
        self._news.set()

    def _on_presence(self, stanza):
        self.presences.append(stanza.xml)
        self._news.set()

    def _on_iq(self, stanza):
        xml = stanza.xml
        if xml.get("type") in ("result", "error"):
            f = self._pending.pop(xml.get("id"), None)
            if f is not None and not f.done():
                f.set_result(xml)
            return
        ns = xml[0].tag.split("}")[0][1:] if len(xml) else ""
        head = f"id={quoteattr(xml.get('id', ''))} to={quoteattr(xml.get('from') or self.domain)}"
        if ns in self.answers:
            self.send_raw(f"<iq type='result' {head}>{self.answers[ns](xml)}</iq>")
        elif ns in ("jabber:iq:roster", "urn:xmpp:blocking"):
            self.send_raw(f"<iq type='result' {head}/>")
        else:
            self.send_raw(f"<iq type='error' {head}><error type='cancel'><service-unavailable "
                          f"xmlns='{NS['err']}'/></error></iq>")

    async def wait(self, found, what="something", timeout=None):
        """Until found() gives something true, looked at whenever a stanza arrived; that is returned."""
        timeout = timeout or self.timeout

        async def look():
            while True:
                self._news.clear()
                result = found()
                if result:
                    return result
                await self._news.wait()
        try:
            return await asyncio.wait_for(look(), timeout)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.jid} waited {timeout} s for {what}; unread: {self.inbox}") from None

    async def expect(self, wanted=None, timeout=None):
        """The first unread message that fits: a regular expression searched in its body, a function of the message, or
        (None) any message with a body. Earlier ones stay unread."""
        def fits(m):
            if callable(wanted):
                return wanted(m)
            return m.body is not None and m.type != "error" and (wanted is None or re.search(wanted, m.body, re.S))

        def look():
            for m in self.inbox:
                if fits(m):
                    self.inbox.remove(m)
                    return m
            return None
        return await self.wait(look, f"a message like {wanted!r}", timeout)

    async def expect_update(self, wanted=None, timeout=None):
        """The first unread update (p…, r… or n… id) whose body has the regular expression."""
        return await self.expect(
            lambda m: m.is_update and (wanted is None or re.search(wanted, m.body or "", re.S)), timeout)

    def messages(self):
        """All unread messages; they are read then."""
        taken, self.inbox = self.inbox, []
        return taken

    async def fence(self):
        """Returns when the bot has dealt with all that this client sent before, and its answers have arrived."""
        for _ in range(2):
            try:
                await self.iq("<ping xmlns='urn:xmpp:ping'/>", to=self.bot)
            except Refused:
                pass

    async def nothing(self):
        """Nothing with a body is unread, and nothing was on its way from the bot (see fence)."""
        await self.fence()
        left = [m for m in self.inbox if m.body is not None]
        if left:
            raise AssertionError(f"{self.jid} should have got nothing, but: {left}")

    # ---- what is sent -----------------------------------------------------------------------------------

    def next_id(self):
        self._n += 1
        return f"{self.name}-{self._n}"

    def send_raw(self, xml):
        if not self.online:
            raise ConnectionError(f"{self.jid} is not connected")
        self.xmpp.send_raw(xml)

    def send(self, body=None, to=None, type="chat", id=None, inner="", lang=None):
        """Sends a message; inner is XML beside the body. Returns its id."""
        id = self.next_id() if id is None else id
        self.send_raw("<message to=%s type=%s%s%s>%s%s</message>" % (
            quoteattr(to or self.bot), quoteattr(type), f" id={quoteattr(id)}" if id else "",
            f" xml:lang={quoteattr(lang)}" if lang else "",
            "" if body is None else f"<body>{escape(body)}</body>", inner))
        return id

    async def say(self, body, to=None, inner="", id=None, timeout=None, **more):
        """Writes to the bot and returns the one answer: the next message of the bot that is no update, or what came back."""
        to = to or self.bot
        before = set(map(id_of, self.everything))
        self.said = self.send(body, to=to, inner=inner, id=id, **more)
        host = to.rpartition("@")[2]
        return await self.expect(
            lambda m: id_of(m) not in before and (m.sender or "").split("/")[0].rpartition("@")[2] == host
            and not m.is_update and (m.id == self.said if m.type == "error" else m.body is not None), timeout)

    async def post(self, body, **more):
        """Writes what must become a post, a reply or a private message; returns its number."""
        answer = await self.say(body, **more)
        m = re.match(r"(?:Posted|Sent privately to .*?,) #(\d+)\b", answer.body or "")
        if m is None:
            raise AssertionError(f"{body!r} of {self.jid} was not posted but answered: {answer}")
        return int(m.group(1))

    async def follow(self, *others):
        """Follows people (clients) or what a word says, and lets those people read that they have a follower."""
        for x in others:
            answer = await self.say(f"follow {'@' + x.nick if isinstance(x, Client) else x}")
            assert re.match("You follow ", answer.body), answer
        for x in others:
            # The next ones are told an hour later.
            if isinstance(x, Client) and not any(NEWS.search(m.body or "") for m in x.everything if m not in x.inbox):
                await x.expect_update(NEWS.pattern)

    def reply(self, body, message_id, to=None):
        """A native reply (XEP-0461)."""
        return self.send(body, to, inner=f"<reply xmlns='{NS['reply']}' id={quoteattr(message_id)} "
                                         f"to={quoteattr(to or self.bot)}/>")

    def correct(self, body, sent_id, to=None):
        """A native correction (XEP-0308) of what this client sent."""
        return self.send(body, to, inner=f"<replace xmlns='{NS['replace']}' id={quoteattr(sent_id)}/>")

    def retract(self, sent_id, to=None):
        """A native retraction (XEP-0424) of what this client sent."""
        return self.send("This person attempted to retract a previous message", to, inner=(
            f"<retract xmlns='{NS['retract1']}' id={quoteattr(sent_id)}/>"
            f"<fallback xmlns='urn:xmpp:fallback:0' for='{NS['retract1']}'/><store xmlns='{NS['hints']}'/>"))

    def react(self, message_id, *emoji, to=None):
        """A native reaction (XEP-0444): the full new set."""
        return self.send(None, to, inner="<reactions xmlns='%s' id=%s>%s</reactions><store xmlns='%s'/>" % (
            NS["reactions"], quoteattr(message_id), "".join(f"<reaction>{escape(e)}</reaction>" for e in emoji),
            NS["hints"]))

    async def iq(self, payload, to=None, type="get", timeout=None):
        """Sends an IQ; returns the result (XML), raises Refused on an error."""
        id = self.next_id()
        f = self._pending[id] = asyncio.get_running_loop().create_future()
        self.send_raw(f"<iq type='{type}' id={quoteattr(id)} to={quoteattr(to or self.bot)}>{payload}</iq>")
        try:
            xml = await asyncio.wait_for(f, timeout or self.timeout)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.jid}: no answer to {payload}") from None
        if xml.get("type") == "error":
            raise Refused(xml)
        return xml

    async def subscribe(self, to=None):
        """Subscribes to the bot, as adding it to the contacts does, and waits until both directions stand."""
        to = to or self.bot
        at = len(self.presences)
        self.presence(to=to, type="subscribe")

        def has(kind):
            return any(p.get("type") == kind and (p.get("from") or "").split("/")[0] == to
                       for p in self.presences[at:])
        await self.wait(lambda: has("subscribed"), f"{to} to accept the subscription")
        await self.wait(lambda: has("subscribe"), f"{to} to subscribe in return")
        self.presence(to=to, type="subscribed")

    async def join(self):
        """Subscribes, is welcomed, and reads the welcome: a person with an account and an empty inbox."""
        await self.subscribe()
        await self.expect()
        await self.fence()
        self.inbox.clear()
        return self


def id_of(m):
    return id(m)
