# SPDX-License-Identifier: MIT
"""What administrators do, as those it is done to see it."""
import sqlite3


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


async def scenario_the_operator_gives_roles_and_sees_that_the_audit_is_whole(s):
    alice, bob = await s.joined("alice", "bob")
    code, text = await s.daemon.run("jaejalctl", "role", alice.nick, "admin")
    assert code == 0 and "administrator" in text, text
    assert "operates this service" in (await alice.expect()).body
    await alice.say(f"admin suspend {bob.nick} Lost phone")
    code, text = await s.daemon.run("jaejalctl", "unsuspend", bob.nick)
    assert code == 0, text
    assert "open again" in (await bob.expect()).body
    code, text = await s.daemon.run("jaejalctl", "suspend", "nobody7")
    assert code == 1 and "nobody7" in text, text
    code, text = await s.daemon.run("jaejalctl", "audit")
    assert code == 0 and "jaejalctl: role" in text and f"@{alice.nick}: suspend @{bob.nick} — Lost phone" in text, text
    code, text = await s.daemon.run("jaejalctl", "verify")
    assert code == 0 and "whole: 3 records" in text, text
    await s.daemon.stop()
    with sqlite3.connect(s.daemon.database) as db:
        try:
            db.execute("UPDATE audit SET detail = 'Never did' WHERE no = 2")
            raise AssertionError("the audit could be changed")
        except sqlite3.IntegrityError as e:
            assert "cannot be changed" in str(e), e
        db.execute("DROP TRIGGER audit_kept_update")
        db.execute("UPDATE audit SET detail = 'Never did' WHERE no = 2")
    await s.daemon.start()
    await s.daemon.wait_log("audit_broken")
    code, text = await s.daemon.run("jaejalctl", "verify")
    assert code == 1 and "record 2 is not as it was written" in text, text


async def scenario_a_colleague_is_asked_in_once(s):
    alice, bob = await s.joined("alice", "bob")
    erin = await s.people("erin")
    assert "Asked" in (await alice.say(f"invite {erin.jid}")).body
    got = await erin.expect()
    assert f"@{alice.nick}" in got.body and got.sender == s.bot, got
    assert "asked before" in (await bob.say(f"invite {erin.jid}")).body
    assert "Only colleagues" in (await bob.say("invite mallory@elsewhere.example")).body
    await erin.nothing()
    await erin.join()
    assert "here already" in (await bob.say(f"invite {erin.jid}")).body
    assert "Reminded" in (await alice.say(f"nudge {bob.nick}")).body
    assert "would like to read" in (await bob.expect()).body
    assert "once a week" in (await alice.say(f"nudge {bob.nick}")).body
    await bob.nothing()


async def scenario_a_broadcast_reaches_everybody(s):
    carol, alice, bob = await company(s, "carol", "alice", "bob")
    await alice.say(f"mute {carol.nick}")
    await bob.logout()
    assert "Everybody gets it" in (await carol.say("admin broadcast Back at six")).body
    assert "[Jaejal] Back at six" in (await alice.expect_update()).body
    await bob.login()
    assert "[Jaejal] Back at six" in (await bob.expect_update()).body
    assert "broadcast #1 — Back at six" in (await carol.say("admin audit")).body
