#!/usr/bin/env python3
"""Holds conversations with pydantic-ai at the gateway and at the scripted upstream directly.

    pydantic-ai-check.py GATEWAY_URL UPSTREAM_URL     e.g. http://127.0.0.1:8787/v1 http://127.0.0.1:8790/v1

The session's id is an extra header of the model's settings; each run is given the messages of the one before.
What is compared: conversation.py.
"""

import sys
from dataclasses import asdict

import pydantic_ai
from conversation import Answer, main
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider


def agent(place):
    provider = OpenAIProvider(base_url=place.url, api_key="none")
    return pydantic_ai.Agent(
        OpenAIChatModel("scripted-small", provider=provider),
        instructions="Be brief.",
        model_settings={"extra_headers": place.headers()},
    )


def seen(text, result, pieces=None):
    return Answer(text, asdict(result.usage), result.response.finish_reason, pieces)


def plain(place):
    talker, history = agent(place), []

    def ask(text):
        result = talker.run_sync(text, message_history=history)
        history[:] = result.all_messages()
        return seen(result.output, result)

    return ask


def streamed(place):
    talker, history = agent(place), []

    def ask(text):
        result = talker.run_stream_sync(text, message_history=history)
        pieces = list(result.stream_text(delta=True, debounce_by=None))
        history[:] = result.all_messages()
        return seen("".join(pieces), result, pieces)

    return ask


if __name__ == "__main__":
    sys.exit(main("pydantic-ai", pydantic_ai.__version__, [plain, streamed], __doc__))
