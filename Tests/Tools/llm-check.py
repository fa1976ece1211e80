#!/usr/bin/env python3
"""Holds conversations with simonw/llm at the gateway and at the scripted upstream directly.

    llm-check.py GATEWAY_URL UPSTREAM_URL     e.g. http://127.0.0.1:8787/v1 http://127.0.0.1:8790/v1

`plain` and `streamed` are its Python library, with the session's id as a header in extra-openai-models.yaml;
`command` is the command `llm`, which reads its history from its log, with the id in the base URL. What is
compared: conversation.py.
"""

import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import click
import llm
import llm.cli
import yaml
from click.testing import CliRunner
from conversation import Answer, main

FOLDERS = tempfile.TemporaryDirectory()


def configure(**connection):
    """A user's folder with one model in it and no log of an earlier conversation."""
    folder = tempfile.mkdtemp(dir=FOLDERS.name)
    model = {"model_id": "scripted", "model_name": "scripted-small", **connection}
    Path(folder, "extra-openai-models.yaml").write_text(yaml.safe_dump([model]))
    os.environ["LLM_USER_PATH"] = folder


def conversation(place):
    configure(api_base=place.url, headers=place.headers())
    return llm.get_model("scripted").conversation()


def finish(reply):
    """Of a plain reply the upstream's own object is kept, of a streamed one its sum."""
    return reply["choices"][0]["finish_reason"] if "choices" in reply else reply["finish_reason"]


def seen(response, pieces=None):
    used = response.usage()
    return Answer(
        response.text(), [used.input, used.output, used.details], finish(response.response_json), pieces
    )


def plain(place):
    talk = conversation(place)
    return lambda text: seen(talk.prompt(text, stream=False))


def streamed(place):
    talk = conversation(place)

    def ask(text):
        response = talk.prompt(text)
        return seen(response, list(response))

    return ask


def typed(*arguments):
    """What the command prints; ClickException with that where it fails."""
    result = CliRunner().invoke(llm.cli.cli, arguments)
    if result.exit_code:
        raise click.ClickException(f"exit {result.exit_code}: {result.output}")
    return result.output


def command(place):
    configure(api_base=place.url_with_session())
    target = ["-m", "scripted"]

    def ask(text):
        text = typed("prompt", *target, text).removesuffix("\n")
        target[:] = ["-c"]
        logged = json.loads(typed("logs", "list", "--json", "-n", "1"))[0]
        return Answer(text, [logged["input_tokens"], logged["output_tokens"]], None)

    return ask


if __name__ == "__main__":
    sys.exit(main("llm", version("llm"), [plain, streamed, command], __doc__))
