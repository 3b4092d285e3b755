# SPDX-License-Identifier: MIT
"""Groups: who is in, who reads, who is told, and what does not exist for others."""


async def made(owner, name, kind=""):
    answer = (await owner.say(f"group create {name} {kind} For tests".replace("  ", " "))).body
    assert answer.startswith(f"Group !{name} is made"), answer


async def scenario_what_is_written_in_a_group_comes_to_its_members(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    name = f"{alice.nick}_design"
    await made(alice, name)
    assert f"You are in !{name} now" in (await bob.say(f"join !{name}")).body
    await carol.follow(alice)  # is no way into it
    answer = (await alice.say(f"!{name} The logo is ready")).body
    assert f"in !{name} for 1 person." in answer, answer
    update = await bob.expect_update("The logo is ready")
    assert f"@{alice.nick}" in update.body and f" in !{name}: The logo is ready (#" in update.body, update
    await carol.nothing()
    bob.reply("Lovely", update.id)
    await bob.expect(f"in !{name} for 1 person.")
    answered = await alice.expect_update("Lovely")
    assert f" in !{name}: Lovely" in answered.body and "→ #" in answered.body, answered
    text = (await carol.say(f"!{name}")).body  # it is open: anyone may look
    assert "The logo is ready" in text and "You are not in it" in text, text
    await alice.say(f"!{name} Dear @{carol.nick}, look")
    await carol.expect_update("look")
    await bob.expect_update("look")
    assert "left" in (await bob.say(f"drop !{name}")).body
    await alice.say(f"!{name} Without bob")
    await bob.nothing()


async def scenario_an_owner_lets_people_into_a_closed_group(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    name = f"{alice.nick}_board"
    await made(alice, name, "closed")
    first = (await alice.say(f"!{name} Figures for @{bob.nick}")).body
    assert "not in" in first and "not told" in first, first
    await bob.nothing()
    assert "are asked to let you in" in (await bob.say(f"join !{name}")).body
    asked = await alice.expect(f"asks to join !{name}")
    assert f"`add {bob.nick} !{name}`" in asked.body, asked
    assert "Only an owner" in (await carol.say(f"/add {bob.nick} !{name}")).body
    assert "is told" in (await alice.say(f"add {bob.nick} !{name}")).body
    await bob.expect(f"added you to !{name}")
    assert "Figures" in (await bob.say(f"!{name}")).body
    text = (await carol.say(f"!{name}")).body
    assert "Figures" not in text and "2 members" in text, text
    assert "for its members" in (await carol.say(f"members !{name}")).body
    await alice.say(f"remove {bob.nick} !{name}")
    await bob.expect(f"took you out of !{name}")
    await alice.say(f"!{name} Among us")
    await bob.nothing()
    await carol.nothing()


async def scenario_a_secret_group_does_not_exist(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    name, none = f"{alice.nick}_plan7", f"{alice.nick}_zzzz9"
    await made(alice, name, "secret")
    await alice.say(f"add {bob.nick} !{name}")
    await bob.expect(f"added you to !{name}")
    await alice.say(f"!{name} The #hush{alice.nick} plan, @{carol.nick}")
    number = (await bob.expect_update("plan")).body.rsplit("#", 1)[1].rstrip(")")
    await carol.nothing()
    for line in ("!{}", "/join !{}", "/members !{}", "/drop !{}", "search in:{} plan", "/mute !{}", "/group close !{}",
                 "!{} what is this about?"):
        hidden = (await carol.say(line.format(name))).body
        never = (await carol.say(line.format(none))).body
        assert hidden == never.replace(none, name), (line, hidden, never)
    for line in (f"#{number}", "groups", f"get {alice.nick}", f"#hush{alice.nick}", "tags", "mentions", "search plan", f"people {name}"):
        assert "The #hush" not in (await carol.say(line)).body, line
    await made(carol, name)  # and its name is free
    groups = (await alice.say("groups")).body
    assert f"!{name} (secret" in groups and f"!{name}_2 (open" in groups, groups  # she keeps the name for hers


async def scenario_what_was_closed_stays_closed(s):
    alice, bob = await s.joined("alice", "bob")
    name = f"{alice.nick}_room"
    await made(alice, name, "closed")
    await alice.say(f"!{name} Among us")
    answer = (await alice.say(f"group set !{name} open")).body
    assert "What was written before stays for its members." in answer, answer
    await alice.say(f"!{name} For everybody")
    text = (await bob.say(f"!{name}")).body
    assert "For everybody" in text and "Among us" not in text and "made this group open" in text, text
    answer = (await alice.say(f"group close !{name}")).body
    assert "is ended" in answer, answer
    assert "nobody can join" in (await bob.say(f"join !{name}")).body
    assert "For everybody" in (await bob.say(f"!{name}")).body
