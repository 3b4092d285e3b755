# SPDX-License-Identifier: MIT
"""Who is told of what: follows of people, tags, conversations and words; mutes and blocks."""
import re


async def scenario_follow_and_unfollow(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    assert "already" in (await bob.say(f"sub {alice.nick}")).body  # twice is no error
    await alice.post("for followers")
    await bob.expect_update("for followers")
    assert f"@{alice.nick}" in (await bob.say("following")).body
    assert f"@{bob.nick}" in (await alice.say("followers")).body
    assert "no longer follow" in (await bob.say(f"unfollow {alice.nick}")).body
    await alice.post("not any more")
    await bob.nothing()
    await alice.nothing()  # nobody is told that somebody left
    assert "did not follow" in (await bob.say(f"leave @{alice.nick}")).body


async def scenario_a_full_address_names_a_person_too(s):
    alice, bob = await s.joined("alice", "bob")
    assert f"@{alice.nick}" in (await bob.say(f"follow {alice.jid}")).body
    await alice.post("by address")
    await bob.expect_update("by address")


async def scenario_an_unknown_person_brings_the_nearest(s):
    alice, bob = await s.joined("alice", "bob")
    answer = (await bob.say(f"/follow {alice.nick}x")).body
    assert answer.startswith(f"Nobody here is called @{alice.nick}x.") and f"Did you mean @{alice.nick}?" in answer, answer


async def scenario_a_mention_reaches_who_does_not_follow(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    answer = await alice.say(f"lunch with @{bob.nick}님, @nobody7 and mail@{carol.nick}.example?")
    assert "for 1 person" in answer.body and "@nobody7" in answer.body, answer
    await bob.expect_update("lunch with")
    await carol.nothing()
    assert "lunch with" in (await bob.say("mentions")).body
    assert "lunch with" not in (await carol.say("mentions")).body


async def scenario_the_first_line_to_a_nick_is_asked_about_once(s):
    alice, bob = await s.joined("alice", "bob")
    answer = (await alice.say(f"@{bob.nick} psst, between us")).body
    assert answer.startswith("Nothing is published yet") and f"d @{bob.nick}" in answer, answer
    await bob.nothing()
    assert "Sent privately" in (await alice.say("yes")).body
    assert "privately: psst" in (await bob.expect_update()).body
    await alice.post(f"@{bob.nick} in public now")
    assert "privately" not in (await bob.expect_update()).body


async def scenario_a_tag_is_followed(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await carol.post("어제 #회의")
    await bob.follow("#회의")
    await alice.post("오늘 #회의에서 봐요")  # the particle is no part of a tag that exists
    await bob.expect_update("오늘")
    await alice.post("no tag, 회의 only, https://corp.example/#회의")
    await bob.nothing()
    await alice.post("＃회의 full width")
    await bob.expect_update("full width")
    text = (await carol.say("#회의")).body
    assert text.index("어제") < text.index("오늘") < text.index("full width") and "no tag" not in text, text
    assert "#회의" in (await bob.say("following")).body
    await bob.say("unfollow #회의")
    await alice.post("later #회의")
    await bob.nothing()
    await carol.nothing()


async def scenario_what_a_person_writes_with_a_tag_is_followed(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    answer = (await bob.say(f"follow @{alice.nick} #launch")).body
    assert "You follow #launch by" in answer and f"@{alice.nick}" in answer, answer
    await alice.post("nothing of it")
    await carol.post("somebody else's #launch")
    await bob.nothing()
    await alice.post("the #launch is on Friday")
    await bob.expect_update("on Friday")
    assert f"@{alice.nick} #launch" in (await bob.say("following")).body
    assert "already" in (await bob.say(f"follow @{alice.nick} #launch")).body
    assert "no longer follow" in (await bob.say(f"unfollow @{alice.nick} #launch")).body
    await alice.post("the #launch is off")
    await bob.nothing()


async def scenario_words_are_followed(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow('"budget plan"')
    await alice.post("the Plan for the BUDGET is here")
    await bob.expect_update("Plan for the BUDGET")
    await alice.post("the budget alone")
    await alice.post("the budgetary planning")
    await bob.nothing()
    assert "budget plan" in (await bob.say("tracking")).body
    await bob.say('untrack "budget plan"')
    await alice.post("budget plan again")
    await bob.nothing()


async def scenario_several_reasons_bring_one_message(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice, "#launch", '"rocket"')
    root = await alice.post(f"rocket #launch @{bob.nick}")
    await bob.expect_update("rocket")
    await bob.follow(f"#{root}")
    await alice.post(f"#{root} rocket #launch @{bob.nick} again")
    await bob.expect_update("again")
    await bob.nothing()


async def scenario_a_conversation_is_left_in_two_steps(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    root = await alice.post("who comes?")
    mine = await bob.post(f"#{root} I do")  # bob follows it now
    await alice.expect_update("I do")
    await carol.post(f"#{root} me too")
    await bob.expect_update("me too")
    assert "only answers to you" in (await bob.say(f"unfollow #{root}")).body
    await carol.post(f"#{root} with cake")
    await bob.nothing()
    await carol.post(f"#{mine} bob, you bring plates")
    await bob.expect_update("plates")
    assert "Nothing from" in (await bob.say(f"leave #{root}")).body
    await carol.post(f"#{mine} and forks")
    await bob.nothing()
    await bob.follow(f"#{root}")
    await carol.post(f"#{root} welcome back")
    await bob.expect_update("welcome back")


async def scenario_a_mute_wins_over_following(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice, "#news")
    root = await alice.post("hello")
    await bob.expect_update("hello")
    for what, text in ((f"@{alice.nick}", "silenced"), ("#news", "about #news"), ('"football"', "the football results"),
                       (f"#{root}", f"#{root} more of it")):
        assert "Muted" in (await bob.say(f"mute {what}")).body, what
        await alice.post(text)
        await bob.nothing()
        assert "no longer muted" in (await bob.say(f"unmute {what}")).body, what
        await alice.post(text + " aloud")
        await bob.expect_update("aloud")


async def scenario_a_mute_may_end_by_itself(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    answer = (await bob.say(f"mute {alice.nick} for 2h")).body
    assert "until" in answer, answer
    text = (await bob.say("muted")).body
    assert f"@{alice.nick}" in text and "until" in text, text
    await bob.follow(alice)
    await alice.post("still muted")
    await bob.nothing()


async def scenario_a_mention_by_somebody_muted_does_not_come(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.say(f"mute @{alice.nick}")
    await alice.post(f"hey there @{bob.nick}")
    await bob.nothing()


async def scenario_a_block_keeps_both_apart(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await alice.follow(bob)
    await bob.follow(alice)
    answer = (await bob.say(f"block @{alice.nick}")).body
    assert "Blocked" in answer, answer
    await alice.nothing()  # nobody is told
    await alice.post(f"public, naming @{bob.nick}")
    await bob.post(f"public, naming @{alice.nick}")
    await bob.nothing()
    await alice.nothing()
    assert "cannot" in (await alice.say(f"d @{bob.nick} please?")).body
    assert "cannot follow" in (await alice.say(f"follow @{bob.nick}")).body
    assert "have blocked" in (await bob.say(f"d @{alice.nick} well")).body
    assert f"@{alice.nick}" in (await bob.say("blocked")).body
    assert f"@{bob.nick}" not in (await alice.say("following")).body
    await carol.follow(alice)
    assert "no longer blocked" in (await bob.say(f"unblock @{alice.nick}")).body
    await bob.follow(f"@{alice.nick}")
    await alice.post("friends again")
    await bob.expect_update("friends again")


async def scenario_one_cannot_follow_or_block_oneself(s):
    alice = await s.joined("alice")
    for line in ("follow", "block"):
        answer = (await alice.say(f"{line} @{alice.nick}")).body
        assert "That is you" in answer, answer


async def scenario_a_new_person_follows_what_the_company_wants(s):
    await s.jaejald(service__follow_on_join=f"@{s.account('boss')} #announcements")
    boss = await s.joined("boss")
    alice = await s.joined("alice")
    text = (await alice.say("following")).body
    assert f"@{boss.nick}" in text and "#announcements" in text, text
    await boss.post("welcome, new colleague")
    await alice.expect_update("welcome, new")


async def scenario_a_follower_is_dropped_quietly(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    assert "no longer follows you" in (await alice.say(f"lose {bob.nick}")).body
    await alice.post("for the others")
    await bob.nothing()
    assert "You do not follow them" in (await bob.say(f"whois {alice.nick}")).body


async def scenario_times_are_those_of_ones_zone(s):
    alice = await s.joined("alice")
    n = await alice.post("what time is it")
    shown = []
    for zone, offset in (("Asia/Seoul", 9), ("asia/kolkata", 5.5)):
        assert "time zone is now Asia/" in (await alice.say(f"zone {zone}")).body
        text = (await alice.say(f"#{n}")).body
        hours, minutes = re.search(r"(\d\d):(\d\d)$", text.splitlines()[-1]).groups()
        shown.append((int(hours) * 60 + int(minutes) - offset * 60) % 1440)
    assert shown[0] == shown[1], shown
    assert "no time zone" in (await alice.say("zone Nowhere/City")).body
