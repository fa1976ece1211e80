#!/usr/bin/env python3
"""Holds conversations with LangChain's ChatOpenAI at the gateway and at the scripted upstream directly.

    langchain-check.py GATEWAY_URL UPSTREAM_URL     e.g. http://127.0.0.1:8787/v1 http://127.0.0.1:8790/v1

The session's id is a default header; the application keeps the history. What is compared: conversation.py.
"""

import sys
from importlib.metadata import version

from conversation import Answer, main
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI


def chat(place):
    return ChatOpenAI(
        model="scripted-small",
        base_url=place.url,
        api_key="none",
        default_headers=place.headers(),
        stream_usage=True,
    )


def seen(message, pieces=None):
    return Answer(
        message.text, message.usage_metadata, message.response_metadata.get("finish_reason"), pieces
    )


def plain(place):
    model, history = chat(place), [SystemMessage("Be brief.")]

    def ask(text):
        history.append(HumanMessage(text))
        history.append(model.invoke(history))
        return seen(history[-1])

    return ask


def streamed(place):
    model, history = chat(place), [SystemMessage("Be brief.")]

    def ask(text):
        history.append(HumanMessage(text))
        chunks = list(model.stream(history))
        history.append(sum(chunks[1:], chunks[0]))
        return seen(history[-1], [chunk.text for chunk in chunks])

    return ask


if __name__ == "__main__":
    sys.exit(main("langchain", version("langchain-openai"), [plain, streamed], __doc__))
