# SPDX-License-Identifier: MIT
"""Starts Debian's Prosody and ejabberd from the samples in conf/, each in a private folder on loopback.

Of a sample only ports, paths, domains and the secret are replaced, and every replacement must find its place:
a sample that changed so that the tests no longer start from it is an error. No system service is touched, nothing
is written outside the folder, and whoever dies first, no process is left behind: each server gets SIGKILL from the
kernel when this process goes.
"""
import asyncio
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOMAIN = "corp.example"
OTHER_DOMAIN = "partner.example"  # a domain of the same server whose people Jaejal does not serve
COMPONENT = "blog.corp.example"
SECRET = "scenario-secret"
START_SECONDS = 60
PORT_TRIES = 5

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """In the child: SIGKILL when the parent ends, however it ends."""
    _libc.prctl(1, signal.SIGKILL)


def free_ports(n):
    """n ports that nobody listens on just now. Whoever starts on them tries again if another was faster."""
    sockets = [socket.socket() for _ in range(n)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def replace(text, pattern, value, times=1):
    """Puts value for each match of pattern, which must match exactly so many times."""
    text, n = re.subn(pattern, lambda m: m.expand(value), text, flags=re.M)
    if n != times:
        raise RuntimeError(f"sample: {pattern!r} stands there {n} times, not {times}")
    return text


def make_certificate(folder):
    """A self-signed certificate for all names in use: (certificate, key, both in one file)."""
    cert, key, pem = (os.path.join(folder, "server." + e) for e in ("crt", "key", "pem"))
    names = ",".join("DNS:" + n for n in (DOMAIN, OTHER_DOMAIN, COMPONENT, "localhost")) + ",IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "30", "-subj", "/CN=" + DOMAIN, "-addext", "subjectAltName=" + names, "-keyout", key, "-out", cert],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(pem, "w", encoding="ascii") as out:
        for part in (key, cert):
            with open(part, encoding="ascii") as f:
                out.write(f.read())
    return cert, key, pem


class Process:
    """A child in a process group of its own, with its output in a file and in memory, line by line."""

    def __init__(self, name, log_path):
        self.name = name
        self.log_path = log_path
        self.lines = []
        self.proc = None
        self._news = asyncio.Event()
        self._reader = None

    @property
    def running(self):
        return self.proc is not None and self.proc.returncode is None

    async def spawn(self, argv, env=None, cwd=None, stdin=subprocess.DEVNULL):
        self.proc = await asyncio.create_subprocess_exec(
            *argv, env=env, cwd=cwd, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=die_with_parent, limit=1 << 20)
        self._reader = asyncio.ensure_future(self._read(self.proc.stdout))

    async def _read(self, stream):
        with open(self.log_path, "a", encoding="utf-8") as log:
            while True:
                try:
                    line = await stream.readline()
                except ValueError:  # a line beyond the limit: what it said was dropped
                    line = b"(a very long line)\n"
                if not line:
                    break
                text = line.decode("utf-8", "replace").rstrip("\n")
                self.lines.append(text)
                log.write(text + "\n")
                log.flush()
                self._news.set()
        self._news.set()

    async def wait_line(self, pattern, since=0, timeout=START_SECONDS):
        """The match of the first line from number `since` on that pattern is found in."""
        async def search(i):
            while True:
                self._news.clear()
                while i < len(self.lines):
                    m = re.search(pattern, self.lines[i])
                    i += 1
                    if m:
                        return m
                if self._reader.done():
                    raise RuntimeError(f"{self.name} ended before it said {pattern!r}:\n" + self.tail())
                await self._news.wait()
        try:
            return await asyncio.wait_for(search(since), timeout)
        except asyncio.TimeoutError:
            raise RuntimeError(f"{self.name} did not say {pattern!r} in {timeout} s:\n" + self.tail()) from None

    def tail(self, n=30):
        return "\n".join("    " + line for line in self.lines[-n:])

    def send_signal(self, sig):
        if self.running:
            try:
                os.killpg(self.proc.pid, sig)
            except ProcessLookupError:
                pass

    async def end(self, sig=signal.SIGTERM, timeout=20):
        """Ends the whole group and reaps it; SIGKILL if it does not follow. Returns the exit code."""
        if self.proc is None:
            return None
        self.send_signal(sig)
        try:
            await asyncio.wait_for(self.proc.wait(), timeout)
        except asyncio.TimeoutError:
            self.send_signal(signal.SIGKILL)
            await self.proc.wait()
            raise RuntimeError(f"{self.name} did not end in {timeout} s:\n" + self.tail()) from None
        finally:
            try:  # what the leader left behind
                os.killpg(self.proc.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            if self._reader is not None:
                await self._reader
        return self.proc.returncode


class Server:
    """What both have: ports, addresses, a certificate, and a wait until they really answer."""
    kind = None
    n_ports = 0

    def __init__(self, folder):
        self.folder = folder
        self.domain, self.other_domain, self.component = DOMAIN, OTHER_DOMAIN, COMPONENT
        self.secret = SECRET
        self.host = "127.0.0.1"
        self.process = None
        self.c2s_port = self.component_port = self.component_tls_port = None
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.cert, self.key, self.pem = make_certificate(folder)

    async def start(self):
        """The first start looks for free ports; the next ones keep them, and the data."""
        if self.c2s_port is not None:
            await self._start()
            return
        for attempt in range(PORT_TRIES):
            self._assign(free_ports(self.n_ports))
            self._configure()
            try:
                await self._start()
                return
            except RuntimeError:
                await self.stop(signal.SIGKILL)
                if attempt == PORT_TRIES - 1 or not self._port_was_taken():
                    raise

    def _port_was_taken(self):
        return any(re.search("eaddrinuse|already in use", line, re.I) for line in self.process.lines)

    async def stop(self, sig=signal.SIGTERM):
        if self.process is not None:
            await self.process.end(sig)

    async def restart(self, sig=signal.SIGTERM):
        await self.stop(sig)
        await self.start()

    async def replace_by_another(self, people):
        """A server that has the accounts and nothing else: no rosters, no archives. people: as in register()."""
        await self.stop()
        for name in ("data", "db"):
            shutil.rmtree(os.path.join(self.folder, name), ignore_errors=True)
        await self.start()
        await self.register(people)

    async def _wait_ports(self):
        for port in (self.c2s_port, self.component_port, self.component_tls_port):
            if port is not None:
                await asyncio.wait_for(self._wait_port(port), START_SECONDS)

    async def _wait_port(self, port):
        while True:
            if not self.process.running:
                raise RuntimeError(f"{self.kind} ended at its start:\n" + self.process.tail())
            try:
                _, writer = await asyncio.open_connection(self.host, port)
                writer.close()
                return
            except OSError:
                await asyncio.sleep(0.02)


class Prosody(Server):
    kind = "prosody"
    n_ports = 2

    def _assign(self, ports):
        self.c2s_port, self.component_port = ports

    def _configure(self):
        with open(os.path.join(TOP, "conf", "prosody.cfg.lua"), encoding="utf-8") as f:
            text = f.read()
        d = self.folder
        certs = os.path.join(d, "certs")
        os.makedirs(certs, exist_ok=True)
        for name in (self.domain, self.other_domain):
            shutil.copy(self.cert, os.path.join(certs, name + ".crt"))
            shutil.copy(self.key, os.path.join(certs, name + ".key"))
        text = replace(text, r"^component_ports = \{ 5347 \}", "component_ports = { %d }" % self.component_port)
        text = replace(text, r"^c2s_ports = \{ 5222 \}", "c2s_ports = { %d }" % self.c2s_port)
        text = replace(text, r'^c2s_interfaces = \{ "\*" \}', 'c2s_interfaces = { "127.0.0.1" }')
        text = replace(text, r'"/etc/prosody/certs"', f'"{certs}"')
        text = replace(text, r'"/var/lib/prosody"', f'"{d}/data"')
        text = replace(text, r'"/run/prosody/prosody.pid"', f'"{d}/prosody.pid"')
        text = replace(text, r'"/var/log/prosody/prosody.log"', '"*console"')
        text = replace(text, r'"change-me"', f'"{self.secret}"')
        with open(os.path.join(d, "prosody.cfg.lua"), "w", encoding="utf-8") as f:
            f.write(text)
        # What a system service has around the file, and one more domain.
        with open(os.path.join(d, "start.cfg.lua"), "w", encoding="utf-8") as f:
            f.write("daemonize = false\n")
            if os.geteuid() == 0:
                f.write("run_as_root = true\n")
            f.write(f'Include "{d}/prosody.cfg.lua"\nVirtualHost "{self.other_domain}"\n')

    async def _start(self):
        self.process = Process("prosody", os.path.join(self.folder, "prosody.log"))
        os.makedirs(os.path.join(self.folder, "data"), exist_ok=True)
        env = dict(os.environ, HOME=self.folder, LC_ALL="C.UTF-8")
        prosody = shutil.which("prosody") or "/usr/bin/prosody"
        await self.process.spawn([prosody, "--config", os.path.join(self.folder, "start.cfg.lua"), "-F"], env=env)
        await self._wait_ports()

    @staticmethod
    def _encode(name):
        return "".join(chr(b) if chr(b).isascii() and chr(b).isalnum() else "%%%02x" % b for b in name.encode("utf-8"))

    async def register(self, people):
        """people: (name, domain, password). Prosody reads an account at its first login and hashes the password."""
        for name, domain, password in people:
            folder = os.path.join(self.folder, "data", self._encode(domain), "accounts")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, self._encode(name) + ".dat"), "w", encoding="utf-8") as f:
                f.write('return {\n\t["password"] = "%s";\n};\n' % password)

    async def unregister(self, name, domain):
        """The account is gone, as for somebody who has left the company; nobody may be logged in."""
        os.unlink(os.path.join(self.folder, "data", self._encode(domain), "accounts", self._encode(name) + ".dat"))


