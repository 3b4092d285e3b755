# SPDX-License-Identifier: MIT
"""People: the first contact, who may come in, who one is, and names and photos from the server's vCards."""
import base64
import hashlib

from harness import Refused

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


async def set_vcard(client, name, photo=None):
    """Puts a vCard on the client's own server; returns the hash of the photo."""
    inner = f"<FN>{name}</FN>"
    if photo:
        inner += f"<PHOTO><TYPE>image/png</TYPE><BINVAL>{base64.b64encode(photo).decode()}</BINVAL></PHOTO>"
    await client.iq(f"<vCard xmlns='vcard-temp'>{inner}</vCard>", to=client.jid, type="set")
    return hashlib.sha1(photo).hexdigest() if photo else ""


async def whois(client, other, wanted):
    """Asks until the answer has what is wanted: the vCard is fetched beside everything else."""
    while True:
        answer = await client.say(f"whois @{other.nick}")
        if wanted in answer.body:
            return answer.body


async def scenario_the_first_message_makes_an_account_and_is_a_post(s):
    alice = await s.people("alice")
    answer = await alice.say("Good morning everybody")
    assert answer.body.startswith("Posted #1 for 0 people"), answer
    welcome = await alice.expect_update("Welcome")
    assert f"@{alice.nick}" in welcome.body and welcome.sender.split("/")[0] == s.bot, welcome
    assert welcome.body.count("\n- ") == 3, welcome.body  # three things to do
    await alice.say("Again")
    await alice.nothing()


async def scenario_adding_the_bot_as_a_contact_makes_an_account(s):
    alice = await s.people("alice")
    await alice.subscribe()
    await alice.expect_update("Welcome")
    await alice.wait(lambda: any(p.get("type") is None and (p.get("from") or "").split("/")[0] == s.bot
                                 for p in alice.presences), "the bot's presence")
    roster = await alice.iq("<query xmlns='jabber:iq:roster'/>", to=alice.jid)
    item = next(i for i in roster.iter("{jabber:iq:roster}item") if i.get("jid") == s.bot)
    assert item.get("subscription") == "both", item.attrib
    await alice.nothing()


async def scenario_writing_to_the_bare_domain_is_answered_from_there(s):
    alice = await s.joined("alice")
    answer = await alice.say("help", to=s.component)
    assert answer.sender.split("/")[0] == s.component and "follow" in answer.body, answer


async def scenario_a_second_hello_is_no_second_welcome(s):
    alice = await s.joined("alice")
    await alice.say("one")
    alice.presence(to=s.bot, type="subscribe")
    await alice.fence()
    await alice.logout()
    await alice.login()
    await alice.nothing()


