#!/usr/bin/env python3
"""A chat server whose replies follow from the last user message alone: same question, same bytes.

    scripted-upstream.py [--port 8790]

Standard library only; keeps nothing between requests. Serves POST /v1/chat/completions (plain and streamed),
GET /v1/models and GET /v1/models/{id}. The last user message decides:

    please fail 429          that status with an OpenAI error (429 and 503 with Retry-After)
    please fail string       404 with {"error": "…"}, as Ollama does
    please fail html         502 with a page, as a proxy in between does
    please fail midstream    streamed: two words, then an error event (plain: as «please cut»)
    please cut               two words (plain: half of the body), then a closed connection
    please recover           500 until a retry comes (x-stainless-retry-count), then a reply
    please think …           reasoning_content before the text
    please refuse …          a refusal instead of text
    please repeat 500 word   a word that many times
    please show messages     the request's messages as JSON
    please show request      the whole request as JSON
    anything else            «You said: …»

With `tools`, and unless the text says «no tools», the reply is a call of the tool that `tool_choice` names, else
of the first; of the first two if the text says «two tools». A tool's result as the last message is read back.
`n` gives that many choices.
"""

import argparse
import hashlib
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

CREATED = 1763700000
MODELS = ("scripted-small", "vendor/scripted:large")
ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "overloaded_error",
}


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def text_of(content):
    if isinstance(content, list):
        return " ".join(part.get("text", "") for part in content)
    return content or ""


def pieces(text):
    return re.findall(r"\s*\S+|\s+$", text)


