# SPDX-License-Identifier: MIT
"""Posting later: what was scheduled comes when it is due, also after we were down."""
import sqlite3

MINUTE = 60000


def earlier(s, ms):
    """As if so much time had passed while nothing of ours ran: all that is scheduled is due earlier."""
    with sqlite3.connect(s.daemon.database) as db:
        db.execute("UPDATE scheduled SET at = at - ?", (ms,))
    db.close()


async def scenario_what_was_scheduled_is_posted_when_it_is_due(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    answer = (await alice.say("schedule 1m Cake in the kitchen")).body
    assert answer.startswith("Scheduled as number 1, for ") and "`cancel 1`" in answer, answer
    await alice.say("schedule 2h Not this one")
    assert "taken off" in (await alice.say("cancel 2")).body
    assert "1 - " in (await alice.say("scheduled")).body
    await bob.nothing()
    await s.daemon.stop()
    earlier(s, MINUTE - 2000)
    await s.daemon.start()
    m = await bob.expect_update("Cake")
    assert m.body == f"@{alice.nick}: Cake in the kitchen (#1)", m
    m = await alice.expect_update("As you had scheduled")
    assert m.body == "Posted #1 for 1 person.\nAs you had scheduled: “Cake in the kitchen”", m
    assert "nothing scheduled" in (await alice.say("scheduled")).body
    await bob.nothing()


async def scenario_what_was_due_while_we_were_down_comes_late(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await alice.say("schedule 5m second")
    await alice.say("schedule 4m first")
    await s.daemon.kill9()
    earlier(s, 60 * MINUTE)
    await s.daemon.start()
    for text in ("first", "second"):
        assert text in (await bob.expect_update()).body
        assert "since I was not running then" in (await alice.expect_update(text)).body
    await s.daemon.restart(kill=True)
    await bob.nothing()
