# SPDX-License-Identifier: MIT
"""Questions go to those who know, stay open until an answer is accepted, and show it first."""


async def expert(s, client, tag="cobol", posts=3):
    for i in range(posts):
        await client.post(f"What I know about #{tag}, part {i}")


async def scenario_a_question_finds_its_expert(s):
    alice, bob, carol, dan = await s.joined("alice", "bob", "carol", "dan")
    await dan.follow(alice)
    await expert(s, bob)
    answer = await alice.say("ask Who can read this program? #cobol")
    assert answer.body == (f"Posted #4 for 2 people.\nI asked @{bob.nick}, who knows about #cobol.\n"
                           "When a reply answers it, say `accept` and its number."), answer
    for who in (bob, dan):
        m = await who.expect_update("asks: ")
        assert m.body == f"@{alice.nick} asks: Who can read this program? #cobol (#4)" and m.id == "p4", m
    why = await bob.expect_update("because you know about #cobol: 3 posts")
    assert "`experts #cobol off`" in why.body, why
    await carol.nothing()
    assert "Who can read this program?" in (await carol.say("questions #cobol")).body

    # He answers the notice that told him why.
    bob.reply("I can", why.id)
    m = await alice.expect_update("I can")
    assert m.body == f"@{bob.nick} → #4: I can (#5)", m
    await bob.expect(lambda m: "Posted #5" in (m.body or ""))
    await carol.post("#4 Me too")
    assert "only they can accept" in (await carol.say("accept #5")).body
    assert "is the answer to your question #4 now" in (await alice.say("accept #5")).body
    await bob.expect_update("accepted your #5 as the answer to #4: “Who can read this program")
    shown = (await dan.say("#4")).body
    assert f"\n✓ @{bob.nick} → #4: I can (#5)\n" in shown and "answered" in shown, shown
    assert "No question is open" in (await dan.say("questions")).body
    found = (await dan.say("search can")).body.split("\n")
    assert "✓" in found[1] and "I can (#5)" in found[1], found
    assert f"@{bob.nick}: 1 accepted answer, 3 posts" in (await dan.say("experts cobol")).body


async def scenario_an_expert_says_no(s):
    alice, bob = await s.joined("alice", "bob")
    await expert(s, bob)
    assert "I will not ask you about #cobol again" in (await bob.say("experts #cobol off")).body
    assert "I asked" not in (await alice.say("ask Anybody? #cobol")).body
    assert "Nobody counts" in (await alice.say("experts #cobol")).body
    await bob.nothing()
    assert "I may ask you about #cobol again" in (await bob.say("experts #cobol on")).body
    assert "I asked" in (await alice.say("ask Now? #cobol")).body
    await bob.expect_update("asks: Now")
    await bob.expect_update("because you know about #cobol")


async def scenario_the_expert_gets_corrections_too(s):
    alice, bob = await s.joined("alice", "bob")
    await expert(s, bob)
    answer = await alice.say("ask Who knows? #cobol")
    assert "I asked" in answer.body, answer
    await bob.expect_update("asks: Who knows")
    await bob.expect_update("because you know")
    await alice.say("edit #4 Who knows it well? #cobol")
    m = await bob.expect_update("Who knows it well")
    assert m.replace == "p4", m
    await alice.say("delete #4")
    await bob.expect_update("was taken back")
    assert "No question is open" in (await bob.say("questions")).body


async def scenario_a_question_survives_a_crash(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await expert(s, bob)
    await bob.logout()
    await alice.say("질문: 아시는 분? #cobol")
    await carol.post("#4 저요")
    await alice.expect_update("저요")
    await alice.say("채택 #5")
    await carol.expect_update("accepted your #5")
    await s.daemon.restart(kill=True)
    await bob.login()
    await bob.expect_update("asks: 아시는 분")
    await bob.expect_update("because you know about #cobol")
    assert "✓" in (await bob.say("#4")).body
