#!/usr/bin/env python3
"""Conversations with a real model through memgate, by a client that sends only its newest turn.

    "$(Tests/Tools/python-env.sh)" Tests/Tools/real-model-run.py MEMGATE [TOOLS_DIR]
    "$(Tests/Tools/python-env.sh)" Tests/Tools/real-model-run.py --direct-only [TOOLS_DIR]

LangChain's ChatOpenAI talks to memgate under a session id, memgate to a recording proxy in this script, the proxy
to llama.cpp with Qwen2.5-Coder-0.5B. Two conversations, English and Chinese, plain and streamed turns in
alternation: six facts are stated in each, later turns ask for them, and the English one has a tool loop in
between. The same turns go to the model directly with the full history, at temperature 0 and with the same seed.
Exit 0 if

- all 12 facts stood in the upstream request of the turn that asked for them,
- the tool loop's messages went up once each and in order,
- as many answers hold their fact through memgate as directly, one more or less.

Then a session of a user ends after some seconds of silence, and the model writes its summary; a further session of
that user is asked for the facts. The run passes if that session is a new one, the summary is the model's, and some
fact of it stands in the request and in the answer.

The model is too small to call tools by itself: the proxy answers that one request with a canned tool call.
"""

import argparse
import contextlib
import http.client
import json
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI
from processes import free_port, llama, running, tools_directory, wait_for_model

MODEL = "qwen2.5-coder-0.5b"
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Current weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TOOL_QUESTION = "What is the weather in Oslo right now? Use the tool."
TOOL_CALL = {
    "id": "call_oslo",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city":"Oslo"}'},
}
TOOL_RESULT = "snow, -3 °C"
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "te",
    "trailer",
    "upgrade",
    "host",
}


@dataclass
class Fact:
    """Something the user states, the question for it, and the words that prove it is known."""

    statement: str
    question: str
    words: str


@dataclass
class Conversation:
    name: str
    system: str
    facts: list
    small_talk: list
    has_tool_loop: bool


CONVERSATIONS = [
    Conversation(
        "English",
        "You are a friendly assistant. Answer in one short sentence.",
        [
            Fact("My cat is called Biscuit.", "What is my cat called?", "Biscuit"),
            Fact("I live in Lisbon.", "In which city do I live?", "Lisbon"),
            Fact("My favourite colour is teal.", "What is my favourite colour?", "teal"),
            Fact("My sister is called Marta.", "What is my sister called?", "Marta"),
            Fact("My locker has the number 4711.", "Which number does my locker have?", "4711"),
            Fact("I work as a baker.", "What do I work as?", "baker"),
        ],
        ["Name one planet.", "Say something nice about rain."],
        has_tool_loop=True,
    ),
    Conversation(
        "Chinese",
        "你是一个友好的助手。请用一句话简短回答。",
        [
            Fact("我的狗叫旺财。", "我的狗叫什么名字？", "旺财"),
            Fact("我住在成都。", "我住在哪个城市？", "成都"),
            Fact("我最喜欢的水果是芒果。", "我最喜欢的水果是什么？", "芒果"),
            Fact("我的妹妹叫小雨。", "我的妹妹叫什么名字？", "小雨"),
            Fact("我的房间号是802。", "我的房间号是多少？", "802"),
            Fact("我的职业是牙医。", "我的职业是什么？", "牙医"),
        ],
        ["说出一种行星。", "夸一夸下雨天。"],
        has_tool_loop=False,
    ),
]


class RecordingProxy(ThreadingHTTPServer):
    """Passes everything on to the model server and keeps the chat requests, but for those of memgate's own jobs."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, model_port):
        super().__init__(("127.0.0.1", 0), RecordingHandler)
        self.model_port = model_port
        self.requests = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def base_url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request, client_address):
        """A client that ends while its connection is idle is no fault of this proxy; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class RecordingHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.path.endswith("/chat/completions"):
            return self.forward(body)
        request = json.loads(body)
        if self.headers.get("X-Memory-Purpose") is None:
            self.server.requests.append(request)
        if request.get("tools") and request["messages"][-1]["role"] == "user":
            return self.answer_with_tool_call(request)
        return self.forward(body)

    def do_GET(self):
        self.forward(None)

    def forward(self, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.model_port, timeout=300)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        connection.request(self.command, self.path, body, headers)
        with contextlib.closing(connection), connection.getresponse() as response:
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while data := response.read1(65536):
                self.send_chunk(data)
            self.send_chunk(b"")

    def send_chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def answer_with_tool_call(self, request):
        common = {"id": "chatcmpl-canned", "created": int(time.time()), "model": MODEL}
        message = {"role": "assistant", "content": None}
        if request.get("stream"):
            delta = {**message, "tool_calls": [{"index": 0, **TOOL_CALL}]}
            chunks = [
                {"index": 0, "delta": delta, "finish_reason": None},
                {"index": 0, "delta": {}, "finish_reason": "tool_calls"},
            ]
            events = [
                json.dumps({**common, "object": "chat.completion.chunk", "choices": [c]}) for c in chunks
            ] + ["[DONE]"]
            body, kind = "".join(f"data: {event}\n\n" for event in events).encode(), "text/event-stream"
        else:
            choice = {
                "index": 0,
                "message": {**message, "tool_calls": [TOOL_CALL]},
                "finish_reason": "tool_calls",
            }
            body, kind = (
                json.dumps({**common, "object": "chat.completion", "choices": [choice]}).encode(),
                "application/json",
            )
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """The run prints its own table."""


