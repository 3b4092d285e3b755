# SPDX-License-Identifier: MIT
"""Being away and coming back: nothing is lost, nothing is doubled without need, and all is in order."""
import asyncio
import datetime
import signal

from harness import limit, only
from test_link import answers_again


def texts(messages):
    """What the updates say, without author and number."""
    return [m.body.split(": ", 1)[1].rsplit(" (#", 1)[0] for m in messages]


async def updates(client, n):
    return [await client.expect_update() for _ in range(n)]


async def held(s, n):
    """Until jaejald says that so many people are held (administration's view)."""
    for _ in range(200):
        code, out = await s.daemon.run("jaejalctl", "status")
        assert code == 0, out
        line = next(x for x in out.split("\n") if x.startswith("held"))
        if f"{n} people" in line:
            return line
    raise AssertionError(out)


async def scenario_who_is_away_gets_it_on_return_in_order_with_stamps(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    for i in range(3):
        assert "for 1 person" in (await alice.say(f"was missed {i}")).body
    await bob.login()
    got = await updates(bob, 3)
    assert texts(got) == ["was missed 0", "was missed 1", "was missed 2"], got
    assert all(m.delay for m in got) and [m.delay for m in got] == sorted(m.delay for m in got), got
    assert [m.id for m in got] == ["p1", "p2", "p3"], got
    await alice.post("live again")
    assert (await bob.expect_update()).delay is None
    await bob.nothing()


async def scenario_who_vanishes_without_a_word_gets_it_too(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.cut()
    await alice.post("to nobody there")
    await bob.login()
    assert texts(await updates(bob, 1)) == ["to nobody there"]
    await bob.nothing()


async def scenario_what_was_edited_meanwhile_comes_as_it_was_and_is_corrected(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    before = await alice.post("seen before")
    await bob.expect_update("seen before")
    await bob.logout()
    n = await alice.post("first text")
    await alice.say(f"edit #{n} second text")
    await alice.say(f"edit #{before} changed while away")
    gone = await alice.post("written in anger")
    await alice.say(f"delete #{gone}")
    await bob.login()
    await bob.expect_update("changed while away")
    await bob.fence()
    got = [m for m in bob.everything if m.is_update]
    ids = [m.id for m in got]
    assert len(set(ids)) == len(ids), ids
    assert ids.index(f"p{n}") < ids.index(f"p{n}e1"), ids
    by_id = {m.id: m for m in got}
    assert by_id[f"p{n}e1"].replace == f"p{n}" and by_id[f"p{before}e1"].replace == f"p{before}"
    assert not any("written in anger" in m.body for m in got), got


async def scenario_much_missed_becomes_one_summary(s):
    await s.jaejald(delivery__digest_after=3)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    for i in range(5):
        await alice.post(f"bulk {i}.")
    await alice.post(f"look at this, @{bob.nick}")
    await alice.post(f"d @{bob.nick} privately")
    await bob.login()
    private = await bob.expect_update("privately: privately")
    assert private.delay
    summary = await bob.expect_update("While you were away")
    assert "6 updates came." in summary.body and "1 names or answers you (`mentions`):" in summary.body, summary
    assert f"look at this, @{bob.nick}" in summary.body and "\n5 from " in summary.body and "`missed`" in summary.body, summary
    await bob.nothing()
    text = (await bob.say("missed")).body
    assert all(f"bulk {i}." in text for i in range(5)) and "look at this" in text and "privately" not in text, text
    assert "look at this" in (await bob.say("mentions")).body
    await alice.post("live")
    await bob.expect_update("live")


async def scenario_up_to_digest_after_come_one_by_one(s):
    await s.jaejald(delivery__digest_after=3)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    for i in range(3):
        await alice.post(f"bulk {i}")
    await bob.login()
    assert texts(await updates(bob, 3)) == ["bulk 0", "bulk 1", "bulk 2"]
    await bob.nothing()


async def scenario_what_a_summary_stood_for_is_not_corrected(s):
    await s.jaejald(delivery__digest_after=1)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    first = await alice.post("one")
    await alice.post("two")
    await bob.login()
    await bob.expect_update("While you were away, 2 updates")
    await bob.fence()
    await alice.say(f"edit #{first} one and a half")
    await alice.say(f"delete #{first}")
    await bob.nothing()


async def scenario_off_holds_and_on_brings(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    assert "off" in (await bob.say("off")).body
    await alice.post("while off")
    await alice.post(f"d @{bob.nick} private while off")
    await bob.nothing()
    text = (await bob.say("status")).body
    assert "2 updates wait" in text, text
    assert "already" in (await bob.say("off")).body
    assert "while off" in (await bob.say("home")).body
    await bob.logout()
    await bob.login()
    await bob.nothing()  # off is off, whoever logs in
    await bob.say("on")
    got = await updates(bob, 2)
    assert [m.id for m in got] == ["p1", "p2"] or [m.id for m in got] == ["p2", "p1"], got
    await alice.post("told as before")
    await bob.expect_update("told as before")
    await bob.nothing()


async def scenario_on_plus_shows_what_was_missed(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.say("off")
    await alice.post("was missed")
    answer = (await bob.say("on+")).body
    assert "Updates are on" in answer and "was missed" in answer, answer
    await bob.expect_update("was missed")


async def scenario_a_negative_priority_is_away(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    bob.presence(priority=-1)
    await bob.fence()
    await alice.post("not now")
    await bob.nothing()
    assert "negative priority" in (await bob.say("status")).body
    bob.presence(priority=0)
    m = await bob.expect_update("not now")
    assert m.delay, m.raw
    await bob.nothing()


async def scenario_of_several_clients_the_priorities_decide(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    bob.presence(priority=-1)
    laptop = await s.device(bob, "laptop", priority=-5)
    await laptop.fence()
    await alice.post("for neither")
    await bob.nothing()
    await laptop.nothing()
    # Whoever asks is answered, there and nowhere else.
    answer = await bob.say("status")
    assert "2 clients" in answer.body and "All of them have a negative priority" in answer.body, answer
    await laptop.nothing()
    laptop.presence(priority=3)
    assert (await laptop.expect_update("for neither")).delay
    await alice.post("for the laptop")
    await laptop.expect_update("for the laptop")
    await bob.nothing()
    laptop.presence(priority=-1)
    await laptop.fence()
    await alice.post("waits again")
    await laptop.nothing()
    await laptop.logout()
    bob.presence(priority=0)
    assert texts(await updates(bob, 1)) == ["waits again"]
    await bob.nothing()


async def scenario_an_answer_finds_another_client_or_waits_for_one(s):
    bob = await s.joined("bob")
    laptop = await s.device(bob, "laptop")
    await laptop.fence()
    for other in (laptop, None):
        s.daemon.process.send_signal(signal.SIGSTOP)
        bob.send("set title Baker")
        await bob.logout()
        if other is None:
            await laptop.logout()
        s.daemon.process.send_signal(signal.SIGCONT)
        if other is None:
            await s.daemon.run("jaejalctl", "status")
            await bob.login()
            other = bob
        await other.expect("Baker")
        if other is laptop:
            await bob.login()
            await bob.fence()


async def scenario_do_not_disturb_is_not_away(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    bob.presence(show="dnd")
    await bob.fence()
    await alice.post("still told")
    await bob.expect_update("still told")
    assert "do not disturb" in (await bob.say("status")).body


async def scenario_the_last_of_several_clients_counts(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    laptop = await s.device(bob, "laptop")
    await laptop.fence()
    assert "2 clients" in (await bob.say("status")).body
    await bob.logout()
    await alice.post("for the laptop")
    assert (await laptop.expect_update("for the laptop")).delay is None
    await laptop.logout()
    await alice.post("for nobody")
    await bob.login()
    assert texts(await updates(bob, 1)) == ["for nobody"]
    await bob.nothing()


async def scenario_commands_work_while_away_and_bring_what_waits(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    bob.presence(type="unavailable")
    await bob.iq("<ping xmlns='urn:xmpp:ping'/>", to=s.domain)
    await alice.post("waits for a sign of life")
    # Presence is off, the connection stands: whoever writes is there.
    assert "waits for a sign" in (await bob.say("home")).body


async def scenario_a_planned_restart_keeps_what_waits(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    await alice.post("before the restart")
    await s.daemon.restart()
    await alice.post("after the restart")
    await bob.login()
    assert texts(await updates(bob, 2)) == ["before the restart", "after the restart"]
    await bob.nothing()


async def scenario_a_kill_keeps_what_waits(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    await alice.post("before the kill")
    await s.daemon.restart(kill=True)
    await bob.login()
    assert texts(await updates(bob, 1)) == ["before the kill"]
    await alice.post("after the kill")
    await bob.expect_update("after the kill")
    await bob.nothing()


async def scenario_who_leaves_and_returns_while_we_are_down_misses_nothing(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    await alice.post("one")
    await s.daemon.kill9()
    await bob.login()
    await s.daemon.start()
    # No server repeats presence to a component that comes back: it has to be asked for.
    assert texts(await updates(bob, 1)) == ["one"]
    await bob.logout()
    await s.daemon.kill9()
    await s.daemon.start()
    await alice.post("two")
    await bob.login()
    await bob.expect_update("two")
    # Killed before the fence behind "one" was written, it may bring that once more, as the same message.
    assert {m.id for m in bob.messages() if m.body} <= {"p1"}
    await bob.nothing()


async def scenario_a_restart_of_the_server_loses_nothing(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    await alice.post("before")
    await alice.logout()
    await s.server.restart()
    await alice.login()
    await answers_again(alice)
    await alice.post("after")
    await bob.login()
    assert texts(await updates(bob, 2)) == ["before", "after"]
    await bob.nothing()


async def scenario_the_server_killed_under_a_stream_of_posts(s):
    await s.jaejald(delivery__digest_after=1000)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    await s.accounts("dummy")  # ejabberd has its log on disk then: a kill would take the subscriptions of the last seconds along
    for i in range(100):
        alice.send(f"line {i}.")
    for _ in range(20):
        await alice.expect("^Posted")
    await alice.cut()
    await s.server.restart(signal.SIGKILL)
    await asyncio.gather(alice.login(), bob.login())
    await answers_again(alice)
    await alice.post("the last.")
    got = []
    while not got or got[-1] != "the last.":
        got += [t for t in texts([await bob.expect_update()])]
    numbers = [int(t[5:-1]) for t in got[:-1]]
    assert numbers == sorted(numbers) and set(numbers) >= set(range(20)), got


async def scenario_people_who_do_not_share_presence_are_told_at_any_time(s):
    alice = await s.joined("alice")
    bob = await s.people("bob")
    await bob.say(f"follow @{alice.nick}")
    await bob.fence()
    bob.inbox.clear()
    await bob.logout()
    await alice.post("stored by the server")
    await bob.login()
    m = await bob.expect_update("stored by the server")
    assert m.delay and m.id == "p1", m.raw
    assert "I do not see when you are online" in (await bob.say("status")).body


async def scenario_an_account_that_is_gone_bounces_and_is_kept_for(s):
    alice = await s.joined("alice")
    bob = await s.people("bob")  # shares no presence: is sent to, and bounces
    await bob.say(f"follow @{alice.nick}")
    await bob.logout()
    await s.server.unregister(bob.name, bob.domain)
    await alice.post("to the void")
    await held(s, 1)
    await alice.post("and a second one")
    await alice.nothing()  # she hears of no error
    await s.server.register([(bob.name, bob.domain, bob.password)])
    bob.inbox.clear()
    await bob.login()
    await bob.say("help")  # a sign of life
    got = await updates(bob, 2)
    assert {m.id: t for m, t in zip(got, texts(got))} == {"p1": "to the void", "p2": "and a second one"}, got
    await bob.nothing()


@only("ejabberd")  # Prosody keeps them all
@limit(180)
async def scenario_a_full_offline_storage_is_no_loss(s):
    alice = await s.joined("alice")
    bob, carol = await s.people("bob", "carol")
    await bob.say(f"follow @{alice.nick}")
    await bob.logout()
    at = len(carol.everything)
    for i in range(1020):  # the sample's 1000, and a few that may meet the old session
        carol.send(f"filler {i}", to=bob.jid)
    await carol.wait(lambda: any(m.error == "resource-constraint" for m in carol.everything[at:]), "a full storage",
                     timeout=100)  # archiving makes ejabberd slower with every message
    await alice.post("beyond the limit")
    await held(s, 1)
    await bob.login()
    await bob.expect("filler 999")
    bob.inbox.clear()
    await bob.say("help")
    m = await bob.expect_update("beyond the limit")
    assert m.id == "p1"
    assert "Nothing waits" in (await bob.say("status")).body


async def scenario_a_long_catch_up_is_in_order_and_complete(s):
    await s.jaejald(delivery__digest_after=1000)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.say("off")
    long = " and so on" * 400
    for i in range(60):  # several windows of the pump
        alice.send(f"line {i}.{long}")
    for _ in range(60):
        await alice.expect("^Posted")
    await bob.say("on")
    for i in range(60, 80):  # while it runs
        alice.send(f"line {i}.")
    got = texts(await updates(bob, 80))
    assert [int(t.split(".")[0][5:]) for t in got] == list(range(80)), [t[:10] for t in got]
    await bob.nothing()


async def scenario_a_kill_in_a_catch_up_repeats_and_loses_nothing(s):
    await s.jaejald(delivery__digest_after=1000)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    long = " and so on" * 400
    for i in range(60):
        alice.send(f"line {i}.{long}")
    for _ in range(60):
        await alice.expect("^Posted")
    await bob.login()
    await updates(bob, 5)
    await s.daemon.kill9()
    await s.daemon.start()
    await alice.post("the last one.")
    while "the last one" not in (await bob.expect_update()).body:
        pass
    seen = [m for m in bob.everything if m.is_update and m.id[0] == "p"]
    assert list(dict.fromkeys(m.id for m in seen)) == [f"p{i + 1}" for i in range(61)], [m.id for m in seen]
    bodies = {}
    assert all(bodies.setdefault(m.id, m.body) == m.body for m in seen)


async def scenario_coming_and_going_all_the_time_loses_nothing(s):
    await s.jaejald(delivery__digest_after=1000)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    for i in range(60):
        alice.send(f"line {i}.")
        if i % 3 == 1:
            bob.presence(type="unavailable")
        elif i % 3 == 2:
            bob.presence()
        if i % 10 == 0:
            await bob.iq("<ping xmlns='urn:xmpp:ping'/>", to=s.domain)
    for _ in range(60):
        await alice.expect("^Posted")
    bob.presence()
    await alice.post("the last one.")
    # What was on its way when he left is in the server's storage, and ejabberd may hand it over behind newer ones.
    wanted = {f"p{i + 1}" for i in range(61)}
    await bob.wait(lambda: wanted <= {m.id for m in bob.everything}, "all of them")
    bodies = {}
    assert all(bodies.setdefault(m.id, m.body) == m.body for m in bob.everything if m.is_update)


async def scenario_who_was_blocked_meanwhile_gets_nothing_on_return(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.logout()
    await alice.post("not for bob any more")
    await alice.say(f"block @{bob.nick}")
    await bob.login()
    await bob.nothing()
    assert "not for bob" not in (await bob.say("home")).body


async def scenario_a_pause_of_the_process_is_no_loss(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    s.daemon.process.send_signal(signal.SIGSTOP)
    for i in range(5):
        alice.send(f"into the pause {i}")
    await alice.iq("<ping xmlns='urn:xmpp:ping'/>", to=s.domain)
    s.daemon.process.send_signal(signal.SIGCONT)
    assert texts(await updates(bob, 5)) == [f"into the pause {i}" for i in range(5)]
    await bob.nothing()


async def scenario_a_summary_is_in_the_person_s_language(s):
    await s.jaejald(delivery__digest_after=0)
    alice, bob = await s.joined("alice", "bob")
    await bob.say("lang ko")
    await bob.say(f"팔로우 @{alice.nick}")
    await bob.logout()
    n = await alice.post("one")
    await bob.login()
    assert "자리를 비운 동안 새 글 1개가 왔어요." in (await bob.expect_update()).body
    await bob.fence()  # before that, the next one would be summed up as well
    await alice.post("two")
    await bob.expect_update("two")
    await alice.say("undo")
    assert "삭제" in (await bob.expect_update()).body
    assert f"#{n}" in (await bob.say("홈")).body


async def scenario_a_planned_stop_under_a_stream_of_posts(s):
    await s.jaejald(delivery__digest_after=1000)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    for i in range(60):
        alice.send(f"line {i}.")
    await alice.expect("^Posted #10 ")
    await s.daemon.restart()
    await alice.post("the last one.")
    while "the last one" not in (await bob.expect_update()).body:
        pass
    await alice.fence()
    confirmed = {m.body.split()[1][1:] for m in alice.everything if (m.body or "").startswith("Posted #")}
    ids = [m.id[1:] for m in bob.everything if m.is_update and m.id[0] == "p"]
    assert confirmed == set(ids) and len(confirmed) >= 11, (confirmed, ids)
    assert list(dict.fromkeys(ids)) == sorted(set(ids), key=int), ids


async def scenario_quiet_hours_hold_what_is_not_let_through(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.say("zone UTC")
    now = datetime.datetime.now(datetime.timezone.utc)
    begin, end = (now + datetime.timedelta(hours=h) for h in (-2, 2))
    answer = await bob.say(f"quiet {begin:%H:%M}-{end:%H:%M} allow dm")
    assert "every day: updates wait" in answer.body, answer.body
    await alice.post("not now")
    await alice.say(f"d {bob.nick} but this at once")
    await bob.expect_update("but this at once")
    await bob.logout()
    await bob.login()
    await bob.nothing()
    assert "quiet hours" in (await bob.say("status")).body
    await bob.say("quiet off")
    assert texts(await updates(bob, 1)) == ["not now"]
    await bob.nothing()


async def scenario_a_snooze_ends_with_on_and_survives_a_restart(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.say("snooze 2h")
    await alice.post("for later")
    await bob.nothing()
    await s.daemon.kill9()
    await s.daemon.start()
    await answers_again(alice)
    await alice.post("still for later")
    await bob.nothing()
    assert "Updates are on again" in (await bob.say("on")).body
    assert texts(await updates(bob, 2)) == ["for later", "still for later"]
    await bob.nothing()


async def scenario_a_digest_in_place_of_single_posts(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    assert "one summary" in (await bob.say("digest daily 09:00")).body
    await alice.post("one of many")
    await alice.post(f"but @{bob.nick} is named")
    await bob.expect_update("is named")
    await bob.nothing()
    await bob.say("digest off")
    assert texts(await updates(bob, 1)) == ["one of many"]
    await bob.nothing()
