# SPDX-License-Identifier: MIT
"""Bad input through real servers: always a clear answer or a deliberate silence; never a crash, a loop, a closed stream."""
import asyncio
import signal
import sqlite3
import time

from harness import Refused, only
from test_link import answers_again

CLIENT = "jabber:client"


async def still_fine(s, client):
    """The bot lives, on the same stream, and posts."""
    assert s.daemon.running
    assert sum("link_up" in line for line in s.daemon.log) == 1, s.daemon.log
    await client.post("all is well here")


async def scenario_what_says_nothing_is_not_answered(s):
    alice, bob = await s.joined("alice", "bob")
    body = "<body>hello from the past</body>"
    for inner in ("", "<body/>", "<body>  \n\t </body>", "<active xmlns='http://jabber.org/protocol/chatstates'/>",
                  "<composing xmlns='http://jabber.org/protocol/chatstates'/>", "<subject>only a subject</subject>",
                  "<received xmlns='urn:xmpp:receipts' id='p1'/>", "<displayed xmlns='urn:xmpp:chat-markers:0' id='p1'/>",
                  "<x xmlns='jabber:x:conference' jid='room@muc.corp.example'/>" + body,
                  f"<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='{CLIENT}' "
                  f"from='{bob.jid}' to='{s.bot}'>{body}</message></forwarded></received>",
                  f"<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='{CLIENT}'>{body}"
                  f"</message></forwarded></sent>" + body,
                  f"<result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='{CLIENT}'>{body}"
                  f"</message></forwarded></result>",
                  "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='x'/></event>"):
        alice.send(None, inner=inner)
    for kind in ("error", "groupchat", "headline"):
        alice.send("not for the microblog", type=kind)
    alice.send_raw(f"<message type='error' id='p1' to='{s.bot}'><body>x</body><error type='cancel'>"
                   f"<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
    await alice.nothing()
    assert "Nobody has posted" in (await bob.say("all")).body
    await still_fine(s, alice)


async def scenario_a_message_without_a_type_or_with_an_odd_one_is_a_message(s):
    alice = await s.joined("alice")
    alice.send_raw(f"<message to='{s.bot}' id='m1'><body>no type at all</body></message>")
    await alice.expect("^Posted")
    alice.send("normal one", type="normal")
    await alice.expect("^Posted")


async def scenario_very_long_bodies(s):
    alice = await s.joined("alice")
    answer = await alice.say("가" * 33000)  # 99 KB
    assert "33,000" in answer.body and "10,000" in answer.body, answer.body[:300]
    answer = await alice.say("z" * 140000)  # more than is looked at
    assert "too long" in answer.body, answer.body[:300]
    answer = await alice.say("search " + "z" * 100000)
    assert answer.body and len(answer.body) < 1000, answer.body[:300]
    answer = await alice.say("follow " + "z" * 100000)
    assert len(answer.body) < 1000 and not answer.body.startswith("Posted"), answer.body[:300]
    await still_fine(s, alice)


async def scenario_a_long_post_of_characters_that_must_be_escaped_arrives_whole(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    text = "<&'\">" * 2000
    n = await alice.post(text)
    assert (await bob.expect_update()).body == f"@{alice.nick}: {text} (#{n})"
    assert (await bob.say(f"#{n}")).body.startswith(f"@{alice.nick}: {text} (#{n})")


async def scenario_many_lines_tags_and_names_are_bearable(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    text = "\n".join(f"#tag{i} @nobody{i} https://x.example/{i}" for i in range(200))
    answer = (await alice.say(text)).body
    assert answer.startswith("Posted") and len(answer) < 2000, answer
    await bob.expect_update("tag199")


async def scenario_characters_that_look_like_something_else(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    for text in ("\u202egnp.exe", "zero\u200bwidth", "e\u0301", "👩\u200d👩\u200d👧", "\u2028line\u2029paragraph", "\ufeffbom",
                 "\U0001f1f0\U0001f1f7", "a\u0300" * 500, "\u00a0nbsp", "tab\there"):
        n = await alice.post(text)
        got = (await bob.expect_update()).body
        assert got.endswith(f" (#{n})") and got.startswith(f"@{alice.nick}: "), got
    await still_fine(s, alice)


async def scenario_control_characters_are_refused_where_they_get_through(s):
    alice = await s.joined("alice")
    # No server lets them in as such; as references they end the sender's own stream, and nobody else's.
    try:
        alice.send_raw(f"<message to='{s.bot}' type='chat'><body>bell &#7; here</body></message>")
        await alice.fence()
    except (AssertionError, ConnectionError):
        pass
    await alice.cut()
    await alice.login()
    await still_fine(s, alice)


async def scenario_malformed_gestures_and_forms(s):
    alice, bob = await s.joined("alice", "bob")
    n = await alice.post("the target")
    for inner in ("<replace xmlns='urn:xmpp:message-correct:0'/>", "<retract xmlns='urn:xmpp:message-retract:1'/>",
                  f"<retract xmlns='urn:xmpp:message-retract:1' id='{'x' * 5000}'/>",
                  "<reactions xmlns='urn:xmpp:reactions:0'/>", "<reactions xmlns='urn:xmpp:reactions:0' id='p1'><reaction/></reactions>",
                  f"<reactions xmlns='urn:xmpp:reactions:0' id='p1'>{'<reaction>👍</reaction>' * 500}</reactions>",
                  "<reactions xmlns='urn:xmpp:reactions:0' id='p99999999999999999999999999'><reaction>x</reaction></reactions>",
                  "<apply-to xmlns='urn:xmpp:fasten:0' id='p1'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
                  "<x xmlns='jabber:x:data' type='submit'><field><value>a</value></field><field var=''/></x>",
                  "<x xmlns='jabber:x:oob'><url></url></x>", "<x xmlns='jabber:x:oob'/>",
                  "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='-5' end='99999999999999'/></fallback>"):
        bob.send(None, inner=inner)
    for body, inner in (("quoted", "<reply xmlns='urn:xmpp:reply:0' id='p1'/><fallback xmlns='urn:xmpp:fallback:0' "
                                   "for='urn:xmpp:reply:0'><body start='99' end='7'/></fallback>"),
                        ("twice", "<reply xmlns='urn:xmpp:reply:0' id='p1'/><reply xmlns='urn:xmpp:reply:0' id='p2'/>")):
        bob.send(body, inner=inner)
        await bob.expect("^Posted")
    await bob.fence()
    assert "the target" in (await alice.say(f"#{n}")).body
    await still_fine(s, alice)


async def scenario_iqs_are_answered_at_once(s):
    alice = await s.joined("alice")
    for to in (s.bot, s.component):
        await alice.iq("<ping xmlns='urn:xmpp:ping'/>", to=to)
        info = await alice.iq("<query xmlns='http://jabber.org/protocol/disco#info'/>", to=to)
        assert any(e.tag.endswith("identity") for e in info.iter()), info
        assert (await alice.iq("<vCard xmlns='vcard-temp'/>", to=to)).findtext(".//{vcard-temp}FN") == "Jaejal"
        await alice.iq("<query xmlns='jabber:iq:version'/>", to=to)
        for kind in ("get", "set"):
            for payload in ("<query xmlns='urn:example:unknown'/>", "<x xmlns='jabber:x:data' type='submit'/>",
                            "<command xmlns='http://jabber.org/protocol/commands' node='nonsense' action='execute'/>",
                            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='x'/></pubsub>",
                            "<query xmlns='jabber:iq:register'/>", "<query xmlns='urn:xmpp:mam:2'/>",
                            "<query xmlns='jabber:iq:search'/>", "<query xmlns='jabber:iq:roster'/>"):
                try:
                    await alice.iq(payload, to=to, type=kind)
                    raise AssertionError(payload + " was answered")
                except Refused as e:
                    no_command = kind == "set" and payload.startswith("<command")  # XEP-0050, 4.4
                    expected = "item-not-found" if no_command else "service-unavailable"
                    assert e.condition == expected, (kind, payload, e.condition)
    await still_fine(s, alice)


async def scenario_answers_to_questions_nobody_asked_are_ignored(s):
    alice = await s.joined("alice")
    for id in ("1", "fence-1", "ping", "vcard-1"):
        for kind, inner in (("result", ""), ("result", "<vCard xmlns='vcard-temp'><FN>The Boss</FN></vCard>"),
                            ("error", "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")):
            alice.send_raw(f"<iq type='{kind}' id='{id}' to='{s.bot}'>{inner}</iq>")
    await alice.nothing()
    assert "Boss" not in (await alice.say("me")).body
    await still_fine(s, alice)


async def scenario_odd_presences_are_borne(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    for xml in ("<priority>999</priority>", "<priority>x</priority>", "<show>sleepy</show>",
                "<x xmlns='vcard-temp:x:update'><photo>nonsense</photo></x>", "<x xmlns='vcard-temp:x:update'/>",
                "<priority>-129</priority>", "<show/>"):
        bob.send_raw(f"<presence to='{s.bot}'>{xml}</presence>")
    for kind in ("probe", "subscribed", "unsubscribed", "error"):
        bob.send_raw(f"<presence to='{s.bot}' type='{kind}'/>")
        bob.send_raw(f"<presence to='nobody@{s.component}' type='{kind}'/>")
    await bob.fence()
    bob.presence()
    await bob.fence()
    await still_fine(s, alice)


async def scenario_encrypted_messages_are_explained_once_and_never_posted(s):
    alice = await s.joined("alice")
    omemo = ("<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>AAAA</payload></encrypted>"
             "<encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl' name='OMEMO'/>")
    answer = await alice.say("I sent you an OMEMO encrypted message but your client doesn't seem to support that.", inner=omemo)
    assert "encrypt" in answer.body, answer
    alice.send("I sent you an OMEMO encrypted message", inner=omemo)
    alice.send("?OTRv23?\nalice would like an Off-the-Record private conversation")
    alice.send("?OTR:AAMDJ+MVmSfjFZcAAAAAAQAAAAIAAADA", inner="")
    await alice.nothing()
    assert "Nobody has posted" in (await alice.say("all")).body


async def scenario_two_bots_do_not_talk_for_ever(s):
    alice, robot = await s.joined("alice", "robot")
    answered = 0

    def parrot():
        nonlocal answered
        for m in robot.messages():
            if m.type != "error" and m.body:
                robot.send(m.body)  # a robot that answers everything with the same
                answered += 1
    await s.daemon.wait_log("link_up")
    robot.send("/help")
    for _ in range(20):
        await robot.fence()
        parrot()
    assert answered <= 40, answered
    await still_fine(s, alice)


async def scenario_sql_in_every_place(s):
    alice, bob = await s.joined("alice", "bob")
    evil = "x'); DELETE FROM person; --"
    n = await alice.post(evil + " #tag');-- @bob');--")
    for line in (f"follow \"{evil}\"", f"mute \"{evil}\"", f"set bio {evil}", f"set title {evil}", f"people {evil}",
                 f"/whois {evil}", f"/get {evil}", f"/tag {evil}", f"search: {evil}", f"edit #{n} {evil}", f"s/x/{evil}/",
                 f"/follow {evil}", f"d @{bob.nick} {evil}", f"#{n} {evil}", f"repeat #{n} {evil}", f"lang {evil}"):
        answer = await alice.say(line)
        assert answer.body, line
    assert f"@{bob.nick}" in (await alice.say(f"people {bob.nick}")).body
    assert evil in (await bob.say(f"@{alice.nick}")).body
    await still_fine(s, alice)


async def scenario_numbers_that_are_too_large(s):
    alice = await s.joined("alice")
    for n in ("0", "00001", "9223372036854775807", "9223372036854775808", "99999999999999999999999999", "-1"):
        for line in (f"#{n}", f"/show #{n}", f"home {n}", f"#{n}+", f"/like #{n}", f"all {n}"):
            answer = (await alice.say(line)).body
            assert answer, line
            await alice.say("no")
    await still_fine(s, alice)


async def scenario_several_subscriptions_at_once(s):
    await s.jaejald()
    alice = await s.people("alice")
    for _ in range(5):
        alice.presence(to=s.bot, type="subscribe")
        alice.presence(to=s.component, type="subscribe")
    await alice.expect_update("Welcome")
    await alice.fence()
    await alice.nothing()  # one welcome


async def scenario_a_newer_database_is_not_touched(s):
    daemon = await s.jaejald()
    await daemon.stop()
    db = sqlite3.connect(daemon.database)
    db.execute("PRAGMA user_version=9999")
    db.commit()
    db.close()
    daemon.expect_exit = 2
    await daemon.start(wait=False)
    code, log = await daemon.ended()
    assert code == 2, (code, log)
    line = next(x for x in daemon.log if x.startswith("jaejald:"))
    assert "newer" in line and daemon.database in line, line
    code, out = await daemon.run("jaejald", "--check")
    assert code == 2 and "newer" in out, (code, out)


async def scenario_a_file_that_is_no_database_is_not_touched(s):
    daemon = await s.jaejald(start=False)
    with open(daemon.database, "w", encoding="ascii") as f:
        f.write("my diary, please do not overwrite\n" * 300)
    daemon.expect_exit = 2
    await daemon.start(wait=False)
    code, log = await daemon.ended()
    assert code == 2 and daemon.database in log, (code, log)
    with open(daemon.database, encoding="ascii") as f:
        assert f.read(8) == "my diary"


async def scenario_a_locked_database_is_said_by_check(s):
    daemon = await s.jaejald()
    code, out = await daemon.run("jaejald", "--check")
    assert code == 0 and "in use by a running jaejald" in out, (code, out)


async def scenario_a_planned_stop_says_goodbye_and_a_start_hello(s):
    alice = await s.joined("alice")
    at = len(alice.presences)

    def saw(kind):
        return any(p.get("type") == kind and (p.get("from") or "").split("/")[0] == s.bot for p in alice.presences[at:])
    await s.daemon.stop()
    await alice.wait(lambda: saw("unavailable"), "unavailable of the bot")
    at = len(alice.presences)
    await s.daemon.start()
    await alice.wait(lambda: saw(None), "the bot's presence")


@only("ejabberd")
async def scenario_a_certificate_for_another_name_is_refused(s):
    await s.jaejald(start=False, component__port=s.server.component_tls_port, component__tls="yes",
                    component__ca_file=s.server.cert, component__host="127.0.0.2")
    await s.daemon.start(wait=False)
    await s.daemon.wait_log("(?i)certificate|connect|refused|unreachable")
    assert not any("link_up" in line for line in s.daemon.log)


async def scenario_a_file_with_a_bad_line_is_refused_with_its_line(s):
    daemon = await s.jaejald(start=False)
    for line, part in (("digest_after = many", "digest_after"), ("[nonsense]", "nonsense"), ("posts_per_minute", "key = value"),
                       ("= 3", "no key stands"), ("language = tlh", "language")):
        daemon.configure()
        with open(daemon.config, "a", encoding="utf-8") as f:
            f.write(("[delivery]\n" if "digest" in line else "[limits]\n" if "posts" in line else
                     "[service]\n" if "language" in line else "") + line + "\n")
        with open(daemon.config, encoding="utf-8") as f:
            n = len(f.readlines())
        code, out = await daemon.run("jaejald")
        assert code == 1 and f"{daemon.config}:{n}:" in out and part in out, (line, code, out)


async def scenario_an_answer_does_not_wait_for_an_acknowledgement(s):
    alice = await s.joined("alice")
    took = []
    for i in range(20):
        began = time.monotonic()
        await alice.post(f"quick {i}.")
        took.append(time.monotonic() - began)
    # Nagle's algorithm at the server and a late ACK at ours would cost each of them 40 ms.
    assert sorted(took)[5] < 0.035 * s.slow, took


async def scenario_a_flood_from_many_at_once(s):
    people = await s.joined("alice", "bob", "carol", "dave")
    for p in people[1:]:
        await p.follow(f"@{people[0].nick}")
    for i in range(40):
        for p in people:
            p.send(f"flood {i} of {p.nick}.")
    for p in people:
        for i in range(40):
            await p.expect(rf"^Posted #\d+ for {3 if p is people[0] else 0} p")
    for p in people[1:]:
        got = [(await p.expect_update("flood")).body for _ in range(40)]
        assert [f"flood {i} of" in b for i, b in enumerate(got)] == [True] * 40, got
    await asyncio.gather(*(p.nothing() for p in people[1:]))


@only("ejabberd")
async def scenario_much_goes_over_tls_in_both_directions(s):
    await s.jaejald(component__port=s.server.component_tls_port, component__tls="yes", component__ca_file=s.server.cert,
                    delivery__digest_after=1000)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.say("off")
    for i in range(30):
        alice.send(f"line {i}." + " and so on" * 900)
    for i in range(30):
        await alice.expect(f"^Posted #{i + 1} ")
    await bob.say("on")
    assert [(await bob.expect_update()).id for _ in range(30)] == [f"p{i + 1}" for i in range(30)]
    await alice.cut()
    await bob.cut()
    await s.server.restart()
    await alice.login()
    await answers_again(alice)
    await alice.post("after the restart")
    await bob.login()
    await bob.expect_update("after the restart")


async def scenario_a_server_that_stands_still_is_waited_for_without_work(s):
    await s.jaejald(delivery__digest_after=1000)
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await bob.say("off")
    for i in range(30):
        alice.send(f"line {i}." + " and so on" * 900)
    for i in range(30):
        await alice.expect(f"^Posted #{i + 1} ")
    bob.send("on")
    await bob.expect("on again")
    s.server.process.send_signal(signal.SIGSTOP)
    before = s.daemon.cpu_seconds()
    await asyncio.sleep(1)  # what is measured is this time itself
    used = s.daemon.cpu_seconds() - before
    s.server.process.send_signal(signal.SIGCONT)
    assert used <= 0.1 * s.slow, used
    assert [(await bob.expect_update()).id for _ in range(30)] == [f"p{i + 1}" for i in range(30)]
    await still_fine(s, alice)
