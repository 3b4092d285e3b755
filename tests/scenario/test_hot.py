# SPDX-License-Identifier: MIT
"""Conversations that run hot: who takes part gets each answer, who only follows a bundle of them; it survives a crash."""
import asyncio
import sqlite3


async def later(s):
    """kill -9 once all that was delivered is written down, and a start long enough after it that what was bundled is due."""
    def settled():
        with sqlite3.connect(f"file:{s.daemon.database}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM cursor").fetchone()[0] == 0
    while not settled():
        await asyncio.sleep(0.1)
    await s.daemon.kill9()
    with sqlite3.connect(s.daemon.database) as db:
        assert db.execute("UPDATE hot SET due = 1000").rowcount == 1
    await s.daemon.start()


async def nothing_new(client, known):
    """What a crash fell upon may come once more, under its id (delivery.md 9)."""
    await client.fence()
    left = [m for m in client.messages() if m.body is not None and m.id not in known]
    assert not left, left


async def hot(s, n):
    """Alice begins a conversation, bob says n things more than come one by one, while carol follows him."""
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await carol.follow(bob)
    root = await alice.post("launch on monday?")
    posts = [await bob.post(f"#{root} answer {i}") for i in range(10 + n)]
    return alice, bob, carol, root, posts


async def scenario_a_hot_conversation_is_bundled_for_who_only_follows(s):
    alice, bob, carol, root, posts = await hot(s, 3)
    await bob.post(f"#{root} one more")
    assert sum(f"#{root} runs hot" in (m.body or "") for m in bob.everything) == 1  # said once
    for i in range(13):
        await alice.expect_update(f"answer {i} ")
    for i in range(10):
        assert (await carol.expect_update(f"answer {i} ")).id == f"p{posts[i]}"
    await alice.expect_update("one more")
    await carol.nothing()
    await later(s)
    await carol.fence()
    told = await carol.expect_update(f"4 more answers to #{root}")
    assert told.id.startswith("h") and "launch on monday?" in told.body and "one more" in told.body, told
    assert f"`thread #{root}` shows them, `follow #{root}` brings each." in told.body, told
    await nothing_new(carol, {f"p{i}" for i in posts[:10]})
    assert "answer 12" in (await carol.say("home")).body
    # A reply to it answers the conversation, and a reaction cannot tell which answer it likes.
    before = len(alice.everything)
    carol.reply("count me in", told.id)
    await alice.expect_update(rf"→ #{root}: count me in")
    await carol.fence()
    carol.react(told.id, "👍")
    await carol.expect(lambda m: "I cannot tell which post" in (m.body or ""))
    assert len(alice.everything) > before


async def scenario_following_the_conversation_brings_each(s):
    alice, bob, carol, root, posts = await hot(s, 0)
    for i in range(10):
        await carol.expect_update(f"answer {i} ")
    await carol.follow(f"#{root}")
    n = await bob.post(f"#{root} the eleventh")
    assert (await carol.expect_update("the eleventh")).id == f"p{n}"
    await later(s)
    await nothing_new(carol, {f"p{i}" for i in (*posts, n)})


async def scenario_of_a_bundle_no_words_are_left_that_were_taken_back(s):
    alice, bob, carol, root, posts = await hot(s, 2)
    for i in range(10):
        await carol.expect_update(f"answer {i} ")
    await carol.logout()
    await later(s)
    assert "taken back" in (await bob.say(f"delete #{posts[-1]}")).body
    await carol.login()
    told = await carol.expect_update(f"2 more answers to #{root}")
    assert told.id.endswith("b") and "answer" not in told.body.replace("answers to", ""), told
    await nothing_new(carol, {f"p{i}" for i in posts[:10]})
