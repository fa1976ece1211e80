"""Starting of servers for captures and runs: wait for the port, end exactly what was started."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time

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
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.STDOUT,
                                   env={**os.environ, **environment}, start_new_session=True)
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


def llama(directory, port, chat_format="chatml"):
    """llama.cpp's server with the model of real-model-setup.sh; on every machine at lowest priority."""
    command = ["nice", "-n", "15", TOOLS / "real-model-setup.sh", "serve", directory]
    return running(command, port, directory / f"llama-{port}.log", LLAMA_PORT=str(port), LLAMA_CHAT_FORMAT=chat_format)
