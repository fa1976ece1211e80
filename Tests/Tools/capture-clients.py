#!/usr/bin/env python3
"""Captures the request bytes that real clients send, into Tests/Fixtures/requests.

    $(Tests/Tools/python-env.sh) Tests/Tools/capture-clients.py      needs curl as well

A socket server of this script answers each request with a canned reply and keeps what came, head and body
framing included.
"""

import asyncio
import gzip
import json
import re
import socket
import subprocess
import threading
import warnings
from importlib.metadata import version

import langchain_openai
import openai
from fixture_index import Group
from langchain_core.messages import HumanMessage, SystemMessage
from raw_http import dechunk, described_request, header_of

PORT = 8799
BASE = f"http://127.0.0.1:{PORT}/v1"
KEY = "placeholder-key"
MODEL = "example-model"
HELLO = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello, 世界! Grüße 😀"}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Current weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]
COMPLETION = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1763700000,
    "model": MODEL,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}
CHUNK = {
    **COMPLETION,
    "object": "chat.completion.chunk",
    "usage": None,
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}


def reply(status, content_type, body):
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def canned(data):
    """A fitting reply to a raw request."""
    if b"please retry" in data and b"x-stainless-retry-count: 2" not in data.lower():
        return reply(
            "500 Internal Server Error",
            "application/json",
            b'{"error":{"message":"Try again","code":"again"}}',
        )
    if data.startswith(b"GET"):
        return reply("200 OK", "application/json", json.dumps({"object": "list", "data": []}).encode())
    if re.search(rb'"stream": ?true', data):
        return reply(
            "200 OK", "text/event-stream", b"data: %s\n\ndata: [DONE]\n\n" % json.dumps(CHUNK).encode()
        )
    return reply("200 OK", "application/json", json.dumps(COMPLETION).encode())


class Listener:
    """Accepts connections and keeps each request as raw bytes."""

    def __init__(self):
        self.requests = []
        self.socket = socket.create_server(("127.0.0.1", PORT))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            while request := self.read(connection):
                self.requests.append(request)
                connection.sendall(canned(request))

    def read(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            data += (more := connection.recv(65536))
            if not more:
                return b""
        head, _, body = data.partition(b"\r\n\r\n")
        fields = head.decode("latin-1").split("\r\n")[1:]
        if header_of(fields, "expect"):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        chunked = header_of(fields, "transfer-encoding") == "chunked"
        length = int(header_of(fields, "content-length") or 0)
        while not self.ended(body) if chunked else len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    @staticmethod
    def ended(body):
        try:
            dechunk(body)
            return body.endswith(b"\r\n\r\n")
        except ValueError:
            return False

    def taken(self):
        taken, self.requests = self.requests, []
        return taken


class Requests:
    """The fixture group, fed from the listener after each call."""

    def __init__(self):
        self.listener = Listener()
        self.group = Group("requests", "Tests/Tools/capture-clients.py")

    def keep(self, name, source):
        taken = self.listener.taken()
        for number, request in enumerate(taken, 1):
            file = f"{name}.http" if len(taken) == 1 else f"{name}-{number}.http"
            self.group.add(file, request, "captured", source, described_request(request))
            print(f"{file}: {len(request)} bytes")


def openai_python(requests):
    source = f"openai-python {openai.__version__}"
    client = openai.OpenAI(base_url=BASE, api_key=KEY)
    chat = client.chat.completions
    weather = [{"role": "user", "content": "Weather in Paris?"}]
    called = {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "get_weather", "arguments": '{"city":"Paris"}'},
            }
        ],
    }

    def helper():
        with chat.stream(model=MODEL, messages=HELLO) as stream:
            stream.until_done()

    async def asynchronous():
        async with openai.AsyncOpenAI(base_url=BASE, api_key=KEY) as client:
            await client.chat.completions.create(model=MODEL, messages=HELLO)

    def parts():
        content = [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
        ]
        chat.create(model=MODEL, messages=[{"role": "user", "content": content}])

    for name, call in {
        "plain": lambda: chat.create(model=MODEL, messages=HELLO),
        "options": lambda: chat.create(
            model=MODEL,
            messages=HELLO,
            temperature=1.0,
            seed=7,
            n=1,
            user="ada",
            metadata={"topic": "greeting"},
            extra_body={"session_id": "s-1", "top_k": 40},
            extra_headers={"X-Session-Id": "s-1"},
        ),
        "stream": lambda: list(
            chat.create(model=MODEL, messages=HELLO, stream=True, stream_options={"include_usage": True})
        ),
        "stream-helper": helper,
        "async": lambda: asyncio.run(asynchronous()),
        "tools": lambda: chat.create(model=MODEL, messages=weather, tools=TOOLS, tool_choice="auto"),
        "tool-result": lambda: chat.create(
            model=MODEL,
            tools=TOOLS,
            messages=[
                *weather,
                called,
                {"role": "tool", "tool_call_id": "call_1", "content": "sunny, 24 °C"},
            ],
        ),
        "parts": parts,
        "retry": lambda: chat.create(model=MODEL, messages=[{"role": "user", "content": "please retry"}]),
        "models": client.models.list,
        "model-with-slash": lambda: client.models.retrieve("vendor/example:large"),
    }.items():
        call()
        requests.keep(f"openai-python-{name}", source)


def langchain(requests):
    source = (
        f"langchain-openai {version('langchain-openai')}, ChatOpenAI, on openai-python {openai.__version__}"
    )
    model = langchain_openai.ChatOpenAI(
        base_url=BASE, api_key=KEY, model=MODEL, default_headers={"X-Session-Id": "s-1"}
    )
    messages = [SystemMessage("Be brief."), HumanMessage("Hello, 世界! Grüße 😀")]
    for name, call in {
        "plain": lambda: model.invoke(messages),
        "stream": lambda: list(model.stream(messages)),
        "tools": lambda: model.bind_tools(TOOLS).invoke(messages),
    }.items():
        call()
        requests.keep(f"langchain-{name}", source)


def curl(requests):
    source = " ".join(
        subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[:2]
    )
    body = json.dumps({"model": MODEL, "messages": HELLO}, ensure_ascii=False).encode()
    long = json.dumps(
        {"model": MODEL, "messages": [{"role": "user", "content": "0123456789abcdef " * 1100}]}
    ).encode()
    streamed = json.dumps({"model": MODEL, "stream": True, "messages": HELLO}).encode()
    for name, data, arguments in (
        ("plain", body, []),
        ("stream", streamed, ["--no-buffer"]),
        ("chunked", body, ["-H", "Transfer-Encoding: chunked"]),
        ("expect-continue", long, ["-H", "Expect: 100-continue"]),
        ("gzip", gzip.compress(body, mtime=0), ["-H", "Content-Encoding: gzip"]),
        (
            "gzip-chunked",
            gzip.compress(body, mtime=0),
            ["-H", "Content-Encoding: gzip", "-H", "Transfer-Encoding: chunked"],
        ),
        ("http10", body, ["--http1.0"]),
    ):
        subprocess.run(
            [
                "curl",
                "--silent",
                "--show-error",
                "--output",
                "/dev/null",
                f"{BASE}/chat/completions",
                "-H",
                "Content-Type: application/json",
                *arguments,
                "--data-binary",
                "@-",
            ],
            input=data,
            check=True,
        )
        requests.keep(f"curl-{name}", source)


def main():
    warnings.simplefilter("ignore")
    requests = Requests()
    openai_python(requests)
    langchain(requests)
    curl(requests)
    requests.group.save()


if __name__ == "__main__":
    main()
