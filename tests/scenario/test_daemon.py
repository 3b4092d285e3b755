# SPDX-License-Identifier: MIT
"""The daemon as its administrator meets it: status, stops, a disk that fails; and what no person should notice."""
import asyncio
import contextlib
import json
import os
import resource
import signal
import sqlite3
import time

from harness import Refused, only


def facts(text):
    """What `jaejalctl status` says, by name."""
    return {line.split()[0]: line.split(None, 1)[1] for line in text.splitlines() if line.strip()}


async def scenario_status_tells_how_it_is(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await alice.post("counted")
    await bob.expect_update("counted")
    code, text = await s.daemon.run("jaejalctl", "status")
    said = facts(text)
    assert code == 0 and text.endswith("\n") and not text.endswith("\n\n"), text
    assert f"process {s.daemon.pid}" in said["jaejald"], text
    assert said["domain"] == s.component and said["link"].startswith("up for "), text
    assert said["people"].startswith("2, 2 "), text
    assert said["posts"].startswith("1, "), text
    assert said["commits"].endswith("; 0 failed"), text
    assert s.daemon.database in said["database"], text
    assert int(said["memory"].split()[0]) > 1000, text


async def scenario_status_without_a_daemon_says_so(s):
    daemon = await s.jaejald()
    await daemon.stop()
    code, text = await daemon.run("jaejalctl", "status")
    assert code == 2 and "is not running" in text and text.count("\n") == 1, text
    await daemon.start()
    await daemon.kill9()
    code, text = await daemon.run("jaejalctl", "status")
    assert code == 2 and "is not running" in text, text
    code, text = await daemon.run("jaejalctl", "nonsense")
    assert code == 1 and "nonsense" in text, text


async def scenario_nobody_else_reads_what_it_keeps(s):
    alice = await s.joined("alice")
    await alice.post("mine")
    kept = [f for f in os.listdir(s.daemon.folder) if f.startswith("jaejal.db")]
    assert "jaejal.db" in kept and "jaejal.db.sock" in kept and "jaejal.db.lock" in kept, kept
    for f in kept:
        assert os.stat(os.path.join(s.daemon.folder, f)).st_mode & 0o077 == 0, f
    await s.daemon.stop()
    assert not os.path.exists(s.daemon.database + ".sock")


async def scenario_a_stop_says_goodbye_in_time(s):
    alice = await s.joined("alice")
    for i in range(200):
        alice.send(f"post: number {i}")
    began = time.monotonic()
    await s.daemon.stop()
    assert time.monotonic() - began < 5 * s.slow
    await alice.wait(lambda: any(p.get("type") == "unavailable" and p.get("from").split("/")[0] == s.bot
                                 for p in alice.presences), "the bot's goodbye")
    await s.daemon.start()
    await alice.wait(lambda: [p for p in alice.presences if p.get("from").split("/")[0] == s.bot][-1].get("type") is None,
                     "the bot's presence")


async def scenario_a_failing_disk_ends_it_unanswered(s):
    alice = await s.joined("alice")
    await alice.post("kept")
    size = max(os.path.getsize(os.path.join(s.daemon.folder, f)) for f in os.listdir(s.daemon.folder) if "jaejal.db" in f)
    resource.prlimit(s.daemon.pid, resource.RLIMIT_FSIZE, (size, size))
    s.daemon.expect_exit = 4
    alice.inbox.clear()
    for _ in range(20):
        alice.send("post: not known to be kept " + "x" * 9000)
    code, log = await s.daemon.ended()
    assert code == 4 and "stopped reason=disk" in log, log
    confirmed = {m.body.split("#")[1].split()[0] for m in alice.messages() if m.body and m.body.startswith("Posted #")}
    assert "1" not in confirmed and len(confirmed) < 20, confirmed
    await s.daemon.start()
    await alice.fence()  # answers that were kept, and perhaps not sent, come first
    for number in confirmed:
        assert "not known to be kept" in (await alice.say(f"#{number}")).body
    assert "kept" in (await alice.say("#1")).body


async def scenario_clients_that_look_around_are_answered_at_once(s):
    alice = await s.joined("alice")
    info = await alice.iq("<query xmlns='http://jabber.org/protocol/disco#info'/>")
    text = "".join(e.get("category", "") + "/" + e.get("type", "") + " " + e.get("var", "") for e in info[0])
    assert "client/bot" in text and "urn:xmpp:ping" in text, text
    items = await alice.iq("<query xmlns='http://jabber.org/protocol/disco#items'/>", to=s.component)
    assert items[0][0].get("jid") == s.bot
    info = await alice.iq("<query xmlns='http://jabber.org/protocol/disco#info'/>", to=s.component)
    assert info[0][0].get("category") == "component", info
    card = await alice.iq("<vCard xmlns='vcard-temp'/>")
    assert card[0].findtext("{vcard-temp}FN") == "Jaejal"
    version = await alice.iq("<query xmlns='jabber:iq:version'/>")
    assert version[0].findtext("{jabber:iq:version}name") == "Jaejal"
    for payload in ("<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:omemo:2:devices'/></pubsub>",
                    "<query xmlns='jabber:iq:register'/>", "<x xmlns='urn:x'/>"):
        for to in (s.bot, s.component):
            try:
                await alice.iq(payload, to=to)
                raise AssertionError(payload)
            except Refused as e:
                assert e.condition == "service-unavailable", (payload, e.condition)


async def scenario_other_addresses_do_not_exist(s):
    alice = await s.joined("alice")
    alice.send("hello?", to="nobody@" + s.component)
    m = await alice.expect(lambda m: m.type == "error")
    assert m.error == "item-not-found" and m.sender == "nobody@" + s.component, m.raw
    alice.presence(to="nobody@" + s.component, type="subscribe")
    await alice.nothing()
    assert not any(p.get("from", "").startswith("nobody@") for p in alice.presences)


async def scenario_what_only_stands_in_is_not_posted(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    alice.send("This message is OMEMO-encrypted", inner="<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/>"
               "<payload>eA==</payload></encrypted><encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/>")
    assert "encrypt" in (await alice.expect()).body
    alice.send("?OTRv23? I would like to talk")
    alice.send(None, inner="<composing xmlns='http://jabber.org/protocol/chatstates'/>")
    alice.send(None, inner="<received xmlns='urn:xmpp:receipts' id='p1'/>")
    alice.send("come in", inner="<x xmlns='jabber:x:conference' jid='room@conf.example'/>")
    alice.send("  \n ")
    alice.send("noise", type="headline")
    await alice.nothing()
    await bob.nothing()
    assert await alice.post("in the clear") == 1


async def scenario_bad_stanzas_hurt_only_their_sender(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    bob.send_raw(f"<message to='{s.bot}' type='chat' id='wide'><body>x</body>{'<a/>' * 3000}</message>")
    m = await bob.expect(lambda m: m.type == "error")
    assert m.error == "policy-violation" and m.id == "wide", m.raw
    bob.send_raw(f"<iq to='{s.bot}' type='get' id='two'><a xmlns='a'/><b xmlns='b'/></iq>")
    bob.send_raw(f"<message to='{s.bot}' type='error' id='p1'><error/></message>")
    bob.send_raw(f"<presence to='{s.bot}' type='error'/>")
    bob.send_raw(f"<message to='{s.bot}' type='chat'><body>{'y' * 140000}</body></message>")
    assert "too long" in (await bob.expect()).body
    await alice.post("still here")
    await bob.expect_update("still here")
    assert "link_down" not in "\n".join(s.daemon.log)


async def scenario_a_flood_of_messages_is_answered_each_once(s):
    alice = await s.joined("alice")
    for _ in range(300):
        alice.send("help")
    got = 0
    while got < 300:
        await alice.expect(lambda m: m.body is not None and not m.is_update)
        got += 1
    await alice.nothing()


@only("prosody")
async def scenario_sighup_and_sigpipe_do_not_end_it(s):
    alice = await s.joined("alice")
    os.kill(s.daemon.pid, signal.SIGHUP)
    os.kill(s.daemon.pid, signal.SIGPIPE)
    await asyncio.sleep(0)
    assert (await alice.say("help")).body


async def scenario_all_that_is_a_person_s_comes_as_a_file(s):
    alice, bob = await s.joined("alice", "bob")
    for i in range(30):
        await alice.post(f"number {i}.")
    await bob.post("not hers")
    code, text = await s.daemon.run("jaejalctl", "export", alice.nick)
    assert code == 0, text
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0]["kind"] == "profile" and lines[0]["nick"] == alice.nick, text
    assert sorted(p["text"] for p in lines if p["kind"] == "post") == sorted(f"number {i}." for i in range(30)), text
    assert "not hers" not in text
    code, text = await s.daemon.run("jaejalctl", "export", "nobody")
    assert code == 1 and "not found" in text, text
    code, text = await s.daemon.run("jaejalctl", "export")
    assert code == 1 and text.startswith("jaejalctl: "), text


async def scenario_the_configuration_is_read_again(s):
    alice = await s.joined("alice")
    d = s.daemon
    assert "Posted" in (await alice.say("post: " + "x" * 150)).body
    since = len(d.log)
    d.configure(limits__post_chars=100, service__name="Another", component__port=1, service__language="ko")
    os.kill(d.pid, signal.SIGHUP)
    line = await d.wait_log("reloaded restart_needed=(.*)", since)
    assert line.group(1) == "[component] port, [service] language", line.group(0)
    assert "Posted" not in (await alice.say("post: " + "x" * 150)).body
    info = await alice.iq("<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert info[0][0].get("name") == "Another", info
    # With an error: nothing changes.
    since = len(d.log)
    d.configure(limits__post_chars="many", component__port=s.server.component_port, service__language=None)
    os.kill(d.pid, signal.SIGHUP)
    await d.wait_log("reload_failed .*post_chars", since)
    assert "Posted" not in (await alice.say("post: " + "y" * 150)).body
    since = len(d.log)
    d.configure(limits__post_chars=200, log__level="warn")
    os.kill(d.pid, signal.SIGHUP)
    while "Posted" not in (await alice.say("post: " + "z" * 150)).body:
        pass
    assert d.running and not any("reload_failed" in line for line in d.log[since:])


async def scenario_the_manager_hears_that_it_lives(s):
    d = await s.jaejald(start=False)
    os.environ["WATCHDOG_USEC"] = "400000"
    try:
        await d.start()
    finally:
        del os.environ["WATCHDOG_USEC"]
    loop = asyncio.get_running_loop()

    async def beats(seconds):
        n, end = 0, loop.time() + seconds
        while loop.time() < end:
            try:
                n += b"WATCHDOG=1" in await asyncio.wait_for(loop.sock_recv(d._socket, 4096), max(0.01, end - loop.time()))
            except asyncio.TimeoutError:
                break
        return n
    assert 3 <= await beats(1.2) <= 12
    os.kill(d.pid, signal.SIGSTOP)  # a loop that hangs is not heard of
    try:
        await beats(0.3)
        assert await beats(0.8) == 0
    finally:
        os.kill(d.pid, signal.SIGCONT)
    assert await beats(1.2) >= 2


class StuckServer:
    """Lets a component in, and reads nothing more."""

    async def start(self):
        self.writers = []
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=4096)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def _serve(self, reader, writer):
        self.writers.append(writer)
        await reader.readuntil(b">")
        writer.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                     b"xmlns:stream='http://etherx.jabber.org/streams' id='1'>")
        await reader.readuntil(b"</handshake>")
        writer.write(b"<handshake/>")
        writer.transport.pause_reading()

    def close(self):
        for w in self.writers:
            w.transport.abort()
        self.server.close()


@only("prosody")
async def scenario_a_stop_in_time_whatever_the_server_does(s):
    alice = await s.joined("alice")
    d = s.daemon
    await alice.cut()
    await d.stop()
    with contextlib.closing(sqlite3.connect(d.database)) as db:  # 100,000 who see us
        columns = [r[1] for r in db.execute("PRAGMA table_info(person)")]
        taken = {"no": "n + 1000", "jid": "'x' || n || '@corp.example'", "nick": "'x' || n"}
        db.execute(f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000) INSERT INTO person "
                   f"({', '.join(columns)}) SELECT {', '.join(taken.get(c, c) for c in columns)} FROM c, person WHERE person.no = 1")
        db.execute("UPDATE person SET flags = flags | 2")
        db.commit()
    stuck = await StuckServer().start()
    try:
        d.configure(component__port=stuck.port)
        await d.start()
        await d.wait_log("link_up", len(d.log) - 1)
        await asyncio.sleep(1)  # in the middle of the probes
        began = time.monotonic()
        await d.stop()
        assert time.monotonic() - began < 5 * s.slow, time.monotonic() - began
        # And with a server that takes all of it.
        d.configure(component__port=s.server.component_port)
        await d.start()
        await asyncio.sleep(1)
        began = time.monotonic()
        await d.stop()
        assert time.monotonic() - began < 5 * s.slow, time.monotonic() - began
    finally:
        stuck.close()