class Talk:
    """One conversation: with the full history, or with the newest turn only under a session id."""

    def __init__(self, conversation, base_url, proxy, session=None):
        self.system = SystemMessage(conversation.system)
        self.history = []
        self.proxy = proxy
        self.newest_only = session is not None
        self.turns = 0
        headers = {"X-Session-Id": session} if session else {}
        self.model = ChatOpenAI(
            base_url=base_url,
            api_key="placeholder-key",
            model=MODEL,
            temperature=0,
            seed=7,
            max_tokens=32,
            max_retries=0,
            timeout=180,
            default_headers=headers,
        )

    def say(self, text):
        """One user turn; the reply and the request that reached the model server."""
        return self.send([HumanMessage(text)], self.model)

    def send(self, turn, model):
        """Sends an open turn, every second one streamed; its messages and the reply join the history."""
        self.turns += 1
        known = [] if self.newest_only else self.history
        messages = [self.system, *known, *turn]
        reply = model.invoke(messages) if self.turns % 2 else self.streamed(model, messages)
        self.history += [*turn, reply]
        return reply, self.proxy.requests[-1]

    @staticmethod
    def streamed(model, messages):
        whole = None
        for chunk in model.stream(messages):
            whole = chunk if whole is None else whole + chunk
        return AIMessage(whole.content, tool_calls=whole.tool_calls)

    def use_tool(self):
        """A question, the call that comes back, the follow-up [user, assistant, tool]; whether it went up as sent."""
        model = self.model.bind_tools([TOOL])
        question = HumanMessage(TOOL_QUESTION)
        call, _ = self.send([question], model)
        del self.history[-2:]
        result = ToolMessage(TOOL_RESULT, tool_call_id=call.tool_calls[0]["id"])
        _, request = self.send([question, call, result], model)
        roles = [message["role"] for message in request["messages"]]
        return (
            roles[-3:] == ["user", "assistant", "tool"]
            and roles.count("tool") == 1
            and sum(message["content"] == TOOL_QUESTION for message in request["messages"]) == 1
        )


def mentions(words, text):
    return words.casefold() in text.casefold()


def hold(conversation, talk):
    """The whole conversation: for each fact whether it was sent up and answered, and how the tool loop went."""
    for fact in conversation.facts:
        talk.say(fact.statement)
    for text in conversation.small_talk:
        talk.say(text)
    tool_loop = talk.use_tool() if conversation.has_tool_loop else None
    results = []
    for fact in conversation.facts:
        reply, request = talk.say(fact.question)
        sent = json.dumps(request["messages"], ensure_ascii=False)
        results.append((mentions(fact.words, sent), mentions(fact.words, reply.content)))
    return results, tool_loop


def run(conversations, base_url, proxy, newest_only):
    """Results of all conversations on one side, in order, and of their tool loops."""
    results, loops = [], []
    for conversation in conversations:
        session = f"real-model-{conversation.name}" if newest_only else None
        held, loop = hold(conversation, Talk(conversation, base_url, proxy, session))
        results += held
        loops += [] if loop is None else [loop]
    return results, all(loops)


class Admin:
    """The admin side of a gateway."""

    def __init__(self, port, data):
        self.url = f"http://127.0.0.1:{port}/admin/v1"
        self.token = Path(data, "admin-token")

    def get(self, path):
        request = urllib.request.Request(self.url + path)
        request.add_header("Authorization", f"Bearer {self.token.read_text().strip()}")
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)


@contextlib.contextmanager
def memgate(binary, directory, upstream, policy=None):
    """A gateway on a store of its own: its base URL, without `/v1`, and its admin side."""
    port, admin = free_port(), free_port()
    with tempfile.TemporaryDirectory() as data:
        settings = Path(data, "plugins.json")
        settings.write_text(json.dumps({"policies": {"default": policy or {}}}))
        command = [
            binary,
            "serve",
            "--config",
            str(settings),
            "--data",
            data,
            "--listen",
            f"127.0.0.1:{port}",
            "--admin",
            f"127.0.0.1:{admin}",
            "--upstream",
            upstream,
        ]
        with running(command, port, directory / "memgate.log"):
            yield f"http://127.0.0.1:{port}", Admin(admin, data)


