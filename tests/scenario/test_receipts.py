# SPDX-License-Identifier: MIT
"""Receipts (XEP-0184), and what a server loses that is killed: tests/unit/test_unseen.c, on real ones."""
import asyncio
import signal

from harness import limit


def acknowledge(client, also=lambda m: True):
    """From now on the client gives receipts for what asks for one, as phones do."""
    before = client._on_message

    def on_message(stanza):
        before(stanza)
        m = client.everything[-1]
        if m.wants_receipt and m.id and also(m) and client.online:
            client.send_raw(f"<message to='{m.sender}' type='chat'><received xmlns='urn:xmpp:receipts' id='{m.id}'/></message>")
    client._on_message = on_message


async def scenario_what_is_kept_is_acknowledged(s):
    alice = await s.joined("alice")
    id = alice.send("post kept", inner="<request xmlns='urn:xmpp:receipts'/>")
    await alice.expect(lambda m: m.receipt == id)
    answer = await alice.expect("Posted #1")
    assert not answer.wants_receipt, answer.raw


@limit(120)
async def scenario_a_killed_server_loses_nothing_of_who_gives_receipts(s):
    alice, bob, carol = await s.accounts("alice", "bob", "carol")
    await s.jaejald(limits__posts_per_minute=600)
    acknowledge(bob)
    await asyncio.gather(*(c.login() for c in (alice, bob, carol)))
    for c in (alice, bob, carol):
        # Their presence is not ours to see: what the server takes while they are away is in its hands alone.
        await c.say("help")
        await c.fence()
        c.inbox.clear()
    for c in (bob, carol):
        await c.follow(alice)
    await alice.post("seen")
    await bob.expect_update("seen")
    await bob.fence()
    await asyncio.gather(bob.logout(), carol.logout())
    n = 90
    for i in range(n):
        alice.send(f"post number {i}.")
    await alice.wait(lambda: sum("Posted #" in (m.body or "") for m in alice.everything) > n, "all posted")
    await alice.fence()
    await s.server.restart(signal.SIGKILL)
    for c in (alice, bob, carol):
        await c.cut()
    await asyncio.gather(bob.login(), carol.login())

    def got(c):
        return {i for i in range(n) for m in c.everything if m.body and f"number {i}." in m.body}
    await bob.wait(lambda: len(got(bob)) == n, f"all {n}", 60 * s.slow)
    await carol.fence()  # all that the server kept for her has come
    print(f"# {s.kind}: of {n} the one who gives no receipts has {len(got(carol))}", flush=True)
