# SPDX-License-Identifier: MIT
"""The harness itself, without jaejald: the servers start from the samples and do what scenarios count on."""
import asyncio
import ssl

import slixmpp
from harness import Refused, only


class Component(slixmpp.ComponentXMPP):
    """A component of slixmpp's that answers each message with its body in capitals."""

    def __init__(self, server, secret=None):
        super().__init__(server.component, secret or server.secret, server.host, server.component_port)
        self.up = asyncio.get_running_loop().create_future()
        self.gone = asyncio.get_running_loop().create_future()
        self.add_event_handler("session_start", lambda _: self.up.done() or self.up.set_result(True))
        self.add_event_handler("disconnected", self.end)
        self.add_event_handler("message", self.answer)

    def end(self, reason):
        self._run_out_filters.cancel()  # slixmpp forgets it
        if not self.gone.done():
            self.gone.set_result(reason)

    def answer(self, m):
        if m["type"] != "error" and m["body"]:
            m.reply(m["body"].upper()).send()

    async def __aenter__(self):
        self.connect()
        await asyncio.wait_for(self.up, 10)
        return self

    async def __aexit__(self, *_):
        self.disconnect(wait=1)
        await asyncio.wait_for(self.gone, 10)


async def scenario_two_people_exchange_messages(s):
    alice, bob = await s.people("alice", "bob", daemon=False)
    alice.send("안녕 & <hello>", to=bob.jid, inner="<request xmlns='urn:xmpp:receipts'/>")
    m = await bob.expect("안녕")
    assert m.body == "안녕 & <hello>" and m.wants_receipt and m.sender == alice.full and m.delay is None
    sent = bob.send("one", to=alice.jid)
    bob.correct("two", sent, to=alice.jid)
    bob.retract(sent, to=alice.jid)
    first, second, third = await alice.expect("one"), await alice.expect("two"), await alice.expect("retract")
    assert second.replace == first.id == third.retract


async def scenario_who_is_away_gets_it_on_return(s):
    alice, bob = await s.people("alice", "bob", daemon=False)
    await bob.cut()
    assert not bob.online
    alice.send("while away", to=bob.jid)
    await alice.iq("<ping xmlns='urn:xmpp:ping'/>", to=s.domain)
    await bob.login()
    assert (await bob.expect("while away")).delay is not None
    await bob.logout()
    assert not bob.online


async def scenario_a_second_device(s):
    alice, bob = await s.people("alice", "bob", daemon=False)
    laptop = await s.device(bob, "laptop", priority=5)
    await bob.iq("<ping xmlns='urn:xmpp:ping'/>", to=s.domain)
    await laptop.iq("<ping xmlns='urn:xmpp:ping'/>", to=s.domain)
    alice.send("to the higher priority", to=bob.jid)
    await laptop.expect("higher")
    assert bob.messages() == []


async def scenario_a_component_connects_and_answers(s):
    alice = await s.people("alice", daemon=False)
    async with Component(s.server):
        m = await alice.say("hello")
        assert m.body == "HELLO"
    bounced = await alice.say("is anybody there")
    assert bounced.type == "error"
    assert bounced.error == {"prosody": "remote-server-timeout", "ejabberd": "forbidden"}[s.kind], bounced.raw


async def scenario_a_component_with_a_wrong_secret_is_refused(s):
    c = Component(s.server, secret="wrong")
    c.connect()
    await asyncio.wait({c.up, c.gone}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
    assert not c.up.done()


async def scenario_people_of_the_other_domain_exist(s):
    eve = await s.people("eve", domain=s.server.other_domain, daemon=False)
    async with Component(s.server):
        assert (await eve.say("hello")).body == "HELLO"


async def scenario_an_iq_answers_or_is_refused(s):
    alice = await s.people("alice", daemon=False)
    assert (await alice.iq("<query xmlns='http://jabber.org/protocol/disco#info'/>", to=s.domain)).get("type") == "result"
    try:
        await alice.iq("<query xmlns='urn:example:none'/>", to=s.domain)
    except Refused as e:
        assert e.condition == "service-unavailable"
    else:
        raise AssertionError("an unknown IQ was answered")


@only("ejabberd")
async def scenario_the_component_port_of_the_sample_speaks_tls(s):
    context = ssl.create_default_context(cafile=s.server.cert)
    _, writer = await asyncio.open_connection("127.0.0.1", s.server.component_tls_port, ssl=context)
    assert writer.get_extra_info("ssl_object").version() == "TLSv1.3"
    writer.close()


async def scenario_the_server_restarts_with_its_data(s):
    alice = await s.people("alice", daemon=False)
    await alice.cut()
    await s.server.restart()
    await alice.login()
