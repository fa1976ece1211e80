#!/usr/bin/env python3
"""Captures replies of llama.cpp's own server and of llama-cpp-python's, byte for byte, into the fixtures.

    capture-llama.py [TOOLS_DIR]      after real-model-setup.sh install-captures

The model is too small to call tools by itself, and llama.cpp's server does not make it. llama-cpp-python does:
with the chat format chatml for a named tool, with chatml-function-calling also for `auto`, plain only.
"""

import sys

from capture import Capture
from processes import free_port, llama, tools_directory, wait_for_model

MODEL = "Qwen2.5-Coder-0.5B-Instruct Q4_K_M"
NATIVE = f"llama.cpp server of xllamacpp 2026.10.11549, {MODEL}"
PYTHON = f"llama-cpp-python 0.3.36 server, {MODEL}"
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
FORCED = {"type": "function", "function": {"name": "get_weather"}}


def chat(text, **wishes):
    return {
        "model": "qwen2.5-coder-0.5b",
        "messages": [{"role": "user", "content": text}],
        "temperature": 0,
        "seed": 7,
        "max_tokens": 12,
        **wishes,
    }


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
    capture.keep_alive("keep-alive", chat(hello), None, chat(hello, stream=True))
    capture.exchange("expect-continue", chat(hello), headers=["Expect: 100-continue"])
    capture.exchange("stream-http10", chat(hello, stream=True), version="1.0")
    capture.exchange("models", None, path="/v1/models")


def capture_errors(capture):
    long = "one two three four five six seven eight nine ten " * 500
    capture.exchange("error-bad-json", b'{"messages": ')
    capture.exchange("error-bad-messages", {"messages": 5})
    capture.exchange("error-too-long", chat(long))
    capture.exchange("error-too-long-stream", chat(long, stream=True))
    capture.exchange("error-no-messages", {"model": "qwen2.5-coder-0.5b"})
    capture.exchange("error-no-such-path", chat("x"), path="/v1/no/such/path")
    capture.exchange("unknown-model", {**chat("Say yes.", max_tokens=2), "model": "no-such-model"})


def capture_native(directory, capture):
    port = free_port()
    capture.begin("llama", NATIVE, port)
    with llama(directory, port):
        capture.exchange("error-loading", chat("Too early."))
        wait_for_model(port)
        capture_chat(capture)
        capture_errors(capture)
        capture.exchange(
            "stream-pings", chat("Read: " + "one two three four five " * 120, stream=True, max_tokens=4)
        )
        # The reply announces Keep-Alive, yet the server closes the connection after every stream.
        capture.exchange("stream-not-kept-alive", chat("Say yes.", stream=True, max_tokens=2), close=False)
        capture.exchange("stream-n2", chat("Name a colour.", stream=True, n=2, temperature=1, max_tokens=4))
        capture.exchange(
            "stream-logprobs", chat("Say yes.", stream=True, logprobs=True, top_logprobs=1, max_tokens=2)
        )
        capture.exchange("props", None, path="/props")


def capture_python(directory, capture):
    port = free_port()
    capture.begin("llama-python", PYTHON, port)
    with llama(directory, port, "serve-python"):
        capture_chat(capture)
        capture_errors(capture)
        capture_tools(capture, "tool", FORCED)
    capture.begin("llama-python", f"{PYTHON}, chat format chatml-function-calling", port)
    with llama(directory, port, "serve-python", LLAMA_CHAT_FORMAT="chatml-function-calling"):
        capture_tools(capture, "tool-function-calling", FORCED)
        capture_tools(capture, "tool-function-calling-auto", "auto")


def capture_tools(capture, name, tool_choice):
    wishes = {"tools": TOOLS, "tool_choice": tool_choice, "max_tokens": 24}
    capture.exchange(name, chat("Weather in Paris?", **wishes))
    capture.exchange(f"{name}-stream", chat("Weather in Paris?", stream=True, **wishes))


def main():
    directory = tools_directory(*sys.argv[1:2])
    capture = Capture("Tests/Tools/capture-llama.py")
    capture_native(directory, capture)
    capture_python(directory, capture)
    capture.save()


if __name__ == "__main__":
    main()