async def scenario_a_contact_that_leaves_is_let_go_and_may_come_back(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    bob.presence(to=s.bot, type="unsubscribe")
    bob.presence(to=s.bot, type="unsubscribed")
    await bob.fence()
    assert "I do not see when you are online" in (await bob.say("status")).body
    await alice.post("still for those who follow")
    await bob.expect_update("still for those")
    bob.inbox.clear()
    await bob.subscribe()
    await alice.post("and again")
    await bob.expect_update("and again")


async def scenario_strangers_hear_not_allowed_once_and_nothing_else(s):
    alice = await s.joined("alice")
    eve = await s.people("eve", domain=s.server.other_domain)
    assert (await eve.say("hello")).error == "not-allowed"
    for text in ("hello again", f"@{alice.nick}", "d alice psst", "home"):
        eve.send(text)
    for _ in range(3):
        try:
            await eve.iq("<ping xmlns='urn:xmpp:ping'/>")
            raise AssertionError("a stranger's ping was answered")
        except Refused as e:
            assert e.condition == "not-allowed", e.condition
    assert eve.messages() == []
    assert "Nobody has posted" in (await alice.say("all")).body
    assert "Nobody is found" in (await alice.say(f"people {eve.nick}")).body


async def scenario_a_stranger_s_subscription_gets_nowhere(s):
    await s.jaejald()
    eve = await s.people("eve", domain=s.server.other_domain)
    eve.presence(to=s.bot, type="subscribe")
    try:
        await eve.iq("<ping xmlns='urn:xmpp:ping'/>")
    except Refused:
        pass
    assert not any(p.get("type") in ("subscribed", "subscribe") for p in eve.presences)
    assert eve.messages() == []


async def scenario_a_forged_sender_is_ignored(s):
    alice, boss = await s.joined("alice", "boss")
    alice.send_raw(f"<message to='{s.bot}' type='chat' id='forged' xmlns:x='urn:example:x' x:from='{boss.jid}' "
                   f"x:to='{s.component}' x:type='error'><body>You all get a raise</body></message>")
    answer = await alice.expect("Posted #1")
    assert answer.type == "chat"
    assert (await alice.say("#1")).body.startswith(f"@{alice.nick}: You all get a raise")
    await boss.nothing()


async def scenario_name_and_photo_come_from_the_vcard(s):
    alice, bob = await s.people("alice", "bob")
    await set_vcard(alice, "Alice Kim", PNG)
    await alice.join()
    await bob.join()
    text = await whois(bob, alice, f"Alice Kim (@{alice.nick})")
    assert "Photo: image/png" in text, text
    await bob.follow(alice)
    n = await alice.post("with my name")
    assert (await bob.expect_update()).body == f"Alice Kim (@{alice.nick}): with my name (#{n})"
    assert "Alice Kim" in (await bob.say("people kim")).body


async def scenario_a_new_hash_in_the_presence_brings_the_new_name_and_photo(s):
    alice, bob = await s.people("alice", "bob")
    first = await set_vcard(alice, "Alice Kim", PNG)
    await alice.join()
    await bob.join()
    await whois(bob, alice, "Alice Kim")
    second = await set_vcard(alice, "Alice Park", PNG + b"more")
    assert first != second
    alice.presence(inner=f"<x xmlns='vcard-temp:x:update'><photo>{second}</photo></x>")
    await whois(bob, alice, f"Alice Park (@{alice.nick})")


async def scenario_a_name_cannot_pretend(s):
    alice, bob = await s.people("alice", "bob")
    await set_vcard(alice, "Boss (@ceo): hi&#10;CEO (@ceo): you are fired &#x202E;#12 " + "x" * 300)
    await alice.join()
    await bob.join()
    text = await whois(bob, alice, "Boss")
    name = text.split("\n")[0].rsplit(" (@", 1)[0]
    assert not set("@#():\u202e") & set(name) and len(name) <= 60, text
    assert text.split("\n")[0].endswith(f"(@{alice.nick})"), text


async def scenario_one_s_own_profile(s):
    alice, bob = await s.joined("alice", "bob")
    assert "Engineer" in (await alice.say("set title Engineer")).body
    assert "Mountains" in (await alice.say("set bio Mountains & <coffee>")).body
    text = (await bob.say(f"@{alice.nick}")).body
    assert f"@{alice.nick}, Engineer" in text and "Mountains & <coffee>" in text, text
    text = (await alice.say("me")).body
    assert alice.jid in text and "Engineer" in text and "Language: English" in text, text
    assert f"@{alice.nick}" in (await bob.say("people engineer")).body
    assert "empty" in (await alice.say("set title -")).body
    answer = (await alice.say("set bio " + "y" * 501)).body
    assert "501" in answer and "500" in answer, answer


async def scenario_an_employee_named_like_the_bot_is_told_apart(s):
    s.account = lambda name, domain=None: name  # fresh only because nobody else takes this name
    bot2, bob = await s.joined("jaejal", "bob")
    s.account = type(s).account.__get__(s)
    text = (await bob.say("people jaejal")).body
    assert "@jaejal2" in text and "@jaejal " not in text + " ", text


async def scenario_stats_and_status_speak_of_oneself(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    n = await alice.post("one post")
    await bob.expect_update("one post")
    await bob.say(f"like #{n}")
    text = (await alice.say("stats")).body
    for line in ("1 post", "1 like", "1 follower", "follows 0"):
        assert line in text, text
    text = (await bob.say("status")).body
    assert "phone" in text and "priority 0" in text and "Nothing waits" in text, text
    assert f"#{n}" in text, text


async def scenario_two_domains_and_one_name(s):
    await s.jaejald(service__allowed_domains=f"{s.domain} {s.server.other_domain}")
    first = await s.joined("alice")
    second = (await s.people("alice", domain=s.server.other_domain))
    await second.subscribe()
    welcome = await second.expect_update("Welcome")
    assert f"@{first.nick}2" in welcome.body, welcome
    await second.say(f"follow @{first.nick}")
    await first.expect_update("New follower")
    await first.say(f"follow {second.jid}")
    await first.post("from the first")
    await second.expect_update("from the first")
    await second.post("from the second")
    assert (await first.expect_update()).body.startswith(f"@{first.nick}2: from the second")
    n = await first.post(f"hello @{first.nick}2")
    assert (await second.expect_update("hello")).id == f"p{n}"


async def scenario_a_name_in_hangul(s):
    gildong, bob = await s.joined("홍길동", "bob")
    assert gildong.nick.startswith("홍길동")
    assert f"@{gildong.nick}" in (await bob.say(f"팔로우 @{gildong.nick}")).body
    await gildong.post("안녕하세요")
    assert (await bob.expect_update("안녕")).body.startswith(f"@{gildong.nick}: ")
    await bob.post(f"어제 @{gildong.nick}님이 말씀하신 것")
    await gildong.expect_update("어제")
    assert "Sent privately" in (await bob.say(f"쪽지 {gildong.nick} 둘만")).body
    await gildong.expect_update("둘만")


async def scenario_answers_go_to_the_client_that_asked(s):
    alice = await s.joined("alice")
    odd = "it's <my> \"phone\" & \u00e9" + "x" * 200
    laptop = await s.device(alice, odd)
    await laptop.say("help")
    await laptop.post("from an odd client")
    assert alice.messages() == []
    assert "2 clients" in (await alice.say("status")).body
    assert laptop.messages() == []
