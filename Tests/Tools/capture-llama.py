#!/usr/bin/env python3
"""Captures replies of llama.cpp's Python server, byte for byte, into the fixtures.

    capture-llama.py [TOOLS_DIR]      after real-model-setup.sh install

The server runs twice: with the chat format chatml, and for tool calls also with chatml-function-calling.
"""

import sys

from capture import Capture
from processes import free_port, llama, tools_directory

SOURCE = "llama-cpp-python 0.3.36 server, Qwen2.5-Coder-0.5B-Instruct Q4_K_M"
TOOLS = [{"type": "function", "function": {"name": "get_weather", "description": "Current weather of a city", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]
FORCED = {"type": "function", "function": {"name": "get_weather"}}


def chat(text, **wishes):
    return {"model": "qwen2.5-coder-0.5b", "messages": [{"role": "user", "content": text}], "temperature": 0, "seed": 7,
            "max_tokens": 12, **wishes}


def capture_chat(capture):
    hello = "Say hello in one short sentence."
    capture.exchange("plain", chat(hello))
    capture.exchange("stream", chat(hello, stream=True))
    capture.exchange("stream-usage", chat(hello, stream=True, stream_options={"include_usage": True}))
    capture.exchange("plain-n2", chat(hello, n=2))
    capture.exchange("plain-chinese", chat("用一句话介绍北京。"))
    capture.exchange("stream-chinese", chat("用一句话介绍北京。", stream=True))
    capture.exchange("stream-emoji", chat("Repeat exactly: 😀🎉👍", stream=True))
    capture.exchange("plain-length", chat(hello, max_tokens=1))
    capture.exchange("stream-length", chat(hello, max_tokens=1, stream=True))
    capture.exchange("tool-forced", chat("Weather in Paris?", tools=TOOLS, tool_choice=FORCED, max_tokens=24))
    capture.exchange("tool-forced-stream", chat("Weather in Paris?", tools=TOOLS, tool_choice=FORCED, stream=True, max_tokens=24))
    capture.keep_alive("keep-alive", chat(hello), chat(hello, stream=True), None)
    capture.exchange("expect-continue", chat(hello), headers=["Expect: 100-continue"])
    capture.exchange("stream-http10", chat(hello, stream=True), version="1.0")
    capture.exchange("models", None, path="/v1/models")


def capture_errors(capture):
    long = "one two three four five six seven eight nine ten " * 500
    capture.exchange("error-bad-json", b'{"messages": ')
    capture.exchange("error-bad-messages", {"messages": 5})
    capture.exchange("error-too-long", chat(long))
    capture.exchange("error-too-long-stream", chat(long, stream=True))
    capture.exchange("error-no-such-path", chat("x"), path="/v1/no/such/path")
    capture.exchange("unknown-model", {**chat("Say yes.", max_tokens=2), "model": "no-such-model"})


def main():
    directory = tools_directory(*sys.argv[1:2])
    port = free_port()
    capture = Capture("llama", "Tests/Tools/capture-llama.py", SOURCE, port)
    with llama(directory, port):
        capture_chat(capture)
        capture_errors(capture)
    capture.source += ", chat format chatml-function-calling"
    with llama(directory, port, "chatml-function-calling"):
        for choice, name in (("auto", "tool-auto"), (FORCED, "tool-forced-functionary")):
            wishes = {"tools": TOOLS, "tool_choice": choice, "max_tokens": 24}
            capture.exchange(name, chat("Weather in Paris?", **wishes))
            capture.exchange(f"{name}-stream", chat("Weather in Paris?", stream=True, **wishes))
    capture.save()


if __name__ == "__main__":
    main()
