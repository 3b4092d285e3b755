# SPDX-License-Identifier: MIT
"""Announcements: by those with that role, to everybody, and how many have read them."""


async def company(s, *names):
    """People of whom the first administers."""
    await s.jaejald(service__admins=f"{s.account(names[0])}@{s.domain}")
    people = await s.people(*names, daemon=False)
    for p in people:
        await p.join()
    return people


async def scenario_an_announcement_reaches_everybody(s):
    boss, alice, bob = await company(s, "boss", "alice", "bob")
    await alice.say(f"mute @{boss.nick}")
    await bob.say(f"block @{boss.nick}")
    assert "no command `announce`" in (await alice.say("announce: We move")).body
    answer = (await boss.say("announce We move on Friday")).body
    assert answer.startswith("Nothing is announced yet."), answer
    answer = (await boss.say("yes")).body
    assert answer.startswith("Posted #1 for 2 people.\nEverybody gets it."), answer
    for who in (alice, bob):
        m = await who.expect_update("We move")
        assert m.body == (f"Announcement by @{boss.nick}: We move on Friday (#1)\n"
                          "`ack #1` says that you have read it."), m
    assert "Noted" in (await bob.say("ack #1")).body
    assert "already" in (await bob.say("ack #1")).body
    assert "Read by 1 of 2." in (await boss.say("#1")).body
    assert "Read by" not in (await alice.say("#1")).body
    # A correction and a retraction go the same way.
    await boss.say("edit #1 We stay")
    m = await bob.expect_update("We stay")
    assert m.replace == "p1", m
    await alice.expect_update("We stay")


async def scenario_who_is_away_gets_it_on_return(s):
    boss, alice = await company(s, "boss", "alice")
    await alice.say("off")
    await boss.say("announce: Read me")
    await alice.nothing()
    await s.daemon.restart(kill=True)
    await alice.say("on")
    await alice.expect_update("Read me")
    await boss.say(f"admin role {alice.nick} announcer")
    await alice.expect_update("given you the right")
    assert "Posted" in (await alice.say("announce: Me too")).body
    await boss.expect_update("Me too")
