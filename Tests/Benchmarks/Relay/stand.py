"""The bench stand: builds what a run needs, starts and stops its processes, reads what they used."""

import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TOOLS = ROOT / ".build" / "relay-benchmark"
LOOPS = os.cpu_count() or 1


def fail(text):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {text}")


def need(*programs):
    """Installs Debian packages that are missing, or says which command does."""
    missing = [package for program, package in programs if shutil.which(program) is None]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
        fail(f"needs {' and '.join(missing)}: run `{' '.join(command)}` as root")


def build_memgate(*options):
    """Builds memgate in release, static standard library where that links. Returns the binary."""
    base = ["swift", "build", "-c", "release", "--product", "memgate", *options]
    for command in ([*base, "--static-swift-stdlib"], base):
        built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if built.returncode == 0:
            shown = subprocess.run([*command, "--show-bin-path"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            return pathlib.Path(shown.stdout.strip()) / "memgate"
    fail(f"memgate does not build:\n{built.stdout[-3000:]}")


def build_tools():
    TOOLS.mkdir(parents=True, exist_ok=True)
    for name, *libraries in (["mock-upstream"], ["relay-load"], ["disk-commit", "-llmdb"]):
        source, program = HERE / f"{name}.c", TOOLS / name
        if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
            continue
        command = ["cc", "-O2", "-Wall", "-Wextra", "-o", program, source, *libraries]
        if subprocess.run(command).returncode != 0:
            fail(f"{name}.c does not compile (it needs build-essential and, for disk-commit, liblmdb-dev)")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def children(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


class Process:
    """One started program, with its children: nginx's workers."""

    def __init__(self, name, command, log, port=None, **options):
        self.name, self.port, self.log = name, port, log
        self.output = open(log, "ab")
        self.popen = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT, **options)
        if port is not None:
            self.wait_for_port()

    def wait_for_port(self, limit=20):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if self.popen.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                time.sleep(0.05)
                return
            except OSError:
                time.sleep(0.01)
        fail(f"{self.name} does not listen:\n{pathlib.Path(self.log).read_text()[-2000:]}")

    @property
    def pids(self):
        return [self.popen.pid, *children(self.popen.pid)]

    def cpu(self):
        """Seconds of processor time so far, user and system, of all threads."""
        return sum(map(cpu_of, self.pids))

    def memory(self):
        """VmRSS of all processes, MiB."""
        return sum(map(resident_of, self.pids))

    def stop(self):
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        self.output.close()


def cpu_of(pid):
    total = 0
    try:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                return cpu_of_clock_ticks(pid)
    except OSError:
        return 0
    return total / 1e9


def cpu_of_clock_ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_of(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


class Stand:
    """Everything that runs, in one folder that goes away; use as a context."""

    def __init__(self, memgate):
        self.memgate_binary = memgate
        self.running = []

    def __enter__(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.files = hard
        TOOLS.mkdir(parents=True, exist_ok=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=TOOLS))
        port = free_port()
        self.upstream = self.start("mock-upstream", [TOOLS / "mock-upstream", str(port)], port)
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, command, port=None, **options):
        process = Process(name, list(map(str, command)), self.folder / f"{name}.log", port, **options)
        self.running.append(process)
        return process

    def end(self, process):
        process.stop()
        self.running.remove(process)

    def nginx(self):
        port = free_port()
        values = {
            "PORT": port, "UPSTREAM": self.upstream.port, "LOOPS": LOOPS, "FOLDER": self.folder,
            "CONNECTIONS": min(20000, self.files - 100), "USER": "user root;" if os.geteuid() == 0 else "",
        }
        text = (HERE / "nginx.conf").read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(text)
        return self.start("nginx", ["nginx", "-c", configuration, "-p", self.folder], port)

    def settings(self, name, durability, knows_plugins=True, **more):
        """A settings file for memgate, with more members at its top; returns it and the port."""
        port = free_port()
        upstream = {"url": f"http://127.0.0.1:{self.upstream.port}/v1"}
        if knows_plugins:
            # As much in front of each request as versions without plugins put there: up to 4,000 tokens.
            upstream["contextTokens"] = {"*": 32768}
            window = {"use": "recent-window", "settings": {"rounds": 100, "maxTokens": 4000}}
            more["plugins"] = [{"use": "standing-summaries"}, window]
        settings = {
            # Open, so that the rule about paths is on too.
            "gateway": {"listen": f"127.0.0.1:{port}", "admin": "127.0.0.1:0", "data": f"{self.folder}/{name}-data",
                        "durability": durability, "open": True},
            "upstreams": [upstream],
            **more,
        }
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(settings))
        return file, port

    def settings_for(self, binary, name, durability, **more):
        """Settings that a binary understands, as alike as they can be."""
        file, port = self.settings(name, durability, **more)
        known = subprocess.run([binary, "check", "--config", file], capture_output=True, text=True)
        if "not in this version" in known.stderr:
            file, port = self.settings(name, durability, knows_plugins=False, **more)
        return file, port

    def memgate(self, name, durability="relaxed", binary=None, prefix=()):
        binary = binary or self.memgate_binary
        file, port = self.settings_for(binary, name, durability)
        command = [*prefix, binary, "--config", file]
        return self.start(name, command, port, env=self.environment())

    @staticmethod
    def environment():
        return {name: value for name, value in os.environ.items() if not name.startswith("MEMGATE")}


def tool(name, *arguments, body=None, **options):
    """Runs a helper program; returns the JSON that it prints."""
    command = [str(TOOLS / name), *map(str, arguments)]
    done = subprocess.run(
        command, input=body, stdout=subprocess.PIPE, **({} if body is not None else {"stdin": subprocess.DEVNULL}))
    if done.returncode != 0:
        fail(f"`{' '.join(command)}` failed")
    return json.loads(done.stdout)


def fill(port, path, sessions, rounds, first, body):
    """Records sessions of so many rounds; the first question is another one, as the same one would be asked again."""
    for count, question in [(1, first), (rounds - 1, body)]:
        tool("relay-load", "fill", port, path, sessions, count, "X-Session-Id", body=question)


class Talk:
    """A helper program that answers lines: `streams`, `unread` and `cold` of relay-load."""

    def __init__(self, *arguments):
        command = [str(TOOLS / "relay-load"), *map(str, arguments)]
        self.popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self):
        text = self.popen.stdout.readline()
        if not text:
            fail("relay-load ended early")
        return json.loads(text)

    def ask(self):
        self.popen.stdin.write("\n")
        self.popen.stdin.flush()
        return self.line()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.popen.stdin.close()
        try:
            self.popen.wait(20)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
