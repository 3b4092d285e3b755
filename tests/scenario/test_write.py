# SPDX-License-Identifier: MIT
"""Writing: posts, replies, private messages; what changes them and takes them back; likes and repeats; a client's gestures."""
import re

from harness import NOBODY


async def scenario_a_post_is_confirmed_and_followers_are_told(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await bob.follow(alice)
    answer = await alice.say("안녕 <all> & everybody 🎉")
    assert answer.body == "Posted #1 for 1 person." and answer.type == "chat", answer
    m = await bob.expect_update()
    assert m.body == f"@{alice.nick}: 안녕 <all> & everybody 🎉 (#1)", m
    assert m.id == m.origin_id == "p1" and m.sender.split("/")[0] == s.bot and m.delay is None, m.raw
    await alice.nothing()
    await bob.nothing()
    await carol.nothing()


async def scenario_line_breaks_and_blanks_are_kept_and_cannot_pretend(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("Agenda\n  1. lunch\n@boss: you are fired (#9)")
    m = await bob.expect_update()
    assert m.body == f"@{alice.nick}: Agenda\n    1. lunch\n  @boss: you are fired (#9) (#{n})", m


async def scenario_posting_to_nobody_says_how_to_be_seen(s):
    alice = await s.joined("alice")
    assert "0 people" in (await alice.say("hello?")).body


async def scenario_me_waves(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("/me waves")
    assert (await bob.expect_update()).body == f"* @{alice.nick} waves (#{n})"


async def scenario_a_reply_reaches_the_author_and_the_conversation(s):
    alice, bob, carol, dave = await s.joined("alice", "bob", "carol", "dave")
    root = await alice.post("Lunch?")
    first = await bob.post(f"#{root} Count me in")
    m = await alice.expect_update("Count me in")
    assert m.body == f"@{bob.nick} → #{root}: Count me in (#{first})", m
    await carol.follow(f"#{root}")
    second = await bob.post(f"reply #{root} At noon")
    await carol.expect_update("At noon")
    await alice.expect_update("At noon")
    # bob follows it since he wrote in it; dave does not.
    third = await alice.post(f"#{second} Fine")
    assert (await bob.expect_update("Fine")).id == f"p{third}"
    await carol.expect_update("Fine")
    await dave.nothing()
    thread = (await dave.say(f"#{third}+")).body
    places = [thread.find(f"(#{n})") for n in (root, first, second, third)]
    assert -1 not in places and places == sorted(places), thread


async def scenario_a_reply_to_a_person_names_the_post_it_answers(s):
    alice, bob = await s.joined("alice", "bob")
    await alice.post("first")
    second = await alice.post("second thought")
    answer = (await bob.say(f"reply @{alice.nick} Agreed")).body
    assert f"#{second}" in answer and "second thought" in answer, answer
    assert f"→ #{second}: Agreed" in (await alice.expect_update("Agreed")).body


async def scenario_a_private_message_is_for_two(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await carol.follow(alice)
    n = await alice.post(f"d @{bob.nick} the merger is on")
    m = await bob.expect_update()
    assert m.body == f"@{alice.nick}, privately: the merger is on (#{n})", m
    reply = await bob.post(f"#{n} until friday #merger @{carol.nick}")
    await alice.expect_update("until friday")
    await carol.nothing()
    for verb in ("#%d", "show #%d", "thread #%d", "#%d+", "likes #%d", "#%d history", "like #%d", "repeat #%d", "follow #%d",
                 "unlike #%d", "delete #%d", "mute #%d"):
        for hidden in (n, reply):
            a, b = (await carol.say(verb % hidden)).body, (await carol.say(verb % NOBODY)).body
            assert a.replace(f"#{hidden}", "#N") == b.replace(f"#{NOBODY}", "#N"), (a, b)
    for line in ("search merger", "search friday", "all", f"@{alice.nick}", f"get @{bob.nick}", "home", "mentions", "inbox",
                 "#merger", "tag merger", f"search from:{alice.nick}", f"search to:{carol.nick}"):
        text = (await carol.say(line)).body
        assert "the merger is" not in text and "until friday" not in text, (line, text)
    for reader in (alice, bob):
        for line in ("inbox", "search merger is", f"thread #{n}"):
            text = (await reader.say(line)).body
            assert "the merger is on" in text, (line, text)
    await carol.nothing()


async def scenario_a_private_message_names_nobody_else(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    answer = await alice.say(f"d @{bob.nick} not a word to @{carol.nick}")
    assert "Sent privately" in answer.body and f"@{carol.nick}" in answer.body and "not told" in answer.body, answer
    await bob.expect_update("not a word")
    await carol.nothing()


async def scenario_a_private_message_cannot_be_repeated(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await carol.follow(bob)
    n = await alice.post(f"d @{bob.nick} psst")
    await bob.expect_update("psst")
    assert "cannot be repeated" in (await bob.say(f"repeat #{n}")).body
    await carol.nothing()


async def scenario_an_edit_is_a_correction_of_the_same_message(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await bob.follow(alice)
    n = await alice.post("Lunch at noom")
    await bob.expect_update("noom")
    answer = (await alice.say(f"edit #{n} Lunch at noon, @{carol.nick}")).body
    assert answer.startswith(f"Changed #{n}") and f"@{carol.nick}" in answer, answer
    m = await bob.expect_update("noon")
    assert m.replace == f"p{n}" and m.id == m.origin_id == f"p{n}e1", m.raw
    assert m.body == f"@{alice.nick}: Lunch at noon, @{carol.nick} (#{n})", m
    new = await carol.expect_update("noon")
    assert new.replace is None, new.raw  # named now: gets it as new
    await alice.say("s/Lunch/Dinner/")
    third = await bob.expect_update("Dinner")
    assert third.replace == f"p{n}" and third.id == f"p{n}e2", third.raw  # always the first id (XEP-0308)
    assert (await carol.expect_update("Dinner")).replace == new.id
    history = (await bob.say(f"#{n} history")).body
    assert [history.find(x) for x in ("noom", "noon", "Dinner")] == sorted(history.find(x) for x in ("noom", "noon", "Dinner"))
    assert "noom" in history, history


async def scenario_only_the_author_edits_and_deletes(s):
    alice, bob = await s.joined("alice", "bob")
    n = await alice.post("mine")
    for line in (f"edit #{n} yours", f"delete #{n}"):
        answer = (await bob.say(line)).body
        assert f"@{alice.nick}" in answer and "only they" in answer, answer
    assert "mine" in (await bob.say(f"#{n}")).body


async def scenario_a_deletion_is_a_retraction_with_a_readable_fallback(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("oops")
    await bob.expect_update("oops")
    assert (await alice.say(f"delete #{n}")).body.startswith(f"#{n} was taken back")
    m = await bob.expect_update()
    assert m.retract == f"p{n}" and m.body == f"(#{n} was taken back)" and "urn:xmpp:fallback:0" in m.raw, m.raw
    a, b = (await bob.say(f"#{n}")).body, (await bob.say(f"#{NOBODY}")).body
    assert a.replace(str(n), "N") == b.replace(str(NOBODY), "N"), (a, b)
    for line in ("search oops", "all", "home", f"@{alice.nick}"):
        assert "oops (" not in (await bob.say(line)).body


async def scenario_a_reply_to_what_was_taken_back_is_not_published(s):
    alice, bob = await s.joined("alice", "bob")
    n = await alice.post("short-lived")
    await alice.say("undo")
    answer = (await bob.say(f"#{n} good idea")).body
    assert answer.startswith("Nothing is published yet"), answer
    assert "good idea" not in (await alice.say("all")).body


async def scenario_undo_takes_back_the_newest(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await alice.post("keep")
    n = await alice.post("let go")
    await bob.expect_update("let go")
    assert f"#{n} was taken back" in (await alice.say("undo")).body
    await bob.expect_update("taken back")
    text = (await bob.say("home")).body
    assert "keep" in text and "let go" not in text, text
    await alice.say("undo")
    assert "nothing" in (await alice.say("undo")).body


async def scenario_likes_are_told_bundled(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    n = await alice.post("cake in the kitchen")
    assert f"You like #{n}" in (await bob.say(f"like #{n}")).body
    m = await alice.expect_update("liked by")
    assert f"#{n}" in m.body and f"@{bob.nick}" in m.body, m
    assert "already" in (await bob.say(f"+1 #{n}")).body
    await carol.say(f"fav #{n}")
    await alice.nothing()  # at most one such message an hour
    text = (await alice.say(f"likes #{n}")).body
    assert f"@{bob.nick}" in text and f"@{carol.nick}" in text, text
    assert "2 likes" in (await carol.say(f"#{n}")).body
    assert "no longer" in (await bob.say(f"unlike #{n}")).body
    assert "1 like" in (await carol.say(f"#{n}")).body
    assert "your own" in (await alice.say(f"like #{n}")).body


async def scenario_a_repeat_reaches_each_once(s):
    alice, bob, carol, dave = await s.joined("alice", "bob", "carol", "dave")
    await carol.follow(bob)
    await dave.follow(alice, bob)
    n = await alice.post("worth reading")
    await dave.expect_update("worth reading")
    answer = (await bob.say(f"repeat #{n}")).body
    assert answer == f"Repeated #{n} for 1 person.", answer
    m = await carol.expect_update()
    assert m.body == f"@{bob.nick} repeats @{alice.nick}: worth reading (#{n})" and m.id.startswith("r"), m
    await dave.nothing()  # has it already
    assert "already" in (await bob.say(f"rt #{n}")).body
    await carol.nothing()
    await alice.say(f"delete #{n}")
    back = await carol.expect_update("taken back")
    assert back.retract == m.id, back.raw
    assert (await dave.expect_update("taken back")).retract == f"p{n}"


async def scenario_a_repeat_with_a_comment_can_be_taken_back(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await carol.follow(bob)
    n = await alice.post("the original")
    await bob.say(f"repeat #{n} what I always say")
    m = await carol.expect_update()
    assert m.body == f"@{bob.nick}: what I always say ↻ @{alice.nick}: the original (#{n})", m
    assert "repeat" in (await bob.say("undo")).body
    assert (await carol.expect_update("taken back")).retract == m.id
    assert "the original" in (await carol.say(f"#{n}")).body


async def scenario_the_same_message_twice_is_one_post(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    first = await alice.say("only once", id="same-id")
    again = await alice.say("only once", id="same-id")
    assert first.body == again.body, (first, again)
    await bob.expect_update("only once")
    await bob.nothing()
    # Another body is another message, and so is a message without an id.
    await alice.post("something else", id="same-id")
    a, b = await alice.post("no id", id=""), await alice.post("no id", id="")
    assert a != b


async def scenario_a_client_s_gestures(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("by gesture")
    sent = alice.said
    m = await bob.expect_update("by gesture")
    # a reply to our id
    bob.reply("answered natively", m.id)
    await bob.expect("Posted")
    assert f"→ #{n}: answered natively" in (await alice.expect_update("answered")).body
    # a reaction, and its withdrawal
    bob.react(m.id, "👍")
    await bob.expect(f"You like #{n}")
    bob.react(m.id)
    await bob.expect(f"no longer like #{n}")
    # the author's correction and retraction, by the sender's own id
    alice.correct("by better gesture", sent)
    await alice.expect(f"Changed #{n}")
    fixed = await bob.expect_update("better")
    assert fixed.replace == m.id, fixed.raw
    bob.react(fixed.id, "❤")  # the correction's id means the same post
    await bob.expect(f"You like #{n}")
    alice.retract(sent)
    await alice.expect(f"#{n} was taken back")
    gone = await bob.expect_update("taken back")
    assert gone.retract == m.id and gone.body == f"(#{n} was taken back)", gone.raw


async def scenario_gestures_outlive_a_restart(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("before the restart")
    sent = alice.said
    m = await bob.expect_update("before")
    await s.daemon.restart(kill=True)
    bob.reply("after", m.id)
    await bob.expect("Posted")
    alice.correct("changed after the restart", sent)
    await alice.expect(f"Changed #{n}")
    assert (await bob.expect_update("changed after")).replace == m.id


async def scenario_a_gesture_that_names_nothing_we_know_is_explained(s):
    alice, bob = await s.joined("alice", "bob")
    await alice.post("target")
    for do in (lambda: bob.reply("to what?", "9f8b6c1e-archive-id"), lambda: bob.react("9f8b6c1e", "👍"),
               lambda: bob.retract("9f8b6c1e"), lambda: bob.react("p99999", "👍"), lambda: bob.reply("hm", "p99999")):
        do()
        answer = await bob.expect()
        assert "#" in answer.body and not answer.body.startswith("Posted"), answer
    assert "to what?" not in (await alice.say("all")).body


async def scenario_others_posts_are_not_corrected_by_gesture(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("hands off")
    m = await bob.expect_update()
    bob.retract(m.id)
    assert "was taken back" not in (await bob.expect()).body
    bob.correct("hands on", m.id)
    await bob.expect()
    assert "hands off" in (await alice.say(f"#{n}")).body


async def scenario_a_correction_of_a_command_says_so(s):
    alice, bob = await s.joined("alice", "bob")
    await alice.say(f"follow @{bob.nick}")
    alice.correct("follow nobody at all, I think", alice.said)
    answer = await alice.expect()
    assert "carried out" in answer.body and "unfollow" in answer.body, answer
    assert f"@{bob.nick}" in (await alice.say("following")).body
    assert "Nobody has posted" in (await alice.say("all")).body


async def scenario_a_quoted_fallback_is_taken_off(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("the question")
    m = await bob.expect_update()
    quote = "> the question\n"
    bob.send(quote + "the answer", inner=(
        f"<reply xmlns='urn:xmpp:reply:0' id='{m.id}' to='{s.bot}'/><fallback xmlns='urn:xmpp:fallback:0' "
        f"for='urn:xmpp:reply:0'><body start='0' end='{len(quote)}'/></fallback>"))
    await bob.expect("Posted")
    assert re.fullmatch(rf"@{bob.nick} → #{n}: the answer \(#\d+\)", (await alice.expect_update("answer")).body)


async def scenario_a_file_s_address_is_a_post_that_can_be_found(s):
    alice = await s.joined("alice")
    url = "https://files.corp.example/a/plan.pdf"
    n = await alice.post(url, inner=f"<x xmlns='jabber:x:oob'><url>{url}</url></x>")
    for line in ("search has:file", "search has:link"):
        assert f"(#{n})" in (await alice.say(line)).body


async def scenario_a_post_over_the_limit_is_refused_with_the_figure(s):
    alice = await s.joined("alice")
    answer = (await alice.say("y" * 10001)).body
    assert "10,001" in answer and "10,000" in answer, answer
    await alice.post("y" * 10000)


async def scenario_many_posts_at_once_are_numbered_in_order(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    for i in range(50):
        alice.send(f"number {i}")
    got = [await bob.expect_update() for _ in range(50)]
    assert [m.body.split(": ")[1].split(" (")[0] for m in got] == [f"number {i}" for i in range(50)], got
    assert [m.id for m in got] == [f"p{i + 1}" for i in range(50)]
    for i in range(50):
        await alice.expect(rf"^Posted #{i + 1} ")


async def scenario_an_id_of_a_hidden_post_is_worth_nothing(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    n = await alice.post(f"d @{bob.nick} between us")
    for do in (carol.react, lambda id, *_: carol.reply("me too", id), lambda id, *_: carol.retract(id),
               lambda id, *_: carol.correct("changed", id)):
        answers = []
        for id in (f"p{n}", f"p{NOBODY}"):
            do(id, "👍")
            m = await carol.expect()
            answers.append(re.sub(r"#\d+", "#N", m.body))
            assert "between us" not in m.body
        assert answers[0] == answers[1] or all(a.startswith("Posted #N") for a in answers), answers
    await bob.expect_update("between us")
    await bob.nothing()
    assert "between us" in (await bob.say(f"#{n}")).body


async def scenario_a_correction_of_a_private_line_stays_private(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await carol.follow(alice)
    n = await alice.post(f"d @{bob.nick} at noom")
    sent = alice.said
    await bob.expect_update("noom")
    alice.correct(f"d @{bob.nick} at noon", sent)
    await alice.expect(f"Changed #{n}")
    m = await bob.expect_update("noon")
    assert m.body == f"@{alice.nick}, privately: at noon (#{n})" and m.replace == f"p{n}", m
    alice.correct("at one", sent)
    await alice.expect(f"Changed #{n}")
    assert (await bob.expect_update("at one")).body == f"@{alice.nick}, privately: at one (#{n})"
    alice.correct(f"d @{carol.nick} at two", sent)
    assert "somewhere else" in (await alice.expect()).body
    await carol.nothing()
    await bob.nothing()


async def scenario_ids_may_look_like_anything(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    for id in ("'\"<>&;--", "p1", "a1", "식별자", "x" * 1000, " blank "):
        n = await alice.post("with an odd id.", id=id)
        m = await bob.expect_update("odd id")
        alice.retract(id)
        await alice.expect(f"#{n} was taken back")
        assert (await bob.expect_update("taken back")).retract == m.id
    await alice.post("with a very long one", id="y" * 3000)
    await bob.expect_update("very long")


async def scenario_a_correction_of_a_reply_keeps_its_place(s):
    alice, bob = await s.joined("alice", "bob")
    root = await alice.post("who comes?")
    n = await bob.post(f"#{root} me")
    sent = bob.said
    await alice.expect_update("me")
    bob.correct(f"#{root} me and carol", sent)
    await bob.expect(f"Changed #{n}")
    assert (await alice.expect_update("carol")).body == f"@{bob.nick} → #{root}: me and carol (#{n})"


async def scenario_a_line_that_was_asked_about_can_be_corrected(s):
    alice, bob = await s.joined("alice", "bob")
    await alice.say(f"folow {bob.nick}")
    alice.correct(f"follow {bob.nick}", alice.said)
    assert "You follow" in (await alice.expect()).body
    assert "Nobody has posted" in (await alice.say("all")).body


async def scenario_a_post_corrected_into_a_command_is_asked_about(s):
    alice, bob = await s.joined("alice", "bob")
    n = await alice.post("hello there")
    alice.correct("help", alice.said)
    answer = (await alice.expect()).body
    assert "yes" in answer and f"#{n}" in answer, answer
    assert "hello there" in (await bob.say(f"#{n}")).body
    assert f"Changed #{n}" in (await alice.say("yes")).body
    assert "help" in (await bob.say(f"#{n}")).body


async def scenario_thanks_and_what_stands_on_top(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    answer = (await alice.say(f"praise {bob.nick} for the help of yesterday")).body
    assert "thanked 1 time" in answer, answer
    m = await bob.expect_update("for the help")
    assert m.body.startswith(f"@{alice.nick}: 👏 @{bob.nick} for the help of yesterday (#"), m.body
    n = await bob.post("my best one")
    assert f"#{n} stands on top" in (await bob.say(f"pin #{n}")).body
    await bob.post("a later one")
    text = (await carol.say(f"whois {bob.nick}")).body
    assert "Thanked 1 time" in text and text.index("On top:") < text.index("my best one") < text.index("The newest:"), text
    assert "written by" in (await carol.say(f"pin #{n}")).body
    assert "no longer" in (await bob.say(f"unpin #{n}")).body
    assert "On top" not in (await carol.say(f"whois {bob.nick}")).body


async def scenario_a_conversation_is_ended(s):
    alice, bob = await s.joined("alice", "bob")
    n = await alice.post("what shall we do")
    m = await bob.post(f"#{n} this and that")
    await alice.expect_update("this and that")
    assert f"Only who began conversation #{n}" in (await bob.say(f"end #{m}")).body
    assert "is ended" in (await alice.say(f"end #{n}")).body
    for who in (alice, bob):
        assert "no more replies" in (await who.say(f"#{m} and more")).body
    await alice.nothing()
