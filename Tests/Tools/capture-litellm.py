#!/usr/bin/env python3
"""Captures replies of LiteLLM's proxy, byte for byte, before llama.cpp's server and the scripted upstream.

capture-litellm.py [TOOLS_DIR]      after real-model-setup.sh install-captures
"""

import json
import sys

from capture import Capture
from processes import TOOLS, free_port, llama, running, tools_directory, wait_for_model

SOURCE = "LiteLLM proxy 1.106.2"
FUNCTIONS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": f"Looks up the {name}.",
            "parameters": {
                "type": "object",
                "properties": {"place": {"type": "string"}},
                "required": ["place"],
            },
        },
    }
    for name in ("weather", "time")
]


def chat(model, text, **wishes):
    return {"model": model, "messages": [{"role": "user", "content": text}], **wishes}


def configuration(directory, ports):
    """The proxy's configuration file: one model name for each upstream."""
    models = [
        {
            "model_name": name,
            "litellm_params": {
                "model": f"openai/{name}-upstream",
                "api_base": f"http://127.0.0.1:{port}/v1",
                "api_key": "placeholder-key",
            },
        }
        for name, port in ports.items()
    ]
    path = directory / "litellm.json"
    path.write_text(
        json.dumps(
            {
                "model_list": models,
                "litellm_settings": {"num_retries": 0},
                "router_settings": {"num_retries": 0},
            }
        )
    )
    return path


def capture_llama(capture):
    wishes = {"temperature": 0, "max_tokens": 8}
    capture.exchange("llama-plain", chat("llama", "Say hello in one short sentence.", **wishes))
    capture.exchange("llama-stream", chat("llama", "用一句话介绍北京。", stream=True, **wishes))
    capture.exchange(
        "llama-stream-usage",
        chat("llama", "Say hello.", stream=True, stream_options={"include_usage": True}, **wishes),
    )


def capture_scripted(capture):
    usage = {"stream": True, "stream_options": {"include_usage": True}}
    for name, text, wishes in (
        ("plain", "Good morning, 早上好", {}),
        ("stream", "Good morning, 早上好", {"stream": True}),
        ("stream-usage", "Good morning", usage),
        ("stream-n2", "Two ways", {"stream": True, "n": 2}),
        ("reasoning", "please think", {}),
        ("reasoning-stream", "please think", {"stream": True}),
        ("tools", "two tools", {"tools": FUNCTIONS}),
        ("tools-stream", "two tools", {"tools": FUNCTIONS, "stream": True}),
        ("error-400", "please fail 400", {}),
        ("error-400-stream", "please fail 400", {"stream": True}),
        ("error-429", "please fail 429", {}),
        ("error-500", "please fail 500", {}),
        ("error-midstream", "please fail midstream", {"stream": True}),
        ("stream-cut", "please cut", {"stream": True}),
    ):
        capture.exchange(name, chat("scripted", text, **wishes))
    capture.exchange("error-unknown-model", chat("no-such-model", "Hello"))
    capture.exchange("error-bad-json", b'{"messages": ')
    capture.exchange("models", None, path="/v1/models")
    capture.keep_alive("keep-alive", chat("scripted", "One"), chat("scripted", "Two", stream=True), None)


def main():
    directory = tools_directory(*sys.argv[1:2])
    ports = {"llama": free_port(), "scripted": free_port()}
    port = free_port()
    capture = Capture("Tests/Tools/capture-litellm.py")
    proxy = [
        directory / "litellm/bin/litellm",
        "--config",
        configuration(directory, ports),
        "--host",
        "127.0.0.1",
        "--port",
        port,
    ]
    scripted = [sys.executable, TOOLS / "scripted-upstream.py", "--port", ports["scripted"]]
    with (
        llama(directory, ports["llama"]),
        running(scripted, ports["scripted"], directory / "scripted.log"),
        running(
            proxy,
            port,
            directory / "litellm.log",
            LITELLM_LOCAL_MODEL_COST_MAP="True",
            LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY="true",
        ),
    ):
        wait_for_model(ports["llama"])
        capture.begin("litellm", f"{SOURCE}, upstream llama.cpp server of xllamacpp 2026.10.11549", port)
        capture_llama(capture)
        capture.begin("litellm", f"{SOURCE}, upstream Tests/Tools/scripted-upstream.py", port)
        capture_scripted(capture)
    capture.save()


if __name__ == "__main__":
    main()
