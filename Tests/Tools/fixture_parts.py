"""Vocabulary of the written fixtures: chunks, events and expectations in few words."""

import json

from fixture_index import Group

GROUP = Group("replies", "Tests/Tools/write-fixtures.py")
OPENAI = "OpenAI API reference, chat completions"
SDK = "openai-python 3.52.0, src/openai/_streaming.py"
SSE_SPEC = "WHATWG HTML, server-sent events, parsing an event stream"
GENERAL = "reported of several OpenAI-compatible servers, no single source"
DEFAULT_MODEL = "example-model"
CREATED = 1763700000
USAGE = {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def chunk(delta=None, finish=None, index=0, model=DEFAULT_MODEL, **members):
    """One streamed object with one choice."""
    choice = {"index": index, "delta": delta or {}, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": CREATED, "model": model,
            "choices": [choice], **members}


def say(text, **members):
    return chunk({"content": text}, **members)


def last(usage=USAGE, **members):
    """The chunk that carries usage and no choice."""
    return {**chunk(**members), "choices": [], "usage": usage}


OPENING = chunk({"role": "assistant", "content": ""})
STOP = chunk(finish="stop")


def lines(*items, newline="\n", prefix="data: "):
    """SSE bytes: objects become data events, strings stand as they are, each followed by a blank line."""
    texts = [item if isinstance(item, str) else prefix + dumps(item) for item in items]
    return "".join(text + newline * 2 for text in texts).encode()


DONE = "data: [DONE]"


def choice(text="", finish="stop", index=0, **members):
    """An expected choice."""
    return {"index": index, "text": text, "reasoning": "", "refusal": "", "tool_calls": [],
        "finish_reason": finish,
            **members}


def call(identifier, name, arguments):
    return {"id": identifier, "name": name, "arguments": arguments}


def expect(*choices, model=DEFAULT_MODEL, usage=None, complete=True, error=None, **members):
    return {"choices": list(choices), "model": model, "usage": usage, "complete": complete, "error": error,
        **members}


def failure(message, code=None, model=None):
    """The expected result of an error without any choice."""
    return expect(model=model, complete=False, error=message, **({} if code is None else {"error_code": code}))


def stream(file, source, body, expected, content_type="text/event-stream"):
    GROUP.add(f"{file}.sse", body, "written", source, expected, status=200, content_type=content_type)


def plain(file, source, body, expected, status=200, content_type="application/json"):
    body = body if isinstance(body, bytes) else dumps(body).encode()
    GROUP.add(f"{file}.json", body, "written", source, expected, status=status, content_type=content_type)


def completion(message, finish="stop", **members):
    """One plain reply with one choice."""
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": CREATED, "model": DEFAULT_MODEL,
            "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}],
            **members}


def tool_delta(index=None, identifier=None, name=None, arguments=None, **members):
    """One piece of a tool call with only the members given."""
    function = {k: v for k, v in (("name", name), ("arguments", arguments)) if v is not None}
    piece = {} if index is None else {"index": index}
    if identifier is not None:
        piece |= {"id": identifier, "type": "function"}
    return piece | ({"function": function} if function else {}) | members


def tools_chunk(*pieces, **members):
    return chunk({"tool_calls": list(pieces)}, **members)


def tool(*members, **named):
    """A chunk with one piece of one tool call."""
    return tools_chunk(tool_delta(*members, **named))


TOOLS_END = chunk(finish="tool_calls")
PARIS, TOKYO = '{"city":"Paris"}', '{"city":"東京","unit":"c"}'


def called(*calls, text="", **members):
    return expect(choice(text, "tool_calls", tool_calls=list(calls)), **members)
