# SPDX-License-Identifier: MIT
"""What administrators do, as those it is done to see it."""


async def company(s, *names):
    """Joined people, the first of whom administers."""
    await s.jaejald(service__admins=f"{s.account(names[0])}@{s.domain}")
    return await s.joined(*names)


async def scenario_who_is_suspended_neither_writes_nor_reads_and_loses_nothing(s):
    carol, alice, bob = await company(s, "carol", "alice", "bob")
    await bob.follow(alice)
    assert "Suspended" in (await carol.say(f"admin suspend {bob.nick} On leave")).body
    await alice.post("while away")
    await alice.post(f"named while away, @{bob.nick}")
    answer = (await bob.say("hello?")).body
    assert "account is closed" in answer and "On leave" in answer, answer
    assert "account is closed" in (await bob.say("/home")).body
    await bob.nothing()
    await s.daemon.stop()
    await s.daemon.start()
    await bob.nothing()
    assert "told" in (await carol.say(f"admin unsuspend {bob.nick}")).body
    got = [(await bob.expect()).body for _ in range(3)]
    assert sum("open again" in b for b in got) == 1 and sum("while away" in b for b in got) == 2, got
    await alice.post("as before")
    await bob.expect_update("as before")
    await bob.nothing()


async def scenario_a_role_is_given_and_what_it_did_is_recorded(s):
    carol, alice, bob = await company(s, "carol", "alice", "bob")
    assert "no command" in (await alice.say(f"/admin suspend {bob.nick}")).body
    await carol.say(f"admin role {alice.nick} admin")
    assert "administrator" in (await alice.expect()).body
    id = await bob.post("names a customer")
    assert "taken back" in (await alice.say(f"admin remove #{id} A customer's name")).body
    told = (await bob.expect()).body
    assert "A customer's name" in told, told
    audit = (await carol.say("admin audit")).body
    assert f"@{carol.nick}: role @{alice.nick}" in audit and f"@{alice.nick}: remove @{bob.nick} #{id}" in audit, audit
