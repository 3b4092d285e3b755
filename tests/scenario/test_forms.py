# SPDX-License-Identifier: MIT
"""Ad-hoc commands, as a client with forms runs them: slixmpp's own XEP-0050 and XEP-0004."""
import asyncio
import xml.etree.ElementTree as ET

from slixmpp.exceptions import IqError

COMMANDS = "http://jabber.org/protocol/commands"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Forms:
    """The commands of the bot, for one person."""

    def __init__(self, client, to=None):
        self.client, self.to = client, to or client.bot
        for plugin in ("xep_0030", "xep_0004", "xep_0050"):
            client.xmpp.register_plugin(plugin)
        self.adhoc = client.xmpp["xep_0050"]
        self.session = self.node = None

    async def list(self):
        items = await self.adhoc.get_commands(self.to, timeout=self.client.timeout)
        return {node: name for _, node, name in items["disco_items"]["items"]}

    async def step(self, node, action="execute", values=None, session=None):
        """One step; the <command/> that came back."""
        form = None
        if values is not None:
            form = self.client.xmpp["xep_0004"].make_form(ftype="submit")
            for var, value in values.items():
                form.add_field(var=var, value=value)
        answer = await self.adhoc.send_command(self.to, node, action=action, payload=form, sessionid=session,
                                               timeout=self.client.timeout)
        self.node, self.session = node, answer["command"]["sessionid"]
        return answer["command"]

    async def begin(self, node):
        return await self.step(node)

    async def go(self, action, **values):
        return await self.step(self.node, action, values or None, self.session)

    async def refused(self, condition, specific, node, action="execute", values=None, session=None):
        try:
            answer = await self.step(node, action, values, session)
        except IqError as e:
            assert e.condition == condition, e.condition
            names = [el.tag for el in e.iq["error"].xml]
            assert specific is None or f"{{{COMMANDS}}}{specific}" in names, names
            return
        raise AssertionError(f"not refused: {ET.tostring(answer.xml, encoding='unicode')}")


def text(command):
    """What was said: notes, and the lines of a result."""
    return "\n".join([n.text or "" for n in command.xml.findall(f"{{{COMMANDS}}}note")] +
                     [v.text or "" for v in command.xml.findall(
                         "{jabber:x:data}x[@type='result']/{jabber:x:data}field/{jabber:x:data}value")])


def fields(command):
    return {f["var"]: f for f in command["form"].get_fields().values()}


