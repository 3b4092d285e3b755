# SPDX-License-Identifier: MIT
"""The jaejald under test: its configuration, its life and its death, what it logs."""
import asyncio
import os
import re
import signal
import socket

from servers import TOP, Process

READY_SECONDS = 30
SANITIZER = re.compile(r"ERROR: (Address|Leak)Sanitizer|SUMMARY: \w+Sanitizer|runtime error:")


def program(name):
    """The program under test: $JAEJALD / $JAEJALCTL, else at the top of the build tree."""
    path = os.environ.get(name.upper()) or os.path.join(os.environ.get("top_builddir", TOP), name)
    return os.path.abspath(path)


class Jaejald:
    def __init__(self, server, folder, settings=None):
        """settings: {"section.key": value} put over what a scenario usually wants; None takes a key out."""
        self.server, self.folder = server, folder
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.database = os.path.join(folder, "jaejal.db")
        self.config = os.path.join(folder, "jaejal.conf")
        self.bot = "jaejal@" + server.component
        self.expect_exit = 0
        secret = os.path.join(folder, "secret")
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as f:
            f.write(server.secret + "\n")
        self.settings = {
            "component.host": server.host, "component.port": server.component_port,
            "component.domain": server.component, "component.secret_file": secret,
            "service.allowed_domains": server.domain, "database.url": "sqlite:" + self.database,
            "limits.posts_per_minute": 1000, "log.level": "debug",
        }
        self.configure(**{k.replace(".", "__"): v for k, v in (settings or {}).items()})
        self.process = None
        self._socket = None

    def configure(self, **settings):
        """Writes the file again with section__key=value; takes effect at the next start."""
        self.settings.update({k.replace("__", ".", 1): v for k, v in settings.items()})
        sections = {}
        for key, value in self.settings.items():
            if value is not None:
                section, name = key.split(".", 1)
                sections.setdefault(section, []).append(f"{name} = {value}\n")
        with open(self.config, "w", encoding="utf-8") as f:
            for section, lines in sections.items():
                f.write(f"[{section}]\n" + "".join(lines))

    @property
    def running(self):
        return self.process is not None and self.process.running

    @property
    def pid(self):
        return self.process.proc.pid

    @property
    def log(self):
        return [] if self.process is None else self.process.lines

    async def start(self, wait=True):
        """Starts it and waits for READY=1 (the link stands), as systemd would."""
        notify = os.path.join(self.folder, "notify")
        if self._socket is not None:
            self._socket.close()
        if os.path.exists(notify):
            os.unlink(notify)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(notify)
        self._socket.setblocking(False)
        lines = self.log
        self.process = Process("jaejald", os.path.join(self.folder, "jaejald.log"))
        self.process.lines = lines  # one log over all its lives
        env = dict(os.environ, NOTIFY_SOCKET=notify)
        await self.process.spawn([program("jaejald"), "-c", self.config], env=env)
        if wait:
            await self.ready()
        return self

    async def ready(self, timeout=READY_SECONDS):
        loop = asyncio.get_running_loop()

        async def listen():
            while True:
                if "READY=1" in (await loop.sock_recv(self._socket, 4096)).decode("utf-8", "replace").split("\n"):
                    return
        listening = asyncio.ensure_future(listen())
        ended = asyncio.ensure_future(self.process.proc.wait())
        try:
            await asyncio.wait({listening, ended}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if not listening.done():
                raise RuntimeError(f"jaejald {'ended' if ended.done() else 'was not ready in %s s' % timeout}:\n"
                                   + self.process.tail())
        finally:
            listening.cancel()
            ended.cancel()

    async def kill9(self):
        """SIGKILL: nothing is written, nothing is said."""
        await self.process.end(signal.SIGKILL)

    async def stop(self):
        """A planned stop. It must end by itself with status 0."""
        if self.running:
            code = await self.process.end(signal.SIGTERM)
            if code != 0:
                raise RuntimeError(f"jaejald ended with {code}:\n" + self.process.tail())

    async def restart(self, kill=False):
        await (self.kill9() if kill else self.stop())
        await self.start()

    async def ended(self, timeout=READY_SECONDS):
        """Waits until it ends by itself; (exit status, log)."""
        code = await asyncio.wait_for(self.process.proc.wait(), timeout)
        await self.process.end()
        return code, "\n".join(self.log)

    async def wait_log(self, pattern, since=0, timeout=READY_SECONDS):
        return await self.process.wait_line(pattern, since, timeout)

    async def run(self, name, *args, stdin=None):
        """Runs jaejald or jaejalctl with this configuration to its end: (status, output)."""
        proc = await asyncio.create_subprocess_exec(
            program(name), "-c", self.config, *args, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        out, _ = await asyncio.wait_for(proc.communicate(), READY_SECONDS)
        return proc.returncode, out.decode("utf-8", "replace")

    def memory(self):
        """Resident bytes of the running process."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+) kB", f.read()).group(1)) * 1024

    def cpu_seconds(self):
        """Processor time used so far, user and system."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def close(self):
        """End of the scenario: it must still live unless the scenario ended it, stop cleanly, and have no report of a sanitizer."""
        problem = None
        if self.process is not None and self.process.proc is not None:
            if self.running:
                try:
                    await self.stop()
                except RuntimeError as e:
                    problem = str(e)
            elif self.process.proc.returncode not in (0, -signal.SIGKILL) and self.expect_exit == 0:
                problem = f"jaejald had ended with {self.process.proc.returncode}:\n" + self.process.tail()
        if self._socket is not None:
            self._socket.close()
        report = [i for i, line in enumerate(self.log) if SANITIZER.search(line)]
        if report:
            problem = "a sanitizer reports:\n" + "\n".join("    " + x for x in self.log[report[0]:report[0] + 40])
        if problem:
            raise AssertionError(problem)
