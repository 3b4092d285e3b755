# SPDX-License-Identifier: MIT
"""Sight: the collector's page, as a strict parser of OpenMetrics reads it, and `jaejalctl status`."""
import asyncio
import os
import re
import stat

from harness import only
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from servers import free_ports

TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


async def ask(where, request):
    """The status, the headers and the body of one answer, as they came."""
    if isinstance(where, int):
        reader, writer = await asyncio.open_connection("127.0.0.1", where)
    else:
        reader, writer = await asyncio.open_unix_connection(where)
    writer.write(request.encode("ascii"))
    data = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split(" ")[1]), headers, body.decode("utf-8")


def get(path="/metrics", method="GET"):
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def figures(where):
    """{(name, labels as text): value} of a page that the parser found nothing wrong with."""
    status, headers, text = await ask(where, get())
    assert status == 200 and headers["content-type"] == TYPE, (status, headers)
    assert text.endswith("# EOF\n")
    return {(s.name, ",".join(f"{k}={v}" for k, v in sorted(s.labels.items()))): s.value
            for family in text_string_to_metric_families(text) for s in family.samples}, text


async def scenario_the_page_counts_what_happens(s):
    port, = free_ports(1)
    await s.jaejald(metrics__listen=f"127.0.0.1:{port}")
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    before, _ = await figures(port)
    number = await alice.post("words that nobody else may read #launchplan")
    await bob.expect_update("words that nobody")
    await bob.say(f"reply #{number} and so say I")
    await bob.say(f"like #{number}")
    await bob.say(f"like #{number + 500}")
    await alice.say("help")
    await alice.fence()
    after, text = await figures(port)

    def more(name, labels=""):
        return after[name, labels] - before[name, labels]
    assert more("jaejal_published_total", "what=post") == 1
    assert more("jaejal_published_total", "what=reply") == 1
    assert more("jaejal_published_total", "what=like") == 1
    assert more("jaejal_commands_total", "command=help") == 1
    assert more("jaejal_commands_total", "command=like") >= 1
    assert more("jaejal_refusals_total", "reason=too-fast") == 0
    assert more("jaejal_updates_sent_total", "lane=bulk") >= 1
    assert more("jaejal_commit_seconds_count") >= 3
    assert more("jaejal_stanzas_received_total", "element=message") >= 4
    assert more("jaejal_link_received_bytes_total") > 300 and more("jaejal_link_sent_bytes_total") > 300
    assert after["jaejal_people", ""] == 2 == after["jaejal_people_reachable", ""]
    assert after["jaejal_link_up", ""] == 1 == after["jaejal_link_connections_total", ""]
    assert after["jaejal_posts", ""] - before["jaejal_posts", ""] == 2
    assert 1e6 < after["jaejal_memory_bytes", ""] < 1e9
    assert after["jaejal_fence_seconds_bucket", "le=+Inf"] == after["jaejal_fence_seconds_count", ""] > 0
    for word in ("alice", "bob", "launchplan", "words", s.domain):
        assert word not in text, word


async def scenario_the_page_is_all_there_is(s):
    path = os.path.join("/tmp", f"jj-metrics-{os.getpid()}-{s.number}.sock")
    await s.jaejald(metrics__listen="unix:" + path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o660
    for request, status in ((get(), 200), (get("/"), 404), (get("/metrics/"), 404), (get(method="POST"), 405),
                            (get(method="HEAD"), 405), (get(method="DELETE"), 405)):
        got = (await ask(path, request))[0]
        assert got == status, (request, got)
    for junk in ("nonsense", "GET " + "x" * 100000, "GET /metrics HTTP/1.1\r\n" + "a: b\r\n" * 20000):
        try:
            await ask(path, junk + "\r\n\r\n")
        except (ConnectionError, IndexError, ValueError):
            pass
    # Who connects and says nothing holds nobody up for long, and nothing but this door.
    idle = [await asyncio.open_unix_connection(path) for _ in range(12)]
    alice = await s.people("alice")
    assert (await alice.say("help")).body
    assert (await ask(path, get()))[0] == 200
    for _, writer in idle:
        writer.close()
    await s.daemon.stop()
    assert not os.path.exists(path)


@only("prosody")
async def scenario_a_drip_of_bytes_ends_too(s):
    port, = free_ports(1)
    await s.jaejald(metrics__listen=f"127.0.0.1:{port}")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    ended = asyncio.ensure_future(reader.read())
    began = asyncio.get_running_loop().time()
    writer.write(b"GET /metrics HTTP/1.1\r\n")
    while not ended.done() and asyncio.get_running_loop().time() - began < 15 * s.slow:
        writer.write(b"a: b\r\n")
        await asyncio.wait({ended}, timeout=0.5)
    assert ended.done() and b"200 OK" not in ended.result()
    writer.close()


@only("prosody")
async def scenario_only_loopback_is_listened_at(s):
    d = await s.jaejald(start=False, metrics__listen="0.0.0.0:9464")
    code, text = await d.run("jaejald", "--check")
    assert code == 1 and "can be reached by others" in text, text
    d.configure(metrics__listen="127.0.0.1:9464")
    code, text = await d.run("jaejald", "--check")
    assert code == 0, text


async def scenario_status_says_first_what_is_wrong(s):
    d = await s.jaejald()
    await s.joined("alice")
    code, text = await d.run("jaejalctl", "status")
    assert code == 0 and text.startswith("state        all is well\n"), text
    for name in ("jaejald", "domain", "link", "people", "posts", "database", "stanzas", "updates", "held", "fences",
                 "commits", "memory"):
        assert re.search(f"^{name} ", text, re.M), text
    assert re.search(r"^commits +\d+, half of them within [\d.]+ [um]s, 99 of 100 within", text, re.M), text
    since = len(d.log)
    await s.server.stop()
    await d.wait_log("link_down", since)
    code, text = await d.run("jaejalctl", "status")
    assert code == 0 and re.match(r"PROBLEM +the link is down for \d+ s: ", text), text
    assert "all is well" not in text
    await s.server.start()
    await d.wait_log("link_up", since)
    code, text = await d.run("jaejalctl", "status")
    assert text.startswith("state        all is well\n") and "lost 1 times" in text, text


async def scenario_no_text_reaches_the_log(s):
    d = await s.jaejald(log__level="debug")
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await d.run("jaejalctl", "role", alice.nick, "admin")
    number = await alice.post("zebra one #zebratag")
    await bob.expect_update("zebra one")
    await bob.say(f"reply #{number} zebra two")
    await bob.say(f"d @{alice.nick} zebra three")
    await alice.say(f"edit #{number} zebra four")
    await alice.say("group create zebragroup")
    await alice.say("!zebragroup zebra five")
    await bob.say("search zebra")
    await bob.say("zebra and nothing else")
    await bob.say("flolow zebra")
    await bob.say("set bio zebra")
    await alice.say(f"admin suspend @{bob.nick} zebra reason")
    alice.send("zebra " * 20000)  # too long
    alice.send_raw(f"<message to='{s.bot}' type='chat'><body>zebra</body>{'<zebra/>' * 3000}</message>")
    await d.wait_log("stanza_refused")
    await d.stop()
    text = "\n".join(d.log)
    assert "zebra" not in text, [line for line in d.log if "zebra" in line]
    assert re.search(r"debug delivered event=\d+ kind=post updates=1 ms=\d+", text), text
    assert re.search(r"debug delivered event=\d+ kind=edit updates=1 ms=\d+", text), text
    assert re.search(r"info admin_act action=suspend by=\d+ whom=\d+", text), text
