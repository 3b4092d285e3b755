# SPDX-License-Identifier: MIT
"""What a scenario gets: a real server that runs, a jaejald with a fresh database, people with fresh accounts.

    async def scenario_a_follower_is_told(s):
        alice, bob = await s.joined("alice", "bob")
        await bob.say(f"follow @{alice.nick}")
        await alice.say("post hello")
        await bob.expect_update("hello")

The server (Prosody or ejabberd) is shared by the scenarios of a run, all else is the scenario's own. Nothing sleeps:
what is waited for is a stanza, a line of the log, or a fence (Client.fence).
"""
import asyncio
import os

from client import Client, Message, Refused  # noqa: F401 (for scenarios)
from daemon import Jaejald
from servers import TOP  # noqa: F401

# Sanitizer builds are slower; the runner says by how much.
SLOW = float(os.environ.get("SCENARIO_SLOW", "1"))
STANZA_SECONDS = 10 * SLOW
SCENARIO_SECONDS = 60 * SLOW
NOBODY = 99999  # the number of a post that never existed


def only(*kinds):
    """@only("ejabberd"): planned for these servers only."""
    def mark(f):
        f.kinds = kinds
        return f
    return mark


def limit(seconds):
    """@limit(300): a scenario that may take longer than the usual minute."""
    def mark(f):
        f.seconds = seconds * SLOW
        return f
    return mark


class Scene:
    def __init__(self, server, number, folder):
        self.server, self.number, self.folder = server, number, folder
        self.kind, self.domain, self.component = server.kind, server.domain, server.component
        self.bot = "jaejal@" + server.component
        self.clients = []
        self.daemon = None
        self.slow = SLOW

    async def jaejald(self, start=True, **settings):
        """The scenario's jaejald, started at the first call; settings as section__key=value."""
        if self.daemon is None:
            self.daemon = Jaejald(self.server, os.path.join(self.folder, "jaejald"),
                                  {k.replace("__", ".", 1): v for k, v in settings.items()})
            if start:
                await self.daemon.start()
        return self.daemon

    def account(self, name, domain=None):
        """The name an account of this scenario has at the server: fresh, since servers keep rosters and archives."""
        return f"{name}{self.number}"

    async def accounts(self, *names, domain=None):
        """Registers accounts; nobody is logged in yet."""
        domain = domain or self.domain
        new = [Client(self.server, self.account(n), domain, f"pw-{n}", self.bot, STANZA_SECONDS) for n in names]
        await self.server.register([(c.name, c.domain, c.password) for c in new])
        self.clients += new
        return new

    async def people(self, *names, domain=None, daemon=True):
        """Registers and logs in; jaejald runs (unless told otherwise). One client for one name, else a list."""
        if daemon:
            await self.jaejald()
        new = await self.accounts(*names, domain=domain)
        await asyncio.gather(*(c.login() for c in new))
        return new[0] if len(new) == 1 else new

    async def joined(self, *names):
        """People who have an account with Jaejal and have read their welcome."""
        new = await self.people(*names)
        await asyncio.gather(*(c.join() for c in (new if isinstance(new, list) else [new])))
        return new

    async def device(self, client, resource="laptop", priority=0):
        """A second client of the same account, logged in."""
        other = Client(client.server, client.name, client.domain, client.password, client.bot, client.timeout)
        self.clients.append(other)
        return await other.login(resource, priority)

    async def close(self):
        """Ends what the scenario began; raises what is wrong with the jaejald (see Jaejald.close)."""
        for c in self.clients:
            if c.online:
                await c.cut()
        if self.daemon is not None:
            await self.daemon.close()