def chat(base_url, text):
    """One request of a user that names no session: its session, and what was answered."""
    body = {"model": MODEL, "temperature": 0, "max_tokens": 48, "messages": [{"role": "user", "content": text}]}
    request = urllib.request.Request(
        f"{base_url}/u/anna/v1/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=180) as response:
        reply = json.load(response)
        return response.headers["X-Session-Id"], reply["choices"][0]["message"]["content"] or ""


def told(admin, session, seconds=180):
    """The summary of a session once a model has written it; the last one that there was where none does."""
    end, summaries = time.monotonic() + seconds, []
    while time.monotonic() < end:
        summaries = admin.get(f"/sessions/{session}/summaries")["data"]
        if summaries and summaries[-1]["source"] == "model":
            break
        time.sleep(1)
    return summaries[-1] if summaries else {"source": "none", "text": ""}


def next_session(binary, directory, proxy):
    """A session that expires, its summary, and what the next one knows; whether all of that worked."""
    facts = CONVERSATIONS[0].facts[:3]
    policy = {"session": {"scope": "user", "idle": "4s"}}
    with memgate(binary, directory, proxy.base_url(), policy) as (base_url, admin):
        first = [chat(base_url, fact.statement)[0] for fact in facts]
        summary = told(admin, first[-1])
        print(f"\nsummary by {summary['source']}: {summary['text']}")
        known, second = [], []
        for fact in facts:
            session, answer = chat(base_url, fact.question)
            second.append(session)
            sent = json.dumps(proxy.requests[-1]["messages"], ensure_ascii=False)
            known.append((mentions(fact.words, sent), mentions(fact.words, answer)))
            print(f"{fact.words:<9} {'sent up' if known[-1][0] else 'not sent up'}, answered: {answer[:80]!r}")
    checks = {
        "three requests of one user are one session": len(set(first)) == 1,
        "after its idle time the next request begins another": second[0] != first[0],
        "the summary is the model's": summary["source"] == "model",
        "a fact stands in the request and in the answer": any(sent and answered for sent, answered in known),
    }
    for text, passed in checks.items():
        print(f"{'ok  ' if passed else 'FAIL'} {text}")
    return all(checks.values())


def print_table(direct, gateway):
    facts = [fact for conversation in CONVERSATIONS for fact in conversation.facts]
    marks = {True: "yes", False: "no"}
    print("\nfact      sent up  answered  answered directly")
    for fact, (sent, answered), (_, directly) in zip(facts, gateway, direct):
        print(f"{fact.words:<9} {marks[sent]:<8} {marks[answered]:<9} {marks[directly]}")


def judge(direct, gateway, loop):
    """Prints the counts and tells whether the run passed."""
    sent, answered, directly = (
        sum(s for s, _ in gateway),
        sum(a for _, a in gateway),
        sum(a for _, a in direct),
    )
    print_table(direct, gateway)
    checks = {
        f"facts in the upstream request: {sent} of {len(gateway)}": sent == len(gateway),
        f"tool loop sent up once and in order (canned call): {loop}": loop,
        f"answers with their fact: {answered} of {len(gateway)} through memgate, {directly} directly": abs(
            answered - directly
        )
        <= 1,
    }
    for text, passed in checks.items():
        print(f"{'ok  ' if passed else 'FAIL'} {text}")
    return all(checks.values())


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--direct-only", action="store_true", help="only the full history, straight to the model"
    )
    options.add_argument("paths", nargs="*", metavar="MEMGATE [TOOLS_DIR]")
    options = options.parse_args()
    binary = None if options.direct_only else options.paths.pop(0) if options.paths else sys.exit(__doc__)
    directory = tools_directory(*options.paths)
    port, begin = free_port(), time.monotonic()
    with llama(directory, port, LLAMA_CONTEXT="4096"):
        wait_for_model(port)
        proxy = RecordingProxy(port)
        direct, _ = run(CONVERSATIONS, proxy.base_url(), proxy, newest_only=False)
        print(
            f"directly, full history: {sum(a for _, a in direct)} of {len(direct)} answers hold their fact, "
            f"{time.monotonic() - begin:.0f} s"
        )
        if binary is None:
            return 0
        with memgate(binary, directory, proxy.base_url()) as (base_url, _):
            gateway, loop = run(CONVERSATIONS, f"{base_url}/v1", proxy, newest_only=True)
        passed = judge(direct, gateway, loop)
        passed = next_session(binary, directory, proxy) and passed
    print(f"{time.monotonic() - begin:.0f} s, {'passed' if passed else 'FAILED'}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