async def scenario_the_commands_are_listed_in_ones_language(s):
    alice = await s.joined("alice")
    info = await alice.iq("<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert COMMANDS in [e.get("var") for e in info[0]]
    for to in (s.bot, s.component):
        listed = await Forms(alice, to).list()
        assert {"post", "follow", "like", "set", "me"} <= set(listed), listed
        assert not {"yes", "login", "admin role"} & set(listed), listed
        assert "follow" in listed["follow"]
    await alice.say("lang ko")
    listed = await Forms(alice).list()
    assert "팔로우" in listed["follow"], listed["follow"]
    info = await alice.iq("<query xmlns='http://jabber.org/protocol/disco#info' node='follow'/>")
    assert info[0][0].get("category") == "automation" and info[0][0].get("type") == "command-node"
    assert "jabber:x:data" in [e.get("var") for e in info[0]]


async def scenario_a_form_does_what_its_command_does(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    forms = Forms(alice)
    command = await forms.begin("post")
    assert command["status"] == "executing" and "complete" in command["actions"]
    assert fields(command)["text"]["type"] == "text-multi" and fields(command)["text"]["required"]
    command = await forms.go("complete", text="line one\nline two; /delete #1")
    assert command["status"] == "completed" and "Posted #1 for 1 person" in text(command)
    update = await bob.expect_update("line one")
    assert "line two; /delete #1" in update.body
    await alice.nothing()  # the answer is the IQ's alone
    bobs = Forms(bob)
    await bobs.begin("like")
    assert "You like #1" in text(await bobs.go("complete", post="1"))
    await bobs.begin("home")
    command = await bobs.go("complete", n="5")
    assert "line two; /delete #1" in text(command), text(command)


async def scenario_several_steps_forth_and_back(s):
    alice, bob = await s.joined("alice", "bob")
    forms = Forms(alice)
    command = await forms.begin("set")
    assert command["status"] == "executing" and command["actions"] == {"next"}
    command = await forms.go("next", name="bio")
    assert command["actions"] == {"prev", "complete"}
    command = await forms.go("prev")
    assert fields(command)["name"]["value"] == "bio"
    await forms.go("next", name="title")
    assert "Engineer" in text(await forms.go("complete", value="Engineer"))
    await forms.begin("set")
    command = await forms.go("next", name="title")
    assert fields(command)["value"]["value"] == "Engineer"
    # Whom did you mean?
    await forms.begin("d")
    command = await forms.go("complete", who=bob.nick + "x", text="between us")
    assert command["status"] == "executing" and "called @" in text(command), text(command)
    who = fields(command)["who"]
    assert who["type"] == "list-single" and f"@{bob.nick}" in [o["value"] for o in who["options"]]
    assert f"@{bob.nick}" in text(await forms.go("next", who=f"@{bob.nick}"))
    await bob.expect_update("privately: between us")
    # What cannot be undone
    n = await alice.post("to be taken back")
    await forms.begin("delete")
    command = await forms.go("next", post=f"#{n}")
    assert fields(command)["confirm"]["type"] == "boolean"
    assert f"#{n}" in text(await forms.go("complete", confirm="1"))
    assert "no post" in (await alice.say(f"#{n}")).body


async def scenario_cancelled_ended_and_unknown_sessions(s):
    alice, bob = await s.joined("alice", "bob")
    forms, others = Forms(alice), Forms(bob)
    await forms.begin("like")
    command = await forms.go("cancel")
    assert command["status"] == "canceled"
    await forms.refused("not-allowed", "session-expired", "like", "complete", {"post": "1"}, forms.session)
    await forms.refused("bad-request", "bad-sessionid", "like", "complete", {"post": "1"}, "wibble")
    await forms.begin("like")
    await others.refused("bad-request", "bad-sessionid", "like", "complete", {"post": "1"}, forms.session)
    await forms.refused("bad-request", "bad-action", "like", "prev", None, forms.session)
    await forms.refused("bad-request", "malformed-action", "like", "wibble", None, forms.session)
    await forms.refused("bad-request", "bad-payload", "like", "complete", None, forms.session)
    await forms.refused("bad-request", "bad-payload", "like", "complete", {"wibble": "1"}, forms.session)
    await forms.refused("item-not-found", None, "wibble")
    try:
        await alice.iq(f"<command xmlns='{COMMANDS}' node='like' xml:lang='???'/>", type="set")
    except Exception as e:
        assert e.condition == "bad-request" and e.xml.find(f".//{{{COMMANDS}}}bad-locale") is not None, e
    else:
        raise AssertionError("a locale that is none")


async def scenario_a_session_does_not_outlive_the_program(s):
    alice = await s.joined("alice")
    forms = Forms(alice)
    await forms.begin("post")
    session = forms.session
    await s.daemon.kill9()
    await s.daemon.start()
    await alice.fence()
    await forms.refused("bad-request", "bad-sessionid", "post", "complete", {"text": "late"}, session)
    assert "Nobody has posted" in (await alice.say("all")).body


async def scenario_a_role_that_is_lacking_sees_nothing(s):
    await s.jaejald(service__admins=f"{s.account('alice')}@{s.domain}")
    alice, bob = await s.joined("alice", "bob")
    assert "admin role" in await Forms(alice).list()
    assert "admin role" not in await Forms(bob).list()
    await Forms(bob).refused("item-not-found", None, "admin role")
    forms = Forms(alice)
    command = await forms.begin("admin role")
    assert command["status"] == "executing"


async def scenario_forms_speak_the_clients_language(s):
    alice = await s.joined("alice")
    xml = await alice.iq(f"<command xmlns='{COMMANDS}' node='like' xml:lang='ko-KR'/>", type="set")
    command = xml.find(f"{{{COMMANDS}}}command")
    assert command.get(LANG) == "ko"
    assert "글" in command.find(".//{jabber:x:data}field").get("label")
    await alice.say("lang en")  # what one asked for wins
    xml = await alice.iq(f"<command xmlns='{COMMANDS}' node='like' xml:lang='ko'/>", type="set")
    assert xml.find(f"{{{COMMANDS}}}command").get(LANG) == "en"


async def scenario_many_at_once(s):
    """Sessions of one person, and submissions at the same time: each is answered, none is lost or mixed up."""
    alice = await s.joined("alice")
    forms = [Forms(alice) for _ in range(3)]
    await asyncio.gather(*(f.begin("post") for f in forms))
    assert len({f.session for f in forms}) == 3
    done = await asyncio.gather(*(f.go("complete", text=f"number {i}") for i, f in enumerate(forms)))
    assert all(c["status"] == "completed" for c in done)
    listed = (await alice.say("home")).body
    assert all(f"number {i}" in listed for i in range(3)), listed


# ---- the same in plain chat ------------------------------------------------------------------------------


async def asked(client, line, *parts):
    answer = (await client.say(line)).body
    for p in parts:
        assert p in answer, (line, answer)
    return answer


async def scenario_a_dialogue_asks_step_by_step(s):
    alice, bob = await s.joined("alice", "bob")
    await asked(alice, "d", "`yes` asks you step by step")
    await asked(alice, "yes", "Who?", "(1/2)", "`cancel`")
    await asked(alice, bob.nick, "What should it say?", "(2/2)", "`back`")
    await asked(alice, "back", f"Now: {bob.nick}")
    await asked(alice, "home", "Nobody here is called @home", "(1/2)")  # an answer, not a command
    await asked(alice, bob.nick, "(2/2)")
    await asked(alice, "/me", alice.jid)  # a command, not an answer
    await asked(alice, "the merger is off", f"/d {bob.nick} the merger is off", "Sent")
    await bob.expect_update("privately: the merger is off")
    await asked(alice, "/set", "`yes` asks you for it step by step")
    await asked(alice, "yes", "1 bio  2 title")
    await asked(alice, "2", "(2/2)")
    await asked(alice, "cancel", "nothing was done")
    assert "Nobody has posted anything yet" in (await bob.say("all")).body
    await asked(alice, "now this is a post", "Posted")


async def scenario_a_dialogue_in_korean(s):
    alice, bob = await s.joined("alice", "bob")
    await alice.say("lang ko")
    await asked(alice, "/팔로우", "`네`")
    await asked(alice, "네", "(1/3)", "`취소`")
    await asked(alice, "@" + bob.nick, "태그", "(2/3)")
    await asked(alice, "-", "1 바로", "(3/3)")
    await asked(alice, "1", "@" + bob.nick, "팔로우")
    await bob.post("어서 오세요")
    await alice.expect_update("어서 오세요")


async def scenario_an_answer_after_a_crash_is_no_post(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await asked(alice, "/d", "step by step")
    await asked(alice, "yes", "Who?")
    await asked(alice, bob.nick, "What should it say?")
    await s.daemon.kill9()
    await s.daemon.start()
    await alice.fence()
    await asked(alice, "nobody else must know", "nothing was published")
    await bob.nothing()
    await asked(alice, "but this is for all", "Posted")


async def scenario_a_number_changes_a_setting(s):
    alice = await s.joined("alice")
    listed = await asked(alice, "settings", "A number changes one")
    number = next(line.split()[0] for line in listed.splitlines() if " quiet:" in line)
    await asked(alice, number, "Such as 19:00-08:00", "`-` keeps it")
    await asked(alice, "22:00-07:00", "Quiet hours are from 22:00 to 07:00")
    assert "22:00-07:00" in (await alice.say("settings")).body