class Ejabberd(Server):
    kind = "ejabberd"
    n_ports = 3

    # Runs inside the server: accounts by lines on its standard input, without a password they are removed; when that
    # ends, so does the server.
    CONSOLE = r"""
        io:setopts(standard_io, [binary, {encoding, unicode}]),
        Loop = fun(Loop) ->
            case io:get_line(<<>>) of
                Line when is_binary(Line) ->
                    {Said, Name, Result} = case binary:split(string:trim(Line), <<" ">>, [global]) of
                        [U, D, P] -> {"registered", U, ejabberd_auth:try_register(U, D, P)};
                        [U, D] -> {"removed", U, ejabberd_auth:remove_user(U, D)}
                    end,
                    mnesia:sync_log(),
                    io:format("~s ~ts ~p~n", [Said, Name, Result]),
                    Loop(Loop);
                _ -> erlang:halt(0)
            end
        end,
        spawn(fun() ->
            try Loop(Loop) catch Class:Why -> io:format("console failed: ~p ~p~n", [Class, Why]), erlang:halt(1) end
        end),
        io:format("console ready~n").
    """

    def _assign(self, ports):
        self.c2s_port, self.component_port, self.component_tls_port = ports

    def _configure(self):
        with open(os.path.join(TOP, "conf", "ejabberd.yml"), encoding="utf-8") as f:
            text = f.read()
        text = replace(text, r"^#tls", "", times=10)  # the TLS variant is a second listener here
        text = replace(text, r"^  - corp\.example$", f"  - {self.domain}\n  - {self.other_domain}")
        text = replace(text, r"\b5222$", str(self.c2s_port))
        text = replace(text, r"\b5347$", str(self.component_port))
        text = replace(text, r"\b5348$", str(self.component_tls_port))
        text = replace(text, r'"0\.0\.0\.0"', '"127.0.0.1"', times=2)
        text = replace(text, r'"/etc/ejabberd/ejabberd.pem"', f'"{self.pem}"', times=2)
        text = replace(text, r'"change-me"', f'"{self.secret}"', times=2)
        with open(os.path.join(self.folder, "ejabberd.yml"), "w", encoding="utf-8") as f:
            f.write(text)

    async def _start(self):
        d = self.folder
        self.process = Process("ejabberd", os.path.join(d, "console.log"))
        env = dict(os.environ, HOME=d, LC_ALL="C.UTF-8", EJABBERD_CONFIG_PATH=f"{d}/ejabberd.yml",
                   EJABBERD_LOG_PATH=f"{d}/ejabberd.log", EJABBERD_PID_PATH=f"{d}/ejabberd.pid",
                   ERL_CRASH_DUMP="/dev/null")
        env.setdefault("ERL_LIBS", next((p for p in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
                                         if any(e.startswith("ejabberd-") for e in os.listdir(p))), "/usr/lib"))
        argv = ["erl", "-noshell", "+K", "true", "+P", "250000", "+sbwt", "none", "-start_epmd", "false",
                "-mnesia", "dir", f'"{d}/db"', "-s", "ejabberd", "-eval", " ".join(self.CONSOLE.split())]
        await self.process.spawn(argv, env=env, cwd=d, stdin=subprocess.PIPE)
        await self.process.wait_line("^console ready")
        await self._wait_ports()

    def _port_was_taken(self):
        try:
            with open(os.path.join(self.folder, "ejabberd.log"), encoding="utf-8") as f:
                return "already in use" in f.read()
        except OSError:
            return False

    async def register(self, people):
        at = len(self.process.lines)
        for name, domain, password in people:
            self.process.proc.stdin.write(f"{name} {domain} {password}\n".encode("utf-8"))
        await self.process.proc.stdin.drain()
        for name, _, _ in people:
            m = await self.process.wait_line(f"^registered {re.escape(name)} (.*)", since=at)
            if m.group(1) != "ok":
                raise RuntimeError(f"ejabberd: account {name}: {m.group(1)}")

    async def unregister(self, name, domain):
        at = len(self.process.lines)
        self.process.proc.stdin.write(f"{name} {domain}\n".encode("utf-8"))
        await self.process.proc.stdin.drain()
        await self.process.wait_line(f"^removed {re.escape(name)} ", since=at)


KINDS = {"prosody": Prosody, "ejabberd": Ejabberd}
