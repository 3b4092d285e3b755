# SPDX-License-Identifier: MIT
"""Polls: a post with choices, votes that nobody sees, the result for those who voted."""


async def scenario_a_poll_is_voted_and_closed(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await bob.follow(alice)
    answer = await alice.say("poll Lunch? | Noodles | Rice")
    assert answer.body == "Posted #1 for 1 person.\n`#1` shows the votes, `close #1` ends the poll.", answer
    m = await bob.expect_update("Lunch?")
    assert m.body == (f"@{alice.nick}: Lunch?\n  1 Noodles\n  2 Rice (#1)\n"
                      "`vote #1 N` gives your vote, `#1` shows the votes."), m
    assert "Your vote in poll #1: Rice" in (await bob.say("vote #1 2")).body
    assert "Your vote in poll #1: Noodles" in (await bob.say("vote #1 1")).body
    assert "2 votes so far:" in (await carol.say("vote #1 2")).body  # whoever may read it
    shown = (await alice.say("#1")).body
    assert "1 Noodles: 1\n2 Rice: 1\n" in shown and bob.nick not in shown, shown
    assert "has votes" in (await alice.say("edit #1 Dinner? | Soup | Bread")).body
    assert "only they can close it" in (await bob.say("close #1")).body
    assert "with 2 votes:" in (await alice.say("close #1")).body
    for who, line in ((bob, "1 Noodles: 1 (your vote)\n2 Rice: 1"), (carol, "1 Noodles: 1\n2 Rice: 1 (your vote)")):
        m = await who.expect_update("is closed")
        assert m.body == f"Poll #1 by @{alice.nick} is closed: “Lunch?”\n{line}", m
    assert "not taken" in (await bob.say("vote #1 2")).body


async def scenario_votes_survive_a_crash(s):
    alice, bob = await s.joined("alice", "bob")
    n = await alice.post("poll Lunch? | Noodles | Rice")
    assert "Rice" in (await bob.say(f"vote #{n} 2")).body
    await s.daemon.restart(kill=True)
    assert "2 Rice: 1 (your vote)" in (await bob.say(f"#{n}")).body