class Question:
    """What decides a reply: the last user message, and the request's wishes about its shape."""

    def __init__(self, request):
        self.request = request
        self.messages = request["messages"]
        self.text = next(
            (text_of(m.get("content")) for m in reversed(self.messages) if m["role"] == "user"), ""
        )
        self.model = request.get("model", MODELS[0])
        self.stream = bool(request.get("stream"))
        self.include_usage = bool((request.get("stream_options") or {}).get("include_usage"))
        self.count = request.get("n") or 1
        self.tools = request.get("tools") or []
        self.tool_choice = request.get("tool_choice")
        self.id = hashlib.sha256(f"{self.model} {self.text}".encode()).hexdigest()[:24]

    def answers(self):
        """One message per choice, with its finish reason."""
        if calls := self.tool_calls():
            message = {"role": "assistant", "content": None, "tool_calls": calls}
            return [(message, "tool_calls")] * self.count
        messages = [self.spoken(number) for number in range(self.count)]
        return [(message, "stop") for message in messages]

    def spoken(self, number):
        message = {"role": "assistant", "content": self.words() + (f" (choice {number})" if number else "")}
        if "please think" in self.text:
            message["reasoning_content"] = f"The user says: {self.text}"
        if "please refuse" in self.text:
            message |= {"content": None, "refusal": "I would rather not."}
        return message

    def words(self):
        if self.messages[-1]["role"] == "tool":
            return f"The tool says: {text_of(self.messages[-1]['content'])}"
        if repeat := re.search(r"please repeat (\d+) (\S+)", self.text):
            return " ".join([repeat[2]] * int(repeat[1]))
        if "please show messages" in self.text:
            return json.dumps(self.messages, ensure_ascii=False)
        if "please show request" in self.text:
            return json.dumps(self.request, ensure_ascii=False)
        return f"You said: {self.text}"

    def tool_calls(self):
        if (
            not self.tools
            or self.tool_choice == "none"
            or "no tools" in self.text
            or self.messages[-1]["role"] == "tool"
        ):
            return []
        functions = [tool["function"] for tool in self.tools]
        if isinstance(self.tool_choice, dict):
            functions = [f for f in functions if f["name"] == self.tool_choice["function"]["name"]]
        chosen = functions[:2] if "two tools" in self.text else functions[:1]
        return [
            {
                "id": f"call_{self.id[:8]}_{number}",
                "type": "function",
                "function": {"name": function["name"], "arguments": self.arguments(function)},
            }
            for number, function in enumerate(chosen)
        ]

    def arguments(self, function):
        names = (function.get("parameters") or {}).get("properties") or {}
        return json.dumps({name: self.text for name in names}, ensure_ascii=False)

    def usage(self):
        asked = len(self.text.split())
        answered = sum(len(pieces(message.get("content") or "")) for message, _ in self.answers())
        return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}

    def completion(self):
        choices = [
            {"index": n, "message": message, "logprobs": None, "finish_reason": finish}
            for n, (message, finish) in enumerate(self.answers())
        ]
        return {
            "id": f"chatcmpl-{self.id}",
            "object": "chat.completion",
            "created": CREATED,
            "model": self.model,
            "choices": choices,
            "usage": self.usage(),
            "system_fingerprint": "fp_scripted",
        }

    def chunks(self):
        """The streamed objects, the pieces of several choices in turn."""
        queues = [list(self.deltas(message, finish)) for message, finish in self.answers()]
        for step in range(max(map(len, queues))):
            for index, queue in enumerate(queues):
                if step < len(queue):
                    delta, finish = queue[step]
                    yield self.chunk(
                        [{"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}]
                    )
        if self.include_usage:
            yield self.chunk([]) | {"usage": self.usage()}

    def chunk(self, choices):
        usage = {"usage": None} if self.include_usage else {}
        return {
            "id": f"chatcmpl-{self.id}",
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": self.model,
            "choices": choices,
            "system_fingerprint": "fp_scripted",
        } | usage

    def deltas(self, message, finish):
        yield {"role": "assistant", "content": None if message["content"] is None else ""}, None
        for field in ("reasoning_content", "content", "refusal"):
            for piece in pieces(message.get(field) or ""):
                yield {field: piece}, None
        for index, call in enumerate(message.get("tool_calls", ())):
            function = call["function"]
            yield {"tool_calls": [{"index": index, **call, "function": {**function, "arguments": ""}}]}, None
            for piece in re.findall(r".{1,5}", function["arguments"]):
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}, None
        yield {}, finish


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "scripted-upstream", ""
    disable_nagle_algorithm = True

    def do_GET(self):
        listed = [
            {"id": model, "object": "model", "created": CREATED, "owned_by": "tests"} for model in MODELS
        ]
        path = unquote(self.path).removeprefix("/v1")
        one = [model for model in listed if path == f"/models/{model['id']}"]
        if path == "/models":
            self.reply(200, {"object": "list", "data": listed})
        elif one:
            self.reply(200, one[0])
        else:
            self.fail(404, f"No such path or model: {path}", "not_found")

    def do_POST(self):
        try:
            question = Question(json.loads(self.read_body()))
        except (ValueError, KeyError, TypeError) as error:
            return self.fail(400, f"Not a chat request: {error}", "invalid_body")
        if self.path.removeprefix("/v1") != "/chat/completions":
            return self.fail(404, f"No such path: {self.path}", "not_found")
        if self.failed(question.text):
            return None
        if question.stream:
            return self.stream(question)
        if re.search("please (cut|fail midstream)", question.text):
            return self.reply_half(dumps(question.completion()))
        return self.reply(200, question.completion())

    def failed(self, text):
        """Answers the texts that ask for an error; whether it did."""
        retries = int(self.headers.get("x-stainless-retry-count") or 0)
        if status := re.search(r"please fail (\d{3})", text):
            self.fail(int(status[1]), f"You asked for {status[1]}: {text}", f"scripted_{status[1]}")
        elif "please fail string" in text:
            self.reply(404, {"error": "model 'scripted' not found, try pulling it first"})
        elif "please fail html" in text:
            self.reply(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>\n", "text/html")
        elif "please recover" in text and retries == 0:
            self.fail(500, "Try again", "scripted_once")
        else:
            return False
        return True

    def fail(self, status, message, code):
        kind = ERROR_TYPES.get(status, "server_error")
        headers = {"Retry-After": "1"} if status in (429, 503) else {}
        self.reply(
            status,
            {"error": {"message": message, "type": kind, "param": None, "code": code}},
            headers=headers,
        )

    def reply(self, status, body, content_type="application/json", headers=()):
        body = body if isinstance(body, bytes) else dumps(body)
        self.send_head(status, content_type, {"Content-Length": len(body), **dict(headers)})
        self.wfile.write(body)

    def reply_half(self, body):
        self.send_head(200, "application/json", {"Content-Length": len(body)})
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def send_head(self, status, content_type, headers):
        self.send_response(status)
        common = {
            "Content-Type": content_type,
            "x-request-id": "req_scripted",
            "x-ratelimit-remaining-requests": "99",
            "openai-processing-ms": "7",
        }
        for name, value in {**common, **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()

    def stream(self, question):
        self.send_head(
            200,
            "text/event-stream; charset=utf-8",
            {"Cache-Control": "no-cache", "Transfer-Encoding": "chunked"},
        )
        stops_early = re.search(r"please (cut|fail midstream)", question.text)
        for number, chunk in enumerate(question.chunks()):
            if stops_early and number == 3:
                break
            self.send_event(dumps(chunk))
        if stops_early and stops_early[1] == "cut":
            self.close_connection = True
            return
        if stops_early:
            self.send_event(
                dumps(
                    {
                        "error": {
                            "message": "The model stopped",
                            "type": "server_error",
                            "param": None,
                            "code": "scripted_midstream",
                        }
                    }
                )
            )
        self.send_event(b"[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def send_event(self, data):
        event = b"data: " + data + b"\n\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))

    def read_body(self):
        if (self.headers.get("Transfer-Encoding") or "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def log_message(self, *_):
        """Nothing is logged: tests read this program's silence as health."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        """A client that leaves in mid-reply is no fault of this program; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--port", type=int, default=8790)
    server = Server(("127.0.0.1", options.parse_args().port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}/v1", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
