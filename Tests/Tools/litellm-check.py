#!/usr/bin/env python3
"""Holds conversations with LiteLLM's SDK at the gateway and at the scripted upstream directly.

    litellm-check.py GATEWAY_URL UPSTREAM_URL     e.g. http://127.0.0.1:8787/v1 http://127.0.0.1:8790/v1

In an environment of its own: python-env.sh litellm. The session's id is an extra header; the application keeps
the history. What is compared: conversation.py.
"""

import os
import sys
from importlib.metadata import version

from conversation import Answer, main

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else its import asks the network for prices

import litellm

litellm.suppress_debug_info = True


def call(place, messages, **wishes):
    return litellm.completion(
        model="openai/scripted-small",
        api_base=place.url,
        api_key="none",
        extra_headers=place.headers(),
        messages=messages,
        **wishes,
    )


def seen(completion, pieces=None):
    choice = completion.choices[0]
    return Answer(choice.message.content, completion.usage.model_dump(), choice.finish_reason, pieces)


def plain(place):
    history = []

    def ask(text):
        history.append({"role": "user", "content": text})
        completion = call(place, history)
        history.append({"role": "assistant", "content": completion.choices[0].message.content})
        return seen(completion)

    return ask


def streamed(place):
    history = []

    def ask(text):
        history.append({"role": "user", "content": text})
        chunks = list(call(place, history, stream=True, stream_options={"include_usage": True}))
        completion = litellm.stream_chunk_builder(chunks, messages=history)
        history.append({"role": "assistant", "content": completion.choices[0].message.content})
        return seen(completion, [chunk.choices[0].delta.content for chunk in chunks])

    return ask


if __name__ == "__main__":
    sys.exit(main("litellm", version("litellm"), [plain, streamed], __doc__))
