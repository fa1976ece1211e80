"""Starting of servers for captures and runs: wait for the port, end exactly what was started."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

TOOLS = pathlib.Path(__file__).resolve().parent
DEFAULT_DIRECTORY = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / "memgate-tools"


def tools_directory(argument=None):
    """Where real-model-setup.sh put its environments: the argument, MEMGATE_TOOLS_DIR, or the default."""
    return pathlib.Path(argument or os.environ.get("MEMGATE_TOOLS_DIR") or DEFAULT_DIRECTORY)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def accepts(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def running(command, port, log, patience=120, **environment):
    """Runs `command` in a process group of its own until the block ends; its output goes to the file `log`."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + patience
        while not accepts(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} does not listen on port {port}, see {log}")
            time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def llama(directory, port, server="serve", **environment):
    """A server of real-model-setup.sh (`serve` or `serve-python`), at lowest priority."""
    command = ["nice", "-n", "15", TOOLS / "real-model-setup.sh", server, directory]
    return running(command, port, directory / f"{server}-{port}.log", LLAMA_PORT=str(port), **environment)


def wait_for_model(port, patience=120):
    """Waits until a llama.cpp server that listens has its model in memory; until then it answers 503."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=5),
        ):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the model on port {port} did not load")
